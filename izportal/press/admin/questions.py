"""The back office of questions: heaps to work on, deeds on pages of their own; and the answers for everyone."""

from django import forms
from django.contrib import admin
from django.db.models import Case, F, Q, When
from django.http import Http404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal import documents
from izportal.backoffice import Deed, DeedForm, ExportSheets, HistoryAdmin, PortalAdmin
from izportal.correspondence import desk
from izportal.correspondence.desk import CorrespondenceAdmin, lines, may
from izportal.correspondence.forms import Text
from izportal.press import questions
from izportal.press.models import Answer, Question, Topic
from izportal.press.models.consultations import latest_title
from izportal.press.questions import publishing
from izportal.press.resources import QuestionResource

Status = Question.Status
LANGUAGES = ("vi", "en")


# Heaps --------------------------------------------------------------------------------------------
def heaps(user, at):
    """What lies in each heap."""
    open_ = Q(status__in=Question.AWAITED)
    return {
        "new": Q(status=Status.ASKED, owner__isnull=True),
        "mine": open_ & Q(owner=user),
        "drafted": Q(status=Status.DRAFTED),
        "late": open_ & Q(due_at__lt=at),
        "answered": Q(status=Status.ANSWERED),
    }


WORDS = {
    "new": gettext_lazy("Chưa có người phụ trách"),
    "mine": gettext_lazy("Của tôi"),
    "drafted": gettext_lazy("Trả lời chờ duyệt"),
    "late": gettext_lazy("Quá hạn"),
    "answered": gettext_lazy("Đã trả lời"),
}


class QuestionHeaps(desk.HeapFilter):
    heaps, words = staticmethod(heaps), WORDS


# Deeds --------------------------------------------------------------------------------------------
class DraftForm(DeedForm):
    text = lines(gettext_lazy("Trả lời"), 12)

    def __init__(self, *args, row, **kwargs):
        super().__init__(*args, row=row, initial={"text": row.answer}, **kwargs)


class AssignForm(desk.AssignForm):
    deed = "answer_question"


class SendBackForm(DeedForm):
    note = lines(gettext_lazy("Cần sửa gì"))


class DropForm(DeedForm):
    reason = lines(gettext_lazy("Lý do; người hỏi đọc được"))


class PostponeForm(DeedForm):
    to = forms.DateField(
        label=gettext_lazy("Hẹn trả lời chậm nhất ngày"),
        widget=forms.DateInput(attrs={"inputmode": "numeric", "placeholder": "dd/mm/yyyy"}),
    )  # fmt: skip
    reason = lines(gettext_lazy("Lý do; người hỏi đọc được"))


def _texts_of(said):
    return {
        language: {part: said[f"{part}_{language}"] for part in ("title", "question", "answer")}
        for language in LANGUAGES
    }


class WordsForm(forms.Form):
    """The words of a published answer in each language."""

    title_vi = Text(label=gettext_lazy("Tiêu đề, tiếng Việt"), max_length=200)
    question_vi = lines(gettext_lazy("Câu hỏi, không nêu tên"), 6, required=False)
    answer_vi = lines(gettext_lazy("Trả lời"), 8)
    title_en = Text(label=gettext_lazy("Tiêu đề, tiếng Anh"), max_length=200, required=False)
    question_en = lines(gettext_lazy("Câu hỏi, tiếng Anh"), 6, required=False)
    answer_en = lines(gettext_lazy("Trả lời, tiếng Anh"), 8, required=False)

    def clean(self):
        said = super().clean()
        if bool(said.get("title_en")) != bool(said.get("answer_en")):
            self.add_error("title_en", _("Bản tiếng Anh cần cả tiêu đề và trả lời, hoặc để trống cả hai."))
        return said


class PublishForm(WordsForm, DeedForm):
    is_pinned = forms.BooleanField(label=gettext_lazy("Thường được hỏi, đứng đầu danh sách"), required=False)

    def __init__(self, *args, row, **kwargs):
        texts = {"title": row.title, "question": row.text, "answer": row.answer}
        language = row.language if row.language in LANGUAGES else "vi"
        initial = {f"{part}_{language}": text for part, text in texts.items()}
        super().__init__(*args, row=row, initial=initial, **kwargs)


def _draft(row, *, by, at, text):
    questions.draft(row, text=text, by=by, at=at)
    return _("Đã soạn trả lời %(reference)s; chờ người khác duyệt.") % {"reference": row.reference}


def _take_over(row, *, by, at):
    questions.assign(row, to=by, by=by)
    return _("Bạn phụ trách câu hỏi %(reference)s.") % {"reference": row.reference}


