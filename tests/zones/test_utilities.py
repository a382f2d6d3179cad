"""What a zone has left of power, water and discharge on a date: capacity less what is promised by then."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from tests import factories
from zones import utilities
from zones.models import Utility, UtilityCapacity, UtilityCommitment

pytestmark = pytest.mark.django_db
DAY = date(2027, 1, 1)


def capacity(zone, amount, *, on=date(2020, 1, 1), kind=Utility.WATER, **fields):
    fields = {"source": "QĐ 1", "stated_on": date(2026, 6, 30), **fields}
    return UtilityCapacity.objects.create(zone=zone, kind=kind, amount=amount, effective_on=on, **fields)


def promise(zone, amount, *, on=date(2020, 1, 1), kind=Utility.WATER, **fields):
    fields = {"source": "Sổ hợp đồng", "stated_on": date(2026, 7, 31), **fields}
    return UtilityCommitment.objects.create(zone=zone, kind=kind, amount=amount, effective_on=on, **fields)


def left(zone, on=DAY, kind=Utility.WATER):
    return utilities.remaining(zone, kind, on=on)


def test_capacity_alone_says_nothing_of_what_is_left(zone):
    capacity(zone, 40000)
    found = left(zone)
    assert (found.capacity, found.committed, found.amount) == (40000, None, None)
    promise(zone, 300)  # one contract is not all contracts
    assert left(zone).amount is None


def test_total_makes_the_rest_known(zone):
    capacity(zone, 40000)
    promise(zone, 25000, is_total=True, on=date(2026, 7, 1))
    assert left(zone).amount == 15000
    assert left(zone, on=date(2026, 6, 30)).amount is None  # the total speaks of no earlier day


def test_nothing_in_the_books_is_unknown(zone):
    promise(zone, 0, is_total=True)
    assert left(zone) == utilities.Remaining(Utility.WATER, DAY, committed=Decimal(0), parts=left(zone).parts)
    assert left(zone).amount is None


def test_capacity_counts_from_its_day_to_its_last_day(zone):
    promise(zone, 0, is_total=True)
    capacity(zone, 10000, ends_on=date(2026, 12, 31))
    capacity(zone, 30000, on=date(2027, 1, 1))
    days = [date(2019, 12, 31), date(2026, 12, 31), date(2027, 1, 1)]
    assert [left(zone, day).amount for day in days] == [None, 10000, 30000]


def test_promises_after_the_total_come_on_top(zone):
    capacity(zone, 10000)
    promise(zone, 4000, is_total=True, on=date(2026, 7, 1))
    promise(zone, 1000, on=date(2026, 6, 1))  # stood on the day of the total: is in it
    promise(zone, 2000, on=date(2026, 9, 1), ends_on=date(2027, 3, 31))
    days = [date(2026, 7, 1), date(2026, 9, 1), date(2027, 3, 31), date(2027, 4, 1)]
    assert [left(zone, day).amount for day in days] == [6000, 4000, 4000, 6000]


def test_promise_that_lapses_gives_back_what_the_total_took(zone):
    capacity(zone, 10000)
    promise(zone, 4000, is_total=True, on=date(2026, 7, 1))
    promise(zone, 1500, on=date(2022, 1, 1), ends_on=date(2026, 12, 31))
    promise(zone, 900, on=date(2020, 1, 1), ends_on=date(2026, 6, 30))  # had lapsed before: never in the total
    assert [left(zone, day).amount for day in (date(2026, 12, 31), DAY)] == [6000, 7500]
    assert [part.amount for part in left(zone).parts] == [10000, -4000, 1500]


def test_last_total_stands_for_all_before_it(zone):
    capacity(zone, 10000)
    promise(zone, 4000, is_total=True, on=date(2026, 1, 1))
    promise(zone, 1000, on=date(2026, 2, 1))
    promise(zone, 7000, is_total=True, on=date(2026, 7, 1))
    assert left(zone).amount == 3000


def test_more_may_be_promised_than_there_is(zone):
    capacity(zone, 1000)
    promise(zone, 1200, is_total=True)
    assert left(zone).amount == -200


def test_sample_rows_count_only_while_there_are_no_real_ones(zone):
    capacity(zone, 9000, is_sample=True)
    promise(zone, 1000, is_total=True, is_sample=True)
    assert (left(zone).amount, left(zone).is_sample) == (8000, True)
    capacity(zone, 500)
    assert (left(zone).capacity, left(zone).amount, left(zone).is_sample) == (500, None, False)


def test_sample_rows_name_their_source_in_the_readers_language(zone):
    capacity(zone, 9000, is_sample=True, source="Dữ liệu mẫu")
    assert left(zone).sources == ["Dữ liệu mẫu"]
    with translation.override("en"):
        assert left(zone).sources == ["Sample data"]


def test_sources_and_the_oldest_word_are_told(zone):
    capacity(zone, 9000)
    promise(zone, 1000, is_total=True)
    assert (left(zone).sources, left(zone).stated_on) == (["QĐ 1", "Sổ hợp đồng"], date(2026, 6, 30))


def test_kinds_and_zones_are_kept_apart_by_two_queries(zone, django_assert_num_queries):
    other = factories.make_zone("yen-binh", "YB", "Yên Bình")
    for place, kind, amount in ((zone, Utility.POWER, 700), (other, Utility.WATER, 90)):
        capacity(place, amount, kind=kind)
        promise(place, 0, kind=kind, is_total=True)
    with django_assert_num_queries(2):
        found = utilities.by_zone([zone, other], on=DAY)
    known = {key: left.amount for key, left in found.items() if left.amount is not None}
    assert known == {(zone.pk, "power"): 700, (other.pk, "water"): 90}
    assert len(found) == 6


@pytest.mark.parametrize(
    "wrong", [{"amount": -1}, {"ends_on": date(2019, 1, 1)}, {"is_total": True, "held_for": "DA-1"}]
)
def test_database_refuses_a_senseless_promise(zone, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        promise(zone, **{"amount": 5, **wrong})


def test_operator_keeps_the_networks_of_their_zone_only(client, zone):
    other = factories.make_zone("yen-binh", "YB", "Yên Bình")
    own, theirs = capacity(zone, 5), capacity(other, 6)
    client.force_login(factories.make_staff("operator", zones=["SC2"]))
    page = client.get(reverse("admin:zones_utilitycapacity_changelist"))
    assert list(page.context["cl"].queryset) == [own]
    assert client.get(reverse("admin:zones_utilitycapacity_change", args=[theirs.pk])).status_code in (302, 404)


def test_land_keeper_records_a_total(client, zone):
    client.force_login(factories.make_staff("land"))
    sent = {
        "zone": zone.pk, "kind": "water", "is_total": "on", "amount": "25000", "effective_on": "01/07/2026",
        "source": "Báo cáo của đơn vị vận hành", "stated_on": "01/07/2026", "plot": "", "held_for": "", "note": "",
    }  # fmt: skip
    answer = client.post(reverse("admin:zones_utilitycommitment_add"), sent)
    assert answer.status_code == 302
    row = UtilityCommitment.objects.get()
    assert (row.zone, row.amount, row.is_total, row.effective_on) == (zone, 25000, True, date(2026, 7, 1))


def test_phase_and_plot_must_lie_in_the_zone(client, zone):
    other = factories.make_zone("yen-binh", "YB", "Yên Bình")
    plot = factories.make_plot(zone=other)
    client.force_login(factories.make_staff("land"))
    sent = {
        "zone": zone.pk, "kind": "water", "amount": "25", "effective_on": "01/07/2026", "source": "Hợp đồng",
        "stated_on": "01/07/2026", "plot": plot.pk,
    }  # fmt: skip
    form = client.post(reverse("admin:zones_utilitycommitment_add"), sent).context["adminform"].form
    assert form.errors == {"plot": ["Lô này thuộc khu công nghiệp khác."]}


# What the land keeper is told ---------------------------------------------------------------------
def test_zones_without_a_total_wait_on_the_desk(client, zone):
    known = factories.make_zone("yen-binh", "YB", "Yên Bình")
    capacity(zone, 40000)
    capacity(zone, 9000, kind=Utility.POWER)
    promise(zone, 300)  # one contract is no total
    capacity(known, 20000)
    promise(known, 0, is_total=True)
    client.force_login(factories.make_staff("land"))
    page = client.get("/admin/")
    assert (page.context["of_land"]["untotalled"], "utilitycapacity/?total=none" in page.content.decode()) == (1, True)
    shown = client.get(reverse("admin:zones_utilitycapacity_changelist"), {"total": "none"}).context["cl"].queryset
    assert sorted((row.zone_id, row.kind) for row in shown) == [(zone.pk, "power"), (zone.pk, "water")]


def test_operator_is_told_of_their_own_zones_alone(client, zone):
    capacity(zone, 40000)
    client.force_login(factories.make_staff("operator", zones=["YB"]))
    assert client.get("/admin/").context["of_land"]["untotalled"] == 0


@pytest.mark.parametrize(
    ("rows", "waiting"),
    [
        ([{}], 1),
        ([{"on": date(2027, 1, 2)}], 0),
        ([{"ends_on": date(2026, 12, 31)}], 0),
        ([{"is_sample": True}, {}], 1),
    ],
)
def test_only_capacities_that_count_on_the_day_wait_for_a_total(zone, rows, waiting):
    for row in rows:
        capacity(zone, 40000, **row)
    assert utilities.without_total(UtilityCapacity.objects.all(), on=DAY).count() == waiting


def test_total_of_a_later_day_tells_nothing_yet(zone):
    row = capacity(zone, 40000)
    promise(zone, 0, is_total=True, on=date(2027, 1, 2))
    assert utilities.without_total(UtilityCapacity.objects.all(), on=DAY).get() == row


@pytest.mark.parametrize("name", ["utilitycapacity", "utilitycommitment"])
def test_forms_say_that_a_total_is_needed(client, name):
    client.force_login(factories.make_staff("land"))
    assert "chỉ tính được khi đã ghi một dòng" in client.get(reverse(f"admin:zones_{name}_add")).content.decode()
