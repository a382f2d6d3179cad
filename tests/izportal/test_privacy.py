"""What is kept of a person: shown, given out, and erased without breaking the legal record."""

import csv
import io
import json
import zipfile
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import models
from django.urls import reverse
from django.utils import timezone

from izportal import chunks, outbox, statistics
from izportal.indicators import Asked
from izportal.models import Job, Notice, PartialFile, StoredFile, User
from izportal.privacy import erasure
from izportal.privacy.erasure import ErasureRefused
from izportal.privacy.export import bundle
from izportal.privacy.kept import PLACES, kept_of
from onestop import counter, exchange, workflow
from onestop.models import Dossier, Event, Slip, Survey
from onestop.supplements import replies
from onestop.supplements.replies import ReplyForm
from projects import mandates
from projects.models import Enterprise
from tests import factories, uploads
from tests.press import asking as talking
from tests.zones import enquiring

pytestmark = pytest.mark.django_db

EMAIL, PHONE, NAME = "roi-di@thep.example", "0987 654 321", "Phạm Thị Rời Đi"
GRANTED, REFUSED = "4600000017", "4600000025"


def ask(person, tax_code):
    said = {"capacity": "sign", "until": None, "position": "Kế toán", "note": f"Gọi {PHONE}", "name": "Công ty"}
    upload = uploads.sent("giấy ủy quyền.pdf", uploads.pdf())
    said |= {"address": "", "representative": NAME}
    return mandates.ask(by=person, at=timezone.now(), tax_code=tax_code, upload=upload, **said)


def give_keys(person):
    EmailAddress.objects.create(user=person, email=EMAIL, verified=True, primary=True)
    Authenticator.objects.create(user=person, type="totp", data={"secret": "S"})
    SocialAccount.objects.create(user=person, provider="vneid", uid="001", extra_data={"email": EMAIL})
    PartialFile.objects.create(user=person, purpose="x", name="to.pdf", size=10)


def give_traces(person, officer):
    LogEntry.objects.log_actions(officer.pk, [person], CHANGE, f"Đổi điện thoại thành {PHONE}", single_object=True)
    LogEntry.objects.log_actions(officer.pk, [officer], CHANGE, f"Đã gọi {EMAIL}", single_object=True)
    outbox.write(key="thu", kind="thu", email=EMAIL, subject="Chào", body=f"Kính gửi {NAME}", user=person)
    Job.objects.update(error=f"SMTPRecipientsRefused: {EMAIL}")


@pytest.fixture
def person(catalogue, enterprise, staff):
    """Somebody of whom something stands in every place, beside a colleague who signs too."""
    person = factories.make_user(EMAIL, mandate_of=enterprise, full_name=NAME, phone=PHONE)
    officer = staff("administrator")
    give_keys(person)
    granted, refused = ask(person, GRANTED), ask(person, REFUSED)
    mandates.grant(granted, by=officer, at=timezone.now(), capacity="view", until=None, name="Công ty Mới")
    mandates.refuse(refused, by=officer, at=timezone.now(), reason="Thiếu chữ ký")
    give_traces(person, officer)
    outbox.drain()
    return person


@pytest.fixture
def colleague(enterprise):
    return factories.make_user("o-lai@thep.example", mandate_of=enterprise, phone="0208 111 222")


@pytest.fixture
def filed(person, enterprise):
    dossier = factories.make_dossier(by=person, enterprise=enterprise)
    Dossier.objects.filter(pk=dossier.pk).update(contact_phone=PHONE)
    dossier.refresh_from_db()
    return factories.advance(dossier, "in_review")


@pytest.fixture
def draft(person, enterprise):
    said = {"section": {"data": {"contact_email": EMAIL, "contact_phone": PHONE, "reason": "Mở rộng"}}}
    return factories.make_dossier(
        by=person,
        enterprise=enterprise,
        typed=said,
        answers={"contact": EMAIL, "phones": [PHONE], "reason": "Mở rộng"},
    )


def erase(person, by=None):
    return erasure.erase(person, by=by or person, at=timezone.now())


