"""Loads all sample data in one transaction, and leaves no letter to send: the past has been told already."""

from datetime import datetime
from decimal import Decimal
from random import Random

from django.db import transaction
from django.db.models import F, Min
from django.utils import timezone, translation

from izportal.management.sample import asking, filings, imports, jobs, land, news, people, register, reports, voices
from izportal.management.sample.setting import Setting, words
from izportal.management.sample.ventures import DDI, FDI
from izportal.models import CalendarDay, Notice, User
from onestop.models import Event, ProcedureVersion

SEED = 20201231


class TooEarly(Exception):
    """The sample's past would begin before the catalogue applies; the text names the first day that it may."""


def exist() -> bool:
    return User.objects.filter(is_sample=True).exists()


@transaction.atomic
def load(*, now: datetime, password: str) -> None:
    with translation.override("vi"):
        setting = Setting(now, CalendarDay.calendar(), Random(SEED))
        planned = filings.plan(setting)
        _check_law(planned)
        people.make(setting, password)
        ground = land.make(setting)
        entered = register.make(setting, ground, left=_left(planned), coming=filings.granted_projects(planned))
        filings.make(setting, planned, ground, entered)
        land.price_free(setting, ground)
        imports.make(setting)
        asking.make(setting)
        news.make(setting)
        voices.make(setting)
        reports.make(setting, entered)
    _send_nothing()


def _check_law(planned: list[filings.Filing]) -> None:
    first = timezone.localdate(min(filing.begun_at for filing in planned))
    versions = ProcedureVersion.objects.filter(procedure__code=filings.NEW_PROJECT)
    since = versions.aggregate(day=Min("valid_from"))["day"]
    if since is None or first < since:
        raise TooEarly(f"{since:%d/%m/%Y}" if since else "")


def _left(planned: list[filings.Filing]) -> dict[str, int]:
    """Units of capital that the register must hold besides what the dossiers bring."""
    target, coming = words("register")["target"], filings.granted_units(planned)
    return {
        FDI: int(Decimal(target["fdi"]["million_usd"]) * 10) - coming[FDI],
        DDI: int(Decimal(target["ddi"]["billion_vnd"])) - coming[DDI],
    }


def _send_nothing() -> None:
    """Letters of the past count as sent when they were written; papers are made when somebody first opens them."""
    moments = {f"event:{pk}": at for pk, at in Event.objects.filter(is_sample=True).values_list("pk", "at")}
    letters = list(Notice.objects.filter(is_sample=True))
    for letter in letters:
        letter.created_at = moments.get(letter.key, letter.created_at)
    Notice.objects.bulk_update(letters, ["created_at"])
    Notice.objects.filter(is_sample=True).update(sent_at=F("created_at"))
    jobs.forget_sample()
