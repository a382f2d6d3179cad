"""What in the register waits for somebody: late projects, certificates without plots and plots without certificates,
long pauses, terms that end."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import tablib
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from izportal import roles
from izportal.folding import matches
from izportal.models import User
from izportal.sheets import Excel
from izportal.workdays import months_later
from projects.models import Change, Milestone, MinistryReport, Project, ReportPeriod, Tenure
from projects.reports import standing
from zones.models import Availability, Plot

YEAR = 12


@dataclass(frozen=True)
class Column:
    """`read` takes a row; `order` is the column of the database by which it is sorted."""

    key: str
    label: str | Promise
    read: Callable[[Any], Any]
    order: str


@dataclass(frozen=True)
class Worklist:
    """`rows` are those of today; `project` and `zone` are the ways from a row to its project and its zone."""

    key: str
    label: str | Promise
    explanation: str | Promise
    rows: Callable[[date], QuerySet]
    columns: tuple[Column, ...]
    zone: str = "zone"
    folded: str = "folded"
    page: Callable[[Any], tuple[str, Any]] = lambda row: ("admin:projects_project_change", row.pk)

    def of(self, user: User, *, on: date, zone: str = "", q: str = "", sort: str = "") -> QuerySet:
        """The rows that a person sees, narrowed and in order; the last column orders where nothing else does."""
        rows = self.rows(on)
        if user.zones:
            rows = rows.filter(**{f"{self.zone}__code__in": user.zones})
        if zone:
            rows = rows.filter(**{f"{self.zone}__slug": zone})
        by = {column.key: column.order for column in self.columns}
        key = sort.removeprefix("-")
        order = by.get(key, self.columns[-1].order)
        return matches(rows, q, self.folded).order_by(f"-{order}" if sort.startswith("-") else order, "pk")

    def sheet(self, rows: QuerySet) -> bytes:
        table = tablib.Dataset(headers=[str(column.label) for column in self.columns], title=str(self.label))
        for row in rows:
            table.append([column.read(row) for column in self.columns])
        return Excel().export_data(table)


def _alive(on: date) -> QuerySet[Project]:
    return Project.objects.countable().in_force(on=on).select_related("zone", "enterprise")


def _late(on: date) -> QuerySet[Milestone]:
    rows = Milestone.objects.late(on=on).filter(project__in=_alive(on).order_by().values("pk"))
    return rows.select_related("project__zone", "project__enterprise")


def _plotless(on: date) -> QuerySet[Project]:
    return _alive(on).exclude(pk__in=Tenure.objects.standing(on=on).values("project"))


def _unheld(on: date) -> QuerySet[Plot]:
    rows = Plot.objects.with_status(on=on).filter(status=Availability.Status.LEASED).select_related("zone")
    rows = rows.filter(is_sample=not Project.objects.filter(is_sample=False).exists())
    return rows.exclude(pk__in=Tenure.objects.standing(on=on).values("plot"))


def _asleep(on: date) -> QuerySet[Project]:
    pauses = Change.objects.standing(on=on).filter(project=OuterRef("pk"), stands_as=Change.Kind.SUSPENDED)
    since = Subquery(pauses.order_by("-effective_on", "-id").values("effective_on")[:1])
    rows = _alive(on).with_position(on=on).in_state(Project.Status.SUSPENDED, on=on)
    return rows.annotate(since=since).filter(since__lte=months_later(on, -YEAR))


def _ending(on: date) -> QuerySet[Project]:
    return _alive(on).filter(term_until__lte=months_later(on, YEAR))


def _of_project(path: str = "") -> tuple[Column, ...]:
    """Code, name, zone and enterprise of the project that a row is, or belongs to."""

    def project(row: Any) -> Project:
        return getattr(row, path) if path else row

    way = f"{path}__" if path else ""
    return (
        Column("code", _("Mã số dự án"), lambda row: project(row).code, f"{way}code"),
        Column("name", _("Tên dự án"), lambda row: project(row).name, f"{way}name_vi"),
        Column("zone", _("Khu công nghiệp"), lambda row: project(row).zone.short_name, f"{way}zone__code"),
        Column(
            "enterprise", _("Tổ chức kinh tế"),
            lambda row: str(project(row).enterprise or ""), f"{way}enterprise__name_vi",
        ),
    )  # fmt: skip


LATE = Worklist(
    "late", _("Dự án chậm tiến độ"),
    _("Mốc theo giấy chứng nhận đã qua mà sổ chưa ghi ngày thực tế; mỗi dòng là một mốc."), _late,
    (
        *_of_project("project"),
        Column("step", _("Mốc"), lambda row: row.get_kind_display(), "kind"),
        Column("planned", _("Phải xong ngày"), lambda row: row.planned_on, "planned_on"),
    ),
    zone="project__zone", folded="project__folded",
    page=lambda row: ("admin:projects_project_change", row.project_id),
)  # fmt: skip
PLOTLESS = Worklist(
    "plotless", _("Giấy chứng nhận chưa có lô đất"), _("Dự án còn hiệu lực mà sổ không ghi lô nào đang thuê."),
    _plotless,
    (*_of_project(), Column("issued", _("Cấp lần đầu ngày"), lambda row: row.certificate_on, "certificate_on")),
)  # fmt: skip
UNHELD = Worklist(
    "unheld", _("Lô đã cho thuê chưa có giấy chứng nhận"),
    _("Lô ghi là đã cho thuê mà sổ dự án không ghi ai thuê."), _unheld,
    (
        Column("code", _("Lô"), lambda row: row.code, "code"),
        Column("zone", _("Khu công nghiệp"), lambda row: row.zone.short_name, "zone__code"),
        Column("area", _("Diện tích, m²"), lambda row: row.area_m2, "area_m2"),
        Column("holder", _("Ghi là giữ cho"), lambda row: row.held_for, "held_for"),
        Column("since", _("Cho thuê từ ngày"), lambda row: row.status_since, "status_since"),
    ),
    page=lambda row: ("admin:zones_plot_change", row.pk),
)  # fmt: skip
ASLEEP = Worklist(
    "asleep", _("Tạm ngừng quá một năm"), _("Dự án tạm ngừng liên tục từ một năm trở lên."), _asleep,
    (*_of_project(), Column("since", _("Tạm ngừng từ ngày"), lambda row: row.since, "since")),
)  # fmt: skip
ENDING = Worklist(
    "ending", _("Hết thời hạn trong một năm"),
    _("Dự án còn hiệu lực có thời hạn kết thúc trong một năm tới, hoặc đã qua."),
    _ending, (*_of_project(), Column("until", _("Thời hạn đến ngày"), lambda row: row.term_until, "term_until")),
)  # fmt: skip
LISTS = {row.key: row for row in (LATE, PLOTLESS, UNHELD, ASLEEP, ENDING)}


def missing_reports(user: User, *, on: date) -> list[tuple[ReportPeriod, int]]:
    """Periods of the last year past their day, each with how many have not reported; for whoever reads reports."""
    if not user.has_perm("projects.view_report"):
        return []
    periods = ReportPeriod.objects.filter(cut_off_on__gte=months_later(on, -YEAR))
    owed = [(row, sum(duty.is_owed for duty in standing.of(row, user=user))) for row in periods if row.is_late_on(on)]
    return [(row, count) for row, count in owed if count]


def forms_to_sign(user: User) -> int:
    """How many of the ministry's forms wait for this person's signature."""
    if user.zones or not roles.may(user, "sign_ministry"):
        return 0
    return MinistryReport.objects.awaiting(user).count()


def counts(user: User, *, on: date) -> list[tuple[Worklist, int]]:
    return [(row, row.of(user, on=on).count()) for row in LISTS.values()]
