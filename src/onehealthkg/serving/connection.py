"""One connection of a client: its requests are answered one after the other, in their order.

This module limits the time in which a request has to arrive and a reply to be read, which keeps
slow and broken clients from holding connections. Head and body of a reply are written at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from email.utils import formatdate
from functools import lru_cache
from math import inf
from time import monotonic, time
from typing import cast

from onehealthkg.serving.app import Application
from onehealthkg.serving.receiving import ADDRESS, BODY, HEAD, Reader, Received
from onehealthkg.serving.reply import GONE, text
from onehealthkg.serving.server import Response, response

ARRIVAL = 10.0
"""The seconds in which a request must have arrived, with its body."""

READING = 10.0
"""The seconds for which a client may leave sent data unread."""

MOST = 1000
"""The limit on open connections."""

_PIECE = 64 << 10  # bytes of a body that are written at once
_PROBING = 0.5  # seconds between two probes of a half-closed connection
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_REFUSALS = {
    400: "This is not a valid request of HTTP/1.1.",
    408: f"The request has not arrived in {ARRIVAL:g} seconds.",
    413: f"The body is longer than {BODY:,} bytes.",
    414: f"The address is longer than {ADDRESS:,} bytes. Send a long query by POST.",
    417: "Expect can be 100-continue only.",
    431: f"The headers are longer than {HEAD:,} bytes.",
    503: "There are too many connections. Try again later.",
    505: "Use HTTP/1.1.",
}


class Connection(asyncio.Protocol):
    """A connection, which is in the set of all as long as it is open."""

    def __init__(self, app: Application, connections: set[Connection]) -> None:
        self._app = app
        self._all = connections
        self._loop = asyncio.get_running_loop()
        self._reader = Reader(self._origin)
        self._task: asyncio.Task[None] | None = None  # which answers a request
        self._is_started = False  # a part of the reply has been written
        self._writable = asyncio.Event()
        self._writable.set()
        self._rooms = 0  # how often the client has made room for more
        self._unread = (0, 0)  # bytes that were unsent at the last look, and the rooms then
        self._deadline = self._loop.time() + ARRIVAL

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait for a request."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop has a class of its own
        self._client = str((transport.get_extra_info("peername") or ("-",))[0])
        self._all.add(self)
        self._clock = self._loop.call_at(self._deadline, self._look)
        if len(self._all) > MOST:
            self._reader.refuse(503)
            self._answer_waiting()

    def connection_lost(self, _: Exception | None) -> None:
        """Stop answering, because the client has gone."""
        self._all.discard(self)
        self._clock.cancel()
        self._reader.received.clear()
        if self._task:
            self._task.cancel()

    def data_received(self, data: bytes) -> None:
        """Read requests, and answer them."""
        reader = self._reader
        reader.feed(data)
        if reader.is_awaited and not self._task and not reader.received:
            reader.is_awaited = False
            self._transport.write(_CONTINUE)
        if reader.received:
            self._answer_waiting()

    def eof_received(self) -> bool:
        """Keep the connection if requests are unanswered: the client may still read."""
        self._reader.is_closed = True
        is_waiting = bool(self._task or self._reader.received)
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
        self._reader.is_closed = True
        if not self._task:
            self._answer_waiting()

    def abort(self) -> None:
        """Close the connection at once."""
        self._transport.abort()

    def _answer_waiting(self) -> None:
        """Answer requests, cached ones at once, until one takes time or none is left."""
        while self._reader.received and not self._task and not self._transport.is_closing():
            received = self._reader.received.popleft()
            if isinstance(received, int):
                self._end(received)
                return
            kept = self._app.kept(received.request, received.known)
            if kept and len(kept.body) <= _PIECE and self._writable.is_set():
                self._write(kept, is_head=received.is_head, is_last=self._has_last())
                self._note(received, kept.status)
            else:
                self._deadline = inf
                self._task = self._loop.create_task(self._answer(received, kept))
        if self._transport.is_closing():
            return
        if self._task:
            if self._reader.received:
                self._transport.pause_reading()
        elif self._reader.is_closed:
            self._transport.close()
        else:
            self._deadline = self._loop.time() + ARRIVAL
            self._transport.resume_reading()

    async def _answer(self, received: Received, kept: Response | None) -> None:
        """Answer a request, and then those that wait; cancelled when the client has gone."""
        status = GONE
        try:
            reply = kept or await self._app.reply(received.request, received.known)
            self._is_started = True
            self._write(reply, is_head=received.is_head, is_last=self._has_last())
            status = reply.status
            if not received.is_head:
                await self._write_rest(reply.body)
        finally:
            self._task, self._is_started = None, False
            self._note(received, status)
        self._answer_waiting()

    def _has_last(self) -> bool:
        """Whether the request that is answered is the last one."""
        return self._reader.is_closed and not self._reader.received

    def _write(self, reply: Response, *, is_last: bool, is_head: bool = False) -> None:
        """Write the head and the first piece of the body."""
        end = b"connection: close\r\n\r\n" if is_last else b"\r\n"
        body = b"" if is_head else reply.body[:_PIECE]
        self._transport.write(b"".join((reply.head, _date(int(time())), end, body)))

    async def _write_rest(self, body: bytes) -> None:
        """Write the rest as the client reads it; a steady one gets all, however slow it is."""
        for start in range(_PIECE, len(body), _PIECE):
            await self._writable.wait()
            self._transport.write(body[start : start + _PIECE])

    def _origin(self, headers: Mapping[bytes, bytes]) -> str:
        return self._app.base.origin(self._client, headers)

    def _note(self, received: Received, status: int) -> None:
        self._app.note(received.request, status, self._client, monotonic() - received.since)

    def _end(self, status: int) -> None:
        """Write a refusal, and let the client close: it may still be sending, and read it later."""
        self._write(response(text(status, _REFUSALS[status])), is_last=True)
        self._transport.write_eof()
        self._app.count(status)

    def _look(self) -> None:
        """End the connection of a client that takes too long to send or to read."""
        now = self._loop.time()
        before, self._unread = self._unread, (self._transport.get_write_buffer_size(), self._rooms)
        if self._unread[0] and self._unread == before:
            self._transport.abort()
        elif now >= self._deadline and self._reader.size:
            self._reader.refuse(408)
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
            if not self._is_started and self._reader.version == "1.1":
                self._transport.write(_CONTINUE)
            self._loop.call_later(_PROBING, self._probe)


@lru_cache(maxsize=1)
def _date(second: int) -> bytes:
    return f"date: {formatdate(second, usegmt=True)}\r\n".encode()
