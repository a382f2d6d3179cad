"""The sheets of the book: projects with their position of today, changes and tenures. What comes in is done by the
deeds of the ledger, each with its decision; what is entered is never edited, the sheet says which deed mends it."""

from contextlib import suppress

from django.db import transaction
from django.db.models import CharField, DateField, Exists, OuterRef, Value
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal.cells import Cell, ChoiceCell, DateCell, MomentCell, NumberCell, RecordCell, YesNoCell
from izportal.sheets import SheetResource, column
from projects import ledger
from projects.ledger.book import ZERO
from projects.models import Change, Enterprise, Project, Sector, Tenure
from zones.allocation import PlotTaken
from zones.models import Plot
from zones.resources import ZoneCell

Kind, Status = Change.Kind, Project.Status
NOTHING = Value(None, CharField()), Value(None, DateField())


class NameCell(Cell):
    """The record behind a foreign key, by its Vietnamese name."""

    def path(self, attribute):
        return f"{attribute}__name_vi"

    def render(self, value, obj=None, **kwargs):
        return str(value) if value else ""


def project_cell():
    return RecordCell(Project.objects.select_related("zone", "sector", "enterprise").all, gettext_lazy("Mã số dự án"))


class LedgerResource(SheetResource):
    """What comes in by decision: the number and the day of the decision are columns of the sheet."""

    deed = "keep_ledger"
    refusals = (ledger.LedgerRefused, PlotTaken)

    def basis_of(self, row):
        return ledger.Basis(row.get("decision_number"), row.get("decision_on"))

    def demand_basis(self, row):
        for name, sentence in (
            ("decision_number", _("Thiếu số quyết định.")), ("decision_on", _("Thiếu ngày quyết định.")),
        ):  # fmt: skip
            if not row.get(name):
                row.refuse(name, sentence)

    def check_zone(self, row, name, zone):
        if self.user and self.user.zones and zone.code not in self.user.zones:
            row.refuse(name, _("Dự án này ngoài phạm vi của bạn."))

    def write(self, rows, *, by, at, reason):
        for row in rows:
            with self.each(row), transaction.atomic():
                self.enter(row, by=by, at=at, reason=reason)

    def enter(self, row, *, by, at, reason):
        raise NotImplementedError

    def take_back(self, rows, *, by, at, reason):
        """What a row has entered is voided, the last entry first; what was decided on it since stands in the way."""
        for row in rows:
            project = self.project_of(row)
            entered = Change.objects.as_known().filter(project=project, note=row.reason).order_by("-pk")
            if any(change.kind == Kind.ISSUED for change in entered):
                row.refuse("", _("Dự án đã vào sổ; hãy thu hồi bằng quyết định trên trang của dự án."))
                continue
            with self.each(row), transaction.atomic():
                for change in entered:
                    basis = ledger.Basis(change.decision_number, change.decision_on)
                    ledger.annul(change=change, basis=basis, by=by, at=at, note=reason)

    def project_of(self, row):
        return row.record if isinstance(row.record, Project) else row.record.project


