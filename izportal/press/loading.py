"""The first content: pages, news and documents as data files, put down once; what somebody at the board has written or
put in their place stays."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from izportal import languages
from izportal.management.settle import LOADED, Tally, settle, typed
from izportal.press import richtext
from izportal.press.models import Category, Document, Edition, FormerSlug, Item

DATA = Path(__file__).parent / "data"
SAME = ("kind", "position")


def load(tally: Tally, *, at: datetime) -> None:
    data = json.loads((DATA / "content.json").read_text(encoding="utf-8"))
    settle(Category, data["categories"], key=("slug",), tally=tally)
    categories = dict(Category.objects.values_list("slug", "pk"))
    known = {item.slug: item for item in Item.objects.all()}
    known |= {row.slug: row.item for row in FormerSlug.objects.select_related("item")}
    for row in data["items"]:
        item = known.get(row["slug"])
        if item is None:
            known[row["slug"]] = _begin(row, categories.get(row["category"]), tally, at)
        else:
            _follow(item, row, tally)
    _link(data["items"], known)


def _begin(row: dict[str, Any], category: int | None, tally: Tally, at: datetime) -> Item:
    item = Item(slug=row["slug"], category_id=category, created_at=at, **{name: row[name] for name in SAME})
    _save(item)
    tally.created[Item] += 1
    if row["document"]:
        values = {name: value for name, value in row["document"].items() if name != "replaced_by"}
        _save(Document(item=item, **typed(Document, values)))
    for language in languages.kept():
        edition = Edition(
            item=item, language=language, status=Edition.Status.PUBLISHED, published_at=at, **_words(row, language)
        )
        if language != languages.SOURCE:
            edition.original = item.editions.get(language=languages.SOURCE)
        _save(edition)
        tally.created[Edition] += 1
    return item


def _words(row: dict[str, Any], language: str) -> dict[str, str]:
    text, said = DATA / "texts" / f"{row['slug']}.{language}.html", row[language]
    body = richtext.clean(text.read_text(encoding="utf-8")) if text.exists() else ""
    return {"title": said["title"], "summary": said["summary"], "sources": "\n".join(said["sources"]), "body": body}


def _follow(item: Item, row: dict[str, Any], tally: Tally) -> None:
    """Words that nobody has touched say what the file says anew."""
    tally.unchanged[Item] += 1
    for language in languages.kept():
        editions, words = list(item.editions.filter(language=language)), _words(row, language)
        if not editions or all(getattr(editions[0], name) == text for name, text in words.items()):
            tally.unchanged[Edition] += 1
        elif len(editions) > 1 or editions[0].history.exclude(history_change_reason=LOADED).exists():
            tally.keep(editions[0])
        else:
            for name, text in words.items():
                setattr(editions[0], name, text)
            _save(editions[0])
            tally.updated[Edition] += 1


def _link(rows: list[dict[str, Any]], known: dict[str, Item]) -> None:
    """The later document must stand before the earlier one can point to it; what somebody chose stays."""
    for row in rows:
        later = known.get(row["document"]["replaced_by"] or "") if row["document"] else None
        document = getattr(known[row["slug"]], "document", None)
        if later is None or document is None or document.replaced_by_id == later.document.pk:
            continue
        if not document.history.exclude(history_change_reason=LOADED).exists():
            document.replaced_by = later.document
            _save(document)


def _save(row: Any) -> None:
    row._change_reason = LOADED
    row.save()
