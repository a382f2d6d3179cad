"""Junk in every field of every page by which the office works: told on the page, and nothing is done."""

import re
from datetime import date

import pytest
import time_machine
from django.apps import apps
from django.urls import reverse

from izportal.models import CalendarDay, Job
from onestop import daysoff
from onestop.decisions import wordings
from onestop.models import Absence
from tests import factories
from tests.factories import advance, at

NOW = at("2026-03-05 10:00")
JUNK = ("\x00", "a\x00b", "x" * 10_240, "²", "1e400", "31/02/2026", "9" * 30)
# Free words are words: of what may be said in them only this is junk.
NO_WORDS = JUNK[:3]
# Whatever is not a reading, a session or a message to the one who typed.
KEPT = ("Event", "Absence", "CalendarDay", "CalendarChange", "Amendment", "DecisionTemplate", "Wording", "Message")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fixed_moment():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def people(catalogue):
    division = factories.make_division()
    found = factories.make_people() | {role: factories.make_staff(role) for role in ("administrator", "editor")}
    for person in found.values():
        person.division = division
        person.save()
    return found


def filed(people, status):
    return advance(factories.make_dossier(), status, people=people, start=NOW)


def at_step(step):
    return lambda people, status: reverse("admin:onestop_dossier_step", args=[filed(people, status).pk, step])


def at_dossier(name):
    return lambda people, status: reverse(f"admin:onestop_dossier_{name}", args=[filed(people, status).pk])


def at_absence(people, _status):
    days = {"starts_on": NOW.date(), "ends_on": date(2026, 3, 13), "made_by": people["head"]}
    row = Absence.objects.create(person=people["specialist"], substitute=factories.make_staff("specialist"), **days)
    return reverse("admin:onestop_absence_end", args=[row.pk])


def at_day(people, _status):
    row = CalendarDay.objects.create(day=date(2026, 4, 1), kind="off", name_vi="Nghỉ thử")
    return reverse("admin:izportal_calendarday_change", args=[row.pk])


def at_change(name):
    def where(people, _status):
        said = {"announcement": "12/TB", "reason": "Nghỉ", "by": people["administrator"], "at": NOW}
        edit = daysoff.Edit(date(2026, 3, 10), "off", "Nghỉ", "Off", "12/TB")
        return reverse(f"admin:onestop_calendarchange_{name}", args=[daysoff.draft([edit], **said).pk])

    return where


def at_job(name):
    def where(people, _status):
        job = Job.objects.create(key="hỏng", call="onestop.slips.freeze", arguments=[1], next_at=NOW, given_up_at=NOW)
        return reverse(f"admin:izportal_job_{name}", args=[job.pk])

    return where


def plain(name, *args):
    return lambda people, status: reverse(f"admin:{name}", args=args)


PAGES = {
    "hand-over": ("head", plain("onestop_dossier_handover"), "in_review"),
    "queue": ("leader", plain("onestop_dossier_queue", "sign"), "leader_sign"),
    "brief": ("leader", at_dossier("brief"), "leader_sign"),
    "absence": ("head", plain("onestop_absence_add"), ""),
    "back": ("head", at_absence, ""),
    "days off": ("administrator", plain("izportal_calendarday_add"), ""),
    "day": ("administrator", at_day, ""),
    "remove": ("administrator", plain("izportal_calendarday_remove"), ""),
    "apply": ("administrator", at_change("apply"), ""),
    "amendment": ("specialist", at_step("draft_amendment"), "delivered"),
    "sign amendment": ("leader", at_step("sign_amendment"), "delivered"),
    "drop amendment": ("leader", at_step("drop_amendment"), "delivered"),
    "permit": ("leader", at_step("permit_supplement"), "in_review"),
    "template": ("administrator", plain("onestop_decisiontemplate_begin"), ""),
    "wording": ("editor", plain("izportal_wording_kind", "accept-supplement"), ""),
    "retry": ("administrator", at_job("retry"), ""),
    "retry kind": ("administrator", at_job("retry-kind"), ""),
    "message": ("specialist", at_dossier("message"), "in_review"),
    "note": ("specialist", at_dossier("note"), "in_review"),
}
FIELDS = {
    "hand-over": ("stage", "which", "dossier", "query", "to", "note", "sure", "name", "is_whole"),
    "queue": ("deed", "chosen"), "apply": ("seen",),
}  # fmt: skip
# What leads deeper into a page when it is said well.
DEEPER = {
    "hand-over": [{}, {"stage": "do", "which": "heap"}, {"stage": "preview", "which": "page"}],
    "queue": [{}, {"deed": "take"}], "brief": [{"version_no": 9}],
}  # fmt: skip
WORDY = {"brief", "permit", "wording", "message", "note", "template", "retry", "retry kind"}


def counts():
    found = {name: apps.get_model("onestop" if name not in ("CalendarDay", "Wording") else "izportal", name)
             for name in KEPT}  # fmt: skip
    return {name: model.objects.count() for name, model in found.items()}


def field_names(client, address):
    page = client.get(address).content.decode()
    return set(re.findall(r'name="([^"]+)"', page.partition('id="content')[2])) - {"csrfmiddlewaretoken"}


@pytest.mark.parametrize("name", PAGES)
def test_junk_in_every_field_does_nothing(client, people, name):
    role, place, status = PAGES[name]
    address = place(people, status)
    if name in ("hand-over", "queue"):
        filed(people, status)
    client.force_login(people[role])
    fields, before = FIELDS.get(name) or field_names(client, address), counts()
    client.raise_request_exception = False
    for junk in NO_WORDS if name in WORDY else JUNK:
        said = dict.fromkeys(fields, junk)
        answers = {client.post(address, {**said, **more}).status_code for more in DEEPER.get(name, [{}])}
        assert max(answers) < 500, (name, junk[:9], answers)
    assert counts() == before


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_done_by_somebody_without_the_role(client, people, name):
    _role, place, status = PAGES[name]
    address = place(people, status)
    client.force_login(factories.make_staff("operator"))
    before = counts()
    answer = client.post(
        address, {"stage": "do", "deed": "take", "seen": "x", "reason": "a", "text": "a", "note": "a"}
    )
    assert (answer.status_code in (302, 403, 404), counts()) == (True, before)


@pytest.mark.parametrize("role", ["leader", "specialist"])
def test_junk_publishes_no_wording(client, people, role):
    row = wordings.begin(procedure=None, decision="revoked", by=people["head"], at=NOW)
    row.body_vi = "Thu hồi {so_giay_cu}."
    row.save()
    client.force_login(people[role])
    where = reverse("admin:onestop_decisiontemplate_publish", args=[row.pk])
    answers = {client.post(where, dict.fromkeys(("seen", "version_no", "go"), junk)).status_code for junk in JUNK}
    assert answers == {200 if role == "leader" else 403}
    row.refresh_from_db()
    assert (row.published_at, client.post(where, {}).status_code) == (None, answers.pop())
