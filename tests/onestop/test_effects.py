"""What a grant would change, said before it is done: old and new, and which public totals move."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from onestop import effects
from onestop.models import Dossier
from projects.models import Change, Investor
from tests import factories
from tests.factories import at

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
