"""Who follows which search, for those who keep the land: to read, never to change."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from izportal.backoffice import ReadOnlyAdmin
from zones import watches
from zones.models import SearchWatch
from zones.watches import letters


@admin.register(SearchWatch)
class SearchWatchAdmin(ReadOnlyAdmin):
    list_display = ("email", "of_search", "language", "asked_at", "confirmed_at", "told_at")
    list_filter = ("language", ("confirmed_at", admin.EmptyFieldListFilter))
    search_fields = ("email",)
    date_hierarchy = "asked_at"
    fields = ("email", "of_search", "language", "asked_at", "confirmed_at", "told_at")
    view_on_site = False

    @admin.display(description=_("lần tìm"))
    def of_search(self, watch):
        page = f"{reverse('zones:plot_list')}?{watch.query}".removesuffix("?")
        return format_html('<a href="{}">{}</a>', page, letters.words_of(watches.form_of(watch)))
