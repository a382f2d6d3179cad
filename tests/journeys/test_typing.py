"""Typing in a real browser on a bad day: no network, no session, two windows, no mouse, no script, a small screen."""

from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.sessions.models import Session

from tests import factories
from tests.journeys.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TYPED = "Nhà máy linh kiện cơ khí chính xác Đại Từ – Thái Nguyên, giai đoạn II"
OTHER = "Nhà máy khuôn mẫu Phú Bình"
MAIN_BUTTON = "#section button.btn:not(.btn--2):not(.btn--3)"
SAVED = "[data-state=saved]"
LOCAL = "[data-state=local]"
CONFLICT = "[data-changed]"


@pytest.fixture
def portal(live_server, settings):
    """The running portal with the two procedures of the tests: nothing else is needed to type."""
    settings.SITE_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    factories.make_catalogue()
    factories.answers_for("1.009664")
    return live_server.url


@pytest.fixture
def draft(portal, applicant):
    return factories.make_dossier(by=applicant, plot=factories.make_plot("CN-08"))


@pytest.fixture
def typist(visit, applicant):
    """`with typist() as visitor:` somebody of the enterprise, signed in; a cut network is no fault of the page."""

    @contextmanager
    def signed_in(width=1440, user=None, **options):
        with visit(width, **options) as visitor:
            yield visitor.admit(user or applicant)
            visitor.faults = [fault for fault in visitor.faults if "net::ERR_" not in fault]

    return signed_in


@pytest.fixture
def colleague(applicant):
    enterprise = applicant.mandates.get().enterprise
    return factories.make_user("dong-nghiep@thep.example", mandate_of=enterprise, full_name="Lê Thị Đồng Nghiệp")


def place(draft, section="project"):
    return f"/ho-so/{draft.pk}/khai/{section}/"


def kept(draft, key="project_name"):
    draft.refresh_from_db()
    return draft.answers.get(key)


def type_in(visitor, text, name="project_name"):
    visitor.page.locator(f"#section [name={name}]").fill(text)
    visitor.page.locator("h1").click()


def shown(visitor, name="project_name"):
    return visitor.page.input_value(f"#section [name={name}]")


def wait(visitor, selector):
    return visitor.page.wait_for_selector(selector).inner_text()


def on_device(visitor):
    return visitor.page.evaluate("Object.keys(localStorage).length")


def is_settled(visitor):
    """All that was typed is on the portal, and nothing of it on the device any more."""
    visitor.page.wait_for_selector(SAVED)
    for _turn in range(80):
        if on_device(visitor) == 0:
            return
        visitor.page.wait_for_timeout(100)
    raise AssertionError("The device still keeps text that was not sent.")


def sign_in_here(visitor, user):
    visitor.fill(login=user.email, password=PASSWORD).press("form[method=post] button:not([type])", inside="main")


def stand_the_test(visitor):
    """Nothing for axe to find, and no sideways scroll."""
    found = Axe().run(visitor.page).response["violations"]
    assert [(v["id"], [node["html"][:160] for node in v["nodes"][:3]]) for v in found] == [], visitor.path
    width = visitor.page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert width[0] <= width[1], f"{visitor.path} scrolls sideways: {width}"


# Without a network --------------------------------------------------------------------------------
def test_what_is_typed_without_a_network_waits_on_the_device(typist, draft):
    with typist() as visitor:
        visitor.open(place(draft)).page.route("**/giu/", lambda route: route.abort())
        visitor.page.context.set_offline(True)
        type_in(visitor, TYPED)
        assert wait(visitor, LOCAL) == "Chỉ mới lưu trên thiết bị này – sẽ gửi khi có mạng"
        visitor.page.context.set_offline(False)
        visitor.page.reload()
        wait(visitor, LOCAL)
        assert (shown(visitor), kept(draft) == TYPED, on_device(visitor)) == (TYPED, False, 1)
        visitor.page.unroute("**/giu/")
        visitor.page.evaluate("window.dispatchEvent(new Event('online'))")
        assert wait(visitor, SAVED).startswith("Đã lưu trên cổng lúc ")
        assert (kept(draft), on_device(visitor)) == (TYPED, 0)


def test_nobody_files_without_what_is_only_on_the_device(typist, draft):
    with typist() as visitor:
        visitor.open(place(draft)).page.route("**/giu/", lambda route: route.abort())
        type_in(visitor, TYPED)
        wait(visitor, LOCAL)
        visitor.open(f"/ho-so/{draft.pk}/kiem-tra/").fill(declare=True)
        visitor.page.once("dialog", lambda dialog: dialog.dismiss())
        visitor.page.locator(".submitbox button").click()
        draft.refresh_from_db()
        assert draft.status == "draft"
        visitor.page.unroute("**/giu/")
        visitor.press("[role=alert] li a")
        is_settled(visitor)
        assert (visitor.path, kept(draft)) == (place(draft), TYPED)


