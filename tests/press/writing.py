"""What tests of the content share: an item, a text at any step of its way, a picture."""

import io
from datetime import timedelta

from django.core.files.base import ContentFile
from PIL import Image

from izportal.press import lifecycle
from izportal.press.models import Edition, Item
from tests import factories

BODY = "<p>Nội dung của bài.</p>"


def make_item(slug="bai-thu", kind=Item.Kind.NEWS, **fields):
    return Item.objects.create(slug=slug, kind=kind, **fields)


def draft(item=None, *, by=None, at, language="vi", **words):
    words = {"title": "Bài thử", "body": BODY, **words}
    return lifecycle.write(
        item or make_item(), language=language, by=by or factories.make_staff("editor"), at=at, **words
    )


def submitted(item=None, *, at, **words):
    row = draft(item, at=at, **words)
    return lifecycle.take(row, "submit", by=row.written_by, at=at)


def reviewed(item=None, *, at, by=None, **words):
    return lifecycle.take(submitted(item, at=at, **words), "review", by=by or factories.make_staff("head"), at=at)


def published(item=None, *, at, language="vi", slug="bai-thu", **words):
    """A row that is out, without its way there."""
    item = item or Item.objects.filter(slug=slug).first() or make_item(slug)
    words = {"title": "Bài thử", "body": BODY, **words}
    return Edition.objects.create(
        item=item, language=language, status=Edition.Status.PUBLISHED, published_at=at - timedelta(hours=1), **words
    )


def photo(size=(1200, 600), *, kind="JPEG", name="anh.jpg", exif=None):
    content = io.BytesIO()
    Image.new("RGB", size, "green").save(content, kind, **({"exif": exif} if exif else {}))
    return ContentFile(content.getvalue(), name=name)
