"""Looks through the whole chain of events and changes and names the first broken link; may be run at any time."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from izportal.chain import LOGS, checking
from izportal.models import SealedDay


class Command(BaseCommand):
    help = (
        "Checks every seal of the events of dossiers and of the changes of projects, and every daily head; "
        "exits with 1 and names the first broken link where there is one."
    )

    def handle(self, *args, **options):
        found = checking.faults()
        if found:
            others = "".join(f"\n  {fault.text}" for fault in found[1:])
            raise CommandError(_("Chỗ đứt đầu tiên: %(text)s") % {"text": found[0].text} + others)
        if options["verbosity"] > 0:
            counts = {log.name: log.model._base_manager.count() for log in LOGS}
            self.stdout.write(
                _("Nguyên vẹn: %(event)s diễn biến hồ sơ, %(change)s thay đổi dự án, %(days)s ngày đã chốt.")
                % {**counts, "days": SealedDay.objects.count()}
            )
