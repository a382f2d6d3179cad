"""What a hand-over asks: to whom, why, and for a whole heap a second word."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from onestop.models import Dossier
from onestop.step_forms import SpecialistChoice, specialists, written


class OfficerForm(forms.Form):
    """Whose dossiers are handed over, all of them."""

    officer = SpecialistChoice(
        None, label=gettext_lazy("Bàn giao toàn bộ hồ sơ của"), empty_label=gettext_lazy("Chọn cán bộ")
    )

    def __init__(self, data=None):
        super().__init__(data, label_suffix="")
        # Also of those who have left, while something lies with them.
        held = Dossier.objects.filter(status__in=Dossier.OPEN, assigned_to__isnull=False).values("assigned_to")
        field = self.fields["officer"]
        field.queryset = specialists(everyone=True).filter(pk__in=held)
        field.is_asked = True


class HandoverForm(forms.Form):
    to = SpecialistChoice(None, label=gettext_lazy("Chuyên viên nhận"), empty_label=gettext_lazy("Chọn chuyên viên"))
    note = written(
        gettext_lazy("Lý do, dặn dò"), rows=3, required=False,
        help_text=gettext_lazy("Ghi trong diễn biến và phiếu kiểm soát của từng hồ sơ."),
    )  # fmt: skip
    # The whole heap was asked for: the number is confirmed once more.
    sure = forms.BooleanField(required=False)

    def __init__(self, data=None, *, count=0, is_whole=False, is_confirming=False):
        super().__init__(data, label_suffix="")
        self.fields["to"].queryset = specialists()
        self.fields["to"].error_messages["invalid_choice"] = _(
            "Chỉ phân công cho chuyên viên đang làm việc; hãy chọn lại."
        )
        if not is_whole:
            del self.fields["sure"]
        else:
            self.fields["sure"].label = _("Tôi xác nhận bàn giao tất cả %(count)s hồ sơ trong danh sách này.") % {
                "count": count
            }
            self.fields["sure"].required = is_confirming
            self.fields["sure"].error_messages["required"] = _("Hãy đánh dấu để xác nhận bàn giao tất cả.")
        for name, field in self.fields.items():
            field.is_asked = field.required or name == "sure"
