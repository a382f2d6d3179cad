"""Staff see what waits, runs and fails after the commits, and try again by pressing, not by looking."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone
from django_q.models import OrmQ

from izportal import outbox
from izportal.models import Job, Notice
from tests.factories import at

MOMENT = at("2026-03-03 09:15")
LIST = "/admin/izportal/job/"
STAMPS = {
    "waiting": {},
    "running": {"attempts": 1, "started_at": MOMENT},
    "failing": {"attempts": 2, "error": "SMTPServerDisconnected: tắt máy", "next_at": MOMENT},
    "given_up": {"attempts": 12, "error": "OSError: mất mạng", "given_up_at": MOMENT},
    "done": {"attempts": 1, "done_at": MOMENT},
}

pytestmark = pytest.mark.django_db


def make_job(state, *, call="onestop.slips.freeze", key=None):
    job = Job.objects.create(key=key or state, call=call, arguments=[1], next_at=timezone.now())
    Job.objects.filter(pk=job.pk).update(**STAMPS[state])
    return Job.objects.get(pk=job.pk)


def page_of(job, page="change"):
    return reverse(f"admin:izportal_job_{page}", args=[job.pk])


@pytest.fixture
def keeper(client, staff):
    person = staff("administrator")
    client.force_login(person)
    return person


def keys(page):
    return sorted(job.key for job in page.context["cl"].result_list)


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("waiting", "Đang chờ"), ("running", "Đang chạy"), ("failing", "Chưa được, sẽ thử lại"),
        ("given_up", "Đã thôi thử"), ("done", "Đã xong"),
    ],
)  # fmt: skip
def test_list_tells_the_state_by_shape_and_word(client, keeper, state, told):
    make_job(state)
    page = client.get(LIST).content.decode()
    assert (told in page.partition('id="result_list"')[2], page.count("icons.svg#i-s-")) == (True, 1)


def test_failing_job_tells_when_it_is_tried_again(client, keeper):
    make_job("failing")
    page = client.get(LIST).content.decode()
    assert "thử lại lúc <time" in page and "03/03/2026\u00a009:15" in page


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"state": "troubled"}, ["failing", "given_up"]),
        ({"state": "done"}, ["done"]),
        ({"kind": outbox.SEND}, ["waiting"]),
        ({"q": "mat mang"}, ["given_up"]),
        ({"state": "lạ"}, sorted(STAMPS)),
    ],
)
def test_list_is_filtered_and_searched(client, keeper, filters, expected):
    for state in STAMPS:
        make_job(state, call=outbox.SEND if state == "waiting" else "onestop.slips.freeze")
    assert keys(client.get(LIST, filters)) == expected


def test_job_of_a_letter_leads_to_it_and_back(client, keeper):
    notice = outbox.write(key="k", kind="thu", email="a@mau.example", subject="Giấy hẹn", body="…")
    job = Job.objects.get()
    there = reverse("admin:izportal_notice_change", args=[notice.pk])
    assert there in client.get(page_of(job)).content.decode()
    assert page_of(job) in client.get(there).content.decode()


def test_letter_without_a_job_is_shown(client, keeper):
    notice = Notice.objects.create(key="k", kind="thu", email="a@mau.example", subject="Cũ", body="…")
    assert client.get(reverse("admin:izportal_notice_change", args=[notice.pk])).status_code == 200


@pytest.mark.parametrize("arguments", [[], ["x"], [None]])
def test_job_with_strange_arguments_is_shown(client, keeper, arguments):
    job = Job.objects.create(key="lạ", call=outbox.SEND, arguments=arguments, next_at=MOMENT)
    assert client.get(page_of(job)).status_code == 200


# Retry --------------------------------------------------------------------------------------------
def test_retry_hands_the_job_over_and_says_who_did_it(client, keeper):
    job = make_job("given_up")
    client.post(page_of(job, "retry"))
    job.refresh_from_db()
    assert (job.state, job.attempts, OrmQ.objects.count()) == ("waiting", 0, 1)
    assert LogEntry.objects.get(object_id=job.pk).user == keeper


def test_retry_is_done_by_pressing_not_by_looking(client, keeper):
    job = make_job("failing")
    client.get(page_of(job, "retry"))
    client.get(page_of(job, "retry-kind"))
    assert (Job.objects.get().state, OrmQ.objects.count()) == ("failing", 0)


@pytest.mark.parametrize("state", ["waiting", "running", "done"])
def test_retry_is_not_offered_where_nothing_is_wrong(client, keeper, state):
    job = make_job(state)
    assert page_of(job, "retry") not in client.get(page_of(job)).content.decode()
    client.post(page_of(job, "retry"))
    assert (Job.objects.get().state, OrmQ.objects.count()) == (state, 0)


def test_retry_of_a_kind_says_how_many_and_leaves_the_others(client, keeper):
    job = make_job("failing")
    make_job("given_up")
    other = make_job("given_up", call=outbox.SEND, key="thư")
    page = client.get(page_of(job, "retry-kind")).content.decode()
    assert "2 việc “Lập tệp PDF của một phiếu” đang gặp lỗi sẽ được thử lại." in page
    client.post(page_of(job, "retry-kind"))
    assert dict(Job.objects.values_list("key", "attempts")) == {"failing": 0, "given_up": 0, other.key: 12}


@pytest.mark.parametrize("deed", ["retry", "retry-kind"])
def test_auditor_reads_and_does_not_retry(client, staff, deed):
    job = make_job("failing")
    client.force_login(staff("auditor"))
    assert (client.get(page_of(job)).status_code, client.post(page_of(job, deed)).status_code) == (200, 403)
    assert Job.objects.get().state == "failing"


# The first page -----------------------------------------------------------------------------------
def test_first_page_counts_what_is_in_trouble(client, keeper):
    for state in STAMPS:
        make_job(state)
    page = client.get("/admin/").content.decode()
    assert f'<a href="{LIST}?state=troubled"><b>2</b>' in page
    assert "trong đó 1 việc cổng đã thôi thử" in page


@pytest.mark.parametrize(("role", "state"), [("administrator", "done"), ("auditor", "failing")])
def test_first_page_is_silent_where_there_is_nothing_to_do(client, staff, role, state):
    make_job(state)
    client.force_login(staff(role))
    assert "state=troubled" not in client.get("/admin/").content.decode()


def test_late_jobs_are_told_in_the_order_of_their_asking(client, keeper):
    for days in (2, 1):
        Job.objects.create(key=f"{days}", call="f", created_at=MOMENT - timedelta(days=days), next_at=MOMENT)
    assert [job.key for job in client.get(LIST).context["cl"].result_list] == ["1", "2"]


# Letters ------------------------------------------------------------------------------------------
LETTERS = "/admin/izportal/notice/"


def make_letter(key, **stamps):
    letter = outbox.write(key=key, kind="submit", email=f"{key}@mau.example", subject=key, body="…")
    Notice.objects.filter(pk=letter.pk).update(**stamps)
    return letter


@pytest.fixture
def post(db):
    """One letter in each state."""
    whole = make_letter("sent", sent_at=MOMENT)
    Notice.objects.filter(pk=whole.pk).update(kind="digest")
    for key, stamps in {"held": {"is_held": True}, "gathered": {"digest": whole, "sent_at": MOMENT}}.items():
        Job.objects.filter(key=outbox.key_of(make_letter(key, **stamps))).delete()
    make_letter("waiting")
    Job.objects.filter(key=outbox.key_of(make_letter("troubled"))).update(attempts=2, error="OSError")
    return {letter.key: letter for letter in Notice.objects.all()}


@pytest.mark.parametrize("state", ["held", "gathered", "waiting", "troubled", "sent"])
def test_letters_are_filtered_by_where_they_are(client, keeper, post, state):
    assert keys(client.get(LETTERS, {"state": state})) == [state]


def test_list_of_letters_asks_the_same_however_many(client, keeper, post, django_assert_num_queries):
    client.get(LETTERS)
    for found in ("held", ""):
        with django_assert_num_queries(7):
            client.get(LETTERS, {"q": found})


def test_daily_letter_and_what_it_gathered_lead_to_each_other(client, keeper, post):
    pages = {key: reverse("admin:izportal_notice_change", args=[post[key].pk]) for key in ("sent", "gathered")}
    assert pages["gathered"] in client.get(pages["sent"]).content.decode()
    assert pages["sent"] in client.get(pages["gathered"]).content.decode()


def test_letter_in_trouble_is_tried_again_from_its_own_page(client, keeper, post):
    address = reverse("admin:izportal_notice_retry", args=[post["troubled"].pk])
    assert address in client.get(reverse("admin:izportal_notice_change", args=[post["troubled"].pk])).content.decode()
    client.post(address)
    assert Job.objects.get(key=outbox.key_of(post["troubled"])).state == "waiting"


@pytest.mark.parametrize("key", ["held", "sent"])
def test_letter_without_trouble_offers_no_retry(client, keeper, post, key):
    address = reverse("admin:izportal_notice_retry", args=[post[key].pk])
    assert address not in client.get(reverse("admin:izportal_notice_change", args=[post[key].pk])).content.decode()
