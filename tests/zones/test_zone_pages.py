"""What a visitor is told of the zones: land that adds up, two rates, networks, papers, contacts, areas, files."""

import gzip
import json
import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from izportal import documents
from izportal.models import Rule
from projects.figures import posting
from tests import factories, uploads
from tests.zones.surveys import square
from zones import allocation, balance, factsheet, freshness, plan
from zones.models import Document, Phase, Plot, UtilityCapacity, UtilityCommitment, Zone, ZoneArea
from zones.outlines import export
from zones.profile import areas, land_use, papers

pytestmark = pytest.mark.django_db
PAGE = "/khu-cong-nghiep/song-cong-2/"
OUTLINE = [[0, 0], [200, 0], [200, 150], [0, 150]]
Status = plan.Availability.Status


def leased(number, **fields):
    return factories.make_plot(number, status=Status.LEASED, held_for="9800000001", **fields)


# Land ---------------------------------------------------------------------------------------------
AREAS = [(12_345, 0, 0), (10_499, 10_499, 10_499), (1_060_499, 174_499, 205_499), (999, 999, 999), (0, 0, 0)]


@pytest.mark.any_database
@pytest.mark.parametrize(("let", "held", "free"), AREAS)
@pytest.mark.parametrize("zone_ha", [None, "1", "250", "196.88"])
def test_printed_parts_add_up_to_the_printed_sums(let, held, free, zone_ha):
    land = balance.Balance(Decimal(let), Decimal(held), Decimal(free), Decimal("48_517.5".replace("_", "")))
    whole = Decimal(zone_ha) if zone_ha else None
    use = land_use.of(land, other_m2=Decimal("79_251".replace("_", "")), zone_ha=whole)
    assert sum(part.shown_ha for part in use.industrial) == use.industrial_ha
    assert use.industrial_ha == pytest.approx(land.total_ha, abs=Decimal("0.05"))
    if use.zone_ha is not None:
        assert sum(part.shown_ha for part in [*use.industrial, *use.rest]) == use.zone_ha
    assert use.exceeds == (whole is not None and use.zone_ha is None)


@pytest.fixture
def ground(zone):
    """One plot of each state, one of which lies on no plan, and a warehouse."""
    Phase.objects.create(zone=zone, slug="gd1", name_vi="Giai đoạn 1")
    factories.make_plot("CN-01", outline=OUTLINE)
    leased("CN-02", outline=[[x + 210, y] for x, y in OUTLINE], area_m2=35000)
    factories.make_plot("CN-03", outline=[[x + 420, y] for x, y in OUTLINE], status=Status.RESERVED, held_for="H-1")
    factories.make_plot("CN-04", outline=[[x, y + 160] for x, y in OUTLINE], status=Status.PLANNED)
    factories.make_plot("CN-05", outline=[[x + 210, y + 160] for x, y in OUTLINE],
                        confirmed_on=timezone.localdate() - timedelta(days=400))  # fmt: skip
    factories.make_plot("K-01", kind="warehouse", area_m2=5000)
    ZoneArea.objects.create(zone=zone, area_ha=250, is_stated=True, confidence="two_sources")
    Rule.objects.create(code=freshness.STALE, name_vi="Hết hạn", value=180, valid_from=date(2020, 1, 1))
    return zone


def test_zone_page_prints_a_balance_that_adds_up(client, ground):
    use = client.get(PAGE).context["use"]
    assert [(part.code, part.shown_ha) for part in use.industrial] == [
        ("leased", Decimal("3.5")), ("reserved", Decimal("6.5")), ("free", Decimal("6.5")),
        ("coming", Decimal("6.5")), ("unconfirmed", Decimal("6.5")),
    ]  # fmt: skip
    assert [part.shown_ha for part in use.rest] == [Decimal("0.5"), Decimal("220.0")]
    assert (use.industrial_ha, use.zone_ha) == (Decimal("29.5"), 250)


def test_occupancy_is_told_on_two_bases(client, ground):
    page = client.get(PAGE)
    assert [(rate.leased_ha, rate.base_ha) for rate in page.context["rates"]] == [
        (Decimal("3.5"), Decimal("29.5")), (Decimal("3.5"), Decimal("23")),
    ]  # fmt: skip
    text = page.content.decode()
    for base in ("trên tổng diện tích các lô đất công nghiệp", "trên các lô đất công nghiệp đã có mặt bằng"):
        assert base in text


# The plan and its table -----------------------------------------------------------------------------
def links_of(page):
    return re.findall(r'<a class="plan__p is-(\w+)" href="([^"]+)" aria-label="([^"]+)"', page)


