"""What a published figure is: the question that is asked of it (`Asked`), its definition (`Indicator`) and the answer
(`Number`), which knows the address of its records. Which figures there are, each floor says for itself."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, Protocol
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from izportal.templatetags.figures import Unit

Text = str | Promise
Row = Mapping[str, Any]
Amount = Decimal | int | None

ZONE, ORIGIN, SECTOR, COUNTRY = "zone", "origin", "sector", "country"
# What narrows a question, in the order in which an address says it.
FILTERS = (ZONE, ORIGIN, SECTOR, COUNTRY)
# Kinds of columns that stand to the right.
NUMBERS = ("number", "money", "area")
REAL, SAMPLE = "real", "sample"


@dataclass(frozen=True)
class Asked:
    """One question: what was true at the end of the day `on`, by what was recorded by the moment `known` (None: by
    all that is known now). A figure of a period counts from the day `since` to `on`, both of them whole. The same
    question with a moment `known` has the same answer for ever."""

    on: date
    known: datetime | None = None
    since: date | None = None
    zone: str = ""
    origin: str = ""
    sector: str = ""
    country: str = ""
    is_sample: bool = False
    # The day whose rate a total of two currencies uses; the day `on` where none is named.
    rate_on: date | None = None

    def query(self, filters: Iterable[str] = FILTERS) -> dict[str, str]:
        """As an address says it, always in the same order; what is left open is left out."""
        said = {
            "on": self.on.isoformat(),
            "known": written(self.known),
            "since": self.since.isoformat() if self.since else "",
            **{name: getattr(self, name) for name in FILTERS if name in filters},
            "rate": self.rate_on.isoformat() if self.rate_on else "",
            "data": SAMPLE if self.is_sample else REAL,
        }
        return {name: value for name, value in said.items() if value}

    def of(self, **changes: Any) -> "Asked":
        return replace(self, **changes)

    @property
    def start(self) -> date:
        """The first day of the period; the first of the year where none is named."""
        return self.since or self.on.replace(month=1, day=1)


def written(moment: datetime | None) -> str:
    """A moment in an address: to the microsecond, in UTC."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else ""


