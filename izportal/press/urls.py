"""Public pages of the content."""

from izportal.press import asking_urls

app_name = "press"
urlpatterns = [*asking_urls.urlpatterns]
