"""The routes: the workers for each request, and the headers of all replies.

Nothing here reads the graph: the process that talks to clients only passes requests on, so that a
slow query never delays another visitor. The reply of a worker is cached, and reused as long as the
data is the same.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from time import perf_counter
from urllib.parse import quote

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from onehealthkg.errors import UsageError
from onehealthkg.html import SERVED_POLICY, asset
from onehealthkg.serving.negotiation import ENDINGS, GRAPHS, TABLES, accepted
from onehealthkg.serving.pool import Pool
from onehealthkg.serving.protocol import asked, parameters, query_string
from onehealthkg.serving.reply import Reply, text
from onehealthkg.serving.server import Server
from onehealthkg.words import languages

Handler = Callable[[Request], Awaitable[Reply]]

_LOG = logging.getLogger("onehealthkg.serve")
_SAFETY = [
    (b"content-security-policy", f"{SERVED_POLICY}; frame-ancestors 'none'".encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"access-control-allow-origin", b"*"),  # https://fetch.spec.whatwg.org/#http-cors-protocol
    (b"access-control-expose-headers", b"ETag, Link, Retry-After"),
]
_CORS = {
    "access-control-allow-headers": "Accept, Content-Type, If-None-Match",
    "access-control-max-age": "86400",
}
_CHUNK = 64 << 10
_PROBLEMS = (400, 404, 422, 500, 504)  # which a browser gets as pages

_ASKING = ("questions", "search", "sparql", "terms.json")
_ALONE = ("ontology", "shapes")  # documents that are one of a kind
_ASSETS = {
    "style.css": "text/css; charset=utf-8",
    "icon.svg": "image/svg+xml",
    **dict.fromkeys(
        ("search.js", "table.js", "editor.js", "pictures.js"), "text/javascript; charset=utf-8"
    ),
}


class Application:
    """The routes by exact path and by first folder; any other path is that of a page.

    It sends all replies, with the headers for safety, and counts and logs them. The line in the log
    does not contain the query, which may reveal what a person works on.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._exact: dict[str, Handler] = {
            "sparql": _sparql(server),
            "graphs": _graphs(server),
            ".well-known/void": _described("void", server, server.pages),
            ".well-known/sparql-examples": _described("examples", server, server.queries),
            "openapi.json": _described("openapi", server, server.pages),
            "health": _health,
            "ready": _ready(server),
            "metrics": _metrics(server),
        }
        self._folders = dict.fromkeys(("id", "source", "record"), _document(server))
        self._folders["assets"] = _asset
        for ending in ("", *ENDINGS):
            self._exact |= dict.fromkeys(
                (f"ontology{ending}", f"shapes{ending}"), _document(server)
            )
        self._page = _page(server)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request (https://asgi.readthedocs.io/en/latest/specs/www.html)."""
        start = perf_counter()
        request = Request(scope, receive)
        reply = await self._reply(request)
        self._server.statuses[reply.status] += 1
        client = request.client.host if request.client else "-"
        path, spent = ascii(scope["path"])[1:-1], (perf_counter() - start) * 1000
        _LOG.info('%s "%s %s" %d %.0f ms', client, request.method, path, reply.status, spent)
        await _send(reply, send)

    async def _reply(self, request: Request) -> Reply:
        path = _path(request)
        handler = self._exact.get(path) or self._folders.get(path.partition("/")[0], self._page)
        methods = "GET, HEAD, POST, OPTIONS" if path == "sparql" else "GET, HEAD, OPTIONS"
        if request.method == "OPTIONS":
            return Reply(
                204, {"allow": methods, "access-control-allow-methods": methods, **_CORS}, b""
            )
        if request.method not in methods.split(", "):
            return text(405, f"Use {methods}.", allow=methods)
        reply = await handler(request)
        if reply.status in _PROBLEMS and _wants_page(request):
            return await self._as_page(reply, request)
        return reply

    async def _as_page(self, problem: Reply, request: Request) -> Reply:
        """A problem as a page; as it is if no page can be made."""
        address, language = _address(request)
        work = {
            "task": "problem",
            "status": problem.status,
            "problem": problem.body.decode().strip(),
            "address": quote(address),
            "language": language,
            "given": {"query": request.query_params.getlist("query")},
        }
        page = await self._server.reply(self._server.pages, work, request)
        return page if page.status == problem.status else problem


async def _send(reply: Reply, send: Send) -> None:
    """Send a reply, in pieces, so that a client that reads slowly but steadily gets all of it."""
    status, headers, body = reply
    sent = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    if status not in (204, 304):
        sent.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": [*sent, *_SAFETY]})
    for start in range(0, len(body) - _CHUNK, _CHUNK):
        piece = body[start : start + _CHUNK]
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    rest = body[(len(body) - 1) // _CHUNK * _CHUNK :] if body else b""
    await send({"type": "http.response.body", "body": rest})


def _sparql(server: Server) -> Handler:
    async def route(request: Request) -> Reply:
        if _wants_page(request):
            return await _asking(server, request, "sparql", languages()[0])
        work = await asked(request)
        if isinstance(work, Reply):
            return work
        if work["task"] == "service":
            work |= {"endpoint": server.endpoint(request)}
        return await server.reply(server.queries, work, request)

    return route


def _graphs(server: Server) -> Handler:
    """The Graph Store Protocol, reading only: https://www.w3.org/TR/sparql11-http-rdf-update/."""

    async def route(request: Request) -> Reply:
        names = request.query_params.getlist("graph")
        if len(names) + ("default" in request.query_params) != 1:
            return text(400, "Pass ?graph=IRI or ?default, once.")
        work = {"task": "graph", "graph": "".join(names), "accept": _accept(request)}
        return await server.reply(server.queries, work, request)

    return route


def _described(task: str, server: Server, pool: Pool) -> Handler:
    async def route(request: Request) -> Reply:
        work = {"task": task, "endpoint": server.endpoint(request), "accept": _accept(request)}
        return await server.reply(pool, work, request)

    return route


def _document(server: Server) -> Handler:
    """A document in the format that the client prefers, or that the ending of the address names.

    An archived text is a file and has one format. A thing is not a document, so its address
    redirects with 303 to a document about it.
    """

    async def route(request: Request) -> Reply:
        path = _path(request)
        if path.startswith("source/") and path.endswith(".txt"):
            return await server.reply(server.queries, {"task": "archived", "path": path}, request)
        ending = next((ending for ending in ENDINGS if path.endswith(ending)), "")
        path = path.removesuffix(ending)
        if not ending:
            ending = accepted(_accept(request), ENDINGS) or ""
            if not ending:
                return text(406, f"Available as {', '.join(ENDINGS.values())}.")
            if path.startswith("id/"):
                target = f"{request.scope['root_path']}/{quote(path)}{ending}"
                return Reply(303, {"location": target, "vary": "Accept"}, b"")
        pool = server.pages if ending == ".html" else server.queries
        work = {"task": "document", "path": path, "ending": ending}
        return await server.reply(pool, work, request)

    return route


def _page(server: Server) -> Handler:
    async def route(request: Request) -> Reply:
        address, language = _address(request)
        if address.startswith(_ASKING) and not address.endswith(".html"):
            return await _asking(server, request, address, language)
        return await server.reply(server.pages, _page_work(address, language), request)

    return route


async def prepare(server: Server) -> None:
    """Make the pages that take long: the pictures of the network."""
    for language in languages():
        await server.prepare(server.pages, _page_work("network.html", language))


def _page_work(address: str, language: str) -> dict[str, object]:
    return {"task": "page", "address": address or "index.html", "language": language}


async def _asking(server: Server, request: Request, address: str, language: str) -> Reply:
    """A page that depends on the values of a form."""
    try:
        given = parameters(query_string(request))
    except UsageError as error:
        return text(400, str(error))
    if address.partition("/")[0] == "questions" and "format" not in given:
        form = accepted(_accept(request), {"html": "text/html", **TABLES})
        given |= {"format": [form]} if form not in (None, "html") else {}
    work = {"task": "asking", "address": address, "language": language, "given": given}
    return await server.reply(server.answers, work, request)


def _wants_page(request: Request) -> bool:
    """Whether the client is a browser that prefers a page to a file."""
    accept = _accept(request)
    if "html" not in accept or request.method == "POST" or request.query_params.get("format"):
        return False
    forms = {**TABLES, **GRAPHS, "html": "text/html"}  # of equals, the first
    return accepted(accept, forms) == "html"


async def _asset(request: Request) -> Reply:
    name = _path(request).removeprefix("assets/")
    if name not in _ASSETS:
        return text(404, "There is no such file.")
    headers = {"content-type": _ASSETS[name], "cache-control": "max-age=3600"}
    return Reply(200, headers, asset(name).encode())


async def _health(_: Request) -> Reply:
    return text(200, "ok")


def _ready(server: Server) -> Handler:
    async def route(_: Request) -> Reply:
        is_ready = all(pool.is_ready for pool in server.pools.values())
        return text(200, "ready") if is_ready else text(503, "reading the data")

    return route


def _metrics(server: Server) -> Handler:
    """Metrics in the text format of Prometheus."""

    async def route(_: Request) -> Reply:
        form = {"content-type": "text/plain; version=0.0.4; charset=utf-8"}
        return text(200, server.metrics(), **form)

    return route


def _path(request: Request) -> str:
    """The path below the root of the server, without the first slash."""
    path: str = request.scope["path"]
    return path.removeprefix(request.scope["root_path"]).removeprefix("/")


def _address(request: Request) -> tuple[str, str]:
    """The address of a page and its language, which is its first folder unless it is English."""
    address = _path(request)
    first, _, rest = address.partition("/")
    return (rest, first) if first in languages()[1:] else (address, languages()[0])


def _accept(request: Request) -> str:
    return ", ".join(request.headers.getlist("accept"))
