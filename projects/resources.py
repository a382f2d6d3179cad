"""The sheet of the register: projects go out with their position of today; they come in only by deeds."""

from django.utils import timezone

from izportal.cells import Cell, ChoiceCell, DateCell, NumberCell, YesNoCell
from izportal.sheets import SheetResource, column
from projects.models import Project


class NameCell(Cell):
    """The record behind a foreign key, by its Vietnamese name."""

    def path(self, attribute):
        return f"{attribute}__name_vi"

    def render(self, value, obj=None, **kwargs):
        return str(value) if value else ""


class ProjectResource(SheetResource):
    code = column("Mã số dự án", "code")
    name_vi = column("Tên dự án", "name_vi")
    name_en = column("Tên tiếng Anh", "name_en")
    origin = column("Nguồn vốn", "origin", ChoiceCell(Project.Origin.choices))
    kind = column("Loại dự án", "kind", ChoiceCell(Project.Kind.choices))
    zone = column("Khu công nghiệp", "zone__code")
    enterprise = column("Tổ chức kinh tế", "enterprise", NameCell())
    tax_code = column("Mã số thuế", "enterprise__tax_code")
    sector = column("Ngành (VSIC)", "sector", NameCell())
    certificate_number = column("Số giấy chứng nhận", "certificate_number")
    certificate_on = column("Cấp lần đầu ngày", "certificate_on", DateCell())
    term_until = column("Thời hạn đến ngày", "term_until", DateCell())
    status = column("Tình trạng", "status", ChoiceCell(Project.Status.choices))
    registered_usd = column("Vốn đăng ký, USD", "registered_usd", NumberCell())
    registered_vnd = column("Vốn đăng ký, VND", "registered_vnd", NumberCell())
    land_m2 = column("Diện tích đất, m²", "land_m2", NumberCell())
    is_sample = column("Dữ liệu mẫu", "is_sample", YesNoCell())

    class Meta(SheetResource.Meta):
        model = Project
        fields = (
            "code", "name_vi", "name_en", "origin", "kind", "zone", "enterprise", "tax_code", "sector",
            "certificate_number", "certificate_on", "term_until", "status", "registered_usd", "registered_vnd",
            "land_m2", "is_sample",
        )  # fmt: skip

    def get_queryset(self):
        return self.annotated(Project.objects.select_related("zone", "enterprise", "sector"))

    def annotated(self, rows):
        return rows.with_position(on=timezone.localdate())
