"""The text of a decision: how a wording is read, filled in and checked, and what of it is frozen at the signature."""

from datetime import date
from io import BytesIO

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation
from pypdf import PdfReader

from izportal.management import wordings as loaded
from izportal.management.settle import Tally
from onestop import slips, workflow
from onestop.decisions import letters, marks, placeholders, wordings
from onestop.models import Absence, DecisionTemplate, Slip
from tests import factories
from tests.factories import advance, at

pytestmark = pytest.mark.django_db
MOMENT = at("2026-03-03 09:15")
TODAY = date(2026, 3, 3)
BODY = "{can_cu}\n\nĐiều 1. Cấp cho {ten_to_chuc} {von_usd}.\n- Lô {lo_dat}\n- VND: {von_vnd?}\n\n{noi_dung_rieng}"
BODY_EN = "{can_cu}\n\nArticle 1. Granted to {ten_to_chuc}: {von_usd}.\n- Plot {lo_dat}\n\n{noi_dung_rieng}"


def make_template(body=BODY, *, body_en="", decision="granted", on=date(2026, 1, 1), published=True, **fields):
    stamps = {"published_at": MOMENT} if published else {}
    named = {"heading_vi": "Quyết định", "heading_en": "Decision" if body_en else "", **fields}
    return DecisionTemplate.objects.create(
        decision=decision, body_vi=body, body_en=body_en, valid_from=on, **named, **stamps
    )


@pytest.fixture
def people(catalogue):
    return factories.make_people()


@pytest.fixture
def proposed(people):
    """`proposed(decision=, text=)`: a dossier put before the head."""

    def build(proposal="granted", to="leader_sign", text="", **fields):
        dossier = advance(factories.make_dossier(**fields), "in_review", people=people)
        said = {"proposal": proposal, "note": "Chưa đủ vốn", "text": text, "project_code": "9800000001"}
        dossier = workflow.take(dossier, "propose", by=people["specialist"], at=MOMENT, **said)
        return dossier if to == "head_check" else workflow.take(dossier, "forward", by=people["head"], at=MOMENT)

    return build


def words(blocks):
    return ["\n".join("".join(run[0] for run in line) for line in block["lines"]) for block in blocks]


# Reading ----------------------------------------------------------------------------------------------------------
def test_markup_makes_paragraphs_articles_lists_and_bold():
    read = marks.read("-> **Về việc** <-\n\nĐiều 1. Cấp:\n- một\n- **hai**\n\nNơi nhận:\n- A;")
    assert [(part.no, part.kind) for part in read] == [(0, "centre"), (1, "article"), (1, "list"), (2, "foot")]
    assert [(piece.text, piece.is_bold) for piece in read[1].lines[0]] == [("Điều 1.", True), (" Cấp:", False)]
    assert read[2].lines[1][0].is_bold


def test_braces_in_the_words_of_one_dossier_are_braces():
    (part,) = marks.read("Giữ {ten_to_chuc} nguyên", has_holes=False)
    assert part.lines == ((marks.Piece("Giữ {ten_to_chuc} nguyên"),),)


# Checking ---------------------------------------------------------------------------------------------------------
def test_unknown_name_is_told_with_the_nearest(db):
    template = make_template("Cấp cho {ten_to_chu}", published=False)
    assert wordings.faults(template, on=TODAY) == ["Không có chỗ điền {ten_to_chu}; có phải là {ten_to_chuc}?"]


