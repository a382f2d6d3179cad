"""What a correction or a revocation does to the register: the inverse of what the grant did (`effects`).

`preview` tells it, old and new, and only reads; `apply` does it in the transaction of the signature. What was granted
is read from the answers of the form with the corrections in force laid over them.
"""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from izportal.models import User
from onestop import effects, questions
from onestop.effects import Difference
from onestop.models import Amendment, Dossier, Procedure
from projects import ledger
from projects.models import Change, Project, Sector
from zones.models import Availability

# Reserved key of `Amendment.values`: wrong and right words of the paper, which nothing but the paper says.
LINES = "lines"
Effect = Procedure.Effect
RATE = ("exchange_rate", "rate_on", "rate_source")
INVESTOR = ("investor_name", "investor_country", "investor_kind", "investor_identifier")
CAPITAL = ("capital_usd", "capital_vnd", "new_capital_usd", "new_capital_vnd")
# Where a certificate's word is kept in the register, besides its changes.
WORDS = {"project_name": "name_vi", "project_name_en": "name_en", "objective": "objective_vi"}
FIELDS = {**WORDS, "kind": "kind", "sector": "sector"}
# What can be corrected of a granted result; another plot or another origin is another grant.
CORRECTABLE: dict[str, tuple[str, ...]] = {
    Effect.REGISTER: (*FIELDS, "term_years", "area_m2", "capital_usd", "capital_vnd", *RATE, *INVESTOR),
    Effect.ADJUST: ("new_capital_usd", "new_capital_vnd", *RATE),
}
COUNTED = (Project.Status.IN_FORCE, Project.Status.SUSPENDED)


@dataclass(frozen=True)
class State:
    """A project as the register's sums tell it."""

    status: str
    usd: Decimal
    vnd: Decimal
    area_m2: Decimal

    @property
    def counts(self) -> bool:
        return self.status in COUNTED


def correctable(dossier: Dossier) -> tuple[str, ...]:
    """Keys of the form whose answers the register keeps."""
    return CORRECTABLE.get(dossier.procedure.effect, ()) if dossier.outcome_id else ()


def standing_answers(dossier: Dossier) -> dict[str, Any]:
    """What the result says today: the form, with the corrections in force laid over it."""
    answers = dict(dossier.answers)
    for row in dossier.amendments.filter(kind=Amendment.Kind.CORRECT, signed_at__isnull=False).order_by("signed_at"):
        answers |= {key: value for key, value in row.values.items() if key != LINES}
    return answers


# Said before it is done -------------------------------------------------------------------------------------------
def preview(row: Amendment, *, on: date) -> list[Difference]:
    """Every line that would change; raises `LedgerRefused` with the sentence of what stands in the way."""
    wrong = [Difference(_("Dòng trên giấy"), old, new) for old, new in row.values.get(LINES, [])]
    change = row.dossier.outcome
    if change is None:
        return wrong
    standing = ledger.standing_row(change)
    before = state_of(standing.project, on=on)
    after = _after(row, standing, before)
    plain = _plots(row, standing, on) if row.kind == Amendment.Kind.REVOKE else _words(row, standing)
    return [*plain, *_between(row.dossier, standing.project, before, after, on), *wrong]


def printed(row: Amendment, *, on: date) -> list[Difference]:
    """The preview in the language of decisions."""
    with translation.override("vi"):
        return preview(row, on=on)


def mark(lines: list[Difference], wording: int | None = None) -> str:
    """The fingerprint of a printed preview and of the wording that says it. Of a public total only its move counts:
    other decisions move it too."""
    said: list[Any] = [(row.label, row.new - row.old if row.is_total else (row.old, row.new)) for row in lines]
    said += [wording] if wording else []
    return hashlib.sha256(json.dumps(said, default=_plain, ensure_ascii=False).encode()).hexdigest()


def _plain(value: Any) -> str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def told(value: Any, kind: str) -> str:
    return "\N{EM DASH}" if value in (None, "") else str(effects.written(value, kind))


def kept(lines: list[Difference]) -> list[list[str]]:
    """The lines in words, as they are kept with what was signed."""
    return [[str(line.label), told(line.old, line.kind), told(line.new, line.kind)] for line in lines]


def lock(row: Amendment) -> None:
    """Take the project's row, so that what is previewed is what is entered."""
    if row.dossier.outcome is not None:
        Project.objects.select_for_update().get(pk=row.dossier.outcome.project_id)


def state_of(project: Project, *, on: date) -> State:
    sums = ledger.position(project)
    status = Project.objects.with_position(on=on).get(pk=project.pk).status
    return State(status, sums.usd, sums.vnd, sums.area_m2)


