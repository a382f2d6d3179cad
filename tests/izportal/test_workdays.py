"""Working-time arithmetic: the announced calendar, the fixed holidays of other years, days and hours."""

import json
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from izportal.models import CalendarDay, Rule
from izportal.workdays import HOUR_RULES, LOCAL_TIME, OFFICE_HOURS, Calendar, hours_set

ANNOUNCED = json.loads((Path(__file__).parents[1] / "data" / "deadlines.json").read_text(encoding="utf-8"))["calendar"]
CALENDAR = Calendar.from_file()

days = st.dates(date(2024, 1, 1), date(2028, 12, 31))
lengths = st.integers(0, 60 * 60).map(lambda minutes: timedelta(minutes=minutes))


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL_TIME)


moments = st.integers(0, 5 * 365 * 24 * 60).map(lambda minutes: at("2024-01-01") + timedelta(minutes=minutes))


# The calendar


def test_every_day_of_the_announced_years_is_as_announced():
    off = {row["date"] for row in ANNOUNCED["holidays"]}
    worked = {row["date"] for row in ANNOUNCED["worked_weekend_days"]}
    span = [date(2024, 1, 1) + timedelta(n) for n in range((date(2027, 1, 1) - date(2024, 1, 1)).days)]

    wrong = [
        day
        for day in span
        if CALENDAR.is_working(day) != (str(day) in worked or day.weekday() < 5 and str(day) not in off)
    ]

    assert wrong == []


def test_file_names_every_day_in_both_languages_with_its_announcement():
    path = Path(__file__).parents[2] / "izportal" / "data" / "calendar.json"
    rows = json.loads(path.read_text(encoding="utf-8"))["days"]

    assert [row["day"] for row in rows if not (row["name_vi"] and row["name_en"] and row["announcement"])] == []
    assert {row["day"]: row["name_vi"] for row in rows if row["kind"] == "off"} == {
        row["date"]: row["name"] for row in ANNOUNCED["holidays"]
    }
    assert [row["day"] for row in rows] == sorted({row["day"] for row in rows})


def test_late_swap_of_january_2026_overrides_the_package():
    assert CALENDAR.is_working(date(2026, 1, 2)) is False
    assert CALENDAR.is_working(date(2026, 1, 10)) is True
    assert CALENDAR.reason(date(2026, 1, 10)) == "Làm bù ngày 2/1"


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        ("2026-03-03", ""),
        ("2026-03-07", "Thứ Bảy"),
        ("2026-03-08", "Chủ nhật"),
        ("2026-04-26", "Giỗ Tổ (Chủ nhật)"),
        ("2026-11-24", "Ngày Văn hóa Việt Nam"),
        ("2027-05-03", "Ngày Quốc tế Lao động (nghỉ bù)"),
    ],
)
def test_reason_names_the_day(day, reason):
    assert CALENDAR.reason(date.fromisoformat(day)) == reason


def test_reason_follows_the_readers_language():
    with translation.override("en"):
        assert CALENDAR.reason(date(2027, 4, 30)) == "Liberation Day/Reunification Day"
    assert Calendar.from_file(language="en").reason(date(2026, 9, 2)) == "National Day"


@pytest.mark.parametrize("day", ["2027-01-01", "2027-04-16", "2027-04-30", "2027-05-03", "2027-09-02", "2027-11-24"])
def test_unannounced_year_uses_the_fixed_holidays(day):
    day = date.fromisoformat(day)

    assert (CALENDAR.is_working(day), CALENDAR.is_announced(day)) == (False, False)


def test_unannounced_year_knows_tet_and_old_swaps():
    tet = [date(2027, 2, day) for day in (4, 5, 8, 9, 10)]

    assert [CALENDAR.is_working(day) for day in tet] == [False] * 5
    assert CALENDAR.kind(date(2019, 5, 4)) == "make_up"
    assert CALENDAR.kind(date(2019, 4, 29)) == "off"


