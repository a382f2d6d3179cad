"""Checking a paper in a real browser: the file dropped in, a byte flipped, no script, both languages and widths."""

import base64

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import translation

from onestop import slips, verification
from onestop.models import Slip
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DROP = """([name, base64]) => {
  const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], name, { type: "application/pdf" }));
  document.querySelector("[data-verify]").dispatchEvent(
    new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def paper(portal):
    """A receipt with its file: (slip, bytes)."""
    dossier = factories.advance(factories.make_dossier(), "received")
    slip = dossier.slips.get(form=Slip.Form.RECEIPT)
    with slips.freeze(slip.pk).file.open() as file:
        return slip, file.read()


def address(slip, language="vi"):
    with translation.override(language):
        return reverse("onestop:verify_code", args=[verification.grouped(slip.code)])


def drop(visitor, name, content):
    visitor.page.evaluate(DROP, [name, base64.b64encode(content).decode()])
    visitor.page.wait_for_selector("[data-verify-said] .note")
    return visitor.page.inner_text("[data-verify-said]")


def violations(page):
    return [found["id"] for found in Axe().run(page).response["violations"]]


def test_a_paper_is_checked_by_its_code_and_its_file(visit, paper):
    slip, content = paper
    changed = bytearray(content)
    changed[len(changed) // 2] ^= 1
    with visit() as visitor:
        visitor.open("/xac-thuc/").fill(code=f" {slip.code.lower()} ").press(".trackform button")
        assert visitor.path == address(slip) and "Còn hiệu lực" in visitor.text
        sent = []
        visitor.page.on("request", lambda request: sent.append(request.url))
        assert "Đúng là tệp đã cấp" in drop(visitor, "phiếu.pdf", content)
        assert "Không phải tệp đã cấp" in drop(visitor, "đã sửa.pdf", bytes(changed))
        given = {"name": "phiếu.pdf", "mimeType": "application/pdf", "buffer": content}
        visitor.page.set_input_files("#verify-file", given)
        visitor.page.wait_for_selector("[data-verify-said] .note--ok")
        assert (sent, violations(visitor.page)) == ([], [])


def test_a_revoked_paper_says_so_beside_its_true_file(visit, paper):
    slip, content = paper
    leader = factories.make_staff("leader")
    slips.revoke(slip, ground="mistake", reason="Sai", by=leader, at=factories.at("2026-04-01 10:00"))
    with visit(390) as visitor:
        visitor.open(address(slip))
        assert "Đã bị thu hồi" in visitor.text
        assert "giấy không còn hiệu lực" in drop(visitor, "phiếu.pdf", content)
        assert visitor.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


WINDOWS = [("vi", 1440), ("vi", 390), ("en", 1440), ("en", 390)]


def test_without_script_the_code_and_the_fingerprint_are_told(visit, paper):
    slip, _content = paper
    fingerprint = slips.freeze(slip.pk).sha256
    for language, width in WINDOWS:
        with visit(width, java_script_enabled=False) as visitor:
            visitor.open(address(slip, language))
            assert not visitor.page.is_visible("#verify-file")
            assert fingerprint in "".join(visitor.text.split())


def test_pages_are_sound_and_fit(visit, paper):
    slip, _content = paper
    for language, width in WINDOWS:
        with visit(width) as visitor:
            for place in (address(slip, language), address(slip, language).rsplit("/", 2)[0] + "/"):
                visitor.open(place)
                assert violations(visitor.page) == []
                assert visitor.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
