"""Messages between the applicant and the board, and notes that stay inside: who writes, who reads, who is told."""

import io
import re
import zipfile
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from izportal import outbox
from izportal.models import Notice, StoredFile
from izportal.privacy.export import bundle
from onestop import exchange, worklist
from onestop.models import Absence, Dossier, Message
from onestop.urls import urlpatterns
from tests import factories, uploads

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

SECRET = "Doanh nghiệp này cần xem kỹ năng lực tài chính"


@pytest.fixture
def people(catalogue):
    return factories.make_people()


@pytest.fixture
def dossier(people, enterprise_user):
    """In review, without the papers and events of the way there."""
    return brought(enterprise_user, "in_review", code="H55-260303-0001", assigned_to=people["specialist"])


def brought(by, status, **fields):
    now = timezone.now()
    row = factories.make_dossier(by=by, papers=False)
    received = {"received_at": now, "due_at": now + timedelta(days=9)} if "code" in fields else {}
    said = {"submitted_at": now, "answer_by": now, "reference": f"XN26-{row.pk}"[:40], **received, **fields}
    Dossier.objects.filter(pk=row.pk).update(status=status, **said)
    return Dossier.objects.get(pk=row.pk)


@pytest.fixture
def at():
    return timezone.now()


def address(dossier, *rest, page="dossier_messages"):
    return reverse(f"onestop:{page}", args=[dossier.pk, *rest])


def office(dossier, *rest, page="message"):
    return reverse(f"admin:onestop_dossier_{page}", args=[dossier.pk, *rest])


def status_of(dossier, status):
    Dossier.objects.filter(pk=dossier.pk).update(status=status)
    return Dossier.objects.get(pk=dossier.pk)


def letters(kind):
    return list(Notice.objects.filter(kind=kind).order_by("pk").values_list("email", flat=True))


# Who may ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("capacity", "says"),
    [
        ("view", "Bạn được xem hồ sơ nhưng không được ủy quyền viết tin nhắn về hồ sơ này."),
        ("prepare", ""),
        ("sign", ""),
    ],
)
def test_who_prepares_may_write_and_who_views_may_not(dossier, enterprise, at, capacity, says):
    assert exchange.why_not(factories.make_user(mandate_of=enterprise, capacity=capacity), dossier, at=at) == says


def test_board_writes_by_those_who_handle_the_dossier(dossier, people, at):
    other = factories.make_staff("specialist")
    may = {role: not exchange.why_not(person, dossier, at=at) for role, person in {**people, "other": other}.items()}
    assert may == {
        "reception": True, "specialist": True, "head": True, "leader": True, "clerk": False, "other": False,
    }  # fmt: skip


def test_notes_are_for_the_board_alone(dossier, people, enterprise_user, at):
    may = {role: not exchange.why_not(person, dossier, at=at, is_internal=True) for role, person in people.items()}
    assert may == dict.fromkeys(people, True)
    assert exchange.why_not(enterprise_user, dossier, at=at, is_internal=True)


def test_substitute_writes_reads_and_is_told_in_the_place_of_the_absent(client, dossier, people, enterprise_user, at):
    other, today = factories.make_staff("specialist"), timezone.localdate(at)
    Absence.objects.create(
        person=people["specialist"], substitute=other, starts_on=today, ends_on=today, made_by=people["head"]
    )
    exchange.send(dossier, text="Chào", by=enterprise_user, at=at)
    assert letters("message-to-officer") == [other.email]
    assert list(Dossier.objects.filter(exchange.to_be_read(other, covering=[people["specialist"]]))) == [dossier]
    open_file(client, other, dossier)
    assert Message.objects.unread_by_board().count() == 0
    assert exchange.send(dossier, text="Chào bạn", by=other, at=at).is_from_board


@pytest.mark.parametrize("status", ["draft", "archived"])
def test_nobody_writes_before_filing_and_after_archiving(dossier, people, enterprise_user, at, status):
    closed = status_of(dossier, status)
    for by in (enterprise_user, people["specialist"]):
        with pytest.raises(exchange.MessageRefused, match="đã lưu"):
            exchange.send(closed, text="Chào", by=by, at=at)
    assert Message.objects.count() == 0


