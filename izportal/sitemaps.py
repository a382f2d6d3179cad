"""What search engines are told of: every public page in every language, with the day on which it last changed."""

from django.contrib.sitemaps import Sitemap
from django.db.models import Max, OuterRef, Prefetch, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from izportal.press.models import Edition, Item
from izportal.press.readable import FACTS
from onestop.models import Procedure, ProcedureVersion
from projects.models import Change, Project
from zones.models import Availability, Plot, Zone


class EveryLanguage(Sitemap):
    i18n = True
    alternates = True
    x_default = True


class Pages(EveryLanguage):
    def items(self):
        return [
            "home", "zones:zone_list", "zones:plot_list", "zones:match", "zones:enquiry_new", "projects:project_list",
            "statistics", "opendata", "onestop:procedure_list", "onestop:track", "onestop:counter_record",
            "press:answer_list", "press:item_list", "press:page_list", "press:document_list",
            "press:question_new", "press:consultation_list", "press:item_archive", "onestop:progress_table",
            "onestop:survey", "onestop:verify", "revisions", "releases", "sealed_days", "api_docs", "privacy",
        ]  # fmt: skip

    def location(self, item):
        return reverse(item)


class Rows(EveryLanguage):
    """Every public row of a model that has its own page. `latest` answers the moments at which it changed, by name."""

    def __init__(self, rows, **latest):
        self.rows, self.latest = rows, latest

    def items(self):
        return self.rows.annotate(**self.latest)

    def lastmod(self, row):
        return max((moment for name in self.latest if (moment := getattr(row, name))), default=None)

    def get_latest_lastmod(self):
        """Asked once for the index, where no row is wanted."""
        found = self.rows.annotate(**self.latest).aggregate(**{f"last_{name}": Max(name) for name in self.latest})
        return max((moment for moment in found.values() if moment), default=None)


class Content(EveryLanguage):
    """Each page of the content in the languages in which it is out, and in no other."""

    def items(self):
        editions = Prefetch("editions", Edition.objects.public(at=timezone.now()), to_attr="out")
        rows = Item.objects.public(at=timezone.now()).filter(is_sample=False)
        for kind, facts in FACTS.items():
            rows = rows.exclude(kind=kind, **{facts: None})
        return rows.order_by("pk").prefetch_related(editions)

    def get_languages_for_item(self, item):
        return [edition.language for edition in item.out]

    def get_latest_lastmod(self):
        rows = Edition.objects.public(at=timezone.now()).filter(item__is_sample=False)
        return rows.aggregate(last=Max(Coalesce("published_at", "publish_at")))["last"]

    def lastmod(self, item):
        return max(edition.out_at for edition in item.out)


def edited(model):
    """The last line of the history of each row."""
    lines = model.history.filter(**{model._meta.pk.attname: OuterRef("pk")}).order_by("-history_date")
    return Subquery(lines.values("history_date")[:1])


def noted(model, field, moment="recorded_at"):
    rows = model.objects.filter(**{field: OuterRef("pk")}).order_by(f"-{moment}")
    return Subquery(rows.values(moment)[:1])


def _versions():
    lines = ProcedureVersion.history.filter(procedure_id=OuterRef("pk")).order_by("-history_date")
    return Subquery(lines.values("history_date")[:1])


SITEMAPS = {
    "pages": Pages,
    "zones": Rows(Zone.objects.order_by("position", "slug"), edited_at=edited(Zone)),
    "plots": Rows(
        Plot.objects.published().filter(is_sample=False).order_by("code"),
        edited_at=edited(Plot), allotted_at=noted(Availability, "plot"),
    ),
    "projects": Rows(
        Project.objects.filter(is_sample=False).order_by("code"),
        edited_at=edited(Project), changed_at=noted(Change, "project"),
    ),
    "content": Content,
    "procedures": Rows(Procedure.objects.order_by("number"), edited_at=edited(Procedure), asked_at=_versions()),
}  # fmt: skip
