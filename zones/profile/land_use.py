"""How the ground of a zone is used, in parts that add up to the last printed digit, and how full it is, on two
bases."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from django.db.models import Sum
from django.utils.translation import gettext as _

from zones.balance import Balance
from zones.models import Plot, Zone

ELSEWHERE = ("leased", "free", "other")
STEP = Decimal(1000)  # square metres in the last printed digit, a tenth of a hectare


@dataclass(frozen=True)
class Part:
    """A kind of use: `mark` is that of the plan, `shown_ha` what is printed."""

    code: str
    label: str
    mark: str
    area_m2: Decimal
    shown_ha: Decimal = Decimal(0)


@dataclass(frozen=True)
class Rate:
    """How full: `leased_m2` of `base_m2`, which `base` names."""

    base: str
    leased_m2: Decimal
    base_m2: Decimal

    @property
    def percent(self) -> Decimal:
        return self.leased_m2 * 100 / self.base_m2

    @property
    def leased_ha(self) -> Decimal:
        return self.leased_m2 / 10000

    @property
    def base_ha(self) -> Decimal:
        return self.base_m2 / 10000


@dataclass(frozen=True)
class LandUse:
    """`industrial` add up to `industrial_ha`; with `rest` they add up to `zone_ha`, None where no area is known or
    the plots in the books exceed it."""

    industrial: list[Part]
    industrial_ha: Decimal
    rest: list[Part]
    zone_ha: Decimal | None
    exceeds: bool


def of(land: Balance, *, other_m2: Decimal, zone_ha: Decimal | None) -> LandUse:
    """`other_m2` are published plots that are no industrial land; `zone_ha` the area of the whole zone."""
    parts = [
        Part("leased", _("Đã cho thuê"), "kl", land.leased_m2),
        Part("reserved", _("Đang giữ chỗ"), "krh", land.reserved_m2),
        Part("free", _("Còn trống"), "k0", land.free_m2),
        Part("coming", _("Chưa sẵn sàng"), "ks", land.coming_m2),
        Part("unconfirmed", _("Chờ xác nhận lại"), "ks", land.unconfirmed_m2),
    ]
    parts = [part for part in parts if part.area_m2 or part.code != "unconfirmed"]
    whole_m2 = zone_ha * 10000 if zone_ha else None
    left_m2 = whole_m2 - land.total_m2 - other_m2 if whole_m2 else Decimal(-1)
    rest = [
        Part("other", _("Nhà xưởng, kho, đất dịch vụ"), "", other_m2),
        Part("left", _("Đường, cây xanh, hạ tầng và đất chưa có trong sổ"), "", left_m2),
    ]
    industrial_ha = _tenths(land.total_m2)
    shown_ha = _tenths(whole_m2) if whole_m2 and left_m2 >= 0 else None
    return LandUse(
        industrial=rounded(parts, to=industrial_ha),
        industrial_ha=industrial_ha,
        rest=rounded(rest, to=shown_ha - industrial_ha) if shown_ha is not None else [],
        zone_ha=shown_ha,
        exceeds=bool(whole_m2) and left_m2 < 0,
    )


def rounded(parts: Sequence[Part], *, to: Decimal) -> list[Part]:
    """Tenths of a hectare that add up to the printed sum. What other pages print too is rounded as they do; the others
    take what that leaves, and those round up that lose most by being cut off."""
    kept = {place: _tenths(part.area_m2) for place, part in enumerate(parts) if part.code in ELSEWHERE}
    free = [place for place, part in enumerate(parts) if part.area_m2 and place not in kept]
    if not free:
        kept, free = {}, list(range(len(parts)))
    steps = {place: parts[place].area_m2 / STEP for place in free}
    shown = {place: step.to_integral_value(ROUND_FLOOR) for place, step in steps.items()}
    missing = int((to - sum(kept.values(), Decimal(0))) * 10 - sum(shown.values(), Decimal(0)))
    by_loss = sorted(free, key=lambda place: shown[place] - steps[place])
    for turn in range(abs(missing)):
        place = by_loss[turn % len(free)] if missing > 0 else max(free, key=lambda place: shown[place])
        shown[place] += 1 if missing > 0 else -1
    found = kept | {place: value / 10 for place, value in shown.items()}
    return [replace(part, shown_ha=found.get(place, Decimal(0))) for place, part in enumerate(parts)]


def _tenths(area_m2: Decimal) -> Decimal:
    return (area_m2 / 10000).quantize(Decimal("0.1"), ROUND_HALF_UP)


def rates(land: Balance) -> list[Rate]:
    """Let land in percent of all industrial plots, and of those whose ground is ready."""
    ready_m2 = land.total_m2 - land.coming_m2
    found = [
        Rate(_("trên tổng diện tích các lô đất công nghiệp"), land.leased_m2, land.total_m2),
        Rate(_("trên các lô đất công nghiệp đã có mặt bằng"), land.leased_m2, ready_m2),
    ]
    return [rate for rate in found if rate.base_m2]


def other_plots_m2(zone: Zone, *, sample: bool) -> Decimal:
    """Published plots of the zone that are built on already, or for services."""
    rows = Plot.objects.published().filter(zone=zone, is_sample=sample).exclude(kind=Plot.Kind.LAND)
    return rows.aggregate(area=Sum("area_m2"))["area"] or Decimal(0)
