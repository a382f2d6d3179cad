"""The public pages of enquiries: the form from every page of the land, robots, replay, and the secret page."""

import re
import time
from datetime import timedelta
from decimal import Decimal
from urllib.parse import quote

import pytest
from django.urls import reverse
from django.utils import timezone

from izportal import correspondence
from izportal.correspondence import forms
from izportal.models import Rule
from tests import factories
from tests.zones.enquiring import ask, reply, ticket, typed
from zones import enquiries
from zones.enquiries import snapshot
from zones.models import Enquiry

pytestmark = pytest.mark.django_db
NEW = "/hoi-dat/"


def page_of(enquiry, name="enquiry_detail"):
    return reverse(f"zones:{name}", args=[correspondence.token_of(enquiry)])


def errors_of(response):
    return [error for errors in response.context["form"].errors.values() for error in errors]


@pytest.fixture
def asked(db):
    return ask(at=timezone.now())


# From where ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "page", ["/quy-dat/", "/quy-dat/?q=khong-co", "/quy-dat/SC2-CN-05/", "/khu-cong-nghiep/song-cong-2/"]
)
def test_pages_of_the_land_lead_to_the_form(client, make_plot, page):
    make_plot()
    address = re.search(r'href="(/hoi-dat/\?from=[^"]+)"', client.get(page).content.decode()).group(1)
    response = client.get(address.replace("&amp;", "&"))
    assert (response.status_code, response.context["origin"].trouble) == (200, "")


def test_enquiry_about_a_plot_freezes_what_was_seen(client, make_plot):
    plot = make_plot(price=92, price_currency="USD", price_basis="m2_term", price_on="2026-01-01")
    response = client.post(f"{NEW}?from=plot&plot=sc2-cn-05", typed())
    enquiry = Enquiry.objects.get()
    assert response.url == page_of(enquiry)
    plot.price = 100
    plot.save()
    seen = dict(snapshot.lines(Enquiry.objects.get().seen))
    assert (enquiry.plot, enquiry.origin, seen["Tình trạng"], seen["Giá"]) == (
        plot, "plot", "Còn trống", "92 USD mỗi m² cả thời hạn",
    )  # fmt: skip
    assert "92 USD mỗi m² cả thời hạn" in client.get(response.url).content.decode()


def test_enquiry_from_a_search_keeps_its_result(client, make_plot):
    make_plot()
    make_plot("CN-06", area_m2=5000)
    address = f"{NEW}?from=search&q={quote('min_area=1,5&kind=land')}"
    assert 'value="1,5"' in client.get(address).content.decode()
    client.post(address, typed())
    seen = Enquiry.objects.get().seen
    assert (seen["total"], [plot["code"] for plot in seen["plots"]]) == (1, ["SC2-CN-05"])


def test_enquiry_from_a_zone_goes_to_its_keeper(client, make_plot, staff):
    make_plot()
    keeper = staff("land", zones=["SC2"])
    client.post(f"{NEW}?from=zone&zone=song-cong-2", typed())
    enquiry = Enquiry.objects.get()
    seen = enquiry.seen
    assert (enquiry.owner, seen["free_plots"], Decimal(seen["free_m2"])) == (keeper, 1, 65000)


def test_need_is_filled_in(client):
    page = client.get(f"{NEW}?from=need&kind=factory&min_area=5&water=10000&height=20&on=30/06/2030")
    form = page.context["form"]
    said = [form[name].value() for name in ("kind", "area_from", "water_m3_day", "clear_height_m", "needed_on")]
    assert said == ["factory", "5", "10000", "20", "30/06/2030"]


BAD = {
    "from=plot&plot=KHONG": "Không có lô “KHONG” trong quỹ đất.",
    "from=plot": "Không có lô “”",
    "from=plot&plot=%00": "Không có lô",
    "from=zone&zone=atlantis": "Không có khu công nghiệp “atlantis”.",
    "from=search&q=min_area%3Dabc": "Không đọc được bộ lọc",
    "from=search&q=" + "a" * 3000: "Không đọc được bộ lọc",
    "from=mars": "không nói rõ bạn hỏi từ trang nào",
}


@pytest.mark.parametrize("query", BAD)
def test_bad_address_is_told_and_the_form_still_works(client, query):
    assert BAD[query] in client.get(f"{NEW}?{query}").content.decode()
    assert client.post(f"{NEW}?{query}", typed()).status_code == 302
    assert Enquiry.objects.get().origin == "need"


def test_unpublished_plot_is_not_there(client, make_plot):
    make_plot(is_published=False)
    assert "Không có lô" in client.get(f"{NEW}?from=plot&plot=SC2-CN-05").content.decode()


