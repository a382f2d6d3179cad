"""The verbs of enquiries: one number, one enquiry, an owner, a term; replies, closing, forgetting."""

import threading
import uuid
from datetime import date, timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone, translation

from izportal import correspondence, outbox
from izportal.models import CalendarDay, Job, Notice, Rule
from tests import factories
from tests.zones.enquiring import ask, reply, unmet
from zones import enquiries
from zones.enquiries import figures
from zones.enquiries.figures import Group
from zones.models import Enquiry, EnquiryReply, UnmetNeed

pytestmark = pytest.mark.django_db
ON = date(2020, 1, 1)


def opened_by(token):
    return correspondence.by_link(Enquiry.objects.all(), token)


@pytest.fixture(autouse=True)
def rules(db):
    for code, value in (("enquiry_answer_days", "5"), ("enquiry_kept_months", "24")):
        Rule.objects.create(code=code, name_vi=code, value=value, valid_from=ON)


@pytest.fixture
def keeper(staff):
    return staff("land")


# Asking -------------------------------------------------------------------------------------------
def test_enquiry_gets_a_number_an_owner_and_a_term(moment, keeper):
    first, second = ask(at=moment), ask(at=moment)
    assert [first.reference, second.reference] == ["YC-2026-0001", "YC-2026-0002"]
    assert (first.owner, first.status, first.due_at) == (keeper, "new", factories.at("2026-03-10 17:00"))


def test_sample_enquiries_have_numbers_of_their_own(moment):
    assert [ask(at=moment, is_sample=True).reference, ask(at=moment).reference] == ["MAU-YC-2026-0001", "YC-2026-0001"]


def test_day_off_moves_the_term(moment):
    CalendarDay.objects.create(day=date(2026, 3, 9), name_vi="Nghỉ")
    assert timezone.localdate(ask(at=moment).due_at) == date(2026, 3, 11)


def test_no_rule_sets_no_term(moment):
    Rule.objects.all().delete()
    assert ask(at=moment).due_at is None


def test_the_same_form_asks_once(moment):
    key = uuid.uuid4()
    first, again = ask(at=moment, form_key=key), ask(at=moment + timedelta(hours=1), form_key=key, note="Khác")
    assert (again, Enquiry.objects.count(), Notice.objects.count()) == (first, 1, 1)
    assert ask(at=moment).reference == "YC-2026-0002"


def test_owner_is_who_keeps_that_zone_then_who_has_least(moment, staff):
    everywhere, here = staff("land"), staff("land", zones=["SC2"])
    staff("land", zones=["YB"])
    staff("land", is_active=False)
    other = staff("land")
    zone = factories.make_zone()
    owners = [ask(at=moment, zone=zone).owner, ask(at=moment).owner, ask(at=moment).owner]
    assert owners == [here, everywhere, other]


def test_letters_go_to_asker_and_owner(moment, keeper, mailoutbox):
    enquiry = ask(at=moment, language="en", zone=factories.make_zone())
    outbox.drain()
    assert [letter.to for letter in mailoutbox] == [["kim@hanil.example"], [keeper.email]]
    with translation.override("en"):
        page = reverse("zones:enquiry_detail", args=[correspondence.token_of(enquiry)])
    assert page.startswith("/en/") and page in mailoutbox[0].body
    assert f"/admin/zones/enquiry/{enquiry.pk}/change/" in mailoutbox[1].body


def test_secret_address_is_kept_nowhere_once_the_letter_is_out(moment, mailoutbox):
    enquiry = ask(at=moment)
    token = correspondence.token_of(enquiry)
    outbox.drain()
    assert (Notice.objects.get().body, token in str(Enquiry.objects.values().get())) == ("", False)
    assert [
        opened_by(token),
        opened_by(token[:-1]),
        opened_by("\ud800"),
    ] == [
        enquiry,
        None,
        None,
    ]


def test_enquiry_stands_while_the_mail_server_is_down(moment, settings):
    settings.EMAIL_BACKEND = "tests.zones.test_enquiries.Down"
    enquiry = ask(at=moment)
    with pytest.raises(ConnectionRefusedError):
        outbox.drain()
    assert (Enquiry.objects.get(), Job.objects.get().state) == (enquiry, Job.State.FAILING)


class Down:
    """A mail server that answers nobody."""

    def __init__(self, *args, **kwargs):
        pass

    def send_messages(self, letters):
        raise ConnectionRefusedError


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_ask_once(moment):
    key, found = uuid.uuid4(), []

    def press():
        found.append(ask(at=moment, form_key=key).reference)
        connection.close()

    presses = [threading.Thread(target=press) for _n in range(4)]
    for one in presses:
        one.start()
    for one in presses:
        one.join()
    assert (found, Enquiry.objects.count()) == (["YC-2026-0001"] * 4, 1)


