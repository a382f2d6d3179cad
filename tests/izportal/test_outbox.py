"""Letters exist if and only if the deed does, go out once, and are harmless when sent twice."""

import pytest
from django.core import mail
from django.db import transaction
from django_q.models import OrmQ

from izportal import outbox
from izportal.models import Notice

LETTER = {"key": "k1", "kind": "thu", "email": "a@mau.example", "subject": "Tiêu đề\n hai dòng", "body": "Nội dung"}

pytestmark = pytest.mark.django_db


def test_write_queues_one_letter_and_drain_sends_it():
    outbox.write(**LETTER)
    assert outbox.drain() == 1
    assert [(m.subject, m.to) for m in mail.outbox] == [("Tiêu đề hai dòng", ["a@mau.example"])]
    assert Notice.objects.get().sent_at is not None


def test_write_of_the_same_key_is_written_once():
    assert outbox.write(**LETTER) is not None
    assert outbox.write(**LETTER) is None
    assert OrmQ.objects.count() == 1


def test_send_twice_sends_once():
    notice = outbox.write(**LETTER)
    outbox.send(notice.pk)
    outbox.send(notice.pk)
    assert len(mail.outbox) == 1


def test_letter_of_a_deed_that_fails_does_not_exist():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        outbox.write(**LETTER)
        raise ZeroDivisionError
    assert (Notice.objects.count(), OrmQ.objects.count()) == (0, 0)


def test_failed_sending_leaves_the_letter_unsent(settings):
    settings.EMAIL_BACKEND = "tests.izportal.test_outbox.Broken"
    notice = outbox.write(**LETTER)
    with pytest.raises(OSError):
        outbox.send(notice.pk)
    assert Notice.objects.get().sent_at is None


class Broken:
    def __init__(self, **kwargs):
        pass

    def send_messages(self, messages):
        raise OSError("no route")
