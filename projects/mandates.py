"""Who may act for an enterprise: asked for by a person, granted and ended here, and asked by every floor above;
never worked out in a view. What is written to the people concerned stands in `letters`."""

from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from izportal import documents, roles
from izportal.models import Rule, StoredFile, User
from projects import enrolment, letters
from projects.models import Enterprise, Mandate, MandateRequest

Capacity = Mandate.Capacity
# Who may sign may also prepare, and who may prepare may also view.
INCLUDES = {
    Capacity.VIEW: (Capacity.VIEW, Capacity.PREPARE, Capacity.SIGN),
    Capacity.PREPARE: (Capacity.PREPARE, Capacity.SIGN),
    Capacity.SIGN: (Capacity.SIGN,),
}
REGISTERED = ("name", "address", "representative")
ASKED = ("capacity", "until", "position", "note", *REGISTERED)
MOST_OPEN = 20
REMINDERS = ("mandate_reminder_days", "mandate_last_reminder_days")


class MandateRefused(Exception):
    """What stands in the way, as a sentence for the reader."""


# Questions ----------------------------------------------------------------------------------------
def enterprises_of(user: User, capacity: str = Capacity.VIEW) -> QuerySet[Enterprise]:
    """The enterprises for which a person holds an approved, unexpired mandate of at least this capacity."""
    if not user.is_authenticated:
        return Enterprise.objects.none()
    held = Mandate.objects.in_force().filter(user_id=user.pk, capacity__in=INCLUDES[Capacity(capacity)])
    return Enterprise.objects.filter(pk__in=held.values("enterprise"))


def may(user: User, enterprise: Enterprise, capacity: str) -> bool:
    return enterprises_of(user, capacity).filter(pk=enterprise.pk).exists()


def asked_by(user: User) -> list[MandateRequest]:
    """What a person has asked the board for and waits to hear of."""
    return list(MandateRequest.objects.open().filter(user_id=user.pk))


def people_of(enterprise: Enterprise, capacity: str = Capacity.VIEW) -> QuerySet[Mandate]:
    """The mandates in force for an enterprise, of at least this capacity, each with its person."""
    held = Mandate.objects.in_force().filter(enterprise=enterprise, capacity__in=INCLUDES[Capacity(capacity)])
    return held.filter(user__is_active=True).select_related("user")


def is_last_signer(mandate: Mandate) -> bool:
    """Would nobody be left to sign for the enterprise if this mandate ended?"""
    signers = people_of(mandate.enterprise, Capacity.SIGN)
    return signers.filter(pk=mandate.pk).exists() and not signers.exclude(pk=mandate.pk).exists()


def may_end(user: User, mandate: Mandate) -> bool:
    """The person themself, whoever signs for the enterprise, and whoever approves mandates at the board."""
    is_board = user.is_staff and roles.may(user, "approve_mandate")
    return is_board or mandate.user_id == user.pk or may(user, mandate.enterprise, Capacity.SIGN)


# Asking -------------------------------------------------------------------------------------------
@transaction.atomic
def ask(*, by: User, at: datetime, tax_code: str, upload: File | None = None, **said: Any) -> MandateRequest:
    """Ask the board for a mandate; `said` are the values named in `ASKED`. The same request sent twice is one.

    Raises `MandateRefused`, and `UploadRefused` where the letter of authorisation cannot be taken.
    """
    User.objects.select_for_update().get(pk=by.pk)
    before = MandateRequest.objects.open().filter(user=by, tax_code=tax_code).first()
    if before and _is_same(before, said, upload):
        return before
    if problem := _why_not_ask(by, before, tax_code, said, at):
        raise MandateRefused(problem)
    is_sample = by.is_sample or Enterprise.objects.filter(tax_code=tax_code, is_sample=True).exists()
    paper = _keep(upload, by, at, is_sample) if upload else None
    return MandateRequest.objects.create(
        user=by, tax_code=tax_code, paper=paper, asked_at=at, is_sample=is_sample, **said
    )


