"""Each step at its own address: who may open it, what it shows, what pressing does, and how a refusal reads."""

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from onestop import opinions, workflow
from onestop.models import Dossier, Supplement
from projects.models import Project
from tests import factories, uploads
from tests.factories import advance, at
from tests.planting import planted

NOW = at("2026-03-05 10:00")
pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture(autouse=True)
def fixed_moment():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def people(catalogue):
    return factories.make_people()


@pytest.fixture
def at_status(people):
    """`at_status("in_review")`: a dossier walked up to a status."""
    return lambda status, **fields: advance(factories.make_dossier(**fields), status, people=people)


def address(dossier, step):
    return reverse("admin:onestop_dossier_step", args=[dossier.pk, step])


def press(client, person, dossier, step, **typed):
    client.force_login(person)
    return client.post(address(dossier, step), {"version_no": dossier.version_no, **typed})


def text(response):
    return response.content.decode()


# Who may open which page ------------------------------------------------------------------------------------------
# status → for each step of it, the one role besides which everybody is refused.
DOORS = [
    ("submitted", "receive", {"reception"}),
    ("submitted", "ask_intake_supplement", {"reception"}),
    ("submitted", "refuse_intake", {"reception"}),
    ("received", "assign", {"head"}),
    ("received", "demand_fee", {"reception"}),
    ("assigned", "open_review", {"specialist"}),
    ("in_review", "propose", {"specialist"}),
    ("in_review", "ask_supplement", {"specialist"}),
    ("in_review", "ask_opinion", {"specialist"}),
    ("in_review", "extend", {"leader"}),
    ("in_review", "grant", set()),
    ("head_check", "forward", {"head"}),
    ("head_check", "return_to_specialist", {"head"}),
    ("leader_sign", "grant", {"leader"}),
    ("leader_sign", "refuse", set()),
    ("leader_sign", "return_from_leader", {"leader"}),
    ("numbering", "seal", {"clerk"}),
    ("result_ready", "deliver", {"clerk", "reception"}),
    ("delivered", "archive", {"clerk"}),
    ("submitted", "withdraw", set()),
]
READERS = ("reception", "specialist", "head", "leader", "clerk", "register", "auditor", "administrator")
OUTSIDERS = ("land", "operator", "editor")


@planted
def make_scene(status):
    """A dossier walked up to a status, and somebody of every role."""
    factories.make_catalogue()
    people = factories.make_people()
    others = {role: factories.make_staff(role) for role in (*READERS, *OUTSIDERS) if role not in people}
    return advance(factories.make_dossier(), status, people=people), {**people, **others}


@pytest.mark.parametrize(("status", "step", "allowed"), DOORS)
def test_step_page_opens_only_for_its_role(client, db, status, step, allowed):
    dossier, everyone = make_scene(status)
    answers = {}
    for role, person in everyone.items():
        client.force_login(person)
        answers[role] = client.get(address(dossier, step)).status_code
    expected = {role: 200 if role in allowed else 403 for role in READERS}
    assert answers == {**expected, **dict.fromkeys(OUTSIDERS, 404)}


@pytest.mark.parametrize(("status", "step", "allowed"), DOORS)
def test_step_is_refused_to_every_other_role_when_pressed(client, db, status, step, allowed):
    dossier, everyone = make_scene(status)
    for role in set(READERS) - allowed:
        answer = press(client, everyone[role], dossier, step, reason="x", note="x")
        assert answer.status_code == 403
    dossier.refresh_from_db()
    assert (dossier.status, dossier.events.filter(step=step).count()) == (status, 0)


def test_step_page_of_a_draft_is_not_there(client, people):
    draft = factories.make_dossier()
    client.force_login(people["reception"])
    assert client.get(address(draft, "receive")).status_code == 404


def test_unknown_step_is_not_there(client, people, at_status):
    client.force_login(people["reception"])
    assert client.get(address(at_status("submitted"), "burn")).status_code == 404


