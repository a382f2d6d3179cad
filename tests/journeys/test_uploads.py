"""Papers on their way from a real browser: over a cut network, a reload, by keyboard, on a phone, without a script."""

import hashlib
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings

from izportal import chunks
from izportal.models import PartialFile, Rule, StoredFile
from onestop import papers
from tests import factories, uploads

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MEGABYTE = 1024 * 1024


@pytest.fixture
def draft(applicant):
    plot = factories.Plot.objects.get(number="CN-05")
    return factories.make_dossier(by=applicant, plot=plot, papers=False)


@pytest.fixture
def places(draft):
    return [demand.anchor for demand in papers.demands(draft) if demand.must]


def page_of(draft):
    return f"/ho-so/{draft.pk}/giay-to/"


class Wire:
    """The network between the browser and the portal: pieces are counted, and fail while it is cut."""

    def __init__(self, page, lets_through):
        self.left, self.passed, self.failed = lets_through, 0, 0
        page.route("**/tai-len/*/?offset=*", self._carry)

    def _carry(self, route):
        if self.left <= 0:
            self.failed += 1
            return route.abort("internetdisconnected")
        self.left -= 1
        self.passed += 1
        return route.continue_()


def row(visitor, place):
    return visitor.page.locator(f"#{place}-row")


def told(visitor, place, words, timeout=15000):
    row(visitor, place).get_by_text(words).first.wait_for(timeout=timeout)


def choose(visitor, place, path):
    visitor.page.set_input_files(f"#{place}", path)


def on_disk(tmp_path, name, size=0):
    path = tmp_path / name
    path.write_bytes(uploads.pdf_of(name, size))
    return path


def faults_of(page):
    return [
        (fault["id"], [node["html"] for node in fault["nodes"]]) for fault in Axe().run(page).response["violations"]
    ]


def kept_hash(stored):
    return hashlib.sha256(Path(stored.file.path).read_bytes()).hexdigest()


def test_30_megabytes_over_a_cut_network_and_a_reload(visit, applicant, draft, places, tmp_path):
    Rule.objects.filter(code="upload_max_mb").update(value="40")
    path = on_disk(tmp_path, "báo cáo tài chính.pdf", 30 * MEGABYTE)
    with visit() as visitor:
        visitor.admit(applicant).open(page_of(draft))
        wire = Wire(visitor.page, 8)
        choose(visitor, places[0], path)
        told(visitor, places[0], "Mất kết nối")
        assert (wire.passed, PartialFile.objects.get().received) == (8, 8 * chunks.PIECE)
        wire.left = 8
        visitor.page.evaluate("window.dispatchEvent(new Event('online'))")
        visitor.page.wait_for_function("() => document.querySelector('progress').value >= 53")
        visitor.page.wait_for_timeout(300)
        visitor.page.once("dialog", lambda dialog: dialog.accept())
        visitor.page.reload()
        told(visitor, places[0], "đã tải lên 16,0")
        wire.left, before = 100, wire.passed
        choose(visitor, places[0], path)
        told(visitor, places[0], "Đã nhận")
        assert (before, wire.passed - before) == (16, 15)
        visitor.faults = [fault for fault in visitor.faults if "ERR_INTERNET_DISCONNECTED" not in fault]
    stored = StoredFile.objects.get()
    assert stored.sha256 == kept_hash(stored) == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (stored.name, PartialFile.objects.count()) == ("báo cáo tài chính.pdf", 0)
    assert list((Path(settings.PRIVATE_ROOT) / chunks.FOLDER).glob("*")) == []


def test_two_files_at_once_and_a_press_that_waits_for_them(visit, applicant, draft, places, tmp_path):
    with visit(390) as visitor:
        visitor.admit(applicant).open(page_of(draft))
        for number, place in enumerate(places[:2]):
            choose(visitor, place, on_disk(tmp_path, f"{number}.pdf", 3 * MEGABYTE))
        visitor.press("button[name=go][value=stay]")
        assert sorted(paper.stored.name for paper in papers.current(draft)) == ["0.pdf", "1.pdf"]
        assert row(visitor, places[0]).get_by_text("Đã nhận").count() == 1


def test_refusal_is_told_at_its_place_and_the_good_stay(visit, applicant, draft, places, tmp_path):
    bad = tmp_path / "hợp đồng.pdf"
    bad.write_bytes(uploads.encrypted_pdf())
    with visit() as visitor:
        visitor.admit(applicant).open(page_of(draft))
        choose(visitor, places[0], on_disk(tmp_path, "tốt.pdf"))
        told(visitor, places[0], "Đã nhận")
        choose(visitor, places[1], bad)
        told(visitor, places[1], "Tệp đang đặt mật khẩu")
        choose(visitor, places[1], on_disk(tmp_path, "tốt.pdf"))
        told(visitor, places[1], "giống hệt tệp")
        row(visitor, places[1]).get_by_role("button", name="Dùng cùng một tệp").click()
        visitor.page.wait_for_url("**/giay-to/#*")
        told(visitor, places[1], "tốt.pdf")
    assert len({paper.stored_id for paper in papers.current(draft)}) == 1 < len(papers.current(draft))


