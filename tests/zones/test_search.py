"""The search of the land: every count is what a click gives, the map shows the list, nothing is silently wider, and no
search ends in nothing."""

import random
import unicodedata
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.http import QueryDict
from django.utils import timezone, translation

from izportal.models import Rule
from izportal.templatetags.area import NBSP
from tests import factories
from tests.planting import planted
from zones import criteria, search, views
from zones.criteria import Wish
from zones.forms import PlotFilterForm
from zones.models import Availability, Plot

pytestmark = pytest.mark.django_db
FACTS = (
    ("song-cong-2", "SC2", "Sông Công II", {"noi_bai_airport": (40, 45)}, ["điện tử", "cơ khí"]),
    ("diem-thuy", "DT", "Điềm Thụy", {"hai_phong_port": (150, 150), "yen_binh_junction": (2, 2)}, ["điện tử"]),
    ("nam-pho-yen", "NPY", "Nam Phổ Yên", {"da_phuc_river_port": (5, 9)}, []),
)
STATES = ("available", "ready", "leased", "reserved", "clearing", "handed_back")


def make_facts(kms, sectors):
    distances = [{"to": to, "label_vi": to, "km_min": low, "km_max": high} for to, (low, high) in kms.items()]
    return {"distances": {"items": distances}, "sectors": {"items": [{"vi": name, "en": name} for name in sectors]}}


@pytest.fixture
def land(db):
    """Ninety plots in three zones, each technical fact of some of them not stated."""
    make_land()


@planted
def make_land():
    chance = random.Random(5)
    zones = [
        factories.make_zone(slug, code, name, position=n, **make_facts(kms, sectors))
        for n, (slug, code, name, kms, sectors) in enumerate(FACTS)
    ]
    for n in range(90):
        status = chance.choice(STATES)
        factories.make_plot(
            f"CN-{n:02d}", zone=chance.choice(zones), status=status, kind=chance.choice(Plot.Kind.values),
            held_for="9800000001" if status in ("leased", "reserved") else "", area_m2=chance.randrange(4, 90) * 1000,
            outline=[[n * 20, 0], [n * 20 + 18, 0], [n * 20 + 18, 20]] if chance.random() < 0.8 else [],
            is_sample=chance.random() < 0.3, **numbers(chance),
        )  # fmt: skip


def numbers(chance):
    asked = {
        "power_kva": 9000, "water_m3_day": 900, "wastewater_m3_day": 700, "floor_load_t_m2": 5, "clear_height_m": 14,
        "building_coverage": 70,
    }  # fmt: skip
    found = {name: chance.randrange(1, most) if chance.random() < 0.7 else None for name, most in asked.items()}
    found["term_until"] = timezone.localdate().year + chance.randrange(1, 45) if chance.random() < 0.7 else None
    if chance.random() < 0.6:
        found |= {"price": chance.randrange(50, 130), "price_basis": "m2_term", "price_on": timezone.localdate()}
        found["price_currency"] = chance.choice(["USD", "VND"])
    return found


CHOICES = {
    "status": ["any", "leased", "ready"], "by": [f"{timezone.localdate() + timedelta(days=90)}"],
    "kind": Plot.Kind.values, "zone": [fact[0] for fact in FACTS], "min_area": ["1", "2,5"], "max_area": ["6", "8"],
    "price": ["90"], "power": ["3000"], "water": ["200"], "wastewater": ["100"], "load": ["2"], "height": ["6"],
    "coverage": ["30"], "term": ["10"], "port": ["100", "10"], "airport": ["45"], "junction": ["5"],
    "sector": ["dien-tu", "co-khi"], "unstated": [*criteria.MEASURES, "sector"], "data": ["real"],
    "q": ["cn", "diem thuy"],
}  # fmt: skip
MANY = ("kind", "zone", "sector", "unstated")


def searches(part):
    """Five of twenty searches, always the same; each asks for up to four things."""
    chance = random.Random(part)
    for _n in range(5):
        state = QueryDict(mutable=True)
        for name in chance.sample(sorted(CHOICES), chance.randrange(5)):
            most = min(len(CHOICES[name]), 3) if name in MANY else 1
            state.setlist(name, chance.sample(CHOICES[name], chance.randrange(1, most + 1)))
        yield state


