"""OpenID Connect: nothing of it without a provider; with one a button, a new account like any other, and no way into
an account that is there already."""

import importlib
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from django.urls import clear_url_caches, reverse

from izportal import urls
from izportal.models import Notice, User
from tests import factories

pytestmark = pytest.mark.django_db
BACK = "/oidc/dinh-danh/login/callback/"


class Provider(BaseHTTPRequestHandler):
    """As much of a provider as a sign-in asks for: where things are, a token, and who it is."""

    person = {"sub": "079090000001", "name": "Lê Văn Danh", "email": "danh@thep.example", "email_verified": True}
    asked: list[dict] = []
    nonsense = ""

    def do_GET(self):
        base = f"http://127.0.0.1:{self.server.server_port}"
        pages = {
            "/.well-known/openid-configuration": {
                "issuer": base, "authorization_endpoint": f"{base}/authorize", "token_endpoint": f"{base}/token",
                "userinfo_endpoint": f"{base}/userinfo", "jwks_uri": f"{base}/keys",
            },
            "/userinfo": self.person,
        }  # fmt: skip
        self._answer(["x"] if self.path == self.nonsense else pages[self.path])

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.asked.append({name: values[0] for name, values in parse_qs(body).items()})
        self._answer({"access_token": "the-token", "token_type": "Bearer"})

    def _answer(self, data):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(data).encode())

    def log_message(self, *args):
        """Says nothing."""


@pytest.fixture
def provider(settings):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    app = {**settings.OIDC_APP, "provider_id": "dinh-danh", "name": "Định danh thử", "client_id": "cong-thong-tin"}
    app["settings"] = {**app["settings"], "server_url": f"http://127.0.0.1:{server.server_port}"}
    settings.OIDC_PROVIDER_ID = "dinh-danh"
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    _mount()
    Provider.asked.clear()
    yield server
    server.shutdown()
    settings.OIDC_PROVIDER_ID = ""
    _mount()


def _mount():
    importlib.reload(urls)
    clear_url_caches()


def come_from(client, provider):
    """Press the button, and come back as the person that the provider knows."""
    sent = client.post("/oidc/dinh-danh/login/")["Location"]
    asked = {name: values[0] for name, values in parse_qs(urlsplit(sent).query).items()}
    return asked, client.get(BACK, {"code": "the-code", "state": asked["state"]})


def test_without_a_provider_there_is_nothing_of_it(client):
    assert "/oidc/" not in client.get("/dang-nhap/").content.decode()
    pages = [BACK, "/oidc/dinh-danh/login/", "/tai-khoan/danh-tinh/", "/tai-khoan/danh-tinh/signup/"]
    assert [client.get(page).status_code for page in pages] == [404] * 4


def test_the_button_leads_to_the_provider(client, provider):
    assert "Đăng nhập bằng Định danh thử" in client.get("/dang-nhap/").content.decode()
    asked, _answer = come_from(client, provider)
    assert (asked["client_id"], asked["redirect_uri"], asked["code_challenge_method"]) == (
        "cong-thong-tin", f"http://testserver{BACK}", "S256",
    )  # fmt: skip
    assert set(asked["scope"].split()) == {"openid", "profile", "email"}
    assert (Provider.asked[0]["code"], "code_verifier" in Provider.asked[0]) == ("the-code", True)


def test_looking_at_the_address_of_the_provider_leads_nowhere(client, provider):
    page = client.get("/oidc/dinh-danh/login/")
    assert (page.status_code, "Tiếp tục" in page.content.decode()) == (200, True)


def test_a_stranger_opens_an_account_and_confirms_the_address(client, provider):
    _asked, answer = come_from(client, provider)
    assert answer["Location"] == reverse("socialaccount_signup")
    form = {"full_name": "Lê Văn Danh", "email": "danh@thep.example", "phone": "", "language": "vi"}
    client.post(answer["Location"], form)
    assert "_auth_user_id" not in client.session
    code = re.search(r"^\S{4,12}$", Notice.objects.get().body, re.MULTILINE).group()
    client.post(reverse("account_email_verification_sent"), {"code": code})
    person = User.objects.get()
    assert (client.session["_auth_user_id"], person.full_name, person.has_usable_password()) == (
        str(person.pk), "Lê Văn Danh", False,
    )  # fmt: skip


def test_the_word_of_a_provider_opens_no_account_that_is_there(client, provider):
    factories.make_user("danh@thep.example")
    _asked, answer = come_from(client, provider)
    form = {"full_name": "Kẻ Khác", "email": "danh@thep.example", "phone": "", "language": "vi"}
    client.post(answer["Location"], form)
    assert ("_auth_user_id" in client.session, User.objects.count(), SocialAccount.objects.count()) == (False, 1, 0)


def test_an_account_is_joined_from_within_and_opens_from_then_on(client, provider):
    person = factories.make_user("danh@thep.example")
    client.post("/dang-nhap/", {"login": person.email, "password": "mat-khau-thu"})
    client.post(reverse("account_reauthenticate"), {"password": "mat-khau-thu"})
    sent = client.post("/oidc/dinh-danh/login/?process=connect")["Location"]
    client.get(BACK, {"code": "the-code", "state": parse_qs(urlsplit(sent).query)["state"][0]})
    assert "079090000001" in client.get(reverse("socialaccount_connections")).content.decode()
    client.post("/dang-xuat/")
    come_from(client, provider)
    assert client.session["_auth_user_id"] == str(person.pk)


def test_an_account_with_a_second_factor_is_asked_for_it(client, provider):
    test_an_account_is_joined_from_within_and_opens_from_then_on(client, provider)
    client.post("/dang-xuat/")
    TOTP.activate(User.objects.get(), generate_totp_secret())
    _asked, answer = come_from(client, provider)
    assert (answer["Location"], "_auth_user_id" in client.session) == (reverse("mfa_authenticate"), False)


@pytest.mark.parametrize("said", [{}, {"state": "x", "code": "y"}, {"error": "access_denied"}, {"state": "\x00"}])
def test_an_answer_nobody_asked_for_signs_nobody_in(client, provider, said):
    answer = client.get(BACK, said)
    assert (answer.status_code in (200, 302, 401), "_auth_user_id" in client.session) == (True, False)


def test_an_unknown_provider_is_not_there(client, provider):
    assert client.post("/oidc/khac/login/").status_code == 404


def test_a_provider_that_is_down_is_told_in_words(client, provider):
    provider.shutdown()
    provider.server_close()
    answer = client.post("/oidc/dinh-danh/login/")
    assert (answer.status_code, "Chưa đăng nhập được" in answer.content.decode()) == (502, True)


@pytest.mark.parametrize("page", ["/.well-known/openid-configuration", "/userinfo"])
def test_a_provider_that_talks_nonsense_is_told_in_words(client, provider, page, monkeypatch):
    monkeypatch.setattr(Provider, "nonsense", page)
    answer = client.post("/oidc/dinh-danh/login/")
    if page == "/userinfo":
        state = parse_qs(urlsplit(answer["Location"]).query)["state"][0]
        answer = client.get(BACK, {"code": "the-code", "state": state})
    assert ("Chưa đăng nhập được" in answer.content.decode(), "_auth_user_id" in client.session) == (True, False)
