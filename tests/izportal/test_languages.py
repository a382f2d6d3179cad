"""Languages: the pages in each of those that are switched on, three as well as two, and what stands in for a text."""

import re

import pytest
from django.urls import reverse
from django.utils import translation

from izportal import languages
from onestop import drafts, shapes, slips
from onestop.models import Dossier, Slip
from tests import factories
from zones.forms import plain_number

KOREAN = [("vi", "Tiếng Việt"), ("en", "English"), ("ko", "한국어")]
# A code with a part of its own: an address, an attribute and a column take it whole.
CHINESE = [("vi", "Tiếng Việt"), ("en", "English"), ("zh-hans", "简体中文")]
PAGES = (
    "home", "search", "statistics", "privacy", "zones:zone_list", "zones:plot_list", "zones:enquiry_new",
    "zones:compare", "zones:match", "projects:project_list", "onestop:procedure_list", "onestop:track",
    "onestop:verify",
    "onestop:counter_record", "onestop:progress_table", "onestop:survey", "account_login", "account_signup",
)  # fmt: skip
DETAILS = (
    ("zones:zone_detail", "song-cong-2"), ("zones:plot_detail", "SC2-CN-05"), ("zones:plot_sheet", "SC2-CN-05"),
    ("onestop:procedure_detail", "1.009664"),
)  # fmt: skip


@pytest.fixture
def korean(settings):
    settings.LANGUAGES = KOREAN


@pytest.fixture
def chinese(settings):
    settings.LANGUAGES = CHINESE


@pytest.fixture
def land(catalogue, make_plot):
    return make_plot("CN-05", description_vi="Nền đã san lấp.", description_en="Levelled ground.")


def address(language, name, *args):
    with translation.override(language):
        return reverse(name, args=args)


def alternates(page):
    return re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', page)


@pytest.mark.django_db
@pytest.mark.parametrize("page", [*[(name,) for name in PAGES], *DETAILS], ids=lambda page: page[0])
def test_each_page_can_be_read_in_a_third_language(client, korean, land, page):
    response = client.get(address("ko", *page))
    html = response.content.decode()
    assert (response.status_code, '<html lang="ko">' in html) == (200, True)
    assert [code for code, _href in alternates(html)] == ["vi", "en", "ko", "x-default"]
    assert re.findall(r'<a href="[^"]*" lang="(\w+)" hreflang="\w+">\w\w<', html) == ["vi", "en"]


@pytest.mark.django_db
@pytest.mark.parametrize("page", [("home",), ("zones:plot_list",), *DETAILS], ids=lambda page: page[0])
def test_a_language_with_a_script_of_its_own_is_one_more(client, chinese, land, page):
    path = address("zh-hans", *page)
    html = client.get(path).content.decode()
    assert (path.startswith("/zh-hans/"), '<html lang="zh-hans">' in html) == (True, True)
    assert [code for code, _href in alternates(html)] == ["vi", "en", "zh-hans", "x-default"]
    assert '<meta property="og:locale" content="zh_CN">' in html


@pytest.mark.django_db
def test_a_dossier_keeps_its_language_and_its_papers_speak_one_that_is_there(chinese, make_dossier, moment):
    row = make_dossier()
    rows = {name: getattr(row, name) for name in ("procedure", "version", "definition", "case", "enterprise")}
    with translation.override("zh-hans"):
        draft = drafts.begin(Dossier(**rows), by=row.created_by, at=moment)
        assert shapes.say({"vi": "Tên", "en": "Name"}) == "Name"
    slip = slips.issue(draft, Slip.Form.ACKNOWLEDGEMENT, by=None, at=moment)
    assert (draft.language, slip.language) == ("zh-hans", "en")


@pytest.mark.django_db
def test_a_text_that_is_missing_is_shown_in_another_language_and_marked(client, korean, land):
    page = client.get(address("ko", "zones:plot_detail", "SC2-CN-05")).content.decode()
    assert '<span lang="en">Levelled ground.</span>' in page


@pytest.mark.django_db
def test_a_text_in_the_readers_language_is_not_marked(client, land):
    assert "<dd>Nền đã san lấp.</dd>" in client.get(address("vi", "zones:plot_detail", "SC2-CN-05")).content.decode()


@pytest.mark.django_db
def test_where_english_is_missing_the_vietnamese_text_stands_in(make_plot):
    plot = make_plot("CN-05", description_vi="Nền đã san lấp.")
    with translation.override("en"):
        assert languages.said(plot, "description") == languages.Said("Nền đã san lấp.", "vi")
    with translation.override("vi"):
        assert languages.said(plot, "description") == languages.Said("Nền đã san lấp.")


@pytest.mark.any_database
@pytest.mark.parametrize(("code", "order"), [("vi", ["vi"]), ("en", ["en", "vi"]), ("ko", ["ko", "en", "vi"])])
def test_english_stands_in_for_strangers_and_vietnamese_for_all(code, order):
    assert languages.chain(code) == order


@pytest.mark.any_database
def test_languages_name_themselves():
    assert [languages.own_name(code) for code in ("vi", "en", "ko")] == ["Tiếng Việt", "English", "한국어"]


@pytest.mark.django_db
def test_the_switcher_keeps_what_was_asked(client, land):
    page = client.get("/quy-dat/?zone=song-cong-2").content.decode()
    english = address("en", "zones:plot_list")
    assert f'<a href="{english}?zone=song-cong-2" lang="en" hreflang="en">' in page


@pytest.mark.django_db
def test_robots_are_told_of_every_language(client, korean):
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert [line for line in lines if line.endswith("/ko/tim-kiem/")] == ["Disallow: /ko/tim-kiem/"]


@pytest.mark.django_db
def test_sitemaps_name_every_language(client, korean, land):
    text = client.get("/sitemap-zones.xml").content.decode()
    assert set(re.findall(r'hreflang="([\w-]+)"', text)) == {"vi", "en", "ko", "x-default"}


@pytest.mark.django_db
def test_facts_of_a_zone_say_in_which_language_they_are(client, korean, make_plot):
    zone = factories.make_zone(sectors=[{"vi": "Cơ khí", "en": "Machinery"}, {"vi": "Điện tử"}])
    make_plot("CN-05", zone=zone)
    page = client.get(address("ko", "zones:plot_detail", "SC2-CN-05")).content.decode()
    assert '<li><span lang="en">Machinery</span></li><li><span lang="vi">Điện tử</span></li>' in page


@pytest.mark.any_database
@pytest.mark.parametrize(("language", "typed"), [("vi", "10.000,5"), ("en", "10,000.5"), ("ko", "10,000.5")])
def test_numbers_are_read_as_each_language_writes_them(language, typed):
    with translation.override(language):
        assert plain_number(typed) == "10000.5"
