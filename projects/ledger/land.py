"""Which project holds which plot: tenures, each written together with the state of its plot."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, Sum
from django.utils.translation import gettext as _

from izportal.models import User
from projects.ledger.book import ZERO, Basis, LedgerRefused, first_row
from projects.models import Change, DeveloperPhase, Project, Tenure
from zones import allocation
from zones.costs import term_of
from zones.models import Phase, Plot

M2_PER_HA = 10000


@dataclass(frozen=True)
class Parcel:
    """So much of a plot; none is to give it back."""

    plot: Plot
    area_m2: Decimal


def held(project: Project) -> list[Tenure]:
    rows = Tenure.objects.filter(project=project, is_current=True, ended_on__isnull=True)
    return list(rows.select_related("plot__zone", "plot__phase", "project"))


def take(
    project: Project, plot: Plot, area_m2: Decimal, basis: Basis, reserved_for: str, by: User, at: datetime
) -> None:
    if plot.zone_id != project.zone_id:
        raise LedgerRefused(_("Lô %(plot)s không thuộc khu công nghiệp của dự án.") % {"plot": plot.code})
    _check_area(plot, area_m2)
    check_term(project.term_until, term_of(plot))
    taken = allocation.occupy(
        plot=plot, held_for=project.code, basis=basis.number, by=by, at=at, on=basis.on, reserved_for=reserved_for,
        ends_on=project.term_until,
    )  # fmt: skip
    _let(project, plot, area_m2, taken.effective_on, basis, by, at)
    _check_phase(plot)


def give_back(tenure: Tenure, basis: Basis, by: User, at: datetime) -> None:
    """The open row is superseded by one with an end."""
    _supersede(tenure, by, at, ended_on=max(basis.on, tenure.starts_on), basis=basis.number)
    allocation.release(plot=tenure.plot, held_for=tenure.project.code, basis=basis.number, by=by, at=at, on=basis.on)


def rearrange(project: Project, parcels: Sequence[Parcel], basis: Basis, by: User, at: datetime) -> Decimal:
    """Let the project hold of each plot what is said here, none of it to give it back; returns what it holds more."""
    now = {tenure.plot: tenure for tenure in held(project)}
    if len({parcel.plot for parcel in parcels}) < len(parcels):
        raise LedgerRefused(_("Mỗi lô chỉ ghi một dòng."))
    moved = ZERO
    for parcel in parcels:
        tenure = now.get(parcel.plot)
        moved += parcel.area_m2 - (tenure.area_m2 if tenure else ZERO)
        if tenure is None:
            take(project, parcel.plot, parcel.area_m2, basis, "", by, at)
        elif not parcel.area_m2:
            give_back(tenure, basis, by, at)
        elif parcel.area_m2 != tenure.area_m2:
            _resize(tenure, parcel.area_m2, basis, by, at)
    return moved


def prolong(project: Project, basis: Basis, by: User, at: datetime) -> None:
    """The leases end with the project's term."""
    for tenure in held(project):
        check_term(project.term_until, term_of(tenure.plot))
        allocation.prolong(
            plot=tenure.plot, held_for=project.code, basis=basis.number, by=by, at=at, on=basis.on,
            ends_on=project.term_until,
        )  # fmt: skip


def check_zone(project: Project) -> None:
    """Whatever a project holds or has held lies in its zone."""
    rows = Tenure.objects.as_known().filter(project=project).exclude(plot__zone=project.zone_id)
    held = rows.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=F("starts_on"))).select_related("plot__zone").first()
    if held is not None:
        raise LedgerRefused(
            _("Lô %(plot)s mà dự án thuê thuộc %(zone)s: dự án và các lô dự án thuê phải cùng một khu công nghiệp.")
            % {"plot": held.plot.code, "zone": held.plot.zone}
        )
    built = DeveloperPhase.objects.filter(project=project).exclude(phase__zone=project.zone_id).first()
    if built is not None:
        raise LedgerRefused(_("Dự án là chủ đầu tư hạ tầng của %(phase)s, thuộc khu khác.") % {"phase": built.phase})


def check_term(until: date | None, year: int | None) -> None:
    """The land is let until a year at most, and no project on it lasts longer."""
    if until is not None and year is not None and until.year > year:
        raise LedgerRefused(
            _("Thời hạn dự án (%(until)s) vượt thời hạn của khu công nghiệp (đến năm %(year)s).")
            % {"until": f"{until:%d/%m/%Y}", "year": year}
        )


def tenures_ended_by(change: Change) -> list[Tenure]:
    """The tenures that an entry closed."""
    rows = Tenure.objects.filter(project=change.project_id, is_current=True, ended_on__isnull=False)
    return list(rows.filter(basis=first_row(change).decision_number).select_related("plot", "project"))


