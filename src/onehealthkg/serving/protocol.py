"""The request of a client, and the query in it.

https://www.w3.org/TR/sparql11-protocol/#query-operation
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qs, unquote

from httptools import HttpParserInvalidURLError, parse_url

from onehealthkg.errors import UsageError
from onehealthkg.serving.negotiation import accepted
from onehealthkg.serving.reply import Reply, text

BODY = 256 << 10
"""The limit on the body of a request, in bytes."""

_FORM, _QUERY = "application/x-www-form-urlencoded", "application/sparql-query"

_MOST = 1000
_NOT_UTF_8 = "The query is not UTF-8."

Parameters = dict[str, list[str]]


class Request(NamedTuple):
    """All of a request that its reply depends on: equal requests have equal replies."""

    method: str  # GET for HEAD, too
    url: bytes
    accept: str
    packs: bool  # whether the client accepts gzip
    origin: str  # the scheme and host of the server, as the client sees them
    media: str  # of the body
    body: bytes

    @property
    def path(self) -> str:
        """The path below the root of the server, without the first slash."""
        return unquote(_parsed(self.url)[0].decode()).removeprefix("/")

    @property
    def query(self) -> str:
        """The part after the question mark, as it was sent."""
        return _parsed(self.url)[1].decode("latin-1")

    @property
    def parameters(self) -> Parameters:
        """The parameters of the query string, each with its values. Raises UsageError."""
        return parameters(self.query)


@lru_cache(maxsize=16)
def _parsed(url: bytes) -> tuple[bytes, bytes]:
    """The path and the query string of the target of a request. Raises UsageError."""
    try:
        parsed = parse_url(url)
    except HttpParserInvalidURLError:
        raise UsageError("The address is invalid.") from None
    return parsed.path or b"", parsed.query or b""


@lru_cache(maxsize=256)
def packs(accept_encoding: bytes) -> bool:
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
