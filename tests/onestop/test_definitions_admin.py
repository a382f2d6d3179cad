"""The pages on which the staff write a form: who may, what a press does, and that the second of two is told."""

import re
from datetime import date

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from onestop import definitions
from onestop.definitions import edits
from onestop.models import Definition
from tests import factories
from tests.factories import at

AT, CODE = at("2026-03-03 09:15"), "1.009664"


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(AT, tick=False)


@pytest.fixture
def editor(client, staff):
    user = staff("administrator")
    client.force_login(user)
    return user


@pytest.fixture
def procedure(catalogue):
    return catalogue[CODE]


@pytest.fixture
def making(procedure, editor):
    return definitions.begin(procedure, by=editor, at=AT)


def at_page(name, *args):
    return reverse(f"admin:onestop_definition_{name}", args=args)


def fields_of(response):
    """What a browser would send from the page's form, untouched."""
    form, data = response.context["form"], {}
    for name, field in form.fields.items():
        value = form.get_initial_for_field(field, name)
        if value is not None and value is not False:
            data[name] = value
    return data


def press(client, address, **changed):
    return client.post(address, {**fields_of(client.get(address)), **changed})


def again(making):
    return Definition.objects.get(pk=making.pk)


# Who ----------------------------------------------------------------------------------------------
PAGES = ("preview", "differences", "note", "add_section", "copy", "publish", "discard")
MAY_READ = ("reception", "specialist", "clerk", "land", "editor", "auditor")


@pytest.mark.parametrize("role", MAY_READ)
def test_whoever_reads_the_catalogue_reads_forms_and_changes_none(client, staff, making, role):
    client.force_login(staff(role))
    statuses = {page: client.get(at_page(page, making.pk)).status_code for page in PAGES}
    reads = {"preview": 200, "differences": 200}
    assert statuses == {page: reads.get(page, 403) for page in PAGES}
    assert client.get(at_page("change", making.pk)).status_code == 200


@pytest.mark.parametrize(("role", "edits_it", "publishes"), [("head", 200, 403), ("leader", 403, 200)])
def test_the_head_writes_and_the_leader_publishes(client, staff, making, role, edits_it, publishes):
    client.force_login(staff(role))
    pages = (at_page("edit", making.pk, "project/objective"), at_page("publish", making.pk))
    assert [client.get(page).status_code for page in pages] == [edits_it, publishes]


def test_the_operator_of_a_park_sees_no_form(client, staff, making):
    client.force_login(staff("operator"))
    assert client.get(at_page("change", making.pk)).status_code in (302, 403)
    assert client.get(at_page("preview", making.pk)).status_code == 403


STRAY = ("edit/none/", "edit/project/none/", "edit/a/b/c/d/", "remove/none/", "add/project/objective/", "share/x/")


@pytest.mark.parametrize("page", STRAY)
def test_a_piece_that_is_not_there_is_not_found(client, making, page):
    assert client.get(f"{at_page('change', making.pk).removesuffix('change/')}{page}").status_code == 404


@pytest.mark.parametrize("page", ["note", "add_section", "copy", "discard"])
def test_a_published_version_is_led_back_to_its_page(client, procedure, editor, page):
    first = procedure.definitions.get()
    assert client.get(at_page(page, first.pk)).url == at_page("change", first.pk)


# The list -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_versions_asks_as_much_for_three_as_for_one(client, editor, count, django_assert_num_queries):
    for number in range(count):
        factories.make_definition(factories.make_procedure(f"9.00000{number}", "Thử"), body={"sections": []})
    with django_assert_num_queries(6):
        html = client.get(at_page("changelist")).content.decode()
    assert html.count("Đang áp dụng</td>") == count


@pytest.mark.parametrize(("state", "numbers"), [("making", [3]), ("coming", [2]), ("in_force", [1]), ("replaced", [])])
def test_versions_are_found_by_their_state(client, procedure, editor, state, numbers):
    factories.make_definition(procedure, body={"sections": []}, on=date(2026, 4, 1))
    definitions.begin(procedure, by=editor, at=AT)
    rows = client.get(at_page("changelist"), {"state": state}).context["cl"].result_list
    assert [row.number for row in rows if row.procedure == procedure] == numbers


def test_the_list_counts_dossiers(client, make_dossier, procedure, editor):
    make_dossier()
    factories.advance(make_dossier(), "received")
    row = client.get(at_page("changelist")).context["cl"].result_list.get(procedure=procedure)
    assert (row.draft_count, row.filed_count) == (1, 1)


