"""What is asked of the officer at each step about opinions, and of the body that answers."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal import documents
from izportal.models import CalendarDay, User
from onestop import opinions
from onestop.entries import EmailEntry, TextEntry
from onestop.models import Opinion
from onestop.step_forms import StepForm, written
from projects import mandates

# Bodies asked with one form; more are asked by a second one.
MOST_BODIES = 5
MOST_DAYS = 60
POSITIONS = [(value, label) for value, label in Opinion.Position.choices if value]


class AskForm(StepForm):
    """One question to several bodies at once, with the papers that they may read."""

    PARTS = "admin/onestop/opinion/_ask.html"

    note = written(gettext_lazy("Nội dung lấy ý kiến"), help_text=gettext_lazy("Ghi trong thư gửi từng cơ quan."))
    days = forms.IntegerField(
        label=gettext_lazy("Thời hạn trả lời, ngày làm việc"), min_value=1, max_value=MOST_DAYS,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    ground = forms.CharField(label=gettext_lazy("Căn cứ lấy ý kiến"), required=False, max_length=300)
    silence = forms.ChoiceField(
        label=gettext_lazy("Nếu không trả lời trong thời hạn"), widget=forms.RadioSelect,
        choices=Opinion.Silence.choices,
    )  # fmt: skip
    silence_ground = forms.CharField(
        label=gettext_lazy("Căn cứ coi im lặng là đồng ý"), required=False, max_length=300
    )
    shows_project = forms.BooleanField(label=gettext_lazy("Cho xem tên dự án và lô đất"), required=False)
    papers = forms.ModelMultipleChoiceField(
        None, label=gettext_lazy("Giấy tờ cơ quan được đọc"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Chỉ đọc được qua liên kết hoặc tài khoản, khi câu hỏi còn mở."),
    )  # fmt: skip

    def prepare(self):
        for number in range(1, MOST_BODIES + 1):
            self._add_body(number)
        papers = self.dossier.papers.standing().select_related("component", "stored")
        self.fields["papers"].queryset = papers
        self.initial |= {"shows_project": True}
        self.terms = self._terms()
        if self.terms:
            names = ("days", "ground", "silence", "silence_ground")
            self.initial |= {name: getattr(self.terms, name) for name in names}

    def _add_body(self, number: int) -> None:
        said = {"number": number}
        self.fields[f"body-{number}"] = TextEntry(
            label=_("Cơ quan %(number)s") % said, required=number == 1, max_length=300
        )
        self.fields[f"body-{number}"].widget.attrs["list"] = "known-bodies"
        self.fields[f"email-{number}"] = EmailEntry(
            label=_("Thư điện tử của cơ quan %(number)s") % said, required=False, max_length=254
        )
        self.fields[f"account-{number}"] = forms.BooleanField(
            label=_("Cơ quan %(number)s trả lời bằng tài khoản trên cổng") % said, required=False
        )

    def _terms(self) -> opinions.Terms | None:
        try:
            return opinions.terms_of(self.dossier, on=timezone.localdate(self.at))
        except opinions.OpinionRefused:
            return None

    @property
    def rows(self):
        """The fields of each body, together."""
        parts = ("body", "email", "account")
        return [[self[f"{part}-{number}"] for part in parts] for number in range(1, MOST_BODIES + 1)]

    @property
    def others(self):
        return [self[name] for name in self.base_fields]

    @property
    def known_bodies(self):
        return Opinion.objects.order_by("body").values_list("body", flat=True).distinct()[:200]

    def clean(self):
        cleaned = super().clean()
        for number in range(1, MOST_BODIES + 1):
            self._check_body(cleaned, number)
        if cleaned.get("silence") == Opinion.Silence.CONSENT and not cleaned.get("silence_ground", "").strip():
            self.add_error("silence_ground", _("Ghi điều, khoản cho phép coi im lặng là đồng ý."))
        return cleaned

    def _check_body(self, cleaned, number):
        body, email = cleaned.get(f"body-{number}"), cleaned.get(f"email-{number}")
        if email and not body and f"body-{number}" not in self.errors:
            self.add_error(f"body-{number}", _("Ghi tên cơ quan."))
        if cleaned.get(f"account-{number}") and f"email-{number}" not in self.errors:
            cleaned[f"user-{number}"] = self._account(email, number)

    def _account(self, email, number):
        """The account of a body, never of the board's own people nor of somebody who acts for the applicant."""
        user = User.objects.filter(email__iexact=email or "", is_active=True, is_staff=False).first()
        if user is None:
            self.add_error(f"email-{number}", _("Không có tài khoản nào trên cổng dùng thư điện tử này."))
        elif mandates.may(user, self.dossier.enterprise, mandates.Capacity.VIEW):
            self.add_error(f"email-{number}", _("Tài khoản này thay mặt tổ chức nộp hồ sơ."))
            return None
        return user

    def details(self):
        typed = self.cleaned_data
        bodies = [
            opinions.Ask(typed[f"body-{n}"], typed.get(f"email-{n}") or "", typed.get(f"user-{n}"))
            for n in range(1, MOST_BODIES + 1)
            if typed.get(f"body-{n}")
        ]
        names = ("note", "days", "ground", "silence", "silence_ground", "shows_project")
        return {"bodies": bodies, "papers": list(typed["papers"]), **{name: typed[name] for name in names}}


