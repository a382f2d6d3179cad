"""Sections kept while they are typed: one answer for each outcome, and nobody else's words in a draft."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from onestop import drafts, papers, questions
from onestop.models import Dossier
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

SCHEDULE = {"term_years": "45", "construction_from": "01/06/2027", "operating_on": "01/06/2028"}
UNSOUND = {**SCHEDULE, "term_years": "  bốn mươi lăm – 45?\r\nĐại Từ"}
APPLICANT = {"contact_name": "Trần Thị Thử", "contact_email": "thu@thep.example", "contact_phone": "0208 3 123 456"}


@pytest.fixture
def applicant(client, enterprise_user):
    client.force_login(enterprise_user)
    return client


@pytest.fixture
def draft(make_dossier, enterprise_user):
    return make_dossier(by=enterprise_user)


@pytest.fixture
def colleague(enterprise):
    return factories.make_user("dong-nghiep@thep.example", mandate_of=enterprise, full_name="Lê Thị Đồng Nghiệp")


def edit_address(draft, section="schedule"):
    return reverse("onestop:dossier_edit", args=[draft.pk, section])


def keep_address(draft, section="schedule"):
    return reverse("onestop:dossier_keep", args=[draft.pk, section])


def new_address(name="dossier_new"):
    return reverse(f"onestop:{name}", args=["1.009664"])


def hidden(client, address):
    """What the page of a section sends beside what is typed."""
    context = client.get(address).context
    return {name: str(context[name]) for name in ("version_no", "window", "turn")}


def told(response):
    body = response.json()
    return response.status_code, body["state"], body["sentence"]


def stored(draft):
    return Dossier.objects.get(pk=draft.pk)


# Outcomes -----------------------------------------------------------------------------------------
def test_a_sound_section_is_saved(applicant, draft):
    response = applicant.post(keep_address(draft), {**SCHEDULE, "version_no": 0})
    row, body = stored(draft), response.json()
    assert (response.status_code, body["state"], body["is_sound"]) == (200, "saved", True)
    assert body["sentence"] == f"Đã lưu trên cổng lúc {factories.timezone.localtime(row.saved_at):%H:%M}"
    assert (row.answers["term_years"], row.version_no, body["version_no"]) == (45, 1, 1)


def test_unsound_text_is_saved_as_typed_and_shown_again_letter_by_letter(applicant, client, colleague, draft):
    response = applicant.post(keep_address(draft), {**UNSOUND, "version_no": 0})
    assert response.json()["sentence"].endswith(", phần này còn khai dở")
    client.force_login(colleague)
    page = client.get(edit_address(draft))
    assert page.context["form"]["term_years"].value() == UNSOUND["term_years"]
    assert (page.context["form"].errors, "chưa hợp lệ" in page.content.decode()) == ({}, True)
    checked = client.get(edit_address(draft), {"check": "1"}).context["form"]
    assert (list(checked.errors), checked["term_years"].value()) == (["term_years"], UNSOUND["term_years"])


def test_somebody_elses_save_is_told_with_what_differs(applicant, colleague, draft):
    seen = hidden(applicant, edit_address(draft))
    part = questions.definition(draft).section("schedule")
    at = factories.at("2026-03-03 21:04")
    drafts.keep(draft, part, {**SCHEDULE, "term_years": "50"}, hand=drafts.Hand(0), by=colleague, at=at)
    response = applicant.post(keep_address(draft), {**seen, **SCHEDULE})
    body = response.json()
    assert (response.status_code, body["state"], body["by"], body["at"]) == (
        409, "conflict", "Lê Thị Đồng Nghiệp", at.isoformat(),
    )  # fmt: skip
    assert body["differences"] == [
        {"label": "Thời hạn hoạt động", "theirs": "50\N{NO-BREAK SPACE}năm", "mine": "45\N{NO-BREAK SPACE}năm"}
    ]
    assert "Giữ bản của tôi" in body["html"] and stored(draft).answers["term_years"] == 50


def test_the_own_earlier_save_is_no_conflict(applicant, draft):
    seen = hidden(applicant, edit_address(draft))
    for years in ("45", "46", "47"):
        assert applicant.post(keep_address(draft), {**seen, **SCHEDULE, "term_years": years}).status_code == 200
    assert stored(draft).answers["term_years"] == 47


def test_a_filed_dossier_says_so_with_its_address(applicant, draft):
    filed = factories.advance(draft, "submitted")
    response = applicant.post(keep_address(filed), {**SCHEDULE, "version_no": 0})
    assert told(response) == (
        409, "filed", "Hồ sơ đã nộp nên không sửa được nữa; phần vừa gõ chưa có trong hồ sơ.",
    )  # fmt: skip
    assert response.json()["url"] == filed.get_absolute_url()


def test_a_discarded_draft_is_gone(applicant, draft):
    papers.discard(draft)
    assert told(applicant.post(keep_address(draft), SCHEDULE))[:2] == (404, "gone")


def test_a_stranger_and_the_board_find_nothing(client, stranger, draft):
    for person in (stranger, factories.make_staff("reception")):
        client.force_login(person)
        assert told(client.post(keep_address(draft), SCHEDULE))[:2] == (404, "gone")
    assert stored(draft).version_no == 0


def test_who_may_only_view_is_refused(client, enterprise, draft):
    client.force_login(factories.make_user(mandate_of=enterprise, capacity="view"))
    assert told(client.post(keep_address(draft), SCHEDULE))[:2] == (403, "refused")
    assert stored(draft).version_no == 0


@pytest.mark.parametrize("text", ["a\x00b", "x" * (drafts.MOST_TYPED + 1)])
def test_text_that_cannot_be_kept_is_refused(applicant, draft, text):
    assert told(applicant.post(keep_address(draft), {**SCHEDULE, "term_years": text}))[:2] == (413, "refused")
    page = applicant.post(edit_address(draft), {**SCHEDULE, "term_years": text, "version_no": 0})
    assert (page.status_code, page.context["form"]["term_years"].value()) == (200, text)
    assert stored(draft).typed == {}


def test_who_is_signed_out_is_told_in_json(client, draft):
    response = client.post(keep_address(draft), SCHEDULE)
    assert told(response)[:2] == (401, "signed_out")
    assert response.json()["url"] == reverse("account_login", query={"next": edit_address(draft)})


def test_a_page_of_somebody_else_is_not_kept_in_my_name(applicant, client, colleague, draft):
    """Two people at one browser: the page was opened by the first, the session is the second's."""
    seen = hidden(applicant, edit_address(draft))
    client.force_login(colleague)
    assert told(client.post(keep_address(draft), {**seen, **SCHEDULE}))[:2] == (401, "signed_out")
    assert stored(draft).version_no == 0


