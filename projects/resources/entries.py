"""The sheets of changes and tenures. A new row is a deed of the ledger; what stands is never edited, and the sheet
says which deed mends it."""

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal.cells import ChoiceCell, DateCell, MomentCell, NumberCell, RecordCell, YesNoCell
from izportal.sheets import SheetResource, column, imported
from projects import ledger
from projects.ledger.book import ZERO
from projects.models import Change, Project, Tenure
from projects.resources.book import NOTHING, LedgerResource, project_cell
from zones.models import Plot

Kind = Change.Kind


# Changes ------------------------------------------------------------------------------------------
@imported("changes")
class ChangeResource(LedgerResource):
    project = column("Mã số dự án", "project", project_cell())
    kind = column("Loại", "kind", ChoiceCell(Kind.choices))
    decision_number = column("Số quyết định", "decision_number")
    decision_on = column("Ngày quyết định", "decision_on", DateCell())
    effective_on = column("Ngày hiệu lực", "effective_on", DateCell(), readonly=True)
    capital_usd = column("Thay đổi vốn, USD", "capital_usd", NumberCell())
    capital_vnd = column("Thay đổi vốn, VND", "capital_vnd", NumberCell())
    exchange_rate = column("Tỷ giá, VND/USD", "exchange_rate", NumberCell())
    rate_on = column("Tỷ giá ngày", "rate_on", DateCell())
    rate_source = column("Nguồn tỷ giá", "rate_source")
    area_m2 = column("Thay đổi diện tích, m²", "area_m2", NumberCell(), readonly=True)
    note = column("Ghi chú", "note", readonly=True)
    stands_as = column("Được tính như", "stands_as", ChoiceCell(Kind.choices), readonly=True)
    is_superseded = column("Đã có dòng thay", "is_superseded", YesNoCell(), readonly=True)
    recorded_at = column("Ghi lúc", "recorded_at", MomentCell(), readonly=True)
    is_sample = column("Dữ liệu mẫu", "is_sample", YesNoCell(), readonly=True)

    synonyms = {"project": ("Dự án", "Mã dự án"), "kind": ("Loại thay đổi",)}
    identity = ("project",)
    told_by = ("decision_number", "project")
    guarded = ("kind", "capital_usd", "capital_vnd")
    may_be_empty = ("exchange_rate", "rate_on", "rate_source", "capital_usd", "capital_vnd")
    # Which deed enters what a sheet of changes cannot say.
    ELSEWHERE = {
        Kind.ISSUED: gettext_lazy("Dự án mới vào sổ bằng bảng dự án hoặc nút “Nhập giấy chứng nhận”."),
        Kind.LAND: gettext_lazy("Đất vào sổ bằng bảng thuê đất, hoặc “Điều chỉnh đất” trên trang của dự án."),
        Kind.TERM: gettext_lazy("Thời hạn mới vào sổ bằng bảng dự án."),
        Kind.CONTENT: gettext_lazy("Ngành, loại, tổ chức kinh tế mới vào sổ bằng bảng dự án."),
        Kind.TRANSFER: gettext_lazy("Chuyển nhượng vào sổ trên trang của dự án, cùng các nhà đầu tư."),
        Kind.CORRECTION: gettext_lazy("Hiệu đính vào sổ trên trang của chính thay đổi bị sai."),
    }

    class Meta(LedgerResource.Meta):
        model = Change
        fields = (
            "project", "kind", "decision_number", "decision_on", "effective_on", "capital_usd", "capital_vnd",
            "exchange_rate", "rate_on", "rate_source", "area_m2", "note", "stands_as", "is_superseded", "recorded_at",
            "is_sample",
        )  # fmt: skip

    def get_queryset(self):
        return self.annotated(Change.objects.select_related("project__zone"))

    def annotated(self, rows):
        return rows.annotate(is_superseded=Exists(Change.objects.filter(supersedes=OuterRef("pk")).order_by()))

    def key_of(self, row):
        if row.told_key:
            return ""
        said = [row.get("project"), row.get("kind"), row.get("decision_number")]
        return f"{said[0].code}|{said[1]}|{said[2]}" if all(said) else ""

    def find(self, rows):
        new = [row for row in rows if row.record is None]
        asked = [row.get("decision_number") for row in new if row.get("decision_number")]
        entered = self.get_queryset().filter(decision_number__in=asked, supersedes__isnull=True)
        known = {(one.project_id, one.kind, one.decision_number): one for one in entered}
        for row in new:
            self.demand(row, "project", _("Thiếu mã số dự án."))
            if project := row.get("project"):
                row.record = known.get((project.pk, row.get("kind"), row.get("decision_number")))
        for row in rows:
            if project := row.get("project"):
                self.check_zone(row, "project", project.zone)

    def check(self, rows, *, again=False):
        for row in rows:
            if not row.is_new:
                for name in row.edited:
                    row.refuse(
                        name, _("Dòng đã vào sổ không sửa được; hãy dùng “Hiệu đính” trên trang của thay đổi này.")
                    )
                continue
            self.demand_basis(row)
            self.demand(row, "kind", _("Thiếu loại thay đổi."))
            if row.get("kind") in self.ELSEWHERE:
                row.refuse("kind", str(self.ELSEWHERE[row.get("kind")]))

    def fill_in(self, rows):
        """Here the decision is what the row is about."""
        SheetResource.fill_in(self, rows)

    def enter(self, row, *, by, at, reason):
        project, basis, kind = row.get("project"), self.basis_of(row), row.get("kind")
        common = {"project": project, "basis": basis, "by": by, "at": at, "note": reason}
        if kind == Kind.CAPITAL:
            row.record = ledger.adjust_capital(to=self._total(row, project), **common)
        elif kind in Change.ENDING:
            row.record = ledger.terminate(is_revoked=kind == Kind.REVOKED, **common)
        else:
            row.record = {Kind.SUSPENDED: ledger.suspend, Kind.RESUMED: ledger.resume}[kind](**common)

    def _total(self, row, project):
        now, zero = ledger.position(project), ZERO
        usd, vnd = (row.get(name) or zero for name in ("capital_usd", "capital_vnd"))
        rate = (row.get("exchange_rate"), row.get("rate_on"), row.get("rate_source") or "")
        return ledger.Capital(now.usd + usd, now.vnd + vnd, *rate)


