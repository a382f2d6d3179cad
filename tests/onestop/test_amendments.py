"""Results corrected and revoked: what each does to register and paper, that it is what was previewed, and who may."""

from decimal import Decimal
from threading import Barrier, Thread

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.db import connection
from django.urls import reverse
from django.utils import translation

from izportal import documents
from izportal.models import Notice
from onestop import amendments, numbering, slips, verification, workflow
from onestop.amendments import AmendmentRefused, inverse
from onestop.decisions import letters
from onestop.models import Absence, Amendment, DecisionTemplate, Dossier, Slip
from projects import ledger
from projects.ledger import LedgerRefused
from projects.models import Change, Contribution, Project, Tenure
from tests import factories, uploads
from tests.factories import advance, at

LATER = at("2026-03-10 10:00")
TODAY = LATER.date()
REVOKE = {"kind": "revoke", "ground": "undue", "reason": "Cấp sai thẩm quyền"}
CORRECT = {"kind": "correct", "ground": "mistake", "reason": "Đánh máy nhầm"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(catalogue):
    return factories.make_people()


@pytest.fixture
def granted(people):
    """A registered project that holds a plot, and its paper."""
    dossier = advance(factories.make_dossier(), "result_ready", people=people, project_code="9812345678")
    slips.issue_result(dossier, by=people["clerk"], at=dossier.completed_at)
    return dossier


@pytest.fixture
def adjusted(people):
    """A project of 12.5 million USD raised to 20."""
    enterprise = factories.make_enterprise()
    project = factories.make_project(enterprise=enterprise, plot=factories.make_plot("CN-81"))
    return advance(
        factories.make_dossier("1.009647", project=project, enterprise=enterprise), "delivered", people=people
    )


@pytest.fixture
def ended(people):
    factories.make_procedure("1.009657", "Chấm dứt dự án", effect="terminate")
    enterprise = factories.make_enterprise()
    project = factories.make_project(plot=factories.make_plot("CN-78"), usd="1000", enterprise=enterprise)
    dossier = factories.make_dossier("1.009657", project=project, enterprise=enterprise, answers={"reason": "Thôi"})
    return advance(dossier, "archived", people=people)


def draft(dossier, people, *, said=REVOKE, at=LATER, **values):
    return workflow.take(dossier, "draft_amendment", by=people["specialist"], at=at, **said, values=values)


def sign(dossier, people, **seen):
    return workflow.take(dossier, "sign_amendment", by=people["leader"], at=LATER, **seen)


def mend(dossier, people, *, said=REVOKE, **values):
    """Draft and sign; returns the amendment, after comparing what was previewed with what the register now says."""
    dossier = draft(dossier, people, said=said, **values)
    row = amendments.open_of(dossier)
    lines = {str(line.label): line for line in inverse.preview(row, on=TODAY)}
    old = lived(dossier)
    sign(dossier, people)
    new = lived(dossier)
    moved = {label: (old[label], new[label]) for label in new if old[label] != new[label]}
    assert {label: (line.old, line.new) for label, line in lines.items() if label in new} == moved
    row.refresh_from_db()
    return row


def lived(dossier):
    """What the register and the public figures say, under the labels of a preview."""
    project = Project.objects.with_position(on=TODAY).get(pk=Dossier.objects.get(pk=dossier.pk).project_id)
    count, capital = factories.totals(on=TODAY)["fdi"]
    plots = {f"Lô {plot.code}": plot.standing(on=TODAY).get_status_display() for plot in project.zone.plots.all()}
    return plots | {
        "Tình trạng dự án": Project.Status(project.status).label, "Diện tích thuê": project.land_m2,
        "Vốn đăng ký, USD": project.registered_usd, "Vốn đăng ký, VND": project.registered_vnd,
        "Số dự án còn hiệu lực": count, "Vốn FDI đăng ký": capital,
    }  # fmt: skip


# Revoked ----------------------------------------------------------------------------------------------------------
def test_revoked_registration_leaves_the_totals_and_frees_the_plot(granted, people):
    row = mend(granted, people)
    project = Project.objects.get()
    assert (row.number, row.change.kind, row.change.effective_on) == ("2/2026/QĐ-BQL", "revoked", TODAY)
    assert (ledger.position(project).usd, Tenure.objects.standing(on=TODAY).count()) == (0, 0)
    assert granted.plot.standing(on=TODAY).status == "handed_back"
    before = Project.objects.in_force(on=at("2026-03-09 10:00").date())
    assert list(before) == [project]


def test_revoked_result_says_so_to_whoever_checks_it(granted, people):
    paper = slips.standing_result(granted)
    mend(granted, people)
    told = verification.find(paper.code)
    assert (told.state, told.ground, told.when) == ("revoked", "Cấp không đúng quy định", LATER)


def test_applicant_is_told_once_with_number_and_reason(granted, people):
    row = mend(granted, people)
    letter = Notice.objects.filter(kind="revoke-result").get()
    assert row.number in letter.body and "Cấp sai thẩm quyền" in letter.body
    assert not Notice.objects.filter(kind="paper-revoked").exists()


def test_registration_on_which_an_adjustment_stands_is_not_revoked(granted, people):
    basis, deed = ledger.Basis("9/QĐ", at("2026-03-05 09:00").date()), {"by": None, "at": LATER}
    ledger.adjust_capital(project=granted.project, to=ledger.Capital(usd=Decimal(7)), basis=basis, **deed)
    with pytest.raises(LedgerRefused, match="“Điều chỉnh vốn” theo 9/QĐ ngày 05/03/2026"):
        draft(granted, people)
    assert not Amendment.objects.exists()


def test_registration_of_an_ended_project_loses_only_its_paper(granted, people):
    basis = ledger.Basis("9/QĐ", at("2026-03-05 09:00").date())
    ledger.terminate(project=granted.project, basis=basis, by=None, at=LATER)
    row = mend(granted, people)
    assert (row.change, row.effect, granted.project.changes.count()) == (None, [], 2)
    assert granted.slips.get(form=Slip.Form.RESULT).revoked_at == LATER


def test_revoked_adjustment_never_was_but_was_known(adjusted, people):
    row = mend(adjusted, people)
    day = at("2026-03-04 10:00")
    assert (row.change.kind, row.change.stands_as, row.change.supersedes) == (
        "correction",
        "correction",
        adjusted.outcome,
    )
    assert [ledger.position(adjusted.project, on=day.date(), known=known).usd for known in (None, day)] == [
        12500000, 20000000,
    ]  # fmt: skip


def test_adjustment_on_which_another_stands_is_not_revoked(adjusted, people):
    to, basis = ledger.Capital(usd=Decimal(7)), ledger.Basis("9/QĐ", at("2026-03-05 09:00").date())
    ledger.adjust_capital(project=adjusted.project, to=to, basis=basis, by=None, at=LATER)
    with pytest.raises(LedgerRefused, match="9/QĐ"):
        draft(adjusted, people)


def test_revoked_end_brings_the_project_and_its_plot_back(ended, people):
    row = mend(ended, people)
    tenure = Tenure.objects.get(is_current=True)
    assert (row.change.stands_as, tenure.ended_on, tenure.starts_on.year) == ("correction", None, 2021)
    assert tenure.plot.standing(on=TODAY).held_for == ended.project.code
    assert Project.objects.in_force(on=TODAY).get() == ended.project
    ledger.terminate(project=ended.project, basis=ledger.Basis("99/QĐ", TODAY), by=None, at=LATER)
    assert not Project.objects.in_force(on=TODAY).exists()


def test_revoked_end_names_who_holds_the_plot_by_now(ended, people):
    plot = ended.project.tenures.first().plot
    other = factories.make_project("9877777777", plot=plot, on=TODAY)
    with pytest.raises(ledger.LedgerRefused, match=f"{plot.code} không còn trống.*{other.code}"):
        inverse.preview(Amendment(dossier=ended, kind="revoke"), on=TODAY)
    with pytest.raises(workflow.REFUSALS):
        draft(ended, people)
    assert not Project.objects.in_force(on=TODAY).filter(pk=ended.project_id).exists()


def test_revoked_refusal_touches_only_the_paper(people):
    dossier = advance(factories.make_dossier(), "in_review", people=people)
    moment = at("2026-03-04 10:00")
    steps = (("specialist", "propose", {"proposal": "refused", "note": "Không đủ"}), ("head", "forward", {}),
             ("leader", "refuse", {"reason": "Không phù hợp"}), ("clerk", "seal", {}))  # fmt: skip
    for role, step, details in steps:
        dossier = workflow.take(dossier, step, by=people[role], at=moment, **details)
    paper = slips.issue_result(dossier, by=people["clerk"], at=moment)
    sign(draft(dossier, people), people)
    assert (Slip.objects.get(pk=paper.pk).revoked_at, Change.objects.count()) == (LATER, 0)


# Corrected --------------------------------------------------------------------------------------------------------
def test_corrected_certificate_corrects_register_tenure_and_investor(granted, people):
    values = {"capital_usd": "13000000", "area_m2": "60000", "project_name": "Nhà máy cơ khí Mới", "term_years": 50}
    row = mend(granted, people, said=CORRECT, **values)
    project, tenure = Project.objects.get(), Tenure.objects.get(is_current=True)
    assert (ledger.position(project).usd, tenure.area_m2, tenure.ended_on) == (13000000, 60000, None)
    assert (project.name_vi, project.term_until) == ("Nhà máy cơ khí Mới", at("2076-03-03 00:00").date())
    assert (Contribution.objects.as_known().get().capital_usd, row.change.supersedes) == (13000000, granted.outcome)
    assert ["Tên dự án", "Nhà máy linh kiện cơ khí", "Nhà máy cơ khí Mới"] in row.effect


def test_corrected_paper_takes_the_place_of_the_old(granted, people):
    old = slips.standing_result(granted)
    row = mend(granted, people, said=CORRECT, capital_usd="13000000")
    told = verification.find(old.code)
    assert (told.state, told.other, row.slip.number) == ("replaced", row.slip, row.number)
    amends = row.slip.facts["amends"]
    assert (amends["number"], amends["on"], len(amends["lines"])) == ("1/2026/QĐ-BQL", "03/03/2026", 1)
    stored = slips.freeze(row.slip.pk)
    assert len(stored.sha256) == 64 and row.slip.code


def test_corrected_paper_names_what_it_corrects_and_its_signer(granted, people):
    other = factories.make_staff("leader")
    sign(draft(granted, people, said=CORRECT, capital_usd="13000000"), {"leader": other})
    facts = slips.standing_result(granted).facts
    assert "(đính chính giấy số 1/2026/QĐ-BQL ngày 03/03/2026)" in facts["heading"]
    assert facts["lines"][0] == ["Đính chính giấy", "số 1/2026/QĐ-BQL ngày 03/03/2026"]
    signers = [value for label, value in facts["lines"] if label == "Người ký"]
    assert (signers, facts["signer"], other == people["leader"]) == ([str(other)], str(other), False)


def test_second_correction_starts_from_what_the_first_made_right(granted, people):
    mend(granted, people, said=CORRECT, capital_usd="13000000")
    granted.refresh_from_db()
    mend(granted, people, said=CORRECT, capital_usd="14000000")
    assert ledger.position(granted.project).usd == 14000000
    assert [slip.replaced_by_id is None for slip in granted.slips.filter(form=Slip.Form.RESULT)] == [
        False,
        False,
        True,
    ]


def test_corrected_adjustment_moves_by_what_was_wrong(adjusted, people):
    mend(adjusted, people, said=CORRECT, new_capital_usd="21000000")
    assert ledger.position(adjusted.project).usd == 21000000


def test_area_beyond_the_plot_is_refused_at_the_desk(granted, people):
    with pytest.raises(LedgerRefused, match="không quá diện tích lô"):
        draft(granted, people, said=CORRECT, area_m2="65001")
    with pytest.raises(LedgerRefused, match="phải ghi vốn đăng ký bằng USD"):
        draft(granted, people, said=CORRECT, capital_usd=None)


def test_words_of_a_paper_are_corrected_line_by_line(ended, people):
    row = mend(ended, people, said=CORRECT, lines=[["Ngày 30/2", "Ngày 28/2"]])
    assert (row.change, row.effect) == (None, [["Dòng trên giấy", "Ngày 30/2", "Ngày 28/2"]])


# The letter of a correction ---------------------------------------------------------------------------------------
CERTIFICATE = (
    "-> Số {so_quyet_dinh} ngày {ngay_quyet_dinh} <-\n\nĐiều 1. Tên: {ten_du_an}\n- Vốn: {von_usd}\n- Kho 30 m2"
)
CORRECTION = (
    "Xét {ten_giay_cu} số {so_giay_cu} ngày {ngay_giay_cu},\n\n{dong_dinh_chinh}\n\n"
    "Vì: {ly_do} ({loai_ly_do}). Số {so_quyet_dinh}, {nguoi_ky} ký.\n\n{noi_dung_moi}"
)
CORRECTION_EN = (
    "Re {ten_giay_cu} No. {so_giay_cu} of {ngay_giay_cu},\n\n{dong_dinh_chinh}\n\n"
    "Why: {ly_do} ({loai_ly_do}). No. {so_quyet_dinh}, signed by {nguoi_ky}.\n\n{noi_dung_moi}"
)


def make_wording(decision, body, body_en="", heading="Quyết định"):
    return DecisionTemplate.objects.create(
        decision=decision, body_vi=body, body_en=body_en, heading_vi=heading, heading_en="Decision",
        valid_from=at("2026-01-01 08:00").date(), published_at=at("2026-01-01 08:00"),
    )  # fmt: skip


@pytest.fixture
def wordings(people):
    """Published wordings of a certificate and of its correction."""
    make_wording("granted", CERTIFICATE, CERTIFICATE.replace("Điều 1. Tên", "Article 1. Name"), "Giấy chứng nhận")
    return make_wording("corrected", CORRECTION, CORRECTION_EN, "Quyết định đính chính")


def words(said):
    told = ["|".join("".join(run[0] for run in line) for line in block["lines"]) for block in said["blocks"]]
    return [text.replace("\N{NO-BREAK SPACE}", " ") for text in told]


def test_correction_is_a_letter_in_the_wording_of_the_board(wordings, granted, people):
    row = mend(granted, people, said=CORRECT, capital_usd="13000000")
    assert words(row.slip.facts["letter"]["vi"]) == [
        "Xét Giấy chứng nhận số 1/2026/QĐ-BQL ngày 03/03/2026,",
        "Vốn đăng ký, USD: đã ghi “12.500.000 USD”, nay ghi là “13.000.000 USD”.",
        "Vì: Đánh máy nhầm (Nội dung có sai sót). Số 2/2026/QĐ-BQL, Cán bộ leader ký.",
        "Giấy chứng nhận",
        "Số 1/2026/QĐ-BQL ngày 03/03/2026",
        "Điều 1. Tên: Nhà máy linh kiện cơ khí",
        "Vốn: 13.000.000 USD|Kho 30 m2",
    ]


def test_correction_says_the_same_in_english(wordings, granted, people):
    said = mend(granted, people, said=CORRECT, capital_usd="13000000").slip.facts["letter"]["en"]
    assert words(said)[1:3] == [
        "Registered capital, USD: recorded as “12,500,000 USD”, now to read “13,000,000 USD”.",
        "Why: Đánh máy nhầm (The content was wrong). No. 2/2026/QĐ-BQL, signed by Cán bộ leader.",
    ]
    assert words(said)[-1] == "Vốn: 13,000,000 USD|Kho 30 m2"


def test_second_correction_names_the_first_and_keeps_what_it_made_right(wordings, granted, people):
    mend(granted, people, said=CORRECT, lines=[["Kho 30 m2", "Kho 300 m2"]])
    row = mend(Dossier.objects.get(pk=granted.pk), people, said=CORRECT, capital_usd="14000000")
    told = words(row.slip.facts["letter"]["vi"])
    assert told[0] == "Xét Quyết định đính chính số 2/2026/QĐ-BQL ngày 10/03/2026,"
    assert told[-1] == "Vốn: 14.000.000 USD|Kho 300 m2"
    assert words(row.slip.facts["letter"]["en"])[-1] == "(This paragraph is in Vietnamese only.)"


def test_correction_of_a_result_without_a_letter_leaves_the_rest_to_its_paper(granted, people, wordings):
    told = words(mend(granted, people, said=CORRECT, capital_usd="13000000").slip.facts["letter"]["vi"])
    assert told[-1] == "Ngoài các dòng đính chính nêu trên, các nội dung khác giữ nguyên như trên giấy được thay."


def test_correction_waits_where_the_result_can_no_longer_be_printed(people):
    make_wording("granted", "Trụ sở: {dia_chi}")
    make_wording("corrected", CORRECTION)
    firm = factories.make_enterprise("Công ty Chuyển Đi", address="Sông Công")
    dossier = advance(factories.make_dossier(enterprise=firm), "delivered", people=people)
    type(firm).objects.filter(pk=firm.pk).update(address="")
    with pytest.raises(letters.LetterRefused, match="chưa có: Địa chỉ trụ sở của tổ chức"):
        draft(Dossier.objects.get(pk=dossier.pk), people, said=CORRECT, capital_usd="13000000")
    assert not Amendment.objects.exists()


def test_correction_signed_for_somebody_absent_names_them(wordings, granted, people):
    leader, other = people["leader"], factories.make_staff("clerk")
    leader.groups.add(*other.groups.all())
    Absence.objects.create(person=leader, substitute=other, starts_on=TODAY, ends_on=TODAY, made_by=leader)
    dossier = draft(granted, people, said=CORRECT, capital_usd="13000000")
    workflow.take(dossier, "sign_amendment", by=other, at=LATER)
    said = slips.standing_result(granted).facts
    assert (said["signer"], said["absent"]) == (str(other), str(leader))
    assert said["lines"][-1][1].endswith(f"(thay {leader}, theo phân công)")


def test_signature_on_a_wording_that_was_replaced_is_refused(wordings, granted, people):
    dossier = draft(granted, people, said=CORRECT, capital_usd="13000000")
    seen = amendments.mark(amendments.open_of(dossier), on=TODAY)
    DecisionTemplate.objects.create(
        decision="corrected", version_no=2, heading_vi="Mới", body_vi="Khác.", valid_from=TODAY, published_at=LATER
    )
    with pytest.raises(AmendmentRefused, match="mẫu văn bản đã thay đổi"):
        sign(dossier, people, seen=seen)


def test_letter_is_read_before_it_is_signed(client, now, wordings, granted, people):
    draft(granted, people, said=CORRECT, capital_usd="13000000")
    client.force_login(people["leader"])
    shown = client.get(page(granted, "sign_amendment")).content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert "đã ghi “12.500.000 USD”, nay ghi là “13.000.000 USD”" in shown
    handed = client.get(reverse("admin:onestop_dossier_amendment_pdf", args=[granted.pk]))
    assert (handed["Content-Type"], handed.content[:4]) == ("application/pdf", b"%PDF")


def test_letter_of_nothing_that_waits_is_not_there(client, now, granted, people):
    client.force_login(people["leader"])
    at_pdf = reverse("admin:onestop_dossier_amendment_pdf", args=[granted.pk])
    assert client.get(at_pdf).status_code == 404
    draft(granted, people)
    assert client.get(at_pdf).status_code == 404  # no wording has been published


# The decision of a revocation ---------------------------------------------------------------------------------------
REVOCATION = (
    "Xét {ten_giay_cu} số {so_giay_cu} ngày {ngay_giay_cu},\n\nThu hồi: {loai_ly_do}. {ly_do}\n\n{dong_thu_hoi}\n\n"
    "Số {so_quyet_dinh} ngày {ngay_quyet_dinh}, {nguoi_ky} ký."
)
REVOCATION_EN = (
    "Re {ten_giay_cu} No. {so_giay_cu} of {ngay_giay_cu},\n\nRevoked: {loai_ly_do}. {ly_do}\n\n{dong_thu_hoi}\n\n"
    "No. {so_quyet_dinh} of {ngay_quyet_dinh}, signed by {nguoi_ky}."
)


@pytest.fixture
def revocable(wordings):
    return make_wording("revoked", REVOCATION, REVOCATION_EN, "Quyết định thu hồi")


def test_revocation_is_a_letter_in_the_wording_of_the_board(revocable, granted, people):
    slip = mend(granted, people).slip
    assert (slip.form, slip.number, slip.facts["heading"]) == ("th", "2/2026/QĐ-BQL", "Quyết định thu hồi")
    assert words(slip.facts["letter"]["vi"]) == [
        "Xét Giấy chứng nhận số 1/2026/QĐ-BQL ngày 03/03/2026,",
        "Thu hồi: Cấp không đúng quy định. Cấp sai thẩm quyền",
        f"Lô {granted.plot.code}: từ “Đã cho thuê” thành “Đã trả lại”;|"
        "Tình trạng dự án: từ “Còn hiệu lực” thành “Bị thu hồi”;|Diện tích thuê: từ “65.000 m²” thành “0 m²”;|"
        "Vốn đăng ký, USD: từ “12.500.000 USD” thành “0 USD”;|"
        "Vốn đăng ký, VND: từ “328.125.000.000 đồng” thành “0 đồng”.",
        "Số 2/2026/QĐ-BQL ngày 10/03/2026, Cán bộ leader ký.",
    ]


def test_revocation_says_the_same_in_english(revocable, granted, people):
    said = words(mend(granted, people).slip.facts["letter"]["en"])
    assert said[1] == "Revoked: Issued contrary to the rules. Cấp sai thẩm quyền"
    assert "Registered capital, USD: " in said[2] and "“12,500,000 USD”" in said[2]


def test_revocation_that_moves_nothing_says_so(revocable, granted, people):
    ledger.terminate(
        project=granted.project, basis=ledger.Basis("9/QĐ", at("2026-03-05 09:00").date()), by=None, at=LATER
    )
    assert words(mend(granted, people).slip.facts["letter"]["vi"])[2] == "Sổ dự án không thay đổi."


def test_revocation_without_a_wording_is_a_paper_of_lines(granted, people):
    slip = mend(granted, people).slip
    told = dict(slip.facts["lines"])
    assert (slip.facts["letter"], slip.facts["heading"]) == (None, "Quyết định thu hồi kết quả")
    assert told["Thu hồi giấy"] == "số 1/2026/QĐ-BQL ngày 03/03/2026"
    assert (told["Lý do"], told["Người ký"]) == ("Cấp sai thẩm quyền", "Cán bộ leader")
    assert told["Tình trạng dự án"] == "Còn hiệu lực → Bị thu hồi"


def test_revocation_of_a_correction_names_the_paper_that_stood(revocable, granted, people):
    corrected = mend(granted, people, said=CORRECT, capital_usd="13000000").slip
    row = mend(Dossier.objects.get(pk=granted.pk), people)
    assert words(row.slip.facts["letter"]["vi"])[0] == "Xét Quyết định đính chính số 2/2026/QĐ-BQL ngày 10/03/2026,"
    assert verification.find(corrected.code).other == row.slip


def test_revocation_signed_for_somebody_absent_names_them(revocable, granted, people):
    leader, other = people["leader"], factories.make_staff("clerk")
    leader.groups.add(*other.groups.all())
    Absence.objects.create(person=leader, substitute=other, starts_on=TODAY, ends_on=TODAY, made_by=leader)
    workflow.take(draft(granted, people), "sign_amendment", by=other, at=LATER)
    facts = Amendment.objects.get().slip.facts
    assert (facts["signer"], facts["absent"]) == (str(other), str(leader))


def test_revocation_is_frozen_with_its_code_and_stands(revocable, granted, people):
    slip = mend(granted, people).slip
    stored = slips.freeze(slip.pk)
    assert (stored.name, slips.freeze(slip.pk) == stored) == ("thu-hoi-2-2026-QĐ-BQL.pdf", True)
    told = verification.find(slip.code)
    assert (told.state, verification.issued_on(told.slip), told.sha256) == ("current", TODAY, stored.sha256)
    assert "không bị thu hồi" in slips.why_not_revoked(slip) and not slips.may_be_issued_anew(slip)


def test_revoked_paper_says_by_which_decision(client, now, revocable, granted, people):
    old = slips.standing_result(granted)
    new = mend(granted, people).slip
    shown = client.get(reverse("onestop:verify_code", args=[old.code])).content.decode()
    assert "Thu hồi bằng quyết định số 2/2026/QĐ-BQL." in shown and "Cấp sai thẩm quyền" not in shown
    shown = client.get(reverse("onestop:verify_code", args=[new.code])).content.decode()
    assert "Quyết định thu hồi kết quả" in shown and "Còn hiệu lực" in shown


def test_revocation_is_read_before_it_is_signed(client, now, revocable, granted, people):
    client.force_login(people["specialist"])
    form = client.get(page(granted, "draft_amendment")).context["form"]
    typed = {field.html_name: field.value() or "" for field in form} | REVOKE | {"go": "preview"}
    assert "thành “Bị thu hồi”" in client.post(page(granted, "draft_amendment"), typed).content.decode()
    draft(granted, people)
    client.force_login(people["leader"])
    assert "thành “Bị thu hồi”" in client.get(page(granted, "sign_amendment")).content.decode()
    handed = client.get(reverse("admin:onestop_dossier_amendment_pdf", args=[granted.pk]))
    assert (handed["Content-Type"], handed.content[:4]) == ("application/pdf", b"%PDF")


def test_applicant_has_the_decision_that_revoked(client, now, revocable, granted, people):
    slip = mend(granted, people).slip
    client.force_login(granted.created_by)
    shown = client.get(granted.get_absolute_url()).content.decode()
    at_page, at_file = (reverse(f"onestop:slip_{name}", args=[granted.pk, slip.pk]) for name in ("detail", "download"))
    assert "Xem quyết định thu hồi" in shown and shown.count(f'"{at_page}"') == 3 and at_file in shown
    assert "đã bị thu hồi theo quyết định số 2/2026/QĐ-BQL" in shown
    assert b"".join(client.get(at_file).streaming_content)[:4] == b"%PDF"
    assert "Thu hồi: Cấp không đúng quy định" in client.get(at_page).content.decode()
    client.force_login(factories.make_user("la@example.vn"))
    assert client.get(at_file).status_code == 404


def test_signature_on_another_wording_of_a_revocation_is_refused(revocable, granted, people):
    dossier = draft(granted, people)
    seen = amendments.mark(amendments.open_of(dossier), on=TODAY)
    DecisionTemplate.objects.create(
        decision="revoked", version_no=2, heading_vi="Mới", body_vi="Khác.", valid_from=TODAY, published_at=LATER
    )
    with pytest.raises(AmendmentRefused, match="mẫu văn bản đã thay đổi"):
        sign(dossier, people, seen=seen)
    assert not granted.slips.filter(form=Slip.Form.REVOCATION).exists()


# Who, and on what they have seen ----------------------------------------------------------------------------------
def test_nobody_signs_an_amendment_of_their_own(granted, people):
    both = factories.make_staff("leader")
    both.groups.add(Group.objects.get(name="register"))
    dossier = workflow.take(granted, "draft_amendment", by=both, at=LATER, **REVOKE)
    with pytest.raises(AmendmentRefused, match="chính mình soạn"):
        workflow.take(dossier, "sign_amendment", by=both, at=LATER)


def test_specialist_of_another_dossier_drafts_nothing(granted):
    with pytest.raises(workflow.StepRefused, match="không có quyền"):
        workflow.take(granted, "draft_amendment", by=factories.make_staff("specialist"), at=LATER, **REVOKE)


def test_signature_on_a_register_that_has_moved_is_refused(granted, people):
    dossier = draft(granted, people, said=CORRECT, project_name="Nhà máy Mới")
    seen = amendments.mark(amendments.open_of(dossier), on=TODAY)
    Project.objects.update(name_vi="Tên đã sửa trong sổ")
    with pytest.raises(AmendmentRefused, match="Sổ dự án hoặc mẫu văn bản đã thay đổi"):
        sign(dossier, people, seen=seen)
    assert numbering.Series.objects.get(key="decision:2026").last == 1


def test_totals_moved_by_others_do_not_hinder_a_signature(granted, people):
    dossier = draft(granted, people)
    seen = amendments.mark(amendments.open_of(dossier), on=TODAY)
    factories.make_project()
    assert amendments.is_revoked(sign(dossier, people, seen=seen))


def test_only_the_drafter_or_a_leader_drops_a_draft(granted, people):
    dossier = draft(granted, people)
    with pytest.raises(AmendmentRefused, match="Cán bộ specialist"):
        workflow.take(dossier, "drop_amendment", by=factories.make_staff("register"), at=LATER, note="x")
    workflow.take(dossier, "drop_amendment", by=people["leader"], at=LATER, note="Xem lại")
    assert (amendments.open_of(dossier), Amendment.objects.get().drop_note) == (None, "Xem lại")


def test_revoked_result_is_not_amended_again(granted, people):
    mend(granted, people)
    with pytest.raises(AmendmentRefused, match="đã bị thu hồi"):
        draft(granted, people)


def test_second_signature_is_told_who_was_quicker(granted, people):
    dossier = sign(draft(granted, people), people)
    with pytest.raises(AmendmentRefused, match="Cán bộ leader đã ký.*2/2026/QĐ-BQL lúc 10:00 10/03/2026"):
        workflow.take(dossier, "sign_amendment", by=factories.make_staff("leader"), at=LATER)


@pytest.mark.django_db(transaction=True)
def test_two_leaders_at_once_sign_once(catalogue):
    people = factories.make_people()
    dossier = draft(advance(factories.make_dossier(), "delivered", people=people), people)
    leaders, gate, told = [people["leader"], factories.make_staff("leader")], Barrier(2), []

    def press(leader):
        gate.wait()
        try:
            workflow.take(dossier, "sign_amendment", by=leader, at=LATER)
        except AmendmentRefused as refused:
            told.append(str(refused))
        finally:
            connection.close()

    threads = [Thread(target=press, args=(leader,)) for leader in leaders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [dossier.events.filter(step="sign_amendment").count(), Change.objects.count()] == [1, 2]
    assert len(told) == 1 and "Cán bộ leader đã ký" in told[0]


# Pages ------------------------------------------------------------------------------------------------------------
def page(dossier, step):
    return reverse("admin:onestop_dossier_step", args=[dossier.pk, step])


@pytest.fixture
def now():
    with time_machine.travel(LATER, tick=False):
        yield


def test_draft_page_shows_what_stands_and_previews_before_it_saves(client, now, granted, people):
    client.force_login(people["specialist"])
    form = client.get(page(granted, "draft_amendment")).context["form"]
    typed = {field.html_name: field.value() or "" for field in form}
    assert (typed["to-project_name"], typed["to-capital_usd"]) == ("Nhà máy linh kiện cơ khí", "12.500.000")
    typed |= {**CORRECT, "to-capital_usd": "13.000.000"}
    shown = client.post(page(granted, "draft_amendment"), {**typed, "go": "preview"})
    assert ("13.000.000" in shown.content.decode(), Amendment.objects.count()) == (True, 0)
    assert [str(line.label) for line in shown.context["form"].sight.lines] == ["Vốn đăng ký, USD", "Vốn FDI đăng ký"]
    assert client.post(page(granted, "draft_amendment"), typed).status_code == 302
    assert Amendment.objects.get().values == {"capital_usd": "13000000"}


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ({"ground": "", "reason": ""}, {"ground", "reason"}),
        ({"to-capital_usd": "mười triệu"}, {"to-capital_usd"}),
        ({"wrong-1": "Sai"}, {"right-1"}),
        ({}, {"__all__"}),
    ],
)
def test_draft_with_faults_is_kept_and_told(client, now, granted, people, typed, fault):
    client.force_login(people["specialist"])
    form = client.get(page(granted, "draft_amendment")).context["form"]
    whole = {field.html_name: field.value() or "" for field in form} | CORRECT | typed
    answer = client.post(page(granted, "draft_amendment"), whole)
    assert (set(answer.context["form"].errors), Amendment.objects.count()) == (fault, 0)


