"""What keeps a form from being published: each fault told once, at its place, in words."""

import copy

import pytest
from django.utils import translation

from izportal.management import form_files
from onestop import shapes
from onestop.definitions import checks
from onestop.models import Procedure, ProcedureCase
from tests import factories

CODE = "1.009664"


def find(body, *place):
    section = next(section for section in body["sections"] if section["key"] == place[0])
    if len(place) == 1:
        return section
    return next(question for question in section["questions"] if question["key"] == place[1])


def body_with(change, code=CODE):
    body = copy.deepcopy(form_files.compose(code))
    change(body)
    return body


def told(change, code=CODE, **more):
    return [str(fault) for fault in checks.check(body_with(change, code), **more)]


def put(section, **words):
    """A change that adds a question with these words to a section."""
    label = {"vi": "Thử", "en": "Test"}
    question = {"key": "test", "type": "text", "label": label, **words}
    return lambda body: find(body, section)["questions"].append(question)


@pytest.mark.parametrize("code", form_files.codes())
def test_the_forms_that_come_with_the_portal_are_sound(code):
    body = form_files.compose(code)
    assert checks.check(body, base=shapes.read(body)) == []


def test_the_forms_with_an_effect_ask_what_the_grant_reads(catalogue):
    adjust = catalogue["1.009647"].versions.get()
    ProcedureCase.objects.create(version=adjust, key="judgment", label_vi="Theo bản án", value=3, unit="working_day")
    assert [checks.check(form_files.compose(row.code), procedure=row) for row in catalogue.values()] == [[], []]


# The form -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "body",
    [
        {}, {"sections": None}, {"sections": [None]}, {"sections": [{"key": "a"}]},
        {"sections": [{"key": "a", "title": {}, "step": {}, "questions": [{"colour": "red"}]}]},
    ],
)  # fmt: skip
def test_a_body_of_another_shape_is_told_and_breaks_nothing(body):
    (fault,) = checks.check(body)
    assert str(fault).startswith("Không đọc được nội dung biểu mẫu")


def test_a_form_without_sections_is_no_form():
    assert [str(fault) for fault in checks.check({"sections": []})] == ["Biểu mẫu chưa có phần nào."]


@pytest.mark.parametrize("key", checks.ALWAYS_ASKED)
def test_every_form_asks_who_files(key):
    def change(body):
        first = body["sections"][0]
        first["questions"] = [question for question in first["questions"] if question["key"] != key]

    assert f"Phần đầu phải có câu hỏi “{key}”; hồ sơ không lập được nếu thiếu." in told(change)


@pytest.mark.parametrize("key", ["project_name", "sector", "capital_usd", "rate_on"])
def test_what_a_grant_enters_in_the_register_stays_asked(catalogue, key):
    def change(body):
        for section in body["sections"]:
            section["questions"] = [question for question in section["questions"] if question["key"] != key]

    sentence = f"Thiếu câu hỏi “{key}”: khi cấp, câu trả lời được ghi vào sổ dự án."
    assert sentence in told(change, procedure=catalogue[CODE])


def test_what_a_grant_reads_keeps_its_type(catalogue):
    faults = told(lambda body: find(body, "project", "sector").update(type="text"), procedure=catalogue[CODE])
    assert any("phải thuộc loại “vsic”" in fault for fault in faults)


def test_a_grant_knows_no_other_origin(catalogue):
    more = {"value": "moon", "label": {"vi": "Mặt trăng", "en": "Moon"}}
    faults = told(lambda body: find(body, "project", "origin")["choices"].append(more), procedure=catalogue[CODE])
    assert any("Sổ dự án không có giá trị này" in fault for fault in faults)


# Sections -----------------------------------------------------------------------------------------
def test_a_section_without_questions_is_told_with_its_name():
    faults = told(lambda body: find(body, "schedule").update(questions=[], checks=[]))
    assert faults == [
        f"Phần “{find(form_files.compose(CODE), 'schedule')['title']['vi']}”: Phần này chưa có câu hỏi nào."
    ]


