"""Whoever keeps to zone A finds nothing of zone B: by machine over every model of the back office whose rows lie in a
zone, at every kind of address, in every count."""

from contextlib import suppress

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.test import RequestFactory
from django.urls import NoReverseMatch, reverse

import izportal.urls  # noqa: F401  the roof registers some models of its own
from izportal import roles
from onestop.models import Dossier
from tests import factories
from tests.izportal.towns import MINE, THEIRS, town
from zones.models import Plot, Zone

CLOSED = {403, 404, 405}
OURS = {"zones", "projects", "onestop", "press"}
# Ways back to another row of the same kind, which lead nowhere new.
BACK = {"supersedes", "replaced_by", "taken_from", "parent", "carried_from"}
# Texts of a planning draft are of its zone, to which no key of theirs leads.
TEXTS = {"press.Item": "consultation__zone__code", "press.Edition": "item__consultation__zone__code"}
# Every other model that the back office knows, and why its rows are of no zone.
UNSCOPED = {
    "admin.LogEntry": "tells of all zones: closed to whoever keeps to some",
    "auth.Group": "roles",
    "izportal.Act": "law",
    "izportal.CalendarDay": "law",
    "izportal.ChangeSet": "by who sent it and what it proposes (tests/izportal/test_changeset_admin.py)",
    "izportal.Division": "people",
    "izportal.Job": "tells of all zones: closed to whoever keeps to some",
    "izportal.PlanTarget": "figures that are published",
    "izportal.Publication": "figures that are published",
    "izportal.Release": "figures that are published",
    "izportal.SeriesBreak": "figures that are published",
    "izportal.Notice": "tells of all zones: closed to whoever keeps to some",
    "izportal.Rule": "law",
    "izportal.StatedFigure": "what the board states in public",
    "izportal.StoredFile": "tells of all zones: closed to whoever keeps to some",
    "izportal.User": "people",
    "izportal.Wording": "texts of letters",
    "onestop.Absence": "people",
    "onestop.CalendarChange": "law; its dossiers are those that its reader may see",
    "onestop.Component": "catalogue",
    "onestop.DecisionTemplate": "catalogue",
    "onestop.Definition": "catalogue",
    "onestop.Field": "catalogue",
    "onestop.IntakeSystem": "other systems",
    "onestop.Leg": "catalogue",
    "onestop.Pace": "times of all dossiers together",
    "onestop.Procedure": "catalogue",
    "onestop.ProcedureVersion": "catalogue",
    "onestop.Series": "numbers drawn by the whole board",
    "press.Answer": "published for everyone",
    "press.Category": "headings",
    "press.Picture": "pictures of published texts",
    "press.Question": "asked of the board by anyone, about no zone",
    "projects.Country": "lists of the register",
    "projects.Enterprise": "may have projects in many zones; those elsewhere are not shown with it",
    "projects.Investor": "may have projects in many zones; those elsewhere are not shown with it",
    "projects.Mandate": "who acts for an enterprise",
    "projects.MandateRequest": "who acts for an enterprise",
    "projects.MinistryReport": "forms of the whole board: closed to whoever keeps to some zones",
    "projects.ReportPeriod": "terms for everyone; who has reported is told within one's zones",
    "projects.Sector": "lists of the register",
    "zones.SearchWatch": "by what is searched, in any zone",
}

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def zone_path(model, depth=4, seen=()):
    """The shortest way of foreign keys from a row to its zone; None where there is none."""
    if model is Zone:
        return ""
    found = []
    for column in model._meta.fields if depth else ():
        target = column.remote_field and column.remote_field.model
        if (
            isinstance(target, type)
            and target._meta.app_label in OURS
            and target not in seen
            and column.name not in BACK
        ):
            rest = zone_path(target, depth - 1, (*seen, model))
            found += [] if rest is None else [f"{column.name}__{rest}".strip("_")]
    return min(found, key=lambda way: way.count("__"), default=None)


SCOPED = {
    model._meta.label: f"{way}__code".lstrip("_")
    for model in sorted(admin.site._registry, key=lambda model: model._meta.label)
    if (way := zone_path(model)) is not None
} | TEXTS


