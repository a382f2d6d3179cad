"""What goes wrong on a bad day: each bad file is refused with its own reason, in the form and in pieces alike, and the
good ones sent with it are kept, byte for byte."""

import hashlib
import io
import tracemalloc
import unicodedata

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from izportal import chunks, documents, outbox
from izportal.models import Notice, PartialFile, StoredFile
from onestop import papers
from tests import factories, scanner, uploads

LARGE = 200 * 2**20
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"

# name → (the file's name, its content, the beginning of the reason)
BAD = {
    "empty": ("rỗng.pdf", lambda: b"", "Tệp rỗng"),
    "renamed program": ("hợp đồng.pdf", lambda: uploads.PROGRAM, "Nội dung tệp không đúng với đuôi “.pdf”"),
    "program": ("cài đặt.exe", lambda: uploads.PROGRAM, "Cổng chỉ nhận tệp PDF, PNG, JPEG, DOCX và XLSX"),
    "encrypted PDF": ("báo cáo.pdf", uploads.encrypted_pdf, "Tệp đang đặt mật khẩu"),
    "locked PDF": ("khóa.pdf", uploads.locked_pdf, "Tệp đang đặt mật khẩu"),
    "Word with a password": ("mật.docx", uploads.docx_with_password, "Tệp đang đặt mật khẩu"),
    "macro workbook": ("dự toán.xlsm", uploads.xlsm, "Tệp có chứa macro"),
    "macro workbook renamed": ("dự toán.xlsx", uploads.xlsm, "Tệp có chứa macro"),
    "zip bomb": ("bom.docx", lambda: uploads.zip_bomb(), "Nội dung nén trong tệp bung ra quá lớn"),
    "zip bomb that lies": ("bom2.docx", lambda: uploads.lying_zip_bomb(), "Tệp bị hỏng"),
    "truncated PDF": ("cắt.pdf", uploads.truncated_pdf, "Tệp bị hỏng hoặc chưa đầy đủ"),
    "HTML renamed": ("trang.pdf", lambda: uploads.HTML, "Nội dung tệp không đúng với đuôi “.pdf”"),
    "SVG with a script": ("logo.svg", lambda: uploads.SVG, "Cổng chỉ nhận tệp"),
    "SVG renamed": ("logo.png", lambda: uploads.SVG, "Nội dung tệp không đúng với đuôi “.png”"),
    "PDF that is a zip too": ("hai.pdf", lambda: uploads.pdf() + uploads.docx(), "Tệp ghép nhiều định dạng"),
    "PDF with a script": ("chạy.pdf", uploads.pdf_with_javascript, "Tệp PDF có mã lệnh tự chạy"),
    "PDF with an attachment": ("kèm.pdf", uploads.pdf_with_attachment, "Bên trong tệp có gắn tệp"),
    "old Word": ("cũ.doc", uploads.old_word, "Tệp thuộc định dạng Word, Excel 97–2003"),
    "huge picture": ("ảnh.png", lambda: uploads.png_that_claims(60_000, 60_000), "Ảnh quá lớn"),
    "EICAR as text": ("eicar.pdf", lambda: EICAR, "Nội dung tệp không đúng với đuôi “.pdf”"),
}

# name → (the name it was sent under, the name it is kept under)
NAMES = {
    "decomposed": (unicodedata.normalize("NFD", "Đề nghị Điềm Thụy.pdf"), "Đề nghị Điềm Thụy.pdf"),
    "with a path": (r"C:\Users\ke toan\..\..\etc\hợp đồng.pdf", "hợp đồng.pdf"),
    "climbing": ("../../../etc/passwd.pdf", "passwd.pdf"),
    "long": ("đ" * 300 + ".pdf", "đ" * 146 + ".pdf"),
    "hiding its kind": ("anh\u202efdp.pdf", "anhfdp.pdf"),
    "without an ending": ("giấy phép", "giấy phép.pdf"),
}

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def draft(catalogue, enterprise_user):
    return factories.make_dossier(by=enterprise_user, papers=False)


@pytest.fixture
def applicant(client, enterprise_user):
    client.force_login(enterprise_user)
    return client


def place_of(dossier, key):
    return f"paper-{dossier.version.components.get(key=key).pk}"


def by_form(client, dossier, place, name, content):
    """The sentence of a refusal, or nothing."""
    upload = SimpleUploadedFile("x", content)
    upload._name = name  # as a script would send it, past what a browser cleans
    response = client.post(reverse("onestop:dossier_papers", args=[dossier.pk]), {place: upload})
    return response.context["refused"][place] if response.status_code == 200 else ""


