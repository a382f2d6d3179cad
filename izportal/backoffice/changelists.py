"""Lists with very many rows: counted once, in order by their keys alone, and narrowed by days that an index finds."""

import calendar
import hashlib
from collections.abc import Iterator
from datetime import MAXYEAR, date, datetime, timedelta
from typing import Any

from django.contrib.admin.templatetags.admin_list import date_hierarchy
from django.contrib.admin.views.main import ChangeList
from django.core.cache import caches
from django.core.exceptions import EmptyResultSet
from django.core.paginator import Paginator
from django.utils import timezone
from django.utils.functional import cached_property

from izportal.kept_pages import CACHE, SECONDS

# So many rows are looked at one by one sooner than by their days.
FEW = 2_000
MOST_YEARS = 60


class KeptCount(Paginator):
    """Rows are counted anew only after a write to what they are read from, of which `version` tells: it is read before
    they are counted, so that no number is older than what it is kept under."""

    def __init__(self, *args: Any, version: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.version = version

    @cached_property
    def count(self) -> int:
        try:
            asked = self.object_list.order_by().query.sql_with_params()
        except EmptyResultSet:
            return 0
        key = hashlib.sha256(repr((self.version, asked)).encode()).hexdigest()
        return caches[CACHE].get_or_set(f"rows-counted:{key}", self.object_list.count, SECONDS) or 0


class RowList(ChangeList):
    """Only the rows of the page are read in full: what lies before it is passed by its keys."""

    def get_results(self, request):
        super().get_results(request)
        self.show_admin_actions = self.result_count > 0
        if self.multi_page and not (self.show_all and self.can_show_all):
            self.result_list = self._in_full(request, self.result_list.values("pk"))

    def _in_full(self, request, keys):
        rows = self.apply_select_related(self.root_queryset.filter(pk__in=keys))
        return rows.order_by(*self.get_ordering(request, rows))


def days_of(found: ChangeList) -> dict[str, Any] | None:
    """What the library's line of years, months and days shows: of few rows those that they have."""
    if found.date_hierarchy and found.result_count > FEW and _is_indexed(found):
        days: Any = Days(found)
        return date_hierarchy(days if days.are_few else found)
    return date_hierarchy(found)


def _is_indexed(found: ChangeList) -> bool:
    name = found.date_hierarchy
    firsts = {index.fields[0].lstrip("-") for index in found.model._meta.indexes if index.fields}
    return name in firsts or any(field.name == name and field.db_index for field in found.model._meta.fields)


class Days:
    """Stands for a list where the library asks for its days: those between the first and the last, which an index
    tells; whether each holds a row would be a question to all of them."""

    def __init__(self, found: ChangeList):
        self.date_hierarchy, self.model, self.params = found.date_hierarchy, found.model, found.params
        self.get_query_string, self.queryset = found.get_query_string, self
        dated = found.queryset.filter(**{f"{self.date_hierarchy}__isnull": False})
        days = dated.values_list(self.date_hierarchy, flat=True)
        self.ends = [days.order_by(order).first() for order in (self.date_hierarchy, f"-{self.date_hierarchy}")]

    @property
    def are_few(self) -> bool:
        first, last = self.ends
        return bool(first) and last.year < MAXYEAR and last.year - first.year <= MOST_YEARS

    def aggregate(self, **_ends: Any) -> dict[str, Any]:
        return dict(zip(("first", "last"), self.ends, strict=True))

    def dates(self, _name: str, kind: str) -> list[date]:
        return list(_begins(kind, *map(_day, self.ends)))

    datetimes = dates


def _day(moment: Any) -> date:
    return timezone.localdate(moment) if isinstance(moment, datetime) else moment


def _begins(kind: str, first: date, last: date) -> Iterator[date]:
    """The first day of each year, month or day."""
    begin = first.replace(**{"year": {"month": 1, "day": 1}, "month": {"day": 1}, "day": {}}[kind])
    while begin <= last:
        yield begin
        length = calendar.monthrange(begin.year, begin.month)[1] if kind == "month" else 1
        begin = begin.replace(year=begin.year + 1) if kind == "year" else begin + timedelta(days=length)
