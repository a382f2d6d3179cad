"""The version of the content: it changes with every write to what public pages show of it, and at each hour for which
something is announced."""

from django.db.models import Q
from django.utils import timezone

from izportal.models import User
from izportal.press.models import Edition
from izportal.versions import Version

TABLES = (
    "press_item", "press_edition", "press_category", "press_picture", "press_attachment", "press_document",
    "press_formerslug", "izportal_division",
)  # fmt: skip
VERSION = Version("press.PressChange", TABLES)
counted, sweep = VERSION.counted, VERSION.sweep


def now() -> str:
    """What its hour brings or takes away changes no row, so the count of what is due stands beside the version."""
    at = timezone.now()
    due = Q(status=Edition.Status.REVIEWED, publish_at__lte=at) | Q(expires_at__lte=at)
    is_sample = User.objects.filter(is_sample=True).exists()
    return f"{VERSION.now()}.{Edition.objects.filter(due).count()}.{int(is_sample)}"
