"""The worker: runs what must happen after a commit (letters, papers), and looks for what the queue has lost."""

import logging
from time import monotonic, sleep

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connections
from django.utils import timezone
from django.utils.translation import gettext as _
from django_q.cluster import Cluster

from izportal import outbox

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_LOOKS = 0.2
SECONDS_TO_END_BY_ITSELF = 1
SECONDS_BETWEEN_ROUNDS = 60


class Worker(Cluster):
    """A cluster whose handler only takes note of a signal: stopping from inside the handler may wait for ever, where
    the same signal, sent to the whole group, has ended the sentinel."""

    is_told_to_stop = False

    def sig_handler(self, signum, frame):
        self.is_told_to_stop = True

    def run(self) -> bool:
        """Work until told to stop; False where it ended by itself."""
        try:
            self.start()
        except RuntimeError:
            return self.is_told_to_stop
        next_round = monotonic()
        while self.sentinel.is_alive() and not self.is_told_to_stop:
            if monotonic() >= next_round:
                take_up_lost()
                next_round = monotonic() + SECONDS_BETWEEN_ROUNDS
            sleep(SECONDS_BETWEEN_LOOKS)
        self.sentinel.join(SECONDS_TO_END_BY_ITSELF if self.is_told_to_stop else 0)
        self.stop()
        return self.is_told_to_stop


def take_up_lost():
    """Between two rounds no connection stays open; a database that is away for a while stops nobody."""
    try:
        outbox.take_up(at=timezone.now())
    except DatabaseError:
        logger.exception("Could not look for jobs that the queue has lost.")
    connections.close_all()


class Command(BaseCommand):
    help = "Runs waiting jobs until it is stopped, or once all that wait now."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="run the jobs that wait, here, and end")

    def handle(self, *args, once=False, **options):
        if once:
            self.run_once(options["verbosity"])
        elif not Worker().run():
            raise CommandError(_("Tiến trình chạy việc đã tự dừng."))

    def run_once(self, verbosity):
        outbox.take_up(at=timezone.now())
        try:
            ran = outbox.drain()
        except Exception as error:
            raise CommandError(_("Có việc chưa làm được, sẽ thử lại: %(error)s") % {"error": error}) from error
        if verbosity > 0:
            self.stdout.write(_("Đã chạy %(count)s việc.") % {"count": ran})
