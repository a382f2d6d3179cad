"""What is true of a project from when to when besides capital and land: how figures class it, and who brings in what.

Each row is started by a change. A later change ends it and starts the next one; a correction takes its place, and the
place of what later rows inherited from it. The plain columns of `Project` follow what holds at the end.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext as _

from projects.ledger.book import LedgerRefused, Share, first_row
from projects.models import Change, Classification, Contribution, Project, Span

NOT_COPIED = ("id", "supersedes", "recorded_by", "recorded_at")


def begin(change: Change, shares: Sequence[Share]) -> None:
    """The first rows, as the certificate says them."""
    project = change.project
    facts = {name: getattr(project, name) for name in Classification.FACTS}
    _new(Classification, change, **facts)
    _share_out(change, shares)


def state(change: Change, **facts: Any) -> None:
    """From the day of a change on the project is classed otherwise."""
    now = _line(Classification, change.project)[-1]
    _replace(now, change, ended_on=change.effective_on)
    _new(Classification, change, **{name: getattr(now, name) for name in Classification.FACTS} | facts)
    _keep(change, facts)


def share_anew(change: Change, shares: Sequence[Share]) -> None:
    """From the day of a change on these are all who bring in capital."""
    for row in _line(Contribution, change.project):
        if row.ended_on is None:
            _replace(row, change, ended_on=change.effective_on)
    _share_out(change, shares)


def correct(wrong: Change, right: Change, **facts: Any) -> None:
    """What a change said wrongly, and what later rows took over from it."""
    line = _line(Classification, right.project)
    place = next((n for n, row in enumerate(line) if _is_by(row, wrong)), None)
    if place is None:
        raise LedgerRefused(_("Thay đổi này không ghi nội dung cần sửa; hãy hiệu đính thay đổi đã ghi nội dung đó."))
    first, left = line[place], dict(facts)
    for row in line[place:]:
        left = {name: value for name, value in left.items() if getattr(row, name) == getattr(first, name)}
        if not left:
            return
        _replace(row, right, change=right if row is first else row.change, **left)
    _keep(right, left)


def correct_shares(wrong: Change, right: Change, shares: Sequence[Share]) -> None:
    """Who brings in what by a change, until a later change says it anew."""
    old = {row.investor: row for row in _line(Contribution, right.project) if _is_by(row, wrong)}
    if not old and wrong.stands_as != Change.Kind.ISSUED:
        raise LedgerRefused(_("Thay đổi này không ghi vốn góp; hãy hiệu đính thay đổi đã ghi vốn góp."))
    ended_on = next((row.ended_on for row in old.values()), None)
    said = {share.investor: share for share in _once(shares)}
    for investor, row in old.items():
        share = said.pop(investor, None)
        if share is None:
            _void(row, right)
        elif (row.capital_usd, row.capital_vnd) != (share.usd, share.vnd):
            _replace(row, right, change=right, capital_usd=share.usd, capital_vnd=share.vnd)
    for share in said.values():
        _new(Contribution, right, ended_on=ended_on, **_columns(share))


def move(wrong: Change, right: Change) -> None:
    """The day of a change was wrong: what it started and what it ended follow."""
    day, now = wrong.effective_on, right.effective_on
    if day == now:
        return
    for model in (Classification, Contribution):
        line = _line(model, right.project)
        started = [row for row in line if _is_by(row, wrong)]
        before = [row for row in line if row.ended_on == day] if started else []
        if any(row.ended_on and row.ended_on < now for row in started) or any(row.starts_on > now for row in before):
            raise LedgerRefused(_("Ngày mới vượt qua một thay đổi khác của dự án."))
        for row in before:
            _replace(row, right, ended_on=now)
        for row in started:
            _replace(row, right, starts_on=now)
    if wrong.stands_as == Change.Kind.ISSUED:
        _keep(right, {"certificate_on": now})


def undo(change: Change, right: Change) -> None:
    """A change is void: what it started counts as nothing, and what it ended goes on."""
    for model in (Classification, Contribution):
        started = [row for row in _line(model, right.project) if _is_by(row, change)]
        for row in _ended_by(change, model) if started else ():
            _replace(row, right, ended_on=started[0].ended_on)
        for row in started:
            _void(row, right)
    line = _line(Classification, right.project)
    _keep(right, {name: getattr(line[-1], name) for name in Classification.FACTS})


def standing_shares(project: Project) -> list[Contribution]:
    rows = Contribution.objects.as_known().filter(project=project, ended_on__isnull=True)
    return list(rows.select_related("investor__country"))


def classified_by(change: Change) -> Classification | None:
    """The row that a change started."""
    return next((row for row in _line(Classification, change.project) if _is_by(row, change)), None)


def shares_by(change: Change) -> list[Contribution]:
    """The contributions that a change stated."""
    return [row for row in _line(Contribution, change.project) if _is_by(row, change)]


def _line(model: type[Span], project: Project) -> list[Any]:
    """The rows that count, in the order of time."""
    rows = model.objects.as_known().filter(project=project).filter(Q(ended_on=None) | Q(ended_on__gt=F("starts_on")))
    return list(rows.select_related("change").order_by("starts_on", "id"))


def _ended_by(change: Change, model: type[Span]) -> list[Any]:
    """What held until a change; where that was for less than a day, what was said last before it."""
    rows = model.objects.as_known().filter(project=change.project_id, ended_on=change.effective_on)
    found = [row for row in rows.select_related("change").order_by("starts_on", "id") if not _is_by(row, change)]
    whole = [row for row in found if row.starts_on < change.effective_on]
    return whole or [row for row in found if first_row(row.change) == first_row(found[-1].change)]


def _is_by(row: Any, change: Change) -> bool:
    return first_row(row.change) == first_row(change)


def _share_out(change: Change, shares: Sequence[Share]) -> None:
    for share in _once(shares):
        _new(Contribution, change, **_columns(share))


def _once(shares: Sequence[Share]) -> Iterable[Share]:
    if len({share.investor for share in shares}) < len(shares):
        raise LedgerRefused(_("Mỗi nhà đầu tư chỉ ghi một dòng vốn góp."))
    if any(amount is not None and amount < 0 for share in shares for amount in (share.usd, share.vnd)):
        raise LedgerRefused(_("Vốn góp không được âm."))
    return shares


def _columns(share: Share) -> dict[str, Any]:
    return {"investor": share.investor, "capital_usd": share.usd, "capital_vnd": share.vnd}


def _new(model: type[Span], change: Change, *, ended_on: date | None = None, **facts: Any) -> Any:
    return model.objects.create(
        project=change.project, change=change, starts_on=change.effective_on, ended_on=ended_on, **_stamp(change),
        **facts,
    )  # fmt: skip


def _replace(row: Any, by: Change, **changed: Any) -> Any:
    """A row in the place of another, known since `by`."""
    kept = {f.name: getattr(row, f.name) for f in row._meta.concrete_fields if f.name not in NOT_COPIED}
    return type(row).objects.create(**{**kept, **changed, **_stamp(by)}, supersedes=row)


def _void(row: Any, by: Change) -> None:
    _replace(row, by, ended_on=row.starts_on)


def _stamp(change: Change) -> dict[str, Any]:
    return {
        "recorded_by": change.recorded_by, "recorded_at": change.recorded_at, "is_sample": change.project.is_sample,
    }  # fmt: skip


def _keep(change: Change, facts: dict[str, Any]) -> None:
    """What holds now, on the project itself, with who and why in its history."""
    row = Project.objects.get(pk=change.project_id)
    for name, value in facts.items():
        setattr(row, name, value)
        setattr(change.project, name, value)
    row._history_user, row._change_reason = change.recorded_by, f"{change.get_kind_display()} {change.decision_number}"
    row.save()
