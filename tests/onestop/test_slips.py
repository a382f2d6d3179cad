"""Issued papers: what they say, that the PDF is made once, and that nothing later changes them."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from izportal import documents, outbox
from izportal.models import StoredFile
from onestop import slips, workflow
from onestop.models import Slip
from tests import factories
from tests.factories import advance

pytestmark = pytest.mark.django_db


@pytest.fixture
def received(catalogue):
    return advance(factories.make_dossier(), "received")


def text_of(stored):
    with stored.file.open() as file:
        return "\n".join(page.extract_text() for page in PdfReader(BytesIO(file.read())).pages)


def test_receipt_pdf_carries_code_names_and_dates(received):
    text = text_of(slips.freeze(received.slips.get(form=Slip.Form.RECEIPT).pk))
    for wanted in (
        "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
        received.code,
        received.lookup,
        "17:00 17/03/2026",
        "10 ngày làm việc",
    ):
        assert wanted in text


def test_receipt_in_english_for_a_dossier_filed_in_english(catalogue):
    dossier = advance(factories.make_dossier(language="en"), "received")
    facts = slips.context(dossier.slips.get(form=Slip.Form.RECEIPT))
    assert facts["is_english"]
    assert "/en/track/?code=H55-260303-0001" in facts["track_address"]


def test_worker_freezes_each_slip_once(received):
    outbox.drain()
    stored = {slip.form: slip.stored_id for slip in received.slips.all()}
    assert set(stored) == {"00", "01"} and None not in stored.values()
    slips.freeze(received.slips.get(form="01").pk)
    assert {slip.form: slip.stored_id for slip in received.slips.all()} == stored


def test_slip_keeps_what_it_said_when_the_enterprise_changes(received):
    enterprise = received.enterprise
    enterprise.name_vi = "Tên mới"
    enterprise.save()
    text = text_of(slips.freeze(received.slips.get(form=Slip.Form.RECEIPT).pk))
    assert "Công ty TNHH Thép Thử" in text and "Tên mới" not in text


def test_receipt_lists_every_paper_with_its_hash(received):
    parts = received.slips.get(form=Slip.Form.RECEIPT).facts["parts"]
    hashes = set(StoredFile.objects.filter(papers__dossier=received).values_list("sha256", flat=True))
    assert {part["sha256"] for part in parts} == hashes and len(parts) == 2


def test_sample_slip_says_that_it_is_a_sample(catalogue):
    mau = factories.make_enterprise("Công ty Mẫu", is_sample=True)
    dossier = advance(factories.make_dossier(enterprise=mau), "received")
    text = text_of(slips.freeze(dossier.slips.get(form=Slip.Form.RECEIPT).pk))
    assert "không có giá trị pháp lý" in text


def test_result_copy_names_the_decision(catalogue):
    dossier = advance(factories.make_dossier(), "numbering", project_code="9812345678")
    text = text_of(slips.result_copy(dossier, by=dossier.decided_by, at=dossier.received_at))
    assert "1/2026/QĐ-BQL" in text and "9812345678" in text
    assert "Vốn đăng ký" in text and "Thay đổi vốn" not in text


def test_english_slip_names_the_enterprise_in_english(catalogue):
    firm = factories.make_enterprise(
        name="Công ty TNHH Thép Anh", name_en="Anh Steel Co., Ltd.", tax_code="4600000077"
    )
    dossier = advance(factories.make_dossier(language="en", enterprise=firm), "received")
    assert {slip.facts["applicant"] for slip in dossier.slips.all()} == {"Anh Steel Co., Ltd."}


def test_long_list_of_papers_starts_on_the_first_page(received):
    slip = received.slips.get(form=Slip.Form.RECEIPT)
    slip.facts["parts"] *= 12
    pdf = documents.render_pdf("onestop/slips/pdf.html", slips.context(slip), language="vi")
    assert slip.facts["parts"][0]["vi"] in PdfReader(BytesIO(pdf)).pages[0].extract_text()


def test_notice_of_a_withdrawal_is_not_signed_by_the_applicant(received):
    workflow.take(received, "withdraw", by=received.created_by, at=received.received_at, note="Đổi kế hoạch")
    text = text_of(slips.freeze(received.slips.get(form=Slip.Form.STOP).pk))
    assert "CÁN BỘ GIẢI QUYẾT" in text and str(received.created_by) not in text.split("CÁN BỘ GIẢI QUYẾT")[1]