@pytest.mark.parametrize("key", ["papers", "review", "Vốn", "a b", "", "a/b"])
def test_a_section_has_a_key_of_its_own(key):
    assert any(f"Khóa “{key}” không dùng được." in fault for fault in told(lambda b: b["sections"][2].update(key=key)))


def test_two_sections_have_two_keys():
    faults = told(lambda body: body["sections"][2].update(key=body["sections"][1]["key"]))
    assert any("đã dùng cho phần khác" in fault for fault in faults)


@pytest.mark.parametrize("name", ["title", "step", "hint"])
@pytest.mark.parametrize(("language", "word"), [("vi", "tiếng Việt"), ("en", "tiếng Anh")])
def test_a_section_speaks_both_languages(name, language, word):
    text = {"vi": "Một", "en": "One", language: " "}
    faults = told(lambda body: body["sections"][2].update({name: text}))
    assert [fault for fault in faults if fault.endswith(f"bằng {word}.")] != []


@pytest.mark.parametrize("name", ["nobody_wrote_this", "in_order", "in_order:", "window:a,b"])
def test_a_check_that_nobody_wrote_is_told(name):
    faults = told(lambda body: find(body, "schedule").update(checks=[name]))
    assert any("phép kiểm tra" in fault.lower() for fault in faults)


def test_a_check_keeps_the_questions_that_it_names():
    faults = told(lambda body: find(body, "schedule").update(checks=["in_order:lease_on,operating_on"]))
    assert any("không còn trong mẫu: lease_on" in fault for fault in faults)


def test_a_check_keeps_the_questions_that_its_code_compares():
    def change(body):
        section = find(body, "capital")
        section["questions"] = [question for question in section["questions"] if question["key"] != "rate_on"]

    base = shapes.read(form_files.compose(CODE))
    assert any("không còn trong mẫu: rate_on" in fault for fault in told(change, base=base))


# Questions ----------------------------------------------------------------------------------------
FAULTY = [
    ({"type": "colour"}, "Không có loại câu hỏi “colour”."),
    ({"key": "papers_not_due"}, "Khóa “papers_not_due” không dùng được."),
    ({"key": "Tên"}, "Khóa “Tên” không dùng được."),
    ({"key": "objective"}, "Khóa “objective” đã dùng cho câu khác."),
    ({"key": "project", "type": "text"}, "Câu có khóa này phải thuộc loại “project”."),
    ({"type": "plot"}, "Loại “plot” chỉ dùng với khóa cùng tên."),
    ({"label": {"vi": "Thử"}}, "Thiếu câu hỏi bằng tiếng Anh."),
    ({"label": {"en": "Test"}}, "Thiếu câu hỏi bằng tiếng Việt."),
    ({"hint": {"vi": "Thử"}}, "Thiếu hướng dẫn bằng tiếng Anh."),
    ({"unit": {"en": "pieces"}}, "Thiếu đơn vị bằng tiếng Việt."),
    ({"type": "choice"}, "Cần ít nhất hai lựa chọn."),
    ({"choices": [{"value": "a", "label": {"vi": "A", "en": "A"}}]}, "Loại câu hỏi này không có lựa chọn."),
    ({"type": "table"}, "Nhóm lặp lại phải có cột; loại câu hỏi khác thì không."),
    ({"type": "integer", "least": 5, "most": 4}, "Giới hạn dưới lớn hơn giới hạn trên."),
    ({"type": "integer", "least": "NaN"}, "Giới hạn phải là số."),
    ({"type": "decimal", "places": 9}, "Số chữ số thập phân từ 0 đến 6."),
    ({"prefill": "user.password"}, "Không điền sẵn được từ “user.password”."),
    ({"now": "dossier.created_by.email"}, "Không điền sẵn được từ “dossier.created_by.email”."),
    ({"when": {"nothing": ["a"]}}, "Điều kiện nêu câu “nothing”, câu này không có hoặc đứng sau."),
    ({"required": {"equity_share": ["a"]}}, "Điều kiện nêu câu “equity_share”, câu này không có hoặc đứng sau."),
    ({"when": {"kind": ["moon"]}}, "Điều kiện theo câu “kind” nêu giá trị không có trong lựa chọn: moon."),
    ({"when": {"kind": []}}, "Điều kiện theo câu “kind” nêu giá trị không có trong lựa chọn: —."),
    ({"when": {"objective": ["a"]}}, "Điều kiện theo câu “objective” nêu giá trị không có trong lựa chọn: a."),
]


