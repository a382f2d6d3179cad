"""What every test may ask for: people of each role, land, a register and the two procedures filed here."""

import gc
from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings as project_settings
from django.core.cache import caches
from django.core.files.storage import storages
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation

from izportal.models import StoredFile
from onestop import shapes
from tests import emptying, factories, migrated, planting


def pytest_configure():
    """Plain files and quick hashes: the suite tests the portal, not the hasher or the manifest."""
    project_settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    project_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    memory = "django.core.cache.backends.locmem.LocMemCache"
    project_settings.CACHES = {name: {"BACKEND": memory, "LOCATION": name} for name in project_settings.CACHES}
    project_settings.MIDDLEWARE.remove("whitenoise.middleware.WhiteNoiseMiddleware")
    # What migrations leave behind is swept in larger heaps: that takes a fifth off their time.
    gc.set_threshold(50_000, 20, 50)


def pytest_addoption(parser):
    parser.addoption("--half", action="store_true", help="of a long table of cases, only what falls to this database")


def pytest_collection_modifyitems(config, items):
    """What needs no database, or any, has been proven on SQLite by the time PostgreSQL has its turn. Of a long table
    of cases both take the first, and each takes every other one of the rest (`--half`): no case is left to neither."""
    is_sqlite = connection.vendor == "sqlite"
    kept = list(_half(items, odd=is_sqlite)) if config.getoption("half") else items
    kept = [item for item in kept if is_sqlite or _is_touched_by_the_database(item)]
    left = set(items) - set(kept)
    config.hook.pytest_deselected(items=[item for item in items if item in left])
    items[:] = kept


def pytest_collection_finish():
    """What stands by now, stands to the end: no sweep looks at it again."""
    gc.freeze()


SHARED_CASES = 2


def _half(items, *, odd):
    seen = Counter()
    for item in items:
        table = item.nodeid.partition("[")[0]
        place, seen[table] = seen[table], seen[table] + 1
        if place < SHARED_CASES or place % 2 == odd or not _is_touched_by_the_database(item):
            yield item


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
def fresh_soil():
    with planting.fresh_soil():
        yield


@pytest.fixture(autouse=True)
def vietnamese():
    """A page of /en/ asked for by one test leaves its language in the thread."""
    translation.activate("vi")


@pytest.fixture(scope="session")
def lock_of_migrations(django_db_blocker):
    """What holds the other processes back while this one migrates; None where nothing is to be migrated."""
    with django_db_blocker.unblock():
        return migrated.take_or_wait()


@pytest.fixture(scope="session")
def django_db_setup(lock_of_migrations, django_db_setup, django_db_blocker):
    """After a test that commits, only what it wrote is taken away."""
    with django_db_blocker.unblock():
        if lock_of_migrations:
            migrated.keep(lock_of_migrations)
        emptying.as_migrated()
    TransactionTestCase._fixture_teardown = emptying.empty


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
