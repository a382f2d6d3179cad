"""The regular upkeep: old drafts go, stray files go, and the land is compared with the register."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from django_q.models import OrmQ

from izportal import chunks, documents, outbox
from izportal.management import upkeep
from izportal.models import Job, Notice, PartialFile, StoredFile
from onestop.models import Dossier, Paper
from tests import factories, uploads
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


def test_drafts_are_carried_to_the_form_in_force(catalogue, capsys):
    draft = factories.make_dossier()
    filed = factories.advance(factories.make_dossier(), "received")
    body = {**draft.definition.body, "note": {"vi": "Mới", "en": "New"}}
    second = factories.make_definition(draft.procedure, body=body, on=MOMENT.date())
    call_command("tick")
    assert "Chuyển 1 bản nháp sang mẫu đang áp dụng." in capsys.readouterr().out
    assert upkeep.carry_drafts(at=timezone.now()) == 0
    pinned = dict(Dossier.objects.values_list("pk", "definition"))
    assert pinned == {draft.pk: second.pk, filed.pk: filed.definition_id}


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


def store(name="a.pdf"):
    content = ContentFile(uploads.pdf_of(name), name)
    return documents.store(content, by=None, at=MOMENT, max_bytes=10**6)


def spoil(stored):
    Path(stored.file.path).write_bytes(b"%PDF-1.4 something else")


def test_every_file_is_read_once_within_the_nights(db, settings):
    settings.REREAD_NIGHTS = 3
    stored = [store(f"{number}.pdf") for number in range(7)]
    nights = [upkeep.reread_files(at=MOMENT + timedelta(days=night)) for night in range(3)]
    read = dict(StoredFile.objects.values_list("pk", "reread_at"))
    assert (nights, None in read.values(), len(read)) == ([3, 3, 3], False, len(stored))
    # The oldest reading comes first again.
    upkeep.reread_files(at=MOMENT + timedelta(days=3))
    assert min(StoredFile.objects.values_list("reread_at", flat=True)) == MOMENT + timedelta(days=1)


def test_changed_file_is_told_marked_and_never_repaired(db, caplog):
    good, bad, gone = store("tốt.pdf"), store("sửa.pdf"), store("mất.pdf")
    spoil(bad)
    Path(gone.file.path).unlink()
    assert {row.pk for row in documents.reread(at=MOMENT, most=9)} == {bad.pk, gone.pk}
    assert dict(StoredFile.objects.values_list("pk", "is_intact")) == {good.pk: True, bad.pk: False, gone.pk: False}
    assert sorted(record.levelname for record in caplog.records) == ["ERROR", "ERROR"]
    assert Path(bad.file.path).read_bytes() == b"%PDF-1.4 something else"
    assert sorted(line.split("”")[0] for line in upkeep.damages()) == ["Tệp “mất.pdf", "Tệp “sửa.pdf"]


def test_tick_fails_while_a_file_is_damaged(db):
    spoil(store("sửa.pdf"))
    with pytest.raises(CommandError, match="Tệp “sửa.pdf”"):
        call_command("tick", verbosity=0)


def test_auditor_finds_the_damaged_files(client, staff):
    store("tốt.pdf")
    spoil(store("sửa.pdf"))
    documents.reread(at=MOMENT, most=9)
    client.force_login(staff("auditor"))
    page = client.get(reverse("admin:izportal_storedfile_changelist"), {"is_intact__exact": 0})
    assert [row.name for row in page.context["cl"].result_list] == ["sửa.pdf"]


def test_file_put_back_whole_is_whole_again(db):
    stored = store()
    whole = Path(stored.file.path).read_bytes()
    spoil(stored)
    documents.reread(at=MOMENT, most=9)
    Path(stored.file.path).write_bytes(whole)
    assert (documents.reread(at=MOMENT, most=9), list(upkeep.damages())) == ([], [])


def test_refused_file_is_not_read(db):
    stored = store()
    StoredFile.objects.update(state="refused")
    Path(stored.file.path).unlink()
    assert documents.reread(at=MOMENT, most=9) == []


def test_file_in_pieces_is_swept_after_its_days_and_not_before(db, settings):
    person = factories.make_user()
    partial = chunks.begin(
        purpose="thử", name="a.pdf", size=9, sha256="", by=person, at=MOMENT, max_bytes=9
    )  # fmt: skip
    chunks.append(partial, offset=0, piece=b"%PDF", at=MOMENT)
    days = timedelta(days=settings.UPLOAD_KEPT_DAYS)
    assert (upkeep.sweep_files(at=MOMENT + days), PartialFile.objects.count()) == (0, 1)
    assert (upkeep.sweep_files(at=MOMENT + days + timedelta(minutes=1)), PartialFile.objects.count()) == (1, 0)


def test_file_that_waits_too_long_is_scanned_again(db, settings):
    settings.CLAMD_ADDRESS = "127.0.0.1:1"
    store()
    Job.objects.update(given_up_at=MOMENT)
    assert (upkeep.scan_again(at=MOMENT), Job.objects.get().state) == (0, "given_up")
    assert (upkeep.scan_again(at=MOMENT + timedelta(hours=2)), Job.objects.get().state) == (1, "waiting")


def test_tick_hands_over_what_the_queue_has_lost(db):
    outbox.enqueue(outbox.SEND, 7, key="thu-7")
    OrmQ.objects.all().delete()
    Job.objects.update(next_at=timezone.now() - timedelta(hours=1))
    call_command("tick", verbosity=0)
    assert OrmQ.objects.count() == 1


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
    OrmQ.objects.all().delete()
    Job.objects.update(next_at=timezone.now() - timedelta(hours=1))
    call_command("work", once=True)
    assert (capsys.readouterr().out, OrmQ.objects.count()) == ("Đã chạy 1 việc.\n", 0)
    assert Notice.objects.filter(sent_at=None).count() == 0


def test_work_once_tells_what_could_not_be_done(db):
    outbox.enqueue("izportal.outbox.nothing", key="lạ")
    with pytest.raises(CommandError, match="sẽ thử lại"):
        call_command("work", once=True)
    assert Job.objects.get().state == "failing"
