"""The working calendar in the back office: nothing is saved at once, each change is shown with the promises it moves,
and then applied or dropped."""

import csv

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from modeltranslation.admin import TranslationAdmin

from izportal import roles
from izportal.backoffice import ExportSheets, PortalAdmin, ReadOnlyAdmin
from izportal.backoffice.exporting import TemplateSheets
from izportal.cells import neutral
from izportal.resources import CalendarDayResource
from onestop import daysoff
from onestop.daysoff.forms import DayForm, DaysForm, GroundForm
from onestop.daysoff.moves import ANSWER, DUE, OPINION, REPLY
from onestop.daysoff.sheet import SheetForm
from onestop.models import CalendarChange, Dossier

PER_PAGE = 50
WHAT = {
    DUE: gettext_lazy("Hẹn trả kết quả"),
    ANSWER: gettext_lazy("Trả lời tiếp nhận"),
    REPLY: gettext_lazy("Hạn nộp bổ sung"),
    OPINION: gettext_lazy("Hạn trả lời ý kiến"),
}
DAY_COLUMNS = ("kind", "name_vi", "name_en", "announcement")


class CalendarDayAdmin(TemplateSheets, ExportSheets, PortalAdmin, TranslationAdmin):
    """To read; whoever may change the calendar proposes, and applies what the preview showed."""

    resource_classes = [CalendarDayResource]
    export_name = "lich-lam-viec"
    list_display = ("day", "kind", "name", "announcement")
    list_filter = ("kind",)
    date_hierarchy = "day"
    search_fields = ("name_vi", "name_en", "announcement")
    ordering = ("-day",)
    actions = ("take_out",)

    def get_urls(self):
        pages = (("remove/", self.remove_view, "remove"), ("import/", self.import_view, "import"))
        wrap = self.admin_site.admin_view
        ours = [path(at, wrap(view), name=f"izportal_calendarday_{name}") for at, view, name in pages]
        return [*ours, *super().get_urls()]

    def has_import_permission(self, request):
        return self.has_add_permission(request) and _may_change(request.user)

    def import_view(self, request):
        if not self.has_import_permission(request):
            raise PermissionDenied
        return self._propose(request, SheetForm, _("Nhập từ Excel"))

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and _may_change(request.user)

    def get_actions(self, request):
        found = super().get_actions(request)
        found.pop("delete_selected", None)
        if not self.has_delete_permission(request):
            found.pop("take_out", None)
        return found

    @admin.action(description=gettext_lazy("Bỏ các ngày đã chọn khỏi lịch"))
    def take_out(self, request, rows):
        days = ",".join(str(pk) for pk in rows.order_by("day").values_list("pk", flat=True)[:200])
        return redirect(f"{reverse('admin:izportal_calendarday_remove')}?days={days}")

    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        return self._propose(request, DaysForm, _("Thêm ngày nghỉ, ngày làm bù"))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        if not self.has_change_permission(request, row):
            return super().change_view(request, object_id, form_url, extra_context)
        now = {name: getattr(row, name) for name in DAY_COLUMNS}
        title = _("Sửa một ngày trong lịch")
        return self._propose(request, DayForm, title, [row], initial={"day": f"{row.day:%d/%m/%Y}", **now})

    def delete_view(self, request, object_id, extra_context=None):
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        return self._remove(request, [row])

    def remove_view(self, request):
        keys = [int(key) for key in request.GET.get("days", "").split(",") if key.isdecimal() and len(key) < 10]
        rows = list(self.get_queryset(request).filter(pk__in=keys[:200]).order_by("day"))
        return self._remove(request, rows) if rows else redirect("admin:izportal_calendarday_changelist")

    def _remove(self, request, rows):
        if not self.has_delete_permission(request):
            raise PermissionDenied
        return self._propose(request, GroundForm, _("Bỏ ngày khỏi lịch"), rows)

    def _propose(self, request, form_class, title, rows=(), initial=None):
        sent = (request.POST, request.FILES) if request.method == "POST" else ()
        form = form_class(*sent, rows=rows, initial=initial)
        if form.is_valid():
            ground = {name: form.cleaned_data[name] for name in ("announcement", "reason")}
            try:
                change = daysoff.draft(form.edits(), **ground, by=request.user, at=timezone.now())
                return redirect("admin:onestop_calendarchange_change", change.pk)
            except daysoff.CalendarRefused as refusal:
                form.add_error(None, str(refusal))
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "title": title, "form": form,
            "rows": rows if form_class is GroundForm else (), "media": self.media + form.media,
        }  # fmt: skip
        return TemplateResponse(request, "admin/izportal/calendarday/propose.html", context)


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("tình trạng")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [
            ("waiting", gettext_lazy("Chờ áp dụng")), ("applied", gettext_lazy("Đã áp dụng")),
            ("dropped", gettext_lazy("Đã bỏ")),
        ]  # fmt: skip

    def queryset(self, request, queryset):
        chosen = {
            "waiting": queryset.filter(applied_at__isnull=True, dropped_at__isnull=True),
            "applied": queryset.filter(applied_at__isnull=False),
            "dropped": queryset.filter(dropped_at__isnull=False),
        }
        return chosen.get(self.value() or "", queryset)


