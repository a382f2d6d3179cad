"""What a sending system is told about its dossiers: where each stands in the ten national codes, with officer and
times (NĐ 224/2026 Art 15(1)g), and which have changed since a moment. Reads only."""

import base64
import binascii
import json
import uuid
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Max, Q, QuerySet
from django.urls import reverse

from izportal import documents
from izportal.models import StoredFile
from onestop import notices, progress, slips, workflow
from onestop.models import (
    Component,
    Definition,
    Dossier,
    Event,
    IntakeSystem,
    Procedure,
    Promise,
    Slip,
    Supplement,
)

# A step taken at a moment may be committed a little later; whoever asks again looks back this far.
OVERLAP = timedelta(minutes=2)


class WrongCursor(ValueError):
    """The cursor was not made here."""


def find(system: IntakeSystem, code: str) -> Dossier | None:
    """A dossier that the system sent, by its code there, the dossier code or our reference, in this order."""
    if "\x00" in code:
        return None
    rows = _named(Dossier.objects.filter(system=system)).filter(
        Q(foreign_code=code) | Q(code=code) | Q(reference=code)
    )
    return min(rows, key=lambda row: (row.foreign_code != code, row.code != code), default=None)


def _named(rows: QuerySet[Dossier]) -> QuerySet[Dossier]:
    return rows.select_related(
        "procedure", "case", "version", "enterprise", "assigned_to", "division", "result_file", "system", "created_by"
    )


# One dossier --------------------------------------------------------------------------------------
def standing(dossier: Dossier) -> dict[str, Any]:
    """Everything that the applicant may know, in plain values and in the caller's language."""
    events = list(dossier.events.select_related("by"))
    requests = list(dossier.supplements.prefetch_related("lines"))
    return {
        **line(dossier),
        "lookup": dossier.lookup,
        "track_url": f"{settings.SITE_URL}{reverse('onestop:track')}?code={dossier.code or dossier.reference}",
        "procedure": {"code": dossier.procedure.code, "name": dossier.procedure.name},
        "case": {"code": dossier.case.key, "name": str(dossier.case)},
        "enterprise": {"code": dossier.enterprise.tax_code, "name": dossier.enterprise.name},
        "filed_at": next((event.data.get("filed_at") for event in events if event.step == "submit"), None),
        "answer_by": dossier.answer_by if dossier.status == Dossier.Status.SUBMITTED else None,
        "received_at": dossier.received_at,
        "officer": str(dossier.assigned_to or ""),
        "division": str(dossier.division or ""),
        "promises": [_promise(row) for row in dossier.promises.all()],
        "requests": [_request(dossier, row) for row in requests],
        "result": _result(dossier),
        "slips": [_slip(row) for row in dossier.slips.all()],
        "events": [_event(row) for row in events if row.is_public],
    }


def line(dossier: Dossier) -> dict[str, Any]:
    """The least that says which dossier it is and where it stands."""
    code, label = progress.national(dossier) or (None, "")
    return {
        "reference": dossier.reference,
        "code": dossier.code,
        "foreign_code": dossier.foreign_code,
        "status": {"code": code, "label": label, "detail": str(dossier.get_status_display())},
        "submitted_at": dossier.submitted_at,
        "due_at": dossier.due_at,
    }


def _promise(row: Promise) -> dict[str, Any]:
    return {"number": row.number, "promised_at": row.promised_at, "reason": row.reason, "ground": row.ground}


def _request(dossier: Dossier, row: Supplement) -> dict[str, Any]:
    is_open = row.accepted_at is None and row.answered_at is None and dossier.awaits_applicant
    return {
        "stage": row.stage,
        "items": [{"number": line.position, "text": str(line)} for line in row.lines.all()],
        "reason": row.reason,
        "asked_at": row.asked_at,
        "reply_by": row.reply_by,
        "answered_at": row.answered_at,
        "is_open": is_open,
    }


