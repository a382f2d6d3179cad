"""The counter's records in the back office: read by whom, edited by nobody, lists that do not grow in queries."""

import pytest
from django.contrib import admin
from django.urls import reverse

from onestop import slips, workflow
from onestop.models import (
    Component,
    Dossier,
    Event,
    Field,
    Paper,
    Procedure,
    ProcedureCase,
    ProcedureVersion,
    Slip,
    StageBudget,
)
from tests import factories
from tests.factories import advance, at

MOMENT = at("2026-03-03 09:15")
pytestmark = pytest.mark.django_db

RECORDS = ("dossier", "paper", "supplement", "event", "promise", "slip")
CATALOGUE = ("field", "procedure", "procedureversion")
COUNTER = ("reception", "specialist", "head", "leader", "clerk", "register", "auditor", "administrator")


@pytest.fixture
def people(catalogue):
    return factories.make_people()


@pytest.fixture
def asked(people):
    """`asked()`: a dossier under review of which a supplement has been asked, so that it has a row of every record."""

    def build(**fields):
        dossier = advance(factories.make_dossier(**fields), "in_review", people=people)
        return workflow.take(
            dossier, "ask_supplement", by=people["specialist"], at=MOMENT, items=["Báo cáo"], reason="Thiếu"
        )

    return build


@pytest.fixture
def superuser(db):
    return factories.make_user("goc@ban.example", is_staff=True, is_superuser=True)


def at_list(model):
    return reverse(f"admin:onestop_{model}_changelist")


def file_of(client, person, dossier):
    client.force_login(person)
    return client.get(reverse("admin:onestop_dossier_change", args=[dossier.pk]))


# Lists ------------------------------------------------------------------------------------------------------------
@pytest.mark.any_database
@pytest.mark.parametrize("role", [*COUNTER, "land", "operator", "editor"])
def test_lists_open_for_those_who_may_read_them(client, asked, role):
    asked()
    client.force_login(factories.make_staff(role))
    may = {
        "series": role in ("leader", "auditor", "administrator"),
        **dict.fromkeys(RECORDS, role in COUNTER),
        **dict.fromkeys(CATALOGUE, role != "operator"),
    }
    assert {model: client.get(at_list(model)).status_code for model in may} == {
        model: 200 if opens else 403 for model, opens in may.items()
    }


QUERIES = {
    "paper": 4,
    "supplement": 4,
    "event": 5,
    "promise": 5,
    "slip": 5,
    "procedure": 5,
    "procedureversion": 5,
    "field": 5,
}


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("model", "queries"), QUERIES.items())
def test_list_asks_the_database_as_often_for_many_rows(
    client, asked, superuser, django_assert_num_queries, model, queries, rows
):
    for row in range(rows):
        asked()
        factories.make_procedure(f"9.{row:06d}", "Thủ tục thử")
        Field.objects.create(code=f"linh-vuc-{row}", name_vi="Lĩnh vực thử", division=factories.make_division())
    client.force_login(superuser)
    with django_assert_num_queries(queries):
        client.get(at_list(model))


@pytest.mark.parametrize("model", [model for model in RECORDS if model != "dossier"])
def test_records_are_found_by_the_name_of_the_enterprise(client, asked, superuser, model):
    asked(enterprise=factories.make_enterprise("Công ty TNHH Gang Thép"))
    asked(enterprise=factories.make_enterprise("Công ty TNHH Dệt May"))
    client.force_login(superuser)
    found = client.get(at_list(model), {"q": "gang thep"}).context["cl"].queryset
    assert {row.dossier.enterprise.name for row in found} == {"Công ty TNHH Gang Thép"}


def test_papers_of_drafts_are_on_no_list(client, people):
    factories.make_dossier()
    client.force_login(factories.make_staff("auditor"))
    assert client.get(at_list("paper")).context["cl"].result_count == 0
    assert Paper.objects.count() == 2


def test_procedures_are_found_without_marks(client, catalogue, superuser):
    client.force_login(superuser)
    found = client.get(at_list("procedure"), {"q": "dieu chinh giay chung nhan"}).context["cl"].queryset
    assert [procedure.code for procedure in found] == ["1.009647"]


def test_event_list_writes_step_and_role_as_words(client, asked, superuser):
    asked()
    client.force_login(superuser)
    page = client.get(at_list("event")).content.decode()
    assert "Tiếp nhận, hẹn trả kết quả" in page and "Cán bộ tiếp nhận (Một cửa)" in page


