"""Public pages of the content."""

app_name = "press"
urlpatterns = []
