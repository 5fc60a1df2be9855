"""The requests in the bytes that a client sends: https://www.rfc-editor.org/rfc/rfc9112.

httptools (llhttp, the parser of Node.js) reads them, strictly: it refuses what two servers could
understand differently. This module limits their size.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Mapping
from functools import lru_cache
from time import monotonic
from typing import NamedTuple
from urllib.parse import parse_qs, unquote

from httptools import (
    HttpParserCallbackError,
    HttpParserError,
    HttpParserInvalidURLError,
    HttpParserUpgrade,
    HttpRequestParser,
    parse_url,
)

from onehealthkg.errors import UsageError
from onehealthkg.serving.negotiation import accepted

BODY = 256 << 10
"""The limit on the body of a request, in bytes."""

HEAD = 32 << 10
"""The limit on the request line and the headers together, in bytes."""

ADDRESS = HEAD // 2
"""The limit on the target of a request, in bytes."""

MESSAGE = 1 << 20
"""The limit on a request with its body, in bytes; chunks have headers and trailers of their own."""

_PARAMETERS = 1000
# https://www.rfc-editor.org/rfc/rfc3986#section-3.2.2
_HOST = re.compile(rb"[\w.:\[\]~!$&'()*+,;=%-]*")

Parameters = dict[str, list[str]]


class Request(NamedTuple):
    """All of a request that its reply depends on: equal requests have equal replies."""

    method: str  # GET for HEAD, too
    url: bytes
    accept: str
    packs: bool  # whether the client accepts gzip
    origin: str  # the scheme and host of the server, as the client sees them
    media: str  # of the body
    body: bytes

    @property
    def path(self) -> str:
        """The path below the root of the server, without the first slash."""
        return unquote(_parsed(self.url)[0].decode()).removeprefix("/")

    @property
    def query(self) -> str:
        """The part after the question mark, as it was sent."""
        return _parsed(self.url)[1].decode("latin-1")

    @property
    def parameters(self) -> Parameters:
        """The parameters of the query string, each with its values. Raises UsageError."""
        return parameters(self.query)


@lru_cache(maxsize=16)
def _parsed(url: bytes) -> tuple[bytes, bytes]:
    """The path and the query string of the target of a request. Raises UsageError."""
    try:
        parsed = parse_url(url)
    except HttpParserInvalidURLError:
        raise UsageError("The address is invalid.") from None
    return parsed.path or b"", parsed.query or b""


@lru_cache(maxsize=256)
def packs(accept_encoding: bytes) -> bool:
    """Whether a header Accept-Encoding accepts gzip."""
    return bool(accept_encoding and accepted(accept_encoding.decode("latin-1"), {"gzip": "gzip"}))


def parameters(query: str) -> Parameters:
    """The parameters of a query string, each with its values.

    Raises UsageError for too many parameters, or text that is not UTF-8.
    """
    try:
        return parse_qs(query, keep_blank_values=True, errors="strict", max_num_fields=_PARAMETERS)
    except UnicodeDecodeError:
        raise UsageError("The query is not UTF-8.") from None
    except ValueError:
        raise UsageError(f"There are more than {_PARAMETERS:,} parameters.") from None


class Received(NamedTuple):
    """A whole request, and the time at which it was."""

    request: Request
    known: bytes  # If-None-Match: the replies that the client has
    is_head: bool  # whether only the head of the reply is wanted
    since: float


class Refusal(Exception):
    """The request is refused with a status, and the connection ends."""

    def __init__(self, status: int) -> None:
        self.status = status


class Reader:
    """Reads the requests of a connection; ``origin`` is the address of the server by headers."""

    def __init__(self, origin: Callable[[Mapping[bytes, bytes]], str]) -> None:
        self.received: deque[Received | int] = deque()
        """The requests that are not answered yet; an int is the status of a refusal."""

        self.is_closed = False
        """Whether nothing more is read."""

        self.is_awaited = False
        """Whether the client waits for ``100 Continue`` before it sends the body."""

        self.size = 0
        """The bytes of a request that is not complete."""

        self.version = ""
        self._origin = origin
        self._parser = HttpRequestParser(self)
        self._has_head = False

    def feed(self, data: bytes) -> None:
        """Read what the client has sent."""
        if self.is_closed:
            return
        self.size += len(data)
        try:
            self._parser.feed_data(data)
            if self.size > (MESSAGE if self._has_head else HEAD):
                self.refuse(413 if self._has_head else self._too_long())
        except HttpParserUpgrade:  # it may be ignored: RFC 9110, section 7.8
            self.is_closed = True
        except HttpParserCallbackError as error:
            if not isinstance(error.__context__, Refusal):
                raise  # a mistake of ours
            self.refuse(error.__context__.status)
        except HttpParserError:
            self.refuse(400)

    def refuse(self, status: int) -> None:
        """Refuse the request in its turn; what follows the last request is ignored."""
        if not self.is_closed:
            self.is_closed = True
            self.size = 0
            self.received.append(status)

    def _too_long(self) -> int:
        return 414 if len(self._url) > ADDRESS else 431

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
            raise Refusal(self._too_long())
        if name in self._headers:
            if name == b"host":
                raise Refusal(400)
            value = self._headers[name] + b", " + value
        self._headers[name] = value

    def on_headers_complete(self) -> None:
        """Refuse a head that is invalid, or announces too long a body."""
        self._has_head = True
        version = self.version = self._parser.get_http_version()
        host = self._headers.get(b"host")
        if version not in ("1.0", "1.1"):
            raise Refusal(505)
        if (host is None and version == "1.1") or not _HOST.fullmatch(host or b""):
            raise Refusal(400)  # https://www.rfc-editor.org/rfc/rfc9112#section-3.2
        if len(self._url) > ADDRESS:
            raise Refusal(414)
        if int(self._headers.get(b"content-length", b"0")) > BODY:
            raise Refusal(413)
        if expected := self._headers.get(b"expect"):
            if expected.lower() != b"100-continue":
                raise Refusal(417)
            self.is_awaited = version == "1.1"

    def on_body(self, body: bytes) -> None:
        """Take a part of the body."""
        self._body += body
        if len(self._body) > BODY:
            raise Refusal(413)

    def on_message_complete(self) -> None:
        """Put the request into the queue."""
        method, headers = self._parser.get_method().decode(), self._headers
        is_head = method == "HEAD"
        request = Request(
            "GET" if is_head else method,
            self._url,
            headers.get(b"accept", b"").decode("latin-1"),
            packs(headers.get(b"accept-encoding", b"")),
            self._origin(headers),
            headers.get(b"content-type", b"").decode("latin-1") if method == "POST" else "",
            bytes(self._body),
        )
        known = headers.get(b"if-none-match", b"")
        self.received.append(Received(request, known, is_head, monotonic()))
        if self.version == "1.0" or not self._parser.should_keep_alive():
            self.is_closed = True
        self.size, self.is_awaited = 0, False
