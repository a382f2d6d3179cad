"""What it costs to take 100,000 rows of twelve columns in: until every row is checked and can be reviewed, until the
faults of one in a thousand are marked in the workbook, until the rest is applied, and until it is undone; beside the
library's own import of a part of them and PostgreSQL's COPY. `make bench` prints it, ROWS=… as many. What goes out is
measured in `exports.py`. Aims: 20 s to review, 30 s more to apply, 200 MiB in each process."""

import io
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
import tablib
import xlsxwriter
from django.db import connection, transaction
from django.utils import timezone
from import_export.resources import modelresource_factory

from izportal import changesets
from izportal.changesets import marking, work
from izportal.models import ChangeSetRow
from izportal.sheets.reading import SPOOL
from tests import factories, uploads
from tests.benchmarks.exports import memory
from zones.models import Plot

pytestmark = pytest.mark.django_db

MANY = int(os.environ.get("ROWS") or 100_000)
# The library takes minutes for all of them: what it takes for some is multiplied.
SOME = min(MANY, 2_000)
# One row in so many is faulty.
RARE = 1_000
SOUND = MANY - MANY // RARE
READER = (
    "import re, runpy, sys; sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__'); "
    "print(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1], file=sys.stderr)"
)
HEADINGS = [
    "Mã lô", "Khu công nghiệp", "Số lô", "Loại", "Diện tích, m²", "Thời hạn đất đến năm", "Điện tại hàng rào, kVA",
    "Nước cấp, m³/ngày", "Mật độ xây dựng, %", "Chiều cao thông thủy, m", "Mô tả", "Công bố",
]  # fmt: skip


def facts(number):
    return [
        f"SC2-CN-{number}", "SC2", f"CN-{number}", "Đất công nghiệp", 1000 + number % 900 + 0.5, 2055,
        2000 + number % 50, 100.5, 60, 7.5, f"Lô số {number} gần đường trục chính", "Có",
    ]  # fmt: skip


def book():
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as target:
        written = xlsxwriter.Workbook(target.name, {"constant_memory": True})
        sheet = written.add_worksheet()
        sheet.write_row(0, 0, HEADINGS)
        for number in range(1, MANY + 1):
            row = facts(number)
            sheet.write_row(number, 0, row if number % RARE else [*row[:4], "nhiều", *row[5:]])
        written.close()
        return Path(target.name).read_bytes()


def timed(deed):
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the high-water mark begins anew
    before, start, processor = memory("VmRSS"), time.perf_counter(), time.process_time()
    deed()
    wall, processor = time.perf_counter() - start, time.process_time() - processor
    return wall, processor, memory("VmHWM"), memory("VmHWM") - before


def spool_memory(content):
    """What the process that reads the workbook takes at its highest."""
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as kept:
        kept.write(content)
        kept.flush()
        command = [sys.executable, "-I", "-c", READER, str(SPOOL), kept.name]
        told = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True)
        return int(told.stderr) / 1024


def library():
    """The library's own way, with the names of the fields for headings and no trial before."""
    names = [
        "code", "zone", "number", "kind", "area_m2", "term_until", "power_kva", "water_m3_day", "building_coverage",
        "clear_height_m", "description_vi", "is_published",
    ]  # fmt: skip
    zone = factories.make_zone().pk
    rows = [["", f"B-{n}", zone, f"B-{n}", "land", *facts(n)[4:11], "1"] for n in range(SOME)]
    table = tablib.Dataset(*rows, headers=["id", *names])
    with transaction.atomic():
        result = modelresource_factory(Plot)(fields=["id", *names]).import_data(table, raise_errors=True)
        assert result.totals["new"] == SOME
        transaction.set_rollback(True)


def copied():
    if connection.vendor != "postgresql":
        return
    lines = io.StringIO("".join("\t".join(map(str, facts(n))) + "\n" for n in range(MANY)))
    with connection.cursor() as cursor:
        kinds = ["text"] * 4 + ["numeric", "int"] + ["numeric"] * 4 + ["text"] * 2
        cursor.execute(f"CREATE TEMP TABLE given ({', '.join(f'c{n} {kind}' for n, kind in enumerate(kinds))})")
        cursor.copy_expert("COPY given FROM STDIN", lines)


def test_cost_of_taking_plots_in():
    factories.make_zone()
    keeper = factories.make_staff("land")
    content = book()
    begun = changesets.begin(kind="plots", upload=uploads.sent("lo.xlsx", content), by=keeper, at=timezone.now())
    found = {"copy": timed(copied), "parse": timed(lambda: work.parse(begun.pk))}
    begun.refresh_from_db()
    assert (begun.state, begun.rows.filter(state=ChangeSetRow.State.NEW).count()) == ("ready", SOUND)
    found["mark"] = timed(lambda: marking.mark(begun.pk))
    changesets.accept(begun, by=keeper, at=timezone.now())
    found["apply"] = timed(lambda: work.apply(begun.pk))
    assert Plot.objects.count() == SOUND
    changesets.undo(begun, by=keeper, at=timezone.now())
    found["undo"] = timed(lambda: work.undo(begun.pk))
    assert Plot.objects.count() == 0
    seconds, processor, peak, above = timed(library)
    found["library"] = (seconds * MANY / SOME, processor * MANY / SOME, peak, above)
    base = found["parse"][1]
    print(f"\n{MANY:,} rows in on {connection.vendor}; the reader by itself {spool_memory(content):.0f} MiB")  # noqa: T201
    for name, (wall, processor, peak, above) in found.items():
        told = f"{wall:7.2f} s, of it here {processor:7.2f} s {processor / base:6.2f} x"
        told = f"{told} {peak:5.0f} MiB, {above:4.0f} above rest"
        print(f"  {name:<8} {told}")  # noqa: T201
