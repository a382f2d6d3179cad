"""What a word that stands nowhere may have meant: a letter wrong, two words run together, or Telex keys left as typed.

Only public names are read. What they hold is kept some minutes, whatever is written meanwhile: of a name that has gone
since nothing is led to, since whoever suggests a word looks first whether it finds something.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from django.contrib.auth.models import AnonymousUser
from django.core.cache import caches
from django.db.models import Aggregate, TextField, Value
from django.utils import timezone
from django.utils.translation import get_language

from izportal.folding import LONGEST_QUERY, fold
from izportal.site_search.kinds import KINDS

CACHE = "pages"
SECONDS = 10 * 60
SHORTEST = 3
# So many words are mended; a longer text is no slip of the hand.
MOST_MENDED = 4
_WORD = re.compile(r"[^\W\d_]+")
# Telex: a letter typed twice or followed by w bears a mark, one of these at the end of a syllable is a tone.
_DOUBLED, _TONE = re.compile(r"(aa|ee|oo|dd)"), re.compile(r"[sfrxj]")

Words = dict[str, str]


def suggestion(query: str) -> str:
    """The query with each unknown word replaced by the nearest known one as it is written; "" where that helps
    nothing."""
    words = _known()
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


def _known() -> Words:
    """Each word of a public name, folded, as it is mostly written; the most frequent first."""
    key = f"words-of-the-portal:{get_language()}:{timezone.localdate()}"
    words = caches[CACHE].get(key)
    if words is None:
        words = _counted(_names())
        caches[CACHE].set(key, words, SECONDS)
    return words


class _Joined(Aggregate):
    """All texts of a column as one: the database hands over a hundred thousand names sooner than one by one."""

    function, output_field = "GROUP_CONCAT", TextField()

    def as_postgresql(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, function="STRING_AGG", **context)


def _names() -> Iterator[str]:
    for kind in KINDS.values():
        if kind.names:
            joined = {f"text_{place}": _Joined(name, Value(" ")) for place, name in enumerate(kind.names)}
            yield from filter(None, kind.visible(AnonymousUser()).order_by().aggregate(**joined).values())


def _counted(texts: Iterable[str]) -> Words:
    written = Counter(word for text in texts for word in _WORD.findall(text) if len(word) > 1)
    words: Words = {}
    for word, _times in written.most_common():
        words.setdefault(fold(word), word)
    return words
