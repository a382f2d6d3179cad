"""The papers of a dossier: what is asked for, what stands, what may still be given or taken back."""

import pytest
from django.core.files.base import ContentFile

from izportal.models import StoredFile
from onestop import papers, supplements, workflow
from onestop.models import Dossier
from onestop.papers import PaperRefused
from tests import factories, uploads
from tests.factories import at

BEFORE, NOW = at("2026-03-03 08:00"), at("2026-03-03 09:15")

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(catalogue):
    return factories.make_dossier(papers=False)


def component(dossier, key="de-nghi"):
    return dossier.version.components.get(key=key)


def give(dossier, at=BEFORE, name="a.pdf", content=None, **where):
    upload = ContentFile(content or uploads.pdf_of(f"{at} {where}"), name)
    return papers.give(dossier=dossier, upload=upload, by=dossier.created_by, at=at, **where)


def keys(components):
    return [row.key for row in components]


def asked(dossier, at_=NOW, items=("Xác nhận thuế",)):
    """The dossier in review, with a request to its applicant."""
    people = factories.make_people()
    dossier = factories.advance(dossier, "in_review", people=people)
    details = {"items": list(items), "reason": "Chưa rõ"}
    return workflow.take(dossier, "ask_supplement", by=people["specialist"], at=at_, **details)


def test_demands_follow_the_case(draft):
    assert keys(papers.missing(draft)) == ["de-nghi", "tai-chinh", "cong-nghe"]
    draft.case = draft.version.cases.get(key="th2")
    assert keys(papers.missing(draft)) == ["de-nghi", "cong-nghe"]


def test_conditional_paper_is_missing_until_something_is_said_of_it(draft):
    papers.declare_not_due(draft, ["cong-nghe"])
    assert keys(papers.missing(draft)) == ["de-nghi", "tai-chinh"]
    papers.declare_not_due(draft, [])
    assert keys(papers.missing(draft)) == ["de-nghi", "tai-chinh", "cong-nghe"]
    assert Dossier.objects.get().answers == draft.answers


def test_paper_given_outweighs_what_was_said_of_it(draft):
    papers.declare_not_due(draft, ["cong-nghe"])
    given = give(draft, component=component(draft, "cong-nghe"))
    demand = next(row for row in papers.demands(draft) if row.component.key == "cong-nghe")
    assert (demand.paper, demand.is_not_due, demand.is_missing) == (given, False, False)


def test_later_paper_takes_the_place_of_the_earlier_and_deletes_nothing(draft):
    first, second = give(draft, component=component(draft)), give(draft, at=NOW, component=component(draft))
    assert papers.current(draft) == [second]
    first.refresh_from_db()
    assert (first.replaced_at, StoredFile.objects.count()) == (NOW, 2)


def test_papers_in_words_replace_each_other_by_title_only(draft):
    names = ("Thuế", "Ngân hàng", "Thuế")
    tax, bank, again = (give(draft, at=NOW, content=uploads.pdf(n), title=t) for n, t in enumerate(names, start=1))
    assert papers.current(draft) == [bank, again]
    assert draft.papers.get(pk=tax.pk).replaced_at == NOW


def test_paper_of_another_case_is_astray(draft):
    given = give(draft, component=component(draft, "tai-chinh"))
    assert papers.astray(draft) == []
    draft.case = draft.version.cases.get(key="th2")
    assert papers.astray(draft) == [given]


def test_filed_dossier_takes_no_paper_and_gives_none_back(catalogue):
    dossier = factories.advance(factories.make_dossier(), "submitted")
    given = papers.current(dossier)
    for attempt in (
        lambda: give(dossier, component=component(dossier)),
        lambda: papers.take_back(dossier=dossier, paper=given[0], at=NOW),
        lambda: papers.declare_not_due(dossier, ["cong-nghe"]),
        lambda: papers.discard(dossier),
    ):
        with pytest.raises(PaperRefused):
            attempt()
    assert papers.current(dossier) == given


def test_answer_may_be_changed_until_it_is_sent(catalogue):
    dossier = asked(factories.make_dossier())
    first = give(dossier, at=at("2026-03-04 09:00"), title="Xác nhận thuế")
    papers.take_back(dossier=dossier, paper=first, at=at("2026-03-04 10:00"))
    second = give(dossier, at=at("2026-03-04 11:00"), title="Xác nhận thuế")
    item = papers.items(dossier, papers.open_supplement(dossier))[0]
    assert (item.paper, item.component) == (second, None)


def test_answer_that_was_sent_is_not_changed(catalogue):
    dossier = asked(factories.make_dossier())
    given = give(dossier, at=at("2026-03-04 09:00"), title="Xác nhận thuế")
    workflow.take(dossier, "answer_supplement", by=dossier.created_by, at=at("2026-03-04 10:00"))
    with pytest.raises(PaperRefused):
        papers.take_back(dossier=dossier, paper=given, at=at("2026-03-04 11:00"))
    with pytest.raises(PaperRefused):
        give(dossier, at=at("2026-03-04 11:00"), title="Xác nhận thuế")
    assert given in papers.current(dossier)


def test_paper_of_the_filing_is_not_taken_back_by_an_answer(catalogue):
    dossier = factories.make_dossier(papers=False)
    papers.declare_not_due(dossier, ["cong-nghe"])
    filed = [give(dossier, component=component(dossier, key)) for key in ("de-nghi", "tai-chinh")]
    dossier = asked(dossier)
    with pytest.raises(PaperRefused, match="không rút ra được"):
        papers.take_back(dossier=dossier, paper=filed[0], at=NOW)
    assert papers.current(dossier) == filed


def test_words_that_begin_with_the_name_of_a_paper_ask_for_it(catalogue):
    dossier = factories.make_dossier()
    words = ["Giấy tờ tai-chinh: thiếu trang 4", "Paper de-nghi", "Giấy tờ tai-chinhx"]
    found = [supplements.read(text, dossier) for text in words]
    assert [(row.component and row.component.key, row.wrong) for row in found] == [
        ("tai-chinh", "thiếu trang 4"), ("de-nghi", ""), (None, ""),
    ]  # fmt: skip


def test_what_was_filed_stands_again_when_its_answer_is_taken_back(catalogue):
    dossier = asked(factories.make_dossier(), items=["Giấy tờ tai-chinh: mờ"])
    filed = next(paper for paper in papers.current(dossier) if paper.component.key == "tai-chinh")
    given = give(dossier, at=at("2036-03-04 09:00"), component=component(dossier, "tai-chinh"))
    assert given in papers.current(dossier) and filed not in papers.current(dossier)
    papers.take_back(dossier=dossier, paper=given, at=at("2036-03-04 10:00"))
    assert filed in papers.current(dossier) and given not in papers.current(dossier)


def test_discarded_draft_takes_its_papers_and_files_along(draft, django_capture_on_commit_callbacks):
    stored = give(draft, component=component(draft)).stored
    path = stored.file.path
    with django_capture_on_commit_callbacks(execute=True):
        papers.discard(draft)
    assert (Dossier.objects.count(), StoredFile.objects.count()) == (0, 0)
    assert not stored.file.storage.exists(path)
