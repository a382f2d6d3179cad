"""The regular upkeep: old drafts go, stray files go, and the land is compared with the register."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_q.models import OrmQ

from izportal import outbox
from izportal.management import upkeep
from izportal.models import Notice, StoredFile
from onestop.models import Dossier, Paper
from tests import factories
from tests.factories import at, make_plot, make_project, make_rules

MOMENT = at("2026-03-03 09:15")

pytestmark = pytest.mark.django_db


def test_draft_goes_with_its_papers_when_its_time_is_over(catalogue):
    old = factories.make_dossier(saved_at=MOMENT - timedelta(days=31))
    kept = factories.make_dossier(saved_at=MOMENT - timedelta(days=30))
    filed = factories.make_dossier(saved_at=MOMENT - timedelta(days=90))
    Dossier.objects.filter(pk=filed.pk).update(status="submitted", submitted_at=MOMENT, reference="XN26-1")
    assert upkeep.expire_drafts(at=MOMENT) == 1
    assert set(Dossier.objects.values_list("pk", flat=True)) == {kept.pk, filed.pk}
    assert Paper.objects.filter(dossier=old.pk).count() == 0
    assert StoredFile.objects.count() == Paper.objects.count() == 4


def test_draft_without_a_rule_is_kept(catalogue):
    factories.make_dossier(saved_at=at("2000-01-03 09:00"))
    assert upkeep.expire_drafts(at=MOMENT) == 0


def test_land_and_register_agree(db):
    make_project(plot=make_plot())
    assert list(upkeep.differences(on=timezone.localdate())) == []


def test_leased_plot_without_tenure_is_told(db):
    make_plot(status="leased", held_for="9812345678")
    assert list(upkeep.differences(on=timezone.localdate())) == [
        "Lô SC2-CN-05: quỹ đất ghi 9812345678, sổ dự án ghi không có."
    ]


def test_tenure_of_another_project_is_told(db):
    project = make_project(plot=make_plot(), code="9811111111")
    project.tenures.get().plot.availabilities.filter(status="leased").update(held_for="9822222222")
    with pytest.raises(CommandError, match="quỹ đất ghi 9822222222, sổ dự án ghi 9811111111"):
        call_command("tick", verbosity=0)


def test_stray_file_is_swept_after_a_day(db):
    storage = StoredFile.file.field.storage
    name = storage.save("zz/stray.pdf", ContentFile(b"%PDF-1.4"))
    upkeep.sweep_files(at=timezone.now())
    assert storage.exists(name)
    upkeep.sweep_files(at=timezone.now() + timedelta(days=2))
    assert not storage.exists(name)


def test_tick_tells_what_it_did(db, capsys):
    call_command("tick")
    assert capsys.readouterr().out == "Xóa 0 bản nháp quá hạn, 0 tệp thừa.\n"


def test_tick_reminds_of_mandates_that_end(enterprise_user, capsys):
    make_rules()
    enterprise_user.mandates.update(until=timezone.localdate() + timedelta(days=2))
    call_command("tick")
    call_command("tick", verbosity=0)
    assert capsys.readouterr().out.splitlines()[1:] == ["Gửi 1 thư nhắc ủy quyền sắp hết hạn."]


def test_work_once_runs_what_waits(db, capsys):
    outbox.write(key="thu-1", kind="thu", email="a@b.example", subject="Chào", body="Nội dung")
    call_command("work", once=True)
    assert (capsys.readouterr().out, OrmQ.objects.count()) == ("Đã chạy 1 việc.\n", 0)
    assert Notice.objects.filter(sent_at=None).count() == 0
