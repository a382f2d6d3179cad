"""A trial of the ledger in words: each line that would differ, before and after, and the mark by which it is known
again."""

import hashlib
from dataclasses import dataclass

from django.utils.translation import gettext as _

from izportal.templatetags.area import absent, m2, number
from izportal.templatetags.date import day
from izportal.templatetags.money import usd, vnd
from projects.models import Project


@dataclass(frozen=True)
class Line:
    label: str
    old: str
    new: str
    is_public: bool = False


@dataclass(frozen=True)
class Sight:
    lines: tuple[Line, ...]
    mark: str


def sight(trial, said):
    """`said` is what was typed: other words need another look."""
    own = [line for line in _lines(trial.before, trial.after) if line.old != line.new]
    public = list(_totals(trial))
    told = repr([(line.label, line.old, line.new) for line in own]) + repr(_moves(trial)) + repr(sorted(said.items()))
    return Sight((*own, *public), hashlib.sha256(told.encode()).hexdigest())


def _lines(old, new):
    yield Line(_("Tình trạng dự án"), _status(old.status), _status(new.status))
    yield Line(_("Vốn đăng ký, USD"), usd(old.usd), usd(new.usd))
    yield Line(_("Vốn đăng ký, VND"), vnd(old.vnd), vnd(new.vnd))
    yield Line(_("Diện tích thuê"), m2(old.area_m2), m2(new.area_m2))
    labels = {
        "certificate_on": _("Cấp lần đầu ngày"), "origin": _("Nguồn vốn"), "kind": _("Loại dự án"),
        "sector": _("Ngành (VSIC)"), "zone": _("Khu công nghiệp"), "enterprise": _("Tổ chức kinh tế"),
        "term_until": _("Thời hạn đến ngày"),
    }  # fmt: skip
    before, after = dict(old.facts), dict(new.facts)
    for name in {**before, **after}:
        yield Line(labels[name], fact(name, before.get(name)), fact(name, after.get(name)))
    plots, kept = dict(old.plots), dict(new.plots)
    for code in sorted({**plots, **kept}):
        label = _("Lô %(plot)s") % {"plot": code}
        yield Line(label, _area(plots.get(code)), _area(kept.get(code)))
    shares, left = {row[0]: row[1:] for row in old.shares}, {row[0]: row[1:] for row in new.shares}
    for name in sorted({**shares, **left}):
        yield Line(_("Vốn góp: %(investor)s") % {"investor": name}, share(shares.get(name)), share(left.get(name)))


def _totals(trial):
    """The public figures before and after, where they move."""
    for old, new in zip(trial.totals_before, trial.totals_after, strict=True):
        written = usd if old.origin == Project.Origin.FDI else vnd
        name = old.origin.upper()
        if old.count != new.count:
            label = _("Số liệu công khai: số dự án %(origin)s còn hiệu lực") % {"origin": name}
            yield Line(label, number(old.count), number(new.count), is_public=True)
        if old.capital != new.capital:
            label = _("Số liệu công khai: vốn %(origin)s đăng ký") % {"origin": name}
            yield Line(label, written(old.capital), written(new.capital), is_public=True)


def _moves(trial):
    """Other decisions move the public figures too; only what this deed adds is its own."""
    pairs = zip(trial.totals_before, trial.totals_after, strict=True)
    return [(old.origin, new.count - old.count, new.capital - old.capital) for old, new in pairs]


def _status(value):
    return str(Project.Status(value).label) if value else _("Chưa có trong sổ")


def fact(name, value):
    if value is None or value == "":
        return absent()
    if name in ("certificate_on", "term_until"):
        return day(value)
    words = {"origin": Project.Origin, "kind": Project.Kind}
    return str(words[name](value).label) if name in words else str(value)


def _area(value):
    return absent() if value is None else m2(value)


def share(amounts):
    if amounts is None:
        return _("Không góp vốn")
    told = [written(amount) for written, amount in zip((usd, vnd), amounts, strict=True) if amount]
    return " · ".join(told) or absent()
