"""Pages of the back office for issued papers: the control slip of a dossier, the register of a period, and the deed by
which a paper is revoked or issued anew."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from izportal import documents, lists, roles
from onestop import periods, registers, slips
from onestop.models import Slip
from onestop.periods import PeriodForm

PAGE_SIZE = 50
ONE, BOTH = "one", "both"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def pages(office):
    """Addresses under the dossiers of the back office; `office` is their admin."""
    named = (
        ("<uuid:pk>/control/", require_safe(control_page), "control"),
        ("<uuid:pk>/control/pdf/", require_safe(control_pdf), "control_pdf"),
        ("<uuid:pk>/slips/<int:slip>/revoke/", revoke_page, "slip_revoke"),
        ("register/", require_safe(register_page), "register"),
        ("register/pdf/", require_safe(register_pdf), "register_pdf"),
        ("register/xlsx/", require_safe(register_book), "register_book"),
    )
    return [path(at, office.admin_site.admin_view(_of(office, view)), name=f"onestop_dossier_{name}")
            for at, view, name in named]  # fmt: skip


def _of(office, view):
    def page(request, **address):
        return view(request, office, **address)

    return page


# The control slip -------------------------------------------------------------------------------------------------
def control_page(request, office, pk):
    """On the screen with the office's own budgets, which neither the PDF nor the printed page bears."""
    dossier = _received(request, office, pk)
    is_bilingual, links = _languages(request, dossier.is_bilingual)
    sheet = registers.control(dossier, is_bilingual=is_bilingual, budget=registers.Budget(dossier, at=timezone.now()))
    pdf_url = f"{reverse('admin:onestop_dossier_control_pdf', args=[pk])}?{links['asked']}"
    return TemplateResponse(request, "onestop/sheet.html", {**sheet, "pdf_url": pdf_url, "links": links})


def control_pdf(request, office, pk):
    dossier = _received(request, office, pk)
    back = reverse("admin:onestop_dossier_control", args=[pk])
    sheet = registers.control(dossier, is_bilingual=_languages(request, dossier.is_bilingual)[0])
    return _pdf(request, sheet, f"phieu-kiem-soat-{dossier.code}.pdf", back)


def _languages(request, wanted=False):
    """Whether the sheet is asked for in two languages, and the addresses of this one and of the other way."""
    asked = request.GET.get("languages")
    is_bilingual = asked == BOTH if asked in (ONE, BOTH) else wanted
    addresses = {}
    for name, choice in (("asked", is_bilingual), ("other", not is_bilingual)):
        query = request.GET.copy()
        query["languages"] = BOTH if choice else ONE
        addresses[name] = query.urlencode()
    return is_bilingual, addresses


def _received(request, office, pk):
    """A control slip is opened by reception; before that there is none."""
    dossier = office._dossier(request, pk)
    if dossier.received_at is None:
        raise Http404
    return dossier


# The register -----------------------------------------------------------------------------------------------------
def register_page(request, office):
    form, page, sheet = _register(request, office)
    query, links = request.GET.urlencode(), _languages(request)[1]
    urls = {name: f"{reverse(f'admin:onestop_dossier_register_{name}')}?{query}" for name in ("pdf", "book")}
    context = {
        **sheet, "form": form, "page": page, "pdf_url": urls["pdf"], "book_url": urls["book"], "links": links,
    }  # fmt: skip
    return TemplateResponse(request, "onestop/sheet.html", context)


def register_pdf(request, office):
    """The page of the register that the reader sees."""
    _form, page, sheet = _register(request, office)
    back = f"{reverse('admin:onestop_dossier_register')}?{request.GET.urlencode()}"
    return _pdf(request, sheet, f"{_name(sheet['period'])}-{page.number}.pdf", back)


def register_book(request, office):
    form, rows = _asked(request, office)
    try:
        content = registers.book(rows)
    except registers.RegisterTooLong as refusal:
        messages.warning(request, str(refusal))
        return redirect(f"{reverse('admin:onestop_dossier_register')}?{request.GET.urlencode()}")
    return _file(content, EXCEL, f"{_name(_period(form))}.xlsx")


