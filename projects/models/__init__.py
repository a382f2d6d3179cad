"""The register: who invests, through which enterprise, in which project, with which changes and on which plots."""

from projects.models.people import Country, Enterprise, Investor, Mandate, MandateRequest, Sector, tax_code_shape
from projects.models.register import Change, Contribution, Project, Tenure

__all__ = [
    "Change",
    "Contribution",
    "Country",
    "Enterprise",
    "Investor",
    "Mandate",
    "MandateRequest",
    "Project",
    "Sector",
    "Tenure",
    "tax_code_shape",
]
