"""What the clerk notes before typing a dossier in: for whom, how it came in, who brought it; and the list of what is
being typed in."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal import languages, lists
from izportal.folding import matches
from onestop import entries
from onestop.counter import Contact, HandedIn
from onestop.models import Dossier, Procedure
from projects.models import Enterprise, tax_code_shape

IDENTITY = RegexValidator(
    r"^[A-Za-z0-9]{6,20}\Z", gettext_lazy("Ghi số căn cước hoặc hộ chiếu, chỉ gồm chữ và số, không dấu cách.")
)
REQUIRED = {"required": gettext_lazy("Mục này cần được điền.")}
IN_PERSON, AUTHORISED = "own", "authorised"


def _short(label: Any, most: int, **more: Any) -> forms.CharField:
    return entries.TextEntry(label=label, max_length=most, error_messages=REQUIRED, **more)


class TaxCodeForm(forms.Form):
    """Looks an enterprise up; the code stands in the address, so that a reload asks again."""

    tax_code = forms.CharField(
        label=gettext_lazy("Mã số thuế"), max_length=20, error_messages=REQUIRED,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=gettext_lazy("10 chữ số, hoặc 10 chữ số, gạch ngang và 3 chữ số của đơn vị phụ thuộc."),
    )  # fmt: skip

    def clean_tax_code(self) -> str:
        code = "".join(self.cleaned_data["tax_code"].split()).replace(".", "")
        tax_code_shape(code)
        return code


class HandedInForm(forms.Form):
    """How the dossier came in and who brought it."""

    use_required_attribute = False
    # Fields that the form itself may come to require: no "if any" beside their label.
    ASKED = ("identity", "authority")

    channel = forms.ChoiceField(
        label=gettext_lazy("Cách nộp"), widget=forms.RadioSelect, error_messages=REQUIRED,
        choices=[(value, Dossier.Channel(value).label) for value in Dossier.BY_HAND], initial=Dossier.Channel.COUNTER,
    )  # fmt: skip
    posted_on = entries.DateEntry(
        label=gettext_lazy("Ngày trên dấu bưu chính"), is_past=True, required=False,
        help_text=gettext_lazy("Thời hạn giải quyết tính từ khi tiếp nhận, không tính từ ngày này."),
    )  # fmt: skip
    item_number = _short(gettext_lazy("Số bưu gửi"), 40, required=False)
    name = _short(gettext_lazy("Họ và tên người nộp hoặc người gửi"), 200)
    identity = _short(
        gettext_lazy("Số căn cước hoặc hộ chiếu"), 20, required=False, validators=[IDENTITY],
        help_text=gettext_lazy("Bắt buộc khi nộp tại quầy; in trên Giấy tiếp nhận."),
    )  # fmt: skip
    capacity = forms.ChoiceField(
        label=gettext_lazy("Tư cách"), widget=forms.RadioSelect, initial=IN_PERSON, error_messages=REQUIRED,
        choices=(
            (IN_PERSON, gettext_lazy("Người đại diện theo pháp luật")),
            (AUTHORISED, gettext_lazy("Người được ủy quyền")),
        ),
    )  # fmt: skip
    authority = _short(gettext_lazy("Văn bản ủy quyền: số, ngày"), 200, required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("Ngôn ngữ của phiếu và thông báo"), widget=forms.RadioSelect, initial="vi",
        choices=languages.choices, error_messages=REQUIRED,
    )  # fmt: skip

    def __init__(self, data=None, **kwargs):
        super().__init__(data, auto_id="f-%s", label_suffix="", **kwargs)
        for name, key, wanted in (
            ("posted_on", "channel", Dossier.Channel.POST),
            ("item_number", "channel", Dossier.Channel.POST),
            ("authority", "capacity", AUTHORISED),
        ):
            self.fields[name].widget.attrs["data-when"] = f'{{"{key}": ["{wanted}"]}}'
        for name, field in self.fields.items():
            field.is_asked = field.required or name in self.ASKED

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        is_post, is_authorised = cleaned.get("channel") == Dossier.Channel.POST, cleaned.get("capacity") == AUTHORISED
        for name, is_wanted in (("identity", not is_post), ("authority", is_authorised)):
            if is_wanted and not cleaned.get(name) and name not in self.errors:
                self.add_error(name, REQUIRED["required"])
        return cleaned

    def handed_in(self) -> HandedIn:
        """What does not belong to the chosen way is let go."""
        said, is_post = self.cleaned_data, self.cleaned_data["channel"] == Dossier.Channel.POST
        is_authorised = said["capacity"] == AUTHORISED
        return HandedIn(
            name=said["name"], identity=said["identity"], is_authorised=is_authorised,
            authority=said["authority"] if is_authorised else "", posted_on=said["posted_on"] if is_post else None,
            item_number=said["item_number"] if is_post else "",
        )  # fmt: skip

    @property
    def groups(self) -> list[tuple[str, list]]:
        """The fields under the headings of the page."""
        return [
            (_("Cách nộp"), [self["channel"], self["posted_on"], self["item_number"]]),
            (_("Người nộp hồ sơ"), [self["name"], self["identity"], self["capacity"], self["authority"]]),
            (_("Phiếu và thông báo"), [self["language"]]),
        ]

    @staticmethod
    def noted(dossier: Dossier) -> dict[str, Any]:
        """What a draft says already, as first values."""
        said = dossier.handed_in
        return {
            **said, "channel": dossier.channel, "language": dossier.language,
            "posted_on": date_of(said), "capacity": AUTHORISED if said.get("is_authorised") else IN_PERSON,
        }  # fmt: skip


def date_of(said: dict[str, Any]) -> date | None:
    return date.fromisoformat(said["posted_on"]) if said.get("posted_on") else None


class StartForm(HandedInForm):
    """Everything before the form itself; asks for the register's facts where the enterprise is not in it yet."""

    phone = entries.PhoneEntry(label=gettext_lazy("Điện thoại liên hệ"), required=False)
    email = entries.EmailEntry(
        label=gettext_lazy("Thư điện tử nhận thông báo"), required=False,
        help_text=gettext_lazy("Để trống nếu không có: cổng không gửi thư, cán bộ in phiếu để trao hoặc gửi."),
    )  # fmt: skip
    org_name = _short(gettext_lazy("Tên tổ chức kinh tế"), 300)
    org_address = _short(gettext_lazy("Địa chỉ trụ sở"), 400)
    org_representative = _short(gettext_lazy("Người đại diện theo pháp luật"), 200)
    org_phone = entries.PhoneEntry(label=gettext_lazy("Điện thoại của tổ chức"), required=False)
    org_email = entries.EmailEntry(label=gettext_lazy("Thư điện tử của tổ chức"), required=False)

    # Field of the form → field of the register.
    REGISTER = {
        "org_name": "name_vi", "org_address": "address", "org_representative": "representative",
        "org_phone": "phone", "org_email": "email",
    }  # fmt: skip

    def __init__(self, data=None, *, tax_code: str, enterprise: Enterprise | None):
        super().__init__(data)
        self.tax_code, self.enterprise = tax_code, enterprise
        if enterprise is not None:
            for name in self.REGISTER:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.enterprise is None and not self.errors:
            self._check_register()
        return cleaned

    def _check_register(self) -> None:
        """By the rules of the register itself."""
        facts = {column: self.cleaned_data.get(name) or "" for name, column in self.REGISTER.items()}
        self.enterprise = Enterprise(tax_code=self.tax_code, **facts)
        try:
            self.enterprise.full_clean(exclude=["name", "name_en", "folded"])
        except ValidationError as error:
            names = {column: name for name, column in self.REGISTER.items()}
            for column, sentences in error.message_dict.items():
                self.add_error(names.get(column), sentences)

    def contact(self) -> Contact:
        said = self.cleaned_data
        return Contact(name=said["name"], phone=said["phone"], email=said["email"])

    @property
    def groups(self) -> list[tuple[str, list]]:
        register = [self[name] for name in self.REGISTER if name in self.fields]
        new = [(_("Tổ chức chưa có trong sổ"), register)] if register else []
        *before, (title, fields) = super().groups
        return [*new, *before, (title, [self["phone"], self["email"], *fields])]


