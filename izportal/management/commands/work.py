"""The worker: runs what must happen after a commit (letters, papers)."""

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from izportal import outbox


class Command(BaseCommand):
    help = "Runs waiting jobs until it is stopped, or once all that wait now."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="run the jobs that wait, here, and end")

    def handle(self, *args, once=False, **options):
        if not once:
            call_command("qcluster")
            return
        ran = outbox.drain()
        if options["verbosity"] > 0:
            self.stdout.write(_("Đã chạy %(count)s việc.") % {"count": ran})
