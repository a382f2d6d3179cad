"""Checks of investment forms: capital with its rate, land, schedule, and what the register says of the project."""

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from django.utils.translation import gettext as _

from izportal.templatetags.area import grouped, with_unit
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
from projects import ledger
from projects.models import Project, Sector

# What is law, each with its article; all but the personal number chờ Ban xác nhận (in force in 2026?).
CLEANER_SHARE = 20  # per cent of the enterprises of an eco-industrial park: Decree 35/2022, article 37
PERSONAL_NUMBER = r"[0-9]{12}"  # Law on Identification 26/2023, article 12
TAX_CODE = r"[0-9]{10}(-[0-9]{3})?"  # Circular 86/2024/TT-BTC, article 5
STANDARD_FIELDS = {"construction", "environment", "fire"}  # Law on Investment 61/2020, article 36a, from Law 57/2024
# Every country prints its own; as `entries.PassportEntry`.
PASSPORT = r"[A-Za-z0-9]{6,12}"
# Tolerances, not law: rounding of sums (a hundredth), of shares (per cent), of a term told in years (days).
SUM_TOLERANCE, SHARE_TOLERANCE, TERM_TOLERANCE = Decimal("0.01"), Decimal("0.01"), 31
DAYS_A_YEAR = Decimal("365.25")


# Readings -----------------------------------------------------------------------------------------
def _words(answers: Answers, key: str) -> str:
    """A text without the spaces that make no difference."""
    return " ".join(str(answers.get(key) or "").split())


def _moment(answers: Answers, key: str) -> str:
    """A day, a month or a year as kept; ISO writes them so that they compare as text."""
    told = str(answers.get(key) or "")
    return told if re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", told) else ""


# Capital ------------------------------------------------------------------------------------------
def rate_is_whole(answers: Answers, matter: Matter) -> list[Doubt]:
    """A rate without its day and source cannot be checked by anybody, nor kept in the register."""
    if amount(answers, "exchange_rate") is None:
        return []
    missing = [key for key in ("rate_on", "rate_source") if not answers.get(key)]
    return [Doubt(key, _("Tỷ giá phải có ngày và nguồn.")) for key in missing]


def _sums_meet(prefix: str) -> Check:
    def check(answers: Answers, matter: Matter) -> list[Doubt]:
        usd, vnd, rate = (
            amount(answers, key) for key in (f"{prefix}capital_usd", f"{prefix}capital_vnd", "exchange_rate")
        )
        if not (usd and vnd):
            return []
        if not rate:
            return [Doubt("exchange_rate", _("Ghi tỷ giá khi khai vốn bằng cả USD và VND."))]
        expected = usd * rate
        if abs(expected - vnd) <= expected / 100:
            return []
        sentence = _(
            "Vốn VND lệch quá 1%% so với vốn USD nhân tỷ giá (%(expected)s VND). Nếu đúng như chứng từ thì cứ nộp."
        )
        return [Doubt(f"{prefix}capital_vnd", sentence % {"expected": grouped(expected, 0)}, blocks=False)]

    return check


def equity_names_the_rest(answers: Answers, matter: Matter) -> list[Doubt]:
    share = amount(answers, "equity_share")
    if share is None or share == 100 or answers.get("other_capital"):
        return []
    return [Doubt("other_capital", _("Vốn góp chưa đủ 100%: ghi rõ phần vốn còn lại huy động từ đâu."))]


def capital_parts_meet(answers: Answers, matter: Matter) -> list[Doubt]:
    fixed, working, whole = (amount(answers, f"{key}_vnd") for key in ("fixed_capital", "working_capital", "capital"))
    usd, rate = amount(answers, "capital_usd"), amount(answers, "exchange_rate")
    if whole is None and usd and rate:
        whole = usd * rate
    if fixed is None or working is None or whole is None or abs(fixed + working - whole) <= whole * SUM_TOLERANCE:
        return []
    return [Doubt("working_capital_vnd", _("Vốn cố định cộng vốn lưu động chưa bằng tổng vốn đầu tư."), blocks=False)]


def contribution_shares_whole(answers: Answers, matter: Matter) -> list[Doubt]:
    whole = sum_of(answers, "contributions", "contribution_share")
    if whole is None or abs(whole - 100) <= SHARE_TOLERANCE:
        return []
    return [Doubt("contributions", _("Tỷ lệ góp của các nhà đầu tư phải cộng đủ 100%."))]


