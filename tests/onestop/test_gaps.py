"""A dossier of the post or the counter that came in with gaps: registered as it came, asked for what it lacks or
refused, filled in from the answer, received only then."""

import pytest
import time_machine
from django.urls import reverse

from onestop import counter, gaps, workflow
from onestop.models import Dossier, Slip, SupplementItem
from onestop.workflow import StepRefused
from tests import factories
from tests.counter import enter, make_draft, page, receive, text
from tests.factories import at

NOW = at("2026-03-03 09:15")
ASKED = {"items": ["Tờ khai, phần “Dự án”, khai bổ sung: Tên dự án"], "reason": "Thiếu"}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fixed_moment():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def clerk(client, catalogue):
    person = factories.make_staff("reception", full_name="Phạm Thị Tiếp Nhận")
    client.force_login(person)
    return person


@pytest.fixture
def sent(clerk):
    """A letter whose form does not say the name of the project."""
    dossier = make_draft(clerk, channel="post")
    del dossier.answers["project_name"]
    dossier.save(update_fields=["answers"])
    return dossier


@pytest.fixture
def entered(sent, clerk):
    return counter.enter(sent, by=clerk, seen=sent.version_no, at=NOW, is_incomplete=True)


def step(dossier, name):
    return reverse("admin:onestop_dossier_step", args=[dossier.pk, name])


def fill(client, dossier, **typed):
    """The section on the project with the gap filled, through its page."""
    address = page("correct", dossier, section_of(dossier))
    form = client.get(address).context["form"]
    said = {name: "" if form[name].value() is None else form[name].value() for name in form.fields}
    return client.post(address, {**said, "version_no": dossier.version_no, **typed})


def section_of(dossier):
    return gaps.blocking(dossier, on=NOW.date())[0].section


def test_incomplete_dossier_is_entered_only_where_the_clerk_says_so(client, clerk, sent):
    refused = enter(client, sent)
    assert "xác nhận nhập như hồ sơ đã nhận" in refused.context["problem"]
    assert enter(client, sent, as_received="on").url == step(sent, "ask_intake_supplement")
    event = sent.events.get()
    assert (event.step, event.data["lacking"]) == ("enter", ["Tên dự án"])
    assert event.note == "Người nộp: Lê Thị Nộp. Tờ khai nhập như đã nhận, còn thiếu: Tên dự án."


def test_applicant_cannot_file_with_gaps(catalogue):
    dossier = factories.make_dossier(answers={"x": "y"})
    with pytest.raises(StepRefused, match="Tờ khai chưa đủ"):
        workflow.take(dossier, "submit", by=dossier.created_by, at=NOW, is_incomplete=True)


def test_dossier_with_gaps_is_not_received(client, entered):
    told = text(receive(client, entered))
    assert "Tờ khai còn thiếu: Tên dự án. Hãy yêu cầu bổ sung (Mẫu 02)" in told
    assert Dossier.objects.get().status == "submitted"


def test_request_asks_about_each_gap(client, entered):
    form = client.get(step(entered, "ask_intake_supplement")).context["form"]
    name = f"question-{section_of(entered)}-project_name"
    assert (form[name].value(), form["others"].value()) == ("Mục này cần được điền.", "")
    sent = {"version_no": entered.version_no, name: form[name].value(), "reason": "Thiếu"}
    client.post(step(entered, "ask_intake_supplement"), sent)
    line = SupplementItem.objects.get()
    assert (line.kind, line.question, line.answer_before) == ("answer", "project_name", None)
    told = {"label": "Tên dự án", "wrong": "Mục này cần được điền.", "ground": ""}
    assert (Slip.objects.get().form, Slip.objects.get().facts["items"]) == (Slip.Form.SUPPLEMENT, [told])


def test_clerk_types_the_answer_that_was_brought(client, entered):
    name = f"question-{section_of(entered)}-project_name"
    client.post(
        step(entered, "ask_intake_supplement"), {"version_no": entered.version_no, name: "Thiếu", "reason": "Thiếu"}
    )
    entered.refresh_from_db()
    typed = {"version_no": entered.version_no, "answer-1": "Nhà máy Minh họa", "answer": "Đã khai tên dự án"}
    client.post(step(entered, "record_answer"), typed)
    entered.refresh_from_db()
    line = SupplementItem.objects.get()
    assert (entered.status, entered.answers["project_name"]) == ("submitted", "Nhà máy Minh họa")
    assert (line.answer_before, line.answer_after) == (None, "Nhà máy Minh họa")
    assert gaps.of(entered, on=NOW.date()) == []


