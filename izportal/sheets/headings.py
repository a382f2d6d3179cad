"""Where a table begins on a page and which column is which: titles above the headings are passed over, headings are
known by their name and their synonyms, with or without marks."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.utils.translation import gettext as _

from izportal.cells import SPACES, Broken, did_you_mean, unguarded
from izportal.folding import fold
from izportal.sheets.reading import HEADINGS_WITHIN, MAX_COLUMNS, Line, SheetRefused, letter

# Of no record, and on nearly every sheet that is typed here.
NUMBERING = {"stt", "tt", "so tt", "so thu tu", "no"}


@dataclass(frozen=True)
class Head:
    """`columns` gives the place of each known column, `faults` wrong headings: (place, text, sentence)."""

    number: int
    columns: dict[str, int]
    read_only: tuple[str, ...]
    faults: tuple[tuple[int, str, str], ...]
    width: int


def found(lines: Iterable[Line], known: dict[str, str], names: dict[str, str], read_only: set[str]):
    """(head, the lines under it), or None where no row of the page's beginning looks like headings.

    `known` gives the column of a folded heading, `names` the headings by column.
    """
    stream = iter(lines)
    first: list[Line] = []
    best, most = -1, 0
    for line in stream:
        first.append(line)
        score = len({known[word] for word in map(_folded, line.cells) if word in known})
        if score > most:
            best, most = len(first) - 1, score
        if len(first) >= HEADINGS_WITHIN:
            break
    if most < min(2, len(names)) and not (most and len(first[best].cells) == 1):
        return None
    head = _head(first[best], known, names, read_only)
    return head, chain(first[best + 1 :], stream)


def _head(line: Line, known: dict[str, str], names: dict[str, str], read_only: set[str]) -> Head:
    if len(line.cells) > MAX_COLUMNS:
        raise SheetRefused(_("Bảng có quá %(count)s cột.") % {"count": MAX_COLUMNS})
    columns: dict[str, int] = {}
    faults = []
    for place, cell in enumerate(line.cells):
        text, name = text_of(cell), known.get(_folded(cell), "")
        if name and name in columns:
            faults.append(
                (place, text, _("Cột này bị lặp; cổng chỉ đọc cột %(column)s.") % {"column": letter(columns[name])})
            )
        elif name:
            columns[name] = place
        elif text and fold(text) not in NUMBERING:
            sentence = _("Không có cột này trong mẫu, cổng không đọc.") + did_you_mean(text, names.values())
            faults.append((place, text, sentence))
    ignored = tuple(name for name in columns if name in read_only)
    return Head(line.number, columns, ignored, tuple(faults), len(line.cells))


def text_of(value: Any) -> str:
    return SPACES.sub(" ", unguarded("" if value is None or isinstance(value, Broken) else str(value))).strip()


def _folded(value: Any) -> str:
    return fold(text_of(value)) if value is not None else ""
