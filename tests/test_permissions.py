"""One table: which page answers whom with what. A stranger gets 404, a reader without the right 403."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from izportal import documents
from izportal.models import CalendarDay, ChangeSet, Job, Notice, Release
from onestop import daysoff, definitions, exchange
from onestop.decisions import wordings
from projects import mandates, ministry
from projects.models import ProjectDocument
from projects.reports import filing
from tests import factories
from tests.planting import planted
from tests.projects import reporting
from zones.models import Document, FactSheet

pytestmark = pytest.mark.django_db

PERSONS = (
    "nobody",
    "stranger",
    "owner",
    "reception",
    "specialist",
    "leader",
    "land",
    "editor",
    "auditor",
    "administrator",
)
TO_SIGN_IN, OK, NO_RIGHT, NOT_THERE, ELSEWHERE = 302, 200, 403, 404, 302


def row(nobody, stranger, owner, reception, specialist, leader, land, editor, auditor, administrator):
    return dict(
        zip(
            PERSONS,
            (nobody, stranger, owner, reception, specialist, leader, land, editor, auditor, administrator),
            strict=True,
        )
    )


PUBLIC = row(*[OK] * 10)
# An applicant sees only what is theirs; who may read dossiers is led to the back office, other staff see nothing.
OWN = row(TO_SIGN_IN, NOT_THERE, OK, ELSEWHERE, ELSEWHERE, ELSEWHERE, NOT_THERE, NOT_THERE, ELSEWHERE, ELSEWHERE)
# Answers what is sent to it, in JSON (tests/onestop/test_views_keeping.py), and shows no page.
SENT_ONLY = row(*[405] * 10)
# A draft is nobody's business but the enterprise's.
DRAFT = row(TO_SIGN_IN, NOT_THERE, OK, *[NOT_THERE] * 7)
FILE = row(TO_SIGN_IN, NOT_THERE, OK, OK, OK, OK, NOT_THERE, NOT_THERE, OK, OK)
# Staff do in the back office what these pages are for.
MEMBERS = row(TO_SIGN_IN, OK, OK, *[ELSEWHERE] * 7)
OF_MANDATE = row(TO_SIGN_IN, NOT_THERE, OK, *[ELSEWHERE] * 7)
COUNTER = row(ELSEWHERE, ELSEWHERE, ELSEWHERE, OK, OK, OK, NO_RIGHT, NO_RIGHT, OK, OK)
OF_DOSSIER = row(ELSEWHERE, ELSEWHERE, ELSEWHERE, OK, OK, OK, NOT_THERE, NOT_THERE, OK, OK)


def step_row(**allowed):
    """A step's page: open to the roles named, told to other readers of the dossier, hidden from everyone else."""
    told = {"reception": 403, "specialist": 403, "leader": 403, "auditor": 403, "administrator": 403}
    return row(ELSEWHERE, ELSEWHERE, ELSEWHERE, **{"land": NOT_THERE, "editor": NOT_THERE, **told, **allowed})


# What clerks type in for those who stand at the counter.
ENTRY = row(ELSEWHERE, ELSEWHERE, ELSEWHERE, OK, *[NO_RIGHT] * 5, OK)
# A draft is corrected on its own pages.
TO_ENTRY = row(ELSEWHERE, ELSEWHERE, ELSEWHERE, ELSEWHERE, *[NO_RIGHT] * 5, ELSEWHERE)
# The staff write a version of a form that is not published yet.
WRITING = row(ELSEWHERE, ELSEWHERE, ELSEWHERE, *[403] * 6, OK)
SIGNED_IN = row(TO_SIGN_IN, *[OK] * 9)
# The words of letters.
WORDINGS = row(ELSEWHERE, ELSEWHERE, ELSEWHERE, *[NO_RIGHT] * 4, OK, OK, OK)
# Who did what.
TRACES = row(ELSEWHERE, ELSEWHERE, ELSEWHERE, NO_RIGHT, NO_RIGHT, OK, NO_RIGHT, NO_RIGHT, OK, OK)
# Sending systems and their calls.
INTAKE = row(ELSEWHERE, ELSEWHERE, ELSEWHERE, *[NO_RIGHT] * 5, OK, OK)
# Who asks has a name and an address.
ENQUIRIES = row(ELSEWHERE, ELSEWHERE, ELSEWHERE, NO_RIGHT, NO_RIGHT, OK, OK, NO_RIGHT, OK, OK)
# What single enterprises report.
REPORTS = row(ELSEWHERE, ELSEWHERE, ELSEWHERE, NO_RIGHT, NO_RIGHT, OK, NO_RIGHT, NO_RIGHT, OK, OK)
# Who asks the board or comments on a plan has a name and an address.
VOICES = row(ELSEWHERE, ELSEWHERE, ELSEWHERE, NO_RIGHT, OK, OK, OK, OK, OK, OK)
# Drafts are read by those who write, review and watch over them.
CONTENT = row(ELSEWHERE, ELSEWHERE, ELSEWHERE, NO_RIGHT, NO_RIGHT, OK, NO_RIGHT, OK, OK, OK)
CONTENT_WRITING = row(ELSEWHERE, ELSEWHERE, ELSEWHERE, *[NO_RIGHT] * 4, OK, NO_RIGHT, NO_RIGHT)
STAFF_ONLY = row(ELSEWHERE, ELSEWHERE, ELSEWHERE, *[OK] * 7)
# The keeper of the register, who is not among these.
NOBODY_HERE = row(ELSEWHERE, ELSEWHERE, ELSEWHERE, *[NO_RIGHT] * 7)

