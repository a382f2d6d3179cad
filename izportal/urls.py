"""The plan of the site: Vietnamese at the root, English under /en/; paths are translated, names are not."""

from allauth.account import urls as account_urls
from allauth.account import views as account
from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.sitemaps import views as sitemaps
from django.urls import include, path
from django.utils.translation import gettext_lazy as _

import izportal.statistics.admin  # noqa: F401  its pages are drawn with the others
from izportal import account_views, office_search, views
from izportal.api import api, api_docs
from izportal.chain import views as chain
from izportal.opendata import views as opendata
from izportal.press import views as press
from izportal.privacy import views as privacy
from izportal.site_search import views as search
from izportal.sitemaps import SITEMAPS
from izportal.statistics import page as statistics_page
from izportal.statistics import views as statistics_views
from izportal.timeline import views as timeline

# Codes by mail stand for a password where a provider signs people in; elsewhere nothing asks for them.
UNUSED = {"account_confirm_login_code"}
if not settings.OIDC_PROVIDER_ID:
    UNUSED |= {"account_request_reauthentication_code", "account_confirm_reauthentication_code"}
ACCOUNT_PAGES = [page for page in account_urls.urlpatterns if page.name not in UNUSED]
IDENTITY_PAGES, PROVIDER_PAGES = [], []
if settings.OIDC_PROVIDER_ID:
    IDENTITY_PAGES = [path(_("tai-khoan/danh-tinh/"), include("allauth.socialaccount.urls"))]
    # The provider is told one address to come back to, whatever the language.
    PROVIDER_PAGES = [
        path("oidc/<slug:provider_id>/login/", account_views.openid_connect_login, name="openid_connect_login"),
        path(
            "oidc/<slug:provider_id>/login/callback/",
            account_views.openid_connect_callback,
            name="openid_connect_callback",
        ),
    ]

urlpatterns = [
    # Looks over every floor, so it cannot stand in the back office of the ground floor.
    path("admin/izportal/user/<int:pk>/erase/", admin.site.admin_view(privacy.person_erase), name="person_erase"),
    path("admin/tim/", admin.site.admin_view(office_search.office_search), name="office_search"),
    path("admin/timeline/", admin.site.admin_view(timeline.timeline), name="timeline"),
    path("admin/timeline/csv/", admin.site.admin_view(timeline.timeline_csv), name="timeline_csv"),
    path("admin/timeline/<str:code>/<str:pk>/", admin.site.admin_view(timeline.timeline_line), name="timeline_line"),
    path("admin/", admin.site.urls),
    path("api/v1/", api.urls),
    path("healthz", views.healthz, name="healthz"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", sitemaps.index, {"sitemaps": SITEMAPS, "sitemap_url_name": "sitemap_part"}, name="sitemap"),
    path("sitemap-<slug:section>.xml", sitemaps.sitemap, {"sitemaps": SITEMAPS}, name="sitemap_part"),
    # One address in every language: texts are kept with it.
    path("anh/<uuid:pk>/<int:width>.<slug:extension>", press.picture, name="picture"),
    *PROVIDER_PAGES,
]

urlpatterns += i18n_patterns(
    path("", views.home, name="home"),
    path(_("tim-kiem/"), search.search, name="search"),
    path("opensearch.xml", search.opensearch, name="opensearch"),
    path(_("thong-ke/"), statistics_page.statistics, name="statistics"),
    path(_("thong-ke/so-lieu/<slug:code>/"), statistics_views.figure, name="figure"),
    path(_("thong-ke/so-lieu/<slug:code>/csv/"), statistics_views.figure_csv, name="figure_csv"),
    path(_("thong-ke/so-lieu/<slug:code>/thay-doi/"), statistics_views.figure_changes, name="figure_changes"),
    path(_("thong-ke/thay-doi/"), statistics_views.revisions, name="revisions"),
    path(_("thong-ke/lich-cong-bo/"), statistics_views.releases, name="releases"),
    path(_("so-ghi/"), chain.sealed_days, name="sealed_days"),
    path(_("so-ghi/so-ghi.txt"), chain.sealed_days_text, name="sealed_days_text"),
    path(_("so-ghi/so-ghi.json"), chain.sealed_days_json, name="sealed_days_json"),
    path(_("du-lieu/"), opendata.opendata, name="opendata"),
    path(_("du-lieu/datapackage.json"), opendata.opendata_package, name="opendata_package"),
    path(_("du-lieu/goi.zip"), opendata.opendata_archive, name="opendata_archive"),
    path(_("du-lieu/<slug:name>.<slug:format>"), opendata.opendata_file, name="opendata_file"),
    path("api/v1/docs/", api_docs, name="api_docs"),
    # Our own addresses for two of allauth's pages come after its own, so that names lead to ours.
    path(_("tai-khoan/"), include(ACCOUNT_PAGES)),
    path(_("tai-khoan/"), account_views.my_account, name="my_account"),
    path(_("tai-khoan/thong-tin/"), account_views.my_details, name="my_details"),
    path(_("tai-khoan/thu/"), account_views.my_letters, name="my_letters"),
    path(_("tai-khoan/phien/"), include("allauth.usersessions.urls")),
    path(_("tai-khoan/phien/<int:pk>/ket-thuc/"), account_views.my_session_end, name="my_session_end"),
    path(_("tai-khoan/lop-bao-ve/"), include("allauth.mfa.urls")),
    path(_("tai-khoan/moi/"), account_views.what_next, name="what_next"),
    *IDENTITY_PAGES,
    path(_("tai-khoan/du-lieu/"), privacy.my_data, name="my_data"),
    path(_("tai-khoan/du-lieu/tai-ve/"), privacy.my_data_export, name="my_data_export"),
    path(_("tai-khoan/du-lieu/xoa/"), privacy.my_data_erase, name="my_data_erase"),
    path(_("bao-ve-du-lieu/"), privacy.privacy, name="privacy"),
    path(_("dang-ky/"), account.signup, name="account_signup"),
    path(_("dang-nhap/"), account.login, name="account_login"),
    path(_("dang-xuat/"), account.logout, name="account_logout"),
    path(_("sau-dang-nhap/"), views.after_sign_in, name="after_sign_in"),
    path("", include("zones.urls")),
    path("", include("projects.urls")),
    path("", include("onestop.urls")),
    path("", include("izportal.press.urls")),
    prefix_default_language=False,
)

handler400 = "izportal.views.bad_request"
handler403 = "izportal.views.forbidden"
handler404 = "izportal.views.not_found"
handler500 = "izportal.views.server_error"
