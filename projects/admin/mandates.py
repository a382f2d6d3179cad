"""The back office of mandates: who may act for whom, and the requests that the board answers."""

from datetime import date

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal import documents, roles
from izportal.backoffice import Deed, DeedForm, HistoryAdmin, PortalAdmin, ReadOnlyAdmin
from projects import mandates
from projects.forms import UntilField, text_field
from projects.models import Enterprise, Mandate, MandateRequest


def may_approve(user):
    return roles.may(user, "approve_mandate")


# Mandates -----------------------------------------------------------------------------------------
class StateFilter(admin.SimpleListFilter):
    """Waiting, approved, ended."""

    title = gettext_lazy("tình trạng")
    parameter_name = "state"
    ROWS = {
        "waiting": {"approved_at__isnull": True, "ended_at__isnull": True},
        "approved": {"approved_at__isnull": False, "ended_at__isnull": True},
        "ended": {"ended_at__isnull": False},
    }

    def lookups(self, request, model_admin):
        return [("waiting", _("Chờ duyệt")), ("approved", _("Đã duyệt")), ("ended", _("Đã chấm dứt"))]

    def queryset(self, request, queryset):
        return queryset.filter(**self.ROWS.get(self.value() or "", {}))


def _approve(mandate, *, by, at):
    mandates.approve(mandate, by=by, at=at)
    return _("Đã duyệt ủy quyền của %(user)s cho %(enterprise)s.") % _names(mandate)


def _end(mandate, *, by, at):
    is_last = mandates.is_last_signer(mandate)
    said = _("Đã chấm dứt ủy quyền của %(user)s cho %(enterprise)s.") % _names(mandates.end(mandate, by=by, at=at))
    alone = _("Tổ chức này không còn ai có quyền ký.")
    return f"{said} {alone}" if is_last else said


def _names(mandate):
    return {"user": mandate.user, "enterprise": mandate.enterprise}


@admin.register(Mandate)
class MandateAdmin(HistoryAdmin, PortalAdmin):
    list_display = ("user", "enterprise", "capacity", "until", "approved_at", "approved_by", "ended_at")
    list_filter = (StateFilter, "capacity", "is_sample")
    list_select_related = ("user", "enterprise", "approved_by")
    search_fields = ("user__folded", "enterprise__folded")
    autocomplete_fields = ("user", "enterprise")
    readonly_fields = ("approved_at", "approved_by", "ended_at", "ended_by")
    deeds = (
        Deed(
            slug="approve", label=gettext_lazy("Duyệt ủy quyền"), form=DeedForm, do=_approve, may=may_approve,
            is_due=lambda mandate: mandate.approved_at is None or mandate.ended_at is not None,
            explanation=gettext_lazy(
                "Sau khi duyệt, người này làm việc thay tổ chức kinh tế trong phạm vi đã ghi. Người đó và những người "
                "đang có quyền ký của tổ chức được báo qua thư."
            ),
        ),
        Deed(
            slug="end", label=gettext_lazy("Chấm dứt ủy quyền"), form=DeedForm, do=_end, may=may_approve,
            is_due=lambda mandate: mandate.ended_at is None, refusals=(mandates.MandateRefused,),
            explanation=gettext_lazy(
                "Có hiệu lực ngay: người này không còn mở được hồ sơ, giấy tờ và bản nháp của tổ chức, và được báo "
                "qua thư. Hồ sơ ở lại với tổ chức."
            ),
        ),
    )  # fmt: skip

    def get_readonly_fields(self, request, obj=None):
        """Who and for whom is what the mandate is; another person needs another mandate."""
        fixed = ("user", "enterprise", *(("capacity", "until") if obj and obj.ended_at else ())) if obj else ()
        return (*super().get_readonly_fields(request, obj), *fixed)

    def save_model(self, request, obj, form, change):
        """More than was approved must be approved again."""
        if change and obj.approved_at and _is_wider(form, obj):
            obj.approved_at = obj.approved_by = None
            self.message_user(request, _("Quyền hoặc thời hạn rộng hơn lần duyệt trước nên phải duyệt lại."))
        super().save_model(request, obj, form, change)


def _is_wider(form, mandate):
    before = form.initial
    lengthened = (mandate.until or date.max) > (before["until"] or date.max)
    return mandate.capacity != before["capacity"] or lengthened


