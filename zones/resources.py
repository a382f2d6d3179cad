"""The sheets of the land: zones and plots, out and in. Availability goes out to be read and never comes in."""

import re
import unicodedata

from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext as _

from izportal.cells import Cell, ChoiceCell, DateCell, NumberCell, WholeCell, YesNoCell, did_you_mean, to_text
from izportal.folding import fold
from izportal.models import Confidence
from izportal.sheets import SheetResource, column, imported
from zones.models import Availability, Phase, Plot, Zone

_CROSSED = str.maketrans("đĐ", "dD")
_NOT_IN_A_CODE = re.compile(r"[^A-Za-z0-9._-]+")


class ZoneCell(Cell):
    """A zone by its code or its name, with or without marks; a near miss is named."""

    user = None
    zones = None

    @property
    def hint(self):
        return _("Mã hoặc tên khu công nghiệp")

    def path(self, attribute):
        return f"{attribute}__code"

    def options(self):
        return [zone.code for zone in self._mine()]

    def _mine(self):
        if self.zones is None:
            self.zones = list(Zone.objects.editable_by(self.user) if self.user else Zone.objects.all())
        return self.zones

    def clean(self, value, row=None, **kwargs):
        text = to_text(value)
        if not text:
            return None
        found = [zone for zone in self._mine() if fold(text) in {fold(name) for name in _names(zone)}]
        if len(found) == 1:
            return found[0]
        names = [name for zone in self.zones for name in _names(zone)]
        sentence = _("Không có khu công nghiệp “%(text)s” trong phạm vi của bạn.") % {"text": text[:60]}
        raise ValueError(sentence + did_you_mean(text, names))

    def render(self, value, obj=None, **kwargs):
        return value.code if value else ""


def _names(zone):
    return [zone.code, zone.slug, zone.name_vi, f"KCN {zone.short_name_vi}", zone.short_name_vi, zone.name_en or ""]


class PhaseCell(Cell):
    """A phase by its code or name; which zone it must belong to is known only with the whole row."""

    @property
    def hint(self):
        return _("Mã hoặc tên khu, giai đoạn trong khu công nghiệp")

    def path(self, attribute):
        return f"{attribute}__slug"

    def clean(self, value, row=None, **kwargs):
        return to_text(value)

    def render(self, value, obj=None, **kwargs):
        return value.slug if isinstance(value, Phase) else (value or "")


@imported("zones")
class ZoneResource(SheetResource):
    code = column("Mã khu", "code")
    slug = column("Đường dẫn", "slug")
    name_vi = column("Tên khu công nghiệp", "name_vi")
    name_en = column("Tên tiếng Anh", "name_en")
    short_name_vi = column("Tên gọi ngắn", "short_name_vi")
    short_name_en = column("Tên gọi ngắn tiếng Anh", "short_name_en")
    status = column("Tình trạng", "status", ChoiceCell(Zone.Status.choices))
    location_old_vi = column("Địa điểm trước 01/7/2025", "location_old_vi")
    status_note_vi = column("Ghi chú tình trạng", "status_note_vi")
    status_note_en = column("Ghi chú tình trạng, tiếng Anh", "status_note_en")
    location_old_en = column("Địa điểm trước 01/7/2025, tiếng Anh", "location_old_en")
    location_new_vi = column("Địa điểm từ 01/7/2025", "location_new_vi")
    location_new_en = column("Địa điểm từ 01/7/2025, tiếng Anh", "location_new_en")
    developer_vi = column("Chủ đầu tư hạ tầng", "developer_vi")
    developer_en = column("Chủ đầu tư hạ tầng, tiếng Anh", "developer_en")
    established_on = column("Ngày thành lập", "established_on", DateCell())
    established_by = column("Quyết định thành lập", "established_by")
    term_until = column("Thời hạn đến năm", "term_until", WholeCell())
    latitude = column("Vĩ độ", "latitude", NumberCell(places=5))
    longitude = column("Kinh độ", "longitude", NumberCell(places=5))
    is_point_approximate = column("Vị trí gần đúng", "is_point_approximate", YesNoCell())
    position = column("Thứ tự", "position", WholeCell())

    synonyms = {
        "code": ("Mã KCN", "Mã khu công nghiệp"),
        "name_vi": ("Tên khu", "Tên KCN", "Tên tiếng Việt"),
        "developer_vi": ("Chủ đầu tư", "Nhà đầu tư hạ tầng"),
        "term_until": ("Thời hạn",),
    }

    identity = ("code",)
    deed = "import_land"
    guarded = ("status",)

    class Meta(SheetResource.Meta):
        model = Zone
        fields = (
            "code", "slug", "name_vi", "name_en", "short_name_vi", "short_name_en", "status", "status_note_vi",
            "status_note_en", "location_old_vi", "location_old_en", "location_new_vi", "location_new_en",
            "developer_vi", "developer_en", "established_on", "established_by", "term_until", "latitude",
            "longitude", "is_point_approximate", "position",
        )  # fmt: skip

    def key_of(self, row):
        return (row.get("code") or "").upper()

    def find(self, rows):
        known = self.records_by("code", [row.get("code") for row in rows])
        for row in rows:
            code = (row.get("code") or "").upper()
            row.record = row.record or known.get(code)
            if not code and row.record is None and "code" not in row.faults:
                row.refuse("code", _("Thiếu mã khu."))
            if code and self.user and self.user.zones and code not in self.user.zones:
                row.refuse("code", _("Khu này ngoài phạm vi của bạn."))


