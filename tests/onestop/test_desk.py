"""Whose turn a dossier is, how urgent, the worklist with its heaps and filters, and the desk on the first page."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import reverse

from izportal.models import User
from onestop import desk, turns, workflow, worklist
from onestop.models import Dossier, Message
from tests import factories, lives
from tests.factories import advance, at
from tests.planting import planted

NOW = at("2026-03-18 10:00")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fixed_moment():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def people(request, db):
    if "heaps" in request.fixturenames:
        return request.getfixturevalue("stacked")[0]
    factories.make_catalogue()
    return factories.make_people()


@pytest.fixture
def walked(people):
    """`walked("in_review", "2026-03-03 09:15")`: a dossier brought to a status, every step at that moment."""
    return lambda status, start="2026-03-17 09:15", **fields: advance(
        factories.make_dossier(**fields), status, people=people, start=at(start)
    )


def line(dossier):
    row = worklist.worklist_rows(Dossier.objects.filter(pk=dossier.pk)).get()
    return worklist.Line(row, worklist.Now.read())


def waiting_for(person):
    return set(Dossier.objects.filter(worklist.awaiting(person, at=NOW)))


def listed(client, person, **asked):
    client.force_login(person)
    return client.get(reverse("admin:onestop_dossier_changelist"), asked)


def codes(response):
    return [row.dossier for row in response.context["worklist"].lines]


# Whose turn it is -------------------------------------------------------------------------------------------------
TURNS = {
    "submitted": {"reception"},
    "received": {"head"},
    "assigned": {"specialist"},
    "in_review": {"specialist"},
    "head_check": {"head"},
    "leader_sign": {"leader"},
    "numbering": {"clerk"},
    "result_ready": {"clerk", "reception"},
    "delivered": {"clerk"},
    "archived": set(),
}


@pytest.mark.parametrize(("status", "roles"), TURNS.items())
def test_dossier_waits_for_the_role_whose_turn_it_is(people, walked, status, roles):
    dossier = walked(status)
    assert {role for role, person in people.items() if dossier in waiting_for(person)} == roles


def test_dossier_waits_for_its_assignee_only(walked):
    walked("in_review")
    assert waiting_for(factories.make_staff("specialist")) == set()


def test_paused_dossier_waits_for_nobody_until_it_is_answered(people, walked):
    dossier = walked("in_review")
    asked = workflow.take(
        dossier, "ask_supplement", by=people["specialist"], at=NOW, items=["Báo cáo"], reason="Thiếu"
    )
    assert waiting_for(people["specialist"]) == set()
    workflow.take(asked, "answer_supplement", by=dossier.created_by, at=NOW, answer="Đã gửi")
    assert waiting_for(people["specialist"]) == waiting_for(people["reception"]) == {dossier}


def test_unanswered_request_waits_to_be_stopped_once_its_time_is_over(people, walked):
    dossier = walked("in_review")
    workflow.take(dossier, "ask_supplement", by=people["specialist"], at=NOW, items=["Báo cáo"], reason="Thiếu")
    late = NOW + timedelta(days=60)
    waiting = Dossier.objects.filter(worklist.awaiting(people["head"], at=late))
    row = worklist.worklist_rows(waiting).get()
    assert [step.name for step in turns.awaited_steps(row, people["head"], at=late)] == ["stop"]


@pytest.mark.parametrize("status", TURNS)
def test_awaited_steps_agree_with_the_heap(people, walked, status):
    dossier = walked(status)
    row = worklist.worklist_rows(Dossier.objects.filter(pk=dossier.pk)).get()
    for person in people.values():
        steps = turns.awaited_steps(row, person, at=NOW)
        assert bool(steps) == (dossier in waiting_for(person))


def test_main_step_follows_the_proposal(people, walked):
    dossier = walked("leader_sign")
    assert desk.main_step(dossier, people["leader"], at=NOW).name == "grant"
    dossier.proposal = Dossier.Decision.REFUSED
    assert desk.main_step(dossier, people["leader"], at=NOW).name == "refuse"


# Urgency ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("start", "css", "word"),
    [
        ("2026-03-03 09:15", "k-late", "Quá 1\N{NO-BREAK SPACE}ngày"),
        ("2026-03-04 09:15", "k-today", "Hôm nay"),
        ("2026-03-09 09:15", "k-soon", "Còn 3\N{NO-BREAK SPACE}ngày"),
        ("2026-03-10 09:15", "k-ok", "Còn 4\N{NO-BREAK SPACE}ngày"),
    ],
)
def test_line_tells_its_state_by_word_and_shape(walked, start, css, word):
    state = line(walked("in_review", start)).state
    assert (state.css, state.word) == (css, word)


def test_line_just_past_its_moment_has_no_zero_days(walked):
    dossier = walked("in_review", "2026-03-04 09:15")
    with time_machine.travel(at("2026-03-18 17:30"), tick=False):
        assert line(dossier).state.word == "Quá hạn"


@pytest.mark.parametrize(
    ("start", "used"), [("2026-03-03 09:15", 11), ("2026-03-04 09:15", 10), ("2026-03-17 09:15", 1)]
)
def test_line_counts_the_working_days_used(walked, start, used):
    assert line(walked("in_review", start)).used == used


def test_pause_is_not_counted_as_used(people, walked):
    dossier = walked("in_review", "2026-03-09 09:15")
    asked = at("2026-03-11 09:00")
    workflow.take(dossier, "ask_supplement", by=people["specialist"], at=asked, items=["Báo cáo"], reason="Thiếu")
    assert (line(dossier).used, line(dossier).state.css) == (2, "k-hold")


def test_used_days_agree_with_the_reckoning_of_the_workflow(people, walked):
    dossier = walked("in_review", "2026-03-09 09:15")
    asked = workflow.take(
        dossier, "ask_supplement", by=people["specialist"], at=at("2026-03-10 09:00"), items=["x"], reason="y"
    )
    answered = workflow.take(asked, "answer_supplement", by=dossier.created_by, at=at("2026-03-12 09:00"))
    accepted = workflow.take(answered, "accept_supplement", by=people["specialist"], at=at("2026-03-13 09:00"))
    days = workflow.explain(accepted).days
    assert line(accepted).used == sum(day.counted and day.date <= NOW.date() for day in days)


def test_submission_shows_the_answer_it_waits_for(walked):
    dossier = walked("submitted", "2026-03-16 09:15")
    shown = line(dossier)
    assert (shown.state.css, shown.state.word, shown.moment) == ("k-late", "Quá giờ trả lời", dossier.answer_by)


def test_officer_is_written_with_initials(people, walked):
    User.objects.filter(pk=people["specialist"].pk).update(full_name="Trần Thị Ánh")
    assert (line(walked("in_review")).officer, line(walked("received")).officer) == ("T. T. Ánh", "")


# The worklist -----------------------------------------------------------------------------------------------------
@planted
def stack():
    """The people of the office, and one dossier in each heap by its key."""
    factories.make_catalogue()
    people = factories.make_people()

    def walked(status, start):
        return advance(factories.make_dossier(), status, people=people, start=at(start))

    paused = walked("in_review", "2026-03-16 08:00")
    heaps = {
        "late": walked("in_review", "2026-03-03 09:15"),
        "today": walked("in_review", "2026-03-04 09:15"),
        "soon": walked("in_review", "2026-03-09 09:15"),
        "unanswered": walked("submitted", "2026-03-16 09:15"),
        "paused": workflow.take(
            paused, "ask_supplement", by=people["specialist"], at=NOW, items=["Báo cáo"], reason="Thiếu"
        ),
        "done": walked("delivered", "2026-03-16 09:15"),
    }
    return people, heaps


@pytest.fixture
def stacked(db):
    return stack()


@pytest.fixture
def heaps(stacked):
    return stacked[1]


@pytest.mark.parametrize("key", ["late", "today", "soon", "unanswered", "paused", "done"])
def test_tab_holds_its_heap(client, people, heaps, key):
    assert codes(listed(client, people["specialist"], tab=key)) == [heaps[key]]


def test_first_tab_holds_what_is_open_most_urgent_first(client, people, heaps):
    page = listed(client, people["specialist"])
    order = ["unanswered", "late", "today", "soon", "paused"]
    assert codes(page) == sorted(
        (heaps[key] for key in order), key=lambda d: order.index(next(k for k in order if heaps[k] == d))
    )


def test_counts_are_the_sizes_of_the_heaps(client, people, heaps):
    counts = listed(client, people["specialist"]).context["worklist"].counts
    assert counts == {
        "open": 5,
        "waiting": 3,
        "mine": 4,
        "division": 0,
        "late": 1,
        "today": 1,
        "soon": 1,
        "unanswered": 1,
        "paused": 1,
        "others": 0,
        "unread": 0,
    }


def test_count_of_the_unread_has_the_archived(catalogue):
    officer = factories.make_staff("specialist")
    row = lives.lived("01-05", done="01-12", due="01-14", status="archived", assigned_to=officer)
    Message.objects.create(dossier=row, by=officer, text="Hỏi")
    now, rows = worklist.Now.read(officer), Dossier.objects.visible_to(officer)
    listed_there = rows.filter(worklist.TABS["unread"].where(now, officer)).count()
    assert (worklist.counts(rows, officer, now)["unread"], listed_there) == (1, 1)


def test_only_specialists_see_the_heap_of_their_own(client, people, heaps):
    def keys(role):
        return [tab["tab"].key for tab in listed(client, people[role]).context["worklist"].tabs]

    assert ("mine" in keys("specialist"), "mine" in keys("head")) == (True, False)


@pytest.mark.parametrize("typed", ["thep thu", "THÉP", "4600000777", "Thép Thử 4600000777"])
def test_search_reads_names_without_marks(client, people, walked, typed):
    found = walked("received", enterprise=factories.make_enterprise("Công ty TNHH Thép Thử", "4600000777"))
    walked("received", enterprise=factories.make_enterprise("Công ty TNHH Dệt May"))
    assert codes(listed(client, people["reception"], q=typed)) == [found]


def test_filters_narrow_the_list(client, people, walked):
    north = factories.make_plot("CN-01", zone=factories.make_zone("yen-binh", "YB", "Yên Bình"))
    there, adjusted = walked("received", plot=north), walked("in_review", code="1.009647")
    head = people["head"]
    assert codes(listed(client, head, zone="YB")) == [there]
    assert codes(listed(client, head, procedure="1.009647")) == [adjusted]
    assert codes(listed(client, head, officer=people["specialist"].pk)) == [adjusted]
    assert codes(listed(client, head, status="received")) == [there]


@pytest.mark.parametrize("sort", ["due", "-due", "code", "-code", "procedure", "zone", "step", "-step", "officer"])
def test_list_sorts_by_every_heading(client, people, heaps, sort):
    page = listed(client, people["specialist"], sort=sort)
    assert len(codes(page)) == 5
    assert f'aria-sort="{"descending" if sort[0] == "-" else "ascending"}"' in page.content.decode()


def test_list_by_code_is_in_the_order_of_codes(client, people, walked):
    first, second = walked("received", "2026-03-16 09:00"), walked("received", "2026-03-17 09:00")
    assert codes(listed(client, people["head"], sort="code")) == [first, second]
    assert codes(listed(client, people["head"], sort="-code")) == [second, first]


@pytest.mark.parametrize(
    "asked",
    [
        {"tab": "nowhere"},
        {"sort": "password"},
        {"page": "999"},
        {"page": "x"},
        {"q": "\x00"},
        {"q": "x" * 5000},
        {"zone": "'; DROP TABLE"},
        {"officer": "9" * 40},
        {"status": "draft"},
        {"procedure": ["a", "b"]},
    ],
)
def test_strange_addresses_are_answered_with_a_sentence(client, people, heaps, asked):
    page = listed(client, people["specialist"], **asked)
    worklist_ = page.context["worklist"]
    assert page.status_code == 200
    assert bool(worklist_.form.errors) or bool(worklist_.page.trouble)


def test_drafts_are_on_no_list(client, people):
    factories.make_dossier()
    assert codes(listed(client, people["reception"])) == []


def test_sample_rows_are_marked(client, people, walked):
    sample = factories.make_enterprise(is_sample=True)
    walked("received", enterprise=sample)
    assert "Minh họa" in listed(client, people["head"]).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_worklist_asks_the_database_as_often_for_many_rows(
    client, people, walked, make_project, django_assert_num_queries, rows
):
    for _row in range(rows):
        dossier = walked("in_review", code="1.009647")
        workflow.take(dossier, "ask_supplement", by=people["specialist"], at=NOW, items=["x"], reason="y")
        walked("submitted")
    client.force_login(people["specialist"])
    with django_assert_num_queries(16):
        client.get(reverse("admin:onestop_dossier_changelist"))


# The desk ---------------------------------------------------------------------------------------------------------
def drawn(person):
    request = RequestFactory().get("/admin/")
    request.user = User.objects.get(pk=person.pk)
    return Template("{% load desk %}{% desk %}").render(Context({"request": request}))


def test_desk_lists_what_waits_with_the_steps(people, walked):
    dossier = walked("leader_sign")
    page = drawn(people["leader"])
    for step in ("grant", "return_from_leader"):
        assert reverse("admin:onestop_dossier_step", args=[dossier.pk, step]) in page
    for step in ("extend", "refuse"):
        assert reverse("admin:onestop_dossier_step", args=[dossier.pk, step]) not in page


def test_desk_counts_lead_to_the_worklist(people, heaps):
    page = drawn(people["specialist"])
    for key, count in {"waiting": 3, "late": 1, "today": 1, "unanswered": 1}.items():
        assert f'?tab={key}"><b>{count}</b>' in page


def test_desk_of_somebody_without_work_says_so(people, heaps):
    assert "Không có hồ sơ nào đang chờ bạn." in drawn(people["leader"])


@pytest.mark.parametrize("role", ["land", "operator", "editor"])
def test_desk_shows_no_dossier_outside_the_counter(heaps, role):
    page = drawn(factories.make_staff(role))
    assert "Vai trò của bạn không xử lý hồ sơ Một cửa." in page
    assert "XN26" not in page and "H55" not in page


def test_first_page_of_the_back_office_carries_the_desk(client, people, heaps):
    client.force_login(people["specialist"])
    page = client.get(reverse("admin:index")).content.decode()
    assert page.index('id="desk-own"') < page.index('id="content-main"')


@pytest.mark.parametrize("rows", [1, 3])
def test_desk_asks_the_database_as_often_for_many_rows(people, walked, django_assert_num_queries, rows):
    for _row in range(rows):
        walked("in_review", "2026-03-03 09:15")
        walked("in_review", "2026-03-04 09:15")
        walked("submitted", "2026-03-16 09:15")
    with django_assert_num_queries(17):
        drawn(people["specialist"])


def test_nobody_waits_for_a_passer_by():
    assert list(Dossier.objects.visible_to(AnonymousUser())) == []