@pytest.fixture
def keeper(client):
    """Everything that a role may do, and one zone."""
    town()
    person = factories.make_staff("land", zones=[MINE])
    person.groups.set(Group.objects.filter(name__in=roles.BY_CODE))
    client.force_login(person)
    return person


def of(label, code):
    return apps.get_model(label)._base_manager.filter(**{SCOPED[label]: code})


def address(label, page, *args):
    app, name = label.lower().split(".")
    return reverse(f"admin:{app}_{name}_{page}", args=args)


def test_every_model_is_of_a_zone_or_has_a_reason():
    """A model that is registered anew needs a row in `towns`, or a reason here."""
    assert SCOPED.keys() | UNSCOPED.keys() == {model._meta.label for model in admin.site._registry}
    assert SCOPED.keys() & UNSCOPED.keys() == set()


def test_every_address_of_a_row_elsewhere_is_closed(client, keeper):
    wrong = []
    for label in SCOPED:
        row, page = of(label, THEIRS).first(), admin.site._registry[apps.get_model(label)]
        assert row is not None, label
        names = ["change", "history", "delete", *(deed.slug for deed in page.deeds)]
        urls = {address(label, name, row.pk) for name in names} | set(other_pages(page, row))
        ways = ("get", "post") if page.deeds or page.has_change_permission(request_of(keeper)) else ("get",)
        asked = [(way, url) for url in sorted(urls) for way in ways]
        wrong += [(way, url) for way, url in asked if getattr(client, way)(url).status_code not in CLOSED]
    assert wrong == []


def request_of(person):
    request = RequestFactory().get("/")
    request.user = person
    return request


def other_pages(page, row):
    """Every further address of a model that names one row: files, papers, sheets, steps."""
    for pattern in page.get_urls():
        converters = pattern.pattern.converters
        if pattern.name and len(converters) == 1 and next(iter(converters)) in ("pk", "object_id"):
            with suppress(NoReverseMatch):  # the key of another kind of row
                yield reverse(f"admin:{pattern.name}", args=[row.pk])


def secrets():
    """Words of what lies elsewhere."""
    kinds = ("onestop.Dossier", "projects.Project", "zones.Plot")
    return [row.code for label in kinds for row in of(label, THEIRS)] + [
        f"{at}{THEIRS}" for at in ("GY-", "của ", "ở ")
    ]


def told(client, urls):
    """(address, word) of each page that says one of them."""
    words, texts = secrets(), {url: body(client.get(url)) for url in sorted(urls)}
    return [(url, word) for url, text in texts.items() for word in words if word in text]


def test_lists_counts_and_filters_know_only_ones_own(client, keeper):
    wrong = told(client, {address(label, "changelist") for label in UNSCOPED})
    words = secrets()
    for label in SCOPED:
        whole = client.get(address(label, "changelist"))
        wrong += [(label, word) for word in words if word in body(whole)]
        narrowed = client.get(address(label, "changelist"), {SCOPED[label]: THEIRS})
        listed = whole.context.get("cl") if whole.context else None
        if listed is None:
            continue
        mine = {row.pk for row in listed.queryset}
        theirs = set(of(label, THEIRS).values_list("pk", flat=True))
        if mine & theirs or listed.result_count != len(mine) or listed.full_result_count not in (None, len(mine)):
            wrong.append((label, listed.result_count, listed.full_result_count, len(mine & theirs)))
        if narrowed.status_code == 200 and narrowed.context.get("cl") and narrowed.context["cl"].result_count:
            wrong.append((label, "narrowed"))
    assert wrong == []


def test_no_other_page_names_a_row_elsewhere(client, keeper):
    """Pages of no record, and those of records of no zone: their choices, lists and files."""
    left_out = ("_changelist", "_template", "_pdf", "_book", "logout", "autocomplete", "jsi18n", "login")
    names = {name for name in plain_names(admin.site.urls[0]) if not name.endswith(left_out)}
    urls = {reverse(f"admin:{name}") for name in names}
    urls |= {f"{reverse('office_search')}?q={THEIRS}", reverse("timeline")}
    for page in admin.site._registry.values():
        row = page.model._base_manager.first()
        if row is not None and page.opts.label in UNSCOPED:
            urls |= {address(page.opts.label, name, row.pk) for name in ("change", "history")}
            urls |= set(other_pages(page, row))
    assert told(client, urls) == []


