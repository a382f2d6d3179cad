"""Checks of investment forms: capital with its rate, land, schedule, and what the register says of the project."""

from decimal import Decimal

from django.utils.translation import gettext as _

from izportal.templatetags.area import grouped, with_unit
from onestop.plausibility.matter import Answers, Check, Doubt, Matter, amount
from projects import ledger
from projects.models import Project


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


def area_fits_plot(answers: Answers, matter: Matter) -> list[Doubt]:
    area = amount(answers, "area_m2")
    if area is None or matter.plot is None or area <= matter.plot.area_m2:
        return []
    facts = {"plot": matter.plot.code, "area": with_unit(matter.plot.area_m2, "m²")}
    return [Doubt("area_m2", _("Diện tích này lớn hơn diện tích lô %(plot)s (%(area)s).") % facts)]


def equity_names_the_rest(answers: Answers, matter: Matter) -> list[Doubt]:
    share = amount(answers, "equity_share")
    if share is None or share == 100 or answers.get("other_capital"):
        return []
    return [Doubt("other_capital", _("Vốn góp chưa đủ 100%: ghi rõ phần vốn còn lại huy động từ đâu."))]


def dates_in_order(answers: Answers, matter: Matter) -> list[Doubt]:
    """ISO dates compare as text."""
    steps = ("construction_from", "construction_until", "operating_on")
    given = [(key, answers[key]) for key in steps if answers.get(key)]
    wrong = [later for (_key, before), (later, after) in zip(given, given[1:], strict=False) if after < before]
    return [Doubt(key, _("Mốc này phải sau mốc liền trước nó.")) for key in wrong]


def project_is_ours(answers: Answers, matter: Matter) -> list[Doubt]:
    """Where someone acts for several enterprises, the project must belong to the one that files."""
    enterprise = matter.cleaned.get("enterprise")
    if enterprise is None or matter.project is None or matter.project.enterprise_id == enterprise.pk:
        return []
    return [Doubt("project", _("Dự án này không thuộc doanh nghiệp đứng tên hồ sơ."))]


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


CHECKS: dict[str, Check] = {
    "rate_is_whole": rate_is_whole,
    "sums_meet": _sums_meet(""),
    "new_sums_meet": _sums_meet("new_"),
    "area_fits_plot": area_fits_plot,
    "equity_names_the_rest": equity_names_the_rest,
    "dates_in_order": dates_in_order,
    "project_is_ours": project_is_ours,
    "capital_differs": capital_differs,
}
