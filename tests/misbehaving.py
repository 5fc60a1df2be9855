"""A small server that answers as it is told: byte by byte, late, packed, cut off, or not at all.

A test gives it a function from a request to what is sent back; what was asked is kept in ``seen``.
"""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.message import Message
from email.parser import BytesHeaderParser
from io import BufferedReader
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

JSON = "application/sparql-results+json"
ONE_ROW = b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"literal","value":"1"}}]}}'


class Request(NamedTuple):
    method: str
    target: str
    headers: Message
    body: bytes

    @property
    def query(self) -> str:
        """The query that was asked, by GET or POST."""
        words = self.body.decode() if self.method == "POST" else urlsplit(self.target).query
        return parse_qs(words, keep_blank_values=True).get("query", [""])[0]


# A pause in seconds, bytes to send, or None: wait until the other side gives up.
Part = bytes | float | None
Behaviour = Callable[[Request], list[Part] | bytes]


class Server:
    """A server on a free port of the loopback; ``address`` is that of its endpoint."""

    def __init__(self, behaviour: Behaviour, certificate: str = "") -> None:
        self.behaviour = behaviour
        self.seen: list[Request] = []
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) if certificate else None
        if self._context:
            self._context.load_cert_chain(certificate)
        self._stopped = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.address = f"{'https' if certificate else 'http'}://127.0.0.1:{self.port}/sparql"
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def stop(self) -> None:
        self._stopped.set()
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for thread in self._threads:
            thread.join(10)

    def _accept(self) -> None:
        while not self._stopped.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            connection.settimeout(20)
            if self._context:
                connection = self._context.wrap_socket(connection, server_side=True)
            with connection, connection.makefile("rb") as file:
                request = _read(file)
                self.seen.append(request)
                answer = self.behaviour(request)
                for part in [answer] if isinstance(answer, bytes) else answer:
                    self._send(connection, part)

    def _send(self, connection: socket.socket, part: Part) -> None:
        if isinstance(part, bytes):
            connection.sendall(part)
        elif part is None:
            connection.recv(1)  # comes back when the other side has gone
        else:
            self._stopped.wait(part)


def _read(file: BufferedReader) -> Request:
    if file.peek(1)[:1] == b"\x16":  # the other side speaks TLS, and sends no line
        return Request("", "", Message(), b"")
    lines = iter(file.readline, b"")
    method, target = [*next(lines, b"").decode("latin-1").split(" "), "", ""][:2]
    head = b""
    for line in lines:
        if line == b"\r\n":
            break
        head += line
    headers = BytesHeaderParser().parsebytes(head)
    body = file.read(int(headers.get("Content-Length") or 0))
    return Request(method, target, headers, body)


def reply(
    body: bytes = ONE_ROW,
    status: str = "200 OK",
    kind: str = JSON,
    headers: str = "",
    length: int = -1,
) -> bytes:
    """A reply as it goes over the line; ``headers`` are whole lines that end in CR LF."""
    size = len(body) if length < 0 else length
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {size}\r\n{headers}\r\n"
    return head.encode() + body


def trickle(data: bytes, seconds: float) -> list[Part]:
    """The data, a byte at a time with a pause after each."""
    return [part for byte in data for part in (bytes([byte]), seconds)]


@contextmanager
def misbehaving(behaviour: Behaviour, certificate: str = "") -> Iterator[Server]:
    server = Server(behaviour, certificate)
    try:
        yield server
    finally:
        server.stop()


def free_port() -> int:
    """A port on which no server listens."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def wait_until_open(port: int, seconds: float) -> bool:
    """Whether a server listens on the port before the time is up."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return True
        time.sleep(0.05)
    return False
