"""A form as its applicants will see it, in both languages at once and without a dossier behind it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from onestop import questions, shapes
from onestop.definitions import conditions
from onestop.models import Definition, Dossier
from onestop.shapes import LANGUAGES, Question, Section, say


class PreviewForm(questions.SectionForm):
    """Every question of a section, whatever hangs on answers elsewhere; under which condition it is asked, is told."""

    def __init__(self, *, language: str, names: Mapping[str, conditions.Named], **setting: Any):
        super().__init__(**setting)
        self.auto_id = f"f-{language}-%s"
        for question in self.questions:
            field = self.fields[question.key]
            field.disabled = True
            told = [field.help_text, *_conditions(question, names)]
            field.help_text = " ".join(filter(None, map(str, told)))

    def _is_put(self, question: Question, known: Mapping[str, Any]) -> bool:
        return True


def _conditions(question: Question, names: Mapping[str, conditions.Named]) -> list[str]:
    found = []
    if question.when:
        found.append(_("Chỉ hỏi khi: %(condition)s.") % {"condition": conditions.told(question.when, names)})
    if not isinstance(question.required, bool):
        found.append(_("Bắt buộc khi: %(condition)s.") % {"condition": conditions.told(question.required, names)})
    return found


def columns(definition: Definition, *, on: date) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """(language, note, sections as (title, HTML)) for each language."""
    shape = shapes.of(definition)
    version = definition.procedure.version_on(on) or definition.procedure.versions.first()
    dossier = Dossier(procedure=definition.procedure, version=version, definition=definition)
    found = []
    for language in LANGUAGES:
        with translation.override(language):
            names = conditions.known(definition)
            setting = {"language": language, "dossier": dossier, "names": names, "on": on}
            sections = [_section(section, setting) for section in shape.sections]
            found.append((language, say(shape.note), sections))
    return found


def _section(section: Section, setting: Mapping[str, Any]) -> tuple[str, str]:
    form = PreviewForm(section=section, **setting)
    context = {"form": form, "section_hint": say(section.hint)}
    return f"{say(section.step)}: {say(section.title)}", render_to_string("onestop/_section_fields.html", context)
