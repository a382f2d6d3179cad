"""What is written of a dossier and stays: each step taken, what was promised, the slips, and their numbers."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from izportal.models import Sampled, StoredFile
from onestop.models.dossiers import Dossier


class Event(Sampled):
    """One step taken, for ever: who, in which role, from where to where, when. Append-only."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="events", verbose_name=_("hồ sơ"))
    step = models.SlugField(_("bước"), max_length=40)
    from_status = models.CharField(_("từ"), max_length=20, choices=Dossier.Status, blank=True)
    to_status = models.CharField(_("đến"), max_length=20, choices=Dossier.Status)
    at = models.DateTimeField(_("lúc"), db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người thực hiện"),
    )
    role = models.CharField(_("vai trò"), max_length=40, blank=True)
    # The absent person in whose place the step was taken.
    instead_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("thay cho")
    )
    note = models.TextField(_("ghi chú"), blank=True)
    is_public = models.BooleanField(_("người nộp xem được"), default=True)
    data = models.JSONField(_("chi tiết"), default=dict, blank=True)
    # SHA-256 over the row's facts and the seal of the dossier's event before it (`onestop/seals.py`).
    seal = models.CharField(_("dấu của dòng"), max_length=64, blank=True, editable=False)

    class Meta:
        ordering = ["dossier", "at", "id"]
        verbose_name = _("diễn biến hồ sơ")
        verbose_name_plural = _("diễn biến hồ sơ")

    def __str__(self):
        return f"{self.dossier} {self.step}"


class Promise(Sampled):
    """A date promised to the applicant. Append-only: the first never changes, each later one says why."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="promises", verbose_name=_("hồ sơ"))
    number = models.PositiveSmallIntegerField(_("lần hẹn"))
    promised_at = models.DateTimeField(_("hẹn trả lúc"))
    reason = models.TextField(_("lý do"), blank=True)
    ground = models.CharField(_("căn cứ"), max_length=300, blank=True)
    made_at = models.DateTimeField(_("ghi lúc"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("người hẹn")
    )

    class Meta:
        ordering = ["dossier", "number"]
        verbose_name = _("ngày hẹn trả")
        verbose_name_plural = _("ngày hẹn trả")
        constraints = [models.UniqueConstraint(fields=["dossier", "number"], name="promise_number_once")]

    def __str__(self):
        return f"{self.dossier} ({self.number}) {self.promised_at:%d/%m/%Y %H:%M}"


class Slip(Sampled):
    """An issued form (Mẫu 01 … 07): numbered, frozen with its hash, never changed."""

    class Form(models.TextChoices):
        ACKNOWLEDGEMENT = "00", _("Xác nhận đã nộp hồ sơ trực tuyến")
        RECEIPT = "01", _("Giấy tiếp nhận hồ sơ và hẹn trả kết quả")
        SUPPLEMENT = "02", _("Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ")
        REFUSAL = "03", _("Phiếu từ chối tiếp nhận giải quyết hồ sơ")
        APOLOGY = "04", _("Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết")
        STOP = "05", _("Thông báo dừng giải quyết hồ sơ")
        RESULT = "kq", _("Kết quả giải quyết thủ tục hành chính")
        REVOCATION = "th", _("Quyết định thu hồi kết quả")

    class Ground(models.TextChoices):
        """Why a paper was revoked, as whoever checks it is told; the full reason stays with the board."""

        NONE = "", _("Chưa thu hồi")
        MISTAKE = "mistake", _("Nội dung có sai sót")
        UNDUE = "undue", _("Cấp không đúng quy định")
        REQUEST = "request", _("Theo đề nghị của tổ chức, cá nhân")
        ORDER = "order", _("Theo quyết định của cơ quan có thẩm quyền")
        OTHER = "other", _("Lý do khác")

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="slips", verbose_name=_("hồ sơ"))
    form = models.CharField(_("mẫu"), max_length=2, choices=Form)
    number = models.CharField(_("số"), max_length=60, unique=True)
    language = models.CharField(_("ngôn ngữ"), max_length=10, default="vi")
    issued_at = models.DateTimeField(_("cấp lúc"))
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("người cấp")
    )
    facts = models.JSONField(_("nội dung đã in"), default=dict)
    stored = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="slips", verbose_name=_("bản PDF")
    )

    # Told to whoever checks the paper: 12 signs, printed on it and in its QR code.
    code = models.CharField(_("mã xác thực"), max_length=12, unique=True, null=True, blank=True, editable=False)
    # The paper in its place; of a result that was revoked the decision that says so.
    replaced_by = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaces", editable=False,
        verbose_name=_("được thay bằng"),
    )  # fmt: skip
    revoked_at = models.DateTimeField(_("thu hồi lúc"), null=True, blank=True, editable=False)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("người thu hồi"),
    )  # fmt: skip
    revocation_ground = models.CharField(
        _("loại lý do thu hồi"), max_length=10, choices=Ground, blank=True, default="", editable=False
    )
    revocation_reason = models.TextField(_("lý do thu hồi"), blank=True, editable=False)

    class Meta:
        ordering = ["dossier", "issued_at", "id"]
        verbose_name = _("phiếu, giấy đã cấp")
        verbose_name_plural = _("phiếu, giấy đã cấp")

    def __str__(self):
        return f"{self.get_form_display()} {self.number}"


class Series(models.Model):
    """The last number drawn in a series; the row is locked while the next is drawn (`onestop/numbering.py`)."""

    key = models.CharField(_("dãy số"), max_length=60, unique=True)
    last = models.PositiveIntegerField(_("số cuối"), default=0)

    class Meta:
        ordering = ["key"]
        verbose_name = _("dãy số")
        verbose_name_plural = _("dãy số")

    def __str__(self):
        return f"{self.key}: {self.last}"
