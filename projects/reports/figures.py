"""Sums over the enterprises' reports that may be published: never a single enterprise's number.

A sum is published where at least `report_least_enterprises` enterprises have reported, and it is another than before
only when as many have changed it: whoever compares what was known at two moments finds no single enterprise's report.
Each such step is one record behind the figure. A figure takes the last quarter or year that ended by the day asked
and that enough enterprises had reported by the moment known.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal.indicators import Amount, Asked, Column, Edition, Indicator, Move, by_record
from izportal.models import Rule
from izportal.templatetags.figures import BILLION_VND, MILLION_USD, PIECES, Unit
from projects.models import Classification, Project, Report, ReportAnswer, ReportPeriod
from projects.reports.lines import PERIOD, TOTAL
from zones.models import Zone

FDI, DDI = Project.Origin.FDI, Project.Origin.DDI
LEAST = 3
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Turn:
    """From a moment on an enterprise's project adds this amount; None: nothing any more. Never shown by itself."""

    at: datetime
    enterprise: int
    project: int
    amount: Decimal | None


@dataclass(frozen=True)
class Step:
    """What enough enterprises together changed of a sum, from the step before to a moment."""

    at: datetime
    enterprises: int
    amount: Decimal


def least(asked: Asked) -> int:
    rows = Rule.objects.texts(["report_least_enterprises"], on=asked.on)
    return max(LEAST, int(rows.get("report_least_enterprises", LEAST)))


def period_of(asked: Asked) -> ReportPeriod | None:
    """The last period that enough enterprises had reported in."""
    counted = Report.objects.counting(asked.known).filter(
        period__cut_off_on__lte=asked.on, project__is_sample=asked.is_sample,
    )  # fmt: skip
    rows = counted.exclude(period__kind__in=ReportPeriod.OF_DEVELOPERS).order_by().values("period")
    enough = rows.annotate(many=Count("project__enterprise", distinct=True)).filter(many__gte=least(asked))
    periods = ReportPeriod.objects.filter(pk__in=[row["period"] for row in enough])
    return periods.order_by("-cut_off_on", "kind").first()


@dataclass(frozen=True)
class Covered:
    """Enterprises that reported in the period of the figures, or all with a project in force at its end; zones with
    few stand together."""

    is_owing: bool = False

    columns = (
        Column("period", gettext_lazy("Kỳ")), Column("zone", gettext_lazy("Khu")),
        Column("amount", gettext_lazy("Số doanh nghiệp"), "number"),
    )  # fmt: skip

    def value(self, asked: Asked) -> Amount:
        return sum(row["amount"] for row in self.rows(asked))

    def rows(self, asked: Asked) -> Rows:
        period = period_of(asked)
        if period is None:
            return []
        names = dict(Zone.objects.values_list("pk", "short_name"))
        groups = together(self._zones(period, asked), least(asked))
        return [
            {"period": period.code, "zone": names.get(zone) or _("Các khu còn lại"), "amount": many}
            for zone, many in groups
        ]

    def _zones(self, period: ReportPeriod, asked: Asked) -> dict[int, int]:
        """Enterprise → the zone of its first project."""
        found = Project.objects.filter(is_sample=asked.is_sample, enterprise__isnull=False)
        if self.is_owing:
            found = found.in_force(on=period.cut_off_on, known=asked.known)
        else:
            found = found.filter(pk__in=Report.objects.counting(asked.known).filter(period=period).values("project"))
        return dict(found.order_by("-pk").values_list("enterprise", "zone"))

    def moves(self, before: Asked, after: Asked) -> list[Move]:
        return by_record(self, before, after, key="zone")


def together(zones: dict[int, int], most: int) -> list[tuple[int, int]]:
    """Zone → how many; zones with too few, and as many others as it takes, stand together under 0."""
    ordered = sorted(Counter(zones.values()).items(), key=lambda row: (row[1], row[0]))
    rest = 0
    while ordered and (ordered[0][1] < most or 0 < rest < most):
        rest += ordered.pop(0)[1]
    return [*sorted(ordered), *([(0, rest)] if rest else [])]


