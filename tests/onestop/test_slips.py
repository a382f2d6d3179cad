"""Issued papers: what they say, that the PDF is made once, and that nothing later changes them."""

import html
import re
from io import BytesIO

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from pypdf import PdfReader

from izportal import documents, outbox
from izportal.models import StoredFile
from onestop import periods, registers, slips, workflow
from onestop.models import Dossier, Slip
from tests import factories
from tests.factories import advance
from tests.planting import planted

pytestmark = pytest.mark.django_db


@pytest.fixture
def received(db):
    return factories.make_walked("received")


def text_of(stored):
    with stored.file.open() as file:
        return "\n".join(page.extract_text() for page in PdfReader(BytesIO(file.read())).pages)


@pytest.mark.any_database
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


@pytest.mark.any_database
def test_receipt_in_english_for_a_dossier_filed_in_english(catalogue):
    dossier = advance(factories.make_dossier(language="en"), "received")
    facts = slips.context(dossier.slips.get(form=Slip.Form.RECEIPT))
    assert facts["is_english"]
    assert "/en/track/?code=H55-260303-0001" in facts["track_address"]
    assert "/en/" in facts["verify_address"]


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


@pytest.mark.any_database
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


@pytest.mark.any_database
def test_english_slip_names_the_enterprise_in_english(catalogue):
    firm = factories.make_enterprise(
        name="Công ty TNHH Thép Anh", name_en="Anh Steel Co., Ltd.", tax_code="4600000077"
    )
    dossier = advance(factories.make_dossier(language="en", enterprise=firm), "received")
    assert {slip.facts["applicant"] for slip in dossier.slips.all()} == {"Anh Steel Co., Ltd."}


@pytest.mark.any_database
def test_long_list_of_papers_starts_on_the_first_page(received):
    slip = received.slips.get(form=Slip.Form.RECEIPT)
    slip.facts["parts"] *= 12
    pdf = documents.render_pdf("onestop/slips/pdf.html", slips.context(slip), language="vi")
    assert slip.facts["parts"][0]["vi"] in PdfReader(BytesIO(pdf)).pages[0].extract_text()


@pytest.mark.any_database
def test_notice_of_a_withdrawal_is_not_signed_by_the_applicant(received):
    workflow.take(received, "withdraw", by=received.created_by, at=received.received_at, note="Đổi kế hoạch")
    text = text_of(slips.freeze(received.slips.get(form=Slip.Form.STOP).pk))
    assert "CÁN BỘ GIẢI QUYẾT" in text and str(received.created_by) not in text.split("CÁN BỘ GIẢI QUYẾT")[1]


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ((), "Chưa có khoản nào được yêu cầu nộp"),
        (("demand_fee",), "Đã yêu cầu nộp, chưa có xác nhận đã nộp"),
        (("demand_fee", "confirm_fee"), "Đã nộp; việc hoàn trả theo pháp luật"),
    ],
)
def test_notice_of_a_stop_says_by_whom_and_how_the_fee_stands(received, steps, said):
    officer, moment = factories.make_staff("reception", email="quay@mau.example"), received.received_at
    for step in steps:
        received = workflow.take(received, step, by=officer, at=moment, note="5.000.000 đồng")
    workflow.take(received, "withdraw", by=received.created_by, at=moment)
    slip = received.slips.get(form=Slip.Form.STOP)
    page = render_to_string("onestop/slips/pdf.html", slips.context(slip))
    assert said in page and "Đề nghị của người nộp" in page


# Every form as a page ---------------------------------------------------------------------------------------------
LONG = (
    "Công ty Trách nhiệm hữu hạn Một thành viên Sản xuất và Thương mại Linh kiện Cơ khí Chính xác Quốc tế "
    "Nguyễn Ngọc Phượng Thái Nguyên (Việt Nam)"
)
REASON = "Thiếu xác nhận vốn chủ sở hữu; cần nêu rõ nguồn vốn vay và tiến độ góp vốn theo từng quý của năm đầu."
FORMS = ("00", "01", "02", "03", "04", "05", "kq", "06", "07")


