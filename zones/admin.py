"""The back office of the land: zones, phases, areas and papers; plots with their confirmation and availability."""

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.forms.models import model_to_dict
from django.http import Http404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from modeltranslation.admin import TranslationAdmin

from izportal import documents, roles
from izportal.backoffice import (
    Deed,
    DeedForm,
    HistoryAdmin,
    NumberField,
    PortalAdmin,
    ReadOnlyAdmin,
    ReadOnlyInline,
    RecordedAdmin,
    SafeForm,
    SheetAdmin,
    unticked,
)
from izportal.backoffice.proposing import Proposes
from izportal.outdated.admin import OutdatedFilter, translations_checked
from izportal.templatetags.area import m2
from izportal.templatetags.money import usd, vnd
from zones import allocation, confirmation
from zones.confirmation.admin import CompletenessFilter, ConfirmationInline, ListingPages, WordFilter
from zones.enquiries.admin import EnquiryAdmin, UnmetNeedAdmin  # noqa: F401  registered there
from zones.hints import PLOT_HINTS
from zones.models import Availability, Document, FactSheet, Phase, Plot, Zone, ZoneArea
from zones.outlines.admin import OutlinePages
from zones.outlines.shapes import points_of
from zones.resources import PhaseResource, PlotResource, ZoneResource
from zones.utilities.admin import UtilityCapacityAdmin, UtilityCommitmentAdmin  # noqa: F401  registered there
from zones.watches.admin import SearchWatchAdmin  # noqa: F401  registered there

Status = Availability.Status


# Zones --------------------------------------------------------------------------------------------
class PhaseInline(ReadOnlyInline):
    model = Phase
    fields = ("name", "area_ha", "industrial_land_ha", "developer", "term_until", "confidence")
    readonly_fields = fields


class ZoneAreaInline(ReadOnlyInline):
    model = ZoneArea
    fields = ("area_ha", "effective_on", "decision", "confidence", "is_stated")
    readonly_fields = fields

    def get_queryset(self, request):
        return super().get_queryset(request).as_known()


@admin.register(Zone)
class ZoneAdmin(OutlinePages, HistoryAdmin, SheetAdmin, PortalAdmin, TranslationAdmin):
    resource_classes = [ZoneResource]
    export_name = "khu-cong-nghiep"
    needs_why = ("status",)
    list_display = ("short_name", "code", "status", "developer", "established_on", "term_until", "plots")
    list_filter = ("status", OutdatedFilter)
    actions = (translations_checked,)
    search_fields = ("folded",)
    inlines = (PhaseInline, ZoneAreaInline)
    # Facts with their sources come with the reference data.
    readonly_fields = ("sectors", "utilities", "distances", "prices", "statements", "confidence", "sources")
    fieldsets = (
        (None, {"fields": ("code", "slug", "name", "short_name", "status", "status_note", "position")}),
        (
            gettext_lazy("Địa điểm"),
            {
                "fields": (
                    "location_old", "location_new", "location_new_confidence", "latitude", "longitude",
                    "is_point_approximate",
                )
            },
        ),
        (gettext_lazy("Pháp lý"), {"fields": ("developer", "established_on", "established_by", "term_until")}),
        (gettext_lazy("Số liệu kèm nguồn"), {"classes": ("collapse",), "fields": readonly_fields}),
    )  # fmt: skip

    def get_queryset(self, request):
        counted = Plot.objects.filter(zone=OuterRef("pk")).order_by().values("zone").annotate(n=Count("pk"))
        return super().get_queryset(request).annotate(plot_count=Coalesce(Subquery(counted.values("n")), 0))

    def _within(self, rows, user):
        rows = super()._within(rows, user)
        return rows.filter(code__in=user.zones) if user.zones else rows

    def choices_for(self, request):
        return Zone.objects.editable_by(request.user)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and _is_within(request.user, obj)

    @admin.display(description=gettext_lazy("số lô"), ordering="plot_count")
    def plots(self, zone):
        address = reverse("admin:zones_plot_changelist")
        return format_html('<a href="{}?zone__id__exact={}">{}</a>', address, zone.pk, zone.plot_count)


def _is_within(user, zone):
    return zone is None or not user.zones or zone.code in user.zones


