"""Checks of planning and construction forms: works and their grade, areas, costs, contractors, permits."""

from onestop.plausibility.matter import Check

CHECKS: dict[str, Check] = {}