def test_leader_reads_and_signs_and_everybody_sees_it(client, now, granted, people):
    draft(granted, people)
    client.force_login(people["leader"])
    shown = client.get(page(granted, "sign_amendment"))
    form = shown.context["form"]
    assert "Bị thu hồi" in shown.content.decode()
    sent = {"version_no": form["version_no"].value(), "mark": form["mark"].value()}
    assert client.post(page(granted, "sign_amendment"), sent).status_code == 302
    assert "2/2026/QĐ-BQL" in client.get(reverse("admin:onestop_dossier_change", args=[granted.pk])).content.decode()
    client.force_login(granted.created_by)
    assert "2/2026/QĐ-BQL" in client.get(granted.get_absolute_url()).content.decode()
    client.logout()
    tracked = client.post(reverse("onestop:track"), {"code": granted.code, "lookup": granted.lookup})
    assert "2/2026/QĐ-BQL" in tracked.content.decode() and tracked.context["badge"].text == "Kết quả đã bị thu hồi"
    assert factories.totals(on=TODAY)["fdi"] == (0, 0)


@pytest.fixture
def mended(granted, people):
    """A result with a copy of its own, corrected twice; returns it and its three papers, the oldest first."""
    stored = slips.freeze(slips.standing_result(granted).pk)
    Dossier.objects.filter(pk=granted.pk).update(result_file=stored)
    for usd in ("13000000", "14000000"):
        mend(Dossier.objects.get(pk=granted.pk), people, said=CORRECT, capital_usd=usd)
    return Dossier.objects.get(pk=granted.pk), list(granted.slips.filter(form=Slip.Form.RESULT))


