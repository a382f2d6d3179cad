"""Removes every invented row."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from izportal.management.sample import removal


class Command(BaseCommand):
    help = "Removes every sample row, its files and accounts; real rows and reference data stay."

    def handle(self, *args, **options):
        try:
            counts = removal.remove()
        except removal.SampleInUse as error:
            advice = _("Chưa xóa gì. Hãy chuyển hoặc xóa các dòng đó trước.")
            raise CommandError(f"{error}\n{advice}") from error
        if options["verbosity"] > 0:
            for name, count in counts.items():
                self.stdout.write(f"{name}: {count}")
            self.stdout.write(_("Không còn dữ liệu mẫu."))
