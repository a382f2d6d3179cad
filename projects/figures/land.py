"""The indicators of industrial land: its balance and occupancy, plot by plot, and what is asked about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, QuerySet, Value
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from izportal.indicators import ZONE, Amount, Asked, Column, Indicator, Move, Row, by_record
from izportal.templatetags.figures import HECTARES, HECTARES_OF_M2, PERCENT, PIECES
from projects.figures.facts import in_words
from projects.models import Tenure
from zones import balance, landlist
from zones.models import Enquiry, Zone, ZoneArea

# The parts of the balance (`zones/balance.py`) and what they are called.
PARTS = {
    "leased_m2": _("Đã cho thuê"), "reserved_m2": _("Giữ chỗ"), "free_m2": _("Còn trống"),
    "coming_m2": _("Chưa sẵn sàng"), "unconfirmed_m2": _("Chờ xác nhận lại"),
}  # fmt: skip
ALL = tuple(PARTS)
OF_PLOTS = _(
    "Lô đất công nghiệp đã công bố trong cổng, theo danh mục và diện tích ghi đến ngày tính; trước lần ghi đầu của "
    "một lô thì lấy theo lần ghi đầu."
)


def plot_page(row: Row, user: Any) -> str:
    return reverse("zones:plot_detail", args=[row["code"]])


@dataclass(frozen=True)
class Plots:
    """Published plots of industrial land by the part of the balance they fall in; `amount` is the area of those in
    `parts` (or one for each), `base` that of all."""

    parts: tuple[str, ...] = ALL
    is_ratio: bool = False
    is_count: bool = False
    without_tenure: bool = False

    @property
    def columns(self) -> tuple[Column, ...]:
        head = _("Số lô") if self.is_count else _("m²")
        last = (Column("amount", head, "area"), *([Column("base", _("Tổng m²"), "area")] if self.is_ratio else []))
        return (
            Column("code", _("Lô"), link=plot_page),
            Column("zone", _("Khu")),
            Column("part", _("Tình trạng")),
            *last,
        )

    def rows(self, asked: Asked) -> list[dict[str, Any]]:
        names = {zone.pk: zone for zone in Zone.objects.all() if asked.zone in ("", zone.slug)}
        found = [self._told(row, names[row.zone]) for row in self._plots(asked) if row.zone in names]
        found.sort(key=lambda row: (row["position"], row["code"]))
        return [row for row in found if self.is_ratio or row["amount"]]

    def _plots(self, asked: Asked) -> Iterable[landlist.Listed]:
        plots = self._listed(asked)
        if not self.without_tenure:
            return plots
        held = Tenure.objects.standing(on=asked.on, known=asked.known).order_by()
        taken = set(held.values_list("plot__code", flat=True))
        return [row for row in plots if row.code not in taken]

    @staticmethod
    def _listed(asked: Asked) -> Iterable[landlist.Listed]:
        if landlist.is_past(asked.on, asked.known):
            return landlist.listed(on=asked.on, known=asked.known, sample=asked.is_sample)
        rows = balance.counted(sample=asked.is_sample).with_offer(on=asked.on).order_by()
        told = rows.values_list("code", "zone", "area_m2", "status", "is_offered")
        return [landlist.Listed(*row) for row in told]

    def _told(self, row: landlist.Listed, zone: Zone) -> dict[str, Any]:
        part = balance.part_of(row.status, row.is_offered)
        counts = part in self.parts
        amount = (1 if self.is_count else row.area_m2) if counts else 0
        return {
            "code": row.code, "zone": zone.short_name, "part": str(PARTS[part]), "amount": amount,
            "base": row.area_m2, "position": zone.position,
        }  # fmt: skip

    def value(self, asked: Asked) -> Amount:
        rows = self.rows(asked)
        amount, base = sum(row["amount"] for row in rows), sum(row["base"] for row in rows)
        if not self.is_ratio:
            return amount
        return amount * Decimal(100) / base if base else None

    def moves(self, before: Asked, after: Asked) -> list[Move]:
        return by_record(self, before, after, key="code")


def of_balance(row: balance.Balance) -> dict[str, Amount]:
    """Indicator → its value, from a balance that has been read."""
    return {
        **{f"land_{part}": getattr(row, part) for part in PARTS}, "land_total_m2": row.total_m2,
        "occupancy_percent": row.occupancy,
    }  # fmt: skip


@dataclass(frozen=True)
class Zones:
    """The industrial zones of the portal."""

    columns = (
        Column("code", _("Mã khu")),
        Column("words", _("Khu công nghiệp"), link=lambda row, user: reverse("zones:zone_detail", args=[row["slug"]])),
        Column("amount", _("Số khu"), "number"),
    )

    def rows(self, asked: Asked) -> QuerySet:
        rows = Zone.objects.filter(slug=asked.zone) if asked.zone else Zone.objects.all()
        told = rows.annotate(words=in_words("name"), amount=Value(1)).order_by("position", "code")
        return told.values("code", "slug", "amount", "words")

    def value(self, asked: Asked) -> Amount:
        return self.rows(asked).count()

    def moves(self, before: Asked, after: Asked) -> list[Move]:
        return by_record(self, before, after, key="code")


@dataclass(frozen=True)
class StatedAreas:
    """The areas of the zones in the list that the board has stated."""

    columns = (
        Column("code", _("Mã khu")),
        Column("words", _("Khu công nghiệp"), link=lambda row, user: reverse("zones:zone_detail", args=[row["slug"]])),
        Column("decision", _("Văn bản")),
        Column("amount", "ha", "area"),
    )

    def rows(self, asked: Asked) -> QuerySet:
        rows = ZoneArea.objects.as_known(asked.known).filter(is_stated=True)
        rows = rows.filter(zone__slug=asked.zone) if asked.zone else rows
        told = rows.order_by("zone__position", "zone__code").annotate(
            code=F("zone__code"), slug=F("zone__slug"), words=in_words("zone__name"), amount=F("area_ha")
        )
        return told.values("code", "slug", "decision", "amount", "words")

    def value(self, asked: Asked) -> Amount:
        return sum((row["amount"] for row in self.rows(asked)), Decimal(0))

    def moves(self, before: Asked, after: Asked) -> list[Move]:
        return by_record(self, before, after, key="code")


@dataclass(frozen=True)
class Enquiries:
    """Enquiries about land, by the day of a stamp; nothing is told of who asks."""

    stamp: str

    columns = (
        Column("day", _("Ngày"), "date"),
        Column("zone_name", _("Khu")),
        Column("amount", _("Số yêu cầu"), "number"),
    )

    def rows(self, asked: Asked) -> QuerySet:
        """One line for each day and zone, so that no single enquiry stands out by its moment."""
        start, end = _moments(asked)
        rows = Enquiry.objects.filter(is_sample=asked.is_sample, **{f"{self.stamp}__range": (start, end)})
        rows = rows.filter(zone__slug=asked.zone) if asked.zone else rows
        told = rows.order_by().annotate(day=TruncDate(self.stamp)).values("day", zone_code=F("zone__code"))
        return told.annotate(zone_name=in_words("zone__short_name"), amount=Count("pk")).order_by("day", "zone_code")

    def value(self, asked: Asked) -> Amount:
        return sum(row["amount"] for row in self.rows(asked))

    def moves(self, before: Asked, after: Asked) -> list[Move]:
        return by_record(self, before, after, key="day")


def _moments(asked: Asked) -> tuple[datetime, datetime]:
    """The period as moments; what came after the moment known is left out."""
    start, end = (
        timezone.make_aware(datetime.combine(day, time.min)) for day in (asked.start, asked.on + timedelta(days=1))
    )
    last = end - timedelta(microseconds=1)
    return start, min(last, asked.known) if asked.known else last


def _plots(code: str, title: Any, text: Any, source: Plots, unit: Any = HECTARES_OF_M2, **options: Any) -> Indicator:
    return Indicator(code, title, text, unit, source, owner="moi-truong", base=OF_PLOTS, filters=(ZONE,), **options)


LAND = (
    _plots("land_total_m2", _("Tổng diện tích lô đất công nghiệp"), _("Tổng diện tích các lô."), Plots()),
    _plots("land_leased_m2", _("Đất đã cho thuê"), _("Diện tích các lô đã cho thuê."), Plots(("leased_m2",))),
    _plots("land_reserved_m2", _("Đất đang giữ chỗ"), _("Diện tích các lô đang giữ chỗ."), Plots(("reserved_m2",))),
    _plots("land_free_m2", _("Đất còn trống"), _("Diện tích các lô còn trống, đã được xác nhận gần đây."),
           Plots(("free_m2",))),
    _plots("land_coming_m2", _("Đất chưa sẵn sàng"), _("Diện tích các lô chưa cho thuê được hoặc chưa có ghi nhận."),
           Plots(("coming_m2",))),
    _plots("land_unconfirmed_m2", _("Đất chờ xác nhận lại"),
           _("Diện tích các lô ghi là trống nhưng đã lâu chưa ai xác nhận."), Plots(("unconfirmed_m2",))),
    _plots("occupancy_percent", _("Tỷ lệ lấp đầy"),
           _("Diện tích lô đã cho thuê chia cho tổng diện tích lô; lô giữ chỗ không tính là đã cho thuê."),
           Plots(("leased_m2",), is_ratio=True), PERCENT, per=Decimal(100)),
    _plots("stale_listings", _("Lô trống chờ xác nhận lại"), _("Lô ghi là trống nhưng đã lâu chưa ai xác nhận."),
           Plots(("unconfirmed_m2",), is_count=True), PIECES),
    _plots("plots_without_projects", _("Lô đã thuê chưa có giấy chứng nhận trong sổ"),
           _("Lô ghi là đã cho thuê mà không dự án nào trong sổ đang thuê."),
           Plots(("leased_m2",), is_count=True, without_tenure=True), PIECES),
)  # fmt: skip

INDICATORS = (
    *LAND,
    Indicator("zones", _("Khu công nghiệp"), _("Các khu công nghiệp có trong cổng hiện nay."), PIECES, Zones(),
              owner="quy-hoach-xay-dung", filters=(ZONE,), is_of_today=True),
    Indicator("area_ha", _("Diện tích các khu theo danh mục"),
              _("Diện tích các khu trong danh mục mà Ban đã công bố; các quyết định về sau xem ở trang từng khu."),
              HECTARES, StatedAreas(), owner="quy-hoach-xay-dung", filters=(ZONE,)),
    Indicator("enquiries_received", _("Yêu cầu về đất nhận được"), _("Yêu cầu gửi qua cổng trong kỳ."), PIECES,
              Enquiries("asked_at"), filters=(ZONE,), is_flow=True),
    Indicator("enquiries_answered", _("Yêu cầu về đất đã trả lời"), _("Yêu cầu được Ban trả lời lần đầu trong kỳ."),
              PIECES, Enquiries("answered_at"), filters=(ZONE,), is_flow=True),
)  # fmt: skip