# Writing ----------------------------------------------------------------------------------------------------------
def test_message_takes_its_files_through_the_checks(dossier, enterprise_user, at):
    sent = [uploads.sent("a.pdf", uploads.pdf()), uploads.sent("b.pdf", uploads.pdf(2))]
    message = exchange.send(dossier, text="Xin xem tệp", by=enterprise_user, at=at, uploads=sent)
    assert [stored.name for stored in message.files.order_by("name")] == ["a.pdf", "b.pdf"]
    assert (message.is_from_board, message.is_internal, message.read_at) == (False, False, None)


def test_a_bad_file_is_named_and_nothing_is_kept(dossier, enterprise_user, at):
    before = StoredFile.objects.count()
    sent = [uploads.sent("tốt.pdf", uploads.pdf()), uploads.sent("hỏng.pdf", uploads.PROGRAM)]
    with pytest.raises(exchange.FileRefused, match="“hỏng.pdf”"):
        exchange.send(dossier, text="Xin xem tệp", by=enterprise_user, at=at, uploads=sent)
    assert (Message.objects.count(), StoredFile.objects.count()) == (0, before)


def test_the_same_words_sent_twice_are_one_message(dossier, enterprise_user, at):
    one = exchange.send(dossier, text="Chào", by=enterprise_user, at=at)
    again = exchange.send(dossier, text="Chào", by=enterprise_user, at=at + timedelta(seconds=2))
    later = exchange.send(dossier, text="Chào", by=enterprise_user, at=at + timedelta(minutes=11))
    assert (again.pk, Message.objects.count(), later.pk != one.pk) == (one.pk, 2, True)


def test_one_person_does_not_flood_a_dossier(dossier, enterprise_user, at, monkeypatch):
    monkeypatch.setattr(exchange, "MOST_A_DAY", 1)
    exchange.send(dossier, text="Một", by=enterprise_user, at=at)
    with pytest.raises(exchange.MessageRefused, match="quá nhiều"):
        exchange.send(dossier, text="Hai", by=enterprise_user, at=at)
    assert exchange.send(dossier, text="Hai", by=enterprise_user, at=at + timedelta(days=1)).pk


# Read and unread --------------------------------------------------------------------------------------------------
def open_file(client, person, dossier):
    client.force_login(person)
    assert client.get(reverse("admin:onestop_dossier_change", args=[dossier.pk])).status_code == 200


def test_only_who_handles_the_dossier_reads_for_the_board(client, dossier, people, enterprise_user, at):
    message = exchange.send(dossier, text="Chào", by=enterprise_user, at=at)
    for role in ("reception", "head", "leader", "clerk"):
        open_file(client, people[role], dossier)
    message.refresh_from_db()
    assert message.read_at is None
    open_file(client, people["specialist"], dossier)
    message.refresh_from_db()
    assert message.read_at is not None


def test_before_it_is_assigned_reception_reads_for_the_board(client, people, enterprise_user, at):
    dossier = brought(enterprise_user, "submitted")
    exchange.send(dossier, text="Chào", by=enterprise_user, at=at)
    open_file(client, people["reception"], dossier)
    assert Message.objects.unread_by_board().count() == 0


def test_viewer_of_the_enterprise_leaves_a_message_for_those_who_answer(client, dossier, people, enterprise, at):
    exchange.send(dossier, text="Cần thêm số liệu", by=people["specialist"], at=at)
    left = []
    for capacity in ("view", "prepare"):
        client.force_login(factories.make_user(mandate_of=enterprise, capacity=capacity))
        assert "Cần thêm số liệu" in client.get(dossier.get_absolute_url()).content.decode()
        left.append(Message.objects.unread_by_applicant().count())
    assert left == [1, 0]


def test_whoever_answers_has_read_what_they_answer(dossier, people, enterprise_user, at):
    exchange.send(dossier, text="Chào", by=enterprise_user, at=at)
    exchange.send(dossier, text="Chào bạn", by=people["head"], at=at)
    assert (Message.objects.unread_by_board().count(), Message.objects.unread_by_applicant().count()) == (0, 1)


def test_heap_of_unread_messages_is_of_those_who_answer(dossier, people, enterprise_user, at):
    fresh = brought(enterprise_user, "submitted")
    for one in (dossier, fresh):
        exchange.send(one, text="Chào", by=enterprise_user, at=at)
    exchange.note(dossier, text=SECRET, by=people["head"], at=at)
    heap = {role: set(Dossier.objects.filter(exchange.to_be_read(person))) for role, person in people.items()}
    assert heap == {
        "reception": {fresh}, "specialist": {dossier}, "head": {dossier, fresh}, "leader": {dossier, fresh},
        "clerk": set(),
    }  # fmt: skip


