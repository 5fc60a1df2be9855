"""Limits that keep hostile or broken clients from blocking the server.

uvicorn does not limit the time of a request that arrives byte by byte, nor that of a client that
does not read, nor, with httptools, the size of a head; this module limits all three. uvicorn parses
the head (https://www.rfc-editor.org/rfc/rfc9112); nothing is parsed a second time.
"""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD = 32 << 10
"""The limit on the request line and the headers together, in bytes."""

MESSAGE = 1 << 20
"""The limit on a request with its body, in bytes; chunks have headers and trailers of their own."""

ARRIVAL = 10.0
"""The seconds in which a request must have arrived, with its body."""

READING = 30.0
"""The seconds for which a client may leave sent data unread."""

_PROBING = 0.5  # seconds between two probes of a half-closed connection
_PROBE = b"HTTP/1.1 100 Continue\r\n\r\n"


class _Joined:
    """A transport that sends together what is written in one turn of the loop.

    uvicorn writes the head of a reply and then its body, each with a call of the system, which
    takes as long as all that Python does for a cached reply.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._written: list[bytes] = []

    def __getattr__(self, name: str) -> object:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Send the data at the end of this turn."""
        if not self._written:
            self._loop.call_soon(self._send)
        self._written.append(data)

    def close(self) -> None:
        """Send what is written, and close the connection."""
        self._send()
        self._transport.close()

    def _send(self) -> None:
        if self._written:
            self._transport.write(b"".join(self._written))
            self._written.clear()


class GuardedProtocol(HttpToolsProtocol):
    """One connection of a client."""

    _clock: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None
    _probing: asyncio.TimerHandle | None = None  # None as long as the client may send
    _head: int = 0  # bytes of the head so far; -1 once it is complete
    _size: int = 0  # bytes of the request so far

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait for a request."""
        super().connection_made(_Joined(transport, self.loop))  # type: ignore[arg-type]
        self._start()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clocks."""
        self._stop()
        if self._probing:
            self._probing.cancel()
        self.resume_writing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Pass on received data, unless the head or the whole request becomes too long."""
        if self._head >= 0:
            self._head += len(data)
        self._size += len(data)
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._head > HEAD:
            self._refuse(414 if len(self.url) > HEAD // 2 else 431)
        elif self._size > MESSAGE:
            self._end(413)

    def on_message_begin(self) -> None:
        """Start the clock of a request."""
        super().on_message_begin()
        if self._head < 0:
            self._head = 0
        self._start()

    def on_headers_complete(self) -> None:
        """Stop counting; a head that arrived at once may still be too long."""
        if self._head > HEAD and len(self.url) + _size(self.headers) > HEAD:
            return  # data_received refuses it
        hosts = sum(name == b"host" for name, _ in self.headers)
        if hosts > 1 or (not hosts and self.parser.get_http_version() == "1.1"):
            self._head = HEAD  # nothing of this request is taken
            self._refuse(400)  # https://www.rfc-editor.org/rfc/rfc9112#section-3.2
            return
        self._head = -1
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Pass on a part of the body, unless the head was refused."""
        if self._head < 0:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """Stop the clock of the request."""
        self._stop()
        self._size = 0
        if self._head < 0:
            super().on_message_complete()

    def eof_received(self) -> bool:  # type: ignore[override]
        """Keep the connection if requests are unanswered: the client may still read."""
        is_waiting = self._head < 0 and not (self.cycle.response_complete or self.cycle.more_body)
        if is_waiting:
            self._probing = self.loop.call_later(_PROBING, self._probe)
        return is_waiting

    def on_response_complete(self) -> None:
        """Close the connection after the last reply to a client that sends no more."""
        super().on_response_complete()
        if self._probing and self.cycle.response_complete:
            self.transport.close()

    def _probe(self) -> None:
        """Find out whether a client that sends no more has gone, which looks the same until then.

        The system of a client that has gone refuses what it gets, and writing fails from then on.
        A client that reads ignores the probe, an interim response
        (https://www.rfc-editor.org/rfc/rfc9110#section-15.2), which HTTP/1.0 does not have.
        """
        is_next = not self.pipeline and not self.cycle.response_started
        if is_next and self.scope["http_version"] == "1.1":
            self.transport.write(_PROBE)
        self._probing = self.loop.call_later(_PROBING, self._probe)

    def pause_writing(self) -> None:
        """Begin to wait for the client to read."""
        super().pause_writing()
        self._unread = self.loop.call_later(READING, self.transport.abort)

    def resume_writing(self) -> None:
        """Stop the clock, because the client reads again."""
        if self._unread:
            self._unread.cancel()
            self._unread = None
        super().resume_writing()

    def _start(self) -> None:
        self._stop()
        self._clock = self.loop.call_later(ARRIVAL, self._end, 408)

    def _stop(self) -> None:
        if self._clock:
            self._clock.cancel()
            self._clock = None

    def _end(self, status: int) -> None:
        """End the connection, with a status unless the request is already being answered."""
        if self._head < 0 and self.cycle.response_started:
            self.transport.abort()
        else:
            self._refuse(status)

    def _refuse(self, status: int) -> None:
        words = {
            400: "Bad Request",
            408: "Request Timeout",
            413: "Content Too Large",
            414: "URI Too Long",
            431: "Request Header Fields Too Large",
        }
        head = (
            f"HTTP/1.1 {status} {words[status]}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode())
        self.transport.close()


def _size(headers: list[tuple[bytes, bytes]]) -> int:
    return sum(len(name) + len(value) for name, value in headers)
