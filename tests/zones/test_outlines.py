"""Outlines: the national grid, what is read from files and tables, what is refused and why, kept and undone."""

import json
from datetime import date
from decimal import Decimal

import pytest

from tests import factories
from tests.zones.surveys import EAST, NORTH, feature, geojson, lines, square
from zones import outlines
from zones.models import OutlineEntry, Plot
from zones.outlines import grid, reading, shapes

AT = factories.at("2026-11-02 09:00")
# Reckoned by PROJ 9.5.1: EPSG:9213 to EPSG:4326 by way of EPSG:6960.
KNOWN = [
    ((432_000, 2_376_000), (105.84568556, 21.47786431)),
    ((500_000, 2_400_000), (106.50188956, 21.69592100)),
    ((431_234.56, 2_377_890.12), (105.83822226, 21.49490651)),
    ((395_000.25, 2_352_000.75), (105.49015935, 21.25934450)),
    ((560_000, 2_480_000), (107.08471900, 22.41740945)),
    ((431_933.6543, 2_377_122.4917), (105.845, 21.488)),
    ((440_939.5505, 2_374_540.7824), (105.932, 21.465)),
]


@pytest.mark.any_database
@pytest.mark.parametrize(("metres", "degrees"), KNOWN)
def test_grid_agrees_with_a_known_reckoning(metres, degrees):
    assert grid.to_degrees(*metres) == pytest.approx(degrees, abs=2e-8)
    assert grid.to_metres(*degrees) == pytest.approx(metres, abs=0.002)


@pytest.mark.any_database
def test_grid_comes_back_to_the_same_millimetre():
    for east, north in ((360_000.0, 2_350_000.0), (499_999.9, 2_500_000.0), (640_000.0, 2_420_000.0)):
        assert grid.to_metres(*grid.to_degrees(east, north)) == pytest.approx((east, north), abs=0.001)


# Geometry -----------------------------------------------------------------------------------------
BENT = [[0, 0], [100, 0], [100, 100], [50, 40], [0, 100]]


@pytest.mark.any_database
def test_shapes_share_what_lies_in_both():
    assert shapes.shared(square(), square(east=40)) == pytest.approx(6000)
    assert shapes.shared(square(), square(east=100)) == pytest.approx(0)
    assert shapes.shared(square(), square(40, east=10, north=10)) == pytest.approx(1600)
    assert shapes.shared(BENT, [[0, 90], [100, 90], [100, 120], [0, 120]]) == pytest.approx(2 * 10 * 10 / 1.2 / 2)
    assert shapes.shared(BENT, list(reversed(BENT))) == pytest.approx(shapes.area(BENT)) == pytest.approx(7000)


@pytest.mark.any_database
def test_shape_outside_counts_only_what_lies_in_no_ground():
    grounds = [square(), square(east=100)]
    assert shapes.outside(square(50, east=75), grounds) == pytest.approx(0)
    assert shapes.outside(square(50, east=75, north=75), grounds) == pytest.approx(1250)
    assert shapes.outside(square(50, east=300), grounds) == pytest.approx(2500)


@pytest.mark.any_database
def test_crossing_line_is_found_and_a_plain_one_is_not():
    assert shapes.crossing([[0, 0], [10, 10], [10, 0], [0, 10]]) == (1, 3)
    assert shapes.crossing(BENT) is None
    assert shapes.crossing([[0, 0], [10, 0], [20, 0], [20, 10]]) is None


