"""The sheets of the register: who invests, what stands in the book, and what was reported."""

from projects.resources.people import EnterpriseResource, InvestorResource
from projects.resources.register import ChangeResource, ProjectResource, TenureResource
from projects.resources.reports import ReportResource

__all__ = [
    "ChangeResource",
    "EnterpriseResource",
    "InvestorResource",
    "ProjectResource",
    "ReportResource",
    "TenureResource",
]
