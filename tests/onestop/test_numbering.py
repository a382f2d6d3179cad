"""Numbers of the counter: no gap, no duplicate, series of their own for samples; also with many hands at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction

from izportal.models import Rule
from onestop import numbering, workflow
from onestop.models import Dossier, Series
from tests import factories
from tests.factories import at

MOMENT = at("2026-03-03 09:15")


@pytest.mark.django_db(transaction=True)
def test_draw_outside_a_transaction_is_refused():
    with pytest.raises(RuntimeError):
        numbering.draw("x")


@pytest.mark.django_db
def test_draw_counts_from_one_and_a_rollback_gives_the_number_back():
    with transaction.atomic():
        assert [numbering.draw("x"), numbering.draw("x"), numbering.draw("y")] == [1, 2, 1]
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        numbering.draw("x")
        raise ZeroDivisionError
    with transaction.atomic():
        assert numbering.draw("x") == 3


@pytest.mark.django_db
def test_code_serial_starts_anew_each_day_and_reference_each_year(catalogue):
    dossier = factories.make_dossier()
    with transaction.atomic():
        days = [
            numbering.code(dossier, MOMENT),
            numbering.code(dossier, MOMENT),
            numbering.code(dossier, MOMENT + timedelta(days=1)),
        ]
        years = [numbering.reference(dossier, MOMENT), numbering.reference(dossier, MOMENT + timedelta(days=365))]
    assert days == ["H55-260303-0001", "H55-260303-0002", "H55-260304-0001"]
    assert years == ["XN26-000001", "XN27-000001"]


@pytest.mark.django_db
def test_code_uses_the_local_day_not_the_utc_day(catalogue):
    dossier = factories.make_dossier()
    with transaction.atomic():
        assert numbering.code(dossier, at("2026-03-04 00:30")) == "H55-260304-0001"


def at_once(deed, arguments, hands=8):
    """Call `deed` for each argument from several threads; what each returned or raised."""

    def one(argument):
        try:
            return deed(argument)
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(hands) as pool:
        return list(pool.map(one, arguments))


def file_and_receive(many):
    """`many` filings, then as many receptions, from 8 threads."""
    factories.make_catalogue()
    people = factories.make_people()
    drafts = [factories.make_dossier("1.009664") for _number in range(many)]
    filed = at_once(lambda d: workflow.take(d, "submit", by=d.created_by, at=MOMENT).reference, drafts)
    received = at_once(lambda d: workflow.take(d, "receive", by=people["reception"], at=MOMENT).code, drafts)
    return filed, received


def check_consecutive(many, filed, received):
    assert sorted(map(str, filed)) == [f"XN26-{n:06d}" for n in range(1, many + 1)]
    assert sorted(map(str, received)) == [f"H55-260303-{n:04d}" for n in range(1, many + 1)]
    assert Dossier.objects.filter(status="received").count() == many
    assert set(Series.objects.filter(key__startswith="code:").values_list("last", flat=True)) == {many}


@pytest.mark.django_db(transaction=True)
def test_filings_and_receptions_at_once_get_consecutive_numbers():
    check_consecutive(12, *file_and_receive(12))


@pytest.mark.prove
@pytest.mark.django_db(transaction=True)
def test_fifty_filings_and_receptions_at_once_get_consecutive_numbers():
    check_consecutive(50, *file_and_receive(50))


@pytest.mark.django_db(transaction=True)
def test_ten_submits_of_one_draft_make_one_reference():
    factories.make_catalogue()
    draft = factories.make_dossier()
    answers = at_once(lambda d: workflow.take(d, "submit", by=d.created_by, at=MOMENT).reference, [draft] * 10)
    assert [a for a in answers if isinstance(a, str)] == ["XN26-000001"]
    assert all(isinstance(a, str | workflow.StepRefused) for a in answers)


@pytest.mark.django_db(transaction=True)
def test_two_grants_racing_for_one_plot_have_one_winner():
    factories.make_catalogue()
    people, plot = factories.make_people(), factories.make_plot()
    rivals = [
        factories.advance(factories.make_dossier(plot=plot), "leader_sign", people=people) for _number in range(4)
    ]
    # Nobody holds a reservation: the race is for the plot itself.
    factories.free(plot, MOMENT)
    answers = at_once(lambda d: workflow.take(d, "grant", by=people["leader"], at=MOMENT).decision_number, rivals)
    assert [a for a in answers if isinstance(a, str)] == ["1/2026/QĐ-BQL"]
    assert sum(isinstance(a, workflow.PlotTaken) for a in answers) == 3


@pytest.mark.django_db
def test_code_carries_the_boards_own_code_once_it_is_known(catalogue):
    Rule.objects.filter(code="agency_sub_code").update(value="H55.12")
    with transaction.atomic():
        assert numbering.code(factories.make_dossier(), MOMENT) == "H55.12-260303-0001"
