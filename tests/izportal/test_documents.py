"""Papers made, kept and served: private, harmless to open, and readable by people and machines alike."""

import hashlib
import io
import sys
import unicodedata
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pypdf
import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db import transaction
from django.http import Http404
from django.template import Context, Template
from django.utils import timezone, translation
from django_q.models import OrmQ
from PIL import ImageFile

from izportal import documents, outbox
from izportal.documents import PdfUnavailable, UploadRefused, pdf_from_html, qr_data_uri, qr_svg, serve, store, sweep
from izportal.models import Notice, StoredFile
from tests import factories, scanner
from tests import uploads as make

LIMIT = 2 * 1024 * 1024


@pytest.fixture(autouse=True)
def private(settings, tmp_path, monkeypatch):
    """Private files of a test lie in its own folder."""
    options = {**settings.STORAGES["private"]["OPTIONS"], "location": tmp_path / "private"}
    settings.STORAGES = {**settings.STORAGES, "private": {**settings.STORAGES["private"], "OPTIONS": options}}
    monkeypatch.setattr(StoredFile._meta.get_field("file"), "storage", storages["private"])
    return tmp_path / "private"


@pytest.fixture
def moment():
    return timezone.now()


@pytest.fixture
def stored(db, moment):
    return store(make.sent("Giấy phép Điềm Thụy.pdf", make.pdf(2)), by=None, at=moment, max_bytes=LIMIT)