@pytest.mark.parametrize("section", ["khac", "papers"])
def test_a_section_that_the_form_has_not_leads_to_the_review(applicant, draft, section):
    assert told(applicant.post(keep_address(draft, section), SCHEDULE))[:2] == (409, "moved")


def test_keeping_asks_for_the_token_and_for_a_post(enterprise_user, draft):
    client = Client(enforce_csrf_checks=True)
    client.force_login(enterprise_user)
    assert [client.post(keep_address(draft), SCHEDULE).status_code, client.get(keep_address(draft)).status_code] == [
        403, 405,
    ]  # fmt: skip
    assert stored(draft).version_no == 0


def test_keeping_a_section_costs_few_questions(applicant, draft, django_assert_num_queries):
    with django_assert_num_queries(8):
        applicant.post(keep_address(draft), {**SCHEDULE, "version_no": 0})


# Beginning ----------------------------------------------------------------------------------------
@pytest.fixture
def opened(applicant, catalogue, make_plot):
    """A new form as it is sent, with its case chosen."""
    context = applicant.get(new_address()).context
    case, plot = context["dossier"].case.pk, make_plot("CN-05").pk
    return {"key": str(context["key"]), "window": context["window"], "version_no": 0, "case": case, "plot": plot}


def test_a_draft_begins_with_its_first_sound_section(applicant, opened, enterprise):
    body = applicant.post(new_address("dossier_begin"), {**opened, **APPLICANT}).json()
    draft = Dossier.objects.get()
    assert (body["state"], body["address"], body["keep"]) == (
        "saved", edit_address(draft, "applicant"), keep_address(draft, "applicant"),
    )  # fmt: skip
    assert (str(draft.pk), draft.enterprise, draft.contact_name, draft.typed) == (
        opened["key"], enterprise, "Trần Thị Thử", {},
    )  # fmt: skip


