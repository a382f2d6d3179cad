"""Each of the 36 procedures, in each case that an applicant or an officer may choose: filled in through its own form,
received within its own limit, decided and delivered."""

import json
from datetime import date
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from izportal.management import form_files
from izportal.models import CalendarDay
from onestop import clock, papers, questions, workflow
from onestop.models import Dossier, Procedure
from projects import ledger
from projects.models import Country, Project, Sector
from tests import factories, uploads
from tests.factories import at
from tests.filling import Filler

MOMENT = at("2026-03-03 09:15")
CATALOGUE = json.loads((Path(__file__).parents[2] / "onestop/data/procedures.json").read_text())["procedures"]
WAYS = [
    (row["code"], case["key"])
    for row in CATALOGUE
    for case in row["cases"]
    if case["chosen_by"] != "outcome" and case["key"] not in form_files.compose(row["code"]).get("closed_cases", ())
]
# The grade of works that each case is for.
GRADES = {"special-grade-1": "1", "grade-2-3": "2", "other": "4"}
STANDARDS = [
    {"standard_field": field, "standard_code": f"Quy chuẩn {field}", "standard_measure": "Đáp ứng"}
    for field in ("construction", "environment", "fire")
]
SPECIAL = {
    "1.009759": {"land_promised_on": "01/01/2025", "land_handed_on": "01/06/2025"},
    "2.000347": {"changes_trader": "no"},
    "2.002725": {"standards": STANDARDS},
    "2.002728": {"park_area_ha": "3", "industrial_area_ha": "2", "leased_area_ha": "1"},
    "1.009664": {"equity_share": "100", "area_m2": "1000"},
    "1.009647": {"new_capital_usd": "20000000", "needs_more_land": "no"},
}


@pytest.fixture
def reference(db):
    factories.load_reference()


@pytest.fixture
def people(reference, db):
    return factories.make_people()


FOUND_AT_RECEPTION = {
    (row["code"], case["key"]) for row in CATALOGUE for case in row["cases"] if case["chosen_by"] == "officer"
}


def drafted(code, case, applicant):
    procedure = Procedure.objects.get(code=code)
    version = procedure.version_on(MOMENT.date())
    enterprise = applicant.mandates.get().enterprise
    dossier = Dossier.objects.create(
        procedure=procedure,
        version=version,
        case=version.cases.get(key=case),
        enterprise=enterprise,
        created_by=applicant,
        plot=factories.make_plot(zone=factories.Zone.objects.get(slug="song-cong-2")),
        project=factories.make_project(
            zone=factories.Zone.objects.get(slug="song-cong-2"),
            enterprise=enterprise,
            kind="infrastructure" if code == "2.002728" else "production",
        ),
    )
    special = {"work_grade": GRADES.get(case, "1"), **SPECIAL.get(code, {})}
    filled = Filler(dossier, user=applicant, special=special).fill()
    filled.save()
    give_papers(filled, applicant)
    return filled


def received_in(code, case, applicant, people):
    if (code, case) not in FOUND_AT_RECEPTION:
        return factories.advance(drafted(code, case, applicant), "received", people=people, start=MOMENT)
    usual = Procedure.objects.get(code=code).version_on(MOMENT.date()).default_case().key
    filed = factories.advance(drafted(code, usual, applicant), "submitted", people=people, start=MOMENT)
    found = filed.version.cases.get(key=case)
    return workflow.take(filed, "receive", by=people["reception"], at=MOMENT, case=found)


def give_papers(filled, applicant):
    """What must be given is given; of the rest the applicant says that it is not due."""
    demands = papers.demands(filled)
    papers.declare_not_due(filled, [demand.component.key for demand in demands if demand.may_be_not_due])
    for demand in demands:
        if demand.must and not demand.may_be_not_due:
            content = ContentFile(uploads.pdf(), "giấy tờ.pdf")
            papers.give(dossier=filled, upload=content, by=applicant, at=MOMENT, component=demand.component)


@pytest.mark.parametrize(("code", "case"), WAYS)
def test_procedure_is_filed_received_decided_and_delivered(people, code, case):
    enterprise = factories.make_enterprise(representative="Trần Văn Thử", address="Thái Nguyên")
    applicant = factories.make_user(mandate_of=enterprise, phone="0208 123 456")
    received = received_in(code, case, applicant, people)
    limit = workflow.limit_of(received.version.cases.get(key=case))
    assert received.due_at == clock.end_of(MOMENT, limit, CalendarDay.calendar())
    delivered = factories.advance(received, "delivered", people=people, start=MOMENT)
    assert (delivered.decision, delivered.national_code) == ("granted", 10)


def test_there_are_thirty_six_and_each_has_a_form():
    assert len({code for code, _case in WAYS}) == 36


def test_a_procedure_without_effect_changes_no_project(people):
    enterprise = factories.make_enterprise(representative="Trần Văn Thử", address="Thái Nguyên")
    applicant = factories.make_user(mandate_of=enterprise, phone="0208 123 456")
    dossier = drafted("1.009665", "reissue", applicant)
    before = Project.objects.count()
    granted = factories.advance(dossier, "numbering", people=people, start=MOMENT)
    assert (granted.outcome, Project.objects.count()) == (None, before)


def test_termination_hands_the_land_back(people):
    enterprise = factories.make_enterprise(representative="Trần Văn Thử", address="Thái Nguyên")
    applicant = factories.make_user(mandate_of=enterprise, phone="0208 123 456")
    dossier = drafted("1.009662", "general", applicant)
    granted = factories.advance(dossier, "numbering", people=people, start=MOMENT)
    assert granted.outcome.kind == "terminated"
    assert not Project.objects.in_force(on=date(2026, 3, 3)).filter(pk=granted.project_id).exists()


@pytest.mark.parametrize(("case", "is_asked"), [("judgment", True), ("general", False)])
def test_capital_that_a_court_orders_is_entered_as_any_other(people, case, is_asked):
    enterprise = factories.make_enterprise(representative="Trần Văn Thử", address="Thái Nguyên")
    dossier = drafted("1.009647", case, factories.make_user(mandate_of=enterprise, phone="0208 123 456"))
    asked = {key for key in dossier.answers if key.startswith("judgment_")}
    granted = factories.advance(dossier, "numbering", people=people, start=MOMENT)
    assert (len(asked), granted.outcome.kind) == (5 * is_asked, "capital")
    assert ledger.position(granted.project).usd == 20000000


def test_every_choice_of_country_and_sector_is_there(people):
    assert (Country.objects.count(), Sector.objects.filter(level=2).count()) == (249, 88)


def most_bytes(question):
    """Of a question filled to the brim, in UTF-8: three bytes for each sign that the browser lets in."""
    if question["type"] == "table":
        return sum(map(most_bytes, question["columns"])) * (question.get("most") or questions.MOST_ROWS)
    if question["type"] not in ("text", "textarea"):
        return 300
    usual = 4000 if question["type"] == "textarea" or question.get("rows") else 300
    return 3 * (question.get("most") or usual)


@pytest.mark.parametrize("code", [row["code"] for row in CATALOGUE])
def test_no_section_filled_to_the_brim_is_more_than_the_portal_reads(settings, code):
    sections = form_files.compose(code)["sections"]
    fullest = max(sum(map(most_bytes, section["questions"])) for section in sections)
    assert fullest < settings.DATA_UPLOAD_MAX_MEMORY_SIZE
