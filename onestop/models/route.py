"""The way of a project from an idea to work: its legs in order, for each kind of investor and ground."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from izportal.models import Confidence
from onestop.models.catalogue import Procedure
from projects.models import Project


class Leg(models.Model):
    """A procedure of the catalogue, or what is done elsewhere; those of one place in the order go on side by side."""

    key = models.SlugField(_("khóa"), unique=True)
    position = models.PositiveSmallIntegerField(_("thứ tự"), help_text=_("Các chặng cùng số làm song song với nhau."))
    procedure = models.ForeignKey(
        Procedure, models.PROTECT, null=True, blank=True, related_name="legs", verbose_name=_("thủ tục")
    )
    case_key = models.SlugField(
        _("khóa của trường hợp"), max_length=60, blank=True, help_text=_("Để trống thì lấy trường hợp mặc định.")
    )
    name = models.CharField(_("tên chặng"), max_length=300, blank=True, help_text=_("Khi không phải thủ tục của Ban."))
    authority = models.CharField(_("ai thực hiện"), max_length=300, blank=True)
    is_own_work = models.BooleanField(
        _("nhà đầu tư tự làm"), default=False, help_text=_("Như xây dựng: thời gian do người đọc nhập.")
    )
    origin = models.CharField(_("nguồn vốn"), max_length=3, choices=Project.Origin, blank=True)
    kinds = models.JSONField(
        _("loại mặt bằng"), default=list, blank=True, help_text=_("Khóa của loại lô; để trống là mọi loại.")
    )
    sectors = models.JSONField(
        _("ngành"), default=list, blank=True, help_text=_("Mã ngành VSIC; để trống là mọi ngành.")
    )
    condition = models.CharField(
        _("chỉ khi"), max_length=300, blank=True, help_text=_("Người đọc tự đánh dấu; để trống là luôn phải làm.")
    )
    only_with = models.SlugField(_("chỉ đi cùng chặng"), blank=True)
    unless = models.JSONField(
        _("bỏ khi có chặng"), default=list, blank=True, help_text=_("Khóa của các chặng thay cho chặng này.")
    )
    basis = models.CharField(_("căn cứ của thứ tự"), max_length=300, blank=True)
    confidence = models.CharField(_("độ tin cậy"), max_length=20, choices=Confidence, default=Confidence.UNVERIFIED)

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("chặng của một dự án")
        verbose_name_plural = _("trình tự của một dự án")

    def __str__(self):
        return self.name or self.procedure.name

    def clean(self):
        if not self.procedure_id and not self.name:
            raise ValidationError({"name": _("Hãy chọn thủ tục, hoặc ghi tên việc do nơi khác giải quyết.")})
        for field in ("kinds", "sectors", "unless"):
            if not isinstance(getattr(self, field), list):
                raise ValidationError({field: _('Hãy viết thành danh sách, như ["land"].')})
