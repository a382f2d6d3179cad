"""Every number the counter gives out: one locked row per series, drawn in the transaction that uses the number.

A rolled-back deed gives its number back, so a series has neither a gap nor a duplicate. Sample dossiers draw from
series of their own.
"""

import re
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from izportal.models import Rule
from onestop.models import Dossier, Series, Slip

# Marks of the forms of TT 03/2025/TT-VPCP.
# Codes as TT 03/2025/TT-VPCP writes them (H55.001.02-260303-010001), and as TT 01/2018/TT-VPCP did before.
NATIONAL_CODE = re.compile(r"([GH]\d{2}(\.\d{1,3}){0,2}|\d{3}\.\d{2}\.\d{2}\.[GH]\d{2})-\d{6}-\d{4,12}")
FORM_MARKS = {"00": "XN", "01": "BPTNTKQ", "02": "PBS", "03": "PTC", "04": "PXL", "05": "TBD"}


def draw(key: str) -> int:
    """The next number of a series, starting at 1. The row stays locked until the transaction ends."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a number is drawn inside the transaction that uses it")
    rows = Series.objects.select_for_update()
    row = rows.filter(key=key).first()
    if row is None:
        Series.objects.get_or_create(key=key)
        row = rows.get(key=key)
    row.last += 1
    row.save(update_fields=["last"])
    return row.last


def reference(dossier: Dossier, at: datetime) -> str:
    """Acknowledgement of a submission: XN26-000123, a series per year."""
    year = timezone.localtime(at).year
    prefix = f"{_mark(dossier)}XN{year % 100:02d}"
    return f"{prefix}-{draw(f'reference:{prefix}'):06d}"


def code(dossier: Dossier, at: datetime) -> str:
    """Dossier code given at reception: the one it already bears in the national series, for a dossier keeps one code
    whatever its channel; else drawn: agency, day, serial of the day (TT 03/2025/TT-VPCP, Art 13)."""
    if NATIONAL_CODE.fullmatch(dossier.foreign_code) and not _is_given(dossier.foreign_code):
        return dossier.foreign_code
    drawn = _draw_code(dossier, at)
    while _is_given(drawn):  # a number of ours that another system has used
        drawn = _draw_code(dossier, at)
    return drawn


def _is_given(code: str) -> bool:
    return Dossier.objects.filter(code=code).exists()


def _draw_code(dossier: Dossier, at: datetime) -> str:
    day = timezone.localdate(at)
    agency = _agency(day) + (".MAU" if dossier.is_sample else "")
    prefix = f"{agency}-{day:%y%m%d}"
    return f"{prefix}-{draw(f'code:{prefix}'):04d}"


def _agency(day: date) -> str:
    """The board's own code once it is known ("H55.12"), till then that of the province."""
    own = Rule.objects.texts(("agency_sub_code",), on=day)
    return own.get("agency_sub_code") or Rule.text("agency_code", on=day)


def decision(dossier: Dossier, at: datetime) -> str:
    """Number of a decision, a series per year: 12/2026/QĐ-BQL."""
    year = timezone.localdate(at).year
    return f"{_mark(dossier)}{draw(f'decision:{_mark(dossier)}{year}')}/{year}/QĐ-BQL"


def slip(dossier: Dossier, form: str, at: datetime) -> str:
    """Number of an issued form; an acknowledgement carries the reference itself."""
    if form == Slip.Form.ACKNOWLEDGEMENT:
        return dossier.reference or ""
    year = timezone.localdate(at).year
    return f"{_mark(dossier)}{draw(f'slip:{_mark(dossier)}{form}:{year}')}/{year}/{FORM_MARKS[form]}"


def _mark(dossier: Dossier) -> str:
    return "MAU-" if dossier.is_sample else ""
