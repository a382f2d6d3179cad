"""How a given paper is written on the applicant's page."""

from pathlib import PurePosixPath

from django import template
from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from izportal import documents
from izportal.models import StoredFile
from onestop import slips

register = template.Library()


@register.filter
def kind(name):
    """PDF, DOCX: what a file is, from the ending that was checked when it came in."""
    return PurePosixPath(str(name)).suffix.removeprefix(".").upper()


@register.filter
def breakable(fingerprint, every=8):
    """A long fingerprint that may break between groups, and still copies as one word."""
    text = str(fingerprint)
    return format_html_join("", "{}<wbr>", ((text[n : n + every],) for n in range(0, len(text), every)))


@register.filter
def brief(fingerprint):
    """3f2a91bc…77d0c41e: enough of a fingerprint to tell two files apart; the slips print the whole."""
    return f"{fingerprint[:8]}…{fingerprint[-8:]}"


@register.inclusion_tag("onestop/_paper_state.html")
def paper_state(stored):
    """The mark of a file that nobody may open now, in shape and word; nothing of a sound one."""
    sentence = documents.why_held(stored)
    if not sentence:
        return {}
    if stored.state == StoredFile.State.PENDING:
        return {"sentence": sentence, "kind": "warn", "shape": "s-today", "word": _("Đang kiểm tra")}
    is_refused = stored.state == StoredFile.State.REFUSED
    word = _("Bị từ chối") if is_refused else _("Tệp hỏng")
    return {"sentence": sentence, "kind": "bad", "shape": "s-late", "word": word}


@register.filter
def result(dossier):
    """Which paper of the result stands, and what became of the others."""
    return slips.result_of(dossier)


@register.filter
def held(stored):
    """Why nobody may read a file now; empty where one may."""
    return documents.why_held(stored)


class BothNode(template.Node):
    """What stands between the tags, on a bilingual paper in Vietnamese and then in English; once where they agree."""

    def __init__(self, nodes):
        self.nodes = nodes

    def render(self, context):
        if not context.get("is_bilingual"):
            return self.nodes.render(context)
        vietnamese, english = self._in("vi", context), self._in("en", context)
        if vietnamese.split() == english.split():
            return vietnamese
        return format_html('{}<span class="en" lang="en">{}</span>', vietnamese, english)

    def _in(self, language, context):
        with translation.override(language), context.push(is_english=language == "en"):
            return self.nodes.render(context)


@register.tag
def both(parser, token):
    nodes = parser.parse(("endboth",))
    parser.delete_first_token()
    return BothNode(nodes)
