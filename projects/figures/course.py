"""The indicators of the life of projects, of their capital in one currency, and of what is missing in the register."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    DecimalField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)  # fmt: skip
from django.db.models.functions import Round
from django.utils.translation import gettext_lazy as _

from izportal.indicators import Amount, Asked, Column, Indicator, Move, by_record
from izportal.templatetags.figures import MILLION_USD, PIECES, Unit
from projects.figures import cells, moves
from projects.figures.facts import ABOUT_PROJECT, CLASS, FDI, Kind, about_project, facts, happened
from projects.models import Change, Tenure

YEARS = Unit(_("năm"))
DAYS_OF_A_YEAR = Decimal("365.25")
ISSUED = Column("certificate_on", _("Cấp lần đầu"), "date")
ONE = Column("amount", _("Số dự án"), "number")
# What the sums of the register give (`standing`).
BY_SUMS = (
    "suspended_projects", "project_age_years", "total_capital_in_usd", "projects_without_enterprise",
    "projects_without_plots",
)  # fmt: skip


class Days(Func):
    """From the second day to the first."""

    arg_joiner, template, output_field = " - ", "(%(expressions)s)", IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        told = {"template": "CAST(JULIANDAY(%(expressions)s) AS INTEGER)", "arg_joiner": ") - JULIANDAY("}
        return self.as_sql(compiler, connection, **told, **context)


def alive(asked: Asked) -> QuerySet[Change]:
    """The certificates of the projects in force."""
    ended = facts(asked).filter(project=OuterRef("project"), stands_as__in=Change.ENDING)
    return facts(asked).filter(~Exists(ended), stands_as=Kind.ISSUED)


@dataclass(frozen=True)
class InForce:
    """Projects in force that a condition singles out; `when` says which, by their certificate."""

    when: Any

    columns = (*ABOUT_PROJECT, ISSUED, ONE)

    def counted(self, asked: Asked) -> QuerySet[Change]:
        return self.when(alive(asked), asked).annotate(amount=Value(1))

    def value(self, asked: Asked) -> Amount:
        return self.counted(asked).count()

    def rows(self, asked: Asked) -> QuerySet:
        return _told(self.counted(asked)).order_by("code")

    def moves(self, before: Asked, after: Asked) -> list[Move]:
        return by_record(self, before, after, key="code")


def _told(rows: QuerySet[Change], *more: str) -> QuerySet:
    return rows.annotate(certificate_on=F("project__certificate_on")).values(
        "certificate_on", "amount", *more, **about_project()
    )


def _suspended(rows: QuerySet[Change], asked: Asked) -> QuerySet[Change]:
    """Suspended, and no later entry set another status."""
    later = facts(asked).filter(project=OuterRef("project"), stands_as__in=(Kind.SUSPENDED, Kind.RESUMED))
    same_day = Q(effective_on=OuterRef("effective_on"), pk__gt=OuterRef("pk"))
    later = later.filter(Q(effective_on__gt=OuterRef("effective_on")) | same_day)
    last = facts(asked).filter(~Exists(later), project=OuterRef("project"), stands_as=Kind.SUSPENDED)
    return rows.filter(Exists(last))


def _without_plot(rows: QuerySet[Change], asked: Asked) -> QuerySet[Change]:
    held = Tenure.objects.standing(on=asked.on, known=asked.known).filter(project=OuterRef("project"))
    return rows.filter(~Exists(held))


def _without_enterprise(rows: QuerySet[Change], asked: Asked) -> QuerySet[Change]:
    return rows.alias(enterprise=F(f"{CLASS}enterprise_id")).filter(enterprise__isnull=True)


@dataclass(frozen=True)
class Ages:
    """Days from the certificate to the day of the question, or of projects that ended in the period to their end;
    `base` counts the projects."""

    ended: bool = False

    columns = (
        *ABOUT_PROJECT, ISSUED, Column("amount", _("Số ngày"), "number"), Column("base", _("Số dự án"), "number"),
    )  # fmt: skip

    def counted(self, asked: Asked) -> QuerySet[Change]:
        rows, until, since = self._lives(asked)
        return rows.annotate(amount=ExpressionWrapper(until - since, output_field=DurationField()))

    def _lives(self, asked: Asked) -> tuple[QuerySet[Change], Any, Any]:
        """The projects by the change that counts, the last day of each and its first."""
        if self.ended:
            rows = happened(asked).filter(stands_as__in=Change.ENDING)
            return rows, F("effective_on"), F("project__certificate_on")
        return alive(asked), Value(asked.on), F("effective_on")

    def value(self, asked: Asked) -> Amount:
        found = self.counted(asked).aggregate(days=Sum("amount"), base=Sum(Value(1)))
        return Decimal(found["days"].days) / found["base"] / DAYS_OF_A_YEAR if found["base"] else None

    def rows(self, asked: Asked) -> QuerySet:
        rows, until, since = self._lives(asked)
        return _told(rows.annotate(amount=Days(until, since), base=Value(1)), "base").order_by("code")

    def moves(self, before: Asked, after: Asked) -> list[Move]:
        return by_record(self, before, after, key="code")


@dataclass(frozen=True)
class InDollars:
    """Standing capital of the projects in force, entry by entry: FDI in USD as printed, DDI in VND at the rate that
    the decision itself states, to the cent. There is no sum while a decision states none."""

    columns = (
        Column("effective_on", _("Ngày hiệu lực"), "date"),
        Column("decision_number", _("Số quyết định")),
        *ABOUT_PROJECT,
        Column("capital_vnd", _("Đồng"), "money"),
        Column("exchange_rate", _("Tỷ giá, VND/USD"), "money"),
        Column("rate_on", _("Tỷ giá ngày"), "date"),
        Column("rate_source", _("Nguồn tỷ giá")),
        Column("amount", _("USD"), "money"),
    )

    def counted(self, asked: Asked) -> QuerySet[Change]:
        is_fdi = Q(origin=FDI)
        rows = facts(asked).filter((is_fdi & ~Q(capital_usd=0)) | (~is_fdi & ~Q(capital_vnd=0)))
        # SQLite divides whole numbers into whole numbers, and takes 1.0 for one of them.
        exact = F("capital_vnd") * Value(Decimal("0.5")) / F("exchange_rate") * Value(2)
        dollars = ExpressionWrapper(Round(exact, 2), output_field=DecimalField(max_digits=24, decimal_places=2))
        amount = Case(
            When(origin=FDI, then=F("capital_usd")), When(exchange_rate__isnull=False, then=dollars),
            output_field=DecimalField(max_digits=24, decimal_places=2),
        )  # fmt: skip
        living = alive(asked).values("project")
        return rows.filter(project__in=living).annotate(amount=amount)

    def value(self, asked: Asked) -> Amount:
        rows = self.counted(asked)
        if rows.filter(amount__isnull=True).exists():
            return None
        return rows.aggregate(sum=Sum("amount"))["sum"] or 0

    def rows(self, asked: Asked) -> QuerySet:
        own = [column.key for column in self.columns if column not in ABOUT_PROJECT]
        return self.counted(asked).order_by("effective_on", "pk").values("pk", *own, **about_project())

    def moves(self, before: Asked, after: Asked) -> list[Move]:
        return moves.between(self.counted, before, after)

    def note(self, asked: Asked, value: Amount) -> Any:
        if value is None:
            return _("Chưa cộng được: có quyết định không ghi tỷ giá.")
        return _("theo tỷ giá ghi trong từng quyết định")


def standing(asked: Asked) -> dict[str, Amount]:
    """Indicator → its value, for those that the sums of the register give (`cells`)."""
    sums = cells.total(cells.whole(asked))
    projects, days = sums["life"], sums["life"] * asked.on.toordinal() - sums["born"]
    tenures = Tenure.objects.standing(on=asked.on, known=asked.known).order_by()
    with_plots = cells.alive_among(asked, set(tenures.values_list("project_id", flat=True)))
    return {
        "suspended_projects": sums["paused"],
        "project_age_years": Decimal(days) / projects / DAYS_OF_A_YEAR if projects else None,
        "total_capital_in_usd": None if sums["unrated"] else sums["dollars"],
        "projects_without_enterprise": sums["unowned"],
        "projects_without_plots": projects - with_plots,
    }


def value_and_records(indicator: Indicator, asked: Asked) -> tuple[Amount, int]:
    """One of `BY_SUMS`, and how many records it has."""
    value, source = standing(asked)[indicator.code], indicator.source
    if isinstance(source, Ages):
        return value, cells.total(cells.whole(asked))["life"]
    return value, source.counted(asked).count() if isinstance(source, InDollars) else int(value or 0)


IN_DOLLARS = _(
    "Vốn FDI bằng USD cộng vốn DDI theo tỷ giá ghi trong từng quyết định; chưa cộng khi có quyết định thiếu tỷ giá."
)

INDICATORS = (
    Indicator("suspended_projects", _("Dự án tạm ngừng"), _("Dự án còn hiệu lực đang tạm ngừng hoạt động."), PIECES,
              InForce(_suspended)),
    Indicator("project_age_years", _("Tuổi trung bình của dự án"),
              _("Số năm trung bình từ ngày cấp giấy chứng nhận đến ngày tính, của các dự án còn hiệu lực."), YEARS,
              Ages(), per=1 / DAYS_OF_A_YEAR),
    Indicator("ended_age_years", _("Đời dự án đã kết thúc, trung bình"),
              _("Số năm trung bình từ ngày cấp giấy chứng nhận đến ngày kết thúc, của các dự án kết thúc trong kỳ."),
              YEARS, Ages(ended=True), per=1 / DAYS_OF_A_YEAR, is_flow=True),
    Indicator("total_capital_in_usd", _("Tổng vốn đăng ký quy ra USD"),
              IN_DOLLARS, MILLION_USD, InDollars()),
    Indicator("projects_without_enterprise", _("Dự án chưa có tổ chức kinh tế"),
              _("Dự án còn hiệu lực chưa ghi tổ chức kinh tế thực hiện."), PIECES, InForce(_without_enterprise)),
    Indicator("projects_without_plots", _("Dự án chưa có lô đất"),
              _("Dự án còn hiệu lực chưa ghi lô đất nào đang thuê."), PIECES, InForce(_without_plot)),
)  # fmt: skip
