"""What enterprises are told about their reports, each reader in their own language; sent by the worker after the
commit."""

from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from izportal import languages, wordings
from izportal.models import User
from izportal.wordings import Fact, Letter
from projects import mandates
from projects.models import Report, ReportPeriod
from projects.reports.duties import Duty

FACTS = {
    "project": ("du_an", Fact(_("Tên dự án"), _("Nhà máy Minh Họa"), is_needed=True)),
    "period": ("ky", Fact(_("Mã kỳ báo cáo"), "2026-Q3", is_needed=True)),
    "due": ("han", Fact(_("Hạn nộp"), _("hạn nộp 31/03/2027"))),
    "reference": ("bien_nhan", Fact(_("Số biên nhận"), "BC-2026-Q3-MAU0000001-01")),
    "remarks": ("noi_dung", Fact(_("Nội dung cần chỉnh sửa"), _("Doanh thu chưa khớp lũy kế."), is_needed=True)),
}
COMMON = {
    "lien_ket": Fact(_("Địa chỉ trang báo cáo"), f"{settings.SITE_URL}/bao-cao/", is_needed=True),
    "nguoi_nhan": Fact(_("Họ và tên người nhận"), _("Nguyễn Văn Minh Họa")),
}


def _letter(kind: str, name: Promise, subject: Promise, sentence: Promise, **told: Any) -> Letter:
    said = wordings.named_in(FACTS, subject, sentence)

    def body() -> str:
        greeting = gettext("Kính gửi %(name)s,") % {"name": "{nguoi_nhan}"}
        link = gettext("Mở trang báo cáo") + ": {lien_ket}"
        parts = (greeting, str(wordings.placed(sentence, said)), link)
        return "\n\n".join(parts)

    return wordings.register(
        Letter(
            kind=kind, group=_("Báo cáo của doanh nghiệp"), name=name, subject=wordings.placed(subject, said),
            body=body, facts={**dict(said.values()), **COMMON}, reader=_("Người được thay mặt doanh nghiệp"), **told,
        )
    )  # fmt: skip


FILED = _letter(
    "report-filed", _("Đã nhận báo cáo"), _("Đã nhận báo cáo %(period)s"),
    _("Cổng đã nhận báo cáo kỳ %(period)s của dự án %(project)s, số biên nhận %(reference)s."), may_wait=True,
)  # fmt: skip
RETURNED = _letter(
    "report-returned", _("Yêu cầu chỉnh sửa báo cáo"), _("Cần chỉnh sửa báo cáo %(period)s"),
    _("Ban đề nghị chỉnh sửa báo cáo kỳ %(period)s của dự án %(project)s. Nội dung: %(remarks)s"),
)  # fmt: skip
REMINDER = _letter(
    "report-reminder", _("Nhắc nộp báo cáo"), _("Nhắc nộp báo cáo %(period)s"),
    _("Dự án %(project)s chưa có báo cáo kỳ %(period)s, %(due)s."), may_wait=True,
)  # fmt: skip


def filed(report: Report, *, by: User) -> None:
    """To everybody who signs for the enterprise: what the board entered from paper, or a colleague filed, too."""
    facts = {"reference": report.reference}
    for reader in _readers(report.project.enterprise, "sign"):
        _write(reader, f"report:{report.pk}:filed:{reader.pk}", FILED, report, report.get_absolute_url, facts)


def returned(report: Report, remarks: str) -> None:
    count = report.answers.count()
    for reader in _readers(report.project.enterprise, "prepare"):
        key = f"report:{report.pk}:returned:{count}:{reader.pk}"
        _write(reader, key, RETURNED, report, report.get_absolute_url, {"remarks": remarks})


def remind(duty: Duty, *, key: str) -> int:
    """Write to everybody who may prepare the report; how many letters are new."""
    written = 0
    for reader in _readers(duty.subject.project.enterprise, "prepare"):
        address = lambda: reverse("projects:report_edit", args=duty.address)  # noqa: E731 - in the reader's language
        with languages.speaking(reader.language):
            facts = {"due": due_words(duty.period)}
        about = Report(period=duty.period, project=duty.subject.project, is_sample=duty.subject.project.is_sample)
        written += _write(reader, f"{key}:{reader.pk}", REMINDER, about, address, facts)
    return written


def due_words(period: ReportPeriod) -> str:
    last: date | None = period.last_on
    return gettext("hạn nộp %(day)s") % {"day": f"{last:%d/%m/%Y}"} if last else gettext("hạn nộp chờ Ban xác nhận")


def _readers(enterprise: Any, capacity: str) -> list[User]:
    return [mandate.user for mandate in mandates.people_of(enterprise, capacity)]


def _write(user: User, key: str, letter: Letter, report: Report, page: Any, facts: dict[str, str]) -> bool:
    with languages.speaking(user.language):
        address = settings.SITE_URL + page()
        facts = {"project": report.project.name, "period": report.period.code, **facts}
    said = {FACTS[known][0]: value for known, value in facts.items()}
    notice = wordings.write(
        letter, key=key, email=user.email, user=user, language=user.language, is_sample=report.is_sample,
        about=report.project.name, address=address,
        facts={**said, "lien_ket": address, "nguoi_nhan": user.full_name},
    )  # fmt: skip
    return notice is not None
