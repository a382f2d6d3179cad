"""The chain over all that was written down: what is changed, taken away, put in or moved behind the portal's back is
found and named; days that are over have a head that anybody can keep."""

import hashlib
import importlib
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from izportal import chain
from izportal.chain import checking, letters
from izportal.models import Notice, SealedDay
from onestop import seals
from onestop.models import Dossier, Event
from projects.models import Change
from tests import factories
from tests.emptying import unguarded
from tests.factories import at

MONDAY, LATER = at("2026-03-02 10:00"), at("2026-03-06 02:00")

pytestmark = pytest.mark.django_db


def by_sql(statement, *values):
    with unguarded() as cursor:
        cursor.execute(statement, values)


@pytest.fixture
def dossiers():
    """Two dossiers with three events each, on Monday, Tuesday and Wednesday, turn about."""
    enterprise, user = factories.make_enterprise(), factories.make_user()
    factories.make_rules()
    procedure = factories.make_procedure("1.000001", "Thủ tục thử")
    version = procedure.versions.get()
    rows = [
        Dossier.objects.create(
            procedure=procedure, version=version, case=version.default_case(), enterprise=enterprise, created_by=user,
            status="in_review", submitted_at=MONDAY, reference=f"XN-{number}", code=f"H55-{number}",
            received_at=MONDAY, due_at=LATER,
        )
        for number in (1, 2)
    ]  # fmt: skip
    for number, step in enumerate(("submit", "receive", "open_review")):
        moment = MONDAY + timedelta(days=number)
        said = {"step": step, "to_status": "in_review", "at": moment, "data": {"n": number, 1: ("a", 2.5)}}
        seals.write_all(Event(dossier=row, **said) for row in rows)
    return rows


def keys(dossier):
    return list(dossier.events.order_by("pk").values_list("pk", flat=True))


def found():
    return [(fault.table, fault.key, fault.owner, fault.day) for fault in checking.faults()]


def test_sound_chain_has_no_fault_whatever_is_closed(dossiers, capsys):
    assert found() == []
    assert chain.seal_days(at=LATER) == 4
    assert found() == []
    call_command("verify_log")
    assert capsys.readouterr().out == "Nguyên vẹn: 6 diễn biến hồ sơ, 0 thay đổi dự án, 4 ngày đã chốt.\n"


def test_days_are_closed_once_with_what_they_hold(dossiers):
    chain.seal_days(at=at("2026-03-04 23:59"))
    assert chain.seal_days(at=at("2026-03-04 23:59")) == 0
    chain.seal_days(at=LATER)
    events = sorted([*keys(dossiers[0]), *keys(dossiers[1])])
    rows = SealedDay.objects.order_by("day").values_list("day", "events", "first_event", "last_event", "changes")
    assert list(rows) == [
        (date(2026, 3, 2), 2, events[0], events[1], 0),
        (date(2026, 3, 3), 2, events[2], events[3], 0),
        (date(2026, 3, 4), 2, events[4], events[5], 0),
        (date(2026, 3, 5), 0, None, events[5], 0),
    ]


def test_head_is_what_the_page_says_it_is(dossiers):
    chain.seal_days(at=LATER)
    head = ""
    for row in SealedDay.objects.order_by("day"):
        day = Event.objects.filter(at__date=row.day).order_by("pk").values_list("seal", flat=True)
        said = f"{row.day} {row.events} {row.last_event} 0 0"
        head = hashlib.sha256("".join(f"{line}\n" for line in (head, *day, said)).encode()).hexdigest()
        assert row.head == head


def test_row_belongs_to_the_latest_day_before_it(dossiers):
    seals.write(Event(dossier=dossiers[0], step="note", to_status="in_review", at=MONDAY))
    chain.seal_days(at=LATER)
    assert list(SealedDay.objects.order_by("day").values_list("events", flat=True)) == [2, 2, 3, 0]
    assert found() == []


def test_invented_rows_are_sealed_and_stand_in_no_head(dossiers):
    Dossier.objects.filter(pk=dossiers[0].pk).update(is_sample=True)
    row = seals.write(Event(dossier=dossiers[0], step="note", to_status="in_review", at=MONDAY, is_sample=True))
    chain.seal_days(at=LATER)
    assert list(SealedDay.objects.order_by("day").values_list("events", flat=True)) == [2, 2, 2, 0]
    Event.objects.filter(pk=row.pk).delete()
    assert found() == []


@pytest.mark.parametrize(
    "change",
    [
        "note = 'khác'",
        "at = '2026-03-03 09:00:00+00:00'",
        "by_id = (SELECT id FROM izportal_user LIMIT 1)",
        "data = '{\"n\": 9}'",
        "is_sample = (1 = 1)",
        "seal = ''",
    ],
)
def test_row_changed_by_sql_is_named(dossiers, change):
    chain.seal_days(at=LATER)
    key = keys(dossiers[0])[1]
    by_sql(f"UPDATE onestop_event SET {change} WHERE id = %s", key)
    assert found()[0] == ("onestop_event", key, "H55-1", date(2026, 3, 3))
    with pytest.raises(CommandError, match=f"Chỗ đứt đầu tiên: Diễn biến hồ sơ số {key} của H55-1"):
        call_command("verify_log")