# Projects -----------------------------------------------------------------------------------------
class ProjectResource(LedgerResource):
    code = column("Mã số dự án", "code")
    name_vi = column("Tên dự án", "name_vi")
    name_en = column("Tên tiếng Anh", "name_en")
    origin = column("Nguồn vốn", "origin", ChoiceCell(Project.Origin.choices))
    kind = column("Loại dự án", "kind", ChoiceCell(Project.Kind.choices))
    zone = column("Khu công nghiệp", "zone", ZoneCell())
    enterprise = column("Tổ chức kinh tế", "enterprise", NameCell(), readonly=True)
    tax_code = column(
        "Mã số thuế", "enterprise",
        RecordCell(Enterprise.objects.all, gettext_lazy("Mã số thuế của tổ chức kinh tế đã có trên cổng"),
                   by="tax_code"),
    )  # fmt: skip
    sector = column("Ngành (VSIC)", "sector", RecordCell(Sector.objects.all, gettext_lazy("Mã ngành VSIC, ví dụ 26")))
    sector_name = column("Tên ngành", "sector", NameCell(), readonly=True)
    objective_vi = column("Mục tiêu", "objective_vi")
    objective_en = column("Mục tiêu, tiếng Anh", "objective_en")
    certificate_number = column("Số giấy chứng nhận", "certificate_number")
    certificate_on = column("Cấp lần đầu ngày", "certificate_on", DateCell(), readonly=True)
    term_until = column("Thời hạn đến ngày", "term_until", DateCell())
    status = column("Tình trạng", "status", ChoiceCell(Project.Status.choices))
    registered_usd = column("Vốn đăng ký, USD", "registered_usd", NumberCell())
    registered_vnd = column("Vốn đăng ký, VND", "registered_vnd", NumberCell())
    land_m2 = column("Diện tích đất, m²", "land_m2", NumberCell(), readonly=True)
    decision_number = column("Số quyết định", "decision_number")
    decision_on = column("Ngày quyết định", "decision_on", DateCell())
    is_sample = column("Dữ liệu mẫu", "is_sample", YesNoCell(), readonly=True)

    synonyms = {
        "code": ("Mã dự án", "Mã số DA"),
        "zone": ("KCN", "Khu CN", "Mã khu"),
        "tax_code": ("MST",),
        "sector": ("Ngành", "Mã ngành"),
        "registered_usd": ("Vốn USD",),
        "registered_vnd": ("Vốn VND", "Vốn đăng ký, đồng"),
    }
    identity = told_by = ("code",)
    guarded = ("status", "registered_usd", "registered_vnd", "origin")
    # What only a correction changes in a project that stands in the book.
    FIXED = ("origin", "zone", "certificate_number")
    TEXTS = ("name_vi", "name_en", "objective_vi", "objective_en")

    class Meta(SheetResource.Meta):
        model = Project
        fields = (
            "code", "name_vi", "name_en", "origin", "kind", "zone", "enterprise", "tax_code", "sector", "sector_name",
            "objective_vi", "objective_en", "certificate_number", "certificate_on", "term_until", "status",
            "registered_usd", "registered_vnd", "land_m2", "decision_number", "decision_on", "is_sample",
        )  # fmt: skip

    def __init__(self, user=None, **kwargs):
        super().__init__(user, **kwargs)
        self.fields["zone"].widget.user = user

    def get_queryset(self):
        return self.annotated(Project.objects.select_related("zone", "enterprise", "sector"))

    def annotated(self, rows):
        number, day = NOTHING
        return rows.with_position(on=timezone.localdate()).annotate(decision_number=number, decision_on=day)

    def key_of(self, row):
        return (row.get("code") or "").upper()

    def find(self, rows):
        found = self.records_by("code", [self.key_of(row) for row in rows])
        for row in rows:
            if not row.get("code"):
                row.refuse("code", _("Thiếu mã số dự án."))
            row.record = row.record or found.get(self.key_of(row))
            if row.record is not None:
                self.check_zone(row, "code", row.record.zone)

    def check(self, rows):
        super().check(rows)
        for row in rows:
            if row.record is None or not row.record.pk:
                self._check_new(row)
            elif moved := self._moved(row):
                for name in moved & set(self.FIXED):
                    row.refuse(name, _("Cột này chỉ sửa bằng “Hiệu đính” trên trang của dự án."))
                if moved - {*self.FIXED, *self.TEXTS}:
                    self.demand_basis(row)

    def _check_new(self, row):
        self.demand_basis(row)
        for name in ("name_vi", "origin", "sector", "zone"):
            if not row.get(name):
                row.refuse(name, _("Dự án mới phải có cột này."))
        if row.get("status") not in (None, "", Status.IN_FORCE):
            row.refuse("status", _("Dự án mới ghi vào sổ là dự án còn hiệu lực."))

    def _moved(self, row):
        """The columns in which the row differs from what stands."""
        now = self.values_of(row.record)
        names = (*self.FIXED, *self.TEXTS, "kind", "tax_code", "sector", "term_until", "status", "registered_usd",
                 "registered_vnd")  # fmt: skip
        return {name for name in names if name in row.values and (row.values[name] or None) != (now[name] or None)}

    def enter(self, row, *, by, at, reason):
        if row.record is None or not row.record.pk:
            row.record = self._register(row, by, at, reason)
            return
        project, moved = row.record, self._moved(row)
        common = {"project": project, "by": by, "at": at, "note": reason}
        if texts := moved & set(self.TEXTS):
            self._rename(project, row, texts, by, reason)
        if moved & {"kind", "tax_code", "sector"}:
            said = {"kind": row.get("kind") or "", "sector": row.get("sector"), "enterprise": row.get("tax_code")}
            ledger.reclassify(basis=self.basis_of(row), **said, **common)
        if moved & {"registered_usd", "registered_vnd"}:
            ledger.adjust_capital(to=self._capital(row), basis=self.basis_of(row), **common)
        if "term_until" in moved:
            ledger.extend(until=row.get("term_until"), basis=self.basis_of(row), **common)
        if "status" in moved:
            to_status(row.get("status"), basis=self.basis_of(row), **common)

    def _register(self, row, by, at, reason):
        what = ledger.Particulars(
            code=row.get("code"), name=row.get("name_vi"), name_en=row.get("name_en") or "", origin=row.get("origin"),
            kind=row.get("kind") or Project.Kind.PRODUCTION, sector=row.get("sector"), zone=row.get("zone"),
            enterprise=row.get("tax_code"), objective=row.get("objective_vi") or "",
            certificate_number=row.get("certificate_number") or row.get("decision_number"),
            term_until=row.get("term_until"),
        )  # fmt: skip
        change = ledger.register(
            what=what, capital=self._capital(row), shares=[], basis=self.basis_of(row), by=by, at=at, note=reason
        )
        return change.project

    def _capital(self, row):
        """What the row leaves out stays as it is."""
        now = ledger.position(row.record) if row.record is not None and row.record.pk else None
        usd, vnd = (
            row.values[name] or ZERO if name in row.values else getattr(now, name[-3:], ZERO)
            for name in ("registered_usd", "registered_vnd")
        )
        return ledger.Capital(usd, vnd)

    def _rename(self, project, row, names, by, reason):
        for name in names:
            setattr(project, name, row.values[name])
        project._history_user, project._change_reason = by, reason
        project.save(update_fields=[*sorted(names), "folded"])