# Every place is known -----------------------------------------------------------------------------
# Each column that names a person: what `kept` shows, or the deeds of officers, which stay under their name.
SHOWN = {
    "admin.LogEntry.user", "account.EmailAddress.user", "mfa.Authenticator.user", "usersessions.UserSession.user",
    "socialaccount.SocialAccount.user", "projects.Report.recorded_by", "projects.ReportDraft.changed_by",
    "projects.Mandate.user", "projects.MandateRequest.user",
    "onestop.Dossier.created_by", "onestop.Event.by", "onestop.Survey.answered_by", "onestop.Paper.given_by",
    "onestop.Message.by", "izportal.StoredFile.uploaded_by", "press.Question.asked_by",
    "izportal.PartialFile.user", "izportal.Notice.user", "izportal.User_groups.user",
    "izportal.User_user_permissions.user",
}  # fmt: skip
IN_OFFICE = {
    "onestop.CalendarChange.drafted_by", "onestop.CalendarChange.applied_by", "onestop.CalendarChange.dropped_by",
    "press.Picture.uploaded_by", "press.Edition.written_by", "press.Edition.reviewed_by",
    "press.Question.owner", "press.Question.drafted_by", "press.Question.approved_by", "press.PlanningDraft.owner",
    "press.PlanningDraft.answered_by", "press.CommentGroup.written_by", "press.Comment.seen_by",
    "zones.Enquiry.owner", "zones.Enquiry.closed_by", "zones.EnquiryReply.by", "zones.UnmetNeed.owner",
    "zones.UnmetNeed.closed_by", "zones.Confirmation.by", "zones.ConfirmationLetter.operator",
    "zones.ZoneArea.recorded_by", "zones.Plot.confirmed_by", "zones.Availability.recorded_by",
    "zones.OutlineEntry.entered_by", "zones.OutlineEntry.undone_by",
    "projects.Mandate.approved_by", "projects.Mandate.ended_by", "projects.MandateRequest.answered_by",
    "projects.Change.recorded_by", "projects.Tenure.recorded_by", "projects.ReportAnswer.by",
    "projects.MinistryReport.drafted_by", "projects.MinistryReport.signed_by", "projects.Classification.recorded_by",
    "projects.Contribution.recorded_by", "projects.Milestone.recorded_by", "projects.ProjectDocument.added_by",
    "projects.ProjectDocument.removed_by", "onestop.Definition.created_by",
    "onestop.Definition.published_by", "onestop.DecisionTemplate.made_by", "onestop.DecisionTemplate.published_by",
    "onestop.Dossier.assigned_to", "onestop.Dossier.decided_by",
    "onestop.Supplement.asked_by", "onestop.Promise.made_by", "onestop.Slip.issued_by", "onestop.Slip.revoked_by",
    "onestop.IntakeSystem.account", "onestop.Opinion.account", "onestop.Opinion.asked_by",
    "onestop.Amendment.drafted_by", "onestop.Amendment.signed_by", "onestop.Amendment.dropped_by",
    "onestop.Opinion.recorded_by", "onestop.Reading.by", "onestop.SupplementPermit.asked_by",
    "onestop.SupplementPermit.decided_by", "izportal.Wording.changed_by", "onestop.Dossier.drafted_by",
    "izportal.Publication.released_by", "izportal.Export.asked_by", "izportal.ChangeSet.uploaded_by",
    "izportal.ChangeSet.accepted_by", "izportal.ChangeSet.approved_by", "izportal.ChangeSet.undone_by",
    "onestop.Event.instead_of", "onestop.Absence.person", "onestop.Absence.substitute", "onestop.Absence.made_by",
}  # fmt: skip


def test_every_column_that_names_a_person_is_accounted_for():
    found = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if field.related_model is User and not model.__name__.startswith("Historical")
    }
    assert found == SHOWN | IN_OFFICE


def test_past_of_records_holds_no_address_of_a_person():
    past = [model for model in apps.get_models() if model.__name__.startswith("Historical")]
    holding = {m.__name__ for m in past if any(f.name in ("email", "phone", "full_name") for f in m._meta.fields)}
    assert holding == {"HistoricalEnterprise"}