# Reading ------------------------------------------------------------------------------------------
@pytest.mark.any_database
@pytest.mark.parametrize(
    "text",
    [
        lines("CN-05", square()),
        lines("CN-05", square()).replace("\t", " ; ").replace(".00", ",00"),
        "STT;X(m);Y(m)\n" + lines("CN-05", square()).replace("\t", ";"),
        "\n".join(f"CN-05\t{n}\t{north}\t{east}\t100,00" for n, (east, north) in enumerate(square(), start=1)),
        "\n".join(f"CN-05  {north:,.2f}  {east:,.2f}" for east, north in square()),
        geojson(feature("CN-05", square())),
        json.dumps(feature("CN-05", square())),
        geojson(
            {"type": "Feature", "properties": {"so_lo": "CN-05"},
             "geometry": {"type": "MultiPolygon", "coordinates": [[square()]]}},
            crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::9213"}},
        ),
    ],
)  # fmt: skip
def test_reading_takes_tables_and_geojson(text):
    (draft,) = reading.read(text)
    assert (draft.name, draft.troubles) == ("CN-05", [])
    assert [list(point) for point in draft.ring] == square()


@pytest.mark.any_database
def test_reading_takes_several_plots_from_one_table():
    text = "\n\n".join([lines("CN-05", square()), lines("CN-06", square(50, east=120))])
    assert [(draft.name, len(draft.ring)) for draft in reading.read(text)] == [("CN-05", 4), ("CN-06", 4)]


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "hỏng hoặc thiếu phần cuối"),
        ("[1, 2]", "không phải GeoJSON"),
        ('{"type": "Topology"}', "không phải GeoJSON"),
        (geojson(feature("A", square()), crs={"properties": {"name": "EPSG:3405"}}), "hệ tọa độ khác"),
        (f"Lô A\n1 {EAST} {NORTH}", "Dòng 2: hai cột đổi chỗ"),
        ("Lô A\n1 21.48 105.84", "Dòng 2: không có cặp X, Y đúng"),
        (f"Lô A\n1 {NORTH}", "Dòng 2: không có cặp X, Y đúng"),
        (geojson(), "Không đọc được ranh giới nào"),
        ("x" * 1_000_001, "dài quá 1 MB"),
    ],
)
def test_reading_says_why_a_text_is_no_good(text, sentence):
    with pytest.raises(reading.UnreadableOutlines, match=sentence):
        reading.read(text)


def polygon(*rings, kind="Polygon"):
    return geojson({"type": "Feature", "properties": {"code": "A"}, "geometry": {"type": kind, "coordinates": rings}})


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (lines("A", square()[:2]), "Chỉ có 2 đỉnh"),
        (polygon([[105.8, 21.5]] * 5), "Chỉ có 1 đỉnh"),
        (polygon([[105.8, 21.5]], [[105.8, 21.5]]), "có lỗ bên trong"),
        (polygon(105.8, 21.5, kind="Point"), "không phải là một vùng"),
        (polygon(), "không có đỉnh nào"),
        (polygon("x"), "không có đỉnh nào"),
        (polygon([[105.8, "x"], [1, None]]), "không phải là hai con số"),
        (polygon(square()), "không phải là kinh độ, vĩ độ"),
        (polygon([[21.5, 105.8 - 90], [21.6, 15.8], [21.6, 15.9]]), "kinh độ trước, vĩ độ sau"),
        (polygon([[108, 15], [108.1, 15], [108.1, 15.1]]), "ngoài tỉnh Thái Nguyên"),
        (lines("A", [[EAST, 2_200_000], [EAST + 9, 2_200_000], [EAST, 2_200_009]]), "kinh tuyến trục"),
        (geojson(None), "không phải là một vùng"),
    ],
)
def test_reading_says_what_is_wrong_with_an_outline(text, sentence):
    (draft,) = reading.read(text)
    assert len(draft.troubles) == 1
    assert sentence in draft.troubles[0]


# Checks -------------------------------------------------------------------------------------------
@pytest.fixture
def ground(db):
    """A zone of a kilometre by one, with a plot that is drawn and two that are not."""
    zone = factories.make_zone(outline=[square(1000)], latitude=Decimal("21.488"), longitude=Decimal("105.845"))
    factories.make_plot("CN-01", zone=zone, area_m2=10000, outline=square())
    factories.make_plot("CN-02", zone=zone, area_m2=10000)
    factories.make_plot("CN-03", zone=zone, area_m2=2500)
    return zone


