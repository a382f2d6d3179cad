"""Sums over the enterprises' reports that may be published: never a single enterprise's number.

A sum is published where at least `report_least_enterprises` enterprises have reported. Its rows are zones with at
least as many; those with fewer stand together, so that no row and no rest tells of one enterprise. A figure takes the
last quarter or year that ended by the day asked and that enough enterprises had reported by the moment known.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal.indicators import Amount, Asked, Column, Indicator, Move, by_record
from izportal.models import Rule
from izportal.templatetags.figures import BILLION_VND, MILLION_USD, PIECES, Unit
from projects.models import Classification, Project, Report, ReportPeriod
from projects.reports.lines import PERIOD, TOTAL
from zones.models import Zone

FDI, DDI = Project.Origin.FDI, Project.Origin.DDI
LEAST = 3
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Share:
    """What one enterprise's project adds; never shown by itself."""

    enterprise: int
    zone: int
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


def coverage(asked: Asked) -> tuple[int, int]:
    """(enterprises that reported, enterprises with a project in force) in the period of the figures."""
    period = period_of(asked)
    if period is None:
        return 0, 0
    owing = Project.objects.filter(is_sample=asked.is_sample).in_force(on=period.cut_off_on, known=asked.known)
    reported = Report.objects.counting(asked.known).filter(period=period, project__is_sample=asked.is_sample)
    total = owing.exclude(enterprise=None).order_by().values("enterprise").distinct().count()
    return reported.order_by().values("project__enterprise").distinct().count(), total


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
            Column("period", gettext_lazy("Kỳ")), Column("zone", gettext_lazy("Khu")),
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
        most = least(asked)
        names = dict(Zone.objects.values_list("pk", "short_name"))
        groups = together(self._shares(period, asked), most)
        return [
            {
                "period": period.code, "zone": names.get(zone, "") if zone else _("Các khu còn lại"),
                "enterprises": len({share.enterprise for share in shares}),
                "amount": sum((share.amount for share in shares), Decimal(0)),
            }
            for zone, shares in groups
        ]  # fmt: skip

    def moves(self, before: Asked, after: Asked) -> list[Move]:
        return by_record(self, before, after, key="zone")

    def _shares(self, period: ReportPeriod, asked: Asked) -> list[Share]:
        reports = Report.objects.counting(asked.known).filter(period=period, project__is_sample=asked.is_sample)
        classes = Classification.objects.standing(on=period.cut_off_on, known=asked.known)
        classes = classes.filter(project__in=reports.order_by().values("project"))
        placed = {pk: of for pk, *of in classes.values_list("project", "origin", "zone", "enterprise")}
        found = []
        for project, values in reports.order_by("pk").values_list("project", "values"):
            origin, zone, enterprise = placed.get(project, ("", 0, None))
            said = [values[line][self.column] for line in self.lines if self.column in values.get(line, {})]
            if said and enterprise and (not self.origin or origin == self.origin):
                found.append(Share(enterprise, zone, sum(map(Decimal, said), Decimal(0))))
        return found


def together(shares: list[Share], most: int) -> list[tuple[int, list[Share]]]:
    """Shares by zone; zones with too few enterprises, and as many others as it takes, stand together under 0. Nothing
    where all together are too few."""
    by_zone: dict[int, list[Share]] = defaultdict(list)
    for share in shares:
        by_zone[share.zone].append(share)
    ordered = sorted(by_zone.items(), key=lambda row: (_many(row[1]), row[0]))
    rest: list[Share] = []
    while ordered and (_many(ordered[0][1]) < most or 0 < _many(rest) < most):
        rest += ordered.pop(0)[1]
    if rest and _many(rest) < most:
        return []
    return [*sorted(ordered), *([(0, rest)] if rest else [])]


def _many(shares: list[Share]) -> int:
    return len({share.enterprise for share in shares})


def _indicator(code: str, title: Any, unit: Unit, lines: tuple[str, ...], **source: Any) -> Indicator:
    definition = gettext_lazy(
        "Cộng báo cáo của doanh nghiệp trong kỳ gần nhất đã hết, không tính bản bị yêu cầu chỉnh sửa; chỉ gồm doanh "
        "nghiệp đã báo cáo. Không công bố khi có ít hơn 3 doanh nghiệp báo cáo."
    )
    return Indicator(
        code, title, definition, unit, Reported(lines, **source), owner="doanh-nghiep", filters=(),
        base=gettext_lazy("Doanh nghiệp đã báo cáo trong kỳ"),
    )  # fmt: skip


USD, VND = gettext_lazy("USD"), gettext_lazy("Đồng")
INDICATORS = (
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
