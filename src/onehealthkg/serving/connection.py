"""One connection of a client: https://www.rfc-editor.org/rfc/rfc9112.

httptools (llhttp, the parser of Node.js) reads the requests, strictly: it refuses what two servers
could understand differently. This module adds limits of size and time, answers one request after
the other in the order in which they arrived, and writes head and body of a reply at once.
"""

from __future__ import annotations

import asyncio
import re
from collections import deque
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from math import inf
from time import time
from typing import NamedTuple, cast

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser

from onehealthkg.serving.app import Application
from onehealthkg.serving.protocol import BODY, Request, packs
from onehealthkg.serving.reply import GONE
from onehealthkg.serving.server import Response

HEAD = 32 << 10
"""The limit on the request line and the headers together, in bytes."""

MESSAGE = 1 << 20
"""The limit on a request with its body, in bytes; chunks have headers and trailers of their own."""

ARRIVAL = 10.0
"""The seconds in which a request must have arrived, with its body."""

READING = 10.0
"""The seconds for which a client may leave sent data unread."""

MOST = 1000
"""The limit on open connections."""

_PIECE = 64 << 10  # bytes of a body that are written at once
_PROBING = 0.5  # seconds between two probes of a half-closed connection
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_HOST = re.compile(
    rb"[\w.:\[\]~!$&'()*+,;=%-]*"
)  # https://www.rfc-editor.org/rfc/rfc3986#section-3.2.2


class _Refusal(Exception):
    """The request is refused with a status, and the connection ends."""

    def __init__(self, status: int) -> None:
        self.status = status


class _Received(NamedTuple):
    """A whole request: whether only the head of the reply is wanted, and since when it waits."""

    request: Request
    known: bytes  # the replies that the client has
    is_head: bool
    since: float


