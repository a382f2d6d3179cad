"""What people ask the board and what it answers them, with who asked; and the answers that anyone may read."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from izportal.correspondence_models import Awaited, AwaitedQuerySet
from izportal.models import Sampled, StoredFile
from izportal.press.models.items import Item
from projects.models import Enterprise, Mandate


class Topic(models.TextChoices):
    INVESTMENT = "investment", _("Đầu tư, doanh nghiệp")
    LAND = "land", _("Đất đai, quy hoạch, xây dựng")
    ENVIRONMENT = "environment", _("Môi trường")
    LABOUR = "labour", _("Lao động")
    UTILITIES = "utilities", _("Hạ tầng, điện, nước trong khu")
    PROCEDURES = "procedures", _("Nộp hồ sơ, thủ tục hành chính")
    OTHER = "other", _("Việc khác")


class QuestionQuerySet(AwaitedQuerySet):
    def visible_to(self, user):
        """Staff see all; anyone else what they asked themselves or for an enterprise whose mandate they hold."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff:
            return self
        mine = Mandate.objects.in_force().filter(user_id=user.pk).values("enterprise")
        return self.filter(Q(asked_by=user) | Q(enterprise__in=mine), erased_at__isnull=True)


class Question(Awaited):
    class Status(models.TextChoices):
        ASKED = "asked", _("Chờ trả lời")
        DRAFTED = "drafted", _("Trả lời chờ duyệt")
        ANSWERED = "answered", _("Đã trả lời")
        DROPPED = "dropped", _("Không trả lời")

    AWAITED = (Status.ASKED, Status.DRAFTED)

    reference = models.CharField(_("mã câu hỏi"), max_length=30, unique=True)
    status = models.CharField(_("trạng thái"), max_length=10, choices=Status, default=Status.ASKED, db_index=True)
    topic = models.CharField(_("lĩnh vực"), max_length=15, choices=Topic, default=Topic.OTHER)
    title = models.CharField(_("hỏi về việc gì"), max_length=200, blank=True)
    text = models.TextField(_("nội dung hỏi"), blank=True)
    stored = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="questions", verbose_name=_("tệp kèm theo")
    )
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, null=True, blank=True, related_name="questions",
        verbose_name=_("tổ chức kinh tế"),
    )  # fmt: skip
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("tài khoản hỏi"),
    )  # fmt: skip
    may_publish = models.BooleanField(_("đồng ý công bố không nêu tên"), default=False)

    # The first promise is kept: whether it was held is judged by it.
    first_due_at = models.DateTimeField(_("hẹn lần đầu"), null=True, blank=True)
    apology = models.TextField(_("lý do hẹn lại"), blank=True)
    apologised_at = models.DateTimeField(_("xin lỗi, hẹn lại lúc"), null=True, blank=True)

    answer = models.TextField(_("trả lời"), blank=True)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("người soạn trả lời"),
    )  # fmt: skip
    drafted_at = models.DateTimeField(_("soạn lúc"), null=True, blank=True)
    note = models.TextField(_("ý kiến khi trả lại"), blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("người duyệt trả lời"),
    )  # fmt: skip
    ended_at = models.DateTimeField(_("trả lời, khép lại lúc"), null=True, blank=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = [F("due_at").asc(nulls_last=True), "-asked_at", "-id"]
        verbose_name = _("câu hỏi gửi Ban")
        verbose_name_plural = _("câu hỏi gửi Ban")
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("drafted_by")),
                name="question_second_person",
                violation_error_message=_("Người soạn trả lời không tự duyệt."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=("answered", "dropped"), ended_at__isnull=False)
                | Q(status__in=("asked", "drafted"), ended_at__isnull=True),
                name="question_ended_with_moment",
                violation_error_message=_("Câu hỏi đã khép lại phải có ngày giờ khép lại."),
            ),
        ]

    @property
    def is_open(self):
        return self.status in self.AWAITED

    def is_late(self, *, at):
        """After the moment that was promised last, answered or not."""
        return self.due_at is not None and self.due_at < (at if self.is_open else self.ended_at)


class Answer(Sampled):
    """A question with its answer for everyone: the words are editions of the item, nobody is named."""

    item = models.OneToOneField(Item, models.CASCADE, related_name="answer", verbose_name=_("nội dung"))
    question = models.OneToOneField(
        Question, models.SET_NULL, null=True, blank=True, related_name="published", verbose_name=_("câu hỏi")
    )
    topic = models.CharField(_("lĩnh vực"), max_length=15, choices=Topic, default=Topic.OTHER)
    is_pinned = models.BooleanField(_("thường được hỏi, đứng đầu"), default=False)

    class Meta:
        ordering = ["-is_pinned", "-item__created_at", "-id"]
        verbose_name = _("hỏi đáp công bố")
        verbose_name_plural = _("hỏi đáp công bố")

    def __str__(self):
        return getattr(self, "title", None) or str(self.item)