TABLE = {
    "home": PUBLIC,
    "statistics": PUBLIC,
    "figure indicator": PUBLIC,
    "figure_csv indicator": PUBLIC,
    "figure_changes indicator": PUBLIC,
    "figure code": row(*[404] * 10),
    "revisions": PUBLIC,
    "releases": PUBLIC,
    "opendata": PUBLIC,
    "opendata_package": PUBLIC,
    "opendata_archive": PUBLIC,
    "opendata_file resource csv": PUBLIC,
    "timeline": TRACES,
    "timeline_csv": TRACES,
    "timeline_line unknown unknown": row(ELSEWHERE, ELSEWHERE, ELSEWHERE, 403, 403, 404, 403, 403, 404, 404),
    "sealed_days": PUBLIC,
    "sealed_days_text": PUBLIC,
    "sealed_days_json": PUBLIC,
    "admin:izportal_release_changelist": STAFF_ONLY,
    "admin:izportal_release_publish release": row(ELSEWHERE, ELSEWHERE, ELSEWHERE, 403, 403, OK, *[403] * 4),
    "admin:izportal_publication_changelist": STAFF_ONLY,
    "admin:izportal_changeset_changelist": row(ELSEWHERE, ELSEWHERE, ELSEWHERE, 403, 403, OK, OK, 403, OK, OK),
    "admin:izportal_changeset_change change_set": row(ELSEWHERE, ELSEWHERE, ELSEWHERE, 403, 403, OK, OK, 403, OK, OK),
    "admin:izportal_changeset_approve change_set": row(ELSEWHERE, ELSEWHERE, ELSEWHERE, 403, 403, OK, *[403] * 4),
    "admin:izportal_changeset_undo change_set": row(ELSEWHERE, ELSEWHERE, ELSEWHERE, 403, 403, OK, OK, *[403] * 3),
    "admin:izportal_seriesbreak_changelist": STAFF_ONLY,
    "admin:izportal_plantarget_changelist": STAFF_ONLY,
    "admin:izportal_brief": STAFF_ONLY,
    "api_docs": PUBLIC,
    "search": PUBLIC,
    "opensearch": PUBLIC,
    "zones:zone_list": PUBLIC,
    "zones:zone_detail zone": PUBLIC,
    "zones:zone_geojson zone": PUBLIC,
    "zones:zone_paper zone zone_paper": PUBLIC,
    "zones:plot_list": PUBLIC,
    "zones:plot_feed": PUBLIC,
    "zones:plot_detail plot": PUBLIC,
    "zones:plot_sheet plot": PUBLIC,
    "zones:plot_sheet_pdf plot": PUBLIC,
    "zones:sheet_detail sheet": PUBLIC,
    "zones:compare": PUBLIC,
    "zones:match": PUBLIC,
    "zones:listing_confirm unknown": row(*[NOT_THERE] * 10),
    "zones:listing_confirmed": PUBLIC,
    "zones:enquiry_new": PUBLIC,
    "zones:watch_new": PUBLIC,
    "zones:watch_detail unknown": row(*[NOT_THERE] * 10),
    "zones:watch_end unknown": row(*[NOT_THERE] * 10),
    "zones:enquiry_detail unknown": row(*[NOT_THERE] * 10),
    "zones:enquiry_erase unknown": row(*[NOT_THERE] * 10),
    "admin:zones_enquiry_changelist": ENQUIRIES,
    "admin:zones_unmetneed_changelist": ENQUIRIES,
    "press:item_list": PUBLIC,
    "press:item_archive": PUBLIC,
    "press:item_year key": row(*[NOT_THERE] * 10),
    "press:item_feed": PUBLIC,
    "press:document_feed": PUBLIC,
    "press:consultation_feed": PUBLIC,
    "press:item_detail unknown": row(*[NOT_THERE] * 10),
    "press:page_list": PUBLIC,
    "press:page_detail unknown": row(*[NOT_THERE] * 10),
    "press:document_list": PUBLIC,
    "press:document_detail unknown": row(*[NOT_THERE] * 10),
    "press:attachment unknown 999999": row(*[NOT_THERE] * 10),
    "press:preview 999999": row(*[NOT_THERE] * 10),
    "picture 0b5c3a0e-7f0e-4c57-8b0a-0b5c3a0e7f0e 480 jpg": row(*[NOT_THERE] * 10),
    "admin:press_item_changelist": CONTENT,
    "admin:press_item_add": CONTENT_WRITING,
    "admin:press_edition_changelist": CONTENT,
    "admin:press_picture_changelist": CONTENT,
    "admin:press_picture_add": CONTENT_WRITING,
    "admin:press_category_changelist": CONTENT,
    "press:answer_list": PUBLIC,
    "press:answer_detail unknown": row(*[NOT_THERE] * 10),
    "press:question_new": PUBLIC,
    "press:question_list": row(TO_SIGN_IN, *[OK] * 9),
    "press:question_lookup": PUBLIC,
    "press:question_detail unknown": row(*[NOT_THERE] * 10),
    "press:question_erase unknown": row(*[NOT_THERE] * 10),
    "press:consultation_list": PUBLIC,
    "press:consultation_detail unknown": row(*[NOT_THERE] * 10),
    "press:comment_new unknown": row(*[NOT_THERE] * 10),
    "press:comment_detail unknown": row(*[NOT_THERE] * 10),
    "press:comment_erase unknown": row(*[NOT_THERE] * 10),
    "admin:press_question_changelist": VOICES,
    "admin:press_comment_changelist": VOICES,
    "admin:press_planningdraft_changelist": VOICES,
    "admin:press_answer_changelist": VOICES,
    "admin:press_planningdraft_add": row(ELSEWHERE, ELSEWHERE, ELSEWHERE, *[NO_RIGHT] * 4, OK, NO_RIGHT, NO_RIGHT),
    "projects:project_list": PUBLIC,
    "projects:project_detail project": PUBLIC,
    "onestop:procedure_list": PUBLIC,
    "onestop:procedure_detail procedure": PUBLIC,
    "onestop:blank_form procedure": PUBLIC,
    "onestop:blank_download procedure": PUBLIC,
    "onestop:form_download procedure form": PUBLIC,
    "onestop:track": PUBLIC,
    "onestop:survey": PUBLIC,
    "onestop:counter_record": PUBLIC,
    "onestop:counter_record_list": PUBLIC,
    "onestop:progress_table": PUBLIC,
    "onestop:progress_sheet": PUBLIC,
    "onestop:dossier_survey dossier": OWN,
    "onestop:verify": PUBLIC,
    "onestop:verify_code code": PUBLIC,
    "onestop:verify_code nobodys": row(*[404] * 10),
    "account_login": row(OK, *[ELSEWHERE] * 9),
    "account_signup": row(OK, *[ELSEWHERE] * 9),
    "account_reset_password": PUBLIC,
    "account_reset_password_done": PUBLIC,
    "account_reset_password_from_key_done": PUBLIC,
    "account_inactive": PUBLIC,
    "account_logout": row(ELSEWHERE, *[OK] * 9),
    "mfa_login_webauthn": row(*[ELSEWHERE] * 10),
    "mfa_authenticate": row(*[ELSEWHERE] * 10),
    "account_email_verification_sent": row(*[ELSEWHERE] * 10),
    "my_account": SIGNED_IN,
    "my_details": SIGNED_IN,
    "my_letters": SIGNED_IN,
    "what_next": SIGNED_IN,
    "account_email": SIGNED_IN,
    "account_change_password": SIGNED_IN,
    "account_reauthenticate": SIGNED_IN,
    "mfa_index": SIGNED_IN,
    "mfa_list_webauthn": SIGNED_IN,
    "usersessions_list": SIGNED_IN,
    # The password is asked once more before anything of this kind is shown.
    "account_set_password": row(*[ELSEWHERE] * 10),
    "mfa_activate_totp": row(*[ELSEWHERE] * 10),
    "mfa_add_webauthn": row(*[ELSEWHERE] * 10),
    "mfa_generate_recovery_codes": row(*[ELSEWHERE] * 10),
    "mfa_reauthenticate": row(*[ELSEWHERE] * 10),
    "mfa_reauthenticate_webauthn": row(*[ELSEWHERE] * 10),
    "mfa_deactivate_totp": row(TO_SIGN_IN, *[NOT_THERE] * 9),
    "mfa_view_recovery_codes": row(TO_SIGN_IN, *[NOT_THERE] * 9),
    "mfa_download_recovery_codes": row(TO_SIGN_IN, *[NOT_THERE] * 9),
    "mfa_edit_webauthn key": row(*[ELSEWHERE] * 10),
    "mfa_remove_webauthn key": row(*[ELSEWHERE] * 10),
    "my_session_end key": row(TO_SIGN_IN, *[405] * 9),
    "admin:password_change": row(*[ELSEWHERE] * 10),
    "admin:izportal_user_remove-factors person": row(ELSEWHERE, ELSEWHERE, ELSEWHERE, *[403] * 5, 403, OK),
    "onestop:dossier_list": row(TO_SIGN_IN, OK, OK, *[ELSEWHERE] * 7),
    "onestop:dossier_new procedure": row(TO_SIGN_IN, OK, OK, *[ELSEWHERE] * 7),
    "onestop:dossier_detail dossier": OWN,
    "onestop:dossier_withdraw dossier": OWN,
    "onestop:dossier_messages dossier": OWN,
    "onestop:message_file dossier message file": FILE,
    "onestop:dossier_edit draft section": DRAFT,
    "onestop:dossier_papers draft": DRAFT,
    "onestop:paper_states draft": {**DRAFT, "nobody": 401},
    "onestop:paper_list": row(TO_SIGN_IN, OK, OK, *[ELSEWHERE] * 7),
    "onestop:dossier_review draft": DRAFT,
    "onestop:dossier_discard draft": DRAFT,
    "onestop:dossier_as_officer draft": DRAFT,
    "onestop:opinion_list": row(TO_SIGN_IN, NOT_THERE, NOT_THERE, *[ELSEWHERE] * 7),
    "onestop:opinion_mine key": row(TO_SIGN_IN, *[NOT_THERE] * 9),
    "onestop:opinion_mine_paper key paper": row(TO_SIGN_IN, *[NOT_THERE] * 9),
    "onestop:opinion unknown": row(*[NOT_THERE] * 10),
    "onestop:opinion_receipt unknown": row(*[NOT_THERE] * 10),
    "onestop:opinion_paper unknown paper": row(*[NOT_THERE] * 10),
    "onestop:dossier_as_officer dossier": OWN,
    "onestop:dossier_keep draft section": SENT_ONLY,
    "onestop:dossier_begin procedure": SENT_ONLY,
    "onestop:paper_download dossier paper": FILE,
    "onestop:slip_detail dossier slip": FILE,
    "onestop:slip_download dossier slip": FILE,
    "privacy": PUBLIC,
    "my_data": row(TO_SIGN_IN, *[OK] * 9),
    "my_data_export": row(*[TO_SIGN_IN] * 10),
    "my_data_erase": row(*[TO_SIGN_IN] * 10),
    "office_search": STAFF_ONLY,
    "person_erase person": row(ELSEWHERE, ELSEWHERE, ELSEWHERE, *[NO_RIGHT] * 6, OK),
    "projects:mandate_list": MEMBERS,
    "projects:mandate_request_new": MEMBERS,
    "projects:mandate_request_withdraw request": OF_MANDATE,
    "projects:mandate_paper request": OF_MANDATE,
    "projects:mandate_end mandate": OF_MANDATE,
    "projects:enterprise_people tax_code": OF_MANDATE,
    "projects:report_list": MEMBERS,
    "projects:report_edit period report_on": OF_MANDATE,
    "projects:report_keep period report_on": SENT_ONLY,
    "projects:report_review period report_on": OF_MANDATE,
    "projects:report_detail period report_on version": OF_MANDATE,
    "projects:report_pdf period report_on version": row(
        TO_SIGN_IN, NOT_THERE, OK, NOT_THERE, NOT_THERE, OK, NOT_THERE, NOT_THERE, OK, OK
    ),
    "admin:projects_reportperiod_changelist": REPORTS,
    "admin:projects_reportperiod_change period_key": REPORTS,
    "admin:projects_developerphase_changelist": REPORTS,
    "admin:projects_report_changelist": REPORTS,
    "admin:projects_report_change report": REPORTS,
    "admin:projects_ministryreport_changelist": REPORTS,
    "admin:projects_ministryreport_change ministry": REPORTS,
    "admin:projects_ministryreport_sign ministry": {**REPORTS, "auditor": NO_RIGHT, "administrator": NO_RIGHT},
    "admin:projects_ministryreport_redraw ministry": row(ELSEWHERE, ELSEWHERE, ELSEWHERE, *[NO_RIGHT] * 7),
    "admin:ministry_draw": row(ELSEWHERE, ELSEWHERE, ELSEWHERE, *[NO_RIGHT] * 7),
    "admin:ministry_sheet ministry": REPORTS,
    "admin:ministry_since ministry": REPORTS,
    "admin:ministry_cell ministry line amount": REPORTS,
    "admin:report_standing period_key": REPORTS,
    "admin:report_standing_sheet period_key": REPORTS,
    "admin:report_remind period_key": row(ELSEWHERE, ELSEWHERE, ELSEWHERE, 403, 403, 405, 403, 403, 405, 405),
    "admin:report_enter period_key report_on": row(ELSEWHERE, ELSEWHERE, ELSEWHERE, *[NO_RIGHT] * 7),
    "admin:projects_project_changelist": STAFF_ONLY,
    "admin:projects_project_change project_key": STAFF_ONLY,
    "admin:projects_project_work": STAFF_ONLY,
    "admin:projects_project_enter": NOBODY_HERE,
    "admin:projects_project_capital project_key": NOBODY_HERE,
    "admin:projects_project_terminate project_key": NOBODY_HERE,
    "admin:projects_project_milestone project_key": NOBODY_HERE,
    "admin:projects_project_paper_add project_key": NOBODY_HERE,
    "admin:projects_project_paper project_key project_paper": STAFF_ONLY,
    "admin:projects_project_paper_remove project_key project_paper": NOBODY_HERE,
    "admin:projects_change_correct entry": NOBODY_HERE,
    "admin:projects_change_annul entry": NOBODY_HERE,
    "admin:projects_classification_changelist": STAFF_ONLY,
    "admin:projects_milestone_changelist": STAFF_ONLY,
    "admin:index": STAFF_ONLY,
    "admin:zones_plot_changelist": STAFF_ONLY,
    "admin:zones_confirmation_changelist": STAFF_ONLY,
    "admin:zones_utilitycapacity_changelist": STAFF_ONLY,
    "admin:zones_utilitycommitment_changelist": STAFF_ONLY,
    "admin:zones_plot_confirm_chosen": row(*[ELSEWHERE] * 3, *[NO_RIGHT] * 3, ELSEWHERE, *[NO_RIGHT] * 3),
    "admin:zones_outlineentry_changelist": STAFF_ONLY,
    "admin:zones_zone_outlines zone_key": row(*[ELSEWHERE] * 3, *[NO_RIGHT] * 3, OK, *[NO_RIGHT] * 3),
    "admin:zones_zone_outlines_undo zone_key 1": row(*[ELSEWHERE] * 3, *[NO_RIGHT] * 3, NOT_THERE, *[NO_RIGHT] * 3),
    "admin:projects_change_changelist": STAFF_ONLY,
    "admin:onestop_dossier_changelist": COUNTER,
    "admin:onestop_intakesystem_changelist": INTAKE,
    "admin:onestop_intakecall_changelist": INTAKE,
    "admin:onestop_dossier_change dossier": OF_DOSSIER,
    "admin:onestop_survey_changelist": COUNTER,
    "admin:onestop_message_changelist": COUNTER,
    "admin:onestop_dossier_message dossier": OF_DOSSIER,
    "admin:onestop_dossier_note dossier": OF_DOSSIER,
    "admin:onestop_dossier_message_file dossier message file": OF_DOSSIER,
    "admin:onestop_dossier_message_file dossier note note_file": OF_DOSSIER,
    "onestop:message_file dossier note note_file": row(TO_SIGN_IN, *[NOT_THERE] * 9),
    "admin:onestop_dossier_control dossier": OF_DOSSIER,
    "admin:onestop_dossier_control_pdf dossier": OF_DOSSIER,
    "admin:onestop_dossier_brief dossier": OF_DOSSIER,
    "admin:onestop_dossier_brief_pdf dossier": OF_DOSSIER,
    "admin:onestop_dossier_queue sign": COUNTER,
    "admin:onestop_dossier_forecast": COUNTER,
    "admin:onestop_reading_changelist": COUNTER,
    "admin:onestop_pace_changelist": COUNTER,
    "admin:onestop_dossier_register": COUNTER,
    "admin:onestop_dossier_register_pdf": COUNTER,
    "admin:onestop_dossier_register_book": COUNTER,
    "admin:izportal_calendarday_changelist": STAFF_ONLY,
    "admin:izportal_calendarday_add": WRITING,
    "admin:izportal_calendarday_change day": STAFF_ONLY,
    "admin:izportal_calendarday_delete day": WRITING,
    "admin:izportal_calendarday_remove": row(*[ELSEWHERE] * 10),
    "admin:onestop_calendarchange_changelist": COUNTER,
    "admin:onestop_calendarchange_change change": COUNTER,
    "admin:onestop_calendarchange_csv change": COUNTER,
    "admin:onestop_calendarchange_apply change": row(ELSEWHERE, ELSEWHERE, ELSEWHERE, *[405] * 7),
    "admin:onestop_calendarchange_drop change": row(ELSEWHERE, ELSEWHERE, ELSEWHERE, *[405] * 7),
    "admin:onestop_dossier_slip_revoke dossier slip": step_row(leader=OK, administrator=OK),
    "admin:onestop_dossier_step dossier ask_supplement": step_row(specialist=OK),
    "admin:onestop_opinion_changelist": COUNTER,
    "admin:onestop_absence_changelist": COUNTER,
    "admin:onestop_absence_add": row(ELSEWHERE, ELSEWHERE, ELSEWHERE, OK, OK, OK, *[NO_RIGHT] * 3, OK),
    "admin:onestop_dossier_handover": row(*[ELSEWHERE] * 3, *[NO_RIGHT] * 7),
    "admin:onestop_dossier_handover_result": row(*[ELSEWHERE] * 3, *[NO_RIGHT] * 7),
    "admin:onestop_amendment_changelist": COUNTER,
    "admin:onestop_dossier_step dossier draft_amendment": step_row(),
    "admin:onestop_dossier_step dossier sign_amendment": step_row(),
    "admin:onestop_dossier_step dossier ask_opinion": step_row(specialist=OK),
    "admin:onestop_dossier_step dossier extend": step_row(leader=OK),
    "admin:onestop_dossier_step dossier grant": step_row(),
    "admin:projects_mandaterequest_changelist": row(ELSEWHERE, ELSEWHERE, ELSEWHERE, 403, 403, 403, 403, 403, OK, OK),
    "admin:counter_list": ENTRY,
    "admin:counter_procedures": ENTRY,
    "admin:counter_new procedure": ENTRY,
    "admin:counter_entry counter": ENTRY,
    "admin:counter_section counter section": ENTRY,
    "admin:counter_papers counter": ENTRY,
    "admin:counter_review counter": ENTRY,
    "admin:counter_discard counter": ENTRY,
    "admin:counter_corrections counter": TO_ENTRY,
    "admin:counter_correct counter section": TO_ENTRY,
    "onestop:dossier_edit counter section": row(
        TO_SIGN_IN, NOT_THERE, NOT_THERE, ELSEWHERE, *[NOT_THERE] * 5, ELSEWHERE
    ),
    "admin:onestop_decisiontemplate_changelist": STAFF_ONLY,
    "admin:onestop_decisiontemplate_change letter": STAFF_ONLY,
    "admin:onestop_decisiontemplate_preview letter": STAFF_ONLY,
    "admin:onestop_decisiontemplate_preview_pdf letter": STAFF_ONLY,
    "admin:onestop_decisiontemplate_begin": row(ELSEWHERE, ELSEWHERE, ELSEWHERE, *[403] * 6, OK),
    "admin:onestop_decisiontemplate_publish letter": {
        **row(ELSEWHERE, ELSEWHERE, ELSEWHERE, *[403] * 6, OK),
        "leader": OK,
    },
    "admin:onestop_dossier_draft dossier": OF_DOSSIER,
    "admin:onestop_dossier_draft_pdf dossier": row(ELSEWHERE, ELSEWHERE, ELSEWHERE, *[NOT_THERE] * 7),
    "admin:onestop_dossier_amendment_pdf dossier": row(ELSEWHERE, ELSEWHERE, ELSEWHERE, *[NOT_THERE] * 7),
    "admin:onestop_dossier_languages dossier": row(ELSEWHERE, ELSEWHERE, ELSEWHERE, *[405] * 7),
    "onestop:dossier_languages dossier": row(*[405] * 10),
    "admin:onestop_definition_changelist": STAFF_ONLY,
    "admin:onestop_definition_change definition": STAFF_ONLY,
    "admin:onestop_definition_preview definition": STAFF_ONLY,
    "admin:onestop_definition_differences definition": STAFF_ONLY,
    "admin:onestop_definition_begin form_of": WRITING,
    "admin:onestop_definition_note definition": WRITING,
    "admin:onestop_definition_add_section definition": WRITING,
    "admin:onestop_definition_add_piece definition section": WRITING,
    "admin:onestop_definition_copy definition": WRITING,
    "admin:onestop_definition_edit definition section": WRITING,
    "admin:onestop_definition_remove definition section": WRITING,
    "admin:onestop_definition_move definition section": row(ELSEWHERE, ELSEWHERE, ELSEWHERE, *[403] * 6, 405),
    "admin:onestop_definition_share definition section": WRITING,
    "admin:onestop_definition_discard definition": WRITING,
    "admin:onestop_definition_publish definition": row(
        ELSEWHERE, ELSEWHERE, ELSEWHERE, 403, 403, OK, 403, 403, 403, OK
    ),
    "admin:izportal_user_changelist": row(ELSEWHERE, ELSEWHERE, ELSEWHERE, 403, 403, 403, 403, 403, OK, OK),
    "admin:izportal_wording_changelist": WORDINGS,
    "admin:izportal_wording_kind wording": WORDINGS,
    "admin:izportal_wording_past wording": WORDINGS,
    "admin:izportal_notice_retry notice": row(ELSEWHERE, ELSEWHERE, ELSEWHERE, *[403] * 6, OK),
    "admin:izportal_notice_changelist": row(ELSEWHERE, ELSEWHERE, ELSEWHERE, 403, 403, OK, 403, 403, OK, OK),
    "admin:izportal_job_changelist": row(ELSEWHERE, ELSEWHERE, ELSEWHERE, *[403] * 5, OK, OK),
    "admin:izportal_job_change job": row(ELSEWHERE, ELSEWHERE, ELSEWHERE, *[403] * 5, OK, OK),
    "admin:izportal_job_retry job": row(ELSEWHERE, ELSEWHERE, ELSEWHERE, *[403] * 6, OK),
    "admin:izportal_job_retry-kind job": row(ELSEWHERE, ELSEWHERE, ELSEWHERE, *[403] * 6, OK),
}


