"""Signing in and out: the page, its words, the lock after wrong tries, and a forgotten password."""

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import translation

from izportal import outbox
from tests import factories

pytestmark = pytest.mark.django_db
ADDRESS = "/dang-nhap/"
WRONG = "Thư điện tử hoặc mật khẩu không đúng."


@pytest.fixture
def person(enterprise):
    return factories.make_user("nguoi@thep.example", mandate_of=enterprise)


def sign_in(client, email="nguoi@thep.example", password="mat-khau-thu", address=ADDRESS, **more):
    return client.post(address, {"login": email, "password": password, **more})


def errors(response):
    return response.context["form"].non_field_errors()


def test_the_right_pair_signs_in(client, person):
    response = sign_in(client)
    assert (response["Location"], client.session["_auth_user_id"]) == (reverse("after_sign_in"), str(person.pk))


def test_one_goes_on_to_the_page_that_was_asked(client, person):
    assert sign_in(client, next="/ho-so/")["Location"] == "/ho-so/"


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\x00"])
def test_nobody_is_led_to_another_site(client, person, address):
    assert sign_in(client, next=address)["Location"] == reverse("after_sign_in")


@pytest.mark.parametrize(
    ("email", "password"), [("nguoi@thep.example", "sai"), ("khong-co@thep.example", "mat-khau-thu")]
)
def test_a_wrong_pair_and_an_unknown_address_look_alike(client, person, email, password):
    response = sign_in(client, email, password)
    assert (response.status_code, errors(response)) == (200, [WRONG])


@pytest.mark.parametrize(
    ("email", "password"), [("", ""), ("x", "y"), ("a\x00@b.example", "c\x00"), ("x" * 9000, "y")]
)
def test_bad_input_gets_the_page_again(client, person, email, password):
    response = sign_in(client, email, password)
    assert (response.status_code, "_auth_user_id" in client.session) == (200, False)


def test_after_wrong_tries_the_right_password_must_wait(client, person):
    for _try in range(5):
        sign_in(client, password="sai")
    response = sign_in(client)
    assert errors(response) == ["Bạn đã nhập sai quá nhiều lần. Hãy đợi vài phút rồi thử lại."]


def test_a_locked_account_is_told(client, person):
    person.is_active = False
    person.save()
    response = sign_in(client)
    assert (response["Location"], "Tài khoản đang bị khóa" in client.get(response["Location"]).content.decode()) == (
        reverse("account_inactive"), True,
    )  # fmt: skip


def test_signing_out_takes_a_press(client, person):
    client.force_login(person)
    client.get("/dang-xuat/")
    assert "_auth_user_id" in client.session
    client.post("/dang-xuat/")
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("email", ["nguoi@thep.example", "khong-co@thep.example"])
def test_a_forgotten_password_answers_everyone_alike(client, person, email):
    response = client.post(reverse("account_reset_password"), {"email": email})
    outbox.drain()
    assert (response["Location"], [letter.to for letter in mail.outbox]) == (
        reverse("account_reset_password_done"), [[email]],
    )  # fmt: skip


def test_the_letter_leads_to_a_new_password(client, person):
    client.post(reverse("account_reset_password"), {"email": person.email})
    outbox.drain()
    address = next(word for word in mail.outbox[0].body.split() if word.startswith("http"))
    form = client.get(address, follow=True)
    client.post(form.redirect_chain[-1][0], {"password1": "mot-mat-khau-moi", "password2": "mot-mat-khau-moi"})
    person.refresh_from_db()
    assert person.check_password("mot-mat-khau-moi")


def test_a_used_link_says_so(client):
    response = client.get("/tai-khoan/password/reset/key/1-abc-def/")
    assert "Đường dẫn không còn dùng được" in response.content.decode()


PAGES = [
    *("account_login", "account_logout", "account_inactive", "account_signup", "account_reset_password"),
    *("account_reset_password_done", "account_reset_password_from_key_done", "account_change_password"),
    *("account_set_password", "account_email", "account_reauthenticate", "account_email_verification_sent"),
]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("who", ["stranger", "person"])
def test_every_page_of_an_account_is_our_own(client, person, name, who):
    if who == "person":
        client.force_login(person)
    response = client.get(reverse(name), follow=True)
    assert response.status_code == 200
    assert '<html lang="vi">' in response.content.decode()


def test_the_page_speaks_english_too(client):
    with translation.override("vi"):  # an English request leaves its language behind
        assert '<html lang="en">' in client.get("/en/sign-in/").content.decode()
