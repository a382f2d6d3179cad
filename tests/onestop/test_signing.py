"""The brief of a draft, who has read it, and several approved or signed after each was read."""

import io
from uuid import uuid4

import pypdf
import pytest
import time_machine
from django.db import OperationalError, connection
from django.db.models import F
from django.urls import reverse

from izportal.models import User
from onestop import desk, opinions, signing, workflow
from onestop.models import Dossier, Event, Opinion, Reading
from onestop.signing import QUEUES
from onestop.signing.brief import brief_of
from tests import factories
from tests.factories import advance, at

NOW = at("2026-03-18 10:00")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fixed_moment():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def people(catalogue):
    return factories.make_people()


@pytest.fixture
def draft(people):
    """`draft()`: a dossier before the leader, or in another status."""
    return lambda status="leader_sign", start="2026-03-17 09:15", **fields: advance(
        factories.make_dossier(**fields), status, people=people, start=at(start)
    )


def refusal_of(people):
    dossier = advance(factories.make_dossier(), "in_review", people=people, start=at("2026-03-17 09:15"))
    said = {"proposal": "refused", "note": "Ngành nghề không được thu hút"}
    dossier = workflow.take(dossier, "propose", by=people["specialist"], at=NOW, **said)
    return workflow.take(dossier, "forward", by=people["head"], at=NOW)


def brief(client, person, dossier, **typed):
    client.force_login(person)
    address = reverse("admin:onestop_dossier_brief", args=[dossier.pk])
    return client.post(address, typed) if typed else client.get(address)


def queue(client, person, deed="", chosen=(), key="sign"):
    client.force_login(person)
    address = reverse("admin:onestop_dossier_queue", args=[key])
    return client.post(address, {"deed": deed, "chosen": list(chosen)}) if deed else client.get(address)


def ticks(*dossiers):
    return [f"{dossier.pk}:{dossier.version_no}" for dossier in dossiers]


def status_of(dossier):
    return Dossier.objects.get(pk=dossier.pk).status


def sentences(response):
    return [row.sentence for row in response.context["outcomes"]]


# The brief --------------------------------------------------------------------------------------------------------
def test_brief_says_what_stands_behind_the_draft(client, people, draft):
    dossier = draft("in_review")
    rival = advance(factories.make_dossier(plot=dossier.plot), "submitted", people=people)
    said = {"proposal": "granted", "note": "Đạt", "project_code": "9800000777"}
    dossier = workflow.take(dossier, "propose", by=people["specialist"], at=NOW, **said)
    returned = workflow.take(dossier, "return_to_specialist", by=people["head"], at=NOW, note="Thiếu ý kiến")
    said["note"] = "Đủ điều kiện cấp"
    again = workflow.take(returned, "propose", by=people["specialist"], at=NOW, **said)
    sent = workflow.take(again, "forward", by=people["head"], at=NOW, note="Đồng ý với đề xuất")
    page = brief(client, people["leader"], sent).content.decode()
    for told in (
        "Đủ điều kiện cấp", "Thiếu ý kiến", "Đồng ý với đề xuất", "9800000777", str(rival), "Cùng xin lô này",
        "Không thiếu giấy tờ bắt buộc", "Vốn đăng ký", "10 ngày làm việc", "Tiếp nhận 09:15 17/03/2026",
    ):  # fmt: skip
        assert told in page


def test_remark_of_an_earlier_draft_is_no_remark_on_this_one(people, draft):
    dossier = draft()
    back = workflow.take(dossier, "return_from_leader", by=people["leader"], at=NOW, note="Làm lại")
    said = {"proposal": "granted", "note": "Bản hai", "project_code": "9800000777"}
    again = workflow.take(back, "propose", by=people["specialist"], at=NOW, **said)
    forwarded = workflow.take(again, "forward", by=people["head"], at=NOW, note="Lần hai")
    told = brief_of(forwarded, at=NOW)
    assert (told["remark"].note, [row.note for row in told["returns"]]) == ("Lần hai", ["Làm lại"])


def test_brief_names_what_nobody_has_confirmed(people, draft):
    dossier = draft()
    told = brief_of(Dossier.objects.get(pk=dossier.pk), at=NOW)
    assert told["due"] == {"sign": "○", "state": "running", "word": "Còn 9\N{NO-BREAK SPACE}ngày"}
    assert told["unverified"] == [
        "Cách tính thời hạn: Chờ Ban xác nhận.", "Ngày nghỉ của năm chưa công bố, ngày hẹn có thể đổi.",
        "3 thành phần hồ sơ chưa đối chiếu với văn bản.",
    ]  # fmt: skip


