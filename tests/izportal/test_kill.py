"""kill -9 of real processes amid a letter, a paper, a scan and a signature: nothing is lost, nothing done twice."""

import random
import time
from collections import Counter

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from izportal import documents, outbox
from izportal.models import Job, Notice, StoredFile
from onestop import workflow
from onestop.models import Dossier, Event, Series, Slip
from projects.models import Change, Project, Tenure
from tests import factories, killing, scanner, uploads
from tests.factories import at

MOMENT = at("2026-03-03 09:15")
FREEZE = "onestop.slips.freeze"
# Where the mail server falls silent; at the last it has the letter already and has not said so.
PHASES = ("mail", "rcpt", "data", "taken")
FEW, MANY = 1, pytest.param(20, marks=pytest.mark.prove)

pytestmark = pytest.mark.django_db(transaction=True)


def keep_only(call):
    """Leave only the jobs that the test is about; the queue's other rows ask for nothing then."""
    Job.objects.exclude(call=call).delete()


def finish(**changed):
    """What the next worker does with what was left behind; how long it took."""
    start = time.monotonic()
    with killing.worker(**changed):
        killing.wait_for(lambda: not Job.objects.unfinished().exists(), pause=0.1)
    return round(time.monotonic() - start)


def report(capsys, what, times, **found):
    with capsys.disabled():
        print(f"\n{what}: killed {times} times; {', '.join(f'{name} {value}' for name, value in found.items())}")  # noqa: T201


def test_worker_does_what_the_queue_has_lost():
    outbox.write(key="1", kind="thu", email="1@a.example", subject="Chào", body="Nội dung")
    OrmQ.objects.all().delete()
    Job.objects.update(next_at=MOMENT)
    finish()
    assert (Notice.objects.get().sent_at is not None, Job.objects.get().attempts) == (True, 1)


# A letter -----------------------------------------------------------------------------------------
def kill_while_sending(office, phase):
    office.is_held.clear()
    office.hold = phase
    with killing.worker(EMAIL_URL=office.url) as process:
        assert office.is_held.wait(killing.PATIENCE)
        killing.kill(process)


@pytest.mark.parametrize("times", [FEW, MANY])
def test_letters_survive_the_end_of_the_worker(capsys, times):
    for number in range(times):
        outbox.write(key=f"{number}", kind="thu", email=f"{number}@a.example", subject="Chào", body="Nội dung")
    with killing.running(killing.PostOffice()) as office:
        phases = [PHASES[-1 - number % 4] for number in range(times)]
        for phase in phases:
            kill_while_sending(office, phase)
        seconds = finish(EMAIL_URL=office.url)
    count = Counter(office.taken)
    assert (Notice.objects.filter(sent_at=None).count(), len(count)) == (0, times)
    assert len(office.taken) == times + phases.count("taken")  # the same Message-ID once more, only there
    assert Job.objects.in_state("done").count() == times
    report(capsys, "letters", times, lost=times - len(count), twice=len(office.taken) - len(count), recovery_s=seconds)


# A paper ------------------------------------------------------------------------------------------
def kill_while_freezing(chance):
    """Kill at a random moment of one paper's making; False where it was ready first."""
    before = Job.objects.in_state("done").count()
    dead = set(Job.objects.in_state("running").values_list("pk", "attempts"))
    with killing.worker() as process:
        killing.wait_for(lambda: set(Job.objects.in_state("running").values_list("pk", "attempts")) - dead)
        time.sleep(chance.uniform(0, 0.8))
        killing.kill(process)
    return Job.objects.in_state("done").count() == before


@pytest.mark.parametrize("times", [FEW, MANY])
def test_papers_survive_the_end_of_the_worker(capsys, catalogue, times):
    for _number in range(2 * times):
        dossier = factories.make_dossier()
        workflow.take(dossier, "submit", by=dossier.created_by, at=MOMENT)
    keep_only(FREEZE)
    many, papers, chance = Job.objects.count(), StoredFile.objects.count(), random.Random(1)
    hits = sum(kill_while_freezing(chance) for _time in range(times))
    seconds = finish()
    assert Slip.objects.filter(stored=None).count() == 0
    assert (StoredFile.objects.count() - papers, Slip.objects.count()) == (many, many)
    assert [documents.reread(at=timezone.now(), most=999), Job.objects.in_state("done").count()] == [[], many]
    report(capsys, "papers", times, half_made=hits, lost=0, twice=0, stray=strays(), recovery_s=seconds)


