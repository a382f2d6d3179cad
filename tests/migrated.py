"""The tables as all migrations leave them, kept as a file of SQLite or a template of PostgreSQL: the first process
that needs them migrates, every later one copies. A migration or a role that changes makes them anew."""

import fcntl
import hashlib
import shutil
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.db import connection

from izportal import roles


def digest():
    folders = [Path(app.path) / "migrations" for app in apps.get_app_configs()]
    sources = [Path(roles.__file__), *(path for folder in folders for path in sorted(folder.glob("*.py")))]
    said = hashlib.sha256(f"{django.__version__} {connection.vendor}".encode())
    for path in sources:
        said.update(str(path).encode() + path.read_bytes())
    return said.hexdigest()[:16]


def take_or_wait():
    """Have the test database copied if there is something to copy. If not, hold the others back: a lock for `keep`."""
    lock = (settings.VAR_DIR / f"migrated-{connection.vendor}.lock").open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    place = FORMS[connection.vendor](digest())
    if not place.is_there():
        return lock
    place.copy()
    connection.settings_dict["TEST"]["MIGRATE"] = False
    return lock.close()


def keep(lock):
    FORMS[connection.vendor](digest()).keep()
    lock.close()


class File:
    """Kept from run to run."""

    def __init__(self, name):
        self.path = Path(settings.VAR_DIR) / f"migrated-{name}.sqlite3"

    def is_there(self):
        return self.path.exists()

    def copy(self):
        connection.creation._create_test_db = self._copy

    def _copy(self, verbosity, autoclobber, keepdb=False):
        return shutil.copyfile(self.path, connection.creation._get_test_db_name())

    def keep(self):
        for old in settings.VAR_DIR.glob("migrated-*.sqlite3"):
            old.unlink()
        unfinished = self.path.with_suffix(".new")
        unfinished.unlink(missing_ok=True)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(unfinished)])
        unfinished.rename(self.path)


class Template:
    """Kept as long as the server."""

    def __init__(self, name):
        self.name = f"izportal_migrated_{name}"

    def is_there(self):
        with connection.creation._nodb_cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.name])
            return cursor.fetchone() is not None

    def copy(self):
        connection.settings_dict["TEST"]["TEMPLATE"] = self.name

    def keep(self):
        made = connection.settings_dict["NAME"]
        connection.close()
        with connection.creation._nodb_cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{self.name}" TEMPLATE "{made}"')


FORMS = {"sqlite": File, "postgresql": Template}
