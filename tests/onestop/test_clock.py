"""The statutory clock: every published vector, a brute-force second opinion, and the edges between them."""

import json
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from izportal.workdays import LOCAL_TIME, Calendar
from onestop import clock
from onestop.clock import ClockRefused, Limit, Pause, deadline

DATA = json.loads((Path(__file__).parents[1] / "data" / "deadlines.json").read_text(encoding="utf-8"))
CALENDAR = Calendar.from_file()
VECTORS = {vector["id"]: vector for vector in DATA["vectors"]}
# What a vector says in words only: the most days after the revised dossier.
CAPS = {"V20": Limit(10, "day")}


def at(text):
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=LOCAL_TIME)


def pause(since, until=None):
    return Pause(at(since), until and at(until))


def due(received, value, unit="working_day", mode="none", pauses=(), **more):
    pauses = [pause(*ends) for ends in pauses]
    return reckon(at(received), Limit(value, unit), mode=mode, pauses=pauses, **more).due_at


def reckon(received_at, limit, **more):
    return deadline(received_at=received_at, limit=limit, calendar=CALENDAR, **more)


def of_vector(vector, **changes):
    facts = {
        "received_at": at(vector["clock_start"]),
        "limit": Limit(vector["limit"]["value"], vector["limit"]["unit"]),
        "mode": vector["mode"],
        "pauses": [pause(row["from"], row["to"]) for row in vector["pauses"]],
        "calendar": CALENDAR,
        "cap": CAPS.get(vector["id"]),
    }
    return deadline(**{**facts, **changes})


# Published vectors


@pytest.mark.parametrize("name", VECTORS)
def test_vector_is_due_as_published(name):
    assert of_vector(VECTORS[name]).due_at == at(VECTORS[name]["due_at"])


@pytest.mark.parametrize("name", VECTORS)
def test_vector_explains_every_day_up_to_the_due_one(name):
    result = of_vector(VECTORS[name])
    first = result.days[0].date

    assert [line.date for line in result.days] == [first + timedelta(n) for n in range(len(result.days))]
    assert [line.date for line in result.days if line.is_due] == [result.due_at.date()]
    assert first == at(VECTORS[name]["received_at"]).date()
    assert [line.date for line in result.days if not line.reason] == []


INTERMEDIATE = {
    ("V12", "transfer_by"): lambda v: clock.transfer_by(at(v["received_at"]), time(15), CALENDAR),
    ("V14", "reply_by"): lambda v: clock.reply_by(at(v["submitted_at"]), 8, CALENDAR),
    ("V18", "supplement_notice_by"): lambda v: clock.supplement_notice_by(at(v["received_at"]), Limit(3), CALENDAR),
    ("V20", "without_cap"): lambda v: of_vector(v, cap=None).due_at,
    ("V20", "applicant_deadline"): lambda v: clock.applicant_deadline(at(v["pauses"][0]["from"]), 12, CALENDAR),
    ("V21", "supplement_notice_by"): lambda v: clock.supplement_notice_by(
        at(v["received_at"]), Limit(7, "day"), CALENDAR
    ),
    ("V21", "stop_if_no_answer_after"): lambda v: clock.stop_if_no_answer_after(
        at(v["pauses"][0]["from"]), Limit(20, "day"), CALENDAR
    ),
    ("V23", "apology_by"): lambda v: clock.apology_by(at(v["due_at"]), CALENDAR),
    ("V23", "extended_due"): lambda v: extended(),
    ("V24", "check_by"): lambda v: clock.supplement_notice_by(at(v["received_at"]), Limit(3), CALENDAR),
}


def extended(extensions=0, to=date(2026, 10, 22), at_="2026-10-16T10:00", **more):
    due_at = at("2026-10-19T17:00")
    return clock.extended_due(due_at=due_at, to=to, at=at(at_), calendar=CALENDAR, extensions=extensions, **more)


def test_every_intermediate_value_is_checked():
    published = {(v["id"], key) for v in DATA["vectors"] for key in v["intermediate"]}

    assert published - {("V23", "second_extension")} == set(INTERMEDIATE)


@pytest.mark.parametrize(("name", "key"), INTERMEDIATE)
def test_vector_intermediate_value(name, key):
    value = INTERMEDIATE[name, key](VECTORS[name])
    published = VECTORS[name]["intermediate"][key]

    assert value == (at(published) if isinstance(value, datetime) else date.fromisoformat(published))


