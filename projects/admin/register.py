"""The back office of the register: who invests, and projects as their changes leave them."""

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy
from modeltranslation.admin import TranslationAdmin

from izportal.backoffice import (
    HistoryAdmin,
    PortalAdmin,
    ReadOnlyInline,
    RecordedAdmin,
    SheetAdmin,
)
from izportal.outdated.admin import OutdatedFilter, translations_checked
from izportal.templatetags.area import ha
from izportal.templatetags.money import bnvnd, musd
from projects import version
from projects.admin.deeds import OF_CHANGE, OF_PROJECT, Entering, PreviewedDeeds, may_keep
from projects.admin.page import page
from projects.admin.papers import Papers
from projects.admin.sheets import BookSheets
from projects.admin.worklists import Working
from projects.models import (
    Change,
    Classification,
    Contribution,
    Country,
    Enterprise,
    Investor,
    Mandate,
    Milestone,
    Project,
    Sector,
    Tenure,
)
from projects.resources import (
    ChangeResource,
    EnterpriseResource,
    InvestorResource,
    ProjectResource,
    TenureResource,
)
from zones import version as land


# Lists --------------------------------------------------------------------------------------------
@admin.register(Country)
class CountryAdmin(HistoryAdmin, PortalAdmin, TranslationAdmin):
    list_display = ("name", "code")
    search_fields = ("folded",)

    def get_readonly_fields(self, request, obj=None):
        return (*super().get_readonly_fields(request, obj), *(("code",) if obj else ()))


@admin.register(Sector)
class SectorAdmin(HistoryAdmin, PortalAdmin, TranslationAdmin):
    list_display = ("code", "name", "level", "parent")
    list_filter = ("level",)
    list_select_related = ("parent",)
    search_fields = ("folded",)
    autocomplete_fields = ("parent",)

    def get_readonly_fields(self, request, obj=None):
        return (*super().get_readonly_fields(request, obj), *(("code",) if obj else ()))


# People -------------------------------------------------------------------------------------------
class ContributionInline(ReadOnlyInline):
    model = Contribution
    fields = ("project", "investor", "capital_usd", "capital_vnd", "starts_on", "ended_on")
    readonly_fields = fields

    def get_queryset(self, request):
        return super().get_queryset(request).as_known().select_related("project", "investor")


@admin.register(Investor)
class InvestorAdmin(HistoryAdmin, SheetAdmin, PortalAdmin):
    resource_classes = [InvestorResource]
    export_name = "nha-dau-tu"
    list_display = ("name", "country", "kind", "identifier")
    list_filter = ("kind", ("country", admin.RelatedOnlyFieldListFilter), "is_sample")
    list_select_related = ("country",)
    search_fields = ("folded",)
    autocomplete_fields = ("country",)
    inlines = (ContributionInline,)


class MandateInline(ReadOnlyInline):
    model = Mandate
    fields = ("user", "capacity", "until", "approved_at", "approved_by", "ended_at")
    readonly_fields = fields

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("user", "approved_by")


@admin.register(Enterprise)
class EnterpriseAdmin(HistoryAdmin, SheetAdmin, PortalAdmin, TranslationAdmin):
    resource_classes = [EnterpriseResource]
    export_name = "to-chuc-kinh-te"
    list_display = ("name", "tax_code", "representative", "email", "phone")
    list_filter = ("is_sample",)
    search_fields = ("folded",)
    inlines = (MandateInline,)


# Projects -----------------------------------------------------------------------------------------
class StatusFilter(admin.SimpleListFilter):
    title = gettext_lazy("tình trạng")
    parameter_name = "status"

    def lookups(self, request, model_admin):
        return Project.Status.choices

    def queryset(self, request, queryset):
        is_known = self.value() in Project.Status.values
        return queryset.in_state(self.value(), on=timezone.localdate()) if is_known else queryset


def _as_of():
    """The register, and the zones that somebody may keep to."""
    return f"{land.now()}-{version.now()}"


# Written by the deeds of the register.
BY_DEED = (
    "origin", "kind", "sector", "zone", "enterprise", "certificate_number", "certificate_on", "term_until"
)  # fmt: skip


