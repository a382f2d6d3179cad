"""Dossiers that other systems send in: who may send, and taking in each file, dossier, answer and withdrawal once.

What the calls look like on the wire stands in `intake.api`, what is answered about a dossier in `intake.report`; the
steps themselves are those of `workflow`.
"""

import hashlib
import json
import secrets
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal.models import User
from onestop import papers, questions, shapes, workflow
from onestop.intake import answers as intake_answers
from onestop.intake.answers import Remark
from onestop.intake.files import Files
from onestop.models import (
    Component,
    Dossier,
    IntakeCall,
    IntakeSystem,
    Procedure,
    ProcedureCase,
    ProcedureVersion,
    Supplement,
    SupplementItem,
)
from projects import enrolment
from projects.models import Enterprise

TOKEN_BYTES = 32
# Compared where no system has the token, so that a miss takes as long as a hit.
NOBODY = "0" * 64
# A call is noted at most this often, so that many calls at once do not queue for one row.
NOTED_EVERY = timedelta(minutes=1)


class IntakeRefused(Exception):
    """Nothing was taken in; `remarks` say one by one what to mend, in the caller's language."""

    def __init__(self, sentence: str, remarks: Iterable[Remark] = (), *, is_conflict: bool = False) -> None:
        super().__init__(sentence)
        self.remarks = list(remarks)
        self.status = 409 if is_conflict else 422


class KeyTaken(Exception):
    """The idempotency key has been used for another content."""


@dataclass(frozen=True)
class Filing:
    """A dossier as another system sends it, in plain values; `papers` are {"component", "file"} each."""

    procedure: str
    foreign_code: str
    enterprise: Mapping[str, str]
    contact: Mapping[str, str]
    answers: Mapping[str, Any]
    papers: Sequence[Mapping[str, Any]] = ()
    papers_not_due: Sequence[str] = ()
    case: str = ""
    language: str = "vi"
    filed_at: datetime | None = None


@dataclass(frozen=True)
class Answer:
    """What is answered to a call, now and whenever it is repeated."""

    status: int
    body: dict[str, Any]
    dossier: Dossier | None = None


# Who may send -------------------------------------------------------------------------------------
@transaction.atomic
def renew_token(system: IntakeSystem, *, at: datetime) -> str:
    """A new token in place of the one before. Only its hash is kept: this is the one time that it can be read."""
    row = IntakeSystem.objects.select_for_update(of=("self",)).get(pk=system.pk)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row.token_hash, row.token_hint, row.token_made_at = _hash(token), token[:6], at
    row.account = row.account or _technical_account(row)
    row.save(update_fields=["token_hash", "token_hint", "token_made_at", "account"])
    return token


def _technical_account(system: IntakeSystem) -> User:
    """In whose name the dossiers of a system are kept: no password, no mail, no way to sign in."""
    email = f"he-thong-{uuid.uuid4().hex}@intake.invalid"
    return User.objects.create_user(
        email, None, full_name=system.name[:150], is_active=False, is_sample=system.is_sample
    )


def authenticate(token: str) -> IntakeSystem | None:
    """The system that a token was made for, switched off or not; None for any other text."""
    given = _hash(token)
    system = IntakeSystem.objects.select_related("account").filter(token_hash=given).first()
    kept = (system.token_hash if system else "") or NOBODY
    return system if constant_time_compare(kept, given) and system else None


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def note_call(system: IntakeSystem, *, at: datetime) -> None:
    if system.last_call_at is None or system.last_call_at < at - NOTED_EVERY:
        IntakeSystem.objects.filter(pk=system.pk).update(last_call_at=at)


# Once ---------------------------------------------------------------------------------------------
def once(
    *, system: IntakeSystem, key: str, content: Mapping[str, Any], at: datetime, do: Callable[[], Answer]
) -> Answer:
    """Do what a call asks, unless a call with this key has done it: then the same answer again.

    All in one transaction with the row that keeps the answer, so that either both are there or neither. Raises
    `KeyTaken` where the key stands for another content. A refused call leaves its key free, to be sent again mended.
    """
    digest = _hash(json.dumps(content, sort_keys=True, ensure_ascii=False, default=str))
    try:
        with transaction.atomic():
            call = _call(system, key, digest, at)
            if call.is_done:
                return _again(call, digest)
            answer = do()
            call.sha256, call.at, call.status = digest, at, answer.status
            call.answer, call.dossier = answer.body, answer.dossier
            call.save()
            return answer
    except IntakeRefused as refusal:
        _note_refusal(system, key, digest, at, refusal)
        raise


def _call(system: IntakeSystem, key: str, digest: str, at: datetime) -> IntakeCall:
    """The row of a key, locked: whoever comes second waits here until the first has answered or failed."""
    call, _is_new = IntakeCall.objects.get_or_create(system=system, key=key, defaults={"sha256": digest, "at": at})
    return IntakeCall.objects.select_for_update(of=("self",)).get(pk=call.pk)


def _again(call: IntakeCall, digest: str) -> Answer:
    if call.sha256 != digest:
        raise KeyTaken
    return Answer(call.status or 200, call.answer)


