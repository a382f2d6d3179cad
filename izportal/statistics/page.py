"""`/thong-ke/`: all published figures for one question, each leading to its records."""

from datetime import date
from typing import Any

from django import forms
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from izportal import statistics as figures
from izportal.indicators import Asked
from izportal.models import SeriesBreak
from izportal.statistics import overview, sections
from izportal.statistics.asking import AskedForm
from izportal.statistics.overview import MONTH, QUARTER, YEAR, Step

# How many steps of each length are drawn.
MOST = {MONTH: 12, QUARTER: 12, YEAR: 11}
SIGNS = "ABCDEFGH"


class PageForm(AskedForm):
    """The question of the whole page, and the length of the steps in which it is told over time."""

    by = forms.TypedChoiceField(
        label=_("Chia theo"), coerce=int, empty_value=YEAR,  # type: ignore[arg-type]
        choices=[("", _("Năm")), (QUARTER, _("Quý")), (MONTH, _("Tháng"))],
    )  # fmt: skip

    def __init__(self, data: Any, **kwargs: Any):
        super().__init__(data, **kwargs)
        # Figures by origin stand side by side on the page.
        del self.fields["origin"]

    @property
    def asked(self) -> Asked:
        self.cleaned_data.setdefault("origin", "")
        return super().asked


def statistics(request):
    form, stated = PageForm(request.GET), figures.statements()
    board = figures.board_statement(stated)
    context = {"form": form, "statements": stated, "board": board}
    if form.is_valid():
        asked, by = form.asked, form.cleaned_data["by"]
        told = overview.of(asked.of(rate_on=None))
        report = figures.report(asked, at=timezone.now())
        steps, is_narrowed = told.steps(by, MOST[by]), asked.query() != plain(asked)
        land = sections.balances(asked.of(is_sample=report.land_is_sample), report.land, report.land_total)
        context |= {
            "asked": asked, "told": told, "groups": groups(told), "steps": steps, "breaks": breaks(steps, asked),
            "report": report, "land": land, "is_narrowed": is_narrowed,
            "comparisons": [] if is_narrowed else figures.compare(board, sections.asker(told, land["total"])),
            "sections": sections.of(told, is_narrowed=is_narrowed, rate_on=asked.rate_on),
        }  # fmt: skip
    return render(request, "izportal/statistics.html", context)


def groups(told: overview.Overview) -> dict[str, list[overview.Group]]:
    return {"zone": told.zones, "section": told.sections, "sector": told.sectors, "country": told.countries}


def plain(asked: Asked) -> dict[str, str]:
    """The same question without a filter."""
    return asked.of(zone="", sector="", country="", origin="").query()


def breaks(steps: list[Step], asked: Asked) -> list[tuple[float, str, str]]:
    """What breaks the series within the time drawn: share of the way from the first day to the last, sign, words."""
    first, last = steps[0].since, steps[-1].on
    rows = [row for row in SeriesBreak.objects.filter(on__gt=first, on__lte=last) if row.zone in ("", asked.zone)]
    return [
        (_share(row.on, steps), sign, f"{row.on:%d/%m/%Y}: {row.title}")
        for sign, row in zip(SIGNS, rows, strict=False)
    ]


def _share(day: date, steps: list[Step]) -> float:
    """Steps are drawn equally wide, however many days they have."""
    place = next(n for n, step in enumerate(steps) if step.on >= day)
    step = steps[place]
    return (place + (day - step.since).days / max((step.on - step.since).days, 1)) / len(steps)
