"""Checks of investment forms: each once satisfied and once broken, and none minds what is missing or misshapen."""

from datetime import date

import pytest

from onestop import plausibility
from onestop.models import Dossier
from onestop.plausibility import investment
from projects.models import Project
from tests import factories

TODAY = date(2026, 3, 3)


def found(name, answers, dossier=None, **cleaned):
    matter = plausibility.Matter(dossier or Dossier(), cleaned, TODAY)
    return [(doubt.key, doubt.blocks) for doubt in plausibility.check(name)(answers, matter)]


def sentences(name, answers):
    return [d.sentence for d in plausibility.check(name)(answers, plausibility.Matter(Dossier(), {}, TODAY))]


# Order of days ------------------------------------------------------------------------------------
ORDERS = [
    ("adjustment_comes_later", "certificate_on", "last_adjusted_on"),
    ("adjustment_comes_later", "policy_decision_on", "last_adjusted_on"),
    ("adjustment_comes_later", "old_licence_on", "last_adjusted_on"),
    ("judgment_in_order", "judgment_on", "judgment_effective_on"),
    ("handover_was_late", "land_promised_on", "land_handed_on"),
    ("suspension_in_order", "suspension_decided_on", "suspended_from"),
    ("suspension_in_order", "suspended_from", "suspended_until"),
    ("termination_in_order", "termination_decided_on", "terminated_on"),
    ("liquidation_in_order", "terminated_on", "liquidated_until"),
    ("liquidation_in_order", "terminated_on", "land_returned_on"),
]


@pytest.mark.parametrize(("name", "first", "then"), ORDERS)
def test_days_follow_each_other(name, first, then):
    assert found(name, {first: "2026-01-01", then: "2026-01-02"}) == []
    assert found(name, {first: "2026-01-02", then: "2026-01-01"}) == [(then, True)]


@pytest.mark.parametrize(("name", "first", "then"), ORDERS)
def test_one_day_for_both_is_refused_only_where_time_must_pass(name, first, then):
    expected = [(then, True)] if then in ("land_handed_on", "suspended_until") else []
    assert found(name, {first: "2026-01-01", then: "2026-01-01"}) == expected


def test_earlier_papers_are_not_compared_with_each_other():
    answers = {"certificate_on": "2020-01-01", "policy_decision_on": "2019-01-01", "last_adjusted_on": "2019-06-01"}
    assert found("adjustment_comes_later", answers) == [("last_adjusted_on", True)]


ROW_ORDERS = [
    (
        "earlier_suspensions_in_order",
        "earlier_suspensions",
        "earlier_from",
        "earlier_until",
        "2024-01-01",
        "2024-02-01",
    ),
    ("milestones_in_order", "milestones", "stage_from", "stage_until", "2027-01", "2027-12"),
    ("indicator_years_in_order", "indicators", "indicator_base_year", "indicator_year", 2020, 2025),
]


@pytest.mark.parametrize(("name", "table", "first", "then", "early", "late"), ROW_ORDERS)
def test_rows_follow_each_other_and_are_named(name, table, first, then, early, late):
    right, wrong = {first: early, then: late}, {first: late, then: early}
    assert found(name, {table: [right, {first: early, then: early}]}) == []
    assert found(name, {table: [right, wrong]}) == [(table, True)]
    assert sentences(name, {table: [right, wrong]}) == ["Dòng 2: Mốc này phải sau mốc liền trước nó."]


# Checks of answers alone --------------------------------------------------------------------------
def investor(kind, country, identifier):
    return {"investor_kind": kind, "investor_country": country, "investor_identifier": identifier}


def standards(*fields):
    return {"standards": [{"standard_field": field} for field in fields]}


def shares(*told):
    return {"contributions": [{"contribution_share": share} for share in told]}


def extension(until, years="10"):
    return {"term_until": "2040-06-30", "extension_years": years, "extended_until": until}


def areas(leased, industrial, park):
    return {"leased_area_ha": leased, "industrial_area_ha": industrial, "park_area_ha": park}


def cleaner(count):
    return {"enterprises_operating": 20, "enterprises_cleaner": count}


def parts(**answers):
    return {"fixed_capital_vnd": "70000000", "working_capital_vnd": "30000000", **answers}


