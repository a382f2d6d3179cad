"""What a letter to the board asks of its sender, whatever it is about: who writes, a file, consent; sealed like the
enquiries about land, so that it counts once."""

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from izportal import documents, languages
from zones.enquiries.forms import LONGEST, SealedForm, Text


def words(label, *, most, rows=0, required=False, **attrs):
    widget = forms.Textarea(attrs={"rows": rows, **attrs}) if rows else forms.TextInput(attrs=attrs)
    return Text(label=label, max_length=most, required=required, widget=widget)


class LetterForm(SealedForm):
    text = words(_("Nội dung"), most=LONGEST, rows=8, required=True)
    file = forms.FileField(
        label=_("Tệp kèm theo"), required=False, max_length=255, allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": documents.ACCEPT}),
    )  # fmt: skip
    name = words(_("Họ và tên"), most=150, required=True, autocomplete="name")
    organisation = words(_("Tổ chức, doanh nghiệp"), most=200, autocomplete="organization")
    email = forms.EmailField(
        label=_("Thư điện tử"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("Ban gửi giấy hẹn và trả lời vào địa chỉ này."),
    )  # fmt: skip
    phone = words(_("Điện thoại"), most=40, autocomplete="tel", inputmode="tel")
    language = forms.ChoiceField(label=_("Ngôn ngữ trả lời"), choices=languages.choices)
    consent = forms.BooleanField(
        label=_("Tôi đồng ý để Ban dùng thông tin trên chỉ nhằm xem xét và trả lời"),
        error_messages={"required": _("Ban chỉ nhận khi bạn đồng ý.")},
    )

    WHO = ("name", "organisation", "email", "phone", "language")
    COLUMNS = ("text", *WHO)

    def __init__(self, *args, **kwargs):
        kwargs["initial"] = {"language": get_language() or "vi", **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = gettext("PDF, ảnh, Word hoặc Excel, không quá %(limit)s MB.") % {
            "limit": documents.limit_bytes(timezone.localdate()) // documents.MEGABYTE
        }

    @property
    def said(self):
        """The columns of the row."""
        return {name: self.cleaned_data[name] for name in self.COLUMNS}

    @property
    def who(self):
        return [self[name] for name in self.WHO]