# Keeping ------------------------------------------------------------------------------------------
def test_store_keeps_what_was_found(stored, moment):
    row = StoredFile.objects.get()
    content = make.pdf(2)
    assert (row.name, row.mime, row.pages) == ("Giấy phép Điềm Thụy.pdf", "application/pdf", 2)
    assert (row.size, row.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert (row.uploaded_by, row.uploaded_at, row.is_sample) == (None, moment, False)
    with row.file.open() as file:
        assert file.read() == content


def test_store_hides_the_users_name(stored, private):
    assert stored.file.name == f"{stored.pk.hex[:2]}/{stored.pk.hex}.pdf"
    assert [path.name for path in private.rglob("*") if path.is_file()] == [f"{stored.pk.hex}.pdf"]


def test_store_lets_only_the_portal_read(stored):
    assert Path(stored.file.path).stat().st_mode & 0o777 == 0o600


def test_store_takes_large_uploads_from_disk(db, moment):
    upload = TemporaryUploadedFile("a.pdf", "application/pdf", 0, None)
    upload.write(make.pdf())
    row = store(upload, by=None, at=moment, max_bytes=LIMIT, is_sample=True)
    upload.close()
    assert (row.file.size, row.is_sample) == (len(make.pdf()), True)
    assert Path(row.file.path).stat().st_mode & 0o777 == 0o600


def test_store_takes_plain_streams(db, moment):
    assert store(io.BytesIO(make.png()), by=None, at=moment, max_bytes=LIMIT).name == "tệp.png"


def test_store_keeps_nothing_of_what_it_refuses(db, private, moment):
    with pytest.raises(UploadRefused):
        store(make.sent("a.docx", make.docm()), by=None, at=moment, max_bytes=LIMIT)
    assert (StoredFile.objects.count(), private.exists()) == (0, False)


def test_store_keeps_no_file_without_its_row(db, private):
    with pytest.raises(Exception, match="uploaded_at"), transaction.atomic():
        store(make.sent("a.pdf", make.pdf()), by=None, at=None, max_bytes=LIMIT)
    assert [path for path in private.rglob("*") if path.is_file()] == []


# Safe, waiting, refused ---------------------------------------------------------------------------
@pytest.fixture
def clamd(settings):
    with scanner.answering() as server:
        settings.CLAMD_ADDRESS = scanner.place_of(server)
        yield server


@pytest.fixture
def sender(db):
    return factories.make_user("ke-toan@thep.example")


def send(sender, moment, words="sạch"):
    return store(make.sent("a.pdf", make.pdf_of(words)), by=sender, at=moment, max_bytes=LIMIT, page="/ho-so/1/")


def test_without_a_scanner_a_checked_file_is_safe(stored):
    assert (stored.state, stored.scanned_at, OrmQ.objects.count()) == ("safe", None, 0)


def test_file_waits_for_the_scanner_and_nobody_reads_it(clamd, sender, moment):
    row = send(sender, moment)
    held = serve(row)
    assert (row.state, held.status_code, "Tệp đang được kiểm tra mã độc" in held.content.decode()) == (
        "pending", 409, True,
    )  # fmt: skip
    assert (held["Cache-Control"], b"%PDF" in held.content) == ("private, no-store", False)


def test_scanned_file_is_safe_and_read(clamd, sender, moment):
    row = send(sender, moment)
    assert outbox.drain() == 1
    row.refresh_from_db()
    assert (row.state, row.scanned_at is not None, clamd.seen) == ("safe", True, [make.pdf_of("sạch")])
    with closing(serve(row)) as sent:
        assert b"".join(sent) == make.pdf_of("sạch")


def test_infected_file_goes_and_its_sender_is_told(clamd, sender, moment, django_capture_on_commit_callbacks):
    row = send(sender, moment, "EICAR")
    with django_capture_on_commit_callbacks(execute=True):
        documents.examine(str(row.pk), "/ho-so/1/")
    row.refresh_from_db()
    assert (row.state, row.state_note, row.file.storage.exists(row.file.name)) == (
        "refused", "virus Win.Test.EICAR", False,
    )  # fmt: skip
    sentence = "Phần mềm diệt vi-rút phát hiện mã độc trong tệp (Win.Test.EICAR)."
    assert (serve(row).status_code, documents.why_held(row)) == (409, sentence)
    letter = Notice.objects.get()
    assert (letter.email, letter.subject) == (sender.email, "Tệp không được nhận: a.pdf")
    assert sentence in letter.body and "/ho-so/1/" in letter.body


def test_scanner_that_is_silent_is_asked_again(settings, sender, moment):
    settings.CLAMD_ADDRESS = "127.0.0.1:1"  # nobody answers there
    row = send(sender, moment)
    with pytest.raises(UploadRefused):
        outbox.drain()
    row.refresh_from_db()
    told = "Chưa kiểm tra được mã độc cho tệp này; cổng đang tự thử lại."
    assert (row.state, row.state_note, documents.why_held(row)) == ("pending", "scan", told)
    with scanner.answering() as server:
        settings.CLAMD_ADDRESS = scanner.place_of(server)
        documents.examine(str(row.pk))
    row.refresh_from_db()
    assert (row.state, row.state_note) == ("safe", "")


def test_file_beyond_the_scanners_limit_is_refused(settings, sender, moment):
    with scanner.answering(limit=10) as server:
        settings.CLAMD_ADDRESS = scanner.place_of(server)
        send(sender, moment)
        outbox.drain()
    row = StoredFile.objects.get()
    assert (row.state, documents.why_held(row).startswith("Tệp lớn hơn mức mà phần mềm diệt vi-rút nhận")) == (
        "refused", True,
    )  # fmt: skip


def test_scan_asked_twice_is_done_once(clamd, sender, moment):
    row = send(sender, moment)
    documents.examine(str(row.pk))
    documents.examine(str(row.pk))
    assert (len(clamd.seen), StoredFile.objects.get().state) == (1, "safe")


def test_what_the_portal_made_itself_waits_for_nobody(db, clamd, moment):
    row = store(make.sent("a.pdf", make.pdf()), by=None, at=moment, max_bytes=LIMIT, is_ours=True)
    assert (row.state, OrmQ.objects.count(), clamd.seen) == ("safe", 0, [])


def test_file_that_is_not_what_it_was_is_handed_to_nobody(stored):
    stored.is_intact = False
    held = serve(stored)
    assert (held.status_code, "không còn khớp với mã băm" in held.content.decode()) == (409, True)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_page_of_a_held_file_speaks_the_readers_language(stored, language):
    stored.state = "pending"
    with translation.override(language):
        assert f'<html lang="{language}">' in serve(stored).content.decode()


# Sweeping -----------------------------------------------------------------------------------------
def test_sweep_removes_what_a_failed_transaction_left(stored, moment, private):
    with pytest.raises(RuntimeError), transaction.atomic():
        store(make.sent("b.pdf", make.pdf()), by=None, at=moment, max_bytes=LIMIT)
        raise RuntimeError
    assert sweep(before=moment - timedelta(hours=1)) == 0
    assert sweep(before=moment + timedelta(hours=1)) == 1
    assert [path.name for path in private.rglob("*.pdf")] == [f"{stored.pk.hex}.pdf"]


def test_sweep_of_an_empty_store_removes_nothing(db, moment):
    assert sweep(before=moment) == 0


# Serving ------------------------------------------------------------------------------------------
def test_serve_sends_the_file_under_its_own_name(stored):
    response = serve(stored)
    assert b"".join(response) == make.pdf(2)
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Length"] == str(stored.size)
    assert response["Content-Disposition"] == (
        "attachment; filename*=utf-8''Gi%E1%BA%A5y%20ph%C3%A9p%20%C4%90i%E1%BB%81m%20Th%E1%BB%A5y.pdf"
    )


def test_serve_lets_nothing_run_and_nothing_be_kept(stored):
    response = serve(stored)
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("mime", "disposition"),
    [("application/pdf", "inline"), ("image/png", "inline"), ("image/svg+xml", "attachment"), ("", "attachment")],
)
def test_serve_shows_only_safe_kinds_in_the_browser(stored, mime, disposition):
    stored.mime = mime
    assert serve(stored, as_attachment=False)["Content-Disposition"].split(";")[0] == disposition