def troubles_of(zone, text, **options):
    return {proposal.name: proposal.troubles for proposal in outlines.propose(zone, text, **options)}


def test_outline_of_a_known_plot_passes(ground):
    (proposal,) = outlines.propose(ground, lines("cn02", square(east=104)))
    assert (proposal.plot.number, proposal.troubles, proposal.notes) == ("CN-02", [], [])
    assert (proposal.drawn_m2, proposal.stated_m2, proposal.share) == (Decimal("10000.0"), 10000, 0)


def test_outline_may_touch_its_neighbour_but_not_lie_on_it(ground):
    assert troubles_of(ground, lines("CN-02", square(east=100))) == {"CN-02": []}
    assert troubles_of(ground, lines("CN-02", square(east=90))) == {"CN-02": ["Chồng lên CN-01: 1.000\xa0m²."]}


def test_outlines_of_one_text_may_not_lie_on_each_other(ground):
    text = lines("CN-02", square(east=300)) + "\n" + lines("CN-03", square(50, east=380))
    said = troubles_of(ground, text)
    assert said == {"CN-02": ["Chồng lên CN-03: 1.000\xa0m²."], "CN-03": ["Chồng lên CN-02: 1.000\xa0m²."]}


def test_outline_may_take_the_place_of_its_own_old_one(ground):
    assert troubles_of(ground, lines("CN-01", square(east=30))) == {"CN-01": []}


def test_outline_outside_the_zone_is_told_with_its_area(ground):
    (sentence,) = troubles_of(ground, lines("CN-02", square(east=950)))["CN-02"]
    assert sentence == "5.000\xa0m² của lô nằm ngoài ranh giới khu Sông Công II."


def test_outline_and_stated_area_must_agree(ground):
    assert troubles_of(ground, lines("CN-02", square(100.4, east=200))) == {"CN-02": []}
    (sentence,) = troubles_of(ground, lines("CN-02", square(110, east=200)))["CN-02"]
    assert sentence.startswith("Diện tích vẽ 12.100\xa0m², diện tích ghi của lô 10.000\xa0m²: lệch 21%, quá 1%.")


def test_every_fault_of_an_outline_is_told_at_once(ground):
    said = troubles_of(ground, lines("CN-02", square(200, east=50, north=-150)))["CN-02"]
    assert [sentence.split(" ")[0] for sentence in said] == ["Diện", "30.000\xa0m²", "Chồng"]


def test_outline_of_another_belt_is_told_by_its_distance(ground):
    ground.outline = []
    ground.save()
    (sentence,) = troubles_of(ground, lines("CN-02", square(east=60_000)))["CN-02"]
    assert sentence == (
        "Cách điểm đã biết của khu 60 km. Hãy kiểm tra kinh tuyến trục (106°30′, múi 3°) và số lô."
    )  # fmt: skip


def test_zone_without_a_boundary_says_that_it_could_not_be_checked(ground):
    ground.outline = []
    (proposal,) = outlines.propose(ground, lines("CN-02", square(east=104)))
    assert (proposal.troubles, len(proposal.notes)) == ([], 1)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (lines("CN-09", square(east=200)), "Khu Sông Công II không có lô “CN-09”"),
        (lines("", square(east=200)).removeprefix("Lô :\n"), "Không ghi số lô"),
        (lines("CN-02", [[EAST, NORTH], [EAST + 9, NORTH + 9], [EAST + 9, NORTH], [EAST, NORTH + 9]]), "tự cắt"),
    ],
)
def test_outline_that_no_plot_can_have_is_told(ground, text, sentence):
    ((said, *_rest),) = troubles_of(ground, text).values()
    assert sentence in said


def test_plot_named_twice_is_told(ground):
    text = geojson(feature("CN-02", square(east=200)), feature("cn 02", square(east=400)))
    assert [p.troubles for p in outlines.propose(ground, text)] == [["Lô CN-02 có mặt nhiều lần trong dữ liệu."]] * 2


