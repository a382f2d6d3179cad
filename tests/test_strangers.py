"""Somebody of enterprise X finds nothing of enterprise Y: an address that names a row answers as if there were none.

The table is held against the plan of the site: an address that takes an argument and stands in neither list fails.
"""

import re
import time
import uuid

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import NoReverseMatch, URLResolver, get_resolver, reverse
from django.utils import timezone

from izportal import documents
from izportal.models import PartialFile
from onestop import exchange, workflow
from onestop.models import Dossier, Opinion
from projects.models import MandateRequest
from tests import factories, uploads
from tests.projects import reporting
from tests.sending import Sender

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

# Open to everybody: land, register, catalogue; a way in by a secret of its own; beginning something of one's own.
PUBLIC = {
    "zones:zone_detail", "zones:zone_geojson", "zones:zone_paper",
    "zones:plot_detail", "zones:plot_sheet", "zones:plot_sheet_pdf", "zones:sheet_detail",
    "projects:project_detail", "onestop:procedure_detail", "figure", "figure_csv", "figure_changes", "opendata_file",
    "zones:enquiry_detail", "zones:enquiry_erase", "zones:listing_confirm", "zones:watch_detail", "zones:watch_end",
    "press:answer_detail", "press:question_detail", "press:question_erase", "press:consultation_detail",
    # `test_press` asks for the preview; it is not there for anybody from outside.
    "press:preview", "press:item_detail", "press:item_year", "press:page_detail", "press:document_detail",
    "press:attachment", "picture",
    "press:comment_new", "press:comment_detail", "press:comment_erase",
    "onestop:blank_form", "onestop:blank_download", "onestop:form_download", "onestop:dossier_new",
    "onestop:dossier_begin", "onestop:opinion", "onestop:opinion_receipt", "onestop:opinion_paper",
    "onestop:verify_code",
    "account_reset_password_from_key", "account_confirm_email", "javascript-catalog", "sitemap_part",
}  # fmt: skip
# Of the board: nobody from outside gets through the door, whatever stands behind.
STAFF = ("admin:", "person_erase", "timeline_line")
# Of sending systems, which come with a token of their own.
SYSTEMS = "api-1:"
# Of everybody: what the pages show, by calls.
OPEN_DATA = ("api-1:list_", "api-1:read_")

BOTH, POST_ONLY, GET_ONLY = (404, 404), (405, 404), (404, 405)
TABLE = {
    "onestop:dossier_detail dossier": BOTH,
    "onestop:dossier_edit draft section": BOTH,
    "onestop:dossier_keep draft section": POST_ONLY,
    "onestop:dossier_papers draft": BOTH,
    "onestop:paper_states draft": BOTH,
    "onestop:paper_take draft": POST_ONLY,
    "onestop:upload_begin draft": POST_ONLY,
    "onestop:upload_piece draft partial": POST_ONLY,
    "onestop:upload_drop draft partial": POST_ONLY,
    "onestop:dossier_review draft": BOTH,
    "onestop:dossier_as_officer draft": BOTH,
    "onestop:dossier_discard draft": BOTH,
    "onestop:dossier_supplement dossier": BOTH,
    "onestop:dossier_withdraw dossier": BOTH,
    "onestop:dossier_languages dossier": POST_ONLY,
    "onestop:dossier_messages dossier": BOTH,
    "onestop:message_file dossier message file": GET_ONLY,
    "onestop:dossier_survey dossier": BOTH,
    "onestop:paper_download dossier paper": BOTH,
    "onestop:slip_detail dossier slip": BOTH,
    "onestop:slip_download dossier slip": BOTH,
    "onestop:result_download dossier": BOTH,
    "onestop:opinion_mine opinion": BOTH,
    "onestop:opinion_mine_paper opinion paper": GET_ONLY,
    "projects:mandate_request_withdraw request": BOTH,
    "projects:mandate_paper request": BOTH,
    "projects:mandate_end mandate": BOTH,
    "projects:enterprise_people tax_code": BOTH,
    "projects:report_edit period subject": BOTH,
    "projects:report_keep period subject": POST_ONLY,
    "projects:report_review period subject": BOTH,
    "projects:report_detail period subject version": BOTH,
    "projects:report_pdf period subject version": BOTH,
    "my_session_end session": POST_ONLY,
    "mfa_remove_webauthn key": BOTH,
    "mfa_edit_webauthn key": BOTH,
}
# A dossier of one's own with a row of somebody else's in it.
MIXED = {
    "onestop:paper_download mine paper": BOTH,
    "onestop:message_file mine message file": GET_ONLY,
    "onestop:slip_detail mine slip": BOTH,
    "onestop:slip_download mine slip": BOTH,
    "onestop:upload_piece my_draft partial": (405, 410),
    "onestop:upload_drop my_draft partial": (405, 200),  # what is not there is given up already
}