def read_moment(text: str) -> datetime:
    """What `written` wrote, or a day, which stands for its last moment; ValueError for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        moment = datetime.fromisoformat(text)
        return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
    return timezone.make_aware(datetime.combine(day, time.max))


@dataclass(frozen=True)
class Column:
    """A column of the records behind a figure. `key` is its name in a file and in the rows; `link` gives the page of
    what stands in the cell to whoever may read it."""

    key: str
    head: Text
    kind: str = "text"
    link: Callable[[Row, Any], str] | None = None
    is_sortable: bool = True

    @property
    def is_number(self) -> bool:
        return self.kind in NUMBERS


@dataclass(frozen=True)
class Move:
    """Why a figure is another than it was: one record that came, went or was replaced, and by how much."""

    cause: str
    amount: Decimal | int
    what: str = ""
    link: str = ""
    on: date | None = None
    recorded_at: datetime | None = None
    basis: str = ""
    note: str = ""
    base: Decimal | int = 0

    @property
    def cause_text(self) -> Text:
        return CAUSES[self.cause]


CAUSES: dict[str, Text] = {
    "happened": _("Phát sinh sau ngày tính trước"),
    "left_period": _("Nằm ngoài kỳ được tính"),
    "back_dated": _("Ghi sổ sau, hiệu lực từ ngày đã tính"),
    "corrected": _("Hiệu đính dòng đã ghi"),
    "annulled": _("Hủy dòng đã ghi"),
    "reclassified": _("Phân loại lại dự án"),
    "otherwise": _("Bản ghi có giá trị khác"),
}


def by_record(source: "Source", before: Asked, after: Asked, *, key: str) -> list[Move]:
    """The differences of a figure whose records have no history of their own, by comparing them one by one."""
    old, new = ({row[key]: row for row in source.rows(asked)} for asked in (before, after))
    moves = []
    for name in dict.fromkeys((*old, *new)):
        amount, base = (
            (new[name].get(part) or 0 if name in new else 0) - (old[name].get(part) or 0 if name in old else 0)
            for part in ("amount", "base")
        )
        if amount or base:
            moves.append(Move("otherwise", amount, what=str(name), base=base))
    return moves


class Source(Protocol):
    """Where a figure comes from. `rows` gives dictionaries with the keys of `columns`, among them `amount` (and
    `base` where the figure is a ratio), as a queryset or a list."""

    @property
    def columns(self) -> Sequence[Column]: ...

    def value(self, asked: Asked) -> Amount: ...

    def rows(self, asked: Asked) -> Any: ...

    def moves(self, before: Asked, after: Asked) -> list[Move]: ...


@dataclass(frozen=True)
class Edition:
    """A definition changed on a day."""

    on: date
    text: Text


@dataclass(frozen=True, repr=False)
class Indicator:
    """A figure that the board publishes. `per` is None where its value is the sum of the amounts of its records;
    else the value is the sum of amounts, times `per`, over the sum of bases. `owner` is the code of a division."""

    code: str
    title: Text
    definition: Text
    unit: Unit
    source: Source
    owner: str = "dau-tu"
    base: Text = ""
    per: Decimal | None = None
    version: int = 1
    is_flow: bool = False
    # A figure that is read from today's rows only: it can neither be asked of another day nor as known.
    is_of_today: bool = False
    # A total of two currencies at the rate of one day.
    takes_rate: bool = False
    filters: tuple[str, ...] = FILTERS
    editions: tuple[Edition, ...] = ()
    stated_as: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<{self.code}>"

    def ask(self, asked: Asked) -> "Number":
        return self.number(asked, self.source.value(self.narrowed(asked)))

    def number(self, asked: Asked, value: Amount) -> "Number":
        return Number(self, self.narrowed(asked), value)

    def narrowed(self, asked: Asked) -> Asked:
        """The question without what this figure does not take."""
        others = {name: "" for name in FILTERS if name not in self.filters}
        rate_on = (asked.rate_on or asked.on) if self.takes_rate else None
        return asked.of(since=asked.start if self.is_flow else None, rate_on=rate_on, **others)

    def worth(self, amount: Amount, base: Amount) -> Amount:
        """The value of the figure by the sums of its records."""
        if self.per is None:
            return amount or 0
        return Decimal(amount or 0) * self.per / base if base else None


@dataclass(frozen=True)
class Number:
    """The answer to one question: its text in the reader's language and the address of its records."""

    indicator: Indicator
    asked: Asked
    value: Amount

    @property
    def text(self) -> str:
        return self.indicator.unit.text(self.value)

    @property
    def plain_text(self) -> str:
        """Without marks of any kind, for a sentence."""
        return gettext("chưa có") if self.value is None else self.text

    @property
    def bare(self) -> str:
        """Without the unit, for a column whose head names it."""
        return self.text if self.value is None else self.indicator.unit.number(self.value)

    @property
    def note(self) -> str:
        """What the value rests on besides its records, where its source has something to say of it."""
        tell = getattr(self.indicator.source, "note", None)
        return tell(self.asked, self.value) if tell else ""

    @property
    def query(self) -> str:
        return urlencode(self.asked.query())

    @property
    def url(self) -> str:
        return f"{reverse('figure', args=[self.indicator.code])}?{self.query}"

    @property
    def csv_url(self) -> str:
        return f"{reverse('figure_csv', args=[self.indicator.code])}?{self.query}"

    def changes_url(self, before: Asked) -> str:
        """The page that says why it is not what it was to another question."""
        query = {**self.asked.query(), "before_on": before.on.isoformat(), "before_known": written(before.known)}
        said = {name: value for name, value in query.items() if value}
        return f"{reverse('figure_changes', args=[self.indicator.code])}?{urlencode(said)}"

    def fixed(self, at: datetime) -> "Number":
        """The same number under an address that gives it for ever."""
        return self if self.asked.known else replace(self, asked=self.asked.of(known=at))

    def __bool__(self) -> bool:
        return bool(self.value)
