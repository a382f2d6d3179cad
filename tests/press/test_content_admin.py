"""The back office of the content: from a title to the public page, and what each person may do there."""

import html
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from izportal.press import lifecycle, pictures
from izportal.press.admin.fields import figure
from izportal.press.models import Attachment, Edition, Item, Picture
from tests import factories, uploads
from tests.press import writing

pytestmark = pytest.mark.django_db

INLINES = {
    f"{prefix}-{name}_FORMS": "0" for prefix in ("document", "attachments") for name in ("TOTAL", "INITIAL")
}  # fmt: skip
NEW = {"title": "Bài của Phòng", "kind": "news", "slug": "", "position": "0", **INLINES}


def entered(client, role):
    person = factories.make_staff(role)
    client.force_login(person)
    return person


def test_title_begins_a_draft_under_an_address_of_its_own(client):
    editor = entered(client, "editor")
    writing.make_item("bai-cua-phong")
    response = client.post(reverse("admin:press_item_add"), NEW)
    edition = Edition.objects.get()
    assert response["Location"] == reverse("admin:press_edition_change", args=[edition.pk])
    assert (edition.title, edition.written_by, edition.item.slug) == ("Bài của Phòng", editor, "bai-cua-phong-2")


def test_text_is_cleaned_when_it_is_saved(client):
    entered(client, "editor")
    edition = writing.draft(at=timezone.now())
    address = reverse("admin:press_edition_change", args=[edition.pk])
    token = client.get(address).context["adminform"].form.initial["as_loaded"]
    said = {"title": "Tên mới", "body": "<p onclick=x>Chữ</p><script>1</script>", "as_loaded": token}
    client.post(address, {**said, "summary": "", "sources": "", "publish_at_0": "", "publish_at_1": ""})
    edition.refresh_from_db()
    assert (edition.title, edition.body) == ("Tên mới", "<p>Chữ</p>")


def test_picture_to_insert_stands_whole_in_its_choice(client):
    entered(client, "editor")
    factories.make_rules()
    picture = pictures.make(writing.photo(), by=None, at=timezone.now(), name="Cổng", alt_vi="Cổng khu")
    edition = writing.draft(at=timezone.now())
    page = client.get(reverse("admin:press_edition_change", args=[edition.pk])).content.decode()
    value = re.search(r'<option value="([^"]*)">Cổng</option>', page).group(1)
    assert html.unescape(value) == figure(picture, language="vi")


def test_steps_are_taken_on_their_own_pages(client):
    edition = writing.draft(at=timezone.now())
    for role, step, status in (
        ("editor", "submit", "submitted"),
        ("head", "review", "reviewed"),
        ("leader", "publish", "published"),
    ):
        entered(client, role)
        client.post(reverse(f"admin:press_edition_{step}", args=[edition.pk]), {})
        edition.refresh_from_db()
        assert edition.status == status


def test_refused_step_says_why(client):
    entered(client, "editor")
    edition = writing.draft(at=timezone.now(), body="")
    response = client.post(reverse("admin:press_edition_submit", args=[edition.pk]), {})
    assert "Bài chưa có nội dung." in response.content.decode()
    assert client.post(reverse("admin:press_edition_publish", args=[edition.pk]), {}).status_code == 403


def test_reviewed_text_is_frozen_and_says_why_it_is_not_public(client):
    entered(client, "editor")
    edition = writing.reviewed(at=timezone.now())
    page = client.get(reverse("admin:press_edition_change", args=[edition.pk])).content.decode()
    assert ('name="_save"' in page, "Bài đã duyệt nhưng chưa ai bấm công bố." in page) == (False, True)


def test_item_says_why_each_language_is_not_public(client):
    entered(client, "editor")
    edition = writing.draft(at=timezone.now())
    page = client.get(reverse("admin:press_item_change", args=[edition.item_id])).content.decode()
    assert "Tiếng Việt: Bài còn là bản nháp" in page and "English: chưa có bài viết." in page


def test_file_is_kept_with_its_item(client):
    factories.make_rules()
    entered(client, "editor")
    item = writing.make_item()
    address = reverse("admin:press_item_change", args=[item.pk])
    token = client.get(address).context["adminform"].form.initial["as_loaded"]
    rows = {"attachments-TOTAL_FORMS": "1", "attachments-0-title_vi": "Quyết định", "attachments-0-position": "0"}
    rows |= {"attachments-0-upload": uploads.sent("qd.pdf", uploads.pdf()), "as_loaded": token}
    client.post(address, {**NEW, "slug": "bai-thu", **rows})
    assert Attachment.objects.get().stored.mime == "application/pdf"


def test_picture_is_taken_in_and_a_false_one_refused(client):
    factories.make_rules()
    entered(client, "editor")
    said = {"name": "Cổng", "alt_vi": "Cổng khu", "alt_en": "", "credit": ""}
    address = reverse("admin:press_picture_add")
    response = client.post(address, {**said, "upload": uploads.sent("a.jpg", b"%PDF-1.4 khong phai anh")})
    assert (response.status_code, Picture.objects.count()) == (200, 0)
    client.post(address, {**said, "upload": uploads.sent("a.jpg", writing.photo((300, 200)).read())})
    picture = Picture.objects.get()
    assert (picture.name, picture.alt_vi, picture.widths) == ("Cổng", "Cổng khu", [300])
    assert pictures.storage().exists(pictures.path_of(picture, 300))


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_ask_alike_for_one_row_and_for_three(client, rows, django_assert_num_queries):
    entered(client, "editor")
    for number in range(rows):
        writing.draft(writing.make_item(f"bai-{number}"), at=timezone.now())
    client.get(reverse("admin:press_item_changelist"))
    for name, count in (("item", 7), ("edition", 6)):
        with django_assert_num_queries(count):
            client.get(reverse(f"admin:press_{name}_changelist"))


def test_new_edition_begins_with_the_words_of_the_last(client):
    editor = entered(client, "editor")
    edition = writing.published(at=timezone.now(), title="Bản một")
    client.post(reverse("admin:press_edition_write", args=[edition.pk]), {})
    newest = Edition.objects.order_by("number").last()
    assert (newest.number, newest.title, newest.status, newest.written_by) == (2, "Bản một", "draft", editor)
    assert Item.objects.public(at=timezone.now()).count() == 1
    assert lifecycle.writers(newest) == {editor.pk}
