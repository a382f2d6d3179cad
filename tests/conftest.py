"""What every test may ask for: people of each role, land, a register and the two procedures filed here."""

from datetime import datetime
from importlib import import_module
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings as project_settings
from django.core.cache import caches
from django.core.files.storage import storages
from django.db import connection
from django.utils import translation

from izportal import appendonly
from izportal.models import StoredFile
from onestop import shapes
from tests import factories

FORMS = import_module("onestop.migrations.0009_forms_outlive_sample_people")
WORDINGS = import_module("onestop.migrations.0014_decisions_from_templates")
# Tables whose rows the database itself keeps, with what `appendonly.guard` was told of each.
APPEND_ONLY = {
    "projects_change": {}, "onestop_event": {}, "onestop_promise": {}, "zones_confirmation": {},
    "onestop_definition": {"changed": FORMS.CHANGED, "deleted": FORMS.PUBLISHED},
    "onestop_decisiontemplate": {"changed": WORDINGS.CHANGED, "deleted": WORDINGS.PUBLISHED},
}  # fmt: skip


def pytest_configure():
    """Plain files and quick hashes: the suite tests the portal, not the hasher or the manifest."""
    project_settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    project_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    memory = "django.core.cache.backends.locmem.LocMemCache"
    project_settings.CACHES = {name: {"BACKEND": memory, "LOCATION": name} for name in project_settings.CACHES}
    project_settings.MIDDLEWARE.remove("whitenoise.middleware.WhiteNoiseMiddleware")


def pytest_collection_modifyitems(config, items):
    """What needs no database, or any, has been proven on SQLite by the time PostgreSQL has its turn."""
    if connection.vendor == "sqlite":
        return
    kept = [item for item in items if _is_touched_by_the_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


def _is_touched_by_the_database(item):
    if item.get_closest_marker("any_database"):
        return False
    return bool({"db", "transactional_db"} & set(item.fixturenames) or item.get_closest_marker("django_db"))


@pytest.fixture(autouse=True)
def private_files(settings, tmp_path, monkeypatch):
    """Papers of a test lie in its own folder."""
    private = {
        **settings.STORAGES["private"],
        "OPTIONS": {**settings.STORAGES["private"]["OPTIONS"], "location": tmp_path / "private"},
    }
    settings.STORAGES = {**settings.STORAGES, "private": private}
    settings.PRIVATE_ROOT = tmp_path / "private"
    monkeypatch.setattr(StoredFile._meta.get_field("file"), "storage", storages["private"])


@pytest.fixture(autouse=True)
def empty_cache():
    for cache in caches.all():
        cache.clear()
    shapes.forget()


@pytest.fixture(autouse=True)
def vietnamese():
    """A page of /en/ asked for by one test leaves its language in the thread."""
    translation.activate("vi")


@pytest.fixture(autouse=True)
def append_only_guards(request):
    """SQLite empties tables by deleting rows after a transactional test; the guards are lifted for that alone."""
    marker = request.node.get_closest_marker("django_db")
    is_transactional = "transactional_db" in request.fixturenames or "live_server" in request.fixturenames
    if connection.vendor != "sqlite" or not (is_transactional or (marker and marker.kwargs.get("transaction"))):
        yield
        return
    request.getfixturevalue("transactional_db")
    lift_guards()
    put_guards()
    yield
    lift_guards()


def lift_guards():
    _run(statement for table in APPEND_ONLY for statement in appendonly.removal(table, connection.vendor))


def put_guards():
    guards = (appendonly.statements(table, connection.vendor, **told) for table, told in APPEND_ONLY.items())
    _run(statement for statements in guards for statement in statements)


def _run(statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.fixture
def moment():
    """Tuesday 3 March 2026, 09:15: an ordinary working moment."""
    return datetime(2026, 3, 3, 9, 15, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


@pytest.fixture
def staff(db):
    """`staff("specialist")`: a board person holding that role."""
    return factories.make_staff


@pytest.fixture
def enterprise(db):
    return factories.make_enterprise()


@pytest.fixture
def enterprise_user(enterprise):
    """Somebody who may sign for `enterprise`."""
    return factories.make_user("ke-toan@thep.example", mandate_of=enterprise)


@pytest.fixture
def stranger(db):
    """Somebody who may sign for another enterprise."""
    other = factories.make_enterprise(name="Công ty TNHH Khác", tax_code="4699999999")
    return factories.make_user("nguoi-la@khac.example", mandate_of=other)


@pytest.fixture
def zone(db):
    return factories.make_zone()


@pytest.fixture
def make_plot(db):
    return factories.make_plot


@pytest.fixture
def make_project(db):
    return factories.make_project


@pytest.fixture
def catalogue(db):
    """The two procedures filed here, with the rules of the counter; returns {code: Procedure}."""
    return factories.make_catalogue()


@pytest.fixture
def make_dossier(catalogue):
    return factories.make_dossier
