"""Checking a paper by its code: what is told, what a stranger cannot learn, and how a paper stops to stand."""

import random
import re

import pytest
from django.urls import reverse
from django.utils import translation

from izportal.models import Notice, Rule
from onestop import slips, verification, workflow
from onestop.models import LOOKUP_ALPHABET, Slip
from tests import factories

pytestmark = pytest.mark.django_db
ADDRESS = "/xac-thuc/{}/"
LATER = factories.at("2026-04-01 10:00")


@pytest.fixture
def received(db):
    return factories.make_walked("received")


@pytest.fixture
def receipt(received):
    return received.slips.get(form=Slip.Form.RECEIPT)


@pytest.fixture
def leader(db):
    return factories.make_staff("leader")


def check(client, code, address=ADDRESS):
    return client.get(address.format(code))


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


# Codes ------------------------------------------------------------------------------------------------------------
def test_every_slip_bears_a_code_of_its_own(received):
    codes = [slip.code for slip in received.slips.all()]
    assert [len(code) for code in codes] == [12, 12] and len(set(codes)) == 2
    assert {sign for code in codes for sign in code} <= set(LOOKUP_ALPHABET)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("abcd-efgh-jkmn", "ABCDEFGHJKMN"), (" ABCD EFGH\tJKMN ", "ABCDEFGHJKMN"), ("ABCDEFGHJKM", ""),
        ("ABCDEFGHJKMO", ""), ("ABCD\x00EFGHJKMN", "ABCDEFGHJKMN"), ("", ""), ("đ" * 12, ""), ("A" * 500, ""),
    ],
)  # fmt: skip
def test_code_is_read_as_people_type_it(typed, kept):
    assert verification.cleaned(typed) == kept


def test_code_is_printed_in_groups():
    assert verification.grouped("ABCDEFGHJKMN") == "ABCD-EFGH-JKMN"


def test_qr_of_a_slip_leads_to_its_verification(receipt):
    code = verification.grouped(receipt.code)
    assert slips.context(receipt)["verify_address"].endswith(f"/xac-thuc/{code}/")


# What is told -----------------------------------------------------------------------------------------------------
def test_a_standing_paper_tells_kind_number_day_and_fingerprint(client, receipt):
    stored = slips.freeze(receipt.pk)
    response = check(client, verification.grouped(receipt.code))
    told = text_of(response)
    wanted = [receipt.get_form_display(), receipt.number, "03/03/2026", "Còn hiệu lực"]
    assert (response.status_code, [word for word in wanted if word not in told]) == (200, [])
    assert f'data-verify="{stored.sha256}"' in response.content.decode()


def test_the_page_names_nobody_and_tells_no_content(client, received, receipt):
    told = text_of(check(client, receipt.code))
    hidden = [received.enterprise.name, received.enterprise.tax_code, received.contact_name, received.contact_email,
              received.code, received.reference, received.lookup, str(receipt.issued_by)]  # fmt: skip
    assert [word for word in hidden if word in told] == []


def test_before_the_pdf_is_made_the_page_says_so(client, receipt):
    assert "Tệp PDF của giấy này đang được tạo" in text_of(check(client, receipt.code))


def test_lower_case_spaces_and_dashes_lead_to_the_same_paper(client, receipt):
    typed = f" {receipt.code[:5].lower()} {receipt.code[5:]}-"
    assert check(client, typed).context["slip"] == receipt


def test_the_form_leads_to_the_page_of_the_code(client, receipt):
    response = client.get("/xac-thuc/", {"code": f" {receipt.code.lower()} "})
    assert response.url == ADDRESS.format(verification.grouped(receipt.code))


@pytest.mark.parametrize("typed", ["", "x", "0000-0000-0000", "\x00", "đ" * 300, "' or 1=1 --"])
def test_the_form_keeps_what_cannot_be_a_code(client, typed):
    response = client.get("/xac-thuc/", {"code": typed})
    assert (response.status_code, bool(response.context["form"].errors)) == (200, True)


def test_it_works_in_english(client, receipt):
    with translation.override("en"):
        address = reverse("onestop:verify_code", args=[verification.grouped(receipt.code)])
    with translation.override("vi"):  # an English request leaves its language behind
        response = client.get(address)
    assert (response.context["slip"], 'lang="en"' in response.content.decode()) == (receipt, True)


