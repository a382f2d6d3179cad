"""Outlines of plots and of the zone itself: proposed from what was handed in, entered with their paper, undone."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from simple_history.utils import bulk_update_with_history

from zones.models import OutlineEntry, Plot, Zone
from zones.outlines import checks, reading
from zones.outlines.checks import Proposal
from zones.outlines.reading import UnreadableOutlines

__all__ = ["OutlinesRefused", "Proposal", "UnreadableOutlines", "enter", "propose", "undo"]


class OutlinesRefused(Exception):
    """What was asked for cannot be done as things stand; its text says why."""


def propose(zone: Zone, text: str, *, is_boundary: bool = False) -> list[Proposal]:
    """What the text would draw, each outline with what speaks against it. Raises `UnreadableOutlines`."""
    drafts = reading.read(text)
    return (checks.of_boundary if is_boundary else checks.of_plots)(zone, drafts, list(zone.plots.all()))


@transaction.atomic
def enter(
    *, zone: Zone, text: str, basis: str, by: Any, at: datetime, is_boundary: bool = False,
    measured_on: date | None = None,
) -> OutlineEntry:  # fmt: skip
    """Keep every outline of the text, or none of them. Raises `UnreadableOutlines` and `OutlinesRefused`."""
    zone = Zone.objects.select_for_update().get(pk=zone.pk)
    proposals = propose(zone, text, is_boundary=is_boundary)
    if any(proposal.troubles for proposal in proposals):
        raise OutlinesRefused(_("Còn ranh giới chưa đạt; chưa lưu gì."))
    changes = _of_zone(zone, proposals) if is_boundary else _of_plots(proposals)
    _write(zone, {change["plot"]: change["after"] for change in changes}, by=by)
    return OutlineEntry.objects.create(
        zone=zone, changes=changes, basis=basis, measured_on=measured_on, entered_by=by, entered_at=at
    )


@transaction.atomic
def undo(entry: OutlineEntry, *, by: Any, at: datetime) -> OutlineEntry:
    """Put back what stood before. Raises `OutlinesRefused` where something else has been drawn since."""
    zone = Zone.objects.select_for_update().get(pk=entry.zone_id)
    entry = OutlineEntry.objects.select_for_update().get(pk=entry.pk)
    if entry.undone_at:
        raise OutlinesRefused(_("Lần nhập này đã được hoàn tác."))
    now = dict(zone.plots.filter(code__in=_codes(entry)).values_list("code", "outline")) | {"": zone.outline}
    moved = [change["plot"] or zone.code for change in entry.changes if now.get(change["plot"]) != change["after"]]
    if moved:
        sentence = _("Ranh giới đã được vẽ lại sau lần nhập này: %(plots)s. Hãy hoàn tác lần nhập sau trước.")
        raise OutlinesRefused(sentence % {"plots": ", ".join(moved[:10])})
    _write(zone, {change["plot"]: change["before"] for change in entry.changes}, by=by)
    entry.undone_at, entry.undone_by = at, by
    entry.save(update_fields=["undone_at", "undone_by"])
    return entry


def _codes(entry: OutlineEntry) -> list[str]:
    return [change["plot"] for change in entry.changes if change["plot"]]


def _of_plots(proposals: Sequence[Proposal]) -> list[dict[str, Any]]:
    return [
        {"plot": proposal.plot.code, "before": proposal.plot.outline, "after": _plain(proposal.ring)}
        for proposal in proposals
        if proposal.plot
    ]


def _of_zone(zone: Zone, proposals: Sequence[Proposal]) -> list[dict[str, Any]]:
    return [{"plot": "", "before": zone.outline, "after": [_plain(proposal.ring) for proposal in proposals]}]


def _plain(ring: Sequence[tuple[float, float]]) -> list[list[float]]:
    return [list(point) for point in ring]


def _write(zone: Zone, outlines: dict[str, Any], *, by: Any) -> None:
    """By the code of the plot; the empty one is the zone itself."""
    if "" in outlines:
        zone.outline = outlines[""]
        bulk_update_with_history([zone], Zone, ["outline"], default_user=by)
    plots = list(Plot.objects.select_for_update().filter(zone=zone, code__in=[code for code in outlines if code]))
    for plot in plots:
        plot.outline = outlines[plot.code]
    bulk_update_with_history(plots, Plot, ["outline"], default_user=by)
