"""The projects behind a stock, page by page. Which of them stand on a page is read from what is posted, one by one in
the order of an index, and only these are told: a page costs no sum over all changes."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery, Sum

from izportal.indicators import Asked, Row
from projects.figures import cells, posting
from projects.figures.facts import Stock, in_words
from projects.models import Posting, Project

# The columns by which an index orders the projects.
INDEXED = ("code", "certificate_on")
# So few are found faster among the postings than among the projects.
FEW = 200


@dataclass(frozen=True)
class InTurn:
    """What `Stock.rows` says in the order of a column, `-` before its key for the last first; `count` tells how many
    there are. Three queries for each part."""

    source: Stock
    asked: Asked
    count: int
    sort: str = ""

    def __getitem__(self, part: slice) -> list[Row]:
        stop = min(part.stop, self.count)
        if part.start >= stop:
            return []
        posting.level()
        shown = self._shown(part.start, stop)
        rows = {row["project_id"]: row for row in self.source.rows(self.asked).filter(project__in=shown)}
        return [rows[pk] for pk in shown if pk in rows]

    def _shown(self, start: int, stop: int) -> list[int]:
        """From the nearer end."""
        is_late = start > self.count // 2
        rows = self._in_order.reverse() if is_late else self._in_order
        shown = list(rows[self.count - stop : self.count - start] if is_late else rows[start:stop])
        return shown[::-1] if is_late else shown

    @property
    def _in_order(self) -> QuerySet:
        key = self.sort.removeprefix("-") or "code"
        if key not in INDEXED or self.count <= FEW:
            return self._summed(key)
        life = self._postings.filter(project=OuterRef("pk")).values("project").annotate(sum=Sum("life")).values("sum")
        standing = Project.objects.alias(life=Subquery(life)).filter(life=1)
        return standing.order_by(*self._order(F(key), F("code"))).values_list("pk", flat=True)

    def _summed(self, key: str) -> QuerySet:
        """All at once, by the sums of what is posted."""
        keys = {
            "code": F("project__code"), "name": in_words("project__name"), "zone": in_words("zone__short_name"),
            "sector": F("sector_id"), "source_of_capital": F("origin"), "certificate_on": F("project__certificate_on"),
            "amount": Sum(self.source.measure),
        }  # fmt: skip
        told = self._postings.values("project", "zone", "sector", "origin").annotate(alive=Sum("life"), key=keys[key])
        return (
            told.filter(alive=1).order_by(*self._order(F("key"), F("project__code"))).values_list("project", flat=True)
        )

    def _order(self, key: Any, code: Any) -> list[Any]:
        return [key.desc() if self.sort.startswith("-") else key.asc(), code.asc()]

    @property
    def _postings(self) -> QuerySet:
        asked = self.asked.of(origin=self.source.origin or self.asked.origin)
        rows = Posting.objects.filter(*cells.narrowing(asked, is_each=False), day__lte=asked.on).order_by()
        return rows.filter(known_at__lte=asked.known) if asked.known else rows
