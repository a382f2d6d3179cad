"""Wrong passwords: strangers slow down strangers only, the owner gets in, and nobody learns who has an account."""

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.core.cache.backends.filebased import FileBasedCache
from django.test import Client
from django.urls import reverse

from izportal import lockout
from izportal.models import Notice
from tests import factories

pytestmark = pytest.mark.django_db
RIGHT, WRONG = "mat-khau-thu", "mat-khau-sai"
REFUSED = "Bạn đã nhập sai quá nhiều lần. Hãy đợi vài phút rồi thử lại."
MISMATCH = "Thư điện tử hoặc mật khẩu không đúng."
NOW = "2026-03-03T09:15:00+07:00"


@pytest.fixture(autouse=True)
def still():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def owner():
    return factories.make_user("chu@thep.example")


def try_it(browser, password=WRONG, email="chu@thep.example", at="198.51.100.7"):
    """What the page says: a sentence, or "in"."""
    answer = browser.post("/dang-nhap/", {"login": email, "password": password}, REMOTE_ADDR=at)
    return "in" if answer.status_code == 302 else answer.context["form"].non_field_errors()[0]


def hammer(times, **how):
    """A stranger with another address for each try."""
    return [try_it(Client(), at=f"203.0.113.{number}", **how) for number in range(times)]


@pytest.fixture
def known(owner):
    """The owner's own browser, signed out again."""
    browser = Client()
    assert try_it(browser, RIGHT) == "in"
    browser.post("/dang-xuat/")
    return browser


def test_a_hundred_strangers_do_not_keep_the_owner_out(known):
    hammer(100)
    assert try_it(known, RIGHT) == "in"


def test_a_stranger_is_refused_after_five_tries(owner):
    stranger = Client()
    assert [try_it(stranger) for _try in range(6)] == [MISMATCH] * 5 + [REFUSED]


def test_a_stranger_who_guesses_right_too_late_is_refused(owner):
    stranger = Client()
    for _try in range(5):
        try_it(stranger)
    assert try_it(stranger, RIGHT) == REFUSED


def test_many_addresses_are_slowed_down_together(owner):
    answers = hammer(40)
    assert (answers.count(MISMATCH), answers.count(REFUSED)) == (31, 9)


def test_slowed_down_is_not_shut_out(owner, still):
    hammer(40)
    still.shift(21)
    assert try_it(Client(), RIGHT, at="198.51.100.9") == "in"


def test_the_wait_is_over_in_five_minutes(owner, still):
    stranger = Client()
    for _try in range(6):
        try_it(stranger)
    still.shift(301)
    assert try_it(stranger, RIGHT) == "in"


def test_one_address_does_not_go_through_many_accounts():
    sprayer = Client()
    answers = [try_it(sprayer, email=f"nguoi{number}@thep.example") for number in range(30)]
    assert (answers[:20], answers[20:]) == ([MISMATCH] * 20, [REFUSED] * 10)


def test_a_sprayer_in_the_same_office_keeps_nobody_out(known):
    for number in range(30):
        try_it(Client(), email=f"nguoi{number}@thep.example")
    assert try_it(known, RIGHT) == "in"


def test_nobody_learns_from_the_refusals_who_has_an_account(owner):
    there, absent = Client(), Client()
    seen = [try_it(there) for _try in range(8)]
    assert [try_it(absent, email="khong-co@thep.example", at="198.51.100.8") for _try in range(8)] == seen


def test_an_address_in_capitals_is_the_same_account(owner):
    stranger = Client()
    for _try in range(5):
        try_it(stranger, email="Chu@Thep.Example")
    assert try_it(stranger) == REFUSED


def test_a_known_browser_has_tries_of_its_own_and_no_more(known):
    assert [try_it(known) for _try in range(11)] == [MISMATCH] * 10 + [REFUSED]


def test_right_passwords_are_not_counted(owner):
    for _time in range(8):
        browser = Client()
        assert try_it(browser, RIGHT) == "in"


def test_a_browser_known_to_one_account_is_a_stranger_to_others(known):
    factories.make_user("khac@thep.example")
    for _try in range(5):
        try_it(known, email="khac@thep.example")
    assert try_it(known, RIGHT, email="khac@thep.example") == REFUSED


@pytest.mark.parametrize("forged", ["x", "", "eyJicm93c2VyIjoiYSJ9:1abc:def", "\x00", "x" * 5000])
def test_a_forged_mark_is_no_mark(owner, forged):
    stranger = Client()
    stranger.cookies[lockout.COOKIE] = forged
    assert [try_it(stranger) for _try in range(6)][-1] == REFUSED


def test_the_mark_does_not_name_the_account(known):
    cookie = known.cookies[lockout.COOKIE]
    assert ("chu@thep" in cookie.value, cookie["httponly"], cookie["samesite"]) == (False, True, "Lax")


def test_a_letter_lets_the_owner_in_from_anywhere(owner):
    hammer(32)
    browser = Client()
    browser.post(reverse("account_reset_password"), {"email": owner.email})
    address = next(word for word in Notice.objects.get().body.split() if word.startswith("http"))
    form = browser.get(address, follow=True).redirect_chain[-1][0]
    answer = browser.post(form, {"password1": "mot-mat-khau-moi", "password2": "mot-mat-khau-moi"})
    assert answer["Location"] == reverse("after_sign_in")
    browser.post("/dang-xuat/")
    hammer(32)
    assert try_it(browser, "mot-mat-khau-moi") == "in"


def test_letters_stop_before_they_fill_a_mailbox(owner):
    for _time in range(8):
        Client().post(reverse("account_reset_password"), {"email": owner.email})
    assert Notice.objects.count() == 5


def test_passkeys_are_not_counted(owner):
    """There is nothing to guess, and whoever has one gets in by it while strangers hammer."""
    answers = [Client().post(reverse("mfa_login_webauthn"), {"credential": "{}"}).status_code for _try in range(30)]
    assert answers == [302] * 30


def test_codes_of_the_second_factor_are_counted(owner):
    TOTP.activate(owner, generate_totp_secret())
    browser = Client()
    assert try_it(browser, RIGHT) == "in"  # as far as the second factor
    answers = [browser.post(reverse("mfa_authenticate"), {"code": "000000"}) for _try in range(11)]
    assert [answer.context["form"].errors["code"][0] for answer in answers][-2:] == [
        "Mã không đúng. Hãy nhập mã đang hiện trên điện thoại.", REFUSED,
    ]  # fmt: skip


def test_letters_to_one_mailbox_are_counted(owner, still):
    for _time in range(12):
        form = {"full_name": "A", "language": "vi", "password1": "mot-mat-khau-moi", "password2": "mot-mat-khau-moi"}
        Client().post(reverse("account_signup"), {**form, "email": owner.email})
        still.shift(11)
    assert Notice.objects.filter(email=owner.email).count() == 10


def test_a_session_may_prove_itself_while_strangers_hammer(owner):
    browser = Client()
    browser.force_login(owner)
    hammer(32)
    answer = browser.post(reverse("account_reauthenticate"), {"password": RIGHT})
    assert answer.status_code == 302


def test_counts_hold_in_a_cache_of_files(owner, tmp_path, monkeypatch):
    """What another process has counted counts here as well."""
    files = FileBasedCache(tmp_path, {"OPTIONS": {"MAX_ENTRIES": 1000}})
    monkeypatch.setattr("allauth.core.internal.ratelimit.cache", files)
    stranger = Client()
    assert [try_it(stranger) for _try in range(6)] == [MISMATCH] * 5 + [REFUSED]
    cache.clear()
    assert try_it(stranger) == REFUSED
