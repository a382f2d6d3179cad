"""The book itself: what a deed is told, what stands in the changes, and the one place that writes a change."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Max, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from izportal.models import User
from projects import seals
from projects.models import Change, Enterprise, Investor, Project, Sector
from zones.models import Zone

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


NOTHING = Capital()


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


def position(project: Project, *, on: date | None = None, known: datetime | None = None) -> Position:
    """The sums of a project's standing changes on a date (None: all of them)."""
    rows = Change.objects.standing(on=on or date.max, known=known).filter(project=project).order_by()
    sums = rows.aggregate(usd=Sum("capital_usd"), vnd=Sum("capital_vnd"), area_m2=Sum("area_m2"))
    return Position(**{name: value or ZERO for name, value in sums.items()})


def status_of(project: Project) -> str:
    """What the standing changes leave a project as, whatever their day."""
    return Project.objects.with_position(on=date.max).get(pk=project.pk).status


def standing_row(change: Change) -> Change:
    """The row that now stands in the place of a change: itself, or the last of its corrections."""
    later = Change.objects.filter(supersedes=change).first()
    return standing_row(later) if later else change


def first_row(change: Change) -> Change:
    """The row that was entered first in the place of a change."""
    return first_row(change.supersedes) if change.supersedes else change


def ending_of(project: Project) -> Change | None:
    return Change.objects.as_known().filter(project=project, stands_as__in=Change.ENDING).first()


# What an entry of each kind may not be undone under: later entries that were decided on what it says.
_FACTS = (Change.Kind.TERM, Change.Kind.TRANSFER, Change.Kind.CONTENT)
_PAUSES = (Change.Kind.SUSPENDED, Change.Kind.RESUMED)
_MOVES_CAPITAL = Q(stands_as=Change.Kind.CAPITAL) | ~Q(capital_usd=0, capital_vnd=0)
_RESTS_ON: dict[str, Q] = {
    Change.Kind.CAPITAL: _MOVES_CAPITAL,
    Change.Kind.LAND: Q(stands_as=Change.Kind.LAND),
    Change.Kind.TERM: Q(stands_as__in=_FACTS),
    Change.Kind.CONTENT: Q(stands_as__in=_FACTS),
    Change.Kind.TRANSFER: Q(stands_as__in=_FACTS) | _MOVES_CAPITAL,
    Change.Kind.SUSPENDED: Q(stands_as__in=_PAUSES),
    Change.Kind.RESUMED: Q(stands_as__in=_PAUSES),
}


def built_upon(change: Change) -> list[Change]:
    """Standing entries after a change, which were decided on what it says: of capital only what moves capital, of a
    registration everything but the project's end, which takes out whatever stands."""
    void_or_end = (Change.Kind.CORRECTION, *Change.ENDING)
    rows = Change.objects.as_known().filter(project=change.project_id, effective_on__gte=change.effective_on)
    others = rows.exclude(pk=standing_row(change).pk).exclude(stands_as__in=void_or_end)
    others = others.filter(_RESTS_ON.get(change.stands_as, Q()))
    return [
        row for row in others if (row.effective_on, first_row(row).pk) > (change.effective_on, first_row(change).pk)
    ]


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


def locked(project: Project, on: date) -> Position:
    """Take the project's row and make sure that it is alive and that the decision is not older than its last change:
    new totals are set against the sums of all that stands before them."""
    project.refresh_from_db(from_queryset=Project.objects.select_for_update())
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


def check_counted(origin: str, capital: Capital) -> None:
    """Each origin is counted in one currency, so that currency must be printed."""
    if origin == Project.Origin.FDI and not capital.usd:
        raise LedgerRefused(_("Dự án vốn nước ngoài phải ghi vốn đăng ký bằng USD."))
    if origin == Project.Origin.DDI and not capital.vnd:
        raise LedgerRefused(_("Dự án vốn trong nước phải ghi vốn đăng ký bằng VND."))


def check_capital(origin: str, capital: Capital) -> None:
    if capital.usd < 0 or capital.vnd < 0:
        raise LedgerRefused(_("Vốn đăng ký không được âm."))
    check_counted(origin, capital)


def append(
    project: Project, kind: str, basis: Basis, by: User, at: datetime, *, capital: Capital = NOTHING,
    area_m2: Decimal = ZERO, note: str = "", supersedes: Change | None = None, effective_on: date | None = None,
    stands_as: str = "",
) -> Change:  # fmt: skip
    """The one place that writes a change."""
    if basis.on > timezone.localdate(at):
        raise LedgerRefused(_("Ngày quyết định không được ở tương lai."))
    has_rate = capital.rate is not None
    if has_rate and not (capital.rate_on and capital.rate_source):
        raise LedgerRefused(_("Tỷ giá phải có ngày và nguồn."))
    row = Change(
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
    seals.sealed(row).save(force_insert=True)
    return row
