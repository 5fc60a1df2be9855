"""Limits that keep hostile or broken clients from blocking the server.

uvicorn parses HTTP (https://www.rfc-editor.org/rfc/rfc9112), with httptools. It does not limit the
size of a request, the time in which it must arrive, nor the time of a client that does not read;
it answers an invalid request at once, even if earlier ones are unanswered. This module adds that.
"""

from __future__ import annotations

import asyncio
import re
from http import HTTPStatus
from typing import NoReturn

from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

HEAD = 32 << 10
"""The limit on the request line and the headers together, in bytes."""

ADDRESS = HEAD // 2
"""The limit on the target of a request, in bytes."""

BODY = 256 << 10
"""The limit on the body of a request, in bytes."""

MESSAGE = 1 << 20
"""The limit on a request with its body, in bytes; chunks have headers and trailers of their own."""

ARRIVAL = 10.0
"""The seconds in which a request must have arrived, with its body."""

READING = 30.0
"""The seconds for which a client may leave sent data unread."""

_PROBING = 0.5  # seconds between two probes of a half-closed connection
_PROBE = b"HTTP/1.1 100 Continue\r\n\r\n"
# https://www.rfc-editor.org/rfc/rfc3986#section-3.2.2
_HOST = re.compile(rb"[\w.:\[\]~!$&'()*+,;=%-]*")


class _Refusal(Exception):
    """The request is refused."""


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

    def write_eof(self) -> None:
        """Send what is written, and then nothing more."""
        self._send()
        self._transport.write_eof()

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
    _running: RequestResponseCycle | None = None  # the request that is answered, or was last
    _is_arriving = False  # a request has begun to arrive, and is not complete
    _has_head = False  # its head is complete
    _size = 0  # its bytes so far
    _body = 0  # the bytes of its body so far
    _status = 400  # with which it is refused if it is invalid
    _refused = 0  # the status of the refusal, after which nothing more is read

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait for a request."""
        super().connection_made(_Joined(transport, self.loop))  # type: ignore[arg-type]
        self._start()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clocks, and what is done for the client."""
        self._stop()
        if self._probing:
            self._probing.cancel()
        self.resume_writing()
        super().connection_lost(exc)
        if self._running:
            _give_up(self._running)

    def data_received(self, data: bytes) -> None:
        """Pass on received data, unless the head or the whole request becomes too long."""
        if self._refused:
            return
        self._size += len(data)
        super().data_received(data)
        if self._is_arriving and self._size > (MESSAGE if self._has_head else HEAD):
            self._refuse(413 if self._has_head else self._too_long())

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - the words of uvicorn
        """Refuse an invalid request, or one that a method below has refused."""
        self._refuse(self._status)

    def on_message_begin(self) -> None:
        """Start the clock of a request."""
        super().on_message_begin()
        self._is_arriving, self._has_head, self._body = True, False, 0
        self._start()

    def on_headers_complete(self) -> None:
        """Refuse a head that is invalid, or announces too long a body."""
        version, headers = self.parser.get_http_version(), dict(self.headers)
        if version not in ("1.0", "1.1"):
            self._reject(505)
        if len(self.url) + sum(len(name) + len(value) for name, value in self.headers) > HEAD:
            self._reject(self._too_long())
        if len(self.url) > ADDRESS:
            self._reject(414)
        hosts = [value for name, value in self.headers if name == b"host"]
        if (
            len(hosts) > 1
            or (not hosts and version == "1.1")
            or not _HOST.fullmatch(b"".join(hosts))
        ):
            self._reject(400)  # https://www.rfc-editor.org/rfc/rfc9112#section-3.2
        if int(headers.get(b"content-length", 0)) > BODY:
            self._reject(413)
        if headers.get(b"expect", b"100-continue").lower() != b"100-continue":
            self._reject(417)
        super().on_headers_complete()
        self._has_head = True

    def on_body(self, body: bytes) -> None:
        """Pass on a part of the body, unless it becomes too long."""
        self._body += len(body)
        if self._body > BODY:
            self._reject(413)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Stop the clock of the request."""
        self._stop()
        self._is_arriving, self._has_head, self._size = False, False, 0
        super().on_message_complete()

    def eof_received(self) -> bool:  # type: ignore[override]
        """Keep the connection if requests are unanswered: the client may still read."""
        if self._is_arriving:
            self._refuse(400)
        is_waiting = self._is_running
        if is_waiting:
            self._probing = self.loop.call_later(_PROBING, self._probe)
        return is_waiting

    def on_response_complete(self) -> None:
        """After the last reply, refuse what follows, or close if the client sends no more."""
        super().on_response_complete()
        if self._is_running or self.transport.is_closing():
            return
        if self._refused:
            self._end()
        elif self._probing:
            self.transport.close()

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

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._running = cycle
        super()._start_asgi_task(cycle, app)

    @property
    def _is_running(self) -> bool:
        return self._running is not None and not self._running.response_complete

    def _start(self) -> None:
        self._stop()
        self._clock = self.loop.call_later(ARRIVAL, self._time_out)

    def _stop(self) -> None:
        if self._clock:
            self._clock.cancel()
            self._clock = None

    def _time_out(self) -> None:
        if self._is_arriving:
            self._refuse(408)
        else:
            self.transport.close()

    def _too_long(self) -> int:
        return 414 if len(self.url) > ADDRESS else 431

    def _reject(self, status: int) -> NoReturn:
        """Stop reading; `send_400_response` then sends the status."""
        self._status = status
        raise _Refusal

    def _refuse(self, status: int) -> None:
        """Refuse the request that is arriving, after the replies to earlier ones."""
        if self._refused or self.transport.is_closing():
            return
        self._refused = status
        self._stop()
        if self._has_head and self._running is self.cycle:
            if self.cycle.response_started:
                self.transport.abort()
                return
            _give_up(self.cycle)
            self._running = None
        elif self._has_head:
            self.pipeline.popleft()
        if not self._is_running:
            self._end()

    def _end(self) -> None:
        """Write the refusal, and let the client close: it may still be sending, and read later."""
        phrase = HTTPStatus(self._refused).phrase
        self.transport.write(
            f"HTTP/1.1 {self._refused} {phrase}\r\ncontent-type: text/plain\r\n"
            f"content-length: {len(phrase) + 1}\r\nconnection: close\r\n\r\n{phrase}\n".encode()
        )
        self.transport.write_eof()
        self.flow.resume_reading()
        self._unset_keepalive_if_required()
        self._clock = self.loop.call_later(ARRIVAL, self.transport.abort)

    def _probe(self) -> None:
        """Find out whether a client that sends no more has gone, which looks the same until then.

        The system of a client that has gone refuses what it gets, and writing fails from then on.
        A client that reads ignores the probe, an interim response
        (https://www.rfc-editor.org/rfc/rfc9110#section-15.2), which HTTP/1.0 does not have.
        """
        running = self._running
        if running and not running.response_started and running.scope["http_version"] == "1.1":
            self.transport.write(_PROBE)
        self._probing = self.loop.call_later(_PROBING, self._probe)


def _give_up(cycle: RequestResponseCycle) -> None:
    """Let the application know that the client has gone, or is refused."""
    cycle.disconnected = True
    cycle.message_event.set()