def test_checking_asks_the_database_a_fixed_number_of_times(client, receipt, django_assert_num_queries):
    slips.freeze(receipt.pk)
    check(client, receipt.code)
    with django_assert_num_queries(3):
        check(client, receipt.code)


# A result ---------------------------------------------------------------------------------------------------------
def test_a_sealed_result_is_a_paper_with_its_file(client, catalogue):
    people = factories.make_people()
    dossier = factories.advance(factories.make_dossier(), "numbering", people=people)
    stored = slips.result_copy(dossier, by=people["clerk"], at=LATER)
    sealed = workflow.take(dossier, "seal", by=people["clerk"], at=LATER, stored=stored)
    paper = sealed.slips.get(form=Slip.Form.RESULT)
    told = text_of(check(client, paper.code))
    assert (paper.stored, paper.number, sealed.result_file) == (stored, sealed.decision_number, stored)
    assert paper.number in told and "03/03/2026" in told and sealed.decided_by.full_name not in told


def test_a_scanned_result_is_a_paper_too(catalogue):
    people = factories.make_people()
    dossier = factories.advance(factories.make_dossier(), "numbering", people=people)
    scan = dossier.papers.first().stored
    sealed = workflow.take(dossier, "seal", by=people["clerk"], at=LATER, stored=scan)
    paper = sealed.slips.get(form=Slip.Form.RESULT)
    assert (paper.stored, paper.facts["is_scan"]) == (scan, True)


# No longer standing -----------------------------------------------------------------------------------------------
def test_a_revoked_paper_says_so_with_day_and_ground_only(client, receipt, leader):
    slips.revoke(receipt, ground="mistake", reason="Ghi nhầm tên ông Nguyễn Văn Kín", by=leader, at=LATER)
    told = text_of(check(client, receipt.code))
    assert "Đã bị thu hồi" in told and "01/04/2026" in told and "Nội dung có sai sót" in told
    assert "Nguyễn Văn Kín" not in told and "Còn hiệu lực" not in told


def test_a_paper_issued_anew_names_the_one_in_its_place(client, receipt, leader):
    new = slips.issue_anew(receipt, by=leader, at=LATER)
    old, fresh = check(client, receipt.code), check(client, new.code)
    told = text_of(old)
    assert (old.context["standing"].state, fresh.context["standing"].state) == ("replaced", "current")
    assert new.number in told and new.code not in told and verification.grouped(new.code) not in told


def test_a_slip_issued_anew_says_the_words_of_the_old(catalogue, leader):
    people = factories.make_people()
    dossier = factories.advance(factories.make_dossier(), "submitted", people=people)
    details = {"items": ["Văn bản đề nghị: chưa ký"], "reason": "Thiếu chữ ký"}
    moment = factories.at("2026-03-03 10:00")
    workflow.take(dossier, "ask_intake_supplement", by=people["reception"], at=moment, **details)
    old = dossier.slips.get(form=Slip.Form.SUPPLEMENT)
    new = slips.issue_anew(old, by=leader, at=LATER)
    words = ("items", "reason", "reply_by")
    assert [new.facts[word] for word in words] == [old.facts[word] for word in words]
    assert new.number != old.number


def test_the_applicant_is_told_of_a_paper_that_no_longer_stands(received, receipt, leader):
    slips.revoke(receipt, ground="mistake", reason="Ghi nhầm tên ông Nguyễn Văn Kín", by=leader, at=LATER)
    acknowledged = received.slips.get(form=Slip.Form.ACKNOWLEDGEMENT)
    slips.revoke(acknowledged, ground="other", reason="Thử", by=leader, at=LATER)
    letters = Notice.objects.filter(kind="paper-revoked").order_by("pk")
    assert [letter.email for letter in letters] == [received.contact_email] * 2
    assert receipt.number in letters[0].body and "Nội dung có sai sót" in letters[0].body
    assert "Nguyễn Văn Kín" not in letters[0].body


def test_the_applicant_is_told_which_paper_takes_its_place(receipt, leader):
    new = slips.issue_anew(receipt, by=leader, at=LATER)
    letter = Notice.objects.get(kind="paper-replaced")
    assert receipt.number in letter.body and new.number in letter.body


