"""What an officer is told of a file that nobody may open: in words and shape, wherever the paper is named."""

import pytest
from django.urls import reverse
from django.utils.html import escape

from izportal import documents
from onestop import papers
from tests import factories

HELD = [
    ({"state": "pending"}, "Đang kiểm tra", "s-today"),
    ({"state": "refused", "state_note": "virus Eicar"}, "Bị từ chối", "s-late"),
    ({"is_intact": False}, "Tệp hỏng", "s-late"),
]

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(catalogue):
    return factories.make_people()


@pytest.fixture
def submitted(people):
    return factories.advance(factories.make_dossier(), "submitted", people=people)


def shown(client, dossier, step=""):
    name, more = ("step", [step]) if step else ("change", [])
    return client.get(reverse(f"admin:onestop_dossier_{name}", args=[dossier.pk, *more])).content.decode()


@pytest.mark.parametrize(("change", "word", "shape"), HELD)
@pytest.mark.parametrize("step", ["", "receive"])
def test_file_that_is_held_back_is_marked(client, people, submitted, change, word, shape, step):
    client.force_login(people["reception"])
    stored = papers.current(submitted)[0].stored
    type(stored).objects.filter(pk=stored.pk).update(**change)
    stored.refresh_from_db()
    page = shown(client, submitted, step)
    mark = page[page.index('<span class="desk__held">') :].split("</small>")[0]
    assert word in mark and f"#i-{shape}" in mark and escape(documents.why_held(stored)) in mark


def test_sound_file_carries_no_mark(client, people, submitted):
    client.force_login(people["reception"])
    assert "desk__held" not in shown(client, submitted) + shown(client, submitted, "receive")


def test_marks_take_no_queries(client, people, submitted, django_assert_max_num_queries):
    client.force_login(people["reception"])
    shown(client, submitted)
    with django_assert_max_num_queries(60) as sound:
        shown(client, submitted)
    for paper in papers.current(submitted):
        type(paper.stored).objects.filter(pk=paper.stored_id).update(state="pending")
    with django_assert_max_num_queries(60) as pending:
        shown(client, submitted)
    assert len(sound) == len(pending)
