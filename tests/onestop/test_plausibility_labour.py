"""The checks named with their keys, and those of labour and of offices: each once satisfied and once broken."""

import json
from datetime import date

import pytest

from izportal.management import form_files
from onestop import shapes
from onestop.models import Dossier, ProcedureCase, ProcedureVersion
from onestop.plausibility import Matter, check, general, labour, offices

ON = date(2026, 3, 3)
BEFORE = {"relation": "before", "min": 10, "max": 60, "unit": "day"}
NO_LATER = {"relation": "before", "min": 30, "max": None, "unit": "day"}
AFTER = {"relation": "after", "min": 0, "max": 10, "unit": "day"}
WORKED = {"relation": "after", "min": 0, "max": 60, "unit": "working_day"}
MOVED = {"relation": "after", "min": 0, "max": 30, "unit": "day", "cases": ["relocation"]}


def matter(*, window=None, case="", on=ON):
    cleaned = {"case": ProcedureCase(key=case)} if case else {}
    return Matter(Dossier(version=ProcedureVersion(filing_window=window or {})), cleaned, on)


def doubts(name, answers, **around):
    return [(doubt.key, doubt.blocks) for doubt in check(name)(answers, matter(**around))]


def counts(*numbers):
    return [{"count": number} for number in numbers]


OFFICE = {"trader_name": "HANA STEEL CO., LTD", "office_name": "Văn phòng đại diện Hana Steel Co., Ltd"}
TERM = {"licence_term_years": 5, "trader_registration_until": "2031-03-03"}
EXPERT = {"position": "expert", "is_priority_field": False, "experience_years": "2"}
TECHNICIAN = {"position": "technician", "trained_years": "1.0", "experience_years": "2"}

# Name, answers that agree, what is changed to break them, where the doubt lies, whether it blocks.
RULES = [
    ("in_order:a,b,c", {"a": "2026-01-01", "c": "2026-01-01"}, {"c": "2025-12-31"}, "c", True),
    ("in_order:a,b,c", {"a": "2026-01-01", "b": "2026-02-01"}, {"b": "2025-02-01", "c": "2025-03-01"}, "b", True),
    ("in_force:a", {"a": "2026-03-03"}, {"a": "2026-03-02"}, "a", True),
    ("within:part,whole", {"part": 3, "whole": 3}, {"part": 4}, "part", True),
    ("rows_add_up:jobs.count,all", {"jobs": counts(1, 2), "all": 3}, {"jobs": counts(1, 3)}, "all", True),
    ("any_yes:a,b", {"a": False, "b": True}, {"b": False}, "a", True),
    ("worker_is_adult", {"worker_born_on": "2008-03-03"}, {"worker_born_on": "2008-03-04"}, "worker_born_on", True),
    (
        "worker_is_adult",
        {"worker_born_on": "2008-05-01", "work_from": "2026-05-01"},
        {"work_from": "2026-04-30"},
        "worker_born_on",
        True,
    ),
    (
        "term_within_two_years",
        {"work_from": "2026-04-01", "work_until": "2028-04-01"},
        {"work_until": "2028-04-02"},
        "work_until",
        True,
    ),
    (
        "certificate_within_two_years",
        {"work_from": "2028-02-29", "work_until": "2030-02-28"},
        {"work_until": "2030-03-01"},
        "work_until",
        False,
    ),
    (
        "passport_valid_after_term",
        {"passport_until": "2028-04-01", "work_until": "2028-04-01"},
        {"passport_until": "2028-03-31"},
        "work_until",
        False,
    ),
    ("health_recent", {"health_on": "2025-03-03"}, {"health_on": "2025-03-02"}, "health_on", False),
    (
        "criminal_record_recent",
        {"criminal_record_on": "2025-09-03"},
        {"criminal_record_on": "2025-09-02"},
        "criminal_record_on",
        False,
    ),
    ("extended_once", {"extended_before": False}, {"extended_before": True}, "extended_before", False),
    ("registration_is_due", {"workers_total": 10}, {"workers_total": 9}, "workers_total", False),
    ("experience_fits_position", EXPERT, {"experience_years": "1.9"}, "experience_years", False),
    (
        "experience_fits_position",
        {**EXPERT, "is_priority_field": True, "experience_years": "1"},
        {"experience_years": "0.9"},
        "experience_years",
        False,
    ),
    ("experience_fits_position", TECHNICIAN, {"trained_years": "0.9"}, "experience_years", False),
    ("experience_fits_position", TECHNICIAN, {"experience_years": "1.9"}, "experience_years", False),
    (
        "contribution_reaches_exemption",
        {"exemption_ground": "board_member", "contribution_vnd": "3000000000"},
        {"contribution_vnd": "2999999999"},
        "contribution_vnd",
        False,
    ),
    (
        "trader_change_is_told",
        {"changes_trader": True, "new_trader_address": "Seoul"},
        {"new_trader_address": None},
        "new_trader_name",
        True,
    ),
    ("office_name_is_formed", OFFICE, {"office_name": "Văn phòng đại diện Hana"}, "office_name", False),
    ("office_name_is_formed", OFFICE, {"office_name": "Hana Steel Co., Ltd"}, "office_name", False),
    (
        "trader_is_established",
        {"trader_registered_on": "2025-03-03", "trader_registration_until": "2027-03-03"},
        {"trader_registered_on": "2025-03-04"},
        "trader_registered_on",
        False,
    ),
    (
        "trader_is_established",
        {"trader_registration_until": "2027-03-03"},
        {"trader_registration_until": "2027-03-02"},
        "trader_registration_until",
        False,
    ),
    ("licence_within_registration", TERM, {"office_licence_until": "2026-03-04"}, "licence_term_years", False),
    (
        "licence_within_registration",
        {**TERM, "office_licence_until": "2020-01-01"},
        {"trader_registration_until": "2031-03-02"},
        "licence_term_years",
        False,
    ),
    (
        "head_holds_no_barred_post",
        {"head_holds_barred_post": False},
        {"head_holds_barred_post": True},
        "head_holds_barred_post",
        False,
    ),
    (
        "head_is_not_representative",
        {"head_name": "Kim An", "representative_name": "Lee Bo"},
        {"representative_name": "KIM  AN"},
        "head_name",
        False,
    ),
]