# Making -------------------------------------------------------------------------------------------
def test_a_new_version_begins_as_a_copy(client, procedure, editor):
    response = client.post(at_page("begin", procedure.pk))
    made = procedure.definitions.get(number=2)
    assert (response.url, made.body) == (at_page("change", made.pk), procedure.definitions.get(number=1).body)


def test_a_second_version_in_the_making_is_refused(client, procedure, making):
    response = client.post(at_page("begin", procedure.pk))
    assert "đã có một phiên bản đang soạn" in response.content.decode()


def test_a_question_is_changed_on_its_own_page(client, making):
    response = press(client, at_page("edit", making.pk, "project/objective"), hint_vi="Ghi ngắn", hint_en="Be brief")
    piece = edits.find(again(making).body, ("project", "objective"))
    assert (piece["hint"], response.url) == (
        {"vi": "Ghi ngắn", "en": "Be brief"},
        f"{at_page('change', making.pk)}#project/objective",
    )
    assert LogEntry.objects.latest("pk").change_message.startswith("Đã lưu: ")


def test_a_question_is_added_at_the_end_of_its_section(client, making):
    typed = {"label_vi": "Số thang máy", "label_en": "Lifts", "type": "integer", "required": "yes"}
    press(client, at_page("add_piece", making.pk, "project"), **typed)
    last = edits.find(again(making).body, ("project",))["questions"][-1]
    assert last == {
        "key": "lifts", "type": "integer", "label": {"vi": "Số thang máy", "en": "Lifts"}, "required": True,
    }  # fmt: skip


def test_what_is_refused_stays_on_the_page(client, making):
    response = press(client, at_page("edit", making.pk, "project/objective"), label_en="", label_vi="Gõ dở")
    assert (response.status_code, "Gõ dở" in response.content.decode()) == (200, True)
    assert again(making).version_no == 0


def test_the_second_of_two_editors_is_told_and_may_save_after(client, making):
    address = at_page("edit", making.pk, "project/objective")
    early = {**fields_of(client.get(address)), "label_vi": "Của người thứ hai"}
    press(client, at_page("edit", making.pk, "project/scale"), label_vi="Của người thứ nhất")
    told = client.post(address, early)
    assert "người khác đã sửa phiên bản này lúc 09:15 03/03/2026" in told.content.decode()
    assert "Của người thứ hai" in told.content.decode()
    seen = re.search(r'name="version_no" value="(\d+)"', told.content.decode())[1]
    client.post(address, {**early, "version_no": seen})
    labels = [edits.find(again(making).body, ("project", key))["label"]["vi"] for key in ("objective", "scale")]
    assert labels == ["Của người thứ hai", "Của người thứ nhất"]


@pytest.mark.parametrize(("to", "order"), [("up", [1, 0, 2]), ("down", [0, 2, 1])])
def test_a_question_is_moved(client, making, to, order):
    before = [question["key"] for question in edits.find(making.body, ("project",))["questions"]]
    client.post(at_page("move", making.pk, f"project/{before[1]}"), {"to": to, "version_no": 0})
    after = [question["key"] for question in edits.find(again(making).body, ("project",))["questions"]]
    assert after[:3] == [before[place] for place in order]


def test_a_press_on_a_page_opened_before_moves_nothing(client, making):
    address = at_page("move", making.pk, "project/objective")
    client.post(address, {"to": "up", "version_no": 0})
    once = again(making).body
    client.post(address, {"to": "up", "version_no": 0})
    assert again(making).body == once


def test_moving_by_a_link_is_refused(client, making):
    assert client.get(at_page("move", making.pk, "project/objective")).status_code == 405


def test_a_question_is_taken_out_after_asking(client, making):
    address = at_page("remove", making.pk, "project/project_name_en")
    assert client.get(address).status_code == 200
    client.post(address, {"version_no": 0})
    assert edits.find(again(making).body, ("project", "project_name_en")) is None


def test_a_new_section_waits_for_its_questions(client, making):
    typed = {"title_vi": "Thang máy", "title_en": "Lifts", "step_vi": "Dự án", "step_en": "Project"}
    press(client, at_page("add_section", making.pk), **typed)
    faults = [str(fault) for fault in definitions.faults(again(making))]
    assert faults == ["Phần “Thang máy”: Phần này chưa có câu hỏi nào."]
    assert faults[0] in client.get(at_page("change", making.pk)).content.decode()


