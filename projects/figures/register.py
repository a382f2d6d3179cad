"""The indicators of the register: projects in force and their capital, and what a period changed of them.

FDI is counted in USD and DDI in VND; the two are never added.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from izportal.indicators import COUNTRY, FILTERS, SECTOR, ZONE, Indicator
from izportal.templatetags.figures import BILLION_VND, HECTARES_OF_M2, MILLION_USD, PIECES, Unit
from projects.figures.facts import DDI, DOWN, FDI, UP, Flow, Kind, Stock
from projects.models import Change

OF_AN_ORIGIN = (ZONE, SECTOR, COUNTRY)
IN_USD: dict[str, Any] = {"measure": "usd", "origin": FDI, "head": _("USD"), "kind": "money"}
IN_VND: dict[str, Any] = {"measure": "vnd", "origin": DDI, "head": _("Đồng"), "kind": "money"}
# A transfer may come with another capital.
TURNS = (Kind.CAPITAL, Kind.TRANSFER)
UPWARDS: dict[str, Any] = {"kinds": TURNS, "direction": UP}
DOWNWARDS: dict[str, Any] = {"kinds": TURNS, "direction": DOWN}
ENDING: dict[str, Any] = {"kinds": Change.ENDING}
TAKEN: dict[str, Any] = {**ENDING, "sign": -1}
NEW: dict[str, Any] = {"kinds": (Kind.ISSUED,)}
ADJUSTED = (Kind.CAPITAL, Kind.LAND, Kind.TERM, Kind.TRANSFER, Kind.CONTENT)
IN_FORCE = _(
    "Dự án đã được cấp giấy chứng nhận, đến hết ngày tính chưa chấm dứt, chưa bị thu hồi; tạm ngừng vẫn còn hiệu lực."
)
CAPITAL_USD = _("Vốn đăng ký bằng USD của các dự án vốn nước ngoài còn hiệu lực: vốn cấp mới và các lần điều chỉnh.")
CAPITAL_VND = _("Vốn đăng ký bằng đồng của các dự án vốn trong nước còn hiệu lực: vốn cấp mới và các lần điều chỉnh.")

STOCKS = (
    Indicator("projects", _("Dự án còn hiệu lực"), IN_FORCE, PIECES, Stock()),
    Indicator("fdi_projects", _("Dự án FDI còn hiệu lực"), IN_FORCE, PIECES, Stock(origin=FDI), filters=OF_AN_ORIGIN),
    Indicator("ddi_projects", _("Dự án DDI còn hiệu lực"), IN_FORCE, PIECES, Stock(origin=DDI), filters=OF_AN_ORIGIN),
    Indicator(
        "fdi_capital_usd", _("Vốn đăng ký FDI"),
        CAPITAL_USD,
        MILLION_USD, Stock(**IN_USD), filters=OF_AN_ORIGIN, stated_as=("total_capital_usd",),
    ),
    Indicator(
        "ddi_capital_vnd", _("Vốn đăng ký DDI"),
        CAPITAL_VND,
        BILLION_VND, Stock(**IN_VND), filters=OF_AN_ORIGIN,
    ),
    Indicator(
        "project_land_m2", _("Đất các dự án sử dụng"),
        _("Diện tích đất ghi trong các giấy chứng nhận còn hiệu lực, cộng các lần điều chỉnh đến hết ngày tính."),
        HECTARES_OF_M2, Stock("area", head=_("m²"), kind="area"), owner="moi-truong",
    ),
)  # fmt: skip

IS_NEW = _("Giấy chứng nhận cấp mới có ngày hiệu lực trong kỳ.")
IS_RAISED = _("Điều chỉnh, chuyển nhượng làm tăng vốn đăng ký, có ngày hiệu lực trong kỳ; phần tăng thêm.")
IS_LOWERED = _("Điều chỉnh, chuyển nhượng làm giảm vốn đăng ký, có ngày hiệu lực trong kỳ; phần giảm đi.")
HAS_ENDED = _("Dự án chấm dứt hoặc bị thu hồi giấy chứng nhận trong kỳ.")
CAPITAL_ENDED = _("Vốn đăng ký của dự án chấm dứt hoặc bị thu hồi trong kỳ, tính đến ngày kết thúc.")


def _flow(code: str, title: Any, definition: Any, unit: Unit = PIECES, **counted: Any) -> Indicator:
    filters = OF_AN_ORIGIN if "origin" in counted else FILTERS
    return Indicator(code, title, definition, unit, Flow(**counted), is_flow=True, filters=filters)


FLOWS = (
    _flow("new_projects", _("Dự án cấp mới"), IS_NEW, **NEW),
    _flow("new_fdi_projects", _("Dự án FDI cấp mới"), IS_NEW, **NEW, origin=FDI),
    _flow("new_ddi_projects", _("Dự án DDI cấp mới"), IS_NEW, **NEW, origin=DDI),
    _flow("new_fdi_capital_usd", _("Vốn FDI cấp mới"), IS_NEW, MILLION_USD, **NEW, **IN_USD),
    _flow("new_ddi_capital_vnd", _("Vốn DDI cấp mới"), IS_NEW, BILLION_VND, **NEW, **IN_VND),
    _flow("capital_increases", _("Lượt tăng vốn"), IS_RAISED, **UPWARDS),
    _flow("capital_increase_usd", _("Vốn FDI tăng thêm"), IS_RAISED, MILLION_USD, **UPWARDS, **IN_USD),
    _flow("capital_increase_vnd", _("Vốn DDI tăng thêm"), IS_RAISED, BILLION_VND, **UPWARDS, **IN_VND),
    _flow("capital_decreases", _("Lượt giảm vốn"), IS_LOWERED, **DOWNWARDS),
    _flow("capital_decrease_usd", _("Vốn FDI giảm"), IS_LOWERED, MILLION_USD, **DOWNWARDS, **IN_USD, sign=-1),
    _flow("capital_decrease_vnd", _("Vốn DDI giảm"), IS_LOWERED, BILLION_VND, **DOWNWARDS, **IN_VND, sign=-1),
    _flow("suspensions", _("Lượt tạm ngừng"), _("Dự án tạm ngừng hoạt động trong kỳ."), kinds=(Kind.SUSPENDED,)),
    _flow("resumptions", _("Lượt hoạt động lại"), _("Dự án hoạt động lại sau tạm ngừng trong kỳ."),
          kinds=(Kind.RESUMED,)),
    _flow(
        "terminated_projects", _("Dự án chấm dứt"), _("Dự án chấm dứt hoạt động trong kỳ."), kinds=(Kind.TERMINATED,)
    ),
    _flow(
        "revoked_projects", _("Dự án bị thu hồi"), _("Dự án bị thu hồi giấy chứng nhận trong kỳ."),
        kinds=(Kind.REVOKED,),
    ),
    _flow("ended_projects", _("Dự án chấm dứt, thu hồi"), HAS_ENDED, **ENDING),
    _flow("ended_fdi_projects", _("Dự án FDI chấm dứt, thu hồi"), HAS_ENDED, **ENDING, origin=FDI),
    _flow("ended_ddi_projects", _("Dự án DDI chấm dứt, thu hồi"), HAS_ENDED, **ENDING, origin=DDI),
    _flow("ended_capital_usd", _("Vốn FDI chấm dứt, thu hồi"), CAPITAL_ENDED, MILLION_USD, **TAKEN, **IN_USD),
    _flow("ended_capital_vnd", _("Vốn DDI chấm dứt, thu hồi"), CAPITAL_ENDED, BILLION_VND, **TAKEN, **IN_VND),
    _flow(
        "certificates_adjusted", _("Giấy chứng nhận điều chỉnh"),
        _("Lượt điều chỉnh vốn, diện tích, thời hạn, nội dung hoặc chuyển nhượng có ngày hiệu lực trong kỳ."),
        kinds=ADJUSTED,
    ),
)  # fmt: skip

INDICATORS = (*STOCKS, *FLOWS)

# Stock → the figures of the period that lead from its opening to its closing, each with its sign.
PARTS: dict[str, tuple[tuple[str, int], ...]] = {
    "projects": (("new_projects", 1), ("ended_projects", -1)),
    "fdi_projects": (("new_fdi_projects", 1), ("ended_fdi_projects", -1)),
    "ddi_projects": (("new_ddi_projects", 1), ("ended_ddi_projects", -1)),
    "fdi_capital_usd": (
        ("new_fdi_capital_usd", 1), ("capital_increase_usd", 1), ("capital_decrease_usd", -1),
        ("ended_capital_usd", -1),
    ),
    "ddi_capital_vnd": (
        ("new_ddi_capital_vnd", 1), ("capital_increase_vnd", 1), ("capital_decrease_vnd", -1),
        ("ended_capital_vnd", -1),
    ),
}  # fmt: skip
