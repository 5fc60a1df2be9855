"""The cache of replies, valid as long as the data is the same, and the state that routes share."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from hashlib import sha256
from typing import NamedTuple

from starlette.types import Send

from onehealthkg import __version__
from onehealthkg.days import today
from onehealthkg.html import SERVED_POLICY
from onehealthkg.serving.pool import Pool
from onehealthkg.serving.receiving import Request
from onehealthkg.serving.reply import Reply

KEPT = 32 << 20
"""The size of the cache of replies, in bytes."""

_PIECE = 64 << 10  # bytes of a body that are sent at once
_OVERHEAD = 1000  # bytes of a reply in the cache, besides its body and the query of the request
_SAFETY = [
    (b"vary", b"Accept, Accept-Encoding"),
    (b"content-security-policy", f"{SERVED_POLICY}; frame-ancestors 'none'".encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"access-control-allow-origin", b"*"),  # https://fetch.spec.whatwg.org/#http-cors-protocol
    (b"access-control-expose-headers", b"ETag, Link, Retry-After"),
]


class Response(NamedTuple):
    """A reply as it is sent, with all headers but those of the connection."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    tag: bytes = b""


def response(reply: Reply, tag: str = "") -> Response:
    """A reply with the headers for safety, and those for caches if it has a tag."""
    headers = reply.headers
    if tag:  # it is weak, as it may stand for several codings
        headers = {"etag": f'W/"{tag}"', "cache-control": "no-cache", **headers}
    sent = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    if reply.status not in (204, 304):
        sent.append((b"content-length", b"%d" % len(reply.body)))
    return Response(reply.status, [*sent, *_SAFETY], reply.body, tag.encode())


async def send_on(response: Response, send: Send) -> None:
    """Send a reply, in pieces, so that a client that reads slowly but steadily gets all of it."""
    status, headers, body, _ = response
    await send({"type": "http.response.start", "status": status, "headers": headers})
    for start in range(0, len(body) - _PIECE, _PIECE):
        piece = body[start : start + _PIECE]
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    rest = body[(len(body) - 1) // _PIECE * _PIECE :] if len(body) > _PIECE else body
    await send({"type": "http.response.body", "body": rest})


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
    return _OVERHEAD + len(request.query) + len(request.body) + len(made.body)


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
