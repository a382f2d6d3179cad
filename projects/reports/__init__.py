"""Reports of enterprises and developers: who owes one (`duties`), its lines (`lines`, `checks`, `forms`), the deeds
(`filing`), reminders (`reminding`, `letters`) and the sums that may be published (`figures`)."""
