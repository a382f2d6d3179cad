"""A form published while dossiers are under way: drafts are carried and lose nothing, filed ones stay as they were."""

import copy
from datetime import date
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.urls import reverse

from izportal import outbox
from izportal.models import Notice
from onestop import carrying, definitions, drafts, papers, questions, shapes, workflow
from onestop.models import Component, Dossier, ProcedureCase, ProcedureVersion
from tests import factories
from tests.factories import at

ON, AT = date(2026, 4, 1), at("2026-04-01 08:00")
BEFORE = at("2026-03-03 09:15")
NOTE = {"vi": "Không hỏi giải trình công nghệ.", "en": "Technology is not asked for any more."}
CODE = "1.009664"


def question_in(body, key):
    return next(q for section in body["sections"] for q in section["questions"] if q["key"] == key)


def without(body, key):
    for section in body["sections"]:
        section["questions"] = [question for question in section["questions"] if question["key"] != key]


def change(body):
    """Form 2: no English name, contact stays, the scale is a number, one kind of investor, another question."""
    without(body, "project_name_en")
    question_in(body, "objective")["label"] = {"vi": "Mục tiêu (mẫu mới)", "en": "Objective (new form)"}
    question_in(body, "environment_group")["choices"][2:] = []
    question_in(body, "scale")["type"] = "integer"
    question_in(body, "term_years")["type"] = "text"  # “40 năm” does not read the same
    question_in(body, "investor_address")["type"] = "textarea"
    label = {"vi": "Số thang máy", "en": "Number of lifts"}
    body["sections"][1]["questions"].append({"key": "lift_count", "type": "integer", "label": label})


@pytest.fixture
def procedure(catalogue):
    return catalogue[CODE]


@pytest.fixture
def publish(procedure):
    def made(change=change, *, on=ON):
        body = copy.deepcopy(procedure.definitions.order_by("number").last().body)
        change(body)
        return factories.make_definition(procedure, body=body, on=on, note_vi=NOTE["vi"], note_en=NOTE["en"])

    return made


@pytest.fixture
def draft(make_dossier, enterprise_user):
    return make_dossier(by=enterprise_user, created_at=BEFORE)


def carry(dossier, *, on=ON):
    dossier = Dossier.objects.get(pk=dossier.pk)
    return carrying.carry(dossier, on=on, at=AT), Dossier.objects.get(pk=dossier.pk)


def told(dossier):
    return {entry["label"]["vi"]: entry["value"]["vi"] for entry in dossier.set_aside}


def in_words(dossier):
    dossier = Dossier.objects.get(pk=dossier.pk)
    return [questions.render(dossier, language) for language in ("vi", "en")]


# All three at once --------------------------------------------------------------------------------
def test_a_new_form_carries_drafts_and_leaves_filed_dossiers_as_they_were(make_dossier, draft, publish):
    received = factories.advance(make_dossier(created_at=BEFORE), "received")
    decided = factories.advance(make_dossier(created_at=BEFORE), "delivered")
    as_they_were = [(in_words(row), row.definition.number) for row in (received, decided)]
    second = publish()
    results = [carry(row)[0] for row in (draft, received, decided)]
    assert results == [True, False, False]
    for row in (received, decided):
        row.refresh_from_db()
    assert [(in_words(row), row.definition.number) for row in (received, decided)] == as_they_were
    draft.refresh_from_db()
    assert (draft.definition, draft.carried_from.number) == (second, 1)


def test_no_answer_of_a_carried_draft_is_lost(draft, publish):
    before, _notice = dict(draft.answers), publish()
    _done, after = carry(draft)
    gone = {key: value for key, value in before.items() if key not in after.answers}
    asked = shapes.of(draft.definition).questions()
    assert told(after) == {
        asked["project_name_en"].label["vi"]: "Mechanical parts plant",
        asked["scale"].label["vi"]: "2.000 tấn sản phẩm mỗi năm",
        asked["environment_group"].label["vi"]: "Nhóm III",
        asked["term_years"].label["vi"]: "40\xa0năm",
    }
    assert set(gone) == {"project_name_en", "environment_group", "scale", "term_years"}
    assert after.answers["equity_share"] == draft.answers["equity_share"]


