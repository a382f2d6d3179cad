"""One dossier all the way through, in a real browser, in Vietnamese and in English."""

import re
from contextlib import ExitStack

import pytest
from django.core import mail
from django.utils import timezone

from izportal import outbox
from onestop.models import Dossier, Paper
from projects.models import Project
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PREFIX = {"vi": "", "en": "/en"}
NEW = {"vi": "/ho-so/moi/{}/", "en": "/en/dossiers/new/{}/"}
STATISTICS = {"vi": "/thong-ke/", "en": "/en/statistics/"}
MONEY = {"vi": ("12.500.000", "26.250"), "en": ("12,500,000", "26,250")}
MAIN_BUTTON = "form button.btn:not(.btn--2):not(.btn--3)"


def first_section(code):
    if code == "1.009664":
        return {
            "plot": str(Dossier._meta.get_field("plot").related_model.objects.get(number="CN-05").pk),
            "case": None,
        }
    return {"project": str(Project.objects.get().pk), "case": None}


SECTIONS = {
    "1.009664": [
        {
            "investor_kind": "organisation",
            "investor_country": "KR",
            "investor_identifier": "123-45-67890",
            "investor_address": "Seoul",
            "representative_name": "Kim Thử",
            "representative_title": "Giám đốc",
        },
        {
            "project_name": "Nhà máy linh kiện Thử",
            "origin": "fdi",
            "kind": "production",
            "sector": "25",
            "objective": "Sản xuất linh kiện cơ khí",
            "scale": "2.000 tấn/năm",
        },
        {
            "capital_usd": "USD",
            "exchange_rate": "RATE",
            "rate_on": "02/03/2026",
            "rate_source": "Ngân hàng Nhà nước",
            "equity_share": "100",
            "equity_due_on": "31/12/2027",
        },
        {"term_years": "40", "construction_from": "01/06/2027", "operating_on": "01/06/2028"},
        {"workers_local": "300", "workers_foreign": "5", "environment_group": "3"},
    ],
    "1.009647": [
        {"new_capital_usd": "NEW", "reason": "Mở rộng dây chuyền", "capital_schedule": "Góp trong năm 2027"},
        {
            "adjustment_number": "1",
            "disbursed_until": "31/12/2025",
            "disbursed_usd": "1000000",
            "progress": "Đang sản xuất",
            "needs_more_land": "no",
        },
    ],
}


def file_dossier(visitor, language, code):
    """From the first section to the acknowledgement; returns the dossier."""
    money = dict(zip(("USD", "RATE"), MONEY[language], strict=True)) | {"NEW": "20000000"}
    visitor.open(NEW[language].format(code))
    start = {name: value for name, value in first_section(code).items() if value}
    visitor.fill(**start).press(MAIN_BUTTON)
    for section in SECTIONS[code]:
        visitor.fill(**{name: money.get(value, value) for name, value in section.items()}).press(MAIN_BUTTON)
    upload_everything(visitor)
    visitor.press(MAIN_BUTTON)
    visitor.fill(declare=True).press(".submitbox button")
    return Dossier.objects.get(procedure__code=code)


def upload_everything(visitor):
    for field in visitor.page.locator("main input[type=file]").all():
        visitor.fill(**{field.get_attribute("name"): "giấy tờ.pdf"})
    # Each file that arrives moves the rows below it: who presses meanwhile may press beside the button.
    visitor.page.wait_for_function("() => !document.querySelector('.up__live')")


def step(visitor, dossier, name, **values):
    visitor.open(f"/admin/onestop/dossier/{dossier.pk}/step/{name}/").fill(**values)
    visitor.press("form[method=post] [type=submit], form[method=post] button:not([type])", inside="#content")
    dossier.refresh_from_db()


@pytest.fixture
def office(visit, people):
    """`office("reception", dossier, "receive")`: a person of that role opens the step's page and takes it; each keeps
    to their own window."""
    windows = {}

    def take(role, dossier, name, **values):
        if role not in windows:
            windows[role] = opened.enter_context(visit()).admit(people[role])
        step(windows[role], dossier, name, **values)

    with ExitStack() as opened:
        yield take


def decide(office, people, dossier, decision, **details):
    office("specialist", dossier, "propose", proposal=decision, note="Đã thẩm định", **details)
    office("head", dossier, "forward")
    if decision == "granted":
        office("leader", dossier, "grant")
    else:
        office("leader", dossier, "refuse", reason="Không phù hợp quy hoạch phân khu")


