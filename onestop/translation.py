"""Which fields of the catalogue are kept in Vietnamese and in English, and whose history is kept."""

from modeltranslation.translator import TranslationOptions, register

from izportal.reasons import keep_history
from onestop.models import (
    Component,
    DecisionTemplate,
    Definition,
    Field,
    IntakeSystem,
    Leg,
    Procedure,
    ProcedureCase,
    ProcedureVersion,
    StageBudget,
)


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
keep_history(Procedure, app="onestop", excluded_fields=["folded"])
keep_history(ProcedureVersion, ProcedureCase, Component, Leg, Field, StageBudget, DecisionTemplate, app="onestop")
# A call writes its own moment; of the key nothing is kept, not even its hash.
keep_history(IntakeSystem, app="onestop", excluded_fields=["token_hash", "last_call_at"])
