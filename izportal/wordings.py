"""What the letters of the portal say. A room declares each kind of letter with its placeholders and the portal's own
text; where the staff have written a text of their own (`Wording`), that is sent.

A text is plain, with placeholders in braces. A line all of whose placeholders are empty is left out. Under every text
stands what nobody takes away: the words of safety of its kind, the mark of sample data, and who writes.
"""

import difflib
import logging
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext as _

from izportal import languages, outbox, roles
from izportal.folding import fold
from izportal.models import Notice, User, Wording

logger = logging.getLogger(__name__)

LONGEST_SUBJECT = Notice._meta.get_field("subject").max_length or 300
PLACE = re.compile(r"\{([^{}\n]*)\}")

Said = str | Promise


@dataclass(frozen=True)
class Fact:
    """A placeholder: what it stands for, an example of it, and whether a text without it would tell too little."""

    meaning: Said
    sample: Said
    is_needed: bool = False


@dataclass(frozen=True)
class Letter:
    """A kind of letter. `subject` and `body` are the portal's own text; `body` is called in the reader's language.

    `may_wait`: a reader who wishes one letter a day gets it in that one. `is_key`: it opens an account by itself, so
    that only those who keep accounts word it. `is_listed`: people find it on the page on which they choose.
    """

    kind: str
    group: Said
    name: Said
    reader: Said
    subject: Said
    body: Callable[[], str]
    facts: Mapping[str, Fact]
    fixed: Said = ""
    may_wait: bool = False
    is_key: bool = False
    is_to_staff: bool = False
    is_to_all: bool = False
    is_listed: bool = True

    @property
    def needed(self) -> list[str]:
        return [name for name, fact in self.facts.items() if fact.is_needed]


@dataclass(frozen=True)
class Text:
    subject: str
    body: str


# Every kind by its code, in the order of declaration.
KINDS: dict[str, Letter] = {}


def register(letter: Letter) -> Letter:
    KINDS[letter.kind] = letter
    return letter


# Writing ------------------------------------------------------------------------------------------
def write(
    letter: Letter, *, key: str, email: str, facts: Mapping[str, Any], user: User | None = None, language: str = "vi",
    is_sample: bool = False, **told: Any,
) -> Notice | None:  # fmt: skip
    """Word a letter to one reader and hand it to the outbox; None where that key was written before. `told` is what
    the daily letter says of it (`about`, `address`, `until`), or another `kind` to keep it under."""
    said = worded(letter, facts, language=language, is_sample=is_sample)
    return outbox.write(key=key, email=email, user=user, **{**said, **told})


def worded(letter: Letter, facts: Mapping[str, Any], *, language: str, is_sample: bool = False) -> dict[str, Any]:
    """What `outbox.write` asks to know of a letter besides its readers; at the cost of one query."""
    language, said = in_force(letter, language)
    text = _filled(letter, said, facts, language=language, is_sample=is_sample)
    return {
        "kind": letter.kind, "subject": text.subject, "body": text.body, "language": language,
        "is_sample": is_sample, "may_wait": letter.may_wait,
    }  # fmt: skip


def in_force(letter: Letter, language: str) -> tuple[str, Text]:
    """The text of the staff, or the portal's own where there is none, or where theirs has broken since, and in which
    language: where nobody has put a letter into the reader's, the one that stands in for it."""
    rows = {row.language: row for row in Wording.objects.filter(kind=letter.kind)}
    near = languages.spoken(language)
    for code in dict.fromkeys((language, near)):
        row = rows.get(code)
        wrong = faults(letter, row.subject, row.body) if row else []
        if row and not wrong:
            return code, Text(row.subject, row.body)
        if wrong:
            logger.error("The wording of %s (%s) is broken; the portal's own was sent: %s", letter.kind, code, wrong)
    return near, default(letter, near)


def default(letter: Letter, language: str) -> Text:
    with translation.override(language):
        return Text(str(letter.subject), letter.body().strip())


def preview(letter: Letter, text: Text, *, language: str) -> Text:
    """A text with the examples in place of the placeholders."""
    with translation.override(language):
        samples = {name: str(fact.sample) for name, fact in letter.facts.items()}
    return _filled(letter, text, samples, language=language)


def kinds_for(reader: User) -> tuple[list[Letter], list[Letter]]:
    """What somebody may be written: the letters that always go at once, and those that may wait for the daily one."""
    known = [letter for letter in KINDS.values() if letter.is_listed]
    theirs = [letter for letter in known if letter.is_to_all or letter.is_to_staff == reader.is_staff]
    return [letter for letter in theirs if not letter.may_wait], [letter for letter in theirs if letter.may_wait]


def named_in(known: Mapping[str, tuple[str, Fact]], *texts: Said) -> dict[str, tuple[str, Fact]]:
    """Of the facts that a room knows by names of its own, those which its sentences name as %(…)s."""
    return {name: placed for name, placed in known.items() if any(f"%({name})" in str(text) for text in texts)}


def placed(text: Said, known: Mapping[str, tuple[str, Fact]]) -> Said:
    """A sentence with placeholders in place of its %(…)s."""
    return _placed(text, {name: f"{{{place}}}" for name, (place, _fact) in known.items()})


_placed = lazy(lambda text, places: str(text) % places if places else str(text), str)


def joined(*parts: Said) -> Said:
    """Parts of a line, put together in the language in which it is read."""
    return _joined(*parts)


_joined = lazy(lambda *parts: "".join(map(str, parts)), str)


