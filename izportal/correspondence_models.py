"""Correspondence as rows: who has written to the board without an account, and, where a term runs, whose turn it is.
Each kind of it has a table of its own; no verb stands here (`izportal/correspondence`)."""

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from izportal.models import Sampled


class Correspondence(Sampled):
    """Beside it stand `reference`, the words that were written and `<app>:<model>_detail`, the page of the writer."""

    # What the keys of letters to the writer call them.
    WRITER = "asker"

    # The form that was sent: whoever sends it again gets the row that is there.
    form_key = models.UUIDField(_("khóa của biểu mẫu"), unique=True, default=uuid.uuid4, editable=False)
    link_hash = models.CharField(_("mã băm của liên kết"), max_length=64, unique=True, editable=False)
    language = models.CharField(_("ngôn ngữ"), max_length=10, default="vi")
    name = models.CharField(_("họ và tên"), max_length=150, blank=True)
    organisation = models.CharField(_("tổ chức, doanh nghiệp"), max_length=200, blank=True)
    email = models.EmailField(_("thư điện tử"), blank=True)
    phone = models.CharField(_("điện thoại"), max_length=40, blank=True)
    consented_at = models.DateTimeField(_("đồng ý lúc"), default=timezone.now)
    erased_at = models.DateTimeField(_("xóa dữ liệu cá nhân lúc"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    def __str__(self):
        return self.reference

    def get_absolute_url(self):
        """Where the staff work on it; the page of the writer is a secret of theirs."""
        opts = self._meta.concrete_model._meta  # type: ignore[union-attr]
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[self.pk])


class AwaitedQuerySet(models.QuerySet):
    def awaited(self):
        """It is the board's turn."""
        return self.filter(status__in=self.model.AWAITED)

    def overdue(self, *, at):
        return self.awaited().filter(due_at__lt=at)


class Awaited(Correspondence):
    """What the board answers to its writer by a day, and who of its staff has charge of it."""

    # The statuses in which it is the board's turn.
    AWAITED: tuple[str, ...] = ()

    asked_at = models.DateTimeField(_("hỏi lúc"), default=timezone.now, db_index=True)
    due_at = models.DateTimeField(_("hạn trả lời"), null=True, blank=True, db_index=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("người phụ trách"),
    )  # fmt: skip

    class Meta:
        abstract = True