def _after(row: Amendment, standing: Change, before: State) -> State:
    """The sums and the status once the amendment is entered; what has ended stays empty."""
    has_ended = before.status not in COUNTED
    if row.kind == Amendment.Kind.CORRECT:
        capital, area = _corrected(row, standing)
        _check_not_overtaken(row, standing)
        moved = (capital.usd - standing.capital_usd, capital.vnd - standing.capital_vnd, area - standing.area_m2)
        return before if has_ended else _moved(before, *moved)
    ledger.check_last(standing)
    undone = (-standing.capital_usd, -standing.capital_vnd, -standing.area_m2)
    if standing.stands_as in Change.ENDING:
        is_asleep = (
            Change.objects.as_known().filter(project=standing.project, stands_as=Change.Kind.SUSPENDED).exists()
        )
        alive = Project.Status.SUSPENDED if is_asleep else Project.Status.IN_FORCE
        return replace(_moved(before, *undone), status=alive)
    if has_ended:
        return before
    if standing.stands_as == Change.Kind.ISSUED:
        return State(Project.Status.REVOKED, effects.ZERO, effects.ZERO, effects.ZERO)
    awake: dict[str, str] = {
        Change.Kind.SUSPENDED: Project.Status.IN_FORCE,
        Change.Kind.RESUMED: Project.Status.SUSPENDED,
    }
    return replace(_moved(before, *undone), status=awake.get(standing.stands_as, before.status))


def _moved(state: State, usd: Decimal, vnd: Decimal, area_m2: Decimal) -> State:
    return replace(state, usd=state.usd + usd, vnd=state.vnd + vnd, area_m2=state.area_m2 + area_m2)


def _between(dossier: Dossier, project: Project, before: State, after: State, on: date) -> list[Difference]:
    """What differs, the public totals included."""
    names = Project.Status
    lines = [
        Difference(_("Tình trạng dự án"), names(before.status).label, names(after.status).label),
        Difference(_("Diện tích thuê"), before.area_m2, after.area_m2, "m2"),
        Difference(_("Vốn đăng ký, USD"), before.usd, after.usd, "usd"),
        Difference(_("Vốn đăng ký, VND"), before.vnd, after.vnd, "vnd"),
    ]
    field = "usd" if project.origin == Project.Origin.FDI else "vnd"
    counted = [getattr(state, field) if state.counts else effects.ZERO for state in (before, after)]
    count, amount = after.counts - before.counts, counted[1] - counted[0]
    totals = effects.total_lines(dossier, project.origin, count, amount, on) if count or amount else []
    return [line for line in [*lines, *totals] if line.old != line.new]


def _plots(row: Amendment, standing: Change, on: date) -> list[Difference]:
    """The plots that change hands with a revocation."""
    if standing.stands_as in Change.ENDING:
        return [_given_back(tenure, on) for tenure in ledger.tenures_ended_by(standing)]
    if standing.stands_as != Change.Kind.ISSUED or ledger.ending_of(standing.project):
        return []
    labels = Availability.Status.LEASED.label, Availability.Status.HANDED_BACK.label
    held = standing.project.tenures.filter(is_current=True, ended_on__isnull=True).select_related("plot")
    return [Difference(_("Lô %(plot)s") % {"plot": tenure.plot.code}, *labels) for tenure in held]


def _given_back(tenure: Any, on: date) -> Difference:
    """The plot of a project that comes back to life; refused where somebody else has it by now."""
    plot, now = tenure.plot, tenure.plot.standing(on=on)
    if now is None or now.status not in Availability.FREE:
        raise ledger.LedgerRefused(
            _("Lô %(plot)s không còn trống (%(status)s%(holder)s) nên không giao lại được cho dự án.")
            % {"plot": plot.code, "status": now.get_status_display() if now else "", "holder": _holder(now)}
        )
    label = _("Lô %(plot)s") % {"plot": plot.code}
    return Difference(label, now.get_status_display(), Availability.Status.LEASED.label)


def _holder(now: Availability | None) -> str:
    if now is None or not now.held_for:
        return ""
    if not now.held_for.startswith("hs:"):
        return f", {Project.objects.filter(code=now.held_for).first() or now.held_for}"
    other = Dossier.objects.filter(pk=now.held_for.removeprefix("hs:")).first()
    return f", {other}" if other else ""


# What a correction says -------------------------------------------------------------------------------------------
def _corrected(row: Amendment, standing: Change) -> tuple[ledger.Capital, Decimal]:
    """The entry as it should have been: the wrong one, moved by what the paper said wrongly."""
    said = standing_answers(row.dossier)
    right = {**said, **row.values}
    prefix = "new_" if row.dossier.procedure.effect == Effect.ADJUST else ""
    old, new = effects.capital_of(said, prefix), effects.capital_of(right, prefix)
    usd, vnd = standing.capital_usd + new.usd - old.usd, standing.capital_vnd + new.vnd - old.vnd
    rate: tuple[Decimal | None, date | None, str] = (new.rate, new.rate_on, new.rate_source)
    if new.rate is None:  # entered by hand, not by this form
        rate = (standing.exchange_rate, standing.rate_on, standing.rate_source)
    if rate[0] is not None and not all(rate):
        raise ledger.LedgerRefused(_("Tỷ giá phải có ngày và nguồn."))
    area = standing.area_m2
    if "area_m2" in row.values:
        area += effects.amount_of(right, "area_m2") - (effects.amount_of(said, "area_m2") or standing.area_m2)
    return ledger.Capital(usd, vnd, *rate), area


