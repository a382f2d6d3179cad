"""What must happen after a commit: a thin room over django-q2, whose broker is the database itself.

A job is written in the transaction of the deed, so it exists if and only if the deed does. Delivery is at least once:
every job is harmless when run twice.
"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.models import OrmQ
from django_q.signing import SignedPackage
from django_q.tasks import async_task

from izportal.models import Notice, User

# Letters that open an account by themselves, and for how long: nobody but their reader keeps them, and none goes late.
KEYS = {"account-code": timedelta(minutes=15), "account-link": timedelta(days=1)}


def enqueue(job: str, *args: Any, key: str) -> None:
    """Ask the worker to call `job` (a dotted path) with plain values; `key` names the deed in the task list."""
    async_task(job, *args, task_name=key[:100])


def write(
    *, key: str, kind: str, email: str, subject: str, body: str, language: str = "vi", user: User | None = None,
    is_sample: bool = False,
) -> Notice | None:  # fmt: skip
    """A letter to one reader, sent after the commit; the same key writes it once. Returns None if it was there."""
    notice, is_new = Notice.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind, "email": email, "subject": " ".join(subject.split()), "body": body, "language": language,
            "user": user, "is_sample": is_sample,
        },
    )  # fmt: skip
    if not is_new:
        return None
    enqueue("izportal.outbox.send", notice.pk, key=f"thu-{notice.pk}")
    return notice


def send(notice_id: int) -> None:
    """Send one letter. The row is locked while it goes out, so two workers never send it twice at once."""
    with transaction.atomic():
        notice = Notice.objects.select_for_update().filter(pk=notice_id, sent_at__isnull=True).first()
        if notice is None:
            return
        if notice.kind in KEYS and timezone.now() - notice.created_at > KEYS[notice.kind]:
            Notice.objects.filter(pk=notice.pk).update(body="")
            return
        headers = {"Message-ID": f"<notice-{notice.pk}@{settings.SITE_URL.split('//')[-1].split(':')[0]}>"}
        EmailMessage(notice.subject, notice.body, to=[notice.email], headers=headers).send()
        notice.sent_at = timezone.now()
        notice.body = "" if notice.kind in KEYS else notice.body
        notice.save(update_fields=["sent_at", "body"])


def drain() -> int:
    """Run every waiting job here and now, in order; how many ran. For commands and tests: the worker does the same."""
    ran = 0
    while row := OrmQ.objects.order_by("pk").first():
        task = SignedPackage.loads(row.payload)
        row.delete()
        import_string(task["func"])(*task["args"])
        ran += 1
    return ran
