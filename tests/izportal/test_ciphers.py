"""What is kept as cipher: read under its key and a former one, of no use without; and how old rows became it."""

from importlib import import_module

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.apps import apps

from izportal import ciphers
from tests import factories
from tests.izportal.test_second_factor import code_now

ANOTHER = "another key of this portal, long enough for everybody"


def test_cipher_is_another_each_time_and_says_the_same():
    first, second = ciphers.hide("JBSWY3DP"), ciphers.hide("JBSWY3DP")
    assert (first != second, {ciphers.reveal(first), ciphers.reveal(second)}) == (True, {"JBSWY3DP"})


@pytest.mark.parametrize("word", ["", "JBSWY3DP", "gAAAAA", "không"])
def test_what_is_no_cipher_says_nothing(word):
    assert ciphers.reveal(word) is None


def test_former_key_still_opens(settings):
    hidden = ciphers.hide("JBSWY3DP")
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], ANOTHER
    assert ciphers.reveal(hidden) == "JBSWY3DP"


@pytest.fixture
def guarded(db):
    person, secret = factories.make_user("nguoi@thep.example"), generate_totp_secret()
    return TOTP.activate(person, secret), RecoveryCodes.activate(person), secret


def test_factor_lies_in_the_database_as_cipher(guarded):
    app, codes, secret = guarded
    kept = [ciphers.reveal(row.data[key]) for row, key in ((app.instance, "secret"), (codes.instance, "seed"))]
    assert (secret in str(app.instance.data), kept[0] == secret, len(kept[1])) == (False, True, 80)
    assert (app.validate_code(code_now(secret)), codes.validate_code(codes.generate_codes()[0])) == (True, True)


def test_factor_without_its_key_is_refused(guarded, settings):
    app, codes, secret = guarded
    code, spare = code_now(secret), codes.generate_codes()[0]
    settings.SECRET_KEY = ANOTHER
    assert (app.validate_code(code), app.validate_code(code_now("")), codes.validate_code(spare)) == (False,) * 3


def test_factors_of_before_are_hidden_once_and_can_be_shown(db):
    migration = import_module("izportal.migrations.0011_hide_second_factors")
    person = factories.make_user("nguoi@thep.example")
    plain = {"totp": {"secret": "JBSWY3DP"}, "recovery_codes": {"seed": "ab", "used_mask": 3}, "webauthn": {"x": "y"}}
    for kind, data in plain.items():
        Authenticator.objects.create(user=person, type=kind, data=data)
    migration.hide_all(apps, None)
    migration.hide_all(apps, None)
    app, codes, key = (Authenticator.objects.get(type=kind).data for kind in plain)
    assert (ciphers.reveal(app["secret"]), ciphers.reveal(codes["seed"]), codes["used_mask"]) == ("JBSWY3DP", "ab", 3)
    assert (key, "JBSWY3DP" in str(app)) == ({"x": "y"}, False)
    migration.show_all(apps, None)
    assert {row.type: row.data for row in Authenticator.objects.all()} == plain
