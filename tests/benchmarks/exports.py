"""What it costs to send 100,000 plots out by twelve columns, in time and in memory above that of the portal at rest,
beside xlsxwriter alone, the library's own export and PostgreSQL's COPY; `make bench` prints it, ROWS=… as many. Aims:
within 1.3 times xlsxwriter alone, and within 120 MiB."""

import gc
import os
import re
import tempfile
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from django.db import connection
from import_export.formats.base_formats import XLSX
from import_export.resources import modelresource_factory

from izportal.workbooks import table_of, write_csv, write_excel
from tests import factories
from zones.models import Phase, Plot
from zones.resources import PlotResource

pytestmark = pytest.mark.django_db

MANY = int(os.environ.get("ROWS") or 100_000)
TWELVE = (
    "code", "zone", "phase", "number", "kind", "area_m2", "price", "price_currency", "price_basis", "price_on",
    "term_until", "is_published",
)  # fmt: skip
FACTS = {
    "area_m2": Decimal("65000.5"), "price": Decimal("92.25"), "price_currency": "USD", "price_basis": "m2_term",
    "price_on": date(2026, 2, 5), "term_until": 2055,
}  # fmt: skip


class Twelve(PlotResource):
    class Meta(PlotResource.Meta):
        fields = TWELVE

    def annotated(self, rows):
        return rows


def memory(name):
    return int(re.search(rf"{name}:\s+(\d+)", Path("/proc/self/status").read_text(encoding="ascii"))[1]) / 1024


def cost(deed):
    """Seconds of the processor, and MiB at the highest above what was held before."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the high-water mark begins anew
    before, start = memory("VmRSS"), time.process_time()
    deed()
    return time.process_time() - start, memory("VmHWM") - before


@pytest.fixture
def many():
    zone = factories.make_zone()
    phase = Phase.objects.create(zone=zone, slug="gd-1", name_vi="Giai đoạn 1")
    plots = (Plot(zone=zone, phase=phase, number=f"CN-{n}", code=f"SC2-CN-{n}", **FACTS) for n in range(MANY))
    Plot.objects.bulk_create(plots, batch_size=2000)


def ours():
    with tempfile.TemporaryFile() as target:
        write_excel(table_of(Twelve(), Plot.objects.order_by("pk")), target)


def ours_as_csv():
    with tempfile.TemporaryFile() as target:
        write_csv(table_of(Twelve(), Plot.objects.order_by("pk")), target)


def writer_alone():
    """The same values, of which nothing is read, told apart or explained."""
    row = ["SC2-CN-00001", "SC2", "gd-1", "CN-00001", "Đất công nghiệp", 65000.5, 92.25, "USD", "mỗi m² cả thời hạn",
           date(2026, 2, 5), 2055, "Có"]  # fmt: skip
    with tempfile.TemporaryFile() as target:
        book = xlsxwriter.Workbook(target, {"constant_memory": True, "default_date_format": "dd/mm/yyyy"})
        sheet = book.add_worksheet()
        for number in range(MANY):
            sheet.write_row(number, 0, row)
        book.close()


def library():
    resource = modelresource_factory(Plot)()
    XLSX().export_data(resource.export(Plot.objects.select_related("zone", "phase")))


def copied():
    if connection.vendor == "postgresql":
        columns = ", ".join(TWELVE).replace("zone", "zone_id").replace("phase", "phase_id")
        with connection.cursor() as cursor, tempfile.TemporaryFile() as target:
            cursor.copy_expert(f"COPY (SELECT {columns} FROM zones_plot) TO STDOUT CSV", target)


def test_cost_of_sending_plots_out(many):
    deeds = (writer_alone, ours, ours_as_csv, library, copied)
    found = {deed.__name__: cost(deed) for deed in deeds}
    alone, _memory = found["writer_alone"]
    print(f"\n{MANY:,} rows on {connection.vendor}")  # noqa: T201
    for name, (seconds, mib) in found.items():
        print(f"  {name:<14} {seconds:6.2f} s  {seconds / alone:5.2f} x  {mib:6.0f} MiB")  # noqa: T201
    assert found["ours"][0] < 1.3 * alone
    assert found["ours"][1] < 120