def test_worklist_and_my_dossiers_count_what_is_unread(client, dossier, people, enterprise_user, at):
    exchange.send(dossier, text="Một", by=people["specialist"], at=at)
    exchange.send(dossier, text="Hai", by=people["specialist"], at=at)
    exchange.note(dossier, text=SECRET, by=people["specialist"], at=at)
    client.force_login(enterprise_user)
    (row,) = client.get(reverse("onestop:dossier_list")).context["rows"]
    exchange.send(dossier, text="Ba", by=enterprise_user, at=at)
    (line,) = worklist.worklist_rows(Dossier.objects.filter(pk=dossier.pk))
    assert (row["dossier"].unread, line.unread) == (2, 1)


# Letters ----------------------------------------------------------------------------------------------------------
def test_applicant_is_told_that_there_is_a_message_and_not_what_it_says(dossier, people, enterprise_user, at):
    exchange.send(dossier, text=SECRET, by=people["specialist"], at=at)
    notice = Notice.objects.get(kind="message")
    assert (notice.email, notice.user, notice.subject) == (
        enterprise_user.email, enterprise_user, f"[{dossier.code}] Tin nhắn mới từ Ban",
    )  # fmt: skip
    assert SECRET not in notice.body and f"/ho-so/{dossier.pk}/trao-doi/" in notice.body


def test_letter_is_in_the_language_of_the_dossier(dossier, people, at):
    Dossier.objects.filter(pk=dossier.pk).update(language="en")
    exchange.send(dossier, text="Chào", by=people["specialist"], at=at)
    assert "/en/" in Notice.objects.get(kind="message").body


def test_officer_gets_one_letter_an_hour_while_it_lies_unread(dossier, people, enterprise_user, at):
    for minutes in (0, 10, 50, 70):
        exchange.send(dossier, text=f"Tin {minutes}", by=enterprise_user, at=at + timedelta(minutes=minutes))
    keys = Notice.objects.filter(kind="message-to-officer").order_by("pk").values_list("key", flat=True)
    first, *_between, last = dossier.messages.all()
    assert list(keys) == [f"message:{first.pk}", f"message:{last.pk}"]


def test_officer_is_told_again_once_the_letter_was_heeded(dossier, people, enterprise_user, at):
    exchange.send(dossier, text="Một", by=enterprise_user, at=at)
    Message.objects.update(read_at=at)
    exchange.send(dossier, text="Hai", by=enterprise_user, at=at + timedelta(minutes=5))
    assert letters("message-to-officer") == [people["specialist"].email] * 2


def test_before_it_is_assigned_reception_is_told(people, enterprise_user, at):
    dossier = brought(enterprise_user, "submitted")
    exchange.send(dossier, text="Chào", by=enterprise_user, at=at)
    assert letters("message-to-officer") == [people["reception"].email]


def test_letters_are_written_once_for_a_message(dossier, people, enterprise_user, at):
    message = exchange.send(dossier, text="Chào", by=enterprise_user, at=at)
    exchange.letters.tell(message)
    assert letters("message-to-officer") == [people["specialist"].email]


def test_note_tells_nobody(dossier, people, at):
    before = Notice.objects.count()
    exchange.note(dossier, text=SECRET, by=people["head"], at=at)
    assert Notice.objects.count() == before


# Where nobody reads here ------------------------------------------------------------------------------------------
@pytest.fixture
def by_post(people, catalogue):
    """A dossier of an enterprise of which nobody has an account."""
    clerk, enterprise = people["reception"], factories.make_enterprise("Công ty TNHH Xa Mạng")
    dossier = factories.make_dossier(by=clerk, enterprise=enterprise)
    Dossier.objects.filter(pk=dossier.pk).update(
        channel="post",
        status="submitted",
        submitted_at=timezone.now(),
        reference="XN26-9",
        contact_email="xa@mang.example",
    )
    return Dossier.objects.get(pk=dossier.pk)


def test_message_goes_by_mail_where_nobody_reads_here(by_post, people, at):
    assert exchange.reach(by_post) == exchange.Reach(is_here=False, mailboxes=("xa@mang.example",))
    exchange.send(by_post, text="Mời ông đến quầy", by=people["reception"], at=at)
    notice = Notice.objects.get(kind="message-in-full")
    assert (notice.email, "Mời ông đến quầy" in notice.body) == ("xa@mang.example", True)