def _check_not_overtaken(row: Amendment, standing: Change) -> None:
    """A later decision printed the whole capital, or the whole area, anew: that one is to be corrected."""
    kinds = set()
    if set(CAPITAL) & set(row.values):
        kinds.add(Change.Kind.CAPITAL)
    if "area_m2" in row.values:
        kinds.add(Change.Kind.LAND)
    later = [change for change in ledger.built_upon(standing) if change.stands_as in kinds]
    if later:
        raise ledger.LedgerRefused(
            _("Sau đó dự án đã có “%(kind)s” theo %(number)s; hãy đính chính kết quả đó.")
            % {"kind": later[-1].get_stands_as_display(), "number": later[-1].decision_number}
        )


def _words(row: Amendment, standing: Change) -> list[Difference]:
    """What the register keeps in words, and the term."""
    dossier, said = row.dossier, standing_answers(row.dossier)
    asked, project = questions.definition(dossier), standing.project
    setting = questions.Setting(dossier, timezone.localdate(row.drafted_at or timezone.now()))
    lines = []
    for key, question in (asked.questions() if asked else {}).items():
        if key not in row.values or key in CAPITAL or key == "area_m2":
            continue
        entry = questions.build(question, setting)
        old = _now_kept(project, key, said)
        lines.append(Difference(str(entry.label), _spoken(entry, old), _spoken(entry, row.values[key])))
    if "term_years" in row.values:
        until = effects.term_until(dossier, {**said, **row.values})
        lines.append(Difference(_("Thời hạn dự án đến ngày"), _day(project.term_until), _day(until)))
    return lines


def _now_kept(project: Project, key: str, said: dict[str, Any]) -> Any:
    if key not in FIELDS:
        return said.get(key)
    return project.sector.code if key == "sector" else getattr(project, FIELDS[key])


def _spoken(entry: Any, value: Any) -> str:
    return "" if value in (None, "") else entry.words(value)


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


# Done -------------------------------------------------------------------------------------------------------------
def apply(row: Amendment, *, basis: ledger.Basis, by: User, at: datetime) -> Change | None:
    """Enter the inverse; None where the register's changes stay as they are."""
    if row.dossier.outcome is None:
        return None
    standing = ledger.standing_row(row.dossier.outcome)
    deed: dict[str, Any] = {"change": standing, "basis": basis, "by": by, "at": at, "note": row.reason}
    if row.kind == Amendment.Kind.CORRECT:
        return _correct(row, standing, deed)
    return ledger.revoke(**deed) if standing.stands_as == Change.Kind.ISSUED else ledger.annul(**deed)


def _correct(row: Amendment, standing: Change, deed: dict[str, Any]) -> Change | None:
    _check_not_overtaken(row, standing)
    capital, area = _corrected(row, standing)
    said: dict[str, Any] = {}
    shares = None
    if row.dossier.procedure.effect == Effect.REGISTER:
        _correct_words(row, standing.project)
        said, shares = _classed(row), _shares(row, standing, capital)
    if said or shares is not None or set(row.values) & {*CAPITAL, *RATE, "area_m2"}:
        return ledger.correct(**deed, capital=capital, area_m2=area, said=said, shares=shares)
    return None


def _correct_words(row: Amendment, project: Project) -> None:
    """The words of the certificate; what they said before stays in the amendment and in the project's history."""
    changed = {WORDS[key]: row.values[key] for key in WORDS if key in row.values}
    for name, value in changed.items():
        setattr(project, name, None if name == "name_en" and not value else value)
    if changed:
        project.save()


def _classed(row: Amendment) -> dict[str, Any]:
    """What the certificate said wrongly of how figures class the project."""
    values = row.values
    said: dict[str, Any] = {}
    if "kind" in values:
        said["kind"] = values["kind"]
    if "sector" in values:
        said["sector"] = Sector.objects.get(code=values["sector"])
    if "term_years" in values:
        said["term_until"] = effects.term_until(row.dossier, {**standing_answers(row.dossier), **values})
    return said


def _shares(row: Amendment, standing: Change, capital: ledger.Capital) -> list[ledger.Share] | None:
    """The one investor of the certificate and what it brings in; None where that stays as it is."""
    is_other, has_moved = bool(set(row.values) & set(INVESTOR)), bool(set(row.values) & set(CAPITAL))
    now = ledger.standing_shares(standing.project)
    if is_other and len(now) != 1:
        raise ledger.LedgerRefused(_("Dự án nay có nhiều nhà đầu tư; hãy sửa nhà đầu tư trong sổ dự án."))
    if not (is_other or has_moved) or len(now) != 1:
        return None
    right = {**standing_answers(row.dossier), **row.values}
    investor = effects.investor_of(right, is_sample=row.is_sample) if is_other else now[0].investor
    whole = (standing.capital_usd, standing.capital_vnd)
    if has_moved and (now[0].capital_usd or 0, now[0].capital_vnd or 0) == whole:
        return [ledger.Share(investor, capital.usd or None, capital.vnd or None)]
    return [ledger.Share(investor, now[0].capital_usd, now[0].capital_vnd)]
