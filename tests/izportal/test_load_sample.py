"""The sample data add up to the board's statement, say what they are, and go without a trace."""

import re
from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.core.management.base import SystemCheckError
from django.db import transaction
from django.db.models import F, Sum
from django_q.models import OrmQ

from izportal.management import reference, upkeep
from izportal.management.sample import filings, land, loading, people, removal, ventures
from izportal.models import CalendarDay, ChangeSet, Notice, StoredFile, User
from izportal.press.forms import NEWS_KINDS
from izportal.press.models import Comment, Edition, Question
from izportal.roles import ROLES
from onestop import papers, questions, workflow
from onestop.models import Dossier, Series, Slip
from projects import mandates
from projects.models import Enterprise, Investor, Project, Report, ReportPeriod, Tenure
from projects.reports import duties
from tests import factories
from tests.factories import HANOI
from zones import balance, factsheet, freshness, plan, utilities
from zones.models import Availability, Plot, UtilityCapacity, Zone
from zones.profile import land_use

NOW = datetime(2026, 11, 26, 11, 0, tzinfo=HANOI)
TODAY = NOW.date()
PASSWORD = "mat-khau-mau"

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def sample(django_db_setup, django_db_blocker):
    """Loaded once for the tests of this module; each of them undoes only what it does itself."""
    with django_db_blocker.unblock(), transaction.atomic():
        reference.load()
        loading.load(now=NOW, password=PASSWORD)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def own_var(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    return tmp_path


# What the register adds up to -----------------------------------------------------------------------
def test_projects_in_force_meet_the_statement(sample):
    assert factories.totals(on=TODAY) == {"fdi": (119, 8_412_600_000), "ddi": (117, 15_497_000_000_000)}
    assert (Project.objects.filter(is_sample=False).exists(), Project.objects.count()) == (False, 248)


def test_every_operating_zone_has_both_origins(sample):
    found = set(Project.objects.in_force(on=TODAY).order_by().values_list("zone__slug", "origin"))
    zones = set(Zone.objects.exclude(slug="quyet-thang").values_list("slug", flat=True))
    assert found == {(zone, origin) for zone in zones for origin in ("fdi", "ddi")}


def test_projects_grow_over_the_years(sample):
    days = [date(year, 12, 31) for year in (1999, 2005, 2010, 2015, 2020)]
    counts = [Project.objects.in_force(on=day).count() for day in days]
    assert counts == sorted(counts)
    assert (counts[0], counts[1] > 0) == (0, True)


def test_split_is_exact_and_keeps_the_least():
    parts = ventures.split(1000, [1, 1, 7, 0.1], 5)
    assert (sum(parts), min(parts) >= 5, parts.index(max(parts))) == (1000, True, 2)


def test_split_of_too_little_is_refused():
    with pytest.raises(ValueError, match="too little"):
        ventures.split(9, [1, 1], 5)


# The land -------------------------------------------------------------------------------------------
def test_land_and_register_agree_on_every_plot(sample):
    assert list(upkeep.differences(on=TODAY)) == []
    assert Tenure.objects.filter(area_m2__gt=F("plot__area_m2")).count() == 0
    assert Tenure.objects.filter(is_current=True, ended_on=None).count() > 200


def test_plots_stand_in_every_state_and_zone(sample):
    plots = Plot.objects.with_status(on=TODAY)
    assert {plot.status for plot in plots} == set(Availability.Status.values)
    assert {plot.kind for plot in plots} == set(Plot.Kind.values)
    assert set(plots.values_list("zone__code", flat=True)) == {"SC1", "SC2", "NPY", "YB", "DT", "QT"}


def test_plots_keep_within_the_stated_area(sample):
    for zone in Zone.objects.all():
        stated = zone.areas.get(is_stated=True).area_ha
        drawn = zone.plots.aggregate(area=Sum("area_m2"))["area"] / 10_000
        assert 0.4 < drawn / stated < 0.8, zone.code


def test_outline_encloses_the_area_of_its_plot(sample):
    plot = Plot.objects.exclude(outline=[]).first()
    twice = sum(
        a[0] * b[1] - b[0] * a[1] for a, b in zip(plot.outline, plot.outline[1:] + plot.outline[:1], strict=True)
    )
    assert abs(twice / 2 - float(plot.area_m2)) < float(plot.area_m2) / 500
    assert 0 < Plot.objects.filter(outline=[]).count() < 30


def test_land_of_every_zone_adds_up_as_printed_and_stands_in_its_area(sample):
    found = balance.by_zone(on=TODAY)
    for zone in Zone.objects.all():
        areas = list(zone.areas.as_known())
        whole = (factsheet.latest_area(areas, TODAY) or factsheet.stated_area(areas)).area_ha
        use = land_use.of(found[zone.pk], other_m2=land_use.other_plots_m2(zone, sample=True), zone_ha=whole)
        assert sum(part.shown_ha for part in use.industrial) == use.industrial_ha, zone.code
        assert sum(part.shown_ha for part in [*use.industrial, *use.rest]) == use.zone_ha, zone.code
        assert all(abs(part.shown_ha - part.area_m2 / 10_000) < 0.2 for part in use.industrial), zone.code


def test_plan_of_every_zone_draws_or_counts_every_plot(sample):
    for zone in Zone.objects.all():
        plots = list(zone.plots.with_offer(on=TODAY))
        drawn = plan.draw(plots)
        assert sorted([shape.plot.pk for shape in drawn.shapes] + [plot.pk for plot in drawn.left_out]) == sorted(
            plot.pk for plot in plots
        )


def test_numbers_of_known_real_plots_are_not_used(sample):
    assert Plot.objects.filter(code__in=["YB-CN-16", "DT-CN-09"]).count() == 0


def test_some_facts_of_plots_are_missing(sample):
    known = Plot.objects.filter(power_kva__isnull=False).count()
    assert 0 < known < Plot.objects.count()
    assert Plot.objects.filter(price__isnull=False, price_on=None).count() == 0


def test_every_plot_is_complete_and_some_words_have_aged(sample):
    free = Plot.objects.published().free(on=TODAY)
    assert Plot.objects.published().count() == Plot.objects.count()
    counts = {state: freshness.in_state(free, state, on=TODAY).count() > 0 for state in freshness.State}
    assert (set(counts.values()), Plot.objects.offered(on=TODAY).count() > free.count() * 0.6) == ({True}, True)


def test_networks_of_some_zones_tell_what_is_left_and_of_some_do_not(sample):
    left = utilities.by_zone(Zone.objects.all(), on=TODAY).values()
    assert UtilityCapacity.objects.filter(is_sample=False).count() == 0
    assert {(one.capacity is not None, one.amount is not None) for one in left} == {
        (True, True), (True, False), (False, False),
    }  # fmt: skip


def test_rows_of_a_plan_do_not_overlap():
    sizes = {
        "a": {"kind": "land", "depth": 100, "width": [50, 90]},
        "b": {"kind": "land", "depth": 40, "width": [20, 40]},
    }
    cells = list(land.lay_out(land.Random(1), {"a": 30, "b": 40}, sizes, 900))
    crossing = [
        (a, b) for a in cells for b in cells
        if a is not b and a.x < b.x + b.width and b.x < a.x + a.width and a.y < b.y + b.depth and b.y < a.y + a.depth
    ]  # fmt: skip
    assert (len(cells), crossing) == (70, [])


# Marks ----------------------------------------------------------------------------------------------
def test_every_row_says_that_it_is_a_sample(sample):
    real = {model.__name__: model._base_manager.filter(is_sample=False).count() for model in removal.sampled()}
    # Of the content of the portal the first texts are the board's own.
    assert {name for name, count in real.items() if count} == {"Item", "HistoricalItem"}


def test_invented_names_and_codes_say_so(sample):
    names = [*Enterprise.objects.values_list("name_vi", flat=True), *Investor.objects.values_list("name", flat=True)]
    names += Project.objects.values_list("name_vi", flat=True)
    names += [*Question.objects.values_list("name", flat=True), *Comment.objects.values_list("name", flat=True)]
    assert [name for name in names if not re.search(r"\bM(ẫu|au)\b", name)] == []
    assert [p.code for p in Project.objects.all() if not p.code.startswith("MAU")] == []
    assert [e.tax_code for e in Enterprise.objects.all() if not re.fullmatch(r"0000\d{6}", e.tax_code)] == []
    assert [d.reference for d in Dossier.objects.exclude(status="draft") if not d.reference.startswith("MAU-")] == []


def test_texts_stand_at_every_step_and_say_that_they_are_invented(sample):
    rows = Edition.objects.filter(item__is_sample=True, item__kind__in=NEWS_KINDS)
    counted = {status: rows.filter(status=status).count() for status in Edition.Status.values}
    assert counted == {"draft": 1, "submitted": 1, "reviewed": 1, "published": 5, "expired": 1}
    assert [row.title for row in rows if not re.match(r"Minh họa: |Illustration: ", row.title)] == []
    assert Edition.objects.archived(at=NOW).filter(item__slug="minh-hoa-thong-bao-cu").count() == 1
    assert Edition.objects.public(at=NOW + timedelta(days=3)).filter(item__slug="minh-hoa-hen-gio").count() == 1


# People ---------------------------------------------------------------------------------------------
def test_each_role_has_one_account(sample):
    held = {user.email.split("@")[0]: sorted(user.role_codes) for user in User.objects.filter(is_staff=True)}
    first = {("admin" if role.code == "administrator" else role.code): [role.code] for role in ROLES}
    assert held == {**first, "specialist2": ["specialist"]}
    assert User.objects.get(email="operator@mau.example").zones == ["YB"]
    assert User.objects.filter(is_superuser=True).count() == 0


def test_accounts_open_with_the_password_and_applicants_do_not(sample):
    assert {user.check_password(PASSWORD) for user in User.objects.filter(is_staff=True)} == {True}
    assert User.objects.get(email="enterprise@mau.example").check_password(PASSWORD)
    others = User.objects.filter(email__startswith="nguoi-nop")
    assert (len(others), {user.has_usable_password() for user in others}) == (6, {False})


def test_enterprise_account_signs_for_one_enterprise_with_projects(sample):
    user = User.objects.get(email="enterprise@mau.example")
    (enterprise,) = mandates.enterprises_of(user, "sign")
    assert enterprise.projects.in_force(on=TODAY).count() >= 3
    assert {"draft", "intake_supplement", "review_supplement", "result_ready"} <= set(
        user.dossiers.values_list("status", flat=True)
    )


# The counter ----------------------------------------------------------------------------------------
def test_dossiers_stand_in_every_status(sample):
    assert set(Dossier.objects.values_list("status", flat=True)) == set(Dossier.Status.values)
    assert set(Dossier.objects.values_list("procedure__code", flat=True)) == {"1.009664", "1.009647"}


def test_dossiers_press_today(sample):
    calendar = CalendarDay.calendar()
    states = Counter(
        workflow.standing(row, at=NOW, calendar=calendar, soon=3).state for row in Dossier.objects.running()
    )
    assert {state for state, count in states.items() if count >= 3} == {"late", "today", "soon", "running"}
    assert Dossier.objects.unanswered(at=NOW).count() == 3
    assert Dossier.objects.filter(status="draft", saved_at__gt=NOW).count() == 0


def test_nothing_happens_after_now(sample):
    assert Dossier.objects.filter(events__at__gt=NOW).count() == 0
    assert Project.objects.filter(changes__effective_on__gt=TODAY).count() == 0


def test_answers_pass_the_checks_of_the_form(sample):
    waiting = Dossier.objects.filter(status__in=["draft", "submitted", "intake_supplement", "received"])
    blocking = {str(row): [f.sentence for f in questions.faults(row, on=TODAY) if f.blocks] for row in waiting}
    assert {name: found for name, found in blocking.items() if found} == {}
    assert [str(row) for row in Dossier.objects.all() if papers.missing(row)] == []


def test_no_letter_waits_and_no_job_is_left(sample):
    assert Notice.objects.filter(sent_at=None).count() == 0
    assert Notice.objects.exclude(sent_at=F("created_at")).count() == 0
    assert OrmQ.objects.count() == 0
    # Only what a clerk has sealed is a file already; a slip becomes one when it is first asked for.
    assert Slip.objects.exclude(stored=None).exclude(form=Slip.Form.RESULT).count() == 0


def test_moments_never_pass_now_on_a_day_off(sample):
    sunday = datetime(2026, 11, 29, 7, 0, tzinfo=HANOI)
    setting = loading.Setting(sunday, CalendarDay.calendar(), loading.Random(1))
    moments = [at for filing in filings.plan(setting) for at in (filing.begun_at, *(at for at, _step in filing.steps))]
    assert max(moments) <= sunday
    assert all(filing.begun_at < filing.steps[0][0] for filing in filings.plan(setting) if filing.steps)


def test_imports_stand_at_three_steps_and_say_that_they_are_invented(sample):
    sets = ChangeSet.objects.order_by("pk")
    assert [(row.state, row.note) for row in sets] == [
        (state, "Minh họa: số liệu giả định") for state in ("applied", "ready", "awaiting")
    ]
    counts = [{key: many for key, many in row.counts().items() if many and key != "all"} for row in sets]
    assert counts == [{"applied": 6}, {"changed": 1, "fault": 3}, {"changed": 3, "picked": 3, "guarded": 3}]
    assert [bool(row.marked) for row in sets] == [False, True, False]
    assert ChangeSet.objects.filter(applied_at__gt=NOW).count() == 0


# Commands -------------------------------------------------------------------------------------------
def test_second_load_prints_the_accounts_and_changes_nothing(sample, own_var, capsys):
    people.write_accounts("mot-hai-ba")
    before = {model: model._base_manager.count() for model in apps.get_models()}
    call_command("load_sample")
    assert {model: model._base_manager.count() for model in apps.get_models()} == before
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Tài khoản mẫu, mật khẩu chung: mot-hai-ba"
    assert lines[13].split()[0] == "enterprise@mau.example"


def test_drop_refuses_while_a_real_dossier_asks_for_a_sample_plot(sample, own_var):
    enterprise = factories.make_enterprise(tax_code="4600000001")
    factories.make_dossier(plot=Plot.objects.first(), enterprise=enterprise, papers=False)
    with pytest.raises(CommandError, match="Bảng “hồ sơ” có 1 dòng thật gắn với dữ liệu mẫu ở cột “lô đất”"):
        call_command("drop_sample")
    assert Plot.objects.count() > 300


def test_drop_takes_all(sample, own_var, capsys, django_capture_on_commit_callbacks):
    before = {model: model._base_manager.count() for model in (Zone, *reference_models())}
    paths = [(stored.file.storage, stored.file.name) for stored in StoredFile.objects.all()]
    people.write_accounts(PASSWORD)
    with django_capture_on_commit_callbacks(execute=True):
        call_command("drop_sample")
    assert {model: model._base_manager.filter(is_sample=True).count() for model in removal.sampled()} == dict.fromkeys(
        removal.sampled(), 0
    )
    assert {model: model._base_manager.count() for model in before} == before
    assert (Series.objects.count(), [name for storage, name in paths if storage.exists(name)]) == (0, [])
    assert (people.accounts_file().exists(), capsys.readouterr().out.splitlines()[-1]) == (
        False,
        "Không còn dữ liệu mẫu.",
    )


@pytest.mark.prove
def test_sample_loads_again_once_it_is_dropped(sample, own_var, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        call_command("drop_sample", verbosity=0)
    call_command("load_sample", verbosity=0, today=TODAY - timedelta(days=40))
    assert factories.totals(on=TODAY)["fdi"] == (119, 8_412_600_000)


def reference_models():
    return [
        apps.get_model(name)
        for name in ("onestop.procedure", "onestop.component", "izportal.rule", "izportal.act", "projects.sector")
    ]


@pytest.mark.django_db
def test_production_does_not_start_over_sample_data(settings):
    factories.make_user("ai-do@mau.example", is_sample=True)
    settings.PRODUCTION = True
    with pytest.raises(SystemCheckError, match="dữ liệu mẫu"):
        call_command("migrate", verbosity=0, skip_checks=False)


# Reports ------------------------------------------------------------------------------------------
def test_most_have_reported_and_the_account_still_owes(sample):
    """The last quarter that ended before the day of the sample."""
    period = ReportPeriod.objects.get(code="2026-Q3")
    rows = duties.of_period(period, Project.objects.all())
    states = Counter(row.state for row in rows)
    assert set(states) == {"accepted", "waiting", "returned", "missing", "draft"}
    assert states["missing"] * 4 < len(rows)
    own = User.objects.get(email="enterprise@mau.example").mandates.get().enterprise
    assert {row.state for row in rows if row.subject.project.enterprise_id == own.pk} == {"missing", "draft"}
    assert Report.objects.filter(is_sample=False).count() == 0