def test_a_draft_begins_half_typed_once_its_case_is_known(applicant, opened):
    applicant.post(new_address("dossier_begin"), {**opened, "contact_name": "Trần", "contact_email": "thu@"})
    draft = Dossier.objects.get()
    assert (draft.contact_name, draft.typed["applicant"]["data"]["contact_email"]) == ("", "thu@")
    page = applicant.get(edit_address(draft, "applicant")).context["form"]
    assert (page["contact_name"].value(), page["contact_email"].value()) == ("Trần", "thu@")


def test_before_the_case_is_known_only_the_device_keeps(applicant, opened):
    response = applicant.post(new_address("dossier_begin"), {**opened, **APPLICANT, "case": ""})
    assert (told(response)[:2], Dossier.objects.count()) == ((200, "waiting"), 0)


def test_typing_on_in_a_begun_page_writes_to_its_draft(applicant, opened):
    for name in ("Trần", "Trần Thị", "Trần Thị Thử"):
        answer = applicant.post(new_address("dossier_begin"), {**opened, **APPLICANT, "contact_name": name})
        assert answer.json()["state"] == "saved"
    response = applicant.post(new_address(), {**opened, **APPLICANT, "contact_name": "Trần Thị Thử Hai"})
    draft = Dossier.objects.get()
    assert (draft.contact_name, response["Location"]) == ("Trần Thị Thử Hai", edit_address(draft, "investor"))


def test_an_unsound_first_section_is_kept_without_javascript_too(applicant, opened):
    response = applicant.post(new_address(), {**opened, **APPLICANT, "contact_email": "thu@", "go": "next"})
    draft = Dossier.objects.get()
    assert response["Location"] == f"{edit_address(draft, 'applicant')}?check=1"
    form = applicant.get(response["Location"]).context["form"]
    assert (list(form.errors), form["contact_email"].value()) == (["contact_email"], "thu@")


def test_nobody_begins_a_draft_without_a_right(client, opened, catalogue):
    for person in (factories.make_user(), factories.make_staff("reception")):
        client.force_login(person)
        sent = {name: value for name, value in opened.items() if name != "window"}
        assert told(client.post(new_address("dossier_begin"), sent))[:2] == (403, "refused")
    client.logout()
    assert told(client.post(new_address("dossier_begin"), opened))[:2] == (401, "signed_out")


# After the session --------------------------------------------------------------------------------
def test_what_was_sent_signed_out_is_there_after_signing_in(applicant, client, enterprise_user, draft):
    sent = {**hidden(applicant, edit_address(draft)), **UNSOUND, "go": "next"}
    Session.objects.all().delete()
    response = client.post(edit_address(draft), sent)
    assert response["Location"] == f"{reverse('account_login')}?next={edit_address(draft)}"
    client.force_login(enterprise_user)
    page = client.get(edit_address(draft))
    assert (page.context["form"]["term_years"].value(), page.context["is_unsent"]) == (UNSOUND["term_years"], True)
    assert page.context["window"] == sent["window"]
    client.post(edit_address(draft), {**sent, "term_years": "45"})
    again = client.get(edit_address(draft)).context
    assert (again["is_unsent"], stored(draft).answers["term_years"]) == (False, 45)