def test_boundary_must_hold_what_is_drawn_already(ground):
    assert troubles_of(ground, lines("Khu", square(800)), is_boundary=True) == {"Khu": []}
    (sentence,) = troubles_of(ground, lines("Khu", square(800, east=50)), is_boundary=True)["Khu"]
    assert sentence == "Lô đã có ranh giới nhưng nằm ngoài đường này: CN-01."


def test_boundary_is_compared_with_the_areas_of_the_zone(ground):
    ground.areas.create(area_ha=64, is_stated=True)
    (near,) = outlines.propose(ground, lines("Khu", square(800)), is_boundary=True)
    (far,) = outlines.propose(ground, lines("Khu", square(900)), is_boundary=True)
    assert near.notes == ["Diện tích vẽ 64\xa0ha, khớp diện tích đã công bố 64\xa0ha."]
    assert far.notes == ["Diện tích vẽ 81\xa0ha không khớp diện tích nào đã công bố; gần nhất là 64\xa0ha."]


# Kept and undone ----------------------------------------------------------------------------------
def enter(zone, text, by, **said):
    return outlines.enter(zone=zone, text=text, basis="Bản vẽ 12/2026", by=by, at=AT, **said)


def outline_of(number):
    return Plot.objects.get(number=number).outline


def test_outlines_are_kept_together_with_their_paper(ground, staff):
    keeper, text = staff("land"), geojson(feature("CN-02", square(east=104)), feature("CN-03", square(50, east=300)))
    entry = enter(ground, text, keeper, measured_on=date(2026, 10, 1))
    assert [change["plot"] for change in entry.changes] == ["SC2-CN-02", "SC2-CN-03"]
    assert (outline_of("CN-02"), outline_of("CN-03")) == (square(east=104), square(50, east=300))
    assert Plot.objects.get(number="CN-02").history.first().history_user == keeper


def test_nothing_is_kept_where_one_outline_is_no_good(ground, staff):
    text = lines("CN-02", square(east=104)) + "\n" + lines("CN-03", square(90, east=300))
    with pytest.raises(outlines.OutlinesRefused, match="chưa lưu gì"):
        enter(ground, text, staff("land"))
    assert (outline_of("CN-02"), OutlineEntry.objects.count()) == ([], 0)


def test_undoing_puts_back_what_stood_before(ground, staff):
    keeper = staff("land")
    entry = enter(ground, lines("CN-01", square(east=30)), keeper)
    outlines.undo(entry, by=keeper, at=AT)
    assert outline_of("CN-01") == square()
    with pytest.raises(outlines.OutlinesRefused, match="đã được hoàn tác"):
        outlines.undo(entry, by=keeper, at=AT)


def test_what_was_drawn_again_is_not_undone_from_below(ground, staff):
    keeper = staff("land")
    first = enter(ground, lines("CN-01", square(east=30)), keeper)
    second = enter(ground, lines("CN-01", square(east=60)), keeper)
    with pytest.raises(outlines.OutlinesRefused, match="vẽ lại sau lần nhập này: SC2-CN-01"):
        outlines.undo(first, by=keeper, at=AT)
    outlines.undo(second, by=keeper, at=AT)
    outlines.undo(first, by=keeper, at=AT)
    assert outline_of("CN-01") == square()


def test_boundary_of_parts_is_kept_and_undone(ground, staff):
    keeper, text = staff("land"), lines("Khu A", square(400)) + "\n" + lines("Khu B", square(300, east=500))
    entry = enter(ground, text, keeper, is_boundary=True)
    ground.refresh_from_db()
    assert (ground.outline, entry.is_boundary) == ([square(400), square(300, east=500)], True)
    outlines.undo(entry, by=keeper, at=AT)
    ground.refresh_from_db()
    assert ground.outline == [square(1000)]
