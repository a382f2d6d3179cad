"""The month on one page: the registry's own numbers, the plan's targets, and one sheet of paper."""

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation
from pypdf import PdfReader

from izportal.indicators import Asked
from izportal.models import PlanTarget
from izportal.statistics import registry
from izportal.statistics.brief import brief, waiting
from projects import ledger
from projects.figures import posting
from projects.models import Milestone, MinistryReport
from tests import factories, histories

pytestmark = pytest.mark.django_db
TODAY = date(2025, 9, 20)
SEPTEMBER = Asked(TODAY, since=date(2025, 9, 1))
AUGUST = Asked(date(2025, 8, 31), since=date(2025, 8, 1))
YEAR = Asked(TODAY, since=date(2025, 1, 1))


def make_target(indicator="new_projects", **fields):
    return PlanTarget.objects.create(
        **{"year": 2025, "indicator": indicator, "value": 8, "source_vi": "Nguồn thử", **fields}
    )


def rows_of(told):
    return {row.now.indicator.code: row for row in told.rows}


@pytest.fixture
def september():
    histories.plant()
    return lambda **asked: rows_of(brief(TODAY, today=TODAY, **asked))


def test_numbers_are_those_of_the_registry(september, make_dossier):
    factories.advance(make_dossier(), "archived", start=factories.at("2025-08-04 09:15"))
    for code, row in september().items():
        ask = registry.of(code).ask
        told = (row.now.value, row.before.value, row.year.value)
        assert (code, told) == (code, tuple(ask(asked).value for asked in (SEPTEMBER, AUGUST, YEAR)))


def test_each_number_asks_its_own_page_for_its_own_period(september):
    row, stock = september()["new_projects"], september()["projects"]
    assert [number.asked.query()["since"] for number in (row.now, row.before, row.year)] == [
        "2025-09-01", "2025-08-01", "2025-01-01",
    ]  # fmt: skip
    assert [number.asked.query()["on"] for number in (stock.now, stock.before, stock.opening)] == [
        "2025-09-20", "2025-08-31", "2024-12-31",
    ]  # fmt: skip


def test_what_stands_is_told_against_the_evening_before_the_year(september):
    row = september()["projects"]
    opening = registry.of("projects").ask(Asked(date(2024, 12, 31))).value
    assert (row.opening.value, row.year_text) == (opening, f"+{row.now.value - opening}")
    assert row.difference == {1: "+1", 0: "0", -1: "−1"}[row.now.value - row.before.value]


def test_a_target_says_what_share_of_it_the_year_has_reached(september):
    make_target()
    row = september()["new_projects"]
    assert row.reached == Decimal(row.year.value) * 100 / 8
    assert (row.target_text, row.can_be_planned) == ("8", True)


def test_a_figure_without_target_says_so_and_a_target_of_another_year_is_none(september):
    make_target(year=2024)
    told = september()
    with translation.override("vi"):
        assert (told["new_projects"].target_text, told["new_projects"].reached) == ("chưa có chỉ tiêu", None)
        assert "chưa có chỉ tiêu" not in told["projects"].target_text


def test_a_share_moves_by_points_and_nothing_settled_moves_nothing(september):
    row = september()["dossiers_kept_percent"]
    assert (row.now.value, "—" in row.difference) == (None, True)
    unit = row.now.indicator
    moved = type(row)(unit.number(SEPTEMBER, Decimal(90)), unit.number(AUGUST, Decimal(75)), row.year)
    with translation.override("vi"):
        assert moved.difference == "+15 điểm phần trăm"


def test_a_january_is_compared_with_december():
    histories.plant()
    told = brief(date(2025, 1, 5), today=TODAY)
    row = rows_of(told)["new_projects"]
    assert (told.is_whole, row.before.asked.on, row.before.value) == (
        True, date(2024, 12, 31), registry.of("new_projects").ask(row.before.asked).value,
    )  # fmt: skip


def test_a_month_as_known_before_stays_what_it_was(september):
    known = factories.at("2026-01-05 09:00")
    before = [(code, row.now.value) for code, row in september(known=known).items()]
    project, basis = histories.projects()[0], ledger.Basis("muon-1", date(2025, 9, 3))
    to = histories.dollars(9_000_000)
    ledger.adjust_capital(project=project, to=to, basis=basis, by=None, at=known + timedelta(hours=1))
    assert [(code, row.now.value) for code, row in september(known=known).items()] == before
    assert [(code, row.now.value) for code, row in september().items()] != before


@pytest.mark.parametrize("more", [0, 3])
def test_brief_asks_no_more_for_more_projects(more, django_assert_num_queries):
    histories.plant()
    for _n in range(more):
        factories.make_project(on=date(2025, 9, 2))
    make_target()
    posting.level()
    with django_assert_num_queries(33):
        brief(TODAY, today=TODAY)


# Targets ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("wrong", [{}, {"indicator": "ended_projects", "value": 0}])
def test_a_target_is_set_once_and_above_zero(wrong):
    make_target()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_target(**wrong)


def test_only_what_happens_in_a_year_may_be_planned(client):
    client.force_login(factories.make_staff("editor"))
    form = client.get(reverse("admin:izportal_plantarget_add")).context["adminform"].form
    codes = {code for code, _title in form.fields["indicator"].choices}
    assert ("new_projects" in codes, "projects" in codes, "dossiers_kept_percent" in codes) == (True, False, False)


def test_an_editor_sets_a_target(client):
    client.force_login(factories.make_staff("editor"))
    sent = {"year": 2025, "indicator": "new_projects", "value": "20", "source_vi": "Kế hoạch", "source_en": "Plan"}
    client.post(reverse("admin:izportal_plantarget_add"), sent)
    assert list(PlanTarget.objects.values_list("year", "indicator", "value")) == [(2025, "new_projects", 20)]


