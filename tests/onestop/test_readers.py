"""Who gets the letters of a dossier, also when the one who filed it has left."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from izportal import outbox
from onestop import workflow
from onestop.readers import readers_of
from projects import mandates
from tests import factories
from tests.factories import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def filer(enterprise):
    return factories.make_user("nguoi-lap@thep.example", mandate_of=enterprise)


@pytest.fixture
def dossier(catalogue, filer):
    return factories.make_dossier(by=filer)


def leave(person):
    mandates.end(person.mandates.get(), by=person, at=timezone.now())


def addresses(dossier):
    dossier.refresh_from_db()
    return sorted(reader.email for reader in readers_of(dossier))


def test_contact_is_written_to_while_the_filer_acts(dossier, enterprise_user):
    dossier.contact_email = "van-phong@thep.example"
    assert [(r.email, r.user) for r in readers_of(dossier)] == [("van-phong@thep.example", dossier.created_by)]


def test_filer_is_written_to_where_no_contact_is_named(dossier):
    dossier.contact_email = ""
    assert [r.email for r in readers_of(dossier)] == ["nguoi-lap@thep.example"]


def test_those_who_prepare_and_sign_are_told_when_the_filer_has_left(dossier, enterprise, filer, stranger):
    for capacity in ("view", "prepare", "sign"):
        factories.make_user(f"{capacity}@thep.example", mandate_of=enterprise, capacity=capacity)
    leave(filer)
    assert addresses(dossier) == ["prepare@thep.example", "sign@thep.example"]


def test_contact_that_is_nobodys_account_goes_on_being_told(dossier, filer, enterprise_user):
    type(dossier).objects.update(contact_email="van-phong@thep.example")
    leave(filer)
    assert addresses(dossier) == ["ke-toan@thep.example", "van-phong@thep.example"]


def test_contact_who_has_left_is_passed_over_while_the_filer_acts(dossier, enterprise):
    other = factories.make_user("da-di@thep.example", mandate_of=enterprise)
    type(dossier).objects.update(contact_email="DA-DI@thep.example")
    other.mandates.update(until=timezone.localdate() - timedelta(days=1))
    assert addresses(dossier) == ["nguoi-lap@thep.example"]


def test_enterprise_is_written_to_when_nobody_is_left(dossier, enterprise, filer):
    leave(filer)
    assert addresses(dossier) == []
    type(enterprise).objects.update(email="cong-ty@thep.example")
    assert addresses(dossier) == ["cong-ty@thep.example"]


def test_switched_off_filer_is_not_written_to(dossier, filer, enterprise_user):
    type(filer).objects.filter(pk=filer.pk).update(is_active=False)
    type(dossier).objects.update(contact_email="")
    assert addresses(dossier) == ["ke-toan@thep.example"]


def test_letters_of_a_running_dossier_reach_the_colleagues(dossier, filer, enterprise_user):
    people = factories.make_people()
    filed = factories.advance(dossier, "received", people=people)
    leave(filer)
    outbox.drain()
    mail.outbox.clear()
    filed.refresh_from_db()
    workflow.take(filed, "assign", by=people["head"], at=at("2026-03-03 10:00"), to=people["specialist"])
    filed.refresh_from_db()
    workflow.take(filed, "open_review", by=people["specialist"], at=at("2026-03-03 10:05"))
    outbox.drain()
    assert {letter.to[0] for letter in mail.outbox} == {"ke-toan@thep.example"}
