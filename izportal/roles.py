"""Who may do what: one table, read by people, turned into groups after each migration.

A role is a group of the same code. What stands here is the right to open and keep records; which step of a dossier a
role may take stands in `onestop/workflow.py`. Deeds of the register and of the land have no right of their own: they
are done by steps.
"""

from dataclasses import dataclass
from itertools import product
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

READ, KEEP, ALL = ("view",), ("view", "change"), ("view", "add", "change", "delete")
WRITE = ("view", "add", "change")

LAND = ("zones.zone", "zones.phase", "zones.plot", "zones.document")
# What people ask about land, with their names and addresses; and the same without, as needs that nothing met.
ENQUIRIES = ("zones.enquiry", "zones.unmetneed")
NEEDS = ("zones.unmetneed",)
# Who is written about which search of land, by address.
WATCHES = ("zones.searchwatch",)
# What the networks of a zone can give, and what of it is promised.
NETWORKS = ("zones.utilitycapacity", "zones.utilitycommitment")
LAND_HISTORY = ("zones.zonearea", "zones.availability", "zones.confirmation", "zones.outlineentry", "zones.factsheet")
REGISTER = (
    "projects.project",
    "projects.enterprise",
    "projects.investor",
    "projects.contribution",
    "projects.mandate",
)
# What people write about themselves to be let in; read by those who answer.
REQUESTS = ("projects.mandaterequest",)
REGISTER_HISTORY = ("projects.change", "projects.tenure", "projects.classification", "projects.milestone")
# What enterprises report and the board draws up from it: figures of single enterprises, so not for everybody here.
REPORTS = ("projects.report", "projects.reportanswer", "projects.ministryreport")
PERIODS = ("projects.reportperiod", "projects.developerphase")
LISTS = ("projects.country", "projects.sector")
COUNTER = (
    "onestop.dossier", "onestop.paper", "onestop.supplement", "onestop.supplementitem", "onestop.supplementpermit",
    "onestop.event", "onestop.promise", "onestop.slip",
    "onestop.reading", "onestop.pace",
    "onestop.opinion", "onestop.survey", "onestop.amendment", "onestop.message", "onestop.calendarchange",
)  # fmt: skip
CATALOGUE = (
    "onestop.field", "onestop.procedure", "onestop.procedureversion", "onestop.procedurecase", "onestop.component",
    "onestop.definition", "onestop.decisiontemplate", "onestop.stagebudget", "onestop.leg",
)  # fmt: skip
INTAKE = ("onestop.intakesystem", "onestop.intakecall")
LAW = ("izportal.calendarday", "izportal.rule", "izportal.act")
STATED = ("izportal.statedfigure",)
# Breaks in the series, the calendar of releases and the targets of a plan; and what was given out, which nobody writes
# by hand.
FIGURES = ("izportal.seriesbreak", "izportal.release", "izportal.plantarget")
PUBLISHED = ("izportal.publication", "izportal.publishedfigure")
JOBS = ("izportal.job",)
# Files on their way in; whoever has some zones sees their own.
CHANGE_SETS = ("izportal.changeset",)
WORDINGS = ("izportal.wording",)
# Who is away and who stands in: each for themselves; whom else, `onestop/absences` knows.
ABSENCES, NOTE = ("onestop.absence",), ("view", "add")
USERS = ("izportal.user",)
PEOPLE = (*USERS, "izportal.division")
# What the board publishes in its own words; drafts are read by those who write, review and watch over them.
CONTENT = (
    "press.item", "press.edition", "press.document", "press.category", "press.picture", "press.attachment",
)  # fmt: skip
# Planning drafts under consultation and answers for everyone; and what people write, with names and addresses.
PLANS = ("press.planningdraft", "press.commentgroup", "press.answer")
VOICES = ("press.question", "press.comment")
ROLES_READ = ("auth.group",)
TRACES = ("izportal.notice", "izportal.storedfile", "admin.logentry", "onestop.series")
EVERYTHING = (
    *LAND, *LAND_HISTORY, *NETWORKS, *REGISTER, *REQUESTS, *REGISTER_HISTORY, *LISTS, *COUNTER, *CATALOGUE, *LAW,
    *STATED, *FIGURES, *PUBLISHED,
    *PEOPLE, *ROLES_READ, *TRACES, *JOBS, *WORDINGS, *CHANGE_SETS, *INTAKE, *ABSENCES, *ENQUIRIES, *WATCHES,
    *REPORTS, *PERIODS, *PLANS, *VOICES, *CONTENT,
)  # fmt: skip
# Every person of the board reads the land, the register and the catalogue.
COMMON = (
    *LAND, *LAND_HISTORY, *NETWORKS, *REGISTER, *REGISTER_HISTORY, *LISTS, *CATALOGUE, *LAW, *STATED, *FIGURES,
    *PUBLISHED,
)  # fmt: skip


