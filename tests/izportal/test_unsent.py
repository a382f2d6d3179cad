"""A form of the back office sent after the session had ended: it waits for its author alone, and is sent again."""

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from izportal import unsent
from onestop.models import Absence
from tests import factories
from tests.counter import begin, page
from tests.factories import at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fixed_moment():
    with time_machine.travel(at("2026-03-05 10:00"), tick=False):
        yield


def late(client, by, where, **typed):
    """Typed on an open page of the office, sent after the session has ended; the page after signing in again."""
    client.force_login(by)
    client.get(reverse("admin:index"))
    client.session.flush()
    answer = client.post(where, typed)
    assert (answer.status_code, "next=" in answer.url) == (302, True)
    client.force_login(by)
    return client.get(where)


PAGES = {
    "absence": ("head", "onestop_absence_add", ()),
    "days off": ("administrator", "izportal_calendarday_add", ()),
    "hand-over": ("head", "onestop_dossier_handover", ()),
    "template": ("administrator", "onestop_decisiontemplate_begin", ()),
    "wording": ("editor", "izportal_wording_kind", ("accept-supplement",)),
    "counter": ("reception", "counter_new", ("1.009664",)),
}


@pytest.mark.parametrize("name", PAGES)
def test_typed_text_waits_on_every_page_of_the_office(client, name):
    role, view, args = PAGES[name]
    answer = late(client, factories.make_staff(role), reverse(f"admin:{view}", args=args), note="Chữ đã gõ", to=["1"])
    assert answer.templates[0].name == "admin/unsent.html"
    assert answer.context["typed"] == [("note", "Chữ đã gõ"), ("to", "1")]
    assert answer.context["words"] == ["Chữ đã gõ"] and "Tệp thì không giữ được" in answer.content.decode()


def test_absence_sent_again_is_written_down_once(client):
    head, other = factories.make_staff("head"), factories.make_staff("head")
    said = {
        "person": head.pk,
        "substitute": other.pk,
        "starts_on": "2026-03-09",
        "ends_on": "2026-03-10",
        "note": "Họp",
    }
    where = reverse("admin:onestop_absence_add")
    typed = dict(late(client, head, where, **said).context["typed"])
    assert (client.post(where, typed).status_code, Absence.objects.get().person) == (302, head)
    assert unsent.WAITS not in client.session


def test_what_is_not_wanted_is_dropped(client):
    where = reverse("admin:onestop_absence_add")
    late(client, factories.make_staff("head"), where, note="Họp xa")
    assert client.post(where, {unsent.DROP: "1"}).url == where
    assert client.get(where).templates[0].name != "admin/unsent.html" and not Absence.objects.exists()


def test_nobody_else_and_no_other_page_gets_it(client):
    where = reverse("admin:onestop_absence_add")
    late(client, factories.make_staff("head"), where, note="Họp xa")
    assert "Họp xa" not in client.get(reverse("admin:izportal_calendarday_changelist")).content.decode()
    client.session.flush()
    client.post(where, {"note": "Họp xa"})
    client.force_login(factories.make_staff("head"))
    assert "Họp xa" not in client.get(where).content.decode()


def test_stranger_who_was_never_in_the_office_leaves_nothing(client):
    client.post(reverse("admin:onestop_absence_add"), {"note": "Họp xa"})
    client.cookies[unsent.COOKIE] = "7:x"
    client.post(reverse("admin:onestop_absence_add"), {"note": "Họp xa"})
    assert unsent.WAITS not in client.session


def test_neither_passwords_nor_masses_of_text_are_kept(client):
    by, where = factories.make_staff("administrator"), reverse("admin:izportal_user_add")
    assert late(client, by, where, email="a@b.vn", password1="bí mật", usable_password="x").context["typed"] == [
        ("email", "a@b.vn")
    ]
    answer = late(Client(), by, reverse("admin:onestop_absence_add"), note="x" * (unsent.MOST_TYPED + 1))
    assert answer.templates[0].name != "admin/unsent.html"


def test_section_typed_at_the_counter_waits(client, catalogue):
    clerk = factories.make_staff("reception")
    client.force_login(clerk)
    dossier = begin(client, "1.009664", factories.make_enterprise())
    answer = late(client, clerk, page("section", dossier, 1), **{"project-project_name": "Nhà máy gõ dở"})
    assert answer.context["words"] == ["Nhà máy gõ dở"]
