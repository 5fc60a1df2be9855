"""The requests of clients: https://asgi.readthedocs.io/en/latest/specs/www.html."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Coroutine, Mapping
from functools import lru_cache
from typing import NamedTuple, TypeVar
from urllib.parse import parse_qs

from starlette.requests import ClientDisconnect
from starlette.requests import Request as Arriving
from starlette.types import Receive, Scope

from onehealthkg.errors import UsageError
from onehealthkg.serving.negotiation import accepted

_SOON = 0.02  # seconds within which most replies are made
_PARAMETERS = 1000
_NAME = re.compile(r"[\w.-]+(:\d+)?|\[[\da-fA-F:.]+\](:\d+)?", re.ASCII)  # of a host

Parameters = dict[str, list[str]]
Made = TypeVar("Made")


class Base(NamedTuple):
    """The address of the server, and the proxies that it trusts to report another address."""

    address: str
    root_path: str = ""
    trusted: frozenset[str] = frozenset()

    def origin(self, client: tuple[str, int] | None, headers: Mapping[bytes, bytes]) -> str:
        """The address of the server as a client sees it; a trusted proxy may report another."""
        if self.trusted and client and client[0] in self.trusted:
            host = headers.get(b"x-forwarded-host") or headers.get(b"host", b"")
            scheme = headers.get(b"x-forwarded-proto", b"http").decode("latin-1")
            name = host.decode("latin-1")
            if scheme in ("http", "https") and _NAME.fullmatch(name):
                return f"{scheme}://{name}{self.root_path}"
        return f"{self.address}{self.root_path}"


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


async def received(scope: Scope, receive: Receive, base: Base) -> tuple[Request, bytes]:
    """A request, and its If-None-Match; only the body of a POST is read.

    Raises ClientDisconnect.
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
        base.origin(scope["client"], headers),
    )
    if method == "POST":
        media = headers.get(b"content-type", b"").decode("latin-1")
        request = request._replace(media=media, body=await Arriving(scope, receive).body())
    return request, headers.get(b"if-none-match", b"")


@lru_cache(maxsize=256)
def _packs(accept_encoding: bytes) -> bool:
    """Whether a header Accept-Encoding accepts gzip."""
    return bool(accept_encoding and accepted(accept_encoding.decode("latin-1"), {"gzip": "gzip"}))


async def unless_gone(making: Coroutine[object, object, Made], receive: Receive) -> Made:
    """A reply; it is no longer made once the client has disconnected. Raises ClientDisconnect."""
    loop = asyncio.get_running_loop()
    task = loop.create_task(making)
    is_gone = False

    async def cancel_when_gone() -> None:
        nonlocal is_gone
        while (await receive())["type"] != "http.disconnect":
            pass
        is_gone = task.cancel()

    def watch() -> None:
        watching = loop.create_task(cancel_when_gone())
        task.add_done_callback(lambda _: watching.cancel())

    clock = loop.call_later(_SOON, watch)
    try:
        return await task
    except asyncio.CancelledError:
        if is_gone:
            raise ClientDisconnect from None
        raise
    finally:
        clock.cancel()