# What is wrong ------------------------------------------------------------------------------------
WRONG = {
    "name": ("", "Trường này là bắt buộc."),
    "email": ("kim", "Nhập một địa chỉ thư điện tử hợp lệ."),
    "consent": ("", "Ban chỉ nhận yêu cầu khi bạn đồng ý."),
    "area_to": ("4", "Diện tích đến phải lớn hơn hoặc bằng diện tích từ."),
    "water_m3_day": ("nhiều", "“nhiều” không phải là số."),
    "power_kva": ("-5", "Không ghi số âm."),
    "needed_on": ("01/01/2020", "Ngày này đã qua"),
    "language": ("xx", "Hãy chọn một lựa chọn hợp lệ."),
    "note": ("\x00", "rỗng"),
    "website": ("http://spam.example", "ô ẩn phải để trống"),
    "ticket": ("giả", "Trang này đã cũ."),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_value_is_told_and_nothing_typed_is_lost(client, name):
    value, _sentence = WRONG[name]
    response = client.post(NEW, typed(**{name: value, "organisation": "Công ty Giữ Lại"}))
    assert (response.status_code, Enquiry.objects.count(), len(errors_of(response))) == (422, 0, 1)
    assert "Công ty Giữ Lại" in response.content.decode()


@pytest.mark.parametrize("name", ["consent", "area_to", "water_m3_day", "power_kva", "needed_on", "website", "ticket"])
def test_sentence_names_the_cure(client, name):
    value, sentence = WRONG[name]
    assert sentence in errors_of(client.post(NEW, typed(**{name: value})))[0]


def test_empty_question_is_asked_for_something(client):
    blank = dict.fromkeys(("note", "kind", "area_from", "water_m3_day", "wastewater_m3_day"), "")
    assert "Hãy viết điều bạn muốn hỏi" in errors_of(client.post(NEW, typed(**blank)))[0]


def test_too_quick_a_form_goes_through_when_sent_again(client):
    said = typed(ticket=ticket(opened=timedelta()))
    assert "quá nhanh" in errors_of(client.post(NEW, said))[0]
    again = client.post(NEW, {**said, "ticket": ticket()})
    assert (again.status_code, Enquiry.objects.count()) == (302, 1)


def test_form_of_another_key_is_sealed_anew(client):
    page = client.post(NEW, typed(ticket="cũ"))
    assert client.post(NEW, typed(ticket=page.context["form"]["ticket"].value())).status_code == 302


# Robots and replay --------------------------------------------------------------------------------
def test_double_click_and_replay_lead_to_one_enquiry(client):
    said = typed()
    addresses = {client.post(NEW, said).url for _press in range(3)}
    assert addresses == {page_of(Enquiry.objects.get())}


def test_one_address_sends_only_so_many(client):
    Rule.objects.create(code="enquiries_per_hour", name_vi="x", value="2", valid_from="2020-01-01")
    said = typed()
    codes = [client.post(NEW, typed()).status_code for _n in range(1)] + [client.post(NEW, said).status_code]
    refused, replayed = client.post(NEW, typed(note="Còn nguyên")), client.post(NEW, said)
    assert (codes, refused.status_code, replayed.status_code) == ([302, 302], 429, 302)
    assert (Enquiry.objects.count(), "Còn nguyên" in refused.content.decode()) == (2, True)


def test_the_moment_of_opening_cannot_be_forged():
    key, opened = forms.unseal(forms.seal(factories.at("2026-03-03 09:15")))
    assert (len(str(key)), opened) == (36, factories.at("2026-03-03 09:15"))
    assert forms.unseal(f"x{forms.seal(timezone.now())}") == (None, None)


def test_who_is_signed_in_need_not_type_their_address(client, enterprise_user):
    client.force_login(enterprise_user)
    assert client.get(NEW).context["form"]["email"].value() == enterprise_user.email


# The secret page ----------------------------------------------------------------------------------
def test_secret_page_shows_the_replies(client, asked, staff):
    reply(asked, by=staff("land"), at=timezone.now(), text="Còn trống <b>")
    response = client.get(page_of(asked))
    assert "Còn trống &lt;b&gt;" in response.content.decode()
    assert (response["X-Robots-Tag"], "no-store" in response["Cache-Control"]) == (
        "noindex, nofollow, noarchive", True,
    )  # fmt: skip


def test_officers_stay_unnamed_to_the_asker(client, asked, staff):
    officer = staff("land", full_name="Nguyễn Thị Kín Tên")
    reply(asked, by=officer, at=timezone.now())
    assert "Kín Tên" not in client.get(page_of(asked)).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_secret_page_costs_the_same_however_long(client, asked, staff, rows, django_assert_num_queries):
    officer = staff("land")
    for _n in range(rows):
        reply(asked, by=officer, at=timezone.now())
    with django_assert_num_queries(3):
        client.get(page_of(asked))


def test_asker_writes_on_the_page(client, asked):
    said = {"text": "Cần thêm điện", "ticket": ticket()}
    for _press in range(2):
        assert client.post(page_of(asked), said).url == page_of(asked)
    assert [row.text for row in asked.replies.all()] == ["Cần thêm điện"]


def test_closed_enquiry_says_so_and_keeps_what_was_typed(client, asked, staff):
    enquiries.close(asked, outcome="met", note="Xong", by=staff("land"), at=timezone.now())
    response = client.post(page_of(asked), {"text": "Khoan đã", "ticket": ticket()})
    assert (response.status_code, errors_of(response)) == (422, [f"Yêu cầu {asked.reference} đã đóng."])
    assert "Xong" in response.content.decode()


@pytest.mark.parametrize("name", ["enquiry_detail", "enquiry_erase"])
def test_wrong_links_are_all_alike_and_guessing_is_slowed(client, asked, name):
    Rule.objects.create(code="lookup_attempts_per_hour", name_vi="x", value="2", valid_from="2020-01-01")
    true = page_of(asked, name)
    wrong = [true.replace(correspondence.token_of(asked), token) for token in ("x", "é", "y" * 300)]
    assert [client.get(at).status_code for at in wrong] == [404, 404, 429]
    assert client.get(true).status_code == 200


def test_asker_takes_their_data_back(client, asked):
    page = page_of(asked)
    assert client.get(page_of(asked, "enquiry_erase")).status_code == 200
    assert client.post(page_of(asked, "enquiry_erase")).url == NEW
    asked.refresh_from_db()
    assert (asked.email, client.get(page).status_code) == ("", 404)


def test_form_is_light(client, make_plot, django_assert_num_queries):
    make_plot()
    with django_assert_num_queries(5):
        begun = time.perf_counter()
        page = client.get(f"{NEW}?from=plot&plot=SC2-CN-05")
    assert (page.status_code, time.perf_counter() - begun < 1) == (200, True)
