"""What people send: the good is taken as it is, the bad is refused with its own reason; nothing else is raised."""

import hashlib
import io
import socketserver
import unicodedata
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from izportal import uploads
from izportal.uploads import REFUSALS, Inspection, UploadRefused, clean_name, inspect
from izportal.viruses import scan
from tests import scanner
from tests import uploads as make

LIMIT = 2 * 1024 * 1024


def told(name, content, max_bytes=LIMIT):
    """Kind and pages of a file that is taken, the code of one that is refused."""
    try:
        found = inspect(make.sent(name, content), max_bytes=max_bytes)
    except UploadRefused as refused:
        return refused.code
    return found.kind, found.pages


TAKEN = {
    "a.pdf": (make.pdf, ("pdf", 1)),
    "ba trang.PDF": (lambda: make.pdf(3), ("pdf", 3)),
    "dấu BOM.pdf": (lambda: b"\xef\xbb\xbf\r\n" + make.pdf(), ("pdf", 1)),
    "nén.pdf": (lambda: make.pdf_in_object_streams(b"<< /S /GoTo /D [3 0 R /Fit] >>"), ("pdf", 1)),
    "a.png": (make.png, ("png", None)),
    "a.jpg": (make.jpeg, ("jpeg", None)),
    "a.jpeg": (lambda: make.jpeg(progressive=True), ("jpeg", None)),
    "a.docx": (make.docx, ("docx", None)),
    "biểu đồ.docx": (lambda: make.docx({"word/embeddings/Sheet1.xlsx": make.xlsx()}), ("docx", None)),
    "a.xlsx": (make.xlsx, ("xlsx", None)),
    "quét không đuôi": (make.pdf, ("pdf", 1)),
    "a.exe.pdf": (make.pdf, ("pdf", 1)),
}


@pytest.mark.parametrize("name", TAKEN)
def test_inspect_takes(name):
    content, expected = TAKEN[name]
    assert told(name, content()) == expected