def test_plan_has_one_link_for_each_drawn_plot_with_its_name(client, ground):
    assert links_of(client.get(PAGE).content.decode()) == [
        ("free", "/quy-dat/SC2-CN-01/", "Lô CN-01, 6,5\xa0ha, Còn trống"),
        ("leased", "/quy-dat/SC2-CN-02/", "Lô CN-02, 3,5\xa0ha, Đã cho thuê"),
        ("reserved", "/quy-dat/SC2-CN-03/", "Lô CN-03, 6,5\xa0ha, Đang giữ chỗ"),
        ("other", "/quy-dat/SC2-CN-04/", "Lô CN-04, 6,5\xa0ha, Trong quy hoạch"),
        ("other", "/quy-dat/SC2-CN-05/", "Lô CN-05, 6,5\xa0ha, Chờ xác nhận lại"),
    ]


def test_table_lists_what_the_plan_draws_and_what_it_leaves_out(client, ground):
    response = client.get(PAGE)
    page = response.content.decode()
    table = page[page.index('id="moi-lo"') : page.index("</details>")]
    rows = re.findall(r'<th scope="row" class="nowrap"><a href="([^"]+)">', table)
    left_out = [plot.get_absolute_url() for plot in response.context["plan"].left_out]
    assert sorted(rows) == sorted([href for _look, href, _name in links_of(page)] + left_out)
    assert left_out == ["/quy-dat/SC2-K-01/"]
    assert "1 lô chưa có ranh giới để vẽ" in page


def test_zone_without_outlines_still_lists_its_plots(client, make_plot):
    make_plot("CN-01")
    page = client.get(PAGE).content.decode()
    assert "Chưa có ranh giới lô để vẽ sơ đồ" in page
    assert "1 lô chưa có ranh giới để vẽ" in page


@pytest.mark.any_database
@pytest.mark.parametrize("language", ["vi", "en"])
def test_letters_of_the_plan_differ_in_every_language(language):
    with translation.override(language):
        letters = plan.letters()
    assert sorted(letters) == ["free", "leased", "other", "reserved"]
    assert len(set(letters.values())) == 4


@pytest.mark.any_database
def test_plan_is_drawn_north_up_with_its_scale():
    plots = [Plot(pk=1, number="B", outline=[[0, 900], [90, 900], [90, 990]]), Plot(pk=2, number="N", outline=OUTLINE)]
    for plot in plots:
        plot.status = "leased"
    drawn = plan.draw(plots)
    assert float(drawn.shapes[0].y) < float(drawn.shapes[1].y)
    assert drawn.scale_m == 100


@pytest.mark.any_database
def test_sketches_do_not_share_a_plan_with_surveyed_plots():
    plots = [Plot(pk=1, number="A", outline=square()), Plot(pk=2, number="B", outline=OUTLINE)]
    for plot in plots:
        plot.status = "leased"
    drawn = plan.draw(plots, boundary=[square(1000)])
    assert [shape.plot.number for shape in drawn.shapes] == ["A"]
    assert [plot.number for plot in drawn.left_out] == ["B"]
    assert drawn.land.startswith("M24.0 906.0L906.0 906.0")


# Networks, papers, contacts -------------------------------------------------------------------------
def test_zone_page_tells_what_a_network_has_left_and_since_when(client, zone):
    said = {"zone": zone, "kind": "water", "source": "Biên bản 1", "stated_on": date(2026, 9, 1)}
    UtilityCapacity.objects.create(**said, amount=9000, effective_on=date(2024, 1, 1))
    UtilityCommitment.objects.create(**said, amount=7100, effective_on=date(2026, 9, 1), is_total=True)
    page = client.get(PAGE).content.decode()
    row = page[page.index("Cấp nước") :]
    assert row.index("9.000\xa0m³/ngày") < row.index("7.100\xa0m³/ngày") < row.index("1.900\xa0m³/ngày")
    assert "01/09/2026" in row
    assert page.count("Ban chưa có số liệu công suất của khu") == 2


def test_papers_of_a_zone_are_told_once_with_issuer_and_what_replaced_them(zone):
    zone.established_by, zone.established_on = "181/1999/QĐ-TTg", date(1999, 9, 1)
    known = [
        ZoneArea(zone=zone, area_ha=320, decision="181/1999/QĐ-TTg", effective_on=date(1999, 9, 1)),
        ZoneArea(zone=zone, area_ha=195, decision="886/TTg-KTN", effective_on=date(2014, 6, 12)),
        ZoneArea(zone=zone, area_ha=250),
    ]
    phase = Phase(zone=zone, name_vi="Giai đoạn 2", decided_on=date(2024, 3, 7))
    found = papers.of(zone, areas=known, phases=[phase], documents=[])
    assert [(paper.number, paper.issued_on, paper.issuer) for paper in found] == [
        ("", date(2024, 3, 7), ""),
        ("886/TTg-KTN", date(2014, 6, 12), "Thủ tướng Chính phủ"),
        ("181/1999/QĐ-TTg", date(1999, 9, 1), "Thủ tướng Chính phủ"),
    ]
    assert found[2].subjects == ["Thành lập hoặc đưa vào quy hoạch", "Diện tích khu: 320\xa0ha"]
    assert found[2].replaced_by == "về diện tích: 886/TTg-KTN ngày 12/06/2014"