def test_dossier_with_gaps_is_refused(clerk, entered):
    refused = workflow.take(entered, "refuse_intake", by=clerk, at=NOW, reason="Không thuộc thẩm quyền")
    assert (refused.status, refused.slips.get().form) == ("intake_refused", Slip.Form.REFUSAL)


def test_gap_is_filled_from_the_answer_and_the_dossier_received(client, clerk, entered):
    asked = workflow.take(entered, "ask_intake_supplement", by=clerk, at=NOW, **ASKED)
    shown = text(client.get(step(asked, "record_answer")))
    assert page("correct", asked, section_of(asked)) in shown
    assert fill(client, asked, project_name="Nhà máy Minh họa").url == step(asked, "record_answer")
    asked.refresh_from_db()
    workflow.take(asked, "record_answer", by=clerk, at=NOW, answer="Đã khai tên dự án")
    receive(client, asked)
    asked.refresh_from_db()
    assert (asked.status, asked.answers["project_name"]) == ("received", "Nhà máy Minh họa")


def test_correction_keeps_both_texts_in_the_event(client, clerk, entered):
    fill(client, entered, project_name="Nhà máy Minh họa")
    event = entered.events.last()
    assert (event.step, event.by, event.is_public) == ("correct", clerk, False)
    assert event.data == {"changes": [["Tên dự án", "để trống", "Nhà máy Minh họa"]]}
    shown = text(client.get(reverse("admin:onestop_dossier_change", args=[entered.pk])))
    assert "<b>Tên dự án</b>: để trống → Nhà máy Minh họa" in shown


def test_correction_that_is_not_sound_stays_on_the_page(client, entered):
    answer = fill(client, entered, project_name="", objective="Mục tiêu mới")
    assert list(answer.context["form"].errors) == ["project_name"]
    assert answer.context["form"]["objective"].value() == "Mục tiêu mới"
    assert entered.events.count() == 1


def test_correction_of_a_dossier_that_somebody_moved_is_told(client, clerk, entered):
    fill(client, entered, project_name="Tên của đồng nghiệp")
    answer = fill(client, entered, project_name="Tên khác")
    assert (answer.status_code, answer.context["form"]["project_name"].value()) == (409, "Tên khác")
    assert Dossier.objects.get().answers["project_name"] == "Tên của đồng nghiệp"


def test_nothing_is_corrected_after_reception(client, clerk):
    dossier = make_draft(clerk)
    enter(client, dossier)
    receive(client, dossier)
    for name, more in (("corrections", ()), ("correct", ("applicant",))):
        answer = client.get(page(name, dossier, *more))
        assert answer.url == reverse("admin:onestop_dossier_change", args=[dossier.pk])


def test_whole_dossier_asks_nothing_of_its_form_at_reception(client, clerk):
    dossier = make_draft(clerk)
    enter(client, dossier)
    assert gaps.of(dossier, on=NOW.date()) == []
    assert "Tờ khai còn thiếu" not in text(client.get(step(dossier, "receive")))


def test_paper_that_nobody_noted_is_asked_for(client, clerk):
    dossier = make_draft(clerk, papers=False)
    enter(client, dossier, as_received="on")
    form = client.get(step(dossier, "ask_intake_supplement")).context["form"]
    asked = [choice.label for choice in form.choices.values() if form[choice.name].value() == "chưa nộp"]
    assert "Giấy tờ tai-chinh" in asked and "Giấy tờ de-nghi" in asked


def test_step_leads_to_the_section_that_lacks_something(client, entered):
    answer = client.get(step(entered, "correct"), follow=True)
    assert answer.redirect_chain[-1][0] == page("correct", entered, section_of(entered))


@pytest.mark.parametrize("code", ["1.009664", "1.009647"])
def test_file_of_a_dossier_that_says_nothing_is_read(client, clerk, code):
    dossier = make_draft(clerk, code=code, papers=False)
    Dossier.objects.filter(pk=dossier.pk).update(answers={}, plot=None, project=None, contact_name="")
    dossier.refresh_from_db()
    assert enter(client, dossier, as_received="on").status_code == 302
    shown = client.get(reverse("admin:onestop_dossier_change", args=[dossier.pk]))
    assert (shown.status_code, shown.context["may_correct"], shown.context["effect"]) == (200, True, None)
    assert page("correct", dossier, shown.context["lacks"][0].section) in text(shown)