@pytest.fixture
def scene(db):
    return make_scene()


@planted
def make_scene():
    """A dossier in review and a draft of one enterprise, and a person of every kind."""
    catalogue, people = factories.make_catalogue(), factories.make_people()
    enterprise_user = factories.make_user(mandate_of=factories.make_enterprise())
    stranger = factories.make_user(mandate_of=factories.make_enterprise(name="Công ty TNHH Khác"))
    dossier = factories.advance(factories.make_dossier(by=enterprise_user), "in_review", people=people)
    others = {role: factories.make_staff(role) for role in ("land", "editor", "auditor", "administrator")}
    return {
        "persons": {"stranger": stranger, "owner": enterprise_user, **people, **others},
        "key": 1,
        "indicator": "fdi_capital_usd",
        "resource": "phases",
        "csv": "csv",
        "change_set": ChangeSet.objects.create(
            kind="plots", uploaded_by=factories.make_user(), uploaded_at=timezone.now()
        ).pk,
        "release": Release.objects.create(planned_on="2026-04-10", as_of="2026-03-02", title_vi="Quý I").pk,
        "day": CalendarDay.objects.create(day="2026-12-31", name_vi="Nghỉ").pk,
        "change": daysoff.draft(
            [daysoff.Edit(date(2027, 1, 1), "off", "Tết")],
            announcement="1/TB",
            reason="Thử",
            by=None,
            at=timezone.now(),
        ).pk,
        "zone": "song-cong-2",
        "zone_key": dossier.plot.zone_id,
        "zone_paper": Document.objects.create(zone=dossier.plot.zone, title_vi="Quy hoạch", stored=_stored()).pk,
        "plot": dossier.plot.code,
        "sheet": FactSheet.objects.create(code="abcd", plot=dossier.plot, values={}, printed_at=timezone.now()).code,
        **_registered(),
        "procedure": "1.009664",
        "form": factories.put_form(catalogue["1.009664"]).pk,
        "dossier": dossier.pk,
        "draft": factories.make_dossier(by=enterprise_user).pk,
        "counter": factories.make_dossier(by=enterprise_user, channel="counter").pk,
        "section": "capital",
        "form_of": catalogue["1.009664"].pk,
        "letter": wordings.begin(procedure=None, decision="granted", by=people["head"], at=timezone.now()).pk,
        "definition": definitions.begin(catalogue["1.009664"], by=people["leader"], at=timezone.now()).pk,
        "paper": dossier.papers.first().pk,
        "slip": dossier.slips.first().pk,
        "code": dossier.slips.first().code,
        "tax_code": enterprise_user.mandates.get().enterprise.tax_code,
        "mandate": enterprise_user.mandates.get().pk,
        "person": enterprise_user.pk,
        "job": Job.objects.first().pk,
        "notice": Notice.objects.first().pk,
        "wording": "submit",
        "request": _request_of(enterprise_user).pk,
        **_said_of(dossier, enterprise_user, people["specialist"]),
        **_reported(enterprise_user),
    }


