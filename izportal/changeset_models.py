"""Change sets: what a file or a proposal would change, row by row, until accepted, applied and, at need, undone."""

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from izportal import roles


class ChangeSetQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever has some zones only sees what they sent and what is about one of them alone; an operator, what they
        sent."""
        if not user.zones:
            return self
        mine = Q(uploaded_by=user)
        return self.filter(mine if roles.only_proposes(user) else mine | Q(zone__in=user.zones))

    def same_file(self, *, kind, sha256):
        """Earlier sets from the very same file; those that came to nothing do not count."""
        left = [ChangeSet.State.CANCELLED, ChangeSet.State.REFUSED]
        return self.filter(kind=kind, stored__sha256=sha256).exclude(state__in=left).order_by("-pk")


class ChangeSet(models.Model):
    class State(models.TextChoices):
        WAITING = "waiting", _("Chờ đọc tệp")
        PARSING = "parsing", _("Đang đọc tệp")
        READY = "ready", _("Chờ xem và nhận")
        AWAITING = "awaiting", _("Chờ người thứ hai duyệt")
        APPLYING = "applying", _("Đang ghi vào cổng")
        APPLIED = "applied", _("Đã ghi")
        UNDOING = "undoing", _("Đang hoàn tác")
        UNDONE = "undone", _("Đã hoàn tác")
        CANCELLED = "cancelled", _("Đã hủy")
        REFUSED = "refused", _("Không đọc được tệp")

    AT_WORK = (State.WAITING, State.PARSING, State.APPLYING, State.UNDOING)
    OPEN = (State.READY, State.APPLIED)

    kind = models.SlugField(_("bảng"), max_length=40)
    # The code of the one zone that all its rows lie in, where that is known; the keepers of the zone see it.
    zone = models.CharField(_("khu"), max_length=10, blank=True, default="", db_index=True)
    stored = models.ForeignKey(
        "izportal.StoredFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("tệp")
    )
    # The same file with its faults told in it.
    marked = models.ForeignKey(
        "izportal.StoredFile", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("tệp đánh dấu lỗi"),
    )  # fmt: skip
    state = models.CharField(_("tình trạng"), max_length=10, choices=State, default=State.WAITING, db_index=True)
    note = models.CharField(_("lời nhắn"), max_length=500, blank=True)
    # What is told of the whole file: titles passed over, columns that are not read; why it was refused or sent back.
    remarks = models.JSONField(_("ghi chú"), default=list, blank=True)
    columns = models.JSONField(_("cột"), default=dict, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người gửi")
    )
    uploaded_at = models.DateTimeField(_("gửi lúc"))
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("người nhận")
    )
    accepted_at = models.DateTimeField(_("nhận lúc"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("người thứ hai"),
    )  # fmt: skip
    approved_at = models.DateTimeField(_("duyệt lúc"), null=True, blank=True)
    applied_at = models.DateTimeField(_("ghi lúc"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("người hoàn tác"),
    )  # fmt: skip
    undone_at = models.DateTimeField(_("hoàn tác lúc"), null=True, blank=True)

    objects = ChangeSetQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("đợt nhập dữ liệu")
        verbose_name_plural = _("đợt nhập dữ liệu")

    def __str__(self):
        return str(_("Đợt %(number)s") % {"number": self.pk}) + (f" · {self.stored.name}" if self.stored else "")

    @property
    def is_at_work(self):
        return self.state in self.AT_WORK

    @property
    def is_undoable(self):
        """The rows of an old set are not kept."""
        return self.state == self.State.APPLIED and self.rows.filter(state=ChangeSetRow.State.APPLIED).exists()

    def counts(self):
        """Rows by state, and how many of them a second person must approve; one question."""
        states = ChangeSetRow.State.values
        asked = {state: Count("pk", filter=Q(state=state)) for state in states}
        valid = Q(state__in=ChangeSetRow.VALID)
        extra = {
            "picked": Count("pk", filter=valid & Q(is_picked=True)),
            "guarded": Count("pk", filter=valid & Q(needs_second=True)),
            "all": Count("pk"),
        }
        return self.rows.aggregate(**asked, **extra)


class ChangeSetRow(models.Model):
    class State(models.TextChoices):
        NEW = "new", _("Thêm mới")
        CHANGED = "changed", _("Sửa")
        UNCHANGED = "unchanged", _("Không đổi")
        FAULT = "fault", _("Có lỗi")
        CONFLICT = "conflict", _("Vướng người khác sửa")
        APPLIED = "applied", _("Đã ghi")
        UNDONE = "undone", _("Đã hoàn tác")
        REFUSED_UNDO = "refused_undo", _("Không hoàn tác được")

    VALID = (State.NEW, State.CHANGED)

    change_set = models.ForeignKey(ChangeSet, models.CASCADE, related_name="rows", verbose_name=_("đợt"))
    position = models.PositiveIntegerField(_("thứ tự"))
    sheet = models.CharField(_("trang tính"), max_length=60, blank=True)
    number = models.PositiveIntegerField(_("dòng"))
    key = models.CharField(_("khóa"), max_length=200, blank=True)
    label = models.CharField(_("bản ghi"), max_length=200, blank=True)
    object_id = models.BigIntegerField(_("mã bản ghi"), null=True, blank=True)
    is_new = models.BooleanField(_("dòng mới"), default=False)
    state = models.CharField(_("tình trạng"), max_length=12, choices=State)
    # By column, only what differs; a new row has nothing before.
    before = models.JSONField(_("trước"), default=dict, blank=True)
    after = models.JSONField(_("sau"), default=dict, blank=True)
    faults = models.JSONField(_("lỗi"), default=list, blank=True)
    formulas = models.JSONField(_("ô công thức"), default=list, blank=True)
    # A digest of the record in all columns of the sheet: as it was read and, once applied, as it was left.
    mark = models.CharField(_("dấu"), max_length=24, blank=True)
    needs_second = models.BooleanField(_("cần người thứ hai"), default=False)
    is_picked = models.BooleanField(_("được nhận"), default=False)

    class Meta:
        ordering = ["change_set", "position"]
        verbose_name = _("dòng của đợt nhập")
        verbose_name_plural = _("dòng của đợt nhập")
        default_permissions = ()
        indexes = [models.Index(fields=["change_set", "state", "position"], name="changesetrow_by_state")]
        constraints = [models.UniqueConstraint(fields=["change_set", "position"], name="changesetrow_once")]

    def __str__(self):
        return f"{self.sheet} {self.number}".strip()
