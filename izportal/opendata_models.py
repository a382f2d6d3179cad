"""What of the open data has been seen in public: each row with the hash of what it said, and what became of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PublishedRow(models.Model):
    """A row of a resource under its public id. One that is gone stays as its tombstone."""

    class Reason(models.TextChoices):
        REMOVED = "removed", _("Không còn trong sổ")
        WITHDRAWN = "withdrawn", _("Ban ngừng công bố")
        INCOMPLETE = "incomplete", _("Đang chờ bổ sung thông tin bắt buộc")
        CORRECTED = "corrected", _("Đã được hiệu đính")
        REPLACED = "replaced", _("Không còn phiên bản đang áp dụng")
        SAMPLE = "sample", _("Dữ liệu minh họa, thôi công bố khi có dữ liệu thật")

    resource = models.CharField(_("tập dữ liệu"), max_length=20)
    key = models.CharField(_("mã bản ghi"), max_length=80)
    digest = models.CharField(_("băm nội dung"), max_length=32)
    first_seen_at = models.DateTimeField(_("công bố từ"))
    changed_at = models.DateTimeField(_("thay đổi lần cuối"))
    gone_at = models.DateTimeField(_("thôi công bố lúc"), null=True, blank=True)
    reason = models.CharField(_("lý do thôi công bố"), max_length=12, choices=Reason, blank=True)
    is_sample = models.BooleanField(_("dữ liệu mẫu"), default=False, db_index=True, editable=False)

    class Meta:
        ordering = ["resource", "key"]
        verbose_name = _("bản ghi đã công bố")
        verbose_name_plural = _("bản ghi đã công bố")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["resource", "key"], name="published_row_once")]
        indexes = [models.Index(fields=["resource", "changed_at"], name="published_row_changed")]

    def __str__(self):
        return f"{self.resource} {self.key}"


class PublishedDeed(models.Model):
    """A line of the log of the open data: a row came, changed or went. The database keeps every line."""

    class Deed(models.TextChoices):
        ADDED = "added", _("được thêm")
        CHANGED = "changed", _("được sửa")
        REMOVED = "removed", _("được gỡ")

    # Without a check by the database, which reads the whole table for each line where the table has just been filled.
    row = models.ForeignKey(
        PublishedRow, models.CASCADE, related_name="deeds", db_constraint=False, verbose_name=_("bản ghi")
    )
    deed = models.CharField(_("việc"), max_length=10, choices=Deed)
    at = models.DateTimeField(_("lúc"), db_index=True)
    is_sample = models.BooleanField(_("dữ liệu mẫu"), default=False, db_index=True, editable=False)

    class Meta:
        ordering = ["at", "id"]
        verbose_name = _("thay đổi của dữ liệu mở")
        verbose_name_plural = _("thay đổi của dữ liệu mở")
        default_permissions = ()

    def __str__(self):
        return f"{self.row} {self.deed}"
