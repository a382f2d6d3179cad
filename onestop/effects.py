"""What a grant does to the register: the one place that maps a procedure's declared effect to a verb of the ledger.

`preview` says what would change, old and new, and `apply` does it, in the transaction of the grant. The inverse of an
effect, where a result is revoked or corrected, stands in `amendments/inverse.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from izportal.models import User
from izportal.templatetags import area, money
from izportal.workdays import months_later
from onestop.models import Dossier, Procedure
from projects import ledger
from projects.models import Change, Investor, Project, Sector
from zones.models import Availability

ZERO = Decimal(0)
# The answer of a suspension that leaves the rest of the project at work.
IN_PART = "part"
_CAPITAL = {"exchange_rate": "decimal", "rate_on": "date", "rate_source": "text"}
# What each effect reads of a form, with the type of the question: a form that lacks one could not be granted.
ASKED: dict[str, dict[str, str]] = {
    Procedure.Effect.REGISTER: {
        "plot": "plot", "project_name": "text", "project_name_en": "text", "origin": "choice", "kind": "choice",
        "sector": "vsic", "objective": "textarea", "term_years": "integer", "area_m2": "area",
        "investor_name": "text", "investor_country": "country", "investor_kind": "choice",
        "investor_identifier": "text", "capital_usd": "money_usd", "capital_vnd": "money_vnd", **_CAPITAL,
    },
    Procedure.Effect.ADJUST: {
        "project": "project", "new_capital_usd": "money_usd", "new_capital_vnd": "money_vnd", **_CAPITAL,
        "reason": "textarea",
    },
    Procedure.Effect.EXTEND: {"project": "project", "extended_until": "date", "reason": "textarea"},
    Procedure.Effect.SUSPEND: {"project": "project", "suspension_scope": "choice", "reason": "textarea"},
    Procedure.Effect.TERMINATE: {"project": "project"},
}  # fmt: skip
# The words that the register knows; a form may offer fewer, not others.
WORDS: dict[str, set[str]] = {
    "suspension_scope": {"whole", IN_PART},
    "origin": set(Project.Origin.values), "kind": set(Project.Kind.values), "investor_kind": set(Investor.Kind.values),
}  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """One line of a preview. `kind` says how the values are written: text, usd, vnd, m2 or count; `is_total` marks a
    public total, which other decisions move as well."""

    label: str
    old: Any
    new: Any
    kind: str = "text"
    is_total: bool = False


def apply(dossier: Dossier, *, by: User, at: datetime) -> Change | None:
    """Do what the procedure's effect says, on the basis of the decision already drawn. None: nothing to enter."""
    verb = _VERBS.get(dossier.procedure.effect)
    return verb(dossier, by, at) if verb else None


def preview(dossier: Dossier, *, on: date) -> list[Difference]:
    """What a grant would change in the register and in the totals, read now; nothing is written."""
    lines = _PREVIEWS.get(dossier.procedure.effect)
    return lines(dossier, on) if lines else []


WRITTEN = {"usd": money.usd, "vnd": money.vnd, "m2": area.m2, "count": area.number}


def written(value: Any, kind: str) -> Any:
    """A value of a preview in its own unit; an absent one as the mark of absence."""
    if value is None or value == "":
        return area.absent()
    return WRITTEN[kind](value) if kind in WRITTEN else value


def _basis(dossier: Dossier) -> ledger.Basis:
    return ledger.Basis(dossier.decision_number or "", dossier.decided_on or date.max)


def capital_of(answers: dict, prefix: str = "") -> ledger.Capital:
    rate = amount_of(answers, "exchange_rate") or None
    return ledger.Capital(
        usd=amount_of(answers, f"{prefix}capital_usd"),
        vnd=amount_of(answers, f"{prefix}capital_vnd"),
        rate=rate,
        rate_on=_day(answers, "rate_on") if rate else None,
        rate_source=str(answers.get("rate_source") or "") if rate else "",
    )


def amount_of(answers: dict, key: str) -> Decimal:
    return Decimal(str(answers.get(key) or 0))


def _day(answers: dict, key: str) -> date | None:
    return date.fromisoformat(answers[key]) if answers.get(key) else None


def term_until(dossier: Dossier, answers: dict | None = None) -> date | None:
    """The last day of the term asked for, counted from the decision; None where neither is there yet."""
    said = dossier.answers if answers is None else answers
    years, start = int(said.get("term_years") or 0), dossier.decided_on
    return months_later(start, 12 * years) if years and start else None


