"""What a reader narrows the lists of the content by."""

from django import forms
from django.utils.translation import gettext_lazy as _

from izportal.lists import SearchForm
from izportal.press.models import Category, Item

NEWS_KINDS = (Item.Kind.NEWS, Item.Kind.NOTICE)
ANY = ("", _("Tất cả"))


class ItemFilter(SearchForm):
    kind = forms.ChoiceField(label=_("Loại"), choices=[ANY, *((kind.value, kind.label) for kind in NEWS_KINDS)])
    category = forms.ChoiceField(label=_("Chuyên mục"))
    year = forms.ChoiceField(label=_("Năm"))
    month = forms.ChoiceField(label=_("Tháng"), choices=[ANY, *((str(n), str(n)) for n in range(1, 13))])

    def __init__(self, data, *, years):
        super().__init__(data)
        self.fields["category"].choices = [ANY, *((row.slug, row.name) for row in Category.objects.all())]
        self.fields["year"].choices = [ANY, *((str(year), str(year)) for year in years)]


class DocumentFilter(SearchForm):
    year = forms.ChoiceField(label=_("Năm ban hành"))

    def __init__(self, data, *, years):
        super().__init__(data)
        self.fields["year"].choices = [ANY, *((str(year), str(year)) for year in years)]
