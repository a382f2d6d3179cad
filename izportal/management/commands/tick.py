"""The regular upkeep; meant for a timer, harmless when run again."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from izportal import accounts, chain, digests, outbox
from izportal.chain import checking, letters
from izportal.management import upkeep
from izportal.opendata import tracking
from izportal.press import consultations, lifecycle, questions
from izportal.press import version as content_version
from izportal.privacy import erasure
from onestop import opinions, pace, reminders
from onestop import version as counter_version
from onestop.supplements import lapses
from projects import mandates
from projects import version as register_version
from projects.figures import audit, posting
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
        now, self.tells = timezone.now(), options["verbosity"] > 0
        if options["hourly"]:
            self._write_letters(now)
            return
        self._keep_house(now)
        self._keep_counter(now)
        self._keep_register(now)
        self._keep_land(now)
        self._keep_letterbox(now)
        self._tell(_("Ghi %(count)s dòng vào nhật ký dữ liệu mở."), count=tracking.look(at=now))
        for counted in (version, register_version, counter_version, content_version):
            counted.sweep()
        self._write_letters(now)
        self._tell(
            _("Đọc lại %(read)s tệp; %(waiting)s tệp còn chờ quét mã độc."),
            read=upkeep.reread_files(at=now), waiting=upkeep.scan_again(at=now),
        )  # fmt: skip
        found = [*upkeep.damages(), *upkeep.differences(on=timezone.localdate(now)), *audit.look(at=now)]
        found += self._keep_chain(now)
        if found:
            raise CommandError("\n".join(found))

    def _tell(self, sentence, **counts):
        """Only what has been done is told."""
        if self.tells and any(counts.values()):
            self.stdout.write(sentence % counts)

    def _keep_chain(self, now):
        """Looked through first: a day closed over a broken link bears the break for good."""
        broken = checking.faults()
        if broken:
            letters.tell(broken[0])
        self._tell(_("Chốt chuỗi của %(count)s ngày."), count=chain.seal_days(at=now))
        return [fault.text for fault in broken]

    def _keep_house(self, now):
        drafts, files = upkeep.expire_drafts(at=now), upkeep.sweep_files(at=now)
        if self.tells:
            self.stdout.write(
                _("Xóa %(drafts)s bản nháp quá hạn, %(files)s tệp thừa.") % {"drafts": drafts, "files": files}
            )
        self._tell(_("Chuyển %(count)s bản nháp sang mẫu đang áp dụng."), count=upkeep.carry_drafts(at=now))
        erasure.forget_old_farewells(at=now)
        accounts.sweep(at=now)
        outbox.take_up(at=now)
        upkeep.sweep_jobs(at=now)
        upkeep.sweep_exports(at=now)
        self._tell(_("Dọn %(count)s đợt nhập dữ liệu quá hạn giữ."), count=upkeep.sweep_change_sets(at=now))

    def _keep_counter(self, now):
        self._tell(
            _("Nhắc %(reminded)s cơ quan trả lời ý kiến; ghi nhận %(silent)s cơ quan không trả lời."),
            reminded=opinions.remind(at=now), silent=opinions.note_silence(at=now),
        )  # fmt: skip
        self._tell(_("Dừng %(count)s hồ sơ quá hạn bổ sung."), count=lapses.stop_unanswered(at=now))
        pace.measure_daily(at=now)

    def _keep_register(self, now):
        posting.level()
        posting.tidy()
        self._tell(_("Gửi %(count)s thư nhắc ủy quyền sắp hết hạn."), count=mandates.remind(at=now))
        self._tell(_("Gửi %(count)s thư nhắc nộp báo cáo định kỳ."), count=reminding.remind(at=now))

    def _keep_land(self, now):
        self._tell(_("Gửi %(count)s thư xin xác nhận thông tin lô."), count=confirmation.ask(at=now))
        self._tell(
            _("Nhắc %(reminded)s yêu cầu về đất đến hạn; xóa dữ liệu cá nhân của %(erased)s yêu cầu cũ."),
            reminded=enquiries.remind(at=now), erased=enquiries.sweep(at=now),
        )  # fmt: skip
        self._tell(
            _("Gửi %(told)s thư về lần tìm đất; xóa %(forgotten)s địa chỉ chưa xác nhận."),
            told=watches.tell(at=now), forgotten=watches.sweep(at=now),
        )  # fmt: skip

    def _keep_letterbox(self, now):
        self._tell(
            _("Nhắc %(reminded)s câu hỏi, đồ án đến hạn trả lời; xóa dữ liệu cá nhân của %(erased)s thư cũ."),
            reminded=questions.remind(at=now) + consultations.remind(at=now),
            erased=questions.sweep(at=now) + consultations.sweep(at=now),
        )  # fmt: skip

    def _write_letters(self, now):
        self._tell(
            _("Ghi nhận %(published)s bài đến giờ công bố, %(expired)s bài hết hạn công bố."),
            **lifecycle.keep_time(at=now),
        )
        self._tell(_("Nhắc %(count)s việc của hồ sơ."), count=reminders.remind(at=now))
        self._tell(_("Viết %(count)s thư gộp trong ngày."), count=digests.gather(at=now))