def _register(dossier: Dossier, by: User, at: datetime) -> Change:
    answers, plot = dossier.answers, dossier.plot
    if plot is None:
        raise ledger.LedgerRefused(_("Hồ sơ chưa chọn lô đất."))
    what = ledger.Particulars(
        code=dossier.project_code, name=answers["project_name"], name_en=answers.get("project_name_en") or "",
        origin=answers["origin"], kind=answers.get("kind") or Project.Kind.PRODUCTION, zone=plot.zone,
        sector=Sector.objects.get(code=answers["sector"]), enterprise=dossier.enterprise,
        certificate_number=dossier.decision_number or "", objective=answers.get("objective") or "",
        term_until=term_until(dossier),
    )  # fmt: skip
    capital = capital_of(answers)
    change = ledger.register(
        what=what,
        capital=capital,
        shares=[
            ledger.Share(investor_of(answers, is_sample=dossier.is_sample), capital.usd or None, capital.vnd or None)
        ],
        basis=_basis(dossier),
        by=by,
        at=at,
        plot=plot,
        area_m2=amount_of(answers, "area_m2") or plot.area_m2,
        reserved_for=dossier.hold_key,
        is_sample=dossier.is_sample,
    )
    dossier.project = change.project
    return change


def investor_of(answers: dict, *, is_sample: bool) -> Investor:
    """The same investor is not entered twice: name and country decide, and the number where both have one."""
    identifier = answers.get("investor_identifier") or ""
    who = {"name": answers["investor_name"], "country_id": answers["investor_country"], "is_sample": is_sample}
    known = Investor.objects.filter(**who).order_by("pk")
    if identifier:
        known = known.filter(identifier__in=("", identifier)).order_by("-identifier", "pk")
    kind = answers.get("investor_kind") or Investor.Kind.ORGANISATION
    return known.first() or Investor.objects.create(**who, kind=kind, identifier=identifier)


def _adjust(dossier: Dossier, by: User, at: datetime) -> Change:
    if dossier.project is None:
        raise ledger.LedgerRefused(_("Hồ sơ chưa chọn dự án."))
    note = str(dossier.answers.get("reason") or "")
    to = capital_of(dossier.answers, "new_")
    return ledger.adjust_capital(project=dossier.project, to=to, basis=_basis(dossier), by=by, at=at, note=note)


def _extend(dossier: Dossier, by: User, at: datetime) -> Change:
    if dossier.project is None:
        raise ledger.LedgerRefused(_("Hồ sơ chưa chọn dự án."))
    note, until = str(dossier.answers.get("reason") or ""), _day(dossier.answers, "extended_until")
    return ledger.extend(project=dossier.project, until=until, basis=_basis(dossier), by=by, at=at, note=note)


def _suspend(dossier: Dossier, by: User, at: datetime) -> Change | None:
    """A project that stops in part goes on in the register."""
    if dossier.project is None:
        raise ledger.LedgerRefused(_("Hồ sơ chưa chọn dự án."))
    if dossier.answers.get("suspension_scope") == IN_PART:
        return None
    note = str(dossier.answers.get("reason") or "")
    return ledger.suspend(project=dossier.project, basis=_basis(dossier), by=by, at=at, note=note)


def _terminate(dossier: Dossier, by: User, at: datetime) -> Change:
    if dossier.project is None:
        raise ledger.LedgerRefused(_("Hồ sơ chưa chọn dự án."))
    return ledger.terminate(project=dossier.project, basis=_basis(dossier), by=by, at=at)


_VERBS: dict[str, Callable[[Dossier, User, datetime], Change | None]] = {
    Procedure.Effect.REGISTER: _register,
    Procedure.Effect.ADJUST: _adjust,
    Procedure.Effect.EXTEND: _extend,
    Procedure.Effect.SUSPEND: _suspend,
    Procedure.Effect.TERMINATE: _terminate,
}


def _totals(origin: str, on: date, is_sample: bool) -> tuple[int, Decimal]:
    """Projects in force of one origin and their registered capital in the currency they are counted in."""
    rows = Project.objects.filter(origin=origin, is_sample=is_sample).in_force(on=on).with_position(on=on)
    field = "registered_usd" if origin == Project.Origin.FDI else "registered_vnd"
    values = [getattr(row, field) for row in rows.only("pk")]
    return len(values), sum(values, ZERO)