def test_applicant_is_sent_away_from_the_back_office(client, at_status):
    dossier = at_status("submitted")
    client.force_login(dossier.created_by)
    answer = client.get(address(dossier, "receive"))
    assert (answer.status_code, answer.url.split("?")[0]) == (302, reverse("admin:login"))


def test_colleague_of_the_assignee_is_told_whose_step_it_is(client, people, at_status):
    dossier = at_status("in_review")
    client.force_login(factories.make_staff("specialist"))
    answer = client.get(address(dossier, "propose"))
    assert answer.status_code == 403
    assert f"chỉ do người thụ lý hồ sơ thực hiện ({people['specialist']})" in text(answer)


def test_closed_step_says_what_was_done_last(client, people, at_status):
    dossier = at_status("numbering")
    client.force_login(people["leader"])
    answer = client.get(address(dossier, "grant"))
    assert answer.status_code == 403
    assert "Không thể “Ký cấp” khi hồ sơ ở trạng thái “Vào số, đóng dấu”" in text(answer)
    assert "Cán bộ leader, “Ký cấp”, 09:15 03/03/2026" in text(answer)


def test_step_needs_the_csrf_token(at_status, people):
    dossier, client = at_status("submitted"), Client(enforce_csrf_checks=True)
    assert press(client, people["reception"], dossier, "receive").status_code == 403
    dossier.refresh_from_db()
    assert dossier.status == Dossier.Status.SUBMITTED


def test_opening_a_step_page_takes_no_step(client, people, at_status):
    dossier = at_status("leader_sign")
    client.force_login(people["leader"])
    client.get(address(dossier, "grant"))
    after = Dossier.objects.get(pk=dossier.pk)
    assert (after.status, after.version_no, after.decision_number) == ("leader_sign", dossier.version_no, None)


# The way of a dossier through the pages ---------------------------------------------------------------------------
def test_dossier_walks_the_whole_way_through_the_pages(client, people, at_status):
    dossier = at_status("submitted")
    way = [
        ("reception", "receive", {}),
        ("head", "assign", {"to": people["specialist"].pk}),
        ("specialist", "open_review", {}),
        ("specialist", "propose", {"proposal": "granted", "note": "Đủ điều kiện", "project_code": "9876500001"}),
        ("head", "forward", {"note": ""}),
        ("leader", "grant", {}),
        ("clerk", "seal", {"sealed": SimpleUploadedFile("ket-qua.pdf", uploads.pdf())}),
        ("reception", "deliver", {"channel": "counter", "receiver": "Nguyễn Văn Thử, CCCD 019…"}),
        ("clerk", "archive", {}),
    ]
    for role, step, typed in way:
        answer = press(client, people[role], dossier, step, **typed)
        assert (step, answer.status_code) == (step, 302), text(answer)
        dossier.refresh_from_db()
    assert (dossier.status, dossier.decision, dossier.project.code) == ("archived", "granted", "9876500001")
    assert dossier.result_file.name == "ket-qua.pdf"


def test_done_step_leads_back_to_the_dossier_with_a_sentence(client, people, at_status):
    dossier = at_status("submitted")
    answer = press(client, people["reception"], dossier, "receive")
    assert answer.url == reverse("admin:onestop_dossier_change", args=[dossier.pk])
    page = text(client.get(answer.url))
    assert "Đã thực hiện “Tiếp nhận, hẹn trả kết quả”. Hồ sơ H55-260305-0001: Được tiếp nhận." in page
    assert "Tiếp theo: trưởng phòng phân công thụ lý." in page


@pytest.mark.parametrize(
    ("status", "role", "step", "warned"),
    [
        ("submitted", "reception", "refuse_intake", "Hồ sơ kết thúc và không mở lại được"),
        ("leader_sign", "leader", "grant", "Đã ký thì không rút lại được"),
        ("received", "head", "assign", "còn phân công lại được"),
    ],
)
def test_step_page_says_what_comes_after_and_where_there_is_no_way_back(
    client, people, at_status, status, role, step, warned
):
    client.force_login(people[role])
    assert warned in text(client.get(address(at_status(status), step)))


