"""The counter's records: the catalogue, the dossiers, what is done with them, and the systems that send them in."""

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
    Event,
    Paper,
    Promise,
    Series,
    Slip,
    Supplement,
    lookup_code,
)
from onestop.models.handling import (
    Opinion,
    Survey,
)
from onestop.models.intake import (
    IntakeCall,
    IntakeSystem,
)

__all__ = [
    "Opinion",
    "Survey",
    "Component",
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
