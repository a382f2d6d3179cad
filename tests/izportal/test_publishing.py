"""Figures that are given out: frozen, asked again unchanged, and every difference explained by its records."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import Error, transaction
from django.urls import reverse
from django.utils import timezone

from izportal.indicators import Asked
from izportal.models import PublishedFigure, Release, SeriesBreak
from izportal.statistics import overview, publishing, registry
from projects import ledger
from projects.figures import audit
from projects.models import Change
from tests import factories, histories
from tests.projects.test_bridge import by_sql

pytestmark = pytest.mark.django_db
NOW = factories.at("2026-01-05 09:00")
LATER = NOW + timedelta(hours=1)
YEAR = Asked(histories.LAST, known=NOW, since=histories.FIRST)


def publish(at=NOW, **changed):
    return publishing.publish(**{"as_of": histories.LAST, "since": histories.FIRST, "by": None, "at": at, **changed})


def noted(known):
    asked = YEAR.of(known=known)
    return {code: registry.of(code).ask(asked).value for code in publishing.HEADLINES}


def change_much():
    """Back-dated, corrected and annulled entries; returns the numbers of their decisions."""
    rows = histories.projects()
    basis = ledger.Basis("muon-1", date(2025, 12, 3))
    ledger.adjust_capital(project=rows[0], to=histories.dollars(9_000_000), basis=basis, by=None, at=LATER)
    late = histories.register_late(rows[0], 7_000_000, date(2025, 11, 3), LATER)
    histories.correct(rows[10].changes.get(), histories.dollars(10_500_000), LATER)
    histories.correct(rows[8].changes.get(), histories.dong(270_000_000_000), LATER)
    wrong = rows[2].changes.get(effective_on=date(2025, 7, 1))
    ledger.annul(change=wrong, basis=ledger.Basis("huy-1", date(2026, 1, 5)), by=None, at=LATER, note="Nhầm dự án")
    corrected = {f"hd-{rows[n].changes.order_by('pk').first().pk}" for n in (8, 10)}
    return {"muon-1", "huy-1", late.decision_number, *corrected}


def test_twenty_figures_are_the_same_whatever_is_entered_later():
    histories.plant()
    before = noted(NOW)
    change_much()
    assert (len(before), noted(NOW)) == (20, before)
    assert {code for code, value in noted(None).items() if value != before[code]} >= {
        "fdi_projects", "fdi_capital_usd", "ddi_capital_vnd", "new_fdi_capital_usd", "capital_decrease_vnd",
    }  # fmt: skip


def test_revisions_list_what_moved_and_exactly_why():
    histories.plant()
    row = publish()
    assert list(publishing.revisions([row])) == []
    decisions = change_much()
    causes = publishing.why(row)
    assert {cause.move.basis for cause in causes} == decisions
    kinds = sorted(cause.move.cause for cause in causes)
    assert kinds == ["annulled", "back_dated", "back_dated", "corrected", "corrected"]
    moved = {
        found.now.indicator.code: found.difference for found in publishing.revisions([row]) if not found.now.asked.zone
    }
    told = {code: sum(cause.effects.get(code, 0) for cause in causes) for code in publishing.HEADLINES}
    assert {code: amount for code, amount in told.items() if amount} == moved


def change_fifty():
    """Twelve late certificates, thirty-four late adjustments, three corrections and an entry annulled."""
    rows = histories.projects()
    late = [
        histories.register_late(row, 5_000_000, date(2025, 11, 3) + timedelta(n), LATER) for n, row in enumerate(rows)
    ]
    told = {change.decision_number for change in late}
    for n, certificate in enumerate((late * 3)[:34]):
        day = date(2025, 12, 3) + timedelta(n // 12 * 7)
        to, basis = histories.dollars(6_000_000 + n * 10_000), ledger.Basis(f"m-{n}", day)
        change = ledger.adjust_capital(project=certificate.project, to=to, basis=basis, by=None, at=LATER)
        told.add(change.decision_number)
    for n, capital in ((8, histories.dong(270_000_000_000)), (10, histories.dollars(10_500_000))):
        told.add(histories.correct(rows[n].changes.get(), capital, LATER).decision_number)
    told.add(histories.correct(rows[11].changes.get(), histories.dong(1_000_000_000), LATER).decision_number)
    wrong = rows[2].changes.get(effective_on=date(2025, 7, 1))
    ledger.annul(change=wrong, basis=ledger.Basis("huy-1", date(2026, 1, 5)), by=None, at=LATER, note="Nhầm dự án")
    return told | {"huy-1"}


@pytest.mark.prove
def test_fifty_changes_move_no_noted_figure_and_are_each_a_cause():
    histories.plant()
    row, before = publish(), noted(NOW)
    decisions = change_fifty()
    causes = publishing.why(row)
    assert (len(decisions), len(before), noted(NOW) == before, noted(None) == before) == (50, 20, True, False)
    assert (len(causes), {cause.move.basis for cause in causes}) == (50, decisions)
    moved = {one.now.indicator.code: one.difference for one in publishing.revisions([row]) if not one.now.asked.zone}
    told = {code: sum(cause.effects.get(code, 0) for cause in causes) for code in publishing.HEADLINES}
    assert {code: amount for code, amount in told.items() if amount} == moved
    print(f"50 changes: {len(before)} figures stand, {len(moved)} differ now, {len(causes)} causes")  # noqa: T201


def test_each_moved_figure_is_explained_by_its_own_page(client):
    histories.plant()
    row = publish()
    change_much()
    for found in publishing.revisions([row]):
        response = client.get(found.url)
        assert response.context["difference"] == found.difference
        assert sum(move.amount for move in response.context["page_obj"].paginator.object_list) == found.difference


def test_page_of_revisions_names_records_and_effects(client):
    histories.plant()
    publish()
    change_much()
    page = client.get("/thong-ke/thay-doi/").content.decode()
    assert all(text in page for text in ("huy-1", "Hủy dòng đã ghi", "Ghi sổ sau, hiệu lực từ ngày đã tính", "muon-1"))


def test_page_of_revisions_takes_the_same_queries_for_any_number_of_causes(client, django_assert_num_queries):
    histories.plant()
    publish()
    client.get("/thong-ke/thay-doi/")
    with django_assert_num_queries(8):
        client.get("/thong-ke/thay-doi/")


def test_published_opening_is_kept_in_the_bridge_with_what_was_entered_since():
    histories.plant()
    publish(as_of=date(2024, 12, 31), since=date(2024, 1, 1))
    first = Change.objects.filter(kind="issued").order_by("pk").first()
    histories.correct(first, histories.dollars(1_500_000), LATER)
    row = overview.of(Asked(histories.LAST, since=histories.FIRST)).bridges["fdi_capital_usd"]
    assert (row.opening.value, row.restated.signed, row.gap) == (12_000_000, 500_000, 0)
    assert row.closing.value == 41_500_000


def test_what_was_published_is_neither_changed_nor_deleted():
    histories.plant()
    row = publish()
    for deed in (
        lambda: PublishedFigure.objects.filter(publication=row).update(value=0),
        lambda: row.figures.all().delete(),
        lambda: type(row).objects.update(note="khác"),
    ):
        with pytest.raises(Error), transaction.atomic():
            deed()
    assert row.figures.count() == len(publishing.HEADLINES) + 2 * len(publishing.OF_ZONES)


def test_figures_of_a_day_to_come_are_not_published():
    with pytest.raises(publishing.PublishRefused, match="ngày chưa tới"):
        publish(at=factories.at("2025-12-31 09:00"), as_of=date(2026, 1, 1))


def test_figures_that_do_not_add_up_are_not_published():
    histories.plant()
    by_sql("UPDATE projects_change SET capital_usd = 7 WHERE stands_as = 'suspended'")
    with pytest.raises(publishing.PublishRefused, match="chưa khớp"):
        publish()


def test_leader_publishes_from_the_calendar(client, staff):
    histories.plant()
    release = Release.objects.create(planned_on=date(2026, 1, 10), title_vi="Năm 2025", as_of=histories.LAST)
    leader = staff("leader")
    client.force_login(leader)
    client.post(reverse("admin:izportal_release_publish", args=[release.pk]))
    row = release.publications.get()
    assert (row.released_by, row.as_of, row.figures.get(indicator="fdi_projects", zone="").value) == (
        leader, histories.LAST, Decimal(6),
    )  # fmt: skip


def test_calendar_tells_what_is_to_come_and_what_was_given_out(client):
    histories.plant()
    done = Release.objects.create(planned_on=date(2026, 1, 10), title_vi="Năm 2025", as_of=histories.LAST)
    Release.objects.create(planned_on=date(2026, 4, 10), title_vi="Quý I/2026", as_of=date(2026, 3, 31))
    publish(release=done)
    response = client.get("/thong-ke/lich-cong-bo/")
    assert [row.title for row in response.context["to_come"]] == ["Quý I/2026"]
    assert [row.release for row in response.context["page_obj"]] == [done]


def test_command_names_the_row_that_was_changed(capsys):
    histories.plant()
    call_command("check_register")
    assert "nguyên vẹn" in capsys.readouterr().out
    row = Change.objects.order_by("pk")[3]
    by_sql("UPDATE projects_change SET capital_usd = capital_usd + 1 WHERE id = %s", row.pk)
    with pytest.raises(CommandError, match=rf"Dòng sổ {row.pk} của dự án {row.project.code}"):
        call_command("check_register")
    assert audit.last()[1][0].startswith(f"Dòng sổ {row.pk}")


def test_desk_tells_what_the_last_look_found(client, staff):
    histories.plant()
    by_sql("UPDATE projects_change SET note = 'khác' WHERE id = (SELECT MIN(id) FROM projects_change)")
    audit.look(at=timezone.now())
    client.force_login(staff("register"))
    assert "Sổ dự án có chỗ không khớp" in client.get("/admin/").content.decode()


def test_breaks_come_with_the_reference_data():
    factories.load_reference()
    row = SeriesBreak.objects.get(code="sap-nhap-2025")
    assert (row.on, row.is_verified, row.concerns("projects")) == (date(2025, 7, 1), True, True)
    assert "202/2025/QH15" in row.source_vi and "202/2025/QH15" in row.source_en
    assert SeriesBreak.objects.get(code="quy-hoach-2023").concerns("projects") is False
