"""Opening an account: the code by mail, what is asked, and that nobody learns who has an account already."""

import importlib
import re
from types import SimpleNamespace

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from izportal import accounts, outbox
from izportal.models import Notice, User
from tests import factories

pytestmark = pytest.mark.django_db
PASSWORD = "mot-mat-khau-moi"
ADDRESS = "/dang-ky/"
MIGRATION = importlib.import_module("izportal.migrations.0002_cache_table")
CODE_PAGE = "account_email_verification_sent"


def sign_up(client, email="moi@thep.example", address=ADDRESS, **changed):
    form = {
        "full_name": "Trần Thị Mới", "phone": "+84 208 385 1234", "language": "vi", "email": email,
        "password1": PASSWORD, "password2": PASSWORD,
    }  # fmt: skip
    return client.post(address, {**form, **changed})


def code_in(letter):
    """The code stands on a line of its own."""
    return re.search(r"^\S{4,12}$", letter.body, re.MULTILINE).group()


def confirm(client, code):
    return client.post(reverse(CODE_PAGE), {"code": code})


def test_a_code_by_mail_opens_the_account(client):
    assert sign_up(client)["Location"] == reverse(CODE_PAGE)
    answer = confirm(client, code_in(Notice.objects.get()))
    person = User.objects.get(email="moi@thep.example")
    assert (answer["Location"], client.session["_auth_user_id"]) == (reverse("what_next"), str(person.pk))
    assert (person.full_name, person.phone, person.language, person.is_staff) == (
        "Trần Thị Mới", "+84 208 385 1234", "vi", False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        (ADDRESS, "Đã gửi thư xác nhận đến moi@thep.example."),
        ("/en/sign-up/", "A confirmation letter has been sent to moi@thep.example."),
    ],
)
def test_the_page_of_the_code_says_in_its_language_where_it_was_sent(client, address, sentence):
    page = client.get(sign_up(client, address=address)["Location"])
    assert [str(message) for message in page.context["messages"]] == [sentence]


def test_without_the_code_nobody_is_signed_in(client):
    sign_up(client)
    confirm(client, "000000")
    assert "_auth_user_id" not in client.session
    assert EmailAddress.objects.get().verified is False


def test_after_three_wrong_codes_the_code_is_void(client):
    sign_up(client)
    code = code_in(Notice.objects.get())
    for _try in range(3):
        confirm(client, "000000")
    confirm(client, code)
    assert "_auth_user_id" not in client.session


def test_an_account_that_waits_for_its_code_gets_a_new_one_when_it_signs_in(client):
    sign_up(client)
    client.logout()
    form = {"login": "moi@thep.example", "password": PASSWORD}
    Notice.objects.all().delete()
    cache.clear()  # one letter in ten seconds
    assert client.post("/dang-nhap/", form)["Location"] == reverse(CODE_PAGE)
    confirm(client, code_in(Notice.objects.get()))
    assert "_auth_user_id" in client.session


def test_the_pages_answer_alike_whoever_has_an_account():
    factories.make_user("co-roi@thep.example")
    seen = []
    for email in ("co-roi@thep.example", "chua-co@thep.example"):
        browser = Client()
        steps = [sign_up(browser, email), browser.get(reverse(CODE_PAGE)), confirm(browser, "000000")]
        pages = [re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", step.content.decode()) for step in steps]
        seen.append([steps[0]["Location"], *(page.replace(email, "") for page in pages)])
    assert seen[0] == seen[1]
    assert [User.objects.filter(email__contains=name).count() for name in ("co-roi", "chua-co")] == [1, 1]


def test_the_owner_learns_by_letter_that_the_address_is_taken(client):
    factories.make_user("co-roi@thep.example", language="en")
    sign_up(client, "co-roi@thep.example")
    letter = Notice.objects.get()
    assert (letter.email, letter.language, reverse("account_reset_password") in letter.body) == (
        "co-roi@thep.example", "en", True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("full_name", ""), ("full_name", "x" * 151), ("phone", "gọi tôi"), ("phone", "1\x00"), ("language", "fr")),
        *(("email", "khong-phai"), ("email", "a\x00@b.example"), ("password2", "khac-han-mat-khau")),
        *(("password1", "12345678"), ("password1", "")),
    ],
)
def test_bad_input_gets_the_page_again_with_what_was_typed(client, field, value):
    response = sign_up(client, **{field: value})
    assert (response.status_code, bool(response.context["form"].errors)) == (200, True)
    assert response.context["form"]["phone"].value() == (value if field == "phone" else "+84 208 385 1234")
    assert not User.objects.exists()


def test_letters_speak_the_language_that_was_chosen(client):
    sign_up(client, language="en")
    assert Notice.objects.get().language == "en"


def test_a_code_goes_out_once_and_is_then_forgotten(client):
    sign_up(client)
    written = Notice.objects.get().body
    outbox.drain()
    letter = Notice.objects.get()
    assert ([sent.body for sent in mail.outbox], letter.body, letter.sent_at is not None) == ([written], "", True)


def test_a_code_that_is_too_old_is_not_sent(client):
    sign_up(client)
    Notice.objects.update(created_at=timezone.now() - outbox.KEYS["account-code"] * 2)
    outbox.drain()
    assert (mail.outbox, Notice.objects.get().body) == ([], "")


def test_nobody_reads_a_code_in_the_back_office(client):
    sign_up(client)
    letter = Notice.objects.get()
    client.force_login(factories.make_staff("auditor"))
    page = client.get(reverse("admin:izportal_notice_change", args=[letter.pk])).content.decode()
    assert (letter.subject in page, code_in(letter) in page) == (True, False)