@pytest.mark.parametrize("vector", DATA["classification_vectors"], ids=lambda vector: vector["id"])
def test_classification_vector(vector):
    assert clock.OUTCOMES[clock.outcome(at(vector["due_at"]), at(vector["finished_at"]))] == vector["expected"]


@pytest.mark.parametrize(("name", "earliest"), [("F1", 60), ("F2", 45)])
def test_filing_window_vector(name, earliest):
    vector = next(row for row in DATA["filing_window_vectors"] if row["id"] == name)
    window = clock.filing_window(date.fromisoformat(vector["event_date"]), earliest, 10)

    assert {"open": str(window.opens), "close": str(window.closes)} == vector["expected"]
    assert (window.includes(window.closes), window.includes(window.closes + timedelta(1))) == (True, False)


# A second opinion, counted day by day from the published calendar alone


OFF = {date.fromisoformat(row["date"]) for row in DATA["calendar"]["holidays"]}
WORKED = {date.fromisoformat(row["date"]) for row in DATA["calendar"]["worked_weekend_days"]}


def is_worked(day):
    return day in WORKED or (day.weekday() < 5 and day not in OFF)


def in_a_pause(day, pauses):
    return any(one.since.date() < day <= one.until.date() for one in pauses)


def counted_by_hand(received_at, limit, pauses=()):
    """The n-th day that is neither the day of receipt nor the applicant's; None if a notice came on or after it."""
    day, number = received_at.date(), 0
    while number < limit.value:
        day += timedelta(1)
        number += not in_a_pause(day, pauses) and (limit.unit == "day" or is_worked(day))
    if any(one.since.date() >= day for one in pauses):
        return None
    while not is_worked(day):
        day += timedelta(1)
    return datetime.combine(day, time(17), tzinfo=LOCAL_TIME)


moments = st.integers(0, 790 * 24 * 60).map(lambda minutes: at("2024-01-01") + timedelta(minutes=minutes))
whole_limits = st.builds(Limit, st.integers(1, 60), st.sampled_from(["working_day", "day"]))
halves = st.integers(1, 60).map(lambda number: Decimal(number) / 2)
half_limits = st.builds(Limit, halves, st.sampled_from(["working_day", "working_hour"]))
limits = st.one_of(whole_limits, half_limits)
gaps = st.lists(st.tuples(st.integers(0, 20 * 24), st.integers(0, 30 * 24)), min_size=1, max_size=3)


def pauses_after(received_at, hours):
    found, moment = [], received_at
    for run, wait in hours:
        since = moment + timedelta(hours=run)
        moment = since + timedelta(hours=wait)
        found.append(Pause(since, moment))
    return found


@given(moments, whole_limits)
def test_plain_limit_agrees_with_counting_by_hand(received_at, limit):
    assert reckon(received_at, limit).due_at == counted_by_hand(received_at, limit)


@given(moments, whole_limits, gaps)
def test_suspended_limit_agrees_with_counting_by_hand(received_at, limit, hours):
    pauses = pauses_after(received_at, hours)
    by_hand = counted_by_hand(received_at, limit, pauses)

    if by_hand is not None:
        assert reckon(received_at, limit, mode="suspend", pauses=pauses).due_at == by_hand


@given(moments, limits, gaps)
def test_restarted_limit_is_the_plain_one_from_the_last_full_dossier(received_at, limit, hours):
    pauses = pauses_after(received_at, hours)

    assert reckon(received_at, limit, mode="restart", pauses=pauses).due_at == reckon(pauses[-1].until, limit).due_at


@given(moments, st.integers(0, 60 * 24 * 10), limits)
def test_later_receipt_is_never_due_earlier(received_at, minutes, limit):
    later = received_at + timedelta(minutes=minutes)

    assert reckon(received_at, limit).due_at <= reckon(later, limit).due_at


@given(moments, st.integers(1, 60), st.integers(0, 20), st.sampled_from(clock.UNITS))
def test_longer_limit_is_never_due_earlier(received_at, value, more, unit):
    assert reckon(received_at, Limit(value, unit)).due_at <= reckon(received_at, Limit(value + more, unit)).due_at