def test_serve_keeps_a_hostile_name_out_of_the_headers(stored):
    stored.name = 'a"; filename=b.exe\r\nX-Evil: 1.pdf'
    response = serve(stored)
    assert "\n" not in response["Content-Disposition"]
    assert "X-Evil" not in response.headers


def test_serve_of_a_lost_file_is_not_found(stored):
    stored.file.storage.delete(stored.file.name)
    with pytest.raises(Http404):
        serve(stored)


def test_serve_may_leave_the_sending_to_the_web_server(stored, settings):
    settings.X_ACCEL_PREFIX = "/rieng-tu/"
    response = serve(stored)
    assert (response.content, response["X-Accel-Redirect"]) == (b"", f"/rieng-tu/{stored.file.name}")
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''Gi%E1%BA%A5y")
    assert response["X-Content-Type-Options"] == "nosniff"


# PDF ----------------------------------------------------------------------------------------------
VOWELS = "aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵđ"
PAGE = """<!DOCTYPE html><html lang="vi"><head><title>Giấy tiếp nhận</title></head>
<body class="a4"><h1>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</h1><p>{}</p></body></html>"""


def read(content):
    return pypdf.PdfReader(io.BytesIO(content))


def text_of(content):
    """The text of a paper of one page, without the number of the page."""
    return " ".join(read(content).pages[0].extract_text().split()).removesuffix(" 1/1")


@pytest.fixture
def template(settings, tmp_path):
    """A paper's template in a folder of its own."""
    (tmp_path / "paper.html").write_text(
        "{% load i18n %}{% get_current_language as LANG %}"
        '<html lang="{{ LANG }}"><head><title>{{ title }}</title></head>'
        "<body>{{ title }} {{ amount }}</body></html>"
    )
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    return "paper.html"


@pytest.mark.parametrize("style", ["{}", "<b>{}</b>", "<i>{}</i>"])
def test_pdf_holds_every_vietnamese_letter_as_text(style):
    words = " ".join(VOWELS + VOWELS.upper())
    text = unicodedata.normalize("NFC", text_of(pdf_from_html(PAGE.format(style.format(words)))))
    assert text == f"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM {words}"


def test_pdf_is_tagged_titled_and_tells_its_language():
    root = read(pdf_from_html(PAGE.format("x"))).trailer["/Root"]
    assert (root["/MarkInfo"], root["/Lang"]) == ({"/Marked": True}, "vi")
    assert "/StructTreeRoot" in root
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert read(pdf_from_html(PAGE.format("x"))).metadata.title == "Giấy tiếp nhận"