# Nobody edits a record --------------------------------------------------------------------------------------------
@pytest.mark.any_database
@pytest.mark.parametrize("model", [*RECORDS, "series"])
def test_records_have_no_form_for_anybody(client, asked, superuser, model):
    asked()
    client.force_login(superuser)
    register = next(a for m, a in admin.site._registry.items() if m._meta.label_lower == f"onestop.{model}")
    row = register.model.objects.first()
    change = reverse(f"admin:onestop_{model}_change", args=[row.pk])
    answers = [
        client.get(reverse(f"admin:onestop_{model}_add")).status_code,
        client.post(change, {"status": "delivered", "note": "x"}).status_code,
        client.post(reverse(f"admin:onestop_{model}_delete", args=[row.pk]), {"post": "yes"}).status_code,
    ]
    assert answers == [403, 405 if model == "dossier" else 403, 403]
    assert register.model.objects.filter(pk=row.pk).exists()


def test_posting_to_a_dossier_changes_nothing(client, asked, superuser):
    dossier = asked()
    client.force_login(superuser)
    client.post(reverse("admin:onestop_dossier_change", args=[dossier.pk]), {"status": "delivered", "code": "X"})
    after = Dossier.objects.get(pk=dossier.pk)
    assert (after.status, after.code) == (dossier.status, dossier.code)


# The file of a dossier --------------------------------------------------------------------------------------------
def test_file_shows_all_that_is_held(client, asked, people):
    dossier = asked()
    page = file_of(client, people["specialist"], dossier)
    shown = {key: len(page.context[key]) for key in ("papers", "supplements", "events", "promises", "slips")}
    assert shown == {"papers": 2, "supplements": 1, "events": 5, "promises": 1, "slips": 3}
    html = page.content.decode()
    for words in (
        "Nhà máy linh kiện cơ khí",
        "Báo cáo",
        "Cán bộ specialist, Chuyên viên thẩm định",
        "Tạm dừng, chờ bổ sung hồ sơ",
    ):
        assert words in html


@pytest.mark.parametrize(
    ("role", "steps"),
    [
        ("leader", ["return_from_leader", "grant", "extend"]),
        ("head", ["assign"]),
        ("auditor", []),
        ("administrator", []),
    ],
)
def test_file_offers_the_steps_of_its_reader(client, people, role, steps):
    dossier = advance(factories.make_dossier(), "leader_sign", people=people)
    page = file_of(client, people.get(role) or factories.make_staff(role), dossier)
    assert [step.name for step in page.context["steps"]] == steps
    html = page.content.decode()
    assert [f"/step/{step}/" in html for step in steps] == [True] * len(steps)
    assert 'name="version_no"' not in html


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("role", "status"), [*((role, 200) for role in COUNTER), ("land", 404), ("operator", 404), ("editor", 404)]
)
def test_file_opens_for_those_who_see_the_dossier(client, asked, people, role, status):
    dossier = asked()
    assert file_of(client, people.get(role) or factories.make_staff(role), dossier).status_code == status


@pytest.mark.parametrize("key", ["x", "00000000-0000-0000-0000-000000000000", "1' OR 1=1"])
def test_file_that_does_not_exist_is_not_there(client, people, key):
    client.force_login(people["reception"])
    assert client.get(f"/admin/onestop/dossier/{key}/change/").status_code == 404


@pytest.mark.parametrize("status", ["submitted", "received", "head_check", "numbering", "result_ready", "archived"])
@pytest.mark.parametrize("code", ["1.009664", "1.009647"])
def test_file_opens_at_every_stage(client, people, superuser, code, status):
    dossier = advance(factories.make_dossier(code), status, people=people)
    page = file_of(client, superuser, dossier)
    assert (page.status_code, page.context["dossier"]) == (200, dossier)


def test_file_names_the_holder_of_the_plot_and_the_rivals(client, people, make_plot):
    plot = make_plot("CN-90")
    first, second = (advance(factories.make_dossier(plot=plot), "received", people=people) for _place in range(2))
    page = file_of(client, people["reception"], second)
    assert page.context["rivalry"]["holding"].dossier == first
    assert page.context["rivalry"]["rivals"] == [first]
    assert reverse("admin:onestop_dossier_change", args=[first.pk]) in page.content.decode()


def test_file_reads_the_answers_section_by_section(client, asked, people):
    page = file_of(client, people["head"], asked())
    assert page.context["sections"][0][0] == "Người nộp và trường hợp"


# Papers -----------------------------------------------------------------------------------------------------------
def test_paper_is_served_to_staff_who_see_the_dossier(client, asked, people):
    dossier = asked()
    paper = dossier.papers.first()
    url = reverse("admin:onestop_dossier_paper", args=[dossier.pk, paper.pk])
    answers = {}
    for role in ("reception", "land"):
        client.force_login(people.get(role) or factories.make_staff(role))
        answers[role] = client.get(url).status_code
    assert answers == {"reception": 200, "land": 404}


