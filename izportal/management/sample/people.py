"""Sample people: an account for each role and a second specialist, one that files for an enterprise, and applicants
nobody can sign in as."""

import os
import secrets
from datetime import datetime

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.utils.translation import gettext as _

from izportal import roles
from izportal.management.sample.setting import Setting, words
from izportal.models import Division, User

DOMAIN = "mau.example"
ENTERPRISE = "enterprise"
# Letters and digits that are not taken for one another when read from a screen.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def make(setting: Setting, password: str) -> None:
    """Fill `setting.people` by role and `setting.applicants`; one hash serves all, as one password does."""
    said, secret = words("people"), make_password(password)
    divisions, groups = {d.code: d for d in Division.objects.all()}, {g.name: g for g in Group.objects.all()}
    for row in said["staff"]:
        fields = {"division": divisions.get(row["division"]), "zones": row.get("zones", []), "is_staff": True}
        person = _person(row.get("account", row["role"]), row["name"], secret, setting.now, **fields)
        person.groups.add(groups[row["role"]])
        # The first of a role does the sample's work; a second one is there to be handed dossiers, to stand in.
        setting.people.setdefault(row["role"], person)
    filing = said["enterprise"]
    setting.people[ENTERPRISE] = _person(filing["account"], filing["name"], secret, setting.now, phone=filing["phone"])
    for number, name in enumerate(said["applicants"], start=1):
        setting.applicants.append(_person(f"nguoi-nop-{number:02d}", name, make_password(None), setting.now))


def _person(account: str, name: str, secret: str, at: datetime, **fields) -> User:
    address = f"{account}@{DOMAIN}"
    return User.objects.create(
        email=address, full_name=name, password=secret, date_joined=at, is_sample=True, **fields
    )


def choose_password() -> str:
    given = os.environ.get("SAMPLE_PASSWORD", "")
    return given or "-".join("".join(secrets.choice(LETTERS) for _place in range(4)) for _group in range(4))


# The list of accounts -----------------------------------------------------------------------------
def accounts_file():
    return settings.VAR_DIR / "sample-accounts.txt"


def write_accounts(password: str) -> None:
    """Only the owner of the machine may read the list."""
    path = accounts_file()
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(_list_of_accounts(password), encoding="utf-8")


def told_accounts() -> str:
    """What was written at the load; without it the addresses alone, for the password is not kept."""
    path = accounts_file()
    return path.read_text(encoding="utf-8") if path.exists() else _list_of_accounts("")


def _list_of_accounts(password: str) -> str:
    said = words("people")
    rows = [(row.get("account", row["role"]), roles.label(row["role"])) for row in said["staff"]]
    rows.append((said["enterprise"]["account"], _("Người nộp hồ sơ của doanh nghiệp mẫu")))
    lines = [f"  {account + '@' + DOMAIN:26}{label}" for account, label in rows]
    head = _("Tài khoản mẫu, mật khẩu chung: %(password)s") % {
        "password": password or _("do người nạp dữ liệu mẫu giữ")
    }
    return "\n".join([head, *lines, ""])
