"""The indicators of the counter, over its record: dossiers with a mark in a period, and the catalogue. Nothing tells
who filed a dossier; whoever may read it finds it by the list of the record."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import F, QuerySet, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from izportal.indicators import Amount, Asked, Column, Indicator, Move, Row, by_record
from izportal.models import CalendarDay
from izportal.templatetags.figures import PERCENT, PIECES
from onestop import record
from onestop.lives import Life
from onestop.models import Dossier, Procedure
from onestop.periods import Period

OWNER = "van-phong"


def record_of(asked: Asked) -> record.Record:
    """The counter's record of the period of a question, as it stood at its end or at the moment known."""
    end = timezone.make_aware(datetime.combine(asked.on + timedelta(days=1), time.min)) - timedelta(microseconds=1)
    at = min(end, asked.known) if asked.known else end
    period = Period(asked.start, asked.on)
    return record.of(period, at=at, calendar=CalendarDay.calendar(), is_sample=asked.is_sample)


@dataclass(frozen=True)
class Marked:
    """Dossiers with a mark; as a share of those with another where `among` names it."""

    mark: str
    among: str = ""

    @property
    def columns(self) -> tuple[Column, ...]:
        last = [Column("base", record.MARKS[self.among].label, "number")] if self.among else []
        return (
            Column("procedure", _("Thủ tục"), link=procedure_page),
            Column("month", _("Tháng tiếp nhận")),
            Column("channel", _("Kênh nộp")),
            Column("amount", record.MARKS[self.mark].label, "number"),
            *last,
        )

    def value(self, asked: Asked) -> Amount:
        return self.of(record_of(asked))

    def of(self, found: record.Record) -> Amount:
        counts = found.total.counts
        if not self.among:
            return counts[self.mark]
        return Decimal(100 * counts[self.mark]) / counts[self.among] if counts[self.among] else None

    def rows(self, asked: Asked) -> list[dict[str, Any]]:
        """Dossiers that are alike in what is told of them stand in one line."""
        codes = dict(Procedure.objects.values_list("pk", "code"))
        told: dict[tuple[str, str, str], list[int]] = {}
        for life in record_of(asked).lives:
            if (self.among or self.mark) in life.marks:
                sums = told.setdefault(_alike(life, codes), [0, 0])
                sums[0] += life.count * (self.mark in life.marks)
                sums[1] += life.count
        names = ("procedure", "month", "channel", "amount", "base")
        return [{**dict(zip(names, (*key, *sums), strict=True)), "key": key} for key, sums in sorted(told.items())]

    def moves(self, before: Asked, after: Asked) -> list[Move]:
        return by_record(self, before, after, key="key")


def _alike(life: Life, codes: dict[int, str]) -> tuple[str, str, str]:
    month = f"{life.month // 12:04d}-{life.month % 12 + 1:02d}" if life.received_at else ""
    return codes[life.procedure], month, str(Dossier.Channel(life.channel).label)


def procedure_page(row: Row, user: Any) -> str:
    return reverse("onestop:procedure_detail", args=[row["procedure"]])


@dataclass(frozen=True)
class Catalogue:
    """The procedures that the board settles."""

    columns = (
        Column("procedure", _("Mã thủ tục"), link=procedure_page),
        Column("words", _("Tên thủ tục")),
        Column("amount", _("Số thủ tục"), "number"),
    )

    def rows(self, asked: Asked) -> QuerySet:
        words = F("name_vi") if get_language() == "vi" else F("name_en")
        told = Procedure.objects.annotate(procedure=F("code"), words=words, amount=Value(1)).order_by("number")
        return told.values("procedure", "words", "amount")

    def value(self, asked: Asked) -> Amount:
        return Procedure.objects.count()

    def moves(self, before: Asked, after: Asked) -> list[Move]:
        return by_record(self, before, after, key="procedure")


def _marked(code: str, title: Any, mark: str) -> Indicator:
    return Indicator(
        code, title, record.MARKS[mark].meaning, PIECES, Marked(mark), owner=OWNER, is_flow=True, filters=()
    )


RECORD = (
    _marked("dossiers_new", _("Hồ sơ tiếp nhận trong kỳ"), "new"),
    _marked("dossiers_carried", _("Hồ sơ từ kỳ trước chuyển sang"), "carried"),
    _marked("dossiers_settled", _("Hồ sơ đã giải quyết"), "settled"),
    _marked("dossiers_late", _("Hồ sơ giải quyết quá hạn"), "late"),
    _marked("dossiers_refused", _("Hồ sơ bị từ chối"), "refused"),
    _marked("dossiers_in_work", _("Hồ sơ đang giải quyết cuối kỳ"), "in_work"),
    _marked("dossiers_in_work_late", _("Hồ sơ đang giải quyết đã quá hạn"), "in_work_late"),
    _marked("dossiers_paused", _("Hồ sơ tạm dừng cuối kỳ"), "paused"),
    Indicator(
        "dossiers_kept_percent", _("Tỷ lệ đúng hẹn lần đầu"), record.MARKS["kept_first"].meaning, PERCENT,
        Marked("kept_first", among="settled"), owner=OWNER, base=_("Trên số hồ sơ đã giải quyết trong kỳ."),
        per=Decimal(100), is_flow=True, filters=(),
    ),
)  # fmt: skip

INDICATORS = (
    Indicator(
        "procedures", _("Thủ tục hành chính"), _("Thủ tục hành chính Ban giải quyết, theo danh mục hiện nay."), PIECES,
        Catalogue(), owner=OWNER, is_of_today=True, filters=(),
    ),
    *RECORD,
)  # fmt: skip