@transaction.atomic
def _note_refusal(system: IntakeSystem, key: str, digest: str, at: datetime, refusal: IntakeRefused) -> None:
    call = _call(system, key, digest, at)
    if call.is_done:
        return
    call.sha256, call.at, call.status = digest, at, refusal.status
    call.answer = {"detail": str(refusal), "faults": [remark.told() for remark in refusal.remarks]}
    call.save()


# A dossier ----------------------------------------------------------------------------------------
@transaction.atomic
def take_in(*, system: IntakeSystem, filing: Filing, at: datetime) -> tuple[Dossier, list[Remark]]:
    """File a dossier as its applicant would, whole or not at all: the enterprise, answers and papers with it.

    Returns it with what is worth a second look; raises `IntakeRefused` with everything that is to be mended.
    """
    _check_new(system, filing.foreign_code)
    dossier = _begun(system, filing, at)
    faults, notes = intake_answers.fill(
        dossier, answers=filing.answers, contact=filing.contact, on=timezone.localdate(at)
    )
    _keep_draft(dossier, filing.foreign_code)
    faults += _give(dossier, filing, at)
    if faults:
        raise IntakeRefused(_("Hồ sơ chưa đủ hoặc chưa đúng; chưa có gì được lưu."), faults)
    filed_at = filing.filed_at.isoformat() if filing.filed_at else ""
    return _step(dossier, "submit", system, at, filed_at=filed_at), notes


def _step(dossier: Dossier, step: str, system: IntakeSystem, at: datetime, **details: Any) -> Dossier:
    try:
        return workflow.take(dossier, step, by=_account(system), at=at, **details)
    except workflow.REFUSALS as refusal:
        raise IntakeRefused(str(refusal), is_conflict=True) from refusal


def _account(system: IntakeSystem) -> User:
    if system.account is None:
        raise IntakeRefused(_("Hệ thống gửi chưa được cấp khóa; hãy báo quản trị."))
    return system.account


def _check_new(system: IntakeSystem, foreign_code: str) -> None:
    there = Dossier.objects.filter(system=system, foreign_code=foreign_code).first()
    if there:
        sentence = _("Hồ sơ mang mã %(code)s đã được gửi; số biên nhận %(reference)s.")
        told = sentence % {"code": foreign_code, "reference": there.reference}
        raise IntakeRefused(told, [Remark("", "foreign_code", "", told)], is_conflict=True)


def _begun(system: IntakeSystem, filing: Filing, at: datetime) -> Dossier:
    today = timezone.localdate(at)
    procedure, version = _asked(filing.procedure, at)
    definition = shapes.in_force(procedure, on=today)
    if definition is None:
        raise _refused("procedure", _("Thủ tục này chưa có tờ khai điện tử."))
    case = _case(version, filing.case, shapes.of(definition).closed_cases)
    enterprise = _enterprise(filing.enterprise, is_sample=system.is_sample)
    return Dossier(
        procedure=procedure, version=version, definition=definition, case=case, enterprise=enterprise,
        created_by=_account(system), channel=system.channel, system=system, foreign_code=filing.foreign_code,
        language=filing.language, is_sample=enterprise.is_sample, created_at=at, saved_at=at,
    )  # fmt: skip


def _refused(question: str, sentence: str, section: str = "") -> IntakeRefused:
    return IntakeRefused(sentence, [Remark(section, question, "", sentence)])


def _asked(code: str, at: datetime) -> tuple[Procedure, ProcedureVersion]:
    procedure = Procedure.objects.filter(code=code).first()
    version = procedure.version_on(timezone.localdate(at)) if procedure else None
    if procedure is None or version is None:
        raise _refused("procedure", _("Không có thủ tục mang mã “%(code)s” đang áp dụng.") % {"code": code})
    return procedure, version


def _case(version: ProcedureVersion, key: str, closed: Iterable[str]) -> ProcedureCase:
    """The case named; the only one need not be."""
    cases = {case.key: case for case in version.cases.exclude(key__in=list(closed))}
    if key in closed:
        sentence = _("Cổng này chưa nhận trường hợp “%(case)s”: kết quả phải ghi vào sổ theo cách cổng chưa làm được.")
        raise _refused("case", sentence % {"case": key})
    if not key and len(cases) == 1:
        return next(iter(cases.values()))
    if key not in cases:
        names = ", ".join(cases)
        raise _refused("case", _("Chọn một trường hợp của thủ tục: %(cases)s.") % {"cases": names})
    return cases[key]


def _enterprise(sent: Mapping[str, str], *, is_sample: bool) -> Enterprise:
    """The enterprise of a tax code. One that the register does not know is entered; one that it knows is not touched
    from outside."""
    known = enrolment.find(sent["tax_code"])
    if known:
        return known
    said = {name: value for name, value in sent.items() if name != "name"}
    made = Enterprise(name_vi=sent.get("name", ""), is_sample=is_sample, **said)
    try:
        made.full_clean(exclude=["folded"], validate_unique=False)
    except ValidationError as error:
        raise IntakeRefused(_("Thông tin doanh nghiệp chưa đúng."), _of_enterprise(error)) from error
    reason = _("Ghi khi nhận hồ sơ từ hệ thống khác; chờ cán bộ sổ dự án đối chiếu.")
    return enrolment.enrol(made, by=None, reason=reason)


