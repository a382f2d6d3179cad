"""Checks that any form may ask for by what they compare: `in_order:first_on,second_on`, `within:part,whole` and the like."""

from collections.abc import Callable

from onestop.plausibility.matter import Check

# Each maker gets the keys after the colon and gives the check.
MAKERS: dict[str, Callable[..., Check]] = {}