def _registered():
    """A project with a paper, and the entry of its certificate."""
    project = factories.make_project()
    paper = ProjectDocument.objects.create(project=project, title="Giấy chứng nhận", stored=_stored())
    return {
        "project": project.code, "project_key": project.pk, "project_paper": paper.pk,
        "entry": project.changes.get().pk,
    }  # fmt: skip


def _reported(person):
    """A version that was filed, and a draft of its correction."""
    subject = reporting.make_subject(person.mandates.get().enterprise)
    report = reporting.make_report(subject, by=person)
    form = filing.open_form(report.period, subject, {**reporting.sheet(), "cause": "Sửa"})
    filing.keep(form, seen=0, by=person, at=timezone.now())
    named = {"period": report.period.code, "report_on": subject.code, "version": 1}
    days = {"starts_on": report.period.starts_on, "cut_off_on": report.period.cut_off_on}
    about = {"form": "2101", "period_name": "Quý III/2026", "report_period": report.period, **days}
    form = ministry.draw_up(**about, by=factories.make_staff("register"), at=timezone.now())
    named |= {"ministry": form.pk, "line": "new", "amount": "fdi_amount"}
    return {**named, "period_key": report.period_id, "report": report.pk}


def _said_of(dossier, applicant, officer):
    """A message and a note, each with a file."""
    sent = [factories.uploads.sent("tệp.pdf", factories.uploads.pdf())]
    message = exchange.send(dossier, text="Chào", by=applicant, at=timezone.now(), uploads=sent)
    note = exchange.note(dossier, text="Kín", by=officer, at=timezone.now(), uploads=sent)
    files = {"file": message.files.get().pk, "note_file": note.files.get().pk}
    return {"message": message.pk, "note": note.pk, **files}


