"""Sample dossiers in every state, each taken through the counter's own steps by the people who would take them, at
moments before now, so that some are due today, some late and some wait."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import cycle
from typing import Any

from django.utils import timezone

from izportal import documents
from izportal.management.sample import answers
from izportal.management.sample.land import Ground
from izportal.management.sample.register import Register, new_enterprise
from izportal.management.sample.setting import Setting, words
from izportal.management.sample.ventures import DDI, FDI, Venture
from izportal.models import StoredFile, User
from onestop import drafts, exchange, opinions, papers, shapes, workflow
from onestop.models import LOOKUP_ALPHABET, Component, Dossier, Procedure
from onestop.questions import NOT_DUE
from onestop.supplements import Answered, Wanted, places
from projects.models import Enterprise, Mandate
from zones.models import Plot

NEW_PROJECT, ADJUSTMENT = "1.009664", "1.009647"
LARGEST_PAPER = 2**20
IN_UNITS = {FDI: 10, DDI: 1}  # a million USD is ten units, a billion VND is one
M2_PER_UNIT = {FDI: 180, DDI: 150}
# Numbers of sample names that dossiers bring begin here, past those of the register.
FIRST_NUMBER = 300
LENT_AFTER = timedelta(days=400)
# What is said on a day comes after the steps of that day.
SPOKEN_LATE = 6


@dataclass(eq=False)
class Filing:
    """One line of `filings.json` and what became of it."""

    place: int
    said: dict[str, Any]
    begun_at: datetime
    steps: list[tuple[datetime, str]]
    enterprise: Enterprise | None = None
    applicant: User | None = None
    venture: Venture | None = None
    plot: Plot | None = None
    dossier: Dossier | None = None

    @property
    def is_new_project(self) -> bool:
        return self.said["code"] == NEW_PROJECT

    @property
    def is_granted(self) -> bool:
        """Granted, and not revoked since."""
        names = {step for _at, step in self.steps}
        return "grant" in names and "sign_amendment-" not in names

    @property
    def origin(self) -> str:
        """The projects that the account enterprise@ holds are all FDI."""
        return FDI if "project" in self.said else self.said["origin"]

    @property
    def units(self) -> int:
        return int(Decimal(str(self.said["amount"])) * IN_UNITS[self.origin])

    @property
    def sector(self) -> dict[str, Any]:
        sectors = words("register")["sectors"]
        return sectors[self.place * 5 % len(sectors)]


# What the dossiers will bring to the register -------------------------------------------------------
def plan(setting: Setting) -> list[Filing]:
    return [_plan(setting, place, said) for place, said in enumerate(words("filings")["filings"], start=1)]


def _plan(setting: Setting, place: int, said: dict) -> Filing:
    """A draft that goes on to be filed is begun the working day before."""
    told = [(name, int(days)) for name, _colon, days in (step.partition(":") for step in said["steps"].split())]
    if told[0][0] == "draft":
        return Filing(place, said, _moment(setting, told[0][1], 0, place), [])
    slots: Counter = Counter()
    steps = []
    for name, days in told:
        steps.append((_moment(setting, days, slots[days], place), name))
        slots[days] += 1
    return Filing(place, said, _moment(setting, told[0][1] + 1, 0, place), steps)


def _moment(setting: Setting, days_ago: int, slot: int, place: int) -> datetime:
    """An office moment so many working days before today, never later than now."""
    calendar = setting.calendar
    anchor = calendar.working_day_from(setting.today)
    day = calendar.add_working_days(anchor, -days_ago) if days_ago else anchor
    minutes = timedelta(minutes=20 + 35 * slot + place % 30)
    return min(calendar.add_working_time(calendar.open_of(day), minutes), setting.now - timedelta(minutes=30 - slot))


def granted_units(filings: list[Filing]) -> Counter:
    """Capital that grants will add, in units by origin."""
    found: Counter = Counter()
    for filing in filings:
        found[filing.origin] += filing.units if filing.is_granted else 0
    return found


def granted_projects(filings: list[Filing]) -> Counter:
    """Projects that grants will add, by origin and zone."""
    new = (filing for filing in filings if filing.is_new_project and filing.is_granted)
    return Counter((filing.origin, filing.said["zone"]) for filing in new)


# Who files what -------------------------------------------------------------------------------------
def make(setting: Setting, filings: list[Filing], ground: Ground, register: Register) -> None:
    """File and handle everything in the order of its moments, so that numbers run as they would have run."""
    _people(setting, filings, register)
    _plots(filings, ground)
    counter = _Counter(setting, register)
    deeds: list[tuple[datetime, int, int, Callable[[], None]]] = []
    for filing in filings:
        deeds.append((filing.begun_at, filing.place, 0, lambda filing=filing: counter.begin(filing)))
        for index, (at, step) in enumerate(filing.steps, start=1):
            take = lambda filing=filing, step=step, at=at: counter.take(filing, step, at)  # noqa: E731
            deeds.append((at, filing.place, index, take))
        for index, said in enumerate(filing.said.get("talk", ()), start=1):
            at = _moment(setting, said["days"], SPOKEN_LATE + index, filing.place)
            say = lambda filing=filing, said=said, at=at: counter.say(filing, said, at)  # noqa: E731
            deeds.append((at, filing.place, len(filing.steps) + index, say))
    for _at, _place, _index, deed in sorted(deeds, key=lambda row: row[:3]):
        deed()


def _people(setting: Setting, filings: list[Filing], register: Register) -> None:
    """The account enterprise@ files for its own enterprise; other applicants for enterprises of today or new ones."""
    applicants, number = cycle(setting.applicants), len(register.enterprises)
    for filing in filings:
        if not filing.is_new_project:
            filing.venture = _venture(setting, register, filing)
        if filing.said.get("own"):
            filing.enterprise, filing.applicant = register.own_enterprise, setting.people["enterprise"]
            continue
        if filing.is_new_project:
            number += 1
            filing.enterprise = new_enterprise(number, filing.sector)
        else:
            filing.enterprise = filing.venture.enterprise
        filing.applicant = next(applicants)
        _mandate(setting, filing)


def _venture(setting: Setting, register: Register, filing: Filing) -> Venture:
    """One of the account's own, or somebody else's whose certificate prints one currency; each is lent once."""
    if "project" in filing.said:
        return register.own[filing.said["project"]]
    before = setting.today - LENT_AFTER
    others = [v for v in register.ventures if v not in register.own and v.plot and v.registered_on < before]
    plain = [v for v in others if v.origin == filing.origin and not (v.prints_both or v.mistake or v.is_lent)]
    chosen = setting.rng.choice(plain)
    chosen.is_lent = True
    return chosen


def _mandate(setting: Setting, filing: Filing) -> None:
    approved_at = filing.begun_at - timedelta(days=3)
    Mandate.objects.get_or_create(
        user=filing.applicant, enterprise=filing.enterprise, is_sample=True,
        defaults={"capacity": "sign", "approved_by": setting.people["head"], "approved_at": approved_at},
    )  # fmt: skip


def _plots(filings: list[Filing], ground: Ground) -> None:
    of_line: dict[str, Plot] = {}
    for filing in (filing for filing in filings if filing.is_new_project):
        wish = Decimal(filing.units * M2_PER_UNIT[filing.origin])
        rival_of = filing.said.get("same_plot")
        filing.plot = of_line[rival_of] if rival_of else ground.take(filing.said["zone"], about_m2=wish)
        of_line[filing.said.get("id", "")] = filing.plot


# The counter ----------------------------------------------------------------------------------------
class _Counter:
    """The counter in sample time: begins drafts and takes steps, each by the person whose step it is."""

    def __init__(self, setting: Setting, register: Register):
        self.setting, self.register = setting, register
        self.said, self.countries = words("filings")["said"], words("register")["countries"]
        codes = (NEW_PROJECT, ADJUSTMENT)
        self.procedures = {row.code: row for row in Procedure.objects.filter(code__in=codes)}

    def begin(self, filing: Filing) -> None:
        at, applicant = filing.begun_at, filing.applicant
        day, procedure = timezone.localdate(at), self.procedures[filing.said["code"]]
        version = procedure.version_on(day)
        case = version.cases.get(key=filing.said["case"]) if "case" in filing.said else version.default_case()
        asked = [part for part in version.components.all() if part.applies_to(case.key)]
        dossier = Dossier(
            procedure=procedure, version=version, case=case, enterprise=filing.enterprise, plot=filing.plot,
            definition=shapes.in_force(procedure, on=day),
            project=filing.venture.project if filing.venture else None, contact_name=applicant.full_name,
            contact_email=applicant.email, contact_phone="0000 000 000", answers=self.answers(filing, day, asked),
            lookup="".join(self.setting.rng.choices(LOOKUP_ALPHABET, k=8)),
        )  # fmt: skip
        filing.dossier = drafts.begin(dossier, by=applicant, at=at)
        for part in asked:
            if part.required == Component.Required.ALWAYS:
                self.give(filing, part, part.name_vi, at)

    def answers(self, filing: Filing, day, asked: list[Component]) -> dict[str, Any]:
        """The answers of the form; of conditional papers the applicant says that they are not due."""
        not_due = sorted(part.key for part in asked if part.required == Component.Required.CONDITIONAL)
        if not filing.is_new_project:
            return {**answers.adjustment(filing.venture.project, filing.units, day), NOT_DUE: not_due}
        country = self.setting.pick(self.countries) if filing.origin == FDI else "VN"
        request = answers.Request(
            FIRST_NUMBER + filing.place,
            filing.sector,
            filing.origin,
            filing.units,
            country,
            filing.plot,
            filing.enterprise,
        )
        return {**answers.new_project(request, day), NOT_DUE: not_due}

    def give(self, filing: Filing, part: Component, title: str, at: datetime) -> None:
        papers.give(dossier=filing.dossier, upload=answers.paper(title), by=filing.applicant, at=at, component=part)

    def take(self, filing: Filing, told: str, at: datetime) -> None:
        step = workflow.STEPS[told.rstrip("+-")]
        by = filing.applicant if workflow.APPLICANT in step.roles else self.setting.people[step.roles[0]]
        if step.name == "answer_supplement":
            part = self.first_part(filing)
            self.give(filing, part, f"{part.name_vi} (bổ sung)", at)
        filing.dossier = workflow.take(filing.dossier, step.name, by=by, at=at, **self.details(filing, told, at, by))

    def say(self, filing: Filing, said: dict[str, Any], at: datetime) -> None:
        """A message between the applicant and an officer, or a note."""
        by = self.setting.people.get(said["by"], filing.applicant)
        deed = exchange.note if said.get("is_note") else exchange.send
        deed(filing.dossier, text=said["text"], by=by, at=at)

    def details(self, filing: Filing, told: str, at: datetime, by: User) -> dict[str, Any]:
        """What a step needs: its words, and what only this moment knows."""
        name = told.rstrip("+-")
        made = {
            "assign": lambda: {"to": self.setting.people["specialist"]},
            "ask_opinion": lambda: {"bodies": [opinions.Ask(body) for body in self.said["bodies"]]},
            "ask_supplement": lambda: {"items": self.items(filing)},
            "ask_intake_supplement": lambda: {"items": self.items(filing)},
            "answer_supplement": lambda: {"answer": self.said["answer"], "answered": self.answered(filing)},
            "propose": lambda: self.proposal(filing, is_granted=told.endswith("+")),
            "extend": lambda: {"new_due_at": self.later(filing.dossier.due_at)},
            "draft_amendment": lambda: self.amendment(filing, told),
            "seal": lambda: {"stored": self.result(filing, at, by)},
            "deliver": lambda: {"channel": "electronic", "receiver": filing.applicant.full_name},
        }.get(name, dict)()
        spoken = {"reason": self.said["reason"].get(name), "note": self.said["note"].get(told)}
        return made | {key: text for key, text in spoken.items() if text}

    def amendment(self, filing: Filing, told: str) -> dict[str, Any]:
        said = self.said["amendment"][told[-1]]
        name = f"{filing.dossier.answers.get('project_name', '')}, giai đoạn 1"
        return {**said, "values": {"project_name": name} if said["kind"] == "correct" else {}}

    def proposal(self, filing: Filing, *, is_granted: bool) -> dict[str, str]:
        """The code of the national system is looked up once, with the first proposal."""
        code = filing.dossier.project_code or (
            self.register.next_code() if filing.is_new_project and is_granted else ""
        )
        return {"proposal": "granted" if is_granted else "refused", "project_code": code}

    def items(self, filing: Filing) -> list[Wanted]:
        """A paper, and an answer of the form."""
        part, place, ground = self.first_part(filing), self.place(filing), self.said["item_ground"]
        where = {"section": place.section.key, "question": place.question.key}
        return [
            Wanted(part.name_vi, self.said["item"], ground, component=part),
            Wanted(place.label, self.said["item_answer"], ground, **where),
        ]

    def answered(self, filing: Filing) -> Answered:
        old = str(self.place(filing).kept).rstrip(".")
        return Answered({}, {2: f"{old}, {self.said['answer_added']}"})

    def place(self, filing: Filing) -> places.Place:
        """The question that requests ask about: the aim of a new project, the reason of an adjustment."""
        wanted = "objective" if filing.is_new_project else "reason"
        found = (place for _section, asked in places.askable(filing.dossier) for place in asked)
        return next(place for place in found if place.question.key == wanted)

    def first_part(self, filing: Filing) -> Component:
        return papers.current(filing.dossier)[0].component

    def later(self, due_at: datetime) -> datetime:
        calendar = self.setting.calendar
        return calendar.close_of(calendar.add_working_days(timezone.localdate(due_at), 5))

    def result(self, filing: Filing, at: datetime, by: User) -> StoredFile:
        content = answers.paper(f"Kết quả {filing.dossier.decision_number}")
        return documents.store(content, by=by, at=at, max_bytes=LARGEST_PAPER, is_sample=True)
