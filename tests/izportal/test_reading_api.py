"""The open data by calls: pages, filters, single rows, figures, refusals, and nothing of the intake."""

import json

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from izportal.api import api
from izportal.models import Rule
from izportal.opendata.catalogue import RESOURCES
from tests import factories
from tests.izportal import published
from zones.models import Plot

pytestmark = pytest.mark.django_db
ROOT = "/api/v1"


@pytest.fixture
def world(db):
    published.plant()


def get(path, **headers):
    return Client().get(f"{ROOT}{path}", headers=headers)


def test_list_comes_by_pages_that_hold_all(world):
    first = get("/plots?limit=2").json()
    assert (first["total"], len(first["rows"]), first["next"]) == (
        3, 2, "http://testserver/api/v1/plots?limit=2&after=SC2-CN-02",
    )  # fmt: skip
    last = Client().get(first["next"].removeprefix("http://testserver")).json()
    assert (last["next"], [row["code"] for row in first["rows"] + last["rows"]]) == (
        None, ["SC2-CN-01", "SC2-CN-02", "SC2-CN-03"],
    )  # fmt: skip


@pytest.mark.parametrize("name", [name for name in RESOURCES if RESOURCES[name].is_keyed])
def test_pages_go_on_after_the_last_row_and_miss_none(world, name):
    whole, address, found = get(f"/{name}").json()["rows"], f"{ROOT}/{name}?limit=1", []
    while address:
        page = Client().get(address).json()
        found, address = [*found, *page["rows"]], page["next"]
        assert page["total"] == len(whole)
    assert found == whole


@pytest.mark.parametrize(
    ("after", "codes"),
    [("P-1.1", ["P-2.1", "P-2.2"]), ("P-2.1", ["P-2.2"]), ("P-1.9", ["P-2.1", "P-2.2"]), ("x", []), ("P-2.x", [])],
)
def test_changes_go_on_after_any_code(world, after, codes):
    assert [row["code"] for row in get(f"/changes?after={after}").json()["rows"]] == codes


def test_total_is_counted_anew_after_a_write(world):
    assert get("/plots?limit=1").json()["total"] == 3
    Plot.objects.filter(number="CN-02").update(is_published=False)
    assert get("/plots?limit=1").json()["total"] == 2


@pytest.mark.parametrize(
    ("path", "codes"),
    [
        ("/plots?zone=sc2&status=leased", ["SC2-CN-01"]),
        ("/plots?zone=YB", []),
        ("/plots?kind=factory", []),
        ("/plots?zone=song-cong-2&as_of=2022-01-01", ["SC2-CN-01", "SC2-CN-02"]),
        ("/projects?origin=ddi", ["P-2"]),
        ("/projects?status=in_force", ["P-1"]),
        ("/projects?status=in_force&as_of=2022-12-31", ["P-1", "P-2"]),
        ("/projects?zone=YB", []),
        ("/changes?project=P-2", ["P-2.1", "P-2.2"]),
        ("/changes?kind=terminated", ["P-2.2"]),
        ("/changes?since=2022-01-01&as_of=2022-12-31", ["P-2.1"]),
        ("/changes?origin=fdi", ["P-1.1"]),
        ("/zones?status=planned", []),
        ("/phases?zone=SC2", ["SC2.g1"]),
        ("/procedures", ["1.009664", "1.009647"]),
        ("/plots?updated_since=2020-01-01", []),
        ("/plots?data=sample", []),
    ],
)
def test_list_is_narrowed(world, path, codes):
    assert sorted(row["code"] for row in get(path).json()["rows"]) == sorted(codes)


@pytest.mark.parametrize(
    "path", ["/zones/SC2", "/phases/SC2.g1", "/plots/SC2-CN-01", "/projects/P-1", "/changes/P-2.2",
             "/procedures/1.009664"],
)  # fmt: skip
def test_row_is_read_by_its_code(world, path):
    name, _slash, code = path[1:].partition("/")
    told = get(path)
    assert (told.status_code, told.json()["code"]) == (200, code)
    assert told.json() in get(f"/{name}").json()["rows"]


def test_row_of_a_day_gone_by(world):
    assert get("/projects/P-2?as_of=2023-01-01").json()["status"] == "in_force"
    assert get("/projects/P-2").json()["status"] == "terminated"
    assert get("/projects/P-2?as_of=2020-01-01").status_code == 404


