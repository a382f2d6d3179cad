"""Two officers decide at once: one decision stands, the other is told who, when and what, and one letter goes out."""

import threading

import pytest
from django.db import connection

from izportal.models import Notice
from onestop import desk, workflow
from onestop.models import Dossier
from tests import factories
from tests.factories import advance, at

NOW = at("2026-03-03 10:30")
# status → the two decisions, each with its role and what it says.
PAIRS = [
    ("leader_sign", [("grant", "leader", {}), ("return_from_leader", "leader", {"note": "Xem lại"})]),
    ("submitted", [("receive", "reception", {}), ("refuse_intake", "reception", {"reason": "Sai nơi nộp"})]),
    ("submitted", [("receive", "reception", {}), ("receive", "reception", {})]),
]


def at_once(*deeds):
    """What each answered or raised, all let go at the same moment."""
    gate, results = threading.Barrier(len(deeds)), [None] * len(deeds)

    def run(place, deed):
        try:
            gate.wait()
            results[place] = deed()
        except workflow.REFUSALS as refusal:
            results[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def decision(dossier, step, by, said):
    seen = dossier.version_no
    return lambda: desk.act(dossier, step, by=by, at=NOW, seen=seen, details=lambda: said)


@pytest.mark.django_db(transaction=True)
def test_of_two_decisions_at_once_one_stands_and_the_other_is_told(catalogue):
    people = factories.make_people()
    for status, pair in PAIRS:
        dossier = advance(factories.make_dossier(), status, people=people)
        officers = [factories.make_staff(role, full_name=f"Cán bộ {n}") for n, (_s, role, _d) in enumerate(pair)]
        before = (dossier.events.count(), Notice.objects.filter(user=dossier.created_by).count())
        results = at_once(
            *(decision(dossier, step, by, said) for by, (step, _r, said) in zip(officers, pair, strict=True))
        )
        (won,) = [place for place, result in enumerate(results) if isinstance(result, Dossier)]
        step = workflow.STEPS[pair[won][0]]
        told = str(results[1 - won])
        assert f"{officers[won]} đã thực hiện bước “{step.label}” lúc 10:30 03/03/2026" in told
        after = (dossier.events.count(), Notice.objects.filter(user=dossier.created_by).count())
        assert after == (before[0] + 1, before[1] + int(step.is_public))
        assert Dossier.objects.get(pk=dossier.pk).status == step.moves[status]


@pytest.mark.django_db(transaction=True)
def test_one_number_is_drawn_for_two_receptions_at_once(catalogue):
    people, second = factories.make_people(), factories.make_staff("reception")
    dossier = advance(factories.make_dossier(), "submitted", people=people)
    at_once(*(decision(dossier, "receive", by, {}) for by in (people["reception"], second)))
    following = advance(factories.make_dossier(), "received", people=people, start=NOW)
    codes = [Dossier.objects.get(pk=row.pk).code.rpartition("-")[2] for row in (dossier, following)]
    assert (codes, dossier.slips.filter(form="01").count()) == (["0001", "0002"], 1)