def test_a_section_is_copied_from_another_form(client, making):
    response = press(client, at_page("copy", making.pk), source="1.009647:progress")
    assert response.url == f"{at_page('change', making.pk)}#progress"
    assert "disbursed_until" in {q["key"] for q in edits.find(again(making).body, ("progress",))["questions"]}


def test_the_note_of_the_form_is_changed(client, making):
    press(client, at_page("note", making.pk), note_vi="Mới", note_en="New")
    assert again(making).body["note"] == {"vi": "Mới", "en": "New"}


def test_a_version_is_thrown_away_after_asking(client, making):
    client.get(at_page("discard", making.pk))
    response = client.post(at_page("discard", making.pk), {"version_no": 0})
    assert (response.url, Definition.objects.filter(pk=making.pk).count()) == (at_page("changelist"), 0)


def test_a_version_that_somebody_changed_is_not_thrown_away(client, making):
    definitions.keep(making, {**making.body, "note": {"vi": "a", "en": "b"}}, seen=0, at=AT)
    html = client.post(at_page("discard", making.pk), {"version_no": 0}).content.decode()
    assert "người khác đã sửa" in html
    assert (Definition.objects.filter(pk=making.pk).count(), LogEntry.objects.filter(action_flag=3).count()) == (1, 0)


# Looking and publishing ---------------------------------------------------------------------------
def test_the_preview_shows_both_languages_and_takes_nothing(client, making):
    html = client.get(at_page("preview", making.pk)).content.decode()
    label = edits.find(making.body, ("project", "objective"))["label"]
    assert [label["vi"] in html, label["en"] in html, html.count("inert")] == [True, True, 2]
    assert len(re.findall(r'name="objective"[^>]* disabled', html)) == html.count('name="objective"') == 2


def test_the_page_tells_what_differs_from_the_form_in_force(client, making):
    press(client, at_page("edit", making.pk, "project/objective"), label_vi="Mục tiêu mới")
    client.post(at_page("remove", making.pk, "project/scale"), {"version_no": 1})
    rows = client.get(at_page("differences", making.pk)).context["differences"]
    assert [(row.kind, bool(row.details)) for row in rows] == [("changed", True), ("removed", False)]


def test_a_version_is_published_with_a_date_and_a_note(client, making, make_dossier):
    make_dossier()
    press(client, at_page("edit", making.pk, "project/objective"), label_vi="Mục tiêu mới")
    page = client.get(at_page("publish", making.pk))
    assert "1 bản nháp đang theo mẫu cũ" in page.content.decode()
    typed = {"valid_from": "01/04/2026", "note_vi": "Đổi tên một câu.", "note_en": "One question renamed."}
    response = press(client, at_page("publish", making.pk), **typed)
    row = again(making)
    assert (response.url, row.valid_from, row.note_en) == (
        at_page("change", row.pk),
        date(2026, 4, 1),
        typed["note_en"],
    )


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"valid_from": "02/03/2026"}, "sớm nhất là 03/03/2026"),
        ({"note_en": ""}, "Trường này là bắt buộc"),
        ({"version_no": 7}, "người khác đã sửa"),
    ],
)
def test_publishing_is_refused_in_words(client, making, typed, sentence):
    press(client, at_page("edit", making.pk, "project/objective"), label_vi="Mục tiêu mới")
    said = {"valid_from": "01/04/2026", "note_vi": "Đổi", "note_en": "Changed", **typed}
    html = press(client, at_page("publish", making.pk), **said).content.decode()
    assert (sentence in html, again(making).is_published) == (True, False)


# Shared sections ----------------------------------------------------------------------------------
@pytest.fixture
def family(catalogue):
    """Three procedures whose forms hold the same section, and one in which it was changed."""
    codes = ("1.013236", "1.013238", "1.013239", "1.013234")
    return [factories.make_procedure(code, f"Thủ tục {code}") for code in codes]


def test_a_changed_section_is_given_to_those_that_share_it(client, editor, family):
    making = definitions.begin(family[0], by=editor, at=AT)
    press(client, at_page("edit", making.pk, "owner/owner_name"), label_vi="Tên chủ đầu tư (mới)")
    address = at_page("share", making.pk, "owner")
    rows = client.get(address).context["rows"]
    can = [row.procedure for row in rows if not row.obstacle]
    told = client.post(address, {"procedure": [procedure.pk for procedure in can]}).context["told"]
    assert told == [(procedure, "") for procedure in can]
    changed = [edits.find(p.definitions.get(number=2).body, ("owner", "owner_name"))["label"]["vi"] for p in can]
    assert changed == ["Tên chủ đầu tư (mới)"] * len(can)
    assert len(can) >= 1