class OpinionChoice(StepForm):
    """Which of the bodies asked is meant."""

    opinion = forms.ModelChoiceField(
        None, label=gettext_lazy("Cơ quan"), widget=forms.RadioSelect, empty_label=None,
        error_messages={"invalid_choice": gettext_lazy("Cơ quan này không còn được chờ trả lời; hãy chọn lại.")},
    )  # fmt: skip

    def prepare(self):
        field = self.fields["opinion"]
        field.queryset = Opinion.objects.answerable().filter(dossier=self.dossier)
        field.label_from_instance = lambda row: row.body


class RecordForm(OpinionChoice):
    """An answer that came on paper."""

    position = forms.ChoiceField(label=gettext_lazy("Ý kiến"), widget=forms.RadioSelect, choices=POSITIONS)
    answer = written(gettext_lazy("Nội dung trả lời"), required=False)
    answered_by = forms.CharField(
        label=gettext_lazy("Người ký, chức vụ; số và ngày văn bản"), max_length=300, widget=forms.TextInput
    )
    came_on = forms.DateField(
        label=gettext_lazy("Ngày Ban nhận văn bản"), input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    scan = forms.FileField(
        label=gettext_lazy("Bản quét văn bản"), widget=forms.FileInput(attrs={"accept": documents.ACCEPT})
    )

    def prepare(self):
        super().prepare()
        self.fields["came_on"].initial = timezone.localdate(self.at)

    def clean_scan(self):
        return inspected(self.cleaned_data["scan"], self.at)

    def clean(self):
        cleaned = super().clean()
        opinion, day = cleaned.get("opinion"), cleaned.get("came_on")
        first = timezone.localdate(opinion.asked_at) if opinion else None
        if day and first and not first <= day <= timezone.localdate(self.at):
            self.add_error("came_on", _("Ngày nhận phải từ ngày hỏi đến hôm nay."))
        return cleaned

    def details(self):
        told = super().details()
        return {**told, "answered_at": self._came_at(told.pop("came_on"))}

    def _came_at(self, day) -> datetime:
        """Paper that came on the last day came in time, whenever it is noted."""
        calendar = CalendarDay.calendar()
        end = calendar.close_of(day) if calendar.is_working(day) else calendar.at(day, time(17))
        return min(self.at, end)


class WithdrawForm(OpinionChoice):
    reason = written(gettext_lazy("Lý do thôi lấy ý kiến"), rows=3)


class CloseForm(StepForm):
    ASKED = ("note",)

    note = written(
        gettext_lazy("Tổng hợp ý kiến; lý do nếu còn cơ quan chưa trả lời"), rows=3, required=False,
        help_text=gettext_lazy("Bắt buộc khi còn cơ quan chưa trả lời và chưa hết hạn."),
    )  # fmt: skip


def inspected(upload: Any, at: datetime) -> Any:
    """A file looked at before the deed; raises `UploadRefused`, which is a sentence of the form."""
    if upload:
        documents.inspect(upload, max_bytes=documents.limit_bytes(timezone.localdate(at)))
        upload.seek(0)
    return upload


class AnswerForm(forms.Form):
    """What a body says: its position, why, who says so, and the signed paper if there is one."""

    use_required_attribute = False

    position = forms.ChoiceField(
        label=gettext_lazy("Ý kiến của cơ quan"), widget=forms.RadioSelect, choices=POSITIONS,
        error_messages={"required": gettext_lazy("Chọn một ý kiến.")},
    )  # fmt: skip
    text = TextEntry(label=gettext_lazy("Nội dung, điều kiện, lý do"), rows=6, required=False, max_length=4000)
    answered_by = TextEntry(
        label=gettext_lazy("Họ tên và chức vụ người trả lời"), max_length=300,
        error_messages={"required": gettext_lazy("Ghi họ tên và chức vụ.")},
    )  # fmt: skip
    signed = forms.FileField(
        label=gettext_lazy("Văn bản đã ký (PDF)"), required=False,
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
    )  # fmt: skip

    def __init__(self, data=None, files=None, *, opinion: Opinion, at: datetime):
        super().__init__(
            data, files, label_suffix="", initial={"text": opinion.answer, "answered_by": opinion.answered_by}
        )
        self.opinion, self.at = opinion, at

    def clean_signed(self):
        upload = inspected(self.cleaned_data["signed"], self.at)
        if upload and not documents.clean_name(upload.name).lower().endswith(".pdf"):
            raise forms.ValidationError(_("Văn bản đã ký phải là tệp PDF."))
        return upload

    def clean(self):
        cleaned = super().clean()
        is_bare = not cleaned.get("text") and not cleaned.get("signed") and "signed" not in self.errors
        is_sent = self.data.get("go") != "keep"
        if is_sent and cleaned.get("position") not in (None, "", Opinion.Position.AGREES) and is_bare:
            self.add_error("text", _("Ghi nội dung, hoặc gửi kèm văn bản đã ký."))
        return cleaned

    @staticmethod
    def refused(sentence: str) -> forms.ValidationError:
        return forms.ValidationError(sentence, code="refused")

    @property
    def told(self) -> dict[str, Any]:
        names = ("position", "text", "answered_by")
        return {name: self.cleaned_data[name] for name in names}


FORMS: dict[str, type[StepForm]] = {
    "ask_opinion": AskForm,
    "record_opinion": RecordForm,
    "withdraw_opinion": WithdrawForm,
    "close_opinion": CloseForm,
}
