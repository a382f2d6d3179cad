"""Many dossiers handed over at once: ticked, a page, a heap, all of an officer; and what is told of each."""

import time

import pytest
import time_machine
from django.urls import reverse

from izportal.models import User
from onestop import absences, handover, registers, workflow
from onestop.models import Absence, Dossier
from tests import factories
from tests.factories import advance, at

NOW = at("2026-03-05 10:00")
PAGE = "admin:onestop_dossier_handover"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fixed_moment():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def people(catalogue):
    return factories.make_people()


@pytest.fixture
def heir(catalogue):
    return factories.make_staff("specialist", full_name="Trần Thị Nhận")


@pytest.fixture
def held(people):
    """Three dossiers of one specialist: under review, before the head, at the leader's."""
    return [advance(factories.make_dossier(), to, people=people) for to in ("in_review", "head_check", "leader_sign")]


def marks(dossiers):
    return [f"{dossier.pk}:{dossier.version_no}" for dossier in dossiers]


def post(client, person, **said):
    client.force_login(person)
    return client.post(reverse(PAGE), said)


def officers():
    return set(Dossier.objects.values_list("assigned_to__full_name", flat=True))


def test_ticked_dossiers_are_shown_then_previewed_then_handed_over(client, people, heir, held):
    said = {"dossier": marks(held[:2]), "to": heir.pk, "note": "Đi công tác dài ngày"}
    page = post(client, people["head"], which="ticked", dossier=said["dossier"])
    assert {row.dossier for row in page.context["planned"]} == set(held[:2])
    page = post(client, people["head"], stage="preview", **said)
    assert (page.context["is_confirming"], page.context["able"]) == (True, 2)
    assert officers() == {"Cán bộ specialist"}
    answer = post(client, people["head"], stage="do", **said)
    assert answer.url == reverse("admin:onestop_dossier_handover_result")
    result = client.get(answer.url).content.decode()
    assert "2 hồ sơ đã bàn giao" in result and f"Từ {people['specialist']} sang {heir}" in result
    assert [Dossier.objects.get(pk=row.pk).assigned_to for row in held] == [heir, heir, people["specialist"]]
    event = held[0].events.last()
    assert (event.step, event.note, event.data["from"]) == ("assign", "Đi công tác dài ngày", "Cán bộ specialist")


def test_one_that_moved_meanwhile_is_told_and_keeps_none_back(client, people, heir, held):
    seen = marks(held)
    workflow.take(held[1], "return_to_specialist", by=people["head"], at=NOW, note="Sửa")
    post(client, people["head"], stage="do", dossier=seen, to=heir.pk)
    page = client.get(reverse("admin:onestop_dossier_handover_result"))
    assert {line["name"] for line in page.context["done"]} == {held[0].code, held[2].code}
    (refused,) = page.context["refused"]
    assert refused["name"] == held[1].code
    assert f"{people['head']}, “Trả lại chuyên viên”, 10:00 05/03/2026" in refused["sentence"]


def test_one_that_cannot_be_handed_over_says_why_before(client, people, heir, held):
    ended = advance(factories.make_dossier(), "delivered", people=people)
    page = post(client, people["head"], stage="preview", dossier=marks([held[0], ended]), to=heir.pk)
    told = {row.dossier: row.obstacle for row in page.context["planned"]}
    assert told[held[0]] == "" and "Không thể “Phân công thụ lý”" in told[ended]
    again = post(client, people["head"], stage="preview", dossier=marks(held[:1]), to=people["specialist"].pk)
    assert [row.obstacle for row in again.context["planned"]] == [f"{people['specialist']} đang thụ lý hồ sơ này."]


def test_page_of_the_worklist_is_taken_as_shown(client, people, held):
    page = post(client, people["head"], which="page", shown=marks(held), dossier=marks(held[:1]))
    assert len(page.context["planned"]) == 3


def test_whole_heap_is_confirmed_twice(client, people, heir, held):
    page = post(client, people["head"], which="heap", query="tab=open&status=in_review")
    assert [row.dossier for row in page.context["planned"]] == held[:1]
    said = {"dossier": marks(held[:1]), "to": heir.pk, "is_whole": "1", "name": "Tất cả"}
    asked = post(client, people["head"], stage="do", **said)
    assert (asked.status_code, officers()) == (409, {"Cán bộ specialist"})
    assert "Tôi xác nhận bàn giao tất cả 1 hồ sơ" in asked.content.decode()
    assert post(client, people["head"], stage="do", sure="on", **said).status_code == 302
    assert Dossier.objects.get(pk=held[0].pk).assigned_to == heir


