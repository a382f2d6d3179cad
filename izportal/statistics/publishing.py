"""Giving figures out: what is published is frozen with its day and the moment it was known, and what has moved since
is found by asking the same question again."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from izportal.indicators import Asked, Number
from izportal.models import Publication, PublishedFigure, Release, User
from izportal.statistics import overview, published, registry
from projects import figures
from projects.figures import causes
from projects.figures.register import PARTS

# What is given out in total, and what of it for each zone too.
HEADLINES = (
    "projects", "fdi_projects", "ddi_projects", "fdi_capital_usd", "ddi_capital_vnd", "project_land_m2",
    "new_fdi_projects", "new_ddi_projects", "new_fdi_capital_usd", "new_ddi_capital_vnd", "capital_increases",
    "capital_increase_usd", "capital_increase_vnd", "capital_decrease_usd", "capital_decrease_vnd",
    "ended_fdi_projects", "ended_ddi_projects", "ended_capital_usd", "ended_capital_vnd", "certificates_adjusted",
)  # fmt: skip
OF_ZONES = ("fdi_projects", "ddi_projects", "fdi_capital_usd", "ddi_capital_vnd")


class PublishRefused(Exception):
    """Why the figures cannot be given out; the text says which rule."""


@dataclass(frozen=True)
class Revision:
    """A published number beside the answer to the same question by all that is known now."""

    publication: Publication
    published: Number
    now: Number

    @property
    def difference(self) -> Decimal:
        return Decimal(self.now.value or 0) - Decimal(self.published.value or 0)

    @property
    def difference_text(self) -> str:
        return self.now.indicator.unit.text(self.difference)

    @property
    def url(self) -> str:
        return self.now.changes_url(self.published.asked)


@transaction.atomic
def publish(
    *, as_of: date, by: User | None, at: datetime, since: date | None = None, release: Release | None = None,
    note: str = "",
) -> Publication:  # fmt: skip
    """Freeze the headline figures of a day as they are known now; figures of a period count from `since`."""
    if as_of > timezone.localdate(at):
        raise PublishRefused(_("Không công bố số liệu của một ngày chưa tới."))
    asked = Asked(as_of, known=at, since=since, is_sample=figures.counts_sample())
    told = overview.Overview(asked.of(since=asked.start), overview.find(asked.of(since=asked.start)))
    if len(told.bridges) < len(PARTS):
        raise PublishRefused(_("Cân đối vốn của kỳ này chưa khớp; hãy kiểm tra sổ dự án trước khi công bố."))
    row = Publication.objects.create(
        as_of=as_of, since=asked.start, known_at=at, released_at=at, released_by=by, release=release, note=note,
        is_sample=asked.is_sample,
    )  # fmt: skip
    PublishedFigure.objects.bulk_create(_frozen(row, number) for number in _numbers(told))
    return row


def _numbers(told: overview.Overview) -> Iterator[Number]:
    yield from (told[code] for code in HEADLINES)
    yield from (group[code] for group in told.zones for code in OF_ZONES)


def _frozen(row: Publication, number: Number) -> PublishedFigure:
    return PublishedFigure(
        publication=row, indicator=number.indicator.code, version=number.indicator.version, zone=number.asked.zone,
        value=number.value, is_sample=row.is_sample,
    )  # fmt: skip


def revisions(rows: Iterable[Publication]) -> Iterator[Revision]:
    """Every published number that the same question would not give now; the publications come with their figures."""
    for row in rows:
        told = overview.of(published.question(row).of(known=None))
        zones = {group.key: group for group in told.zones}
        for figure in row.figures.all():
            if figure.indicator not in registry.INDICATORS:
                continue
            source = told if not figure.zone else zones.get(figure.zone)
            now = source[figure.indicator] if source else registry.of(figure.indicator).number(told.asked, 0)
            revision = Revision(row, published.number(row, figure), now)
            if revision.difference:
                yield revision


def why(row: Publication) -> list[causes.Cause]:
    """The records that made a publication's figures other than they were, and what each moved."""
    before = published.question(row)
    return causes.between(before, before.of(known=None))
