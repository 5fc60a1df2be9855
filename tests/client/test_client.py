"""The client: its requests, and the answers that it returns."""

import gzip
import json
import re
import time
from pathlib import Path

import pytest
from fetching import ONE, QUERY, Asking, message
from misbehaving import (
    JSON,
    ONE_ROW,
    free_port,
    reply,
)

import onehealthkg
from onehealthkg.endpoints.client import Client, agent
from onehealthkg.errors import UsageError
from onehealthkg.names import HOME
from onehealthkg.paths import bundled

# Requests


def test_the_user_agent_has_name_version_and_contact(client: Client, serve: Asking) -> None:
    server = serve(reply())
    assert client.select(server.address, QUERY).rows == ONE
    (request,) = server.seen
    assert request.headers["User-Agent"] == agent()
    assert agent() == f"onehealthkg/{onehealthkg.__version__} (+{HOME}) SPARQLWrapper"
    citation = Path(bundled().root, "CITATION.cff").read_text(encoding="utf-8")
    assert f"url: {HOME}\n" in citation


def test_a_short_query_is_sent_by_get_and_a_long_one_by_post(client: Client, serve: Asking) -> None:
    server = serve(reply())
    long = QUERY + "#" + "é" * 400
    client.select(server.address, QUERY, rate=1000)
    client.select(server.address, long, rate=1000)
    assert [(one.method, one.query) for one in server.seen] == [("GET", QUERY), ("POST", long)]
    for one in server.seen:
        assert one.headers.get_all("Accept") == [
            "application/sparql-results+json, application/json;q=0.9"
        ]
    assert re.fullmatch(r"/sparql\?query=[^&]+", server.seen[0].target)
    assert server.seen[1].target == "/sparql"


def test_a_query_with_the_word_of_an_update_in_an_iri_is_sent_as_a_query(
    client: Client, serve: Asking
) -> None:
    server = serve(reply())
    client.select(server.address, "BASE <http://example.org/INSERT/> SELECT * { ?s ?p <DROP> }")
    assert "DROP" in server.seen[0].query


def test_the_rate_limit_is_kept(client: Client, serve: Asking) -> None:
    server = serve(reply())
    start = time.monotonic()
    for number in range(3):
        client.select(server.address, f"{QUERY} LIMIT {number}", rate=5)
    assert time.monotonic() - start >= 0.4


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "ftp://example.org/sparql",
        "data:application/json,{}",
        "/etc/passwd",
        "https:///sparql",
        "https://me:secret@example.org/sparql",
        "https://example.org/sparql?key=1",
        "https://example.org/é",
        "https://example.org/ sparql",
        "https://example.org:99999999/sparql",
        "https://[::1/sparql",
        "",
    ],
)
def test_only_web_addresses_are_called(client: Client, address: str) -> None:
    with pytest.raises(UsageError, match="address"):
        client.select(address, QUERY)


# Answers


def test_an_answer_is_rows_of_terms(client: Client, serve: Asking) -> None:
    body = {
        "head": {"vars": ["a", "b", "c"]},
        "results": {
            "bindings": [
                {
                    "a": {"type": "literal", "value": "été", "xml:lang": "fr"},
                    "c": {"type": "typed-literal", "value": "1", "datatype": "http://x.example/n"},
                }
            ]
        },
    }
    server = serve(reply(json.dumps(body).encode(), kind="application/json; charset=utf-8"))
    answers = client.select(server.address, QUERY)
    assert answers.variables == ("a", "b", "c")
    assert [str(one) for one in answers.rows[0]] == [
        '"été"@fr',
        "None",
        '"1"^^<http://x.example/n>',
    ]


@pytest.mark.parametrize(
    "kind",
    [
        "application/json; charset=utf-8",
        "APPLICATION/SPARQL-RESULTS+JSON",
        "text/javascript",
        "application/javascript; charset=UTF-8",
    ],
)
def test_other_media_types_of_json_are_accepted(client: Client, serve: Asking, kind: str) -> None:
    assert client.select(serve(reply(kind=kind)).address, QUERY).rows == ONE


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip"])
def test_a_packed_answer_is_unpacked(client: Client, serve: Asking, encoding: str) -> None:
    server = serve(reply(gzip.compress(ONE_ROW), headers=f"Content-Encoding: {encoding}\r\n"))
    assert client.select(server.address, QUERY).rows == ONE
    assert server.seen[0].headers["Accept-Encoding"] == "gzip"


def test_an_answer_in_chunks_or_until_the_end_of_the_connection_is_whole(
    client: Client, serve: Asking
) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {JSON}\r\n".encode()
    half = len(ONE_ROW) // 2
    chunks = b"".join(
        b"%x\r\n%s\r\n" % (len(one), one) for one in (ONE_ROW[:half], ONE_ROW[half:], b"")
    )
    chunked = serve(head + b"Transfer-Encoding: chunked\r\n\r\n" + chunks)
    closing = serve(head + b"Connection: close\r\n\r\n" + ONE_ROW)
    assert client.select(chunked.address, QUERY).rows == ONE
    assert client.select(closing.address, QUERY).rows == ONE


