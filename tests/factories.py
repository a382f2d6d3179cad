"""Builders of test rows: each gives the least that is valid and takes what a test cares about."""

import itertools
import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import time_machine
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.utils import timezone

from izportal import documents
from izportal.management import form_files
from izportal.models import Act, Division, Rule, User
from onestop import shapes, workflow
from onestop.models import Component, Definition, Dossier, Field, Paper, Procedure, ProcedureCase, ProcedureVersion
from onestop.questions import NOT_DUE
from projects import ledger
from projects.models import Contribution, Country, Enterprise, Investor, Mandate, Project, Sector
from tests import uploads
from tests.planting import grown, planted
from zones import allocation
from zones.models import Availability, Plot, Zone

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
_numbers = itertools.count(1)

# The rules as they come with the portal, valid early enough for every date of a test.
RULES = json.loads((settings.BASE_DIR / "izportal/data/rules.json").read_text(encoding="utf-8"))["rules"]


def at(text: str) -> datetime:
    """`at("2026-03-03 09:15")`, Hanoi time."""
    return datetime.fromisoformat(text).replace(tzinfo=HANOI)


def make_user(email=None, *, mandate_of=None, capacity="sign", **fields):
    email = email or f"nguoi{next(_numbers)}@mau.example"
    user = User.objects.create_user(
        email, "mat-khau-thu", full_name=fields.pop("full_name", "Nguyễn Văn Thử"), **fields
    )
    if mandate_of:
        Mandate.objects.create(user=user, enterprise=mandate_of, capacity=capacity, approved_at=timezone.now())
    return user


def make_staff(role, **fields):
    fields = {"email": f"{role}{next(_numbers)}@ban.example", "full_name": f"Cán bộ {role}", **fields}
    user = make_user(is_staff=True, **fields)
    user.groups.add(Group.objects.get(name=role))
    return user


def make_division(code="dau-tu"):
    return Division.objects.get_or_create(
        code=code, defaults={"name_vi": "Phòng Quản lý đầu tư", "name_en": "Investment division"}
    )[0]


def make_enterprise(name="Công ty TNHH Thép Thử", tax_code=None, **fields):
    return Enterprise.objects.create(name_vi=name, tax_code=tax_code or f"49{next(_numbers):08d}", **fields)


def make_zone(slug="song-cong-2", code="SC2", name="Sông Công II", **fields):
    defaults = {
        "code": code,
        "name_vi": f"Khu công nghiệp {name}",
        "name_en": f"{name} Industrial Park",
        "short_name_vi": name,
        **fields,
    }
    return Zone.objects.get_or_create(slug=slug, defaults=defaults)[0]


def make_plot(
    number="CN-05", *, zone=None, status=Availability.Status.AVAILABLE, held_for="", on=date(2020, 1, 1), **fields
):
    zone = zone or make_zone()
    fields.setdefault("area_m2", Decimal("65000"))
    fields.setdefault("phase", zone.phases.first())
    fields.setdefault("confirmed_on", timezone.localdate() - timedelta(days=1))
    plot = Plot.objects.create(zone=zone, number=number, code=f"{zone.code}-{number}", **fields)
    Availability.objects.create(
        plot=plot,
        status=status,
        held_for=held_for,
        effective_on=on,
        recorded_at=at("2020-01-01 08:00"),
        is_sample=plot.is_sample,
    )
    return plot


def make_country(code="KR"):
    names = {"KR": ("Hàn Quốc", "South Korea"), "VN": ("Việt Nam", "Viet Nam"), "JP": ("Nhật Bản", "Japan")}
    vi, en = names[code]
    return Country.objects.get_or_create(code=code, defaults={"name_vi": vi, "name_en": en})[0]


def make_sector(code="25"):
    names = {"25": "Sản xuất sản phẩm từ kim loại đúc sẵn", "26": "Sản xuất sản phẩm điện tử"}
    return Sector.objects.get_or_create(code=code, defaults={"name_vi": names[code], "name_en": f"Division {code}"})[0]


