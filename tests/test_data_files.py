"""The reference data files hold together: complete in both languages, true to the board's figures."""

import json
import re
from datetime import date
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FILES = (
    "izportal/data/acts.json",
    "izportal/data/plan_targets.json",
    "izportal/data/rules.json",
    "izportal/data/stated_figures.json",
    "onestop/data/procedures.json",
    "projects/data/countries.json",
    "projects/data/vsic.json",
    "zones/data/zones.json",
)
MARKED = re.compile(r"[À-ỹĐđ]")
# Names that are the same in every language, or that the source writes without marks.
PLAIN = re.compile(r"[\d\W]+|.*(VietnamPlus|Vietstock|TT \d|FDI|DDI).*")
CONFIDENCE = {
    "law", "high", "medium", "low", "two_sources", "one_source", "secondary", "disagree", "derived", "inferred",
    "weak", "assumption", "unverified",
}  # fmt: skip


def load(name):
    return json.loads((ROOT / name).read_text(encoding="utf-8"))


def walk(node, path=""):
    """Every dict of a file, with the path to it."""
    if isinstance(node, dict):
        yield path, node
        for key, value in node.items():
            yield from walk(value, f"{path}.{key}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from walk(value, f"{path}[{index}]")


def pairs(node):
    """Every (path, Vietnamese, English) text of a file; `vi` beside `en` counts too."""
    for path, row in walk(node):
        for key in row:
            stem = re.fullmatch(r"(.*_)?vi", key)
            if stem:
                yield f"{path}.{key}", row[key], row.get(f"{stem[1] or ''}en", "")


@pytest.fixture(scope="module")
def procedures():
    return load("onestop/data/procedures.json")["procedures"]


@pytest.fixture(scope="module")
def zones():
    return load("zones/data/zones.json")["zones"]


@pytest.mark.parametrize("name", FILES)
def test_texts_come_in_both_languages(name):
    one_sided = [
        path
        for path, vi, en in pairs(load(name))
        if bool(vi) != bool(en) and not re.search(r"(communes\[\d+\]\.name|merged_from)_vi$", path)
    ]
    assert one_sided == []


@pytest.mark.parametrize("name", [name for name in FILES if "countries" not in name])
def test_vietnamese_texts_are_vietnamese(name):
    english = [
        (path, vi)
        for path, vi, _en in pairs(load(name))
        if isinstance(vi, str) and len(vi.split()) > 2 and not MARKED.search(vi) and not PLAIN.fullmatch(vi)
    ]
    assert english == []


@pytest.mark.parametrize("name", FILES)
def test_confidence_marks_are_known(name):
    marks = {
        row[key]
        for path, row in walk(load(name))
        for key in row
        if path != ".meta.reading" and re.fullmatch(r"(.*_)?confidence", key) and isinstance(row[key], str)
    }
    assert marks <= CONFIDENCE


@pytest.mark.parametrize("name", FILES)
def test_dates_are_real(name):
    days = {
        value
        for _path, row in walk(load(name))
        for value in row.values()
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value)
    }
    assert {str(date.fromisoformat(day)) for day in days} == days


def test_procedures_are_thirty_six_with_national_codes(procedures):
    codes = {row["code"] for row in procedures if re.fullmatch(r"\d\.\d{6}", row["code"])}
    assert (len(procedures), len(codes)) == (36, 36)
    assert [row["number"] for row in procedures] == list(range(1, 37))


def test_procedure_fields_are_declared_and_used(procedures):
    declared = {row["code"] for row in load("onestop/data/procedures.json")["fields"]}
    assert {row["field"] for row in procedures} == declared


def test_procedure_has_one_default_case_that_an_applicant_may_choose(procedures):
    defaults = [[case for case in row["cases"] if case["is_default"]] for row in procedures]
    assert {len(cases) for cases in defaults} == {1}
    assert {case["chosen_by"] for (case,) in defaults} == {"applicant"}


def test_case_limits_have_a_unit_and_a_start(procedures):
    cases = [case for row in procedures for case in row["cases"]]
    assert {case["unit"] for case in cases} == {"working_day", "day"}
    assert {case["counted_from"] for case in cases} == {"full_valid_dossier", "receipt", "receipt_of_notice"}
    assert [case["key"] for case in cases if case["value"] <= 0] == []


def test_two_phase_procedure_has_a_second_limit(procedures):
    both = {row["code"] for row in procedures if any(case["second_value"] for case in row["cases"])}
    assert both == {row["code"] for row in procedures if row["clock"]["mode"] == "two_phase_suspend"} == {"1.010733"}


def test_papers_name_cases_that_exist(procedures):
    lost = [
        (row["code"], paper["key"])
        for row in procedures
        for paper in row["papers"]
        if not set(paper["cases"]) <= {case["key"] for case in row["cases"]}
    ]
    assert lost == []


def test_keys_are_slugs_used_once_in_a_procedure(procedures):
    for row in procedures:
        for kind in ("papers", "cases"):
            keys = [item["key"] for item in row[kind]]
            assert len(keys) == len(set(keys)), (row["code"], kind)
            assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key) for key in keys), (row["code"], keys)


def test_conditional_papers_say_when(procedures):
    papers = [paper for row in procedures for paper in row["papers"]]
    assert {paper["required"] for paper in papers} <= {"always", "conditional", "optional"}
    assert [p["key"] for p in papers if (p["required"] == "conditional") != bool(p["condition_vi"])] == []


