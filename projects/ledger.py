"""The deeds of the register: register, adjust, terminate, correct, annul, revoke. It knows decisions, never dossiers.

Amounts are whole units of the currency as printed (USD, VND), areas square metres. FDI is counted in USD and DDI in
VND; both may be printed on one certificate, then with the rate, its date and its source. Every deed appends one
`Change` under a lock on the project and raises `LedgerRefused` with a sentence where a rule of the register forbids.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from izportal.models import User, addressable
from projects.models import Change, Contribution, Enterprise, Investor, Project, Sector, Tenure
from zones import allocation
from zones.models import Plot, Zone

ZERO = Decimal(0)


class LedgerRefused(Exception):
    """A rule of the register forbids the deed; the text says which."""


@dataclass(frozen=True)
class Basis:
    """The decision that a deed rests on."""

    number: str
    on: date


@dataclass(frozen=True)
class Capital:
    """Registered capital as printed; the rate is VND for one USD."""

    usd: Decimal = ZERO
    vnd: Decimal = ZERO
    rate: Decimal | None = None
    rate_on: date | None = None
    rate_source: str = ""


@dataclass(frozen=True)
class Share:
    """One investor's contribution."""

    investor: Investor
    usd: Decimal | None = None
    vnd: Decimal | None = None


@dataclass(frozen=True)
class Particulars:
    """What the certificate says of a project besides capital and land."""

    code: str
    name: str
    origin: str
    sector: Sector
    zone: Zone
    enterprise: Enterprise | None
    certificate_number: str
    name_en: str = ""
    kind: str = Project.Kind.PRODUCTION
    objective: str = ""
    term_until: date | None = None


@dataclass(frozen=True)
class Position:
    """A project's standing sums on a date."""

    usd: Decimal
    vnd: Decimal
    area_m2: Decimal


@transaction.atomic
def register(
    *, what: Particulars, capital: Capital, shares: Sequence[Share], basis: Basis, by: User, at: datetime,
    plot: Plot | None = None, area_m2: Decimal = ZERO, reserved_for: str = "", is_sample: bool = False,
) -> Change:  # fmt: skip
    """Enter a certificate: project, contributions, tenure of the plot and the first change. Raises `PlotTaken` too."""
    _check_first_entry(what, capital, is_sample)
    project = Project(
        code=what.code, name_vi=what.name, name_en=what.name_en or None, origin=what.origin, kind=what.kind,
        objective_vi=what.objective, sector=what.sector, zone=what.zone, enterprise=what.enterprise,
        certificate_number=what.certificate_number, certificate_on=basis.on, term_until=what.term_until,
        is_sample=is_sample,
    )  # fmt: skip
    try:
        with transaction.atomic():
            project.save()
    except IntegrityError as error:
        raise LedgerRefused(_("Mã số dự án %(code)s đã có trong sổ.") % {"code": what.code}) from error
    for share in shares:
        Contribution.objects.create(
            project=project, investor=share.investor, capital_usd=share.usd, capital_vnd=share.vnd, is_sample=is_sample
        )
    if plot is not None:
        _take_land(project, plot, area_m2, basis, reserved_for, by, at)
    return _append(project, Change.Kind.ISSUED, basis, by, at, capital=capital, area_m2=area_m2 if plot else ZERO)


@transaction.atomic
def adjust_capital(*, project: Project, to: Capital, basis: Basis, by: User, at: datetime, note: str = "") -> Change:
    """Set the registered capital to new totals; the change keeps the difference."""
    now = _locked(project, basis.on)
    if to.usd < 0 or to.vnd < 0:
        raise LedgerRefused(_("Vốn đăng ký không được âm."))
    _check_counted(project.origin, to)
    difference = Capital(to.usd - now.usd, to.vnd - now.vnd, to.rate, to.rate_on, to.rate_source)
    if not (difference.usd or difference.vnd):
        raise LedgerRefused(_("Vốn mới bằng vốn hiện tại, không có gì để điều chỉnh."))
    return _append(project, Change.Kind.CAPITAL, basis, by, at, capital=difference, note=note)