def make_investor(name="Nhà đầu tư Thử", country="KR", **fields):
    return Investor.objects.create(name=name, country=make_country(country), **fields)


def make_project(
    code=None,
    *,
    zone=None,
    plot=None,
    origin="fdi",
    usd="12500000",
    vnd="0",
    on=date(2021, 5, 10),
    by=None,
    is_sample=False,
    **what,
):
    """A project entered through the ledger; returns the Project."""
    number = next(_numbers)
    zone = zone or (plot.zone if plot else make_zone())
    particulars = {
        "code": code or f"{'MAU-' if is_sample else ''}98{number:08d}",
        "name": f"Nhà máy thử số {number}",
        "origin": origin,
        "sector": make_sector(),
        "zone": zone,
        "enterprise": None,
        "certificate_number": f"GCN-{number}",
        **what,
    }
    change = ledger.register(
        what=ledger.Particulars(**particulars),
        capital=ledger.Capital(
            Decimal(usd) if origin == "fdi" else Decimal(0),
            Decimal(vnd if origin == "fdi" or vnd != "0" else "250000000000"),
        ),
        shares=[ledger.Share(make_investor(country="KR" if origin == "fdi" else "VN", is_sample=is_sample))],
        basis=ledger.Basis(f"{number}/QĐ-BQL", on),
        by=by,
        at=datetime(on.year, on.month, on.day, 9, tzinfo=HANOI),
        plot=plot,
        area_m2=plot.area_m2 if plot else Decimal(0),
        is_sample=is_sample,
    )
    return change.project


def totals(*, on):
    """Origin → how many projects are in force and the capital it is counted in, added up project by project."""
    rows = list(Project.objects.countable().in_force(on=on).with_position(on=on))
    fdi, ddi = ([row for row in rows if row.origin == origin] for origin in ("fdi", "ddi"))
    return {"fdi": (len(fdi), sum(row.registered_usd for row in fdi)),
            "ddi": (len(ddi), sum(row.registered_vnd for row in ddi))}  # fmt: skip


def add_investor(project, investor, **amounts):
    """Another investor of the certificate, from its first day."""
    change = project.changes.get(kind="issued")
    return Contribution.objects.create(
        project=project, investor=investor, change=change, starts_on=project.certificate_on,
        recorded_at=change.recorded_at, **amounts,
    )  # fmt: skip


def make_rules():
    said = ({name: rule[name] for name in ("code", "value", "unit", "name_vi")} for rule in RULES)
    Rule.objects.bulk_create([Rule(valid_from=date(2019, 1, 1), **rule) for rule in said], ignore_conflicts=True)


def make_procedure(
    code,
    name,
    *,
    effect="",
    number=None,
    mode="suspend",
    cases=(("chung", 10),),
    components=(),
    is_filed_here=True,
    max_supplements=1,
):
    """A procedure with one version valid since 2019; `components` are (key, required, case keys)."""
    field = Field.objects.get_or_create(
        code="dau-tu", defaults={"name_vi": "Đầu tư tại Việt Nam", "division": make_division()}
    )[0]
    procedure = Procedure.objects.create(
        code=code,
        name_vi=name,
        name_en=f"Procedure {code}",
        field=field,
        number=number or next(_numbers) + 100,
        effect=effect,
        is_filed_here=is_filed_here,
    )
    version = ProcedureVersion.objects.create(
        procedure=procedure,
        valid_from=date(2019, 1, 1),
        clock_mode=mode,
        max_supplements=max_supplements,
        result_vi="Giấy chứng nhận",
        result_en="Certificate",
        confidence="high",
        channels=["online", "post", "counter"],
        fee_vnd=0,
    )
    version.acts.add(Act.objects.get_or_create(number="143/2025/QH15", defaults={"title_vi": "Luật Đầu tư"})[0])
    for place, (key, value) in enumerate(cases):
        ProcedureCase.objects.create(
            version=version,
            key=key,
            label_vi=f"Trường hợp {key}",
            label_en=f"Case {key}",
            value=value,
            unit="working_day",
            is_default=place == 0,
            position=place,
        )
    for place, (key, required, of_cases) in enumerate(components):
        Component.objects.create(
            version=version,
            key=key,
            name_vi=f"Giấy tờ {key}",
            name_en=f"Paper {key}",
            required=required,
            cases=list(of_cases),
            position=place,
            originals=1,
        )
    if form_files.compose(code):
        make_definition(procedure)
    return procedure


