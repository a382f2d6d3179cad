"""Zones and plots as linked data (schema.org) for search engines: what the page states and nothing beyond it.

Invented rows say nothing: a machine does not see the mark that readers see.
"""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from zones.models import Plot, Zone

UNITS: dict[str, str] = {Plot.PriceBasis.M2_YEAR: "ANN", Plot.PriceBasis.M2_MONTH: "MON"}
SQUARE_METRE = "MTK"


def of_zone(zone: Zone) -> dict[str, Any]:
    """The zone as a place; its point only where it is more than approximate."""
    place: dict[str, Any] = {
        "@type": "Place", "@id": _address(zone), "name": zone.name, "url": _address(zone),
        "address": {
            "@type": "PostalAddress", "streetAddress": zone.location_new or zone.location_old,
            "addressRegion": "Thái Nguyên", "addressCountry": "VN",
        },
    }  # fmt: skip
    if zone.latitude is not None and zone.longitude is not None and not zone.is_point_approximate:
        point = {"latitude": float(zone.latitude), "longitude": float(zone.longitude)}
        place["geo"] = {"@type": "GeoCoordinates", **point}
    return place


def of_plot(plot: Plot) -> dict[str, Any] | None:
    """A plot that is offered as an offer of its ground, any other as a place; `plot` comes with its offer."""
    if plot.is_sample:
        return None
    name = _("Lô %(number)s, %(zone)s") % {"number": plot.number, "zone": plot.zone.name}
    place = {
        "@type": "Place", "name": name, "url": _address(plot), "containedInPlace": of_zone(plot.zone),
        "additionalProperty": {
            "@type": "PropertyValue", "name": _("Diện tích"), "value": float(plot.area_m2), "unitCode": SQUARE_METRE,
        },
    }  # fmt: skip
    if not plot.is_offered:
        return place
    offer = {
        "@type": "Offer", "name": name, "url": _address(plot), "itemOffered": place,
        "businessFunction": "http://purl.org/goodrelations/v1#LeaseOut",
        "availability": "https://schema.org/InStock",
    }  # fmt: skip
    return {**offer, "priceSpecification": price} if (price := _price(plot)) else offer


def _price(plot: Plot) -> dict[str, Any] | None:
    """A price that somebody has stated, with its unit and the day it is from."""
    if plot.price is None:
        return None
    price: dict[str, Any] = {
        "@type": "UnitPriceSpecification", "price": float(plot.price), "priceCurrency": plot.price_currency,
        "unitText": str(plot.get_price_basis_display()),
        "referenceQuantity": {"@type": "QuantitativeValue", "value": 1, "unitCode": SQUARE_METRE},
    }  # fmt: skip
    if plot.price_basis in UNITS:
        price["billingDuration"] = {"@type": "QuantitativeValue", "value": 1, "unitCode": UNITS[plot.price_basis]}
    if plot.price_on:
        price["validFrom"] = plot.price_on.isoformat()
    return price


def _address(row: Zone | Plot) -> str:
    return settings.SITE_URL + row.get_absolute_url()
