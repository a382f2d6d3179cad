"""The forms of every field of administration, sent in by another system, arrive as an applicant would have filed."""

import pytest
import time_machine

from onestop import questions
from onestop.models import Dossier
from tests import factories
from tests.onestop.test_all_forms import MOMENT, drafted, people, reference  # noqa: F401
from tests.sending import Sender

WAYS = [
    ("1.009665", "reissue"), ("2.002729", "general"), ("1.013236", "general"), ("1.010729", "general"),
    ("1.014200", "general"), ("2.000063", "normal"), ("1.009759", "th2"),
]  # fmt: skip


@pytest.fixture
def sender(people):  # noqa: F811
    with time_machine.travel(MOMENT, tick=False):
        yield Sender()


def body_of(sender, dossier):
    """What another system would send to file the same dossier."""
    files = [
        {"component": paper.component.key, "file": sender.file(name="giay to.pdf")} for paper in dossier.papers.all()
    ]
    kept = {key: value for key, value in dossier.answers.items() if key != questions.NOT_DUE}
    codes = {key: getattr(dossier, key).code for key in ("plot", "project") if key in asked(dossier)}
    return {
        "procedure": dossier.procedure.code, "case": dossier.case.key, "foreign_code": "QG-1",
        "enterprise": {"tax_code": dossier.enterprise.tax_code}, "answers": {**kept, **codes}, "papers": files,
        "contact": {
            "name": dossier.contact_name, "email": dossier.contact_email, "phone": dossier.contact_phone,
        },
        "papers_not_due": dossier.answers.get(questions.NOT_DUE, []),
    }  # fmt: skip


def asked(dossier):
    return {question.key for section in questions.definition(dossier).sections for question in section.questions}


@pytest.mark.parametrize(("code", "case"), WAYS)
def test_answers_arrive_as_an_applicant_would_have_given_them(sender, code, case):
    enterprise = factories.make_enterprise(representative="Trần Văn Thử", address="Thái Nguyên")
    applicant = factories.make_user(mandate_of=enterprise, phone="0208 123 456")
    here = drafted(code, case, applicant)
    answer = sender.dossier(body_of(sender, here), language="en")
    assert answer.status_code == 201, answer.json()
    there = Dossier.objects.get(foreign_code="QG-1")
    assert (there.answers, there.case) == (here.answers, here.case)
    assert factories.advance(there, "received", start=MOMENT).code == "H55-260303-0001"
