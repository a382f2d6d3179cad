"""Dossiers that other systems send in: who may, each once and whole or not at all, and followed to the end."""

import hashlib
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from izportal.management.sample import removal
from izportal.models import Notice, Rule, StoredFile
from onestop import intake, papers, questions, slips, workflow
from onestop.intake import files as intake_files
from onestop.models import Dossier, Event, IntakeCall, IntakeSystem, Paper, Procedure
from projects.models import Enterprise
from tests import factories, uploads
from tests.onestop.test_numbering import at_once
from tests.sending import MOMENT, ROOT, Sender

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(MOMENT, tick=False) as moved:
        yield moved


@pytest.fixture
def sender(catalogue):
    return Sender()


def faults_of(answer):
    return {(fault["section"], fault["question"]) for fault in answer.json()["faults"]}


def nothing_was_kept():
    rows = (Dossier, Paper, Event, Enterprise, Notice)
    return [model.__name__ for model in rows if model.objects.exists()] == []


# Who may send -------------------------------------------------------------------------------------
def test_token_is_kept_only_as_its_hash(sender):
    digest = hashlib.sha256(sender.token.encode()).hexdigest()
    assert (sender.system.token_hash, sender.token[:6]) == (digest, sender.system.token_hint)
    assert len(sender.token) >= 43
    assert sender.token not in str(IntakeSystem.objects.values().get())


@pytest.mark.parametrize("head", [{}, {"Authorization": "Bearer sai"}, {"Authorization": "Basic YTpi"}])
def test_calls_without_a_token_of_ours_are_refused(sender, head):
    answer = Client().get(f"{ROOT}/dossiers/XN26-000001", headers=head)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert (answer["Content-Type"], answer.json()["status"]) == ("application/problem+json", 401)


def test_a_session_opens_no_call(client, sender):
    client.force_login(factories.make_staff("administrator"))
    assert client.get(f"{ROOT}/dossiers/XN26-000001").status_code == 401


def test_a_system_switched_off_is_told_so(sender):
    IntakeSystem.objects.update(is_active=False)
    answer = sender.get("dossiers/x")
    assert (answer.status_code, answer.json()["detail"]) == (
        403, "Hệ thống gửi này đang tạm ngừng; hãy liên hệ Ban.",
    )  # fmt: skip


def test_a_renewed_token_ends_the_old_one_and_keeps_the_account(sender):
    old, account = sender.token, sender.system.account
    sender.token = intake.renew_token(sender.system, at=MOMENT)
    assert [sender.get("dossiers/x", token=token).status_code for token in (old, sender.token)] == [401, 404]
    assert IntakeSystem.objects.get().account == account


def test_nobody_can_sign_in_to_the_technical_account(sender):
    account = sender.system.account
    assert (account.is_active, account.is_staff, account.has_usable_password()) == (False, False, False)
    assert (str(account), account.email.endswith(".invalid")) == (sender.system.name, True)


def test_last_call_is_noted_once_a_minute(sender, clock):
    sender.get("dossiers/x")
    clock.shift(timedelta(seconds=30))
    sender.get("dossiers/x")
    assert IntakeSystem.objects.get().last_call_at == MOMENT
    clock.shift(timedelta(minutes=1))
    sender.get("dossiers/x")
    assert IntakeSystem.objects.get().last_call_at == MOMENT + timedelta(seconds=90)


def test_calls_beyond_the_rule_wait(sender):
    Rule.objects.filter(code="intake_calls_per_minute").delete()
    Rule.objects.create(code="intake_calls_per_minute", value="2", valid_from="2019-01-01", name_vi="Lượt gọi")
    answers = [sender.get("dossiers/x") for _number in range(3)]
    assert [answer.status_code for answer in answers] == [404, 404, 429]
    assert answers[2]["Retry-After"] == "60"
    assert Sender("Hệ thống khác").get("dossiers/x").status_code == 404


