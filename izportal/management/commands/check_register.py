"""Looks through the whole register: seals, bridges, ended projects, sums; may be run at any time."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.figures import audit, posting


class Command(BaseCommand):
    help = "Checks that each change is as it was written and that all figures add up; names what is not."

    def add_arguments(self, parser):
        parser.add_argument("--renew", action="store_true", help="Makes all sums anew before it looks.")

    def handle(self, *args, **options):
        if options["renew"]:
            posting.renew()
        found = audit.look(at=timezone.now())
        if found:
            raise CommandError("\n".join(found))
        if options["verbosity"] > 0:
            self.stdout.write(_("Sổ dự án nguyên vẹn, mọi cân đối đều khớp."))
