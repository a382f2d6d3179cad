"""Two zones with one row of each kind that the back office keeps under a zone: what whoever keeps to one of them must
not find of the other. What the other holds is named so that no page can say it by chance."""

from datetime import date

from django.utils import timezone
from model_bakery import baker

from izportal.press.models import Comment, Edition, Item, PlanningDraft
from onestop.models import (
    Amendment,
    IntakeCall,
    Message,
    Opinion,
    Reading,
    Supplement,
    SupplementItem,
    SupplementPermit,
    Survey,
)
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
    UtilityCapacity,
    UtilityCommitment,
    ZoneArea,
)

MINE, THEIRS = "AA", "BB"


def _has(model, name):
    return name in {column.name for column in model._meta.get_fields()}


def _make(rows, **common):
    for model, said in rows:
        baker.make(model, **{name: value for name, value in {**common, **said}.items() if _has(model, name)})


def _fill(zone, number):
    """The land and the register of a zone."""
    phase = Phase.objects.create(zone=zone, name_vi="Giai đoạn 1")
    plot = factories.make_plot(f"CN-{number}", zone=zone, phase=phase)
    other = factories.make_plot(f"CN-{number}1", zone=zone, status="available")
    enterprise = factories.make_enterprise()
    project = factories.make_project(enterprise=enterprise, plot=other, name=f"Nhà máy ở {zone.code}")
    today = timezone.localdate()
    rows = [
        (Document, {"title_vi": "Văn bản", "kind": "price", "issued_on": today}),
        (ZoneArea, {"area_ha": 10, "effective_on": date(2020, 1, 1), "decision": "1/QĐ"}),
        (UtilityCapacity, {"kind": "power", "amount": 5, "effective_on": today, "source": "Thử"}),
        (UtilityCommitment, {"kind": "power", "amount": 5, "effective_on": today, "source": "Thử"}),
        (DeveloperPhase, {"phase": phase}),
        (Milestone, {"kind": "operating", "planned_on": today}),
        (Confirmation, {"word": "right"}),
        (OutlineEntry, {}),
        (FactSheet, {}),
    ]
    _make(rows, zone=zone, plot=plot, project=project, change=project.changes.get(), is_sample=False)
    enquiring.ask(at=timezone.now(), zone=zone)
    reporting.file_directly(Subject(project), reporting.make_period(f"2025-Q{number}"))
    return plot, project


def _consult(zone):
    """A planning draft that the board is still writing."""
    item = Item.objects.create(kind=Item.Kind.CONSULTATION, slug=f"do-an-{zone.code.lower()}")
    Edition.objects.create(item=item, title=f"Đồ án của {zone.code}")
    draft = PlanningDraft.objects.create(item=item, zone=zone, opens_on="2026-03-02", closes_on="2026-04-10")
    _make([(Comment, {"reference": f"GY-{zone.code}", "status": "new"})], draft=draft, is_sample=False)


def _handle(dossier):
    """What hangs on a dossier."""
    supplement = baker.make(Supplement, dossier=dossier, stage="intake", cycle=1, is_sample=False)
    rows = [
        (SupplementItem, {"supplement": supplement, "kind": "paper"}),
        (SupplementPermit, {"is_given": False}),
        (Amendment, {"kind": "correct"}),
        (Message, {"is_from_board": False, "is_internal": False}),
        (Opinion, {"reply_by": timezone.now()}),
        (Reading, {}),
        (Survey, {"total_time": 2, "contacts": 2, "bodies": 2, "attitude": 2}),
        (IntakeCall, {}),
    ]
    _make(rows, dossier=dossier, is_sample=False)


@planted
def town():
    factories.make_catalogue()
    zones = [factories.make_zone(f"khu-{code.lower()}", code=code, name=f"Khu {code}") for code in (MINE, THEIRS)]
    for number, zone in enumerate(zones, start=1):
        plot, project = _fill(zone, number)
        _consult(zone)
        issue = factories.make_dossier(plot=plot)
        _handle(factories.advance(issue, "received"))
        change = factories.make_dossier("1.009647", project=project, enterprise=project.enterprise)
        factories.advance(change, "received")