# Showing and giving out ---------------------------------------------------------------------------
def test_each_place_tells_how_much_is_kept(person, filed, draft):
    total = {kept.place.key: kept.total for kept in kept_of(person)}
    assert total == {
        "account": 1, "addresses": 1, "factors": 1, "identities": 1, "sessions": 0, "mandates": 2, "requests": 2,
        "dossiers": 2, "drafts": 1, "replies": 0, "handed_in": 0, "set_aside": 0, "events": 1, "surveys": 0,
        "pieces": 1, "messages": 0, "enquiries": 0, "watches": 0,
        "questions": 0, "comments": 0,
        "files": StoredFile._base_manager.filter(uploaded_by=person).count(),
        "letters": Notice.objects.filter(email=EMAIL).count(), "log": 1, "device": 5,
        "reports": 0, "report_drafts": 0,
    }  # fmt: skip


def shown_in(place, person):
    return next(kept.rows for kept in kept_of(person) if kept.place.key == place)


def test_nothing_of_others_is_shown(person, filed, draft, stranger):
    total = {kept.place.key: kept.total for kept in kept_of(stranger) if kept.total}
    assert total == {"account": 1, "mandates": 1, "device": 5}


def test_messages_are_shown_to_their_writer_and_notes_to_nobody(person, filed, staff):
    officer, now = staff("head"), timezone.now()
    exchange.send(filed, text="Chào", by=person, at=now)
    exchange.send(filed, text="Chào bạn", by=officer, at=now)
    exchange.note(filed, text="Kín", by=officer, at=now)
    said = [[row["body"] for row in shown_in("messages", one)] for one in (person, officer)]
    assert said == [["Chào"], ["Chào bạn"]]


def test_no_secret_is_given_out(person):
    client_secrets = [kept.rows for kept in kept_of(person) if kept.place.key == "factors"]
    assert [set(row) for row in client_secrets[0]] == [{"type", "created_at", "last_used_at"}]


def test_bundle_is_read_by_people_and_by_machines(person, filed):
    package = zipfile.ZipFile(io.BytesIO(bundle(person, at=timezone.now())))
    assert package.namelist() == ["du-lieu.html", "du-lieu.json", "tep.csv"]
    said = json.loads(package.read("du-lieu.json"))
    assert (said["account"][0]["email"], said["dossiers"][0]["dossier"]) == (EMAIL, filed.code)
    files = list(csv.reader(io.StringIO(package.read("tep.csv").decode("utf-8-sig"))))
    hashes = StoredFile.objects.filter(uploaded_by=person).values_list("sha256", flat=True)
    assert sorted(row[3] for row in files[1:]) == sorted(hashes)
    assert NAME in package.read("du-lieu.html").decode()


def test_what_was_typed_in_a_colleagues_draft_is_shown_to_whoever_typed_it(person, colleague, enterprise):
    at = timezone.now().isoformat()
    typed = {"contact": {"data": {"contact_phone": PHONE}, "at": at, "by": person.pk}}
    save = {"no": 2, "at": at, "by": person.pk, "window": "", "turn": 0}
    theirs = factories.make_dossier(by=colleague, enterprise=enterprise, typed=typed, saves={"project": save})
    rows = {(row["dossier"], row["part"], row["body"]) for row in shown_in("drafts", person)}
    assert rows == {(str(theirs), "contact", f"contact_phone: {PHONE}"), (str(theirs), "Dự án", "")}
    assert shown_in("drafts", colleague) == []
    erase(person)
    theirs.refresh_from_db()
    assert (theirs.typed["contact"]["data"], theirs.saves["project"]["by"]) == ({"contact_phone": ""}, person.pk)


def test_unsent_reply_is_shown_to_whoever_typed_it_and_goes(person, colleague, filed, staff):
    handler = factories.make_people()["specialist"]
    Dossier.objects.filter(pk=filed.pk).update(assigned_to=handler)
    asked = {"items": ["Văn bản giải trình"], "reason": "Chưa rõ"}
    workflow.take(filed, "ask_supplement", by=handler, at=timezone.now(), **asked)
    request = filed.supplements.get()
    form = ReplyForm({"reply-1": f"Gọi {PHONE}", "answer": ""}, dossier=filed, supplement=request)
    replies.keep(form, seen=0, by=person, at=timezone.now())
    assert [(row["dossier"], row["body"]) for row in shown_in("replies", person)] == [
        (filed.code, f"reply-1: Gọi {PHONE}")
    ]
    assert shown_in("replies", colleague) == []
    assert (
        f"Gọi {PHONE}" in zipfile.ZipFile(io.BytesIO(bundle(person, at=timezone.now()))).read("du-lieu.json").decode()
    )
    erase(person)
    request.refresh_from_db()
    assert request.typed == {}