# A dossier, once ----------------------------------------------------------------------------------
def test_dossier_is_filed_with_all_that_belongs_to_it(sender):
    answer = sender.dossier(sender.whole(submitted_at="2026-03-03T08:00:00+07:00"))
    dossier = Dossier.objects.get()
    assert (answer.status_code, answer.json()["reference"], dossier.reference) == (201, "XN26-000001", "XN26-000001")
    assert (dossier.status, dossier.channel, dossier.system) == ("submitted", "national", sender.system)
    assert (dossier.created_by, dossier.contact_email) == (sender.system.account, "gui@xa.example")
    assert (dossier.enterprise.name_vi, dossier.papers.count()) == ("Công ty TNHH Gửi Từ Xa", 2)
    assert answer.json()["filed_at"] == "2026-03-03T08:00:00+07:00"
    event = dossier.events.get()
    assert (event.step, event.role, event.by) == ("submit", workflow.SYSTEM, sender.system.account)
    assert list(Notice.objects.values_list("email", "user")) == [("gui@xa.example", None)]


def test_the_same_call_gets_the_same_answer_and_files_nothing_more(sender, clock):
    body = sender.whole()
    first = sender.dossier(body, key="mot")
    clock.shift(timedelta(hours=3))
    again = sender.dossier(dict(reversed(body.items())), key="mot")
    assert (again.status_code, again.json()) == (201, first.json())
    assert (Dossier.objects.count(), Notice.objects.count(), Enterprise.objects.count()) == (1, 1, 1)


def test_one_key_for_two_contents_is_refused(sender):
    body = sender.whole()
    sender.dossier(body, key="mot")
    answer = sender.dossier({**body, "foreign_code": "QG-KHAC"}, key="mot")
    assert (answer.status_code, answer.json()["detail"]) == (
        409, "Khóa chống gửi trùng này đã dùng cho một nội dung khác.",
    )  # fmt: skip
    assert Dossier.objects.count() == 1


def test_one_key_for_two_verbs_is_refused(sender):
    sender.dossier(key="mot")
    assert sender.post("dossiers/XN26-000001/withdraw", {"reason": "Nhầm"}, key="mot").status_code == 409


def test_two_systems_may_use_the_same_key(sender):
    sender.dossier(key="mot")
    assert Sender("Hệ thống khác").dossier(key="mot").status_code == 201


def test_a_refused_call_leaves_its_key_free(sender):
    body = sender.whole()
    refused = sender.dossier({**body, "papers": []}, key="mot")
    assert (refused.status_code, IntakeCall.objects.get(key="mot").status) == (422, 422)
    assert sender.dossier(body, key="mot").status_code == 201
    assert sender.dossier({**body, "papers": []}, key="mot").status_code == 409


def test_a_key_must_be_there(sender):
    answer = Client().post(
        f"{ROOT}/dossiers", "{}", content_type="application/json",
        headers={"Authorization": f"Bearer {sender.token}"},
    )  # fmt: skip
    assert answer.status_code == 400
    assert answer.json()["detail"] == "Thiếu đầu mục Idempotency-Key, hoặc nội dung của nó không đúng."


def test_a_code_of_the_sender_is_filed_once(sender):
    body = sender.whole()
    sender.dossier(body)
    answer = sender.dossier(body)
    assert (answer.status_code, faults_of(answer)) == (409, {("", "foreign_code")})
    assert "XN26-000001" in answer.json()["detail"]


def test_a_crash_leaves_nothing_and_the_call_may_be_repeated(sender):
    body = sender.whole()
    Rule.objects.filter(code="first_answer_hours").delete()  # found missing in the last step of all
    assert sender.dossier(body, key="mot").status_code == 409
    assert nothing_was_kept()
    factories.make_rules()
    assert sender.dossier(body, key="mot").status_code == 201


@pytest.mark.django_db(transaction=True)
def test_ten_calls_at_once_make_one_dossier():
    factories.make_catalogue()
    sender = Sender()
    body = sender.whole()
    answers = at_once(lambda number: sender.dossier(body, key="mot"), range(10), hands=5)
    assert {answer.status_code for answer in answers} == {201}
    assert {answer.json()["lookup"] for answer in answers} == {Dossier.objects.get().lookup}
    assert (Dossier.objects.get().reference, IntakeCall.objects.filter(key="mot").count()) == ("XN26-000001", 1)


