"""The short cuts of the suite itself: what is planted is what was made, and of what a test commits nothing is left."""

import shutil

import pytest
import time_machine
from django.conf import settings
from django.core import serializers
from django.db import DatabaseError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from onestop import workflow
from onestop.models import Dossier, Event, Paper, Procedure
from tests import emptying, factories
from tests.factories import at
from tests.planting import planted
from zones.models import Plot

MOMENT = at("2026-03-03 09:15")


@planted
def submitted():
    factories.make_catalogue()
    dossier = factories.make_dossier()
    return workflow.take(dossier, "submit", by=dossier.created_by, at=MOMENT)


def everything():
    """Each row of the tables that hold something, and the bytes of the papers."""
    models = (Procedure, Dossier, Event, Paper)
    rows = [serializers.serialize("json", model.objects.order_by("pk")) for model in models]
    return rows, [paper.stored.file.read() for paper in Paper.objects.order_by("pk")]


def test_planted_rows_and_papers_are_those_that_were_made(db):
    with transaction.atomic():
        first, made = submitted(), everything()
        transaction.set_rollback(True)
    shutil.rmtree(settings.PRIVATE_ROOT)
    again = submitted()
    assert (again, everything()) == (first, made)
    assert again is not first


def test_builder_builds_anew_where_rows_stand_in_the_way(db):
    with transaction.atomic():
        submitted()
        transaction.set_rollback(True)
    factories.make_division()
    dossier = submitted()
    assert list(Dossier.objects.values_list("pk", "status")) == [(dossier.pk, "submitted")]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_left_of_what_was_committed():
    submitted()
    emptying.empty()
    assert emptying.full_tables() == emptying.as_migrated().keys()


@pytest.mark.django_db(transaction=True)
def test_guards_stand_again_after_the_emptying():
    emptying.empty()
    event = Event.objects.create(dossier=submitted(), step="receive", at=MOMENT)
    with pytest.raises(DatabaseError, match="append-only"):
        event.delete()


def test_kept_tables_are_those_of_all_migrations(db):
    """Whoever copied them, finds nothing left to migrate."""
    assert set(MigrationLoader(None).disk_migrations) <= set(MigrationRecorder(connection).applied_migrations())


def walked(*writes):
    """A dossier on planted ground, and on what else is written there."""
    factories.make_catalogue()
    people = factories.make_people()
    for write in writes:
        write()
    return factories.advance(factories.make_dossier(), "received", people=people)


def test_dossier_is_walked_once_and_then_copied_with_all_that_it_changed(db):
    with transaction.atomic():
        first, made = walked(), (*everything(), Plot.objects.get().last_status)
        transaction.set_rollback(True)
    shutil.rmtree(settings.PRIVATE_ROOT)
    again = walked()
    assert (again, (*everything(), Plot.objects.get().last_status)) == (first, made)


@pytest.mark.parametrize("write", [factories.make_enterprise, lambda: Procedure.objects.update(name_en="Other")])
def test_dossier_is_walked_anew_beside_anything_else(db, write):
    with transaction.atomic():
        first = walked()
        transaction.set_rollback(True)
    assert walked(write).pk != first.pk


def test_dossier_is_walked_anew_at_another_moment(db):
    found = []
    for day in (3, 4):
        with time_machine.travel(at(f"2026-03-0{day} 09:15"), tick=False), transaction.atomic():
            found.append(walked().pk)
            transaction.set_rollback(True)
    assert found[0] != found[1]
