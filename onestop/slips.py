"""Which papers the counter issues and what each says: numbered and frozen when issued (`documents` makes the PDF).

The facts of a slip are copied as plain values when it is issued, in the transaction of the step. The PDF is made from
them by the worker right after the commit, or by the first reader, once; nothing that changes later changes a slip.
"""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from izportal import documents, outbox
from izportal.models import StoredFile, User
from onestop import numbering
from onestop.models import Dossier, Slip, Supplement
from onestop.papers import HELD, current, demands
from projects.models import Project

MOST_BYTES = 50 * 2**20


def issue(
    dossier: Dossier, form: str, *, by: User | None, at: datetime, supplement: Supplement | None = None, **said: Any
) -> Slip:
    """Issue one form inside the caller's transaction; `said` are a reason or an old date that the form prints."""
    # The officer works in Vietnamese; what the slip names is named in the language of the slip.
    with translation.override(dossier.language):
        facts = _facts(dossier, supplement, said)
    slip = Slip.objects.create(
        dossier=dossier, form=form, number=numbering.slip(dossier, form, at), language=dossier.language, issued_at=at,
        issued_by=by, facts=facts, is_sample=dossier.is_sample,
    )  # fmt: skip
    outbox.enqueue("onestop.slips.freeze", slip.pk, key=f"phieu-{slip.number}")
    return slip


@transaction.atomic
def freeze(slip_id: int) -> StoredFile:
    """The PDF of a slip, made once under a lock; the same file for ever after."""
    slip = Slip.objects.select_for_update(of=("self",)).get(pk=slip_id)
    if slip.stored is None:
        content = documents.render_pdf("onestop/slips/pdf.html", context(slip), language=slip.language)
        slip.stored = _keep(
            content, f"{slip.number.replace('/', '-')}.pdf", slip.issued_by, slip.issued_at, slip.is_sample
        )
        slip.save(update_fields=["stored"])
    return slip.stored


def page(slip: Slip) -> tuple[str, dict[str, Any]]:
    """Template and context of the print page, the same body as the PDF."""
    return "onestop/slip_detail.html", context(slip)


def context(slip: Slip) -> dict[str, Any]:
    facts = {**slip.facts}
    facts["parts"] = [{**part, "held": HELD.get(part.get("on_paper", ""), "")} for part in facts["parts"]]
    facts["way"] = Dossier.Channel(facts.get("channel", Dossier.Channel.HERE)).label
    posted_on = facts.get("handed_in", {}).get("posted_on")
    facts["posted_on"] = date.fromisoformat(posted_on) if posted_on else None
    for name in ("received_at", "due_at", "submitted_at", "answer_by", "reply_by", "old_due_at"):
        facts[name] = datetime.fromisoformat(facts[name]) if facts.get(name) else None
    with translation.override(slip.language):
        address = f"{settings.SITE_URL}{reverse('onestop:track')}?code={facts['code'] or facts['reference']}"
    return {
        "slip": slip,
        "facts": facts,
        "body": f"onestop/slips/form_{slip.form}.html",
        "is_english": slip.language == "en",
        "track_address": address,
        "qr": documents.qr_svg(address, alt=_("Mã QR mở trang tra cứu hồ sơ")),
    }


def result_copy(dossier: Dossier, *, by: User, at: datetime) -> StoredFile:
    """An electronic copy of the decision, made by the portal where the clerk has no scanned one."""
    registered = Project.objects.with_position(on=dossier.decided_on).filter(pk=dossier.project_id).first()
    said = {"dossier": dossier, "registered": registered, "at": at}
    content = documents.render_pdf("onestop/slips/result.html", said, language="vi")
    name = f"ket-qua-{(dossier.decision_number or '').replace('/', '-')}.pdf"
    return _keep(content, name, by, at, dossier.is_sample)


def _keep(content: bytes, name: str, by: User | None, at: datetime, is_sample: bool) -> StoredFile:
    return documents.store(
        ContentFile(content, name), by=by, at=at, max_bytes=MOST_BYTES, is_sample=is_sample, is_ours=True
    )


def _facts(dossier: Dossier, supplement: Supplement | None, said: dict[str, Any]) -> dict[str, Any]:
    enterprise, procedure, case = dossier.enterprise, dossier.procedure, dossier.case
    facts = {
        "code": dossier.code, "reference": dossier.reference, "lookup": dossier.lookup,
        "applicant": enterprise.name, "identifier": enterprise.tax_code, "address": enterprise.address,
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
        facts |= {"items": supplement.items, "reason": supplement.reason, "reply_by": _iso(supplement.reply_by)}
    return facts


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