@pytest.mark.parametrize(
    ("body", "body_en", "fault"),
    [
        ("Cấp {ten_to_chuc", "", "Có dấu ngoặc nhọn mở mà không đóng, hoặc ngược lại."),
        ("Vì {ly_do}", "", "{ly_do} chỉ dùng trong văn bản từ chối, đính chính hoặc thu hồi."),
        ("{so_giay_cu}", "", "{so_giay_cu} chỉ dùng trong mẫu “Đính chính kết quả đã cấp”, “Thu hồi kết quả đã cấp”."),
        ("Nay: {noi_dung_moi}", "", "{noi_dung_moi} phải đứng riêng một đoạn."),
        ("{tra_loi.investor.investor_name}", "", "{tra_loi.investor.investor_name} hỏi câu trả lời của tờ khai nên "
         "chỉ dùng trong mẫu của một thủ tục."),
        ("Một\n\nHai", "One", "Bản tiếng Việt có 2 đoạn, bản tiếng Anh 1 đoạn; in song ngữ cần từng đoạn ứng với "
         "nhau."),
        ("Một", "{ma_ho_so}", "Chỉ bản tiếng Anh có: {ma_ho_so}."),
        ("", "", "Chưa có nội dung tiếng Việt."),
    ],
)  # fmt: skip
def test_wording_with_a_fault_is_not_published(people, body, body_en, fault):
    template = make_template(body, body_en=body_en, published=False)
    assert fault in wordings.faults(template, on=TODAY)
    with pytest.raises(wordings.WordingRefused):
        wordings.publish(template, by=people["leader"], at=MOMENT)


# Versions ---------------------------------------------------------------------------------------------------------
def test_wording_of_the_procedure_goes_before_the_common_one(catalogue):
    own = catalogue["1.009664"]
    common, ours = make_template(), make_template(procedure=own)
    make_template(procedure=own, version_no=2, on=date(2026, 6, 1))
    assert wordings.in_force(own, "granted", on=TODAY) == ours
    assert wordings.in_force(catalogue["1.009647"], "granted", on=TODAY) == common
    assert wordings.in_force(own, "refused", on=TODAY) is None


def test_nobody_publishes_their_own_wording_and_one_is_in_the_making(people):
    make_template()
    draft = wordings.begin(procedure=None, decision="granted", by=people["head"], at=MOMENT)
    assert (draft.version_no, draft.body_vi) == (2, BODY)
    with pytest.raises(wordings.WordingRefused, match="đang soạn"):
        wordings.begin(procedure=None, decision="granted", by=people["leader"], at=MOMENT)
    with pytest.raises(wordings.WordingRefused, match="không tự ban hành"):
        wordings.publish(draft, by=people["head"], at=MOMENT)
    done = wordings.publish(draft, by=people["leader"], at=MOMENT)
    assert (done.valid_from, done.published_by) == (TODAY, people["leader"])
    rows = wordings.with_state(DecisionTemplate.objects.order_by("version_no"), on=TODAY)
    assert [wordings.state(row, on=TODAY) for row in rows] == [wordings.State.REPLACED, wordings.State.IN_FORCE]


