"""A headless Chromium, the portal with its reference data, and the people who meet in a journey."""

import os
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import TimeoutError, sync_playwright

from tests import factories, uploads

# Playwright keeps an event loop in this thread; Django's guard against it does not apply to a test.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
PASSWORD = "mat-khau-thu"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=FLAGS
        )
        yield browser
        browser.close()


@pytest.fixture
def portal(live_server, settings):
    """The running portal with reference data, one free plot and nobody's project."""
    settings.SITE_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    factories.load_reference()
    factories.make_plot("CN-05", zone=factories.Zone.objects.get(slug="song-cong-2"))
    return live_server.url


@pytest.fixture
def people(portal):
    return factories.make_people()


@pytest.fixture
def applicant(portal):
    enterprise = factories.make_enterprise(
        name="Công ty TNHH Thép Thử",
        name_en="Thep Thu Co., Ltd.",
        address="Thái Nguyên",
        representative="Trần Văn Thử",
    )
    return factories.make_user("ke-toan@thep.example", mandate_of=enterprise, phone="0208 123 456")


class Visitor:
    """One person at one browser window; every page they meet must be free of server errors and console errors."""

    def __init__(self, context, base):
        self.page = context.new_page()
        self.page.set_default_timeout(20_000)
        self.base = base
        self.faults = []
        self.page.on("console", self._heard)
        self.page.on("response", self._answered)

    def _heard(self, message):
        # A refused form answers 409 or 422 on purpose, and Chromium notes that as an error of its own.
        if message.type == "error" and "the server responded with a status" not in message.text:
            self.faults.append(message.text)

    def _answered(self, response):
        if response.status >= 500 or (response.status == 404 and "favicon" not in response.url):
            self.faults.append(f"{response.status} {response.url}")

    def open(self, path):
        self.page.goto(self.base + path if path.startswith("/") else path)
        return self

    def admit(self, user):
        """Signed in already, where signing in is not what the journey is about."""
        client = Client()
        client.force_login(user)
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.session.session_key, "url": self.base}
        self.page.context.add_cookies([cookie])
        return self

    def sign_in(self, user, path="/dang-nhap/"):
        self.open(path)
        self.fill(login=user.email, password=PASSWORD)
        self.press("form[method=post] button[type=submit], form[method=post] button:not([type])", inside="main")
        return self

    def fill(self, **values):
        """Fill fields of the main part by their name, whatever they are, unfolding what hides them."""
        for name, value in values.items():
            for summary in self.page.locator(f"details:not([open]):has([name='{name}']) > summary").all():
                summary.click()
            field = self.page.locator(f":is(main, #content) [name='{name}']").first
            kind, tag = field.get_attribute("type"), field.evaluate("e => e.tagName")
            if kind in ("radio", "checkbox"):
                wanted = f":is(main, #content) [name='{name}']" + (f"[value='{value}']" if value is not True else "")
                self.page.check(wanted)
            elif kind == "file":
                field.set_input_files({"name": value, "mimeType": "application/pdf", "buffer": uploads.pdf_of(name)})
            elif tag == "SELECT":
                field.select_option(str(value))
            else:
                field.fill(str(value))
        return self

    def press(self, selector="form button", inside="main"):
        wanted = ", ".join(f"{inside} {one.strip()}" for one in selector.split(",")) if inside else selector
        try:
            with self.page.expect_navigation():
                self.page.locator(wanted).first.click()
        except TimeoutError as error:
            raise AssertionError(f"{wanted} led nowhere on {self.page.url}\n{self.text}") from error
        return self

    def press_button(self, **attributes):
        wanted = "".join(f"[{name}='{value}']" for name, value in attributes.items())
        return self.press(f"button{wanted}")

    @property
    def text(self):
        return self.page.inner_text("body")

    @property
    def path(self):
        return self.page.url.removeprefix(self.base)


@pytest.fixture
def visit(chromium, portal):
    """`with visit() as visitor:` a fresh window, checked for faults when it is closed."""

    @contextmanager
    def window(width=1440, **options):
        context = chromium.new_context(viewport={"width": width, "height": 900}, **options)
        visitor = Visitor(context, portal)
        try:
            yield visitor
            assert visitor.faults == []
        finally:
            context.close()

    return window
