"""The rows and cells of each form: which records a row is about, and how the source of each column computes a cell."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from projects.ministry.forms import Column, MinistryForm
from projects.ministry.reading import BILLION, DDI, FDI, HECTARE, MILLION, ZERO, Book, Found, added, scaled
from projects.models import Change, Project
from zones.models import Phase, Zone

Kind = Change.Kind
MONEY: dict[str, tuple[str, Decimal]] = {FDI: ("capital_usd", MILLION), DDI: ("capital_vnd", BILLION)}
ADJUSTING = (Kind.CAPITAL, Kind.LAND, Kind.TERM, Kind.TRANSFER)
UNKNOWN = Found()


@dataclass(frozen=True)
class Row:
    """`about` is what its sources ask for; `group` heads the rows that follow."""

    key: str
    about: Any
    label: str = ""
    group: str = ""


def draw(form: MinistryForm, book: Book) -> dict[str, Any]:
    """The whole form as it is kept: headings, rows with a cell for each column, and the sums of numbers."""
    rows = [_drawn(form, book, row) for row in ROWS[form.rows](book)]
    return {
        "form": form.code, "number": form.number, "title": form.vi, "note": form.note_vi,
        "first": "Chỉ tiêu" if form.rows == "indicators" else "",
        "columns": [
            {"code": one.code, "label": one.vi, "unit": one.unit, "group": one.group_vi, "lacking": one.lacking_vi,
             "is_number": numeric(one)} for one in form.columns
        ],
        "rows": rows, "sums": _sums(form, rows) if form.has_sum and rows else {}, "coverage": _coverage(form, book),
    }  # fmt: skip


def _drawn(form: MinistryForm, book: Book, row: Row) -> dict[str, Any]:
    found = {one.code: SOURCES[form.rows](book, row.about, one.source) for one in form.columns if one.source}
    cells = {code: {"value": _kept(form, code, cell), "records": list(cell.records)} for code, cell in found.items()}
    return {"key": row.key, "label": row.label, "group": row.group, "cells": cells}


def _kept(form: MinistryForm, code: str, cell: Found) -> Any:
    """Numbers as plain decimals, to at most as many places as the ministry takes."""
    if cell.value is None or isinstance(cell.value, str):
        return cell.value
    places = next(one.places for one in form.columns if one.code == code)
    text = format(round(Decimal(cell.value), places), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _sums(form: MinistryForm, rows: list[dict[str, Any]]) -> dict[str, str]:
    found = {}
    for one in form.columns:
        if one.source and one.source not in WORDS:
            numbers = [Decimal(value) for row in rows if (value := row["cells"][one.code]["value"]) is not None]
            if numbers:
                found[one.code] = format(sum(numbers, ZERO), "f")
    return found


def _coverage(form: MinistryForm, book: Book) -> list[int]:
    """How many enterprises reported, of how many projects in force; only where a column rests on reports."""
    rests = any(".period" in one.source or ".total" in one.source for one in form.columns)
    rests = rests or form.rows == "indicators"
    return [len({row.project_id for row in book.reports}), len(book.in_force)] if rests else []


# Rows ---------------------------------------------------------------------------------------------
INDICATORS = (
    ("new", "Cấp mới", ""), ("raised", "Tăng vốn", ""), ("lowered", "Giảm vốn", ""),
    ("ended", "Thu hồi, chấm dứt", ""), ("land", "Biến động diện tích đất cho thuê (ha)", ""),
    ("net_revenue", "Doanh thu", ""), ("imports", "Nhập khẩu (triệu USD)", ""),
    ("exports", "Xuất khẩu (triệu USD)", ""), ("budget", "Nộp ngân sách (tỷ VNĐ)", ""),
)  # fmt: skip
GROUPS = {Project.Kind.INFRASTRUCTURE: "Dự án hạ tầng", Project.Kind.PRODUCTION: "Dự án sản xuất, kinh doanh"}


def _indicators(_book: Book) -> Iterator[Row]:
    return (Row(key, key, label) for key, label, _unit in INDICATORS)


def _zones(book: Book) -> Iterator[Row]:
    return (Row(zone.code, zone) for zone in book.zones)


def _phases(book: Book) -> Iterator[Row]:
    """A zone without phases stands as a whole."""
    for zone in book.zones:
        phases = book.phases.get(zone.pk, [])
        yield from (Row(f"{zone.code}:{phase.slug}", (zone, phase)) for phase in phases)
        yield from [] if phases else [Row(zone.code, (zone, None))]


def _planned(book: Book) -> Iterator[Row]:
    groups = {Zone.Status.DEVELOPING: "Đã chấp thuận", Zone.Status.PLANNED: "Chưa chấp thuận"}
    for status, group in groups.items():
        yield from (Row(zone.code, zone, group=group) for zone in book.zones if zone.status == status)


def _adjusted(book: Book) -> Iterator[Row]:
    rows = (row for row in book.changes if book.within(row) and row.stands_as in ADJUSTING)
    return (Row(f"change:{row.pk}", row) for row in rows)


def _ended(book: Book) -> Iterator[Row]:
    for kind, group in GROUPS.items():
        rows = (row for row in book.ended.values() if book.within(row) and book.classed(row).kind == kind)
        yield from (Row(f"change:{row.pk}", row, group=group) for row in rows)


ROWS: dict[str, Callable[[Book], Iterator[Row]]] = {
    "indicators": _indicators, "zones": _zones, "phases": _phases, "planned": _planned, "adjusted": _adjusted,
    "ended": _ended,
}  # fmt: skip


# Cells --------------------------------------------------------------------------------------------
def _of_indicator(book: Book, key: str, source: str) -> Found:
    origin, _dot, what = source.partition(".")
    if key in ("net_revenue", "imports", "exports", "budget"):
        by = {"net_revenue": MONEY[origin][1], "budget": BILLION}.get(key, MILLION)
        return UNKNOWN if what == "count" else scaled(book.reported(key, "period", origin=origin), by)
    rows = [row for row in _moved(book, key) if book.classed(row).origin == origin]
    if what == "count":
        return Found(len({row.project_id for row in rows}), tuple(f"change:{row.pk}" for row in rows))
    amount, by = MONEY[origin] if key != "land" else ("area_m2", HECTARE)
    found = added((_amount(book, row, key, amount), f"change:{row.pk}") for row in rows)
    return scaled(Found(found.value or ZERO, found.records), by)


def _amount(book: Book, row: Change, key: str, amount: str) -> Decimal:
    if key == "ended":
        return book.before_end(row, amount)
    return abs(getattr(row, amount)) if key == "lowered" else getattr(row, amount)


def _moved(book: Book, key: str) -> list[Change]:
    """The changes of the period that an indicator counts."""
    rows = [row for row in book.changes if book.within(row)]
    sides = {"raised": 1, "lowered": -1}
    if key == "new":
        return [row for row in rows if row.stands_as == Kind.ISSUED]
    if key == "ended":
        return [row for row in rows if row.stands_as in Change.ENDING]
    if key == "land":
        return [row for row in rows if row.area_m2]
    return [
        row for row in rows
        if row.stands_as in (Kind.CAPITAL, Kind.TRANSFER)
        and getattr(row, MONEY[book.classed(row).origin][0]) * sides[key] > 0
    ]  # fmt: skip


def _of_zone(book: Book, zone: Zone, source: str) -> Found:
    whose, _dot, what = source.partition(".")
    if whose == "zone":
        return _word_of_zone(book, zone, what)
    if what == "in_force":
        rows = _projects(book, zone, whose)
        return Found(len(rows), tuple(f"project:{pk}" for pk in rows))
    if what == "registered":
        amount, by = MONEY[whose]
        changes = [row for rows in _projects(book, zone, whose).values() for row in rows]
        found = added((getattr(row, amount), f"change:{row.pk}") for row in changes)
        return scaled(Found(found.value or ZERO, found.records), by)
    if what == "operating":
        return _operating(book, zone, whose)
    line, _dot, column = what.partition(".")
    if line in ("capital_realised", "net_revenue"):
        by = MONEY[whose][1]
    else:
        by = {"exports": MILLION, "imports": MILLION, "budget": BILLION}.get(line, Decimal(1))
    return scaled(book.reported(line, column, origin="" if whose == "all" else whose, zone=zone.pk), by)


def _projects(book: Book, zone: Zone, origin: str) -> dict[int, list[Change]]:
    found = {}
    for pk, rows in book.in_force.items():
        of = book.classed(rows[0])
        if of.zone_id == zone.pk and of.origin == origin:
            found[pk] = rows
    return found


def _operating(book: Book, zone: Zone, origin: str) -> Found:
    """Known only where somebody has reported."""
    said = book.reported("net_revenue", "period", origin=origin, zone=zone.pk)
    if said.value is None:
        return UNKNOWN
    sold = {f"report:{row.pk}" for row in book.reports if Decimal(_revenue(row)) > 0}
    records = tuple(of for of in said.records if of in sold)
    return Found(len(records), records)


def _revenue(report: Any) -> str:
    return report.values.get("net_revenue", {}).get("period", "0")


def _word_of_zone(book: Book, zone: Zone, what: str) -> Found:
    area = book.areas.get(zone.pk)
    found = {
        "name": lambda: Found(zone.name_vi, (f"zone:{zone.pk}",)),
        "location": lambda: Found(zone.location_new_vi or zone.location_old_vi or None, (f"zone:{zone.pk}",)),
        "state": lambda: Found(
            "Đã hoạt động" if zone.status == Zone.Status.OPERATING else "Chưa hoạt động", (f"zone:{zone.pk}",)
        ),
        "area": lambda: Found(area.area_ha, (f"area:{area.pk}",)) if area else UNKNOWN,
        "area_decision": lambda: Found(area.decision_vi or None, (f"area:{area.pk}",)) if area else UNKNOWN,
    }  # fmt: skip
    return found[what]()


def _of_phase(book: Book, about: tuple[Zone, Phase | None], source: str) -> Found:
    zone, phase = about
    whose, _dot, what = source.partition(".")
    if source == "zone.name" and phase:
        return Found(f"{zone.name_vi} – {phase.name_vi}", (f"zone:{zone.pk}", f"phase:{phase.pk}"))
    if source == "zone.area" and phase:
        return Found(phase.area_ha, (f"phase:{phase.pk}",)) if phase.area_ha else UNKNOWN
    if source == "phase.decision":
        return Found(phase.decision or None, (f"phase:{phase.pk}",)) if phase else UNKNOWN
    if whose == "zone":
        return _word_of_zone(book, zone, what)
    project = _developer(book, zone, phase)
    report = book.of_developers.get((project.pk, phase.pk if phase else None)) if project else None
    return _land(phase, report, what) if whose == "land" else _infra(book, project, report, what)


def _developer(book: Book, zone: Zone, phase: Phase | None) -> Project | None:
    """The project that builds a phase; of a zone that stands as a whole, its only infrastructure project."""
    if phase:
        return book.developers.get(phase.pk)
    found = [
        rows[0].project for rows in book.in_force.values()
        if book.classed(rows[0]).zone_id == zone.pk and book.classed(rows[0]).kind == Project.Kind.INFRASTRUCTURE
    ]  # fmt: skip
    return found[0] if len(found) == 1 else None


def _land(phase: Phase | None, report: Any, what: str) -> Found:
    said = report.values if report else {}
    land = said.get("land_for_lease", {}).get("total")
    total = Found(Decimal(land), (f"report:{report.pk}",)) if land else UNKNOWN
    if not land and phase and phase.industrial_land_ha:
        total = Found(phase.industrial_land_ha, (f"phase:{phase.pk}",))
    let = said.get("land_leased", {}).get("total")
    leased = Found(Decimal(let), (f"report:{report.pk}",)) if let else UNKNOWN
    if what != "occupancy":
        return total if what == "total" else leased
    if not total.value or leased.value is None:
        return UNKNOWN
    share = Decimal(leased.value) * 100 / Decimal(total.value)
    return Found(share, tuple(dict.fromkeys((*leased.records, *total.records))))


def _infra(book: Book, project: Project | None, report: Any, what: str) -> Found:
    if project is None:
        return UNKNOWN
    rows, of = book.of_project.get(project.pk, []), f"project:{project.pk}"
    if what in ("usd", "vnd"):
        found = added((getattr(row, f"capital_{what}"), f"change:{row.pk}") for row in rows)
        return scaled(found, MILLION if what == "usd" else BILLION)
    if what == "done":
        said = (report.values if report else {}).get("infrastructure_done", {}).get("total")
        return Found(Decimal(said), (f"report:{report.pk}",)) if said else UNKNOWN
    if what.startswith("realised"):
        return _realised(project, report, what)
    words = {"name": project.name_vi, "certificate": project.certificate_number}
    return Found(words[what] or None, (of,)) if what in words else _investors(book, project.pk, what)


def _realised(project: Project, report: Any, what: str) -> Found:
    origin = FDI if what == "realised_usd" else DDI
    said = (report.values if report else {}).get("capital_realised", {}).get("total")
    if said is None or project.origin != origin:
        return UNKNOWN
    return scaled(Found(Decimal(said), (f"report:{report.pk}",)), MONEY[origin][1])


def _investors(book: Book, project: int, what: str) -> Found:
    people = book.investors.get(project, [])
    names = [one.name if what == "investors" else one.country.name_vi for one in people]
    return Found("; ".join(dict.fromkeys(names)) or None, tuple(f"investor:{one.pk}" for one in people))


def _of_change(book: Book, row: Change, source: str) -> Found:
    what, of, origin = source.partition(".")[2], f"change:{row.pk}", book.classed(row).origin
    words = {
        "project": row.project.name_vi, "zone": book.classed(row).zone.name_vi, "document": row.decision_number,
        "certificate": row.project.certificate_number, "on": f"{row.decision_on:%d/%m/%Y}",
    }  # fmt: skip
    if what in words:
        return Found(words[what] or None, (of,))
    if what in ("investors", "countries"):
        return _investors(book, row.project_id, what)
    if what == "area":
        return Found(row.area_m2 / HECTARE, (of,))
    currency, _dash, before = what.partition("_")
    if (origin == FDI) != (currency == "usd"):
        return UNKNOWN
    amount, by = MONEY[origin]
    if not before:
        return Found(getattr(row, amount) / by, (of,))
    earlier = [one for one in book.of_project[row.project_id] if one.stands_as not in Change.ENDING]
    return scaled(added((getattr(one, amount), f"change:{one.pk}") for one in earlier), by)


SOURCES: dict[str, Callable[[Book, Any, str], Found]] = {
    "indicators": _of_indicator, "zones": _of_zone, "phases": _of_phase, "planned": _of_zone, "adjusted": _of_change,
    "ended": _of_change,
}  # fmt: skip
# Sources of words, which nobody adds up.
WORDS = {
    "zone.name", "zone.location", "zone.state", "zone.area_decision", "phase.decision", "infra.name",
    "infra.certificate", "infra.investors", "infra.countries", "land.occupancy", "infra.done", "change.project",
    "change.zone", "change.document", "change.certificate", "change.on", "change.investors", "change.countries",
}  # fmt: skip


def numeric(column: Column) -> bool:
    return bool(column.source) and column.source not in WORDS or column.source in ("land.occupancy", "infra.done")
