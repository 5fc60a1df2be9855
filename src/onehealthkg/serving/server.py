"""The cache of replies, valid as long as the data is the same, and the state that routes share."""

from __future__ import annotations

import asyncio
import re
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from hashlib import sha256
from http import HTTPStatus
from typing import NamedTuple

from onehealthkg import __version__
from onehealthkg.days import today
from onehealthkg.html import SERVED_POLICY
from onehealthkg.serving.pool import Pool
from onehealthkg.serving.receiving import Request
from onehealthkg.serving.reply import Reply

KEPT = 32 << 20
"""The size of the cache of replies, in bytes."""

_OVERHEAD = 1000  # bytes of a reply in the cache, besides its body and the address of the request
_NAME = re.compile(r"[\w.-]+(:\d+)?|\[[\da-fA-F:.]+\](:\d+)?", re.ASCII)  # of a host
_SAFETY = (
    "vary: Accept, Accept-Encoding\r\n"
    f"content-security-policy: {SERVED_POLICY}; frame-ancestors 'none'\r\n"
    "x-content-type-options: nosniff\r\n"
    "referrer-policy: no-referrer\r\n"
    "access-control-allow-origin: *\r\n"  # https://fetch.spec.whatwg.org/#http-cors-protocol
    "access-control-expose-headers: ETag, Link, Retry-After\r\n"
)
_STARTS = {status.value: f"HTTP/1.1 {status} {status.phrase}\r\n{_SAFETY}" for status in HTTPStatus}


class Base(NamedTuple):
    """The address of the server, and the proxies that it trusts to report another address."""

    address: str
    root_path: str = ""
    trusted: frozenset[str] = frozenset()

    def origin(self, client: str, headers: Mapping[bytes, bytes]) -> str:
        """The address of the server as a client sees it; a trusted proxy may report another."""
        if client in self.trusted:
            host = headers.get(b"x-forwarded-host") or headers.get(b"host", b"")
            scheme = headers.get(b"x-forwarded-proto", b"http").decode("latin-1")
            name = host.decode("latin-1")
            if scheme in ("http", "https") and _NAME.fullmatch(name):
                return f"{scheme}://{name}{self.root_path}"
        return f"{self.address}{self.root_path}"


class Response(NamedTuple):
    """A reply as it is sent: the head has all headers but those of the connection."""

    status: int
    head: bytes
    body: bytes
    tag: bytes = b""


def response(reply: Reply, tag: str = "") -> Response:
    """A reply with the headers for safety, and those for caches if it has a tag."""
    headers, length = reply.headers, ""
    if tag:  # it is weak, as it may stand for several codings
        headers = {"etag": f'W/"{tag}"', "cache-control": "no-cache", **headers}
    if reply.status not in (204, 304):
        length = f"content-length: {len(reply.body)}\r\n"
    lines = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
    if lines.count("\n") != len(headers) or lines.count("\r") != len(headers):
        raise ValueError(f"A header has several lines: {lines!r}")
    head = f"{_STARTS[reply.status]}{lines}{length}".encode("latin-1")
    return Response(reply.status, head, reply.body, tag.encode())


class Replies:
    """The replies made from one version of the data on one day."""

    def __init__(self, version: str) -> None:
        self.day = today()
        self.size = 0
        self._made_of = f"{__version__} {version} {self.day} "
        self._kept: OrderedDict[Request, Response] = OrderedDict()
        self._making: dict[Request, asyncio.Future[Response | None]] = {}

    def kept(self, request: Request) -> Response | None:
        """The cached reply to a request."""
        if found := self._kept.get(request):
            self._kept.move_to_end(request)
        return found

    def tag(self, request: Request) -> str:
        """The tag of the reply to a request, whether it is cached or not."""
        return sha256(f"{self._made_of}{request!r}".encode()).hexdigest()[:32]

    async def shared(
        self, request: Request, make: Callable[[Request], Awaitable[Reply]]
    ) -> Response:
        """A reply that is made once for all clients that send the same request at the same time.

        If the client that it is made for disconnects, it is made for another one.
        """
        while making := self._making.get(request):
            if made := await asyncio.shield(making):
                return made
        making = self._making[request] = asyncio.get_running_loop().create_future()
        made = None
        try:
            made = self._keep(request, await make(request))
        finally:
            del self._making[request]
            making.set_result(made)
        return made

    def _keep(self, request: Request, reply: Reply) -> Response:
        """The reply as it is sent; it is cached if it is the same each time."""
        if not reply.is_kept:
            return response(reply)
        made = self._kept[request] = response(reply, self.tag(request))
        self.size += _size(request, made)
        while self.size > KEPT:
            self.size -= _size(*self._kept.popitem(last=False))
        return made


def _size(request: Request, made: Response) -> int:
    return _OVERHEAD + len(request.url) + len(request.body) + len(made.body)


class Server:
    """The pools of workers, the cache of their replies, and the counts of all."""

    def __init__(self, queries: Pool, pages: Pool, answers: Pool) -> None:
        self.queries = queries
        self.pages = pages
        self.answers = answers
        self.statuses: Counter[int] = Counter()
        self._version = ""
        self._replies = Replies("")

    @property
    def pools(self) -> Mapping[str, Pool]:
        """The pools by name: SPARQL queries, pages, and pages that show the answer to a query."""
        return {"queries": self.queries, "pages": self.pages, "answers": self.answers}

    @property
    def replies(self) -> Replies:
        """The replies of today."""
        if self._replies.day != today():
            self.use(self._version)
        return self._replies

    def use(self, version: str) -> None:
        """Drop the cached replies, which were made from another version of the data or before."""
        self._version = version
        self._replies = Replies(version)

    def metrics(self) -> str:
        """Counts of replies, workers and cached bytes, in the text format of Prometheus."""
        lines = ["# TYPE onehealthkg_replies_total counter"]
        for status, count in sorted(self.statuses.items()):
            lines.append(f'onehealthkg_replies_total{{status="{status}"}} {count}')
        lines.append("# TYPE onehealthkg_workers gauge")
        for name, pool in self.pools.items():
            for state, count in pool.counts.items():
                lines.append(f'onehealthkg_workers{{pool="{name}",state="{state}"}} {count}')
        size = self._replies.size
        lines += ["# TYPE onehealthkg_kept_bytes gauge", f"onehealthkg_kept_bytes {size}"]
        return "\n".join(lines)