def keep(zone, number, **fields):
    paper = uploads.sent("a.pdf", uploads.pdf())
    stored = documents.store(paper, by=None, at=timezone.now(), max_bytes=10**6)
    return Document.objects.create(zone=zone, title_vi="Quy hoạch 1/500", number=number, stored=stored, **fields)


def test_public_paper_is_read_from_the_page_and_a_hidden_one_is_not(client, zone):
    newer = keep(zone, "20/QĐ-UBND", issued_on=date(2026, 2, 1))
    older = keep(zone, "10/QĐ-UBND", replaced_by=newer, kind="plan")
    hidden = keep(zone, "30/QĐ-UBND", is_public=False)
    page = client.get(PAGE).content.decode()
    assert "Được thay 20/QĐ-UBND ngày 01/02/2026" in page
    assert "30/QĐ-UBND" not in page
    assert f"{PAGE}van-ban/{older.pk}/" in page
    assert client.get(f"{PAGE}van-ban/{older.pk}/")["Content-Type"] == "application/pdf"
    assert client.get(f"{PAGE}van-ban/{hidden.pk}/").status_code == 404


def test_paper_of_another_zone_or_without_a_file_is_not_found(client, zone):
    elsewhere = keep(factories.make_zone("yen-binh", "YB", "Yên Bình"), "1")
    bare = Document.objects.create(zone=zone, title_vi="Bản vẽ")
    assert client.get(f"{PAGE}van-ban/{elsewhere.pk}/").status_code == 404
    assert client.get(f"{PAGE}van-ban/{bare.pk}/").status_code == 404


def test_contact_of_a_phase_has_its_source_and_day(client, zone):
    Phase.objects.create(
        zone=zone, slug="a", name_vi="Khu A", contact_vi="Phòng Kinh doanh", contact_phone="0208 3 000 000",
        contact_source="Văn bản 12", contact_on=date(2026, 10, 1),
    )  # fmt: skip
    Phase.objects.create(zone=zone, slug="b", name_vi="Khu B")
    page = client.get(PAGE).content.decode()
    place = page[page.index('id="lien-he"') :]
    assert place.index("Phòng Kinh doanh") < place.index('href="tel:02083000000"') < place.index("01/10/2026")
    assert place.index("Văn bản 12") < place.index("Khu B") < place.index("chưa có, hãy hỏi Ban")


# Tenants ------------------------------------------------------------------------------------------
def test_tenants_are_told_by_project_and_public_plot_alone(client, make_plot, make_project):
    shown = make_project(plot=make_plot("CN-01", area_m2=20000))
    make_project(plot=make_plot("CN-02", is_published=False), name="Nhà máy ở lô chưa công bố")
    page = client.get(PAGE).content.decode()
    place = page[page.index('id="doanh-nghiep"') : page.index('id="dien-tich"')]
    assert place.index("Nhà máy ở lô chưa công bố") < place.index(shown.name)
    assert ("CN-01" in place, "CN-02" in place) == (True, False)


@pytest.mark.parametrize("rows", [1, 3])
def test_tenants_cost_the_same_however_many(client, make_plot, make_project, django_assert_num_queries, rows):
    for n in range(rows):
        make_project(plot=make_plot(f"CN-0{n}"))
    posting.level()  # what a first reader does after a write
    with django_assert_num_queries(21):
        client.get(PAGE)


# Areas as of a day ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("on", "counted", "total"),
    [(date(1995, 1, 1), 0, "0"), (date(2010, 1, 1), 1, "220"), (date(2023, 3, 13), 1, "195"),
     (date(2023, 3, 14), 5, "1470.98")],
)  # fmt: skip
def test_areas_add_up_as_they_stood_on_a_day(on, counted, total):
    for slug, code, rows in (
        ("song-cong-1", "SC1", [(320, 1999, 9, 1), (220, 2009, 10, 8), (195, 2014, 6, 12), ("196.88", 2023, 3, 14)]),
        *((f"khu-{n}", f"K{n}", [(area, 2023, 3, 14)]) for n, area in enumerate((250, 263, 400, "361.1"))),
        ("quyet-thang", "QT", []),
    ):
        zone = factories.make_zone(slug, code)
        ZoneArea.objects.create(zone=zone, area_ha=105)
        for area, *day in rows:
            ZoneArea.objects.create(zone=zone, area_ha=area, effective_on=date(*day))
    position = areas.position(factsheet.rows(Zone.objects.all(), on=on), on=on)
    assert (position.counted, position.total_ha) == (counted, Decimal(total))
    assert [row.undated is None for row in position.rows].count(False) == 6 - counted


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("31/02/2020", "Không đọc được ngày này"),
        ("01/01/1980", "01/01/1990"),
        ("01/01/2090", "không muộn hơn hôm nay"),
    ],
)
def test_zone_list_tells_a_day_that_it_cannot_read(client, zone, typed, sentence):
    assert sentence in client.get("/khu-cong-nghiep/", {"on": typed}).content.decode()


