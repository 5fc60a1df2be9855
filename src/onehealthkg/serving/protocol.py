"""The request of a client, and the query in it.

https://www.w3.org/TR/sparql11-protocol/#query-operation
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qs

from starlette.requests import Request as Arriving
from starlette.types import Receive, Scope

from onehealthkg.errors import UsageError
from onehealthkg.serving.negotiation import accepted
from onehealthkg.serving.reply import Reply, text

BODY = 256 << 10
"""The limit on the body of a request, in bytes."""

_FORM, _QUERY = "application/x-www-form-urlencoded", "application/sparql-query"
_NAME = re.compile(r"[\w.-]+(:\d+)?|\[[\da-fA-F:.]+\](:\d+)?", re.ASCII)  # of a host

_MOST = 1000
_NOT_UTF_8 = "The query is not UTF-8."

Parameters = dict[str, list[str]]


class TooLong(Exception):
    """The body of a request is longer than allowed."""


class Base(NamedTuple):
    """The address of the server, and the proxies that it trusts to report another address."""

    address: str
    root_path: str = ""
    trusted: frozenset[str] = frozenset()


class Request(NamedTuple):
    """All of a request that its reply depends on: equal requests have equal replies."""

    method: str  # GET for HEAD, too
    path: str  # below the root of the server, without the first slash
    query: str  # the part after the question mark, as it was sent
    accept: str
    packs: bool  # whether the client accepts gzip
    origin: str  # the scheme and host of the server, as the client sees them
    media: str = ""  # of the body
    body: bytes = b""

    @property
    def parameters(self) -> Parameters:
        """The parameters of the query string, each with its values. Raises UsageError."""
        return parameters(self.query)


async def received(scope: Scope, receive: Receive, base: Base) -> tuple[Request, bytes]:
    """A request, and its If-None-Match; only the body of a POST is read.

    https://asgi.readthedocs.io/en/latest/specs/www.html. Raises TooLong, and ClientDisconnect.
    """
    headers: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        headers[name] = b"%b, %b" % (headers[name], value) if name in headers else value
    method = scope["method"]
    request = Request(
        "GET" if method == "HEAD" else method,
        scope["path"].removeprefix(base.root_path).removeprefix("/"),
        scope["query_string"].decode("latin-1"),
        headers.get(b"accept", b"").decode("latin-1"),
        _packs(headers.get(b"accept-encoding", b"")),
        _origin(base, scope["client"], headers),
    )
    if method == "POST":
        media = headers.get(b"content-type", b"").decode("latin-1")
        request = request._replace(media=media, body=await _body(Arriving(scope, receive)))
    return request, headers.get(b"if-none-match", b"")


async def _body(arriving: Arriving) -> bytes:
    """The body of a request; of one that is too long, nothing is read. Raises TooLong."""
    if int(arriving.headers.get("content-length", "0")) > BODY:
        raise TooLong  # before the client gets 100 Continue
    body = bytearray()
    async for chunk in arriving.stream():
        body += chunk
        if len(body) > BODY:
            raise TooLong
    return bytes(body)


def _origin(base: Base, client: tuple[str, int] | None, headers: Mapping[bytes, bytes]) -> str:
    """The address of the server as a client sees it; a trusted proxy may report another."""
    if base.trusted and client and client[0] in base.trusted:
        host = headers.get(b"x-forwarded-host") or headers.get(b"host", b"")
        scheme = headers.get(b"x-forwarded-proto", b"http").decode("latin-1")
        name = host.decode("latin-1")
        if scheme in ("http", "https") and _NAME.fullmatch(name):
            return f"{scheme}://{name}{base.root_path}"
    return f"{base.address}{base.root_path}"


@lru_cache(maxsize=256)
def _packs(accept_encoding: bytes) -> bool:
    """Whether a header Accept-Encoding accepts gzip."""
    return bool(accept_encoding and accepted(accept_encoding.decode("latin-1"), {"gzip": "gzip"}))


def job(request: Request) -> dict[str, object] | Reply:
    """The query of a request as a job for a worker; a reply if it is missing or invalid.

    Raises UsageError for a query that is not UTF-8, or too many parameters.
    """
    given = request.parameters
    if request.method == "POST" and (refused := _add_body(request, given)):
        return refused
    if "update" in given:
        return text(400, "This endpoint only answers queries; it takes no updates.")
    queries = given.get("query", [])
    if not queries and request.method != "POST":
        return {"task": "service", "endpoint": f"{request.origin}/sparql", "accept": request.accept}
    if len(queries) != 1:
        return text(400, f"Send one query; there are {len(queries)}.")
    work: dict[str, object] = {"task": "query", "query": queries[0], "accept": request.accept}
    work["format"] = "".join(given.get("format", [])[:1])
    for kind in ("default", "named"):
        if graphs := given.get(f"{kind}-graph-uri"):
            work[kind] = graphs
    return work


def _add_body(request: Request, given: Parameters) -> Reply | None:
    """Add the parameters of the body to those given; a reply if the body is not acceptable."""
    media, _, charset = request.media.lower().partition(";")
    media = media.strip()
    if media not in (_FORM, _QUERY):
        return text(415, f"Send a query as {_FORM} or {_QUERY}.")
    if "charset" in charset and "utf-8" not in charset:
        return text(415, "Send the query in UTF-8.")
    query = _decoded(request.body)
    sent = {"query": [query]} if media == _QUERY else parameters(query)
    for name, values in sent.items():
        given.setdefault(name, []).extend(values)
    return None


def parameters(query: str) -> Parameters:
    """The parameters of a query string, each with its values.

    Raises UsageError for too many parameters, or text that is not UTF-8.
    """
    try:
        return parse_qs(query, keep_blank_values=True, errors="strict", max_num_fields=_MOST)
    except UnicodeDecodeError:
        raise UsageError(_NOT_UTF_8) from None
    except ValueError:
        raise UsageError(f"There are more than {_MOST:,} parameters.") from None


def _decoded(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise UsageError(_NOT_UTF_8) from None
