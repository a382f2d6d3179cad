"""The version of the register: it changes with every write to what its figures are made of."""

from izportal.versions import Version

TABLES = (
    "projects_change", "projects_project", "projects_contribution", "projects_investor", "projects_tenure",
    "projects_enterprise", "projects_sector", "projects_country", "projects_classification",
)  # fmt: skip
VERSION = Version("projects.RegisterChange", TABLES)
counted = VERSION.counted
now = VERSION.now
sweep = VERSION.sweep
