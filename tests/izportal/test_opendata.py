"""What is given away: exactly the public part, as the site counts it, in files that say what they answer."""

import csv
import io
import json
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from izportal.models import Rule, User
from izportal.opendata.asking import Question
from izportal.opendata.catalogue import RESOURCES
from izportal.opendata.columns import plain
from onestop.models import Field, Procedure, ProcedureVersion
from projects.models import Enterprise, Investor, Mandate, Project
from tests import factories
from tests.izportal import published
from tests.izportal.published import MARK
from zones.models import Confirmation, Phase, Plot, Zone

pytestmark = pytest.mark.django_db

# Every column that leaves the house, and where in the models it is read: whoever adds one adds it here too.
ALLOWED = {
    "zones": {
        "code": "zone.code", "slug": "zone.slug", "name_vi": "zone.name_vi", "name_en": "zone.name_en",
        "short_name": "zone.short_name_vi", "status": "zone.status", "location_old_vi": "zone.location_old_vi",
        "location_old_en": "zone.location_old_en", "location_new_vi": "zone.location_new_vi",
        "location_new_en": "zone.location_new_en", "location_new_confidence": "zone.location_new_confidence",
        "developer_vi": "zone.developer_vi", "developer_en": "zone.developer_en",
        "established_on": "zone.established_on", "established_by": "zone.established_by",
        "term_until": "zone.term_until", "stated_area_ha": "stated.area_ha", "area_ha": "latest.area_ha",
        "area_on": "latest.effective_on", "area_decision": "latest.decision", "area_confidence": "latest.confidence",
        "latitude": "zone.latitude", "longitude": "zone.longitude",
        "is_point_approximate": "zone.is_point_approximate", "land_plots": "land.plots",
        "leased_ha": "land.leased_ha", "reserved_ha": "land.reserved_ha", "free_ha": "land.free_ha",
        "unconfirmed_ha": "land.unconfirmed_ha", "coming_ha": "land.coming_ha", "occupancy_percent": "occupancy",
        "land_is_sample": "land_is_sample",
    },
    "phases": {
        "code": "code", "zone": "zone.code", "name_vi": "name_vi", "name_en": "name_en", "area_ha": "area_ha",
        "industrial_land_ha": "industrial_land_ha", "developer_vi": "developer_vi", "developer_en": "developer_en",
        "decision": "decision", "decided_on": "decided_on", "term_until": "term_until", "confidence": "confidence",
    },
    "plots": {
        "code": "code", "zone": "zone__code", "phase": "phase_then", "number": "number", "kind": "kind",
        "area_m2": "area_m2", "status": "status", "status_since": "status_since", "is_offered": "is_offered",
        "project": "tenant", "price": "price", "price_currency": "price_currency", "price_basis": "price_basis",
        "price_on": "price_on", "term_until": "term_until", "power_kva": "power_kva",
        "water_m3_day": "water_m3_day", "wastewater_m3_day": "wastewater_m3_day",
        "floor_load_t_m2": "floor_load_t_m2", "clear_height_m": "clear_height_m",
        "building_coverage_percent": "building_coverage", "description_vi": "description_vi",
        "description_en": "description_en", "confirmed_on": "confirmed_on", "is_sample": "is_sample",
    },
    "projects": {
        "code": "code", "name_vi": "name_vi", "name_en": "name_en", "in_force": "in_force", "status": "status",
        "origin": "classifications__origin", "kind": "classifications__kind",
        "zone": "classifications__zone__code", "sector": "classifications__sector_id",
        "sector_name_vi": "classifications__sector__name_vi", "sector_name_en": "classifications__sector__name_en",
        "registered_usd": "registered_usd", "registered_vnd": "registered_vnd", "land_m2": "land_m2",
        "certificate_year": "certificate_on", "term_until_year": "classifications__term_until",
        "objective_vi": "objective_vi", "objective_en": "objective_en", "is_sample": "is_sample",
        "countries": "contributions__investor__country_id", "investors": "contributions__investor__name",
        "individual_investors": "contributions__investor__kind",
    },
    "changes": {
        "code": "place", "project": "project__code", "kind": "stands_as", "is_correction": "kind",
        "effective_on": "effective_on", "decision_number": "decision_number", "decision_on": "decision_on",
        "capital_usd": "capital_usd", "capital_vnd": "capital_vnd", "area_m2": "area_m2",
        "recorded_at": "recorded_at", "is_sample": "is_sample",
    },
    "statistics": {name: name for name in (
        "indicator", "zone", "code", "title_vi", "title_en", "value", "unit", "is_flow", "since", "as_of", "version",
        "is_sample",
    )},
    "procedures": {
        "code": "procedure.code", "number": "procedure.number", "name_vi": "procedure.name_vi",
        "name_en": "procedure.name_en", "field": "procedure.field.code", "field_name_vi": "procedure.field.name_vi",
        "field_name_en": "procedure.field.name_en", "is_filed_here": "procedure.is_filed_here",
        "in_force": "in_force", "valid_from": "version.valid_from", "valid_to": "version.valid_to",
        "limit": "case.value", "limit_unit": "case.unit", "counted_from": "case.counted_from", "cases": "cases",
        "fee_vnd": "version.fee_vnd", "is_fee_verified": "version.is_fee_verified",
        "online_level": "version.online_level", "result_vi": "version.result_vi", "result_en": "version.result_en",
        "announcing_decision": "version.announcing_decision", "confidence": "version.confidence",
    },
    "tombstones": {
        "resource": "resource", "code": "key", "published_at": "first_seen_at", "gone_at": "gone_at",
        "reason": "reason", "is_sample": "is_sample",
    },
    "log": {"at": "at", "resource": "row__resource", "code": "row__key", "deed": "deed", "is_sample": "is_sample"},
}  # fmt: skip
PRIVATE = (Zone, Phase, Plot, Confirmation, Enterprise, Investor, Project, User, Field, Procedure, ProcedureVersion)
OF_MODEL = {Zone: "zones", Phase: "phases", Plot: "plots", Project: "projects", Procedure: "procedures",
            ProcedureVersion: "procedures", Field: "procedures"}  # fmt: skip


