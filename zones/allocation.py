"""Whether a plot is taken: reserve, occupy, prolong, release, record, each under a lock; not who holds it."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from izportal.models import User
from zones.models import Availability, Plot

Status = Availability.Status
# What the land keeper may record by hand; the taken states come only from deeds of the counter and the register.
BY_HAND = (Status.PLANNED, Status.CLEARING, Status.READY, Status.AVAILABLE, Status.HANDED_BACK)


class PlotTaken(Exception):
    """The plot cannot be had; the text is a sentence for the reader and names no other applicant.

    `status` is what stands in the way, for whoever has to say it again later in another language."""

    def __init__(self, sentence: str, *, status: str = "") -> None:
        super().__init__(sentence)
        self.status = status


@transaction.atomic
def reserve(*, plot: Plot, held_for: str, basis: str, by: User, at: datetime) -> Availability:
    """Hold a free plot for `held_for`; holding it twice for the same is harmless."""
    now = _locked(plot, at)
    if now and now.status == Status.RESERVED and now.held_for == held_for:
        return now
    if now is None or now.status not in Availability.FREE:
        raise _taken(plot, now)
    return _write(plot, Status.RESERVED, held_for=held_for, basis=basis, by=by, at=at)


@transaction.atomic
def occupy(
    *, plot: Plot, held_for: str, basis: str, by: User, at: datetime, on: date | None = None, reserved_for: str = "",
    ends_on: date | None = None,
) -> Availability:  # fmt: skip
    """Lease a plot that is free, or reserved for `reserved_for`, to `held_for` (a project code), from the day of the
    decision (`on`, not later than `at`) until the last day of its term, where that is known (`ends_on`)."""
    now = _locked(plot, at)
    mine = now is not None and now.status == Status.RESERVED and bool(reserved_for) and now.held_for == reserved_for
    if not mine and (now is None or now.status not in Availability.FREE):
        raise _taken(plot, now)
    return _write(
        plot, Status.LEASED, held_for=held_for, basis=basis, by=by, at=at, on=_not_before(now, on), ends_on=ends_on
    )


@transaction.atomic
def release(
    *, plot: Plot, held_for: str, basis: str, by: User, at: datetime, on: date | None = None
) -> Availability | None:
    """Give back what `held_for` holds; None where it holds nothing, so that a rival never frees another's plot."""
    now = _locked(plot, at)
    if now is None or now.status not in Availability.TAKEN or now.held_for != held_for:
        return None
    status = Status.HANDED_BACK if now.status == Status.LEASED else Status.AVAILABLE
    return _write(plot, status, held_for="", basis=basis, by=by, at=at, on=_not_before(now, on))


@transaction.atomic
def prolong(
    *, plot: Plot, held_for: str, basis: str, by: User, at: datetime, on: date, ends_on: date | None
) -> Availability | None:
    """The lease of what `held_for` holds ends on another day, or on none known; None where it holds nothing."""
    now = _locked(plot, at)
    if now is None or now.status != Status.LEASED or now.held_for != held_for:
        return None
    return _write(
        plot, Status.LEASED, held_for=held_for, basis=basis, by=by, at=at, on=_not_before(now, on), ends_on=ends_on
    )


@transaction.atomic
def record(*, plot: Plot, status: str, effective_on: date, basis: str, by: User, at: datetime) -> Availability:
    """The land keeper's word on a plot that nobody holds, from a date on, not before its present state."""
    now = _locked(plot, at)
    if status not in BY_HAND:
        raise PlotTaken(_("Giữ chỗ và cho thuê chỉ ghi qua hồ sơ, không ghi tay."))
    if now is not None and now.status in Availability.TAKEN:
        raise _taken(plot, now)
    if now is not None and effective_on < now.effective_on:
        raise PlotTaken(
            _("Ngày hiệu lực không được trước tình trạng hiện tại (%(day)s).")
            % {"day": f"{now.effective_on:%d/%m/%Y}"}
        )
    return Availability.objects.create(
        plot=plot,
        status=status,
        effective_on=effective_on,
        basis=basis,
        is_sample=plot.is_sample,
        recorded_by=by,
        recorded_at=at,
    )


def _locked(plot: Plot, at: datetime) -> Availability | None:
    """Take the plot's row for this transaction, then read how it stands."""
    Plot.objects.select_for_update().get(pk=plot.pk)
    return plot.standing(on=timezone.localdate(at))


def _not_before(now: Availability | None, on: date | None) -> date | None:
    """A deed entered late counts from its decision, but never from before the state that it ends."""
    return max(on, now.effective_on) if on and now else on


def _write(
    plot: Plot, status: str, *, held_for: str, basis: str, by: User, at: datetime, on: date | None = None,
    ends_on: date | None = None,
) -> Availability:  # fmt: skip
    today = timezone.localdate(at)
    common = {
        "plot": plot, "status": status, "held_for": held_for, "basis": basis, "recorded_by": by, "recorded_at": at,
        "is_sample": plot.is_sample, "ends_on": ends_on,
    }  # fmt: skip
    # A state announced for a later day would undo this one on that day.
    for later in plot.availabilities.as_known().filter(effective_on__gt=today):
        Availability.objects.create(**common, effective_on=later.effective_on, supersedes=later)
    return Availability.objects.create(**common, effective_on=on or today)


def _taken(plot: Plot, now: Availability | None) -> PlotTaken:
    status = str(now.status if now else Status.PLANNED)
    return PlotTaken(why_not(plot, status), status=status)


def why_not(plot: Plot, status: str) -> str:
    """Why a plot in this status cannot be had, in the language of the moment."""
    sentences: dict[str, str] = {
        Status.RESERVED: _("Lô %(plot)s đang được giữ chỗ cho hồ sơ khác."),
        Status.LEASED: _("Lô %(plot)s đã cho thuê."),
    }
    return sentences.get(status, _("Lô %(plot)s chưa sẵn sàng để giao.")) % {"plot": plot.code}
