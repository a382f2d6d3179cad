"""Keeping, filing and answering a report: nothing typed is lost, nothing filed is changed, and who may do what."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from izportal.models import Notice
from projects.models import DeveloperPhase, Project, Report, ReportDraft, ReportPeriod
from projects.reports import duties, filing, reminding
from projects.reports.duties import Subject
from tests import factories
from tests.factories import at
from tests.projects import reporting
from zones.models import Phase

pytestmark = pytest.mark.django_db

NOW = reporting.OPEN


@pytest.fixture
def period():
    return reporting.make_period()


@pytest.fixture
def subject():
    return reporting.make_subject()


@pytest.fixture
def signer(subject):
    return factories.make_user(mandate_of=subject.project.enterprise)


@pytest.fixture
def keeper():
    return factories.make_staff("register")


def keep(period, subject, by, *, seen=0, **changed):
    form = filing.open_form(period, subject, reporting.sheet(**changed))
    return filing.keep(form, seen=seen, by=by, at=NOW)


# Keeping ------------------------------------------------------------------------------------------
def test_draft_keeps_what_was_typed_sound_or_not(period, subject, signer):
    draft = keep(period, subject, signer, imports__period="chưa biết")
    assert (draft.version_no, draft.typed["imports--period"]) == (1, "chưa biết")
    assert filing.open_form(period, subject, draft=draft).initial == draft.typed


def test_draft_changed_elsewhere_is_told_and_stays(period, subject, signer):
    keep(period, subject, signer)
    with pytest.raises(filing.DraftChanged) as told:
        keep(period, subject, signer, seen=0, imports__period="1")
    assert told.value.draft.typed["imports--period"] == "100.000"
    assert keep(period, subject, signer, seen=1, imports__period="1").version_no == 2


def test_same_text_sent_twice_is_kept_once(period, subject, signer):
    keep(period, subject, signer)
    assert keep(period, subject, signer, seen=0).version_no == 1
    assert ReportDraft.objects.count() == 1


# Filing -------------------------------------------------------------------------------------------
def test_filing_makes_the_first_version_and_takes_the_draft(period, subject, signer):
    report = reporting.make_report(subject, period=period, by=signer)
    assert report.reference == f"BC-2026-Q3-{subject.project.code}-01"
    assert (report.number, report.form, report.recorded_by, report.recorded_at) == (1, "A.III.1", signer, NOW)
    assert report.values["capital_realised"] == {"period": "1000.5", "total": "9000.5"}
    assert (report.is_late, report.is_from_paper) == (False, False)
    assert not ReportDraft.objects.exists()
    assert [letter.kind for letter in Notice.objects.all()] == ["report-filed"]


def test_only_who_signs_for_the_enterprise_files(period, subject):
    helper = factories.make_user(mandate_of=subject.project.enterprise, capacity="prepare")
    draft = keep(period, subject, helper)
    with pytest.raises(PermissionDenied):
        filing.submit(draft, seen=1, by=helper, at=NOW)
    with pytest.raises(PermissionDenied):
        filing.submit(draft, seen=1, by=factories.make_staff("register"), at=NOW)
    assert not Report.objects.exists()


def test_draft_changed_since_the_review_is_not_filed(period, subject, signer):
    draft = keep(period, subject, signer)
    keep(period, subject, signer, seen=1, imports__period="1")
    with pytest.raises(filing.DraftChanged):
        filing.submit(draft, seen=1, by=signer, at=NOW)


def test_unsound_draft_is_not_filed(period, subject, signer):
    draft = keep(period, subject, signer, imports__period="x")
    with pytest.raises(filing.ReportRefused, match="còn mục phải sửa"):
        filing.submit(draft, seen=1, by=signer, at=NOW)


def test_draft_is_filed_once(period, subject, signer):
    draft = keep(period, subject, signer)
    filing.submit(draft, seen=1, by=signer, at=NOW)
    with pytest.raises(filing.ReportRefused, match="đã được nộp"):
        filing.submit(draft, seen=1, by=signer, at=NOW)


def test_period_that_has_not_opened_takes_nothing(subject, signer):
    coming = reporting.make_period("2026-Q4", opens_on=date(2027, 1, 1))
    draft = keep(coming, subject, signer)
    with pytest.raises(filing.ReportRefused, match="chưa bắt đầu"):
        filing.submit(draft, seen=1, by=signer, at=NOW)


def test_report_after_the_last_day_is_marked_late(subject, signer):
    period = reporting.make_period(due_on=date(2026, 10, 4))
    assert reporting.make_report(subject, period=period, by=signer).is_late
    ReportPeriod.objects.update(extended_to=date(2026, 10, 5))
    period.refresh_from_db()
    assert not reporting.make_report(subject, period=period, by=signer).is_late


def test_correction_supersedes_and_both_stay(period, subject, signer):
    first = reporting.make_report(subject, period=period, by=signer)
    second = reporting.make_report(
        subject, period=period, by=signer, moment=at("2026-10-09 10:00"), imports__period="100.001", cause="Gõ nhầm"
    )
    assert (second.number, second.supersedes, second.cause) == (2, first, "Gõ nhầm")
    assert filing.differences(first, second) == [("Nhập khẩu", "Trong quý", "100000", "100001")]
    assert list(Report.objects.as_known()) == [second]
    assert list(Report.objects.as_known(at("2026-10-08 00:00"))) == [first]


def test_correction_says_why(period, subject, signer):
    reporting.make_report(subject, period=period, by=signer)
    form = filing.open_form(period, subject, reporting.sheet())
    assert not form.is_valid()
    assert list(form.errors) == ["cause"]


def test_filed_version_is_neither_changed_nor_deleted(period, subject):
    report = reporting.make_report(subject, period=period)
    for deed in (lambda: Report.objects.update(number=7), lambda: Report.objects.all()._raw_delete("default")):
        with pytest.raises(IntegrityError), transaction.atomic():
            deed()
    report.refresh_from_db()
    assert report.number == 1


def test_board_enters_a_paper_and_the_paper_decides_whether_it_is_late(subject, keeper):
    period = reporting.make_period(due_on=date(2026, 10, 4))
    paper = filing.Paper(date(2026, 10, 3), "12/BC")
    report = reporting.make_report(subject, period=period, by=keeper, paper=paper)
    assert (report.is_from_paper, report.paper_number, report.is_late) == (True, "12/BC", False)


# Answering ----------------------------------------------------------------------------------------
def test_board_sends_back_with_remarks_and_the_enterprise_is_told(period, subject, signer, keeper):
    report = reporting.make_report(subject, period=period, by=signer)
    filing.send_back(report, by=keeper, at=NOW, remarks="Thiếu nhập khẩu")
    assert duties.of_period(period, Project.objects.all())[0].state == duties.RETURNED
    assert "Thiếu nhập khẩu" in Notice.objects.get(kind="report-returned").body
    assert not Report.objects.counting().exists()


def test_answer_stands_until_a_new_version(period, subject, signer, keeper):
    first = reporting.make_report(subject, period=period, by=signer)
    filing.accept(first, by=keeper, at=NOW)
    with pytest.raises(filing.ReportRefused, match="đã được trả lời"):
        filing.accept(first, by=keeper, at=NOW)
    second = reporting.make_report(subject, period=period, by=signer)
    with pytest.raises(filing.ReportRefused, match="bản mới"):
        filing.send_back(first, by=keeper, at=NOW, remarks="x")
    assert duties.of_period(period, Project.objects.all())[0].state == duties.WAITING
    assert filing.standing(period, subject) == second


def test_only_those_named_answer(period, subject, signer):
    report = reporting.make_report(subject, period=period, by=signer)
    for person in (signer, factories.make_staff("reception")):
        with pytest.raises(PermissionDenied):
            filing.accept(report, by=person, at=NOW)


def test_sending_back_says_why(period, subject, keeper):
    report = reporting.make_report(subject, period=period)
    with pytest.raises(IntegrityError), transaction.atomic():
        filing.send_back(report, by=keeper, at=NOW, remarks="")


# Who owes -----------------------------------------------------------------------------------------
def test_projects_in_force_on_the_last_day_owe(period, subject, django_assert_num_queries):
    reporting.make_subject(on=date(2026, 10, 2))
    with django_assert_num_queries(3):
        assert [duty.subject.code for duty in duties.of_period(period, Project.objects.all())] == [
            subject.project.code
        ]
    for _number in range(2):
        reporting.make_subject()
    with django_assert_num_queries(3):
        assert len(duties.of_period(period, Project.objects.all())) == 3


def test_developer_owes_for_each_phase():
    half = reporting.make_period("2026-HT1", kind="developer_half")
    developer = reporting.make_subject(kind="infrastructure")
    reporting.make_subject()
    found = duties.of_period(half, Project.objects.all())
    assert [duty.subject for duty in found] == [developer]
    for slug in ("a", "b"):
        phase = Phase.objects.create(zone=developer.project.zone, slug=slug, name_vi=f"Khu {slug}")
        DeveloperPhase.objects.create(project=developer.project, phase=phase)
    found = duties.of_period(half, Project.objects.all())
    assert [duty.subject.code for duty in found] == [f"{developer.project.code}:{slug}" for slug in ("a", "b")]


def test_address_finds_a_phase_and_nothing_else():
    half = reporting.make_period("2026-HT1", kind="developer_half")
    developer = reporting.make_subject(kind="infrastructure")
    phase = Phase.objects.create(zone=developer.project.zone, slug="a", name_vi="Khu a")
    DeveloperPhase.objects.create(project=developer.project, phase=phase)
    among, code = Project.objects.all(), developer.project.code
    assert duties.find(None, half, f"{code}:a", among=among) == Subject(developer.project, phase)
    assert [duties.find(None, half, f"{code}{rest}", among=among) for rest in ("", ":b", ":", "x")] == [None] * 4


def test_enterprise_owes_for_the_periods_in_which_its_project_lived(subject, django_assert_num_queries):
    periods = [reporting.make_period(code) for code in ("2026-Q2", "2026-Q3")]
    late = reporting.make_subject(subject.project.enterprise, on=date(2026, 8, 1))
    with django_assert_num_queries(5):
        found = duties.of_enterprises([subject.project.enterprise], periods=periods)
    assert [(duty.period.code, duty.subject.code) for duty in found] == [
        ("2026-Q2", subject.code), ("2026-Q3", subject.code), ("2026-Q3", late.code),
    ]  # fmt: skip


# Reminding ----------------------------------------------------------------------------------------
def test_night_reminds_once_before_and_once_after_the_last_day(subject, signer):
    factories.make_rules()
    reporting.make_period(due_on=date(2026, 10, 20))
    assert reminding.remind(at=at("2026-10-05 08:00")) == 0
    assert [reminding.remind(at=at(f"2026-10-{day} 08:00")) for day in ("06", "07", "17", "17")] == [1, 0, 1, 0]
    assert [reminding.remind(at=at(f"2026-10-{day} 08:00")) for day in ("27", "28")] == [1, 0]
    letter = Notice.objects.order_by("pk").first()
    assert (letter.subject, letter.user) == ("Nhắc nộp báo cáo 2026-Q3", signer)
    assert "hạn nộp 20/10/2026" in letter.body


def test_nobody_is_reminded_of_a_day_that_is_not_known_or_of_what_was_filed(subject, signer, period):
    factories.make_rules()
    assert reminding.remind(at=NOW) == 0
    assert reminding.remind_now(period, at=NOW) == 1
    assert reminding.remind_now(period, at=NOW) == 0
    reporting.make_report(subject, period=period, by=signer)
    assert reminding.remind_now(period, at=at("2026-10-07 08:00")) == 0