def test_paper_is_served_under_its_own_dossier_only(client, asked, people):
    one, other = asked(), asked()
    client.force_login(people["reception"])
    url = reverse("admin:onestop_dossier_paper", args=[one.pk, other.papers.first().pk])
    assert client.get(url).status_code == 404


def test_slip_page_and_pdf_open_for_staff(client, asked, people):
    slip = asked().slips.get(form=Slip.Form.RECEIPT)
    client.force_login(people["clerk"])
    page = client.get(reverse("admin:onestop_dossier_slip", args=[slip.dossier_id, slip.pk]))
    pdf = client.get(reverse("admin:onestop_dossier_slip_pdf", args=[slip.dossier_id, slip.pk]))
    assert slip.number in page.content.decode()
    assert (pdf["Content-Type"], b"".join(pdf.streaming_content)[:5]) == ("application/pdf", b"%PDF-")


def test_result_is_served_once_it_exists(client, people):
    dossier = advance(factories.make_dossier(), "numbering", people=people)
    client.force_login(people["auditor"] if "auditor" in people else factories.make_staff("auditor"))
    url = reverse("admin:onestop_dossier_result", args=[dossier.pk])
    before = client.get(url).status_code
    stored = slips.result_copy(dossier, by=people["clerk"], at=MOMENT)
    workflow.take(dossier, "seal", by=people["clerk"], at=MOMENT, stored=stored)
    assert (before, client.get(url)["Content-Type"]) == (404, "application/pdf")