def crowded(people, draft):
    """More than a page holds: long texts, many opinions, returns and requests."""
    dossier = draft("in_review")
    asked = [opinions.Ask(f"Sở số {n} tỉnh Thái Nguyên", f"so{n}@tinh.example") for n in range(8)]
    workflow.take(dossier, "ask_opinion", by=people["specialist"], at=NOW, note="Ý kiến", bodies=asked)
    Opinion.objects.update(position="agrees_if", answered_at=NOW, answered_by="Giám đốc", answer="Cần làm rõ. " * 90)
    dossier.refresh_from_db()
    dossier = workflow.take(dossier, "close_opinion", by=people["specialist"], at=NOW)
    for _n in range(6):
        said = {"proposal": "granted", "note": "Nội dung thẩm định. " * 190, "project_code": "9800000777"}
        dossier = workflow.take(dossier, "propose", by=people["specialist"], at=NOW, **said)
        note = "Đề nghị bổ sung. " * 200
        dossier = workflow.take(dossier, "return_to_specialist", by=people["head"], at=NOW, note=note)
    dossier = workflow.take(dossier, "propose", by=people["specialist"], at=NOW, **said)
    return workflow.take(dossier, "forward", by=people["head"], at=NOW, note="Đồng ý. " * 400)


def test_brief_fits_one_page_of_paper(client, people, draft):
    dossier = crowded(people, draft)
    client.force_login(people["leader"])
    answer = client.get(reverse("admin:onestop_dossier_brief_pdf", args=[dossier.pk]))
    pdf = pypdf.PdfReader(io.BytesIO(answer.content))
    text = " ".join(pdf.pages[0].extract_text().split())
    assert (len(pdf.pages), "/StructTreeRoot" in pdf.trailer["/Root"]) == (1, True)
    assert "TÓM TẮT HỒ SƠ TRÌNH KÝ" in text and "Còn ý kiến khác, xem trong hồ sơ." in text
    assert (
        "Sở số 0 tỉnh Thái Nguyên: đồng ý" in text
        and "Sở số 5 tỉnh Thái Nguyên: đồng ý" not in text
        and "Chưa được xác nhận" in text
    )


def test_brief_of_a_draft_is_not_there(client, people, make_dossier):
    assert brief(client, people["leader"], make_dossier()).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_brief_asks_as_often_whatever_waits(client, people, draft, django_assert_num_queries, rows):
    waiting = [draft() for _n in range(rows)]
    brief(client, people["leader"], waiting[0])
    with django_assert_num_queries(BRIEF):
        brief(client, people["leader"], waiting[0])


BRIEF, QUEUE = 34, 15


# Reading ----------------------------------------------------------------------------------------------------------
def test_reading_is_noted_once_for_each_version(client, people, draft):
    dossier = draft()
    for _n in range(2):
        brief(client, people["leader"], dossier)
    row = Reading.objects.get()
    assert (row.dossier, row.by, row.version_no, row.at) == (dossier, people["leader"], dossier.version_no, NOW)


@pytest.mark.parametrize("role", ["head", "specialist", "auditor", "administrator"])
def test_whoever_may_not_sign_reads_without_a_trace(client, people, draft, role):
    assert brief(client, factories.make_staff(role), draft()).status_code == 200
    assert Reading.objects.count() == 0


def test_head_of_the_page_alone_is_no_reading(client, people, draft):
    dossier = draft()
    client.force_login(people["leader"])
    client.head(reverse("admin:onestop_dossier_brief", args=[dossier.pk]))
    assert Reading.objects.count() == 0


def test_brief_leads_to_the_next_and_the_one_before(client, people, draft):
    first, second, third = (draft(start=f"2026-03-{day} 09:15") for day in (10, 11, 12))
    around = brief(client, people["leader"], second).context["around"]
    assert (around["before"], around["after"], around["count"]) == (first.pk, third.pk, 3)


# Signing one ------------------------------------------------------------------------------------------------------
def test_brief_is_signed_where_it_is_read_and_leads_on(client, people, draft):
    first, second = draft(start="2026-03-10 09:15"), draft(start="2026-03-11 09:15")
    brief(client, people["leader"], first)
    answer = brief(client, people["leader"], first, version_no=first.version_no)
    assert (answer.url, status_of(first)) == (reverse("admin:onestop_dossier_brief", args=[second.pk]), "numbering")
    brief(client, people["leader"], second)
    answer = brief(client, people["leader"], second, version_no=second.version_no)
    assert answer.url == reverse("admin:onestop_dossier_queue", args=["sign"])


