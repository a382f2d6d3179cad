"""An enterprise that comes to the board for the first time is entered once, and its history says by whom and why."""

import pytest

from projects import enrolment
from projects.models import Enterprise
from tests import factories

TAX_CODE = "4600123456"

pytestmark = pytest.mark.django_db


def enrol(name, by=None, reason="Ghi tại quầy."):
    return enrolment.enrol(Enterprise(tax_code=TAX_CODE, name_vi=name), by=by, reason=reason)


def test_enterprise_is_entered_and_its_history_says_why():
    clerk = factories.make_staff("reception")
    made = enrol("Công ty A", by=clerk)
    assert enrolment.find(TAX_CODE) == made
    assert list(made.history.values_list("history_user", "history_change_reason")) == [(clerk.pk, "Ghi tại quầy.")]


def test_two_at_once_make_one_row():
    first, second = enrol("Công ty A"), enrol("Công ty A (nhập lại)")
    assert (second.pk, second.name_vi, Enterprise.objects.count()) == (first.pk, "Công ty A", 1)
    assert first.history.count() == 1


def test_unknown_code_is_nobodys():
    assert enrolment.find("") is None
