"""A list that the worker writes to a file, because it is too long to wait for."""

import uuid

from django.conf import settings
from django.core.files.storage import storages
from django.db import models
from django.utils.translation import gettext_lazy as _


def _private():
    return storages["private"]


class Export(models.Model):
    """Of whoever asked, to fetch for a day (`izportal/backoffice/exporting.py`)."""

    class Form(models.TextChoices):
        EXCEL = "xlsx", "Excel (.xlsx)"
        CSV = "csv", "CSV (UTF-8)"

    class State(models.TextChoices):
        WAITING = "waiting", _("Đang chờ")
        RUNNING = "running", _("Đang ghi")
        DONE = "done", _("Đã xong")
        CANCELLED = "cancelled", _("Đã dừng")
        FAILED = "failed", _("Không ghi được")

    UNFINISHED = (State.WAITING, State.RUNNING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    model = models.CharField(_("danh sách"), max_length=100)
    query = models.TextField(_("bộ lọc"), blank=True)
    language = models.CharField(_("ngôn ngữ"), max_length=10, default="vi")
    form = models.CharField(_("loại tệp"), max_length=4, choices=Form, default=Form.EXCEL)
    state = models.CharField(_("tình trạng"), max_length=10, choices=State, default=State.WAITING)
    total = models.PositiveIntegerField(_("số dòng"), default=0)
    done = models.PositiveIntegerField(_("đã ghi"), default=0)
    file = models.FileField(_("tệp"), upload_to="exports/", storage=_private, max_length=200, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("người xuất")
    )
    asked_at = models.DateTimeField(_("yêu cầu lúc"), db_index=True)

    class Meta:
        ordering = ["-asked_at"]
        verbose_name = _("lần xuất danh sách")
        verbose_name_plural = _("lần xuất danh sách")
        default_permissions = ()

    def __str__(self):
        return f"{self.model} · {self.get_form_display()}"

    @property
    def is_unfinished(self):
        return self.state in self.UNFINISHED
