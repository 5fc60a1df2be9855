"""The routes: the workers for each request, and the headers of all replies.

Nothing here reads the graph: the process that talks to clients only passes requests on, so that a
slow query never delays another visitor. The reply of a worker is cached, and reused as long as the
data is the same.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import Receive, Scope, Send

from onehealthkg.errors import UsageError
from onehealthkg.html import asset
from onehealthkg.serving.documents import ENDINGS
from onehealthkg.serving.negotiation import GRAPHS, TABLES, accepted
from onehealthkg.serving.pool import Pool
from onehealthkg.serving.protocol import asked, parameters, query_string
from onehealthkg.serving.reply import Reply, text
from onehealthkg.serving.server import Server, plain_response
from onehealthkg.serving.service import LANGUAGES

Handler = Callable[[Request], Awaitable[Response]]

_ASKING = ("questions", "search", "sparql", "terms.json")
_ALONE = ("ontology", "shapes")  # documents that are one of a kind
_ASSETS = {
    "style.css": "text/css; charset=utf-8",
    "icon.svg": "image/svg+xml",
    **dict.fromkeys(
        ("search.js", "table.js", "editor.js", "pictures.js"), "text/javascript; charset=utf-8"
    ),
}


def application(server: Server) -> Router:
    """The application with all routes."""
    reading: Sequence[tuple[str, Handler]] = (
        ("/graphs", _graphs(server)),
        ("/.well-known/void", _described("void", server, server.pages)),
        ("/.well-known/sparql-examples", _described("examples", server, server.queries)),
        ("/openapi.json", _described("openapi", server, server.pages)),
        ("/id/{name:path}", _document(server)),
        ("/source/{name:path}", _document(server)),
        ("/record/{name:path}", _document(server)),
        *((f"/{name}{ending}", _document(server)) for name in _ALONE for ending in ("", *ENDINGS)),
        ("/assets/{name}", _asset),
        ("/health", _health),
        ("/ready", _ready(server)),
        ("/metrics", _metrics(server)),
        ("/{address:path}", _page(server)),
    )
    return Router(
        [
            Route("/sparql", _Endpoint(_sparql(server), "GET, HEAD, POST, OPTIONS")),
            *(Route(path, _Endpoint(handler, "GET, HEAD, OPTIONS")) for path, handler in reading),
        ]
    )


class _Endpoint:
    """A handler of a route, readable by pages of any origin because it needs no credentials.

    https://fetch.spec.whatwg.org/#http-cors-protocol
    """

    def __init__(self, handler: Handler, methods: str) -> None:
        self._handler = handler
        self._methods = methods

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        if request.method == "OPTIONS":
            response = Response(status_code=204, headers=self._allowed)
        elif request.method not in self._methods.split(", "):
            response = plain_response(text(405, f"Use {self._methods}.", allow=self._methods))
        else:
            response = await self._handler(request)
        await response(scope, receive, send)

    @property
    def _allowed(self) -> dict[str, str]:
        return {
            "allow": self._methods,
            "access-control-allow-methods": self._methods,
            "access-control-allow-headers": "Accept, Content-Type, If-None-Match",
            "access-control-max-age": "86400",
        }


def _sparql(server: Server) -> Handler:
    async def route(request: Request) -> Response:
        if _wants_page(request):
            return await _asking(server, request, "sparql")
        work = await asked(request)
        if isinstance(work, Reply):
            return plain_response(work)
        if work["task"] == "service":
            work |= {"endpoint": server.endpoint(request)}
        return await server.reply(server.queries, work, request)

    return route


def _graphs(server: Server) -> Handler:
    """The Graph Store Protocol, reading only: https://www.w3.org/TR/sparql11-http-rdf-update/."""

    async def route(request: Request) -> Response:
        names = request.query_params.getlist("graph")
        if len(names) + ("default" in request.query_params) != 1:
            return plain_response(text(400, "Give ?graph=IRI or ?default, once."))
        work = {"task": "graph", "graph": "".join(names), "accept": _accept(request)}
        return await server.reply(server.queries, work, request)

    return route


def _described(task: str, server: Server, pool: Pool) -> Handler:
    async def route(request: Request) -> Response:
        work = {"task": task, "endpoint": server.endpoint(request), "accept": _accept(request)}
        return await server.reply(pool, work, request)

    return route


def _document(server: Server) -> Handler:
    """A document in the format that the client prefers, or that the ending of the address names.

    An archived text is a file and has one format. A thing is not a document, so its address
    redirects with 303 to a document about it.
    """

    async def route(request: Request) -> Response:
        path = request.scope["path"].removeprefix(request.scope["root_path"]).lstrip("/")
        if path.startswith("source/") and path.endswith(".txt"):
            return await server.reply(server.queries, {"task": "archived", "path": path}, request)
        ending = next((ending for ending in ENDINGS if path.endswith(ending)), "")
        path = path.removesuffix(ending)
        if not ending:
            ending = accepted(_accept(request), ENDINGS) or ""
            if not ending:
                return plain_response(text(406, f"Available as {', '.join(ENDINGS.values())}."))
            if path.startswith("id/"):
                target = f"{request.scope['root_path']}/{quote(path)}{ending}"
                return plain_response(Reply(303, {"location": target, "vary": "Accept"}, b""))
        pool = server.pages if ending == ".html" else server.queries
        work = {"task": "document", "path": path, "ending": ending}
        return await server.reply(pool, work, request)

    return route


def _page(server: Server) -> Handler:
    async def route(request: Request) -> Response:
        address = request.path_params["address"]
        first, _, rest = address.partition("/")
        language = first if first in LANGUAGES[1:] else LANGUAGES[0]
        address = rest if first == language else address
        if address.startswith(_ASKING) and not address.endswith(".html"):
            return await _asking(server, request, address, language)
        work = {"task": "page", "address": address or "index.html", "language": language}
        return await server.reply(server.pages, work, request)

    return route


async def _asking(
    server: Server, request: Request, address: str, language: str = LANGUAGES[0]
) -> Response:
    """A page that depends on the values of a form."""
    try:
        given = parameters(query_string(request))
    except UsageError as error:
        return plain_response(text(400, str(error)))
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


async def _asset(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in _ASSETS:
        return plain_response(text(404, "There is no such file."))
    headers = {"content-type": _ASSETS[name], "cache-control": "max-age=3600"}
    return plain_response(Reply(200, headers, asset(name).encode()))


async def _health(_: Request) -> Response:
    return plain_response(text(200, "ok"))


def _ready(server: Server) -> Handler:
    async def route(_: Request) -> Response:
        is_ready = all(pool.is_ready for pool in server.pools.values())
        return plain_response(text(200, "ready") if is_ready else text(503, "reading the data"))

    return route


def _metrics(server: Server) -> Handler:
    """Metrics in the text format of Prometheus."""

    async def route(_: Request) -> Response:
        form = {"content-type": "text/plain; version=0.0.4; charset=utf-8"}
        return plain_response(text(200, server.metrics(), **form))

    return route


def _accept(request: Request) -> str:
    return ", ".join(request.headers.getlist("accept"))
