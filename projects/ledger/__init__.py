"""The deeds of the register: enter, adjust, extend, transfer, change land, reclassify, suspend, resume, end; and what
puts it right: correct, annul, revoke. It knows decisions, never dossiers.

Amounts are whole units of the currency as printed (USD, VND), areas square metres. FDI is counted in USD and DDI in
VND; both may be printed on one certificate, then with the rate, its date and its source. Every deed appends one
`Change` under a lock on the project and raises `LedgerRefused` with a sentence where a rule of the register forbids.
"""

from projects.ledger.book import (
    Basis,
    Capital,
    LedgerRefused,
    Particulars,
    Position,
    Share,
    built_upon,
    check_last,
    ending_of,
    first_row,
    position,
    standing_row,
    status_of,
)
from projects.ledger.corrections import annul, correct, revoke
from projects.ledger.deeds import (
    adjust_capital,
    change_land,
    extend,
    reclassify,
    register,
    resume,
    suspend,
    terminate,
    transfer,
)
from projects.ledger.facts import classified_by, shares_by, standing_shares
from projects.ledger.land import Parcel, held, let_by, tenures_ended_by
from projects.ledger.schedule import schedule
from projects.ledger.trial import State, Totals, Trial, tried

__all__ = [
    "Basis",
    "Capital",
    "LedgerRefused",
    "Parcel",
    "Particulars",
    "Position",
    "Share",
    "State",
    "Totals",
    "Trial",
    "adjust_capital",
    "annul",
    "built_upon",
    "change_land",
    "check_last",
    "classified_by",
    "correct",
    "ending_of",
    "extend",
    "first_row",
    "held",
    "let_by",
    "position",
    "reclassify",
    "register",
    "resume",
    "revoke",
    "schedule",
    "shares_by",
    "standing_row",
    "standing_shares",
    "status_of",
    "suspend",
    "tenures_ended_by",
    "terminate",
    "transfer",
    "tried",
]
