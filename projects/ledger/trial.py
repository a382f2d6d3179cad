"""What a deed would do, found by doing it and taking it back: the preview cannot say anything else than the deed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum

from projects.ledger import facts, land
from projects.ledger.book import ZERO, position, status_of
from projects.models import Change, Classification, Project


@dataclass(frozen=True)
class State:
    """A project as the register has it at one moment; all None and empty before it is entered."""

    status: str = ""
    usd: Decimal = ZERO
    vnd: Decimal = ZERO
    area_m2: Decimal = ZERO
    facts: tuple[tuple[str, object], ...] = ()
    plots: tuple[tuple[str, Decimal], ...] = ()
    shares: tuple[tuple[str, Decimal | None, Decimal | None], ...] = ()


@dataclass(frozen=True)
class Totals:
    """The public figures of one origin: projects in force, and their capital in the currency it is counted in."""

    origin: str
    count: int
    capital: Decimal


@dataclass(frozen=True)
class Trial:
    before: State
    after: State
    totals_before: tuple[Totals, ...]
    totals_after: tuple[Totals, ...]
    changes: tuple[Change, ...]


class _TakenBack(Exception):
    """Ends the trial; nothing of it stays."""


def tried(deed: Callable[[], Change | None], *, project: Project | None, on: date) -> Trial:
    """Raises what the deed raises. The locks of the deed stay until the end of the transaction around."""
    found: Trial | None = None
    try:
        with transaction.atomic():
            before, totals = state_of(project), totals_of(project, on)
            last = Change.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
            change = deed()
            done = project or (change.project if change else None)
            after = state_of(done)
            news = tuple(Change.objects.filter(pk__gt=last, project=done).order_by("pk")) if done else ()
            found = Trial(before, after, totals or _unchanged(done, on), totals_of(done, on), news)
            raise _TakenBack
    except _TakenBack:
        pass
    if found is None:
        raise RuntimeError("a trial ends by being taken back")
    return found


def state_of(project: Project | None) -> State:
    if project is None or project.pk is None:
        return State()
    row = Project.objects.select_related("sector", "zone", "enterprise").get(pk=project.pk)
    now = position(row)
    return State(
        status_of(row), now.usd, now.vnd, now.area_m2,
        facts=(("certificate_on", row.certificate_on), *((name, getattr(row, name)) for name in Classification.FACTS)),
        plots=tuple((tenure.plot.code, tenure.area_m2) for tenure in land.held(row)),
        shares=tuple(
            (share.investor.name, share.capital_usd, share.capital_vnd) for share in facts.standing_shares(row)
        ),
    )  # fmt: skip


def totals_of(project: Project | None, on: date) -> tuple[Totals, ...]:
    """The public figures that a project is counted in; a sample one beside real projects is counted in none."""
    if project is None or (project.is_sample and Project.objects.filter(is_sample=False).exists()):
        return ()
    return tuple(_totals(origin, project.is_sample, on) for origin in Project.Origin.values)


def _unchanged(project: Project | None, on: date) -> tuple[Totals, ...]:
    """Before a project is entered: as it would be without it."""
    if project is None:
        return ()
    others = Project.objects.exclude(pk=project.pk)
    if not project.is_sample and not others.filter(is_sample=False).exists():
        return tuple(Totals(origin, 0, ZERO) for origin in Project.Origin.values)
    return tuple(_totals(origin, project.is_sample, on, without=project) for origin in Project.Origin.values)


def _totals(origin: str, is_sample: bool, on: date, *, without: Project | None = None) -> Totals:
    """An end takes all out, so the sum over all changes is the sum over the projects in force."""
    counted = Project.objects.filter(origin=origin, is_sample=is_sample).exclude(pk=without.pk if without else None)
    column = "capital_usd" if origin == Project.Origin.FDI else "capital_vnd"
    rows = Change.objects.standing(on=on).filter(project__in=counted.order_by().values("pk")).order_by()
    return Totals(origin, counted.in_force(on=on).count(), rows.aggregate(s=Sum(column))["s"] or ZERO)
