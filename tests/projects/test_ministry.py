"""The ministry's forms: every cell adds up from its records, a second person signs, nothing moves what is frozen."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from projects import ledger, ministry
from projects.ministry import sheet
from projects.ministry.forms import forms
from projects.models import Change, DeveloperPhase, MinistryReport, ReportAnswer
from tests import factories
from tests.factories import at
from tests.projects import reporting
from zones.models import Phase

pytestmark = pytest.mark.django_db

NOW = at("2026-10-20 09:00")
QUARTER = {"period_name": "Quý III/2026", "starts_on": date(2026, 7, 1), "cut_off_on": date(2026, 9, 30)}


@pytest.fixture
def keeper():
    return factories.make_staff("register")


@pytest.fixture
def leader():
    return factories.make_staff("leader")


def draw(form, by, *, moment=NOW, period=None, **changed):
    return ministry.draw_up(form=form, report_period=period, by=by, at=moment, **{**QUARTER, **changed})


def freeze(row, by):
    return ministry.sign(row, seen=row.sha256, by=by, at=NOW)


def cells(row, key):
    """{column: value} of one row."""
    found = next(one for one in row.content["rows"] if one["key"] == key)
    return {code: cell["value"] for code, cell in found["cells"].items()}


def adjust(project, usd, on, moment, number="9/QĐ-BQL"):
    to = ledger.Capital(Decimal(usd), Decimal(0))
    return ledger.adjust_capital(
        project=project, to=to, basis=ledger.Basis(number, on), by=factories.make_staff("register"), at=moment
    )


# Cells --------------------------------------------------------------------------------------------
def test_attraction_of_the_period_is_told_by_indicator(keeper):
    old = factories.make_project(usd="5000000", on=date(2021, 5, 10))
    factories.make_project(usd="2500000", on=date(2026, 7, 15))
    factories.make_project(origin="ddi", vnd="300000000000", on=date(2026, 8, 3))
    adjust(old, 6200000, date(2026, 9, 1), at("2026-09-02 09:00"))
    row = draw("2101", keeper)
    assert cells(row, "new") == {
        "fdi_projects": "1", "fdi_amount": "2.5", "ddi_projects": "1", "ddi_amount": "300",
    }  # fmt: skip
    assert cells(row, "raised") == {
        "fdi_projects": "1", "fdi_amount": "1.2", "ddi_projects": "0", "ddi_amount": "0",
    }  # fmt: skip
    assert cells(row, "lowered")["fdi_projects"] == "0"


def test_ended_projects_are_told_with_the_capital_that_they_had(keeper):
    project = factories.make_project(usd="5000000")
    ledger.terminate(
        project=project, basis=ledger.Basis("77/QĐ-BQL", date(2026, 8, 20)), by=keeper,
        at=at("2026-08-21 09:00"), is_revoked=True,
    )  # fmt: skip
    assert cells(draw("2101", keeper), "ended")["fdi_amount"] == "5"
    row = draw("2116", keeper)
    found = row.content["rows"][0]
    assert (found["group"], found["cells"]["usd"]["value"]) == ("Dự án sản xuất, kinh doanh", "5")
    assert (found["cells"]["decision"]["value"], found["cells"]["country"]["value"]) == ("77/QĐ-BQL", "Hàn Quốc")
    assert row.content["sums"] == {"usd": "5"}


def test_adjustments_are_told_one_by_one(keeper):
    project = factories.make_project(usd="5000000")
    change = adjust(project, 4000000, date(2026, 9, 1), at("2026-09-02 09:00"))
    row = draw("2115", keeper)
    assert [one["key"] for one in row.content["rows"]] == [f"change:{change.pk}"]
    said = cells(row, f"change:{change.pk}")
    assert (said["usd"], said["vnd"], said["on"], said["document"]) == ("-1", None, "01/09/2026", "9/QĐ-BQL")


def test_business_of_a_zone_adds_up_the_reports_that_count(keeper):
    period = reporting.make_period()
    zone = factories.make_zone()
    for revenue in (1_000_000, 500_000):
        subject = reporting.make_subject(zone=zone, usd="2000000")
        last = reporting.file_directly(subject, period, net_revenue=revenue, workers_vietnamese=10)
    back = reporting.file_directly(reporting.make_subject(zone=zone, usd="1000000"), period, net_revenue=9_000_000)
    ReportAnswer.objects.create(report=back, answer="returned", remarks="x", at=NOW, by=keeper)
    said = cells(draw("2104", keeper, period=period), zone.code)
    assert (said["fdi_projects"], said["fdi_registered"], said["fdi_operating"]) == ("3", "5", "2")
    assert (said["fdi_revenue"], said["ddi_revenue"], said["workers_vietnamese"]) == ("1.5", None, "20")
    assert last.period == period


def test_infrastructure_of_a_phase_rests_on_its_developer(keeper):
    developer = reporting.make_subject(kind="infrastructure", origin="ddi", vnd="2000000000000")
    phase = Phase.objects.create(zone=developer.project.zone, slug="a", name_vi="Khu A", area_ha=180)
    DeveloperPhase.objects.create(project=developer.project, phase=phase)
    half = reporting.make_period("2026-HT1", kind="developer_half", cut_off_on=date(2026, 6, 30))
    said = {"land_for_lease": "120", "land_leased": "90", "infrastructure_done": "75"}
    reporting.file_directly(type(developer)(developer.project, phase), half, **said)
    found = cells(draw("2103", keeper), f"{phase.zone.code}:a")
    assert (found["land"], found["leased"], found["occupancy"], found["done"]) == ("120", "90", "75", "75")
    assert (found["area"], found["registered_vnd"], found["registered_usd"]) == ("180", "2000", "0")


@pytest.mark.parametrize("form", forms())
def test_each_form_is_drawn_and_each_column_has_a_source_or_says_why(form, keeper):
    factories.make_project()
    row = draw(form, keeper)
    columns = {one.code: one for one in forms()[form].columns}
    assert [code for code, one in columns.items() if bool(one.source) == bool(one.lacking_vi)] == []
    assert all(set(one["cells"]) == {c for c, one in columns.items() if one.source} for one in row.content["rows"])


def test_number_of_a_cell_is_the_sum_of_its_records(keeper):
    for _number in range(3):
        factories.make_project(usd="1250000", on=date(2026, 7, 15))
    cell = draw("2101", keeper).content["rows"][0]["cells"]["fdi_amount"]
    found = Change.objects.filter(pk__in=[of.removeprefix("change:") for of in cell["records"]])
    assert sum(change.capital_usd for change in found) / 10**6 == Decimal(cell["value"]) == Decimal("3.75")


@pytest.mark.parametrize("count", [1, 3])
def test_drawing_asks_the_same_however_many_projects(keeper, count, django_assert_num_queries):
    period = reporting.make_period()
    for _number in range(count):
        reporting.file_directly(reporting.make_subject(), period, net_revenue=5)
    keeper.role_codes  # noqa: B018 - asked once for the whole page
    with django_assert_num_queries(17):
        draw("2104", keeper, period=period)


# Signing ------------------------------------------------------------------------------------------
def test_drafter_does_not_sign_and_others_may_not(keeper, leader):
    head = factories.make_staff("head")
    row = draw("2101", head)
    with pytest.raises(ministry.MinistryRefused, match="người khác"):
        freeze(row, head)
    with pytest.raises(PermissionDenied):
        freeze(row, keeper)
    assert freeze(row, leader).signed_by == leader


def test_draft_drawn_anew_is_not_signed_unseen(keeper, leader):
    row = draw("2101", keeper)
    factories.make_project(on=date(2026, 7, 15))
    ministry.redraw(row, by=keeper, at=at("2026-10-21 09:00"))
    with pytest.raises(ministry.MinistryRefused, match="lập lại"):
        freeze(row, leader)


def test_future_is_not_drawn_up(keeper):
    with pytest.raises(ministry.MinistryRefused, match="tương lai"):
        draw("2101", keeper, moment=at("2026-09-29 09:00"))


def test_frozen_form_is_neither_changed_nor_deleted(keeper, leader):
    row = freeze(draw("2101", keeper), leader)
    for deed in (
        lambda: MinistryReport.objects.update(note="x"), lambda: MinistryReport.objects.all()._raw_delete("default"),
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            deed()
    with pytest.raises(ministry.MinistryRefused):
        ministry.redraw(row, by=keeper, at=NOW)


def test_database_refuses_a_signature_of_the_drafter(keeper):
    row = draw("2101", keeper)
    with pytest.raises(IntegrityError), transaction.atomic():
        MinistryReport.objects.filter(pk=row.pk).update(signed_by=keeper, frozen_at=NOW)


# Frozen -------------------------------------------------------------------------------------------
def test_frozen_form_gives_the_same_bytes_after_the_register_has_moved(keeper, leader):
    project = factories.make_project(usd="5000000")
    row = freeze(draw("2101", keeper), leader)
    first = sheet.export(row)
    late = adjust(project, 9000000, date(2026, 9, 10), at("2026-10-25 09:00"))
    again = sheet.export(MinistryReport.objects.select_related("drafted_by", "signed_by").get(pk=row.pk))
    assert again == first
    assert ministry.late_records(row) == [late]
    assert ministry.changed_cells(row) == [
        ("Tăng vốn", "FDI: số dự án", "0", "1"), ("Tăng vốn", "FDI: số lượng", "0", "4"),
    ]  # fmt: skip


def test_frozen_form_reads_the_books_as_they_were_known(keeper):
    project = factories.make_project(usd="5000000")
    adjust(project, 9000000, date(2026, 9, 10), at("2026-10-25 09:00"))
    row = draw("2101", keeper, moment=at("2026-11-01 09:00"), as_known=date(2026, 10, 20))
    assert cells(row, "raised")["fdi_projects"] == "0"
    assert cells(draw("2101", keeper, moment=at("2026-11-01 09:00")), "raised")["fdi_projects"] == "1"


def test_report_filed_afterwards_is_listed(keeper, leader):
    period, subject = reporting.make_period(), reporting.make_subject()
    row = freeze(draw("2104", keeper, period=period), leader)
    late = reporting.file_directly(subject, period, at("2026-10-28 09:00"), net_revenue=1_000_000)
    assert ministry.late_records(row) == [late]
    assert ("Doanh thu trong kỳ", None, "1") in [line[1:] for line in ministry.changed_cells(row)]


def test_form_goes_out_cell_by_cell(keeper):
    factories.make_project(usd="2500000", on=date(2026, 7, 15))
    row = draw("2101", keeper)
    page = openpyxl.load_workbook(BytesIO(sheet.export(row))).active
    lines = [list(line) for line in page.iter_rows(values_only=True)]
    assert [line for line in lines if line[0] == "Cấp mới"] == [["Cấp mới", 1, 2.5, 0, 0]]
    assert ["Doanh thu", "x", "x", "x", "x"] in lines
    assert any("BẢN NHÁP" in str(line[0]) for line in lines)


# The back office ----------------------------------------------------------------------------------
def test_form_is_drawn_read_signed_and_exported(client, keeper, leader):
    factories.make_project(usd="2500000", on=date(2026, 7, 15))
    client.force_login(keeper)
    said = {"form": "2101", "period_name": "Quý III/2026", "starts_on": "01/07/2026", "cut_off_on": "30/09/2026"}
    client.post(reverse("admin:ministry_draw"), said)
    row = MinistryReport.objects.get()
    page = client.get(reverse("admin:projects_ministryreport_change", args=[row.pk])).content.decode()
    address = reverse("admin:ministry_cell", args=[row.pk, "new", "fdi_amount"])
    assert (address in page, "2,5" in page) == (True, True)
    assert [one.what for one in client.get(address).context["found"]] == ["thay đổi của dự án"]
    client.force_login(leader)
    client.post(reverse("admin:projects_ministryreport_sign", args=[row.pk]), {"seen": row.sha256})
    row.refresh_from_db()
    assert (row.signed_by, row.is_frozen) == (leader, True)
    files = [client.get(reverse("admin:ministry_sheet", args=[row.pk])).content for _time in range(2)]
    assert files[0] == files[1]
    assert "Không ô nào khác." in client.get(reverse("admin:ministry_since", args=[row.pk])).content.decode()


def test_draft_waits_on_the_desk_of_whoever_may_sign_it(client, keeper, leader):
    head = factories.make_staff("head")
    row = draw("2101", head)
    heap = f"{reverse('admin:projects_ministryreport_changelist')}?state=sign"
    for person, waits in ((leader, True), (head, False), (keeper, False)):
        client.force_login(person)
        assert (heap in client.get(reverse("admin:index")).content.decode()) is waits
    client.force_login(leader)
    assert list(client.get(heap).context["cl"].result_list) == [row]
    assert client.get(reverse("admin:projects_project_work")).context["to_sign"] == 1
    freeze(row, leader)
    assert heap not in client.get(reverse("admin:index")).content.decode()


def test_form_with_senseless_days_is_told_and_keeps_what_was_typed(client, keeper):
    client.force_login(keeper)
    said = {"form": "2101", "period_name": "Q", "starts_on": "01/07/2026", "cut_off_on": "30/06/2026"}
    answer = client.post(reverse("admin:ministry_draw"), said).content.decode()
    assert ("Ngày đầu kỳ phải trước ngày cuối kỳ." in answer, 'value="30/06/2026"' in answer) == (True, True)
    said["cut_off_on"] = "30/09/2990"
    assert "tương lai" in client.post(reverse("admin:ministry_draw"), said).content.decode()
    assert not MinistryReport.objects.exists()


def test_cell_that_is_not_there_is_not_found(client, keeper):
    client.force_login(keeper)
    row = draw("2101", keeper)
    for place in ("x/fdi_amount", "new/x"):
        assert client.get(f"/admin/projects/ministryreport/{row.pk}/cell/{place}/").status_code == 404


def test_codes_of_many_digits_stay_text_in_the_file(keeper):
    project = factories.make_project(usd="5000000", certificate_number="3216540897")
    ledger.terminate(
        project=project, basis=ledger.Basis("77/QĐ-BQL", date(2026, 8, 20)), by=keeper, at=at("2026-08-21 09:00")
    )
    page = openpyxl.load_workbook(BytesIO(sheet.export(draw("2116", keeper)))).active
    assert any("3216540897" in line for line in page.iter_rows(values_only=True))
