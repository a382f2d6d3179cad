"""Pages of the benches are drawn as a server draws them."""

import pytest
from django.template import Template
from django.test.utils import _TestState


@pytest.fixture(autouse=True)
def as_served(monkeypatch):
    """Tests note down each template with its context; that costs a page of many parts more than making it."""
    monkeypatch.setattr(Template, "_render", _TestState.saved_data.template_render)
