"""How the versions of a form come and go: a copy is made, changed piece by piece, checked, published from a day on.

A published version never changes and is never deleted; the next one takes its place on its first day. What a body may
say is the business of `definitions.checks`; what becomes of drafts begun on an earlier version, of `carrying`.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal.models import User
from onestop import shapes
from onestop.definitions.checks import Fault, check
from onestop.models import Definition, Dossier, Procedure


class State(models.TextChoices):
    MAKING = "making", gettext_lazy("Đang soạn")
    COMING = "coming", gettext_lazy("Sẽ áp dụng")
    IN_FORCE = "in_force", gettext_lazy("Đang áp dụng")
    REPLACED = "replaced", gettext_lazy("Đã được thay")


class DefinitionRefused(Exception):
    """The version may not be made, changed or published so; the text is a sentence for the person who tried."""


class DefinitionChanged(DefinitionRefused):
    """Somebody saved the version after it was opened."""


# Which version ------------------------------------------------------------------------------------
def state(definition: Definition, *, on: date, is_replaced: bool | None = None) -> State:
    """The state on a day; whether a later version is in force need not be asked again where it is known."""
    if not definition.is_published or definition.valid_from is None:
        return State.MAKING
    if definition.valid_from > on:
        return State.COMING
    if is_replaced is None:
        later = Definition.objects.in_force(on).filter(procedure=definition.procedure_id)
        is_replaced = later.filter(valid_from__gt=definition.valid_from).exists()
    return State.REPLACED if is_replaced else State.IN_FORCE


def latest(procedure: Procedure) -> Definition | None:
    """The newest published version, in force already or from a later day on."""
    return procedure.definitions.published().order_by("-number").first()


def base_of(definition: Definition) -> Definition | None:
    """The published version before this one: what it was copied from, and what it is compared with."""
    earlier = Definition.objects.published().filter(procedure=definition.procedure_id, number__lt=definition.number)
    return earlier.order_by("-number").first()


def drafts_to_carry(definition: Definition) -> int:
    """Drafts on earlier versions of the form, which publishing this one would carry over."""
    rows = Dossier.objects.filter(procedure=definition.procedure_id, status=Dossier.Status.DRAFT)
    return rows.exclude(definition=definition).count()


def faults(definition: Definition) -> list[Fault]:
    base = base_of(definition)
    return check(definition.body, procedure=definition.procedure, base=shapes.of(base) if base else None)


# Making and changing ------------------------------------------------------------------------------
def begin(procedure: Procedure, *, by: User, at: datetime) -> Definition:
    """The next version, a copy of the newest; one at a time is in the making."""
    base = latest(procedure)
    number = (procedure.definitions.aggregate(last=Max("number"))["last"] or 0) + 1
    body = base.body if base else {"sections": []}
    try:
        with transaction.atomic():
            return Definition.objects.create(
                procedure=procedure, number=number, body=body, created_at=at, created_by=by, saved_at=at
            )
    except IntegrityError as taken:
        raise DefinitionRefused(_("Thủ tục này đã có một phiên bản đang soạn.")) from taken


def keep(definition: Definition, body: Mapping[str, Any], *, seen: int, at: datetime) -> Definition:
    """Save a changed body, if nobody has saved since version `seen`; raises `DefinitionChanged`.

    Faults do not keep it from being saved, only from being published. The condition stands in the UPDATE itself, so
    two who save at once cannot both win.
    """
    standing = Definition.objects.filter(pk=definition.pk, published_at=None, version_no=seen)
    if not standing.update(body=body, version_no=seen + 1, saved_at=at):
        raise DefinitionChanged(_gone(definition))
    definition.body, definition.version_no, definition.saved_at = dict(body), seen + 1, at
    return definition


def discard(definition: Definition, *, seen: int) -> None:
    """Throw away a version in the making."""
    gone, _rows = Definition.objects.filter(pk=definition.pk, published_at=None, version_no=seen).delete()
    if not gone:
        raise DefinitionChanged(_gone(definition))


def _gone(definition: Definition) -> str:
    now = Definition.objects.filter(pk=definition.pk).defer("body").first()
    if now is None:
        return _("Phiên bản này đã bị bỏ.")
    if now.is_published:
        return _("Phiên bản này đã được ban hành nên không sửa được nữa.")
    saved = timezone.localtime(now.saved_at)
    return _("Chưa lưu: người khác đã sửa phiên bản này lúc %(when)s, sau khi bạn mở trang.") % {
        "when": f"{saved:%H:%M %d/%m/%Y}"
    }


# Publishing ---------------------------------------------------------------------------------------
def first_day(definition: Definition, *, on: date) -> date:
    """The earliest day from which it may apply: today, and later than every version published before it."""
    last = Definition.objects.published().filter(procedure=definition.procedure_id).aggregate(last=Max("valid_from"))
    return max(on, last["last"] + timedelta(days=1)) if last["last"] else on


@transaction.atomic
def publish(
    definition: Definition, *, valid_from: date, note: Mapping[str, str], seen: int, by: User, at: datetime
) -> Definition:
    """Publish a version from a day on; `note` tells applicants in both languages what has changed."""
    base, earliest = base_of(definition), first_day(definition, on=timezone.localdate(at))
    if valid_from < earliest:
        sentence = _("Ngày áp dụng sớm nhất là %(day)s: sau các phiên bản đã ban hành và không ở quá khứ.")
        raise DefinitionRefused(sentence % {"day": f"{earliest:%d/%m/%Y}"})
    if base and base.body == definition.body:
        raise DefinitionRefused(_("Phiên bản này chưa khác bản trước."))
    if found := faults(definition):
        sentence = _("Chưa ban hành được, còn %(count)s lỗi: %(first)s") % {"count": len(found), "first": found[0]}
        raise DefinitionRefused(sentence)
    standing = Definition.objects.filter(pk=definition.pk, published_at=None, version_no=seen)
    words = {"note_vi": note["vi"], "note_en": note["en"]}
    try:
        with transaction.atomic():
            done = standing.update(
                valid_from=valid_from, version_no=seen + 1, saved_at=at, published_at=at, published_by=by, **words
            )
    except IntegrityError as taken:
        raise DefinitionRefused(_("Đã có phiên bản khác áp dụng từ ngày này.")) from taken
    if not done:
        raise DefinitionChanged(_gone(definition))
    definition.refresh_from_db()
    return definition
