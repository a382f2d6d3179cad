"""A form sent after its session had ended, or from a page older than the last sign-in: it comes back to its author
alone, and is sent again."""

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
    answer = client.post(where, {**typed, unsent.TOKEN: client.cookies["csrftoken"].value})
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
    for cookie, token in (("7:x", "x" * 32), ("", "x" * 64), ("W10:a:b", "\x00")):
        client.cookies[unsent.COOKIE] = cookie
        client.post(reverse("admin:onestop_absence_add"), {"note": "Họp xa", unsent.TOKEN: token})
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


# From a page older than the last sign-in ---------------------------------------------------------------------------
@pytest.fixture
def filed(catalogue):
    return factories.advance(factories.make_dossier(), "submitted")


def browser_of(person):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(person)
    return browser


def sign_in(browser, person):
    """In another tab of the same browser."""
    person.set_password("mat-khau-thu")
    person.save()
    token = str(browser.get(reverse("account_login")).context["csrf_token"])
    sent = {"login": person.email, "password": "mat-khau-thu", unsent.TOKEN: token}
    assert browser.post(reverse("account_login"), sent).status_code == 302


def typed_on(browser, where, /, **typed):
    return {**typed, unsent.TOKEN: str(browser.get(where).context["csrf_token"])}


def signed_in_again(person, where, /, by=None, **typed):
    """The browser, what was typed on a page of it, and the answer after signing in anew in another tab."""
    browser = browser_of(person)
    sent = typed_on(browser, where, **typed)
    browser.post(reverse("account_logout"), {unsent.TOKEN: sent[unsent.TOKEN]})
    sign_in(browser, by or person)
    return browser, sent, browser.post(where, sent)


def test_text_of_an_officer_outlives_signing_in_again(db):
    head, where = factories.make_staff("head"), reverse("admin:onestop_absence_add")
    other, days = factories.make_staff("head"), {"starts_on": "2026-03-09", "ends_on": "2026-03-10"}
    said = {"person": head.pk, "substitute": other.pk, "note": "Họp ở tỉnh", **days}
    browser, _sent, answer = signed_in_again(head, where, **said)
    assert (answer.status_code, answer.templates[0].name) == (403, "admin/unsent.html")
    assert (answer.context["words"], Absence.objects.count()) == (["Họp ở tỉnh"], 0)
    again = {**dict(answer.context["typed"]), unsent.TOKEN: str(answer.context["csrf_token"])}
    assert (browser.post(where, again).status_code, Absence.objects.get().note) == (302, "Họp ở tỉnh")


def test_text_of_an_applicant_outlives_signing_in_again(filed):
    where = reverse("onestop:dossier_withdraw", args=[filed.pk])
    browser, _sent, answer = signed_in_again(filed.created_by, where, note="Đổi kế hoạch")
    assert (answer.status_code, answer.templates[0].name) == (403, "unsent.html")
    filed.refresh_from_db()
    assert (answer.context["words"], filed.status) == (["Đổi kế hoạch"], "submitted")
    again = {**dict(answer.context["typed"]), unsent.TOKEN: str(answer.context["csrf_token"])}
    browser.post(where, again)
    filed.refresh_from_db()
    assert filed.status == "withdrawn"


def test_text_of_an_applicant_waits_for_a_session_that_has_ended(client, filed):
    where = reverse("onestop:dossier_withdraw", args=[filed.pk])
    client.force_login(filed.created_by)
    sent = typed_on(client, where, note="Đổi kế hoạch")
    client.session.flush()
    assert client.post(where, sent).status_code == 302
    client.force_login(filed.created_by)
    answer = client.get(where)
    assert (answer.templates[0].name, answer.context["typed"]) == ("unsent.html", [("note", "Đổi kế hoạch")])
    assert client.post(where, {unsent.DROP: "1"}).url == where
    assert client.get(where).templates[0].name != "unsent.html"


def test_nobody_else_who_signs_in_gets_an_old_page(filed):
    where = reverse("admin:onestop_absence_add")
    _browser, _sent, answer = signed_in_again(
        factories.make_staff("head"), where, by=factories.make_staff("head"), note="Họp xa"
    )
    assert (answer.status_code, answer.templates[0].name) == (403, "403_csrf.html")
    assert "Họp xa" not in answer.content.decode()


@pytest.mark.parametrize("token", ["", "x" * 32, "x" * 64, "\x00" * 64, "ế" * 32])
def test_page_of_strangers_puts_no_words_under_a_hand(db, token):
    browser, where = browser_of(factories.make_staff("head")), reverse("admin:onestop_absence_add")
    browser.get(where)
    answer = browser.post(where, {"note": "Họp xa", unsent.TOKEN: token})
    assert (answer.templates[0].name, Absence.objects.count()) == ("403_csrf.html", 0)


def test_words_of_a_visitor_outlive_signing_in(filed):
    person, browser, where = filed.created_by, Client(enforce_csrf_checks=True), reverse("zones:enquiry_new")
    sent = typed_on(browser, where, message="Cần 2 ha")
    sign_in(browser, person)
    assert browser.post(where, sent).context["words"] == ["Cần 2 ha"]


def test_second_sign_in_page_leads_on_and_keeps_no_password(db):
    person, where = factories.make_staff("head"), reverse("account_login")
    browser = Client(enforce_csrf_checks=True)
    sent = typed_on(browser, where, login=person.email, password="mat-khau-thu")
    sign_in(browser, person)
    answer = browser.post(where, sent)
    assert (answer.status_code, answer.url) == (302, where)
