"""The tables as all migrations leave them, kept as a file of SQLite: the first process that needs them migrates, every
later one copies, in the next phase too. A migration or a role that changes makes the file anew."""

import fcntl
import hashlib
import shutil
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.db import connection

from izportal import roles


def kept():
    """Where the file lies, or would lie."""
    folders = [Path(app.path) / "migrations" for app in apps.get_app_configs()]
    sources = [Path(roles.__file__), *(path for folder in folders for path in sorted(folder.glob("*.py")))]
    digest = hashlib.sha256(f"{django.__version__} {connection.Database.sqlite_version}".encode())
    for path in sources:
        digest.update(str(path).encode() + path.read_bytes())
    return Path(settings.VAR_DIR) / f"migrated-{digest.hexdigest()[:16]}.sqlite3"


def take_or_wait():
    """Have the test database copied if the file is there. If not, hold the others back: a lock to give to `keep`."""
    lock = (settings.VAR_DIR / "migrated.lock").open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    if not kept().exists():
        return lock
    connection.creation._create_test_db = _copy
    connection.settings_dict["TEST"]["MIGRATE"] = False
    return lock.close()


def _copy(verbosity, autoclobber, keepdb=False):
    return shutil.copyfile(kept(), connection.creation._get_test_db_name())


def keep(lock):
    for old in settings.VAR_DIR.glob("migrated-*.sqlite3"):
        old.unlink()
    unfinished = kept().with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(unfinished)])
    unfinished.rename(kept())
    lock.close()
