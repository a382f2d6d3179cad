"""Asking to act for an enterprise, leaving it, and taking one's data away, in a real browser."""

import io
import json
import zipfile

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core import mail
from django.urls import reverse
from django.utils import translation

from izportal import outbox
from izportal.models import User
from onestop.models import Dossier
from projects.models import Enterprise, Mandate, MandateRequest
from tests import factories
from tests.journeys.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ADMIN_BUTTON = "form .submit-row [type=submit]"
SAID = {
    "tax_code": "4600 000 017", "name": "Công ty TNHH Cơ khí Mới", "address": "Phổ Yên, Thái Nguyên",
    "representative": "Trần Văn Chủ", "capacity": "sign", "position": "Kế toán trưởng",
    "paper": "giấy ủy quyền.pdf",
}  # fmt: skip
PHONE = {"width": 390}


def assert_clean(visitor):
    """No fault that a person with a screen reader or a keyboard would run into, and nothing wider than the screen."""
    found = Axe().run(visitor.page).response["violations"]
    assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found] == []
    assert visitor.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.fixture
def newcomer(portal):
    return factories.make_user("moi@cokhi.example", full_name="Lê Thị Mới", phone="0987 654 321")


def test_person_asks_officer_grants_and_the_enterprise_opens(visit, newcomer):
    officer = factories.make_staff("register")
    with visit(**PHONE) as visitor:
        visitor.admit(newcomer).open("/uy-quyen/")
        assert_clean(visitor)
        visitor.open("/uy-quyen/de-nghi/").fill(**{**SAID, "tax_code": "12"})
        visitor.press(".formnav button")
        assert visitor.page.input_value("[name=name]") == SAID["name"]
        assert_clean(visitor)
        visitor.fill(tax_code=SAID["tax_code"], paper=SAID["paper"]).press(".formnav button")
        assert "Chờ Ban duyệt" in visitor.text
        assert_clean(visitor)
    row = MandateRequest.objects.get()
    with visit() as clerk:
        clerk.admit(officer).open("/admin/")
        assert "Đề nghị ủy quyền chờ duyệt, sớm nhất từ" in clerk.text
        clerk.open(f"/admin/projects/mandaterequest/{row.pk}/approve/")
        assert "Sổ chưa có tổ chức nào mang mã số thuế này" in clerk.text
        clerk.fill(capacity="prepare").press(ADMIN_BUTTON, inside="#content")
    outbox.drain()
    assert [letter.to for letter in mail.outbox] == [["moi@cokhi.example"]]
    with visit() as visitor:
        visitor.admit(newcomer).open("/uy-quyen/")
        visitor.page.click("main table a")
        assert "Lê Thị Mới" in visitor.text and "Chuẩn bị hồ sơ" in visitor.text
        assert_clean(visitor)
        visitor.open("/ho-so/moi/1.009664/")
        assert visitor.page.url.endswith("/ho-so/moi/1.009664/")
    assert Enterprise.objects.get(tax_code="4600000017").address == SAID["address"]


def test_signer_sends_a_colleague_away_and_every_page_closes(visit, applicant):
    enterprise = applicant.mandates.get().enterprise
    leaver = factories.make_user("di@thep.example", mandate_of=enterprise, full_name="Vũ Văn Đi")
    with visit() as gone, visit(**PHONE) as visitor:
        gone.admit(leaver).open(f"/doanh-nghiep/{enterprise.tax_code}/")
        visitor.admit(applicant).open(f"/doanh-nghiep/{enterprise.tax_code}/")
        visitor.open(f"/uy-quyen/{leaver.mandates.get().pk}/cham-dut/")
        assert_clean(visitor)
        visitor.press("form.panel button")
        assert "Vũ Văn Đi" not in visitor.page.inner_text("main table")
        gone.page.reload()
        assert gone.page.locator("h1").inner_text() != "Người làm việc cho doanh nghiệp"
        gone.faults.clear()
    assert Mandate.objects.get(user=leaver).ended_by == applicant


def test_person_takes_their_data_and_is_erased(visit, newcomer):
    with visit(**PHONE) as visitor:
        visitor.admit(newcomer).open("/tai-khoan/du-lieu/")
        assert_clean(visitor)
        visitor.page.click("main a[href$='/tai-ve/']")
        with visitor.page.expect_download() as download:
            visitor.fill(password=PASSWORD)
            visitor.page.click("main form button")
        package = zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes()))
        assert json.loads(package.read("du-lieu.json"))["account"][0]["email"] == newcomer.email
        visitor.open("/tai-khoan/du-lieu/xoa/")
        assert_clean(visitor)
        visitor.fill(email="khac@x.example").press("form.panel button")
        assert "không phải thư điện tử của tài khoản" in visitor.text
        visitor.fill(email=newcomer.email).press("form.panel button")
        assert "Đã xóa dữ liệu cá nhân của bạn" in visitor.text
        assert_clean(visitor)
    erased = User.objects.get(pk=newcomer.pk)
    assert (erased.is_active, erased.phone, Dossier.objects.count()) == (False, "", 0)


@pytest.mark.parametrize("width", [1440, 390])
def test_public_page_about_data_is_clean_in_both_languages(visit, width):
    with visit(width) as visitor:
        for language in ("vi", "en"):
            with translation.override(language):
                visitor.open(reverse("privacy"))
            assert_clean(visitor)
