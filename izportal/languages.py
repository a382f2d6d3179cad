"""The languages in which the portal can be read, and which text stands in for one that is missing.

A language is switched on in `settings.LANGUAGES`; nothing here or in the pages knows how many there are.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from unicodedata import normalize

from django.conf import settings
from django.db.models import Model
from django.urls import translate_url
from django.utils import translation
from django.utils.translation import get_language, get_language_info, to_locale
from modeltranslation.settings import AVAILABLE_LANGUAGES
from modeltranslation.utils import build_localized_fieldname

SOURCE = settings.LANGUAGE_CODE


@dataclass(frozen=True)
class Language:
    """A language with the address of the page in it; `name` is its own word for itself."""

    code: str
    name: str
    url: str
    is_here: bool

    @property
    def short(self) -> str:
        return self.code.partition("-")[0].upper()


@dataclass(frozen=True)
class Said:
    """A text and the language it is in; `language` is empty where that is the reader's own."""

    text: str
    language: str = ""

    def __str__(self) -> str:
        return self.text


def codes() -> list[str]:
    return [code for code, _name in settings.LANGUAGES]


def choices() -> list[tuple[str, str]]:
    """What somebody may choose to be written in, each language by its own word for itself."""
    return [(code, own_name(code)) for code in codes()]


def spoken(code: str) -> str:
    """The language in which the portal's own sentences reach a reader: theirs where it has a catalogue, else English,
    else Vietnamese. Django itself would fall back to Vietnamese at once."""
    return next((near for near in chain(code) if near == SOURCE or near in codes() and _has_catalogue(near)), SOURCE)


def speaking(code: str) -> translation.override:
    """`with languages.speaking(reader.language):` the portal's sentences are as that reader gets them."""
    return translation.override(spoken(code))


@cache
def _has_catalogue(code: str) -> bool:
    folders = (Path(folder) / to_locale(code) for folder in settings.LOCALE_PATHS)
    return any((folder / "LC_MESSAGES" / "django.mo").exists() for folder in folders)


def own_name(code: str) -> str:
    """Tiếng Việt, English, 한국어."""
    name = normalize("NFC", get_language_info(code)["name_local"])
    return name[:1].upper() + name[1:]


def here() -> str:
    return get_language() or SOURCE


def chain(language: str) -> list[str]:
    """Where a text is looked for: in the reader's language, for a stranger in English, then in Vietnamese."""
    between = [code for code in ("en",) if language != SOURCE]
    return list(dict.fromkeys([language, *between, SOURCE]))


def kept() -> list[str]:
    """The languages in which texts of rows are kept."""
    return list(AVAILABLE_LANGUAGES)


def of_page(address: str) -> list[Language]:
    """Every language with the address of one page in it, the query kept."""
    now, path, mark, query = here(), *address.partition("?")
    return [Language(code, own_name(code), translate_url(path, code) + mark + query, code == now) for code in codes()]


def first(texts: Iterable[tuple[str, object]]) -> Said:
    """The first text that says something, of (language, text)."""
    now = here()
    for code, text in texts:
        if isinstance(text, str) and text:
            return Said(text, "" if code == now else code)
    return Said("")


def said(row: Model, field: str) -> Said:
    """A translated field of a row in the reader's language, else in the language that stands in for it."""
    order = [code for code in chain(here()) if code in kept()]
    return first((code, getattr(row, build_localized_fieldname(field, code))) for code in order)


def texts(row: Model, field: str) -> dict[str, str]:
    """A translated field in every language in which it says something."""
    said = {code: getattr(row, build_localized_fieldname(field, code)) for code in kept()}
    return {code: text for code, text in said.items() if text}
