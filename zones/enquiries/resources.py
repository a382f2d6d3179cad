"""The sheet of needs that nothing met: to be read, without anybody's name."""

from izportal.cells import ChoiceCell, DateCell, NumberCell, YesNoCell
from izportal.sheets import SheetResource, column
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

    class Meta(SheetResource.Meta):
        model = UnmetNeed
        fields = (
            "reference", "kind", "zone", "band", "area_from_m2", "area_to_m2", "needed_on", "power_kva",
            "water_m3_day", "wastewater_m3_day", "clear_height_m", "country", "closed_on", "is_sample",
        )  # fmt: skip
