"""The reference data reach their tables once, and what somebody at the board has edited is theirs."""

import copy
from collections import Counter
from datetime import date

import pytest
from django.contrib.admin.models import CHANGE, DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.db.models import CharField, Sum
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from izportal.management import catalogue, reference, zone_facts
from izportal.management.settle import Tally
from izportal.models import Act, CalendarDay, Confidence, Division, PlanTarget, Rule, SeriesBreak, StatedFigure
from izportal.press.models import Category, Edition, Item
from onestop.models import (
    Component,
    DecisionTemplate,
    Definition,
    Dossier,
    Field,
    Leg,
    Procedure,
    ProcedureCase,
    ProcedureVersion,
)
from projects.models import Country, ReportPeriod, Sector
from tests import factories
from zones.models import Phase, Zone, ZoneArea

COUNTS = {
    Country: 249, Sector: 109, ReportPeriod: 16, Division: 6, CalendarDay: 45, Rule: 74, Act: 102, StatedFigure: 54,
    SeriesBreak: 2, PlanTarget: 3, Zone: 6, Phase: 10,
    ZoneArea: 13, Field: 6, DecisionTemplate: 5, Leg: 16,
    Procedure: 36, ProcedureVersion: 36, ProcedureCase: 63, Component: 166, Definition: 36,
    Category: 3, Item: 21, Edition: 42,
}  # fmt: skip

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(db):
    return reference.load()


def log(row, flag):
    """As the back office leaves its trace of what somebody did to a row."""
    LogEntry.objects.create(
        user=factories.make_staff("administrator"), content_type=ContentType.objects.get_for_model(row),
        object_id=row.pk, object_repr=str(row)[:200], action_flag=flag, change_message="",
    )  # fmt: skip


def load_zones_with(change):
    data = copy.deepcopy(reference.read("zones/data/zones.json"))
    change(data["zones"][0])
    tally = Tally()
    zone_facts.load(data, tally, at=timezone.now())
    return tally


def load_catalogue_with(change):
    data = copy.deepcopy(reference.read("onestop/data/procedures.json"))
    change(data)
    tally = Tally()
    catalogue.load(data, reference.read("izportal/data/divisions.json"), tally)
    return tally


def certificate(data):
    return next(row for row in data["procedures"] if row["code"] == "1.009664")


def test_first_load_fills_every_table(loaded):
    assert {model: model.objects.count() for model in COUNTS} == COUNTS
    assert loaded.created == Counter(COUNTS)


def test_second_load_changes_nothing(loaded):
    before = {model: model.history.count() for model in (Zone, Phase, Procedure, ProcedureVersion, Component)}
    with CaptureQueriesContext(
        connection,
    ) as queries:
        tally = reference.load()
    written = [query["sql"] for query in queries if query["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")]
    assert written == []
    assert (+tally.created, +tally.updated, tally.unchanged, tally.kept) == (Counter(), Counter(), Counter(COUNTS), [])
    assert {model: model.history.count() for model in before} == before


def test_row_that_the_file_tells_anew_is_updated(loaded):
    Rule.objects.filter(code="upload_max_mb").update(value="5")
    Zone.objects.filter(code="YB").update(status_note_vi="Cũ")
    tally = reference.load()
    assert tally.updated == Counter({Rule: 1, Zone: 1})
    assert Rule.objects.get(code="upload_max_mb").value == "20"


def test_row_edited_in_the_back_office_is_kept(loaded):
    rule = Rule.objects.get(code="upload_max_mb")
    Rule.objects.filter(pk=rule.pk).update(value="5")
    log(rule, CHANGE)
    tally = reference.load()
    assert (Rule.objects.get(pk=rule.pk).value, tally.kept) == ("5", ["quy tắc, con số pháp lý: upload_max_mb = 5"])


def test_row_with_a_history_of_its_own_is_kept(loaded):
    zone = Zone.objects.get(code="YB")
    zone.developer_vi = "Chủ đầu tư do Ban ghi"
    zone.save()
    reference.load()
    assert Zone.objects.get(code="YB").developer_vi == "Chủ đầu tư do Ban ghi"


def test_row_deleted_in_the_back_office_stays_away(loaded):
    day = CalendarDay.objects.get(day=date(2026, 1, 2))
    log(day, DELETION)
    day.delete()
    tally = reference.load()
    assert CalendarDay.objects.filter(day=date(2026, 1, 2)).count() == 0
    assert tally.kept == ["ngày nghỉ, ngày làm bù: 02/01/2026 Hoán đổi (làm bù 10/1)"]


def test_stated_areas_add_up_and_uncounted_ones_are_told(loaded):
    stated = ZoneArea.objects.as_known().filter(is_stated=True)
    assert stated.aggregate(Sum("area_ha")) == {"area_ha__sum": 1420}
    told = {
        zone.code: [row["vi"] for row in zone.statements if "không tính" in row["label_vi"]]
        for zone in Zone.objects.all()
    }
    assert told == {"SC1": [], "SC2": ["260 ha"], "NPY": ["200 ha"], "YB": ["200 ha"], "DT": [], "QT": ["200 ha"]}


def test_area_told_anew_supersedes_the_old_row(loaded):
    tally = load_zones_with(lambda zone: zone["area_history"][2].update(ha=196))
    rows = ZoneArea.objects.filter(zone__code="SC1", is_stated=True)
    assert [(row.area_ha, row.supersedes_id) for row in rows] == [(195, None), (196, rows[0].pk)]
    assert (+tally.created, tally.updated) == (Counter(), Counter({ZoneArea: 1}))