def form_of(state):
    form = PlotFilterForm(state)
    assert form.is_valid(), (state, form.errors)
    return form


def count(form):
    on = timezone.localdate()
    return search.plots(Plot.objects.published(), form.wish, on=on, reaches=form.reaches).count()


def alone(form, group, option):
    """The address in which a group holds one option only."""
    silent = [code for code in form.data.getlist("unstated") if code != group]
    cleared = {group: None} if group in form.fields else {}
    if option is None:
        return form.address(**cleared, unstated=[*silent, group])
    return form.address(**{**cleared, group: [option]}, unstated=silent)


def announce(status, *, days=30):
    """Every third plot gets another state from a later day on, which counts from then."""
    for plot in Plot.objects.order_by("pk")[::3]:
        later = timezone.localdate() + timedelta(days=days)
        Availability.objects.create(plot=plot, status=status, effective_on=later, held_for="9800000001")


@pytest.mark.parametrize("announced", ["", "leased", "available"])
@pytest.mark.parametrize("part", range(4))
def test_every_option_of_every_group_gives_what_it_says(land, part, announced, django_assert_num_queries):
    clicked, rows, today = 0, Plot.objects.published(), timezone.localdate()
    if announced:
        announce(announced)
    for state in list(searches(part))[: 1 if announced else 5]:
        form, day = form_of(state), search.day(today)
        with django_assert_num_queries(1):
            tally = search.tally(rows, form.wish, on=today, reaches=form.reaches, day=day)
        assert tally.total == count(form) == sum(tally.zones.values())
        options = {group: form.fields[group].choices for group in ("kind", "zone", "status", "sector")}
        told = [(g, code, tally.options.get(g, {}).get(code, 0)) for g, codes in options.items() for code, _l in codes]
        told += [(group, None, tally.unstated[group]) for group in [*criteria.MEASURES, "sector"]]
        for group, option, number in told:
            clicked += 1
            given = count(form_of(QueryDict(alone(form, group, option)[1:])))
            assert (group, option, given, state.urlencode()) == (group, option, number, state.urlencode())
    assert clicked == (1 if announced else 5) * 30


@pytest.mark.parametrize("part", range(4))
def test_map_shows_the_list(land, client, part):
    if part % 2:
        announce("leased")
    for address in {f"/quy-dat/?{state.urlencode()}" for state in searches(part)}:
        response = client.get(address)
        context = response.context
        assert sum(line["plots"] for line in context["where"]) == context["page_obj"].paginator.count
        if plan := context["plan"]:
            shown = {shape.plot.pk for shape in plan["drawing"].shapes if shape.is_found}
            rows = search.plots(Plot.objects.published(), context["form"].wish, on=timezone.localdate())
            assert shown == {plot.pk for plot in rows if plot.zone_id == plan["zone"].pk and plot.outline}


def test_address_is_the_state_in_one_order():
    data = QueryDict("sort=zone&zone=diem-thuy&kind=factory&kind=land&q=&status=free&height=9,0&zone=song-cong-2&x=1")
    for slug, code, name, _kms, _sectors in FACTS:
        factories.make_zone(slug, code, name)
    form = form_of(data)
    assert form.address() == "?kind=land&kind=factory&zone=diem-thuy&zone=song-cong-2&height=9"
    assert count(form_of(QueryDict(form.address()[1:]))) == count(form)


@pytest.mark.parametrize(
    ("typed", "address"), [("1.200", "1200"), ("1,234", "1.2340"), ("0,5", "0.5"), ("12 ha", "12")]
)
def test_number_in_an_address_means_the_same_in_every_language(typed, address):
    form = form_of(QueryDict(f"min_area={typed}"))
    assert form.address() == f"?min_area={address}"
    with translation.override("en"):
        assert form_of(QueryDict(f"min_area={address}")).wish == form.wish