@pytest.fixture
def world(db):
    published.plant()


def body_of(client, address, **headers):
    response = client.get(address, headers=headers)
    assert response.status_code == 200, (address, response.status_code)
    return b"".join(response.streaming_content) if response.streaming else response.content


def lines_of(client, name, query=""):
    return list(csv.DictReader(io.StringIO(body_of(client, f"/du-lieu/{name}.csv{query}").decode())))


# Only what is public ------------------------------------------------------------------------------
@pytest.mark.any_database
def test_columns_are_those_on_the_list():
    told = {row.name: {column.name: column.source for column in row.columns} for row in RESOURCES.values()}
    assert told == ALLOWED


def test_no_private_word_is_in_any_file_or_answer(client, world):
    fill_what_is_private()
    files = [f"/du-lieu/{row.name}.{form}" for row in RESOURCES.values() for form in row.formats]
    files.remove("/du-lieu/statistics.json")
    calls = [f"/api/v1/{name}" for name in RESOURCES if name != "statistics"]
    calls += ["/api/v1/plots/SC2-CN-01", "/api/v1/projects/P-1"]
    for address in (*files, *calls, "/du-lieu/", "/du-lieu/datapackage.json"):
        assert MARK.encode() not in body_of(client, address), address
    assert client.get(f"/api/v1/plots/SC2-{MARK}").status_code == 404


