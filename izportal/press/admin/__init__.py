"""The back office of the content."""

from izportal.press.admin import consultations, editions, items, questions  # noqa: F401  registered there
