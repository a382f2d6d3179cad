"""What one cell of a spreadsheet says: numbers, dates, codes and choices as people type them, and texts written so
that no program takes them for a formula."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import override
from import_export import widgets
from openpyxl.utils.datetime import from_excel

from izportal.folding import fold

# Formulas -----------------------------------------------------------------------------------------
# What a spreadsheet takes for the beginning of a formula, the full-width forms included.
_TRIGGERS = "=+\\-@\uff1d\uff0b\uff0d\uff20\t\r\n"
_LEADING = re.compile(rf"^(?='*\s*[{_TRIGGERS}])")
# A spreadsheet that splits at another sign than ours would start a cell in the middle of a text.
_INNER = re.compile(rf"(?<=[;|\t])(?='*\s*[{_TRIGGERS}])")
_GUARDED = re.compile(rf"(?:^|(?<=[;|\t]))'(?='*\s*[{_TRIGGERS}])")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# Most texts have nothing of all this, and one look tells.
_SUSPECT = re.compile(rf"^['\s{_TRIGGERS}]|[;|\t]|{CONTROL.pattern}")


def neutral(value: Any) -> Any:
    """A text as a cell that no spreadsheet calculates: an apostrophe stands before what would begin a formula."""
    if not isinstance(value, str) or not _SUSPECT.search(value):
        return value
    return _INNER.sub("'", _LEADING.sub("'", CONTROL.sub("", value)))


def unguarded(text: str) -> str:
    """The text as it was before `neutral`."""
    return _GUARDED.sub("", text)


# Cells --------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Broken:
    """Stands in the place of a cell that could not be read, until the column tells why."""

    sentence: str


SPACES = re.compile(r"[\s\u00a0\u202f]+")
_SPACED = re.compile(r"[+-]?\d{1,3}(?: \d{3})+(?:[.,]\d+)?")
LARGEST = Decimal(10) ** 20
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:(?P<sign>[.,])\d{3})(?:(?P=sign)\d{3})*")
_NUMBER = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:(?P<group>[.,])\d{3})(?:(?P=group)\d{3})*)(?:(?P<point>[.,])\d+)?")
_DATE_FORMS = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d", "%Y/%m/%d")
_YES, _NO = {"co", "x", "yes", "true", "1", "dung"}, {"khong", "no", "false", "0", "sai"}


def plain(value: Any) -> Any:
    """The value of a cell, None for an empty one; raises `ValueError` for one that could not be read."""
    if isinstance(value, Broken):
        raise ValueError(value.sentence)
    if isinstance(value, str):
        value = unicodedata.normalize("NFC", unguarded(value)).strip()
        if CONTROL.search(value):
            raise ValueError(_("Có ký tự điều khiển không đọc được."))
    return None if value == "" else value


def to_text(value: Any) -> str:
    """A code keeps its zeros; a number that a spreadsheet made of a code loses only its empty decimals."""
    value = plain(value)
    if isinstance(value, datetime | date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value)


def to_number(value: Any, *, places: int = 2) -> Decimal | None:
    """`1.234,5`, `1,234.5`, `1 234,5` or a number cell. One sign before exactly three digits parts thousands, unless
    the column keeps three decimals or more."""
    value = plain(value)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        raise ValueError(_("Không phải là số."))
    number = Decimal(_digits(value, places)) if isinstance(value, str) else _native(value)
    if not number.is_finite() or abs(number) >= LARGEST:
        raise ValueError(_("Số quá lớn."))
    if number != round(number, places):
        raise ValueError(_("Nhiều hơn %(places)s chữ số thập phân.") % {"places": places})
    return number


def _native(value: int | float | Decimal) -> Decimal:
    """A spreadsheet keeps fifteen digits; what follows is dust of the binary form."""
    return Decimal(format(value, ".15g")) if isinstance(value, float) else Decimal(value)


def _digits(text: str, places: int) -> str:
    text = SPACES.sub(" ", text).replace("\N{MINUS SIGN}", "-")
    if _SPACED.fullmatch(text):
        text = text.replace(" ", "")
    if places < 3 and _GROUPED.fullmatch(text) and not re.match(r"[+-]?0", text):
        return text.replace(".", "").replace(",", "")
    match = _NUMBER.fullmatch(text)
    if match is None or (match["group"] and match["group"] == match["point"]):
        raise ValueError(_("“%(text)s” không phải là số. Ví dụ số đúng: 1.234,5.") % {"text": text[:40]})
    point = match.end() if not match["point"] else text.rindex(match["point"])
    whole, decimals = text[:point], text[point + 1 :]
    return whole.replace(".", "").replace(",", "") + (f".{decimals}" if decimals else "")


def to_whole(value: Any) -> int | None:
    number = to_number(value, places=0)
    return None if number is None else int(number)


def to_date(value: Any) -> date | None:
    """`dd/mm/yyyy` (or with - and .), `yyyy-mm-dd`, a date cell, or the day number that a date cell turns into."""
    value = plain(value)
    if value is None:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool) and 18_264 <= value <= 73_415:  # 1950 to 2100
        value = from_excel(value)
    day = value.date() if isinstance(value, datetime) else value
    if isinstance(day, str):
        day = _date_of(day)
    if not isinstance(day, date) or not 1900 <= day.year <= 2200:
        raise ValueError(_("Không phải là ngày. Ví dụ ngày đúng: 31/12/2026."))
    return day


def _date_of(text: str) -> date | None:
    for form in _DATE_FORMS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no clock
        except ValueError:
            continue
    return None


def to_yes_no(value: Any) -> bool | None:
    value = plain(value)
    if value is None or isinstance(value, bool):
        return value
    text = to_text(value)
    word = "x" if text.casefold() == "x" else fold(text)  # which takes a lone x for ten
    if word in _YES | _NO:
        return word in _YES
    raise ValueError(_("Ghi “Có” hoặc “Không”."))


def choice_of(value: Any, choices: Sequence[tuple[str, Any]]) -> str:
    """The stored word of a choice, given that word or its label, with or without marks."""
    text = to_text(value)
    known = {fold(label): key for key, label in choices} | {fold(key): key for key, _label in choices}
    if not text or fold(text) in known:
        return known[fold(text)] if text else ""
    names = ", ".join(str(label) for _key, label in choices)
    raise ValueError(_("“%(text)s” không có trong danh mục: %(names)s.") % {"text": text[:60], "names": names})


def did_you_mean(text: str, names: Iterable[str]) -> str:
    """ " Có phải “Sông Công II”?" where a known name is near, else nothing."""
    folded = {fold(name): name for name in names if name}
    near = get_close_matches(fold(text), list(folded), n=1, cutoff=0.6)
    return " " + _("Có phải “%(name)s”?") % {"name": folded[near[0]]} if near else ""


# What a spreadsheet takes a cell for.
TEXT, NUMBER, DATE, MOMENT = "text", "number", "date", "moment"


class Cell(widgets.Widget):
    """A column of text; the other columns differ in how they read. Cells are written as they are, typed."""

    kind = TEXT
    # Decimals of a number that are shown.
    places = 0

    @property
    def hint(self) -> str:
        """How the cell is filled in, for the page of a workbook that explains its columns."""
        return _("Văn bản")

    def path(self, attribute: str) -> str:
        """The way of a query from a record to what the cell shows of an attribute."""
        return attribute

    def written(self, value: Any) -> Any:
        """What the query gave, as it is written to a file."""
        return value

    def options(self) -> list[str]:
        """What may be chosen; nothing where anything may be written."""
        return []

    def learn(self, texts: set[str]) -> None:
        """Look up at once what the cells of many rows name, before they are read one by one."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        return to_text(value)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return value


