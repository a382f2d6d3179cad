"""Sample questions to the board and sample planning drafts with comments, as the verbs of the content left them."""

from datetime import date, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from izportal.correspondence.letters import with_link
from izportal.management.sample import news
from izportal.management.sample.setting import Setting, morning, words
from izportal.models import Notice, User
from izportal.press import consultations, lifecycle, questions
from izportal.press.models import Comment, CommentGroup, Item, PlanningDraft, Question
from izportal.press.questions import publishing

PLAIN = ("topic", "title", "text", "name", "organisation", "language", "may_publish")


def make(setting: Setting) -> None:
    told = words("voices")
    for number, row in enumerate(told["questions"], start=1):
        _question(setting, number, row)
    for number, row in enumerate(told["drafts"], start=1):
        _draft(setting, number, row)
    # The addresses in these letters are secrets, which are not kept once a letter is out.
    secret = (with_link(Question), with_link(Comment))
    Notice.objects.filter(is_sample=True, kind__in=secret).update(body="")


def _question(setting: Setting, number: int, row: dict[str, Any]) -> None:
    day, people = setting.today - timedelta(days=row["days"]), setting.people
    said = {name: row[name] for name in PLAIN} | {"email": f"nguoi-gui-{number:02d}@mau.example", "phone": ""}
    question = questions.ask(form_key=_key("question", number), said=said, at=morning(day), is_sample=True)
    text = row.get("answer") or row.get("draft")
    if text is None:
        return
    question = questions.draft(question, text=text, by=people["specialist"], at=morning(day + timedelta(days=2)))
    if "answer" not in row:
        return
    question = questions.approve(question, by=people["head"], at=morning(day + timedelta(days=4), 15))
    if (told := row.get("published")) is not None:
        at = morning(day + timedelta(days=6), 10)
        answer = publishing.prepare(
            texts={language: told[language] for language in ("vi", "en")}, topic=question.topic, by=people["editor"],
            at=at, question=question, is_pinned=told["is_pinned"], is_sample=True,
        )  # fmt: skip
        _publish(answer.item, people, day + timedelta(days=6))


def _publish(item: Item, people: dict[str, User], day: date) -> None:
    for edition in item.editions.all():
        news.take(edition, people, day)


def _draft(setting: Setting, number: int, row: dict[str, Any]) -> None:
    people, opens = setting.people, setting.today - timedelta(days=row["opens"])
    item = Item.objects.create(kind=Item.Kind.CONSULTATION, slug=row["slug"], is_sample=True)
    for language, title in row["title"].items():
        texts = {"title": title, "summary": row["summary"][language], "body": row["body"][language], "sources": ""}
        lifecycle.write(item, language=language, by=people["editor"], at=morning(opens), **texts)
    _publish(item, people, opens - timedelta(days=1))
    draft = PlanningDraft(
        item=item, opens_on=opens, closes_on=opens + timedelta(days=row["lasts"] - 1), owner=people["land"],
        is_sample=True,
    )  # fmt: skip
    consultations.renew_promise(draft)
    draft.save()
    groups = [_group(draft, place, said, people["land"]) for place, said in enumerate(row.get("groups", []))]
    for place, said in enumerate(row["comments"]):
        _comment(draft, number, place, said, groups, people["land"])
    if "answered" in row:
        at = morning(draft.closes_on + timedelta(days=row["answered"]), 10)
        consultations.answer(draft, by=people["leader"], at=at)


def _group(draft: PlanningDraft, place: int, said: dict[str, Any], by: User) -> CommentGroup:
    texts = {f"{name}_{language}": text for name, both in said.items() for language, text in both.items()}
    return CommentGroup.objects.create(draft=draft, position=place, written_by=by, is_sample=True, **texts)


def _comment(
    draft: PlanningDraft, number: int, place: int, row: dict[str, Any], groups: list[CommentGroup], by: User
) -> None:
    at = morning(draft.opens_on + timedelta(days=row["after"]), 11)
    said = {name: row[name] for name in ("name", "organisation", "text")}
    said |= {"email": f"nguoi-gop-y-{number}{place}@mau.example", "phone": "", "language": "vi"}
    key = _key(f"comment-{number}", place)
    comment = consultations.comment(draft, form_key=key, said=said, at=at, is_sample=True)
    if "group" in row:
        consultations.count(comment, group=groups[row["group"]], by=by, at=at + timedelta(days=1))
    elif "aside" in row:
        consultations.set_aside(comment, reason=row["aside"], by=by, at=at + timedelta(days=1))


def _key(what: str, number: int) -> UUID:
    return uuid5(NAMESPACE_URL, f"sample-{what}-{number}")
