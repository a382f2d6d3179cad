"""The counter's record in public: which promises were kept, the dossiers behind each figure, the progress table."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header

from izportal import charts
from izportal.kept_pages import kept
from izportal.lists import page_of
from izportal.models import CalendarDay
from onestop import lives, record, record_sheet, survey, version
from onestop.models import Dossier
from onestop.record_forms import ProgressForm, RecordForm, RecordListForm

# More columns than this cannot be told apart; the table holds all of them.
MOST_COLUMNS = 24
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# The figures under the large ones, in this order.
FACTS = (
    "here", "national", "counter", "post", "promised_anew", "in_work_in_time", "in_work_late", "paused", "refused",
    "withdrawn", "stopped", "asked", "beyond", "not_received", "left_before", "corrected", "revoked",
)  # fmt: skip
# What the other figures mean; those of the progress table are told on its page.
MEANINGS = [mark for key, mark in record.MARKS.items() if key not in FACTS and not key.startswith(("closed", "held"))]
# A procedure of which nothing else is to be told has no line of its own.
MENDED = frozenset(lives.MENDED.values())
# How a dossier stood, told by the first of these marks that it bears.
TOLD = (
    "refused", "early", "on_time", "late", "withdrawn", "stopped", "paused_in_time", "paused_late",
    "in_work_in_time", "in_work_late", "not_received", "left_before", "revoked", "corrected",
)  # fmt: skip


def _as_of():
    """Another word after every write, and as soon as the record is counted anew."""
    return f"{version.now()}.{record.quarter(timezone.now())}"


@kept(_as_of)
def counter_record(request):
    form = RecordForm(request.GET)
    context = {"form": form}
    if form.is_valid():
        now = timezone.now()
        found = _read(form, at=now)
        chosen, months = form.chosen_procedure, found.months()
        groups = [(row.pk, row, row.code) for row in form.procedures]
        context |= {
            "record": found, "total": found.total, "procedure": chosen, "months": months,
            "rows": [] if chosen else [row for row in found.by("procedure", groups) if row.counts.keys() - MENDED],
            "drawings": _drawings(months), "answers": survey.results(found.period, at=now, procedure=chosen),
            "meanings": MEANINGS, "facts": FACTS,
        }  # fmt: skip
    return render(request, "onestop/counter_record.html", context)


def _read(form, *, at):
    calendar = CalendarDay.calendar()
    return record.told(form.chosen_period, at=at, calendar=calendar, procedure=getattr(form, "chosen_procedure", None))


def _drawings(months):
    """Settled in time and late in each month, drawn for a wide and for a narrow page."""
    read = [
        (f"{row.of.first:%m/%y}", charts.cell(row.counts["kept"]), charts.cell(row.counts["late"])) for row in months
    ]
    if not read or len(read) > MOST_COLUMNS:
        return []
    return [charts.columns(read, frame) for frame in (charts.WIDE, charts.NARROW)]


@kept(_as_of)
def counter_record_list(request):
    """Without codes and names, save for those of the board who may read the dossiers."""
    form = RecordListForm(request.GET)
    context = {"form": form}
    if form.is_valid():
        found = _read(form, at=timezone.now())
        page = page_of(request, record.Listed(found, form.admits))
        codes = _codes(request.user, page.object_list)
        names = {row.pk: row for row in form.procedures}
        listed = [(life, names[life.procedure], _standing(life), codes.get(life.pk)) for life in page.object_list]
        mark = record.MARKS[form.chosen("what")]
        context |= {"record": found, "page_obj": page, "rows": listed, "mark": mark, "is_reader": bool(codes)}
    return render(request, "onestop/counter_record_list.html", context)


def _standing(life):
    return record.MARKS[next(mark for mark in TOLD if mark in life.marks)].label


def _codes(user, found):
    """The dossiers themselves, for staff who may read them."""
    if not user.is_staff or not found:
        return {}
    rows = Dossier.objects.visible_to(user).filter(pk__in=[life.pk for life in found])
    return {row.pk: row for row in rows.only("pk", "code", "reference")}


@kept(_as_of)
def progress_table(request):
    form = ProgressForm(request.GET)
    context = {"form": form, "columns": record_sheet.COLUMNS}
    if form.is_valid():
        found, by = _read(form, at=timezone.now()), form.chosen("by")
        context |= {"record": found, "by": by, "rows": record_sheet.rows(found, by), "marks": record_sheet.MARKS}
    return render(request, "onestop/progress_table.html", context)


def progress_sheet(request):
    """The same as a file; an address that cannot be read goes to the page, which says why."""
    form = ProgressForm(request.GET)
    if not form.is_valid():
        return redirect(f"{reverse('onestop:progress_table')}?{request.GET.urlencode()}")
    content = record_sheet.sheet(_read(form, at=timezone.now()), form.chosen("by"))
    name = f"tien-do-{form.chosen_period.first:%Y%m%d}-{form.chosen_period.last:%Y%m%d}.xlsx"
    return HttpResponse(
        content,
        content_type=XLSX,
        headers={"Content-Disposition": content_disposition_header(True, name), "X-Content-Type-Options": "nosniff"},
    )