def test_what_is_set_aside_is_told_in_both_languages(draft, publish):
    publish(lambda body: without(body, "project_name_en"))
    _done, after = carry(draft)
    (entry,) = after.set_aside
    assert entry["label"]["en"] != entry["label"]["vi"]
    assert entry["value"] == {"vi": "Mechanical parts plant", "en": "Mechanical parts plant"}


def test_carrying_again_changes_nothing(draft, publish):
    publish()
    _done, first = carry(draft)
    done, again = carry(draft)
    assert (done, again.version_no, again.set_aside) == (False, first.version_no, first.set_aside)


def test_a_form_that_applies_later_carries_nothing_yet(draft, publish):
    publish()
    assert carry(draft, on=date(2026, 3, 31))[0] is False


def test_two_forms_later_the_draft_knows_where_it_came_from(draft, publish):
    publish()
    carry(draft)
    publish(lambda body: without(body, "scale"), on=date(2026, 5, 1))
    _done, after = carry(draft, on=date(2026, 5, 1))
    assert (after.carried_from.number, after.definition.number) == (1, 3)
    assert carrying.notice(after).notes == [NOTE["vi"], NOTE["vi"]]


def test_carrying_does_not_look_like_work_of_a_person(draft, publish):
    publish()
    _done, after = carry(draft)
    assert (after.saved_at, after.version_no) == (draft.saved_at, draft.version_no + 1)


# Kinds of answers ---------------------------------------------------------------------------------
def test_rows_keep_the_columns_that_are_still_asked(make_dossier, publish, draft):
    label = {"vi": "Máy móc", "en": "Machines"}
    names = [{"key": key, "type": "text", "label": {"vi": key, "en": key}} for key in ("model", "maker")]
    table = {"key": "machines", "type": "table", "label": label, "row_name": label, "columns": names}
    publish(lambda body: body["sections"][1]["questions"].append(table))
    carry(draft)
    Dossier.objects.filter(pk=draft.pk).update(
        answers={**draft.answers, "machines": [{"model": "CNC-5", "maker": "Mau"}]}
    )
    publish(lambda body: question_in(body, "machines")["columns"].pop(), on=date(2026, 5, 1))
    _done, after = carry(draft, on=date(2026, 5, 1))
    assert after.answers["machines"] == [{"model": "CNC-5"}]
    assert told(after) == {"Máy móc": "1. model: CNC-5; maker: Mau"}


def test_a_plot_that_is_not_asked_for_is_told_and_let_go(draft, publish):
    publish(lambda body: without(body, "plot"))
    _done, after = carry(draft)
    assert (after.plot, list(told(after).values())) == (None, [str(draft.plot)])


def test_unfinished_text_follows_its_question(draft, publish):
    def split(body):
        moved = question_in(body, "objective")
        without(body, "objective")
        words = {"vi": "Mục tiêu", "en": "Objective"}
        body["sections"].append({"key": "aims", "title": words, "step": words, "questions": [moved]})
        without(body, "project_name_en")

    home = next(s.key for s in shapes.of(draft.definition).sections if any(q.key == "objective" for q in s.questions))
    typed = {"objective": "Đang gõ dở", "project_name_en": "Half a na", "project_name": ""}
    draft.typed = {home: {"data": typed, "at": BEFORE.isoformat(), "by": draft.created_by_id}}
    draft.save()
    publish(split)
    _done, after = carry(draft)
    assert after.typed["aims"]["data"]["objective"] == "Đang gõ dở"
    assert after.typed[home]["data"] == {"project_name": ""}
    assert "Half a na" in [entry["value"]["vi"] for entry in after.set_aside]


