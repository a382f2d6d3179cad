"""The deeds of the register: enter a certificate, adjust it, end it."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from izportal.models import User, addressable
from projects.ledger import land
from projects.ledger.book import (
    ZERO,
    Basis,
    Capital,
    LedgerRefused,
    Particulars,
    Share,
    append,
    check_counted,
    locked,
)
from projects.models import Change, Contribution, Project
from zones.models import Plot


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
        land.take(project, plot, area_m2, basis, reserved_for, by, at)
    return append(project, Change.Kind.ISSUED, basis, by, at, capital=capital, area_m2=area_m2 if plot else ZERO)


@transaction.atomic
def adjust_capital(*, project: Project, to: Capital, basis: Basis, by: User, at: datetime, note: str = "") -> Change:
    """Set the registered capital to new totals; the change keeps the difference."""
    now = locked(project, basis.on)
    if to.usd < 0 or to.vnd < 0:
        raise LedgerRefused(_("Vốn đăng ký không được âm."))
    check_counted(project.origin, to)
    difference = Capital(to.usd - now.usd, to.vnd - now.vnd, to.rate, to.rate_on, to.rate_source)
    if not (difference.usd or difference.vnd):
        raise LedgerRefused(_("Vốn mới bằng vốn hiện tại, không có gì để điều chỉnh."))
    return append(project, Change.Kind.CAPITAL, basis, by, at, capital=difference, note=note)


@transaction.atomic
def terminate(
    *, project: Project, basis: Basis, by: User, at: datetime, is_revoked: bool = False, note: str = ""
) -> Change:
    """End a project: its capital and land leave the totals, its plots are handed back."""
    now = locked(project, basis.on)
    for tenure in project.tenures.filter(is_current=True, ended_on__isnull=True).select_related("plot"):
        land.give_back(tenure, basis, by, at)
    kind = Change.Kind.REVOKED if is_revoked else Change.Kind.TERMINATED
    return append(project, kind, basis, by, at, capital=Capital(-now.usd, -now.vnd), area_m2=-now.area_m2, note=note)


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
    check_counted(what.origin, capital)