@dataclass(frozen=True)
class Role:
    code: str
    label: str | Promise
    grants: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]

    @property
    def permissions(self) -> set[str]:
        """Full codenames, e.g. `zones.change_plot`."""
        found = set()
        for models, actions in self.grants:
            for model, action in product(models, actions):
                app, name = model.split(".")
                found.add(f"{app}.{action}_{name}")
        return found


ROLES = (
    Role("reception", _("Cán bộ tiếp nhận (Một cửa)"), ((COMMON, READ), (COUNTER, READ), (ABSENCES, NOTE))),
    Role(
        "specialist", _("Chuyên viên thẩm định"),
        ((COMMON, READ), (COUNTER, READ), (ABSENCES, NOTE), ((*PLANS, *VOICES), READ),
         (("press.commentgroup",), WRITE)),
    ),
    Role(
        "head", _("Trưởng phòng"),
        ((COMMON, READ), (COUNTER, READ), (("projects.mandate",), WRITE), (REQUESTS, READ), (USERS, READ),
         (ABSENCES, NOTE), (NEEDS, READ), (CHANGE_SETS, READ), (("onestop.decisiontemplate",), KEEP),
         ((*REPORTS, *PERIODS, *CONTENT, *VOICES), READ), (PLANS, WRITE)),
    ),
    Role(
        "leader", _("Lãnh đạo Ban"),
        ((COMMON, READ), (COUNTER, READ), ((*TRACES, *CHANGE_SETS), READ), (ABSENCES, NOTE), (ENQUIRIES, READ),
         ((*REPORTS, *PERIODS, *CONTENT, *PLANS, *VOICES), READ)),
    ),
    Role("clerk", _("Văn thư"), ((COMMON, READ), (COUNTER, READ), (ABSENCES, NOTE))),
    Role(
        "register", _("Cán bộ sổ dự án"),
        (
            (COMMON, READ), (COUNTER, READ), (("projects.enterprise", "projects.investor", "projects.mandate"), WRITE),
            (("projects.project",), KEEP), ((*REQUESTS, *CHANGE_SETS), READ), (LISTS, WRITE),
            (USERS, READ), (ABSENCES, NOTE),
            (REPORTS, READ), (PERIODS, WRITE), (("press.question", "press.answer"), READ),
        ),
    ),
    Role(
        "land", _("Cán bộ quỹ đất"),
        (((*COMMON, *CHANGE_SETS), READ), ((*LAND, *NETWORKS), WRITE), (("zones.zonearea",), ("view", "add")),
         ((*ENQUIRIES, *WATCHES, *PLANS, *VOICES), READ), (("press.commentgroup",), WRITE)),
    ),
    Role(
        "operator", _("Đơn vị vận hành khu"),
        (((*LAND, *LAND_HISTORY, *CHANGE_SETS), READ), (("zones.plot", "zones.document", *NETWORKS), WRITE),
         (ENQUIRIES, READ)),
    ),
    Role(
        "editor", _("Biên tập viên"),
        ((COMMON, READ), ((*STATED, *FIGURES), WRITE), (("zones.zone", "zones.document"), WRITE), (WORDINGS, READ),
         ((*CONTENT, *PLANS), WRITE), (("press.attachment", "press.commentgroup"), ("delete",)), (VOICES, READ)),
    ),
    Role("auditor", _("Kiểm tra, thanh tra"), ((EVERYTHING, READ),)),
    Role(
        "administrator", _("Quản trị hệ thống"),
        (
            (EVERYTHING, READ), (PEOPLE, WRITE), (("izportal.calendarday", "onestop.stagebudget"), ALL),
            (LAW, WRITE), ((*STATED, *FIGURES), WRITE),
            (CATALOGUE, WRITE), (("projects.mandate",), WRITE), (("onestop.intakesystem",), WRITE),
            (ABSENCES, NOTE), (PERIODS, WRITE),
        ),
    ),
)  # fmt: skip
BY_CODE = {role.code: role for role in ROLES}