def _stored():
    upload = factories.uploads.sent("quy hoạch.pdf", factories.uploads.pdf())
    return documents.store(upload, by=None, at=timezone.now(), max_bytes=10**6)


def _request_of(person):
    said = {"capacity": "view", "until": None, "position": "", "note": "", "name": "Công ty TNHH Mới"}
    upload = factories.uploads.sent("giấy ủy quyền.pdf", factories.uploads.pdf())
    return mandates.ask(by=person, at=timezone.now(), tax_code="4600000017", upload=upload, **said)


@pytest.mark.any_database
@pytest.mark.parametrize("page", TABLE)
def test_page_answers_each_person_as_the_table_says(client, scene, page):
    name, *words = page.split()
    address = reverse(name, args=[scene.get(word, word) for word in words])
    answers = {}
    for person in PERSONS:
        client.logout()
        if person != "nobody":
            client.force_login(scene["persons"][person])
        answers[person] = client.get(address).status_code
    assert answers == TABLE[page]


def test_nobody_is_led_to_sign_in_and_back(client, scene):
    answer = client.get(reverse("onestop:dossier_detail", args=[scene["dossier"]]))
    assert answer.url == f"/dang-nhap/?next=/ho-so/{scene['dossier']}/"


def colleague(scene, capacity):
    return factories.make_user(mandate_of=scene["persons"]["owner"].mandates.get().enterprise, capacity=capacity)


