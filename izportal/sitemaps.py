"""What search engines are told of: every public page, in both languages."""

from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from onestop.models import Procedure
from projects.models import Project
from zones.models import Plot, Zone


class BothLanguages(Sitemap):
    i18n = True
    alternates = True
    x_default = True


class Pages(BothLanguages):
    def items(self):
        return [
            "home", "zones:zone_list", "zones:plot_list", "zones:enquiry_new", "projects:project_list", "statistics",
            "onestop:procedure_list", "onestop:track", "onestop:counter_record",
            "onestop:progress_table", "onestop:survey",
        ]  # fmt: skip

    def location(self, item):
        return reverse(item)


class Rows(BothLanguages):
    """Every public row of a model that has its own page."""

    def __init__(self, rows):
        self.rows = rows

    def items(self):
        return self.rows.all()


SITEMAPS = {
    "pages": Pages,
    "zones": Rows(Zone.objects.order_by("position", "slug")),
    "plots": Rows(Plot.objects.published().filter(is_sample=False).order_by("code")),
    "projects": Rows(Project.objects.filter(is_sample=False).order_by("code")),
    "procedures": Rows(Procedure.objects.order_by("number")),
}
