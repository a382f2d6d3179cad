"""The sheet of periodic reports: one row for each version that was filed, a column for each number of the four forms.
A row that comes in is what an officer types from paper, checked like any other; a filed version is never changed, the
next one supersedes it. Lines that repeat for each investor stay as they were."""

from decimal import Decimal

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Exists, OuterRef
from django.db.models.fields.json import KT
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from izportal.cells import Cell, DateCell, MomentCell, NumberCell, RecordCell, YesNoCell
from izportal.sheets import WHOLE, SheetResource, column, imported
from projects.models import Report, ReportPeriod
from projects.reports import filing
from projects.reports.duties import subjects
from projects.reports.forms import typed_from
from projects.reports.lines import PERIOD, TEXT, TOTAL, Line, form_of, forms, name_of
from projects.resources.book import project_cell
from zones.resources import PhaseCell, phase_of

ENDINGS = {PERIOD: "trong kỳ", TOTAL: "lũy kế, cuối kỳ", TEXT: ""}


class ValueCell(NumberCell):
    """A number of a report, which keeps it as a plain text."""

    def written(self, value):
        return Decimal(value)

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else Decimal(value)


def _lines():
    """{name of a column: (line, which of its columns)} over all forms, without the lines of single investors."""
    found: dict[str, tuple[Line, str]] = {}
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


@imported("reports")
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

    def relate(self, rows):
        """A phase is looked for in the zone of the row's project."""
        for row in rows:
            if not isinstance(row.get("phase"), str):
                continue
            project = row.get("project")
            try:
                row.values["phase"] = phase_of(project and project.zone_id, row.values["phase"])
            except ValueError as error:
                del row.values["phase"]
                row.refuse("phase", str(error))

    def key_of(self, row):
        period, project, phase = (row.get(name) for name in ("period", "project", "phase"))
        if row.told_key or not period or not project:
            return ""
        return f"{period.code}|{project.code}|{phase.slug if phase else ''}"

    def find(self, rows):
        new = [row for row in rows if row.record is None]
        for row in new:
            for name in ("period", "project"):
                if row.get(name) is None and name not in row.faults:
                    row.refuse(name, _("Thiếu cột này."))
        asked = {row.get("project").pk for row in new if row.get("project")}
        standing = self.get_queryset().as_known().filter(project__in=asked)
        known = {(one.period_id, one.project_id, one.phase_id): one for one in standing}
        for row in rows:
            period, project, phase = (row.get(name) for name in ("period", "project", "phase"))
            if row.record is None and period and project:
                row.record = known.get((period.pk, project.pk, phase and phase.pk))
            if project and self.user and self.user.zones and project.zone.code not in self.user.zones:
                row.refuse("project", _("Dự án này ngoài phạm vi của bạn."))

    def values_of(self, record, names):
        """A number is kept as a text; a new report has no period to be asked for yet."""
        found = {}
        for name in names:
            value = _fact(record, self.fields[name].attribute)
            found[name] = _number(name, value) if name in LINES else value
        return found

    def fill(self, record, row):
        """In memory, to be compared; a filed version is never saved again."""
        for name, value in row.values.items():
            if row.is_new or (name not in self.identity and not self._reads(record, row, name, value)):
                setattr(record, self.fields[name].attribute, value)

    def fill_in(self, rows):
        super().fill_in(rows)
        for row in rows:
            if not row.is_new and not set(row.edited) & set(LINES):
                row.edited = []

    def check(self, rows, *, again=False):
        """The sheet is checked again when it is filed."""
        for row in rows:
            if again or not row.edited:
                continue
            if not row.is_new and not filing.stands(row.record):
                row.refuse("reference", _("Bản này đã có bản mới thay; hãy sửa ở dòng của bản mới."))
            if not row.record.paper_on and "paper_on" not in row.faults:
                row.refuse("paper_on", _("Báo cáo nhập từ bản giấy phải có ngày của bản giấy."))
            if set(row.faults) & {"period", "project", "phase"}:
                continue
            form = self._form(row)
            if form is None:
                row.refuse("phase", _("Dự án không phải báo cáo trong kỳ này, hoặc thiếu khu, giai đoạn."))
            elif not form.is_valid():
                self._tell(row, form)

    def _tell(self, row, form):
        for name, sentences in form.errors.items():
            place = name.replace("--", "__")
            row.refuse(place if place in LINES else "cause", " ".join(sentences))

    def _form(self, row):
        period, project, phase = (_fact(row.record, name) for name in ("period", "project", "phase"))
        if period is None or project is None or project.enterprise_id is None:
            return None
        found = [one for one in subjects(period, [project]) if one.phase == phase]
        return filing.open_form(period, found[0], self._typed(row, period, found[0])) if found else None

    def _typed(self, row, period, subject):
        """As it would be typed: what stands, with what the row says in its place; a sum whose parts have changed
        is added up anew."""
        filed = filing.standing(period, subject)
        typed = typed_from(filed) if filed else {}
        edited = set(row.edited) & set(LINES)
        for check in (check for check in form_of(period).checks if check["rule"] == "sum"):
            for of in {name.partition("__")[2] for name in edited if name.partition("__")[0] in check["parts"]}:
                typed.pop(name_of(check["whole"], of), None)
        for name in edited:
            value = row.values[name]
            typed[name_of(*name.split("__"))] = "" if value is None else _as_typed(value)
        return {**typed, "cause": row.get("cause") or ""}

    def write(self, rows, *, by, at, reason):
        for row in rows:
            with self.each(row):
                form = self._form(row)
                if form is None or not form.is_valid():
                    raise filing.ReportRefused(_("Báo cáo còn mục phải sửa."))
                paper = filing.Paper(row.record.paper_on, row.record.paper_number or "")
                filed = filing.enter(form, paper=paper, by=by, at=at)
                row.record = self.get_queryset().get(pk=filed.pk)

    def take_back(self, rows, *, by, at, reason):
        for row in rows:
            row.refuse(WHOLE, _("Báo cáo đã vào sổ không gỡ được; hãy nhập một bản sửa."))


def _number(name, value):
    """A text of the database, or the number of a row."""
    if value in (None, ""):
        return None
    return str(value) if LINES[name][1] == TEXT else Decimal(str(value))


def _fact(record, attribute):
    try:
        return getattr(record, attribute, None) or None
    except ObjectDoesNotExist:
        return None


def _as_typed(value):
    return format(value, "f").replace(".", ",") if isinstance(value, Decimal) else str(value)
