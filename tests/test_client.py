"""The client of remote endpoints: what it sends, keeps and refuses, and that it always ends."""

import argparse
import gzip
import json
import os
import re
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from email.message import Message
from email.utils import format_datetime
from pathlib import Path

import pytest
from misbehaving import (
    JSON,
    ONE_ROW,
    Behaviour,
    Part,
    Server,
    free_port,
    reply,
    trickle,
)
from pyoxigraph import Literal
from servers import GRAPH, found, oxigraph, virtuoso

import onehealthkg
from onehealthkg.commands.remote import remote_client, remote_options
from onehealthkg.errors import AnswerTooLarge, NotCached, RemoteError, UsageError
from onehealthkg.names import HOME
from onehealthkg.paths import bundled
from onehealthkg.vocabularies import client as client_module
from onehealthkg.vocabularies.client import Client, agent, retry_after

QUERY = "SELECT ?x WHERE { ?x ?y ?z }"
ONE = ((Literal("1"),),)
Asking = Callable[..., Server]


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture
def client(tmp_path: Path) -> Client:
    return Client(tmp_path / "answers", timeout=5)


@pytest.fixture
def serve() -> Iterator[Asking]:
    servers: list[Server] = []

    def start(behaviour: Behaviour | bytes, certificate: str = "") -> Server:
        given = behaviour
        server = Server((lambda _: given) if isinstance(given, bytes) else given, certificate)
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.stop()


def message(client: Client, address: str, query: str = QUERY) -> str:
    """What the client says of an endpoint that it cannot use, after its address."""
    with pytest.raises(RemoteError) as caught:
        client.select(address, query, rate=1000)
    assert caught.value.exit_code == 4
    assert str(caught.value).startswith(address + ": ")
    return str(caught.value).removeprefix(address + ": ")


# What is sent


def test_the_client_says_who_asks_in_which_version_and_whom_to_turn_to(
    client: Client, serve: Asking
) -> None:
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


def test_no_more_is_asked_a_second_than_the_rate(client: Client, serve: Asking) -> None:
    server = serve(reply())
    start = time.monotonic()
    for number in range(3):
        client.select(server.address, f"{QUERY} LIMIT {number}", rate=5)
    assert 0.4 <= time.monotonic() - start < 4


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
def test_what_is_no_web_address_is_not_asked(client: Client, address: str) -> None:
    with pytest.raises(UsageError, match="address"):
        client.select(address, QUERY)


# What comes back


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
def test_an_answer_in_json_may_be_called_otherwise(
    client: Client, serve: Asking, kind: str
) -> None:
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
        "the answer is cut off, or is no JSON of SPARQL results: Parser error at line 1 column 70:",
    ),
    "JSON that is something else": (
        reply(b'{"error": "x"}'),
        "the answer is cut off, or is no JSON of SPARQL results: SPARQL JSON results must contain",
    ),
    "yes or no": (
        reply(b'{"head": {}, "boolean": true}'),
        "the answer is yes or no, not rows; ask with SELECT.",
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
        "the server ended the connection before its answer was whole; try again later.",
    ),
    "no answer at all": (
        b"",
        "the server ended the connection before its answer was whole; try again later.",
    ),
    "chunks that end too early": (
        f"HTTP/1.1 200 OK\r\nContent-Type: {JSON}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
        + b"ff\r\n"
        + ONE_ROW,
        "the server ended the connection before its answer was whole; try again later.",
    ),
    "something that is no HTTP": (b"SSH-2.0-x\r\n", "does not answer by HTTP: BadStatusLine: SSH"),
    "a packing that is none": (
        reply(headers="Content-Encoding: gzip\r\n"),
        "its answer cannot be unpacked: Error -3",
    ),
    "a packing that was not asked for": (
        reply(headers="Content-Encoding: br\r\n"),
        "does not answer by HTTP: HTTPException: the answer is packed as br, which was not asked",
    ),
    "400": (
        reply(b"Parse error:\n\x1b[31m line 1" + b" x" * 400, "400 Bad Request", "text/plain"),
        "it refuses the query (400 Bad Request). It says: “Parse error: [31m line 1 x x x",
    ),
    "401": (reply(b"", "401 No"), "it lets in only those whom it knows (401 Unauthorized)."),
    "403": (reply(PAGE, "403 No"), "it does not let us in (403 Forbidden). It says: “Down for"),
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
        "the answer is cut off, or is no JSON of SPARQL results: Parser error at line 2",
    ),
    "a part, and then an error in JSON": (
        reply(ONE_ROW[:-1] + b', "error": "timeout"}'),
        "the answer is cut off, or is no JSON of SPARQL results: Unexpected JSON after the end",
    ),
    "a part that is packed": (
        reply(gzip.compress(ONE_ROW)[:-20], headers="Content-Encoding: gzip\r\n"),
        "the answer is cut off, or is no JSON of SPARQL results: ",
    ),
    "chunks without an end": (
        f"HTTP/1.1 200 OK\r\nContent-Type: {JSON}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
        + b"%x\r\n%s\r\n" % (len(ONE_ROW), ONE_ROW),
        "the server ended the connection before its answer was whole; try again later.",
    ),
    "nothing": (reply(b"", "204 No Content"), "its answer makes no sense (204 No Content)."),
    "a redirect to nowhere": (reply(b"", "304 Not Modified"), "its answer makes no sense (304 Not"),
}


