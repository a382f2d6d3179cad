"""The counter's record: of the dossiers of a period, how many came in, were settled, and kept which promise.

A figure is the number of dossiers with a mark (`lives`), so that the list behind it is as long as itself. What each
mark means stands in `MARKS`, in the words that the public reads. Sources: NĐ 61/2018 Art 19 (time limits, refusal in
time, apology); the progress table used for QĐ 766/QĐ-TTg, whose columns count a withdrawn dossier as settled and a
stopped one as paused; Civil Code 2015 Arts 147-148 for days.

Received = carried over + new = settled + withdrawn + stopped + in work + paused, in every period. Results corrected or
revoked stand beside this sum: they may have been given long before.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from functools import cached_property
from itertools import accumulate
from typing import Any

from django.core.cache import cache
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from izportal.models import Rule
from izportal.workdays import Calendar
from onestop import durations, lives
from onestop.lives import Life
from onestop.models import Dossier, Procedure
from onestop.periods import Period

# Seconds for which what was counted is told.
QUARTER = 15 * 60
# Of a month with many dossiers so many are read at a time.
CHUNK = 500


@dataclass(frozen=True)
class Mark:
    label: Lazy
    meaning: Lazy


MARKS = {
    "received": Mark(_("Tiếp nhận"), _("Chuyển từ kỳ trước và tiếp nhận trong kỳ, cộng lại.")),
    "carried": Mark(_("Từ kỳ trước"), _("Đã tiếp nhận trước kỳ, đến đầu kỳ chưa giải quyết xong.")),
    "new": Mark(_("Trong kỳ"), _("Được cấp Giấy tiếp nhận và hẹn trả kết quả (Mẫu 01) trong kỳ.")),
    "online": Mark(_("Trực tuyến"), _("Tiếp nhận trong kỳ, nộp tại cổng này hoặc Cổng Dịch vụ công quốc gia.")),
    "here": Mark(_("Tại cổng này"), _("Tiếp nhận trong kỳ, nộp trực tuyến tại cổng này.")),
    "national": Mark(_("Cổng quốc gia"), _("Tiếp nhận trong kỳ, nộp tại Cổng Dịch vụ công quốc gia.")),
    "counter": Mark(_("Tại quầy"), _("Tiếp nhận trong kỳ, nộp tại Bộ phận Một cửa.")),
    "post": Mark(_("Bưu chính"), _("Tiếp nhận trong kỳ, gửi qua bưu chính.")),
    "settled": Mark(_("Đã giải quyết"), _("Có kết quả trong kỳ: cấp hoặc từ chối bằng văn bản.")),
    "early": Mark(_("Trước hạn"), _("Có kết quả trước ngày hẹn hiện hành ít nhất một ngày.")),
    "on_time": Mark(_("Đúng hạn"), _("Có kết quả trong ngày hẹn hiện hành, không muộn hơn giờ hẹn.")),
    "late": Mark(_("Quá hạn"), _("Có kết quả sau ngày giờ hẹn hiện hành.")),
    "kept": Mark(_("Đúng hẹn hiện hành"), _("Có kết quả không muộn hơn lần hẹn cuối cùng.")),
    "kept_first": Mark(
        _("Đúng hẹn lần đầu"),
        _("Có kết quả không muộn hơn ngày hẹn trên Giấy tiếp nhận, kể cả khi sau đó hẹn lại hoặc chờ bổ sung."),
    ),
    "promised_anew": Mark(_("Đã đổi ngày hẹn"), _("Có kết quả trong kỳ, ngày hẹn cuối khác ngày hẹn đầu.")),
    "refused": Mark(_("Từ chối giải quyết"), _("Có kết quả trong kỳ là văn bản từ chối, nêu lý do.")),
    "withdrawn": Mark(_("Rút hồ sơ"), _("Người nộp rút trong kỳ, sau khi đã được tiếp nhận.")),
    "stopped": Mark(_("Dừng giải quyết"), _("Dừng trong kỳ, sau khi đã được tiếp nhận.")),
    "in_work": Mark(_("Đang giải quyết"), _("Cuối kỳ chưa có kết quả và không tạm dừng.")),
    "in_work_in_time": Mark(_("Đang giải quyết, trong hạn"), _("Cuối kỳ chưa quá ngày hẹn hiện hành.")),
    "in_work_late": Mark(_("Đang giải quyết, quá hạn"), _("Cuối kỳ đã quá ngày hẹn hiện hành.")),
    "paused": Mark(_("Tạm dừng"), _("Cuối kỳ đang chờ người nộp bổ sung hồ sơ hoặc nộp phí, lệ phí.")),
    "paused_in_time": Mark(_("Tạm dừng, trong hạn"), _("Khi bắt đầu tạm dừng chưa quá ngày hẹn.")),
    "paused_late": Mark(_("Tạm dừng, quá hạn"), _("Khi bắt đầu tạm dừng đã quá ngày hẹn.")),
    "asked": Mark(
        _("Có yêu cầu bổ sung"),
        _("Trong kỳ có phiếu yêu cầu bổ sung khi thẩm định (Mẫu 02); mỗi hồ sơ đếm một lần."),
    ),
    "beyond": Mark(
        _("Bổ sung quá số lần"),
        _("Trong kỳ có yêu cầu bổ sung vượt số lần thủ tục cho phép; mỗi hồ sơ đếm một lần."),
    ),
    "not_received": Mark(_("Không tiếp nhận"), _("Bị từ chối tiếp nhận trong kỳ (Mẫu 03), nêu lý do.")),
    "left_before": Mark(_("Rút, dừng trước tiếp nhận"), _("Kết thúc trong kỳ khi chưa được tiếp nhận.")),
    "corrected": Mark(
        _("Đính chính kết quả"),
        _("Trong kỳ có quyết định đính chính kết quả, kể cả kết quả cấp trước kỳ; mỗi hồ sơ đếm một lần."),
    ),
    "revoked": Mark(
        _("Thu hồi kết quả"), _("Trong kỳ có quyết định thu hồi, hủy bỏ kết quả, kể cả kết quả cấp trước kỳ.")
    ),
    # The columns of the progress table, where they differ from the words above.
    "closed": Mark(_("Đã giải quyết (9, 10, 7)"), _("Có kết quả hoặc được rút trong kỳ.")),
    "closed_early": Mark(_("Đã giải quyết, trước hạn"), _("Có kết quả hoặc được rút trước ngày hẹn hiện hành.")),
    "closed_on_time": Mark(_("Đã giải quyết, đúng hạn"), _("Có kết quả hoặc được rút trong ngày hẹn hiện hành.")),
    "closed_late": Mark(_("Đã giải quyết, quá hạn"), _("Có kết quả hoặc được rút sau ngày giờ hẹn hiện hành.")),
    "held": Mark(_("Tạm dừng (5, 6, 8)"), _("Cuối kỳ đang tạm dừng, hoặc dừng giải quyết trong kỳ.")),
    "held_in_time": Mark(_("Tạm dừng hoặc dừng, trong hạn"), _("Khi bắt đầu tạm dừng hoặc dừng chưa quá ngày hẹn.")),
    "held_late": Mark(_("Tạm dừng hoặc dừng, quá hạn"), _("Khi bắt đầu tạm dừng hoặc dừng đã quá ngày hẹn.")),
}

# What happens on a day, and so belongs to a month; the other marks are true at the end of a period.
COMING = frozenset({"new", "online", "here", "national", "counter", "post"})
GOING = frozenset(
    {"settled", "early", "on_time", "late", "kept", "kept_first", "promised_anew", "refused", "withdrawn", "stopped"}
)


@dataclass(frozen=True)
class Tally:
    """Dossiers counted by their marks; `query` is what narrows the list to them. `happened` stands for the marks
    of the dossiers where only some of them belong here, each with the number of dossiers."""

    of: Any
    lives: list[Life]
    few: int
    query: dict[str, str] = field(default_factory=dict)
    happened: list[tuple[frozenset[str], int]] | None = None

    @cached_property
    def counts(self) -> Counter[str]:
        found: Counter[str] = Counter()
        told = [(life.marks, life.count) for life in self.lives] if self.happened is None else self.happened
        for marks, count in told:
            found.update(dict.fromkeys(marks, count))
        return found

    @property
    def first_rate(self) -> Decimal | None:
        """Percent of the settled ones that kept the promise on the receipt; None where none is settled."""
        return self._share("kept_first")

    @property
    def rate(self) -> Decimal | None:
        """The same against the last promise."""
        return self._share("kept")

    def _share(self, mark: str) -> Decimal | None:
        settled = self.counts["settled"]
        return Decimal(100 * self.counts[mark]) / settled if settled else None

    @cached_property
    def requests(self) -> int:
        """Requests to complete, of which a dossier may have had several."""
        return sum(life.requests for life in self.lives)

    @cached_property
    def requests_beyond(self) -> int:
        return sum(life.beyond for life in self.lives)

    @cached_property
    def spread(self) -> durations.Spread | None:
        """Working days of the settled ones; None where they are too few to say."""
        lengths: Counter[Decimal] = Counter()
        for life in self.lives:
            if life.days is not None:
                lengths[life.days] += life.count
        return durations.spread(lengths) if lengths.total() >= max(self.few, 1) else None


@dataclass(frozen=True)
class Record:
    """All dossiers that a period has to do with. `is_sample` while the portal holds invented ones only; `read` tells
    some of them one by one."""

    period: Period
    until: datetime
    few: int
    is_sample: bool
    lives: list[Life]
    read: Callable[..., list[Life]]
    query: dict[str, str] = field(default_factory=dict)

    @cached_property
    def total(self) -> Tally:
        return Tally(None, self.lives, self.few, {**self.period.query, **self.query})

    def by(self, name: str, groups: Iterable[tuple[Any, Any, str]]) -> list[Tally]:
        """A tally for each (value of the life's attribute `name`, what it is, word in the address)."""
        found: dict[Any, list[Life]] = {}
        for life in self.lives:
            found.setdefault(getattr(life, name), []).append(life)
        query = {**self.period.query, **self.query}
        return [Tally(of, found.get(value, []), self.few, {**query, name: word}) for value, of, word in groups]

    def months(self) -> list[Tally]:
        """What came in and what went out in each month; how many were open at its end these rows cannot tell."""
        months = {month.first.replace(day=1): month for month in self.period.months(self.until)}
        rows: dict[date, list[tuple[frozenset[str], int]]] = {day: [] for day in months}
        for life in self.lives:
            for moment, marks in ((life.received_at, COMING), (life.over_at, GOING)):
                if moment is not None and (happened := life.marks & marks):
                    rows[timezone.localdate(moment).replace(day=1)].append((happened, life.count))
        return [Tally(month, [], self.few, {**month.query, **self.query}, rows[day]) for day, month in months.items()]


def told(period: Period, *, at: datetime, calendar: Calendar, procedure: Procedure | None = None) -> Record:
    """The same as `of`, counted anew once in a quarter of an hour and told as of then (`until`); the dossiers that
    cannot be told apart are one life."""
    key = f"record:{period.first}:{period.last}:{procedure and procedure.pk}:{quarter(at)}"
    known = cache.get(key)
    if known is None:
        found = of(period, at=at, calendar=calendar, procedure=procedure)
        known = at, found.few, found.is_sample, lives.merged(found.lives)
        cache.set(key, known, QUARTER)
    return _record(period, *known, calendar=calendar, procedure=procedure)


def quarter(at: datetime) -> int:
    """Which quarter of an hour it is; each is one more than the last."""
    return int(at.timestamp()) // QUARTER


def of(
    period: Period, *, at: datetime, calendar: Calendar, procedure: Procedure | None = None,
    is_sample: bool | None = None,
) -> Record:  # fmt: skip
    """The record of a period, of one procedure or of all; eight questions, however many the dossiers. Whether invented
    ones are counted is settled by what there is (None), or by the caller."""
    rules = Rule.objects.texts(("few_dossiers",), on=timezone.localdate(at))
    few = int(rules.get("few_dossiers", durations.FEW))
    if is_sample is None:
        is_sample = not Dossier.objects.filter(is_sample=False).exists()
    found = lives.counted(_rows(is_sample, procedure), period, at=at, calendar=calendar)
    return _record(period, at, few, is_sample, found, calendar=calendar, procedure=procedure)


def _record(
    period: Period, at: datetime, few: int, is_sample: bool, found: list[Life], *, calendar: Calendar,
    procedure: Procedure | None,
) -> Record:  # fmt: skip
    def read(those: Q, most: int | None = None) -> list[Life]:
        return lives.read(_rows(is_sample, procedure).filter(those), period, at=at, calendar=calendar, most=most)

    query = {"procedure": procedure.code} if procedure is not None else {}
    return Record(period, period.until(at), few, is_sample, found, read, query)


def _rows(is_sample: bool, procedure: Procedure | None) -> QuerySet[Dossier]:
    rows = Dossier.objects.filter(is_sample=is_sample)
    return rows if procedure is None else rows.filter(procedure=procedure)


# A month, the newest first, and a procedure.
Heap = tuple[int, int]


class Listed:
    """The dossiers behind a figure: the newest month first, within a month in an order that tells nothing of the day.
    Only the months and procedures of a page are read."""

    def __init__(self, record: Record, admits: Callable[[Life], bool], *, chunk: int = CHUNK):
        self.record, self.admits, self.chunk = record, admits, chunk
        self.sizes: Counter[Heap] = Counter()
        for life in record.lives:
            if admits(life):
                self.sizes[_heap(life)] += life.count
        self.heaps = sorted(self.sizes)
        self.ends = list(accumulate(self.sizes[heap] for heap in self.heaps))

    def __len__(self) -> int:
        return self.ends[-1] if self.ends else 0

    def __getitem__(self, cut: slice) -> list[Life]:
        start, stop, _step = cut.indices(len(self))
        if start >= stop:
            return []
        first, last = bisect_right(self.ends, start), bisect_right(self.ends, stop - 1)
        before = self.ends[first - 1] if first else 0
        heaps = self.heaps[first : last + 1]
        small = self._small({heap for heap in heaps if self.sizes[heap] <= self.chunk})
        found: list[Life] = []
        for heap in heaps:
            found += small[heap] if heap in small else self._large(heap, stop - before - len(found))
        return found[start - before : stop - before]

    def _small(self, heaps: set[Heap]) -> dict[Heap, list[Life]]:
        """All of some heaps, in one reading."""
        found: dict[Heap, list[Life]] = {heap: [] for heap in heaps}
        for life in self.record.read(_of_heaps(heaps)) if heaps else ():
            if _heap(life) in heaps and self.admits(life):
                found[_heap(life)].append(life)
        return found

    def _large(self, heap: Heap, most: int) -> list[Life]:
        """The first of a heap, read some at a time."""
        found: list[Life] = []
        rest = _of_heaps({heap})
        while len(found) < most and (read := self.record.read(rest, self.chunk)):
            found += [life for life in read if _heap(life) == heap and self.admits(life)]
            rest &= Q(pk__gt=read[-1].pk)
        return found[:most]


def _heap(life: Life) -> Heap:
    return -life.month, life.procedure


def _of_heaps(heaps: Iterable[Heap]) -> Q:
    """Dossiers of these procedures and of all months from the first to the last of these."""
    months = [-month for month, _procedure in heaps]
    since, until = _first_moment(min(months)), _first_moment(max(months) + 1)
    received = Q(received_at__gte=since, received_at__lt=until)
    before = Q(received_at__isnull=True, ended_at__gte=since, ended_at__lt=until)
    return Q(procedure__in={procedure for _month, procedure in heaps}) & (received | before)


def _first_moment(month: int) -> datetime:
    return timezone.make_aware(datetime.combine(date(month // 12, month % 12 + 1, 1), time.min))
