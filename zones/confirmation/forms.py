"""What an operator may say of each listing of a letter: still right, changed and how, or nothing yet."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zones.confirmation import Answer
from zones.models import Confirmation

Word = Confirmation.Word
LONGEST = 2000


class ListingsForm(forms.Form):
    """Two fields for each plot: the word, and what has changed."""

    def __init__(self, data=None, *, plots):
        super().__init__(data, label_suffix="")
        self.plots = plots
        for plot in plots:
            self.fields[f"word_{plot.pk}"] = forms.ChoiceField(
                label=gettext_lazy("Thông tin lô"), choices=Word.choices, widget=forms.RadioSelect, required=False
            )
            self.fields[f"note_{plot.pk}"] = forms.CharField(
                label=gettext_lazy("Điều gì đã thay đổi"), required=False, max_length=LONGEST,
                widget=forms.Textarea(attrs={"rows": 3}),
            )  # fmt: skip

    @staticmethod
    def refused(sentence):
        return forms.ValidationError(sentence, code="refused")

    @property
    def rows(self):
        """Each plot with its two fields."""
        return [(plot, self[f"word_{plot.pk}"], self[f"note_{plot.pk}"]) for plot in self.plots]

    def clean(self):
        for plot in self.plots:
            word, note = (self.cleaned_data.get(f"{part}_{plot.pk}", "") for part in ("word", "note"))
            if word == Word.CHANGED and not note:
                self.add_error(f"note_{plot.pk}", _("Hãy ghi điều đã thay đổi."))
            if note and word != Word.CHANGED:
                self.add_error(f"word_{plot.pk}", _("Bạn đã ghi thay đổi; hãy chọn “Đã thay đổi” hoặc xóa nội dung."))
        if not self.errors and not self.answers:
            raise forms.ValidationError(_("Hãy trả lời ít nhất một lô."))
        return self.cleaned_data

    @property
    def answers(self):
        said = self.cleaned_data
        return [
            Answer(plot, said[f"word_{plot.pk}"], said[f"note_{plot.pk}"])
            for plot in self.plots
            if said.get(f"word_{plot.pk}")
        ]
