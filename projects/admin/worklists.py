"""The pages of the register's worklists: one list at a time, narrowed, sorted, page by page and as a sheet."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from izportal.lists import page_of
from projects import worklists
from projects.admin.forms import WorkForm


class Working:
    """The worklists at `work/`, for whoever reads projects."""

    def get_urls(self):
        page = path("work/", self.admin_site.admin_view(self.work_view), name="projects_project_work")
        return [page, *super().get_urls()]

    def work_view(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied
        form, today = WorkForm(request.GET), timezone.localdate()
        said = form.cleaned_data if form.is_valid() else {}
        chosen = worklists.LISTS[form.chosen("list") if said else worklists.LATE.key]
        rows = chosen.of(
            request.user, on=today, zone=said.get("zone", ""), q=said.get("q", ""), sort=said.get("sort", "")
        )
        if said and "sheet" in request.GET:
            return _sheet(chosen, rows, today)
        context = {
            **self.admin_site.each_context(request), "title": _("Việc cần làm của sổ dự án"), "opts": self.opts,
            "form": form, "chosen": chosen, "counts": worklists.counts(request.user, on=today), "today": today,
            "page_obj": page_of(request, rows if said else rows.none()), "heads": _heads(form, chosen),
            "to_sign": worklists.forms_to_sign(request.user),
            "missing": worklists.missing_reports(request.user, on=today),
        }  # fmt: skip
        context["lines"] = [_line(chosen, row) for row in context["page_obj"].object_list]
        return TemplateResponse(request, "admin/projects/project/work.html", context)


def _heads(form, chosen):
    """Each head with the address that sorts by it, the other way round where it sorts already."""
    now = form.data.get("sort", "")
    for column in chosen.columns:
        state = "ascending" if now == column.key else "descending" if now == f"-{column.key}" else ""
        sort = f"-{column.key}" if state == "ascending" else column.key
        yield {"label": column.label, "href": form.address(sort=sort), "state": state}


def _line(chosen, row):
    name, pk = chosen.page(row)
    return {"href": reverse(name, args=[pk]), "cells": [column.read(row) for column in chosen.columns], "row": row}


def _sheet(chosen, rows, today):
    answer = HttpResponse(
        chosen.sheet(rows), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    answer["Content-Disposition"] = f'attachment; filename="{chosen.key}-{today:%Y-%m-%d}.xlsx"'
    return answer
