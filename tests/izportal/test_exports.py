"""Long lists written by the worker: followed, stopped, fetched by whoever asked, forgotten after a day."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_q.models import OrmQ
from django_q.signing import SignedPackage

from izportal import exports, outbox, sheets
from izportal.backoffice import exporting
from izportal.models import Export, Job
from tests import factories

pytestmark = pytest.mark.django_db
LIST = "/admin/zones/plot/"


@pytest.fixture
def keeper(client, staff, monkeypatch):
    monkeypatch.setattr(exporting, "AT_ONCE", 1)
    monkeypatch.setattr("izportal.workbooks.TOLD_EVERY", 1)
    person = staff("land")
    client.force_login(person)
    for number, area in (("CN-1", 3), ("CN-2", 1), ("XN-3", 2)):
        factories.make_plot(number, area_m2=area)
    return person


def asked(client, query="?q=CN&o=-4", form="xlsx"):
    answer = client.post(f"{LIST}export/{query}", {"form": form})
    return Export.objects.get(), answer.url


def test_long_list_is_written_by_the_worker(client, keeper):
    row, page = asked(client)
    assert (client.get(page)["Refresh"], row.state, row.total) == ("2", "waiting", 2)
    outbox.drain()
    answer = client.get(page)
    row.refresh_from_db()
    assert (row.state, row.done, "Refresh" in answer) == ("done", 2, False)
    written = sheets.read(client.get(f"{page}file/").getvalue())
    assert [line[0] for line in written] == ["SC2-CN-1", "SC2-CN-2"]


def test_list_in_csv_is_written_by_the_worker(client, keeper):
    _row, page = asked(client, form="csv")
    outbox.drain()
    answer = client.get(f"{page}file/")
    assert (answer["Content-Type"], len(sheets.read(answer.getvalue()))) == ("text/csv; charset=utf-8", 2)


def test_export_that_was_stopped_is_not_written(client, keeper):
    row, page = asked(client)
    client.post(f"{page}stop/")
    outbox.drain()
    row.refresh_from_db()
    assert (row.state, row.file.name, client.get(f"{page}file/").status_code) == ("cancelled", "", 404)


def test_export_that_is_stopped_midway_ends(keeper, client, monkeypatch):
    row, _page = asked(client)
    monkeypatch.setattr(exports, "_tell", lambda pk, done: exports.stop(row, by=keeper) and None or _raise(pk))
    exports.write(str(row.pk))
    row.refresh_from_db()
    assert (row.state, row.file.name) == ("cancelled", "")


def _raise(pk):
    raise exports._Stopped


def test_export_is_its_askers_alone(client, keeper, staff):
    _row, page = asked(client)
    client.force_login(staff("land"))
    assert [client.get(page).status_code, client.post(f"{page}stop/").status_code] == [404, 404]


def test_right_that_was_taken_meanwhile_ends_the_export(client, keeper):
    row, _page = asked(client)
    keeper.groups.clear()
    outbox.drain()
    row.refresh_from_db()
    assert row.state == "failed"


def test_rows_are_those_of_the_one_who_asked(client, keeper):
    keeper.zones = ["DT"]
    keeper.save()
    for number in ("1", "2"):
        factories.make_plot(number, zone=factories.make_zone("diem-thuy", "DT", "Điềm Thụy"))
    row, page = asked(client, "")
    outbox.drain()
    written = sheets.read(client.get(f"{page}file/").getvalue())
    assert [line[0] for line in written] == ["DT-1", "DT-2"]


def test_export_is_forgotten_after_a_day(client, keeper):
    row, page = asked(client)
    outbox.drain()
    storage, name = Export.file.field.storage, Export.objects.get().file.name
    assert (exports.sweep(before=row.asked_at), exports.sweep(before=timezone.now() + timedelta(days=1))) == (0, 1)
    assert (storage.exists(name), client.get(page).status_code) == (False, 404)


def test_more_than_excel_holds_goes_out_as_csv_only(client, keeper, monkeypatch):
    monkeypatch.setattr("izportal.workbooks.MOST_ROWS", 2)
    answer = client.post(f"{LIST}export/", {"form": "xlsx"})
    assert (answer.status_code, Export.objects.count()) == (422, 0)
    assert "Excel không chứa quá" in answer.content.decode()


def test_buttons_of_a_list_are_by_right(client, keeper, staff):
    def labels():
        return [label for label, _url in client.get(LIST).context["sheet_links"]]

    assert labels() == ["Nhập từ Excel", "Xuất Excel"]
    client.force_login(staff("reception"))
    assert (labels(), client.get(f"{LIST}template/").status_code) == (["Xuất Excel"], 403)


def test_empty_form_is_fetched(client, keeper):
    answer = client.get(f"{LIST}template/")
    assert answer["Content-Disposition"] == 'attachment; filename="mau-lo-dat.xlsx"'
    assert sheets.read(answer.getvalue()).headers[:2] == ["Mã lô", "Khu công nghiệp"]


def test_page_of_an_export_tells_that_its_writing_has_failed(client, keeper):
    _row, page = asked(client)
    Job.objects.update(attempts=12, given_up_at=timezone.now())
    assert "Cổng đã thử nhiều lần" in client.get(page).content.decode()


def test_long_exports_have_as_long_as_long_imports(client, keeper):
    asked(client)
    assert [SignedPackage.loads(row.payload)["timeout"] for row in OrmQ.objects.all()] == [outbox.LONG_SECONDS]
