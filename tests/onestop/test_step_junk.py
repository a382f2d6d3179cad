"""Every step in every status by whoever holds its role, with pages that are stale, junk, or about another dossier:
told on the page, nothing is done, and the words that were typed are still there."""

import pytest
import time_machine
from django import forms
from django.urls import reverse

from izportal.models import Job, User
from onestop import workflow
from onestop.admin import STEP_FORMS
from onestop.models import Dossier, Event, Slip
from tests import factories
from tests.factories import at

NOW = at("2026-03-05 10:00")
STATUSES = ("submitted", "received", "assigned", "in_review", "head_check", "leader_sign", "numbering", "result_ready")
ROLES = ("reception", "specialist", "head", "leader", "clerk")
JUNK = ("\x00", "x" * 10_240, "²", "1e400", "31/02/2026", "9" * 30)
WORDS = "Chữ tôi đã gõ & cần giữ"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fixed_moment():
    with time_machine.travel(NOW, tick=False):
        yield


def written():
    rows = Dossier.objects.order_by("pk").values_list("status", "version_no", "decision", "due_at", "assigned_to")
    return [*rows], [model.objects.count() for model in (Event, Slip, Job)]


def fields_of(client, address):
    """{name: field} of the form as its reader gets it; {} where the step is closed."""
    answer = client.get(address)
    return dict(answer.context["form"].fields) if answer.status_code == 200 else {}


def wordy(fields):
    return {name for name, field in fields.items() if isinstance(field.widget, forms.Textarea)}


def sent(fields, dossier, word):
    """{kind: what is posted}; the third kind names things of others wherever one is to be chosen."""
    texts = dict.fromkeys(wordy(fields), WORDS)
    chosen = {name for name, field in fields.items() if isinstance(field, forms.ChoiceField)}
    yield {**dict.fromkeys(fields, "1"), **texts, "version_no": dossier.version_no - 1}
    yield dict.fromkeys(fields, word) | {"version_no": word}
    if chosen:
        yield {**texts, **dict.fromkeys(chosen, str(dossier.pk)), "version_no": dossier.version_no}


@pytest.mark.parametrize("status", STATUSES)
def test_bad_pages_of_every_step_do_nothing_and_keep_the_words(client, status):
    dossier = factories.make_walked(status)
    people = {role: User.objects.get(groups__name=role) for role in ROLES}
    client.raise_request_exception, before, tried = False, written(), 0
    steps = [step for step in workflow.STEPS.values() if status in step.moves and step.name in STEP_FORMS]
    for step in (step for step in steps if dossier.channel in step.channels or not step.channels):
        for role in (role for role in ROLES if role in step.roles):
            client.force_login(people[role])
            address = reverse("admin:onestop_dossier_step", args=[dossier.pk, step.name])
            fields = fields_of(client, address)
            for said in sent(fields, dossier, JUNK[tried % len(JUNK)]) if fields else ():
                answer, tried = client.post(address, said), tried + 1
                assert (answer.status_code in (200, 409), written()) == (True, before), (step.name, said)
                kept = answer.context["form"]
                assert {kept[name].value() for name in wordy(fields) if said[name] == WORDS} <= {WORDS}
    assert tried >= 2
