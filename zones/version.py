"""The version of the land: it changes with every write to what searches read, and as sample data come and go, of which
every page tells."""

from izportal.models import User
from izportal.versions import Version

TABLES = (
    "zones_zone", "zones_phase", "zones_plot", "zones_availability", "zones_confirmation", "zones_utilitycapacity",
    "zones_utilitycommitment", "izportal_rule",
)  # fmt: skip
VERSION = Version("zones.LandChange", TABLES, beside=f"EXISTS (SELECT 1 FROM {User._meta.db_table} WHERE is_sample)")
counted = VERSION.counted
now = VERSION.now
sweep = VERSION.sweep
