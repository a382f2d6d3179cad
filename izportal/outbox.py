"""What must happen after a commit: a thin room over django-q2, whose broker is the database itself.

A job is a row written in the transaction of the deed, so it exists if and only if the deed does; the queue of the
library says only which is next, and a row of it that is lost is written again. Delivery is at least once: every job is
harmless when run twice.
"""

import logging
import re
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from django_q.brokers.orm import ORM
from django_q.exceptions import TimeoutException
from django_q.models import OrmQ, Task
from django_q.signing import SignedPackage
from django_q.tasks import async_task

from izportal.models import Job, JobQuerySet, Notice, User

logger = logging.getLogger(__name__)

# Letters that open an account by themselves, and for how long: nobody but their reader keeps them, and none goes late.
KEYS = {
    "account-code": timedelta(minutes=15), "account-link": timedelta(days=1), "opinion-link": timedelta(days=30),
    "enquiry-link": timedelta(days=30), "listing-link": timedelta(days=30), "watch-link": timedelta(days=7),
    "question-link": timedelta(days=30), "comment-link": timedelta(days=30),
}  # fmt: skip
WATCH_LINK = "watch-link"
# A letter that comes again and again: mail programs show how to stop it by one click (RFC 8058).
NEWS = "search-news"
# The daily letter: what it has gathered is sent with it.
DIGEST = "digest"
RUN = "izportal.outbox.run"
SEND = "izportal.outbox.send"
# What the staff call the jobs; one that is not named here goes by its own name.
KINDS = {
    SEND: _("Gửi thư"),
    "izportal.documents.examine": _("Quét mã độc một tệp"),
    "izportal.privacy.erasure.forget_farewell": _("Gửi thư cuối rồi quên địa chỉ"),
    "onestop.slips.freeze": _("Lập tệp PDF của một phiếu"),
    "izportal.exports.write": _("Ghi danh sách ra tệp"),
    "izportal.changesets.work.parse": _("Đọc một bảng được gửi lên"),
    "izportal.changesets.work.apply": _("Ghi một đợt nhập dữ liệu"),
    "izportal.changesets.work.undo": _("Hoàn tác một đợt nhập dữ liệu"),
    "izportal.changesets.marking.mark": _("Đánh dấu lỗi vào bảng được gửi lên"),
    "onestop.daysoff.letters.write": _("Viết thư về lịch nghỉ thay đổi"),
}
# The worker stops a job that takes `JOB_SECONDS`; after half as long again its process must be dead.
LEASE = timedelta(seconds=1.5 * settings.JOB_SECONDS)
# A hundred thousand rows take longer than a letter; these jobs are stopped, and are taken for dead, so much later.
LONG, LONG_SECONDS = ("izportal.changesets.", "izportal.exports."), max(600, settings.JOB_SECONDS)
# What should have run so long ago is not in the queue any more.
LOST_AFTER = timedelta(minutes=10)
MOST_TAKEN_UP = 500
MOST_TOLD = 1000
MAILBOX = re.compile(r"[\w.+-]+(?=@[\w-]+\.)")


# Asking and running -------------------------------------------------------------------------------
@transaction.atomic(savepoint=False)
def enqueue(job: str, *args: Any, key: str) -> None:
    """Ask the worker to call `job` (a dotted path) with plain values, in the caller's transaction.

    `key` names the deed: the same key asks once, and takes up again what was given up.
    """
    now = timezone.now()
    asked = {"call": job, "arguments": list(args), "created_at": now, "next_at": now}
    row, is_new = Job.objects.get_or_create(key=key, defaults=asked)
    if is_new:
        _hand_over(row, at=now)
    elif row.given_up_at:
        _start_anew(row, at=now)


def run(job_id: int) -> None:
    """What the worker calls. What goes wrong stands on the job, and it is tried again after a pause."""
    with suppress(Exception):
        attempt(job_id)


