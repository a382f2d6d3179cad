"""All figures that the board publishes, by code; each floor defines its own."""

from collections.abc import Iterator

from django.http import Http404

from izportal.indicators import Indicator
from izportal.statistics import unverified
from onestop import figures as counter
from projects.figures import course, land, lives, moved, rates, register
from projects.reports import figures as reports

ALL = (
    *register.INDICATORS,
    *moved.INDICATORS,
    *course.INDICATORS,
    *lives.INDICATORS,
    *rates.INDICATORS,
    *land.INDICATORS,
    *reports.INDICATORS,
    *counter.INDICATORS,
    *unverified.INDICATORS,
)
INDICATORS: dict[str, Indicator] = {row.code: row for row in ALL}


def of(code: str) -> Indicator:
    return INDICATORS[code]


def or_404(code: str) -> Indicator:
    if code not in INDICATORS:
        raise Http404
    return INDICATORS[code]


def among(owner: str) -> Iterator[Indicator]:
    """What a division answers for."""
    return (row for row in INDICATORS.values() if row.owner == owner)
