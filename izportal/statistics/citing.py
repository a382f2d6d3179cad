"""A figure as a sentence that can be quoted: what, of what, how much, true when, known when, and where to find it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from izportal.indicators import Asked, Number
from projects.models import Country, Project, Sector
from zones.models import Zone


@dataclass(frozen=True)
class Citation:
    language: str
    text: str


def scope(asked: Asked) -> list[str]:
    """What the question is narrowed to, in words."""
    said = []
    if asked.zone:
        said.append(str(Zone.objects.filter(slug=asked.zone).first() or asked.zone))
    if asked.origin:
        said.append(str(Project.Origin(asked.origin).label))
    if asked.sector:
        said.append(str(Sector.objects.filter(code=asked.sector).first() or asked.sector))
    if asked.country:
        said.append(str(Country.objects.filter(code=asked.country).first() or asked.country))
    return said


def texts(number: Number, request, *, at: datetime) -> list[Citation]:
    """The sentence in Vietnamese and in English, for a number whose moment is fixed."""
    found = []
    for language in ("vi", "en"):
        with translation.override(language):
            found.append(Citation(language, _sentence(number, request.build_absolute_uri(number.url), at)))
    return found


def _sentence(number: Number, address: str, at: datetime) -> str:
    asked, indicator = number.asked, number.indicator
    said = {
        "title": ", ".join([str(part) for part in (indicator.title, *_note(number), *scope(asked))]),
        "value": number.plain_text,
        "period": _period(asked, indicator.is_flow),
        "known": f"{timezone.localtime(asked.known or at):%d/%m/%Y %H:%M}",
        "version": indicator.version,
        "address": address,
        "mark": _(" (dữ liệu minh họa)") if asked.is_sample else "",
    }
    return _(
        "Ban Quản lý các khu công nghiệp tỉnh Thái Nguyên. %(title)s%(mark)s: %(value)s, %(period)s, theo sổ ghi đến "
        "%(known)s, định nghĩa phiên bản %(version)s. %(address)s"
    ) % said  # fmt: skip


def _note(number: Number) -> list[str]:
    """Why there is no number stands beside it, not in a citation."""
    return [number.note] if number.note and number.value is not None else []


def _period(asked: Asked, is_flow: bool) -> str:
    days = {"on": f"{asked.on:%d/%m/%Y}", "since": f"{asked.start:%d/%m/%Y}"}
    return (_("từ %(since)s đến %(on)s") if is_flow else _("tính đến hết ngày %(on)s")) % days