@pytest.mark.django_db(transaction=True)
def test_two_keys_for_one_code_at_once_make_one_dossier():
    factories.make_catalogue()
    sender = Sender()
    bodies = [sender.whole(foreign_code="QG-1") for _number in range(4)]
    answers = at_once(sender.dossier, bodies, hands=4)
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert (Dossier.objects.count(), Enterprise.objects.count()) == (1, 1)


def test_an_enterprise_of_the_register_is_not_touched_from_outside(sender):
    known = factories.make_enterprise("Công ty TNHH Có Sẵn", "4600000001", address="Sông Công")
    answer = sender.dossier()
    assert answer.json()["enterprise"] == {"code": "4600000001", "name": "Công ty TNHH Có Sẵn"}
    known.refresh_from_db()
    assert (known.address, Enterprise.objects.count()) == ("Sông Công", 1)


def test_its_people_find_the_dossier_and_may_go_on_with_it(client, sender, enterprise, enterprise_user):
    body = sender.whole(enterprise={"tax_code": enterprise.tax_code})
    sender.dossier(body)
    assert list(Dossier.objects.visible_to(enterprise_user)) == [Dossier.objects.get()]
    after = workflow.take(Dossier.objects.get(), "withdraw", by=enterprise_user, at=MOMENT, note="Thôi")
    assert sender.get(f"dossiers/{after.reference}").json()["status"]["code"] == 7


def test_a_dossier_of_a_sample_enterprise_goes_with_the_samples(sender):
    factories.make_enterprise("Công ty Mẫu", "4600000001", is_sample=True)
    reference = sender.dossier().json()["reference"]
    removal.remove()
    assert (reference, Dossier.objects.count(), IntakeSystem.objects.count()) == ("MAU-XN26-000001", 0, 1)
    assert not IntakeCall.objects.filter(dossier__isnull=False).exists()


# What is wrong, all of it -------------------------------------------------------------------------
WRONG = [
    ({"procedure": "9.999999"}, {("", "procedure")}),
    ({"case": "khong-co"}, {("", "case")}),
    ({"enterprise": {"tax_code": "4600000009"}}, {("enterprise", "name")}),
    ({"enterprise": {"tax_code": "4600000009", "name": "A", "email": "x"}}, {("enterprise", "email")}),
    ({"enterprise": {"tax_code": "12"}}, {("enterprise", "enterprise.tax_code")}),
    ({"foreign_code": "có dấu"}, {("", "foreign_code")}),
    ({"submitted_at": "2026-03-03T08:00:00"}, {("", "submitted_at")}),
    ({"strange": 1}, {("", "strange")}),
    ({"papers": [{"component": "de-nghi", "file": "x"}]}, {("papers", "papers.0.file")}),
    ({"papers": []}, {("papers", "de-nghi"), ("papers", "tai-chinh")}),
    ({"papers_not_due": []}, {("papers", "cong-nghe")}),
    ({"papers_not_due": ["cong-nghe", "de-nghi"]}, {("papers", "de-nghi")}),
    ({"contact": {"name": "A", "email": "gui@xa.example", "phone": "không"}}, {("applicant", "contact_phone")}),
]


@pytest.mark.parametrize(("changed", "where"), WRONG)
def test_each_fault_is_told_at_its_place_and_nothing_is_kept(sender, changed, where):
    answer = sender.dossier(sender.whole(**changed))
    assert (answer.status_code, faults_of(answer)) == (422, where)
    assert all(fault["sentence"] for fault in answer.json()["faults"])
    assert nothing_was_kept()


def test_a_case_that_is_not_taken_here_says_why(sender):
    [fault] = sender.dossier(sender.whole(case="transfer")).json()["faults"]
    assert fault["sentence"].startswith("Cổng này chưa nhận trường hợp “transfer”: kết quả phải ghi vào sổ")
    assert nothing_was_kept()


WRONG_ANSWERS = [
    ({"khong_hoi": 1}, "khong_hoi"),
    ({"project_name": ""}, "project_name"),
    ({"project_name": ["a"]}, "project_name"),
    ({"project_name": True}, "project_name"),
    ({"capital_usd": "nhiều"}, "capital_usd"),
    ({"capital_usd": {"a": 1}}, "capital_usd"),
    ({"capital_usd": 1e300}, "capital_usd"),
    ({"capital_usd": "1e999999999"}, "capital_usd"),
    ({"term_years": 2.5}, "term_years"),
    ({"rate_on": "31/02/2026"}, "rate_on"),
    ({"rate_on": "2030-01-01"}, "rate_on"),
    ({"origin": "mars"}, "origin"),
    ({"sector": "ZZ"}, "sector"),
    ({"plot": "KHONG-CO"}, "plot"),
    ({"plot": 12}, "plot"),
]


