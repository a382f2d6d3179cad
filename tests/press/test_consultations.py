"""Planning drafts under consultation: open for a period, each comment looked at, answers out or apologised for."""

import uuid
from datetime import date, timedelta

import pytest

from izportal.models import Notice, Rule
from izportal.press import consultations
from izportal.press.consultations import ConsultationRefused
from izportal.press.models import Comment, CommentGroup
from tests import factories
from tests.press import asking

pytestmark = pytest.mark.django_db
AFTER = factories.at("2026-04-20 09:00")


@pytest.fixture(autouse=True)
def rules():
    factories.make_rules()


@pytest.fixture
def draft():
    return asking.make_draft()


@pytest.fixture
def land(staff):
    return staff("land")


@pytest.fixture
def head(staff):
    return staff("head")


def gathered(draft, land, *, at, answer="Tiếp thu."):
    row = asking.comment(draft, at=at)
    group = CommentGroup.objects.create(draft=draft, summary_vi="Đề nghị thêm cây xanh", answer_vi=answer)
    return consultations.count(row, group=group, by=land, at=at)


def test_promise_follows_the_period_by_working_days(draft):
    assert (draft.promised_on, draft.first_promised_on) == (date(2026, 5, 6), date(2026, 5, 6))
    Rule.objects.filter(code="consultation_answer_days").delete()
    assert consultations.promise(draft.closes_on) is None


@pytest.mark.parametrize(("closes", "is_refused"), [(date(2026, 3, 30), True), (date(2026, 3, 31), False)])
def test_period_is_at_least_as_long_as_the_rule(closes, is_refused):
    assert bool(consultations.too_short(date(2026, 3, 2), closes)) == is_refused


@pytest.mark.parametrize(
    ("day", "is_open"),
    [("2026-03-01 23:59", False), ("2026-03-02 00:00", True), ("2026-04-10 23:59", True), ("2026-04-11 00:00", False)],
)
def test_comments_are_taken_while_the_period_runs(draft, day, is_open):
    if is_open:
        assert asking.comment(draft, at=factories.at(day)).reference == "GY-2026-0001"
    else:
        with pytest.raises(ConsultationRefused, match="không còn nhận góp ý"):
            asking.comment(draft, at=factories.at(day))


def test_comment_gets_a_receipt_and_counts_once(draft, moment):
    key = uuid.uuid4()
    first, again = (asking.comment(draft, at=moment, form_key=key) for _time in range(2))
    letter = Notice.objects.get()
    assert (again.pk, letter.email, letter.subject) == (first.pk, "thu@hoi.example", "Đã nhận góp ý GY-2026-0001")
    assert ("Đồ án thử" in letter.body, "06/05/2026" in letter.body, "/gop-y/" in letter.body) == (True, True, True)


def test_comment_is_gathered_or_set_aside(draft, land, moment):
    row = gathered(draft, land, at=moment)
    assert (row.status, row.group.summary, row.seen_by) == ("counted", "Đề nghị thêm cây xanh", land)
    row = consultations.set_aside(row, reason="Quảng cáo", by=land, at=moment)
    assert (row.status, row.group, row.reason) == ("aside", None, "Quảng cáo")


def test_comment_stays_with_the_groups_of_its_draft(draft, land, moment):
    other = CommentGroup.objects.create(draft=asking.make_draft("khac"), summary_vi="x")
    with pytest.raises(ConsultationRefused, match="cùng đồ án"):
        consultations.count(asking.comment(draft, at=moment), group=other, by=land, at=moment)


def test_only_those_who_gather_look_at_comments(draft, staff, moment):
    with pytest.raises(ConsultationRefused, match="không làm việc này"):
        consultations.count(asking.comment(draft, at=moment), group=None, by=staff("clerk"), at=moment)


def test_answers_wait_for_everything(draft, land, head, moment):
    asking.comment(draft, at=moment)
    consultations.count(asking.comment(draft, at=moment), group=None, by=land, at=moment)
    gathered(draft, land, at=moment, answer="")
    told = consultations.missing(draft, on=date(2026, 4, 1))
    assert told == [
        "Thời gian lấy ý kiến chưa hết.", "Còn 1 góp ý chưa xem xét.", "Còn 1 góp ý chưa xếp vào nhóm.",
        "Còn 1 nhóm ý kiến chưa có giải trình.",
    ]  # fmt: skip
    with pytest.raises(ConsultationRefused, match="chưa xem xét"):
        consultations.answer(draft, by=head, at=AFTER)


def test_published_answers_reach_each_sender(draft, land, head, moment):
    row = gathered(draft, land, at=moment)
    draft = consultations.answer(draft, by=head, at=AFTER)
    letter = Notice.objects.get(key=f"comment:{row.pk}:sender:answered")
    assert (draft.answered_at, draft.answered_by, "/lay-y-kien/do-an-thu/" in letter.body) == (AFTER, head, True)
    assert "xin lỗi" not in letter.body
    with pytest.raises(ConsultationRefused, match="đã công bố"):
        consultations.set_aside(row, reason="x", by=land, at=AFTER)


def test_late_answers_apologise(draft, land, head, moment):
    row = gathered(draft, land, at=moment)
    consultations.answer(draft, by=head, at=factories.at("2026-06-01 09:00"))
    assert "xin lỗi" in Notice.objects.get(key=f"comment:{row.pk}:sender:answered").body


def test_nobody_publishes_answers_they_wrote(draft, land, head, moment):
    row = gathered(draft, land, at=moment)
    CommentGroup.objects.filter(pk=row.group_id).update(written_by=head)
    with pytest.raises(ConsultationRefused, match="một người khác phải công bố"):
        consultations.answer(draft, by=head, at=AFTER)


def test_broken_promise_is_apologised_for_and_renewed(draft, head):
    draft = consultations.postpone(draft, to=date(2026, 5, 20), reason="Nhiều ý kiến", by=head, at=AFTER)
    assert (draft.promised_on, draft.first_promised_on, draft.apology) == (
        date(2026, 5, 20), date(2026, 5, 6), "Nhiều ý kiến",
    )  # fmt: skip
    with pytest.raises(ConsultationRefused, match="Ngày hẹn lại"):
        consultations.postpone(draft, to=date(2026, 5, 19), reason="x", by=head, at=AFTER)
    assert (draft.is_late(on=date(2026, 5, 20)), draft.is_late(on=date(2026, 5, 21))) == (False, True)


def test_owner_is_reminded_once_for_each_promise(draft, land):
    draft.owner = land
    draft.save()
    due = factories.at("2026-05-06 08:00")
    assert [consultations.remind(at=at) for at in (AFTER, due, due + timedelta(days=1))] == [0, 1, 0]


def test_erasing_a_comment_keeps_what_was_summed_up(draft, land, moment):
    row = consultations.erase(gathered(draft, land, at=moment), at=moment)
    assert (row.name, row.text, row.email, row.status, row.group.summary) == (
        "", "", "", "counted", "Đề nghị thêm cây xanh",
    )  # fmt: skip
    assert Notice.objects.count() == 0


def test_old_comments_are_forgotten_by_the_rule(draft, land, head, moment):
    gathered(draft, land, at=moment)
    consultations.answer(draft, by=head, at=AFTER)
    times = (AFTER + timedelta(days=700), AFTER + timedelta(days=740))
    assert [consultations.sweep(at=at) for at in times] == [0, 1]
    assert Comment.objects.get().erased_at == times[1]
