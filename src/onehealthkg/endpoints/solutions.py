"""The content of an endpoint's reply: solutions, or the reason why it has none.

Only a complete SELECT result in JSON (https://www.w3.org/TR/sparql11-results-json/) is accepted. It
is read by pyoxigraph, which refuses invalid terms. Any other reply is an error that says what was
received: a page with status 200, half an answer with status 206 or a header of Virtuoso, rows that
the server truncated silently (Virtuoso gives the limit in a header, MeSH in its manual).
"""

from __future__ import annotations

import re
from http.client import responses
from typing import NamedTuple

from pyoxigraph import QueryBoolean, QueryResultsFormat, parse_query_results

from onehealthkg.endpoints.transport import Reply
from onehealthkg.errors import AnswerTooLarge, RemoteError
from onehealthkg.safe import one_line
from onehealthkg.terms import Term

Solution = tuple[Term | None, ...]

_TYPES = (
    *("application/sparql-results+json", "application/json"),
    *("application/javascript", "text/javascript"),  # as older servers call JSON
)
_OF_A_PART = ("X-SQL-State", "X-SQL-Message", "Content-Range")
_LONGEST_QUOTE = 300


class Solutions(NamedTuple):
    """An endpoint's answer to a SELECT query.

    ``rows`` are tuples of terms in the order of ``variables``, None where a variable is unbound.
    ``date`` is the day of the answer, YYYY-MM-DD; ``cached``: it is from the cache.
    """

    variables: tuple[str, ...]
    rows: tuple[Solution, ...]
    date: str
    cached: bool


def read_reply(
    endpoint: str, reply: Reply, most: int
) -> tuple[tuple[str, ...], tuple[Solution, ...]]:
    """The variables and rows of a reply.

    ``most`` is the number of rows at which the endpoint truncates answers, 0 for no limit. Raises
    RemoteError, which names the endpoint, if the reply is not a complete answer.
    """
    refuse_part(endpoint, reply)
    kind = reply.headers.get_content_type()
    if not reply.body.strip():
        raise RemoteError(f"{endpoint}: the answer is empty; try again later.")
    if kind not in _TYPES:
        raise RemoteError(
            f"{endpoint}: the answer is {_name(kind)}, not SPARQL results in JSON; is this the "
            f"address of an endpoint, and not that of its page?{_quoted(reply.body)}"
        )
    variables, rows = parse_body(endpoint, reply.body)
    limit = reply.headers.get("X-SPARQL-MaxRows", "")
    most = most or (int(limit) if limit.isascii() and limit.isdecimal() else 0)
    if 0 < most <= len(rows):
        raise AnswerTooLarge(
            f"{endpoint}: it cuts answers off at {most:,} rows, so some may be missing; ask for "
            "less."
        )
    return variables, rows


def refuse_part(endpoint: str, reply: Reply) -> None:
    """Raise RemoteError, which names the endpoint, for a reply that is not a whole answer."""
    if reply.status != 200 or _is_part(reply):
        raise RemoteError(f"{endpoint}: {refusal(reply)}")


def parse_body(endpoint: str, body: bytes) -> tuple[tuple[str, ...], tuple[Solution, ...]]:
    """The variables and rows of a SELECT result in JSON; RemoteError for any other body."""
    result = _parsed(_without_scheme(body))
    if not isinstance(result, str):
        return result
    what = "is cut off, or is not SPARQL results in JSON"
    if result.startswith("Invalid"):
        what = "has a term that RDF does not allow"
    elif "Invalid UTF-8" in result:
        what = "is not in UTF-8"
    elif not result:
        raise RemoteError(f"{endpoint}: the answer is a boolean, not rows; write a SELECT query.")
    raise RemoteError(f"{endpoint}: the answer {what}: {_short(result)}.")


def _parsed(body: bytes) -> tuple[tuple[str, ...], tuple[Solution, ...]] | str:
    """The variables and rows, or the error: "" if the result is a boolean.

    Nothing is raised from here: a traceback would hold the engine's result, which must be released
    in this thread.
    """
    try:
        results = parse_query_results(body, format=QueryResultsFormat.JSON)
        if isinstance(results, QueryBoolean):
            return ""
        return tuple(name.value for name in results.variables), tuple(tuple(x) for x in results)
    except SyntaxError as error:
        return error.msg


def _without_scheme(body: bytes) -> bytes:
    """Blank nodes as labels: Virtuoso writes them as addresses, nodeID://b10001."""
    pattern = rb'("type"\s*:\s*"bnode"\s*,\s*"value"\s*:\s*")nodeID://'
    return re.sub(pattern, rb"\1", body) if b'"nodeID://' in body else body


def _is_part(reply: Reply) -> bool:
    """Whether a reply says that it is incomplete, regardless of its status.

    With its own time limit ("anytime"), Virtuoso returns a partial answer with status 200
    (https://docs.openlinksw.com/virtuoso/anytimequeries/).
    """
    return reply.status in (203, 206) or any(name in reply.headers for name in _OF_A_PART)


def refusal(reply: Reply) -> str:
    """The meaning of a status other than 200, and the server's message."""
    status = reply.status
    name = f"{status} {responses.get(status, '')}".strip()
    if _is_part(reply):
        said = _quoted(reply.headers.get("X-SQL-Message", "").encode())
        return (
            f"it gave only a part of the answer ({name}); ask for less, or try again later.{said}"
        )
    meaning = {
        400: "it refuses the query",
        401: "it requires authentication",
        403: "it denies access",
        404: "there is no endpoint at this address",
        405: "there is no endpoint at this address",
        406: "it cannot answer in JSON",
        407: "the proxy requires authentication",
        410: "the endpoint is gone from this address",
        413: "the query is too long for it",
        414: "the query is too long for it",
        429: "it has been asked too often; wait, or lower settings:requestsPerSecond",
        503: "it is overloaded or under maintenance; try again later",
    }.get(status, "it failed" if status >= 500 else "its answer is invalid")
    return f"{meaning} ({name}).{_quoted(reply.body)}"


def _name(kind: str) -> str:
    return "a web page" if kind in ("text/html", "application/xhtml+xml") else _short(kind)


def _quoted(body: bytes) -> str:
    """The server's message, short and without tags, or ""."""
    text = body[: 10 * _LONGEST_QUOTE].decode("utf-8", "replace")
    if text.lstrip()[:1] == "<":
        title = re.search(r"<title[^>]*>(.*?)</title>", text, re.DOTALL | re.IGNORECASE)
        text = title[1] if title else re.sub(r"<[^>]*>", " ", text)
    words = _short(text)
    return f" It says: “{words}”" if words else ""


def _short(text: str) -> str:
    """A server's words on one line, shortened and safe for a terminal."""
    words = one_line(text)
    return words if len(words) <= _LONGEST_QUOTE else words[:_LONGEST_QUOTE] + " ..."