class NumberCell(Cell):
    kind = NUMBER

    @property
    def hint(self) -> str:
        return _("Số, ví dụ 1.234,5")

    def __init__(self, places: int = 2) -> None:
        super().__init__()
        self.places = places

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        return to_number(value, places=self.places)

    def written(self, value: Any) -> Any:
        """A sum of the database may have dust behind its last decimal."""
        return round(value, self.places) if isinstance(value, Decimal) else value


class WholeCell(Cell):
    kind = NUMBER

    @property
    def hint(self) -> str:
        return _("Số nguyên")

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        return to_whole(value)


class DateCell(Cell):
    kind = DATE

    @property
    def hint(self) -> str:
        return _("Ngày, ví dụ 31/12/2026")

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        return to_date(value)


class MomentCell(Cell):
    """When something was written down; only to be read."""

    kind = MOMENT

    @property
    def hint(self) -> str:
        return _("Ngày và giờ")


class YesNoCell(Cell):
    @property
    def hint(self) -> str:
        return _("Chọn trong danh sách")

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        return to_yes_no(value)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return self.written(value)

    def written(self, value: Any) -> Any:
        return "" if value is None else ("Có" if value else "Không")

    def options(self) -> list[str]:
        return ["Có", "Không"]


class ChoiceCell(Cell):
    """One of a list. A file is Vietnamese whoever sends for it; the labels of the reader's language are read too."""

    def __init__(self, choices: Sequence[tuple[str, Any]]) -> None:
        super().__init__()
        self.choices = choices

    @cached_property
    def labels(self) -> dict[str, str]:
        with override("vi"):
            return {key: str(label) for key, label in self.choices}

    @property
    def hint(self) -> str:
        return _("Chọn trong danh sách")

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        text = to_text(value)
        return self._known.get(fold(text)) or choice_of(text, self.choices)

    @cached_property
    def _known(self) -> dict[str, str]:
        return {fold(label): key for key, label in self.labels.items()}

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return self.written(value)

    def written(self, value: Any) -> Any:
        return self.labels.get(value, value or "")

    def options(self) -> list[str]:
        return list(self.labels.values())


class RecordCell(Cell):
    """A record of another table by its code, looked up by the hundred where the reader asks to `learn` first."""

    def __init__(self, rows: Callable[[], QuerySet], hint: Any, *, by: str = "code") -> None:
        """`rows` are all that may be named, `hint` says how."""
        super().__init__()
        self.rows, self.told, self.by = rows, hint, by
        self.known: dict[str, Any] = {}

    @property
    def hint(self) -> str:
        return str(self.told)

    def path(self, attribute: str) -> str:
        return f"{attribute}__{self.by}"

    def learn(self, texts: Iterable[Any]) -> None:
        """What these cells name, in one query."""
        said = {_code(text) for text in texts} - {""}
        found = self.rows().filter(**{f"{self.by}__in": said | {text.upper() for text in said}})
        self.known = {str(getattr(row, self.by)).upper(): row for row in found}
        self.asked = {text.upper() for text in said}

    asked: set[str] = set()

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        text = to_text(value)
        if not text:
            return None
        if text.upper() not in self.asked:
            self.learn([text])
        if text.upper() not in self.known:
            raise ValueError(_("Không có “%(text)s”.") % {"text": text[:60]})
        return self.known[text.upper()]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return getattr(value, self.by) if value is not None else ""


def _code(value: Any) -> str:
    try:
        return to_text(value)
    except ValueError:  # told when the cell is read
        return ""
