"""Papers that go out (PDF, QR) and files that are kept: private, under random names, served so that they run nothing.
What a file may be is told by `uploads`; what a paper says and who may open it, by the rooms that call."""

import hashlib
import logging
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from pathlib import Path, PurePosixPath
from typing import IO, Any
from urllib.parse import quote

import segno
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files import File
from django.core.files.storage import Storage
from django.db import transaction
from django.db.models import F
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from PIL import ImageFile

from izportal import chunks, languages, outbox, wordings
from izportal.account_letters import FILE_REFUSED
from izportal.models import Rule, StoredFile, User, private_storage
from izportal.uploads import ACCEPT, CHUNK, MIME, REFUSALS, Inspection, UploadRefused, clean_name, inspect
from izportal.viruses import scan

__all__ = [
    "ACCEPT", "Inspection", "PdfUnavailable", "UploadRefused", "clean_name", "examine", "inspect", "keep",
    "limit_bytes", "pdf_from_html", "private_storage", "qr_data_uri", "qr_svg", "render_pdf", "reread", "scan",
    "serve", "store", "sweep", "why_held",
]  # fmt: skip

logger = logging.getLogger(__name__)

MEGABYTE = 1024 * 1024
State = StoredFile.State
SHOWN_INLINE = {MIME["pdf"], MIME["png"], MIME["jpeg"]}


# Keeping and serving ------------------------------------------------------------------------------
def limit_bytes(on: date) -> int:
    """The largest file that may be sent in, by the rule valid on a date."""
    return Rule.number("upload_max_mb", on=on) * MEGABYTE


def store(
    upload: IO[bytes] | File, *, by: User | None, at: datetime, max_bytes: int, is_sample: bool = False,
    is_ours: bool = False, page: str = "",
) -> StoredFile:  # fmt: skip
    """Check and keep a file; raises `UploadRefused`. What follows is told at `keep`."""
    found = inspect(upload, max_bytes=max_bytes)
    return keep(upload, found, by=by, at=at, is_sample=is_sample, is_ours=is_ours, page=page)


@transaction.atomic
def keep(
    upload: IO[bytes] | File, found: Inspection, *, by: User | None, at: datetime, is_sample: bool = False,
    is_ours: bool = False, page: str = "",
) -> StoredFile:  # fmt: skip
    """Keep an inspected file under a random name; the user's name lives only in the row.

    Where a scanner is configured nobody may read the file before it has been scanned, unless the portal made it
    (`is_ours`). `page` is the address where its sender may send another if it is refused. Where the caller's
    transaction fails afterwards, `sweep` removes the file.
    """
    is_waiting = bool(settings.CLAMD_ADDRESS) and not is_ours
    stored = StoredFile(
        name=found.name, mime=found.mime, size=found.size, pages=found.pages, sha256=found.sha256, uploaded_by=by,
        uploaded_at=at, is_sample=is_sample, state=State.PENDING if is_waiting else State.SAFE,
    )  # fmt: skip
    content = upload if isinstance(upload, File) else File(upload)
    stored.file.save(f"{stored.pk.hex[:2]}/{stored.pk.hex}{found.extension}", content, save=False)
    try:
        stored.save(force_insert=True)
    except Exception:
        stored.file.delete(save=False)
        raise
    if is_waiting:
        ask_scanner(stored, page=page)
    return stored


def serve(stored: StoredFile, *, as_attachment: bool = True) -> HttpResponseBase:
    """The file as an answer that runs nothing; the caller has asked who is reading. `Http404` where it is gone.

    What is not known to be safe and whole is handed to nobody: 409 and a page that says why.
    """
    if held := why_held(stored):
        page = render_to_string("izportal/held.html", {"name": stored.name, "sentence": held})
        return HttpResponse(page, status=409, headers={"Cache-Control": "private, no-store"})
    as_attachment = as_attachment or stored.mime not in SHOWN_INLINE
    path = str(stored.file.name)
    if settings.X_ACCEL_PREFIX:
        response: HttpResponseBase = HttpResponse(content_type=stored.mime)
        response["X-Accel-Redirect"] = settings.X_ACCEL_PREFIX.rstrip("/") + "/" + quote(path)
        response["Content-Disposition"] = content_disposition_header(as_attachment, stored.name) or "inline"
    else:
        try:
            content = stored.file.storage.open(path, "rb")
        except FileNotFoundError as error:
            raise Http404 from error
        response = FileResponse(content, as_attachment=as_attachment, filename=stored.name, content_type=stored.mime)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


