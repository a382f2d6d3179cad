"""Lists of the back office by the age of their translations, and the word that one still says the same."""

from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from izportal import outdated

OLDER = "older"


class OutdatedFilter(admin.SimpleListFilter):
    title = _("bản dịch")
    parameter_name = "translation"

    def lookups(self, request, model_admin):
        return [(OLDER, _("Cũ hơn bản gốc"))]

    def queryset(self, request, queryset):
        if self.value() != OLDER:
            return queryset
        return queryset.filter(pk__in=list(outdated.in_table(queryset.model)))


@admin.action(description=_("Bản dịch vẫn đúng"), permissions=["change"])
def translations_checked(model_admin, request, queryset):
    count = sum(outdated.check(row, by=request.user) for row in queryset)
    sentence = ngettext("Đã ghi %(count)s dòng.", "Đã ghi %(count)s dòng.", count) % {"count": count}
    model_admin.message_user(request, sentence, messages.SUCCESS)