def test_cancelled_file_leaves_nothing_behind(visit, applicant, draft, places, tmp_path):
    with visit() as visitor:
        visitor.admit(applicant).open(page_of(draft))
        Wire(visitor.page, 2)
        choose(visitor, places[0], on_disk(tmp_path, "nhầm.pdf", 4 * MEGABYTE))
        told(visitor, places[0], "Mất kết nối")
        with visitor.page.expect_response("**/huy/"):
            row(visitor, places[0]).get_by_role("button", name="Hủy").click()
        told(visitor, places[0], "Chưa có tệp")
        visitor.faults = [fault for fault in visitor.faults if "ERR_INTERNET_DISCONNECTED" not in fault]
    assert (PartialFile.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_session_that_ends_on_the_way_is_signed_in_again_and_gone_on_with(visit, applicant, draft, places, tmp_path):
    with visit() as visitor:
        visitor.admit(applicant).open(page_of(draft))
        wire = Wire(visitor.page, 2)
        choose(visitor, places[0], on_disk(tmp_path, "giấy.pdf", 4 * MEGABYTE))
        told(visitor, places[0], "Mất kết nối")
        visitor.page.context.clear_cookies(name="sessionid")
        wire.left = 100
        visitor.page.evaluate("window.dispatchEvent(new Event('online'))")
        told(visitor, places[0], "Phiên làm việc đã hết")
        other = visitor.page.context.new_page()
        other.goto(f"{visitor.base}/dang-nhap/")
        other.fill("[name=login]", applicant.email)
        other.fill("[name=password]", "mat-khau-thu")
        other.click("main form[method=post] button")
        other.wait_for_url("**/ho-so/**")
        row(visitor, places[0]).get_by_role("button", name="Tải tiếp").click()
        told(visitor, places[0], "Đã nhận")
        visitor.faults = [fault for fault in visitor.faults if "ERR_INTERNET_DISCONNECTED" not in fault]
    assert papers.current(draft)[0].stored.name == "giấy.pdf"


def test_by_keyboard_alone(visit, applicant, draft, places, tmp_path):
    path = on_disk(tmp_path, "bàn phím.pdf")
    with visit() as visitor:
        # Choosers are caught from the start: asked for only at the press, the first could open unseen.
        visitor.page.on("filechooser", lambda chooser: None)
        visitor.admit(applicant).open(page_of(draft))
        presses = 0
        while visitor.page.evaluate("document.activeElement.id") != places[0] and presses < 90:
            visitor.page.keyboard.press("Tab")
            presses += 1
        assert presses < 90
        with visitor.page.expect_file_chooser() as chooser:
            visitor.page.keyboard.press("Enter")
        chooser.value.set_files(path)
        told(visitor, places[0], "Đã nhận")
        assert visitor.page.evaluate("document.activeElement.id") == places[0]
        assert visitor.page.inner_text("#upload-said") == "Đã nhận tệp: bàn phím.pdf"


def test_file_is_dropped_on_its_place(visit, applicant, draft, places):
    drop = """([place, content]) => {
        const data = new DataTransfer();
        data.items.add(new File([Uint8Array.from(content)], "thả.pdf", { type: "application/pdf" }));
        const input = document.getElementById(place);
        input.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    }"""
    with visit() as visitor:
        visitor.admit(applicant).open(page_of(draft))
        visitor.page.evaluate(drop, [places[0], list(uploads.pdf_of("thả"))])
        told(visitor, places[0], "Đã nhận")
    assert papers.current(draft)[0].stored.name == "thả.pdf"


def test_without_a_script_the_form_sends_it_whole(visit, applicant, draft, places, tmp_path):
    with visit(java_script_enabled=False) as visitor:
        visitor.admit(applicant).open(page_of(draft))
        choose(visitor, places[0], on_disk(tmp_path, "một.pdf", MEGABYTE))
        choose(visitor, places[1], on_disk(tmp_path, "hai.pdf"))
        visitor.press("button[name=go][value=stay]")
        assert row(visitor, places[0]).get_by_text("Đã nhận").count() == 1
    assert [kept_hash(paper.stored) == paper.stored.sha256 for paper in papers.current(draft)] == [True, True]


@pytest.mark.parametrize("width", [1440, 390, 320])
def test_page_is_sound_while_a_file_is_on_its_way(visit, applicant, draft, places, tmp_path, width):
    with visit(width) as visitor:
        visitor.admit(applicant).open(page_of(draft))
        Wire(visitor.page, 2)
        choose(visitor, places[1], on_disk(tmp_path, "xong.pdf"))
        told(visitor, places[1], "Đã nhận")
        choose(visitor, places[0], on_disk(tmp_path, "đang tải.pdf", 4 * MEGABYTE))
        told(visitor, places[0], "Mất kết nối")
        assert visitor.page.evaluate("document.documentElement.scrollWidth") <= width
        assert faults_of(visitor.page) == []
        wallet = row(visitor, places[2]).get_by_role("link", name="Chọn từ kho giấy tờ").get_attribute("href")
        visitor.page.once("dialog", lambda dialog: dialog.accept())
        visitor.open(wallet)
        assert visitor.page.evaluate("document.documentElement.scrollWidth") <= width
        assert faults_of(visitor.page) == []
        visitor.faults = [fault for fault in visitor.faults if "ERR_INTERNET_DISCONNECTED" not in fault]
