"""The back office of the networks: what each can give, and what of it is promised; kept by those who keep the zone."""

from django import forms
from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal.backoffice import HistoryAdmin, PortalAdmin, SafeForm, SheetAdmin
from izportal.backoffice.proposing import Proposes
from izportal.templatetags.area import with_unit
from zones import utilities
from zones.models import UtilityCapacity, UtilityCommitment
from zones.utilities.resources import CapacityResource, CommitmentResource

HINT = gettext_lazy(
    "Phần còn lại của khu = công suất trừ cam kết, và chỉ tính được khi đã ghi một dòng “là tổng đã cam kết” cho loại "
    "hạ tầng đó; ghi 0 nếu chưa cam kết cho ai. Chưa có tổng thì cam kết riêng lẻ chưa được tính, và trang công khai, "
    "trang tìm lô phù hợp ghi là chưa rõ."
)


class TotalFilter(admin.SimpleListFilter):
    title = gettext_lazy("tổng đã cam kết")
    parameter_name = "total"

    def lookups(self, request, model_admin):
        return [("none", _("Chưa ghi tổng"))]

    def queryset(self, request, queryset):
        return utilities.without_total(queryset, on=timezone.localdate()) if self.value() == "none" else queryset


class SupplyAdmin(Proposes, HistoryAdmin, SheetAdmin, PortalAdmin):
    proposed_with = ("zone",)
    needs_why = ("amount",)
    list_filter = ("zone", "kind", "is_sample")
    list_select_related = ("zone",)
    date_hierarchy = "effective_on"
    search_fields = ("zone__folded", "source")
    readonly_fields = ("is_sample",)
    zone_path = "zone"

    @admin.display(description=gettext_lazy("số lượng"), ordering="amount")
    def quantity(self, row):
        return with_unit(row.amount, str(row.unit))


class OfZoneForm(SafeForm):
    """What stands beside the zone (its phase, its plot) must lie in it."""

    inside, sentence = "", ""

    def clean(self):
        cleaned = super().clean()
        part, zone = cleaned.get(self.inside), cleaned.get("zone")
        if part and zone and part.zone_id != zone.pk:
            self.add_error(self.inside, forms.ValidationError(self.sentence))
        return cleaned


class CapacityForm(OfZoneForm):
    inside = "phase"
    sentence = gettext_lazy("Khu, giai đoạn này thuộc khu công nghiệp khác.")


class CommitmentForm(OfZoneForm):
    inside = "plot"
    sentence = gettext_lazy("Lô này thuộc khu công nghiệp khác.")


@admin.register(UtilityCapacity)
class UtilityCapacityAdmin(SupplyAdmin):
    resource_classes = [CapacityResource]
    export_name = "cong-suat-ha-tang"
    form = CapacityForm
    list_display = ("zone", "kind", "quantity", "effective_on", "ends_on", "source", "stated_on", "confidence")
    list_filter = (TotalFilter, *SupplyAdmin.list_filter)
    fieldsets = [
        (
            None,
            {
                "description": HINT,
                "fields": (
                    "zone", "phase", "kind", "amount", "effective_on", "ends_on", "source", "stated_on", "confidence",
                    "note", "is_sample",
                ),
            },
        )
    ]  # fmt: skip


@admin.register(UtilityCommitment)
class UtilityCommitmentAdmin(SupplyAdmin):
    resource_classes = [CommitmentResource]
    export_name = "cam-ket-ha-tang"
    form = CommitmentForm
    list_display = ("zone", "kind", "quantity", "is_total", "effective_on", "ends_on", "told_for", "source")
    list_filter = (*SupplyAdmin.list_filter, "is_total")
    list_select_related = ("zone", "plot__zone")
    search_fields = (*SupplyAdmin.search_fields, "held_for", "plot__folded")
    autocomplete_fields = ("plot",)
    fieldsets = [
        (
            None,
            {
                "description": HINT,
                "fields": (
                    "zone", "kind", "is_total", "amount", "effective_on", "ends_on", "plot", "held_for", "source",
                    "stated_on", "note", "is_sample",
                ),
            },
        )
    ]  # fmt: skip

    @admin.display(description=gettext_lazy("cam kết cho"))
    def told_for(self, row):
        return _("mọi bên") if row.is_total else row.held_for or (row.plot.number if row.plot else "—")