@transaction.atomic
def terminate(
    *, project: Project, basis: Basis, by: User, at: datetime, is_revoked: bool = False, note: str = ""
) -> Change:
    """End a project: its capital and land leave the totals, its plots are handed back."""
    now = _locked(project, basis.on)
    for tenure in project.tenures.filter(is_current=True, ended_on__isnull=True).select_related("plot"):
        _end_tenure(tenure, basis, by, at)
    kind = Change.Kind.REVOKED if is_revoked else Change.Kind.TERMINATED
    return _append(project, kind, basis, by, at, capital=Capital(-now.usd, -now.vnd), area_m2=-now.area_m2, note=note)


@transaction.atomic
def correct(
    *, change: Change, basis: Basis, by: User, at: datetime, note: str, capital: Capital | None = None,
    area_m2: Decimal | None = None, effective_on: date | None = None,
) -> Change:  # fmt: skip
    """Put a right row in the place of a wrong one; the wrong one stays readable. A reason is demanded."""
    Project.objects.select_for_update().get(pk=change.project_id)
    if Change.objects.filter(supersedes=change).exists():
        raise LedgerRefused(_("Dòng này đã được hiệu đính; hãy hiệu đính dòng mới nhất."))
    if not note.strip():
        raise LedgerRefused(_("Hiệu đính phải ghi rõ lý do."))
    right = capital or Capital(
        change.capital_usd, change.capital_vnd, change.exchange_rate, change.rate_on, change.rate_source
    )
    if change.stands_as == Change.Kind.ISSUED and capital is not None:
        _check_counted(change.project.origin, right)
    area = change.area_m2 if area_m2 is None else area_m2
    if area != change.area_m2:
        _correct_tenure(change, area - change.area_m2, by, at)
    row = _append(
        change.project, Change.Kind.CORRECTION, basis, by, at, capital=right, note=note, supersedes=change,
        area_m2=area, effective_on=effective_on or change.effective_on,
    )  # fmt: skip
    _settle(change, basis, by, at, note)
    return row


@transaction.atomic
def annul(*, change: Change, basis: Basis, by: User, at: datetime, note: str) -> Change:
    """Void an adjustment or an end: a row that counts as nothing takes its place.

    Not an inverse change from today on: nobody lowered or raised the capital, so no flow may show it; the register
    says what would stand had the void decision not been, and `as_known` still tells what was known until now. An end
    that is void gives the plots back, where they are still free. A registration is not annulled but revoked.
    """
    project = Project.objects.select_for_update().get(pk=change.project_id)
    if Change.objects.filter(supersedes=change).exists():
        raise LedgerRefused(_("Dòng này đã được hiệu đính; hãy hiệu đính dòng mới nhất."))
    if change.stands_as == Change.Kind.ISSUED:
        raise LedgerRefused(_("Dòng cấp mới không hủy được; hãy thu hồi dự án."))
    check_last(change)
    row = _append(
        project, Change.Kind.CORRECTION, basis, by, at, capital=Capital(), note=note, supersedes=change,
        effective_on=change.effective_on, stands_as=Change.Kind.CORRECTION,
    )  # fmt: skip
    if change.stands_as in Change.ENDING:
        for tenure in tenures_ended_by(change):
            _reopen_tenure(tenure, basis, by, at)
    _settle(change, basis, by, at, note)
    return row


@transaction.atomic
def revoke(*, change: Change, basis: Basis, by: User, at: datetime, note: str) -> Change | None:
    """Void a registration: the project ends as revoked from the day of the decision, and hands its plots back.

    What was counted until then was known and stays. Nothing is entered (None) where the project has ended already;
    refused while another entry stands on the registration.
    """
    project = Project.objects.select_for_update().get(pk=change.project_id)
    check_last(change)
    if ending_of(project) is not None:
        return None
    return terminate(project=project, basis=basis, by=by, at=at, is_revoked=True, note=note)


def standing_row(change: Change) -> Change:
    """The row that now stands in the place of a change: itself, or the last of its corrections."""
    later = Change.objects.filter(supersedes=change).first()
    return standing_row(later) if later else change


def ending_of(project: Project) -> Change | None:
    return Change.objects.as_known().filter(project=project, stands_as__in=Change.ENDING).first()


