"""The back office of the register: lists, mandates and their approval, projects that only deeds change."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from izportal import sheets
from projects.models import Country, Enterprise, Mandate, Sector
from tests import factories

pytestmark = pytest.mark.django_db


def page_of(model, page="changelist", *args):
    return reverse(f"admin:projects_{model}_{page}", args=args)


@pytest.fixture
def keeper(client, staff):
    person = staff("register")
    client.force_login(person)
    return person


@pytest.mark.parametrize(("model", "code"), [("country", "vn"), ("country", "1A"), ("sector", "abc"), ("sector", "1")])
def test_code_of_a_list_keeps_its_shape(client, keeper, model, code):
    answer = client.post(page_of(model, "add"), {"code": code, "name_vi": "Tên", "level": "2"})
    assert list(answer.context["adminform"].form.errors) == ["code"]


# What lists cost ----------------------------------------------------------------------------------
def make_tenant(n):
    return factories.make_project(
        plot=factories.make_plot(f"CN-{n}"), enterprise=factories.make_enterprise(), by=factories.make_user()
    )


def make_sector(n):
    Sector.objects.create(code=f"9{n}1", name_vi="Ngành", parent=factories.make_sector())


def make_mandate(n):
    factories.make_user(mandate_of=factories.make_enterprise(), full_name=f"Người {n}")


COSTS = {
    "project": (make_tenant, 10),
    "change": (make_tenant, 8),
    "tenure": (make_tenant, 8),
    "classification": (make_tenant, 8),
    "contribution": (make_tenant, 5),
    "investor": (make_tenant, 6),
    "enterprise": (make_tenant, 5),
    "mandate": (make_mandate, 5),
    "country": (lambda n: Country.objects.create(code=f"X{n}", name_vi="Nước"), 5),
    "sector": (make_sector, 6),
}


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("model", COSTS)
def test_list_costs_the_same_however_long(client, keeper, django_assert_num_queries, model, rows):
    make, cost = COSTS[model]
    for n in range(rows):
        make(n)
    with django_assert_num_queries(cost):
        client.get(page_of(model))


# Projects -----------------------------------------------------------------------------------------
def test_project_list_shows_the_position_of_today(client, keeper):
    factories.make_project("9811112222", plot=factories.make_plot())
    [row] = client.get(page_of("project")).context["cl"].result_list
    assert (row.status, row.registered_usd, row.land_m2) == ("in_force", 12_500_000, 65_000)


def test_project_list_is_filtered_by_status(client, keeper):
    factories.make_project()
    shown = [client.get(page_of("project"), {"status": s}).context["cl"].result_count for s in ("in_force", "revoked")]
    assert shown == [1, 0]


INLINES = ("contributions", "changes", "tenures")


def test_what_the_certificate_says_is_not_typed_over(client, keeper):
    project = factories.make_project("9811112222", term_until=date(2060, 1, 1))
    where = page_of("project", "change", project.pk)
    token = client.get(where).context["adminform"].form["as_loaded"].value()
    names = [f"{name}-{count}_FORMS" for name in INLINES for count in ("TOTAL", "INITIAL")]
    client.post(where, {
        "as_loaded": token, "name_vi": "Nhà máy mới", "kind": "production", "sector": "25", "enterprise": "",
        "code": "SUA", "term_until": "01/01/2099", "certificate_on": "01/01/2000", "origin": "ddi",
        **dict.fromkeys(names, 0),
    })  # fmt: skip
    project.refresh_from_db()
    assert project.name_vi == "Nhà máy mới"
    assert (project.code, project.origin, project.term_until) == ("9811112222", "fdi", date(2060, 1, 1))


@pytest.mark.parametrize("model", ["change", "tenure", "contribution", "classification"])
def test_superuser_neither_adds_changes_nor_deletes_the_record(admin_client, model):
    project = factories.make_project(plot=factories.make_plot())
    row = getattr(project, f"{model}s").get()
    pages = [page_of(model, "add"), page_of(model, "change", row.pk), page_of(model, "delete", row.pk)]
    assert [admin_client.post(page, {"post": "yes"}).status_code for page in pages] == [403, 403, 403]


def test_superuser_adds_no_project_by_hand(admin_client):
    assert admin_client.get(page_of("project", "add")).status_code == 403


# Mandates -----------------------------------------------------------------------------------------
@pytest.fixture
def mandate(db):
    return Mandate.objects.create(
        user=factories.make_user(), enterprise=factories.make_enterprise(), capacity="prepare"
    )


@pytest.mark.parametrize("role", ["head", "register", "administrator"])
def test_mandate_is_approved_with_who_and_when(client, staff, mandate, role):
    person = staff(role)
    client.force_login(person)
    client.post(page_of("mandate", "approve", mandate.pk))
    mandate.refresh_from_db()
    assert (mandate.approved_by, timezone.localdate(mandate.approved_at)) == (person, timezone.localdate())


@pytest.mark.parametrize("role", ["reception", "specialist", "leader", "clerk", "land", "editor", "auditor"])
def test_mandate_is_approved_by_nobody_else(client, staff, mandate, role):
    client.force_login(staff(role))
    assert client.post(page_of("mandate", "approve", mandate.pk)).status_code == 403


def test_mandate_is_approved_by_pressing_not_by_looking(client, keeper, mandate):
    client.get(page_of("mandate", "approve", mandate.pk))
    mandate.refresh_from_db()
    assert mandate.approved_at is None


def test_mandate_is_approved_once(client, keeper, mandate):
    answers = [client.post(page_of("mandate", "approve", mandate.pk)).status_code for _press in range(2)]
    assert (answers, mandate.history.count()) == ([302, 200], 2)


def test_nobody_approves_a_mandate_of_their_own(client, keeper, mandate):
    Mandate.objects.update(user=keeper)
    assert client.post(page_of("mandate", "approve", mandate.pk)).status_code == 403


def save(client, mandate, **changed):
    where = page_of("mandate", "change", mandate.pk)
    token = client.get(where).context["adminform"].form["as_loaded"].value()
    client.post(where, {"as_loaded": token, "capacity": "prepare", "until": "31/12/2030", **changed})
    mandate.refresh_from_db()


@pytest.fixture
def approved(mandate):
    mandate.until, mandate.approved_at, mandate.approved_by = (
        date(2030, 12, 31),
        timezone.now(),
        factories.make_staff("head"),
    )
    mandate.save()
    return mandate


@pytest.mark.parametrize("changed", [{"capacity": "sign"}, {"until": "01/01/2031"}, {"until": ""}])
def test_wider_mandate_waits_for_another_approval(client, keeper, approved, changed):
    save(client, approved, **changed)
    assert (approved.approved_at, approved.approved_by) == (None, None)


def test_shortened_mandate_stays_approved(client, keeper, approved):
    save(client, approved, until="01/01/2030")
    assert approved.until == date(2030, 1, 1)
    assert approved.approved_at is not None


def test_approval_is_not_typed(client, keeper, mandate):
    save(client, mandate, approved_at_0="01/01/2026", approved_at_1="08:00", approved_by=keeper.pk)
    assert mandate.approved_at is None


def test_mandate_keeper_finds_applicants_and_no_colleagues(client, keeper):
    applicant = factories.make_user(full_name="Trần Thị Hồ Sơ")
    factories.make_staff("leader")
    asked = {"term": "", "app_label": "projects", "model_name": "mandate", "field_name": "user"}
    results = client.get("/admin/autocomplete/", asked).json()["results"]
    assert [row["id"] for row in results] == [str(applicant.pk)]


# Sheet --------------------------------------------------------------------------------------------
def test_projects_go_out_as_they_are_listed(client, keeper):
    for code in ("9811110001", "9811110002"):
        factories.make_project(code)
    factories.make_project("9811110003", origin="ddi")
    answer = client.post(f"{page_of('project', 'export')}?origin=fdi&o=-1", {"form": "xlsx"})
    assert [row[0] for row in sheets.read(answer.getvalue())] == ["9811110002", "9811110001"]


@pytest.mark.parametrize("model", ["project", "change", "tenure", "report", "enterprise", "investor"])
def test_sheets_of_the_register_come_in_from_who_keeps_it(client, staff, model):
    answers = []
    for role in ("register", "specialist"):
        client.force_login(staff(role))
        answers.append(client.get(f"/admin/projects/{model}/import/").status_code)
    assert answers == [200, 403]


def test_enterprise_with_a_bad_tax_code_is_refused_beside_the_field(client, keeper):
    page = client.post(page_of("enterprise", "add"), {
        "name_vi": "Công ty", "tax_code": "46", "mandates-TOTAL_FORMS": 0, "mandates-INITIAL_FORMS": 0,
    })  # fmt: skip
    assert list(page.context["adminform"].form.errors) == ["tax_code"]
    assert Enterprise.objects.count() == 0