@given(moments, limits, gaps, st.sampled_from(["suspend", "restart"]))
def test_due_moment_is_always_in_office_hours(received_at, limit, hours, mode):
    assert CALENDAR.is_open(reckon(received_at, limit, mode=mode, pauses=pauses_after(received_at, hours)).due_at)


@given(moments, limits, st.integers(0, 20 * 24))
def test_suspension_of_no_length_changes_nothing(received_at, limit, hours):
    since = received_at + timedelta(hours=hours)
    plain = reckon(received_at, limit)

    if since < plain.due_at:
        assert reckon(received_at, limit, mode="suspend", pauses=[Pause(since, since)]).due_at == plain.due_at


@given(moments, limits, st.integers(0, 20 * 24), st.integers(0, 999), st.integers(0, 999))
def test_longer_suspension_is_never_due_earlier(received_at, limit, hours, wait, more):
    since = received_at + timedelta(hours=hours)
    shorter = [Pause(since, since + timedelta(hours=wait))]
    longer = [Pause(since, since + timedelta(hours=wait + more))]
    suspended = [reckon(received_at, limit, mode="suspend", pauses=pauses).due_at for pauses in (shorter, longer)]

    assert suspended == sorted(suspended)


@given(moments, whole_limits, gaps)
def test_counted_lines_add_up_to_the_limit(received_at, limit, hours):
    result = reckon(received_at, limit, mode="suspend", pauses=pauses_after(received_at, hours))

    assert [line.number for line in result.days if line.counted] == list(range(1, int(limit.value) + 1))


@given(moments, st.integers(1, 60), gaps)
def test_counted_hours_add_up_to_the_limit(received_at, hours, waits):
    pauses = pauses_after(received_at, waits)
    result = reckon(received_at, Limit(hours, "working_hour"), mode="suspend", pauses=pauses)

    assert abs(sum(line.hours for line in result.days if line.counted) - hours) < Decimal("1e-6")


@given(moments, limits, gaps, st.sampled_from(["suspend", "restart", "two_phase_suspend"]), st.booleans(),
       st.integers(0, 90 * 24))  # fmt: skip
def test_days_used_are_those_that_the_ruler_draws(received_at, limit, hours, mode, is_open, later):
    *past, last = pauses_after(received_at, hours)
    pauses = [*past, Pause(last.since) if is_open else last]
    second = {"second_limit": Limit(15)} if mode == "two_phase_suspend" else {}
    found, at = reckon(received_at, limit, mode=mode, pauses=pauses, **second), received_at + timedelta(hours=later)

    assert clock.days_used(found, at) == clock.ruler(found, at, soon=3).done


# Days


@pytest.mark.parametrize(
    ("received", "value", "unit", "expected"),
    [
        ("2026-03-14T09:00", 3, "working_day", "2026-03-18T17:00"),  # received on a Saturday
        ("2026-02-17T09:00", 1, "working_day", "2026-02-23T17:00"),  # received during Tết
        ("2026-02-23T18:30", 1, "working_day", "2026-02-24T17:00"),  # received after hours: still that day
        ("2026-02-23T00:00", 1, "working_day", "2026-02-24T17:00"),
        ("2026-08-20T09:00", 3, "working_day", "2026-08-24T17:00"),  # over the make-up Saturday
        ("2026-08-28T09:00", 1, "working_day", "2026-09-03T17:00"),  # swap and National Day
        ("2025-04-24T09:00", 5, "working_day", "2025-05-05T17:00"),  # make-up Saturday, 30/4 – 2/5
        ("2026-02-06T09:00", 10, "day", "2026-02-23T17:00"),  # ends on Tết eve
        ("2026-08-12T09:00", 10, "day", "2026-08-22T17:00"),  # ends on a make-up Saturday
        ("2026-11-14T09:00", 10, "day", "2026-11-25T17:00"),  # ends on the Culture Day
        ("2026-04-11T09:00", 15, "day", "2026-04-28T17:00"),  # Sunday holiday and its day in lieu
        ("2024-02-28T09:00", 1, "day", "2024-02-29T17:00"),
    ],
)
def test_limit_in_days(received, value, unit, expected):
    assert due(received, value, unit) == at(expected)


