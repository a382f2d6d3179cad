"""Pictures: taken in by their content, kept in a few widths without what the camera wrote into them, and set into a
text with their sizes."""

import io
import re
import uuid
from datetime import datetime
from typing import IO, Any

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from PIL import Image, ImageOps

from izportal.documents import limit_bytes
from izportal.models import User
from izportal.press.models import Picture
from izportal.uploads import UploadRefused, inspect

WIDTHS = (480, 960, 1600)
MAX_PIXELS = 40_000_000
TYPES = {"jpg": "image/jpeg", "png": "image/png"}
SIZES = "(min-width: 48rem) 42rem, 100vw"
OURS = re.compile(r'<img\b[^>]*?\ssrc="/anh/(?P<pk>[0-9a-f-]{36})/[^"]*"[^>]*>')
ALT = re.compile(r'\salt="([^"]*)"')


def storage() -> Storage:
    return storages["default"]


def make(upload: IO[bytes] | File, *, by: User | None, at: datetime, **told: Any) -> Picture:
    """Check and keep a picture in its widths; raises `UploadRefused`. `told`: name, alt_vi, alt_en, credit."""
    found = inspect(upload, max_bytes=limit_bytes(at.date()))
    if found.kind not in ("jpeg", "png"):
        raise UploadRefused("type", extension=found.extension)
    image = opened(upload)
    extension = "png" if found.kind == "png" else "jpg"
    widths = sorted({width for width in WIDTHS if width < image.width} | {min(image.width, WIDTHS[-1])})
    picture = Picture(
        id=uuid.uuid4(), width=image.width, height=image.height, widths=widths, extension=extension, uploaded_by=by,
        uploaded_at=at, **{"name": found.name, **told},
    )  # fmt: skip
    for width in widths:
        storage().save(path_of(picture, width), ContentFile(_resized(image, width, extension)))
    picture.save(force_insert=True)
    return picture


def opened(upload: Any) -> Image.Image:
    """Upright, in plain colours and without what was written beside them; never unpacked where it is too large."""
    upload.seek(0)
    image: Image.Image = Image.open(upload)
    if image.width * image.height > MAX_PIXELS:
        raise UploadRefused("dimensions", limit=MAX_PIXELS // 1_000_000)
    # A JPEG is read at a fraction of its size where that is enough for the widest.
    image.draft("RGB", (2 * WIDTHS[-1], 2 * WIDTHS[-1]))
    image = ImageOps.exif_transpose(image)
    is_clear = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    plain = image.convert("RGBA" if is_clear else "RGB")
    bare = Image.new(plain.mode, plain.size)
    bare.paste(plain)
    return bare


def _resized(image: Image.Image, width: int, extension: str) -> bytes:
    height = max(1, round(image.height * width / image.width))
    small = image if width == image.width else image.resize((width, height), Image.Resampling.LANCZOS)
    content = io.BytesIO()
    if extension == "png":
        small.save(content, "PNG", optimize=True)
    else:
        small.convert("RGB").save(content, "JPEG", quality=82, optimize=True, progressive=True)
    return content.getvalue()


def path_of(picture: Picture, width: int) -> str:
    return f"pictures/{picture.pk.hex[:2]}/{picture.pk.hex}-{width}.{picture.extension}"


def url_of(picture: Picture, width: int) -> str:
    """Beside every language: a text is kept with it."""
    return f"/anh/{picture.pk}/{width}.{picture.extension}"


def tag(picture: Picture, *, alt: str, is_lazy: bool = True, sizes: str = SIZES) -> SafeString:
    """`img` with its widths, its own size, so that nothing moves when it comes, and its words."""
    middle = max((width for width in picture.widths if width <= WIDTHS[1]), default=picture.widths[0])
    srcset = ", ".join(f"{url_of(picture, width)} {width}w" for width in picture.widths)
    return format_html(
        '<img src="{}" srcset="{}" sizes="{}" width="{}" height="{}" alt="{}"{}>',
        url_of(picture, middle), srcset, sizes, picture.width, picture.height, alt,
        SafeString(' loading="lazy"') if is_lazy else "",
    )  # fmt: skip


def dress(text: str, *, language: str) -> str:
    """Each picture of ours in a text as `tag` writes it, with the words that stand in the text, else its own; unknown
    ones are taken out."""
    found = {match["pk"] for match in OURS.finditer(text)}
    if not found:
        return text
    known = {str(row.pk): row for row in Picture.objects.filter(pk__in=[pk for pk in found if _is_key(pk)])}

    def dressed(match: re.Match[str]) -> str:
        picture = known.get(match["pk"])
        if picture is None:
            return ""
        said = ALT.search(match.group())
        own = escape(getattr(picture, f"alt_{language}") or "")
        return str(tag(picture, alt=SafeString(said.group(1) if said and said.group(1) else own)))

    return OURS.sub(dressed, text)


def _is_key(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
