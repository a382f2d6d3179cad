"""Public pages of the land."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from zones import views
from zones.comparison import views as comparison
from zones.confirmation import views as confirmation
from zones.enquiries import views as enquiries
from zones.match import views as match
from zones.profile import views as profile
from zones.sheets import views as sheets
from zones.watches import views as watches

app_name = "zones"
urlpatterns = [
    path(_("khu-cong-nghiep/"), profile.zone_list, name="zone_list"),
    path(_("khu-cong-nghiep/<slug:slug>/"), profile.zone_detail, name="zone_detail"),
    path(_("khu-cong-nghiep/<slug:slug>/ranh-gioi.geojson"), profile.zone_geojson, name="zone_geojson"),
    path(_("khu-cong-nghiep/<slug:slug>/van-ban/<int:pk>/"), profile.zone_paper, name="zone_paper"),
    path(_("quy-dat/"), views.plot_list, name="plot_list"),
    path(_("quy-dat/nguon-tin/"), views.plot_feed, name="plot_feed"),
    path(_("theo-doi-tim/"), watches.watch_new, name="watch_new"),
    path(_("theo-doi-tim/<str:token>/"), watches.watch_detail, name="watch_detail"),
    path(_("theo-doi-tim/<str:token>/ngung/"), watches.watch_end, name="watch_end"),
    path(_("quy-dat/to-in/<slug:code>/"), sheets.sheet_detail, name="sheet_detail"),
    path(_("quy-dat/<str:code>/"), views.plot_detail, name="plot_detail"),
    path(_("quy-dat/<str:code>/to-in/"), sheets.plot_sheet, name="plot_sheet"),
    path(_("quy-dat/<str:code>/to-in/pdf/"), sheets.plot_sheet_pdf, name="plot_sheet_pdf"),
    path(_("tim-lo-phu-hop/"), match.match, name="match"),
    path(_("so-sanh/"), comparison.compare, name="compare"),
    path(_("xac-nhan-lo/da-nhan/"), confirmation.listing_confirmed, name="listing_confirmed"),
    path(_("xac-nhan-lo/<str:token>/"), confirmation.listing_confirm, name="listing_confirm"),
    path(_("hoi-dat/"), enquiries.enquiry_new, name="enquiry_new"),
    path(_("hoi-dat/<str:token>/"), enquiries.enquiry_detail, name="enquiry_detail"),
    path(_("hoi-dat/<str:token>/xoa/"), enquiries.enquiry_erase, name="enquiry_erase"),
]
