"""The pages of a change set: how far the worker is, its rows by state with what they change, and its deeds."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from izportal import changesets, documents
from izportal.backoffice.rows import Deed, DeedForm, ReadOnlyAdmin
from izportal.changesets import marking, progress, sweeping
from izportal.models import ChangeSet, ChangeSetRow
from izportal.sheets import IMPORTED

State = ChangeSet.State
ROWS_PER_PAGE = 50
REFRESHED_AFTER = 2
MOST_PICKED = 1_000
Found = ChangeSetRow.State
# State of a row → the kind of its tag and the shape.
TAGS = {
    Found.NEW: ("ok", "s-ok"), Found.CHANGED: ("ok", "s-ok"), Found.UNCHANGED: ("", "s-hold"),
    Found.FAULT: ("bad", "s-late"), Found.CONFLICT: ("warn", "s-today"), Found.APPLIED: ("", "s-done"),
    Found.UNDONE: ("", "s-hold"), Found.REFUSED_UNDO: ("warn", "s-today"),
}  # fmt: skip


# Deeds --------------------------------------------------------------------------------------------
class ReasonForm(DeedForm):
    reason = forms.CharField(label=gettext_lazy("Lý do"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


def _approve(row, *, by, at):
    changesets.approve(row, by=by, at=at)
    return _("Đã duyệt; cổng đang ghi.")


def _send_back(row, *, by, at, reason):
    changesets.send_back(row, by=by, at=at, reason=reason)
    return _("Đã trả lại cho người nhận đợt.")


def _decline(row, *, by, at, reason):
    changesets.decline(row, by=by, at=at, reason=reason)
    return _("Đã ghi: Ban không nhận đề xuất này; người gửi đọc được lý do trên trang của đợt.")


def _cancel(row, *, by, at):
    changesets.cancel(row, by=by, at=at)
    return _("Đã yêu cầu dừng; phần đang ghi dở không được giữ lại.")


def _undo(row, *, by, at):
    changesets.undo(row, by=by, at=at)
    return _("Cổng đang hoàn tác; dòng nào đã có người sửa sau đó thì giữ nguyên và được liệt kê.")


REFUSALS = (changesets.ChangeSetRefused,)
APPROVE = Deed(
    slug="approve", label=gettext_lazy("Duyệt với tư cách người thứ hai"), form=DeedForm, do=_approve,
    may=lambda user: True, is_due=lambda row: row.state == State.AWAITING, refusals=REFUSALS,
    explanation=gettext_lazy("Đợt này đổi tiền hoặc tình trạng. Bạn xác nhận đã xem các dòng và đồng ý ghi."),
)  # fmt: skip
SEND_BACK = Deed(
    slug="send-back", label=gettext_lazy("Trả lại"), form=ReasonForm, do=_send_back, may=lambda user: True,
    is_due=lambda row: row.state == State.AWAITING, refusals=REFUSALS,
)  # fmt: skip
DECLINE = Deed(
    slug="decline", label=gettext_lazy("Không nhận"), form=ReasonForm, do=_decline, may=lambda user: True,
    is_due=lambda row: row.state == State.READY, refusals=REFUSALS,
    explanation=gettext_lazy("Không dòng nào được ghi; người gửi đọc được lý do trên trang của đợt này."),
)  # fmt: skip
CANCEL = Deed(
    slug="cancel", label=gettext_lazy("Dừng, hủy đợt này"), form=DeedForm, do=_cancel, may=lambda user: True,
    is_due=lambda row: row.is_at_work or row.state in (State.READY, State.AWAITING),
    explanation=gettext_lazy("Những gì đợt này đang ghi dở được bỏ hết; tệp vẫn được giữ."),
)  # fmt: skip
UNDO = Deed(
    slug="undo", label=gettext_lazy("Hoàn tác đợt này"), form=DeedForm, do=_undo, may=lambda user: True,
    is_due=lambda row: row.is_undoable, refusals=REFUSALS,
    explanation=gettext_lazy(
        "Các dòng đã ghi trở về như trước. Dòng đã có người sửa sau khi ghi thì không đụng tới và được liệt kê."
    ),
)  # fmt: skip


class KindFilter(admin.SimpleListFilter):
    title = gettext_lazy("bảng")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        return [(kind, _name(kind)) for kind in IMPORTED]

    def queryset(self, request, queryset):
        return queryset.filter(kind=self.value()) if self.value() else queryset


def _name(kind):
    return str(IMPORTED[kind]._meta.model._meta.verbose_name_plural).capitalize() if kind in IMPORTED else kind


# Pages --------------------------------------------------------------------------------------------
@admin.register(ChangeSet)
class ChangeSetAdmin(ReadOnlyAdmin):
    list_display = ("title", "table", "state", "uploaded_by", "uploaded_at", "valid", "faulty", "applied")
    list_filter = (KindFilter, "state")
    list_select_related = ("stored", "uploaded_by")
    search_fields = ("uploaded_by__folded", "stored__name", "stored__sha256", "note")
    date_hierarchy = "uploaded_at"
    deeds = (APPROVE, SEND_BACK, DECLINE, CANCEL, UNDO)

    class Media:
        css = {"all": ["css/desk.css"]}

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        if request.resolver_match and request.resolver_match.url_name.endswith("changelist"):
            of = {state: Count("rows", filter=Q(rows__state=state)) for state in ("fault", "applied")}
            rows = rows.annotate(valid_rows=Count("rows", filter=Q(rows__state__in=ChangeSetRow.VALID)), **of)
        return rows

    def get_urls(self):
        wrap = self.admin_site.admin_view
        pages = (
            ("accept", require_POST(self.accept_view)), ("file", require_safe(self.file_view)),
            ("marked", require_safe(self.marked_view)),
        )  # fmt: skip
        ours = [
            path(f"<path:object_id>/{slug}/", wrap(view), name=f"izportal_changeset_{slug}") for slug, view in pages
        ]
        return [*ours, *super().get_urls()]

    @admin.display(description=gettext_lazy("đợt"), ordering="pk")
    def title(self, row):
        return str(row)

    @admin.display(description=gettext_lazy("bảng"), ordering="kind")
    def table(self, row):
        return _name(row.kind)

    @admin.display(description=gettext_lazy("chờ nhận"))
    def valid(self, row):
        return row.valid_rows

    @admin.display(description=gettext_lazy("lỗi"))
    def faulty(self, row):
        return row.fault

    @admin.display(description=gettext_lazy("đã ghi"))
    def applied(self, row):
        return row.applied

    def may_do(self, user, change_set, deed):
        """The second person's deeds are the second person's; the others belong to whoever may accept such a table."""
        if deed in (APPROVE, SEND_BACK):
            return changesets.may_approve(change_set, user)
        if change_set.kind not in IMPORTED:
            return False
        is_own = user.pk == change_set.uploaded_by_id
        if is_own and deed in (CANCEL, DECLINE):
            return deed is CANCEL
        return changesets.may_accept(change_set.kind, user) or (
            deed is UNDO and changesets.may_approve(change_set, user)
        )

    def _row_for(self, request, object_id, deed):
        row = super()._row_for(request, object_id, deed)
        if not self.may_do(request.user, row, deed):
            raise PermissionDenied
        return row

    def _one(self, request, object_id):
        row = self.get_object(request, unquote(object_id))
        if row is None or row.kind not in IMPORTED:
            raise Http404
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        return row

    def change_view(self, request, object_id, form_url="", extra_context=None):
        change_set = self._one(request, object_id)
        counts = change_set.counts()
        page = Paginator(_chosen(change_set, request.GET), ROWS_PER_PAGE).get_page(request.GET.get("page"))
        deeds = [
            (deed.label, reverse(self._page(deed.slug), args=[change_set.pk])) for deed in self.deeds
            if deed.is_due(change_set) and self.may_do(request.user, change_set, deed)
        ]  # fmt: skip
        may_accept = change_set.state in ChangeSet.OPEN and changesets.may_accept(change_set.kind, request.user)
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "original": change_set,
            "title": str(change_set), "table": _name(change_set.kind), "counts": counts,
            "rows": _told(change_set, page), "page": page,
            "states": [(state, state.label, counts[state]) for state in ChangeSetRow.State if counts[state]],
            "chosen": request.GET.get("state", ""), "query": request.GET.get("q", ""), "deeds": deeds,
            "may_accept": may_accept and counts["new"] + counts["changed"], "media": self.media,
            "progress": progress.told(change_set.pk) if change_set.is_at_work else None,
            "trouble": changesets.trouble(change_set) if change_set.is_at_work else None,
            "kept_until": sweeping.kept_until(change_set) if counts["all"] else None,
            "marking": marking.state_of(change_set, counts),
            "keeps_its_look": marking.keeps_its_look(change_set, counts["all"]),
            "approvers": changesets.approvers(change_set) if change_set.state == State.AWAITING else [],
        }  # fmt: skip
        answer = TemplateResponse(request, "admin/izportal/changeset/review.html", context)
        if change_set.is_at_work:
            answer["Refresh"] = str(REFRESHED_AFTER)
        return answer

    def accept_view(self, request, object_id):
        change_set = self._one(request, object_id)
        if not changesets.may_accept(change_set.kind, request.user):
            raise PermissionDenied
        try:
            done = changesets.accept(
                change_set, by=request.user, at=timezone.now(), rows=_picked(change_set, request.POST)
            )
        except changesets.ChangeSetRefused as refusal:
            messages.error(request, str(refusal))
        else:
            waits = _("Đã nhận; chờ người thứ hai duyệt vì có tiền hoặc tình trạng.")
            messages.success(request, waits if done.state == State.AWAITING else _("Đã nhận; cổng đang ghi."))
        return redirect("admin:izportal_changeset_change", change_set.pk)

    def file_view(self, request, object_id):
        return self._file(self._one(request, object_id).stored)

    def marked_view(self, request, object_id):
        return self._file(self._one(request, object_id).marked)

    def _file(self, stored):
        if stored is None:
            raise Http404
        return documents.serve(stored)


def _picked(change_set, data):
    """All valid rows, those that need no second person, or the ticked ones."""
    if data.get("which") == "all":
        return None
    if data.get("which") == "plain":
        return change_set.rows.filter(needs_second=False, state__in=ChangeSetRow.VALID).values("pk")
    ticked = [int(value) for value in data.getlist("row")[:MOST_PICKED] if value.isdecimal() and len(value) < 19]
    return ticked


def _chosen(change_set, data):
    rows = change_set.rows.order_by("position")
    if data.get("state") in ChangeSetRow.State.values:
        rows = rows.filter(state=data["state"])
    if data.get("second") == "1":
        rows = rows.filter(needs_second=True)
    if text := data.get("q", "").strip().replace("\0", "")[:100]:
        found = Q(key__icontains=text) | Q(label__icontains=text)
        rows = rows.filter(found | Q(number=int(text)) if text.isdecimal() and len(text) < 8 else found)
    return rows


def _told(change_set, page):
    """The rows of a page with their edits in the words of the reader."""
    resource = changesets.resource_of(change_set)
    rows = list(page.object_list)
    page_of = admin_urlname(resource._meta.model._meta, "change")
    before, after = resource.revive([row.before for row in rows]), resource.revive([row.after for row in rows])
    for row, old, new in zip(rows, before, after, strict=True):
        row.tag = TAGS[row.state]
        is_gone = row.object_id is None or (row.is_new and row.state == Found.UNDONE)
        row.address = "" if is_gone else reverse(page_of, args=[row.object_id])
        row.edits = [
            (
                resource.headings.get(name, name), resource.reading(name, old.get(name)),
                resource.reading(name, value), name in resource.guarded, resource.headings.get(name) in row.formulas,
            )
            for name, value in new.items()
        ]  # fmt: skip
        row.is_valid = row.state in ChangeSetRow.VALID
    return rows
