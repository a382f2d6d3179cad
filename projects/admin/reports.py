"""The back office of reports: periods and their days, who has reported, what was filed and the board's answers."""

from functools import partial

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from modeltranslation.admin import TranslationAdmin

from izportal import roles
from izportal.backoffice import Deed, DeedForm, HistoryAdmin, PortalAdmin, ReadOnlyAdmin
from izportal.lists import page_of
from projects.admin.sheets import BookSheets
from projects.forms import text_field
from projects.models import DeveloperPhase, Project, Report, ReportAnswer, ReportPeriod
from projects.reports import duties, filing, reminding, showing, standing
from projects.resources import ReportResource
from projects.templatetags.report import report_due, report_state

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


# Periods ------------------------------------------------------------------------------------------
@admin.register(ReportPeriod)
class ReportPeriodAdmin(HistoryAdmin, PortalAdmin, TranslationAdmin):
    list_display = ("code", "kind", "starts_on", "cut_off_on", "opens_on", "due", "state", "who")
    list_filter = ("kind", "confidence")
    search_fields = ("code",)

    @admin.display(description=gettext_lazy("hạn nộp"), ordering="due_on")
    def due(self, row):
        return report_due(row)

    @admin.display(description=gettext_lazy("tình trạng"))
    def state(self, row):
        return row.state_on(timezone.localdate()).label

    @admin.display(description=gettext_lazy("ai đã nộp"))
    def who(self, row):
        words = _("Xem %(code)s") % {"code": row.code}
        return format_html('<a href="{}">{}</a>', reverse("admin:report_standing", args=[row.pk]), words)

    def get_readonly_fields(self, request, obj=None):
        """The code stands on receipts, the kind tells the form."""
        return (*super().get_readonly_fields(request, obj), *(("code", "kind") if obj else ()))

    def get_urls(self):
        pages = [
            ("standing/", report_standing, "report_standing"),
            ("standing.xlsx", report_standing_sheet, "report_standing_sheet"),
            ("remind/", report_remind, "report_remind"),
            ("enter/<str:subject>/", report_enter, "report_enter"),
        ]
        ours = [
            path(f"<int:pk>/{place}", self.admin_site.admin_view(partial(_page, view=view, of=self)), name=name)
            for place, view, name in pages
        ]
        return [*ours, *super().get_urls()]


def _page(request, pk, *, view, of, **address):
    """Whoever reads reports opens what is told of a period."""
    if not request.user.has_perm("projects.view_report"):
        raise PermissionDenied
    context = {**of.admin_site.each_context(request), "opts": of.opts}
    return view(request, get_object_or_404(ReportPeriod, pk=pk), context=context, **address)


def report_standing(request, period, *, context):
    rows = standing.of(period, user=request.user)
    form = standing.StandingForm(request.GET, user=request.user)
    found = form.narrowed(rows)
    context |= {
        "title": _("Ai đã báo cáo: %(code)s") % {"code": period.code}, "period": period, "form": form,
        "page_obj": page_of(request, found, size=50), "tally": standing.tally(rows), "total": len(rows),
        "query": request.GET.urlencode(), "may_remind": roles.may(request.user, "remind_reports"),
        "may_enter": roles.may(request.user, "enter_report"), "owed": sum(row.is_owed for row in found),
        "today": timezone.localdate(), "is_coming": _is_coming(period),
    }  # fmt: skip
    return TemplateResponse(request, "admin/projects/reportperiod/standing.html", context)


def report_standing_sheet(request, period, *, context):
    form = standing.StandingForm(request.GET, user=request.user)
    rows = form.narrowed(standing.of(period, user=request.user))
    content = standing.sheet(period, rows, with_lines="lines" in request.GET)
    name = f"bao-cao-{period.code}-{timezone.localdate():%Y-%m-%d}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=EXCEL, headers=headers)


@require_POST
def report_remind(request, period, *, context):
    """To those of the list as it is filtered; each reader at most once a day."""
    if not roles.may(request.user, "remind_reports"):
        raise PermissionDenied
    form = standing.StandingForm(request.GET, user=request.user)
    codes = {row.subject.code for row in form.narrowed(standing.of(period, user=request.user)) if row.is_owed}
    written = reminding.remind_now(period, at=timezone.now(), codes=codes)
    messages.success(request, _("Đã viết %(count)s thư nhắc.") % {"count": written})
    return redirect(f"{reverse('admin:report_standing', args=[period.pk])}?{request.GET.urlencode()}")


