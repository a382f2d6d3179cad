"""The back office of the register; importing the rooms registers their records."""

from projects.admin import mandates, ministry, register, reports

__all__ = ["mandates", "ministry", "register", "reports"]