def supplement(office, visit, applicant, dossier, language):
    """Asked with the clock stopped, answered by the applicant, found full by reception."""
    component = dossier.version.components.filter(required="always").first()
    office(
        "specialist",
        dossier,
        "ask_supplement",
        **{f"component-{component.pk}": "Thiếu trang ký"},
        reason="Chưa có chữ ký",
    )
    assert dossier.is_paused
    with visit() as visitor:
        visitor.admit(applicant)
        where = "bo-sung" if language == "vi" else "supplement"
        visitor.open(f"{PREFIX[language]}/{'ho-so' if language == 'vi' else 'dossiers'}/{dossier.pk}/{where}/")
        visitor.page.locator("main input[type=file]").first.set_input_files(
            {"name": "bổ sung.pdf", "mimeType": "application/pdf", "buffer": factories.uploads.pdf()}
        )
        visitor.fill(answer="Đã ký đủ").press(MAIN_BUTTON)
    office("reception", dossier, "accept_supplement")


@pytest.mark.parametrize("language", ["vi"])
def test_filing_to_grant_changes_project_plot_and_totals_at_once(visit, people, applicant, office, language):
    with visit() as visitor:
        visitor.sign_in(applicant, "/dang-nhap/" if language == "vi" else "/en/sign-in/")
        dossier = file_dossier(visitor, language, "1.009664")
        assert re.search(r"XN\d\d-000001", visitor.text) and dossier.lookup in visitor.text
    office("reception", dossier, "receive")
    assert dossier.code.endswith("-0001") and dossier.plot.standing(on=timezone.localdate()).status == "reserved"
    office("head", dossier, "assign", to=str(people["specialist"].pk))
    office("specialist", dossier, "open_review")
    supplement(office, visit, applicant, dossier, language)
    decide(office, people, dossier, "granted", project_code="9812345678")
    project = Project.objects.with_position(on=timezone.localdate()).get(code="9812345678")
    assert (project.status, project.registered_usd, project.land_m2) == ("in_force", 12500000, 65000)
    assert dossier.plot.standing(on=timezone.localdate()).held_for == "9812345678"
    with visit() as visitor:
        visitor.open(STATISTICS[language])
        assert ("12,5" if language == "vi" else "12.5") in visitor.text
        visitor.open(f"{PREFIX[language]}/{'du-an' if language == 'vi' else 'projects'}/9812345678/")
        assert "CN-05" in visitor.text
    office("clerk", dossier, "seal")
    office("clerk", dossier, "deliver", channel="counter", receiver="Nguyễn Văn Thử")
    assert dossier.status == "delivered"
    outbox.drain()
    assert len(mail.outbox) == 9 and {m.to[0] for m in mail.outbox} == {applicant.email}


@pytest.mark.parametrize("language", ["en"])
def test_adjustment_moves_the_capital(visit, people, applicant, office, language):
    project = factories.make_project("9811111111", enterprise=applicant.mandates.get().enterprise, usd="12500000")
    with visit() as visitor:
        visitor.admit(applicant)
        dossier = file_dossier(visitor, language, "1.009647")
    office("reception", dossier, "receive")
    office("head", dossier, "assign", to=str(people["specialist"].pk))
    office("specialist", dossier, "open_review")
    decide(office, people, dossier, "granted")
    now = Project.objects.with_position(on=timezone.localdate()).get(pk=project.pk)
    assert (now.registered_usd, project.changes.count(), dossier.outcome.kind) == (20000000, 2, "capital")


def test_refused_dossier_frees_its_plot_and_changes_nothing(visit, people, applicant, office):
    with visit() as visitor:
        visitor.admit(applicant)
        dossier = file_dossier(visitor, "vi", "1.009664")
    office("reception", dossier, "receive")
    office("head", dossier, "assign", to=str(people["specialist"].pk))
    office("specialist", dossier, "open_review")
    decide(office, people, dossier, "refused")
    assert (dossier.decision, dossier.plot.standing(on=timezone.localdate()).status, Project.objects.count()) == (
        "refused",
        "available",
        0,
    )
    with visit() as visitor:
        visitor.admit(applicant).open(f"/ho-so/{dossier.pk}/")
        assert "Không phù hợp quy hoạch phân khu" in visitor.text


def test_withdrawn_dossier_frees_its_plot(visit, people, applicant, office):
    with visit(390) as visitor:
        visitor.admit(applicant)
        dossier = file_dossier(visitor, "vi", "1.009664")
        office("reception", dossier, "receive")
        visitor.open(f"/ho-so/{dossier.pk}/rut/").fill(note="Đổi kế hoạch").press("form[method=post] button")
    dossier.refresh_from_db()
    assert (dossier.status, dossier.plot.standing(on=timezone.localdate()).status) == ("withdrawn", "available")
    assert Paper.objects.filter(dossier=dossier).exists()
