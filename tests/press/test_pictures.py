"""Pictures: what is taken, what is kept of it, how it stands in a text."""

import io

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from izportal.press import pictures
from izportal.uploads import UploadRefused
from tests import factories
from tests.press import writing

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rules(db):
    factories.make_rules()


def opened(picture, width):
    with pictures.storage().open(pictures.path_of(picture, width)) as file:
        return Image.open(io.BytesIO(file.read()))


def test_picture_is_kept_in_its_widths_without_what_the_camera_wrote(moment):
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Máy ảnh"
    picture = pictures.make(writing.photo((1200, 600), exif=exif), by=None, at=moment, alt_vi="Cổng")
    assert (picture.width, picture.height, picture.widths) == (600, 1200, [480, 600])
    assert (opened(picture, 480).size, dict(opened(picture, 480).getexif())) == ((480, 960), {})


def test_small_picture_is_not_blown_up(moment):
    assert pictures.make(writing.photo((200, 100)), by=None, at=moment).widths == [200]


@pytest.mark.parametrize(
    ("upload", "code"),
    [
        (ContentFile(b"<svg xmlns='http://www.w3.org/2000/svg'/>", name="a.png"), "mismatch"),
        (ContentFile(b"%PDF-1.4", name="a.jpg"), "mismatch"),
        (ContentFile(b"", name="a.png"), "empty"),
    ],
)
def test_what_is_no_picture_is_refused(upload, code, moment):
    with pytest.raises(UploadRefused) as refused:
        pictures.make(upload, by=None, at=moment)
    assert refused.value.code in (code, "type", "broken")


def test_too_many_pixels_are_refused_unread(moment, monkeypatch):
    monkeypatch.setattr(pictures, "MAX_PIXELS", 100)
    with pytest.raises(UploadRefused) as refused:
        pictures.make(writing.photo((20, 10)), by=None, at=moment)
    assert refused.value.code == "dimensions"


def test_text_shows_our_pictures_with_their_sizes_and_no_others(moment):
    picture = pictures.make(writing.photo((960, 480)), by=None, at=moment, alt_vi="Cổng", alt_en="Gate")
    text = f'<img src="/anh/{picture.pk}/960.jpg"><img src="/anh/{"0" * 8}-0000-0000-0000-{"0" * 12}/1.jpg">'
    dressed = pictures.dress(text, language="en")
    assert dressed == (
        f'<img src="/anh/{picture.pk}/960.jpg" '
        f'srcset="/anh/{picture.pk}/480.jpg 480w, /anh/{picture.pk}/960.jpg 960w" '
        'sizes="(min-width: 48rem) 42rem, 100vw" width="960" height="480" alt="Gate" loading="lazy">'
    )


def test_picture_is_served_to_be_kept_for_ever(client, moment):
    picture = pictures.make(writing.photo((300, 150)), by=None, at=moment)
    response = client.get(pictures.url_of(picture, 300))
    assert (response["Content-Type"], response["Cache-Control"]) == (
        "image/jpeg",
        "public, max-age=31536000, immutable",
    )
    assert client.get(f"/anh/{picture.pk}/301.jpg").status_code == 404
    assert client.get(f"/anh/{picture.pk}/300.png").status_code == 404
