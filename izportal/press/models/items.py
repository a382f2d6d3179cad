"""A matter that the board publishes, and its text in each language, edition by edition."""

from contextlib import suppress

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import NoReverseMatch, resolve, reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from izportal import languages
from izportal.folding import FoldedField, matches
from izportal.models import Division, Sampled, User
from izportal.press import richtext


class Category(models.Model):
    slug = models.SlugField(_("đường dẫn"), max_length=60, unique=True)
    name = models.CharField(_("tên chuyên mục"), max_length=100)
    position = models.PositiveSmallIntegerField(_("thứ tự"), default=0)

    class Meta:
        ordering = ["position", "slug"]
        verbose_name = _("chuyên mục")
        verbose_name_plural = _("chuyên mục")

    def __str__(self):
        return self.name


def _within_zones(user, consultation):
    """Texts of a planning draft belong to its zone, all others to everyone who may read texts at all."""
    zone = f"{consultation}__zone"
    return Q(**{zone: None}) | Q(**{f"{zone}__code__in": user.zones}) if user.zones else Q()


class ItemQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(_within_zones(user, "consultation"))

    def public(self, *, at):
        """Items that have something to read in any language."""
        return self.filter(Exists(Edition.objects.public(at=at).filter(item=OuterRef("pk"))))


class Item(Sampled):
    """What the editions in each language are about: one address, one picture, one list of files."""

    class Kind(models.TextChoices):
        NEWS = "news", _("Tin tức")
        NOTICE = "notice", _("Thông báo")
        PAGE = "page", _("Trang giới thiệu")
        DOCUMENT = "document", _("Văn bản, quyết định")
        CONSULTATION = "consultation", _("Lấy ý kiến quy hoạch")
        ANSWER = "answer", _("Hỏi đáp")

    # The page of each kind, by the name of its URL.
    PAGES = {
        Kind.NEWS: "press:item_detail", Kind.NOTICE: "press:item_detail", Kind.PAGE: "press:page_detail",
        Kind.DOCUMENT: "press:document_detail", Kind.CONSULTATION: "press:consultation_detail",
        Kind.ANSWER: "press:answer_detail",
    }  # fmt: skip

    # The list that a page of each kind hangs under.
    LISTS = {
        Kind.PAGE: ("press:page_list", _("Giới thiệu")),
        Kind.DOCUMENT: ("press:document_list", _("Văn bản, quyết định")),
        Kind.CONSULTATION: ("press:consultation_list", _("Lấy ý kiến quy hoạch")),
        Kind.ANSWER: ("press:answer_list", _("Hỏi đáp")),
    }  # fmt: skip

    kind = models.CharField(_("loại"), max_length=12, choices=Kind, default=Kind.NEWS)
    slug = models.SlugField(
        _("đường dẫn"), max_length=120, unique=True,
        help_text=_("Phần cuối địa chỉ trang, chung cho mọi ngôn ngữ. Đổi thì địa chỉ cũ vẫn dẫn về trang này."),
    )  # fmt: skip
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="items", verbose_name=_("chuyên mục")
    )
    division = models.ForeignKey(
        Division, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("đơn vị phụ trách nội dung")
    )
    picture = models.ForeignKey(
        "press.Picture", models.PROTECT, null=True, blank=True, related_name="items", verbose_name=_("ảnh đại diện")
    )
    position = models.PositiveSmallIntegerField(
        _("thứ tự"), default=0, help_text=_("Chỉ dùng cho trang giới thiệu: số nhỏ đứng trước.")
    )
    created_at = models.DateTimeField(_("tạo lúc"), default=timezone.now, editable=False)

    objects = ItemQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = _("nội dung")
        verbose_name_plural = _("nội dung")

    def __str__(self):
        return self.slug

    def get_absolute_url(self):
        return reverse(self.PAGES[self.kind], args=[self.slug]) if self.kind in self.PAGES else ""

    @property
    def list_page(self):
        return self.LISTS.get(self.kind, ("press:item_list",))[0]

    @property
    def list_title(self):
        return self.LISTS.get(self.kind, ("", _("Tin tức và thông báo")))[1]

    def clean(self):
        if not self._has_free_address():
            raise ValidationError({"slug": _("Địa chỉ này là của một trang có sẵn; hãy chọn đường dẫn khác.")})
        if FormerSlug.objects.filter(slug=self.slug).exclude(item=self.pk).exists():
            raise ValidationError({"slug": _("Địa chỉ này đang dẫn về một nội dung khác; hãy chọn đường dẫn khác.")})

    def _has_free_address(self):
        """Beside the texts of a kind stand pages of the portal: their feed, their archive, a form."""
        if not self.slug or self.kind not in self.PAGES:
            return True
        found = set()
        for code in languages.codes():
            with translation.override(code), suppress(NoReverseMatch):
                found.add(resolve(self.get_absolute_url()).view_name)
        return found <= {self.PAGES[self.kind]}

    def save(self, *args, **kwargs):
        """An address that was known once goes on leading here."""
        before = Item.objects.filter(pk=self.pk).values_list("slug", flat=True).first() if self.pk else None
        super().save(*args, **kwargs)
        if before and before != self.slug:
            FormerSlug.objects.filter(slug=self.slug).delete()
            FormerSlug.objects.update_or_create(slug=before, defaults={"item": self})


