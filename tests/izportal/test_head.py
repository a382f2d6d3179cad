"""What pages say of themselves: title, description, address, linked data, sitemaps; and how light they are."""

import gzip
import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse
from django.utils import translation
from PIL import Image

from izportal.press.models import Document, Item
from izportal.sitemaps import Pages
from izportal.templatetags.head import linked_data
from tests import factories
from tests.izportal.test_site_search import make_edition
from tests.test_permissions import PUBLIC as EVERYBODY
from tests.test_permissions import TABLE

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

PUBLIC = (
    ("home",), ("statistics",), ("privacy",), ("zones:zone_list",), ("zones:zone_detail", "song-cong-2"),
    ("zones:plot_list",), ("zones:plot_detail", "SC2-CN-05"), ("zones:enquiry_new",), ("projects:project_list",),
    ("zones:match",),
    ("projects:project_detail", "9811111111"), ("onestop:procedure_list",), ("onestop:procedure_detail", "1.009664"),
    ("onestop:track",), ("onestop:verify",), ("onestop:counter_record",), ("onestop:progress_table",),
    ("onestop:survey",),
)  # fmt: skip
# What comes over the line before the page stands, but fonts and the map: compressed bytes.
BUDGET = 60_000


@pytest.fixture
def land(catalogue, make_plot):
    zone = factories.make_zone(
        location_new_vi="Phường Bách Quang", latitude=Decimal("21.4"), longitude=Decimal("105.8")
    )
    plot = make_plot(
        "CN-05", zone=zone, price=Decimal("92"), price_currency="USD", price_basis="m2_year",
        price_on=date(2026, 1, 15),
    )  # fmt: skip
    factories.make_project("9811111111", plot=make_plot("CN-06"))
    return plot


def page(client, *name, language="vi"):
    with translation.override(language):
        return client.get(reverse(name[0], args=name[1:])).content.decode()


def meta(html):
    return dict(re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', html))


def data(html):
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html)
    return json.loads(found.group(1)) if found else None


@pytest.mark.parametrize("name", PUBLIC, ids=lambda name: name[0])
def test_each_page_says_what_it_is(client, land, name):
    html = page(client, *name)
    said, title = meta(html), re.search(r"<title>(.*?)</title>", html, re.DOTALL).group(1)
    with translation.override("vi"):
        address = "http://127.0.0.1:8000" + reverse(name[0], args=name[1:])
    assert (said["og:title"], said["og:description"]) == (" ".join(title.split()), said["description"])
    assert (said["og:url"], f'<link rel="canonical" href="{address}">' in html) == (address, True)


def test_who_shares_a_page_gets_a_picture_told_in_its_language(client, land):
    told = [meta(page(client, "zones:plot_list", language=language)) for language in ("vi", "en")]
    with Image.open(finders.find("img/share.png")) as picture:
        width, height = picture.size
    for said in told:
        assert said["og:image"] == "http://127.0.0.1:8000/static/img/share.png"
        assert (said["og:image:width"], said["og:image:height"]) == (f"{width}", f"{height}") == ("1200", "630")
    assert (told[0]["og:locale"], told[1]["og:locale"]) == ("vi_VN", "en_US")
    assert "Ban Quản lý các khu công nghiệp tỉnh Thái Nguyên" in told[0]["og:image:alt"]


def test_no_two_pages_say_the_same(client, land):
    pages = [meta(page(client, *name)) for name in PUBLIC]
    assert len({said["og:title"] for said in pages}) == len({said["description"] for said in pages}) == len(PUBLIC)


@pytest.mark.parametrize("address", ["/khong-co/", "/quy-dat/KHONG-CO/"])
def test_a_refusal_has_no_address_worth_keeping(client, address):
    html = client.get(address).content.decode()
    assert ("canonical" in html, "og:url" in html, 'rel="alternate"' in html) == (False, False, False)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", PUBLIC, ids=lambda name: name[0])
def test_a_page_comes_within_its_weight(client, land, name, language):
    html = page(client, *name, language=language)
    files = set(re.findall(r'<link rel="(?:stylesheet|icon)" href="/static/([^"]+)"', html))
    files |= set(re.findall(r'<script src="/static/([^"]+)"', html)) | set(
        re.findall(r'href="/static/([^"#]+\.svg)', html)
    )
    texts = [html.encode(), *(Path(finders.find(file)).read_bytes() for file in files)]
    assert sum(len(gzip.compress(text, 6)) for text in texts) < BUDGET


@pytest.mark.parametrize("name", PUBLIC, ids=lambda name: name[0])
def test_a_page_asks_nothing_of_another_host(client, land, name):
    html = re.sub(r'<(a|meta)\b[^>]*>|<link rel="(canonical|alternate)"[^>]*>', "", page(client, *name))
    assert re.findall(r'(?:src|href|action)="((?:https?:)?//[^"]+)"', html) == []