def test_presenter_is_shown_their_own_and_keeps_it_in_the_filed_record(person, colleague, enterprise, staff):
    clerk = staff("reception")
    said = {Dossier.HANDED_IN: {"name": NAME, "identity": "019090000001"}}
    typing, sent = (
        factories.make_dossier(by=clerk, enterprise=enterprise, channel="counter", papers=False) for _number in "ab"
    )
    for row in (typing, sent):
        row.answers = {**row.answers, **said}
        row.contact_email = EMAIL
        row.save()
    counter.enter(sent, by=clerk, seen=sent.version_no, at=timezone.now(), is_incomplete=True)
    assert [row["identity"] for row in shown_in("handed_in", person)] == ["019090000001"] * 2
    assert shown_in("handed_in", clerk) == []
    erase(person)
    typing.refresh_from_db()
    sent.refresh_from_db()
    assert (typing.handed_in, sent.handed_in) == ({}, said[Dossier.HANDED_IN])


def test_answers_set_aside_are_shown_and_lose_the_address(person, colleague, filed):
    entry = {"label": {"vi": "Thư", "en": "Mail"}, "value": {"vi": EMAIL, "en": EMAIL}}
    Dossier.objects.filter(pk=filed.pk).update(set_aside=[entry])
    assert [(row["label"], row["body"]) for row in shown_in("set_aside", person)] == [("Thư", EMAIL)]
    erase(person)
    filed.refresh_from_db()
    assert filed.set_aside == [{**entry, "value": {"vi": "", "en": ""}}]


def test_name_of_a_file_is_no_formula(person):
    StoredFile.objects.filter(uploaded_by=person).update(name="=HYPERLINK(1).pdf")
    package = zipfile.ZipFile(io.BytesIO(bundle(person, at=timezone.now())))
    assert "'=HYPERLINK(1).pdf" in package.read("tep.csv").decode("utf-8-sig")


# Erasing ------------------------------------------------------------------------------------------
# What was filed, issued or entered is a record of the law and stays as it was written.
LEGAL = {
    "onestop.Dossier.answers", "onestop.Slip.facts", "onestop.Event.note", "onestop.Event.data",
    "onestop.Supplement.answer", "projects.Enterprise.email", "projects.Enterprise.phone",
    "projects.HistoricalEnterprise.email", "projects.HistoricalEnterprise.phone", "izportal.StoredFile.name",
}  # fmt: skip


def columns_with(*values):
    """Each column of each table in which one of the values stands, in whatever case."""
    found = set()
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            if isinstance(field, models.CharField | models.TextField | models.JSONField):
                texts = (str(text).lower() for text in model._base_manager.values_list(field.attname, flat=True))
                if any(value.lower() in text for text in texts for value in values):
                    found.add(f"{model._meta.label}.{field.name}")
    return found


def put_into_the_record(person, filed, enterprise):
    """The person's address in everything that stays."""
    Dossier.objects.filter(pk=filed.pk).update(answers={**filed.answers, "investor_email": EMAIL, "phone": PHONE})
    Event.objects.create(
        dossier=filed,
        step="note",
        to_status=filed.status,
        at=timezone.now(),
        by=person,
        note=EMAIL,
        data={"to": PHONE},
    )
    enterprise.email, enterprise.phone = EMAIL, PHONE
    enterprise.save()
    StoredFile.objects.filter(papers__dossier=filed).update(name=f"CV {EMAIL}.pdf")


def test_address_and_telephone_stand_only_in_the_legal_record(person, filed, draft, colleague, enterprise):
    put_into_the_record(person, filed, enterprise)
    before = columns_with(EMAIL, PHONE)
    erase(person)
    outbox.drain()
    after = columns_with(EMAIL, PHONE)
    assert after <= LEGAL
    assert {"onestop.Dossier.answers", "onestop.Slip.facts", "onestop.Event.note", "izportal.StoredFile.name"} <= after
    assert {"izportal.User.email", "izportal.Notice.email", "admin.LogEntry.change_message"} <= before


