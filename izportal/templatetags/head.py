"""What a page says of itself: once for readers, and the same for search engines and for those who share it."""

import html
import json
import re
from collections.abc import Iterable

from django import template
from django.conf import settings
from django.template.defaultfilters import linebreaksbr
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from izportal import languages

register = template.Library()

TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
DESCRIPTION = re.compile(r'<meta name="description" content="(.*?)">', re.DOTALL)
# What would end the element or open a comment in it, written so that JSON reads it alike.
UNSAFE = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.simple_block_tag(takes_context=True)
def shared(context, content):
    """Title and description as they stand, then both for whoever shares the page, and its addresses in each language.

    A refusal, whose template is named after its status, has no address worth keeping.
    """
    request = context.get("request")
    if request is None or request.resolver_match is None or context.template.name[:3].isdigit():
        return content
    path = settings.SITE_URL + request.path
    pairs = {
        "og:type": "website", "og:title": _found(TITLE, content), "og:description": _found(DESCRIPTION, content),
        "og:url": path, "og:locale": languages.here().replace("-", "_"),
    }  # fmt: skip
    shown = format_html_join("\n  ", '<meta property="{}" content="{}">', pairs.items())
    canonical = format_html('<link rel="canonical" href="{}">', path)
    return mark_safe("\n  ".join([content, canonical, shown, alternates(context["languages"])]))


def alternates(pages_known: Iterable[languages.Language]) -> SafeString:
    """The page in every language, without its query; who speaks none of them gets the first."""
    pages = [(page.code, settings.SITE_URL + page.url.partition("?")[0]) for page in pages_known]
    return format_html_join(
        "\n  ", '<link rel="alternate" hreflang="{}" href="{}">', [*pages, ("x-default", pages[0][1])]
    )


def _found(pattern: re.Pattern, content: str) -> str:
    match = pattern.search(content)
    return html.unescape(" ".join(match.group(1).split())) if match else ""


@register.simple_tag
def linked_data(data):
    """Facts for machines (JSON-LD): data, which no browser runs. Nothing where there is nothing to say."""
    if not data:
        return ""
    text = json.dumps({"@context": "https://schema.org", **data}, ensure_ascii=False).translate(UNSAFE)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')


@register.filter
def said(row, field):
    """A translated text, `{{ plot|said:"description" }}`; marked with its language where that is not the reader's."""
    return marked(languages.said(row, field))


@register.filter
def marked(found):
    """A text that may be in another language than the page, with the language where it is."""
    if not found.language:
        return linebreaksbr(found.text, autoescape=True)
    return format_html('<span lang="{}">{}</span>', found.language, linebreaksbr(found.text, autoescape=True))
