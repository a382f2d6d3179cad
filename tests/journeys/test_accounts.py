"""An account in a real browser: the code by mail, an authenticator app, a passkey on a made-up chip, sessions; each
page for axe in both languages and at two widths, and the ways that must work without JavaScript."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.urls import reverse
from django.utils import translation

from izportal import accounts
from izportal.models import Notice
from tests.journeys.conftest import PASSWORD
from tests.journeys.test_pages import addresses, check, check_here

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CHIP = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip
SUBMIT = "form.stack button:not([type])"


def code_now(secret):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def secret_on(visitor):
    return visitor.page.inner_text(".keytext").strip()


def code_in_letter(email):
    letter = Notice.objects.filter(email=email, kind="account-code").latest("pk")
    return re.search(r"^\S{4,12}$", letter.body, re.MULTILINE).group()


def sign_up(visitor, email, language="vi"):
    with translation.override(language):
        visitor.open(reverse("account_signup"))
    visitor.fill(full_name="Trần Thị Mới", email=email, phone="0208 385 1234", password1="mot-mat-khau-moi")
    visitor.fill(password2="mot-mat-khau-moi").press(SUBMIT)
    return visitor.fill(code=code_in_letter(email)).press(SUBMIT)


def prove(visitor):
    return visitor.fill(password=PASSWORD).press(SUBMIT)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_newcomer_signs_up_and_guards_the_account(visit, scripts):
    """With and without JavaScript: sign up, set up an app, sign in with its code, then with a recovery code."""
    with visit(390, java_script_enabled=scripts) as visitor:
        sign_up(visitor, "moi@thep.example")
        assert visitor.path == reverse("what_next")
        visitor.open(reverse("mfa_activate_totp")).fill(password="mot-mat-khau-moi").press(SUBMIT)
        secret = secret_on(visitor)
        visitor.fill(code=code_now(secret)).press(SUBMIT)
        codes = visitor.page.locator(".codes code").all_inner_texts()
        assert (visitor.path, len(codes)) == (reverse("mfa_view_recovery_codes"), 10)
        for proof in (code_now(secret), codes[0]):
            visitor.open(reverse("account_logout")).press("form button")
            visitor.open("/dang-nhap/").fill(login="moi@thep.example", password="mot-mat-khau-moi").press(SUBMIT)
            assert visitor.path == reverse("mfa_authenticate")
            visitor.fill(code=proof).press(SUBMIT)
            assert visitor.path == reverse("onestop:dossier_list")
            cache.clear()  # the code of this half minute has been used


def test_a_passkey_opens_the_account_without_a_password(visit, applicant):
    with visit() as visitor:
        chip = visitor.page.context.new_cdp_session(visitor.page)
        chip.send("WebAuthn.enable")
        chip.send("WebAuthn.addVirtualAuthenticator", {"options": CHIP})
        visitor.sign_in(applicant).open(reverse("mfa_add_webauthn"))
        prove(visitor).fill(name="Máy văn phòng", passwordless=True).press("#passkey_add")
        assert visitor.path == reverse("mfa_view_recovery_codes")
        visitor.open(reverse("account_logout")).press("form button")
        visitor.open("/dang-nhap/?next=/tai-khoan/").press("#passkey_login")
        assert (visitor.path, "Đang dùng: 1" in visitor.text) == (reverse("my_account"), True)
        visitor.open(reverse("account_logout")).press("form button")
        visitor.sign_in(applicant).press("#passkey_authenticate")
        assert visitor.path == reverse("onestop:dossier_list")


def test_a_passkey_that_is_not_there_is_said_on_the_page(visit, applicant):
    with visit() as visitor:
        chip = visitor.page.context.new_cdp_session(visitor.page)
        chip.send("WebAuthn.enable")
        chip.send("WebAuthn.addVirtualAuthenticator", {"options": CHIP})
        visitor.open("/dang-nhap/")
        assert not visitor.page.is_visible("[data-passkey-failed]")
        visitor.page.click("#passkey_login")
        visitor.page.wait_for_selector("[data-passkey-failed]:not([hidden])")
        assert visitor.page.is_enabled("#passkey_login")


def test_sessions_are_seen_and_ended(visit, applicant):
    with visit() as here, visit(390) as there:
        there.sign_in(applicant)
        here.sign_in(applicant).open(reverse("usersessions_list"))
        here.press("form[action*='ket-thuc'] button")
        assert here.page.locator(".keyrow").count() == 1
        there.open(reverse("my_account"))
        assert there.path == "/dang-nhap/?next=/tai-khoan/"


def test_staff_are_led_to_a_second_factor_and_then_to_their_desk(visit, people, settings):
    settings.STAFF_SECOND_FACTOR = True
    with visit() as visitor:
        visitor.sign_in(people["reception"])
        assert visitor.path == reverse("mfa_index")
        visitor.press("a[href$='totp/activate/']")
        prove(visitor)
        visitor.fill(code=code_now(secret_on(visitor))).press(SUBMIT)
        visitor.press("a[href$='sau-dang-nhap/']")
        assert visitor.path == reverse("admin:index")


PLAIN = [
    *("account_login", "account_signup", "account_reset_password", "account_reset_password_done", "account_inactive"),
    "account_reset_password_from_key_done",
]
OWN = [
    *("my_account", "my_details", "account_email", "account_change_password", "mfa_index", "usersessions_list"),
    *("mfa_reauthenticate", "account_reauthenticate", "what_next", "account_logout"),
]
PROVED = ["mfa_deactivate_totp", "mfa_generate_recovery_codes", "mfa_add_webauthn", "mfa_list_webauthn"]


@pytest.mark.parametrize(("language", "width"), [("vi", 390), ("en", 1440)])
def test_pages_of_an_account_are_accessible_and_fit(visit, applicant, language, width):
    accounts.vouch(applicant)
    secret = generate_totp_secret()
    with visit(width) as visitor:
        for address in addresses(language, [(name,) for name in PLAIN]):
            check(visitor, address)
        sign_in, activate, proof, prove_it = addresses(
            language, [("account_login",), ("mfa_activate_totp",), ("account_reauthenticate",), ("mfa_authenticate",)]
        )
        visitor.sign_in(applicant, sign_in)
        visitor.open(activate)
        prove(visitor)
        check(visitor, activate)
        TOTP.activate(applicant, secret)
        for address in addresses(language, [(name,) for name in [*OWN, *PROVED]]):
            check(visitor, address)
        visitor.open(addresses(language, [("account_logout",)])[0]).press("form button")
        visitor.sign_in(applicant, sign_in)
        check(visitor, prove_it)


@pytest.mark.parametrize(("language", "width"), [("vi", 390), ("en", 1440)])
def test_pages_of_codes_are_accessible_and_fit(visit, language, width):
    """Pages that are seen once: the code by mail, and the recovery codes."""
    with visit(width) as visitor:
        code_page, codes = addresses(language, [("account_email_verification_sent",), ("mfa_view_recovery_codes",)])
        with translation.override(language):
            visitor.open(reverse("account_signup"))
        visitor.fill(full_name="Trần Thị Mới", email="moi@thep.example", password1="mot-mat-khau-moi")
        visitor.fill(password2="mot-mat-khau-moi").press(SUBMIT)
        check(visitor, code_page)
        visitor.fill(code=code_in_letter("moi@thep.example")).press(SUBMIT)
        visitor.open(addresses(language, [("mfa_activate_totp",)])[0])
        visitor.fill(password="mot-mat-khau-moi").press(SUBMIT)
        visitor.fill(code=code_now(secret_on(visitor))).press(SUBMIT)
        assert visitor.path == codes
        check_here(visitor)