# The rules of the procedure -----------------------------------------------------------------------
@pytest.fixture
def new_rules(procedure):
    """The procedure anew from 1 April: the first case is gone, one paper is not asked for any more."""
    old = procedure.versions.get()
    version = ProcedureVersion.objects.create(
        procedure=procedure, valid_from=ON, clock_mode=old.clock_mode, result_vi="Giấy", result_en="Paper"
    )
    ProcedureCase.objects.create(version=version, key="th2", label_vi="Trường hợp 2", value=5, unit="working_day")
    Component.objects.create(version=version, key="de-nghi", name_vi="Đơn", required="always")
    return version


def test_new_rules_take_the_draft_with_its_papers(draft, new_rules):
    done, after = carry(draft)
    given = {paper.component.key: paper.component.version for paper in papers.current(after)}
    assert (done, after.version, after.carried_from) == (True, new_rules, None)
    assert given == {"de-nghi": new_rules, "tai-chinh": draft.version}
    assert [paper.component.key for paper in papers.astray(after)] == ["tai-chinh"]


def test_a_case_that_is_gone_is_told(draft, new_rules):
    _done, after = carry(draft)
    notice = carrying.notice(after)
    assert (after.case.key, told(after)) == ("th2", {"Trường hợp": "Trường hợp th1"})
    assert (notice.is_case_gone, notice.rules_from, notice.form_from) == (True, ON, None)


def test_a_case_that_is_still_there_is_kept(make_dossier, new_rules):
    _done, after = carry(make_dossier(case="th2", created_at=BEFORE))
    assert (after.case.version, after.case.key, after.set_aside) == (new_rules, "th2", [])


# Filing -------------------------------------------------------------------------------------------
def test_nothing_is_filed_on_a_form_no_longer_in_force(draft, publish):
    publish()
    with pytest.raises(workflow.StepRefused, match="vừa thay đổi"):
        workflow.take(draft, "submit", by=draft.created_by, at=AT)
    draft.refresh_from_db()
    assert (draft.is_draft, draft.definition.number) == (True, 1)


def test_what_is_filed_is_pinned_to_a_form(draft):
    Dossier.objects.filter(pk=draft.pk).update(definition=None)
    filed = workflow.take(Dossier.objects.get(pk=draft.pk), "submit", by=draft.created_by, at=BEFORE)
    assert filed.definition.number == 1


def test_whoever_saves_a_page_opened_before_is_told(draft, publish):
    """A save that comes first is carried along; one that comes after meets a version that it has not seen."""
    section = shapes.of(draft.definition).section("applicant")
    data = {"enterprise": draft.enterprise_id, "case": draft.case_id, "contact_name": "Lê Thị Mới"}
    data |= {"contact_email": "moi@thep.example", "contact_phone": "0208 111 222", "plot": draft.plot_id}
    drafts.keep(draft, section, data, hand=drafts.Hand(seen=0), by=draft.created_by, at=AT)
    publish()
    _done, after = carry(draft)
    assert (after.contact_name, after.version_no) == ("Lê Thị Mới", 2)


def test_text_for_a_question_that_is_gone_is_rescued(draft, publish):
    publish()
    _done, after = carry(draft)
    data = {"project_name_en": "Gõ trên trang cũ", "objective": "Mới"}
    assert carrying.rescue(after, data) is True
    assert carrying.rescue(after, data) is False
    assert "Gõ trên trang cũ" in [entry["value"]["vi"] for entry in after.set_aside]


# Told ---------------------------------------------------------------------------------------------
def test_one_letter_tells_of_the_new_form(draft, publish, mailoutbox):
    publish()
    carry(draft)
    carry(draft)
    outbox.drain()
    assert [mail.to for mail in mailoutbox] == [[draft.contact_email]]
    assert NOTE["vi"] in mailoutbox[0].body
    assert Notice.objects.get().kind == "new-form"