@admin.register(Phase)
class PhaseAdmin(HistoryAdmin, SheetAdmin, PortalAdmin, TranslationAdmin):
    resource_classes = [PhaseResource]
    export_name = "khu-giai-doan"
    list_display = (
        "name",
        "zone",
        "area_ha",
        "industrial_land_ha",
        "developer",
        "decision",
        "term_until",
        "confidence",
    )
    list_filter = ("zone", "confidence", OutdatedFilter)
    actions = (translations_checked,)
    list_select_related = ("zone",)
    search_fields = ("zone__folded", "name_vi", "name_en", "developer_vi")
    zone_path = "zone"


class CorrectAreaForm(forms.ModelForm):
    """A right row in the place of a wrong one; the wrong one stays readable."""

    area_ha = NumberField(label=gettext_lazy("Diện tích, ha"), max_digits=9, decimal_places=2, localize=True)

    class Meta:
        model = ZoneArea
        fields = ("area_ha", "effective_on", "decision", "source", "confidence", "is_stated", "note_vi", "note_en")
        widgets = {"effective_on": AdminDateWidget}

    def __init__(self, *args, row, **kwargs):
        super().__init__(*args, instance=ZoneArea(zone=row.zone), initial=model_to_dict(row), **kwargs)


def _correct_area(row, *, by, at, **values):
    ZoneArea.objects.create(zone=row.zone, supersedes=row, recorded_by=by, recorded_at=at, **values)
    return _("Đã ghi dòng diện tích thay cho dòng cũ.")


@admin.register(ZoneArea)
class ZoneAreaAdmin(RecordedAdmin, TranslationAdmin):
    list_display = ("zone", "area_ha", "effective_on", "decision", "confidence", "is_stated")
    list_filter = ("zone", "confidence", "is_stated")
    list_select_related = ("zone",)
    date_hierarchy = "effective_on"
    search_fields = ("zone__folded", "decision", "source")
    zone_path = "zone"
    deeds = (
        Deed(
            slug="correct", label=gettext_lazy("Ghi dòng thay thế"), form=CorrectAreaForm, do=_correct_area,
            may=lambda user: roles.may(user, "correct_zone_area"), is_due=lambda row: not row.is_superseded,
            explanation=gettext_lazy("Dòng cũ còn nguyên để tra lại; số liệu từ nay tính theo dòng mới."),
        ),
    )  # fmt: skip

    def has_add_permission(self, request, obj=None):
        return request.user.has_perm("zones.add_zonearea")

    def save_model(self, request, obj, form, change):
        obj.recorded_by, obj.recorded_at = request.user, timezone.now()
        super().save_model(request, obj, form, change)


class DocumentForm(SafeForm):
    upload = forms.FileField(label=gettext_lazy("Tệp mới"), required=False)

    def clean_upload(self):
        upload = self.cleaned_data["upload"]
        if upload:
            documents.inspect(upload, max_bytes=_upload_limit())
            documents.scan(upload)
        return upload


def _upload_limit():
    return documents.limit_bytes(timezone.localdate())


@admin.register(Document)
class DocumentAdmin(HistoryAdmin, PortalAdmin, TranslationAdmin):
    form = DocumentForm
    list_display = ("title", "zone", "number", "issued_on", "is_public", "download")
    list_filter = ("zone", "is_public")
    list_select_related = ("zone", "stored")
    date_hierarchy = "issued_on"
    search_fields = ("zone__folded", "title_vi", "title_en", "number")
    readonly_fields = ("download",)
    fields = (
        "zone", "kind", "title", "number", "issuer", "issued_on", "replaced_by", "source", "is_public", "download",
        "upload",
    )  # fmt: skip
    zone_path = "zone"

    def get_readonly_fields(self, request, obj=None):
        """What operators bring, the board lets out."""
        return (*self.readonly_fields, *(["is_public"] if roles.only_proposes(request.user) else []))

    def has_change_permission(self, request, obj=None):
        """What is public already changes by the board's hand only; operators bring another one."""
        is_out = obj is not None and obj.is_public and roles.only_proposes(request.user)
        return not is_out and super().has_change_permission(request, obj)

    def not_public_because(self, document):
        return [] if document.is_public else [unticked(document, "is_public")]

    def get_urls(self):
        view = self.admin_site.admin_view(self.file_view)
        return [path("<int:object_id>/file/", view, name="zones_document_file"), *super().get_urls()]

    def file_view(self, request, object_id):
        document = self.get_object(request, str(object_id))
        if document is None or document.stored is None:
            raise Http404
        if not self.has_view_permission(request, document):
            raise PermissionDenied
        return documents.serve(document.stored)

    def save_model(self, request, obj, form, change):
        if upload := form.cleaned_data.get("upload"):
            obj.stored = documents.store(upload, by=request.user, at=timezone.now(), max_bytes=_upload_limit())
        super().save_model(request, obj, form, change)

    @admin.display(description=gettext_lazy("tệp"))
    def download(self, document):
        if not document.stored_id:
            return "—"
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:zones_document_file", args=[document.pk]), document.stored
        )