def _assign(row, *, by, at, to):
    questions.assign(row, to=to, by=by)
    return _("Đã giao câu hỏi %(reference)s cho %(person)s.") % {"reference": row.reference, "person": to}


def _send_back(row, *, by, at, note):
    questions.send_back(row, note=note, by=by)
    return _("Đã trả lại câu trả lời %(reference)s để sửa.") % {"reference": row.reference}


def _approve(row, *, by, at):
    questions.approve(row, by=by, at=at)
    return _("Đã duyệt và gửi trả lời %(reference)s.") % {"reference": row.reference}


def _postpone(row, *, by, at, to, reason):
    questions.postpone(row, to=to, reason=reason, by=by, at=at)
    return _("Đã xin lỗi và hẹn lại câu hỏi %(reference)s.") % {"reference": row.reference}


def _drop(row, *, by, at, reason):
    questions.drop(row, reason=reason, by=by, at=at)
    return _("Đã khép câu hỏi %(reference)s không trả lời.") % {"reference": row.reference}


def _publish(row, *, by, at, is_pinned, **said):
    texts = _texts_of(said)
    publishing.prepare(texts=texts, topic=row.topic, by=by, at=at, question=row, is_pinned=is_pinned,
                       is_sample=row.is_sample)  # fmt: skip
    return _("Đã soạn bản công bố; bài đi tiếp như mọi nội dung: trình, duyệt, công bố.")


def _is_open(row):
    return row.is_open


def _is_drafted(row):
    return row.status == Status.DRAFTED


def _is_publishable(row):
    is_told = row.status == Status.ANSWERED and row.may_publish and row.erased_at is None
    return is_told and not Answer.objects.filter(question=row).exists()


REFUSALS = (questions.QuestionRefused,)
SIGHT = "admin/press/question/deed.html"
DEEDS = (
    Deed(
        slug="draft", label=gettext_lazy("Soạn trả lời"), form=DraftForm, do=_draft, may=may("answer_question"),
        is_due=_is_open, refusals=REFUSALS, template=SIGHT,
        explanation=gettext_lazy("Một người khác duyệt rồi câu trả lời mới được gửi."),
    ),
    Deed(
        slug="take-over", label=gettext_lazy("Nhận phụ trách"), form=DeedForm, do=_take_over,
        may=may("answer_question"), is_due=_is_open, refusals=REFUSALS, template=SIGHT,
    ),
    Deed(
        slug="assign", label=gettext_lazy("Giao cho người khác"), form=AssignForm, do=_assign, is_due=_is_open,
        may=may("assign_question"), refusals=REFUSALS, template=SIGHT,
    ),
    Deed(
        slug="approve", label=gettext_lazy("Duyệt, gửi trả lời"), form=DeedForm, do=_approve,
        may=may("approve_answer"), is_due=_is_drafted, refusals=REFUSALS, template=SIGHT,
        explanation=gettext_lazy("Thư trả lời được gửi ngay; muộn hạn thì thư kèm lời xin lỗi."),
    ),
    Deed(
        slug="send-back", label=gettext_lazy("Trả lại để sửa"), form=SendBackForm, do=_send_back,
        may=may("approve_answer"), is_due=_is_drafted, refusals=REFUSALS, template=SIGHT,
    ),
    Deed(
        slug="postpone", label=gettext_lazy("Xin lỗi, hẹn lại"), form=PostponeForm, do=_postpone,
        may=may("approve_answer"), is_due=_is_open, refusals=REFUSALS, template=SIGHT,
        explanation=gettext_lazy("Người hỏi nhận thư xin lỗi, lý do và ngày hẹn mới; hẹn lần đầu vẫn được giữ."),
    ),
    Deed(
        slug="drop", label=gettext_lazy("Khép lại không trả lời"), form=DropForm, do=_drop,
        may=may("approve_answer"), is_due=_is_open, refusals=REFUSALS, template=SIGHT,
        explanation=gettext_lazy("Chỉ dùng cho câu hỏi trùng hoặc không phải câu hỏi; người hỏi nhận thư nêu lý do."),
    ),
    Deed(
        slug="publish", label=gettext_lazy("Soạn bản công bố"), form=PublishForm, do=_publish,
        may=may("publish_answer"), is_due=_is_publishable, refusals=REFUSALS, template=SIGHT,
        explanation=gettext_lazy("Bỏ mọi tên, địa chỉ của người hỏi. Bài được một người khác duyệt rồi mới công bố."),
    ),
    desk.erasing(
        questions.erase,
        gettext_lazy("Tên, liên hệ, câu hỏi, trả lời và tệp bị xóa; bản đã công bố không nêu tên ai."),
    ),
)  # fmt: skip


