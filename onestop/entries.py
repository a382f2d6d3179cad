"""How one answer is typed, checked, kept and written out: a form field for each type of question.

What an answer means beside other answers is the business of `questions`.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils import formats, timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from izportal import languages
from izportal.templatetags.area import grouped, with_unit
from projects.models import Country, Enterprise, Project, Sector
from zones.models import Availability, Plot

SPACES = re.compile(r"[\s\u00a0\u202f\u2009']")
WHOLE_GROUPS = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{3})+")
CHOOSE = gettext_lazy("Chọn một mục")
MOST_DIGITS = 60


def read_number(text: str) -> Decimal:
    """“1.234,5” in Vietnamese, “1,234.5” in English, and either where it can mean one thing only.

    Raises ValueError for anything else, exponents and words included.
    """
    bare = SPACES.sub("", unicodedata.normalize("NFKC", text)).replace("\N{MINUS SIGN}", "-")
    sign, digits = ("-", bare[1:]) if bare.startswith("-") else ("", bare.removeprefix("+"))
    if not re.fullmatch(r"[0-9.,]+", digits) or len(digits) > MOST_DIGITS:
        raise ValueError(text)
    return Decimal(sign + _plain(digits))


def _plain(digits: str) -> str:
    """Digits with at most one point, the separators of thousands taken out."""
    marks = [mark for mark in ".," if mark in digits]
    if len(marks) == 2:
        point = max(marks, key=digits.rindex)
        whole, _point, rest = digits.rpartition(point)
        return _ungrouped(whole) + "." + _only_digits(rest)
    if not marks:
        return digits
    mark = marks[0]
    is_point = mark == ("," if (get_language() or "vi").startswith("vi") else ".")
    if digits.count(mark) > 1 or (not is_point and WHOLE_GROUPS.fullmatch(digits)):
        return _ungrouped(digits)
    whole, _point, rest = digits.partition(mark)
    return _only_digits(whole) + "." + _only_digits(rest)


def _ungrouped(text: str) -> str:
    if text.isdigit() or (WHOLE_GROUPS.fullmatch(text) and len({c for c in text if c in ".,"}) == 1):
        return re.sub(r"[.,]", "", text)
    raise ValueError(text)


def _only_digits(text: str) -> str:
    if not text.isdigit():
        raise ValueError(text)
    return text


class Entry:
    """What every type of question knows besides Django's own field. Mixed in before the field class."""

    unit = ""

    def keep(self, value: Any) -> Any:
        """The JSON-safe form of a cleaned value."""
        return value

    def recall(self, kept: Any) -> Any:
        """What a form shows for a kept value; unreadable ones come back as they are, to be mended."""
        return kept

    def words(self, kept: Any) -> str:
        """A kept value as plain text in the reader's language."""
        return str(kept)


def tidy(text: str) -> str:
    """Composed letters (NFC), no control characters but line ends and tabs."""
    composed = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in composed if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co"))


class TextEntry(Entry, forms.CharField):
    def __init__(self, *, rows: int = 0, **options: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
        options.setdefault("max_length", 4000 if rows else 300)
        super().__init__(widget=options.pop("widget", widget), **options)

    def to_python(self, value: Any) -> str:
        # A NUL is left in for the validator to refuse in words.
        text = str(value or "")
        return super().to_python(text if "\x00" in text else tidy(text))


class PhoneEntry(TextEntry):
    default_validators = [
        RegexValidator(
            r"^\+?[0-9][0-9 .()-]{7,24}$", gettext_lazy("Số điện thoại gồm 8 đến 15 chữ số, ví dụ 0208 3 123 456.")
        )
    ]

    def __init__(self, **options: Any) -> None:
        super().__init__(
            widget=forms.TextInput(attrs={"type": "tel", "class": "num", "autocomplete": "tel"}),
            max_length=30,
            **options,
        )


class TaxCodeEntry(TextEntry):
    def __init__(self, **options: Any) -> None:
        super().__init__(
            widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "num"}), max_length=20, **options
        )

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not re.fullmatch(r"[0-9]{10}(-[0-9]{3})?", value):
            typed = sum(c.isdigit() for c in value)
            raise ValidationError(_("Mã số doanh nghiệp gồm 10 chữ số. Bạn đã nhập %(count)s.") % {"count": typed})