# Writing ------------------------------------------------------------------------------------------
def test_reply_is_written_once_and_ends_the_term(moment, keeper, mailoutbox):
    enquiry, key, later = ask(at=moment), uuid.uuid4(), moment + timedelta(days=1)
    for _press in range(2):
        enquiries.reply(enquiry, text="Còn trống. {lien_ket}", by=keeper, at=later, form_key=key)
    enquiry.refresh_from_db()
    assert (enquiry.status, enquiry.due_at, enquiry.answered_at) == ("answered", None, later)
    outbox.drain()
    assert ["Còn trống. {lien_ket}" in letter.body for letter in mailoutbox] == [False, False, True]


def test_asker_writes_again_and_a_new_term_begins(moment, keeper):
    enquiry = ask(at=moment)
    reply(enquiry, by=keeper, at=moment)
    later, key = factories.at("2026-03-06 10:00"), uuid.uuid4()
    for _press in range(2):
        enquiries.say(enquiry, text="Cảm ơn", at=later, form_key=key)
    enquiry.refresh_from_db()
    assert (enquiry.status, enquiry.due_at) == ("said", factories.at("2026-03-13 17:00"))
    assert [row.is_from_board for row in enquiry.replies.all()] == [True, False]
    assert Notice.objects.filter(user=keeper, kind="enquiry-said").count() == 1


def test_word_before_the_answer_keeps_the_first_term(moment, keeper):
    enquiry = ask(at=moment)
    enquiries.say(enquiry, text="Thêm", at=moment + timedelta(days=2), form_key=uuid.uuid4())
    enquiry.refresh_from_db()
    assert (enquiry.status, enquiry.due_at) == ("new", factories.at("2026-03-10 17:00"))


def test_closed_enquiry_takes_no_word(moment, keeper):
    enquiry = unmet(by=keeper, at=moment)
    for write in (
        lambda: reply(enquiry, by=keeper, at=moment),
        lambda: enquiries.say(enquiry, text="?", at=moment, form_key=uuid.uuid4()),
        lambda: enquiries.close(enquiry, outcome="met", by=keeper, at=moment),
        lambda: enquiries.assign(enquiry, to=keeper, by=keeper, at=moment),
    ):
        with pytest.raises(enquiries.EnquiryRefused, match="YC-2026-0001 đã đóng"):
            write()
    assert EnquiryReply.objects.count() == 0


@pytest.mark.parametrize(("role", "zones"), [("editor", []), ("leader", []), ("operator", ["YB"]), ("land", ["YB"])])
def test_who_may_not_answer_is_refused(moment, staff, role, zones):
    enquiry = ask(at=moment, zone=factories.make_zone())
    with pytest.raises(enquiries.EnquiryRefused):
        reply(enquiry, by=staff(role, zones=zones), at=moment)


def test_operator_answers_in_their_zone(moment, staff):
    operator = staff("operator", zones=["SC2"])
    enquiry = ask(at=moment, zone=factories.make_zone())
    reply(enquiry, by=operator, at=moment)
    enquiry.refresh_from_db()
    assert enquiry.owner == operator


# Keeping ------------------------------------------------------------------------------------------
def test_enquiry_is_handed_over_and_taken_over(moment, keeper, staff):
    enquiry, other = ask(at=moment), staff("land")
    assert enquiries.assign(enquiry, to=other, by=keeper, at=moment).owner == other
    assert Notice.objects.filter(user=other, kind="enquiry-assigned").count() == 1
    assert enquiries.assign(enquiry, to=keeper, by=keeper, at=moment).owner == keeper
    assert Notice.objects.filter(kind="enquiry-assigned").count() == 1


def test_enquiry_goes_to_nobody_who_may_not_answer_it(moment, keeper, staff):
    enquiry = ask(at=moment, zone=factories.make_zone())
    for person in (staff("editor"), staff("operator", zones=["YB"])):
        with pytest.raises(enquiries.EnquiryRefused, match="không trả lời yêu cầu của khu này"):
            enquiries.assign(enquiry, to=person, by=keeper, at=moment)


def test_operator_hands_nothing_over(moment, keeper, staff):
    enquiry = ask(at=moment, zone=factories.make_zone())
    with pytest.raises(enquiries.EnquiryRefused):
        enquiries.assign(enquiry, to=keeper, by=staff("operator"), at=moment)


def test_closing_tells_the_outcome(moment, keeper, mailoutbox):
    enquiry = unmet(by=keeper, at=moment)
    outbox.drain()
    assert (enquiry.status, enquiry.outcome, enquiry.closed_by) == ("closed", "not_met", keeper)
    assert "Kết quả: Chưa có quỹ đất đáp ứng.\nChưa có lô\n" in mailoutbox[-1].body


