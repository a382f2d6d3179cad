"""The records behind a figure as cells: on a page with links, in a file as plain values that add up to the figure."""

import csv
from collections.abc import Iterable, Iterator
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
from projects.figures import course, kept
from projects.figures.cells import value_and_records
from projects.figures.facts import Stock, Sums
from projects.figures.in_turn import InTurn
from projects.models import Change, Project

CHUNK = 2000
WORDS = {
    "origin": dict(Project.Origin.choices),
    "change": dict(Change.Kind.choices),
}


def listed(number: Number, sort: str, count: int | None) -> Any:
    """The records of a figure, to be shown page by page; `count` as `asked_once` says."""
    source = number.indicator.source
    if isinstance(source, Stock) and count is not None:
        return InTurn(source, number.asked, count, sort)
    return ordered(source.rows(number.asked), sort)


def ordered(rows: Any, sort: str) -> Any:
    """The rows by a column, `-` before its key for the largest first."""
    if not sort:
        return rows
    key, is_down = sort.removeprefix("-"), sort.startswith("-")
    if isinstance(rows, QuerySet):
        return rows.order_by(sort, *[name for name in rows.query.order_by if str(name).strip("-") != key])
    return sorted(rows, key=lambda row: (row[key] is not None, row[key]), reverse=is_down)


def asked_once(indicator: Indicator, asked: Asked) -> tuple[Number, int | None]:
    """The answer and how many records it has, kept where both rest on nothing but the register; None where counting
    them costs little."""
    find = value_and_records if isinstance(indicator.source, Sums) else course.value_and_records
    if not isinstance(indicator.source, Sums) and indicator.code not in course.BY_SUMS:
        return indicator.ask(asked), None
    found = kept.answer(f"value-{indicator.code}", indicator.narrowed(asked), partial(find, indicator))
    return indicator.number(asked, found[0]), found[1]


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