class FormerSlug(models.Model):
    slug = models.SlugField(_("đường dẫn cũ"), max_length=120, unique=True)
    item = models.ForeignKey(Item, models.CASCADE, related_name="former_slugs", verbose_name=_("nội dung"))

    class Meta:
        ordering = ["slug"]
        verbose_name = _("đường dẫn cũ")
        verbose_name_plural = _("đường dẫn cũ")

    def __str__(self):
        return self.slug


class EditionQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(_within_zones(user, "item__consultation"))

    def public(self, *, at):
        """What strangers read at a moment: the newest edition of each item and language whose time has come and whose
        end has not. The clock need not have passed by (`lifecycle.keep_time`)."""
        return self._newest(_open(at), at)

    def archived(self, *, at):
        """What strangers find in the archive: the public editions, and those that ended at their hour; what a person
        has taken down is found nowhere."""
        return self._newest(_open(at) | _ended(at), at)

    def _newest(self, shown, at):
        newer = Edition.objects.filter(_out(at), item=OuterRef("item"), language=OuterRef("language"))
        return self.filter(shown).exclude(Exists(newer.filter(number__gt=OuterRef("number"))))

    def in_language(self, language):
        return self.filter(language=language)

    def holding(self, text):
        return matches(self, text)


def _out(at):
    return Q(status=Edition.Status.PUBLISHED) | Q(status=Edition.Status.REVIEWED, publish_at__lte=at)


def _open(at):
    return _out(at) & (Q(expires_at__isnull=True) | Q(expires_at__gt=at))


def _ended(at):
    """By the clock, noted or not: then nobody wrote why, and no newer edition came before."""
    noted = Q(status=Edition.Status.EXPIRED, note="", closed_at__gte=F("expires_at"))
    return (_out(at) | noted) & Q(expires_at__lte=at)


