"""The back office of the ground floor: accounts and roles, numbers of law."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.urls import reverse

from izportal.models import Rule, User
from tests import factories

pytestmark = pytest.mark.django_db

ADD = "/admin/izportal/user/add/"


def page_of(person, page="izportal_user_change"):
    return reverse(f"admin:{page}", args=[person.pk])


@pytest.fixture
def keeper(client, staff):
    person = staff("administrator")
    client.force_login(person)
    return person


def new_person(**changed):
    return {
        "email": "Moi@Ban.example", "full_name": "Người Mới", "language": "vi", "usable_password": "true",
        "password1": "mot-mat-khau-dai", "password2": "mot-mat-khau-dai", **changed,
    }  # fmt: skip


def save(client, person, **changed):
    """Send the form of an account back with some of it changed."""
    form = client.get(page_of(person)).context["adminform"].form
    sent = {name: form[name].value() for name in form.fields if name != "password"}
    held = [str(pk) for pk in person.groups.values_list("pk", flat=True)]
    sent |= {"groups": held, "zones": ", ".join(person.zones), **changed}
    page = client.post(page_of(person), {name: value for name, value in sent.items() if value not in (None, False)})
    person.refresh_from_db()
    return page


def roles_of(person):
    return set(person.groups.values_list("name", flat=True))


def group(code):
    return str(Group.objects.get(name=code).pk)


# Accounts -----------------------------------------------------------------------------------------
def test_account_is_opened_with_its_address_in_small_letters(client, keeper):
    client.post(ADD, new_person())
    person = User.objects.get(full_name="Người Mới")
    assert (person.email, person.check_password("mot-mat-khau-dai"), person.is_superuser) == (
        "moi@ban.example", True, False,
    )  # fmt: skip


def test_account_without_a_password_cannot_sign_in_by_one(client, keeper):
    client.post(ADD, new_person(usable_password="false", password1="", password2=""))
    assert not User.objects.get(full_name="Người Mới").has_usable_password()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"email": "CU@ban.example"}, "email"),
        ({"email": "khong-phai-thu"}, "email"),
        ({"full_name": ""}, "full_name"),
        ({"password2": "khac"}, "password2"),
        ({"password1": "12345678", "password2": "12345678"}, "password2"),
    ],
)
def test_bad_account_is_refused_beside_the_field(client, keeper, changed, field):
    factories.make_user("cu@ban.example")
    page = client.post(ADD, new_person(**changed))
    assert field in page.context["adminform"].form.errors
    assert not User.objects.filter(full_name="Người Mới").exists()


def test_roles_are_given_by_the_administrator(client, keeper):
    person = factories.make_user(is_staff=True)
    save(client, person, groups=[group("land"), group("editor")])
    assert roles_of(person) == {"land", "editor"}


def test_role_needs_the_mark_of_staff(client, keeper):
    person = factories.make_user()
    page = save(client, person, groups=[group("land")])
    assert list(page.context["adminform"].form.errors) == ["groups"]
    assert roles_of(person) == set()


def test_operator_needs_zones(client, keeper):
    factories.make_zone(), factories.make_zone("diem-thuy", "DT", "Điềm Thụy")
    person = factories.make_user(is_staff=True)
    assert list(save(client, person, groups=[group("operator")]).context["adminform"].form.errors) == ["zones"]
    save(client, person, groups=[group("operator")], zones="sc2; DT,sc2")
    assert (roles_of(person), person.zones) == ({"operator"}, ["SC2", "DT"])


def test_zone_code_with_strange_signs_is_refused(client, keeper):
    person = factories.make_user(is_staff=True)
    page = save(client, person, zones="SC2, <b>")
    assert page.context["adminform"].form.errors["zones"] == ["Mã khu không đúng: <B>."]


def test_zone_code_that_no_zone_has_is_refused(client, keeper):
    factories.make_zone()
    page = save(client, factories.make_user(is_staff=True), zones="SC2, S2")
    assert page.context["adminform"].form.errors["zones"] == ["Không có khu mang mã S2. Các mã đang dùng: SC2."]


def test_new_password_is_asked_for_in_vietnamese(client, keeper):
    page = client.get(reverse("admin:auth_user_password_change", args=[factories.make_user().pk]))
    assert "If disabled" not in page.content.decode()


def test_whoever_only_reads_accounts_is_offered_no_new_password(client, staff):
    client.force_login(staff("head"))
    page = client.get(page_of(factories.make_user()))
    assert (page.status_code, "../password/" in page.content.decode()) == (200, False)


def test_administrator_gives_no_rights_to_themselves(client, keeper):
    save(client, keeper, groups=[group("administrator"), group("leader")], is_superuser="on", full_name="Đổi tên")
    assert (keeper.full_name, roles_of(keeper), keeper.is_superuser) == ("Đổi tên", {"administrator"}, False)


def test_nobody_makes_a_superuser(client, admin_client, keeper):
    person = factories.make_user(is_staff=True)
    for hand in (client, admin_client):
        save(hand, person, is_superuser="on", full_name="Đã lưu")
        assert (person.full_name, person.is_superuser) == ("Đã lưu", False)


def test_account_of_a_superuser_is_closed_to_the_administrator(client, keeper):
    person = factories.make_user(is_staff=True, is_superuser=True)
    password = {"password1": "mot-mat-khau-dai", "password2": "mot-mat-khau-dai"}
    pages = [
        client.post(page_of(person), {"full_name": "X"}),
        client.post(page_of(person, "auth_user_password_change"), password),
    ]
    person.refresh_from_db()
    assert [page.status_code for page in pages] == [403, 403]
    assert person.check_password("mat-khau-thu")


def test_password_is_set_anew_by_the_administrator(client, keeper):
    person = factories.make_user()
    password = {"password1": "mot-mat-khau-dai", "password2": "mot-mat-khau-dai", "usable_password": "true"}
    client.post(page_of(person, "auth_user_password_change"), password)
    person.refresh_from_db()
    assert person.check_password("mot-mat-khau-dai")


def test_old_address_opens_no_account_any_more(client, keeper):
    person = factories.make_user("cu@ban.example")
    EmailAddress.objects.create(user=person, email="cu@ban.example", verified=True, primary=True)
    save(client, person, email="moi@ban.example")
    assert (person.email, list(EmailAddress.objects.values_list("email", "verified", "primary"))) == (
        "moi@ban.example", [("moi@ban.example", True, True)],
    )  # fmt: skip


def test_signing_in_meanwhile_is_no_conflict(client, keeper):
    person = factories.make_user()
    form = client.get(page_of(person)).context["adminform"].form
    client.login(email=person.email, password="mat-khau-thu")
    User.objects.filter(pk=person.pk).update(last_login="2026-03-03T09:15+07:00")
    client.force_login(keeper)
    sent = {"as_loaded": form["as_loaded"].value(), "email": person.email, "full_name": "Tên mới", "language": "vi"}
    client.post(page_of(person), sent)
    person.refresh_from_db()
    assert person.full_name == "Tên mới"


def test_person_is_never_deleted(admin_client):
    person = factories.make_user()
    assert admin_client.post(page_of(person, "izportal_user_delete"), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("role", ["head", "register"])
def test_mandate_keeper_sees_applicants_only(client, staff, role):
    person = staff(role)
    applicant = factories.make_user()
    client.force_login(person)
    shown = client.get("/admin/izportal/user/").context["cl"].result_list
    assert (list(shown), client.get(page_of(person)).status_code) == ([applicant], 404)


def test_roles_are_read_in_words(client, keeper):
    page = client.get(f"/admin/auth/group/{group('land')}/change/").content.decode()
    assert "Cán bộ quỹ đất" in page
    assert "<p>Lô đất, nhà xưởng: xem, thêm, sửa</p>" in page


# Numbers of law -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("old", "new", "is_taken"), [("20", "30", True), ("20", "ba mươi", False), ("15:00", "25:00", False)]
)
def test_rule_keeps_the_shape_of_its_number(client, keeper, old, new, is_taken):
    Rule.objects.create(code="han-muc", name_vi="Hạn mức", value=old, valid_from="2020-01-01", valid_to="2025-12-31")
    client.post("/admin/izportal/rule/add/", {
        "code": "han-muc", "name_vi": "Hạn mức", "value": new, "valid_from": "01/01/2026", "confidence": "law",
    })  # fmt: skip
    assert Rule.objects.filter(value=new).exists() is is_taken


def test_rule_whose_end_is_before_its_beginning_is_refused(client, keeper):
    page = client.post("/admin/izportal/rule/add/", {
        "code": "han-muc", "name_vi": "Hạn mức", "value": "1", "valid_from": "01/01/2026", "valid_to": "01/01/2025",
        "confidence": "law",
    })  # fmt: skip
    assert page.context["adminform"].form.errors == {"valid_from": ["Ngày hết áp dụng phải sau ngày bắt đầu áp dụng."]}