@pytest.mark.parametrize(("changed", "key"), WRONG_ANSWERS)
def test_each_wrong_answer_is_told_at_its_question(sender, changed, key):
    body = sender.whole()
    answer = sender.dossier({**body, "answers": {**body["answers"], **changed}})
    assert answer.status_code == 422
    assert key in {question for _section, question in faults_of(answer)}
    assert nothing_was_kept()


def test_all_faults_are_told_at_once_and_in_the_language_asked_for(sender):
    body = sender.whole(papers=[], contact={"name": "A", "email": "x"})
    body["answers"]["project_name"] = ""
    answer = sender.dossier(body, language="en")
    assert {("papers", "de-nghi"), ("applicant", "contact_email")} <= faults_of(answer)
    assert "project_name" in {question for _section, question in faults_of(answer)}
    assert (answer["Content-Language"], answer["Cache-Control"]) == ("en", "no-store")
    assert "Paper de-nghi" in {fault["label"] for fault in answer.json()["faults"]}


def test_numbers_and_dates_mean_the_same_in_either_language(sender):
    kept = []
    typed = {"capital_usd": "12.500.000,5", "rate_on": "02/03/2026", "capital_vnd": "328.125.013.125"}
    for language, said in (("vi", typed), ("en", typed), ("en", {"capital_usd": 12500000.5, "rate_on": "2026-03-02"})):
        body = sender.whole()
        answers = {**body["answers"], "capital_vnd": 328125013125, **said}
        answer = sender.dossier({**body, "answers": answers}, language=language)
        assert answer.status_code == 201, answer.json()
        kept.append(Dossier.objects.get(foreign_code=body["foreign_code"]).answers)
    assert {(row["capital_usd"], row["rate_on"]) for row in kept} == {("12500000.5", "2026-03-02")}


def test_an_answer_to_what_is_not_asked_is_let_go_and_told(sender):
    body = sender.whole()
    question = next(
        q for section in questions.definition(placed(body)).sections for q in section.questions
        if q.when and not questions.meets(q.when, body["answers"]) and q.type in ("text", "textarea")
    )  # fmt: skip
    answer = sender.dossier({**body, "answers": {**body["answers"], question.key: "Thừa"}})
    assert [note["question"] for note in answer.json()["notes"]] == [question.key]
    assert question.key not in Dossier.objects.get().answers


def placed(body):
    procedure = Procedure.objects.get(code=body["procedure"])
    return Dossier(procedure=procedure, version=procedure.versions.get())


# Files --------------------------------------------------------------------------------------------
def test_a_file_is_measured_and_compared(sender):
    content = uploads.pdf(3)
    digest = hashlib.sha256(content).hexdigest()
    answer = sender.post(f"files?name=a.pdf&sha256={digest.upper()}", content)
    told = answer.json()
    assert (answer.status_code, told["sha256"], told["size"], told["pages"]) == (201, digest, len(content), 3)
    assert sender.get(f"files/{told['id']}").json() == {**told, "state": "safe"}


def test_the_same_file_call_keeps_one_file(sender):
    ids = {sender.post("files?name=a.pdf", uploads.pdf(), key="tep").json()["id"] for _number in range(2)}
    assert (len(ids), StoredFile.objects.count()) == (1, 1)
    assert sender.post("files?name=a.pdf", uploads.pdf(2), key="tep").status_code == 409


BAD_FILES = [
    ("a.pdf", b"", 422, "empty"),
    ("a.pdf", uploads.PROGRAM, 422, "mismatch"),
    ("a.pdf", uploads.encrypted_pdf(), 422, "encrypted"),
    ("a.pdf", uploads.truncated_pdf(), 422, "broken"),
    ("a.docx", uploads.docm(), 422, "macros"),
    ("a.exe", uploads.PROGRAM, 422, "type"),
    ("a.pdf", uploads.png(), 422, "mismatch"),
]


