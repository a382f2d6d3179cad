"""Translations that are older than their source: told by the history of a row, which keeps both.

Whoever finds that a translation still says the same notes that in the history too; no table of its own is needed.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models import Model, Q
from django.utils.translation import gettext as _
from modeltranslation.translator import translator
from modeltranslation.utils import build_localized_fieldname

from izportal import languages, reasons
from izportal.models import User

# Why a line of the history stands there: somebody has compared a translation with its source.
CHECKED = "translation-checked:"
MINUTES = 5


def _spoken(rest: str) -> str:
    names = ", ".join(languages.own_name(code) for code in rest.split(",") if code)
    return _("Đã đối chiếu bản dịch: %(languages)s") % {"languages": names}


reasons.SPOKEN[CHECKED] = _spoken


@dataclass(frozen=True)
class Outdated:
    """A text of a row whose source was changed at a moment, and whose translation was not since."""

    field: str
    language: str
    since: datetime


def models() -> list[type[Model]]:
    """Every kind of row that is kept in several languages with its history."""
    return [model for model in translator.get_registered_models() if hasattr(model, "history")]


def of(row: Model) -> list[Outdated]:
    """Of one row; one question."""
    return _judged(_lines(type(row), [row.pk]), type(row)).get(row.pk, [])


def in_table(model: type[Model]) -> dict[Any, list[Outdated]]:
    """Of every row of a kind that is translated at all, by key."""
    translated = Q()
    for field in fields(model):
        for language in _others():
            translated |= Q(**{f"{build_localized_fieldname(field, language)}__gt": ""})
    return _judged(_lines(model, model._base_manager.filter(translated).values("pk")), model)


def counts(kinds: Iterable[type[Model]]) -> dict[type[Model], int]:
    """How many rows of each kind wait for their translator, counted anew every few minutes."""
    keys = {_key(model): model for model in kinds}
    known = cache.get_many(keys) if keys else {}
    missing = {key: len(in_table(model)) for key, model in keys.items() if key not in known}
    if missing:
        cache.set_many(missing, 60 * MINUTES)
    return {model: (known | missing)[key] for key, model in keys.items()}


def _key(model: type[Model]) -> str:
    return f"outdated:{model._meta.label}"


@transaction.atomic
def check(row: Model, *, by: User) -> bool:
    """Note that the translations of a row still say what their source says; False where none was older."""
    if not of(row):
        return False
    row._change_reason = CHECKED + ",".join(_others())
    row._history_user = by
    row.save()
    # The next change of the same row is another matter.
    del row._change_reason, row._history_user
    cache.delete(_key(type(row)))
    return True


def fields(model: type[Model]) -> list[str]:
    return sorted(translator.get_options_for_model(model).get_field_names())


def _others() -> list[str]:
    return [code for code in languages.kept() if code != languages.SOURCE]


def _lines(model: type[Model], keys: Any) -> Iterable[Mapping[str, Any]]:
    names = [build_localized_fieldname(field, code) for field in fields(model) for code in languages.kept()]
    key = model._meta.pk.attname
    lines = model.history.filter(**{f"{key}__in": keys}).order_by(key, "history_date", "history_id")
    return lines.values(key, "history_date", "history_change_reason", *names).iterator()


def _judged(lines: Iterable[Mapping[str, Any]], model: type[Model]) -> dict[Any, list[Outdated]]:
    by_row = defaultdict(list)
    for line in lines:
        by_row[line[model._meta.pk.attname]].append(line)
    pairs = [(field, language) for field in fields(model) for language in _others()]
    judged = {key: [found for pair in pairs if (found := _outdated(rows, *pair))] for key, rows in by_row.items()}
    return {key: found for key, found in judged.items() if found}


def _outdated(lines: list[Mapping[str, Any]], field: str, language: str) -> Outdated | None:
    source, other = (build_localized_fieldname(field, code) for code in (languages.SOURCE, language))
    if not lines[-1][other] or not lines[-1][source]:
        return None
    changed = _last(lines, source)
    checked = max((n for n, line in enumerate(lines) if _is_checked(line, language)), default=0)
    if changed <= max(_last(lines, other), checked):
        return None
    return Outdated(field, language, lines[changed]["history_date"])


def _last(lines: list[Mapping[str, Any]], name: str) -> int:
    """Which line last changed a text; the first where none did."""
    pairs = enumerate(zip(lines, lines[1:], strict=False), start=1)
    return max((n for n, (before, after) in pairs if (before[name] or "") != (after[name] or "")), default=0)


def _is_checked(line: Mapping[str, Any], language: str) -> bool:
    reason = line["history_change_reason"] or ""
    return reason.startswith(CHECKED) and language in reason.removeprefix(CHECKED).split(",")
