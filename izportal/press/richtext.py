"""Rich text as it is kept: cleaned by an allow-list, composed letters (NFC), and read back as plain words."""

import html
import re
import unicodedata

import nh3
from django.utils.html import linebreaks

TAGS = {
    "p", "br", "h2", "h3", "h4", "ul", "ol", "li", "a", "b", "strong", "i", "em", "u", "sub", "sup", "blockquote",
    "mark", "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "figure", "figcaption", "img", "hr",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "srcset", "sizes", "alt", "width", "height", "loading"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "p": {"lang"},
}
SCHEMES = {"http", "https", "mailto", "tel"}
# Our own pictures and no others: whose addresses begin here (`press:picture`).
PICTURES = "/anh/"
TAG = re.compile(r"<[^>]+>")
BLOCK_END = re.compile(r"</(p|h[2-4]|li|td|th|tr|caption|figcaption|blockquote)>|<br\s*/?>|<hr\s*/?>")
HAS_TAGS = re.compile(r"</?[a-zA-Z][^>]*>")
EMPTY = re.compile(r"<(p|h[2-4]|li|figure|b|strong|i|em|u|mark)>(\s|&nbsp;|<br>)*</\1>")
FOREIGN_PICTURE = re.compile(r"<img(?![^>]*\ssrc=)[^>]*>")


def plain(text: str) -> str:
    """A line of text: composed letters, no NUL, no blanks at its ends."""
    return unicodedata.normalize("NFC", text or "").replace("\x00", "").strip()


def clean(text: str) -> str:
    """Only what the allow-list knows: no style, no script, headings from the second level, pictures of our own. What
    was typed without a tag becomes paragraphs. Cleaning twice changes nothing."""
    text = plain(text)
    if not text:
        return ""
    if not HAS_TAGS.search(text):
        text = linebreaks(text, autoescape="&" not in text or "<" in text)
    text = re.sub(r"<(/?)h1\b", r"<\1h2", text, flags=re.IGNORECASE)
    text = re.sub(r"<(/?)h[56]\b", r"<\1h4", text, flags=re.IGNORECASE)
    text = re.sub(r"<(/?)div\b[^>]*>", r"<\1p>", text, flags=re.IGNORECASE)
    text = nh3.clean(
        text, tags=TAGS, attributes=ATTRIBUTES, attribute_filter=_allowed, url_schemes=SCHEMES,
        link_rel="noopener nofollow", clean_content_tags={"script", "style", "iframe", "object", "template", "svg"},
    )  # fmt: skip
    text = FOREIGN_PICTURE.sub("", text)
    while EMPTY.search(text):
        text = EMPTY.sub("", text)
    return text.strip()


def _allowed(tag: str, attribute: str, value: str) -> str | None:
    if tag == "img" and attribute == "src":
        return value if value.startswith(PICTURES) else None
    if tag == "img" and attribute == "srcset":
        return value if all(part.strip().startswith(PICTURES) for part in value.split(",")) else None
    if tag == "img" and attribute in ("width", "height") or attribute in ("colspan", "rowspan", "start"):
        return value if value.isascii() and value.isdigit() and len(value) < 6 else None
    return value


def words(text: str) -> str:
    """The text alone, for search and for descriptions."""
    return " ".join(html.unescape(TAG.sub("", BLOCK_END.sub(" ", text or ""))).split())