def plain_names(patterns):
    """Of the addresses that name no row."""
    plain = [pattern for pattern in patterns if not pattern.pattern.converters and "(" not in str(pattern.pattern)]
    deeper = [plain_names(pattern.url_patterns) for pattern in plain if hasattr(pattern, "url_patterns")]
    return {pattern.name for pattern in plain if getattr(pattern, "name", None)}.union(*deeper)


def test_autocomplete_offers_only_ones_own(client, keeper):
    wrong = []
    for model, page in admin.site._registry.items():
        for name in page.autocomplete_fields:
            target = model._meta.get_field(name).remote_field.model
            asked = {
                "app_label": model._meta.app_label,
                "model_name": model._meta.model_name,
                "field_name": name,
                "term": "",
            }
            answer = client.get(reverse("admin:autocomplete"), asked)
            if target._meta.label not in SCOPED or answer.status_code in CLOSED:
                continue
            theirs = {str(pk) for pk in of(target._meta.label, THEIRS).values_list("pk", flat=True)}
            wrong += [(model, name) for row in answer.json()["results"] if row["id"] in theirs]
    assert wrong == []


def test_action_on_rows_elsewhere_does_nothing(client, keeper):
    plot = of("zones.Plot", THEIRS).first()
    before = (plot.confirmed_on, Plot.objects.count(), plot.history.count())
    for action in ("confirm_chosen", "delete_selected", "export_admin_action", "export_chosen"):
        answer = client.post(
            address("zones.Plot", "changelist"), {"action": action, "_selected_action": [plot.pk], "post": "yes"}
        )
        assert plot.code not in body(answer)
    plot.refresh_from_db()
    assert (plot.confirmed_on, Plot.objects.count(), plot.history.count()) == before


def body(answer):
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode("utf-8", "ignore")


def test_form_takes_no_row_elsewhere(client, keeper):
    zone = Zone.objects.get(code=THEIRS)
    sent = {"zone": zone.pk, "number": "CN-99", "code": "BB-CN-99", "kind": "land", "area_m2": "1000"}
    page = client.post(address("zones.Plot", "add"), sent)
    assert "zone" in page.context["adminform"].form.errors
    assert Plot.objects.filter(code="BB-CN-99").count() == 0


def test_rows_under_a_record_are_ones_own_too(client, keeper):
    """An investor has shares in projects of both zones."""
    project = of("projects.Project", THEIRS).first()
    investor = project.contributions.first().investor
    page = client.get(address("projects.Investor", "change", investor.pk)).content.decode()
    assert project.code not in page


def test_files_and_traces_are_of_all_zones_and_closed(client, keeper):
    for label in ("izportal.StoredFile", "izportal.Notice", "admin.LogEntry"):
        page = client.get(address(label, "changelist"))
        assert page.status_code == 403 or page.context["cl"].result_count == 0
    stored = of("onestop.Paper", THEIRS).first().stored
    assert client.get(reverse("admin:izportal_storedfile_file", args=[stored.pk])).status_code in CLOSED


def test_dossiers_elsewhere_are_not_there_and_those_of_no_zone_are(db):
    town()
    keeper, everywhere = factories.make_staff("specialist", zones=[MINE]), factories.make_staff("specialist")
    free = Dossier.objects.visible_to(keeper)
    assert (free.count(), Dossier.objects.visible_to(everywhere).count()) == (2, 4)
    Dossier.objects.filter(plot__zone__code=THEIRS).update(plot=None)
    assert Dossier.objects.visible_to(keeper).count() == 3


def test_public_page_of_a_row_is_reached_by_its_own_rules(client, keeper):
    kind = ContentType.objects.get_for_model(Plot)
    answer = client.get(reverse("admin:view_on_site", args=[kind.pk, of("zones.Plot", THEIRS).first().pk]))
    assert answer.status_code in (302, 404)