@pytest.mark.parametrize(
    ("received", "value", "unit", "expected"),
    [
        ("2026-03-11T15:00", "0.5", "working_day", "2026-03-12T10:00"),
        ("2026-03-11T15:00", "0,5", "working_day", "2026-03-12T10:00"),
        ("2026-03-11T08:00", "0.5", "working_day", "2026-03-11T12:00"),
        ("2026-03-11T15:00", "1.5", "working_day", "2026-03-13T10:00"),
        ("2026-03-12T15:00", "2.5", "working_day", "2026-03-17T10:00"),
        ("2026-02-13T15:00", "0.5", "working_day", "2026-02-23T10:00"),
        ("2026-03-11T15:00", "2.0", "working_day", "2026-03-13T17:00"),
        ("2026-02-13T16:30", 8, "working_hour", "2026-02-23T16:30"),
        ("2026-02-17T10:00", 8, "working_hour", "2026-02-23T17:00"),
        ("2026-03-11T12:15", "1.5", "working_hour", "2026-03-11T14:30"),
        ("2026-01-09T16:00", 4, "working_hour", "2026-01-10T11:00"),
    ],
)
def test_limit_in_hours_and_halves(received, value, unit, expected):
    assert due(received, value, unit) == at(expected)


def test_moments_of_any_zone_are_read_on_the_office_clock():
    received = datetime.fromisoformat("2026-03-02T18:00+00:00")  # 3 March 01:00 in Việt Nam
    result = reckon(received, Limit(3))

    assert result.due_at.isoformat() == "2026-03-06T17:00:00+07:00"


# Pauses


@pytest.mark.parametrize(
    ("pauses", "expected"),
    [
        ([("2026-06-03T15:00", "2026-06-08T09:00")], "2026-06-18T17:00"),
        ([("2026-06-03T15:00", "2026-06-03T16:00")], "2026-06-15T17:00"),  # same day: nothing lost
        ([("2026-06-01T10:00", "2026-06-05T09:00")], "2026-06-19T17:00"),  # asked on the day of receipt
        ([("2026-06-06T09:00", "2026-06-09T09:00")], "2026-06-17T17:00"),  # asked on a Saturday
        ([("2026-06-05T09:00", "2026-06-07T09:00")], "2026-06-15T17:00"),  # back on a Sunday
        ([("2026-06-03T15:00", "2026-06-05T09:00"), ("2026-06-09T09:00", "2026-06-11T09:00")], "2026-06-19T17:00"),
        ([("2026-06-09T09:00", "2026-06-11T09:00"), ("2026-06-03T15:00", "2026-06-05T09:00")], "2026-06-19T17:00"),
        ([("2026-06-03T15:00", "2026-06-05T09:00"), ("2026-06-05T09:00", "2026-06-09T09:00")], "2026-06-19T17:00"),
    ],
)
def test_suspend_leaves_out_the_applicants_days(pauses, expected):
    assert due("2026-06-01T09:00", 10, mode="suspend", pauses=pauses) == at(expected)


@pytest.mark.parametrize(
    ("received", "value", "ends", "expected"),
    [
        ("2026-03-06T09:00", 15, ("2026-03-10T09:00", "2026-03-16T09:00"), "2026-03-27T17:00"),
        ("2026-03-06T09:00", 15, ("2026-03-10T09:00", "2026-03-17T09:00"), "2026-03-30T17:00"),  # ends on a Saturday
        ("2026-02-06T09:00", 15, ("2026-02-12T09:00", "2026-02-14T09:00"), "2026-02-23T17:00"),
        ("2026-02-02T09:00", 15, ("2026-02-10T09:00", "2026-02-24T09:00"), "2026-03-03T17:00"),  # across Tết
    ],
)
def test_suspend_of_a_limit_in_calendar_days(received, value, ends, expected):
    assert due(received, value, "day", "suspend", [ends]) == at(expected)


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        (("2026-03-10T15:00", "2026-03-12T14:00"), "2026-03-12T17:00"),
        (("2026-03-10T15:00", "2026-03-14T09:00"), "2026-03-16T11:00"),
        (("2026-03-10T15:00", "2026-03-10T16:30"), "2026-03-11T10:30"),
        (("2026-03-10T18:00", "2026-03-11T07:00"), "2026-03-11T09:00"),
    ],
)
def test_suspend_of_a_limit_in_hours_resumes_at_the_moment(ends, expected):
    assert due("2026-03-10T14:00", 4, "working_hour", "suspend", [ends]) == at(expected)