def test_no_file_goes_by_mail(by_post, people, at):
    with pytest.raises(exchange.FileRefused, match="không kèm được tệp"):
        sent = [uploads.sent("a.pdf", uploads.pdf())]
        exchange.send(by_post, text="Xem tệp", by=people["reception"], at=at, uploads=sent)


def test_message_that_reaches_nobody_is_not_taken(client, by_post, people, at):
    Dossier.objects.filter(pk=by_post.pk).update(contact_email="")
    client.force_login(people["reception"])
    page = client.post(office(by_post), {"text": "Mời đến quầy"})
    assert (page.status_code, Message.objects.count()) == (409, 0)
    assert "Mời đến quầy" in page.content.decode() and "Điện thoại liên hệ: 0208 000 000" in page.content.decode()


def test_where_the_contact_has_no_account_those_who_answer_are_told_too(by_post, people, at):
    colleague = factories.make_user("o-nha@mang.example", mandate_of=by_post.enterprise, capacity="prepare")
    exchange.send(by_post, text="Chào", by=people["reception"], at=at)
    assert letters("message") == ["xa@mang.example", colleague.email]


# The applicant's pages --------------------------------------------------------------------------------------------
def test_applicant_writes_and_is_led_back_to_the_thread(client, dossier, enterprise_user):
    client.force_login(enterprise_user)
    sent = {"text": "Tôi gửi báo cáo", "files": [uploads.sent("báo cáo.pdf", uploads.pdf())]}
    answer = client.post(address(dossier), sent)
    assert answer["Location"] == f"{dossier.get_absolute_url()}#trao-doi"
    page = client.get(dossier.get_absolute_url()).content.decode()
    assert "Tôi gửi báo cáo" in page and "báo cáo.pdf" in page and "Ban chưa đọc" in page


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"text": ""}, "Viết nội dung tin nhắn."),
        ({"text": "Chữ đã gõ " + "x" * 4000}, "4000"),
        ({"text": "Chữ đã gõ\x00"}, "NUL"),
        ({"text": "Chữ đã gõ", "files": [("hỏng.pdf", uploads.PROGRAM)]}, "“hỏng.pdf”"),
        ({"text": "Chữ đã gõ", "files": [(f"{n}.pdf", b"x") for n in range(6)]}, "tối đa 5 tệp"),
    ],
)
def test_what_was_typed_stays_whatever_is_wrong(client, dossier, enterprise_user, sent, said):
    client.force_login(enterprise_user)
    files = [uploads.sent(*file) for file in sent.get("files", [])]
    page = client.post(address(dossier), {**sent, "files": files})
    assert (page.status_code, Message.objects.count()) == (200, 0)
    content = page.content.decode()
    assert said.lower() in content.lower() and sent["text"].replace("\x00", "")[:9] in content


def test_a_file_too_big_leaves_the_words(client, dossier, enterprise_user, monkeypatch):
    monkeypatch.setattr("onestop.views.papers.documents.limit_bytes", lambda on: 100)
    client.force_login(enterprise_user)
    page = client.post(address(dossier), {"text": "Chữ đã gõ", "files": [uploads.sent("a.pdf", uploads.pdf())]})
    assert "Tệp vượt mức cho phép" in page.content.decode() and "Chữ đã gõ" in page.content.decode()


def window(client, page):
    return re.search(r'name="window" value="([^"]+)"', client.get(page).content.decode()).group(1)


def test_words_sent_after_the_session_ended_wait_for_the_same_person(client, dossier, enterprise_user):
    client.force_login(enterprise_user)
    sent = {"text": "Chữ đã gõ", "window": window(client, dossier.get_absolute_url())}
    client.logout()
    assert client.post(address(dossier), sent).status_code == 302
    client.force_login(enterprise_user)
    page = client.get(address(dossier)).content.decode()
    assert "Chữ đã gõ" in page and "Phiên làm việc đã hết" in page
    assert Message.objects.count() == 0


def test_words_stay_where_the_dossier_was_archived_meanwhile(client, dossier, enterprise_user):
    status_of(dossier, "archived")
    client.force_login(enterprise_user)
    page = client.post(address(dossier), {"text": "Chữ đã gõ"})
    assert (page.status_code, "Chữ đã gõ" in page.content.decode()) == (409, True)


def test_viewer_finds_the_thread_without_a_form(client, dossier, enterprise):
    client.force_login(factories.make_user(mandate_of=enterprise, capacity="view"))
    page = client.get(address(dossier)).content.decode()
    assert 'name="text"' not in page and "không được ủy quyền viết tin nhắn" in page


