"""A search followed by letter: nothing goes to an address that has not confirmed, a letter only when something has
changed; one click stops it and leaves nothing behind."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone, translation

from izportal import outbox
from izportal.models import Notice
from tests import factories
from zones import allocation, watches
from zones.models import SearchWatch

pytestmark = pytest.mark.django_db
NEW, EMAIL = "/theo-doi-tim/?q=kind%3Dland%26min_area%3D3", "doc@nha-dau-tu.example"


def ask(client, email=EMAIL, **typed):
    return client.post(NEW, {"email": email, **typed})


@pytest.fixture
def watch(make_plot):
    """Confirmed yesterday, with one plot found."""
    make_plot("CN-01", area_m2=40000)
    at = timezone.now() - timedelta(days=1)
    watch = watches.ask(email=EMAIL, query="kind=land&min_area=3", language="vi", at=at)
    watches.confirm(watch, at=at)
    Notice.objects.all().delete()
    return watch


def tell(days=0):
    """How many letters are written some days from now, and the text of the last one."""
    count = watches.tell(at=timezone.now() + timedelta(days=days))
    last = Notice.objects.order_by("pk").last()
    return count, last.body if last else ""


def test_asking_sends_one_letter_to_confirm_and_nothing_else(client, make_plot):
    assert ask(client)["Location"] == "/quy-dat/?kind=land&min_area=3"
    ask(client)
    make_plot("CN-01", area_m2=40000)
    assert (tell()[0], SearchWatch.objects.get().confirmed_at) == (0, None)
    letter = Notice.objects.get()
    assert (letter.kind, letter.email) == (outbox.WATCH_LINK, EMAIL)
    assert reverse("zones:watch_detail", args=[watches.token_of(SearchWatch.objects.get())]) in letter.body


def test_only_a_press_on_the_page_of_the_letter_confirms(client):
    """Programs that open every link of a letter confirm nothing."""
    ask(client)
    watch = SearchWatch.objects.get()
    page = reverse("zones:watch_detail", args=[watches.token_of(watch)])
    assert "Xác nhận nhận thư" in client.get(page).content.decode()
    assert SearchWatch.objects.get().confirmed_at is None
    client.post(page)
    assert SearchWatch.objects.get().confirmed_at is not None


def test_nothing_changed_writes_nothing(watch):
    assert tell() == (0, "")


def test_letter_names_what_is_new_changed_and_gone(watch, make_plot, staff):
    for number in ("CN-02", "CN-03"):
        make_plot(number, area_m2=50000)
    assert tell()[0] == 1
    make_plot("CN-04", area_m2=60000)
    zone = factories.make_zone()
    zone.plots.filter(number="CN-02").update(area_m2=70000)
    plot = zone.plots.get(number="CN-03")
    allocation.reserve(plot=plot, held_for="H55-1", basis="1", by=staff("land"), at=timezone.now())
    count, body = tell(days=1)
    lines = [line.replace("\xa0", " ") for line in body.splitlines() if "SC2-" in line]
    assert (count, lines) == (
        1,
        [
            "Đổi: SC2-CN-02 · Sông Công II, nay 7 ha, Còn trống",
            "Mới: SC2-CN-04 · Sông Công II, 6 ha, Còn trống",
            "Không còn khớp: SC2-CN-03",
        ],
    )


def test_one_letter_a_day_at_most(watch, make_plot):
    make_plot("CN-02", area_m2=50000)
    assert tell()[0] == 1
    make_plot("CN-03", area_m2=50000)
    assert tell()[0] == 0


def test_letter_speaks_the_language_in_which_it_was_asked_for(client, make_plot):
    with translation.override("en"):
        page = reverse("zones:watch_new")
    client.post(f"{page}?q=kind%3Dland", {"email": EMAIL})
    watch = SearchWatch.objects.get()
    watches.confirm(watch, at=timezone.now())
    make_plot("CN-01")
    assert (watch.language, "/en/" in tell()[1]) == ("en", True)


def test_letter_can_be_stopped_by_one_click(watch, make_plot, client):
    make_plot("CN-02", area_m2=50000)
    tell()
    outbox.drain()
    headers = mail.outbox[0].extra_headers
    address = headers["List-Unsubscribe"].strip("<>").removeprefix("http://localhost:8000")
    page = reverse("zones:watch_end", args=[watches.token_of(watch)])
    assert (address.endswith(page), headers["List-Unsubscribe-Post"]) == (True, "List-Unsubscribe=One-Click")
    assert client.get(page).status_code == 200
    assert SearchWatch.objects.count() == 1
    response = client.post(page, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
    assert (response.status_code, SearchWatch.objects.count(), Notice.objects.count()) == (200, 0, 0)
    assert client.post(page).status_code == 404


def test_search_that_cannot_be_read_any_more_ends_with_a_word(watch):
    SearchWatch.objects.update(query="by=2020-01-01")
    count, body = tell()
    assert (count, SearchWatch.objects.count(), "không còn đọc được" in body) == (1, 0, True)


@pytest.mark.parametrize("query", ["power%3Dabc", "heigt%3D9"])
def test_search_that_cannot_be_read_is_not_followed(client, query):
    response = client.post(f"/theo-doi-tim/?q={query}", {"email": EMAIL})
    assert (response.status_code, SearchWatch.objects.count()) == (400, 0)


@pytest.mark.parametrize("typed", [{"email": "khong-phai"}, {"email": ""}])
def test_wrong_address_is_told_and_kept(client, typed):
    response = client.post(NEW, typed)
    assert (response.status_code, SearchWatch.objects.count()) == (422, 0)
    assert f'value="{typed["email"]}"' in response.content.decode() or not typed["email"]


def test_robots_are_slowed_and_write_to_nobody(client, settings):
    assert ask(client, website="http://x").status_code == 302
    assert SearchWatch.objects.count() == 0
    codes = [ask(client, email=f"a{n}@nha-dau-tu.example").status_code for n in range(25)]
    assert codes[-1] == 422
    assert SearchWatch.objects.count() == codes.count(302)


def test_never_confirmed_is_forgotten(client):
    ask(client)
    assert watches.sweep(at=timezone.now() + timedelta(days=6)) == 0
    assert watches.sweep(at=timezone.now() + timedelta(days=8)) == 1
    assert (SearchWatch.objects.count(), Notice.objects.count()) == (0, 0)


def test_page_of_the_search_leads_to_its_letters(client, make_plot):
    make_plot("CN-01")
    address = "/theo-doi-tim/?q=max_area%3D30"
    assert address in client.get("/quy-dat/?max_area=30").content.decode()
    assert "max_area%3D1" in client.get("/quy-dat/?max_area=1").content.decode()


def test_land_keepers_read_who_follows_what(client, watch, staff):
    client.force_login(staff("land"))
    page = client.get("/admin/zones/searchwatch/").content.decode()
    assert (EMAIL in page, "Diện tích từ 3" in page) == (True, True)
