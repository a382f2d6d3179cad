"""What a question to the board and a comment on a plan ask of their sender."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from izportal import documents
from izportal.correspondence.forms import WriterForm, words


class LetterForm(WriterForm):
    text = words(_("Nội dung"), rows=8, required=True)
    file = forms.FileField(
        label=_("Tệp kèm theo"), required=False, max_length=255, allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": documents.ACCEPT}),
    )  # fmt: skip
    consent = forms.BooleanField(
        label=_("Tôi đồng ý để Ban dùng thông tin trên chỉ nhằm xem xét và trả lời"),
        error_messages={"required": _("Ban chỉ nhận khi bạn đồng ý.")},
    )

    COLUMNS = ("text", *WriterForm.WHO)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = gettext("Ban gửi giấy hẹn và trả lời vào địa chỉ này.")
        self.fields["file"].help_text = gettext("PDF, ảnh, Word hoặc Excel, không quá %(limit)s MB.") % {
            "limit": documents.limit_bytes(timezone.localdate()) // documents.MEGABYTE
        }
