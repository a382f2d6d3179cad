"""What a word that stands nowhere may have meant: a letter wrong, two words run together, or Telex keys left as typed.

Only public names are read, and what they hold is kept until one of them changes.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.cache import caches
from django.utils import timezone

from izportal.folding import LONGEST_QUERY, fold
from izportal.site_search.kinds import KINDS

CACHE = "pages"
SECONDS = 24 * 60 * 60
SHORTEST = 3
# So many words are mended; a longer text is no slip of the hand.
MOST_MENDED = 4
_WORD = re.compile(r"[^\W\d_]+")
# Telex: a letter typed twice or followed by w bears a mark, one of these at the end of a syllable is a tone.
_DOUBLED, _TONE = re.compile(r"(aa|ee|oo|dd)"), re.compile(r"[sfrxj]")

Words = dict[str, str]


def suggestion(query: str, *, version: str) -> str:
    """The query with each unknown word replaced by the nearest known one as it is written; "" where that helps
    nothing."""
    words = _known(version)
    unknown = [word for word in _WORD.findall(query[:LONGEST_QUERY]) if _is_unknown(fold(word), words)]
    if not 0 < len(set(unknown)) <= MOST_MENDED:
        return ""
    mended = {word: _nearest(fold(word), words) for word in set(unknown)}
    if not all(mended.values()):
        return ""
    return _WORD.sub(lambda match: mended.get(match.group(), match.group()), query[:LONGEST_QUERY])


def _is_unknown(word: str, words: Words) -> bool:
    return len(word) >= SHORTEST and word not in words and not any(known.startswith(word) for known in words)


def _nearest(word: str, words: Words) -> str:
    plain = _untyped(word)
    if plain != word and plain in words:
        return words[plain]
    for cut in range(2, len(word) - 1):
        if word[:cut] in words and word[cut:] in words:
            return f"{words[word[:cut]]} {words[word[cut:]]}"
    most = 1 if len(word) < 6 else 2
    near = ((distance(word, known), place, known) for place, known in enumerate(words)
            if abs(len(known) - len(word)) <= most)  # fmt: skip
    apart, _place, best = min(near, default=(most + 1, 0, ""))
    return words[best] if apart <= most else ""


def _untyped(word: str) -> str:
    """The syllable that Telex keys would have made: "ddieemf" is "diem"."""
    plain = _DOUBLED.sub(lambda match: match.group()[0], word).replace("w", "")
    return plain[:1] + _TONE.sub("", plain[1:])


def distance(one: str, other: str) -> int:
    """Letters put in, left out, exchanged, or two of them turned about, that lead from one word to the other."""
    rows = [list(range(len(other) + 1))]
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, opposite in enumerate(other, 1):
            cost = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (letter != opposite))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == opposite:
                cost = min(cost, rows[-2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]


def _known(version: str) -> Words:
    """Each word of a public name, folded, as it is mostly written; the most frequent first."""
    key = f"words-of-the-portal:{version}:{timezone.localdate()}"
    words = caches[CACHE].get(key)
    if words is None:
        words = _counted(_names())
        caches[CACHE].set(key, words, SECONDS)
    return words


def _names() -> Iterator[Any]:
    for kind in KINDS.values():
        if kind.names:
            for names in kind.visible(AnonymousUser()).order_by().values_list(*kind.names):
                yield from names


def _counted(names: Iterable[Any]) -> Words:
    written = Counter(word for name in names if name for word in _WORD.findall(name) if len(word) > 1)
    words: Words = {}
    for word, _times in written.most_common():
        words.setdefault(fold(word), word)
    return words
