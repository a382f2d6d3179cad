"""Fields of the forms of the content: rich text over a plain textarea, and files looked at before they are kept."""

from django import forms
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from izportal.documents import UploadRefused, inspect, limit_bytes
from izportal.press import pictures
from izportal.press.models import Picture

MOST_PICTURES = 50


class RichText(forms.Textarea):
    """Without JavaScript the text is typed as HTML, or as plain paragraphs."""

    template_name = "press/widgets/_rich.html"

    class Media:
        css = {"all": ["css/rich.css"]}
        js = ["vendor/squire/purify.min.js", "vendor/squire/squire.js", "js/rich.js"]

    def __init__(self, language="vi"):
        super().__init__(attrs={"rows": 20, "data-rich": "", "lang": language})
        self.language = language

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"]["pictures"] = [
            (str(figure(row, language=self.language)), row.name) for row in Picture.objects.all()[:MOST_PICTURES]
        ]
        return context


def figure(picture, *, language):
    """What is pasted into a text."""
    alt = getattr(picture, f"alt_{language}") or ""
    return SafeString(f"<figure>{pictures.tag(picture, alt=alt)}</figure>")


class CheckedFile(forms.FileField):
    """A file whose content has been looked at; the refusal is told at its field."""

    def __init__(self, *, kinds=(), **kwargs):
        super().__init__(**{"label": _("Tệp"), **kwargs})
        self.kinds = kinds

    def clean(self, data, initial=None):
        upload = super().clean(data, initial)
        if upload and upload is not initial:
            found = inspect(upload, max_bytes=limit_bytes(timezone.localdate()))
            if self.kinds and found.kind not in self.kinds:
                raise UploadRefused("type", extension=found.extension)
            if self.kinds:
                pictures.opened(upload)
                upload.seek(0)
        return upload
