"""Which wording a decision is printed in, and how versions of it come and go: drafted, published by somebody else,
never changed afterwards; the next version takes its place on its first day."""

from collections.abc import Iterator
from datetime import date, datetime

from django.db import IntegrityError, models, transaction
from django.db.models import Exists, F, Max, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal.models import User
from onestop.decisions import marks, placeholders
from onestop.models import DecisionTemplate, Procedure


class WordingRefused(Exception):
    """The wording may not be begun or published so; the text is a sentence for the person who tried."""


class State(models.TextChoices):
    MAKING = "making", gettext_lazy("Đang soạn")
    COMING = "coming", gettext_lazy("Sẽ áp dụng")
    IN_FORCE = "in_force", gettext_lazy("Đang áp dụng")
    REPLACED = "replaced", gettext_lazy("Đã được thay")


def in_force(procedure: Procedure | None, decision: str, *, on: date) -> DecisionTemplate | None:
    """The procedure's own wording, else the common one."""
    rows = DecisionTemplate.objects.published(on=on).filter(decision=decision)
    ours = rows.filter(Q(procedure=procedure) | Q(procedure=None))
    return ours.order_by(F("procedure").desc(nulls_last=True), "-valid_from", "-version_no").first()


def with_state(rows: models.QuerySet[DecisionTemplate], *, on: date) -> models.QuerySet[DecisionTemplate]:
    """Rows that know whether a later version is in force in their place, so that a list asks once."""
    later = Q(valid_from__gt=OuterRef("valid_from")) | Q(
        valid_from=OuterRef("valid_from"), version_no__gt=OuterRef("version_no")
    )
    siblings = DecisionTemplate.objects.published(on=on).annotate(of=Coalesce("procedure_id", 0))
    newer = siblings.filter(later, decision=OuterRef("decision"), of=Coalesce(OuterRef("procedure_id"), 0))
    return rows.annotate(is_replaced=Exists(newer.order_by()))


def state(template: DecisionTemplate, *, on: date) -> State:
    """The state on a day of a row of `with_state`."""
    if not template.is_published:
        return State.MAKING
    if template.valid_from > on:
        return State.COMING
    return State.REPLACED if template.is_replaced else State.IN_FORCE


# Versions -----------------------------------------------------------------------------------------
def _siblings(procedure: Procedure | None, decision: str) -> models.QuerySet[DecisionTemplate]:
    return DecisionTemplate.objects.filter(procedure=procedure, decision=decision)


def begin(*, procedure: Procedure | None, decision: str, by: User, at: datetime) -> DecisionTemplate:
    """The next version, a copy of the newest; of a procedure that has none, of the common wording."""
    siblings = _siblings(procedure, decision)
    base = siblings.order_by("-version_no").first() or in_force(None, decision, on=date.max)
    texts = {name: getattr(base, name) if base else "" for name in TEXTS}
    if not texts["heading_vi"]:
        texts["heading_vi"] = DecisionTemplate.Decision(decision).label
    number = (siblings.aggregate(last=Max("version_no"))["last"] or 0) + 1
    try:
        with transaction.atomic():
            return DecisionTemplate.objects.create(
                procedure=procedure, decision=decision, version_no=number, made_at=at, made_by=by,
                valid_from=timezone.localdate(at), **texts,
            )  # fmt: skip
    except IntegrityError as taken:
        raise WordingRefused(_("Mẫu này đã có một phiên bản đang soạn; hãy sửa tiếp phiên bản đó.")) from taken


TEXTS = ("heading_vi", "heading_en", "body_vi", "body_en")


