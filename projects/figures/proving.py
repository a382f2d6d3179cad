"""Whether the sums that figures are read from are true: the postings of each project are made again from its rows, the
sums by month and year again from the postings, and every figure is counted once more over the changes themselves."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import product
from typing import Any

from django.utils.translation import gettext as _

from izportal.indicators import Asked
from projects.figures import cells, course, posting
from projects.figures.register import INDICATORS
from projects.models import Posting, Project
from projects.models.tallies import CLASS, MEASURES

WHOLE = (*CLASS, "project_id", "day", "known_at")
OF_COURSE = {row.code: row for row in course.INDICATORS}


def differences(*, on: date) -> Iterator[str]:
    """Each difference in a sentence."""
    posting.level()
    for code in misposted():
        yield _("Phần của dự án %(project)s trong số liệu không như sổ ghi.") % {"project": code}
    for month in missummed():
        yield _("Số cộng tháng %(month)s không bằng phần của các dự án.") % {"month": f"{month:%m/%Y}"}
    for is_sample in (False, True):
        for code, counted, used in miscounted(Asked(on, is_sample=is_sample)):
            said = {"code": code, "counted": counted, "used": used}
            yield _("Chỉ tiêu %(code)s: đếm lại trong sổ được %(counted)s, số đang dùng là %(used)s.") % said


def misposted() -> Iterator[str]:
    """Projects of which the postings are not those that their rows give, by their codes; of one that is gone by its
    number."""
    codes = dict(Project.objects.order_by("pk").values_list("pk", "code"))
    for project in sorted(set(Posting.objects.values_list("project_id", flat=True).distinct()) - codes.keys()):
        yield str(project)
    for projects in _chunks(list(codes)):
        held, made = Posting.objects.filter(project__in=projects), posting.of(projects)
        found = Counter(_whole(row) for row in held)
        found.subtract(Counter(_whole(row) for row in made))
        yield from (codes[pk] for pk in sorted({row[len(CLASS)] for row, times in found.items() if times}))


def _chunks(projects: list[int]) -> Iterator[list[int]]:
    return (projects[n : n + posting.MOST] for n in range(0, len(projects), posting.MOST))


def _whole(row: Posting) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in (*WHOLE, *MEASURES))


def missummed() -> Iterator[date]:
    """Months of which the parts, or those of their years, do not add up to the postings."""
    wrong = set()
    for is_year, is_placed in product((False, True), repeat=2):
        tallied, posted = posting.summed(is_year=is_year, is_placed=is_placed)
        wrong |= {key[-1] for key in tallied.keys() | posted.keys() if tallied.get(key) != posted.get(key)}
    yield from sorted(wrong)


def miscounted(asked: Asked) -> Iterator[tuple[str, Any, Any]]:
    """Figures that are not what a count over the changes gives: code, that count, what the sums say."""
    used = cells.values(cells.whole(asked))
    told = [(row, used.get(row.code, 0)) for row in INDICATORS]
    told += [(OF_COURSE[code], value) for code, value in course.standing(asked).items()]
    for row, value in told:
        counted = row.ask(asked).value
        if counted != value:
            yield row.code, counted, value
