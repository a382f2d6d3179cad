"""The back office of enquiries: heaps to work on, deeds on pages of their own, and the report of unmet needs."""

import uuid

from django import forms
from django.contrib import admin
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal.backoffice import Deed, DeedForm, ExportSheets, ReadOnlyAdmin
from izportal.correspondence import desk
from izportal.templatetags.area import grouped
from izportal.templatetags.date import moment
from zones import enquiries
from zones.enquiries import figures, snapshot
from zones.enquiries.resources import UnmetNeedResource
from zones.models import Enquiry, UnmetNeed

Status, Outcome = Enquiry.Status, Enquiry.Outcome


# Heaps --------------------------------------------------------------------------------------------
def _heaps(user, at):
    """What lies in each heap."""
    open_ = ~Q(status=Status.CLOSED)
    return {
        "new": Q(status=Status.NEW),
        "mine": open_ & Q(owner=user),
        "late": Q(status__in=Enquiry.AWAITED, due_at__lt=at),
        "asker": Q(status=Status.ANSWERED),
        "closed": Q(status=Status.CLOSED),
    }


WORDS = {
    "new": gettext_lazy("Mới"),
    "mine": gettext_lazy("Của tôi"),
    "late": gettext_lazy("Quá hạn"),
    "asker": gettext_lazy("Chờ người hỏi"),
    "closed": gettext_lazy("Đã đóng"),
}


class EnquiryHeaps(desk.HeapFilter):
    heaps, words = staticmethod(_heaps), WORDS


# Deeds --------------------------------------------------------------------------------------------
class ReplyForm(DeedForm):
    text = desk.lines(gettext_lazy("Trả lời"), 10)
    form_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, row, **kwargs):
        super().__init__(*args, row=row, initial={"form_key": uuid.uuid4()}, **kwargs)


class AssignForm(desk.AssignForm):
    deed = "answer_enquiry"


class CloseForm(DeedForm):
    outcome = forms.ChoiceField(label=gettext_lazy("Kết quả"), choices=Outcome.choices, widget=forms.RadioSelect)
    note = desk.lines(gettext_lazy("Lý do; người hỏi đọc được"), required=False)

    def clean(self):
        said = super().clean()
        if said.get("outcome") == Outcome.NOT_MET and not said.get("note"):
            self.add_error("note", _("Ghi rõ điều gì chưa đáp ứng được: báo cáo nhu cầu của Ban dựa vào đây."))
        return said


def _reply(row, *, by, at, text, form_key):
    enquiries.reply(row, text=text, by=by, at=at, form_key=form_key)
    return _("Đã trả lời yêu cầu %(reference)s.") % {"reference": row.reference}


def _take_over(row, *, by, at):
    enquiries.assign(row, to=by, by=by, at=at)
    return _("Bạn phụ trách yêu cầu %(reference)s.") % {"reference": row.reference}


def _assign(row, *, by, at, to):
    enquiries.assign(row, to=to, by=by, at=at)
    return _("Đã giao yêu cầu %(reference)s cho %(person)s.") % {"reference": row.reference, "person": to}


def _close(row, *, by, at, outcome, note):
    enquiries.close(row, outcome=outcome, note=note, by=by, at=at)
    return _("Đã đóng yêu cầu %(reference)s.") % {"reference": row.reference}


def _is_open(row):
    return not row.is_closed


ANSWERS, REFUSALS = desk.may("answer_enquiry"), (enquiries.EnquiryRefused,)
DEEDS = (
    Deed(
        slug="reply", label=gettext_lazy("Trả lời"), form=ReplyForm, do=_reply, may=ANSWERS, is_due=_is_open,
        refusals=REFUSALS, template="admin/zones/enquiry/reply.html",
        explanation=gettext_lazy("Câu trả lời được gửi bằng thư và hiện trên trang theo dõi của người hỏi."),
    ),
    Deed(
        slug="take-over", label=gettext_lazy("Nhận phụ trách"), form=DeedForm, do=_take_over, may=ANSWERS,
        is_due=_is_open, refusals=REFUSALS,
        explanation=gettext_lazy("Bạn trở thành người phụ trách; người phụ trách trước vẫn đọc được."),
    ),
    Deed(
        slug="assign", label=gettext_lazy("Giao cho người khác"), form=AssignForm, do=_assign, is_due=_is_open,
        may=desk.may("assign_enquiry"), refusals=REFUSALS,
    ),
    Deed(
        slug="close", label=gettext_lazy("Đóng yêu cầu"), form=CloseForm, do=_close, may=ANSWERS,
        is_due=_is_open, refusals=REFUSALS,
        explanation=gettext_lazy("Người hỏi nhận thư báo kết quả và lý do."),
    ),
    desk.erasing(
        enquiries.erase,
        gettext_lazy("Tên, liên hệ, câu hỏi và mọi trao đổi bị xóa; nhu cầu còn lại trong thống kê."),
    ),
)  # fmt: skip


