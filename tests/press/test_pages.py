"""Public pages of the content: what is shown to whom, in which language, and what is not told anywhere."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone, translation

from izportal import documents
from izportal.press import lifecycle
from izportal.press.models import Answer, Attachment, Category, Document, Edition, Item
from tests import factories, uploads
from tests.press import asking, writing

pytestmark = pytest.mark.django_db

Kind = Item.Kind


def now():
    return timezone.now()


def shown(client, address):
    response = client.get(address)
    return response.content.decode() if response.status_code == 200 else response.status_code


def in_english(name, *args):
    with translation.override("en"):
        return reverse(name, args=args)


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_alike_for_one_row_and_for_three(client, rows, django_assert_num_queries):
    for number in range(rows):
        writing.published(at=now(), slug=f"bai-{number}", title=f"Bài số {number}")
    with django_assert_num_queries(8):
        page = shown(client, "/tin-tuc/")
    assert page.count('class="news"') == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_documents_ask_alike_for_one_row_and_for_three(client, rows, django_assert_num_queries):
    for number in range(rows):
        item = writing.make_item(f"van-ban-{number}", Kind.DOCUMENT)
        Document.objects.create(item=item, number=f"{number}/QĐ", issued_on=date(2025, 1, 1))
        writing.published(item, at=now(), title=f"Quyết định {number}")
    with django_assert_num_queries(7):
        page = shown(client, "/van-ban/")
    assert page.count('class="news"') == rows


@pytest.mark.parametrize("made", [writing.draft, writing.submitted, writing.reviewed])
def test_unfinished_text_is_told_nowhere(client, made):
    made(at=now(), title="Chuyện kín", summary="Chuyện kín")
    places = ["/tin-tuc/", "/tin-tuc/nguon-tin/", "/tin-tuc/luu-tru/", "/sitemap-content.xml", "/tim-kiem/?q=kin", "/"]
    assert [
        place for place in places if "Chuyện kín" in shown(client, place) or "bai-thu" in shown(client, place)
    ] == []
    assert shown(client, "/tin-tuc/bai-thu/") == 404


def test_language_that_is_not_out_is_leaked_nowhere(client):
    edition = writing.published(at=now(), title="Bài công khai")
    writing.reviewed(edition.item, at=now(), language="en", title="Not out yet")
    english = [in_english(name) for name in ("press:item_list", "press:item_feed", "home", "search")]
    english += [in_english("press:item_detail", "bai-thu"), "/sitemap-content.xml", f"{in_english('search')}?q=out"]
    assert [page for page in english if "Not out yet" in shown(client, page)] == []
    assert "Bài công khai" not in shown(client, in_english("press:item_feed"))
    assert in_english("press:item_detail", "bai-thu") not in shown(client, "/sitemap-content.xml")


def test_page_without_translation_says_so_and_shows_the_vietnamese(client):
    writing.published(at=now(), title="Bài công khai")
    page = shown(client, in_english("press:item_detail", "bai-thu"))
    assert '<h1 lang="vi">Bài công khai</h1>' in page
    assert '<div class="prose rich" lang="vi"><p>Nội dung của bài.</p></div>' in page


def test_older_translation_says_so_until_somebody_has_compared_it(client):
    source = writing.published(at=now())
    english = writing.published(source.item, at=now(), language="en", title="Trial", original=source)
    newer = writing.reviewed(source.item, at=now(), title="Bài sửa")
    address = in_english("press:item_detail", "bai-thu")
    flags = [shown(client, address).count('class="flag"')]
    lifecycle.take(newer, "publish", by=factories.make_staff("leader"), at=now())
    flags.append(shown(client, address).count('class="flag"'))
    lifecycle.confirm_translation(english, by=factories.make_staff("editor"), at=now())
    flags.append(shown(client, address).count('class="flag"'))
    assert [count - flags[0] for count in flags] == [0, 1, 0]


def test_kept_list_shows_a_scheduled_text_at_its_minute(client, time_machine):
    begun = factories.at("2026-03-03 09:15")
    writing.reviewed(at=begun, publish_at=begun + timedelta(minutes=1))
    time_machine.move_to(begun)
    assert (shown(client, "/tin-tuc/").count('class="news"'), shown(client, "/tin-tuc/bai-thu/")) == (0, 404)
    time_machine.move_to(begun + timedelta(minutes=1))
    assert (shown(client, "/tin-tuc/").count('class="news"'), "Bài thử" in shown(client, "/tin-tuc/bai-thu/")) == (
        1,
        True,
    )


def test_old_address_leads_to_the_new_one_while_the_item_is_out(client):
    edition = writing.published(at=now())
    for slug in ("ten-moi", "ten-moi-nua"):
        edition.item.slug = slug
        edition.item.save()
    response = client.get("/tin-tuc/bai-thu/")
    assert (response.status_code, response["Location"]) == (301, "/tin-tuc/ten-moi-nua/")
    assert client.get("/tin-tuc/ten-moi/")["Location"] == "/tin-tuc/ten-moi-nua/"
    Edition.objects.update(status=Edition.Status.EXPIRED)
    assert client.get("/tin-tuc/bai-thu/").status_code == 404


@pytest.mark.parametrize("kind", [Kind.NOTICE, Kind.PAGE, Kind.DOCUMENT, Kind.CONSULTATION, Kind.ANSWER])
def test_old_address_leads_on_in_both_languages(client, kind):
    item = asking.make_draft("cu").item if kind == Kind.CONSULTATION else writing.make_item("cu", kind)
    if kind == Kind.ANSWER:
        Answer.objects.create(item=item)
    if kind != Kind.CONSULTATION:
        writing.published(item, at=now())
    told = []
    for language in ("vi", "en"):
        with translation.override(language):
            told.append((item.get_absolute_url(), reverse(Item.PAGES[kind], args=["moi"])))
    item.slug = "moi"
    item.save()
    found = [client.get(old) for old, _new in told]
    assert [(page.status_code, page["Location"]) for page in found] == [(301, new) for _old, new in told]


def test_old_address_of_another_kind_leads_nowhere(client):
    edition = writing.published(at=now())
    edition.item.slug = "moi"
    edition.item.save()
    assert [client.get(f"/{place}/bai-thu/").status_code for place in ("van-ban", "gioi-thieu", "lay-y-kien")] == [
        404
    ] * 3


def test_file_and_form_are_found_under_the_old_address(client):
    factories.make_rules()
    item = asking.make_draft("cu", closes=date(2099, 1, 1)).item
    stored = documents.store(uploads.sent("qd.pdf", uploads.pdf()), by=None, at=now(), max_bytes=10**7)
    file = Attachment.objects.create(item=item, title_vi="Bản vẽ", stored=stored)
    before = [file.get_absolute_url(), reverse("press:comment_new", args=["cu"])]
    item.slug = "moi"
    item.save()
    after = [address.replace("/cu/", "/moi/") for address in before]
    assert [client.get(address)["Location"] for address in before] == after
    assert client.post(before[1], asking.typed(asking.COMMENT)).status_code == 302


def test_list_is_narrowed_by_kind_category_and_month(client):
    category = Category.objects.create(slug="huong-dan", name_vi="Hướng dẫn")
    writing.published(
        writing.make_item("a", Kind.NOTICE, category=category), at=factories.at("2026-02-03 10:00"), title="Bài A"
    )
    writing.published(writing.make_item("b"), at=factories.at("2025-12-03 10:00"), title="Bài B", summary="Đặc biệt")
    asked = [
        "kind=notice",
        "category=huong-dan",
        "year=2026",
        "year=2025&month=12",
        "q=dac+biet",
        "year=1999",
        "kind=x",
    ]
    found = ["".join(x for x in "AB" if f">Bài {x}<" in shown(client, f"/tin-tuc/?{query}")) for query in asked]
    assert found == ["A", "A", "A", "B", "B", "", ""]


def ended(*, noted, **fields):
    """A notice that came out and ended at its hour; `noted`: the clock has come by since."""
    begun = factories.at("2026-02-03 10:00")
    edition = writing.published(writing.make_item("het-han", Kind.NOTICE), at=begun, title="Bài hết hạn",
                                expires_at=begun + timedelta(days=9), **fields)  # fmt: skip
    if noted:
        lifecycle.keep_time(at=begun + timedelta(days=10))
    return edition


@pytest.mark.parametrize("noted", [True, False])
def test_text_that_has_ended_is_found_in_the_archive_alone(client, noted):
    ended(noted=noted)
    places = ("/tin-tuc/", "/tim-kiem/?q=het+han", "/sitemap-content.xml", "/tin-tuc/nguon-tin/", "/")
    assert [place for place in places if "Bài hết hạn" in shown(client, place)] == []
    page, year = shown(client, "/tin-tuc/het-han/"), shown(client, "/tin-tuc/luu-tru/2026/?month=2")
    assert ("hết hạn công bố từ" in page, 'content="noindex"' in page) == (True, True)
    assert (">Bài hết hạn<" in year, "Đã hết hạn công bố" in year) == (True, True)
    assert 'href="/tin-tuc/luu-tru/2026/?month=2"' in shown(client, "/tin-tuc/luu-tru/")


def test_text_is_withdrawn_from_the_archive_with_its_files(client):
    factories.make_rules()
    edition = Edition.objects.get(pk=ended(noted=True).pk)
    stored = documents.store(uploads.sent("qd.pdf", uploads.pdf()), by=None, at=now(), max_bytes=10**7)
    file = Attachment.objects.create(item=edition.item, title_vi="Thông báo", stored=stored).get_absolute_url()
    assert client.get(file).status_code == 200
    assert list(lifecycle.why_hidden(edition, at=now())) == ["Bài đã hết hạn công bố; chỉ còn trong lưu trữ."]
    edition = lifecycle.take(edition, "withdraw", by=factories.make_staff("leader"), at=now(), note="Nhầm số.")
    assert (edition.is_archived, shown(client, "/tin-tuc/het-han/"), client.get(file).status_code) == (False, 404, 404)


def test_text_taken_down_or_replaced_is_not_in_the_archive(client):
    edition = ended(noted=False)
    Edition.objects.filter(pk=edition.pk).update(expires_at=timezone.now() + timedelta(days=9))
    lifecycle.take(edition, "expire", by=factories.make_staff("leader"), at=now(), note="Nhầm số.")
    assert [shown(client, page) for page in ("/tin-tuc/het-han/", "/tin-tuc/luu-tru/2026/")] == [404, 404]
    Edition.objects.filter(pk=edition.pk).update(note="", expires_at=now(), closed_at=now() - timedelta(days=9))
    assert shown(client, "/tin-tuc/het-han/") == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_year_asks_alike_for_one_row_and_for_three(client, rows, django_assert_num_queries):
    for number in range(rows):
        writing.published(at=factories.at("2026-02-03 10:00"), slug=f"bai-{number}")
    with django_assert_num_queries(6):
        page = shown(client, "/tin-tuc/luu-tru/2026/")
    assert page.count('class="news"') == rows


def test_year_without_texts_or_sense_is_not_there(client):
    pages = ["2025/", "0/", "1/", "9999/", "99999999999/", "2026/?month=99", "2026/?month=x"]
    assert {client.get(f"/tin-tuc/luu-tru/{page}").status_code for page in pages} == {404}


def test_archive_counts_months(client):
    for slug, day in (("a", "2026-02-03 10:00"), ("b", "2026-02-09 10:00"), ("c", "2025-12-31 23:30")):
        writing.published(slug=slug, at=factories.at(day))
    page = shown(client, "/tin-tuc/luu-tru/")
    assert [page.count(text) for text in ("Tháng 2/2026", "2 bài", "Tháng 12/2025", "1 bài")] == [1, 1, 1, 1]


@pytest.mark.parametrize(
    ("kind", "slug"), [(Kind.NEWS, "luu-tru"), (Kind.DOCUMENT, "nguon-tin"), (Kind.ANSWER, "gui")]
)
def test_address_of_a_page_of_the_portal_is_not_given_to_a_text(kind, slug):
    with pytest.raises(ValidationError, match="trang có sẵn"):
        Item(kind=kind, slug=slug).full_clean()
    Item(kind=kind, slug=f"{slug}-2").full_clean()


def test_print_tells_the_address_and_the_day(client, time_machine):
    writing.published(at=factories.at("2026-03-02 08:00"))
    time_machine.move_to(factories.at("2026-03-03 09:15"))
    printed = shown(client, "/tin-tuc/bai-thu/").partition('<p class="only-print src">')[2].partition("</p>")[0]
    assert ("03/03/2026" in printed, f"{settings.SITE_URL}/tin-tuc/bai-thu/" in printed) == (True, True)


def test_chain_of_documents_is_told_both_ways(client):
    later = None
    for number in ("3", "2", "1"):
        item = writing.make_item(f"vb-{number}", Kind.DOCUMENT)
        later = Document.objects.create(item=item, number=f"0{number}/QĐ", replaced_by=later)
        writing.published(item, at=now(), title=f"Quyết định {number}")
    pages = [shown(client, f"/van-ban/vb-{number}/") for number in (1, 2, 3)]
    links = [[n for n in "123" if f'<a href="/van-ban/vb-{n}/">' in page] for page in pages]
    assert links == [["2", "3"], ["1", "3"], ["1", "2"]]
    assert ["Đã được thay thế" in page for page in pages] == [True, True, False]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Chưa rõ hiệu lực"),
        ({"in_force_from": date(2020, 1, 1)}, "Còn hiệu lực"),
        ({"in_force_from": date(2099, 1, 1)}, "Chưa có hiệu lực"),
        ({"in_force_to": date(2021, 1, 1)}, "Hết hiệu lực"),
    ],
)
def test_document_says_whether_it_holds(client, fields, said):
    item = writing.make_item("vb", Kind.DOCUMENT)
    Document.objects.create(item=item, number="01/QĐ", **fields)
    writing.published(item, at=now())
    assert said in shown(client, "/van-ban/vb/")


def test_preview_is_for_the_staff_and_for_no_search_engine(client):
    edition = writing.draft(at=now(), title="Chuyện kín")
    address = f"/xem-truoc/{edition.pk}/"
    statuses = []
    for person in (None, factories.make_user(), factories.make_staff("land"), edition.written_by):
        client.logout()
        if person:
            client.force_login(person)
        statuses.append(client.get(address).status_code)
    response = client.get(address)
    assert (statuses, response["X-Robots-Tag"]) == ([404, 404, 404, 200], "noindex, nofollow")
    assert '<meta name="robots" content="noindex, nofollow">' in response.content.decode()


def test_preview_of_a_planning_draft_is_for_its_zone(client):
    edition = writing.draft(asking.make_draft(zone=factories.make_zone()).item, at=now())
    statuses = []
    for zones in (["SC2"], ["YB"], []):
        client.force_login(factories.make_staff("editor", zones=zones))
        statuses.append(client.get(f"/xem-truoc/{edition.pk}/").status_code)
    assert statuses == [200, 404, 200]


def test_file_is_read_with_its_item_only(client):
    factories.make_rules()
    edition = writing.reviewed(at=now())
    stored = documents.store(uploads.sent("qd.pdf", uploads.pdf()), by=None, at=now(), max_bytes=10**7)
    file = Attachment.objects.create(item=edition.item, title_vi="Quyết định", stored=stored)
    assert client.get(file.get_absolute_url()).status_code == 404
    lifecycle.take(edition, "publish", by=factories.make_staff("leader"), at=now())
    assert client.get(file.get_absolute_url())["Content-Type"] == "application/pdf"


def test_page_tells_machines_what_it_is(client):
    writing.published(at=now(), summary="Tóm tắt </script>")
    page = shown(client, "/tin-tuc/bai-thu/")
    assert '"@type": "NewsArticle"' in page and '<meta property="og:type" content="article">' in page
    assert "Tóm tắt </script>" not in page


def test_invented_item_is_marked_and_told_to_no_machine(client):
    writing.published(writing.make_item(is_sample=True), at=now())
    page = shown(client, "/tin-tuc/bai-thu/")
    assert ("Minh họa" in page, "NewsArticle" in page) == (True, False)
    assert "bai-thu" not in shown(client, "/sitemap-content.xml")
