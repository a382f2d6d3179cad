"""The deeds of the register by decision: enter a certificate, change what it says, pause it, end it."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from izportal.models import User, addressable
from projects.ledger import facts, land
from projects.ledger.book import (
    ZERO,
    Basis,
    Capital,
    LedgerRefused,
    Particulars,
    Position,
    Share,
    append,
    check_capital,
    locked,
    status_of,
)
from projects.models import Change, Enterprise, Project, Sector
from zones.models import Plot

Kind = Change.Kind


@transaction.atomic
def register(
    *, what: Particulars, capital: Capital, shares: Sequence[Share], basis: Basis, by: User, at: datetime,
    plot: Plot | None = None, area_m2: Decimal = ZERO, reserved_for: str = "", is_sample: bool = False, note: str = "",
) -> Change:  # fmt: skip
    """Enter a certificate: project, contributions, tenure of the plot and the first change. Raises `PlotTaken` too."""
    _check_first_entry(what, capital, is_sample)
    land.check_term(what.term_until, what.zone.term_until)
    project = Project(
        code=what.code, name_vi=what.name, name_en=what.name_en or None, origin=what.origin, kind=what.kind,
        objective_vi=what.objective, sector=what.sector, zone=what.zone, enterprise=what.enterprise,
        certificate_number=what.certificate_number, certificate_on=basis.on, term_until=what.term_until,
        is_sample=is_sample,
    )  # fmt: skip
    if what.term_until is not None and what.term_until <= basis.on:
        raise LedgerRefused(_("Thời hạn dự án phải sau ngày cấp giấy chứng nhận."))
    try:
        with transaction.atomic():
            project.save()
    except IntegrityError as error:
        raise LedgerRefused(_("Mã số dự án %(code)s đã có trong sổ.") % {"code": what.code}) from error
    if plot is not None:
        land.take(project, plot, area_m2, basis, reserved_for, by, at)
    change = append(project, Kind.ISSUED, basis, by, at, capital=capital, area_m2=area_m2 if plot else ZERO, note=note)
    facts.begin(change, shares)
    return change


@transaction.atomic
def adjust_capital(
    *, project: Project, to: Capital, basis: Basis, by: User, at: datetime, note: str = "",
    shares: Sequence[Share] | None = None,
) -> Change:  # fmt: skip
    """Set the registered capital to new totals; the change keeps the difference. `shares`: all contributions anew."""
    now = locked(project, basis.on)
    check_capital(project.origin, to)
    difference = _difference(now, to)
    if not (difference.usd or difference.vnd):
        raise LedgerRefused(_("Vốn mới bằng vốn hiện tại, không có gì để điều chỉnh."))
    change = append(project, Kind.CAPITAL, basis, by, at, capital=difference, note=note)
    if shares is not None:
        _check_shares(shares, to)
        facts.share_anew(change, shares)
    return change


@transaction.atomic
def extend(*, project: Project, until: date | None, basis: Basis, by: User, at: datetime, note: str = "") -> Change:
    """Set the last day of the term; the leases of its plots go with it. None: without a term."""
    locked(project, basis.on)
    if until == project.term_until:
        raise LedgerRefused(_("Thời hạn mới bằng thời hạn hiện tại, không có gì để điều chỉnh."))
    if until is not None and until <= basis.on:
        raise LedgerRefused(_("Thời hạn mới phải sau ngày quyết định."))
    land.check_term(until, project.zone.term_until)
    change = append(project, Kind.TERM, basis, by, at, note=note)
    facts.state(change, term_until=until)
    land.prolong(project, basis, by, at)
    return change


@transaction.atomic
def transfer(
    *, project: Project, shares: Sequence[Share], basis: Basis, by: User, at: datetime, note: str = "",
    enterprise: Enterprise | None = None, origin: str = "", to: Capital | None = None,
) -> Change:  # fmt: skip
    """The project passes to other investors: `shares` are all contributions from then on. With another enterprise,
    another origin and other totals of capital where the decision says so."""
    now = locked(project, basis.on)
    if not shares:
        raise LedgerRefused(_("Chuyển nhượng phải ghi ít nhất một nhà đầu tư."))
    whole = to or Capital(now.usd, now.vnd)
    check_capital(origin or project.origin, whole)
    _check_shares(shares, whole)
    said: dict[str, Any] = {"enterprise": enterprise, "origin": origin}
    said = {name: value for name, value in said.items() if value and value != getattr(project, name)}
    if not said and to is None and _is_same(project, shares):
        raise LedgerRefused(_("Nhà đầu tư và vốn góp như hiện tại, không có gì để chuyển nhượng."))
    change = append(project, Kind.TRANSFER, basis, by, at, capital=_difference(now, whole), note=note)
    facts.share_anew(change, shares)
    facts.state(change, **said)
    return change


@transaction.atomic
def change_land(
    *, project: Project, parcels: Sequence[land.Parcel], basis: Basis, by: User, at: datetime, note: str = ""
) -> Change:
    """Let the project hold of each plot the area that is said, none of it to give it back; plots that are not named
    stay as they are. Raises `PlotTaken` too."""
    locked(project, basis.on)
    before = {tenure.plot: tenure.area_m2 for tenure in land.held(project)}
    moved = land.rearrange(project, parcels, basis, by, at)
    if before == {tenure.plot: tenure.area_m2 for tenure in land.held(project)}:
        raise LedgerRefused(_("Đất của dự án như hiện tại, không có gì để điều chỉnh."))
    return append(project, Kind.LAND, basis, by, at, area_m2=moved, note=note)


@transaction.atomic
def reclassify(
    *, project: Project, basis: Basis, by: User, at: datetime, note: str = "", sector: Sector | None = None,
    kind: str = "", enterprise: Enterprise | None = None,
) -> Change:  # fmt: skip
    """Another sector, another kind or another enterprise, from the decision on."""
    locked(project, basis.on)
    said: dict[str, Any] = {"sector": sector, "kind": kind, "enterprise": enterprise}
    said = {name: value for name, value in said.items() if value and value != getattr(project, name)}
    if not said:
        raise LedgerRefused(_("Nội dung mới như hiện tại, không có gì để điều chỉnh."))
    change = append(project, Kind.CONTENT, basis, by, at, note=note)
    facts.state(change, **said)
    return change


@transaction.atomic
def suspend(*, project: Project, basis: Basis, by: User, at: datetime, note: str = "") -> Change:
    locked(project, basis.on)
    if status_of(project) == Project.Status.SUSPENDED:
        raise LedgerRefused(_("Dự án đang tạm ngừng."))
    return append(project, Kind.SUSPENDED, basis, by, at, note=note)


@transaction.atomic
def resume(*, project: Project, basis: Basis, by: User, at: datetime, note: str = "") -> Change:
    locked(project, basis.on)
    if status_of(project) != Project.Status.SUSPENDED:
        raise LedgerRefused(_("Dự án không tạm ngừng nên không có gì để tiếp tục."))
    return append(project, Kind.RESUMED, basis, by, at, note=note)


@transaction.atomic
def terminate(
    *, project: Project, basis: Basis, by: User, at: datetime, is_revoked: bool = False, note: str = ""
) -> Change:
    """End a project: its capital and land leave the totals, its plots are handed back."""
    now = locked(project, basis.on)
    for tenure in land.held(project):
        land.give_back(tenure, basis, by, at)
    kind = Kind.REVOKED if is_revoked else Kind.TERMINATED
    return append(project, kind, basis, by, at, capital=Capital(-now.usd, -now.vnd), area_m2=-now.area_m2, note=note)


def _difference(now: Position, to: Capital) -> Capital:
    return Capital(to.usd - now.usd, to.vnd - now.vnd, to.rate, to.rate_on, to.rate_source)


def _check_shares(shares: Sequence[Share], whole: Capital) -> None:
    """Contributions are part of the registered capital."""
    for said, most in (([share.usd for share in shares], whole.usd), ([share.vnd for share in shares], whole.vnd)):
        if sum(amount or ZERO for amount in said) > most:
            raise LedgerRefused(_("Tổng vốn góp của các nhà đầu tư vượt vốn đăng ký."))


def _is_same(project: Project, shares: Sequence[Share]) -> bool:
    now = {(row.investor, row.capital_usd, row.capital_vnd) for row in facts.standing_shares(project)}
    return now == {(share.investor, share.usd, share.vnd) for share in shares}


def _check_first_entry(what: Particulars, capital: Capital, is_sample: bool) -> None:
    if not what.code.strip():
        raise LedgerRefused(_("Chưa có mã số dự án."))
    try:
        addressable(what.code)
    except ValidationError as error:
        raise LedgerRefused(error.message) from error
    if what.code.upper().startswith("MAU") != is_sample:
        raise LedgerRefused(_("Mã bắt đầu bằng MAU chỉ dùng cho dự án mẫu, và dự án mẫu phải có mã như vậy."))
    check_capital(what.origin, capital)
