"""The wallet: what an enterprise filed once is offered again, never to another, and no file is lost with a draft."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from izportal.models import StoredFile
from onestop import papers, wallet, workflow
from onestop.models import Paper
from onestop.papers import PaperRefused
from tests import factories, uploads
from tests.factories import at

BEFORE, NOW = at("2026-03-03 08:00"), at("2026-03-04 09:00")

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def filed(catalogue, enterprise_user):
    """A dossier of the enterprise with two papers, filed on 3 March."""
    draft = factories.make_dossier(by=enterprise_user, papers=False)
    papers.declare_not_due(draft, ["cong-nghe"])
    for key in ("de-nghi", "tai-chinh"):
        give(draft, key)
    return workflow.take(draft, "submit", by=enterprise_user, at=at("2026-03-03 09:15"))


@pytest.fixture
def draft(filed, enterprise_user):
    return factories.make_dossier(by=enterprise_user, papers=False)


@pytest.fixture
def applicant(client, enterprise_user):
    client.force_login(enterprise_user)
    return client


def give(dossier, key, moment=BEFORE, words=None):
    upload = ContentFile(uploads.pdf_of(words or key), f"{key}.pdf")
    component = dossier.version.components.get(key=key)
    return papers.give(dossier=dossier, upload=upload, by=dossier.created_by, at=moment, component=component)


def component(dossier, key):
    return dossier.version.components.get(key=key)


def take(dossier, paper, key):
    return wallet.take(
        dossier=dossier, paper=paper, by=dossier.created_by, at=NOW, component=component(dossier, key)
    )  # fmt: skip


def names(rows):
    return [paper.stored.name for paper in rows]


def test_filed_papers_are_in_the_wallet_and_those_of_a_draft_are_not(filed, draft):
    give(draft, "de-nghi", words="chưa nộp")
    assert sorted(names(wallet.papers_of(filed.enterprise))) == ["de-nghi.pdf", "tai-chinh.pdf"]


@pytest.mark.parametrize("fault", [{"state": "pending"}, {"state": "refused"}, {"is_intact": False}])
def test_what_is_not_safe_and_whole_is_not_offered(filed, fault):
    StoredFile.objects.filter(name="de-nghi.pdf").update(**fault)
    assert names(wallet.papers_of(filed.enterprise)) == ["tai-chinh.pdf"]


def test_replaced_paper_is_not_offered(filed):
    filed.papers.filter(component__key="de-nghi").update(replaced_at=NOW)
    assert names(wallet.papers_of(filed.enterprise)) == ["tai-chinh.pdf"]


@pytest.mark.parametrize(
    ("query", "found"),
    [("giay to TAI-CHINH", ["tai-chinh.pdf"]), ("de-nghi.pdf", ["de-nghi.pdf"]), ("không có", [])],
)
def test_wallet_is_searched_without_marks(filed, query, found):
    assert names(wallet.papers_of(filed.enterprise, query)) == found


def test_wallet_is_searched_by_the_number_of_the_dossier(filed):
    assert len(wallet.papers_of(filed.enterprise, filed.reference)) == 2


def test_offers_are_for_the_same_paper(filed, draft):
    asked = list(draft.version.components.all())
    offered = wallet.offers(draft, asked)
    assert {c.key: names(offered[c.pk]) for c in asked} == {
        "de-nghi": ["de-nghi.pdf"], "tai-chinh": ["tai-chinh.pdf"], "cong-nghe": [],
    }  # fmt: skip


def test_offer_goes_by_the_form_where_the_name_differs(filed, catalogue, enterprise_user):
    other = factories.make_dossier("1.009647", by=enterprise_user, papers=False)
    asked = component(other, "de-nghi")
    type(asked).objects.filter(pk=asked.pk).update(name_vi="Văn bản khác tên", form_code="A.I.1")
    type(asked).objects.filter(version=filed.version, key="tai-chinh").update(form_code="A.I.1")
    offered = wallet.offers(other, [component(other, "de-nghi")])
    assert names(offered[asked.pk]) == ["tai-chinh.pdf"]


def test_taken_paper_is_the_same_file_with_its_first_date(filed, draft):
    source = filed.papers.get(component__key="de-nghi")
    taken = take(draft, source, "de-nghi")
    assert (taken.stored, taken.taken_from, taken.given_at) == (source.stored, source, NOW)
    assert (StoredFile.objects.count(), papers.current(draft)) == (2, [taken])
    assert [c.key for c in papers.missing(draft)] == ["tai-chinh", "cong-nghe"]


def test_paper_is_taken_for_any_place_and_once(filed, draft):
    source = filed.papers.get(component__key="de-nghi")
    first = take(draft, source, "cong-nghe")
    assert (take(draft, source, "cong-nghe"), draft.papers.count()) == (first, 1)


def test_nothing_passes_from_one_enterprise_to_another(filed, stranger):
    theirs = factories.make_dossier(by=stranger, papers=False)
    source = filed.papers.get(component__key="de-nghi")
    assert list(wallet.papers_of(theirs.enterprise)) == []
    with pytest.raises(PaperRefused, match="không còn dùng lại được"):
        take(theirs, source, "de-nghi")


def test_paper_spoilt_since_the_page_was_shown_is_not_taken(filed, draft):
    source = filed.papers.get(component__key="de-nghi")
    StoredFile.objects.filter(pk=source.stored_id).update(is_intact=False)
    with pytest.raises(PaperRefused):
        take(draft, source, "de-nghi")
    assert draft.papers.count() == 0


def test_filed_dossier_takes_nothing_from_the_wallet(filed):
    with pytest.raises(PaperRefused, match="Hồ sơ đã nộp"):
        take(filed, filed.papers.first(), "cong-nghe")


def test_discarded_draft_leaves_the_file_to_its_dossier(filed, draft, django_capture_on_commit_callbacks):
    source = filed.papers.get(component__key="de-nghi")
    take(draft, source, "de-nghi")
    own = give(draft, "tai-chinh", words="riêng").stored
    with django_capture_on_commit_callbacks(execute=True):
        papers.discard(draft)
    assert StoredFile.objects.filter(pk=own.pk).count() == 0
    assert (Path(source.stored.file.path).exists(), Path(own.file.path).exists()) == (True, False)


def test_draft_with_one_file_at_two_places_is_discarded_whole(draft):
    first = give(draft, "de-nghi", words="một")
    take(draft, first, "tai-chinh")
    papers.discard(draft)
    assert StoredFile.objects.filter(pk=first.stored_id).count() == 0


def test_staff_see_a_file_that_is_filed_although_a_draft_uses_it(filed, draft, staff):
    source = filed.papers.get(component__key="de-nghi")
    take(draft, source, "de-nghi")
    own = give(draft, "tai-chinh", words="riêng").stored
    seen = StoredFile.objects.visible_to(staff("auditor"))
    assert set(seen.filter(pk__in=[source.stored_id, own.pk])) == {source.stored}


def test_acknowledgement_lists_the_papers_taken_again(filed, draft):
    papers.declare_not_due(draft, ["cong-nghe"])
    for key in ("de-nghi", "tai-chinh"):
        take(draft, filed.papers.get(component__key=key), key)
    done = workflow.take(draft, "submit", by=draft.created_by, at=NOW)
    kept = [(paper.stored.name, paper.stored.size, paper.stored.sha256) for paper in papers.current(done)]
    listed = [(part["file"], part["size"], part["sha256"]) for part in done.slips.get().facts["parts"]]
    assert (sorted(listed), len(kept)) == (sorted(kept), 2)


# Pages --------------------------------------------------------------------------------------------
def address(**query):
    return reverse("onestop:paper_list", query=query or None)


def test_page_tells_where_each_paper_was_used(applicant, filed, draft):
    papers.declare_not_due(draft, ["cong-nghe"])
    for key in ("de-nghi", "tai-chinh"):
        take(draft, filed.papers.get(component__key=key), key)
    again = workflow.take(draft, "submit", by=draft.created_by, at=NOW)
    rows = applicant.get(address()).context["rows"]
    assert [(p.dossier, [use.dossier for use in used]) for p, used in rows] == [(filed, [filed, again])] * 2


@pytest.mark.parametrize("count", [1, 3])
def test_page_asks_the_same_questions_however_long_it_is(
    applicant, catalogue, enterprise_user, count, django_assert_num_queries
):
    for number in range(count):
        dossier = factories.make_dossier(by=enterprise_user, papers=False)
        papers.declare_not_due(dossier, ["cong-nghe"])
        give(dossier, "de-nghi", words=f"{number}"), give(dossier, "tai-chinh", words=f"tc {number}")
        workflow.take(dossier, "submit", by=enterprise_user, at=NOW + timedelta(minutes=number))
    applicant.get(address())
    with django_assert_num_queries(7):
        assert len(applicant.get(address()).context["rows"]) == 2 * count


def test_page_of_somebody_without_an_enterprise_is_empty(client, catalogue):
    client.force_login(factories.make_user())
    assert "Kho chưa có giấy tờ" in client.get(address()).content.decode()


def test_paper_is_chosen_for_a_place_and_given(applicant, filed, draft):
    place = f"paper-{component(draft, 'cong-nghe').pk}"
    page = applicant.get(address(**{"for": draft.pk, "place": place}))
    assert page.context["what"].component.key == "cong-nghe"
    paper = page.context["rows"][0][0]
    sent = {"place": place, "paper": paper.pk}
    response = applicant.post(reverse("onestop:paper_take", args=[draft.pk]), sent)
    assert response["Location"] == f"{reverse('onestop:dossier_papers', args=[draft.pk])}#{place}-row"
    assert Paper.objects.get(dossier=draft).taken_from == paper


@pytest.mark.parametrize(
    "query", [{"for": "x"}, {"for": "00000000-0000-0000-0000-000000000000"}, {"for": "DRAFT", "place": "paper-0"}]
)
def test_choosing_for_a_place_that_is_not_there_is_not_found(applicant, draft, query):
    query = {key: str(draft.pk) if value == "DRAFT" else value for key, value in query.items()}
    assert applicant.get(address(**query)).status_code == 404


def test_wallet_of_another_is_not_shown_by_the_address(client, filed, stranger, draft):
    client.force_login(stranger)
    page = client.get(address(enterprise=filed.enterprise_id))
    assert (page.context["enterprise"] == filed.enterprise, page.context["rows"]) == (False, [])
    place = f"paper-{component(draft, 'cong-nghe').pk}"
    assert client.get(address(**{"for": draft.pk, "place": place})).status_code == 404


@pytest.mark.parametrize("number", ["", "x", "0", "9" * 30])
def test_choosing_a_paper_that_is_not_there_is_told(applicant, draft, number):
    place = f"paper-{component(draft, 'de-nghi').pk}"
    response = applicant.post(reverse("onestop:paper_take", args=[draft.pk]), {"place": place, "paper": number})
    page = applicant.get(response["Location"])
    assert ("Giấy tờ này không còn dùng lại được" in page.content.decode(), draft.papers.count()) == (True, 0)


def test_offer_on_the_page_is_taken_without_a_script(applicant, filed, draft):
    address = reverse("onestop:dossier_papers", args=[draft.pk])
    source = filed.papers.get(component__key="de-nghi")
    take_it = f"paper-{component(draft, 'de-nghi').pk}:{source.pk}"
    assert f'name="take" value="{take_it}"' in applicant.get(address).content.decode()
    applicant.post(address, {"take": take_it})
    page = applicant.get(address).content.decode()
    assert ("Dùng lại từ kho giấy tờ" in page, filed.reference in page) == (True, True)
    assert Paper.objects.get(dossier=draft).taken_from == source


def test_one_file_for_two_places_is_asked_about_and_then_taken(applicant, draft):
    address = reverse("onestop:dossier_papers", args=[draft.pk])
    first, second = (f"paper-{component(draft, key).pk}" for key in ("de-nghi", "cong-nghe"))
    same = [ContentFile(uploads.pdf(), f"{name}.pdf") for name in ("một", "hai")]
    page = applicant.post(address, {first: same[0], second: same[1]})
    assert "giống hệt tệp “một.pdf” ở mục “Giấy tờ de-nghi”" in page.context["refused"][second]
    twin = papers.current(draft)[0]
    applicant.post(address, {"take": f"{second}:{twin.pk}"})
    assert [paper.stored_id for paper in papers.current(draft)] == [twin.stored_id] * 2
