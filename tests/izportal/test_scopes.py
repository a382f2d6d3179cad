"""Whoever keeps to zone A finds nothing of zone B: by machine over every model of the back office whose rows lie in a
zone, at every kind of address, in every count."""

from contextlib import suppress
from datetime import date

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from model_bakery import baker

from izportal import roles
from onestop.models import Dossier
from projects.models import DeveloperPhase, Milestone
from projects.reports.duties import Subject
from tests import factories
from tests.planting import planted
from tests.projects import reporting
from tests.zones import enquiring
from zones.models import (
    Confirmation,
    Document,
    FactSheet,
    OutlineEntry,
    Phase,
    Plot,
    UtilityCapacity,
    UtilityCommitment,
    Zone,
    ZoneArea,
)

MINE, THEIRS = "AA", "BB"
CLOSED = {403, 404, 405}
OURS = {"zones", "projects", "onestop", "press"}
# Ways back to another row of the same kind, which lead nowhere new.
BACK = {"supersedes", "replaced_by", "taken_from", "parent", "carried_from"}
# Nobody has one of these in this town: the rules of its dossier hold for it (see the test of dossiers), or its own.
UNPLANTED = {
    "onestop.Amendment", "onestop.Message", "onestop.Opinion", "onestop.Reading", "onestop.Supplement",
    "onestop.SupplementItem", "onestop.SupplementPermit", "onestop.Survey", "onestop.IntakeCall",
}  # fmt: skip

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
}


def _fill(zone, number):
    """One row of each kind in a zone."""
    phase = Phase.objects.create(zone=zone, name_vi="Giai đoạn 1")
    plot = factories.make_plot(f"CN-{number}", zone=zone, phase=phase)
    enterprise = factories.make_enterprise()
    project = factories.make_project(
        enterprise=enterprise, plot=factories.make_plot(f"CN-{number}1", zone=zone, status="available")
    )
    today, common = timezone.localdate(), {"change": project.changes.get(), "is_sample": False}
    rows = [
        (Document, {"zone": zone, "title_vi": "Văn bản", "kind": "price", "issued_on": today}),
        (ZoneArea, {"zone": zone, "area_ha": 10, "effective_on": date(2020, 1, 1), "decision": "1/QĐ"}),
        (UtilityCapacity, {"zone": zone, "kind": "power", "amount": 5, "effective_on": today, "source": "Thử"}),
        (UtilityCommitment, {"zone": zone, "kind": "power", "amount": 5, "effective_on": today, "source": "Thử"}),
        (DeveloperPhase, {"phase": phase, "project": project}),
        (Milestone, {"project": project, "kind": "operating", "planned_on": today}),
        (Confirmation, {"plot": plot, "word": "right"}),
        (OutlineEntry, {"zone": zone}),
        (FactSheet, {"plot": plot}),
    ]
    for model, said in rows:
        baker.make(model, **{name: value for name, value in {**said, **common}.items() if _has(model, name)})
    enquiring.ask(at=timezone.now(), zone=zone)
    reporting.file_directly(Subject(project), reporting.make_period(f"2025-Q{number}"))
    return plot, project


def _has(model, name):
    return name in {column.name for column in model._meta.get_fields()}


@planted
def town():
    factories.make_catalogue()
    zones = [factories.make_zone(f"khu-{code.lower()}", code=code, name=f"Khu {code}") for code in (MINE, THEIRS)]
    for number, zone in enumerate(zones, start=1):
        plot, project = _fill(zone, number)
        factories.advance(factories.make_dossier(plot=plot), "received")
        change = factories.make_dossier("1.009647", project=project, enterprise=project.enterprise)
        factories.advance(change, "received")


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


def planted_labels():
    return [label for label in SCOPED if label not in UNPLANTED and not label.startswith("press.")]


@pytest.mark.any_database
def test_scoped_models_are_all_known():
    assert {"zones.Zone", "zones.Plot", "projects.Project", "projects.Change", "onestop.Dossier"} < SCOPED.keys()
    assert SCOPED.keys() >= UNPLANTED


def test_every_address_of_a_row_elsewhere_is_closed(client, keeper):
    wrong = []
    for label in planted_labels():
        row, page = of(label, THEIRS).first(), admin.site._registry[apps.get_model(label)]
        assert row is not None, label
        names = ["change", "history", "delete", *(deed.slug for deed in page.deeds)]
        urls = [address(label, name, row.pk) for name in names] + list(other_pages(page, row))
        asked = [(way, url) for url in urls for way in ("get", "post")]
        wrong += [(way, url) for way, url in asked if getattr(client, way)(url).status_code not in CLOSED]
    assert wrong == []


def other_pages(page, row):
    """Every further address of a model that names one row: files, papers, sheets, steps."""
    for pattern in page.get_urls():
        converters = pattern.pattern.converters
        if pattern.name and len(converters) == 1 and next(iter(converters)) in ("pk", "object_id"):
            with suppress(NoReverseMatch):  # the key of another kind of row
                yield reverse(f"admin:{pattern.name}", args=[row.pk])


def test_lists_counts_and_filters_know_only_ones_own(client, keeper):
    wrong = []
    for label in planted_labels():
        whole = client.get(address(label, "changelist"))
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
