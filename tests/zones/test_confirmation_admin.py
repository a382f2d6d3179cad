"""The land keeper's desk and list: what waits for a word, several confirmed at once, what keeps a plot unpublished."""

from datetime import date, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from izportal.models import Rule
from tests import factories
from zones import confirmation, freshness
from zones.models import Confirmation, Plot

pytestmark = pytest.mark.django_db
LIST = "/admin/zones/plot/"


def said(days):
    return timezone.localdate() - timedelta(days=days)


@pytest.fixture
def rules():
    for code, days in ((freshness.AGEING, 90), (freshness.STALE, 180)):
        Rule.objects.create(code=code, name_vi=code, value=days, valid_from=date(2020, 1, 1))


@pytest.fixture
def keeper(client, staff):
    person = staff("land")
    client.force_login(person)
    return person


@pytest.fixture
def plots(rules, make_plot):
    """Fresh, ageing, stale; one let for good and one of another zone, both without a word."""
    yen_binh = factories.make_zone("yen-binh", "YB", "Yên Bình")
    make_plot("CN-04", status="leased", held_for="9800000001", confirmed_on=None)
    make_plot("CN-05", zone=yen_binh, confirmed_on=None)
    return [make_plot(f"CN-0{n}", confirmed_on=said(days)) for n, days in enumerate((10, 91, 181), start=1)]


def numbers(client, query):
    return sorted(plot.code for plot in client.get(f"{LIST}?{query}").context["cl"].result_list)


def test_list_is_narrowed_by_the_age_of_the_word(client, keeper, plots):
    assert numbers(client, "word=ageing") == ["SC2-CN-02"]
    assert numbers(client, "word=stale") == ["SC2-CN-03", "YB-CN-05"]


def test_list_is_narrowed_to_told_changes(client, keeper, plots):
    confirmation.tell_change(plot=plots[0], note="Đã hạ giá", by=keeper, at=timezone.now())
    assert numbers(client, "word=changed") == ["SC2-CN-01"]


def test_list_is_narrowed_by_what_is_missing(client, keeper, make_plot):
    make_plot("CN-01", price=0, price_currency="USD", price_basis="m2_term", price_on=said(1))
    make_plot("CN-02", description_vi="Gần cổng")
    make_plot("CN-03", description_vi="Gần cổng", is_published=False)
    assert numbers(client, "missing=any") == ["SC2-CN-01", "SC2-CN-02"]
    assert numbers(client, "missing=price") == ["SC2-CN-01"]
    assert numbers(client, "missing=english") == ["SC2-CN-02", "SC2-CN-03"]


def test_page_of_a_plot_says_what_is_missing_and_who_mends_it(client, keeper, make_plot):
    lacking, whole = make_plot("CN-01", description_vi="Gần cổng", is_published=False), make_plot("CN-02")
    page = client.get(f"{LIST}{lacking.pk}/change/")
    assert page.context["not_public"] == [
        "Ô “Công bố” chưa được chọn.",
        "Mô tả chưa có bản tiếng Anh, nên trang tiếng Anh thiếu nội dung. Người sửa được: Cán bộ quỹ đất, Đơn vị vận "
        "hành khu.",
    ]
    assert "Chưa hiện trên cổng, vì:" in page.content.decode()
    assert client.get(f"{LIST}{whole.pk}/change/").context["not_public"] == []


# Several at once ----------------------------------------------------------------------------------
def choose(client, plots):
    return client.post(LIST, {"action": "confirm_chosen", "_selected_action": [plot.pk for plot in plots]})


def test_several_plots_are_confirmed_on_one_page(client, keeper, plots):
    address = choose(client, plots[1:]).url
    page = client.get(address).content.decode()
    assert ("CN-01" in page, "CN-02" in page, "CN-03" in page, "Xác nhận 2 lô" in page) == (False, True, True, True)
    assert client.post(address).url == LIST
    found = Plot.objects.filter(confirmed_on=timezone.localdate(), confirmed_by=keeper)
    assert sorted(plot.number for plot in found) == ["CN-02", "CN-03"]
    assert (Confirmation.objects.filter(word="right", by=keeper).count(), LogEntry.objects.count()) == (2, 2)


def test_plots_confirmed_today_are_not_confirmed_again(client, keeper, plots):
    address = choose(client, plots[1:]).url
    client.post(address)
    client.post(address)
    assert Confirmation.objects.count() == 2


def test_operator_confirms_the_plots_of_their_zones_alone(client, staff, plots):
    client.force_login(staff("operator", zones=["YB"]))
    keys = ",".join(str(plot.pk) for plot in Plot.objects.all())
    address = f"{reverse('admin:zones_plot_confirm_chosen')}?plots={keys}"
    assert [plot.code for plot in client.get(address).context["plots"]] == ["YB-CN-05"]
    client.post(address)
    assert [word.plot.code for word in Confirmation.objects.all()] == ["YB-CN-05"]


def test_others_may_not_confirm(client, staff, plots):
    client.force_login(staff("specialist"))
    address = f"{reverse('admin:zones_plot_confirm_chosen')}?plots={plots[1].pk}"
    assert (client.get(address).status_code, client.post(address).status_code) == (403, 403)
    assert "confirm_chosen" not in client.get(LIST).content.decode()


@pytest.mark.parametrize("keys", ["", "x", "99999", "1,,2;3"])
def test_strange_choice_leads_back_to_the_list(client, keeper, keys):
    assert client.get(f"{reverse('admin:zones_plot_confirm_chosen')}?plots={keys}").url == LIST


# The desk -----------------------------------------------------------------------------------------
NOTHING = {"incomplete": 0, "untotalled": 0, "asked": 0, "late": 0}


def heaps(client):
    return client.get("/admin/").context["of_land"]


def test_desk_counts_what_waits_for_a_word(client, keeper, plots):
    confirmation.tell_change(plot=plots[0], note="Đã hạ giá", by=keeper, at=timezone.now())
    assert heaps(client) == {"stale": 2, "ageing": 1, "changed": 1, **NOTHING}


def test_desk_of_an_operator_counts_their_zones(client, staff, plots):
    client.force_login(staff("operator", zones=["YB"]))
    assert heaps(client) == {"stale": 1, "ageing": 0, "changed": 0, **NOTHING}
    assert "?word=stale" in client.get("/admin/").content.decode()


def test_desk_of_others_shows_nothing_of_it(client, staff, plots):
    client.force_login(staff("reception"))
    assert "?word=stale" not in client.get("/admin/").content.decode()
