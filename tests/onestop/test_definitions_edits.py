"""Pieces of a form found, put, added, taken out and moved; two forms compared in words; conditions told to people."""

import copy

import pytest
from django.utils import translation

from onestop.definitions import conditions, edits
from onestop.models import Definition


def text(vi, en=None):
    return {"vi": vi, "en": en or vi}


def question(key, **words):
    return {"key": key, "type": "text", "label": text(key.title()), **words}


BODY = {
    "note": text("Ghi chú"),
    "sections": [
        {"key": "a", "title": text("Một", "One"), "step": text("Bước"), "questions": [question("x"), question("y")]},
        {
            "key": "b", "title": text("Hai", "Two"), "step": text("Bước"),
            "questions": [question("t", type="table", columns=[question("c"), question("d")], row_name=text("Dòng"))],
        },
    ],
}  # fmt: skip


def keys(body, *place):
    whole = edits.find(body, place) if place else body
    return [part["key"] for part in whole[edits.PARTS[len(place)]]]


# Pieces -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("place", "key"), [(("a",), "a"), (("a", "y"), "y"), (("b", "t", "d"), "d"), ((), None)])
def test_a_piece_is_found_by_its_place(place, key):
    assert edits.find(BODY, place).get("key") == key


@pytest.mark.parametrize("place", [("z",), ("a", "t"), ("a", "x", "c"), ("b", "t", "c", "e"), ("",)])
def test_a_place_that_holds_nothing_finds_nothing(place):
    assert edits.find(BODY, place) is None


def test_no_change_touches_the_body_it_starts_from():
    before = copy.deepcopy(BODY)
    edits.put(BODY, ("a", "x"), question("x", type="date"))
    edits.add(BODY, ("a",), question("n"))
    edits.remove(BODY, ("b",))
    edits.move(BODY, ("b", "t", "c"), 1)
    assert before == BODY


def test_a_piece_takes_the_place_of_another():
    changed = edits.put(BODY, ("b", "t", "c"), question("c", type="date"))
    assert edits.find(changed, ("b", "t", "c"))["type"] == "date"


@pytest.mark.parametrize(
    ("within", "after"), [((), ["a", "b", "n"]), (("a",), ["x", "y", "n"]), (("b", "t"), ["c", "d", "n"])]
)
def test_a_piece_is_added_last(within, after):
    assert keys(edits.add(BODY, within, question("n")), *within) == after


def test_a_first_column_makes_the_list_of_columns():
    assert keys(edits.add(BODY, ("a", "x"), question("n")), "a", "x") == ["n"]


@pytest.mark.parametrize(("place", "left"), [(("a",), ["b"]), (("a", "x"), ["y"]), (("b", "t", "d"), ["c"])])
def test_a_piece_is_taken_out(place, left):
    assert keys(edits.remove(BODY, place), *place[:-1]) == left


@pytest.mark.parametrize(("key", "by", "order"), [("y", -1, "yx"), ("x", 1, "yx"), ("x", -1, "xy"), ("y", 1, "xy")])
def test_a_piece_moves_as_far_as_it_can(key, by, order):
    assert "".join(keys(edits.move(BODY, ("a", key), by), "a")) == order


@pytest.mark.parametrize("deed", [edits.remove, lambda body, place: edits.move(body, place, 1)])
def test_nothing_is_done_to_a_piece_that_is_not_there(deed):
    with pytest.raises(LookupError):
        deed(BODY, ("a", "z"))


# Compared -----------------------------------------------------------------------------------------
def compared(new):
    return [(row.kind.value, row.name, row.details) for row in edits.differences(BODY, new)]


def test_a_form_does_not_differ_from_itself():
    assert compared(copy.deepcopy(BODY)) == []


def changed_question(**words):
    return edits.put(BODY, ("a", "x"), {**edits.find(BODY, ("a", "x")), **words})


