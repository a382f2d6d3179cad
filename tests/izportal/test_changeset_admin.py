"""The pages of a change set: what is shown, what each list costs, the deeds by their buttons."""

import re

import pytest
from django.urls import reverse

from izportal import changesets
from izportal.changesets import progress
from izportal.models import ChangeSet, Job
from tests import factories
from tests.izportal.test_changesets import MOMENT, PRICED, priced, send, states, worked
from zones.models import Plot

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(client, staff):
    person = staff("land")
    client.force_login(person)
    return person


def page_of(found, page="change"):
    return reverse(f"admin:izportal_changeset_{page}", args=[found.pk])


def test_rows_are_shown_with_what_they_change_and_their_faults(client, keeper):
    plot = factories.make_plot("CN-05")
    found = send(keeper, ["SC2-CN-05", "", "", 70000], ["", "SC2", "x", "nhiều"])
    text = client.get(page_of(found)).content.decode()
    assert re.findall(r'<th scope="row"><a href="(.*?)"', text) == [f"/admin/zones/plot/{plot.pk}/change/"]
    assert "65.000 → 70.000" in " ".join(text.split())
    assert "D3 (Diện tích, m²):" in text and text.count("“nhiều”") == 1
    only = client.get(page_of(found), {"state": "fault"}).context["rows"]
    assert [row.number for row in only] == [3]
    assert [row.number for row in client.get(page_of(found), {"q": "cn-05"}).context["rows"]] == [2]


@pytest.mark.parametrize("many", [1, 3])
def test_pages_cost_the_same_however_many_rows(client, keeper, django_assert_num_queries, many):
    factories.make_zone()
    for number in range(many):
        found = send(keeper, *[["", "SC2", f"CN-{row}", 5] for row in range(many)], name=f"{number}.xlsx")
    client.get(page_of(found))
    with django_assert_num_queries(7):
        client.get(reverse("admin:izportal_changeset_changelist"))
    with django_assert_num_queries(11):
        client.get(page_of(found))


def test_deeds_of_a_set_are_reached_from_its_page(client, keeper, staff):
    found = priced(keeper)
    client.force_login(staff("leader"))
    offered = client.get(page_of(found)).context["deeds"]
    assert [(str(label), client.get(url).status_code) for label, url in offered] == [
        ("Duyệt với tư cách người thứ hai", 200), ("Trả lại", 200),
    ]  # fmt: skip
    assert [url for _label, url in offered] == [page_of(found, "approve"), page_of(found, "send-back")]


def test_ticked_rows_are_taken_and_the_rest_waits(client, keeper):
    factories.make_zone()
    found = send(keeper, ["", "SC2", "CN-07", 5], ["", "SC2", "CN-08", 5])
    answer = client.post(page_of(found, "accept"), {"which": "ticked", "row": [found.rows.first().pk, "x"]})
    assert (answer["Location"], states(worked(found))) == (page_of(found), [(2, "applied"), (3, "new")])
    client.post(page_of(found, "accept"), {"which": "all"})
    assert (worked(found).state, Plot.objects.count()) == ("applied", 2)


def test_second_person_approves_on_a_page_of_their_own(client, keeper, staff):
    found = priced(keeper)
    assert client.post(page_of(found, "approve")).status_code == 403
    leader = staff("leader")
    assert str(leader) in client.get(page_of(found)).content.decode()
    client.force_login(leader)
    client.post(page_of(found, "approve"))
    assert (worked(found).state, found.approved_by) == ("applied", leader)


def test_page_tells_how_far_the_worker_is_and_comes_again(client, keeper):
    found = ChangeSet.objects.create(kind="plots", uploaded_by=keeper, uploaded_at=MOMENT, state="applying")
    progress.tell(found.pk, 2000, 5000)
    answer = client.get(page_of(found))
    assert (answer["Refresh"], answer.context["progress"]) == ("2", (2000, 5000))


def test_set_is_cancelled_by_its_button(client, keeper):
    factories.make_zone()
    found = send(keeper, ["", "SC2", "CN-07", 5])
    client.post(page_of(found, "cancel"))
    found.refresh_from_db()
    assert (found.state, client.post(page_of(found, "accept"), {"which": "all"}).status_code) == ("cancelled", 302)
    assert Plot.objects.count() == 0


def test_file_is_handed_out_as_it_was_sent(client, keeper):
    factories.make_zone()
    found = send(keeper, ["", "SC2", "CN-07", "nhiều"])
    with found.stored.file.open("rb") as content:
        assert b"".join(client.get(page_of(found, "file")).streaming_content) == content.read()
    assert client.get(page_of(found, "marked")).status_code == 200


def test_who_has_some_zones_sees_what_they_sent(client, keeper, staff):
    factories.make_zone()
    theirs = send(keeper, ["", "SC2", "CN-07", 5])
    operator = staff("operator", zones=["SC2"])
    client.force_login(operator)
    assert client.get(page_of(theirs)).status_code == 404
    mine = ChangeSet.objects.create(kind="plots", uploaded_by=operator, uploaded_at=MOMENT, state="ready")
    assert client.get(page_of(mine)).status_code == 200
    assert changesets.may_send("plots", operator) is False


def test_page_tells_that_the_work_has_failed_and_lets_it_be_stopped(client, keeper):
    factories.make_zone()
    found = send(keeper, ["", "SC2", "CN-07", 5])
    changesets.accept(found, by=keeper, at=MOMENT)
    Job.objects.filter(key__startswith=f"bang-{found.pk}-ghi").update(attempts=1, next_at=MOMENT)
    assert "Cổng tự thử lại từ đầu lúc 09:15 03/03/2026" in client.get(page_of(found)).content.decode()
    client.post(page_of(found, "cancel"))
    assert (worked(found).state, Plot.objects.count(), states(found)) == ("ready", 0, [(2, "new")])


def test_rows_that_need_nobody_else_are_taken_alone(client, keeper):
    factories.make_zone()
    rows = ["", "SC2", "CN-07", 5, 90, "USD", "m2_term"], ["", "SC2", "CN-08", 5, "", "", ""]
    found = send(keeper, *rows, headings=PRICED)
    client.post(page_of(found, "accept"), {"which": "plain"})
    assert (states(worked(found)), found.state) == ([(2, "new"), (3, "applied")], "applied")
