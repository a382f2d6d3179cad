"""The papers of a dossier: what is asked for, what was given, and giving one (what a file may be: `documents`).

Nothing given is deleted: a later paper takes the place of the earlier one. Only an unfiled draft may be thrown away.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files import File
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal import documents
from izportal.models import StoredFile, User
from onestop.models import Component, Dossier, Paper, Supplement, SupplementItem
from onestop.questions import NOT_DUE

# A paper of the counter without a file. What is handed in is digitised at reception, except papers that are only
# shown and secret ones (NĐ 118/2025 Art 17(1)c, TT 03/2025 Art 5(2)).
HELD = {
    "unscanned": gettext_lazy("Bản giấy, chưa quét"),
    "shown": gettext_lazy("Chỉ xuất trình để đối chiếu"),
    "secret": gettext_lazy("Bản giấy mật, không quét"),
}
UNSCANNED = "unscanned"
# Kept beside them of a paper that was not brought: the dossier is entered, and asked for it before it is received.
LACKING = "lacking"
State = StoredFile.State


class PaperRefused(Exception):
    """The dossier takes no paper now; the text is a sentence for the applicant."""


class SameAsAnother(PaperRefused):
    """The same content already answers something else in this dossier: `paper`."""

    def __init__(self, paper: Paper) -> None:
        told = _("Tệp này giống hệt tệp “%(file)s” ở mục “%(place)s”. Nếu một tệp dùng cho cả hai mục, hãy xác nhận.")
        super().__init__(told % {"file": paper.stored.name, "place": paper})
        self.paper = paper


@dataclass(frozen=True)
class Demand:
    """One paper that a case asks for, and where it stands. `must` is False where the condition is the applicant's;
    `on_paper` says how a paper is held that was handed in at the counter and is not scanned (a key of `HELD`),
    `is_lacking` that the clerk noted it as not brought; `fallen` is a file that was given and in which the scanner has
    found something since."""

    component: Component
    paper: Paper | None
    must: bool
    is_not_due: bool = False
    on_paper: str = ""
    is_lacking: bool = False
    fallen: Paper | None = None

    @property
    def anchor(self) -> str:
        return f"paper-{self.component.pk}"

    @property
    def label(self) -> str:
        return self.component.name

    @property
    def is_optional(self) -> bool:
        return self.component.required == Component.Required.OPTIONAL

    @property
    def may_be_not_due(self) -> bool:
        return self.component.required == Component.Required.CONDITIONAL

    @property
    def held(self) -> str:
        """How the paper is held, in words; "" where it is a file or was not given."""
        return str(HELD.get(self.on_paper, ""))

    @property
    def is_missing(self) -> bool:
        """A compulsory paper not given, or a conditional one about which nothing was said."""
        if self.paper or self.is_not_due or self.on_paper:
            return False
        return self.must or self.may_be_not_due

    @property
    def where(self) -> dict[str, Any]:
        """The place that a paper takes, in the words of `give`."""
        return {"component": self.component}


def demands(dossier: Dossier) -> list[Demand]:
    """Every component of the dossier's case, in order, with its current paper."""
    rows = _in_order(dossier.papers.filter(replaced_at__isnull=True))
    given = {paper.component_id: paper for paper in rows if paper.stored.state != State.REFUSED}
    fallen = {paper.component_id: paper for paper in rows if paper.stored.state == State.REFUSED}
    not_due, on_paper = set(dossier.answers.get(NOT_DUE, ())), dossier.answers.get(Dossier.ON_PAPER, {})
    return [
        Demand(
            component=component,
            paper=given.get(component.pk),
            must=component.required == Component.Required.ALWAYS,
            is_not_due=component.key in not_due and component.pk not in given,
            on_paper=held if held in HELD else "",
            is_lacking=held == LACKING,
            fallen=fallen.get(component.pk),
        )
        for component in dossier.version.components.all()
        if component.applies_to(dossier.case.key)
        for held in ["" if component.pk in given else on_paper.get(component.key, "")]
    ]


