"""The month for the leadership on one page: each figure beside last month's, since the year began, and against the
target of the year's plan; and what waits for a decision."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal import roles
from izportal.indicators import Asked, Number
from izportal.models import PlanTarget, User
from izportal.statistics import overview, registry
from izportal.templatetags.area import absent, grouped, percent
from izportal.workdays import months_later
from onestop import figures as counter
from onestop import signing, worklist
from onestop.models import READERS, Dossier
from projects import figures, worklists
from projects.models import MinistryReport
from zones.models import Enquiry

STOCKS = ("projects", "fdi_projects", "ddi_projects", "fdi_capital_usd", "ddi_capital_vnd")
FLOWS = (
    "new_projects", "new_fdi_capital_usd", "new_ddi_capital_vnd", "capital_increase_usd", "capital_increase_vnd",
    "certificates_adjusted", "ended_projects",
)  # fmt: skip
DOSSIERS = ("dossiers_new", "dossiers_settled", "dossiers_late", "dossiers_kept_percent")
ENQUIRIES = ("enquiries_received", "enquiries_answered")
ONE_DAY = timedelta(days=1)
# How many targets of figures that the brief does not tell anyway have room on its page.
MOST_OTHERS = 4
Titled = tuple[str | Promise, list["Row"]]


@dataclass(frozen=True)
class Row:
    """One figure. `year` counts since the year began; for what stands at a day, `opening` stood the evening before."""

    now: Number
    before: Number
    year: Number
    opening: Number | None = None
    target: PlanTarget | None = None

    @property
    def title(self) -> Any:
        return self.now.indicator.title

    @property
    def difference(self) -> str:
        return _signed(self.now, self.before)

    @property
    def year_text(self) -> str:
        return _signed(self.now, self.opening) if self.opening else self.year.text

    @property
    def year_url(self) -> str:
        """The records of the year; for what stands at a day, those by which it is another than at the opening."""
        return self.now.changes_url(self.opening.asked) if self.opening else self.year.url

    @property
    def can_be_planned(self) -> bool:
        """A plan counts what happens within its year."""
        return self.now.indicator.is_flow and self.now.indicator.per is None

    @property
    def target_text(self) -> str:
        if self.target is None:
            return _("chưa có chỉ tiêu") if self.can_be_planned else absent()
        return self.now.indicator.unit.text(Decimal(self.target.value))

    @property
    def reached(self) -> Decimal | None:
        """Percent of the target; None where there is none."""
        return None if self.target is None else Decimal(self.year.value or 0) * 100 / self.target.value

    @property
    def reached_text(self) -> str:
        return absent() if self.reached is None else percent(self.reached)


def _signed(now: Number, before: Number) -> str:
    """By how much it rose or fell; a share moves by points."""
    if now.value is None or before.value is None:
        return absent()
    moved, unit = Decimal(now.value) - before.value, now.indicator.unit
    sign = "+" if moved > 0 else "−" if moved < 0 else ""
    points = _("%(number)s điểm phần trăm") % {"number": grouped(abs(moved))}
    return f"{sign}{points if unit.is_percent else unit.text(abs(moved))}"


@dataclass(frozen=True)
class Waiting:
    """How much of something waits, and where it stands."""

    label: str | Promise
    count: int
    url: str


@dataclass(frozen=True)
class Brief:
    """`asked` is about the month, cut at its own last day or today."""

    asked: Asked
    groups: list[Titled]
    # What else the year's plan has a target for.
    others: list[Row] = field(default_factory=list)

    @property
    def all_groups(self) -> list[Titled]:
        return self._with(self.others)

    @property
    def groups_on_paper(self) -> list[Titled]:
        """As many as have room on one page; `left_out` counts the rest."""
        return self._with(self.others[:MOST_OTHERS])

    @property
    def left_out(self) -> int:
        return max(len(self.others) - MOST_OTHERS, 0)

    def _with(self, others: list[Row]) -> list[Titled]:
        return [*self.groups, (_("Chỉ tiêu khác của kế hoạch năm"), others)] if others else self.groups

    @property
    def title(self) -> str:
        return _("Tóm tắt tình hình tháng %(month)s") % {"month": f"{self.asked.start:%m/%Y}"}

    @property
    def rows(self) -> Iterator[Row]:
        return (row for _title, rows in self.all_groups for row in rows)

    @property
    def sources(self) -> list[tuple[str, list[Any]]]:
        return _sources(self.all_groups)

    @property
    def sources_on_paper(self) -> list[tuple[str, list[Any]]]:
        return _sources(self.groups_on_paper)

    @property
    def is_whole(self) -> bool:
        """A month that is still running is cut at today."""
        return (self.asked.on + ONE_DAY).day == 1


def _sources(groups: list[Titled]) -> list[tuple[str, list[Any]]]:
    """Where the targets stand, each source once with the figures that it sets."""
    found: dict[str, list[Any]] = {}
    for row in (row for _title, rows in groups for row in rows):
        if row.target:
            said = f"{row.target.source}. {row.target.note}".strip()
            found.setdefault(said, []).append(row.title)
    return list(found.items())


def brief(month: date, *, today: date, known: datetime | None = None) -> Brief:
    """The month of a day that has begun by `today`, by what was recorded by the moment `known`."""
    first = month.replace(day=1)
    on = min(months_later(first, 1) - ONE_DAY, today)
    asked = Asked(on, known=known, since=first, is_sample=figures.counts_sample())
    periods = (asked, _month_before(asked), asked.of(since=first.replace(month=1)))
    targets = {row.indicator: row for row in PlanTarget.objects.filter(year=first.year)}
    groups: list[Titled] = [
        (gettext_lazy("Dự án còn hiệu lực"), _stocks(periods)),
        (gettext_lazy("Phát sinh trong kỳ"), _flows(periods, targets)),
        (gettext_lazy("Hồ sơ một cửa"), _dossiers(periods, targets)),
        (gettext_lazy("Yêu cầu về đất"), _rows(ENQUIRIES, targets, lambda code: [_ask(code, at) for at in periods])),
    ]
    told = {row.now.indicator.code for _title, rows in groups for row in rows}
    others = tuple(code for code in targets if code in registry.INDICATORS and code not in told)
    return Brief(asked, groups, _rows(others, targets, lambda code: [_ask(code, at) for at in periods]))


def _month_before(asked: Asked) -> Asked:
    return asked.of(on=asked.start - ONE_DAY, since=months_later(asked.start, -1))


def _ask(code: str, asked: Asked) -> Number:
    return registry.of(code).ask(asked)


def _rows(codes: tuple[str, ...], targets: dict[str, PlanTarget], ask: Callable[[str], Any]) -> list[Row]:
    return [Row(*ask(code), target=targets.get(code)) for code in codes]


def _stocks(periods: tuple[Asked, ...]) -> list[Row]:
    year = periods[2]
    told = overview.of(year)
    earlier = told.steps(overview.MONTH, 2)[0]
    opening = overview.Numbers(year.of(on=year.start - ONE_DAY), told.found.opening)
    return [Row(told[code], earlier[code], told[code], opening[code]) for code in STOCKS]


def _flows(periods: tuple[Asked, ...], targets: dict[str, PlanTarget]) -> list[Row]:
    told = overview.of(periods[2])
    before, now = told.steps(overview.MONTH, 2)
    return _rows(FLOWS, targets, lambda code: (now[code], before[code], told[code]))


def _dossiers(periods: tuple[Asked, ...], targets: dict[str, PlanTarget]) -> list[Row]:
    """One reading of the counter's record for each period, however many figures."""
    found = [(asked, counter.record_of(asked)) for asked in periods]

    def ask(code: str) -> list[Number]:
        indicator: Any = registry.of(code)
        return [indicator.number(asked, indicator.source.of(record)) for asked, record in found]

    return _rows(DOSSIERS, targets, ask)


