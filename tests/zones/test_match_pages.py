"""The page of a need over plots in the database: who is there on which day, in which order, what is told of each."""

from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone, translation

from izportal.templatetags.area import NBSP
from tests import factories
from tests.zones import matching
from tests.zones.matching import need
from zones import reach
from zones.match import State, places, sets
from zones.match.forms import MatchForm
from zones.models import Availability, Plot, UtilityCapacity, UtilityCommitment, Zone

pytestmark = pytest.mark.django_db
ON = date(2026, 12, 1)
PAGE = "/tim-lo-phu-hop/"
QUERIES = 9


def supply(zone, kind, left, *, on=date(2020, 1, 1), promised=1000):
    same = {"zone": zone, "kind": kind, "source": "Sổ hạ tầng", "stated_on": date(2026, 6, 30)}
    UtilityCapacity.objects.create(amount=left + (promised or 0), effective_on=on, **same)
    if promised is not None:
        UtilityCommitment.objects.create(amount=promised, effective_on=on, is_total=True, **same)


@pytest.fixture
def thirty(db):
    """The table of thirty plots, with what the zones have left."""
    zones = {code: factories.make_zone(f"khu-{code}".lower(), code, f"Khu {code}") for code in "ABCD"}
    for code, amounts in matching.LEFT.items():
        for kind, amount in zip(("water", "wastewater"), amounts, strict=True):
            if amount is not None:
                supply(zones[code], kind, amount)
    for row in matching.table():
        is_free = row["usable"] == "yes"
        factories.make_plot(
            row["code"][2:], zone=zones[row["zone"]], kind=row["kind"],
            clear_height_m=matching.number(row["height_m"]), area_m2=Decimal(row["area_ha"]) * 10000,
            confirmed_on=date(2026, 11, 30),
            status="available" if is_free else "leased", held_for="" if is_free else "9800000001",
        )  # fmt: skip
    return zones


def ranked(asked, *, on=ON):
    around = places.places(reach.of_zones(Zone.objects.all()), on=asked.by)
    rows = places.prepared(Plot.objects.published(), asked, on=on)
    return places.ranking(rows, asked, around, most=100)


def codes(ranking):
    return [best.code for best in ranking.best]


# The plots in the database ------------------------------------------------------------------------
def test_thirty_plots_in_the_database_stand_as_reckoned_by_hand(thirty):
    found = ranked(matching.of_the_table())
    by_hand = sorted((row for row in matching.table() if row["place"].isdigit()), key=lambda row: int(row["place"]))
    assert [(best.code, best.points) for best in found.best] == [(row["code"], int(row["points"])) for row in by_hand]
    assert (found.excluded, found.total) == ({"by": 3, "kind": 5, "water": 4}, Plot.objects.count())


def test_plot_let_until_the_end_of_march_is_absent_before_and_present_after(zone, make_plot):
    plot = make_plot("CN-01", confirmed_on=date(2026, 11, 30))
    Availability.objects.create(
        plot=plot, status="leased", held_for="9800000001", effective_on=date(2022, 4, 1), ends_on=date(2027, 3, 31)
    )
    found = {day: ranked(need(by=day)) for day in (date(2027, 1, 1), date(2027, 3, 31), date(2027, 4, 1))}
    assert [codes(one) for one in found.values()] == [[], [], ["SC2-CN-01"]]
    assert [one.excluded["by"] for one in found.values()] == [1, 1, 0]


def test_plot_unconfirmed_for_181_days_is_excluded(zone, make_plot):
    factories.make_rules()
    make_plot("CN-01", confirmed_on=ON - timedelta(days=181))
    make_plot("CN-02", confirmed_on=ON - timedelta(days=180))
    assert codes(ranked(need(by=ON))) == ["SC2-CN-02"]


def test_networks_count_as_they_are_on_the_needed_day(zone, make_plot):
    make_plot("CN-01", confirmed_on=date(2026, 11, 30))
    supply(zone, "water", 4000)
    supply(zone, "water", 6000, on=date(2027, 4, 1), promised=None)
    asked = {day: need(by=day, water=10000) for day in (date(2027, 3, 31), date(2027, 4, 1))}
    found = [ranked(one).best[0].verdicts["water"] for one in asked.values()]
    assert found == [(State.NOT_MET, Decimal(-6000)), (State.MET, Decimal(0))]


def test_capacity_whose_promises_nobody_knows_is_never_met(zone, make_plot):
    make_plot("CN-01", confirmed_on=date(2026, 11, 30), water_m3_day=90000)
    supply(zone, "water", 40000, promised=None)
    assert ranked(need(by=ON, water=10)).best[0].verdicts["water"] == (State.UNKNOWN, None)


def test_prices_are_compared_on_one_basis_only(zone, make_plot):
    price = {"price_currency": "USD", "price_on": ON, "confirmed_on": date(2026, 11, 30)}
    make_plot("CN-01", price=80, price_basis="m2_term", **price)
    make_plot("CN-02", price=2, price_basis="m2_year", **price)
    states = {best.code: best.verdicts["price"].state for best in ranked(need(by=ON, price=(None, 90, "normal"))).best}
    assert states == {"SC2-CN-01": State.MET, "SC2-CN-02": State.UNKNOWN}