def test_older_messages_are_behind_a_link(client, dossier, enterprise_user, at):
    rows = [
        Message(dossier=dossier, by=enterprise_user, at=at + timedelta(minutes=n), text=f"Tin số {n}.")
        for n in range(12)
    ]
    Message.objects.bulk_create(rows)
    client.force_login(enterprise_user)
    page = client.get(dossier.get_absolute_url()).content.decode()
    link = re.search(r'href="([^"]+\?before=\d+)"', page).group(1)
    assert "Tin số 1." not in page and "Tin số 2." in page
    assert [f"Tin số {n}." in client.get(link).content.decode() for n in (0, 1, 2)] == [True, True, False]


@pytest.mark.parametrize("before", ["x", "²", "9" * 40, "-1", "0"])
def test_strange_places_in_the_thread_are_answered(client, dossier, enterprise_user, before):
    client.force_login(enterprise_user)
    assert client.get(address(dossier), {"before": before}).status_code == 200


def test_files_are_handed_to_those_who_read_the_dossier_alone(client, dossier, people, enterprise_user, stranger, at):
    sent = [uploads.sent("a.pdf", uploads.pdf())]
    message = exchange.send(dossier, text="Tệp", by=enterprise_user, at=at, uploads=sent)
    file = message.files.get()
    answers = []
    for person in (enterprise_user, stranger):
        client.force_login(person)
        answers.append(client.get(address(dossier, message.pk, file.pk, page="message_file")).status_code)
    client.force_login(people["specialist"])
    answers.append(client.get(office(dossier, message.pk, file.pk, page="message_file")).status_code)
    assert answers == [200, 404, 200]


def test_a_file_that_waits_for_the_scanner_is_handed_to_nobody(client, dossier, enterprise_user, at):
    sent = [uploads.sent("a.pdf", uploads.pdf())]
    message = exchange.send(dossier, text="Tệp", by=enterprise_user, at=at, uploads=sent)
    message.files.update(state=StoredFile.State.PENDING)
    client.force_login(enterprise_user)
    assert "Đang kiểm tra" in client.get(address(dossier)).content.decode()
    assert client.get(address(dossier, message.pk, message.files.get().pk, page="message_file")).status_code == 409


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("page", ["dossier_messages", "dossier_detail"])
def test_pages_ask_as_often_for_many_messages(
    client, dossier, people, enterprise_user, at, django_assert_num_queries, page, count
):
    for number in range(count):
        sent = [uploads.sent("a.pdf", uploads.pdf())]
        exchange.send(dossier, text=f"Tin {number}", by=people["specialist"], at=at, uploads=sent)
    client.force_login(enterprise_user)
    client.get(address(dossier, page=page))
    with django_assert_num_queries({"dossier_messages": 10, "dossier_detail": 24}[page]):
        client.get(address(dossier, page=page))


# The board's pages ------------------------------------------------------------------------------------------------
def test_officer_answers_the_applicant(client, dossier, people, enterprise_user):
    client.force_login(people["specialist"])
    answer = client.post(office(dossier), {"text": "Cần thêm số liệu năm 2025"})
    assert answer["Location"] == reverse("admin:onestop_dossier_change", args=[dossier.pk]) + "#trao-doi"
    client.force_login(enterprise_user)
    page = client.get(dossier.get_absolute_url()).content.decode()
    assert "Cần thêm số liệu năm 2025" in page and str(people["specialist"]) in page


def test_the_two_forms_share_neither_address_nor_field(client, dossier, people):
    """What is typed as a note is not even read by the address that writes to the applicant, and the reverse."""
    client.force_login(people["specialist"])
    assert client.post(office(dossier), {"note": SECRET}).status_code == 200
    assert client.post(office(dossier, page="note"), {"text": "Chào bạn"}).status_code == 200
    assert Message.objects.count() == 0
    page = client.get(reverse("admin:onestop_dossier_change", args=[dossier.pk])).content.decode()
    forms = re.findall(r'<form class="desk__form[^>]*action="([^"]+)".*?</form>', page, re.DOTALL)
    assert sorted(forms) == [office(dossier), office(dossier, page="note")]


def test_officer_keeps_a_note_which_stands_apart(client, dossier, people):
    client.force_login(people["clerk"])
    answer = client.post(office(dossier, page="note"), {"note": SECRET})
    assert answer["Location"].endswith("#ghi-chu")
    page = client.get(reverse("admin:onestop_dossier_change", args=[dossier.pk])).content.decode()
    assert page.index('id="ghi-chu"') > page.index('id="trao-doi"')
    (note,) = Message.objects.all()
    assert (note.text, note.is_internal, note.is_from_board) == (SECRET, True, True)


