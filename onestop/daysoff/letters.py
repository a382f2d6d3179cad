"""The letters after a change of the calendar: one for each event, written by the worker from the events themselves."""

from onestop import notices
from onestop.models import Event


def write(events: list[int]) -> None:
    """Harmless when run twice: the letter of an event is written once."""
    rows = Event.objects.filter(pk__in=events).order_by("pk")
    for event in rows.select_related("dossier__procedure", "dossier__enterprise", "dossier__created_by"):
        notices.tell_applicant(event)
