"""The desk and the worklist are drawn once for each reader, and anew as soon as what they show has changed."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.template import Context
from django.test.utils import CaptureQueriesContext

from izportal.models import CalendarDay, Rule, User
from onestop import version, workflow
from onestop.models import Absence, Dossier, Message, Procedure
from onestop.templatetags.desk import desk
from projects.models import Enterprise
from tests import factories
from tests.factories import advance, at

NOW = at("2026-03-18 10:00")
pytestmark = pytest.mark.django_db
DESK, LIST = "/admin/", "/admin/onestop/dossier/"
# What says who is reading, which the key of a part names, and the version itself.
OF_THE_READER = {"django_session", "auth_permission", "auth_group_permissions", "django_content_type"}
OF_THE_READER |= {"izportal_user_user_permissions", "onestop_counterchange"}


@pytest.fixture
def people(catalogue):
    return factories.make_people()


@pytest.fixture
def walked(people, time_machine):
    time_machine.move_to(NOW, tick=False)
    start = at("2026-03-17 09:15")
    return lambda status: advance(factories.make_dossier(), status, people=people, start=start)


@pytest.fixture
def officer(client, people, walked):
    walked("in_review")
    client.force_login(people["specialist"])
    return people["specialist"]


def shown(client, address=LIST):
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", client.get(address).content.decode())


WRITES = {
    "a step": lambda dossier, officer: workflow.take(
        dossier, "ask_supplement", by=officer, at=NOW, items=["x"], reason="y"
    ),
    "another officer": lambda dossier, officer: Dossier.objects.update(assigned_to=factories.make_staff("specialist")),
    "a later date": lambda dossier, officer: Dossier.objects.update(due_at=NOW + timedelta(days=99)),
    "an enterprise renamed": lambda dossier, officer: Enterprise.objects.update(name_vi="Công ty Tên Mới"),
    "a procedure renamed": lambda dossier, officer: Procedure.objects.update(name_vi="Thủ tục tên mới"),
    "a message": lambda dossier, officer: Message.objects.create(dossier=dossier, by=dossier.created_by, text="Hỏi"),
    "a day off": lambda dossier, officer: CalendarDay.objects.create(day=NOW.date() + timedelta(days=1), name="Nghỉ"),
    "a rule": lambda dossier, officer: Rule.objects.filter(code="due_soon_days").update(value="90"),
}


@pytest.mark.parametrize("name", WRITES)
@pytest.mark.parametrize("address", [DESK, LIST])
def test_page_changes_with_what_it_shows(client, officer, address, name):
    before = shown(client, address)
    assert shown(client, address) == before
    WRITES[name](Dossier.objects.get(), officer)
    assert shown(client, address) != before


def test_page_asks_little_until_something_changes(client, officer, django_assert_num_queries):
    """The desk tells besides what people ask and comment, anew each time."""
    for address, queries in ((DESK, 5), (LIST, 4)):
        shown(client, address)
        with django_assert_num_queries(queries):
            shown(client, address)


def test_new_minute_tells_the_time_anew(client, officer, time_machine):
    before = shown(client)
    time_machine.move_to(NOW + timedelta(minutes=1), tick=False)
    assert shown(client) != before


def test_kept_pages_are_apart_by_reader_role_and_address(client, officer, people):
    mine = shown(client)
    assert shown(client, f"{LIST}?tab=late") != mine != shown(client, f"/en{LIST}")
    officer.groups.clear()
    assert client.get(LIST).status_code == 403
    client.force_login(people["head"])
    assert shown(client) != mine


def test_everything_that_is_read_is_watched(client, people, walked):
    for status in ("submitted", "in_review", "leader_sign", "delivered"):
        walked(status)
    away, stand_in = people["specialist"], factories.make_staff("specialist")
    Absence.objects.create(person=away, substitute=stand_in, starts_on=NOW, ends_on=NOW, made_by=away)
    superuser = User.objects.create_superuser("a@mau.example", "x", full_name="A", is_staff=True)
    asked = set()
    for reader in [*people.values(), stand_in, superuser]:
        client.force_login(reader)
        with CaptureQueriesContext(connection) as queries:
            for address in (LIST, f"{LIST}?q=cong+ty", f"{LIST}?tab=done"):
                client.get(address)
            desk(Context({"request": client.get(LIST).wsgi_request}))
        asked |= {table for row in queries for table in re.findall(r'(?:FROM|JOIN) "(\w+)"', row["sql"])}
    assert asked - set(version.TABLES) - OF_THE_READER == set()
