"""One zone of `zones.json` as rows of the land: the zone, its phases and its dated areas. Facts that no column holds
become lines of the zone's statements or sentences of its note, each with its own source, date and confidence."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from izportal.management.settle import Tally, settle, typed
from izportal.management.wording import Pair, day, labelled, noted, number, pair
from zones.models import Phase, Zone, ZoneArea

GRADED = (
    "status",
    "location_old",
    "location_new",
    "established",
    "term",
    "developer",
    "sectors",
    "distances",
    "occupancy",
    "prices",
)
PHASE_STATUS = {
    "operating": ("Đang hoạt động", "Operating"),
    "under_construction": ("Đang xây dựng hạ tầng", "Infrastructure under construction"),
    "planned": ("Trong quy hoạch", "Planned"),
}
OUTSIDE_LIST = ("Không nằm trong danh mục 1.420 ha", "Not part of the 1,420 ha list")
PRECISION = {"day": 10, "month": 7, "year": 4}


def load(data: dict[str, Any], tally: Tally, *, at: datetime) -> None:
    rows = data["zones"]
    zones = settle(Zone, (zone(row, place) for place, row in enumerate(rows)), key=("slug",), tally=tally)
    for row in rows:
        stored = zones.get((row["slug"],))
        if stored is not None:
            parts = (phase(part, place) | {"zone_id": stored.pk} for place, part in enumerate(row["phases"]))
            settle(Phase, parts, key=("zone_id", "slug"), tally=tally)
            settle_areas(stored, [area(part) for part in row["area_history"] if part["counts"]], tally, at)


# The zone -----------------------------------------------------------------------------------------
def zone(row: dict, place: int) -> dict[str, Any]:
    point = row["point"] or {}
    return {
        **{name: row[name] for name in ("slug", "code", "name_vi", "name_en")},
        "short_name_vi": row["short_vi"], "short_name_en": row["short_en"], "position": place,
        "status": row["status"]["code"], **noted("status_note", *notes(row)),
        "location_old_vi": row["location_old"]["vi"], "location_old_en": row["location_old"]["en"],
        "location_new_vi": row["location_new"]["vi"], "location_new_en": row["location_new"]["en"],
        "location_new_confidence": row["location_new"]["confidence"],
        "developer_vi": row["developer"]["vi"], "developer_en": row["developer"]["en"],
        "established_on": row["established"]["date"], "established_by": row["established"]["decision"],
        "term_until": row["term"]["to_year"],
        "sectors": [{**item, "confidence": row["sectors"]["confidence"]} for item in row["sectors"]["items"]],
        "utilities": list(utilities(row)), "distances": row["distances"]["items"], "prices": list(prices(row)),
        "statements": list(statements(row)), "confidence": confidence(row), "sources": row["sources"],
        "latitude": point.get("lat"), "longitude": point.get("lon"),
        "is_point_approximate": point.get("approximate", True),
    }  # fmt: skip


def notes(row: dict) -> Iterator[Pair | None]:
    """Everything that is said about the zone in words, the developers of former years included."""
    yield pair(row["status"], "note")
    yield labelled(("Mã khu", "Zone code"), pair(row, "code_note"))
    yield labelled(("Thành lập", "Establishment"), pair(row["established"], "note"))
    yield labelled(("Địa điểm", "Location"), pair(row["location_new"], "note"))
    for former in row["developer"]["history"]:
        rest = ", ".join(part for part in (former["decision"], day(former["from_on"])) if part)
        names = tuple(f"{name} ({rest})" for name in pair(former, "name"))
        yield labelled(("Chủ đầu tư trước đây", "Former developer"), names)
    yield labelled(("Chủ đầu tư", "Developer"), pair(row["developer"], "note"))
    yield labelled(("Khoảng cách", "Distances"), pair(row["distances"], "note"))
    yield labelled(("Giá, phí", "Prices and fees"), pair(row["prices"], "note"))
    if row["point"]:
        yield labelled(("Vị trí", "Position"), pair(row["point"], "note"))


def confidence(row: dict) -> dict[str, str]:
    grades = {name: row[name]["confidence"] for name in GRADED}
    grades |= {name: group["confidence"] for name, group in row["utilities"].items()}
    return grades | {"code": row["code_confidence"], "point": (row["point"] or {}).get("confidence", "unverified")}


def utilities(row: dict) -> Iterator[dict]:
    for kind, group in row["utilities"].items():
        for item in group["items"]:
            yield {"kind": kind, **_said(item)}


def prices(row: dict) -> Iterator[dict]:
    for item in row["prices"]["items"]:
        yield {"confidence": row["prices"]["confidence"], **_said(item)}


# What has been published about the zone -------------------------------------------------------------
def statements(row: dict) -> Iterator[dict]:
    for said in row["occupancy"]["statements"]:
        yield {**_sourced(said), **_label("Tỷ lệ lấp đầy", "Occupancy"), "percent": said["percent"], "unit": "%"}
    for said in row["statements"]:
        yield from ({**_sourced(said), **line} for line in figures(said))
    for said in row["area_history"]:
        if not said["counts"]:
            label = _label("Diện tích theo nguồn khác, không tính", "Area in other sources, not counted")
            yield {**_sourced({**said, "as_of": said["on"]}), **label, **_text(_with_unit(said["ha"], "ha", "ha"))}
    for point in row["other_points"]:
        yield {**_sourced(point), **_label("Điểm gần đúng khác", "Another approximate point"), **_text(_place(point))}
    for commune in row["location_new"]["communes"]:
        yield {
            **_label("Mã đơn vị hành chính", "Code of the commune or ward"),
            **_text(tuple(f"{name} {commune['code']}" for name in pair(commune, "name"))),
            "confidence": commune["code_confidence"],
        }  # fmt: skip


def figures(said: dict) -> Iterator[dict]:
    """The figures of one statement, a line each."""
    million, billion = 10**6, 10**9
    if said["projects"] is not None:
        yield {**_label("Dự án", "Projects"), **_text(number(said["projects"]))}
    if said["fdi_capital_usd"] is not None:
        amount = _with_unit(said["fdi_capital_usd"] / million, "triệu USD", "million USD")
        yield {**_label("Vốn FDI", "FDI capital"), **_text(amount)}
    if said["ddi_capital_vnd"] is not None:
        amount = _with_unit(said["ddi_capital_vnd"] / billion, "tỷ đồng", "billion VND")
        yield {**_label("Vốn DDI", "DDI capital"), **_text(amount)}
    if said["exports_usd_min"] is not None:
        low, high = number(said["exports_usd_min"] / billion), number(said["exports_usd_max"] / billion)
        yield {
            **_label("Xuất khẩu mỗi năm", "Exports a year"),
            **_text((f"{low[0]}–{high[0]} tỷ USD", f"{low[1]}–{high[1]} billion USD")),
        }


def _label(vi: str, en: str) -> dict[str, str]:
    return {"label_vi": vi, "label_en": en}


def _text(text: Pair) -> dict[str, Any]:
    return {"vi": text[0], "en": text[1]}


def _with_unit(value: float, vi: str, en: str) -> Pair:
    plain = number(value)
    return f"{plain[0]} {vi}", f"{plain[1]} {en}"


def _place(point: dict) -> Pair:
    (north_vi, north_en), (east_vi, east_en) = number(point["lat"]), number(point["lon"])
    return f"{north_vi}; {east_vi}", f"{north_en}; {east_en}"


def _said(item: dict) -> dict:
    return {name: value for name, value in item.items() if value not in (None, "")}


def _sourced(said: dict) -> dict:
    """The date to its known precision, source, confidence and note of a fact."""
    as_of = (said.get("as_of") or "")[: PRECISION.get(said.get("precision", "day"), 0)]
    same = ("source", "confidence", "note_vi", "note_en")
    return _said({"as_of": as_of, **{name: said.get(name) for name in same}})


# Phases and areas ---------------------------------------------------------------------------------
def phase(row: dict, place: int) -> dict[str, Any]:
    same = (
        "slug",
        "name_vi",
        "name_en",
        "area_ha",
        "industrial_land_ha",
        "developer_vi",
        "developer_en",
        "decided_on",
        "confidence",
    )
    return {
        **{name: row[name] for name in same}, "decision": row["decision"], "term_until": row["term_to_year"],
        "position": place, **noted("note", *phase_notes(row)),
    }  # fmt: skip


def phase_notes(row: dict) -> Iterator[Pair | None]:
    yield PHASE_STATUS.get(row["status"])
    yield None if row["in_stated_list"] else OUTSIDE_LIST
    if row["ground_breaking_on"]:
        yield labelled(("Khởi công", "Ground-breaking"), (day(row["ground_breaking_on"]),) * 2)
    yield pair(row, "note")
    for said in row["area_values"]:
        label = _with_unit(said["ha"], "ha", "ha")
        yield labelled(label, pair(said, "note"))
    for far in row["distances"]:
        low, high = number(far["km_min"]), number(far["km_max"])
        spans = (
            (f"{low[0]}–{high[0]} km", f"{low[1]}–{high[1]} km") if low != high else (f"{low[0]} km", f"{low[1]} km")
        )
        yield labelled(pair(far, "label"), spans)


def area(row: dict) -> dict[str, Any]:
    same = ("decision", "source", "confidence", "note_vi", "note_en")
    values = {name: row[name] for name in same} | {
        "area_ha": row["ha"],
        "effective_on": row["on"],
        "is_stated": row["stated_list"],
    }
    return typed(ZoneArea, values)


def settle_areas(stored: Zone, rows: list[dict[str, Any]], tally: Tally, at: datetime) -> None:
    """An area is superseded, never edited: a line of the file that says something new takes the place of the old row,
    unless somebody at the board has put a row of theirs there."""
    loaded = list(ZoneArea.objects.filter(zone=stored, recorded_by=None).order_by("pk"))
    superseded = set(ZoneArea.objects.filter(supersedes__zone=stored).values_list("supersedes", flat=True))
    for values in rows:
        chain = [
            one for one in loaded if (one.effective_on, one.is_stated) == (values["effective_on"], values["is_stated"])
        ]
        last = chain[-1] if chain else None
        if last and all(getattr(last, name) == value for name, value in values.items()):
            tally.unchanged[ZoneArea] += 1
        elif last and last.pk in superseded:
            tally.keep(last)
        else:
            ZoneArea.objects.create(zone=stored, recorded_at=at, supersedes=last, **values)
            (tally.updated if last else tally.created)[ZoneArea] += 1
