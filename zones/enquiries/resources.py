"""The sheet of needs that nothing met: to be read, without anybody's name."""

from django.db.models import Case, F, Value, When
from django.db.models.functions import Coalesce, TruncDate

from izportal.cells import ChoiceCell, DateCell, NumberCell, YesNoCell
from izportal.sheets import SheetResource, column
from zones.enquiry_models import BAND_WORDS, BANDS
from zones.models import Plot, UnmetNeed
from zones.resources import ZoneCell


class UnmetNeedResource(SheetResource):
    reference = column("Mã yêu cầu", "reference", readonly=True)
    kind = column("Loại mặt bằng", "kind", ChoiceCell(Plot.Kind.choices), readonly=True)
    zone = column("Khu công nghiệp", "zone", ZoneCell(), readonly=True)
    band = column("Khoảng diện tích", "band", readonly=True)
    area_from_m2 = column("Diện tích từ, m²", "area_from_m2", NumberCell(), readonly=True)
    area_to_m2 = column("Diện tích đến, m²", "area_to_m2", NumberCell(), readonly=True)
    needed_on = column("Cần từ ngày", "needed_on", DateCell(), readonly=True)
    power_kva = column("Điện, kVA", "power_kva", NumberCell(places=1), readonly=True)
    water_m3_day = column("Nước, m³/ngày", "water_m3_day", NumberCell(places=1), readonly=True)
    wastewater_m3_day = column("Nước thải, m³/ngày", "wastewater_m3_day", NumberCell(places=1), readonly=True)
    clear_height_m = column("Chiều cao thông thủy, m", "clear_height_m", NumberCell(), readonly=True)
    country = column("Nước, vùng lãnh thổ", "country", readonly=True)
    closed_on = column("Đóng ngày", "closed_on", DateCell(), readonly=True)
    is_sample = column("Dữ liệu mẫu", "is_sample", YesNoCell(), readonly=True)

    def annotated(self, rows):
        """What a need says of itself (`UnmetNeed`), asked of the database for all of them at once."""
        rows = rows.annotate(
            area_from_m2=_in_m2("area_from"), area_to_m2=_in_m2("area_to"), closed_on=TruncDate("closed_at")
        )
        least = Coalesce("area_from_m2", "area_to_m2")
        return rows.annotate(least_m2=least).annotate(band=_band())

    class Meta(SheetResource.Meta):
        model = UnmetNeed
        fields = (
            "reference", "kind", "zone", "band", "area_from_m2", "area_to_m2", "needed_on", "power_kva",
            "water_m3_day", "wastewater_m3_day", "clear_height_m", "country", "closed_on", "is_sample",
        )  # fmt: skip


def _in_m2(name):
    return Case(When(area_unit=UnmetNeed.Unit.M2, then=F(name)), default=F(name) * 10000)


def _band():
    below = [When(least_m2__lt=edge, then=Value(str(BAND_WORDS[place]))) for place, edge in enumerate(BANDS)]
    unsaid = When(least_m2__isnull=True, then=Value(str(BAND_WORDS[-1])))
    return Case(unsaid, *below, default=Value(str(BAND_WORDS[len(BANDS)])))
