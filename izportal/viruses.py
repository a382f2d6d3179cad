"""What clamd says of a file, where one is set up."""

import contextlib
import socket
import struct
from typing import IO

from django.conf import settings
from django.core.files import File

from izportal.uploads import CHUNK, UploadRefused

SECONDS = 30


def scan(file: IO[bytes] | File) -> bool:
    """Ask clamd at `settings.CLAMD_ADDRESS` ("host:port" or the path of its socket); False where none is set.

    `UploadRefused`: "virus" where it finds something, "scan_limit" where the file is longer than it reads, "scan"
    where it does not answer: then a later try may find out.
    """
    if not settings.CLAMD_ADDRESS:
        return False
    try:
        answer = _clamd_answer(file)
    except OSError as error:
        raise UploadRefused("scan") from error
    finally:
        file.seek(0)
    if answer.endswith("FOUND"):
        raise UploadRefused("virus", virus=answer.removeprefix("stream:").removesuffix("FOUND").strip())
    if "size limit exceeded" in answer:
        raise UploadRefused("scan_limit")
    if not answer.endswith("OK"):
        raise UploadRefused("scan")
    return True


def _clamd_answer(file: IO[bytes] | File) -> str:
    """clamd's INSTREAM: each chunk behind its length in four bytes, a length of nought to end, one line back."""
    with _clamd_connection(settings.CLAMD_ADDRESS) as connection:
        # At its limit clamd hangs up in the middle of the file; its answer is there all the same.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            _stream(file, connection)
        with connection.makefile("rb") as answer:
            return answer.read(4096).rstrip(b"\0\n").decode("utf-8", "replace")


def _stream(file: IO[bytes] | File, connection: socket.socket) -> None:
    connection.sendall(b"zINSTREAM\0")
    file.seek(0)
    while chunk := file.read(CHUNK):
        connection.sendall(struct.pack("!L", len(chunk)) + chunk)
    connection.sendall(struct.pack("!L", 0))


def _clamd_connection(address: str) -> socket.socket:
    if address.startswith(("/", "unix:")):
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(SECONDS)
        if fault := connection.connect_ex(address.removeprefix("unix:")):
            connection.close()
            raise OSError(fault, address)
        return connection
    host, _colon, port = address.removeprefix("tcp://").rpartition(":")
    return socket.create_connection((host, int(port)), timeout=SECONDS)
