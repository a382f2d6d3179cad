"""What may be filled into the wording of a decision: a fixed list, and the answers of the procedure's form.

Each says what it means, where its value comes from, how it is written in the reader's language, and what stands for it
in a preview without a dossier. A value is text, several lines of text, or nothing.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal import languages
from izportal.models import Act
from izportal.templatetags.area import m2
from izportal.templatetags.money import usd, vnd
from onestop import questions, shapes
from onestop.models import DecisionTemplate, Dossier, Procedure, Slip
from projects import ledger

ANSWER = "tra_loi."
OWN_WORDS, GROUNDS, REASON = "noi_dung_rieng", "can_cu", "ly_do"
# Of a correction: line by line what was wrong, and the whole of the result as it stands from now on.
MENDED, RENEWED = "dong_dinh_chinh", "noi_dung_moi"
# Of a revocation: what it takes back in the register.
UNDONE = "dong_thu_hoi"
Effect = Procedure.Effect
CORRECTED, REVOKED = DecisionTemplate.Decision.CORRECTED.value, DecisionTemplate.Decision.REVOKED.value
AMENDING = (CORRECTED, REVOKED)


@dataclass(frozen=True)
class Named:
    """A name in two languages."""

    vi: str
    en: str

    def __str__(self) -> str:
        return self.vi if languages.here() == languages.SOURCE else self.en


@dataclass(frozen=True)
class Mending:
    """The correction or revocation that a letter is about: the paper it takes the place of, the kind of ground, what
    changes (label, old, new), and of a correction the paragraphs that stand from now on, the last two by language.
    Number, day and signer come with the signature."""

    paper: Named
    old_number: str
    old_day: date
    ground: Any
    lines: Mapping[str, list[tuple[str, str, str]]]
    renewed: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)
    number: str = ""
    signed_on: date | None = None
    signer: str = ""


@dataclass(frozen=True)
class Matter:
    """The dossier that is decided on, the day, and the reason of a refusal, correction or revocation."""

    dossier: Dossier
    on: date
    reason: str = ""
    mending: Mending | None = None

    @property
    def number(self) -> str | None:
        return self.mending.number if self.mending else self.dossier.decision_number

    @property
    def signed_on(self) -> date | None:
        return self.mending.signed_on if self.mending else self.dossier.decided_on

    @property
    def signer(self) -> Any:
        return self.mending.signer if self.mending else self.dossier.decided_by

    @cached_property
    def capital(self) -> tuple[Decimal | None, Decimal | None]:
        """What the decision is about: the capital asked for, or what the register says of the project."""
        dossier, prefix = self.dossier, "new_" if self.dossier.procedure.effect == Effect.ADJUST else ""
        if dossier.procedure.effect in (Effect.REGISTER, Effect.ADJUST):
            return _amount(dossier, f"{prefix}capital_usd"), _amount(dossier, f"{prefix}capital_vnd")
        now = ledger.position(dossier.project) if dossier.project else None
        return (now.usd or None, now.vnd or None) if now else (None, None)

    @cached_property
    def acts(self) -> list[Act]:
        rows = self.dossier.version.acts.filter(replaced_by=None).order_by("pk")
        return [act for act in rows if act.is_in_force(self.on)]


def _amount(dossier: Dossier, key: str) -> Decimal | None:
    return Decimal(str(dossier.answers.get(key) or 0)) or None


@dataclass(frozen=True)
class Placeholder:
    """`is_later`: drawn at the signature, unknown before it. `is_optional`: may have no value in any wording. `only`:
    the kinds of decision whose wording alone may name it."""

    name: str
    label: str | Promise
    read: Callable[[Matter], Any]
    sample: Any
    say: Callable[[Any], str | list[Any]] = str
    is_later: bool = False
    is_optional: bool = False
    only: tuple[str, ...] = ()


def _day(value: date) -> str:
    return f"{value:%d/%m/%Y}"


def _years(value: int) -> str:
    return _("%(count)s năm kể từ ngày ký") % {"count": value}


def _term(value: int | date) -> str:
    return _("đến hết ngày %(day)s") % {"day": _day(value)} if isinstance(value, date) else _years(value)


def _grounds(acts: list[Act]) -> list[str]:
    """Titles as the list of acts has them; nothing is added to them."""
    return [_ground(act.title, act.number) for act in acts]


def _ground(title: str, number: str) -> str:
    if number in title:
        return _("Căn cứ %(title)s;") % {"title": title}
    return _("Căn cứ %(title)s (số %(number)s);") % {"title": title, "number": number}


def _of_mending(name: str) -> Callable[[Matter], Any]:
    return lambda matter: getattr(matter.mending, name) if matter.mending else None


def _in_language(name: str) -> Callable[[Matter], Any]:
    def told(matter: Matter) -> Any:
        said = getattr(matter.mending, name) if matter.mending else {}
        return next((said[code] for code in languages.chain(languages.here()) if code in said), None)

    return told


def _mended(lines: list[tuple[str, str, str]]) -> list[str]:
    said = [
        _("%(label)s: đã ghi “%(wrong)s”, nay ghi là “%(right)s”") % {"label": label, "wrong": wrong, "right": right}
        for label, wrong, right in lines
    ]
    return _listed(said)


def _undone(lines: Iterable[tuple[str, str, str]]) -> list[str]:
    said = [
        _("%(label)s: từ “%(old)s” thành “%(new)s”") % {"label": label, "old": old, "new": new}
        for label, old, new in lines
    ]
    return _listed(said or [_("Sổ dự án không thay đổi")])


def _listed(said: list[str]) -> list[str]:
    return [f"{line}{'.' if place == len(said) else ';'}" for place, line in enumerate(said, start=1)]


def _project_name(matter: Matter) -> str | None:
    dossier = matter.dossier
    if dossier.procedure.effect == Effect.REGISTER:
        english = dossier.answers.get("project_name_en") if languages.here() != languages.SOURCE else ""
        return english or dossier.answers.get("project_name")
    return dossier.project.name if dossier.project else None


def _project_code(matter: Matter) -> str | None:
    return matter.dossier.project_code or (matter.dossier.project.code if matter.dossier.project else None)


def _zone(matter: Matter) -> str | None:
    dossier = matter.dossier
    if dossier.plot:
        return dossier.plot.zone.name
    return dossier.project.zone.name if dossier.project and dossier.project.zone else None


def _area(matter: Matter) -> Decimal | None:
    plot = matter.dossier.plot
    return _amount(matter.dossier, "area_m2") or (plot.area_m2 if plot else None)


def _term_of(matter: Matter) -> int | date | None:
    dossier = matter.dossier
    years = int(dossier.answers.get("term_years") or 0)
    return years or (dossier.project.term_until if dossier.project else None)


PLACEHOLDERS = {
    row.name: row
    for row in (
        Placeholder("so_quyet_dinh", gettext_lazy("Số của văn bản, lấy khi ký"),
                    lambda m: m.number, "12/2026/QĐ-BQL", is_later=True),
        Placeholder("ngay_quyet_dinh", gettext_lazy("Ngày ký văn bản"),
                    lambda m: m.signed_on, date(2026, 3, 17), _day, is_later=True),
        Placeholder("nguoi_ky", gettext_lazy("Họ tên người ký"),
                    lambda m: m.signer, Named("Nguyễn Văn Minh Họa", "Nguyễn Văn Minh Họa"),
                    is_later=True),
        Placeholder("ten_to_chuc", gettext_lazy("Tên tổ chức, doanh nghiệp nộp hồ sơ"),
                    lambda m: m.dossier.enterprise.name, Named("Công ty TNHH Minh Họa", "Minh Hoa Co., Ltd.")),
        Placeholder("ma_so_thue", gettext_lazy("Mã số thuế, mã số doanh nghiệp"),
                    lambda m: m.dossier.enterprise.tax_code, "4600000000"),
        Placeholder("dia_chi", gettext_lazy("Địa chỉ trụ sở của tổ chức"),
                    lambda m: m.dossier.enterprise.address, "Số 1, đường Minh Họa, tỉnh Thái Nguyên"),
        Placeholder("ten_thu_tuc", gettext_lazy("Tên thủ tục hành chính"),
                    lambda m: m.dossier.procedure.name, Named("Thủ tục minh họa", "Illustrative procedure")),
        Placeholder("ma_thu_tuc", gettext_lazy("Mã thủ tục quốc gia"),
                    lambda m: m.dossier.procedure.code, "1.000000"),
        Placeholder("ten_ket_qua", gettext_lazy("Tên kết quả ghi trong danh mục thủ tục"),
                    lambda m: m.dossier.version.result, Named("Kết quả minh họa", "Illustrative result")),
        Placeholder("ma_ho_so", gettext_lazy("Mã hồ sơ"), lambda m: m.dossier.code, "H55-260303-0001"),
        Placeholder("ngay_tiep_nhan", gettext_lazy("Ngày tiếp nhận hồ sơ"),
                    lambda m: timezone.localdate(m.dossier.received_at) if m.dossier.received_at else None,
                    date(2026, 3, 3), _day),
        Placeholder("ten_du_an", gettext_lazy("Tên dự án"), _project_name,
                    Named("Nhà máy minh họa", "Illustrative plant")),
        Placeholder("ma_du_an", gettext_lazy("Mã số dự án"), _project_code, "9800000000"),
        Placeholder("lo_dat", gettext_lazy("Ký hiệu lô đất, nhà xưởng"),
                    lambda m: m.dossier.plot.number if m.dossier.plot else None, "CN-00"),
        Placeholder("khu_cong_nghiep", gettext_lazy("Tên khu công nghiệp"), _zone,
                    Named("Khu công nghiệp Minh Họa", "Minh Hoa Industrial Park")),
        Placeholder("dien_tich", gettext_lazy("Diện tích đất, nhà xưởng"), _area, Decimal("65000"), m2),
        Placeholder("von_usd", gettext_lazy("Vốn đầu tư bằng USD"), lambda m: m.capital[0], Decimal("12500000"), usd),
        Placeholder("von_vnd", gettext_lazy("Vốn đầu tư bằng VND"),
                    lambda m: m.capital[1], Decimal("328125000000"), vnd),
        Placeholder("thoi_han_du_an", gettext_lazy("Thời hạn hoạt động của dự án"), _term_of, 40, _term),
        Placeholder(REASON, gettext_lazy("Lý do từ chối, đính chính, thu hồi"), lambda m: m.reason,
                    Named("Lý do minh họa: hồ sơ chưa chứng minh năng lực tài chính.",
                          "Illustrative reason: financial capacity has not been shown.")),
        Placeholder(GROUNDS, gettext_lazy("Căn cứ pháp lý của thủ tục, mỗi văn bản một dòng"), lambda m: m.acts,
                    [Act(number="143/2025/QH15", title_vi="Luật Đầu tư", title_en="Law on Investment")], _grounds),
        Placeholder(OWN_WORDS, gettext_lazy("Đoạn riêng do chuyên viên soạn cho hồ sơ này; không có thì bỏ qua"),
                    lambda m: "" if m.mending else m.dossier.proposal_text,
                    Named("Đoạn riêng của hồ sơ, do chuyên viên soạn khi trình.",
                          "Words for this dossier alone, written by the specialist."), is_optional=True),
        Placeholder("ten_giay_cu", gettext_lazy("Tên giấy được thay hoặc bị thu hồi"), _of_mending("paper"),
                    Named("Giấy chứng nhận minh họa", "Illustrative certificate"), only=AMENDING),
        Placeholder("so_giay_cu", gettext_lazy("Số của giấy được thay hoặc bị thu hồi"), _of_mending("old_number"),
                    "11/2026/QĐ-BQL", only=AMENDING),
        Placeholder("ngay_giay_cu", gettext_lazy("Ngày của giấy được thay hoặc bị thu hồi"), _of_mending("old_day"),
                    date(2026, 3, 10), _day, only=AMENDING),
        Placeholder("loai_ly_do", gettext_lazy("Loại lý do đính chính, thu hồi"), _of_mending("ground"),
                    Slip.Ground.MISTAKE.label, only=AMENDING),
        Placeholder(MENDED, gettext_lazy("Các dòng đính chính: đã ghi, nay ghi là"), _in_language("lines"),
                    [(Named("Tên dự án", "Name of the project"), "Nhà máy minh họ", "Nhà máy minh họa")],
                    _mended, only=(CORRECTED,)),
        Placeholder(UNDONE, gettext_lazy("Thay đổi trong sổ khi thu hồi: từ, thành"),
                    # A tuple, for an empty one is something to be said.
                    lambda m: tuple(_in_language("lines")(m)) if m.mending else None,
                    [(Named("Tình trạng dự án", "Status of the project"), Named("Còn hiệu lực", "In force"),
                      Named("Bị thu hồi", "Revoked"))], _undone, only=(REVOKED,)),
        Placeholder(RENEWED, gettext_lazy("Toàn văn kết quả sau khi đính chính; đứng riêng một đoạn"),
                    _in_language("renewed"), Named("Toàn văn kết quả sau khi đính chính.",
                                                   "The whole of the result as corrected."),
                    lambda found: found if isinstance(found, list) else str(found), only=(CORRECTED,)),
    )
}  # fmt: skip


# Answers of the form ------------------------------------------------------------------------------
def answers_of(procedure: Procedure | None, *, on: date) -> dict[str, str]:
    """{name: label} of every answer of the form in force, in the reader's language."""
    form = shapes.in_force(procedure, on=on) if procedure else None
    if form is None:
        return {}
    return {
        f"{ANSWER}{section.key}.{question.key}": f"{shapes.say(section.title)}: {shapes.say(question.label)}"
        for section in shapes.of(form).sections
        for question in section.questions
    }


