"""Nothing is deleted without a word why: asked beside what would go, kept with the last version of each row and in the
log of the back office."""

from django import forms
from django.contrib import admin
from django.contrib.admin.actions import delete_selected
from django.contrib.admin.models import DELETION, LogEntry
from django.http import QueryDict
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy

from izportal.backoffice.forms import WHY
from izportal.reasons import LONGEST, because


class WhyForm(forms.Form):
    change_reason = forms.CharField(
        label=gettext_lazy("Vì sao xóa"), max_length=LONGEST, widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy("Được ghi vào lịch sử cùng người xóa, giờ xóa và nội dung trước khi xóa."),
        error_messages={"required": gettext_lazy("Hãy nêu vì sao xóa.")},
    )  # fmt: skip

    use_required_attribute = False


class Deleting:
    """Stands before the admin in the bases."""

    def delete_view(self, request, object_id, extra_context=None):
        form = _asked(request, is_sent=request.method == "POST")
        with because(request.POST.get(WHY, "").strip()):
            return super().delete_view(request, object_id, {"why": form, **(extra_context or {})})

    def log_deletions(self, request, queryset):
        why = request.POST.get(WHY, "").strip()
        return LogEntry.objects.log_actions(request.user.pk, queryset, DELETION, change_message=why)

    def get_actions(self, request):
        found = super().get_actions(request)
        if "delete_selected" in found:
            found["delete_selected"] = (_delete_chosen, *found["delete_selected"][1:])
        return found


@admin.action(permissions=["delete"])
def _delete_chosen(of, request, rows):
    form = _asked(request, is_sent="post" in request.POST)
    with because(request.POST.get(WHY, "").strip()):
        answer = delete_selected(of, request, rows)
    if isinstance(answer, TemplateResponse):
        answer.context_data = {**(answer.context_data or {}), "why": form}
    return answer


def _asked(request, *, is_sent):
    """Where the word is missing the page asks again, as if nothing had been sent."""
    form = WhyForm(request.POST if is_sent else None, auto_id="id_delete_%s")
    if is_sent and not form.is_valid():
        left = request.POST.copy()
        left.pop("post", None)
        request.POST = left if "action" in left else QueryDict()
    return form