@dataclass(frozen=True)
class Reported:
    """The sum of lines of the reports, in one column and of one origin."""

    lines: tuple[str, ...]
    column: str = PERIOD
    origin: str = ""
    head: Any = ""

    @property
    def columns(self) -> tuple[Column, ...]:
        return (
            Column("period", gettext_lazy("Kỳ")), Column("step", gettext_lazy("Lần cộng"), "number"),
            Column("until", gettext_lazy("Báo cáo nhận đến"), "moment"),
            Column("enterprises", gettext_lazy("Số doanh nghiệp"), "number"),
            Column("amount", self.head or gettext_lazy("Số lượng"), "number"),
        )  # fmt: skip

    def value(self, asked: Asked) -> Amount:
        rows = self.rows(asked)
        return sum((row["amount"] for row in rows), Decimal(0)) if rows else None

    def rows(self, asked: Asked) -> Rows:
        period = period_of(asked)
        if period is None:
            return []
        found = steps(self._turns(period, asked), least(asked))
        return [
            {"period": period.code, "step": n, "until": row.at, "enterprises": row.enterprises, "amount": row.amount}
            for n, row in enumerate(found, start=1)
        ]

    def moves(self, before: Asked, after: Asked) -> list[Move]:
        return by_record(self, before, after, key="step")

    def _turns(self, period: ReportPeriod, asked: Asked) -> list[Turn]:
        """What each version of a report, and each answer to it, changed by the moment known, the earliest first."""
        reports = Report.objects.filter(period=period, project__is_sample=asked.is_sample)
        answers = ReportAnswer.objects.filter(report__in=reports)
        if asked.known:
            reports, answers = reports.filter(recorded_at__lte=asked.known), answers.filter(at__lte=asked.known)
        classes = Classes(period, reports)
        said = {
            pk: classes.turn(at, project, self._amount(values), self.origin)
            for pk, project, at, values in reports.order_by("recorded_at", "pk").values_list(
                "pk", "project", "recorded_at", "values"
            )
        }
        told = [(turn.at, 0, pk, turn) for pk, turn in said.items()]
        for pk, at, answer in answers.order_by("at", "pk").values_list("report", "at", "answer"):
            amount = None if answer == ReportAnswer.Answer.RETURNED else said[pk].amount
            told.append((at, 1, pk, replace(said[pk], at=at, amount=amount)))
        return list(_of_the_last_version(sorted(told, key=lambda row: row[:2])))

    def _amount(self, values: dict[str, Any]) -> Decimal | None:
        said = [values[line][self.column] for line in self.lines if self.column in values.get(line, {})]
        return sum(map(Decimal, said), Decimal(0)) if said else None


def _of_the_last_version(told: Iterable[tuple[datetime, int, int, Turn]]) -> Iterator[Turn]:
    """An answer to a version that has been replaced changes nothing any more."""
    last: dict[int, int] = {}
    for _at, is_answer, pk, turn in told:
        if not is_answer:
            last[turn.project] = pk
        if last[turn.project] == pk:
            yield turn


class Classes:
    """How each project was classed at the end of a period, by what was recorded when its report came in: what is
    entered later moves no report from one sum to another."""

    def __init__(self, period: ReportPeriod, reports: Any):
        day = period.cut_off_on
        rows = Classification.objects.filter(project__in=reports.values("project"), starts_on__lte=day)
        rows = rows.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day)).order_by("pk")
        self._rows: dict[int, list[Any]] = defaultdict(list)
        told = ("project", "recorded_at", "superseded_by__recorded_at", "origin", "enterprise")
        for project, *row in rows.values_list(*told):
            self._rows[project].append(row)

    def turn(self, at: datetime, project: int, amount: Decimal | None, origin: str) -> Turn:
        rows = self._rows.get(project, [])
        stood = [row for row in rows if row[0] <= at and (row[1] is None or row[1] > at)]
        _since, _until, own, enterprise = (stood or rows or [(None, None, "", None)])[0]
        counts = bool(enterprise) and (not origin or own == origin)
        return Turn(at, enterprise or 0, project, amount if counts else None)


