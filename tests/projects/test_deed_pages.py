"""The register in daily use: a project's page, its deeds that are seen before they are done, its papers."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from projects import ledger
from projects.models import Change, Contribution, Project, ProjectDocument
from tests import factories, uploads

pytestmark = pytest.mark.django_db
BASIS = {"decision_number": "77/QĐ-BQL", "decision_on": "20/11/2025", "note": "Theo đề nghị của nhà đầu tư"}


def page_of(name, *args, model="project"):
    return reverse(f"admin:projects_{model}_{name}", args=args)


@pytest.fixture
def keeper(client, staff):
    person = staff("register")
    client.force_login(person)
    return person


@pytest.fixture
def project():
    return factories.make_project(
        "9811112222", plot=factories.make_plot("CN-1"), usd="100", term_until=date(2060, 1, 1)
    )


def press(client, where, **typed):
    """What was typed, sent once to see and once more with the mark of what was seen."""
    first = client.post(where, {**BASIS, **typed})
    form = first.context["form"]
    assert form.errors == {}
    return form, client.post(where, {**BASIS, **typed, "seen": form["seen"].value()})


def told(form):
    return [(line.label, line.old, line.new) for line in form.sight.lines]


# The page -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("rows", [1, 3])
def test_page_costs_the_same_however_long_the_life(client, keeper, project, django_assert_num_queries, rows):
    for n in range(rows):
        basis = ledger.Basis(f"{n}/QĐ", date(2025, 1, n + 1))
        ledger.adjust_capital(
            project=project, to=ledger.Capital(Decimal(200 + n)), basis=basis, by=keeper, at=timezone.now()
        )  # fmt: skip
        factories.add_investor(project, factories.make_investor(f"Bên {n}"))
    client.get(page_of("change", project.pk))
    with django_assert_num_queries(14):
        client.get(page_of("change", project.pk))


def test_page_tells_each_change_before_and_after(client, keeper, project):
    basis = ledger.Basis("7/QĐ", date(2025, 1, 5))
    to = ledger.Capital(Decimal(150))
    ledger.adjust_capital(project=project, to=to, basis=basis, by=keeper, at=timezone.now())
    ledger.extend(project=project, until=date(2055, 1, 1), basis=basis, by=keeper, at=timezone.now())
    entries = client.get(page_of("change", project.pk)).context["entries"]
    lines = [[(line.label, str(line.old)[:8], str(line.new)[:8]) for line in entry.lines] for entry in entries]
    assert lines[1] == [("Vốn đăng ký, USD", "100\xa0USD", "150\xa0USD")]
    assert [line.label for line in entries[0].lines] == ["Thời hạn đến ngày"]
    assert len(lines[2]) == 3


def test_reader_sees_no_deed(client, staff, project):
    client.force_login(staff("specialist"))
    page = client.get(page_of("change", project.pk))
    assert page.context["deeds"] == []
    assert client.get(page_of("capital", project.pk)).status_code == 403


def test_keeper_of_other_zones_finds_no_project(client, keeper, project):
    keeper.zones = ["YB"]
    keeper.save()
    assert client.get(page_of("capital", project.pk)).status_code == 404


# Deeds --------------------------------------------------------------------------------------------
def test_deed_is_shown_first_and_done_when_seen(client, keeper, project):
    form, answer = press(client, page_of("capital", project.pk), usd="150")
    assert told(form) == [
        ("Vốn đăng ký, USD", "100\xa0USD", "150\xa0USD"),
        ("Số liệu công khai: vốn FDI đăng ký", "100\xa0USD", "150\xa0USD"),
    ]
    change = Change.objects.get(kind="capital")
    assert (answer.url, change.capital_usd, change.recorded_by) == (page_of("change", project.pk), 50, keeper)


def test_deed_that_is_not_seen_is_not_done(client, keeper, project):
    client.post(page_of("capital", project.pk), {**BASIS, "usd": "150", "seen": "x" * 64})
    assert Change.objects.count() == 1


def test_other_words_need_another_look(client, keeper, project):
    where = page_of("capital", project.pk)
    form = client.post(where, {**BASIS, "usd": "150"}).context["form"]
    again = client.post(where, {**BASIS, "usd": "160", "seen": form["seen"].value()}).context["form"]
    assert (again.is_other, told(again)[0][2], Change.objects.count()) == (True, "160\xa0USD", 1)


def test_register_that_moved_needs_another_look(client, keeper, project):
    where = page_of("capital", project.pk)
    form = client.post(where, {**BASIS, "usd": "150"}).context["form"]
    basis = ledger.Basis("7/QĐ", date(2025, 1, 5))
    ledger.adjust_capital(
        project=project, to=ledger.Capital(Decimal(120)), basis=basis, by=keeper, at=timezone.now()
    )  # fmt: skip
    again = client.post(where, {**BASIS, "usd": "150", "seen": form["seen"].value()}).context["form"]
    assert (told(again)[0][1:], Change.objects.count()) == (("120\xa0USD", "150\xa0USD"), 2)


@pytest.mark.parametrize("missing", ["decision_number", "decision_on", "note"])
def test_deed_demands_basis_and_reason(client, keeper, project, missing):
    form = client.post(page_of("capital", project.pk), {**BASIS, "usd": "150", missing: ""}).context["form"]
    assert (list(form.errors), form.sight, form["usd"].value()) == ([missing], None, "150")


def test_refusal_says_the_rule_and_keeps_what_was_typed(client, keeper, project):
    form = client.post(page_of("capital", project.pk), {**BASIS, "usd": "-5"}).context["form"]
    assert (form.non_field_errors(), form["usd"].value()) == (["Vốn đăng ký không được âm."], "-5")


def test_land_changes_plot_by_plot(client, keeper, project):
    plot, held = factories.make_plot("CN-2"), project.tenures.get().plot
    form, _answer = press(client, page_of("land", project.pk), **{f"area_{held.pk}": "60.000", "plot": plot.pk})
    assert [line[0] for line in told(form)] == ["Diện tích thuê", "Lô SC2-CN-1", "Lô SC2-CN-2"]
    assert Change.objects.get(kind="land").area_m2 == 60000


def test_transfer_names_investors_line_by_line(client, keeper, project):
    other = factories.make_investor("Bên nhận", "JP")
    where = page_of("transfer", project.pk)
    form, _answer = press(client, where, investor_0=other.pk, share_usd_0="60", origin="fdi")
    assert ("Vốn góp: Bên nhận", "Không góp vốn", "60\xa0USD") in told(form)
    assert [row.investor for row in ledger.standing_shares(project)] == [other]


@pytest.mark.parametrize("value", ["9" * 30, "x", "0"])
def test_investor_that_is_none_is_told(client, keeper, project, value):
    typed = {**BASIS, "investor_0": value, "origin": "fdi"}
    assert "investor_0" in client.post(page_of("transfer", project.pk), typed).context["form"].errors


SIMPLE = {
    "term": ({"until": "01/01/2070"}, "term"), "content": ({"sector": "26", "kind": "production"}, "content"),
    "suspend": ({}, "suspended"), "terminate": ({}, "terminated"), "revoke": ({}, "revoked"),
}  # fmt: skip


@pytest.mark.parametrize("slug", SIMPLE)
def test_each_deed_enters_its_change(client, keeper, project, slug):
    factories.make_sector("26")
    typed, kind = SIMPLE[slug]
    press(client, page_of(slug, project.pk), **typed)
    last = Change.objects.order_by("-pk").first()
    assert (last.kind, last.decision_number, last.note) == (kind, "77/QĐ-BQL", BASIS["note"])


def test_suspended_project_is_offered_to_go_on(client, keeper, project):
    press(client, page_of("suspend", project.pk))
    offered = [url.split("/")[-2] for _label, url in client.get(page_of("change", project.pk)).context["deeds"]]
    assert "resume" in offered and "suspend" not in offered
    press(client, page_of("resume", project.pk))
    assert ledger.status_of(project) == "in_force"


def test_step_of_the_schedule_is_noted(client, keeper, project):
    typed = {"kind": "operation", "planned_on": "01/01/2023", "basis": "GCN", "actual_on": "", "note": ""}
    client.post(page_of("milestone", project.pk), typed)
    assert project.milestones.get().planned_on == date(2023, 1, 1)


# Put right ----------------------------------------------------------------------------------------
def issued_as(change, **changed):
    share = Contribution.objects.get()
    return {
        "day": "10/05/2021", "usd": "100", "vnd": "0", "area_m2": "65000", "origin": "fdi", "kind": "production",
        "sector": "25", "zone": change.project.zone_id, "enterprise": "", "term_until": "01/01/2060",
        "investor_0": share.investor_id, **changed,
    }  # fmt: skip


def test_correction_stands_in_the_place_of_the_row(client, keeper, project):
    change, sector = project.changes.get(), factories.make_sector("26")
    typed = issued_as(change, usd="130", sector=sector.pk)
    form, _answer = press(client, page_of("correct", change.pk, model="change"), **typed)
    assert [line[0] for line in told(form)][:2] == ["Vốn đăng ký, USD", "Ngành (VSIC)"]
    row = Change.objects.get(supersedes=change)
    assert (row.capital_usd, row.note, Project.objects.get().sector) == (130, BASIS["note"], sector)


def test_zone_is_corrected_where_it_is_seen_first(client, keeper):
    project = factories.make_project(usd="100", term_until=date(2060, 1, 1))
    change, zone = project.changes.get(), factories.make_zone("yen-binh", "YB", "Yên Bình")
    form, _answer = press(client, page_of("correct", change.pk, model="change"), **issued_as(change, zone=zone.pk))
    project.refresh_from_db()
    assert (told(form)[0][0], project.zone) == ("Khu công nghiệp", zone)


def test_zone_of_others_is_not_chosen(client, keeper):
    keeper.zones = ["SC2"]
    keeper.save()
    change = factories.make_project(usd="100", term_until=date(2060, 1, 1)).changes.get()
    typed = issued_as(change, zone=factories.make_zone("yen-binh", "YB", "Yên Bình").pk)
    form = client.post(page_of("correct", change.pk, model="change"), {**BASIS, **typed}).context["form"]
    assert "khu công nghiệp mà bạn phụ trách" in str(form.errors)


def test_correction_of_nothing_is_refused(client, keeper, project):
    change = project.changes.get()
    where = page_of("correct", change.pk, model="change")
    form = client.post(where, {**BASIS, **issued_as(change)}).context["form"]
    assert form.non_field_errors() == ["Chưa sửa gì so với dòng đang đứng."]


def test_mistaken_end_is_annulled(client, keeper, project):
    press(client, page_of("terminate", project.pk))
    ended = Change.objects.get(kind="terminated")
    press(client, page_of("annul", ended.pk, model="change"))
    assert (ledger.status_of(project), ledger.position(project).usd) == ("in_force", 100)
    assert project.tenures.get(is_current=True).ended_on is None


def test_registration_is_not_annulled(client, keeper, project):
    page = client.post(page_of("annul", project.changes.get().pk, model="change"), BASIS)
    assert (Change.objects.count(), bool(page.context["form"].non_field_errors())) == (1, True)


# Entered from paper -------------------------------------------------------------------------------
def certificate(**changed):
    factories.make_sector()
    return {
        "code": "9822223333", "name": "Nhà máy cũ", "origin": "ddi", "kind": "production", "sector": "25",
        "zone": factories.make_zone().pk, "vnd": "5.000.000.000", "term_until": "01/01/2050",
        "investor_0": factories.make_investor(country="VN").pk, "share_vnd_0": "2.000.000.000", **changed,
    }  # fmt: skip


def test_certificate_from_paper_is_entered(client, keeper):
    form, answer = press(client, page_of("enter"), **certificate(plot=factories.make_plot().pk))
    project = Project.objects.get()
    assert answer.url == page_of("change", project.pk)
    assert ("Tình trạng dự án", "Chưa có trong sổ", "Còn hiệu lực") in told(form)
    assert (project.certificate_number, project.certificate_on) == ("77/QĐ-BQL", date(2025, 11, 20))
    assert (ledger.position(project).vnd, project.contributions.get().capital_vnd) == (5 * 10**9, 2 * 10**9)


def test_certificate_known_already_is_refused(client, keeper, project):
    form = client.post(page_of("enter"), {**BASIS, **certificate(code=project.code)}).context["form"]
    assert "đã có trong sổ" in form.non_field_errors()[0]


def test_certificate_is_entered_by_the_keeper_only(client, staff):
    client.force_login(staff("head"))
    assert client.get(page_of("enter")).status_code == 403


# Papers -------------------------------------------------------------------------------------------
def put(client, project):
    typed = {"kind": "certificate", "title": "Giấy chứng nhận", "upload": uploads.sent("gcn.pdf", uploads.pdf())}
    return client.post(page_of("paper_add", project.pk), typed)


def test_paper_is_kept_read_and_taken_out(client, keeper, project):
    factories.make_rules()
    put(client, project)
    row = ProjectDocument.objects.get()
    paper = page_of("paper", project.pk, row.pk)
    assert client.get(paper).status_code == 200
    client.post(page_of("paper_remove", project.pk, row.pk), {"reason": "Nhầm dự án"})
    row.refresh_from_db()
    assert (row.removed_by, row.reason, client.get(paper).status_code) == (keeper, "Nhầm dự án", 404)


def test_paper_of_another_project_is_not_found(client, keeper, project):
    factories.make_rules()
    put(client, project)
    other = factories.make_project()
    assert client.get(page_of("paper", other.pk, ProjectDocument.objects.get().pk)).status_code == 404


def test_paper_that_is_none_is_refused(client, keeper, project):
    factories.make_rules()
    upload = uploads.sent("gcn.pdf", b"khong phai pdf")
    page = client.post(page_of("paper_add", project.pk), {"kind": "other", "title": "Giấy", "upload": upload})
    assert (list(page.context["form"].errors), ProjectDocument.objects.count()) == (["upload"], 0)
