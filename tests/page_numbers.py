"""Every number that a page of figures shows: what stands there, in which section, and where it leads."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

# What these say is no figure: days, names of steps, sources, and drawings beside their own table.
APART = ("svg", "th", "form", "figcaption", "h2", "h3", "small")
APART_BY_CLASS = ("src", "flag", "vh")
VOID = ("br", "hr", "img", "input", "link", "meta", "wbr")


@dataclass
class Shown:
    section: str
    text: str
    href: str = ""


@dataclass
class Numbers(HTMLParser):
    """Feeds on a page; `shown` are the numbers within the element `within`."""

    within: str = "results"
    shown: list = field(default_factory=list)
    path: list = field(default_factory=list)

    def __post_init__(self):
        super().__init__()

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.path.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        while self.path and self.path.pop()[0] != tag:
            pass

    def handle_data(self, data):
        text = data.strip()
        if not any(sign.isdigit() for sign in text) or not self._counts():
            return
        link = next((attrs["href"] for tag, attrs in self.path if tag == "a"), "")
        section = next((attrs["id"] for tag, attrs in self.path if tag == "section" and "id" in attrs), "")
        self.shown.append(Shown(section, text, link))

    def _counts(self):
        is_inside = any(attrs.get("id") == self.within for _tag, attrs in self.path)
        return is_inside and not any(
            tag in APART or set((attrs.get("class") or "").split()) & set(APART_BY_CLASS) for tag, attrs in self.path
        )


def shown_on(content):
    numbers = Numbers()
    numbers.feed(content)
    return numbers.shown
