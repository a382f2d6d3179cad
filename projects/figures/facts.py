"""The register's figures as sums over its standing changes: which rows count, with which amount, and how a project or
a change is told as a record behind a figure.

A certificate counts one, an end minus one, and an end takes out whatever capital stood: so the sum over all changes
up to a day is the sum over the projects in force on it, and one pass over the rows gives any figure.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Case, CharField, Exists, Expression, F, Min, OuterRef, Q, QuerySet, Sum, Value, When
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
    UP: Q(origin=FDI, capital_usd__gt=0) | Q(origin=DDI, capital_vnd__gt=0),
    DOWN: Q(origin=FDI, capital_usd__lt=0) | Q(origin=DDI, capital_vnd__lt=0),
}


# How a project is classed is dated and recorded: the row that counts is joined to each change.
CLASS = "project__classifications__"


def changes(asked: Asked) -> QuerySet[Change]:
    """Every change that a question may be about, once for each class that its project has ever had."""
    rows = Change.objects.standing(on=asked.on, known=asked.known).filter(project__is_sample=asked.is_sample)
    return rows.filter(stands(CLASS, asked.known), *_narrowing(asked)).annotate(**CLASSED).order_by()


# The class of a row, by names that no further filter joins anew.
CLASSED = {
    **{name: F(f"{CLASS}{name}") for name in ("origin", "zone_id", "sector_id")}, "class_from": F(f"{CLASS}starts_on"),
    "class_until": F(f"{CLASS}ended_on"), "class_id": F(f"{CLASS}pk"),
}  # fmt: skip


def stands(path: str, known: datetime | None) -> Q:
    """The rows of a joined table that stood at a moment (`RecordedQuerySet.as_known`). The column of the join tells
    PostgreSQL how many of them to expect."""
    is_last = Q(**{f"{path}superseded_by__supersedes__isnull": True})
    if known is None:
        return is_last
    later = Q(**{f"{path}superseded_by__recorded_at__gt": known})
    return Q(**{f"{path}recorded_at__lte": known}) & (is_last | later)


def covers(day: Any, since: str, until: str) -> Q:
    return Q(**{f"{since}__lte": day}) & (Q(**{f"{until}__isnull": True}) | Q(**{f"{until}__gt": day}))


def _narrowing(asked: Asked) -> Iterable[Q]:
    if asked.zone:
        yield Q(**{f"{CLASS}zone__slug": asked.zone})
    if asked.origin:
        yield Q(**{f"{CLASS}origin": asked.origin})
    if asked.sector:
        inside = "sector__parent" if asked.sector.isalpha() else "sector__code__startswith"
        yield Q(**{f"{CLASS}sector": asked.sector}) | Q(**{f"{CLASS}{inside}": asked.sector})


def facts(asked: Asked) -> QuerySet[Change]:
    """The changes up to the day of a question, each under the class that its project has on that day."""
    return _of_country(changes(asked).filter(covers(asked.on, "class_from", "class_until")), asked, asked.on)


def happened(asked: Asked) -> QuerySet[Change]:
    """The changes of a period, each under the class that its project had on the day of the change."""
    rows = changes(asked).filter(covers(F("effective_on"), "class_from", "class_until"))
    return _of_country(rows.filter(effective_on__gte=asked.start), asked, OuterRef("effective_on"))


def _of_country(rows: QuerySet[Change], asked: Asked, day: Any) -> QuerySet[Change]:
    if not asked.country:
        return rows
    held = Contribution.objects.standing(on=day, known=asked.known).filter(investor__country=asked.country)
    return rows.filter(Exists(held.filter(project=OuterRef("project"))))


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
    Column("source_of_capital", _("Nguồn vốn"), "origin"),
)


def about_project(told: Callable[[Any], Any] = lambda value: value) -> dict[str, Any]:
    return {
        "code": told(F("project__code")), "name": told(in_words("project__name")),
        "zone": told(in_words(f"{CLASS}zone__short_name")), "zone_code": told(F(f"{CLASS}zone__code")),
        "sector": told(F("sector_id")), "source_of_capital": told(F("origin")),
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
        rows = happened(asked.of(origin=self.origin or asked.origin)).filter(stands_as__in=self.kinds)
        return rows.filter(DIRECTIONS[self.direction]) if self.direction else rows

    def rows(self, asked: Asked) -> QuerySet:
        own = ("pk", "effective_on", "stands_as", "decision_number", "recorded_at", "amount")
        return self.counted(asked).order_by("effective_on", "pk").values(*own, **about_project())
