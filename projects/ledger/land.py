"""Which project holds which plot: tenures, each written together with the state of its plot."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from izportal.models import User
from projects.ledger.book import Basis, LedgerRefused, first_row
from projects.models import Change, Project, Tenure
from zones import allocation
from zones.models import Plot


def take(
    project: Project, plot: Plot, area_m2: Decimal, basis: Basis, reserved_for: str, by: User, at: datetime
) -> None:
    if plot.zone_id != project.zone_id:
        raise LedgerRefused(_("Lô %(plot)s không thuộc khu công nghiệp của dự án.") % {"plot": plot.code})
    if not 0 < area_m2 <= plot.area_m2:
        raise LedgerRefused(
            _("Diện tích thuê phải lớn hơn 0 và không quá diện tích lô %(plot)s.") % {"plot": plot.code}
        )
    taken = allocation.occupy(
        plot=plot, held_for=project.code, basis=basis.number, by=by, at=at, on=basis.on, reserved_for=reserved_for,
        ends_on=project.term_until,
    )  # fmt: skip
    Tenure.objects.create(
        project=project,
        plot=plot,
        area_m2=area_m2,
        starts_on=taken.effective_on,
        basis=basis.number,
        recorded_by=by,
        recorded_at=at,
        is_sample=project.is_sample,
    )


def give_back(tenure: Tenure, basis: Basis, by: User, at: datetime) -> None:
    """The open row is superseded by one with an end."""
    _supersede(tenure, by, at, ended_on=max(basis.on, tenure.starts_on), basis=basis.number)
    allocation.release(plot=tenure.plot, held_for=tenure.project.code, basis=basis.number, by=by, at=at, on=basis.on)


def tenures_ended_by(change: Change) -> list[Tenure]:
    """The tenures that an end closed."""
    rows = Tenure.objects.filter(project=change.project_id, is_current=True, ended_on__isnull=False)
    return list(rows.filter(basis=first_row(change).decision_number).select_related("plot", "project"))


def reopen(tenure: Tenure, basis: Basis, by: User, at: datetime) -> None:
    """The plot goes back to whom a void decision took it from; raises `PlotTaken` where somebody else has it."""
    allocation.occupy(
        plot=tenure.plot, held_for=tenure.project.code, basis=basis.number, by=by, at=at, on=basis.on,
        ends_on=tenure.project.term_until,
    )  # fmt: skip
    _supersede(tenure, by, at, ended_on=None, basis=basis.number)


def correct_area(change: Change, difference: Decimal, by: User, at: datetime) -> None:
    """The area of the plot that the corrected decision let; a project entered without a plot has none."""
    let = [row for row in change.project.tenures.filter(is_current=True) if _let_by(row) == first_row(change)]
    if len(let) > 1:
        raise LedgerRefused(_("Quyết định này cho thuê nhiều lô; không rõ diện tích của lô nào sai."))
    for tenure in let:
        area = tenure.area_m2 + difference
        if not 0 < area <= tenure.plot.area_m2:
            raise LedgerRefused(
                _("Diện tích thuê phải lớn hơn 0 và không quá diện tích lô %(plot)s.") % {"plot": tenure.plot.code}
            )
        _supersede(tenure, by, at, area_m2=area)


def _let_by(tenure: Tenure) -> Change | None:
    """The entry by whose decision a plot was let."""
    first = tenure
    while first.supersedes is not None:
        first = first.supersedes
    return first.project.changes.filter(decision_number=first.basis, supersedes__isnull=True).first()


def _supersede(tenure: Tenure, by: User, at: datetime, **changed: Any) -> Tenure:
    """A new row in the place of a tenure; the flag moves first, for one open tenure per plot."""
    Tenure.objects.filter(pk=tenure.pk).update(is_current=False)
    kept = ("project", "plot", "area_m2", "starts_on", "ended_on", "basis", "is_sample")
    facts = {**{name: getattr(tenure, name) for name in kept}, **changed}
    return Tenure.objects.create(recorded_by=by, recorded_at=at, supersedes=tenure, **facts)