def test_refusal_is_signed_with_its_reason(client, people):
    dossier = refusal_of(people)
    page = brief(client, people["leader"], dossier)
    reason = page.context["form"]["reason"].value()
    brief(client, people["leader"], dossier, version_no=dossier.version_no, reason=f"{reason} (Điều 5)")
    assert Event.objects.last().note == "Ngành nghề không được thu hút (Điều 5)"


def test_brief_not_read_is_not_signed(client, people, draft):
    dossier = draft()
    answer = brief(client, people["leader"], dossier, version_no=dossier.version_no)
    assert (answer.status_code, status_of(dossier)) == (409, "leader_sign")
    assert "Bạn chưa đọc" in answer.content.decode()


def test_brief_that_changed_meanwhile_is_not_signed(client, people, draft):
    dossier = draft()
    brief(client, people["leader"], dossier)
    Dossier.objects.filter(pk=dossier.pk).update(version_no=F("version_no") + 1)
    answer = brief(client, people["leader"], dossier, version_no=dossier.version_no)
    assert (answer.status_code, status_of(dossier)) == (409, "leader_sign")


@pytest.mark.parametrize("role", ["head", "specialist", "auditor"])
def test_others_cannot_sign_by_the_brief(client, people, draft, role):
    dossier = draft()
    answer = brief(client, people.get(role) or factories.make_staff(role), dossier, version_no=dossier.version_no)
    assert (answer.status_code, status_of(dossier)) == (403, "leader_sign")


# Several ----------------------------------------------------------------------------------------------------------
def test_only_what_was_read_can_be_ticked(client, people, draft):
    read, unread = draft(start="2026-03-10 09:15"), draft(start="2026-03-11 09:15")
    brief(client, people["leader"], read)
    answer = queue(client, people["leader"])
    assert [(row["line"].dossier, bool(row["read_at"])) for row in answer.context["lines"]] == [
        (read, True), (unread, False),
    ]  # fmt: skip
    assert answer.content.decode().count('name="chosen"') == 1


def test_several_are_confirmed_then_signed_in_order(client, people, draft):
    granted, refused = draft(start="2026-03-10 09:15"), refusal_of(people)
    for dossier in (granted, refused):
        brief(client, people["leader"], dossier)
    page = queue(client, people["leader"], "confirm", ticks(granted, refused))
    assert [row["dossier"] for row in page.context["fit"]] == [granted, refused]
    told = page.content.decode()
    assert "Ngành nghề không được thu hút" in told and "Vốn đăng ký" in told and status_of(granted) == "leader_sign"
    done = queue(client, people["leader"], "take", ticks(granted, refused))
    assert (sentences(done), [status_of(granted), status_of(refused)]) == (["", ""], ["numbering", "numbering"])
    numbers = [row.dossier.decision_number for row in done.context["outcomes"]]
    assert numbers == sorted(numbers) and all(number in done.content.decode() for number in numbers)
    notes = dict(Event.objects.filter(step__in=("grant", "refuse")).values_list("step", "note"))
    assert notes == {"grant": "", "refuse": "Ngành nghề không được thu hút"}


def test_nothing_unread_is_signed_by_a_crafted_post(client, people, draft):
    read, unread, stale = draft(), draft(), draft()
    for dossier in (read, stale):
        brief(client, people["leader"], dossier)
    Dossier.objects.filter(pk=stale.pk).update(version_no=F("version_no") + 1)
    stale.refresh_from_db()
    chosen = [*ticks(unread, stale, read), f"{stale.pk}:{stale.version_no - 1}"]
    told = sentences(queue(client, people["leader"], "take", chosen[:3]))
    assert [bool(sentence) for sentence in told] == [True, True, False]
    assert "Hồ sơ đã thay đổi sau khi bạn đọc" in sentences(queue(client, people["leader"], "take", chosen[3:]))[0]
    assert [status_of(row) for row in (read, unread, stale)] == ["numbering", "leader_sign", "leader_sign"]


