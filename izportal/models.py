"""Rows that every floor needs: people, the working calendar, rules of law, stated figures, files and notices."""

import uuid
from functools import lru_cache

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import Group, Permission, PermissionsMixin
from django.core.files.storage import storages
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from izportal import languages
from izportal.chain_models import SealedDay  # noqa: F401  rows of this app
from izportal.changeset_models import ChangeSet, ChangeSetRow  # noqa: F401  rows of this app
from izportal.export_models import Export  # noqa: F401  rows of this app
from izportal.figure_models import (  # noqa: F401  rows of this app
    PlanTarget,
    Publication,
    PublishedFigure,
    Release,
    SeriesBreak,
)
from izportal.folding import FoldedField
from izportal.opendata_models import PublishedDeed, PublishedRow  # noqa: F401  rows of this app
from izportal.workdays import HOUR_RULES, Calendar, hours_set

# Codes stand in addresses, on papers and in sheets: a slash or a space would break the address of the record.
addressable = RegexValidator(
    r"^[A-Za-z0-9][A-Za-z0-9._-]*\Z",
    _("Mã chỉ gồm chữ cái không dấu, chữ số, dấu chấm, gạch ngang và gạch dưới."),
)


def private_storage():
    """Where papers lie: no public address. Named here so that migrations can point at it."""
    return storages["private"]


class Confidence(models.TextChoices):
    """How far a fact may be trusted; everything below `LAW` and `TWO_SOURCES` carries a mark on screen."""

    LAW = "law", _("Theo văn bản pháp luật")
    HIGH = "high", _("Đã đối chiếu văn bản")
    TWO_SOURCES = "two_sources", _("Hai nguồn trùng khớp")
    ONE_SOURCE = "one_source", _("Một nguồn")
    SECONDARY = "secondary", _("Nguồn thứ cấp")
    MEDIUM = "medium", _("Đối chiếu một phần")
    DISAGREE = "disagree", _("Các nguồn khác nhau")
    DERIVED = "derived", _("Tính từ số liệu khác")
    INFERRED = "inferred", _("Suy luận, chờ xác nhận")
    WEAK = "weak", _("Nguồn không chính thức")
    LOW = "low", _("Chưa đối chiếu")
    ASSUMPTION = "assumption", _("Quy ước của cổng, chờ Ban xác nhận")
    UNVERIFIED = "unverified", _("Chờ Ban xác nhận")
    CONFIRMED = "confirmed", _("Ban đã xác nhận")

    @classmethod
    def settled(cls):
        return {cls.LAW, cls.HIGH, cls.TWO_SOURCES, cls.CONFIRMED}


class Sampled(models.Model):
    """A row that may be invented; `drop_sample` removes those that are."""

    is_sample = models.BooleanField(_("dữ liệu mẫu"), default=False, db_index=True, editable=False)

    class Meta:
        abstract = True


class RecordedQuerySet(models.QuerySet):
    def as_known(self, moment=None):
        """Rows that stood at `moment` (None: now): recorded by then and not yet superseded by then."""
        if moment is None:
            # By the column that joins, so that PostgreSQL knows how few rows have another in their place.
            return self.filter(superseded_by__supersedes__isnull=True)
        return self.filter(recorded_at__lte=moment).exclude(superseded_by__recorded_at__lte=moment)


class Recorded(models.Model):
    """A dated fact that is superseded, never edited, so that a figure can be asked as it was known."""

    recorded_at = models.DateTimeField(_("ghi nhận lúc"), default=timezone.now, editable=False, db_index=True)
    recorded_by = models.ForeignKey(
        "izportal.User", models.PROTECT, null=True, blank=True, editable=False, related_name="+",
        verbose_name=_("người ghi nhận"),
    )  # fmt: skip
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="superseded_by",
        verbose_name=_("thay cho dòng"),
    )  # fmt: skip

    class Meta:
        abstract = True


class Division(models.Model):
    code = models.SlugField(_("mã"), unique=True)
    name = models.CharField(_("tên phòng, đơn vị"), max_length=200)
    is_active = models.BooleanField(_("đang hoạt động"), default=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("phòng, đơn vị")
        verbose_name_plural = _("phòng, đơn vị")

    def __str__(self):
        return self.name


# What makes the name of a permission.
NAMED = ("content_type__app_label", "codename")


class UserManager(BaseUserManager["User"]):
    def create_user(self, email, password=None, **fields):
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True, **fields})

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)


