"""The counter's record: what each figure counts, on dossiers whose lives are written out, with literal numbers."""

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db.models import Q

from izportal.workdays import Calendar
from onestop import durations, periods, record, record_sheet
from onestop.models import Dossier, Promise
from tests import factories
from tests.factories import at
from tests.lives import CODE, FEE, ask, lived, mended, turn

pytestmark = pytest.mark.django_db
NOW = at("2026-07-01 10:00")
MARCH, APRIL = periods.of("2026-03"), periods.of("2026-04")
OTHER = "1.009647"


@pytest.fixture(autouse=True)
def scene(catalogue):
    return catalogue


def of(period=MARCH, now=NOW, **options):
    return record.of(period, at=now, calendar=Calendar.from_file(), **options)


def told(period=MARCH, now=NOW):
    return record.told(period, at=now, calendar=Calendar.from_file())


def counts(period=MARCH, *, of_marks="", **options):
    found = of(period, **options).total.counts
    wanted = of_marks.split()
    return {mark: found[mark] for mark in wanted} if wanted else {mark: n for mark, n in found.items() if n}


def test_settled_before_on_and_after_the_time():
    for done in ("03-13", "03-16", "03-17"):
        lived(done=done)
    marks = "settled early on_time late kept kept_first new received"
    assert list(counts(of_marks=marks).values()) == [3, 1, 1, 1, 2, 2, 3, 3]


def test_on_the_day_after_the_hour_is_late():
    lived(done="2026-03-16 17:01")
    assert counts(of_marks="on_time late") == {"on_time": 0, "late": 1}


def test_an_extension_keeps_the_last_promise_and_breaks_the_first():
    first, last = at("2026-03-16 17:00"), at("2026-03-20 17:00")
    lived(done="03-19", promised=[(at("2026-03-02 10:00"), first), (at("2026-03-13 09:00"), last)])
    lived(done="03-12")
    total = of().total
    assert (total.first_rate, total.rate) == (Decimal(50), Decimal(100))
    assert {mark: total.counts[mark] for mark in ("early", "late", "promised_anew")} == {
        "early": 2,
        "late": 0,
        "promised_anew": 1,
    }


def test_a_promise_made_after_the_period_is_not_known_in_it():
    promised = [(at("2026-03-02 10:00"), at("2026-03-16 17:00")), (at("2026-04-02 10:00"), at("2026-04-20 17:00"))]
    lived(done="04-10", promised=promised)
    assert counts(of_marks="in_work_late in_work_in_time") == {"in_work_late": 1, "in_work_in_time": 0}
    assert counts(APRIL, of_marks="settled late kept_first") == {"settled": 1, "late": 0, "kept_first": 0}


def test_carried_over_the_border_of_a_period():
    lived("02-27", done="03-06")
    lived("03-31", due="04-14", done="04-01")
    lived("02-02", due="02-16", done="02-27")
    assert counts(of_marks="received carried new settled in_work") == {
        "received": 2, "carried": 1, "new": 1, "settled": 1, "in_work": 1,
    }  # fmt: skip
    assert counts(APRIL, of_marks="received carried new settled in_work") == {
        "received": 1, "carried": 1, "new": 0, "settled": 1, "in_work": 0,
    }  # fmt: skip


def test_the_border_is_midnight_in_hanoi():
    lived("2026-03-31 23:59", due="04-14")
    lived("2026-04-01 00:00", due="04-14")
    assert (of(MARCH).total.counts["new"], of(APRIL).total.counts["new"]) == (1, 1)


def test_a_period_that_is_over_stays_as_it_was():
    lived(done="04-03")
    assert counts(of_marks="settled in_work in_work_late") == {"settled": 0, "in_work": 1, "in_work_late": 1}


def test_a_running_period_is_told_as_it_stands_now():
    lived(due="03-16")
    found = of(MARCH, now=at("2026-03-10 12:00"))
    assert (found.until, found.total.counts["in_work_in_time"]) == (at("2026-03-10 12:00"), 1)


