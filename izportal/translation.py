"""Which ground-floor fields are kept in Vietnamese and in English."""

from modeltranslation.translator import TranslationOptions, register

from izportal.models import Act, CalendarDay, Division, PlanTarget, Release, Rule, SeriesBreak, StatedFigure, User
from izportal.reasons import keep_history


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


# After translation, so that the history rows hold both languages; what search folds is no fact of its own.
keep_history(CalendarDay, Division, PlanTarget, Release, Rule, SeriesBreak, StatedFigure, app="izportal")
keep_history(Act, app="izportal", excluded_fields=["folded"])
# Of an account what it may do: its name and addresses are the person's, and are forgotten with the person.
PERSONAL = ["password", "last_login", "full_name", "email", "phone", "folded"]
keep_history(User, app="izportal", excluded_fields=PERSONAL, m2m_fields=["groups"])
