"""What a question asks of its sender, what finds it again, and what narrows the published ones."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from izportal.correspondence.forms import words
from izportal.lists import SearchForm
from izportal.press.letter_forms import LetterForm
from izportal.press.models import Topic
from projects.models import Enterprise


class QuestionForm(LetterForm):
    topic = forms.ChoiceField(label=_("Lĩnh vực"), choices=[("", _("Chọn lĩnh vực")), *Topic.choices])
    title = words(_("Hỏi về việc gì"), most=200, required=True)
    enterprise = forms.ModelChoiceField(
        label=_("Hỏi thay mặt tổ chức"), queryset=Enterprise.objects.none(), required=False,
        help_text=_("Người khác có ủy quyền của tổ chức cũng xem được câu hỏi này."),
    )  # fmt: skip
    may_publish = forms.BooleanField(
        label=_("Ban được công bố câu hỏi và trả lời này, không nêu tên tôi và tổ chức của tôi"), required=False
    )

    field_order = ["topic", "title", "text", "file"]
    COLUMNS = ("topic", "title", "enterprise", "may_publish", *LetterForm.COLUMNS)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].label = gettext("Nội dung hỏi")
        self.fields["enterprise"].empty_label = gettext("Không thay mặt tổ chức nào")
        if user.is_authenticated and not user.is_staff:
            self.fields["enterprise"].queryset = Enterprise.objects.visible_to(user)
        if not self.fields["enterprise"].queryset.exists():
            del self.fields["enterprise"]


class LookupForm(forms.Form):
    reference = words(_("Mã câu hỏi"), most=30, required=True, placeholder="HD-2026-0001", autocomplete="off")
    email = forms.EmailField(
        label=_("Thư điện tử đã dùng khi hỏi"), max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )  # fmt: skip

    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)


class AnswerFilterForm(SearchForm):
    topic = forms.ChoiceField(label=_("Lĩnh vực"), choices=Topic.choices)
