"""Whether the register's figures can be believed: every bridge balances, an ended project holds nothing, each change
bears the seal that it was written with, and the sums say what the rows say (`proving`). What is wrong is told in a
sentence that names the row."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.cache import cache
from django.db.models import F, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from izportal.indicators import Asked
from projects import seals
from projects.figures import cells, proving
from projects.figures.facts import LIFE
from projects.figures.register import PARTS
from projects.models import Change

# More is not read by anybody.
MOST = 20
KEY = "register:faults"


@dataclass(frozen=True)
class Unbalanced:
    """A bridge over a month that does not add up, by `gap`."""

    month: date
    zone: str
    sector: str
    origin: str
    code: str
    gap: Decimal | int


def unbalanced(asked: Asked) -> Iterator[Unbalanced]:
    """Every month × zone × sector × origin up to a day; two passes of the database."""
    groups: dict[tuple[Any, ...], list[cells.Cell]] = {}
    for cell in cells.by_all(asked):
        zone, sector, section, month = cell.key
        groups.setdefault((month, zone, sector or section, cell.origin), []).append(cell)
    for key in sorted(groups):
        values = cells.values(groups[key], flows_of_all=True)
        for code, parts in PARTS.items():
            told = sum(sign * values.get(part, 0) for part, sign in parts) + values.get(f"{cells.MOVED}{code}", 0)
            if values.get(code, 0) != told:
                month, zone, sector, origin = key
                yield Unbalanced(month, zone, sector, origin, code, values.get(code, 0) - told)


def remains() -> Iterator[str]:
    """Ended projects that hold something still."""
    rows = Change.objects.as_known().order_by().values(code=F("project__code"))
    sums = {"usd": Sum("capital_usd"), "vnd": Sum("capital_vnd"), "area": Sum("area_m2")}
    held = ~Q(usd=0) | ~Q(vnd=0) | ~Q(area=0)
    told = rows.annotate(alive=Sum(LIFE), **sums).filter(held, alive=0).order_by("code")
    yield from told.values_list("code", flat=True)[:MOST]


def look(*, at: datetime) -> list[str]:
    """What is wrong just now, kept for the desk until somebody looks again."""
    found = faults(on=timezone.localdate(at))
    cache.set(KEY, (at, found), None)
    return found


def last() -> tuple[datetime | None, list[str]]:
    """When somebody last looked, and what was wrong then."""
    return cache.get(KEY) or (None, [])


def faults(*, on: date) -> list[str]:
    """Everything that is wrong, in sentences."""
    found = [
        _("Dòng sổ %(row)s của dự án %(project)s (%(number)s) không còn như khi ghi.")
        % {"row": bad.row["pk"], "project": bad.row["project__code"], "number": bad.row["decision_number"]}
        for _n, bad in zip(range(MOST), seals.broken(), strict=False)
    ]
    found += [_("Dự án %(project)s đã kết thúc nhưng sổ còn vốn hoặc đất.") % {"project": code} for code in remains()]
    gaps = (row for is_sample in (False, True) for row in unbalanced(Asked(on, is_sample=is_sample)))
    for _n, row in zip(range(MOST), gaps, strict=False):
        said = {
            "code": row.code,
            "month": f"{row.month:%m/%Y}",
            "zone": row.zone,
            "sector": row.sector,
            "gap": row.gap,
        }
        found.append(_("Cân đối %(code)s tháng %(month)s, %(zone)s, ngành %(sector)s lệch %(gap)s.") % said)
    return found + [said for _n, said in zip(range(MOST), proving.differences(on=on), strict=False)]
