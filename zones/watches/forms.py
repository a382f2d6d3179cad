"""The form of a reader who wants letters about a search."""

from django import forms
from django.utils.translation import gettext_lazy as _


class WatchForm(forms.Form):
    email = forms.EmailField(
        label=_("Thư điện tử"),
        help_text=_("Ban gửi một thư để bạn xác nhận; chưa xác nhận thì không có thư nào khác."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    # People do not see it; what fills it in is no reader.
    website = forms.CharField(
        label=_("Để trống ô này"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def __init__(self, data=None):
        super().__init__(data, label_suffix="")

    @property
    def is_robot(self):
        return bool(self.cleaned_data.get("website"))
