"""Every table that goes out, read back as it is: nothing is said otherwise by the way through Excel."""

import io
from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from izportal import changesets, outbox
from izportal.models import CalendarDay
from izportal.resources import CalendarDayResource
from izportal.sheets import IMPORTED
from izportal.workbooks import KEY_HEADING, columns_of, table_of, tokens, write_excel
from onestop.resources import ProcedureResource
from projects.resources import (
    ChangeResource,
    EnterpriseResource,
    InvestorResource,
    ProjectResource,
    ReportResource,
    TenureResource,
)
from tests import factories, uploads
from tests.projects import reporting
from zones.models import Phase, UtilityCapacity, UtilityCommitment
from zones.resources import PhaseResource, PlotResource, ZoneResource
from zones.utilities.resources import CapacityResource, CommitmentResource

pytestmark = pytest.mark.django_db

LONG = "Nhà máy rất dài. " * 200
AWKWARD = "=HYPERLINK(1)\r\ndòng hai; -5"


def zones():
    factories.make_zone(
        developer_vi=AWKWARD, location_old_vi="007", name_en=None, latitude=Decimal("21.48013"), established_by="@x",
        established_on=date(1999, 9, 1), term_until=2049,
    )  # fmt: skip


def phases():
    zone = factories.make_zone()
    Phase.objects.create(
        zone=zone, slug="gd-1", name_vi="Giai đoạn 1", name_en="", area_ha=Decimal("195.27"), note_vi=AWKWARD,
        decision="0123/QĐ-UBND", decided_on=date(2011, 6, 1), contact_phone="+84 208 3",
    )  # fmt: skip


def plots():
    zone = factories.make_zone()
    Phase.objects.create(zone=zone, slug="gd-1", name_vi="Giai đoạn 1")
    factories.make_plot(
        "007", price=Decimal("92.25"), price_currency="USD", price_basis="m2_term", price_on=date(2026, 2, 5),
        description_vi=AWKWARD, description_en=LONG, power_kva=Decimal("1234.5"),
    )  # fmt: skip


def enterprises():
    factories.make_enterprise("-Công ty “Thử”", "0100000001-001", address=LONG[:400], phone="0208 3", name_en="=A")


def investors():
    factories.make_investor("@Nhà đầu tư", identifier="000123", kind="individual")


def projects():
    enterprise = factories.make_enterprise(tax_code="0100000001")
    factories.make_project(
        "0098111122", plot=factories.make_plot(), enterprise=enterprise, name="=Nhà máy", name_en="",
        objective=AWKWARD, term_until=date(2071, 5, 10), usd="12500000.55", certificate_number="000987",
    )  # fmt: skip
    factories.make_project("9811112223", origin="ddi", vnd="123456789012.5")


def calendar():
    CalendarDay.objects.create(day=date(2027, 2, 16), name_vi="=Tết", name_en="", announcement="0123/TB\nhai dòng")


def procedures():
    procedure = factories.make_procedure("1.009645", "=Cấp giấy chứng nhận")
    procedure.name_en, procedure.local_suffix = None, "000.00.00.H55"
    procedure.save()


def reports():
    reporting.make_report(difficulties__text="007\r\n=1", capital_realised__period="1.000,55")


def capacities():
    UtilityCapacity.objects.create(
        zone=factories.make_zone(), kind="power", amount=Decimal("1234.5"), effective_on=date(2020, 1, 1),
        source="=Văn bản 007", stated_on=date(2020, 2, 1),
        note=AWKWARD,
    )  # fmt: skip


def commitments():
    plot = factories.make_plot()
    UtilityCommitment.objects.create(
        zone=plot.zone, plot=plot, kind="water", amount=Decimal("99.5"), effective_on=date(2020, 1, 1),
        stated_on=date(2020, 2, 1), source="@1",
    )  # fmt: skip