ALONE = [
    ("investor_identifier_fits", investor("individual", "VN", "001090000001"), []),
    ("investor_identifier_fits", investor("individual", "VN", "M12345678"), [("investor_identifier", True)]),
    ("investor_identifier_fits", investor("individual", "KR", "M12345678"), []),
    ("investor_identifier_fits", investor("individual", "KR", "M1"), [("investor_identifier", True)]),
    ("investor_identifier_fits", investor("organisation", "VN", "4600000001-001"), []),
    ("investor_identifier_fits", investor("organisation", "VN", "123-45-67890"), [("investor_identifier", True)]),
    ("investor_identifier_fits", investor("organisation", "KR", "123-45-67890"), []),
    ("certificate_is_dated", {"certificate_number": "98", "certificate_on": "2020-01-01"}, []),
    ("certificate_is_dated", {"certificate_number": "98"}, [("certificate_on", True)]),
    ("three_fields_have_standards", standards("fire", "environment", "construction", "fire"), []),
    ("three_fields_have_standards", standards("fire", "environment", "fire"), [("standards", True)]),
    ("capital_parts_meet", parts(capital_vnd="100900000"), []),
    ("capital_parts_meet", parts(capital_vnd="102000000"), [("working_capital_vnd", False)]),
    ("capital_parts_meet", parts(capital_usd="4000", exchange_rate="25000"), []),
    ("capital_parts_meet", parts(capital_usd="5000", exchange_rate="25000"), [("working_capital_vnd", False)]),
    ("contribution_shares_whole", shares("33.33", "33.33", "33.33"), []),
    ("contribution_shares_whole", shares("60", "39.9"), [("contributions", True)]),
    ("contribution_shares_whole", shares("60", ""), []),
    ("capital_change_is_told", {"changes_capital": False}, []),
    ("capital_change_is_told", {"changes_capital": True, "new_capital_vnd": "1"}, []),
    ("capital_change_is_told", {"changes_capital": True, "origin": "fdi"}, [("new_capital_usd", True)]),
    ("capital_change_is_told", {"changes_capital": True, "new_capital_vnd": "0"}, [("new_capital_vnd", True)]),
    ("extension_adds_up", extension("2050-07-15"), []),
    ("extension_adds_up", extension("2050-08-15"), [("extended_until", False)]),
    ("extension_adds_up", extension("2040-12-31", "0.5"), []),
    ("extension_adds_up", extension("2040-06-30"), [("extended_until", True)]),
    ("extension_is_open", {"hands_over_assets": False}, []),
    ("extension_is_open", {"hands_over_assets": True}, [("hands_over_assets", False)]),
    ("land_covers_extension", {"land_right_until": "2050-06-30", "extended_until": "2050-06-30"}, []),
    (
        "land_covers_extension",
        {"land_right_until": "2050-06-29", "extended_until": "2050-06-30"},
        [("land_right_until", False)],
    ),
    ("park_areas_fit", areas("80", "80", "100"), []),
    ("park_areas_fit", areas("80.5", "80", "79"), [("leased_area_ha", True), ("industrial_area_ha", True)]),
    ("park_services_are_whole", {"has_power": True, "has_water": True}, []),
    ("park_services_are_whole", {"has_power": True, "has_fire_safety": False}, [("has_fire_safety", False)]),
    ("cleaner_enterprises_suffice", cleaner(4), []),
    ("cleaner_enterprises_suffice", cleaner(3), [("enterprises_cleaner", False)]),
    ("cleaner_enterprises_suffice", cleaner(21), [("enterprises_cleaner", True)]),
]


@pytest.mark.parametrize(("name", "answers", "expected"), ALONE)
def test_answers_agree_with_each_other(name, answers, expected):
    assert found(name, answers) == expected


def test_least_share_of_cleaner_enterprises_is_told():
    assert sentences("cleaner_enterprises_suffice", cleaner(3)) == ["Tiêu chí yêu cầu tối thiểu 20% doanh nghiệp."]


def test_undertakings_of_the_section_must_be_given():
    answers = {"undertakes_law": True, "undertakes_truth": False, "undertakes_fire": False}
    asked = {"undertakes_law": "yes", "undertakes_truth": "no"}
    assert found("undertakings_given", answers, **asked) == [("undertakes_truth", True)]
    assert found("undertakings_given", {**answers, "undertakes_truth": True}, **asked) == []


