"""The query in a request: https://www.w3.org/TR/sparql11-protocol/#query-operation."""

from __future__ import annotations

from urllib.parse import parse_qs

from starlette.requests import ClientDisconnect, Request

from onehealthkg.errors import UsageError
from onehealthkg.serving.reply import GONE, Reply, text

BODY = 256 << 10
"""The limit on the body of a request, in bytes."""

_FORM, _QUERY = "application/x-www-form-urlencoded", "application/sparql-query"

_MOST = 1000
_NOT_UTF_8 = "The query is not UTF-8."

Parameters = dict[str, list[str]]


async def asked(request: Request) -> dict[str, object] | Reply:
    """The query of a request as work for a worker; a reply if it is missing or invalid."""
    try:
        given = parameters(query_string(request))
        refused = await _add_body(request, given) if request.method == "POST" else None
    except UsageError as error:
        return text(400, str(error))
    except ClientDisconnect:
        return text(GONE, "The client has gone.")
    return refused or _work(request, given)


def _work(request: Request, given: Parameters) -> dict[str, object] | Reply:
    if "update" in given:
        return text(400, "This endpoint only answers queries; it takes no updates.")
    accept = ", ".join(request.headers.getlist("accept"))
    queries = given.get("query", [])
    if not queries and request.method != "POST":
        return {"task": "service", "accept": accept}
    if len(queries) != 1:
        return text(400, f"Send one query; there are {len(queries)}.")
    work: dict[str, object] = {"task": "query", "query": queries[0], "accept": accept}
    work["format"] = "".join(given.get("format", [])[:1])
    for kind in ("default", "named"):
        if graphs := given.get(f"{kind}-graph-uri"):
            work[kind] = graphs
    return work


async def _add_body(request: Request, given: Parameters) -> Reply | None:
    """Add the parameters of the body to those given; a reply if the body is not acceptable."""
    media, _, charset = request.headers.get("content-type", "").lower().partition(";")
    media = media.strip()
    too_long = text(413, f"The body is longer than {BODY:,} bytes.", connection="close")
    if media not in (_FORM, _QUERY):
        return text(415, f"Send a query as {_FORM} or {_QUERY}.")
    if "charset" in charset and "utf-8" not in charset:
        return text(415, "Send the query in UTF-8.")
    if int(request.headers.get("content-length", "0")) > BODY:
        return too_long  # before the client gets 100 Continue
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY:
            return too_long
    query = _decoded(bytes(body))
    sent = {"query": [query]} if media == _QUERY else parameters(query)
    for name, values in sent.items():
        given.setdefault(name, []).extend(values)
    return None


def query_string(request: Request) -> str:
    """The part after the question mark, as it was sent."""
    sent: bytes = request.scope["query_string"]
    return sent.decode("latin-1")


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
