"""The sheets of the register: who invests, what stands in the book, and what was reported."""

from projects.resources.entries import ChangeResource, TenureResource
from projects.resources.people import EnterpriseResource, InvestorResource
from projects.resources.register import ProjectResource
from projects.resources.reports import ReportResource

__all__ = [
    "ChangeResource",
    "EnterpriseResource",
    "InvestorResource",
    "ProjectResource",
    "ReportResource",
    "TenureResource",
]
