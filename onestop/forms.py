"""Small forms of the applicant's pages; the filed forms themselves are data, read by `questions`."""

from django import forms
from django.utils.translation import gettext_lazy as _

from onestop import verification
from onestop.entries import TextEntry


class WithdrawForm(forms.Form):
    note = TextEntry(
        rows=3, label=_("Lý do rút hồ sơ"), max_length=2000, error_messages={"required": _("Ghi lý do rút hồ sơ.")}
    )

    use_required_attribute = False


class TrackForm(forms.Form):
    """Codes are read from paper: case, spaces and dashes of the look-up code do not matter."""

    code = forms.CharField(
        label=_("Mã hồ sơ hoặc số biên nhận"),
        help_text=_("In trên giấy xác nhận hoặc Giấy tiếp nhận."),
        max_length=40,
        widget=forms.TextInput(attrs={"class": "num", "autocomplete": "off", "autocapitalize": "characters"}),
        error_messages={"required": _("Nhập mã hồ sơ hoặc số biên nhận.")},
    )
    lookup = forms.CharField(
        label=_("Mã tra cứu, 8 ký tự"),
        max_length=20,
        widget=forms.TextInput(attrs={"class": "num", "autocomplete": "off", "autocapitalize": "characters"}),
        error_messages={"required": _("Nhập mã tra cứu in cùng mã hồ sơ.")},
    )

    use_required_attribute = False

    def clean_code(self):
        return "".join(self.cleaned_data["code"].split()).upper()

    def clean_lookup(self):
        return "".join(c for c in self.cleaned_data["lookup"].upper() if c.isalnum())


class VerifyForm(forms.Form):
    """The code as it is printed or told; whether there is such a paper is not asked here."""

    code = forms.CharField(
        label=_("Mã xác thực, 12 ký tự"),
        help_text=_("In dưới mã QR của giấy, ví dụ ABCD-2345-WXYZ. Không phân biệt chữ hoa, khoảng trắng, dấu gạch."),
        max_length=verification.LONGEST,
        widget=forms.TextInput(attrs={"class": "num", "autocomplete": "off", "autocapitalize": "characters"}),
        error_messages={"required": _("Nhập mã xác thực in trên giấy.")},
    )

    use_required_attribute = False

    def clean_code(self):
        code = verification.cleaned(self.cleaned_data["code"])
        if not code:
            raise forms.ValidationError(
                _("Mã xác thực gồm 12 chữ và số, không có số 0, số 1 và các chữ I, L, O. Hãy xem lại trên giấy.")
            )
        return code
