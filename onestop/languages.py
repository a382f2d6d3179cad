"""In which languages the papers of a dossier are printed: one, or Vietnamese and English at the applicant's wish.

Chosen until the decision is signed; a paper issued already stays as it is, one issued anew follows the choice.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from izportal import roles
from izportal.models import User
from onestop import seals
from onestop.models import Dossier, Event
from projects import mandates

CHOSEN = "languages"


class LanguagesRefused(Exception):
    """The choice is not open any more, or not to this person; the text is a sentence for them."""


def why_not(dossier: Dossier, by: User) -> str:
    """Why this person may not choose now; "" where they may."""
    if not (dossier.is_draft or dossier.is_open) or dossier.decision:
        return _("Hồ sơ đã có quyết định hoặc đã kết thúc nên không đổi được ngôn ngữ giấy tờ.")
    is_theirs = not by.is_staff and mandates.may(by, dossier.enterprise, "prepare")
    if is_theirs or by.is_staff and dossier.is_by_hand and roles.may(by, "enter_dossier"):
        return ""
    return _("Ngôn ngữ giấy tờ do người nộp chọn; với hồ sơ nộp tại quầy, qua bưu chính thì do cán bộ tiếp nhận ghi.")


@transaction.atomic
def choose(dossier: Dossier, *, is_bilingual: bool, by: User, at: datetime) -> Dossier:
    """Print the papers in two languages, or in one; raises `LanguagesRefused`. The same again is nothing."""
    row = Dossier.objects.select_for_update(of=("self",)).get(pk=dossier.pk)
    if row.is_bilingual == is_bilingual:
        return row
    if refusal := why_not(row, by):
        raise LanguagesRefused(refusal)
    row.is_bilingual = dossier.is_bilingual = is_bilingual
    row.save(update_fields=["is_bilingual"])
    if not row.is_draft:
        event = Event(
            dossier=row, step=CHOSEN, from_status=row.status, to_status=row.status, at=at, by=by,
            role="reception" if by.is_staff else "applicant", is_public=False, is_sample=row.is_sample,
            data={"is_bilingual": is_bilingual},
        )  # fmt: skip
        seals.write(event)
    return row
