"""The text of a decision beside its proposal: as it was signed, or as it would be signed today."""

from django import template
from django.utils import timezone

from onestop import languages
from onestop.decisions import letters

register = template.Library()


@register.inclusion_tag("admin/onestop/decisiontemplate/_draft.html")
def decision_text(dossier):
    if dossier.decision:
        letter = letters.signed(dossier)
        return {"dossier": dossier, "signed": True, "letter": letter}
    if not dossier.proposal:
        return {"dossier": dossier}
    return {"dossier": dossier, "draft": letters.draft(dossier, decision=dossier.proposal, on=timezone.localdate())}


@register.simple_tag
def may_choose_languages(dossier, user):
    return not languages.why_not(dossier, user)
