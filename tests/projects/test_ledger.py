"""The deeds of the register: what each appends, what each refuses, and what the database itself refuses."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from projects import ledger
from projects.ledger import Basis, Capital, LedgerRefused
from projects.models import Change, Project, Tenure
from tests import factories
from tests.factories import at
from zones.allocation import PlotTaken

MOMENT = at("2026-03-03 09:15")
TODAY = MOMENT.date()

pytestmark = pytest.mark.django_db


@pytest.fixture
def deed():
    return {"by": factories.make_user(), "at": MOMENT}


def basis(number="12/QĐ-BQL", on=TODAY):
    return Basis(number, on)


def particulars(**changed):
    whole = {
        "code": "9811111111", "name": "Dự án thử", "origin": "fdi", "sector": factories.make_sector(),
        "zone": factories.make_zone(), "enterprise": None, "certificate_number": "12",
    }  # fmt: skip
    return ledger.Particulars(**{**whole, **changed})


HUNDRED = Capital(usd=Decimal(100))


def register(deed, capital=HUNDRED, what=None, **more):
    return ledger.register(what=what or particulars(), capital=capital, shares=[], basis=basis(), **deed, **more)


def test_register_enters_project_change_and_tenure(deed):
    plot = factories.make_plot()
    change = register(deed, plot=plot, area_m2=Decimal(50000))
    tenure = Tenure.objects.get()
    assert (change.kind, change.capital_usd, change.area_m2, change.effective_on) == ("issued", 100, 50000, TODAY)
    assert (tenure.plot, tenure.project, tenure.area_m2, tenure.ended_on) == (plot, change.project, 50000, None)
    assert plot.standing(on=TODAY).held_for == "9811111111"


def test_register_of_a_taken_plot_leaves_no_project(deed):
    plot = factories.make_plot(status="leased", held_for="P0")
    with pytest.raises(PlotTaken):
        register(deed, plot=plot, area_m2=Decimal(1000))
    assert Project.objects.count() == 0


@pytest.mark.parametrize("area", ["0", "-1", "65000.01"])
def test_register_of_more_land_than_the_plot_has_is_refused(deed, area):
    with pytest.raises(LedgerRefused, match="không quá diện tích lô"):
        register(deed, plot=factories.make_plot(), area_m2=Decimal(area))


def test_register_of_a_plot_in_another_zone_is_refused(deed):
    elsewhere = factories.make_plot(zone=factories.make_zone("yen-binh", "YB", "Yên Bình"))
    with pytest.raises(LedgerRefused, match="không thuộc khu"):
        register(deed, plot=elsewhere, area_m2=Decimal(1000))


@pytest.mark.parametrize("code", ["98/11", "9811 111", "mã 1"])
def test_register_refuses_a_code_that_no_address_can_carry(deed, code):
    with pytest.raises(LedgerRefused, match="Mã chỉ gồm chữ cái không dấu"):
        register(deed, what=particulars(code=code))


def test_register_of_a_known_code_is_refused(deed):
    register(deed)
    with pytest.raises(LedgerRefused, match="9811111111 đã có trong sổ"):
        register(deed)


@pytest.mark.parametrize(
    ("origin", "capital", "sentence"),
    [
        ("fdi", Capital(vnd=Decimal(5)), "bằng USD"),
        ("ddi", Capital(usd=Decimal(5)), "bằng VND"),
        ("fdi", Capital(usd=Decimal(-5)), "không được âm"),
        ("fdi", Capital(usd=Decimal(5), rate=Decimal(26250)), "Tỷ giá phải có ngày"),
    ],
)
def test_register_with_wrong_capital_is_refused(deed, origin, capital, sentence):
    with pytest.raises(LedgerRefused, match=sentence):
        register(deed, capital, particulars(origin=origin))


@pytest.mark.parametrize(("code", "is_sample"), [("MAU-1", False), ("9811111111", True), ("", False)])
def test_register_keeps_sample_codes_and_real_codes_apart(deed, code, is_sample):
    with pytest.raises(LedgerRefused):
        register(deed, what=particulars(code=code), is_sample=is_sample)


def test_adjust_keeps_the_difference_and_the_sum_is_the_new_total(deed):
    project = factories.make_project(usd="100")
    change = ledger.adjust_capital(project=project, to=Capital(usd=Decimal(70)), basis=basis(), **deed)
    assert (change.kind, change.capital_usd, ledger.position(project).usd) == ("capital", -30, 70)


@pytest.mark.parametrize(
    ("usd", "sentence"), [("-1", "không được âm"), ("100", "không có gì để điều chỉnh"), ("0", "bằng USD")]
)
def test_adjust_to_a_senseless_total_is_refused(deed, usd, sentence):
    project = factories.make_project(usd="100")
    with pytest.raises(LedgerRefused, match=sentence):
        ledger.adjust_capital(project=project, to=Capital(usd=Decimal(usd)), basis=basis(), **deed)


def test_adjust_before_the_certificate_or_in_the_future_is_refused(deed):
    project = factories.make_project(usd="100", on=date(2021, 5, 10))
    for day in (date(2021, 5, 9), date(2026, 3, 4)):
        with pytest.raises(LedgerRefused):
            ledger.adjust_capital(project=project, to=Capital(usd=Decimal(7)), basis=basis(on=day), **deed)


def test_terminate_takes_capital_and_land_out_and_hands_the_plot_back(deed):
    plot = factories.make_plot()
    project = factories.make_project(plot=plot, usd="100")
    change = ledger.terminate(project=project, basis=basis(), **deed)
    assert (change.capital_usd, change.area_m2) == (-100, -65000)
    assert (plot.standing(on=TODAY).status, Tenure.objects.standing(on=TODAY).count()) == ("handed_back", 0)
    assert not Project.objects.in_force(on=TODAY).exists()


def test_terminated_project_takes_no_further_deed(deed):
    project = factories.make_project(usd="100")
    ledger.terminate(project=project, basis=basis("13/QĐ-BQL"), **deed)
    with pytest.raises(LedgerRefused, match="13/QĐ-BQL"):
        ledger.adjust_capital(project=project, to=Capital(usd=Decimal(7)), basis=basis(), **deed)


def test_plot_handed_back_can_be_leased_again(deed):
    plot = factories.make_plot()
    ledger.terminate(project=factories.make_project(plot=plot), basis=basis(), **deed)
    change = register(deed, plot=plot, area_m2=Decimal(1000))
    assert Tenure.objects.get(ended_on__isnull=True, is_current=True).project == change.project


def test_correct_stands_in_the_place_of_the_wrong_row(deed):
    project = factories.make_project(usd="100")
    wrong = project.changes.get()
    right = ledger.correct(change=wrong, capital=Capital(usd=Decimal(1000)), basis=basis(), note="Thừa số 0", **deed)
    assert (right.kind, right.stands_as, right.supersedes, right.effective_on) == (
        "correction",
        "issued",
        wrong,
        wrong.effective_on,
    )
    assert ledger.position(project).usd == 1000
    assert Project.objects.in_force(on=TODAY).get() == project


def test_corrected_figure_is_still_had_as_it_was_known(deed):
    project = factories.make_project(usd="100")
    ledger.correct(change=project.changes.get(), capital=Capital(usd=Decimal(1000)), basis=basis(), note="x", **deed)
    before = at("2026-03-03 09:14")
    assert ledger.position(project, known=before).usd == 100
    assert Project.objects.with_position(on=TODAY, known=before).get().registered_usd == 100


def test_correct_demands_a_reason_and_the_latest_row(deed):
    change = factories.make_project(usd="100").changes.get()
    with pytest.raises(LedgerRefused, match="lý do"):
        ledger.correct(change=change, capital=Capital(usd=Decimal(1)), basis=basis(), note=" ", **deed)
    ledger.correct(change=change, capital=Capital(usd=Decimal(1)), basis=basis(), note="x", **deed)
    with pytest.raises(LedgerRefused, match="dòng mới nhất"):
        ledger.correct(change=change, capital=Capital(usd=Decimal(2)), basis=basis(), note="x", **deed)


def test_adjust_older_than_the_last_change_is_refused(deed):
    project = factories.make_project(usd="100", on=date(2021, 5, 10))
    ledger.adjust_capital(project=project, to=Capital(usd=Decimal(150)), basis=basis(on=date(2024, 5, 10)), **deed)
    with pytest.raises(LedgerRefused, match="10/05/2024"):
        ledger.adjust_capital(project=project, to=Capital(usd=Decimal(90)), basis=basis(on=date(2024, 5, 9)), **deed)
    assert ledger.position(project).usd == 150


def test_correct_of_an_ended_project_leaves_it_empty(deed):
    project = factories.make_project(usd="100", on=date(2021, 5, 10))
    ended = ledger.terminate(project=project, basis=basis("13/QĐ-BQL", date(2024, 1, 5)), **deed)
    issued = project.changes.get(kind="issued")
    ledger.correct(change=issued, capital=Capital(usd=Decimal(130)), basis=basis(), note="Gõ nhầm", **deed)
    assert ledger.position(project, on=date(2023, 1, 1)).usd == 130
    assert (ledger.position(project).usd, ended.superseded_by.capital_usd) == (0, -130)
    assert (ended.superseded_by.stands_as, ended.superseded_by.effective_on) == ("terminated", date(2024, 1, 5))


def test_end_is_final_though_the_certificate_of_the_same_day_is_corrected(deed):
    project = factories.make_project(usd="100", on=TODAY)
    issued = project.changes.get()
    ledger.terminate(project=project, basis=basis(), **deed)
    ledger.correct(change=issued, capital=Capital(usd=Decimal(130)), basis=basis(), note="Gõ nhầm", **deed)
    assert Project.objects.with_position(on=TODAY).get().status == "terminated"
    assert not Project.objects.in_force(on=TODAY).exists()


@pytest.mark.parametrize(
    ("kind", "changed", "sentence"),
    [
        ("issued", {"effective_on": date(2026, 3, 4)}, "sai thứ tự ngày"),
        ("issued", {"effective_on": date(2023, 1, 1)}, "sai thứ tự ngày"),
        ("terminated", {"effective_on": date(2022, 1, 1)}, "sai thứ tự ngày"),
        ("terminated", {"capital": Capital(usd=Decimal(-90))}, "phải về 0"),
        ("capital", {"capital": Capital(usd=Decimal(-101))}, "sẽ âm"),
    ],
)
def test_correct_that_would_break_the_course_is_refused(deed, kind, changed, sentence):
    project = factories.make_project(usd="100", on=date(2021, 5, 10))
    ledger.adjust_capital(project=project, to=Capital(usd=Decimal(150)), basis=basis(on=date(2022, 5, 10)), **deed)
    ledger.terminate(project=project, basis=basis(on=date(2024, 1, 5)), **deed)
    with pytest.raises(LedgerRefused, match=sentence):
        ledger.correct(change=project.changes.get(kind=kind), basis=basis(), note="Gõ nhầm", **changed, **deed)
    assert (project.changes.count(), ledger.position(project).usd) == (3, 0)


def test_deed_entered_late_dates_land_and_tenure_alike(deed):
    plot, decided = factories.make_plot(on=date(2026, 1, 5)), basis(on=date(2026, 2, 2))
    ledger.register(
        what=particulars(), capital=HUNDRED, shares=[], basis=decided, plot=plot, area_m2=plot.area_m2, **deed
    )
    ledger.terminate(project=Project.objects.get(), basis=basis(on=date(2026, 2, 20)), **deed)
    days = [date(2026, 2, 1), date(2026, 2, 2), date(2026, 2, 19), date(2026, 2, 20)]
    assert [plot.standing(on=day).status for day in days] == ["available", "leased", "leased", "handed_back"]
    assert [Tenure.objects.standing(on=day).count() for day in days] == [0, 1, 1, 0]


def test_position_is_read_from_the_changes(deed):
    project = factories.make_project(usd="100", on=date(2021, 5, 10))
    ledger.adjust_capital(project=project, to=Capital(usd=Decimal(150)), basis=basis(), **deed)
    old = Project.objects.with_position(on=date(2022, 1, 1)).get()
    new = Project.objects.with_position(on=TODAY).get()
    assert [(p.status, p.registered_usd) for p in (old, new)] == [("in_force", 100), ("in_force", 150)]


def test_project_before_its_certificate_is_not_in_force(deed):
    factories.make_project(on=date(2021, 5, 10))
    assert not Project.objects.in_force(on=date(2021, 5, 9)).exists()


def test_database_refuses_to_edit_or_delete_a_change(deed):
    change = factories.make_project().changes.get()
    for attempt in (
        lambda: Change.objects.update(note="khác"),
        lambda: Change.objects.filter(pk=change.pk).delete(),
        lambda: change.save(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()
    assert Change.objects.get().note == ""


def test_database_lets_only_sample_changes_go(deed):
    project = factories.make_project(is_sample=True)
    gone = [rows.all().delete()[0] for rows in (project.contributions, project.classifications, project.changes)]
    assert gone == [1, 1, 1]


def test_database_refuses_a_second_open_tenure_of_one_plot(deed):
    plot = factories.make_plot()
    factories.make_project(plot=plot)
    other = factories.make_project()
    with pytest.raises(IntegrityError), transaction.atomic():
        Tenure.objects.create(project=other, plot=plot, area_m2=1, starts_on=TODAY)


def test_figure_counts_sample_rows_only_while_no_real_project_exists(deed):
    factories.make_project(is_sample=True)
    assert Project.objects.countable().count() == 1
    real = factories.make_project()
    assert list(Project.objects.countable()) == [real]
