"""The sheet of procedures, out and in: what stands outside their dated versions. A procedure begins on its own page,
with its first version."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal.cells import ChoiceCell, RecordCell, WholeCell, YesNoCell
from izportal.sheets import SheetResource, column, imported
from onestop.models import Field, Procedure


@imported("procedures")
class ProcedureResource(SheetResource):
    code = column("Mã thủ tục quốc gia", "code")
    number = column("Số thứ tự", "number", WholeCell())
    local_suffix = column("Phần mã địa phương", "local_suffix")
    name_vi = column("Tên thủ tục", "name_vi")
    name_en = column("Tên tiếng Anh", "name_en")
    field = column("Lĩnh vực", "field", RecordCell(Field.objects.all, gettext_lazy("Mã lĩnh vực")))
    is_filed_here = column("Nhận hồ sơ tại cổng", "is_filed_here", YesNoCell())
    effect = column("Tác động khi cấp", "effect", ChoiceCell(Procedure.Effect.choices), readonly=True)

    synonyms = {"code": ("Mã thủ tục", "Mã TTHC"), "number": ("STT",), "field": ("Mã lĩnh vực",)}
    identity = told_by = ("code",)
    guarded = ("is_filed_here",)
    deed = "import_procedures"

    class Meta(SheetResource.Meta):
        model = Procedure
        fields = ("code", "number", "local_suffix", "name_vi", "name_en", "field", "is_filed_here", "effect")

    def get_queryset(self):
        return Procedure.objects.select_related("field")

    def key_of(self, row):
        return (row.get("code") or "").upper()

    def find(self, rows):
        new = [row for row in rows if row.record is None]
        found = self.records_by("code", [self.key_of(row) for row in new])
        for row in new:
            row.record = found.get(self.key_of(row))
            if row.record is None and "code" not in row.faults:
                row.refuse("code", _("Thủ tục mới được lập trên trang thủ tục, cùng phiên bản đầu tiên của nó."))