def total_lines(dossier: Dossier, origin: str, count: int, amount: Decimal, on: date) -> list[Difference]:
    """The public totals before and after; a sample dossier beside real projects moves no figure.

    The first real project ends the counting of sample ones, so its totals start from nothing.
    """
    if dossier.is_sample and Project.objects.filter(is_sample=False).exists():
        return []
    number, capital = _totals(origin, on, dossier.is_sample)
    name, unit = (_("Vốn FDI đăng ký"), "usd") if origin == Project.Origin.FDI else (_("Vốn DDI đăng ký"), "vnd")
    lines = [Difference(name, capital, capital + amount, unit, is_total=True)]
    if count:
        lines.insert(0, Difference(_("Số dự án còn hiệu lực"), number, number + count, "count", is_total=True))
    return lines


def _preview_register(dossier: Dossier, on: date) -> list[Difference]:
    answers, plot = dossier.answers, dossier.plot
    capital, origin = capital_of(answers), answers.get("origin") or ""
    lines = [
        Difference(_("Dự án"), None, answers.get("project_name")),
        Difference(_("Mã số dự án"), None, dossier.project_code),
    ]
    if plot is not None:
        now = plot.standing(on=on)
        leased = amount_of(answers, "area_m2") or plot.area_m2
        status = now.get_status_display() if now else None
        lines += [
            Difference(_("Lô %(plot)s") % {"plot": plot.code}, status, Availability.Status.LEASED.label),
            Difference(_("Diện tích thuê"), ZERO, leased, "m2"),
        ]
    lines += capital_lines(ledger.Position(ZERO, ZERO, ZERO), capital)
    return lines + total_lines(dossier, origin, 1, capital.usd if origin == Project.Origin.FDI else capital.vnd, on)


def _preview_adjust(dossier: Dossier, on: date) -> list[Difference]:
    project = dossier.project
    if project is None:
        return []
    now, to = ledger.position(project), capital_of(dossier.answers, "new_")
    moved = to.usd - now.usd if project.origin == Project.Origin.FDI else to.vnd - now.vnd
    return [*capital_lines(now, to), *total_lines(dossier, project.origin, 0, moved, on)]


def _preview_extend(dossier: Dossier, on: date) -> list[Difference]:
    project = dossier.project
    if project is None:
        return []
    until = _day(dossier.answers, "extended_until")
    return [Difference(_("Thời hạn dự án đến ngày"), _written(project.term_until), _written(until))]


def _written(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def _preview_suspend(dossier: Dossier, on: date) -> list[Difference]:
    project = dossier.project
    if project is None or dossier.answers.get("suspension_scope") == IN_PART:
        return []
    status = Project.objects.with_position(on=on).get(pk=project.pk).status
    return [Difference(_("Tình trạng dự án"), Project.Status(status).label, Project.Status.SUSPENDED.label)]


def _preview_terminate(dossier: Dossier, on: date) -> list[Difference]:
    project = dossier.project
    if project is None:
        return []
    now = ledger.position(project)
    lost = now.usd if project.origin == Project.Origin.FDI else now.vnd
    status = Project.objects.with_position(on=on).get(pk=project.pk).status
    return [
        Difference(_("Tình trạng dự án"), Project.Status(status).label, Project.Status.TERMINATED.label),
        Difference(_("Diện tích thuê"), now.area_m2, ZERO, "m2"),
        *capital_lines(now, ledger.Capital()),
        *total_lines(dossier, project.origin, -1, -lost, on),
    ]


def capital_lines(now: ledger.Position, to: ledger.Capital) -> list[Difference]:
    lines = []
    if now.usd or to.usd:
        lines.append(Difference(_("Vốn đăng ký, USD"), now.usd, to.usd, "usd"))
    if now.vnd or to.vnd:
        lines.append(Difference(_("Vốn đăng ký, VND"), now.vnd, to.vnd, "vnd"))
    return lines


_PREVIEWS: dict[str, Callable[[Dossier, date], list[Difference]]] = {
    Procedure.Effect.REGISTER: _preview_register,
    Procedure.Effect.ADJUST: _preview_adjust,
    Procedure.Effect.EXTEND: _preview_extend,
    Procedure.Effect.SUSPEND: _preview_suspend,
    Procedure.Effect.TERMINATE: _preview_terminate,
}