class User(Sampled, AbstractBaseUser, PermissionsMixin):
    class Letters(models.TextChoices):
        EACH = "each", _("Mỗi việc một thư")
        DAILY = "daily", _("Gộp một thư mỗi ngày")

    email = models.EmailField(_("thư điện tử"), unique=True)
    full_name = models.CharField(_("họ và tên"), max_length=150)
    phone = models.CharField(_("điện thoại"), max_length=30, blank=True)
    division = models.ForeignKey(
        Division, models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("phòng, đơn vị")
    )
    zones = models.JSONField(_("phạm vi khu"), default=list, blank=True, help_text=_("Mã khu; để trống là mọi khu."))
    language = models.CharField(_("ngôn ngữ thư"), max_length=10, choices=languages.choices, default="vi")
    letters = models.CharField(_("cách nhận thư"), max_length=10, choices=Letters, default=Letters.EACH)
    is_staff = models.BooleanField(_("cán bộ của Ban"), default=False)
    is_active = models.BooleanField(_("đang hoạt động"), default=True)
    date_joined = models.DateTimeField(_("ngày tạo"), default=timezone.now, editable=False)
    erased_at = models.DateTimeField(_("xóa dữ liệu cá nhân lúc"), null=True, blank=True, editable=False)
    folded = FoldedField(sources=("full_name", "email"))

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        ordering = ["full_name", "id"]
        verbose_name = _("người dùng")
        verbose_name_plural = _("người dùng")

    def __str__(self):
        if self.erased_at and not self.is_staff:
            return str(_("Người dùng đã xóa dữ liệu #%(number)s") % {"number": self.pk})
        return self.full_name or self.email

    def get_full_name(self):
        return self.full_name

    def wishes_daily_letter(self, email):
        """Nobody chooses for another mailbox than the one of their account."""
        return self.letters == self.Letters.DAILY and self.email.lower() == email.lower()

    def has_role(self, *roles):
        """Does this person hold one of the roles? A role is a group of the same code (`izportal/roles.py`)."""
        return self.is_active and bool(self.role_codes & set(roles))

    @property
    def role_codes(self):
        if not hasattr(self, "_role_codes"):
            self.read_rights()
        return self._role_codes

    def read_rights(self):
        """Groups and permissions in one question, kept where this class and Django's own backends look for them.

        Of others than ordinary staff, and where the groups are at hand, the groups alone.
        """
        is_known = self.pk is None or "groups" in getattr(self, "_prefetched_objects_cache", ())
        if is_known or self.is_superuser or not self.is_staff:
            self._role_codes = frozenset(group.name for group in self.groups.all()) if self.pk else frozenset()
            return
        # A permission that came by no role stands beside an empty name.
        own = Permission.objects.filter(user=self).order_by().values_list(Value(""), *NAMED)
        theirs = Group.objects.filter(user=self).order_by().values_list("name", *(f"permissions__{n}" for n in NAMED))
        rows = list(theirs.union(own, all=True))
        self._role_codes = frozenset(role for role, _app, _name in rows if role)
        self._user_perm_cache = {f"{app}.{name}" for role, app, name in rows if not role}
        self._group_perm_cache = {f"{app}.{name}" for role, app, name in rows if role and name}


class CalendarDay(models.Model):
    """A day on which the office differs from Monday to Friday, with the announcement it rests on."""

    class Kind(models.TextChoices):
        OFF = "off", _("Ngày nghỉ")
        MAKE_UP = "make_up", _("Ngày làm bù")

    day = models.DateField(_("ngày"), unique=True)
    kind = models.CharField(_("loại"), max_length=10, choices=Kind, default=Kind.OFF)
    name = models.CharField(_("tên"), max_length=200)
    announcement = models.CharField(_("văn bản thông báo"), max_length=200, blank=True)

    class Meta:
        ordering = ["day"]
        verbose_name = _("ngày nghỉ, ngày làm bù")
        verbose_name_plural = _("ngày nghỉ, ngày làm bù")

    def __str__(self):
        return f"{self.day:%d/%m/%Y} {self.name}"

    @classmethod
    def calendar(cls) -> Calendar:
        """The calendar and the hours in force: a year counts as announced when it has rows here."""
        return cls.under(Rule.objects.texts(HOUR_RULES, on=timezone.localdate()))

    @classmethod
    def under(cls, texts) -> Calendar:
        """The calendar under the rules of the hours (`HOUR_RULES`) as text, for whoever has read them with others."""
        days = cls.objects.order_by("day").values_list("day", "kind", "name")
        return _calendar(tuple(days), tuple(hours_set(texts).items()))


