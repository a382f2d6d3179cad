"""What a listing must say before the public sees it: every rule by breaking it."""

from datetime import date

import pytest

from izportal import roles
from tests import factories
from zones import completeness
from zones.models import Phase, Plot

pytestmark = pytest.mark.django_db
PRICED = {"price": 92, "price_currency": "USD", "price_basis": "m2_term", "price_on": date(2026, 1, 31)}
BREACHES = {
    "price": {**PRICED, "price": 0},
    "price_day": {**PRICED, "price_on": None},
    "english": {"description_vi": "Gần cổng", "description_en": ""},
}


def codes(plot):
    return [rule.code for rule in completeness.broken(plot)]


def test_plot_without_price_and_technical_facts_is_complete(make_plot):
    assert codes(make_plot("CN-01")) == []
    assert codes(make_plot("CN-02", **PRICED, description_vi="Gần cổng", description_en="By the gate")) == []
    assert Plot.objects.published().count() == 2


@pytest.mark.parametrize("code", BREACHES)
def test_incomplete_plot_is_not_published(client, make_plot, code):
    plot = make_plot("CN-01", **BREACHES[code])
    assert (codes(plot), Plot.objects.published().exists()) == ([code], False)
    assert client.get(plot.get_absolute_url()).status_code == 404
    assert [row.number for row in completeness.breaking(Plot.objects.all(), code)] == ["CN-01"]


def test_plot_without_any_status_is_not_published(make_plot):
    plot = make_plot("CN-01")
    plot.availabilities.all().delete()
    assert (codes(plot), Plot.objects.published().exists()) == (["status"], False)


def test_plot_of_a_divided_zone_names_its_phase(zone, make_plot):
    plot = make_plot("CN-01")
    phase = Phase.objects.create(zone=zone, slug="a", name_vi="Khu A")
    assert (codes(plot), Plot.objects.published().exists()) == (["phase"], False)
    Plot.objects.filter(pk=plot.pk).update(phase=phase)
    assert (codes(plot), Plot.objects.published().exists()) == ([], True)


def test_staff_still_see_what_is_incomplete(make_plot, staff):
    make_plot("CN-01", **BREACHES["price"])
    assert Plot.objects.visible_to(staff("land")).count() == 1
    assert Plot.objects.visible_to(factories.make_user()).count() == 0


def test_every_rule_has_a_condition_a_sentence_and_a_mender():
    assert set(completeness.BY_CODE) == set(Plot.faults())
    for rule in completeness.RULES:
        assert str(rule.sentence).endswith(".")
        assert set(rule.menders) <= set(roles.BY_CODE)
        assert rule.who