@imported("phases")
class PhaseResource(SheetResource):
    zone = column("Khu công nghiệp", "zone", ZoneCell())
    slug = column("Mã", "slug")
    name_vi = column("Tên khu, giai đoạn", "name_vi")
    name_en = column("Tên tiếng Anh", "name_en")
    area_ha = column("Diện tích, ha", "area_ha", NumberCell())
    industrial_land_ha = column("Đất công nghiệp, ha", "industrial_land_ha", NumberCell())
    developer_vi = column("Chủ đầu tư hạ tầng", "developer_vi")
    developer_en = column("Chủ đầu tư hạ tầng, tiếng Anh", "developer_en")
    decision = column("Quyết định", "decision")
    decided_on = column("Ngày quyết định", "decided_on", DateCell())
    term_until = column("Thời hạn đến năm", "term_until", WholeCell())
    confidence = column("Độ tin cậy", "confidence", ChoiceCell(Confidence.choices))
    note_vi = column("Ghi chú", "note_vi")
    note_en = column("Ghi chú tiếng Anh", "note_en")
    contact_vi = column("Đầu mối liên hệ", "contact_vi")
    contact_en = column("Đầu mối liên hệ, tiếng Anh", "contact_en")
    contact_phone = column("Điện thoại liên hệ", "contact_phone")
    contact_email = column("Thư điện tử liên hệ", "contact_email")
    contact_source = column("Nguồn của đầu mối", "contact_source")
    contact_on = column("Đầu mối đúng đến ngày", "contact_on", DateCell())
    position = column("Thứ tự", "position", WholeCell())

    synonyms = {"zone": ("KCN", "Khu CN", "Mã khu"), "slug": ("Mã khu, giai đoạn",), "name_vi": ("Tên", "Giai đoạn")}
    identity = ("zone", "slug")
    told_by = ("slug", "zone")
    deed = "import_land"

    class Meta(SheetResource.Meta):
        model = Phase
        fields = (
            "zone", "slug", "name_vi", "name_en", "area_ha", "industrial_land_ha", "developer_vi", "developer_en",
            "decision", "decided_on", "term_until", "confidence", "note_vi", "note_en", "contact_vi", "contact_en",
            "contact_phone", "contact_email", "contact_source", "contact_on", "position",
        )  # fmt: skip

    def __init__(self, user=None, **kwargs):
        super().__init__(user, **kwargs)
        self.fields["zone"].widget.user = user

    def get_queryset(self):
        return Phase.objects.select_related("zone")

    def key_of(self, row):
        zone, slug = row.get("zone"), row.get("slug")
        return f"{zone.code}|{slug.lower()}" if zone and slug else ""

    def find(self, rows):
        asked = [row.get("zone").pk for row in rows if row.get("zone")]
        known = {(one.zone_id, one.slug.lower()): one for one in self.get_queryset().filter(zone__in=set(asked))}
        for row in rows:
            zone, slug = row.get("zone"), row.get("slug")
            for name, sentence in (("zone", _("Thiếu khu công nghiệp.")), ("slug", _("Thiếu mã khu, giai đoạn."))):
                if row.record is None and not row.get(name) and name not in row.faults:
                    row.refuse(name, sentence)
            row.record = row.record or (known.get((zone.pk, slug.lower())) if zone and slug else None)
            place = row.record.zone.code if row.record is not None else zone and zone.code
            if place and self.user and self.user.zones and place not in self.user.zones:
                row.refuse("zone", _("Khu này ngoài phạm vi của bạn."))