@pytest.mark.parametrize(("name", "sound", "change", "key", "blocks"), RULES)
def test_check_is_silent_when_satisfied_and_doubts_when_broken(name, sound, change, key, blocks):
    assert doubts(name, sound) == []
    assert doubts(name, {**sound, **change}) == [(key, blocks)]


def test_every_check_is_tried():
    tried = {name.partition(":")[0] for name, *_rest in RULES} | {"window"}
    assert tried == {*general.MAKERS, *labour.CHECKS, *offices.CHECKS}


@pytest.mark.parametrize("code", form_files.codes())
def test_keys_of_a_check_are_asked_for(code):
    sections = shapes.read(form_files.compose(code)).sections
    asked = {question.key for section in sections for question in section.questions}
    asked |= {f"{q.key}.{column.key}" for section in sections for q in section.questions for column in q.columns}
    named = [name.partition(":")[2] for section in sections for name in section.checks if ":" in name]
    assert [key for keys in named for key in keys.split(",") if key not in asked] == []


@pytest.mark.parametrize(
    "value", [None, "", "abc", "NaN", "2026-02-30", "0001-01-01", "9999-12-31", -1, 1e30, [1], {}, True]
)
@pytest.mark.parametrize(("name", "sound", "change", "key", "blocks"), RULES)
def test_no_kept_value_makes_a_check_fail(name, sound, change, key, blocks, value):
    for broken in sound:
        assert isinstance(check(name)({**sound, **change, broken: value}, matter()), list)


@pytest.mark.parametrize("name", [name for name, *_rest in RULES])
def test_without_answers_there_is_no_doubt(name):
    assert doubts(name, {}) == []


# The filing window --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("window", "event", "case", "is_told"),
    [
        (BEFORE, "2026-03-13", "", False),
        (BEFORE, "2026-05-02", "", False),
        (BEFORE, "2026-03-12", "", True),
        (BEFORE, "2026-05-03", "", True),
        (NO_LATER, "2030-01-01", "", False),
        (NO_LATER, "2026-04-01", "", True),
        (AFTER, "2026-02-21", "", False),
        (AFTER, "2026-02-20", "", True),
        (AFTER, "2026-03-04", "", True),
        (MOVED, "2026-01-01", "relocation", True),
        (MOVED, "2026-01-01", "lost-or-damaged", False),
        ({"relation": "after", "min": 5, "max": None, "unit": "day"}, "2026-02-27", "", True),
        ({}, "2020-01-01", "", False),
        (BEFORE, "abc", "", False),
        (BEFORE, None, "", False),
    ],
)
def test_window_of_the_row_is_told_and_does_not_block(window, event, case, is_told):
    found = doubts("window:event", {"event": event}, window=window, case=case)
    assert found == ([("event", False)] if is_told else [])


@pytest.mark.parametrize(("on", "is_told"), [(date(2026, 3, 20), False), (date(2026, 5, 4), True)])
def test_window_in_working_days_is_longer(db, on, is_told):
    """From 5 January, 60 calendar days end on 6 March, 60 working days later."""
    found = doubts("window:event", {"event": "2026-01-05"}, window=WORKED, on=on)
    assert found == ([("event", False)] if is_told else [])


def test_window_opens_with_an_event_on_a_day_off(db):
    assert doubts("window:event", {"event": "2026-03-07"}, window=WORKED, on=date(2026, 3, 7)) == []


def test_windows_of_the_catalogue_can_be_reckoned(db):
    rows = json.loads((form_files.FORMS.parent / "procedures.json").read_text(encoding="utf-8"))["procedures"]
    spans = {row["code"]: general._span(ON, row["filing_window"]) for row in rows if row["filing_window"]}
    assert {code for code, span in spans.items() if span.opens <= span.closes} == set(spans)
    assert spans["2.000327"].closes == date(2026, 2, 1)


@pytest.mark.parametrize(
    ("name", "answers", "window", "sentence"),
    [
        (
            "window:a",
            {"a": "2026-03-12"},
            BEFORE,
            "Ngày nộp nằm ngoài khoảng nộp hồ sơ: từ 11/01/2026 đến 02/03/2026.",
        ),
        ("window:a", {"a": "2026-04-01"}, NO_LATER, "Ngày nộp nằm ngoài khoảng nộp hồ sơ: chậm nhất ngày 02/03/2026."),
        ("in_force:a", {"a": "2026-03-02"}, None, "Giấy tờ này đã hết hạn ngày 02/03/2026."),
        ("rows_add_up:t.count,a", {"t": counts(700, 800), "a": 1}, None, "Tổng các dòng là 1.500, khác số đã khai."),
    ],
)
def test_sentence_names_days_and_sums(name, answers, window, sentence):
    assert [doubt.sentence for doubt in check(name)(answers, matter(window=window))] == [sentence]