EVIL_TEMPLATE = [("attachedTemplate", "https://xa.example/mau.dotm", "External")]
EVIL_PICTURE = [("image", r"\\xa.example\anh.png", "External")]
EVIL_OBJECT = [("oleObject", "file:///C:/a.bin", "External")]
HARMLESS = [
    ("hyperlink", "https://xa.example/", "External"),
    ("attachedTemplate", "file:///C:/Mau/Normal.dotm", "External"),
    ("styles", "styles.xml"),
]
REFUSED = [
    ("empty", "a.pdf", lambda: b""),
    ("too_large", "a.pdf", lambda: bytes(LIMIT + 1)),
    ("type", "a.exe", lambda: make.PROGRAM),
    ("type", "a.pdf.exe", make.pdf),
    ("type", "a.svg", lambda: make.SVG),
    ("type", "a.zip", make.docx),
    ("type", "không đuôi", lambda: make.HTML),
    ("type", "không đuôi", lambda: make.archive({"a.txt": "x"})),
    ("mismatch", "a.pdf", lambda: make.PROGRAM),
    ("mismatch", "a.pdf", lambda: make.HTML),
    ("mismatch", "a.pdf", lambda: make.OLE2),
    ("mismatch", "a.png", lambda: make.SVG),
    ("mismatch", "a.pdf", make.png),
    ("mismatch", "a.png", make.jpeg),
    ("mismatch", "a.docx", make.xlsx),
    ("mismatch", "a.docx", lambda: make.archive({"a.txt": "x"})),
    ("mismatch", "a.pdf", lambda: b"GIF89a" + make.pdf()),
    ("mixed", "a.pdf", lambda: make.pdf() + make.docx()),
    ("mixed", "a.png", lambda: make.png() + make.docx()),
    ("legacy", "a.doc", make.old_word),
    ("legacy", "a.xls", lambda: make.OLE2),
    ("legacy", "a.docx", make.old_word),
    ("encrypted", "a.pdf", make.encrypted_pdf),
    ("encrypted", "a.pdf", make.locked_pdf),
    ("encrypted", "a.pdf", make.aes_encrypted_pdf),
    ("encrypted", "a.docx", make.docx_with_password),
    ("encrypted", "a.xlsx", make.docx_with_password),
    ("encrypted", "a.docx", make.encrypted_zip_entry),
    ("broken", "a.pdf", make.truncated_pdf),
    ("broken", "a.pdf", lambda: b"%PDF-1.7\n%%EOF"),
    ("broken", "a.pdf", lambda: make.handwritten_pdf(b"[" * 50_000)),
    ("broken", "a.pdf", lambda: make.handwritten_pdf(b"null").replace(b"[3 0 R]", b"[2 0 R]")),
    ("broken", "a.pdf", lambda: make.handwritten_pdf(b"null").replace(b"[3 0 R]", b"[9 0 R]")),
    ("broken", "a.pdf", lambda: make.handwritten_pdf(b"null").replace(b"[3 0 R]", b"[     ]")),
    ("broken", "a.png", lambda: make.png()[:-20]),
    ("broken", "a.jpg", lambda: make.jpeg((600, 600))[:-300]),
    ("broken", "a.docx", lambda: make.docx()[:-40]),
    ("broken", "a.docx", lambda: make.docx({"../../a.xml": "<a/>"})),
    ("broken", "a.docx", lambda: make.docx({"WORD/DOCUMENT.XML": "<a/>"})),
    ("broken", "a.docx", lambda: make.docx({"word/_rels/a.rels": "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"})),
    ("broken", "a.docx", lambda: make.docx().replace(b"PK\x01\x02", b"PK\x01\x03")),
    ("broken", "a.docx", make.lying_zip_bomb),
    ("complex", "a.pdf", lambda: make.pdf(uploads.MAX_PAGES + 1)),
    ("active", "a.pdf", make.pdf_with_javascript),
    ("active", "a.pdf", lambda: make.handwritten_pdf(b"<< /S /J#61vaScript /JS (x) >>")),
    ("active", "a.pdf", lambda: make.handwritten_pdf(b"<< /S 5 0 R /JS (x) >>", b"/JavaScript")),
    ("active", "a.pdf", lambda: make.handwritten_pdf(b"[ 1 << /AA << /O << /S /Launch /F (cmd.exe) >> >> >> ]")),
    ("active", "a.pdf", lambda: make.pdf_in_object_streams(b"<< /S /JavaScript /JS (x) >>")),
    ("active", "a.pdf", lambda: make.handwritten_pdf(b"<< /XFA (x) >>")),
    ("active", "a.pdf", lambda: make.handwritten_pdf(b"<< /S /GoToR /F (\\\\\\\\xa\\\\a) >>")),
    ("embedded", "a.pdf", make.pdf_with_attachment),
    ("embedded", "a.pdf", make.pdf_with_file_annotation),
    ("embedded", "a.docx", lambda: make.docx({"word/embeddings/oleObject1.bin": b"x"})),
    ("embedded", "a.docx", lambda: make.docx({"word/embeddings/a.docx": make.docx()})),
    ("embedded", "a.docx", lambda: make.docx({"word/embeddings/a.xlsx": make.docx()})),
    ("embedded", "a.docx", lambda: make.docx({"word/activeX/activeX1.xml": "<a/>"})),
    ("embedded", "a.docx", lambda: make.docx({"word/media/anh.png": make.PROGRAM})),
    ("embedded", "a.docx", lambda: make.docx({"word/media/anh.png": make.OLE2})),
    ("embedded", "a.docx", lambda: make.docx({"word/media/anh.png": make.docx()})),
    ("embedded", "a.docx", lambda: make.docx(document_links=EVIL_OBJECT)),
    ("embedded", "a.xlsx", lambda: make.xlsx_with({"xl/externalLinks/e1.xml": "<a><ddeLink/></a>"})),
    ("macros", "a.docm", make.docm),
    ("macros", "a.docx", make.docm),
    ("macros", "a.xlsm", make.xlsm),
    ("macros", "a.xlsx", make.xlsm),
    ("macros", "a.xlsx", make.xlsx_with_macro_sheet),
    ("macros", "a.docx", lambda: make.docx(main_type=make.WORD_MACRO_MAIN)),
    ("macros", "a.docx", lambda: make.docx(document_links=[("vbaProject", "anh.png")])),
    ("macros", "a.docx", lambda: make.docx({"word/embeddings/Sheet1.xlsx": make.xlsm()})),
    ("external", "a.docx", lambda: make.docx(document_links=EVIL_TEMPLATE)),
    ("external", "a.docx", lambda: make.docx(document_links=EVIL_PICTURE)),
    ("bomb", "a.docx", make.zip_bomb),
    ("bomb", "a.docx", make.crowded_zip),
    ("dimensions", "a.png", lambda: make.png_that_claims(60_000, 60_000)),
    ("dimensions", "a.png", lambda: make.png_that_claims(9_000, 9_000)),
    ("dimensions", "a.jpg", lambda: make.jpeg((7_000, 6_000), progressive=True)),
]