@lru_cache(maxsize=8)
def _calendar(days, hours) -> Calendar:
    """Equal rows make one calendar, which keeps what it has reckoned; there is nothing else in it to grow old."""
    rows = [{"day": day, "kind": kind, "name": name} for day, kind, name in days]
    return Calendar.from_rows(rows, announced_years={day.year for day, _kind, _name in days}, **dict(hours))


class RuleQuerySet(models.QuerySet):
    def in_force(self, on):
        return self.filter(valid_from__lte=on).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))

    def texts(self, codes, *, on):
        """{code: value} of the rules valid on a date; a later rule stands before an earlier one."""
        rows = self.in_force(on).filter(code__in=codes).order_by("valid_from")
        return dict(rows.values_list("code", "value"))


class Rule(models.Model):
    """A number set by law or by the board, with its article and validity; code never holds the number itself."""

    code = models.SlugField(_("mã"), max_length=60)
    name = models.CharField(_("tên"), max_length=300)
    value = models.CharField(_("giá trị"), max_length=60)
    unit = models.CharField(_("đơn vị"), max_length=30, blank=True)
    article = models.CharField(_("điều, khoản"), max_length=300, blank=True)
    valid_from = models.DateField(_("áp dụng từ"))
    valid_to = models.DateField(_("áp dụng đến"), null=True, blank=True)
    confidence = models.CharField(_("độ tin cậy"), max_length=20, choices=Confidence, default=Confidence.UNVERIFIED)
    note = models.TextField(_("ghi chú"), blank=True)

    objects = RuleQuerySet.as_manager()

    class Meta:
        ordering = ["code", "-valid_from"]
        verbose_name = _("quy tắc, con số pháp lý")
        verbose_name_plural = _("quy tắc, con số pháp lý")
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="rule_once_per_day"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="rule_dates_in_order",
                violation_error_message=_("Ngày hết áp dụng phải sau ngày bắt đầu áp dụng."),
            ),
        ]

    def __str__(self):
        return f"{self.code} = {self.value}"

    @classmethod
    def row(cls, code: str, *, on) -> "Rule":
        """The rule `code` valid on a date; raises `Rule.DoesNotExist` where the law is silent."""
        row = cls.objects.in_force(on).filter(code=code).order_by("-valid_from").first()
        if row is None:
            raise cls.DoesNotExist(f"{code} {on}")
        return row

    @classmethod
    def text(cls, code: str, *, on) -> str:
        return cls.row(code, on=on).value

    @classmethod
    def number(cls, code: str, *, on) -> int:
        return int(cls.text(code, on=on))


class Act(models.Model):
    """A text of law: in force, or replaced by another."""

    number = models.CharField(_("số, ký hiệu"), max_length=60, unique=True)
    title = models.CharField(_("trích yếu"), max_length=400)
    issuer = models.CharField(_("cơ quan ban hành"), max_length=200, blank=True)
    signed_on = models.DateField(_("ngày ban hành"), null=True, blank=True)
    in_force_from = models.DateField(_("hiệu lực từ"), null=True, blank=True)
    in_force_to = models.DateField(_("hiệu lực đến"), null=True, blank=True)
    replaced_by = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="replaces", verbose_name=_("thay thế bởi")
    )
    confidence = models.CharField(_("độ tin cậy"), max_length=20, choices=Confidence, default=Confidence.UNVERIFIED)
    note = models.TextField(_("ghi chú"), blank=True)
    folded = FoldedField(sources=("number", "title_vi"))

    class Meta:
        ordering = ["number"]
        verbose_name = _("văn bản pháp luật")
        verbose_name_plural = _("văn bản pháp luật")

    def __str__(self):
        return self.number

    def is_in_force(self, on):
        return self.in_force_to is None or self.in_force_to >= on