def _filled(letter: Letter, text: Text, facts: Mapping[str, Any], *, language: str, is_sample: bool = False) -> Text:
    values = {name: str(facts.get(name) or "").strip() for name in letter.facts}
    with translation.override(language):
        foot = [str(letter.fixed), _("Đây là dữ liệu mẫu; mọi nội dung là minh họa.") if is_sample else ""]
        foot.append(_("Ban Quản lý các khu công nghiệp tỉnh Thái Nguyên"))
    parts = (_paragraphs(part, values) for part in (text.body, *foot))
    whole = "\n\n".join(part for part in parts if part)
    subject = " ".join((_line(text.subject, values) or "").split())
    return Text(subject[:LONGEST_SUBJECT], re.sub(r"\n{3,}", "\n\n", whole) + "\n")


def _paragraphs(text: str, values: Mapping[str, str]) -> str:
    kept = (_line(line, values) for line in text.splitlines())
    return "\n".join(line for line in kept if line is not None).strip()


def _line(line: str, values: Mapping[str, str]) -> str | None:
    """None where the line had placeholders and none of them has anything to say."""
    names = PLACE.findall(line)
    if names and not any(values.get(name) for name in names):
        return None
    return PLACE.sub(lambda match: values.get(match[1], ""), line).rstrip()


# Checking -----------------------------------------------------------------------------------------
def faults(letter: Letter, subject: str, body: str) -> list[str]:
    """What is wrong with a text, each as a sentence for whoever writes it."""
    names = PLACE.findall(subject) + PLACE.findall(body)
    found = [_unknown(letter, name) for name in dict.fromkeys(names) if name not in letter.facts]
    if any(brace in PLACE.sub("", f"{subject}\n{body}") for brace in "{}"):
        found.append(_("Có dấu ngoặc nhọn đứng lẻ; mỗi chỗ điền viết liền trong một cặp { }."))
    missing = [f"{{{name}}}" for name in letter.needed if name not in names]
    if missing:
        found.append(_("Thiếu chỗ điền bắt buộc: %(names)s.") % {"names": ", ".join(missing)})
    return found


def _unknown(letter: Letter, name: str) -> str:
    alike = {fold(known): known for known in letter.facts}
    near = difflib.get_close_matches(fold(name), alike, n=1, cutoff=0.5)
    if near:
        told = {"name": name[:60], "near": alike[near[0]]}
        return _("Không có chỗ điền {%(name)s} trong loại thư này. Có phải {%(near)s}?") % told
    return _("Không có chỗ điền {%(name)s} trong loại thư này.") % {"name": name[:60]}


def broken(rows: Iterable[Wording]) -> list[Wording]:
    """Texts of the staff that no longer fit their kind; the portal's own is sent in their place."""
    return [row for row in rows if row.kind in KINDS and faults(KINDS[row.kind], row.subject, row.body)]


# Editing ------------------------------------------------------------------------------------------
def may_edit(user: User, letter: Letter) -> bool:
    return roles.may(user, "edit_key_wording" if letter.is_key else "edit_wording")


def mark(row: Wording | None) -> str:
    """What tells whether a text is still the one that somebody opened."""
    return str(row.changed_at.timestamp()) if row else ""


def stored(letter: Letter, *, lock: bool = False) -> dict[str, Wording]:
    """{language: row} of the texts that the staff have written."""
    rows = Wording.objects.select_for_update() if lock else Wording.objects.select_related("changed_by")
    return {row.language: row for row in rows.filter(kind=letter.kind)}


@transaction.atomic
def save(letter: Letter, texts: Mapping[str, Text], *, seen: Mapping[str, str], by: User, at: datetime) -> list[str]:
    """Keep texts that have been checked, in place of those whose marks were `seen`; the languages that changed.

    A text equal to the portal's own is not kept: it follows the portal from then on. Raises `ValidationError` where
    somebody else has saved in the meantime something other than what is to be kept.
    """
    found, changed = stored(letter, lock=True), []
    for language, text in texts.items():
        row = found.get(language)
        now = Text(row.subject, row.body) if row else default(letter, language)
        if text == now:
            continue
        if mark(row) != seen.get(language, ""):
            raise ValidationError(_overtaken(row), code="conflict")
        _keep(letter, language, row, text, by=by, at=at)
        changed.append(language)
    return changed


def _keep(letter: Letter, language: str, row: Wording | None, text: Text, *, by: User, at: datetime) -> None:
    row = row or Wording(kind=letter.kind, language=language)
    row._history_user, row._history_date = by, at
    if text == default(letter, language):
        row.delete()
        return
    row.subject, row.body, row.changed_by, row.changed_at = text.subject, text.body, by, at
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as first:  # two people word the same letter for the first time
        raise ValidationError(_overtaken(stored(letter).get(language)), code="conflict") from first


def _overtaken(row: Wording | None) -> str:
    if row is None:
        return _("Chưa lưu: lời thư vừa được người khác đưa về mặc định. Những gì bạn gõ còn nguyên bên dưới.")
    return _(
        "Chưa lưu: lời thư vừa được %(who)s sửa. Những gì bạn gõ còn nguyên bên dưới; hãy đối chiếu rồi lưu lại."
    ) % {"who": row.changed_by or _("người khác")}


def past(letter: Letter) -> Any:
    """Every text that was kept for a kind, the newest first, with who kept it."""
    rows = Wording.history.filter(kind=letter.kind).select_related("history_user")
    return rows.order_by("-history_date", "-history_id")