def _result(dossier: Dossier) -> dict[str, Any] | None:
    """Nothing before there is an outcome that the applicant may know of: signed, numbered and sealed."""
    if dossier.status not in Dossier.SETTLED or not dossier.decision:
        return None
    result = slips.result_of(dossier)
    stored = result.stored
    return {
        "standing": result.state,
        "amended_by": result.amended[-1].number if result.amended else None,
        "decision": dossier.decision,
        "number": dossier.decision_number,
        "decided_on": dossier.decided_on,
        "ready_at": dossier.completed_at,
        "delivered_at": dossier.delivered_at,
        "file": {"name": stored.name, "size": stored.size, "sha256": stored.sha256} if stored else None,
    }


def _slip(row: Slip) -> dict[str, Any]:
    return {"form": row.form, "name": row.get_form_display(), "number": row.number, "issued_at": row.issued_at}


def _event(row: Event) -> dict[str, Any]:
    step = workflow.STEPS.get(row.step)
    return {
        "at": row.at,
        "step": row.step,
        "label": str(step.label) if step else row.step,
        "status": Dossier.NATIONAL_CODES.get(row.to_status),
        "officer": str(row.by) if row.by and row.by.is_staff else "",
        "note": notices.said(row),
    }


def result_file(dossier: Dossier) -> StoredFile | None:
    """The electronic copy of the result that stands, once there is one to be handed out."""
    try:
        return slips.result_file(slips.result_of(dossier))
    except documents.PdfUnavailable:
        return None


# What may be sent ---------------------------------------------------------------------------------
def form_of(code: str, *, on: date) -> dict[str, Any] | None:
    """What a dossier of a procedure is made of on a day: its cases, the papers asked for and its questions."""
    procedure = Procedure.objects.filter(code=code.replace("\x00", "")).first()
    version = procedure.version_on(on) if procedure else None
    definition = Definition.objects.in_force(on).filter(procedure=procedure).first() if version else None
    if procedure is None or version is None or definition is None:
        return None
    closed = definition.body.get("closed_cases", ())
    return {
        "code": procedure.code,
        "name": procedure.name,
        "version": definition.number,
        "valid_from": definition.valid_from,
        "cases": [{"code": row.key, "name": str(row)} for row in version.cases.all() if row.key not in closed],
        "papers": [_asked_paper(row) for row in version.components.all()],
        "sections": definition.body["sections"],
    }


def _asked_paper(row: Component) -> dict[str, Any]:
    return {
        "code": row.key, "name": row.name, "required": row.required, "condition": row.condition, "cases": row.cases,
    }  # fmt: skip


# Changes ------------------------------------------------------------------------------------------
def changes(
    system: IntakeSystem, *, since: datetime, cursor: str = "", most: int, at: datetime
) -> tuple[list[dict[str, Any]], str, datetime]:
    """Dossiers with a step since a moment, the oldest step first, `most` at a time.

    Returns them, the cursor of the next page ("" on the last) and the moment to ask from next time. It lies a little
    back: a dossier may be told twice, but none is passed over. Raises `WrongCursor`.
    """
    rows = _named(Dossier.objects.filter(system=system)).annotate(changed_at=Max("events__at"))
    rows = rows.filter(changed_at__gte=since)
    if cursor:
        last_at, last_pk = _opened(cursor)
        rows = rows.filter(Q(changed_at__gt=last_at) | Q(changed_at=last_at, pk__gt=last_pk))
    page = list(rows.order_by("changed_at", "pk").prefetch_related("events")[: most + 1])
    shown, is_more = page[:most], len(page) > most
    told = [{**line(row), "changed_at": row.changed_at} for row in shown]
    return told, _closed(shown[-1]) if is_more else "", max(since, at - OVERLAP)


def _closed(dossier: Any) -> str:
    plain = json.dumps([dossier.changed_at.isoformat(), dossier.pk.hex])
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def _opened(cursor: str) -> tuple[datetime, uuid.UUID]:
    try:
        moment, pk = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        opened = datetime.fromisoformat(moment), uuid.UUID(pk)
        opened[0].utctimetuple()
    except (binascii.Error, ValueError, TypeError, AttributeError, OverflowError) as error:
        raise WrongCursor from error
    if opened[0].tzinfo is None:
        raise WrongCursor
    return opened
