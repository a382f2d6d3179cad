"""The legs of a project in the back office: the board sets their order and says when they apply."""

from modeltranslation.admin import TranslationAdmin

from izportal.backoffice import HistoryAdmin, PortalAdmin
from izportal.outdated.admin import OutdatedFilter, translations_checked


class LegAdmin(PortalAdmin, HistoryAdmin, TranslationAdmin):
    list_display = ("position", "key", "__str__", "origin", "condition", "confidence")
    list_display_links = ("key", "__str__")
    list_select_related = ("procedure",)
    list_filter = ("origin", "confidence", OutdatedFilter)
    actions = (translations_checked,)
    search_fields = ("key", "name_vi", "name_en", "procedure__folded")
