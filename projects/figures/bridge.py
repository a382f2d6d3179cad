"""How a stock came from one day to another: opening, what came, what went, closing. One that does not add up is told
to the log and not to the reader."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from izportal.indicators import Asked, Number
from projects.figures import moved as elsewhere
from projects.figures.register import INDICATORS, PARTS

logger = logging.getLogger(__name__)
BY_CODE = {row.code: row for row in (*INDICATORS, *elsewhere.INDICATORS)}


@dataclass(frozen=True)
class Part:
    """A line between opening and closing; `number` counts up, `sign` says which way it goes."""

    label: str | Promise
    sign: int
    number: Number

    @property
    def signed(self) -> Decimal | int:
        return self.sign * (self.number.value or 0)


@dataclass(frozen=True)
class Restated:
    """What has been entered of the days before the period since its opening was published."""

    before: Number
    after: Number
    label: str | Promise = _("Hiệu đính số đầu kỳ đã công bố")

    @property
    def signed(self) -> Decimal | int:
        return (self.after.value or 0) - (self.before.value or 0)


@dataclass(frozen=True)
class Bridge:
    """`opening` is the number as it was published where that is known, else as it is known now; `restated` leads from
    the one to the other. `moved` is what came from other zones, sectors or countries without a change of its own, less
    what went there."""

    opening: Number
    parts: tuple[Part, ...]
    closing: Number
    moved: Number
    restated: Restated | None = None

    @property
    def gap(self) -> Decimal | int:
        """What is left unexplained; zero in a sound register."""
        told = (self.opening.value or 0) + sum(part.signed for part in self.parts) + (self.moved.value or 0)
        return (self.closing.value or 0) - told - (self.restated.signed if self.restated else 0)

    @property
    def balances(self) -> bool:
        return not self.gap

    def report(self) -> None:
        asked = self.closing.asked
        logger.error("bridge of %s does not balance by %s: %s", self.closing.indicator.code, self.gap, asked)


def of(code: str, asked: Asked, values: Mapping[str, Any], opening: Any, published: Number | None = None) -> Bridge:
    """The bridge of a stock over the period of a question: `values` holds its closing and the figures of the period,
    `opening` its value on the evening before."""
    stock = BY_CODE[code]
    before = stock.number(asked.of(on=asked.start - timedelta(days=1), since=None), opening)
    parts = tuple(
        Part(BY_CODE[name].title, sign, BY_CODE[name].number(asked, values.get(name, 0))) for name, sign in PARTS[code]
    )
    restated = Restated(published, before) if published else None
    moved = BY_CODE[f"moved_{code}"].number(asked, values.get(f"moved_{code}", 0))
    return Bridge(published or before, parts, stock.number(asked, values.get(code, 0)), moved, restated)