class StatedFigure(models.Model):
    """What the board has said about itself on a date, in its own words; never computed, never mixed with computed."""

    indicator = models.SlugField(_("chỉ tiêu"), max_length=40)
    value = models.DecimalField(_("giá trị"), max_digits=24, decimal_places=4)
    as_of = models.DateField(_("tính đến"))
    period = models.CharField(_("kỳ"), max_length=20, blank=True)
    is_at_least = models.BooleanField(_("nguồn ghi “trên”"), default=False)
    is_derived = models.BooleanField(_("tính từ số liệu khác"), default=False)
    source = models.CharField(_("nguồn"), max_length=500)
    note = models.TextField(_("ghi chú"), blank=True)

    class Meta:
        ordering = ["as_of", "indicator"]
        verbose_name = _("số liệu đã công bố")
        verbose_name_plural = _("số liệu đã công bố")
        constraints = [
            models.UniqueConstraint(fields=["indicator", "as_of", "period"], name="stated_figure_once"),
        ]

    def __str__(self):
        return f"{self.indicator} {self.as_of:%d/%m/%Y}"


class StoredFileQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Without what lies in drafts alone, which are the applicants'; the counter calls its rows `papers`."""
        seen = Q(papers__isnull=True) | Q(papers__dossier__submitted_at__isnull=False)
        return self.filter(pk__in=self.model.objects.filter(seen).values("pk"))


class StoredFile(Sampled):
    """A private file with what was found in it; read only through `documents.serve`."""

    class State(models.TextChoices):
        PENDING = "pending", _("Đang kiểm tra mã độc")
        SAFE = "safe", _("An toàn")
        REFUSED = "refused", _("Bị từ chối")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.FileField(_("tệp"), storage=private_storage, max_length=200, editable=False)
    name = models.CharField(_("tên tệp"), max_length=200)
    mime = models.CharField(_("loại"), max_length=100)
    size = models.PositiveBigIntegerField(_("cỡ, byte"))
    pages = models.PositiveIntegerField(_("số trang"), null=True, blank=True)
    sha256 = models.CharField(_("SHA-256"), max_length=64, db_index=True)
    uploaded_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("người tải lên")
    )
    uploaded_at = models.DateTimeField(_("tải lên lúc"), default=timezone.now)
    # Until it is safe nobody may read it; `scanned_at` is empty where no scanner is configured.
    state = models.CharField(_("tình trạng"), max_length=10, choices=State, default=State.SAFE)
    state_note = models.CharField(_("lý do"), max_length=300, blank=True)
    scanned_at = models.DateTimeField(_("quét mã độc lúc"), null=True, blank=True)
    # The nightly reading compares the content with the hash again.
    reread_at = models.DateTimeField(_("đối chiếu mã băm lúc"), null=True, blank=True, db_index=True)
    is_intact = models.BooleanField(_("nội dung nguyên vẹn"), default=True)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at"]
        verbose_name = _("tệp đã lưu")
        verbose_name_plural = _("tệp đã lưu")

    def __str__(self):
        return self.name


