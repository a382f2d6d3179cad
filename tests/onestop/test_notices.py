"""What the applicant is told by letter: the subject, whose words, and in which language."""

import pytest
from django.core import mail

from izportal import outbox
from onestop import workflow
from tests import factories
from tests.factories import advance, at

pytestmark = pytest.mark.django_db
MOMENT = at("2026-03-03 09:15")


@pytest.fixture
def people(catalogue):
    return factories.make_people()


def letters(dossier):
    """{kind of step: letter} of one dossier, once the worker has run."""
    outbox.drain()
    return [letter for letter in mail.outbox if (dossier.code or dossier.reference) in letter.body]


def test_rival_is_told_in_the_language_of_the_dossier(people):
    plot = factories.make_plot()
    advance(factories.make_dossier(plot=plot), "received", people=people)
    second = advance(factories.make_dossier(plot=plot, language="en"), "received", people=people)
    told = next(letter.body for letter in letters(second) if "Received" in letter.subject)
    assert f"Plot {plot.code} is reserved for another dossier." in told
    assert "đang được giữ chỗ" not in told


def test_letter_of_an_answer_says_that_it_has_arrived(people):
    dossier = advance(factories.make_dossier(), "in_review", people=people)
    workflow.take(dossier, "ask_supplement", by=people["specialist"], at=MOMENT, items=["Đơn"], reason="Thiếu trang")
    dossier.refresh_from_db()
    workflow.take(dossier, "answer_supplement", by=dossier.created_by, at=MOMENT, answer="Đã ký đủ")
    assert f"[{dossier.code}] Đã nhận hồ sơ bổ sung" in [letter.subject for letter in letters(dossier)]


def test_words_of_the_office_stay_in_the_office(people):
    dossier = advance(factories.make_dossier(), "leader_sign", people=people, project_code="9812345678")
    workflow.take(dossier, "grant", by=people["leader"], at=MOMENT, note="Lưu ý nội bộ")
    told = {letter.subject: letter.body for letter in letters(dossier)}
    assert f"[{dossier.code}] Đã ký cấp" in told
    assert not any("Lưu ý nội bộ" in body for body in told.values())
