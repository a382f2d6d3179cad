"""An area in the units in which investors from the region think, each with its exact size in square metres."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext_lazy as _

# A pyeong and a tsubo are both 400/121 m², a mu is a fifteenth of a hectare.
LOCAL = (
    ("pyeong", _("pyeong (Hàn Quốc)"), Fraction(400, 121)),
    ("tsubo", _("tsubo (Nhật Bản)"), Fraction(400, 121)),
    ("mu", _("mẫu Trung Quốc (mu)"), Fraction(2000, 3)),
)


@dataclass(frozen=True)
class Measure:
    code: str
    name: object
    value: Decimal


def local(area_m2: Decimal) -> list[Measure]:
    """The area in each local unit: whole pyeong and tsubo, mu to one decimal."""
    return [Measure(code, name, _rounded(area_m2, size, 1 if code == "mu" else 0)) for code, name, size in LOCAL]


def _rounded(area_m2: Decimal, size: Fraction, places: int) -> Decimal:
    exact = Fraction(area_m2) / size
    return Decimal(round(exact * 10**places)) / 10**places