def test_paused_for_a_supplement_in_time_and_after_the_date():
    ask(lived(), "03-10")
    ask(lived(), "03-17")
    ask(lived(), "03-10", "03-12")
    assert counts(of_marks="paused paused_in_time paused_late in_work") == {
        "paused": 2, "paused_in_time": 1, "paused_late": 1, "in_work": 1,
    }  # fmt: skip


def test_a_pause_that_began_after_the_period_is_none_in_it():
    ask(lived(due="04-20"), "04-02")
    assert counts(of_marks="paused in_work") == {"paused": 0, "in_work": 1}
    assert counts(APRIL, of_marks="paused in_work") == {"paused": 1, "in_work": 0}


def test_waiting_for_a_fee_is_a_pause():
    dossier = lived(status=FEE)
    turn(dossier, "demand_fee", "received", FEE, "03-03")
    assert counts(of_marks="paused held in_work") == {"paused": 1, "held": 1, "in_work": 0}


def test_withdrawn_is_no_result_but_closed_in_the_progress_table():
    lived(ended="03-10")
    lived(ended="03-20")
    marks = "withdrawn settled closed closed_early closed_late kept_first"
    assert list(counts(of_marks=marks).values()) == [2, 0, 2, 1, 1, 0]


def test_stopped_is_paused_in_the_progress_table_and_gone_in_the_next():
    ask(lived(ended="03-25", end="stopped"), "03-10")
    lived(ended="03-25", end="stopped")
    assert list(counts(of_marks="stopped held held_in_time held_late closed").values()) == [2, 2, 1, 1, 0]
    assert counts(APRIL) == {}


def test_withdrawn_and_archived_is_still_withdrawn():
    dossier = lived(ended="03-10")
    Dossier.objects.filter(pk=dossier.pk).update(status="archived")
    assert counts(of_marks="withdrawn stopped") == {"withdrawn": 1, "stopped": 0}


def test_refused_in_time_is_settled_in_time():
    decided = {"decision": "refused", "decision_number": "1/QĐ", "decided_on": date(2026, 3, 12)}
    lived(done="03-12", decided_by=factories.make_user(), **decided)
    assert list(counts(of_marks="refused settled early kept kept_first").values()) == [1, 1, 1, 1, 1]


def test_what_ended_before_reception_stands_apart():
    lived(None, ended="03-05", end="intake_refused")
    lived(None, ended="03-06")
    assert counts() == {"not_received": 1, "left_before": 1}


def test_channels_are_those_of_the_period():
    for channel in ("here", "here", "national", "counter", "post"):
        lived(channel=channel)
    lived("02-27", channel="post")
    assert list(counts(of_marks="new online here national counter post").values()) == [5, 3, 2, 1, 1, 1]


def test_a_supplement_beyond_the_number_is_counted_in_its_period():
    dossier = lived(due="05-20")
    ask(dossier, "03-10", "03-11")
    ask(dossier, "04-10", "04-11", cycle=2)
    assert (of(MARCH).total.counts["beyond"], of(APRIL).total.counts["beyond"]) == (0, 1)


def test_requests_are_counted_each_and_listed_by_their_dossiers():
    dossier = lived(due="05-20")
    ask(dossier, "03-10", "03-11")
    ask(dossier, "03-20", "03-23", cycle=2)
    total = of(MARCH).total
    assert (total.requests, total.requests_beyond, total.counts["asked"], total.counts["beyond"]) == (2, 1, 1, 1)
    assert (of(APRIL).total.requests, of(APRIL).total.counts["asked"]) == (0, 0)


def test_days_are_working_days_without_the_wait():
    for done in ("03-03", "03-04", "03-05", "03-06"):
        lived(done=done)
    ask(lived(done="03-20"), "03-09", "03-16")
    # 1, 2, 3, 4 and 14 less 5.
    assert of().total.spread == durations.Spread(Decimal(3), Decimal(9))