@pytest.fixture
def scene(catalogue, enterprise, enterprise_user, stranger):
    """Whatever enterprise Y and its people may have, and a dossier and a draft of X, who comes looking."""
    people, now = factories.make_people(), timezone.now()
    dossier = factories.advance(factories.make_dossier(by=enterprise_user), "numbering", people=people)
    upload = ContentFile(uploads.pdf(), "kết quả.pdf")
    sealed = documents.store(upload, by=people["clerk"], at=now, max_bytes=2**20)
    dossier = workflow.take(dossier, "seal", by=people["clerk"], at=now, stored=sealed)
    draft = factories.make_dossier(by=enterprise_user)
    asked = MandateRequest.objects.create(user=enterprise_user, tax_code=enterprise.tax_code, paper=sealed)
    partial = PartialFile.objects.create(purpose=f"dossier:{draft.pk}:x", name="a.pdf", size=9, user=enterprise_user)
    key = Authenticator.objects.create(user=enterprise_user, type="webauthn", data={"name": "khóa", "credential": {}})
    session = UserSession.objects.create(
        user=enterprise_user, ip="127.0.0.1", session_key="y" * 32, user_agent="x", created_at=now, last_seen_at=now
    )
    opinion = Opinion.objects.create(
        dossier=dossier, body="Sở", account=enterprise_user, asked_at=now, asked_by=people["specialist"], reply_by=now
    )
    sent = [uploads.sent("tệp.pdf", uploads.pdf())]
    message = exchange.send(dossier, text="Chào", by=enterprise_user, at=now, uploads=sent)
    report = reporting.make_report(reporting.make_subject(enterprise), by=enterprise_user)
    return {
        "message": message.pk, "file": message.files.get().pk,
        "dossier": dossier.pk, "draft": draft.pk, "section": "capital", "paper": dossier.papers.first().pk,
        "slip": dossier.slips.first().pk, "partial": partial.pk, "request": asked.pk, "key": key.pk,
        "mandate": enterprise_user.mandates.get().pk, "tax_code": enterprise.tax_code, "session": session.pk,
        "period": report.period.code, "subject": report.subject, "version": report.number,
        "mine": factories.advance(factories.make_dossier(by=stranger), "received", people=people).pk,
        "my_draft": factories.make_dossier(by=stranger).pk, "opinion": opinion.pk,
    }  # fmt: skip


@pytest.fixture
def looker(client, scene, stranger):
    client.force_login(stranger)
    # Signed in just now, so that nothing is refused for being stale.
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session["account_authentication_methods_user"] = str(stranger.pk)
    session.save()
    return client


def address(page, scene):
    name, *words = page.split()
    return reverse(name, args=[scene[word] for word in words])


def named(resolver=None, space=""):
    """(name, does it take an argument) of every address of the site."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from named(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)
        elif pattern.name:
            yield f"{space}{pattern.name}", bool(pattern.pattern.converters or pattern.pattern.regex.groups)


def test_every_address_that_names_a_row_stands_in_the_table():
    known = PUBLIC | {page.split()[0] for page in TABLE}
    asked = {name for name, takes in named() if takes and not name.startswith((*STAFF, SYSTEMS))}
    assert asked - known == set()


def test_the_other_enterprise_is_not_there(looker, scene):
    """What a browser asks first, and the press of a button; a fresh token is beside the point here."""
    places = {page: address(page, scene) for page in TABLE | MIXED}
    answers = {page: (looker.get(at).status_code, looker.post(at).status_code) for page, at in places.items()}
    assert answers == TABLE | MIXED


def test_what_is_there_and_what_is_not_look_the_same(looker, scene):
    """A stranger cannot tell an address of Y from one of nobody."""
    nobody = {
        **scene,
        **{key: uuid.uuid4() for key in ("dossier", "draft", "partial", "file")},
        "tax_code": "0000000000",
    }
    nobody |= dict.fromkeys(("paper", "slip", "request", "mandate", "session", "key", "message"), 10**6)
    theirs, none = ({page: _told(looker.get(address(page, rows))) for page in TABLE} for rows in (scene, nobody))
    assert [page for page in TABLE if theirs[page] != none[page]] == []


def _told(answer):
    """Status and words; a token is fresh on each page, and the address asked for stands in some links."""
    return answer.status_code, re.sub(r'(href|value|action)="[^"]*"', "", answer.content.decode())


def test_nothing_of_theirs_has_changed(looker, scene):
    before = Dossier.objects.filter(pk__in=[scene["dossier"], scene["draft"]]).order_by("pk").values()
    kept = list(before)
    for page in [*TABLE, *MIXED]:
        looker.post(address(page, scene), {"paper": scene["paper"], "go": "next", "confirm": "yes"})
    assert list(before.all()) == kept
    assert MandateRequest.objects.get(pk=scene["request"]).answer == ""
    assert PartialFile.objects.filter(pk=scene["partial"]).exists()
    assert UserSession.objects.filter(pk=scene["session"]).exists()


def test_codes_of_theirs_lead_nowhere(looker, scene):
    """Neither code is an address, and the wallet and the list hold one's own alone."""
    theirs = Dossier.objects.get(pk=scene["dossier"])
    found = looker.get(reverse("onestop:dossier_list"), {"q": theirs.code}).context["total"]
    wallet = looker.get(reverse("onestop:paper_list")).content.decode()
    assert (found, reverse("onestop:paper_download", args=[theirs.pk, scene["paper"]]) in wallet) == (0, False)
    assert [looker.get(f"/ho-so/{code}/").status_code for code in (theirs.code, theirs.reference)] == [404, 404]