@pytest.mark.parametrize(("words", "sentence"), FAULTY)
def test_a_faulty_question_is_told(words, sentence):
    assert sentence in [fault.rpartition("”: ")[2] for fault in told(put("project", **words))]


def test_a_fault_leads_to_its_place():
    (fault,) = checks.check(body_with(put("project", type="colour")))
    assert (fault.place, fault.name) == (("project", "test"), "Câu “Thử”")


def test_a_fault_is_told_in_the_readers_language():
    with translation.override("en"):
        (fault,) = checks.check(body_with(put("project", type="colour")))
    assert "Test" in fault.name


ONE, TWO = ({"value": value, "label": {"vi": value, "en": value}} for value in ("mot", "hai"))


@pytest.mark.parametrize("choices", [[ONE, ONE], [ONE, {**TWO, "value": "Hai"}], [ONE, {**TWO, "value": ""}]])
def test_choices_have_values_of_their_own(choices):
    faults = told(put("project", type="choice", choices=choices))
    assert any("Giá trị của lựa chọn phải khác nhau" in fault for fault in faults)


def test_choices_speak_both_languages():
    faults = told(put("project", type="choice", choices=[ONE, {"value": "hai", "label": {"vi": "Hai"}}]))
    assert faults == ["Câu “Thử”: Thiếu lời của lựa chọn bằng tiếng Anh."]


COLUMN = {"key": "name", "type": "text", "label": {"vi": "Tên", "en": "Name"}}
TABLE = {"type": "table", "row_name": {"vi": "Dòng", "en": "Row"}}
FAULTY_COLUMNS = [
    ([COLUMN, COLUMN], "đã dùng cho cột khác"),
    ([{**COLUMN, "type": "table"}], "không đặt được trong nhóm lặp lại"),
    ([{**COLUMN, "type": "project"}], "không đặt được trong nhóm lặp lại"),
    ([{**COLUMN, "when": {"kind": ["production"]}}], "Cột không có điều kiện riêng"),
    ([{**COLUMN, "prefill": "user.email"}], "Cột không điền sẵn được"),
    ([{**COLUMN, "label": {"vi": "Tên"}}], "cột “Tên”: Thiếu câu hỏi bằng tiếng Anh"),
]


@pytest.mark.parametrize(("columns", "sentence"), FAULTY_COLUMNS)
def test_a_faulty_column_is_told_with_its_name(columns, sentence):
    faults = told(put("project", **TABLE, columns=columns))
    assert [fault for fault in faults if sentence in fault] != []


@pytest.mark.parametrize("bounds", [{"least": 5, "most": 4}, {"most": 201}, {"least": -1}])
def test_a_group_has_a_number_of_rows(bounds):
    assert told(put("project", **TABLE, columns=[COLUMN], **bounds)) != []


def test_cases_named_by_a_condition_are_those_of_the_procedure(catalogue):
    procedure = Procedure.objects.get(code=CODE)
    good = told(put("project", when={"case": ["th2"]}), procedure=procedure)
    bad = told(put("project", when={"case": ["moon"]}), procedure=procedure)
    assert (good, len(bad)) == ([], 1)


def test_a_procedure_without_effect_asks_what_it_likes(db):
    procedure = factories.make_procedure("9.999999", "Thử")
    assert checks.check(form_files.compose("2.000063"), procedure=procedure) == []
