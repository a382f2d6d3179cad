"""Jobs of the worker that are about sample rows: told by their names, which the rows that ask for them give."""

from django_q.models import OrmQ
from django_q.signing import BadSignature, SignedPackage

from izportal.management.sample import imports
from izportal.models import Job, Notice
from onestop.models import Slip


def names() -> set[str]:
    """As `outbox.write` and `slips.issue` name them."""
    slips = Slip.objects.filter(is_sample=True).values_list("number", flat=True)
    letters = Notice.objects.filter(is_sample=True).values_list("pk", flat=True)
    return {f"phieu-{number}" for number in slips} | {f"thu-{pk}" for pk in letters}


def forget_sample() -> None:
    """Take waiting jobs off the queue, with what is kept of those that have run."""
    about = names()
    for beginning in imports.job_keys():
        about |= set(Job.objects.filter(key__startswith=beginning).values_list("key", flat=True))
    waiting = [row.pk for row in OrmQ.objects.all() if _name(row) in about]
    OrmQ.objects.filter(pk__in=waiting).delete()
    Job.objects.filter(key__in=about).delete()


def _name(row: OrmQ) -> str:
    try:
        return SignedPackage.loads(row.payload)["name"]
    except BadSignature:
        return ""  # of another installation: not ours to touch
