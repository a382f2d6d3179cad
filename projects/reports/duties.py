"""Who owes which report: the projects in force on the last day of a period, and of a developer's project each phase;
with what has been filed and typed so far. A fixed number of queries, however many projects."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from izportal.models import User
from projects.models import Change, DeveloperPhase, Enterprise, Project, Report, ReportDraft, ReportPeriod
from zones.models import Phase

# What has been typed but not filed is nobody's business but the enterprise's; here only that it exists.
MISSING, DRAFT, WAITING, ACCEPTED, RETURNED = "missing", "draft", "waiting", "accepted", "returned"


@dataclass(frozen=True)
class Subject:
    """What one report is about."""

    project: Project
    phase: Phase | None = None

    @property
    def key(self) -> tuple[int, int | None]:
        return self.project.pk, self.phase.pk if self.phase else None

    @property
    def code(self) -> str:
        return f"{self.project.code}:{self.phase.slug}" if self.phase else self.project.code

    def __str__(self) -> str:
        return f"{self.project.name} · {self.phase.name}" if self.phase else self.project.name


@dataclass(frozen=True)
class Duty:
    """A report that is owed, the version that stands and the draft, where there are any."""

    period: ReportPeriod
    subject: Subject
    report: Report | None = None
    draft: ReportDraft | None = None

    @property
    def state(self) -> str:
        if self.report is None:
            return DRAFT if self.draft else MISSING
        return self.report.answer or WAITING

    @property
    def is_owed(self) -> bool:
        """Nothing that counts has been filed."""
        return self.state in (MISSING, DRAFT, RETURNED)

    @property
    def address(self) -> list[str]:
        return [self.period.code, self.subject.code]

    def is_overdue(self, day: date) -> bool:
        return self.is_owed and self.period.is_late_on(day)


def of_period(period: ReportPeriod, projects: QuerySet[Project], *, known: datetime | None = None) -> list[Duty]:
    """What the projects owe in a period, and what of it was filed by a moment."""
    counted = projects.in_force(on=period.cut_off_on, known=known).filter(enterprise__isnull=False)
    rows = list(counted.select_related("enterprise", "zone").order_by("zone__position", "code"))
    return _joined([period], {period.pk: subjects(period, rows)}, known=known)


def of_enterprises(
    enterprises: QuerySet[Enterprise], *, periods: Iterable[ReportPeriod], known: datetime | None = None
) -> list[Duty]:
    """What some enterprises owe in several periods."""
    periods = list(periods)
    rows = list(
        Project.objects.filter(enterprise__in=enterprises).select_related("enterprise", "zone").order_by("code")
    )
    lives, phases = _lives(rows), _phases(rows)
    owing = {
        period.pk: [one for row in rows if _lived(lives[row.pk], period) for one in _split(period, row, phases)]
        for period in periods
    }
    return _joined(periods, owing, known=known)


def subjects(period: ReportPeriod, projects: Iterable[Project]) -> list[Subject]:
    rows = list(projects)
    phases = _phases(rows) if period.is_of_developers else {}
    return [one for row in rows for one in _split(period, row, phases)]


def _split(period: ReportPeriod, project: Project, phases: dict[int, list[Phase]]) -> list[Subject]:
    if not period.is_of_developers:
        return [Subject(project)]
    if project.kind != Project.Kind.INFRASTRUCTURE:
        return []
    return [Subject(project, phase) for phase in phases.get(project.pk, [])] or [Subject(project)]


def _phases(projects: list[Project]) -> dict[int, list[Phase]]:
    found: dict[int, list[Phase]] = defaultdict(list)
    rows = DeveloperPhase.objects.filter(project__in=[row.pk for row in projects]).select_related("phase")
    for row in rows.order_by("phase__position", "phase__slug"):
        found[row.project_id].append(row.phase)
    return found


def _lives(projects: list[Project]) -> dict[int, dict[str, date]]:
    """{project: {"issued": day, "ended": day}}, as the changes that stand now say."""
    found: dict[int, dict[str, date]] = {row.pk: {} for row in projects}
    kinds = (Change.Kind.ISSUED, *Change.ENDING)
    rows = Change.objects.as_known().filter(project__in=found, stands_as__in=kinds)
    for project, kind, day in rows.order_by("-effective_on").values_list("project_id", "stands_as", "effective_on"):
        found[project]["issued" if kind == Change.Kind.ISSUED else "ended"] = day
    return found


def _lived(life: dict[str, date], period: ReportPeriod) -> bool:
    day = period.cut_off_on
    return life.get("issued", date.max) <= day < life.get("ended", date.max)


def _joined(periods: list[ReportPeriod], owing: dict[int, list[Subject]], *, known: datetime | None) -> list[Duty]:
    ids = {one.project.pk for found in owing.values() for one in found}
    reports = {
        (row.period_id, row.project_id, row.phase_id): row
        for row in Report.objects.as_known(known).with_answer(known).filter(period__in=periods, project__in=ids)
    }
    drafts = {
        (row.period_id, row.project_id, row.phase_id): row
        for row in ReportDraft.objects.filter(period__in=periods, project__in=ids).defer("typed")
    }
    return [
        Duty(period, one, reports.get((period.pk, *one.key)), drafts.get((period.pk, *one.key)))
        for period in periods
        for one in owing[period.pk]
    ]


def find(user: User, period: ReportPeriod, code: str, *, among: QuerySet[Project]) -> Subject | None:
    """The subject that an address names, where this person may report on it."""
    number, _colon, slug = code.partition(":")
    project = among.filter(code=number).select_related("enterprise", "zone").first()
    if project is None or project.enterprise_id is None:
        return None
    return next((one for one in subjects(period, [project]) if one.code == f"{project.code}{_colon}{slug}"), None)
