"""Checks of planning and construction forms: works and their grade, areas, costs, contractors, permits."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from onestop.plausibility.matter import (
    Answers,
    Check,
    Doubt,
    Matter,
    amount,
    day,
    exceeds,
    is_yes,
    row_doubt,
    rows,
    sum_of,
)

# How often a permit is extended, as its sentence below says: Construction Law 50/2014/QH13, Article 99(1);
# chờ Ban xác nhận (Construction Law 135/2025/QH15).
MOST_EXTENSIONS = 2
# Grades of works from the highest (Construction Law 50/2014/QH13, Article 5; chờ Ban xác nhận), each with the cases
# that take it: the first that a procedure offers.
CASES_OF_GRADE = {
    "special": ("special-grade-1",),
    "1": ("special-grade-1",),
    "2": ("grade-2-3", "other"),
    "3": ("grade-2-3", "other"),
    "4": ("other",),
}
# Parts of the total investment: Decree 10/2021/NĐ-CP, Article 5(2); chờ Ban xác nhận.
COSTS = (
    "construction_cost_vnd",
    "equipment_cost_vnd",
    "land_cost_vnd",
    "management_cost_vnd",
    "consulting_cost_vnd",
    "other_cost_vnd",
    "contingency_vnd",
)

# How far apart figures may lie that were rounded on their way: a share of the sum, points of a per cent.
COSTS_SLACK = Decimal("0.01")
COVERAGE_SLACK = Decimal(1)

ROLES = {
    "survey": gettext_lazy("khảo sát xây dựng"),
    "study": gettext_lazy("lập báo cáo nghiên cứu khả thi"),
    "design": gettext_lazy("thiết kế xây dựng"),
    "build": gettext_lazy("thi công xây dựng"),
    "supervision": gettext_lazy("giám sát thi công"),
}


# Days ---------------------------------------------------------------------------------------------
def spans_in_order(answers: Answers, matter: Matter) -> list[Doubt]:
    """Each `x_until` that the section asks for, beside its `x_from` or else its `x_on`."""
    ends = [key for key in matter.cleaned if key.endswith("_until")]
    wrong = [key for key in ends if _ends_early(answers, key.removesuffix("_until"))]
    return [Doubt(key, _("Ngày kết thúc phải sau ngày bắt đầu.")) for key in wrong]


def _ends_early(answers: Answers, span: str) -> bool:
    start = day(answers, f"{span}_from") or day(answers, f"{span}_on")
    until = day(answers, f"{span}_until")
    return bool(start and until and until < start)


def acceptance_follows_works(answers: Answers, matter: Matter) -> list[Doubt]:
    done, accepted = day(answers, "construction_until"), day(answers, "acceptance_on")
    if not (done and accepted) or accepted >= done:
        return []
    return [Doubt("acceptance_on", _("Ngày nghiệm thu phải sau ngày hoàn thành thi công."))]


# Areas --------------------------------------------------------------------------------------------
def land_uses_fit(answers: Answers, matter: Matter) -> list[Doubt]:
    used, area = sum_of(answers, "land_uses", "land_use_ha"), amount(answers, "planning_area_ha")
    if used is None or area is None or used <= area:
        return []
    return [Doubt("land_uses", _("Tổng diện tích các loại đất lớn hơn diện tích lập quy hoạch."))]


def areas_fit(answers: Answers, matter: Matter) -> list[Doubt]:
    doubts = []
    if exceeds(answers, "footprint_m2", "land_area_m2"):
        doubts.append(Doubt("footprint_m2", _("Diện tích xây dựng lớn hơn diện tích lô đất.")))
    if exceeds(answers, "basement_area_m2", "floor_area_m2"):
        doubts.append(Doubt("basement_area_m2", _("Sàn tầng hầm lớn hơn tổng diện tích sàn.")))
    if _coverage_differs(answers):
        sentence = _("Mật độ xây dựng không khớp diện tích xây dựng và diện tích lô.")
        doubts.append(Doubt("building_coverage", sentence, blocks=False))
    if exceeds(answers, "building_coverage", "allowed_coverage"):
        doubts.append(Doubt("building_coverage", _("Mật độ xây dựng vượt mức quy hoạch."), blocks=False))
    return doubts


def _coverage_differs(answers: Answers) -> bool:
    coverage, built, land = (amount(answers, key) for key in ("building_coverage", "footprint_m2", "land_area_m2"))
    if coverage is None or built is None or not land:
        return False
    return abs(coverage - built / land * 100) > COVERAGE_SLACK


# Works and their grade ----------------------------------------------------------------------------
def _highest_grade(answers: Answers) -> str | None:
    named = [row.get("work_grade") for _number, row in rows(answers, "works")]
    return next((grade for grade in CASES_OF_GRADE if grade in named), None)


def grade_fits_case(answers: Answers, matter: Matter) -> list[Doubt]:
    grade = _highest_grade(answers)
    if grade is None or not matter.case:
        return []
    offered = set(matter.dossier.version.cases.values_list("key", flat=True))
    right = next((case for case in CASES_OF_GRADE[grade] if case in offered), matter.case)
    if right == matter.case:
        return []
    return [Doubt("works", _("Cấp công trình cao nhất không khớp trường hợp đã chọn."))]


def grade_is_highest(answers: Answers, matter: Matter) -> list[Doubt]:
    told, highest = answers.get("main_work_grade"), _highest_grade(answers)
    if answers.get("permit_kind") != "project" or not told or highest in (None, told):
        return []
    return [Doubt("main_work_grade", _("Cấp công trình phải là cấp cao nhất trong danh mục công trình."))]


def something_changes(answers: Answers, matter: Matter) -> list[Doubt]:
    """An adjustment of nothing is none; told once all four are answered."""
    given = [answers.get(key) for key in ("changes_look", "changes_size", "changes_structure", "changes_use")]
    if None in given or True in given:
        return []
    return [Doubt("changes_look", _("Chọn ít nhất một nội dung điều chỉnh."))]


# Costs, people, contractors -----------------------------------------------------------------------
def costs_meet_total(answers: Answers, matter: Matter) -> list[Doubt]:
    total = amount(answers, "capital_vnd")
    given = [cost for key in COSTS if (cost := amount(answers, key)) is not None]
    if total is None or not given:
        return []
    if sum(given) > total:
        return [Doubt("capital_vnd", _("Tổng các khoản chi phí lớn hơn tổng mức đầu tư."))]
    if len(given) == len(COSTS) and sum(given) < total * (1 - COSTS_SLACK):
        return [Doubt("capital_vnd", _("Các khoản chi phí chưa cộng đủ tổng mức đầu tư."), blocks=False)]
    return []


def certificates_in_force(answers: Answers, matter: Matter) -> list[Doubt]:
    ended = [
        (number, row.get("person_name", ""))
        for number, row in rows(answers, "key_people")
        if (until := day(row, "person_certificate_until")) and until < matter.on
    ]
    sentence = _("Chứng chỉ hành nghề của %(name)s đã hết hiệu lực.")
    return [row_doubt("key_people", number, sentence % {"name": name}, blocks=False) for number, name in ended]


def _contractors_named(*roles: str) -> Check:
    def check(answers: Answers, matter: Matter) -> list[Doubt]:
        named = [row.get("contractor_role") for _number, row in rows(answers, "contractors")]
        missing = [role for role in roles if role not in named] if named else []
        sentence = _("Chưa ghi nhà thầu: %(role)s.")
        return [Doubt("contractors", sentence % {"role": ROLES[role]}, blocks=False) for role in missing]

    return check


# Permits ------------------------------------------------------------------------------------------
def permit_can_be_extended(answers: Answers, matter: Matter) -> list[Doubt]:
    """Whether works have started is asked in a later section, hence told at the term to start."""
    until, before = day(answers, "permit_until"), amount(answers, "extensions_before")
    told = []
    if until and until < matter.on:
        told.append(("permit_until", _("Giấy phép đã hết thời hạn khởi công.")))
    if before is not None and before >= MOST_EXTENSIONS:
        told.append(("extensions_before", _("Giấy phép đã được gia hạn 02 lần.")))
    if is_yes(answers, "has_started"):
        told.append(("permit_until", _("Công trình đã khởi công; xem lại có cần gia hạn.")))
    return [Doubt(key, sentence, blocks=False) for key, sentence in told]


CHECKS: dict[str, Check] = {
    "spans_in_order": spans_in_order,
    "acceptance_follows_works": acceptance_follows_works,
    "land_uses_fit": land_uses_fit,
    "areas_fit": areas_fit,
    "grade_fits_case": grade_fits_case,
    "grade_is_highest": grade_is_highest,
    "something_changes": something_changes,
    "costs_meet_total": costs_meet_total,
    "certificates_in_force": certificates_in_force,
    "study_contractors_named": _contractors_named("survey", "study"),
    "design_contractors_named": _contractors_named("survey", "design"),
    "build_contractors_named": _contractors_named("design", "build", "supervision"),
    "permit_can_be_extended": permit_can_be_extended,
}