def test_one_that_a_colleague_signed_first_leaves_the_others(client, people, draft):
    first, second = draft(start="2026-03-10 09:15"), draft(start="2026-03-11 09:15")
    for dossier in (first, second):
        brief(client, people["leader"], dossier)
    chosen = ticks(first, second)
    colleague = factories.make_staff("leader", full_name="Lãnh đạo Khác")
    desk.act(first, "grant", by=colleague, at=NOW, seen=first.version_no, details=dict)
    told = sentences(queue(client, people["leader"], "take", chosen))
    assert ("Lãnh đạo Khác" in told[0], "10:00 18/03/2026" in told[0], told[1]) == (True, True, "")
    assert sentences(queue(client, people["leader"], "take", chosen))[1] != ""


def test_reading_of_a_colleague_is_not_ones_own(client, people, draft):
    dossier = draft()
    brief(client, factories.make_staff("leader"), dossier)
    assert sentences(queue(client, people["leader"], "take", ticks(dossier))) == [
        "Bạn chưa đọc tóm tắt của hồ sơ này ở phiên bản hiện tại."
    ]


def test_superuser_is_no_exception(client, people, draft):
    dossier, root = draft(), User.objects.create_superuser("goc@ban.example", "mat-khau-thu", full_name="Gốc")
    Reading.objects.create(dossier=dossier, by=root, version_no=dossier.version_no)
    assert sentences(queue(client, root, "take", ticks(dossier))) == ["Bước này không thuộc quyền của bạn."]
    assert status_of(dossier) == "leader_sign"


def test_nobody_signs_their_own_draft_among_several(client, people, draft):
    dossier = draft()
    Dossier.objects.filter(pk=dossier.pk).update(drafted_by=people["leader"])
    Reading.objects.create(dossier=dossier, by=people["leader"], version_no=dossier.version_no)
    assert sentences(queue(client, people["leader"], "take", ticks(dossier)))[0] != ""
    page = queue(client, people["leader"])
    assert (status_of(dossier), page.context["lines"]) == ("leader_sign", [])
    assert "Dự thảo này do bạn trình" in brief(client, people["leader"], dossier).content.decode()


@pytest.mark.parametrize("chosen", [[], ["x"], ["x:1"], [f"{uuid4()}:1"], [f"{uuid4()}:٣"], [f"{uuid4()}:-1"]])
def test_what_is_no_tick_is_left_out(client, people, draft, chosen):
    draft()
    answer = queue(client, people["leader"], "take", chosen)
    assert (answer.status_code, len(answer.context["lines"])) == (200, 1)


def test_head_forwards_several_after_reading_each(client, people, draft):
    dossiers = [draft("head_check"), draft("head_check")]
    for dossier in dossiers:
        brief(client, people["head"], dossier)
    done = queue(client, people["head"], "take", ticks(*dossiers), key="approve")
    assert (sentences(done), {status_of(dossier) for dossier in dossiers}) == (["", ""], {"leader_sign"})


def test_what_waits_is_for_whom_it_waits(people, draft):
    signed, approved = draft(), draft("head_check")
    found = {
        (role, key): set(signing.waiting(Dossier.objects.all(), people[role], QUEUES[key], at=NOW))
        for role in ("leader", "head", "clerk")
        for key in QUEUES
    }
    assert {pair: rows for pair, rows in found.items() if rows} == {
        ("leader", "sign"): {signed}, ("head", "approve"): {approved},
    }  # fmt: skip


@pytest.mark.parametrize("rows", [1, 3])
def test_queue_asks_as_often_for_many(client, people, draft, django_assert_num_queries, rows):
    for _n in range(rows):
        draft()
    queue(client, people["leader"])
    with django_assert_num_queries(QUEUE):
        answer = queue(client, people["leader"])
    assert len(answer.context["lines"]) == rows


def test_fault_of_the_database_at_one_leaves_what_was_signed(client, people, draft):
    first, second = draft(), draft()
    for dossier in (first, second):
        brief(client, people["leader"], dossier)
    with connection.execute_wrapper(Stumble(after=1)):
        done = queue(client, people["leader"], "take", ticks(first, second))
    assert sentences(done) == ["", "Hệ thống đang bận, hồ sơ này chưa thay đổi; hãy thử lại."]
    assert (status_of(first), status_of(second)) == ("numbering", "leader_sign")


class Stumble:
    """A database that takes so many events, and no more."""

    def __init__(self, after):
        self.left = after

    def __call__(self, execute, sql, params, many, context):
        if sql.startswith('INSERT INTO "onestop_event"'):
            self.left -= 1
            if self.left < 0:
                raise OperationalError("database is locked")
        return execute(sql, params, many, context)