def test_preparer_sees_but_may_not_sign(client, scene):
    preparer = colleague(scene, "prepare")
    client.force_login(preparer)
    review = client.get(reverse("onestop:dossier_review", args=[scene["draft"]]))
    assert (review.status_code, b'name="declare"' in review.content) == (200, False)


def test_viewer_may_not_open_the_pages_of_filing(client, scene):
    client.force_login(colleague(scene, "view"))
    pages = {
        "onestop:dossier_detail": "dossier",
        "onestop:dossier_papers": "draft",
        "onestop:dossier_withdraw": "dossier",
    }
    assert [client.get(reverse(n, args=[scene[k]])).status_code for n, k in pages.items()] == [200, 403, 403]


def test_operator_keeps_to_their_zones(client, scene):
    operator = factories.make_staff("operator", zones=["YB"])
    mine = factories.make_plot("CN-01", zone=factories.make_zone("yen-binh", "YB", "Yên Bình"))
    theirs = factories.make_plot("CN-99")
    client.force_login(operator)
    page = client.get(reverse("admin:zones_plot_changelist")).content.decode()
    assert mine.number in page and theirs.number not in page
    assert client.get(reverse("admin:zones_plot_change", args=[theirs.pk])).status_code in (302, 404)


@pytest.mark.parametrize(
    "page", ["onestop:dossier_list", "onestop:dossier_detail dossier", "onestop:slip_detail dossier slip"]
)
def test_no_browser_keeps_the_page_of_a_dossier(client, scene, page):
    name, *words = page.split()
    client.force_login(scene["persons"]["owner"])
    assert "no-store" in client.get(reverse(name, args=[scene[word] for word in words]))["Cache-Control"]
