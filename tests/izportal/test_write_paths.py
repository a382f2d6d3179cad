"""Every way in which something is written leaves who, when, before, after and why. Models that staff edit keep their
past in a history of their own, or are a log themselves."""

from datetime import date

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.test import RequestFactory
from django.urls import reverse

from izportal import reasons
from izportal.models import CalendarDay, Rule, StatedFigure, User
from izportal.press.models import Category, Document, Item
from izportal.reasons import because
from onestop import daysoff
from onestop.daysoff.edits import Edit
from projects.models import Sector
from tests import factories
from tests.factories import at
from tests.press import writing

MOMENT = at("2026-03-03 09:15")
# What is edited here, and keeps its past otherwise than in a history: append-only facts with their author and moment,
# texts that are versions by themselves, and rows that a deed changes and the log of the back office tells.
OWN_LOG = {
    "onestop.Absence": "append-only with author and moment; its end is stamped",
    "zones.ZoneArea": "dated facts, superseded and never changed",
}

pytestmark = pytest.mark.django_db


def edited():
    """Every model that a page of the back office adds, changes or deletes, alone or under another record."""
    request = RequestFactory().get("/")
    request.user = User(is_superuser=True, is_staff=True, is_active=True)
    for model, page in admin.site._registry.items():
        if any(getattr(page, f"has_{deed}_permission")(request) for deed in ("add", "change", "delete")):
            yield model
        for inline in page.get_inline_instances(request):
            if inline.has_add_permission(request, None) or inline.has_change_permission(request):
                yield inline.model


def keeps_its_past(model):
    beside = apps.all_models[model._meta.app_label]
    return hasattr(model, "history") and f"historical{model._meta.model_name}" in beside


@pytest.mark.any_database
def test_whatever_staff_edit_keeps_its_past(db):
    without = {model._meta.label for model in edited() if not keeps_its_past(model)}
    assert without == OWN_LOG.keys()


@pytest.mark.any_database
def test_every_history_says_why():
    lines = [model for model in apps.get_models() if model.__name__.startswith("Historical")]
    named = [line for line in lines if any(field.name == "history_type" for field in line._meta.fields)]
    for line in named:
        assert {"history_user", "history_date", "history_change_reason"} <= {f.name for f in line._meta.fields}, line


def last(row):
    """(who, how, why) of a row's last line."""
    line = row.history.first()
    return line.history_user, line.history_type, line.history_change_reason


def opened(page):
    """What the form of a page would send as it stands, its rows included."""
    forms = [page.context["adminform"].form]
    formsets = [inline.formset for inline in page.context["inline_admin_formsets"]]
    sent = {}
    for formset in formsets:
        forms += [formset.management_form, *formset.forms]
    for form in forms:
        for field in form:
            value = field.value()
            sent[field.html_name] = "" if value is None or value is False else value
    return sent


def rule(**fields):
    return Rule.objects.create(code="thu", name_vi="Quy định thử", value="3", valid_from=date(2020, 1, 1), **fields)


def test_change_form_leaves_before_after_and_why(client):
    row, person = rule(), factories.make_staff("administrator")
    client.force_login(person)
    where = reverse("admin:izportal_rule_change", args=[row.pk])
    sent = opened(client.get(where)) | {"value": "5"}
    refused = client.post(where, sent)
    assert refused.context["adminform"].form.errors == {"change_reason": ["Hãy nêu vì sao sửa giá trị."]}
    client.post(where, {**sent, "change_reason": "Nghị định mới"})
    assert last(row) == (person, "~", "Nghị định mới")
    after, before = row.history.all()
    assert (before.value, after.value) == ("3", "5")


def test_adding_and_deleting_leave_a_line(client):
    person = factories.make_staff("administrator", is_superuser=True)
    client.force_login(person)
    client.post(reverse("admin:projects_sector_add"), {"code": "99", "name_vi": "Ngành thử", "level": "2"})
    row, past = Sector.objects.get(code="99"), Sector.history.filter(code="99")
    assert last(row) == (person, "+", None)
    client.post(reverse("admin:projects_sector_delete", args=[row.pk]), {"post": "yes", "change_reason": "Trùng"})
    assert past.values_list("history_user", "history_type", "history_change_reason")[0] == (person.pk, "-", "Trùng")


def test_bulk_action_leaves_a_line_for_each_row(client):
    person = factories.make_staff("administrator", is_superuser=True)
    client.force_login(person)
    rows = [Sector.objects.create(code=code, name_vi="Ngành") for code in ("97", "98")]
    chosen = {"action": "delete_selected", "_selected_action": [row.pk for row in rows], "post": "yes"}
    page = client.post(reverse("admin:projects_sector_changelist"), chosen)
    assert (page.context["why"].errors["change_reason"], Sector.objects.count()) == (["Hãy nêu vì sao xóa."], 2)
    client.post(reverse("admin:projects_sector_changelist"), {**chosen, "change_reason": "Trùng"})
    gone = Sector.history.filter(history_type="-").order_by("code")
    told = [(row.code, row.history_user, row.history_change_reason, row.name_vi) for row in gone]
    assert told == [("97", person, "Trùng", "Ngành"), ("98", person, "Trùng", "Ngành")]


def test_nothing_is_deleted_without_a_word_why(client):
    client.force_login(factories.make_staff("administrator", is_superuser=True))
    row = Sector.objects.create(code="97", name_vi="Ngành")
    where = reverse("admin:projects_sector_delete", args=[row.pk])
    assert client.get(where).context["why"].errors == {}
    page = client.post(where, {"post": "yes", "change_reason": "  "})
    assert page.context["why"].errors == {"change_reason": ["Hãy nêu vì sao xóa."]}
    assert (Sector.objects.count(), LogEntry.objects.count()) == (1, 0)
    client.post(where, {"post": "yes", "change_reason": "Trùng"})
    assert LogEntry.objects.get().get_change_message() == "Trùng"