@pytest.mark.parametrize("page", ["dossier_review", "dossier_papers"])
def test_every_page_of_filing_tells_what_changed(client, draft, publish, time_machine, page):
    publish()
    time_machine.move_to(AT)
    client.force_login(draft.created_by)
    html = client.get(reverse(f"onestop:{page}", args=[draft.pk])).content.decode()
    assert "Biểu mẫu đã thay đổi từ khi bạn lập bản nháp" in html
    assert (NOTE["vi"] in html, "Mechanical parts plant" in html) == (True, True)


def test_a_draft_on_the_form_in_force_is_told_nothing(draft):
    assert carrying.notice(draft) is None


def test_a_filed_dossier_is_told_nothing(draft, publish):
    publish()
    _done, after = carry(draft)
    Dossier.objects.filter(pk=after.pk).update(status="submitted", submitted_at=AT, reference="BN-1")
    assert carrying.notice(Dossier.objects.get(pk=after.pk)) is None


# On the pages -------------------------------------------------------------------------------------
@pytest.fixture
def applicant(client, draft, time_machine):
    time_machine.move_to(AT, tick=False)
    client.force_login(draft.created_by)
    return client


def at_section(draft, key):
    return reverse("onestop:dossier_edit", args=[draft.pk, key])


def test_opening_a_page_carries_the_draft(applicant, draft, publish):
    second = publish()
    assert applicant.get(at_section(draft, "project")).status_code == 200
    draft.refresh_from_db()
    assert (draft.definition, draft.version_no) == (second, 1)


def test_what_a_page_of_the_old_form_sends_is_kept_and_carried_after(applicant, draft, publish):
    """Sent before anybody has opened the draft anew: it is kept on the form on which it was typed."""
    publish()
    page = at_section(draft, "project")
    section = shapes.of(draft.definition).section("project")
    typed = {**questions.typed(draft, section), "project_name_en": "Typed on the old page", "version_no": "0"}
    applicant.post(page, {key: value for key, value in typed.items() if value is not None})
    applicant.get(page)
    draft.refresh_from_db()
    assert "Typed on the old page" in [entry["value"]["en"] for entry in draft.set_aside]


def test_a_page_of_a_section_that_is_gone_loses_no_text(applicant, draft, publish):
    gone = shapes.of(draft.definition).sections[-1].key
    publish(lambda body: body["sections"].pop())
    carry(draft)
    key = shapes.of(draft.definition).section(gone).questions[0].key
    answer = applicant.post(at_section(draft, gone), {key: "1", "version_no": "0"})
    draft.refresh_from_db()
    assert answer.url == reverse("onestop:dossier_review", args=[draft.pk])
    assert len(draft.set_aside) >= 1
    assert applicant.get(at_section(draft, gone)).status_code == 404


@pytest.mark.parametrize("name", ["onestop:dossier_new", "onestop:dossier_begin"])
def test_a_first_page_of_an_earlier_form_loses_no_text(applicant, draft, publish, make_plot, name):
    """Opened under form 1, sent after form 2 had come: what only form 1 asked is set aside in the new draft."""
    page = applicant.get(reverse("onestop:dossier_new", args=[CODE])).context["form"]
    typed = {field.name: field.value() for field in page if field.value() not in (None, "")}
    second = publish(lambda body: without(body, "contact_phone"))
    sent = {**typed, "plot": make_plot("CN-09").pk, "contact_phone": "0208 385 1234", "form_no": "1"}
    applicant.post(reverse(name, args=[CODE]), sent)
    begun = Dossier.objects.exclude(pk=draft.pk).get()
    assert (begun.definition, begun.carried_from) == (second, draft.definition)
    assert list(told(begun).values()) == ["0208 385 1234"]


@pytest.mark.parametrize("number", ["", "1", "9", "-1", "x", "9" * 40])
def test_a_first_page_of_the_form_in_force_is_told_nothing(applicant, draft, make_plot, number):
    page = applicant.get(reverse("onestop:dossier_new", args=[CODE])).context["form"]
    typed = {field.name: field.value() for field in page if field.value() not in (None, "")}
    applicant.post(reverse("onestop:dossier_new", args=[CODE]), {**typed, "form_no": number})
    assert Dossier.objects.exclude(pk=draft.pk).get().carried_from is None


