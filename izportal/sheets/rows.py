"""One row of a sheet on its way into the portal: what stands in the file, what it means, and what is wrong with it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from izportal.cells import Broken

WHOLE = ""
MOST_SHOWN = 80


class Row:
    """`cells` are the raw ones and `values` the clean ones by the name of their column; `record` is the known record,
    or once the row is filled in the new one."""

    __slots__ = (
        "cells", "edited", "faults", "formulas", "is_repeat", "key", "number", "original", "place", "record", "sheet",
        "told_key", "values",
    )  # fmt: skip

    def __init__(self, sheet: str, number: int, cells: dict[str, Any], *, formulas: tuple[str, ...] = ()) -> None:
        self.sheet, self.number, self.cells, self.formulas = sheet, number, cells, formulas
        self.place = sheet, number
        self.values: dict[str, Any] = {}
        self.faults: dict[str, list[str]] = {}
        self.record: Any = None
        self.original: dict[str, Any] = {}
        self.edited: list[str] = []
        self.key = ""
        self.told_key = ""
        self.is_repeat = False

    def get(self, name: str) -> Any:
        """What a cell says; None where the sheet lacks it, it is empty or it is wrong."""
        return self.values.get(name) or None

    def refuse(self, name: str, sentence: str) -> None:
        """A fault of this row, at a column or (`WHOLE`) of the row; its other cells are still looked at."""
        self.faults.setdefault(name, []).append(sentence)

    @property
    def is_new(self) -> bool:
        return self.record is None or self.record._state.adding

    def told(self, headings: Mapping[str, str], letters: Mapping[str, str]) -> list[dict[str, str]]:
        """The faults as they are kept: letter and heading of the column, what stands there, and the sentence."""
        places = sorted(self.faults, key=lambda name: (len(letters.get(name, "")), letters.get(name, ""), name))
        return [
            {
                "column": letters.get(name, ""), "heading": headings.get(name, name),
                "value": shown(self.cells.get(name)), "sentence": sentence,
            }
            for name in places
            for sentence in self.faults[name]
        ]  # fmt: skip


def repeats(place: tuple[str, int]) -> str:
    """What is said of a row that stands already further up in its file."""
    sheet, number = place
    first = _("dòng %(row)s") % {"row": number} + (f" ({sheet})" if sheet else "")
    return _("Trùng với %(place)s trong cùng tệp.") % {"place": first}


def shown(value: Any) -> str:
    return "" if value is None or isinstance(value, Broken) else str(value)[:MOST_SHOWN]
