"""Which papers the counter issues and what each says: numbered and frozen when issued (`documents` makes the PDF).

The facts of a slip are copied as plain values when it is issued, in the transaction of the step. The PDF is made from
them by the worker right after the commit, or by the first reader, once; nothing that changes later changes a slip.
Whether a paper still stands is written beside it: replaced by the one that was issued anew, or revoked.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from izportal import documents, languages, outbox
from izportal.models import StoredFile, User
from onestop import notices, numbering, supplements, verification
from onestop.decisions import facts as told
from onestop.decisions import letters
from onestop.models import Amendment, Dossier, Slip, Supplement
from onestop.papers import HELD, current, demands

MOST_BYTES = 50 * 2**20
# How the files of papers are called that bear the number of a decision.
PREFIXES: dict[str, str] = {Slip.Form.RESULT: "ket-qua-", Slip.Form.REVOCATION: "thu-hoi-"}
MOMENTS = ("received_at", "due_at", "submitted_at", "answer_by", "reply_by", "old_due_at")
# What an officer wrote at the step of the slip; issued anew, a slip says it again.
WORDS = (
    "reason", "old_due_at", "items", "reply_by", "stops_by_itself", "no_answer_ground", "beyond", "stopped_by", "fee",
)  # fmt: skip
# Forms with a series of numbers of their own, which can therefore be issued again. An acknowledgement is of its
# moment and bears the number of the submission; a result is the decision's.
ISSUED_ANEW = (Slip.Form.RECEIPT, Slip.Form.SUPPLEMENT, Slip.Form.REFUSAL, Slip.Form.APOLOGY, Slip.Form.STOP)


class SlipRefused(Exception):
    """The paper is not revoked or issued anew; the text is a sentence for the person who tried."""


def issue(
    dossier: Dossier, form: str, *, by: User | None, at: datetime, supplement: Supplement | None = None, **said: Any
) -> Slip:
    """Issue one form inside the caller's transaction; `said` are a reason or an old date that the form prints."""
    # The officer works in Vietnamese; what the slip names is named in the language of the slip. Where the applicant
    # asked for both, the Vietnamese leads.
    language = "vi" if dossier.is_bilingual else languages.spoken(dossier.language)
    with translation.override(language):
        facts = _facts(dossier, supplement, said) | {"officer": _officer(by)}
    slip = Slip.objects.create(
        dossier=dossier, form=form, number=numbering.slip(dossier, form, at), language=language, issued_at=at,
        issued_by=by, facts=facts, is_sample=dossier.is_sample, code=verification.new_code(),
    )  # fmt: skip
    outbox.enqueue("onestop.slips.freeze", slip.pk, key=f"phieu-{slip.number}")
    return slip


def issue_result(
    dossier: Dossier, *, by: User, at: datetime, stored: StoredFile | None = None, letter: letters.Letter | None = None
) -> Slip:
    """The decision as a paper that can be checked; `stored` is its scanned copy, else the portal makes one from the
    letter that was signed, or from another that has taken its place. The same copy is issued once, whoever asks."""
    known = stored and dossier.slips.filter(form=Slip.Form.RESULT, stored=stored).first()
    if known:
        return known
    with translation.override("vi"):
        facts = told.of_result(dossier, letter or letters.signed(dossier), is_scan=stored is not None)
    return Slip.objects.create(
        dossier=dossier, form=Slip.Form.RESULT, number=dossier.decision_number, language="vi", issued_at=at,
        issued_by=by, facts=facts, stored=stored, is_sample=dossier.is_sample, code=verification.new_code(),
    )  # fmt: skip


def result_copy(dossier: Dossier, *, by: User, at: datetime) -> StoredFile:
    """An electronic copy of the decision, made by the portal where the clerk has no scanned one."""
    return freeze(issue_result(dossier, by=by, at=at).pk)


@transaction.atomic
def freeze(slip_id: int) -> StoredFile:
    """The PDF of a slip, made once under a lock; the same file for ever after."""
    slip = Slip.objects.select_for_update(of=("self",)).get(pk=slip_id)
    if slip.stored is None:
        content = ContentFile(pdf(slip), _file_name(slip))
        slip.stored = documents.store(
            content, by=slip.issued_by, at=slip.issued_at, max_bytes=MOST_BYTES, is_sample=slip.is_sample, is_ours=True
        )
        slip.save(update_fields=["stored"])
    return slip.stored


def pdf(slip: Slip) -> bytes:
    return documents.render_pdf("onestop/slips/pdf.html", context(slip), language=slip.language)