# Lists --------------------------------------------------------------------------------------------
class StoredPage:
    """The file that came with a letter, for whoever may read the letter."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.file_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_file"
        return [path("<path:object_id>/file/", view, name=name), *super().get_urls()]

    def file_view(self, request, object_id):
        row = admin.ModelAdmin.get_object(self, request, object_id)
        if row is None or row.stored is None or not self.has_view_permission(request, row):
            raise Http404
        return documents.serve(row.stored)

    @admin.display(description=gettext_lazy("tệp kèm theo"))
    def file(self, row):
        if row.stored is None:
            return "—"
        url = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_file", args=[row.pk])
        return format_html('<a href="{}">{}</a>', url, row.stored.name)


@admin.register(Question)
class QuestionAdmin(StoredPage, ExportSheets, CorrespondenceAdmin):
    resource_classes = [QuestionResource]
    export_name = "cau-hoi-gui-ban"
    list_display = ("reference", "told_status", "told_due", "topic", "title", "who", "owner", "asked_at")
    list_filter = (QuestionHeaps, "topic", "status", "may_publish", "is_sample")
    list_select_related = ("owner", "enterprise")
    search_fields = ("reference", "title", "text", "name", "organisation", "email")
    date_hierarchy = "asked_at"
    # What waits comes first, by its term.
    ordering = (Case(When(status__in=Question.AWAITED, then=0), default=1), F("due_at").asc(nulls_last=True), "-pk")
    deeds = DEEDS
    fieldsets = (
        (None, {"fields": ("reference", "told_status", "told_due", "first_due_at", "owner", "asked_at", "ended_at")}),
        (gettext_lazy("Câu hỏi"), {"fields": ("topic", "title", "text", "file", "spoken", "may_publish")}),
        (
            gettext_lazy("Người hỏi"),
            {"fields": ("name", "organisation", "enterprise", "email", "phone", "asked_by", "consented_at")},
        ),
        (
            gettext_lazy("Trả lời"),
            {"fields": ("answer", "drafted_by", "drafted_at", "note", "approved_by", "apology", "apologised_at")},
        ),
        (gettext_lazy("Sau khi trả lời"), {"fields": ("told_published", "erased_at", "is_sample")}),
    )  # fmt: skip

    @admin.display(description=gettext_lazy("trạng thái"), ordering="status")
    def told_status(self, row):
        return row.get_status_display()

    @admin.display(description=gettext_lazy("người hỏi"), ordering="name")
    def who(self, row):
        return row.enterprise or row.organisation or row.name or "—"

    @admin.display(description=gettext_lazy("bản công bố"))
    def told_published(self, row):
        answer = Answer.objects.filter(question=row).select_related("item").first()
        if answer is None:
            return "—"
        return format_html('<a href="{}">{}</a>', reverse("admin:press_item_change", args=[answer.item_id]), answer)


class AnswerForm(WordsForm, forms.ModelForm):
    topic = forms.ChoiceField(label=gettext_lazy("Lĩnh vực"), choices=Topic.choices)

    class Meta:
        model = Answer
        fields = ("topic", "is_pinned")


@admin.register(Answer)
class AnswerAdmin(HistoryAdmin, PortalAdmin):
    """What is often asked is written here without a question; the words go on as editions."""

    list_display = ("__str__", "topic", "is_pinned", "question")
    list_filter = ("topic", "is_pinned")
    list_select_related = ("item", "question")
    search_fields = ("item__slug", "item__editions__folded")

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(title=latest_title("item"))

    def get_form(self, request, obj=None, **kwargs):
        return super().get_form(request, obj, **kwargs) if obj else AnswerForm

    def get_fields(self, request, obj=None):
        return ("item", "question", "topic", "is_pinned") if obj else list(AnswerForm.base_fields)

    def get_fieldsets(self, request, obj=None):
        return super().get_fieldsets(request, obj) if obj else [(None, {"fields": self.get_fields(request)})]

    def get_readonly_fields(self, request, obj=None):
        return ("item", "question") if obj else ()

    def save_model(self, request, obj, form, change):
        if change:
            super().save_model(request, obj, form, change)
            return
        made = publishing.prepare(
            texts=_texts_of(form.cleaned_data), topic=obj.topic, is_pinned=obj.is_pinned, by=request.user,
            at=timezone.now(),
        )  # fmt: skip
        obj.pk, obj.item = made.pk, made.item