def test_all_of_a_leaving_officer(client, people, heir, held):
    people["specialist"].is_active = False
    people["specialist"].save()
    client.force_login(people["head"])
    page = client.get(reverse(PAGE), {"officer": people["specialist"].pk})
    assert ({row.dossier for row in page.context["planned"]}, page.context["about"]["is_whole"]) == (set(held), True)
    said = {"dossier": marks(held), "to": heir.pk, "is_whole": "1", "sure": "on"}
    post(client, people["head"], stage="do", **said)
    assert officers() == {heir.full_name}


def test_officer_without_dossiers_is_told(client, people, heir, held):
    client.force_login(people["head"])
    for officer in (heir.pk, "x", "9" * 30):
        page = client.get(reverse(PAGE), {"officer": officer})
        assert page.status_code == 200 and page.context["officers"].errors


def test_more_than_the_most_are_handed_over_in_turns(client, people, held, monkeypatch):
    monkeypatch.setattr(handover, "MOST", 2)
    client.force_login(people["head"])
    page = client.get(reverse(PAGE), {"officer": people["specialist"].pk})
    assert (len(page.context["planned"]), page.context["picked"].left) == (2, 1)
    assert "còn 1 hồ sơ để bàn giao lần sau" in page.content.decode()


@pytest.mark.parametrize(
    "said", [{}, {"dossier": ["x", "1:2", "\x00"]}, {"which": "heap", "query": "tab=nowhere&q=%00"}]
)
def test_nothing_sensible_ticked_leads_back(client, people, said):
    answer = post(client, people["head"], **said)
    assert (answer.status_code, answer.url) == (302, reverse("admin:onestop_dossier_changelist"))


def test_receiver_is_a_specialist_and_what_was_typed_stays(client, people, held):
    page = post(
        client, people["head"], stage="preview", dossier=marks(held), to=people["clerk"].pk, note="Giữ lời này"
    )
    assert "Chỉ phân công cho chuyên viên đang làm việc" in page.content.decode()
    assert "Giữ lời này" in page.content.decode() and len(page.context["planned"]) == 3


@pytest.mark.parametrize("role", ["reception", "specialist", "leader", "clerk", "administrator"])
def test_only_who_may_assign_hands_over(client, people, held, role):
    person = people.get(role) or factories.make_staff(role)
    assert post(client, person, which="ticked", dossier=marks(held)).status_code == 403
    page = client.get(reverse("admin:onestop_dossier_changelist")).content.decode()
    assert 'name="which"' not in page


def test_substitute_of_a_head_hands_over_in_their_place(client, people, heir, held):
    substitute = factories.make_staff("clerk")
    people["head"].groups.add(substitute.groups.get())
    head = User.objects.get(pk=people["head"].pk)
    row = Absence(person=head, substitute=substitute, starts_on=NOW.date(), ends_on=NOW.date())
    absences.record(row, by=people["leader"], at=NOW)
    assert post(client, substitute, stage="do", dossier=marks(held[:1]), to=heir.pk).status_code == 302
    assert held[0].events.last().instead_of == head


def test_control_slip_shows_from_officer_to_officer(people, heir, held):
    dossier = workflow.take(held[1], "assign", by=people["head"], at=NOW, to=heir, note="Nghỉ dài ngày")
    row = registers.control(dossier)["handovers"][-1]
    assert (row.giver, row.receiver) == (f"{people['specialist']}, do {people['head']} phân công lại", str(heir))
    assert "Chuyên viên thụ lý" in row.from_unit and row.from_unit == row.to_unit


def test_worklist_can_be_ticked_without_a_script(client, people, held):
    client.force_login(people["head"])
    page = client.get(reverse("admin:onestop_dossier_changelist"), {"status": "in_review"}).content.decode()
    assert f'type="checkbox" name="dossier" value="{held[0].pk}:{held[0].version_no}"' in page
    assert "tất cả 1 hồ sơ của mục “Tất cả”" in page and 'name="query" value="status=in_review"' in page


def test_forty_are_handed_over_in_time(people, heir):
    enterprise = factories.make_enterprise()
    rows = [factories.make_dossier(enterprise=enterprise, papers=False, plot=None) for _n in range(40)]
    for n, row in enumerate(rows):
        Dossier.objects.filter(pk=row.pk).update(
            status="in_review", submitted_at=NOW, received_at=NOW, due_at=NOW, reference=f"XN26-{n}", code=f"H55-{n}",
            assigned_to=people["specialist"],
        )  # fmt: skip
    picked = handover.of_officer(Dossier.objects.all(), people["specialist"])
    started = time.monotonic()
    done = handover.carry_out(picked, to=heir, note="", by=people["head"], at=NOW, covering=())
    assert (sum(one.is_done for one in done), time.monotonic() - started < 5) == (40, True)
