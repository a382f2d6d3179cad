"""The brief for the leadership in the back office: on screen with a link at each number, and as one page of PDF."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from izportal import documents
from izportal.indicators import written
from izportal.lists import FilterForm
from izportal.statistics.asking import MomentField
from izportal.statistics.brief import brief, waiting
from izportal.workdays import months_later

PAPER = "izportal/papers/brief.html"
# How many months back a brief is offered.
MONTHS = 36


class BriefForm(FilterForm):
    month = forms.ChoiceField(label=gettext_lazy("Tháng"))
    known = MomentField(label=gettext_lazy("Theo sổ đã ghi đến hết ngày"), max_length=40)

    def __init__(self, data, *, today, **kwargs):
        super().__init__(data, **kwargs)
        self.months = {f"{day:%Y-%m}": day for day in (months_later(today.replace(day=1), -n) for n in range(MONTHS))}
        self.fields["month"].choices = [(key, f"{day:%m/%Y}") for key, day in self.months.items()]
        self.fields["month"].initial = f"{today:%Y-%m}"

    @property
    def first_day(self):
        return self.months[self.chosen("month")]

    def known_by(self, at):
        """A moment to come is not settled yet: what is known now is what counts."""
        known = self.cleaned_data["known"]
        return known if known and known <= at else None


def pages(office):
    """Addresses under the publications of the back office; `office` is their admin."""
    named = (("brief/", brief_page, "brief"), ("brief/pdf/", brief_pdf, "brief_pdf"))
    wrap = office.admin_site.admin_view
    return [path(at, wrap(require_safe(_of(office, view))), name=f"izportal_{name}") for at, view, name in named]


def _of(office, view):
    def page(request):
        if not office.has_view_permission(request):
            raise PermissionDenied
        return view(request, office)

    return page


def brief_page(request, office):
    at = timezone.now()
    today = timezone.localdate(at)
    form = BriefForm(request.GET, today=today)
    context = {**office.admin_site.each_context(request), "opts": office.opts, "form": form}
    if form.is_valid():
        known = form.known_by(at)
        told = brief(form.first_day, today=today, known=known)
        context |= {
            "brief": told, "known": known or at, "waiting": waiting(request.user, at=at, today=today),
            "pdf_url": f"{reverse('admin:izportal_brief_pdf')}?month={told.asked.start:%Y-%m}&known={written(known)}",
        }  # fmt: skip
    context["title"] = context["brief"].title if "brief" in context else gettext_lazy("Tóm tắt cho lãnh đạo")
    return TemplateResponse(request, "admin/izportal/publication/brief.html", context)


def brief_pdf(request, office):
    """On paper it is read without the portal at hand, so it is in Vietnamese and names its own moments."""
    at = timezone.now()
    today = timezone.localdate(at)
    form, back = BriefForm(request.GET, today=today), f"{reverse('admin:izportal_brief')}?{request.GET.urlencode()}"
    if not form.is_valid():
        return redirect(back)
    told = brief(form.first_day, today=today, known=form.known_by(at))
    context = {
        "brief": told, "known": form.known_by(at) or at, "waiting": waiting(request.user, at=at, today=today),
        "at": at, "reader": request.user, "language": "vi",
    }  # fmt: skip
    try:
        content = documents.render_pdf(PAPER, context, language="vi")
    except documents.PdfUnavailable as missing:
        messages.warning(request, missing.sentence)
        return redirect(back)
    headers = {
        "Content-Disposition": content_disposition_header(False, f"tom-tat-{told.asked.start:%Y-%m}.pdf"),
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type="application/pdf", headers=headers)