@pytest.mark.parametrize("deed", ["change", "delete"])
def test_database_keeps_a_published_wording(db, deed):
    row = make_template()
    rows = DecisionTemplate.objects.filter(pk=row.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(body_vi="khác") if deed == "change" else rows._raw_delete(rows.db)
    rows.update(published_by=None)
    assert DecisionTemplate.objects.get(pk=row.pk).body_vi == BODY


def test_wordings_of_the_portal_are_loaded_once_and_left_to_the_board(people, catalogue):
    for tally in (first := Tally(), second := Tally()):
        loaded.load(tally, start=TODAY, at=MOMENT)
    assert (first.created[DecisionTemplate], second.unchanged[DecisionTemplate]) == (5, 5)
    rows = list(DecisionTemplate.objects.all())
    assert [wordings.faults(row, on=TODAY) for row in rows] == [[]] * 5 and all(row.is_of_portal for row in rows)
    draft = wordings.begin(procedure=None, decision="granted", by=people["head"], at=MOMENT)
    DecisionTemplate.objects.filter(pk=draft.pk).update(body_vi="Lời của Ban")
    loaded.load(third := Tally(), start=TODAY, at=MOMENT)
    assert len(third.kept) == 1 and DecisionTemplate.objects.count() == 6


# Filling in -------------------------------------------------------------------------------------------------------
def test_draft_is_filled_in_each_language_by_its_own_rules(proposed):
    make_template(body_en=BODY_EN)
    dossier = proposed(text="Điều kiện riêng.\n\n- giữ cây xanh")
    letter = letters.draft(dossier, decision="granted", on=TODAY).letter
    assert words(letter["vi"]["blocks"]) == [
        "Căn cứ Luật Đầu tư (số 143/2025/QH15);", "Điều 1. Cấp cho Công ty TNHH Thép Thử 12.500.000\xa0USD.",
        f"Lô {dossier.plot.number}\nVND: 328.125.000.000\xa0đồng", "Điều kiện riêng.", "giữ cây xanh",
    ]  # fmt: skip
    assert "12,500,000\xa0USD" in words(letter["en"]["blocks"])[1]
    assert [row["lang"] for row in letters.rows(letter, is_bilingual=True)][:4] == ["vi", "en", "vi", "vi"]


def test_line_with_an_optional_name_is_left_out_where_nothing_is_known(proposed):
    make_template()
    answers = factories.answers_for("1.009664")
    dossier = proposed(answers={key: said for key, said in answers.items() if key != "capital_vnd"})
    assert words(letters.draft(dossier, decision="granted", on=TODAY).letter["vi"]["blocks"])[2:] == [
        f"Lô {dossier.plot.number}"
    ]


def test_answers_of_the_form_are_told_in_words(proposed, catalogue):
    name = "tra_loi.investor.investor_country"
    make_template(f"Nước: {{{name}}}", procedure=catalogue["1.009664"])
    assert name in placeholders.answers_of(catalogue["1.009664"], on=TODAY)
    assert words(letters.draft(proposed(), decision="granted", on=TODAY).letter["vi"]["blocks"]) == ["Nước: Hàn Quốc"]


def test_proposal_is_refused_where_the_dossier_lacks_what_the_wording_names(proposed, people):
    make_template("Trụ sở: {dia_chi}")
    with pytest.raises(letters.LetterRefused, match="Địa chỉ trụ sở của tổ chức"):
        proposed()


def test_own_words_need_a_place_in_the_wording(proposed):
    make_template("Đồng ý.")
    with pytest.raises(letters.LetterRefused, match="không có chỗ cho đoạn riêng"):
        proposed(text="Thêm điều kiện")


# At the signature -------------------------------------------------------------------------------------------------
def test_draft_keeps_its_wording_and_the_seal_prints_what_was_signed(proposed, people):
    make_template("Số {so_quyet_dinh} ngày {ngay_quyet_dinh}, {nguoi_ky}: cấp {ma_du_an}.")
    dossier = proposed()
    make_template("Lời văn mới.", version_no=2, on=TODAY)
    dossier = workflow.take(dossier, "grant", by=people["leader"], at=MOMENT)
    make_template("Mới nữa.", version_no=3, on=TODAY)
    wanted = "Số 1/2026/QĐ-BQL ngày 03/03/2026, Cán bộ leader: cấp 9800000001."
    assert words(letters.signed(dossier)["vi"]["blocks"]) == [wanted]
    stored = slips.result_copy(dossier, by=people["clerk"], at=MOMENT)
    text = " ".join(PdfReader(BytesIO(stored.file.read())).pages[0].extract_text().split())
    assert wanted in text and "LÃNH ĐẠO BAN" in text and "Lời văn mới" not in text


def test_refusal_says_the_reason_that_the_leader_signed(proposed, people):
    make_template("Lý do: {ly_do}", decision="refused")
    dossier = proposed("refused")
    dossier = workflow.take(dossier, "refuse", by=people["leader"], at=MOMENT, reason="Thiếu vốn <b>thật</b>")
    assert words(letters.signed(dossier)["vi"]["blocks"]) == ["Lý do: Thiếu vốn <b>thật</b>"]
    page = slips.page(slips.issue_result(dossier, by=people["clerk"], at=MOMENT))[1]
    assert page["letter"]["blocks"][0]["lines"] == [[["Lý do: ", ""], ["Thiếu vốn <b>thật</b>", ""]]]


@pytest.mark.parametrize("is_worded", [True, False])
@pytest.mark.parametrize(("decision", "step"), [("granted", "grant"), ("refused", "refuse")])
def test_paper_signed_by_a_substitute_names_both(proposed, people, decision, step, is_worded):
    if is_worded:
        make_template("Ký: {nguoi_ky}", decision=decision)
    leader, other = people["leader"], factories.make_staff("leader")
    leader.groups.add(people["clerk"].groups.get())
    other.groups.set(people["clerk"].groups.all())
    Absence.objects.create(person=leader, substitute=other, starts_on=TODAY, ends_on=TODAY, made_by=leader)
    dossier = workflow.take(proposed(decision), step, by=other, at=MOMENT, reason="Thiếu vốn")
    slip = slips.issue_result(dossier, by=people["clerk"], at=MOMENT)
    name = str(leader)
    leader.full_name = "Tên Mới"
    leader.save()
    page = slips.documents.render_to_string("onestop/slips/pdf.html", slips.context(Slip.objects.get(pk=slip.pk)))
    assert (slip.facts["signer"], slip.facts["absent"]) == (str(other), name)
    assert f"(thay {name}, theo phân công)" in page and str(other) in page and "Tên Mới" not in page


def test_paper_signed_by_the_leader_stands_in_for_nobody(proposed, people):
    dossier = workflow.take(proposed(), "grant", by=people["leader"], at=MOMENT)
    facts = slips.issue_result(dossier, by=people["clerk"], at=MOMENT).facts
    assert (facts["absent"], facts["lines"][-1]) == ("", ("Người ký", str(people["leader"])))


def test_signature_waits_where_the_dossier_has_lost_what_the_wording_names(proposed, people):
    make_template("Trụ sở: {dia_chi}")
    firm = factories.make_enterprise("Công ty Chuyển Đi", address="Sông Công")
    dossier = proposed(enterprise=firm)
    firm.address = ""
    firm.save()
    with pytest.raises(letters.LetterRefused):
        workflow.take(dossier, "grant", by=people["leader"], at=MOMENT)
    dossier.refresh_from_db()
    assert (dossier.status, dossier.decision_number) == ("leader_sign", None)


# In two languages -------------------------------------------------------------------------------------------------
def test_bilingual_slips_say_each_label_twice_and_values_once(people):
    dossier = factories.make_dossier(language="en", is_bilingual=True)
    slip = advance(dossier, "received", people=people).slips.get(form=Slip.Form.RECEIPT)
    assert (slip.language, slip.facts["is_bilingual"]) == ("vi", True)
    with translation.override("vi"):
        page = slips.documents.render_to_string("onestop/slips/pdf.html", slips.context(slip))
    assert "Địa chỉ" not in page and page.count(slip.facts["identifier"]) == 1
    assert 'Người liên hệ<span class="en" lang="en">Contact person</span>' in page
    assert "bản tiếng Việt có giá trị pháp lý" in page


def test_slip_issued_stays_and_the_one_issued_anew_is_bilingual(people):
    dossier = advance(factories.make_dossier(), "received", people=people)
    old = dossier.slips.get(form=Slip.Form.RECEIPT)
    dossier.is_bilingual = True
    dossier.save()
    new = slips.issue_anew(old, by=people["reception"], at=MOMENT)
    assert [Slip.objects.get(pk=slip.pk).facts["is_bilingual"] for slip in (old, new)] == [False, True]


def test_wording_without_english_says_so_on_a_bilingual_paper(proposed, people):
    make_template("Đồng ý.")
    dossier = workflow.take(proposed(is_bilingual=True), "grant", by=people["leader"], at=MOMENT)
    said = slips.context(slips.issue_result(dossier, by=people["clerk"], at=MOMENT))
    assert said["letter"]["lacks_english"] and {block["lang"] for block in said["letter"]["blocks"]} == {"vi"}
