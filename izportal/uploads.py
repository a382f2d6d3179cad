"""A file that somebody sends: what it really is, whether it may be taken, and the name it goes by.
Where it is kept, and how it is handed out again, is the business of `documents`."""

import hashlib
import io
import logging
import re
import time
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Any
from xml.parsers import expat

import pypdf
from django.core.exceptions import ValidationError
from django.core.files import File
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from PIL import Image
from pypdf.errors import DependencyError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

# pypdf reports each oddity of a strange file; whoever uploads could fill the log with them.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)

CHUNK = 64 * 1024
MIME = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
EXTENSIONS = {".pdf": "pdf", ".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg", ".docx": "docx", ".xlsx": "xlsx"}
ACCEPT = ",".join(EXTENSIONS)

MAX_PAGES = 5_000
MAX_OBJECTS = 200_000
MAX_SECONDS = 10
MAX_PIXELS = 80_000_000  # an A3 sheet at 600 dots per inch
MAX_PROGRESSIVE_PIXELS = 40_000_000
MAX_ENTRIES = 2_000
MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 100
RATIO_COUNTS_FROM = 20 * 1024 * 1024
MAX_NAME = 150

REFUSALS = {
    "empty": _("Tệp rỗng, không có nội dung. Hãy chọn lại tệp."),
    "too_large": _("Tệp nặng %(size)s, vượt mức cho phép %(limit)s. Hãy giảm dung lượng hoặc chia thành nhiều tệp."),
    "type": _("Cổng chỉ nhận tệp PDF, PNG, JPEG, DOCX và XLSX; không nhận tệp “%(extension)s”."),
    "mismatch": _("Nội dung tệp không đúng với đuôi “%(extension)s”. Hãy xuất lại tệp từ phần mềm đã soạn ra nó."),
    "mixed": _("Tệp ghép nhiều định dạng vào làm một nên không được nhận. Hãy xuất lại tệp."),
    "legacy": _("Tệp thuộc định dạng Word, Excel 97–2003. Hãy lưu lại thành DOCX, XLSX hoặc PDF."),
    "encrypted": _("Tệp đang đặt mật khẩu hoặc bị khóa quyền. Hãy bỏ mật khẩu rồi tải lên lại."),
    "broken": _("Tệp bị hỏng hoặc chưa đầy đủ nên không mở được. Hãy kiểm tra rồi tải lên lại."),
    "complex": _("Tệp có quá nhiều trang hoặc thành phần nên không kiểm tra được. Hãy chia thành nhiều tệp."),
    "active": _("Tệp PDF có mã lệnh tự chạy hoặc lệnh mở tệp khác. Hãy in lại ra PDF rồi tải lên."),
    "macros": _("Tệp có chứa macro. Hãy lưu lại thành DOCX, XLSX không có macro, hoặc PDF."),
    "embedded": _("Bên trong tệp có gắn tệp hoặc đối tượng khác. Hãy bỏ phần gắn kèm và tải riêng từng tệp."),
    "external": _("Khi mở, tệp tự lấy nội dung từ nơi khác. Hãy xuất ra PDF rồi tải lên."),
    "bomb": _("Nội dung nén trong tệp bung ra quá lớn nên không được nhận."),
    "dimensions": _("Ảnh quá lớn, vượt %(limit)s triệu điểm ảnh. Hãy quét lại ở độ phân giải thấp hơn."),
    "virus": _("Phần mềm diệt vi-rút phát hiện mã độc trong tệp (%(virus)s)."),
    "scan": _("Hiện chưa quét được vi-rút cho tệp này. Hãy thử lại sau ít phút."),
    "scan_limit": _("Tệp lớn hơn mức mà phần mềm diệt vi-rút nhận. Hãy giảm dung lượng hoặc chia thành nhiều tệp."),
    "altered": _("Nội dung nhận được không khớp với tệp trên máy của bạn. Hãy chọn lại tệp để gửi lại từ đầu."),
    "quota": _("Các tệp bạn đang tải dở đã chiếm %(size)s, hết mức cho phép. Hãy tải xong hoặc hủy các tệp đó trước."),
}


