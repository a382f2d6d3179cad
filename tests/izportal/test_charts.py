"""Charts: where bars, points and levels stand, and the numbers that stand beside them."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from izportal import charts
from izportal.charts import NARROW, WIDE, Cell, cell
from izportal.indicators import Asked, Indicator, Number
from izportal.templatetags.charts import bridge, columns, trend
from izportal.templatetags.figures import MILLION_USD
from projects.figures.bridge import Bridge, Part

pytestmark = pytest.mark.any_database

CAPITAL = Indicator("fdi_capital_usd", "Vốn", "Vốn đăng ký", MILLION_USD, source=None)
ASKED = Asked(date(2026, 9, 30), since=date(2026, 1, 1))


def usd(millions):
    return Number(CAPITAL, ASKED, Decimal(millions) * 1_000_000)


def plain(*amounts):
    return [(str(n), cell(amount)) for n, amount in enumerate(amounts)]


@pytest.fixture(autouse=True)
def _vietnamese():
    with translation.override("vi"):
        yield


def test_columns_stack_on_the_base_line_with_a_point_before_decimals():
    drawing = charts.columns([("2016", cell(7), cell(6)), ("2017", cell(20), cell(0))], WIDE)
    first = drawing["bars"][0]
    assert float(first["y1"]) + float(first["h1"]) == pytest.approx(WIDE["base"])
    assert (first["text"], drawing["grid"][-1]["text"], drawing["grid"][-1]["y"]) == ("13", "20", "20.0")


@pytest.mark.parametrize("draw", [columns, trend])
def test_chart_without_rows_draws_nothing(draw):
    assert draw([], title="Dự án")["drawings"] == []


def test_columns_of_nothing_stand_at_zero():
    drawing = charts.columns([("2016", cell(0), cell(0))], NARROW)
    assert (drawing["bars"][0]["h1"], drawing["grid"][0]["text"]) == ("0.0", "0")


def test_line_leaves_out_the_air_below_and_says_where_its_axis_begins():
    drawing = charts.line(plain(8000, 8400), WIDE)
    assert (drawing["is_cut"], drawing["low"]) == (True, "7.900")
    assert drawing["last"]["text"] == "8.400"


def test_line_from_nothing_begins_at_zero():
    drawing = charts.line(plain(0, 8400), WIDE)
    assert (drawing["is_cut"], float(drawing["points"][0]["y"])) == (False, WIDE["base"])


def test_line_that_does_not_move_is_drawn_level():
    points = charts.line(plain(12, 12, 12), WIDE)["points"]
    assert len({point["y"] for point in points}) == 1


def test_break_stands_at_its_share_of_the_width():
    drawing = charts.line(plain(1, 2), WIDE, [(0.5, "A")])
    assert drawing["breaks"] == [{"x": "406.0", "sign": "A"}]


def test_bridge_hangs_each_part_where_the_last_one_ended():
    parts = (Part("Tăng", 1, usd(30)), Part("Giảm", -1, usd(10)))
    drawn = bridge(Bridge(usd(100), parts, usd(120), usd(0)), title="Vốn", key="b")
    bars = drawn["drawings"][0]["bars"]
    assert [bar["text"] for bar in bars] == ["100", "+30", "−10", "120"]
    assert [bar["css"] for bar in bars] == ["is-end", "is-up", "is-down", "is-end"]
    assert bars[2]["end"] == bars[3]["y"]


def test_bridge_table_leads_to_the_records_of_each_part():
    drawn = bridge(Bridge(usd(100), (Part("Tăng", 1, usd(30)),), usd(130), usd(0)), title="Vốn", key="b")
    assert [row[-1].url for row in drawn["rows"]] == [usd(0).url] * 3


def test_bridge_shows_what_was_classed_elsewhere_only_where_something_was():
    drawn = bridge(Bridge(usd(100), (), usd(95), usd(-5)), title="Vốn", key="b")
    assert [row[3] for row in drawn["rows"]] == ["100", "−5", "95"]


def test_bridge_breaks_long_names_into_lines():
    drawn = bridge(
        Bridge(usd(1), (Part("Vốn FDI chấm dứt, thu hồi", -1, usd(0)),), usd(1), usd(0)), title="Vốn", key="b"
    )
    assert [line["text"] for line in drawn["drawings"][1]["bars"][1]["lines"]] == ["Vốn FDI chấm", "dứt, thu hồi"]


def test_cell_of_a_published_number_is_in_its_unit_and_linked():
    assert cell(usd("8412.5")) == Cell(Decimal("8412.5"), "8.412,5", usd(0).url)


@pytest.mark.parametrize(("span", "step"), [(0, 1), (4, 1), (7, 2), (25, 5), (60, 20), (400, 100), ("0.03", "0.01")])
def test_grid_carries_the_span_by_at_most_five_round_steps(span, step):
    assert charts.grid_step(Decimal(span)) == Decimal(step)
