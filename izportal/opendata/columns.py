"""What a column of open data is: its name, where it is read from, what its values are, and how they are written.

Codes, dates and numbers are the same in every language; only titles and descriptions are translated.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise

from izportal.cells import neutral

Text = str | Promise
Cells = tuple[Any, ...]

STRING, NUMBER, INTEGER, YEAR = "string", "number", "integer", "year"
BOOLEAN, DATE, DATETIME = "boolean", "date", "datetime"


@dataclass(frozen=True)
class Column:
    """`source` is the lookup, or the path from a row, that the value is read from: the list of what may be public."""

    name: str
    source: str
    title: Text
    kind: str = STRING
    note: Text = ""
    unit: Text = ""
    choices: Sequence[tuple[str, Text]] = ()
    is_required: bool = False
    least: int | None = None
    most: int | None = None

    @property
    def constraints(self) -> dict[str, Any]:
        """As a Table Schema says them."""
        said = {
            "required": self.is_required or None, "minimum": self.least, "maximum": self.most,
            "enum": [value for value, _label in self.choices] or None,
        }  # fmt: skip
        return {name: value for name, value in said.items() if value is not None}


def plain(value: Decimal) -> str:
    """A number with a point, without an exponent, without zeros that say nothing."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _number(value: Decimal | float) -> str:
    return plain(value if isinstance(value, Decimal) else Decimal(value))


def _text(value: Any) -> str:
    return str(neutral(value))


def _truth(value: Any) -> str:
    return "true" if value else "false"


def _quoted(value: Any) -> str:
    return json.dumps(str(value), ensure_ascii=False)


AS_TEXT: dict[str, Callable[[Any], str]] = {
    STRING: _text, NUMBER: _number, INTEGER: str, YEAR: str, BOOLEAN: _truth, DATE: date.isoformat,
    DATETIME: _moment,
}  # fmt: skip
AS_JSON: dict[str, Callable[[Any], str]] = {
    **AS_TEXT, STRING: _quoted, DATE: lambda value: f'"{value.isoformat()}"',
    DATETIME: lambda value: f'"{_moment(value)}"',
}  # fmt: skip


def as_texts(columns: Iterable[Column]) -> Callable[[Cells], list[str]]:
    """Writes the cells of a line for a CSV file; what is not known is left empty."""
    forms = [AS_TEXT[column.kind] for column in columns]
    return lambda cells: [
        "" if value is None or value == "" else form(value) for form, value in zip(forms, cells, strict=True)
    ]


def as_object(columns: Iterable[Column]) -> Callable[[Cells], str]:
    """Writes the cells of a line as a JSON object; what is not known is null."""
    forms = [(f'"{column.name}":', AS_JSON[column.kind]) for column in columns]

    def written(cells: Cells) -> str:
        told = zip(forms, cells, strict=True)
        parts = [head + ("null" if value is None or value == "" else form(value)) for (head, form), value in told]
        return f"{{{','.join(parts)}}}"

    return written
