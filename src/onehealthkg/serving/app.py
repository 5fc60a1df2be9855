"""The routes: the workers for each request, and the replies that need none.

Nothing here reads the graph: the process that talks to clients only passes requests on, so that a
slow query never delays another visitor.
"""

from __future__ import annotations

import logging
from asyncio import CancelledError
from collections.abc import Callable
from functools import lru_cache
from time import perf_counter
from typing import NamedTuple
from urllib.parse import quote

from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from onehealthkg.errors import UsageError
from onehealthkg.html import asset, render
from onehealthkg.serving.negotiation import ENDINGS, GRAPHS, TABLES, accepted
from onehealthkg.serving.pool import PREPARING, Pool
from onehealthkg.serving.protocol import job
from onehealthkg.serving.receiving import Base, Request, received, unless_gone
from onehealthkg.serving.reply import GONE, Job, Reply, text
from onehealthkg.serving.server import Response, Server, response, send_on, unless_known
from onehealthkg.words import languages, words

_LOG = logging.getLogger("onehealthkg.serve")
_CORS = {
    "access-control-allow-headers": "Accept, Content-Type, If-None-Match",
    "access-control-max-age": "86400",
}
_PROBLEMS = (400, 404, 422, 500, 504)  # which a browser gets as pages

_ASKING = ("questions", "search", "sparql", "terms.json")
_ASSETS = {
    "style.css": "text/css; charset=utf-8",
    "icon.svg": "image/svg+xml",
    **dict.fromkeys(
        ("search.js", "table.js", "editor.js", "pictures.js"), "text/javascript; charset=utf-8"
    ),
}


class Order(NamedTuple):
    """A job for a worker of a pool."""

    pool: Pool
    job: Job


Handler = Callable[[Request], "Reply | Order"]
"""A route: the reply to a request, or the order by which it is made. Raises UsageError."""


