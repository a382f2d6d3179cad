"""The sheet of projects with their position of today. What a row changes is done by the deeds of the ledger; what only
a correction mends is refused."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal.cells import ChoiceCell, DateCell, NumberCell, RecordCell, YesNoCell
from izportal.sheets import column, imported
from projects import ledger
from projects.ledger.book import ZERO
from projects.models import Enterprise, Project, Sector
from projects.resources.book import NOTHING, LedgerResource, NameCell
from zones.resources import ZoneCell

Status = Project.Status


@imported("projects")
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
    may_be_empty = ("name_en", "objective_vi", "objective_en", "term_until")

    class Meta(LedgerResource.Meta):
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
        found = self.records_by("code", [row.get("code") for row in rows if row.record is None])
        for row in rows:
            row.record = row.record or found.get((row.get("code") or "").upper())
            if row.record is None:
                self.demand(row, "code", _("Thiếu mã số dự án."))
            elif not row.is_new:
                self.check_zone(row, "code", row.record.zone)

    def check(self, rows, *, again=False):
        for row in rows:
            if row.is_new:
                self._check_new(row)
                continue
            for name in set(row.edited) & set(self.FIXED):
                row.refuse(name, _("Cột này chỉ sửa bằng “Hiệu đính” trên trang của dự án."))
            if set(row.edited) - {*self.FIXED, *self.TEXTS, *self.BASIS}:
                self.demand_basis(row)

    def _check_new(self, row):
        self.demand_basis(row)
        for name in ("name_vi", "origin", "sector", "zone"):
            self.demand(row, name, _("Dự án mới phải có cột này."))
        if row.get("status") not in (None, Status.IN_FORCE):
            row.refuse("status", _("Dự án mới ghi vào sổ là dự án còn hiệu lực."))

    def enter(self, row, *, by, at, reason):
        if row.is_new:
            row.record = self._register(row, by, at, reason)
            return
        edited, project = set(row.edited), Project.objects.get(pk=row.record.pk)
        common = {"project": project, "by": by, "at": at, "note": reason}
        if texts := edited & set(self.TEXTS):
            self._rename(project, {name: row.values[name] for name in texts}, by, reason)
        if edited & {"kind", "tax_code", "sector"}:
            said = {"kind": row.get("kind") or "", "sector": row.get("sector"), "enterprise": row.get("tax_code")}
            ledger.reclassify(basis=self.basis_of(row), **said, **common)
        if edited & {"registered_usd", "registered_vnd"}:
            ledger.adjust_capital(to=self._capital(row, ledger.position(project)), basis=self.basis_of(row), **common)
        if "term_until" in edited:
            ledger.extend(until=row.get("term_until"), basis=self.basis_of(row), **common)
        if "status" in edited:
            to_status(row.get("status"), basis=self.basis_of(row), **common)

    def _register(self, row, by, at, reason):
        what = ledger.Particulars(
            code=row.get("code"), name=row.get("name_vi"), name_en=row.get("name_en") or "", origin=row.get("origin"),
            kind=row.get("kind") or Project.Kind.PRODUCTION, sector=row.get("sector"), zone=row.get("zone"),
            enterprise=row.get("tax_code"), objective=row.get("objective_vi") or "",
            certificate_number=row.get("certificate_number") or row.get("decision_number"),
            term_until=row.get("term_until"),
        )  # fmt: skip
        capital = self._capital(row, ledger.Position(ZERO, ZERO, ZERO))
        change = ledger.register(
            what=what, capital=capital, shares=[], basis=self.basis_of(row), by=by, at=at, note=reason
        )
        return change.project

    def _capital(self, row, now):
        """What the row leaves out stays as it is."""
        usd, vnd = (
            row.values[name] or ZERO if name in row.values else stands
            for name, stands in (("registered_usd", now.usd), ("registered_vnd", now.vnd))
        )
        return ledger.Capital(usd, vnd)

    def _rename(self, project, texts, by, reason):
        for name, text in texts.items():
            setattr(project, name, text)
        project._history_user, project._change_reason = by, reason
        project.save(update_fields=[*sorted(texts), "folded"])

    def take_back(self, rows, *, by, at, reason):
        super().take_back(rows, by=by, at=at, reason=reason)
        for row in rows:
            texts = {name: row.values[name] for name in row.edited if name in self.TEXTS}
            if texts and not row.faults:
                self._rename(Project.objects.get(pk=row.record.pk), texts, by, reason)


def to_status(status, *, basis, **common):
    """The deed that leads to a status."""
    if status == Status.SUSPENDED:
        ledger.suspend(basis=basis, **common)
    elif status == Status.IN_FORCE:
        ledger.resume(basis=basis, **common)
    else:
        ledger.terminate(basis=basis, is_revoked=status == Status.REVOKED, **common)