def attempt(job_id: int) -> None:
    """Do a job if it is due and nobody is at it; raises what went wrong, once that is written down."""
    job = _claim(job_id, at=timezone.now())
    if job is None:
        return
    try:
        import_string(job.call)(*job.arguments)
    except (Exception, TimeoutException) as error:
        _note(job, error, at=timezone.now())
        raise
    Job.objects.filter(pk=job.pk).update(done_at=timezone.now(), given_up_at=None, next_at=None, error="")


def drain() -> int:
    """Do every job that waits, here and now, in order; how many were tried. Then raises the first error, if any.

    For commands and tests: the worker does the same.
    """
    tried, faults = 0, []
    while row := OrmQ.objects.filter(lock__lte=timezone.now()).order_by("pk").first():
        try:
            attempt(*SignedPackage.loads(row.payload)["args"])
        except Exception as error:
            faults.append(error)
        row.delete()
        tried += 1
    if faults:
        raise faults[0]
    return tried


def _claim(job_id: int, *, at: datetime) -> Job | None:
    """Take a job before anybody else does, and say by when it is to be heard of."""
    job = Job.objects.unfinished().filter(pk=job_id).first()
    if job is None or job.next_at is None:
        return None
    if job.next_at > at:  # somebody is at it, or has just failed: asked for again when that is over
        _hand_over(job, at=job.next_at)
        return None
    if job.attempts >= settings.JOB_ATTEMPTS:
        _give_up(job, job.error or str(_("Tiến trình chạy việc đã dừng giữa chừng.")), at=at)
        return None
    seen, job.attempts = job.next_at, job.attempts + 1
    lease = timedelta(seconds=1.5 * LONG_SECONDS) if job.call.startswith(LONG) else LEASE
    heard_of = at + max(lease, _pause(job.attempts))
    mine = Job.objects.unfinished().filter(pk=job.pk, next_at=seen)
    return job if mine.update(started_at=at, attempts=job.attempts, next_at=heard_of) else None


def _note(job: Job, error: BaseException, *, at: datetime) -> None:
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()
    told = _told(error)
    logger.warning("Job %s failed (attempt %s): %s", job.key, job.attempts, told)
    if job.attempts >= settings.JOB_ATTEMPTS:
        _give_up(job, told, at=at)
        return
    next_at = at + _pause(job.attempts)
    with transaction.atomic():
        Job.objects.filter(pk=job.pk).update(started_at=None, error=told, next_at=next_at)
        _hand_over(job, at=next_at)


def _give_up(job: Job, told: str, *, at: datetime) -> None:
    logger.error("Job %s is given up after %s attempts.", job.key, job.attempts)
    Job.objects.filter(pk=job.pk).update(started_at=None, error=told, next_at=None, given_up_at=at)


def _pause(attempts: int) -> timedelta:
    pauses = settings.JOB_PAUSES
    return timedelta(minutes=pauses[min(attempts, len(pauses)) - 1])


def _told(error: BaseException) -> str:
    """An error without passwords, without mailboxes and without what a database would not take."""
    text = f"{type(error).__name__}: {getattr(error, 'sentence', error)}".replace("\0", "")
    secrets = (settings.SECRET_KEY, settings.EMAIL_HOST_PASSWORD, settings.DATABASES["default"].get("PASSWORD"))
    for secret in filter(None, secrets):
        text = text.replace(secret, "…")
    return MAILBOX.sub("…", text)[:MOST_TOLD]


class _From(ORM):
    """The queue, for a job that may be taken from a moment on."""

    def __init__(self, at: datetime) -> None:
        super().__init__()
        self.at = at

    def enqueue(self, task: str) -> int:
        return OrmQ.objects.create(key=self.list_key, payload=task, lock=self.at).pk


def _hand_over(job: Job, *, at: datetime) -> None:
    longer = {"timeout": LONG_SECONDS} if job.call.startswith(LONG) else {}
    async_task(RUN, job.pk, task_name=job.key[:100], broker=_From(at), **longer)


