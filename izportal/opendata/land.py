"""Zones, their phases, and the plots that may be let: what their pages say of them."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Case, F, OuterRef, Subquery, When
from django.utils.translation import gettext_lazy as _

from izportal.models import Confidence
from izportal.opendata import versions
from izportal.opendata.asking import Question
from izportal.opendata.columns import BOOLEAN, DATE, INTEGER, NUMBER, YEAR, Cells, Column
from izportal.opendata.resources import ForeignKey, Resource, Rows, by_paths, read, touched
from projects.models import Tenure
from zones import balance, factsheet
from zones.models import Availability, Phase, Plot, Zone
from zones.outlines import export

HA, M2 = "ha", "m²"
IN_ENGLISH = _("Bản tiếng Anh; trống là chưa có.")
ZONE_CODE = _("Mã của khu trong tập zones.")

ZONE_COLUMNS = (
    Column("code", "zone.code", _("Mã khu"), note=_("Mã dùng trong cổng; chưa có mã chính thức."), is_required=True),
    Column("slug", "zone.slug", _("Tên trong địa chỉ"), is_required=True),
    Column("name_vi", "zone.name_vi", _("Tên khu công nghiệp"), is_required=True),
    Column("name_en", "zone.name_en", _("Tên tiếng Anh"), note=IN_ENGLISH),
    Column("short_name", "zone.short_name_vi", _("Tên gọi ngắn")),
    Column("status", "zone.status", _("Tình trạng"), choices=Zone.Status.choices, is_required=True),
    Column("location_old_vi", "zone.location_old_vi", _("Địa điểm trước 01/7/2025")),
    Column("location_old_en", "zone.location_old_en", _("Địa điểm trước 01/7/2025, tiếng Anh"), note=IN_ENGLISH),
    Column("location_new_vi", "zone.location_new_vi", _("Địa điểm từ 01/7/2025")),
    Column("location_new_en", "zone.location_new_en", _("Địa điểm từ 01/7/2025, tiếng Anh"), note=IN_ENGLISH),
    Column(
        "location_new_confidence", "zone.location_new_confidence", _("Độ tin cậy của địa điểm mới"),
        choices=Confidence.choices,
    ),
    Column("developer_vi", "zone.developer_vi", _("Chủ đầu tư hạ tầng")),
    Column("developer_en", "zone.developer_en", _("Chủ đầu tư hạ tầng, tiếng Anh"), note=IN_ENGLISH),
    Column("established_on", "zone.established_on", _("Ngày thành lập"), DATE),
    Column("established_by", "zone.established_by", _("Quyết định thành lập")),
    Column("term_until", "zone.term_until", _("Thời hạn đến năm"), YEAR),
    Column(
        "stated_area_ha", "stated.area_ha", _("Diện tích theo danh mục đã công bố"), NUMBER, unit=HA, least=0,
        note=_("Số của danh mục sáu khu, tổng 1.420 ha."),
    ),
    Column(
        "area_ha", "latest.area_ha", _("Diện tích đang áp dụng"), NUMBER, unit=HA, least=0,
        note=_("Theo văn bản có ngày, mới nhất đến ngày tính; trống là chưa có văn bản có ngày."),
    ),
    Column("area_on", "latest.effective_on", _("Diện tích áp dụng từ ngày"), DATE),
    Column("area_decision", "latest.decision", _("Văn bản về diện tích")),
    Column("area_confidence", "latest.confidence", _("Độ tin cậy của diện tích"), choices=Confidence.choices),
    Column("latitude", "zone.latitude", _("Vĩ độ"), NUMBER, unit="°", note="WGS 84"),
    Column("longitude", "zone.longitude", _("Kinh độ"), NUMBER, unit="°", note="WGS 84"),
    Column("is_point_approximate", "zone.is_point_approximate", _("Vị trí gần đúng"), BOOLEAN),
    Column(
        "land_plots", "land.plots", _("Số lô đất công nghiệp đã công bố"), INTEGER, least=0,
        note=_("Các cột về quỹ đất tính trên các lô đất công nghiệp đã công bố."),
    ),
    Column("leased_ha", "land.leased_ha", _("Đã cho thuê"), NUMBER, unit=HA, least=0),
    Column("reserved_ha", "land.reserved_ha", _("Đang giữ chỗ"), NUMBER, unit=HA, least=0),
    Column("free_ha", "land.free_ha", _("Còn trống"), NUMBER, unit=HA, least=0),
    Column(
        "unconfirmed_ha", "land.unconfirmed_ha", _("Ghi còn trống nhưng lâu chưa xác nhận"), NUMBER, unit=HA, least=0
    ),
    Column("coming_ha", "land.coming_ha", _("Chưa cho thuê được"), NUMBER, unit=HA, least=0),
    Column(
        "occupancy_percent", "occupancy", _("Tỷ lệ lấp đầy"), NUMBER, unit="%", least=0, most=100,
        note=_("Đất đã cho thuê trên tổng diện tích các lô, làm tròn đến 4 chữ số thập phân."),
    ),
    Column("land_is_sample", "land_is_sample", _("Số quỹ đất là dữ liệu minh họa"), BOOLEAN),
)  # fmt: skip


class ZoneLine:
    """A zone with its areas and its land on the day asked."""

    def __init__(self, row: factsheet.ZoneRow, is_sample: bool):
        self.zone, self.stated, self.latest, self.land = row.zone, row.stated, row.latest, row.land
        self.land_is_sample = is_sample
        self.occupancy = None if row.land.occupancy is None else round(row.land.occupancy, 4)


def zones(question: Question) -> Rows:
    """A line for each zone; four questions to the database."""
    is_sample = question.is_sample(balance.counts_sample())
    balances = balance.by_zone(on=question.on, known=question.known, sample=is_sample)
    asked = {"code": question.code or question.zone, "status": question.status}
    rows = Zone.objects.filter(**{name: value for name, value in asked.items() if value})
    if question.updated_since:
        rows = rows.filter(code__in=touched("zones", question))
    found = factsheet.rows(rows, on=question.on, known=question.known, balances=balances)
    return Rows([ZoneLine(row, is_sample) for row in found], _with_boundaries)


def _with_boundaries(lines: Any) -> Iterator[Cells]:
    lines = list(lines)
    for line, cells in zip(lines, by_paths(ZONE_COLUMNS)(lines), strict=True):
        yield (*cells, export.boundary_of(line.zone.outline) or _point(line.zone))


def _point(zone: Zone) -> dict[str, Any] | None:
    if zone.latitude is None or zone.longitude is None:
        return None
    return {"type": "Point", "coordinates": [float(zone.longitude), float(zone.latitude)]}


# Phases -------------------------------------------------------------------------------------------
PHASE_COLUMNS = (
    Column("code", "code", _("Mã khu, giai đoạn"), note=_("Mã khu, dấu chấm, mã giai đoạn."), is_required=True),
    Column("zone", "zone.code", _("Mã khu"), note=ZONE_CODE, is_required=True),
    Column("name_vi", "name_vi", _("Tên khu, giai đoạn"), is_required=True),
    Column("name_en", "name_en", _("Tên tiếng Anh"), note=IN_ENGLISH),
    Column("area_ha", "area_ha", _("Diện tích"), NUMBER, unit=HA, least=0),
    Column("industrial_land_ha", "industrial_land_ha", _("Đất công nghiệp"), NUMBER, unit=HA, least=0),
    Column("developer_vi", "developer_vi", _("Chủ đầu tư hạ tầng")),
    Column("developer_en", "developer_en", _("Chủ đầu tư hạ tầng, tiếng Anh"), note=IN_ENGLISH),
    Column("decision", "decision", _("Quyết định")),
    Column("decided_on", "decided_on", _("Ngày quyết định"), DATE),
    Column("term_until", "term_until", _("Thời hạn đến năm"), YEAR),
    Column("confidence", "confidence", _("Độ tin cậy"), choices=Confidence.choices, is_required=True),
)


def phases(question: Question) -> Rows:
    """Those decided by the day asked, or of which no day is known."""
    rows = Phase.objects.select_related("zone").order_by("zone__position", "zone__code", "position", "slug")
    if question.zone:
        rows = rows.filter(zone__code=question.zone)
    found = [row for row in rows if row.decided_on is None or row.decided_on <= question.on]
    for row in found:
        row.code = phase_code(row.zone.code, row.slug)
    if question.updated_since:
        keys = set(touched("phases", question).values_list("key", flat=True))
        found = [row for row in found if row.code in keys]
    return Rows(found, by_paths(PHASE_COLUMNS))


def phase_code(zone: str, slug: str | None) -> str | None:
    return f"{zone}.{slug}" if slug else None


# Plots --------------------------------------------------------------------------------------------
PLOT_COLUMNS = (
    Column("code", "code", _("Mã lô"), is_required=True),
    Column("zone", "zone__code", _("Mã khu"), note=ZONE_CODE, is_required=True),
    Column("phase", "phase_then", _("Mã khu, giai đoạn"), note=_("Mã trong tập phases.")),
    Column("number", "number", _("Số lô"), is_required=True),
    Column("kind", "kind", _("Loại"), choices=Plot.Kind.choices, is_required=True),
    Column("area_m2", "area_m2", _("Diện tích"), NUMBER, unit=M2, least=0, is_required=True),
    Column(
        "status", "status", _("Tình trạng"), choices=Availability.Status.choices,
        note=_("Trống là chưa có tình trạng nào bắt đầu đến ngày tính."),
    ),
    Column("status_since", "status_since", _("Tình trạng từ ngày"), DATE),
    Column(
        "is_offered", "is_offered", _("Đang chào thuê"), BOOLEAN,
        note=_("Còn trống và đã được xác nhận trong thời hạn quy định."), is_required=True,
    ),
    Column(
        "project", "tenant", _("Dự án đang thuê"), note=_("Mã trong tập projects; trống là không có dự án nào."),
    ),
    Column("price", "price", _("Giá"), NUMBER, least=0, note=_("Trống là chưa công bố.")),
    Column("price_currency", "price_currency", _("Đơn vị tiền của giá"), choices=[("VND", "VND"), ("USD", "USD")]),
    Column("price_basis", "price_basis", _("Cách tính giá"), choices=Plot.PriceBasis.choices),
    Column("price_on", "price_on", _("Giá tính đến ngày"), DATE),
    Column("term_until", "term_until", _("Thời hạn đất đến năm"), YEAR),
    Column("power_kva", "power_kva", _("Điện tại hàng rào"), NUMBER, unit="kVA", least=0),
    Column("water_m3_day", "water_m3_day", _("Nước cấp"), NUMBER, unit=_("m³/ngày"), least=0),
    Column("wastewater_m3_day", "wastewater_m3_day", _("Nước thải tiếp nhận"), NUMBER, unit=_("m³/ngày"), least=0),
    Column("floor_load_t_m2", "floor_load_t_m2", _("Tải trọng nền"), NUMBER, unit=_("tấn/m²"), least=0),
    Column("clear_height_m", "clear_height_m", _("Chiều cao thông thủy"), NUMBER, unit="m", least=0),
    Column("building_coverage_percent", "building_coverage", _("Mật độ xây dựng tối đa"), NUMBER, unit="%", least=0,
           most=100),
    Column("description_vi", "description_vi", _("Mô tả")),
    Column("description_en", "description_en", _("Mô tả tiếng Anh"), note=IN_ENGLISH),
    Column("confirmed_on", "confirmed_on", _("Xác nhận lần cuối ngày"), DATE),
    Column("is_sample", "is_sample", _("Dữ liệu minh họa"), BOOLEAN, is_required=True),
)  # fmt: skip
PHASE, ZONE = 2, 1


def plots(question: Question) -> Rows:
    """The published plots; of a day gone by only those with a state that had begun."""
    is_sample = question.is_sample(balance.counts_sample())
    when = {"on": question.on, "known": question.known}
    held = Tenure.objects.standing(**when).filter(plot=OuterRef("pk"), project__is_sample=is_sample)
    rows = Plot.objects.published().filter(is_sample=is_sample).with_offer(**when)
    if not question.is_of_today or question.known:
        rows = rows.filter(status__isnull=False)
    asked = {
        "code": question.code, "zone__code": question.zone, "status": question.status, "kind": question.kind,
    }  # fmt: skip
    rows = rows.filter(**{name: value for name, value in asked.items() if value})
    if question.updated_since:
        rows = rows.filter(code__in=touched("plots", question))
    if question.after:
        rows = rows.filter(code__gt=question.after)
    # A phase that was decided later is not among those of the day.
    phase_then = Case(When(phase__decided_on__gt=question.on, then=None), default=F("phase__slug"))
    rows = rows.annotate(
        phase_then=phase_then, tenant=Subquery(held.order_by("id").values("project__code")[:1]), shape=F("outline")
    )
    query = rows.order_by("code").values_list(*(column.source for column in PLOT_COLUMNS), "shape")
    return Rows(query, _with_outlines)


def _with_outlines(query: Any) -> Iterator[Cells]:
    for cells in read(query):
        yield (
            *cells[:PHASE], phase_code(cells[ZONE], cells[PHASE]), *cells[PHASE + 1 : -1],
            export.outline_of(cells[-1]) if cells[-1] else None,
        )  # fmt: skip


NIGHTLY = _("Luôn theo sổ hiện hành; nhật ký thay đổi ghi mỗi đêm.")
RESOURCES = (
    Resource(
        "zones", _("Khu công nghiệp"),
        _("Các khu công nghiệp trong phạm vi quản lý của Ban: địa điểm, chủ đầu tư hạ tầng, diện tích, quỹ đất."),
        _("Diện tích và quỹ đất đúng đến hết ngày tính, theo sổ đã ghi đến thời điểm hỏi; tên, địa điểm như hiện "
          "nay."),
        ZONE_COLUMNS, zones, versions.of_land, takes=("as_of", "as_known", "data", "zone", "status", "updated_since"),
        has_shapes=True, rhythm=NIGHTLY, page="zones:zone_list",
    ),
    Resource(
        "phases", _("Khu, giai đoạn"),
        _("Các phần của khu công nghiệp có quyết định, diện tích hoặc chủ đầu tư hạ tầng riêng."),
        _("Các giai đoạn có quyết định đến hết ngày tính, hoặc chưa rõ ngày quyết định; nội dung như hiện nay."),
        PHASE_COLUMNS, phases, versions.of_land, takes=("as_of", "zone", "updated_since"),
        links=(ForeignKey("zone", "zones", "code"),), rhythm=NIGHTLY, page="zones:zone_list",
    ),
    Resource(
        "plots", _("Lô đất, nhà xưởng"),
        _("Các lô đất, nhà xưởng đã công bố: diện tích, tình trạng, giá, điện, nước."),
        _("Tình trạng, dự án đang thuê đúng đến hết ngày tính, theo sổ đã ghi đến thời điểm hỏi; nội dung khác như "
          "hiện nay."),
        PLOT_COLUMNS, plots, versions.of_plots,
        takes=("as_of", "as_known", "data", "zone", "status", "kind", "updated_since"),
        links=(ForeignKey("zone", "zones", "code"), ForeignKey("phase", "phases", "code"),
               ForeignKey("project", "projects", "code")),
        has_shapes=True, rhythm=NIGHTLY, page="zones:plot_list", is_keyed=True,
    ),
)  # fmt: skip
