"""Vietnamese text folded for search: no marks, đ as d, NFC as NFD, "Sông Công II" as "Song Cong 2", "CN05" as "CN-05".
The folded column is kept by its own field; searching is `contains` per word, alike on every database."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache, reduce
from operator import and_, or_
from typing import Any

from django.core import checks
from django.db import models
from django.db.models import Case, IntegerField, Q, Value, When

LONGEST_QUERY = 200
MOST_WORDS = 12

_UNITS = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"]
_ROMAN = {tens + unit: str(10 * len(tens) + value) for tens in ("", "x") for value, unit in enumerate(_UNITS)}
_ROMAN = {word: value for word, value in _ROMAN.items() if word} | {"xx": "20"}
# "vi" and "xi" are everyday syllables too (vị trí, xi măng): numerals only where capitals say so.
_SYLLABLES = {word: _ROMAN.pop(word) for word in ("vi", "xi")}
_SAME_NUMERAL = _SYLLABLES | {digits: word for word, digits in _SYLLABLES.items()}
_CAPITAL_NUMERAL = re.compile(r"(?<![^\W_])(?:VI|XI)(?![^\W_])")
_WORD = re.compile(r"\d+|[^\W\d_]+")
_BREAK = re.compile(r"[\s,;:!?|()\[\]{}\"'“”‘’«»]+")
_CODE = re.compile(r"\S*\d\S*")


def fold(text: object) -> str:
    """Lower-case words and numbers apart by one space, nothing else: no mark, sign, NUL, `%` or `_` is left."""
    return _folded(str(text or ""))


@lru_cache(maxsize=4_096)
def _folded(text: str) -> str:
    """The name of a zone is folded with each of its plots."""
    composed = unicodedata.normalize("NFKC", text)
    numbered = _CAPITAL_NUMERAL.sub(_as_digits, composed)
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", numbered).casefold())
    letters = "".join(c for c in plain if unicodedata.category(c) not in ("Mn", "Mc", "Me", "Cf"))
    words = _WORD.findall(letters.replace("đ", "d").replace("ð", "d"))
    return " ".join(_ROMAN.get(word, word) for word in words)


def _as_digits(match: re.Match[str]) -> str:
    """Digits in "Sông Công VI", not in "NHÀ MÁY XI MĂNG": in a text all in capitals only the last word may be one."""
    is_last = not _WORD.search(match.string, match.end())
    if is_last or any(c.islower() for c in match.string):
        return _SYLLABLES[match.group().lower()]
    return match.group()


def stored_form(parts: Iterable[object]) -> str:
    """Folded parts between bars, so that a whole name or code can be told from a piece of it."""
    pieces: dict[str, None] = {}
    for part in parts:
        folded = fold(part)
        pieces[folded] = None
        if " " in folded and _CODE.fullmatch(str(part).strip()):
            pieces[folded.replace(" ", "")] = None  # a code typed without any of its signs
    pieces.pop("", None)
    return f"| {' | '.join(pieces)} |" if pieces else ""


def matches(queryset: models.QuerySet, text: str, field: str | tuple[str, ...] = "folded") -> models.QuerySet:
    """Rows holding every word of `text` at the start of a word of the folded column (or of one of several columns).

    A blank text leaves the rows as they are; one without a letter or digit finds nothing.
    """
    if not (text or "").strip():
        return queryset
    held = holding(text, field)
    return queryset.none() if held is None else queryset.filter(held)


def holding(text: str, field: str | tuple[str, ...] = "folded") -> Q | None:
    """The condition behind `matches`; None for a text in which nothing can be looked for."""
    fields = (field,) if isinstance(field, str) else field
    terms = _terms(text)
    return reduce(and_, (_holds(term, fields) for term in terms)) if terms else None


def spellings(text: str) -> list[tuple[str, ...]]:
    """For each phrase that is looked for the ways in which a folded text may hold it: a space at the beginning stands
    where a word begins, one at the end where it ends."""
    return [tuple(_spellings(term)) for term in _terms(text)]


def rank(text: str, field: str = "folded") -> Case:
    """For `order_by(rank(q), …)`: 0 a whole name or code, 1 the beginning of one, 2 the words in a row, 3 the rest."""
    whole = fold((text or "")[:LONGEST_QUERY])
    column = f"{field}__contains"
    exact = Q(**{column: f"| {whole} |"}) | Q(**{column: f"| {whole.replace(' ', '')} |"})
    return Case(
        When(exact, then=0),
        When(Q(**{column: f"| {whole}"}), then=1),
        When(Q(**{column: f" {whole}"}), then=2),
        default=Value(3),
        output_field=IntegerField(),
    )


def _terms(text: str) -> list[str]:
    """The phrases to look for. A short number belongs to the word before it: "cn 05" and "cong 2" are one phrase."""
    terms: list[str] = []
    for chunk in _BREAK.split(text[:LONGEST_QUERY]):
        phrase = fold(chunk)
        if terms and _is_short_number(phrase) and terms[-1][-1:].isalpha():
            terms[-1] += f" {phrase}"
        elif phrase:
            terms.append(phrase)
    return terms[:MOST_WORDS]


def _is_short_number(word: str) -> bool:
    return word.isdecimal() and len(word) <= 3


def _holds(term: str, fields: tuple[str, ...]) -> Q:
    return reduce(or_, (Q(**{f"{field}__contains": spelling}) for field in fields for spelling in _spellings(term)))


def _spellings(term: str) -> Iterator[str]:
    """A short number must be the whole number (2 is not 25); a word or a long number may be its beginning."""
    *before, last = term.split()
    lasts = [last]
    if last in _SYLLABLES or (before and last in _SAME_NUMERAL):
        lasts.append(_SAME_NUMERAL[last])
    if before and last.isdecimal() and int(last) < 100:
        lasts += [str(int(last)), last.zfill(2)]  # "CN5" finds CN-05
    for word in dict.fromkeys(lasts):
        end = " " if _is_short_number(word) or (word != last and word in _SYLLABLES) else ""
        yield " " + " ".join([*before, word]) + end
        if before and len(compact := "".join([*before, word])) >= 5 and any(c.isdecimal() for c in compact):
            yield compact + end


class FoldedField(models.TextField):
    """A column that holds the folded `sources` of its row: attributes, methods, or paths over foreign keys
    ("zone.name_vi").

    It fills itself when the row is saved. `QuerySet.update()`, `bulk_update()` and `save(update_fields=…)` that leave
    it out pass it by, as does a change of a row it borrows from: then call `refold(model)`.
    """

    def __init__(self, *args: Any, sources: Iterable[str] = (), **kwargs: Any) -> None:
        self.sources = tuple(sources)
        super().__init__(*args, **{**kwargs, "editable": False, "blank": True, "default": ""})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("editable", "blank", "default"):
            kwargs.pop(fixed, None)
        return name, path, args, {**kwargs, "sources": self.sources}

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        """A misspelt source would fold to nothing in silence."""
        unknown = [path for path in self.sources if not hasattr(self.model, path.partition(".")[0])]
        text = "The model has no attribute for the source “%s”."
        found = [checks.Error(text % path, obj=self, id="folding.E001") for path in unknown]
        return [*super().check(**kwargs), *found]

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = self.folded(model_instance)
        setattr(model_instance, self.attname, value)
        return value

    def folded(self, instance: models.Model) -> str:
        return stored_form(part for path in self.sources for part in _values(instance, path))

    def borrows(self) -> set[str]:
        """Foreign keys that the sources walk over, spelled for `select_related`."""
        return {"__".join(path.split(".")[:-1]) for path in self.sources if "." in path}


def _values(instance: Any, path: str) -> Iterable[object]:
    value = instance
    for name in path.split("."):
        # A model frozen in a migration or a history row has the columns but not the methods.
        value = getattr(value, name, None)
        if callable(value):
            value = value()
    return value if isinstance(value, (list, tuple, set, frozenset)) else [value]


def refold(model: type[models.Model], *, batch: int = 500) -> int:
    """Rebuild every folded column of `model`; answers how many rows were out of date. Safe to run twice."""
    columns = [field for field in model._meta.concrete_fields if isinstance(field, FoldedField)]
    borrowed = set().union(*(field.borrows() for field in columns))
    rows = model._base_manager.select_related(*borrowed or [None]).order_by("pk")
    changed, page = 0, list(rows[:batch])
    while page:
        stale = [row for row in page if _refresh(row, columns)]
        model._base_manager.bulk_update(stale, [field.name for field in columns])
        changed += len(stale)
        page = list(rows.filter(pk__gt=page[-1].pk)[:batch])
    return changed


def _refresh(row: models.Model, columns: list[FoldedField]) -> bool:
    """Folds the row anew in memory; True where that changed something."""
    before = [getattr(row, field.attname) for field in columns]
    return before != [field.pre_save(row, False) for field in columns]
