"""Which columns the ministry's forms have, read from `projects/data/ministry_forms.json`; headings are Vietnamese in
the exported file whatever the reader's language."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings

from projects.reports.lines import said

FILE = settings.BASE_DIR / "projects/data/ministry_forms.json"


@dataclass(frozen=True)
class Column:
    """`source` names how its cells are computed; without one the column cannot be had, and `lacking` says why."""

    code: str
    vi: str
    en: str
    unit: str = ""
    source: str = ""
    places: int = 2
    group_vi: str = ""
    group_en: str = ""
    lacking_vi: str = ""
    lacking_en: str = ""

    @property
    def label(self) -> str:
        return said(self.vi, self.en)

    @property
    def lacking(self) -> str:
        return said(self.lacking_vi, self.lacking_en)


@dataclass(frozen=True)
class MinistryForm:
    code: str
    number: int
    vi: str
    en: str
    rows: str
    columns: tuple[Column, ...]
    has_sum: bool = False
    note_vi: str = ""
    note_en: str = ""

    @property
    def title(self) -> str:
        return said(self.vi, self.en)

    @property
    def note(self) -> str:
        return said(self.note_vi, self.note_en)


@cache
def forms() -> dict[str, MinistryForm]:
    data: dict[str, dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))["forms"]
    return {
        code: MinistryForm(code=code, **{**row, "columns": tuple(Column(**one) for one in row["columns"])})
        for code, row in data.items()
    }
