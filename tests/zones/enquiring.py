"""What tests of enquiries share: a need, a sealed form that was opened a while ago, an enquiry that was asked."""

import uuid
from datetime import timedelta

from django.utils import timezone

from izportal.correspondence import forms
from zones import enquiries
from zones.models import Enquiry

SAID = {
    "name": "Kim Min-jun", "organisation": "Hanil Mẫu", "country": "Hàn Quốc", "email": "kim@hanil.example",
    "phone": "", "language": "vi", "area_unit": "ha", "note": "Lô này còn trống không?", "kind": "land",
    "area_from": 5, "area_to": None, "needed_on": None, "power_kva": None, "water_m3_day": 10000,
    "wastewater_m3_day": 8000, "clear_height_m": None,
}  # fmt: skip


def ask(*, at, form_key=None, zone=None, plot=None, is_sample=False, **said):
    return enquiries.ask(
        form_key=form_key or uuid.uuid4(), said={**SAID, **said}, origin="need", seen={}, at=at, zone=zone, plot=plot,
        is_sample=is_sample,
    )  # fmt: skip


def reply(enquiry, *, by, at, text="Lô còn trống."):
    return enquiries.reply(enquiry, text=text, by=by, at=at, form_key=uuid.uuid4())


def unmet(*, by, at, **said):
    enquiry = ask(at=at, **said)
    return enquiries.close(enquiry, outcome=Enquiry.Outcome.NOT_MET, note="Chưa có lô", by=by, at=at)


def ticket(*, opened=timedelta(minutes=2)):
    return forms.seal(timezone.now() - opened)


def typed(**changed):
    """What a browser sends."""
    said = {name: "" if value is None else str(value) for name, value in SAID.items()}
    return {**said, "consent": "on", "website": "", "ticket": ticket(), **changed}
