"""The register's figures as sums over its standing changes: which rows count, with which amount, and how a project or
a change is told as a record behind a figure.

A certificate counts one, an end minus one, and an end takes out whatever capital stood: so the sum over all changes
up to a day is the sum over the projects in force on it, and one pass over the rows gives any figure.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, CharField, Expression, F, Min, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from izportal.indicators import Amount, Asked, Column, Move, Row
from projects.figures import moves
from projects.models import Change, Contribution, Project

ZERO = Decimal(0)
Kind = Change.Kind
LIFE = Case(When(stands_as=Kind.ISSUED, then=1), When(stands_as__in=Change.ENDING, then=-1), default=0)
# What of a change is summed: itself, what it does to the number of projects, or an amount.
MEASURES: dict[str, Any] = {
    "one": Value(1), "life": LIFE, "usd": F("capital_usd"), "vnd": F("capital_vnd"), "area": F("area_m2"),
}  # fmt: skip
# An adjustment raises or lowers the capital in the currency in which its project is counted.
UP, DOWN = 1, -1
FDI, DDI = Project.Origin.FDI, Project.Origin.DDI
DIRECTIONS = {
    UP: Q(project__origin=FDI, capital_usd__gt=0) | Q(project__origin=DDI, capital_vnd__gt=0),
    DOWN: Q(project__origin=FDI, capital_usd__lt=0) | Q(project__origin=DDI, capital_vnd__lt=0),
}


def facts(asked: Asked) -> QuerySet[Change]:
    """The changes that a question is about, of all kinds."""
    rows = Change.objects.standing(on=asked.on, known=asked.known).filter(project__is_sample=asked.is_sample)
    return rows.filter(*narrowing(asked, "project__")).order_by()


def narrowing(asked: Asked, path: str = "") -> Iterable[Q]:
    """The filters of a question as conditions on a project; `path` leads to it."""
    if asked.zone:
        yield Q(**{f"{path}zone__slug": asked.zone})
    if asked.origin:
        yield Q(**{f"{path}origin": asked.origin})
    if asked.sector:
        name = f"{path}sector"
        inside = {f"{name}__parent": asked.sector} if asked.sector.isalpha() else {f"{name}__startswith": asked.sector}
        yield Q(**{name: asked.sector}) | Q(**inside)
    if asked.country:
        held = Contribution.objects.filter(investor__country=asked.country)
        yield Q(**{f"{path}pk__in": held.values("project")})


def in_words(path: str) -> Expression | F:
    """A translated column in the reader's language."""
    own = F(f"{path}_vi")
    return (
        own if get_language() == "vi" else Coalesce(NullIf(F(f"{path}_en"), Value("")), own, output_field=CharField())
    )


def project_page(row: Row, user: Any) -> str:
    """Whoever works on some zones only reads the projects of these."""
    is_bound = user.is_authenticated and user.is_staff and user.zones
    return (
        ""
        if is_bound and row["zone_code"] not in user.zones
        else reverse("projects:project_detail", args=[row["code"]])
    )


ABOUT_PROJECT = (
    Column("code", _("Mã số dự án"), link=project_page),
    Column("name", _("Dự án")),
    Column("zone", _("Khu")),
    Column("sector", _("Ngành")),
    Column("origin", _("Nguồn vốn"), "origin"),
)


def about_project(told: Callable[[Any], Any] = lambda value: value) -> dict[str, Any]:
    return {
        "code": told(F("project__code")), "name": told(in_words("project__name")),
        "zone": told(in_words("project__zone__short_name")), "zone_code": told(F("project__zone__code")),
        "sector": told(F("project__sector_id")), "origin": told(F("project__origin")),
    }  # fmt: skip


@dataclass(frozen=True)
class Sums:
    """A figure that is the sum of a measure over changes, those of one origin or of both."""

    measure: str = "life"
    origin: str = ""
    head: Any = _("Số dự án")
    kind: str = "number"

    @property
    def amount(self) -> Any:
        return MEASURES[self.measure]

    def facts(self, asked: Asked) -> QuerySet[Change]:
        return facts(asked.of(origin=self.origin or asked.origin))

    def counted(self, asked: Asked) -> QuerySet[Change]:
        return self.facts(asked).annotate(amount=self.amount)

    def value(self, asked: Asked) -> Amount:
        return self.facts(asked).aggregate(sum=Sum(self.amount))["sum"] or 0

    def moves(self, before: Asked, after: Asked) -> list[Move]:
        return moves.between(self.counted, before, after)


@dataclass(frozen=True)
class Stock(Sums):
    """Projects in force, each with what it adds: one, or its standing capital or land."""

    @property
    def columns(self) -> tuple[Column, ...]:
        issued = Column("certificate_on", _("Cấp lần đầu"), "date")
        return (*ABOUT_PROJECT, issued, Column("amount", self.head, self.kind))

    def rows(self, asked: Asked) -> QuerySet:
        """One row for each project in force."""
        told = self.facts(asked).values("project_id").annotate(**about_project(Min))
        told = told.annotate(certificate_on=Min("project__certificate_on"), amount=Sum(self.amount))
        return told.alias(alive=Sum(LIFE)).filter(alive=1).order_by("code")


@dataclass(frozen=True)
class Flow(Sums):
    """Changes of some kinds in a period, each with its amount; `sign` turns what is taken away into a number above
    zero, `direction` narrows adjustments of capital to those that raise or lower it."""

    measure: str = "one"
    kinds: tuple[str, ...] = ()
    sign: int = 1
    direction: int = 0
    head: Any = _("Số lượt")

    @property
    def amount(self) -> Any:
        return MEASURES[self.measure] * self.sign if self.sign != 1 else MEASURES[self.measure]

    @property
    def columns(self) -> tuple[Column, ...]:
        return (
            Column("effective_on", _("Ngày hiệu lực"), "date"),
            Column("stands_as", _("Loại"), "change"),
            Column("decision_number", _("Số quyết định")),
            *ABOUT_PROJECT,
            Column("recorded_at", _("Ghi sổ lúc"), "moment"),
            Column("amount", self.head, self.kind),
        )

    def facts(self, asked: Asked) -> QuerySet[Change]:
        rows = super().facts(asked).filter(effective_on__gte=asked.start, stands_as__in=self.kinds)
        return rows.filter(DIRECTIONS[self.direction]) if self.direction else rows

    def rows(self, asked: Asked) -> QuerySet:
        own = ("pk", "effective_on", "stands_as", "decision_number", "recorded_at", "amount")
        return self.counted(asked).order_by("effective_on", "pk").values(*own, **about_project())