def test_a_draft_on_an_old_form_is_sent_back_to_the_review(applicant, draft, publish):
    second = publish()
    review = reverse("onestop:dossier_review", args=[draft.pk])
    answer = applicant.post(review, {"declare": "on", "version_no": "0"})
    draft.refresh_from_db()
    assert (answer.url, draft.is_draft, draft.definition) == (review, True, second)
    assert "Biểu mẫu vừa thay đổi nên hồ sơ chưa nộp" in applicant.get(review).content.decode()


def test_a_draft_asks_one_question_more_to_be_compared(applicant, draft, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert carrying.is_behind(draft, on=ON) is False


# Many at once -------------------------------------------------------------------------------------
def at_once(*deeds):
    """Run every deed in a thread of its own, all let go together; what each gave back, or raised."""
    gate, results = Barrier(len(deeds)), [None] * len(deeds)

    def run(place, deed):
        gate.wait()
        try:
            results[place] = deed()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=each) for each in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_a_draft_opened_four_times_at_once_is_carried_once(draft, publish):
    publish()
    results = at_once(*[lambda: carry(draft)[0]] * 4)
    draft.refresh_from_db()
    assert sorted(results) == [False, False, False, True]
    assert (draft.version_no, len(draft.set_aside), Notice.objects.count()) == (1, 4, 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("run", range(3))
def test_a_save_at_the_moment_of_carrying_is_not_lost(draft, publish, run):
    section = shapes.of(draft.definition).section("applicant")
    data = {"case": draft.case_id, "plot": draft.plot_id, "contact_name": "Lê Thị Mới"}
    data |= {"contact_email": "moi@thep.example", "contact_phone": "0208 111 222"}
    publish()

    def save():
        row = Dossier.objects.get(pk=draft.pk)
        return drafts.keep(row, section, data, hand=drafts.Hand(seen=0), by=draft.created_by, at=AT).errors

    saved, carried = at_once(save, lambda: carry(draft)[0])
    draft.refresh_from_db()
    if isinstance(saved, drafts.DraftChanged):  # told, with the text still on the page
        saved, draft.contact_name, draft.version_no = {}, saved.form.cleaned_data["contact_name"], 2
    assert (saved, carried) == ({}, True)
    assert (draft.contact_name, draft.definition.number, draft.version_no) == ("Lê Thị Mới", 2, 2)


@pytest.mark.django_db(transaction=True)
def test_two_who_publish_at_once_publish_one(procedure, staff):
    editor = staff("administrator")
    making = definitions.begin(procedure, by=editor, at=AT)
    body = copy.deepcopy(making.body)
    without(body, "scale")
    definitions.keep(making, body, seen=0, at=AT)

    def press():
        row = definitions.Definition.objects.get(pk=making.pk)
        return definitions.publish(row, valid_from=ON, note=NOTE, seen=1, by=editor, at=AT).number

    results = at_once(press, press)
    assert sorted(map(str, results))[0] == "2"
    assert sum(isinstance(result, definitions.DefinitionRefused) for result in results) == 1


@pytest.mark.django_db(transaction=True)
def test_of_four_editors_at_once_one_saves_and_the_others_are_told(procedure, staff):
    making = definitions.begin(procedure, by=staff("administrator"), at=AT)

    def press(number):
        row = definitions.Definition.objects.get(pk=making.pk)
        note = {"vi": f"Của người {number}", "en": f"By {number}"}
        return definitions.keep(row, {**row.body, "note": note}, seen=0, at=AT).body["note"]

    results = at_once(*[lambda number=number: press(number) for number in range(4)])
    making.refresh_from_db()
    assert sum(isinstance(result, definitions.DefinitionChanged) for result in results) == 3
    assert (making.body["note"] in results, making.version_no) == (True, 1)


def test_an_administrator_publishes_and_every_dossier_stands_as_the_law_says(
    client, make_dossier, staff, time_machine
):
    """Through the pages of the staff, then through the pages of the applicant."""
    time_machine.move_to(AT, tick=False)
    draft, received = make_dossier(created_at=BEFORE), factories.advance(make_dossier(created_at=BEFORE), "received")
    decided = factories.advance(make_dossier(created_at=BEFORE), "delivered")
    as_they_were = [in_words(row) for row in (received, decided)]
    client.force_login(staff("administrator"))
    client.post(reverse("admin:onestop_definition_begin", args=[draft.procedure_id]))
    making = draft.procedure.definitions.get(number=2)
    client.post(reverse("admin:onestop_definition_remove", args=[making.pk, "project/scale"]), {"version_no": 0})
    said = {"version_no": 1, "valid_from": "01/04/2026", "note_vi": "Không hỏi quy mô.", "note_en": "No scale."}
    client.post(reverse("admin:onestop_definition_publish", args=[making.pk]), said)
    client.force_login(draft.created_by)
    html = client.get(reverse("onestop:dossier_review", args=[draft.pk])).content.decode()
    assert ("Không hỏi quy mô." in html, "2.000 tấn sản phẩm mỗi năm" in html) == (True, True)
    assert [in_words(row) for row in (received, decided)] == as_they_were
    pinned = Dossier.objects.order_by("definition__number").values_list("definition__number", flat=True)
    assert list(pinned) == [1, 1, 2]


# What a question of another kind takes ------------------------------------------------------------
LABEL = {"vi": "Thử", "en": "Test"}
CHOICES = [{"value": value, "label": {"vi": value, "en": value}} for value in ("mot", "hai", "ba")]
FITS = [
    ({"type": "text"}, {"type": "textarea"}, "Một dòng", "Một dòng"),
    ({"type": "text"}, {"type": "text", "most": 3}, "Dài hơn thế", "Dài hơn thế"),
    ({"type": "text"}, {"type": "integer"}, "12", 12),
    ({"type": "text"}, {"type": "integer"}, "mười hai", None),
    ({"type": "text"}, {"type": "date"}, "31/12/2027", "2027-12-31"),
    ({"type": "text"}, {"type": "email"}, "khong-phai-thu", None),
    ({"type": "integer"}, {"type": "text"}, 12, "12"),
    ({"type": "integer"}, {"type": "decimal"}, 12, "12"),
    ({"type": "decimal"}, {"type": "integer"}, "12.5", None),
    ({"type": "date"}, {"type": "text"}, "2027-12-31", "31/12/2027"),
    ({"type": "decimal", "unit": "ha"}, {"type": "decimal", "unit": "km²"}, "3", None),
    ({"type": "money_usd"}, {"type": "money_vnd"}, "3", None),
    ({"type": "choice", "choices": CHOICES}, {"type": "choice", "choices": CHOICES[:2]}, "hai", "hai"),
    ({"type": "choice", "choices": CHOICES}, {"type": "choice", "choices": CHOICES[:2]}, "ba", None),
    ({"type": "choice", "choices": CHOICES}, {"type": "text"}, "ba", "ba"),
    ({"type": "yes_no"}, {"type": "text"}, True, None),
    ({"type": "text"}, {"type": "table", "columns": [], "row_name": LABEL}, "một", None),
]


@pytest.mark.parametrize(("before", "after", "kept", "moved"), FITS)
def test_an_answer_goes_where_it_reads_as_before(draft, publish, before, after, kept, moved):
    put = {"key": "test", "label": LABEL}
    publish(lambda body: body["sections"][1]["questions"].append({**put, **before}), on=date(2026, 3, 20))
    carry(draft, on=date(2026, 3, 20))
    row = Dossier.objects.get(pk=draft.pk)
    Dossier.objects.filter(pk=draft.pk).update(answers={**row.answers, "test": kept})
    publish(lambda body: question_in(body, "test").update({"choices": [], "unit": "", **after}))
    _done, row = carry(draft)
    assert (row.answers.get("test"), "Thử" in told(row)) == (moved, moved is None)