def test_nothing_is_computed_from_too_few():
    for _n in range(4):
        lived(done="03-04")
    assert (of().total.spread, of().few) == (None, 5)


def test_no_rate_where_nothing_is_settled():
    lived()
    assert (of().total.rate, of().total.first_rate) == (None, None)


def test_samples_count_only_while_there_is_nothing_else():
    lived(is_sample=True)
    assert (of().is_sample, of().total.counts["new"]) == (True, 1)
    lived()
    lived()
    assert (of().is_sample, of().total.counts["new"]) == (False, 2)


def test_one_procedure_is_told_alone(scene):
    lived()
    lived(code=OTHER)
    found = of(procedure=scene[OTHER])
    assert (found.total.counts["new"], found.total.query) == (1, {"period": "2026-03", "procedure": OTHER})


def test_procedures_add_up_to_the_whole(scene):
    lived(done="03-04")
    lived(code=OTHER)
    rows = of().by("procedure", [(row.pk, row, row.code) for row in scene.values()])
    assert [(row.of.code, row.counts["received"], row.counts["settled"]) for row in rows] == [
        (CODE, 1, 1),
        (OTHER, 1, 0),
    ]


def test_months_tell_what_came_and_what_went():
    lived("02-27", done="03-06")
    lived("03-03", done="04-03", due="03-16")
    months = of(periods.of("2026-Q1")).months()
    assert [(row.of.code, row.counts["new"], row.counts["settled"]) for row in months] == [
        ("2026-01", 0, 0),
        ("2026-02", 1, 0),
        ("2026-03", 1, 1),
    ]


def test_months_of_a_span_are_cut_to_its_days():
    period = periods.Period(date(2026, 3, 10), date(2026, 4, 10))
    assert [str(row.of) for row in of(period).months()] == [
        "từ 10/03/2026 đến 31/03/2026",
        "từ 01/04/2026 đến 10/04/2026",
    ]


def random_life(dice):
    """Any order of days in the first half of a year: received, asked, answered, promised anew, over or not."""
    day = date(2026, 1, 1) + timedelta(dice.randrange(150))
    text = [f"{day + timedelta(n):%m-%d}" for n in sorted(dice.sample(range(40), 5))]
    received, asked, back, later, over = text
    due = f"{day + timedelta(dice.randrange(41)):%m-%d}"
    fate = dice.choice(["done", "withdrawn", "stopped", "open"])
    said = {"done": {"done": over}, "open": {}}.get(fate, {"ended": over, "end": fate})
    dossier = lived(received, due=due, channel=dice.choice(Dossier.Channel.values), **said)
    if dice.random() < 0.5:
        ask(dossier, asked, back if dice.random() < 0.6 or said else None)
    if dice.random() < 0.3:
        moved = at(f"2026-{over} 17:00") + timedelta(3)
        Promise.objects.create(dossier=dossier, number=2, promised_at=moved, made_at=at(f"2026-{later} 09:00"))


PARTS = {
    "received": [
        ("carried", "new"),
        ("settled", "withdrawn", "stopped", "in_work", "paused"),
        ("closed", "in_work", "held"),
    ],
    "new": [("online", "counter", "post"), ("here", "national", "counter", "post")],
    "settled": [("early", "on_time", "late"), ("kept", "late")],
    "closed": [("closed_early", "closed_on_time", "closed_late"), ("settled", "withdrawn")],
    "in_work": [("in_work_in_time", "in_work_late")],
    "paused": [("paused_in_time", "paused_late")],
    "held": [("held_in_time", "held_late"), ("paused", "stopped")],
}  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_totals_add_up_whatever_happened(seed):
    dice = random.Random(seed)
    for _n in range(40):
        random_life(dice)
    months = [of(periods.of(f"2026-{month:02}")).total.counts for month in range(1, 8)]
    for found in (*months, of(periods.of("2026")).total.counts):
        for whole, ways in PARTS.items():
            assert [sum(found[part] for part in parts) for parts in ways] == [found[whole]] * len(ways)
    for before, after in zip(months, months[1:], strict=False):
        assert after["carried"] == before["in_work"] + before["paused"]


