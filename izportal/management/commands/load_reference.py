"""Loads the reference data files; may be run again at any time."""

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from izportal.management import reference


class Command(BaseCommand):
    help = "Loads zones, catalogue, calendar, rules, acts, stated figures and lists; what the board has edited stays."

    def handle(self, *args, **options):
        tally = reference.load()
        if options["verbosity"] > 0:
            self.tell(tally)
        for sentence in tally.refused:
            self.stderr.write(sentence)

    def tell(self, tally):
        for model in {**tally.unchanged, **tally.updated, **tally.created}:
            counts = {
                "created": tally.created[model],
                "updated": tally.updated[model],
                "unchanged": tally.unchanged[model],
            }
            line = _("thêm %(created)s, sửa %(updated)s, giữ nguyên %(unchanged)s") % counts
            self.stdout.write(f"{model._meta.verbose_name}: {line}")
        for name in tally.kept:
            self.stdout.write(_("Đã được sửa tại Ban, không ghi đè: %(name)s") % {"name": name})
