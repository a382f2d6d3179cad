"""Texts that the loaders write: notes in two languages, numbers and dates as each language writes them."""

from collections.abc import Iterable
from decimal import Decimal

Pair = tuple[str | None, str | None]


def noted(name: str, *pairs: Pair | None) -> dict[str, str]:
    """The columns of a note in both languages: each (Vietnamese, English) pair a sentence of its own."""
    said = [pair for pair in pairs if pair]
    return {f"{name}_{code}": sentences(pair[place] for pair in said) for place, code in enumerate(("vi", "en"))}


def sentences(texts: Iterable[str | None]) -> str:
    whole = [text.strip() for text in texts if text and text.strip()]
    return "\n".join(text if text[-1] in ".!?…" else f"{text}." for text in whole)


def pair(row: dict, name: str = "") -> Pair:
    """The two languages of a text of a data file: `name_vi` and `name_en`, or `vi` and `en`."""
    stem = f"{name}_" if name else ""
    return row.get(f"{stem}vi"), row.get(f"{stem}en")


def labelled(label: Pair, text: Pair) -> Pair | None:
    """“Chủ đầu tư: …” in both languages, nothing where there is no text."""
    if not any(text):
        return None
    return tuple(f"{before}: {said}" if said else None for before, said in zip(label, text, strict=True))


def number(value: int | float | Decimal) -> Pair:
    english = f"{Decimal(str(value)).normalize():,f}"
    return english.translate(str.maketrans(",.", ".,")), english


def day(value: str) -> str:
    """An ISO date, month or year as dd/mm/yyyy, mm/yyyy or yyyy."""
    return "/".join(reversed(value.split("-")))
