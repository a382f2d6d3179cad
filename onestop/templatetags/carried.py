"""What the pages of filing tell of a draft that was carried to a newer form."""

from django import template

from onestop import carrying

register = template.Library()


@register.inclusion_tag("onestop/_carried.html")
def tell_carried(dossier):
    return {"notice": carrying.notice(dossier)}
