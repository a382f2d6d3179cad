"""Many enterprises filing at once, papers included: nothing lost, nothing double, no gap, and how long it takes."""

import hashlib
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.db import connection

from izportal import outbox
from izportal.models import Notice, StoredFile
from onestop import papers, workflow
from onestop.models import Dossier, Event, Paper, Series, Slip
from tests import factories, uploads
from tests.factories import at

MOMENT = at("2026-03-03 09:15")
# Every draft gives one paper for each of these; no two files are alike.
KEYS = ("de-nghi", "tai-chinh", "cong-nghe")


def make_drafts(many):
    """Drafts whose form is filled in and whose papers are still to be given; one enterprise and one plot each."""
    factories.make_catalogue()
    drafts = [factories.make_dossier(papers=False) for _number in range(many)]
    return [(draft, [pdf_of(draft, key) for key in KEYS]) for draft in drafts]


def pdf_of(draft, key):
    writer = uploads.blank_writer(pages=2)
    writer.add_metadata({"/Title": f"{draft.pk} {key}"})
    return uploads.written(writer)


def file_whole(draft, contents):
    """What one applicant does: three papers, each through `give`, and the submission. Seconds of the last."""
    components = {component.key: component for component in draft.version.components.all()}
    for key, content in zip(KEYS, contents, strict=True):
        upload = ContentFile(content, f"{key}.pdf")
        papers.give(dossier=draft, upload=upload, by=draft.created_by, at=MOMENT, component=components[key])
    start = time.perf_counter()
    workflow.take(Dossier.objects.get(pk=draft.pk), "submit", by=draft.created_by, at=MOMENT)
    return time.perf_counter() - start


def file_at_once(drafts, hands):
    """Every draft filed from `hands` threads; how long it took in all, and each submission for itself."""

    def one(pair):
        try:
            return file_whole(*pair)
        finally:
            connection.close()

    start = time.perf_counter()
    with ThreadPoolExecutor(hands) as pool:
        single = list(pool.map(one, drafts))
    return time.perf_counter() - start, single


def check_nothing_lost(drafts):
    many = len(drafts)
    references = sorted(Dossier.objects.filter(status="submitted").values_list("reference", flat=True))
    assert references == [f"XN26-{number:06d}" for number in range(1, many + 1)]
    assert Series.objects.get(key="reference:XN26").last == many
    assert Event.objects.filter(step="submit").values("dossier").distinct().count() == many == Event.objects.count()
    slips = Slip.objects.filter(form=Slip.Form.ACKNOWLEDGEMENT)
    assert sorted(slips.values_list("number", "dossier__reference")) == [(number, number) for number in references]
    assert Notice.objects.filter(kind="submit").values("key").distinct().count() == many == Notice.objects.count()
    check_papers(drafts)


def check_papers(drafts):
    """Every paper stands with its dossier, and its bytes are those that were given."""
    sent = {
        (draft.pk, key): hashlib.sha256(content).hexdigest()
        for draft, contents in drafts
        for key, content in zip(KEYS, contents, strict=True)
    }
    kept = {}
    for paper in Paper.objects.select_related("stored", "component").filter(replaced_at__isnull=True):
        with paper.stored.file.open("rb") as content:
            assert hashlib.sha256(content.read()).hexdigest() == paper.stored.sha256
        kept[paper.dossier_id, paper.component.key] = paper.stored.sha256
    assert kept == sent
    assert Paper.objects.count() == StoredFile.objects.count() == len(sent)


@pytest.mark.django_db(transaction=True)
def test_submissions_from_four_threads_are_all_kept():
    drafts = make_drafts(24)
    file_at_once(drafts, hands=4)
    check_nothing_lost(drafts)


def submit_at_once(draft, hands):
    """One draft filed from `hands` threads in the same moment; the reference that each was told, or "refused"."""
    gate = Barrier(hands)

    def one(_number):
        try:
            row = Dossier.objects.get(pk=draft.pk)
            gate.wait()
            return workflow.take(row, "submit", by=row.created_by, at=MOMENT).reference
        except workflow.StepRefused:
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(hands) as pool:
        return sorted(pool.map(one, range(hands)))


@pytest.mark.django_db(transaction=True)
def test_of_ten_who_file_one_draft_one_does():
    factories.make_catalogue()
    draft = factories.make_dossier()
    answers = submit_at_once(draft, hands=10)
    assert answers == ["XN26-000001", *["refused"] * 9]
    assert Series.objects.get(key="reference:XN26").last == 1
    assert list(Slip.objects.values_list("dossier", "number")) == [(draft.pk, "XN26-000001")]
    assert list(Event.objects.values_list("dossier", "step")) == [(draft.pk, "submit")]
    outbox.drain()
    assert (Notice.objects.filter(kind="submit").count(), [sent.to for sent in mail.outbox]) == (
        1, [[draft.contact_email]],
    )  # fmt: skip


@pytest.mark.prove
@pytest.mark.django_db(transaction=True)
def test_five_hundred_submissions_from_sixteen_threads_are_all_kept(capsys):
    drafts = make_drafts(520)
    alone = [file_whole(*draft) for draft in drafts[:20]]
    seconds, together = file_at_once(drafts[20:], hands=16)
    with capsys.disabled():
        print(  # noqa: T201
            f"\n{connection.vendor}: 500 submissions with {len(KEYS)} papers each from 16 threads in {seconds:.1f} s, "
            f"{500 / seconds:.1f} a second; one submit takes {statistics.median(together) * 1000:.0f} ms then, "
            f"{statistics.median(alone) * 1000:.0f} ms alone"
        )  # fmt: skip
    check_nothing_lost(drafts)
