"""Makes the files that people send, good and bad, as bytes; nothing binary lies in the repository."""

import io
import random
import struct
import zipfile
import zlib

import openpyxl
import pypdf
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, NumberObject, TextStringObject

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
PROGRAM = b"MZ\x90\0" + bytes(60) + b"PE\0\0" + bytes(64)
WORD_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
WORD_MACRO_MAIN = "application/vnd.ms-word.document.macroEnabled.main+xml"
EXCEL_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def sent(name, content):
    """As Django hands an upload to a view."""
    return SimpleUploadedFile(name, content)


# PDF ----------------------------------------------------------------------------------------------
def written(writer):
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def blank_writer(pages=1):
    writer = pypdf.PdfWriter()
    for _page in range(pages):
        writer.add_blank_page(595, 842)
    return writer


def pdf(pages=1):
    return written(blank_writer(pages))


def pdf_of(words, size=0):
    """A PDF of one page that differs from every other by `words`, and holds `size` bytes that do not shrink."""
    writer = blank_writer()
    if size:
        stream = DecodedStreamObject()
        stream.set_data(random.Random(words).randbytes(size))
        writer._add_object(stream)
    return written(writer) + b"%" + words.encode() + b"\n"


def handwritten_pdf(*objects, trailer=b""):
    """A PDF of one page; `objects` are numbered from 4, the first is what it does when opened."""
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R /OpenAction 4 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        *objects,
    ]
    out, offsets = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(bodies, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R %b >>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, trailer, start)
    return bytes(out)


def encrypted_pdf(password="bí mật"):
    writer = blank_writer()
    writer.encrypt(user_password=password, algorithm="RC4-128")
    return written(writer)


def locked_pdf():
    """Opens without a password, but its owner has locked printing and copying."""
    writer = blank_writer()
    writer.encrypt(user_password="", owner_password="owner", algorithm="RC4-128")
    return written(writer)


def aes_encrypted_pdf():
    key = b"<" + b"00" * 48 + b">"
    half = b"<" + b"00" * 32 + b">"
    cipher = b"<< /StdCF << /CFM /AESV3 /AuthEvent /DocOpen /Length 32 >> >>"
    encrypt = (
        b"<< /Filter /Standard /V 5 /R 6 /Length 256 /P -4 /U %b /O %b /UE %b /OE %b /Perms <%b> "
        b"/CF %b /StmF /StdCF /StrF /StdCF >>" % (key, key, half, half, b"00" * 16, cipher)
    )
    return handwritten_pdf(b"<< >>", encrypt, trailer=b"/Encrypt 5 0 R /ID [<00> <00>]")