def by_pieces(client, dossier, place, name, content):
    promised = {"place": place, "name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    answer = client.post(reverse("onestop:upload_begin", args=[dossier.pk]), promised).json()
    while "to" in answer or "offset" in answer:
        to, offset = answer.get("to") or to, answer["offset"]  # noqa: F821  the first answer names the address
        piece = content[offset : offset + chunks.PIECE]
        sent = client.post(f"{to}?offset={offset}", piece, content_type="application/octet-stream")
        answer = sent.json()
    return answer["refused"]


def download(client, dossier, paper):
    return b"".join(client.get(reverse("onestop:paper_download", args=[dossier.pk, paper.pk])))


@pytest.mark.parametrize("send", [by_form, by_pieces])
@pytest.mark.parametrize("kind", BAD)
def test_bad_file_is_refused_with_its_own_reason(applicant, draft, send, kind):
    name, make, reason = BAD[kind]
    refused = send(applicant, draft, place_of(draft, "de-nghi"), name, make())
    assert refused.startswith(reason), refused
    assert (papers.current(draft), StoredFile.objects.count(), PartialFile.objects.count()) == ([], 0, 0)


def test_good_file_sent_with_each_bad_one_is_kept(applicant, draft):
    good, bad = place_of(draft, "de-nghi"), place_of(draft, "tai-chinh")
    for kind, (name, make, reason) in BAD.items():
        content = uploads.pdf_of(kind)
        files = {good: SimpleUploadedFile("tốt.pdf", content), bad: SimpleUploadedFile(name, make())}
        page = applicant.post(reverse("onestop:dossier_papers", args=[draft.pk]), files)
        assert page.context["refused"][bad].startswith(reason)
        assert [download(applicant, draft, paper) for paper in papers.current(draft)] == [content]


def test_reasons_differ():
    reasons = {reason for _name, _make, reason in BAD.values()}
    assert (len(BAD), len(reasons)) == (20, 15)


@pytest.mark.parametrize("send", [by_form, by_pieces])
@pytest.mark.parametrize("kind", NAMES)
def test_good_file_under_a_strange_name_is_kept_under_a_plain_one(applicant, draft, send, kind):
    name, kept_as = NAMES[kind]
    content = uploads.pdf_of(kind, 3000)
    assert send(applicant, draft, place_of(draft, "de-nghi"), name, content) == ""
    paper = papers.current(draft)[0]
    assert (paper.stored.name, unicodedata.is_normalized("NFC", paper.stored.name)) == (kept_as, True)
    assert download(applicant, draft, paper) == content
    assert paper.stored.sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("send", [by_form, by_pieces])
def test_what_the_scanner_finds_is_refused_after_it(applicant, draft, settings, send, enterprise_user):
    """Clean to look at, so only the scanner can tell; it is asked by the protocol of clamd."""
    with scanner.answering() as server:
        settings.CLAMD_ADDRESS = scanner.place_of(server)
        assert send(applicant, draft, place_of(draft, "de-nghi"), "sạch.pdf", uploads.pdf_of("EICAR")) == ""
        good = uploads.pdf_of("không sao")
        assert send(applicant, draft, place_of(draft, "tai-chinh"), "tốt.pdf", good) == ""
        outbox.drain()
    stored = StoredFile.objects.get(name="sạch.pdf")
    assert (stored.state, documents.why_held(stored)) == (
        "refused", "Phần mềm diệt vi-rút phát hiện mã độc trong tệp (Win.Test.EICAR).",
    )  # fmt: skip
    assert [paper.stored.name for paper in papers.current(draft)] == ["tốt.pdf"]
    assert (Notice.objects.get().email, download(applicant, draft, papers.current(draft)[0])) == (
        enterprise_user.email, good,
    )  # fmt: skip


class Endless(io.RawIOBase):
    """A file of so many noughts that nobody holds."""

    def __init__(self, size):
        self.left = size

    def read(self, most=-1):
        given = min(self.left, most if most > 0 else self.left)
        self.left -= given
        return bytes(given)


def multipart(field, size):
    """A form of one file, made while it is read."""
    head = (
        f'--x\r\nContent-Disposition: form-data; name="{field}"; filename="lon.pdf"\r\n'
        "Content-Type: application/pdf\r\n\r\n"
    ).encode()
    return Joined([io.BytesIO(head), Endless(size), io.BytesIO(b"\r\n--x--\r\n")]), len(head) + size + 9


class Joined(io.RawIOBase):
    def __init__(self, parts):
        self.parts = parts

    def read(self, most=-1):
        while self.parts:
            if chunk := self.parts[0].read(most):
                return chunk
            self.parts.pop(0)
        return b""


def test_200_megabytes_in_the_form_are_refused_without_being_held(applicant, draft, settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    place = place_of(draft, "de-nghi")
    body, length = multipart(place, LARGE)
    tracemalloc.start()
    page = applicant.generic(
        "POST", reverse("onestop:dossier_papers", args=[draft.pk]),
        **{"wsgi.input": body, "CONTENT_LENGTH": length, "CONTENT_TYPE": "multipart/form-data; boundary=x"},
    )  # fmt: skip
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "vượt mức cho phép 20,0" in page.context["refused"][place]
    assert (peak < 40 * 2**20, StoredFile.objects.count(), list(tmp_path.glob("*.upload*"))) == (True, 0, [])


def test_200_megabytes_in_pieces_are_refused_before_the_first(applicant, draft):
    promised = {"place": place_of(draft, "de-nghi"), "name": "lớn.pdf", "size": LARGE, "sha256": ""}
    answer = applicant.post(reverse("onestop:upload_begin", args=[draft.pk]), promised)
    assert (answer.status_code, "Tệp nặng 200,0" in answer.json()["refused"]) == (422, True)
    assert PartialFile.objects.count() == 0


def test_whoever_promises_little_cannot_send_more(applicant, draft):
    content = uploads.pdf()
    promised = {"place": place_of(draft, "de-nghi"), "name": "nhỏ.pdf", "size": len(content), "sha256": ""}
    begun = applicant.post(reverse("onestop:upload_begin", args=[draft.pk]), promised).json()
    sent = applicant.post(f"{begun['to']}?offset=0", content + b"more", content_type="application/octet-stream")
    assert (sent.status_code, PartialFile.objects.get().received) == (410, 0)