def test_the_record_of_dossiers_that_went_through_the_counter(make_dossier):
    people = factories.make_people()
    for to in ("received", "in_review", "result_ready", "archived"):
        factories.advance(make_dossier(), to, people=people)
    now = at("2026-03-04 09:00")
    assert counts(now=now) == {
        "received": 4, "new": 4, "online": 4, "here": 4, "in_work": 2, "in_work_in_time": 2, "settled": 2,
        "early": 2, "kept": 2, "kept_first": 2, "closed": 2, "closed_early": 2,
    }  # fmt: skip


def test_a_result_mended_later_counts_in_the_period_of_the_mending():
    old = lived("02-02", due="02-16", done="02-12")
    for day, kind in (("03-05", "correct"), ("03-20", "correct"), ("04-02", "revoke")):
        mended(old, day, kind)
    assert (counts(), counts(APRIL)) == ({"corrected": 1}, {"revoked": 1})
    assert counts(periods.of("2026-02"), of_marks="settled corrected revoked") == {
        "settled": 1, "corrected": 0, "revoked": 0,
    }  # fmt: skip


def test_a_result_given_and_mended_in_one_period_counts_as_both():
    mended(lived(done="03-13"), "03-20", "revoke")
    assert counts(of_marks="received settled early revoked corrected") == {
        "received": 1, "settled": 1, "early": 1, "revoked": 1, "corrected": 0,
    }  # fmt: skip


def test_a_draft_that_nobody_has_signed_mends_nothing():
    row = mended(lived("02-02", due="02-16", done="02-12"), "03-05")
    type(row).objects.update(signed_at=None)
    assert of().lives == []


def test_a_result_mended_later_lengthens_no_median_and_fills_no_month():
    for _time in range(2):
        mended(lived("02-02", due="02-16", done="02-12"), "03-05")
    lived(done="03-13")
    found = of()
    assert [life.days is None for life in found.lives].count(False) == 1
    assert [(row.counts["new"], row.counts["settled"]) for row in found.months()] == [(1, 1)]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_database_is_asked_as_often_for_many_dossiers(django_assert_num_queries, rows):
    for _n in range(rows):
        ask(lived(done="03-20"), "03-09", "03-16")
    with django_assert_num_queries(8):
        assert of().total.counts["settled"] == rows


# Plain dossiers, counted by the database -------------------------------------------------------------------------


def one_by_one(period):
    """The record of a period as it is when each dossier is told as its own life."""
    found = of(period)
    return replace(found, lives=found.read(Q()))


def all_of(found):
    tallies = [found.total, *found.months(), *found.by("channel", [(one, one, one) for one in Dossier.Channel.values])]
    return [(row.counts, row.rate, row.first_rate, row.spread, row.requests, row.requests_beyond) for row in tallies]


@pytest.mark.parametrize("seed", range(3))
def test_counted_alike_is_the_same_as_told_one_by_one(seed):
    dice = random.Random(seed)
    for _n in range(30):
        random_life(dice)
    for done in ("03-12", "03-12", "03-13", "2026-03-13 16:59", "2026-03-16 17:00", "2026-03-16 17:01", "03-17"):
        lived(done=done, channel=dice.choice(Dossier.Channel.values))
    mended(lived(done="03-13"), "04-02", "revoke")
    for period in (MARCH, APRIL, periods.of("2026"), periods.Period(date(2026, 3, 10), date(2026, 5, 5))):
        assert all_of(of(period)) == all_of(one_by_one(period))


