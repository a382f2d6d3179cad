"""System checks of our own: what must not be true of a running portal."""

from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.core import checks
from django.db import DatabaseError


def no_sample_data_in_production(app_configs, databases=None, **kwargs):
    """Sample rows beside real ones would put invented figures before the public."""
    if not (settings.PRODUCTION and databases):
        return []
    try:
        found = apps.get_model("izportal", "User").objects.filter(is_sample=True).exists()
    except DatabaseError:  # not migrated yet: nothing can be loaded
        return []
    text = "Cơ sở dữ liệu còn dữ liệu mẫu. Chạy manage.py drop_sample trước khi bật PRODUCTION=true."
    return [checks.Error(text, id="izportal.E001")] if found else []


def counts_are_shared(app_configs, **kwargs):
    """Wrong passwords are counted in the cache: one of its own for each process would multiply the tries."""
    backend = settings.CACHES["default"]["BACKEND"].rpartition(".")[2]
    if not settings.PRODUCTION or backend not in ("LocMemCache", "DummyCache"):
        return []
    return [checks.Error("PRODUCTION=true cần CACHE_URL mà mọi tiến trình dùng chung.", id="izportal.E002")]


def provider_is_whole(app_configs, **kwargs):
    """A button that leads nowhere is worse than none, and a provider without HTTPS is anybody."""
    if not settings.OIDC_PROVIDER_ID:
        return []
    app, server = settings.OIDC_APP, settings.OIDC_APP["settings"]["server_url"]
    is_whole = app["client_id"] and app["secret"] and urlsplit(server).netloc
    if is_whole and (server.startswith("https://") or not settings.PRODUCTION):
        return []
    text = "OIDC_PROVIDER_ID cần OIDC_SERVER_URL (https), OIDC_CLIENT_ID và OIDC_SECRET."
    return [checks.Error(text, id="izportal.E003")]


def register():
    checks.register(provider_is_whole, checks.Tags.security)
    checks.register(counts_are_shared, checks.Tags.security)
    checks.register(no_sample_data_in_production, checks.Tags.database)
