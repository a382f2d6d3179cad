"""What a request has changed: of each line the state when it was asked and the state since, answers in words, with the
words that went and those that came."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from onestop.models import Dossier, Paper, Supplement, SupplementItem
from onestop.supplements import places
from onestop.supplements.places import Place

SAME, GONE, CAME = "same", "gone", "came"
# Longer texts are shown side by side, unmarked: comparing them word by word takes too long.
MOST_WORDS = 1500


@dataclass(frozen=True)
class Change:
    """One line of a request. `paper` is the file that stands in for `before_paper` now, sent or about to be."""

    line: SupplementItem
    place: Place | None
    paper: Paper | None
    is_sent: bool

    @property
    def before_paper(self) -> Paper | None:
        return self.line.paper_before

    @cached_property
    def before(self) -> str:
        return self.place.words(self.line.answer_before) if self.place else ""

    @cached_property
    def after(self) -> str:
        return self.place.words(self.line.answer_after) if self.place and self.is_sent else ""

    @property
    def is_unchanged(self) -> bool:
        """Sent, and what was asked about is as it was."""
        return self.is_sent and not self.paper and (self.place is None or self.before == self.after)

    @cached_property
    def marked(self) -> list[tuple[str, str]]:
        return marked(self.before, self.after) if self.after else []


def of(supplement: Supplement) -> list[Change]:
    """The lines of a request read by `supplements.with_lines`."""
    dossier, is_sent = supplement.dossier, supplement.answered_at is not None
    return [_change(dossier, line, is_sent) for line in supplement.lines.all()]


def _change(dossier: Dossier, line: SupplementItem, is_sent: bool) -> Change:
    return Change(line, places.of_line(dossier, line), line.paper_after if is_sent else None, is_sent)


def marked(before: str, after: str) -> list[tuple[str, str]]:
    """The two texts as one, in runs of words that stayed, went or came; [] where they are alike or too long."""
    old, new = _words(before), _words(after)
    if before == after or max(len(old), len(new)) > MOST_WORDS:
        return []
    runs: list[tuple[str, str]] = []
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            runs.append((SAME, "".join(old[i1:i2])))
            continue
        runs += [(mark, "".join(run)) for mark, run in ((GONE, old[i1:i2]), (CAME, new[j1:j2])) if run]
    return runs


def _words(text: str) -> list[str]:
    """With the spaces that follow them, so that nothing is lost in joining."""
    return re.findall(r"\S+\s*|\s+", text)