TABLES = {
    CapacityResource: capacities,
    CommitmentResource: commitments,
    ZoneResource: zones,
    PhaseResource: phases,
    PlotResource: plots,
    EnterpriseResource: enterprises,
    InvestorResource: investors,
    ProjectResource: projects,
    ChangeResource: projects,
    TenureResource: projects,
    CalendarDayResource: calendar,
    ProcedureResource: procedures,
    ReportResource: reports,
}


def written(resource):
    """The rows of a workbook as a reader finds them: {heading: value}."""
    target = io.BytesIO()
    write_excel(table_of(resource, resource.get_queryset().order_by("pk")), target)
    headings, *rows = CalamineWorkbook.from_filelike(io.BytesIO(target.getvalue())).get_sheet_by_index(0).to_python()
    return [dict(zip(headings, row, strict=True)) for row in rows]


@pytest.mark.parametrize("resource_class", TABLES, ids=lambda each: each.__name__)
def test_each_cell_is_read_as_what_it_was_written_from(resource_class):
    TABLES[resource_class]()
    resource = resource_class()
    stored = table_of(resource, resource.get_queryset().order_by("pk"))
    pairs = list(zip(written(resource), stored.lines(), strict=True))
    assert pairs
    for said, values in pairs:
        for column, value in zip(stored.columns, values, strict=False):
            expected = column.cell.clean(None if value is None else column.cell.written(value))
            assert plain(column.cell.clean(said[column.heading])) == plain(expected), column.heading


def plain(value):
    """Excel keeps one sign for the end of a line."""
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


@pytest.mark.parametrize("name", IMPORTED)
def test_file_that_comes_back_as_it_went_out_changes_nothing(name, staff):
    TABLES[IMPORTED[name]]()
    sender, resource = staff("administrator"), IMPORTED[name]()
    target = io.BytesIO()
    write_excel(table_of(resource, resource.get_queryset().order_by("pk")), target)
    sent = uploads.sent("bang.xlsx", target.getvalue())
    change_set = changesets.begin(kind=name, upload=sent, by=sender, at=timezone.now())
    outbox.drain()
    told = change_set.rows.order_by("position").values_list("state", "faults", "before", "after")
    assert set(told.values_list("state", flat=True)) == {"unchanged"}, list(told)


@pytest.mark.any_database
def test_every_table_that_comes_in_stands_here():
    assert set(IMPORTED.values()) <= set(TABLES)


@pytest.mark.parametrize("resource_class", TABLES, ids=lambda each: each.__name__)
def test_keys_are_those_of_the_records(resource_class):
    TABLES[resource_class]()
    resource = resource_class()
    keys = [row[KEY_HEADING] for row in written(resource)]
    now = tokens(resource, resource.get_queryset().values_list("pk", flat=True))
    assert keys == [f"{pk}:{now[pk]}" for pk in sorted(now)]


@pytest.mark.parametrize("resource_class", TABLES, ids=lambda each: each.__name__)
def test_headings_of_a_table_are_told_apart(resource_class):
    headings = [column.heading for column in columns_of(resource_class())]
    assert len(set(headings)) == len(headings)


@pytest.mark.parametrize("resource_class", TABLES, ids=lambda each: each.__name__)
def test_rows_cost_one_query(resource_class, django_assert_num_queries):
    TABLES[resource_class]()
    resource = resource_class()
    table = table_of(resource, resource.get_queryset())
    with django_assert_num_queries(1):
        assert list(table.lines())


@pytest.mark.parametrize(
    "page", ["zones/phase", "zones/plot", "projects/project", "projects/change", "projects/tenure", "projects/report"]
)
def test_list_goes_out_within_the_zones_of_its_reader(client, staff, page):
    reader = staff("head", zones=["DT"])
    client.force_login(reader)
    plots(), projects()
    reports()
    answer = client.post(f"/admin/{page}/export/", {"form": "csv"})
    assert answer.getvalue().decode("utf-8-sig").count("\n") == 1
