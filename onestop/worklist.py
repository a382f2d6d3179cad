"""Which dossiers the counter's people see first: whose turn each is, how urgent, and the heaps of the worklist."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal import lists
from izportal.folding import matches
from izportal.models import CalendarDay, Rule, User
from izportal.templatetags.badge import SHAPES, due_word
from izportal.workdays import Calendar
from onestop import absences, amendments, budgets, clock, exchange, workflow
from onestop.models import Dossier, Opinion, Procedure, Supplement
from onestop.supplements import permits
from zones.models import Zone

Status = Dossier.Status
PAGE_SIZE = 25
# Steps that may be taken but that nobody waits for: some wait for the applicant to come to the counter.
OPTIONAL = {"demand_fee", "extend", "enter", "correct", "record_answer", "record_withdrawal", "scan"}
# Decided by a leader while the dossier stays where it is.
PERMITS = ("permit_supplement", "deny_permit")
# Signed by a leader after the result was given out.
SIGNATURES = (amendments.SIGN,)
# Nobody waits for somebody to give back a draft that is not theirs to pass.
RETURNS = ("return_to_specialist", "return_from_leader")
# Statuses in which no clock runs any more.
DONE = (*Dossier.SETTLED, *Dossier.ENDED_WITHOUT_RESULT)
# Everything that may still ask for a step, an amendment of what lies in the archive apart.
LIVE = [status for status in Status.values if status not in (Status.DRAFT, Status.ARCHIVED)]
# What no line of a list reads.
UNREAD_COLUMNS = ("answers", "typed", "saves", "set_aside", "folded")
ENDED = Coalesce("delivered_at", "completed_at", "ended_at")


# Whose turn it is -------------------------------------------------------------------------------------------------


def awaiting(user: User, *, at: datetime, covering: Sequence[User] = ()) -> Q:
    """Dossiers whose next step is this person's to take, or one of those whom they cover."""
    return _any(
        _turn(step, person, at) & _drafts_of_others(step, user, person)
        for person in (user, *covering)
        for step in workflow.STEPS.values()
        if person.has_role(*step.roles)
    )


def _drafts_of_others(step: workflow.Step, *people: User) -> Q:
    is_theirs_to_judge = step.is_of_another or step.name in RETURNS
    return ~Q(assigned_to__in=people) & ~Q(drafted_by__in=people) if is_theirs_to_judge else Q()


def _any(conditions: Iterable[Q]) -> Q:
    found = Q(pk__in=[])
    for condition in conditions:
        found |= condition
    return found


def _turn(step: workflow.Step, user: User, at: datetime) -> Q:
    """The dossiers that one step would move on; an empty condition for a step that nobody waits for."""
    if step.name in PERMITS:
        return Q(status__in=step.moves) & permits.awaits(user)
    if step.name in SIGNATURES:
        return Q(status__in=step.moves) & amendments.awaits(user)
    onward = [status for status, after in step.moves.items() if status != after]
    if step.name in OPTIONAL or not onward:
        return Q(pk__in=[])
    turn = Q(status__in=onward)
    if step.is_for_assignee:
        turn &= Q(assigned_to=user)
    if step.name == "accept_supplement":
        turn &= Q(Exists(_asked().filter(answered_at__isnull=False)))
    if step.name == "stop":
        turn &= Q(Exists(_asked().filter(answered_at__isnull=True, reply_by__lt=at)))
    return turn


def _asked() -> QuerySet[Supplement]:
    return Supplement.objects.filter(dossier=OuterRef("pk"), accepted_at__isnull=True)


def awaited_steps(dossier: Dossier, user: User, *, at: datetime, covering: Sequence[User] = ()) -> list[workflow.Step]:
    """The steps that this person is waited for, of a dossier from `worklist_rows`."""
    supplement = next((row for row in dossier.supplements.all() if row.accepted_at is None), None)
    open_to = {
        "accept_supplement": bool(supplement and supplement.answered_at),
        "stop": bool(supplement and not supplement.answered_at and supplement.reply_by and supplement.reply_by < at),
    }
    offered = workflow.available(dossier, user, covering)
    may_pass = any(step.is_of_another for step in offered)
    return [
        step
        for step in offered
        if step.name in (*PERMITS, *SIGNATURES)
        or step.name not in OPTIONAL
        and step.moves[dossier.status] != dossier.status
        and open_to.get(step.name, True)
        and (may_pass or step.name not in RETURNS)
    ]


