"""Requests that no browser sends: strange encodings, cookies and forms get an answer, a stranger's file no room."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

pytestmark = pytest.mark.django_db
URLENCODED = "application/x-www-form-urlencoded"
PART = b'--b\r\nContent-Disposition: form-data; name="code"\r\n\r\nx\r\n--b--\r\n'


@pytest.fixture
def browser():
    """Answers as a server does, a fault of the program included; bears the cookie of a form."""
    browser = Client(raise_request_exception=False, enforce_csrf_checks=True)
    browser.cookies["csrftoken"] = "a" * 32
    return browser


@pytest.mark.parametrize("charset", ["rot13", "zlib", "idna", "utf-16", "nope"])
@pytest.mark.parametrize(("kind", "body"), [(URLENCODED, b"code=%FF"), ("multipart/form-data; boundary=b", PART)])
def test_a_made_up_charset_is_passed_over(client, charset, kind, body):
    answer = client.generic("POST", reverse("onestop:track"), body, content_type=f"{kind}; charset={charset}")
    assert (answer.status_code, answer.wsgi_request.encoding) == (200, "utf-8")


@pytest.mark.parametrize("name", ["sessionid", "django_language", "messages", "csrftoken"])
def test_a_cookie_with_a_nul_is_dropped(browser, name):
    answer = browser.get(reverse("onestop:dossier_list"), headers={"cookie": f'{name}="\\000aaaaaaaaaa"; kept=1'})
    assert (answer.status_code, answer.wsgi_request.COOKIES) == (302, {"kept": "1"})


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=b", b"--c\r\n"),
        (URLENCODED, b"a=" + b"x" * 3_000_000),
        (URLENCODED, b"a=1&" * 2500),
    ],
    ids=["no boundary", "wrong boundary", "too long", "too many"],
)
@pytest.mark.parametrize(("address", "among"), [("/nope/", {404}), ("/tra-cuu/", {400, 403})])
def test_a_form_that_cannot_be_read_is_refused_on_a_page(browser, address, among, kind, body):
    answer = browser.generic("POST", address, body, content_type=kind)
    assert answer.status_code in among
    assert "Ban Quản lý các khu công nghiệp" in answer.content.decode()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_an_address_of_forms_opened_like_a_page_says_so(client, enterprise_user, language):
    client.force_login(enterprise_user)
    with translation.override(language):
        answer = client.get(reverse("onestop:dossier_languages", args=[uuid.uuid4()]))
    page = answer.content.decode()
    assert (answer.status_code, answer["Allow"], f'<html lang="{language}">' in page) == (405, "POST", True)
    assert "<h1>" in page


def test_a_program_that_wants_no_page_gets_none(client, enterprise_user):
    client.force_login(enterprise_user)
    where = reverse("onestop:dossier_languages", args=[uuid.uuid4()])
    assert client.get(where, headers={"accept": "application/json"}).content == b""


@pytest.mark.parametrize("is_member", [False, True])
def test_only_a_member_leaves_files(client, enterprise_user, is_member):
    if is_member:
        client.force_login(enterprise_user)
    answer = client.post(reverse("onestop:track"), {"code": "H55", "paper": SimpleUploadedFile("a.pdf", b"%PDF-")})
    assert (answer.wsgi_request.POST["code"], "paper" in answer.wsgi_request.FILES) == ("H55", is_member)


@pytest.mark.parametrize("address", ["/", "/nope/", "/healthz", "/admin/", "/dang-nhap/"])
def test_every_answer_bears_the_policies(client, address):
    answer = client.get(address)
    assert (answer["X-Frame-Options"], answer["X-Content-Type-Options"]) == ("DENY", "nosniff")
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_a_refused_host_is_told_with_the_policies(client):
    answer = client.get("/", headers={"host": "evil.example"})
    assert (answer.status_code, "Content-Security-Policy" in answer) == (400, True)


def test_policies_stand_outside_the_static_files(settings):
    """The suite runs without WhiteNoise; its place is told by the middleware that it stands behind."""
    order = [name.rpartition(".")[2] for name in settings.MIDDLEWARE[:4]]
    assert order == ["middleware", "CSPMiddleware", "XFrameOptionsMiddleware", "SecurityMiddleware"]
