"""The register: who invests, through which enterprise, in which project, with which changes and on which plots."""

from projects.models.people import Country, Enterprise, Investor, Mandate, MandateRequest, Sector, tax_code_shape
from projects.models.register import Change, Contribution, Project, RegisterChange, Tenure
from projects.report_models import DeveloperPhase, MinistryReport, Report, ReportAnswer, ReportDraft, ReportPeriod

__all__ = [
    "Change",
    "Contribution",
    "Country",
    "DeveloperPhase",
    "Enterprise",
    "Investor",
    "Mandate",
    "MandateRequest",
    "MinistryReport",
    "Project",
    "RegisterChange",
    "Report",
    "ReportAnswer",
    "ReportDraft",
    "ReportPeriod",
    "Sector",
    "Tenure",
    "tax_code_shape",
]
