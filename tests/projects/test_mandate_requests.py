"""Asking to act for an enterprise: the request, the board's answer, and the letters that each deed sends."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from izportal.documents import UploadRefused
from izportal.models import Notice, Rule, StoredFile
from projects import mandates
from projects.mandates import MandateRefused
from projects.models import Enterprise, Mandate, MandateRequest
from tests import factories, uploads

pytestmark = pytest.mark.django_db

SAID = {
    "capacity": "sign", "until": None, "position": "Kế toán trưởng", "note": "", "name": "Công ty TNHH Mới",
    "address": "Thái Nguyên", "representative": "Trần Văn Thử",
}  # fmt: skip
TAX_CODE = "4600000017"
REGISTER = {"name": "Công ty TNHH Mới", "address": "Phổ Yên", "representative": "Trần Văn Thử"}


def letter(name="giấy ủy quyền.pdf"):
    return ContentFile(uploads.pdf(), name)


@pytest.fixture(autouse=True)
def rules(db):
    factories.make_rules()


@pytest.fixture
def asker(db):
    return factories.make_user("moi@thep.example", full_name="Lê Thị Mới")


@pytest.fixture
def officer(staff):
    return staff("register")


def ask(asker, tax_code=TAX_CODE, upload=None, at=None, **changed):
    said = {**SAID, **changed}
    return mandates.ask(by=asker, at=at or timezone.now(), tax_code=tax_code, upload=upload, **said)


def grant(request, officer, **changed):
    said = {"capacity": request.capacity, "until": request.until, **REGISTER, **changed}
    return mandates.grant(request, by=officer, at=timezone.now(), **said)


# Asking -------------------------------------------------------------------------------------------
def test_request_keeps_what_was_said_and_the_letter(asker):
    row = ask(asker, upload=letter())
    assert (row.is_open, row.paper.name, row.paper.uploaded_by, row.mandate) == (
        True, "giấy ủy quyền.pdf", asker, None,
    )  # fmt: skip
    assert not mandates.enterprises_of(asker).exists()


def test_same_request_sent_twice_is_one(asker):
    assert ask(asker, upload=letter()) == ask(asker, upload=letter())
    assert (MandateRequest.objects.count(), StoredFile.objects.count()) == (1, 1)


@pytest.mark.parametrize("changed", [{"capacity": "view"}, {"note": "Xin duyệt sớm"}, {"upload": letter()}])
def test_another_request_for_the_same_enterprise_waits_for_the_first(asker, changed):
    ask(asker)
    with pytest.raises(MandateRefused):
        ask(asker, **changed)
    assert MandateRequest.objects.count() == 1


def test_bad_letter_leaves_no_request(asker):
    with pytest.raises(UploadRefused):
        ask(asker, upload=ContentFile(b"MZ\x90\x00", "giấy.pdf"))
    assert (MandateRequest.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_what_is_held_already_is_not_asked_again(enterprise, enterprise_user):
    with pytest.raises(MandateRefused):
        ask(enterprise_user, enterprise.tax_code)
    assert ask(enterprise_user, enterprise.tax_code, capacity="view").is_open


def test_nobody_floods_the_queue(asker, monkeypatch):
    monkeypatch.setattr(mandates, "MOST_OPEN", 2)
    ask(asker, "4600000001")
    ask(asker, "4600000002")
    with pytest.raises(MandateRefused):
        ask(asker, "4600000003")


def test_withdrawn_request_makes_room_for_another(asker):
    mandates.withdraw(ask(asker), by=asker, at=timezone.now())
    assert [ask(asker).answer, *MandateRequest.objects.values_list("answer", flat=True)] == ["", "", "withdrawn"]


def test_request_is_withdrawn_by_its_asker_and_once(asker, stranger):
    row = ask(asker)
    with pytest.raises(PermissionDenied):
        mandates.withdraw(row, by=stranger, at=timezone.now())
    mandates.withdraw(row, by=asker, at=timezone.now())
    with pytest.raises(MandateRefused):
        mandates.withdraw(row, by=asker, at=timezone.now())


# Answering ----------------------------------------------------------------------------------------
def test_grant_enters_an_unknown_enterprise_as_confirmed(asker, officer):
    row = ask(asker)
    mandate = grant(row, officer, name="Công ty TNHH Mới (đã sửa)")
    known = Enterprise.objects.get(tax_code=TAX_CODE)
    row.refresh_from_db()
    assert (known.name_vi, known.address, mandate.enterprise) == ("Công ty TNHH Mới (đã sửa)", "Phổ Yên", known)
    assert (row.answer, row.answered_by, row.mandate) == ("granted", officer, mandate)
    assert mandates.may(asker, known, "sign")


def test_grant_leaves_a_known_enterprise_as_it_is(asker, officer, enterprise):
    grant(ask(asker, enterprise.tax_code), officer, name="Tên khác", address="Nơi khác")
    enterprise.refresh_from_db()
    assert (enterprise.name_vi, enterprise.address) == ("Công ty TNHH Thép Thử", "")


def test_unknown_enterprise_needs_a_name(asker, officer):
    with pytest.raises(MandateRefused):
        grant(ask(asker), officer, name="")
    assert not Enterprise.objects.exists()


@pytest.mark.parametrize(
    ("asked", "given"),
    [({"capacity": "prepare"}, {"capacity": "sign"}), ({"until": timezone.localdate()}, {"until": None})],
)
def test_more_than_was_asked_is_not_granted(asker, officer, asked, given):
    row = ask(asker, **asked)
    with pytest.raises(MandateRefused):
        grant(row, officer, **given)
    assert not Mandate.objects.exists()


def test_less_than_was_asked_is_granted(asker, officer):
    until = timezone.localdate() + timedelta(days=90)
    mandate = grant(ask(asker), officer, capacity="prepare", until=until)
    assert (mandate.capacity, mandate.until) == ("prepare", until)


def test_new_grant_takes_the_place_of_what_was_held(enterprise, officer):
    person = factories.make_user(mandate_of=enterprise, capacity="view")
    held = person.mandates.get()
    mandates.end(held, by=person, at=timezone.now())
    grant(ask(person, enterprise.tax_code), officer)
    held.refresh_from_db()
    assert (held.capacity, held.ended_at, held.approved_by) == ("sign", None, officer)
    assert [row.capacity for row in held.history.all()] == ["sign", "view", "view"]
    assert held.history.first().history_user == officer


def test_refusal_is_told_with_its_reason(asker, officer):
    row = ask(asker)
    mandates.refuse(row, by=officer, at=timezone.now(), reason="Giấy ủy quyền chưa ký.")
    row.refresh_from_db()
    notice = Notice.objects.get(user=asker)
    assert (row.answer, row.reason, notice.kind) == ("refused", "Giấy ủy quyền chưa ký.", "mandate-refused")
    assert "Giấy ủy quyền chưa ký." in notice.body


def test_grant_is_told_to_the_person_and_to_who_signs_already(asker, officer, enterprise, enterprise_user):
    factories.make_user(mandate_of=enterprise, capacity="prepare")
    grant(ask(asker, enterprise.tax_code), officer)
    told = dict(Notice.objects.values_list("email", "kind"))
    assert told == {"moi@thep.example": "mandate-granted", "ke-toan@thep.example": "mandate-told"}
    assert "Lê Thị Mới" in Notice.objects.get(kind="mandate-told").body


def test_letters_speak_the_language_of_their_reader(asker, officer):
    asker.language = "en"
    asker.save()
    grant(ask(asker), officer)
    assert "/en/" in Notice.objects.get(user=asker).body


def test_nobody_answers_their_own_request(officer):
    row = ask(officer)
    for deed in (
        lambda: grant(row, officer),
        lambda: mandates.refuse(row, by=officer, at=timezone.now(), reason="x"),
    ):
        with pytest.raises(PermissionDenied):
            deed()


def test_switched_off_person_gets_no_mandate(asker, officer):
    row = ask(asker)
    type(asker).objects.update(is_active=False)
    with pytest.raises(MandateRefused):
        grant(row, officer)


@pytest.mark.parametrize("state", ["pending", "refused"])
def test_letter_that_nobody_may_read_yet_grants_nothing(asker, officer, state):
    row = ask(asker, upload=letter())
    StoredFile.objects.update(state=state)
    with pytest.raises(MandateRefused):
        grant(row, officer)
    assert not Mandate.objects.exists()


@pytest.mark.parametrize(("of_user", "of_enterprise", "expected"), [(1, 0, True), (0, 1, True), (0, 0, False)])
def test_sample_mark_follows_person_and_enterprise(officer, of_user, of_enterprise, expected):
    person = factories.make_user(is_sample=bool(of_user))
    factories.make_enterprise(tax_code=TAX_CODE, is_sample=bool(of_enterprise))
    row = ask(person, upload=letter())
    mandate = grant(row, officer)
    assert [row.is_sample, row.paper.is_sample, mandate.is_sample] == [expected] * 3
    assert [notice.is_sample for notice in Notice.objects.all()] == [expected]


def test_enterprise_entered_for_a_sample_person_is_a_sample(officer):
    grant(ask(factories.make_user(is_sample=True)), officer)
    assert Enterprise.objects.get().is_sample


@pytest.mark.django_db(transaction=True)
def test_two_officers_granting_at_once_make_one_mandate(asker):
    factories.make_rules()
    row, outcomes = ask(asker), []
    officers = [factories.make_staff("register"), factories.make_staff("head")]
    gate = threading.Barrier(2)

    def press(officer):
        gate.wait()
        try:
            grant(row, officer)
            outcomes.append("granted")
        except MandateRefused:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=[officer]) for officer in officers]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(outcomes) == ["granted", "refused"]
    assert (Mandate.objects.count(), Enterprise.objects.count(), Notice.objects.count()) == (1, 1, 1)


# Pages --------------------------------------------------------------------------------------------
def typed(**changed):
    return {**SAID, "tax_code": TAX_CODE, "until": "", "paper": letter(), **changed}


def post(client, **changed):
    return client.post(reverse("projects:mandate_request_new"), typed(**changed))


@pytest.mark.parametrize("written", ["4600000017-001", "4600 000 017 001", "4600000017.001", "4600000017001"])
def test_tax_code_is_taken_as_people_write_it(client, asker, written):
    client.force_login(asker)
    assert post(client, tax_code=written).url == reverse("projects:mandate_list")
    assert MandateRequest.objects.get().tax_code == "4600000017-001"


FAULTS = {
    "tax_code": {"tax_code": "12345"},
    "name": {"name": ""},
    "capacity": {"capacity": "own"},
    "until": {"until": "01/01/2020"},
    "position": {"position": " "},
    "paper": {"paper": ""},
    "note": {"note": "x\0"},
}


@pytest.mark.parametrize("field", FAULTS)
def test_fault_is_told_beside_its_field_and_nothing_is_lost(client, asker, field):
    client.force_login(asker)
    answer = post(client, **{"note": "Xin duyệt", **FAULTS[field]})
    form = answer.context["form"]
    assert (answer.status_code, list(form.errors)) == (422, [field])
    assert (form["representative"].value(), MandateRequest.objects.count()) == ("Trần Văn Thử", 0)


def test_representative_needs_no_letter(client, asker):
    client.force_login(asker)
    post(client, paper="", is_representative="on")
    assert MandateRequest.objects.get().paper is None


def test_unsound_letter_is_told_beside_its_field(client, asker):
    client.force_login(asker)
    answer = post(client, paper=ContentFile(b"", "trống.pdf"))
    assert list(answer.context["form"].errors) == ["paper"]


def test_letter_that_is_too_big_is_cut_off_and_told(client, asker):
    Rule.objects.filter(code="upload_max_mb").update(value="1")
    client.force_login(asker)
    answer = post(client, paper=ContentFile(uploads.pdf() + bytes(1024 * 1024), "to.pdf"))
    form = answer.context["form"]
    assert (answer.status_code, list(form.errors), form["name"].value()) == (422, ["paper"], "Công ty TNHH Mới")


def test_page_takes_no_form_without_its_token(asker):
    client = Client(enforce_csrf_checks=True)
    client.force_login(asker)
    assert (post(client).status_code, MandateRequest.objects.count()) == (403, 0)


@pytest.mark.parametrize(("more", "is_told"), [({}, True), ({"paper": ""}, False)])
def test_page_says_that_a_file_has_to_be_chosen_again(client, asker, more, is_told):
    client.force_login(asker)
    page = post(client, tax_code="12", **more).content.decode()
    assert ("Hãy chọn lại tệp" in page) is is_told


def test_page_does_not_tell_which_enterprises_are_known(client, asker, enterprise):
    client.force_login(asker)
    answers = [post(client, tax_code=code).url for code in (enterprise.tax_code, "4600000099")]
    page = client.get(answers[0]).content.decode()
    assert answers[0] == answers[1] and "Công ty TNHH Thép Thử" not in page


def test_change_starts_from_the_mandate_held(client, enterprise_user):
    client.force_login(enterprise_user)
    held = enterprise_user.mandates.get()
    form = client.get(reverse("projects:mandate_request_new"), {"mandate": held.pk}).context["form"]
    assert form["name"].value() == "Công ty TNHH Thép Thử"


@pytest.mark.parametrize("number", ["9" * 30, "abc", "-1", "\0"])
def test_change_of_no_mandate_is_a_blank_request(client, asker, number):
    client.force_login(asker)
    assert client.get(reverse("projects:mandate_request_new"), {"mandate": number}).context["of"] is None


def test_request_is_withdrawn_by_pressing(client, asker):
    client.force_login(asker)
    row = ask(asker)
    where = reverse("projects:mandate_request_withdraw", args=[row.pk])
    client.get(where)
    assert MandateRequest.objects.open().exists()
    client.post(where)
    assert client.post(where).status_code == 302
    assert MandateRequest.objects.get().answer == "withdrawn"


def test_letter_and_request_are_hidden_from_strangers(client, asker, stranger):
    row = ask(asker, upload=letter())
    pages = [reverse(f"projects:{name}", args=[row.pk]) for name in ("mandate_paper", "mandate_request_withdraw")]
    client.force_login(stranger)
    assert [client.get(page).status_code for page in pages] == [404, 404]
    client.force_login(asker)
    assert b"".join(client.get(pages[0]).streaming_content) == uploads.pdf()


@pytest.mark.parametrize("rows", [1, 3])
def test_list_costs_the_same_however_long(client, asker, officer, django_assert_num_queries, rows):
    for n in range(rows):
        factories.make_enterprise(f"Công ty {n}", tax_code=f"460000001{n}")
        grant(ask(asker, f"460000001{n}"), officer)
        ask(asker, f"460000002{n}", upload=letter())
    client.force_login(asker)
    with django_assert_num_queries(7):
        client.get(reverse("projects:mandate_list"))


# Back office --------------------------------------------------------------------------------------
def deed(row, slug):
    return reverse(f"admin:projects_mandaterequest_{slug}", args=[row.pk])


def test_officer_narrows_and_grants_on_a_page(client, officer, asker):
    row = ask(asker, upload=letter())
    client.force_login(officer)
    page = client.get(deed(row, "approve"))
    assert page.context["form"].initial["name"] == "Công ty TNHH Mới"
    client.post(deed(row, "approve"), {"capacity": "view", "until": "", **REGISTER})
    assert (Mandate.objects.get().capacity, Enterprise.objects.get().address) == ("view", "Phổ Yên")


def test_officer_is_not_asked_for_what_the_register_knows(client, officer, asker, enterprise):
    client.force_login(officer)
    page = client.get(deed(ask(asker, enterprise.tax_code), "approve"))
    assert list(page.context["form"].fields) == ["capacity", "until"]
    assert "Công ty TNHH Thép Thử" in page.content.decode()


def test_officer_refuses_with_words(client, officer, asker):
    row = ask(asker)
    client.force_login(officer)
    assert client.post(deed(row, "refuse"), {"reason": ""}).status_code == 200
    client.post(deed(row, "refuse"), {"reason": "Thiếu chữ ký"})
    row.refresh_from_db()
    assert (row.answer, row.reason) == ("refused", "Thiếu chữ ký")


def test_answered_request_is_answered_once(client, officer, asker):
    row = ask(asker)
    client.force_login(officer)
    answers = [client.post(deed(row, "refuse"), {"reason": "Thiếu"}).status_code for _press in range(2)]
    assert (answers, Notice.objects.count()) == ([302, 200], 1)


def test_queue_shows_the_open_ones_oldest_first(client, officer, asker):
    rows = [ask(asker, f"460000000{n}", at=timezone.now() - timedelta(days=n)) for n in (1, 2, 3)]
    mandates.withdraw(rows[0], by=asker, at=timezone.now())
    client.force_login(officer)
    listing = reverse("admin:projects_mandaterequest_changelist")
    assert list(client.get(listing).context["cl"].result_list) == [rows[2], rows[1]]
    assert client.get(listing, {"answer": "all"}).context["cl"].result_count == 3
    assert list(client.get(listing, {"answer": "withdrawn"}).context["cl"].result_list) == [rows[0]]


@pytest.mark.parametrize(("role", "count"), [("register", 2), ("administrator", 2), ("reception", None)])
def test_desk_counts_the_open_requests_for_who_answers(client, staff, asker, role, count):
    ask(asker, "4600000001")
    ask(asker, "4600000002")
    client.force_login(staff(role))
    page = client.get(reverse("admin:index")).content.decode()
    assert ("Đề nghị ủy quyền chờ duyệt" in page) is (count is not None)


@pytest.mark.parametrize(
    ("role", "expected"), [("reception", 403), ("leader", 403), ("auditor", 200), ("head", 200), ("editor", 403)]
)
def test_letter_is_read_by_who_answers_or_inspects(client, staff, asker, role, expected):
    row = ask(asker, upload=letter())
    client.force_login(staff(role))
    pages = [deed(row, "paper"), deed(row, "change")]
    assert [client.get(page).status_code for page in pages] == [expected, expected]


def test_auditor_reads_and_does_not_answer(client, staff, asker):
    row = ask(asker)
    client.force_login(staff("auditor"))
    assert [client.post(deed(row, slug)).status_code for slug in ("approve", "refuse")] == [403, 403]


@pytest.mark.parametrize("rows", [1, 3])
def test_queue_costs_the_same_however_long(client, officer, django_assert_num_queries, rows):
    for n in range(rows):
        ask(factories.make_user(), f"460000000{n}")
    client.force_login(officer)
    with django_assert_num_queries(5):
        client.get(reverse("admin:projects_mandaterequest_changelist"))
