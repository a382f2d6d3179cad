"""The deeds of a report: kept while it is typed, filed, answered by the board. A version that was filed is never
changed; the next one supersedes it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from izportal import roles
from izportal.models import User
from izportal.windows import MOST_TYPED
from projects import mandates
from projects.models import Project, Report, ReportAnswer, ReportDraft, ReportPeriod
from projects.reports import letters
from projects.reports.duties import Subject
from projects.reports.forms import ReportForm, typed_before, typed_from
from projects.reports.lines import form_of

Answer = ReportAnswer.Answer


class ReportRefused(Exception):
    """What stands in the way, as a sentence for the reader."""


class DraftChanged(Exception):
    """Somebody, perhaps the same person in another window, has kept something else meanwhile."""

    def __init__(self, draft: ReportDraft) -> None:
        super().__init__(draft.pk)
        self.draft = draft


@dataclass(frozen=True)
class Paper:
    """A report that came on paper and is typed in at the board."""

    on: date
    number: str = ""


# Finding ------------------------------------------------------------------------------------------
def standing(period: ReportPeriod, subject: Subject) -> Report | None:
    return _of(subject).as_known().with_answer().with_names().filter(period=period).first()


def before(period: ReportPeriod, subject: Subject) -> Report | None:
    """The version that stands of the last period of this kind before, returned or not."""
    rows = _of(subject).as_known().select_related("period")
    earlier = rows.filter(period__kind=period.kind, period__cut_off_on__lt=period.cut_off_on)
    return earlier.order_by("-period__cut_off_on").first()


def draft_of(period: ReportPeriod, subject: Subject) -> ReportDraft | None:
    rows = ReportDraft.objects.filter(period=period, project=subject.project, phase=subject.phase)
    return rows.select_related("changed_by").first()


def _of(subject: Subject) -> Any:
    return Report.objects.filter(project=subject.project, phase=subject.phase)


def open_form(period: ReportPeriod, subject: Subject, data: Any = None, *, draft: ReportDraft | None = None) -> Any:
    """The sheet to be typed in: as sent (`data`), as kept in the draft, as last filed, or begun from what stood in
    the period before."""
    filed, last = standing(period, subject), before(period, subject)
    about: dict[str, Any] = {"period": period, "subject": subject, "before": last, "corrects": filed}
    if data is not None:
        return ReportForm(data, **about)
    if draft is not None:
        return ReportForm(initial=draft.typed, **about)
    return ReportForm(initial=typed_from(filed) if filed else typed_before(last), **about)


# Keeping ------------------------------------------------------------------------------------------
@transaction.atomic
def keep(form: ReportForm, *, seen: int, by: User, at: datetime) -> ReportDraft:
    """Keep what was typed, sound or not. Raises `DraftChanged` where the page had not seen what stands now, and
    `ReportRefused`."""
    typed = form.raw
    if sum(map(len, typed.values())) > MOST_TYPED:
        raise ReportRefused(_("Nội dung dài quá mức cổng nhận; hãy rút ngắn."))
    period, subject = form.period, form.subject
    _lock(subject)
    draft = draft_of(period, subject)
    if draft is None:
        draft = ReportDraft(
            period=period, project=subject.project, phase=subject.phase, is_sample=subject.project.is_sample
        )
    elif draft.typed == typed:
        return draft
    elif draft.version_no != seen:
        raise DraftChanged(draft)
    draft.typed, draft.version_no, draft.changed_at, draft.changed_by = typed, draft.version_no + 1, at, by
    draft.save()
    return draft


@transaction.atomic
def discard(draft: ReportDraft, *, by: User) -> None:
    if not may_prepare(by, draft.project):
        raise PermissionDenied
    ReportDraft.objects.filter(pk=draft.pk).delete()


def may_prepare(user: User, project: Project) -> bool:
    return _may(user, project, mandates.Capacity.PREPARE)


def may_sign(user: User, project: Project) -> bool:
    """The board signs for nobody: what it enters stands on a paper."""
    return _may(user, project, mandates.Capacity.SIGN)


def _may(user: User, project: Project, capacity: str) -> bool:
    return project.enterprise is not None and not user.is_staff and mandates.may(user, project.enterprise, capacity)


def _lock(subject: Subject) -> None:
    Project.objects.select_for_update().get(pk=subject.project.pk)


# Filing -------------------------------------------------------------------------------------------
@transaction.atomic
def submit(draft: ReportDraft, *, seen: int, by: User, at: datetime) -> Report:
    """File the draft as a version, by somebody who signs for the enterprise.

    Raises `PermissionDenied`, `ReportRefused`, and `DraftChanged` where the draft is not the one that was reviewed.
    """
    subject = Subject(draft.project, draft.phase)
    if not may_sign(by, draft.project):
        raise PermissionDenied
    _lock(subject)
    kept = draft_of(draft.period, subject)
    if kept is None:
        raise ReportRefused(_("Bản nháp này đã được nộp hoặc đã bị bỏ."))
    if kept.version_no != seen:
        raise DraftChanged(kept)
    if draft.period.state_on(timezone.localdate(at)) == ReportPeriod.State.COMING:
        raise ReportRefused(_("Kỳ này chưa bắt đầu nhận báo cáo."))
    form = open_form(draft.period, subject, kept.typed)
    if not form.is_valid():
        raise ReportRefused(_("Báo cáo còn mục phải sửa."))
    report = _filed(form, by=by, at=at)
    kept.delete()
    letters.filed(report, by=by)
    return report


@transaction.atomic
def enter(form: ReportForm, *, paper: Paper, by: User, at: datetime) -> Report:
    """File a sound sheet that an officer typed from paper; what the enterprise has begun to type stays its own."""
    if not roles.may(by, "enter_report"):
        raise PermissionDenied
    _lock(form.subject)
    filed = standing(form.period, form.subject)
    if (filed and filed.pk) != (form.corrects and form.corrects.pk):
        raise ReportRefused(_("Vừa có một bản mới được nộp; hãy mở lại trang này."))
    report = _filed(form, by=by, at=at, paper=paper)
    letters.filed(report, by=by)
    return report


def stands(report: Report) -> bool:
    return not Report.objects.filter(supersedes=report).exists()


def _filed(form: ReportForm, *, by: User, at: datetime, paper: Paper | None = None) -> Report:
    period, subject, corrects = form.period, form.subject, form.corrects
    number = corrects.number + 1 if corrects else 1
    received_on = paper.on if paper else timezone.localdate(at)
    named = subject.code.replace(":", "-")
    return Report.objects.create(
        period=period, project=subject.project, phase=subject.phase, number=number, supersedes=corrects,
        reference=f"BC-{period.code}-{named}-{number:02d}", form=form.sheet_form.code,
        form_number=form.sheet_form.number, values=form.values, rows=form.investors, reasons=form.reasons,
        cause=form.cleaned_data.get("cause", ""), is_late=period.is_late_on(received_on),
        is_from_paper=paper is not None, paper_number=paper.number if paper else "",
        paper_on=paper.on if paper else None, recorded_at=at, recorded_by=by, is_sample=subject.project.is_sample,
    )  # fmt: skip


# Answering ----------------------------------------------------------------------------------------
@transaction.atomic
def accept(report: Report, *, by: User, at: datetime) -> ReportAnswer:
    return _answer(report, Answer.ACCEPTED, "", by=by, at=at)


@transaction.atomic
def send_back(report: Report, *, by: User, at: datetime, remarks: str) -> ReportAnswer:
    """The enterprise mends it in a new version; until then figures do not count this one."""
    answer = _answer(report, Answer.RETURNED, remarks, by=by, at=at)
    letters.returned(report, remarks)
    return answer


def _answer(report: Report, said: str, remarks: str, *, by: User, at: datetime) -> ReportAnswer:
    if not roles.may(by, "answer_report"):
        raise PermissionDenied
    _lock(Subject(report.project))
    row = Report.objects.with_answer().get(pk=report.pk)
    if not stands(row):
        raise ReportRefused(_("Bản này đã có bản mới thay; hãy trả lời bản mới."))
    if row.answer == said:
        raise ReportRefused(_("Báo cáo này đã được trả lời như vậy."))
    return ReportAnswer.objects.create(
        report=row, answer=said, remarks=remarks, by=by, at=at, is_sample=report.is_sample
    )


# Comparing ----------------------------------------------------------------------------------------
def differences(older: Report, newer: Report) -> list[tuple[str, str, str, str]]:
    """(line, column, before, after) of every cell in which two versions differ; an empty text where nothing stands."""
    form = form_of(newer.period)
    rows = {row["key"]: row for row in [*older.rows, *newer.rows]}
    found = []
    for row in form.rows(list(rows.values())):
        for column, _name in row.names():
            pair = [version.values.get(row.key, {}).get(column, "") for version in (older, newer)]
            if pair[0] != pair[1]:
                found.append((row.label, form.label_of(column), *pair))
    return found