def test_hours_lines_account_for_a_pause_within_and_between_days():
    pauses = [pause("2026-03-10T15:00", "2026-03-10T16:30"), pause("2026-03-11T09:00", "2026-03-13T18:00")]
    result = reckon(at("2026-03-10T14:00"), Limit(4, "working_hour"), mode="suspend", pauses=pauses)

    assert [(line.date.day, line.kind, line.hours) for line in result.days] == [
        (10, "hours", Decimal("1.5")),
        (11, "hours", 1),
        (12, "paused", None),
        (13, "outside", None),
        (14, "weekend", None),
        (15, "weekend", None),
        (16, "hours", Decimal("1.5")),
    ]


def test_suspend_across_tet():
    pauses = [("2026-02-11T10:00", "2026-02-24T10:00")]

    assert due("2026-02-09T09:00", 5, mode="suspend", pauses=pauses) == at("2026-02-27T17:00")


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        ("2026-06-10T09:00", "2026-06-10T17:00"),
        ("2026-06-10T18:00", "2026-06-11T17:00"),
        ("2026-06-13T09:00", "2026-06-15T17:00"),
    ],
)
def test_notice_on_the_last_day_leaves_the_day_of_return(until, expected):
    pauses = [("2026-06-04T10:00", until)]

    assert due("2026-06-01T09:00", 3, mode="suspend", pauses=pauses) == at(expected)


@pytest.mark.parametrize("until", ["2026-06-20T09:00", None])
def test_notice_after_the_due_moment_does_not_rescue_a_late_dossier(until):
    pauses = [("2026-06-04T17:30", until)]

    assert due("2026-06-01T09:00", 3, mode="suspend", pauses=pauses) == at("2026-06-04T17:00")


def test_cap_holds_after_each_full_dossier():
    pauses = [("2026-07-13T15:00", "2026-08-10T09:00"), ("2026-08-14T09:00", "2026-08-20T09:00")]
    result = due("2026-07-01T09:00", 30, "day", "suspend", pauses, cap=Limit(10, "day"))

    assert result == at("2026-09-03T17:00")  # 30/8 is a Sunday, 31/8 – 2/9 are off


def test_cap_longer_than_the_remainder_changes_nothing():
    pauses = [("2026-07-13T15:00", "2026-08-10T09:00")]

    assert due("2026-07-01T09:00", 30, "day", "suspend", pauses, cap=Limit(20, "day")) == at("2026-08-28T17:00")


def test_cap_without_a_supplement_changes_nothing():
    assert due("2026-07-01T09:00", 30, "day", "suspend", cap=Limit(10, "day")) == at("2026-07-31T17:00")


def test_deadline_says_when_the_cap_decided():
    capped = of_vector(VECTORS["V20"])

    assert (capped.is_capped, of_vector(VECTORS["V20"], cap=None).is_capped) == (True, False)


def test_restart_counts_anew_from_the_last_full_dossier():
    pauses = [("2026-06-03T15:00", "2026-06-08T09:00"), ("2026-06-10T15:00", "2026-06-12T09:00")]

    assert due("2026-06-01T09:00", 10, mode="restart", pauses=pauses) == at("2026-06-26T17:00")


def test_restart_voids_the_days_before():
    result = of_vector(VECTORS["V18"])

    assert [line.kind for line in result.days[:8]] == [
        "received", "void", "void", "paused", "paused", "paused", "paused", "resumed",
    ]  # fmt: skip
    assert [line.number for line in result.days if line.counted] == list(range(1, 11))


def test_two_phases_without_a_gap_is_the_appraisal():
    second = Limit(15, "day")

    assert due("2026-03-02T09:00", 20, "day", "two_phase_suspend", second_limit=second) == at("2026-03-23T17:00")


@pytest.mark.parametrize("since", ["2026-03-18T10:00", "2026-03-20T10:00", "2026-03-30T10:00"])
def test_two_phases_count_the_approval_from_the_resubmission(since):
    pauses = [(since, "2026-06-01T09:00")]
    result = due("2026-03-02T09:00", 20, "day", "two_phase_suspend", pauses, second_limit=Limit(15, "day"))

    assert result == at("2026-06-16T17:00")