def built_upon(change: Change) -> list[Change]:
    """Standing entries after a change, which were decided on what it says: of capital only other capital, of a
    registration everything but the project's end, which takes out whatever stands."""
    void_or_end = (Change.Kind.CORRECTION, *Change.ENDING)
    rows = Change.objects.as_known().filter(project=change.project_id, effective_on__gte=change.effective_on)
    others = rows.exclude(pk=standing_row(change).pk).exclude(stands_as__in=void_or_end)
    if change.stands_as == Change.Kind.CAPITAL:
        others = others.filter(stands_as=Change.Kind.CAPITAL)
    return [
        row for row in others if (row.effective_on, first_row(row).pk) > (change.effective_on, first_row(change).pk)
    ]


def first_row(change: Change) -> Change:
    """The row that was entered first in the place of a change."""
    return first_row(change.supersedes) if change.supersedes else change


def tenures_ended_by(change: Change) -> list[Tenure]:
    """The tenures that an end closed."""
    rows = Tenure.objects.filter(project=change.project_id, is_current=True, ended_on__isnull=False)
    return list(rows.filter(basis=first_row(change).decision_number).select_related("plot", "project"))


def check_last(change: Change) -> None:
    later = built_upon(change)
    if later:
        raise LedgerRefused(
            _("Sau đó dự án đã có “%(kind)s” theo %(number)s ngày %(day)s; hãy thu hồi kết quả đó trước.")
            % {
                "kind": later[-1].get_stands_as_display(), "number": later[-1].decision_number,
                "day": f"{later[-1].decision_on:%d/%m/%Y}",
            }
        )  # fmt: skip


def _settle(change: Change, basis: Basis, by: User, at: datetime, note: str) -> None:
    """What every correction leaves to be done, and what it may not leave behind."""
    if change.stands_as not in Change.ENDING:
        _empty_at_the_end(change.project, basis, by, at, note)
    _check_course(change.project, timezone.localdate(at))


def position(project: Project, *, on: date | None = None, known: datetime | None = None) -> Position:
    """The sums of a project's standing changes on a date (None: all of them)."""
    rows = Change.objects.standing(on=on or date.max, known=known).filter(project=project).order_by()
    sums = rows.aggregate(usd=Sum("capital_usd"), vnd=Sum("capital_vnd"), area_m2=Sum("area_m2"))
    return Position(**{name: value or ZERO for name, value in sums.items()})


def _locked(project: Project, on: date) -> Position:
    """Take the project's row and make sure that it is alive and that the decision is not older than its last change:
    new totals are set against the sums of all that stands before them."""
    Project.objects.select_for_update().get(pk=project.pk)
    rows = Change.objects.as_known().filter(project=project)
    ended = ending_of(project)
    if ended is not None:
        raise LedgerRefused(
            _("Dự án %(code)s đã chấm dứt hoặc bị thu hồi theo %(number)s.")
            % {"code": project.code, "number": ended.decision_number}
        )
    if on < project.certificate_on:
        raise LedgerRefused(_("Ngày quyết định trước ngày cấp giấy chứng nhận lần đầu."))
    last = rows.aggregate(day=Max("effective_on"))["day"]
    if last is not None and on < last:
        raise LedgerRefused(
            _("Ngày quyết định trước thay đổi gần nhất của dự án (%(day)s).") % {"day": f"{last:%d/%m/%Y}"}
        )
    return position(project)


def _empty_at_the_end(project: Project, basis: Basis, by: User, at: datetime, note: str) -> None:
    """A project that has ended holds nothing: what a correction adds before the end, the end takes out as well."""
    ended = ending_of(project)
    left = position(project)
    if ended is None or not (left.usd or left.vnd or left.area_m2):
        return
    capital = Capital(ended.capital_usd - left.usd, ended.capital_vnd - left.vnd)
    _append(
        project, Change.Kind.CORRECTION, basis, by, at, capital=capital, area_m2=ended.area_m2 - left.area_m2,
        note=note, supersedes=ended, effective_on=ended.effective_on,
    )  # fmt: skip


