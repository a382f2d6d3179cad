"""The register: who invests, through which enterprise, in which project, with which changes and on which plots."""

from projects.models.people import Country, Enterprise, Investor, Mandate, MandateRequest, Sector, tax_code_shape
from projects.models.progress import Milestone, ProjectDocument
from projects.models.register import Change, Classification, Contribution, Project, RegisterChange, Span, Tenure
from projects.models.tallies import Posting, Tally, Unposted
from projects.report_models import DeveloperPhase, MinistryReport, Report, ReportAnswer, ReportDraft, ReportPeriod

__all__ = [
    "Change",
    "Classification",
    "Contribution",
    "Country",
    "DeveloperPhase",
    "Enterprise",
    "Investor",
    "Mandate",
    "MandateRequest",
    "Milestone",
    "MinistryReport",
    "Posting",
    "Project",
    "ProjectDocument",
    "RegisterChange",
    "Report",
    "ReportAnswer",
    "ReportDraft",
    "ReportPeriod",
    "Sector",
    "Span",
    "Tally",
    "Tenure",
    "Unposted",
    "tax_code_shape",
]
