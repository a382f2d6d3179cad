"""One letter a day for whoever wishes it: nothing urgent waits, nothing is lost, nothing is told twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection, connections, transaction
from django.urls import reverse
from django.utils import timezone, translation

from izportal import digests, outbox
from izportal.models import Job, Notice, Rule, User
from izportal.privacy import erasure
from onestop.models import Dossier
from tests import factories
from tests.factories import advance, at

MORNING, AFTERNOON, EVENING = at("2026-03-03 09:15"), at("2026-03-03 16:59"), at("2026-03-03 17:05")
NEXT_NOON = at("2026-03-04 12:00")

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(db):
    return factories.make_user("moi-ngay@thep.example", letters=User.Letters.DAILY, full_name="Lê Thị Gộp")


def write(reader, key="k", *, when=MORNING, **changed):
    whole = {
        "kind": "thu", "email": reader.email, "subject": f"Việc {key}", "body": "…", "user": reader, "may_wait": True,
        "about": "H1 · Cấp phép", "address": "https://cong/h1/",
    }  # fmt: skip
    letter = outbox.write(key=key, **{**whole, **changed})
    Notice.objects.filter(pk=letter.pk).update(created_at=when)
    return letter


def digest():
    return Notice.objects.get(kind="digest")


# Holding ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changed", "is_held"),
    [
        ({}, True), ({"may_wait": False}, False), ({"email": "khac@thep.example"}, False), ({"user": None}, False),
        ({"email": "MOI-NGAY@thep.example"}, True),
    ],
)  # fmt: skip
def test_only_what_may_wait_is_held_for_the_mailbox_of_the_account(reader, changed, is_held):
    write(reader, **changed)
    assert (Notice.objects.get().is_held, Job.objects.count()) == (is_held, 0 if is_held else 1)


def test_reader_of_each_letter_waits_for_none():
    write(factories.make_user("ngay@thep.example"))
    assert (Notice.objects.get().is_held, Job.objects.count()) == (False, 1)


def test_steps_that_ask_or_decide_go_at_once(catalogue, enterprise):
    reader = factories.make_user("moi-ngay@thep.example", letters=User.Letters.DAILY, mandate_of=enterprise)
    advance(factories.make_dossier(by=reader, enterprise=enterprise), "in_review")
    held = dict(Notice.objects.filter(user=reader).values_list("kind", "is_held"))
    assert (held["submit"], held["receive"]) == (True, False)
    assert Notice.objects.get(kind="submit").about.endswith(" · " + Dossier.objects.get().procedure.name)


# Gathering ----------------------------------------------------------------------------------------
def test_held_letters_wait_for_the_hour(reader):
    write(reader)
    assert (digests.gather(at=AFTERNOON), digests.gather(at=EVENING)) == (0, 1)


def test_letter_of_the_day_groups_by_matter_with_pages_and_terms(reader):
    write(reader, "a", when=MORNING)
    write(reader, "b", when=MORNING + timedelta(minutes=1), about="H2 · Xây dựng", address="https://cong/h2/")
    write(reader, "c", when=MORNING + timedelta(minutes=2), until=at("2026-03-24 17:00"))
    digests.gather(at=EVENING)
    assert digest().subject == "3 việc mới trong ngày 03/03/2026"
    assert (
        "H1 · Cấp phép\n- 09:17 03/03/2026: Việc c\n  Hạn: 17:00 24/03/2026\n- 09:15 03/03/2026: Việc a\n"
        "  https://cong/h1/\n\nH2 · Xây dựng\n- 09:16 03/03/2026: Việc b\n  https://cong/h2/"
    ) in digest().body


def test_letter_of_the_day_is_in_the_language_of_its_reader(reader):
    User.objects.update(language="en")
    write(reader)
    digests.gather(at=EVENING)
    assert (digest().language, "/en/" in digest().body) == ("en", True)


def test_running_again_writes_nothing_and_sends_once(reader):
    write(reader)
    counts = [digests.gather(at=moment) for moment in (EVENING, EVENING, EVENING + timedelta(hours=2))]
    outbox.drain()
    assert (counts, [letter.subject for letter in mail.outbox]) == ([1, 0, 0], ["1 việc mới trong ngày 03/03/2026"])
    gathered = Notice.objects.get(key="k")
    assert (gathered.digest, gathered.is_held, gathered.sent_at) == (digest(), False, digest().sent_at)


def test_next_day_catches_up_and_later_letters_wait_on(reader):
    write(reader, "a", when=MORNING)
    write(reader, "b", when=EVENING)
    assert digests.gather(at=NEXT_NOON) == 1
    assert list(Notice.objects.filter(is_held=True).values_list("key", flat=True)) == ["b"]
    assert digests.gather(at=at("2026-03-04 17:00")) == 1
    assert sorted(Notice.objects.filter(kind="digest").values_list("key", flat=True)) == [
        f"digest:{reader.pk}:2026-03-03", f"digest:{reader.pk}:2026-03-04",
    ]  # fmt: skip


def test_letter_committed_late_is_told_the_next_day(reader):
    write(reader, "a")
    digests.gather(at=EVENING)
    write(reader, "muộn")
    assert (digests.gather(at=EVENING), Notice.objects.get(key="muộn").is_held) == (0, True)
    assert digests.gather(at=at("2026-03-04 17:00")) == 1


def test_what_breaks_between_loses_nothing(reader):
    write(reader)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        digests.gather(at=EVENING)
        raise ZeroDivisionError
    assert (Notice.objects.get().is_held, digests.gather(at=EVENING)) == (True, 1)


@pytest.mark.parametrize(("value", "hour"), [("08:30", "08:30"), ("sáng", "17:00"), ("25:00", "17:00")])
def test_hour_is_a_rule(reader, value, hour):
    Rule.objects.create(code="digest_hour", name="Giờ", value=value, valid_from="2025-07-01")
    assert f"{digests.hour_of(MORNING):%H:%M}" == hour


@pytest.mark.parametrize("many", [1, 3])
def test_queries_do_not_grow_with_the_letters(reader, django_assert_num_queries, many):
    for number in range(many):
        write(reader, str(number))
    with django_assert_num_queries(20):
        digests.gather(at=EVENING)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_write_one_letter(reader):
    write(reader)

    def run(_number):
        try:
            return digests.gather(at=EVENING)
        finally:
            connections.close_all()

    if connection.vendor == "sqlite" and "memory" in str(connection.settings_dict["NAME"]):
        counts = [run(0), run(1)]
    else:
        with ThreadPoolExecutor(2) as pool:
            counts = list(pool.map(run, range(2)))
    assert (sum(counts), Notice.objects.filter(kind="digest").count()) == (1, 1)


# Choosing -----------------------------------------------------------------------------------------
def test_choosing_each_letter_sends_what_was_held(client, reader):
    write(reader)
    client.force_login(reader)
    told = client.post(reverse("my_letters"), {"letters": "each"}, follow=True).content.decode()
    reader.refresh_from_db()
    assert (reader.letters, Notice.objects.get().is_held, Job.objects.count()) == ("each", False, 1)
    assert "1 thư đang chờ được gửi ngay." in told


def test_held_letter_of_somebody_who_chose_meanwhile_goes_out(reader):
    write(reader)
    User.objects.update(letters="each")
    assert digests.gather(at=MORNING) == 0
    assert (Notice.objects.get().is_held, Job.objects.count()) == (False, 1)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("is_staff", [True, False])
def test_page_tells_what_never_waits(client, reader, language, is_staff):
    User.objects.update(is_staff=is_staff)
    client.force_login(reader)
    with translation.override(language):
        answer = client.get(reverse("my_letters"))
    urgent, waiting = ([letter.kind for letter in answer.context[name]] for name in ("urgent", "waiting"))
    assert ("confirm-signup" in urgent, "refuse" in urgent) == (True, not is_staff)
    assert ("opinion-answered" in waiting, "submit" in waiting) == (is_staff, not is_staff)


def test_page_refuses_a_strange_choice(client, reader):
    client.force_login(reader)
    assert client.post(reverse("my_letters"), {"letters": "never"}).status_code == 200
    reader.refresh_from_db()
    assert reader.letters == "daily"


def test_page_counts_what_is_held(client, reader):
    write(reader)
    client.force_login(reader)
    assert "1 thư đang chờ thư gộp" in client.get(reverse("my_letters")).content.decode()


# Privacy ------------------------------------------------------------------------------------------
def test_erasing_forgets_what_was_held(reader):
    write(reader)
    write(reader, "đã gộp")
    Notice.objects.filter(key="k").update(created_at=NEXT_NOON)
    digests.gather(at=EVENING)
    outbox.drain()
    erasure.erase(reader, by=reader, at=timezone.now())
    left = {letter.key: (letter.email, letter.body) for letter in Notice.objects.exclude(kind="data-erased")}
    nobody = (erasure.NOBODY, "")
    assert left == {"đã gộp": nobody, f"digest:{reader.pk}:2026-03-03": nobody}