class Connection(asyncio.Protocol):
    """A connection, which is in the set of all as long as it is open."""

    def __init__(self, app: Application, connections: set[Connection]) -> None:
        self._app = app
        self._all = connections
        self._loop = asyncio.get_running_loop()
        self._parser = HttpRequestParser(self)
        self._waiting: deque[_Received | int] = deque()  # an int is the status of a refusal
        self._task: asyncio.Task[None] | None = None  # which answers a request
        self._is_last = False  # nothing more is read
        self._is_started = False  # a part of the reply has been written
        self._writable = asyncio.Event()
        self._writable.set()
        self._rooms = 0  # how often the client has made room for more
        self._unread = (0, 0)  # bytes that were unsent at the last look, and the rooms then
        self._size = 0  # bytes of the request so far
        self._has_head = False
        self._deadline = self._loop.time() + ARRIVAL

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait for a request."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop has a class of its own
        self._client = str((transport.get_extra_info("peername") or ("-",))[0])
        self._all.add(self)
        self._clock = self._loop.call_at(self._deadline, self._look)
        if len(self._all) > MOST:
            self._refuse(503)
            self._answer_waiting()

    def connection_lost(self, _: Exception | None) -> None:
        """Stop answering, because the client has gone."""
        self._all.discard(self)
        self._clock.cancel()
        self._waiting.clear()
        if self._task:
            self._task.cancel()

    def data_received(self, data: bytes) -> None:
        """Read requests, and answer them."""
        if self._is_last:
            return
        self._size += len(data)
        try:
            self._parser.feed_data(data)
            if self._size > (MESSAGE if self._has_head else HEAD):
                self._refuse(413 if self._has_head else self._too_long())
        except HttpParserUpgrade:
            self._is_last = (
                True  # https://www.rfc-editor.org/rfc/rfc9110#section-7.8: it may be ignored
            )
        except HttpParserError as error:
            cause = error.__context__
            self._refuse(cause.status if isinstance(cause, _Refusal) else 400)
        self._answer_waiting()

    def on_message_begin(self) -> None:
        """Begin a request."""
        self._url = b""
        self._headers: dict[bytes, bytes] = {}
        self._body = bytearray()
        self._head_size = 0
        self._has_head = False

    def on_url(self, url: bytes) -> None:
        """Take a part of the target of the request."""
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; several of one name are a list."""
        name = name.lower()
        self._head_size += len(name) + len(value)
        if self._head_size + len(self._url) > HEAD:
            raise _Refusal(self._too_long())
        if name in self._headers:
            if name == b"host":
                raise _Refusal(400)
            value = self._headers[name] + b", " + value
        self._headers[name] = value

    def on_headers_complete(self) -> None:
        """Refuse a head that is invalid, or announces too long a body."""
        self._has_head = True
        version = self._version = self._parser.get_http_version()
        host = self._headers.get(b"host")
        if version not in ("1.0", "1.1"):
            raise _Refusal(505)
        if (host is None and version == "1.1") or not _HOST.fullmatch(host or b""):
            raise _Refusal(400)  # https://www.rfc-editor.org/rfc/rfc9112#section-3.2
        if len(self._url) > HEAD // 2:
            raise _Refusal(414)
        if int(self._headers.get(b"content-length", b"0")) > BODY:
            raise _Refusal(413)
        if expected := self._headers.get(b"expect"):
            if expected.lower() != b"100-continue":
                raise _Refusal(417)
            if not self._task and not self._waiting and version == "1.1":
                self._transport.write(_CONTINUE)

    def on_body(self, body: bytes) -> None:
        """Take a part of the body."""
        self._body += body
        if len(self._body) > BODY:
            raise _Refusal(413)

    def on_message_complete(self) -> None:
        """Put the request into the queue."""
        method, headers = self._parser.get_method().decode(), self._headers
        is_head = method == "HEAD"
        request = Request(
            "GET" if is_head else method,
            self._url,
            headers.get(b"accept", b"").decode("latin-1"),
            packs(headers.get(b"accept-encoding", b"")),
            self._app.origin(self._client, headers),
            headers.get(b"content-type", b"").decode("latin-1") if method == "POST" else "",
            bytes(self._body),
        )
        known = headers.get(b"if-none-match", b"")
        self._waiting.append(_Received(request, known, is_head, self._loop.time()))
        if self._version == "1.0" or not self._parser.should_keep_alive():
            self._is_last = True
        self._size = 0

    def eof_received(self) -> bool:
        """Keep the connection if requests are unanswered: the client may still read."""
        self._is_last = True
        is_waiting = bool(self._task or self._waiting)
        if is_waiting:
            self._loop.call_later(_PROBING, self._probe)
        return is_waiting

    def pause_writing(self) -> None:
        """Begin to wait for the client to read."""
        self._writable.clear()

    def resume_writing(self) -> None:
        """Write again."""
        self._rooms += 1
        self._writable.set()

    def finish(self) -> None:
        """Answer the requests that have arrived, and close the connection."""
        self._is_last = True
        self._answer_waiting()

    def abort(self) -> None:
        """Close the connection at once."""
        self._transport.abort()

    def _too_long(self) -> int:
        return 414 if len(self._url) > HEAD // 2 else 431

    def _refuse(self, status: int) -> None:
        """Refuse the request, after the replies to earlier ones."""
        if not self._is_last:  # what follows the last request is ignored
            self._is_last = True
            self._waiting.append(status)

    def _answer_waiting(self) -> None:
        """Answer requests, cached ones at once, until one takes time."""
        while self._waiting and not self._task and not self._transport.is_closing():
            received = self._waiting.popleft()
            if isinstance(received, int):
                self._end(received)
                return
            response = self._app.kept(received.request, received.known)
            if response and len(response.body) <= _PIECE and self._writable.is_set():
                self._write(received, response)
                self._note(received, response.status)
            else:
                self._deadline = inf
                self._task = self._loop.create_task(self._answer(received))
        if self._transport.is_closing():
            return
        if self._waiting:
            self._transport.pause_reading()
        elif not self._task:
            self._deadline = self._loop.time() + ARRIVAL
            self._transport.resume_reading()
            if self._is_last:
                self._transport.close()

    async def _answer(self, received: _Received) -> None:
        """Answer a request, and then those that wait; cancelled when the client has gone."""
        status = GONE
        try:
            response = await self._app.reply(received.request, received.known)
            self._is_started = True
            self._write(received, response)
            status = response.status
            if not received.is_head:
                await self._write_rest(response.body)
        finally:
            self._task, self._is_started = None, False
            self._note(received, status)
        self._answer_waiting()

    def _write(self, received: _Received, response: Response) -> None:
        """Write the head and the first piece of the body."""
        is_last = self._is_last and not self._waiting
        ends = b"connection: close\r\n\r\n" if is_last else b"\r\n"
        body = b"" if received.is_head else response.body[:_PIECE]
        self._transport.write(b"".join((response.head, _date(int(time())), ends, body)))

    async def _write_rest(self, body: bytes) -> None:
        """Write the rest as the client reads it; a steady one gets all, however slow it is."""
        for start in range(_PIECE, len(body), _PIECE):
            await self._writable.wait()
            self._transport.write(body[start : start + _PIECE])

    def _note(self, received: _Received, status: int) -> None:
        self._app.note(received.request, status, self._client, self._loop.time() - received.since)

    def _end(self, status: int) -> None:
        """Write a refusal, and let the client close: it may still be sending, and read it later."""
        head = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\ncontent-length: 0\r\n"
        self._transport.write(head.encode() + _date(int(time())) + b"connection: close\r\n\r\n")
        self._transport.write_eof()
        self._size = 0
        self._app.count(status)

    def _look(self) -> None:
        """End the connection of a client that takes too long to send or to read."""
        now = self._loop.time()
        before, self._unread = self._unread, (self._transport.get_write_buffer_size(), self._rooms)
        if self._unread[0] and self._unread == before:
            self._transport.abort()
        elif now >= self._deadline and self._size:
            self._refuse(408)
            self._answer_waiting()
        elif now >= self._deadline:
            self._transport.close()
        later = now + READING
        at = min(self._deadline, later) if self._deadline > now else later
        self._clock = self._loop.call_at(at, self._look)

    def _probe(self) -> None:
        """Find out whether a client that sends no more has gone, which looks the same until then.

        The system of a client that has gone refuses what it gets, and writing fails from then on.
        A client that reads ignores the probe, an interim response
        (https://www.rfc-editor.org/rfc/rfc9110#section-15.2), which HTTP/1.0 does not have.
        """
        if not self._transport.is_closing() and self._task:
            if not self._is_started and self._version == "1.1":
                self._transport.write(_CONTINUE)
            self._loop.call_later(_PROBING, self._probe)


@lru_cache(maxsize=1)
def _date(second: int) -> bytes:
    return f"date: {formatdate(second, usegmt=True)}\r\n".encode()
