"""The facts of a zone as lines for its sheet: words in the reader's language, the unit, the date and the source."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from izportal import languages
from izportal.folding import fold
from zones import balance
from zones.models import Zone, ZoneArea

KINDS = {
    "power": _("Cấp điện"),
    "water": _("Cấp nước"),
    "wastewater": _("Xử lý nước thải"),
    "telecom": _("Viễn thông"),
    "roads": _("Đường nội khu"),
    "gas": _("Khí công nghiệp"),
}
UNITS = {
    "VND/m2/year": _("đồng/m²/năm"),
    "VND/m2/month": _("đồng/m²/tháng"),
    "VND/m2": _("đồng/m²"),
    "VND/kWh": _("đồng/kWh"),
    "VND/m3": _("đồng/m³"),
}
BASES = {
    "annual": _("trả hằng năm"),
    "monthly": _("trả hằng tháng"),
    "once": _("trả một lần"),
    "once_26_years": _("trả một lần cho 26 năm"),
    "use": _("theo lượng sử dụng"),
}


@dataclass(frozen=True)
class Line:
    """One fact; `confidence` is a code of `Confidence`, empty where the fact's group says nothing."""

    label: str = ""
    text: str = ""
    value: Decimal | None = None
    value_to: Decimal | None = None
    unit: str = ""
    basis: str = ""
    as_of: str = ""
    source: str = ""
    note: str = ""
    confidence: str = ""
    to: str = ""
    # Of the text, empty where it is the reader's own.
    language: str = ""


@dataclass(frozen=True)
class ZoneRow:
    """A zone in a list: its area in the stated list, its latest area, and the balance of its land."""

    zone: Zone
    stated: ZoneArea | None
    latest: ZoneArea | None
    land: balance.Balance


def rows(zones, *, on, known=None, balances=None) -> list[ZoneRow]:
    """The zones with their areas and balances, in the order given."""
    areas = Prefetch("areas", ZoneArea.objects.as_known(known), to_attr="known_areas")
    balances = balance.by_zone(on=on, known=known) if balances is None else balances
    return [
        ZoneRow(
            zone=zone,
            stated=stated_area(zone.known_areas),
            latest=latest_area(zone.known_areas, on),
            land=balances.get(zone.pk, balance.Balance()),
        )
        for zone in zones.prefetch_related(areas)
    ]


def stated_area(areas: Iterable[ZoneArea]) -> ZoneArea | None:
    """The row on which the board's total of 1,420 ha rests."""
    return next((area for area in areas if area.is_stated), None)


def latest_area(areas: Iterable[ZoneArea], on) -> ZoneArea | None:
    """The last dated row in force on a date; an undated row says nothing about any date."""
    dated = [area for area in areas if area.effective_on and area.effective_on <= on]
    return max(dated, key=lambda area: (area.effective_on, area.pk), default=None)


def sectors(zone: Zone) -> list[languages.Said]:
    return [found for item in facts(zone, "sectors") if (found := said(item)).text]


def key_of(item: object) -> str:
    """What names a fact in an address: its Vietnamese words, folded and joined by hyphens."""
    said = item if isinstance(item, str) else item.get("vi") if isinstance(item, dict) else ""
    return fold(said).replace(" ", "-")


def utilities(zone: Zone) -> list[Line]:
    return [line for item in facts(zone, "utilities") if (line := _line(item)).text]


def distances(zone: Zone) -> list[Line]:
    return [line for item in facts(zone, "distances") if (line := _line(item, "km_min", "km_max")).value is not None]


def prices(zone: Zone) -> list[Line]:
    return [line for item in facts(zone, "prices") if (line := _line(item, "value")).value is not None]


def statements(zone: Zone) -> list[Line]:
    """What has been published about the zone, each with its date and source."""
    lines = [_line(item, "percent") for item in facts(zone, "statements")]
    return [line for line in lines if line.text or line.note or line.value is not None]


def facts(zone: Zone, group: str) -> Iterator[object]:
    """The single facts of a group; where they do not say how sure they are, the zone's own mark of the group does."""
    sure = zone.confidence.get(group) if isinstance(zone.confidence, dict) else ""
    return _items(getattr(zone, group), confidence=sure or "")


def _line(item, low="value", high="") -> Line:
    fact = item if isinstance(item, dict) else {}
    kind, unit, basis = (str(fact.get(name) or "") for name in ("kind", "unit", "basis"))
    text = said(item)
    return Line(
        label=words(fact, "label") or str(KINDS.get(kind, "")),
        text=text.text,
        value=_number(fact.get(low)),
        value_to=_number(fact.get(high)) if fact.get(high) != fact.get(low) else None,
        unit=str(UNITS.get(unit, unit.replace("m2", "m²").replace("m3", "m³"))),
        basis=str(BASES.get(basis, basis)),
        as_of=_day(fact.get("as_of")),
        source=words(fact, "source") or _first(fact.get("source") or fact.get("sources")),
        note=words(fact, "note"),
        confidence=str(fact.get("confidence") or ""),
        language=text.language,
        to=str(fact.get("to") or ""),
    )


def _items(value, **given) -> Iterator[object]:
    """The single facts: of a list, of a group with `items`, or of groups by kind; what a group says, its facts say."""
    if isinstance(value, list):
        for item in value:
            yield {**given, **_said(item)} if isinstance(item, dict) else item
    elif isinstance(value, dict) and isinstance(value.get("items"), list):
        kept = {name: value[name] for name in ("confidence", "sources", "as_of") if value.get(name)}
        yield from _items(value["items"], **{**given, **kept})
    elif isinstance(value, dict):
        for kind, group in value.items():
            yield from _items(group, **{**given, "kind": kind})


def _said(item: dict) -> dict:
    return {name: value for name, value in item.items() if value not in (None, "")}


def words(item: object, name: str = "") -> str:
    """The reader's language, else the one that stands in for it, else what is there."""
    return said(item, name).text


def said(item: object, name: str = "") -> languages.Said:
    """The same with its language, for whoever marks it."""
    if isinstance(item, str) and not name:
        return languages.Said(item)
    kept = item if isinstance(item, dict) else {}
    order = [*languages.chain(languages.here()), *languages.kept()]
    found = languages.first((code, kept.get(f"{name}_{code}" if name else code)) for code in order)
    plain = (kept.get(key) for key in ([name] if name else ["text", "name"]))
    return found if found.text else languages.Said(next((str(text) for text in plain if isinstance(text, str)), ""))


def _number(value: object) -> Decimal | None:
    return Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _first(value: object) -> str:
    return str(value[0]) if isinstance(value, list) and value else value if isinstance(value, str) else ""


def _day(value: object) -> str:
    """An ISO date as dd/mm/yyyy, a month as mm/yyyy, a year as it is."""
    return "/".join(reversed(str(value).split("-"))) if value else ""
