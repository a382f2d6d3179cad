"""Which fields of the land are kept in Vietnamese and in English, and whose history is kept."""

from modeltranslation.translator import TranslationOptions, register

from izportal.reasons import keep_history
from zones.models import STANDING, Document, Phase, Plot, UtilityCapacity, UtilityCommitment, Zone, ZoneArea


@register(Zone)
class ZoneTranslation(TranslationOptions):
    fields = ("name", "short_name", "status_note", "location_old", "location_new", "developer")


@register(Phase)
class PhaseTranslation(TranslationOptions):
    fields = ("name", "developer", "note", "contact")


@register(ZoneArea)
class ZoneAreaTranslation(TranslationOptions):
    fields = ("note",)


@register(Document)
class DocumentTranslation(TranslationOptions):
    fields = ("title", "issuer")


@register(Plot)
class PlotTranslation(TranslationOptions):
    fields = ("description",)


# After translation, so that the history rows hold both languages; what a row repeats for the search is no fact of its
# own.
REPEATED = ["folded", *(f"last_{column}" for column in STANDING)]
keep_history(Zone, Phase, Plot, app="zones", excluded_fields=REPEATED)
keep_history(Document, UtilityCapacity, UtilityCommitment, app="zones", excluded_fields=["folded"])