def test_rows_override_the_fixed_holidays_of_an_unannounced_year():
    rows = [
        {"day": date(2027, 2, 4), "kind": "make_up", "name": "Làm việc"},
        {"day": date(2027, 2, 11), "kind": "off", "name": "Tết"},
    ]
    calendar = Calendar.from_rows(rows, announced_years=())

    assert calendar.is_working(date(2027, 2, 4)) is True
    assert calendar.is_working(date(2027, 2, 11)) is False
    assert calendar.is_working(date(2027, 2, 5)) is False


def test_announced_tet_replaces_the_computed_one_and_the_law_still_holds():
    tet = [SimpleNamespace(day=date(2027, 2, day), kind="off", name="Tết") for day in (5, 8, 9, 10, 11, 12)]
    calendar = Calendar.from_rows(tet)

    assert calendar.is_announced(date(2027, 6, 1)) is True
    assert calendar.is_working(date(2027, 2, 4)) is True
    assert calendar.is_working(date(2027, 2, 12)) is False
    assert calendar.is_working(date(2027, 4, 30)) is False


def test_year_beyond_the_lunar_tables_still_has_weekends():
    assert CALENDAR.next_working_day(date(2150, 1, 2)) == date(2150, 1, 5)


# Days


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        ("2026-02-13", 1, "2026-02-23"),
        ("2026-02-13", 5, "2026-02-27"),
        ("2026-03-14", 0, "2026-03-16"),
        ("2026-03-16", 0, "2026-03-16"),
        ("2026-08-21", 1, "2026-08-22"),
        ("2026-02-23", -1, "2026-02-13"),
        ("2026-03-18", -3, "2026-03-13"),
    ],
)
def test_add_working_days_skips_what_is_not_worked(day, n, expected):
    assert CALENDAR.add_working_days(date.fromisoformat(day), n) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("after", "until", "expected"),
    [
        ("2026-02-13", "2026-02-23", 1),
        ("2026-02-23", "2026-02-13", -1),
        ("2026-03-03", "2026-03-03", 0),
        ("2026-01-08", "2026-01-12", 3),
    ],
)
def test_working_days_between_leaves_out_the_first_day(after, until, expected):
    assert CALENDAR.working_days_between(date.fromisoformat(after), date.fromisoformat(until)) == expected


@given(days, st.integers(1, 120))
def test_adding_and_counting_working_days_agree(day, n):
    assert CALENDAR.working_days_between(day, CALENDAR.add_working_days(day, n)) == n


@given(days, st.integers(-900, 900))
def test_counting_over_years_agrees_with_counting_day_by_day(day, n):
    until = day + timedelta(n)
    first, last = sorted((day, until))
    by_hand = sum(CALENDAR.is_working(first + timedelta(n)) for n in range(1, (last - first).days + 1))
    assert CALENDAR.working_days_between(day, until) == (by_hand if n >= 0 else -by_hand)


# Hours


@pytest.mark.parametrize(
    ("moment", "hours", "expected"),
    [
        ("2026-03-18T15:30", 8, "2026-03-19T15:30"),
        ("2026-03-13T14:00", 6, "2026-03-16T11:00"),
        ("2026-03-14T22:10", 8, "2026-03-16T17:00"),
        ("2026-03-16T08:00", 4, "2026-03-16T12:00"),
        ("2026-03-16T12:30", 1, "2026-03-16T14:00"),
        ("2026-03-16T17:00", 1, "2026-03-17T09:00"),
        ("2026-03-16T05:00", 0.5, "2026-03-16T08:30"),
        ("2026-02-13T16:30", 1, "2026-02-23T08:30"),
        ("2026-01-09T16:00", 2, "2026-01-10T09:00"),
        ("2026-03-16T18:00", 0, "2026-03-17T08:00"),
    ],
)
def test_add_working_hours_passes_only_office_hours(moment, hours, expected):
    assert CALENDAR.add_working_hours(at(moment), hours) == at(expected)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-03-16T08:00", "2026-03-16T17:00", "8"),
        ("2026-03-16T11:30", "2026-03-16T13:30", "1"),
        ("2026-03-13T16:00", "2026-03-16T09:15", "2.25"),
        ("2026-02-14T08:00", "2026-02-22T17:00", "0"),
        ("2026-03-16T10:00", "2026-03-16T09:00", "0"),
    ],
)
def test_working_hours_between_counts_only_office_hours(start, end, hours):
    assert CALENDAR.working_hours_between(at(start), at(end)) == Decimal(hours)