def test_two_phases_earlier_pause_suspends_the_appraisal():
    pauses = [pause("2026-03-06T09:00", "2026-03-16T09:00"), pause("2026-03-20T09:00", "2026-06-01T09:00")]
    result = reckon(
        at("2026-03-02T09:00"),
        Limit(20, "day"),
        mode="two_phase_suspend",
        pauses=pauses,
        second_limit=Limit(15, "day"),
    )

    assert [line.number for line in result.days if line.counted and line.phase == 1] == list(range(1, 9))
    assert [line.number for line in result.days if line.counted and line.phase == 2] == list(range(1, 16))
    assert result.clock_start == at("2026-06-01T09:00")


def test_late_appraisal_shows_its_overrun():
    result = reckon(
        at("2026-03-02T09:00"),
        Limit(3),
        mode="two_phase_suspend",
        pauses=[pause("2026-03-09T09:00", "2026-03-11T09:00")],
        second_limit=Limit(2),
    )

    assert [line.kind for line in result.days] == [
        "received", "working", "working", "working", "overrun", "weekend", "weekend", "overrun",
        "paused", "resumed", "working", "working",
    ]  # fmt: skip


# An open pause


def test_open_pause_has_no_due_moment():
    result = reckon(at("2026-06-01T09:00"), Limit(10), mode="suspend", pauses=[pause("2026-06-03T15:00")])

    assert (result.due_at, result.is_paused, result.paused_since) == (None, True, at("2026-06-03T15:00"))
    assert [line.kind for line in result.days] == ["received", "working", "working", "paused"]


@pytest.mark.parametrize("mode", ["restart", "suspend", "sector_appraisal", "two_phase_suspend"])
def test_open_pause_projects_the_date_of_a_return(mode):
    facts = {"limit": Limit(10), "mode": mode, "second_limit": Limit(5) if mode == "two_phase_suspend" else None}
    still_open = reckon(at("2026-06-01T09:00"), pauses=[pause("2026-06-03T15:00")], **facts)
    closed = reckon(at("2026-06-01T09:00"), pauses=[pause("2026-06-03T15:00", "2026-06-08T09:00")], **facts)

    assert still_open.due_at is None
    assert still_open.if_completed(at("2026-06-08T09:00")).due_at == closed.due_at


# What is refused


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"pauses": [("2026-06-04T09:00", "2026-06-03T09:00")]}, "nộp bổ sung không được trước"),
        ({"pauses": [("2026-05-04T09:00", "2026-06-03T09:00")]}, "không được trước thời điểm tiếp nhận"),
        ({"pauses": [("2026-06-03T09:00", "2026-06-08T09:00"), ("2026-06-05T09:00", None)]}, "chồng lên nhau"),
        ({"pauses": [("2026-06-03T09:00", None), ("2026-06-05T09:00", None)]}, "chồng lên nhau"),
        ({"mode": "none", "pauses": [("2026-06-03T09:00", None)]}, "Cần nêu cơ chế"),
        ({"mode": "paused"}, "Cơ chế tính thời hạn “paused” không hợp lệ"),
        ({"second_limit": Limit(5)}, "chỉ dùng cho cơ chế hai giai đoạn"),
        ({"mode": "two_phase_suspend", "pauses": [("2026-06-03T09:00", "2026-06-04T09:00")]}, "cần thời hạn"),
        (
            {
                "mode": "sector_appraisal",
                "pauses": [("2026-06-03T09:00", "2026-06-04T09:00"), ("2026-06-05T09:00", None)],
            },
            "chỉ được tạm dừng một lần",
        ),
    ],
)
def test_contradicting_facts_are_refused(changes, sentence):
    facts = {"received": "2026-06-01T09:00", "value": 10, "mode": "suspend", **changes}

    with pytest.raises(ClockRefused, match=sentence):
        due(**facts)


@pytest.mark.parametrize("year", [1, 1975, 2200, 9999])
def test_moment_far_outside_is_refused(year):
    with pytest.raises(ClockRefused, match="1976–2199"):
        reckon(datetime(year, 1, 1, 9, tzinfo=LOCAL_TIME), Limit(3))


