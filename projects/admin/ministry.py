"""The back office of the ministry's forms: drawn up, read cell by cell, signed off by a second person, exported."""

from functools import partial

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal import roles
from izportal.backoffice import Deed, DeedForm, ReadOnlyAdmin
from projects import ministry
from projects.admin.reports import EXCEL
from projects.forms import text_field
from projects.ministry import records, sheet
from projects.ministry.forms import forms as ministry_forms
from projects.models import MinistryReport, ReportPeriod
from projects.reports import showing


def _day(label, help_text=""):
    widget = forms.DateInput(attrs={"inputmode": "numeric", "placeholder": "dd/mm/yyyy", "autocomplete": "off"})
    return forms.DateField(label=label, help_text=help_text, widget=widget)


class DrawForm(forms.Form):
    form = forms.ChoiceField(label=gettext_lazy("Biểu"))
    period_name = text_field("period_name", label=gettext_lazy("Kỳ"), required=True, of=MinistryReport)
    starts_on = _day(gettext_lazy("Từ ngày"))
    cut_off_on = _day(gettext_lazy("Đến hết ngày"))
    as_known = _day(gettext_lazy("Theo sổ đã ghi đến hết ngày"), gettext_lazy("Để trống: theo sổ đang ghi lúc lập."))
    report_period: forms.ModelChoiceField = forms.ModelChoiceField(
        ReportPeriod.objects.none(), label=gettext_lazy("Kỳ báo cáo của doanh nghiệp"), required=False,
        help_text=gettext_lazy("Kỳ mà các cột doanh thu, xuất nhập khẩu, nộp ngân sách, lao động lấy số."),
    )  # fmt: skip
    note = text_field("note", label=gettext_lazy("Ghi chú"), rows=3, of=MinistryReport)

    use_required_attribute = False

    def __init__(self, *args, **options):
        super().__init__(*args, label_suffix="", **options)
        self.fields["form"].choices = [(code, f"{code} · {one.title}") for code, one in ministry_forms().items()]
        of_enterprises = ReportPeriod.objects.exclude(kind__in=ReportPeriod.OF_DEVELOPERS)
        self.fields["report_period"].queryset = of_enterprises
        self.fields["as_known"].required = False

    def clean(self):
        said = super().clean() or self.cleaned_data
        first, last = said.get("starts_on"), said.get("cut_off_on")
        if first and last and last < first:
            self.add_error("cut_off_on", _("Ngày đầu kỳ phải trước ngày cuối kỳ."))
        return said


