"""A request to complete a dossier, line by line: asked for, answered at its places only, seen before and after; one
beyond the permitted number; and what follows when nobody answers."""

import json
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from izportal.management import catalogue as file_rows
from izportal.models import Notice, User
from onestop import papers, supplements, turns, workflow, worklist
from onestop.models import Dossier, Slip, SupplementItem, SupplementPermit
from onestop.supplements import Answered, Wanted, changes, lapses, permits, places
from onestop.supplements.replies import ReplyForm
from tests import factories, uploads
from tests.factories import at

NOW = at("2026-03-03 09:15")
REASON = {"reason": "Chưa thống nhất"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(catalogue):
    return factories.make_people()


@pytest.fixture
def reviewed(people, enterprise_user):
    return factories.advance(factories.make_dossier(by=enterprise_user), "in_review", people=people)


@pytest.fixture
def applicant(client, enterprise_user):
    client.force_login(enterprise_user)
    return client


def place(dossier, key):
    found = (place for _section, asked in places.askable(dossier) for place in asked)
    return next(place for place in found if place.question.key == key)


def wanted(dossier, key, wrong="Ghi rõ"):
    found = place(dossier, key)
    return Wanted(found.label, wrong, "Điều 36", section=found.section.key, question=key)


def ask(dossier, people, *items, moment=None):
    component = dossier.version.components.get(key="tai-chinh")
    paper = Wanted(component.name_vi, "thiếu trang 4", "Điều 33", component=component)
    items = items or (paper, wanted(dossier, "objective"), "Văn bản giải trình")
    moment = moment or timezone.now()
    return workflow.take(dossier, "ask_supplement", by=people["specialist"], at=moment, items=items, **REASON)


def page(dossier):
    return reverse("onestop:dossier_supplement", args=[dossier.pk])


def lines(dossier):
    return list(SupplementItem.objects.filter(supplement__dossier=dossier))


def step(dossier, name):
    return reverse("admin:onestop_dossier_step", args=[dossier.pk, name])


def press(client, by, dossier, name, **typed):
    client.force_login(by)
    dossier.refresh_from_db()
    return client.post(step(dossier, name), {"version_no": dossier.version_no, **typed})


# Asking -----------------------------------------------------------------------------------------------------------
def test_request_keeps_what_stands_at_each_place(reviewed, people):
    ask(reviewed, people)
    filed = reviewed.papers.get(component__key="tai-chinh")
    told = [(line.kind, line.paper_before, line.answer_before, line.ground) for line in lines(reviewed)]
    assert told == [
        ("paper", filed, None, "Điều 33"), ("answer", None, "Sản xuất linh kiện cơ khí chính xác", "Điều 36"),
        ("other", None, None, ""),
    ]  # fmt: skip


def test_slip_prints_each_line_with_its_ground_and_the_rule(reviewed, people):
    ask(reviewed, people)
    facts = reviewed.slips.get(form=Slip.Form.SUPPLEMENT).facts
    assert facts["items"][1] == {"label": "Mục tiêu của dự án", "wrong": "Ghi rõ", "ground": "Điều 36"}
    assert (facts["stops_by_itself"], facts["no_answer_ground"], facts["beyond"]) == (False, "", None)


def test_letter_names_lines_grounds_and_what_follows(reviewed, people):
    ask(reviewed, people)
    body = Notice.objects.get(kind="ask-supplement").body
    assert "2. Mục tiêu của dự án: Ghi rõ (Căn cứ: Điều 36)" in body
    assert "Ban xem xét dừng giải quyết hồ sơ. (căn cứ chờ xác nhận)" in body


def test_officer_chooses_questions_and_papers_on_one_page(client, people, reviewed):
    name = f"question-{place(reviewed, 'objective').section.key}-objective"
    typed = {name: "Ghi rõ sản phẩm", f"{name}-ground": "Điều 36", "others": "Bản đồ", "others_ground": "Điều 9"}
    press(client, people["specialist"], reviewed, "ask_supplement", **typed, **REASON)
    told = [(line.question, line.wrong, line.ground) for line in lines(reviewed)]
    assert told == [("objective", "Ghi rõ sản phẩm", "Điều 36"), ("", "", "Điều 9")]


def test_only_chosen_lines_are_open_and_a_ground_alone_is_told(client, people, reviewed):
    name = f"question-{place(reviewed, 'objective').section.key}-objective"
    answer = press(client, people["specialist"], reviewed, "ask_supplement", **{f"{name}-ground": "Điều 36"}, **REASON)
    form = answer.context["form"]
    opened = [choice.name for _a, _t, rows, _n in form.parts for choice, _w, _g, is_open in rows if is_open]
    assert (opened, form.errors[name]) == ([name], ["Ghi cần bổ sung, sửa gì ở mục này."])
    assert form[f"{name}-ground"].value() == "Điều 36"


def test_whose_dossier_case_and_land_are_not_asked_about_after_reception(reviewed):
    keys = {place.question.key for _section, asked in places.askable(reviewed) for place in asked}
    assert keys & {"enterprise", "case", "plot", "project"} == set()
    reviewed.received_at = None
    keys = {place.question.key for _section, asked in places.askable(reviewed) for place in asked}
    assert keys & {"enterprise", "case", "plot"} == {"plot"}


# Answering --------------------------------------------------------------------------------------------------------
def answered(applicant, dossier, **typed):
    whole = {"go": "send", "answer-2": "Sản xuất khuôn", "reply-3": "Đã giải trình", "version_no": 0, **typed}
    return applicant.post(page(dossier), whole)


def test_answer_is_put_on_the_dossier_when_it_is_sent(applicant, reviewed, people):
    asked = ask(reviewed, people)
    scan = SimpleUploadedFile("moi.pdf", uploads.pdf_of("mới"))
    assert answered(applicant, asked, **{"item-1": scan}).url == asked.get_absolute_url()
    asked.refresh_from_db()
    paper, answer, other = lines(asked)
    assert asked.answers["objective"] == answer.answer_after == "Sản xuất khuôn"
    assert (paper.paper_after.stored.name, paper.paper_before.replaced_at is not None) == ("moi.pdf", True)
    assert (other.reply, asked.supplements.get().typed) == ("Đã giải trình", {})


def test_what_is_typed_is_kept_apart_until_then(applicant, reviewed, people):
    asked = ask(reviewed, people)
    kept = applicant.post(page(asked), {"go": "stay", "answer-2": "Dở dang", "reply-1": "Đang làm", "version_no": 0})
    asked.refresh_from_db()
    form = applicant.get(page(asked)).context["form"]
    assert (kept.url, asked.answers["objective"]) == (page(asked), "Sản xuất linh kiện cơ khí chính xác")
    assert (form["answer-2"].value(), form["reply-1"].value()) == ("Dở dang", "Đang làm")


def test_every_line_is_answered_or_explained(applicant, reviewed, people):
    asked = ask(reviewed, people)
    same = asked.answers["objective"]
    answer = answered(applicant, asked, **{"answer-2": same, "reply-3": "", "reply-1": "Chưa có bản mới"})
    assert answer.context["form"].errors == {
        "reply-2": ["Sửa nội dung này, hoặc ghi vì sao giữ nguyên."], "reply-3": ["Ghi giải trình, hoặc tải lên tệp."],
    }  # fmt: skip
    assert answer.context["form"]["reply-1"].value() == "Chưa có bản mới"
    assert asked.supplements.get().typed["data"]["reply-1"] == "Chưa có bản mới"


@pytest.mark.parametrize(
    ("key", "typed", "sentence"),
    [
        ("term_years", "rất lâu", "Nhập một số, ví dụ 1.234."),
        ("objective", "", "Mục này cần được điền."),
        ("equity_share", "150", "Số này không được quá 100. Bạn đã nhập 150."),
    ],
)
def test_answer_is_checked_as_at_the_filing(applicant, reviewed, people, key, typed, sentence):
    asked = ask(reviewed, people, wanted(reviewed, key))
    answer = applicant.post(page(asked), {"go": "send", "answer-1": typed, "version_no": 0})
    assert (answer.context["form"].errors["answer-1"], answer.context["form"]["answer-1"].value()) == (
        [sentence], typed,
    )  # fmt: skip


def test_nothing_but_the_lines_can_be_changed(applicant, reviewed, people):
    asked = ask(reviewed, people, wanted(reviewed, "objective"))
    before, other = dict(asked.answers), asked.version.components.get(key="de-nghi")
    typed = {"answer-1": "Mới", "project_name": "Tên khác", "answer-9": "x", f"paper-{other.pk}": "x"}
    scan = SimpleUploadedFile("moi.pdf", uploads.pdf_of("mới"))
    applicant.post(page(asked), {"go": "send", "version_no": 0, "item-1": scan, **typed})
    asked.refresh_from_db()
    assert asked.answers == {**before, "objective": "Mới"}
    assert asked.papers.count() == 2
    begun = applicant.post(
        reverse("onestop:upload_begin", args=[asked.pk]), {"place": f"paper-{other.pk}", "size": "9", "name": "a.pdf"}
    )
    assert begun.status_code == 409


def test_colleagues_text_is_not_written_over_unseen(applicant, reviewed, people, enterprise):
    asked = ask(reviewed, people, wanted(reviewed, "objective"))
    applicant.post(page(asked), {"go": "stay", "answer-1": "Của tôi", "version_no": 0})
    colleague = factories.make_user(mandate_of=enterprise, full_name="Lê Đồng Nghiệp")
    applicant.force_login(colleague)
    answer = applicant.post(page(asked), {"go": "send", "answer-1": "Của bạn", "version_no": 0})
    assert answer.context["differences"] == [("Mục 1: Mục tiêu của dự án", "Của tôi", "Của bạn")]
    assert (answer.context["form"]["answer-1"].value(), answer.context["seen"]) == ("Của bạn", 1)
    assert applicant.post(page(asked), {"go": "send", "answer-1": "Của bạn", "version_no": 1}).status_code == 302


def test_answer_of_another_system_is_kept_with_the_lines(reviewed, people):
    asked = ask(reviewed, people)
    workflow.take(asked, "answer_supplement", by=asked.created_by, at=timezone.now(), answer="Gửi lại")
    assert [(line.paper_after, line.reply) for line in lines(asked)] == [(None, "")] * 3


def test_answering_what_was_stopped_meanwhile_is_told(reviewed, people):
    asked = ask(reviewed, people, moment=NOW)
    form = ReplyForm({"reply-1": "x"}, dossier=asked, supplement=papers.open_supplement(asked))
    workflow.take(asked, "stop", by=people["head"], at=NOW + timedelta(days=90), reason="Quá hạn")
    with pytest.raises(workflow.StepRefused, match="Dừng xử lý|Đã dừng|trạng thái"):
        workflow.take(asked, "answer_supplement", by=asked.created_by, at=NOW, **(form.is_valid() and form.details()))


# Before and after -------------------------------------------------------------------------------------------------
def test_officer_sees_both_states(client, reviewed, people):
    asked = ask(reviewed, people, wanted(reviewed, "objective"), moment=NOW)
    workflow.take(
        asked, "answer_supplement", by=asked.created_by, at=NOW + timedelta(days=1), answer="Đã sửa",
        answered=Answered({1: "Theo góp ý"}, {1: "Sản xuất khuôn chính xác"}),
    )  # fmt: skip
    client.force_login(people["specialist"])
    for address in (step(asked, "accept_supplement"), reverse("admin:onestop_dossier_change", args=[asked.pk])):
        shown = client.get(address).content.decode()
        assert "bỏ:</b> <del>linh kiện cơ khí </del>" in shown and "thêm:</b> <ins>khuôn </ins>" in shown


def test_difference_is_told_in_runs_of_words():
    assert changes.marked("một hai ba", "một bốn ba") == [
        ("same", "một "), ("gone", "hai "), ("came", "bốn "), ("same", "ba"),
    ]  # fmt: skip
    assert (changes.marked("như cũ", "như cũ"), changes.marked("x " * 2000, "y")) == ([], [])


def test_line_that_was_left_as_it_was_says_so(reviewed, people):
    asked = ask(reviewed, people)
    workflow.take(asked, "answer_supplement", by=asked.created_by, at=timezone.now(), answer="Giữ nguyên")
    row = supplements.with_lines(asked.supplements.all()).get()
    assert [change.is_unchanged for change in changes.of(row)] == [True, True, True]


# Beyond the number ------------------------------------------------------------------------------------------------
@pytest.fixture
def spent(reviewed, people):
    """In review again, with all requests made that the procedure permits."""
    asked = ask(reviewed, people, "x", moment=NOW)
    asked = workflow.take(asked, "answer_supplement", by=asked.created_by, at=NOW, answer="Gửi")
    return workflow.take(asked, "accept_supplement", by=people["reception"], at=NOW)


def test_request_beyond_the_number_needs_a_leaders_reason(client, spent, people):
    client.force_login(people["specialist"])
    closed = client.get(step(spent, "ask_supplement"))
    assert (closed.status_code, closed.context["sentence"]) == (403, permits.needed(spent))
    press(client, people["specialist"], spent, "seek_permit", reason="Số liệu còn lệch")
    press(client, people["leader"], spent, "permit_supplement", reason="Lỗi tính toán mới phát hiện")
    press(client, people["specialist"], spent, "ask_supplement", others="Bảng tính", **REASON)
    asked, permit = spent.supplements.get(cycle=2), SupplementPermit.objects.get()
    assert (asked.permit, permit.decided_by, permit.why) == (permit, people["leader"], "Số liệu còn lệch")
    facts = spent.slips.filter(form=Slip.Form.SUPPLEMENT).last().facts
    assert facts["beyond"] == {"by": "Cán bộ leader", "reason": "Lỗi tính toán mới phát hiện"}


def test_applicant_is_told_who_permitted_it_and_why(applicant, spent, people):
    workflow.take(spent, "seek_permit", by=people["specialist"], at=NOW, reason="Lệch")
    workflow.take(spent, "permit_supplement", by=people["leader"], at=NOW, reason="Mới phát hiện")
    ask(spent, people, "Bảng tính")
    told = "do Cán bộ leader cho phép vì: Mới phát hiện"
    assert [told in applicant.get(at).content.decode() for at in (page(spent), spent.get_absolute_url())] == [True] * 2
    assert told in Notice.objects.filter(kind="ask-supplement").first().body


def test_one_leave_is_one_request(spent, people):
    workflow.take(spent, "seek_permit", by=people["specialist"], at=NOW, reason="Lệch")
    with pytest.raises(permits.PermitRefused, match="đang chờ lãnh đạo"):
        workflow.take(spent, "seek_permit", by=people["specialist"], at=NOW, reason="Lệch")
    workflow.take(spent, "permit_supplement", by=people["leader"], at=NOW, reason="Được")
    again = ask(spent, people, "x", moment=NOW)
    again = workflow.take(again, "answer_supplement", by=again.created_by, at=NOW, answer="Gửi")
    again = workflow.take(again, "accept_supplement", by=people["reception"], at=NOW)
    with pytest.raises(workflow.StepRefused, match="chỉ cho yêu cầu bổ sung 1 lần"):
        ask(again, people, "x", moment=NOW)


def test_denied_leave_opens_nothing(spent, people):
    workflow.take(spent, "seek_permit", by=people["specialist"], at=NOW, reason="Lệch")
    workflow.take(spent, "deny_permit", by=people["leader"], at=NOW, reason="Không cần")
    with pytest.raises(workflow.StepRefused, match="chỉ cho yêu cầu bổ sung 1 lần"):
        ask(spent, people, "x", moment=NOW)
    assert SupplementPermit.objects.get().is_given is False


def test_nobody_permits_what_they_ask_for(spent, people):
    people["specialist"].groups.add(*people["leader"].groups.all())
    both = User.objects.get(pk=people["specialist"].pk)
    workflow.take(spent, "seek_permit", by=both, at=NOW, reason="Lệch")
    with pytest.raises(permits.PermitRefused, match="không tự cho phép"):
        workflow.take(spent, "permit_supplement", by=both, at=NOW, reason="Được")


def test_leave_is_sought_only_where_it_is_needed(reviewed, people):
    assert "seek_permit" not in [row.name for row in workflow.available(reviewed, people["specialist"])]
    with pytest.raises(permits.PermitRefused, match="Chưa cần"):
        workflow.take(reviewed, "seek_permit", by=people["specialist"], at=NOW, reason="Lệch")


def test_awaited_leave_waits_for_the_leader(spent, people):
    rows = Dossier.objects.filter(worklist.awaiting(people["leader"], at=NOW))
    assert list(rows) == []
    workflow.take(spent, "seek_permit", by=people["specialist"], at=NOW, reason="Lệch")
    row = worklist.worklist_rows(rows.all()).get()
    names = [step.name for step in turns.awaited_steps(row, people["leader"], at=NOW)]
    assert (row, names) == (spent, ["permit_supplement", "deny_permit"])


# No answer --------------------------------------------------------------------------------------------------------
def stopping(dossier, people, rule="stop"):
    dossier.version.no_answer, dossier.version.no_answer_ground = rule, "Điều 6"
    dossier.version.save()
    return ask(dossier, people, "x", moment=NOW)


LATE = NOW + timedelta(days=90)


def test_time_alone_stops_what_nobody_answered(reviewed, people):
    asked = stopping(reviewed, people)
    assert [lapses.stop_unanswered(at=moment) for moment in (NOW, LATE, LATE)] == [0, 1, 0]
    asked.refresh_from_db()
    event, slip = asked.events.last(), asked.slips.get(form=Slip.Form.STOP)
    assert (asked.status, event.by, event.role, event.step) == ("stopped", None, workflow.CLOCK, "stop")
    assert "Hết hạn bổ sung lúc" in slip.facts["reason"] and "Căn cứ: Điều 6." in slip.facts["reason"]
    assert Notice.objects.filter(kind="stop").count() == 1


def test_officer_decides_where_the_request_said_so(reviewed, people):
    asked = stopping(reviewed, people, "officer")
    asked.version.no_answer = "stop"  # a later rule changes nothing of what was told
    asked.version.save()
    assert lapses.stop_unanswered(at=LATE) == 0
    with pytest.raises(workflow.StepRefused, match="do cán bộ xem xét"):
        workflow.take(asked, "stop", by=None, at=LATE, reason="Quá hạn")


def test_answered_request_is_left_alone(reviewed, people):
    asked = stopping(reviewed, people)
    workflow.take(asked, "answer_supplement", by=asked.created_by, at=LATE - timedelta(days=1), answer="Muộn")
    assert lapses.stop_unanswered(at=LATE) == 0


def test_nobody_takes_no_other_step(reviewed):
    with pytest.raises(workflow.StepRefused, match="không có quyền"):
        workflow.take(reviewed, "propose", by=None, at=NOW, proposal="granted", note="x")


def test_applicant_reads_what_follows(applicant, reviewed, people):
    asked = stopping(reviewed, people)
    shown = applicant.get(page(asked)).content.decode()
    assert "hồ sơ tự dừng giải quyết" in shown and "Điều 6" in shown


def test_nightly_check_stops_and_says_how_many(reviewed, people, capsys):
    stopping(reviewed, people)
    call_command("tick")
    assert "Dừng 1 hồ sơ quá hạn bổ sung." in capsys.readouterr().out


def test_rule_comes_from_the_catalogue_where_it_says_one():
    path = settings.BASE_DIR / "onestop/data/procedures.json"
    row = json.loads(path.read_text(encoding="utf-8"))["procedures"][0]
    assert "no_answer" not in file_rows.version(row)
    row["clock"] |= {"no_answer": "stop", "no_answer_ground": "Điều 6"}
    told = file_rows.version(row)
    assert (told["no_answer"], told["no_answer_ground"]) == ("stop", "Điều 6")
