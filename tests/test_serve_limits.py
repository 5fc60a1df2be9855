"""Hostile, broken and impatient clients get an answer, and do not affect the next visitor."""

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import pytest
from serving import Running, serving

FOREVER = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
HUNGRY = (
    'SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?b), STR(?c), STR(?d), STR(?e)); separator="") AS ?x)'
    " { ?a ?b ?c . ?d ?e ?f }"
)
LONG = "SELECT * { ?a ?b ?c . ?d ?e ?f }"


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    limits = ("--timeout", "2", "--memory", "200", "--answer", "1", "--workers", "2", "-q")
    with serving(*limits) as running:
        running.ask("/")
        yield running


@pytest.fixture(autouse=True)
def answers_afterwards(server: Running) -> Iterator[None]:
    yield
    assert server.ask("/sparql?query=ASK%7B%7D").status == 200
    assert server.ask("/").status == 200


def sent(server: Running, data: bytes, seconds: float = 15) -> bytes:
    """The server's reply to these bytes until it closes the connection."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=seconds) as connection:
        connection.sendall(data)
        said = b""
        try:
            while chunk := connection.recv(1 << 16):
                said += chunk
        except ConnectionResetError:
            pass
        return said


def status(said: bytes) -> int:
    return int(said.split()[1]) if said.startswith(b"HTTP/1.") else 0


@pytest.mark.parametrize(
    ("query", "statuses"),
    [
        (FOREVER, {504}),
        (HUNGRY, {500, 504}),
        (LONG, {422}),
        ("SELECT * {" + "{" * 10_000 + "}" * 10_000 + "}", {400}),
        (f"ASK {{ FILTER({'true && ' * 10_000} true) }}", {400}),
        ("ASK {" + "?a ?b ?c ." * 20_000 + "}", {200, 400, 500, 504}),
        (f'SELECT ("{"x" * 200_000}" AS ?x) {{}}', {200}),
    ],
    ids=["time", "memory", "size", "brackets", "chain", "patterns", "literal"],
)
def test_limits_of_a_query(server: Running, query: str, statuses: set[int]) -> None:
    kind = "application/sparql-query"
    answer = server.ask("/sparql", "POST", query.encode(), content_type=kind)
    assert answer.status in statuses, answer.text[:200]
    assert answer.status == 200 or len(answer.text) > 30, "there is a message"


def test_other_requests_are_served_while_queries_never_end(server: Running) -> None:
    path = f"/sparql?query={quote(FOREVER)}%20%23"  # a comment makes each another query
    with ThreadPoolExecutor(10) as pool:
        hostile = [pool.submit(server.ask, f"{path}{number}") for number in range(10)]
        time.sleep(0.3)
        assert server.ask("/").status == 200
        assert not all(one.done() for one in hostile)  # it did not wait for them
        statuses = {one.result().status for one in hostile}
    assert statuses <= {503, 504}


def test_a_full_queue_sets_retry_after(server: Running) -> None:
    path = f"/sparql?query={quote(FOREVER)}%20%23"  # a comment makes each another query
    with ThreadPoolExecutor(60) as pool:
        answers = list(pool.map(lambda number: server.ask(f"{path}{number}"), range(60)))
    refused = [one for one in answers if one.status == 503]
    assert refused
    assert all(one.headers["retry-after"] for one in refused)


def test_the_worker_of_a_disconnected_client_is_stopped(server: Running) -> None:
    before = len(server.processes())
    request = f"GET /sparql?query={quote(FOREVER)} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(request)
        time.sleep(0.5)
    for _ in range(40):
        if 'busy"} 0' in _queries(server):
            break
        time.sleep(0.1)
    assert 'busy"} 0' in _queries(server)
    assert len(server.processes()) <= before + 2


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_a_client_that_sends_no_more_but_reads_is_answered(server: Running, version: str) -> None:
    request = f"GET /sparql?query=ASK%7B%7D%23{version} HTTP/{version}\r\nHost: x\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(request.encode() * 3)
        connection.shutdown(socket.SHUT_WR)
        said = b"".join(iter(lambda: connection.recv(1 << 16), b""))
    assert said.count(b"HTTP/1.1 200 OK") == (3 if version == "1.1" else 1)
    assert said.endswith(b'"boolean":true}')


def test_a_client_that_sends_no_more_and_then_goes_is_noticed(server: Running) -> None:
    request = f"GET /sparql?query={quote(FOREVER)}%23half HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        assert 'busy"} 1' in _queries(server)
    for _ in range(40):
        if 'busy"} 0' in _queries(server):
            break
        time.sleep(0.1)
    assert 'busy"} 0' in _queries(server)


def _queries(server: Running) -> str:
    lines = server.ask("/metrics").text.splitlines()
    return "\n".join(line for line in lines if 'pool="queries"' in line)


HEADERS = b"GET / HTTP/1.1\r\nHost: x\r\n"
CLOSE = b"Connection: close\r\n\r\n"


@pytest.mark.parametrize(
    ("request_", "statuses"),
    [
        (HEADERS + b"X: " + b"x" * 100_000 + b"\r\n\r\n", {431}),
        (HEADERS + b"X: y\r\n" * 50_000 + b"\r\n", {431, 400, 0}),
        (b"GET /" + b"x" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", {414}),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", {400}),
        (b"GET / HTTP/9.9\r\n\r\n", {400}),
        (b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", {400, 404}),
        (b"GET /sparql?query=%ff HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", {400}),
        (b"GET / HTTP/1.0\r\n\r\n", {200}),
        (b"GET http://evil.example/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", {200}),
        (b"GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", {404}),
        (b"GET /%2e%2e/etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", {404}),
        (b"GET /%00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", {404}),
        (b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", {400}),
        (
            b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
            b"Content-Length: 10000000\r\n\r\n" + b"x" * 300_000,
            {413},
        ),
        (
            b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
            b"Expect: 100-continue\r\nContent-Length: 10000000\r\n\r\n",
            {413},
        ),
        (
            b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n0\r\nX: " + b"x" * 2_000_000,
            {413},
        ),
        (
            b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
            b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            {400},
        ),
        (b"GET /health HTTP/1.1\r\nHost: x\r\nX : y\r\n\r\n", {400}),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {400}),
        (HEADERS.replace(b"/", b"/source/..%2f..%2fetc%2fpasswd", 1) + CLOSE, {404}),
        (HEADERS.replace(b"/", b"//id/organisation-anses", 1) + CLOSE, {404}),
        (HEADERS.replace(b"/", b"/id/a%0d%0aSet-Cookie:%20x=y", 1) + CLOSE, {303}),
        (b"GET /health HTTP/1.1\r\nConnection: close\r\n\r\n", {400}),
        (b"GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n", {400}),
        (HEADERS.replace(b"/", b"/id/%ff%fe.ttl", 1) + CLOSE, {400}),
        (HEADERS.replace(b"/", b"/id/%3Cscript%3E.html", 1) + CLOSE, {400}),
        (HEADERS.replace(b"/", b"/graphs?graph=%20not%20iri", 1) + CLOSE, {400}),
        (HEADERS.replace(b"/", b"/graphs?graph=%ff", 1) + CLOSE, {400}),
        (HEADERS.replace(b"/", b"/questions/agreements?with=%ff", 1) + CLOSE, {400}),
        (HEADERS.replace(b"/", b"/search?" + b"q=a&" * 1001, 1) + CLOSE, {400}),
    ],
)
def test_broken_requests(server: Running, request_: bytes, statuses: set[int]) -> None:
    assert status(sent(server, request_)) in statuses


@pytest.mark.slow
@pytest.mark.parametrize(
    "start",
    [
        b"",
        b"GET / HT",
        HEADERS,
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n"
        b"Content-Type: application/sparql-query\r\n\r\nASK",
    ],
    ids=["silent", "line", "headers", "body"],
)
def test_slow_requests_are_cut_off(server: Running, start: bytes) -> None:
    begin = time.monotonic()
    sent(server, start, seconds=20)
    assert time.monotonic() - begin < 15


def test_requests_in_one_packet_are_answered_in_order(server: Running) -> None:
    one = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
    last = b"GET /ready HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    said = sent(server, one * 20 + last)
    assert said.count(b"HTTP/1.1 200 OK") == 21
    assert said.endswith(b"ready\n")


def test_two_hundred_requests_at_once(server: Running) -> None:
    with ThreadPoolExecutor(200) as pool:
        answers = list(pool.map(lambda _: server.ask("/health"), range(200)))
    assert {one.status for one in answers} == {200}