def test_file_of_a_dossier_names_the_zone(client, people, make_plot, at_status):
    dossier = at_status("submitted", plot=make_plot("CN-99"))
    client.force_login(people["reception"])
    page = client.get(reverse("admin:onestop_dossier_change", args=[dossier.pk])).content.decode()
    assert f"{dossier.enterprise.name} · {dossier.plot.zone.short_name}</p>" in page


def test_grant_page_shows_what_will_change(client, people, at_status, make_project):
    make_project(usd="7000000")
    dossier = at_status("leader_sign")
    client.force_login(people["leader"])
    page = client.get(address(dossier, "grant"))
    shown = {line.label: (line.old, line.new) for line in page.context["effect"]["lines"]}
    assert shown["Dự án"] == (None, "Nhà máy linh kiện cơ khí")
    assert shown["Số dự án còn hiệu lực"] == (1, 2)
    assert shown["Vốn FDI đăng ký"] == (7_000_000, 19_500_000)
    assert "Đang giữ chỗ" in text(page) and "12.500.000\N{NO-BREAK SPACE}USD" in text(page)


def test_receive_page_shows_the_date_that_will_be_promised(client, people, at_status):
    dossier = at_status("submitted")
    client.force_login(people["reception"])
    shown = client.get(address(dossier, "receive")).context["promise"]["deadline"].due_at
    press(client, people["reception"], dossier, "receive")
    dossier.refresh_from_db()
    assert shown == dossier.due_at == at("2026-03-19 17:00")


def test_receive_page_names_missing_papers(client, people, at_status):
    dossier = at_status("submitted")
    dossier.papers.filter(component__key="de-nghi").update(replaced_at=NOW)
    Dossier.objects.filter(pk=dossier.pk).update(answers={})
    client.force_login(people["reception"])
    page = client.get(address(dossier, "receive"))
    assert [component.key for component in page.context["completeness"]["missing"]] == ["de-nghi", "cong-nghe"]
    assert "Còn thiếu 2 giấy tờ." in text(page)


def test_receive_page_warns_of_a_rival(client, people, at_status, make_plot):
    plot = make_plot("CN-77")
    first, second = at_status("received", plot=plot), at_status("submitted", plot=plot)
    client.force_login(people["reception"])
    page = client.get(address(second, "receive"))
    assert page.context["rivalry"]["holding"].dossier == first
    assert page.context["rivalry"]["rivals"] == [first]
    assert "Lô SC2-CN-77: Đang giữ chỗ" in text(page)


# Refusals ---------------------------------------------------------------------------------------------------------
def test_second_of_two_officers_is_told_who_was_quicker(client, people, at_status):
    dossier = at_status("leader_sign")
    other = factories.make_staff("leader")
    press(client, people["leader"], dossier, "grant")
    answer = press(client, other, dossier, "return_from_leader", note="Tôi chưa đồng ý với diện tích")
    assert answer.status_code == 409
    assert "Cán bộ leader đã thực hiện bước “Ký cấp” lúc 10:00 05/03/2026" in text(answer)
    assert "trạng thái “Vào số, đóng dấu”" in text(answer)
    assert "Tôi chưa đồng ý với diện tích" in text(answer)
    assert dossier.events.filter(step="return_from_leader").count() == 0


def test_stale_page_is_refused_although_the_step_is_still_possible(client, people, at_status):
    dossier = at_status("in_review")
    new_day = {"new_day": "2026-04-10", "new_time": "16:00", "reason": "Chờ ý kiến"}
    asked = {"bodies": [opinions.Ask("Sở Xây dựng")], "note": "Về quy hoạch"}
    workflow.take(dossier, "ask_opinion", by=people["specialist"], at=NOW, **asked)
    answer = press(client, people["leader"], dossier, "extend", **new_day)
    assert answer.status_code == 409
    assert "đã thực hiện bước “Lấy ý kiến phối hợp”" in text(answer)
    assert dossier.promises.count() == 1


