"""The sums that figures are read from say what the register says, whatever was written, corrected or taken back."""

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest

from izportal.indicators import Asked
from izportal.statistics import registry
from projects import ledger
from projects.figures import cells, course, moved, posting, register
from projects.models import Change
from tests import factories, histories

pytestmark = pytest.mark.django_db
LAST = date(2026, 6, 30)
YEAR = Asked(histories.LAST, since=histories.FIRST)
FILTERS = {
    "zone": ("song-cong-2", "yen-binh"), "sector": ("C", "25", "26"), "country": ("KR", "JP", "VN"),
    "origin": ("fdi", "ddi"),
}  # fmt: skip


def some_deed(chance, project, day, at):
    """One deed of any kind; the ledger may refuse it."""
    basis = ledger.Basis(f"{chance.random()}", day)
    common = {"basis": basis, "by": None, "at": at}
    rate = {"rate": Decimal(chance.choice((23_100, 24_700))), "rate_on": day, "rate_source": "NHNN"}
    vnd = ledger.Capital(
        vnd=Decimal(chance.randint(1, 999) * 1_000_000_007), **(rate if chance.random() < 0.9 else {})
    )
    money = vnd if project.origin == "ddi" else histories.dollars(chance.randint(1, 9_000_000))
    stands = Change.objects.filter(project=project, superseded_by=None).order_by(chance.choice(("pk", "-pk")))
    last = stands.exclude(stands_as__in=("content", "suspended", "resumed", "correction"))
    sector = factories.make_sector(chance.choice(("25", "26")))
    shares = [ledger.Share(factories.make_investor(f"Mẫu {chance.random()}", chance.choice(FILTERS["country"])))]
    deeds = (
        lambda: ledger.adjust_capital(project=project, to=money, **common),
        lambda: ledger.adjust_capital(project=project, to=money, **common),
        lambda: ledger.suspend(project=project, **common),
        lambda: ledger.resume(project=project, **common),
        lambda: ledger.terminate(project=project, is_revoked=chance.random() < 0.5, **common),
        lambda: ledger.reclassify(project=project, sector=sector, **common),
        lambda: ledger.transfer(project=project, shares=shares, **common),
        lambda: ledger.transfer(project=project, shares=shares, origin="ddi", to=vnd, **common),
        lambda: ledger.correct(change=last[0], capital=money, note="x", **common),
        lambda: ledger.correct(change=last[0], effective_on=last[0].effective_on + timedelta(20), note="x", **common),
        lambda: ledger.annul(change=last[0], note="x", **common),
        lambda: histories.register_late(project, chance.randint(1, 9) * 1_000_000, day - timedelta(90), at),
    )
    chance.choice(deeds)()


def lived(chance, deeds=25):
    """A planted register after some more deeds, entered in a row; returns moments between them."""
    projects, at, moments = histories.projects(), histories.entered(histories.LAST), []
    for _n in range(deeds):
        at += timedelta(days=chance.randint(0, 8), hours=1)
        moments.append(at + timedelta(minutes=30))
        try:
            some_deed(chance, chance.choice(projects), at.date() - timedelta(chance.choice((0, 0, 60))), at)
        except ledger.LedgerRefused:
            continue
        if chance.random() < 0.3:
            posting.level()
    return moments


def some_question(chance, moments):
    on = histories.FIRST + timedelta(chance.randint(0, (LAST - histories.FIRST).days))
    asked = Asked(
        on, since=on - timedelta(chance.randint(0, 400)), known=chance.choice((None, chance.choice(moments)))
    )
    names = chance.sample(list(FILTERS), chance.choice((0, 0, 1, 1, 2)))
    return asked.of(**{name: chance.choice(FILTERS[name]) for name in names})


@pytest.mark.parametrize("seed", range(8))
def test_sums_say_what_the_rows_say(seed):
    chance = random.Random(seed)
    moments = lived(chance)
    for _n in range(6):
        asked = some_question(chance, moments)
        told = cells.values(cells.by_zone_and_sector(asked))
        for row in (*register.INDICATORS, *moved.INDICATORS):
            if all(name in row.filters for name in FILTERS if getattr(asked, name)):
                assert (row.code, told.get(row.code, 0), asked) == (row.code, row.ask(asked).value, asked)
        for code, value in course.standing(asked).items():
            assert (code, value, asked) == (code, registry.of(code).ask(asked).value, asked)
