"""The one search of the back office: everything of one's own, nothing of others', whatever the marks."""

import pytest
from django.urls import reverse

from projects.models import Project
from tests import factories

pytestmark = pytest.mark.django_db


def names(client, text):
    heaps = client.get(reverse("office_search"), {"q": text}).context["heaps"]
    return {heap.label: [name for name, _note, _url in heap.rows] for heap in heaps}


@pytest.fixture
def everything(make_plot, make_project, zone):
    return make_plot("CN-05", zone=zone), make_project(zone=zone)


@pytest.mark.parametrize("typed", ["4600 123 456", "4600.123.456", "4600123456", "0208 3855 000", "+84 208 385 5000"])
def test_number_is_found_as_it_is_printed(client, staff, typed):
    row = factories.make_enterprise(name="Công ty Một", tax_code="4600123456", phone="(0208) 3855.000")
    factories.make_enterprise(name="Công ty Hai", tax_code="4600999999", phone="0208 3855 001")
    client.force_login(staff("leader"))
    [heap] = client.get(reverse("office_search"), {"q": typed}).context["heaps"]
    assert heap.rows == [(str(row), row.tax_code, reverse("admin:projects_enterprise_change", args=[row.pk]))]


def test_each_kind_is_found_without_marks(client, staff, everything):
    plot, project = everything
    client.force_login(staff("register"))
    assert names(client, plot.zone.short_name.lower().replace("ô", "o")) == {
        "Lô đất, nhà xưởng": [str(plot)],
        "Dự án đầu tư": [str(project)],
        "Khu công nghiệp": [str(plot.zone)],
    }


def test_each_row_leads_to_its_page(client, staff, everything):
    client.force_login(staff("register"))
    heap = client.get(reverse("office_search"), {"q": everything[1].code}).context["heaps"][0]
    assert [url for _name, _note, url in heap.rows] == [
        reverse("admin:projects_project_change", args=[everything[1].pk])
    ]


def test_keeper_of_one_zone_finds_nothing_of_another(client, staff, everything):
    keeper = staff("land")
    keeper.zones = ["YB"]
    keeper.save()
    client.force_login(keeper)
    assert names(client, "CN-05") == {}


def test_operator_is_shown_no_kind_without_a_right(client, staff, everything):
    client.force_login(staff("operator"))
    assert names(client, everything[1].code) == {}


def test_rest_of_a_long_heap_stands_in_its_list(client, staff, make_project, zone):
    for n in range(9):
        factories.make_project(zone=zone, code=f"DA-{n}")
    client.force_login(staff("register"))
    heap = client.get(reverse("office_search"), {"q": "DA-"}).context["heaps"][0]
    assert (len(heap.rows), heap.is_whole) == (8, False)
    assert len(client.get(heap.list_url).context["cl"].result_list) == Project.objects.count()


@pytest.mark.parametrize("text", ["", " ", "\0", "%", "'", "x" * 500])
def test_nonsense_finds_nothing(client, staff, everything, text):
    client.force_login(staff("register"))
    assert names(client, text) == {}


@pytest.mark.parametrize("rows", [1, 3])
def test_search_takes_as_many_queries_for_many_rows(client, staff, zone, django_assert_num_queries, rows):
    for n in range(rows):
        factories.make_project(zone=zone, code=f"DA-{n}")
    client.force_login(staff("register"))
    client.get(reverse("office_search"), {"q": "DA-"})
    with django_assert_num_queries(10):
        client.get(reverse("office_search"), {"q": "DA-"})