@pytest.mark.parametrize(
    ("language", "typed"),
    [
        ("vi", "power=2.000 kva&water=500m3/ngày&load=2 tấn/m2&height=9 M&coverage=60%&term=10 năm"),
        ("en", "power=2,000 KVA&water=500 m3/day&load=2 t/m²&height=9m&coverage=60 %&term=10 years"),
    ],
)
def test_unit_may_stand_behind_a_number_as_people_type_it(db, language, typed):
    with translation.override(language):
        form = form_of(QueryDict(typed.replace("%", "%25")))
    assert form.address() == "?power=2000&water=500&load=2&height=9&coverage=60&term=10"


def test_form_sent_with_empty_fields_leads_to_the_short_address(client, zone):
    response = client.get("/quy-dat/?q=&status=free&kind=land&min_area=3,5&price=&price_in=usd_m2_term&sort=zone")
    assert (response.status_code, response["Location"]) == (302, "/quy-dat/?kind=land&min_area=3.5")
    assert client.get("/quy-dat/?q=&min_area=")["Location"] == "/quy-dat/"


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("power=nhiều", "Hãy ghi bằng số"),
        ("height=-9", "Hãy ghi bằng số"),
        ("price=90&price_in=eur", "Không có lựa chọn này"),
        ("by=31/02/2027", "Không đọc được ngày này"),
        ("by=2020-01-01", "Hãy chọn hôm nay hoặc một ngày sau"),
        ("sector=khong-co", "Không có lựa chọn này"),
        ("unstated=gia", "Không có lựa chọn này"),
        ("map=khong-co", "Không có lựa chọn này"),
    ],
)
def test_what_cannot_be_read_is_told_and_widens_nothing(client, make_plot, query, sentence):
    make_plot("CN-01")
    for address in ("/quy-dat/", "/quy-dat/nguon-tin/"):
        page = client.get(f"{address}?{query}").content.decode()
        assert (sentence in page, "SC2-CN-01" in page) == (True, False)


@pytest.mark.parametrize(
    ("query", "told"),
    [("heigt=9", True), ("heigt=9&q=", True), ("page=1&utm_source=zalo&fbclid=x", False), ("heigt=", True)],
)
def test_part_of_an_address_that_is_no_filter_is_named(client, make_plot, query, told):
    make_plot("CN-01")
    page = client.get(f"/quy-dat/?{query}").content.decode()
    assert ("không lọc được theo: heigt." in page, "SC2-CN-01" in page) == (told, True)


@pytest.mark.parametrize(
    "typed",
    ["dong nai", "Đồng Nai", "ĐIỀM THUỴ", "Điềm Thụy", "song cong 2", "Sông Công II", "CN05", "cn-05", "SC2CN05"],
)
def test_words_find_the_plot_however_they_are_typed(client, make_plot, typed):
    zone = factories.make_zone(name="Sông Công II", location_old_vi="Điềm Thụy")
    make_plot("CN-05", zone=zone, description_vi="Trên tuyến Điềm Thụy đi Đồng Nai", description_en="To Dong Nai")
    make_plot("CN-15", zone=factories.make_zone("yen-binh", "YB", "Yên Bình"))
    found = client.get("/quy-dat/", {"q": typed}).context["page_obj"].object_list
    assert [plot.code for plot in found] == ["SC2-CN-05"]


def test_words_in_decomposed_letters_find_the_plot(client, make_plot):
    make_plot("CN-05", description_vi="Gần Điềm Thụy", description_en="Near")
    typed = unicodedata.normalize("NFD", "Điềm Thụy")
    assert client.get("/quy-dat/", {"q": typed}).context["tally"].total == 1


def test_whole_code_comes_before_a_part_of_one(client, make_plot):
    for number in ("CN-050", "CN-05", "ACN-05"):
        make_plot(number)
    found = client.get("/quy-dat/", {"q": "cn05"}).context["page_obj"].object_list
    assert found[0].number == "CN-05"


def test_price_is_compared_in_its_own_unit_only(client, make_plot):
    for number, currency in (("CN-01", "USD"), ("CN-02", "VND")):
        make_plot(number, price=80, price_currency=currency, price_basis="m2_term", price_on=timezone.localdate())
    make_plot("CN-03")
    page = client.get("/quy-dat/?price=90").context
    assert ([plot.number for plot in page["page_obj"]], page["tally"].unstated["price"]) == (["CN-01"], 1)
    assert client.get("/quy-dat/?price=90&unstated=price").context["tally"].total == 2


