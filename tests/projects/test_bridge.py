"""The bridge from one day to another, and what is found where the register no longer adds up."""

import itertools
import logging
import random
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from izportal.appendonly import removal
from izportal.indicators import Asked
from izportal.statistics import overview, registry
from izportal.workdays import months_later
from projects import ledger, seals
from projects.figures import audit, cells
from projects.figures.register import PARTS
from projects.models import Change, Sector
from tests import histories
from zones.models import Zone

pytestmark = pytest.mark.django_db
MONTHS = [months_later(histories.FIRST, n) for n in range(12)]
YEAR = Asked(histories.LAST, since=histories.FIRST)


def ask(code, asked):
    return registry.of(code).ask(asked).value


def by_sql(statement, *values):
    """What somebody does who goes round the portal and takes its guards away."""
    with connection.cursor() as cursor:
        for guard in removal("projects_change", connection.vendor):
            cursor.execute(guard)
        cursor.execute(statement, values)


def test_bridge_of_a_year_tells_what_came_and_went():
    histories.plant()
    row = overview.of(YEAR).bridges["fdi_capital_usd"]
    told = [int(number) for number in (row.opening.value, *(part.signed for part in row.parts), row.moved.value)]
    assert told == [12_000_000, 36_000_000, 4_000_000, -1_000_000, -2_000_000, -8_000_000]
    assert int(row.closing.value) == 41_000_000
    assert [part.sign for part in row.parts] == [1, 1, -1, -1]


def test_bridge_of_a_sector_tells_what_moved_to_it():
    histories.plant()
    left, found = (overview.of(YEAR.of(sector=code)).bridges["projects"].moved.value for code in ("26", "25"))
    assert (left, found) == (-1, 1)
    assert overview.of(YEAR.of(sector="C")).bridges["projects"].moved.value == 0


def test_bridge_of_a_country_tells_what_moved_to_it():
    histories.plant()
    found = [overview.of(YEAR.of(country=code)).bridges["projects"] for code in ("JP", "VN", "KR")]
    assert [row.moved.value for row in found] == [1, 1, -2]


@pytest.mark.parametrize("code", ["fdi_capital_usd", "ddi_capital_vnd"])
@pytest.mark.parametrize("month", MONTHS[5:8:2])
def test_bridge_balances_by_direct_questions_for_each_zone_and_sector(month, code):
    histories.plant()
    asked = Asked(months_later(month, 1) - timedelta(1), since=month)
    for zone, sector in itertools.product(("song-cong-2", "yen-binh"), ("25", "26")):
        here = asked.of(zone=zone, sector=sector)
        opening = ask(code, here.of(on=month - timedelta(1), since=None))
        told = sum(sign * ask(part, here) for part, sign in (*PARTS[code], (f"{cells.MOVED}{code}", 1)))
        assert opening + told == ask(code, here)


def test_bridge_balances_for_every_month_zone_sector_and_origin():
    histories.plant()
    groups = {(cell.key, cell.origin) for cell in cells.by_all(YEAR)}
    assert (len(groups), list(audit.unbalanced(YEAR))) == (24, [])


def correct_zones(rows, at):
    """Each of the projects is said to have been in the other zone all along."""
    zones = list(Zone.objects.order_by("pk"))
    for row in rows:
        zone = zones[(zones.index(row.zone) + 1) % len(zones)]
        change = row.changes.get(kind="issued")
        basis = ledger.Basis(f"hd-{row.pk}", at.date())
        ledger.correct(change=change, said={"zone": zone}, basis=basis, by=None, at=at, note="Ghi nhầm khu")


def by_zone(asked):
    found = cells.by_key(cells.by_zone_and_sector(asked))
    return {zone: {code: n for code, n in cells.values(rows).items() if n} for zone, rows in found.items()}


def test_bridge_balances_after_a_project_turns_out_to_lie_in_another_zone():
    rows = histories.projects()
    known = YEAR.of(known=histories.entered(histories.LAST))
    before, whole = by_zone(known), ask("fdi_capital_usd", YEAR)
    correct_zones([rows[0], rows[1], rows[6]], histories.entered(date(2026, 1, 5)))
    assert (list(audit.unbalanced(YEAR)), by_zone(known)) == ([], before)
    moved = {zone: found["projects"] - before[zone]["projects"] for zone, found in by_zone(YEAR).items()}
    assert (moved, ask("fdi_capital_usd", YEAR)) == ({"song-cong-2": -2, "yen-binh": 2}, whole)
    assert overview.of(YEAR.of(zone="yen-binh")).bridges["projects"].moved.value == 0