def test_a_note_sent_after_the_session_ended_never_turns_into_a_message(client, dossier, people):
    client.force_login(people["specialist"])
    sent = {"note": SECRET, "window": window(client, office(dossier, page="note"))}
    client.logout()
    client.post(office(dossier, page="note"), sent)
    client.force_login(people["specialist"])
    assert SECRET not in client.get(office(dossier)).content.decode()
    assert SECRET in client.get(office(dossier, page="note")).content.decode()


@pytest.mark.parametrize("page", ["message", "note"])
def test_who_does_not_handle_it_reads_without_a_form(client, dossier, page):
    client.force_login(factories.make_staff("auditor"))
    content = client.get(office(dossier, page=page)).content.decode()
    assert "<textarea" not in content and "Chỉ cán bộ tiếp nhận, cán bộ thụ lý" in content
    assert client.post(office(dossier, page=page), {"text": "x", "note": "x"}).status_code == 409


@pytest.mark.parametrize("count", [1, 3])
def test_file_of_a_dossier_asks_as_often_for_many_messages(
    client, dossier, people, enterprise_user, at, django_assert_num_queries, count
):
    for number in range(count):
        exchange.send(dossier, text=f"Tin {number}", by=enterprise_user, at=at)
        exchange.note(dossier, text=f"Ghi {number}", by=people["head"], at=at)
    client.force_login(people["specialist"])
    client.get(office(dossier))
    with django_assert_num_queries(10):
        client.get(office(dossier))


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_messages_asks_as_often_for_many_rows(
    client, dossier, people, enterprise_user, at, django_assert_num_queries, count
):
    for number in range(count):
        exchange.send(dossier, text=f"Tin {number}", by=enterprise_user, at=at)
    client.force_login(people["head"])
    with django_assert_num_queries(5):
        client.get(reverse("admin:onestop_message_changelist"))


# Notes are shown to nobody outside --------------------------------------------------------------------------------
# Every address of the counter's pages that names a dossier, with what else it names.
APPLICANT_PAGES = {
    "dossier_detail": (), "dossier_edit": ("capital",), "dossier_keep": ("capital",), "dossier_papers": (),
    "paper_states": (), "paper_take": (), "upload_begin": (), "dossier_review": (), "dossier_as_officer": (),
    "dossier_discard": (), "dossier_supplement": (), "dossier_withdraw": (), "result_download": (),
    "dossier_survey": (), "dossier_messages": (), "dossier_languages": (),
}  # fmt: skip
# Papers and files, whose content was fixed when they were made.
FILES = {"upload_piece", "upload_drop", "paper_download", "slip_detail", "slip_download", "message_file"}


def test_every_page_of_a_dossier_is_searched_for_notes():
    named = {pattern.name for pattern in urlpatterns if "pk" in pattern.pattern.converters}
    assert named - FILES - {"opinion_mine", "opinion_mine_paper"} == set(APPLICANT_PAGES)


def unpacked(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [archive.read(name).decode() for name in archive.namelist()]


def test_no_page_letter_or_bundle_of_the_applicant_holds_a_note(client, dossier, people, enterprise_user, at):
    sent = [uploads.sent("kín.pdf", uploads.pdf())]
    note = exchange.note(dossier, text=SECRET, by=people["specialist"], at=at, uploads=sent)
    exchange.send(dossier, text="Chào", by=people["specialist"], at=at)
    outbox.drain()
    client.force_login(enterprise_user)
    pages = [client.get(address(dossier, *rest, page=page), follow=True) for page, rest in APPLICANT_PAGES.items()]
    pages += [client.get(reverse(name)) for name in ("onestop:dossier_list", "my_data")]
    asked = {"code": dossier.code, "lookup": dossier.lookup}
    pages += [client.post(reverse("onestop:track"), asked), client.get("/api/")]
    said = [page.content.decode(errors="replace") for page in pages if not page.streaming]
    said += [*unpacked(bundle(enterprise_user, at=at)), *(letter.body for letter in mail.outbox)]
    assert [text for text in said if SECRET in text or "kín.pdf" in text] == []
    answer = client.get(address(dossier, note.pk, note.files.get().pk, page="message_file"))
    assert answer.status_code == 404
