"""Search without diacritics in columns that have no folded twin."""

import re
import unicodedata
from functools import reduce
from operator import and_, or_

from django.db.models import Q

from izportal.folding import LONGEST_QUERY, MOST_WORDS


def _spellings() -> dict[str, str]:
    """For each plain letter every marked form of it, in both cases: {"d": "dDđĐ", …}."""
    found = {"d": "đĐ"}
    for code in [*range(0xC0, 0x1B5), *range(0x1EA0, 0x1EFA)]:
        base = unicodedata.normalize("NFD", chr(code))[0].lower()
        found[base] = found.get(base, "") + chr(code)
    return {letter: letter + letter.upper() + marked for letter, marked in found.items()}


_SPELLINGS = _spellings()
_MARKS = "[\u0300-\u036f]*"


def unmarked(text: str, columns: tuple[str, ...]) -> Q:
    """Rows in which every word of `text` stands in one of the columns, whatever its marks; for columns that have no
    folded twin."""
    decomposed = unicodedata.normalize("NFD", text[:LONGEST_QUERY].replace("đ", "d").replace("Đ", "D"))
    plain = "".join(c for c in decomposed if unicodedata.category(c)[0] not in "MC")
    words = [_pattern(word) for word in plain.split()[:MOST_WORDS]]
    return reduce(and_, (reduce(or_, (Q(**{f"{c}__iregex": word}) for c in columns)) for word in words), Q())


def _pattern(word: str) -> str:
    return "".join(f"[{_SPELLINGS[c]}]{_MARKS}" if c in _SPELLINGS else re.escape(c) for c in word.lower())