class EmailEntry(Entry, forms.EmailField):
    default_error_messages = {"invalid": gettext_lazy("Thư điện tử không đúng dạng, ví dụ ten@congty.vn.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.EmailInput(attrs={"autocomplete": "email"}), **options)
        for validator in self.validators:
            if hasattr(validator, "domain_allowlist"):
                validator.message = self.error_messages["invalid"]


class NumberEntry(Entry, forms.Field):
    """A decimal with at most `places` decimals, between `least` and `most`; kept as text ("12500000.5")."""

    default_error_messages = {
        "invalid": gettext_lazy("Nhập một số, ví dụ %(example)s."),
        "places": gettext_lazy("Chỉ ghi tối đa %(places)s chữ số thập phân. Bạn đã nhập %(value)s."),
        "whole": gettext_lazy("Nhập số nguyên. Bạn đã nhập %(value)s."),
        "least": gettext_lazy("Số này phải từ %(limit)s trở lên. Bạn đã nhập %(value)s."),
        "most": gettext_lazy("Số này không được quá %(limit)s. Bạn đã nhập %(value)s."),
    }

    def __init__(
        self, *, places: int = 2, least: Any = 0, most: Any = "9999999999999", unit: str = "", **options: Any
    ) -> None:
        mode = "decimal" if places else "numeric"
        super().__init__(
            widget=forms.TextInput(
                attrs={"inputmode": mode, "autocomplete": "off", "class": "num", "maxlength": MOST_DIGITS}
            ),
            **options,
        )
        self.places, self.least, self.most, self.unit = places, Decimal(str(least)), Decimal(str(most)), unit

    def to_python(self, value: Any) -> Decimal | None:
        text = str(value or "").strip()
        if not text:
            return None
        try:
            return read_number(text)
        except ValueError:
            self._refuse("invalid", example=grouped(Decimal("1234.5") if self.places else Decimal(1234)))

    def validate(self, value: Decimal | None) -> None:
        super().validate(value)
        if value is None:
            return
        typed = _written(value)
        # As typed, not as worth: "12.500" is no 12.5, whatever the page's language makes of the point.
        if -int(value.as_tuple().exponent) > self.places:
            self._refuse("places" if self.places else "whole", places=self.places, value=typed)
        if value < self.least:
            self._refuse("least", limit=_written(self.least), value=typed)
        if value > self.most:
            self._refuse("most", limit=_written(self.most), value=typed)

    def _refuse(self, code: str, **facts: Any) -> None:
        raise ValidationError(self.error_messages[code], code=code, params=facts)

    def keep(self, value: Decimal | None) -> Any:
        return None if value is None else f"{value.normalize():f}"

    def recall(self, kept: Any) -> Any:
        return _written(Decimal(str(kept))) if _is_decimal(kept) else kept

    def words(self, kept: Any) -> str:
        if self.unit == "%":
            return f"{self.recall(kept)}%"
        return with_unit(Decimal(str(kept)), self.unit) if _is_decimal(kept) and self.unit else str(self.recall(kept))


class IntegerEntry(NumberEntry):
    """A whole number, kept as one."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "places": 0})

    def keep(self, value: Decimal | None) -> int | None:
        return None if value is None else int(value)


def _written(number: Decimal) -> str:
    """As the reader would type it; beyond any sum of money the digits stand as they are."""
    text = grouped(number, at_most=10) if number.adjusted() < 16 else f"{number:f}"
    return text.replace("\N{MINUS SIGN}", "-")


def _is_decimal(kept: Any) -> bool:
    """Whether it is a number that may be written out: "1e999999999" would be a gigabyte of noughts."""
    try:
        number = Decimal(str(kept))
    except ArithmeticError:
        return False
    return number.is_finite() and abs(number.adjusted()) < MOST_DIGITS


class DateEntry(Entry, forms.DateField):
    default_error_messages = {
        "invalid": gettext_lazy("Nhập ngày theo dạng dd/mm/yyyy, ví dụ 31/12/2027."),
        "early": gettext_lazy("Ngày này không được trước %(limit)s."),
        "future": gettext_lazy("Ngày này không được ở tương lai."),
        "late": gettext_lazy("Ngày này không được sau %(limit)s."),
    }

    def __init__(self, *, is_past: bool = False, **options: Any) -> None:
        super().__init__(
            widget=forms.DateInput(attrs={"inputmode": "numeric", "class": "num", "autocomplete": "off"}), **options
        )
        self.is_past = is_past

    def to_python(self, value: Any) -> date | None:
        return super().to_python(unicodedata.normalize("NFKC", value).strip() if isinstance(value, str) else value)

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value is None:
            return
        first, last = date(1900, 1, 1), date(2199, 12, 31)
        if value < first:
            raise ValidationError(self.error_messages["early"], code="early", params={"limit": f"{first:%d/%m/%Y}"})
        if value > last:
            raise ValidationError(self.error_messages["late"], code="late", params={"limit": f"{last:%d/%m/%Y}"})
        if self.is_past and value > timezone.localdate():
            raise ValidationError(self.error_messages["future"], code="future")

    def keep(self, value: date | None) -> str | None:
        return value.isoformat() if value else None

    def recall(self, kept: Any) -> Any:
        try:
            return formats.localize_input(date.fromisoformat(str(kept)), formats.get_format("DATE_INPUT_FORMATS")[0])
        except ValueError:
            return kept

    def words(self, kept: Any) -> str:
        return str(self.recall(kept))


class ChoiceEntry(Entry, forms.ChoiceField):
    """One of a few given answers: buttons up to four, a list beyond."""

    default_error_messages = {"invalid_choice": gettext_lazy("Chọn một mục trong danh sách.")}

    def __init__(self, *, choices: Iterable[tuple[str, str]], **options: Any) -> None:
        rows = list(choices)
        if len(rows) <= 4:
            super().__init__(choices=rows, widget=forms.RadioSelect, **options)
        else:
            super().__init__(choices=[("", CHOOSE), *rows], **options)

    def words(self, kept: Any) -> str:
        return str(dict(self.choices).get(kept, kept))


class YesNoEntry(ChoiceEntry):
    """Kept as true or false."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=[("yes", _("Có")), ("no", _("Không"))], **options)

    def keep(self, value: str) -> bool | None:
        return {"yes": True, "no": False}.get(value)

    def recall(self, kept: Any) -> Any:
        return {True: "yes", False: "no"}.get(kept, "")

    def words(self, kept: Any) -> str:
        return super().words(self.recall(kept))


class PassportEntry(TextEntry):
    """Letters and digits as printed, in capitals."""

    default_validators = [
        RegexValidator(r"^[A-Z0-9]{6,12}$", gettext_lazy("Số hộ chiếu gồm 6 đến 12 chữ cái không dấu và chữ số."))
    ]

    def __init__(self, **options: Any) -> None:
        super().__init__(
            widget=forms.TextInput(attrs={"class": "num", "autocomplete": "off"}), max_length=20, **options
        )

    def to_python(self, value: Any) -> str:
        return SPACES.sub("", super().to_python(value)).upper()


class PersonalIdEntry(TextEntry):
    default_validators = [RegexValidator(r"^[0-9]{12}$", gettext_lazy("Số định danh cá nhân gồm 12 chữ số."))]

    def __init__(self, **options: Any) -> None:
        super().__init__(
            widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "num"}), max_length=20, **options
        )


