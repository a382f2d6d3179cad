"""Checks of environmental forms: waste water, waste, terms of permits."""

import re
from decimal import Decimal

from django.utils.translation import gettext as _

from onestop.plausibility.matter import Answers, Check, Doubt, Matter, amount, day, exceeds, row_doubt, rows, sum_of

# Years of a permit of group I, as its sentence below says: Law on Environmental Protection 72/2020/QH14,
# Article 40(4); chờ Ban xác nhận.
GROUP_ONE_YEARS = 7
# How hazardous waste is coded: Circular 02/2022/TT-BTNMT, Appendix III, form 01; chờ Ban xác nhận.
WASTE_CODE = re.compile(r"[0-9]{2}\s?[0-9]{2}\s?[0-9]{2}")

# How far the sources may lie from the discharge they make: a share of the discharge.
SOURCES_SLACK = Decimal("0.1")

ADJUSTED_PARTS = ("has_wastewater", "has_air_emissions", "has_noise", "treats_hazardous", "imports_scrap")


# Waste water --------------------------------------------------------------------------------------
def wastewater_within_capacity(answers: Answers, matter: Matter) -> list[Doubt]:
    """A capacity of 0 says that there is no treatment of one's own."""
    told = []
    if amount(answers, "treatment_m3_day") and exceeds(answers, "wastewater_m3_day", "treatment_m3_day"):
        told.append(_("Lưu lượng xả lớn hơn công suất xử lý."))
    if exceeds(answers, "wastewater_m3_day", "water_m3_day"):
        told.append(_("Nước thải nhiều hơn nước sử dụng."))
    return [Doubt("wastewater_m3_day", sentence, blocks=False) for sentence in told]


def sources_make_discharge(answers: Answers, matter: Matter) -> list[Doubt]:
    made = sum_of(answers, "wastewater_sources", "water_source_m3_day")
    discharge = amount(answers, "wastewater_m3_day")
    if made is None or discharge is None or abs(made - discharge) <= discharge * SOURCES_SLACK:
        return []
    sentence = _("Tổng lưu lượng các nguồn lệch với lưu lượng xả tối đa.")
    return [Doubt("wastewater_m3_day", sentence, blocks=False)]


# Waste --------------------------------------------------------------------------------------------
def _is_coded(row: Answers, key: str) -> bool:
    return bool(WASTE_CODE.fullmatch(str(row.get(key, "")).strip()))


def _uncoded(table: str, numbers: list[int]) -> list[Doubt]:
    sentence = _("Mã chất thải nguy hại gồm sáu chữ số, ví dụ 17 02 03.")
    return [row_doubt(table, number, sentence) for number in numbers]


def hazardous_waste_coded(answers: Answers, matter: Matter) -> list[Doubt]:
    """Other waste needs no code, so the column is optional; hazardous waste without one is in doubt as well."""
    hazardous = [(number, row) for number, row in rows(answers, "wastes") if row.get("waste_kind") == "hazardous"]
    return _uncoded("wastes", [number for number, row in hazardous if not _is_coded(row, "waste_code")])


def treated_waste_coded(answers: Answers, matter: Matter) -> list[Doubt]:
    given = [(number, row) for number, row in rows(answers, "hazardous_treated") if row.get("treated_code")]
    return _uncoded("hazardous_treated", [number for number, row in given if not _is_coded(row, "treated_code")])


# Costs and permits --------------------------------------------------------------------------------
def environment_cost_fits(answers: Answers, matter: Matter) -> list[Doubt]:
    if not exceeds(answers, "environment_cost_vnd", "capital_vnd"):
        return []
    return [Doubt("environment_cost_vnd", _("Kinh phí bảo vệ môi trường lớn hơn tổng vốn đầu tư."))]


def permit_term_fits_group(answers: Answers, matter: Matter) -> list[Doubt]:
    years = amount(answers, "permit_years")
    if answers.get("environment_group") != "1" or years is None or years <= GROUP_ONE_YEARS:
        return []
    return [Doubt("permit_years", _("Dự án nhóm I: thời hạn giấy phép là 07 năm."), blocks=False)]


def held_permit_in_force(answers: Answers, matter: Matter) -> list[Doubt]:
    until = day(answers, "held_permit_until")
    if until is None or until >= matter.on:
        return []
    return [Doubt("held_permit_until", _("Giấy phép môi trường đã hết hiệu lực."), blocks=False)]


def adjusted_parts_named(answers: Answers, matter: Matter) -> list[Doubt]:
    """The parts are asked in several sections; told in the last of them, once all are answered."""
    given = [answers.get(key) for key in ADJUSTED_PARTS]
    if answers.get("adjustment_cause") not in ("change", "reduction") or None in given or True in given:
        return []
    return [Doubt("treats_hazardous", _("Chọn ít nhất một nội dung cấp phép cần điều chỉnh."))]


CHECKS: dict[str, Check] = {
    "wastewater_within_capacity": wastewater_within_capacity,
    "sources_make_discharge": sources_make_discharge,
    "hazardous_waste_coded": hazardous_waste_coded,
    "treated_waste_coded": treated_waste_coded,
    "environment_cost_fits": environment_cost_fits,
    "permit_term_fits_group": permit_term_fits_group,
    "held_permit_in_force": held_permit_in_force,
    "adjusted_parts_named": adjusted_parts_named,
}
