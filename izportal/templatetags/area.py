"""Areas, shares and plain numbers as text, in the reader's language."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django import template
from django.utils import formats
from django.utils.html import format_html
from django.utils.translation import gettext as _

register = template.Library()

NBSP = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"


def absent() -> str:
    """The mark of a value that nobody has stated; the word is there for those who do not see the dash."""
    return format_html('<span aria-hidden="true">—</span><span class="vh">{}</span>', _("chưa có"))


def grouped(value, places: int | None = None, *, at_most: int = 2) -> str:
    """`value` with the separators of the reader's language.

    `places` fixes the decimals; without it up to `at_most` are kept and trailing zeros fall away.
    """
    number = Decimal(str(value)).quantize(Decimal(1).scaleb(-(at_most if places is None else places)), ROUND_HALF_UP)
    if places is None:
        number = _trimmed(number)
    text = formats.number_format(abs(number), decimal_pos=places, use_l10n=True, force_grouping=True)
    return MINUS + text if number < 0 else text


def _trimmed(number: Decimal) -> Decimal:
    whole = number.to_integral_value()
    return whole if number == whole else number.normalize()


def with_unit(value, unit: str, places: int | None = None, *, at_most: int = 2) -> str:
    """Number and unit held together by a no-break space, or the mark of an absent value."""
    if value is None or value == "":
        return absent()
    try:
        return f"{grouped(value, places, at_most=at_most)}{NBSP}{unit.replace(' ', NBSP)}"
    except InvalidOperation:
        return str(value)


@register.filter
def number(value, places=None):
    """`{{ 1420.5|number }}` → 1.420,5 (vi), 1,420.5 (en); `number:2` fixes two decimals."""
    if value is None or value == "":
        return absent()
    try:
        return grouped(value, places)
    except InvalidOperation:
        return str(value)


@register.filter
def unit(value, name):
    """`{{ 92|unit:"USD/m²" }}` → 92 USD/m²."""
    return with_unit(value, str(name))


@register.filter
def ha(value, places=None):
    """Hectares; plots are measured to the square metre, so up to four decimals may matter."""
    return with_unit(value, "ha", places, at_most=4)


@register.filter
def m2(value, places=None):
    return with_unit(value, "m²", places)


@register.filter
def percent(value, places=None):
    """A share given in percent, `{{ 64.93|percent }}` → 64,9%; the sign stands at the number in both languages."""
    if value is None or value == "":
        return absent()
    return f"{grouped(value, places, at_most=1)}%"
