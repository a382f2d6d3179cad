"""How the board keeps its word to those who ask it."""

from datetime import datetime

from izportal.correspondence import figures
from izportal.correspondence.figures import Pace
from izportal.press.models import Question


def pace(*, at: datetime) -> Pace:
    rows = Question.objects.filter(status=Question.Status.ANSWERED)
    return figures.pace(rows, answered="ended_at", promised="first_due_at", at=at)
