"""What the page of a project shows besides its form: who invests, which land, each change with before and after, the
schedule and the papers."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal.templatetags.area import m2
from izportal.templatetags.money import usd, vnd
from projects.admin.sight import Line, fact, share
from projects.ledger.book import ZERO
from projects.models import Change, Classification, Milestone

AMOUNTS = (("capital_usd", usd), ("capital_vnd", vnd), ("area_m2", m2))
LABELS = {
    "capital_usd": gettext_lazy("Vốn đăng ký, USD"), "capital_vnd": gettext_lazy("Vốn đăng ký, VND"),
    "area_m2": gettext_lazy("Diện tích thuê"),
}  # fmt: skip


@dataclass
class Entry:
    """A standing change with what it made of the project, and the rows in whose place it stands."""

    change: Change
    lines: list[Line] = field(default_factory=list)
    replaced: list[Change] = field(default_factory=list)


def page(project, *, on):
    changes = list(project.changes.select_related("recorded_by"))
    return {
        "shares": project.contributions.standing(on=on).select_related("investor__country"),
        "tenures": project.tenures.as_known().select_related("plot__zone", "plot__phase").order_by("-starts_on"),
        "entries": _entries(project, changes),
        "milestones": _milestones(project, on),
        "documents": project.documents.filter(removed_at__isnull=True).select_related("stored", "added_by"),
        "on": on,
    }


def _milestones(project, on):
    """Every step, also one of which nothing is known."""
    known = {row.kind: row for row in project.milestones.as_known()}
    rows = [known.get(kind) or Milestone(project=project, kind=kind) for kind in Milestone.Kind.values]
    rows.sort(key=lambda row: row.planned_on or row.actual_on or date.max)
    return [(row, bool(row.planned_on and not row.actual_on and row.planned_on < on)) for row in rows]


def _entries(project, changes):
    by_pk = {change.pk: change for change in changes}
    superseded = {change.supersedes_id for change in changes}

    def root(pk):
        while by_pk[pk].supersedes_id:
            pk = by_pk[pk].supersedes_id
        return pk

    chains = defaultdict(list)
    for change in changes:
        chains[root(change.pk)].append(change)
    said = _said(project, root)
    standing = [change for change in changes if change.pk not in superseded]
    standing.sort(key=lambda change: (change.effective_on, root(change.pk)))
    entries, sums = [], dict.fromkeys((name for name, _written in AMOUNTS), ZERO)
    for change in standing:
        first = root(change.pk)
        entry = Entry(change, _moved(change, sums), [row for row in chains[first] if row != change])
        entry.lines += said[first] if change.stands_as != Change.Kind.CORRECTION else []
        entries.append(entry)
    return entries[::-1]


def _moved(change, sums):
    """The amounts before and after; `sums` goes on to the next change."""
    lines = []
    for name, written in AMOUNTS:
        before, sums[name] = sums[name], sums[name] + getattr(change, name)
        if before != sums[name]:
            lines.append(Line(str(LABELS[name]), written(before), written(sums[name])))
    return lines


def _said(project, root):
    """By the first row of a change: what it made of how the project is classed, and of its investors."""
    said: dict[int, list[Line]] = defaultdict(list)
    before = None
    for row in _spans(project.classifications.select_related("sector", "zone", "enterprise")):
        said[root(row.change_id)] += _otherwise(before, row) if before else []
        before = row
    held: dict[int, tuple] = {}
    for row in _spans(project.contributions.select_related("investor")):
        amounts, was = (row.capital_usd, row.capital_vnd), held.get(row.investor_id)
        if was != amounts:
            label = _("Vốn góp: %(investor)s") % {"investor": row.investor.name}
            said[root(row.change_id)].append(Line(label, share(was), share(amounts)))
        held[row.investor_id] = amounts
    return said


def _otherwise(before, row):
    """A line for each fact that one row has otherwise than the row before it."""
    pairs = [(name, getattr(before, name), getattr(row, name)) for name in Classification.FACTS]
    labels = {field.name: str(field.verbose_name) for field in Classification._meta.fields}
    return [Line(capfirst(labels[name]), fact(name, old), fact(name, new)) for name, old, new in pairs if old != new]


def _spans(rows):
    found = [row for row in rows.as_known() if row.ended_on is None or row.ended_on > row.starts_on]
    return sorted(found, key=lambda row: (row.starts_on, row.pk))