class Application:
    """The routes by exact path and by first folder; any other path is that of a page.

    It sends all replies, and counts and logs them. The line in the log does not contain the query,
    which may reveal what a person works on.
    """

    def __init__(self, server: Server, base: Base) -> None:
        self._server = server
        self._base = base
        document = _document(server, base)
        self._exact: dict[str, Handler] = {
            "sparql": _sparql(server),
            "graphs": _graphs(server),
            ".well-known/void": _described("void", server.pages),
            ".well-known/sparql-examples": _described("examples", server.queries),
            "openapi.json": _described("openapi", server.pages),
            "health": lambda _: text(200, "ok"),
            "ready": _ready(server),
            "metrics": _metrics(server),
        }
        self._folders = dict.fromkeys(("id", "source", "record"), document)
        self._folders["assets"] = _asset
        for ending in ("", *ENDINGS):
            self._exact |= dict.fromkeys((f"ontology{ending}", f"shapes{ending}"), document)
        self._page = _page(server)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request (https://asgi.readthedocs.io/en/latest/specs/www.html)."""
        start = perf_counter()
        try:
            request, known = await received(scope, receive, self._base)
            made = self._server.replies.kept(request)
            if made is None:
                made = await unless_gone(self._reply(request, known), receive)
            sent = unless_known(made, known)
        except ClientDisconnect:
            sent = response(text(GONE, "The client has gone."))
        except CancelledError:
            sent = response(text(503, "The server is stopping."))
        self._note(scope, sent.status, perf_counter() - start)
        await send_on(sent, send)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        """Count a reply, and log it."""
        self._server.statuses[status] += 1
        if _LOG.isEnabledFor(logging.INFO):
            client = scope["client"][0] if scope["client"] else "-"
            asked = f"{scope['method']} {ascii(scope['path'])[1:-1]}"
            _LOG.info('%s "%s" %d %.0f ms', client, asked, status, seconds * 1000)

    async def _reply(self, request: Request, known: bytes) -> Response:
        """The reply to a request, which a worker makes if it has to be made."""
        try:
            reply = await self._made(request, known)
            if reply.status == PREPARING.status and _wants_page(request):
                return self._refusal(reply, request)
            if reply.status in _PROBLEMS and _wants_page(request):
                reply = await self._as_page(reply, request)
            return reply
        except UsageError as error:
            return response(text(400, str(error)))
        except Exception:  # noqa: BLE001 - the next request is answered all the same
            _LOG.exception("A mistake of this program, at %s", ascii(request.path))
            return response(text(500, "This is a mistake of the program. It is in the log."))

    async def _made(self, request: Request, known: bytes) -> Response:
        try:
            route = self._route(request)
        except UsageError as error:
            route = text(400, str(error))
        if isinstance(route, Reply):
            return response(route)
        return await self._server.replies.made(route.pool, route.job, request, known)

    def _route(self, request: Request) -> Reply | Order:
        path = request.path
        handler = self._exact.get(path) or self._folders.get(path.partition("/")[0], self._page)
        methods = "GET, HEAD, POST, OPTIONS" if path == "sparql" else "GET, HEAD, OPTIONS"
        if request.method == "OPTIONS":
            return Reply(
                204, {"allow": methods, "access-control-allow-methods": methods, **_CORS}, b""
            )
        if request.method not in methods.split(", "):
            return text(405, f"Use {methods}.", allow=methods)
        return handler(request)

    def _refusal(self, busy: Response, request: Request) -> Response:
        """A page for a browser while no worker can make one, before the data is read."""
        if self._server.pages.is_ready:
            return busy
        _, language = _address(request)
        page = render("preparing.html", language, heading=words(language)["preparing"])
        headers = {"content-type": "text/html; charset=utf-8", "cache-control": "no-store"}
        return response(Reply(busy.status, {**PREPARING.headers, **headers}, page.encode()))

    async def _as_page(self, problem: Response, request: Request) -> Response:
        """A problem as a page; as it is if no page can be made."""
        address, language = _address(request)
        try:
            given = dict(request.parameters)
        except UsageError:
            given = {}
        work = {
            "task": "problem",
            "status": problem.status,
            "problem": problem.body.decode().strip(),
            "address": quote(address),
            "language": language,
            "given": given,
        }
        page = await self._server.replies.made(self._server.pages, work, request, b"")
        return page if page.status == problem.status else problem


def _sparql(server: Server) -> Handler:
    def route(request: Request) -> Reply | Order:
        if _wants_page(request):
            return _asking(server, request, "sparql", languages()[0])
        work = job(request)
        return work if isinstance(work, Reply) else Order(server.queries, work)

    return route


def _graphs(server: Server) -> Handler:
    """The Graph Store Protocol, reading only: https://www.w3.org/TR/sparql11-http-rdf-update/."""

    def route(request: Request) -> Reply | Order:
        given = request.parameters
        names = given.get("graph", [])
        if len(names) + ("default" in given) != 1:
            return text(400, "Pass ?graph=IRI or ?default, once.")
        work = {"task": "graph", "graph": "".join(names), "accept": request.accept}
        return Order(server.queries, work)

    return route


def _described(task: str, pool: Pool) -> Handler:
    def route(request: Request) -> Reply | Order:
        endpoint = f"{request.origin}/sparql"
        return Order(pool, {"task": task, "endpoint": endpoint, "accept": request.accept})

    return route


def _document(server: Server, base: Base) -> Handler:
    """A document in the format that the client prefers, or that the ending of the address names.

    An archived text is a file and has one format. A thing is not a document, so its address
    redirects with 303 to a document about it.
    """

    def route(request: Request) -> Reply | Order:
        path = request.path
        if path.startswith("source/") and path.endswith(".txt"):
            return Order(server.queries, {"task": "archived", "path": path})
        ending = next((ending for ending in ENDINGS if path.endswith(ending)), "")
        path = path.removesuffix(ending)
        if not ending:
            ending = accepted(request.accept, ENDINGS) or ""
            if not ending:
                return text(406, f"Available as {', '.join(ENDINGS.values())}.")
            if path.startswith("id/"):
                location = f"{base.root_path}/{quote(path)}{ending}"
                return Reply(303, {"location": location}, b"")
        pool = server.pages if ending == ".html" else server.queries
        return Order(pool, {"task": "document", "path": path, "ending": ending})

    return route


def _page(server: Server) -> Handler:
    def route(request: Request) -> Reply | Order:
        address, language = _address(request)
        if address.startswith(_ASKING) and not address.endswith(".html"):
            return _asking(server, request, address, language)
        return Order(server.pages, _page_job(address, language))

    return route


async def prepare(server: Server) -> None:
    """Make the pages that take long: the pictures of the network, and counts of all things."""
    for language in languages():
        for page in ("network.html", "topics.html", "countries.html", "sources.html"):
            await server.replies.prepare(server.pages, _page_job(page, language))


def _page_job(address: str, language: str) -> dict[str, object]:
    return {"task": "page", "address": address or "index.html", "language": language}


def _asking(server: Server, request: Request, address: str, language: str) -> Order:
    """A page that depends on the values of a form."""
    given = request.parameters
    if address.partition("/")[0] == "questions" and "format" not in given:
        form = accepted(request.accept, {"html": "text/html", **TABLES})
        given |= {"format": [form]} if form not in (None, "html") else {}
    work = {"task": "asking", "address": address, "language": language, "given": given}
    return Order(server.answers, work)


def _wants_page(request: Request) -> bool:
    """Whether the client is a browser that prefers a page to a file."""
    if "html" not in request.accept or request.method == "POST":
        return False
    if "format=" in request.query and any(request.parameters.get("format", ())):
        return False
    forms = {**TABLES, **GRAPHS, "html": "text/html"}  # of equals, the first
    return accepted(request.accept, forms) == "html"


def _asset(request: Request) -> Reply:
    name = request.path.removeprefix("assets/")
    if name not in _ASSETS:
        return text(404, "There is no such file.")
    return _asset_reply(name, request.packs)


@lru_cache(maxsize=2 * len(_ASSETS))
def _asset_reply(name: str, packs: bool) -> Reply:
    headers = {"content-type": _ASSETS[name], "cache-control": "max-age=3600"}
    reply = Reply(200, headers, asset(name).encode())
    return reply.compressed() if packs else reply


def _ready(server: Server) -> Handler:
    def route(_: Request) -> Reply:
        is_ready = all(pool.is_ready for pool in server.pools.values())
        return text(200, "ready") if is_ready else text(503, "reading the data")

    return route


def _metrics(server: Server) -> Handler:
    """Metrics in the text format of Prometheus."""

    def route(_: Request) -> Reply:
        form = {"content-type": "text/plain; version=0.0.4; charset=utf-8"}
        return text(200, server.metrics(), **form)

    return route


def _address(request: Request) -> tuple[str, str]:
    """The address of a page and its language, which is its first folder unless it is English."""
    address = request.path
    first, _, rest = address.partition("/")
    return (rest, first) if first in languages()[1:] else (address, languages()[0])
