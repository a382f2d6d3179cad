"""What follows of itself when nobody answers: a dossier whose request said so is stopped once the time has run out."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from izportal import languages
from onestop import workflow
from onestop.models import Dossier, ProcedureVersion, Supplement


def stop_unanswered(*, at: datetime) -> int:
    """Stop every dossier that its request lets stop by itself; how many. Harmless when run again: one that has been
    answered or stopped meanwhile is left alone, and one that somebody is at waits for the next run."""
    ended = Supplement.objects.unanswered(at=at).filter(no_answer=ProcedureVersion.NoAnswer.STOP)
    waiting = ended.filter(dossier__status__in=workflow.STEPS["stop"].moves)
    return sum(_stop(pk, at) for pk in waiting.values_list("dossier_id", flat=True))


def _stop(pk: UUID, at: datetime) -> bool:
    with transaction.atomic():
        held = Dossier.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
        supplement = held.supplements.unanswered(at=at).first() if held else None
        if held is None or supplement is None:
            return False
        with languages.speaking(held.language):
            reason = _reason(supplement)
        try:
            workflow.take(held, "stop", by=None, at=at, reason=reason)
        except workflow.REFUSALS:  # answered in the same moment
            return False
        return True


def _reason(supplement: Supplement) -> str:
    when = f"{timezone.localtime(supplement.reply_by):%H:%M %d/%m/%Y}"
    said = _(
        "Hết hạn bổ sung lúc %(when)s mà chưa nhận được hồ sơ bổ sung; hồ sơ tự dừng giải quyết theo phiếu yêu cầu."
    )
    ground = supplement.no_answer_ground
    return said % {"when": when} + (" " + _("Căn cứ: %(ground)s.") % {"ground": ground} if ground else "")
