"""Public pages of the content."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from izportal.press import asking_urls, views

app_name = "press"
urlpatterns = [
    path(_("tin-tuc/"), views.item_list, name="item_list"),
    path(_("tin-tuc/luu-tru/"), views.item_archive, name="item_archive"),
    path(_("tin-tuc/luu-tru/<int:year>/"), views.item_year, name="item_year"),
    path(_("tin-tuc/nguon-tin/"), views.item_feed, name="item_feed"),
    path(_("tin-tuc/<slug:slug>/"), views.item_detail, name="item_detail"),
    path(_("gioi-thieu/"), views.page_list, name="page_list"),
    path(_("gioi-thieu/<slug:slug>/"), views.page_detail, name="page_detail"),
    path(_("van-ban/"), views.document_list, name="document_list"),
    path(_("van-ban/nguon-tin/"), views.document_feed, name="document_feed"),
    path(_("van-ban/<slug:slug>/"), views.document_detail, name="document_detail"),
    path(_("noi-dung/<slug:slug>/tep/<int:pk>/"), views.attachment, name="attachment"),
    path(_("xem-truoc/<int:pk>/"), views.preview, name="preview"),
    *asking_urls.urlpatterns,
]