def test_plain_dossiers_that_are_alike_stand_as_one_life():
    for done in ("2026-03-12 09:00", "2026-03-12 16:00", "03-13"):
        lived(done=done)
    ask(lived(done="03-12"), "03-04", "03-05")
    assert sorted((life.count, life.pk is None) for life in of().lives) == [(1, False), (1, True), (2, True)]


@pytest.mark.parametrize("mark", ["early", "on_time", "late"])
def test_a_life_that_stands_for_many_is_as_each_of_them(mark):
    """Received and settled on the same days, promised for different days."""
    done = {"early": "03-12", "on_time": "03-16", "late": "03-18"}[mark]
    dues = {"early": ("03-13", "03-20"), "on_time": ("03-16", "2026-03-16 11:00"), "late": ("03-03", "03-17")}[mark]
    for due in dues:
        lived(due=due, done=done)
    (life,) = of().lives
    assert (life.count, [name for name in ("early", "on_time", "late") if name in life.marks]) == (2, [mark])


def test_the_list_behind_a_figure_is_read_a_page_at_a_time():
    for day in ("03-02", "03-03", "02-10"):
        for _n in range(2):
            lived(day, done="03-12")
    ask(lived("02-27", done="03-20"), "03-09", "03-16")
    rows = record.Listed(of(), lambda life: "settled" in life.marks)
    assert [life.month % 12 + 1 for life in rows[0:99]] == [3, 3, 3, 3, 2, 2, 2]
    pages = [rows[start : start + 3] for start in (0, 3, 6)]
    assert [life.pk for page in pages for life in page] == [life.pk for life in rows[0:99]]
    assert (len(rows), rows[9:12]) == (7, [])


@pytest.mark.parametrize("chunk", [1, 2, 3, 500])
def test_a_page_of_a_large_month_is_read_some_at_a_time(chunk):
    for day in ("03-02", "03-03", "02-10"):
        for n in range(3):
            lived(day, due="03-16", done=f"03-{10 + n}")
            lived(day)
    found = of()
    whole = record.Listed(found, lambda life: "settled" in life.marks)[0:99]
    rows = record.Listed(found, lambda life: "settled" in life.marks, chunk=chunk)
    assert [life.pk for start in (0, 2, 4, 6, 8) for life in rows[start : start + 2]] == [life.pk for life in whole]


def test_lives_that_are_told_alike_are_one_life():
    for done in ("03-11", "03-11", "03-12"):
        ask(lived(done=done), "03-04", "03-05")
    lived("02-02", due="02-16")
    found, at_once = of(), told()
    assert [sorted(life.count for life in record_.lives) for record_ in (found, at_once)] == [[1] * 4, [1, 1, 2]]
    assert (at_once.total.counts, at_once.total.spread) == (found.total.counts, found.total.spread)
    assert (at_once.total.requests, len(at_once.months())) == (3, len(found.months()))
    assert [row.counts for row in at_once.months()] == [row.counts for row in found.months()]


def test_the_record_is_counted_anew_in_the_next_quarter_of_an_hour(django_assert_num_queries):
    lived(done="03-11")
    first = told()
    lived(done="03-12")
    with django_assert_num_queries(0):
        again = told(now=NOW + timedelta(minutes=4))
    assert (again.until, again.total.counts) == (first.until, first.total.counts)
    assert told(now=NOW + timedelta(minutes=15)).total.counts["settled"] == 2


# The progress table ---------------------------------------------------------------------------------------------


def test_progress_table_by_field_and_by_division():
    division = factories.make_division()
    lived(done="03-04", division=division)
    lived()
    found = of()
    by_field = [(row.of.code, row.counts["received"]) for row in record_sheet.rows(found, "field")]
    by_division = [(str(row.of), row.counts["received"]) for row in record_sheet.rows(found, "division")]
    assert (by_field, by_division) == (
        [("dau-tu", 2)],
        [("Phòng Quản lý đầu tư", 1), ("Chưa phân phòng", 1)],
    )
