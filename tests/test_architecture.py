"""The promises of the layout, kept by reading the source: floors, names, one place for each thing, measure."""

import ast
import importlib.util
import re
import statistics
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import translation

TOP = Path(__file__).resolve().parent.parent
APPS = ["izportal", "zones", "projects", "onestop"]
GROUND, ZONES, PROJECTS, ONESTOP, ROOF = range(5)
ROOF_MODULES = {
    *(
        "api",
        "asgi",
        "chain",
        "management",
        "office_search",
        "opendata",
        "press",
        "privacy",
        "site_search",
        "sitemaps",
        "statistics",
    ),
    *("timeline", "urls", "views", "wsgi"),
}
PATTERN_NAMES = {"services", "utils", "common", "helpers", "managers", "selectors", "core", "signals", "misc"}
SOURCES = sorted(path for app in APPS for path in (TOP / app).rglob("*.py") if "migrations" not in path.parts)
VIEWS = [path for path in SOURCES if "views" in (path.stem, path.parent.name)]
TEMPLATES = sorted((TOP / "templates").rglob("*.html"))
# A paper is printed, not browsed: its page carries its own style sheet, and no policy reads it.
PAPERS = [path for path in TEMPLATES if path.parent.name in {"slips", "papers"}]
PAGES = [path for path in TEMPLATES if path not in PAPERS]


def name_of(path):
    return str(path.relative_to(TOP))


def module_of(path):
    parts = path.relative_to(TOP).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree_of(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def floor_of(module):
    app, *rest = module.split(".")
    if app != "izportal":
        return {"zones": ZONES, "projects": PROJECTS, "onestop": ONESTOP}[app]
    return ROOF if rest and rest[0] in ROOF_MODULES else GROUND


def imports_in(path, node):
    """The project's own modules that an import statement names."""
    if isinstance(node, ast.Import):
        found = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom):
        package = module_of(path).split(".")[: -node.level or None] if node.level else []
        base = ".".join([*package, *([node.module] if node.module else [])])
        found = [f"{base}.{alias.name}" for alias in node.names]
    else:
        return []
    return [module for module in found if module.split(".")[0] in APPS]


def templates_named_in(function):
    return {
        node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"[\w/]+\.html", node.value)
    }


def url_patterns(resolver=None):
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from url_patterns(entry)
        elif isinstance(entry, URLPattern) and entry.callback.__module__.split(".")[0] in APPS:
            yield entry


def test_imports_run_downstairs_only():
    upstairs = [
        f"{name_of(path)}:{node.lineno} imports {module}"
        for path in SOURCES
        for node in ast.walk(tree_of(path))
        for module in imports_in(path, node)
        if floor_of(module) > floor_of(module_of(path))
    ]
    assert {floor_of(module_of(path)) for path in SOURCES} == {GROUND, ZONES, PROJECTS, ONESTOP, ROOF}
    assert upstairs == []


def test_imports_stand_outside_functions():
    hidden = [
        f"{name_of(path)}:{node.lineno} imports {module}"
        for path in SOURCES
        for function in ast.walk(tree_of(path))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for node in ast.walk(function)
        for module in imports_in(path, node)
    ]
    assert hidden == []


def test_models_import_no_room_of_their_app():
    """Rows that have a module of their own are no room: `zones/enquiry_models.py`."""
    rooms = [
        f"{name_of(path)}:{node.lineno} imports {module}"
        for path in SOURCES
        if path.name == "models.py" and path.parent.name != "izportal"
        for node in ast.walk(tree_of(path))
        for module in imports_in(path, node)
        if floor_of(module) == floor_of(module_of(path)) and not module.split(".")[1].endswith("_models")
    ]
    assert rooms == []


def test_files_are_named_after_the_trade():
    assert [name_of(path) for path in SOURCES if path.stem in PATTERN_NAMES] == []


def test_modules_open_with_a_sentence():
    modules = [*SOURCES, *sorted((TOP / "tests").rglob("*.py"))]
    silent = [name_of(path) for path in modules if path.stat().st_size and not ast.get_docstring(tree_of(path))]
    assert silent == []