@pytest.mark.parametrize(
    ("value", "unit"),
    [
        (0, "day"),
        (-3, "working_day"),
        ("x", "day"),
        ("nan", "day"),
        ("inf", "day"),
        (3, "week"),
        ("0.5", "day"),
        (10**9, "day"),
    ],
)
def test_impossible_limit_is_refused(value, unit):
    with pytest.raises(ClockRefused):
        Limit(value, unit)


def test_limit_reads_as_text():
    texts = [str(Limit(*args)) for args in [(3,), ("1.5",), (30, "day"), (8, "working_hour")]]

    assert texts == ["3 ngày làm việc", "1,5 ngày làm việc", "30 ngày", "8 giờ làm việc"]


# Announced or not


@pytest.mark.parametrize(
    ("received", "value", "announced"),
    [("2026-12-28T09:00", 3, True), ("2026-12-28T09:00", 4, False), ("2027-03-01T09:00", 3, False)],
)
def test_deadline_says_when_the_calendar_is_not_announced(received, value, announced):
    result = reckon(at(received), Limit(value))

    assert (result.announced, result.note) == (announced, "" if announced else "lịch chưa công bố")


@pytest.mark.parametrize(
    ("received", "value", "expected"),
    [
        ("2027-04-15T09:00", 1, "2027-04-19T17:00"),
        ("2027-04-29T09:00", 1, "2027-05-04T17:00"),
        ("2027-11-23T09:00", 1, "2027-11-25T17:00"),
        ("2026-12-31T09:00", 1, "2027-01-04T17:00"),
    ],
)
def test_unannounced_year_counts_with_the_fixed_holidays(received, value, expected):
    assert due(received, value) == at(expected)


def test_long_limit_in_a_far_year_is_quick():
    assert due("2100-03-03T09:15", 10000) == at("2138-07-10T17:00")


# Dates derived from a rule


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        ("2026-03-11T14:59", "2026-03-11T17:00"),
        ("2026-03-11T15:00", "2026-03-11T17:00"),
        ("2026-03-11T15:01", "2026-03-12T08:00"),
        ("2026-03-13T16:00", "2026-03-16T08:00"),
        ("2026-03-14T09:00", "2026-03-16T08:00"),
        ("2026-02-13T15:30", "2026-02-23T08:00"),
    ],
)
def test_transfer_by_moves_after_the_cutoff(received, expected):
    assert clock.transfer_by(at(received), time(15), CALENDAR) == at(expected)


@pytest.mark.parametrize(
    ("due_at", "expected"),
    [
        ("2026-03-06T17:00", "2026-03-05T17:00"),
        ("2026-03-09T17:00", "2026-03-06T17:00"),
        ("2026-02-23T17:00", "2026-02-13T17:00"),
    ],
)
def test_apology_goes_out_the_day_before_or_the_last_working_day(due_at, expected):
    assert clock.apology_by(at(due_at), CALENDAR) == at(expected)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"extensions": 1}, "chỉ được gia hạn 1 lần"),
        ({"at_": "2026-10-19T17:01"}, "đã quá hạn"),
        ({"to": date(2026, 10, 19)}, "sau ngày hẹn cũ 19/10/2026"),
    ],
)
def test_extension_is_refused(changes, sentence):
    with pytest.raises(ClockRefused, match=sentence):
        extended(**changes)


def test_extension_to_a_day_off_moves_to_the_next_working_day():
    assert extended(to=date(2026, 10, 24)) == at("2026-10-26T17:00")


def test_months_end_on_the_last_day_of_a_shorter_month():
    assert clock.applicant_deadline(at("2026-08-31T09:00"), 6, CALENDAR) == date(2027, 3, 1)  # 28/2 is a Sunday


def test_filing_window_in_the_wrong_order_is_refused():
    with pytest.raises(ClockRefused, match="Khoảng nộp hồ sơ"):
        clock.filing_window(date(2026, 12, 1), 10, 60)


def test_outcome_on_the_due_moment_is_on_time():
    assert clock.outcome(at("2026-03-06T17:00"), at("2026-03-06T17:00")) == "on_time"
    assert clock.outcome(at("2026-03-06T17:00"), at("2026-03-06T17:01")) == "late"


# Standing and ruler