@pytest.mark.parametrize("version", ["", "-1", "²", "9" * 30, "1 OR 1=1"])
def test_page_without_a_true_version_takes_no_step(client, people, at_status, version):
    dossier = at_status("submitted")
    answer = press(client, people["reception"], dossier, "receive", version_no=version)
    dossier.refresh_from_db()
    assert (answer.status_code, dossier.status) == (409, "submitted")


def test_grant_of_a_rival_is_refused_and_leaves_nothing(client, people, at_status, make_plot):
    plot = make_plot("CN-78")
    first, second = at_status("leader_sign", plot=plot), at_status("leader_sign", plot=plot)
    press(client, people["leader"], first, "grant")
    answer = press(client, people["leader"], second, "grant")
    second.refresh_from_db()
    assert (answer.status_code, second.status, second.decision_number) == (409, "leader_sign", None)
    assert "Lô SC2-CN-78 đã cho thuê." in text(answer)
    assert Project.objects.count() == 1


def test_decision_against_the_proposal_is_told_to_go_back(client, people, at_status):
    dossier = at_status("leader_sign")
    answer = press(client, people["leader"], dossier, "refuse", reason="Chưa phù hợp quy hoạch")
    assert answer.status_code == 403
    assert "Quyết định khác với dự thảo được trình" in text(answer)


def test_second_extension_is_refused(client, people, at_status):
    dossier = at_status("in_review")
    first = press(
        client, people["leader"], dossier, "extend", new_day="2026-04-10", new_time="16:00", reason="Chờ ý kiến"
    )
    dossier.refresh_from_db()
    again = press(
        client, people["leader"], dossier, "extend", new_day="2026-05-12", new_time="16:00", reason="Vẫn chờ"
    )
    dossier.refresh_from_db()
    assert (first.status_code, again.status_code, dossier.due_at) == (302, 409, at("2026-04-10 16:00"))
    assert "pháp luật chỉ cho hẹn lại một lần" in text(again)


# Input ------------------------------------------------------------------------------------------------------------
def test_supplement_is_asked_item_by_item(client, people, at_status):
    dossier = at_status("submitted")
    component = dossier.version.components.get(key="tai-chinh")
    typed = {
        f"component-{component.pk}": "bản năm 2025",
        "others": "Bản đồ vị trí\n\n  Văn bản uỷ quyền ",
        "reason": "Chưa đủ",
    }
    answer = press(client, people["reception"], dossier, "ask_intake_supplement", **typed)
    asked = Supplement.objects.get(dossier=dossier)
    assert answer.status_code == 302
    assert [(line.kind, str(line)) for line in asked.lines.all()] == [
        ("paper", "Giấy tờ tai-chinh: bản năm 2025"), ("other", "Bản đồ vị trí"), ("other", "Văn bản uỷ quyền"),
    ]  # fmt: skip


def test_supplement_without_an_item_is_not_sent(client, people, at_status):
    dossier = at_status("submitted")
    answer = press(client, people["reception"], dossier, "ask_intake_supplement", reason="Chưa đủ", others=" \n ")
    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors() == ["Hãy ghi ít nhất một mục cần bổ sung."]
    assert Supplement.objects.count() == 0


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"proposal": "granted", "note": "Đủ"}, "project_code"),
        ({"proposal": "granted", "note": "Đủ", "project_code": "9800099999"}, "project_code"),
        ({"proposal": "granted", "note": "Đủ", "project_code": "98000/1"}, "project_code"),
        ({"proposal": "maybe", "note": "Đủ", "project_code": "1"}, "proposal"),
        ({"proposal": "refused", "note": " "}, "note"),
    ],
)
def test_proposal_is_checked_beside_its_field(client, people, at_status, make_project, typed, field):
    make_project("9800099999")
    dossier = at_status("in_review")
    answer = press(client, people["specialist"], dossier, "propose", **typed)
    dossier.refresh_from_db()
    assert (answer.status_code, list(answer.context["form"].errors), dossier.status) == (200, [field], "in_review")