def test_no_signal_receivers_but_roles_after_migration():
    listening = {
        name_of(path): ast.unparse(node.func)
        for path in SOURCES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and re.search(r"(\.connect|\breceiver)$", ast.unparse(node.func))
    }
    assert listening == {"izportal/apps.py": "post_migrate.connect"}


def test_izportal_is_installed_last():
    assert settings.INSTALLED_APPS[-1].split(".")[0] == "izportal"


def test_url_names_are_the_names_of_their_views():
    strange = [
        f"{pattern.name} is {pattern.callback.__module__}.{pattern.callback.__name__}"
        for pattern in url_patterns()
        if "admin" not in pattern.callback.__module__
        and not pattern.callback.__module__.startswith("izportal.backoffice.")
        and pattern.name != pattern.callback.__name__
    ]
    assert strange == []


def test_views_render_the_template_of_their_name():
    strange = []
    for path in VIEWS:
        # The content is an app of its own within the roof.
        folder = module_of(path).replace("izportal.press", "press").split(".")[0]
        for function in tree_of(path).body:
            if not isinstance(function, ast.FunctionDef) or function.name.startswith("_"):
                continue
            pages = {page for page in templates_named_in(function) if not Path(page).name.startswith("_")}
            if pages - {f"{folder}/{function.name}.html"}:
                strange.append(f"{name_of(path)}: {function.name} renders {sorted(pages)}")
    assert strange == []


def test_templates_named_in_code_exist():
    missing = [
        f"{name_of(path)} names {page}"
        for path in SOURCES
        for page in templates_named_in(tree_of(path))
        if not page.startswith(("admin/", "import_export/")) and not (TOP / "templates" / page).exists()
    ]
    assert missing == []


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(r"<[^>]*\sstyle\s*=", id="style attribute"),
        pytest.param(r"<style\b", id="style element"),
        pytest.param(r"<script(?![^>]*\b(src|type=[\"']application/(ld\+)?json))[^>]*>", id="script without a file"),
        pytest.param(r"<[^>%{]*\son[a-z]+\s*=", id="event attribute"),
        pytest.param(r"javascript:", id="script address"),
        pytest.param(r"\ssrc\s*=\s*[\"'](https?:)?//", id="file of another host"),
        pytest.param(
            r"<link\b[^>]*rel=[\"'](stylesheet|icon|preload|preconnect)[^>]*href=[\"'](https?:)?//", id="link"
        ),
    ],
)
def test_pages_obey_the_content_security_policy(fault):
    found = [name_of(path) for path in PAGES if re.search(fault, path.read_text(encoding="utf-8"), re.IGNORECASE)]
    assert found == []


def test_style_sheets_fetch_nothing_from_another_host():
    sheets = sorted((TOP / "static").rglob("*.css"))
    remote = re.compile(r"(url\(\s*[\"']?|@import\s+[\"'])(https?:)?//")
    assert [name_of(path) for path in sheets if remote.search(path.read_text(encoding="utf-8"))] == []


def lengths_of_functions():
    for path in SOURCES:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node.end_lineno - node.lineno + 1, path, node.name


def test_functions_are_short():
    lengths = [length for length, _, _ in lengths_of_functions()]
    assert statistics.median(lengths) <= 8
    assert statistics.quantiles(lengths, n=10)[-1] <= 30


def test_views_are_thin():
    fat = [
        f"{name_of(path)}: {name} has {length} lines"
        for length, path, name in lengths_of_functions()
        if path in VIEWS and length > 40
    ]
    assert fat == []


def test_templates_are_short():
    lengths = [len(path.read_text(encoding="utf-8").splitlines()) for path in PAGES]
    assert statistics.median(lengths) <= 30
    assert statistics.quantiles(lengths, n=10)[-1] <= 110


def test_postgresql_is_spoken_through_psycopg2():
    # Where psycopg 3 can be imported, Django takes it without a word.
    assert importlib.util.find_spec("psycopg") is None
    if connection.vendor == "postgresql":
        assert connection.Database.__name__ == "psycopg2"


def test_every_constraint_says_its_sentence():
    """In both languages; a bare percent sign would break it in the hands of whoever runs into it."""
    constraints = [rule for model in apps.get_models() for rule in model._meta.constraints]
    for language in ("vi", "en"):
        with translation.override(language):
            assert [rule.name for rule in constraints if not rule.get_violation_error_message()] == []