def test_distance_counts_the_longest_of_what_is_published(land, client):
    slugs = {plot.zone.slug for plot in client.get("/quy-dat/?airport=44&status=any").context["page_obj"]}
    assert slugs == set()
    slugs = {plot.zone.slug for plot in client.get("/quy-dat/?airport=45&status=any").context["page_obj"]}
    assert slugs == {"song-cong-2"}


def test_day_of_use_finds_what_is_let_until_before_it(client, make_plot):
    today = timezone.localdate()
    plot = make_plot("CN-01", status="leased", held_for="9800000001")
    plot.availabilities.update(ends_on=today + timedelta(days=30))
    day, later = (f"{today + timedelta(days=days):%d/%m/%Y}" for days in (30, 31))
    assert client.get("/quy-dat/", {"by": day}).context["tally"].total == 0
    assert client.get("/quy-dat/", {"by": later}).context["tally"].total == 1


def test_nothing_found_says_what_each_criterion_costs(client, make_plot):
    for n, height in enumerate(("7", "8", None)):
        make_plot(f"NX-0{n}", kind="factory", clear_height_m=height, power_kva=5000)
    make_plot("NX-09", kind="factory", clear_height_m=12, power_kva=100)
    context = client.get("/quy-dat/?kind=factory&power=4000&height=9").context
    costs = [(line["code"], line["plots"], line["href"]) for line in context["suggestions"]]
    assert costs == [
        ("power", 1, "?kind=factory&height=9"),
        ("height", 3, "?kind=factory&power=4000"),
    ]


def test_cost_of_a_criterion_is_what_giving_it_up_gives(land):
    rows, today = Plot.objects.published(), timezone.localdate()
    for state in [state for part in range(8) for state in searches(part)]:
        form = form_of(state)
        asked = {"on": today, "reaches": form.reaches}
        if not count(form):
            counted = search.tally(rows, form.wish, **asked)
            told = search.costs(rows, form.wish, **asked)
            assert search.costs(rows, form.wish, counted=counted, **asked) == told
            for code, number in told:
                given = form.address(**views._given_up(code, form))
                assert (code, count(form_of(QueryDict(given[1:])))) == (code, number)


def test_nearest_name_what_they_miss(client, make_plot):
    for n, height in enumerate(("7", "8.5", None)):
        make_plot(f"NX-0{n}", kind="factory", clear_height_m=height)
    nearest = client.get("/quy-dat/?kind=factory&height=9").context["nearest"]
    assert [(plot.number, misses) for plot, misses in nearest] == [
        ("NX-01", [("Chiều cao", f"8,5{NBSP}m")]),
        ("NX-00", [("Chiều cao", f"7{NBSP}m")]),
        ("NX-02", [("Chiều cao", "chưa ghi")]),
    ]


def test_need_that_nothing_answers_goes_to_the_board(client, make_plot):
    make_plot("NX-01", kind="factory", clear_height_m=7)
    page = client.get("/quy-dat/?height=9&kind=factory").content.decode()
    assert "/hoi-dat/?from=search&amp;q=kind%3Dfactory%26height%3D9" in page


def test_feed_holds_what_the_search_finds(client, make_plot):
    make_plot("CN-01", area_m2=Decimal(20000), is_sample=True)
    make_plot("CN-02", area_m2=Decimal(90000))
    response = client.get("/quy-dat/nguon-tin/?max_area=3")
    page = response.content.decode()
    assert response["Content-Type"].startswith("application/atom+xml")
    assert ("Lô CN-01, Sông Công II" in page, "CN-02" in page, "Minh họa" in page) == (True, False, True)
    assert "/quy-dat/?max_area=3" in page


@pytest.mark.parametrize("query", ["kind=factory", "kind=land&min_area=5"])
def test_feed_names_what_was_chosen_from_a_list(client, make_plot, query):
    make_plot("CN-01")
    assert client.get(f"/quy-dat/nguon-tin/?{query}").status_code == 200


