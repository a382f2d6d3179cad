"""Which fields of the register are kept in Vietnamese and in English, and whose history is kept."""

import simple_history
from modeltranslation.translator import TranslationOptions, register

from projects.models import Country, Enterprise, Investor, Mandate, Project, ReportPeriod, Sector


@register(Country)
class CountryTranslation(TranslationOptions):
    fields = ("name",)


@register(Sector)
class SectorTranslation(TranslationOptions):
    fields = ("name",)


@register(Enterprise)
class EnterpriseTranslation(TranslationOptions):
    fields = ("name",)


@register(Project)
class ProjectTranslation(TranslationOptions):
    fields = ("name", "objective")


@register(ReportPeriod)
class ReportPeriodTranslation(TranslationOptions):
    fields = ("basis", "note")


# After translation, so that the history rows hold both languages; what search folds is no fact of its own.
for model in (Investor, Enterprise, Mandate, Project):
    simple_history.register(model, app="projects", excluded_fields=["folded"])
simple_history.register(ReportPeriod, app="projects")
