"""The command that accounts for a date: its options, its two outputs, and what it refuses."""

import json
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from izportal.models import CalendarDay

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "deadlines.json").read_text(encoding="utf-8"))["vectors"]

pytestmark = pytest.mark.django_db


def explain(*args):
    out = StringIO()
    call_command("explain_deadline", *args, stdout=out)
    return out.getvalue()


def explain_json(*args):
    return json.loads(explain(*args, "--json"))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_vector_through_the_command(vector):
    args = ["--received", vector["clock_start"], "--limit", str(vector["limit"]["value"])]
    args += ["--unit", vector["limit"]["unit"], "--mode", vector["mode"]]
    args += [arg for row in vector["pauses"] for arg in ("--pause", f"{row['from']},{row['to']}")]
    args += ["--cap", "10"] if vector["id"] == "V20" else []

    assert explain_json(*args)["due_at"] == vector["due_at"]


def test_text_prints_the_due_moment_and_a_line_per_day():
    out = explain("--received", "2026-03-05T10:00", "--limit", "2", "--unit", "working_day").splitlines()

    assert out == [
        "Hạn trả kết quả: 09/03/2026 17:00",
        "Tiếp nhận: 05/03/2026 10:00. Thời hạn: 2 ngày làm việc.",
        "",
        "05/03/2026  Thứ Năm   không tính        Ngày tiếp nhận, không tính",
        "06/03/2026  Thứ Sáu   tính           1  Ngày làm việc",
        "07/03/2026  Thứ Bảy   không tính        Ngày nghỉ hằng tuần: Thứ Bảy",
        "08/03/2026  Chủ nhật  không tính        Ngày nghỉ hằng tuần: Chủ nhật",
        "09/03/2026  Thứ Hai   tính           2  Ngày làm việc ← HẠN",
    ]


def test_json_says_of_each_day_whether_it_counts_and_why():
    days = explain_json("--received", "2026-11-23T14:00", "--limit", "1", "--unit", "working_day")["days"]

    assert [(day["date"], day["counted"], day["number"], day["reason"]) for day in days] == [
        ("2026-11-23", False, None, "Ngày tiếp nhận, không tính"),
        ("2026-11-24", False, None, "Ngày nghỉ: Ngày Văn hóa Việt Nam"),
        ("2026-11-25", True, 1, "Ngày làm việc"),
    ]


@pytest.mark.parametrize("limit", ["0.5", "0,5"])
def test_half_is_read_with_point_or_comma(limit):
    result = explain_json("--received", "2026-03-11T15:00", "--limit", limit, "--unit", "working_day")

    assert result["due_at"] == "2026-03-12T10:00:00+07:00"


def test_hours_of_each_day_are_said():
    days = explain_json("--received", "2026-03-13T16:40", "--limit", "1", "--unit", "working_hour")["days"]

    assert [(day["date"], day["counted"], day["hours"], day["reason"]) for day in days] == [
        ("2026-03-13", True, 0.3333, "Tính 0 giờ 20 phút làm việc"),
        ("2026-03-14", False, None, "Ngày nghỉ hằng tuần: Thứ Bảy"),
        ("2026-03-15", False, None, "Ngày nghỉ hằng tuần: Chủ nhật"),
        ("2026-03-16", True, 0.6667, "Tính 0 giờ 40 phút làm việc"),
    ]


def test_pauses_may_be_repeated_or_listed():
    facts = ["--received", "2026-06-01T09:00", "--limit", "10", "--mode", "suspend"]
    first, second = "2026-06-03T15:00,2026-06-05T09:00", "2026-06-09T09:00,2026-06-11T09:00"

    repeated = explain_json(*facts, "--pause", first, "--pause", second)

    assert repeated == explain_json(*facts, "--pause", first, second)
    assert repeated["due_at"] == "2026-06-19T17:00:00+07:00"


def test_second_limit_counts_from_the_resubmission():
    facts = ["--received", "2026-03-02T09:00", "--limit", "20", "--unit", "day", "--mode", "two_phase_suspend"]
    result = explain_json(*facts, "--pause", "2026-03-20T10:00,2026-06-01T09:00", "--second-limit", "15")

    assert result["due_at"] == "2026-06-16T17:00:00+07:00"


def test_open_pause_has_no_date_yet():
    facts = ["--received", "2026-06-01T09:00", "--limit", "10", "--mode", "suspend", "--pause", "2026-06-03T15:00,"]

    assert explain_json(*facts)["due_at"] is None
    assert explain(*facts).startswith("Chưa có hạn trả kết quả: tạm dừng từ 03/06/2026 15:00")