class UploadRefused(ValidationError):
    """Why a file is not taken: a `code` of `REFUSALS` and its sentence, in the reader's language."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(REFUSALS[code], code=code, params=params)

    @property
    def sentence(self) -> str:
        return self.messages[0]


@dataclass(frozen=True)
class Inspection:
    kind: str
    mime: str
    extension: str
    pages: int | None
    size: int
    sha256: str
    name: str


# What a file is -----------------------------------------------------------------------------------
def inspect(file: IO[bytes] | File, *, max_bytes: int) -> Inspection:
    """Read a file whole and say what it is; `UploadRefused` where it may not be taken, and no other error.

    The type is told by content; name and extension must agree with it. Leaves the file at its beginning.
    """
    name = clean_name(getattr(file, "name", None) or "")
    try:
        size, sha256 = _measure(file, max_bytes)
        kind = _told_kind(file, PurePosixPath(name).suffix)
        kind, pages = _CHECKS[kind](file, size)
    except UploadRefused:
        raise
    except Exception as error:  # the parsers meet hostile bytes: whatever they stumble over, the file is no good
        raise UploadRefused("broken") from error
    finally:
        file.seek(0)
    extension = PurePosixPath(name).suffix
    if kind not in MIME or (extension and EXTENSIONS[extension] != kind):
        raise _not_what_it_says(extension)
    own = next(suffix for suffix, meant in EXTENSIONS.items() if meant == kind)
    return Inspection(kind, MIME[kind], own, pages, size, sha256, name if extension else name + own)


def foresee(name: str, size: int, *, max_bytes: int) -> None:
    """Refuse before the first byte what the name and the promised size alone already tell."""
    if size <= 0:
        raise UploadRefused("empty")
    if size > max_bytes:
        raise UploadRefused("too_large", size=filesizeformat(size), limit=filesizeformat(max_bytes))
    _check_extension(PurePosixPath(clean_name(name)).suffix)


def _measure(file: IO[bytes] | File, max_bytes: int) -> tuple[int, str]:
    """Size and SHA-256, chunk by chunk; stops reading at the limit, whatever the browser declared."""
    size, digest = 0, hashlib.sha256()
    file.seek(0)
    while chunk := file.read(CHUNK):
        size += len(chunk)
        if size > max_bytes:
            size = max(size, getattr(file, "size", None) or 0)
            raise UploadRefused("too_large", size=filesizeformat(size), limit=filesizeformat(max_bytes))
        digest.update(chunk)
    if not size:
        raise UploadRefused("empty")
    return size, digest.hexdigest()


def _check_extension(extension: str) -> None:
    if extension in _MACRO_EXTENSIONS:
        raise UploadRefused("macros")
    if extension in _LEGACY_EXTENSIONS:
        raise UploadRefused("legacy")
    if extension and extension not in EXTENSIONS:
        raise UploadRefused("type", extension=extension)


def _told_kind(file: IO[bytes] | File, extension: str) -> str:
    """The kind that the first bytes tell, `zip` standing for docx and xlsx; refuses what is not on the list."""
    _check_extension(extension)
    head = _head(file)
    if head.startswith(_OLE2) and EXTENSIONS.get(extension) not in ("pdf", "png", "jpeg"):
        raise UploadRefused("encrypted" if _holds(file, _ENCRYPTED_PACKAGE) else "legacy")
    kind = next((kind for kind, signature in _SIGNATURES.items() if head.startswith(signature)), "")
    if not kind:
        raise _not_what_it_says(extension)
    return kind


def _not_what_it_says(extension: str) -> UploadRefused:
    if extension:
        return UploadRefused("mismatch", extension=extension)
    return UploadRefused("type", extension=str(_("không rõ loại")))


_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")  # how Office wraps a document with a password
_SIGNATURES = {"pdf": b"%PDF-", "png": b"\x89PNG\r\n\x1a\n", "jpeg": b"\xff\xd8\xff", "zip": b"PK\x03\x04"}
_MACRO_EXTENSIONS = {".docm", ".dotm", ".xlsm", ".xltm", ".xlsb", ".xlam"}
_LEGACY_EXTENSIONS = {".doc", ".dot", ".xls", ".xlt"}


def _head(file: IO[bytes] | File) -> bytes:
    """The first bytes, past the byte order mark and blanks that some scanners put before a PDF."""
    file.seek(0)
    return file.read(1024).removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")


def _tail(file: IO[bytes] | File, length: int = CHUNK) -> bytes:
    end = file.seek(0, io.SEEK_END) or file.tell()
    file.seek(max(0, end - length))
    return file.read(length).rstrip(b"\0\t\r\n ")


def _holds(file: IO[bytes] | File, needle: bytes) -> bool:
    file.seek(0)
    kept = b""
    while chunk := file.read(CHUNK):
        if needle in kept + chunk:
            return True
        kept = chunk[-len(needle) :]
    return False


def _check_not_zip_too(file: IO[bytes] | File) -> None:
    """A PDF or picture with an archive at its end is read as the one by us and as the other by somebody else."""
    if zipfile.is_zipfile(file):
        raise UploadRefused("mixed")


# PDF ----------------------------------------------------------------------------------------------
# JavaScript and Launch run something; the others reach for a file beside or inside the document.
_ACTIONS = {"/JavaScript", "/Launch", "/ImportData", "/GoToR", "/GoToE", "/Rendition"}


def _check_pdf(file: IO[bytes] | File, size: int) -> tuple[str, int]:
    _check_not_zip_too(file)
    if b"%%EOF" not in _tail(file)[-1024:]:
        raise UploadRefused("broken")
    file.seek(0)
    reader = _pdf_reader(file)
    stop = time.monotonic() + MAX_SECONDS
    _check_pdf_objects(reader, stop)
    return "pdf", _count_pages(reader, stop)


def _pdf_reader(file: IO[bytes] | File) -> pypdf.PdfReader:
    try:
        reader = pypdf.PdfReader(file, root_object_recovery_limit=20)
    except (DependencyError, NotImplementedError) as error:  # a cipher that pypdf alone cannot read
        raise UploadRefused("encrypted") from error
    if reader.is_encrypted:
        raise UploadRefused("encrypted")
    return reader


def _check_pdf_objects(reader: pypdf.PdfReader, stop: float) -> None:
    """Every object of the document, also the unused ones: a reader that repairs files may come upon those."""
    numbers = {(number, generation) for generation, table in reader.xref.items() for number in table}
    numbers |= {(number, 0) for number in reader.xref_objStm}
    if len(numbers) > MAX_OBJECTS:
        raise UploadRefused("complex")
    for number, generation in sorted(numbers):
        _keep_time(stop)
        for node in _dictionaries(reader.get_object(IndirectObject(number, generation, reader))):
            _check_pdf_dictionary(node)


def _keep_time(stop: float) -> None:
    """Each missing object costs a search through the whole file, and a small file can name a great many."""
    if time.monotonic() > stop:
        raise UploadRefused("complex")


def _count_pages(reader: pypdf.PdfReader, stop: float) -> int:
    """Leaves of the page tree, walked here so that a missing branch, a circle or a crowd ends the walk."""
    waiting: list[Any] = [reader.root_object["/Pages"]]
    branches: set[int] = set()
    count = 0
    while waiting:
        _keep_time(stop)
        node = waiting.pop().get_object()
        if not isinstance(node, DictionaryObject) or id(node) in branches:
            raise UploadRefused("broken")
        kids = _followed(node, "/Kids")
        if isinstance(kids, ArrayObject):
            branches.add(id(node))
            waiting.extend(kids)
        else:
            count += 1
        if count + len(waiting) > MAX_PAGES:
            raise UploadRefused("complex")
    if not count:
        raise UploadRefused("broken")
    return count


def _dictionaries(item: Any) -> Iterator[DictionaryObject]:
    """The dictionaries directly inside an object; references are left to their own turn."""
    waiting = [item]
    while waiting:
        match waiting.pop():
            case DictionaryObject() as node:
                yield node
                waiting.extend(node.values())
            case ArrayObject() as node:
                waiting.extend(node)


def _check_pdf_dictionary(node: DictionaryObject) -> None:
    action, subtype = _followed(node, "/S"), _followed(node, "/Subtype")
    if action in _ACTIONS or subtype == "/RichMedia" or "/XFA" in node:
        raise UploadRefused("active")
    if subtype == "/FileAttachment" or ("/EF" in node and ("/F" in node or "/UF" in node)):
        raise UploadRefused("embedded")


def _followed(node: DictionaryObject, key: str) -> object:
    """The value, also where it is kept in another object: a way to hide the word."""
    value = node.get(key)
    return None if value is None else value.get_object()


# Pictures -----------------------------------------------------------------------------------------
def _check_png(file: IO[bytes] | File, size: int) -> tuple[str, None]:
    with _picture(file, "PNG") as picture:
        picture.verify()
    return "png", None


def _check_jpeg(file: IO[bytes] | File, size: int) -> tuple[str, None]:
    with _picture(file, "JPEG") as picture:
        width, height = picture.size
        if "progressive" in picture.info and width * height > MAX_PROGRESSIVE_PIXELS:
            raise _too_many_pixels(MAX_PROGRESSIVE_PIXELS)  # such a picture is unpacked whole, in memory
        picture.draft(picture.mode, (max(1, width // 8), max(1, height // 8)))  # reads all, keeps an eighth
        picture.load()
    return "jpeg", None


def _picture(file: IO[bytes] | File, kind: str) -> Image.Image:
    _check_not_zip_too(file)
    file.seek(0)
    try:
        picture = Image.open(file, formats=[kind])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(MAX_PIXELS) from error
    if picture.width * picture.height > MAX_PIXELS:
        raise _too_many_pixels(MAX_PIXELS)
    return picture


def _too_many_pixels(limit: int) -> UploadRefused:
    return UploadRefused("dimensions", limit=limit // 1_000_000)


# Word and Excel -----------------------------------------------------------------------------------
_MAIN_PARTS = {f"{MIME[kind].lower()}.main+xml": kind for kind in ("docx", "xlsx")}
_MACRO_TYPES = ("macroenabled", "vbaproject", "macrosheet", "vbadata")
_MACRO_PART = re.compile(r"(^|/)(vba(project|data|projectsignature)[^/]*|attachedtoolbars\.bin)$|macrosheets/")
_OBJECT_PART = re.compile(r"(^|/)activex/|(^|/)embeddings/(?!.*\.xlsx$)|oleobject")
_CHART_SHEET = re.compile(r"(^|/)embeddings/[^/]*\.xlsx$")
_READ_PART = re.compile(r"^\[content_types\]\.xml$|\.rels$|/externallinks/[^/]*\.xml$|(^|/)embeddings/[^/]*\.xlsx$")
_OBJECT_LINKS = ("/oleobject", "/control", "/activexcontrolbinary", "/subdocument", "/frame")
_MACRO_LINKS = ("/vbaproject", "/wordvbadata", "/xlmacrosheet", "/xlintlmacrosheet")
# Followed only when the reader clicks, or after Excel has asked.
_HARMLESS_LINKS = ("/hyperlink", "/externallinkpath", "/xlpathmissing", "/xlexternallinkpath/xlpathmissing")
_LOCAL_TARGET = re.compile(r"file:///[a-z]:|[a-z]:[\\/]|(?![\\/]{2})[^:]*$", re.IGNORECASE)


class _Budget:
    """How much may still be unpacked; shared with the workbooks that charts carry inside."""

    def __init__(self, size: int) -> None:
        self.left = min(MAX_UNPACKED, max(RATIO_COUNTS_FROM, size * MAX_RATIO))

    def spend(self, amount: int) -> None:
        self.left -= amount
        if self.left < 0:
            raise UploadRefused("bomb")


def _check_office(file: IO[bytes] | File, size: int) -> tuple[str, None]:
    return _package_kind(file, _Budget(size)), None


def _package_kind(file: Any, budget: _Budget, *, inside: bool = False) -> str:
    """`docx` or `xlsx`, once every entry has been unpacked, within the budget and to its checksum, and looked at."""
    file.seek(0)
    with zipfile.ZipFile(file) as package:
        entries = package.infolist()
        _check_entries(entries, budget, inside=inside)
        read = {entry.filename.lower(): _unpack(package, entry, budget) for entry in entries}
    kind = _main_kind(read.pop("[content_types].xml", b""))
    for name, content in read.items():
        if name.endswith(".rels"):
            _check_links(content)
        elif _CHART_SHEET.search(name) and _package_kind(io.BytesIO(content), budget, inside=True) != "xlsx":
            raise UploadRefused("embedded")
        elif "/externallinks/" in name:
            _check_external_book(content)
    return kind


def _check_entries(entries: list[zipfile.ZipInfo], budget: _Budget, *, inside: bool) -> None:
    """What the directory of the archive already tells, before a byte is unpacked."""
    names = [entry.filename.lower() for entry in entries]
    if len(names) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > budget.left:
        raise UploadRefused("bomb")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise UploadRefused("encrypted")
    if any(_MACRO_PART.search(name) for name in names):
        raise UploadRefused("macros")
    if any(_OBJECT_PART.search(name) or (inside and "embeddings/" in name) for name in names):
        raise UploadRefused("embedded")
    unsafe = any(name.startswith("/") or "\\" in name or ".." in name.split("/") for name in names)
    methods = {entry.compress_type for entry in entries}
    if unsafe or len(set(names)) < len(names) or methods - {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise UploadRefused("broken")


def _unpack(package: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: _Budget) -> bytes:
    """Reads an entry to its end, so that size and checksum are true; keeps only the parts that are looked into."""
    name = entry.filename.lower()
    kept = bytearray()
    with package.open(entry) as part:
        first = chunk = part.read(CHUNK)
        _check_head(name, first)
        while chunk:
            budget.spend(len(chunk))
            if _READ_PART.search(name):
                kept += chunk
            chunk = part.read(CHUNK)
    return bytes(kept)


def _check_head(name: str, head: bytes) -> None:
    is_program = (head.startswith(b"MZ") and b"PE\0\0" in head) or head.startswith(b"\x7fELF")
    is_archive = head.startswith(b"PK\x03\x04") and not _CHART_SHEET.search(name)
    if is_program or is_archive or head.startswith(_OLE2):
        raise UploadRefused("embedded")


def _main_kind(content_types: bytes) -> str:
    """Empty where the archive is neither."""
    declarations = _elements(content_types) if content_types else []
    types = {attributes.get("ContentType", "").lower() for _tag, attributes in declarations}
    if any(word in declared for declared in types for word in _MACRO_TYPES):
        raise UploadRefused("macros")
    kinds = {_MAIN_PARTS[declared] for declared in types & _MAIN_PARTS.keys()}
    return kinds.pop() if len(kinds) == 1 else ""


def _check_links(content: bytes) -> None:
    for _tag, attributes in _elements(content):
        link = attributes.get("Type", "").lower()
        is_external = attributes.get("TargetMode", "").lower() == "external"
        if link.endswith(_MACRO_LINKS):
            raise UploadRefused("macros")
        if link.endswith(_OBJECT_LINKS):
            raise UploadRefused("embedded")
        if is_external and not (link.endswith(_HARMLESS_LINKS) or _LOCAL_TARGET.match(attributes.get("Target", ""))):
            raise UploadRefused("external")


def _check_external_book(content: bytes) -> None:
    if any(tag in ("ddeLink", "oleLink") for tag, _attributes in _elements(content)):
        raise UploadRefused("embedded")


def _elements(content: bytes) -> list[tuple[str, dict[str, str]]]:
    """Local name and attributes of every element. A document type is refused: no entity is ever expanded."""
    found: list[tuple[str, dict[str, str]]] = []
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda tag, attributes: found.append((tag.rpartition(" ")[2], attributes))
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.Parse(content, True)
    return found


def _refuse_doctype(*declaration: object) -> None:
    raise UploadRefused("broken")


_CHECKS = {"pdf": _check_pdf, "png": _check_png, "jpeg": _check_jpeg, "zip": _check_office}


# Names --------------------------------------------------------------------------------------------
_RESERVED = re.compile(r'[<>:"|?*]')
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


def clean_name(name: str) -> str:
    """The name to show and to save under: NFC, no path, nothing invisible or reserved; extension in small letters."""
    base = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    # Category C: control and direction marks, surrogates, unassigned. Z: every other kind of blank.
    spaced = "".join(" " if unicodedata.category(c)[0] == "Z" or c in "\t\r\n" else c for c in base)
    visible = "".join(c for c in spaced if unicodedata.category(c)[0] != "C")
    plain = _RESERVED.sub("_", " ".join(visible.split())).strip(". ")
    if _DEVICE.match(plain):
        plain = f"_{plain}"
    stem, dot, extension = plain.rpartition(".")
    if not dot or not stem or len(extension) > 20 or " " in extension:
        return plain[:MAX_NAME].rstrip(". ") or "tệp"
    return f"{stem[: MAX_NAME - len(extension) - 1].rstrip('. ')}.{extension.lower()}"
