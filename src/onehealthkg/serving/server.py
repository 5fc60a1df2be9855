"""The cache of replies, valid as long as the data is the same, and the state that routes share."""

from __future__ import annotations

import asyncio
import re
from collections import Counter, OrderedDict
from collections.abc import Mapping
from hashlib import sha256
from http import HTTPStatus
from typing import NamedTuple

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
        self._jobs_size += _OVERHEAD + len(request.url) + len(request.body)
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
