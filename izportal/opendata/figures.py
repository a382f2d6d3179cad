"""The published figures as rows: each indicator of the registry for one question, whole and zone by zone."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from izportal.indicators import Asked, Indicator, Number
from izportal.opendata.asking import Question
from izportal.opendata.columns import BOOLEAN, DATE, INTEGER, NUMBER, Column
from izportal.opendata.resources import ForeignKey, Resource, Rows, by_paths
from izportal.statistics import overview, registry, sections
from projects import figures
from projects.figures.register import INDICATORS as OF_REGISTER
from zones.models import Zone

# The last word of an indicator's code tells what it is counted in.
UNITS = {"usd": "USD", "vnd": "VND", "m2": "m2", "ha": "ha", "percent": "percent", "years": "year"}
COUNT = "count"
PLACES = 4

COLUMNS = (
    Column("indicator", "indicator", _("Mã chỉ tiêu"), is_required=True),
    Column("zone", "zone", _("Mã khu"), note=_("Mã trong tập zones; trống là tất cả các khu.")),
    Column("code", "code", _("Mã dòng"), note=_("Mã chỉ tiêu, dấu chấm, mã khu nếu có."), is_required=True),
    Column("title_vi", "title_vi", _("Tên chỉ tiêu"), is_required=True),
    Column("title_en", "title_en", _("Tên chỉ tiêu, tiếng Anh"), is_required=True),
    Column(
        "value", "value", _("Giá trị"), NUMBER,
        note=_("Theo đơn vị gốc (USD, VND, m2…), làm tròn đến 4 chữ số thập phân; trống là chưa có."),
    ),
    Column("unit", "unit", _("Đơn vị"), choices=[(unit, unit) for unit in (COUNT, *UNITS.values())], is_required=True),
    Column("is_flow", "is_flow", _("Là số của một kỳ"), BOOLEAN, is_required=True),
    Column("since", "since", _("Kỳ bắt đầu từ ngày"), DATE, note=_("Chỉ ghi cho số của một kỳ.")),
    Column("as_of", "as_of", _("Tính đến hết ngày"), DATE, is_required=True),
    Column("version", "version", _("Phiên bản định nghĩa"), INTEGER, least=1, is_required=True),
    Column("is_sample", "is_sample", _("Dữ liệu minh họa"), BOOLEAN, is_required=True),
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    number: Number
    zone: str = ""

    @property
    def indicator(self) -> str:
        return self.number.indicator.code

    @property
    def code(self) -> str:
        return f"{self.indicator}.{self.zone}" if self.zone else self.indicator

    @property
    def title_vi(self) -> str:
        return self._title("vi")

    @property
    def title_en(self) -> str:
        return self._title("en")

    def _title(self, language: str) -> str:
        with translation.override(language):
            return str(self.number.indicator.title)

    @property
    def value(self) -> Decimal | None:
        return None if self.number.value is None else round(Decimal(self.number.value), PLACES)

    @property
    def unit(self) -> str:
        return UNITS.get(self.indicator.rpartition("_")[2], COUNT)

    @property
    def is_flow(self) -> bool:
        return self.number.indicator.is_flow

    @property
    def since(self) -> object:
        return self.number.asked.since

    @property
    def as_of(self) -> object:
        return self.number.asked.on

    @property
    def version(self) -> int:
        return self.number.indicator.version

    @property
    def is_sample(self) -> bool:
        return self.number.asked.is_sample


def statistics(question: Question) -> Rows:
    """Every figure; those of the register for each zone too. A figure that is read from today's rows only has none of
    a day gone by."""
    asked = question.of_figures(is_sample=figures.counts_sample())
    lines = [] if question.zone else list(_whole(question, asked))
    return Rows([*lines, *_by_zone(question, asked)], by_paths(COLUMNS))


def _whole(question: Question, asked: Asked) -> Iterator[Line]:
    number = sections.asker(overview.of(asked), [])
    for indicator in _answering(question):
        yield Line(indicator.number(asked, number(indicator.code).value))


def _answering(question: Question) -> list[Indicator]:
    is_of_now = question.is_of_today and not question.known
    return [row for row in registry.INDICATORS.values() if is_of_now or not row.is_of_today]


def _size(question: Question) -> int:
    return len(_answering(question)) + Zone.objects.count() * len(OF_REGISTER)


def _by_zone(question: Question, asked: Asked) -> Iterator[Line]:
    codes = {zone.slug: zone.code for zone in Zone.objects.all()}
    for group in overview.of(asked).zones:
        if question.zone in ("", codes[group.key]):
            yield from (Line(group[indicator.code], codes[group.key]) for indicator in OF_REGISTER)


def one(code: str, question: Question) -> Rows:
    """One figure, narrowed to a zone and to an origin where it takes them; raises 404 for another word."""
    indicator = registry.or_404(code)
    slug = Zone.objects.filter(code=question.zone).values_list("slug", flat=True).first() if question.zone else ""
    asked = question.of_figures(is_sample=figures.counts_sample()).of(zone=slug or "", origin=question.origin)
    number = indicator.ask(asked)
    return Rows([Line(number, question.zone if number.asked.zone else "")], by_paths(COLUMNS))


RESOURCES = (
    Resource(
        "statistics", _("Số liệu thống kê"),
        _("Mọi chỉ tiêu của trang Số liệu, tính đến một ngày; chỉ tiêu của sổ dự án có cả dòng của từng khu."),
        _("Đúng đến hết ngày tính, theo sổ đã ghi đến thời điểm hỏi; chỉ tiêu chỉ có số hiện nay thì không có dòng "
          "của ngày đã qua."),
        COLUMNS, statistics, None, takes=("as_of", "as_known", "since", "data", "zone"),
        links=(ForeignKey("zone", "zones", "code"),), is_tracked=False, page="statistics", size=_size,
        rhythm=_("Tính khi hỏi. Số đã công bố mà sau đó thay đổi được kể ở trang Số liệu đã thay đổi."),
    ),
)  # fmt: skip
