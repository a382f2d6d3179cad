"""The calendar amended under many open dossiers, and while steps are being taken; random lives told again from their
rows."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from random import Random

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from izportal.models import CalendarDay, Job
from izportal.workdays import Calendar
from onestop import clock, daysoff, workflow
from onestop.daysoff import Edit
from onestop.daysoff.edits import calendar_with
from onestop.models import CalendarChange, Dossier, Event, ProcedureVersion, Promise, Supplement
from tests import factories
from tests.factories import at

pytestmark = pytest.mark.django_db

FIRST = date(2026, 3, 3)
OFF = [Edit(date(2026, 3, day), "off", "Nghỉ thử", announcement="12/TB") for day in (10, 11, 12)]


def announce():
    CalendarDay.objects.create(day=date(2026, 1, 1), kind="off", name_vi="Tết Dương lịch")


def amend(edits, *, by, when):
    change = daysoff.draft(edits, announcement="12/TB", reason="Nghỉ", by=by, at=when)
    return daysoff.apply(change, by=by, at=when, seen=daysoff.look(change).digest)


# Many at once -------------------------------------------------------------------------------------
def fill(many):
    """`many` dossiers in review, received on twenty days; each promised as the law has it."""
    model, calendar = factories.make_dossier(papers=False), CalendarDay.calendar()
    kept = ("procedure", "version", "case", "enterprise", "created_by", "contact_email")
    rows = [
        Dossier(
            **{name: getattr(model, name) for name in kept}, status="in_review", reference=f"XN-{n}", code=f"H55-{n}",
            submitted_at=received, received_at=received,
            due_at=clock.end_of(received, workflow.limit_of(model.case), calendar),
        )
        for n, received in enumerate(at("2026-02-23 09:00") + timedelta(n % 20) for n in range(many))
    ]  # fmt: skip
    Dossier.objects.bulk_create(rows)
    Promise.objects.bulk_create(
        Promise(dossier=row, number=1, promised_at=row.due_at, made_at=row.received_at) for row in rows
    )


def check_amended(many, admin):
    """Every date is what the law says under the new calendar, or was kept; each change is told once."""
    calendar = CalendarDay.calendar()
    rows = list(Dossier.objects.running().prefetch_related("supplements", "promises", "events"))
    wrong = [row.pk for row in rows if row.due_at != workflow.explain(row, calendar=calendar).due_at]
    moved = [row for row in rows if row.promises.all()[0].promised_at != row.due_at]
    assert (wrong, len(rows)) == ([], many)
    assert Promise.objects.filter(number=2, made_by=admin, ground="12/TB").count() == len(moved)
    assert Event.objects.filter(step="calendar").values("dossier").distinct().count() == len(moved)
    told = [pk for job in Job.objects.filter(call="onestop.daysoff.letters.write") for pk in job.arguments[0]]
    assert sorted(told) == sorted(Event.objects.filter(step="calendar").values_list("pk", flat=True))
    return len(moved)


def test_calendar_amended_under_thirty_open_dossiers(catalogue, staff):
    announce()
    fill(30)
    done = amend(OFF, by=staff("administrator"), when=at("2026-03-09 09:00"))
    assert check_amended(30, done.applied_by) == done.moved > 20


@pytest.mark.prove
def test_calendar_amended_under_a_thousand_open_dossiers(catalogue, staff, capsys, django_assert_max_num_queries):
    announce()
    fill(1000)
    admin = staff("administrator")
    ContentType.objects.get_for_model(CalendarDay)
    start = time.perf_counter()
    change = daysoff.draft(OFF, announcement="12/TB", reason="Nghỉ", by=admin, at=at("2026-03-09 09:00"))
    drafted = time.perf_counter()
    seen = daysoff.look(change).digest
    looked = time.perf_counter()
    with django_assert_max_num_queries(110) as queries:
        done = daysoff.apply(change, by=admin, at=at("2026-03-09 09:00"), seen=seen)
    applied = time.perf_counter()
    with capsys.disabled():
        print(  # noqa: T201
            f"\n{connection.vendor}: calendar under 1,000 open dossiers: proposed in {drafted - start:.2f} s, shown "
            f"in {looked - drafted:.2f} s, applied in {applied - looked:.2f} s with {len(queries)} statements; "
            f"{done.moved} moved, {done.kept} kept"
        )  # fmt: skip
    assert check_amended(1000, admin) == done.moved
    assert applied - start < 30


# At the same time ---------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_calendar_applied_while_dossiers_are_received():
    """Whoever comes second sees what the first has done: no date rests on the old calendar."""
    factories.make_catalogue()
    announce()
    people, admin = factories.make_people(), factories.make_staff("administrator")
    when = at("2026-03-09 09:00")
    waiting = [factories.advance(factories.make_dossier(), "submitted", start=when) for _n in range(4)]

    def receive(dossier):
        try:
            return workflow.take(dossier, "receive", by=people["reception"], at=when).status
        finally:
            connection.close()

    def apply():
        try:
            change = daysoff.draft(OFF, announcement="12/TB", reason="Nghỉ", by=admin, at=when)
            while True:
                try:
                    return daysoff.apply(change, by=admin, at=when, seen=daysoff.look(change).digest)
                except daysoff.CalendarMoved:
                    continue
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        changed = pool.submit(apply)
        received = list(pool.map(receive, waiting))
    assert (received, changed.result().applied_at) == (["received"] * 4, when)
    due = set(Dossier.objects.running().values_list("due_at", flat=True))
    assert due == {at("2026-03-26 17:00")}


# Lives told again ---------------------------------------------------------------------------------
class World:
    """Days on which chance decides which step each dossier takes, and how the calendar changes."""

    def __init__(self, many, seed):
        self.rng, self.people = Random(seed), factories.make_people()
        self.admin = factories.make_staff("administrator")
        version = ProcedureVersion.objects.get(procedure__code="1.009664")
        ProcedureVersion.objects.filter(pk=version.pk).update(max_supplements=None)
        enterprise = factories.make_enterprise()
        user = factories.make_user(mandate_of=enterprise)
        drafts = [factories.make_dossier(by=user, plot=factories.make_plot(f"N-{n}")) for n in range(many)]
        self.rows = [workflow.take(row, "submit", by=user, at=at("2026-03-02 16:00")) for row in drafts]

    def live(self, days):
        for day in (FIRST + timedelta(n) for n in range(days)):
            for place, row in enumerate(self.rows):
                moment = datetime.combine(day, datetime.min.time(), at("2026-03-02 00:00").tzinfo)
                self.rows[place] = self._step(row, moment + timedelta(minutes=self.rng.randrange(480, 1020)))
            if self.rng.random() < 0.4:
                self._edit(at(f"{day} 17:30"))

    def _step(self, row, moment):
        chance = self.rng.random()
        step, role, told = {
            "submitted": ("receive", "reception", {}),
            "received": ("assign", "head", {"to": self.people["specialist"]}),
            "assigned": ("open_review", "specialist", {}),
            "in_review": ("ask_supplement", "specialist", {"items": ["x"], "reason": "y"}),
            "review_supplement": self._back(row),
        }[row.status]  # fmt: skip
        if row.is_running and chance > 0.9:
            later = row.due_at + timedelta(self.rng.randrange(1, 9))
            step, role, told = "extend", "leader", {"reason": "y", "new_due_at": later}
        elif chance > 0.6:
            return row
        try:
            by = self.people[role] if role else row.created_by
            return workflow.take(row, step, by=by, at=moment, **told)
        except (workflow.StepRefused, clock.ClockRefused):
            return row

    def _back(self, row):
        is_answered = row.supplements.filter(answered_at__isnull=False, accepted_at__isnull=True).exists()
        if is_answered:
            return "accept_supplement", "specialist", {}
        return "answer_supplement", "", {"answer": "Đây"}

    def _edit(self, when):
        day = when.date() + timedelta(self.rng.randrange(1, 20))
        is_there = CalendarDay.objects.filter(day=day).exists()
        kind = "" if is_there else "make_up" if day.weekday() > 4 else "off"
        amend([Edit(day, kind, "Thử", announcement="12/TB") if kind else Edit(day)], by=self.admin, when=when)
        for place, row in enumerate(self.rows):
            self.rows[place] = Dossier.objects.get(pk=row.pk)


def told_again(dossier):
    """The dates promised, from events, requests and the changes of the calendar alone."""
    changes = list(CalendarChange.objects.filter(applied_at__isnull=False).order_by("applied_at"))
    asked = list(dossier.supplements.filter(stage=Supplement.Stage.REVIEW).order_by("asked_at"))
    calendar, pauses, promised, is_extended, limit = first_calendar(), [], [], False, workflow.limit_of(dossier.case)

    def law(days, until=None):
        return clock.deadline(
            received_at=dossier.received_at, limit=limit, calendar=days, mode=dossier.version.clock_mode,
            pauses=pauses[:until],
        ).due_at  # fmt: skip

    story = [(event.at, event.pk, event.step, event) for event in dossier.events.exclude(step="calendar")]
    story += [(change.applied_at, 0, "change", change) for change in changes]
    for _moment, _pk, step, row in sorted(story, key=lambda entry: entry[:2]):
        if step == "receive":
            promised = [law(calendar)]
        elif step == "extend":
            promised, is_extended = [*promised, datetime.fromisoformat(row.data["due_at"])], True
        elif step == "ask_supplement":
            pauses = [*pauses, clock.Pause(row.at)]
        elif step == "accept_supplement":
            done = next(one for one in asked if one.asked_at == pauses[-1].since)
            before, pauses = law(calendar, -1), [*pauses[:-1], clock.Pause(done.asked_at, done.answered_at)]
            floor = promised[-1] if is_extended or promised[-1] > before else law(calendar)
            promised = then(promised, max(law(calendar), floor))
        elif step == "change":
            after = calendar_with(calendar, map(Edit.read, row.edits))
            if promised:
                promised = then(promised, amended(promised[-1], law, pauses, calendar, after))
            calendar = after
    return promised


def first_calendar():
    return Calendar.from_rows([{"day": date(2026, 1, 1), "kind": "off", "name": "Tết"}])


def then(promised, new):
    return promised if new == promised[-1] else [*promised, new]


def amended(old, law, pauses, calendar, after):
    """Later or the same; a day off that comes upon a date beyond the limit makes way for the next working day."""
    before = law(calendar) or law(calendar, -1)
    due = law(after)
    day = old.astimezone(after.timezone).date()
    rolled = (
        old if after.is_working(day) or not calendar.is_working(day) else after.close_of(after.working_day_from(day))
    )
    return max(old, due if due and due != before else old, rolled if old > before else old)


def check_told_again(world):
    for row in world.rows:
        promises = [promise.promised_at for promise in row.promises.all()]
        assert told_again(row) == promises
        assert row.due_at == (promises[-1] if promises else None)


@pytest.mark.parametrize("mode", ["suspend", "restart"])
def test_six_random_lives_are_told_again_from_their_rows(catalogue, mode):
    announce()
    ProcedureVersion.objects.update(clock_mode=mode)
    world = World(6, seed=mode)
    world.live(14)
    check_told_again(world)
    assert Promise.objects.count() > 6


@pytest.mark.prove
@pytest.mark.parametrize("mode", ["suspend", "restart"])
def test_a_hundred_random_lives_are_told_again_from_their_rows(catalogue, mode, capsys):
    announce()
    ProcedureVersion.objects.update(clock_mode=mode)
    world = World(50, seed=f"many-{mode}")
    world.live(40)
    check_told_again(world)
    steps = Event.objects.filter(dossier__in=[row.pk for row in world.rows])
    with capsys.disabled():
        print(  # noqa: T201
            f"\n{connection.vendor}: 50 lives ({mode}) told again: {steps.count()} events, "
            f"{steps.filter(step='calendar').count()} of the calendar, {steps.filter(step='extend').count()} "
            f"extensions, {Supplement.objects.count()} pauses, {Promise.objects.count()} promises"
        )  # fmt: skip
