"""Which file of reference data fills which table, and how a line of it becomes a row. What no column holds is told in
the row's note, so that nothing of a source is lost."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation

from izportal.management import calendar_file, catalogue, form_files, route_facts, wordings, zone_facts
from izportal.management.settle import Tally, settle
from izportal.management.wording import noted, pair
from izportal.models import Act, Division, PlanTarget, Rule, SeriesBreak, StatedFigure
from izportal.press import loading as press
from projects.models import Country, ReportPeriod, Sector

QUALIFIERS = {
    "about": ("Nguồn ghi “khoảng”", "The source says “about”"),
    "almost": ("Nguồn ghi “gần”", "The source says “almost”"),
}
ONE_SOURCE = ("Một nguồn, chờ xác nhận", "One source, awaiting confirmation")
UNCHECKED_TITLE = ("Trích yếu chưa đối chiếu", "Title not checked")


@transaction.atomic
def load() -> Tally:
    """Load every file, in Vietnamese as the leading language; running it again changes nothing."""
    tally = Tally()
    with translation.override("vi"):
        lists(tally)
        law(tally)
        settle(StatedFigure, stated_figures(), key=("indicator", "as_of", "period"), tally=tally)
        settle(SeriesBreak, series_breaks(), key=("code",), tally=tally)
        settle(PlanTarget, plan_targets(), key=("year", "indicator"), tally=tally)
        zone_facts.load(read("zones/data/zones.json"), tally, at=timezone.now())
        procedures = read("onestop/data/procedures.json")
        catalogue.load(procedures, read("izportal/data/divisions.json"), tally)
        start = date.fromisoformat(procedures["meta"]["applied_from"])
        route_facts.load(read("onestop/data/route.json"), tally)
        form_files.load(tally, start=start, at=timezone.now())
        wordings.load(tally, start=start, at=timezone.now())
        press.load(tally, at=timezone.now())
    return tally


def read(name: str) -> dict[str, Any]:
    return json.loads((settings.BASE_DIR / name).read_text(encoding="utf-8"))


def lists(tally: Tally) -> None:
    countries = read("projects/data/countries.json")["countries"]
    settle(Country, countries, key=("code",), tally=tally)
    settle(Sector, sectors(read("projects/data/vsic.json")), key=("code",), tally=tally)
    settle(ReportPeriod, read("projects/data/report_periods.json")["periods"], key=("code",), tally=tally)
    divisions = read("izportal/data/divisions.json")["divisions"]
    settle(
        Division,
        ({n: row[n] for n in ("code", "name_vi", "name_en")} for row in divisions),
        key=("code",),
        tally=tally,
    )


def law(tally: Tally) -> None:
    calendar_file.load(read("izportal/data/calendar.json")["days"], tally, at=timezone.now())
    settle(Rule, rules(), key=("code", "valid_from"), tally=tally)
    rows = read("izportal/data/acts.json")["acts"]
    acts = settle(Act, map(act, rows), key=("number",), tally=tally)
    # The later act must stand before the earlier one can point to it.
    pairs = [(row["number"], acts.get((row["replaced_by"],))) for row in rows if row["replaced_by"]]
    links = ({"number": number, "replaced_by_id": later.pk} for number, later in pairs if later and (number,) in acts)
    settle(Act, links, key=("number",), tally=Tally(), among=acts.values())


def sectors(data: dict) -> Iterator[dict]:
    for row in data["sections"]:
        yield {**row, "parent_id": None, "level": 1}
    for row in data["divisions"]:
        yield {**{n: row[n] for n in ("code", "name_vi", "name_en")}, "parent_id": row["section"], "level": 2}


def rules() -> Iterator[dict]:
    for row in read("izportal/data/rules.json")["rules"]:
        same = (
            "code",
            "value",
            "unit",
            "name_vi",
            "name_en",
            "valid_from",
            "valid_to",
            "confidence",
            "note_vi",
            "note_en",
        )
        article = ", ".join(part for part in (row["article"], row["act"]) if part)
        yield {**{n: row[n] for n in same}, "article": article}


def act(row: dict) -> dict:
    same = ("number", "title_vi", "title_en", "signed_on", "in_force_from", "in_force_to", "confidence")
    unchecked = None if row["title_checked"] else UNCHECKED_TITLE
    issuer = (None, f"Issued by: {row['issuer_en']}")
    return {
        **{n: row[n] for n in same},
        "issuer": row["issuer_vi"],
        **noted("note", pair(row, "note"), unchecked, issuer),
    }


def stated_figures() -> Iterator[dict]:
    data = read("izportal/data/stated_figures.json")
    for row in (*data["statements"], *data["flows"]):
        links = f", {row['source']}" if row["source"] else ""
        single = ONE_SOURCE if row["confidence"] == "one_source" else None
        yield {
            **{n: row[n] for n in ("indicator", "value", "as_of")},
            "period": row["period"] or "",
            "is_at_least": row["qualifier"] == "more_than",
            "is_derived": row["derived"],
            "source_vi": row["source_vi"] + links,
            "source_en": row["source_en"] + links,
            **noted("note", pair(row, "note"), QUALIFIERS.get(row["qualifier"]), single),
        }


def series_breaks() -> Iterator[dict]:
    same = ("code", "on", "title_vi", "title_en", "text_vi", "text_en", "source_vi", "source_en", "indicators")
    for row in read("izportal/data/series_breaks.json")["breaks"]:
        yield {**{n: row[n] for n in same}, "zone": row["zone"] or "", "is_verified": row["verified"]}


def plan_targets() -> Iterator[dict]:
    for row in read("izportal/data/plan_targets.json")["targets"]:
        yield {
            **{n: row[n] for n in ("year", "indicator", "value")},
            "source_vi": f"{row['source_vi']}, {row['source']}",
            "source_en": f"{row['source_en']}, {row['source']}",
            "note_vi": row["note_vi"] or "",
            "note_en": row["note_en"] or "",
            "is_verified": row["confidence"] == "two_sources",
        }
