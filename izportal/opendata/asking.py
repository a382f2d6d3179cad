"""A question to the open data as an address says it: read, checked, and told where it cannot be read."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal.indicators import Asked
from izportal.lists import FilterForm, day_field
from izportal.statistics.asking import DATA, MomentField
from zones.models import Zone

MOST_ROWS, USUAL_ROWS = 1000, 100
# What other sites hang on to their links.
NOT_ASKED = re.compile(r"utm_\w+|fbclid|gclid|zarsrc")


@dataclass(frozen=True)
class Question:
    """What was true at the end of the day `on`, by what was recorded by `known` (None: by all that is known now), of
    real or invented rows (empty: as the site's own figures count), narrowed by what else is said."""

    on: date
    known: datetime | None = None
    data: str = ""
    since: date | None = None
    updated_since: date | None = None
    zone: str = ""
    origin: str = ""
    status: str = ""
    kind: str = ""
    project: str = ""
    resource: str = ""
    code: str = ""
    after: str = ""
    limit: int = USUAL_ROWS
    offset: int = 0

    @property
    def is_of_today(self) -> bool:
        return self.on >= timezone.localdate()

    def is_sample(self, usual: bool) -> bool:
        return self.data == "sample" if self.data else usual

    @property
    def of_projects(self) -> "Question":
        """What of the question narrows the projects whose changes are asked for."""
        return replace(self, kind="", status="")

    @property
    def whole(self) -> "Question":
        """The same of all rows, not of a page."""
        return replace(self, after="", limit=USUAL_ROWS, offset=0)

    def for_what(self, takes: Iterable[str]) -> "Question":
        """What a resource takes of a question that was asked of all of them."""
        known = self.known if "as_known" in takes else None
        return replace(self, known=known, data=self.data if "data" in takes else "")

    def of_figures(self, *, is_sample: bool) -> Asked:
        return Asked(self.on, known=self.known, since=self.since, is_sample=self.is_sample(is_sample))


class QuestionRefused(Exception):
    """Why a question cannot be answered: a sentence for each part of it."""

    def __init__(self, faults: list[dict[str, str]]):
        self.faults = faults
        super().__init__(" ".join(dict.fromkeys(fault["sentence"] for fault in faults)))


class QuestionForm(FilterForm):
    as_of = day_field(gettext_lazy("Tính đến hết ngày"))
    as_known = MomentField(label=gettext_lazy("Theo sổ đã ghi đến hết ngày"), max_length=40)
    data = forms.ChoiceField(label=gettext_lazy("Dữ liệu"), choices=DATA)  # type: ignore[assignment]
    since = day_field(gettext_lazy("Kỳ bắt đầu từ ngày"))
    updated_since = day_field(gettext_lazy("Thay đổi từ ngày"))
    zone = forms.CharField(label=gettext_lazy("Khu công nghiệp"), max_length=60)
    origin = forms.ChoiceField(label=gettext_lazy("Nguồn vốn"))
    status = forms.ChoiceField(label=gettext_lazy("Tình trạng"))
    kind = forms.ChoiceField(label=gettext_lazy("Loại"))
    project = forms.CharField(label=gettext_lazy("Mã dự án"), max_length=40)
    resource = forms.ChoiceField(label=gettext_lazy("Tập dữ liệu"))
    after = forms.CharField(label=gettext_lazy("Tiếp sau bản ghi mang mã"), max_length=60)
    limit = forms.IntegerField(label=gettext_lazy("Số dòng mỗi trang"), min_value=1, max_value=MOST_ROWS)
    offset = forms.IntegerField(label=gettext_lazy("Bỏ qua số dòng đầu"), min_value=0, max_value=10**7)

    def __init__(self, data: Any, *, takes: Iterable[str], choices: Mapping[str, Any], **kwargs: Any):
        super().__init__(data, **kwargs)
        takes = set(takes)
        for name in [name for name in self.fields if name not in takes]:
            del self.fields[name]
        for name, given in choices.items():
            if name in self.fields:
                self.fields[name].choices = [("", gettext_lazy("Mọi giá trị")), *given]
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField):
                words = ", ".join(str(value) for value, _label in list(field.choices) if value)  # type: ignore[arg-type]
                sentence = _("Không có giá trị này; dùng được: %(values)s.") % {"values": words}
                field.error_messages = {**field.error_messages, "invalid_choice": sentence}

    def clean_zone(self) -> str:
        """By its code, or by its word in addresses."""
        said = self.cleaned_data["zone"]
        codes = {name: zone.code for zone in Zone.objects.all() for name in (zone.code.lower(), zone.slug)}
        if said and said.lower() not in codes:
            raise forms.ValidationError(_("Không có khu công nghiệp mang mã này; ví dụ mã đúng: SC2."))
        return codes[said.lower()] if said else ""

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        strange = [name for name in self.data if name not in self.fields and not NOT_ASKED.fullmatch(name)]
        if strange:
            facts = {"name": strange[0][:40], "names": ", ".join(self.fields)}
            self.add_error(None, _("Không có tham số “%(name)s”; dùng được: %(names)s.") % facts)
        if said.get("since") and said["since"] > (said.get("as_of") or timezone.localdate()):
            self.add_error("since", _("Kỳ phải bắt đầu không muộn hơn ngày tính đến."))
        return said

    @property
    def question(self) -> Question:
        said = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        on, known = said.pop("as_of", timezone.localdate()), said.pop("as_known", None)
        # What is known at a moment to come is not settled yet: it is what is known now.
        return Question(on=on, known=known if known and known <= timezone.now() else None, **said)

    @property
    def faults(self) -> list[dict[str, str]]:
        return [
            {"section": "", "question": "" if name == "__all__" else name,
             "label": str(self.fields[name].label) if name in self.fields else "", "sentence": str(sentence)}
            for name, sentences in self.errors.items() for sentence in sentences
        ]  # fmt: skip


def read(said: QueryDict, *, takes: Iterable[str], choices: Mapping[str, Any]) -> Question:
    """The question of an address; raises `QuestionRefused`."""
    form = QuestionForm(said, takes=takes, choices=choices)
    if not form.is_valid():
        raise QuestionRefused(form.faults)
    return form.question
