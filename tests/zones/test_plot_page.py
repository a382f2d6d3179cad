"""What the page of a plot tells: its costs with their inputs, its neighbours, its days, its word."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from izportal.models import Rule
from tests import factories
from zones import costs, neighbours, plan, timeline, units
from zones.models import Availability, Phase, Plot, Zone

TODAY = date(2026, 11, 27)
SQUARE = [[0, 0], [100, 0], [100, 100], [0, 100]]


def priced(basis, price="92", term=2061):
    return Plot(
        zone=Zone(), area_m2=Decimal(65310), price=Decimal(price), price_currency="USD", price_basis=basis,
        term_until=term,
    )  # fmt: skip


def shifted(x, y):
    return [[a + x, b + y] for a, b in SQUARE]


# Costs --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("basis", "price", "a_year", "total"),
    [
        ("m2_term", "70", Decimal("130620"), Decimal("4571700")),
        ("m2_year", "0.5", Decimal("32655"), Decimal("1142925")),
        ("m2_month", "4", Decimal("3134880"), Decimal("109720800")),
    ],
)
def test_costs_follow_from_price_area_and_years(basis, price, a_year, total):
    found = costs.of(priced(basis, price), on=TODAY)
    assert (found.years, found.a_year, found.total, found.missing) == (35, a_year, total, ())


def test_costs_name_the_input_that_is_missing():
    without_price = Plot(zone=Zone(term_until=2061), area_m2=Decimal(1))
    assert costs.of(without_price, on=TODAY).missing == ("price",)
    assert costs.of(priced("m2_year", term=None), on=TODAY).missing == ("term",)
    assert costs.of(priced("m2_year", term=2026), on=TODAY).total is None


def test_price_of_the_whole_term_needs_no_year():
    found = costs.of(priced("m2_term", term=None), on=TODAY)
    assert (found.total, found.a_year, found.years) == (Decimal("6008520"), None, None)


def test_term_is_the_plots_own_then_of_its_phase_then_of_the_zone():
    zone = Zone(term_until=2050)
    phase = Phase(zone=zone, term_until=2060)
    assert costs.term_of(Plot(zone=zone, phase=phase, term_until=2070)) == 2070
    assert costs.term_of(Plot(zone=zone, phase=phase)) == 2060
    assert costs.term_of(Plot(zone=zone)) == 2050


def test_local_units_are_exact():
    assert [(one.code, one.value) for one in units.local(Decimal(400))] == [
        ("pyeong", 121), ("tsubo", 121), ("mu", Decimal("0.6"))
    ]  # fmt: skip


# Neighbours ---------------------------------------------------------------------------------------
def test_neighbours_are_those_across_a_road_at_most():
    plot = Plot(pk=1, number="CN-01", outline=SQUARE)
    places = {2: shifted(104, 0), 3: shifted(0, 124), 4: shifted(300, 0), 5: []}
    others = [Plot(pk=pk, number=f"CN-0{pk}", outline=outline) for pk, outline in places.items()]
    found = neighbours.of(plot, [plot, *others])
    assert [(near.plot.pk, near.gap_m, near.is_touching) for near in found] == [(2, 4, True), (3, 24, False)]


def test_plot_without_an_outline_has_no_neighbours():
    assert neighbours.of(Plot(pk=1), [Plot(pk=2, outline=SQUARE)]) == []


# Days ---------------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "ends_on", "later", "usable_from"),
    [
        ("available", None, None, TODAY),
        ("leased", date(2027, 3, 31), None, date(2027, 4, 1)),
        ("leased", date(2026, 3, 31), None, TODAY),
        ("leased", None, None, None),
        ("clearing", None, date(2027, 2, 1), date(2027, 2, 1)),
        ("planned", None, None, None),
    ],
)
def test_plot_can_be_had_from_what_the_books_foresee(make_plot, status, ends_on, later, usable_from):
    plot = make_plot("CN-01", status=status, held_for="9800000001" if status == "leased" else "")
    plot.availabilities.update(ends_on=ends_on)
    if later:
        Availability.objects.create(plot=plot, status="ready", effective_on=later)
    found = timeline.of(plot, on=TODAY)
    assert ([row.status for row in found.past], len(found.coming)) == ([status], 1 if later else 0)
    assert (found.ends_on, found.usable_from) == (ends_on, usable_from)


# The page -----------------------------------------------------------------------------------------
@pytest.fixture
def rules(db):
    for code, days in (("listing_ageing_days", 90), ("listing_stale_days", 180)):
        Rule.objects.create(code=code, name_vi=code, value=days, valid_from=date(2020, 1, 1))


PRICED = {"price": 9, "price_currency": "USD", "price_basis": "m2_year", "price_on": date(2026, 1, 31)}


@pytest.mark.parametrize(
    ("days", "word", "warned"),
    [(90, "Mới xác nhận", False), (91, "Cần xác nhận lại", False), (181, "Quá hạn xác nhận", True)],
)
def test_page_tells_how_old_its_word_is(client, rules, make_plot, days, word, warned):
    said = timezone.localdate() - timedelta(days=days)
    plot = make_plot("CN-01", confirmed_on=said)
    page = client.get(plot.get_absolute_url()).content.decode()
    assert (word in page, f"{said:%d/%m/%Y}" in page, "đã lâu chưa ai xác nhận" in page) == (True, True, warned)


@pytest.mark.django_db
def test_page_shows_the_inputs_of_the_costs(client, make_plot):
    plot = make_plot(
        "CN-01", area_m2=65310, price=92, price_currency="USD", price_basis="m2_term", price_on=date(2026, 1, 31),
        term_until=2061,
    )  # fmt: skip
    page = client.get(plot.get_absolute_url()).content.decode()
    assert "6.008.520\xa0USD" in page
    assert "Giá cả thời hạn × diện tích." in page
    assert "chưa gồm phí quản lý, phí khác và thuế" in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({}, "Chưa tính được: chưa công bố giá, chưa ghi thời hạn đất."),
        ({"term_until": 2061}, "Chưa tính được: chưa công bố giá."),
        (PRICED, "Chưa tính được: chưa ghi thời hạn đất."),
    ],
)
def test_page_names_what_the_costs_lack(client, make_plot, told, sentence):
    page = client.get(make_plot("CN-02", **told).get_absolute_url()).content.decode()
    assert (sentence in page, "<dd>—</dd>" in page, "chưa có số liệu" in page) == (True, False, True)


@pytest.mark.django_db
def test_a_number_without_room_on_the_plan_gets_a_flag(make_plot):
    big, small = [[0, 0], [900, 0], [900, 400], [0, 400]], [[900, 0], [930, 0], [930, 60], [900, 60]]
    plots = [make_plot(number, outline=outline) for number, outline in (("CN-01", big), ("CN-02", small))]
    for plot in plots:
        plot.status = "available"
    wide, narrow = plan.draw(plots).shapes
    assert (wide.flag, narrow.flag.width) == (None, "100.0")
    assert float(narrow.flag.x) + float(narrow.flag.width) <= plan.WIDTH - plan.MARGIN


@pytest.mark.django_db
def test_page_names_sectors_with_their_decision_and_who_answers(client, make_plot):
    zone = factories.make_zone(
        sectors=[{"vi": "gia công cơ khí"}], established_by="1107/QĐ-TTg", developer_vi="Công ty Minh Họa"
    )
    page = client.get(make_plot("CN-01", zone=zone).get_absolute_url()).content.decode()
    assert ("gia công cơ khí" in page, "1107/QĐ-TTg" in page, "Công ty Minh Họa" in page) == (True, True, True)
    assert "?from=plot&amp;plot=SC2-CN-01" in page
    assert 'href="/so-sanh/?lo=SC2-CN-01"' in page


@pytest.mark.parametrize("rows", [1, 3])
def test_page_takes_the_same_queries_for_any_number_of_neighbours(
    client, rules, rows, make_plot, django_assert_num_queries
):
    plot = make_plot("CN-00", outline=SQUARE)
    for n in range(1, rows):
        make_plot(f"CN-0{n}", outline=shifted(104 * n, 0))
    with django_assert_num_queries(11):
        assert len(client.get(plot.get_absolute_url()).context["neighbours"]) == min(rows - 1, 1)