def test_feed_is_refused_where_a_part_of_its_address_filters_nothing(client):
    response = client.get("/quy-dat/nguon-tin/?heigt=9")
    assert (response.status_code, "không lọc được theo: heigt." in response.content.decode()) == (400, True)


def test_page_leads_to_the_feed_of_the_same_search(client, make_plot):
    make_plot("CN-01")
    page = client.get("/quy-dat/?max_area=30&sort=large").content.decode()
    assert page.count('href="/quy-dat/nguon-tin/?max_area=30"') == 2


@pytest.mark.parametrize("rows", [1, 3])
def test_empty_answer_takes_the_same_queries_for_any_number_of_plots(
    client, make_plot, rows, django_assert_num_queries
):
    for n in range(rows):
        make_plot(f"CN-0{n}")
    with django_assert_num_queries(7):
        response = client.get("/quy-dat/?height=9")
    assert len(response.context["nearest"]) == rows


@pytest.mark.parametrize(("days", "found"), [(180, 1), (181, 0)])
def test_unconfirmed_for_too_long_is_in_no_count(client, make_plot, days, found):
    make_plot("CN-01", confirmed_on=timezone.localdate() - timedelta(days=days))
    Rule.objects.create(code="listing_stale_days", value="180", valid_from="2020-01-01")
    tally = client.get("/quy-dat/").context["tally"]
    counts = [
        tally.options.get(group, {}).get(option, 0) for group, option in (("kind", "land"), ("zone", "song-cong-2"))
    ]
    assert [tally.total, tally.options["status"]["free"], *counts, tally.zones.total()] == [found] * 5
    assert Plot.objects.offered(on=timezone.localdate()).count() == found


@pytest.mark.parametrize(("day", "found"), [("01/01/2027", 0), ("31/03/2027", 0), ("01/04/2027", 1)])
@time_machine.travel("2026-11-27 09:00+07:00", tick=False)
def test_plot_let_until_the_end_of_march_is_found_from_april(client, make_plot, day, found):
    plot = make_plot("CN-01", status="leased", held_for="9800000001")
    plot.availabilities.update(ends_on="2027-03-31")
    context = client.get("/quy-dat/", {"by": day}).context
    assert (context["tally"].total, len(context["page_obj"].object_list)) == (found, found)


@pytest.mark.parametrize("sort", ["zone", "large", "small"])
def test_pages_of_the_list_hold_each_plot_once_in_order(land, client, sort):
    rows = Plot.objects.published()
    whole = search.plots(rows, Wish(status="any"), on=timezone.localdate(), sort=sort)
    pages = [client.get(f"/quy-dat/?status=any&sort={sort}&page={n}").context["page_obj"] for n in range(1, 6)]
    assert [plot.pk for page in pages for plot in page] == [plot.pk for plot in whole]


OWN = {
    "kind=factory&height=6&unstated=height": lambda p: p.kind == "factory" and (p.clear_height_m or 99) >= 6,
    "min_area=2,5&max_area=6&zone=diem-thuy": lambda p: 25000 <= p.area_m2 <= 60000 and p.zone.code == "DT",
    "price=90&price_in=usd_m2_term": lambda p: p.price and p.price <= 90 and p.price_currency == "USD",
    "power=3000&water=200&wastewater=100": lambda p: (
        (p.power_kva or 0) >= 3000 and (p.water_m3_day or 0) >= 200 and (p.wastewater_m3_day or 0) >= 100
    ),
    "port=150&sector=dien-tu": lambda p: p.zone.code == "DT",
}


@pytest.mark.parametrize("query", OWN)
def test_own_search_finds_what_a_loop_over_the_plots_finds(land, client, query):
    """Five searches against plain Python, with all states, so that each one finds something."""
    page = client.get(f"/quy-dat/?status=any&{query}")
    wanted = {plot.pk for plot in Plot.objects.select_related("zone") if OWN[query](plot)}
    form = page.context["form"]
    found = search.plots(Plot.objects.published(), form.wish, on=timezone.localdate(), reaches=form.reaches)
    assert ({plot.pk for plot in found}, page.context["tally"].total) == (wanted, len(wanted))
    assert wanted
