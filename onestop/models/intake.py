"""Other systems that send dossiers in: who they are, and each of their calls with the answer given."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from izportal.models import Sampled
from onestop.models.dossiers import Dossier


class IntakeSystem(Sampled):
    """A system that may send dossiers in and ask after them; of its token only the hash is kept."""

    name = models.CharField(_("tên hệ thống"), max_length=200, unique=True)
    channel = models.CharField(_("cách nộp"), max_length=10, choices=Dossier.Channel, default=Dossier.Channel.NATIONAL)
    token_hash = models.CharField(
        _("mã băm của khóa"), max_length=64, unique=True, null=True, blank=True, editable=False
    )
    token_hint = models.CharField(_("khóa bắt đầu bằng"), max_length=8, blank=True, editable=False)
    token_made_at = models.DateTimeField(_("cấp khóa lúc"), null=True, editable=False)
    # In whose name its dossiers are kept; nobody can sign in to it.
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="intake_system",
        verbose_name=_("tài khoản kỹ thuật"),
    )  # fmt: skip
    contact = models.CharField(_("đầu mối liên hệ"), max_length=300, blank=True)
    is_active = models.BooleanField(_("đang hoạt động"), default=True)
    last_call_at = models.DateTimeField(_("gọi lần cuối lúc"), null=True, editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name = _("hệ thống gửi hồ sơ")
        verbose_name_plural = _("hệ thống gửi hồ sơ")

    def __str__(self):
        return self.name


class IntakeCall(models.Model):
    """One call under an idempotency key: the same key with the same content gets the same answer again."""

    system = models.ForeignKey(IntakeSystem, models.PROTECT, related_name="calls", verbose_name=_("hệ thống gửi"))
    key = models.CharField(_("khóa chống gửi trùng"), max_length=100)
    sha256 = models.CharField(_("SHA-256 của nội dung"), max_length=64)
    at = models.DateTimeField(_("lúc"), default=timezone.now)
    status = models.PositiveSmallIntegerField(_("mã trả lời"), null=True)
    answer = models.JSONField(_("nội dung trả lời"), default=dict)
    dossier = models.ForeignKey(
        Dossier, models.PROTECT, null=True, blank=True, related_name="intake_calls", verbose_name=_("hồ sơ")
    )

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("lượt gửi hồ sơ")
        verbose_name_plural = _("lượt gửi hồ sơ")
        constraints = [models.UniqueConstraint(fields=["system", "key"], name="idempotency_key_once_per_system")]

    def __str__(self):
        return f"{self.system} {self.key}"

    @property
    def is_done(self):
        """Has the call had its effect? A refused one had none, and its key may be used again."""
        return self.status is not None and self.status < 400