# The worklist -----------------------------------------------------------------------------------------------------


@dataclass
class Now:
    """One reading of the clock, the calendar, the rule on near dates and of who is away, for all that stands on a
    page."""

    at: datetime
    calendar: Calendar
    soon_days: int
    # The absent people whose steps the reader takes.
    covering: Sequence[User] = ()
    shares: budgets.Shares | None = None

    @classmethod
    def read(cls, user: User | None = None) -> "Now":
        at = timezone.now()
        today = timezone.localdate(at)
        covering = absences.covered_by(user, on=today) if user else ()
        texts = Rule.objects.texts(("due_soon_days", *budgets.RULES), on=today)
        soon_days, shares = int(texts.get("due_soon_days", 0)), budgets.Shares.told(texts)
        return cls(at, CalendarDay.calendar(), soon_days, covering, shares)

    @property
    def today(self) -> date:
        return timezone.localdate(self.at)

    @cached_property
    def tomorrow(self) -> datetime:
        return self.calendar.at(self.today + timedelta(days=1), time.min)

    @cached_property
    def after_soon(self) -> datetime:
        """The midnight that opens the first working day no longer counted as soon."""
        return self.calendar.at(self.calendar.add_working_days(self.today, self.soon_days + 1), time.min)


@dataclass(frozen=True)
class Tab:
    """A heap of the worklist: `where` picks it, `mark` and `css` are its shape and colour."""

    key: str
    label: Any
    where: Callable[[Now, User], Q]
    mark: str = ""
    css: str = ""


def _late(now: Now, user: User) -> Q:
    return Q(status__in=Dossier.RUNNING, due_at__lt=now.at)


def _today(now: Now, user: User) -> Q:
    return Q(status__in=Dossier.RUNNING, due_at__gte=now.at, due_at__lt=now.tomorrow)


def _soon(now: Now, user: User) -> Q:
    return Q(status__in=Dossier.RUNNING, due_at__gte=now.tomorrow, due_at__lt=now.after_soon)


def _opinions_due() -> Q:
    """Opinions were asked, and at least one body has not answered."""
    return Q(Exists(Opinion.objects.waiting().filter(dossier=OuterRef("pk"))), status=Status.CONSULTING)


TABS = {
    tab.key: tab
    for tab in (
        Tab("open", gettext_lazy("Tất cả"), lambda now, user: Q(status__in=Dossier.OPEN), "doc"),
        Tab(
            "waiting",
            gettext_lazy("Chờ tôi"),
            lambda now, user: awaiting(user, at=now.at, covering=now.covering),
            "arrow",
        ),
        Tab(
            "mine",
            gettext_lazy("Của tôi"),
            lambda now, user: Q(status__in=Dossier.OPEN, assigned_to__in=[user, *now.covering]),
            "user",
        ),
        Tab(
            "division",
            gettext_lazy("Phòng tôi"),
            lambda now, user: Q(status__in=Dossier.OPEN, division=user.division_id, division__isnull=False),
            "cols",
        ),
        Tab("late", gettext_lazy("Quá hạn"), _late, "s-late", "k-late"),
        Tab("today", gettext_lazy("Hôm nay"), _today, "s-today", "k-soon"),
        Tab("soon", gettext_lazy("Sắp đến hạn"), _soon, "s-soon", "k-soon"),
        Tab(
            "unanswered",
            gettext_lazy("Quá giờ trả lời"),
            lambda now, user: Q(status=Status.SUBMITTED, answer_by__lt=now.at),
            "s-late",
            "k-late",
        ),
        Tab(
            "paused",
            gettext_lazy("Chờ người nộp"),
            lambda now, user: Q(status__in=Dossier.WAITING_FOR_APPLICANT),
            "s-hold",
            "k-hold",
        ),
        Tab("others", gettext_lazy("Chờ cơ quan khác"), lambda now, user: _opinions_due(), "msg", "k-hold"),
        Tab(
            "unread",
            gettext_lazy("Tin chưa đọc"),
            lambda now, user: exchange.to_be_read(user, covering=now.covering),
            "msg",
            "k-soon",
        ),
        Tab("done", gettext_lazy("Đã xong"), lambda now, user: Q(status__in=DONE), "s-done"),
    )
}