# What the back office does besides plain adding and changing, and which roles do it. Whoever reads a list may
# export it.
DEEDS = {
    "import_land": ("land",),
    "import_procedures": ("administrator",),
    "import_networks": ("land", "operator"),
    # Money and status in a sheet: whoever sent it never approves it.
    "approve_sheet": ("head", "leader"),
    "confirm_plot": ("land", "operator"),
    "record_availability": ("land",),
    "enter_outline": ("land",),
    "correct_zone_area": ("land",),
    "answer_enquiry": ("land", "operator"),
    "assign_enquiry": ("land", "leader"),
    "keep_ledger": ("register",),
    "publish_figures": ("leader",),
    "write_content": ("editor",),
    "review_content": ("head", "leader"),
    "publish_content": ("head", "leader"),
    "answer_question": ("specialist", "head", "register", "land", "editor"),
    "approve_answer": ("head", "leader"),
    "assign_question": ("head", "leader"),
    "publish_answer": ("editor", "head", "specialist", "land"),
    "gather_comments": ("specialist", "head", "land", "editor"),
    "approve_mandate": ("head", "register", "administrator"),
    "edit_form": ("head", "administrator"),
    "publish_form": ("leader", "administrator"),
    "keep_people": ("administrator",),
    "retry_job": ("administrator",),
    "edit_wording": ("editor", "administrator"),
    "edit_key_wording": ("administrator",),
    "enter_dossier": ("reception", "administrator"),
    "revoke_slip": ("leader", "administrator"),
    "edit_decision_template": ("head", "administrator"),
    "publish_decision_template": ("leader", "administrator"),
    "change_calendar": ("administrator",),
    "answer_report": ("register", "head"),
    "enter_report": ("register",),
    "remind_reports": ("register", "head"),
    "draw_up_ministry": ("register", "head"),
    "sign_ministry": ("head", "leader"),
    "read_timeline": ("auditor", "leader", "administrator"),
}


def may(user: Any, deed: str) -> bool:
    """Does one of the person's roles do this deed? A superuser stands in for every role."""
    return user.is_active and (user.is_superuser or user.has_role(*DEEDS[deed]))


def only_proposes(user: Any) -> bool:
    """Does the person work for an operator of zones, whose words on the land the board accepts first?"""
    return user.has_role("operator") and not may(user, "import_land")


def label(code: str) -> str:
    """The name of a role; the applicant is no role of the board but stands in the same lines."""
    others = {"applicant": _("Người nộp hồ sơ"), "system": _("Hệ thống"), "clock": _("Tự động theo thời hạn")}
    return str(BY_CODE[code].label if code in BY_CODE else others.get(code, code))


def grant_after_migrate(sender, apps=None, using="default", **kwargs):
    """Turn the table into groups; a right taken out of the table leaves the group too."""
    from django.apps import apps as installed
    from django.contrib.auth.management import create_permissions

    for config in installed.get_app_configs():
        create_permissions(config, verbosity=0, using=using)
    Group, Permission = installed.get_model("auth", "Group"), installed.get_model("auth", "Permission")
    by_name = {
        f"{p.content_type.app_label}.{p.codename}": p
        for p in Permission.objects.using(using).select_related("content_type")
    }
    for role in ROLES:
        group, _made = Group.objects.using(using).get_or_create(name=role.code)
        group.permissions.set([by_name[name] for name in role.permissions if name in by_name])
