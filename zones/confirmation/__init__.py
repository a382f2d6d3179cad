"""Who stands by a listing: its word given again, a change told, and the letters that ask an operator for either.

Of a link only the hash is kept: the link itself is a signature, made anew for the letter. It opens once.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.core.signing import Signer
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from izportal.models import Rule, User
from zones.confirmation import letters
from zones.models import Confirmation, ConfirmationLetter, Plot

Word = Confirmation.Word
# How long a link lasts where no rule says.
LINK_DAYS = 30


class WordRefused(Exception):
    """A word is not taken; the text is a sentence for the reader."""


@dataclass(frozen=True)
class Answer:
    """What an operator says of one listing; a change says what has changed."""

    plot: Plot
    word: str
    note: str = ""


# Words ------------------------------------------------------------------------------------------------------------
@transaction.atomic
def confirm(*, plot: Plot, by: User, at: datetime, letter: ConfirmationLetter | None = None) -> Confirmation:
    """The listing is right as it stands: it is fresh again from the day of `at`."""
    row, today = Plot.objects.select_for_update().get(pk=plot.pk), timezone.localdate(at)
    row.confirmed_on, row.confirmed_by = max(today, row.confirmed_on or today), by
    row.save(update_fields=["confirmed_on", "confirmed_by"])
    plot.confirmed_on, plot.confirmed_by = row.confirmed_on, by
    return _say(row, Word.RIGHT, "", by, at, letter)


@transaction.atomic
def tell_change(
    *, plot: Plot, note: str, by: User, at: datetime, letter: ConfirmationLetter | None = None
) -> Confirmation:
    """The listing is wrong: nothing of it changes until a land keeper has seen to it; raises `WordRefused`."""
    if not note.strip():
        raise WordRefused(_("Hãy ghi điều đã thay đổi."))
    return _say(plot, Word.CHANGED, note.strip(), by, at, letter)


def _say(plot: Plot, word: str, note: str, by: User, at: datetime, letter: ConfirmationLetter | None) -> Confirmation:
    return Confirmation.objects.create(
        plot=plot, word=word, note=note, said_on=timezone.localdate(at), said_at=at, by=by, letter=letter,
        is_sample=plot.is_sample,
    )  # fmt: skip


def changed(rows: QuerySet[Plot]) -> QuerySet[Plot]:
    """Of plots those of which a change was told that nobody has seen to: no later word says that they are right."""
    told = Confirmation.objects.filter(word=Word.CHANGED).order_by().values("plot")
    last = Confirmation.objects.filter(plot=OuterRef("pk")).order_by("-said_at", "-id")
    return rows.filter(pk__in=told).alias(last_word=Subquery(last.values("word")[:1])).filter(last_word=Word.CHANGED)


# Letters ----------------------------------------------------------------------------------------------------------
def ask(*, at: datetime) -> int:
    """Write to each operator about the listings of their zones whose word has grown old; how many letters are new.
    What they were asked about is not asked again while that link lasts."""
    operators = User.objects.filter(groups__name="operator", is_active=True, is_staff=True).order_by("pk")
    return sum(_ask_one(operator, at) for operator in operators)


@transaction.atomic
def _ask_one(operator: User, at: datetime) -> int:
    User.objects.select_for_update().get(pk=operator.pk)
    days = link_days(on=timezone.localdate(at))
    plots = list(_unasked(operator, at, days))
    if not plots:
        return 0
    letter = ConfirmationLetter.objects.create(
        operator=operator, sent_at=at, link_until=at + timedelta(days=days), is_sample=operator.is_sample
    )
    letter.plots.set(plots)
    letter.link_hash = _digest(link_of(letter))
    letter.save(update_fields=["link_hash"])
    letters.asked(letter, plots, link_of(letter))
    return 1


def _unasked(operator: User, at: datetime, days: int) -> QuerySet[Plot]:
    waiting = Plot.objects.visible_to(operator).waiting_for_word(on=timezone.localdate(at)).select_related("zone")
    asked = ConfirmationLetter.objects.filter(operator=operator, sent_at__gt=at - timedelta(days=days))
    waiting = waiting.exclude(pk__in=asked.values("plots")).exclude(pk__in=changed(Plot.objects.all()).values("pk"))
    return waiting.order_by("zone__position", "number")


def link_days(*, on: date) -> int:
    return int(Rule.objects.texts(["listing_link_days"], on=on).get("listing_link_days", LINK_DAYS))


def link_of(letter: ConfirmationLetter) -> str:
    """The secret part of the address; nobody without the key of the portal can make it."""
    return Signer(salt="zones.confirmation").signature(f"{letter.pk}:{letter.sent_at.astimezone(UTC).isoformat()}")


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def by_link(token: str, *, at: datetime) -> ConfirmationLetter | None:
    """The letter behind a link that still takes an answer, of an operator who still is one."""
    rows = ConfirmationLetter.objects.filter(link_hash=_digest(token), link_until__gte=at, used_at__isnull=True)
    return rows.filter(operator__is_active=True, operator__groups__name="operator").select_related("operator").first()


def is_answered_so(token: str, answers: Iterable[Answer]) -> bool:
    """Was this very answer taken through the link already? A form sent twice by one press gets its receipt."""
    rows = Confirmation.objects.filter(letter__link_hash=_digest(token), letter__used_at__isnull=False)
    return {(one.plot.pk, one.word, one.note) for one in answers} == set(rows.values_list("plot", "word", "note"))


def by_used_link(token: str) -> ConfirmationLetter | None:
    return ConfirmationLetter.objects.filter(link_hash=_digest(token), used_at__isnull=False).first()


def plots_of(letter: ConfirmationLetter) -> list[Plot]:
    """The listings of a letter that still lie in the operator's zones and were not confirmed by anybody since."""
    rows = letter.plots.visible_to(letter.operator).select_related("zone", "phase")
    since = Confirmation.objects.filter(plot=OuterRef("pk"), word=Word.RIGHT, said_at__gte=letter.sent_at)
    rows = rows.with_status(on=timezone.localdate(letter.sent_at)).exclude(pk__in=Subquery(since.values("plot")))
    return list(rows.order_by("zone__position", "number"))


@transaction.atomic
def answer(letter: ConfirmationLetter, answers: Iterable[Answer], *, at: datetime) -> list[Confirmation]:
    """Take what an operator says of the listings of a letter, once; raises `WordRefused` for the second of two."""
    row = ConfirmationLetter.objects.select_for_update(of=("self",)).select_related("operator").get(pk=letter.pk)
    if row.used_at is not None or row.link_until < at:
        raise WordRefused(_("Liên kết này đã được dùng hoặc đã hết hạn."))
    row.used_at = at
    row.save(update_fields=["used_at"])
    said = [_take(one, row, at) for one in answers]
    letters.changed(row, [word for word in said if word.word == Word.CHANGED])
    return said


def _take(one: Answer, letter: ConfirmationLetter, at: datetime) -> Confirmation:
    by = letter.operator
    if one.word == Word.RIGHT:
        return confirm(plot=one.plot, by=by, at=at, letter=letter)
    return tell_change(plot=one.plot, note=one.note, by=by, at=at, letter=letter)
