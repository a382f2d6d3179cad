"""A letter that is not signed, as a page of paper: the preview of a wording and the draft of a dossier."""

from collections.abc import Mapping
from datetime import date, datetime

from django.http import HttpResponse
from django.utils.translation import gettext as _

from izportal import documents
from onestop import slips
from onestop.decisions import letters
from onestop.models import DecisionTemplate, Dossier, Slip

DRAFTED = (Dossier.Decision.GRANTED, Dossier.Decision.REFUSED)


def letter(template: DecisionTemplate, dossier: Dossier | None, *, on: date) -> letters.Letter:
    """The wording filled from a dossier, or with invented values."""
    return letters.of_dossier(template, dossier, on=on) if dossier else letters.sample(template, on=on)


def pdf(said: letters.Letter, *, is_bilingual: bool, at: datetime, dossier: Dossier | None = None) -> bytes:
    """The letter as its paper would be, marked as a preview, without a number and a code."""
    later = _("(khi ký)")
    facts = {
        "code": dossier.code if dossier else "", "reference": "", "letter": said, "signer": later, "is_scan": False,
        "heading": said["vi"]["heading"], "is_bilingual": is_bilingual, "lines": [],
    }  # fmt: skip
    is_sample = dossier is None or dossier.is_sample
    slip = Slip(form=Slip.Form.RESULT, number=later, language="vi", issued_at=at, facts=facts, is_sample=is_sample)
    context = {**slips.context(slip), "is_preview": True}
    return documents.render_pdf("onestop/slips/pdf.html", context, language="vi")


def answer(content: bytes) -> HttpResponse:
    """A preview is nobody's record and is kept by no browser."""
    headers = {"Content-Disposition": 'inline; filename="xem-truoc.pdf"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def as_typed(dossier: Dossier, typed: Mapping[str, str]) -> None:
    """Put on the dossier in memory what stands in the form of the step, as far as it is there."""
    if typed.get("proposal") in DRAFTED:
        dossier.proposal, dossier.decision_template = typed["proposal"], None
    for name, column in (("note", "proposal_note"), ("text", "proposal_text"), ("project_code", "project_code")):
        if name in typed:
            setattr(dossier, column, typed[name].strip()[:4000])
