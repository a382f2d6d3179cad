"""The pages of the wordings and of drafts, and the choice of languages: who may do what, and what the pages say."""

import pytest
import time_machine
from django.urls import reverse

from onestop import languages, workflow
from onestop.decisions import sheets
from onestop.models import DecisionTemplate
from tests import factories
from tests.factories import advance, at
from tests.onestop.test_decisions import BODY, MOMENT, make_template

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fixed_moment():
    with time_machine.travel(at("2026-03-05 10:00"), tick=False):
        yield


@pytest.fixture
def people(catalogue):
    return factories.make_people()


def url(page, *args):
    return reverse(f"admin:onestop_decisiontemplate_{page}", args=args)


def text(response):
    return response.content.decode()


def typed(client, page, **changed):
    """What the open form holds, with some of it typed over."""
    form = client.get(page).context["adminform"].form
    held = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in held.items()} | changed


@pytest.mark.parametrize(("rows", "queries"), [(1, 5), (3, 5)])
def test_list_of_wordings_asks_the_same_of_one_and_of_three(
    client, people, rows, queries, django_assert_num_queries
):  # fmt: skip
    for number in range(rows):
        make_template(version_no=number + 1)
    client.force_login(people["head"])
    with django_assert_num_queries(queries):
        assert client.get(url("changelist")).status_code == 200


def test_head_begins_a_copy_writes_it_and_the_leader_publishes_it(client, people):
    make_template()
    client.force_login(people["head"])
    begun = client.post(url("begin"), {"procedure": "", "decision": "granted"})
    draft = DecisionTemplate.objects.get(version_no=2)
    assert begun.url == url("change", draft.pk) and draft.body_vi == BODY
    page = url("change", draft.pk)
    assert client.post(page, typed(client, page, body_vi="Đồng ý với {ten_to_chuc}.")).status_code == 302
    assert client.get(url("publish", draft.pk)).status_code == 403
    client.force_login(people["leader"])
    asked = client.get(url("publish", draft.pk))
    done = client.post(url("publish", draft.pk), {"seen": asked.context["form"]["seen"].value()})
    draft.refresh_from_db()
    assert (done.status_code, draft.published_by, draft.made_by) == (302, people["leader"], people["head"])


def test_what_was_changed_since_it_was_read_is_not_published(client, people):
    draft = make_template(published=False)
    client.force_login(people["leader"])
    seen = client.get(url("publish", draft.pk)).context["form"]["seen"].value()
    DecisionTemplate.objects.filter(pk=draft.pk).update(body_vi="Khác")
    assert "đã được sửa sau khi bạn mở trang" in text(client.post(url("publish", draft.pk), {"seen": seen}))


def test_second_of_two_editors_is_told(client, people):
    draft = make_template(published=False)
    client.force_login(people["head"])
    page = url("change", draft.pk)
    old = typed(client, page, body_vi="Của tôi")
    DecisionTemplate.objects.filter(pk=draft.pk).update(body_vi="Của người khác")
    answer = text(client.post(page, old))
    assert "Chưa lưu" in answer and "Của tôi" in answer
    assert DecisionTemplate.objects.get(pk=draft.pk).body_vi == "Của người khác"


def test_published_wording_is_read_only_and_the_draft_tells_its_faults(client, people):
    done, draft = make_template(), make_template("{ten_to_chu}", version_no=2, published=False)
    client.force_login(people["head"])
    assert 'name="body_vi"' not in text(client.get(url("change", done.pk)))
    assert client.post(url("delete", done.pk), {"post": "yes"}).status_code == 403
    page = text(client.get(url("change", draft.pk)))
    assert "có phải là {ten_to_chuc}?" in page and "{ngay_tiep_nhan}" in page


def test_preview_fills_in_a_visible_dossier_or_invented_values(client, people):
    row = make_template(body_en="{can_cu}\n\nArticle 1. To {ten_to_chuc}\n\n{noi_dung_rieng}")
    dossier = advance(factories.make_dossier(), "in_review", people=people)
    client.force_login(people["specialist"])
    assert "Công ty TNHH Minh Họa" in text(client.get(url("preview", row.pk)))
    assert "Công ty TNHH Thép Thử" in text(client.get(url("preview", row.pk), {"dossier": dossier.code}))
    assert "Không có hồ sơ mang mã này" in text(client.get(url("preview", row.pk), {"dossier": "H55\x00"}))


