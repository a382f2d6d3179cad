"""The sheets of enterprises and investors, out and in."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal.cells import ChoiceCell, RecordCell, YesNoCell
from izportal.sheets import SheetResource, column, imported
from projects.models import Country, Enterprise, Investor


@imported("enterprises")
class EnterpriseResource(SheetResource):
    tax_code = column("Mã số thuế", "tax_code")
    name_vi = column("Tên tổ chức kinh tế", "name_vi")
    name_en = column("Tên tiếng Anh", "name_en")
    address = column("Địa chỉ trụ sở", "address")
    representative = column("Người đại diện theo pháp luật", "representative")
    email = column("Thư điện tử", "email")
    phone = column("Điện thoại", "phone")
    is_sample = column("Dữ liệu mẫu", "is_sample", YesNoCell(), readonly=True)

    synonyms = {
        "tax_code": ("MST", "Mã số doanh nghiệp"),
        "name_vi": ("Tên doanh nghiệp", "Tên công ty", "Doanh nghiệp"),
        "address": ("Địa chỉ",),
        "representative": ("Người đại diện",),
        "email": ("Email",),
        "phone": ("Số điện thoại",),
    }
    identity = told_by = ("tax_code",)
    deed = "keep_ledger"

    class Meta(SheetResource.Meta):
        model = Enterprise
        fields = ("tax_code", "name_vi", "name_en", "address", "representative", "email", "phone", "is_sample")

    def get_queryset(self):
        return Enterprise.objects.all()

    def key_of(self, row):
        return row.get("tax_code") or ""

    def find(self, rows):
        new = [row for row in rows if row.record is None]
        found = self.records_by("tax_code", [self.key_of(row) for row in new])
        for row in new:
            row.record = found.get(self.key_of(row))
            if not self.key_of(row) and "tax_code" not in row.faults:
                row.refuse("tax_code", _("Thiếu mã số thuế."))


@imported("investors")
class InvestorResource(SheetResource):
    name = column("Tên nhà đầu tư", "name")
    country = column("Quốc tịch", "country", RecordCell(Country.objects.all, gettext_lazy("Mã nước, ví dụ KR")))
    kind = column("Loại", "kind", ChoiceCell(Investor.Kind.choices))
    identifier = column("Số định danh", "identifier")
    is_sample = column("Dữ liệu mẫu", "is_sample", YesNoCell(), readonly=True)

    synonyms = {
        "name": ("Nhà đầu tư", "Tên"),
        "country": ("Nước", "Mã nước"),
        "identifier": ("Mã số", "Giấy tờ pháp lý"),
    }
    told_by = ("name",)
    deed = "keep_ledger"

    class Meta(SheetResource.Meta):
        model = Investor
        fields = ("name", "country", "kind", "identifier", "is_sample")

    def get_queryset(self):
        return Investor.objects.select_related("country")

    def key_of(self, row):
        """Two investors may bear one name; a row with a key of the portal is that record."""
        return "|".join(_told(row)) if row.get("name") and not row.told_key else ""

    def find(self, rows):
        new = [row for row in rows if row.record is None]
        known: dict[tuple, list[Investor]] = {}
        for one in Investor.objects.filter(name__in=[row.get("name") for row in new if row.get("name")]):
            known.setdefault((one.name, one.country_id, one.identifier), []).append(one)
        for row in new:
            if not row.get("name") and "name" not in row.faults:
                row.refuse("name", _("Thiếu tên nhà đầu tư."))
            found = known.get(_told(row), ())
            if len(found) > 1:
                row.refuse("name", _("Cổng có nhiều nhà đầu tư như dòng này; hãy sửa từng dòng trên cổng."))
            row.record = found[0] if len(found) == 1 else None


def _told(row):
    country = row.get("country")
    return row.get("name") or "", country.pk if country else "", row.get("identifier") or ""