def test_name_gives_way_to_a_number(person, filed, draft, colleague):
    erase(person)
    outbox.drain()
    left = columns_with(NAME)
    # A letter to a colleague said who left; it is that colleague's.
    assert left <= {"onestop.Slip.facts", "izportal.Notice.body"}
    assert not Notice.objects.exclude(user=colleague).filter(body__contains=NAME).exists()
    assert str(User.objects.get(pk=person.pk)) == f"Người dùng đã xóa dữ liệu #{person.pk}"


def test_nobody_signs_in_any_more(client, person, colleague):
    client.force_login(person)
    UserSession.objects.create(user=person, session_key=client.session.session_key, ip="127.0.0.1")
    erase(person)
    person.refresh_from_db()
    assert (person.is_active, person.has_usable_password()) == (False, False)
    rows = (EmailAddress, Authenticator, SocialAccount, UserSession, PartialFile, Session)
    assert [model.objects.count() for model in rows] == [0] * 6
    assert client.get(reverse("my_data")).status_code == 302


def test_dossiers_and_figures_stay(client, person, filed, draft, colleague):
    day, now = timezone.localdate(), timezone.now()
    before = statistics.report(Asked(day), at=now)
    erase(person)
    assert statistics.report(Asked(day), at=now) == before
    client.force_login(colleague)
    slip = reverse("onestop:slip_detail", args=[filed.pk, filed.slips.first().pk])
    pages = [
        reverse("onestop:dossier_detail", args=[filed.pk]),
        reverse("onestop:dossier_review", args=[draft.pk]),
        slip,
    ]
    assert [client.get(page).status_code for page in pages] == [200, 200, 200]
    assert (Event.objects.filter(by=person).count(), Slip.objects.count()) == (1, filed.slips.count())


def test_survey_keeps_its_points_alone(person, filed, colleague):
    given = {"total_time": 2, "contacts": 1, "bodies": 2, "attitude": 0}
    row = Survey.objects.create(dossier=filed, answered_by=person, comment=f"Gọi {PHONE}", **given)
    assert next(kept for kept in kept_of(person) if kept.place.key == "surveys").rows[0]["body"] == f"Gọi {PHONE}"
    erase(person)
    row.refresh_from_db()
    assert (row.answered_by, row.comment, row.attitude, row.total_time) == (None, "", 0, 2)


def test_draft_keeps_what_is_the_enterprises(person, draft, colleague):
    erase(person)
    draft.refresh_from_db()
    assert {**draft.answers, "papers_not_due": []} == {
        "contact": "", "phones": [""], "reason": "Mở rộng", "papers_not_due": [],
    }  # fmt: skip
    assert draft.typed["section"]["data"] == {"contact_email": "", "contact_phone": "", "reason": "Mở rộng"}


def test_contact_of_a_colleague_stays(person, draft, colleague):
    named = {"contact_name": colleague.full_name, "contact_email": colleague.email, "contact_phone": colleague.phone}
    Dossier.objects.filter(pk=draft.pk).update(**named)
    erase(person)
    assert Dossier.objects.values(*named).get(pk=draft.pk) == named


def test_letter_of_a_refused_request_goes_and_of_a_granted_one_stays(
    person, colleague, django_capture_on_commit_callbacks
):
    refused = person.mandate_requests.get(tax_code=REFUSED).paper
    with django_capture_on_commit_callbacks(execute=True):
        erase(person)
    rows = {row.tax_code: (row.paper is None, row.note, row.position) for row in person.mandate_requests.all()}
    assert rows == {GRANTED: (False, "", ""), REFUSED: (True, "", "")}
    assert not refused.file.storage.exists(refused.file.name)


def test_mandates_end_and_open_requests_are_withdrawn(person, colleague, enterprise):
    ask(person, "4600000033")
    erase(person)
    assert not mandates.enterprises_of(person).exists()
    assert person.mandate_requests.get(tax_code="4600000033").answer == "withdrawn"
    assert colleague.notices.get().kind == "mandate-left"


