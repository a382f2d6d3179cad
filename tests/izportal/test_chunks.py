"""Files in pieces: found again after a break, written by one at a time, compared with what was promised, and swept."""

import hashlib
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from izportal import chunks
from izportal.models import PartialFile
from izportal.uploads import UploadRefused
from tests import factories
from tests.factories import at

NOW = at("2026-03-03 21:00")
CONTENT = bytes(range(256)) * 40
LIMIT = 10**6

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(db):
    return factories.make_user()


def begin(person, content=CONTENT, moment=NOW, **changed):
    promised = {
        "purpose": "thử:1", "name": "giấy.pdf", "size": len(content), "sha256": hashlib.sha256(content).hexdigest(),
        "max_bytes": LIMIT,
    }  # fmt: skip
    return chunks.begin(**{**promised, **changed}, by=person, at=moment)


def send(partial, *spans, content=CONTENT):
    for start, end in spans:
        partial = chunks.append(partial, offset=start, piece=content[start:end], at=NOW)
    return partial


def read(partial):
    with chunks.whole(partial) as file:
        return file.name, file.read()


def files(settings):
    return sorted(path.name for path in (Path(settings.PRIVATE_ROOT) / chunks.FOLDER).glob("*"))


def test_pieces_make_the_file(person):
    partial = send(begin(person), (0, 4000), (4000, 9000), (9000, len(CONTENT)))
    assert (partial.received, read(partial)) == (len(CONTENT), ("giấy.pdf", CONTENT))


def test_pieces_lie_where_only_the_portal_reads(person, settings):
    partial = send(begin(person), (0, 10))
    path = Path(settings.PRIVATE_ROOT) / chunks.FOLDER / partial.pk.hex
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_break_is_gone_on_with_on_another_day(person):
    first = send(begin(person), (0, 4000))
    again = begin(person, moment=NOW + timedelta(days=2))
    assert (again.pk, again.received, again.touched_at) == (first.pk, 4000, NOW + timedelta(days=2))
    assert read(send(again, (4000, len(CONTENT))))[1] == CONTENT


@pytest.mark.parametrize(
    "changed", [{"purpose": "thử:2"}, {"name": "khác.pdf"}, {"sha256": "0" * 64}, {"size": len(CONTENT) + 1}]
)
def test_another_file_or_purpose_begins_anew(person, changed):
    first = send(begin(person), (0, 4000))
    other = begin(person, **changed)
    assert (other.pk == first.pk, other.received) == (False, 0)


def test_nobody_goes_on_with_the_file_of_another(person):
    first = send(begin(person), (0, 4000))
    other = begin(factories.make_user())
    assert (other.pk == first.pk, other.received) == (False, 0)


def test_decomposed_name_is_the_same_name(person):
    assert begin(person, name="gia\u0302\u0301y.pdf").pk == begin(person, name="gi\u1ea5y.pdf").pk


def test_piece_sent_again_changes_nothing(person):
    partial = send(begin(person), (0, 4000), (4000, 8000))
    again = chunks.append(partial, offset=0, piece=b"x" * 4000, at=NOW)
    assert again.received == 8000
    assert read(send(again, (8000, len(CONTENT))))[1] == CONTENT


@pytest.mark.parametrize("start", [3000, 5000, 9000])
def test_piece_out_of_step_is_told_where_to_go_on(person, start):
    partial = send(begin(person), (0, 4000))
    with pytest.raises(chunks.OutOfStep) as step:
        send(partial, (start, start + 1024))
    assert (step.value.offset, PartialFile.objects.get().received) == (4000, 4000)


def test_more_than_promised_is_refused(person):
    partial = send(begin(person), (0, 4000))
    with pytest.raises(UploadRefused) as refused:
        chunks.append(partial, offset=4000, piece=bytes(len(CONTENT)), at=NOW)
    assert (refused.value.code, PartialFile.objects.get().received) == ("altered", 4000)


def test_what_a_broken_write_left_is_written_over(person, settings):
    partial = send(begin(person), (0, 4000))
    path = Path(settings.PRIVATE_ROOT) / chunks.FOLDER / partial.pk.hex
    path.write_bytes(path.read_bytes() + b"half a piece")
    assert read(send(partial, (4000, len(CONTENT))))[1] == CONTENT


def test_lost_pieces_are_asked_for_again(person, settings):
    partial = send(begin(person), (0, 4000))
    (Path(settings.PRIVATE_ROOT) / chunks.FOLDER / partial.pk.hex).write_bytes(CONTENT[:1000])
    assert begin(person).received == 1000


