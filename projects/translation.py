"""Which fields of the register are kept in Vietnamese and in English, and whose history is kept."""

from modeltranslation.translator import TranslationOptions, register

from izportal.reasons import keep_history
from projects.models import Country, DeveloperPhase, Enterprise, Investor, Mandate, Project, ReportPeriod, Sector


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
keep_history(Investor, Enterprise, Mandate, Project, app="projects", excluded_fields=["folded"])
keep_history(Country, DeveloperPhase, ReportPeriod, Sector, app="projects")
