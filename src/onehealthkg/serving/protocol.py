"""The query in a request: https://www.w3.org/TR/sparql11-protocol/#query-operation."""

from __future__ import annotations

from onehealthkg.errors import UsageError
from onehealthkg.serving.receiving import Parameters, Request, parameters
from onehealthkg.serving.reply import Reply, text

_FORM, _QUERY = "application/x-www-form-urlencoded", "application/sparql-query"


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


def _decoded(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise UsageError("The query is not UTF-8.") from None
