"""The first content: put down once, followed where nobody has touched it, left alone where somebody has."""

import re

import pytest
from django.urls import resolve
from django.utils import timezone, translation

from izportal.management.settle import Tally
from izportal.press import loading
from izportal.press.models import Document, Edition, Item

pytestmark = pytest.mark.django_db


def load():
    tally = Tally()
    loading.load(tally, at=timezone.now())
    return tally.created[Item], tally.updated[Edition], len(tally.kept)


def test_content_is_put_down_once_and_what_somebody_wrote_stays():
    assert load() == (21, 0, 0)
    assert load() == (0, 0, 0)
    about, history = (Edition.objects.get(item__slug=slug, language="vi") for slug in ("ve-ban", "lich-su"))
    about.title = "Tên Ban tự đặt"
    about.save()
    history.body, history._change_reason = "<p>Bản cũ của tệp.</p>", "load_reference"
    history.save()
    Item.objects.get(slug="lien-he").delete()
    Item.objects.filter(slug="to-chuc").first().save()
    assert load() == (1, 1, 1)
    about.refresh_from_db()
    assert about.title == "Tên Ban tự đặt"
    assert str(Document.objects.get(number="82/2018/NĐ-CP").replaced_by) == "35/2022/NĐ-CP"


def test_every_text_is_clean_and_in_both_languages():
    load()
    rows = Edition.objects.values_list("item__slug", "language", "body", "status")
    assert {status for *_rest, status in rows} == {"published"}
    assert {(slug, language) for slug, language, _body, _status in rows} == {
        (slug, language) for slug in Item.objects.values_list("slug", flat=True) for language in ("vi", "en")
    }


@pytest.mark.any_database
def test_links_of_the_first_texts_lead_to_pages_of_their_language():
    texts = {path.name: path.read_text(encoding="utf-8") for path in (loading.DATA / "texts").glob("*.html")}
    links = {name: re.findall(r'href="(/[^"#]*)"', text) for name, text in texts.items()}
    found = [(name.split(".")[1], link) for name in links for link in links[name]]
    assert {link.startswith("/en/") == (language == "en") for language, link in found} == {True}
    for language, link in found:
        with translation.override(language):
            resolve(link)
