"""Sample news and notices at every step of their way: out, ended, set for an hour, waiting for review, a draft."""

from datetime import date, timedelta
from typing import Any

from izportal.management.sample.setting import Setting, morning, words
from izportal.models import User
from izportal.press import lifecycle
from izportal.press.models import Category, Edition, Item

# Who takes a step, and at which hour of the day.
STEPS = {"submit": ("editor", 10), "review": ("head", 14), "publish": ("leader", 16)}


def make(setting: Setting) -> None:
    categories = dict(Category.objects.values_list("slug", "pk"))
    for row in words("news")["items"]:
        item = Item.objects.create(
            kind=row["kind"], slug=row["slug"], category_id=categories.get(row["category"]), is_sample=True
        )
        for language in ("vi", "en"):
            if language in row:
                _write(setting, item, language, row)


def _write(setting: Setting, item: Item, language: str, row: dict[str, Any]) -> None:
    """What comes out on a day to come was written and reviewed yesterday."""
    out = setting.today - timedelta(days=row["days"])
    written, stage = min(out, setting.today - timedelta(days=1)), row.get("stage", "publish")
    times = {"publish_at": morning(out, 8)} if out > setting.today else {}
    if "ends" in row:
        times["expires_at"] = morning(out + timedelta(days=row["ends"]), 17)
    edition = lifecycle.write(
        item, language=language, by=setting.people["editor"], at=morning(written), sources="", **row[language], **times
    )
    edition = take(edition, setting.people, written, until=stage)
    if edition.expires_at and edition.expires_at <= setting.now:
        lifecycle.take(edition, "expire", by=None, at=edition.expires_at)


def take(edition: Edition, people: dict[str, User], day: date, *, until: str = "publish") -> Edition:
    """One step after the other up to `until`, all on one day."""
    if until in STEPS:
        for step, (role, hour) in STEPS.items():
            edition = lifecycle.take(edition, step, by=people[role], at=morning(day, hour))
            if step == until:
                break
    return edition
