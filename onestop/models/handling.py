"""What is done with a dossier besides its steps: the lines of a request to complete it, opinions asked of others, the
applicant's word at the end."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from izportal.models import Confidence, Sampled, StoredFile
from onestop.models.catalogue import Component
from onestop.models.dossiers import Dossier, Paper, Supplement


class SupplementItem(Sampled):
    """One line of a request to complete a dossier: which paper or answer, what is wrong with it and on what ground;
    and what came in its place."""

    class Kind(models.TextChoices):
        PAPER = "paper", _("Giấy tờ")
        ANSWER = "answer", _("Nội dung tờ khai")
        OTHER = "other", _("Nội dung khác")

    supplement = models.ForeignKey(Supplement, models.PROTECT, related_name="lines", verbose_name=_("yêu cầu"))
    position = models.PositiveSmallIntegerField(_("thứ tự"))
    kind = models.CharField(_("loại"), max_length=10, choices=Kind)
    component = models.ForeignKey(
        Component, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("thành phần hồ sơ")
    )
    # Place of an answer in the form, as faults of the form name it.
    section = models.CharField(_("phần của tờ khai"), max_length=80, blank=True)
    question = models.CharField(_("câu hỏi"), max_length=200, blank=True)
    # As printed on the slip, in the language of the dossier.
    label = models.CharField(_("giấy tờ, nội dung"), max_length=600)
    wrong = models.TextField(_("cần bổ sung, sửa gì"), blank=True)
    ground = models.CharField(_("căn cứ"), max_length=300, blank=True)
    paper_before = models.ForeignKey(
        Paper, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("giấy tờ khi yêu cầu")
    )
    paper_after = models.ForeignKey(
        Paper, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("giấy tờ nộp bổ sung")
    )
    answer_before = models.JSONField(_("nội dung khi yêu cầu"), null=True, blank=True)
    answer_after = models.JSONField(_("nội dung sau bổ sung"), null=True, blank=True)
    reply = models.TextField(_("giải trình"), blank=True)

    class Meta:
        ordering = ["supplement", "position"]
        verbose_name = _("mục cần bổ sung")
        verbose_name_plural = _("mục cần bổ sung")
        constraints = [models.UniqueConstraint(fields=["supplement", "position"], name="supplement_line_once")]

    def __str__(self):
        return f"{self.label}: {self.wrong}" if self.wrong else self.label

    @property
    def takes_a_file(self):
        return self.kind != self.Kind.ANSWER


class SupplementPermitQuerySet(models.QuerySet):
    def awaiting(self):
        """Asked for, and neither given nor denied."""
        return self.filter(decided_at__isnull=True)

    def unspent(self):
        """Given, and no request made under it yet."""
        return self.filter(is_given=True, supplement__isnull=True)


class SupplementPermit(Sampled):
    """A leader's written leave for one request beyond the number that the procedure permits; asked for by the officer,
    used once, counted in public."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="permits", verbose_name=_("hồ sơ"))
    asked_at = models.DateTimeField(_("đề nghị lúc"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người đề nghị")
    )
    why = models.TextField(_("lý do đề nghị"))
    decided_at = models.DateTimeField(_("quyết định lúc"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("người quyết định"),
    )  # fmt: skip
    is_given = models.BooleanField(_("cho phép"), default=False)
    reason = models.TextField(_("lý do của lãnh đạo"), blank=True)

    objects = SupplementPermitQuerySet.as_manager()

    class Meta:
        ordering = ["dossier", "asked_at"]
        verbose_name = _("cho phép vượt số lần bổ sung")
        verbose_name_plural = _("cho phép vượt số lần bổ sung")
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(decided_at__isnull=True), name="one_open_permit_per_dossier"
            ),
            models.CheckConstraint(
                condition=Q(is_given=False) | Q(decided_by__isnull=False) & ~Q(reason=""),
                name="given_permit_has_signer_and_reason",
            ),
        ]

    def __str__(self):
        return f"{self.dossier} {self.asked_at:%d/%m/%Y}"


class OpinionQuerySet(models.QuerySet):
    def waiting(self):
        """Neither answered, nor found silent, nor given up."""
        return self.in_state(Opinion.State.WAITING)

    def answerable(self):
        """Those whose answer would still be taken: a silent body may speak, late, until the phase is closed."""
        return self.filter(answered_at__isnull=True, closed_at__isnull=True, dossier__status=Dossier.Status.CONSULTING)

    def overdue(self, *, at):
        return self.waiting().filter(reply_by__lt=at)

    def in_state(self, state):
        return self.filter(Opinion.CONDITIONS[state])