def test_a_paper_of_theirs_is_not_taken_into_a_dossier_of_ones_own(looker, scene):
    looker.post(reverse("onestop:paper_take", args=[scene["my_draft"]]), {"paper": scene["paper"]})
    draft = Dossier.objects.get(pk=scene["my_draft"])
    assert not draft.papers.filter(taken_from=scene["paper"]).exists()


def test_nobody_files_for_them(looker, scene, enterprise):
    before = enterprise.dossiers.count()
    where = reverse("onestop:dossier_new", args=["1.009664"])
    answer = looker.post(where, {"enterprise": enterprise.pk, "contact_name": "X", "contact_email": "x@x.example"})
    assert (answer.status_code, enterprise.dossiers.count()) == (200, before)


# The back office ----------------------------------------------------------------------------------
def test_the_back_office_lets_nobody_in(looker):
    rows = {name for name, _takes in named() if name.startswith(STAFF) and not name.endswith(("logout", "login"))}
    answers = {}
    for name in sorted(rows):
        for args in ([], [1], ["1"], [uuid.uuid4()], [1, 1], [uuid.uuid4(), 1], [uuid.uuid4(), "extend"], ["x", "1"]):
            try:
                answers[name] = looker.get(reverse(name, args=args)).status_code
                break
            except NoReverseMatch:
                continue
    assert {name: status for name, status in answers.items() if status not in (302, 403)} == {}
    assert len(answers) > 100


# Systems ------------------------------------------------------------------------------------------
@pytest.fixture
def sent(catalogue):
    """A dossier that one system has sent, and another system that asks for it."""
    sender, other = Sender(), Sender("Hệ thống khác")
    answer = sender.dossier()
    assert answer.status_code == 201, answer.content.decode()
    return other, answer.json()


CALLS = ["dossiers/{code}", "dossiers/{code}/result"]
DEEDS = ["dossiers/{code}/supplement", "dossiers/{code}/withdraw"]


@pytest.mark.parametrize("call", CALLS)
def test_a_system_reads_nothing_that_another_has_sent(sent, call):
    other, told = sent
    codes = {value for value in told.values() if isinstance(value, str) and value and "/" not in value}
    assert {other.get(call.format(code=code)).status_code for code in codes} == {404}


@pytest.mark.parametrize("call", DEEDS)
def test_a_system_changes_nothing_that_another_has_sent(sent, call):
    other, told = sent
    body = {"answer": "x", "papers": [], "reason": "x", "note": "x"}
    codes = [value for key, value in told.items() if key in ("reference", "code", "foreign_code") and value]
    assert {other.post(call.format(code=code), body).status_code for code in codes} <= {404, 422}
    assert Dossier.objects.get().status == "submitted"


def test_a_signed_in_person_is_no_system(looker, scene):
    calls = {name: takes for name, takes in named() if name.startswith(SYSTEMS)}
    open_to_all = {"api-1:openapi-json", "api-1:api-root", *(name for name in calls if name.startswith(OPEN_DATA))}
    answers = {}
    for name, takes in calls.items():
        where = reverse(name, args=[scene["dossier"]] if takes else [])
        answers[name] = {looker.get(where).status_code, Client().post(where).status_code}
    assert {name for name, said in answers.items() if said - {401, 404, 405}} <= open_to_all
