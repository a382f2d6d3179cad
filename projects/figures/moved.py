"""What stocks gained from other zones, sectors, origins or countries without a change of capital: a project that is
classed anew, an investor that comes or goes. Told project by project."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from izportal.indicators import Amount, Asked, Column, Indicator, Move, by_record
from projects.figures.cells import MOVED
from projects.figures.facts import Flow, Stock, in_words, project_page
from projects.figures.register import INDICATORS as REGISTER
from projects.figures.register import PARTS
from projects.models import Classification, Contribution, Project

BY_CODE = {row.code: row for row in REGISTER}


@dataclass(frozen=True)
class Moved:
    """Closing less opening less what happened, of the projects that were classed anew in the period."""

    code: str

    @property
    def columns(self) -> tuple[Column, ...]:
        last = BY_CODE[self.code].source.columns[-1]
        return (Column("code", _("Mã số dự án"), link=project_page), Column("name", _("Dự án")), last)

    def value(self, asked: Asked) -> Amount:
        return sum(self._sums(asked).values())

    def rows(self, asked: Asked) -> list[dict]:
        sums = self._sums(asked)
        told = Project.objects.filter(pk__in=sums).annotate(words=in_words("name")).order_by("code")
        names = told.values_list("pk", "code", "words", "zone__code")
        return [{"code": code, "name": name, "zone_code": zone, "amount": sums[pk]} for pk, code, name, zone in names]

    def _sums(self, asked: Asked) -> dict[int, Decimal | int]:
        stock, among = _source(self.code), _classed_anew(asked)
        evening = asked.of(on=asked.start - timedelta(days=1), since=None)
        found: Counter[int] = Counter()
        for source, question, sign in ((stock, asked, 1), (stock, evening, -1), *self._parts(asked)):
            rows = source.facts(question).filter(project__in=among).values("project_id")
            for row in rows.annotate(sum=Sum(source.amount)).order_by():
                found[row["project_id"]] += row["sum"] * sign
        return {project: amount for project, amount in found.items() if amount}

    def _parts(self, asked: Asked) -> list[tuple[Stock | Flow, Asked, int]]:
        return [(_source(code), asked, -sign) for code, sign in PARTS[self.code]]

    def moves(self, before: Asked, after: Asked) -> list[Move]:
        return by_record(self, before, after, key="code")


def _source(code: str) -> Any:
    """A stock or a flow of the register."""
    return BY_CODE[code].source


def _classed_anew(asked: Asked) -> Any:
    """Projects of which a class or an investor begins or ends in the period."""
    days = (asked.start, asked.on)
    turns = Q(starts_on__range=days) | Q(ended_on__range=days)
    classed, shares = (
        rows.objects.as_known(asked.known).filter(turns).values("project") for rows in (Classification, Contribution)
    )
    return Project.objects.filter(Q(pk__in=classed) | Q(pk__in=shares)).values("pk")


INDICATORS = tuple(
    Indicator(
        f"{MOVED}{code}", _("Chuyển phân loại"),
        _("Phần tăng, giảm do dự án chuyển khu, ngành, nguồn vốn hoặc nước của nhà đầu tư trong kỳ, không đổi vốn."),
        BY_CODE[code].unit, Moved(code), is_flow=True, filters=BY_CODE[code].filters,
    )
    for code in PARTS
)  # fmt: skip
