"""The table of roles: it names rights that exist, becomes groups, and says who does which deed."""

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser, Group, Permission

from izportal import roles
from izportal.models import User
from tests import factories

pytestmark = pytest.mark.django_db

DEEDS = {
    "import_land": {"land"},
    "import_procedures": {"administrator"},
    "import_networks": {"land", "operator"},
    "approve_sheet": {"head", "leader"},
    "confirm_plot": {"land", "operator"},
    "record_availability": {"land"},
    "correct_zone_area": {"land"},
    "keep_ledger": {"register"},
    "publish_figures": {"leader"},
    "approve_mandate": {"head", "register", "administrator"},
    "edit_form": {"head", "administrator"},
    "publish_form": {"leader", "administrator"},
    "keep_people": {"administrator"},
    "edit_wording": {"editor", "administrator"},
    "edit_key_wording": {"administrator"},
    "retry_job": {"administrator"},
    "revoke_slip": {"administrator", "leader"},
    "enter_dossier": {"reception", "administrator"},
    "change_calendar": {"administrator"},
    "edit_decision_template": {"head", "administrator"},
    "publish_decision_template": {"leader", "administrator"},
    "answer_enquiry": {"land", "operator"},
    "assign_enquiry": {"land", "leader"},
    "enter_outline": {"land"},
    "answer_report": {"register", "head"},
    "enter_report": {"register"},
    "remind_reports": {"register", "head"},
    "draw_up_ministry": {"register", "head"},
    "sign_ministry": {"head", "leader"},
    "read_timeline": {"auditor", "leader", "administrator"},
    "write_content": {"editor"},
    "review_content": {"head", "leader"},
    "publish_content": {"head", "leader"},
    "answer_question": {"specialist", "head", "register", "land", "editor"},
    "approve_answer": {"head", "leader"},
    "assign_question": {"head", "leader"},
    "publish_answer": {"editor", "head", "specialist", "land"},
    "gather_comments": {"specialist", "head", "land", "editor"},
}


def known_permissions():
    rows = Permission.objects.select_related("content_type")
    return {f"{row.content_type.app_label}.{row.codename}" for row in rows}


@pytest.mark.parametrize("role", roles.ROLES, ids=lambda role: role.code)
def test_role_names_rights_that_exist(role):
    assert role.permissions - known_permissions() == set()


@pytest.mark.parametrize("role", roles.ROLES, ids=lambda role: role.code)
def test_role_is_a_group_with_its_rights(role):
    person = factories.make_staff(role.code)
    assert person.get_all_permissions() == role.permissions


def test_rights_and_roles_are_read_in_one_question(django_assert_num_queries):
    pk = factories.make_staff("editor").pk
    with django_assert_num_queries(2):
        person = User.objects.get(pk=pk)
        assert person.has_role("editor") and person.has_perm("izportal.view_act")
        assert not person.has_role("leader") and not person.has_perm("izportal.delete_user")


def test_right_given_to_a_person_alone_counts_too():
    person = factories.make_staff("editor")
    person.user_permissions.add(Permission.objects.get(codename="delete_zone"))
    person = User.objects.get(pk=person.pk)
    assert person.get_user_permissions() == {"zones.delete_zone"}
    assert person.get_group_permissions() == roles.BY_CODE["editor"].permissions
    assert person.has_perm("zones.delete_zone") and person.role_codes == {"editor"}


def test_role_without_rights_is_a_role():
    person = factories.make_user(is_staff=True)
    person.groups.add(Group.objects.create(name="khach"))
    assert (person.role_codes, person.get_all_permissions()) == ({"khach"}, set())


def test_superuser_holds_every_right_whatever_was_asked_first():
    superuser = factories.make_user(is_staff=True, is_superuser=True)
    assert superuser.role_codes == frozenset()
    assert superuser.get_all_permissions() == known_permissions()


def test_nobody_without_the_portal_has_rights():
    person = factories.make_staff("editor", is_active=False)
    assert (person.get_all_permissions(), person.has_role("editor")) == (set(), False)


def test_right_taken_out_of_the_table_leaves_the_group():
    group = Group.objects.get(name="editor")
    group.permissions.add(Permission.objects.get(codename="delete_zone"))
    roles.grant_after_migrate(apps.get_app_config("izportal"))
    assert not group.permissions.filter(codename="delete_zone").exists()


def test_deeds_are_done_by_their_roles():
    people = {role.code: factories.make_staff(role.code) for role in roles.ROLES}
    done_by = {deed: {code for code, person in people.items() if roles.may(person, deed)} for deed in roles.DEEDS}
    assert done_by == DEEDS


def test_deeds_are_open_to_a_superuser_and_closed_to_strangers():
    superuser = factories.make_user(is_superuser=True)
    switched_off = factories.make_user(is_superuser=True, is_active=False)
    people = superuser, switched_off, factories.make_user(), AnonymousUser()
    assert [roles.may(person, "import_land") for person in people] == [True, False, False, False]


def test_nobody_deletes_what_the_register_or_the_land_rests_on():
    deleting = {right for role in roles.ROLES for right in role.permissions if ".delete_" in right}
    assert deleting == {"izportal.delete_calendarday", "onestop.delete_stagebudget", "press.delete_attachment",
                        "press.delete_commentgroup"}  # fmt: skip


@pytest.mark.parametrize(
    ("code", "name"), [("land", "Cán bộ quỹ đất"), ("applicant", "Người nộp hồ sơ"), ("khac", "khac")]
)
def test_label_is_the_name_of_a_role(code, name):
    assert roles.label(code) == name
