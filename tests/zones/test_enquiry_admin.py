"""The back office of enquiries: heaps, deeds on their pages, the report of unmet needs and its sheet."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from izportal import sheets
from tests import factories
from tests.zones.enquiring import ask, reply, unmet
from zones.models import Enquiry

pytestmark = pytest.mark.django_db


def page_of(page="changelist", *args, model="enquiry"):
    return reverse(f"admin:zones_{model}_{page}", args=args)


@pytest.fixture
def keeper(client, staff):
    person = staff("land")
    client.force_login(person)
    return person


@pytest.fixture
def asked(keeper):
    return ask(at=timezone.now(), zone=factories.make_zone())


def listed(client, **query):
    return list(client.get(page_of(), query).context["cl"].result_list)


# Lists --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("model", "cost"), [("enquiry", 9), ("unmetneed", 9)])
def test_list_costs_the_same_however_long(client, keeper, django_assert_num_queries, model, cost, rows):
    for n in range(rows):
        plot = factories.make_plot(f"CN-{n}")
        unmet(by=keeper, at=timezone.now(), plot=plot)
    with django_assert_num_queries(cost):
        client.get(page_of(model=model))


def test_heaps_hold_what_they_say(client, keeper, staff):
    now = timezone.now()
    new, late, answered = ask(at=now), ask(at=now), ask(at=now)
    theirs = ask(at=now)
    Enquiry.objects.filter(pk=late.pk).update(due_at=now - timedelta(days=2))
    Enquiry.objects.filter(pk=theirs.pk).update(owner=staff("land"))
    reply(answered, by=keeper, at=now)
    closed = unmet(by=keeper, at=now)
    heaps = {heap: set(listed(client, heap=heap)) for heap in ("new", "mine", "late", "asker", "closed")}
    assert heaps == {
        "new": {new, late, theirs}, "mine": {new, late, answered}, "late": {late}, "asker": {answered},
        "closed": {closed},
    }  # fmt: skip


def test_heaps_tell_their_numbers_and_late_ones_are_marked(client, asked):
    Enquiry.objects.update(due_at=timezone.now() - timedelta(days=2))
    page = client.get(page_of()).content.decode()
    assert re.findall(r"(Mới|Của tôi|Quá hạn|Chờ người hỏi|Đã đóng) \((\d)\)", page) == [
        ("Mới", "1"), ("Của tôi", "1"), ("Quá hạn", "1"), ("Chờ người hỏi", "0"), ("Đã đóng", "0"),
    ]  # fmt: skip
    assert "Quá 2\N{NO-BREAK SPACE}ngày" in page


def test_desk_counts_what_waits_for_an_answer(client, asked):
    assert [client.get("/admin/").context["of_land"][heap] for heap in ("asked", "late")] == [1, 0]
    Enquiry.objects.update(due_at=timezone.now() - timedelta(days=2))
    page = client.get("/admin/")
    assert (page.context["of_land"]["late"], "zones/enquiry/?heap=late" in page.content.decode()) == (1, True)


def test_operator_sees_their_zones_only(client, asked, staff):
    ask(at=timezone.now())
    client.force_login(staff("operator", zones=["SC2"]))
    assert listed(client) == [asked]
    client.force_login(staff("operator", zones=["YB"]))
    assert (listed(client), client.get(page_of("change", asked.pk)).status_code) == ([], 404)


def test_page_of_an_enquiry_shows_all_of_it(client, asked, keeper):
    reply(asked, by=keeper, at=timezone.now(), text="Còn <trống>")
    page = client.get(page_of("change", asked.pk)).content.decode()
    assert [word in page for word in ("Kim Min-jun", "Còn &lt;trống&gt;", "Đóng yêu cầu")] == [True] * 3
    assert asked.link_hash not in page


@pytest.mark.parametrize("text", ["kim min", "HANIL", "YC-"])
def test_enquiries_are_found(client, asked, text):
    assert listed(client, q=text) == [asked]


# Deeds --------------------------------------------------------------------------------------------
def test_reply_pressed_twice_is_written_once(client, asked):
    page = client.get(page_of("reply", asked.pk))
    said = {"text": "Còn trống.", "form_key": page.context["form"]["form_key"].value()}
    for _press in range(2):
        client.post(page_of("reply", asked.pk), said)
    assert [row.text for row in asked.replies.all()] == ["Còn trống."]


def test_empty_reply_is_not_sent(client, asked):
    response = client.post(page_of("reply", asked.pk), {"text": " ", "form_key": "x"})
    assert (set(response.context["form"].errors), asked.replies.count()) == ({"text", "form_key"}, 0)


def test_colleague_takes_over(client, asked, staff):
    other = staff("land")
    client.force_login(other)
    client.post(page_of("take-over", asked.pk))
    asked.refresh_from_db()
    assert asked.owner == other


def test_enquiry_is_assigned_to_who_answers_there(client, asked, staff):
    elsewhere, other, editor = staff("operator", zones=["YB"]), staff("land"), staff("editor")
    for person in (elsewhere, editor, other):
        client.post(page_of("assign", asked.pk), {"to": person.pk})
    asked.refresh_from_db()
    assert asked.owner == other


def test_unmet_need_is_closed_with_a_reason(client, asked):
    at, said = page_of("close", asked.pk), {"outcome": "not_met"}
    refused = client.post(at, said)
    assert "Ghi rõ điều gì chưa đáp ứng được" in refused.content.decode()
    client.post(at, {**said, "note": "Chưa có 10.000 m³ nước"})
    asked.refresh_from_db()
    assert (asked.outcome, asked.closing_note) == ("not_met", "Chưa có 10.000 m³ nước")


def test_refusal_of_the_verb_is_shown(client, asked):
    response = client.post(page_of("close", asked.pk), {"outcome": "no_answer"})
    assert "Đang chờ Ban trả lời" in response.content.decode()


def test_only_who_keeps_people_erases(client, asked, staff):
    at, said = page_of("erase", asked.pk), {"basis": "Đơn ngày 01/02/2026"}
    codes = [client.post(at, said).status_code]
    client.force_login(staff("administrator"))
    codes.append(client.post(at, said).status_code)
    asked.refresh_from_db()
    assert (codes, asked.email) == ([403, 302], "")


@pytest.mark.parametrize("deed", ["reply", "take-over", "assign", "close", "erase"])
def test_reader_does_no_deed(client, asked, staff, deed):
    client.force_login(staff("auditor"))
    assert client.get(page_of(deed, asked.pk)).status_code == 403


# The report ---------------------------------------------------------------------------------------
def test_report_groups_needs_and_names_nobody(client, keeper):
    for area in (5, 6, 12):
        unmet(by=keeper, at=timezone.now(), area_from=area)
    page = client.get(page_of(model="unmetneed"))
    assert [(group.band, group.count) for group in page.context["groups"]] == [
        ("Từ 5 đến dưới 10 ha", 2), ("Từ 10 ha", 1),
    ]  # fmt: skip
    assert "Kim Min-jun" not in page.content.decode()


def test_report_goes_out_as_a_sheet(client, keeper):
    need = unmet(by=keeper, at=timezone.now(), area_from=5)
    ask(at=timezone.now())
    answer = client.post(page_of("export", model="unmetneed"), {"form": "xlsx"})
    [row] = sheets.read(answer.getvalue()).dict
    told = [row[name] for name in ("Mã yêu cầu", "Loại mặt bằng", "Khoảng diện tích", "Diện tích từ, m²")]
    assert told == [need.reference, "Đất công nghiệp", "Từ 5 đến dưới 10 ha", 50000]
    assert "Người hỏi" not in row


def test_report_is_read_without_the_names(client, asked, staff):
    client.force_login(staff("head"))
    pages = [page_of(), page_of("change", asked.pk), page_of(model="unmetneed")]
    assert [client.get(at).status_code for at in pages] == [403, 403, 200]
