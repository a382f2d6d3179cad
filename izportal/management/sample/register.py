"""Enters the sample ventures through the ledger, in the order of their dates, as the keeper of the register would have
typed them, with the enterprises and investors behind them."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from izportal.management.sample import ventures as planning
from izportal.management.sample.land import Ground
from izportal.management.sample.setting import Setting, morning, words
from izportal.management.sample.ventures import DDI, FDI, UNIT, Venture
from izportal.workdays import months_later
from projects import ledger
from projects.models import Country, Enterprise, Investor, Mandate, Milestone, Sector
from zones import costs
from zones.models import Zone

OWN_ZONES = ("YB", "DT", "SC2")
UNTIL_CORRECTED = timedelta(days=12)


@dataclass
class Register:
    """What was entered. `own` are the projects of the enterprise that the account enterprise@ files for."""

    ventures: list[Venture]
    enterprises: list[Enterprise]
    own: list[Venture]
    last_number: int

    @property
    def own_enterprise(self) -> Enterprise:
        return self.enterprises[0]

    def next_code(self) -> str:
        self.last_number += 1
        return code_of(self.last_number)


def code_of(number: int) -> str:
    return f"MAU{number:07d}"


def make(setting: Setting, ground: Ground, *, left: dict[str, int], coming: Counter) -> Register:
    """Enter every project but those that dossiers bring; `left` and `coming` as `ventures.plan` takes them."""
    standing = planning.plan(setting, ground, left=left, coming=coming)
    gone = planning.plan_ended(setting, ground, standing)
    own = [_typical(standing, zone) for zone in OWN_ZONES]
    enterprises = _enterprises(setting, [*standing, *gone], own)
    planning.grow(setting, standing, plain=own)
    clerk = _Clerk(setting)
    deeds = [deed for venture in (*gone, *standing) for deed in clerk.deeds(venture)]
    for _on, _number, deed in sorted(deeds, key=lambda row: row[:2]):
        deed()
    Milestone.objects.bulk_create(row for venture in standing for row in _schedule(setting, venture))
    return Register(standing, enterprises, own, len(standing) + len(gone))


# Who stands behind the projects -------------------------------------------------------------------
def _typical(ventures: list[Venture], zone: str) -> Venture:
    here = sorted((v for v in ventures if (v.origin, v.zone) == (FDI, zone)), key=lambda v: v.units)
    return here[len(here) // 2]


def _enterprises(setting: Setting, ventures: list[Venture], own: list[Venture]) -> list[Enterprise]:
    """One enterprise for each project; some hold two, and the first of them the three that are `own`."""
    machining = next(row for row in words("register")["sectors"] if row["vsic"] == "25")
    enterprises = [new_enterprise(1, machining)]
    _mandate_of_account(setting, enterprises[0])
    for venture in own:
        venture.sector, venture.enterprise = machining, enterprises[0]
    of_origin: dict[str, list[Enterprise]] = {FDI: [], DDI: []}
    for venture in (venture for venture in ventures if venture not in own):
        others = of_origin[venture.origin]
        if others and setting.rng.random() < 0.14:
            venture.enterprise = setting.rng.choice(others)
            continue
        venture.enterprise = new_enterprise(len(enterprises) + 1, venture.sector)
        enterprises.append(venture.enterprise)
        others.append(venture.enterprise)
    return enterprises


def _mandate_of_account(setting: Setting, enterprise: Enterprise) -> None:
    Mandate.objects.create(
        user=setting.people["enterprise"], enterprise=enterprise, capacity=Mandate.Capacity.SIGN, is_sample=True,
        approved_at=morning(setting.today - timedelta(days=400)), approved_by=setting.people["head"],
    )  # fmt: skip


def new_enterprise(number: int, sector: dict) -> Enterprise:
    """Tax codes beginning with four zeros are not issued to anybody."""
    people = words("people")
    given = people["given"][number % len(people["given"])]
    surname = people["surnames"][number // 3 % len(people["surnames"])]
    form_vi, form_en = (("TNHH", "Co., Ltd."), ("CP", "JSC"))[number % 4 == 3]
    return Enterprise.objects.create(
        name_vi=f"Công ty {form_vi} Mẫu {sector['vi']} {number:03d}", tax_code=f"0000{number:06d}",
        name_en=f"Mau {sector['en']} {number:03d} {form_en}", representative=f"{surname} Mẫu {given}",
        address=f"Địa chỉ minh họa số {number}, tỉnh Thái Nguyên", email=f"doanh-nghiep-{number:03d}@mau.example",
        phone=f"0000 000 {number:03d}", is_sample=True,
    )  # fmt: skip


class _Investors:
    """One investor for a project, sometimes two; the same one may stand behind several projects."""

    def __init__(self, setting: Setting):
        self.setting, self.countries = setting, words("register")["countries"]
        self.known: dict[tuple, Investor] = {}

    def of(self, venture: Venture) -> list[Investor]:
        rng = self.setting.rng
        found = [self.one(venture, "VN" if venture.origin == DDI else self.setting.pick(self.countries))]
        if rng.random() < 0.18:
            at_home = venture.origin == DDI or rng.random() < 0.4
            found.append(self.one(venture, "VN" if at_home else self.setting.pick(self.countries)))
        return list(dict.fromkeys(found))

    def one(self, venture: Venture, country: str) -> Investor:
        sector = venture.sector
        key = (country, sector["vsic"], self.setting.rng.randrange(6))
        if key not in self.known:
            number = len(self.known) + 1
            vi, en = f"Công ty CP Đầu tư Mẫu {sector['vi']}", f"Mau {sector['en']} Holdings {country}"
            self.known[key] = Investor.objects.create(
                name=f"{vi if country == 'VN' else en} {number:03d}", identifier=f"MAU-{number:05d}", is_sample=True,
                country=Country.objects.get(code=country),
            )  # fmt: skip
        return self.known[key]


# What was promised by when ------------------------------------------------------------------------
PROMISED = {Milestone.Kind.CONSTRUCTION: 6, Milestone.Kind.CAPITAL: 12, Milestone.Kind.OPERATION: 24}
LATE_ONE_IN, PAUSED_ONE_IN = 23, 41
PAUSE = timedelta(days=500)


def _schedule(setting: Setting, venture: Venture) -> list[Milestone]:
    """Most keep the schedule of their certificate; some have not begun to operate though the day has passed."""
    rows = []
    for kind, months in PROMISED.items():
        planned = months_later(venture.registered_on, months)
        is_late = kind == Milestone.Kind.OPERATION and venture.number % LATE_ONE_IN == 3
        rows.append(
            Milestone(
                project=venture.project, kind=kind, planned_on=planned, basis=venture.certificate.decision_number,
                actual_on=None if is_late or planned >= setting.today else planned - timedelta(days=20),
                note="Dữ liệu minh họa.", recorded_by=setting.people["register"],
                recorded_at=morning(venture.registered_on), is_sample=True,
            )
        )  # fmt: skip
    return rows


# The deeds ----------------------------------------------------------------------------------------
class _Clerk:
    """Types the deeds of one venture after another; numbers of decisions run on within a year."""

    def __init__(self, setting: Setting):
        self.setting, self.said, self.by = setting, words("register"), setting.people["register"]
        self.zones, self.sectors = {z.code: z for z in Zone.objects.all()}, {s.code: s for s in Sector.objects.all()}
        self.investors = _Investors(setting)
        self.drawn: Counter = Counter()

    def deeds(self, venture: Venture) -> list[tuple[date, int, Callable[[], None]]]:
        number, first = venture.number, venture.registered_on
        found = [(first, number, lambda: self.register(venture))]
        if venture.mistake:
            mended = self.setting.weekday(first + UNTIL_CORRECTED)
            found.append((mended, number, lambda: self.correct(venture, mended)))
        for on, units in venture.totals[1:]:
            found.append((on, number, lambda on=on, units=units: self.adjust(venture, on, units)))
        paused = self.setting.weekday(self.setting.today - PAUSE)
        if not venture.ended_on and number % PAUSED_ONE_IN == 7 and paused > max(on for on, _units in venture.totals):
            found.append((paused, number, lambda: self.pause(venture, paused)))
        if venture.ended_on:
            found.append((venture.ended_on, number, lambda: self.end(venture)))
        return found

    def register(self, venture: Venture) -> None:
        on = venture.registered_on
        capital, basis = self.capital(venture, venture.mistake or venture.totals[0][1], on), self.basis("CN", on)
        change = ledger.register(
            what=self.particulars(venture, basis), capital=capital, shares=self.shares(venture, capital), basis=basis,
            by=self.by, at=morning(on), plot=venture.plot, is_sample=True,
            area_m2=venture.plot.area_m2 if venture.plot else Decimal(0),
        )  # fmt: skip
        venture.project, venture.certificate = change.project, change

    def particulars(self, venture: Venture, basis: ledger.Basis) -> ledger.Particulars:
        sector, number = venture.sector, venture.number
        is_service = sector.get("is_service")
        vi, en = ("Dự án Mẫu", "Mau project:") if is_service else ("Nhà máy Mẫu sản xuất", "Mau plant for")
        term = self.setting.rng.choice([None, 30, 40, 45, 50, 50])
        return ledger.Particulars(
            code=code_of(number), name=f"{vi} {sector['product_vi']} {number:03d}", kind=venture.kind,
            name_en=f"{en} {sector['product_en']} {number:03d}", origin=venture.origin,
            sector=self.sectors[sector["vsic"]], zone=self.zones[venture.zone], enterprise=venture.enterprise,
            certificate_number=basis.number, objective=f"Dữ liệu minh họa: {sector['product_vi']}.",
            term_until=self.term(venture, term) if term else None,
        )  # fmt: skip

    def term(self, venture: Venture, years: int) -> date:
        """No project lasts longer than the land it stands on, nor its zone."""
        until, plot = months_later(venture.registered_on, 12 * years), venture.plot
        ends = [self.zones[venture.zone].term_until, costs.term_of(plot) if plot else None]
        return min([until, *(date(year, 12, 31) for year in ends if year)])

    def shares(self, venture: Venture, capital: ledger.Capital) -> list[ledger.Share]:
        """An only investor brings all; of two, the first brings seven tenths."""
        investors = self.investors.of(venture)
        parts = [Decimal(1)] if len(investors) == 1 else [Decimal("0.7"), Decimal("0.3")]
        usd, vnd = (capital.usd, None) if venture.origin == FDI else (None, capital.vnd)
        return [
            ledger.Share(investor, usd and usd * part, vnd and vnd * part)
            for investor, part in zip(investors, parts, strict=True)
        ]

    def correct(self, venture: Venture, on: date) -> None:
        right = self.capital(venture, venture.units, on)
        part = Decimal(venture.units) / venture.mistake
        shares = [
            ledger.Share(
                row.investor, row.capital_usd and row.capital_usd * part, row.capital_vnd and row.capital_vnd * part
            )
            for row in ledger.standing_shares(venture.project)
        ]
        ledger.correct(
            change=venture.certificate, basis=self.basis("HĐ", on), by=self.by, at=morning(on), capital=right,
            note="Dữ liệu mẫu: khi nhập đã ghi thừa một chữ số.", shares=shares,
        )  # fmt: skip

    def adjust(self, venture: Venture, on: date, units: int) -> None:
        to = self.capital(venture, units, on)
        if venture.prints_both:
            now = ledger.position(venture.project)
            vnd = now.vnd + ((to.usd - now.usd) * to.rate).quantize(Decimal(1))
            to = ledger.Capital(to.usd, vnd, to.rate, to.rate_on, to.rate_source)
        ledger.adjust_capital(project=venture.project, to=to, basis=self.basis("ĐC", on), by=self.by, at=morning(on))

    def pause(self, venture: Venture, on: date) -> None:
        ledger.suspend(
            project=venture.project, basis=self.basis("TN", on), by=self.by, at=morning(on),
            note="Dữ liệu mẫu: tạm ngừng để bố trí lại vốn.",
        )  # fmt: skip

    def end(self, venture: Venture) -> None:
        on, is_revoked = venture.ended_on, venture.is_revoked
        basis = self.basis("TH" if is_revoked else "CD", on)
        ledger.terminate(project=venture.project, basis=basis, by=self.by, at=morning(on), is_revoked=is_revoked)

    def capital(self, venture: Venture, units: int, on: date) -> ledger.Capital:
        amount = units * UNIT[venture.origin]
        if venture.origin == DDI:
            return ledger.Capital(vnd=amount)
        if not venture.prints_both:
            return ledger.Capital(usd=amount)
        rate = Decimal(self.said["rates"][max(year for year in self.said["rates"] if int(year) <= on.year)])
        return ledger.Capital(amount, amount * rate, rate, on, self.said["rate_source"])

    def basis(self, kind: str, on: date) -> ledger.Basis:
        self.drawn[on.year] += 1
        return ledger.Basis(f"MAU-{self.drawn[on.year]:03d}/{on.year}/{kind}", on)