@given(moments, lengths)
def test_adding_and_measuring_working_time_agree(moment, length):
    assert CALENDAR.working_time_between(moment, CALENDAR.add_working_time(moment, length)) == length


@given(moments, st.integers(-5 * 24 * 60, 60 * 24 * 60))
def test_working_time_agrees_with_adding_up_the_shifts(moment, minutes):
    end = moment + timedelta(minutes=minutes)
    shifts = [shift for n in range(62) for shift in CALENDAR.shifts(moment.date() + timedelta(n))]
    by_hand = sum((max(min(b, end) - max(a, moment), timedelta()) for a, b in shifts), timedelta())
    assert CALENDAR.working_time_between(moment, end) == by_hand


@given(moments, lengths)
def test_added_working_time_ends_while_the_office_is_open(moment, length):
    assert CALENDAR.is_open(CALENDAR.add_working_time(moment, length)) is True


def test_moments_of_other_zones_are_read_on_the_office_clock():
    assert CALENDAR.add_working_hours(datetime.fromisoformat("2026-03-16T01:00+00:00"), 1) == at("2026-03-16T09:00")
    assert CALENDAR.local(datetime.fromisoformat("2026-03-16T09:00")) == at("2026-03-16T09:00")


def test_office_hours_are_a_setting():
    calendar = Calendar(office_hours=((time(7, 30), time(11, 30)), (time(13, 30), time(17))))

    assert calendar.day_length() == timedelta(hours=7, minutes=30)
    assert calendar.close_of(date(2026, 3, 16)) == at("2026-03-16T17:00")
    assert calendar.open_of(date(2026, 3, 16)) == at("2026-03-16T07:30")
    assert calendar.add_working_hours(at("2026-03-16T11:00"), 1) == at("2026-03-16T14:00")


HOURS = dict(zip(HOUR_RULES, ("07:30", "11:30", "13:30", "16:30", "17:00"), strict=True))


def test_rules_set_the_office_hours_and_the_end_of_a_last_day():
    calendar = Calendar(**hours_set(HOURS))
    assert calendar.office_hours == ((time(7, 30), time(11, 30)), (time(13, 30), time(16, 30)))
    assert calendar.close_of(date(2026, 3, 16)) == at("2026-03-16T17:00")
    assert calendar.shifts(date(2026, 3, 16))[-1][1] == at("2026-03-16T16:30")


@pytest.mark.parametrize(
    "changed",
    [{"office_morning_to": "bảy giờ"}, {"office_morning_from": "14:00"}, {"office_afternoon_to": ""}],
)
def test_hours_that_make_no_day_leave_the_usual_ones(changed):
    assert hours_set({**HOURS, **changed}) == {"office_hours": OFFICE_HOURS, "closing": time(17)}


def test_a_last_day_never_ends_before_the_office_closes():
    assert hours_set({**HOURS, "due_closing_time": "12:00"})["closing"] is None
    assert hours_set({}) == {"office_hours": OFFICE_HOURS, "closing": None}


@pytest.mark.django_db
def test_the_calendar_in_force_reads_the_hours_from_the_rules():
    for code, value in HOURS.items():
        Rule.objects.create(code=code, value=value, name_vi=code, valid_from=date(2020, 1, 1))
    Rule.objects.create(code="office_morning_from", value="08:00", name_vi="x", valid_from=date(2025, 1, 1))
    assert CalendarDay.calendar().office_hours == ((time(8), time(11, 30)), (time(13, 30), time(16, 30)))
