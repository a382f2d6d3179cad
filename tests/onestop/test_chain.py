"""The chain from hand to hand through the pages: a return, a substitute, a refused signature of one's own, delivery;
and no step is skipped by its address."""

from itertools import product

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from izportal.models import Notice, User
from onestop import absences, desk, workflow
from onestop.admin import STEP_FORMS
from onestop.models import Absence, Dossier
from projects.models import Project
from tests import factories, uploads
from tests.factories import advance, at

NOW = at("2026-03-05 10:00")
pytestmark = pytest.mark.django_db
DRAFT = {"proposal": "granted", "note": "Đủ điều kiện", "project_code": "9812345678"}


@pytest.fixture(autouse=True)
def fixed_moment():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def people(catalogue):
    return factories.make_people()


def address(dossier, step):
    return reverse("admin:onestop_dossier_step", args=[dossier.pk, step])


@pytest.fixture
def press(client):
    """`press(person, dossier, "forward", note="…")`: the page of the step opened and sent; the status it answers."""

    def pressed(person, dossier, step, **typed):
        client.force_login(person)
        shown = client.get(address(dossier, step))
        if shown.status_code != 200:
            return shown
        seen = Dossier.objects.get(pk=dossier.pk).version_no
        return client.post(address(dossier, step), {"version_no": seen, **typed})

    return pressed


def test_dossier_goes_from_hand_to_hand_to_its_delivery(press, people):
    dossier, officer = advance(factories.make_dossier(), "submitted", people=people), people["specialist"]
    substitute = factories.make_staff("specialist", full_name="Trần Thị Thay")
    substitute.groups.add(Group.objects.get(name="head"))
    days = {"starts_on": NOW.date(), "ends_on": NOW.date()}
    absences.record(Absence(person=officer, substitute=substitute, **days), by=officer, at=NOW)
    sealed = SimpleUploadedFile("quyet-dinh.pdf", uploads.pdf())
    chain = [
        (people["reception"], "receive", {}),
        (people["head"], "assign", {"to": officer.pk}),
        (officer, "open_review", {}),
        (substitute, "propose", DRAFT),
        (people["head"], "return_to_specialist", {"note": "Bổ sung căn cứ"}),
        (substitute, "propose", DRAFT),
        (substitute, "forward", None),
        (people["head"], "forward", {}),
        (people["leader"], "return_from_leader", {"note": "Nêu rõ tiến độ"}),
        (officer, "propose", DRAFT),
        (substitute, "return_to_specialist", {"note": "Thiếu phụ lục"}),
        (substitute, "propose", DRAFT),
        (people["head"], "forward", {}),
        (people["leader"], "grant", {}),
        (people["clerk"], "seal", {"sealed": sealed}),
        (people["reception"], "deliver", {"channel": "counter", "receiver": "Nguyễn Văn A"}),
    ]
    for person, step, typed in chain:
        answer = press(person, dossier, step, **(typed or {}))
        if typed is None:
            assert answer.status_code == 403
            assert f"Dự thảo do {substitute} trình, hồ sơ do {officer} thụ lý." in answer.content.decode()
        else:
            assert answer.status_code == 302, (step, answer.content.decode())
    done = Dossier.objects.get(pk=dossier.pk)
    assert (done.status, done.drafted_by, done.decided_by) == ("delivered", substitute, people["leader"])
    assert Project.objects.get(code="9812345678") == done.project
    stood_in = [(event.step, event.by) for event in done.events.filter(instead_of=officer)]
    assert stood_in == [("propose", substitute)] * 3
    told = [event.step for event in done.events.filter(is_public=True)]
    assert Notice.objects.filter(user=dossier.created_by).count() == len(told)


# No step is skipped by its address --------------------------------------------------------------------------------
@pytest.fixture
def everybody(people):
    """One person who holds every role, and is superuser besides."""
    person = factories.make_staff("head", is_superuser=True)
    person.groups.set(Group.objects.all())
    return User.objects.get(pk=person.pk)


def test_page_of_a_step_that_is_not_open_says_why(client, people, everybody):
    """Each step at a status that it does not leave from: looked at and pressed, by somebody who holds every role."""
    client.force_login(everybody)
    rows = {
        status: advance(factories.make_dossier(), status, people=people)
        for status in ("submitted", "received", "numbering", "archived")
    }
    for step in workflow.STEPS.values():
        dossier = next(row for status, row in rows.items() if status not in step.moves)
        pressed = client.post(address(dossier, step.name), {"version_no": dossier.version_no})
        assert (client.get(address(dossier, step.name)).status_code, pressed.status_code) == (403, 403), step.name
        assert "desk__note" in pressed.content.decode()
        stale = client.post(address(dossier, step.name), {"version_no": dossier.version_no - 1})
        expected = 409 if step.name in STEP_FORMS and everybody.has_role(*step.roles) else 403
        assert stale.status_code == expected, step.name
    assert [Dossier.objects.get(pk=row.pk).status for row in rows.values()] == list(rows)


def test_every_step_that_is_not_open_has_its_sentence(people, everybody):
    dossier = advance(factories.make_dossier(), "in_review", people=people)
    dossier.proposal = "granted"
    for status, step in product(Dossier.Status.values, workflow.STEPS.values()):
        dossier.status = status
        is_open = step in workflow.available(dossier, everybody)
        assert bool(desk.why_not(dossier, step, everybody)) != is_open
        assert not is_open or status in step.moves
