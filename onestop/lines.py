"""One dossier as a line of the desk, the worklist and the queues, and the moment at which a page is read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from izportal.models import CalendarDay, Rule, User
from izportal.templatetags import area, badge
from izportal.templatetags import date as dates
from izportal.templatetags.badge import SHAPES, due_word
from izportal.workdays import HOUR_RULES, Calendar
from onestop import absences, budgets, clock, durations, workflow
from onestop.models import Dossier
from onestop.turns import awaited_steps

Status = Dossier.Status
# The rules that a page reads at once: of near dates and small numbers, of the budgets and of the office hours.
RULES = ("due_soon_days", "few_dossiers", *budgets.RULES, *HOUR_RULES)


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
    # From how many settled dossiers on a pace is told.
    few: int = durations.FEW

    @classmethod
    def read(cls, user: User | None = None) -> "Now":
        at = timezone.now()
        today = timezone.localdate(at)
        covering = absences.covered_by(user, on=today) if user else ()
        texts = Rule.objects.texts(RULES, on=today)
        soon_days, few = int(texts.get("due_soon_days", 0)), int(texts.get("few_dossiers", durations.FEW))
        return cls(at, CalendarDay.under(texts), soon_days, covering, budgets.Shares.told(texts), few)

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
        dossier, now = self.dossier, self.now
        moment = dossier.answer_by if self.is_unanswered else dossier.due_at if dossier.is_running else None
        if moment is None:
            return None
        return clock.standing(due_at=moment, at=now.at, calendar=now.calendar, soon=now.soon_days)

    @cached_property
    def state(self) -> State:
        if self.standing is not None:
            return _state(self.standing.state, self._word(self.standing))
        if self.dossier.awaits_applicant:
            return _state("paused", due_word("paused", None))
        return _state("done", self.status)

    def _word(self, standing: clock.Standing) -> str:
        is_late = standing.state == clock.LATE
        if self.is_unanswered:
            said = due_word(standing.state, standing.days)
            return _("Quá giờ trả lời") if is_late else _("Trả lời: %(when)s") % {"when": said.lower()}
        return _("Quá hạn") if is_late and not standing.days else due_word(standing.state, standing.days)

    @cached_property
    def code(self) -> str:
        return str(self.dossier)

    @cached_property
    def url(self) -> str:
        return reverse("admin:onestop_dossier_change", args=[self.dossier.pk])

    @cached_property
    def status(self) -> str:
        return str(Status(self.dossier.status).label)

    @cached_property
    def procedure(self) -> str:
        return self.dossier.procedure.name

    @property
    def is_unanswered(self) -> bool:
        return self.dossier.status == Status.SUBMITTED

    @property
    def mark(self) -> str:
        """Which dossier a page shows, and in which version, for a hand-over."""
        return f"{self.dossier.pk}:{self.dossier.version_no}"

    @cached_property
    def moment(self) -> datetime | None:
        """The date to look at: of the applicant's answer, of the board's first answer, or of the result."""
        dossier = self.dossier
        if dossier.status == Status.INTAKE_SUPPLEMENT:
            return next((row.reply_by for row in dossier.supplements.all() if row.accepted_at is None), None)
        return dossier.answer_by if self.is_unanswered else dossier.due_at

    @cached_property
    def zone(self) -> str:
        dossier = self.dossier
        found = dossier.plot.zone if dossier.plot else dossier.project.zone if dossier.project else None
        return found.short_name if found else ""

    @cached_property
    def person(self) -> str:
        """Who handles it; empty until it is assigned."""
        return str(self.dossier.assigned_to or "")

    @property
    def officer(self) -> str:
        """Initials and the given name, as the office writes it: T. T. Mẫu."""
        *before, last = self.person.split() or [""]
        return " ".join([*(f"{word[0]}." for word in before), last])

    @cached_property
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
            spent = clock.days_used(deadline, until) if deadline else 0
        except clock.ClockRefused:
            return None
        over = self.standing.days if self.standing and self.standing.state == "late" else 0
        return Decimal(spent + over)

    @property
    def share(self) -> int:
        """Of the limit used, in hundredths; never more than the whole."""
        return min(100, int(100 * (self.used or 0) / self.dossier.case.value))

    @cached_property
    def cells(self) -> dict[str, Any]:
        """What its row on the desk and on the worklist shows, as plain values: a list asks for some thirty of each."""
        dossier, state, moment = self.dossier, self.state, self.moment
        channel = f" · {dossier.get_channel_display()}" if dossier.is_by_hand else ""
        shown_at = dates.moment if self.is_unanswered else dates.day
        return {
            "pk": dossier.pk, "url": self.url, "code": self.code, "version": self.mark, "css": state.css,
            "mark": badge.shown(state), "moment": moment and shown_at(moment), "day": dates.day(moment),
            "hour": dates.clock(moment) if self.is_unanswered else "", "procedure": self.procedure,
            "brief": Truncator(self.procedure).chars(90), "enterprise": f"{dossier.enterprise.name}{channel}",
            "is_sample": dossier.is_sample, "instead_of": str(self.instead_of or ""), "unread": dossier.unread,
            "zone": self.zone, "status": self.status, "person": self.person,
        }  # fmt: skip

    @cached_property
    def reckoned(self) -> dict[str, Any]:
        """What only the worklist shows besides: the part of the limit used, the officer, a budget overrun."""
        case, used = self.dossier.case, self.used
        unit = "" if case.unit == clock.WORKING_DAY else f" {case.get_unit_display()}"
        over = self.over and State("", self.over.shape, self.over.colour, _("Khâu vượt mức"))
        return {
            "used": "" if used is None else f"{area.number(used)}/{area.number(case.value)}{unit}",
            "share": self.share, "officer": self.officer, "over": over and badge.shown(over),
        }  # fmt: skip


def _state(key: str, word: str) -> State:
    shape, colour = SHAPES[key]
    css = {"late": "k-late", "today": "k-today", "soon": "k-soon", "running": "k-ok", "paused": "k-hold"}.get(
        key, "k-done"
    )
    return State(css, shape, colour, word)
