"""Public pages of questions to the board and of planning drafts under consultation."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from izportal.press.consultations import views as consultations
from izportal.press.questions import views as questions

urlpatterns = [
    path(_("hoi-dap/"), questions.answer_list, name="answer_list"),
    path(_("hoi-dap/gui/"), questions.question_new, name="question_new"),
    path(_("hoi-dap/cua-toi/"), questions.question_list, name="question_list"),
    path(_("hoi-dap/tra-cuu/"), questions.question_lookup, name="question_lookup"),
    path(_("hoi-dap/theo-doi/<str:token>/"), questions.question_detail, name="question_detail"),
    path(_("hoi-dap/theo-doi/<str:token>/xoa/"), questions.question_erase, name="question_erase"),
    path(_("hoi-dap/<slug:slug>/"), questions.answer_detail, name="answer_detail"),
    path(_("lay-y-kien/"), consultations.consultation_list, name="consultation_list"),
    path(_("lay-y-kien/nguon-tin/"), consultations.consultation_feed, name="consultation_feed"),
    path(_("lay-y-kien/<slug:slug>/"), consultations.consultation_detail, name="consultation_detail"),
    path(_("lay-y-kien/<slug:slug>/gop-y/"), consultations.comment_new, name="comment_new"),
    path(_("gop-y/<str:token>/"), consultations.comment_detail, name="comment_detail"),
    path(_("gop-y/<str:token>/xoa/"), consultations.comment_erase, name="comment_erase"),
]
