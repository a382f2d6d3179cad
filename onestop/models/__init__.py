"""The counter's records: the catalogue, the dossiers, what is done with them, and the systems that send them in."""

from onestop.models.calendar import CalendarChange
from onestop.models.catalogue import (
    Component,
    Definition,
    DefinitionQuerySet,
    Field,
    Procedure,
    ProcedureCase,
    ProcedureVersion,
)
from onestop.models.dossiers import (
    LOOKUP_ALPHABET,
    READERS,
    Dossier,
    DossierQuerySet,
    Paper,
    Supplement,
    lookup_code,
)
from onestop.models.handling import (
    Opinion,
    SupplementItem,
    SupplementPermit,
    Survey,
)
from onestop.models.intake import (
    IntakeCall,
    IntakeSystem,
)
from onestop.models.office import Absence, CounterChange, Message, Pace, Reading, Stage, StageBudget
from onestop.models.results import Amendment, DecisionTemplate
from onestop.models.route import Leg
from onestop.models.trail import Event, Promise, Series, Slip

__all__ = [
    "Absence",
    "Amendment",
    "CalendarChange",
    "DecisionTemplate",
    "Leg",
    "Message",
    "Opinion",
    "Pace",
    "Reading",
    "Stage",
    "StageBudget",
    "SupplementItem",
    "SupplementPermit",
    "Survey",
    "Component",
    "CounterChange",
    "Definition",
    "DefinitionQuerySet",
    "Field",
    "Procedure",
    "ProcedureCase",
    "ProcedureVersion",
    "Dossier",
    "DossierQuerySet",
    "Event",
    "LOOKUP_ALPHABET",
    "Paper",
    "Promise",
    "READERS",
    "Series",
    "Slip",
    "Supplement",
    "lookup_code",
    "IntakeCall",
    "IntakeSystem",
]
