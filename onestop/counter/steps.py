"""The steps that only dossiers of the counter and the post know: what their clerk is asked for."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal import documents
from onestop import counter, papers
from onestop.deeds import StepRefused
from onestop.step_forms import StepForm, written
from onestop.supplements import Answered, replies


class WithdrawalForm(StepForm):
    note = written(
        gettext_lazy("Đơn rút hồ sơ: người ký, ngày, lý do"), rows=3,
        help_text=gettext_lazy("Ghi trên thông báo dừng giải quyết gửi người nộp."),
    )  # fmt: skip


class FilesForm(StepForm):
    """Files for some places, each looked at before the step is taken."""

    def file_field(self, anchor: str, label: str) -> None:
        widget = forms.FileInput(attrs={"accept": documents.ACCEPT})
        self.fields[anchor] = forms.FileField(label=label, required=False, widget=widget)

    def uploads(self) -> dict[str, Any]:
        return {anchor: self.cleaned_data[anchor] for anchor in self.places if self.cleaned_data.get(anchor)}

    def clean(self):
        cleaned = super().clean()
        most = documents.limit_bytes(timezone.localdate(self.at))
        for anchor, upload in self.uploads().items():
            try:
                documents.inspect(upload, max_bytes=most)
            except documents.UploadRefused as refusal:
                self.add_error(anchor, refusal.sentence)
            upload.seek(0)
        return cleaned


class AnswerForm(FilesForm):
    """What was handed in at the counter or sent by post: for each item asked for, and each paper noted as not brought,
    its scan or how it is held; each answer of the form that was asked about; and in words."""

    ASKED = ("answer",)

    def prepare(self):
        supplement = papers.open_supplement(self.dossier)
        asked = papers.items(self.dossier, supplement) if supplement else []
        named = {item.component for item in asked}
        lacking = [d for d in papers.demands(self.dossier) if d.is_lacking and d.component not in named]
        self.places = {place.anchor: place for place in (*asked, *lacking)}
        for anchor, place in self.places.items():
            self.file_field(anchor, place.label)
            if place.component:
                choices = [("", _("Chưa nhận, hoặc đã có bản quét ở trên")), *papers.HELD.items()]
                label = _("Nếu không quét: %(paper)s") % {"paper": place.component.name}
                self.fields[f"held-{anchor}"] = forms.ChoiceField(label=label, required=False, choices=choices)
        self.rows = replies.rows_of(self.dossier, supplement)
        replies.put_fields(self, self.rows)
        self.ASKED = ("answer", *(row.answer for row in self.rows if row.place))
        self.fields["answer"] = written(
            _("Giấy tờ đã nhận"), rows=3, help_text=_("Ghi từng giấy tờ đã nhận. Người nộp đọc được nội dung này.")
        )

    def clean(self):
        cleaned = super().clean()
        self.changes = replies.read_changes(self, self.rows, on=timezone.localdate(self.at))
        return cleaned

    def details(self):
        said = {
            p.component.key: self.cleaned_data.get(f"held-{a}") or "" for a, p in self.places.items() if p.component
        }
        counter.bring(self.dossier, said)
        for anchor, upload in self.uploads().items():
            where = self.places[anchor].where
            try:
                papers.give(dossier=self.dossier, upload=upload, by=self.by, at=self.at, **where)
            except papers.PaperRefused as refusal:
                raise StepRefused(str(refusal)) from refusal
        return {"answer": self.cleaned_data["answer"], "answered": Answered({}, self.changes)}


class ScanForm(FilesForm):
    """The scans still owed of papers that were received on paper."""

    def prepare(self):
        owed = [demand for demand in papers.demands(self.dossier) if demand.on_paper == papers.UNSCANNED]
        self.places = {demand.anchor: demand for demand in owed}
        self.ASKED = tuple(self.places)
        for anchor, demand in self.places.items():
            self.file_field(anchor, demand.label)

    def clean(self):
        cleaned = super().clean()
        if not self.places:
            raise forms.ValidationError(_("Hồ sơ này không còn giấy tờ nào chờ quét."))
        if not self.uploads() and not self.errors:
            raise forms.ValidationError(_("Hãy chọn ít nhất một bản quét."))
        return cleaned

    def details(self):
        named = []
        for anchor, upload in self.uploads().items():
            component = self.places[anchor].component
            counter.scan(self.dossier, component, upload, by=self.by, at=self.at)
            named.append(component.name)
        return {"note": _("Đã quét: %(names)s.") % {"names": "; ".join(named)}}


FORMS: dict[str, type[StepForm]] = {
    "record_answer": AnswerForm,
    "record_withdrawal": WithdrawalForm,
    "scan": ScanForm,
}