def _register(request, office):
    form, rows = _asked(request, office)
    page = lists.page_of(request, rows, size=PAGE_SIZE)
    first = page.start_index() if len(page) else 1
    sheet = registers.register(
        registers.lines(page, first=first), _period(form), at=timezone.now(), is_bilingual=_languages(request)[0]
    )
    return form, page, sheet


def _asked(request, office):
    if not office.has_view_permission(request):
        raise PermissionDenied
    form = PeriodForm(request.GET)
    rows = registers.received(office.get_queryset(request), _period(form))
    return form, rows if form.is_valid() else rows.none()


def _period(form):
    """The running year where what was asked for is no period."""
    return form.chosen_period if form.is_valid() else periods.of(str(timezone.localdate().year))


def _name(period):
    return f"so-theo-doi-ho-so-{period.first:%Y%m%d}-{period.last:%Y%m%d}"


def _pdf(request, sheet, name, back):
    try:
        content = documents.render_pdf("onestop/slips/pdf.html", sheet, language=sheet["language"])
    except documents.PdfUnavailable as missing:
        messages.warning(request, missing.sentence)
        return redirect(back)
    return _file(content, "application/pdf", name)


def _file(content, kind, name):
    headers = {
        "Content-Disposition": content_disposition_header(True, name) or "attachment",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type=kind, headers=headers)


# Revoking, issuing anew -------------------------------------------------------------------------------------------
class RevokeForm(forms.Form):
    REVOKE, ANEW = "revoke", "anew"

    deed = forms.ChoiceField(label=gettext_lazy("Việc cần làm"), widget=forms.RadioSelect, initial=REVOKE)
    ground = forms.ChoiceField(
        label=gettext_lazy("Loại lý do"), required=False, choices=[("", "—"), *Slip.Ground.choices[1:]],
        help_text=gettext_lazy("Ai xác thực giấy cũng đọc được loại lý do này."),
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("Lý do"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Lưu trong hồ sơ của Ban, không công khai."),
    )  # fmt: skip

    use_required_attribute = False

    def __init__(self, data=None, *, slip):
        super().__init__(data, label_suffix="")
        deeds = [(self.REVOKE, _("Thu hồi giấy này"))]
        if slips.may_be_issued_anew(slip):
            deeds.append((self.ANEW, _("Cấp giấy mới thay cho giấy này, theo dữ liệu hiện nay của hồ sơ")))
        self.fields["deed"].choices = deeds
        for name in ("ground", "reason"):
            self.fields[name].is_asked = True

    def clean(self):
        super().clean()
        said = self.cleaned_data
        if said.get("deed") == self.REVOKE:
            for name, sentence in (("ground", _("Chọn loại lý do thu hồi.")), ("reason", _("Ghi lý do thu hồi."))):
                if not said.get(name) and name not in self.errors:
                    self.add_error(name, sentence)
        return said


def revoke_page(request, office, pk, slip):
    dossier = office._dossier(request, pk)
    found = get_object_or_404(dossier.slips.select_related("dossier", "replaced_by", "revoked_by"), pk=slip)
    if not roles.may(request.user, "revoke_slip"):
        raise PermissionDenied
    form, refusal = RevokeForm(request.POST or None, slip=found), slips.why_not_revoked(found)
    if request.method == "POST" and not refusal and form.is_valid():
        try:
            _carry_out(request, found, form.cleaned_data)
            return redirect("admin:onestop_dossier_change", pk)
        except slips.SlipRefused as told:
            refusal = str(told)
    context = {"dossier": dossier, "slip": found, "form": form, "sentence": refusal}
    status = 409 if request.method == "POST" and refusal else 200
    return office._page(request, "slip_revoke", _("Thu hồi, cấp lại giấy"), status=status, **context)


def _carry_out(request, slip, said):
    at = timezone.now()
    if said["deed"] == RevokeForm.ANEW:
        new = slips.issue_anew(slip, by=request.user, at=at)
        messages.success(request, _("Đã cấp %(new)s thay cho %(old)s.") % {"new": new, "old": slip.number})
        return
    slips.revoke(slip, ground=said["ground"], reason=said["reason"], by=request.user, at=at)
    messages.success(request, _("Đã thu hồi %(slip)s.") % {"slip": slip})
