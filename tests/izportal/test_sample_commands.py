"""The commands of the sample data where there is nothing yet: who is refused, and who learns the password."""

import re
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from izportal.management import reference
from izportal.management.sample import people
from izportal.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_var(settings, tmp_path):
    settings.VAR_DIR = tmp_path


def test_production_refuses_sample_data(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="PRODUCTION=true"):
        call_command("load_sample")
    assert User.objects.count() == 0


def test_sample_needs_reference_data():
    with pytest.raises(CommandError, match="load_reference"):
        call_command("load_sample")


def test_day_before_the_law_is_refused():
    reference.load()
    with pytest.raises(CommandError, match="trước ngày danh mục áp dụng .01/07/2025"):
        call_command("load_sample", today=date(2025, 12, 1))
    assert User.objects.count() == 0


def test_accounts_file_is_for_its_owner_only():
    people.write_accounts("mot-hai-ba")
    assert oct(people.accounts_file().stat().st_mode & 0o777) == "0o600"


def test_password_comes_from_the_environment_or_chance(monkeypatch):
    monkeypatch.setenv("SAMPLE_PASSWORD", "cho-truoc")
    assert people.choose_password() == "cho-truoc"
    monkeypatch.delenv("SAMPLE_PASSWORD")
    assert re.fullmatch(r"[a-z2-9]{4}(-[a-z2-9]{4}){3}", people.choose_password())


def test_drop_without_sample_data_is_harmless(capsys):
    call_command("drop_sample")
    assert capsys.readouterr().out == "Không còn dữ liệu mẫu.\n"
