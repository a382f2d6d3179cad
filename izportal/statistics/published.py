"""What has been published, read back as numbers with the question that each answered."""

from datetime import date, timedelta
from decimal import Decimal

from izportal.indicators import Asked, Number
from izportal.models import Publication, PublishedFigure
from izportal.statistics import registry
from projects.figures.register import PARTS


def question(row: Publication, **narrowed: str) -> Asked:
    """What was asked when it was published."""
    return Asked(row.as_of, known=row.known_at, since=row.since, is_sample=row.is_sample).of(**narrowed)


def last(*, is_sample: bool) -> Publication | None:
    return Publication.objects.filter(is_sample=is_sample).first()


def openings(asked: Asked) -> dict[str, Number]:
    """Stock → the number last published for the evening before a period, for the bridge that starts from it."""
    if asked.of(on=date.min, since=None, known=None, is_sample=False) != Asked(date.min):
        return {}
    evening = asked.start - timedelta(days=1)
    row = Publication.objects.filter(as_of=evening, is_sample=asked.is_sample).first()
    if row is None or (asked.known and row.known_at > asked.known):
        return {}
    found = {figure.indicator: number(row, figure) for figure in row.figures.filter(zone="")}
    return {code: found[code] for code in PARTS if code in found}


def number(row: Publication, figure: PublishedFigure) -> Number:
    value = figure.value
    whole = value if value is None or value % 1 else value.quantize(Decimal(1))
    return registry.of(figure.indicator).number(question(row, zone=figure.zone), whole)
