"""Sample reports of the last periods that have ended: most enterprises have filed, some late, some sent back, some on
paper; the enterprise of the sample account still owes one and has begun another. Numbers follow the registered capital
and are invented."""

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from izportal.management.sample.register import Register
from izportal.management.sample.setting import Setting, morning
from projects.models import (
    DeveloperPhase,
    Project,
    Report,
    ReportAnswer,
    ReportDraft,
    ReportPeriod,
)
from projects.reports import duties
from projects.reports.duties import Duty, Subject
from projects.reports.lines import form_of
from zones.models import Phase

SEED = 20210101
PERIODS = 6
FILED, ACCEPTED, RETURNED = 0.86, 0.75, 0.06
DRAFTED = {"net_revenue--period": "1.250.000", "exports--period": "980.000,5", "workers_vietnamese--total": "215"}


def make(setting: Setting, entered: Register) -> None:
    rng = Random(SEED)
    _develop()
    ended = ReportPeriod.objects.filter(cut_off_on__lt=setting.today, opens_on__lte=setting.today)
    own = entered.own_enterprise.pk
    last = ended.filter(kind="quarter").order_by("-cut_off_on").first()
    for kinds in (["quarter", "year"], ReportPeriod.OF_DEVELOPERS):
        for period in ended.filter(kind__in=kinds).order_by("-cut_off_on")[:PERIODS]:
            owed = duties.of_period(period, Project.objects.filter(is_sample=True))
            theirs = [row for row in owed if row.subject.project.enterprise_id != own]
            ours = [] if period == last else [row for row in owed if row not in theirs]
            _file(setting, rng, period, [*theirs, *ours], surely=len(ours))
    _begin(setting, entered, last)


def _develop() -> None:
    """Each sample infrastructure project builds the first phase of its zone that nobody builds yet."""
    for project in Project.objects.filter(is_sample=True, kind=Project.Kind.INFRASTRUCTURE).order_by("code"):
        phase = Phase.objects.filter(zone=project.zone, developed_by=None).order_by("position").first()
        if phase:
            DeveloperPhase.objects.create(project=project, phase=phase, is_sample=True)


def _file(setting: Setting, rng: Random, period: ReportPeriod, owed: list[Duty], *, surely: int) -> None:
    """Most of them file; the last ones of the list, as many as `surely`, all do."""
    sure = len(owed) - surely
    filed = [duty for place, duty in enumerate(owed) if rng.random() < FILED or place >= sure]
    rows = [_report(setting, rng, period, duty.subject) for duty in filed]
    reports = Report.objects.bulk_create(rows)
    answers = [_answer(setting, rng, row) for row in reports if rng.random() < ACCEPTED]
    ReportAnswer.objects.bulk_create(answers)


def _report(setting: Setting, rng: Random, period: ReportPeriod, subject: Subject) -> Report:
    form, at = form_of(period), _moment(setting, rng, period)
    paper = rng.random() < 0.08
    return Report(
        period=period, project=subject.project, phase=subject.phase, number=1, form=form.code,
        reference=f"BC-{period.code}-{subject.code.replace(':', '-')}-01", form_number=form.number,
        values=_developed(rng, subject) if period.is_of_developers else _worked(rng, subject.project),
        is_late=period.is_late_on(at.date()), is_from_paper=paper, paper_on=at.date() if paper else None,
        paper_number="MAU/BC" if paper else "", recorded_at=at, is_sample=True,
        recorded_by=setting.people["register" if paper else "enterprise"],
    )  # fmt: skip


def _moment(setting: Setting, rng: Random, period: ReportPeriod) -> datetime:
    last = min(period.opens_on + timedelta(days=25), setting.today - timedelta(days=1))
    return morning(max(period.opens_on, last - timedelta(days=rng.randrange(20))), 9 + rng.randrange(7))


def _worked(rng: Random, project: Project) -> dict[str, dict[str, str]]:
    """A few hundred people, and a turnover that goes with them; in USD for FDI, in VND for DDI."""
    people, rate = rng.randrange(40, 900), 1 if project.origin == Project.Origin.FDI else 25_000
    revenue = people * rng.randrange(4_000, 15_000)
    exports, imports = revenue * rng.randrange(40, 95) // 100, revenue * rng.randrange(10, 60) // 100
    exports = exports if rate == 1 else exports // 20
    foreign = people * rng.randrange(0, 4) // 100
    return {
        "capital_realised": _pair(revenue * rate // 10, revenue * rate * 3), "net_revenue": _pair(revenue * rate, 0),
        "exports": _pair(exports, 0), "imports": _pair(imports, 0), "budget": _pair(revenue * 600, 0),
        "workers_vietnamese": {"total": str(people - foreign)}, "workers_foreign": {"total": str(foreign)},
        "workers": {"total": str(people)},
    }  # fmt: skip


def _pair(period: int, total: int) -> dict[str, str]:
    return {"period": str(period), "total": str(max(total, period * 4))}


def _developed(rng: Random, subject: Subject) -> dict[str, dict[str, str]]:
    land = subject.phase.industrial_land_ha if subject.phase else None
    land = land or Decimal(rng.randrange(60, 160))
    let = (land * rng.randrange(40, 99) / 100).quantize(Decimal("0.01"))
    return {
        "land_for_lease": {"total": str(land)}, "land_leased": {"total": str(let)},
        "infrastructure_done": {"total": str(rng.randrange(40, 100))}, "tenants": {"total": str(rng.randrange(5, 60))},
        "capital_realised": _pair(rng.randrange(1, 40) * 10**9, 0),
    }  # fmt: skip


def _answer(setting: Setting, rng: Random, report: Report) -> ReportAnswer:
    is_back = rng.random() < RETURNED
    at = min(report.recorded_at + timedelta(days=4), setting.now)
    said = ReportAnswer.Answer.RETURNED if is_back else ReportAnswer.Answer.ACCEPTED
    remarks = "Dữ liệu mẫu: số lao động chưa khớp kỳ trước." if is_back else ""
    return ReportAnswer(
        report=report, answer=said, remarks=remarks, at=at, by=setting.people["register"], is_sample=True
    )


def _begin(setting: Setting, entered: Register, period: ReportPeriod | None) -> None:
    if period is not None:
        ReportDraft.objects.create(
            period=period, project=entered.own[0].project, typed=DRAFTED, version_no=1, is_sample=True,
            changed_at=setting.now - timedelta(days=1), changed_by=setting.people["enterprise"],
        )  # fmt: skip