ONE, TWO = {"value": "mot", "label": text("Một", "One")}, {"value": "hai", "label": text("Hai", "Two")}
ASPECTS = [
    ({"label": text("Mới", "New")}, ("Câu hỏi", "X / X", "Mới / New")),
    ({"type": "date"}, ("Loại", "text", "date")),
    ({"required": True}, ("Bắt buộc", "", "Có")),
    ({"required": {"y": ["a", "b"]}}, ("Bắt buộc", "", "y = a, b")),
    ({"when": {"y": ["a"], "case": ["c"]}}, ("Chỉ hỏi khi", "", "y = a; case = c")),
    ({"choices": [ONE, TWO]}, ("Lựa chọn", "", "mot: Một / One\nhai: Hai / Two")),
    ({"unit": "m"}, ("Đơn vị", "", "m")),
    ({"least": 3}, ("Ít nhất", "", "3")),
]


@pytest.mark.parametrize(("words", "detail"), ASPECTS)
def test_a_changed_question_tells_what_was_and_what_is(words, detail):
    assert compared(changed_question(**words)) == [
        ("changed", f"Phần “Một”: {words.get('label', text('X'))['vi']}", [detail])
    ]


def test_a_question_left_as_unsaid_is_not_changed():
    assert compared(changed_question(required=False, hint={}, when={})) == []


def test_added_removed_and_moved_are_told_apart():
    new = edits.remove(edits.add(edits.move(BODY, ("b",), -1), ("a",), question("n")), ("a", "y"))
    assert [(kind, name) for kind, name, _details in compared(new)] == [
        ("moved", "Thứ tự các phần"),
        ("added", "Phần “Một”: N"),
        ("removed", "Phần “Một”: Y"),
    ]


def test_a_question_that_changed_its_section_says_from_where():
    new = edits.add(edits.remove(BODY, ("a", "y")), ("b",), question("y"))
    assert compared(new) == [("changed", "Phần “Hai”: Y", [("Phần", "Một", "Hai")])]


def test_columns_are_compared_one_by_one():
    new = edits.add(edits.remove(BODY, ("b", "t", "d")), ("b", "t"), question("n"))
    new = edits.put(new, ("b", "t", "c"), question("c", type="date"))
    ((_kind, _name, details),) = compared(new)
    assert details == [("Cột “C”: Loại", "text", "date"), ("Cột “N”", "", "thêm"), ("Cột “D”", "", "bỏ")]


def test_sections_and_the_note_are_compared():
    new = {**edits.put(BODY, ("a",), {**BODY["sections"][0], "title": text("Khác", "Other")}), "note": text("Mới")}
    assert [(kind, name) for kind, name, _details in compared(new)] == [
        ("changed", "Biểu mẫu"),
        ("changed", "Phần “Khác”"),
    ]


def test_differences_are_told_in_the_readers_language():
    with translation.override("en"):
        (row,) = edits.differences(BODY, edits.remove(BODY, ("a", "y")))
    assert "One" in row.name


# Conditions ---------------------------------------------------------------------------------------
@pytest.fixture
def definition(catalogue):
    body = edits.put(BODY, ("a", "x"), question("x", type="yes_no"))
    body = edits.put(body, ("a", "y"), question("y", type="choice", choices=[ONE, TWO]))
    return Definition(procedure=catalogue["1.009664"], body=body)


def test_only_questions_with_given_answers_are_named(definition):
    assert [(named.key, named.answers) for named in conditions.asked(definition)] == [
        ("x", {"yes": "Có", "no": "Không"}),
        ("y", {"mot": "Một", "hai": "Hai"}),
    ]


@pytest.mark.parametrize(("before", "named"), [(("a", "x"), []), (("a", "y"), ["x"]), (("a", ""), ["x", "y"])])
def test_only_questions_asked_before_are_named(definition, before, named):
    assert [row.key for row in conditions.asked(definition, before=before)] == named


TOLD = [
    ({"y": ["mot", "hai"]}, "Y: Một hoặc Hai"),
    ({"x": ["no"], "case": ["th1"]}, "X: Không; Trường hợp: Trường hợp th1"),
    ({"channel": ["counter"]}, "Cách nộp: Tại quầy"),
    ({"gone": ["a"]}, "gone: a"),
]


@pytest.mark.parametrize(("condition", "words"), TOLD)
def test_a_condition_reads_as_questions_and_answers(definition, condition, words):
    assert conditions.told(condition, conditions.known(definition)) == words
