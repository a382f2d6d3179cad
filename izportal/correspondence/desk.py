"""What the back office shows of correspondence: heaps to work on, and the deeds that every kind of it has."""

from django import forms
from django.contrib import admin
from django.db.models import Count, Value
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal import languages, roles
from izportal.backoffice import Deed, DeedForm, ReadOnlyAdmin
from izportal.correspondence.forms import LONGEST, Text
from izportal.models import User
from izportal.templatetags.badge import due_word
from izportal.templatetags.date import moment


class HeapFilter(admin.SimpleListFilter):
    """Each heap with its number, counted in one query; `words` names them, `heaps` says what lies in each."""

    title = gettext_lazy("phần việc")
    parameter_name = "heap"
    words: dict = {}

    def heaps(self, user, at):
        raise NotImplementedError

    def lookups(self, request, model_admin):
        self.found = self.heaps(request.user, timezone.now())
        rows = model_admin.get_queryset(request).order_by()
        counts = rows.aggregate(**{key: Count("pk", filter=heap) for key, heap in self.found.items()})
        return [(key, f"{word} ({counts[key]})") for key, word in self.words.items()]

    def queryset(self, request, queryset):
        return queryset.filter(self.found[self.value()]) if self.value() in self.found else queryset


def counts(heaps):
    """How many rows lie in each heap, in one question whatever tables they stand in."""
    asked = [
        rows.order_by().annotate(heap=Value(key)).values("heap").annotate(n=Count("pk")) for key, rows in heaps.items()
    ]
    told = asked[0].union(*asked[1:], all=True).values_list("heap", "n") if asked else ()
    return dict.fromkeys(heaps, 0) | dict(told)


# Deeds --------------------------------------------------------------------------------------------
def lines(label, rows=4, **kwargs):
    return Text(label=label, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": rows, "cols": 80}), **kwargs)


class AssignForm(DeedForm):
    """To somebody else who may do `deed`."""

    deed = ""
    to = forms.ModelChoiceField(label=gettext_lazy("Giao cho"), queryset=User.objects.none())

    def __init__(self, *args, row, **kwargs):
        super().__init__(*args, row=row, **kwargs)
        people = User.objects.filter(is_active=True, is_staff=True, groups__name__in=roles.DEEDS[self.deed])
        self.fields["to"].queryset = people.exclude(pk=row.owner_id).distinct()


class EraseForm(DeedForm):
    basis = forms.CharField(
        label=gettext_lazy("Căn cứ: ai đề nghị, ngày nào, đã xác minh bằng cách nào"), max_length=300
    )


def may(deed):
    return lambda user: roles.may(user, deed)


def erasing(erase, explanation):
    def do(row, *, by, at, basis):
        erase(row, at=at)
        return _("Đã xóa dữ liệu cá nhân. Căn cứ: %(basis)s") % {"basis": basis}

    return Deed(
        slug="erase", label=gettext_lazy("Xóa dữ liệu cá nhân"), form=EraseForm, do=do, may=may("keep_people"),
        is_due=lambda row: row.erased_at is None, explanation=explanation,
    )  # fmt: skip


# Lists --------------------------------------------------------------------------------------------
class CorrespondenceAdmin(ReadOnlyAdmin):
    view_on_site = False

    class Media:
        css = {"all": ["css/desk.css"]}

    def get_object(self, request, object_id, from_field=None):
        # The verb takes the lock; PostgreSQL locks no row that is read through an outer join.
        return admin.ModelAdmin.get_object(self, request, object_id, from_field)

    @admin.display(description=gettext_lazy("ngôn ngữ"))
    def spoken(self, row):
        return languages.own_name(row.language)

    @admin.display(description=gettext_lazy("hạn trả lời"), ordering="due_at")
    def told_due(self, row):
        at = timezone.now()
        if row.due_at is None or not (row.status in row.AWAITED and row.is_late(at=at)):
            return moment(row.due_at) if row.due_at else "—"
        days = max((timezone.localdate(at) - timezone.localdate(row.due_at)).days, 1)
        mark = render_to_string(
            "components/tag.html", {"text": due_word("late", days), "kind": "bad", "shape": "s-late"}
        )
        return format_html('<span class="desk">{}</span> {}', mark, moment(row.due_at))