def _check_course(project: Project, today: date) -> None:
    """What a correction may not leave behind: a date out of order, less than nothing on any day, or something held
    after the end."""
    rows = list(Change.objects.as_known().filter(project=project))
    days = [row.effective_on for row in rows]
    issued = [row.effective_on for row in rows if row.stands_as == Change.Kind.ISSUED]
    ended = [row.effective_on for row in rows if row.stands_as in Change.ENDING]
    if max(days) > today or issued != [min(days)] or ended not in ([], [max(days)]):
        raise LedgerRefused(_("Sau hiệu đính, các thay đổi của dự án sẽ sai thứ tự ngày."))
    sums = [position(project, on=day) for day in sorted(set(days))]
    if any(sum_.usd < 0 or sum_.vnd < 0 or sum_.area_m2 < 0 for sum_ in sums):
        raise LedgerRefused(_("Sau hiệu đính, vốn hoặc diện tích của dự án sẽ âm."))
    if ended and (sums[-1].usd or sums[-1].vnd or sums[-1].area_m2):
        raise LedgerRefused(_("Dự án đã chấm dứt thì vốn và diện tích phải về 0."))


def _check_first_entry(what: Particulars, capital: Capital, is_sample: bool) -> None:
    if not what.code.strip():
        raise LedgerRefused(_("Chưa có mã số dự án."))
    try:
        addressable(what.code)
    except ValidationError as error:
        raise LedgerRefused(error.message) from error
    if what.code.upper().startswith("MAU") != is_sample:
        raise LedgerRefused(_("Mã bắt đầu bằng MAU chỉ dùng cho dự án mẫu, và dự án mẫu phải có mã như vậy."))
    if capital.usd < 0 or capital.vnd < 0:
        raise LedgerRefused(_("Vốn đăng ký không được âm."))
    _check_counted(what.origin, capital)


def _check_counted(origin: str, capital: Capital) -> None:
    """Each origin is counted in one currency, so that currency must be printed."""
    if origin == Project.Origin.FDI and not capital.usd:
        raise LedgerRefused(_("Dự án vốn nước ngoài phải ghi vốn đăng ký bằng USD."))
    if origin == Project.Origin.DDI and not capital.vnd:
        raise LedgerRefused(_("Dự án vốn trong nước phải ghi vốn đăng ký bằng VND."))


def _take_land(
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


def _end_tenure(tenure: Tenure, basis: Basis, by: User, at: datetime) -> None:
    """The open row is superseded by one with an end."""
    _supersede(tenure, by, at, ended_on=max(basis.on, tenure.starts_on), basis=basis.number)
    allocation.release(plot=tenure.plot, held_for=tenure.project.code, basis=basis.number, by=by, at=at, on=basis.on)


def _reopen_tenure(tenure: Tenure, basis: Basis, by: User, at: datetime) -> None:
    """The plot goes back to whom a void decision took it from; raises `PlotTaken` where somebody else has it."""
    allocation.occupy(
        plot=tenure.plot, held_for=tenure.project.code, basis=basis.number, by=by, at=at, on=basis.on,
        ends_on=tenure.project.term_until,
    )  # fmt: skip
    _supersede(tenure, by, at, ended_on=None, basis=basis.number)


def _correct_tenure(change: Change, difference: Decimal, by: User, at: datetime) -> None:
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


def _append(
    project: Project, kind: str, basis: Basis, by: User, at: datetime, *, capital: Capital, area_m2: Decimal = ZERO,
    note: str = "", supersedes: Change | None = None, effective_on: date | None = None, stands_as: str = "",
) -> Change:  # fmt: skip
    if basis.on > timezone.localdate(at):
        raise LedgerRefused(_("Ngày quyết định không được ở tương lai."))
    has_rate = capital.rate is not None
    if has_rate and not (capital.rate_on and capital.rate_source):
        raise LedgerRefused(_("Tỷ giá phải có ngày và nguồn."))
    return Change.objects.create(
        project=project,
        kind=kind,
        stands_as=stands_as or (supersedes.stands_as if supersedes else kind),
        effective_on=effective_on or basis.on,
        decision_number=basis.number,
        decision_on=basis.on,
        capital_usd=capital.usd,
        capital_vnd=capital.vnd,
        area_m2=area_m2,
        note=note,
        supersedes=supersedes,
        exchange_rate=capital.rate,
        rate_on=capital.rate_on if has_rate else None,
        rate_source=capital.rate_source if has_rate else "",
        recorded_by=by,
        recorded_at=at,
        is_sample=project.is_sample,
    )
