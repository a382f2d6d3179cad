"""The wordings of decisions that come with the portal, loaded as published versions that the board has yet to confirm.

Where somebody at the board has written a version, the wording is theirs and the file changes nothing any more; what
the file says anew before that becomes the next version, from today on.
"""

import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from izportal.management.settle import Tally
from onestop.decisions.wordings import TEXTS
from onestop.models import DecisionTemplate, Procedure

WORDINGS: Path = settings.BASE_DIR / "onestop" / "data" / "decisions"
THEIRS = "{name}: mẫu văn bản đã do Ban quản lý; tệp đi kèm phần mềm khác bản đang dùng và không được nạp"


def files() -> Iterator[dict[str, Any]]:
    for path in sorted(WORDINGS.glob("*.json")):
        yield json.loads(path.read_text(encoding="utf-8"))


def load(tally: Tally, *, start: date, at: datetime) -> None:
    """Bring the versions in line with the files."""
    procedures = {row.code: row for row in Procedure.objects.all()}
    for raw in files():
        if raw["procedure"] is None or raw["procedure"] in procedures:
            _settle(raw, procedures.get(raw["procedure"]), tally, start, at)


def _settle(raw: dict[str, Any], procedure: Procedure | None, tally: Tally, start: date, at: datetime) -> None:
    texts = {name: raw[name] for name in TEXTS}
    stored = list(
        DecisionTemplate.objects.filter(procedure=procedure, decision=raw["decision"]).order_by("version_no")
    )
    last = stored[-1] if stored else None
    if last and all(getattr(last, name) == text for name, text in texts.items()):
        tally.unchanged[DecisionTemplate] += 1
    elif any(row.made_by_id or not row.is_published for row in stored):
        tally.kept.append(THEIRS.format(name=raw["heading_vi"]))
    else:
        DecisionTemplate.objects.create(
            procedure=procedure, decision=raw["decision"], version_no=last.version_no + 1 if last else 1, **texts,
            valid_from=timezone.localdate(at) if last else start, made_at=at, published_at=at,
        )  # fmt: skip
        tally.created[DecisionTemplate] += 1