# Plots --------------------------------------------------------------------------------------------
class PlotForm(SafeForm):
    def clean(self):
        cleaned = super().clean()
        phase = cleaned.get("phase")
        zone_id = cleaned["zone"].pk if cleaned.get("zone") else self.instance.zone_id
        if phase and zone_id and phase.zone_id != zone_id:
            self.add_error("phase", _("Khu, giai đoạn này thuộc khu công nghiệp khác."))
        return cleaned


class AvailabilityForm(forms.Form):
    """The land keeper's word on a plot that nobody holds."""

    status = forms.ChoiceField(
        label=gettext_lazy("Tình trạng"), choices=[(status, status.label) for status in allocation.BY_HAND]
    )
    effective_on = forms.DateField(label=gettext_lazy("Từ ngày"), widget=AdminDateWidget)
    basis = forms.CharField(label=gettext_lazy("Căn cứ"), max_length=300, help_text=gettext_lazy("Số, ngày văn bản."))

    def __init__(self, *args, row, **kwargs):
        super().__init__(*args, initial={"effective_on": timezone.localdate()}, **kwargs)
        self.plot = row

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("effective_on") and cleaned.get("status"):
            now = self.plot.standing(on=cleaned["effective_on"])
            if now is not None and now.status == cleaned["status"]:
                self.add_error(
                    "status", _("Lô đã ở tình trạng này từ %(day)s.") % {"day": f"{now.effective_on:%d/%m/%Y}"}
                )
        return cleaned


def _record_availability(plot, *, by, at, status, effective_on, basis):
    allocation.record(plot=plot, status=status, effective_on=effective_on, basis=basis, by=by, at=at)
    return _("Đã ghi tình trạng “%(status)s” từ %(day)s.") % {
        "status": Status(status).label,
        "day": f"{effective_on:%d/%m/%Y}",
    }


def _confirm(plot, *, by, at):
    confirmation.confirm(plot=plot, by=by, at=at)
    return _("Đã xác nhận thông tin lô %(code)s.") % {"code": plot.code}


def told_holder(text: str) -> str:
    """A dossier that reserves a plot is known here by its key, which tells people nothing."""
    return _("Một hồ sơ đang giải quyết") if text.startswith("hs:") else text or "—"


class AvailabilityInline(ReadOnlyInline):
    model = Availability
    fields = ("effective_on", "status", "ends_on", "holder", "basis", "recorded_at", "recorded_by")
    readonly_fields = fields
    ordering = ("-effective_on", "-id")

    @admin.display(description=gettext_lazy("giữ cho"))
    def holder(self, row):
        return told_holder(row.held_for)

    def get_queryset(self, request):
        return super().get_queryset(request).as_known().select_related("recorded_by")


class StatusFilter(admin.SimpleListFilter):
    title = gettext_lazy("tình trạng")
    parameter_name = "status"

    def lookups(self, request, model_admin):
        return Status.choices

    def queryset(self, request, queryset):
        return queryset.filter(status=self.value()) if self.value() in Status.values else queryset


