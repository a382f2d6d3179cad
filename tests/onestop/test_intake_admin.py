"""Sending systems in the back office: made by an administrator, a token shown once, calls to be read."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from onestop import intake
from onestop.models import IntakeCall, IntakeSystem
from tests import factories
from tests.sending import MOMENT, Sender

pytestmark = pytest.mark.django_db


@pytest.fixture
def system(db):
    return IntakeSystem.objects.create(name="Cổng Dịch vụ công quốc gia")


def page(name, *args):
    return reverse(f"admin:onestop_{name}", args=args)


def signed_in(client, role="administrator"):
    client.force_login(factories.make_staff(role))
    return client


def test_administrator_makes_a_system_and_switches_it_off(client):
    signed_in(client).post(page("intakesystem_add"), {"name": "Hệ thống thử", "contact": "", "is_active": "on"})
    made = IntakeSystem.objects.get()
    assert (made.name, made.is_active, made.token_hash) == ("Hệ thống thử", True, None)
    form = client.get(page("intakesystem_change", made.pk)).context["adminform"].form
    hidden = {field.name: field.value() for field in form if field.is_hidden}
    client.post(page("intakesystem_change", made.pk), {"name": made.name, "contact": "", **hidden})
    made.refresh_from_db()
    assert made.is_active is False


def test_token_is_shown_once_and_works(client, system):
    asked = signed_in(client).get(page("intakesystem_token", system.pk))
    assert asked.context["token"] == ""
    answer = client.post(page("intakesystem_token", system.pk))
    token = answer.context["token"]
    assert intake.authenticate(token) == system
    assert token in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert token not in client.get(page("intakesystem_token", system.pk)).content.decode()
    assert token not in str(list(LogEntry.objects.values()))


def test_renewal_says_what_it_ends(client, system):
    old = intake.renew_token(system, at=MOMENT)
    assert "hết hiệu lực" in signed_in(client).get(page("intakesystem_token", system.pk)).content.decode()
    client.post(page("intakesystem_token", system.pk))
    assert intake.authenticate(old) is None


@pytest.mark.parametrize("role", ["auditor", "reception", "leader", "land"])
def test_others_make_no_token(client, system, role):
    assert signed_in(client, role).post(page("intakesystem_token", system.pk)).status_code == 403
    system.refresh_from_db()
    assert system.token_hash is None


def test_a_system_is_never_deleted(client, system):
    assert signed_in(client).get(page("intakesystem_delete", system.pk)).status_code == 403


def test_calls_are_read_with_their_answers(client, catalogue):
    sender = Sender()
    sender.dossier(key="mot")
    sender.dossier(sender.whole(papers=[]), key="hai")
    listed = signed_in(client, "auditor").get(page("intakecall_changelist"), {"key": "mot"})
    assert listed.status_code == 200
    call = IntakeCall.objects.get(key="hai")
    told = client.get(page("intakecall_change", call.pk)).content.decode()
    assert "422 · bị từ chối" in told
    assert "papers" in told


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("intakesystem", 5), ("intakecall", 7)])
def test_lists_do_not_grow_in_queries(client, django_assert_num_queries, name, queries, count):
    for number in range(count):
        system = IntakeSystem.objects.create(name=f"Hệ thống {number}")
        IntakeCall.objects.create(system=system, key="a", sha256="0" * 64, status=201, dossier=None)
    signed_in(client)
    client.get(page(f"{name}_changelist"))
    with django_assert_num_queries(queries):
        client.get(page(f"{name}_changelist"))
