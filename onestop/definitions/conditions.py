"""Conditions of a form in words: which answers a condition may name, and how one reads for people."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from onestop.definitions.checks import FACTS
from onestop.models import Definition, Dossier
from onestop.shapes import say
from projects.models import Project


@dataclass(frozen=True)
class Named:
    """A question, or a fact outside the form, with the answers that a condition may name; of both key and words."""

    key: str
    label: str
    answers: dict[str, str]


def facts(definition: Definition) -> list[Named]:
    """What stands outside the form: the case, the origin of the project, the way of filing."""
    version = definition.procedure.version_on(timezone.localdate())
    cases = {case.key: str(case) for case in version.cases.all()} if version else {}
    words = {"project_origin": dict(Project.Origin.choices), "channel": dict(Dossier.Channel.choices)}
    names = {"project_origin": _("Nguồn vốn của dự án"), "channel": _("Cách nộp")}
    others = [
        Named(key, names[key], {value: str(words[key].get(value, value)) for value in sorted(FACTS[key])})
        for key in FACTS
    ]
    return [Named("case", _("Trường hợp"), cases), *others]


def asked(definition: Definition, *, before: tuple[str, ...] = ()) -> list[Named]:
    """The questions with answers to name, in order; with a place, those that come before it."""
    found: list[Named] = []
    for section in definition.body["sections"]:
        for question in section["questions"]:
            if before and (section["key"], question["key"]) == before[:2]:
                return found
            answers = {choice["value"]: say(choice["label"]) for choice in question.get("choices", ())}
            if question.get("type") == "yes_no":
                answers = {"yes": _("Có"), "no": _("Không")}
            if answers:
                found.append(Named(question["key"], say(question["label"]), answers))
        if before and section["key"] == before[0]:
            return found
    return found


def known(definition: Definition) -> dict[str, Named]:
    return {named.key: named for named in (*facts(definition), *asked(definition))}


def told(condition: Mapping[str, Any], names: Mapping[str, Named]) -> str:
    """A condition for people: “Nguồn vốn: FDI hoặc DDI; Cách nộp: Tại quầy”."""
    parts = []
    for key, wanted in condition.items():
        named = names.get(key, Named(key, key, {}))
        among = _(" hoặc ").join(named.answers.get(value, str(value)) for value in wanted)
        parts.append(f"{named.label}: {among}")
    return "; ".join(parts)
