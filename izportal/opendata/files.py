"""Resources written as files, piece by piece, so that none is ever whole in memory."""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.utils import translation

from izportal.languages import here
from izportal.opendata import package
from izportal.opendata.asking import Question
from izportal.opendata.catalogue import RESOURCES
from izportal.opendata.columns import as_object, as_texts
from izportal.opendata.resources import Resource, Rows

TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json", "geojson": "application/geo+json"}
# Characters of one piece: fewer, and the server is called too often; more, and nothing is gained.
PIECE = 64 * 1024


def written(resource: Resource, format: str, rows: Rows, question: Question) -> Iterator[str]:
    """The file in pieces: UTF-8 without a byte order mark, ISO dates, numbers with a point."""
    return _pieces(WRITERS[format](resource, rows, question), here())


def _pieces(parts: Iterable[str], language: str) -> Iterator[str]:
    """What is sent after the request is over is still in its language."""
    with translation.override(language):
        yield from _gathered(parts)


def _gathered(parts: Iterable[str]) -> Iterator[str]:
    held, size = [], 0
    for part in parts:
        held.append(part)
        size += len(part)
        if size >= PIECE:
            yield "".join(held)
            held, size = [], 0
    yield "".join(held)


class _Line:
    """A file that gives back each line."""

    def write(self, line: str) -> str:
        return line


def _csv(resource: Resource, rows: Rows, question: Question) -> Iterator[str]:
    """Lines end as RFC 4180 says; what a spreadsheet would take for a formula begins with an apostrophe."""
    writer, width = csv.writer(_Line()), len(resource.columns)
    yield writer.writerow([column.name for column in resource.columns])
    cells_of = as_texts(resource.columns)
    for cells in rows:
        yield writer.writerow(cells_of(cells[:width]))


def _json(resource: Resource, rows: Rows, question: Question) -> Iterator[str]:
    yield from _listed(package.head(resource, question), "rows", _objects(resource, rows))


def _objects(resource: Resource, rows: Rows) -> Iterator[str]:
    told, width = as_object(resource.columns), len(resource.columns)
    return (told(cells[:width]) for cells in rows)


def _geojson(resource: Resource, rows: Rows, question: Question) -> Iterator[str]:
    """A FeatureCollection (RFC 7946) in degrees of WGS 84; what has no place on the earth has no geometry."""
    head = {"type": "FeatureCollection", **package.head(resource, question)}
    yield from _listed(head, "features", _features(resource, rows))


def _features(resource: Resource, rows: Rows) -> Iterator[str]:
    told, width = as_object(resource.columns), len(resource.columns)
    for cells in rows:
        key, shape = json.dumps(resource.key_of(cells)), json.dumps(cells[width], separators=(",", ":"))
        yield f'{{"type":"Feature","id":{key},"geometry":{shape},"properties":{told(cells[:width])}}}'


def _listed(head: dict[str, Any], name: str, objects: Iterable[str]) -> Iterator[str]:
    """An object with some facts and one long list."""
    yield f'{json.dumps(head, ensure_ascii=False)[:-1]}, "{name}": ['
    comma = "\n"
    for written in objects:
        yield comma + written
        comma = ",\n"
    yield "\n]}\n"


WRITERS: dict[str, Callable[[Resource, Rows, Question], Iterator[str]]] = {
    "csv": _csv, "json": _json, "geojson": _geojson,
}  # fmt: skip


# The package --------------------------------------------------------------------------------------
class _Pipe(io.RawIOBase):
    """Takes what the archive writes and gives it on; it cannot go back, so that nothing need be kept."""

    def __init__(self) -> None:
        self.held: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self.held.append(bytes(piece))
        return len(piece)

    def taken(self) -> bytes:
        whole = b"".join(self.held)
        self.held.clear()
        return whole


def zipped(questions: dict[str, Question]) -> Iterator[bytes]:
    return _zipped(questions, here())


def _zipped(questions: dict[str, Question], language: str) -> Iterator[bytes]:
    """All resources as CSV with the description of what was written, its lengths and hashes, which comes last.

    What refers to other rows is read before them, so that a row that comes in between is missing nowhere.
    """
    pipe, found = _Pipe(), {}
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in reversed(RESOURCES):
            resource, digest, size = RESOURCES[name], hashlib.sha256(), 0
            with archive.open(f"{name}.csv", "w", force_zip64=True) as file:
                for piece in written(resource, "csv", resource.find(questions[name]), questions[name]):
                    content = piece.encode()
                    file.write(content)
                    digest.update(content)
                    size += len(content)
                    yield pipe.taken()
            found[name] = {"bytes": size, "hash": f"sha256:{digest.hexdigest()}"}
        with translation.override(language):
            archive.writestr("datapackage.json", package.text(package.descriptor(questions, found)))
    yield pipe.taken()
