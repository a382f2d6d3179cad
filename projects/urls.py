"""Public pages of the register, and the pages of those who act for an enterprise."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from projects import views

app_name = "projects"
urlpatterns = [
    path(_("du-an/"), views.project_list, name="project_list"),
    path(_("du-an/<str:code>/"), views.project_detail, name="project_detail"),
    path(_("uy-quyen/"), views.mandate_list, name="mandate_list"),
    path(_("uy-quyen/de-nghi/"), views.mandate_request_new, name="mandate_request_new"),
    path(_("uy-quyen/de-nghi/<int:pk>/rut/"), views.mandate_request_withdraw, name="mandate_request_withdraw"),
    path(_("uy-quyen/de-nghi/<int:pk>/giay/"), views.mandate_paper, name="mandate_paper"),
    path(_("uy-quyen/<int:pk>/cham-dut/"), views.mandate_end, name="mandate_end"),
    path(_("bao-cao/"), views.report_list, name="report_list"),
    path(_("bao-cao/<str:period>/<str:subject>/"), views.report_edit, name="report_edit"),
    path(_("bao-cao/<str:period>/<str:subject>/luu/"), views.report_keep, name="report_keep"),
    path(_("bao-cao/<str:period>/<str:subject>/kiem-tra/"), views.report_review, name="report_review"),
    path(_("bao-cao/<str:period>/<str:subject>/ban-<int:number>/"), views.report_detail, name="report_detail"),
    path(_("bao-cao/<str:period>/<str:subject>/ban-<int:number>/pdf/"), views.report_pdf, name="report_pdf"),
    path(_("doanh-nghiep/<slug:tax_code>/"), views.enterprise_people, name="enterprise_people"),
]