def test_cap_that_decides_is_named():
    facts = ["--received", "2026-07-01T09:00", "--limit", "30", "--unit", "day", "--mode", "suspend", "--cap", "10"]
    out = explain(*facts, "--pause", "2026-07-13T15:00,2026-08-10T09:00").splitlines()

    assert out[0] == "Hạn trả kết quả: 20/08/2026 17:00"
    assert out[2] == "Áp dụng mức tối đa 10 ngày sau khi nhận đủ hồ sơ bổ sung."


def test_unannounced_year_is_said():
    facts = ["--received", "2027-04-28T15:00", "--limit", "2"]

    assert explain(*facts).splitlines()[0] == "Hạn trả kết quả: 04/05/2027 17:00 (lịch chưa công bố)"
    assert explain_json(*facts)["note"] == "lịch chưa công bố"


def test_calendar_comes_from_the_database_when_it_has_rows():
    CalendarDay.objects.create(day=date(2026, 3, 4), kind="off", name="Ngày nghỉ thử")
    result = explain_json("--received", "2026-03-03T09:15", "--limit", "1")

    assert (result["due_at"], result["days"][1]["reason"]) == ("2026-03-05T17:00:00+07:00", "Ngày nghỉ: Ngày nghỉ thử")


def test_calendar_comes_from_the_file_when_the_table_is_empty():
    CalendarDay.objects.all().delete()

    assert explain_json("--received", "2025-12-31T14:00", "--limit", "3")["due_at"] == "2026-01-07T17:00:00+07:00"


OK = ["--received", "2026-03-03T09:15", "--limit", "3"]


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (["--limit", "3"], "Thiếu tham số --received"),
        (["--received", "2026-03-03T09:15"], "Thiếu tham số --limit"),
        (["--received", "hôm qua", "--limit", "3"], "Không đọc được thời điểm “hôm qua”"),
        (["--received", "2026-02-30T09:15", "--limit", "3"], "Không đọc được thời điểm"),
        (["--received", "", "--limit", "3"], "Không đọc được thời điểm"),
        (["--received", "0001-01-01T00:00+14:00", "--limit", "3"], "trong khoảng năm"),
        (["--received", "9999-12-31T23:59", "--limit", "3"], "trong khoảng năm"),
        (["--received", "2026-03-03T09:15", "--limit", "-3"], "Thời hạn phải lớn hơn 0"),
        (["--received", "2026-03-03T09:15", "--limit", "0"], "Thời hạn phải lớn hơn 0"),
        (["--received", "2026-03-03T09:15", "--limit", "ba"], "“ba” không phải là số"),
        (["--received", "2026-03-03T09:15", "--limit", "NaN"], "không phải là số"),
        (["--received", "2026-03-03T09:15", "--limit", "1e30"], "không quá"),
        ([*OK, "--unit", "week"], "Đơn vị thời hạn “week” không hợp lệ"),
        ([*OK, "--unit", "day", "--limit", "1.5"], "phải là số nguyên"),
        ([*OK, "--mode", "stop"], "Cơ chế tính thời hạn “stop” không hợp lệ"),
        ([*OK, "--pause", "2026-03-04T09:00,2026-03-05T09:00"], "Cần nêu cơ chế"),
        ([*OK, "--mode", "suspend", "--pause", "2026-03-04T09:00"], "hãy viết TỪ,ĐẾN"),
        ([*OK, "--mode", "suspend", "--pause", ",2026-03-05T09:00"], "hãy viết TỪ,ĐẾN"),
        ([*OK, "--mode", "suspend", "--pause", "2026-03-05T09:00,2026-03-04T09:00"], "không được trước"),
        ([*OK, "--mode", "suspend", "--pause", "2026-03-02T09:00,2026-03-04T09:00"], "trước thời điểm tiếp nhận"),
        ([*OK, "--mode", "suspend", "--cap", "-1"], "Thời hạn phải lớn hơn 0"),
        ([*OK, "--mode", "suspend", "--second-limit", "5"], "hai giai đoạn"),
    ],
)
def test_bad_input_is_refused_with_a_sentence(args, sentence):
    with pytest.raises(CommandError, match=sentence):
        explain(*args)


def test_mode_with_a_second_appraisal_pause_is_refused():
    pauses = ["2026-03-04T09:00,2026-03-05T09:00", "2026-03-05T10:00,"]

    with pytest.raises(CommandError, match="chỉ được tạm dừng một lần"):
        explain(*OK, "--mode", "sector_appraisal", "--pause", *pauses)
