"""The back office of the land: lists, the land keeper's deeds, sheets in and out through the web."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from izportal import documents, sheets
from izportal.models import ChangeSet, Rule
from tests import factories, uploads
from tests.izportal.test_sheets import excel
from zones.models import Availability, Document, Phase, Plot, ZoneArea

pytestmark = pytest.mark.django_db

IMPORT, EXPORT = "/admin/zones/plot/import/", "/admin/zones/plot/export/"


def page_of(model, page="changelist", *args):
    return reverse(f"admin:zones_{model}_{page}", args=args)


@pytest.fixture
def keeper(client, staff):
    person = staff("land")
    client.force_login(person)
    return person


# What lists cost ----------------------------------------------------------------------------------
def make_area(n):
    ZoneArea.objects.create(zone=factories.make_zone(), area_ha=250, recorded_by=factories.make_user())


def make_document(n):
    paper = uploads.sent("a.pdf", uploads.pdf())
    stored = documents.store(paper, by=None, at=timezone.now(), max_bytes=10**6)
    Document.objects.create(zone=factories.make_zone(), title_vi="Quyết định", stored=stored)


COSTS = {
    "zone": (lambda n: factories.make_plot(zone=factories.make_zone(f"khu-{n}", f"K{n}")), 5),
    "phase": (lambda n: Phase.objects.create(zone=factories.make_zone(), slug=n, name_vi="Giai đoạn"), 6),
    "zonearea": (make_area, 8),
    "plot": (lambda n: factories.make_plot(f"CN-{n}", is_sample=True), 6),
    "availability": (lambda n: factories.make_plot(f"CN-{n}"), 8),
    "document": (make_document, 8),
}


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("model", COSTS)
def test_list_costs_the_same_however_long(client, keeper, django_assert_num_queries, model, rows):
    make, cost = COSTS[model]
    for n in range(rows):
        make(n)
    with django_assert_num_queries(cost):
        client.get(page_of(model))


def test_plot_list_is_filtered_by_the_status_of_today(client, keeper):
    factories.make_plot("CN-1")
    leased = factories.make_plot("CN-2", status="leased", held_for="MAU-1")
    shown = client.get(page_of("plot"), {"status": "leased"}).context["cl"].result_list
    assert list(shown) == [leased]


def test_sample_rows_carry_their_mark(client, keeper):
    factories.make_plot(is_sample=True)
    assert '<span class="flag">Minh họa</span>' in client.get(page_of("plot")).content.decode()


# Plots --------------------------------------------------------------------------------------------
def new_plot(zone, **changed):
    blank = dict.fromkeys(("phase", "price", "price_currency", "price_basis", "price_on", "term_until"), "")
    return {
        **blank, "zone": zone.pk, "number": "CN-09", "code": f"{zone.code}-CN-09", "kind": "land",
        "area_m2": "1.234,5", "availabilities-TOTAL_FORMS": 0,
        "availabilities-INITIAL_FORMS": 0, "confirmations-TOTAL_FORMS": 0, "confirmations-INITIAL_FORMS": 0, **changed,
    }  # fmt: skip


def test_plot_without_a_recorded_status_is_shown_with_dashes(client, keeper, make_plot):
    plot = make_plot(confirmed_on=None)
    plot.availabilities.all().delete()
    page = client.get(page_of("plot", "change", plot.pk)).content.decode()
    assert (page.count('<div class="readonly">—</div>'), page.count(">None<")) == (4, 0)


def test_plot_is_added_with_a_number_in_vietnamese(client, keeper, zone):
    client.post(page_of("plot", "add"), new_plot(zone))
    plot = Plot.objects.get()
    assert plot.area_m2 == Decimal("1234.5")
    assert 'value="1234,50"' in client.get(page_of("plot", "change", plot.pk)).content.decode()


def test_rule_of_the_record_is_told_beside_its_field(client, keeper, zone):
    page = client.post(page_of("plot", "add"), new_plot(zone, area_m2="-3", price="5"))
    assert page.context["adminform"].form.errors == {
        "area_m2": ["Diện tích lô phải lớn hơn 0."],
        "price": ["Giá phải có đơn vị tiền và cách tính."],
    }


def test_number_that_is_none_is_refused_beside_its_field(client, keeper, zone):
    page = client.post(page_of("plot", "add"), new_plot(zone, area_m2="1.2.3"))
    sentence = "“1.2.3” không phải là số. Ví dụ số đúng: 1.234,5."
    assert page.context["adminform"].form.errors["area_m2"] == [sentence]


def test_phase_of_another_zone_is_refused(client, keeper, zone):
    other = Phase.objects.create(
        zone=factories.make_zone("diem-thuy", "DT", "Điềm Thụy"), slug="gd1", name_vi="Giai đoạn 1"
    )
    page = client.post(page_of("plot", "add"), new_plot(zone, phase=other.pk))
    assert page.context["adminform"].form.errors["phase"] == ["Khu, giai đoạn này thuộc khu công nghiệp khác."]


def test_operator_adds_plots_in_own_zones_only(client, staff, zone):
    client.force_login(staff("operator", zones=["DT"]))
    page = client.post(page_of("plot", "add"), new_plot(zone))
    assert list(page.context["adminform"].form.errors) == ["zone"]
    assert Plot.objects.count() == 0


def test_keeper_of_some_zones_finds_no_others(client, staff, zone):
    client.force_login(staff("land", zones=["DT"]))
    assert client.get(page_of("zone", "change", zone.pk)).status_code == 404


# Deeds --------------------------------------------------------------------------------------------
def test_confirmation_says_who_and_when(client, keeper, make_plot):
    plot = make_plot()
    client.post(page_of("plot", "confirm", plot.pk))
    plot.refresh_from_db()
    assert (plot.confirmed_on, plot.confirmed_by) == (timezone.localdate(), keeper)


def test_operator_confirms_a_plot_of_own_zone(client, staff, make_plot):
    plot = make_plot()
    client.force_login(staff("operator", zones=["SC2"]))
    assert client.post(page_of("plot", "confirm", plot.pk)).status_code == 302


def word(**changed):
    return {"status": "clearing", "effective_on": f"{timezone.localdate():%d/%m/%Y}", "basis": "12/BB-BQL", **changed}


def test_availability_is_recorded_by_the_land_keeper(client, keeper, make_plot):
    plot = make_plot()
    client.post(page_of("plot", "availability", plot.pk), word())
    now = plot.standing(on=timezone.localdate())
    assert (now.status, now.basis, now.recorded_by) == ("clearing", "12/BB-BQL", keeper)


@pytest.mark.parametrize("role", ["operator", "editor", "register", "administrator"])
def test_availability_is_recorded_by_nobody_else(client, staff, make_plot, role):
    plot = make_plot()
    client.force_login(staff(role))
    assert client.post(page_of("plot", "availability", plot.pk), word()).status_code == 403


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("status", "leased", "Hãy chọn một lựa chọn hợp lệ. leased không phải là một trong các lựa chọn khả thi."),
        ("status", "available", "Lô đã ở tình trạng này từ 01/01/2020."),
        ("effective_on", "31/02/2026", "Nhập một ngày hợp lệ."),
        ("basis", "", "Trường này là bắt buộc."),
    ],
)
def test_senseless_availability_is_refused_beside_its_field(client, keeper, make_plot, field, value, sentence):
    plot = make_plot()
    page = client.post(page_of("plot", "availability", plot.pk), word(**{field: value}))
    assert page.context["form"].errors == {field: [sentence]}
    assert plot.availabilities.count() == 1


def test_availability_before_the_present_one_is_refused_with_the_typing_kept(client, keeper, make_plot):
    plot = make_plot(on=date(2026, 5, 1))
    page = client.post(page_of("plot", "availability", plot.pk), word(effective_on="30/04/2026"))
    assert page.context["form"].non_field_errors() == [
        "Ngày hiệu lực không được trước tình trạng hiện tại (01/05/2026)."
    ]
    assert "12/BB-BQL" in page.content.decode()


def test_leased_plot_is_not_freed_by_hand(client, keeper, make_plot):
    plot = make_plot(status="leased", held_for="MAU-1")
    page = client.post(page_of("plot", "availability", plot.pk), word(status="available"))
    assert (page.status_code, plot.standing(on=timezone.localdate()).status) == (200, "leased")


@pytest.fixture
def area(zone):
    return ZoneArea.objects.create(zone=zone, area_ha=260, decision="222/QĐ-TTg")


CORRECTION = {"area_ha": "250", "decision": "222/QĐ-TTg", "confidence": "derived"}


def test_area_is_superseded_and_stays_readable(client, keeper, area):
    client.post(page_of("zonearea", "correct", area.pk), CORRECTION)
    new = ZoneArea.objects.as_known().get()
    assert (new.supersedes, new.area_ha, new.recorded_by) == (area, 250, keeper)
    assert ZoneArea.objects.count() == 2


def test_area_is_superseded_once(client, keeper, area):
    for _press in range(2):
        page = client.post(page_of("zonearea", "correct", area.pk), CORRECTION)
    assert (page.status_code, ZoneArea.objects.count()) == (200, 2)


def test_area_is_added_with_its_stamp_and_never_changed(client, keeper, zone):
    client.post(page_of("zonearea", "add"), {"zone": zone.pk, **CORRECTION})
    row = ZoneArea.objects.get()
    assert row.recorded_by == keeper
    assert client.post(page_of("zonearea", "change", row.pk), {"area_ha": "1"}).status_code == 403
    assert client.post(page_of("zonearea", "delete", row.pk), {"post": "yes"}).status_code == 403


def test_superuser_neither_changes_nor_deletes_what_is_recorded(admin_client, make_plot):
    row = make_plot().availabilities.get()
    answers = [
        admin_client.post(page_of("availability", page, row.pk), {"post": "yes"}) for page in ("change", "delete")
    ]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert Availability.objects.get() == row


# Papers -------------------------------------------------------------------------------------------
@pytest.fixture
def upload_rule(db):
    Rule.objects.create(code="upload_max_mb", name_vi="Cỡ tệp", value="20", valid_from="2020-01-01")


def test_paper_is_kept_and_read_back(client, keeper, zone, upload_rule):
    content = uploads.pdf()
    client.post(
        page_of("document", "add"),
        {"zone": zone.pk, "kind": "price", "title_vi": "Bảng giá", "upload": uploads.sent("gia.pdf", content)},
    )
    document = Document.objects.get()
    assert (document.stored.name, document.stored.uploaded_by) == ("gia.pdf", keeper)
    assert b"".join(client.get(page_of("document", "file", document.pk)).streaming_content) == content


def test_paper_that_is_no_paper_is_refused_beside_the_field(client, keeper, zone, upload_rule):
    bad = uploads.sent("gia.pdf", b"<script>")
    page = client.post(
        page_of("document", "add"), {"zone": zone.pk, "kind": "price", "title_vi": "Bảng giá", "upload": bad}
    )
    assert list(page.context["adminform"].form.errors) == ["upload"]
    assert Document.objects.count() == 0


# Sheets in ----------------------------------------------------------------------------------------
HEADINGS = ["Khu công nghiệp", "Số lô", "Diện tích, m²"]


def send_sheet(client, *rows, **said):
    return client.post(IMPORT, {"import_file": uploads.sent("lo.xlsx", excel(HEADINGS, *rows)), **said})


@pytest.mark.parametrize("role", ["operator", "editor", "register", "administrator", "auditor"])
def test_import_is_refused_to_other_roles(client, staff, role):
    client.force_login(staff(role))
    assert [client.get(IMPORT).status_code, send_sheet(client).status_code] == [403, 403]


def test_import_becomes_a_change_set_to_look_through(client, keeper, zone):
    answer = send_sheet(client, ["SC2", "CN-07", 65000], note="đợt tháng 3")
    found = ChangeSet.objects.get()
    assert (answer["Location"], found.note) == (f"/admin/izportal/changeset/{found.pk}/change/", "đợt tháng 3")
    assert (found.uploaded_by, found.kind, Plot.objects.count()) == (keeper, "plots", 0)


def test_import_knows_the_same_file_again(client, keeper, zone):
    content = excel(HEADINGS, ["SC2", "CN-07", 65000])
    first, again = (client.post(IMPORT, {"import_file": uploads.sent(name, content)}) for name in ("a.xlsx", "b.xlsx"))
    assert again.context["form"].errors == {"import_file": ["Đúng tệp này đã được gửi trước đây."]}
    assert f'href="{first["Location"]}"' in again.content.decode()
    client.post(IMPORT, {"import_file": uploads.sent("b.xlsx", content), "again": "on"})
    assert ChangeSet.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("lo.xlsx", b"PK\x03\x04", "Tệp bị hỏng hoặc chưa đầy đủ nên không mở được. Hãy kiểm tra rồi tải lên lại."),
        ("lo.csv", b"a" * (20 * 2**20 + 1), "Tệp lớn hơn 20,0\N{NO-BREAK SPACE}MB."),
        ("lo.xlsm", uploads.macro_workbook() if hasattr(uploads, "macro_workbook") else b"PK", None),
    ],
)
def test_import_refuses_a_bad_file_beside_the_field(client, keeper, name, content, sentence):
    page = client.post(IMPORT, {"import_file": uploads.sent(name, content)})
    assert list(page.context["form"].errors) == ["import_file"]
    assert sentence is None or page.context["form"].errors == {"import_file": [sentence]}


def test_import_without_a_file_asks_for_one(client, keeper):
    assert client.post(IMPORT, {}).context["form"].errors == {"import_file": ["Trường này là bắt buộc."]}


# Sheets out ---------------------------------------------------------------------------------------
def exported(answer):
    return [row[0] for row in sheets.read(answer.getvalue())]


@pytest.fixture
def three_plots():
    for number, area in (("CN-1", 3), ("CN-2", 1), ("CN-3", 2)):
        factories.make_plot(number, area_m2=area)
    factories.make_plot("CN-4", zone=factories.make_zone("diem-thuy", "DT", "Điềm Thụy"), area_m2=4)


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_export_gives_the_rows_and_order_of_the_list(client, keeper, three_plots, form):
    listed = {"q": "song cong", "o": "-4"}
    shown = [plot.code for plot in client.get(page_of("plot"), listed).context["cl"].result_list]
    answer = client.post(f"{EXPORT}?q=song+cong&o=-4", {"form": form})
    assert exported(answer) == shown == ["SC2-CN-1", "SC2-CN-3", "SC2-CN-2"]


def test_export_gives_an_operator_own_rows_only(client, staff, three_plots):
    client.force_login(staff("operator", zones=["DT"]))
    assert exported(client.post(EXPORT, {"form": "csv"})) == ["DT-CN-4"]


def test_export_of_chosen_rows_gives_those(client, keeper, three_plots):
    chosen = Plot.objects.filter(number__in=["CN-1", "CN-3"]).values_list("pk", flat=True)
    answer = client.post(page_of("plot"), {"action": "export_chosen", "_selected_action": list(chosen)})
    assert exported(answer) == ["SC2-CN-1", "SC2-CN-3"]
    assert answer["Content-Disposition"] == f'attachment; filename="lo-dat-{timezone.localdate()}.xlsx"'


def test_export_costs_the_same_however_long(client, keeper, django_assert_num_queries, three_plots):
    for listed in (EXPORT, f"{EXPORT}?q=CN-1"):
        with django_assert_num_queries(6):
            client.post(listed, {"form": "csv"})
