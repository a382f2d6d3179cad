"""What a form of the ministry is computed from: the register, the land and the reports, true on the last day and as
known at a moment. Everything is read at once, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import F

from projects.models import Change, Classification, Contribution, DeveloperPhase, Project, Report, ReportPeriod
from zones.models import Phase, Zone, ZoneArea

ZERO, MILLION, BILLION, HECTARE = Decimal(0), Decimal(10) ** 6, Decimal(10) ** 9, Decimal(10_000)
FDI, DDI = Project.Origin.FDI, Project.Origin.DDI


@dataclass(frozen=True)
class Found:
    """The value of a cell and the records that it was computed from, as "kind:key"; None: nobody knows."""

    value: Decimal | int | str | None = None
    records: tuple[str, ...] = ()


def added(rows: Iterable[tuple[Decimal, str]]) -> Found:
    """The sum of amounts, each with its record; without any, nobody has said anything."""
    found = list(rows)
    return Found(sum((amount for amount, _of in found), ZERO) if found else None, tuple(of for _amount, of in found))


@dataclass(frozen=True)
class Book:
    """The records of one form: from the first day to the last, as known at a moment."""

    starts_on: date
    cut_off_on: date
    known: datetime | None
    period: ReportPeriod | None = None

    @cached_property
    def is_sample(self) -> bool:
        """Sample projects count only while there is no real one."""
        return set(Project.objects.order_by().values_list("is_sample", flat=True).distinct()) == {True}

    @cached_property
    def zones(self) -> list[Zone]:
        return list(Zone.objects.all())

    @cached_property
    def changes(self) -> list[Change]:
        """Every change that stood, of real projects or, while there are none, of sample ones."""
        rows = Change.objects.standing(on=self.cut_off_on, known=self.known)
        rows = rows.filter(project__is_sample=self.is_sample).select_related("project__zone", "project__enterprise")
        return list(rows.order_by("effective_on", "pk"))

    @cached_property
    def classes(self) -> dict[int, Any]:
        """{project: what it was classed as}."""
        rows = Classification.objects.standing(on=self.cut_off_on, known=self.known).select_related("zone")
        return {row.project_id: row for row in rows}

    def classed(self, change: Change) -> Any:
        return self.classes.get(change.project_id, change.project)

    def within(self, change: Change) -> bool:
        return self.starts_on <= change.effective_on <= self.cut_off_on

    @cached_property
    def ended(self) -> dict[int, Change]:
        return {row.project_id: row for row in self.changes if row.stands_as in Change.ENDING}

    @cached_property
    def of_project(self) -> dict[int, list[Change]]:
        found: dict[int, list[Change]] = defaultdict(list)
        for row in self.changes:
            found[row.project_id].append(row)
        return found

    @cached_property
    def in_force(self) -> dict[int, list[Change]]:
        """{project in force: its changes}."""
        return {pk: rows for pk, rows in self.of_project.items() if pk not in self.ended}

    def before_end(self, change: Change, amount: str) -> Decimal:
        """What a project had registered when it ended; the end itself may print what it takes away."""
        rows = (row for row in self.of_project[change.project_id] if row.stands_as not in Change.ENDING)
        return sum((getattr(row, amount) for row in rows), ZERO)

    @cached_property
    def investors(self) -> dict[int, list[Any]]:
        found: dict[int, list[Any]] = defaultdict(list)
        rows = Contribution.objects.standing(on=self.cut_off_on, known=self.known).select_related("investor__country")
        for row in rows.order_by("pk"):
            found[row.project_id].append(row.investor)
        return found

    # Land

    @cached_property
    def phases(self) -> dict[int, list[Phase]]:
        found: dict[int, list[Phase]] = defaultdict(list)
        for row in Phase.objects.order_by("position", "slug"):
            found[row.zone_id].append(row)
        return found

    @cached_property
    def areas(self) -> dict[int, ZoneArea]:
        """{zone: the area that held on the last day}."""
        rows = ZoneArea.objects.as_known(self.known).exclude(effective_on__gt=self.cut_off_on)
        return {row.zone_id: row for row in rows.order_by(F("effective_on").asc(nulls_first=True), "pk")}

    @cached_property
    def developers(self) -> dict[int, Project]:
        """{phase: the infrastructure project that builds it}."""
        rows = DeveloperPhase.objects.filter(project__is_sample=self.is_sample).select_related("project")
        return {row.phase_id: row.project for row in rows}

    # Reports

    @cached_property
    def reports(self) -> list[Report]:
        """The versions that count, of the enterprises' period."""
        if self.period is None:
            return []
        rows = Report.objects.counting(self.known).filter(period=self.period, project__is_sample=self.is_sample)
        return list(rows.select_related("project__zone").order_by("pk"))

    @cached_property
    def of_developers(self) -> dict[tuple[int, int | None], Report]:
        """{(project, phase): the developer's last version whose days end by the last day}."""
        rows = Report.objects.counting(self.known).filter(
            period__kind__in=ReportPeriod.OF_DEVELOPERS, period__cut_off_on__lte=self.cut_off_on,
            project__is_sample=self.is_sample,
        )  # fmt: skip
        return {(row.project_id, row.phase_id): row for row in rows.order_by("period__cut_off_on", "pk")}

    def reported(self, line: str, column: str, *, origin: str = "", zone: int | None = None) -> Found:
        """The sum of a line over the reports."""
        chosen = []
        for row in self.reports:
            of = self.classes.get(row.project_id, row.project)
            said = row.values.get(line, {}).get(column)
            if said is not None and (not origin or of.origin == origin) and (zone is None or of.zone_id == zone):
                chosen.append((Decimal(said), f"report:{row.pk}"))
        return added(chosen)


def scaled(found: Found, by: Decimal) -> Found:
    return Found(None if found.value is None else Decimal(found.value) / by, found.records)
