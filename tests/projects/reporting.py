"""Periods, sheets as they are typed, and reports that were filed."""

from datetime import date

from projects.models import Report, ReportPeriod
from projects.reports import filing
from projects.reports.duties import Subject
from tests import factories
from tests.factories import at

OPEN = at("2026-10-05 09:00")


def make_period(code="2026-Q3", **fields):
    quarters = {"2026-Q2": (date(2026, 4, 1), date(2026, 6, 30)), "2026-Q3": (date(2026, 7, 1), date(2026, 9, 30))}
    first, last = quarters.get(code, (date(2026, 1, 1), date(2026, 9, 30)))
    fields = {"kind": "quarter", "starts_on": first, "cut_off_on": last, "opens_on": last, **fields}
    return ReportPeriod.objects.get_or_create(code=code, defaults=fields)[0]


def make_subject(enterprise=None, **fields):
    project = factories.make_project(enterprise=enterprise or factories.make_enterprise(), **fields)
    return Subject(project)


def sheet(**changed):
    """A sound quarter as it is typed, the investors' parts left to the whole."""
    typed = {
        "capital_realised--period": "1.000,5", "capital_realised--total": "9.000,5",
        "net_revenue--period": "500.000", "net_revenue--total": "1.500.000",
        "exports--period": "400.000", "exports--total": "1.200.000",
        "imports--period": "100.000", "imports--total": "300.000",
        "budget--period": "2.000.000.000", "budget--total": "6.000.000.000",
        "workers_vietnamese--total": "120", "workers_foreign--total": "5",
    }  # fmt: skip
    return {**typed, **{name.replace("__", "--"): value for name, value in changed.items()}}


def make_report(subject=None, *, period=None, by=None, moment=OPEN, cause="Sửa số liệu", paper=None, **changed):
    """A version filed by somebody who signs for the enterprise."""
    subject, period = subject or make_subject(), period or make_period()
    by = by or factories.make_user(mandate_of=subject.project.enterprise)
    corrects = filing.standing(period, subject)
    typed = sheet(**changed) | ({"cause": cause} if corrects else {})
    form = filing.open_form(period, subject, typed)
    assert form.is_valid(), form.errors
    if paper:
        return filing.enter(form, paper=paper, by=by, at=moment)
    draft = filing.keep(form, seen=0, by=by, at=moment)
    return filing.submit(draft, seen=draft.version_no, by=by, at=moment)


def file_directly(subject, period, moment=OPEN, **values):
    """A version without its sheet, for lists and sums."""
    said = {key: {"period": str(value), "total": str(value)} for key, value in values.items()}
    number = Report.objects.filter(project=subject.project, period=period).count() + 1
    return Report.objects.create(
        period=period, project=subject.project, phase=subject.phase, number=number, form="A.III.1", form_number=1,
        reference=f"BC-{period.code}-{subject.code.replace(':', '-')}-{number:02d}", values=said, recorded_at=moment,
        is_sample=subject.project.is_sample, supersedes=filing.standing(period, subject),
    )  # fmt: skip