def fill_what_is_private():
    """Every text that may be written and is not on the list."""
    user = factories.make_user(mandate_of=Enterprise.objects.get())
    plot = Plot.objects.get(number="CN-01")
    at = factories.at("2025-01-01 08:00")
    Confirmation.objects.create(plot=plot, word="changed", note=MARK, said_on=date(2025, 1, 1), said_at=at, by=user)
    Plot.objects.filter(pk=plot.pk).update(confirmed_by=user)
    assert Mandate.objects.count() == 1
    for model in PRIVATE:
        if model is not Confirmation:
            model.objects.update(**dict.fromkeys(private_texts(model), MARK))
    Investor.objects.exclude(kind="individual").update(name="Công ty Mẹ")


def private_texts(model):
    public = {source.rpartition(".")[2] for source in ALLOWED.get(OF_MODEL.get(model), {}).values()}
    return [
        field.name
        for field in model._meta.fields
        if isinstance(field, models.CharField | models.TextField) and not isinstance(field, models.SlugField)
        and not (field.unique or field.choices)
        and field.name not in public and not field.name.startswith(("last_", "country"))
        and f"{field.name}_vi" not in {other.name for other in model._meta.fields}
        and (field.max_length or 99) >= len(MARK)
    ]  # fmt: skip


def test_private_texts_are_found_where_they_lie():
    assert {"representative", "email", "phone", "address"} <= set(private_texts(Enterprise))
    assert {"contact_vi", "contact_phone", "contact_email"} <= set(private_texts(Phase))
    assert {"certificate_number"} <= set(private_texts(Project)) and "name_vi" not in private_texts(Project)


# As the site counts -------------------------------------------------------------------------------
def test_rows_are_as_many_as_the_pages_say(client, world):
    told = {row.resource.name: row.rows for row in client.get("/du-lieu/").context["resources"]}
    assert {name: len(lines_of(client, name)) for name in RESOURCES} == told
    plots = client.get("/quy-dat/?status=any").context["page_obj"].paginator.count
    projects = client.get("/du-an/?status=any").context["page_obj"].paginator.count
    procedures = client.get("/thu-tuc/").context["total"]
    assert (told["plots"], told["projects"], told["procedures"]) == (plots, projects, procedures) == (3, 2, 2)


def test_projects_in_force_add_up_to_the_figures(client, world):
    rows, figures = lines_of(client, "projects"), {row["code"]: row for row in lines_of(client, "statistics")}
    held = [row for row in rows if row["in_force"] == "true"]
    assert [row["code"] for row in held] == ["P-1"]
    assert figures["projects"]["value"] == figures["projects.SC2"]["value"] == "1"
    assert sum(Decimal(row["registered_usd"]) for row in held) == Decimal(figures["fdi_capital_usd"]["value"])


def test_changes_add_up_to_their_project(client, world):
    added = {}
    for row in lines_of(client, "changes"):
        added[row["project"]] = added.get(row["project"], 0) + Decimal(row["capital_vnd"])
    assert {row["code"]: Decimal(row["registered_vnd"]) for row in lines_of(client, "projects")} == added


def test_rows_are_read_by_a_fixed_number_of_questions(client, world):
    asked = {}
    for _time in range(2):
        for name, resource in RESOURCES.items():
            if resource.version is None:  # made of figures, which count their own questions
                continue
            with CaptureQueriesContext(connection) as told:
                list(resource.find(Question(on=date.today())))  # noqa: DTZ011
            asked.setdefault(name, []).append(len(told))
        factories.make_plot(f"X-{_time}")
        factories.make_project(zone=Zone.objects.get(code="YB"))
    assert {name: numbers[-1] for name, numbers in asked.items()} == {
        "zones": 5, "phases": 1, "plots": 3, "projects": 3, "changes": 2, "procedures": 3, "tombstones": 1, "log": 1,
    }  # fmt: skip
    assert [name for name, numbers in asked.items() if len(set(numbers)) > 1] == []


