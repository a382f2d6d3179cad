"""Real processes of the portal beside a test, on the test's own database and files, and their sudden end; and a mail
server that stops where it is told."""

import os
import signal
import socketserver
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import connection

TOP = Path(__file__).resolve().parent.parent
# A worker that is taken for dead after seconds instead of minutes, and tries again at once.
HASTE = {"JOB_SECONDS": "4", "JOB_PAUSES": "0.02", "JOB_ATTEMPTS": "200"}
PATIENCE = 120


def address_of_database():
    facts = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{facts['NAME']}"
    place = f"{facts['HOST']}:{facts['PORT']}" if facts["PORT"] else facts["HOST"]
    return (
        f"postgres://{facts['USER']}:{quote(facts['PASSWORD'])}@{place}/{facts['NAME']}?{urlencode(facts['OPTIONS'])}"
    )


def start(*command, **changed):
    """A process of its own group, in the environment of this test."""
    surroundings = {
        **os.environ, **HASTE, "DATABASE_URL": address_of_database(), "SECRET_KEY": settings.SECRET_KEY,
        "PRIVATE_ROOT": str(settings.PRIVATE_ROOT), "VAR_DIR": str(settings.VAR_DIR), "LOG_LEVEL": "CRITICAL",
        **changed,
    }  # fmt: skip
    return subprocess.Popen(
        [sys.executable, *command], cwd=TOP, env=surroundings, start_new_session=True, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip


def kill(process):
    """What a power cut does: the process and all its children at once, without a word."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()


@contextmanager
def worker(**changed):
    """The worker as `make run` starts it; whoever leaves here without killing it, stops it in peace."""
    process = start("manage.py", "work", **changed)
    try:
        yield process
        if process.poll() is None:
            process.terminate()
            process.wait(PATIENCE)
    finally:
        if process.poll() is None:
            kill(process)
        process.stdout.close()


def wait_for(is_so, *, pause=0.02):
    until = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(pause)


# A mail server ------------------------------------------------------------------------------------
class Postman(socketserver.StreamRequestHandler):
    """Speaks enough SMTP. At `server.hold` it is silent until the other side is gone; "taken" comes after it has the
    letter and before it says so."""

    def handle(self):
        with suppress(OSError):
            self.answer("220 mail.example")
            while line := self.rfile.readline().decode().strip():
                if line.upper() == "DATA":
                    self.pause_at("data")
                    self.answer("354 go on")
                    self.server.taken.append(self.letter())
                    self.pause_at("taken")
                self.pause_at(line[:4].lower().strip())
                self.answer("221 bye" if line.upper() == "QUIT" else "250 ok")

    def answer(self, text):
        self.wfile.write(f"{text}\r\n".encode())

    def letter(self):
        """The Message-ID of what is sent."""
        lines = iter(self.rfile.readline, b".\r\n")
        return next(line.decode().split(":", 1)[1].strip() for line in list(lines) if line.startswith(b"Message-ID:"))

    def pause_at(self, phase):
        if self.server.hold == phase:
            self.server.hold = ""
            self.server.is_held.set()
            self.rfile.read(1)
            raise ConnectionAbortedError


class PostOffice(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Postman)
        self.taken, self.hold, self.is_held = [], "", threading.Event()

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.server_address[1]}"


@contextmanager
def running(server):
    with server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()
