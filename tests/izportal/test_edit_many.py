"""Some columns of many rows at once: chosen in a list, looked at row by row, written for one reason, undone as one."""

import pytest
from django.urls import reverse
from django.utils import timezone

from izportal import changesets, outbox
from izportal.backoffice.many import ManyForm
from izportal.changesets import editing
from izportal.models import ChangeSet, ChangeSetRow
from tests import factories
from zones.models import Plot
from zones.resources import PlotResource

pytestmark = pytest.mark.django_db

LIST = reverse("admin:zones_plot_changelist")
SENT = {"action": "edit_many", "edit-many": "1", "select_across": "0", "reason": "Theo biên bản 12"}


@pytest.fixture
def plots():
    return [factories.make_plot(f"CN-{number}", power_kva="100") for number in (1, 2, 3)]


@pytest.fixture
def keeper(client):
    person = factories.make_staff("land")
    client.force_login(person)
    return person


def edit(client, plots, **said):
    marked = {"_selected_action": [plot.pk for plot in plots]}
    return client.post(LIST, {**SENT, **marked, **said})


def worked(change_set):
    outbox.drain()
    change_set.refresh_from_db()
    return change_set


def test_page_asks_for_columns_and_a_reason(client, keeper, plots):
    page = client.post(LIST, {"action": "edit_many", "_selected_action": [plots[0].pk, plots[1].pk]})
    names = [name for name, _chosen, _field in page.context["form"].lines]
    assert (page.context["count"], "power_kva" in names) == (2, True)
    assert {"code", "zone", "number", "status", "held_for"} & set(names) == set()


@pytest.mark.parametrize(
    "said, faulty",
    [
        ({"chosen": [], "value-power_kva": "5"}, "chosen"),
        ({"chosen": ["power_kva"], "value-power_kva": "năm"}, "value-power_kva"),
        ({"chosen": ["power_kva"], "value-power_kva": "5", "reason": ""}, "reason"),
        ({"chosen": ["code"], "value-code": "X"}, "chosen"),
    ],
)
def test_senseless_edit_is_told_and_nothing_is_kept(client, keeper, plots, said, faulty):
    page = edit(client, plots, **said)
    assert (page.status_code, list(page.context["form"].errors)) == (422, [faulty])
    assert ChangeSet.objects.count() == 0


def test_preview_shows_before_and_after_then_all_is_written_and_undone(client, keeper, plots):
    Plot.objects.filter(pk=plots[2].pk).update(power_kva="250")
    answer = edit(client, plots, chosen=["power_kva"], **{"value-power_kva": "1.250,5"})
    change_set = ChangeSet.objects.get()
    assert answer.url == reverse("admin:izportal_changeset_change", args=[change_set.pk])
    rows = change_set.rows.order_by("position").values_list("state", "before", "after")
    assert [(state, list(before), after) for state, before, after in rows] == [
        ("changed", ["power_kva"], {"power_kva": "1250.5"})
    ] * 3
    assert set(Plot.objects.values_list("power_kva", flat=True)) == {100, 250}
    changesets.accept(change_set, by=keeper, at=timezone.now())
    assert worked(change_set).state == ChangeSet.State.APPLIED
    assert {str(power) for power in Plot.objects.values_list("power_kva", flat=True)} == {"1250.5"}
    line = plots[0].history.first()
    assert (line.history_user, line.history_change_reason) == (keeper, f"change set {change_set.pk}: Theo biên bản 12")
    changesets.undo(change_set, by=keeper, at=timezone.now())
    assert worked(change_set).state == ChangeSet.State.UNDONE
    assert sorted(Plot.objects.values_list("power_kva", flat=True)) == [100, 100, 250]


def test_money_waits_for_a_second_person(client, keeper, plots):
    basis = PlotResource(None).fields["price_basis"].widget.options()[-1]
    said = {"value-price": "90", "value-price_currency": "USD", "value-price_basis": basis}
    edit(client, plots[:2], chosen=["price", "price_currency", "price_basis"], **said)
    change_set = ChangeSet.objects.get()
    changesets.accept(change_set, by=keeper, at=timezone.now())
    change_set.refresh_from_db()
    assert (change_set.state, Plot.objects.filter(price=None).count()) == (ChangeSet.State.AWAITING, 3)


def test_fault_of_one_row_is_told_at_that_row(client, keeper, plots):
    edit(client, plots, chosen=["price"], **{"value-price": "90"})
    rows = ChangeSet.objects.get().rows.values_list("state", flat=True)
    assert set(rows) == {ChangeSetRow.State.FAULT}


def test_row_edited_meanwhile_is_a_conflict(client, keeper, plots):
    edit(client, plots, chosen=["power_kva"], **{"value-power_kva": "300"})
    Plot.objects.filter(pk=plots[0].pk).update(power_kva="999")
    change_set = ChangeSet.objects.get()
    changesets.accept(change_set, by=keeper, at=timezone.now())
    assert worked(change_set).rows.filter(state=ChangeSetRow.State.CONFLICT).count() == 1
    assert Plot.objects.get(pk=plots[0].pk).power_kva == 999


def test_whole_list_is_edited_as_it_is_filtered(client, keeper, plots):
    other = factories.make_plot("XX-9", zone=factories.make_zone("diem-thuy", code="DT", name="Điềm Thụy"))
    said = {"select_across": "1", "chosen": ["power_kva"], "value-power_kva": "300"}
    client.post(f"{LIST}?zone__id__exact={plots[0].zone_id}", {**SENT, **said, "_selected_action": [plots[0].pk]})
    keys = set(ChangeSet.objects.get().rows.values_list("object_id", flat=True))
    assert keys == {plot.pk for plot in plots} and other.pk not in keys


def test_reader_is_not_offered_to_edit_many(client, plots):
    client.force_login(factories.make_staff("auditor"))
    page = edit(client, plots, chosen=["power_kva"], **{"value-power_kva": "300"})
    assert (page.status_code in (200, 302), ChangeSet.objects.count()) == (True, 0)


def test_every_column_offered_may_be_set():
    resource = PlotResource(None)
    assert set(editing.columns_of(resource)) < set(resource.fields)
    form = ManyForm({"chosen": ["is_published"], "value-is_published": "Có", "reason": "x"}, resource=resource)
    assert form.is_valid(), form.errors
    assert form.values == {"is_published": "Có"}


def test_database_is_asked_as_often_for_many_rows_as_for_few(client, keeper, plots, django_assert_max_num_queries):
    """Of a thousand rows each."""
    said = {"kind": "plots", "values": {"power_kva": "5"}, "by": keeper, "at": timezone.now(), "reason": "x"}
    for chosen in (plots[:1], plots):
        with django_assert_max_num_queries(24):
            editing.edit(keys=[plot.pk for plot in chosen], **said)
