"""The back office as a whole: who comes in, who sees which list, search, two people at one record, deeds, history."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from functools import partial

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from izportal import documents, outbox
from izportal.models import Act, CalendarDay, Job, Notice, Rule, StatedFigure, StoredFile, User
from tests import factories, uploads
from zones.models import Confirmation, Document, Phase, Plot

pytestmark = pytest.mark.django_db

EVERYONE = {
    "reception", "specialist", "head", "leader", "clerk", "register", "land", "operator", "editor", "auditor",
    "administrator",
}  # fmt: skip
BOARD = EVERYONE - {"operator"}
LISTS = {
    "zones_zone": EVERYONE,
    "zones_phase": EVERYONE,
    "zones_zonearea": EVERYONE,
    "zones_plot": EVERYONE,
    "zones_availability": EVERYONE,
    "zones_document": EVERYONE,
    "projects_project": BOARD,
    "projects_enterprise": BOARD,
    "projects_investor": BOARD,
    "projects_contribution": BOARD,
    "projects_mandate": BOARD,
    "projects_change": BOARD,
    "projects_tenure": BOARD,
    "projects_country": BOARD,
    "projects_sector": BOARD,
    "izportal_calendarday": BOARD,
    "izportal_rule": BOARD,
    "izportal_act": BOARD,
    "izportal_statedfigure": BOARD,
    "izportal_user": {"head", "register", "auditor", "administrator"},
    "izportal_division": {"auditor", "administrator"},
    "izportal_notice": {"leader", "auditor", "administrator"},
    "izportal_job": {"auditor", "administrator"},
    "izportal_storedfile": {"leader", "auditor", "administrator"},
    "auth_group": {"auditor", "administrator"},
    "admin_logentry": {"leader", "auditor", "administrator"},
}
ADDING = {
    "zones_zone": {"land", "editor"},
    "zones_phase": {"land"},
    "zones_zonearea": {"land"},
    "zones_plot": {"land", "operator"},
    "zones_availability": set(),
    "zones_document": {"land", "operator", "editor"},
    "projects_project": set(),
    "projects_enterprise": {"register"},
    "projects_investor": {"register"},
    "projects_contribution": set(),
    "projects_mandate": {"head", "register", "administrator"},
    "projects_change": set(),
    "projects_tenure": set(),
    "projects_country": {"register"},
    "projects_sector": {"register"},
    "izportal_calendarday": {"administrator"},
    "izportal_rule": {"administrator"},
    "izportal_act": {"administrator"},
    "izportal_statedfigure": {"editor", "administrator"},
    "izportal_user": {"administrator"},
    "izportal_division": {"administrator"},
    "izportal_notice": set(),
    "izportal_job": set(),
    "izportal_storedfile": set(),
    "auth_group": set(),
    "admin_logentry": set(),
}


def address(model, page="changelist", *args):
    return reverse(f"admin:{model}_{page}", args=args)


# Who comes in -------------------------------------------------------------------------------------
def test_stranger_is_sent_to_the_portal_sign_in(client):
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain == [
        ("/admin/login/?next=/admin/", 302),
        (f"{reverse('account_login')}?next=/admin/", 302),
    ]


def test_applicant_is_told_that_this_is_not_theirs(client, enterprise_user):
    client.force_login(enterprise_user)
    assert client.get("/admin/", follow=True).status_code == 403


def test_staff_need_not_sign_in_twice(client, staff):
    client.force_login(staff("land"))
    assert client.get("/admin/login/")["Location"] == "/admin/"


def test_person_switched_off_comes_in_no_more(client, staff):
    person = staff("land")
    client.force_login(person)
    User.objects.update(is_active=False)
    assert client.get("/admin/", follow=True).redirect_chain[-1][0] == f"{reverse('account_login')}?next=/admin/"


def test_sign_out_leads_to_the_portal(client, staff):
    client.force_login(staff("land"))
    assert client.post("/admin/logout/")["Location"] == "/"


def test_menu_begins_with_the_work_of_the_day(client, staff):
    client.force_login(staff("administrator"))

    menu = client.get("/admin/").context["app_list"]

    assert [app["app_label"] for app in menu][:4] == ["onestop", "zones", "projects", "izportal"]
    assert [app["models"][0]["object_name"] for app in menu][:3] == ["Dossier", "Zone", "Project"]


def drawn(client, address="/admin/"):
    return client.get(address).content.decode().count('<tr class="model-')


def test_menu_follows_the_rights_of_its_reader_at_once(client, staff):
    person = staff("specialist")
    client.force_login(person)
    before = drawn(client)
    person.groups.set([factories.make_staff("administrator").groups.get()])
    after = drawn(client)
    person.groups.set([factories.make_staff("specialist").groups.get()])
    assert (before < after, drawn(client)) == (True, before)


def test_menu_says_where_its_reader_is(client, staff):
    client.force_login(staff("specialist"))
    pages = [client.get(reverse(f"admin:{name}_changelist")).content.decode() for name in ("zones_zone", "zones_plot")]
    assert [page.count(' current-model"') for page in pages] == [1, 1]
    assert ["model-zone current-model" in pages[0], "model-plot current-model" in pages[1]] == [True, True]


def test_pages_keep_the_strict_policy(client, staff):
    client.force_login(staff("land"))
    policy = client.get("/admin/zones/plot/")["Content-Security-Policy"]
    # The directives come in no fixed order.
    assert "script-src 'self'" in {directive.strip() for directive in policy.split(";")}
    assert "unsafe" not in policy


# Who sees which list ------------------------------------------------------------------------------
def statuses(client, page, models):
    return {model: client.get(address(model, page)).status_code for model in models}


def expected(role, table):
    return {model: 200 if role in allowed else 403 for model, allowed in table.items()}


@pytest.mark.any_database
@pytest.mark.parametrize("role", sorted(EVERYONE))
def test_lists_open_to_their_roles(client, staff, role):
    client.force_login(staff(role))
    assert statuses(client, "changelist", LISTS) == expected(role, LISTS)


@pytest.mark.any_database
@pytest.mark.parametrize("role", sorted(EVERYONE))
def test_records_are_added_by_their_roles(client, staff, role):
    client.force_login(staff(role))
    assert statuses(client, "add", ADDING) == expected(role, ADDING)


def test_row_out_of_reach_is_not_there(client, staff, make_plot):
    plot = make_plot()
    client.force_login(staff("operator", zones=["DT"]))
    pages = ["change", "history", "confirm"]
    assert [client.get(address("zones_plot", page, plot.pk)).status_code for page in pages] == [404, 404, 404]


# What is asked in the address ---------------------------------------------------------------------
@pytest.mark.parametrize(
    "asked",
    ["?is_sample__exact=2", "?khong-co=1", "?price_on__year=abc", "?kind__exact=%00", f"?zone__id__exact={'9' * 30}"],
)
def test_senseless_filter_leads_back_to_a_list(client, staff, asked):
    client.force_login(staff("land"))
    for page in ("changelist", "export"):
        answer = client.get(address("zones_plot", page) + asked, follow=True)
        assert (answer.status_code, answer.redirect_chain[-1][0].partition("?")[0]) == (200, "/admin/zones/plot/")


@pytest.mark.parametrize("part", ["year=9999", "year=0", f"year={10**20}", f"year=2026&effective_on__month={10**20}"])
def test_day_of_no_calendar_leads_back_to_the_list(client, staff, part):
    client.force_login(staff("land"))
    answer = client.get(address("zones_zonearea") + f"?effective_on__{part}")
    assert (answer.status_code, answer.url) == (302, "/admin/zones/zonearea/")


@pytest.mark.parametrize("mark", ["abc", "\0", "9" * 30, ""])
def test_mark_of_a_row_that_cannot_be_leads_back_to_the_list(client, staff, mark):
    client.force_login(staff("land"))
    press = {"action": "export_chosen", "_selected_action": [mark], "index": "0"}
    answer = client.post(address("zones_plot"), press)
    assert (answer.status_code, answer.url) == (302, "/admin/zones/plot/")


@pytest.mark.parametrize("key", ["x", "\0", "9" * 30, "-1"])
def test_row_that_cannot_be_is_refused_beside_its_field(client, staff, key):
    client.force_login(staff("administrator"))
    assert client.get(address("izportal_act", "add"), {"replaced_by": key}).status_code == 200
    answer = client.post(address("izportal_act", "add"), {"replaced_by": key})
    assert (answer.status_code, "replaced_by" in answer.context["adminform"].form.errors) == (200, True)


@pytest.mark.parametrize("key", ["x", "\0", "9" * 30])
def test_role_that_cannot_be_is_refused_beside_its_field(client, staff, key):
    person = staff("land")
    client.force_login(staff("administrator"))
    answer = client.post(address("izportal_user", "change", person.pk), {"email": person.email, "groups": [key]})
    assert (answer.status_code, "groups" in answer.context["adminform"].form.errors) == (200, True)


@pytest.mark.parametrize("key", ["1", "x", "9" * 30, "%00"])
def test_public_page_of_a_row_that_cannot_be_is_not_there(client, staff, key):
    client.force_login(staff("auditor"))
    kinds = [ContentType.objects.get_for_model(model).pk for model in (StoredFile, Plot)]
    assert [client.get(f"/admin/r/{kind}/{key}/").status_code for kind in (*kinds, key)] == [404, 404, 404]


def test_queue_of_the_library_has_no_page(client):
    client.force_login(factories.make_user("goc@ban.example", is_staff=True, is_superuser=True))
    pages = [client.get(f"/admin/django_q/{name}/").status_code for name in ("failure", "schedule", "ormq", "success")]
    assert pages == [404] * 4


@pytest.mark.parametrize("key", ["abc", "0", "9" * 20, "a/b", "-1"])
def test_record_that_is_not_there_is_not_found(client, staff, key):
    client.force_login(staff("land"))
    assert client.get(f"/admin/zones/plot/{key}/change/").status_code == 404


# What lists cost ----------------------------------------------------------------------------------
def make_calendar_day(n):
    CalendarDay.objects.create(day=f"2026-04-{n + 1:02}", name_vi="Nghỉ")


def make_rule(n):
    Rule.objects.create(code=f"quy-tac-{n}", name_vi="Quy tắc", value="1", valid_from="2026-01-01")


def make_act(n):
    old = Act.objects.create(number=f"{n}/2020/QH14", title_vi="Luật cũ")
    Act.objects.filter(pk=old.pk).update(replaced_by=Act.objects.create(number=f"{n}/2025/QH15", title_vi="Luật"))


def make_stated_figure(n):
    StatedFigure.objects.create(indicator=f"so-{n}", value=1, as_of="2020-12-31", source_vi="Ban")


def make_file(n):
    StoredFile.objects.create(
        name="a.pdf", mime="application/pdf", size=1, sha256="0", uploaded_by=factories.make_user()
    )


def make_notice(n):
    Notice.objects.create(key=str(n), kind="thu", email="a@mau.example", subject="Thư", body="…")


def make_job(n):
    Job.objects.create(key=f"thu-{n}", call=outbox.SEND, arguments=[n], attempts=n, next_at=timezone.now())


def make_log(n):
    person = factories.make_staff("land")
    LogEntry.objects.log_actions(person.pk, [factories.make_division(f"phong-{n}")], 2, "Sửa")


COSTS = {
    "izportal_calendarday": (make_calendar_day, 7),
    "izportal_rule": (make_rule, 7),
    "izportal_act": (make_act, 7),
    "izportal_statedfigure": (make_stated_figure, 8),
    "izportal_storedfile": (make_file, 8),
    "izportal_notice": (make_notice, 7),
    "izportal_job": (make_job, 7),
    "izportal_user": (lambda n: factories.make_staff("land"), 7),
    "izportal_division": (lambda n: factories.make_division(f"phong-{n}"), 5),
    "auth_group": (lambda n: factories.make_staff("land"), 5),
    "admin_logentry": (make_log, 8),
}


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("model", COSTS)
def test_list_costs_the_same_however_long(client, staff, django_assert_num_queries, model, rows):
    make, cost = COSTS[model]
    for n in range(rows):
        make(n)
    client.force_login(staff("auditor"))
    with django_assert_num_queries(cost):
        client.get(address(model))


# Search -------------------------------------------------------------------------------------------
def found(client, model, words):
    page = client.get(address(model), {"q": words})
    return sorted(str(row) for row in page.context["cl"].result_list)


@pytest.mark.parametrize("words", ["song cong", "SÔNG CÔNG 2", "cn05", "sông  cn-05"])
def test_search_in_a_folded_column_needs_no_marks(client, staff, make_plot, words):
    make_plot("CN-05")
    make_plot("CN-06", zone=factories.make_zone("diem-thuy", "DT", "Điềm Thụy"))
    client.force_login(staff("land"))
    assert "CN-05 · Sông Công II" in found(client, "zones_plot", words)


@pytest.mark.parametrize("words", ["quyet dinh", "QUYẾT định", "222/qd", "dinh 222", "diem thuy"])
def test_search_in_a_plain_column_needs_no_marks(client, staff, words):
    zone = factories.make_zone("diem-thuy", "DT", "Điềm Thụy")
    Document.objects.create(zone=zone, title_vi="Quyết định quy hoạch", number="222/QĐ-TTg")
    client.force_login(staff("land"))
    assert found(client, "zones_document", words) == ["Quyết định quy hoạch"]


@pytest.mark.parametrize("words", ["dinh 333", "%", "_", "[", "(" * 500, "'; DROP"])
def test_search_for_what_is_not_there_finds_nothing(client, staff, words):
    zone = factories.make_zone("diem-thuy", "DT", "Điềm Thụy")
    Document.objects.create(zone=zone, title_vi="Quyết định quy hoạch", number="222/QĐ-TTg")
    client.force_login(staff("land"))
    assert client.get(address("zones_document"), {"q": words}).context["cl"].result_count in (0, 1)


def test_autocomplete_searches_and_scopes_like_the_list(client, staff, make_plot):
    phase = Phase.objects.create(zone=factories.make_zone(), slug="gd1", name_vi="Giai đoạn 1")
    Phase.objects.create(zone=factories.make_zone("diem-thuy", "DT", "Điềm Thụy"), slug="gd1", name_vi="Giai đoạn 1")
    client.force_login(staff("operator", zones=["SC2"]))
    asked = {"term": "giai doan", "app_label": "zones", "model_name": "plot", "field_name": "phase"}
    results = client.get("/admin/autocomplete/", asked).json()["results"]
    assert [row["id"] for row in results] == [str(phase.pk)]


# Two people at one record -------------------------------------------------------------------------
def form_of(page):
    """What a browser would send back from a change form."""
    form = page.context["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in values.items()} | inlines_of(page)


def inlines_of(page):
    forms = [formset.formset.management_form for formset in page.context["inline_admin_formsets"]]
    return {form.add_prefix(name): form[name].value() for form in forms for name in form.fields}


@pytest.fixture
def two_keepers(client, staff, enterprise):
    """Two register keepers have the same enterprise open; answers its address and what each would send."""
    first, second = staff("register"), staff("register")
    where = address("projects_enterprise", "change", enterprise.pk)
    client.force_login(second)
    opened = form_of(client.get(where))
    return first, second, where, opened


def test_second_save_is_refused_and_overwrites_nothing(client, enterprise, two_keepers):
    first, second, where, opened = two_keepers
    client.force_login(first)
    client.post(where, {**opened, "phone": "0208 111 111"})
    client.force_login(second)
    page = client.post(where, {**opened, "phone": "0208 222 222", "address": "Sông Công"})
    enterprise.refresh_from_db()
    assert (page.status_code, enterprise.phone, enterprise.address) == (200, "0208 111 111", "")


def test_refusal_names_who_when_and_what_and_keeps_the_typing(client, enterprise, two_keepers):
    first, second, where, opened = two_keepers
    client.force_login(first)
    client.post(where, {**opened, "phone": "0208 111 111"})
    client.force_login(second)
    page = client.post(where, {**opened, "address": "Sông Công"})
    when = enterprise.history.first().history_date.astimezone(factories.HANOI)
    [sentence] = page.context["adminform"].form.non_field_errors()
    assert f"được Cán bộ register sửa lúc {when:%d/%m/%Y %H:%M}, sau khi bạn mở trang (điện thoại)." in sentence
    assert 'value="Sông Công"' in page.content.decode()


def test_refused_save_stays_refused_when_pressed_again(client, enterprise, two_keepers):
    first, second, where, opened = two_keepers
    client.force_login(first)
    client.post(where, {**opened, "phone": "0208 111 111"})
    client.force_login(second)
    again = form_of(client.post(where, {**opened, "phone": "0208 222 222"}))
    client.post(where, again)
    enterprise.refresh_from_db()
    assert enterprise.phone == "0208 111 111"


@pytest.fixture
def conflict(client, two_keepers):
    """A page of the second keeper, after the first has saved a telephone and an address."""
    first, second, where, opened = two_keepers
    client.force_login(first)
    client.post(where, {**opened, "phone": "0208 111 111", "address": "Phổ Yên"})
    client.force_login(second)
    typed = {**opened, "phone": "0208 222 222", "representative": "Trần Thị Thử"}
    return where, typed, client.post(where, typed).context["adminform"].form


def test_both_values_stand_beside_each_other(conflict):
    _where, _typed, form = conflict
    assert [(row.name, row.theirs, row.mine, row.chosen) for row in form.differences] == [
        ("address", "Phổ Yên", "—", "theirs"),
        ("phone", "0208 111 111", "0208 222 222", ""),
    ]


@pytest.mark.parametrize(
    ("phone", "stored"), [("mine", "0208 222 222"), ("theirs", "0208 111 111")]
)  # fmt: skip
def test_chosen_values_are_saved(client, enterprise, conflict, phone, stored):
    where, typed, form = conflict
    chosen = {"as_seen": form.seen, "choose-phone": phone}
    assert client.post(where, {**typed, **chosen}).status_code == 302
    enterprise.refresh_from_db()
    assert (enterprise.phone, enterprise.address, enterprise.representative) == (stored, "Phổ Yên", "Trần Thị Thử")


@pytest.mark.parametrize("chosen", [{}, {"choose-phone": "both"}])
def test_nothing_is_saved_before_each_is_chosen(client, enterprise, conflict, chosen):
    where, typed, form = conflict
    client.post(where, {**typed, "as_seen": form.seen, **chosen})
    enterprise.refresh_from_db()
    assert (enterprise.phone, enterprise.representative) == ("0208 111 111", "")


def test_choice_does_not_hold_against_a_third_save(client, enterprise, conflict):
    where, typed, form = conflict
    enterprise.phone = "0208 333 333"
    enterprise.save()
    client.post(where, {**typed, "as_seen": form.seen, "choose-phone": "mine", "choose-address": "mine"})
    enterprise.refresh_from_db()
    assert enterprise.phone == "0208 333 333"


def test_save_pressed_twice_is_saved_once(client, enterprise, two_keepers):
    _first, _second, where, opened = two_keepers
    answers = [client.post(where, {**opened, "phone": "0208 222 222"}).status_code for _press in range(2)]
    assert (answers, enterprise.history.count()) == ([302, 302], 2)


def test_save_without_its_token_is_refused(client, enterprise, two_keepers):
    _first, _second, where, opened = two_keepers
    client.post(where, {**opened, "as_loaded": "", "phone": "0208 222 222"})
    enterprise.refresh_from_db()
    assert enterprise.phone == ""


def test_deed_of_a_colleague_counts_as_a_change(client, staff, make_plot):
    plot, keeper, other = make_plot(), staff("land"), staff("land")
    where = address("zones_plot", "change", plot.pk)
    client.force_login(keeper)
    opened = form_of(client.get(where))
    client.force_login(other)
    client.post(address("zones_plot", "confirm", plot.pk))
    client.force_login(keeper)
    page = client.post(where, {**opened, "area_m2": "1"})
    assert "(xác nhận ngày và người xác nhận)" in page.context["adminform"].form.non_field_errors()[0]


# Rows under a record --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("page", "shown", "links"), [("", 50, 1), ("2", 10, 1), ("3", 0, 1), ("x", 50, 1), ("-1", 50, 1)]
)
def test_hundreds_of_rows_come_by_pages(client, staff, make_plot, page, shown, links):
    plot, keeper = make_plot(), staff("land")
    said = {"said_on": date(2026, 1, 1), "said_at": timezone.now(), "word": "right", "by": keeper}
    Confirmation.objects.bulk_create([Confirmation(plot=plot, **said) for _n in range(60)])
    client.force_login(keeper)
    opened = client.get(address("zones_plot", "change", plot.pk), {"confirmations-page": page})
    formset = next(
        found.formset for found in opened.context["inline_admin_formsets"] if found.opts.model is Confirmation
    )
    assert (len(formset.forms), len(formset.pages)) == (shown, links)


# History ------------------------------------------------------------------------------------------
def test_history_says_what_changed(client, enterprise, two_keepers):
    _first, _second, where, opened = two_keepers
    client.post(where, {**opened, "phone": "0208 222 222"})
    page = client.get(address("projects_enterprise", "history", enterprise.pk)).content.decode()
    assert "<strong>Điện thoại:</strong> — → 0208 222 222" in page


def test_history_is_told_in_the_words_of_the_form(client, staff, make_plot):
    plot = make_plot()
    plot.kind, plot.area_m2, plot.is_published, plot.description_vi = "factory", Decimal("1234.5"), False, "Gần cổng"
    plot.save()
    client.force_login(staff("land"))
    [record, _first] = client.get(address("zones_plot", "history", plot.pk)).context["page_obj"]
    assert {change["field"]: (change["old"], change["new"]) for change in record.history_delta_changes} == {
        "Loại": ("Đất công nghiệp", "Nhà xưởng xây sẵn"),
        "Diện tích, m²": ("65000,00", "1234,50"),
        "Công bố": ("Có", "Không"),
        "Mô tả [vi]": ("—", "Gần cổng"),
    }


def test_two_versions_stand_side_by_side(client, staff, make_plot, django_assert_num_queries):
    plot = make_plot()
    for area in ("100", "200"):
        plot.area_m2 = Decimal(area)
        plot.save()
    plot.is_published, plot.phase = False, Phase.objects.create(zone=plot.zone, slug="k1", name_vi="Khu 1")
    plot.save()
    last, *_between, first = plot.history.all()
    client.force_login(staff("land"))
    where = address("zones_plot", "compare", plot.pk)
    client.get(where, {"older": first.pk, "newer": last.pk})
    with django_assert_num_queries(8):
        page = client.get(where, {"older": last.pk, "newer": first.pk})
    told = {change["field"]: (change["old"], change["new"]) for change in page.context["changes"]}
    assert told == {
        "Diện tích, m²": ("65000,00", "200,00"), "Công bố": ("Có", "Không"),
        "Khu, giai đoạn": ("—", "Sông Công II · Khu 1"),
    }  # fmt: skip
    assert f'<input type="radio" name="newer" value="{last.pk}" checked>' in body(client, plot)


def body(client, plot):
    return client.get(address("zones_plot", "history", plot.pk)).content.decode()


@pytest.mark.parametrize("asked", [{}, {"older": "x", "newer": "1"}, {"older": "9" * 30, "newer": "0"}])
def test_comparing_needs_two_versions_of_the_row(client, staff, make_plot, asked):
    plot, other = make_plot(), make_plot("CN-06")
    client.force_login(staff("land"))
    where = address("zones_plot", "compare", plot.pk)
    mixed = {"older": plot.history.get().pk, "newer": other.history.get().pk}
    for question in (asked, mixed):
        assert client.get(where, question).url == address("zones_plot", "history", plot.pk)
    client.force_login(staff("land", zones=["DT"]))
    assert client.get(where, mixed).status_code == 404


def test_history_turns_nothing_back(client, enterprise, two_keepers):
    version = enterprise.history.first().pk
    where = address("projects_enterprise", "simple_history", enterprise.pk, version)
    client.post(where, {"phone": "0208 333 333"})
    assert enterprise.history.count() == 1


# Deeds --------------------------------------------------------------------------------------------
def test_deed_is_refused_to_other_roles_and_not_offered(client, staff, make_plot):
    plot = make_plot()
    client.force_login(staff("editor"))
    assert client.post(address("zones_plot", "confirm", plot.pk)).status_code == 403
    assert client.get(address("zones_plot", "change", plot.pk)).context["deeds"] == []


def test_deed_done_twice_is_done_once(client, staff, make_plot):
    plot = make_plot()
    client.force_login(staff("land"))
    answers = [client.post(address("zones_plot", "confirm", plot.pk)) for _press in range(2)]
    assert [answer.status_code for answer in answers] == [302, 200]
    assert plot.history.count() == 2


def test_deed_leaves_a_trace_in_the_log(client, staff, make_plot):
    plot, keeper = make_plot(), staff("land")
    client.force_login(keeper)
    client.post(address("zones_plot", "confirm", plot.pk))
    entry = LogEntry.objects.get()
    assert (entry.user, entry.change_message) == (keeper, "Đã xác nhận thông tin lô SC2-CN-05.")


# Files --------------------------------------------------------------------------------------------
def test_stored_file_is_served_to_those_who_may_read_it(client, staff):
    content = uploads.pdf()
    stored = documents.store(
        uploads.sent("a.pdf", content), by=None, at=factories.at("2026-03-03 09:15"), max_bytes=10**6
    )
    where = address("izportal_storedfile", "file", stored.pk)
    client.force_login(staff("auditor"))
    assert b"".join(client.get(where).streaming_content) == content
    client.force_login(staff("land"))
    assert client.get(where).status_code == 403


# Both at the same moment --------------------------------------------------------------------------
def at_once(*presses):
    """Press buttons in several threads at once; the status of each answer."""

    def press(button):
        try:
            return button().status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(presses)) as pool:
        return sorted(pool.map(press, presses))


@pytest.fixture
def two_desks(transactional_db):
    desks = Client(), Client()
    for desk in desks:
        desk.force_login(factories.make_staff("land"))
    return desks


def test_of_two_saves_at_the_same_moment_one_is_refused(two_desks):
    plot = factories.make_plot()
    where = address("zones_plot", "change", plot.pk)
    opened = [form_of(desk.get(where)) for desk in two_desks]
    areas = "70000", "80000"
    presses = [
        partial(desk.post, where, {**form, "area_m2": area})
        for desk, form, area in zip(two_desks, opened, areas, strict=True)
    ]
    assert at_once(*presses) == [200, 302]
    assert plot.history.count() == 2


def test_of_two_deeds_at_the_same_moment_one_is_done(two_desks):
    plot = factories.make_plot()
    where = address("zones_plot", "confirm", plot.pk)
    assert at_once(*[partial(desk.post, where) for desk in two_desks]) == [200, 302]
    assert plot.history.count() == 2