@planted
def make_long_dossier(language):
    factories.make_catalogue()
    firm = factories.make_enterprise(LONG, name_en="Phuong " * 20, address="Lô CN-05, " + "xã Tân Quang, " * 12)
    return advance(factories.make_dossier(language=language, enterprise=firm), "delivered")


def told_by(form, language):
    """What that form says of a dossier with a long name, thirty papers and long reasons."""
    dossier = make_long_dossier(language)
    if form == "06":
        return registers.control(dossier)
    if form == "07":
        rows = list(registers.received(Dossier.objects.all(), periods.of("2026"))) * 30
        return registers.register(registers.lines(rows), periods.of("2026"), at=dossier.completed_at)
    if form == "kq":
        return slips.context(slips.issue_result(dossier, by=dossier.decided_by, at=dossier.completed_at))
    return slips.context(crowded(dossier.slips.get(form=Slip.Form.RECEIPT), form))


def crowded(slip, form, papers=30):
    part = slip.facts["parts"][0]
    parts = [
        {**part, "vi": f"{part['vi']}, bản thứ {n}", "en": f"{part['en']}, copy {n}"} for n in range(1, papers + 1)
    ]
    slip.facts |= {"parts": parts, "reason": REASON, "old_due_at": slip.facts["due_at"]}
    slip.facts |= {"items": ["Văn bản đề nghị: chưa ký", "Báo cáo tài chính"], "reply_by": slip.facts["due_at"]}
    slip.form = form
    return slip


def squeezed(text):
    return re.sub(r"\s+", "", text)


def strings_of(page):
    """Every text of a printed page as its template says it."""
    body = page[page.index("<body>") :]
    texts = [html.unescape(text).strip() for text in re.split(r"<[^>]*>", body)]
    return [squeezed(text) for text in texts if text]


@pytest.mark.any_database
@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("form", FORMS)
def test_pdf_holds_every_string_of_its_form_and_nothing_runs_over(form, language):
    with translation.override(language):
        said = told_by(form, language)
        page = render_to_string("onestop/slips/pdf.html", said)
    pages = PdfReader(BytesIO(documents.pdf_from_html(page))).pages
    texts, strays = zip(*map(read, pages), strict=True)
    bare = [text.strip().removesuffix(f"{no}/{len(texts)}") for no, text in enumerate(texts, start=1)]
    assert bare != [*texts]
    text = squeezed("".join(bare))
    assert [string for string in strings_of(page) if string not in text] == []
    assert [(form, number) for number, found in enumerate(strays) if found] == []


def read(page):
    """The text of a page, and those texts that begin left or right of the paper's margins, or below its foot,
    where nothing stands but its number."""
    width, height = float(page.mediabox.width), float(page.mediabox.height)
    found = []

    def look(text, matrix, text_matrix, font, size):
        x, y = text_matrix[4] * matrix[0] + matrix[4], text_matrix[5] * matrix[3] + matrix[5]
        is_number = re.fullmatch(r"\d+/\d+", text.strip())
        if text.strip() and not is_number and not (20 < x < width - 20 and 20 < y < height - 20):
            found.append((text, x, y))

    return page.extract_text(visitor_text=look), found


@pytest.mark.any_database
@pytest.mark.parametrize("form", ["00", "01", "02", "03", "04", "05"])
def test_the_same_slip_makes_the_same_bytes(received, form):
    slip = crowded(received.slips.get(form=Slip.Form.RECEIPT), form, papers=3)
    assert slips.pdf(slip) == slips.pdf(slip)


@pytest.mark.any_database
def test_the_code_stands_on_the_paper(received):
    slip = received.slips.get(form=Slip.Form.RECEIPT)
    code = f"{slip.code[:4]}-{slip.code[4:8]}-{slip.code[8:]}"
    assert code in text_of(slips.freeze(slip.pk))


def test_a_flipped_byte_makes_another_fingerprint(received):
    stored = slips.freeze(received.slips.get(form=Slip.Form.RECEIPT).pk)
    name = stored.file.name
    with stored.file.open() as file:
        content = bytearray(file.read())
    content[len(content) // 2] ^= 1
    with stored.file.storage.open(name, "wb") as file:
        file.write(content)
    assert [one.pk for one in documents.reread(at=received.received_at, most=9)] == [stored.pk]