def test_term_of_the_phase_or_zone_stands_in_for_the_plots(make_plot):
    zone = factories.make_zone(term_until=2050)
    make_plot("CN-01", zone=zone, term_until=2070, confirmed_on=date(2026, 11, 30))
    make_plot("CN-02", zone=zone, confirmed_on=date(2026, 11, 30))
    margins = {best.code: best.verdicts["term"].margin for best in ranked(need(by=date(2027, 1, 1), term=20)).best}
    assert margins == {"SC2-CN-01": 23, "SC2-CN-02": 3}


# Sets ---------------------------------------------------------------------------------------------
def square(x, side=100):
    return [[x, 0], [x + side, 0], [x + side, side], [x, side]]


def sets_of(asked):
    around = places.places(reach.of_zones(Zone.objects.all()), on=asked.by)
    return sets.touching(places.prepared(Plot.objects.published(), asked, on=ON), asked, around)


def test_touching_free_plots_are_offered_together(zone, make_plot):
    same = {"area_m2": 30000, "confirmed_on": date(2026, 11, 30)}
    for n, x in ((1, 0), (2, 104), (3, 400)):
        make_plot(f"CN-0{n}", outline=square(x), clear_height_m=10 + n, **same)
    make_plot("CN-04", outline=square(-104), status="leased", held_for="9800000001", **same)
    (found,) = sets_of(need(by=ON, area=5, height=11))
    assert found.code == "SC2-CN-01 + SC2-CN-02"
    assert (found.offer.values["area"], found.offer.values["height"]) == (6, 11)


def test_set_keeps_to_what_binds_each_of_its_plots(zone, make_plot):
    for n, kind in ((1, "land"), (2, "factory"), (3, "land")):
        make_plot(
            f"CN-0{n}",
            outline=square(n * 104),
            area_m2=30000,
            kind=kind,
            clear_height_m=9,
            confirmed_on=date(2026, 11, 30),
        )
    assert sets_of(need(by=ON, area=5)) == []  # of one kind there are no two side by side
    assert sets_of(need(by=ON, area=(5, None, "must"), height=(12, None, "must"))) == []


# The page -----------------------------------------------------------------------------------------
def day(days=30):
    return timezone.localdate() + timedelta(days=days)


@pytest.fixture
def two(zone, make_plot):
    supply(zone, "water", 12000)
    make_plot("CN-01", area_m2=46000, clear_height_m=20)
    make_plot("CN-02", area_m2=70000, kind="factory")
    return zone


def test_page_without_a_need_asks_for_one(client, two):
    page = client.get(PAGE)
    assert (page.status_code, "ranking" in page.context) == (200, False)
    assert "Đối chiếu với quỹ đất" in page.content.decode()


def test_page_tells_state_value_margin_source_and_day(client, two):
    text = client.get(f"{PAGE}?min_area=5&water=10000&load=2").content.decode()
    for said in (
        f"thiếu 0,4{NBSP}ha", f"12.000{NBSP}m³/ngày", f"+2.000{NBSP}m³/ngày", "Sổ hạ tầng, ngày 30/06/2026",
        "chưa ghi", "Gần đạt", f"Sổ quỹ đất của Ban, ngày {day(-1):%d/%m/%Y}",
    ):  # fmt: skip
        assert said in text


def test_page_tells_the_capacity_of_which_the_rest_is_unknown(client, zone, make_plot):
    make_plot("CN-01")
    supply(zone, "water", 40000, promised=None)
    text = client.get(f"{PAGE}?water=100").content.decode()
    assert f"chưa rõ phần còn lại (công suất 40.000{NBSP}m³/ngày)" in text


def test_form_leads_to_the_address_that_says_only_what_is_asked(client, two):
    answer = client.get(
        f"{PAGE}?by=&min_area=5,0&w_area=must&power=&w_power=must&power_in=mw&w_kind=normal&price_in=vnd_m2_year"
    )
    assert answer.url == f"{PAGE}?min_area=5&w_area=must"


def test_power_is_asked_in_kva_or_megawatts():
    wanted = {}
    for unit in ("kva", "mva", "mw"):
        form = MatchForm(QueryDict(f"power=9&power_in={unit}"))
        assert form.is_valid(), form.errors
        wanted[unit] = form.need.of("power").low
    assert wanted == {"kva": 9, "mva": 9000, "mw": 10000}


def test_excluded_plots_sum_and_each_must_can_be_softened(client, two):
    page = client.get(f"{PAGE}?kind=land&min_area=5&w_kind=must&w_area=must")
    assert [(row["code"], row["plots"], row["nearly"]) for row in page.context["excluded"]] == [
        ("kind", 1, 0), ("area", 1, 1),
    ]  # fmt: skip
    assert page.context["excluded"][1]["href"] == "?kind=land&min_area=5&w_kind=must"
    assert "Chưa có lô nào đạt mọi tiêu chí bắt buộc" in page.content.decode()


