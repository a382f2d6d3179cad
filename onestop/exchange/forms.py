"""The two forms of the exchange. They share no field: what is typed in one is never read by the other."""

from django import forms
from django.utils.translation import gettext_lazy as _

from izportal import documents
from onestop.entries import TextEntry
from onestop.exchange import LONGEST, MOST_FILES


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files in one field; what they hold is looked at by the deed."""

    def __init__(self, **options):
        widget = FilesInput(attrs={"accept": documents.ACCEPT})
        super().__init__(widget=widget, required=False, **options)

    def clean(self, data, initial=None):
        files = [super(FilesField, self).clean(one, initial) for one in data or []]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(_("Mỗi tin kèm tối đa %(most)s tệp."), params={"most": MOST_FILES})
        return files


class WritingForm(forms.Form):
    WORDS, FILES = "", ""

    use_required_attribute = False

    def __init__(self, *args, **options):
        super().__init__(*args, label_suffix="", **options)

    @property
    def said(self):
        return {"text": self.cleaned_data[self.WORDS], "uploads": self.cleaned_data.get(self.FILES, [])}


class MessageForm(WritingForm):
    """From the applicant to the board, or from the board to the applicant."""

    WORDS, FILES = "text", "files"

    text = TextEntry(
        rows=4, label=_("Viết tin nhắn"), max_length=LONGEST,
        error_messages={"required": _("Viết nội dung tin nhắn.")},
    )  # fmt: skip
    files = FilesField(label=_("Tệp kèm theo tin"))


class NoteForm(WritingForm):
    """From the board to itself."""

    WORDS, FILES = "note", "note_files"

    note = TextEntry(
        rows=4, label=_("Viết ghi chú"), max_length=LONGEST, error_messages={"required": _("Viết nội dung ghi chú.")}
    )
    note_files = FilesField(label=_("Tệp kèm theo ghi chú"))