@transaction.atomic
def publish(template: DecisionTemplate, *, by: User, at: datetime) -> DecisionTemplate:
    """Publish a draft from its first day, never earlier than today; raises `WordingRefused`."""
    row = DecisionTemplate.objects.select_for_update(of=("self",)).get(pk=template.pk)
    if row.is_published:
        raise WordingRefused(_("Phiên bản này đã được ban hành."))
    if row.made_by_id == by.pk:
        raise WordingRefused(_("Người soạn không tự ban hành mẫu; hãy nhờ lãnh đạo hoặc quản trị khác."))
    if found := faults(row, on=timezone.localdate(at)):
        raise WordingRefused(" ".join(found))
    row.valid_from = max(row.valid_from, timezone.localdate(at))
    row.published_at, row.published_by = at, by
    row.save(update_fields=["valid_from", "published_at", "published_by"])
    return row


# What a wording may say ---------------------------------------------------------------------------
def faults(template: DecisionTemplate, *, on: date) -> list[str]:
    """A sentence for each thing that keeps a wording from being published."""
    return list(dict.fromkeys(_faults(template, on)))


def _faults(template: DecisionTemplate, on: date) -> Iterator[str]:
    known = [*placeholders.PLACEHOLDERS, *placeholders.answers_of(template.procedure, on=on)]
    for text in (f"{template.heading_vi}\n\n{template.body_vi}", f"{template.heading_en}\n\n{template.body_en}"):
        if marks.has_stray_brace(text):
            yield _("Có dấu ngoặc nhọn mở mà không đóng, hoặc ngược lại.")
        for name in dict.fromkeys(marks.holes(text)):
            yield from _faults_of(name, known, template)
        if placeholders.RENEWED in marks.holes(text) and not _stands_alone(placeholders.RENEWED, text):
            yield _("{%(name)s} phải đứng riêng một đoạn.") % {"name": placeholders.RENEWED}
    if not template.body_vi.strip():
        yield _("Chưa có nội dung tiếng Việt.")
    yield from _faults_of_english(template)


def _faults_of(name: str, known: list[str], template: DecisionTemplate) -> Iterator[str]:
    if name not in known:
        yield _unknown(name, known, template)
    elif name == placeholders.REASON and template.decision == DecisionTemplate.Decision.GRANTED:
        yield _("{%(name)s} chỉ dùng trong văn bản từ chối, đính chính hoặc thu hồi.") % {"name": name}
    elif not placeholders.fits(name, template.decision):
        kinds = [str(DecisionTemplate.Decision(kind).label) for kind in placeholders.PLACEHOLDERS[name].only]
        yield _("{%(name)s} chỉ dùng trong mẫu “%(kinds)s”.") % {"name": name, "kinds": "”, “".join(kinds)}


def _stands_alone(name: str, text: str) -> bool:
    return list(marks.holes(text)).count(name) == sum(part.lone_hole == name for part in marks.read(text))


def _unknown(name: str, known: list[str], template: DecisionTemplate) -> str:
    if near := placeholders.closest(name, known):
        return _("Không có chỗ điền {%(name)s}; có phải là {%(near)s}?") % {"name": name, "near": near}
    if name.startswith(placeholders.ANSWER) and template.procedure is None:
        return _("{%(name)s} hỏi câu trả lời của tờ khai nên chỉ dùng trong mẫu của một thủ tục.") % {"name": name}
    return _("Không có chỗ điền {%(name)s}.") % {"name": name}


def _faults_of_english(template: DecisionTemplate) -> Iterator[str]:
    """The two languages are printed paragraph by paragraph, and say the same."""
    if not template.body_en.strip():
        return
    if not template.heading_en.strip():
        yield _("Có nội dung tiếng Anh nhưng chưa có tên văn bản tiếng Anh.")
    counts = {"vi": marks.count(template.body_vi), "en": marks.count(template.body_en)}
    if counts["vi"] != counts["en"]:
        yield (
            _("Bản tiếng Việt có %(vi)s đoạn, bản tiếng Anh %(en)s đoạn; in song ngữ cần từng đoạn ứng với nhau.")
            % counts
        )
    missing = set(marks.holes(template.body_en)) - set(marks.holes(template.body_vi))
    if missing:
        named = ", ".join(f"{{{name}}}" for name in sorted(missing))
        yield _("Chỉ bản tiếng Anh có: %(names)s.") % {"names": named}
