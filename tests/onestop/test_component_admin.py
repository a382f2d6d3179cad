"""The official form beside a paper: who puts it up, what is taken, and that it stands under a version in use."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from onestop.models import Component
from tests import factories, uploads

pytestmark = pytest.mark.django_db
LIST = "admin:onestop_component_changelist"


@pytest.fixture
def component(catalogue):
    return catalogue["1.009664"].versions.get().components.get(key="de-nghi")


@pytest.fixture
def administrator(client):
    client.force_login(factories.make_staff("administrator"))
    return client


def send(client, component, **typed):
    url = reverse("admin:onestop_component_change", args=[component.pk])
    token = client.get(url).context["adminform"].form.initial["as_loaded"]
    answer = client.post(url, {"as_loaded": token, **typed})
    return answer, Component.objects.get(pk=component.pk)


def a_file(content=None, name="Mẫu I.1.1.pdf"):
    return SimpleUploadedFile(name, uploads.pdf() if content is None else content)


def test_a_form_is_put_up_and_taken_away(administrator, component):
    answer, after = send(administrator, component, upload=a_file())
    assert (answer.status_code, after.form_file.name, after.form_file.state) == (302, "Mẫu I.1.1.pdf", "safe")
    _answer, after = send(administrator, component, is_taken_away="on")
    assert after.form_file is None


def test_a_form_stands_under_a_version_in_use(administrator, component):
    factories.advance(factories.make_dossier(), "received")
    _answer, after = send(administrator, component, upload=a_file())
    assert after.form_file is not None


@pytest.mark.parametrize(("content", "name"), [(b"MZ" + b"x" * 90, "mau.pdf"), (b"", "mau.pdf"), (b"x", "mau.exe")])
def test_a_bad_file_is_refused_in_words(administrator, component, content, name):
    answer, after = send(administrator, component, upload=a_file(content, name))
    errors = answer.context["adminform"].form.errors
    assert (answer.status_code, list(errors), after.form_file) == (200, ["upload"], None)


def test_what_is_asked_is_not_changed_from_here(administrator, component):
    _answer, after = send(administrator, component, name_vi="Khác", required="optional", form_code="X")
    assert (after.name_vi, after.required, after.form_code) == ("Giấy tờ de-nghi", "always", "")


@pytest.mark.parametrize(("role", "may"), [("administrator", True), ("specialist", False), ("auditor", False)])
def test_those_who_keep_the_catalogue_put_forms_up(client, component, role, may):
    client.force_login(factories.make_staff(role))
    page = client.get(reverse("admin:onestop_component_change", args=[component.pk]))
    assert (page.status_code, 'name="upload"' in page.content.decode()) == (200, may)


def test_nobody_adds_or_deletes_a_paper_here(administrator, component):
    urls = [reverse("admin:onestop_component_add"), reverse("admin:onestop_component_delete", args=[component.pk])]
    assert [administrator.get(url).status_code for url in urls] == [403, 403]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_however_long(administrator, catalogue, django_assert_num_queries, rows):
    Component.objects.all().delete()
    version = catalogue["1.009664"].versions.get()
    Component.objects.bulk_create(Component(version=version, key=f"k{n}", name_vi=f"Giấy {n}") for n in range(rows))
    with django_assert_num_queries(6):
        administrator.get(reverse(LIST))