def strays():
    """Files that no row names; `sweep` takes them a day later."""
    return documents.sweep(before=timezone.now())


# A scan -------------------------------------------------------------------------------------------
class SlowClamd(scanner.FakeClamd):
    def handle(self):
        if self.server.hold:
            self.server.is_held.set()
            self.request.recv(10)
            while self.request.recv(65536):
                pass
        else:
            super().handle()


def kill_while_scanning(server):
    server.is_held.clear()
    server.hold = True
    with killing.worker(CLAMD_ADDRESS=scanner.place_of(server)) as process:
        assert server.is_held.wait(killing.PATIENCE)
        killing.kill(process)
    server.hold = False


@pytest.mark.parametrize("times", [FEW, MANY])
def test_scans_survive_the_end_of_the_worker(capsys, settings, times):
    settings.CLAMD_ADDRESS = "127.0.0.1:1"
    sender = factories.make_user()
    for number in range(2 * times):
        text = "EICAR" if number % 2 else "sạch"
        upload = uploads.sent(f"{number}.pdf", uploads.pdf_of(f"{number} {text}"))
        documents.store(upload, by=sender, at=MOMENT, max_bytes=10**6)
    server = killing.socketserver.ThreadingTCPServer(("127.0.0.1", 0), SlowClamd)
    server.daemon_threads, server.seen, server.limit = True, [], scanner.LIMIT
    server.hold, server.is_held = False, killing.threading.Event()
    with killing.running(server):
        for _time in range(times):
            kill_while_scanning(server)
        seconds = finish(CLAMD_ADDRESS=scanner.place_of(server))
    states = Counter(StoredFile.objects.values_list("state", flat=True))
    assert states == {"safe": times, "refused": times}
    assert Notice.objects.filter(kind="file-refused").count() == times
    report(capsys, "scans", times, lost=0, letters_twice=0, recovery_s=seconds)


# A signature --------------------------------------------------------------------------------------
def sign(dossier, leader, *, until):
    """Let a process sign until so many statements have run, and kill it there; its last word."""
    process = killing.start("-m", "tests.braking", str(dossier.pk), "grant", str(leader.pk), str(until))
    try:
        return process.stdout.readline().split()
    finally:
        killing.kill(process)


def traces(dossier):
    """Everything that a signature leaves behind."""
    row = Dossier.objects.get(pk=dossier.pk)
    counted = (Event, Slip, Notice, Job, Project, Change, Tenure)
    facts = {"status": row.status, "decision": row.decision, "number": row.decision_number}
    facts |= {
        "plot": row.plot.standing(on=MOMENT.date()).pk,
        "series": dict(Series.objects.values_list("key", "last")),
    }
    return facts | {model.__name__: model.objects.count() for model in counted}


@pytest.mark.parametrize("times", [FEW, MANY])
def test_signature_is_whole_or_absent_when_its_process_ends(capsys, catalogue, times):
    people = factories.make_people()
    *first, dossier = (factories.advance(factories.make_dossier(), "leader_sign", people=people) for _one in range(3))
    for row in first:  # killed right after their commit; the very first number of a series costs more statements
        word, statements = sign(row, people["leader"], until=-1)
        assert (word, Dossier.objects.get(pk=row.pk).decision) == ("done", "granted")
    before = traces(dossier)
    for number in range(1, times + 1):
        assert sign(dossier, people["leader"], until=int(statements) * number // times) == ["held"]
        assert traces(dossier) == before
    sign(dossier, people["leader"], until=-1)
    after = traces(dossier)
    once = ("Event", "Project", "Change", "Tenure")
    assert {name: after[name] - before[name] for name in once} == dict.fromkeys(once, 1)
    assert {after["series"][key] - last for key, last in before["series"].items()} == {0, 1}  # no number is wasted
    report(capsys, "signatures", times, half_done=0, of_statements=statements)