def capital_differs(answers: Answers, matter: Matter) -> list[Doubt]:
    if matter.project is None:
        return []
    now = ledger.position(matter.project)
    usd, vnd = (amount(answers, key) for key in ("new_capital_usd", "new_capital_vnd"))
    doubts = [
        Doubt(
            key, _("Giấy chứng nhận đang ghi cả vốn bằng %(unit)s; ghi tổng vốn mới bằng %(unit)s.") % {"unit": unit}
        )
        for key, new, old, unit in (("new_capital_usd", usd, now.usd, "USD"), ("new_capital_vnd", vnd, now.vnd, "VND"))
        if old and not new
    ]
    if doubts or (usd or Decimal(0)) != now.usd or (vnd or Decimal(0)) != now.vnd:
        return doubts
    counted = "new_capital_usd" if matter.project.origin == Project.Origin.FDI else "new_capital_vnd"
    return [Doubt(counted, _("Vốn mới bằng vốn đang đăng ký; chưa có gì để điều chỉnh."))]


def capital_change_is_told(answers: Answers, matter: Matter) -> list[Doubt]:
    if not is_yes(answers, "changes_capital"):
        return []
    if amount(answers, "new_capital_usd") or amount(answers, "new_capital_vnd"):
        return capital_differs(answers, matter)
    counted = "new_capital_usd" if answers.get("origin") == Project.Origin.FDI else "new_capital_vnd"
    return [Doubt(counted, _("Ghi tổng vốn mới."))]


def capital_is_registered(answers: Answers, matter: Matter) -> list[Doubt]:
    if matter.project is None:
        return []
    now = ledger.position(matter.project)
    told = (("capital_usd", now.usd), ("capital_vnd", now.vnd))
    wrong = [key for key, registered in told if amount(answers, key) not in (None, registered)]
    return [Doubt(key, _("Vốn này khác vốn đang ghi trong sổ đăng ký."), blocks=False) for key in wrong]


# Land and project ---------------------------------------------------------------------------------
def area_fits_plot(answers: Answers, matter: Matter) -> list[Doubt]:
    area = amount(answers, "area_m2")
    if area is None or matter.plot is None or area <= matter.plot.area_m2:
        return []
    facts = {"plot": matter.plot.code, "area": with_unit(matter.plot.area_m2, "m²")}
    return [Doubt("area_m2", _("Diện tích này lớn hơn diện tích lô %(plot)s (%(area)s).") % facts)]


def project_is_ours(answers: Answers, matter: Matter) -> list[Doubt]:
    """Where someone acts for several enterprises, the project must belong to the one that files."""
    enterprise = matter.cleaned.get("enterprise")
    if enterprise is None or matter.project is None or matter.project.enterprise_id == enterprise.pk:
        return []
    return [Doubt("project", _("Dự án này không thuộc doanh nghiệp đứng tên hồ sơ."))]


# Order of days ------------------------------------------------------------------------------------
def _out_of_order(answers: Answers, chain: Sequence[str], strictly: Sequence[str] = ()) -> list[str]:
    """The later key of each two neighbours, missing ones skipped, that stand the wrong way round."""
    given = [(key, moment) for key in chain if (moment := _moment(answers, key))]
    return [
        later
        for (_key, before), (later, after) in pairwise(given)
        if after < before or (after == before and later in strictly)
    ]


def _misplaced() -> str:
    return _("Mốc này phải sau mốc liền trước nó.")


def _in_order(*chains: Sequence[str], strictly: Sequence[str] = ()) -> Check:
    """Each chain goes forward; those named in `strictly` may not fall on the day before them in the chain."""

    def check(answers: Answers, matter: Matter) -> list[Doubt]:
        wrong = [key for chain in chains for key in _out_of_order(answers, chain, strictly)]
        return [Doubt(key, _misplaced()) for key in dict.fromkeys(wrong)]

    return check


def _rows_in_order(table: str, *chain: str) -> Check:
    def check(answers: Answers, matter: Matter) -> list[Doubt]:
        wrong = [number for number, row in rows(answers, table) if _out_of_order(row, chain)]
        return [row_doubt(table, number, _misplaced()) for number in wrong]

    return check


# Term ---------------------------------------------------------------------------------------------
def extension_adds_up(answers: Answers, matter: Matter) -> list[Doubt]:
    term, extended = day(answers, "term_until"), day(answers, "extended_until")
    years = amount(answers, "extension_years")
    if term is None or extended is None:
        return []
    if extended <= term:
        return [Doubt("extended_until", _("Thời hạn mới phải sau thời hạn hiện tại."))]
    if years is None or abs((extended - term).days - years * DAYS_A_YEAR) <= TERM_TOLERANCE:
        return []
    return [Doubt("extended_until", _("Ngày này không khớp với số năm gia hạn."), blocks=False)]