def test_file_that_changed_on_its_way_is_not_taken(person):
    partial = chunks.append(begin(person), offset=0, piece=b"x" * len(CONTENT), at=NOW)
    with pytest.raises(UploadRefused) as refused:
        read(partial)
    assert refused.value.code == "altered"


def test_file_without_a_hash_of_its_own_is_taken_as_it_came(person):
    partial = send(begin(person, sha256="không có"), (0, len(CONTENT)))
    assert (partial.sha256, read(partial)[1]) == ("", CONTENT)


def test_dropped_file_is_gone_and_may_be_dropped_again(person, settings):
    partial = send(begin(person), (0, 4000))
    chunks.drop(partial)
    chunks.drop(partial)
    assert (PartialFile.objects.count(), files(settings)) == (0, [])
    with pytest.raises(PartialFile.DoesNotExist):
        send(partial, (4000, 8000))
    with pytest.raises(PartialFile.DoesNotExist):
        read(partial)


@pytest.mark.parametrize(("size", "code"), [(0, "empty"), (LIMIT + 1, "too_large"), (200 * 2**20, "too_large")])
def test_size_is_told_before_the_first_byte(person, settings, size, code):
    with pytest.raises(UploadRefused) as refused:
        begin(person, size=size)
    assert (refused.value.code, PartialFile.objects.count(), files(settings)) == (code, 0, [])


def test_one_person_keeps_only_so_much_half_sent(person, settings):
    settings.UPLOAD_UNFINISHED_MB = 1
    most = {"size": 700_000, "sha256": ""}
    begin(person, name="một.pdf", **most)
    with pytest.raises(UploadRefused) as refused:
        begin(person, name="hai.pdf", **most)
    assert refused.value.code == "quota"
    assert begin(factories.make_user(), name="hai.pdf", **most).received == 0


def test_what_rests_makes_room_for_what_is_sent_now(person, settings):
    settings.UPLOAD_UNFINISHED_MB = 1
    most = {"size": 700_000, "sha256": ""}
    begin(person, name="một.pdf", **most)
    begin(person, name="hai.pdf", moment=NOW + timedelta(hours=2), **most)
    assert [row.name for row in PartialFile.objects.all()] == ["hai.pdf"]


def test_one_person_keeps_only_so_many_half_sent(person, monkeypatch):
    monkeypatch.setattr(chunks, "MOST_FILES", 3)
    for number in range(3):
        begin(person, name=f"{number}.pdf")
    with pytest.raises(UploadRefused) as refused:
        begin(person, name="3.pdf")
    assert (refused.value.code, begin(person, name="0.pdf").name) == ("quota", "0.pdf")


def test_sweep_drops_what_is_given_up_and_what_has_no_row(person, settings):
    old = send(begin(person), (0, 4000))
    PartialFile.objects.update(touched_at=NOW - timedelta(days=8))
    kept = send(begin(person, name="mới.pdf"), (0, 4000))
    (Path(settings.PRIVATE_ROOT) / chunks.FOLDER / "0123").write_bytes(b"x")
    assert chunks.sweep(before=NOW - timedelta(days=7)) == 1
    assert chunks.sweep(before=at("2099-01-01 00:00") - timedelta(days=400)) == 2
    assert (PartialFile.objects.count(), files(settings), old.pk == kept.pk) == (0, [], False)


@pytest.mark.django_db(transaction=True)
def test_two_windows_never_write_into_one_another(person):
    """Both send the whole file, piece by piece; whoever is out of step goes on where the other is."""
    partial, faults = begin(person), []

    def window():
        offset = 0
        try:
            while offset < len(CONTENT):
                try:
                    row = chunks.append(partial, offset=offset, piece=CONTENT[offset : offset + 512], at=NOW)
                    offset = max(offset + 512, row.received)
                except chunks.OutOfStep as step:
                    offset = step.offset
        except Exception as fault:  # told by the assertion below
            faults.append(fault)
        finally:
            connection.close()

    windows = [threading.Thread(target=window) for _number in range(4)]
    [thread.start() for thread in windows]
    [thread.join() for thread in windows]
    partial.refresh_from_db()
    assert (faults, partial.received, read(partial)[1]) == ([], len(CONTENT), CONTENT)


@pytest.mark.django_db(transaction=True)
def test_two_windows_begin_one_file(person):
    found = []

    def window():
        found.append(begin(person).pk)
        connection.close()

    windows = [threading.Thread(target=window) for _number in range(4)]
    [thread.start() for thread in windows]
    [thread.join() for thread in windows]
    assert (len(found), len(set(found)), PartialFile.objects.count()) == (4, 1, 1)