@pytest.mark.parametrize(("code", "name", "content"), REFUSED)
def test_inspect_refuses(code, name, content):
    assert told(name, content()) == code


def test_every_reason_that_lies_in_the_file_is_tested():
    assert {code for code, _name, _content in REFUSED} == REFUSALS.keys() - {
        "virus",
        "scan",
        "scan_limit",
        "altered",
        "quota",
    }


def test_inspect_takes_links_that_only_a_click_follows():
    assert told("a.docx", make.docx(document_links=HARMLESS)) == ("docx", None)


def test_inspect_tells_everything_about_a_file():
    content = make.pdf(2)
    upload = make.sent("Giấy phép.PDF", content)
    assert inspect(upload, max_bytes=LIMIT) == Inspection(
        kind="pdf",
        mime="application/pdf",
        extension=".pdf",
        pages=2,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        name="Giấy phép.pdf",
    )
    assert upload.tell() == 0


def test_inspect_gives_an_extension_to_a_name_without():
    assert inspect(make.sent("Bản quét", make.jpeg()), max_bytes=LIMIT).name == "Bản quét.jpg"


def test_inspect_reads_plain_streams():
    assert inspect(io.BytesIO(make.pdf()), max_bytes=LIMIT).name == "tệp.pdf"


def test_inspect_stops_reading_at_the_limit():
    class Endless(io.RawIOBase):
        taken = 0

        def read(self, size=-1):
            self.taken += size
            return b"%" * size

        def seek(self, *where):
            return 0

    stream = Endless()
    with pytest.raises(UploadRefused):
        inspect(stream, max_bytes=LIMIT)
    assert stream.taken <= LIMIT + uploads.CHUNK


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.pdf", b"", "Tệp rỗng, không có nội dung. Hãy chọn lại tệp."),
        ("a.exe", b"MZ", "Cổng chỉ nhận tệp PDF, PNG, JPEG, DOCX và XLSX; không nhận tệp “.exe”."),
        ("a.pdf", make.HTML, "Nội dung tệp không đúng với đuôi “.pdf”. Hãy xuất lại tệp từ phần mềm đã soạn ra nó."),
        ("a", make.HTML, "Cổng chỉ nhận tệp PDF, PNG, JPEG, DOCX và XLSX; không nhận tệp “không rõ loại”."),
        (
            "a.pdf",
            bytes(LIMIT + 1),
            "Tệp nặng 2,0 MB, vượt mức cho phép 2,0 MB. Hãy giảm dung lượng hoặc chia thành nhiều tệp.",
        ),
        (
            "a.png",
            make.png_that_claims(60_000, 60_000),
            "Ảnh quá lớn, vượt 80 triệu điểm ảnh. Hãy quét lại ở độ phân giải thấp hơn.",
        ),
    ],
)
def test_refusal_says_why(name, content, sentence):
    with translation.override("vi"), pytest.raises(UploadRefused) as refused:
        inspect(make.sent(name, content), max_bytes=LIMIT)
    with translation.override("vi"):
        assert refused.value.sentence.replace("\xa0", " ") == sentence