# What waits ---------------------------------------------------------------------------------------
def waiting(user: User, *, at: datetime, today: date) -> list[Waiting]:
    """What is late or to be decided now, as far as the reader may open it."""
    work = reverse("admin:projects_project_work")
    lists = (worklists.LATE, worklists.ASLEEP, worklists.ENDING)
    return [
        *(Waiting(row.label, row.of(user, on=today).count(), f"{work}?list={row.key}") for row in lists),
        *_waiting_forms(user),
        *_waiting_dossiers(user),
        *_waiting_enquiries(user, at),
    ]


def _waiting_forms(user: User) -> Iterator[Waiting]:
    """Forms of the ministry that a second person has to sign; nobody signs what they drew up."""
    if roles.may(user, "sign_ministry") and not user.zones:
        count = MinistryReport.objects.filter(frozen_at__isnull=True).exclude(drafted_by=user).count()
        address = reverse("admin:projects_ministryreport_changelist")
        yield Waiting(gettext_lazy("Biểu báo cáo Bộ chờ tôi duyệt"), count, f"{address}?state=draft")


def _waiting_dossiers(user: User) -> Iterator[Waiting]:
    if not (user.is_superuser or user.has_role(*READERS)):
        return
    now, rows, place = worklist.Now.read(user), Dossier.objects.visible_to(user), "admin:onestop_dossier_changelist"
    late = worklist.TABS["late"]
    count = rows.filter(late.where(now, user)).count()
    yield Waiting(gettext_lazy("Hồ sơ đang quá hạn"), count, f"{reverse(place)}?tab={late.key}")
    for queue in signing.QUEUES.values():
        if user.has_role(*queue.roles):
            mine = signing.waiting(rows, user, queue, at=now.at, covering=now.covering)
            address = reverse("admin:onestop_dossier_queue", args=[queue.key])
            yield Waiting(QUEUED[queue.key], mine.count(), address)


QUEUED = {"sign": gettext_lazy("Hồ sơ chờ tôi ký"), "approve": gettext_lazy("Hồ sơ chờ tôi duyệt")}


def _waiting_enquiries(user: User, at: datetime) -> Iterator[Waiting]:
    if user.has_perm("zones.view_enquiry"):
        late = Enquiry.objects.visible_to(user).overdue(at=at).count()
        address = reverse("admin:zones_enquiry_changelist")
        yield Waiting(gettext_lazy("Yêu cầu về đất quá hạn trả lời"), late, f"{address}?heap=late")