def test_adjustment_asks_for_no_project_code(client, people, at_status):
    dossier = at_status("in_review", code="1.009647")
    client.force_login(people["specialist"])
    assert "project_code" not in client.get(address(dossier, "propose")).context["form"].fields


@pytest.mark.parametrize("role", ["reception", "leader"])
def test_assignment_goes_to_a_specialist_only(client, people, at_status, role):
    dossier = at_status("received")
    answer = press(client, people["head"], dossier, "assign", to=people[role].pk)
    assert list(answer.context["form"].errors) == ["to"]


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("2026-04-11", "Ngày hẹn mới phải là ngày làm việc."),
        ("2026-03-05", "Ngày hẹn mới phải sau hôm nay và trong vòng một năm."),
        ("9999-12-31", "Ngày hẹn mới phải sau hôm nay và trong vòng một năm."),
    ],
)
def test_extension_day_is_a_working_day_within_a_year(client, people, at_status, day, sentence):
    dossier = at_status("in_review")
    answer = press(client, people["leader"], dossier, "extend", new_day=day, new_time="16:00", reason="Chờ")
    assert answer.context["form"].errors["new_day"] == [sentence]


def test_seal_without_a_scan_makes_the_electronic_copy(client, people, at_status):
    dossier = at_status("numbering")
    answer = press(client, people["clerk"], dossier, "seal")
    dossier.refresh_from_db()
    assert (answer.status_code, dossier.status) == (302, "result_ready")
    assert (dossier.result_file.mime, dossier.result_file.uploaded_by) == ("application/pdf", people["clerk"])


def test_seal_refuses_a_dangerous_file(client, people, at_status):
    dossier = at_status("numbering")
    scan = SimpleUploadedFile("ket-qua.pdf", b"<html><script>alert(1)</script></html>")
    answer = press(client, people["clerk"], dossier, "seal", sealed=scan)
    dossier.refresh_from_db()
    assert (list(answer.context["form"].errors), dossier.status) == (["sealed"], "numbering")


def test_delivery_by_hand_names_the_receiver(client, people, at_status):
    dossier = at_status("result_ready")
    answer = press(client, people["clerk"], dossier, "deliver", channel="counter")
    assert list(answer.context["form"].errors) == ["receiver"]


HOSTILE = ["\x00", "a\x00b", "x" * 5000, "😀" * 4001, "<script>alert(1)</script>", "%s %(x)s {{ 1 }}", "' OR 1=1 --"]


@pytest.mark.parametrize("nasty", HOSTILE)
@pytest.mark.parametrize("step", ["propose", "ask_supplement", "ask_opinion"])
def test_hostile_input_never_breaks_a_step(client, people, at_status, step, nasty):
    dossier = at_status("in_review")
    fields = ("note", "reason", "others", "proposal", "project_code", "to", "component-1")
    answer = press(client, people["specialist"], dossier, step, **dict.fromkeys(fields, nasty))
    assert answer.status_code in (200, 302)
    page = text(client.get(reverse("admin:onestop_dossier_change", args=[dossier.pk])))
    assert "<script>alert(1)" not in page


@pytest.mark.parametrize("nasty", HOSTILE)
def test_hostile_choices_never_break_a_step(client, people, at_status, nasty):
    received, running, ready = at_status("received"), at_status("in_review"), at_status("result_ready")
    assert press(client, people["head"], received, "assign", to=nasty).status_code == 200
    assert press(client, people["leader"], running, "extend", new_day=nasty, new_time=nasty).status_code == 200
    assert press(client, people["clerk"], ready, "deliver", channel=nasty, receiver=nasty).status_code == 200


# Sent too late -----------------------------------------------------------------------------------------------------
def sent_late(client, by, dossier, step, name="step", **typed):
    """Typed on an open page, sent after the session has ended; the page after signing in again."""
    where = address(dossier, step) if name == "step" else reverse("admin:onestop_dossier_brief", args=[dossier.pk])
    client.force_login(by)
    window = client.get(where).context["window"]
    client.logout()
    assert client.post(where, {"version_no": dossier.version_no, "window": window, **typed}).status_code == 302
    client.force_login(by)
    return client.get(where)