def test_pdf_embeds_the_vendored_face_alone():
    page = read(pdf_from_html(PAGE.format("<b>đậm</b> <i>nghiêng</i> thường"))).pages[0]
    names = {font.get_object()["/BaseFont"].split("+")[1] for font in page["/Resources"]["/Font"].values()}
    assert names == {"Tinos", "Tinos-Bold", "Tinos-Italic"}


def test_pdf_is_a4_in_its_own_dress():
    assert [float(side) for side in read(pdf_from_html(PAGE.format("x"))).pages[0].mediabox] == pytest.approx(
        [0, 0, 595.28, 841.89], abs=0.1
    )
    narrow = pdf_from_html(PAGE.format("x"), base_css="@page { size: 100pt 50pt; margin: 0 }")
    assert [float(side) for side in read(narrow).pages[0].mediabox] == [0, 0, 100, 50]


def test_pdf_of_the_same_page_is_the_same_file():
    assert pdf_from_html(PAGE.format("x")) == pdf_from_html(PAGE.format("x"))
    assert pdf_from_html(PAGE.format("x")) != pdf_from_html(PAGE.format("y"))


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "http://127.0.0.1:9/a.png", "paper-font:../../css/paper.css"]
)
def test_pdf_fetches_nothing(address, caplog, tmp_path):
    content = pdf_from_html(
        PAGE.format(f'<img src="{address}" alt="thay thế"><a rel="attachment" href="{address}">x</a>')
    )
    assert "/Names" not in read(content).trailer["/Root"]
    assert read(content).pages[0]["/Resources"].get("/XObject", {}) == {}
    assert "thay thế" in text_of(content)


def test_pdf_shows_a_qr_code_with_its_words():
    content = pdf_from_html(PAGE.format(qr_svg("https://mau.example/xac-thuc/ABCD1234/", alt="Mã QR xác thực")))
    alternatives = {item.get("/Alt") for item in objects_of(content) if isinstance(item, dict)}
    assert "Mã QR xác thực" in alternatives


def objects_of(content):
    reader = read(content)
    numbers = {number for table in reader.xref.values() for number in table} | set(reader.xref_objStm)
    return [reader.get_object(number) for number in numbers]


def test_pdf_passes_our_own_inspection():
    content = pdf_from_html(PAGE.format("x"))
    assert documents.inspect(make.sent("phiếu.pdf", content), max_bytes=LIMIT).kind == "pdf"


@pytest.mark.parametrize(("language", "amount"), [("vi", "1234,5"), ("en", "1234.5")])
def test_render_pdf_speaks_the_language_asked_for(template, language, amount):
    with translation.override("vi" if language == "en" else "en"):
        content = documents.render_pdf(template, {"title": "Phiếu", "amount": 1234.5}, language=language)
    assert (text_of(content), read(content).trailer["/Root"]["/Lang"]) == (f"Phiếu {amount}", language)


def test_pdf_says_when_the_machine_cannot_make_one(monkeypatch):
    monkeypatch.setitem(sys.modules, "weasyprint", None)  # as if it, or Pango, were not there
    with translation.override("vi"), pytest.raises(PdfUnavailable) as missing:
        pdf_from_html(PAGE.format("x"))
    assert str(missing.value) == "Máy chủ chưa có thư viện Pango nên chưa tạo được tệp PDF. Hãy in từ trang này."


# QR -----------------------------------------------------------------------------------------------
def test_qr_is_a_picture_with_words_in_place_of_it():
    picture = qr_svg('https://mau.example/?a="1"&b', alt='Mã "QR" <xác thực>')
    shown = Template("{{ picture }}").render(Context({"picture": picture}))
    assert shown.startswith('<img class="qr" src="data:image/svg+xml')
    assert shown.endswith('alt="Mã &quot;QR&quot; &lt;xác thực&gt;">')


def test_qr_of_the_same_text_is_the_same():
    assert qr_data_uri("Điềm Thụy") == qr_data_uri("Điềm Thụy") != qr_data_uri("Điềm Thụy 2")


def test_render_pdf_leaves_cut_off_pictures_refused():
    pdf_from_html(PAGE.format("x"))
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False
