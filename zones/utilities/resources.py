"""The sheets of the networks, out and in: what each can give, and what of it is promised. A row has no code: it is
known by what it speaks of, so that a sheet sent twice changes nothing."""

from django.utils.translation import gettext as _

from izportal.cells import Cell, ChoiceCell, DateCell, NumberCell, YesNoCell, to_text
from izportal.models import Confidence
from izportal.sheets import SheetResource, column
from zones.models import Plot, Utility, UtilityCapacity, UtilityCommitment
from zones.resources import PhaseCell, ZoneCell, phase_of


class PlotCell(Cell):
    """A plot by its code or its number; which zone it must lie in is known only with the whole row."""

    @property
    def hint(self):
        return _("Mã lô, hoặc số lô trong khu công nghiệp")

    def path(self, attribute):
        return f"{attribute}__code"

    def render(self, value, obj=None, **kwargs):
        return value.code if isinstance(value, Plot) else (value or "")


class SupplyResource(SheetResource):
    """What both sheets share; `part` is what a row may name within its zone, and `part_of` finds it."""

    synonyms = {
        "zone": ("KCN", "Khu CN", "Tên khu", "Mã khu", "Tên khu công nghiệp"),
        "kind": ("Loại", "Hạ tầng"),
        "amount": ("Số lượng", "Công suất", "Mức cam kết"),
        "effective_on": ("Có hiệu lực từ",),
        "source": ("Căn cứ", "Văn bản"),
        "stated_on": ("Ngày số liệu",),
    }
    told_by = ("source", "effective_on", "kind")
    part = ""

    def __init__(self, user=None, **kwargs):
        super().__init__(user, **kwargs)
        self.fields["zone"].widget.user = user

    def get_queryset(self):
        return self._meta.model.objects.select_related("zone", self.part)

    def part_of(self, zone_id, text):
        raise NotImplementedError

    def find(self, row):
        told = self._told(row)
        if not told["zone"]:
            return None if "zone" in self.refused else self.refuse("zone", _("Thiếu khu công nghiệp."))
        rows = list(self._meta.model.objects.select_for_update(of=("self",)).filter(**_known_by(told))[:2])
        if len(rows) > 1:
            return self.refuse("source", _("Cổng có nhiều dòng như dòng này; hãy sửa từng dòng trên cổng."))
        return rows[0] if rows else None

    def key_of(self, row):
        told = self._told(row)
        return tuple(told.values()) if told["zone"] and told["kind"] and told["effective_on"] else None

    def _told(self, row):
        """What the row speaks of, by the names of its fields."""
        told = {name: self.cell(row, name) for name in self.identity}
        try:
            told[self.part] = self.part_of(told["zone"].pk, told[self.part]) if told["zone"] else None
        except ValueError as error:
            told[self.part] = self.refuse(self.part, str(error))
        return told

    def import_field(self, field, instance, row, is_m2m=False, **kwargs):
        """A part is looked for in the row's own zone."""
        if field.attribute == self.part and field.column_name in row:
            setattr(instance, self.part, self.part_of(instance.zone_id, to_text(row[field.column_name])))
        else:
            super().import_field(field, instance, row, is_m2m, **kwargs)


def _known_by(told):
    """A yes or no that a row leaves open is a no, a text an empty one."""
    plain = {"is_total": False, "held_for": "", "source": ""}
    return {name: plain.get(name) if value is None else value for name, value in told.items()}


class CapacityResource(SupplyResource):
    zone = column("Khu công nghiệp", "zone", ZoneCell())
    phase = column("Khu, giai đoạn", "phase", PhaseCell())
    kind = column("Loại hạ tầng", "kind", ChoiceCell(Utility.choices))
    amount = column("Công suất (kVA; m³/ngày)", "amount", NumberCell(places=1))
    effective_on = column("Từ ngày", "effective_on", DateCell())
    ends_on = column("Đến hết ngày", "ends_on", DateCell())
    source = column("Nguồn", "source")
    stated_on = column("Số liệu ngày", "stated_on", DateCell())
    confidence = column("Độ tin cậy", "confidence", ChoiceCell(Confidence.choices))
    note = column("Ghi chú nội bộ", "note")
    is_sample = column("Dữ liệu mẫu", "is_sample", YesNoCell(), readonly=True)

    identity = ("zone", "phase", "kind", "effective_on", "source")
    part = "phase"

    class Meta(SheetResource.Meta):
        model = UtilityCapacity
        fields = (
            "zone", "phase", "kind", "amount", "effective_on", "ends_on", "source", "stated_on", "confidence", "note",
            "is_sample",
        )  # fmt: skip

    def part_of(self, zone_id, text):
        return phase_of(zone_id, text)


class CommitmentResource(SupplyResource):
    zone = column("Khu công nghiệp", "zone", ZoneCell())
    kind = column("Loại hạ tầng", "kind", ChoiceCell(Utility.choices))
    is_total = column("Là tổng đã cam kết", "is_total", YesNoCell())
    amount = column("Đã cam kết (kVA; m³/ngày)", "amount", NumberCell(places=1))
    effective_on = column("Từ ngày", "effective_on", DateCell())
    ends_on = column("Đến hết ngày", "ends_on", DateCell())
    plot = column("Cho lô", "plot", PlotCell())
    held_for = column("Cam kết cho", "held_for")
    source = column("Nguồn", "source")
    stated_on = column("Số liệu ngày", "stated_on", DateCell())
    note = column("Ghi chú nội bộ", "note")
    is_sample = column("Dữ liệu mẫu", "is_sample", YesNoCell(), readonly=True)

    identity = ("zone", "kind", "is_total", "effective_on", "plot", "held_for", "source")
    part = "plot"

    class Meta(SheetResource.Meta):
        model = UtilityCommitment
        fields = (
            "zone", "kind", "is_total", "amount", "effective_on", "ends_on", "plot", "held_for", "source", "stated_on",
            "note", "is_sample",
        )  # fmt: skip

    def part_of(self, zone_id, text):
        if not text or not zone_id:
            return None
        plots = Plot.objects.filter(zone_id=zone_id)
        found = plots.filter(code__iexact=text).first() or plots.filter(number__iexact=text).first()
        if found is None:
            raise ValueError(_("Không có lô “%(text)s” trong khu này.") % {"text": text[:60]})
        return found