def sweep(*, before: datetime) -> int:
    """Remove private files older than `before` that no row names: what a failed transaction left behind."""
    storage = StoredFile.file.field.storage
    known = set(StoredFile.objects.values_list("file", flat=True))
    pieces = f"{chunks.FOLDER}/"  # swept by `chunks`
    orphans = [path for path in _stored_paths(storage) if path not in known and not path.startswith(pieces)]
    old = [path for path in orphans if storage.get_modified_time(path) < before]
    for path in old:
        storage.delete(path)
    return len(old)


def _stored_paths(storage: Storage, folder: str = "") -> Iterator[str]:
    if not storage.exists(folder):
        return
    folders, files = storage.listdir(folder)
    yield from (f"{folder}/{name}".lstrip("/") for name in files)
    for name in folders:
        yield from _stored_paths(storage, f"{folder}/{name}".lstrip("/"))


# Safe, waiting, refused; whole or not -------------------------------------------------------------
def ask_scanner(stored: StoredFile, *, page: str = "") -> None:
    outbox.enqueue("izportal.documents.examine", str(stored.pk), page, key=f"quet-{stored.pk}")


def examine(stored_id: str, page: str = "") -> None:
    """A job: have a waiting file scanned. Raises where the scanner does not answer, and the worker tries again."""
    stored = StoredFile.objects.select_related("uploaded_by").filter(pk=stored_id, state=State.PENDING).first()
    if stored is None:
        return
    try:
        with stored.file.open("rb") as content:
            is_scanned = scan(content)
    except UploadRefused as refusal:
        if refusal.code == "scan":
            StoredFile.objects.filter(pk=stored.pk, state=State.PENDING).update(state_note=refusal.code)
            raise
        _refuse(stored, refusal, page, timezone.now())
    except FileNotFoundError:
        _mark(stored, timezone.now(), is_intact=False)
    else:
        safe = {"state": State.SAFE, "state_note": "", "scanned_at": timezone.now() if is_scanned else None}
        StoredFile.objects.filter(pk=stored.pk, state=State.PENDING).update(**safe)


@transaction.atomic
def _refuse(stored: StoredFile, refusal: UploadRefused, page: str, at: datetime) -> None:
    """The content goes, the row stays with the reason, and its sender gets a letter."""
    virus = (refusal.params or {}).get("virus", "")
    stored.state, stored.state_note, stored.scanned_at = State.REFUSED, f"{refusal.code} {virus}"[:300], at
    stored.save(update_fields=["state", "state_note", "scanned_at"])
    logger.warning("Refused %s (%s): %s", stored.pk, stored.name, stored.state_note)
    transaction.on_commit(lambda: stored.file.storage.delete(str(stored.file.name)))
    if reader := stored.uploaded_by:
        with languages.speaking(reader.language):
            facts = {"ten_tep": stored.name, "vi_sao": why_held(stored), "lien_ket": settings.SITE_URL + page}
        wordings.write(
            FILE_REFUSED, key=f"refused:{stored.pk}", email=reader.email, user=reader, facts=facts,
            language=reader.language, is_sample=stored.is_sample,
        )  # fmt: skip


def why_held(stored: StoredFile) -> str:
    """Why nobody may read a file now, in the reader's language; empty where one may."""
    code, _space, virus = stored.state_note.partition(" ")
    if stored.state == State.REFUSED and code in REFUSALS:
        return UploadRefused(code, virus=virus).sentence
    if stored.state == State.PENDING and code == "scan":
        return str(_("Chưa kiểm tra được mã độc cho tệp này; cổng đang tự thử lại."))
    if stored.state == State.PENDING:
        return str(_("Tệp đang được kiểm tra mã độc. Hãy mở lại sau ít phút."))
    if not stored.is_intact:
        return str(_("Nội dung tệp không còn khớp với mã băm ghi khi nhận. Quản trị cổng đã được báo."))
    return "" if stored.state == State.SAFE else str(stored.get_state_display())


def reread(*, at: datetime, most: int) -> list[StoredFile]:
    """Read the `most` files that were not read for longest and compare them with their hashes.

    Answers those found changed or gone; they are marked and told in the log, and never repaired here.
    """
    kept = StoredFile.objects.exclude(state=State.REFUSED)
    rows = kept.order_by(F("reread_at").asc(nulls_first=True), "uploaded_at", "pk")[:most]
    for stored in rows:
        _mark(stored, at, is_intact=_digest(stored) == stored.sha256)
    return [stored for stored in rows if not stored.is_intact]


