"""The fact sheet of a plot: what it says, field by field; what a printed one said; and what has changed since.

The same values give the same sheet, so that printing twice, or a robot that reads on and on, adds nothing.
"""

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal import languages
from izportal.templatetags.area import m2, with_unit
from zones import costs, factsheet
from zones.models import Availability, FactSheet, Plot

LETTERS_OF_CODE = 12


@dataclass(frozen=True)
class Field:
    """`read` takes the plain value from a plot (with its status), `tell` puts a value that is there into words."""

    code: str
    label: str | Promise
    read: Callable[[Plot], Any]
    tell: Callable[[Any], str]


@dataclass(frozen=True)
class Line:
    """One field of a sheet: as it was printed and as it is now, in words."""

    code: str
    label: str
    old: str
    new: str

    @property
    def is_changed(self) -> bool:
        return self.old != self.new


# Reading and telling ------------------------------------------------------------------------------
def _number(value: Decimal | int | None) -> str | None:
    return None if value is None else f"{Decimal(value).normalize():f}"


def _price(plot: Plot) -> dict[str, Any] | None:
    if plot.price is None:
        return None
    return {"amount": _number(plot.price), "currency": plot.price_currency, "basis": plot.price_basis}


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _texts(row: Any, field: str) -> dict[str, str] | None:
    """A text in each language that it is kept in; which of them is read is decided when it is told."""
    return languages.texts(row, field) or None


def _sectors(plot: Plot) -> list[Any] | None:
    items = [item for item in factsheet.facts(plot.zone, "sectors") if factsheet.words(item)]
    return [_words_only(item) for item in items] or None


def _words_only(item: Any) -> Any:
    if not isinstance(item, dict):
        return item
    return {code: item[code] for code in languages.kept() if item.get(code)}


def _decision(plot: Plot) -> dict[str, Any] | None:
    """The paper on which the zone, or the part of it in which the plot lies, rests."""
    if plot.phase and plot.phase.decision:
        return {"number": plot.phase.decision, "on": _day(plot.phase.decided_on)}
    if plot.zone.established_by:
        return {"number": plot.zone.established_by, "on": _day(plot.zone.established_on)}
    return None


def _developer(plot: Plot) -> dict[str, str] | None:
    return (_texts(plot.phase, "developer") if plot.phase else None) or _texts(plot.zone, "developer")


def _tell_price(value: dict[str, Any]) -> str:
    currency = _("đồng") if value["currency"] == "VND" else value["currency"]
    basis = Plot.PriceBasis(value["basis"]).label if value["basis"] in Plot.PriceBasis.values else ""
    return f"{with_unit(value['amount'], currency)} {basis}".strip()


def _tell_day(value: str) -> str:
    day = parse_date(value)
    return f"{day:%d/%m/%Y}" if day else value


def _tell_decision(value: dict[str, Any]) -> str:
    return ", ".join(part for part in (value["number"], value["on"] and _tell_day(value["on"])) if part)


def _measure(unit: str | Promise) -> Callable[[Any], str]:
    return lambda value: with_unit(value, str(unit))


FIELDS = (
    Field("kind", gettext_lazy("Loại"), lambda p: p.kind, lambda v: str(Plot.Kind(v).label)),
    Field("phase", gettext_lazy("Khu, giai đoạn"), lambda p: p.phase and _texts(p.phase, "name"), factsheet.words),
    Field(
        "status", gettext_lazy("Tình trạng"), lambda p: p.status or None,
        lambda v: str(Availability.Status(v).label),
    ),
    Field("area", gettext_lazy("Diện tích"), lambda p: _number(p.area_m2), lambda v: str(m2(v))),
    Field("price", gettext_lazy("Giá"), _price, _tell_price),
    Field("price_on", gettext_lazy("Giá tính đến ngày"), lambda p: _day(p.price_on), _tell_day),
    Field("term", gettext_lazy("Thời hạn đất đến năm"), costs.term_of, str),
    Field("coverage", gettext_lazy("Mật độ xây dựng tối đa"), lambda p: _number(p.building_coverage), _measure("%")),
    Field(
        "load", gettext_lazy("Tải trọng nền"), lambda p: _number(p.floor_load_t_m2), _measure(gettext_lazy("tấn/m²"))
    ),
    Field("height", gettext_lazy("Chiều cao thông thủy"), lambda p: _number(p.clear_height_m), _measure("m")),
    Field("power", gettext_lazy("Điện tại hàng rào"), lambda p: _number(p.power_kva), _measure("kVA")),
    Field(
        "water", gettext_lazy("Nước cấp"), lambda p: _number(p.water_m3_day), _measure(gettext_lazy("m³/ngày"))
    ),
    Field(
        "wastewater", gettext_lazy("Nước thải tiếp nhận"), lambda p: _number(p.wastewater_m3_day),
        _measure(gettext_lazy("m³/ngày")),
    ),
    Field("description", gettext_lazy("Mô tả"), lambda p: _texts(p, "description"), factsheet.words),
    Field(
        "sectors", gettext_lazy("Ngành nghề của khu"), _sectors,
        lambda v: "; ".join(factsheet.words(item) for item in v),
    ),
    Field("decision", gettext_lazy("Quyết định của khu"), _decision, _tell_decision),
    Field("developer", gettext_lazy("Chủ đầu tư hạ tầng"), _developer, factsheet.words),
)  # fmt: skip


# Sheets -------------------------------------------------------------------------------------------
def values(plot: Plot) -> dict[str, Any]:
    """What the sheet of a plot says, in no language; `plot` comes with its status (`with_status`)."""
    return {field.code: field.read(plot) for field in FIELDS}


def printed(plot: Plot, *, at: datetime) -> FactSheet:
    """The row of what is printed now; made only where nobody has printed the same before."""
    said = values(plot)
    code = code_of(plot, said)
    known = FactSheet.objects.filter(code=code).first()
    if known:
        return known
    fresh = {"plot": plot, "values": said, "printed_at": at, "is_sample": plot.is_sample}
    return FactSheet.objects.get_or_create(code=code, defaults=fresh)[0]


def code_of(plot: Plot, said: dict[str, Any]) -> str:
    text = json.dumps([plot.code, said], ensure_ascii=False, sort_keys=True)
    digest = base64.b32encode(hashlib.sha256(text.encode()).digest()).decode()
    return digest[:LETTERS_OF_CODE].lower()


def lines(said: dict[str, Any]) -> list[tuple[str, str]]:
    """The sheet in the reader's language: (label, words) of every field."""
    return [(str(field.label), _words(field, said.get(field.code))) for field in FIELDS]


def changes(sheet: FactSheet, plot: Plot) -> list[Line]:
    """Every field of a printed sheet as it was and as it is; a field that the sheet did not have yet is left out."""
    now = values(plot)
    return [
        Line(field.code, str(field.label), _words(field, sheet.values[field.code]), _words(field, now[field.code]))
        for field in FIELDS
        if field.code in sheet.values
    ]


def _words(field: Field, value: Any) -> str:
    """What a field cannot read any more, as a word of a list that is gone, is told as it stands."""
    if value in (None, "", [], {}):
        return _("chưa có số liệu")
    try:
        return field.tell(value)
    except ValueError:
        return str(value)
