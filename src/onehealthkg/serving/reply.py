"""Jobs for the worker processes, their replies, and the format of both on a socket.

A message is the lengths of its two parts, JSON and a body; only replies have a body. JSON, as a
worker evaluates untrusted queries: whatever it sends can only be data.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Mapping
from struct import Struct
from typing import Any, NamedTuple

GONE = 499
"""The status when the client has disconnected, as in nginx."""

Job = Mapping[str, object]
"""A job for a worker: ``task`` names the kind of work, the rest are its arguments."""


class Reply(NamedTuple):
    """The reply of a worker: status, headers and body of the response."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def is_kept(self) -> bool:
        """Whether the same request has the same reply as long as the data is the same."""
        return self.status == 200 and self.headers.get("cache-control") != "no-store"

    def compressed(self) -> Reply:
        """The reply with its body compressed by gzip if it is long enough."""
        if len(self.body) < _SHORT:
            return self
        headers = {**self.headers, "content-encoding": "gzip"}
        return Reply(self.status, headers, gzip.compress(self.body, 5, mtime=0))


Work = Callable[[Job], Reply]
"""What a worker does with a job."""


def text(status: int, message: str, **headers: str) -> Reply:
    """A reply in words, of at least one line."""
    own = {"content-type": "text/plain; charset=utf-8", "cache-control": "no-store"}
    return Reply(status, {**own, **headers}, f"{message}\n".encode())


_SHORT = 1000  # bytes
_LENGTHS = Struct("!II")


def packed(data: object, body: bytes = b"") -> bytes:
    """A message: lengths, JSON and body."""
    head = json.dumps(data).encode()
    return _LENGTHS.pack(len(head), len(body)) + head + body


def unpacked(message: bytearray) -> tuple[Any, bytes] | None:
    """The JSON of a message, and its body; None as long as a part of it is missing."""
    if len(message) < _LENGTHS.size:
        return None
    head, body = _LENGTHS.unpack_from(message)
    start = _LENGTHS.size + head
    if len(message) < start + body:
        return None
    return json.loads(message[_LENGTHS.size : start].decode()), bytes(message[start:])