@pytest.mark.parametrize("flaw", WRONG)
def test_each_wrong_answer_has_a_message_of_its_own(
    client: Client, serve: Asking, flaw: str, tmp_path: Path
) -> None:
    sent, said = WRONG[flaw]
    found = message(client, serve(sent).address)
    assert found.startswith(said)
    assert len(found) < 500
    assert found.isprintable()
    assert not (tmp_path / "answers").exists()


def test_a_host_where_nobody_is_and_one_that_does_not_exist_are_told_apart(client: Client) -> None:
    assert message(client, f"http://127.0.0.1:{free_port()}/sparql") == (
        "nobody answers there; check the address, or try again later."
    )
    assert message(client, "http://nobody.invalid/sparql").startswith("there is no such host (")


# Where it may go


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_on_the_same_host_is_followed_with_the_query(
    client: Client, serve: Asking, status: int
) -> None:
    def behaviour(request: object) -> bytes:
        moved = "/new" in request.target  # type: ignore[attr-defined]
        return reply() if moved else reply(b"", f"{status} Moved", headers="Location: /new\r\n")

    server = serve(behaviour)
    long = QUERY + "#" + "x" * 4000
    assert client.select(server.address, long, rate=1000).rows == ONE
    assert [(one.method, one.target, one.query) for one in server.seen] == [
        ("POST", "/sparql", long),
        ("POST", "/new", long),
    ]


@pytest.mark.parametrize(
    "target",
    [
        "http://localhost:{port}/sparql",
        "http://127.0.0.1:1/x",
        "file:///etc/passwd",
        "//[",
        "ftp://127.0.0.1/",
    ],
)
def test_a_redirect_to_elsewhere_is_refused(client: Client, serve: Asking, target: str) -> None:
    server = serve(lambda _: reply(b"", "302 Found", headers=f"Location: {target}\r\n"))
    target = target.format(port=server.port)
    assert message(client, server.address).startswith(
        ("it redirects to ", "does not answer by HTTP: ValueError")
    )
    assert len(server.seen) == 1