def test_a_section_that_was_changed_elsewhere_is_left_alone(client, editor, family):
    other = definitions.begin(family[1], by=editor, at=AT)
    press(client, at_page("edit", other.pk, "owner/owner_name"), label_vi="Tên khác")
    making = definitions.begin(family[0], by=editor, at=AT)
    press(client, at_page("edit", making.pk, "owner/owner_name"), label_vi="Tên mới")
    rows = {row.procedure: row.obstacle for row in client.get(at_page("share", making.pk, "owner")).context["rows"]}
    assert rows[family[1]] == "phần này của thủ tục đó đã được sửa khác đi"
    client.post(at_page("share", making.pk, "owner"), {"procedure": [family[1].pk]})
    assert edits.find(again(other).body, ("owner", "owner_name"))["label"]["vi"] == "Tên khác"


def test_what_each_procedure_said_of_its_own_section_stays(client, editor, family):
    """Questions are shared; the title that one procedure gave the section is its own."""
    other = definitions.begin(family[1], by=editor, at=AT)
    press(client, at_page("edit", other.pk, "owner"), title_vi="Chủ đầu tư riêng", title_en="Own owner")
    making = definitions.begin(family[0], by=editor, at=AT)
    press(client, at_page("edit", making.pk, "owner/owner_name"), label_vi="Tên mới")
    client.post(at_page("share", making.pk, "owner"), {"procedure": [family[1].pk]})
    assert edits.find(again(other).body, ("owner",))["title"]["vi"] == "Chủ đầu tư riêng"
    assert edits.find(again(other).body, ("owner", "owner_name"))["label"]["vi"] == "Tên mới"


def test_a_share_that_would_leave_a_fault_is_refused_in_words(client, editor, family):
    other = definitions.begin(family[1], by=editor, at=AT)
    typed = {"label_vi": "Thử", "label_en": "Extra", "type": "text", "required": "no", "key": "extra"}
    press(client, at_page("add_piece", other.pk, "applicant"), **typed)
    making = definitions.begin(family[0], by=editor, at=AT)
    press(client, at_page("add_piece", making.pk, "owner"), **typed)
    told = client.post(at_page("share", making.pk, "owner"), {"procedure": [family[1].pk]}).context["told"]
    assert told == [(family[1], "Câu “Thử”: Khóa “extra” đã dùng cho câu khác.")]
    assert edits.find(again(other).body, ("owner", "extra")) is None


def test_a_section_of_its_own_is_shared_with_nobody(client, making):
    assert client.get(at_page("share", making.pk, "applicant")).status_code == 404


def test_columns_of_a_group_are_written_like_questions(client, editor, family):
    making = definitions.begin(family[0], by=editor, at=AT)
    place, table = next(
        ((section["key"], question["key"]), question)
        for section in making.body["sections"] for question in section["questions"] if question["type"] == "table"
    )  # fmt: skip
    typed = {"label_vi": "Ghi chú", "label_en": "Remark", "type": "text", "required": "no"}
    press(client, at_page("add_piece", making.pk, "/".join(place)), **typed)
    changed = edits.find(again(making).body, place)["columns"]
    assert (len(changed), changed[-1]["key"]) == (len(table["columns"]) + 1, "remark")
    assert definitions.faults(again(making)) == []


def test_a_group_that_becomes_a_text_lets_its_columns_go(client, editor, family):
    making = definitions.begin(family[0], by=editor, at=AT)
    place = next(
        (section["key"], question["key"])
        for section in making.body["sections"] for question in section["questions"] if question["type"] == "table"
    )  # fmt: skip
    press(client, at_page("edit", making.pk, "/".join(place)), type="textarea", least="", most="")
    assert "columns" not in edits.find(again(making).body, place)


def test_the_page_of_a_procedure_lists_its_forms(client, editor, procedure, making):
    html = client.get(reverse("admin:onestop_procedure_change", args=[procedure.pk])).content.decode()
    assert [at_page("change", making.pk) in html, at_page("begin", procedure.pk) in html] == [True, True]


@pytest.mark.parametrize("code", ["1.009664", "1.013236", "1.014199", "2.000314"])
def test_every_kind_of_form_is_previewed(client, editor, catalogue, code):
    procedure = catalogue.get(code) or factories.make_procedure(code, "Thử")
    page = client.get(at_page("preview", procedure.definitions.get().pk))
    titles = [len(sections) for _language, _note, sections in page.context["columns"]]
    assert titles == [len(procedure.definitions.get().body["sections"])] * 2
