"""The inputs of filter forms, written at once: a template for each of forty costs more than the list beside them."""

from typing import Any

from django.forms.renderers import TemplatesSetting
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe

SELECT = "django/forms/widgets/select.html"
INPUTS = {f"django/forms/widgets/{name}.html" for name in ("input", "text", "date", "checkbox_option")}


class Written(TemplatesSetting):
    """What Django's own templates say, letter by letter; other widgets are left to their templates."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        widget = context.get("widget", {})
        if template_name == SELECT:
            return mark_safe(_select(widget))
        if template_name not in INPUTS or widget.get("wrap_label"):
            return super().render(template_name, context, request)
        return mark_safe(_input(widget))


def _input(widget: dict[str, Any]) -> str:
    value = "" if widget["value"] is None else f' value="{conditional_escape(str(widget["value"]))}"'
    return f'<input type="{widget["type"]}"{_attribute("name", widget["name"])}{value}{_attributes(widget)}>'


def _select(widget: dict[str, Any]) -> str:
    groups = "".join(_group(name, choices) for name, choices, _index in widget["optgroups"])
    return f"<select{_attribute('name', widget['name'])}{_attributes(widget)}>{groups}\n</select>"


def _group(name: str | None, choices: list[dict[str, Any]]) -> str:
    options = "".join(_option(choice) for choice in choices)
    return f"\n  <optgroup{_attribute('label', name)}>{options}\n  </optgroup>" if name else options


def _option(choice: dict[str, Any]) -> str:
    value = _attribute("value", str(choice["value"]))
    return f"\n  <option{value}{_attributes(choice)}>{conditional_escape(choice['label'])}</option>"


def _attributes(widget: dict[str, Any]) -> str:
    return "".join(_attribute(*pair) for pair in widget["attrs"].items())


def _attribute(name: str, value: Any) -> str:
    if value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{conditional_escape(str(value))}"'
