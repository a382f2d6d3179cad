"""What hangs on an item: its picture, its files, and the facts of a document with its validity."""

import uuid

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from izportal.models import Sampled, StoredFile, User
from izportal.press.models.items import Item


class Picture(Sampled):
    """A picture kept in a few widths, its words in each language; the files are made when it is sent in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("tên ảnh"), max_length=200)
    alt = models.CharField(
        _("lời tả ảnh"), max_length=300, blank=True,
        help_text=_("Ảnh cho thấy gì, dành cho người không nhìn thấy ảnh. Bắt buộc với mỗi ngôn ngữ có dùng ảnh."),
    )  # fmt: skip
    credit = models.CharField(_("tác giả, nguồn ảnh"), max_length=200, blank=True)
    width = models.PositiveIntegerField(_("rộng, điểm ảnh"), editable=False)
    height = models.PositiveIntegerField(_("cao, điểm ảnh"), editable=False)
    widths = models.JSONField(_("các cỡ"), default=list, editable=False)
    extension = models.CharField(max_length=5, editable=False)
    uploaded_at = models.DateTimeField(_("tải lên lúc"), default=timezone.now, editable=False)
    uploaded_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, editable=False, related_name="+", verbose_name=_("người tải lên")
    )

    class Meta:
        ordering = ["-uploaded_at"]
        verbose_name = _("ảnh")
        verbose_name_plural = _("ảnh")

    def __str__(self):
        return self.name


class Attachment(models.Model):
    """A file offered beside the text."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="attachments", verbose_name=_("nội dung"))
    title = models.CharField(_("tên tệp hiện trên trang"), max_length=200)
    stored = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name=_("tệp"))
    position = models.PositiveSmallIntegerField(_("thứ tự"), default=0)

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("tệp đính kèm")
        verbose_name_plural = _("tệp đính kèm")

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("press:attachment", args=[self.item.slug, self.pk])


class Document(models.Model):
    """What a decision or another paper is: number, issuer, validity, and which later one stands in its place."""

    item = models.OneToOneField(Item, models.CASCADE, related_name="document", verbose_name=_("nội dung"))
    number = models.CharField(_("số, ký hiệu"), max_length=100, blank=True)
    issuer = models.CharField(_("cơ quan ban hành"), max_length=200, blank=True)
    issued_on = models.DateField(_("ngày ban hành"), null=True, blank=True)
    in_force_from = models.DateField(_("hiệu lực từ"), null=True, blank=True)
    in_force_to = models.DateField(_("hiệu lực đến hết"), null=True, blank=True)
    replaced_by = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="replaces", verbose_name=_("được thay bằng")
    )

    class Meta:
        ordering = [F("issued_on").desc(nulls_last=True), "number"]
        verbose_name = _("văn bản")
        verbose_name_plural = _("văn bản")
        constraints = [
            models.CheckConstraint(
                condition=Q(in_force_to__isnull=True)
                | Q(in_force_from__isnull=True)
                | Q(in_force_to__gte=F("in_force_from")),
                name="document_dates_in_order",
                violation_error_message=_("Ngày hết hiệu lực phải sau ngày có hiệu lực."),
            ),
        ]

    def __str__(self):
        return self.number or str(self.item)

    def clean(self):
        seen, later = {self.pk}, self.replaced_by
        while later is not None:
            if later.pk in seen:
                raise ValidationError({"replaced_by": _("Hai văn bản không thể thay thế lẫn nhau.")})
            seen.add(later.pk)
            later = later.replaced_by

    def is_in_force(self, on):
        """None where no day is known."""
        if self.in_force_to is not None and self.in_force_to < on:
            return False
        if self.in_force_from is None:
            return None
        return self.in_force_from <= on