def test_best_are_compared_and_the_need_is_sent_prefilled(client, two):
    page = client.get(f"{PAGE}?by={day():%d/%m/%Y}&kind=land&min_area=4.5&water=10000&load=2&w_load=must")
    assert page.context["compare_url"] == "/so-sanh/?lo=SC2-CN-01&lo=SC2-CN-02"
    asked = client.get(page.context["enquiry_url"]).context["form"]
    assert asked.initial["kind"] == "land" and asked.initial["needed_on"] == f"{day():%d/%m/%Y}"
    assert (asked.initial["area_from"], asked.initial["water_m3_day"]) == ("4,5", "10.000")
    assert f"Tải trọng nền: từ 2{NBSP}tấn/m² (Bắt buộc)" in asked.initial["note"]
    assert f"{PAGE}?by={day()}&kind=land" in asked.initial["note"]


def test_wrong_values_are_told_and_nothing_is_matched(client, two):
    page = client.get(f"{PAGE}?min_area=9&max_area=3&water=nhiều&w_water=rất&by=31/02/2027")
    assert (page.status_code, "ranking" in page.context) == (200, False)
    assert set(page.context["form"].errors) == {"max_area", "water", "w_water", "by"}
    assert 'value="nhiều"' in page.content.decode()


@pytest.mark.parametrize("tail", ["page=99", "page=x", "page=1&page=2"])
def test_page_that_does_not_exist_is_told(client, two, tail):
    page = client.get(f"{PAGE}?kind=land&{tail}")
    assert (page.status_code, page.context["page_obj"].trouble) == (200, "Không có trang này trong danh sách.")


def test_sets_stand_on_the_page_where_no_plot_is_large_enough(client, zone, make_plot):
    make_plot("CN-01", area_m2=30000, outline=square(0))
    make_plot("CN-02", area_m2=40000, outline=square(104))
    page = client.get(f"{PAGE}?min_area=6")
    assert [found["ranked"].code for found in page.context["groups"]] == ["SC2-CN-01 + SC2-CN-02"]
    assert f"3{NBSP}ha + 4{NBSP}ha" in page.content.decode()
    assert client.get(f"{PAGE}?min_area=4").context["groups"] == []


@pytest.mark.parametrize("many", [1, 3])
def test_page_asks_a_fixed_number_of_questions(client, zone, make_plot, django_assert_num_queries, many):
    for n in range(many):
        make_plot(f"CN-0{n}", area_m2=60000, outline=square(n * 104))
    client.get(PAGE)
    with django_assert_num_queries(QUERIES):
        client.get(f"{PAGE}?min_area=5&water=10&port=90&price=9&w_area=must")
    with django_assert_num_queries(QUERIES + 1):  # looks for plots side by side
        client.get(f"{PAGE}?min_area=7&water=10&port=90&price=9")
    with django_assert_num_queries(1):
        client.get(f"{PAGE}?min_area=7&water=10&port=90&price=9")


@pytest.mark.parametrize(
    ("change", "ranked", "left"),
    [
        (lambda zone: supply(zone, "water", 50), 1, "1.150"),
        (lambda zone: UtilityCommitment.objects.update(amount=700), 1, "400"),
        (lambda zone: Plot.objects.update(is_published=False), 0, None),
        (lambda zone: Plot.objects.update(confirmed_on=None), 1, "100"),
    ],
)
def test_a_kept_match_says_what_was_written_last(client, zone, make_plot, change, ranked, left):
    make_plot("CN-01")
    supply(zone, "water", 100)
    first = client.get(f"{PAGE}?water=10").content
    assert client.get(f"{PAGE}?water=10").content == first
    change(zone)
    context = client.get(f"{PAGE}?water=10").context or {}
    assert (context["ranking"].ranked, [found["lines"][1].value for found in context["page_obj"]]) == (
        ranked, [f"{left}{NBSP}m³/ngày"] if ranked else [],
    )  # fmt: skip


def test_page_speaks_english(client, two):
    assert reverse("zones:match") == PAGE
    with translation.override("en"):
        page = client.get(f"{reverse('zones:match')}?min_area=5&water=10000")
    assert (page.status_code, page.context["LANGUAGE_CODE"]) == (200, "en")
    assert parse_qs(urlsplit(page.context["enquiry_url"]).query)["water"] == ["10,000"]


def test_search_that_finds_nothing_leads_to_the_match_of_the_same_need(client, two):
    page = client.get("/quy-dat/?kind=land&min_area=40&water=100").content.decode()
    assert f'href="{PAGE}?kind=land&amp;min_area=40&amp;water=100"' in page
    assert client.get(f"{PAGE}?kind=land&min_area=40&water=100&status=any&q=x").context["ranking"].ranked == 2
    assert f'href="{PAGE}"' in client.get("/").content.decode()