def test_a_circle_of_redirects_ends(client: Client, serve: Asking) -> None:
    server = serve(reply(b"", "302 Found", headers="Location: /sparql\r\n"))
    assert message(client, server.address) == (
        f"it redirects in a circle, at last to {server.address}; find out its address."
    )
    assert len(server.seen) == 6


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A certificate of 127.0.0.1 with its key, which nobody has signed."""
    folder = tmp_path_factory.mktemp("tls")
    openssl = found("openssl")
    new = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=test"]
    files = ["-keyout", folder / "key.pem", "-out", folder / "certificate.pem"]
    name = ["-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([openssl, "req", *new, *files, *name], check=True, capture_output=True)
    both = (folder / "key.pem").read_text() + (folder / "certificate.pem").read_text()
    (folder / "both.pem").write_text(both)
    return str(folder / "both.pem")


def test_a_certificate_that_nobody_trusts_is_refused(
    client: Client, serve: Asking, certificate: str
) -> None:
    server = serve(reply(), certificate)
    assert re.match(
        r"its TLS certificate is not trusted: self.signed certificate\.",
        message(client, server.address),
    )
    assert server.seen == []


def test_an_authority_of_ones_own_is_trusted_and_http_may_lead_to_https(
    client: Client, serve: Asking, certificate: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", certificate)
    secure = serve(reply(), certificate)
    plain = serve(reply(b"", "301 Moved", headers=f"Location: {secure.address}?query=x\r\n"))
    assert client.select(plain.address, QUERY).rows == ONE
    back = serve(reply(b"", "301 Moved", headers=f"Location: {plain.address}\r\n"), certificate)
    assert message(client, back.address).startswith(f"it redirects to {plain.address}, which is")


def test_a_server_without_tls_is_no_https_endpoint(client: Client, serve: Asking) -> None:
    address = serve(b"HTTP/1.1 400 Bad Request\r\n\r\n").address.replace("http:", "https:")
    assert message(client, address).startswith("no secure connection can be made: ")


# That it ends


HEAD = f"HTTP/1.1 200 OK\r\nContent-Type: {JSON}\r\n".encode()
SLOW: dict[str, list[Part]] = {
    "never answers": [None],
    "never ends": [HEAD, b"Content-Length: 99\r\n\r\n", b"{", None],
    "trickles its headers": trickle(HEAD + b"X: " + b"x" * 100, 0.1),
    "trickles its answer": [HEAD, b"Content-Length: 500\r\n\r\n", *trickle(b" " * 100, 0.1)],
    "trickles chunks": [
        HEAD,
        b"Transfer-Encoding: chunked\r\n\r\n",
        *(part for _ in range(100) for part in (b"1\r\n \r\n", 0.1)),
    ],
    "trickles an error page": [
        b"HTTP/1.1 500 Oh\r\nContent-Length: 500\r\n\r\n",
        *trickle(b" " * 100, 0.1),
    ],
    "trickles a redirect": [
        b"HTTP/1.1 302 Found\r\n",
        *trickle(b"Location: /" + b"x" * 100, 0.1),
    ],
}


@pytest.mark.parametrize("way", SLOW)
def test_the_timeout_ends_a_request_whatever_the_server_does(
    tmp_path: Path, serve: Asking, way: str
) -> None:
    server = serve(lambda _: SLOW[way])
    client = Client(tmp_path, timeout=0.7)
    start = time.monotonic()
    assert message(client, server.address) == (
        "no whole answer came within 0.7 seconds; try again later, ask for less, or give it longer "
        "with --timeout SECONDS."
    )
    assert time.monotonic() - start < 4


def test_the_timeout_ends_a_tls_handshake_that_does_not_come(tmp_path: Path) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"https://127.0.0.1:{silent.getsockname()[1]}/sparql"
        assert message(Client(tmp_path, timeout=0.5), address).startswith("no whole answer came")


def test_no_thread_is_left_behind(tmp_path: Path, serve: Asking) -> None:
    server = serve(lambda _: SLOW["trickles its headers"])
    before = set(threading.enumerate())
    message(Client(tmp_path, timeout=0.3), server.address)
    end = time.monotonic() + 5
    while (left := set(threading.enumerate()) - before - set(server._threads)) and (  # noqa: SLF001
        time.monotonic() < end
    ):
        time.sleep(0.02)
    assert left == set()


@pytest.mark.parametrize("packed", [False, True])
def test_an_answer_that_is_too_large_is_refused_before_it_fills_the_memory(
    tmp_path: Path, serve: Asking, packed: bool
) -> None:
    body = ONE_ROW + b" " * 30_000_000
    sent = (
        reply(gzip.compress(body, 9), headers="Content-Encoding: gzip\r\n")
        if packed
        else reply(body)
    )
    server = serve(sent)
    with pytest.raises(AnswerTooLarge, match="larger than 1,000,000 bytes; ask for less"):
        Client(tmp_path, max_bytes=1_000_000).select(server.address, QUERY)


def test_rows_that_the_server_cut_off_are_no_answer(client: Client, serve: Asking) -> None:
    server = serve(reply())
    with pytest.raises(AnswerTooLarge, match="cuts answers off at 1 rows"):
        client.select(server.address, QUERY, rows=1)
    told = serve(reply(headers="X-SPARQL-MaxRows: 1\r\n"))
    with pytest.raises(AnswerTooLarge, match="cuts answers off at 1 rows"):
        client.select(told.address, QUERY)


# That it waits


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
def test_a_busy_server_is_asked_again_after_the_time_that_it_names(
    tmp_path: Path, serve: Asking, status: str
) -> None:
    replies = [reply(b"", status, headers="Retry-After: 1\r\n"), reply(b"", status), reply()]
    server = serve(lambda _: replies.pop(0))
    said: list[str] = []
    start = time.monotonic()
    answers = Client(tmp_path, notice=said.append).select(server.address, QUERY, rate=1000)
    assert answers.rows == ONE
    assert 3 <= time.monotonic() - start < 15  # 1 as it says, then 2 of our own
    assert said == [
        f"{server.address} is busy; asking again in 1 s.",
        f"{server.address} is busy; asking again in 2 s.",
    ]


def test_a_server_that_stays_busy_is_left_alone(client: Client, serve: Asking) -> None:
    server = serve(reply(b"slow down", "429 Too Many Requests", headers="Retry-After: 0\r\n"))
    assert message(client, server.address) == (
        "it has been asked too often; wait, or lower settings:requestsPerSecond (429 Too Many Requests). "
        "It says: “slow down”"
    )
    assert len(server.seen) == client_module.TRIES


def test_a_wait_that_is_too_long_is_told_and_not_waited(client: Client, serve: Asking) -> None:
    server = serve(reply(b"", "503 Busy", headers="Retry-After: 3600\r\n"))
    assert message(client, server.address) == (
        "it is too busy; it wants to be left alone for 3600 seconds."
    )


def test_nothing_else_is_asked_twice(client: Client, serve: Asking) -> None:
    for status in ("500 Oh", "502 Oh", "504 Oh", "404 Oh"):
        server = serve(reply(b"", status, headers="Retry-After: 0\r\n"))
        message(client, server.address)
        assert len(server.seen) == 1


def test_retry_after_is_seconds_or_a_date() -> None:
    now = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
    said = ["7", "", "soon", "-3", "²", format_datetime(now + timedelta(seconds=9), usegmt=True)]
    said += [format_datetime(now - timedelta(seconds=9), usegmt=True), "9" * 400]
    waits = []
    for one in said:
        headers = Message()
        headers["Retry-After"] = one
        waits.append(retry_after(headers, now.timestamp()))
    assert waits == [7, None, None, None, None, 9, 0, 999_999_999]
    assert retry_after(Message(), 0) is None


# What it keeps


def test_an_answer_is_asked_for_once_and_then_taken_from_the_cache(
    tmp_path: Path, serve: Asking
) -> None:
    server = serve(reply())
    now = [1_800_000_000.0]

    def ask(**options: bool) -> tuple[str, bool]:
        client = Client(tmp_path, max_age=30, clock=lambda: now[0], **options)  # type: ignore[arg-type]
        answers = client.select(server.address, QUERY)
        assert answers.rows == ONE
        return answers.date, answers.cached

    assert ask() == ("2027-01-15", False)
    now[0] += 30 * 86_400
    assert ask() == ("2027-01-15", True)
    now[0] += 1
    assert ask(offline=True) == ("2027-01-15", True)
    assert ask() == ("2027-02-14", False)  # too old
    assert ask() == ("2027-02-14", True)
    assert ask(refresh=True) == ("2027-02-14", False)
    now[0] -= 86_400
    assert ask() == ("2027-02-13", False)  # it is from the future
    assert len(server.seen) == 4


def test_another_endpoint_and_another_query_have_another_answer(
    client: Client, serve: Asking
) -> None:
    server = serve(
        lambda request: reply(ONE_ROW.replace(b'"1"', json.dumps(request.query).encode()))
    )
    other = server.address.replace("/sparql", "/other")
    for query in ("SELECT 1", "SELECT 2"):
        for address in (server.address, other, server.address):
            assert client.select(address, query, rate=1000).rows == ((Literal(query),),)
    assert len(server.seen) == 4


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: b"",
        lambda data: data[:-1],
        lambda data: data.replace(b'"1"}', b'"2"}'),
        lambda data: data.split(b"\n")[0],
        lambda data: b"[]\n" + data,
        lambda _: b"[" * 100_000 + b"\n",
        lambda data: data.replace(b"SELECT", b"SELECt"),
        lambda data: b"\xff" + data,
    ],
)
def test_a_damaged_answer_of_the_cache_is_asked_for_again(
    client: Client, serve: Asking, tmp_path: Path, spoil: Callable[[bytes], bytes]
) -> None:
    server = serve(reply())
    client.select(server.address, QUERY, rate=1000)
    (file,) = (tmp_path / "answers").iterdir()
    whole = file.read_bytes()
    file.write_bytes(spoil(whole))
    assert client.select(server.address, QUERY, rate=1000).rows == ONE
    assert len(server.seen) == 2
    assert client.select(server.address, QUERY, rate=1000).cached


def test_offline_nothing_is_sent_and_the_message_says_what_is_missing(
    tmp_path: Path, serve: Asking
) -> None:
    server = serve(reply())
    with pytest.raises(NotCached) as caught:
        Client(tmp_path, offline=True).select(server.address, QUERY)
    assert str(caught.value) == (
        f"{server.address}: this was never asked, or its answer was deleted; without --offline it "
        f"is asked. The query: {QUERY}"
    )
    assert server.seen == []


def test_an_answer_is_given_also_where_it_cannot_be_kept(tmp_path: Path, serve: Asking) -> None:
    (tmp_path / "file").write_text("")
    said: list[str] = []
    server = serve(reply())
    answers = Client(tmp_path / "file" / "x", notice=said.append).select(server.address, QUERY)
    assert answers.rows == ONE
    assert [one.split(": ")[0] for one in said] == [f"The answer of {server.address} is not kept"]


def test_the_cache_is_for_its_owner_alone(client: Client, serve: Asking, tmp_path: Path) -> None:
    client.select(serve(reply()).address, QUERY)
    assert (tmp_path / "answers").stat().st_mode & 0o077 == 0


# Batches


def numbers(some: object) -> str:
    return f"SELECT {some}"


def test_what_is_done_is_kept_when_a_batch_breaks_and_the_next_run_goes_on(
    client: Client, serve: Asking
) -> None:
    broken = [True]

    def behaviour(request: object) -> bytes:
        asked = request.query  # type: ignore[attr-defined]
        return reply(b"", "500 Oh") if broken[0] and "5" in asked else reply()

    server = serve(behaviour)
    values = [1, 2, 3, 4, 5, 6]

    def run() -> Iterator[list[int]]:
        for batch, answers in client.batches(server.address, values, numbers, size=2, rate=1000):
            assert answers.rows == ONE
            yield list(batch)

    seen = []
    with pytest.raises(RemoteError) as caught:
        seen += run()
    assert str(caught.value) == (
        f"{server.address}: it failed (500 Internal Server Error). 4 of 6 are done, and their "
        "answers kept; the same command goes on from there."
    )
    broken[0] = False
    assert list(run()) == [[1, 2], [3, 4], [5, 6]]
    assert len(server.seen) == 4


def test_a_batch_whose_answer_is_too_large_is_halved(client: Client, serve: Asking) -> None:
    def behaviour(request: object) -> bytes:
        many = request.query.count(",") > 0  # type: ignore[attr-defined]
        return reply(headers="X-SPARQL-MaxRows: 1\r\n") if many else reply(ONE_ROW)

    server = serve(behaviour)
    found = client.batches(server.address, [1, 2, 3, 4, 5], numbers, size=4, rate=1000)
    assert [batch for batch, _ in found] == [[1], [2], [3], [4], [5]]
    large = serve(reply(headers="X-SPARQL-MaxRows: 1\r\n"))
    with pytest.raises(AnswerTooLarge, match="0 of 2 are done"):
        list(client.batches(large.address, [1, 2], numbers, rate=1000))


# Real servers


TURTLE = """
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<http://example.org/a> skos:prefLabel "zoonoses"@en , "zoonoses"@fr , "sant\\u00E9 \\"animale\\"\\n"@fr .
[] skos:prefLabel "no name" .
"""
LABELS = (
    "SELECT ?s ?label WHERE { ?s <http://www.w3.org/2004/02/skos/core#prefLabel> ?label } "
    "ORDER BY LANG(?label) STR(?label)"
)


@pytest.mark.parametrize("server", [oxigraph, virtuoso])
def test_real_servers_answer(tmp_path: Path, client: Client, server: Callable[..., object]) -> None:
    with server(tmp_path, TURTLE) as endpoint:  # type: ignore[attr-defined]
        answers = client.select(endpoint, LABELS, rate=1000)
        assert [str(label) for _, label in answers.rows] == [
            '"no name"',
            '"zoonoses"@en',
            '"santé \\"animale\\"\\n"@fr',
            '"zoonoses"@fr',
        ]
        posted = client.select(endpoint, LABELS + "#" + "x" * 3000, rate=1000)
        assert posted.rows[1:] == answers.rows[1:]
        refused = message(client, endpoint, "SELECT nonsense")
        assert refused.startswith("it refuses the query (400 Bad Request). It says: “")
        if server is oxigraph:  # Virtuoso answers with a row, 1 or 0
            assert message(client, endpoint, "ASK {}") == (
                "the answer is yes or no, not rows; ask with SELECT."
            )
        update = f"INSERT DATA {{ GRAPH <{GRAPH}> {{ <x:a> <x:b> <x:c> }} }}"
        assert message(client, endpoint, update).startswith(("it refuses", "it failed", "the ans"))


def test_virtuoso_tells_that_it_cut_rows_off(tmp_path: Path, client: Client) -> None:
    with virtuoso(tmp_path, TURTLE, rows=2) as endpoint:
        with pytest.raises(AnswerTooLarge, match="it cuts answers off at 2 rows"):
            client.select(endpoint, LABELS)
        assert len(client.select(endpoint, f"{LABELS} LIMIT 1").rows) == 1


# The options of commands


def test_the_options_of_a_command_make_its_client(serve: Asking) -> None:
    server = serve(reply())
    parser = argparse.ArgumentParser()
    remote_options(parser)
    assert vars(parser.parse_args([])) == {
        "timeout": 60.0,
        "offline": False,
        "refresh": False,
        "max_age": 30.0,
    }
    query = f"SELECT {server.port} {{}}"
    asked = remote_client(parser.parse_args(["--timeout", "5"])).select(server.address, query)
    kept = remote_client(parser.parse_args(["--offline"])).select(server.address, query)
    anew = remote_client(parser.parse_args(["--refresh"])).select(server.address, query)
    assert (asked.cached, kept.cached, anew.cached) == (False, True, False)


@pytest.mark.parametrize(
    "words",
    [
        ["--timeout", "0"],
        ["--timeout", "nan"],
        ["--timeout", "soon"],
        ["--max-age", "-1"],
        ["--offline", "--refresh"],
    ],
)
def test_options_that_make_no_sense_are_refused(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    parser = argparse.ArgumentParser()
    remote_options(parser)
    with pytest.raises(SystemExit, match="2"):
        parser.parse_args(words)
    assert words[0] in capsys.readouterr().err


def test_only_one_module_uses_the_network() -> None:
    uses = re.compile(
        r"^\s*(?:import|from) (?:socket|ssl|http|urllib\.(?:request|error)|SPARQLWrapper)\b", re.M
    )
    source = Path(onehealthkg.__file__).parent
    found = [path for path in source.rglob("*.py") if uses.search(path.read_text("utf-8"))]
    assert sorted(path.relative_to(source).as_posix() for path in found) == [
        "vocabularies/solutions.py",  # only for the names of the status codes
        "vocabularies/transport.py",
    ]
