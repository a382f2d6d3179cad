"""Who may act for an enterprise: capacities include each other, approval and end date count."""

from datetime import timedelta

import pytest
from django.utils import timezone

from projects import mandates
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("capacity", "expected"),
    [("view", (True, False, False)), ("prepare", (True, True, False)), ("sign", (True, True, True))],
)
def test_capacity_includes_the_lesser_ones(enterprise, capacity, expected):
    user = factories.make_user(mandate_of=enterprise, capacity=capacity)
    assert tuple(mandates.may(user, enterprise, wanted) for wanted in ("view", "prepare", "sign")) == expected


def test_mandate_not_approved_counts_for_nothing(enterprise):
    user = factories.make_user(mandate_of=enterprise)
    user.mandates.update(approved_at=None)
    assert not mandates.may(user, enterprise, "view")


def test_mandate_counts_on_its_last_day_and_not_after(enterprise):
    user = factories.make_user(mandate_of=enterprise)
    today = timezone.localdate()
    user.mandates.update(until=today)
    assert mandates.may(user, enterprise, "sign")
    user.mandates.update(until=today - timedelta(days=1))
    assert not mandates.may(user, enterprise, "sign")


def test_stranger_has_no_enterprise(enterprise, stranger):
    assert enterprise not in mandates.enterprises_of(stranger)
