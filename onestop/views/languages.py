"""The applicant's choice of the languages in which papers are printed."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from onestop import languages
from onestop.views.access import applicant_page


@require_POST
@applicant_page("prepare")
def dossier_languages(request, dossier):
    try:
        languages.choose(dossier, is_bilingual="bilingual" in request.POST, by=request.user, at=timezone.now())
    except languages.LanguagesRefused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Đã ghi ngôn ngữ giấy tờ; các giấy cấp từ nay theo lựa chọn này."))
    return redirect(dossier)
