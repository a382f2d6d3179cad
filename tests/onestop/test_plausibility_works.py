"""Checks of planning, construction and environmental forms: each with answers that agree and answers that do not."""

from datetime import date, timedelta

import pytest

from onestop.models import Dossier
from onestop.plausibility import Matter, check, environment, works
from tests import factories

TODAY = date(2026, 3, 3)
YESTERDAY = (TODAY - timedelta(days=1)).isoformat()


def told(name, answers, dossier=None):
    """What a check says, as (key, does it block, sentence)."""
    doubts = check(name)(answers, Matter(dossier or Dossier(), dict(answers), TODAY))
    return [(doubt.key, doubt.blocks, doubt.sentence) for doubt in doubts]


def graded(*grades):
    return [{"work_name": "Nhà xưởng", "work_grade": grade} for grade in grades]


def certified(until):
    return {"key_people": [{"person_name": "An"}, {"person_name": "Bình", "person_certificate_until": until}]}


def tasked(*roles):
    return {"contractors": [{"contractor_role": role} for role in roles]}


def costing(each, total):
    return {**dict.fromkeys(works.COSTS, each), "capital_vnd": total}


def wasted(*codes):
    return {"wastes": [{"waste_kind": "ordinary"}, *({"waste_kind": "hazardous", "waste_code": c} for c in codes)]}


CHANGES = ("changes_look", "changes_size", "changes_structure", "changes_use")
NOTHING = dict.fromkeys(CHANGES, False)
NO_PART = {"adjustment_cause": "change", **dict.fromkeys(environment.ADJUSTED_PARTS, False)}
BUILT = {"land_area_m2": "1000", "footprint_m2": "400", "floor_area_m2": "800", "basement_area_m2": "100"}
HELD = {"permit_until": TODAY.isoformat(), "extensions_before": 1, "has_started": False}
SOURCES = [{"water_source_m3_day": "60"}, {"water_source_m3_day": "40.5"}]
ENDS, CODE = "Ngày kết thúc phải sau ngày bắt đầu.", "Mã chất thải nguy hại gồm sáu chữ số, ví dụ 17 02 03."
COVERAGE = "Mật độ xây dựng không khớp diện tích xây dựng và diện tích lô."

# The check, answers that satisfy it, answers that do not, and what it then says.
PAIRS = [
    ("spans_in_order", {"trial_from": "2026-05-01", "trial_until": "2026-05-01"},
     {"trial_from": "2026-05-01", "trial_until": "2026-04-30"}, [("trial_until", True, ENDS)]),
    ("spans_in_order", {"permit_on": "2026-01-01", "permit_until": "2027-01-01"},
     {"permit_on": "2026-01-01", "permit_until": "2025-01-01"}, [("permit_until", True, ENDS)]),
    ("acceptance_follows_works", {"construction_until": "2026-05-01", "acceptance_on": "2026-05-01"},
     {"construction_until": "2026-05-01", "acceptance_on": "2026-04-30"},
     [("acceptance_on", True, "Ngày nghiệm thu phải sau ngày hoàn thành thi công.")]),
    ("land_uses_fit", {"planning_area_ha": "10.5", "land_uses": [{"land_use_ha": "10"}, {"land_use_ha": "0.5"}]},
     {"planning_area_ha": "10.5", "land_uses": [{"land_use_ha": "10"}, {"land_use_ha": "0.51"}]},
     [("land_uses", True, "Tổng diện tích các loại đất lớn hơn diện tích lập quy hoạch.")]),
    ("areas_fit", BUILT, {**BUILT, "footprint_m2": "1000.01"},
     [("footprint_m2", True, "Diện tích xây dựng lớn hơn diện tích lô đất.")]),
    ("areas_fit", BUILT, {**BUILT, "basement_area_m2": "801"},
     [("basement_area_m2", True, "Sàn tầng hầm lớn hơn tổng diện tích sàn.")]),
    ("areas_fit", {**BUILT, "building_coverage": "41"}, {**BUILT, "building_coverage": "38.9"},
     [("building_coverage", False, COVERAGE)]),
    ("areas_fit", {**BUILT, "building_coverage": "40", "allowed_coverage": "40"},
     {**BUILT, "building_coverage": "40", "allowed_coverage": "39"},
     [("building_coverage", False, "Mật độ xây dựng vượt mức quy hoạch.")]),
    ("grade_is_highest", {"permit_kind": "project", "main_work_grade": "1", "works": graded("3", "1")},
     {"permit_kind": "project", "main_work_grade": "2", "works": graded("3", "1")},
     [("main_work_grade", True, "Cấp công trình phải là cấp cao nhất trong danh mục công trình.")]),
    ("something_changes", {**NOTHING, "changes_use": True}, NOTHING,
     [("changes_look", True, "Chọn ít nhất một nội dung điều chỉnh.")]),
    ("costs_meet_total", costing("100", "700"), costing("100", "699"),
     [("capital_vnd", True, "Tổng các khoản chi phí lớn hơn tổng mức đầu tư.")]),
    ("costs_meet_total", {"construction_cost_vnd": "5", "capital_vnd": "700"}, costing("99", "701"),
     [("capital_vnd", False, "Các khoản chi phí chưa cộng đủ tổng mức đầu tư.")]),
    ("certificates_in_force", certified(TODAY.isoformat()), certified(YESTERDAY),
     [("key_people", False, "Dòng 2: Chứng chỉ hành nghề của Bình đã hết hiệu lực.")]),
    ("study_contractors_named", tasked("survey", "study"), tasked("study"),
     [("contractors", False, "Chưa ghi nhà thầu: khảo sát xây dựng.")]),
    ("design_contractors_named", tasked("design", "survey"), tasked("survey"),
     [("contractors", False, "Chưa ghi nhà thầu: thiết kế xây dựng.")]),
    ("build_contractors_named", tasked("design", "build", "supervision"), tasked("build"),
     [("contractors", False, "Chưa ghi nhà thầu: thiết kế xây dựng."),
      ("contractors", False, "Chưa ghi nhà thầu: giám sát thi công.")]),
    ("permit_can_be_extended", HELD, {"permit_until": YESTERDAY, "extensions_before": 2, "has_started": True},
     [("permit_until", False, "Giấy phép đã hết thời hạn khởi công."),
      ("extensions_before", False, "Giấy phép đã được gia hạn 02 lần."),
      ("permit_until", False, "Công trình đã khởi công; xem lại có cần gia hạn.")]),
    ("wastewater_within_capacity", {"wastewater_m3_day": "90", "treatment_m3_day": "0", "water_m3_day": "90"},
     {"wastewater_m3_day": "90", "treatment_m3_day": "80", "water_m3_day": "85"},
     [("wastewater_m3_day", False, "Lưu lượng xả lớn hơn công suất xử lý."),
      ("wastewater_m3_day", False, "Nước thải nhiều hơn nước sử dụng.")]),
    ("sources_make_discharge", {"wastewater_sources": SOURCES, "wastewater_m3_day": "110"},
     {"wastewater_sources": SOURCES, "wastewater_m3_day": "112"},
     [("wastewater_m3_day", False, "Tổng lưu lượng các nguồn lệch với lưu lượng xả tối đa.")]),
    ("hazardous_waste_coded", wasted("17 02 03", "170203"), wasted("17 02 03", "17 02", ""),
     [("wastes", True, f"Dòng 3: {CODE}"), ("wastes", True, f"Dòng 4: {CODE}")]),
    ("treated_waste_coded", {"hazardous_treated": [{"treated_code": "17 02 03"}]},
     {"hazardous_treated": [{"treated_code": "17 02 03"}, {"treated_code": "A 17 02 03"}]},
     [("hazardous_treated", True, f"Dòng 2: {CODE}")]),
    ("environment_cost_fits", {"environment_cost_vnd": "5", "capital_vnd": "5"},
     {"environment_cost_vnd": "6", "capital_vnd": "5"},
     [("environment_cost_vnd", True, "Kinh phí bảo vệ môi trường lớn hơn tổng vốn đầu tư.")]),
    ("permit_term_fits_group", {"environment_group": "2", "permit_years": 10},
     {"environment_group": "1", "permit_years": 8},
     [("permit_years", False, "Dự án nhóm I: thời hạn giấy phép là 07 năm.")]),
    ("held_permit_in_force", {"held_permit_until": TODAY.isoformat()}, {"held_permit_until": YESTERDAY},
     [("held_permit_until", False, "Giấy phép môi trường đã hết hiệu lực.")]),
    ("adjusted_parts_named", {**NO_PART, "has_noise": True}, NO_PART,
     [("treats_hazardous", True, "Chọn ít nhất một nội dung cấp phép cần điều chỉnh.")]),
]  # fmt: skip
NAMES = sorted({*works.CHECKS, *environment.CHECKS})


