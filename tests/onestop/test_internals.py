"""What the board says to itself about a dossier stays inside: no page, letter, interface, paper or bundle that the
applicant can reach tells it."""

import io
import zipfile

import pytest
import time_machine
from django.urls import reverse

from izportal.models import Notice
from izportal.privacy.export import bundle
from onestop import exchange, opinions, workflow
from onestop.models import Dossier, Opinion, ProcedureVersion
from tests import factories, uploads
from tests.factories import at
from tests.sending import Sender

NOW = at("2026-03-05 10:00")
SECRET, CODE = "Chuyện riêng của Ban", "9811112222"
pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture(autouse=True)
def fixed_moment():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def people(catalogue):
    return factories.make_people()


@pytest.fixture
def sender():
    return Sender()


@pytest.fixture
def take(people):
    """`take(dossier, "forward", "head", note="…")`: one step by the person of that role."""
    return lambda dossier, step, role, **said: workflow.take(dossier, step, by=people[role], at=NOW, **said)


@pytest.fixture
def talked_over(people, take, sender, enterprise_user, enterprise):
    """A dossier on which everything was said that is said inside the board, with a draft before the leader."""
    dossier = factories.make_dossier(by=enterprise_user, enterprise=enterprise)
    rival = factories.make_enterprise(name=f"{SECRET}: đối thủ")
    for one in (factories.make_dossier(plot=dossier.plot, enterprise=rival), dossier):
        factories.advance(one, "received", people=people, start=NOW)
    Dossier.objects.filter(pk=dossier.pk).update(system=sender.system, foreign_code="QG-1")
    ProcedureVersion.objects.update(max_supplements=0)
    dossier = take(dossier, "assign", "head", to=people["specialist"], note=SECRET)
    dossier = take(dossier, "open_review", "specialist")
    dossier = take(dossier, "seek_permit", "specialist", reason=SECRET)
    dossier = take(dossier, "deny_permit", "leader", reason=SECRET)
    dossier = take(
        dossier, "ask_opinion", "specialist", bodies=[opinions.Ask("Sở Mật", "so@mau.example")], note=SECRET
    )
    opinions.answer(Opinion.objects.get(), position="objects", text=SECRET, answered_by=SECRET, at=NOW)
    dossier = take(dossier, "close_opinion", "specialist", note=SECRET)
    upload = [uploads.sent(f"{SECRET}.pdf", uploads.pdf())]
    exchange.note(dossier, text=SECRET, by=people["head"], at=NOW, uploads=upload)
    for step, role in (("return_to_specialist", "head"), ("return_from_leader", "leader"), ("", "")):
        dossier = take(
            dossier, "propose", "specialist", proposal="granted", note=SECRET, text=SECRET, project_code=CODE
        )
        if step != "return_to_specialist":
            dossier = take(dossier, "forward", "head", note=SECRET)
        dossier = take(dossier, step, role, note=SECRET) if step else dossier
    return dossier


def told_to(client, dossier, sender, enterprise_user):
    """All that the applicant can read, one after another: pages in both languages, the look-up, the interface of the
    sending system, letters, and the bundle of their data."""
    for language in ("", "/en"):
        client.get(f"{language}/")
        for name in ("detail", "messages", "supplement", "withdraw", "survey", "edit"):
            keys = [dossier.pk, "du-an"] if name == "edit" else [dossier.pk]
            yield client.get(reverse(f"onestop:dossier_{name}", args=keys), follow=True).content.decode()
        yield client.get(reverse("onestop:dossier_list")).content.decode()
        codes = {"code": dossier.reference, "lookup": dossier.lookup}
        yield client.post(reverse("onestop:track"), codes).content.decode()
        yield client.post(reverse("onestop:survey"), codes).content.decode()
    for slip in dossier.slips.all():
        yield client.get(reverse("onestop:slip_detail", args=[dossier.pk, slip.pk])).content.decode()
        yield client.get(reverse("onestop:verify_code", args=[slip.code])).content.decode()
    yield sender.get(f"dossiers/{dossier.reference}").content.decode()
    yield sender.get("dossiers", {"since": "2026-01-01T00:00:00+07:00"}).content.decode()
    yield from (f"{row.subject}\n{row.body}" for row in Notice.objects.filter(user=enterprise_user))
    with zipfile.ZipFile(io.BytesIO(bundle(enterprise_user, at=NOW))) as packed:
        yield from (packed.read(name).decode() for name in packed.namelist())


def test_nothing_internal_is_told_before_the_signature(client, talked_over, sender, enterprise_user):
    client.force_login(enterprise_user)
    said = list(told_to(client, talked_over, sender, enterprise_user))
    assert sum(str(talked_over.code) in text for text in said) > 10
    assert [text for text in said if SECRET in text or CODE in text] == []
    assert [text for text in said if "Sở Mật" in text or "so@mau.example" in text] == []


def test_result_of_a_draft_and_its_papers_are_not_there(client, talked_over, enterprise_user):
    client.force_login(enterprise_user)
    note = talked_over.messages.get(is_internal=True)
    pages = [("result_download", []), ("message_file", [note.pk, note.files.get().pk])]
    found = [client.get(reverse(f"onestop:{name}", args=[talked_over.pk, *keys])).status_code for name, keys in pages]
    assert found == [404, 404]


def test_appraisal_and_drafted_correction_stay_inside_after_the_grant(
    client, talked_over, take, sender, enterprise_user
):
    done = Dossier.objects.get(pk=talked_over.pk)
    done.proposal_text = ""
    done.save()
    factories.free(done.plot, NOW)
    done = take(done, "grant", "leader")
    done = take(done, "seal", "clerk")
    done = take(done, "deliver", "clerk", channel="electronic")
    why = {"kind": "correct", "ground": "mistake", "reason": SECRET}
    done = take(done, "draft_amendment", "specialist", **why, values={"project_name": SECRET})
    client.force_login(enterprise_user)
    said = list(told_to(client, done, sender, enterprise_user))
    assert [text for text in said if SECRET in text] == []
