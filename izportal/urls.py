"""The plan of the site: Vietnamese at the root, English under /en/; paths are translated, names are not."""

from allauth.account import urls as account_urls
from allauth.account import views as account
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.auth.decorators import login_required
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from izportal import views
from izportal.api import api
from izportal.sitemaps import SITEMAPS

# The board changes an address, not its bearer: allauth's own page would let anyone add one.
ADDRESS = login_required(TemplateView.as_view(template_name="account/email.html"))
ACCOUNT_PAGES = [path("email/", ADDRESS, name="account_email")]
ACCOUNT_PAGES += [page for page in account_urls.urlpatterns if page.name != "account_email"]

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/v1/", api.urls),
    path("healthz", views.healthz, name="healthz"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
]

urlpatterns += i18n_patterns(
    path("", views.home, name="home"),
    path(_("tim-kiem/"), views.search, name="search"),
    path(_("thong-ke/"), views.statistics, name="statistics"),
    # Our own addresses for two of allauth's pages come after its own, so that names lead to ours.
    path(_("tai-khoan/"), include(ACCOUNT_PAGES)),
    path(_("dang-nhap/"), account.login, name="account_login"),
    path(_("dang-xuat/"), account.logout, name="account_logout"),
    path(_("sau-dang-nhap/"), views.after_sign_in, name="after_sign_in"),
    path("", include("zones.urls")),
    path("", include("projects.urls")),
    path("", include("onestop.urls")),
    prefix_default_language=False,
)

handler400 = "izportal.views.bad_request"
handler403 = "izportal.views.forbidden"
handler404 = "izportal.views.not_found"
handler500 = "izportal.views.server_error"