def _mark(stored: StoredFile, at: datetime, *, is_intact: bool) -> None:
    if not is_intact:
        logger.error("Stored file %s (%s) is changed or gone.", stored.pk, stored.file.name)
    elif not stored.is_intact:
        logger.warning("Stored file %s (%s) is whole again.", stored.pk, stored.file.name)
    stored.is_intact, stored.reread_at = is_intact, at
    stored.save(update_fields=["is_intact", "reread_at"])


def _digest(stored: StoredFile) -> str:
    """Empty where the file cannot be read."""
    digest = hashlib.sha256()
    try:
        with stored.file.storage.open(str(stored.file.name), "rb") as content:
            while chunk := content.read(CHUNK):
                digest.update(chunk)
    except OSError:
        return ""
    return digest.hexdigest()


# Papers -------------------------------------------------------------------------------------------
FONT_FACES = """
@font-face { font-family: "Tinos"; src: url(paper-font:tinos-regular.ttf); }
@font-face { font-family: "Tinos"; font-weight: 700; src: url(paper-font:tinos-bold.ttf); }
@font-face { font-family: "Tinos"; font-style: italic; src: url(paper-font:tinos-italic.ttf); }
html { font-family: "Tinos", serif; }
"""


class PdfUnavailable(Exception):
    """WeasyPrint or the Pango library is missing on this machine; the print page still works."""

    def __init__(self) -> None:
        super().__init__(self.sentence)

    @property
    def sentence(self) -> str:
        return str(_("Máy chủ chưa có thư viện Pango nên chưa tạo được tệp PDF. Hãy in từ trang này."))


def render_pdf(template_name: str, context: dict[str, Any], *, language: str) -> bytes:
    """A paper from its template, in one language, as tagged PDF; raises `PdfUnavailable`."""
    with translation.override(language):
        return pdf_from_html(render_to_string(template_name, context))


def pdf_from_html(html: str, *, base_css: str | None = None) -> bytes:
    """Tagged PDF (PDF/UA-1) of a whole page, dressed by `css/paper.css` unless other CSS is given.

    Nothing is fetched: only `data:` addresses and the vendored fonts are read. The same page gives the same bytes.
    """
    css = _static_bytes("css/paper.css").decode() if base_css is None else base_css
    weasyprint = _weasyprint()
    fetcher = _fetcher_class()(allowed_protocols=("data",), allow_redirects=False)
    fonts = weasyprint.text.fonts.FontConfiguration()
    sheet = weasyprint.CSS(string=FONT_FACES + css, font_config=fonts, url_fetcher=fetcher)
    return weasyprint.HTML(string=html, url_fetcher=fetcher).write_pdf(
        stylesheets=[sheet],
        font_config=fonts,
        pdf_variant="pdf/ua-1",
        pdf_identifier=hashlib.sha256(html.encode()).hexdigest()[:32].encode(),
    )


def _weasyprint() -> Any:
    """Imported only when a paper is made: it needs Pango, which a machine that only runs the site may lack."""
    try:
        import weasyprint
        import weasyprint.text.fonts
    except (ImportError, OSError) as error:
        raise PdfUnavailable from error
    # WeasyPrint tells Pillow, for the whole process, to accept cut-off pictures; uploads must go on refusing them.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    return weasyprint


@cache
def _fetcher_class() -> Any:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class PaperFetcher(URLFetcher):
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            if url.startswith("paper-font:"):
                font = PurePosixPath(url.removeprefix("paper-font:")).name
                return URLFetcherResponse(url, _static_bytes(f"vendor/tinos/{font}"), {"Content-Type": "font/ttf"})
            return super().fetch(url, headers)

    return PaperFetcher


@cache
def _static_bytes(path: str) -> bytes:
    found = finders.find(path)
    if not found:
        raise FileNotFoundError(path)
    return Path(found).read_bytes()


def qr_data_uri(text: str) -> str:
    """A QR code as the address of an SVG picture, black on white with the quiet zone that readers need."""
    return segno.make(text, error="m", micro=False).svg_data_uri(scale=4, border=4, light="white")


def qr_svg(text: str, *, alt: str) -> SafeString:
    return format_html('<img class="qr" src="{}" alt="{}">', qr_data_uri(text), alt)
