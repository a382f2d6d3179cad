"""How pages show the land: the state of a plot, how far a fact is sure, where it comes from, the map of the zones."""

import re
from functools import lru_cache
from urllib.parse import urlsplit

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from izportal.models import Confidence
from izportal.templatetags.area import grouped, percent, with_unit
from izportal.templatetags.badge import flag_unverified
from zones import match, plan
from zones.match import State, scores
from zones.match.forms import POWER_FACTOR
from zones.models import Availability

register = template.Library()

# State of a plot → the shape and colour of its tag; solid words, never colour alone.
TAGS = {
    **dict.fromkeys(Availability.FREE, ("ok", "s-ok")),
    Availability.Status.RESERVED: ("warn", "s-soon"),
    Availability.Status.LEASED: ("", "s-done"),
    Availability.Status.CLEARING: ("line", "s-hold"),
    Availability.Status.PLANNED: ("line", "cal"),
}
VERDICTS = {
    State.MET: ("ok", "s-ok"), State.NEAR: ("warn", "s-soon"), State.UNKNOWN: ("line", "info"),
    State.NOT_MET: ("bad", "x"),
}  # fmt: skip
# Where each square stands on the schematic map: middle x, y, and the side of its name, far where the motorway runs
# between. A scheme, not coordinates: the two zones of Sông Công share one known point, and two zones have none.
PLACES = {
    "song-cong-1": (294, 264.4, "left"),
    "song-cong-2": (329, 196.9, "right"),
    "nam-pho-yen": (339.5, 485.6, "far right"),
    "yen-binh": (371, 376.9, "right"),
    "diem-thuy": (434, 305.6, "right"),
    "quyet-thang": (192.5, 88.1, "left"),
}
# Where a zone that came later lies, by its coordinates: the stretch of the scheme about Yên Bình (x, y, lon, lat).
ORIGIN, PER_DEGREE = (371, 376.9, 105.889, 21.442), (1440, 2900)
SQUARE_PER_ROOT_HA = 2.3
ADDRESS = re.compile(r"(https?://[^\s<>\"']+)")


@register.filter
def kept(text):
    """A number of a plot or a decision on one line: CN-01 does not break at its hyphen."""
    return format_html('<span class="nowrap">{}</span>', text)


@register.filter
def stated(value, unit):
    """A figure with its unit; where nobody has stated it, words say so."""
    if value is None:
        return format_html('<span class="muted">{}</span>', _("chưa có số liệu"))
    return with_unit(value, str(unit))


@register.simple_tag
def match_state(state):
    """How a plot stands to a criterion, in shape, word and colour."""
    return _tag(str(state.label), *VERDICTS[state])


@register.simple_tag
def plot_state(status):
    return _tag(str(plot_word(status)), *TAGS.get(status, ("line", "info")))


@lru_cache(maxsize=64)
def _tag(text, kind, shape):
    """The same words look the same in every row of a list."""
    return render_to_string("components/tag.html", {"text": text, "kind": kind, "shape": shape})


@register.filter
def plot_word(status):
    """The state of a plot in words; a plot without a record says so."""
    return Availability.Status(status).label if status else _("Chưa ghi nhận")


@register.filter
def state_word(plot):
    """The state of a plot in the words of its plan."""
    return plan.word_of(plot)


@register.filter
def look(status):
    """How a state is drawn, on the plan and beside it."""
    return plan.LOOKS.get(status, "other")


@register.simple_tag
def match_terms():
    """The numbers by which plots are matched, as the page that explains them writes them."""
    points = {state.value: grouped(worth) for state, worth in scores.POINTS.items()}
    return {
        "near_share": percent(match.NEAR_SHARE * 100), "power_factor": grouped(POWER_FACTOR),
        "times": grouped(scores.FACTORS[match.Weight.IMPORTANT]), **points,
    }  # fmt: skip


@register.filter
def plan_letter(plot):
    """The letter that says the state of a plot on its plan."""
    return plan.letters()[plan.look_of(plot)]


@register.simple_tag
def plan_letters():
    return plan.letters()


@register.simple_tag
def confidence(code):
    """The mark of a fact that is not settled, with how far it may be trusted; nothing for any other."""
    if not code or code in Confidence.settled():
        return ""
    return format_html('<span class="src">{} {}</span>', confidence_word(code), flag_unverified())


@register.filter
def confidence_word(code):
    """How far a fact may be trusted, in words, where its section already carries the mark."""
    return Confidence(code).label if code in Confidence and code not in Confidence.settled() else ""


@register.filter
def at(mapping, key):
    """`{{ zone.confidence|at:"term" }}`, nothing where the key is missing."""
    return mapping.get(key, "") if hasattr(mapping, "get") else ""


@register.filter
def source(text):
    """A source with each web address in it as a link named by its host."""
    pieces = ADDRESS.split(str(text or ""))
    # Every second piece is an address.
    return format_html_join("", "{}", [[_link(piece) if n % 2 else piece] for n, piece in enumerate(pieces)])


def _link(address):
    host = urlsplit(address).hostname or address
    return format_html('<a href="{}" rel="noopener external">{}</a>', address, host.removeprefix("www."))


@register.inclusion_tag("zones/_zone_map.html")
def zone_map(rows, key):
    """The schematic map; the side of each square follows the stated area, its filling the let share. Zones that have
    no place on it are named in words."""
    placed = [(row, place) for row in rows if (place := _place(row.zone))]
    on_map = {row.zone.pk for row, _place in placed}
    return {
        "key": key,
        "squares": [_square(row, *place) for row, place in placed],
        "left_out": [row.zone for row in rows if row.zone.pk not in on_map],
    }


@register.inclusion_tag("zones/_zone_map_zoom.html")
def zone_map_zoom(rows, key):
    """The same map, with what is not on it below, and ready to be made larger."""
    return zone_map(rows, key)


def _place(zone):
    """Middle x, y and the side of the name; nothing where neither the scheme nor a known point says where it lies."""
    if zone.slug in PLACES:
        return PLACES[zone.slug]
    if zone.latitude is None or zone.longitude is None:
        return None
    x = ORIGIN[0] + (float(zone.longitude) - ORIGIN[2]) * PER_DEGREE[0]
    y = ORIGIN[1] - (float(zone.latitude) - ORIGIN[3]) * PER_DEGREE[1]
    return (x, y, "right" if x < 380 else "left") if 20 < x < 570 and 20 < y < 580 else None


def _square(row, x, y, name_side):
    area = row.stated or row.latest
    side = SQUARE_PER_ROOT_HA * float(area.area_ha if area else 50) ** 0.5
    hit = max(side + 6, 42)
    filled = side * float(row.land.occupancy or 0) / 100
    left, gap = name_side == "left", 33 if name_side == "far right" else 9
    numbers = {
        "x": x - side / 2, "y": y - side / 2, "side": side, "hit_x": x - hit / 2, "hit_y": y - hit / 2, "hit": hit,
        "filled_y": y + side / 2 - filled, "filled": filled, "name_y": y - 16,
        "name_x": x - side / 2 - gap if left else x + side / 2 + gap,
    }  # fmt: skip
    anchor = "end" if left else "start"
    return {
        "zone": row.zone, "area": area, "land": row.land, "anchor": anchor,
        **{k: f"{v:.1f}" for k, v in numbers.items()},
    }  # fmt: skip


@register.filter
def unbroken(text):
    """A name kept on one line: Sông Công II."""
    return mark_safe(format_html("{}", text).replace(" ", "&nbsp;"))