@pytest.mark.parametrize("deed", ["revoke", "issue_anew"])
def test_a_revoked_paper_is_not_touched_again(receipt, leader, deed):
    slips.revoke(receipt, ground="other", reason="Thử", by=leader, at=LATER)
    said = {"ground": "undue", "reason": "Lần hai"} if deed == "revoke" else {}
    with pytest.raises(slips.SlipRefused):
        getattr(slips, deed)(receipt, by=leader, at=LATER, **said)
    receipt.refresh_from_db()
    assert (receipt.revocation_ground, receipt.replaced_by) == ("other", None)


def test_a_result_is_not_revoked_by_its_paper_alone(db):
    dossier = factories.make_walked("numbering")
    leader = dossier.decided_by
    paper = slips.issue_result(dossier, by=leader, at=LATER)
    with pytest.raises(slips.SlipRefused, match="sổ dự án"):
        slips.revoke(paper, ground="undue", reason="Thử", by=leader, at=LATER)


# The deed's page --------------------------------------------------------------------------------------------------
def page_of(slip):
    return f"/admin/onestop/dossier/{slip.dossier_id}/slips/{slip.pk}/revoke/"


def test_a_leader_revokes_on_the_page(client, receipt, leader):
    client.force_login(leader)
    response = client.post(page_of(receipt), {"deed": "revoke", "ground": "mistake", "reason": "Sai địa chỉ"})
    receipt.refresh_from_db()
    assert response.status_code == 302
    assert (receipt.revoked_by, receipt.revocation_ground, receipt.revocation_reason) == (
        leader, "mistake", "Sai địa chỉ",
    )  # fmt: skip


def test_the_page_issues_anew(client, receipt, leader):
    client.force_login(leader)
    client.post(page_of(receipt), {"deed": "anew"})
    receipt.refresh_from_db()
    assert receipt.replaced_by.form == Slip.Form.RECEIPT and receipt.revoked_at is None


def test_nothing_is_revoked_without_ground_and_reason(client, receipt, leader):
    client.force_login(leader)
    response = client.post(page_of(receipt), {"deed": "revoke", "reason": ""})
    receipt.refresh_from_db()
    assert (set(response.context["form"].errors), receipt.revoked_at) == ({"ground", "reason"}, None)


@pytest.mark.parametrize(("role", "status"), [("leader", 200), ("administrator", 200), ("clerk", 403), ("land", 404)])
def test_only_leader_and_administrator_open_the_page(client, receipt, role, status):
    client.force_login(factories.make_staff(role))
    assert client.get(page_of(receipt)).status_code == status


def test_the_page_of_a_result_in_the_register_tells_why_not(client, db):
    dossier = factories.make_walked("numbering")
    paper = slips.issue_result(dossier, by=dossier.decided_by, at=LATER)
    client.force_login(dossier.decided_by)
    said = {"deed": "revoke", "ground": "undue", "reason": "Thử"}
    shown, sent = client.get(page_of(paper)), client.post(page_of(paper), said)
    assert (shown.status_code, sent.status_code) == (200, 409)
    assert "đảo lại thay đổi" in shown.content.decode() and "đảo lại thay đổi" in sent.content.decode()


# Guessing ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("tries", [40, pytest.param(1000, marks=pytest.mark.prove)])
def test_random_codes_tell_nothing(client, receipt, tries):
    """All answers are equal but for the code itself, and the limiter holds the right code back at the end."""
    dice = random.Random(4)
    answers = set()
    for _try in range(tries):
        code = "".join(dice.choices(LOOKUP_ALPHABET, k=12))
        answers.add(answer(client, code))
    answers.add(answer(client, receipt.code))
    assert {status for status, _page in answers} == {404} and len(answers) == 1


def answer(client, code):
    response = check(client, code)
    return response.status_code, response.content.decode().replace(code, "CODE")


def test_right_codes_are_never_counted(client, receipt):
    Rule.objects.filter(code="lookup_attempts_per_hour").update(value="2")
    assert [check(client, receipt.code).status_code for _try in range(4)] == [200] * 4


def test_a_stopped_reader_is_one_address_only(client, receipt, settings):
    Rule.objects.filter(code="lookup_attempts_per_hour").update(value="1")
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    address = ADDRESS.format(receipt.code)
    client.get(ADDRESS.format("2" * 12), headers={"x-forwarded-for": "8.8.8.8"})
    told = [client.get(address, headers={"x-forwarded-for": place}).status_code for place in ("8.8.8.8", "9.9.9.9")]
    assert told == [404, 200]
