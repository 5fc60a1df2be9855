"""Requests to the worker processes and their replies, and how both cross a socket.

A message is four bytes of length, then JSON; behind a reply's JSON comes its body. JSON, as a
worker evaluates the queries of strangers: whatever it sends can only be data.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from struct import Struct
from typing import NamedTuple

LENGTHS = Struct("!II")  # of the JSON and of the body

GONE = 499
"""The status of a reply to nobody, as the client has gone; nginx counts these so too."""

Request = Mapping[str, object]
"""What is asked of a worker: ``task`` names the kind of work, the rest are its arguments."""


class Reply(NamedTuple):
    """What a worker gives: status, headers and body of the response."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def is_kept(self) -> bool:
        """Whether the same request has the same reply for as long as the data is the same."""
        return self.status == 200 and self.headers.get("cache-control") != "no-store"


def text(status: int, message: str, **headers: str) -> Reply:
    """A reply in words, one line at least."""
    own = {"content-type": "text/plain; charset=utf-8", "cache-control": "no-store"}
    return Reply(status, {**own, **headers}, f"{message}\n".encode())


def packed(data: object, body: bytes = b"") -> bytes:
    """A message: lengths, JSON and body."""
    head = json.dumps(data).encode()
    return LENGTHS.pack(len(head), len(body)) + head + body
