"""The small forms in which the staff write a form: a section, a question or a column of one, publishing. Each reads a
piece of a body and gives it back; what it does not ask about stays as it was."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from onestop import shapes
from onestop.definitions import checks as definition_checks
from onestop.definitions import conditions
from onestop.definitions.checks import KEY, NOT_IN_ROWS
from onestop.models import Definition
from onestop.questions import PATHS
from onestop.shapes import LANGUAGES, say

TYPES = {
    "text": gettext_lazy("Chữ, một dòng"), "textarea": gettext_lazy("Chữ, nhiều dòng"),
    "integer": gettext_lazy("Số nguyên"), "decimal": gettext_lazy("Số thập phân"),
    "percent": gettext_lazy("Phần trăm"), "money_vnd": gettext_lazy("Tiền, VND"),
    "money_usd": gettext_lazy("Tiền, USD"), "area": gettext_lazy("Diện tích, m²"),
    "date": gettext_lazy("Ngày"), "month": gettext_lazy("Tháng, năm"), "choice": gettext_lazy("Chọn một mục"),
    "yes_no": gettext_lazy("Có hoặc không"), "table": gettext_lazy("Nhóm lặp lại (bảng)"),
    "email": gettext_lazy("Thư điện tử"), "phone": gettext_lazy("Điện thoại"),
    "tax_code": gettext_lazy("Mã số doanh nghiệp"), "passport": gettext_lazy("Số hộ chiếu"),
    "personal_id": gettext_lazy("Số định danh cá nhân"), "country": gettext_lazy("Nước, vùng lãnh thổ"),
    "vsic": gettext_lazy("Ngành kinh tế (VSIC)"), "enterprise": gettext_lazy("Doanh nghiệp đứng tên"),
    "case": gettext_lazy("Trường hợp của thủ tục"), "plot": gettext_lazy("Lô đất"),
    "project": gettext_lazy("Dự án trong sổ"),
}  # fmt: skip
WIDTHS = {"": gettext_lazy("Cả dòng"), "w4": gettext_lazy("Hai phần ba"), "w3": gettext_lazy("Một nửa"),
          "w2": gettext_lazy("Một phần ba")}  # fmt: skip
OPTIONAL, ALWAYS, WHEN = "no", "yes", "when"
REQUIRED = {
    OPTIONAL: gettext_lazy("Không bắt buộc"), ALWAYS: gettext_lazy("Bắt buộc"),
    WHEN: gettext_lazy("Bắt buộc khi câu trả lời ở trên là…"),
}  # fmt: skip
# A row of the portal is asked for once, under the name of its kind.
OF_COLUMNS = NOT_IN_ROWS - {"table"}
TEXTS_NEEDED = ("label", "title", "step")


def _text(label: str, *, lines: int = 0, is_needed: bool = True) -> dict[str, forms.CharField]:
    names = {"vi": _("tiếng Việt"), "en": _("tiếng Anh")}
    return {
        language: forms.CharField(
            label=f"{label} ({names[language]})", required=is_needed, max_length=2000,
            widget=forms.Textarea(attrs={"rows": lines}) if lines else forms.TextInput(),
        )
        for language in LANGUAGES
    }  # fmt: skip


class PieceForm(forms.Form):
    """What every piece has: texts in two languages, a key once it is made, and the version that its page had seen."""

    use_required_attribute = False
    version_no = forms.IntegerField(widget=forms.HiddenInput, required=False)
    # Names of two-language texts with their label and the lines of their box.
    texts: dict[str, tuple[Any, int]] = {}

    def __init__(self, data: Any = None, *, definition: Definition, place: tuple[str, ...], piece: Mapping[str, Any]):
        super().__init__(data, auto_id="f-%s")
        self.definition, self.place, self.piece, self.is_new = definition, place, piece, not piece
        self.initial["version_no"] = definition.version_no
        for name, (label, lines) in self.texts.items():
            for language, field in _text(label, lines=lines, is_needed=name in TEXTS_NEEDED).items():
                self.fields[f"{name}_{language}"], field.width = field, "w3"
                self.initial[f"{name}_{language}"] = _words(piece.get(name), language)
        if self.is_new:
            self.fields["key"] = forms.CharField(
                label=_("Khóa"), required=False, max_length=60,
                help_text=_("Chữ thường không dấu, nối bằng gạch dưới; để trống thì lấy theo tên tiếng Anh. "
                            "Câu trả lời được giữ theo khóa nên sau này không đổi được."),
            )  # fmt: skip

    @property
    def seen(self) -> int:
        value = self.cleaned_data.get("version_no")
        return -1 if value is None else value

    def clean_key(self) -> str:
        if self.data.get("type") in OF_COLUMNS:
            return self.data["type"]
        key = self.cleaned_data["key"].strip() or _key(self.data.get(f"{next(iter(self.texts))}_en", ""))
        if not KEY.fullmatch(key):
            raise forms.ValidationError(_("Khóa chỉ gồm chữ thường không dấu, chữ số, gạch dưới, bắt đầu bằng chữ."))
        if key in self._taken():
            raise forms.ValidationError(_("Khóa “%(key)s” đã dùng; hãy đặt khóa khác.") % {"key": key})
        return key

    def _taken(self) -> set[str]:
        raise NotImplementedError

    def values(self) -> dict[str, Any]:
        """What the form says, by the names of a body; None for what is left empty."""
        said = {name: self._said(name) for name in self.texts}
        return {"key": self.cleaned_data.get("key") or self.piece.get("key"), **said}

    def _said(self, name: str) -> dict[str, str] | None:
        words = {language: self.cleaned_data[f"{name}_{language}"].strip() for language in LANGUAGES}
        return words if any(words.values()) else None

    def whole(self) -> dict[str, Any]:
        """The piece as it will stand: what the form does not ask about, and what it leaves as it was, is kept."""
        whole = dict(self.piece)
        for name, value in self.values().items():
            if _is_nothing(value):
                if not _is_nothing(whole.get(name)):
                    whole.pop(name)
            elif whole.get(name) != value:
                whole[name] = value
        return whole


def _words(text: Any, language: str) -> str:
    """A unit may be written alike in both languages."""
    return text if isinstance(text, str) else (text or {}).get(language, "")


def _is_nothing(value: Any) -> bool:
    """Not said at all; a nought is said."""
    return value is None or value is False or (isinstance(value, str | list | dict) and not value)


def _key(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D")).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain.lower())
    return "_".join(words)[:60].strip("_").lstrip("0123456789_")


class SectionForm(PieceForm):
    texts = {
        "title": (gettext_lazy("Tên phần"), 0),
        "step": (gettext_lazy("Thuộc bước"), 0),
        "hint": (gettext_lazy("Hướng dẫn"), 2),
    }
    checks = forms.MultipleChoiceField(
        label=gettext_lazy("Phép kiểm tra"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("So các câu trả lời với nhau khi người nộp lưu phần này."),
    )  # fmt: skip
    date_order = forms.CharField(
        label=gettext_lazy("Thêm phép kiểm tra thứ tự ngày"), required=False, max_length=300,
        help_text=gettext_lazy("Khóa của các câu hỏi loại ngày, theo thứ tự trước sau, cách nhau bằng dấu phẩy."),
    )  # fmt: skip
    field_order = ["title_vi", "title_en", "step_vi", "step_en", "key", "hint_vi", "hint_en", "checks", "date_order"]

    def __init__(self, *args: Any, **more: Any):
        super().__init__(*args, **more)
        self.order_fields(self.field_order)
        self.initial["checks"] = list(self.piece.get("checks", ()))
        self.fields["checks"].choices = self._offered()

    def _offered(self) -> list[tuple[str, str]]:
        """The section's own checks, and those of forms in force whose questions this form asks as well."""
        shape = shapes.read(self.definition.body)
        labels = {key: say(question.label) for key, question in shape.questions().items()}
        known = definition_checks.keys_in(shape)
        own = list(self.piece.get("checks", ()))
        others = [name for name, keys in _checks_in_use().items() if name not in own and keys and keys <= known]
        return [(name, _told(name, labels)) for name in (*own, *others)]

    def clean_date_order(self) -> str:
        keys = [key.strip() for key in self.cleaned_data["date_order"].split(",") if key.strip()]
        asked = shapes.read(self.definition.body).questions()
        strange = [key for key in keys if key not in asked or asked[key].type != "date"]
        if strange or len(keys) == 1:
            raise forms.ValidationError(
                _("Ghi ít nhất hai khóa của câu hỏi loại ngày. Không dùng được: %(keys)s.")
                % {"keys": ", ".join(strange or keys)}
            )
        return f"in_order:{','.join(keys)}" if keys else ""

    def _taken(self) -> set[str]:
        return {section["key"] for section in self.definition.body["sections"]}

    def values(self) -> dict[str, Any]:
        chosen = list(self.cleaned_data["checks"])
        kept = [name for name in self.piece.get("checks", ()) if name in chosen]
        more = [name for name in chosen if name not in kept]
        order = self.cleaned_data["date_order"]
        return {**super().values(), "checks": kept + more + ([order] if order else [])}


