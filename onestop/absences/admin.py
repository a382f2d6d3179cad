"""The page of absences in the back office: who is away and who stands in, written down and cut short."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal.backoffice import Deed, DeedForm, PortalAdmin, SafeForm
from onestop import absences
from onestop.models import Absence
from onestop.workflow import STEPS

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
DAY_FORMATS = ["%Y-%m-%d", "%d/%m/%Y"]


class AbsenceForm(SafeForm):
    starts_on = forms.DateField(label=gettext_lazy("Từ ngày"), input_formats=DAY_FORMATS, widget=DAY)
    ends_on = forms.DateField(label=gettext_lazy("Đến hết ngày"), input_formats=DAY_FORMATS, widget=DAY)

    class Meta:
        model = Absence
        fields = ("person", "substitute", "starts_on", "ends_on", "note")

    def clean(self):
        cleaned = super().clean()
        if self.errors or not all(cleaned.get(name) for name in ("person", "substitute", "starts_on", "ends_on")):
            return cleaned
        asked = Absence(**{name: cleaned[name] for name in self.Meta.fields})
        with transaction.atomic():
            absences.lock(asked)
        if sentence := absences.why_not(asked, by=self.by, on=timezone.localdate()):
            raise forms.ValidationError(sentence)
        return cleaned


class EndForm(DeedForm):
    back_on = forms.DateField(label=gettext_lazy("Trở lại từ ngày"), input_formats=DAY_FORMATS, widget=DAY)

    def __init__(self, *args, row, **kwargs):
        super().__init__(*args, row=row, **kwargs)
        self.fields["back_on"].initial = timezone.localdate()


def _end(row, *, by, at, back_on):
    absences.end(row, back_on=back_on, by=by, at=at)
    return _("Đã ghi: %(who)s trở lại từ %(day)s.") % {"who": row.person, "day": f"{back_on:%d/%m/%Y}"}


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("thời gian")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("now", gettext_lazy("Đang vắng mặt")), ("coming", gettext_lazy("Sắp tới"))]

    def queryset(self, request, queryset):
        today = timezone.localdate()
        chosen = {"now": lambda: queryset.in_force(on=today), "coming": lambda: queryset.filter(starts_on__gt=today)}
        return chosen.get(self.value(), lambda: queryset)()


class AbsenceAdmin(PortalAdmin):
    """Written down once and never changed: whoever comes back sooner says so by a deed."""

    form = AbsenceForm
    list_display = ("person", "substitute", "starts_on", "last_day", "told_state", "note")
    list_select_related = ("person", "substitute")
    list_filter = (StateFilter,)
    search_fields = ("person__folded", "substitute__folded")
    fields = ("person", "substitute", "starts_on", "ends_on", "note")
    deeds = (
        Deed(
            "end", gettext_lazy("Ghi ngày trở lại sớm"), EndForm, may=lambda user: user.is_staff, do=_end,
            explanation=gettext_lazy("Từ ngày này người thay thôi làm thay; việc đã làm giữ nguyên."),
            refusals=(absences.AbsenceRefused,),
            is_due=lambda row: row.last_on >= max(row.starts_on, timezone.localdate()),
        ),
    )  # fmt: skip

    def get_list_display(self, request):
        shown = super().get_list_display(request)
        return [*shown, "all_dossiers"] if request.user.has_role(*STEPS["assign"].roles) else shown

    def get_fields(self, request, obj=None):
        return (*self.fields, "ended_on", "made_by", "made_at") if obj else self.fields

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"by": request.user})

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "person":
            kwargs["queryset"] = absences.recordable_by(request.user)
            kwargs["initial"] = request.user.pk
        elif db_field.name == "substitute":
            kwargs["queryset"] = absences.officers()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request, obj, form, change):
        absences.record(obj, by=request.user, at=timezone.now())

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def _row_for(self, request, object_id, deed):
        row = super()._row_for(request, object_id, deed)
        if not absences.may_record(request.user, row.person):
            raise PermissionDenied
        return row

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        response = super().render_change_form(request, context, add, change, form_url, obj)
        if obj is not None and not absences.may_record(request.user, obj.person):
            response.context_data["deeds"] = []
        return response

    @admin.display(description=gettext_lazy("Ngày cuối"), ordering="ends_on")
    def last_day(self, row):
        return row.last_on

    @admin.display(description=gettext_lazy("Tình trạng"))
    def told_state(self, row):
        today = timezone.localdate()
        if row.last_on < row.starts_on:
            return _("Đã hủy")
        if row.last_on < today:
            return _("Đã trở lại")
        return _("Sắp tới") if row.starts_on > today else _("Đang vắng mặt")

    @admin.display(description=gettext_lazy("Hồ sơ"))
    def all_dossiers(self, row):
        where = reverse("admin:onestop_dossier_handover")
        return format_html('<a href="{}?officer={}">{}</a>', where, row.person_id, _("Bàn giao toàn bộ hồ sơ"))