def test_rows_under_a_record_are_saved_for_the_reason_of_the_page(client, catalogue):
    version = catalogue["1.009664"].versions.get()
    client.force_login(factories.make_staff("administrator"))
    where = reverse("admin:onestop_procedureversion_change", args=[version.pk])
    sent = opened(client.get(where))
    case = version.cases.first()
    number = next(name for name, value in sent.items() if name.startswith("cases-") and name.endswith("-value"))
    client.post(where, {**sent, number: "12", "change_reason": "Quyết định công bố mới"})
    assert (last(case)[2], case.history.first().value) == ("Quyết định công bố mới", 12)


def test_content_is_edited_for_a_reason(client):
    """The rows of a text's page too: its files and the facts of a document."""
    client.force_login(factories.make_staff("editor"))
    item = Item.objects.create(kind=Item.Kind.DOCUMENT, slug="vb")
    document = Document.objects.create(item=item, number="1/QĐ")
    category = Category.objects.create(slug="tin", name_vi="Tin")
    for row, changed in ((item, {"document-0-number": "2/QĐ"}), (category, {"name_vi": "Tin mới"})):
        where = reverse(f"admin:press_{row._meta.model_name}_change", args=[row.pk])
        client.post(where, {**opened(client.get(where)), **changed, "change_reason": "Sửa lỗi"})
    assert [line.number for line in document.history.all()] == ["2/QĐ", "1/QĐ"]
    assert [line.name_vi for line in category.history.all()] == ["Tin mới", "Tin"]
    assert (last(document)[2], last(category)[2]) == ("Sửa lỗi", "Sửa lỗi")


def test_step_of_a_text_leaves_a_line(client):
    person = factories.make_staff("editor")
    edition = writing.draft(by=person, at=MOMENT)
    client.force_login(person)
    client.post(reverse("admin:press_edition_submit", args=[edition.pk]))
    who, how, why = last(edition)
    assert (who, how, reasons.told(why)) == (person, "~", "Trình duyệt")


@pytest.mark.parametrize(
    "written, told",
    [
        (None, ""), ("Nghị định mới", "Nghị định mới"), ("load_reference", "Nạp dữ liệu nền của cổng"),
        ("step:send_back Thiếu nguồn", "Trả lại để sửa: Thiếu nguồn"), ("step:replaced", "Bản mới hơn đã thay"),
        ("change set 12: Bảng giá", "Đợt nhập dữ liệu 12: Bảng giá"),
        ("change set 12 ↶", "Đợt nhập dữ liệu 12 ↶"), ("translation-checked:en", "Đã đối chiếu bản dịch: English"),
    ],
)  # fmt: skip
def test_reason_written_by_the_portal_is_read_by_people(written, told):
    assert reasons.told(written) == told


def test_deed_of_the_register_is_told_by_its_decision(db):
    project = factories.make_project()
    change = project.changes.get()
    assert (change.kind, last(project)[1], change.seal != "") == ("issued", "+", True)


def test_step_leaves_an_event_with_who_when_and_from_where_to_where(catalogue):
    dossier = factories.advance(factories.make_dossier(), "received")
    told = dossier.events.order_by("pk").values_list("step", "from_status", "to_status", "role")
    assert list(told) == [
        ("submit", "draft", "submitted", "applicant"),
        ("receive", "submitted", "received", "reception"),
    ]
    assert dossier.events.filter(by=None).count() == dossier.events.filter(seal="").count() == 0


def test_reason_said_around_a_write_stands_in_its_line(db):
    plot = factories.make_plot()
    with because("Cập nhật theo biên bản"):
        plot.save()
    assert last(plot) == (None, "~", "Cập nhật theo biên bản")


def test_roles_given_and_taken_leave_a_line(db):
    person = factories.make_user()
    with because("Phân công mới"):
        person.groups.add(factories.make_staff("land").groups.get())
    line = person.history.first()
    assert ([str(row.group) for row in line.groups.all()], line.history_change_reason) == (["land"], "Phân công mới")


def test_history_of_an_account_keeps_neither_name_nor_password(db):
    columns = {field.name for field in User.history.model._meta.fields}
    assert columns & {"password", "full_name", "email", "phone", "folded", "last_login"} == set()


def test_sign_in_leaves_no_line(client):
    person = factories.make_user()
    before = person.history.count()
    client.force_login(person)
    assert person.history.count() == before


def test_calendar_written_by_the_hundred_leaves_its_lines(catalogue):
    by = factories.make_staff("administrator")
    for number, kind in enumerate(("off", "off", ""), start=1):
        edit = Edit(date(2026, 12, 24), kind, f"Nghỉ lần {number}", "Off", f"{number}/TB")
        change = daysoff.draft([edit], announcement=f"{number}/TB", reason="Thử", by=by, at=MOMENT)
        daysoff.apply(change, by=by, at=MOMENT, seen=daysoff.look(change).digest)
    lines = CalendarDay.history.filter(day=edit.day).values_list("history_user", "history_type", "name_vi")
    assert list(lines) == [(by.pk, "-", "Nghỉ lần 2"), (by.pk, "~", "Nghỉ lần 2"), (by.pk, "+", "Nghỉ lần 1")]


def test_loading_leaves_lines_of_nobody_that_name_the_command(db):
    factories.load_reference()
    for model in (Rule, CalendarDay, Sector, StatedFigure):
        lines = model.history.values_list("history_user", "history_type", "history_change_reason").distinct()
        assert list(lines.order_by()) == [(None, "+", "load_reference")]
        assert model.history.count() == model.objects.count()