def extension_is_open(answers: Answers, matter: Matter) -> list[Doubt]:
    """Law on Investment 61/2020, article 44, clause 4, point b; what holds since is chờ Ban xác nhận."""
    if not is_yes(answers, "hands_over_assets"):
        return []
    sentence = _("Luật Đầu tư 2020 không cho gia hạn dự án thuộc diện này; quy định hiện hành chờ Ban xác nhận.")
    return [Doubt("hands_over_assets", sentence, blocks=False)]


def land_covers_extension(answers: Answers, matter: Matter) -> list[Doubt]:
    land, extended = day(answers, "land_right_until"), day(answers, "extended_until")
    if land is None or extended is None or land >= extended:
        return []
    return [Doubt("land_right_until", _("Thời hạn đất ngắn hơn thời hạn xin gia hạn."), blocks=False)]


# Investor, certificate, content -------------------------------------------------------------------
def investor_identifier_fits(answers: Answers, matter: Matter) -> list[Doubt]:
    """Foreign organisations are numbered in ways of their own; nothing is asked of them."""
    kind, country, told = (_words(answers, f"investor_{key}") for key in ("kind", "country", "identifier"))
    shape = {
        ("individual", True): PERSONAL_NUMBER,
        ("individual", False): PASSPORT,
        ("organisation", True): TAX_CODE,
    }.get((kind, country == "VN"))
    if not (country and told and shape) or re.fullmatch(shape, told):
        return []
    return [Doubt("investor_identifier", _("Số này không đúng dạng mã số doanh nghiệp, số định danh hoặc hộ chiếu."))]


def undertakings_given(answers: Answers, matter: Matter) -> list[Doubt]:
    """Of the section before the applicant alone: another section tells its own."""
    asked = [key for key in matter.cleaned if key.startswith("undertakes_")]
    sentence = _("Hồ sơ chỉ nộp được khi cam kết nội dung này.")
    return [Doubt(key, sentence) for key in asked if answers.get(key) is False]


def certificate_is_dated(answers: Answers, matter: Matter) -> list[Doubt]:
    if not answers.get("certificate_number") or answers.get("certificate_on"):
        return []
    return [Doubt("certificate_on", _("Ghi ngày cấp Giấy chứng nhận."))]


def vsic_classes_fit(answers: Answers, matter: Matter) -> list[Doubt]:
    classes = [(number, told) for number, row in rows(answers, "objectives") if (told := _words(row, "vsic_class"))]
    known = set(
        Sector.objects.filter(level=2, code__in={told[:2] for _n, told in classes}).values_list("pk", flat=True)
    )
    wrong = [number for number, told in classes if not re.fullmatch(r"[0-9]{4}", told) or told[:2] not in known]
    if wrong:
        sentence = _("Mã ngành cấp 4 gồm 4 chữ số, hai số đầu là ngành cấp 2 có trong danh mục.")
        return [row_doubt("objectives", number, sentence) for number in wrong]
    sector = _words(answers, "sector")
    if not (sector and classes) or sector in known:
        return []
    return [Doubt("objectives", _("Chưa có mục tiêu nào thuộc ngành kinh tế chính đã chọn."), blocks=False)]


def three_fields_have_standards(answers: Answers, matter: Matter) -> list[Doubt]:
    told = {_words(row, "standard_field") for _number, row in rows(answers, "standards")}
    if not told or told >= STANDARD_FIELDS:
        return []
    sentence = _("Cần ít nhất một quy chuẩn cho xây dựng, môi trường và phòng cháy và chữa cháy.")
    return [Doubt("standards", sentence)]


def _rows_differ(table: str, was: str, becomes: str) -> Check:
    def check(answers: Answers, matter: Matter) -> list[Doubt]:
        same = [n for n, row in rows(answers, table) if _words(row, was) == _words(row, becomes) != ""]
        return [row_doubt(table, number, _("Nội dung mới giống nội dung đang ghi.")) for number in same]

    return check


# Eco-industrial parks -----------------------------------------------------------------------------
def project_is_infrastructure(answers: Answers, matter: Matter) -> list[Doubt]:
    if matter.project is None or matter.project.kind == Project.Kind.INFRASTRUCTURE:
        return []
    return [Doubt("project", _("Chọn dự án kết cấu hạ tầng khu công nghiệp."))]