def test_row_taken_away_is_found_by_the_next_and_by_its_day(dossiers):
    chain.seal_days(at=LATER)
    first, second, third = keys(dossiers[1])
    by_sql("DELETE FROM onestop_event WHERE id = %s", second)
    assert found()[:2] == [
        ("izportal_sealedday", SealedDay.objects.get(day="2026-03-03").pk, "", date(2026, 3, 3)),
        ("onestop_event", third, "H55-2", date(2026, 3, 4)),
    ]
    assert "đã chốt 2 diễn biến hồ sơ, 0 thay đổi dự án; nay còn 1 và 0" in checking.faults()[0].text


def test_last_row_taken_away_is_found_before_its_day_is_closed(dossiers):
    Dossier.objects.filter(pk=dossiers[0].pk).update(status="head_check")
    last = seals.write(Event(dossier=dossiers[0], step="propose", to_status="head_check", at=LATER))
    by_sql("DELETE FROM onestop_event WHERE id = %s", last.pk)
    assert found() == [("onestop_dossier", 0, "H55-1", MONDAY.date())]


def test_row_put_in_between_is_named(dossiers):
    by_sql("UPDATE onestop_event SET id = id * 100")
    first = keys(dossiers[0])[0]
    row = Event.objects.values("seal", *seals.COLUMNS).get(pk=first)
    columns = "dossier_id, step, from_status, to_status, at, by_id, role, instead_of_id, note, is_public, data"
    copied = f"SELECT id + 1, %s, {columns}, is_sample FROM onestop_event WHERE id = %s"
    by_sql(f"INSERT INTO onestop_event (id, seal, {columns}, is_sample) {copied}", seals.of(row, row["seal"]), first)
    assert found() == [("onestop_event", first + 1, "H55-1", date(2026, 3, 3))]
    assert "bị chèn thêm trước dòng số" in checking.faults()[0].text


def test_rows_that_changed_places_are_found(dossiers):
    first, second, _third = keys(dossiers[0])
    for old, new in ((first, 0), (second, first), (0, second)):
        by_sql("UPDATE onestop_event SET id = %s WHERE id = %s", new, old)
    assert {fault.owner for fault in checking.faults()} == {"H55-1"}
    assert found()[-1][:2] == ("onestop_event", first)


def test_change_of_the_register_changed_by_sql_is_named(db):
    project = factories.make_project()
    row = project.changes.get()
    chain.seal_days(at=row.recorded_at + timedelta(days=2))
    assert (found(), SealedDay.objects.last().changes) == ([], 1)
    by_sql("UPDATE projects_change SET capital_usd = capital_usd + 1 WHERE id = %s", row.pk)
    assert [fault[:3] for fault in found()] == [("projects_change", row.pk, project.code)]


def test_whole_line_written_anew_is_found_by_its_day(dossiers):
    """Whoever forges every seal of a dossier from some event on cannot forge the head that others have kept."""
    chain.seal_days(at=LATER)
    by_sql("UPDATE onestop_event SET note = 'khác' WHERE id = %s", keys(dossiers[0])[2])
    _reseal()
    assert found() == [("izportal_sealedday", SealedDay.objects.get(day="2026-03-04").pk, "", date(2026, 3, 4))]


def test_line_of_a_day_is_neither_changed_nor_taken_away(dossiers):
    chain.seal_days(at=LATER)
    row = SealedDay.objects.get(day="2026-03-03")
    by_sql("DELETE FROM izportal_sealedday WHERE id = %s", row.pk)
    assert found()[0][3] == date(2026, 3, 4)


def _reseal():
    """As the migration does for the rows that stood before there were seals."""
    migration = importlib.import_module("onestop.migrations.0006_events_are_sealed")
    migration.CHUNK = 4
    with unguarded() as cursor:
        migration.seal(apps, SimpleNamespace(connection=connection, execute=cursor.execute))


def test_migration_seals_what_stands(dossiers):
    before = list(Event.objects.order_by("pk").values_list("seal", flat=True))
    by_sql("UPDATE onestop_event SET seal = ''")
    _reseal()
    assert list(Event.objects.order_by("pk").values_list("seal", flat=True)) == before


def test_events_of_every_writer_are_sealed(catalogue):
    factories.advance(factories.make_dossier(), "delivered")
    assert (Event.objects.filter(seal="").count(), Change.objects.filter(seal="").count(), found()) == (0, 0, [])


def test_night_closes_the_day_and_writes_once_of_a_break(dossiers):
    reader = factories.make_staff("auditor")
    by_sql("UPDATE onestop_event SET note = 'khác' WHERE id = %s", keys(dossiers[0])[0])
    fault = checking.faults()[0]
    assert (letters.tell(fault), letters.tell(fault)) == (1, 0)
    letter = Notice.objects.get(kind="chain-broken")
    assert (letter.user, fault.text in letter.body) == (reader, True)
    with pytest.raises(CommandError, match="không khớp dấu"):
        call_command("tick", verbosity=0)
    assert SealedDay.objects.count() > 0


def test_page_shows_every_day_and_gives_them_out(client, dossiers, django_assert_num_queries):
    for end in ("2026-03-03 01:00", "2026-03-06 02:00"):
        chain.seal_days(at=at(end))
        with django_assert_num_queries(3):
            page = client.get(reverse("sealed_days")).content.decode()
        assert page.count("<code>") == SealedDay.objects.count()
    head = SealedDay.objects.get(day="2026-03-04").head
    text = client.get(reverse("sealed_days_text")).content.decode().splitlines()
    assert [line.split("\t")[0] for line in text] == ["day", "2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05"]
    assert text[3].endswith(f"\t{head}")
    assert client.get(reverse("sealed_days_json")).json()["days"][2]["head"] == head