@admin.register(Plot)
class PlotAdmin(Proposes, ListingPages, HistoryAdmin, SheetAdmin, PortalAdmin, TranslationAdmin):
    form = PlotForm
    resource_classes = [PlotResource]
    export_name = "lo-dat"
    needs_why = ("price", "price_currency", "price_basis")
    list_display = ("number", "zone", "kind", "area", "status_now", "held", "asked", "confirmed_on", "is_published")
    list_filter = (
        "zone", StatusFilter, WordFilter, CompletenessFilter, "kind", "is_published", OutdatedFilter, "is_sample",
    )  # fmt: skip
    actions = ("confirm_chosen", translations_checked)
    hints = PLOT_HINTS
    list_select_related = ("zone", "phase")
    # Zone by zone as well, and an index knows it.
    ordering = ("code",)
    search_fields = ("folded",)
    inlines = (AvailabilityInline, ConfirmationInline)
    zone_path = "zone"
    readonly_fields = ("status_now", "held", "confirmed_on", "confirmed_by", "is_sample")
    fieldsets = (
        (None, {"fields": ("zone", "phase", "number", "code", "kind", "area_m2", "is_published")}),
        (gettext_lazy("Tình trạng"), {"fields": readonly_fields}),
        (
            gettext_lazy("Giá và thời hạn"),
            {"fields": ("price", "price_currency", "price_basis", "price_on", "term_until")},
        ),
        (
            gettext_lazy("Kỹ thuật"),
            {
                "fields": (
                    "power_kva", "water_m3_day", "wastewater_m3_day", "floor_load_t_m2", "clear_height_m",
                    "building_coverage",
                )
            },
        ),
        (gettext_lazy("Mô tả"), {"fields": ("description", "corners")}),
    )  # fmt: skip
    deeds = (
        Deed(
            slug="availability", label=gettext_lazy("Ghi tình trạng lô"), form=AvailabilityForm,
            do=_record_availability, may=lambda user: roles.may(user, "record_availability"),
            is_due=lambda plot: plot.status not in Availability.TAKEN, refusals=(allocation.PlotTaken,),
            explanation=gettext_lazy("Giữ chỗ và cho thuê không ghi ở đây: hồ sơ và sổ dự án tự ghi."),
        ),
        Deed(
            slug="confirm", label=gettext_lazy("Xác nhận thông tin lô"), form=DeedForm, do=_confirm,
            may=lambda user: roles.may(user, "confirm_plot"),
            is_due=lambda plot: plot.confirmed_on != timezone.localdate(),
            explanation=gettext_lazy("Ghi rằng hôm nay bạn đã đối chiếu số lô, diện tích, giá và điều kiện kỹ thuật."),
        ),
    )  # fmt: skip

    def get_queryset(self, request):
        return super().get_queryset(request).with_status(on=timezone.localdate())

    def get_readonly_fields(self, request, obj=None):
        """A plot does not move, and its code stands in addresses and papers."""
        return (*super().get_readonly_fields(request, obj), "corners", *(("zone", "code") if obj else ()))

    @admin.display(description=gettext_lazy("diện tích"), ordering="area_m2")
    def area(self, plot):
        return m2(plot.area_m2)

    @admin.display(description=gettext_lazy("tình trạng"), ordering="status")
    def status_now(self, plot):
        return Status(plot.status).label if plot.status else "—"

    @admin.display(description=gettext_lazy("ranh giới"))
    def corners(self, plot):
        """Drawn on the page of the zone, where it is checked against the zone and its neighbours."""
        if plot.pk is None:
            return "—"
        count = len(points_of(plot.outline))
        said = ngettext("%(count)s đỉnh", "%(count)s đỉnh", count) % {"count": count} if count else _("chưa có")
        address = reverse("admin:zones_zone_outlines", args=[plot.zone_id])
        return format_html('{} · <a href="{}">{}</a>', said, address, _("Nhập ranh giới"))

    @admin.display(description=gettext_lazy("giữ cho"), ordering="held_for")
    def held(self, plot):
        return told_holder(plot.held_for)

    @admin.display(description=gettext_lazy("giá"), ordering="price")
    def asked(self, plot):
        if plot.price is None:
            return "—"
        amount = vnd(plot.price) if plot.price_currency == "VND" else usd(plot.price)
        return f"{amount} {plot.get_price_basis_display()}"


@admin.register(Availability)
class AvailabilityAdmin(RecordedAdmin):
    zone_path = "plot__zone"
    list_display = ("plot", "status", "effective_on", "ends_on", "holder", "basis")
    list_filter = ("status", "plot__zone", "is_sample")
    list_select_related = ("plot__zone",)
    date_hierarchy = "effective_on"
    search_fields = ("plot__folded", "held_for", "basis")

    @admin.display(description=gettext_lazy("giữ cho"), ordering="held_for")
    def holder(self, row):
        return told_holder(row.held_for)


@admin.register(FactSheet)
class FactSheetAdmin(ReadOnlyAdmin):
    """What went out on paper: who rings up about a sheet reads its code."""

    zone_path = "plot__zone"
    list_display = ("code", "plot", "printed_at")
    list_filter = ("plot__zone", "is_sample")
    list_select_related = ("plot__zone",)
    date_hierarchy = "printed_at"
    search_fields = ("code", "plot__folded")
