"""Where somebody is signed in: the list, ending one, ending the others, and what ends them by itself."""

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from izportal import sessions
from tests import factories

pytestmark = pytest.mark.django_db
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1"
LIST = "usersessions_list"


@pytest.fixture
def person():
    return factories.make_user("nguoi@thep.example")


def browser(person, agent=CHROME):
    client = Client(headers={"user-agent": agent})
    client.post("/dang-nhap/", {"login": person.email, "password": "mat-khau-thu"})
    return client


def is_alive(client):
    return client.get(reverse("my_account")).status_code == 200


def row_of(client):
    return UserSession.objects.get(session_key=client.session.session_key)


def test_each_browser_is_listed_in_words(person):
    here, _there = browser(person), browser(person, PHONE)
    page = here.get(reverse(LIST)).content.decode()
    assert [text in page for text in ("Chrome trên Windows", "Safari trên iPhone", "127.0.0.1")] == [True] * 3


def test_one_session_is_ended_and_really_dead(person):
    here, there = browser(person), browser(person, PHONE)
    answer = here.post(reverse("my_session_end", args=[row_of(there).pk]))
    assert (answer["Location"], is_alive(here), is_alive(there)) == (reverse(LIST), True, False)


def test_all_others_are_ended(person):
    here, one, two = browser(person), browser(person, PHONE), browser(person)
    here.post(reverse(LIST))
    assert [is_alive(client) for client in (here, one, two)] == [True, False, False]


def test_nobody_ends_a_session_of_somebody_else(person):
    here, theirs = browser(person), browser(factories.make_user("khac@thep.example"))
    answer = here.post(reverse("my_session_end", args=[row_of(theirs).pk]))
    assert (answer.status_code, is_alive(theirs)) == (404, True)


def test_a_session_is_not_ended_by_looking(person):
    here, there = browser(person), browser(person, PHONE)
    answer = here.get(reverse("my_session_end", args=[row_of(there).pk]))
    assert (answer.status_code, is_alive(there)) == (405, True)


def test_a_new_password_ends_the_others(person):
    here, there = browser(person), browser(person, PHONE)
    form = {"oldpassword": "mat-khau-thu", "password1": "mot-mat-khau-moi", "password2": "mot-mat-khau-moi"}
    here.post(reverse("account_change_password"), form)
    assert (is_alive(here), is_alive(there)) == (True, False)
    assert len(here.get(reverse(LIST)).context["sessions"]) == 1


def test_a_closed_account_has_no_sessions(person):
    here = browser(person)
    type(person).objects.update(is_active=False)
    assert not is_alive(here)


def test_use_is_noted_seldom(person, django_assert_num_queries):
    here = browser(person)
    row = row_of(here)
    is_alive(here)
    assert row_of(here).last_seen_at == row.last_seen_at
    store = here.session
    store[sessions.SEEN] -= sessions.SELDOM + 1
    store.save()
    is_alive(here)
    assert (row_of(here).last_seen_at > row.last_seen_at, row_of(here).last_seen_at <= timezone.now()) == (True, True)


@pytest.mark.parametrize("others", [0, 2])
def test_the_list_reads_each_session_once(person, others, django_assert_num_queries):
    here = browser(person)
    for _place in range(others):
        browser(person, PHONE)
    here.get(reverse(LIST))
    # Session and person, the rows, the sample bar; and of each row whether it still lives, and whose it is.
    with django_assert_num_queries(4 + 3 * (others + 1)):
        here.get(reverse(LIST))


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (CHROME, "Chrome trên Windows"),
        (CHROME + " Edg/142.0", "Edge trên Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox trên Linux"),
        (
            "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36",
            "Chrome trên Android",
        ),
        (PHONE, "Safari trên iPhone"),
        ("curl/8.0", "Trình duyệt không rõ"),
        ("", "Trình duyệt không rõ"),
        ("<script>", "Trình duyệt không rõ"),
    ],
)
def test_a_browser_is_named_as_people_do(agent, words):
    assert sessions.device(agent) == words
