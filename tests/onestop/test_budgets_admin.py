"""Setting budgets of stations beside a version's limits, and the marks of those that were exceeded."""

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse

from izportal.management.sample import removal
from onestop import pace
from onestop.models import Pace, Procedure, Stage, StageBudget
from tests import factories
from tests.factories import advance, at

NOW = at("2026-03-18 10:00")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fixed_moment():
    with time_machine.travel(NOW, tick=False):
        yield


def typed(page, **hours):
    """The form of a version as it was opened, with budgets typed in."""
    fields = {}
    forms = [page.context["adminform"].form, *(form for group in page.context["inline_admin_formsets"]
             for form in (group.formset.management_form, *group.formset.forms))]  # fmt: skip
    for form in forms:
        for bound in form:
            value = bound.value()
            fields[bound.html_name] = "" if value is None or value is False else value
    for place, (stage, said) in enumerate(hours.items()):
        fields |= {f"budgets-{place}-stage": stage, f"budgets-{place}-hours": said}
    return fields | {"budgets-TOTAL_FORMS": len(hours)}


def save(client, person, version, **hours):
    client.force_login(person)
    address = reverse("admin:onestop_procedureversion_change", args=[version.pk])
    return client.post(address, typed(client.get(address), **hours) | {"change_reason": "Quyết định 12/QĐ-BQL"})


@pytest.fixture
def version(catalogue):
    return catalogue["1.009647"].versions.get()


def test_budgets_are_set_beside_the_limits(client, version):
    answer = save(client, factories.make_staff("administrator"), version, review="9", leader="2,5")
    assert answer.status_code == 302
    assert dict(StageBudget.objects.values_list("stage", "hours")) == {"review": 9, "leader": 2.5}


def test_budgets_beyond_the_limit_are_refused_with_the_sums(client, version):
    answer = save(client, factories.make_staff("administrator"), version, review="40")
    assert answer.status_code == 200 and not StageBudget.objects.exists()
    assert (
        "Tổng thời gian các khâu là 62,4 giờ, vượt thời hạn quy định (Trường hợp th2: 56 giờ làm việc)."
        in answer.content.decode()
    )


def test_station_over_its_budget_is_marked_in_the_file_and_the_list(client, catalogue):
    people = factories.make_people()
    dossier = advance(factories.make_dossier(), "in_review", people=people, start=at("2026-03-17 09:15"))
    client.force_login(people["leader"])
    pages = [reverse("admin:onestop_dossier_change", args=[dossier.pk]), reverse("admin:onestop_dossier_changelist")]
    marks = ["Vượt mức", "Khâu vượt mức"]
    assert [mark in client.get(page).content.decode() for page, mark in zip(pages, marks, strict=True)] == [False] * 2
    StageBudget.objects.create(version=dossier.version, stage=Stage.REVIEW, hours=5)
    assert [mark in client.get(page).content.decode() for page, mark in zip(pages, marks, strict=True)] == [True] * 2


def desk_of(client, person):
    client.force_login(person)
    return client.get(reverse("admin:index")).content.decode()


def set_pace(hours):
    procedure = Procedure.objects.get(code="1.009664")
    for stage in Stage:
        Pace.objects.create(procedure=procedure, stage=stage, hours=hours, count=9, measured_at=NOW)


def test_desk_tells_what_will_be_late_this_week(client, catalogue):
    people = factories.make_people()
    dossier = advance(factories.make_dossier(), "in_review", people=people, start=at("2026-03-05 09:15"))
    assert "chưa đủ dữ liệu để dự báo" in desk_of(client, people["leader"])
    set_pace(40)
    pages = {role: desk_of(client, people[role]) for role in ("leader", "specialist", "clerk")}
    told = "1 trong 1 hồ sơ đến hạn từ nay đến hết ngày 22/03/2026"
    assert {role: told in page for role, page in pages.items()} == {"leader": True, "specialist": True, "clerk": False}
    assert "ít nhất 9 hồ sơ" in pages["leader"]
    page = client.get(reverse("admin:onestop_dossier_forecast")).content.decode()
    assert "Vai trò của bạn không giải quyết hồ sơ" in page
    client.force_login(people["head"])
    assert str(dossier) in client.get(reverse("admin:onestop_dossier_forecast")).content.decode()


def test_pace_is_measured_at_night_and_goes_with_the_sample(catalogue):
    advance(factories.make_dossier(), "delivered", start=at("2026-03-16 09:15"))
    call_command("tick", verbosity=0)
    assert Pace.objects.count() == 7
    assert pace.measure_daily(at=NOW) == 0
    removal.remove()
    assert Pace.objects.count() == 0