# The catalogue ----------------------------------------------------------------------------------------------------
def version_data(version, **changed):
    """What the form of a version posts as it stands, with its three empty lists of rows."""
    names = {
        "procedure": version.procedure_id,
        "valid_from": version.valid_from,
        "valid_to": "",
        "clock_mode": version.clock_mode,
        "clock_confidence": version.clock_confidence,
        "max_supplements": version.max_supplements,
        "no_answer": version.no_answer,
        "fee_vnd": 0,
        "result_vi": version.result_vi,
        "confidence": version.confidence,
        "papers_status": "verified",
        "channels": "[]",
        "sources": "[]",
        "online_level": "",
        "change_reason": "Theo quyết định công bố",
    }
    rows = {
        f"{prefix}-{name}": 0
        for prefix in ("cases", "components", "budgets")
        for name in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    return {**names, **rows, **changed}


def test_administrator_edits_a_version_through_history(client, catalogue):
    version = catalogue["1.009647"].versions.get()
    client.force_login(factories.make_staff("administrator"))
    url = reverse("admin:onestop_procedureversion_change", args=[version.pk])
    token = client.get(url).context["adminform"].form.initial["as_loaded"]
    answer = client.post(url, version_data(version, result_vi="Giấy chứng nhận điều chỉnh", as_loaded=token))
    version.refresh_from_db()
    assert (answer.status_code, version.result_vi) == (302, "Giấy chứng nhận điều chỉnh")
    assert version.history.first().result_vi == "Giấy chứng nhận điều chỉnh"


def test_procedure_code_that_no_address_can_carry_is_refused(client, catalogue):
    client.force_login(factories.make_staff("administrator"))
    page = client.post(reverse("admin:onestop_procedure_add"), {"code": "1.009/664"})
    assert page.context["adminform"].form.errors["code"][0].startswith("Mã chỉ gồm chữ cái không dấu")


def limit_of(client, version, **changed):
    """What the page of a version sends back for its first time limit, and the address it is sent to."""
    url = reverse("admin:onestop_procedureversion_change", args=[version.pk])
    page = client.get(url).context
    row = next(each.formset.forms[0] for each in page["inline_admin_formsets"] if each.formset.prefix == "cases")
    values = {name: row[name].value() for name in row.fields}
    sent = {row.add_prefix(name): value for name, value in values.items() if value is not None and value is not False}
    sent |= {row.add_prefix(name): value for name, value in changed.items()}
    token = page["adminform"].form.initial["as_loaded"]
    return url, version_data(version, as_loaded=token) | {"cases-TOTAL_FORMS": 1, "cases-INITIAL_FORMS": 1} | sent


def test_second_editor_of_a_time_limit_is_refused(client, catalogue):
    version = catalogue["1.009647"].versions.get()
    client.force_login(factories.make_staff("administrator"))
    (url, first), (_url, second) = limit_of(client, version, value="6,5"), limit_of(client, version, value="7")
    client.post(url, first)
    form = client.post(url, second).context["inline_admin_formsets"][0].formset.forms[0]
    assert ("thời hạn" in form.non_field_errors()[0], form["value"].value()) == (True, "7")
    assert str(version.cases.first().value) == "6.5"


def test_a_time_limit_that_a_colleague_has_changed_is_not_deleted(client, catalogue, superuser):
    version = catalogue["1.009647"].versions.get()
    client.force_login(superuser)
    (url, first), (_url, second) = limit_of(client, version, value="6,5"), limit_of(client, version, DELETE="on")
    client.post(url, first)
    formset = client.post(url, second).context["inline_admin_formsets"][0].formset
    assert "(thời hạn)" in formset.non_form_errors()[0]
    assert str(version.cases.first().value) == "6.5"


def test_a_time_limit_that_nobody_has_changed_is_deleted(client, catalogue, superuser):
    version = catalogue["1.009647"].versions.get()
    client.force_login(superuser)
    url, sent = limit_of(client, version, DELETE="on")
    assert (client.post(url, sent).status_code, version.cases.count()) == (302, 1)


def test_history_of_a_version_tells_its_time_limits(client, catalogue):
    version = catalogue["1.009647"].versions.get()
    client.force_login(factories.make_staff("administrator"))
    client.post(*limit_of(client, version, value="6,5"))
    told = client.get(reverse("admin:onestop_procedureversion_history", args=[version.pk])).context["parts"]
    assert [[change["field"] for change in row.history_delta_changes] for row in told] == [["Thời hạn"]]


def test_second_editor_of_a_version_is_refused(client, catalogue):
    version = catalogue["1.009647"].versions.get()
    client.force_login(factories.make_staff("administrator"))
    url = reverse("admin:onestop_procedureversion_change", args=[version.pk])
    token = client.get(url).context["adminform"].form.initial["as_loaded"]
    client.post(url, version_data(version, result_vi="Bản thứ nhất", as_loaded=token))
    answer = client.post(url, version_data(version, result_vi="Bản thứ hai", as_loaded=token))
    version.refresh_from_db()
    assert (answer.status_code, version.result_vi) == (200, "Bản thứ nhất")
    assert "Chưa lưu" in answer.content.decode()


@pytest.mark.parametrize("model", CATALOGUE)
@pytest.mark.parametrize("role", ["head", "auditor", "register"])
def test_others_read_the_catalogue_without_a_form(client, catalogue, model, role):
    row = {"field": catalogue["1.009647"].field, "procedure": catalogue["1.009647"]}.get(
        model, catalogue["1.009647"].versions.get()
    )
    client.force_login(factories.make_staff(role))
    url = reverse(f"admin:onestop_{model}_change", args=[row.pk])
    assert (client.get(url).context["has_change_permission"], client.post(url, {}).status_code) == (False, 403)


def test_version_in_use_keeps_its_limits_and_papers(client, asked):
    version = asked().version
    client.force_login(factories.make_staff("administrator"))
    url = reverse("admin:onestop_procedureversion_change", args=[version.pk])
    page = client.get(url)
    form = page.context["adminform"].form
    assert set(form.fields) & {"procedure", "valid_from", "clock_mode", "max_supplements"} == set()
    assert "thay đổi thì thêm phiên bản mới" in page.content.decode()
    inlines = page.context["inline_admin_formsets"]
    assert [inline.opts.model for inline in inlines if inline.has_change_permission] == [StageBudget]


def test_version_used_by_samples_only_may_still_be_mended(client, people):
    dossier = factories.make_dossier(enterprise=factories.make_enterprise(is_sample=True))
    advance(dossier, "received", people=people)
    client.force_login(factories.make_staff("administrator"))
    page = client.get(reverse("admin:onestop_procedureversion_change", args=[dossier.version_id]))
    assert "clock_mode" in page.context["adminform"].form.fields


def test_nothing_of_the_catalogue_is_deleted(client, catalogue, superuser):
    procedure = catalogue["1.009647"]
    client.force_login(superuser)
    for name, row in (("procedure", procedure), ("procedureversion", procedure.versions.get())):
        assert client.post(reverse(f"admin:onestop_{name}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
    counts = [model.objects.count() for model in (Procedure, ProcedureVersion, ProcedureCase, Component, Event)]
    assert counts == [2, 2, 4, 4, 0]


def test_a_file_in_a_draft_is_nobodys_business(client, people, staff):
    """The list of stored files is no way around the rule for drafts; once filed, the file is read like the dossier."""
    dossier = factories.make_dossier()
    stored = dossier.papers.first().stored
    pages = [reverse(f"admin:izportal_storedfile_{name}", args=[stored.pk]) for name in ("file", "change")]
    client.force_login(staff("auditor"))
    before = [client.get(page).status_code for page in pages]
    advance(dossier, "submitted", people=people)
    assert (before, [client.get(page).status_code for page in pages]) == ([404, 404], [200, 200])


def test_a_filter_called_as_a_method_leads_back_to_the_list(client, staff):
    client.force_login(staff("auditor"))
    answer = client.get(reverse("admin:onestop_supplement_changelist"), {"items": "x"})
    assert (answer.status_code, answer.url) == (302, reverse("admin:onestop_supplement_changelist"))
