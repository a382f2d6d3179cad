"""The feeds of the content: valid Atom, one language each, marks that last, dates that tell what is new."""

from datetime import date
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from izportal.press.models import Document, Item, PlanningDraft
from tests import factories
from tests.press import asking, writing

pytestmark = pytest.mark.django_db

Kind = Item.Kind


def entries_of(response):
    """What the feed tells of itself and of each entry."""
    atom = "{http://www.w3.org/2005/Atom}"
    feed = ElementTree.fromstring(response.content)
    told = [
        {part.tag.removeprefix(atom): part.text or part.get("href") for part in row}
        for row in feed.iter(f"{atom}entry")
    ]
    return {part.tag.removeprefix(atom): part.text or part.get("href") for part in feed}, told


def test_feed_is_atom_with_a_lasting_mark(client):
    edition = writing.published(at=factories.at("2026-03-03 10:15"), summary="Diện tích < 5 ha")
    response = client.get("/tin-tuc/nguon-tin/")
    feed, (entry,) = entries_of(response)
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert {"id", "title", "updated", "author", "link"} <= feed.keys()
    assert entry["id"] == f"tag:{urlsplit(settings.SITE_URL).hostname},2026:press/{edition.item_id}/vi"
    assert (entry["link"], entry["summary"]) == (f"{settings.SITE_URL}/tin-tuc/bai-thu/", "Diện tích &lt; 5 ha")
    assert entry["updated"] == "2026-03-03T02:15:00+00:00"


@pytest.mark.parametrize("rows", [1, 3])
def test_feed_asks_alike_for_one_row_and_for_three(client, rows, django_assert_num_queries):
    for number in range(rows):
        item = writing.make_item(f"vb-{number}", Kind.DOCUMENT)
        Document.objects.create(item=item, number=f"0{number}/QĐ", issued_on=date(2025, 1, 2))
        writing.published(item, at=timezone.now(), title="Quyết định", summary="Về đất.")
    with django_assert_num_queries(4):
        _feed, told = entries_of(client.get("/van-ban/nguon-tin/"))
    assert sorted(row["summary"] for row in told) == [f"0{number}/QĐ · 02/01/2025. Về đất." for number in range(rows)]


def test_feed_of_drafts_comes_again_with_the_answers(client):
    draft = asking.make_draft(opens=date(2026, 3, 2), closes=date(2026, 4, 10))
    (before,) = entries_of(client.get("/lay-y-kien/nguon-tin/"))[1]
    PlanningDraft.objects.filter(pk=draft.pk).update(answered_at=factories.at("2099-05-04 08:00"))
    (after,) = entries_of(client.get("/lay-y-kien/nguon-tin/"))[1]
    assert (before["id"], after["updated"]) == (after["id"], "2099-05-04T01:00:00+00:00")
    assert before["summary"].startswith("Lấy ý kiến 02/03/2026 – 10/04/2026. ")
    assert "Ban đã công bố giải trình" in after["summary"]


def test_feed_of_each_language_holds_its_own_and_marks_what_is_invented(client):
    item = writing.make_item("vb", Kind.DOCUMENT, is_sample=True)
    writing.published(item, at=timezone.now(), title="Văn bản")
    with translation.override("en"):
        english = reverse("press:document_feed")
    pages = [client.get(english), client.get("/van-ban/nguon-tin/")]
    assert [[row["title"] for row in entries_of(page)[1]] for page in pages] == [[], ["[Minh họa] Văn bản"]]


def test_head_of_each_list_names_the_feeds(client):
    pages = [client.get(page).content.decode() for page in ("/", "/tin-tuc/", "/van-ban/", "/lay-y-kien/")]
    feeds = ("/tin-tuc/nguon-tin/", "/van-ban/nguon-tin/", "/lay-y-kien/nguon-tin/")
    heads = [page.partition("</head>")[0] for page in pages]
    assert [[feed for feed in feeds if f'href="{feed}"' in head] for head in heads] == [list(feeds)] * 4