@pytest.mark.parametrize(
    ("name", "table", "was", "becomes"),
    [
        ("adjustments_differ", "adjustments", "adjusted_from", "adjusted_to"),
        ("corrections_differ", "corrections", "printed_text", "right_text"),
    ],
)
def test_new_text_differs_from_the_old(name, table, was, becomes):
    changed, same = {was: "Lô CN-05", becomes: "Lô CN-06"}, {was: "Lô  CN-05", becomes: "Lô CN-05\n"}
    assert found(name, {table: [changed, {was: "chỉ có một"}]}) == []
    assert sentences(name, {table: [changed, same]}) == ["Dòng 2: Nội dung mới giống nội dung đang ghi."]


def test_iso_certificates_hold_on_the_day_of_the_figures():
    rows = [{"iso_until": "2026-01-01"}, {"iso_until": "2025-12-31"}]
    assert found("iso_is_valid", {"figures_on": "2025-12-31", "iso_certificates": rows}) == []
    answers = {"figures_on": "2026-01-01", "iso_certificates": rows}
    assert sentences("iso_is_valid", answers) == ["Dòng 2: Chứng nhận ISO này đã hết hiệu lực."]


# Checks that look into the register ---------------------------------------------------------------
@pytest.mark.parametrize(
    ("classes", "expected"),
    [
        (["2592", "2610"], []),
        (["2592", "9999"], [("objectives", True)]),
        (["259"], [("objectives", True)]),
        (["2610"], [("objectives", False)]),
    ],
)
def test_classes_stand_in_a_known_division(db, classes, expected):
    factories.make_sector("25")
    factories.make_sector("26")
    answers = {"sector": "25", "objectives": [{"vsic_class": told} for told in classes]}
    assert found("vsic_classes_fit", answers) == expected


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"capital_usd": "12500000"}, []),
        ({"capital_usd": "12500000.5"}, [("capital_usd", False)]),
        ({"capital_usd": "12500000", "capital_vnd": "1"}, [("capital_vnd", False)]),
    ],
)
def test_capital_is_as_registered(make_project, answers, expected):
    assert found("capital_is_registered", answers, Dossier(project=make_project())) == expected
    assert found("capital_is_registered", answers) == []


def test_told_change_of_capital_differs_from_the_register(make_project):
    dossier = Dossier(project=make_project())
    told = {"changes_capital": True, "origin": "fdi", "new_capital_usd": "12500000"}
    assert found("capital_change_is_told", told, dossier) == [("new_capital_usd", True)]
    assert found("capital_change_is_told", {**told, "new_capital_usd": "13000000"}, dossier) == []


def test_eco_park_is_a_project_of_infrastructure(make_project):
    park = make_project(kind=Project.Kind.INFRASTRUCTURE)
    assert found("project_is_infrastructure", {}, project=park) == []
    assert found("project_is_infrastructure", {}, project=make_project()) == [("project", True)]


# What is missing or misshapen ---------------------------------------------------------------------
TABLES = [
    *("adjustments", "contributions", "corrections", "earlier_suspensions", "indicators"),
    *("iso_certificates", "milestones", "objectives", "standards"),
]
KEYS = [
    *(key for _name, *pair in ORDERS for key in pair),
    *("capital_usd", "capital_vnd", "construction_from", "enterprises_cleaner", "enterprises_operating"),
    *("equity_share", "exchange_rate", "extended_until", "extension_years", "figures_on", "fixed_capital_vnd"),
    *("land_right_until", "leased_area_ha", "new_capital_usd", "park_area_ha", "sector", "term_until"),
    *("working_capital_vnd", "area_m2"),
]

CELLS = [
    *("adjusted_from", "adjusted_to", "contribution_share", "earlier_from", "earlier_until", "indicator_base_year"),
    *("indicator_year", "iso_until", "stage_from", "stage_until", "standard_field", "vsic_class"),
]


@pytest.mark.parametrize("name", investment.CHECKS)
def test_missing_answers_raise_no_doubt(db, name):
    assert found(name, {}) == []
    assert found(name, dict.fromkeys([*KEYS, *TABLES])) == []


@pytest.mark.parametrize("value", ["", "hôm qua", "NaN", "1e9", "2026-02-31", -1, True, ["x"], [{}], [{"a": []}], {}])
def test_misshapen_answers_break_no_check(make_project, value):
    project, plot = make_project(), factories.make_plot()
    whole = dict.fromkeys([*KEYS, *TABLES], value)
    rows = {table: [dict.fromkeys(CELLS, value)] for table in TABLES}
    for name in investment.CHECKS:
        assert isinstance(found(name, whole, project=project, plot=plot), list)
        assert isinstance(found(name, {**whole, **rows}, project=project, plot=plot), list)