def test_area_superseded_at_the_board_is_kept(loaded):
    old = ZoneArea.objects.get(zone__code="SC1", is_stated=True)
    ZoneArea.objects.create(
        zone=old.zone, area_ha=198, is_stated=True, supersedes=old, recorded_by=factories.make_staff("land")
    )
    load_zones_with(lambda zone: zone["area_history"][2].update(ha=196))
    assert [row.area_ha for row in ZoneArea.objects.as_known().filter(zone=old.zone, is_stated=True)] == [198]


def test_all_procedures_are_filed_here_and_five_change_the_register(loaded):
    assert Procedure.objects.filter(is_filed_here=True).count() == 36
    effects = Procedure.objects.exclude(effect="").values_list("code", "effect", "field__division__code")
    assert set(effects) == {
        ("1.009664", "register_project", "dau-tu"),
        ("1.009647", "adjust_capital", "dau-tu"),
        ("1.009662", "terminate", "dau-tu"),
        ("1.009770", "extend_term", "dau-tu"),
        ("1.009661", "suspend", "dau-tu"),
    }


def test_appraisals_stop_unanswered_and_their_ground_awaits_proof(loaded):
    stopping = ProcedureVersion.objects.filter(no_answer=ProcedureVersion.NoAnswer.STOP)
    told = stopping.values_list("procedure__number", "procedure__code", "no_answer_ground")
    assert set(told) == {(14, "1.013239", ""), (15, "1.013234", "")}


def test_version_without_dossiers_follows_the_file(loaded):
    tally = load_catalogue_with(lambda data: certificate(data)["cases"][0].update(value=12))
    assert tally.updated == Counter({ProcedureCase: 1})
    assert ProcedureCase.objects.get(version__procedure__code="1.009664", is_default=True).value == 12


def test_version_under_which_a_dossier_was_filed_is_not_changed(loaded):
    version = ProcedureVersion.objects.get(procedure__code="1.009664")
    Dossier.objects.create(
        procedure=version.procedure, version=version, case=version.default_case(), created_by=factories.make_user(),
        enterprise=factories.make_enterprise(), status="submitted", submitted_at=timezone.now(), reference="XN26-1",
    )  # fmt: skip
    tally = load_catalogue_with(lambda data: certificate(data)["cases"][0].update(value=12))
    assert ProcedureCase.objects.get(version=version, is_default=True).value == 10
    assert (+tally.updated, len(tally.refused)) == (Counter(), 1)
    assert tally.refused[0].startswith("1.009664 (01/07/2025): đã có hồ sơ nộp theo phiên bản này")


def test_new_first_day_makes_new_versions(loaded):
    def later(data):
        data["meta"]["applied_from"] = "2026-12-01"
        certificate(data)["cases"][0]["value"] = 12

    load_catalogue_with(later)
    procedure = Procedure.objects.get(code="1.009664")
    limits = [procedure.version_on(day).default_case().value for day in (date(2026, 11, 30), date(2026, 12, 1))]
    assert (ProcedureVersion.objects.count(), limits) == (72, [10, 12])


def test_act_points_to_the_one_that_replaced_it(loaded):
    assert Act.objects.get(number="61/2018/NĐ-CP").replaced_by.number == "118/2025/NĐ-CP"
    assert Act.objects.get(number="118/2025/NĐ-CP").replaced_by is None


def test_board_statement_is_loaded_with_its_words(loaded):
    rows = StatedFigure.objects.filter(as_of=date(2020, 12, 31), period="")
    values = {row.indicator: (int(row.value), row.is_at_least) for row in rows}
    assert values["projects"] == (236, False)
    assert values["total_capital_usd"] == (8_400_000_000, True)
    assert "tổng vốn đăng ký trên 8,4 tỷ USD" in rows.get(indicator="total_capital_usd").note_vi


def test_divisions_await_confirmation(loaded):
    assert [division.code for division in Division.objects.all() if "chờ Ban xác nhận" not in division.name_vi] == []


def test_loaded_texts_fit_their_columns(loaded):
    too_long = [
        f"{model.__name__}.{column.name}"
        for model in COUNTS
        for column in model._meta.concrete_fields
        if isinstance(column, CharField) and column.max_length
        for value in model.objects.values_list(column.attname, flat=True)
        if len(value or "") > column.max_length
    ]
    assert too_long == []


def test_loaded_confidence_marks_have_a_label(loaded):
    columns = [
        (model, column) for model in COUNTS for column in model._meta.concrete_fields if "confidence" in column.name
    ]
    marks = {
        mark
        for model, column in columns
        if model is not Zone
        for mark in model.objects.values_list(column.name, flat=True)
    }
    marks |= {mark for zone in Zone.objects.all() for mark in zone.confidence.values()}
    assert marks - set(Confidence.values) == set()


def test_command_tells_what_it_did(capsys):
    call_command("load_reference")
    assert "khu công nghiệp: thêm 6, sửa 0, giữ nguyên 0" in capsys.readouterr().out.splitlines()
    call_command("load_reference", verbosity=0)
    assert capsys.readouterr().out == ""


def test_targets_of_2024_are_those_of_the_one_source_that_names_them(loaded):
    found = PlanTarget.objects.values_list("year", "indicator", "value", "is_verified")
    assert sorted(found) == [
        (2024, "new_ddi_capital_vnd", 4_500_000_000_000, False),
        (2024, "new_fdi_capital_usd", 500_000_000, False),
        (2024, "new_projects", 15, False),
    ]
    assert {row.source_vi[-10:] for row in PlanTarget.objects.all()} == {"275752.vnp"}