def current(dossier: Dossier) -> list[Paper]:
    """Papers that stand: the replaced ones and those in which the scanner found something left out."""
    return _in_order(dossier.papers.standing())


def _in_order(rows: QuerySet[Paper]) -> list[Paper]:
    in_order = (F("component__position").asc(nulls_last=True), "given_at", "pk")
    # Few papers are taken from another dossier: a join would fetch the whole of it beside every paper.
    rows = rows.select_related("stored", "component").prefetch_related("taken_from__dossier")
    return list(rows.order_by(*in_order))


def waiting(dossier: Dossier) -> list[Paper]:
    """Papers that the scanner has not seen yet; until then the dossier cannot be filed."""
    return _in_order(dossier.papers.standing().filter(stored__state=State.PENDING))


def still_waiting(count: int) -> str:
    return _("Còn %(count)d giấy tờ đang kiểm tra mã độc; hãy thử lại sau ít phút.") % {"count": count}


def astray(dossier: Dossier) -> list[Paper]:
    """Papers given for a component that the case chosen since does not ask for."""
    asked = {demand.component.pk for demand in demands(dossier)}
    return [paper for paper in current(dossier) if paper.component_id and paper.component_id not in asked]


def missing(dossier: Dossier) -> list[Component]:
    """What still has to be given, or declared not to be due, before the dossier can be filed."""
    return [demand.component for demand in demands(dossier) if demand.is_missing]


def unaccounted(dossier: Dossier) -> list[Component]:
    """What is missing without the clerk having noted that it was not brought."""
    return [demand.component for demand in demands(dossier) if demand.is_missing and not demand.is_lacking]


def give(
    *, dossier: Dossier, upload: File, by: User, at: datetime, component: Component | None = None, title: str = "",
    may_repeat: bool = True, page: str = "",
) -> Paper:  # fmt: skip
    """Keep a file as the answer to `component`, or to an item in words; it takes the place of the one before.

    The same content given to the same place again is recognised, and nothing is kept twice. Unless it `may_repeat`,
    the same content at another place of a draft raises `SameAsAnother`. Raises also `documents.UploadRefused` and
    `PaperRefused`. `page` is where another file may be sent if the scanner refuses this one.
    """
    # Looking through a large file takes its time: nobody else waits for it.
    found = documents.inspect(upload, max_bytes=documents.limit_bytes(timezone.localdate(at)))
    with transaction.atomic():
        row = taking(dossier)
        twins = [paper for paper in current(row) if paper.stored.sha256 == found.sha256 and paper.stored.is_intact]
        same = next((paper for paper in twins if is_at(paper, component, title)), None)
        if same and _is_of_this_round(row, same):
            return same
        if twins and not same and row.is_draft and not may_repeat:
            raise SameAsAnother(twins[0])
        is_sample = row.enterprise.is_sample
        stored = same.stored if same else documents.keep(upload, found, by=by, at=at, is_sample=is_sample, page=page)
        return put(row, stored, by=by, at=at, component=component, title=title)


def taking(dossier: Dossier) -> Dossier:
    """The dossier, locked, if papers may be given to it now; inside the caller's transaction."""
    row = Dossier.objects.select_for_update(of=("self",)).get(pk=dossier.pk)
    asked = open_supplement(row)
    if not (row.is_draft or row.awaits_applicant) or (asked and asked.answered_at):
        raise PaperRefused(_("Hồ sơ đã nộp; lúc này không thêm được giấy tờ."))
    return row


def put(
    row: Dossier, stored: StoredFile, *, by: User, at: datetime, component: Component | None = None, title: str = "",
    taken_from: Paper | None = None,
) -> Paper:  # fmt: skip
    """Let a kept file take its place in a dossier that `taking` has locked."""
    before = row.papers.filter(replaced_at__isnull=True, component=component)
    (before if component else before.filter(title=title)).update(replaced_at=at)
    return Paper.objects.create(
        dossier=row, component=component, title=title, stored=stored, given_at=at, given_by=by, taken_from=taken_from,
        is_sample=row.enterprise.is_sample,
    )  # fmt: skip


