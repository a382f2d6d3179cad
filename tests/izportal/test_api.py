"""The interface as other systems meet it: one shape of refusal, nothing that breaks it, and a true description."""

import logging
import re

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from izportal.api import api
from onestop import workflow
from onestop.models import Dossier
from tests import factories, uploads
from tests.sending import MOMENT, ROOT, Sender

pytestmark = pytest.mark.django_db
SINCE = {"since": "2026-03-01T00:00:00Z"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(MOMENT, tick=False):
        yield


@pytest.fixture
def sender(catalogue):
    return Sender()


# Bodies that are none -----------------------------------------------------------------------------
UNREADABLE = [
    b"{", b"\xff\xfe", b'{"a": NaN}', b'{"a": 1e999}', b'{"a": "\\u0000"}', b'{"\\u0000": 1}', b'{"a": "\\ud800"}',
    b'{"a": 1, "a": 2}', b"[" * 100_000, b"9" * 5_000, '{"a": 1}'.encode("utf-16"),
]  # fmt: skip


@pytest.mark.parametrize("body", UNREADABLE, ids=range(len(UNREADABLE)))
def test_what_is_no_json_is_refused(sender, body):
    answer = sender.post("dossiers", body)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["detail"] == "Nội dung gửi không đọc được: cần JSON hợp lệ, mã UTF-8."


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"1", b'"a"', b"{}"])
def test_what_is_no_dossier_is_refused(sender, body):
    assert sender.post("dossiers", body).status_code == 422


def test_a_body_too_large_is_refused(sender):
    answer = sender.post("dossiers", b'"' + b"a" * 3 * 2**20 + b'"')
    assert (answer.status_code, answer.json()["detail"]) == (413, "Nội dung gửi quá lớn.")


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
CALM = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@CALM
@given(data=st.data())
def test_no_value_in_any_place_breaks_it(sender, data):
    """A whole dossier with one part replaced by anything that JSON can say."""
    if not hasattr(sender, "sound"):
        sender.sound = sender.whole()
    body = {**sender.sound, "answers": dict(sender.sound["answers"])}
    part = body["answers"] if data.draw(st.booleans()) else body
    part[data.draw(st.sampled_from(sorted(part)))] = data.draw(VALUES)
    answer = sender.dossier({**body, "foreign_code": body["foreign_code"], "papers": sender.sound["papers"][:1]})
    assert answer.status_code in (400, 422), answer.content
    assert not Dossier.objects.exists()


@CALM
@given(body=VALUES, verb=st.sampled_from(["supplement", "withdraw"]))
def test_no_body_of_a_later_call_breaks_it(sender, body, verb):
    if not Dossier.objects.exists():
        sender.dossier(sender.whole(foreign_code="QG-1"))
    assert sender.post(f"dossiers/QG-1/{verb}", body).status_code in (400, 409, 422)


# How it answers -----------------------------------------------------------------------------------
def test_sentences_are_in_the_language_asked_for_and_vietnamese_otherwise(sender):
    told = {language: sender.get("dossiers/x", language=language) for language in ("", "en", "fr", "vi, en;q=0.5")}
    assert {language: answer["Content-Language"] for language, answer in told.items()} == {
        "": "vi", "en": "en", "fr": "vi", "vi, en;q=0.5": "vi",
    }  # fmt: skip


def test_a_call_needs_no_csrf_token_and_leaves_no_cookie(sender):
    client = Client(enforce_csrf_checks=True)
    head = {"Authorization": f"Bearer {sender.token}", "Idempotency-Key": "a"}
    answer = client.post(f"{ROOT}/files?name=a.pdf", uploads.pdf(), content_type="application/pdf", headers=head)
    assert (answer.status_code, len(answer.cookies)) == (201, 0)


def test_another_method_is_refused(sender):
    head = {"Authorization": f"Bearer {sender.token}"}
    assert Client().delete(f"{ROOT}/dossiers/x", headers=head).status_code == 405


