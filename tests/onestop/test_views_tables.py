"""A repeated group on the page: rows are saved, a faulty row is told and kept as typed, rows come back for more."""

import pytest
from django.urls import reverse

from onestop.models import Dossier, Procedure
from tests import factories

pytestmark = pytest.mark.django_db

ROW = {"name": "Nguyễn Văn Thử", "role": "design_head", "certificate": "HNI-00012345", "until": "31/12/2030"}


@pytest.fixture
def draft(enterprise_user):
    factories.load_reference()
    procedure = Procedure.objects.get(code="1.013236")
    version = procedure.versions.get()
    return Dossier.objects.create(
        procedure=procedure,
        version=version,
        case=version.default_case(),
        enterprise=enterprise_user.mandates.get().enterprise,
        created_by=enterprise_user,
    )


def sent(draft, **cells):
    """The section of designers as a browser sends it: one row of people filled in, one left empty."""
    columns = ("person_name", "person_post", "person_certificate", "person_certificate_until")
    typed = dict(zip(columns, ROW.values(), strict=True)) | cells
    return {
        "version_no": draft.version_no,
        "designer_name": "Công ty Thiết kế Thử",
        "designer_certificate": "BXD-00001234",
        "has_verification": "no",
        **{f"key_people-0-{name}": value for name, value in typed.items()},
        **{f"key_people-1-{name}": "" for name in columns},
        "go": "exit",
    }


def test_page_offers_rows_with_a_label_for_every_cell(client, draft, enterprise_user):
    client.force_login(enterprise_user)
    page = client.get(reverse("onestop:dossier_edit", args=[draft.pk, "designers"])).content.decode()
    assert page.count('name="key_people-0-person_name"') == page.count('for="f-key_people-0-person_name"') == 1
    assert 'name="key_people-1-person_name"' in page


def test_rows_are_saved_and_shown_again_with_spare_ones(client, draft, enterprise_user):
    client.force_login(enterprise_user)
    address = reverse("onestop:dossier_edit", args=[draft.pk, "designers"])
    assert client.post(address, sent(draft)).status_code == 302
    draft.refresh_from_db()
    assert [row["person_name"] for row in draft.answers["key_people"]] == ["Nguyễn Văn Thử"]
    page = client.get(address).content.decode()
    assert 'value="HNI-00012345"' in page and 'name="key_people-2-person_name"' in page


def test_faulty_row_is_told_by_its_number_and_nothing_typed_is_lost(client, draft, enterprise_user):
    client.force_login(enterprise_user)
    address = reverse("onestop:dossier_edit", args=[draft.pk, "designers"])
    answer = client.post(address, {**sent(draft, person_certificate_until="31/02/2030"), "go": "next"})
    page = answer.content.decode()
    assert "1, Chứng chỉ có hiệu lực đến" in page and 'value="31/02/2030"' in page
    draft.refresh_from_db()
    assert "key_people" not in draft.answers


def test_faulty_row_kept_while_typed_comes_back_cell_by_cell(client, draft, enterprise_user):
    client.force_login(enterprise_user)
    typed = sent(draft, person_certificate_until="31/02/2030 ?")
    client.post(reverse("onestop:dossier_keep", args=[draft.pk, "designers"]), typed)
    form = client.get(reverse("onestop:dossier_edit", args=[draft.pk, "designers"])).context["form"]
    assert {
        f"key_people-0-{key}": cell for key, cell in form["key_people"].value()[0].items()
    }.items() <= typed.items()
    assert form["designer_name"].value() == "Công ty Thiết kế Thử"
