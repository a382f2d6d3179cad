"""The second factor: setting it up, signing in with it, who must have one, and a lost telephone."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from izportal import factors, roles
from izportal.models import Notice
from tests import factories

pytestmark = pytest.mark.django_db
PASSWORD = "mat-khau-thu"


def code_now(secret):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def give_factor(person):
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    return secret


def sign_in(client, person):
    return client.post("/dang-nhap/", {"login": person.email, "password": PASSWORD})


def prove(client, password=PASSWORD):
    return client.post(reverse("account_reauthenticate"), {"password": password})


def is_signed_in(client):
    return "_auth_user_id" in client.session


@pytest.fixture
def person():
    return factories.make_user("nguoi@thep.example")


@pytest.fixture
def guarded(person):
    return person, give_factor(person)


# Setting it up ------------------------------------------------------------------------------------
def set_up(client, code=None):
    address = reverse("mfa_activate_totp")
    secret = client.get(address).context["form"].secret
    return secret, client.post(address, {"code": code or code_now(secret)})


def test_an_app_is_set_up_with_its_own_code(client, person):
    sign_in(client, person)
    prove(client)
    _secret, answer = set_up(client)
    assert answer["Location"] == reverse("mfa_view_recovery_codes")
    assert sorted(Authenticator.objects.values_list("type", flat=True)) == ["recovery_codes", "totp"]


def test_an_empty_code_is_told_in_the_words_of_the_page(client, person):
    sign_in(client, person)
    prove(client)
    page = client.post(reverse("mfa_activate_totp"), {"code": ""})
    assert page.context["form"]["code"].label == "Mã 6 chữ số"
    assert "Authenticator" not in page.content.decode()


def test_a_wrong_code_sets_nothing_up(client, person):
    sign_in(client, person)
    prove(client)
    secret, answer = set_up(client, code="000000")
    assert answer.context["form"].errors == {"code": ["Mã không đúng. Hãy nhập mã đang hiện trên điện thoại."]}
    assert (answer.context["form"].secret, Authenticator.objects.count()) == (secret, 0)


@pytest.mark.parametrize(
    "name", ["mfa_activate_totp", "mfa_add_webauthn", "mfa_generate_recovery_codes", "account_email"]
)
def test_who_sits_at_an_open_session_is_asked_for_the_password(client, person, name):
    give_factor(person) if name == "mfa_generate_recovery_codes" else None
    client.force_login(person)
    answer = client.post(reverse(name), {"action_add": "", "email": "x@y.example", "code": "000000"})
    assert answer["Location"].startswith(reverse("account_reauthenticate"))


def test_recovery_codes_are_shown_once(client, person):
    sign_in(client, person)
    prove(client)
    set_up(client)
    pages = [client.get(reverse("mfa_view_recovery_codes")).content.decode() for _look in range(2)]
    assert [len(re.findall(r"<code>\d{8}</code>", page)) for page in pages] == [10, 0]
    assert client.get(reverse("mfa_download_recovery_codes")).status_code == 403


def test_the_owner_is_told_by_letter(client, person, django_capture_on_commit_callbacks):
    sign_in(client, person)
    prove(client)
    with django_capture_on_commit_callbacks(execute=True):
        set_up(client)
    letter = Notice.objects.get()
    assert (letter.email, letter.subject, letter.kind) == (person.email, "Đã đặt ứng dụng xác thực", "account")


# Signing in with it -------------------------------------------------------------------------------
def test_the_password_alone_does_not_sign_in(client, guarded):
    person, _secret = guarded
    assert (sign_in(client, person)["Location"], is_signed_in(client)) == (reverse("mfa_authenticate"), False)


def test_password_and_code_sign_in(client, guarded):
    person, secret = guarded
    sign_in(client, person)
    answer = client.post(reverse("mfa_authenticate"), {"code": code_now(secret)})
    assert (answer["Location"], is_signed_in(client)) == (reverse("after_sign_in"), True)


def test_one_code_signs_in_once(client, guarded):
    person, secret = guarded
    code = code_now(secret)
    for times in (1, 2):
        sign_in(client, person)
        client.post(reverse("mfa_authenticate"), {"code": code})
        assert is_signed_in(client) == (times == 1)
        client.post("/dang-xuat/")


def test_a_recovery_code_signs_in_once(client, person):
    sign_in(client, person)
    prove(client)
    set_up(client)
    page = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    code = re.search(r"<code>(\d{8})</code>", page).group(1)
    for times in (1, 2):
        client.post("/dang-xuat/")
        sign_in(client, person)
        client.post(reverse("mfa_authenticate"), {"code": code})
        assert is_signed_in(client) == (times == 1)


@pytest.mark.parametrize("code", ["", "000000", "x" * 9000, "\x00", "١٢٣٤٥٦"])
def test_bad_codes_get_the_page_again(client, guarded, code):
    sign_in(client, guarded[0])
    answer = client.post(reverse("mfa_authenticate"), {"code": code})
    assert (answer.status_code, is_signed_in(client)) == (200, False)


@pytest.mark.parametrize(
    "credential", ["", "null", "[]", "{}", '{"id": 1}', "\x00", '{"response": {"userHandle": "x"}}']
)
@pytest.mark.parametrize("name", ["mfa_login_webauthn", "mfa_authenticate"])
def test_a_forged_passkey_is_no_passkey(client, guarded, name, credential):
    if name == "mfa_authenticate":
        sign_in(client, guarded[0])
    answer = client.post(reverse(name), {"credential": credential})
    assert (answer.status_code, is_signed_in(client)) == (302 if name == "mfa_login_webauthn" else 200, False)


@pytest.mark.parametrize("credential", ["null", "[]", '{"id": 1}'])
def test_a_forged_passkey_is_not_added(client, person, credential):
    sign_in(client, person)
    prove(client)
    client.get(reverse("mfa_add_webauthn"))
    answer = client.post(reverse("mfa_add_webauthn"), {"name": "x", "credential": credential})
    assert (answer.status_code, Authenticator.objects.count()) == (200, 0)


def test_a_letter_for_the_password_does_not_go_round_the_factor(client, guarded):
    person, _secret = guarded
    client.post(reverse("account_reset_password"), {"email": person.email})
    address = re.search(r"http\S+", Notice.objects.get().body).group()
    form = client.get(address, follow=True).redirect_chain[-1][0]
    answer = client.post(form, {"password1": "mot-mat-khau-moi", "password2": "mot-mat-khau-moi"})
    assert (answer["Location"], is_signed_in(client)) == (reverse("mfa_authenticate"), False)


# Who must have one --------------------------------------------------------------------------------
@pytest.fixture
def clerk(settings):
    settings.STAFF_SECOND_FACTOR = True
    return factories.make_staff("administrator")


@pytest.mark.parametrize(
    "name",
    [
        *("admin:index", "admin:onestop_dossier_changelist", "admin:izportal_user_changelist", "after_sign_in"),
        *("home", "search", "my_account", "usersessions_list", "account_change_password"),
    ],
)
def test_staff_without_a_factor_see_the_page_that_sets_one_up(client, clerk, name):
    client.force_login(clerk)
    assert client.get(reverse(name))["Location"] == reverse("mfa_index")


def test_staff_without_a_factor_write_nothing(client, clerk):
    client.force_login(clerk)
    answer = client.post(reverse("admin:izportal_division_add"), {"code": "moi", "name_vi": "Phòng mới"})
    assert answer["Location"] == reverse("mfa_index")


def test_papers_of_a_dossier_are_closed_to_staff_without_a_factor(client, clerk, enterprise_user, catalogue):
    dossier = factories.advance(factories.make_dossier(by=enterprise_user), "received")
    client.force_login(clerk)
    paper, slip = dossier.papers.first(), dossier.slips.first()
    pages = [
        reverse("onestop:paper_download", args=[dossier.pk, paper.pk]),
        reverse("onestop:slip_detail", args=[dossier.pk, slip.pk]),
        reverse("onestop:slip_download", args=[dossier.pk, slip.pk]),
    ]
    assert [client.get(page)["Location"] for page in pages] == [reverse("mfa_index")] * 3


def test_staff_set_up_a_factor_and_go_on(client, clerk):
    sign_in(client, clerk)
    assert "Cán bộ của Ban phải có lớp bảo vệ thứ hai" in client.get(reverse("mfa_index")).content.decode()
    prove(client)
    set_up(client)
    assert client.get(reverse("admin:index")).status_code == 200


def test_staff_without_a_factor_may_leave(client, clerk):
    client.force_login(clerk)
    client.post("/dang-xuat/")
    assert not is_signed_in(client)


def test_applicants_may_do_without(client, clerk, person):
    client.force_login(person)
    assert client.get(reverse("my_account")).status_code == 200


def test_a_superuser_is_staff_in_this(settings):
    settings.STAFF_SECOND_FACTOR = True
    assert factors.must_have(factories.make_user(is_superuser=True)) is True


def test_staff_do_not_take_off_their_only_factor(client, clerk):
    secret = give_factor(clerk)
    sign_in(client, clerk)
    client.post(reverse("mfa_authenticate"), {"code": code_now(secret)})
    prove(client)
    client.post(reverse("mfa_deactivate_totp"))
    assert factors.proofs(clerk) == 1


def test_the_guard_asks_the_database_once(client, clerk, django_assert_num_queries):
    give_factor(clerk)
    client.force_login(clerk)
    address = reverse("my_details")
    client.get(address)
    with django_assert_num_queries(5):  # session, person, factor; the person again for the form, the sample bar
        client.get(address)


# A lost telephone ---------------------------------------------------------------------------------
def removal(person):
    return reverse("admin:izportal_user_remove-factors", args=[person.pk])


@pytest.fixture
def keeper(client):
    keeper = factories.make_staff("administrator")
    client.force_login(keeper)
    return keeper


def test_an_administrator_removes_lost_factors(client, keeper, guarded):
    person, _secret = guarded
    answer = client.post(removal(person), {"reason": "Mất điện thoại, đã gọi lại theo số trong hồ sơ"})
    assert (answer.status_code, factors.proofs(person)) == (302, 0)
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id, "Mất điện thoại" in entry.change_message) == (keeper, str(person.pk), True)


def test_the_person_is_told_and_signed_out(client, keeper, guarded):
    person, secret = guarded
    theirs = type(client)()
    sign_in(theirs, person)
    theirs.post(reverse("mfa_authenticate"), {"code": code_now(secret)})
    client.post(removal(person), {"reason": "Mất điện thoại"})
    letter = Notice.objects.get(user=person, subject="Lớp bảo vệ thứ hai của tài khoản đã được gỡ")
    assert (keeper.full_name in letter.body, UserSession.objects.filter(user=person).count()) == (True, 0)
    assert theirs.get(reverse("my_account")).status_code == 302


def test_a_reason_is_needed(client, keeper, guarded):
    client.post(removal(guarded[0]), {"reason": " "})
    assert factors.proofs(guarded[0]) == 1


@pytest.mark.parametrize("role", sorted(set(roles.BY_CODE) - {"administrator"}))
def test_other_roles_remove_nobodys_factors(client, guarded, role):
    client.force_login(factories.make_staff(role))
    answer = client.post(removal(guarded[0]), {"reason": "x"})
    assert (answer.status_code in (302, 403, 404), factors.proofs(guarded[0])) == (True, 1)


def test_nobody_removes_their_own(client, keeper):
    give_factor(keeper)
    client.post(removal(keeper), {"reason": "x"})
    assert factors.proofs(keeper) == 1


def test_an_administrator_does_not_disarm_a_superuser(client, keeper):
    chief = factories.make_user(is_superuser=True, is_staff=True)
    give_factor(chief)
    client.post(removal(chief), {"reason": "x"})
    assert factors.proofs(chief) == 1
