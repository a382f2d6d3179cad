"""Searches of land that somebody is written about; no verb."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class SearchWatch(models.Model):
    """One address that follows one search. Written only by `zones/watches`; whoever stops leaves no row."""

    # The address of its page holds this key, signed.
    key = models.UUIDField(_("khóa"), unique=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("thư điện tử"))
    language = models.CharField(_("ngôn ngữ"), max_length=10, default="vi")
    query = models.TextField(_("địa chỉ của lần tìm"), max_length=2000, blank=True)
    asked_at = models.DateTimeField(_("đăng ký lúc"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("xác nhận lúc"), null=True, blank=True)
    told_at = models.DateTimeField(_("thư cuối lúc"), null=True, blank=True)
    # Code of each plot that the last letter knew → what it said of it.
    seen = models.JSONField(_("điều thư cuối đã nói"), default=dict, blank=True)

    class Meta:
        ordering = ["-asked_at", "-id"]
        verbose_name = _("lần tìm được theo dõi qua thư")
        verbose_name_plural = _("lần tìm được theo dõi qua thư")
        constraints = [models.UniqueConstraint(fields=["email", "query"], name="search_watched_once_by_address")]

    def __str__(self):
        return f"{self.email} · {self.query or '–'}"