@admin.register(Project)
class ProjectAdmin(Working, Papers, Entering, PreviewedDeeds, HistoryAdmin, BookSheets, PortalAdmin, TranslationAdmin):
    change_form_template = "admin/projects/project/change_form.html"  # type: ignore[assignment]
    change_list_template = "admin/projects/project/change_list.html"
    deeds = OF_PROJECT
    resource_classes = [ProjectResource]
    export_name = "du-an"
    list_display = (
        "code", "name", "source", "zone", "enterprise", "certificate_on", "status_now", "usd_now", "vnd_now",
        "land_now",
    )  # fmt: skip
    list_filter = ("origin", StatusFilter, "kind", "zone", OutdatedFilter, "is_sample")
    actions = (translations_checked,)
    list_select_related = ("zone", "enterprise", "sector")
    counted_as_of = staticmethod(_as_of)
    date_hierarchy = "certificate_on"
    search_fields = ("folded",)
    readonly_fields = ("code", *BY_DEED, "status_now", "usd_now", "vnd_now", "land_now", "is_sample")
    fieldsets = (
        (gettext_lazy("Theo giấy chứng nhận"), {"fields": ("code", *BY_DEED)}),
        (
            gettext_lazy("Tính từ các thay đổi đã ghi"),
            {"fields": ("status_now", "usd_now", "vnd_now", "land_now", "is_sample")},
        ),
        (gettext_lazy("Tên và mục tiêu, sửa được tại đây"), {"fields": ("name", "objective")}),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).with_position(on=timezone.localdate())

    def has_add_permission(self, request):
        """A project begins with a certificate: a dossier's grant enters it, or the deed of entering one."""
        return False

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None:
            context |= {**page(obj, on=timezone.localdate()), "may_keep": may_keep(request.user)}
        return super().render_change_form(request, context, add, change, form_url, obj)

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {**(extra_context or {}), "may_keep": may_keep(request.user)})

    @admin.display(description=gettext_lazy("vốn"), ordering="origin")
    def source(self, project):
        return project.origin.upper()

    @admin.display(description=gettext_lazy("tình trạng"), ordering="status")
    def status_now(self, project):
        return Project.Status(project.status).label if project.status else "—"

    @admin.display(description=gettext_lazy("vốn đăng ký, USD"), ordering="registered_usd")
    def usd_now(self, project):
        return musd(project.registered_usd)

    @admin.display(description=gettext_lazy("vốn đăng ký, VND"), ordering="registered_vnd")
    def vnd_now(self, project):
        return bnvnd(project.registered_vnd)

    @admin.display(description=gettext_lazy("diện tích đất"), ordering="land_m2")
    def land_now(self, project):
        return ha(project.land_m2 / 10000)


@admin.register(Classification)
class ClassificationAdmin(RecordedAdmin):
    list_display = (
        "project", "starts_on", "ended_on", "origin", "kind", "sector", "zone", "enterprise", "term_until"
    )  # fmt: skip
    list_filter = ("origin", "kind", "zone", "is_sample")
    list_select_related = ("project", "sector", "zone", "enterprise")
    date_hierarchy = "starts_on"
    search_fields = ("project__folded",)
    zone_path = "project__zone"


@admin.register(Contribution)
class ContributionAdmin(RecordedAdmin):
    list_display = ("project", "investor", "capital_usd", "capital_vnd", "starts_on", "ended_on")
    list_filter = ("is_sample",)
    list_select_related = ("project", "investor")
    search_fields = ("project__folded", "investor__folded")
    zone_path = "project__zone"


@admin.register(Change)
class ChangeAdmin(PreviewedDeeds, BookSheets, RecordedAdmin):
    resource_classes = [ChangeResource]
    export_name = "thay-doi-du-an"
    deeds = OF_CHANGE
    list_display = ("project", "kind", "effective_on", "decision_number", "capital_usd", "capital_vnd", "area_m2")
    list_filter = ("kind", "project__zone", "is_sample")
    list_select_related = ("project",)
    date_hierarchy = "effective_on"
    search_fields = ("project__folded", "decision_number")
    zone_path = "project__zone"


@admin.register(Milestone)
class MilestoneAdmin(RecordedAdmin):
    list_display = ("project", "kind", "planned_on", "actual_on", "basis")
    list_filter = ("kind", "project__zone", "is_sample")
    list_select_related = ("project",)
    date_hierarchy = "planned_on"
    search_fields = ("project__folded", "basis")
    zone_path = "project__zone"


@admin.register(Tenure)
class TenureAdmin(BookSheets, RecordedAdmin):
    resource_classes = [TenureResource]
    export_name = "thue-dat"
    list_display = ("project", "plot", "area_m2", "starts_on", "ended_on", "basis")
    list_filter = ("plot__zone", "is_sample")
    list_select_related = ("project", "plot__zone")
    date_hierarchy = "starts_on"
    search_fields = ("project__folded", "plot__folded", "basis")
    zone_path = "plot__zone"