def test_every_case_asks_for_a_paper(procedures):
    empty = {
        row["code"]
        for row in procedures
        for case in row["cases"]
        if not any(not paper["cases"] or case["key"] in paper["cases"] for paper in row["papers"])
    }
    assert empty == {row["code"] for row in procedures if row["paper_status"] == "unknown"} == {"1.014197", "1.014198"}


def test_unverified_papers_mark_their_procedure(procedures):
    doubtful = {row["code"] for row in procedures if not all(paper["verified"] for paper in row["papers"])}
    assert doubtful == {row["code"] for row in procedures if row["paper_status"] == "unverified"}


def test_certificate_asks_each_case_for_its_own_papers(procedures):
    row = next(row for row in procedures if row["code"] == "1.009664")
    by_case = {paper["key"]: paper["cases"] for paper in row["papers"] if paper["cases"]}
    assert [case["value"] for case in row["cases"]] == [10, 5, 5, 10]
    assert by_case["legal-status"] == ["no-policy-approval", "transfer"]
    assert by_case["project-proposal"] == ["no-policy-approval"]
    assert by_case["approvals"] == ["on-request"]


def test_only_five_procedures_touch_the_register(procedures):
    effects = {row["code"]: row["effect"] for row in procedures if row["effect"]}
    assert effects == {
        "1.009664": "register_project", "1.009647": "adjust_capital", "1.009661": "suspend", "1.009662": "terminate",
        "1.009770": "extend_term",
    }  # fmt: skip


def test_named_acts_are_listed(procedures):
    acts = load("izportal/data/acts.json")["acts"]
    numbers = [act["number"] for act in acts]
    named = {basis["number"] for row in procedures for basis in row["legal_basis"]}
    named |= {row["announcing_decision"] for row in procedures if row["announcing_decision"]}
    named |= {rule["act"] for rule in load("izportal/data/rules.json")["rules"] if rule["act"]}
    named |= {act["replaced_by"] for act in acts if act["replaced_by"]}
    assert len(numbers) == len(set(numbers))
    assert named - set(numbers) == set()


def test_rules_are_dated_and_named_once():
    rules = load("izportal/data/rules.json")["rules"]
    assert len({rule["code"] for rule in rules}) == len(rules)
    assert [rule["code"] for rule in rules if not rule["valid_from"]] == []
    times = [rule["value"] for rule in rules if rule["unit"] == "time"]
    assert [value for value in times if not re.fullmatch(r"\d\d:\d\d", value)] == []


def test_zones_are_the_six_of_the_stated_list(zones):
    assert [zone["code"] for zone in zones] == ["SC1", "SC2", "NPY", "YB", "DT", "QT"]
    assert sum(zone["area_stated_ha"] for zone in zones) == 1420


def test_area_history_flags_one_stated_row_per_zone(zones):
    stated = {zone["code"]: [row["ha"] for row in zone["area_history"] if row["stated_list"]] for zone in zones}
    assert stated == {"SC1": [195], "SC2": [250], "NPY": [120], "YB": [400], "DT": [350], "QT": [105]}


def test_zones_have_phases_and_marked_points(zones):
    assert [zone["slug"] for zone in zones if not zone["phases"]] == []
    assert {zone["point"]["approximate"] for zone in zones if zone["point"]} == {True}
    assert {zone["slug"]: zone["phases"][-1]["confidence"] for zone in zones}["song-cong-2"] == "disagree"


def test_zone_groups_carry_confidence_and_sources(zones):
    groups = {
        "status",
        "location_old",
        "location_new",
        "established",
        "term",
        "developer",
        "sectors",
        "occupancy",
        "prices",
    }
    bare = [(zone["slug"], key) for zone in zones for key in groups if not {"confidence", "sources"} <= set(zone[key])]
    assert bare == []
    assert [zone["slug"] for zone in zones if not zone["sources"]] == []


def test_board_statement_of_2020_adds_up():
    rows = load("izportal/data/stated_figures.json")["statements"]
    stated = {row["indicator"]: row["value"] for row in rows if row["as_of"] == "2020-12-31"}
    assert stated["projects"] == stated["fdi_projects"] + stated["ddi_projects"] == 119 + 117 == 236
    assert (stated["zones"], stated["area_ha"], stated["procedures"]) == (6, 1420, 36)


def test_stated_capital_keeps_the_words_of_the_board():
    rows = load("izportal/data/stated_figures.json")["statements"]
    row = next(row for row in rows if row["indicator"] == "total_capital_usd")
    assert (row["value"], row["qualifier"], row["as_of_derived"]) == (8400000000, "more_than", True)
    assert "tổng vốn đăng ký trên 8,4 tỷ USD" in row["note_vi"]


def test_stated_projects_add_up_on_every_date():
    rows = load("izportal/data/stated_figures.json")["statements"]
    table = {}
    for row in rows:
        table.setdefault(row["as_of"], {})[row["indicator"]] = row["value"]
    assert [on for on, row in table.items() if row["projects"] != row["fdi_projects"] + row["ddi_projects"]] == []


def test_industry_codes_form_a_tree():
    data = load("projects/data/vsic.json")
    sections = {row["code"] for row in data["sections"]}
    assert "".join(sorted(sections)) == "ABCDEFGHIJKLMNOPQRSTU"
    assert len({row["code"] for row in data["divisions"]}) == len(data["divisions"]) == 88
    assert {row["section"] for row in data["divisions"]} == sections


def test_countries_follow_the_standard():
    rows = load("projects/data/countries.json")["countries"]
    assert len({row["code"] for row in rows}) == len(rows) == 249
    assert {row["code"]: row["name_vi"] for row in rows}["KR"] == "Hàn Quốc"
