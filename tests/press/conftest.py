"""Pictures of a test lie in its own folder."""

import pytest
from django.core.files.storage import storages


@pytest.fixture(autouse=True)
def public_files(settings, tmp_path):
    public = {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path / "media"}}
    settings.STORAGES = {**settings.STORAGES, "default": public}
    storages._storages = {name: kept for name, kept in storages._storages.items() if name != "default"}