# How it is written --------------------------------------------------------------------------------
def test_file_is_plain(client, world):
    content = body_of(client, "/du-lieu/plots.csv")
    assert content.startswith(b"code,zone,phase,") and b"\r\n" in content
    row = lines_of(client, "plots")[1]
    assert {name: row[name] for name in ("code", "zone", "phase", "area_m2", "price", "price_on", "is_offered")} == {
        "code": "SC2-CN-02", "zone": "SC2", "phase": "SC2.g1", "area_m2": "65000", "price": "1250000.5",
        "price_on": "2025-01-01", "is_offered": "true",
    }  # fmt: skip
    assert row["description_vi"] == "'=Góc đường, gần cổng."


def test_json_says_the_same_with_numbers(client, world):
    told = json.loads(body_of(client, "/du-lieu/projects.json"), parse_float=str, parse_int=str)
    assert (told["resource"], told["data"], told["license"]) == ("projects", "real", "CC-BY-4.0")
    row = told["rows"][0]
    assert (row["in_force"], row["registered_usd"], row["term_until_year"]) == (True, "12500000", None)
    assert (row["countries"], row["individual_investors"]) == ("JP;KR", "1")


def test_geojson_places_what_has_a_place(client, world):
    zones = json.loads(body_of(client, "/du-lieu/zones.geojson"))["features"]
    assert [(row["id"], row["geometry"] and row["geometry"]["type"]) for row in zones] == [
        ("SC2", "Point"), ("YB", None),
    ]  # fmt: skip
    plots = json.loads(body_of(client, "/du-lieu/plots.geojson"))["features"]
    assert [row["geometry"] and row["geometry"]["type"] for row in plots] == [None, "Polygon", None]
    ring = plots[1]["geometry"]["coordinates"][0]
    assert ring[0] == ring[-1] and 105 < ring[0][0] < 107 and 21 < ring[0][1] < 22


@pytest.mark.any_database
def test_numbers_are_plain():
    told = [plain(Decimal(text)) for text in ("1E+7", "12500000.00", "0.50", "-3", "0.00", "100")]
    assert told == ["10000000", "12500000", "0.5", "-3", "0", "100"]


# Which question was answered ----------------------------------------------------------------------
def test_day_is_answered_and_said(client, world):
    response = client.get("/du-lieu/projects.csv?as_of=2021-12-31")
    assert (response["X-As-Of"], response["X-As-Known"], response["X-Data"]) == ("2021-12-31", "now", "real")
    assert "projects-20211231.csv" in response["Content-Disposition"]
    assert [row["code"] for row in lines_of(client, "projects", "?as_of=2021-12-31")] == ["P-1"]
    held = lines_of(client, "projects", "?as_of=2023-12-31")
    assert [(row["code"], row["status"]) for row in held] == [("P-1", "in_force"), ("P-2", "in_force")]


def test_day_is_answered_by_each_in_its_own_way(client, world):
    def count(name, day):
        return len(lines_of(client, name, f"?as_of={day}"))

    assert [count("plots", day) for day in ("2019-01-01", "2022-01-01", "2025-01-01")] == [0, 2, 3]
    assert [count("changes", day) for day in ("2021-01-01", "2022-06-01", "2024-06-01")] == [0, 2, 3]
    assert [count("procedures", day) for day in ("2018-12-31", "2019-01-01")] == [0, 2]
    assert [row["area_ha"] for row in lines_of(client, "zones", "?as_of=2014-04-30")] == ["", ""]
    assert lines_of(client, "zones", "?as_of=2014-05-01")[0]["area_ha"] == "250.5"


