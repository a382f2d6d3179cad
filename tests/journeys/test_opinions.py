"""Two bodies are asked: one answers by the link on a phone, one is silent; the phase ends and a draft goes up."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from onestop import opinions
from onestop.models import Dossier, Opinion
from tests import factories
from tests.journeys.test_pages import check, check_here

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MAIN = ".wl__btn.is-main"
ASKED = {"body-1": "Sở Xây dựng", "email-1": "so@tinh.example", "body-2": "Sở Công Thương", "note": "Về đấu nối điện"}
SAID = {"position": "agrees_if", "text": "Cần thỏa thuận đấu nối", "answered_by": "Trần Văn Sở, Phó Giám đốc"}


@pytest.fixture
def review(people, applicant):
    now = timezone.now()
    return factories.advance(factories.make_dossier(by=applicant), "in_review", people=people, start=now)


def steps_of(dossier):
    return f"/admin/onestop/dossier/{dossier.pk}/step"


def test_two_bodies_are_asked_one_answers_one_is_silent_and_the_draft_goes_up(visit, people, review):
    with visit(1440) as officer:
        officer.admit(people["specialist"]).open(f"{steps_of(review)}/ask_opinion/")
        check_here(officer)
        officer.fill(**ASKED).press(MAIN, inside="form[method=post]")
        answering, silent = Opinion.objects.order_by("pk")
        with visit(390) as body:
            check(body, f"/y-kien/{opinions.link_of(answering)}/")
            body.fill(**{**SAID, "text": ""}, signed="cong-van.pdf").press("button[value=send]", inside="main")
            check_here(body)
            assert "Đã nhận ý kiến" in body.text and "cong-van.pdf" in body.text
        Opinion.objects.filter(pk=silent.pk).update(reply_by=timezone.now() - timedelta(minutes=1))
        check(officer, f"/admin/onestop/dossier/{review.pk}/change/")
        officer.page.set_viewport_size({"width": 390, "height": 900})
        check_here(officer)
        officer.page.set_viewport_size({"width": 1440, "height": 900})
        assert "Không trả lời" in officer.text and "Đồng ý có điều kiện" in officer.text
        officer.open(f"{steps_of(review)}/close_opinion/").press(MAIN, inside="form[method=post]")
        officer.open(f"{steps_of(review)}/propose/")
        check_here(officer)
        officer.fill(proposal="granted", project_code="9812345678", note="Đủ điều kiện")
        officer.press(MAIN, inside="form[method=post]")
    assert Dossier.objects.get(pk=review.pk).status == "head_check"


@pytest.mark.parametrize("width", [390, 320])
def test_answer_is_given_in_english_without_javascript(visit, people, review, width):
    asked = factories.workflow.take(
        review, "ask_opinion", by=people["specialist"], at=timezone.now(), note="Grid",
        bodies=[opinions.Ask("Department of Construction", "so@tinh.example")],
    )  # fmt: skip
    row = asked.opinions.get()
    with translation.override("en"):
        address = reverse("onestop:opinion", args=[opinions.link_of(row)])
    with visit(width, java_script_enabled=False) as body:
        body.open(address).fill(text="Draft").press("button[value=keep]", inside="main")
        assert body.page.input_value("main [name=text]") == "Draft"
        sizes = body.page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert sizes[0] <= sizes[1]
        body.fill(**SAID).press("button[value=send]", inside="main")
        assert body.path.startswith("/en/") and SAID["answered_by"] in body.text
    assert Opinion.objects.get().answer == SAID["text"]
