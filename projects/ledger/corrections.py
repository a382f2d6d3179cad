"""What puts the book right: a correction in the place of a wrong entry, a void decision, a revoked registration."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from izportal.models import User
from projects.ledger import facts, land
from projects.ledger.book import (
    Basis,
    Capital,
    LedgerRefused,
    Share,
    append,
    check_counted,
    check_last,
    ending_of,
    position,
)
from projects.ledger.deeds import terminate
from projects.models import Change, Project

Kind = Change.Kind
# The entries of which figures read an amount; on any other it would lead a stock nowhere (`figures/register.py`).
OF_CAPITAL = (Kind.ISSUED, Kind.CAPITAL, Kind.TRANSFER, *Change.ENDING)
OF_LAND = (Kind.ISSUED, Kind.LAND, *Change.ENDING)


@transaction.atomic
def correct(
    *, change: Change, basis: Basis, by: User, at: datetime, note: str, capital: Capital | None = None,
    area_m2: Decimal | None = None, effective_on: date | None = None, said: Mapping[str, Any] | None = None,
    shares: Sequence[Share] | None = None,
) -> Change:  # fmt: skip
    """Put a right row in the place of a wrong one; the wrong one stays readable. A reason is demanded.

    `said`: what the change said wrongly of origin, kind, sector, enterprise, term or, if it is the certificate, zone;
    `shares`: all contributions as it should have said them.
    """
    project = _taken(change)
    if not note.strip():
        raise LedgerRefused(_("Hiệu đính phải ghi rõ lý do."))
    right = capital or Capital(
        change.capital_usd, change.capital_vnd, change.exchange_rate, change.rate_on, change.rate_source
    )
    if change.stands_as == Change.Kind.ISSUED and capital is not None:
        check_counted(project.origin, right)
    area = change.area_m2 if area_m2 is None else area_m2
    _check_amounts(change, right, area)
    day = effective_on or change.effective_on
    if area != change.area_m2:
        land.correct_area(change, area - change.area_m2, by, at)
    if day != change.effective_on:
        land.move(change, day, by, at)
    row = append(
        project, Change.Kind.CORRECTION, basis, by, at, capital=right, note=note, supersedes=change, area_m2=area,
        effective_on=day,
    )  # fmt: skip
    facts.move(change, row)
    _correct_facts(change, row, said or {}, basis, by)
    if shares is not None:
        facts.correct_shares(change, row, shares)
    _settle(change, basis, by, at, note)
    return row


@transaction.atomic
def annul(*, change: Change, basis: Basis, by: User, at: datetime, note: str) -> Change:
    """Void an adjustment or an end: a row that counts as nothing takes its place.

    Not an inverse change from today on: nobody lowered or raised the capital, so no flow may show it; the register
    says what would stand had the void decision not been, and `as_known` still tells what was known until now. An end
    that is void gives the plots back, where they are still free. A registration is not annulled but revoked.
    """
    project = _taken(change)
    if change.stands_as == Change.Kind.ISSUED:
        raise LedgerRefused(_("Dòng cấp mới không hủy được; hãy thu hồi dự án."))
    check_last(change)
    row = append(
        project, Change.Kind.CORRECTION, basis, by, at, capital=Capital(), note=note, supersedes=change,
        effective_on=change.effective_on, stands_as=Change.Kind.CORRECTION,
    )  # fmt: skip
    if change.stands_as in (Change.Kind.LAND, *Change.ENDING):
        land.undo(change, basis, by, at)
    facts.undo(change, row)
    if change.stands_as == Change.Kind.TERM:
        land.prolong(project, basis, by, at)
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


def _taken(change: Change) -> Project:
    """The project of a change, for this transaction, as long as the change is the last word in its place."""
    change.project.refresh_from_db(from_queryset=Project.objects.select_for_update())
    if Change.objects.filter(supersedes=change).exists():
        raise LedgerRefused(_("Dòng này đã được hiệu đính; hãy hiệu đính dòng mới nhất."))
    return change.project


def _check_amounts(change: Change, right: Capital, area: Decimal) -> None:
    kind = {"kind": change.get_stands_as_display()}
    is_moved = (right.usd, right.vnd) != (change.capital_usd, change.capital_vnd)
    if is_moved and (right.usd or right.vnd) and change.stands_as not in OF_CAPITAL:
        raise LedgerRefused(
            _("Dòng “%(kind)s” không ghi vốn; hãy hiệu đính dòng cấp mới, điều chỉnh vốn hoặc chuyển nhượng.") % kind
        )
    if area and area != change.area_m2 and change.stands_as not in OF_LAND:
        raise LedgerRefused(
            _("Dòng “%(kind)s” không ghi diện tích đất; hãy hiệu đính dòng cấp mới hoặc điều chỉnh đất.") % kind
        )


def _correct_facts(change: Change, row: Change, said: Mapping[str, Any], basis: Basis, by: User) -> None:
    if not said:
        return
    project = change.project
    if "zone" in said and change.stands_as != Kind.ISSUED:
        raise LedgerRefused(_("Khu công nghiệp do giấy chứng nhận ghi; hãy hiệu đính dòng cấp mới."))
    facts.correct(change, row, **said)
    if "zone" in said:
        land.check_zone(project)
        land.check_term(project.term_until, project.zone.term_until)
    if "term_until" in said:
        if project.term_until is not None and project.term_until <= project.certificate_on:
            raise LedgerRefused(_("Thời hạn dự án phải sau ngày cấp giấy chứng nhận."))
        land.check_term(project.term_until, project.zone.term_until)
        land.prolong(project, basis, by, row.recorded_at)
    if "origin" in said and ending_of(project) is None:
        now = position(project)
        check_counted(project.origin, Capital(now.usd, now.vnd))


def _settle(change: Change, basis: Basis, by: User, at: datetime, note: str) -> None:
    """What every correction leaves to be done, and what it may not leave behind."""
    if change.stands_as not in Change.ENDING:
        _empty_at_the_end(change.project, basis, by, at, note)
    _check_course(change.project, timezone.localdate(at))


def _empty_at_the_end(project: Project, basis: Basis, by: User, at: datetime, note: str) -> None:
    """A project that has ended holds nothing: what a correction adds before the end, the end takes out as well."""
    ended = ending_of(project)
    left = position(project)
    if ended is None or not (left.usd or left.vnd or left.area_m2):
        return
    capital = Capital(ended.capital_usd - left.usd, ended.capital_vnd - left.vnd)
    append(
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
    _check_pauses(rows)
    sums = [position(project, on=day) for day in sorted(set(days))]
    if any(sum_.usd < 0 or sum_.vnd < 0 or sum_.area_m2 < 0 for sum_ in sums):
        raise LedgerRefused(_("Sau hiệu đính, vốn hoặc diện tích của dự án sẽ âm."))
    if ended and (sums[-1].usd or sums[-1].vnd or sums[-1].area_m2):
        raise LedgerRefused(_("Dự án đã chấm dứt thì vốn và diện tích phải về 0."))


def _check_pauses(rows: Sequence[Change]) -> None:
    """A project stops, goes on, stops again."""
    pauses = [row.stands_as for row in rows if row.stands_as in (Change.Kind.SUSPENDED, Change.Kind.RESUMED)]
    if any(kind != (Change.Kind.SUSPENDED, Change.Kind.RESUMED)[n % 2] for n, kind in enumerate(pauses)):
        raise LedgerRefused(_("Sau hiệu đính, các lần tạm ngừng và hoạt động trở lại sẽ sai thứ tự."))