@pytest.mark.parametrize("path", ["/plots/SC2-NO", "/changes/P-1.9", "/changes/x", "/plots/%00", "/statistics/no"])
def test_what_is_not_there_is_told_as_a_problem(world, path):
    answer = get(path)
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_figure_is_read_by_its_word(world):
    whole = get("/statistics/fdi_capital_usd?as_of=2024-12-31").json()
    assert (whole["value"], whole["unit"], whole["as_of"]) == (12500000, "USD", "2024-12-31")
    assert get("/statistics/projects?zone=YB").json()["value"] == 0
    flow = get("/statistics/new_projects?as_of=2022-12-31&since=2022-01-01").json()
    assert (flow["value"], flow["since"], flow["code"]) == (1, "2022-01-01", "new_projects")


@pytest.mark.parametrize(
    ("path", "place"),
    [("/plots?limit=0", "limit"), ("/plots?limit=1001", "limit"), ("/plots?offset=-1", "offset"),
     ("/plots?status=gone", "status"), ("/plots?as_of=x", "as_of"),
     ("/plots?as_of=2024-01-01&as_of=2025-01-01", "as_of"),
     ("/statistics/projects?since=2025-01-02&as_of=2025-01-01", "since"), ("/zones?origin=fdi", "")],
)  # fmt: skip
def test_wrong_question_names_its_place(db, path, place):
    answer = get(path, **{"Accept-Language": "vi"})
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert [fault["question"] for fault in answer.json()["faults"]] == [place]


def test_answer_is_given_once_until_something_changes(world):
    moment = factories.at("2026-03-03 09:15")
    with time_machine.travel(moment, tick=False) as clock:
        first = get("/plots")
        assert "Last-Modified" not in first
        clock.shift(5)
        again = get("/plots", **{"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
        dated = get("/plots")["Last-Modified"]
        assert get("/plots", **{"If-Modified-Since": dated}).status_code == 304
        Plot.objects.update(area_m2=5)
        assert get("/plots", **{"If-Modified-Since": dated, "If-None-Match": first["ETag"]}).status_code == 200
        assert get("/plots", **{"If-Modified-Since": dated}).status_code == 200


def test_any_site_may_call_and_ask_before(world):
    answer = get("/zones", Origin="https://else.example")
    assert (answer["Access-Control-Allow-Origin"], len(answer.cookies)) == ("*", 0)
    before = Client().options(f"{ROOT}/zones")
    assert (before.status_code, before["Access-Control-Allow-Methods"]) == (204, "GET, HEAD, OPTIONS")
    assert Client().head(f"{ROOT}/zones").status_code == 200
    assert Client().post(f"{ROOT}/zones").status_code == 405


def test_nothing_of_the_intake_is_open(world):
    answer = get("/intake/dossiers?since=2026-01-01T00:00:00Z", Origin="https://else.example")
    assert (answer.status_code, "Access-Control-Allow-Origin" in answer) == (401, False)
    open_paths = [
        path for path, methods in api.get_openapi_schema()["paths"].items() for said in methods.values()
        if not said.get("security")
    ]  # fmt: skip
    assert sorted({path.removeprefix("/api/v1/").partition("/")[0] for path in open_paths}) == sorted(RESOURCES)


def test_many_calls_in_a_minute_are_too_many(db):
    Rule.objects.create(code="open_data_calls_per_minute", value="2", valid_from="2019-01-01", name_vi="Số lượt")
    answers = [get("/phases") for _time in range(3)]
    assert [row.status_code for row in answers] == [200, 200, 429]
    assert answers[-1]["Content-Type"] == "application/problem+json" and int(answers[-1]["Retry-After"]) <= 60
    cache.clear()


def test_description_names_each_parameter_and_column(db):
    told = json.loads(get("/openapi.json").content)
    listed = told["paths"]["/api/v1/plots"]["get"]
    assert [row["name"] for row in listed["parameters"]] == [*RESOURCES["plots"].takes, "limit", "offset", "after"]
    single = told["paths"]["/api/v1/plots/{code}"]["get"]
    schema = single["responses"]["200"]["content"]["application/json"]["schema"]
    assert list(schema["properties"]) == [column.name for column in RESOURCES["plots"].columns]
    assert [row["name"] for row in single["parameters"]] == ["code", "as_of", "as_known", "data"]
