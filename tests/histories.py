"""A register with a past: a dozen projects of both origins in two zones and sectors, and every kind of deed."""

import random
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from projects import ledger
from projects.models import Project, Sector
from tests import factories
from tests.factories import HANOI
from tests.planting import planted

FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)


def entered(day):
    """Deeds are entered on the day after their decision."""
    return datetime.combine(day + timedelta(1), time(9), tzinfo=HANOI)


def deed(verb, project, day, **what):
    basis = ledger.Basis(f"{verb.__name__}-{project.code[-4:]}", day)
    return verb(project=project, basis=basis, by=None, at=entered(day), **what)


def dollars(amount):
    return ledger.Capital(Decimal(amount))


def dong(amount):
    return ledger.Capital(vnd=Decimal(amount))


def make_sectors():
    section = Sector.objects.create(
        code="C", name_vi="Công nghiệp chế biến, chế tạo", name_en="Manufacturing", level=1
    )
    for code in ("25", "26"):
        factories.make_sector(code)
    Sector.objects.filter(code__in=("25", "26")).update(parent=section)


@planted
def plant(sample=False):
    """Returns the codes, in the order of entry."""
    make_sectors()
    zones = [factories.make_zone(), factories.make_zone("yen-binh", "YB", "Yên Bình")]
    sectors = [factories.make_sector("25"), factories.make_sector("26")]
    rows = [
        factories.make_project(
            zone=zones[n % 2], sector=sectors[n // 2 % 2], origin="ddi" if n % 3 == 2 else "fdi",
            usd=str((n + 1) * 1_000_000), on=date(2024, 6, 1) + timedelta(40 * n), is_sample=sample,
        )
        for n in range(12)
    ]  # fmt: skip
    deed(ledger.adjust_capital, rows[0], date(2025, 2, 3), to=dollars(5_000_000))
    deed(ledger.adjust_capital, rows[0], date(2025, 5, 6), to=dollars(4_000_000))
    deed(ledger.adjust_capital, rows[2], date(2025, 3, 4), to=dong(300_000_000_000))
    deed(ledger.adjust_capital, rows[2], date(2025, 7, 1), to=dong(200_000_000_000))
    deed(ledger.suspend, rows[3], date(2025, 4, 1))
    deed(ledger.resume, rows[3], date(2025, 6, 1))
    deed(ledger.suspend, rows[4], date(2025, 8, 1))
    deed(ledger.terminate, rows[1], date(2025, 5, 9))
    deed(ledger.terminate, rows[5], date(2025, 9, 9), is_revoked=True)
    deed(ledger.reclassify, rows[6], date(2025, 6, 16), sector=sectors[0])
    buyer = [ledger.Share(factories.make_investor("Mẫu trong nước", "VN"))]
    deed(ledger.transfer, rows[7], date(2025, 8, 11), shares=buyer, origin="ddi", to=dong(90_000_000_000))
    japan = [ledger.Share(factories.make_investor("Mẫu Nhật", "JP"))]
    deed(ledger.transfer, rows[9], date(2025, 10, 7), shares=japan)
    return [row.code for row in rows]


def projects():
    """The projects in the order of entry, planted where there are none yet."""
    if not Project.objects.exists():
        plant()
    return list(Project.objects.order_by("pk"))


def correct(change, capital, at):
    basis = ledger.Basis(f"hd-{change.pk}", at.date())
    return ledger.correct(change=change, capital=capital, basis=basis, by=None, at=at, note="Ghi nhầm số vốn")


def register_late(like, usd, day, at):
    """A certificate of `day` that is entered at a later moment, in the zone and sector of another project."""
    what = ledger.Particulars(
        code=f"97{like.code[-8:]}", name="Nhà máy ghi sau", origin="fdi", sector=like.sector, zone=like.zone,
        enterprise=None, certificate_number="GCN-muon",
    )  # fmt: skip
    shares = [ledger.Share(factories.make_investor("Mẫu ghi sau", "KR"))]
    basis = ledger.Basis(f"sau-{like.code[-4:]}", day)
    return ledger.register(what=what, capital=dollars(usd), shares=shares, basis=basis, by=None, at=at)


def plant_at_random(many, seed=11):
    """`many` projects in six zones, eight sectors and both origins, each with up to seven deeds at random days."""
    dice = random.Random(seed)
    zones = [factories.make_zone(f"khu-{n}", f"K{n}", f"Khu {n}", position=n) for n in range(6)]
    sectors = [Sector.objects.create(code=str(13 + n), name_vi=f"Ngành {n}", name_en=f"Trade {n}") for n in range(8)]
    for _n in range(many):
        project = factories.make_project(
            zone=dice.choice(zones), sector=dice.choice(sectors), origin=dice.choice(("fdi", "ddi")),
            on=date(2023, 1, 1) + timedelta(dice.randrange(700)), usd="20000000",
        )  # fmt: skip
        _live(project, dice, sectors)


def _live(project, dice, sectors):
    day, is_paused, origin = project.certificate_on, False, project.origin
    for n in range(dice.randrange(8)):
        day += timedelta(dice.randrange(1, 90))
        amount = dice.randrange(1_000_000, 60_000_000)
        to = dollars(amount) if origin == "fdi" else dong(amount * 24_000)
        turn = dice.random()
        if is_paused:
            deed(ledger.resume, project, day)
            is_paused = False
        elif turn < 0.5:
            deed(ledger.adjust_capital, project, day, to=to)
        elif turn < 0.65:
            deed(ledger.reclassify, project, day, sector=sectors[(sectors.index(project.sector) + 1 + n) % 8])
            project.refresh_from_db()
        elif turn < 0.8:
            deed(ledger.suspend, project, day)
            is_paused = True
        elif turn < 0.9:
            origin = "ddi" if origin == "fdi" else "fdi"
            to = dollars(amount) if origin == "fdi" else dong(amount * 24_000)
            shares = [ledger.Share(factories.make_investor(f"Mẫu {n}", "VN" if origin == "ddi" else "KR"))]
            deed(ledger.transfer, project, day, shares=shares, origin=origin, to=to)
        else:
            deed(ledger.terminate, project, day, is_revoked=turn > 0.95)
            return