def make_definition(procedure, *, body=None, on=date(2019, 1, 1), **fields):
    """The next published version of a form, read once as by a portal that has been up for a while."""
    number = procedure.definitions.count() + 1
    published = {"published_at": at("2019-01-01 08:00"), "valid_from": on, **fields}
    body = body or form_files.compose(procedure.code)
    row = Definition.objects.create(procedure=procedure, number=number, body=body, **published)
    shapes.of(row)
    return row


def put_form(procedure):
    """The official form beside the first paper of a procedure; returns the Component."""
    component = procedure.versions.get().components.first()
    upload = ContentFile(uploads.pdf(), "mau.pdf")
    component.form_file = documents.store(upload, by=None, at=timezone.now(), max_bytes=2**20)
    component.save(update_fields=["form_file"])
    return component


@planted
def _plant_catalogue():
    make_rules()
    issue = make_procedure(
        "1.009664",
        "Thủ tục cấp Giấy chứng nhận đăng ký đầu tư",
        effect="register_project",
        cases=(("th1", 10), ("th2", 5)),
        components=(("de-nghi", "always", ()), ("tai-chinh", "always", ("th1",)), ("cong-nghe", "conditional", ())),
    )
    adjust = make_procedure(
        "1.009647",
        "Thủ tục điều chỉnh Giấy chứng nhận đăng ký đầu tư",
        effect="adjust_capital",
        cases=(("th2", 7), ("th1", 3)),
        components=(("de-nghi", "always", ()),),
    )
    return {issue.code: issue, adjust.code: adjust}


def make_catalogue():
    """{code: Procedure} of the two, their forms read once as by a portal that has been up for a while."""
    made = _plant_catalogue()
    for definition in Definition.objects.all():
        shapes.of(definition)
    return made


@planted
def load_reference():
    """All reference data, as loaded before any moment of a test."""
    with time_machine.travel(at("2026-01-02 08:00"), tick=False):
        call_command("load_reference", verbosity=0)


def answers_for(code, **changed):
    """Complete answers of one of the two forms."""
    make_country("KR")
    make_sector("25")
    whole = {
        "1.009664": {
            "project_name": "Nhà máy linh kiện cơ khí",
            "project_name_en": "Mechanical parts plant",
            "origin": "fdi",
            "kind": "production",
            "sector": "25",
            "objective": "Sản xuất linh kiện cơ khí chính xác",
            "investor_name": "Mau Precision Co.",
            "investor_country": "KR",
            "investor_kind": "organisation",
            "investor_identifier": "123-45-67890",
            "capital_usd": "12500000",
            "capital_vnd": "328125000000",
            "exchange_rate": "26250",
            "rate_on": "2026-03-02",
            "rate_source": "Ngân hàng Nhà nước",
            "term_years": 40,
            "investor_address": "Seoul",
            "representative_name": "Kim Thử",
            "representative_title": "Giám đốc",
            "scale": "2.000 tấn sản phẩm mỗi năm",
            "equity_share": "100",
            "equity_due_on": "2027-12-31",
            "construction_from": "2027-06-01",
            "operating_on": "2028-06-01",
            "workers_local": 300,
            "workers_foreign": 5,
            "environment_group": "3",
            "area_m2": "65000",
        },
        "1.009647": {
            "new_capital_usd": "20000000",
            "new_capital_vnd": "0",
            "reason": "Mở rộng dây chuyền thứ hai",
            "capital_schedule": "Góp đủ trong năm 2027",
            "adjustment_number": 1,
            "disbursed_until": "2025-12-31",
            "disbursed_usd": "9000000",
            "progress": "Đang sản xuất",
            "needs_more_land": False,
        },
    }[code]
    return {**whole, **changed}


