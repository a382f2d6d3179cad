"""What the counter shows is kept until something of it changes: every write counts, whoever writes."""

import pytest
from django.apps import apps
from django.db import connection

from izportal import versions
from izportal.models import Rule, User
from onestop import version
from onestop.models import CounterChange, Dossier, Message, Procedure
from projects.models import Enterprise
from tests import lives
from zones.models import Zone

pytestmark = pytest.mark.django_db
WRITES = {
    "a dossier moved past its model": lambda dossier: Dossier.objects.update(status="archived"),
    "a dossier handed over": lambda dossier: Dossier.objects.update(assigned_to=dossier.created_by),
    "an event": lambda dossier: lives.turn(dossier, "open_review", "assigned", "in_review", "03-03"),
    "a request answered": lambda dossier: lives.ask(dossier, "03-03", "03-04"),
    "a result mended": lambda dossier: lives.mended(dossier, "03-03"),
    "a message": lambda dossier: Message.objects.create(dossier=dossier, by=dossier.created_by, text="x"),
    "an enterprise renamed": lambda dossier: Enterprise.objects.update(name_vi="Khác"),
    "a zone renamed": lambda dossier: Zone.objects.update(short_name_vi="Khác"),
    "a procedure renamed": lambda dossier: Procedure.objects.update(name_vi="Khác"),
    "a person renamed": lambda dossier: User.objects.update(full_name="Khác"),
    "a role given": lambda dossier: dossier.created_by.groups.add(1),
    "a rule changed": lambda dossier: Rule.objects.update(value="9"),
}


@pytest.fixture
def dossier(catalogue, zone):
    return lives.lived()


@pytest.mark.parametrize("name", WRITES)
def test_every_write_makes_a_new_version(dossier, name):
    before = version.now()
    WRITES[name](dossier)
    assert version.now() != before


def test_every_table_counts_every_deed(db):
    """Fails where a migration made a table anew on SQLite: it has to end with `version.counted(table)`."""
    of_sqlite = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    of_postgresql = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    with connection.cursor() as cursor:
        cursor.execute(of_sqlite if connection.vendor == "sqlite" else of_postgresql)
        found = {name for (name,) in cursor.fetchall()}
    assert {
        f"onestop_counterchange_{table}_{deed}"[:63] for table in version.TABLES for deed in versions.DEEDS
    } <= found


def test_what_an_applicant_types_leaves_the_version(dossier):
    typed = {field.attname: getattr(dossier, field.attname) for field in Dossier._meta.concrete_fields}
    draft = Dossier.objects.create(**typed | {"id": None, "status": "draft", "code": None, "reference": "XN-nhap"})
    before = version.now()
    Dossier.objects.filter(pk=draft.pk).update(answers={"a": 1})
    assert version.now() == before
    Dossier.objects.filter(pk=draft.pk).update(status="submitted")
    assert version.now() != before


def test_swept_versions_never_come_again(dossier):
    before = version.now()
    version.sweep()
    assert (CounterChange.objects.count(), version.now() != before) == (1, True)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite alone makes a table anew")
def test_no_version_comes_twice_where_a_trigger_was_lost(dossier):
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER onestop_counterchange_zones_zone_update")
    assert version.now() != version.now()


def test_tables_are_those_of_models():
    known = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    assert set(version.TABLES) <= known