def test_refusal_is_an_error_that_a_form_shows():
    refused = UploadRefused("macros")
    assert isinstance(refused, ValidationError)
    assert refused.messages == [refused.sentence]


# Hostile bytes ------------------------------------------------------------------------------------
WHOLE = {
    "a.pdf": make.pdf(2),
    "b.pdf": make.pdf_in_object_streams(b"<< /S /GoTo >>", b"[1 2 3]"),
    "a.png": make.png(),
    "a.jpg": make.jpeg(),
    "a.docx": make.docx(),
    "a.xlsx": make.xlsx(),
}
often = hypothesis_settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@often
@given(st.sampled_from(sorted(WHOLE)), st.data())
def test_inspect_only_ever_refuses_damaged_files(name, data):
    content = bytearray(WHOLE[name])
    for _change in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=40))
        content = content or bytearray(b"x")
    assert told(name, bytes(content)) in [*REFUSALS, ("pdf", 1), ("pdf", 2), *((k, None) for k in uploads.MIME)]


@often
@given(st.sampled_from([b"", b"%PDF-", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"PK\x03\x04", make.OLE2]), st.binary())
@example(b"%PDF-", b"1.7\ntrailer<</Root 1 0 R/Size 99999999>>\n%%EOF")
@example(b"%PDF-", b"1.7\nstartxref\n5\n%%EOF")
def test_inspect_only_ever_refuses_noise(signature, noise):
    assert told("không đuôi", signature + noise) in REFUSALS


@often
@given(st.text())
def test_inspect_survives_every_name(name):
    upload = io.BytesIO(make.pdf())
    upload.name = name
    try:
        assert inspect(upload, max_bytes=LIMIT).kind == "pdf"
    except UploadRefused as refused:
        assert refused.code in {"type", "mismatch", "legacy", "macros"}


def test_inspect_gives_up_on_a_file_that_takes_too_long(monkeypatch):
    monkeypatch.setattr(uploads, "MAX_SECONDS", -1)
    assert told("a.pdf", make.pdf()) == "complex"


def test_inspect_bounds_the_objects_of_a_pdf(monkeypatch):
    monkeypatch.setattr(uploads, "MAX_OBJECTS", 3)
    assert told("a.pdf", make.pdf()) == "complex"


def test_inspect_never_unpacks_more_than_the_budget(monkeypatch):
    monkeypatch.setattr(uploads, "MAX_UNPACKED", 1_000)
    assert told("a.xlsx", make.xlsx()) == "bomb"


def test_inspect_counts_what_a_chart_carries(monkeypatch):
    sheet = make.xlsx([("0" * 30_000,)] * 40)
    outer = make.docx({"word/embeddings/Sheet1.xlsx": sheet})
    unpacked = sum(entry.file_size for entry in zipfile.ZipFile(io.BytesIO(outer)).infolist())
    monkeypatch.setattr(uploads, "MAX_UNPACKED", unpacked + 10)
    assert told("a.docx", outer) == "bomb"


# Names --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("given_name", "clean"),
    [
        ("Giấy chứng nhận.pdf", "Giấy chứng nhận.pdf"),
        (unicodedata.normalize("NFD", "Điềm Thụy.pdf"), "Điềm Thụy.pdf"),
        ("Quyết định.PDF", "Quyết định.pdf"),
        (r"C:\Users\an\Hồ sơ.docx", "Hồ sơ.docx"),
        ("../../etc/passwd", "passwd"),
        ("a\x00b\r\nc.pdf", "ab c.pdf"),
        ("bao\u202egpj.exe", "baogpj.exe"),
        ("a\u200b\ufeffb.pdf", "ab.pdf"),
        (".htaccess", "htaccess"),
        ("...pdf", "pdf"),
        ("a.pdf. . ", "a.pdf"),
        ('a<b>:"|?*.pdf', "a_b______.pdf"),
        ("con.pdf", "_con.pdf"),
        ("LPT1", "_LPT1"),
        ("công ty.pdf", "công ty.pdf"),
        ("  nhiều   chỗ\u3000trống .pdf", "nhiều chỗ trống.pdf"),
        ("Công văn số 12. Bản chính", "Công văn số 12. Bản chính"),
        ("", "tệp"),
        ("///", "tệp"),
        ("\ud800.pdf", "pdf"),
    ],
)
def test_clean_name(given_name, clean):
    assert clean_name(given_name) == clean


