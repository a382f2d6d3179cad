"""Jobs exist if and only if the deed does, are tried again with growing pauses, and letters go out once."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import transaction
from django.utils import timezone
from django_q.exceptions import TimeoutException
from django_q.models import OrmQ, Task
from django_q.signing import SignedPackage

from izportal import outbox
from izportal.management import upkeep
from izportal.models import Job, Notice
from tests.factories import at

LETTER = {"key": "k1", "kind": "thu", "email": "a@mau.example", "subject": "Tiêu đề\n hai dòng", "body": "Nội dung"}
BROKEN = "tests.izportal.test_outbox.Broken"
MOMENT = at("2026-03-03 09:15")
MINUTE = timedelta(minutes=1)

pytestmark = pytest.mark.django_db


def too_long():
    raise TimeoutException


class Broken:
    def __init__(self, **kwargs):
        pass

    def send_messages(self, messages):
        raise OSError("550 no route for a@mau.example, password mat-khau-thu")


def write(**changed):
    outbox.write(**{**LETTER, **changed})
    return Job.objects.latest("pk")


def fail(job, *, at=MOMENT):
    """Let a job fail at a moment; the row as it stands then."""
    with time_machine.travel(at, tick=False):
        outbox.run(job.pk)
    job.refresh_from_db()
    return job


def queued(job):
    """From when the queue gives a job out."""
    rows = OrmQ.objects.order_by("lock")
    return [row.lock for row in rows if SignedPackage.loads(row.payload)["args"] == (job.pk,)]


# Asking -------------------------------------------------------------------------------------------
def test_write_queues_one_letter_and_drain_sends_it():
    job = write()
    assert (job.key, job.call, job.state) == (f"thu-{Notice.objects.get().pk}", outbox.SEND, "waiting")
    assert outbox.drain() == 1
    assert [(m.subject, m.to) for m in mail.outbox] == [("Tiêu đề hai dòng", ["a@mau.example"])]
    job.refresh_from_db()
    assert (Notice.objects.get().sent_at is not None, job.state, job.attempts, job.next_at) == (True, "done", 1, None)


def test_write_of_the_same_key_is_written_once():
    assert outbox.write(**LETTER) is not None
    assert outbox.write(**LETTER) is None
    assert (Job.objects.count(), OrmQ.objects.count()) == (1, 1)


def test_job_of_the_same_key_is_asked_once():
    for _time in range(2):
        outbox.enqueue(outbox.SEND, 7, key="quet-1")
    assert (Job.objects.get().arguments, OrmQ.objects.count()) == ([7], 1)


def test_send_twice_sends_once():
    notice = outbox.write(**LETTER)
    outbox.send(notice.pk)
    outbox.send(notice.pk)
    assert len(mail.outbox) == 1


def test_letter_of_a_deed_that_fails_does_not_exist():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        outbox.write(**LETTER)
        raise ZeroDivisionError
    assert (Notice.objects.count(), Job.objects.count(), OrmQ.objects.count()) == (0, 0, 0)


def test_failed_sending_leaves_the_letter_unsent(settings):
    settings.EMAIL_BACKEND = BROKEN
    notice = outbox.write(**LETTER)
    with pytest.raises(OSError):
        outbox.send(notice.pk)
    assert Notice.objects.get().sent_at is None


# Trying again -------------------------------------------------------------------------------------
def test_pauses_grow_until_the_job_is_given_up(settings):
    settings.EMAIL_BACKEND = BROKEN
    job, now, pauses = write(), MOMENT, []
    Job.objects.update(next_at=now)
    while fail(job, at=now).given_up_at is None:
        pauses.append(job.next_at - now)
        now = job.next_at
    assert [pause / MINUTE for pause in pauses] == [1, 5, 15, 60, 360, *[1440] * 6]
    assert (job.state, job.attempts, job.given_up_at, job.next_at) == ("given_up", 12, now, None)


def test_failing_job_is_in_the_queue_from_its_next_time_on(settings):
    settings.EMAIL_BACKEND = BROKEN
    job = write()
    Job.objects.update(next_at=MOMENT)
    OrmQ.objects.all().delete()
    fail(job)
    assert (job.state, job.started_at, queued(job)) == ("failing", None, [MOMENT + MINUTE])


def test_job_that_comes_too_early_waits_for_its_time(settings):
    settings.EMAIL_BACKEND = BROKEN
    job = write()
    Job.objects.update(next_at=MOMENT)
    fail(job)
    OrmQ.objects.all().delete()
    fail(job, at=MOMENT + MINUTE / 2)
    assert (job.attempts, queued(job)) == (1, [MOMENT + MINUTE])


def test_failed_job_succeeds_at_its_next_time_and_forgets_the_error(settings):
    settings.EMAIL_BACKEND = BROKEN
    job = write()
    Job.objects.update(next_at=MOMENT)
    fail(job)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    fail(job, at=MOMENT + MINUTE)
    assert (job.state, job.attempts, job.error, len(mail.outbox)) == ("done", 2, "", 1)


def test_error_is_told_without_mailbox_and_password(settings):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST_PASSWORD = BROKEN, "mat-khau-thu"
    job = write()
    outbox.run(job.pk)
    job.refresh_from_db()
    assert job.error == "OSError: 550 no route for …@mau.example, password …"


def test_job_whose_function_is_gone_fails_like_any_other():
    outbox.enqueue("izportal.outbox.nothing", key="lạ")
    outbox.run(Job.objects.get().pk)
    job = Job.objects.get()
    assert (job.state, job.error.partition(":")[0]) == ("failing", "ImportError")


def test_job_that_takes_too_long_fails_and_its_process_ends():
    outbox.enqueue("tests.izportal.test_outbox.too_long", key="lâu")
    with pytest.raises(TimeoutException):
        outbox.run(Job.objects.get().pk)
    assert (Job.objects.get().state, Job.objects.get().error) == ("failing", "TimeoutException: ")


def test_drain_goes_on_after_an_error_and_tells_it(settings):
    outbox.enqueue("izportal.outbox.nothing", key="lạ")
    write()
    with pytest.raises(ImportError):
        outbox.drain()
    assert (len(mail.outbox), sorted(job.state for job in Job.objects.all())) == (1, ["done", "failing"])


# Dead processes and lost rows ---------------------------------------------------------------------
def left_behind(job, *, attempts=1):
    """As a job stands whose process died at MOMENT."""
    Job.objects.update(started_at=MOMENT, attempts=attempts, next_at=MOMENT + outbox.LEASE)
    OrmQ.objects.all().delete()
    return job


def test_job_that_runs_elsewhere_is_left_alone_and_looked_at_later():
    job = left_behind(write())
    fail(job, at=MOMENT + outbox.LEASE / 2)
    assert (job.state, job.attempts, len(mail.outbox)) == ("running", 1, 0)
    assert queued(job) == [MOMENT + outbox.LEASE]


def test_job_of_a_dead_process_is_done_by_the_next():
    job = left_behind(write())
    fail(job, at=MOMENT + outbox.LEASE)
    assert (job.state, job.attempts, len(mail.outbox)) == ("done", 2, 1)


def test_job_that_kills_its_process_each_time_is_given_up(settings):
    job = left_behind(write(), attempts=settings.JOB_ATTEMPTS)
    fail(job, at=MOMENT + outbox.LEASE)
    assert (job.state, job.error, len(mail.outbox)) == ("given_up", "Tiến trình chạy việc đã dừng giữa chừng.", 0)


def test_job_lost_by_the_queue_is_handed_over_again():
    job = left_behind(write())
    late = MOMENT + outbox.LEASE + outbox.LOST_AFTER
    assert (outbox.take_up(at=late), queued(job)) == (0, [])
    assert (outbox.take_up(at=late + MINUTE), queued(job)) == (1, [late + MINUTE])
    assert (outbox.take_up(at=late + 2 * MINUTE), len(queued(job))) == (0, 1)


def test_what_is_done_or_given_up_is_not_taken_up():
    for key, stamp in (("a", "done_at"), ("b", "given_up_at")):
        job = write(key=key)
        Job.objects.filter(pk=job.pk).update(**{stamp: MOMENT})
    assert outbox.take_up(at=timezone.now() + timedelta(days=1)) == 0


# Retry and keeping --------------------------------------------------------------------------------
@pytest.mark.parametrize("stamps", [{"given_up_at": MOMENT}, {"attempts": 3, "error": "lỗi"}])
def test_retry_starts_anew(stamps):
    job = write()
    OrmQ.objects.all().delete()
    Job.objects.update(next_at=MOMENT + timedelta(days=1), **stamps)
    assert outbox.retry(Job.objects.all(), at=MOMENT) == 1
    job.refresh_from_db()
    assert (job.state, job.attempts, job.next_at, queued(job)) == ("waiting", 0, MOMENT, [MOMENT])


@pytest.mark.parametrize("stamps", [{}, {"started_at": MOMENT, "attempts": 1}, {"done_at": MOMENT, "attempts": 1}])
def test_retry_leaves_what_is_not_in_trouble(stamps):
    write()
    Job.objects.update(**stamps)
    assert (outbox.retry(Job.objects.all(), at=MOMENT), OrmQ.objects.count()) == (0, 1)


def test_asking_again_takes_up_what_was_given_up():
    outbox.enqueue(outbox.SEND, 7, key="quet-1")
    Job.objects.update(given_up_at=MOMENT)
    outbox.enqueue(outbox.SEND, 7, key="quet-1")
    assert (Job.objects.get().state, OrmQ.objects.count()) == ("waiting", 2)


@pytest.mark.parametrize(
    ("stamps", "state"),
    [
        ({}, "waiting"),
        ({"started_at": MOMENT, "attempts": 1}, "running"),
        ({"attempts": 1}, "failing"),
        ({"given_up_at": MOMENT, "attempts": 12}, "given_up"),
        ({"done_at": MOMENT, "started_at": MOMENT, "attempts": 1}, "done"),
    ],
)
def test_states_of_rows_and_of_one_row_are_the_same(stamps, state):
    write()
    Job.objects.update(**stamps)
    assert Job.objects.get().state == state
    assert [name for name in Job.State.values if Job.objects.in_state(name).exists()] == [state]
    assert Job.objects.troubled().exists() == (state in ("failing", "given_up"))


def test_sweep_forgets_what_is_done_and_keeps_what_failed(settings):
    now, days = timezone.now(), timedelta(days=settings.JOB_KEPT_DAYS)
    kept = {"mới": {"done_at": now - days / 2}, "hỏng": {"given_up_at": now - 2 * days}}
    for key, stamps in {**kept, "cũ": {"done_at": now - days - MINUTE}}.items():
        outbox.enqueue(outbox.SEND, 7, key=key)
        Job.objects.filter(key=key).update(**stamps)
    Task.objects.create(id="a", name="a", func="f", started=now - 2 * days, stopped=now - 2 * days, success=False)
    assert upkeep.sweep_jobs(at=now) == 1
    assert (set(Job.objects.values_list("key", flat=True)), Task.objects.count()) == (set(kept), 0)
