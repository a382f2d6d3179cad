"""Checks of forms of representative offices: the trader, the head, the licence and its dates."""

from onestop.plausibility.matter import Check

CHECKS: dict[str, Check] = {}