class SignForm(DeedForm):
    """Carries the hash of the draft that the signer has read."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args, row, **options):
        super().__init__(*args, row=row, initial={"seen": row.sha256}, **options)


def _sign(row, *, by, at, seen):
    ministry.sign(row, seen=seen, by=by, at=at)
    return _("Đã duyệt và khóa biểu %(form)s.") % {"form": row}


def _redraw(row, *, by, at):
    ministry.redraw(row, by=by, at=at)
    return _("Đã lập lại biểu theo sổ hiện nay.")


class FrozenFilter(admin.SimpleListFilter):
    title = gettext_lazy("tình trạng")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("draft", _("Bản nháp")), ("sign", _("Chờ tôi duyệt")), ("frozen", _("Đã duyệt, khóa"))]

    def queryset(self, request, queryset):
        if self.value() == "sign":
            return queryset.awaiting(request.user)
        return queryset.filter(frozen_at__isnull=self.value() == "draft") if self.value() else queryset


@admin.register(MinistryReport)
class MinistryReportAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "cut_off_on", "as_known", "drafted_by", "signed_by", "frozen_at")
    list_filter = (FrozenFilter, "form", "is_sample")
    list_select_related = ("drafted_by", "signed_by")
    search_fields = ("form", "period_name")
    fields = readonly_fields = ("sight",)
    change_list_template = "admin/projects/ministryreport/change_list.html"
    deeds = (
        Deed(
            slug="sign", label=gettext_lazy("Duyệt và khóa"), form=SignForm, do=_sign,
            may=lambda user: roles.may(user, "sign_ministry"), is_due=lambda row: not row.is_frozen,
            refusals=(ministry.MinistryRefused,), template="admin/projects/ministryreport/sign.html",
            explanation=gettext_lazy(
                "Sau khi duyệt, không ai sửa được biểu này nữa; thay đổi về sau của sổ chỉ được liệt kê bên cạnh."
            ),
        ),
        Deed(
            slug="redraw", label=gettext_lazy("Lập lại theo sổ hiện nay"), form=DeedForm, do=_redraw,
            may=lambda user: roles.may(user, "draw_up_ministry"), is_due=lambda row: not row.is_frozen,
            refusals=(ministry.MinistryRefused,),
        ),
    )  # fmt: skip

    class Media:
        css = {"all": ["css/report.css"]}

    def get_queryset(self, request):
        """Forms of the whole board; whoever keeps only some zones does not read them."""
        rows = super().get_queryset(request).select_related("report_period")
        return rows.none() if request.user.zones else rows

    def get_urls(self):
        pages = [
            ("draw/", ministry_draw, "ministry_draw"), ("<int:pk>/xlsx/", ministry_sheet, "ministry_sheet"),
            ("<int:pk>/cell/<str:row>/<slug:column>/", ministry_cell, "ministry_cell"),
            ("<int:pk>/since/", ministry_since, "ministry_since"),
        ]  # fmt: skip
        ours = [
            path(place, self.admin_site.admin_view(partial(_page, view=view, of=self)), name=name)
            for place, view, name in pages
        ]
        return [*ours, *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        may = {"may_draw": roles.may(request.user, "draw_up_ministry")}
        return super().changelist_view(request, {**(extra_context or {}), **may})

    @admin.display(description="")
    def sight(self, row):
        return render_to_string("admin/projects/ministryreport/_sight.html", sight_of(row))


def sight_of(row):
    form = ministry_forms()[row.form]
    columns = row.content["columns"]
    lines = [{**one, "cells": [_shown(one, column) for column in columns]} for one in row.content["rows"]]
    return {"row": row, "form": form, "columns": form.columns, "lines": lines, "content": row.content,
            "sums": [showing.amount(row.content["sums"].get(column["code"])) for column in columns]}  # fmt: skip


def _shown(line, column):
    cell = line["cells"].get(column["code"])
    if cell is None or cell["value"] is None:
        return {"code": column["code"], "text": "—", "records": [], "is_number": column["is_number"]}
    text = showing.amount(cell["value"]) if column["is_number"] else cell["value"]
    told = {"code": column["code"], "text": text, "records": cell["records"]}
    return {**told, "is_number": column["is_number"]}


def _page(request, *, view, of, pk=None, **address):
    if not of.has_view_permission(request):
        raise PermissionDenied
    context = {**of.admin_site.each_context(request), "opts": of.opts}
    if pk is None:
        return view(request, context=context, **address)
    row = of.get_queryset(request).select_related("drafted_by", "signed_by").filter(pk=pk).first()
    if row is None:
        raise Http404
    return view(request, row, context=context, **address)


def ministry_draw(request, *, context):
    if not roles.may(request.user, "draw_up_ministry") or request.user.zones:
        raise PermissionDenied
    form = DrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and (row := _drawn(request, form)):
        return redirect("admin:projects_ministryreport_change", row.pk)
    context |= {"title": _("Lập biểu báo cáo Bộ"), "form": form}
    return TemplateResponse(request, "admin/projects/ministryreport/draw.html", context)


def _drawn(request, form):
    try:
        return ministry.draw_up(by=request.user, at=timezone.now(), **form.cleaned_data)
    except ministry.MinistryRefused as refusal:
        form.add_error(None, str(refusal))
    return None


def ministry_sheet(request, row, *, context):
    name = f"{row.form}-{row.cut_off_on:%Y-%m-%d}-{row.pk}{'' if row.is_frozen else '-nhap'}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(sheet.export(row), content_type=EXCEL, headers=headers)


def ministry_cell(request, report, *, row, column, context):
    """The records that a cell was computed from."""
    line = next((one for one in report.content["rows"] if one["key"] == row), None)
    cell = line["cells"].get(column) if line else None
    if line is None or cell is None:
        raise Http404
    label = next(one["label"] for one in report.content["columns"] if one["code"] == column)
    context |= {
        "title": f"{ministry.name_of(line)} · {label}", "report": report, "cell": cell,
        "found": records.told(cell["records"], column=column),
        "back": reverse("admin:projects_ministryreport_change", args=[report.pk]),
    }  # fmt: skip
    return TemplateResponse(request, "admin/projects/ministryreport/cell.html", context)


def ministry_since(request, report, *, context):
    """What the same form would say today, and what was entered since."""
    late = ministry.late_records(report)
    context |= {
        "title": _("Thay đổi từ khi lập"), "report": report, "changes": ministry.changed_cells(report),
        "late": records.lines(late), "back": reverse("admin:projects_ministryreport_change", args=[report.pk]),
    }  # fmt: skip
    return TemplateResponse(request, "admin/projects/ministryreport/since.html", context)