def test_a_closed_sign_up_says_where_to_go(client, settings):
    settings.ACCOUNT_SIGNUP_ENABLED = False
    assert "Ban mở tài khoản cho doanh nghiệp" in sign_up(client).content.decode()
    assert not User.objects.exists()


def test_an_address_that_nobody_confirms_is_given_up(client):
    sign_up(client, "bo-quen@thep.example")
    sign_up(Client(), "vua-xong@thep.example")
    old = timezone.now() - accounts.UNCONFIRMED_FOR * 2
    User.objects.filter(email="bo-quen@thep.example").update(date_joined=old)
    confirmed = factories.make_user("lau-khong-vao@thep.example", date_joined=old)
    accounts.vouch(confirmed)
    assert accounts.sweep(at=timezone.now()) == 1
    assert sorted(User.objects.values_list("email", flat=True)) == [
        "lau-khong-vao@thep.example",
        "vua-xong@thep.example",
    ]


# Accounts made by the board -----------------------------------------------------------------------
def test_who_has_an_account_from_the_board_need_not_confirm(client):
    person = factories.make_user("cu@thep.example")
    client.post("/dang-nhap/", {"login": person.email, "password": "mat-khau-thu"})
    assert client.session["_auth_user_id"] == str(person.pk)
    assert list(EmailAddress.objects.values_list("user", "verified", "primary")) == [(person.pk, True, True)]


def test_vouching_leaves_one_address():
    person = factories.make_user("moi@thep.example")
    EmailAddress.objects.create(user=person, email="cu@thep.example", verified=True, primary=True)
    accounts.vouch(person)
    assert list(EmailAddress.objects.values_list("email", "verified")) == [("moi@thep.example", True)]


def test_the_table_of_counts_is_made(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "dem_thu"}}
    MIGRATION.make_cache_table(apps, SimpleNamespace(connection=connection))
    assert "dem_thu" in connection.introspection.table_names()


# Changing one's address ---------------------------------------------------------------------------
def prove(client):
    client.post(reverse("account_reauthenticate"), {"password": "mat-khau-thu"})


def ask_for(client, email):
    return client.post(reverse("account_email"), {"email": email, "action_add": ""})


@pytest.fixture
def person(client):
    person = factories.make_user("cu@thep.example")
    client.post("/dang-nhap/", {"login": person.email, "password": "mat-khau-thu"})
    return person


def test_a_new_address_counts_once_its_code_is_typed(client, person):
    prove(client)
    ask_for(client, "moi@thep.example")
    assert User.objects.get().email == "cu@thep.example"
    confirm(client, code_in(Notice.objects.get(email="moi@thep.example")))
    person.refresh_from_db()
    assert (person.email, "moi" in person.folded) == ("moi@thep.example", True)
    assert list(EmailAddress.objects.values_list("email", "verified")) == [("moi@thep.example", True)]


def test_the_old_address_is_told(client, person):
    test_a_new_address_counts_once_its_code_is_typed(client, person)
    told = Notice.objects.filter(subject="Đã đổi thư điện tử của tài khoản").values_list("email", flat=True)
    assert "cu@thep.example" in told


def test_changing_the_address_asks_for_the_password_first(client, person):
    assert ask_for(client, "moi@thep.example")["Location"].startswith(reverse("account_reauthenticate"))


def test_an_address_of_somebody_else_is_not_taken_over(client, person):
    other = factories.make_user("khac@thep.example")
    accounts.vouch(other)
    prove(client)
    ask_for(client, other.email)
    for letter in Notice.objects.filter(kind="account-code"):
        confirm(client, code_in(letter))
    assert (User.objects.get(pk=person.pk).email, User.objects.filter(email=other.email).count()) == (
        "cu@thep.example", 1,
    )  # fmt: skip


def test_staff_keep_the_address_that_the_board_gave(client):
    clerk = factories.make_staff("clerk", email="van-thu@ban.example")
    client.post("/dang-nhap/", {"login": clerk.email, "password": "mat-khau-thu"})
    prove(client)
    response = ask_for(client, "rieng@thep.example")
    assert response.context["form"].errors == {"email": ["Thư điện tử của cán bộ do người quản trị đổi."]}


# Particulars --------------------------------------------------------------------------------------
def test_particulars_are_saved(client, person):
    form = {"full_name": "Tên Mới", "phone": "0912 345 678", "language": "en"}
    assert client.post(reverse("my_details"), form)["Location"] == reverse("my_account")
    person.refresh_from_db()
    assert (person.full_name, person.phone, person.language) == ("Tên Mới", "0912 345 678", "en")


def test_staff_do_not_rename_themselves(client):
    clerk = factories.make_staff("clerk")
    client.force_login(clerk)
    client.post(reverse("my_details"), {"full_name": "Người Khác", "phone": "", "language": "vi"})
    clerk.refresh_from_db()
    assert clerk.full_name == "Cán bộ clerk"


@pytest.mark.parametrize("form", [{}, {"full_name": "\x00"}, {"full_name": "A", "language": "xx"}])
def test_bad_particulars_change_nothing(client, person, form):
    assert client.post(reverse("my_details"), form).status_code == 200
    person.refresh_from_db()
    assert person.full_name == "Nguyễn Văn Thử"


def test_after_signing_up_the_way_leads_to_a_mandate(client, person):
    page = client.get(reverse("what_next")).content.decode()
    assert [reverse(name) in page for name in ("projects:mandate_request_new", "mfa_index")] == [True, True]


def test_what_is_asked_is_said_before_it_is_typed(client):
    assert reverse("privacy") in client.get(ADDRESS).content.decode()
