"""What sample applicants write on the two forms that are filed here, complete enough to pass the forms' own checks,
and the papers they attach."""

import io
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pypdf
from django.core.files.base import ContentFile
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from izportal.folding import fold
from izportal.management.sample.setting import words
from izportal.management.sample.ventures import FDI, UNIT
from projects import ledger
from projects.models import Enterprise, Project
from zones.costs import term_of
from zones.models import Plot

SHOWN = ("TAI LIEU MAU - SAMPLE PAPER", "Khong co gia tri phap ly. Of no legal value.")


@dataclass(frozen=True)
class Request:
    """The plan of a new project: how much, where, by whom."""

    number: int
    sector: dict[str, Any]
    origin: str
    units: int
    country: str
    plot: Plot
    enterprise: Enterprise


def new_project(request: Request, day: date) -> dict[str, Any]:
    return {**_capital(request, day), **_investor(request), **_project(request), **_schedule(request, day)}


def _capital(request: Request, day: date) -> dict[str, Any]:
    amount = f"{request.units * UNIT[request.origin]:f}"
    if request.origin != FDI:
        return {"capital_vnd": amount, "equity_share": "100"}
    source = words("register")["rate_source"]
    return {
        "capital_usd": amount, "equity_share": "100", "exchange_rate": "26000", "rate_on": day.isoformat(),
        "rate_source": source,
    }  # fmt: skip


def _investor(request: Request) -> dict[str, Any]:
    number, sector = request.number, request.sector
    return {
        "investor_kind": "organisation", "investor_name": f"Mau {sector['en']} Investment {request.country} {number}",
        "investor_country": request.country, "investor_identifier": f"MAU-{number:05d}",
        "investor_address": f"Địa chỉ minh họa số {number}", "representative_name": request.enterprise.representative,
        "representative_title": "Giám đốc",
    }  # fmt: skip


def _project(request: Request) -> dict[str, Any]:
    number, sector = request.number, request.sector
    is_service = sector.get("is_service")
    vi, en = ("Dự án Mẫu", "Mau project:") if is_service else ("Nhà máy Mẫu sản xuất", "Mau plant for")
    return {
        "project_name": f"{vi} {sector['product_vi']} {number}",
        "project_name_en": f"{en} {sector['product_en']} {number}", "origin": request.origin, "kind": "production",
        "sector": sector["vsic"], "objective": f"Dữ liệu minh họa: {sector['product_vi']}.",
        "scale": f"{sector['product_vi'].capitalize()}, quy mô như đề xuất dự án (dữ liệu minh họa).",
        "area_m2": f"{request.plot.area_m2.normalize():f}",
    }  # fmt: skip


def _schedule(request: Request, day: date) -> dict[str, Any]:
    def later(days: int) -> str:
        return (day + timedelta(days=days)).isoformat()

    until = term_of(request.plot)
    return {
        "term_years": min(40, until - day.year - 1) if until else 40, "equity_due_on": later(365),
        "construction_from": later(120),
        "construction_until": later(480), "operating_on": later(540), "environment_group": "3",
        "workers_local": 60 + request.units // 4, "workers_foreign": 2 + request.number % 9,
    }  # fmt: skip


def adjustment(project: Project, units: int, day: date) -> dict[str, Any]:
    """A request for a new total: what is registered now and `units` more."""
    now = ledger.position(project)
    name, total = ("usd", now.usd) if project.origin == FDI else ("vnd", now.vnd)
    return {
        f"new_capital_{name}": _whole(total + units * UNIT[project.origin]),
        f"disbursed_{name}": _whole(total * 8 / 10), "adjustment_number": 1,
        "reason": "Mở rộng dây chuyền sản xuất (dữ liệu minh họa).",
        "capital_schedule": "Góp đủ trong 12 tháng kể từ ngày được điều chỉnh.",
        "disbursed_until": (day - timedelta(days=20)).isoformat(), "needs_more_land": False,
        "progress": "Nhà xưởng đã xây dựng xong và đang sản xuất (dữ liệu minh họa).",
    }  # fmt: skip


def _whole(amount: Decimal) -> str:
    return f"{int(amount)}"


def paper(title: str) -> ContentFile:
    """A page that says it is a sample, in plain letters so that no font need be embedded."""
    writer = pypdf.PdfWriter()
    page = writer.add_blank_page(595, 842)
    font = {"/Type": NameObject("/Font"), "/Subtype": NameObject("/Type1"), "/BaseFont": NameObject("/Helvetica")}
    fonts = DictionaryObject({NameObject("/F1"): DictionaryObject({NameObject(k): v for k, v in font.items()})})
    lines = " ".join(f"({line}) Tj T*" for line in (*SHOWN, fold(title)[:90]))
    content = DecodedStreamObject()
    content.set_data(f"BT /F1 13 Tf 60 760 Td 22 TL {lines} ET".encode("ascii"))
    page[NameObject("/Contents")] = writer._add_object(content)
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    writer.add_metadata({"/Title": title})
    buffer = io.BytesIO()
    writer.write(buffer)
    return ContentFile(buffer.getvalue(), f"{title[:60].replace('/', '-').replace(':', '')}.pdf")
