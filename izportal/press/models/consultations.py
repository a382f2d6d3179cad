"""Planning drafts on which the board asks for comments: the draft, each comment with its sender, and the answers."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from izportal import languages
from izportal.correspondence_models import Correspondence
from izportal.models import Confidence, Sampled, StoredFile
from izportal.press.models.items import Edition, Item
from zones.models import Zone


def latest_title(path):
    """The Vietnamese title of an item, by which the staff know it, as it was last written."""
    rows = Edition.objects.filter(item=OuterRef(path), language=languages.SOURCE).order_by("-number")
    return Subquery(rows.values("title")[:1])


class PlanningDraftQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(zone__code__in=user.zones) if user.zones else self

    def titled(self):
        return self.annotate(title=latest_title("item"))


class PlanningDraft(Sampled):
    """When comments are taken and by when they are answered; the text and the drawings belong to the item."""

    item = models.OneToOneField(Item, models.CASCADE, related_name="consultation", verbose_name=_("nội dung"))
    zone = models.ForeignKey(
        Zone, models.PROTECT, null=True, blank=True, related_name="consultations", verbose_name=_("khu công nghiệp")
    )
    opens_on = models.DateField(_("lấy ý kiến từ ngày"))
    closes_on = models.DateField(_("đến hết ngày"))
    basis = models.CharField(
        _("căn cứ"), max_length=300, blank=True, help_text=_("Điều, khoản, số văn bản; hiện trên trang.")
    )
    basis_confidence = models.CharField(
        _("độ tin cậy của căn cứ"), max_length=20, choices=Confidence, default=Confidence.UNVERIFIED
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("người phụ trách"),
    )  # fmt: skip
    # The first promise is kept: whether it was held is judged by it.
    first_promised_on = models.DateField(_("hẹn công bố lần đầu"), null=True, blank=True, editable=False)
    promised_on = models.DateField(_("hẹn công bố giải trình"), null=True, blank=True, editable=False)
    apology = models.TextField(_("lý do hẹn lại"), blank=True, editable=False)
    apologised_at = models.DateTimeField(_("xin lỗi, hẹn lại lúc"), null=True, blank=True, editable=False)
    answered_at = models.DateTimeField(_("công bố giải trình lúc"), null=True, blank=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("người công bố giải trình"),
    )  # fmt: skip

    objects = PlanningDraftQuerySet.as_manager()

    class Meta:
        ordering = ["-closes_on", "-id"]
        verbose_name = _("đồ án quy hoạch lấy ý kiến")
        verbose_name_plural = _("đồ án quy hoạch lấy ý kiến")
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opens_on")), name="consultation_dates_in_order",
                violation_error_message=_("Ngày kết thúc lấy ý kiến phải từ ngày bắt đầu trở đi."),
            ),
        ]  # fmt: skip

    def __str__(self):
        return getattr(self, "title", None) or str(self.item)

    def get_absolute_url(self):
        return self.item.get_absolute_url()

    def is_open(self, *, on):
        """By the day of the portal, not of the reader."""
        return self.opens_on <= on <= self.closes_on and self.answered_at is None

    def is_late(self, *, on):
        return self.answered_at is None and self.promised_on is not None and self.promised_on < on


class CommentGroup(Sampled):
    """Comments of one mind and what the board answers to them; read by everyone once the answers are published."""

    draft = models.ForeignKey(PlanningDraft, models.CASCADE, related_name="groups", verbose_name=_("đồ án"))
    summary = models.TextField(_("tóm tắt ý kiến, không nêu tên"))
    answer = models.TextField(_("tiếp thu, giải trình"), blank=True)
    position = models.PositiveSmallIntegerField(_("thứ tự"), default=0)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("người soạn"),
    )  # fmt: skip

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("nhóm ý kiến")
        verbose_name_plural = _("nhóm ý kiến")

    def __str__(self):
        return self.summary[:80]


class CommentQuerySet(models.QuerySet):
    def counted(self):
        return self.filter(status=Comment.Status.COUNTED)


class Comment(Correspondence):
    WRITER = "sender"

    class Status(models.TextChoices):
        NEW = "new", _("Chờ xem")
        COUNTED = "counted", _("Được tổng hợp")
        SET_ASIDE = "aside", _("Không tổng hợp")

    draft = models.ForeignKey(PlanningDraft, models.PROTECT, related_name="comments", verbose_name=_("đồ án"))
    group = models.ForeignKey(
        CommentGroup, models.SET_NULL, null=True, blank=True, related_name="comments", verbose_name=_("nhóm")
    )
    reference = models.CharField(_("mã góp ý"), max_length=30, unique=True)
    status = models.CharField(_("trạng thái"), max_length=10, choices=Status, default=Status.NEW, db_index=True)
    reason = models.CharField(_("lý do không tổng hợp"), max_length=300, blank=True)
    text = models.TextField(_("nội dung góp ý"), blank=True)
    stored = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="comments", verbose_name=_("tệp kèm theo")
    )
    sent_at = models.DateTimeField(_("gửi lúc"), default=timezone.now, db_index=True)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("người xem xét"),
    )  # fmt: skip
    seen_at = models.DateTimeField(_("xem xét lúc"), null=True, blank=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["-sent_at", "-id"]
        verbose_name = _("góp ý quy hoạch")
        verbose_name_plural = _("góp ý quy hoạch")
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="aside") | ~Q(reason=""), name="comment_set_aside_with_reason",
                violation_error_message=_("Ghi lý do không tổng hợp góp ý này."),
            ),
        ]  # fmt: skip

    def clean(self):
        if self.group is not None and self.group.draft_id != self.draft_id:
            raise ValidationError({"group": _("Chọn một nhóm ý kiến của cùng đồ án.")})
