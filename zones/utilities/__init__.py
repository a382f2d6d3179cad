"""What the networks of a zone have left on a date: the capacity that then stands less what is promised by then."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from zones.models import Utility, UtilityCapacity, UtilityCommitment, Zone
from zones.utility_models import UNITS

__all__ = ["Part", "Remaining", "Utility", "by_zone", "remaining", "without_total"]


@dataclass(frozen=True)
class Part:
    """A row that counts: positive for a capacity, negative for what is promised. A promise that has lapsed since it
    was counted into a total gives its amount back. Whom something is promised to is not told."""

    amount: Decimal
    effective_on: date
    ends_on: date | None
    source: str
    stated_on: date
    confidence: str = ""
    phase: str = ""


@dataclass(frozen=True)
class Remaining:
    """`capacity` is None where the books have none for the day, `committed` where no total says what is promised:
    then nobody knows what is left. `stated_on` is the day of the oldest word that this rests on."""

    kind: Utility
    on: date
    capacity: Decimal | None = None
    committed: Decimal | None = None
    parts: tuple[Part, ...] = ()
    is_sample: bool = False

    @property
    def amount(self) -> Decimal | None:
        """Below zero where more is promised than there is."""
        if self.capacity is None or self.committed is None:
            return None
        return self.capacity - self.committed

    @property
    def unit(self) -> str:
        return str(UNITS[self.kind])

    @property
    def sources(self) -> list[str]:
        return list(dict.fromkeys(part.source for part in self.parts if part.source))

    @property
    def stated_on(self) -> date | None:
        return min((part.stated_on for part in self.parts), default=None)


def remaining(zone: Zone, kind: str, *, on: date) -> Remaining:
    """What a zone has left of one utility; two queries."""
    return by_zone([zone], on=on)[zone.pk, Utility(kind)]


def by_zone(zones: Iterable[Zone], *, on: date) -> dict[tuple[int, Utility], Remaining]:
    """(Zone id, kind) → what is left, for every kind of every zone; two queries however many zones."""
    ids = [zone.pk for zone in zones]
    capacities = _grouped(UtilityCapacity.objects.filter(zone__in=ids).select_related("phase"))
    commitments = _grouped(UtilityCommitment.objects.filter(zone__in=ids))
    return {
        (pk, kind): reckon(kind, capacities[pk, kind], commitments[pk, kind], on=on) for pk in ids for kind in Utility
    }


def without_total(rows: QuerySet[UtilityCapacity], *, on: date) -> QuerySet[UtilityCapacity]:
    """The capacities that count on a day but of which nobody knows what is left: no total says what is promised."""
    alike = {"zone": OuterRef("zone"), "kind": OuterRef("kind")}
    totals = UtilityCommitment.objects.filter(
        **alike, is_sample=OuterRef("is_sample"), is_total=True, effective_on__lte=on
    )
    real = UtilityCapacity.objects.filter(**alike, is_sample=False)
    standing = rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on), effective_on__lte=on)
    return standing.filter(Q(is_sample=False) | ~Exists(real), ~Exists(totals))


def _grouped(rows: QuerySet) -> dict[tuple[int, Utility], list]:
    found: dict[tuple[int, Utility], list] = defaultdict(list)
    for row in rows.order_by("effective_on", "pk"):
        found[row.zone_id, Utility(row.kind)].append(row)
    return found


def reckon(
    kind: Utility, capacities: list[UtilityCapacity], commitments: list[UtilityCommitment], *, on: date
) -> Remaining:
    """Invented rows count only while there is no real capacity; the two are never mixed."""
    is_sample = bool(capacities) and all(row.is_sample for row in capacities)
    standing = [row for row in capacities if row.is_sample == is_sample and _stands(row, on)]
    promised = _promised([row for row in commitments if row.is_sample == is_sample], on)
    return Remaining(
        kind=kind,
        on=on,
        capacity=sum((row.amount for row in standing), Decimal(0)) if standing else None,
        committed=None if promised is None else -sum((part.amount for part in promised), Decimal(0)),
        parts=(*(_part(row, row.amount) for row in standing), *(promised or ())),
        is_sample=is_sample,
    )


def _promised(rows: list[UtilityCommitment], on: date) -> list[Part] | None:
    """The last total by the day, less what of it has lapsed since, and what has been promised since."""
    total = max((r for r in rows if r.is_total and r.effective_on <= on), key=_when, default=None)
    if total is None:
        return None
    single = [row for row in rows if not row.is_total]
    lapsed = [row for row in single if _stands(row, total.effective_on) and not _stands(row, on)]
    since = [row for row in single if row.effective_on > total.effective_on and _stands(row, on)]
    return [
        _part(total, -total.amount), *(_part(r, r.amount) for r in lapsed), *(_part(r, -r.amount) for r in since)
    ]  # fmt: skip


def _when(row: UtilityCommitment) -> tuple[date, int]:
    return row.effective_on, row.pk or 0


def _stands(row: UtilityCapacity | UtilityCommitment, on: date) -> bool:
    return row.effective_on <= on and (row.ends_on is None or row.ends_on >= on)


def _part(row: UtilityCapacity | UtilityCommitment, amount: Decimal) -> Part:
    source = _("Dữ liệu mẫu") if row.is_sample else row.source
    told = (amount, row.effective_on, row.ends_on, source, row.stated_on)
    if isinstance(row, UtilityCapacity):
        return Part(*told, confidence=row.confidence, phase=row.phase.name if row.phase else "")
    return Part(*told)