@pytest.mark.parametrize(("name", "sound", "broken", "doubts"), PAIRS)
def test_check_doubts_only_what_does_not_agree(name, sound, broken, doubts):
    assert told(name, sound) == []
    assert told(name, broken) == doubts


@pytest.mark.parametrize("name", NAMES)
def test_missing_answers_raise_no_doubt(name):
    assert told(name, {}) == []


@pytest.mark.parametrize("junk", ["chữ", ["x"], [{"work_grade": ["1"], "land_use_ha": "NaN"}], {"a": 1}, 7, True])
@pytest.mark.parametrize("name", NAMES)
def test_unreadable_answers_are_survived(name, junk):
    keys = {key for _name, sound, broken, _doubts in PAIRS for key in (*sound, *broken)}
    assert isinstance(told(name, dict.fromkeys(keys, junk)), list)


def test_span_of_another_section_is_left_to_it():
    answers = {"trial_from": "2026-05-01", "trial_until": "2026-04-30"}
    assert check("spans_in_order")(answers, Matter(Dossier(), {"permit_years": 7}, TODAY)) == []


def test_adjustment_for_another_cause_may_name_no_part():
    assert told("adjusted_parts_named", {**NO_PART, "adjustment_cause": "other"}) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("offered", "chosen", "grades", "doubts"),
    [
        (("special-grade-1", "grade-2-3", "other"), "special-grade-1", ("4", "special"), 0),
        (("special-grade-1", "grade-2-3", "other"), "grade-2-3", ("3", "4"), 0),
        (("special-grade-1", "grade-2-3", "other"), "other", ("4", "2"), 1),
        (("special-grade-1", "other"), "other", ("2",), 0),
        (("special-grade-1", "other"), "other", ("1",), 1),
        (("general",), "general", ("1",), 0),
    ],
)
def test_highest_grade_decides_the_case(offered, chosen, grades, doubts):
    version = factories.make_procedure("1.013234", "Thẩm định", cases=[(key, 10) for key in offered]).versions.get()
    dossier = Dossier(version=version, case=version.cases.get(key=chosen))
    sentence = "Cấp công trình cao nhất không khớp trường hợp đã chọn."
    assert told("grade_fits_case", {"works": graded(*grades)}, dossier) == [("works", True, sentence)] * doubts