def test_pieces_of_a_file_are_taken_off_the_disk(person, colleague):
    partial = PartialFile.objects.get()
    chunks.append(partial, offset=0, piece=b"12345", at=timezone.now())
    erase(person)
    assert not chunks._path(partial).exists()


def test_last_letter_goes_out_and_forgets_its_address(person, colleague):
    mail.outbox.clear()
    erase(person)
    outbox.drain()
    assert [letter.to for letter in mail.outbox if letter.subject == "Đã xóa dữ liệu cá nhân của bạn"] == [[EMAIL]]
    notice = Notice.objects.get(kind=erasure.FAREWELL)
    assert (notice.email, notice.body, notice.user) == (erasure.NOBODY, "", None)


def test_no_letter_goes_to_nobody(person, colleague):
    mail.outbox.clear()
    erase(person)
    outbox.drain()
    assert {letter.to[0] for letter in mail.outbox} == {EMAIL, "o-lai@thep.example"}
    assert Notice.objects.filter(sent_at=None).count() == 0


def test_letter_that_reaches_nobody_is_forgotten_after_a_week(person, colleague):
    erase(person)
    week = timezone.now() + erasure.FAREWELL_KEPT
    assert erasure.forget_old_farewells(at=week - timedelta(hours=1)) == 0
    assert erasure.forget_old_farewells(at=week + timedelta(hours=1)) == 1
    assert columns_with(EMAIL) <= LEGAL


# Refusals -----------------------------------------------------------------------------------------
def test_only_signer_of_a_running_dossier_stays(person, filed, enterprise):
    with pytest.raises(ErasureRefused, match="Công ty TNHH Thép Thử"):
        erase(person)
    factories.make_user(mandate_of=enterprise)
    assert erase(person).erased_at


def test_only_signer_of_a_draft_stays_until_it_is_gone(person, draft):
    assert erasure.awaiting(person) == [draft.enterprise]
    draft.papers.all().delete()
    draft.delete()
    assert erasure.awaiting(person) == []


def test_only_signer_of_what_is_settled_may_go(person, filed):
    Dossier.objects.filter(pk=filed.pk).update(status="archived")
    assert erase(person).erased_at


@pytest.mark.parametrize("changed", [{"is_staff": True}, {"is_superuser": True}, {"erased_at": timezone.now()}])
def test_staff_technical_and_erased_accounts_are_refused(changed):
    person = factories.make_user(**changed)
    with pytest.raises(ErasureRefused):
        erase(person)


def test_nobody_erases_somebody_else(person, colleague, staff):
    for by in (colleague, staff("register")):
        with pytest.raises(PermissionDenied):
            erase(person, by=by)


def test_officer_who_has_left_keeps_the_name_of_their_office(staff):
    officer, administrator = staff("specialist", phone=PHONE), staff("administrator")
    with pytest.raises(ErasureRefused):
        erase(officer, by=administrator)
    User.objects.filter(pk=officer.pk).update(is_active=False)
    erased = erase(officer, by=administrator)
    assert (str(erased), erased.phone, erased.groups.count()) == ("Cán bộ specialist", "", 0)


# Pages --------------------------------------------------------------------------------------------
def prove(client, person):
    """Signed in, the password typed once more a moment ago."""
    client.force_login(person)
    client.post(reverse("account_reauthenticate"), {"password": "mat-khau-thu"})


@pytest.mark.parametrize("page", ["my_data_export", "my_data_erase"])
def test_password_is_asked_again_first(client, person, page):
    client.force_login(person)
    assert reverse("account_reauthenticate") in client.get(reverse(page)).url
    prove(client, person)
    assert client.get(reverse(page)).status_code == 200


def test_bundle_is_downloaded_by_nobodys_browser_cache(client, person):
    prove(client, person)
    answer = client.get(reverse("my_data_export"))
    assert zipfile.ZipFile(io.BytesIO(answer.content)).testzip() is None
    assert (answer["Content-Type"], "no-store" in answer["Cache-Control"]) == ("application/zip", True)


def test_erasing_wants_the_address_typed(client, person, colleague):
    prove(client, person)
    where = reverse("my_data_erase")
    assert client.post(where, {"email": "khac@thep.example"}).status_code == 422
    assert User.objects.get(pk=person.pk).erased_at is None
    assert client.post(where, {"email": f" {EMAIL.upper()} "}).url == reverse("privacy")
    assert User.objects.get(pk=person.pk).erased_at
    assert "_auth_user_id" not in client.session


