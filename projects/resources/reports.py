"""The sheet of periodic reports: one row for each version that was filed, a column for each number of the four forms.
A row that comes in is what an officer types from paper, checked like any other; a filed version is never changed, the
next one supersedes it. Lines that repeat for each investor stay as they were."""

from decimal import Decimal

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.fields.json import KT
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from izportal.cells import Cell, DateCell, MomentCell, NumberCell, RecordCell, YesNoCell, to_text
from izportal.sheets import SheetResource, column
from projects.models import Report, ReportPeriod
from projects.reports import filing
from projects.reports.duties import Subject, subjects
from projects.reports.forms import typed_from
from projects.reports.lines import PERIOD, TEXT, TOTAL, forms, name_of
from projects.resources.register import project_cell
from zones.resources import PhaseCell

ENDINGS = {PERIOD: "trong kỳ", TOTAL: "lũy kế, cuối kỳ", TEXT: ""}


class ValueCell(NumberCell):
    """A number of a report, which keeps it as a plain text."""

    def written(self, value):
        return Decimal(value)

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else Decimal(value)


def _lines():
    """{name of a column: (line, which of its columns)} over all forms, without the lines of single investors."""
    found = {}
    for form in forms().values():
        for line in form.lines.values():
            found |= {f"{line.code}__{of}": (line, of) for of in line.columns if not line.per}
    return found


LINES = _lines()


def _columns():
    """A heading says the line and the code, by which lines of one name are told apart."""
    with override("vi"):
        for name, (line, of) in LINES.items():
            heading = f"{line.label} ({', '.join(filter(None, (line.code, ENDINGS[of])))})"
            cell = Cell() if of == TEXT else ValueCell(places=line.places)
            yield name, column(heading, name, cell)


FIRST = ("period", "project", "phase", "paper_on", "paper_number", "cause")
LAST = ("reference", "number", "is_late", "is_superseded", "recorded_at", "is_sample")


class ReportResource(SheetResource):
    period = column("Kỳ báo cáo", "period", RecordCell(ReportPeriod.objects.all, gettext_lazy("Mã kỳ, ví dụ 2026-Q3")))
    project = column("Mã số dự án", "project", project_cell())
    phase = column("Khu, giai đoạn", "phase", PhaseCell())
    paper_on = column("Ngày của bản giấy", "paper_on", DateCell())
    paper_number = column("Số văn bản giấy", "paper_number")
    cause = column("Lý do sửa", "cause")
    reference = column("Số biên nhận", "reference", readonly=True)
    number = column("Bản số", "number", NumberCell(places=0), readonly=True)
    is_late = column("Nộp sau hạn", "is_late", YesNoCell(), readonly=True)
    is_superseded = column("Đã có bản thay", "is_superseded", YesNoCell(), readonly=True)
    recorded_at = column("Nộp lúc", "recorded_at", MomentCell(), readonly=True)
    is_sample = column("Dữ liệu mẫu", "is_sample", YesNoCell(), readonly=True)
    # A column for each number: there are as many as the data file has lines.
    locals().update(_columns())

    identity = ("period", "project", "phase")
    told_by = ("project", "period")
    deed = "enter_report"
    refusals = (filing.ReportRefused,)

    class Meta(SheetResource.Meta):
        model = Report
        fields = (*FIRST, *LINES, *LAST)

    def get_queryset(self):
        return self.annotated(Report.objects.select_related("period", "project__zone", "phase"))

    def annotated(self, rows):
        said = {name: KT(f"values__{name}") for name in LINES}
        newer = Report.objects.filter(supersedes=OuterRef("pk")).order_by()
        return rows.annotate(is_superseded=Exists(newer), **said)

    def key_of(self, row):
        if row.record is not None:
            return f"#{row.record.pk}"
        period, project = row.get("period"), row.get("project")
        return f"{period.code}|{project.code}|{to_text(row.get('phase'))}" if period and project else ""

    def find(self, rows):
        new = [row for row in rows if row.record is None and row.get("period") and row.get("project")]
        standing = self.get_queryset().as_known().filter(project__in={row.get("project").pk for row in new})
        known = {(one.period_id, one.project_id, one.phase.slug if one.phase else ""): one for one in standing}
        for row in rows:
            for name in ("period", "project"):
                if row.get(name) is None:
                    row.refuse(name, _("Thiếu cột này."))
            project = row.get("project")
            if project and self.user and self.user.zones and project.zone.code not in self.user.zones:
                row.refuse("project", _("Dự án này ngoài phạm vi của bạn."))
        for row in new:
            row.record = known.get((row.get("period").pk, row.get("project").pk, to_text(row.get("phase"))))

    def values_of(self, record):
        """The numbers lie inside one column of the database."""
        found = {name: record.values.get(line.code, {}).get(of) for name, (line, of) in LINES.items()}
        found = {
            name: value if value is None or LINES[name][1] == TEXT else Decimal(value) for name, value in found.items()
        }
        own = {name: getattr(record, name) for name in (*FIRST, *LAST)}
        return {**own, "phase": record.phase.slug if record.phase else "", **found}

    def fill(self, record, row):
        """Nothing is put on a filed version."""

    def check(self, rows):
        for row in rows:
            if row.record is not None and not self._differs(row):
                continue
            if row.record is not None and not filing.stands(row.record):
                row.refuse("reference", _("Bản này đã có bản mới thay; hãy sửa ở dòng của bản mới."))
            if not row.get("paper_on"):
                row.refuse("paper_on", _("Báo cáo nhập từ bản giấy phải có ngày của bản giấy."))
            form = self._form(row)
            if form is None:
                row.refuse("phase", _("Dự án không phải báo cáo trong kỳ này, hoặc thiếu khu, giai đoạn."))
            elif not form.is_valid():
                self._tell(row, form)

    def _differs(self, row):
        now = self.values_of(row.record)
        return any((row.values.get(name) or None) != (now[name] or None) for name in LINES if name in row.values)

    def _tell(self, row, form):
        for name, sentences in form.errors.items():
            place = name.replace("--", "__")
            row.refuse(place if place in LINES else "cause", " ".join(sentences))

    def _form(self, row):
        period, project = row.get("period"), row.get("project")
        if period is None or project is None or project.enterprise_id is None:
            return None
        slug = to_text(row.get("phase"))
        found = [one for one in subjects(period, [project]) if (one.phase.slug if one.phase else "") == slug]
        return filing.open_form(period, found[0], self._typed(row, period, found[0])) if found else None

    def _typed(self, row, period, subject: Subject):
        """As it would be typed: what stands, with what the row says in its place."""
        filed = filing.standing(period, subject)
        typed = typed_from(filed) if filed else {}
        for name in LINES:
            if name in row.values:
                value = row.values[name]
                typed[name_of(*name.split("__"))] = "" if value is None else _as_typed(value)
        return {**typed, "cause": row.get("cause") or ""}

    def write(self, rows, *, by, at, reason):
        for row in rows:
            with self.each(row), transaction.atomic():
                form = self._form(row)
                if form is None or not form.is_valid():
                    raise filing.ReportRefused(_("Báo cáo còn mục phải sửa."))
                paper = filing.Paper(row.get("paper_on"), row.get("paper_number") or "")
                row.record = filing.enter(form, paper=paper, by=by, at=at)

    def take_back(self, rows, *, by, at, reason):
        for row in rows:
            row.refuse("", _("Báo cáo đã vào sổ không gỡ được; hãy nhập một bản sửa."))


def _as_typed(value):
    return format(value, "f").replace(".", ",") if isinstance(value, Decimal) else str(value)
