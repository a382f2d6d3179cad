"""The statutory clock of a dossier: when it is due and, day by day, why. Pure functions of dated facts; every number
of the law comes in as an argument, and nothing here reads the database or the wall clock.

The day of an event is not counted (Civil Code 2015, Article 147); a last day that is not worked moves to the next
working day (Article 148). A pause uses up the day of the notice; the day on which the full dossier comes back is not
counted.
"""

from onestop.clock.dates import (
    EARLY,
    LATE,
    ON_TIME,
    OUTCOMES,
    Window,
    apology_by,
    applicant_deadline,
    extended_due,
    filing_window,
    outcome,
    reply_by,
    stop_if_no_answer_after,
    supplement_notice_by,
    transfer_by,
)
from onestop.clock.facts import (
    DAY,
    FIRST_YEAR,
    LAST_YEAR,
    MODES,
    NONE,
    RESTART,
    SECTOR_APPRAISAL,
    SUSPEND,
    TWO_PHASE_SUSPEND,
    UNITS,
    WORKING_DAY,
    WORKING_HOUR,
    ClockRefused,
    Limit,
    Pause,
)
from onestop.clock.lines import Day
from onestop.clock.reckoning import (
    Deadline,
    deadline,
    end_of,
)
from onestop.clock.squares import (
    Ruler,
    Standing,
    days_used,
    ruler,
    standing,
)

__all__ = [
    "ClockRefused",
    "DAY",
    "Day",
    "Deadline",
    "EARLY",
    "FIRST_YEAR",
    "LAST_YEAR",
    "LATE",
    "Limit",
    "MODES",
    "NONE",
    "ON_TIME",
    "OUTCOMES",
    "Pause",
    "RESTART",
    "Ruler",
    "SECTOR_APPRAISAL",
    "SUSPEND",
    "Standing",
    "TWO_PHASE_SUSPEND",
    "UNITS",
    "WORKING_DAY",
    "WORKING_HOUR",
    "Window",
    "apology_by",
    "applicant_deadline",
    "days_used",
    "deadline",
    "end_of",
    "extended_due",
    "filing_window",
    "outcome",
    "reply_by",
    "ruler",
    "standing",
    "stop_if_no_answer_after",
    "supplement_notice_by",
    "transfer_by",
]
