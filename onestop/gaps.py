"""What the form of a dossier lacks that a clerk entered by hand as it came in: asked for, filled in from the answer,
and in the way of reception until then. An applicant files nothing that has gaps."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from onestop import questions
from onestop.models import Dossier
from onestop.shapes import say

# What a correction may put on a dossier.
KEPT = ("answers", "typed", "case", "plot", "project", "contact_name", "contact_email", "contact_phone", "saved_at")


def of(dossier: Dossier, *, on: date) -> list[questions.Fault]:
    """[] for a dossier that was whole when it was filed and has not been corrected since. A plot that somebody else
    has taken meanwhile hinders no reception."""
    marks = Q(step="correct") | Q(step="enter", data__has_key="lacking")
    if not dossier.is_by_hand or not dossier.events.filter(marks).exists():
        return []
    return [fault for fault in blocking(dossier, on=on) if fault.anchor != "f-plot" or not dossier.plot_id]


def blocking(dossier: Dossier, *, on: date) -> list[questions.Fault]:
    return [fault for fault in questions.faults(dossier, on=on) if fault.blocks]


def names(faults: list[questions.Fault]) -> list[str]:
    """Each place once, in the order of the form."""
    return list(dict.fromkeys(fault.label for fault in faults))


def lines(dossier: Dossier, faults: list[questions.Fault]) -> list[str]:
    """One line for each section of the form, with the places that it lacks."""
    shape = questions.definition(dossier)
    lacking = [
        (section, names([fault for fault in faults if fault.section == section.key]))
        for section in (shape.sections if shape else ())
    ]
    sentence = _("Tờ khai, phần “%(section)s”, khai bổ sung: %(names)s")
    return [
        sentence % {"section": say(section.title), "names": "; ".join(found)} for section, found in lacking if found
    ]


def kept_of(dossier: Dossier) -> dict[str, Any]:
    """What `put` is told, from a dossier that a section was applied to."""
    return {name: getattr(dossier, name) for name in KEPT}


def put(dossier: Dossier, kept: Mapping[str, Any]) -> None:
    for name in KEPT:
        if name in kept:
            setattr(dossier, name, kept[name])


def told(section: str, changes: list[tuple[str, str, str]]) -> str:
    """A correction in words; the event keeps both texts of each place beside it."""
    labels = "; ".join(label for label, _before, _after in changes) or _("khai dở")
    return _("Sửa phần “%(section)s”: %(labels)s.") % {"section": section, "labels": labels}
