"""The version of the counter: it changes with every write to what the desk, the worklist and the record show."""

from izportal.versions import Version

TABLES = (
    "onestop_dossier", "onestop_supplement", "onestop_supplementpermit", "onestop_amendment", "onestop_opinion",
    "onestop_message", "onestop_reading", "onestop_event", "onestop_promise", "onestop_survey", "onestop_absence",
    "onestop_pace", "onestop_stagebudget", "onestop_field", "onestop_procedure", "onestop_procedureversion",
    "onestop_procedurecase", "projects_enterprise", "projects_project", "zones_zone", "zones_plot",
    "izportal_division", "izportal_rule", "izportal_calendarday", "izportal_user", "izportal_user_groups",
    "auth_group",
)  # fmt: skip
# What an applicant types saves itself every few seconds, and nobody at the board sees it.
ONLY = {"onestop_dossier": "{row}.status <> 'draft' OR {row}.channel <> 'here'"}
VERSION = Version("onestop.CounterChange", TABLES, ONLY)
counted = VERSION.counted
now = VERSION.now
sweep = VERSION.sweep
