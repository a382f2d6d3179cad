"""Pages of the counter: the catalogue, filing and following a dossier, and looking one up."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from onestop import views

app_name = "onestop"
urlpatterns = [
    path(_("thu-tuc/"), views.procedure_list, name="procedure_list"),
    path(_("thu-tuc/<str:code>/"), views.procedure_detail, name="procedure_detail"),
    path(_("thu-tuc/<str:code>/to-khai/"), views.blank_form, name="blank_form"),
    path(_("thu-tuc/<str:code>/to-khai/pdf/"), views.blank_download, name="blank_download"),
    path(_("thu-tuc/<str:code>/mau/<int:component>/"), views.form_download, name="form_download"),
    path(_("ho-so/"), views.dossier_list, name="dossier_list"),
    path(_("ho-so/moi/<str:code>/"), views.dossier_new, name="dossier_new"),
    path(_("ho-so/moi/<str:code>/giu/"), views.dossier_begin, name="dossier_begin"),
    path(_("ho-so/<uuid:pk>/"), views.dossier_detail, name="dossier_detail"),
    path(_("ho-so/<uuid:pk>/khai/<slug:section>/"), views.dossier_edit, name="dossier_edit"),
    path(_("ho-so/<uuid:pk>/khai/<slug:section>/giu/"), views.dossier_keep, name="dossier_keep"),
    path(_("ho-so/<uuid:pk>/giay-to/"), views.dossier_papers, name="dossier_papers"),
    path(_("ho-so/<uuid:pk>/giay-to/tinh-trang/"), views.paper_states, name="paper_states"),
    path(_("ho-so/<uuid:pk>/giay-to/dung-lai/"), views.paper_take, name="paper_take"),
    path(_("ho-so/<uuid:pk>/tai-len/"), views.upload_begin, name="upload_begin"),
    path(_("ho-so/<uuid:pk>/tai-len/<uuid:partial>/"), views.upload_piece, name="upload_piece"),
    path(_("ho-so/<uuid:pk>/tai-len/<uuid:partial>/huy/"), views.upload_drop, name="upload_drop"),
    path(_("kho-giay-to/"), views.paper_list, name="paper_list"),
    path(_("ho-so/<uuid:pk>/kiem-tra/"), views.dossier_review, name="dossier_review"),
    path(_("ho-so/<uuid:pk>/nhu-can-bo-thay/"), views.dossier_as_officer, name="dossier_as_officer"),
    path(_("ho-so/<uuid:pk>/xoa-nhap/"), views.dossier_discard, name="dossier_discard"),
    path(_("ho-so/<uuid:pk>/bo-sung/"), views.dossier_supplement, name="dossier_supplement"),
    path(_("ho-so/<uuid:pk>/rut/"), views.dossier_withdraw, name="dossier_withdraw"),
    path(_("ho-so/<uuid:pk>/trao-doi/"), views.dossier_messages, name="dossier_messages"),
    path(_("ho-so/<uuid:pk>/trao-doi/<int:message>/tep/<uuid:file>/"), views.message_file, name="message_file"),
    path(_("ho-so/<uuid:pk>/giay-to/<int:paper>/"), views.paper_download, name="paper_download"),
    path(_("ho-so/<uuid:pk>/phieu/<int:slip>/"), views.slip_detail, name="slip_detail"),
    path(_("ho-so/<uuid:pk>/phieu/<int:slip>/pdf/"), views.slip_download, name="slip_download"),
    path(_("ho-so/<uuid:pk>/ket-qua/"), views.result_download, name="result_download"),
    path(_("ho-so/<uuid:pk>/danh-gia/"), views.dossier_survey, name="dossier_survey"),
    path(_("tra-cuu/"), views.track, name="track"),
    path(_("y-kien/"), views.opinion_list, name="opinion_list"),
    path(_("y-kien/cua-toi/<int:pk>/"), views.opinion_mine, name="opinion_mine"),
    path(_("y-kien/cua-toi/<int:pk>/giay-to/<int:paper>/"), views.opinion_mine_paper, name="opinion_mine_paper"),
    path(_("y-kien/<str:token>/"), views.opinion, name="opinion"),
    path(_("y-kien/<str:token>/da-gui/"), views.opinion_receipt, name="opinion_receipt"),
    path(_("y-kien/<str:token>/giay-to/<int:paper>/"), views.opinion_paper, name="opinion_paper"),
    path(_("danh-gia/"), views.survey, name="survey"),
    path(_("thong-ke/thu-tuc/"), views.counter_record, name="counter_record"),
    path(_("thong-ke/thu-tuc/ho-so/"), views.counter_record_list, name="counter_record_list"),
    path(_("thong-ke/thu-tuc/tien-do/"), views.progress_table, name="progress_table"),
    path(_("thong-ke/thu-tuc/tien-do/excel/"), views.progress_sheet, name="progress_sheet"),
    path(_("xac-thuc/"), views.verify, name="verify"),
    path(_("xac-thuc/<str:code>/"), views.verify_code, name="verify_code"),
]
