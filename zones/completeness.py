"""What a listing must say before the public sees it, each rule with its sentence and who can mend it.

A technical fact may be missing: a search shows it as not stated. What stands here would mislead a reader or leave
them without an answer. The conditions themselves stand beside the plot (`Plot.faults`), which the lists ask.
"""

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from izportal import roles
from zones.models import Plot


@dataclass(frozen=True)
class Rule:
    """`code` is a key of `Plot.faults()`, `menders` are roles of the back office."""

    code: str
    label: str | Promise
    sentence: str | Promise
    menders: tuple[str, ...]

    @property
    def who(self) -> str:
        return ", ".join(roles.label(code) for code in self.menders)


RULES = (
    Rule(
        "status", _("Tình trạng"), _("Chưa ghi tình trạng nào của lô, nên không biết lô còn trống hay không."),
        ("land",),
    ),
    Rule(
        "phase", _("Khu, giai đoạn"), _("Khu này chia thành nhiều khu, giai đoạn; chưa ghi lô thuộc phần nào."),
        ("land", "operator"),
    ),
    Rule("price", _("Giá bằng 0"), _("Giá phải lớn hơn 0; chưa có giá thì để trống."), ("land", "operator")),
    Rule(
        "price_day", _("Ngày của giá"), _("Có giá nhưng chưa ghi giá tính đến ngày nào."), ("land", "operator"),
    ),
    Rule(
        "english", _("Mô tả tiếng Anh"), _("Mô tả chưa có bản tiếng Anh, nên trang tiếng Anh thiếu nội dung."),
        ("land", "operator"),
    ),
)  # fmt: skip
BY_CODE = {rule.code: rule for rule in RULES}


def broken(plot: Plot) -> list[Rule]:
    """The rules that a plot breaks, in the order of the table; one query."""
    broken_by = {
        code: models.Case(models.When(fault, then=True), default=False, output_field=models.BooleanField())
        for code, fault in Plot.faults().items()
    }
    row = Plot.objects.filter(pk=plot.pk).values_list(*broken_by.values()).get()
    codes = [code for code, is_broken in zip(broken_by, row, strict=True) if is_broken]
    return [rule for rule in RULES if rule.code in codes]


def breaking(rows: models.QuerySet, code: str) -> models.QuerySet:
    """Of plots those that break one rule."""
    return rows.filter(Plot.faults()[code])