@imported("plots")
class PlotResource(SheetResource):
    code = column("Mã lô", "code")
    zone = column("Khu công nghiệp", "zone", ZoneCell())
    phase = column("Khu, giai đoạn", "phase", PhaseCell())
    number = column("Số lô", "number")
    kind = column("Loại", "kind", ChoiceCell(Plot.Kind.choices))
    area_m2 = column("Diện tích, m²", "area_m2", NumberCell())
    price = column("Giá", "price", NumberCell())
    price_currency = column("Đơn vị tiền", "price_currency", ChoiceCell([("VND", "VND"), ("USD", "USD")]))
    price_basis = column("Cách tính giá", "price_basis", ChoiceCell(Plot.PriceBasis.choices))
    price_on = column("Giá tính đến ngày", "price_on", DateCell())
    term_until = column("Thời hạn đất đến năm", "term_until", WholeCell())
    power_kva = column("Điện tại hàng rào, kVA", "power_kva", NumberCell(places=1))
    water_m3_day = column("Nước cấp, m³/ngày", "water_m3_day", NumberCell(places=1))
    wastewater_m3_day = column("Nước thải, m³/ngày", "wastewater_m3_day", NumberCell(places=1))
    floor_load_t_m2 = column("Tải trọng nền, tấn/m²", "floor_load_t_m2", NumberCell())
    clear_height_m = column("Chiều cao thông thủy, m", "clear_height_m", NumberCell())
    building_coverage = column("Mật độ xây dựng, %", "building_coverage", NumberCell())
    description_vi = column("Mô tả", "description_vi")
    description_en = column("Mô tả tiếng Anh", "description_en")
    is_published = column("Công bố", "is_published", YesNoCell())
    status = column("Tình trạng", "status", ChoiceCell(Availability.Status.choices), readonly=True)
    held_for = column("Giữ cho", "held_for", readonly=True)
    confirmed_on = column("Xác nhận ngày", "confirmed_on", DateCell(), readonly=True)
    is_sample = column("Dữ liệu mẫu", "is_sample", YesNoCell(), readonly=True)

    synonyms = {
        "code": ("Mã lô đất",),
        "zone": ("KCN", "Khu CN", "Tên khu", "Mã khu", "Tên khu công nghiệp"),
        "phase": ("Giai đoạn",),
        "number": ("Lô", "Số hiệu lô", "Ký hiệu lô"),
        "kind": ("Loại đất", "Loại lô"),
        "area_m2": ("Diện tích", "Diện tích (m²)", "Diện tích (m2)", "Diện tích m2"),
        "price": ("Giá thuê", "Đơn giá"),
        "price_currency": ("Tiền tệ", "Loại tiền"),
        "description_vi": ("Mô tả tiếng Việt",),
    }

    # A plot does not move to another zone, and its code stands in addresses.
    identity = ("code", "zone")
    told_by = ("code", "number")
    deed = "import_land"
    guarded = ("price", "price_currency", "price_basis")

    class Meta(SheetResource.Meta):
        model = Plot
        fields = (
            "code", "zone", "phase", "number", "kind", "area_m2", "price", "price_currency", "price_basis", "price_on",
            "term_until", "power_kva", "water_m3_day", "wastewater_m3_day", "floor_load_t_m2", "clear_height_m",
            "building_coverage", "description_vi", "description_en", "is_published", "status", "held_for",
            "confirmed_on", "is_sample",
        )  # fmt: skip

    def __init__(self, user=None, **kwargs):
        super().__init__(user, **kwargs)
        self.fields["zone"].widget.user = user
        self.phases = {}

    def get_queryset(self):
        return self.annotated(Plot.objects.select_related("zone", "phase"))

    def annotated(self, rows):
        return rows.with_status(on=timezone.localdate())

    def key_of(self, row):
        """The code, or else zone and number."""
        code, zone, number = (row.get(name) for name in ("code", "zone", "number"))
        if code:
            return code.upper()
        return f"{zone.code}-{number}".upper() if zone and number else ""

    def relate(self, rows):
        """A phase is looked for in the plot's own zone, which a known plot tells by itself."""
        asked = [row for row in rows if row.get("phase")]
        known = self.records_by("code", [row.get("code") for row in asked if not row.get("zone")])
        for row in asked:
            plot = known.get((row.get("code") or "").upper())
            zone_id = row.get("zone").pk if row.get("zone") else plot and plot.zone_id
            try:
                row.values["phase"] = self._phase(zone_id, row.values["phase"])
            except ValueError as error:
                del row.values["phase"]
                row.refuse("phase", str(error))

    def _phase(self, zone_id, text):
        if isinstance(text, Phase):
            return text
        if (zone_id, text) not in self.phases:
            self.phases[zone_id, text] = phase_of(zone_id, text)
        return self.phases[zone_id, text]

    def find(self, rows):
        by_code = self.records_by("code", [row.get("code") for row in rows])
        unnamed = [row for row in rows if not row.get("code") and row.get("zone") and row.get("number")]
        by_number = self._by_number(unnamed)
        for row in rows:
            code, zone, number = (row.get(name) for name in ("code", "zone", "number"))
            if row.record is None:
                at_place = (zone and zone.pk, str(number).upper())
                row.record = by_code.get(code.upper()) if code else by_number.get(at_place)
            if row.record is not None:
                self._check_place(row, zone)
            elif not code and not (zone and number):
                self._refuse_without_key(row)

    def _by_number(self, rows):
        numbers = {str(row.get("number")).upper() for row in rows}
        if not rows:
            return {}
        zones = {row.get("zone").pk for row in rows}
        found = self.get_queryset().annotate(in_capitals=Upper("number"))
        found = found.filter(zone__in=zones, in_capitals__in=numbers | {str(row.get("number")) for row in rows})
        return {(plot.zone_id, plot.number.upper()): plot for plot in found}

    def _refuse_without_key(self, row):
        if not row.get("zone") and "zone" not in row.faults:
            row.refuse("zone", _("Thiếu khu công nghiệp (hoặc mã lô)."))
        if not row.get("number") and "number" not in row.faults:
            row.refuse("number", _("Thiếu số lô (hoặc mã lô)."))

    def _check_place(self, row, zone):
        plot = row.record
        if zone is not None and plot.zone_id != zone.pk:
            row.refuse("zone", _("Lô %(code)s thuộc khu %(zone)s.") % {"code": plot.code, "zone": plot.zone})
        if self.user and self.user.zones and plot.zone.code not in self.user.zones:
            row.refuse("code", _("Lô này ngoài phạm vi của bạn."))

    def fill(self, record, row):
        """A new plot without a code takes the usual one, also where the row is refused for something else."""
        super().fill(record, row)
        zone_code = record.zone.code if record.zone_id else ""
        # Without zone and number the row is refused for these, not for the code that follows from them.
        record.code = record.code or usual_code(zone_code, record.number) or "0"


def usual_code(zone_code, number):
    """SC2-CN-05 for CN-05 of SC2; what an address cannot carry in a number as the board writes it becomes a dash."""
    letters = unicodedata.normalize("NFD", number.translate(_CROSSED))
    plain = "".join(c for c in letters if unicodedata.category(c) != "Mn")
    return f"{zone_code}-{_NOT_IN_A_CODE.sub('-', plain)}".strip("-")


def _phase_names(phase):
    return [phase.slug, phase.name_vi, phase.name_en or ""]


def phase_of(zone_id, text):
    """The phase of a zone that a cell names by code or name, None for an empty cell."""
    if not text or not zone_id:
        return None
    phases = list(Phase.objects.filter(zone_id=zone_id))
    found = [phase for phase in phases if fold(text) in {fold(name) for name in _phase_names(phase)}]
    if len(found) != 1:
        sentence = _("Không có “%(text)s” trong khu này.") % {"text": text[:60]}
        raise ValueError(sentence + did_you_mean(text, [phase.name_vi for phase in phases]))
    return found[0]
