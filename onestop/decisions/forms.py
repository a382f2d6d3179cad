"""The small forms of the wordings: which one to begin, and the deed of publishing the very text that was read."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal.backoffice import DeedForm, stamp
from onestop.decisions import wordings
from onestop.models import DecisionTemplate, Procedure


class BeginForm(forms.Form):
    procedure = forms.ModelChoiceField(
        Procedure.objects.all(), label=gettext_lazy("Thủ tục"), required=False,
        empty_label=gettext_lazy("Chung cho mọi thủ tục chưa có mẫu riêng"),
    )  # fmt: skip
    decision = forms.ChoiceField(
        label=gettext_lazy("Quyết định"),
        widget=forms.RadioSelect,
        choices=DecisionTemplate.Decision.choices,
    )


class PublishForm(DeedForm):
    """Remembers the text that its reader saw."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, row, **kwargs):
        super().__init__(*args, row=row, **kwargs)
        self.fields["seen"].initial = stamp(row)

    def clean(self):
        cleaned = super().clean()
        if cleaned.pop("seen", "") != stamp(self.row):
            raise forms.ValidationError(_("Chưa ban hành: mẫu đã được sửa sau khi bạn mở trang; hãy xem lại."))
        return cleaned


def publish(row: DecisionTemplate, *, by, at) -> str:
    done = wordings.publish(row, by=by, at=at)
    return _("Đã ban hành phiên bản %(number)s, áp dụng từ %(day)s.") % {
        "number": done.version_no, "day": f"{done.valid_from:%d/%m/%Y}",
    }  # fmt: skip