@grown
def make_dossier(
    code="1.009664", *, by=None, enterprise=None, plot=None, project=None, case=None, papers=True, **fields
):
    """A complete draft, ready to be submitted."""
    procedure = Procedure.objects.get(code=code)
    version = procedure.version_on(date(2026, 3, 3))
    enterprise = enterprise or (by.mandates.first().enterprise if by else make_enterprise())
    by = by or make_user(mandate_of=enterprise)
    if code == "1.009664" and plot is None:
        plot = make_plot(f"CN-{next(_numbers)}")
    if code == "1.009647" and project is None:
        project = make_project(enterprise=enterprise)
    dossier = Dossier.objects.create(
        procedure=procedure,
        definition=fields.pop("definition", None) or shapes.in_force(procedure, on=date(2026, 3, 3)),
        version=version,
        case=version.cases.get(key=case) if case else version.default_case(),
        enterprise=enterprise,
        created_by=by,
        contact_name=by.full_name,
        contact_email=by.email,
        contact_phone="0208 000 000",
        answers=fields.pop("answers", None) or answers_for(code),
        plot=plot,
        project=project,
        **fields,
    )
    if papers:
        add_papers(dossier, by)
    return dossier


def add_papers(dossier, by):
    """Every compulsory paper; of the conditional ones the applicant says that they are not due."""
    asked = [part for part in dossier.version.components.all() if part.applies_to(dossier.case.key)]
    dossier.answers[NOT_DUE] = sorted(part.key for part in asked if part.required == Component.Required.CONDITIONAL)
    dossier.save(update_fields=["answers"])
    for component in asked:
        if component.is_demanded_in(dossier.case.key):
            stored = documents.store(
                ContentFile(uploads.pdf(), f"{component.key}.pdf"), by=by, at=timezone.now(), max_bytes=20 * 2**20
            )
            Paper.objects.create(dossier=dossier, component=component, stored=stored, given_by=by)


# The ordinary way of a dossier, as (step, role, details); `advance` walks it up to a status.
def path(people, project_code):
    return [
        ("submit", None, {}),
        ("receive", "reception", {}),
        ("assign", "head", {"to": people["specialist"]}),
        ("open_review", "specialist", {}),
        ("propose", "specialist", {"proposal": "granted", "note": "Đủ điều kiện", "project_code": project_code}),
        ("forward", "head", {}),
        ("grant", "leader", {}),
        ("seal", "clerk", {}),
        ("deliver", "clerk", {"channel": "counter", "receiver": "Người nộp"}),
        ("archive", "clerk", {}),
    ]


@planted
def make_people():
    return {role: make_staff(role) for role in ("reception", "specialist", "head", "leader", "clerk")}


@grown
def advance(dossier, to, *, people=None, start=None, project_code=None):
    """Take the ordinary steps until `to` is the status; all at `start` (default: Tuesday 3 March 2026, 09:15)."""
    people = people or make_people()
    moment = start or at("2026-03-03 09:15")
    code = project_code if project_code is not None else f"98{next(_numbers):08d}"
    for step, role, details in path(people, code):
        if dossier.status == to:
            break
        if dossier.status not in workflow.STEPS[step].moves:
            continue
        dossier = workflow.take(dossier, step, by=people[role] if role else dossier.created_by, at=moment, **details)
    assert dossier.status == to
    return dossier


@planted
def make_walked(status):
    """On empty tables: the catalogue, the five people, and a dossier that they have walked up to a status."""
    make_catalogue()
    return advance(make_dossier(), status, people=make_people())


def free(plot, moment):
    """Take whatever reservation stands off a plot."""
    row = plot.standing(on=moment.date())
    allocation.release(plot=plot, held_for=row.held_for, basis="thử", by=None, at=moment)
