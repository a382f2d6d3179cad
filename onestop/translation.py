"""Which fields of the catalogue are kept in Vietnamese and in English, and whose history is kept."""

import simple_history
from modeltranslation.translator import TranslationOptions, register

from onestop.models import Component, Definition, Field, Leg, Procedure, ProcedureCase, ProcedureVersion


@register(Field)
class FieldTranslation(TranslationOptions):
    fields = ("name",)


@register(Procedure)
class ProcedureTranslation(TranslationOptions):
    fields = ("name",)


@register(ProcedureVersion)
class ProcedureVersionTranslation(TranslationOptions):
    fields = ("clock_note", "fee_note", "result", "authority", "online_level_source", "notes", "applicants")


@register(ProcedureCase)
class ProcedureCaseTranslation(TranslationOptions):
    fields = ("label",)


@register(Component)
class ComponentTranslation(TranslationOptions):
    fields = ("name", "condition")


@register(Definition)
class DefinitionTranslation(TranslationOptions):
    fields = ("note",)


@register(Leg)
class LegTranslation(TranslationOptions):
    fields = ("name", "authority", "condition", "basis")


# After translation, so that the history rows hold both languages; what search folds is no fact of its own.
simple_history.register(Procedure, app="onestop", excluded_fields=["folded"])
for model in (ProcedureVersion, ProcedureCase, Component, Leg):
    simple_history.register(model, app="onestop")
