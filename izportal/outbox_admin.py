"""What happens after the commits, for the staff to see: letters, scans and papers that wait, run, fail or are done,
and the buttons that try again."""

from dataclasses import replace

from django.contrib import admin
from django.db.models import CharField, Exists, OuterRef, TextChoices, Value
from django.db.models.functions import Cast, Concat
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from izportal import outbox, roles, wordings
from izportal.backoffice import Deed, DeedForm, ReadOnlyAdmin
from izportal.models import Job, Notice
from izportal.templatetags.date import moment

State = Job.State
# State → the kind of tag and the shape.
TAGS = {
    State.WAITING: ("", "s-hold"), State.RUNNING: ("ok", "s-ok"), State.FAILING: ("warn", "s-today"),
    State.GIVEN_UP: ("bad", "s-late"), State.DONE: ("", "s-done"),
}  # fmt: skip
# Letters whose way in nobody but their reader keeps; no one words them anew, so `wordings` has no name for them.
LINKS = {
    "account-code": gettext_lazy("Mã xác nhận tài khoản"), "account-link": gettext_lazy("Đường dẫn của tài khoản"),
    "opinion-link": gettext_lazy("Đường dẫn trả lời lấy ý kiến"),
    "enquiry-link": gettext_lazy("Đường dẫn theo dõi câu hỏi về đất"),
    "listing-link": gettext_lazy("Đường dẫn xác nhận thông tin lô"),
    "watch-link": gettext_lazy("Đường dẫn bật thư về lần tìm đất"),
    "question-link": gettext_lazy("Đường dẫn theo dõi câu hỏi gửi Ban"),
    "comment-link": gettext_lazy("Đường dẫn theo dõi góp ý quy hoạch"),
}  # fmt: skip
TROUBLED = {State.FAILING, State.GIVEN_UP}


def job_tag(job):
    """The state of a job by shape and word, with the moment that matters most to whoever waits for it."""
    kind, shape = TAGS[job.state]
    when = {State.RUNNING: job.started_at, State.GIVEN_UP: job.given_up_at}
    said = {"text": job.state.label, "kind": kind, "shape": shape}
    tag = format_html('<span class="desk">{}</span>', render_to_string("components/tag.html", said))
    if job.state == State.FAILING:
        return format_html("{} {} {}", tag, _("thử lại lúc"), moment(job.next_at))
    return format_html("{} {}", tag, moment(when[job.state])) if when.get(job.state) else tag


def kind_of(job):
    return str(outbox.KINDS.get(job.call, job.call))


def same_kind(job):
    """The jobs in trouble that are of one kind with this."""
    return Job.objects.troubled().filter(call=job.call)


# Deeds --------------------------------------------------------------------------------------------
class KindForm(DeedForm):
    """The button is the deed; the page says first how many jobs it is about."""

    @property
    def sentence(self):
        many = same_kind(self.row).count()
        words = ngettext(
            "%(count)s việc “%(kind)s” đang gặp lỗi sẽ được thử lại.",
            "%(count)s việc “%(kind)s” đang gặp lỗi sẽ được thử lại.", many,
        )  # fmt: skip
        return words % {"count": many, "kind": kind_of(self.row)}


def _retry(job, *, by, at):
    outbox.retry(Job.objects.filter(pk=job.pk), at=at)
    return _("Đã giao lại việc này; tiến trình chạy việc làm ngay khi rảnh.")


def _retry_kind(job, *, by, at):
    many = outbox.retry(same_kind(job), at=at)
    words = ngettext("Đã giao lại %(count)s việc “%(kind)s”.", "Đã giao lại %(count)s việc “%(kind)s”.", many)
    return words % {"count": many, "kind": kind_of(job)}


def _may(user):
    return roles.may(user, "retry_job")


RETRY = Deed(
    slug="retry", label=gettext_lazy("Thử lại ngay"), form=DeedForm, do=_retry, may=_may,
    is_due=lambda job: job.state in TROUBLED,
    explanation=gettext_lazy(
        "Việc được làm lại ngay và đếm lại số lần thử từ đầu. Làm hai lần cũng vô hại: thư đã gửi không gửi nữa, tệp "
        "đã lập không lập lại."
    ),
)  # fmt: skip
RETRY_KIND = Deed(
    slug="retry-kind", label=gettext_lazy("Thử lại mọi việc cùng loại"), form=KindForm, do=_retry_kind, may=_may,
    is_due=lambda job: job.state in TROUBLED, template="admin/izportal/job/retry_kind.html",
    explanation=gettext_lazy("Khi nguyên nhân chung đã hết, ví dụ máy chủ thư chạy lại."),
)  # fmt: skip


# Lists --------------------------------------------------------------------------------------------
class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("tình trạng")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("troubled", _("Đang gặp lỗi")), *State.choices]

    def queryset(self, request, queryset):
        if self.value() == "troubled":
            return queryset.troubled()
        return queryset.in_state(self.value()) if self.value() in State.values else queryset


class KindFilter(admin.SimpleListFilter):
    title = gettext_lazy("loại việc")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        return list(outbox.KINDS.items())

    def queryset(self, request, queryset):
        return queryset.filter(call=self.value()) if self.value() else queryset