# Keeping --------------------------------------------------------------------------------------------
def retry(jobs: JobQuerySet, *, at: datetime) -> int:
    """Try those of the jobs at once that have failed or were given up, with all their attempts before them."""
    with transaction.atomic():
        found = list(jobs.troubled().select_for_update().order_by("pk"))
        for job in found:
            _start_anew(job, at=at)
    return len(found)


def _start_anew(job: Job, *, at: datetime) -> None:
    Job.objects.filter(pk=job.pk).update(given_up_at=None, started_at=None, attempts=0, next_at=at)
    _hand_over(job, at=at)


def trouble(beginning: str) -> Job | None:
    """The last job whose key begins so and that went wrong, while nobody is at it."""
    return Job.objects.troubled().filter(key__startswith=beginning).order_by("-pk").first()


def take_up(*, at: datetime) -> int:
    """Hand over again what should have run long ago: the queue has lost it. How many."""
    lost = list(Job.objects.unfinished().filter(next_at__lt=at - LOST_AFTER).order_by("next_at")[:MOST_TAKEN_UP])
    for job in lost:
        with transaction.atomic():
            if Job.objects.unfinished().filter(pk=job.pk, next_at=job.next_at).update(next_at=at):
                _hand_over(job, at=at)
    return len(lost)


def sweep(*, before: datetime) -> int:
    """Forget jobs done before a moment, and what the library kept of failures; how many jobs."""
    Task.objects.filter(stopped__lt=before).delete()
    return Job.objects.filter(done_at__lt=before).delete()[0]


# Letters --------------------------------------------------------------------------------------------
def write(
    *, key: str, kind: str, email: str, subject: str, body: str, language: str = "vi", user: User | None = None,
    is_sample: bool = False, may_wait: bool = False, about: str = "", address: str = "",
    until: datetime | None = None,
) -> Notice | None:  # fmt: skip
    """A letter to one reader, sent after the commit; the same key writes it once. Returns None if it was there.

    A letter that `may_wait` is held for the daily letter (`izportal/digests.py`) where its reader wishes one, which
    then tells what it is `about`, its page and its term.
    """
    is_held = may_wait and user is not None and user.wishes_daily_letter(email)
    notice, is_new = Notice.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind, "email": email, "subject": " ".join(subject.split()), "body": body, "language": language,
            "user": user, "is_sample": is_sample, "is_held": is_held, "about": about[:300], "address": address,
            "until": until,
        },
    )  # fmt: skip
    if not is_new:
        return None
    if not is_held:
        post(notice)
    return notice


def post(notice: Notice) -> None:
    """Have a letter sent after the commit."""
    enqueue(SEND, notice.pk, key=key_of(notice))


def key_of(notice: Notice) -> str:
    """The key of the job that sends a letter."""
    return f"thu-{notice.pk}"


def send(notice_id: int) -> None:
    """Send one letter. The row is locked while it goes out, so two workers never send it twice at once.

    Where the process dies after the mail server has taken the letter and before that is written down, it goes out
    again under the same Message-ID, by which mail programs know it.
    """
    with transaction.atomic():
        notice = Notice.objects.select_for_update().filter(pk=notice_id, sent_at__isnull=True).first()
        if notice is None:
            return
        if notice.kind in KEYS and timezone.now() - notice.created_at > KEYS[notice.kind]:
            Notice.objects.filter(pk=notice.pk).update(body="")
            return
        headers = {"Message-ID": f"<notice-{notice.pk}@{settings.SITE_URL.split('//')[-1].split(':')[0]}>"}
        if notice.kind == NEWS:
            headers["List-Unsubscribe"] = f"<{notice.address}>"
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        EmailMessage(notice.subject, notice.body, to=[notice.email], headers=headers).send()
        notice.sent_at = timezone.now()
        notice.body = "" if notice.kind in KEYS else notice.body
        notice.save(update_fields=["sent_at", "body"])
        if notice.kind == DIGEST:
            Notice.objects.filter(digest=notice).update(sent_at=notice.sent_at)
