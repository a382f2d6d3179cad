"""What a page says of itself: once for readers, and the same for search engines and for those who share it."""

import html
import json
import re
from collections.abc import Iterable
from typing import Any

from django import template
from django.conf import settings
from django.template.defaultfilters import linebreaksbr
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from izportal import languages

register = template.Library()

TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
DESCRIPTION = re.compile(r'<meta name="description" content="(.*?)">', re.DOTALL)
# Who shares a page is told the language with the country whose it is; of another one nothing is told.
LOCALES = {
    "vi": "vi_VN", "en": "en_US", "ko": "ko_KR", "ja": "ja_JP", "zh-hans": "zh_CN", "zh-hant": "zh_TW",
}  # fmt: skip
# The picture that stands beside a shared link; networks ask for its size so as not to wait for it.
PICTURE, SIZE = "img/share.png", (1200, 630)
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
    share = context.get("share") or {}
    pairs = {
        "og:type": share.get("type", "website"), "og:title": _found(TITLE, content),
        "og:description": _found(DESCRIPTION, content),
        "og:url": path, "og:locale": LOCALES.get(languages.here(), ""), **_picture(share.get("picture")),
    }  # fmt: skip
    told = ((name, said) for name, said in pairs.items() if said)
    shown = format_html_join("\n  ", '<meta property="{}" content="{}">', told)
    canonical = format_html('<link rel="canonical" href="{}">', path)
    return mark_safe("\n  ".join([content, canonical, shown, alternates(context["languages"])]))


def alternates(pages_known: Iterable[languages.Language]) -> SafeString:
    """The page in every language, without its query; who speaks none of them gets the first."""
    pages = [(page.code, settings.SITE_URL + page.url.partition("?")[0]) for page in pages_known]
    return format_html_join(
        "\n  ", '<link rel="alternate" hreflang="{}" href="{}">', [*pages, ("x-default", pages[0][1])]
    )


def _picture(own: dict[str, Any] | None) -> dict[str, str]:
    """The page's own picture, else one for every page, told in words of the page's language."""
    if own:
        return {
            "og:image": own["url"], "og:image:type": own["mime"], "og:image:width": f"{own['width']}",
            "og:image:height": f"{own['height']}", "og:image:alt": own["alt"], "twitter:card": "summary_large_image",
        }  # fmt: skip
    width, height = SIZE
    told = _("Nhãn Ban Quản lý các khu công nghiệp tỉnh Thái Nguyên bên sơ đồ lô đất vẽ giản lược.")
    return {
        "og:image": settings.SITE_URL + static(PICTURE), "og:image:type": "image/png", "og:image:width": f"{width}",
        "og:image:height": f"{height}", "og:image:alt": told, "twitter:card": "summary_large_image",
    }  # fmt: skip


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
