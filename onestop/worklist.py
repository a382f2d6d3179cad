"""The heaps of the counter's work: which dossiers lie in each, the most urgent first, and the worklist as a page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.template.loader import render_to_string
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal import lists, roles
from izportal.folding import matches
from izportal.models import User
from onestop import amendments, budgets, exchange, workflow
from onestop.lines import Line, Now
from onestop.models import Dossier, Opinion, Procedure
from onestop.supplements import permits
from onestop.turns import any_of, awaiting
from zones.models import Zone

Status = Dossier.Status
PAGE_SIZE = 25
# Statuses in which no clock runs any more.
DONE = (*Dossier.SETTLED, *Dossier.ENDED_WITHOUT_RESULT)
# Everything that may still ask for a step, an amendment of what lies in the archive apart.
LIVE = [status for status in Status.values if status not in (Status.DRAFT, Status.ARCHIVED)]
ENDED = Coalesce("delivered_at", "completed_at", "ended_at")
# What no line of a list reads, and the little that it reads of other tables.
UNREAD_COLUMNS = ("answers", "typed", "saves", "set_aside", "folded")
OWN_COLUMNS = [field.name for field in Dossier._meta.concrete_fields if field.name not in UNREAD_COLUMNS]
NAMES = (
    "procedure__name_vi", "procedure__name_en", "enterprise__name_vi", "enterprise__name_en", "version__clock_mode",
    "version__max_supplements", "plot__zone__short_name_vi", "plot__zone__short_name_en",
    "project__zone__short_name_vi", "project__zone__short_name_en",
)  # fmt: skip


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
    named = rows.with_names().select_related("version", "project__zone")
    named = named.only(*OWN_COLUMNS, "case", "assigned_to", *NAMES).prefetch_related("supplements")
    named = named.annotate(unread=exchange.unread_by_board())
    return amendments.with_state(permits.with_permits(named))


def nearest(rows: QuerySet[Dossier], user: User, now: Now, most: Mapping[str, int]) -> dict[str, list[Line]]:
    """The most urgent dossiers of several heaps, at most so many of each, in three queries: first which they are,
    then each of them once with all that its line reads."""
    if not most:
        return {}
    heads = (_head(urgent_first(rows.filter(TABS[key].where(now, user))), key, top) for key, top in most.items())
    lying: dict[str, set[UUID]] = {key: set() for key in most}
    for key, pk in next(heads).union(*heads, all=True):
        lying[key].add(pk)
    found = urgent_first(worklist_rows(Dossier.objects.filter(pk__in=set().union(*lying.values()))))
    lines = [Line(dossier, now, user) for dossier in found]
    return {key: [line for line in lines if line.dossier.pk in pks] for key, pks in lying.items()}


def _head(rows: QuerySet[Dossier], key: str, top: int) -> QuerySet:
    """The keys of the first rows, each with the name of its heap. SQLite orders no part of a union, hence the inner
    question."""
    first = Dossier.objects.filter(pk__in=rows.values("pk")[:top]).order_by()
    return first.annotate(heap=Value(key)).values_list("heap", "pk")


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
        people = User.objects.filter(Exists(at_hand), is_staff=True).only("full_name")
        self._offer(
            "procedure", [(row.code, Truncator(row).chars(70)) for row in Procedure.objects.only("code", "name")]
        )
        self._offer("zone", [(row.code, row.short_name) for row in Zone.objects.only("code", "short_name")])
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
                rows = rows.filter(any_of(Q(**{path: value}) for path in paths))
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


TEMPLATES, PIECES = "admin/onestop/dossier", ("top", "list", "pages")


class Worklist:
    """The worklist as its reader asked for it: heaps with their counts, filters, one page of lines."""

    def __init__(self, request, rows: QuerySet[Dossier]):
        self.request, self.user, self.now = request, request.user, Now.read(request.user)
        self.form = WorklistForm(request.GET)
        self.form.is_valid()
        rows = self.form.narrow(rows)
        self.counts = counts(rows, self.user, self.now)
        self.sort = self.form.chosen("sort") or ""
        heap = rows.filter(TABS[self.tab].where(self.now, self.user))
        self.heap = latest_first(heap) if self.tab == "done" and not self.sort else sorted_by(heap, self.sort)
        # Which dossiers lie on the page, and only of those what a line reads.
        keys = self.heap.values_list("pk", flat=True)
        self.page = lists.page_of(request, keys, size=PAGE_SIZE, count=self.counts.get(self.tab))
        self.lines = self._lines(list(self.page))

    def _lines(self, keys: list[UUID]) -> list[Line]:
        if not keys:
            return []
        now, found = self.now, budgets.with_planned(worklist_rows(Dossier.objects.filter(pk__in=keys))).in_bulk()
        dossiers = [found[key] for key in keys if key in found]
        over = budgets.overrun(dossiers, now.shares, at=now.at, calendar=now.calendar)
        return [Line(dossier, now, self.user, over.get(dossier.pk)) for dossier in dossiers]

    @property
    def rows(self) -> list[dict]:
        return [line.cells | line.reckoned for line in self.lines]

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
        theirs = workflow.STEPS["assign"].roles
        return any(person.has_role(*theirs) for person in (self.user, *self.now.covering))

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

    @property
    def is_picking(self) -> bool:
        return bool(self.lines) and self.may_hand_over

    def parts(self) -> dict[str, Any]:
        """The page as text, in pieces between which only the token of its form goes."""
        told = {
            "worklist": self,
            "page": self.page,
            "is_picking": self.is_picking,
            "may_enter": roles.may(self.user, "enter_dossier"),
        }
        texts = {name: render_to_string(f"{TEMPLATES}/_{name}.html", told, self.request) for name in PIECES}
        return {"is_picking": self.is_picking, **texts}
