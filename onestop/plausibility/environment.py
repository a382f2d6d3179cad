"""Checks of environmental forms: waste water, waste, terms of permits."""

from onestop.plausibility.matter import Check

CHECKS: dict[str, Check] = {}
