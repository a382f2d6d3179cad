"""Sample enquiries about land: new, late, answered and closed, as the verbs of the land would have left them."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from izportal.correspondence.letters import with_link
from izportal.management.sample.setting import Setting, morning, words
from izportal.models import Notice, User
from zones import enquiries
from zones.enquiries import snapshot
from zones.models import Availability, Enquiry, Plot, Zone

NUMBERS = ("area_from", "area_to", "power_kva", "water_m3_day", "wastewater_m3_day", "clear_height_m")
PLAIN = ("name", "organisation", "country", "language", "kind", "area_unit", "note")


def make(setting: Setting) -> None:
    zones, keeper = {zone.code: zone for zone in Zone.objects.all()}, setting.people["land"]
    for number, row in enumerate(words("enquiries")["enquiries"], start=1):
        day = setting.today - timedelta(days=row["days"])
        enquiry = _asked(setting, number, row, zones.get(row["zone"]), morning(day, 9))
        _go_on(setting, number, row, enquiry, day, keeper)
    # The addresses in these letters are secrets, which are not kept once a letter is out.
    Notice.objects.filter(is_sample=True, kind=with_link(Enquiry)).update(body="")


def _asked(setting: Setting, number: int, row: dict[str, Any], zone: Zone | None, at: datetime) -> Enquiry:
    plot = _free_plot(zone, setting.today) if row["about"] == "plot" and zone else None
    said = {name: row[name] for name in PLAIN if name in row} | {"email": f"nguoi-hoi-{number:02d}@mau.example"}
    said |= {name: Decimal(row[name]) for name in NUMBERS if name in row}
    return enquiries.ask(
        form_key=_key(number, "ask"), said=said, origin=row["about"] if plot or zone else "need",
        seen=_seen(plot, zone, row["about"], at), at=at, zone=zone, plot=plot, is_sample=True,
    )  # fmt: skip


def _free_plot(zone: Zone, on: date) -> Plot | None:
    rows = Plot.objects.filter(zone=zone, is_sample=True, kind=Plot.Kind.LAND).with_status(on=on)
    return rows.filter(status=Availability.Status.AVAILABLE).order_by("-area_m2", "pk").first()


def _seen(plot: Plot | None, zone: Zone | None, about: str, at: datetime) -> dict[str, Any]:
    if plot is not None:
        return snapshot.of_plot(plot, at=at)
    if zone is not None and about == "zone":
        return snapshot.of_zone(zone, on=at.date(), at=at)
    return snapshot.of_need(at=at)


def _go_on(setting: Setting, number: int, row: dict[str, Any], enquiry: Enquiry, day: date, keeper: User) -> None:
    for place, said in enumerate(row.get("replies", [])):
        at = morning(day + timedelta(days=said["after"]), 10)
        enquiries.reply(enquiry, text=said["text"], by=keeper, at=at, form_key=_key(number, f"reply-{place}"))
    if (end := row.get("closed")) is not None:
        at = morning(day + timedelta(days=end["after"]), 15)
        enquiries.close(enquiry, outcome=end["outcome"], note=end["note"], by=keeper, at=at)


def _key(number: int, what: str):
    return uuid5(NAMESPACE_URL, f"sample-enquiry-{number}-{what}")