def test_a_new_form_sent_signed_out_is_there_after_signing_in(client, opened, enterprise_user):
    Session.objects.all().delete()
    client.post(new_address(), {**opened, **APPLICANT})
    client.force_login(enterprise_user)
    context = client.get(new_address()).context
    assert (context["form"]["contact_name"].value(), str(context["key"])) == ("Trần Thị Thử", opened["key"])


def test_the_next_person_to_sign_in_does_not_see_it(applicant, client, colleague, draft):
    sent = {**hidden(applicant, edit_address(draft)), **UNSOUND}
    Session.objects.all().delete()
    client.post(edit_address(draft), sent)
    client.force_login(colleague)
    page = client.get(edit_address(draft))
    assert (page.context["is_unsent"], page.context["form"]["term_years"].value()) == (False, "40")


@pytest.mark.parametrize("window", ["", "x", "WzEsImEiXQ:1abcde:forged", "\x00"])
def test_nobody_fills_the_sessions_with_pages_that_are_not_ours(client, draft, window):
    client.post(edit_address(draft), {**SCHEDULE, "window": window})
    assert Session.objects.count() == 0


def test_too_much_text_does_not_wait_in_a_session(applicant, client, draft):
    sent = {**hidden(applicant, edit_address(draft)), **SCHEDULE, "term_years": "x" * drafts.MOST_TYPED}
    Session.objects.all().delete()
    assert (client.post(edit_address(draft), sent).status_code, Session.objects.count()) == (302, 0)


def test_an_old_token_brings_the_text_back_to_be_sent_again(enterprise_user, colleague, draft):
    client = Client(enforce_csrf_checks=True)
    client.force_login(enterprise_user)
    sent = {**hidden(client, edit_address(draft)), **UNSOUND, "csrfmiddlewaretoken": "x" * 64, "go": "exit"}
    page = client.post(edit_address(draft), sent)
    assert (page.status_code, page.templates[0].name) == (403, "unsent.html")
    again = {**dict(page.context["typed"]), "csrfmiddlewaretoken": str(page.context["csrf_token"])}
    client.post(edit_address(draft), again)
    assert stored(draft).typed["schedule"]["data"] == UNSOUND
    client.force_login(colleague)
    assert client.post(edit_address(draft), sent).templates[0].name == "403_csrf.html"


# As the officer sees it ---------------------------------------------------------------------------
def test_the_officers_view_shows_answers_and_papers_and_no_unsound_text(applicant, draft):
    applicant.post(keep_address(draft), {**UNSOUND, "version_no": 0})
    page = applicant.get(reverse("onestop:dossier_as_officer", args=[draft.pk]))
    text, paper = page.content.decode(), draft.papers.first()
    assert "Nhà máy linh kiện cơ khí" in text and "Có phần còn khai dở" in text
    assert reverse("onestop:paper_download", args=[draft.pk, paper.pk]) in text
    assert (UNSOUND["term_years"] in text, "/admin/" in text) == (False, False)


def test_the_officers_view_is_the_desks(applicant, client, draft):
    filed = factories.advance(draft, "submitted")
    mine = applicant.get(reverse("onestop:dossier_as_officer", args=[filed.pk])).context["sections"]
    client.force_login(factories.make_staff("reception"))
    assert client.get(reverse("admin:onestop_dossier_change", args=[filed.pk])).context["sections"] == mine


def test_a_signed_out_reader_comes_back_to_the_section(client, enterprise_user, draft):
    address = client.get(edit_address(draft))["Location"]
    enterprise_user.set_password("mat-khau-thu")
    enterprise_user.save()
    sent = {"login": enterprise_user.email, "password": "mat-khau-thu", "next": edit_address(draft)}
    assert (address, client.post(address, sent)["Location"]) == (
        f"{reverse('account_login')}?next={edit_address(draft)}", edit_address(draft),
    )  # fmt: skip
