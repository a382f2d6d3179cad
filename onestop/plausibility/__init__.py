"""Checks that know the matter: do the answers of a form agree with each other, with the plot and with the register?

A definition names the checks of each section; `check` finds one by its name, which may carry the keys it compares
(`in_order:work_from,work_until`).
"""

from functools import cache

from onestop.plausibility import environment, general, investment, labour, offices, works
from onestop.plausibility.matter import Check, Doubt, Matter

__all__ = ["Check", "Doubt", "Matter", "check"]

_NAMED: dict[str, Check] = {
    **investment.CHECKS, **works.CHECKS, **environment.CHECKS, **labour.CHECKS, **offices.CHECKS,
}  # fmt: skip


@cache
def check(name: str) -> Check:
    """The check of that name; KeyError where a definition asks for one that nobody wrote."""
    maker, colon, keys = name.partition(":")
    return general.MAKERS[maker](*keys.split(",")) if colon else _NAMED[name]
