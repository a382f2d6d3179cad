"""The capital of both origins in one currency at the rate of one day, and which rate that is: the last one that a
decision in the register states, with its source, for a day up to it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, CharField, DateField, DecimalField, F, Field, Min, QuerySet, Sum, Value, When
from django.db.models.functions import Round
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal.indicators import Amount, Asked, Column, Indicator, Move, by_record
from izportal.templatetags.area import grouped
from izportal.templatetags.figures import MILLION_USD
from projects.figures import cells, kept
from projects.figures.facts import ABOUT_PROJECT, DDI, FDI, LIFE, about_project, facts
from projects.models import Change

CODE = "total_capital_one_rate_usd"
MONEY = DecimalField(max_digits=26, decimal_places=2)


@dataclass(frozen=True)
class Rate:
    """Đồng for one USD, as a decision has it."""

    vnd: Decimal
    on: date
    source: str
    decision: str


def rate_of(asked: Asked) -> Rate | None:
    """The rate that stands on the day that a question names for it."""
    day = asked.rate_on or asked.on
    found = kept.answer("rate", Asked(day, known=asked.known, is_sample=asked.is_sample), _found)
    return found[0] if found else None


def _found(asked: Asked) -> list[Rate]:
    rows = Change.objects.as_known(asked.known).filter(is_sample=asked.is_sample, rate_on__lte=asked.on)
    told = rows.order_by("-rate_on", "-pk").values_list("exchange_rate", "rate_on", "rate_source", "decision_number")
    return [Rate(*row) for row in told[:1]]


def worth(asked: Asked, usd: Amount, vnd: Amount) -> Amount:
    """Capital in USD and capital in đồng together; None where no rate stands."""
    rate = rate_of(asked)
    return None if rate is None else Decimal(usd or 0) + Decimal(vnd or 0) / rate.vnd


def _converted(word: Any, field: Field) -> Case:
    """What stands beside a capital that the rate is used for."""
    return Case(When(source_of_capital=DDI, then=Value(word)), output_field=field)


@dataclass(frozen=True)
class AtOneRate:
    """Projects in force: FDI with its capital in USD, DDI with its capital in đồng at the rate, to the cent. The whole
    is worked out before it is rounded."""

    columns = (
        *ABOUT_PROJECT,
        Column("own_usd", gettext_lazy("Vốn FDI, USD"), "money"),
        Column("own_vnd", gettext_lazy("Vốn DDI, đồng"), "money"),
        Column("at_rate", gettext_lazy("Tỷ giá, VND/USD"), "money"),
        Column("at_rate_on", gettext_lazy("Tỷ giá ngày"), "date"),
        Column("at_rate_source", gettext_lazy("Nguồn tỷ giá")),
        Column("amount", gettext_lazy("USD"), "money"),
    )

    def value(self, asked: Asked) -> Amount:
        sums = cells.values(cells.whole(asked))
        return worth(asked, sums.get("fdi_capital_usd", 0), sums.get("ddi_capital_vnd", 0))

    def rows(self, asked: Asked) -> QuerySet:
        rate, told = rate_of(asked), facts(asked).values("project_id").annotate(**about_project(Min))
        told = told.alias(alive=Sum(LIFE)).filter(alive=1).order_by("code")
        if rate is None:
            return told.none()
        # SQLite divides whole numbers into whole numbers.
        dollars = Round(F("own_vnd") * Value(1 / rate.vnd), 2, output_field=MONEY)
        return told.annotate(
            own_usd=Case(When(source_of_capital=FDI, then=Sum("capital_usd")), output_field=MONEY),
            own_vnd=Case(When(source_of_capital=DDI, then=Sum("capital_vnd")), output_field=MONEY),
            at_rate=_converted(rate.vnd, MONEY), at_rate_on=_converted(rate.on, DateField()),
            at_rate_source=_converted(rate.source, CharField()),
            amount=Case(When(source_of_capital=FDI, then=F("own_usd")), default=dollars, output_field=MONEY),
        )  # fmt: skip

    def moves(self, before: Asked, after: Asked) -> list[Move]:
        return by_record(self, before, after, key="code")

    def note(self, asked: Asked, value: Amount) -> str:
        rate = rate_of(asked)
        if rate is None:
            day = {"day": f"{asked.rate_on or asked.on:%d/%m/%Y}"}
            return _("Chưa cộng được: sổ chưa có tỷ giá nào của ngày %(day)s hoặc trước đó.") % day
        said = {
            "rate": grouped(rate.vnd), "day": f"{rate.on:%d/%m/%Y}", "source": rate.source, "number": rate.decision,
        }  # fmt: skip
        return _("theo tỷ giá %(rate)s VND/USD ngày %(day)s, nguồn: %(source)s (ghi tại %(number)s)") % said


INDICATORS = (
    Indicator(
        CODE, gettext_lazy("Tổng vốn đăng ký quy ra USD theo tỷ giá một ngày"),
        gettext_lazy(
            "Vốn FDI bằng USD cộng vốn DDI bằng đồng, cả hai như đã ghi; vốn DDI quy ra USD theo một tỷ giá: tỷ giá "
            "gần nhất mà quyết định trong sổ ghi cho ngày được chọn hoặc trước đó. Từng dự án làm tròn đến cent, tổng "
            "tính trước khi làm tròn. Chưa có tỷ giá thì không cộng."
        ),
        MILLION_USD, AtOneRate(), takes_rate=True,
    ),
)  # fmt: skip
