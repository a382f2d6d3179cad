"""The way of a text to the public: who may take which step, and what is out at which moment."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from izportal.press import lifecycle, pictures
from izportal.press.lifecycle import STEPS, StepRefused
from izportal.press.models import Edition, Item
from tests import factories
from tests.press import writing

pytestmark = pytest.mark.django_db

Status = Edition.Status
MINUTE = timedelta(minutes=1)


def out(at):
    return [row.title for row in Edition.objects.public(at=at).order_by("pk")]


def put(edition, status):
    Edition.objects.filter(pk=edition.pk).update(status=status)
    edition.refresh_from_db()
    return edition


@pytest.mark.parametrize("code", STEPS)
def test_step_is_taken_from_its_statuses_by_its_role_and_by_nobody_else(code, moment):
    step, edition = STEPS[code], writing.draft(at=moment)
    people = {role: factories.make_staff(role) for role in ("editor", "head", "leader", "land", "administrator")}
    allowed = {
        (status, role)
        for status in Status.values
        for role, person in people.items()
        if not lifecycle.why_not(put(edition, status), code, by=person, at=moment, note="Vì thế.")
    }
    roles = {"write_content": {"editor"}}.get(step.deed, {"head", "leader"})
    assert allowed == {(status, role) for status in step.before for role in roles}


def test_text_goes_from_draft_to_the_public(moment):
    edition = writing.reviewed(at=moment)
    assert (edition.status, out(moment)) == (Status.REVIEWED, [])
    edition = lifecycle.take(edition, "publish", by=factories.make_staff("leader"), at=moment)
    assert (edition.status, edition.published_at, out(moment)) == (Status.PUBLISHED, moment, ["Bài thử"])
    edition = lifecycle.take(edition, "expire", by=factories.make_staff("leader"), at=moment, note="Nhầm số.")
    assert (edition.status, edition.note, out(moment)) == (Status.EXPIRED, "Nhầm số.", [])


def test_writer_does_not_review_even_with_the_role(moment):
    both = factories.make_staff("head")
    edition = writing.submitted(at=moment)
    edition.history.filter(history_type="+").update(history_user=both)
    with pytest.raises(StepRefused, match="một người khác"):
        lifecycle.take(edition, "review", by=both, at=moment)


def test_whoever_changed_a_word_is_a_writer_and_whoever_took_a_step_is_not(moment):
    edition, mender = writing.draft(at=moment), factories.make_staff("editor")
    edition.title, edition._history_user, edition._change_reason = "Bài đã sửa", mender, "step:publish"
    edition.save()
    edition = lifecycle.take(edition, "submit", by=factories.make_staff("editor"), at=moment)
    assert lifecycle.writers(edition) == {edition.written_by_id, mender.pk}


def test_database_refuses_a_review_by_the_writer(moment):
    edition = writing.submitted(at=moment)
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.filter(pk=edition.pk).update(reviewed_by=edition.written_by)


def test_text_sent_back_comes_with_its_reason(moment):
    edition, head = writing.submitted(at=moment), factories.make_staff("head")
    with pytest.raises(StepRefused, match="lý do"):
        lifecycle.take(edition, "send_back", by=head, at=moment)
    edition = lifecycle.take(edition, "send_back", by=head, at=moment, note="Thiếu nguồn.")
    assert list(lifecycle.why_hidden(edition, at=moment))[1] == "Lý do trả lại: Thiếu nguồn."
    assert edition.history.first().history_change_reason == "step:send_back Thiếu nguồn."


def test_empty_text_is_not_submitted(moment):
    edition = writing.draft(at=moment, body="")
    with pytest.raises(StepRefused, match="chưa có nội dung"):
        lifecycle.take(edition, "submit", by=edition.written_by, at=moment)


def test_scheduled_text_is_out_at_its_minute_before_the_clock_comes(moment):
    writing.reviewed(at=moment, publish_at=moment + MINUTE)
    assert (out(moment), out(moment + MINUTE)) == ([], ["Bài thử"])
    assert lifecycle.keep_time(at=moment + 5 * MINUTE) == {"published": 1, "expired": 0}
    edition = Edition.objects.get()
    assert (edition.status, edition.published_at) == (Status.PUBLISHED, moment + MINUTE)
    assert edition.history.first().history_user is None
    assert lifecycle.keep_time(at=moment + 6 * MINUTE) == {"published": 0, "expired": 0}


def test_next_edition_is_begun_before_the_clock_comes(moment):
    edition = writing.reviewed(at=moment, publish_at=moment + MINUTE)
    by = edition.written_by
    with pytest.raises(StepRefused, match="chưa công bố"):
        lifecycle.write(edition.item, language="vi", by=by, at=moment)
    second = lifecycle.write(edition.item, language="vi", by=by, at=moment + 2 * MINUTE)
    edition.refresh_from_db()
    assert (second.number, edition.status, edition.published_at) == (2, Status.PUBLISHED, moment + MINUTE)


def test_text_ends_at_its_minute_and_no_older_one_comes_back(moment):
    older = writing.published(at=moment, title="Bản cũ")
    writing.reviewed(
        older.item, at=moment, title="Bản mới", publish_at=moment + MINUTE, expires_at=moment + 2 * MINUTE
    )
    assert [out(moment + n * MINUTE) for n in range(3)] == [["Bản cũ"], ["Bản mới"], []]
    assert lifecycle.keep_time(at=moment + 3 * MINUTE) == {"published": 1, "expired": 1}
    assert set(Edition.objects.values_list("status", flat=True)) == {Status.EXPIRED}


def test_new_edition_replaces_the_old_one_only_when_it_comes_out(moment):
    older = writing.published(at=moment, title="Bản cũ")
    edition = writing.reviewed(older.item, at=moment, title="Bản mới")
    assert (edition.number, out(moment)) == (2, ["Bản cũ"])
    lifecycle.take(edition, "publish", by=factories.make_staff("head"), at=moment)
    older.refresh_from_db()
    assert (out(moment), older.status, older.closed_at) == (["Bản mới"], Status.EXPIRED, moment)


def test_second_draft_in_a_language_is_refused(moment):
    edition = writing.draft(at=moment)
    with pytest.raises(StepRefused, match="đang có một bản"):
        lifecycle.write(edition.item, language="vi", by=edition.written_by, at=moment)
    assert lifecycle.write(edition.item, language="en", by=edition.written_by, at=moment).title == "Bài thử"


def test_picture_without_words_in_the_language_holds_a_text_back(moment):
    factories.make_rules()
    picture = pictures.make(writing.photo(), by=None, at=moment, alt_vi="Cổng khu")
    item = writing.make_item(picture=picture)
    assert lifecycle.faults(writing.draft(item, at=moment), at=moment) == []
    english = writing.draft(item, at=moment, language="en")
    assert lifecycle.faults(english, at=moment) == ["Ảnh đại diện chưa có lời tả bằng English."]


def test_translation_remembers_what_it_was_compared_with(moment):
    source = writing.published(at=moment)
    edition = writing.reviewed(source.item, at=moment, language="en", title="Trial")
    assert edition.original == source


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (Status.DRAFT, "Bài còn là bản nháp; người viết chưa trình duyệt."),
        (Status.SUBMITTED, "Bài đang chờ một người khác duyệt (trưởng phòng hoặc lãnh đạo Ban)."),
        (Status.REVIEWED, "Bài đã duyệt nhưng chưa ai bấm công bố."),
        (Status.EXPIRED, "Bài đã thôi công bố."),
    ],
)
def test_each_status_says_why_nobody_reads_it(status, said, moment):
    assert list(lifecycle.why_hidden(put(writing.draft(at=moment), status), at=moment)) == [said]


def test_public_text_has_no_reason(moment):
    assert list(lifecycle.why_hidden(writing.published(at=moment), at=moment)) == []
    assert Item.objects.public(at=moment).count() == 1
