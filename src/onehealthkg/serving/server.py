"""The cache of replies, valid as long as the data is the same, and the state that routes share."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Mapping
from hashlib import sha256
from typing import NamedTuple

from starlette.types import Send

from onehealthkg import __version__
from onehealthkg.days import today
from onehealthkg.html import SERVED_POLICY
from onehealthkg.serving.pool import Pool
from onehealthkg.serving.receiving import Request
from onehealthkg.serving.reply import Job, Reply, packed

KEPT = 32 << 20
"""The size of the cache of replies, in bytes."""

_JOBS = 8 << 20  # bytes of requests whose jobs are cached
_OVERHEAD = 1000  # bytes of a reply in the cache, besides its body
_PIECE = 64 << 10  # bytes of a body that are sent at once
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


def unless_known(made: Response, known: bytes) -> Response:
    """A reply; 304 if the client has it by its If-None-Match, or whatever there is (``*``)."""
    is_known = known and made.tag and (made.tag in known or known == b"*")
    return _unchanged(made.tag.decode()) if is_known else made


def _unchanged(tag: str) -> Response:
    return response(Reply(304, {}, b""), tag)


class Replies:
    """The replies made from one version of the data on one day, each by the job that it answers.

    Different requests may be the same job, so the jobs of the latest requests are cached, too.
    """

    def __init__(self, version: str) -> None:
        self.day = today()
        self.size = 0
        self._made_of = f"{__version__} {version} {self.day} ".encode()
        self._kept: OrderedDict[bytes, Response] = OrderedDict()
        self._making: dict[bytes, asyncio.Future[Response | None]] = {}
        self._jobs: dict[Request, bytes] = {}
        self._jobs_size = 0

    def kept(self, request: Request) -> Response | None:
        """The cached reply to a request that was answered before."""
        key = self._jobs.get(request)
        return self._found(key) if key else None

    async def made(self, pool: Pool, job: Job, request: Request, known: bytes) -> Response:
        """The reply to a request, by a job for a worker of a pool; 304 if the client has it."""
        message = packed({**job, "packs": request.packs})
        key = self._key(message)
        if _tag(key).encode() in known:
            return _unchanged(_tag(key))
        reply = self._found(key) or await self._shared(key, pool, message)
        if reply.tag:
            self._remember(request, key)
        return reply

    async def prepare(self, pool: Pool, job: Job) -> None:
        """Make a reply that takes long before the first client requests it."""
        reply = await pool.run(packed({**job, "packs": False}))
        self._keep(self._key(packed({**job, "packs": False})), reply)
        self._keep(self._key(packed({**job, "packs": True})), reply.compressed())

    def _key(self, message: bytes) -> bytes:
        """The key of a reply: a digest of all that it is made of."""
        return sha256(self._made_of + message).digest()

    def _found(self, key: bytes) -> Response | None:
        if found := self._kept.get(key):
            self._kept.move_to_end(key)
        return found

    def _remember(self, request: Request, key: bytes) -> None:
        self._jobs_size += _OVERHEAD + len(request.query) + len(request.body)
        if self._jobs_size > _JOBS:
            self._jobs.clear()  # the latest are remembered again soon
            self._jobs_size = 0
        self._jobs[request] = key

    async def _shared(self, key: bytes, pool: Pool, message: bytes) -> Response:
        """A reply that is made once for all clients that request the same at the same time.

        If the client that it is made for disconnects, it is made for another one.
        """
        while making := self._making.get(key):
            if made := await asyncio.shield(making):
                return made
        making = self._making[key] = asyncio.get_running_loop().create_future()
        made = None
        try:
            made = self._keep(key, await pool.run(message))
        finally:
            del self._making[key]
            making.set_result(made)
        return made

    def _keep(self, key: bytes, reply: Reply) -> Response:
        """The reply as it is sent; it is cached if it is the same each time."""
        if not reply.is_kept:
            return response(reply)
        made = response(reply, _tag(key))
        if key not in self._kept:
            self.size += _OVERHEAD + len(made.body)
        self._kept[key] = made
        while self.size > KEPT:
            _, oldest = self._kept.popitem(last=False)
            self.size -= _OVERHEAD + len(oldest.body)
        return made


def _tag(key: bytes) -> str:
    return key.hex()[:32]


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