def _file_name(slip: Slip) -> str:
    prefix = PREFIXES.get(slip.form, "")
    return f"{prefix}{slip.number.replace('/', '-')}.pdf"


# Whether it stands ------------------------------------------------------------------------------------------------
def why_not_revoked(slip: Slip) -> str:
    """Why this paper cannot be revoked; "" where it can."""
    if slip.revoked_at:
        return _("Giấy này đã bị thu hồi.")
    if slip.replaced_by_id:
        return _("Giấy này đã được thay bằng giấy khác nên không còn gì để thu hồi.")
    if slip.form == Slip.Form.REVOCATION:
        return _("Quyết định thu hồi kết quả không bị thu hồi; hãy cấp lại bằng một hồ sơ khác.")
    if slip.form == Slip.Form.RESULT:
        return _(
            "Kết quả được đính chính, thu hồi bằng một quyết định riêng, kèm việc đảo lại thay đổi trong sổ dự án nếu "
            "có: dùng bước “Soạn đính chính, thu hồi kết quả” của hồ sơ."
        )
    return ""


@transaction.atomic
def revoke(slip: Slip, *, ground: str, reason: str, by: User, at: datetime) -> Slip:
    """Say for ever that a paper no longer stands; raises `SlipRefused`. The register is not touched."""
    row = _open(slip)
    if refusal := why_not_revoked(row):
        raise SlipRefused(refusal)
    _mark_revoked(row, ground=ground, reason=reason, by=by, at=at)
    notices.tell_of_paper(row)
    return row


def _mark_revoked(row: Slip, *, ground: str, reason: str, by: User, at: datetime) -> None:
    row.revoked_at, row.revoked_by = at, by
    row.revocation_ground, row.revocation_reason = ground, reason
    row.save(update_fields=["revoked_at", "revoked_by", "revocation_ground", "revocation_reason"])


# Results, which the decision of an amendment replaces or revokes ----------------------------------------------------
@dataclass(frozen=True)
class Result:
    """The papers of a dossier's result. `paper` is the one that stands and `stored` its copy, which a correction gets
    from the worker; `past` are those that no longer stand, newest first; `amended` what was signed, oldest first."""

    paper: Slip | None = None
    stored: StoredFile | None = None
    past: tuple[verification.Standing, ...] = ()
    amended: tuple[Amendment, ...] = ()

    @property
    def state(self) -> str:
        """As the interface calls it: whether the decision stands as it was signed."""
        return STATES[self.amended[-1].kind] if self.amended else "stands"

    @property
    def is_revoked(self) -> bool:
        return self.state == "revoked"

    @property
    def is_there(self) -> bool:
        """Is there a copy to be handed out, made already or not?"""
        return self.paper is not None or self.stored is not None

    @property
    def dated(self) -> date | None:
        return verification.issued_on(self.paper) if self.paper else None


STATES: dict[str, str] = {Amendment.Kind.CORRECT: "corrected", Amendment.Kind.REVOKE: "revoked"}


def result_of(dossier: Dossier) -> Result:
    """Which paper of the result stands, and what became of the others; nothing before the result is sealed."""
    if dossier.completed_at is None or dossier.status not in Dossier.SETTLED:
        return Result()
    rows = dossier.slips.filter(form=Slip.Form.RESULT).select_related("stored", "replaced_by")
    papers = [verification.standing(row) for row in rows.order_by("-issued_at", "-pk")]
    amended, past = tuple(amendments_of(dossier)), tuple(row for row in papers if not row.is_current)
    paper = next((row.slip for row in papers if row.is_current), None)
    if amended:
        # A copy from before there were papers with codes was mended with the result.
        is_revoked = amended[-1].kind == Amendment.Kind.REVOKE
        paper = None if is_revoked else paper
        return Result(paper, paper.stored if paper else None, past, amended)
    return Result(paper, dossier.result_file or (paper.stored if paper else None), past)


def amendments_of(dossier: Dossier) -> list[Amendment]:
    """The corrections and revocations in force, in the order in which they were signed."""
    rows = dossier.amendments.filter(signed_at__isnull=False).select_related("signed_by", "drafted_by", "slip")
    return list(rows.order_by("signed_at", "pk"))


def result_file(result: Result) -> StoredFile | None:
    """The copy to be handed out, made now where the worker has not yet; None where nothing stands. Raises
    `documents.PdfUnavailable`."""
    return freeze(result.paper.pk) if result.stored is None and result.paper else result.stored


