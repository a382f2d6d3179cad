"""Repeated groups and the entries of people: how rows are typed, refused, kept, shown and told."""

import pytest
from django.core.exceptions import ValidationError

from onestop import entries


def table(**options):
    columns = {
        "name": entries.TextEntry(label="Họ tên"),
        "born_on": entries.DateEntry(label="Ngày sinh", required=False),
        "sex": entries.ChoiceEntry(label="Giới tính", choices=[("m", "Nam"), ("f", "Nữ")], required=False),
    }
    given = {"least": 1, "most": 3, "row_name": "Người", **options}
    return entries.TableEntry(columns=columns, label="Danh sách", **given)


def typed(entry, data):
    return entry.widget.value_from_datadict(data, {}, "people")


def test_rows_left_empty_do_not_count():
    rows = typed(table(), {"people-0-name": "An", "people-1-name": "", "people-2-name": "Bình"})
    assert [row["name"] for row in rows] == ["An", "Bình"]


def test_kept_rows_come_back_as_typed_and_as_words():
    entry = table()
    kept = entry.keep(entry.clean([{"name": "An", "born_on": "05/02/1990", "sex": "f"}]))
    assert kept == [{"name": "An", "born_on": "1990-02-05", "sex": "f"}]
    assert entry.recall(kept) == [{"name": "An", "born_on": "05/02/1990", "sex": "f"}]
    assert entry.words(kept) == "1. Họ tên: An; Ngày sinh: 05/02/1990; Giới tính: Nữ"


def test_fault_names_row_and_column():
    with pytest.raises(ValidationError) as refused:
        table().clean([{"name": "An"}, {"name": "", "born_on": "31/02/1990"}])
    assert [message.partition(":")[0] for message in refused.value.messages] == [
        "Người 2, Họ tên",
        "Người 2, Ngày sinh",
    ]


def test_too_few_rows_are_refused():
    with pytest.raises(ValidationError, match="ít nhất 2 dòng"):
        table(least=2).clean([{"name": "An"}])
    with pytest.raises(ValidationError):
        table().clean([])


def test_two_spare_rows_stand_ready_up_to_the_most():
    html = table().widget.render("people", [{"name": "An"}], {"id": "f-people"})
    assert [f'name="people-{n}-name"' in html for n in range(4)] == [True, True, True, False]
    assert 'value="An"' in html and "Người 3" in html


def test_rows_beyond_the_most_are_not_read():
    assert len(typed(table(), {f"people-{n}-name": "x" for n in range(50)})) == 3


@pytest.mark.parametrize(("text", "kept"), [("c 1234567", "C1234567"), ("B12345678", "B12345678")])
def test_passport_is_kept_in_capitals(text, kept):
    assert entries.PassportEntry().clean(text) == kept


@pytest.mark.parametrize("text", ["C12", "Ơ1234567", "C1234567890123", "C-1234567"])
def test_passport_of_another_shape_is_refused(text):
    with pytest.raises(ValidationError):
        entries.PassportEntry().clean(text)


def test_personal_number_has_twelve_digits():
    assert entries.PersonalIdEntry().clean("001090000001") == "001090000001"
    with pytest.raises(ValidationError, match="12 chữ số"):
        entries.PersonalIdEntry().clean("00109000001")


def test_month_is_kept_so_that_it_sorts():
    entry = entries.MonthEntry()
    assert entry.keep(entry.clean("01/2028")) == "2028-01"
    assert (entry.recall("2028-01"), entry.words("2028-01")) == ("01/2028", "01/2028")
    with pytest.raises(ValidationError):
        entry.clean("13/2028")