def counts(rows: QuerySet[Dossier], user: User, now: Now) -> dict[str, int]:
    """How many dossiers lie in each heap, in one query that leaves the archive aside; what is done is not counted."""
    heaps = {key: Count("pk", filter=tab.where(now, user)) for key, tab in TABS.items() if key != "done"}
    live = Q(status__in=LIVE) | Q(pk__in=list(exchange.unread_in_archive()))
    signs = workflow.STEPS["sign_amendment"].roles
    if any(person.has_role(*signs) for person in (user, *now.covering)):
        live |= Q(pk__in=list(amendments.of_archived()))
    return rows.filter(live).order_by().aggregate(**heaps)


def worklist_rows(rows: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """Everything that a `Line` reads, in two queries."""
    named = rows.with_names().defer(*UNREAD_COLUMNS).select_related("version", "project__zone")
    named = named.prefetch_related("supplements")
    named = named.annotate(unread=exchange.unread_by_board())
    return amendments.with_state(permits.with_permits(named))


def _key_moment() -> Case:
    return Case(When(status=Status.SUBMITTED, then=F("answer_by")), default=F("due_at"))


def urgent_first(rows: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """By the nearest moment; those that wait for the applicant after, those at an end last."""
    turn = Case(
        When(status__in=(Status.SUBMITTED, *Dossier.RUNNING), then=Value(0)),
        When(status__in=Dossier.WAITING_FOR_APPLICANT, then=Value(1)),
        default=Value(2),
    )
    return rows.order_by(turn, _key_moment().asc(nulls_last=True), ENDED.desc(nulls_last=True), "pk")


def latest_first(rows: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """What is done, the last first; as the index `dossier_ended` has it."""
    return rows.order_by(ENDED.desc(), "pk")


def _place_in_the_way() -> Case:
    return Case(*(When(status=status, then=Value(place)) for place, status in enumerate(Status.values)))


SORTS = {
    "due": (_key_moment, "pk"),
    "procedure": ("procedure__number", "pk"),
    "code": ("code", "reference", "pk"),
    "zone": ("plot__zone__position", "project__zone__position", "pk"),
    "step": (_place_in_the_way, "pk"),
    "officer": ("assigned_to__full_name", "pk"),
}


def sorted_by(rows: QuerySet[Dossier], choice: str) -> QuerySet[Dossier]:
    """`choice` is a key of `SORTS`, with a minus for the other way round; anything else is urgency."""
    names = SORTS.get(choice.removeprefix("-"))
    if names is None:
        return urgent_first(rows)
    columns = [F(name) if isinstance(name, str) else name() for name in names]
    backwards = choice.startswith("-")
    return rows.order_by(*(c.desc(nulls_last=True) if backwards else c.asc(nulls_last=True) for c in columns))


@dataclass(frozen=True)
class State:
    """How a dossier stands against its time: `css` of the row, and shape, colour and word of the mark."""

    css: str
    shape: str
    colour: str
    word: str


@dataclass
class Line:
    """One dossier of the worklist, with what is reckoned from its dates."""

    dossier: Dossier
    now: Now
    user: User | None = None
    # The station at which it lies, where that has taken more than its budget.
    over: budgets.Station | None = None

    @cached_property
    def standing(self) -> clock.Standing | None:
        """Against the answer to a submission, or against the due date once received."""
        dossier = self.dossier
        moment = (
            dossier.answer_by if dossier.status == Status.SUBMITTED else dossier.due_at if dossier.is_running else None
        )
        now = self.now
        return moment and clock.standing(due_at=moment, at=now.at, calendar=now.calendar, soon=now.soon_days)

    @property
    def state(self) -> State:
        if self.standing is not None:
            return _state(self.standing.state, self._word(self.standing))
        if self.dossier.awaits_applicant:
            return _state("paused", due_word("paused", None))
        return _state("done", self.dossier.get_status_display())

    def _word(self, standing: clock.Standing) -> str:
        is_late = standing.state == clock.LATE
        if self.dossier.status == Status.SUBMITTED:
            said = due_word(standing.state, standing.days)
            return _("Quá giờ trả lời") if is_late else _("Trả lời: %(when)s") % {"when": said.lower()}
        return _("Quá hạn") if is_late and not standing.days else due_word(standing.state, standing.days)

    @property
    def mark(self) -> str:
        """Which dossier a page shows, and in which version, for a hand-over."""
        return f"{self.dossier.pk}:{self.dossier.version_no}"

    @property
    def moment(self) -> datetime | None:
        """The date to look at: of the applicant's answer, of the board's first answer, or of the result."""
        dossier = self.dossier
        if dossier.status == Status.INTAKE_SUPPLEMENT:
            return next((row.reply_by for row in dossier.supplements.all() if row.accepted_at is None), None)
        return dossier.answer_by if dossier.status == Status.SUBMITTED else dossier.due_at

    @property
    def zone(self):
        dossier = self.dossier
        return dossier.plot.zone if dossier.plot else dossier.project.zone if dossier.project else None

    @property
    def officer(self) -> str:
        """Initials and the given name, as the office writes it: T. T. Mẫu."""
        *before, last = str(self.dossier.assigned_to or "").split() or [""]
        return " ".join([*(f"{word[0]}." for word in before), last])

    @property
    def steps(self) -> list[workflow.Step]:
        if self.user is None:
            return []
        return awaited_steps(self.dossier, self.user, at=self.now.at, covering=self.now.covering)

    @cached_property
    def instead_of(self) -> User | None:
        """The absent person for whom the reader has this dossier before them."""
        dossier, covering = self.dossier, self.now.covering
        if self.user is None or not covering:
            return None
        taken = [workflow.capacity(dossier, step, self.user, covering) for step in self.steps]
        stood_in_for = next((found.instead_of for found in taken if found and found.instead_of), None)
        is_theirs = dossier.is_open and dossier.assigned_to in covering
        return stood_in_for or (dossier.assigned_to if is_theirs else None)

    @cached_property
    def used(self) -> Decimal | None:
        """Time used of the limit, in the limit's own unit; None before reception."""
        dossier = self.dossier
        if dossier.received_at is None:
            return None
        until = min(self.now.at, dossier.completed_at or dossier.ended_at or self.now.at)
        if dossier.case.unit == clock.WORKING_HOUR:
            return round(self.now.calendar.working_hours_between(dossier.received_at, until), 1)
        try:
            deadline = workflow.explain(dossier, calendar=self.now.calendar)
            spent = clock.ruler(deadline, until, soon=self.now.soon_days).done
        except clock.ClockRefused:
            return None
        over = self.standing.days if self.standing and self.standing.state == "late" else 0
        return Decimal(spent + over)

    @property
    def share(self) -> int:
        """Of the limit used, in hundredths; never more than the whole."""
        return min(100, int(100 * (self.used or 0) / self.dossier.case.value))


def _state(key: str, word: str) -> State:
    shape, colour = SHAPES[key]
    css = {"late": "k-late", "today": "k-today", "soon": "k-soon", "running": "k-ok", "paused": "k-hold"}.get(
        key, "k-done"
    )
    return State(css, shape, colour, word)


# The page ---------------------------------------------------------------------------------------------------------


class WorklistForm(lists.SearchForm):
    QUIET = ("tab", "sort")

    tab = forms.ChoiceField(choices=[(tab.key, tab.label) for tab in TABS.values()], initial="open")
    procedure = forms.ChoiceField(label=gettext_lazy("Thủ tục"))
    zone = forms.ChoiceField(label=gettext_lazy("Khu"))
    officer = forms.ChoiceField(label=gettext_lazy("Cán bộ"))
    channel = forms.ChoiceField(label=gettext_lazy("Cách nộp"), choices=Dossier.Channel.choices)
    status = forms.ChoiceField(label=gettext_lazy("Bước"), choices=[c for c in Status.choices if c[0] != Status.DRAFT])
    sort = forms.ChoiceField(choices=[(key, key) for name in SORTS for key in (name, f"-{name}")])

    # What each filter compares.
    PATHS = {
        "procedure": ("procedure__code",),
        "zone": ("plot__zone__code", "project__zone__code"),
        "officer": ("assigned_to__pk",),
        "status": ("status",),
        "channel": ("channel",),
    }

    def __init__(self, data):
        super().__init__(data)
        self.fields["q"].widget = forms.TextInput(attrs={"type": "search", "placeholder": _("Mã hồ sơ, doanh nghiệp")})
        at_hand = Dossier.objects.open().filter(assigned_to=OuterRef("pk"))
        people = User.objects.filter(Exists(at_hand), is_staff=True)
        self._offer("procedure", [(row.code, Truncator(row).chars(70)) for row in Procedure.objects.all()])
        self._offer("zone", [(row.code, row.short_name) for row in Zone.objects.all()])
        self._offer("officer", [(str(row.pk), row.full_name) for row in people])
        for name in ("channel", "status"):
            self._offer(name, self.fields[name].choices)

    def _offer(self, name: str, choices) -> None:
        field = self.fields[name]
        field.choices = [("", _("%(label)s: tất cả") % {"label": field.label}), *choices]
        field.widget.attrs["aria-label"] = field.label

    def narrow(self, rows: QuerySet[Dossier]) -> QuerySet[Dossier]:
        for name, paths in self.PATHS.items():
            if value := self.chosen(name):
                rows = rows.filter(_any(Q(**{path: value}) for path in paths))
        return matches(rows, self.chosen("q") or "")


HEADINGS = (
    ("due", gettext_lazy("Thời hạn"), ""),
    ("due", gettext_lazy("Hẹn trả"), "lo"),
    ("", gettext_lazy("Ngày làm việc đã dùng"), "lo"),
    ("procedure", gettext_lazy("Thủ tục, doanh nghiệp"), ""),
    ("code", gettext_lazy("Mã hồ sơ"), "lo"),
    ("zone", gettext_lazy("Khu"), "lo"),
    ("step", gettext_lazy("Bước"), "lo"),
    ("officer", gettext_lazy("Cán bộ"), "lo"),
)


class Worklist:
    """The worklist as its reader asked for it: heaps with their counts, filters, one page of lines."""

    def __init__(self, request, rows: QuerySet[Dossier]):
        self.user, self.now = request.user, Now.read(request.user)
        self.form = WorklistForm(request.GET)
        self.form.is_valid()
        rows = self.form.narrow(rows)
        self.counts = counts(rows, self.user, self.now)
        self.sort = self.form.chosen("sort") or ""
        heap = rows.filter(TABS[self.tab].where(self.now, self.user))
        self.heap = latest_first(heap) if self.tab == "done" and not self.sort else sorted_by(heap, self.sort)
        self.page = lists.page_of(request, budgets.with_planned(worklist_rows(self.heap)), size=PAGE_SIZE)
        over = budgets.overrun(self.page, self.now.shares, at=self.now.at, calendar=self.now.calendar)
        self.lines = [Line(dossier, self.now, self.user, over.get(dossier.pk)) for dossier in self.page]

    @property
    def tab(self) -> str:
        return self.form.chosen("tab")

    @property
    def tabs(self) -> list[dict]:
        """The heaps with their counts; "mine" only for those to whom a dossier can be assigned, "division" for those
        who have one."""
        is_officer = any(person.has_role("specialist") for person in (self.user, *self.now.covering))
        hidden = {"mine": not is_officer, "division": not self.user.division_id}
        shown = [tab for tab in TABS.values() if not hidden.get(tab.key)]
        return [
            {
                "tab": tab,
                "count": self.page.paginator.count if tab.key == self.tab else self.counts.get(tab.key),
                "href": self.form.address(tab=tab.key),
                "is_here": tab.key == self.tab,
            }
            for tab in shown
        ]

    @property
    def may_hand_over(self) -> bool:
        roles = workflow.STEPS["assign"].roles
        return any(person.has_role(*roles) for person in (self.user, *self.now.covering))

    @property
    def here(self) -> Tab:
        return TABS[self.tab]

    @property
    def query(self) -> str:
        """The heap and its filters, as the address has them."""
        return self.form.address().removeprefix("?")

    @property
    def headings(self) -> list[dict]:
        return [self._heading(key, label, css) for key, label, css in HEADINGS]

    def _heading(self, key: str, label, css: str) -> dict:
        now = {key: "ascending", f"-{key}": "descending"}.get(self.sort, "") if key else ""
        href = self.form.address(sort=f"-{key}" if now == "ascending" else key) if key else ""
        return {"label": label, "css": css, "href": href, "sorted": now}

    @property
    def is_sample(self) -> bool:
        return any(line.dossier.is_sample for line in self.lines)
