"""A stand-in for clamd that speaks INSTREAM: it finds whatever holds the word EICAR, and hangs up at its limit."""

import socketserver
import struct
import threading
from contextlib import contextmanager

LIMIT = 1024 * 1024


class FakeClamd(socketserver.BaseRequestHandler):
    def handle(self):
        stream = self.request.makefile("rb")
        assert stream.read(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack("!L", stream.read(4))[0]:
            content += stream.read(size)
            if len(content) > self.server.limit:
                self.request.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.server.seen.append(content)
        answer = b"stream: Win.Test.EICAR FOUND\0" if b"EICAR" in content else b"stream: OK\0"
        self.request.sendall(answer)


@contextmanager
def answering(kind=socketserver.TCPServer, address=("127.0.0.1", 0), *, limit=LIMIT):
    """A running scanner; `seen` is what it was sent whole."""
    with kind(address, FakeClamd) as server:
        server.seen, server.limit = [], limit
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()


def place_of(server):
    return f"127.0.0.1:{server.server_address[1]}"
