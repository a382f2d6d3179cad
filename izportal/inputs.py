"""The inputs of filter forms, written at once: a template for each of forty costs more than the list beside them."""

from typing import Any

from django.forms.renderers import TemplatesSetting
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe

INPUTS = {f"django/forms/widgets/{name}.html" for name in ("input", "text", "date", "checkbox_option")}


class Written(TemplatesSetting):
    """What Django's own templates say, letter by letter; other widgets are left to their templates."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        widget = context.get("widget", {})
        if template_name not in INPUTS or widget.get("wrap_label"):
            return super().render(template_name, context, request)
        value = "" if widget["value"] is None else f' value="{conditional_escape(str(widget["value"]))}"'
        attributes = "".join(_attribute(*pair) for pair in widget["attrs"].items())
        return mark_safe(
            f'<input type="{widget["type"]}" name="{conditional_escape(widget["name"])}"{value}{attributes}>'
        )


def _attribute(name: str, value: Any) -> str:
    if value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{conditional_escape(str(value))}"'