@pytest.mark.parametrize(
    ("now", "state", "days", "text"),
    [
        ("2026-03-03T09:00", "running", 6, "Còn 6 ngày làm việc"),
        ("2026-03-06T09:00", "soon", 3, "Còn 3 ngày làm việc"),
        ("2026-03-07T09:00", "soon", 3, "Còn 3 ngày làm việc"),
        ("2026-03-11T09:00", "today", 0, "Hạn hôm nay"),
        ("2026-03-11T17:30", "late", 0, "Quá hạn"),
        ("2026-03-16T09:00", "late", 3, "Quá hạn 3 ngày làm việc"),
    ],
)
def test_standing_counts_working_days(now, state, days, text):
    result = clock.standing(due_at=at("2026-03-11T17:00"), at=at(now), calendar=CALENDAR, soon=3)

    assert (result.state, result.days, result.text) == (state, days, text)


def states(ruler):
    return [[cell.css for cell in week.cells] for week in ruler.weeks]


def test_ruler_shows_a_paused_dossier_as_drawn():
    result = reckon(at("2026-10-01T15:40"), Limit(15), mode="suspend", pauses=[pause("2026-10-14T16:05")])
    ruler = clock.ruler(result, at("2026-10-16T09:00"), soon=3)

    assert (ruler.done, ruler.held, ruler.left, ruler.due_at) == (9, 2, 6, at("2026-10-26T17:00"))
    assert ruler.is_projected is True
    assert states(ruler) == [
        ["is-out", "is-out", "is-out", "is-start", "is-done"],
        ["is-done"] * 5,
        ["is-done", "is-done", "is-done", "is-hold", "is-hold is-today"],
        ["is-left"] * 5,
        ["is-due", "is-out", "is-out", "is-out", "is-out"],
    ]


@pytest.mark.parametrize(
    ("now", "css"),
    [
        ("2026-03-03T09:00", "is-due is-soon"),
        ("2026-03-06T09:00", "is-due is-soon is-today"),
        ("2026-03-09T09:00", "is-due is-late"),
    ],
)
def test_ruler_marks_the_due_day(now, css):
    ruler = clock.ruler(of_vector(VECTORS["V01"]), at(now), soon=3)

    assert ruler.weeks[-1].cells[4].css == css


def test_ruler_gives_a_make_up_saturday_its_square_and_leaves_holidays_out():
    ruler = clock.ruler(reckon(at("2026-08-20T09:00"), Limit(9)), at("2026-08-21T09:00"), soon=3)

    assert [len(week.cells) for week in ruler.weeks] == [6, 5, 5]
    assert states(ruler)[2] == ["is-out", "is-out", "is-out", "is-left", "is-due"]


def test_ruler_of_a_restarted_limit_starts_at_the_full_dossier():
    ruler = clock.ruler(of_vector(VECTORS["V18"]), at("2026-06-10T09:00"), soon=3)

    assert states(ruler)[0] == ["is-start", "is-done", "is-done is-today", "is-left", "is-left"]
    assert (ruler.done, ruler.left, ruler.held) == (2, 8, 0)


def test_ruler_goes_on_to_a_date_promised_beyond_the_limit():
    ruler = clock.ruler(of_vector(VECTORS["V01"]), at("2026-03-05T09:00"), soon=3)
    later = clock.ruler(
        of_vector(VECTORS["V01"]), at("2026-03-05T09:00"), soon=3, promised=ruler.due_at + timedelta(7)
    )
    marks = {cell.day: cell.states for week in later.weeks for cell in week.cells}
    assert (later.first_due_at, later.due_at) == (ruler.due_at, ruler.due_at + timedelta(7))
    assert (marks[ruler.due_at.date()], marks[later.due_at.date()]) == (("left", "law"), ("due",))
    assert (later.done, later.left) == (ruler.done, ruler.left + 5)


@pytest.mark.parametrize("days", [None, -3, 0])
def test_ruler_keeps_to_the_limit_without_a_later_promise(days):
    plain = clock.ruler(of_vector(VECTORS["V01"]), at("2026-03-05T09:00"), soon=3)
    promised = None if days is None else plain.due_at + timedelta(days)
    assert clock.ruler(of_vector(VECTORS["V01"]), at("2026-03-05T09:00"), soon=3, promised=promised) == plain