def test_page_says_what_stands_in_the_way(client, person, filed):
    prove(client, person)
    page = client.get(reverse("my_data_erase"))
    assert "Công ty TNHH Thép Thử" in page.content.decode() and b'name="email"' not in page.content
    assert client.post(reverse("my_data_erase"), {"email": EMAIL}).status_code == 422


@pytest.mark.parametrize("language", ["vi", "en"])
def test_my_data_names_every_place_in_both_languages(client, person, language):
    client.force_login(person)
    page = client.get(reverse("my_data") if language == "vi" else "/en" + reverse("my_data"))
    if language == "vi":
        assert [kept.place for kept in page.context["kept"]] == list(PLACES)


@pytest.mark.parametrize("rows", [1, 3])
def test_my_data_costs_the_same_however_much_is_kept(client, catalogue, django_assert_num_queries, rows):
    person = factories.make_user(mandate_of=factories.make_enterprise())
    for n in range(rows):
        factories.make_dossier(by=person, enterprise=person.mandates.first().enterprise)
        outbox.write(key=f"{n}", kind="thu", email=person.email, subject="Chào", body="")
    client.force_login(person)
    with django_assert_num_queries(56):
        client.get(reverse("my_data"))


def test_administrator_erases_for_a_letter(client, person, colleague, staff):
    administrator = staff("administrator")
    client.force_login(administrator)
    where = reverse("person_erase", args=[person.pk])
    assert client.post(where, {"email": EMAIL, "basis": ""}).status_code == 422
    client.post(where, {"email": EMAIL, "basis": "Văn bản 12/2026"})
    entry = LogEntry.objects.get(user=administrator, object_id=str(person.pk), change_message__contains="12/2026")
    assert (entry.object_repr, User.objects.get(pk=person.pk).is_active) == (
        f"Người dùng đã xóa dữ liệu #{person.pk}", False,
    )  # fmt: skip


def test_erased_account_is_not_brought_back(client, person, colleague, staff):
    erase(person)
    client.force_login(staff("administrator"))
    where = reverse("admin:izportal_user_change", args=[person.pk])
    assert (client.get(where).status_code, client.post(where, {"is_active": "on"}).status_code) == (200, 403)


def test_account_leads_administrators_to_the_page(client, person, staff):
    client.force_login(staff("administrator"))
    page = client.get(reverse("admin:izportal_user_change", args=[person.pk])).content.decode()
    assert reverse("person_erase", args=[person.pk]) in page


def test_privacy_page_is_public_and_says_what_is_not_confirmed(client):
    page = client.get(reverse("privacy")).content.decode()
    assert all(str(place.title) in page for place in PLACES)
    assert "chờ Ban xác nhận" in page
    assert Enterprise.objects.count() == 0


def test_enquiries_of_an_address_are_shown_and_erased(person, moment):
    mine = enquiring.ask(at=moment, email=EMAIL.upper(), name=NAME, note="Cần 5 ha")
    other = enquiring.ask(at=moment)
    assert [(row["reference"], row["body"]) for row in shown_in("enquiries", person)] == [(mine.reference, "Cần 5 ha")]
    erase(person)
    mine.refresh_from_db()
    other.refresh_from_db()
    assert (mine.name, mine.email, mine.status, other.email) == ("", "", "closed", "kim@hanil.example")


def test_letters_to_the_board_are_shown_and_erased(person, moment):
    mine, signed_in = talking.ask(at=moment, email=EMAIL.upper()), talking.ask(at=moment, by=person)
    other = talking.ask(at=moment)
    comment = talking.comment(talking.make_draft(), at=moment, email=EMAIL)
    assert {row["reference"] for row in shown_in("questions", person)} == {mine.reference, signed_in.reference}
    assert [row["reference"] for row in shown_in("comments", person)] == [comment.reference]
    erase(person)
    for row in (mine, signed_in, other, comment):
        row.refresh_from_db()
    assert [row.email for row in (mine, signed_in, other, comment)] == ["", "", "thu@hoi.example", ""]
    assert signed_in.asked_by is None