class JobAdmin(ReadOnlyAdmin):
    spans_zones = True
    list_display = ("kind", "state", "error_told", "key", "attempts", "created_at")
    list_filter = (StateFilter, KindFilter)
    date_hierarchy = "created_at"
    search_fields = ("key", "call", "error")
    fields = (
        *("kind", "key", "about", "state", "attempts", "error", "created_at", "next_at", "started_at", "done_at"),
        *("given_up_at", "call", "arguments"),
    )
    readonly_fields = fields
    deeds = (RETRY, RETRY_KIND)

    class Media:
        css = {"all": ["css/desk.css"]}

    @admin.display(description=gettext_lazy("loại việc"), ordering="call")
    def kind(self, job):
        return kind_of(job)

    @admin.display(description=gettext_lazy("tình trạng"))
    def state(self, job):
        return job_tag(job)

    @admin.display(description=gettext_lazy("lỗi lần cuối"))
    def error_told(self, job):
        return job.error[:120] or "—"

    @admin.display(description=gettext_lazy("về"))
    def about(self, job):
        """The letter, where it is one; other jobs say in their key what they are about."""
        numbers = [value for value in job.arguments if isinstance(value, int)] if job.call == outbox.SEND else []
        notice = Notice.objects.filter(pk__in=numbers).first()
        if notice is None:
            return "—"
        return format_html('<a href="{}">{}</a>', reverse("admin:izportal_notice_change", args=[notice.pk]), notice)


class NoticeFilter(admin.SimpleListFilter):
    """Where a letter is on its way, without a look at each job."""

    title = gettext_lazy("tình trạng")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return NoticeState.choices

    def queryset(self, request, queryset):
        return in_state(queryset, self.value()) if self.value() in NoticeState.values else queryset


class NoticeState(TextChoices):
    HELD = "held", gettext_lazy("Chờ thư gộp")
    GATHERED = "gathered", gettext_lazy("Đã vào thư gộp")
    WAITING = "waiting", gettext_lazy("Chờ gửi")
    TROUBLED = "troubled", gettext_lazy("Đang gặp lỗi")
    SENT = "sent", gettext_lazy("Đã gửi")


def in_state(letters, state):
    by_itself = letters.filter(sent_at__isnull=True, is_held=False, digest__isnull=True)
    key = Concat(Value("thu-"), Cast(OuterRef("pk"), CharField()))
    is_troubled = Exists(Job.objects.troubled().filter(key=key))
    return {
        NoticeState.HELD: letters.filter(is_held=True),
        NoticeState.GATHERED: letters.filter(digest__isnull=False),
        NoticeState.WAITING: by_itself.exclude(is_troubled),
        NoticeState.TROUBLED: by_itself.filter(is_troubled),
        NoticeState.SENT: letters.filter(sent_at__isnull=False, digest__isnull=True),
    }[state]


def job_of(notice):
    return Job.objects.filter(key=outbox.key_of(notice)).first()


def _retry_letter(notice, *, by, at):
    return _retry(job_of(notice), by=by, at=at)


def _is_troubled(notice):
    job = job_of(notice)
    return job is not None and job.state in TROUBLED


RETRY_LETTER = replace(RETRY, do=_retry_letter, is_due=_is_troubled)


class NoticeAdmin(ReadOnlyAdmin):
    spans_zones = True
    list_display = ("subject", "email", "kind_told", "language", "created_at", "sent_at", "way")
    list_filter = (NoticeFilter, ("sent_at", admin.EmptyFieldListFilter))
    date_hierarchy = "created_at"
    search_fields = ("subject", "email", "about", "user__folded")
    fields = (
        *("subject", "kind_told", "email", "user", "language", "about", "until", "body", "created_at", "sent_at"),
        *("way", "sending", "gathers"),
    )
    readonly_fields = fields
    deeds = (RETRY_LETTER,)

    class Media:
        css = {"all": ["css/desk.css"]}

    def get_fields(self, request, obj=None):
        """What opens an account is for its reader alone."""
        is_secret = obj is not None and obj.kind in outbox.KEYS
        is_plain = obj is not None and obj.kind != outbox.DIGEST
        hidden = {name for name, is_hidden in (("body", is_secret), ("gathers", is_plain)) if is_hidden}
        return [name for name in super().get_fields(request, obj) if name not in hidden]

    @admin.display(description=gettext_lazy("loại"), ordering="kind")
    def kind_told(self, notice):
        if letter := wordings.KINDS.get(notice.kind):
            return str(letter.name)
        return str(LINKS.get(notice.kind, notice.kind))

    @admin.display(description=gettext_lazy("cách gửi"))
    def way(self, notice):
        if notice.is_held:
            return NoticeState.HELD.label
        if not notice.digest_id:
            return "—"
        return format_html('<a href="{}">{}</a>', _letter_page(notice.digest_id), NoticeState.GATHERED.label)

    @admin.display(description=gettext_lazy("các thư đã gộp"))
    def gathers(self, notice):
        rows = ((_letter_page(row.pk), row.subject) for row in notice.gathered.defer("body"))
        return format_html_join(mark_safe("<br>"), '<a href="{}">{}</a>', rows) or "—"

    @admin.display(description=gettext_lazy("việc gửi"))
    def sending(self, notice):
        job = job_of(notice)
        if job is None:
            return "—"
        return format_html('{} <a href="{}">{}</a>', job_tag(job), _page(job), _("Xem việc"))


def _letter_page(key):
    return reverse("admin:izportal_notice_change", args=[key])


def _page(job):
    return reverse("admin:izportal_job_change", args=[job.pk])
