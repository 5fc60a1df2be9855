"""The cache of replies, valid as long as the data is the same, and the state that routes share."""

from __future__ import annotations

import asyncio
import gzip
import re
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from hashlib import sha256
from typing import NamedTuple

from starlette.requests import Request

from onehealthkg import __version__
from onehealthkg.days import today
from onehealthkg.serving.negotiation import accepted
from onehealthkg.serving.pool import Pool
from onehealthkg.serving.reply import GONE, Reply, packed, text

KEPT = 32 << 20
"""The size of the cache of replies, in bytes."""

_OVERHEAD = 1000  # bytes of a reply in the cache, besides its body

_VARY = "Accept, Accept-Encoding"
_CODINGS = {"gzip": "gzip"}
_CHANGING = re.compile(r"\b(NOW|RAND|UUID|STRUUID|BNODE)\s*\(", re.IGNORECASE)


class Base(NamedTuple):
    """The address of the server, and the proxies that it trusts to report another address."""

    address: str
    root_path: str = ""
    trusted: frozenset[str] = frozenset()


class Server:
    """The pools of workers, and the cache of their replies."""

    def __init__(self, queries: Pool, pages: Pool, answers: Pool, base: Base) -> None:
        self.queries = queries
        self.pages = pages
        self.answers = answers
        self.base = base
        self.statuses: Counter[int] = Counter()
        self._version = ""
        self._kept: OrderedDict[bytes, Reply] = OrderedDict()
        self._making: dict[bytes, asyncio.Future[Reply]] = {}
        self._size = 0

    @property
    def pools(self) -> dict[str, Pool]:
        """The pools by name: SPARQL queries, pages, and pages that show the answer to a query."""
        return {"queries": self.queries, "pages": self.pages, "answers": self.answers}

    def use(self, version: str) -> None:
        """Drop the cached replies made from another version of the data."""
        self._version = version
        self._kept.clear()
        self._size = 0

    def endpoint(self, request: Request) -> str:
        """The address of the SPARQL endpoint, as clients see it.

        The host header is accepted only from a trusted proxy.
        """
        client = request.client.host if request.client else ""
        if client not in self.base.trusted:
            return f"{self.base.address}{self.base.root_path}/sparql"
        said = request.headers
        host = said.get("x-forwarded-host") or said.get("host", "")
        scheme = said.get("x-forwarded-proto", "http")
        return f"{scheme}://{host}{self.base.root_path}/sparql"

    async def reply(self, pool: Pool, work: Mapping[str, object], request: Request) -> Reply:
        """The reply to a request, made by a worker or cached; 304 if the client has it."""
        message = packed(work)
        key = self._key(message)
        tag = f'W/"{key.hex()[:32]}"'  # weak, as it stands for the packed body too
        known = _listed(request, "if-none-match")
        if tag[2:] in (each.removeprefix("W/") for each in known):
            return Reply(304, _validation(tag), b"")
        reply = self._kept.get(key)
        if reply is None:
            reply = await self._shared(key, pool, message, partial(_gone, request))
            if reply.is_kept and not _CHANGING.search(str(work.get("query", ""))):
                self._keep(key, reply)
        else:
            self._kept.move_to_end(key)
        if known == ["*"] and reply.is_kept:  # whatever the client has, if there is anything
            return Reply(304, _validation(tag), b"")
        return _coded(reply, request, tag if reply.is_kept else "")

    async def prepare(self, pool: Pool, work: Mapping[str, object]) -> None:
        """Make a reply that takes long before the first client requests it."""
        message = packed(work)
        key = self._key(message)
        reply = await self._shared(key, pool, message, _never)
        if reply.is_kept and key == self._key(message):  # the data has not changed meanwhile
            self._keep(key, reply)

    def _key(self, message: bytes) -> bytes:
        """The key of a reply: whatever it is made of."""
        made_of = f"{__version__} {self._version} {today()} "
        return sha256(made_of.encode() + message).digest()

    def metrics(self) -> str:
        """Counts of replies, workers and cached bytes, in the text format of Prometheus."""
        lines = ["# TYPE onehealthkg_replies_total counter"]
        for status, count in sorted(self.statuses.items()):
            lines.append(f'onehealthkg_replies_total{{status="{status}"}} {count}')
        lines.append("# TYPE onehealthkg_workers gauge")
        for name, pool in self.pools.items():
            for state, count in pool.counts.items():
                lines.append(f'onehealthkg_workers{{pool="{name}",state="{state}"}} {count}')
        lines += ["# TYPE onehealthkg_kept_bytes gauge", f"onehealthkg_kept_bytes {self._size}"]
        return "\n".join(lines)

    async def _shared(
        self, key: bytes, pool: Pool, message: bytes, gone: Callable[[], Awaitable[None]]
    ) -> Reply:
        """The reply, made once for all clients that request the same at the same time.

        If the client that it is made for disconnects, it is made for another one.
        """
        while making := self._making.get(key):
            reply = await asyncio.shield(making)
            if reply.status != GONE:
                return reply
        making = self._making[key] = asyncio.get_running_loop().create_future()
        reply = text(GONE, "The client has gone.")
        try:
            reply = await pool.run(message, gone)
        finally:
            del self._making[key]
            making.set_result(reply)
        return reply

    def _keep(self, key: bytes, reply: Reply) -> None:
        if key in self._kept:
            return  # another client has requested the same at the same time
        self._kept[key] = reply
        self._size += _OVERHEAD + len(reply.body)
        while self._size > KEPT:
            _, oldest = self._kept.popitem(last=False)
            self._size -= _OVERHEAD + len(oldest.body)


async def _gone(request: Request) -> None:
    """Return once the client has closed the connection."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _never() -> None:
    """Wait for a client that does not exist to disconnect."""
    await asyncio.Event().wait()


def _listed(request: Request, name: str) -> list[str]:
    """The members of a header that may be sent several times and has several members."""
    return [part.strip() for sent in request.headers.getlist(name) for part in sent.split(",")]


def _coded(reply: Reply, request: Request, tag: str) -> Reply:
    """A reply with the headers for caches, packed if the client wants that."""
    headers = reply.headers | (_validation(tag) if tag else {"vary": _VARY})
    body = reply.body
    codings = ",".join(_listed(request, "accept-encoding"))
    if len(body) > 1000 and codings and accepted(codings, _CODINGS):
        body = gzip.compress(body, 5, mtime=0)
        headers["content-encoding"] = "gzip"
    return Reply(reply.status, headers, body)


def _validation(tag: str) -> dict[str, str]:
    """The headers by which a client learns whether its copy is still valid."""
    return {"etag": tag, "cache-control": "no-cache", "vary": _VARY}
