"""The records behind a figure as cells: on a page with links, in a file as plain values that add up to the figure."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.html import format_html

from izportal.cells import neutral
from izportal.indicators import NUMBERS, Asked, Column, Indicator, Number, Row
from izportal.templatetags.area import absent, grouped
from izportal.templatetags.date import day, moment
from projects.figures import kept
from projects.figures.cells import value_and_records
from projects.figures.facts import Stock, Sums
from projects.models import Change, Project

CHUNK = 2000
WORDS = {
    "origin": dict(Project.Origin.choices),
    "change": dict(Change.Kind.choices),
}


@dataclass(frozen=True)
class InTurn:
    """The projects behind a stock as the register orders them: a page of them costs no sum over all."""

    source: Stock
    asked: Asked

    def __getitem__(self, part: slice) -> list[Row]:
        return list(self.source.some_rows(self.asked, part.start, part.stop))


def listed(number: Number, sort: str) -> Any:
    """The records of a figure, to be shown page by page."""
    source = number.indicator.source
    if isinstance(source, Stock) and not sort:
        return InTurn(source, number.asked)
    return ordered(source.rows(number.asked), sort)


def ordered(rows: Any, sort: str) -> Any:
    """The rows by a column, `-` before its key for the largest first."""
    if not sort:
        return rows
    key, is_down = sort.removeprefix("-"), sort.startswith("-")
    if isinstance(rows, QuerySet):
        return rows.order_by(sort, *[name for name in rows.query.order_by if str(name).strip("-") != key])
    return sorted(rows, key=lambda row: (row[key] is not None, row[key]), reverse=is_down)


def asked_once(indicator: Indicator, asked: Asked) -> Number:
    """The answer, kept where it rests on nothing but the register."""
    if not isinstance(indicator.source, Sums):
        return indicator.ask(asked)
    return indicator.number(asked, _sums(indicator, asked)[0])


def counted(indicator: Indicator, asked: Asked) -> int | None:
    """How many records there are, kept likewise; None where counting them costs little."""
    return _sums(indicator, asked)[1] if isinstance(indicator.source, Sums) else None


def _sums(indicator: Indicator, asked: Asked) -> tuple[Any, int]:
    find = partial(value_and_records, indicator)
    return kept.answer(f"value-{indicator.code}", indicator.narrowed(asked), find)


def cells(columns: Iterable[Column], row: Row, user: Any) -> list[tuple[Column, str]]:
    return [(column, _cell(column, row, user)) for column in columns]


def _cell(column: Column, row: Row, user: Any) -> str:
    text = _shown(column.kind, row[column.key])
    address = column.link(row, user) if column.link and row[column.key] else ""
    return format_html('<a href="{}">{}</a>', address, text) if address else text


def _shown(kind: str, value: Any) -> str:
    if value in (None, ""):
        return absent()
    if kind in WORDS:
        return str(WORDS[kind].get(value, value))
    if kind in NUMBERS:
        return grouped(value)
    return {"date": day, "moment": moment}.get(kind, str)(value)


class _Line:
    """A file that gives back each line."""

    def write(self, line: str) -> str:
        return line


def as_csv(indicator: Indicator, asked: Asked) -> Iterator[str]:
    """Every record, one line each under a line of heads in the reader's language; the mark at the start tells a
    spreadsheet that the letters are UTF-8."""
    language = translation.get_language()
    columns, rows = indicator.source.columns, indicator.source.rows(indicator.narrowed(asked))
    writer = csv.writer(_Line())
    with translation.override(language):
        yield "\ufeff" + writer.writerow([neutral(str(column.head)) for column in columns])
        for row in rows.iterator(chunk_size=CHUNK) if isinstance(rows, QuerySet) else rows:
            yield writer.writerow([_plain(column.kind, row[column.key]) for column in columns])


def _plain(kind: str, value: Any) -> Any:
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    return neutral(str(WORDS[kind].get(value, value)) if kind in WORDS else value)