def to_status(status, *, basis, **common):
    """The deed that leads to a status."""
    if status == Status.SUSPENDED:
        ledger.suspend(basis=basis, **common)
    elif status == Status.IN_FORCE:
        ledger.resume(basis=basis, **common)
    else:
        ledger.terminate(basis=basis, is_revoked=status == Status.REVOKED, **common)


# Changes ------------------------------------------------------------------------------------------
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
    # Which deed enters what a sheet of changes cannot say.
    ELSEWHERE = {
        Kind.ISSUED: gettext_lazy("Dự án mới vào sổ bằng bảng dự án hoặc nút “Nhập giấy chứng nhận”."),
        Kind.LAND: gettext_lazy("Đất vào sổ bằng bảng thuê đất, hoặc “Điều chỉnh đất” trên trang của dự án."),
        Kind.TERM: gettext_lazy("Thời hạn mới vào sổ bằng bảng dự án."),
        Kind.CONTENT: gettext_lazy("Ngành, loại, tổ chức kinh tế mới vào sổ bằng bảng dự án."),
        Kind.TRANSFER: gettext_lazy("Chuyển nhượng vào sổ trên trang của dự án, cùng các nhà đầu tư."),
        Kind.CORRECTION: gettext_lazy("Hiệu đính vào sổ trên trang của chính thay đổi bị sai."),
    }

    class Meta(SheetResource.Meta):
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
        if row.record is not None:
            return f"#{row.record.pk}"
        said = [row.get("project"), row.get("kind"), row.get("decision_number")]
        return f"{said[0].code}|{said[1]}|{said[2]}" if all(said) else ""

    def find(self, rows):
        asked = [row.get("decision_number") for row in rows if row.record is None and row.get("decision_number")]
        entered = self.get_queryset().filter(decision_number__in=asked, supersedes__isnull=True)
        known = {(one.project_id, one.kind, one.decision_number): one for one in entered}
        for row in rows:
            project = row.get("project")
            if project is None:
                row.refuse("project", _("Thiếu mã số dự án."))
                continue
            self.check_zone(row, "project", project.zone)
            key = (project.pk, row.get("kind"), row.get("decision_number"))
            row.record = row.record or known.get(key)

    def check(self, rows):
        for row in rows:
            if row.record is not None:
                self._check_entered(row)
                continue
            self.demand_basis(row)
            if not row.get("kind"):
                row.refuse("kind", _("Thiếu loại thay đổi."))
            elif row.get("kind") in self.ELSEWHERE:
                row.refuse("kind", str(self.ELSEWHERE[row.get("kind")]))

    def _check_entered(self, row):
        now = self.values_of(row.record)
        for name, value in row.values.items():
            if not self.fields[name].readonly and (value or None) != (now[name] or None):
                row.refuse(name, _("Dòng đã vào sổ không sửa được; hãy dùng “Hiệu đính” trên trang của thay đổi này."))

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

    class Meta(SheetResource.Meta):
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
        if row.record is not None:
            return f"#{row.record.pk}"
        project, plot = row.get("project"), row.get("plot")
        return f"{project.code}|{plot.code}" if project and plot else ""

    def find(self, rows):
        plots = [row.get("plot").pk for row in rows if row.record is None and row.get("plot")]
        held = self.get_queryset().filter(plot__in=plots, is_current=True, ended_on__isnull=True)
        known = {(one.project_id, one.plot_id): one for one in held}
        for row in rows:
            project, plot = row.get("project"), row.get("plot")
            for name, found in (("project", project), ("plot", plot)):
                if found is None:
                    row.refuse(name, _("Thiếu cột này."))
            if project and plot:
                self.check_zone(row, "project", project.zone)
                row.record = row.record or known.get((project.pk, plot.pk))

    def check(self, rows):
        for row in rows:
            area = row.get("area_m2")
            if row.record is None:
                self.demand_basis(row)
                if not area or area < 0:
                    row.refuse("area_m2", _("Diện tích thuê phải lớn hơn 0."))
            elif "area_m2" in row.values and area != row.record.area_m2:
                self._check_held(row, area)

    def _check_held(self, row, area):
        self.demand_basis(row)
        if area is None or area < 0:
            row.refuse("area_m2", _("Ghi diện tích mới, hoặc 0 để trả lại lô."))
        if not row.record.is_current or row.record.ended_on is not None:
            row.refuse("area_m2", _("Dòng này đã kết thúc hoặc đã có dòng thay; chỉ sửa được dòng đang thuê."))

    def enter(self, row, *, by, at, reason):
        project, plot = row.get("project"), row.get("plot")
        ledger.change_land(
            project=project, parcels=[ledger.Parcel(plot, row.get("area_m2"))], basis=self.basis_of(row), by=by, at=at,
            note=reason,
        )  # fmt: skip
        with suppress(Tenure.DoesNotExist):  # given back: the last row of the plot stands for it
            row.record = Tenure.objects.filter(project=project, plot=plot, is_current=True).latest("pk")
