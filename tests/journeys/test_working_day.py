"""A whole working day by keyboard alone: what an applicant sent in is received, asked about, proposed, checked,
signed, sealed and handed over; no page is far from its main action or hides where the focus is."""

from contextlib import contextmanager

import pytest
from django.utils import timezone

from onestop import workflow
from onestop.models import Dossier
from tests import factories
from tests.journeys.test_pages import check_here

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FARTHEST = 40
MAIN = "form[method=post] .wl__btn.is-main"
SKIP = ".skip-to-content-link"
TOLD = "[data-told], .errsum"
# What has the focus: is it the thing wanted, and where is it not drawn and in view?
LOOK = """wanted => {
    const held = document.activeElement, style = getComputedStyle(held), box = held.getBoundingClientRect();
    const drawn = (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1) || style.boxShadow !== 'none';
    const seen = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    const shown = held === document.body || (drawn && seen);
    return [!!wanted && held.matches(wanted), shown ? '' : held.outerHTML.slice(0, 200)];
}"""


class Hands:
    """Somebody at a keyboard without a mouse; every page is looked at once for all who share `looked_at`."""

    def __init__(self, visitor, looked_at):
        self.page, self.visitor, self.looked_at = visitor.page, visitor, looked_at

    def press(self, key, wanted=""):
        self.page.keyboard.press(key)
        there, hidden = self.page.evaluate(LOOK, wanted)
        assert not hidden, f"the focus is not seen on {self.visitor.path}: {hidden}"
        return there

    def reach(self, wanted):
        if not any(self.press("Tab", wanted) for _n in range(FARTHEST)):
            raise AssertionError(f"{wanted} is more than {FARTHEST} presses away on {self.visitor.path}")
        return self

    def choose(self, wanted, key="Space"):
        self.reach(wanted).press(key)
        return self

    def write(self, wanted, text):
        self.reach(wanted).page.keyboard.type(text)
        return self

    def go(self, wanted):
        """Follow a link or press a button."""
        self.reach(wanted)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        return self.look()

    def look(self):
        path = self.visitor.path.partition("#")[0]
        if path not in self.looked_at:
            check_here(self.visitor)
            self.looked_at.add(path)
        return self

    def skip(self):
        """Past the head of the page and the list of everything, as the first link of each page offers; after a deed
        the focus is there already, at what it says."""
        if not self.holds(f"{TOLD}, {TOLD} *"):
            self.reach(SKIP).page.keyboard.press("Enter")
        return self

    def holds(self, wanted):
        return self.page.evaluate(LOOK, wanted)[0]

    def step(self, name):
        return self.skip().go(f"#content a[href$='/step/{name}/']").skip()

    def home(self):
        """From a dossier back to the desk, which must be as near as what one came for."""
        return self.go("#content a[href='/admin/']")


@pytest.fixture
def desk(visit, people):
    """`with desk("clerk") as hands:` signed in, the desk open."""
    looked_at = set()

    @contextmanager
    def at_work(role):
        with visit(1440) as visitor:
            visitor.admit(people[role]).open("/admin/")
            yield Hands(visitor, looked_at).look()

    return at_work


def test_dossier_passes_through_the_office_by_keyboard_alone(desk, people, applicant):
    dossier = factories.make_dossier(by=applicant)
    workflow.take(dossier, "submit", by=applicant, at=timezone.now())
    with desk("reception") as hands:
        hands.step("receive").go(MAIN)
    with desk("head") as hands:
        hands.step("assign").choose("select[name=to]", "ArrowDown").go(MAIN)
    with desk("specialist") as hands:
        hands.step("open_review").go(MAIN).step("ask_supplement")
        hands.write("#ask-search", "tư cách pháp lý").choose("[data-ask] summary", "Enter")
        hands.write("[data-ask] textarea", "Thiếu chữ ký").write("[name=reason]", "Chưa rõ").go(MAIN)
        asked = Dossier.objects.get()
        workflow.take(asked, "answer_supplement", by=applicant, at=timezone.now(), answer="Đã ký đủ")
        hands.home().step("accept_supplement").go(MAIN).step("propose").choose("[name=proposal]")
        hands.write("[name=project_code]", "9812345678").write("[name=note]", "Đủ điều kiện").go(MAIN)
    with desk("head") as hands:
        hands.step("forward").go(MAIN)
    with desk("leader") as hands:
        hands.skip().go("a[href$='/queue/sign/']").skip().go("td a[href$='/brief/']").skip().go(MAIN)
    with desk("clerk") as hands:
        hands.step("seal").go(MAIN).home().step("deliver").choose("[name=channel]")
        hands.write("[name=receiver]", "Nguyễn Văn Thử").go(MAIN)
    dossier.refresh_from_db()
    assert (dossier.status, dossier.decision, dossier.project_code) == ("delivered", "granted", "9812345678")
    assert list(dossier.events.order_by("pk").values_list("step", flat=True)) == [
        "submit", "receive", "assign", "open_review", "ask_supplement", "answer_supplement", "accept_supplement",
        "propose", "forward", "grant", "seal", "deliver",
    ]  # fmt: skip


def test_focus_goes_to_what_is_said_of_a_deed(visit, people, applicant):
    """To what stands in the way, and then to the message."""
    dossier = factories.advance(factories.make_dossier(by=applicant), "received", people=people, start=timezone.now())
    with visit(1440) as visitor:
        visitor.admit(people["head"]).open(f"/admin/onestop/dossier/{dossier.pk}/step/assign/")
        hands = Hands(visitor, set())
        assert visitor.press(MAIN, inside="") and hands.holds(".errsum")
        visitor.fill(to=people["specialist"].pk).press(MAIN, inside="")
        assert hands.holds("[data-told]") and "Đã thực hiện" in visitor.page.locator(":focus").inner_text()


def test_focus_of_an_applicant_goes_to_what_is_said(visit, people, applicant):
    dossier = factories.advance(factories.make_dossier(by=applicant), "received", people=people, start=timezone.now())
    with visit(390) as visitor:
        visitor.admit(applicant).open(f"/ho-so/{dossier.pk}/trao-doi/")
        hands = Hands(visitor, set())
        assert visitor.press("form[method=post]:has([name=text]) button") and hands.holds(".errsum")
        visitor.open(f"/ho-so/{dossier.pk}/rut/").fill(note="Đổi kế hoạch").press("button.btn--bad")
        assert hands.holds("[data-told]") and visitor.page.locator(":focus").inner_text()
