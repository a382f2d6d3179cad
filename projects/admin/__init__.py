"""The back office of the register; importing the rooms registers their records."""

from projects.admin import mandates, register, reports

__all__ = ["mandates", "register", "reports"]
