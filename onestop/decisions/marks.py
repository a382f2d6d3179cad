"""How the wording of a decision is written: plain text with a little markup, read into paragraphs.

An empty line ends a paragraph. `-> … <-` stands in the middle, `**…**` is bold, lines that begin with "- " are a list,
"Điều 1." (or "Article 1.") opens an article, "Nơi nhận:" ("Recipients:") goes to the foot beside the signature.
`{name}` is filled in from the dossier; a line with `{name?}` is left out where there is nothing to fill in.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

HOLE = re.compile(r"\{([^{}\n]*)\}")
BOLD = re.compile(r"\*\*(.+?)\*\*")
ARTICLE = re.compile(r"(?:Điều|Article) \d+\.")
CENTRED = re.compile(r"->\s*(.*?)\s*<-", re.DOTALL)
FOOT = ("Nơi nhận:", "Recipients:")
BULLET = "- "
PARAGRAPH, ARTICLE_KIND, CENTRE, LIST, AT_FOOT = "p", "article", "centre", "list", "foot"


@dataclass(frozen=True)
class Piece:
    """A stretch of a line: words, or the name of what is filled in."""

    text: str
    is_bold: bool = False
    is_hole: bool = False
    is_optional: bool = False


@dataclass(frozen=True)
class Paragraph:
    """`no` is the place of the paragraph as it was written, by which two languages are laid beside each other."""

    no: int
    kind: str
    lines: tuple[tuple[Piece, ...], ...]

    @property
    def lone_hole(self) -> str:
        """The name, where the paragraph is nothing else than something to fill in."""
        pieces = [piece for line in self.lines for piece in line]
        return pieces[0].text if len(pieces) == 1 and pieces[0].is_hole else ""


def read(text: str, *, has_holes: bool = True) -> list[Paragraph]:
    """The paragraphs of a text. Words typed for one dossier have no holes: a brace there is a brace."""
    written = [part.strip() for part in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n")) if part.strip()]
    return [part for no, raw in enumerate(written) for part in _paragraphs(no, raw, has_holes)]


def count(text: str) -> int:
    """How many paragraphs were written."""
    return len({paragraph.no for paragraph in read(text)})


def holes(text: str) -> Iterator[str]:
    """The names of what is filled in, as they were written, without the question mark."""
    yield from (found.group(1).strip().removesuffix("?").strip() for found in HOLE.finditer(text))


def has_stray_brace(text: str) -> bool:
    return bool(re.search(r"[{}]", HOLE.sub("", text)))


def _paragraphs(no: int, raw: str, has_holes: bool) -> Iterator[Paragraph]:
    if centred := CENTRED.fullmatch(raw):
        yield _paragraph(no, CENTRE, centred.group(1).splitlines(), has_holes)
        return
    if raw.startswith(FOOT):
        yield _paragraph(no, AT_FOOT, raw.splitlines(), has_holes)
        return
    for is_list, lines in groupby(raw.splitlines(), key=lambda line: line.startswith(BULLET)):
        told = list(lines)
        kind = LIST if is_list else ARTICLE_KIND if ARTICLE.match(told[0]) else PARAGRAPH
        yield _paragraph(no, kind, [line.removeprefix(BULLET) for line in told] if is_list else told, has_holes)


def _paragraph(no: int, kind: str, lines: list[str], has_holes: bool) -> Paragraph:
    read_lines = [tuple(_pieces(line.strip(), has_holes)) for line in lines]
    if kind == ARTICLE_KIND:
        opening = ARTICLE.match(lines[0].strip())
        mark = opening.group(0) if opening else ""
        rest = tuple(_pieces(lines[0].strip()[len(mark) :], has_holes))
        read_lines[0] = (Piece(mark, is_bold=True), *rest)
    return Paragraph(no, kind, tuple(read_lines))


def _pieces(line: str, has_holes: bool) -> Iterator[Piece]:
    place = 0
    for found in BOLD.finditer(line):
        yield from _filled(line[place : found.start()], False, has_holes)
        yield from _filled(found.group(1), True, has_holes)
        place = found.end()
    yield from _filled(line[place:], False, has_holes)


def _filled(text: str, is_bold: bool, has_holes: bool) -> Iterator[Piece]:
    place = 0
    for found in HOLE.finditer(text) if has_holes else ():
        if words := text[place : found.start()]:
            yield Piece(words, is_bold)
        name = found.group(1).strip()
        yield Piece(name.removesuffix("?").strip(), is_bold, True, name.endswith("?"))
        place = found.end()
    if words := text[place:]:
        yield Piece(words, is_bold)
