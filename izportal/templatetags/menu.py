"""The list of what somebody may open in the back office, on its first page and beside every other."""

from urllib.parse import quote

from django import template
from django.template.loader import render_to_string

register = template.Library()


@register.simple_tag(takes_context=True)
def menu(context, app_list, show_changelinks):
    """Drawn once for the same rights, language and place: a `Menu` keeps what was drawn of it."""
    path = quote(context["request"].path)
    links = (link for app in app_list for link in (app["app_url"], *(row["admin_url"] for row in app["models"])))
    here = frozenset(link for link in links if link and link in path)
    drawn = getattr(app_list, "drawn", {})
    if (here, show_changelinks) not in drawn:
        told = {"app_list": app_list, "here": here, "show_changelinks": show_changelinks}
        drawn[here, show_changelinks] = render_to_string("admin/_app_list.html", told)
    return drawn[here, show_changelinks]
