"""What filing costs beside bare Django, as ratios of CPU time in one run; `make bench` prints them, nothing is judged.

CPU time of this process alone: what else the machine does, and what the database does in its own process, stay out.
"""

import time

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.test.utils import CaptureQueriesContext
from django.urls import path, reverse

from izportal import urls
from onestop import questions, shapes, workflow
from onestop.models import Dossier, Event
from tests import factories
from tests.onestop.test_all_forms import FOUND_AT_RECEPTION, WAYS, drafted

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

MOMENT = factories.at("2026-03-03 09:15")
TIMES = 40
SCHEDULE = {"construction_from": "01/06/2027", "operating_on": "01/06/2028"}


def bare_page(request):
    """The least that any page of the portal is: the base template around nothing."""
    return render(request, "base.html")


@transaction.atomic
def bare_save(request, pk):
    """The least that keeping a draft can be: its row locked, read and written."""
    row = Dossier.objects.select_for_update().get(pk=pk)
    row.save(update_fields=["answers", "version_no"])
    return HttpResponse()


urlpatterns = [path("bare/", bare_page), path("bare/<uuid:pk>/", bare_save), *urls.urlpatterns]


def cost(deed, arguments):
    """Least CPU time of one call in ms, as on a quiet machine, and the queries of the last."""
    spent, (*timed, last) = [], arguments
    for argument in timed:
        start = time.process_time()
        deed(argument)
        spent.append((time.process_time() - start) * 1000)
    with CaptureQueriesContext(connection) as asked:
        deed(last)
    return min(spent), len(asked)


def tell(name, measured, bare, beside):
    (spent, asked), (least, _asked) = measured, bare
    print(  # noqa: T201
        f"{connection.vendor}: {name} {spent:.1f} ms of CPU, {asked} queries; {beside} {least:.1f} ms: "
        f"{spent / least:.1f} times"
    )  # fmt: skip


def submit(draft):
    workflow.take(draft, "submit", by=draft.created_by, at=MOMENT)


def bare_insert(draft):
    said = {name: getattr(draft, name) for name in ("procedure", "version", "case", "enterprise", "created_by")}
    with transaction.atomic():
        row = Dossier.objects.create(**said, answers=draft.answers)
        Event.objects.create(dossier=row, step="submit", to_status=row.status, at=MOMENT, by=draft.created_by)


def test_a_submission_beside_a_bare_insert(catalogue):
    drafts = [factories.make_dossier() for _number in range(TIMES)]
    bare = cost(bare_insert, drafts)
    tell("a submission", cost(submit, drafts), bare, "a row and its event")


def test_a_review_beside_a_bare_page(client, catalogue):
    draft = factories.make_dossier()
    client.force_login(draft.created_by)
    bare = cost(client.get, ["/bare/"] * TIMES)
    page = reverse("onestop:dossier_review", args=[draft.pk])
    tell("a review", cost(client.get, [page] * TIMES), bare, "a page with nothing on it")


def test_keeping_a_section_beside_a_bare_save(client, catalogue):
    draft = factories.make_dossier()
    client.force_login(draft.created_by)
    address = reverse("onestop:dossier_keep", args=[draft.pk, "schedule"])
    bare = cost(client.post, [f"/bare/{draft.pk}/"] * TIMES)

    def keep(number):
        told = client.post(address, {**SCHEDULE, "term_years": 20 + number, "version_no": number})
        assert told.json()["version_no"] == number + 1

    tell("keeping a section", cost(keep, range(TIMES)), bare, "saving a row")


def test_forms_built_and_checked_in_a_second():
    call_command("load_reference", verbosity=0)
    enterprise = factories.make_enterprise(representative="Trần Văn Thử", address="Thái Nguyên")
    applicant = factories.make_user(mandate_of=enterprise, phone="0208 123 456")
    ways = dict(way for way in WAYS if way not in FOUND_AT_RECEPTION)
    spent = [of_form(code, case, applicant) for code, case in ways.items()]
    built, checked = (len(spent) * 1000 / sum(each) for each in zip(*spent, strict=True))
    print(  # noqa: T201
        f"{connection.vendor}: of {len(spent)} forms {built:.0f} are built, {checked:.0f} checked in a second of CPU"
    )  # fmt: skip


def of_form(code, case, applicant):
    """ms to build every section of one procedure's form, and to check it filled in; nothing of it stays."""
    with transaction.atomic():
        draft = drafted(code, case, applicant)
        spent = cost(build, [draft] * 7)[0], cost(questions.faults, [draft] * 7)[0]
        transaction.set_rollback(True)
    return spent


def build(draft):
    for section in shapes.of_dossier(draft).sections:
        questions.SectionForm(dossier=draft, section=section)
