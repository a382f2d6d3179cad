"""A text with the words that were looked for marked in it, whole or in part; escaped, so that it can stand in a page.

Words are compared as the search compares them: without marks, "II" as "2", "CN05" as "CN-05".
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import accumulate

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from izportal.folding import fold, spellings

LONGEST = 180
BEFORE = 50
# What lies beyond is found but not shown: no page waits for a book to be read.
MOST_READ = 20_000
# A word that stands everywhere is marked where it stands first.
MOST_TIMES = 50
_WORD = re.compile(r"\d+|[^\W\d_]+")

_folded = lru_cache(maxsize=20_000)(fold)


def marked(text: str, query: str) -> SafeString:
    """All of the text."""
    text = _composed(text)
    return _with_marks(text, _joined(text, _spans(text, query)), 0, len(text))


def holds_all(text: str, query: str) -> bool:
    return len({phrase for _span, phrase in _spans(_composed(text), query)}) == len(spellings(query)) > 0


def excerpt(text: str, query: str) -> SafeString:
    """The stretch that holds most of the phrases, or nothing where the text holds none."""
    text = _composed(" ".join(text.split()))
    spans = sorted(_spans(text, query))
    if not spans:
        return SafeString()
    start = max(spans, key=lambda found: len(_within(spans, found[0][0])))[0][0]
    begin, end = _stretch(text, start)
    cut = _with_marks(text, _joined(text, spans), begin, end)
    return mark_safe(f"{'… ' if begin else ''}{cut}{' …' if end < len(text) else ''}")


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text or "")[:MOST_READ]


def _spans(text: str, query: str) -> Iterator[tuple[tuple[int, int], int]]:
    """Where the phrases stand, as (start, end) and the place of the phrase in the query."""
    words = [(match.start(), match.end(), _folded(match.group())) for match in _WORD.finditer(text)]
    line = f" {' '.join(word for _start, _end, word in words)} "
    # Where in the line each word ends, the space before it counted.
    ends = list(accumulate(len(word) + 1 for _start, _end, word in words))
    for place, phrase in enumerate(spellings(query)):
        for begin, end in _found(line, phrase):
            first, last = bisect_right(ends, begin), bisect_left(ends, end)
            yield (words[first][0], words[min(last, len(words) - 1)][1]), place


def _found(line: str, phrase: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    for spelling in phrase:
        begin, times = line.find(spelling), 0
        while begin >= 0 and times < MOST_TIMES:
            yield begin, begin + len(spelling.rstrip())
            begin, times = line.find(spelling, begin + 1), times + 1


def _within(spans: list, start: int) -> set[int]:
    return {phrase for (begin, _end), phrase in spans if start <= begin < start + LONGEST - BEFORE}


def _stretch(text: str, start: int) -> tuple[int, int]:
    """Cut between words, a little before the first mark."""
    begin = text.rfind(" ", 0, max(start - BEFORE, 0)) + 1 if start > BEFORE else 0
    end = begin + LONGEST
    if end >= len(text):
        return begin, len(text)
    return begin, max(text.rfind(" ", begin, end), text.find(" ", start), start)


def _joined(text: str, spans: Iterable[tuple[tuple[int, int], int]]) -> list[tuple[int, int]]:
    """In order, none over another; words with nothing but spaces between them are marked as one."""
    joined: list[tuple[int, int]] = []
    for begin, end in sorted(span for span, _phrase in spans):
        if joined and not text[joined[-1][1] : begin].strip():
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return joined


def _with_marks(text: str, spans: list[tuple[int, int]], begin: int, end: int) -> SafeString:
    parts, at = [], begin
    for first, last in spans:
        if begin <= first < end:
            parts += [escape(text[at:first]), "<mark>", escape(text[first:last]), "</mark>"]
            at = last
    return mark_safe("".join(map(str, [*parts, escape(text[at : max(end, at)])])))