class ProcedureSearch(lists.SearchForm):
    def narrow(self, rows: QuerySet[Procedure]) -> QuerySet[Procedure]:
        return matches(rows, self.chosen("q") or "")


class DraftSearch(lists.SearchForm):
    channel = forms.ChoiceField(
        label=gettext_lazy("Cách nộp"), choices=[(value, Dossier.Channel(value).label) for value in Dossier.BY_HAND]
    )
    mine = forms.ChoiceField(label=gettext_lazy("Người nhập"), choices=[("1", gettext_lazy("Do tôi bắt đầu"))])

    def __init__(self, data):
        super().__init__(data)
        self.fields["q"].widget = forms.TextInput(
            attrs={"type": "search", "placeholder": _("Doanh nghiệp, mã số thuế, thủ tục")}
        )
        for name in ("channel", "mine"):
            field = self.fields[name]
            field.choices = [("", _("%(label)s: tất cả") % {"label": field.label}), *field.choices]
            field.widget.attrs["aria-label"] = field.label

    def narrow(self, rows: QuerySet[Dossier], user: Any) -> QuerySet[Dossier]:
        if channel := self.chosen("channel"):
            rows = rows.filter(channel=channel)
        if self.chosen("mine"):
            rows = rows.filter(created_by=user)
        return matches(rows, self.chosen("q") or "")