class Edition(models.Model):
    """The text of an item in one language, as it was written, reviewed and published. After the draft it is frozen:
    whoever wants it otherwise writes the next edition."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Bản nháp")
        SUBMITTED = "submitted", _("Chờ duyệt")
        REVIEWED = "reviewed", _("Đã duyệt")
        PUBLISHED = "published", _("Đang công bố")
        EXPIRED = "expired", _("Đã hết công bố")

    UNFINISHED = (Status.DRAFT, Status.SUBMITTED, Status.REVIEWED)

    item = models.ForeignKey(Item, models.CASCADE, related_name="editions", verbose_name=_("nội dung"))
    language = models.CharField(_("ngôn ngữ"), max_length=10, choices=languages.choices, default="vi")
    number = models.PositiveSmallIntegerField(_("lần"), default=1, editable=False)
    title = models.CharField(_("tiêu đề"), max_length=200)
    summary = models.TextField(
        _("tóm tắt"), max_length=500, blank=True, help_text=_("Một, hai câu; hiện trong danh sách và khi chia sẻ.")
    )
    body = models.TextField(_("nội dung"), blank=True)
    sources = models.TextField(_("nguồn"), blank=True, help_text=_("Mỗi nguồn một dòng; hiện ở cuối trang."))
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    publish_at = models.DateTimeField(
        _("công bố lúc"), null=True, blank=True, help_text=_("Để trống thì công bố bằng tay sau khi duyệt.")
    )
    expires_at = models.DateTimeField(_("hết công bố lúc"), null=True, blank=True)
    # The Vietnamese edition that this one says in another language.
    original = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, editable=False, related_name="translations",
        verbose_name=_("dịch từ"),
    )  # fmt: skip
    written_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, editable=False, related_name="+", verbose_name=_("người viết")
    )
    reviewed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, editable=False, related_name="+", verbose_name=_("người duyệt")
    )
    reviewed_at = models.DateTimeField(_("duyệt lúc"), null=True, blank=True, editable=False)
    published_at = models.DateTimeField(_("đã công bố lúc"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("thôi công bố lúc"), null=True, blank=True, editable=False)
    note = models.CharField(_("lý do trả lại hoặc gỡ"), max_length=500, blank=True, editable=False)
    folded = FoldedField(sources=("title", "summary", "words"))

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("bài viết")
        verbose_name_plural = _("bài viết")
        constraints = [
            models.UniqueConstraint(
                fields=["item", "language", "number"], name="edition_once",
                violation_error_message=_("Lần này của bài viết đã có."),
            ),
            models.UniqueConstraint(
                fields=["item", "language"], condition=Q(status__in=("draft", "submitted", "reviewed")),
                name="edition_one_unfinished",
                violation_error_message=_("Ngôn ngữ này đang có một bản chưa công bố; hãy viết tiếp bản đó."),
            ),
            models.UniqueConstraint(
                fields=["item", "language"], condition=Q(status="published"), name="edition_one_published",
                violation_error_message=_("Ngôn ngữ này đang có một bản được công bố."),
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("written_by")), name="edition_second_person",
                violation_error_message=_("Người viết không tự duyệt bài của mình."),
            ),
            models.CheckConstraint(
                condition=Q(expires_at__isnull=True) | Q(publish_at__isnull=True) | Q(expires_at__gt=F("publish_at")),
                name="edition_times_in_order",
                violation_error_message=_("Lúc hết công bố phải sau lúc công bố."),
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["language", "status", "-published_at"], name="edition_public")]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        """Whoever writes, and by whatever way: nothing but what the allow-list knows is kept."""
        self.body = richtext.clean(self.body)
        self.title, self.summary, self.sources = (
            richtext.plain(text) for text in (self.title, self.summary, self.sources)
        )
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return self.item.get_absolute_url()

    @property
    def words(self):
        return richtext.words(self.body)

    @property
    def is_draft(self):
        return self.status == self.Status.DRAFT

    @property
    def out_at(self):
        """When it came out: at its hour, where the clock has not noted it yet."""
        return self.published_at or self.publish_at

    def has_ended(self, at):
        return self.expires_at is not None and self.expires_at <= at

    @property
    def is_archived(self):
        """Noted by the clock, and taken down by nobody since."""
        ends = self.expires_at
        return self.status == self.Status.EXPIRED and not self.note and ends is not None and self.closed_at >= ends

    def is_public(self, at):
        has_come = self.status == self.Status.PUBLISHED or (
            self.status == self.Status.REVIEWED and self.publish_at is not None and self.publish_at <= at
        )
        return has_come and not self.has_ended(at)
