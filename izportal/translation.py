"""Which ground-floor fields are kept in Vietnamese and in English."""

from modeltranslation.translator import TranslationOptions, register

from izportal.models import Act, CalendarDay, Division, PlanTarget, Release, Rule, SeriesBreak, StatedFigure


@register(Division)
class DivisionTranslation(TranslationOptions):
    fields = ("name",)


@register(CalendarDay)
class CalendarDayTranslation(TranslationOptions):
    fields = ("name",)


@register(Rule)
class RuleTranslation(TranslationOptions):
    fields = ("name", "note")


@register(Act)
class ActTranslation(TranslationOptions):
    fields = ("title", "note")


@register(StatedFigure)
class StatedFigureTranslation(TranslationOptions):
    fields = ("source", "note")


@register(Release)
class ReleaseTranslation(TranslationOptions):
    fields = ("title", "note")


@register(SeriesBreak)
class SeriesBreakTranslation(TranslationOptions):
    fields = ("title", "text", "source")


@register(PlanTarget)
class PlanTargetTranslation(TranslationOptions):
    fields = ("source", "note")
