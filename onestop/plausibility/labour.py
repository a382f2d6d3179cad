"""Checks of labour forms: foreign workers, their papers and terms, trainees, labour regulations."""

from onestop.plausibility.matter import Check

CHECKS: dict[str, Check] = {}