def test_register_is_answered_as_it_was_known(client, world):
    known = lines_of(client, "projects", "?as_of=2024-12-31&as_known=2024-06-02")
    assert [(row["code"], row["in_force"]) for row in known] == [("P-1", "true"), ("P-2", "true")]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("as_of=2999-01-01", "Hãy chọn một ngày không muộn hơn hôm nay."),
        ("as_of=hôm qua", "Không đọc được ngày này; hãy ghi theo dạng ngày/tháng/năm, ví dụ 30/09/2025."),
        ("status=x", "Không có giá trị này; dùng được: in_force, suspended, terminated, revoked."),
        ("zone=%00", "Ký tự null không được cho phép."),
        ("zone=nowhere", "Không có khu công nghiệp mang mã này; ví dụ mã đúng: SC2."),
        ("ngay=1", "Không có tham số “ngay”; dùng được: as_of, as_known, data, updated_since, zone, origin, status, "
                   "kind."),
    ],
)  # fmt: skip
def test_wrong_question_is_told(client, db, query, sentence):
    response = client.get(f"/du-lieu/projects.csv?{query}")
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    if "%00" not in query:
        assert response.json()["detail"] == sentence


def test_wrong_question_is_told_on_the_page_to_people(client, db):
    response = client.get("/du-lieu/plots.csv?zone=nowhere", headers={"Accept": "text/html,*/*"})
    assert (response.status_code, response["Content-Type"][:9]) == (400, "text/html")
    assert "Không có khu công nghiệp mang mã này" in response.content.decode()
    page = client.get("/du-lieu/?as_of=2999-01-01")
    assert (page.status_code, "không muộn hơn hôm nay" in page.content.decode()) == (400, True)


def test_unknown_file_is_not_there(client, db):
    addresses = ("/du-lieu/nothing.csv", "/du-lieu/projects.geojson", "/du-lieu/projects.exe")
    assert [client.get(address).status_code for address in addresses] == [404] * 3


# How it goes out ----------------------------------------------------------------------------------
def test_file_is_not_sent_again_until_something_is_written(client, world):
    tag = client.get("/du-lieu/plots.csv")["ETag"]
    assert client.get("/du-lieu/plots.csv", headers={"If-None-Match": tag}).status_code == 304
    assert client.get("/du-lieu/plots.json", headers={"If-None-Match": tag}).status_code == 200
    Plot.objects.filter(number="CN-03").update(area_m2=1)
    again = client.get("/du-lieu/plots.csv", headers={"If-None-Match": tag})
    assert (again.status_code, again["ETag"] == tag) == (200, False)


def test_any_site_may_read_and_no_cookie_goes_out(client, db):
    response = client.get("/du-lieu/phases.csv", headers={"Origin": "https://else.example"})
    assert (response["Access-Control-Allow-Origin"], len(response.cookies)) == ("*", 0)
    assert "Access-Control-Allow-Credentials" not in response
    assert client.options("/du-lieu/phases.csv").status_code == 204
    assert client.post("/du-lieu/phases.csv").status_code in (403, 405)


def test_many_files_in_a_minute_are_too_many(client, db):
    Rule.objects.create(code="open_data_files_per_minute", value="2", valid_from="2019-01-01", name_vi="Số tệp")
    answers = [client.get("/du-lieu/phases.csv") for _time in range(3)]
    assert [row.status_code for row in answers] == [200, 200, 429]
    assert 1 <= int(answers[-1]["Retry-After"]) <= 60
    cache.clear()


def test_page_is_in_both_languages_and_told_to_machines(client, world):
    page = client.get("/du-lieu/").content.decode()
    assert '"@type": "Dataset"' in page and "chờ Ban xác nhận" in page
    assert [row for row in RESOURCES if f'id="{row}"' not in page] == []
    assert reverse("opendata_archive") in page


def test_archive_describes_what_it_holds(client, world):
    content = body_of(client, "/du-lieu/goi.zip")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        told = json.loads(archive.read("datapackage.json"))
        names = [row["path"] for row in told["resources"]]
        assert (archive.testzip(), sorted(archive.namelist())) == (None, sorted([*names, "datapackage.json"]))
        assert [len(archive.read(row["path"])) for row in told["resources"]] == [
            row["bytes"] for row in told["resources"]
        ]
