"""Filing through the pages: what a person sees, types and sends, and what is kept of it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from izportal.models import Rule, StoredFile
from onestop import drafts, papers, questions
from onestop.models import Dossier
from projects.models import Mandate, MandateRequest
from tests import factories, uploads
from zones.models import Availability

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

APPLICANT = {"contact_name": "Trần Thị Thử", "contact_email": "thu@thep.example", "contact_phone": "0208 3 123 456"}
SECTIONS = {
    "investor": {
        "investor_kind": "organisation", "investor_name": "Mau Precision Co.", "investor_country": "KR",
        "investor_identifier": "123-45-67890", "investor_address": "Seoul", "representative_name": "Kim Mau",
        "representative_title": "Director",
    },
    "project": {
        "project_name": "Nhà máy linh kiện", "origin": "fdi", "kind": "production", "sector": "25",
        "objective": "Sản xuất linh kiện", "scale": "2.000 tấn/năm", "area_m2": "65.000",
    },
    "capital": {
        "capital_usd": "12.500.000", "capital_vnd": "328.125.000.000", "exchange_rate": "26.250",
        "rate_on": "02/03/2026", "rate_source": "Ngân hàng Nhà nước", "equity_share": "100",
        "equity_due_on": "31/12/2027",
    },
    "schedule": {"term_years": "40", "construction_from": "01/06/2026", "operating_on": "01/01/2028"},
    "needs": {"workers_local": "300", "workers_foreign": "5", "environment_group": "3"},
}  # fmt: skip


@pytest.fixture
def plot(make_plot):
    return make_plot("CN-05")


@pytest.fixture
def matter(catalogue):
    """The lists that the form offers."""
    factories.make_country("KR")
    factories.make_sector("25")


@pytest.fixture
def applicant(client, enterprise_user, matter):
    client.force_login(enterprise_user)
    return client


@pytest.fixture
def draft(make_dossier, enterprise_user, plot):
    """A draft that lacks nothing."""
    return whole(make_dossier(by=enterprise_user, plot=plot))


def whole(dossier):
    for key, typed in SECTIONS.items():
        form = questions.SectionForm(
            typed, dossier=dossier, section=questions.definition(dossier).section(key), user=dossier.created_by
        )
        assert form.errors == {}
        form.apply()
    dossier.answers[questions.NOT_DUE] = ["cong-nghe"]
    dossier.save()
    return dossier


def new_address(code="1.009664"):
    return reverse("onestop:dossier_new", args=[code])


def edit_address(dossier, section):
    return reverse("onestop:dossier_edit", args=[dossier.pk, section])


def paper_of(dossier, key):
    component = dossier.version.components.get(key=key)
    return f"paper-{component.pk}"


def pdf(name="de-nghi.pdf"):
    return SimpleUploadedFile(name, uploads.pdf_of(name), content_type="application/pdf")


# Beginning ----------------------------------------------------------------------------------------
def test_filing_asks_who_you_are(client, catalogue):
    response = client.get(new_address())
    assert response["Location"] == f"{reverse('account_login')}?next={new_address()}"


def test_opening_the_form_makes_no_draft(applicant, plot):
    response = applicant.get(new_address())
    assert (response.status_code, Dossier.objects.count()) == (200, 0)


def test_saving_the_first_section_makes_a_draft(applicant, enterprise_user, enterprise, plot):
    case = factories.Procedure.objects.get(code="1.009664").versions.get().cases.get(key="th1")
    response = applicant.post(new_address(), {**APPLICANT, "case": case.pk, "plot": plot.pk, "go": "next"})
    dossier = Dossier.objects.get()
    assert response["Location"] == edit_address(dossier, "investor")
    assert (dossier.status, dossier.enterprise, dossier.plot, dossier.created_by) == (
        "draft", enterprise, plot, enterprise_user,
    )  # fmt: skip
    assert (dossier.contact_name, dossier.version_no, dossier.language) == ("Trần Thị Thử", 1, "vi")


def test_a_form_sent_twice_makes_one_draft(applicant, plot):
    form = applicant.get(new_address()).context
    typed = {**APPLICANT, "case": form["dossier"].case.pk, "plot": plot.pk, "key": str(form["key"])}
    answers = [applicant.post(new_address(), typed).status_code for _click in range(2)]
    assert (answers, Dossier.objects.count()) == ([302, 302], 1)


def test_a_refused_first_section_keeps_what_was_typed(applicant, plot):
    response = applicant.post(new_address(), {**APPLICANT, "contact_email": "thu thep.example", "plot": plot.pk})
    form = response.context["form"]
    assert form["contact_name"].value() == "Trần Thị Thử"
    assert form.errors["contact_email"] == ["Thư điện tử không đúng dạng, ví dụ ten@congty.vn."]
    assert Dossier.objects.count() == 0


def test_a_plot_may_be_chosen_beforehand(applicant, plot):
    response = applicant.get(new_address(), {"plot": plot.code})
    assert response.context["form"]["plot"].value() == plot.pk


@pytest.mark.parametrize("code", ["SC2-CN-07", "SC2-CN-99", "a\x00b", "x" * 5000])
def test_a_plot_that_cannot_be_had_is_told(applicant, make_plot, code):
    make_plot("CN-07", status=Availability.Status.LEASED, held_for="98")
    response = applicant.get(new_address(), {"plot": code})
    assert response.context["note"].startswith("Lô bạn chọn không còn trống hoặc chưa sẵn sàng.")


def test_only_plots_that_can_be_had_are_offered(applicant, plot, make_plot):
    held = make_plot("CN-06", status=Availability.Status.RESERVED, held_for="hs:x")
    make_plot("CN-07", status=Availability.Status.LEASED, held_for="98")
    stale = make_plot("CN-08", confirmed_on=None)
    choices = applicant.get(new_address()).context["form"].fields["plot"].choices
    offered = {option[0].value: option[1] for _zone, options in list(choices)[1:] for option in options}
    assert list(offered) == [plot.pk, held.pk, stale.pk]
    assert "đang giữ chỗ cho hồ sơ khác" in offered[held.pk]
    assert "lâu chưa được xác nhận, hãy hỏi Ban trước" in offered[stale.pk]


def test_who_acts_for_several_enterprises_chooses_one(applicant, enterprise_user, enterprise):
    other = factories.make_enterprise("Công ty TNHH Thứ Hai")
    Mandate.objects.create(
        user=enterprise_user, enterprise=other, capacity="prepare", approved_at=enterprise_user.date_joined
    )
    form = applicant.get(new_address()).context["form"]
    assert set(form.fields["enterprise"].queryset) == {enterprise, other}


def test_without_a_mandate_the_page_says_what_to_do(client, catalogue):
    client.force_login(factories.make_user())
    response = client.get(new_address())
    assert response.context["obstacle"] == "mandate"
    assert "Bạn chưa được ủy quyền nộp hồ sơ" in response.content.decode()
    assert reverse("projects:mandate_request_new") in response.content.decode()


def test_who_waits_for_a_mandate_is_told_what_to_do_meanwhile(client, catalogue, moment):
    user = factories.make_user()
    MandateRequest.objects.create(user=user, tax_code="4600999999", asked_at=moment)
    client.force_login(user)
    response = client.get(new_address())
    content = response.content.decode()
    assert [row.tax_code for row in response.context["asked"]] == ["4600999999"]
    assert reverse("onestop:blank_form", args=["1.009664"]) in content
    assert (reverse("projects:mandate_list") in content, reverse("projects:mandate_request_new") in content) == (
        True,
        False,
    )


def test_a_procedure_filed_elsewhere_says_where(applicant):
    factories.make_procedure("1.009748", "Chấp thuận chủ trương đầu tư", is_filed_here=False)
    response = applicant.get(new_address("1.009748"))
    assert (response.status_code, response.context["obstacle"]) == (200, "elsewhere")


@pytest.mark.parametrize("code", ["9.999999", "x%00"])
def test_an_unknown_procedure_is_not_found(applicant, code):
    assert applicant.get(f"/ho-so/moi/{code}/").status_code == 404


# Sections -----------------------------------------------------------------------------------------
def test_a_saved_section_leads_to_the_next(applicant, make_dossier, enterprise_user):
    dossier = make_dossier(by=enterprise_user, answers={}, papers=False)
    typed = {**SECTIONS["capital"], "version_no": 0, "go": "next"}
    dossier.answers = {"origin": "fdi"}
    dossier.save()
    response = applicant.post(edit_address(dossier, "capital"), typed)
    dossier.refresh_from_db()
    assert response["Location"] == edit_address(dossier, "schedule")
    assert dossier.answers == {
        "origin": "fdi", "capital_usd": "12500000", "capital_vnd": "328125000000", "exchange_rate": "26250",
        "rate_on": "2026-03-02", "rate_source": "Ngân hàng Nhà nước", "equity_share": "100",
        "equity_due_on": "2027-12-31",
    }  # fmt: skip


@pytest.fixture
def colleague(enterprise):
    return factories.make_user("dong-nghiep@thep.example", mandate_of=enterprise, full_name="Lê Thị Đồng Nghiệp")


def saved_by(colleague, draft, section, **changed):
    """The colleague opens a section and saves it; the draft as it stands then."""
    part = questions.definition(draft).section(section)
    form = drafts.keep(
        draft, part, {**SECTIONS[section], **changed}, hand=drafts.Hand(draft.version_no), by=colleague,
        at=factories.at("2026-03-03 21:04"),
    )  # fmt: skip
    assert form.errors == {}
    return form.dossier


def test_a_stale_save_is_refused_and_keeps_what_was_typed(applicant, draft, colleague):
    saved_by(colleague, draft, "project", project_name="Tên của người kia")
    typed = {**SECTIONS["project"], "project_name": "Tên của tôi", "version_no": 0}
    response = applicant.post(edit_address(draft, "project"), typed)
    draft.refresh_from_db()
    assert draft.answers["project_name"] == "Tên của người kia"
    assert response.context["form"]["project_name"].value() == "Tên của tôi"
    assert response.context["differences"] == [("Tên dự án", "Tên của người kia", "Tên của tôi")]
    assert "Chưa lưu: Lê Thị Đồng Nghiệp vừa sửa phần này" in response.content.decode()


def test_after_seeing_the_difference_a_second_save_counts(applicant, draft, colleague):
    saved_by(colleague, draft, "project", project_name="Tên của người kia")
    typed = {**SECTIONS["project"], "project_name": "Tên của tôi", "go": "stay"}
    shown = applicant.post(edit_address(draft, "project"), {**typed, "version_no": 0}).context["version_no"]
    response = applicant.post(edit_address(draft, "project"), {**typed, "version_no": shown})
    draft.refresh_from_db()
    assert (draft.answers["project_name"], draft.version_no) == ("Tên của tôi", 2)
    assert response["Location"] == edit_address(draft, "project")


def test_theirs_is_taken_by_opening_the_section_again(applicant, draft, colleague):
    saved_by(colleague, draft, "project", project_name="Tên của người kia")
    page = applicant.post(edit_address(draft, "project"), {"project_name": "Tên của tôi", "version_no": 0})
    again = applicant.get(page.context["address"])
    assert again.context["form"]["project_name"].value() == "Tên của người kia"


def test_two_people_at_two_sections_do_not_meet(applicant, draft, colleague):
    saved_by(colleague, draft, "schedule", term_years="45")
    typed = {**SECTIONS["project"], "project_name": "Tên của tôi", "version_no": 0}
    response = applicant.post(edit_address(draft, "project"), typed)
    draft.refresh_from_db()
    assert response.status_code == 302
    assert (draft.answers["term_years"], draft.answers["project_name"]) == (45, "Tên của tôi")


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 5000, "\x00", "99"])
def test_a_broken_version_is_a_stale_one(applicant, draft, seen):
    typed = {**SECTIONS["schedule"], "term_years": "41", "version_no": seen}
    response = applicant.post(edit_address(draft, "schedule"), typed)
    assert (response.status_code, response.context["is_own"]) == (200, True)


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"capital_usd": "abc"}, "capital_usd", "Nhập một số, ví dụ 1.234,5."),
        ({"capital_usd": "1\x002"}, "capital_usd", "Nhập một số, ví dụ 1.234,5."),
        ({"capital_usd": "9" * 60}, "capital_usd", None),
        ({"capital_vnd": "1,5"}, "capital_vnd", "Nhập số nguyên. Bạn đã nhập 1,5."),
        ({"rate_on": "31/02/2026"}, "rate_on", "Nhập ngày theo dạng dd/mm/yyyy, ví dụ 31/12/2027."),
        ({"rate_on": "01/01/2199"}, "rate_on", "Ngày này không được ở tương lai."),
        ({"rate_source": "x" * 300}, "rate_source", None),
        ({"rate_source": "a\x00b"}, "rate_source", None),
        ({"equity_share": "101"}, "equity_share", "Số này không được quá 100. Bạn đã nhập 101."),
        ({"equity_share": "60"}, "other_capital", "Vốn góp chưa đủ 100%: ghi rõ phần vốn còn lại huy động từ đâu."),
    ],
)
def test_a_bad_answer_is_told_beside_its_field(applicant, draft, typed, field, sentence):
    address = edit_address(draft, "capital")
    response = applicant.post(address, {**SECTIONS["capital"], **typed, "version_no": 0})
    before = dict(draft.answers)
    draft.refresh_from_db()
    errors = response.context["form"].errors
    assert (list(errors), draft.answers) == ([field], before)
    assert sentence is None or errors[field] == [sentence]


def test_a_strange_section_is_not_found(applicant, draft):
    assert applicant.get(edit_address(draft, "khac")).status_code == 404


def test_a_filed_dossier_is_not_edited(applicant, draft):
    filed = factories.advance(draft, "submitted")
    sent = {**SECTIONS["schedule"], "version_no": filed.version_no}
    response = applicant.post(edit_address(filed, "schedule"), sent)
    assert response["Location"] == filed.get_absolute_url()


# Papers -------------------------------------------------------------------------------------------
@pytest.fixture
def bare(make_dossier, enterprise_user, plot):
    return make_dossier(by=enterprise_user, plot=plot, papers=False)


def papers_address(dossier):
    return reverse("onestop:dossier_papers", args=[dossier.pk])


def test_papers_are_kept_each_with_its_component(applicant, bare):
    sent = {paper_of(bare, "de-nghi"): pdf("Đề nghị.pdf"), paper_of(bare, "tai-chinh"): pdf("tài chính.pdf")}
    response = applicant.post(papers_address(bare), {**sent, "go": "next"})
    assert response["Location"] == reverse("onestop:dossier_review", args=[bare.pk])
    assert [(p.component.key, p.stored.name) for p in papers.current(bare)] == [
        ("de-nghi", "Đề nghị.pdf"),
        ("tai-chinh", "tài chính.pdf"),
    ]


def test_a_refused_file_leaves_the_good_ones(applicant, bare):
    bad = SimpleUploadedFile("x.pdf", b"MZ not a paper")
    name = paper_of(bare, "tai-chinh")
    response = applicant.post(papers_address(bare), {paper_of(bare, "de-nghi"): pdf(), name: bad})
    assert [p.component.key for p in papers.current(bare)] == ["de-nghi"]
    assert list(response.context["refused"]) == [name]


def test_a_file_too_large_is_cut_while_it_comes_in(applicant, bare):
    Rule.objects.filter(code="upload_max_mb").update(value="1")
    big = SimpleUploadedFile("to.pdf", uploads.pdf() + b"%" * (3 * 2**20))
    name = paper_of(bare, "tai-chinh")
    response = applicant.post(papers_address(bare), {name: big, paper_of(bare, "de-nghi"): pdf()})
    assert list(response.context["refused"]) == [name]
    assert "vượt mức cho phép 1,0" in response.context["refused"][name]
    assert [p.component.key for p in papers.current(bare)] == ["de-nghi"]


def test_a_new_file_takes_the_place_of_the_old(applicant, bare):
    for name in ("mot.pdf", "hai.pdf"):
        applicant.post(papers_address(bare), {paper_of(bare, "de-nghi"): pdf(name)})
    assert [p.stored.name for p in papers.current(bare)] == ["hai.pdf"]
    assert bare.papers.filter(replaced_at__isnull=False).count() == 1


def test_a_paper_may_be_taken_back(applicant, bare):
    applicant.post(papers_address(bare), {paper_of(bare, "de-nghi"): pdf()})
    applicant.post(papers_address(bare), {"take_back": papers.current(bare)[0].pk})
    assert papers.current(bare) == []


@pytest.mark.parametrize("number", ["x", "-1", "9" * 30, "\x00", "²"])
def test_taking_back_a_strange_paper_does_nothing(applicant, bare, number):
    assert applicant.post(papers_address(bare), {"take_back": number}).status_code == 302


def test_a_conditional_paper_may_be_declared_not_due(applicant, bare):
    applicant.post(papers_address(bare), {f"not-due-{paper_of(bare, 'cong-nghe')}": "on"})
    bare.refresh_from_db()
    assert bare.answers[questions.NOT_DUE] == ["cong-nghe"]


def test_too_many_files_get_a_sentence(applicant, bare, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 1
    response = applicant.post(papers_address(bare), {"a": pdf(), "b": pdf()})
    assert (response.status_code, "Gửi quá nhiều trong một lần" in response.content.decode()) == (413, True)


def test_too_much_text_gets_a_sentence(applicant, bare, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    assert applicant.post(papers_address(bare), {"a": "x" * 200}).status_code == 413


def test_uploads_ask_for_the_token(enterprise_user, bare):
    client = Client(enforce_csrf_checks=True)
    client.force_login(enterprise_user)
    assert client.post(papers_address(bare), {paper_of(bare, "de-nghi"): pdf()}).status_code == 403
    assert papers.current(bare) == []


# Review and filing --------------------------------------------------------------------------------
def review_address(dossier):
    return reverse("onestop:dossier_review", args=[dossier.pk])


def test_the_review_names_what_is_missing(applicant, bare):
    bare.answers.pop("project_name")
    bare.save()
    context = applicant.get(review_address(bare)).context
    assert (edit_address(bare, "project"), "f-project_name") in [(url, f.anchor) for f, url in context["blocking"]]
    assert [component.key for component in context["missing"]] == ["de-nghi", "tai-chinh", "cong-nghe"]


def test_the_review_names_papers_that_are_still_being_scanned(applicant, draft):
    paper = papers.current(draft)[0]
    StoredFile.objects.filter(pk=paper.stored_id).update(state="pending")
    context = applicant.get(review_address(draft)).context
    assert ([row.pk for row in context["waiting"]], context["is_ready"]) == ([paper.pk], False)
    response = applicant.post(review_address(draft), {"declare": "on", "version_no": draft.version_no})
    draft.refresh_from_db()
    assert (response.context["problem"], draft.status) == (papers.still_waiting(1), "draft")


def test_the_review_opens_text_left_unfinished_with_its_faults(applicant, draft):
    sent = {**SECTIONS["project"], "area_m2": "vài héc-ta", "version_no": draft.version_no, "go": "exit"}
    applicant.post(edit_address(draft, "project"), sent)
    context = applicant.get(review_address(draft)).context
    assert [(url, fault.anchor) for fault, url in context["blocking"]] == [
        (f"{edit_address(draft, 'project')}?check=1", "f-area_m2")
    ]


def test_a_whole_draft_is_filed(applicant, draft):
    response = applicant.post(review_address(draft), {"declare": "on", "version_no": draft.version_no})
    draft.refresh_from_db()
    assert (response["Location"], draft.status) == (draft.get_absolute_url(), "submitted")
    assert draft.reference is not None


def test_a_second_click_shows_the_filed_dossier(applicant, draft):
    sent = {"declare": "on", "version_no": draft.version_no}
    places = {applicant.post(review_address(draft), sent)["Location"] for _click in range(2)}
    assert (places, draft.events.count()) == ({draft.get_absolute_url()}, 1)


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"version_no": 0}, "Đánh dấu vào ô cam kết trước khi nộp."),
        (
            {"version_no": 9, "declare": "on"},
            "Bản nháp vừa được người khác sửa. Kiểm tra lại nội dung bên dưới rồi nộp.",
        ),
    ],
)
def test_filing_needs_the_declaration_and_the_last_version(applicant, draft, sent, sentence):
    response = applicant.post(review_address(draft), sent)
    draft.refresh_from_db()
    assert (response.context["problem"], draft.status) == (sentence, "draft")
    assert ('<a href="#declare">' in response.content.decode()) is ("declare" not in sent)


def test_the_strip_tells_which_section_of_a_step_is_open(applicant, draft):
    steps = [applicant.get(edit_address(draft, key)).context["steps"] for key in ("applicant", "capital")]
    places = [[step["place"] for step in strip if step["state"] == "current"] for strip in steps]
    assert places == [["phần 1 trên 2"], ["phần 2 trên 4"]]


def test_an_unfinished_draft_is_not_filed(applicant, bare):
    response = applicant.post(review_address(bare), {"declare": "on", "version_no": bare.version_no})
    bare.refresh_from_db()
    assert (bare.status, response.status_code) == ("draft", 200)


def test_who_may_only_prepare_does_not_file(client, draft, enterprise):
    client.force_login(factories.make_user(mandate_of=enterprise, capacity="prepare"))
    response = client.post(review_address(draft), {"declare": "on", "version_no": draft.version_no})
    draft.refresh_from_db()
    assert (draft.status, response.status_code) == ("draft", 200)


def test_a_draft_may_be_thrown_away(applicant, draft):
    address = reverse("onestop:dossier_discard", args=[draft.pk])
    applicant.get(address)
    assert Dossier.objects.count() == 1
    applicant.post(address)
    assert (Dossier.objects.count(), papers.StoredFile.objects.count()) == (0, 0)


def test_a_filed_dossier_is_not_thrown_away(applicant, draft):
    filed = factories.advance(draft, "submitted")
    applicant.post(reverse("onestop:dossier_discard", args=[filed.pk]))
    assert Dossier.objects.count() == 1


# Who may ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("page", ["dossier_papers", "dossier_review", "dossier_discard", "dossier_detail"])
def test_a_stranger_does_not_find_the_draft(client, stranger, draft, page):
    client.force_login(stranger)
    assert client.get(reverse(f"onestop:{page}", args=[draft.pk])).status_code == 404


@pytest.mark.parametrize("page", ["dossier_papers", "dossier_review", "dossier_discard"])
def test_who_may_only_view_does_not_prepare(client, enterprise, draft, page):
    client.force_login(factories.make_user(mandate_of=enterprise, capacity="view"))
    assert client.get(reverse(f"onestop:{page}", args=[draft.pk])).status_code == 403