def label(name: str, dossier: Dossier | None = None) -> str:
    """What a name means, for a sentence about it."""
    if name in PLACEHOLDERS:
        return str(PLACEHOLDERS[name].label)
    shape = shapes.of_dossier(dossier) if dossier else None
    section = shape.section(name.removeprefix(ANSWER).partition(".")[0]) if shape else None
    asked = {question.key: question for question in section.questions} if section else {}
    question = asked.get(name.rpartition(".")[2])
    return shapes.say(question.label) if question else name


def fits(name: str, decision: str) -> bool:
    """May the wording of such a decision name it?"""
    only = PLACEHOLDERS[name].only if name in PLACEHOLDERS else ()
    return not only or decision in only


def closest(name: str, known: list[str]) -> str:
    """The name that was probably meant; "" where none is near."""
    found = get_close_matches(name.lower(), known, n=1, cutoff=0.6)
    return found[0] if found else ""


# Values -------------------------------------------------------------------------------------------
def value(name: str, matter: Matter) -> str | list[Any]:
    """The value of a name in the active language: text, lines, or paragraphs; "" where the dossier says nothing."""
    if name.startswith(ANSWER):
        section, _dot, question = name.removeprefix(ANSWER).partition(".")
        return questions.words_of(matter.dossier, section, question)
    row = PLACEHOLDERS[name]
    raw = row.read(matter)
    return row.say(raw) if raw not in (None, "", []) else ""


def sample(name: str, answers: dict[str, str]) -> str | list[Any]:
    """What stands for a name in a preview without a dossier."""
    if name.startswith(ANSWER):
        return f"[{answers.get(name, name)}]"
    return PLACEHOLDERS[name].say(PLACEHOLDERS[name].sample)
