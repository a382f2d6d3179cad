"""A register with a past: a dozen projects of both origins in two zones and sectors, and every kind of deed."""

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
