"""Pages of the counter as the public and the applicants see it; the desk of the staff stands in the back office."""

from onestop.views.answering import dossier_supplement
from onestop.views.blanks import blank_download, blank_form, form_download
from onestop.views.catalogue import procedure_detail, procedure_list
from onestop.views.exchange import dossier_messages, message_file
from onestop.views.filing import (
    dossier_discard,
    dossier_edit,
    dossier_new,
    dossier_review,
)
from onestop.views.following import (
    dossier_detail,
    dossier_list,
    dossier_withdraw,
    paper_download,
    result_download,
    slip_detail,
    slip_download,
)
from onestop.views.keeping import dossier_begin, dossier_keep
from onestop.views.languages import dossier_languages
from onestop.views.officer import dossier_as_officer
from onestop.views.opinion import (
    opinion,
    opinion_list,
    opinion_mine,
    opinion_mine_paper,
    opinion_paper,
    opinion_receipt,
)
from onestop.views.papers import dossier_papers
from onestop.views.record import counter_record, counter_record_list, progress_sheet, progress_table
from onestop.views.survey import dossier_survey, survey
from onestop.views.tracking import track
from onestop.views.uploads import paper_states, upload_begin, upload_drop, upload_piece
from onestop.views.verification import verify, verify_code
from onestop.views.wallet import paper_list, paper_take

__all__ = [
    "blank_download",
    "blank_form",
    "counter_record",
    "counter_record_list",
    "dossier_as_officer",
    "dossier_begin",
    "dossier_detail",
    "dossier_discard",
    "dossier_edit",
    "dossier_keep",
    "dossier_languages",
    "dossier_list",
    "dossier_messages",
    "dossier_new",
    "dossier_papers",
    "dossier_review",
    "dossier_supplement",
    "dossier_survey",
    "dossier_withdraw",
    "form_download",
    "message_file",
    "opinion",
    "opinion_list",
    "opinion_mine",
    "opinion_mine_paper",
    "opinion_paper",
    "opinion_receipt",
    "paper_download",
    "paper_list",
    "paper_states",
    "paper_take",
    "procedure_detail",
    "procedure_list",
    "progress_sheet",
    "progress_table",
    "result_download",
    "slip_detail",
    "slip_download",
    "survey",
    "track",
    "upload_begin",
    "upload_drop",
    "upload_piece",
    "verify",
    "verify_code",
]