def standing_result(dossier: Dossier) -> Slip | None:
    """The paper of the result that was neither replaced nor revoked."""
    rows = dossier.slips.filter(form=Slip.Form.RESULT, revoked_at__isnull=True, replaced_by__isnull=True)
    return rows.order_by("issued_at", "pk").last()


def _result_to_mend(dossier: Dossier, at: datetime) -> Slip | None:
    """The same; a copy that bears no paper yet gets its own, so that whoever checks it is told what became of it."""
    paper = standing_result(dossier)
    if paper is None and dossier.result_file and dossier.decided_by:
        moment = dossier.completed_at or at
        paper = issue_result(dossier, stored=dossier.result_file, by=dossier.decided_by, at=moment)
    return paper


def revoke_result(
    dossier: Dossier, *, ground: str, number: str, said: told.Amended, letter: letters.Letter | None, by: User,
    at: datetime,
) -> Slip:  # fmt: skip
    """The decision that the paper no longer stands, as a paper of its own; the old one says by which."""
    old = _result_to_mend(dossier, at)
    with translation.override("vi"):
        facts = told.of_revocation(dossier, said, letter, by=by, on=timezone.localdate(at))
    new = _amending(dossier, Slip.Form.REVOCATION, number, facts, by, at)
    if old is not None:
        _mark_revoked(_open(old), ground=ground, reason=said.reason, by=by, at=at)
        Slip.objects.filter(pk=old.pk).update(replaced_by=new)
    return new


def correct_result(
    dossier: Dossier, *, number: str, said: told.Amended, letter: letters.Letter | None, by: User, at: datetime
) -> Slip:
    """A new paper in the place of the old: the letter that was signed, or lines that say what was wrong."""
    old = _result_to_mend(dossier, at)
    with translation.override("vi"):
        facts = told.of_correction(dossier, said, letter, by=by, on=timezone.localdate(at))
    new = _amending(dossier, Slip.Form.RESULT, number, facts, by, at)
    if old is not None:
        Slip.objects.filter(pk=old.pk).update(replaced_by=new)
    return new


def _amending(dossier: Dossier, form: str, number: str, facts: dict[str, Any], by: User, at: datetime) -> Slip:
    new = Slip.objects.create(
        dossier=dossier, form=form, number=number, language="vi", issued_at=at, issued_by=by, facts=facts,
        is_sample=dossier.is_sample, code=verification.new_code(),
    )  # fmt: skip
    outbox.enqueue("onestop.slips.freeze", new.pk, key=f"phieu-{new.number}")
    return new


def may_be_issued_anew(slip: Slip) -> bool:
    return slip.form in ISSUED_ANEW and not slip.revoked_at and not slip.replaced_by_id


@transaction.atomic
def issue_anew(slip: Slip, *, by: User, at: datetime) -> Slip:
    """A new slip of the same form from the dossier as it now stands, with the words of the old one, which it replaces;
    raises `SlipRefused`."""
    row = _open(slip)
    if not may_be_issued_anew(row):
        raise SlipRefused(_("Giấy này không cấp lại được: đã bị thu hồi, đã được thay, hoặc là loại chỉ cấp một lần."))
    said = {name: row.facts[name] for name in WORDS if name in row.facts}
    new = issue(row.dossier, row.form, by=by, at=at, **said)
    row.replaced_by = new
    row.save(update_fields=["replaced_by"])
    notices.tell_of_paper(row)
    return new


def _open(slip: Slip) -> Slip:
    """The slip as it stands now, locked; two people at once decide one after the other."""
    return Slip.objects.select_for_update(of=("self",)).select_related("dossier").get(pk=slip.pk)


# What it says -----------------------------------------------------------------------------------------------------
def page(slip: Slip) -> tuple[str, dict[str, Any]]:
    """Template and context of the print page, the same body as the PDF."""
    return "onestop/slip_detail.html", {**context(slip), "standing": verification.standing(slip)}