def test_what_was_typed_waits_for_the_same_person_to_sign_in(client, people, at_status):
    dossier = at_status("in_review")
    page = sent_late(client, people["specialist"], dossier, "propose", proposal="refused", note="Chữ đã gõ")
    assert "Chữ đã gõ" in text(page) and "Phiên làm việc đã hết" in text(page)
    assert dossier.events.filter(step="propose").count() == 0
    press(client, people["specialist"], dossier, "propose", proposal="refused", note="Chữ đã gõ")
    assert dossier.events.filter(step="propose").count() == 1
    assert "unsent_section" not in client.session


def test_what_was_typed_comes_back_on_no_other_step_and_to_nobody_else(client, people, at_status):
    dossier = at_status("in_review")
    sent_late(client, people["specialist"], dossier, "propose", note="Chữ đã gõ")
    other = client.get(address(dossier, "ask_supplement"))
    client.force_login(people["leader"])
    assert "Chữ đã gõ" not in text(other) + text(client.get(address(dossier, "extend")))


def test_refusal_typed_on_the_brief_waits_too(client, people, at_status):
    dossier = at_status("in_review")
    proposal = {"proposal": "refused", "note": "Không phù hợp"}
    workflow.take(dossier, "propose", by=people["specialist"], at=NOW, **proposal)
    workflow.take(dossier, "forward", by=people["head"], at=NOW)
    dossier.refresh_from_db()
    page = sent_late(client, people["leader"], dossier, "refuse", "brief", reason="Lý do lãnh đạo gõ")
    dossier.refresh_from_db()
    assert ("Lý do lãnh đạo gõ" in text(page), dossier.status) == (True, "leader_sign")


def test_page_older_than_the_last_sign_in_gives_back_every_choice(people, at_status):
    dossier, client = at_status("in_review"), Client(enforce_csrf_checks=True)
    client.force_login(people["specialist"])
    where = address(dossier, "ask_opinion")
    window = client.get(where).context["window"]
    sent = {"window": window, "note": "Hỏi gì", "papers": ["1", "2"], "csrfmiddlewaretoken": "x" * 32}
    page = client.post(where, sent)
    assert (page.status_code, page.templates[0].name) == (403, "admin/unsent.html")
    assert [pair for pair in page.context["typed"] if pair[0] == "papers"] == [("papers", "1"), ("papers", "2")]


# The case found at reception --------------------------------------------------------------------------------------
@pytest.fixture
def filed(catalogue, people):
    catalogue["1.009664"].versions.get().cases.filter(key="th2").update(chosen_by="officer")
    return advance(factories.make_dossier(), "submitted", people=people)


def test_reception_may_find_a_case_that_is_the_offices_to_find(client, people, filed):
    found = filed.version.cases.get(key="th2")
    press(client, people["reception"], filed, "receive", case=found.pk)
    after = Dossier.objects.get(pk=filed.pk)
    assert (after.status, after.case, after.events.last().data["case"]) == ("received", found, "th2")
    assert after.due_at == workflow.explain(after).due_at


def test_reception_that_finds_nothing_else_keeps_the_case_filed(client, people, filed):
    press(client, people["reception"], filed, "receive", case=filed.case_id)
    after = Dossier.objects.get(pk=filed.pk)
    assert (after.status, after.case_id, "case" in after.events.last().data) == ("received", filed.case_id, False)


def test_a_case_that_is_the_applicants_is_not_asked_for_at_reception(client, people, at_status):
    client.force_login(people["reception"])
    page = client.get(address(at_status("submitted"), "receive"))
    assert "case" not in page.context["form"].fields


def test_nobody_turns_a_dossier_into_another_case_by_the_workflow(people, at_status):
    dossier = at_status("submitted")
    other = dossier.version.cases.get(key="th2")
    with pytest.raises(workflow.StepRefused):
        workflow.take(dossier, "receive", by=people["reception"], at=NOW, case=other)