@pytest.mark.prove
def test_bridge_of_a_register_at_random_balances_everywhere():
    """By the passes in every group, and in some of them by direct questions, project by project."""
    histories.plant_at_random(400)
    correct_zones(random.Random(7).sample(histories.projects(), 40), histories.entered(date(2026, 6, 1)))
    asked = Asked(date(2026, 6, 30))
    groups = {(cell.key, cell.origin) for cell in cells.by_all(asked)}
    assert list(audit.unbalanced(asked)) == []
    for (zone, sector, _section, month), origin in random.Random(5).sample(sorted(groups), 40):
        here = Asked(months_later(month, 1) - timedelta(1), since=month, zone=zone, sector=sector, origin=origin)
        for code in (f"{origin}_projects", "fdi_capital_usd" if origin == "fdi" else "ddi_capital_vnd"):
            opening = ask(code, here.of(on=month - timedelta(1), since=None))
            told = sum(sign * ask(part, here) for part, sign in (*PARTS[code], (f"{cells.MOVED}{code}", 1)))
            assert (here, opening + told) == (here, ask(code, here))
    print(f"{Change.objects.count()} changes: {len(groups)} groups balance")  # noqa: T201


def test_moved_is_the_same_by_its_records_and_by_the_passes():
    histories.plant()
    for filters in ({"sector": "26"}, {"origin": "ddi"}, {"country": "JP"}):
        told = overview.of(YEAR.of(**filters))
        for code in PARTS:
            name = f"{cells.MOVED}{code}"
            if filters.keys() <= set(registry.of(name).filters):
                assert (name, told[name].value) == (name, registry.of(name).ask(told.asked).value)


def test_bridge_that_does_not_balance_is_reported_and_not_given(caplog):
    histories.plant()
    by_sql("UPDATE projects_change SET capital_usd = 7 WHERE stands_as = 'suspended'")
    with caplog.at_level(logging.ERROR):
        found = overview.Overview(YEAR, overview.find(YEAR)).bridges
    assert "fdi_capital_usd" not in found and "ddi_capital_vnd" in found
    assert "bridge of fdi_capital_usd does not balance by" in caplog.text
    gaps = [(row.month, row.code) for row in audit.unbalanced(Asked(histories.LAST))]
    assert gaps == [(date(2025, 4, 1), "fdi_capital_usd"), (date(2025, 8, 1), "fdi_capital_usd")]


def test_sound_register_has_no_fault():
    histories.plant()
    assert (list(seals.broken()), audit.faults(on=histories.LAST)) == ([], [])


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE projects_change SET capital_usd = capital_usd + 1 WHERE id = %s",
        "UPDATE projects_change SET recorded_at = '2020-01-01 00:00:00+00:00' WHERE id = %s",
        "UPDATE projects_change SET decision_number = '1/QĐ' WHERE id = %s",
        "UPDATE projects_change SET note = 'khác' WHERE id = %s",
    ],
)
def test_row_changed_by_sql_is_found(statement):
    first = histories.projects()[0]
    row = first.changes.order_by("pk")[1]
    by_sql(statement, row.pk)
    assert [(bad.row["pk"], bad.row["project__code"]) for bad in seals.broken()] == [(row.pk, first.code)]


def test_row_taken_away_by_sql_is_found_by_the_next():
    first = histories.projects()[0]
    rows = list(first.changes.order_by("pk"))
    by_sql("DELETE FROM projects_change WHERE id = %s", rows[1].pk)
    assert [bad.row["pk"] for bad in seals.broken()] == [rows[2].pk]


def test_ended_project_that_holds_something_is_named():
    row = histories.projects()[1].changes.order_by("-pk").first()
    by_sql("UPDATE projects_change SET capital_usd = capital_usd + 5 WHERE id = %s", row.pk)
    assert list(audit.remains()) == [row.project.code]
    assert row.project.code in "".join(audit.faults(on=histories.LAST))


def test_seal_is_the_same_before_and_after_the_row_is_stored():
    project = histories.projects()[2]
    rows = list(Change.objects.filter(project=project).order_by("pk").values(*seals.COLUMNS, "seal"))
    before = ""
    for row in rows:
        assert row["seal"] == seals.of({**row, "capital_vnd": Decimal(int(row["capital_vnd"]))}, before)
        before = row["seal"]


def test_sectors_of_a_section_add_up_to_it():
    histories.plant()
    told = overview.of(YEAR)
    codes = ("projects", "new_projects", "fdi_capital_usd")
    whole = {code: told[code].value for code in codes}
    assert {code: sum(group[code].value for group in told.sectors) for code in codes} == whole
    assert [(group.key, group["projects"].value) for group in told.sections] == [("C", whole["projects"])]
    assert Sector.objects.get(code="26").parent_id == "C"