def is_at(paper: Paper, component: Component | None, title: str) -> bool:
    return paper.component == component if component else paper.component is None and paper.title == title


def _is_of_this_round(row: Dossier, paper: Paper) -> bool:
    asked = open_supplement(row)
    return asked is None or paper.given_at > asked.asked_at


@transaction.atomic
def take_back(*, dossier: Dossier, paper: Paper, at: datetime) -> None:
    """Take a paper out of a dossier that is not filed yet, or an answer that is not sent yet."""
    row = Dossier.objects.select_for_update(of=("self",)).get(pk=dossier.pk)
    asked = open_supplement(row)
    if not row.is_draft and not (asked and not asked.answered_at and paper.given_at > asked.asked_at):
        raise PaperRefused(_("Giấy tờ đã nộp thì không rút ra được."))
    if row.papers.filter(pk=paper.pk, replaced_at__isnull=True).update(replaced_at=at) and asked:
        # What was filed before stands again: nothing has been sent in its place.
        named = asked.lines.filter(component=paper.component_id, component__isnull=False).values("paper_before")
        row.papers.filter(pk__in=named).update(replaced_at=None)


def declare_not_due(dossier: Dossier, keys: Iterable[str]) -> None:
    """Keep which conditional papers the applicant says are not due; the draft is not saved otherwise."""
    with transaction.atomic():
        row = Dossier.objects.select_for_update(of=("self",)).get(pk=dossier.pk)
        if not row.is_draft:
            raise PaperRefused(_("Hồ sơ đã nộp; lúc này không sửa được tờ khai."))
        answers = {**row.answers, NOT_DUE: sorted(set(keys))}
        if not answers[NOT_DUE]:
            del answers[NOT_DUE]
        Dossier.objects.filter(pk=row.pk).update(answers=answers)
    dossier.answers = answers


@transaction.atomic
def discard(dossier: Dossier) -> None:
    """Throw an unfiled draft away, its papers and their files included."""
    row = Dossier.objects.select_for_update(of=("self",)).get(pk=dossier.pk)
    if not row.is_draft:
        raise PaperRefused(_("Hồ sơ đã nộp không xóa được; bạn có thể rút hồ sơ."))
    files = list(row.papers.values_list("stored", flat=True))
    row.papers.update(taken_from=None)
    row.papers.all().delete()
    row.delete()
    # A file taken from the wallet goes on standing in the dossier that it was filed with.
    for stored in StoredFile.objects.filter(pk__in=files, papers__isnull=True):
        stored.delete()
        transaction.on_commit(lambda name=stored.file: name.delete(save=False))


# Answering a request ------------------------------------------------------------------------------
@dataclass(frozen=True)
class Item:
    """A line of a request that takes a file, and the file given for it since; `fallen` as in `Demand`."""

    line: SupplementItem
    paper: Paper | None
    fallen: Paper | None = None

    @property
    def number(self) -> int:
        return self.line.position

    @property
    def component(self) -> Component | None:
        return self.line.component

    @property
    def anchor(self) -> str:
        return f"item-{self.number}"

    @property
    def label(self) -> str:
        return self.line.label

    @property
    def where(self) -> dict[str, Any]:
        return {"component": self.component} if self.component else {"title": self.label}


def open_supplement(dossier: Dossier) -> Supplement | None:
    """The request that waits for the applicant's answer."""
    return dossier.supplements.filter(accepted_at__isnull=True).order_by("asked_at").last()


def items(dossier: Dossier, supplement: Supplement) -> list[Item]:
    """The lines for which files are taken: answers of the form are typed."""
    since = _in_order(dossier.papers.filter(replaced_at__isnull=True, given_at__gt=supplement.asked_at))
    lines = supplement.lines.select_related("component", "paper_before__stored")
    return [_item(line, since) for line in lines if line.takes_a_file]


def _item(line: SupplementItem, since: list[Paper]) -> Item:
    found = next((paper for paper in since if is_at(paper, line.component, line.label)), None)
    is_fallen = found is not None and found.stored.state == State.REFUSED
    return Item(line, None if is_fallen else found, found if is_fallen else None)