# Pages --------------------------------------------------------------------------------------------
def test_page_links_every_number_and_marks_what_no_second_source_says(client):
    histories.plant()
    today = timezone.localdate()
    make_target(year=today.year)
    client.force_login(factories.make_staff("leader"))
    response = client.get(reverse("admin:izportal_brief"))
    page = response.content.decode().replace("&amp;", "&")
    rows = list(response.context["brief"].rows)
    assert [row.title for row in rows if f'href="{row.now.url}"' not in page] == []
    assert page.count("chưa đối chiếu") == 1


def test_desk_says_what_the_public_pages_say(client):
    """Each number of the leader's page, asked again from its public page by somebody who has not signed in."""
    histories.plant()
    for row in brief(timezone.localdate(), today=timezone.localdate()).rows:
        public = client.get(row.now.url)
        number = public.context["number"]
        assert (row.now.indicator.code, number.value) == (row.now.indicator.code, row.now.value)
        assert row.now.text in public.content.decode()


def test_wrong_month_is_told_and_the_pdf_leads_back_to_it(client):
    client.force_login(factories.make_staff("leader"))
    page = client.get(reverse("admin:izportal_brief"), {"month": "2025-13"})
    pdf = client.get(reverse("admin:izportal_brief_pdf"), {"month": "2025-13"})
    assert (page.status_code, list(page.context["form"].errors), "brief" in page.context) == (200, ["month"], False)
    assert (pdf.status_code, pdf["Location"]) == (302, f"{reverse('admin:izportal_brief')}?month=2025-13")


def test_pdf_is_one_page_in_vietnamese_with_its_moments_and_marks(client):
    histories.plant(True)
    today = timezone.localdate()
    for code in ("new_projects", "new_fdi_capital_usd", "new_ddi_capital_vnd"):
        make_target(code, year=today.year, note_vi="Nguồn không nói có tính vốn tăng thêm hay không.")
    client.force_login(factories.make_staff("leader"))
    with translation.override("en"):
        answer = client.get(reverse("admin:izportal_brief_pdf"))
    pdf = PdfReader(BytesIO(answer.content))
    text = " ".join(pdf.pages[0].extract_text().split())
    assert (len(pdf.pages), "/StructTreeRoot" in pdf.trailer["/Root"]) == (1, True)
    told = (f"Tính đến hết ngày {today:%d/%m/%Y}", "theo sổ đã ghi đến", "dữ liệu mẫu", "Chỉ tiêu cả năm")
    assert [words for words in told if words not in text] == []
    assert text.replace(" ", "").count("chưađốichiếu") == 3


def test_pdf_stays_one_page_with_a_target_for_every_figure(client):
    histories.plant()
    today = timezone.localdate()
    flows = [row.code for row in registry.ALL if row.is_flow and row.per is None]
    for code in flows:
        make_target(code, year=today.year, note_vi="Nghị quyết kỳ họp cuối năm.")
    client.force_login(factories.make_staff("leader"))
    pdf = PdfReader(BytesIO(client.get(reverse("admin:izportal_brief_pdf")).content))
    told = brief(today, today=today)
    assert (len(pdf.pages), len(told.sources), len([row for row in told.rows if row.target])) == (1, 1, len(flows))
    assert f"Còn {told.left_out} chỉ tiêu" in pdf.pages[0].extract_text() and told.left_out > 10


@pytest.mark.parametrize("name", ["izportal_brief", "izportal_brief_pdf"])
def test_who_may_not_read_figures_gets_no_brief(client, name):
    client.force_login(factories.make_staff("operator"))
    assert client.get(reverse(f"admin:{name}")).status_code == 403
    client.force_login(factories.make_user())
    assert client.get(reverse(f"admin:{name}")).status_code == 302


def test_desk_leads_to_the_brief_for_those_who_read_figures(client):
    address = reverse("admin:izportal_brief")
    for role, is_led in (("leader", True), ("operator", False)):
        client.force_login(factories.make_staff(role))
        assert (role, address in client.get(reverse("admin:index")).content.decode()) == (role, is_led)


# What waits ---------------------------------------------------------------------------------------
def counts_of(user, at):
    return {row.url.partition("?")[2] or row.url: row.count for row in waiting(user, at=at, today=TODAY)}


def test_late_projects_are_counted_with_the_list_that_holds_them():
    project = histories.projects()[0]
    Milestone.objects.create(project=project, kind=Milestone.Kind.CONSTRUCTION, planned_on=date(2025, 6, 1))
    counts = counts_of(factories.make_staff("leader"), factories.at("2025-09-20 09:00"))
    assert (counts["list=late"], counts["heap=late"], counts["tab=late"]) == (1, 0, 0)


def test_form_of_the_ministry_waits_for_another_than_its_drafter():
    leader, other = factories.make_staff("leader"), factories.make_staff("leader")
    days = {"starts_on": date(2025, 7, 1), "cut_off_on": date(2025, 9, 30)}
    moment = factories.at("2025-10-02 09:00")
    MinistryReport.objects.create(
        form="2101", period_name="Quý III/2025", as_known=moment, drafted_by=leader, drafted_at=moment, **days
    )
    assert [counts_of(user, moment)["state=draft"] for user in (leader, other)] == [0, 1]


def test_what_a_reader_may_not_open_is_not_counted_for_them():
    counts = counts_of(factories.make_staff("editor"), factories.at("2025-09-20 09:00"))
    assert set(counts) == {"list=late", "list=asleep", "list=ending"}