def _checks_in_use() -> dict[str, set[str]]:
    """The checks of the forms published last, each with the questions that it compares wherever it is used."""
    rows = Definition.objects.published().defer("body").order_by("procedure", "-number")
    newest = {row.procedure_id: row for row in reversed(rows)}
    found: dict[str, set[str]] = {}
    for shape in map(shapes.of, newest.values()):
        keys = definition_checks.keys_in(shape)
        for name in (name for section in shape.sections for name in section.checks):
            compared = definition_checks.spelled(name) or definition_checks.reads(name) & keys
            found[name] = found.get(name, compared) & compared
    return dict(sorted(found.items()))


def _told(name: str, labels: Mapping[str, str]) -> str:
    """A check by the questions that it compares."""
    keys = definition_checks.spelled(name) or definition_checks.reads(name)
    compared = [labels[key] for key in labels if key in keys]
    return f"{'; '.join(compared)} ({name})" if compared else name


class NoteForm(PieceForm):
    texts = {"note": (gettext_lazy("Ghi chú đầu biểu mẫu"), 4)}

    def __init__(self, data: Any = None, *, definition: Definition):
        super().__init__(data, definition=definition, place=(), piece={**definition.body, "key": "form"})

    def values(self) -> dict[str, Any]:
        return {"note": self._said("note")}

    def whole(self) -> dict[str, Any]:
        return {name: value for name, value in super().whole().items() if name != "key"}


