"""What state projects are in, asked of many at once."""

from datetime import date, timedelta
from itertools import product

import pytest
from django.db.models import F

from projects.models import Change, Project
from tests import factories

pytestmark = pytest.mark.django_db

FIRST, TODAY = date(2024, 1, 1), date(2026, 3, 3)


def plant(*kinds):
    """A project for each pair of kinds, its certificate before them."""
    sector, zone = factories.make_sector(), factories.make_zone()
    projects = Project.objects.bulk_create(
        Project(code=f"P{n}", name_vi=f"Dự án {n}", origin="fdi", sector=sector, zone=zone, certificate_on=FIRST)
        for n, _pair in enumerate(product(kinds, repeat=2))
    )
    Change.objects.bulk_create(
        Change(
            project=project, kind=kind, stands_as=kind, effective_on=FIRST + timedelta(days=n),
            decision_number=f"{n}/QĐ", decision_on=FIRST, recorded_at=factories.at("2024-06-01 09:00"),
        )
        for project, pair in zip(projects, product(kinds, repeat=2), strict=True)
        for n, kind in enumerate(("issued", *pair))
    )  # fmt: skip


def test_projects_of_a_state_are_those_whose_last_change_says_so():
    plant("suspended", "resumed", "terminated", "revoked", "capital")
    for on in (TODAY, FIRST + timedelta(days=1), FIRST - timedelta(days=1)):
        rows = Project.objects.with_position(on=on)
        for state in Project.Status.values:
            assert set(rows.in_state(state, on=on)) == {row for row in rows if row.status == state}


def test_a_state_is_told_as_it_was_known():
    plant("terminated")
    known = factories.at("2024-05-31 09:00")
    rows = Project.objects.with_position(on=TODAY, known=known)
    assert rows.in_state("terminated", on=TODAY, known=known).count() == 0


def test_the_state_of_a_corrected_change_is_the_corrected_one():
    plant("suspended")
    wrong = Change.objects.filter(kind="suspended").latest("effective_on")
    fields = {name: getattr(wrong, name) for name in ("project", "effective_on", "decision_number", "decision_on")}
    Change.objects.create(**fields, kind="correction", stands_as="terminated", supersedes=wrong)
    rows = Project.objects.with_position(on=TODAY)
    found = rows.in_state("terminated", on=TODAY).values_list("code", F("status"))
    assert (list(found), rows.in_state("suspended", on=TODAY).count()) == ([("P0", "terminated")], 0)