def test_silence_of_the_board_is_not_blamed_on_the_asker(moment, keeper):
    enquiry = ask(at=moment)
    with pytest.raises(enquiries.EnquiryRefused, match="Đang chờ Ban trả lời"):
        enquiries.close(enquiry, outcome="no_answer", by=keeper, at=moment)


# Time ---------------------------------------------------------------------------------------------
def test_owner_is_reminded_once_for_each_term(moment, keeper):
    enquiry = ask(at=moment)
    days = ("2026-03-09 08:00", "2026-03-10 08:00", "2026-03-10 20:00", "2026-03-11 08:00")
    assert [enquiries.remind(at=factories.at(day)) for day in days] == [0, 1, 0, 0]
    assert list(Enquiry.objects.overdue(at=factories.at(days[1]))) == []
    assert list(Enquiry.objects.overdue(at=factories.at(days[3]))) == [enquiry]


def test_answered_enquiry_is_not_late(moment, keeper):
    reply(ask(at=moment), by=keeper, at=moment)
    assert (enquiries.remind(at=moment + timedelta(days=30)), Enquiry.objects.overdue(at=timezone.now()).count()) == (
        0,
        0,
    )


def test_asker_is_forgotten_when_the_time_is_over(moment, keeper):
    enquiry = unmet(by=keeper, at=moment)
    ask(at=moment)
    ends = (factories.at("2028-03-03 12:00"), factories.at("2028-03-04 00:01"), factories.at("2028-03-05 00:01"))
    assert [enquiries.sweep(at=at) for at in ends] == [0, 1, 0]
    enquiry.refresh_from_db()
    assert (enquiry.name, enquiry.email, enquiry.note, enquiry.outcome) == ("", "", "", "not_met")


# Forgetting ---------------------------------------------------------------------------------------
def test_erasing_takes_every_word_and_leaves_the_need(moment, keeper):
    enquiry = ask(at=moment)
    Enquiry.objects.update(seen={"what": "search", "query": "q=Kim"})
    reply(enquiry, by=keeper, at=moment)
    token = correspondence.token_of(enquiry)
    enquiries.erase(enquiry, at=moment)
    enquiry.refresh_from_db()
    left = [getattr(enquiry, name) for name in (*correspondence.WRITER, *enquiries.WORDS)]
    assert (set(left), enquiry.status, enquiry.kind, enquiry.area_from) == ({""}, "closed", "land", 5)
    assert (enquiry.replies.count(), opened_by(token), enquiry.seen) == (
        0,
        None,
        {"what": "search"},
    )
    assert set(Notice.objects.values_list("email", flat=True)) == {keeper.email}
    assert enquiries.erase(enquiry, at=moment).erased_at == moment


# Figures ------------------------------------------------------------------------------------------
def test_pace_is_the_median_of_working_days(moment, keeper):
    for day in ("2026-03-04", "2026-03-06", "2026-03-09"):
        reply(ask(at=moment), by=keeper, at=factories.at(f"{day} 10:00"))
    ask(at=moment)
    reply(ask(at=factories.at("2025-01-02 10:00")), by=keeper, at=factories.at("2025-01-03 10:00"))
    told = figures.pace(at=factories.at("2026-04-01 10:00"))
    assert (told.count, told.days, told.since, told.until) == (3, 3, date(2025, 4, 1), date(2026, 4, 1))


def test_pace_counts_sample_only_where_nothing_is_real(moment, keeper):
    reply(ask(at=moment, is_sample=True), by=keeper, at=moment)
    assert (figures.pace(at=moment).count, figures.pace(at=moment).is_sample) == (1, True)
    ask(at=moment)
    assert figures.pace(at=moment).count == 0


def test_unmet_needs_are_grouped_by_what_was_wanted(moment, keeper):
    zone = factories.make_zone()
    for said in ({"area_from": 5}, {"area_from": 60000, "area_unit": "m2"}, {"area_from": 12, "zone": zone}):
        unmet(by=keeper, at=moment, **said)
    unmet(by=keeper, at=moment, area_from=None, kind="")
    ask(at=moment)
    assert figures.needs(UnmetNeed.objects.unmet().select_related("zone")) == [
        Group("Đất công nghiệp", "Từ 5 đến dưới 10 ha", "", 2, 50000, 60000),
        Group("Chưa rõ loại", "Chưa rõ diện tích", "", 1, None, None),
        Group("Đất công nghiệp", "Từ 10 ha", "Sông Công II", 1, 120000, 120000),
    ]
