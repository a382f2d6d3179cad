"""Loads invented data for a portal that nobody uses yet; never in production."""

import datetime

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from izportal.management.sample import loading, people
from izportal.management.sample.setting import morning
from izportal.models import Rule
from onestop import pace
from onestop.models import Procedure


class Command(BaseCommand):
    help = (
        "Invents plots, enterprises, projects and dossiers in every state, marked as sample, and an account per role."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--today", type=datetime.date.fromisoformat, help="the day on which the sample stands (default: today)"
        )

    def handle(self, *args, today=None, **options):
        if settings.PRODUCTION:
            raise CommandError(_("PRODUCTION=true không nhận dữ liệu mẫu."))
        if not loading.exist():
            self.load(timezone.now() if today is None else morning(today, 11))
        if options["verbosity"] > 0:
            self.stdout.write(people.told_accounts())

    def load(self, now):
        if not (Procedure.objects.exists() and Rule.objects.exists()):
            raise CommandError(_("Chưa có dữ liệu nền. Chạy manage.py load_reference trước."))
        password = people.choose_password()
        try:
            loading.load(now=now, password=password)
        except loading.TooEarly as error:
            sentence = _("Hồ sơ mẫu sẽ bắt đầu trước ngày danh mục áp dụng (%(day)s); hãy chọn ngày sau hơn.")
            raise CommandError(sentence % {"day": error}) from error
        people.write_accounts(password)
        pace.measure(at=now)
