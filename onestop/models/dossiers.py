"""The dossiers: what was filed, its papers, and requests to complete it."""

import secrets
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from izportal import roles
from izportal.folding import FoldedField
from izportal.models import Division, Sampled, StoredFile
from onestop.models.catalogue import Component, Definition, Procedure, ProcedureCase, ProcedureVersion
from projects.models import Change, Enterprise, Project
from zones.models import Plot

# No 0/O, 1/I/L: the code is read from paper and told over the phone.
LOOKUP_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def lookup_code():
    return "".join(secrets.choice(LOOKUP_ALPHABET) for _ in range(8))


class DossierQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Rows this person may open: their enterprises' dossiers, or all that have been filed for board staff (of
        their zones, where they keep to some); what is being entered at the counter only for those who enter there."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff and not (user.is_superuser or user.role_codes & READERS):
            return self.none()
        at_counter = self._drafts_of_counter()
        if user.is_staff and roles.may(user, "enter_dossier"):
            return self._of_zones(user).filter(~Q(status=Dossier.Status.DRAFT) | at_counter)
        if user.is_staff:
            return self._of_zones(user).exclude(status=Dossier.Status.DRAFT)
        return self.filter(enterprise__in=Enterprise.objects.visible_to(user)).exclude(at_counter)

    def _of_zones(self, user):
        """Not those about a plot or a project elsewhere."""
        if not user.zones:
            return self
        plot = Q(plot__isnull=True) | Q(plot__zone__code__in=user.zones)
        return self.filter(plot, Q(project__isnull=True) | Q(project__zone__code__in=user.zones))

    @staticmethod
    def _drafts_of_counter():
        """What a clerk is typing in for somebody at the counter: nobody's dossier yet, and no applicant's draft."""
        return Q(status=Dossier.Status.DRAFT, channel__in=Dossier.BY_HAND)

    def being_entered(self):
        return self.filter(self._drafts_of_counter())

    def with_names(self):
        return self.select_related("procedure", "case", "enterprise", "plot__zone", "project", "assigned_to")

    def open(self):
        """Filed and not at an end: somebody at the board, or the applicant, still has to act."""
        return self.filter(status__in=Dossier.OPEN)

    def running(self):
        return self.filter(status__in=Dossier.RUNNING)

    def unanswered(self, *, at):
        """Submitted and past the first-answer moment."""
        return self.filter(status=Dossier.Status.SUBMITTED, answer_by__lt=at)

    def countable(self):
        """Real dossiers once there is one, sample dossiers until then."""
        return self.filter(is_sample=not Dossier.objects.filter(is_sample=False).exists())


# Roles whose holders may read filed dossiers (codes of izportal/roles.py).
READERS = frozenset({"reception", "specialist", "head", "leader", "clerk", "register", "auditor", "administrator"})


