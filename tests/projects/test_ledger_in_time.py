"""Deeds of the ledger beyond capital: what is true from when to when, who brings in what, which land; each refusal."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from projects import ledger
from projects.ledger import Basis, Capital, LedgerRefused, Parcel, Share
from projects.models import Change, Classification, Contribution, DeveloperPhase, Project, Tenure
from tests import factories
from tests.factories import at
from zones.allocation import PlotTaken

MOMENT = at("2026-03-03 09:15")
BEFORE = at("2026-03-03 09:14")
TODAY = MOMENT.date()
FIRST = date(2021, 5, 10)

pytestmark = pytest.mark.django_db


@pytest.fixture
def deed():
    return {"by": factories.make_user(), "at": MOMENT}


@pytest.fixture
def project():
    return factories.make_project(usd="100", on=FIRST, term_until=date(2060, 1, 1))


def basis(number="12/QĐ-BQL", on=TODAY):
    return Basis(number, on)


def classed(name, *, on, known=None):
    return Classification.objects.standing(on=on, known=known).values_list(name, flat=True).get()


def shares(*, on, known=None):
    rows = Contribution.objects.standing(on=on, known=known).order_by("pk")
    return list(rows.values_list("investor__name", "capital_usd"))


# Classed in time ----------------------------------------------------------------------------------
def test_sector_changes_from_the_decision_on(project, deed):
    sector = factories.make_sector("26")
    change = ledger.reclassify(project=project, sector=sector, basis=basis(on=date(2024, 1, 5)), **deed)
    days = (FIRST, date(2024, 1, 4), date(2024, 1, 5))
    assert [classed("sector", on=day) for day in days] == ["25", "25", "26"]
    assert (change.kind, Project.objects.get().sector_id, classed("sector", on=TODAY, known=BEFORE)) == (
        "content",
        "26",
        "25",
    )


def test_corrected_sector_holds_from_the_first_day_and_was_not_known_before(project, deed):
    ledger.reclassify(project=project, kind="infrastructure", basis=basis(on=date(2024, 1, 5)), **deed)
    said = {"sector": factories.make_sector("26")}
    ledger.correct(change=project.changes.get(kind="issued"), said=said, basis=basis(), note="Gõ nhầm", **deed)
    assert [classed("sector", on=day) for day in (FIRST, TODAY)] == ["26", "26"]
    assert classed("sector", on=TODAY, known=BEFORE) == "25"
    assert (classed("kind", on=FIRST), classed("kind", on=TODAY)) == ("production", "infrastructure")


def test_correction_stops_where_a_later_change_says_otherwise(project, deed):
    ledger.extend(project=project, until=date(2050, 1, 1), basis=basis(on=date(2024, 1, 5)), **deed)
    issued = project.changes.get(kind="issued")
    ledger.correct(change=issued, said={"term_until": date(2055, 1, 1)}, basis=basis(), note="Gõ nhầm", **deed)
    assert [classed("term_until", on=day).year for day in (FIRST, TODAY)] == [2055, 2050]
    assert Project.objects.get().term_until == date(2050, 1, 1)


def test_fact_is_corrected_where_it_was_said(project, deed):
    change = ledger.adjust_capital(project=project, to=Capital(usd=Decimal(70)), basis=basis(), **deed)
    with pytest.raises(LedgerRefused, match="không ghi nội dung cần sửa"):
        ledger.correct(change=change, said={"kind": "infrastructure"}, basis=basis(), note="x", **deed)


def test_annulled_change_leaves_what_held_before(project, deed):
    change = ledger.extend(project=project, until=date(2050, 1, 1), basis=basis(on=date(2024, 1, 5)), **deed)
    ledger.annul(change=change, basis=basis(), note="Ghi nhầm dự án", **deed)
    assert (classed("term_until", on=TODAY).year, Project.objects.get().term_until.year) == (2060, 2060)
    assert classed("term_until", on=TODAY, known=MOMENT).year == 2060


def test_annulled_change_of_the_first_day_leaves_what_held_before(deed):
    project = factories.make_project(on=TODAY, term_until=date(2060, 1, 1))
    change = ledger.extend(project=project, until=date(2050, 1, 1), basis=basis(), **deed)
    ledger.annul(change=change, basis=basis(), note="Ghi nhầm dự án", **deed)
    assert classed("term_until", on=TODAY).year == 2060


def test_corrected_day_of_the_certificate_moves_what_it_started(deed):
    plot, early = factories.make_plot(), date(2021, 3, 1)
    project = factories.make_project(plot=plot, on=FIRST)
    ledger.correct(change=project.changes.get(), effective_on=early, basis=basis(), note="Nhầm ngày", **deed)
    assert (Project.objects.get().certificate_on, Tenure.objects.get(is_current=True).starts_on) == (early, early)
    assert (classed("sector", on=early), len(shares(on=early))) == ("25", 1)


def test_day_moved_over_another_change_is_refused(project, deed):
    first = ledger.extend(project=project, until=date(2050, 1, 1), basis=basis(on=date(2023, 1, 5)), **deed)
    ledger.extend(project=project, until=date(2055, 1, 1), basis=basis(on=date(2024, 1, 5)), **deed)
    with pytest.raises(LedgerRefused, match="vượt qua một thay đổi khác"):
        ledger.correct(change=first, effective_on=date(2025, 1, 5), basis=basis(), note="x", **deed)


# Term ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("until", "sentence"),
    [
        (date(2060, 1, 1), "bằng thời hạn hiện tại"), (date(2020, 1, 1), "sau ngày quyết định"),
        (date(2068, 1, 1), "vượt thời hạn của khu công nghiệp .đến năm 2067"),
    ],
)  # fmt: skip
def test_senseless_term_is_refused(project, deed, until, sentence):
    project.zone.term_until = 2067
    project.zone.save()
    with pytest.raises(LedgerRefused, match=sentence):
        ledger.extend(project=project, until=until, basis=basis(), **deed)
    assert Change.objects.count() == 1


def test_lease_ends_with_the_new_term(deed):
    plot = factories.make_plot()
    project = factories.make_project(plot=plot, term_until=date(2050, 1, 1))
    ledger.extend(project=project, until=date(2060, 1, 1), basis=basis(), **deed)
    now = plot.standing(on=TODAY)
    assert (now.status, now.held_for, now.ends_on) == ("leased", project.code, date(2060, 1, 1))


def test_certificate_longer_than_its_zone_is_refused():
    with pytest.raises(LedgerRefused, match="đến năm 2049"):
        factories.make_project(
            zone=factories.make_zone("sc1", "SC1", "SC I", term_until=2049), term_until=date(2050, 1, 1)
        )


# Investors ----------------------------------------------------------------------------------------
def test_transfer_names_all_investors_anew(project, deed):
    other, enterprise = factories.make_investor("Bên nhận", "JP"), factories.make_enterprise()
    said = [Share(other, Decimal(60))]
    ledger.transfer(project=project, shares=said, enterprise=enterprise, basis=basis(), **deed)
    assert shares(on=FIRST) == [("Nhà đầu tư Thử", None)]
    assert (shares(on=TODAY), shares(on=TODAY, known=BEFORE)) == ([("Bên nhận", 60)], [("Nhà đầu tư Thử", None)])
    assert (classed("enterprise", on=TODAY), classed("enterprise", on=FIRST)) == (enterprise.pk, None)


def test_transfer_to_another_origin_needs_capital_in_its_currency(project, deed):
    said = [Share(factories.make_investor("Bên nhận", "VN"))]
    with pytest.raises(LedgerRefused, match="bằng VND"):
        ledger.transfer(project=project, shares=said, origin="ddi", basis=basis(), **deed)
    to = Capital(vnd=Decimal(2500))
    ledger.transfer(project=project, shares=said, origin="ddi", to=to, basis=basis(), **deed)
    assert (classed("origin", on=FIRST), classed("origin", on=TODAY)) == ("fdi", "ddi")
    assert ledger.position(project) == ledger.Position(0, 2500, 0)


@pytest.mark.parametrize(
    ("amounts", "sentence"), [((), "ít nhất một"), ((101,), "vượt vốn đăng ký"), ((-1,), "không được âm")]
)
def test_senseless_contributions_are_refused(project, deed, amounts, sentence):
    said = [Share(factories.make_investor(), Decimal(amount)) for amount in amounts]
    with pytest.raises(LedgerRefused, match=sentence):
        ledger.transfer(project=project, shares=said, basis=basis(), **deed)
    assert Change.objects.count() == 1


def test_investor_stands_once_in_a_change(project, deed):
    said = [Share(factories.make_investor(), Decimal(1))] * 2
    with pytest.raises(LedgerRefused, match="chỉ ghi một dòng"):
        ledger.transfer(project=project, shares=said, basis=basis(), **deed)


def test_transfer_that_changes_nothing_is_refused(project, deed):
    now = [Share(row.investor, row.capital_usd, row.capital_vnd) for row in ledger.standing_shares(project)]
    with pytest.raises(LedgerRefused, match="không có gì để chuyển nhượng"):
        ledger.transfer(project=project, shares=now, basis=basis(), **deed)


def test_contributions_are_corrected_in_the_certificate(project, deed):
    right = [Share(factories.make_investor("Đúng tên", "JP"), Decimal(40))]
    ledger.correct(change=project.changes.get(), shares=right, basis=basis(), note="Nhầm người", **deed)
    assert (shares(on=FIRST), shares(on=FIRST, known=BEFORE)) == ([("Đúng tên", 40)], [("Nhà đầu tư Thử", None)])


def test_annulled_transfer_gives_the_investors_back(project, deed):
    said = [Share(factories.make_investor("Bên nhận", "JP"), Decimal(60))]
    change = ledger.transfer(project=project, shares=said, basis=basis(on=date(2024, 1, 5)), **deed)
    ledger.annul(change=change, basis=basis(), note="Ghi nhầm dự án", **deed)
    assert shares(on=TODAY) == [("Nhà đầu tư Thử", None)]


# Land ---------------------------------------------------------------------------------------------
@pytest.fixture
def tenant():
    return factories.make_project(plot=factories.make_plot("CN-1"), on=FIRST)


def held(project, *, on=TODAY):
    rows = Tenure.objects.standing(on=on).filter(project=project).order_by("plot__number")
    return list(rows.values_list("plot__number", "area_m2"))


def test_land_is_taken_resized_and_given_back_by_one_decision(tenant, deed):
    first, second = tenant.tenures.get().plot, factories.make_plot("CN-2")
    parcels = [Parcel(first, Decimal(60000)), Parcel(second, Decimal(1000))]
    change = ledger.change_land(project=tenant, parcels=parcels, basis=basis(), **deed)
    assert (change.kind, change.area_m2, held(tenant)) == ("land", -4000, [("CN-1", 60000), ("CN-2", 1000)])
    assert held(tenant, on=FIRST) == [("CN-1", 65000)]
    ledger.change_land(project=tenant, parcels=[Parcel(first, Decimal(0))], basis=basis("13"), **deed)
    assert (held(tenant), ledger.position(tenant).area_m2) == ([("CN-2", 1000)], 1000)
    assert (first.standing(on=TODAY).status, second.standing(on=TODAY).held_for) == ("handed_back", tenant.code)


def test_annulled_land_goes_back_to_where_it_was(tenant, deed):
    first, second = tenant.tenures.get().plot, factories.make_plot("CN-2")
    parcels = [Parcel(first, Decimal(0)), Parcel(second, Decimal(1000))]
    change = ledger.change_land(project=tenant, parcels=parcels, basis=basis(), **deed)
    ledger.annul(change=change, basis=basis("14"), note="Ghi nhầm dự án", **deed)
    assert (held(tenant), ledger.position(tenant).area_m2) == ([("CN-1", 65000)], 65000)
    assert (first.standing(on=TODAY).held_for, second.standing(on=TODAY).status) == (tenant.code, "handed_back")


def test_plot_of_another_is_not_taken(tenant, deed):
    other = factories.make_project(plot=factories.make_plot("CN-2"))
    taken = Parcel(other.tenures.get().plot, Decimal(1000))
    with pytest.raises(PlotTaken):
        ledger.change_land(project=tenant, parcels=[taken], basis=basis(), **deed)
    assert (held(tenant), Change.objects.filter(kind="land").count()) == ([("CN-1", 65000)], 0)


def test_land_beyond_its_phase_is_refused(tenant, deed):
    plot = factories.make_plot("CN-2")
    phase = plot.zone.phases.create(slug="a", name_vi="Khu A", industrial_land_ha=Decimal("7.00"))
    plot.zone.plots.update(phase=phase)
    plot.refresh_from_db()
    with pytest.raises(LedgerRefused, match="vượt quỹ đất của Khu A"):
        ledger.change_land(project=tenant, parcels=[Parcel(plot, Decimal(5001))], basis=basis(), **deed)
    ledger.change_land(project=tenant, parcels=[Parcel(plot, Decimal(5000))], basis=basis(), **deed)
    assert ledger.position(tenant).area_m2 == 70000


def test_land_that_stays_is_no_change(tenant, deed):
    with pytest.raises(LedgerRefused, match="không có gì để điều chỉnh"):
        ledger.change_land(project=tenant, parcels=[], basis=basis(), **deed)


# Pauses -------------------------------------------------------------------------------------------
def status(on=TODAY):
    return Project.objects.with_position(on=on).get().status


def test_project_pauses_and_goes_on(project, deed):
    ledger.suspend(project=project, basis=basis(on=date(2024, 1, 5)), **deed)
    ledger.resume(project=project, basis=basis(on=date(2025, 1, 5)), **deed)
    assert [status(day) for day in (FIRST, date(2024, 1, 5), TODAY)] == ["in_force", "suspended", "in_force"]


def test_pause_within_a_pause_is_refused(project, deed):
    with pytest.raises(LedgerRefused, match="không tạm ngừng"):
        ledger.resume(project=project, basis=basis(), **deed)
    change = ledger.suspend(project=project, basis=basis(on=date(2024, 1, 5)), **deed)
    with pytest.raises(LedgerRefused, match="đang tạm ngừng"):
        ledger.suspend(project=project, basis=basis(), **deed)
    ledger.resume(project=project, basis=basis(), **deed)
    with pytest.raises(LedgerRefused, match="Hoạt động trở lại"):
        ledger.annul(change=change, basis=basis(), note="x", **deed)


# What the database refuses ------------------------------------------------------------------------
@pytest.mark.parametrize("model", [Classification, Contribution])
def test_database_refuses_to_edit_or_delete_what_was_true(project, model):
    for attempt in (lambda: model.objects.update(ended_on=TODAY), lambda: model.objects.all().delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()
    assert model.objects.get().ended_on is None


# Schedule -----------------------------------------------------------------------------------------
def test_step_is_said_anew_and_the_old_stays(project, deed):
    planned = date(2022, 5, 10)
    said = {"project": project, "kind": "operation", "basis": "GCN", **deed}
    ledger.schedule(planned_on=planned, actual_on=None, **said)
    assert project.milestones.late(on=TODAY).count() == 1
    ledger.schedule(planned_on=planned, actual_on=date(2022, 9, 1), **said)
    assert (project.milestones.late(on=TODAY).count(), project.milestones.count()) == (0, 2)


@pytest.mark.parametrize(
    ("planned", "actual", "sentence"),
    [
        (None, None, "phải có ngày"), (date(2021, 5, 9), None, "trước ngày cấp"),
        (None, date(2026, 3, 4), "ở tương lai"), (date(2061, 1, 1), None, "sau thời hạn"),
    ],
)  # fmt: skip
def test_senseless_step_is_refused(project, deed, planned, actual, sentence):
    with pytest.raises(LedgerRefused, match=sentence):
        ledger.schedule(project=project, kind="capital", planned_on=planned, actual_on=actual, basis="GCN", **deed)


# Trial --------------------------------------------------------------------------------------------
def test_trial_tells_what_a_deed_would_do_and_does_nothing(project, deed):
    trial = ledger.tried(
        lambda: ledger.terminate(project=project, basis=basis(), **deed), project=project, on=TODAY
    )  # fmt: skip
    assert (trial.before.status, trial.after.status, trial.after.usd) == ("in_force", "terminated", 0)
    told = [
        (old.count, new.count, old.capital - new.capital)
        for old, new in zip(trial.totals_before, trial.totals_after, strict=True)
    ]
    assert told == [(1, 0, 100), (0, 0, 0)]
    assert (Change.objects.count(), status()) == (1, "in_force")


def test_trial_raises_what_the_deed_raises(project, deed):
    with pytest.raises(LedgerRefused, match="không tạm ngừng"):
        ledger.tried(lambda: ledger.resume(project=project, basis=basis(), **deed), project=project, on=TODAY)


# The zone -----------------------------------------------------------------------------------------
def correct_zone(change, deed, zone=None):
    zone = zone or factories.make_zone("yen-binh", "YB", "Yên Bình")
    return ledger.correct(change=change, said={"zone": zone}, basis=basis(), note="Ghi nhầm khu", **deed)


def test_corrected_zone_holds_from_the_first_day_and_was_not_known_before(project, deed):
    ledger.reclassify(project=project, kind="infrastructure", basis=basis(on=date(2024, 1, 5)), **deed)
    row = correct_zone(project.changes.get(kind="issued"), deed)
    assert [classed("zone__code", on=day) for day in (FIRST, TODAY)] == ["YB", "YB"]
    assert (classed("zone__code", on=TODAY, known=BEFORE), Project.objects.get().zone.code) == ("SC2", "YB")
    assert (row.kind, row.stands_as, row.capital_usd) == ("correction", "issued", 100)


def test_zone_is_corrected_in_the_certificate(project, deed):
    change = ledger.reclassify(project=project, kind="infrastructure", basis=basis(), **deed)
    with pytest.raises(LedgerRefused, match="hãy hiệu đính dòng cấp mới"):
        correct_zone(change, deed)


@pytest.mark.parametrize("is_ended", [False, True])
def test_project_with_a_plot_stays_in_the_zone_of_the_plot(deed, is_ended):
    project = factories.make_project(plot=factories.make_plot("CN-01"), on=FIRST)
    if is_ended:
        ledger.terminate(project=project, basis=basis(on=date(2024, 1, 5)), **deed)
    with pytest.raises(LedgerRefused, match="Lô SC2-CN-01 mà dự án thuê thuộc .*phải cùng một khu công nghiệp"):
        correct_zone(project.changes.get(kind="issued"), deed)
    assert (Project.objects.get().zone.code, classed("zone__code", on=TODAY)) == ("SC2", "SC2")


def test_zone_that_ends_before_the_project_is_refused(project, deed):
    zone = factories.make_zone("yen-binh", "YB", "Yên Bình", term_until=2050)
    with pytest.raises(LedgerRefused, match="vượt thời hạn của khu công nghiệp .đến năm 2050"):
        correct_zone(project.changes.get(), deed, zone)


def test_developer_of_a_phase_stays_in_its_zone(project, deed):
    phase = project.zone.phases.create(slug="g1", name_vi="Giai đoạn I")
    DeveloperPhase.objects.create(project=project, phase=phase)
    with pytest.raises(LedgerRefused, match="chủ đầu tư hạ tầng của"):
        correct_zone(project.changes.get(), deed)


# Amounts where no figure reads them ---------------------------------------------------------------
@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"capital": Capital(Decimal(5))}, "“Điều chỉnh nội dung” không ghi vốn; hãy hiệu đính dòng cấp mới"),
        ({"area_m2": Decimal(5)}, "“Điều chỉnh nội dung” không ghi diện tích đất"),
    ],
)
def test_correction_takes_no_amount_that_its_change_does_not_state(project, deed, wrong, sentence):
    change = ledger.reclassify(project=project, kind="infrastructure", basis=basis(), **deed)
    with pytest.raises(LedgerRefused, match=sentence):
        ledger.correct(change=change, basis=basis(), note="Ghi nhầm", **wrong, **deed)
    assert Change.objects.count() == 2