def context(slip: Slip) -> dict[str, Any]:
    facts = {**slip.facts}
    facts["parts"] = [{**part, "held": HELD.get(part.get("on_paper", ""), "")} for part in facts.get("parts", [])]
    facts["way"] = Dossier.Channel(facts.get("channel", Dossier.Channel.HERE)).label
    facts["stage_label"] = Dossier.Status(facts["stage"]).label if facts.get("stage") else ""
    posted_on = facts.get("handed_in", {}).get("posted_on")
    facts["posted_on"] = date.fromisoformat(posted_on) if posted_on else None
    for name in MOMENTS:
        facts[name] = datetime.fromisoformat(facts[name]) if facts.get(name) else None
    code = verification.grouped(slip.code or "")
    with translation.override(slip.language):
        track = f"{settings.SITE_URL}{reverse('onestop:track')}?code={facts['code'] or facts['reference']}"
        verify = f"{settings.SITE_URL}{reverse('onestop:verify_code', args=[code])}" if code else track
        alt = _("Mã QR mở trang xác thực giấy tờ") if code else _("Mã QR mở trang tra cứu hồ sơ")
        title = f"{slip.get_form_display()} {slip.number}"
    return {
        "slip": slip,
        "facts": facts,
        "title": title,
        "language": slip.language,
        "body": f"onestop/slips/form_{slip.form}.html",
        "letter": _printed(facts),
        "is_english": slip.language == "en",
        "is_bilingual": facts.get("is_bilingual", False),
        "dated": verification.issued_on(slip),
        "code": code,
        "track_address": track,
        "verify_address": verify,
        "qr": documents.qr_svg(verify, alt=alt),
    }


def _printed(facts: dict[str, Any]) -> dict[str, Any]:
    """The paragraphs of a signed letter as its paper prints them; {} where there is none, or a scan in its place."""
    letter = None if facts.get("is_scan") else facts.get("letter")
    if not letter:
        return {}
    is_bilingual = facts.get("is_bilingual", False)
    heading_en = letter["en"]["heading"] if is_bilingual and letter["en"] else ""
    return {
        **letters.body(letter, is_bilingual=is_bilingual), "heading": letter["vi"]["heading"],
        "heading_en": heading_en, "lacks_english": is_bilingual and not letter["en"],
    }  # fmt: skip


def _officer(by: User | None) -> dict[str, str]:
    """Whom the applicant may ask about the slip."""
    return {"name": str(by), "phone": by.phone} if by and by.is_staff else {}


def _facts(dossier: Dossier, supplement: Supplement | None, said: dict[str, Any]) -> dict[str, Any]:
    enterprise, procedure, case = dossier.enterprise, dossier.procedure, dossier.case
    facts = {
        "code": dossier.code, "reference": dossier.reference, "lookup": dossier.lookup,
        "applicant": enterprise.name, "applicant_en": enterprise.name_en or "", "identifier": enterprise.tax_code,
        "address": enterprise.address, "is_bilingual": dossier.is_bilingual, "stage": dossier.status,
        "contact": dossier.contact_name, "phone": dossier.contact_phone or enterprise.phone,
        "email": dossier.contact_email or enterprise.email, "procedure_code": procedure.code,
        "request_vi": procedure.name_vi, "request_en": procedure.name_en or procedure.name_vi,
        "channel": dossier.channel, "handed_in": dossier.handed_in,
        "parts": [*map(_part, current(dossier)), *_on_paper(dossier)], "sets": dossier.version.sets or 1,
        "limit": f"{case.value.normalize():f}", "unit": case.unit,
        "submitted_at": _iso(dossier.submitted_at), "answer_by": _iso(dossier.answer_by),
        "received_at": _iso(dossier.received_at), "due_at": _iso(dossier.due_at),
        **{name: _iso(value) if isinstance(value, datetime) else value for name, value in said.items()},
    }  # fmt: skip
    if supplement is not None:
        facts |= _request_facts(supplement)
    return facts


def _request_facts(supplement: Supplement) -> dict[str, Any]:
    permit = supplement.permit
    return {
        "items": list(supplements.facts(supplement)), "reason": supplement.reason,
        "reply_by": _iso(supplement.reply_by), "stops_by_itself": supplement.stops_by_itself,
        "no_answer_ground": supplement.no_answer_ground,
        "beyond": {"by": str(permit.decided_by), "reason": permit.reason} if permit else None,
    }  # fmt: skip


def _part(paper) -> dict[str, Any]:
    component, stored = paper.component, paper.stored
    return {
        "vi": component.name_vi if component else paper.title,
        "en": (component.name_en if component else "") or paper.title,
        "file": stored.name,
        "size": stored.size,
        "pages": stored.pages,
        "sha256": stored.sha256,
    }


def _on_paper(dossier: Dossier) -> list[dict[str, Any]]:
    """What was handed in or shown at the counter and lies in no file."""
    asked = demands(dossier) if dossier.answers.get(Dossier.ON_PAPER) else []
    parts = [(demand.component, demand.on_paper) for demand in asked if demand.on_paper]
    return [{"vi": part.name_vi, "en": part.name_en or "", "on_paper": how} for part, how in parts]


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