PAGE = b"<!DOCTYPE html><html><head><title>Down for\n maintenance</title></head>\x1b[2J</html>"
WRONG = {
    "a web page with status 200": (
        reply(PAGE, kind="text/html; charset=utf-8"),
        "the answer is a web page, not SPARQL results in JSON; is this the address of an endpoint, "
        "and not that of its page? It says: “Down for maintenance”",
    ),
    "another type": (
        reply(b"x\ty\n", kind="text/tab-separated-values"),
        "the answer is text/tab-separated-values, not SPARQL results in JSON; is this the address "
        "of an endpoint, and not that of its page? It says: “x y”",
    ),
    "JSON that is cut off": (
        reply(ONE_ROW[:-10]),
        "the answer is cut off, or is not SPARQL results in JSON: Parser error at line 1 column 70:",
    ),
    "JSON that is something else": (
        reply(b'{"error": "x"}'),
        "the answer is cut off, or is not SPARQL results in JSON: SPARQL JSON results must contain",
    ),
    "yes or no": (
        reply(b'{"head": {}, "boolean": true}'),
        "the answer is a boolean, not rows; write a SELECT query.",
    ),
    "an empty answer": (reply(b""), "the answer is empty; try again later."),
    "another charset": (
        reply(ONE_ROW.replace(b'"1"', b'"\xe9"'), kind=JSON + "; charset=iso-8859-1"),
        "the answer is not in UTF-8: Parser error at line 1 column 79: Invalid UTF-8",
    ),
    "a term that is none": (
        reply(ONE_ROW.replace(b'"literal"', b'"uri"')),
        "the answer has a term that RDF does not allow: Invalid uri value: No scheme found",
    ),
    "fewer bytes than it said": (
        reply(length=5000),
        "the server ended the connection before its answer was complete; try again later.",
    ),
    "no answer at all": (
        b"",
        "the server ended the connection before its answer was complete; try again later.",
    ),
    "chunks that end too early": (
        f"HTTP/1.1 200 OK\r\nContent-Type: {JSON}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
        + b"ff\r\n"
        + ONE_ROW,
        "the server ended the connection before its answer was complete; try again later.",
    ),
    "something that is no HTTP": (b"SSH-2.0-x\r\n", "does not answer by HTTP: BadStatusLine: SSH"),
    "a packing that is none": (
        reply(headers="Content-Encoding: gzip\r\n"),
        "its answer cannot be unpacked: Error -3",
    ),
    "a packing that was not asked for": (
        reply(headers="Content-Encoding: br\r\n"),
        "does not answer by HTTP: HTTPException: the answer is packed as br, which was not requested",
    ),
    "400": (
        reply(b"Parse error:\n\x1b[31m line 1" + b" x" * 400, "400 Bad Request", "text/plain"),
        "it refuses the query (400 Bad Request). It says: “Parse error: [31m line 1 x x x",
    ),
    "401": (reply(b"", "401 No"), "it requires authentication (401 Unauthorized)."),
    "403": (reply(PAGE, "403 No"), "it denies access (403 Forbidden). It says: “Down for"),
    "404": (reply(b"", "404 No"), "there is no endpoint at this address (404 Not Found)."),
    "406": (reply(b"", "406 No"), "it cannot answer in JSON (406 Not Acceptable)."),
    "500": (
        reply(b"Virtuoso 42000 Error: too long", "500 Oh"),
        "it failed (500 Internal Server Error). It says: “Virtuoso 42000 Error: too long”",
    ),
    "a part": (
        reply(status="206 Partial Content"),
        "it gave only a part of the answer (206 Partial Content); ask for less, or try again later.",
    ),
    "a part, says a header of Virtuoso": (
        reply(
            headers="X-SQL-State: S1TAT\r\nX-SQL-Message: RC...: Returning incomplete results\r\n"
        ),
        "it gave only a part of the answer (200 OK); ask for less, or try again later. It says: "
        "“RC...: Returning incomplete results”",
    ),
    "a part, whatever the spelling": (
        reply(headers="x-sql-state: S1TAT\r\n"),
        "it gave only a part of the answer (200 OK); ask for less, or try again later.",
    ),
    "a part, with an error": (
        reply(status="500 Oh", headers="X-SQL-State: S1T00\r\n"),
        "it gave only a part of the answer (500 Internal Server Error)",
    ),
    "a part by its range": (
        reply(headers="Content-Range: bytes 0-99/200\r\n"),
        "it gave only a part of the answer (200 OK); ask for less, or try again later.",
    ),
    "a part, and then what went wrong": (
        reply(ONE_ROW + b"\n## Query cancelled due to timeout during execution ##\n"),
        "the answer is cut off, or is not SPARQL results in JSON: Parser error at line 2",
    ),
    "a part, and then an error in JSON": (
        reply(ONE_ROW[:-1] + b', "error": "timeout"}'),
        "the answer is cut off, or is not SPARQL results in JSON: Unexpected JSON after the end",
    ),
    "a part that is packed": (
        reply(gzip.compress(ONE_ROW)[:-20], headers="Content-Encoding: gzip\r\n"),
        "the answer is cut off, or is not SPARQL results in JSON: ",
    ),
    "chunks without an end": (
        f"HTTP/1.1 200 OK\r\nContent-Type: {JSON}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
        + b"%x\r\n%s\r\n" % (len(ONE_ROW), ONE_ROW),
        "the server ended the connection before its answer was complete; try again later.",
    ),
    "nothing": (reply(b"", "204 No Content"), "its answer is invalid (204 No Content)."),
    "a redirect to nowhere": (reply(b"", "304 Not Modified"), "its answer is invalid (304 Not"),
}


@pytest.mark.parametrize("flaw", WRONG)
def test_each_wrong_answer_has_its_own_message(
    client: Client, serve: Asking, flaw: str, tmp_path: Path
) -> None:
    sent, said = WRONG[flaw]
    found = message(client, serve(sent).address)
    assert found.startswith(said)
    assert len(found) < 500
    assert found.isprintable()
    assert not (tmp_path / "answers").exists()


def test_a_silent_host_and_an_unknown_host_are_distinguished(client: Client) -> None:
    assert message(client, f"http://127.0.0.1:{free_port()}/sparql") == (
        "nothing answers there; check the address, or try again later."
    )
    assert message(client, "http://nobody.invalid/sparql").startswith("there is no such host (")