def park_areas_fit(answers: Answers, matter: Matter) -> list[Doubt]:
    steps = pairwise(("leased_area_ha", "industrial_area_ha", "park_area_ha"))
    wrong = [part for part, whole in steps if exceeds(answers, part, whole)]
    return [Doubt(key, _("Diện tích này lớn hơn diện tích chứa nó.")) for key in wrong]


def park_services_are_whole(answers: Answers, matter: Matter) -> list[Doubt]:
    services = ("power", "water", "information", "fire_safety", "wastewater", "symbiosis_support")
    missing = [key for key in (f"has_{service}" for service in services) if answers.get(key) is False]
    return [Doubt(key, _("Tiêu chí yêu cầu đủ các dịch vụ cơ bản."), blocks=False) for key in missing]


def cleaner_enterprises_suffice(answers: Answers, matter: Matter) -> list[Doubt]:
    cleaner, operating = amount(answers, "enterprises_cleaner"), amount(answers, "enterprises_operating")
    if cleaner is None or operating is None:
        return []
    if cleaner > operating:
        return [Doubt("enterprises_cleaner", _("Số này lớn hơn số doanh nghiệp đang hoạt động."))]
    if cleaner * 100 >= operating * CLEANER_SHARE:
        return []
    sentence = _("Tiêu chí yêu cầu tối thiểu %(share)s%% doanh nghiệp.") % {"share": CLEANER_SHARE}
    return [Doubt("enterprises_cleaner", sentence, blocks=False)]


def iso_is_valid(answers: Answers, matter: Matter) -> list[Doubt]:
    figures = day(answers, "figures_on")
    ends = [(number, day(row, "iso_until")) for number, row in rows(answers, "iso_certificates")]
    over = [number for number, until in ends if figures and until and until < figures]
    return [row_doubt("iso_certificates", number, _("Chứng nhận ISO này đã hết hiệu lực.")) for number in over]


CHECKS: dict[str, Check] = {
    # Capital
    "rate_is_whole": rate_is_whole,
    "sums_meet": _sums_meet(""),
    "new_sums_meet": _sums_meet("new_"),
    "equity_names_the_rest": equity_names_the_rest,
    "capital_parts_meet": capital_parts_meet,
    "contribution_shares_whole": contribution_shares_whole,
    "capital_differs": capital_differs,
    "capital_change_is_told": capital_change_is_told,
    "capital_is_registered": capital_is_registered,
    # Land and project
    "area_fits_plot": area_fits_plot,
    "project_is_ours": project_is_ours,
    # Order
    "dates_in_order": _in_order(("construction_from", "construction_until", "operating_on")),
    "adjustment_comes_later": _in_order(
        *((first, "last_adjusted_on") for first in ("certificate_on", "policy_decision_on", "old_licence_on"))
    ),
    "judgment_in_order": _in_order(("judgment_on", "judgment_effective_on")),
    "handover_was_late": _in_order(("land_promised_on", "land_handed_on"), strictly=("land_handed_on",)),
    "suspension_in_order": _in_order(
        ("suspension_decided_on", "suspended_from", "suspended_until"), strictly=("suspended_until",)
    ),
    "earlier_suspensions_in_order": _rows_in_order("earlier_suspensions", "earlier_from", "earlier_until"),
    "termination_in_order": _in_order(("termination_decided_on", "terminated_on")),
    "liquidation_in_order": _in_order(("terminated_on", "liquidated_until"), ("terminated_on", "land_returned_on")),
    "milestones_in_order": _rows_in_order("milestones", "stage_from", "stage_until"),
    "indicator_years_in_order": _rows_in_order("indicators", "indicator_base_year", "indicator_year"),
    # Term
    "extension_adds_up": extension_adds_up,
    "extension_is_open": extension_is_open,
    "land_covers_extension": land_covers_extension,
    # Investor, certificate, content
    "investor_identifier_fits": investor_identifier_fits,
    "undertakings_given": undertakings_given,
    "certificate_is_dated": certificate_is_dated,
    "vsic_classes_fit": vsic_classes_fit,
    "three_fields_have_standards": three_fields_have_standards,
    "adjustments_differ": _rows_differ("adjustments", "adjusted_from", "adjusted_to"),
    "corrections_differ": _rows_differ("corrections", "printed_text", "right_text"),
    # Eco-industrial parks
    "project_is_infrastructure": project_is_infrastructure,
    "park_areas_fit": park_areas_fit,
    "park_services_are_whole": park_services_are_whole,
    "cleaner_enterprises_suffice": cleaner_enterprises_suffice,
    "iso_is_valid": iso_is_valid,
}
