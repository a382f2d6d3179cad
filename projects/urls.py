"""Public pages of the register."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from projects import views

app_name = "projects"
urlpatterns = [
    path(_("du-an/"), views.project_list, name="project_list"),
    path(_("du-an/<str:code>/"), views.project_detail, name="project_detail"),
]