# The map of the zones ------------------------------------------------------------------------------
def test_map_of_the_zones_says_the_same_as_the_list(client, ground):
    factories.make_zone("vo-danh", "VD", "Vô Danh")
    factories.make_zone("yen-binh-2", "YB2", "Yên Bình 2", latitude=Decimal("21.43"), longitude=Decimal("105.9"))
    page = client.get("/khu-cong-nghiep/").content.decode()
    drawn = page[page.index('<svg class="zmap"') : page.index("</svg>", page.index('<svg class="zmap"'))]
    assert re.findall(r'<a class="zmap__z" href="([^"]+)"', drawn) == [PAGE, "/khu-cong-nghiep/yen-binh-2/"]
    assert "còn 6,5\xa0ha" in drawn
    place = page[page.index("Chưa có vị trí trên sơ đồ:") :]
    assert place.index("/khu-cong-nghiep/vo-danh/") < place.index("</p>")


# The file ------------------------------------------------------------------------------------------
def test_geojson_of_a_zone_holds_every_plot_and_the_disclaimer(client, ground):
    ground.outline = [square(1000)]
    ground.save()
    Plot.objects.filter(number="CN-01").update(outline=square())
    answer = client.get(f"{PAGE}ranh-gioi.geojson")
    said = json.loads(answer.content)
    assert answer["Content-Type"] == "application/geo+json"
    assert said["disclaimer"].startswith("Sơ đồ để tham khảo, không phải ranh giới pháp lý")
    assert [(row["id"], row["geometry"] and row["geometry"]["type"]) for row in said["features"]] == [
        ("SC2", "MultiPolygon"), ("SC2-CN-01", "Polygon"), *((f"SC2-CN-0{n}", None) for n in (2, 3, 4, 5)),
        ("SC2-K-01", None),
    ]  # fmt: skip
    assert said["features"][2]["properties"]["sketch_m"][0] == [210, 0]


def test_geojson_goes_round_to_where_it_came_from(ground):
    plot = Plot.objects.with_offer(on=timezone.localdate()).get(number="CN-01")
    plot.outline = square()
    (feature,) = export.collection(ground, [plot], on=timezone.localdate())["features"]
    ring = feature["geometry"]["coordinates"][0]
    back = [export.grid.to_metres(*corner) for corner in ring]
    assert back[0] == back[-1]
    for corner, told in zip(square(), back, strict=False):
        assert told == pytest.approx(corner, abs=0.12)


def test_geojson_hides_what_is_not_published(client, ground, staff):
    Plot.objects.filter(number="CN-01").update(is_published=False)
    assert b"SC2-CN-01" not in client.get(f"{PAGE}ranh-gioi.geojson").content
    client.force_login(staff("land"))
    assert b"SC2-CN-01" in client.get(f"{PAGE}ranh-gioi.geojson").content


@pytest.mark.prove
def test_page_of_five_hundred_plots_stays_light(client, zone):
    plots = Plot.objects.bulk_create(
        Plot(
            zone=zone, number=f"CN-{n:03d}", code=f"SC2-CN-{n:03d}", area_m2=10000, confirmed_on=timezone.localdate(),
            outline=square(east=110 * (n % 25), north=110 * (n // 25)),
        )
        for n in range(500)
    )  # fmt: skip
    for n, plot in enumerate(plots):
        status = (Status.AVAILABLE, Status.PLANNED, Status.READY)[n % 3]
        allocation.record(
            plot=plot, status=status, effective_on=date(2026, 1, 5), basis="Thử", by=None, at=timezone.now()
        )
    page = client.get(PAGE).content
    assert len(links_of(page.decode())) == 500
    size = len(gzip.compress(page, 6))
    assert size < 60_000


def test_old_address_of_a_zone_leads_to_the_new_one(client, zone):
    names = ("zones:zone_detail", "zones:zone_geojson")
    told = {}
    for language in ("vi", "en"):
        with translation.override(language):
            told |= {reverse(name, args=["song-cong-2"]): reverse(name, args=["song-cong"]) for name in names}
    zone.slug = "song-cong"
    zone.save()
    found = [client.get(old) for old in told]
    assert [(page.status_code, page["Location"]) for page in found] == [(301, new) for new in told.values()]
    assert client.get("/khu-cong-nghiep/chua-tung-co/").status_code == 404