def _keep(upload: File, by: User, at: datetime, is_sample: bool) -> StoredFile:
    most, page = documents.limit_bytes(timezone.localdate(at)), reverse("projects:mandate_list")
    return documents.store(upload, by=by, at=at, max_bytes=most, is_sample=is_sample, page=page)


def _is_same(request: MandateRequest, said: dict[str, Any], upload: File | None) -> bool:
    sent = (documents.clean_name(upload.name or ""), upload.size) if upload else None
    kept = (request.paper.name, request.paper.size) if request.paper else None
    return sent == kept and all(getattr(request, name) == value for name, value in said.items())


def _why_not_ask(by: User, before: MandateRequest | None, tax_code: str, said: dict[str, Any], at: datetime) -> str:
    if before:
        return _("Bạn đã có một đề nghị cho mã số thuế này đang chờ Ban duyệt; hãy rút đề nghị đó nếu cần gửi lại.")
    if MandateRequest.objects.open().filter(user=by).count() >= MOST_OPEN:
        return _("Bạn đang có quá nhiều đề nghị chờ duyệt; hãy đợi Ban trả lời.")
    held = Mandate.objects.in_force(timezone.localdate(at)).filter(user=by, enterprise__tax_code=tax_code).first()
    if held and (held.capacity, held.until) == (said["capacity"], said["until"]):
        return _("Bạn đang có đúng quyền này cho tổ chức kinh tế này; hãy chọn quyền hoặc thời hạn khác.")
    return ""


@transaction.atomic
def withdraw(request: MandateRequest, *, by: User, at: datetime) -> None:
    request = _open(request)
    if request.user_id != by.pk:
        raise PermissionDenied
    _answer(request, MandateRequest.Answer.WITHDRAWN, by=by, at=at)


# Answering ----------------------------------------------------------------------------------------
@transaction.atomic
def grant(
    request: MandateRequest, *, by: User, at: datetime, capacity: str, until: date | None, **register: str
) -> Mandate:
    """The board grants what was asked, or less; `register` (`REGISTERED`) enters an enterprise it does not know yet.

    A mandate that the person holds of the enterprise takes the new capacity and end. Raises `MandateRefused`.
    """
    request = _open(request, by=by)
    if problem := _why_not_grant(request, capacity, until, at):
        raise MandateRefused(problem)
    enterprise = _registered(request, register, by=by)
    signers = list(people_of(enterprise, Capacity.SIGN).exclude(user=request.user_id))
    held = Mandate.objects.select_for_update().filter(user=request.user, enterprise=enterprise).first()
    mandate = held or Mandate(user=request.user, enterprise=enterprise)
    mandate.capacity, mandate.until = capacity, until
    mandate.is_sample = request.is_sample or enterprise.is_sample
    _put_in_force(mandate, by=by, at=at)
    request.is_sample = mandate.is_sample
    _answer(request, MandateRequest.Answer.GRANTED, by=by, at=at, mandate=mandate)
    letters.granted(mandate, signers, key=f"request:{request.pk}")
    return mandate


def _why_not_grant(request: MandateRequest, capacity: str, until: date | None, at: datetime) -> str:
    if not request.user.is_active:
        return _("Tài khoản của người đề nghị đã bị khóa.")
    if request.capacity not in INCLUDES[Capacity(capacity)] or (until or date.max) > (request.until or date.max):
        return _("Chỉ duyệt được trong phạm vi người đề nghị đã xin: quyền và thời hạn không rộng hơn.")
    if until and until < timezone.localdate(at):
        return _("Ngày kết thúc đã qua.")
    return documents.why_held(request.paper) if request.paper else ""


def _registered(request: MandateRequest, register: dict[str, str], *, by: User) -> Enterprise:
    """The enterprise of the request; one that the register does not know is entered as the officer confirmed it."""
    known = enrolment.find(request.tax_code)
    if known:
        return known
    if not register.get("name"):
        raise MandateRefused(_("Sổ chưa có mã số thuế này; hãy ghi tên tổ chức kinh tế."))
    entered = {"address": register.get("address", ""), "representative": register.get("representative", "")}
    made = Enterprise(tax_code=request.tax_code, name_vi=register["name"], is_sample=request.is_sample, **entered)
    return enrolment.enrol(made, by=by, reason=_("Ghi khi duyệt đề nghị ủy quyền."))