class CalendarChangeAdmin(ReadOnlyAdmin):
    """What was done to the calendar, by whom, when, and how many dossiers moved."""

    list_display = ("drafted_at", "announcement", "days", "state", "moved", "kept", "applied_at", "applied_by")
    list_select_related = ("applied_by",)
    list_filter = (StateFilter, "drafted_at")
    search_fields = ("announcement", "reason")

    def get_urls(self):
        pages = (
            ("<int:pk>/apply/", require_POST(self.apply_view), "apply"),
            ("<int:pk>/drop/", require_POST(self.drop_view), "drop"),
            ("<int:pk>/csv/", require_safe(self.csv_view), "csv"),
        )
        wrap = self.admin_site.admin_view
        own = [path(at, wrap(view), name=f"onestop_calendarchange_{name}") for at, view, name in pages]
        return [*own, *super().get_urls()]

    @admin.display(description=gettext_lazy("các ngày"))
    def days(self, change):
        edits = [daysoff.Edit.read(row) for row in change.edits]
        told = ", ".join(f"{edit.day:%d/%m/%Y}" for edit in edits[:4])
        return f"{told}… ({len(edits)})" if len(edits) > 4 else told

    @admin.display(description=gettext_lazy("tình trạng"))
    def state(self, change):
        if change.is_waiting:
            return _("Chờ áp dụng")
        return _("Đã áp dụng") if change.applied_at else _("Đã bỏ")

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if not self.has_view_permission(request) or request.method not in ("GET", "HEAD"):
            raise PermissionDenied
        change = self.get_object(request, object_id)
        if change is None:
            raise Http404
        now = daysoff.look(change) if change.is_waiting else None
        return self._page(request, change, now)

    def _page(self, request, change, now, *, status=200, differences=None):
        moves = list(now.moves if now else map(daysoff.Move.read, change.moves))
        page = Paginator(moves, PER_PAGE).get_page(request.GET.get("page"))
        changed = daysoff.differences(change, now) if now and differences is None else differences or []
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "title": str(change), "change": change,
            "now": now, "edits": [daysoff.Edit.read(row) for row in change.edits], "page": page,
            "lines": _lines(page.object_list, request.user), "state": self.state(change),
            "moved": now.moved if now else change.moved, "kept": now.kept if now else change.kept,
            "may_apply": change.is_waiting and _may_change(request.user),
            "changed_count": len(changed), "changed": _pairs(changed[:PER_PAGE], request.user),
        }  # fmt: skip
        return TemplateResponse(request, "admin/onestop/calendarchange/change_form.html", context, status=status)

    def apply_view(self, request, pk):
        change, at = self._change(request, pk), timezone.now()
        try:
            done = daysoff.apply(change, by=request.user, at=at, seen=request.POST.get("seen", ""))
        except daysoff.CalendarMoved as moved:
            messages.warning(request, str(moved))
            changed = daysoff.differences(change, moved.now)
            daysoff.show_again(change, moved.now, at=at)
            return self._page(request, change, moved.now, status=409, differences=changed)
        except daysoff.CalendarRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("admin:onestop_calendarchange_change", pk)
        told = _("Đã áp dụng lịch mới; số hồ sơ lùi hạn: %(moved)s.")
        messages.success(request, told % {"moved": done.moved})
        return redirect("admin:onestop_calendarchange_change", pk)

    def drop_view(self, request, pk):
        try:
            daysoff.drop(self._change(request, pk), by=request.user, at=timezone.now())
            messages.success(request, _("Đã bỏ; lịch giữ nguyên."))
        except daysoff.CalendarRefused as refusal:
            messages.error(request, str(refusal))
        return redirect("admin:onestop_calendarchange_change", pk)

    def _change(self, request, pk):
        if not (self.has_view_permission(request) and _may_change(request.user)):
            raise PermissionDenied
        return get_object_or_404(CalendarChange, pk=pk)

    def csv_view(self, request, pk):
        if not self.has_view_permission(request):
            raise PermissionDenied
        change = get_object_or_404(CalendarChange, pk=pk)
        moves = daysoff.look(change).moves if change.is_waiting else map(daysoff.Move.read, change.moves)
        answer = HttpResponse(content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="lich-{change.pk}.csv"'
        answer.write("\ufeff")
        writer = csv.writer(answer, quoting=csv.QUOTE_ALL)
        writer.writerow([_("Mã hồ sơ"), _("Tổ chức"), _("Hạn"), _("Cũ"), _("Mới"), _("Theo lịch mới"), _("Kết quả")])
        writer.writerows([neutral(cell) for cell in _cells(line)] for line in _lines(list(moves), request.user))
        return answer


def _may_change(user):
    return roles.may(user, "change_calendar")


def _lines(moves, user):
    """Each promise with its dossier, where the reader may open it."""
    rows = Dossier.objects.visible_to(user).filter(pk__in={move.dossier for move in moves})
    of = {str(row.pk): row for row in rows.select_related("enterprise", "procedure").order_by()}
    return [{"move": move, "what": WHAT[move.what], "dossier": of.get(move.dossier)} for move in moves]


def _pairs(changed, user):
    lines = {id(line["move"]): line for line in _lines([move for pair in changed for move in pair if move], user)}
    return [{**lines[id(after or before)], "before": before, "after": after} for before, after in changed]


def _cells(line):
    dossier, move = line["dossier"], line["move"]
    moments = (f"{timezone.localtime(each):%d/%m/%Y %H:%M}" for each in (move.old, move.new, move.law))
    who = (str(dossier), str(dossier.enterprise)) if dossier else ("", "")
    return [*who, str(line["what"]), *moments, _("Giữ nguyên") if move.is_kept else _("Lùi")]