def test_result_that_stands_comes_before_those_that_do_not(mended):
    dossier, papers = mended
    result = slips.result_of(dossier)
    assert (result.state, result.paper, result.stored) == ("corrected", papers[2], None)
    assert [(row.slip, row.state, row.other) for row in result.past] == [
        (papers[1], "replaced", papers[2]),
        (papers[0], "replaced", papers[1]),
    ]


def test_result_is_nothing_before_it_is_sealed(people):
    dossier = advance(factories.make_dossier(), "numbering", people=people)
    assert slips.result_of(dossier) == slips.Result()


def test_copy_from_before_papers_is_replaced_under_a_code(people):
    dossier = advance(factories.make_dossier(), "delivered", people=people)
    stored = documents.store(ContentFile(uploads.pdf(), "a.pdf"), by=None, at=LATER, max_bytes=10**6, is_ours=True)
    Dossier.objects.filter(pk=dossier.pk).update(result_file=stored)
    row = mend(Dossier.objects.get(pk=dossier.pk), people, said=CORRECT, capital_usd="13000000")
    (past,) = slips.result_of(Dossier.objects.get(pk=dossier.pk)).past
    assert (past.slip.stored, past.slip.number, past.other) == (stored, "1/2026/QĐ-BQL", row.slip)


def test_everybody_is_handed_the_paper_that_stands(client, now, mended, people):
    dossier, papers = mended
    pages = {people["leader"]: "admin:onestop_dossier_result", dossier.created_by: "onestop:result_download"}
    for person, name in pages.items():
        client.force_login(person)
        handed = client.get(reverse(name, args=[dossier.pk]))
        papers[2].refresh_from_db()
        assert b"".join(handed.streaming_content) == papers[2].stored.file.read()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("vi", ["Tải kết quả hiện hành, số 3/2026", "được thay bằng giấy số 3/2026", "được thay bằng giấy số 2/2026"]),
        ("en", ["Download the current result, No. 3/2026", "replaced by No. 3/2026", "replaced by No. 2/2026"]),
    ],
)
def test_applicant_reads_the_current_result_first(client, now, mended, language, said):
    dossier, papers = mended
    client.force_login(dossier.created_by)
    with translation.override(language):
        shown = client.get(dossier.get_absolute_url()).content.decode()
        old = reverse("onestop:slip_download", args=[dossier.pk, papers[0].pk])
    places = [shown.find(words) for words in said]
    assert places == sorted(places) and -1 not in places and old in shown


