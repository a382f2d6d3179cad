"""What a form to the board asks of its writer, whatever it is about; each is sealed and counts once, however often it
is sent."""

import unicodedata
import uuid
from datetime import datetime, timedelta

from django import forms
from django.core import signing
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from izportal import languages

LONGEST = 4000
SEAL = "izportal.correspondence.form"
# Nobody reads and fills the form so quickly.
QUICKEST = timedelta(seconds=3)


class Text(forms.CharField):
    """Composed letters, whatever the keyboard sent."""

    def to_python(self, value):
        return unicodedata.normalize("NFC", super().to_python(value)).replace("\r\n", "\n")


def words(label, *, most=LONGEST, rows=0, required=False, **attrs):
    widget = forms.Textarea(attrs={"rows": rows, **attrs}) if rows else forms.TextInput(attrs=attrs)
    return Text(label=label, max_length=most, required=required, widget=widget)


class SealedForm(forms.Form):
    """A form with a ticket that says which form it is and when it was opened; and a box that people do not see."""

    ticket = forms.CharField(required=False, widget=forms.HiddenInput)
    website = forms.CharField(
        label=_("Để trống ô này"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": -1}),
    )

    use_required_attribute = False

    def __init__(self, data=None, *, at, **kwargs):
        super().__init__(data, label_suffix="", **kwargs)
        self.at = at
        self.initial["ticket"] = seal(at)

    def clean(self):
        said = super().clean()
        self.form_key, opened = unseal(self.data.get("ticket", ""))
        if said.get("website"):
            self.add_error(None, gettext("Biểu mẫu có một ô ẩn phải để trống. Hãy xóa ô đó rồi gửi lại."))
        if self.form_key is None:
            self._seal_anew()
            self.add_error(None, gettext("Trang này đã cũ. Nội dung còn nguyên bên dưới; hãy bấm gửi lần nữa."))
        elif self.at - opened < QUICKEST:
            self.add_error(
                None, gettext("Biểu mẫu được gửi quá nhanh nên chưa nhận. Hãy xem lại rồi bấm gửi lần nữa.")
            )
        return said

    def _seal_anew(self):
        self.data = self.data.copy()
        self.data["ticket"] = seal(self.at - QUICKEST)


def seal(at):
    return signing.dumps({"key": str(uuid.uuid4()), "at": at.isoformat()}, salt=SEAL)


def unseal(ticket):
    """(key of the form, when it was opened), or (None, None) for what was not sealed here."""
    try:
        said = signing.loads(ticket, salt=SEAL)
    except signing.BadSignature:
        return None, None
    return uuid.UUID(said["key"]), datetime.fromisoformat(said["at"])


class WriterForm(SealedForm):
    """Who writes, and that they agree. `WHO` and `COLUMNS` name the fields of the person and those of the row."""

    name = words(_("Họ và tên"), most=150, required=True, autocomplete="name")
    organisation = words(_("Tổ chức, doanh nghiệp"), most=200, autocomplete="organization")
    email = forms.EmailField(
        label=_("Thư điện tử"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    phone = words(_("Điện thoại"), most=40, autocomplete="tel", inputmode="tel")
    language = forms.ChoiceField(label=_("Ngôn ngữ trả lời"), choices=languages.choices)

    WHO: tuple[str, ...] = ("name", "organisation", "email", "phone", "language")
    COLUMNS: tuple[str, ...] = WHO

    def __init__(self, *args, **kwargs):
        kwargs["initial"] = {"language": get_language() or "vi", **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)

    @property
    def said(self):
        """The columns of the row."""
        return {name: self.cleaned_data.get(name) for name in self.COLUMNS}

    @property
    def who(self):
        return [self[name] for name in self.WHO]
