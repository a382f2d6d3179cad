"""Whole pages are kept for readers who are nobody in particular, each under all that it is made of."""

import gzip

import pytest
import time_machine
from django.contrib import messages
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.test import Client
from django.urls import path
from django.utils.translation import get_language, override

from izportal import kept_pages
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.any_database, pytest.mark.urls(__name__)]
MADE = []
VERSION = ["1"]


def made(view):
    """How often a view was asked for its page."""

    def counted(request, *args, **kwargs):
        MADE.append(request.get_full_path())
        return view(request, *args, **kwargs)

    return kept_pages.kept(lambda: VERSION[0])(counted)


@made
def plain(request, name=""):
    return HttpResponse(f"{request.get_host()} {request.path} {dict(request.GET)} {get_language()} " + "x" * 500)


@made
def tokened(request):
    return HttpResponse(get_token(request))


@made
def telling(request):
    messages.success(request, "Đã gửi.")
    return HttpResponse("x")


@made
def remembering(request):
    request.session["seen"] = 1
    return HttpResponse("x")


@made
def marked(request):
    response = HttpResponse("x")
    response.set_cookie("seen", "1")
    return response


@made
def headed(request):
    return HttpResponse("x", headers={"X-Robots-Tag": "noindex"})


@made
def leading(request):
    return redirect("/")


VIEWS = {
    "tokened": tokened, "telling": telling, "remembering": remembering, "marked": marked, "headed": headed,
    "leading": leading,
}  # fmt: skip
urlpatterns = [
    path("", plain), path("<str:name>.txt", plain), *(path(f"{name}/", view) for name, view in VIEWS.items())
]  # fmt: skip


@pytest.fixture(autouse=True)
def nothing_made(settings):
    settings.ALLOWED_HOSTS = ["*"]
    MADE.clear()
    VERSION[0] = "1"


def test_page_is_made_once_while_nothing_changes(client):
    first, second = client.get("/?a=1"), client.get("/?a=1")
    assert (first.content == second.content, len(MADE)) == (True, 1)
    VERSION[0] = "2"
    client.get("/?a=1")
    assert len(MADE) == 2


@pytest.mark.parametrize(
    ("address", "other"),
    [("/?a=1&b=2", "/?b=2&a=1"), ("/?q=%C3%A9", "/?q=%E9"), ("/?a=%26b", "/?a=&b"), ("/", "/?a=")],
)
def test_addresses_never_share_a_page(client, address, other):
    client.get(address)
    apart = client.get(other)
    assert len(MADE) == 2
    kept_pages.caches[kept_pages.CACHE].clear()
    assert client.get(other).content == apart.content


def test_hosts_never_share_a_page(client):
    pages = [client.get("/", headers={"host": host}).content.split()[0] for host in ("a.example", "b.example")]
    assert pages == [b"a.example", b"b.example"]


def test_a_secure_address_has_a_page_of_its_own(client):
    client.get("/")
    client.get("/", secure=True)
    assert len(MADE) == 2


def test_languages_never_share_a_page(client):
    request = client.get("/").wsgi_request
    request.COOKIES = {}
    with override("en"):
        assert b" en " in plain(request).content
    with override("vi"):
        assert b" vi " in plain(request).content


def test_a_page_does_not_outlive_its_day(client):
    with time_machine.travel("2026-03-03 23:50+07:00", tick=False):
        client.get("/")
    with time_machine.travel("2026-03-04 00:01+07:00", tick=False):
        client.get("/")
    assert len(MADE) == 2


def test_people_who_have_signed_in_get_pages_of_their_own(client):
    client.get("/")
    client.force_login(factories.make_user())
    for _time in range(2):
        assert "ETag" not in client.get("/")
    assert len(MADE) == 3


@pytest.mark.parametrize("cookie", sorted(kept_pages.OWN_COOKIES))
def test_whoever_brings_a_cookie_of_their_own_gets_a_page_of_their_own(client, cookie):
    client.cookies[cookie] = "x"
    client.get("/")
    del client.cookies[cookie]
    client.get("/")
    assert len(MADE) == 2


@pytest.mark.parametrize("name", VIEWS)
def test_what_is_begun_with_one_reader_is_kept_for_none(name):
    for _time in range(2):
        assert "ETag" not in Client().get(f"/{name}/")
    assert len(MADE) == 2


def test_forms_are_never_answered_from_what_is_kept(client):
    client.get("/")
    client.post("/")
    assert len(MADE) == 2


def test_a_head_is_told_what_a_page_would_say(client):
    page, head = client.get("/"), client.head("/")
    assert (head.content, head["ETag"], len(MADE)) == (b"", page["ETag"], 1)


def test_nothing_is_kept_while_pages_are_being_made(client, settings):
    settings.DEBUG = True
    client.get("/")
    client.get("/")
    assert len(MADE) == 2


def test_whoever_keeps_a_page_asks_whether_it_still_stands(client):
    page = client.get("/")
    assert (page["Cache-Control"], page["Vary"].partition(",")[0]) == ("no-cache", "Cookie")
    again = client.get("/", headers={"if-none-match": page["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", page["ETag"])
    assert client.get("/", headers={"if-none-match": '"other"'}).status_code == 200


def test_a_page_goes_out_compressed_to_whoever_reads_that(client):
    plain_page = client.get("/")
    for _time in range(2):
        pressed = client.get("/", headers={"accept-encoding": "gzip"})
        assert (pressed["Content-Encoding"], gzip.decompress(pressed.content)) == ("gzip", plain_page.content)
    assert (plain_page.get("Content-Encoding"), pressed["ETag"], len(MADE)) == (None, plain_page["ETag"], 1)


def test_a_page_keeps_its_kind(client):
    assert [client.get("/a.txt")["Content-Type"] for _time in range(2)] == ["text/html; charset=utf-8"] * 2


def test_only_so_many_pages_are_kept(client, monkeypatch):
    held = kept_pages.caches[kept_pages.CACHE]
    monkeypatch.setattr(held, "_max_entries", 10)
    for n in range(15):
        client.get(f"/?n={n}")
    assert (len(held._cache) <= 10, len(MADE)) == (True, 15)
    client.get("/?n=14")
    assert len(MADE) == 15