def test_text_of_the_device_may_be_given_up_for_the_portals(typist, draft):
    before = kept(draft)
    with typist() as visitor:
        visitor.open(place(draft)).page.route("**/giu/", lambda route: route.abort())
        type_in(visitor, TYPED)
        wait(visitor, LOCAL)
        visitor.page.unroute("**/giu/")
        visitor.page.reload()
        wait(visitor, SAVED)
        visitor.page.get_by_text("Bỏ, dùng bản trên cổng").click()
        is_settled(visitor)
        assert (shown(visitor), kept(draft)) == (before, before)


def test_unsound_text_is_on_the_portal_too(typist, draft):
    with typist() as visitor:
        visitor.open(place(draft, "capital"))
        type_in(visitor, "12 triệu rưỡi", "capital_usd")
        assert wait(visitor, SAVED).endswith("phần này còn khai dở")
    with typist() as elsewhere:
        elsewhere.open(place(draft, "capital"))
        assert shown(elsewhere, "capital_usd") == "12 triệu rưỡi"
        assert "chưa hợp lệ" in elsewhere.page.inner_text("#unfinished")
        elsewhere.page.get_by_text("Xem các mục cần sửa").click()
        assert "Nhập một số" in wait(elsewhere, ".errsum")


def test_a_new_draft_begins_while_it_is_typed(typist, applicant, portal):
    with typist() as visitor:
        visitor.open("/ho-so/moi/1.009664/")
        type_in(visitor, "Trần Thị Thử", "contact_name")
        wait(visitor, SAVED)
        draft = applicant.dossiers.get()
        assert (visitor.path, draft.typed["applicant"]["data"]["contact_name"]) == (
            place(draft, "applicant"),
            "Trần Thị Thử",
        )
        visitor.page.reload()
        assert shown(visitor, "contact_name") == "Trần Thị Thử"


# Without a session --------------------------------------------------------------------------------
def test_a_session_that_ends_while_typing_costs_nothing(typist, applicant, draft):
    with typist() as visitor:
        visitor.open(place(draft))
        Session.objects.all().delete()
        type_in(visitor, TYPED)
        assert wait(visitor, LOCAL).endswith("sẽ gửi khi đăng nhập lại")
        visitor.page.get_by_role("link", name="Đăng nhập lại").click()
        visitor.page.wait_for_url("**/dang-nhap/**")
        sign_in_here(visitor, applicant)
        wait(visitor, SAVED)
        assert (visitor.path, shown(visitor), kept(draft), on_device(visitor)) == (place(draft), TYPED, TYPED, 0)


@pytest.mark.parametrize("script", [True, False])
def test_a_session_that_ends_before_sending_costs_nothing(typist, applicant, draft, script):
    with typist(java_script_enabled=script) as visitor:
        visitor.open(place(draft))
        Session.objects.all().delete()
        visitor.page.locator("#section [name=project_name]").fill(TYPED)
        visitor.press(MAIN_BUTTON)
        sign_in_here(visitor, applicant)
        assert (visitor.path, shown(visitor)) == (place(draft), TYPED)
        # On a slow machine the script may have kept the text, and brings it back by itself.
        assert script or "phiên đã hết hạn lúc bạn gửi" in visitor.text
        visitor.press(MAIN_BUTTON)
        assert (visitor.path, kept(draft)) == (place(draft, "capital"), TYPED)


def test_the_next_person_at_the_machine_sees_nothing_of_it(typist, colleague, draft):
    with typist() as visitor:
        visitor.open(place(draft)).page.route("**/giu/", lambda route: route.abort())
        Session.objects.all().delete()
        visitor.page.locator("#section [name=project_name]").fill(TYPED)
        visitor.press(MAIN_BUTTON)
        sign_in_here(visitor, colleague)
        assert (visitor.path, shown(visitor) == TYPED) == (place(draft), False)
        assert TYPED not in visitor.page.content()


def test_who_signs_out_is_asked_about_unsent_text(typist, applicant, draft):
    with typist() as visitor:
        visitor.open(place(draft)).page.route("**/giu/", lambda route: route.abort())
        type_in(visitor, TYPED)
        wait(visitor, LOCAL)
        asked = []
        visitor.page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
        visitor.page.locator(".signout button").first.click()
        assert ("chưa gửi được" in asked[0], visitor.path) == (True, place(draft))
        visitor.page.once("dialog", lambda dialog: dialog.accept())
        visitor.press(".signout button", inside=None)
        visitor.page.unroute("**/giu/")
        visitor.sign_in(applicant).open(place(draft))
        is_settled(visitor)
        assert kept(draft) == TYPED


def test_a_token_from_before_the_last_sign_in_costs_nothing(typist, applicant, draft):
    with typist(java_script_enabled=False) as visitor:
        visitor.open(place(draft))
        visitor.page.locator("#section [name=project_name]").fill(TYPED)
        other = visitor.page.context.new_page()
        visitor.page.context.clear_cookies(name="sessionid")
        other.goto(f"{visitor.base}/dang-nhap/")
        other.fill("[name=login]", applicant.email)
        other.fill("[name=password]", PASSWORD)
        with other.expect_navigation():
            other.click("main form[method=post] button")
        visitor.press(MAIN_BUTTON)
        assert "Những gì bạn gõ còn đây" in visitor.text
        visitor.press("form[method=post] button")
        assert (visitor.path, kept(draft)) == (place(draft, "capital"), TYPED)


