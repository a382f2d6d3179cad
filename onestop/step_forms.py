"""What each step of the counter asks of the person who takes it: one small form per step, checked before the deed.

A form holds nothing that the step does not need; who may take it, and when, is told by `onestop/workflow.py`.
"""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal import documents
from izportal.models import CalendarDay, User, addressable
from onestop import slips
from onestop.deeds import limit_of
from onestop.models import Dossier, Procedure, ProcedureCase
from projects.models import Project

MOST_TEXT = 4000
# No dossier is put off by more than this; a later date is a slip of the keyboard.
LONGEST_EXTENSION = timedelta(days=366)


class StepForm(forms.Form):
    """Asks nothing but to be pressed; remembers the dossier as its reader saw it."""

    # Fields that the form itself may come to require: no "if any" beside their label.
    ASKED: tuple[str, ...] = ()

    version_no = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data=None, files=None, *, dossier: Dossier, by: User, at: datetime):
        super().__init__(data, files, label_suffix="", initial={"version_no": dossier.version_no})
        self.dossier, self.by, self.at = dossier, by, at
        self.prepare()
        for name, field in self.fields.items():
            field.is_asked = field.required or name in self.ASKED

    def prepare(self) -> None:
        """Fill choices and first values from the dossier."""

    @property
    def seen(self) -> int:
        """The version that the reader decided on; -1 where the page did not say."""
        typed = str(self.data.get("version_no") or "")
        return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else -1

    def refuse(self, sentence: str) -> None:
        """Say why the step was not taken; what was typed stays."""
        self.add_error(None, forms.ValidationError(sentence, code="refused"))

    @property
    def is_refused(self) -> bool:
        return self.has_error(NON_FIELD_ERRORS, code="refused")

    def details(self) -> dict[str, Any]:
        """What `workflow.take` is told."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version_no"}


def written(label, *, rows: int = 4, required: bool = True, help_text="") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=required, max_length=MOST_TEXT, widget=widget, help_text=help_text)


class ReceiveForm(StepForm):
    """Asks for the case only where the office may find another than the one filed."""

    case = forms.ModelChoiceField(
        ProcedureCase.objects.none(), label=gettext_lazy("Trường hợp giải quyết"), widget=forms.RadioSelect,
        empty_label=None, help_text=gettext_lazy("Thời hạn trên Giấy tiếp nhận theo trường hợp này."),
    )  # fmt: skip

    def prepare(self):
        ours = Q(pk=self.dossier.case_id) | Q(chosen_by=ProcedureCase.ChosenBy.OFFICER)
        rows = self.dossier.version.cases.filter(ours)
        if len(rows) < 2:
            del self.fields["case"]
            return
        self.fields["case"].queryset, self.fields["case"].initial = rows, self.dossier.case_id
        self.fields["case"].label_from_instance = lambda row: f"{row} ({limit_of(row)})"


class NoteForm(StepForm):
    note = written(gettext_lazy("Ghi chú"), rows=3, required=False)


class ReturnForm(StepForm):
    note = written(gettext_lazy("Lý do trả lại, việc cần làm"))


class FeeForm(StepForm):
    note = written(
        gettext_lazy("Khoản phải nộp, cách nộp và hạn nộp"), help_text=gettext_lazy("Người nộp đọc được nội dung này.")
    )


class ReasonForm(StepForm):
    reason = written(gettext_lazy("Lý do"), help_text=gettext_lazy("Ghi trên phiếu gửi người nộp."))


class RefuseForm(ReasonForm):
    def prepare(self):
        if self.dossier.proposal == Dossier.Decision.REFUSED:
            self.fields["reason"].initial = self.dossier.proposal_note


class SpecialistChoice(forms.ModelChoiceField):
    def label_from_instance(self, person):
        where = f"{person} · {person.division}" if person.division else str(person)
        return _("%(person)s (đang thụ lý %(count)s hồ sơ)") % {"person": where, "count": person.at_hand}


def specialists(*, everyone: bool = False):
    """Those to whom a dossier can be assigned, or everyone, with how many dossiers they have at hand."""
    able = Q(is_active=True, is_staff=True, groups__name="specialist")
    people = User.objects.filter(Q() if everyone else able)
    at_hand = Count("assigned_dossiers", filter=Q(assigned_dossiers__status__in=Dossier.OPEN), distinct=True)
    named = people.select_related("division").annotate(at_hand=at_hand)
    return named.order_by("division__code", "full_name", "pk")


class AssignForm(StepForm):
    to = SpecialistChoice(
        User.objects.none(), label=gettext_lazy("Chuyên viên thụ lý"), empty_label=gettext_lazy("Chọn chuyên viên")
    )
    note = written(gettext_lazy("Chỉ đạo"), rows=3, required=False)

    def prepare(self):
        field = self.fields["to"]
        field.queryset = specialists().exclude(pk=self.dossier.assigned_to_id)
        field.error_messages["invalid_choice"] = _("Chỉ phân công cho chuyên viên đang làm việc; hãy chọn lại.")


class ProposeForm(StepForm):
    ASKED = ("project_code",)

    proposal = forms.ChoiceField(
        label=gettext_lazy("Đề xuất"),
        widget=forms.RadioSelect,
        choices=[(value, label) for value, label in Dossier.Decision.choices if value],
    )
    project_code = forms.CharField(
        label=gettext_lazy("Mã số dự án"),
        required=False,
        max_length=40,
        validators=[addressable],
        help_text=gettext_lazy("Lấy từ Hệ thống thông tin quốc gia về đầu tư; bắt buộc khi đề xuất cấp."),
    )
    note = written(gettext_lazy("Nội dung thẩm định, lý do đề xuất"), rows=6)
    text = written(
        gettext_lazy("Đoạn riêng ghi vào văn bản"), rows=4, required=False,
        help_text=gettext_lazy("Điều kiện của riêng hồ sơ này; dòng trống để sang đoạn, “- ” đầu dòng để liệt kê."),
    )  # fmt: skip

    def prepare(self):
        dossier = self.dossier
        self.initial |= {
            "proposal": dossier.proposal,
            "note": dossier.proposal_note,
            "text": dossier.proposal_text,
            "project_code": dossier.project_code,
        }
        if dossier.procedure.effect != Procedure.Effect.REGISTER:
            del self.fields["project_code"]

    def clean_project_code(self):
        return self.cleaned_data["project_code"].strip()

    def clean(self):
        cleaned = super().clean()
        code = cleaned.get("project_code")
        if "project_code" not in self.fields or cleaned.get("proposal") != Dossier.Decision.GRANTED:
            return cleaned
        if not code and "project_code" not in self.errors:
            self.add_error("project_code", _("Nhập mã số dự án lấy từ Hệ thống thông tin quốc gia về đầu tư."))
        elif code and Project.objects.filter(code__iexact=code).exists():
            self.add_error("project_code", _("Mã số này đã có trong sổ dự án; hãy kiểm tra lại."))
        return cleaned


class SealForm(StepForm):
    sealed = forms.FileField(
        label=gettext_lazy("Bản quét kết quả đã đóng dấu"),
        required=False,
        widget=forms.FileInput(attrs={"accept": documents.ACCEPT}),
        help_text=gettext_lazy("Để trống thì cổng tạo bản điện tử từ quyết định đã ký."),
    )

    def _most_bytes(self) -> int:
        return documents.limit_bytes(timezone.localdate(self.at))

    def clean_sealed(self):
        upload = self.cleaned_data["sealed"]
        if upload:
            documents.inspect(upload, max_bytes=self._most_bytes())
            upload.seek(0)
        return upload

    def details(self):
        upload, dossier = self.cleaned_data.get("sealed"), self.dossier
        if not upload:
            return {"stored": slips.result_copy(dossier, by=self.by, at=self.at)}
        stored = documents.store(
            upload, by=self.by, at=self.at, max_bytes=self._most_bytes(), is_sample=dossier.is_sample
        )
        return {"stored": stored}


CHANNELS = (
    ("electronic", gettext_lazy("Bản điện tử, người nộp tải từ cổng")),
    ("counter", gettext_lazy("Tại Một cửa")),
    ("post", gettext_lazy("Qua bưu chính công ích")),
)


class DeliverForm(StepForm):
    ASKED = ("receiver",)

    channel = forms.ChoiceField(label=gettext_lazy("Cách trả kết quả"), widget=forms.RadioSelect, choices=CHANNELS)
    receiver = forms.CharField(
        label=gettext_lazy("Người nhận, giấy tờ đã đối chiếu hoặc số vận đơn"), required=False, max_length=300
    )

    def clean(self):
        cleaned = super().clean()
        is_handed_over = cleaned.get("channel") in ("counter", "post")
        if is_handed_over and not cleaned.get("receiver") and "receiver" not in self.errors:
            self.add_error("receiver", _("Ghi người nhận và giấy tờ đã đối chiếu, hoặc số vận đơn."))
        return cleaned


class ExtendForm(StepForm):
    new_day = forms.DateField(
        label=gettext_lazy("Ngày hẹn mới"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    new_time = forms.TimeField(
        label=gettext_lazy("Giờ hẹn"),
        input_formats=["%H:%M"],
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    reason = written(gettext_lazy("Lý do"), help_text=gettext_lazy("Ghi trên văn bản xin lỗi gửi người nộp."))

    def prepare(self):
        self.calendar = CalendarDay.calendar()
        self.fields["new_time"].initial = self.calendar.local(
            self.calendar.close_of(timezone.localdate(self.at))
        ).time()

    def clean_new_day(self):
        day, today = self.cleaned_data["new_day"], timezone.localdate(self.at)
        if not today < day <= today + LONGEST_EXTENSION:
            raise forms.ValidationError(_("Ngày hẹn mới phải sau hôm nay và trong vòng một năm."))
        if not self.calendar.is_working(day):
            raise forms.ValidationError(_("Ngày hẹn mới phải là ngày làm việc."))
        return day

    def details(self):
        new = self.calendar.at(self.cleaned_data["new_day"], self.cleaned_data["new_time"])
        return {"new_due_at": new, "reason": self.cleaned_data["reason"]}


FORMS: dict[str, type[StepForm]] = {
    "receive": ReceiveForm,
    "refuse_intake": ReasonForm,
    "demand_fee": FeeForm,
    "confirm_fee": NoteForm,
    "assign": AssignForm,
    "open_review": StepForm,
    "accept_supplement": NoteForm,
    "propose": ProposeForm,
    "return_to_specialist": ReturnForm,
    "forward": NoteForm,
    "return_from_leader": ReturnForm,
    "grant": StepForm,
    "refuse": RefuseForm,
    "seal": SealForm,
    "deliver": DeliverForm,
    "archive": NoteForm,
    "extend": ExtendForm,
    "stop": ReasonForm,
}