class QuestionForm(PieceForm):
    """A question, or a column of a repeated group: a column has no condition and fills nothing in."""

    texts = {
        "label": (gettext_lazy("Câu hỏi"), 0),
        "hint": (gettext_lazy("Hướng dẫn"), 2),
        "unit": (gettext_lazy("Đơn vị"), 0),
        "row_name": (gettext_lazy("Tên gọi một dòng của nhóm lặp lại"), 0),
    }
    type = forms.ChoiceField(label=gettext_lazy("Loại câu trả lời"))
    required = forms.ChoiceField(label=gettext_lazy("Bắt buộc"), widget=forms.RadioSelect)
    required_when = forms.MultipleChoiceField(label=gettext_lazy("…bắt buộc khi trả lời"), required=False)
    when = forms.MultipleChoiceField(
        label=gettext_lazy("Chỉ hỏi khi trả lời"), required=False,
        help_text=gettext_lazy("Không chọn gì thì luôn hỏi. Nhiều câu trả lời của cùng một câu: một trong số đó là "
                               "đủ. Của nhiều câu: câu nào cũng phải đúng."),
    )  # fmt: skip
    choices = forms.CharField(
        label=gettext_lazy("Các lựa chọn"), required=False, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("Mỗi dòng một lựa chọn: giá trị | tiếng Việt | tiếng Anh. "
                               "Giá trị là chữ thường không dấu."),
    )  # fmt: skip
    least = forms.CharField(label=gettext_lazy("Ít nhất"), required=False, max_length=20)
    most = forms.CharField(
        label=gettext_lazy("Nhiều nhất"), required=False, max_length=20,
        help_text=gettext_lazy("Của số: giá trị; của chữ: số ký tự; của nhóm lặp lại: số dòng."),
    )  # fmt: skip
    places = forms.IntegerField(label=gettext_lazy("Số chữ số thập phân"), required=False, min_value=0, max_value=6)
    rows = forms.IntegerField(label=gettext_lazy("Số dòng của ô chữ"), required=False, min_value=0, max_value=40)
    is_past = forms.BooleanField(label=gettext_lazy("Ngày này không được ở tương lai"), required=False)
    width = forms.ChoiceField(label=gettext_lazy("Bề rộng trên trang"), required=False)
    prefill = forms.ChoiceField(label=gettext_lazy("Điền sẵn từ"), required=False)
    now = forms.ChoiceField(label=gettext_lazy("Cho xem giá trị hiện có trong sổ"), required=False)
    is_unconfirmed = forms.BooleanField(label=gettext_lazy("Ghi “chờ Ban xác nhận” cạnh câu hỏi"), required=False)
    field_order = [
        "label_vi", "label_en", "key", "type", "hint_vi", "hint_en", "required", "required_when", "when", "choices",
        "unit_vi", "unit_en", "least", "most", "places", "rows", "row_name_vi", "row_name_en", "is_past", "width",
        "prefill", "now", "is_unconfirmed",
    ]  # fmt: skip
    NARROW = ("required_when", "when", "least", "most", "places", "rows", "width", "prefill", "now")
    OF_QUESTIONS_ONLY = ("required_when", "when", "prefill", "now", "width", "row_name_vi", "row_name_en")

    def __init__(self, *args: Any, **more: Any):
        super().__init__(*args, **more)
        self.order_fields(self.field_order)
        for name in self.NARROW:
            self.fields[name].width = "w3"
        self.is_column = len(self.place) == 3
        self._offer()
        piece, required = self.piece, self.piece.get("required", False)
        plain = ("type", "least", "most", "places", "rows", "width", "prefill", "now", "is_past", "is_unconfirmed")
        self.initial.update({name: piece.get(name) for name in plain})
        self.initial["choices"] = "\n".join(_line(choice) for choice in piece.get("choices", ()))
        self.initial["required"] = WHEN if isinstance(required, Mapping) else ALWAYS if required else OPTIONAL
        self.initial["required_when"] = _pairs(required if isinstance(required, Mapping) else {})
        self.initial["when"] = _pairs(piece.get("when") or {})

    def _offer(self) -> None:
        offered = {self.piece["type"]} if self.piece.get("type") in OF_COLUMNS else set(TYPES) - OF_COLUMNS
        offered -= {"table"} if self.is_column else set()
        if self.is_new and not self.is_column:
            offered |= OF_COLUMNS - self._taken()
        self.fields["type"].choices = [(name, label) for name, label in TYPES.items() if name in offered]
        self.fields["required"].choices = [row for row in REQUIRED.items() if row[0] != WHEN or not self.is_column]
        self.fields["width"].choices = list(WIDTHS.items())
        paths = [("", _("Không"))] + [(path, path) for path in sorted(PATHS)]
        self.fields["prefill"].choices = self.fields["now"].choices = paths
        if self.is_column:
            for name in self.OF_QUESTIONS_ONLY:
                del self.fields[name]
            return
        answers = list(self._conditions())
        known = {pair for _name, rows in answers for pair, _told in rows}
        for name in ("when", "required"):
            said = self.piece.get(name)
            stale = [pair for pair in _pairs(said if isinstance(said, Mapping) else {}) if pair not in known]
            field = self.fields["required_when" if name == "required" else name]
            field.choices = [*answers, *([(_("Không còn trong mẫu"), [(p, p) for p in stale])] if stale else [])]
            field.widget.attrs["size"] = 8

    def _conditions(self) -> Iterable[tuple[str, list[tuple[str, str]]]]:
        """Facts outside the form and answers asked before this question, each under its name."""
        names = (*conditions.facts(self.definition), *conditions.asked(self.definition, before=self.place))
        return [
            (named.label, [(f"{named.key}={value}", told) for value, told in named.answers.items()]) for named in names
        ]

    def _taken(self) -> set[str]:
        sections = self.definition.body["sections"]
        asked = [question for section in sections for question in section["questions"]]
        if self.is_column:
            return {c["key"] for q in asked if q["key"] == self.place[1] for c in q.get("columns", ())}
        return {question["key"] for question in asked} | definition_checks.RESERVED_KEYS

    def clean_choices(self) -> list[dict[str, Any]]:
        rows = []
        for line in self.cleaned_data["choices"].splitlines():
            if not line.strip():
                continue
            parts = [part.strip() for part in line.split("|")]
            if len(parts) != 3 or not all(parts):
                raise forms.ValidationError(
                    _("Dòng “%(line)s” phải có ba phần: giá trị | tiếng Việt | tiếng Anh.") % {"line": line}
                )
            rows.append({"value": parts[0], "label": {"vi": parts[1], "en": parts[2]}})
        return rows

    def _clean_bound(self, name: str) -> Any:
        """A whole number is kept as one, any other as text; what stands there already is left as it is."""
        text = self.cleaned_data[name].strip()
        if text == str(self.piece.get(name)):
            return self.piece[name]
        if not text:
            return None
        if not re.fullmatch(r"-?\d{1,17}(\.\d{1,6})?", text):
            raise forms.ValidationError(_("Ghi một số, ví dụ 12 hoặc 0.5."))
        return int(text) if re.fullmatch(r"-?\d+", text) else text

    def clean_least(self) -> Any:
        return self._clean_bound("least")

    def clean_most(self) -> Any:
        return self._clean_bound("most")

    def values(self) -> dict[str, Any]:
        said, cleaned = super().values(), self.cleaned_data
        names = ("type", "least", "most", "places", "rows", "is_past", "is_unconfirmed", "choices")
        said |= {name: cleaned[name] for name in names}
        said["unit"] = self._unit(said["unit"])
        said["required"] = cleaned["required"] == ALWAYS
        if not self.is_column:
            said |= {name: cleaned[name] for name in ("width", "prefill", "now")}
            said["when"] = _condition(cleaned["when"])
            if cleaned["required"] == WHEN:
                said["required"] = _condition(cleaned["required_when"])
        return said

    def _said(self, name: str) -> dict[str, str] | None:
        return super()._said(name) if f"{name}_vi" in self.fields else self.piece.get(name)

    def _unit(self, unit: dict[str, str] | None) -> Any:
        """A unit that is written alike in both languages stands once."""
        return unit["vi"] if unit and unit["vi"] == unit["en"] else unit

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("required") == WHEN and not cleaned.get("required_when"):
            self.add_error("required_when", _("Chọn câu trả lời khiến câu này trở thành bắt buộc."))
        return cleaned