# Two windows --------------------------------------------------------------------------------------
@pytest.mark.parametrize(("choice", "result"), [("Giữ bản của tôi", TYPED), ("Lấy bản trên cổng", OTHER)])
def test_the_second_of_two_windows_chooses(typist, colleague, draft, choice, result):
    with typist() as mine, typist(390, user=colleague) as theirs:
        mine.open(place(draft))
        theirs.open(place(draft))
        type_in(theirs, OTHER)
        is_settled(theirs)
        type_in(mine, TYPED)
        told = wait(mine, CONFLICT)
        assert "Lê Thị Đồng Nghiệp vừa sửa phần này" in told and OTHER in told and TYPED in told
        assert kept(draft) == OTHER
        stand_the_test(mine)
        mine.page.get_by_text(choice).click()
        mine.page.wait_for_selector(CONFLICT, state="detached")
        is_settled(mine)
        assert (shown(mine), kept(draft)) == (result, result)


def test_the_second_of_two_chooses_without_javascript(typist, colleague, draft):
    with typist(java_script_enabled=False) as mine, typist(user=colleague) as theirs:
        mine.open(place(draft))
        theirs.open(place(draft))
        type_in(theirs, OTHER)
        is_settled(theirs)
        mine.page.locator("#section [name=project_name]").fill(TYPED)
        mine.press(MAIN_BUTTON)
        assert "Lê Thị Đồng Nghiệp vừa sửa phần này" in mine.text and kept(draft) == OTHER
        mine.press("[data-keep-mine]")
        assert (mine.path, kept(draft)) == (place(draft), TYPED)


def test_what_was_filed_in_another_window_is_told(typist, draft, people):
    with typist() as visitor:
        visitor.open(place(draft))
        filed = factories.advance(draft, "submitted", people=people, start=factories.timezone.now())
        type_in(visitor, TYPED)
        assert "Hồ sơ đã nộp" in wait(visitor, "[data-note=told]")
        visitor.page.get_by_role("link", name="Mở hồ sơ đã nộp").click()
        visitor.page.wait_for_url(f"**/ho-so/{filed.pk}/")


# Any reader ---------------------------------------------------------------------------------------
def reach(visitor, wanted):
    """Press Tab until the wanted control has the focus."""
    for _press in range(120):
        visitor.page.keyboard.press("Tab")
        if visitor.page.evaluate(f"document.activeElement.matches({wanted!r})"):
            return
    raise AssertionError(f"{wanted} cannot be reached by keyboard")


def test_a_section_is_filled_by_keyboard_alone(typist, draft):
    with typist() as visitor:
        visitor.open(place(draft))
        reach(visitor, "[name=project_name]")
        visitor.page.keyboard.press("ControlOrMeta+a")
        visitor.page.keyboard.insert_text(TYPED)
        reach(visitor, "[name=kind]")
        visitor.page.keyboard.press("ArrowDown")
        reach(visitor, "button[value=next]")
        with visitor.page.expect_navigation():
            visitor.page.keyboard.press("Enter")
        assert (visitor.path, kept(draft), kept(draft, "kind")) == (place(draft, "capital"), TYPED, "infrastructure")


def test_a_section_is_filled_without_javascript(typist, draft):
    with typist(390, java_script_enabled=False) as visitor:
        visitor.open(place(draft, "capital"))
        visitor.fill(capital_usd="12 triệu rưỡi").press("button[value=exit]")
        assert "Đã giữ nguyên những gì bạn gõ" in visitor.text
        visitor.open(f"/ho-so/{draft.pk}/kiem-tra/")
        visitor.press("#lack ~ ul a")
        assert (shown(visitor, "capital_usd"), "Cần sửa 1 mục" in visitor.text) == ("12 triệu rưỡi", True)
        visitor.fill(capital_usd="12.600.000").press(MAIN_BUTTON)
        assert kept(draft, "capital_usd") == "12600000"


@pytest.mark.parametrize("width", [1440, 390, 320])
def test_every_step_is_accessible_and_fits(typist, draft, width):
    """320 px is also what a window of 1280 px has left at a zoom of 400 %."""
    with typist(width) as visitor:
        visitor.open("/ho-so/moi/1.009664/")
        stand_the_test(visitor)
        visitor.open(place(draft, "capital"))
        type_in(visitor, "mười hai triệu", "capital_usd")
        wait(visitor, SAVED)
        for address in (place(draft, "capital"), f"{place(draft, 'capital')}?check=1", f"/ho-so/{draft.pk}/kiem-tra/"):
            visitor.open(address)
            stand_the_test(visitor)
        visitor.open(f"/ho-so/{draft.pk}/nhu-can-bo-thay/")
        stand_the_test(visitor)
