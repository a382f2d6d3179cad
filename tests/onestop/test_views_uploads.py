"""Files in pieces through the portal's own addresses: who may send, what is answered, how a file takes its place."""

import hashlib
from threading import Thread

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from izportal import chunks, outbox
from izportal.models import PartialFile, Rule, StoredFile
from onestop import papers, workflow
from onestop.models import Paper
from tests import factories, scanner, uploads
from tests.factories import at

PIECE = 300

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(catalogue, enterprise_user):
    return factories.make_dossier(by=enterprise_user, papers=False)


@pytest.fixture
def applicant(client, enterprise_user):
    client.force_login(enterprise_user)
    return client


@pytest.fixture
def clamd(settings):
    with scanner.answering() as server:
        settings.CLAMD_ADDRESS = scanner.place_of(server)
        yield server


def place_of(dossier, key="de-nghi"):
    return f"paper-{dossier.version.components.get(key=key).pk}"


def begin(client, dossier, content, name="đề nghị.pdf", **changed):
    promised = {
        "place": place_of(dossier), "name": name, "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(), **changed,
    }  # fmt: skip
    return client.post(reverse("onestop:upload_begin", args=[dossier.pk]), promised)


def push(client, address, offset, piece):
    return client.post(f"{address}?offset={offset}", piece, content_type="application/octet-stream")


def send(client, dossier, content, **about):
    """The whole way of a file; the last answer."""
    answer = begin(client, dossier, content, **about)
    begun = answer.json()
    offset = begun.get("offset", len(content))
    while offset < len(content):
        answer = push(client, begun["to"], offset, content[offset : offset + PIECE])
        offset = answer.json().get("offset", len(content))
    return answer


def test_file_in_pieces_takes_its_place(applicant, draft):
    content = uploads.pdf_of("một")
    answer = send(applicant, draft, content)
    paper = papers.current(draft)[0]
    assert (answer.status_code, paper.stored.name, paper.component.key) == (200, "đề nghị.pdf", "de-nghi")
    assert (paper.stored.sha256, PartialFile.objects.count()) == (hashlib.sha256(content).hexdigest(), 0)
    assert ("Đã nhận" in answer.json()["row"], answer.json()["tally"].strip()) == (True, "1 trên 2 mục bắt buộc đã đủ")


def test_downloaded_copy_is_what_was_sent(applicant, draft):
    content = uploads.pdf_of("một", 5000)
    send(applicant, draft, content)
    address = reverse("onestop:paper_download", args=[draft.pk, papers.current(draft)[0].pk])
    assert b"".join(applicant.get(address)) == content


def test_break_is_gone_on_with_and_shown(applicant, draft):
    content = uploads.pdf_of("một", 5000)
    begun = begin(applicant, draft, content).json()
    push(applicant, begun["to"], 0, content[:2048])
    page = applicant.get(reverse("onestop:dossier_papers", args=[draft.pk])).content.decode()
    assert "“đề nghị.pdf” đã tải lên 2,0" in page
    again = begin(applicant, draft, content).json()
    assert (again["to"], again["offset"]) == (begun["to"], 2048)


def test_lost_answer_to_the_last_piece_loses_nothing(applicant, draft):
    content = uploads.pdf_of("một")
    send(applicant, draft, content)
    answer = begin(applicant, draft, content)
    assert (answer.status_code, "Đã nhận" in answer.json()["row"]) == (200, True)
    assert (StoredFile.objects.count(), Paper.objects.count(), PartialFile.objects.count()) == (1, 1, 0)


def test_whole_file_that_took_no_place_yet_does_so_with_an_empty_piece(applicant, draft, enterprise_user):
    content = uploads.pdf_of("một")
    begun = begin(applicant, draft, content).json()
    chunks.append(PartialFile.objects.get(), offset=0, piece=content, at=at("2026-03-03 09:00"))
    again = begin(applicant, draft, content).json()
    assert (again["offset"], push(applicant, begun["to"], again["offset"], b"").status_code) == (len(content), 200)
    assert len(papers.current(draft)) == 1


def test_piece_out_of_step_is_led_back(applicant, draft):
    begun = begin(applicant, draft, uploads.pdf_of("một")).json()
    answer = push(applicant, begun["to"], 100, b"x" * 10)
    assert (answer.status_code, answer.json()) == (409, {"offset": 0})


@pytest.mark.parametrize("offset", ["", "-1", "x", "²", "9" * 30])
def test_strange_offset_is_refused(applicant, draft, offset):
    begun = begin(applicant, draft, uploads.pdf_of("một")).json()
    assert push(applicant, begun["to"], offset, b"x").status_code == 410


def test_too_long_a_piece_is_not_read(applicant, draft, settings):
    begun = begin(applicant, draft, uploads.pdf_of("một")).json()
    answer = push(applicant, begun["to"], 0, bytes(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1))
    assert (answer.status_code, PartialFile.objects.get().received) == (413, 0)


