"""The regular upkeep; meant for a timer, harmless when run again."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from izportal import accounts, digests, outbox
from izportal.management import upkeep
from izportal.privacy import erasure
from onestop import opinions, pace, reminders
from onestop import version as counter_version
from onestop.supplements import lapses
from projects import mandates
from projects import version as register_version
from projects.figures import audit
from projects.reports import reminding
from zones import confirmation, enquiries, version, watches


class Command(BaseCommand):
    help = (
        "Expires old drafts, carries others to the forms in force, sweeps what nobody needs, reminds, notes silence, "
        "stops what nobody completed, reads files again; fails where a file is damaged or the land and "
        "the register do not agree on a plot."
    )

    def add_arguments(self, parser):
        parser.add_argument("--hourly", action="store_true", help="Only what has its hour: reminders, daily letters.")

    def handle(self, *args, **options):
        now = timezone.now()
        if options["hourly"]:
            self._write_letters(now, options["verbosity"])
            return
        counts = {"drafts": upkeep.expire_drafts(at=now), "files": upkeep.sweep_files(at=now)}
        if options["verbosity"] > 0:
            self.stdout.write(_("Xóa %(drafts)s bản nháp quá hạn, %(files)s tệp thừa.") % counts)
        carried = upkeep.carry_drafts(at=now)
        if carried and options["verbosity"] > 0:
            self.stdout.write(_("Chuyển %(count)s bản nháp sang mẫu đang áp dụng.") % {"count": carried})
        erasure.forget_old_farewells(at=now)
        accounts.sweep(at=now)
        outbox.take_up(at=now)
        upkeep.sweep_jobs(at=now)
        asked = {"reminded": opinions.remind(at=now), "silent": opinions.note_silence(at=now)}
        if options["verbosity"] > 0 and any(asked.values()):
            self.stdout.write(
                _("Nhắc %(reminded)s cơ quan trả lời ý kiến; ghi nhận %(silent)s cơ quan không trả lời.") % asked
            )
        stopped = lapses.stop_unanswered(at=now)
        if stopped and options["verbosity"] > 0:
            self.stdout.write(_("Dừng %(count)s hồ sơ quá hạn bổ sung.") % {"count": stopped})
        pace.measure_daily(at=now)
        reminded = mandates.remind(at=now)
        if reminded and options["verbosity"] > 0:
            self.stdout.write(_("Gửi %(count)s thư nhắc ủy quyền sắp hết hạn.") % {"count": reminded})
        reminded = reminding.remind(at=now)
        if reminded and options["verbosity"] > 0:
            self.stdout.write(_("Gửi %(count)s thư nhắc nộp báo cáo định kỳ.") % {"count": reminded})
        asked = confirmation.ask(at=now)
        if asked and options["verbosity"] > 0:
            self.stdout.write(_("Gửi %(count)s thư xin xác nhận thông tin lô.") % {"count": asked})
        self._mind_enquiries(now, options["verbosity"])
        self._tell_searches(now, options["verbosity"])
        version.sweep()
        register_version.sweep()
        counter_version.sweep()
        self._write_letters(now, options["verbosity"])
        read = {"read": upkeep.reread_files(at=now), "waiting": upkeep.scan_again(at=now)}
        if options["verbosity"] > 0 and any(read.values()):
            self.stdout.write(_("Đọc lại %(read)s tệp; %(waiting)s tệp còn chờ quét mã độc.") % read)
        found = [*upkeep.damages(), *upkeep.differences(on=timezone.localdate(now)), *audit.look(at=now)]
        if found:
            raise CommandError("\n".join(found))

    def _mind_enquiries(self, now, verbosity):
        done = {"reminded": enquiries.remind(at=now), "erased": enquiries.sweep(at=now)}
        if any(done.values()) and verbosity > 0:
            self.stdout.write(
                _("Nhắc %(reminded)s yêu cầu về đất đến hạn; xóa dữ liệu cá nhân của %(erased)s yêu cầu cũ.") % done
            )

    def _tell_searches(self, now, verbosity):
        done = {"told": watches.tell(at=now), "forgotten": watches.sweep(at=now)}
        if any(done.values()) and verbosity > 0:
            self.stdout.write(_("Gửi %(told)s thư về lần tìm đất; xóa %(forgotten)s địa chỉ chưa xác nhận.") % done)

    def _write_letters(self, now, verbosity):
        told = reminders.remind(at=now)
        if told and verbosity > 0:
            self.stdout.write(_("Nhắc %(count)s việc của hồ sơ.") % {"count": told})
        written = digests.gather(at=now)
        if written and verbosity > 0:
            self.stdout.write(_("Viết %(count)s thư gộp trong ngày.") % {"count": written})
