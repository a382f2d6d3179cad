"""The inputs of filter forms are written as Django's own templates write them."""

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.http import QueryDict

from izportal.inputs import Written
from izportal.lists import SearchForm
from zones.match.forms import MatchForm

pytestmark = pytest.mark.any_database


class Any(forms.Form):
    q = forms.CharField(widget=forms.TextInput(attrs={"data-x": 'a"b', "readonly": True, "hidden": False}))
    on = forms.DateField()
    kind = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, choices=[("<a>", "A"), ("b", "B")])
    sort = forms.ChoiceField(
        choices=[("a", "A"), ("<g>", [("b&", "<B>"), ("", "")])], widget=forms.Select({"size": 3})
    )


def pieces(form):
    return [str(form[name]) for name in form.fields] + [str(option.tag()) for option in form["kind"]]


@pytest.mark.parametrize("query", ["", "q=%3Cb%3E%22&kind=%3Ca%3E&on=2026-03-03&sort=a", "q=&kind=c&on=x"])
def test_inputs_read_as_from_the_templates(query):
    written, templated = (pieces(Any(QueryDict(query), renderer=made())) for made in (Written, TemplatesSetting))
    assert written == templated


@pytest.mark.django_db
def test_filter_forms_are_written_at_once():
    assert [type(form(QueryDict()).renderer) for form in (SearchForm, MatchForm)] == [Written, Written]
