"""The legs of a project in order and their dates, against days counted by hand on the calendar of 2026."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from izportal.management import reference
from izportal.workdays import Calendar
from onestop import route
from onestop.clock import DAY, WORKING_DAY
from onestop.models import Leg, ProcedureCase
from onestop.route import Choice, Span

CALENDAR = Calendar.from_file()
# Tuesday 3 March 2026.
TODAY = date(2026, 3, 3)


def leg(key, position=10, **fields):
    return Leg(key=key, position=position, name_vi=key, **fields)


# Single times -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("span", "start", "due"),
    [
        # 4, 5, 6, 9, 10 March
        pytest.param(Span(5, WORKING_DAY), date(2026, 3, 3), date(2026, 3, 10), id="working days"),
        # 30 April and 1 May are off, so is the make-up of Hùng Kings' Day on 27 April: 24, 28, 29 April, 4, 5 May
        pytest.param(Span(5, WORKING_DAY), date(2026, 4, 23), date(2026, 5, 5), id="over holidays"),
        # 23 March is a Monday
        pytest.param(Span(20, DAY), date(2026, 3, 3), date(2026, 3, 23), id="days"),
        # 15 days end on Saturday 7 March, so on Monday 9
        pytest.param(Span(15, DAY), date(2026, 2, 20), date(2026, 3, 9), id="days that end on a Saturday"),
        pytest.param(Span(6, route.MONTH), date(2026, 8, 31), date(2027, 2, 28), id="months"),
    ],
)
def test_a_time_ends_on_the_day_counted_by_hand(span, start, due):
    assert span.due(start, CALENDAR) == due


@pytest.mark.parametrize(
    ("span", "end", "latest"),
    [
        pytest.param(Span(5, WORKING_DAY), date(2026, 3, 10), date(2026, 3, 3), id="working days"),
        pytest.param(Span(5, WORKING_DAY), date(2026, 3, 8), date(2026, 2, 27), id="to a Sunday"),
        pytest.param(Span(5, WORKING_DAY), date(2026, 5, 5), date(2026, 4, 23), id="over holidays"),
        # Filed on Friday 6 March the 15 days end on Saturday 21, so on Monday 23: too late for Sunday 22
        pytest.param(Span(15, DAY), date(2026, 3, 22), date(2026, 3, 5), id="days before a weekend"),
        pytest.param(Span(2, route.MONTH), date(2026, 5, 10), date(2026, 3, 10), id="months"),
    ],
)
def test_the_latest_day_to_begin_is_the_one_counted_by_hand(span, end, latest):
    assert span.latest(end, CALENDAR) == latest


@pytest.mark.parametrize("span", [Span(10, WORKING_DAY), Span(30, DAY), Span(3, route.MONTH)])
def test_a_day_later_than_the_latest_is_too_late(span):
    for end in (date(2026, 5, 4), date(2026, 9, 2), date(2026, 12, 31)):
        last = span.latest(end, CALENDAR)
        assert span.due(last, CALENDAR) <= end
        assert span.due(CALENDAR.next_working_day(last), CALENDAR) > end


# Several legs -------------------------------------------------------------------------------------
CHAIN = [(10, "certificate", Span(10, WORKING_DAY)), (20, "lease", None), (30, "permit", Span(10, WORKING_DAY))]


def test_legs_follow_each_other_from_today():
    found = route.dates(CHAIN, today=TODAY, calendar=CALENDAR)
    assert found.of_leg == {
        "certificate": (date(2026, 3, 3), date(2026, 3, 17)),
        "lease": (date(2026, 3, 18), date(2026, 3, 18)),
        "permit": (date(2026, 3, 18), date(2026, 4, 1)),
    }
    assert (found.earliest, found.is_too_soon) == (date(2026, 4, 1), False)


def test_from_the_day_of_work_each_leg_has_a_latest_day():
    found = route.dates(CHAIN, today=TODAY, calendar=CALENDAR, by=date(2026, 6, 30))
    assert found.of_leg == {
        "permit": (date(2026, 6, 16), date(2026, 6, 30)),
        "lease": (None, date(2026, 6, 15)),
        "certificate": (date(2026, 6, 1), date(2026, 6, 15)),
    }


def test_a_day_too_soon_gives_the_earliest_one():
    found = route.dates(CHAIN, today=TODAY, calendar=CALENDAR, by=date(2026, 3, 31))
    assert (found.is_too_soon, found.earliest) == (True, date(2026, 4, 1))
    assert found.of_leg["certificate"] == (date(2026, 3, 3), date(2026, 3, 17))


def test_the_earliest_day_itself_can_be_kept():
    found = route.dates(CHAIN, today=TODAY, calendar=CALENDAR, by=date(2026, 4, 1))
    assert (found.is_too_soon, found.of_leg["certificate"][0]) == (False, TODAY)


def test_legs_side_by_side_take_the_longest_of_them():
    legs = [
        (10, "short", Span(3, WORKING_DAY)),
        (10, "long", Span(10, WORKING_DAY)),
        (20, "last", Span(1, WORKING_DAY)),
    ]
    found = route.dates(legs, today=TODAY, calendar=CALENDAR)
    assert [found.of_leg[key][0] for key in ("short", "long", "last")] == [TODAY, TODAY, date(2026, 3, 18)]
    back = route.dates(legs, today=TODAY, calendar=CALENDAR, by=date(2026, 3, 19))
    assert [back.of_leg[key][0] for key in ("short", "long", "last")] == [date(2026, 3, 12), TODAY, date(2026, 3, 18)]


def test_on_a_day_off_the_way_begins_with_the_next_working_day():
    found = route.dates([(10, "one", Span(1, WORKING_DAY))], today=date(2026, 3, 7), calendar=CALENDAR)
    assert found.of_leg == {"one": (date(2026, 3, 9), date(2026, 3, 10))}


def test_dates_in_a_year_without_announced_days_say_so():
    far = route.dates(CHAIN, today=TODAY, calendar=CALENDAR, by=date(2031, 6, 30))
    assert (far.is_announced, route.dates(CHAIN, today=TODAY, calendar=CALENDAR).is_announced) == (False, True)


# Which legs ---------------------------------------------------------------------------------------
LEGS = [
    leg("policy", condition_vi="khi"),
    leg("certificate", 20, origin="fdi", unless=["policy"]),
    leg("approved", 20, origin="fdi", only_with="policy"),
    leg("asked", 20, origin="ddi", condition_vi="khi"),
    leg("permit", 30, kinds=["land"]),
    leg("chips", 40, sectors=["26"]),
]


@pytest.mark.parametrize(
    ("choice", "going"),
    [
        pytest.param(Choice(), ["certificate", "permit"], id="foreign"),
        pytest.param(Choice(also=frozenset({"policy"})), ["policy", "approved", "permit"], id="with policy approval"),
        pytest.param(Choice(origin="ddi"), ["permit"], id="domestic"),
        pytest.param(Choice(origin="ddi", also=frozenset({"asked"})), ["asked", "permit"], id="domestic, by wish"),
        pytest.param(Choice(kind="factory"), ["certificate"], id="ready-built"),
        pytest.param(Choice(sector="2610"), ["certificate", "permit", "chips"], id="sector"),
        pytest.param(Choice(also=frozenset({"asked"})), ["certificate", "permit"], id="a tick of others"),
    ],
)
def test_the_legs_are_those_of_investor_ground_and_sector(choice, going):
    assert [one.key for one in route.legs_for(choice, LEGS)[0]] == going


def test_conditional_legs_are_offered_to_those_they_may_concern():
    assert [one.key for one in route.legs_for(Choice(origin="ddi"), LEGS)[1]] == ["policy", "asked"]


@pytest.mark.parametrize(
    ("value", "second", "unit", "span"),
    [
        ("10", None, "working_day", Span(10, WORKING_DAY)),
        ("20", "15", "day", Span(35, DAY)),
        ("2.5", None, "working_day", Span(3, WORKING_DAY)),
        ("4", None, "working_hour", Span(1, WORKING_DAY)),
        ("16", None, "working_hour", Span(2, WORKING_DAY)),
    ],
)
def test_a_limit_becomes_whole_days(value, second, unit, span):
    case = ProcedureCase(value=Decimal(value), second_value=second and Decimal(second), unit=unit)
    assert route.span_of(case) == span


# On the page --------------------------------------------------------------------------------------
@pytest.fixture
def legs(catalogue):
    rows = (
        ("certificate", 10, {"procedure": catalogue["1.009664"], "origin": "fdi"}),
        ("lease", 20, {"name_vi": "Ký hợp đồng thuê", "authority_vi": "Chủ đầu tư hạ tầng"}),
        ("building", 30, {"name_vi": "Xây dựng", "is_own_work": True}),
        ("water", 40, {"name_vi": "Đấu nối nước", "condition_vi": "Dự án dùng nhiều nước"}),
    )
    return [Leg.objects.create(key=key, position=place, **fields) for key, place, fields in rows]


def section(client, query=""):
    page = client.get(f"/quy-dat/SC2-CN-05/{query}").content.decode()
    return " ".join(page.partition('id="buoc-tiep"')[2].partition("</section>")[0].split())


@pytest.mark.django_db
def test_the_page_tells_the_legs_of_a_foreign_investor(client, legs, make_plot):
    make_plot("CN-05")
    said = section(client)
    assert [word in said for word in ("Ký hợp đồng thuê", "Ngoài Ban: Chủ đầu tư hạ tầng")] == [True, True]
    assert (">Đấu nối nước<" in said, "chưa có số liệu" in said, "chờ Ban xác nhận" in said) == (False, True, True)


@pytest.mark.django_db
def test_the_reader_says_who_they_are_and_what_concerns_them(client, legs, make_plot, catalogue):
    make_plot("CN-05")
    said = section(client, "?origin=ddi&also=water&months=6")
    assert ("Đấu nối nước" in said, catalogue["1.009664"].name in said, "6 tháng" in said) == (True, False, True)


@pytest.mark.django_db
def test_a_day_too_soon_is_told_with_the_earliest(client, legs, make_plot):
    make_plot("CN-05")
    soon = timezone.localdate() + route.ONE_DAY
    said = section(client, f"?by={soon.isoformat()}")
    assert ("Không kịp hoạt động" in said, "sớm nhất là" in said) == (True, True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    ["?by=xyz", "?by=2001-01-01", "?by=9999-12-31", "?months=-1", "?months=a%00b", "?origin=x&also=y&by=%00"],
)
def test_what_cannot_be_read_is_told_and_breaks_nothing(client, legs, make_plot, query):
    make_plot("CN-05")
    assert 'class="err"' in section(client, query) or "origin" in query


@pytest.mark.django_db
def test_questions_do_not_grow_with_the_legs(client, legs, make_plot, catalogue, django_assert_num_queries):
    make_plot("CN-05")
    client.get("/quy-dat/SC2-CN-05/")
    with django_assert_num_queries(11):
        client.get("/quy-dat/SC2-CN-05/")
    for number in range(3):
        Leg.objects.create(key=f"more-{number}", position=50, procedure=catalogue["1.009647"])
    client.get("/quy-dat/SC2-CN-05/")
    with django_assert_num_queries(11):
        client.get("/quy-dat/SC2-CN-05/")


@pytest.mark.django_db
def test_a_leg_needs_a_procedure_or_a_name():
    with pytest.raises(ValidationError, match="chọn thủ tục"):
        Leg(key="x", position=1).full_clean()


@pytest.mark.django_db
def test_the_board_corrects_the_order_in_the_back_office(client, legs, staff):
    client.force_login(staff("administrator"))
    lease = Leg.objects.get(key="lease")
    page = client.get(reverse("admin:onestop_leg_change", args=[lease.pk])).context["adminform"].form
    sent = {name: page[name].value() for name in page.fields}
    sent = {**{name: "" if value is None else value for name, value in sent.items()}, "position": 5}
    client.post(
        reverse("admin:onestop_leg_change", args=[lease.pk]), {**sent, "kinds": "[]", "sectors": "[]", "unless": "[]"}
    )
    assert list(Leg.objects.values_list("key", flat=True)) == ["lease", "certificate", "building", "water"]


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["specialist", "land"])
def test_others_read_the_order_and_leave_it(client, legs, staff, role):
    client.force_login(staff(role))
    page = client.get(reverse("admin:onestop_leg_changelist"))
    assert (page.status_code, page.context["cl"].result_count) == (200, 4)
    assert client.get(reverse("admin:onestop_leg_add")).status_code == 403


@pytest.mark.django_db
def test_the_list_of_legs_takes_the_same_queries(client, legs, staff, catalogue, django_assert_num_queries):
    client.force_login(staff("administrator"))
    address = reverse("admin:onestop_leg_changelist")
    client.get(address)
    with django_assert_num_queries(5):
        client.get(address)
    for number in range(3):
        Leg.objects.create(key=f"more-{number}", position=50, procedure=catalogue["1.009647"])
    with django_assert_num_queries(5):
        client.get(address)


@pytest.mark.any_database
def test_the_file_of_legs_names_procedures_and_cases_of_the_catalogue():
    cases = {
        row["code"]: {case["key"] for case in row["cases"]}
        for row in reference.read("onestop/data/procedures.json")["procedures"]
    }
    legs = reference.read("onestop/data/route.json")["legs"]
    keys = {row["key"] for row in legs}
    strange = [
        row["key"] for row in legs
        if row.get("procedure") and row.get("case_key") not in {None, *cases[row["procedure"]]}
        or not {*row.get("unless", []), *filter(None, [row.get("only_with")])} <= keys
        or bool(row.get("condition_vi")) != bool(row.get("condition_en"))
    ]  # fmt: skip
    assert (strange, [row["position"] for row in legs] == sorted(row["position"] for row in legs)) == ([], True)
