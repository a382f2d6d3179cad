"""Who did what: one line of time over every table that keeps a trace, read by those who look after the records."""

import csv
from datetime import date

import pytest
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.urls import reverse

from izportal import timeline
from izportal.models import Rule
from izportal.press.models import Edition, Item
from izportal.reasons import because
from izportal.timeline.facts import of_event
from onestop import workflow
from onestop.models import Dossier, Event
from tests import factories
from zones.models import UtilityCapacity

pytestmark = pytest.mark.django_db
PAGE = "timeline"


@pytest.fixture
def auditor(client):
    person = factories.make_staff("auditor")
    client.force_login(person)
    return person


@pytest.fixture
def deeds(auditor):
    """A rule made and changed, a plot, and a line of the back office's own log."""
    person = factories.make_staff("administrator")
    with because("Nghị định mới"):
        rule = Rule(code="thu", name_vi="Quy định thử", value="3", valid_from=date(2020, 1, 1))
        rule._history_user = person
        rule.save()
        rule.value = "5"
        rule.save()
    LogEntry.objects.log_actions(person.pk, [rule], CHANGE, "Đã xem lại", single_object=True)
    return person, rule


def rows(client, **asked):
    page = client.get(reverse(PAGE), asked)
    return [(row["deed"], row["line"].code, row["line"].name, row["why"]) for row in page.context["rows"]]


def test_all_tables_stand_in_one_line_of_time(client, deeds):
    _person, rule = deeds
    told = rows(client)
    assert told[0] == ("Sửa", "log", str(rule), "Đã xem lại")
    said = ("izportal.rule", rule.name_vi, "Nghị định mới")
    assert told[1:3] == [("Sửa", *said), ("Thêm", *said)]
    assert {line[1] for line in told} >= {"log", "izportal.rule", "izportal.user"}


def test_lines_are_narrowed_by_person_table_record_day_and_words(client, deeds):
    person, rule = deeds
    assert rows(client, table="izportal.rule", key=rule.pk) == rows(client, q="nghị định")
    assert len(rows(client, who="administrator", table="izportal.rule")) == 2
    assert rows(client, who="Nguyễn Không Ai") == []
    today = f"{rule.history.first().history_date:%d/%m/%Y}"
    assert len(rows(client, table="izportal.rule", since=today, until=today)) == 2
    assert rows(client, table="izportal.rule", until="01/01/2020") == []


@pytest.mark.parametrize(
    "asked",
    [
        {"table": "x.y"}, {"key": "1"}, {"table": "event", "key": "1"}, {"since": "32/13/2026"}, {"after": "x"},
        {"after": "2026-01-01T00:00:00+00:00|event|x"}, {"after": "2026-01-01T00:00:00|event|1"},
    ],
)  # fmt: skip
def test_senseless_question_is_told(client, auditor, asked):
    page = client.get(reverse(PAGE), asked)
    assert (page.status_code, len(page.context["form"].errors), "rows" in page.context) == (200, 1, False)


def test_pages_hold_every_line_once_in_order(client, deeds, monkeypatch):
    monkeypatch.setattr("izportal.timeline.views.PAGE", 2)
    plot = factories.make_plot()
    for _again in range(3):
        plot._history_date = plot.history.first().history_date
        plot.save()
    found, after = [], ""
    while True:
        page = client.get(reverse(PAGE), {"after": after} if after else {})
        found += [row["line"].place for row in page.context["rows"]]
        after = page.context["next"]
        if not after:
            break
    assert found == sorted(set(found), reverse=True)
    whole = timeline.look(timeline.Asked(), timeline.sources().values(), after=None, most=1000)
    assert found == [line.place for line in whole]


def test_line_opens_with_before_and_after(client, deeds):
    _person, rule = deeds
    changed = rule.history.first()
    page = client.get(reverse("timeline_line", args=["izportal.rule", changed.pk]))
    assert (page.context["facts"], page.context["why"]) == ([("Giá trị", "3", "5")], "Nghị định mới")
    assert page.context["page"] == reverse("admin:izportal_rule_change", args=[rule.pk])
    made = client.get(reverse("timeline_line", args=["izportal.rule", changed.prev_record.pk]))
    assert ("giá trị", "", "3") in made.context["facts"]


@pytest.mark.parametrize(
    "code, pk", [("x.y", "1"), ("izportal.rule", "0"), ("izportal.rule", "x"), ("event", "9" * 30)]
)
def test_line_that_does_not_exist_is_not_found(client, auditor, code, pk):
    assert client.get(reverse("timeline_line", args=[code, pk])).status_code == 404


def test_event_of_a_dossier_is_told_in_its_words(client, auditor, catalogue):
    dossier = factories.advance(factories.make_dossier(), "received")
    told = rows(client, table="event", key=str(dossier.pk))
    assert told[0] == (workflow.label("receive"), "event", dossier.code, "")
    event = dossier.events.get(step="receive")
    facts = client.get(reverse("timeline_line", args=["event", event.pk])).context["facts"]
    assert facts[0] == ("Trạng thái", Dossier.Status("submitted").label, Dossier.Status("received").label)


