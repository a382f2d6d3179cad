"""Pages of the register, which everybody may read, and of those who act for an enterprise."""

from projects.views.mandates import (
    enterprise_people,
    mandate_end,
    mandate_list,
    mandate_paper,
    mandate_request_new,
    mandate_request_withdraw,
)
from projects.views.register import project_detail, project_list
from projects.views.reports import (
    report_detail,
    report_edit,
    report_keep,
    report_list,
    report_pdf,
    report_review,
)

__all__ = [
    "enterprise_people",
    "mandate_end",
    "mandate_list",
    "mandate_paper",
    "mandate_request_new",
    "mandate_request_withdraw",
    "project_detail",
    "project_list",
    "report_detail",
    "report_edit",
    "report_keep",
    "report_list",
    "report_pdf",
    "report_review",
]
