"""Who stands by a listing: words that are kept, one letter for each operator, one link that is used once."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from izportal.models import Notice, Rule
from tests import factories
from zones import confirmation, freshness
from zones.confirmation import Answer
from zones.models import Confirmation, ConfirmationLetter, Plot

pytestmark = pytest.mark.django_db
AT = factories.at("2026-11-27 08:00")
OLD = date(2026, 8, 1)


@pytest.fixture
def rules():
    for code, days in ((freshness.AGEING, 90), (freshness.STALE, 180), ("listing_link_days", 30)):
        Rule.objects.create(code=code, name_vi=code, value=days, valid_from=date(2020, 1, 1))


@pytest.fixture
def operator(staff):
    return staff("operator", zones=["SC2"])


@pytest.fixture
def plots(make_plot):
    return [make_plot(number, confirmed_on=OLD) for number in ("CN-01", "CN-02")]


@pytest.fixture
def letter(rules, operator, plots):
    """A letter of this moment: its page asks the clock of the machine."""
    for plot in plots:
        Plot.objects.filter(pk=plot.pk).update(confirmed_on=timezone.localdate() - timedelta(days=100))
    assert confirmation.ask(at=timezone.now()) == 1
    return ConfirmationLetter.objects.get()


def address(letter):
    return reverse("zones:listing_confirm", args=[confirmation.link_of(letter)])


# Words --------------------------------------------------------------------------------------------
def test_confirmed_plot_is_fresh_and_the_word_kept(staff, plots):
    keeper = staff("land")
    word = confirmation.confirm(plot=plots[0], by=keeper, at=AT)
    plot = Plot.objects.get(pk=plots[0].pk)
    assert (plot.confirmed_on, plot.confirmed_by) == (date(2026, 11, 27), keeper)
    assert (word.word, word.said_on, word.by, word.note) == ("right", date(2026, 11, 27), keeper, "")


def test_change_leaves_the_listing_as_it_is_until_somebody_confirms(staff, plots):
    keeper = staff("land")
    confirmation.tell_change(plot=plots[0], note=" Đã hạ giá ", by=keeper, at=AT)
    assert Plot.objects.get(pk=plots[0].pk).confirmed_on == OLD
    assert [plot.number for plot in confirmation.changed(Plot.objects.all())] == ["CN-01"]
    confirmation.confirm(plot=plots[0], by=keeper, at=AT + timedelta(minutes=1))
    assert not confirmation.changed(Plot.objects.all()).exists()


def test_change_without_words_is_refused(staff, plots):
    with pytest.raises(confirmation.WordRefused):
        confirmation.tell_change(plot=plots[0], note="  ", by=staff("land"), at=AT)
    assert not Confirmation.objects.exists()


@pytest.mark.parametrize("deed", [lambda rows: rows.update(note="khác"), lambda rows: rows.delete()])
def test_database_keeps_every_word(staff, plots, deed):
    confirmation.confirm(plot=plots[0], by=staff("land"), at=AT)
    with pytest.raises(DatabaseError), transaction.atomic():
        deed(Confirmation.objects.all())
    assert Confirmation.objects.get().note == ""


# Letters ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("days", "letters"), [(90, 0), (91, 1), (181, 1)])
def test_operator_is_asked_when_a_listing_ages(rules, operator, make_plot, days, letters):
    make_plot("CN-01", confirmed_on=date(2026, 11, 27) - timedelta(days=days))
    assert confirmation.ask(at=AT) == letters
    assert Notice.objects.filter(user=operator, kind="listing-link").count() == letters


def test_one_letter_names_every_old_listing_of_the_zones(rules, operator, plots, make_plot):
    other = factories.make_zone("yen-binh", "YB", "Yên Bình")
    make_plot("CN-01", zone=other, confirmed_on=OLD)
    make_plot("CN-03", confirmed_on=OLD, is_published=False)
    make_plot("CN-04", confirmed_on=OLD, status="leased", held_for="9800000001")
    assert confirmation.ask(at=AT) == 1
    assert [plot.code for plot in ConfirmationLetter.objects.get().plots.all()] == ["SC2-CN-01", "SC2-CN-02"]
    body = Notice.objects.get().body
    assert ("SC2-CN-01 · Sông Công II" in body, "YB-CN-01" in body) == (True, False)
    assert confirmation.link_of(ConfirmationLetter.objects.get()) in body


def test_nothing_is_asked_twice_while_the_link_lasts(rules, operator, plots, make_plot):
    moments = (AT, AT, AT + timedelta(days=29))
    assert [confirmation.ask(at=moment) for moment in moments] == [1, 0, 0]
    make_plot("CN-03", confirmed_on=OLD)
    assert confirmation.ask(at=AT + timedelta(days=1)) == 1
    assert [plot.number for plot in ConfirmationLetter.objects.latest("pk").plots.all()] == ["CN-03"]
    assert confirmation.ask(at=AT + timedelta(days=31)) == 1


def test_told_change_is_not_asked_about_again(rules, operator, plots):
    confirmation.tell_change(plot=plots[0], note="Đã thuê", by=operator, at=AT)
    confirmation.ask(at=AT)
    assert [plot.number for plot in ConfirmationLetter.objects.get().plots.all()] == ["CN-02"]


def test_tick_writes_the_letters_once(rules, operator, make_plot):
    make_plot("CN-01", confirmed_on=timezone.localdate() - timedelta(days=91))
    for told in (True, False):
        out = StringIO()
        call_command("tick", stdout=out)
        assert ("Gửi 1 thư xin xác nhận thông tin lô." in out.getvalue()) == told


# The link -----------------------------------------------------------------------------------------
def test_link_shows_those_listings_alone(client, letter, make_plot):
    make_plot("CN-09")
    response = client.get(address(letter))
    page = response.content.decode()
    assert ("SC2-CN-01" in page, "SC2-CN-02" in page, "SC2-CN-09" in page) == (True, True, False)
    assert (response["Referrer-Policy"], "no-store" in response["Cache-Control"]) == ("no-referrer", True)


def test_answer_is_taken_and_the_change_told_to_the_land_keeper(client, letter, plots, operator, staff):
    keeper, elsewhere = staff("land"), staff("land", zones=["YB"])
    first, second = plots
    sent = {f"word_{first.pk}": "right", f"word_{second.pk}": "changed", f"note_{second.pk}": "Giá nay 95 USD"}
    assert client.post(address(letter), sent).url == "/xac-nhan-lo/da-nhan/"
    first.refresh_from_db()
    assert (first.confirmed_on, first.confirmed_by) == (timezone.localdate(), operator)
    said = Confirmation.objects.order_by("plot").values_list("plot", "word", "note", "by", "letter")
    assert list(said) == [
        (first.pk, "right", "", operator.pk, letter.pk),
        (second.pk, "changed", "Giá nay 95 USD", operator.pk, letter.pk),
    ]  # fmt: skip
    told = Notice.objects.filter(kind="listing-changed")
    assert ([notice.user for notice in told], "SC2-CN-02: Giá nay 95 USD" in told[0].body) == ([keeper], True)
    assert elsewhere not in [notice.user for notice in told]


def test_unanswered_listing_stays_waiting(client, letter, plots):
    client.post(address(letter), {f"word_{plots[0].pk}": "right"})
    assert [plot.number for plot in Plot.objects.waiting_for_word(on=timezone.localdate())] == ["CN-02"]


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Hãy trả lời ít nhất một lô."),
        ({"word": "changed"}, "Hãy ghi điều đã thay đổi."),
        ({"note": "Giá mới"}, "Bạn đã ghi thay đổi"),
        ({"word": "maybe"}, "maybe"),
    ],
)
def test_wrong_answer_is_told_and_nothing_lost(client, letter, plots, sent, sentence):
    response = client.post(address(letter), {f"{name}_{plots[0].pk}": value for name, value in sent.items()})
    page = response.content.decode()
    assert (response.status_code, sentence in page, sent.get("note", "") in page) == (200, True, True)
    assert not Confirmation.objects.exists()
    assert client.get(address(letter)).status_code == 200


def test_used_expired_and_strange_links_look_the_same(client, letter, plots):
    strange = client.get("/xac-nhan-lo/khong-co/")
    client.post(address(letter), {f"word_{plots[0].pk}": "right"})
    used = client.get(address(letter))
    ConfirmationLetter.objects.update(used_at=None, link_until=timezone.now() - timedelta(seconds=1))
    expired = client.get(address(letter))
    assert [page.status_code for page in (strange, used, expired)] == [404] * 3
    texts = {
        page.content.decode().replace(confirmation.link_of(letter), "khong-co") for page in (strange, used, expired)
    }
    assert len(texts) == 1


def test_link_of_somebody_who_is_no_operator_any_more_is_gone(client, letter, operator):
    operator.groups.clear()
    assert client.get(address(letter)).status_code == 404


def test_form_sent_twice_gets_the_same_receipt_and_one_word(client, letter, plots):
    sent = {f"word_{plots[0].pk}": "right"}
    answers = [client.post(address(letter), sent) for _n in range(2)]
    assert [response.url for response in answers] == ["/xac-nhan-lo/da-nhan/"] * 2
    assert Confirmation.objects.count() == 1
    other = client.post(address(letter), {f"word_{plots[1].pk}": "changed", f"note_{plots[1].pk}": "Đã có người thuê"})
    assert (other.status_code, "Đã có người thuê" in other.content.decode()) == (404, True)


def test_second_of_two_answers_is_refused(letter, plots):
    confirmation.answer(letter, [Answer(plots[0], "right")], at=timezone.now())
    with pytest.raises(confirmation.WordRefused):
        confirmation.answer(letter, [Answer(plots[1], "right")], at=timezone.now())


def test_listing_confirmed_meanwhile_is_not_asked(client, letter, plots, staff):
    confirmation.confirm(plot=plots[0], by=staff("land"), at=timezone.now())
    page = client.get(address(letter)).content.decode()
    assert ("SC2-CN-01" in page, "SC2-CN-02" in page) == (False, True)


def test_page_takes_the_same_queries_for_any_number_of_listings(client, letter, make_plot, django_assert_num_queries):
    for number in ("CN-03", "CN-04", "CN-05"):
        letter.plots.add(make_plot(number))
    with django_assert_num_queries(3):
        assert client.get(address(letter)).content.decode().count("<section") == 5


def test_letter_leads_to_the_page_in_the_language_of_its_reader(client, rules, staff, plots):
    staff("operator", language="en")
    confirmation.ask(at=timezone.now())
    page = next(word for word in Notice.objects.get().body.split() if word.startswith("http"))
    response = client.get(page.removeprefix(settings.SITE_URL))
    assert ("/en/" in page, response.status_code, response["Content-Language"]) == (True, 200, "en")