class PartialFile(models.Model):
    """A file that comes in pieces and goes on after a break; whole, it is a `StoredFile` (`izportal/chunks.py`)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # What it is for, in the words of the room that asked for it; part of its identity, so that a break is found again.
    purpose = models.CharField(_("dùng cho"), max_length=200, db_index=True)
    name = models.CharField(_("tên tệp"), max_length=255)
    size = models.PositiveBigIntegerField(_("cỡ, byte"))
    sha256 = models.CharField(_("SHA-256 do máy gửi tính"), max_length=64, blank=True)
    received = models.PositiveBigIntegerField(_("đã nhận, byte"), default=0)
    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("người tải lên"))
    created_at = models.DateTimeField(_("bắt đầu lúc"), default=timezone.now)
    touched_at = models.DateTimeField(_("nhận lần cuối lúc"), default=timezone.now, db_index=True)

    class Meta:
        ordering = ["-touched_at"]
        verbose_name = _("tệp đang tải lên")
        verbose_name_plural = _("tệp đang tải lên")

    def __str__(self):
        return self.name


class JobQuerySet(models.QuerySet):
    def unfinished(self):
        return self.filter(done_at__isnull=True, given_up_at__isnull=True)

    def in_state(self, state):
        """As `Job.state` tells a single row."""
        states = self.model.State
        if state == states.DONE:
            return self.filter(done_at__isnull=False)
        if state == states.GIVEN_UP:
            return self.filter(done_at__isnull=True, given_up_at__isnull=False)
        idle = self.unfinished().filter(started_at__isnull=True)
        if state == states.RUNNING:
            return self.unfinished().filter(started_at__isnull=False)
        return idle.filter(attempts__gt=0) if state == states.FAILING else idle.filter(attempts=0)

    def troubled(self):
        """What went wrong and is not done: some of it will be tried again, some has been given up."""
        idle = Q(started_at__isnull=True, attempts__gt=0)
        return self.filter(idle | Q(given_up_at__isnull=False), done_at__isnull=True)


class Job(models.Model):
    """Something that must happen after a commit, written with the deed that asks for it (`izportal/outbox.py`)."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Đang chờ")
        RUNNING = "running", _("Đang chạy")
        FAILING = "failing", _("Chưa được, sẽ thử lại")
        GIVEN_UP = "given_up", _("Đã thôi thử")
        DONE = "done", _("Đã xong")

    key = models.CharField(_("khóa"), max_length=160, unique=True, editable=False)
    call = models.CharField(_("việc"), max_length=200)
    arguments = models.JSONField(_("tham số"), default=list, blank=True)
    created_at = models.DateTimeField(_("giao lúc"), default=timezone.now)
    # When it may run; while it runs, when it is taken to have died. Empty once nothing is left to do.
    next_at = models.DateTimeField(_("chạy lúc"), null=True, blank=True, db_index=True)
    attempts = models.PositiveSmallIntegerField(_("số lần thử"), default=0)
    started_at = models.DateTimeField(_("bắt đầu lúc"), null=True, blank=True)
    done_at = models.DateTimeField(_("xong lúc"), null=True, blank=True, db_index=True)
    given_up_at = models.DateTimeField(_("thôi thử lúc"), null=True, blank=True, db_index=True)
    error = models.TextField(_("lỗi lần cuối"), blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["-created_at", "-id"], name="job_latest")]
        verbose_name = _("việc sau giao dịch")
        verbose_name_plural = _("việc sau giao dịch")

    def __str__(self):
        return self.key

    @property
    def state(self):
        if self.done_at:
            return self.State.DONE
        if self.given_up_at:
            return self.State.GIVEN_UP
        if self.started_at:
            return self.State.RUNNING
        return self.State.FAILING if self.attempts else self.State.WAITING


class Notice(Sampled):
    """A letter to one reader, written with the deed that causes it and sent once by the worker."""

    key = models.CharField(_("khóa"), max_length=120, unique=True, editable=False)
    kind = models.SlugField(_("loại"), max_length=60)
    email = models.EmailField(_("gửi tới"))
    user = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="notices", verbose_name=_("người nhận")
    )
    language = models.CharField(_("ngôn ngữ"), max_length=10, default="vi")
    subject = models.CharField(_("tiêu đề"), max_length=300)
    body = models.TextField(_("nội dung"))
    # What the daily letter says of it: the dossier or the matter, its page and a day not to be missed.
    about = models.CharField(_("về việc"), max_length=300, blank=True)
    address = models.CharField(_("trang"), max_length=500, blank=True)
    until = models.DateTimeField(_("hạn"), null=True, blank=True)
    created_at = models.DateTimeField(_("viết lúc"), default=timezone.now)
    sent_at = models.DateTimeField(_("gửi lúc"), null=True, blank=True)
    # Kept for the daily letter of a reader who wishes one, and that letter once it is written.
    is_held = models.BooleanField(_("chờ thư gộp"), default=False)
    digest = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="gathered", verbose_name=_("thư gộp")
    )

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["-created_at", "-id"], name="notice_latest")]
        verbose_name = _("thư báo")
        verbose_name_plural = _("thư báo")

    def __str__(self):
        return self.subject


class Wording(models.Model):
    """The staff's own text for one kind of letter in one language; where there is none the portal's own stands
    (`izportal/wordings.py`)."""

    kind = models.SlugField(_("loại thư"), max_length=60)
    language = models.CharField(_("ngôn ngữ"), max_length=10, choices=languages.choices, default="vi")
    subject = models.CharField(_("tiêu đề"), max_length=300)
    body = models.TextField(_("nội dung"))
    changed_at = models.DateTimeField(_("sửa lúc"), default=timezone.now, editable=False)
    changed_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", editable=False, verbose_name=_("người sửa")
    )
    history = HistoricalRecords()

    class Meta:
        ordering = ["kind", "-language"]
        verbose_name = _("lời thư")
        verbose_name_plural = _("lời thư")
        constraints = [models.UniqueConstraint(fields=["kind", "language"], name="wording_once_per_language")]

    def __str__(self):
        return f"{self.kind} ({self.language})"