def test_preview_pdf_says_that_it_is_not_signed(client, people):
    row = make_template()
    client.force_login(people["specialist"])
    answer = client.get(url("preview_pdf", row.pk))
    assert (answer.status_code, answer["Content-Type"], answer.content[:5]) == (200, "application/pdf", b"%PDF-")


def test_specialist_sees_what_would_be_signed_before_anything_is_written(client, people):
    make_template("Cấp cho {ten_to_chuc}.\n\n{noi_dung_rieng}")
    dossier = advance(factories.make_dossier(), "in_review", people=people)
    client.force_login(people["specialist"])
    page = reverse("admin:onestop_dossier_draft", args=[dossier.pk])
    shown = text(client.post(page, {"proposal": "granted", "text": "Điều kiện <b>riêng</b>"}))
    assert "Điều kiện &lt;b&gt;riêng&lt;/b&gt;" in shown and "Cấp cho " in shown
    dossier.refresh_from_db()
    assert (dossier.proposal, dossier.proposal_text) == ("", "")


def test_step_pages_of_head_and_leader_show_the_text(client, people):
    make_template("Cấp cho {ten_to_chuc} số {so_quyet_dinh}.")
    dossier = advance(factories.make_dossier(), "head_check", people=people)
    client.force_login(people["head"])
    page = text(client.get(reverse("admin:onestop_dossier_step", args=[dossier.pk, "forward"])))
    assert "Văn bản sẽ ký" in page and "Số của văn bản, lấy khi ký" in page


def test_refusal_for_a_missing_value_keeps_what_was_typed(client, people):
    make_template("Trụ sở: {dia_chi}")
    dossier = advance(factories.make_dossier(), "in_review", people=people)
    client.force_login(people["specialist"])
    said = {"version_no": dossier.version_no, "proposal": "granted", "note": "Đủ điều kiện", "text": "Riêng",
            "project_code": "9800000001"}  # fmt: skip
    answer = client.post(reverse("admin:onestop_dossier_step", args=[dossier.pk, "propose"]), said)
    assert answer.status_code == 409 and "Địa chỉ trụ sở" in text(answer) and "Đủ điều kiện" in text(answer)


def test_typed_text_is_put_on_the_dossier_in_memory_alone(people):
    dossier = factories.make_dossier()
    sheets.as_typed(dossier, {"proposal": "nonsense", "note": " Ghi "})
    assert (dossier.proposal, dossier.proposal_note) == ("", "Ghi")


# Languages --------------------------------------------------------------------------------------------------------
def test_applicant_chooses_two_languages_until_the_decision(client, people):
    dossier = advance(factories.make_dossier(), "received", people=people)
    client.force_login(dossier.created_by)
    page = reverse("onestop:dossier_languages", args=[dossier.pk])
    assert client.post(page, {"bilingual": "on"}).status_code == 302
    dossier.refresh_from_db()
    event = dossier.events.last()
    assert (dossier.is_bilingual, event.step, event.role) == (True, languages.CHOSEN, "applicant")
    assert workflow.label(event.step) == "Chọn ngôn ngữ giấy tờ"
    advance(dossier, "numbering", people=people)
    client.post(page, {})
    dossier.refresh_from_db()
    assert dossier.is_bilingual


@pytest.mark.parametrize(("channel", "is_taken"), [("counter", True), ("here", False)])
def test_counter_chooses_for_those_who_stand_at_it(client, people, channel, is_taken):
    dossier = advance(factories.make_dossier(), "received", people=people)
    type(dossier).objects.filter(pk=dossier.pk).update(channel=channel)
    client.force_login(people["reception"])
    client.post(reverse("admin:onestop_dossier_languages", args=[dossier.pk]), {"bilingual": "on"})
    dossier.refresh_from_db()
    assert dossier.is_bilingual is is_taken


def test_review_of_a_draft_keeps_the_choice(client, people):
    dossier = factories.make_dossier()
    client.force_login(dossier.created_by)
    said = {"version_no": dossier.version_no, "bilingual": "on", "declare": "on"}
    assert client.post(reverse("onestop:dossier_review", args=[dossier.pk]), said).status_code == 302
    dossier.refresh_from_db()
    assert (dossier.status, dossier.is_bilingual) == ("submitted", True)
    assert dossier.slips.get(form="00").facts["is_bilingual"]


def test_same_choice_again_writes_nothing(people):
    dossier = advance(factories.make_dossier(), "received", people=people)
    before = dossier.events.count()
    languages.choose(dossier, is_bilingual=False, by=people["head"], at=MOMENT)
    assert dossier.events.count() == before