# Linked data --------------------------------------------------------------------------------------
def test_an_offered_plot_is_an_offer_with_the_price_that_was_stated(client, land):
    said = data(page(client, "zones:plot_detail", "SC2-CN-05"))
    price = said["priceSpecification"]
    assert (said["@type"], said["availability"]) == ("Offer", "https://schema.org/InStock")
    assert (price["price"], price["priceCurrency"], price["validFrom"]) == (92.0, "USD", "2026-01-15")
    assert said["itemOffered"]["additionalProperty"]["value"] == 65000.0


def test_no_price_is_told_where_none_was_stated(client, make_plot):
    make_plot("CN-07")
    assert "priceSpecification" not in data(page(client, "zones:plot_detail", "SC2-CN-07"))


def test_a_plot_that_is_taken_is_no_offer(client, land):
    assert data(page(client, "zones:plot_detail", "SC2-CN-06"))["@type"] == "Place"


def test_an_invented_plot_says_nothing_to_machines(client, make_plot):
    make_plot("CN-08", is_sample=True)
    html = page(client, "zones:plot_detail", "SC2-CN-08")
    assert (data(html), '<meta name="robots" content="noindex">' in html) == (None, True)


def test_a_zone_is_a_place_without_the_point_that_is_only_approximate(client, land):
    said = data(page(client, "zones:zone_detail", "song-cong-2"))
    assert (said["@type"], said["address"]["streetAddress"]) == ("Place", "Phường Bách Quang")
    assert "geo" not in said


@pytest.mark.any_database
def test_linked_data_cannot_end_its_element():
    text = linked_data({"name": "</script><script>alert(1)</script>&"})
    assert ("</script><" in text, json.loads(text[text.index("{") : text.rindex("}") + 1])["name"]) == (
        False, "</script><script>alert(1)</script>&",
    )  # fmt: skip


# Sitemaps -----------------------------------------------------------------------------------------
def test_sitemaps_have_the_day_of_the_last_change(client, land):
    text = client.get("/sitemap-plots.xml").content.decode()
    today = f"{land.history.latest().history_date.astimezone(factories.HANOI):%Y-%m-%d}"
    assert set(re.findall(r"<lastmod>(\d{4}-\d\d-\d\d)", text)) == {today}


def test_the_index_asks_as_much_of_many_rows_as_of_few(client, land, make_plot, django_assert_num_queries):
    with django_assert_num_queries(10):
        client.get("/sitemap.xml")
    for number in range(3):
        make_plot(f"CN-1{number}")
    with django_assert_num_queries(10):
        client.get("/sitemap.xml")


@pytest.mark.parametrize("section", ["plots", "zones", "projects", "procedures"])
def test_a_sitemap_asks_as_much_of_many_rows_as_of_few(client, land, section, django_assert_num_queries):
    with django_assert_num_queries(1):
        client.get(f"/sitemap-{section}.xml")


# Files and feeds, what is found by a query or a secret, forms and words after a deed: nothing to come in by.
NO_ENTRANCE = {
    "opendata_package", "opendata_archive", "sealed_days_text", "sealed_days_json", "search", "opensearch",
    "zones:plot_feed", "zones:compare", "zones:listing_confirmed", "zones:watch_new", "press:item_feed",
    "press:document_feed", "press:consultation_feed", "press:question_lookup", "onestop:counter_record_list",
    "onestop:progress_sheet", "account_reset_password", "account_reset_password_done",
    "account_reset_password_from_key_done", "account_inactive",
}  # fmt: skip


def test_every_page_of_its_own_is_in_the_sitemap():
    plain = {name for name, row in TABLE.items() if row == EVERYBODY and " " not in name}
    assert plain - set(Pages().items()) == NO_ENTRANCE


@pytest.mark.parametrize("kind", Item.Kind.values)
def test_content_of_every_kind_is_in_the_sitemap(client, kind):
    edition = make_edition(kind, "Bài đã đăng")
    if kind == Item.Kind.DOCUMENT:
        Document.objects.create(item=edition.item, number="1/QĐ")
    path = reverse(Item.PAGES[kind], args=[edition.item.slug])
    assert f"{path}</loc>" in client.get("/sitemap-content.xml").content.decode()


def test_invented_and_withdrawn_plots_are_in_no_sitemap(client, make_plot):
    make_plot("CN-01", is_sample=True)
    make_plot("CN-02", is_published=False)
    assert "<loc>" not in client.get("/sitemap-plots.xml").content.decode()
