"""What the land keeper hands in: a file or pasted lines, on which paper; a look at it comes before it is kept."""

import hashlib

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal.backoffice import LinesField
from zones import outlines
from zones.outlines.reading import MOST_LETTERS

PLOTS, BOUNDARY = "plots", "boundary"


class OutlineForm(forms.Form):
    """After a valid look at it `proposals` holds what would be drawn, and `is_seen` whether this very text was looked
    at before. A file becomes text on the page: nothing has to be chosen twice."""

    what = forms.ChoiceField(
        label=gettext_lazy("Nhập ranh giới"), initial=PLOTS, widget=forms.RadioSelect,
        choices=[
            (PLOTS, gettext_lazy("Của các lô")),
            (BOUNDARY, gettext_lazy("Của khu (thay toàn bộ ranh giới khu)")),
        ],
    )  # fmt: skip
    upload = forms.FileField(
        label=gettext_lazy("Tệp GeoJSON hoặc văn bản"), required=False,
        widget=forms.FileInput(attrs={"accept": ".geojson,.json,.txt,.csv"}),
    )  # fmt: skip
    text = LinesField(
        label=gettext_lazy("Hoặc dán GeoJSON, bảng tọa độ VN-2000"), required=False, max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 14, "cols": 80, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "Bảng: mỗi dòng một đỉnh, X (bắc) rồi Y (đông), trước các đỉnh là dòng ghi số lô; có thể chép từ Excel. "
            "VN-2000, kinh tuyến trục 106°30′, múi 3°. GeoJSON: kinh độ, vĩ độ; số lô ở thuộc tính “code” hoặc "
            "“number”."
        ),
    )  # fmt: skip
    basis = forms.CharField(
        label=gettext_lazy("Căn cứ"), max_length=300,
        help_text=gettext_lazy("Số, ngày bản vẽ, mảnh trích đo hoặc quyết định."),
    )  # fmt: skip
    measured_on = forms.DateField(label=gettext_lazy("Ngày đo vẽ"), required=False, widget=AdminDateWidget)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, zone, **kwargs):
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.proposals = []

    @property
    def is_boundary(self):
        return self.cleaned_data.get("what") == BOUNDARY

    @property
    def is_seen(self):
        return bool(self.proposals) and self.cleaned_data.get("seen") == self.mark

    @property
    def is_sound(self):
        return bool(self.proposals) and not any(proposal.troubles for proposal in self.proposals)

    @property
    def mark(self):
        said = f"{self.cleaned_data.get('what')}\n{self.cleaned_data.get('text')}"
        return hashlib.sha256(said.encode()).hexdigest()

    def clean_upload(self):
        upload = self.cleaned_data["upload"]
        if upload is None:
            return ""
        if upload.size > MOST_LETTERS:
            raise forms.ValidationError(_("Tệp lớn hơn 1 MB; hãy chia thành nhiều lần nhập."))
        try:
            return upload.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            sentence = _("Tệp không phải văn bản UTF-8. Với Excel, hãy chép các cột rồi dán vào ô bên dưới.")
            raise forms.ValidationError(sentence) from error

    def clean(self):
        cleaned = super().clean()
        from_file, typed = cleaned.get("upload") or "", (cleaned.get("text") or "").strip()
        if from_file and typed:
            self.add_error("upload", _("Chỉ một trong hai: để trống ô dán, hoặc không chọn tệp."))
        elif "upload" in cleaned and "text" in cleaned and not (from_file or typed):
            self.add_error("text", _("Hãy chọn tệp hoặc dán dữ liệu ranh giới."))
        elif from_file or typed:
            cleaned["text"] = (from_file or typed).replace("\r\n", "\n")
            self._propose(cleaned["text"])
        return cleaned

    def _propose(self, text):
        try:
            self.proposals = outlines.propose(self.zone, text, is_boundary=self.is_boundary)
        except outlines.UnreadableOutlines as refusal:
            self.add_error("text", str(refusal))

    def shown(self):
        """The form for the next press: with the text of the file, and the mark of what is on screen."""
        again = self.data.copy()
        again["text"] = self.cleaned_data.get("text", again.get("text", ""))
        again["seen"] = self.mark if self.is_sound else ""
        self.data = again
        return self