def _line(choice: Mapping[str, Any]) -> str:
    return f"{choice['value']} | {choice['label'].get('vi', '')} | {choice['label'].get('en', '')}"


def _pairs(condition: Mapping[str, list]) -> list[str]:
    return [f"{key}={value}" for key, wanted in condition.items() for value in wanted]


def _condition(pairs: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for pair in pairs:
        key, _sign, value = pair.partition("=")
        found.setdefault(key, []).append(value)
    return found


class CopyForm(forms.Form):
    """A section of another procedure's form, to begin with."""

    use_required_attribute = False
    version_no = forms.IntegerField(widget=forms.HiddenInput, required=False)
    source = forms.ChoiceField(label=gettext_lazy("Chép phần của biểu mẫu đang áp dụng"))

    def __init__(self, data: Any = None, *, definition: Definition, sources: Iterable[tuple[str, list]]):
        super().__init__(data, auto_id="f-%s")
        self.initial["version_no"] = definition.version_no
        self.fields["source"].choices = [("", _("Chọn một mục")), *sources]


class PublishForm(forms.Form):
    use_required_attribute = False
    version_no = forms.IntegerField(widget=forms.HiddenInput, required=False)
    valid_from = forms.DateField(label=gettext_lazy("Áp dụng từ ngày"))
    note_vi = forms.CharField(
        label=gettext_lazy("Thay đổi gì, nói với người nộp (tiếng Việt)"), widget=forms.Textarea(attrs={"rows": 3})
    )
    note_en = forms.CharField(
        label=gettext_lazy("Thay đổi gì, nói với người nộp (tiếng Anh)"), widget=forms.Textarea(attrs={"rows": 3})
    )