class Opinion(Sampled):
    """One body asked for its opinion on a dossier (ý kiến phối hợp), its deadline, and its answer or its silence."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Đang chờ")
        IN_TIME = "in_time", _("Trả lời đúng hạn")
        LATE = "late", _("Trả lời muộn")
        SILENT = "silent", _("Không trả lời")
        WITHDRAWN = "withdrawn", _("Thôi lấy ý kiến")

    class Position(models.TextChoices):
        NONE = "", _("Chưa trả lời")
        AGREES = "agrees", _("Đồng ý")
        AGREES_IF = "agrees_if", _("Đồng ý có điều kiện")
        OBJECTS = "objects", _("Không đồng ý")
        OTHER = "other", _("Ý kiến khác")

    class Silence(models.TextChoices):
        CONSENT = "consent", _("Không trả lời trong thời hạn coi như đồng ý")
        NOTHING = "nothing", _("Không trả lời không có giá trị như đồng ý")

    # The same as the property `state`, for questions about many rows.
    CONDITIONS = {
        State.WAITING: Q(answered_at__isnull=True, silent_at__isnull=True, closed_at__isnull=True),
        State.IN_TIME: Q(answered_at__lte=F("reply_by")),
        State.LATE: Q(answered_at__gt=F("reply_by")),
        State.SILENT: Q(answered_at__isnull=True, silent_at__isnull=False),
        State.WITHDRAWN: Q(answered_at__isnull=True, silent_at__isnull=True, closed_at__isnull=False),
    }

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="opinions", verbose_name=_("hồ sơ"))
    body = models.CharField(_("cơ quan được lấy ý kiến"), max_length=300)
    email = models.EmailField(_("thư điện tử"), blank=True)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="opinions",
        verbose_name=_("tài khoản trả lời"),
    )  # fmt: skip
    question = models.TextField(_("nội dung lấy ý kiến"))
    ground = models.CharField(_("căn cứ"), max_length=300, blank=True)
    silence = models.CharField(_("khi không trả lời"), max_length=10, choices=Silence, default=Silence.NOTHING)
    silence_ground = models.CharField(_("căn cứ về việc không trả lời"), max_length=300, blank=True)
    confidence = models.CharField(
        _("độ tin cậy của căn cứ"), max_length=20, choices=Confidence, default=Confidence.UNVERIFIED
    )
    # What the body may see of the dossier besides the procedure and the enterprise.
    shows_project = models.BooleanField(_("cho xem dự án, lô đất"), default=True)
    papers = models.ManyToManyField(Paper, blank=True, related_name="opinions", verbose_name=_("giấy tờ gửi kèm"))
    asked_at = models.DateTimeField(_("gửi lúc"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người lấy ý kiến")
    )
    reply_by = models.DateTimeField(_("trả lời trước"), db_index=True)
    # Of the link only the hash is kept; it ends with the deadline's grace or when the opinion is closed.
    link_hash = models.CharField(_("mã băm của liên kết"), max_length=64, unique=True, null=True, blank=True)
    link_until = models.DateTimeField(_("liên kết dùng đến"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("nhắc lúc"), null=True, blank=True)
    position = models.CharField(_("ý kiến"), max_length=10, choices=Position, blank=True, default="")
    answer = models.TextField(_("nội dung trả lời"), blank=True)
    answered_at = models.DateTimeField(_("trả lời lúc"), null=True, blank=True)
    answered_by = models.CharField(_("người trả lời, chức vụ"), max_length=300, blank=True)
    stored = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="opinions", verbose_name=_("văn bản trả lời")
    )
    # Who noted an answer that came on paper.
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("người ghi nhận văn bản giấy"),
    )  # fmt: skip
    silent_at = models.DateTimeField(_("ghi nhận không trả lời lúc"), null=True, blank=True)
    closed_at = models.DateTimeField(_("thôi chờ lúc"), null=True, blank=True)
    close_note = models.TextField(_("lý do thôi chờ"), blank=True)

    objects = OpinionQuerySet.as_manager()

    class Meta:
        ordering = ["dossier", "asked_at", "id"]
        verbose_name = _("ý kiến phối hợp")
        verbose_name_plural = _("ý kiến phối hợp")
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, position="") | Q(answered_at__isnull=False) & ~Q(position=""),
                name="answered_opinion_has_a_position",
            ),
        ]

    def __str__(self):
        return f"{self.body} ({self.dossier})"

    @property
    def state(self):
        if self.answered_at is not None:
            return self.State.LATE if self.answered_at > self.reply_by else self.State.IN_TIME
        if self.silent_at is not None:
            return self.State.SILENT
        return self.State.WITHDRAWN if self.closed_at is not None else self.State.WAITING

    @property
    def is_waiting(self):
        return self.state == self.State.WAITING

    @property
    def is_proven(self):
        """Does its legal basis rest on a text that was read?"""
        return self.confidence in Confidence.settled()


class Survey(Sampled):
    """What the applicant says after the end, once for each dossier; 0, 1 or 2 points as in TT 01/2018, Article 13."""

    dossier = models.OneToOneField(Dossier, models.PROTECT, related_name="survey", verbose_name=_("hồ sơ"))
    answered_at = models.DateTimeField(_("trả lời lúc"), default=timezone.now)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("người trả lời"),
    )  # fmt: skip
    total_time = models.PositiveSmallIntegerField(_("thời gian giải quyết (chỉ số 1)"))
    contacts = models.PositiveSmallIntegerField(_("số lần liên hệ để hoàn thiện hồ sơ (chỉ số 3)"))
    bodies = models.PositiveSmallIntegerField(_("số cơ quan phải liên hệ (chỉ số 4)"))
    attitude = models.PositiveSmallIntegerField(_("thái độ phục vụ (chỉ số 7)"))
    comment = models.TextField(_("góp ý"), blank=True)

    class Meta:
        ordering = ["-answered_at"]
        verbose_name = _("phiếu đánh giá")
        verbose_name_plural = _("phiếu đánh giá")
        constraints = [
            models.CheckConstraint(
                condition=Q(total_time__lte=2, contacts__lte=2, bodies__lte=2, attitude__lte=2),
                name="survey_points_at_most_two",
            ),
        ]

    def __str__(self):
        return str(self.dossier)