@pytest.mark.parametrize(("name", "content", "status", "reason"), BAD_FILES)
def test_a_bad_file_is_refused_with_its_reason(sender, name, content, status, reason):
    answer = sender.post(f"files?name={name}", content)
    assert answer.status_code == status
    assert [fault["question"] for fault in answer.json()["faults"]] == [reason]
    assert not StoredFile.objects.exists()


def test_a_file_with_another_hash_is_refused(sender):
    answer = sender.post(f"files?name=a.pdf&sha256={'0' * 64}", uploads.pdf())
    assert (answer.status_code, StoredFile.objects.exists()) == (422, False)


def test_a_file_too_large_is_not_read_to_its_end(sender):
    Rule.objects.filter(code="upload_max_mb").update(value="1")
    answer = sender.post("files?name=a.pdf", b"%PDF-1.7" + bytes(2 * 2**20))
    assert (answer.status_code, StoredFile.objects.exists()) == (413, False)


def test_a_form_is_no_file(sender):
    head = {"Authorization": f"Bearer {sender.token}", "Idempotency-Key": "a"}
    answer = Client().post(f"{ROOT}/files?name=a.pdf", {"file": uploads.sent("a.pdf", uploads.pdf())}, headers=head)
    assert answer.status_code == 415


def test_a_file_is_used_once(sender):
    body = sender.whole()
    sender.dossier(body)
    answer = sender.dossier({**body, "foreign_code": "QG-2"})
    assert (answer.status_code, faults_of(answer)) == (422, {("papers", "de-nghi"), ("papers", "tai-chinh")})


def test_a_file_of_another_system_is_not_there(sender):
    other = Sender("Hệ thống khác")
    body = sender.whole()
    assert other.get(f"files/{body['papers'][0]['file']}").status_code == 404
    assert faults_of(other.dossier(body)) == {("papers", "de-nghi"), ("papers", "tai-chinh")}


@pytest.mark.parametrize("state", ["pending", "refused"])
def test_a_file_that_is_not_safe_is_not_taken(sender, state):
    body = sender.whole()
    StoredFile.objects.filter(pk=body["papers"][0]["file"]).update(state=state)
    answer = sender.dossier(body)
    assert (answer.status_code, faults_of(answer)) == (422, {("papers", "de-nghi")})


def test_unused_files_are_swept_and_used_ones_stay(sender):
    spare = sender.file()
    sender.dossier()
    assert intake_files.sweep(at=MOMENT + timedelta(days=7)) == 0
    assert intake_files.sweep(at=MOMENT + timedelta(days=7, seconds=1)) == 1
    assert not StoredFile.objects.filter(pk=spare).exists()
    assert all(paper.stored.file.storage.exists(paper.stored.file.name) for paper in Paper.objects.all())


# Afterwards ---------------------------------------------------------------------------------------
@pytest.fixture
def sent(sender):
    sender.dossier(sender.whole(foreign_code="H55.001.02-260303-010007"))
    return Dossier.objects.get()


@pytest.fixture
def people(catalogue):
    return factories.make_people()


def told(sender, code="H55.001.02-260303-010007"):
    answer = sender.get(f"dossiers/{code}")
    assert answer.status_code == 200
    return answer.json()


def test_status_is_told_through_the_whole_life_in_national_codes(sender, sent, people):
    codes = [told(sender)["status"]["code"]]
    dossier = sent
    for status in ("received", "assigned", "in_review", "head_check", "leader_sign", "numbering"):
        dossier = factories.advance(dossier, status, people=people)
        codes.append(told(sender)["status"]["code"])
    assert told(sender)["result"] is None  # signed, but not yet numbered and sealed
    for status in ("result_ready", "delivered", "archived"):
        dossier = factories.advance(dossier, status, people=people)
        codes.append(told(sender)["status"]["code"])
    assert codes == [1, 2, 4, 4, 4, 4, 4, 9, 10, 10]


