"""What an operator of a zone types about its plots waits until the board accepts it."""

import pytest
from django.urls import reverse

from izportal import outbox
from izportal.models import ChangeSet
from zones.models import Plot

pytestmark = pytest.mark.django_db


def page_of(model, page="changelist", *args):
    return reverse(f"admin:zones_{model}_{page}", args=args)


@pytest.fixture
def operator(client, staff):
    person = staff("operator", zones=["SC2"])
    client.force_login(person)
    return person


def proposed(client, plot, **changed):
    """What the portal keeps of a form that an operator has sent back with something changed."""
    form = client.get(page_of("plot", "change", plot.pk)).context["adminform"].form
    sent = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in (sent | changed).items() if value not in (None, False)}
    page = client.post(page_of("plot", "change", plot.pk), sent)
    change_set = ChangeSet.objects.get()
    assert page.url == reverse("admin:izportal_changeset_change", args=[change_set.pk])
    return change_set


def test_what_an_operator_types_waits_for_the_board(client, operator, make_plot):
    plot = make_plot()
    change_set = proposed(client, plot, power_kva="2500", change_reason="Trạm mới")
    row = change_set.rows.get()
    assert (row.state, row.after, change_set.note) == ("changed", {"power_kva": "2500"}, "Trạm mới")
    plot.refresh_from_db()
    assert plot.power_kva is None


def test_board_accepts_a_proposal_and_an_operator_does_not(client, operator, staff, make_plot):
    plot = make_plot()
    change_set = proposed(client, plot, power_kva="2500")
    accept = reverse("admin:izportal_changeset_accept", args=[change_set.pk])
    assert client.post(accept, {"which": "all"}).status_code == 403
    client.force_login(staff("land"))
    client.post(accept, {"which": "all"})
    outbox.drain()
    plot.refresh_from_db()
    assert plot.power_kva == 2500


def test_operator_takes_a_proposal_back(client, operator, make_plot):
    change_set = proposed(client, make_plot(), power_kva="2500")
    client.post(reverse("admin:izportal_changeset_cancel", args=[change_set.pk]))
    change_set.refresh_from_db()
    assert change_set.state == "cancelled"


def test_new_plot_of_an_operator_is_a_proposal(client, operator, zone):
    client.post(
        page_of("plot", "add"),
        {"zone": zone.pk, "number": "CN-09", "code": "SC2-CN-09", "kind": "land", "area_m2": "5.000"},
    )
    assert (Plot.objects.count(), ChangeSet.objects.get().rows.get().state) == (0, "new")


def test_document_of_an_operator_is_let_out_by_the_board(client, operator, zone):
    form = client.get(page_of("document", "add")).context["adminform"].form
    assert "is_public" not in form.fields
