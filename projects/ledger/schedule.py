"""The steps that a certificate sets for a project, each with the day promised and the day reached."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from izportal.models import User
from projects.ledger.book import LedgerRefused
from projects.models import Milestone, Project


@transaction.atomic
def schedule(
    *, project: Project, kind: str, planned_on: date | None, actual_on: date | None, basis: str, by: User,
    at: datetime, note: str = "",
) -> Milestone:  # fmt: skip
    """Say one step anew, as the certificate, its adjustment or a report has it; what was said stays readable."""
    project.refresh_from_db(from_queryset=Project.objects.select_for_update())
    now = Milestone.objects.as_known().filter(project=project, kind=kind).first()
    _check(project, planned_on, actual_on, timezone.localdate(at))
    if not basis.strip():
        raise LedgerRefused(_("Mốc tiến độ phải ghi căn cứ."))
    if now is not None and (now.planned_on, now.actual_on) == (planned_on, actual_on):
        raise LedgerRefused(_("Mốc tiến độ như hiện tại, không có gì để ghi."))
    return Milestone.objects.create(
        project=project, kind=kind, planned_on=planned_on, actual_on=actual_on, basis=basis, note=note,
        supersedes=now, recorded_by=by, recorded_at=at, is_sample=project.is_sample,
    )  # fmt: skip


def _check(project: Project, planned_on: date | None, actual_on: date | None, today: date) -> None:
    if planned_on is None and actual_on is None:
        raise LedgerRefused(_("Mốc tiến độ phải có ngày theo giấy hoặc ngày thực tế."))
    if planned_on is not None and planned_on < project.certificate_on:
        raise LedgerRefused(_("Mốc tiến độ không được trước ngày cấp giấy chứng nhận lần đầu."))
    if actual_on is not None and actual_on > today:
        raise LedgerRefused(_("Ngày thực tế không được ở tương lai."))
    if planned_on is not None and project.term_until is not None and planned_on > project.term_until:
        raise LedgerRefused(_("Mốc tiến độ không được sau thời hạn của dự án."))