def test_fee_refusal_withdrawal_and_stop_have_their_codes(sender, people):
    def at_status(step, *before, **details):
        dossier = Dossier.objects.get(reference=sender.dossier().json()["reference"])
        for name, said in (*before, (step, details)):
            dossier = workflow.take(dossier, name, by=people["reception"], at=timezone.now(), **said)
        return told(sender, dossier.reference)["status"]["code"]

    asked = ("ask_intake_supplement", {"items": ["x"], "reason": "Thiếu"})
    assert at_status("refuse_intake", reason="Sai thẩm quyền") == 3
    assert at_status("demand_fee", ("receive", {}), note="Nộp phí") == 6
    assert at_status(asked[0], **asked[1]) == 5
    reference = sender.dossier().json()["reference"]
    workflow.take(Dossier.objects.get(reference=reference), asked[0], by=people["reception"], at=MOMENT, **asked[1])
    workflow.take(
        Dossier.objects.get(reference=reference), "stop", by=people["reception"], at=MOMENT + timedelta(days=90),
        reason="Quá hạn",
    )  # fmt: skip
    assert told(sender, reference)["status"]["code"] == 8


def test_dossier_archived_without_a_result_keeps_the_code_of_its_end(sender, people):
    asked = {"items": ["x"], "reason": "Thiếu"}
    ends = (
        [("withdraw", "account", MOMENT, {"note": "Thôi"})],
        [
            ("ask_intake_supplement", "reception", MOMENT, asked),
            ("stop", "reception", MOMENT + timedelta(days=90), {"reason": "Quá hạn"}),
        ],
    )
    codes = []
    for steps in ends:
        dossier = Dossier.objects.get(reference=sender.dossier().json()["reference"])
        for name, who, moment, said in (*steps, ("archive", "clerk", MOMENT + timedelta(days=91), {})):
            by = dossier.system.account if who == "account" else people[who]
            dossier = workflow.take(dossier, name, by=by, at=moment, **said)
        codes.append((dossier.status, dossier.national_code, told(sender, dossier.reference)["status"]["code"]))
    assert codes == [("archived", 7, 7), ("archived", 8, 8)]


def test_a_code_of_the_national_series_is_kept_at_reception(sender, sent, people):
    received = factories.advance(sent, "received", people=people)
    assert received.code == "H55.001.02-260303-010007"
    assert told(sender, received.reference)["code"] == told(sender)["foreign_code"] == received.code


def test_a_code_of_another_shape_or_given_already_is_not_kept(sender, sent, people):
    other = Sender("Hệ thống khác")
    factories.advance(sent, "received", people=people)
    for system, foreign in ((sender, "QG-1"), (other, "H55.001.02-260303-010007")):
        reference = system.dossier(system.whole(foreign_code=foreign)).json()["reference"]
        received = factories.advance(Dossier.objects.get(reference=reference), "received", people=people)
        assert received.code.startswith("H55-260303-")


def test_our_own_series_passes_over_a_number_that_came_from_outside(sender, people):
    first = sender.dossier(sender.whole(foreign_code="H55-260303-0001")).json()["reference"]
    factories.advance(Dossier.objects.get(reference=first), "received", people=people)
    second = factories.advance(factories.make_dossier(), "received", people=people)
    assert second.code == "H55-260303-0002"


def test_promises_officer_and_public_events_are_told_with_their_times(sender, sent, people):
    factories.advance(sent, "in_review", people=people)
    told_now = told(sender)
    assert told_now["officer"] == "Cán bộ specialist"
    assert [promise["promised_at"] for promise in told_now["promises"]] == [told_now["due_at"]]
    assert [(event["step"], event["officer"], event["status"]) for event in told_now["events"]] == [
        ("submit", "", 1), ("receive", "Cán bộ reception", 2), ("open_review", "Cán bộ specialist", 4),
    ]  # fmt: skip
    assert {event["at"] for event in told_now["events"]} == {"2026-03-03T09:15:00+07:00"}
    assert [slip["form"] for slip in told_now["slips"]] == ["00", "01"]


def test_result_is_told_and_handed_out_once_it_is_ready(sender, sent, people):
    signed = factories.advance(sent, "numbering", people=people)
    assert sender.get(f"dossiers/{sent.foreign_code}/result").status_code == 404
    stored = intake_files.keep(system=sender.system, upload=uploads.sent("kq.pdf", uploads.pdf()), at=MOMENT)
    workflow.take(signed, "seal", by=people["clerk"], at=MOMENT, stored=stored)
    result = told(sender)["result"]
    assert (result["decision"], result["number"], result["file"]["sha256"]) == (
        "granted", "1/2026/QĐ-BQL", stored.sha256,
    )  # fmt: skip
    handed = sender.get(f"dossiers/{sent.foreign_code}/result")
    assert hashlib.sha256(handed.getvalue()).hexdigest() == stored.sha256