class MonthEntry(TextEntry):
    """A month typed as 01/2028 and kept as 2028-01."""

    default_validators = [
        RegexValidator(r"^(0[1-9]|1[0-2])/(19|20|21)[0-9]{2}$", gettext_lazy("Ghi tháng và năm, ví dụ 01/2028."))
    ]

    def __init__(self, **options: Any) -> None:
        super().__init__(
            widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "num"}), max_length=7, **options
        )

    def keep(self, value: str) -> str | None:
        month, _slash, year = value.partition("/")
        return f"{year}-{month}" if value else None

    def recall(self, kept: Any) -> str:
        year, _dash, month = str(kept).partition("-")
        return f"{month}/{year}" if month else str(kept)

    def words(self, kept: Any) -> str:
        return self.recall(kept)


# Repeated groups ----------------------------------------------------------------------------------
class TableWidget(forms.Widget):
    """Rows of a repeated group, each cell a field of its own; two empty rows stand ready for more."""

    template_name = "onestop/widgets/table.html"
    SPARE = 2

    def __init__(self, columns: dict[str, Any], least: int, most: int, row_name: str) -> None:
        super().__init__()
        self.columns, self.least, self.most, self.row_name = columns, least, most, row_name

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, Any]]:
        whole = data.get(name)
        if isinstance(whole, list):  # kept answers that are checked again
            return whole
        rows = [self._row(data, files, f"{name}-{number}") for number in range(self.most)]
        return [row for row in rows if any(row.values())]

    def _row(self, data: Any, files: Any, prefix: str) -> dict[str, Any]:
        return {
            key: entry.widget.value_from_datadict(data, files, f"{prefix}-{key}") or ""
            for key, entry in self.columns.items()
        }

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        rows = list(value or [])
        shown = min(self.most, max(self.least, len(rows) + self.SPARE))
        rows += [{}] * (shown - len(rows))
        context = super().get_context(name, None, attrs)
        context["rows"] = [self._cells(f"{name}-{number}", row) for number, row in enumerate(rows[: self.most])]
        return {**context, "row_name": self.row_name, "is_full": shown == self.most}

    def _cells(self, prefix: str, row: dict[str, Any]) -> list[dict[str, Any]]:
        cells = []
        for key, entry in self.columns.items():
            name, value = f"{prefix}-{key}", row.get(key)
            html = entry.widget.render(name, entry.prepare_value(value), {"id": f"f-{name}"})
            cells.append(
                {"id": f"f-{name}", "label": entry.label, "hint": entry.help_text, "unit": entry.unit, "html": html}
            )
        return cells


