"""What a grant would change, said before it is done: old and new, and which public totals move."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from onestop import effects, workflow
from onestop.models import Dossier
from projects import ledger
from projects.ledger import LedgerRefused
from projects.models import Change, Investor, Project
from tests import factories
from tests.factories import at
from zones.models import Plot

TODAY = at("2026-03-03 09:15").date()

pytestmark = pytest.mark.django_db


def lines(dossier):
    return {str(line.label): (line.old, line.new) for line in effects.preview(dossier, on=TODAY)}


def test_preview_of_a_new_project_shows_plot_capital_and_totals(catalogue):
    factories.make_project(usd="1000", origin="fdi")
    factories.make_project(origin="ddi")
    told = lines(factories.make_dossier(plot=factories.make_plot("CN-77"), project_code="9812345678"))
    assert told["Lô SC2-CN-77"] == ("Còn trống", "Đã cho thuê")
    assert told["Mã số dự án"] == (None, "9812345678")
    assert told["Số dự án còn hiệu lực"] == (1, 2)
    assert told["Vốn FDI đăng ký"] == (1000, 12501000)


def test_preview_of_an_adjustment_shows_old_and_new_capital(catalogue):
    enterprise = factories.make_enterprise()
    project = factories.make_project(usd="12500000", enterprise=enterprise)
    told = lines(factories.make_dossier("1.009647", project=project, enterprise=enterprise))
    assert told == {"Vốn đăng ký, USD": (12500000, 20000000), "Vốn FDI đăng ký": (12500000, 20000000)}


def test_first_real_project_starts_its_totals_from_nothing(catalogue):
    factories.make_project(is_sample=True)
    told = lines(factories.make_dossier())
    assert told["Số dự án còn hiệu lực"] == (0, 1)


def test_sample_dossier_beside_a_real_project_moves_no_total(catalogue):
    factories.make_project()
    mau = factories.make_enterprise("Công ty Mẫu", is_sample=True)
    told = lines(factories.make_dossier(enterprise=mau, is_sample=True))
    assert "Số dự án còn hiệu lực" not in told


@pytest.mark.parametrize(
    ("kept", "used"),
    [((), "new"), (("",), 0), (("", "123-45-67890"), 1), (("999-99-99999",), "new"), (("", ""), 0)],
)
def test_grant_enters_no_investor_twice(catalogue, kept, used):
    rows = [factories.make_investor("Mau Precision Co.", identifier=number) for number in kept]
    dossier = factories.advance(factories.make_dossier(), "numbering")
    investor = dossier.project.contributions.get().investor
    assert investor.pk == rows[used].pk if used != "new" else investor not in rows
    assert Investor.objects.filter(name="Mau Precision Co.").count() == len(rows) + (used == "new")


@pytest.mark.parametrize(
    ("decided_on", "years", "until"),
    [
        (date(2028, 2, 29), 50, date(2078, 2, 28)),
        (date(2028, 2, 29), 48, date(2076, 2, 29)),
        (date(2026, 3, 31), 50, date(2076, 3, 31)),
        (date(2026, 3, 31), 0, None),
    ],
)
def test_term_ends_on_the_anniversary_of_the_decision(decided_on, years, until):
    dossier = Dossier(decided_on=decided_on, answers={"term_years": years})
    assert effects.term_until(dossier) == until


@pytest.mark.parametrize(("code", "changes"), [("1.009664", 0), ("1.009647", 1)])
def test_preview_only_reads(catalogue, code, changes):
    dossier = factories.make_dossier(code)
    with CaptureQueriesContext(connection) as asked:
        effects.preview(dossier, on=TODAY)
    assert {query["sql"].split()[0] for query in asked} == {"SELECT"}
    assert Change.objects.count() == changes


@pytest.fixture
def ending(catalogue):
    """A dossier that asks to end a project which holds a plot."""
    factories.make_procedure("1.009657", "Chấm dứt dự án", effect="terminate")
    enterprise = factories.make_enterprise()
    project = factories.make_project(plot=factories.make_plot("CN-78"), usd="1000", enterprise=enterprise)
    answers = {"reason": "Hết nhu cầu"}
    return factories.make_dossier("1.009657", project=project, enterprise=enterprise, answers=answers)


def test_preview_of_an_end_shows_what_leaves_the_totals(ending):
    assert lines(ending) == {
        "Tình trạng dự án": ("Còn hiệu lực", "Đã chấm dứt"),
        "Diện tích thuê": (65000, 0),
        "Vốn đăng ký, USD": (1000, 0),
        "Số dự án còn hiệu lực": (1, 0),
        "Vốn FDI đăng ký": (1000, 0),
    }


def test_preview_of_the_end_of_a_suspended_project_names_its_status(ending):
    day = date(2025, 1, 6)
    Change.objects.create(
        project=ending.project, kind="suspended", stands_as="suspended", effective_on=day, decision_on=day,
        decision_number="1/QĐ",
    )  # fmt: skip
    assert lines(ending)["Tình trạng dự án"] == ("Tạm ngừng", "Đã chấm dứt")


def test_grant_of_an_end_frees_the_plot_and_enters_the_change(ending):
    after = factories.advance(ending, "numbering")
    plot = Plot.objects.get(number="CN-78")
    assert (after.outcome.kind, after.outcome.capital_usd, after.outcome.area_m2) == ("terminated", -1000, -65000)
    assert after.outcome.decision_number == after.decision_number
    assert (plot.standing(on=TODAY).status, Project.objects.in_force(on=TODAY).count()) == ("handed_back", 0)


def asking(effect, **answers):
    """A dossier of a project of its enterprise, in a procedure with that effect."""
    factories.make_procedure("1.009000", "Thủ tục thử", effect=effect)
    enterprise = factories.make_enterprise()
    project = factories.make_project(enterprise=enterprise, term_until=date(2050, 1, 1))
    return factories.make_dossier("1.009000", project=project, enterprise=enterprise, answers=answers)


def test_grant_of_an_extension_sets_the_term(catalogue):
    dossier = asking("extend_term", extended_until="2060-01-01", reason="Mở rộng")
    assert lines(dossier) == {"Thời hạn dự án đến ngày": ("01/01/2050", "01/01/2060")}
    after = factories.advance(dossier, "numbering")
    assert (after.outcome.kind, after.outcome.note) == ("term", "Mở rộng")
    assert Project.objects.get(pk=after.project_id).term_until == date(2060, 1, 1)


def test_grant_of_a_suspension_suspends_the_project(catalogue):
    dossier = asking("suspend", suspension_scope="whole", reason="Khó khăn")
    assert lines(dossier) == {"Tình trạng dự án": ("Còn hiệu lực", "Tạm ngừng")}
    after = factories.advance(dossier, "numbering")
    assert (after.outcome.kind, ledger.status_of(after.project)) == ("suspended", "suspended")


def test_suspension_in_part_changes_nothing_in_the_register(catalogue):
    dossier = asking("suspend", suspension_scope="part")
    assert lines(dossier) == {}
    assert (factories.advance(dossier, "numbering").outcome, Change.objects.filter(kind="suspended").count()) == (
        None,
        0,
    )


@pytest.mark.parametrize(("code", "gone"), [("1.009664", "plot"), ("1.009647", "project")])
def test_grant_without_its_object_is_refused_in_words(catalogue, code, gone):
    dossier = factories.advance(factories.make_dossier(code), "leader_sign")
    Dossier.objects.filter(pk=dossier.pk).update(**{gone: None})
    with pytest.raises(LedgerRefused, match="Hồ sơ chưa chọn"):
        workflow.take(dossier, "grant", by=factories.make_staff("leader"), at=at("2026-03-03 10:00"))
    assert Dossier.objects.get().decision_number is None
