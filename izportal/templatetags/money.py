"""Money as text. Amounts come in whole dollars or dong, as the register keeps them; USD and VND are never added."""

from decimal import Decimal

from django import template
from django.utils.translation import gettext as _

from izportal.templatetags.area import with_unit

register = template.Library()

MILLION = Decimal(10) ** 6
BILLION = Decimal(10) ** 9


def _scaled(value, by: Decimal):
    return value if value in (None, "") else Decimal(str(value)) / by


@register.filter
def usd(value, places=None):
    """12500000 → 12.500.000 USD."""
    return with_unit(value, "USD", places)


@register.filter
def musd(value, places=None):
    """Dollars in millions: 8412300000 → 8.412,3 triệu USD."""
    return with_unit(_scaled(value, MILLION), _("triệu USD"), places)


@register.filter
def vnd(value, places=None):
    """150000 → 150.000 đồng."""
    return with_unit(value, _("đồng"), places)


@register.filter
def bnvnd(value, places=None):
    """Dong in billions: 15497000000000 → 15.497 tỷ đồng."""
    return with_unit(_scaled(value, BILLION), _("tỷ đồng"), places)
