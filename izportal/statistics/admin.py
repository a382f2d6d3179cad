"""The back office of published figures: the calendar, by whose rows they are given out, breaks in the series,
and targets of a plan."""

from django import forms
from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modeltranslation.admin import TranslationAdmin

from izportal import roles
from izportal.backoffice import Deed, DeedForm, HistoryAdmin, PortalAdmin, ReadOnlyAdmin, ReadOnlyInline, SafeForm
from izportal.models import PlanTarget, Publication, PublishedFigure, Release, SeriesBreak
from izportal.statistics import brief_admin, publishing, registry


def may_publish(user):
    return roles.may(user, "publish_figures")


def _publish(release, *, by, at):
    row = publishing.publish(as_of=release.as_of, since=release.since, release=release, by=by, at=at)
    return _("Đã công bố %(count)s số liệu tính đến %(day)s.") % {
        "count": row.figures.count(), "day": f"{row.as_of:%d/%m/%Y}",
    }  # fmt: skip


def _is_over(release):
    return release.as_of <= timezone.localdate()


@admin.register(Release)
class ReleaseAdmin(HistoryAdmin, PortalAdmin, TranslationAdmin):
    list_display = ("planned_on", "title", "as_of", "since")
    date_hierarchy = "planned_on"
    search_fields = ("title_vi", "title_en", "note_vi", "note_en")
    deeds = (
        Deed(
            slug="publish", label=gettext_lazy("Công bố số liệu"), form=DeedForm, do=_publish, may=may_publish,
            explanation=gettext_lazy(
                "Các số chính theo sổ lúc này được giữ nguyên dưới tên của bạn; về sau cổng nêu số nào khác, vì sao."
            ),
            refusals=(publishing.PublishRefused,), is_due=_is_over,
        ),
    )  # fmt: skip


class PublishedInline(ReadOnlyInline):
    model = PublishedFigure
    fields = ("indicator", "zone", "value", "version")
    readonly_fields = fields


@admin.register(Publication)
class PublicationAdmin(ReadOnlyAdmin):
    list_display = ("as_of", "since", "released_at", "released_by", "release", "is_sample")
    list_select_related = ("released_by", "release")
    date_hierarchy = "released_at"
    search_fields = ("note", "released_by__folded")
    fields = ("as_of", "since", "known_at", "released_at", "released_by", "release", "note", "is_sample")
    readonly_fields = fields
    inlines = (PublishedInline,)

    def get_urls(self):
        return [*brief_admin.pages(self), *super().get_urls()]


@admin.register(SeriesBreak)
class SeriesBreakAdmin(HistoryAdmin, PortalAdmin, TranslationAdmin):
    list_display = ("on", "title", "zone", "source", "is_verified")
    date_hierarchy = "on"
    search_fields = ("code", "title_vi", "title_en", "text_vi", "text_en", "source_vi", "source_en")


class TargetForm(SafeForm):
    """A plan counts what happens in its year, so only such figures are offered."""

    indicator = forms.ChoiceField(label=gettext_lazy("Chỉ tiêu"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        rows = [(row.code, row.title) for row in registry.ALL if row.is_flow and row.per is None]
        self.fields["indicator"].choices = [("", "—"), *rows]


@admin.register(PlanTarget)
class PlanTargetAdmin(HistoryAdmin, PortalAdmin, TranslationAdmin):
    form = TargetForm
    list_display = ("year", "title", "amount", "source", "is_verified")
    search_fields = ("indicator", "source_vi", "source_en", "note_vi", "note_en")

    @admin.display(description=gettext_lazy("chỉ tiêu"), ordering="indicator")
    def title(self, row):
        return registry.of(row.indicator).title

    @admin.display(description=gettext_lazy("giá trị"), ordering="value")
    def amount(self, row):
        return registry.of(row.indicator).unit.text(row.value)