class Dossier(Sampled):
    class Status(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("dossier", "Nháp")
        SUBMITTED = "submitted", _("Mới đăng ký")
        INTAKE_SUPPLEMENT = "intake_supplement", _("Chờ bổ sung trước tiếp nhận")
        INTAKE_REFUSED = "intake_refused", _("Không được tiếp nhận")
        RECEIVED = "received", _("Được tiếp nhận")
        FEE_DUE = "fee_due", _("Chờ nộp phí, lệ phí")
        ASSIGNED = "assigned", _("Đã phân công")
        IN_REVIEW = "in_review", _("Đang thẩm định")
        CONSULTING = "consulting", _("Đang lấy ý kiến")
        REVIEW_SUPPLEMENT = "review_supplement", _("Chờ bổ sung")
        HEAD_CHECK = "head_check", _("Trình trưởng phòng")
        LEADER_SIGN = "leader_sign", _("Trình lãnh đạo ký")
        NUMBERING = "numbering", _("Vào số, đóng dấu")
        RESULT_READY = "result_ready", _("Đã có kết quả")
        DELIVERED = "delivered", _("Đã trả kết quả")
        WITHDRAWN = "withdrawn", _("Đã rút hồ sơ")
        STOPPED = "stopped", _("Dừng xử lý")
        ARCHIVED = "archived", _("Lưu hồ sơ")

    class Decision(models.TextChoices):
        NONE = "", _("Chưa quyết định")
        GRANTED = "granted", _("Đồng ý cấp")
        REFUSED = "refused", _("Từ chối")

    class Channel(models.TextChoices):
        HERE = "here", _("Tại cổng này")
        NATIONAL = "national", _("Cổng Dịch vụ công quốc gia")
        COUNTER = "counter", _("Tại quầy")
        POST = "post", _("Qua bưu chính")

    # Reserved keys of `answers`: who stands at the counter, and which papers are held on paper or were only shown.
    HANDED_IN, ON_PAPER = "handed_in", "papers_on_paper"
    # Channels in which a clerk types in what somebody brings or sends.
    BY_HAND = ("counter", "post")
    INTAKE = ("submitted", "intake_supplement")
    WAITING_FOR_APPLICANT = ("intake_supplement", "review_supplement", "fee_due")
    AT_WORK = ("assigned", "in_review", "consulting", "head_check", "leader_sign", "numbering")
    RUNNING = ("received", *AT_WORK)
    PAUSED = ("review_supplement", "fee_due")
    OPEN = (*INTAKE, *RUNNING, *PAUSED)
    SETTLED = ("result_ready", "delivered", "archived")
    ENDED_WITHOUT_RESULT = ("intake_refused", "withdrawn", "stopped")
    # The ten codes in which the national portal is told (onestop rules, section 5.1).
    NATIONAL_CODES = {
        "submitted": 1, "received": 2, "intake_refused": 3, "assigned": 4, "in_review": 4, "consulting": 4,
        "head_check": 4, "leader_sign": 4, "numbering": 4, "intake_supplement": 5, "review_supplement": 5,
        "fee_due": 6, "withdrawn": 7, "stopped": 8, "result_ready": 9, "delivered": 10, "archived": 10,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="dossiers", verbose_name=_("thủ tục"))
    version = models.ForeignKey(
        ProcedureVersion, models.PROTECT, related_name="dossiers", verbose_name=_("phiên bản thủ tục")
    )
    case = models.ForeignKey(ProcedureCase, models.PROTECT, related_name="dossiers", verbose_name=_("trường hợp"))
    definition = models.ForeignKey(
        Definition, models.PROTECT, null=True, blank=True, related_name="dossiers",
        verbose_name=_("phiên bản tờ khai"),
    )  # fmt: skip
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, related_name="dossiers", verbose_name=_("tổ chức kinh tế")
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="dossiers", verbose_name=_("người lập")
    )
    channel = models.CharField(_("cách nộp"), max_length=10, choices=Channel, default=Channel.HERE)
    language = models.CharField(_("ngôn ngữ thư"), max_length=10, default="vi")
    contact_name = models.CharField(_("người liên hệ"), max_length=200, blank=True)
    contact_email = models.EmailField(_("thư điện tử liên hệ"), blank=True)
    contact_phone = models.CharField(_("điện thoại liên hệ"), max_length=30, blank=True)
    answers = models.JSONField(_("nội dung tờ khai"), default=dict, blank=True)
    # What was typed in a section of a draft and is not sound yet: {section: {"data": …, "at": …, "by": …}}.
    typed = models.JSONField(_("đang khai dở"), default=dict, blank=True, editable=False)
    # Who saved each section last: {section: {"no": version, "at": …, "by": …, "window": …, "turn": …}}.
    saves = models.JSONField(_("lần lưu của từng phần"), default=dict, blank=True, editable=False)
    # Answers whose question a newer form no longer asks, in words: [{"label": {"vi", "en"}, "value": {"vi", "en"}}].
    set_aside = models.JSONField(_("câu trả lời của mẫu cũ"), default=list, blank=True, editable=False)
    carried_from = models.ForeignKey(
        Definition, models.PROTECT, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("chuyển từ phiên bản"),
    )  # fmt: skip
    # Filed in another system: which one, and under which code there.
    system = models.ForeignKey(
        "onestop.IntakeSystem", models.PROTECT, null=True, blank=True, related_name="dossiers", editable=False,
        verbose_name=_("hệ thống gửi"),
    )  # fmt: skip
    foreign_code = models.CharField(_("mã hồ sơ ở hệ thống gửi"), max_length=60, blank=True, editable=False)
    plot = models.ForeignKey(
        Plot, models.PROTECT, null=True, blank=True, related_name="dossiers", verbose_name=_("lô đất")
    )
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="dossiers", verbose_name=_("dự án")
    )
    # Stamps and numbers below are written only by `onestop/workflow.py`.
    status = models.CharField(
        _("trạng thái"), max_length=20, choices=Status, default=Status.DRAFT, editable=False, db_index=True
    )
    decision = models.CharField(
        _("quyết định"), max_length=10, choices=Decision, blank=True, default="", editable=False
    )
    reference = models.CharField(_("số biên nhận"), max_length=40, unique=True, null=True, blank=True, editable=False)
    code = models.CharField(_("mã hồ sơ"), max_length=40, unique=True, null=True, blank=True, editable=False)
    lookup = models.CharField(_("mã tra cứu"), max_length=8, default=lookup_code, editable=False)
    version_no = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("lập lúc"), default=timezone.now, editable=False)
    saved_at = models.DateTimeField(_("lưu lúc"), default=timezone.now, editable=False)
    submitted_at = models.DateTimeField(_("nộp lúc"), null=True, blank=True, editable=False)
    answer_by = models.DateTimeField(_("hạn trả lời tiếp nhận"), null=True, blank=True, editable=False)
    received_at = models.DateTimeField(_("tiếp nhận lúc"), null=True, blank=True, editable=False)
    due_at = models.DateTimeField(_("hạn giải quyết"), null=True, blank=True, editable=False, db_index=True)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assigned_dossiers",
        editable=False,
        verbose_name=_("cán bộ thụ lý"),
    )
    division = models.ForeignKey(
        Division, models.PROTECT, null=True, blank=True, editable=False, verbose_name=_("phòng thụ lý")
    )
    project_code = models.CharField(
        _("mã số dự án"),
        max_length=40,
        blank=True,
        editable=False,
        help_text=_("Lấy từ Hệ thống thông tin quốc gia về đầu tư."),
    )
    proposal = models.CharField(
        _("đề xuất của chuyên viên"), max_length=10, choices=Decision, blank=True, default="", editable=False
    )
    proposal_note = models.TextField(_("nội dung đề xuất"), blank=True, editable=False)
    # What this decision alone says, and the wording in which the draft was put forward (`onestop/decisions`).
    proposal_text = models.TextField(_("đoạn riêng của quyết định"), blank=True, editable=False)
    decision_template = models.ForeignKey(
        "onestop.DecisionTemplate", models.PROTECT, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("mẫu văn bản của dự thảo"),
    )  # fmt: skip
    # Who put the draft before the head: neither approves nor signs it.
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("người trình dự thảo"),
    )  # fmt: skip
    is_bilingual = models.BooleanField(_("giấy tờ song ngữ"), default=False, editable=False)
    decision_number = models.CharField(
        _("số quyết định"), max_length=60, unique=True, null=True, blank=True, editable=False
    )
    decided_on = models.DateField(_("ngày quyết định"), null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("người ký"),
    )  # fmt: skip
    outcome = models.OneToOneField(
        Change,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="dossier",
        editable=False,
        verbose_name=_("thay đổi đã ghi"),
    )
    result_file = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("bản điện tử kết quả"),
    )
    completed_at = models.DateTimeField(_("có kết quả lúc"), null=True, blank=True, editable=False)
    delivered_at = models.DateTimeField(_("trả kết quả lúc"), null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(_("kết thúc lúc"), null=True, blank=True, editable=False)
    folded = FoldedField(
        sources=("code", "reference", "enterprise.name_vi", "enterprise.tax_code", "procedure.name_vi")
    )

    objects = DossierQuerySet.as_manager()

    class Meta:
        ordering = ["-submitted_at", "-created_at"]
        verbose_name = _("hồ sơ")
        verbose_name_plural = _("hồ sơ")
        indexes = [
            models.Index(Coalesce("delivered_at", "completed_at", "ended_at").desc(), "id", name="dossier_ended"),
            # The register is read in the order of reception.
            models.Index(fields=["received_at", "code"], name="dossier_received"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["system", "foreign_code"],
                condition=Q(system__isnull=False),
                name="foreign_code_once_per_system",
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(submitted_at__isnull=False, reference__isnull=False),
                name="filed_dossier_has_reference",
            ),
            models.CheckConstraint(
                condition=~Q(
                    status__in=[
                        "received",
                        "assigned",
                        "in_review",
                        "consulting",
                        "head_check",
                        "leader_sign",
                        "numbering",
                    ]
                )
                | Q(code__isnull=False, received_at__isnull=False, due_at__isnull=False),
                name="running_dossier_has_code_and_due_date",
            ),
            models.CheckConstraint(
                condition=Q(decision="")
                | Q(decision_number__isnull=False, decided_on__isnull=False, decided_by__isnull=False),
                name="decision_has_number_date_and_signer",
            ),
        ]

    def __str__(self):
        return self.code or self.reference or str(_("Nháp"))

    def get_absolute_url(self):
        return reverse("onestop:dossier_detail", args=[self.pk])

    @property
    def is_draft(self):
        return self.status == self.Status.DRAFT

    @property
    def is_by_hand(self):
        return self.channel in self.BY_HAND

    @property
    def handed_in(self):
        """Who brought or sent the dossier, and what goes with it; {} for one filed online (`onestop/counter.py`)."""
        return self.answers.get(self.HANDED_IN, {})

    @property
    def is_paused(self):
        return self.status in self.PAUSED

    @property
    def is_running(self):
        return self.status in self.RUNNING

    @property
    def is_open(self):
        return self.status in self.OPEN

    @property
    def awaits_applicant(self):
        return self.status in self.WAITING_FOR_APPLICANT

    @property
    def national_code(self):
        """One that ended without a result keeps the code of its end in the archive."""
        status = self.status
        if status == self.Status.ARCHIVED and self.ended_at:
            status = next((event.from_status for event in self.events.all() if event.to_status == status), "")
        return self.NATIONAL_CODES.get(status)

    @property
    def hold_key(self):
        """How the land knows who holds a plot for this dossier; it never changes, unlike the codes."""
        return f"hs:{self.pk}"


class PaperQuerySet(models.QuerySet):
    def standing(self):
        """Not replaced by a later one, and not found to carry a virus since."""
        return self.filter(replaced_at__isnull=True).exclude(stored__state=StoredFile.State.REFUSED)

    def reusable(self):
        """Filed once, and fit to be given again: safe and whole."""
        filed = self.standing().filter(dossier__submitted_at__isnull=False)
        return filed.filter(stored__state=StoredFile.State.SAFE, stored__is_intact=True)


class Paper(Sampled):
    """A file given in answer to a component; a later one for the same component replaces it, nothing is deleted."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="papers", verbose_name=_("hồ sơ"))
    component = models.ForeignKey(
        Component, models.PROTECT, null=True, blank=True, related_name="papers", verbose_name=_("thành phần hồ sơ")
    )
    title = models.CharField(_("tên giấy tờ"), max_length=600, blank=True)
    stored = models.ForeignKey(StoredFile, models.PROTECT, related_name="papers", verbose_name=_("tệp"))
    given_at = models.DateTimeField(_("nộp lúc"), default=timezone.now)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người nộp")
    )
    replaced_at = models.DateTimeField(_("được thay lúc"), null=True, blank=True)
    taken_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="taken_again", editable=False,
        verbose_name=_("lấy từ kho giấy tờ"),
    )  # fmt: skip
    folded = FoldedField(sources=("title", "component.name_vi", "component.name_en", "stored.name"))

    objects = PaperQuerySet.as_manager()

    class Meta:
        ordering = ["dossier", "component__position", "given_at"]
        verbose_name = _("giấy tờ đã nộp")
        verbose_name_plural = _("giấy tờ đã nộp")

    def __str__(self):
        return self.title or str(self.component)


class SupplementQuerySet(models.QuerySet):
    def unanswered(self, *, at):
        """Open, and past the applicant's time to answer."""
        return self.filter(accepted_at__isnull=True, answered_at__isnull=True, reply_by__lt=at)


class Supplement(Sampled):
    """One request to complete a dossier (yêu cầu bổ sung), and its answer; what is asked for are its `lines`."""

    class Stage(models.TextChoices):
        INTAKE = "intake", _("Trước tiếp nhận")
        REVIEW = "review", _("Khi thẩm định")

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="supplements", verbose_name=_("hồ sơ"))
    stage = models.CharField(_("giai đoạn"), max_length=10, choices=Stage)
    cycle = models.PositiveSmallIntegerField(_("lần thứ"))
    reason = models.TextField(_("lý do"))
    asked_at = models.DateTimeField(_("yêu cầu lúc"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người yêu cầu")
    )
    reply_by = models.DateTimeField(_("trả lời trước"), null=True, blank=True)
    answered_at = models.DateTimeField(_("nộp bổ sung lúc"), null=True, blank=True)
    answer = models.TextField(_("giải trình"), blank=True)
    # What is being typed in answer and not sent yet: whose, when, how often saved, and the fields as they were typed.
    typed = models.JSONField(_("đang trả lời dở"), default=dict, blank=True, editable=False)
    # What the applicant was told of no answer: the row's rule as it was when the request was sent.
    no_answer = models.CharField(
        _("khi không bổ sung đúng hạn"), max_length=10, choices=ProcedureVersion.NoAnswer,
        default=ProcedureVersion.NoAnswer.OFFICER,
    )  # fmt: skip
    no_answer_ground = models.CharField(_("căn cứ khi không bổ sung"), max_length=300, blank=True)
    accepted_at = models.DateTimeField(_("xác nhận đủ lúc"), null=True, blank=True)
    # The leader's leave, for one beyond the number that the procedure permits.
    permit = models.OneToOneField(
        "onestop.SupplementPermit", models.PROTECT, null=True, blank=True, related_name="supplement",
        verbose_name=_("được phép vượt số lần"),
    )  # fmt: skip

    objects = SupplementQuerySet.as_manager()

    class Meta:
        ordering = ["dossier", "asked_at"]
        verbose_name = _("yêu cầu bổ sung")
        verbose_name_plural = _("yêu cầu bổ sung")
        constraints = [
            models.UniqueConstraint(fields=["dossier", "stage", "cycle"], name="supplement_cycle_once"),
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(accepted_at__isnull=True), name="one_open_supplement_per_dossier"
            ),
        ]

    def __str__(self):
        return f"{self.dossier} ({self.get_stage_display()} {self.cycle})"

    @property
    def stops_by_itself(self):
        return self.no_answer == ProcedureVersion.NoAnswer.STOP
