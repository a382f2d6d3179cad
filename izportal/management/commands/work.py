"""The worker: runs what must happen after a commit (letters, papers)."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django_q.cluster import Cluster

from izportal import outbox

SECONDS_TO_END_BY_ITSELF = 1


class Worker(Cluster):
    """A cluster that ends alike whether the signal came to it alone or to its children too."""

    is_stopping_now = False

    def sig_handler(self, signum, frame):
        # A sentinel that the same signal has ended must not be woken: its event would wait for an answer for ever.
        if self.sentinel is None:
            raise SystemExit
        self.is_stopping_now = True
        self.sentinel.join(SECONDS_TO_END_BY_ITSELF)
        super().sig_handler(signum, frame)


class Command(BaseCommand):
    help = "Runs waiting jobs until it is stopped, or once all that wait now."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="run the jobs that wait, here, and end")

    def handle(self, *args, once=False, **options):
        if not once:
            self.run()
            return
        ran = outbox.drain()
        if options["verbosity"] > 0:
            self.stdout.write(_("Đã chạy %(count)s việc.") % {"count": ran})

    def run(self):
        worker = Worker()
        worker.start()
        worker.sentinel.join()
        if not worker.is_stopping_now:
            raise CommandError(_("Tiến trình chạy việc đã tự dừng."))
