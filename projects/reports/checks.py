"""What must hold across the lines of a report, as told in the data file; pure arithmetic over what has been read.

A number is looked up by its field's name (`lines.name_of`). What is wrong comes back as sentences by field; what may
be right but is unusual asks for a reason under a key of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from izportal.templatetags.area import grouped
from projects.reports.lines import PERIOD, TOTAL, UNITS, Form, Row, name_of

# Sums of amounts that were rounded one by one.
SLACK = Decimal("0.05")


@dataclass
class Findings:
    """`errors` are (field, sentence); `doubts` are {key: (field, sentence)} that a reason settles."""

    errors: list[tuple[str, str]] = field(default_factory=list)
    doubts: dict[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Sheet:
    """The numbers of a report as read, those of the period before, and what they are counted in."""

    form: Form
    rows: list[Row]
    numbers: dict[str, Decimal | None]
    before: dict[str, Decimal]
    origin: str
    rate: Decimal | None = None

    def number(self, code: str, column: str) -> Decimal | None:
        """Of a line; the sum over the investors where it repeats. None where nothing was said."""
        found = [self.numbers.get(name_of(row.key, column)) for row in self.rows if row.line.code == code]
        given = [number for number in found if number is not None]
        return sum(given, Decimal(0)) if given else None

    def said(self, code: str, number: Decimal) -> str:
        unit = UNITS[self.form.lines[code].unit_for(self.origin)]
        return f"{grouped(number)} {unit}".strip()


def fill(sheet: Sheet) -> None:
    """Put in what was left empty and follows from the rest: a sum from its parts, a cumulative amount from the period
    before. Parts are added before their whole, so the file names the inner sums after the outer ones."""
    for row in sheet.rows:
        if {PERIOD, TOTAL} <= set(row.line.columns) and not row.line.stock:
            _carry(sheet, row)
    for check in reversed([check for check in sheet.form.checks if check["rule"] == "sum"]):
        for column in sheet.form.lines[check["whole"]].columns:
            _add_up(sheet, check, column)


def _carry(sheet: Sheet, row: Row) -> None:
    name, this = name_of(row.key, TOTAL), sheet.numbers.get(name_of(row.key, PERIOD))
    if sheet.numbers.get(name) is None and this is not None and name in sheet.before:
        sheet.numbers[name] = sheet.before[name] + this


def _add_up(sheet: Sheet, check: dict, column: str) -> None:
    name = name_of(check["whole"], column)
    parts = _parts(sheet, check, column)
    if sheet.numbers.get(name) is None and parts is not None:
        sheet.numbers[name] = parts


def _parts(sheet: Sheet, check: dict, column: str) -> Decimal | None:
    found = [sheet.number(part, column) for part in check["parts"]]
    given = [number for number in found if number is not None]
    return sum(given, Decimal(0)) if given else None


def find(sheet: Sheet) -> Findings:
    findings = Findings()
    for check in sheet.form.checks:
        RULES[check["rule"]](sheet, check, findings)
    return findings


def _sum(sheet: Sheet, check: dict, findings: Findings) -> None:
    """A whole without any parts is taken as it is."""
    for column in sheet.form.lines[check["whole"]].columns:
        name, parts = name_of(check["whole"], column), _parts(sheet, check, column)
        whole = sheet.numbers.get(name)
        if whole is None or parts is None or abs(whole - parts) <= SLACK:
            continue
        names = " + ".join(str(sheet.form.lines[part].label).lower() for part in check["parts"])
        told = {"parts": names, "sum": sheet.said(check["whole"], parts)}
        findings.errors.append((name, _("Phải bằng %(parts)s = %(sum)s; để trống, cổng tự cộng.") % told))


def _at_most(sheet: Sheet, check: dict, findings: Findings) -> None:
    """Amounts in two currencies are compared by the rate of the period, and not at all without one."""
    for column in sheet.form.lines[check["line"]].columns:
        less, more = sheet.number(check["line"], column), sheet.number(check["than"], column)
        factor = _factor(sheet, check)
        if less is None or more is None or factor is None or less * factor <= more:
            continue
        told = {"line": sheet.form.lines[check["line"]].label, "than": sheet.form.lines[check["than"]].label}
        told |= {"more": sheet.said(check["than"], more), "column": sheet.form.label_of(column).lower()}
        sentence = _("%(line)s (%(column)s) lớn hơn %(than)s (%(more)s).") % told
        findings.doubts[f"{check['line']}.{column}"] = (name_of(check["line"], column), sentence)


def _factor(sheet: Sheet, check: dict) -> Decimal | None:
    """How many units of the larger line one unit of the smaller one is."""
    units = [sheet.form.lines[check[place]].unit_for(sheet.origin) for place in ("line", "than")]
    if units[0] == units[1]:
        return Decimal(1)
    return sheet.rate if units == ["usd", "vnd"] else None


def _grows(sheet: Sheet, _check: dict, findings: Findings) -> None:
    for row in sheet.rows:
        name = name_of(row.key, TOTAL)
        now, before = sheet.numbers.get(name), sheet.before.get(name)
        if row.line.signed or row.line.stock or now is None or before is None or now >= before:
            continue
        sentence = _("Lũy kế nhỏ hơn kỳ trước (%(before)s).") % {"before": sheet.said(row.line.code, before)}
        findings.doubts[f"{row.key}.grows"] = (name, sentence)


def _within_total(sheet: Sheet, _check: dict, findings: Findings) -> None:
    for row in sheet.rows:
        this, total = (sheet.numbers.get(name_of(row.key, column)) for column in (PERIOD, TOTAL))
        if row.line.signed or this is None or total is None or this <= total:
            continue
        findings.errors.append((name_of(row.key, TOTAL), _("Lũy kế không được nhỏ hơn số của kỳ này.")))


RULES: dict[str, Callable[[Sheet, dict, Findings], None]] = {
    "sum": _sum, "at_most": _at_most, "grows": _grows, "within_total": _within_total,
}  # fmt: skip
