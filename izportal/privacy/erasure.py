"""Erasing what is kept of a person, on their request, and leaving what the law wants kept: dossiers that were filed,
their events, slips and papers, and the register. What goes where is told by `kept`."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from izportal import chunks, correspondence, languages, outbox, roles, sessions
from izportal.models import Job, Notice, PartialFile, StoredFile, User
from izportal.press import consultations, questions
from izportal.press.models import Comment
from izportal.privacy.kept import dossiers_of, drafts_of, handed_in_by, letters_to, log_about, replies_of
from onestop.models import Dossier, Survey
from projects import mandates
from projects.models import Enterprise, Mandate, MandateRequest
from zones import enquiries, watches
from zones.models import Enquiry

NOBODY = "da-xoa@khong-con.invalid"
FAREWELL = "data-erased"
# Long enough for the post to come round; then the address goes, sent or not.
FAREWELL_KEPT = timedelta(days=7)


class ErasureRefused(Exception):
    """What stands in the way, and what to do about it, as a sentence for the reader."""


def awaiting(person: User) -> list[Enterprise]:
    """Enterprises with running dossiers or drafts for which nobody else may sign: someone must follow first."""
    held = Mandate.objects.in_force().filter(user=person, capacity=Mandate.Capacity.SIGN).select_related("enterprise")
    alone = [mandate.enterprise for mandate in held if mandates.is_last_signer(mandate)]
    unfinished = Dossier.objects.filter(status__in=(Dossier.Status.DRAFT, *Dossier.OPEN))
    busy = set(unfinished.filter(enterprise__in=alone).values_list("enterprise", flat=True))
    return [enterprise for enterprise in alone if enterprise.pk in busy]


def why_not(person: User, *, by: User) -> str:
    """Why this person's data cannot be erased now, or ""."""
    if person.erased_at:
        return _("Dữ liệu của người này đã được xóa.")
    if person.is_superuser or hasattr(person, "intake_system"):
        return _("Đây là tài khoản kỹ thuật, không phải của một người nộp hồ sơ.")
    if person.is_staff and (by == person or person.is_active):
        return _("Tài khoản cán bộ do quản trị hệ thống tắt trước, rồi mới xóa dữ liệu.")
    if waiting := awaiting(person):
        names = "; ".join(enterprise.name for enterprise in waiting)
        return _(
            "Còn hồ sơ đang giải quyết hoặc bản nháp mà không còn ai khác ký được: %(names)s. Hãy để một người khác "
            "của tổ chức được Ban duyệt quyền ký, hoặc rút hồ sơ và xóa bản nháp trước."
        ) % {"names": names}
    return ""


@transaction.atomic
def erase(person: User, *, by: User, at: datetime) -> User:
    """Erase, on the request of the person or by an administrator. Raises `ErasureRefused` and `PermissionDenied`."""
    if by != person and not roles.may(by, "keep_people"):
        raise PermissionDenied
    person = User.objects.select_for_update().get(pk=person.pk)
    if sentence := why_not(person, by=by):
        raise ErasureRefused(sentence)
    known = {"email": person.email, "phone": person.phone, "name": person.full_name}
    _leave_enterprises(person, at)
    _leave_dossiers(person)
    Survey.objects.filter(answered_by=person).update(comment="", answered_by=None)
    for enquiry in correspondence.of_address(Enquiry, person.email):
        enquiries.erase(enquiry, at=at)
    for question in questions.of_person(person):
        questions.erase(question, at=at)
    for comment in correspondence.of_address(Comment, person.email):
        consultations.erase(comment, at=at)
    for watch in watches.of_address(person.email):
        watches.end(watch)
    _forget_letters(person)
    _forget_log(person, known)
    _farewell(person, at)
    _forget_keys(person)
    return _close(person, at)


def name_of_erased(person: User) -> str:
    return f"Người dùng đã xóa dữ liệu #{person.pk}"


def _leave_enterprises(person: User, at: datetime) -> None:
    for request in MandateRequest.objects.open().filter(user=person):
        mandates.withdraw(request, by=person, at=at)
    for mandate in Mandate.objects.filter(user=person, ended_at__isnull=True):
        mandates.end(mandate, by=person, at=at)
    requests = MandateRequest.objects.filter(user=person)
    denied = requests.exclude(answer=MandateRequest.Answer.GRANTED)
    papers = list(StoredFile.objects.filter(mandate_requests__in=denied))
    denied.update(paper=None)
    requests.update(position="", note="", representative="")
    for paper in papers:
        name, storage = str(paper.file.name), paper.file.storage
        paper.delete()
        transaction.on_commit(partial(storage.delete, name))