# Tenures ------------------------------------------------------------------------------------------
@imported("tenures")
class TenureResource(LedgerResource):
    project = column("Mã số dự án", "project", project_cell())
    plot = column(
        "Mã lô", "plot", RecordCell(Plot.objects.select_related("zone").all, gettext_lazy("Mã lô, ví dụ SC2-CN-05"))
    )
    area_m2 = column("Diện tích thuê, m²", "area_m2", NumberCell())
    starts_on = column("Từ ngày", "starts_on", DateCell(), readonly=True)
    ended_on = column("Kết thúc ngày", "ended_on", DateCell(), readonly=True)
    basis = column("Căn cứ", "basis", readonly=True)
    is_current = column("Đang có giá trị", "is_current", YesNoCell(), readonly=True)
    decision_number = column("Số quyết định", "decision_number")
    decision_on = column("Ngày quyết định", "decision_on", DateCell())
    is_sample = column("Dữ liệu mẫu", "is_sample", YesNoCell(), readonly=True)

    synonyms = {"project": ("Dự án", "Mã dự án"), "plot": ("Lô", "Lô đất"), "area_m2": ("Diện tích",)}
    identity = ("project", "plot")
    told_by = ("plot", "project")

    class Meta(LedgerResource.Meta):
        model = Tenure
        fields = (
            "project", "plot", "area_m2", "starts_on", "ended_on", "basis", "is_current", "decision_number",
            "decision_on", "is_sample",
        )  # fmt: skip

    def get_queryset(self):
        return self.annotated(Tenure.objects.select_related("project__zone", "plot__zone"))

    def annotated(self, rows):
        number, day = NOTHING
        return rows.annotate(decision_number=number, decision_on=day)

    def key_of(self, row):
        if row.told_key:
            return ""
        project, plot = row.get("project"), row.get("plot")
        return f"{project.code}|{plot.code}" if project and plot else ""

    def find(self, rows):
        new = [row for row in rows if row.record is None]
        plots = [row.get("plot").pk for row in new if row.get("plot")]
        held = self.get_queryset().filter(plot__in=plots, is_current=True, ended_on__isnull=True)
        known = {(one.project_id, one.plot_id): one for one in held}
        for row in new:
            self.demand(row, "project", _("Thiếu mã số dự án."))
            self.demand(row, "plot", _("Thiếu mã lô."))
            if row.get("project") and row.get("plot"):
                row.record = known.get((row.get("project").pk, row.get("plot").pk))
        for row in rows:
            if project := row.get("project"):
                self.check_zone(row, "project", project.zone)

    def fill(self, record, row):
        """An area of 0 hands the plot back."""
        super().fill(record, row)
        if "area_m2" in row.values and row.values["area_m2"] is not None:
            record.area_m2 = row.values["area_m2"]

    def check(self, rows, *, again=False):
        for row in rows:
            area = row.values.get("area_m2")
            if row.is_new:
                self.demand_basis(row)
                if (area or ZERO) <= 0 and "area_m2" not in row.faults:
                    row.refuse("area_m2", _("Diện tích thuê phải lớn hơn 0."))
            elif "area_m2" in row.edited:
                self._check_held(row, area)

    def _check_held(self, row, area):
        self.demand_basis(row)
        if area < 0:
            row.refuse("area_m2", _("Ghi diện tích mới, hoặc 0 để trả lại lô."))
        if not row.record.is_current or row.record.ended_on is not None:
            row.refuse("area_m2", _("Dòng này đã kết thúc hoặc đã có dòng thay; chỉ sửa được dòng đang thuê."))

    def enter(self, row, *, by, at, reason):
        project, plot = row.record.project, row.record.plot
        ledger.change_land(
            project=Project.objects.get(pk=project.pk), parcels=[ledger.Parcel(plot, row.values["area_m2"])],
            basis=self.basis_of(row), by=by, at=at, note=reason,
        )  # fmt: skip
        row.record = Tenure.objects.filter(project=project, plot=plot, is_current=True).latest("pk")
