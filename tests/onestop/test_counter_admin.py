"""Entering a dossier at the counter from the first note to reception, on the forms of the whole catalogue."""

import pytest
import time_machine
from django.urls import reverse

from onestop.models import Slip
from tests import factories
from tests.counter import begin, enter, page, receive, scan, text, type_in
from tests.factories import at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fixed_moment():
    with time_machine.travel(at("2026-03-03 09:15"), tick=False):
        yield


@pytest.fixture
def reference(db):
    factories.load_reference()


@pytest.mark.parametrize("code", ["1.009664", "2.000063", "1.009665"])
def test_procedure_is_entered_at_the_counter_up_to_reception(client, reference, db, code):
    clerk = factories.make_staff("reception")
    client.force_login(clerk)
    zone = factories.Zone.objects.get(slug="song-cong-2")
    enterprise = factories.make_enterprise(representative="Trần Văn Thử", address="Thái Nguyên")
    project = factories.make_project(zone=zone, enterprise=enterprise)
    dossier = type_in(client, begin(client, code, enterprise), plot=factories.make_plot(zone=zone), project=project)
    assert client.post(page("papers", dossier), {**scan(dossier), "go": "next"}).status_code == 302
    entered = enter(client, dossier)
    assert entered.url == reverse("admin:onestop_dossier_step", args=[dossier.pk, "receive"])
    told = text(receive(client, dossier))
    dossier.refresh_from_db()
    assert (dossier.status, dossier.channel, dossier.created_by) == ("received", "counter", clerk)
    assert [(e.step, e.role) for e in dossier.events.all()] == [("enter", "reception"), ("receive", "reception")]
    assert [slip.form for slip in dossier.slips.all()] == [Slip.Form.RECEIPT]
    assert f"In {dossier.slips.get()}" in told