def _leave_dossiers(person: User) -> None:
    """Contacts serve to reach somebody; drafts are no record yet. What was filed as an answer stays as it was."""
    mine, presented = dossiers_of(person), {row.pk for row in handed_in_by(person)}
    for dossier in drafts_of(person):
        said = {name: _without(getattr(dossier, name), person) for name in ("answers", "typed")}
        if dossier.pk in presented:
            del said["answers"][Dossier.HANDED_IN]
        Dossier.objects.filter(pk=dossier.pk).update(**said)
    for dossier in mine.exclude(set_aside=[]):
        Dossier.objects.filter(pk=dossier.pk).update(set_aside=_without(dossier.set_aside, person))
    replies_of(person).update(typed={})  # never sent
    keys = list(mine.values_list("pk", flat=True))
    named = Dossier.objects.filter(pk__in=keys)
    named.filter(contact_name__iexact=person.full_name).update(contact_name="")
    if person.phone:
        named.filter(contact_phone=person.phone).update(contact_phone="")
    named.filter(contact_email__iexact=person.email).update(contact_name="", contact_phone="", contact_email="")


def _without(value: Any, person: User) -> Any:
    """Answers of a draft without those that are this person's name, address or telephone."""
    if isinstance(value, dict):
        return {key: _without(part, person) for key, part in value.items()}
    if isinstance(value, list):
        return [_without(part, person) for part in value]
    theirs = (person.email.lower(), person.phone.lower(), person.full_name.lower())
    is_theirs = isinstance(value, str) and value and value.lower() in theirs
    return "" if is_theirs else value


def _forget_letters(person: User) -> None:
    """Unsent letters are not sent any more; of the others only the subject and the moment stay."""
    letters = letters_to(person)
    keys = list(letters.values_list("pk", flat=True))
    Job.objects.filter(key__in=[f"thu-{key}" for key in keys]).delete()
    letters.filter(sent_at__isnull=True).delete()
    Notice.objects.filter(pk__in=keys).update(email=NOBODY, body="")


def _forget_log(person: User, known: dict[str, str]) -> None:
    """Names are taken out of the lines about the person, addresses and telephones out of every line."""
    marks = Q(pk__in=log_about(person).values("pk"))
    for value in (known["email"], known["phone"]):
        if value:
            marks |= Q(object_repr__icontains=value) | Q(change_message__icontains=value)
    for entry in log_about(person).model.objects.filter(marks):
        entry.object_repr = _renamed(entry.object_repr, person, known)[:200]
        entry.change_message = _renamed(entry.change_message, person, known)
        entry.save(update_fields=["object_repr", "change_message"])


def _renamed(text: str, person: User, known: dict[str, str]) -> str:
    for value in filter(None, known.values()):
        text = text.replace(value, name_of_erased(person))
    return text


def _forget_keys(person: User) -> None:
    """Nobody can sign in any more, and whoever is signed in is out."""
    sessions.end_all(person)
    mine = [row.pk for row in Session.objects.iterator() if row.get_decoded().get("_auth_user_id") == str(person.pk)]
    Session.objects.filter(pk__in=mine).delete()
    for model in (EmailAddress, Authenticator, SocialAccount):
        model.objects.filter(user=person).delete()
    for piece in PartialFile.objects.filter(user=person):
        chunks.drop(piece)


def _close(person: User, at: datetime) -> User:
    """An officer's name stays on what they did in office; of everybody else a number is left."""
    person.email = f"da-xoa-{person.pk}@khong-con.invalid"
    person.full_name = person.full_name if person.is_staff else name_of_erased(person)
    person.phone, person.zones, person.last_login = "", [], None
    person.is_active, person.erased_at = False, at
    person.set_unusable_password()
    person.save()
    person.groups.clear()
    person.user_permissions.clear()
    return person


# The last letter ----------------------------------------------------------------------------------
def _farewell(person: User, at: datetime) -> None:
    """Goes to the old address, which the letter then forgets."""
    with languages.speaking(person.language):
        subject = _("Đã xóa dữ liệu cá nhân của bạn")
        body = render_to_string("izportal/mail/erased.txt", {"name": person.full_name, "at": at})
    notice = outbox.write(
        key=f"erased:{person.pk}", kind=FAREWELL, email=person.email, subject=subject, body=body,
        language=person.language, is_sample=person.is_sample,
    )  # fmt: skip
    if notice:
        outbox.enqueue("izportal.privacy.erasure.forget_farewell", notice.pk, key=f"quen-{notice.pk}")


def forget_farewell(notice_id: int) -> None:
    """Send the last letter, if it has not gone out yet, and forget its address."""
    outbox.send(notice_id)
    Notice.objects.filter(pk=notice_id, sent_at__isnull=False).update(email=NOBODY, body="")


def forget_old_farewells(*, at: datetime) -> int:
    """Addresses that no letter would reach are forgotten too; how many."""
    old = Notice.objects.filter(kind=FAREWELL, created_at__lt=at - FAREWELL_KEPT).exclude(email=NOBODY)
    jobs = [f"{job}-{key}" for key in old.values_list("pk", flat=True) for job in ("thu", "quen")]
    Job.objects.filter(key__in=jobs).delete()
    return old.delete()[0]
