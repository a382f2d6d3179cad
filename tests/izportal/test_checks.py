"""What a portal in production refuses to start with."""

import pytest

from izportal import checks

LOCAL = "django.core.cache.backends.locmem.LocMemCache"
SHARED = "django.core.cache.backends.db.DatabaseCache"
WHOLE = {"client_id": "a", "secret": "b", "settings": {"server_url": "https://id.example"}}


def ids(found):
    return [one.id for one in found]


@pytest.mark.parametrize(
    ("production", "backend", "found"),
    [(True, LOCAL, ["izportal.E002"]), (True, SHARED, []), (False, LOCAL, [])],
)
def test_wrong_tries_are_counted_where_every_process_sees_them(settings, production, backend, found):
    settings.PRODUCTION, settings.CACHES = production, {"default": {"BACKEND": backend}}
    assert ids(checks.counts_are_shared(None)) == found


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, []),
        ({"client_id": ""}, ["izportal.E003"]),
        ({"secret": ""}, ["izportal.E003"]),
        ({"settings": {"server_url": ""}}, ["izportal.E003"]),
        ({"settings": {"server_url": "http://id.example"}}, ["izportal.E003"]),
    ],
)
def test_a_provider_is_whole_or_not_there(settings, changed, found):
    settings.PRODUCTION, settings.OIDC_PROVIDER_ID, settings.OIDC_APP = True, "dinh-danh", {**WHOLE, **changed}
    assert ids(checks.provider_is_whole(None)) == found


def test_no_provider_is_nothing_to_check(settings):
    settings.PRODUCTION, settings.OIDC_PROVIDER_ID = True, ""
    assert checks.provider_is_whole(None) == []