def truncated_pdf():
    whole = pdf(3)
    return whole[: len(whole) * 2 // 3]


def pdf_with_javascript():
    return handwritten_pdf(b"<< /Type /Action /S /JavaScript /JS (app.alert\\(1\\)) >>")


def pdf_in_object_streams(*bodies):
    """The objects from number 4 on lie compressed in an object stream, out of sight of a search through the bytes."""
    header, data = b"", b""
    for number, body in enumerate(bodies, start=4):
        header += b"%d %d " % (number, len(data))
        data += body + b" "
    packed = zlib.compress(header + data)
    out, offsets = bytearray(b"%PDF-1.7\n"), {}
    stream_number, xref_number = len(bodies) + 4, len(bodies) + 5
    plain = {
        1: b"<< /Type /Catalog /Pages 2 0 R /OpenAction 4 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        stream_number: b"<< /Type /ObjStm /N %d /First %d /Filter /FlateDecode /Length %d >>\nstream\n%b\nendstream"
        % (len(bodies), len(header), len(packed), packed),
    }
    for number, body in plain.items():
        offsets[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = offsets[xref_number] = len(out)
    rows = [struct.pack(">BIB", 0, 0, 255)]
    for number in range(1, xref_number + 1):
        if number in offsets:
            rows.append(struct.pack(">BIB", 1, offsets[number], 0))
        else:
            rows.append(struct.pack(">BIB", 2, stream_number, number - 4))
    table = b"".join(rows)
    head = b"<< /Type /XRef /Size %d /W [1 4 1] /Root 1 0 R /Length %d >>" % (len(rows), len(table))
    out += b"%d 0 obj\n%b\nstream\n%b\nendstream\nendobj\n" % (xref_number, head, table)
    return bytes(out) + b"startxref\n%d\n%%%%EOF\n" % start


def pdf_with_attachment(name="phụ lục.txt", content=b"x"):
    writer = blank_writer()
    writer.add_attachment(name, content)
    return written(writer)


def pdf_with_file_annotation():
    writer = blank_writer()
    stream = DecodedStreamObject()
    stream.set_data(PROGRAM)
    note = DictionaryObject({
        NameObject("/Type"): NameObject("/Annot"),
        NameObject("/Subtype"): NameObject("/FileAttachment"),
        NameObject("/FS"): DictionaryObject({
            NameObject("/F"): TextStringObject("a.exe"),
            NameObject("/EF"): DictionaryObject({NameObject("/F"): writer._add_object(stream)}),
        }),
        NameObject("/F"): NumberObject(4),
    })  # fmt: skip
    writer._add_object(note)
    return written(writer)


# Pictures -----------------------------------------------------------------------------------------
def picture(kind, size=(60, 40), **options):
    buffer = io.BytesIO()
    Image.new("RGB", size, "#2d5f4c").save(buffer, kind, **options)
    return buffer.getvalue()


def png(size=(60, 40)):
    return picture("PNG", size)


def jpeg(size=(60, 40), **options):
    return picture("JPEG", size, **options)


def png_that_claims(width, height):
    """A small file whose header promises a picture of any size."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(bytes(64))), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


# Word and Excel -----------------------------------------------------------------------------------
def archive(parts, *, compression=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return buffer.getvalue()


def content_types(main_part, main_type, *more):
    overrides = "".join(
        f'<Override PartName="{part}" ContentType="{kind}"/>' for part, kind in [(main_part, main_type), *more]
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def links(*rows):
    """A relationships part; each row is (type, target) or (type, target, "External")."""
    body = "".join(
        f'<Relationship Id="r{number}" Type="{RELATIONSHIPS}/{kind}" Target="{target}"'
        + (f' TargetMode="{mode[0]}"/>' if mode else "/>")
        for number, (kind, target, *mode) in enumerate(rows, start=1)
    )
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{body}</Relationships>'
    )


def docx(extra=None, *, main_type=WORD_MAIN, document_links=()):
    return archive({
        "[Content_Types].xml": content_types("/word/document.xml", main_type),
        "_rels/.rels": links(("officeDocument", "word/document.xml")),
        "word/document.xml": f'<w:document xmlns:w="{WORD_NAMESPACE}"><w:body><w:p/></w:body></w:document>',
        "word/_rels/document.xml.rels": links(*document_links),
        **(extra or {}),
    })  # fmt: skip


def xlsx(rows=(("Lô", "Diện tích (ha)"), ("CN-05", 2.5))):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def xlsx_with(extra):
    buffer = io.BytesIO(xlsx())
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as package:
        for name, content in extra.items():
            package.writestr(name, content)
    return buffer.getvalue()


def docm():
    return docx({"word/vbaProject.bin": OLE2}, main_type=WORD_MACRO_MAIN)


def xlsm():
    return xlsx_with({"xl/vbaProject.bin": OLE2})


def xlsx_with_macro_sheet():
    return xlsx_with({"xl/macrosheets/sheet1.xml": "<xm:macrosheet xmlns:xm='urn:x'/>"})


def docx_with_password():
    """Office wraps a document with a password in an OLE2 file."""
    return OLE2 + "EncryptedPackage".encode("utf-16-le") + bytes(2048)


def old_word():
    return OLE2 + "WordDocument".encode("utf-16-le") + bytes(2048)


def zip_bomb(unpacked=64 * 1024 * 1024):
    """A Word document of some kilobytes that unpacks to `unpacked` bytes of noughts."""
    return docx({"word/media/image1.bmp": bytes(unpacked)})


def lying_zip_bomb(unpacked=64 * 1024 * 1024):
    """The same, but its directory declares ten bytes."""
    content = bytearray(zip_bomb(unpacked))
    true_size, lie = struct.pack("<L", unpacked), struct.pack("<L", 10)
    return bytes(content.replace(true_size, lie))


def crowded_zip(entries=2_500):
    return docx({f"word/media/{number}.xml": "" for number in range(entries)})


def encrypted_zip_entry():
    """A package of which one entry is marked as encrypted, in both of its headers."""
    content = bytearray(docx())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + offset] |= 1
    return bytes(content)


# Things that are none of these --------------------------------------------------------------------
HTML = b"<!DOCTYPE html><html><script>alert(document.cookie)</script></html>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