def _of_enterprise(error: ValidationError) -> list[Remark]:
    told = {name.removesuffix("_vi"): sentences for name, sentences in error.message_dict.items()}
    return [Remark("enterprise", name, "", sentence) for name, sentences in told.items() for sentence in sentences]


def _keep_draft(dossier: Dossier, foreign_code: str) -> None:
    try:
        with transaction.atomic():
            dossier.save(force_insert=True)
    except IntegrityError as error:
        sentence = _("Hồ sơ mang mã %(code)s đang được gửi trong một lượt khác.") % {"code": foreign_code}
        raise IntakeRefused(sentence, is_conflict=True) from error


# Papers -------------------------------------------------------------------------------------------
def _give(dossier: Dossier, filing: Filing, at: datetime) -> list[Remark]:
    """Put the files sent before under the papers that the case asks for; what is wrong or missing."""
    asked = {demand.component.key: demand.component for demand in papers.demands(dossier)}
    faults = _not_due(dossier, filing.papers_not_due, asked)
    files = Files(dossier, [paper["file"] for paper in filing.papers])
    for paper in filing.papers:
        component = asked.get(paper["component"])
        if component is None:
            faults.append(_of_paper(paper["component"], _("Trường hợp này không hỏi giấy tờ mang khóa này.")))
        elif sentence := files.why_not(paper["file"]):
            faults.append(_of_paper(component.key, sentence, component))
        else:
            files.use(paper["file"], at, component=component)
    missing = _("Thiếu giấy tờ này; nếu không thuộc trường hợp phải nộp thì ghi vào papers_not_due.")
    told = {fault.question for fault in faults}
    return faults + [_of_paper(c.key, missing, c) for c in papers.missing(dossier) if c.key not in told]


def _not_due(dossier: Dossier, keys: Iterable[str], asked: Mapping[str, Component]) -> list[Remark]:
    conditional = {key for key, c in asked.items() if c.required == Component.Required.CONDITIONAL}
    said = set(keys)
    if said & conditional:
        dossier.answers = {**dossier.answers, questions.NOT_DUE: sorted(said & conditional)}
        dossier.save(update_fields=["answers"])
    sentence = _("Chỉ giấy tờ có điều kiện mới khai được là không thuộc trường hợp phải nộp.")
    return [_of_paper(key, sentence, asked.get(key)) for key in sorted(said - conditional)]


def _of_paper(key: str, sentence: str, component: Component | None = None) -> Remark:
    return Remark("papers", key, component.name if component else "", sentence)


# Afterwards ---------------------------------------------------------------------------------------
@transaction.atomic
def answer_supplement(
    *, system: IntakeSystem, dossier: Dossier, given: Sequence[Mapping[str, Any]], answer: str, at: datetime
) -> Dossier:
    """Answer the open request with papers, each for an item of it ({"item", "file"}), and words."""
    row = Dossier.objects.select_for_update(of=("self",)).get(pk=dossier.pk)
    asked = papers.open_supplement(row)
    if asked is None or asked.answered_at or not row.awaits_applicant:
        raise IntakeRefused(_("Hồ sơ này hiện không chờ bổ sung."), is_conflict=True)
    if not given and not answer.strip():
        raise _refused("answer", _("Gửi ít nhất một giấy tờ hoặc lời giải trình."))
    faults = _give_items(row, asked, given, at)
    if faults:
        raise IntakeRefused(_("Bổ sung chưa đúng; chưa có gì được lưu."), faults)
    return _step(row, "answer_supplement", system, at, answer=answer)


_NO_SUCH_ITEM = gettext_lazy("Phiếu yêu cầu không có mục mang số này.")
_NO_FILE_HERE = gettext_lazy("Mục này là nội dung tờ khai, không nhận tệp; hãy ghi nội dung sửa vào answer.")


def _give_items(dossier: Dossier, asked: Supplement, given: Sequence[Mapping[str, Any]], at: datetime) -> list[Remark]:
    items = {item.number: item for item in papers.items(dossier, asked)}
    typed = set(asked.lines.filter(kind=SupplementItem.Kind.ANSWER).values_list("position", flat=True))
    files, faults = Files(dossier, [paper["file"] for paper in given]), []
    for paper in given:
        item = items.get(paper["item"])
        if item is None:
            sentence = _NO_FILE_HERE if paper["item"] in typed else _NO_SUCH_ITEM
            faults.append(Remark("papers", str(paper["item"]), "", str(sentence)))
        elif refusal := files.why_not(paper["file"]):
            faults.append(Remark("papers", str(paper["item"]), str(item.line), refusal))
        else:
            files.use(paper["file"], at, **item.where)
    return faults


def withdraw(*, system: IntakeSystem, dossier: Dossier, reason: str, at: datetime) -> Dossier:
    return _step(dossier, "withdraw", system, at, note=reason)