# Entering from paper ------------------------------------------------------------------------------
class PaperForm(forms.Form):
    paper_on = forms.DateField(
        label=gettext_lazy("Ngày của bản giấy"),
        widget=forms.DateInput(attrs={"inputmode": "numeric", "placeholder": "dd/mm/yyyy", "autocomplete": "off"}),
    )
    paper_number = text_field("paper_number", label=gettext_lazy("Số văn bản giấy"), of=Report)

    use_required_attribute = False

    def clean_paper_on(self):
        day = self.cleaned_data["paper_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("Ngày này chưa tới."))
        return day


def report_enter(request, period, *, subject, context):
    """What came on paper is typed by an officer, checked like any other, and marked."""
    if not roles.may(request.user, "enter_report"):
        raise PermissionDenied
    among = Project.objects.visible_to(request.user)
    row = duties.find(request.user, period, subject.replace("\0", ""), among=among)
    if row is None or _is_coming(period):
        raise Http404
    form, paper = _typed(request, period, row)
    if request.method == "POST" and (filed := _entered(request, form, paper)):
        return redirect("admin:projects_report_change", filed.pk)
    context |= {
        "title": _("Nhập báo cáo từ bản giấy"), "form": form, "paper": paper, "period": period, "subject": row,
        **showing.about(form),
    }  # fmt: skip
    status = 422 if form.is_bound and (form.errors or paper.errors) else 200
    return TemplateResponse(request, "admin/projects/reportperiod/enter.html", context, status=status)


def _typed(request, period, row):
    data = request.POST if request.method == "POST" else None
    return filing.open_form(period, row, data), PaperForm(data, label_suffix="")


def _is_coming(period):
    return period.state_on(timezone.localdate()) == ReportPeriod.State.COMING


def _entered(request, form, paper):
    """Kept and filed in one go; a draft that the enterprise has begun is not touched but told."""
    if not (form.is_valid() & paper.is_valid()):
        return None
    said = filing.Paper(paper.cleaned_data["paper_on"], paper.cleaned_data["paper_number"])
    try:
        return filing.enter(form, paper=said, by=request.user, at=timezone.now())
    except filing.ReportRefused as refusal:
        form.add_error(None, str(refusal))
    return None


# What was filed -----------------------------------------------------------------------------------
class ReturnForm(DeedForm):
    remarks = text_field(
        "remarks", label=gettext_lazy("Nội dung cần chỉnh sửa"), required=True, rows=5, of=ReportAnswer,
        help_text=gettext_lazy("Doanh nghiệp đọc nguyên văn."),
    )  # fmt: skip


def _accept(report, *, by, at):
    filing.accept(report, by=by, at=at)
    return _("Đã tiếp nhận báo cáo %(reference)s.") % {"reference": report.reference}


def _send_back(report, *, by, at, remarks):
    filing.send_back(report, by=by, at=at, remarks=remarks)
    return _("Đã yêu cầu chỉnh sửa và báo cho doanh nghiệp.")


def _may_answer(user):
    return roles.may(user, "answer_report")


class AnswerFilter(admin.SimpleListFilter):
    title = gettext_lazy("tình trạng")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("waiting", _("Chờ duyệt")), *ReportAnswer.Answer.choices]

    def queryset(self, request, queryset):
        chosen = self.value()
        answer = "" if chosen == "waiting" else chosen
        return queryset if chosen is None else queryset.as_known().filter(answer=answer)


@admin.register(Report)
class ReportAdmin(BookSheets, ReadOnlyAdmin):
    resource_classes = [ReportResource]
    export_name = "bao-cao-dinh-ky"
    list_display = ("reference", "period", "enterprise", "zone", "recorded_at", "state", "is_late", "is_from_paper")
    list_filter = (AnswerFilter, "period", "project__zone", "is_late", "is_from_paper", "is_sample")
    list_select_related = ("period", "project__enterprise", "project__zone", "phase")
    search_fields = ("reference", "project__folded", "project__enterprise__folded")
    zone_path = "project__zone"
    fields = readonly_fields = ("sight",)
    deeds = (
        Deed(
            slug="accept", label=gettext_lazy("Tiếp nhận"), form=DeedForm, do=_accept, may=_may_answer,
            is_due=lambda row: not row.answer and filing.stands(row), refusals=(filing.ReportRefused,),
        ),
        Deed(
            slug="return", label=gettext_lazy("Yêu cầu chỉnh sửa"), form=ReturnForm, do=_send_back, may=_may_answer,
            is_due=lambda row: row.answer != "returned" and filing.stands(row), refusals=(filing.ReportRefused,),
            explanation=gettext_lazy("Doanh nghiệp sửa bằng một bản mới; từ nay đến đó bản này không được cộng."),
        ),
    )  # fmt: skip

    class Media:
        css = {"all": ["css/desk.css", "css/report.css"]}

    def get_queryset(self, request):
        return super().get_queryset(request).with_answer()

    @admin.display(description=gettext_lazy("tổ chức kinh tế"), ordering="project__enterprise__name_vi")
    def enterprise(self, row):
        return row.project.enterprise

    @admin.display(description=gettext_lazy("khu công nghiệp"), ordering="project__zone__position")
    def zone(self, row):
        return row.project.zone

    @admin.display(description=gettext_lazy("tình trạng"), ordering="answer")
    def state(self, row):
        return report_state(row.answer or duties.WAITING)

    @admin.display(description="")
    def sight(self, row):
        """The version as its enterprise sees it."""
        return render_to_string("admin/projects/report/_sight.html", showing.of_version(row))


@admin.register(DeveloperPhase)
class DeveloperPhaseAdmin(HistoryAdmin, PortalAdmin):
    list_display = ("phase", "project")
    list_select_related = ("phase__zone", "project")
    autocomplete_fields = ("project",)
    readonly_fields = ("is_sample",)
    zone_path = "phase__zone"