def undo(change: Change, basis: Basis, by: User, at: datetime) -> None:
    """What an entry let is free again, and what it ended is held again; raises `PlotTaken` where another has it."""
    ended = tenures_ended_by(change)
    goes_on = {tenure.plot for tenure in ended}
    for tenure in let_by(change):
        _supersede(tenure, by, at, ended_on=tenure.starts_on, basis=basis.number)
        if tenure.plot not in goes_on:
            allocation.release(
                plot=tenure.plot, held_for=tenure.project.code, basis=basis.number, by=by, at=at, on=basis.on
            )
    for tenure in ended:
        now = tenure.plot.standing(on=basis.on)
        if now is None or now.held_for != tenure.project.code:
            allocation.occupy(
                plot=tenure.plot, held_for=tenure.project.code, basis=basis.number, by=by, at=at, on=basis.on,
                ends_on=tenure.project.term_until,
            )  # fmt: skip
        _supersede(tenure, by, at, ended_on=None, basis=basis.number)


def correct_area(change: Change, difference: Decimal, by: User, at: datetime) -> None:
    """The area of the plot that the corrected decision let; a project entered without a plot has none."""
    let = let_by(change)
    if len(let) > 1:
        raise LedgerRefused(_("Quyết định này cho thuê nhiều lô; không rõ diện tích của lô nào sai."))
    if not let and change.stands_as == Change.Kind.LAND:
        raise LedgerRefused(_("Quyết định này không cho thuê thêm lô nào; hãy hủy dòng này rồi ghi lại cho đúng."))
    for tenure in let:
        area = tenure.area_m2 + difference
        _check_area(tenure.plot, area)
        _supersede(tenure, by, at, area_m2=area)
        _check_phase(tenure.plot)


def move(wrong: Change, day: date, by: User, at: datetime) -> None:
    """The day of a decision was wrong: what it let from that day is let from the right one."""
    for tenure in let_by(wrong):
        if tenure.starts_on == wrong.effective_on:
            _supersede(tenure, by, at, starts_on=day)


def let_by(change: Change) -> list[Tenure]:
    """The open tenures that an entry began."""
    if change.stands_as not in (Change.Kind.ISSUED, Change.Kind.LAND):
        return []
    return [row for row in held(change.project) if _begun_by(row) == first_row(change)]


def _begun_by(tenure: Tenure) -> Change | None:
    first = tenure
    while first.supersedes is not None:
        first = first.supersedes
    entries = first.project.changes.filter(decision_number=first.basis, supersedes__isnull=True)
    return entries.filter(kind__in=(Change.Kind.ISSUED, Change.Kind.LAND)).first()


def _check_area(plot: Plot, area_m2: Decimal) -> None:
    if not 0 < area_m2 <= plot.area_m2:
        raise LedgerRefused(
            _("Diện tích thuê phải lớn hơn 0 và không quá diện tích lô %(plot)s.") % {"plot": plot.code}
        )


def _check_phase(plot: Plot) -> None:
    """What is let of a phase is not more than its industrial land, or its whole area, as far as either is known. The
    phase is taken for this transaction, for another plot of it may be let at the same moment."""
    if plot.phase_id is None:
        return
    phase = Phase.objects.select_for_update().get(pk=plot.phase_id)
    whole_ha = phase.industrial_land_ha or phase.area_ha
    let = Tenure.objects.filter(plot__phase=phase, is_current=True, ended_on__isnull=True).aggregate(s=Sum("area_m2"))
    if whole_ha is not None and (let["s"] or ZERO) > whole_ha * M2_PER_HA:
        raise LedgerRefused(
            _("Đất cho thuê sẽ vượt quỹ đất của %(phase)s (%(area)s ha).") % {"phase": phase.name, "area": whole_ha}
        )


def _let(project: Project, plot: Plot, area_m2: Decimal, on: date, basis: Basis, by: User, at: datetime) -> None:
    Tenure.objects.create(
        project=project, plot=plot, area_m2=area_m2, starts_on=on, basis=basis.number, recorded_by=by,
        recorded_at=at, is_sample=project.is_sample,
    )  # fmt: skip


def _resize(tenure: Tenure, area_m2: Decimal, basis: Basis, by: User, at: datetime) -> None:
    """The plot stays with the project; so much of it was let until the decision, and so much from then on."""
    _check_area(tenure.plot, area_m2)
    on = max(basis.on, tenure.starts_on)
    _supersede(tenure, by, at, ended_on=on, basis=basis.number)
    _let(tenure.project, tenure.plot, area_m2, on, basis, by, at)
    _check_phase(tenure.plot)


def _supersede(tenure: Tenure, by: User, at: datetime, **changed: Any) -> Tenure:
    """A new row in the place of a tenure; the flag moves first, for one open tenure per plot."""
    Tenure.objects.filter(pk=tenure.pk).update(is_current=False)
    kept = ("project", "plot", "area_m2", "starts_on", "ended_on", "basis", "is_sample")
    facts = {**{name: getattr(tenure, name) for name in kept}, **changed}
    return Tenure.objects.create(recorded_by=by, recorded_at=at, supersedes=tenure, **facts)