class TableEntry(Entry, forms.Field):
    """A repeated group: kept as a list of rows, each a mapping of column to kept value. Empty rows do not count."""

    is_table = True

    def __init__(self, *, columns: dict[str, Any], least: int, most: int, row_name: str, **options: Any) -> None:
        for entry in columns.values():
            if isinstance(entry, ChoiceEntry):  # a row has no room for one button per choice
                entry.widget = forms.Select(choices=[("", CHOOSE), *entry.choices])
        self.columns, self.least, self.most, self.row_name = columns, least, most, row_name
        super().__init__(widget=TableWidget(columns, least, most, row_name), **options)

    def to_python(self, value: Any) -> list[dict[str, Any]]:
        rows, faults = [], []
        for number, row in enumerate(value or [], 1):
            cleaned = {}
            for key, entry in self.columns.items():
                try:
                    cleaned[key] = entry.clean(row.get(key, ""))
                except ValidationError as error:
                    faults += [self._told(number, entry, sentence) for sentence in error.messages]
            rows.append(cleaned)
        if faults:
            raise ValidationError(faults)
        return rows

    def _told(self, number: int, entry: Any, sentence: str) -> str:
        return _("%(row)s %(number)s, %(label)s: %(sentence)s") % {
            "row": self.row_name, "number": number, "label": entry.label, "sentence": sentence,
        }  # fmt: skip

    def validate(self, value: list[dict[str, Any]]) -> None:
        super().validate(value)
        if value and len(value) < self.least:
            raise ValidationError(_("Cần ít nhất %(least)s dòng.") % {"least": self.least})

    def keep(self, value: list[dict[str, Any]]) -> list[dict[str, Any]] | None:
        rows = [{key: self.columns[key].keep(cell) for key, cell in row.items()} for row in value or []]
        return [{key: cell for key, cell in row.items() if cell not in (None, "")} for row in rows] or None

    def recall(self, kept: Any) -> list[dict[str, Any]]:
        rows = kept if isinstance(kept, list) else []
        return [
            {key: self.columns[key].recall(cell) for key, cell in row.items() if key in self.columns} for row in rows
        ]

    def words(self, kept: Any) -> str:
        lines = []
        for number, row in enumerate(kept if isinstance(kept, list) else [], 1):
            cells = [
                f"{entry.label}: {entry.words(row[key])}"
                for key, entry in self.columns.items()
                if row.get(key) not in (None, "")
            ]
            lines.append(f"{number}. {'; '.join(cells)}")
        return "\n".join(lines)


# Rows of the portal -------------------------------------------------------------------------------
class RowEntry(Entry, forms.ModelChoiceField):
    """A row picked from a list; kept by `key`, shown by `row_words`."""

    default_error_messages = {"invalid_choice": gettext_lazy("Chọn một mục trong danh sách.")}
    key = "pk"

    def __init__(self, rows: Any, **options: Any) -> None:
        super().__init__(
            queryset=rows, empty_label=CHOOSE, to_field_name=None if self.key == "pk" else self.key, **options
        )
        self._model = rows.model

    def label_from_instance(self, row: Any) -> str:
        return str(row)

    def keep(self, value: Any) -> Any:
        return None if value is None else str(getattr(value, self.key))

    def words(self, kept: Any) -> str:
        row = self._model.objects.filter(**{self.key: kept}).first()
        return self.label_from_instance(row) if row else str(kept)