def test_only_the_standing_paper_of_a_result_is_handed_out(sender, sent, people):
    signed = factories.advance(sent, "numbering", people=people)
    stored = intake_files.keep(system=sender.system, upload=uploads.sent("kq.pdf", uploads.pdf()), at=MOMENT)
    dossier = workflow.take(signed, "seal", by=people["clerk"], at=MOMENT, stored=stored)
    assert (told(sender)["result"]["standing"], told(sender)["result"]["amended_by"]) == ("stands", None)
    dossier, row = amend(dossier, people, "correct", lines=[["Ngày 30/2", "Ngày 28/2"]])
    handed = sender.get(f"dossiers/{sent.foreign_code}/result")
    new, result = slips.freeze(row.slip_id), told(sender)["result"]
    assert hashlib.sha256(handed.getvalue()).hexdigest() == new.sha256 != stored.sha256
    assert (result["standing"], result["amended_by"], result["file"]["sha256"]) == (
        "corrected",
        row.number,
        new.sha256,
    )
    _dossier, row = amend(dossier, people, "revoke")
    result = told(sender)["result"]
    assert (result["standing"], result["amended_by"], result["file"]) == ("revoked", row.number, None)
    assert sender.get(f"dossiers/{sent.foreign_code}/result").status_code == 404


def amend(dossier, people, kind, **values):
    said = {"kind": kind, "ground": "mistake", "reason": "Nhầm", "values": values}
    dossier = workflow.take(dossier, "draft_amendment", by=people["specialist"], at=MOMENT, **said)
    dossier = workflow.take(dossier, "sign_amendment", by=people["leader"], at=MOMENT)
    return dossier, dossier.amendments.latest("signed_at", "pk")


def test_dossiers_of_others_are_not_there(sender, sent):
    other, here = Sender("Hệ thống khác"), factories.make_dossier()
    filed = factories.advance(here, "submitted")
    for path in (sent.reference, sent.foreign_code, f"{sent.reference}/result"):
        assert other.get(f"dossiers/{path}").status_code == 404
    for verb, body in (("withdraw", {"reason": "x"}), ("supplement", {"answer": "x"})):
        assert other.post(f"dossiers/{sent.reference}/{verb}", body).status_code == 404
    assert sender.get(f"dossiers/{filed.reference}").status_code == 404
    assert other.get("dossiers", {"since": "2026-01-01T00:00:00Z"}).json()["items"] == []


def test_a_strange_code_is_not_there(sender):
    for code in ("%00", "a%00b", "%F0%9F%98%80", "x" * 500, "..%2F.."):
        assert sender.get(f"dossiers/{code}").status_code == 404


def test_withdrawal_is_taken_once_and_not_after_the_end(sender, sent):
    answers = [
        sender.post(f"dossiers/{sent.reference}/withdraw", {"reason": "Đổi kế hoạch"}, key=key) for key in "aab"
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 409]
    assert answers[0].json()["status"]["code"] == 7
    event = sent.events.get(step="withdraw")
    assert (event.role, event.note) == (workflow.SYSTEM, "Đổi kế hoạch")


# Answering a request ------------------------------------------------------------------------------
@pytest.fixture
def asked(sent, people, clock):
    received = factories.advance(sent, "in_review", people=people)
    after = workflow.take(
        received, "ask_supplement", by=people["specialist"], at=MOMENT, items=["Giấy tờ de-nghi: mờ", "Bản đồ"],
        reason="Chưa rõ",
    )  # fmt: skip
    clock.shift(timedelta(days=1))
    return after


def answer(sender, dossier, body, **head):
    return sender.post(f"dossiers/{dossier.reference}/supplement", body, **head)