# Lists --------------------------------------------------------------------------------------------
@admin.register(Enquiry)
class EnquiryAdmin(desk.CorrespondenceAdmin):
    list_display = ("reference", "told_status", "told_due", "who", "of_land", "owner", "asked_at")
    list_filter = (EnquiryHeaps, "origin", "kind", "zone", "outcome", "is_sample")
    list_select_related = ("zone", "plot__zone", "owner")
    search_fields = ("reference", "name", "organisation", "email", "note")
    date_hierarchy = "asked_at"
    deeds = DEEDS
    fieldsets = (
        (None, {"fields": ("reference", "told_status", "told_due", "owner", "asked_at", "answered_at")}),
        (
            gettext_lazy("Người hỏi"),
            {"fields": ("name", "organisation", "country", "email", "phone", "spoken", "consented_at")},
        ),
        (
            gettext_lazy("Nhu cầu"),
            {"fields": ("origin", "zone", "plot", "told_need", "note")},
        ),
        (gettext_lazy("Điều người hỏi đã thấy"), {"fields": ("told_seen",)}),
        (gettext_lazy("Trao đổi"), {"fields": ("thread",)}),
        (
            gettext_lazy("Kết quả"),
            {"fields": ("outcome", "closing_note", "closed_at", "closed_by", "erased_at", "is_sample")},
        ),
    )  # fmt: skip

    @admin.display(description=gettext_lazy("trạng thái"), ordering="status")
    def told_status(self, row):
        return row.get_outcome_display() if row.is_closed else row.get_status_display()

    @admin.display(description=gettext_lazy("người hỏi"), ordering="name")
    def who(self, row):
        return " · ".join(filter(None, (row.organisation or row.name, row.country))) or "—"

    @admin.display(description=gettext_lazy("khu, lô"), ordering="zone")
    def of_land(self, row):
        return row.plot or row.zone or "—"

    @admin.display(description=gettext_lazy("nhu cầu"))
    def told_need(self, row):
        return render_to_string("zones/_enquiry_wanted.html", {"enquiry": row})

    @admin.display(description=gettext_lazy("số liệu"))
    def told_seen(self, row):
        at = snapshot.moment(row.seen)
        lines = format_html_join("", "{}: {}<br>", snapshot.lines(row.seen))
        return format_html("{}{} {}", lines, _("Xem lúc"), moment(at))

    @admin.display(description=gettext_lazy("các tin"))
    def thread(self, row):
        lines = [
            (_("Ban") if reply.is_from_board else _("Người hỏi"), reply.by or "", moment(reply.at), reply.text)
            for reply in row.replies.select_related("by")
        ]
        return format_html_join("", "<p><strong>{}</strong> {} {}<br>{}</p>", lines) or "—"


@admin.register(UnmetNeed)
class UnmetNeedAdmin(ExportSheets, ReadOnlyAdmin):
    """What was wanted and not there, grouped; no name and no address stands in it."""

    change_list_template = "admin/zones/unmetneed/change_list.html"
    resource_classes = [UnmetNeedResource]
    export_name = "nhu-cau-chua-dap-ung"
    list_display = ("reference", "kind", "zone", "wanted", "technical", "needed_on", "country", "closed_day")
    list_display_links = None
    list_filter = ("kind", "zone", "closed_at", "is_sample")
    list_select_related = ("zone",)
    search_fields = ("reference", "country")
    date_hierarchy = "closed_at"
    fields = ("reference", "kind", "zone", "wanted", "needed_on", "closed_day")

    class Media:
        css = {"all": ["css/desk.css"]}

    def get_queryset(self, request):
        return super().get_queryset(request).unmet()

    def changelist_view(self, request, extra_context=None):
        response = super().changelist_view(request, extra_context)
        listed = getattr(response, "context_data", {}).get("cl")
        if listed is not None:
            response.context_data["groups"] = figures.needs(listed.queryset)
        return response

    @admin.display(description=gettext_lazy("diện tích cần"))
    def wanted(self, row):
        return row.band

    @admin.display(description=gettext_lazy("yêu cầu kỹ thuật"))
    def technical(self, row):
        said = (
            (row.power_kva, _("điện %(amount)s kVA")), (row.water_m3_day, _("nước %(amount)s m³/ngày")),
            (row.wastewater_m3_day, _("nước thải %(amount)s m³/ngày")), (row.clear_height_m, _("cao %(amount)s m")),
        )  # fmt: skip
        return "; ".join(text % {"amount": grouped(value)} for value, text in said if value is not None) or "—"

    @admin.display(description=gettext_lazy("đóng ngày"), ordering="closed_at")
    def closed_day(self, row):
        return row.closed_on
