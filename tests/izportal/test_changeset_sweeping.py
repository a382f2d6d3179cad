"""What time does with change sets: how long each is kept, what is left of it, and that the page tells so."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from izportal import changesets, documents
from izportal.changesets import sweeping
from izportal.models import ChangeSet, ChangeSetRow, Rule, StoredFile
from izportal.uploads import MIME, Inspection
from tests import factories
from tests.factories import at

pytestmark = pytest.mark.django_db

MOMENT = at("2026-03-03 09:15")
IDLE, DONE = ("waiting", "ready", "awaiting", "cancelled"), ("applied", "undone")


@pytest.fixture
def keeper(staff):
    factories.make_rules()
    return staff("land")


def stored(by, name):
    found = Inspection("xlsx", MIME["xlsx"], ".xlsx", None, 1, name.zfill(64), name)
    return documents.keep(ContentFile(b"x", name=name), found, by=by, at=MOMENT)


def kept(by, state, **told):
    told |= {"applied_at": MOMENT} if state in DONE else {}
    found = ChangeSet.objects.create(
        kind="plots", uploaded_by=by, uploaded_at=MOMENT, state=state, columns={"": ["code"]},
        stored=stored(by, "1"), marked=stored(by, "2"), **told,
    )  # fmt: skip
    state = state if state in DONE else "new"
    ChangeSetRow.objects.create(change_set=found, position=1, number=2, state=state)
    return found


def swept(found, *, days):
    count = sweeping.sweep(at=MOMENT + timedelta(days=days))
    found.refresh_from_db()
    return count


@pytest.mark.parametrize("state", IDLE)
def test_set_that_nobody_goes_on_with_is_closed_after_its_days(keeper, state):
    found = kept(keeper, state)
    assert (swept(found, days=30), found.rows.count()) == (0, 1)
    assert (swept(found, days=31), found.state, found.stored, found.marked) == (1, "cancelled", None, None)
    assert (found.rows.count(), StoredFile.objects.count()) == (0, 0)
    assert found.remarks == [
        "Ngày 03/04/2026 cổng đóng đợt này vì đã lâu không ai làm tiếp; các dòng và tệp “1” đã xóa. "
        f"Mã băm SHA-256 của tệp: {'1'.zfill(64)}."
    ]
    assert swept(found, days=99) == 0


@pytest.mark.parametrize("state", DONE)
def test_rows_go_when_nobody_may_undo_them_any_more_and_the_file_stays(keeper, state):
    found = kept(keeper, state)
    assert (swept(found, days=180), found.is_undoable) == (0, state == "applied")
    assert (swept(found, days=181), found.state, found.rows.count(), found.is_undoable) == (1, state, 0, False)
    assert (found.stored.sha256, found.marked) == ("1".zfill(64), None)
    assert "thay đổi vẫn nằm trong lịch sử của từng bản ghi" in found.remarks[0]
    assert swept(found, days=999) == 0


def test_days_begin_when_somebody_has_last_gone_on(keeper):
    later = MOMENT + timedelta(days=10)
    assert sweeping.kept_until(kept(keeper, "awaiting", accepted_at=later)) == (later + timedelta(days=30)).date()
    assert sweeping.kept_until(kept(keeper, "undone", undone_at=later)) == (later + timedelta(days=180)).date()


def test_set_that_is_being_written_and_one_without_a_rule_are_left(keeper):
    found = kept(keeper, "applying")
    assert (swept(found, days=999), found.rows.count()) == (0, 1)
    Rule.objects.all().delete()
    ready = kept(keeper, "ready")
    assert (swept(ready, days=999), sweeping.kept_until(ready)) == (0, None)


def test_proposal_without_a_file_is_closed_too(keeper):
    plot = factories.make_plot("CN-05")
    found = changesets.propose(
        kind="plots", rows=[{"code": plot.code, "area_m2": "7"}], by=keeper, at=MOMENT, record=plot
    )  # fmt: skip
    assert (swept(found, days=31), found.state, found.rows.count()) == (1, "cancelled", 0)
    assert found.remarks == ["Ngày 03/04/2026 cổng đóng đợt này vì đã lâu không ai làm tiếp; các dòng đã xóa."]


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("ready", "sau ngày 02/04/2026 cổng đóng đợt này"), ("applied", "Hoàn tác được đến hết ngày 30/08/2026"),
        ("undone", "được giữ đến hết ngày 30/08/2026"),
    ],
)  # fmt: skip
def test_page_tells_how_long_a_set_is_kept(client, keeper, state, told):
    found = kept(keeper, state)
    client.force_login(keeper)
    page = client.get(reverse("admin:izportal_changeset_change", args=[found.pk])).content.decode()
    assert told in page