def test_event_says_what_was_kept_with_it_in_words(client, auditor, catalogue):
    dossier = factories.advance(factories.make_dossier(), "delivered")
    told = {}
    for event in dossier.events.all():
        facts = client.get(reverse("timeline_line", args=["event", event.pk])).context["facts"]
        told |= {name: after for name, _before, after in facts}
    assert (told["Kênh"], told["So với hạn"]) == ("Tại Một cửa", "trước hạn")
    assert told["Số quyết định"] == dossier.decision_number
    assert [name for name in told if name.isascii() and name.islower()] == []


@pytest.mark.parametrize(
    "data, fact",
    [
        ({"letter": {"vi": {"heading": "Giấy chứng nhận"}}, "told": "x"}, ("Văn bản", "", "Giấy chứng nhận")),
        ({"bodies": ["Sở A", "Sở B"]}, ("Cơ quan phối hợp", "", "Sở A, Sở B")),
        ({"due_at": "hôm nay"}, ("Hạn trả kết quả", "", "hôm nay")),
        ({"changes": [["Vốn", "1", "2"]]}, ("Vốn", "1", "2")),
    ],
)
def test_data_of_an_event_is_told(data, fact):
    assert of_event(Event(data=data))[1:] == [fact]


def test_lines_name_their_record_in_words(client, auditor, moment):
    edition = Edition.objects.create(item=Item.objects.create(kind="page", slug="gioi-thieu"), title="Về Ban")
    water = UtilityCapacity.objects.create(
        zone=factories.make_zone(), kind="water", amount=8, effective_on=date(2025, 1, 1), stated_on=date(2025, 1, 1)
    )
    found = [timeline.sources()[code] for code in ("press.edition", "press.item", "zones.utilitycapacity")]
    lines = timeline.look(timeline.Asked(), found, after=None, most=9)
    assert [line.name for line in lines] == [water.zone.name, edition.title, "gioi-thieu"]
    page = client.get(reverse(PAGE), {"table": "izportal.user"})
    assert {row["name"] for row in page.context["rows"]} == {str(auditor)}


def test_new_row_is_told_with_what_it_points_at(client, auditor):
    plot = factories.make_plot()
    line = plot.history.last()
    facts = client.get(reverse("timeline_line", args=["zones.plot", line.pk])).context["facts"]
    told = {name: after for name, _before, after in facts}
    assert (told["khu công nghiệp"], "folded" in told) == (str(plot.zone), False)


def test_file_holds_what_the_page_shows(client, deeds):
    answer = client.get(reverse("timeline_csv"), {"table": "izportal.rule"})
    lines = list(csv.reader(b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()))
    told = [deeds[1].name_vi, str(deeds[1].pk), "Nghị định mới"]
    assert [[line[2], *line[4:]] for line in lines[1:]] == [["Sửa", *told], ["Thêm", *told]]


def test_questions_to_the_database_do_not_grow(client, auditor, deeds, django_assert_num_queries):
    """One to each table, and four for who asks and who did it."""
    tables = len(timeline.readable(auditor))
    client.get(reverse(PAGE))
    for number in range(2):
        with django_assert_num_queries(tables + 4):
            client.get(reverse(PAGE))
        [factories.make_plot(f"CN-{number}{place}") for place in range(3)]


def test_leader_sees_no_lines_of_what_leaders_do_not_read(client, deeds):
    client.force_login(factories.make_staff("leader"))
    assert client.get(reverse(PAGE), {"table": "izportal.user"}).context["form"].errors.keys() == {"table"}
    assert len(rows(client, table="izportal.rule")) == 2


def test_whoever_keeps_to_some_zones_does_not_look_over_everything(client, db):
    client.force_login(factories.make_staff("auditor", zones=["DT"]))
    assert client.get(reverse(PAGE)).status_code == 403
    assert client.post(reverse(PAGE)).status_code in (403, 405)


# The auditor --------------------------------------------------------------------------------------
def pages_of(name, *args):
    return reverse(f"admin:{name}", args=args)


@pytest.mark.any_database
def test_auditor_reads_every_list_and_changes_nothing(client, auditor):
    """By machine over every model of the back office: lists open, nothing is added, changed, deleted or run."""
    wrong = []
    for model in admin.site._registry:
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        asked = [("get", pages_of(f"{name}_changelist"), (200,)), ("get", pages_of(f"{name}_add"), (403, 404))]
        asked.append(("post", pages_of(f"{name}_add"), (403, 404)))
        asked.append(("post", pages_of(f"{name}_changelist"), (200, 302, 403)))
        wrong += [(way, url) for way, url, right in asked if getattr(client, way)(url).status_code not in right]
    assert wrong == []


def test_auditor_holds_no_right_but_to_read(auditor):
    assert {right.partition(".")[2].partition("_")[0] for right in auditor.get_all_permissions()} == {"view"}


def test_auditor_opens_records_and_saves_none(client, auditor, deeds):
    _person, rule = deeds
    plot = factories.make_plot()
    for row in (rule, plot, plot.zone):
        name = f"{row._meta.app_label}_{row._meta.model_name}"
        assert client.get(pages_of(f"{name}_change", row.pk)).status_code == 200
        assert client.post(pages_of(f"{name}_change", row.pk), {"value": "9"}).status_code == 403
        assert client.post(pages_of(f"{name}_delete", row.pk), {"post": "yes"}).status_code == 403
        assert client.get(pages_of(f"{name}_history", row.pk)).status_code == 200
        for deed in admin.site._registry[type(row)].deeds:
            assert client.post(pages_of(f"{name}_{deed.slug}", row.pk), {}).status_code == 403