class CountryEntry(RowEntry):
    key = "code"
    default_error_messages = {"required": gettext_lazy("Chọn một nước, vùng lãnh thổ.")}

    def __init__(self, **options: Any) -> None:
        name = "name_vi" if languages.here() == languages.SOURCE else "name_en"
        super().__init__(Country.objects.order_by(name), **options)


class GroupedChoices(forms.models.ModelChoiceIterator):
    """The rows under headings, in the order they come; `field.heading(row)` names each."""

    def __iter__(self):
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        groups: dict[str, list] = {}
        for row in self.queryset:
            groups.setdefault(self.field.heading(row), []).append(self.choice(row))
        yield from groups.items()


class SectorEntry(RowEntry):
    key = "code"
    iterator = GroupedChoices

    def __init__(self, **options: Any) -> None:
        super().__init__(Sector.objects.filter(level=2).select_related("parent"), **options)

    def heading(self, row: Sector) -> str:
        return str(row.parent or _("Ngành khác"))


class PlotEntry(RowEntry):
    """Plots that are free; those that are held for another dossier, and those that nobody has confirmed for too long,
    say so: a dossier may be filed for them, but they are not offered."""

    iterator = GroupedChoices
    default_error_messages = {
        "invalid_choice": gettext_lazy("Lô này không còn trống hoặc chưa sẵn sàng. Chọn lô khác.")
    }

    def __init__(self, *, on: date, **options: Any) -> None:
        states = (*Availability.FREE, Availability.Status.RESERVED)
        rows = Plot.objects.published().with_offer(on=on).filter(status__in=states)
        super().__init__(rows.select_related("zone"), **options)

    def heading(self, row: Plot) -> str:
        return str(row.zone)

    def label_from_instance(self, row: Plot) -> str:
        facts = {"number": row.number, "zone": row.zone, "area": with_unit(row.area_m2, "m²")}
        if getattr(row, "status", "") == Availability.Status.RESERVED:
            return _("%(number)s · %(zone)s · %(area)s · đang giữ chỗ cho hồ sơ khác") % facts
        if not getattr(row, "is_offered", True):
            return _("%(number)s · %(zone)s · %(area)s · lâu chưa được xác nhận, hãy hỏi Ban trước") % facts
        return _("%(number)s · %(zone)s · %(area)s") % facts


class ProjectEntry(RowEntry):
    """Projects in force of the enterprises that the reader acts for."""

    default_error_messages = {"invalid_choice": gettext_lazy("Chọn một dự án còn hiệu lực của doanh nghiệp bạn.")}

    def __init__(self, *, enterprises: Any, on: date, **options: Any) -> None:
        rows = Project.objects.filter(enterprise__in=enterprises).in_force(on=on)
        super().__init__(rows.select_related("zone"), **options)

    def label_from_instance(self, row: Project) -> str:
        return f"{row.code} · {row.name} · {row.zone}"


class EnterpriseEntry(RowEntry):
    def __init__(self, *, enterprises: Any, **options: Any) -> None:
        super().__init__(enterprises, **options)

    def label_from_instance(self, row: Enterprise) -> str:
        return f"{row.name} · {row.tax_code}"


def _told_elsewhere(cases: str) -> str:
    told = _(
        "Chưa nộp được tại cổng này: %(cases)s. Hãy nộp tại Cổng Dịch vụ công quốc gia, tại quầy hoặc qua bưu chính."
    )
    return told % {"cases": cases}


class CaseEntry(RowEntry):
    """The cases of a procedure that are the applicant's to choose, each with its limit; those in `closed` are filed
    elsewhere, which the hint says, and not offered."""

    def __init__(self, *, version: Any, closed: Iterable[str] = (), **options: Any) -> None:
        rows = version.cases.filter(chosen_by="applicant")
        super().__init__(rows.exclude(key__in=list(closed)), widget=forms.RadioSelect, **options)
        self.empty_label = None
        elsewhere = "; ".join(str(row) for row in rows.filter(key__in=list(closed))) if closed else ""
        if elsewhere:
            self.help_text = f"{self.help_text} {_told_elsewhere(elsewhere)}".strip()

    def label_from_instance(self, row: Any) -> str:
        return _("%(case)s (%(value)s %(unit)s)") % {
            "case": row,
            "value": grouped(row.value),
            "unit": row.get_unit_display(),
        }