# Requests -----------------------------------------------------------------------------------------
class GrantForm(DeedForm):
    """As asked, or less; an enterprise that the register does not know is entered as the officer confirms it."""

    capacity = forms.ChoiceField(label=gettext_lazy("Quyền"), choices=Mandate.Capacity.choices)
    until = UntilField(help_text=gettext_lazy("Có thể rút ngắn, không kéo dài hơn đề nghị."))
    name = text_field("name_vi", label=gettext_lazy("Tên tổ chức kinh tế"), required=True, of=Enterprise)
    address = text_field("address", label=gettext_lazy("Địa chỉ trụ sở"), of=Enterprise)
    representative = text_field("representative", label=gettext_lazy("Người đại diện theo pháp luật"), of=Enterprise)

    def __init__(self, *args, row, **kwargs):
        asked = {name: getattr(row, name) for name in ("capacity", "until", *mandates.REGISTERED)}
        super().__init__(*args, row=row, initial=asked, **kwargs)
        narrower = [held for held, wider in mandates.INCLUDES.items() if row.capacity in wider]
        self.fields["capacity"].choices = [(held.value, held.label) for held in narrower]
        if row.enterprise:
            for name in mandates.REGISTERED:
                del self.fields[name]


class RefuseForm(DeedForm):
    reason = text_field(
        "reason", label=gettext_lazy("Lý do"), required=True, rows=4,
        help_text=gettext_lazy("Người đề nghị đọc nguyên văn."),
    )  # fmt: skip


def _grant(request, *, by, at, **said):
    mandate = mandates.grant(request, by=by, at=at, **said)
    return _("Đã duyệt: %(user)s được thay mặt %(enterprise)s.") % _names(mandate)


def _refuse(request, *, by, at, reason):
    mandates.refuse(request, by=by, at=at, reason=reason)
    return _("Đã từ chối đề nghị và báo cho người đề nghị.")


class OpenFilter(admin.SimpleListFilter):
    """The queue is what an officer comes for; the answered ones are one press away."""

    title = gettext_lazy("trả lời")
    parameter_name = "answer"

    def lookups(self, request, model_admin):
        return [("all", _("Tất cả")), *[(value, label) for value, label in MandateRequest.Answer.choices if value]]

    def choices(self, changelist):
        words = super().choices(changelist)
        yield {**next(words), "display": MandateRequest.Answer.OPEN.label}
        yield from words

    def queryset(self, request, queryset):
        if self.value() == "all":
            return queryset
        return queryset.filter(answer=self.value() if self.value() in MandateRequest.Answer.values else "")


@admin.register(MandateRequest)
class MandateRequestAdmin(ReadOnlyAdmin):
    """Read here, answered by deeds."""

    change_form_template = "admin/projects/mandaterequest/change_form.html"
    list_display = ("user", "tax_code", "name", "capacity", "asked_at", "answer")
    list_filter = (OpenFilter, "capacity", "is_sample")
    list_select_related = ("user",)
    ordering = ("asked_at", "id")
    search_fields = ("user__folded", "tax_code", "name")
    fields = (
        "user", "email", "position", "tax_code", "name", "address", "representative", "capacity", "until", "note",
        "letter", "asked_at", "answer", "reason", "answered_at", "answered_by", "mandate",
    )  # fmt: skip
    readonly_fields = fields
    deeds = tuple(
        Deed(
            slug=slug, label=label, form=form, do=do, may=may_approve, is_due=lambda row: row.is_open,
            refusals=(mandates.MandateRefused,), explanation=explanation,
            template="admin/projects/mandaterequest/deed.html",
        )
        for slug, label, form, do, explanation in (
            (
                "approve", gettext_lazy("Duyệt đề nghị"), GrantForm, _grant,
                gettext_lazy("Đối chiếu giấy ủy quyền với người, tổ chức, quyền và thời hạn trước khi duyệt."),
            ),
            ("refuse", gettext_lazy("Từ chối đề nghị"), RefuseForm, _refuse, ""),
        )
    )  # fmt: skip

    def get_urls(self):
        page = path(
            "<int:pk>/paper/", self.admin_site.admin_view(self.paper_view), name="projects_mandaterequest_paper"
        )
        return [page, *super().get_urls()]

    def paper_view(self, request, pk):
        row = self.get_object(request, str(pk))
        if row is None or row.paper is None:
            raise Http404
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        return documents.serve(row.paper, as_attachment="show" not in request.GET)

    @admin.display(description=gettext_lazy("thư điện tử"))
    def email(self, row):
        return row.user.email

    @admin.display(description=gettext_lazy("giấy ủy quyền"))
    def letter(self, row):
        if row.paper is None:
            return _("Không có; người đề nghị khai là người đại diện theo pháp luật.")
        where = reverse("admin:projects_mandaterequest_paper", args=[row.pk])
        return format_html('<a href="{}">{}</a>', where, row.paper.name)