@transaction.atomic
def refuse(request: MandateRequest, *, by: User, at: datetime, reason: str) -> None:
    request = _open(request, by=by)
    _answer(request, MandateRequest.Answer.REFUSED, by=by, at=at, reason=reason)
    letters.refused(request)


@transaction.atomic
def approve(mandate: Mandate, *, by: User, at: datetime) -> Mandate:
    """Put in force a mandate that the board entered itself, or one that had ended."""
    if mandate.user_id == by.pk:
        raise PermissionDenied
    signers = list(people_of(mandate.enterprise, Capacity.SIGN).exclude(user=mandate.user_id))
    _put_in_force(mandate, by=by, at=at)
    letters.granted(mandate, signers, key=f"mandate:{mandate.pk}:{at:%Y%m%d%H%M%S}")
    return mandate


def _open(request: MandateRequest, *, by: User | None = None) -> MandateRequest:
    """The request, locked and still unanswered; whoever answers it (`by`) is not the one who asks."""
    row = MandateRequest.objects.select_for_update().get(pk=request.pk)
    if by is not None and row.user_id == by.pk:
        raise PermissionDenied
    if row.answer:
        raise MandateRefused(_("Đề nghị này đã được trả lời: %(answer)s.") % {"answer": row.get_answer_display()})
    return row


def _answer(request: MandateRequest, answer: str, *, by: User, at: datetime, **values: Any) -> None:
    stamps = {"answer": answer, "answered_at": at, "answered_by": by, "is_sample": request.is_sample, **values}
    for name, value in stamps.items():
        setattr(request, name, value)
    request.save(update_fields=list(stamps))


def _put_in_force(mandate: Mandate, *, by: User, at: datetime) -> None:
    mandate.approved_at, mandate.approved_by, mandate.ended_at, mandate.ended_by = at, by, None, None
    _record(mandate, by=by, at=at)


def _record(mandate: Mandate, *, by: User | None, at: datetime) -> None:
    """Save with the doer and the moment in the history, whoever calls."""
    mandate._history_user, mandate._history_date = by, at
    mandate.save()


# Ending -------------------------------------------------------------------------------------------
@transaction.atomic
def end(mandate: Mandate, *, by: User, at: datetime) -> Mandate:
    """End a mandate at once. Raises `PermissionDenied`, and `MandateRefused` where it has ended already."""
    if not may_end(by, mandate):
        raise PermissionDenied
    row = Mandate.objects.select_for_update().select_related("user", "enterprise").get(pk=mandate.pk)
    if row.ended_at:
        raise MandateRefused(_("Ủy quyền này đã chấm dứt."))
    row.ended_at, row.ended_by = at, by
    _record(row, by=by, at=at)
    letters.ended(row, list(people_of(row.enterprise, Capacity.SIGN)) if row.user_id == by.pk else [])
    return row


def reminder_days(*, on: date) -> list[int]:
    """How many days before its end a mandate is written about, by the rules in force."""
    rows = Rule.objects.in_force(on).filter(code__in=REMINDERS)
    return [int(value) for value in rows.values_list("value", flat=True)]


def remind(*, at: datetime) -> int:
    """Write to everybody whose mandate ends soon, once for each of `REMINDERS`; how many letters are new."""
    today = timezone.localdate(at)
    spans = reminder_days(on=today)
    ending = Q(until__gte=today, until__lte=today + timedelta(days=max(spans, default=-1)))
    held = Mandate.objects.in_force(today).filter(ending, user__is_active=True).select_related("user", "enterprise")
    written = 0
    for mandate in held:
        left = (mandate.until - today).days
        span = min(span for span in spans if left <= span)
        written += letters.reminder(mandate, days=left, key=f"mandate:{mandate.pk}:{mandate.until}:{span}")
    return written
