"""The English catalogue is whole: each Vietnamese string that code or templates mark has its English, and the compiled
file is the written one."""

import ast
import io
import re
import tokenize
from pathlib import Path

import polib
import pytest
from django.utils.translation import template

TOP = Path(__file__).resolve().parent.parent
CATALOGUE = TOP / "izportal/locale/en/LC_MESSAGES/django.po"
MARKS = {
    "_": "m",
    "gettext": "m",
    "gettext_lazy": "m",
    "gettext_noop": "m",
    "ngettext": "ms",
    "ngettext_lazy": "ms",
    "pgettext": "cm",
    "pgettext_lazy": "cm",
    "npgettext": "cms",
    "npgettext_lazy": "cms",
}
CALL = re.compile(r"\b(_|n?p?gettext(?:_lazy)?)\(")


def marked_in_code(source):
    """(context, message) of every call of a gettext function with plain strings."""
    for node in ast.walk(ast.parse(source)):
        name = getattr(getattr(node, "func", None), "id", None)
        if name in MARKS and isinstance(node, ast.Call):
            texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
            yield from told(MARKS[name], texts)


def marked_in_template(source):
    """The same for a template, by way of Django's own extraction."""
    pseudo = template.templatize(source)
    for found in CALL.finditer(pseudo):
        texts, depth = [], 0
        for token in tokenize.generate_tokens(io.StringIO(pseudo[found.end() - 1 :]).readline):
            depth += {"(": 1, ")": -1}.get(token.string, 0)
            if token.type == tokenize.STRING:
                texts.append(ast.literal_eval(token.string))
            if not depth:
                break
        yield from told(MARKS[found.group(1)], texts)


def told(shape, texts):
    if len(texts) >= len(shape):
        said = dict(zip(shape, texts, strict=False))
        yield said.get("c"), said["m"]


def marked():
    for app in ("izportal", "zones", "projects", "onestop"):
        for path in sorted((TOP / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield from ((path, *one) for one in marked_in_code(path.read_text()))
    for path in sorted((TOP / "templates").rglob("*.*")):
        yield from ((path, *one) for one in marked_in_template(path.read_text()))


@pytest.fixture(scope="module")
def catalogue():
    return polib.pofile(str(CATALOGUE))


def test_every_marked_string_has_its_english(catalogue):
    known = {(entry.msgctxt, entry.msgid) for entry in catalogue if entry.translated() and not entry.fuzzy}
    missing = {(str(path.relative_to(TOP)), text) for path, context, text in marked() if (context, text) not in known}
    assert sorted(missing) == []


def test_english_keeps_every_placeholder(catalogue):
    holes = re.compile(r"%\(\w+\)[sd]|%%")
    wrong = [
        entry.msgid
        for entry in catalogue
        for english in (entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr])
        if not set(holes.findall(english)) <= set(holes.findall(entry.msgid + entry.msgid_plural))
        or (not entry.msgid_plural and set(holes.findall(english)) != set(holes.findall(entry.msgid)))
    ]
    assert wrong == []


@pytest.mark.parametrize("language", ["en", "vi"])
def test_compiled_catalogue_is_the_written_one(language):
    written = TOP / f"izportal/locale/{language}/LC_MESSAGES/django.po"
    compiled = polib.mofile(str(written.with_suffix(".mo")))
    as_written = {
        (e.msgctxt, e.msgid): e.msgstr_plural or e.msgstr for e in polib.pofile(str(written)).translated_entries()
    }
    assert {(e.msgctxt, e.msgid): e.msgstr_plural or e.msgstr for e in compiled} == as_written