@pytest.mark.parametrize(
    "changed", [{"place": "paper-0"}, {"place": ""}, {"size": "x"}, {"size": ""}, {"size": "9" * 20}]
)
def test_strange_promise_is_refused(applicant, draft, changed):
    answer = begin(applicant, draft, uploads.pdf(), **changed)
    assert (answer.status_code, answer.json()["refused"]) == (
        409, "Trang này đã cũ so với hồ sơ. Hãy tải lại trang rồi chọn lại tệp.",
    )  # fmt: skip


def test_file_that_changed_on_its_way_is_asked_for_again(applicant, draft):
    content = uploads.pdf_of("một")
    begun = begin(applicant, draft, content).json()
    answer = push(applicant, begun["to"], 0, content[:-1] + b"!")
    assert (answer.status_code, "không khớp với tệp trên máy" in answer.json()["refused"]) == (422, True)
    assert (PartialFile.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_given_up_file_is_gone(applicant, draft):
    begun = begin(applicant, draft, uploads.pdf_of("một")).json()
    for _time in range(2):
        assert applicant.post(begun["drop"]).status_code == 200
    assert (PartialFile.objects.count(), push(applicant, begun["to"], 0, b"%PDF").status_code) == (0, 410)


def test_the_same_file_for_another_place_is_asked_about(applicant, draft):
    content = uploads.pdf_of("một")
    send(applicant, draft, content)
    answer = send(applicant, draft, content, place=place_of(draft, "tai-chinh"))
    twin = papers.current(draft)[0]
    assert (answer.status_code, "giống hệt tệp" in answer.json()["refused"]) == (422, True)
    assert f'value="{place_of(draft, "tai-chinh")}:{twin.pk}"' in answer.json()["row"]


# Who ----------------------------------------------------------------------------------------------
def test_ended_session_is_told_in_words(client, draft):
    answer = begin(client, draft, uploads.pdf())
    assert (answer.status_code, answer.json()["sign_in"], answer.json()["refused"]) == (
        401, "/dang-nhap/", "Phiên làm việc đã hết. Hãy đăng nhập lại; phần đã tải lên vẫn còn.",
    )  # fmt: skip


def test_request_without_its_token_is_refused(draft, enterprise_user):
    guarded = Client(enforce_csrf_checks=True)
    guarded.force_login(enterprise_user)
    assert begin(guarded, draft, uploads.pdf()).status_code == 403
    assert PartialFile.objects.count() == 0


def test_stranger_finds_nothing(client, draft, stranger, applicant):
    begun = begin(applicant, draft, uploads.pdf_of("một")).json()
    client.force_login(stranger)
    states = client.get(reverse("onestop:paper_states", args=[draft.pk]))
    answers = [begin(client, draft, uploads.pdf()), push(client, begun["to"], 0, b"x"), client.post(begun["drop"])]
    assert [answer.status_code for answer in (*answers, states)] == [404] * 4
    assert PartialFile.objects.get().received == 0


def test_colleague_does_not_write_into_the_file_of_another(client, draft, applicant, enterprise):
    begun = begin(applicant, draft, uploads.pdf_of("một")).json()
    client.force_login(factories.make_user(mandate_of=enterprise, capacity="prepare"))
    assert push(client, begun["to"], 0, b"%PDF").status_code == 410
    client.post(begun["drop"])
    assert PartialFile.objects.count() == 1


def test_reader_of_the_enterprise_may_not_send(client, draft, enterprise):
    client.force_login(factories.make_user(mandate_of=enterprise, capacity="view"))
    assert begin(client, draft, uploads.pdf()).status_code == 403


def test_filed_dossier_takes_no_pieces(applicant, catalogue, enterprise_user):
    dossier = factories.advance(factories.make_dossier(by=enterprise_user), "submitted")
    assert begin(applicant, dossier, uploads.pdf()).status_code == 409


def test_dossier_filed_while_a_file_was_on_its_way_takes_it_no_more(applicant, catalogue, enterprise_user):
    dossier = factories.make_dossier(by=enterprise_user)
    content = uploads.pdf_of("muộn")
    begun = begin(applicant, dossier, content).json()
    factories.advance(dossier, "submitted")
    assert push(applicant, begun["to"], 0, content).status_code == 409
    assert dossier.papers.filter(stored__sha256=hashlib.sha256(content).hexdigest()).count() == 0


def test_answer_to_a_request_comes_in_pieces_too(applicant, catalogue, enterprise_user):
    people = factories.make_people()
    dossier = factories.advance(factories.make_dossier(by=enterprise_user), "in_review", people=people)
    asked = {"items": ["Xác nhận thuế"], "reason": "Chưa rõ"}
    dossier = workflow.take(dossier, "ask_supplement", by=people["specialist"], at=at("2026-03-03 10:00"), **asked)
    answer = send(applicant, dossier, uploads.pdf_of("thuế"), place="item-1")
    item = papers.items(dossier, papers.open_supplement(dossier))[0]
    assert (answer.status_code, item.paper.title, "Sẵn sàng gửi" in answer.json()["row"]) == (
        200,
        "Xác nhận thuế",
        True,
    )
    taken_back = {"take_back": item.paper.pk, "go": "stay", "answer": ""}
    applicant.post(reverse("onestop:dossier_supplement", args=[dossier.pk]), taken_back)
    assert papers.items(dossier, papers.open_supplement(dossier))[0].paper is None


# The scanner --------------------------------------------------------------------------------------
def states(client, dossier, place):
    return client.get(reverse("onestop:paper_states", args=[dossier.pk]), {"place": place}).json()["rows"][place]


def test_page_follows_the_scanner(applicant, draft, clamd):
    waiting = send(applicant, draft, uploads.pdf_of("một")).json()["row"]
    assert ("Đang kiểm tra mã độc" in waiting, "data-waiting" in waiting, "<a href=" in waiting) == (True, True, True)
    outbox.drain()
    settled = states(applicant, draft, place_of(draft))
    assert ("Đã nhận" in settled, "data-waiting" in settled) == (True, False)


def test_paper_in_which_something_is_found_does_not_count(applicant, draft, clamd):
    send(applicant, draft, uploads.pdf_of("EICAR"))
    outbox.drain()
    row = states(applicant, draft, place_of(draft))
    assert ("phát hiện mã độc trong tệp (Win.Test.EICAR)" in row, papers.current(draft)) == (True, [])
    assert "de-nghi" in [component.key for component in papers.missing(draft)]
    send(applicant, draft, uploads.pdf_of("sạch"))
    outbox.drain()
    assert "mã độc" not in states(applicant, draft, place_of(draft))


def test_draft_is_not_filed_before_the_scanner_has_spoken(applicant, draft, clamd, enterprise_user):
    papers.declare_not_due(draft, ["cong-nghe"])
    for key in ("de-nghi", "tai-chinh"):
        send(applicant, draft, uploads.pdf_of(key), place=place_of(draft, key))
    with pytest.raises(workflow.StepRefused, match="Còn 2 giấy tờ đang kiểm tra mã độc"):
        workflow.take(draft, "submit", by=enterprise_user, at=at("2026-03-03 10:00"))
    outbox.drain()
    assert workflow.take(draft, "submit", by=enterprise_user, at=at("2026-03-03 10:00")).status == "submitted"


def test_nobody_reads_a_paper_that_waits(applicant, draft, clamd, staff):
    send(applicant, draft, uploads.pdf_of("một"))
    address = reverse("onestop:paper_download", args=[draft.pk, papers.current(draft)[0].pk])
    assert applicant.get(address).status_code == 409


# Many at once -------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_last_piece_sent_by_two_windows_makes_one_paper(draft, enterprise_user):
    content, answers = uploads.pdf_of("một", 3000), []

    def window():
        client = Client()
        client.force_login(enterprise_user)
        answers.append(send(client, draft, content).status_code)
        connection.close()

    windows = [Thread(target=window) for _number in range(4)]
    [thread.start() for thread in windows]
    [thread.join() for thread in windows]
    assert (len(answers), set(answers) <= {200, 409, 410}, 200 in answers) == (4, True, True)
    assert (Paper.objects.count(), StoredFile.objects.count(), PartialFile.objects.count()) == (1, 1, 0)


@pytest.mark.django_db(transaction=True)
def test_two_files_given_at_once_leave_one_standing(draft, enterprise_user):
    def window(number):
        client = Client()
        client.force_login(enterprise_user)
        send(client, draft, uploads.pdf_of(f"{number}"))
        connection.close()

    windows = [Thread(target=window, args=[number]) for number in range(4)]
    [thread.start() for thread in windows]
    [thread.join() for thread in windows]
    assert (Paper.objects.count(), len(papers.current(draft)), PartialFile.objects.count()) == (4, 1, 0)


# Questions ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [1, 3])
def test_page_asks_the_same_questions_however_many_papers(applicant, draft, count, django_assert_num_queries):
    places = [place_of(draft, key) for key in ("de-nghi", "tai-chinh", "cong-nghe")[:count]]
    for place in places[:2]:
        send(applicant, draft, uploads.pdf_of(place), place=place)
    address = reverse("onestop:paper_states", args=[draft.pk])
    applicant.get(address, {"place": places})
    with django_assert_num_queries(10):
        assert list(applicant.get(address, {"place": places}).json()["rows"]) == places


def test_limit_is_told_before_the_first_byte(applicant, draft):
    Rule.objects.filter(code="upload_max_mb").update(value="1")
    answer = begin(applicant, draft, b"", size=200 * 2**20)
    assert (answer.status_code, "vượt mức cho phép 1,0" in answer.json()["refused"]) == (422, True)
    assert PartialFile.objects.count() == 0