def test_clean_name_keeps_the_extension_of_a_long_name():
    assert clean_name("ệ" * 300 + ".xlsx") == "ệ" * (uploads.MAX_NAME - 5) + ".xlsx"


@given(st.text(max_size=400))
def test_clean_name_is_stable_short_and_visible(name):
    clean = clean_name(name)
    assert clean_name(clean) == clean
    assert 0 < len(clean) <= uploads.MAX_NAME + 1
    assert not set(clean) & set('/\\<>:"|?*\0\r\n')
    assert all(unicodedata.category(character)[0] != "C" for character in clean)


@pytest.mark.parametrize(
    ("name", "size", "code"),
    [("a.pdf", 0, "empty"), ("a.pdf", 101, "too_large"), ("a.exe", 1, "type"), ("a.doc", 1, "legacy")]
    + [("a.xlsm", 1, "macros"), ("a.pdf", 100, None), ("không đuôi", 1, None)],
)
def test_foresee_refuses_what_name_and_size_tell(name, size, code):
    if code is None:
        return uploads.foresee(name, size, max_bytes=100)
    with pytest.raises(UploadRefused) as refused:
        uploads.foresee(name, size, max_bytes=100)
    assert refused.value.code == code


# Viruses ------------------------------------------------------------------------------------------
@pytest.fixture
def clamd(settings):
    with scanner.answering() as server:
        settings.CLAMD_ADDRESS = scanner.place_of(server)
        yield server


def test_scan_is_off_without_an_address(settings):
    settings.CLAMD_ADDRESS = ""
    assert scan(io.BytesIO(b"EICAR")) is False


def test_scan_sends_the_whole_file(clamd):
    upload = io.BytesIO(b"x" * (uploads.CHUNK * 2 + 7))
    assert scan(upload) is True
    assert clamd.seen == [upload.getvalue()]
    assert upload.tell() == 0


@pytest.mark.parametrize(
    ("content", "code"), [(b"EICAR", "virus"), (bytes(scanner.LIMIT + 1), "scan_limit"), (bytes(2**24), "scan_limit")]
)
def test_scan_refuses(clamd, content, code):
    with pytest.raises(UploadRefused) as refused:
        scan(io.BytesIO(content))
    assert (refused.value.code, clamd.seen) == (code, [content] if code == "virus" else [])


def test_scan_names_the_virus(clamd):
    with pytest.raises(UploadRefused) as refused:
        scan(io.BytesIO(b"EICAR"))
    assert refused.value.params == {"virus": "Win.Test.EICAR"}


def test_scan_speaks_through_a_local_socket(settings, tmp_path):
    path = str(tmp_path / "clamd.ctl")
    with scanner.answering(socketserver.UnixStreamServer, path):
        settings.CLAMD_ADDRESS = f"unix:{path}"
        assert scan(io.BytesIO(b"x")) is True


@pytest.mark.parametrize("address", ["127.0.0.1:1", "/nowhere/clamd.ctl", "unix:/nowhere/clamd.ctl"])
def test_scan_that_is_not_answered_lets_nothing_through(settings, address):
    settings.CLAMD_ADDRESS = address
    with pytest.raises(UploadRefused) as refused:
        scan(io.BytesIO(b"x"))
    assert refused.value.code == "scan"