@pytest.mark.parametrize("scheme", ["Bearer", "Basic", "Token"])
def test_no_log_holds_a_token(sender, caplog, settings, scheme):
    settings.DEBUG = True
    with caplog.at_level(logging.DEBUG):
        for path in ("dossiers/x", "dossiers"):
            Client().get(f"{ROOT}/{path}", headers={"Authorization": f"{scheme} {sender.token}"})
    assert sender.token not in caplog.text


# Its description ----------------------------------------------------------------------------------
def operations():
    """The calls of the intake; those of the open data need no key (`test_reading_api`)."""
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method, said in methods.items():
            if said["tags"] == ["intake"]:
                yield said["operationId"], method, path, said


def test_description_names_only_what_it_explains():
    schema = Client().get("/api/v1/openapi.json").json()
    named = set(re.findall(r"#/components/schemas/(\w+)", str(schema)))
    assert (schema["openapi"], named - set(schema["components"]["schemas"])) == ("3.1.0", set())
    for _name, _method, path, said in operations():
        in_path = {row["name"] for row in said["parameters"] if row["in"] == "path"}
        assert set(re.findall(r"{(\w+)}", path)) == in_path
        assert all(200 <= int(status) < 600 and answer["description"] for status, answer in said["responses"].items())


def test_every_operation_is_done_and_answers_as_described(sender):
    described = {name: (method, path, said) for name, method, path, said in operations()}
    answers = {
        "readForm": sender.get("procedures/1.009664"),
        "sendFile": sender.post("files?name=a.pdf", uploads.pdf()),
        "sendDossier": sender.dossier(sender.whole(foreign_code="QG-1")),
        "listChanges": sender.get("dossiers", SINCE),
        "readDossier": sender.get("dossiers/QG-1"),
        "readResult": sender.get("dossiers/QG-1/result"),
    }
    answers["readFile"] = sender.get(f"files/{answers['sendFile'].json()['id']}")
    workflow.take(
        Dossier.objects.get(), "ask_intake_supplement", by=factories.make_staff("reception"), at=MOMENT,
        items=["Văn bản đề nghị"], reason="Thiếu",
    )  # fmt: skip
    answers["answerRequest"] = sender.post("dossiers/QG-1/supplement", {"answer": "Đây"})
    answers["withdrawDossier"] = sender.post("dossiers/QG-1/withdraw", {"reason": "Thôi"})
    assert answers.keys() == described.keys()
    for name, answer in answers.items():
        assert answer.status_code in map(int, described[name][2]["responses"]), name
    assert {answer.status_code for name, answer in answers.items() if name != "readResult"} == {200, 201}


def test_every_operation_asks_for_the_token():
    for _name, _method, _path, said in operations():
        assert said["security"] == [{"Token": []}]
        assert "application/problem+json" in said["responses"][401]["content"]


def test_every_write_asks_for_a_key():
    keyed = {
        name for name, _m, _p, said in operations() if any(r["name"] == "Idempotency-Key" for r in said["parameters"])
    }
    assert keyed == {name for name, method, _path, _said in operations() if method == "post"}


def test_form_tells_what_a_dossier_is_made_of(sender):
    form = sender.get("procedures/1.009664").json()
    keys = {question["key"] for section in form["sections"] for question in section["questions"]}
    assert {"project_name", "plot", "capital_usd"} <= keys
    assert [(case["code"], case["name"]) for case in form["cases"]] == [
        ("th1", "Trường hợp th1"), ("th2", "Trường hợp th2"),
    ]  # fmt: skip
    assert {paper["code"]: paper["required"] for paper in form["papers"]} == {
        "de-nghi": "always", "tai-chinh": "always", "cong-nghe": "conditional",
    }  # fmt: skip
    assert sender.get("procedures/9.999").status_code == sender.get("procedures/a%00").status_code == 404


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_page_shows_every_operation_and_every_part(client, language):
    with translation.override(language):
        page = client.get(reverse("api_docs")).content.decode()
        schema = api.get_openapi_schema()
        for _name, _method, path, said in operations():
            assert f'id="{said["operationId"]}"' in page
            assert str(said["summary"]) in page
            assert path in page
    for name in schema["components"]["schemas"]:
        assert f'id="{name}"' in page
