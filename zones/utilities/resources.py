"""The sheets of the networks, out and in: what each can give, and what of it is promised. A row has no code: it is
known by what it speaks of, so that a sheet sent twice changes nothing."""

from collections import defaultdict

from django.utils.translation import gettext as _

from izportal.cells import Cell, ChoiceCell, DateCell, NumberCell, YesNoCell
from izportal.models import Confidence
from izportal.sheets import SheetResource, column, imported
from izportal.sheets.marks import stored
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
    deed = "import_networks"
    part = ""

    def __init__(self, user=None, **kwargs):
        super().__init__(user, **kwargs)
        self.fields["zone"].widget.user = user
        self.parts = {}

    def get_queryset(self):
        return self._meta.model.objects.select_related("zone", self.part)

    def part_of(self, zone_id, text):
        raise NotImplementedError

    def fill(self, record, row):
        super().fill(record, row)
        if self.is_by_key and not record._state.adding:
            for name in row.values.keys() & set(self.identity):
                setattr(record, name, row.values[name])

    def relate(self, rows):
        """A part is looked for in the row's own zone."""
        for row in rows:
            if row.get(self.part) and row.get("zone"):
                try:
                    row.values[self.part] = self._part(row.get("zone").pk, row.values[self.part])
                except ValueError as error:
                    del row.values[self.part]
                    row.refuse(self.part, str(error))

    def _part(self, zone_id, text):
        if (zone_id, text) not in self.parts:
            self.parts[zone_id, text] = self.part_of(zone_id, text) if isinstance(text, str) else text
        return self.parts[zone_id, text]

    def key_of(self, row):
        told = self._told(row)
        is_whole = told["zone"] and told["kind"] and told["effective_on"] and not set(row.faults) & set(self.identity)
        return "|".join(str(stored(value)) for value in told.values()) if is_whole else ""

    def find(self, rows):
        asked = {row.get("zone").pk for row in rows if row.get("zone")}
        known = defaultdict(list)
        for record in self.get_queryset().filter(zone__in=asked):
            known["|".join(str(stored(getattr(record, name))) for name in self.identity)].append(record)
        for row in rows:
            self._find_one(row, known[row.key] if row.key else [])

    def _find_one(self, row, found):
        if not row.get("zone") and "zone" not in row.faults:
            row.refuse("zone", _("Thiếu khu công nghiệp."))
        if len(found) > 1 and row.record is None:
            row.refuse("source", _("Cổng có nhiều dòng như dòng này; hãy sửa từng dòng trên cổng."))
        row.record = row.record or (found[0] if found else None)

    def _told(self, row):
        """What the row speaks of: a yes or no that it leaves open is a no, a text an empty one."""
        plain = {"is_total": False, "held_for": "", "source": ""}
        told = {name: row.get(name) for name in self.identity}
        return {name: plain.get(name) if value is None else value for name, value in told.items()}


@imported("capacities")
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


@imported("commitments")
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
