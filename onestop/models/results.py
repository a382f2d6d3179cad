"""What a decision says and how it is mended afterwards: the wording that staff keep, corrections and revocations."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from izportal.models import Sampled
from onestop.models.catalogue import Procedure
from onestop.models.dossiers import Dossier
from onestop.models.trail import Slip
from projects.models import Change


class DecisionTemplateQuerySet(models.QuerySet):
    def published(self, *, on):
        return self.filter(published_at__isnull=False, valid_from__lte=on)


class DecisionTemplate(models.Model):
    """The wording of a decision letter or certificate, with placeholders (`onestop/decisions`).

    Of a published version the database lets nothing go but who made it: an invented person is taken away with the
    sample data.
    """

    class Decision(models.TextChoices):
        GRANTED = "granted", _("Đồng ý cấp")
        REFUSED = "refused", _("Từ chối")
        CORRECTED = "corrected", _("Đính chính kết quả đã cấp")
        REVOKED = "revoked", _("Thu hồi kết quả đã cấp")

    # Empty: for every procedure that has none of its own.
    procedure = models.ForeignKey(
        Procedure, models.PROTECT, null=True, blank=True, related_name="decision_templates", verbose_name=_("thủ tục")
    )
    decision = models.CharField(_("quyết định"), max_length=10, choices=Decision)
    version_no = models.PositiveIntegerField(_("phiên bản"), default=1, editable=False)
    heading_vi = models.CharField(_("tên văn bản"), max_length=300)
    heading_en = models.CharField(_("tên văn bản (tiếng Anh)"), max_length=300, blank=True)
    body_vi = models.TextField(_("nội dung"))
    body_en = models.TextField(_("nội dung (tiếng Anh)"), blank=True)
    valid_from = models.DateField(_("áp dụng từ"), default=timezone.localdate)
    made_at = models.DateTimeField(_("lập lúc"), default=timezone.now, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("người lập"),
    )  # fmt: skip
    published_at = models.DateTimeField(_("ban hành lúc"), null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("người ban hành"),
    )  # fmt: skip

    objects = DecisionTemplateQuerySet.as_manager()

    class Meta:
        ordering = ["procedure__number", "decision", "-version_no"]
        verbose_name = _("mẫu văn bản kết quả")
        verbose_name_plural = _("mẫu văn bản kết quả")
        constraints = [
            models.UniqueConstraint(
                fields=["procedure", "decision", "version_no"], name="decision_template_version_once"
            ),
            models.UniqueConstraint(
                fields=["decision", "version_no"], condition=Q(procedure__isnull=True),
                name="common_decision_template_version_once",
            ),
            models.UniqueConstraint(
                fields=["procedure", "decision"], condition=Q(published_at__isnull=True),
                name="one_draft_of_a_decision_template",
            ),
            models.UniqueConstraint(
                fields=["decision"], condition=Q(published_at__isnull=True, procedure__isnull=True),
                name="one_draft_of_a_common_decision_template",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.heading_vi} ({self.version_no})"

    @property
    def is_published(self):
        return self.published_at is not None

    @property
    def is_of_portal(self):
        """Wording that came with the portal and that nobody at the board has confirmed yet."""
        return self.is_published and self.published_by_id is None


class Amendment(Sampled):
    """A result mended after it was signed: corrected, or revoked, with the inverse entry in the register; drafted by
    one person, signed by another (đính chính, thu hồi kết quả)."""

    class Kind(models.TextChoices):
        CORRECT = "correct", _("Đính chính kết quả")
        REVOKE = "revoke", _("Thu hồi, hủy bỏ kết quả")

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="amendments", verbose_name=_("hồ sơ"))
    kind = models.CharField(_("việc"), max_length=10, choices=Kind)
    ground = models.CharField(_("loại lý do"), max_length=10, choices=[c for c in Slip.Ground.choices if c[0]])
    reason = models.TextField(_("lý do, căn cứ"))
    # What is to stand instead, by key of the answers: {"capital_usd": "1500000", …}; of a revocation nothing.
    values = models.JSONField(_("nội dung đúng"), default=dict, blank=True)
    drafted_at = models.DateTimeField(_("soạn lúc"))
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người soạn")
    )
    signed_at = models.DateTimeField(_("ký lúc"), null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("người ký")
    )
    dropped_at = models.DateTimeField(_("bỏ lúc"), null=True, blank=True)
    dropped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("người bỏ")
    )
    drop_note = models.TextField(_("lý do bỏ"), blank=True)
    number = models.CharField(_("số quyết định"), max_length=60, unique=True, null=True, blank=True)
    # What stood before, as the reader of the preview saw it: [[label, before, after], …].
    effect = models.JSONField(_("thay đổi đã ghi"), default=list, blank=True)
    change = models.OneToOneField(
        Change, models.PROTECT, null=True, blank=True, related_name="amendment", verbose_name=_("dòng sổ dự án")
    )
    slip = models.OneToOneField(
        Slip, models.PROTECT, null=True, blank=True, related_name="amendment", verbose_name=_("giấy cấp lại")
    )

    class Meta:
        ordering = ["dossier", "drafted_at"]
        verbose_name = _("đính chính, thu hồi kết quả")
        verbose_name_plural = _("đính chính, thu hồi kết quả")
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(signed_at__isnull=True, dropped_at__isnull=True),
                name="one_open_amendment_per_dossier",
            ),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True) | Q(signed_by__isnull=False, number__isnull=False),
                name="signed_amendment_has_number_and_signer",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.get_kind_display()} {self.dossier}"

    @property
    def is_open(self):
        return self.signed_at is None and self.dropped_at is None