def steps(turns: Iterable[Turn], most: int) -> Iterator[Step]:
    """A sum as it may be told: it moves when at least `most` enterprises have changed it since it last moved, and
    as many are left in it, or none."""
    told: dict[tuple[int, int], Decimal] = {}
    held: dict[tuple[int, int], Decimal] = {}
    changed: set[tuple[int, int]] = set()
    for at, group in groupby(turns, key=lambda turn: turn.at):
        for turn in group:
            key = (turn.enterprise, turn.project)
            held.pop(key, None)
            if turn.amount is not None:
                held[key] = turn.amount
            (changed.discard if held.get(key) == told.get(key) else changed.add)(key)
        if _many(changed) >= most and (not held or _many(held) >= most):
            yield Step(at, _many(changed), sum(held.values(), Decimal(0)) - sum(told.values(), Decimal(0)))
            told, changed = dict(held), set()


def _many(keys: Iterable[tuple[int, int]]) -> int:
    return len({enterprise for enterprise, _project in keys})


def _indicator(code: str, title: Any, unit: Unit, lines: tuple[str, ...], **source: Any) -> Indicator:
    definition = gettext_lazy(
        "Cộng báo cáo của doanh nghiệp trong kỳ gần nhất đã hết, không tính bản bị yêu cầu chỉnh sửa; chỉ gồm doanh "
        "nghiệp đã báo cáo. Mỗi lần cộng gồm thay đổi của ít nhất 3 doanh nghiệp, nên báo cáo nộp muộn hoặc sửa có "
        "thể chưa được cộng."
    )
    return Indicator(
        code, title, definition, unit, Reported(lines, **source), owner=OWNER, filters=(), version=2,
        base=gettext_lazy("Doanh nghiệp đã báo cáo trong kỳ"), editions=EDITIONS,
    )  # fmt: skip


OWNER = "doanh-nghiep"
EDITIONS = (
    Edition(
        on=date(2026, 11, 27),
        text=gettext_lazy("Số cộng chỉ thay đổi khi có ít nhất 3 doanh nghiệp cùng làm nó thay đổi."),
    ),
)
COVERAGE = (
    Indicator(
        "enterprises_reported", gettext_lazy("Doanh nghiệp đã báo cáo"),
        gettext_lazy("Doanh nghiệp có báo cáo được tính trong kỳ gần nhất đã hết."), PIECES, Covered(), owner=OWNER,
        filters=(),
    ),
    Indicator(
        "enterprises_owing", gettext_lazy("Doanh nghiệp có dự án còn hiệu lực"),
        gettext_lazy("Doanh nghiệp có dự án còn hiệu lực vào cuối kỳ báo cáo gần nhất đã hết."), PIECES,
        Covered(is_owing=True), owner=OWNER, filters=(),
    ),
)  # fmt: skip
USD, VND = gettext_lazy("USD"), gettext_lazy("Đồng")
INDICATORS = (
    *COVERAGE,
    _indicator(
        "reported_workers", gettext_lazy("Lao động theo báo cáo"), PIECES,
        ("workers_vietnamese", "workers_foreign"), column=TOTAL, head=gettext_lazy("Người"),
    ),
    _indicator(
        "reported_fdi_revenue_usd", gettext_lazy("Doanh thu FDI theo báo cáo"), MILLION_USD, ("net_revenue",),
        origin=FDI, head=USD,
    ),
    _indicator(
        "reported_ddi_revenue_vnd", gettext_lazy("Doanh thu DDI theo báo cáo"), BILLION_VND, ("net_revenue",),
        origin=DDI, head=VND,
    ),
    _indicator(
        "reported_exports_usd", gettext_lazy("Xuất khẩu theo báo cáo"), MILLION_USD, ("exports",), head=USD
    ),
    _indicator(
        "reported_imports_usd", gettext_lazy("Nhập khẩu theo báo cáo"), MILLION_USD, ("imports",), head=USD
    ),
    _indicator(
        "reported_budget_vnd", gettext_lazy("Nộp ngân sách theo báo cáo"), BILLION_VND, ("budget",), head=VND
    ),
    _indicator(
        "reported_fdi_realised_usd", gettext_lazy("Vốn FDI thực hiện lũy kế theo báo cáo"), MILLION_USD,
        ("capital_realised",), column=TOTAL, origin=FDI, head=USD,
    ),
    _indicator(
        "reported_ddi_realised_vnd", gettext_lazy("Vốn DDI thực hiện lũy kế theo báo cáo"), BILLION_VND,
        ("capital_realised",), column=TOTAL, origin=DDI, head=VND,
    ),
)  # fmt: skip