def test_a_request_is_told_and_answered_once(sender, asked):
    request = told(sender)["requests"][0]
    assert (request["is_open"], [item["text"] for item in request["items"]]) == (
        True, ["Giấy tờ de-nghi: mờ", "Bản đồ"],
    )  # fmt: skip
    body = {"answer": "Gửi lại", "papers": [{"item": n, "file": sender.file()} for n in (1, 2)]}
    answers = [answer(sender, asked, body, key="bo-sung") for _number in range(2)]
    assert [row.status_code for row in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    supplement = asked.supplements.get()
    assert (supplement.answer, supplement.answered_at) == ("Gửi lại", timezone.now())
    assert told(sender)["requests"][0]["is_open"] is False
    standing = papers.current(asked)
    assert sorted(str(paper) for paper in standing) == ["Bản đồ", "Giấy tờ de-nghi", "Giấy tờ tai-chinh"]


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({}, {("", "answer")}),
        ({"answer": "  "}, {("", "answer")}),
        ({"papers": [{"item": 1, "file": "00000000-0000-4000-8000-000000000000"}]}, {("papers", "1")}),
        ({"papers": [{"item": 9, "file": "00000000-0000-4000-8000-000000000000"}]}, {("papers", "9")}),
    ],
)
def test_a_wrong_supplement_is_told_and_keeps_nothing(sender, asked, body, where):
    refused = answer(sender, asked, body)
    assert (refused.status_code, faults_of(refused)) == (422, where)
    assert asked.supplements.get().answered_at is None


def test_nothing_is_taken_where_nothing_was_asked(sender, sent):
    assert answer(sender, sent, {"answer": "Đây"}).status_code == 409


# Changes ------------------------------------------------------------------------------------------
def changes(sender, **query):
    answer = sender.get("dossiers", {"since": "2026-03-03T00:00:00+07:00", **query})
    assert answer.status_code == 200, answer.json()
    return answer.json()


def test_changes_are_paged_in_the_order_of_their_last_step(sender, people, clock):
    references = []
    for _number in range(5):
        references.append(sender.dossier().json()["reference"])
        clock.shift(timedelta(minutes=1))
    first = Dossier.objects.get(reference=references[0])
    workflow.take(first, "receive", by=people["reception"], at=timezone.now())
    seen, cursor = [], ""
    while page := changes(sender, limit=2, cursor=cursor):
        seen += [row["reference"] for row in page["items"]]
        cursor = page["cursor"]
        if not cursor:
            break
    assert seen == [*references[1:], references[0]]


def test_next_question_reaches_a_little_back(sender, sent, clock):
    clock.shift(timedelta(minutes=10))
    assert changes(sender)["since"] == "2026-03-03T09:23:00+07:00"
    assert changes(sender, since="2026-03-03T09:16:00 07:00")["items"] == []


@pytest.mark.parametrize(
    "query",
    [
        {"since": ""}, {"since": "hôm qua"}, {"since": "2026-03-03T00:00:00"}, {"since": "0001-01-01T00:00:00+14:00"},
        {"cursor": "sai"}, {"cursor": "bnVsbA"}, {"cursor": "WyIwMDAxLTAxLTAxVDAwOjAwOjAwKzE0OjAwIiwgImEiXQ"},
        {"cursor": "\x00"}, {"limit": 0}, {"limit": 10**30},
    ],
)  # fmt: skip
def test_a_wrong_question_is_refused(sender, query):
    assert sender.get("dossiers", {"since": "2026-03-03T00:00:00Z", **query}).status_code == 422


@pytest.mark.parametrize("count", [1, 3])
def test_reading_takes_the_same_queries_for_one_and_for_three(sender, people, count, django_assert_num_queries):
    for _number in range(count):
        reference = sender.dossier().json()["reference"]
        dossier = factories.advance(Dossier.objects.get(reference=reference), "in_review", people=people)
        workflow.take(
            dossier, "ask_supplement", by=people["specialist"], at=MOMENT, items=["x"] * count, reason="Thiếu"
        )
    sender.get("dossiers/x")  # notes the call of this minute
    # the token, the rule of calls, the page, and the steps that tell how an archived dossier ended
    with django_assert_num_queries(4):
        assert len(changes(sender)["items"]) == count
    # besides: dossier, events, requests and their lines, promises, slips
    with django_assert_num_queries(8):
        sender.get(f"dossiers/{reference}")