def test_officer_reads_the_current_result_first(client, now, mended, people):
    client.force_login(people["leader"])
    shown = client.get(reverse("admin:onestop_dossier_change", args=[mended[0].pk])).content.decode()
    assert shown.count("được thay bằng giấy số") == 2
    assert shown.index("Kết quả hiện hành") < shown.index("được thay bằng giấy số 3/2026/QĐ-BQL")


def test_revoked_result_is_handed_out_to_nobody(client, now, mended, people):
    dossier, papers = mended
    mend(dossier, people)
    client.force_login(people["leader"])
    assert client.get(reverse("admin:onestop_dossier_result", args=[dossier.pk])).status_code == 404
    client.force_login(dossier.created_by)
    answer = client.get(reverse("onestop:result_download", args=[dossier.pk]), follow=True)
    shown = answer.content.decode()
    assert answer.redirect_chain == [(dossier.get_absolute_url(), 302)]
    assert "đã bị thu hồi nên không còn bản nào" in shown and "đã bị thu hồi theo quyết định số 4/2026" in shown
    assert "Tải kết quả hiện hành" not in shown and "Bạn nhận kết quả" not in shown


def test_step_pages_without_a_draft_say_so(client, now, granted, people):
    client.force_login(people["leader"])
    answer = client.get(page(granted, "sign_amendment"))
    assert (answer.status_code, "không có dự thảo" in answer.content.decode()) == (403, True)


def test_waiting_draft_stands_in_the_heap_of_the_leader(client, now, granted, people):
    draft(granted, people)
    client.force_login(people["leader"])
    lines = client.get(reverse("admin:onestop_dossier_changelist"), {"tab": "waiting"}).context["worklist"].lines
    assert [(line.dossier, [step.name for step in line.steps]) for line in lines] == [(granted, ["sign_amendment"])]
