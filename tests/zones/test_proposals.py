"""What an operator of a zone types about its plots and networks waits until the board accepts it."""

from datetime import date

import pytest
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from izportal import changesets, outbox
from izportal.models import ChangeSet, User
from izportal.templatetags.proposals import proposals_desk
from tests import factories
from zones.models import Document, Phase, Plot, UtilityCapacity, UtilityCommitment

pytestmark = pytest.mark.django_db


def page_of(model, page="changelist", *args):
    return reverse(f"admin:zones_{model}_{page}", args=args)


@pytest.fixture
def operator(client, staff):
    person = staff("operator", zones=["SC2"])
    client.force_login(person)
    return person


def proposed(client, row, **changed):
    """What the portal keeps of a form that an operator has sent back with something changed."""
    where = page_of(row._meta.model_name, "change", row.pk)
    form = client.get(where).context["adminform"].form
    sent = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in (sent | changed).items() if value not in (None, False)}
    page = client.post(where, sent)
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


# Networks -----------------------------------------------------------------------------------------
@pytest.fixture
def water(zone):
    return UtilityCapacity.objects.create(
        zone=zone,
        kind="water",
        amount=8000,
        effective_on=date(2025, 1, 1),
        stated_on=date(2025, 1, 1),
        source="1/TB",
        confidence="high",
    )


def accepted(client, change_set):
    answer = client.post(reverse("admin:izportal_changeset_accept", args=[change_set.pk]), {"which": "all"})
    outbox.drain()
    return answer.status_code


def test_networks_of_an_operator_wait_for_the_board(client, operator, staff, water):
    phase = Phase.objects.create(zone=water.zone, slug="gd2", name_vi="Giai đoạn 2")
    change_set = proposed(client, water, amount="9000", source="2/TB", phase=phase.pk, change_reason="Trạm mới")
    water.refresh_from_db()
    assert (accepted(client, change_set), water.amount, change_set.zone) == (403, 8000, "SC2")
    client.force_login(staff("land"))
    accepted(client, change_set)
    water.refresh_from_db()
    assert (water.amount, water.source, water.phase) == (9000, "2/TB", phase)
    client.post(reverse("admin:izportal_changeset_undo", args=[change_set.pk]))
    outbox.drain()
    water.refresh_from_db()
    assert (water.amount, water.source, water.phase) == (8000, "1/TB", None)


def test_new_network_of_an_operator_is_a_proposal(client, operator, zone):
    said = {
        "zone": zone.pk,
        "kind": "power",
        "amount": "500",
        "effective_on": "01/01/2026",
        "stated_on": "01/01/2026",
        "source": "3/TB",
        "held_for": "Công ty Thử",
    }
    client.post(page_of("utilitycommitment", "add"), said)
    change_set = ChangeSet.objects.get()
    assert (UtilityCommitment.objects.count(), change_set.rows.get().state, change_set.zone) == (0, "new", "SC2")


def test_sheet_of_an_operator_is_accepted_and_undone_by_the_board(client, operator, staff):
    change_set = changesets.propose(kind="capacities", rows=[], by=operator, at=timezone.now())
    assert accepted(client, change_set) == 403
    ChangeSet.objects.update(state=ChangeSet.State.APPLIED)
    undo = reverse("admin:izportal_changeset_undo", args=[change_set.pk])
    assert client.get(undo).status_code == 403
    client.force_login(staff("land"))
    assert client.get(undo).status_code == 200


# Who accepts --------------------------------------------------------------------------------------
def test_keeper_of_the_zone_accepts_and_of_another_does_not(client, operator, staff, water):
    change_set = proposed(client, water, amount="9000", change_reason="Trạm mới")
    page = reverse("admin:izportal_changeset_change", args=[change_set.pk])
    client.force_login(staff("land", zones=["DT"]))
    assert (client.get(page).status_code, accepted(client, change_set)) == (404, 404)
    client.force_login(staff("land", zones=["SC2", "DT"]))
    assert (client.get(page).status_code, accepted(client, change_set)) == (200, 302)
    water.refresh_from_db()
    assert water.amount == 9000


def test_proposal_about_two_zones_is_for_keepers_of_all(client, staff, water):
    factories.make_zone("diem-thuy", "DT", "Điềm Thụy")
    person = staff("operator", zones=["SC2", "DT"])
    rows = [{"zone": code, "kind": "water", "amount": "1", "effective_on": "01/01/2026"} for code in person.zones]
    change_set = changesets.propose(kind="capacities", rows=rows, by=person, at=timezone.now())
    seen = [ChangeSet.objects.visible_to(staff("land", zones=zones)).count() for zones in (["SC2"], ["DT"], [])]
    assert (change_set.zone, seen) == ("", [0, 0, 1])


def test_operators_see_nothing_of_what_the_board_sends(staff, zone):
    changesets.propose(kind="plots", rows=[], by=staff("land", zones=["SC2"]), at=timezone.now())
    ChangeSet.objects.update(zone="SC2")
    assert ChangeSet.objects.visible_to(staff("operator", zones=["SC2"])).count() == 0


def test_declined_proposal_says_why(client, operator, staff, water):
    change_set = proposed(client, water, amount="9000", change_reason="Trạm mới")
    decline = reverse("admin:izportal_changeset_decline", args=[change_set.pk])
    assert client.get(decline).status_code == 403
    keeper = staff("land", zones=["SC2"])
    client.force_login(keeper)
    client.post(decline, {"reason": "Chưa có biên bản"})
    change_set.refresh_from_db()
    assert (change_set.state, change_set.remarks) == ("cancelled", [f"{keeper} không nhận: Chưa có biên bản"])


def test_desk_counts_what_waits_for_ones_word(client, operator, staff, make_plot, django_assert_num_queries):
    change_set = proposed(client, make_plot(), price="70", price_currency="USD", price_basis="m2_term",
                          change_reason="Giá mới")  # fmt: skip
    people = [operator, staff("land", zones=["SC2"]), staff("land", zones=["DT"]), staff("land"), staff("leader")]
    counts = [desk_of(person) for person in people]
    assert counts == [None, (1, 0), (0, 0), (1, 0), (0, 0)]
    changesets.accept(change_set, by=people[1], at=timezone.now())
    with django_assert_num_queries(14):
        counts = [desk_of(person) for person in people]
    assert counts == [None, (0, 0), (0, 0), (0, 0), (0, 1)]


def desk_of(person):
    request = RequestFactory().get("/admin/")
    request.user = User.objects.get(pk=person.pk)
    found = proposals_desk({"request": request})
    return (found["ready"], found["second"]) if found else None


def test_form_tells_an_operator_that_it_proposes(client, operator, staff, make_plot):
    plot, said = make_plot(), "Bạn gửi đề xuất"
    page = page_of("plot", "change", plot.pk)
    assert said in client.get(page).content.decode()
    client.force_login(staff("land"))
    assert said not in client.get(page).content.decode()


# Documents ----------------------------------------------------------------------------------------
def test_public_document_is_not_changed_by_an_operator(client, operator, zone):
    rows = [Document.objects.create(zone=zone, title_vi="Giá", kind="price", is_public=out) for out in (True, False)]
    pages = [client.get(page_of("document", "change", row.pk)) for row in rows]
    assert [page.context["has_change_permission"] for page in pages] == [False, True]


def test_document_of_an_operator_is_let_out_by_the_board(client, operator, zone):
    form = client.get(page_of("document", "add")).context["adminform"].form
    assert "is_public" not in form.fields
