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
POST = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"


def get(path: str, headers: bytes = b"", method: str = "GET") -> bytes:
    return f"{method} {path} HTTP/1.1\r\nHost: x\r\n".encode() + headers + CLOSE


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (HEADERS + b"X: " + b"x" * 100_000 + b"\r\n\r\n", 431),
        (HEADERS + b"X: y\r\n" * 50_000 + b"\r\n", 431),
        (HEADERS + b"X: " + b"x" * 10_000_000, 431),
        (get("/" + "x" * 100_000), 414),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
        (b"GET / HTTP/9.9\r\n\r\n", 400),
        (b"GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505),
        (b"GET /\r\n\r\n", 505),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
        (b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 400),
        (b"GET / HTTP/1.0\r\n\r\n", 200),
        (b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", 200),
        (b"GET / HTTP/1.1\nHost: x\n\n", 400),
        (HEADERS + b"A: b\r\n c\r\n\r\n", 400),
        (b"GET /health HTTP/1.1\r\nHost: x\r\nX : y\r\n\r\n", 400),
        (HEADERS + b"A: b\x00c\r\n\r\n", 400),
        (get("http://evil.example/"), 200),
        (get("evil.example:80"), 400),
        (get("/sparql?query=%ff"), 400),
        (get("/sparql?query=ASK%7B%7D%ed%a0%80"), 400),
        (get("/../../etc/passwd"), 404),
        (get("/%2e%2e/etc/passwd"), 404),
        (get("/%252e%252e/etc/passwd"), 404),
        (get("/source/..%2f..%2fetc%2fpasswd"), 404),
        (get("/source/..%2f..%2fetc%2fpasswd.txt"), 404),
        (get("/assets/..%2f..%2fserving%2fapp.py"), 404),
        (get("/..%5c..%5cetc%5cpasswd"), 404),
        (get("/%00"), 404),
        (get("//id/organisation-anses"), 404),
        (get("/id/a%0d%0aSet-Cookie:%20x=y"), 303),
        (get("/id/%ff%fe.ttl"), 400),
        (get("/id/%3Cscript%3E.html"), 400),
        (get("/graphs?graph=%20not%20iri"), 400),
        (get("/graphs?graph=%ff"), 400),
        (get("/questions/agreements?with=%ff"), 400),
        (get("/search?" + "q=a&" * 1001), 400),
        (get("/sparql?query=ASK%7B%7D&query=ASK%7B%7D"), 400),
        (get("/sparql?query=ASK%7B%7D", b"Accept: \xe9\xff\r\n"), 406),
        (get("*", method="OPTIONS"), 204),
        (get("/", method="TRACE"), 405),
        (get("evil.example:80", method="CONNECT"), 400),
        (get("/", method="BREW"), 400),
        (get("/assets/style.css", b"Range: bytes=0-9\r\n"), 200),
        (get("/health", b"Upgrade: websocket\r\nConnection: upgrade\r\n"), 200),
        (b"GET /health HTTP/1.1\r\nConnection: close\r\n\r\n", 400),
        (b"GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n", 400),
        (b"GET /health HTTP/1.1\r\nHost: a/b\r\nConnection: close\r\n\r\n", 400),
        (b"GET /health HTTP/1.1\r\nHost: <script>\r\nConnection: close\r\n\r\n", 400),
        (POST + b"Content-Length: -1\r\n\r\n", 400),
        (POST + b"Content-Length: 5, 5\r\n\r\nASK{}", 400),
        (POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nASK{}", 400),
        (POST + b"Content-Length: 10000000\r\n\r\n" + b"x" * 10_000_000, 413),
        (POST + b"Expect: 100-continue\r\nContent-Length: 10000000\r\n\r\n", 413),
        (POST + b"Expect: something\r\nContent-Length: 5\r\n\r\nASK{}", 417),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n0\r\nX: " + b"x" * 2_000_000, 413),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n" + b"8000\r\n" + b"x" * 300_000, 400),
        (POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nASK{}\r\n0\r\n\r\n", 400),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n-1\r\nASK{}\r\n0\r\n\r\n", 400),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 17 + b"\r\nASK{}", 400),
        (POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400),
        (POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (POST + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 400),
    ],
    ids=str,
)
def test_broken_requests(server: Running, request_: bytes, expected: int) -> None:
    reply = sent(server, request_)
    assert status(reply) == expected
    assert reply.count(b"HTTP/1.1 ") == 1
    assert b"\nSet-Cookie" not in reply
    assert b"evil" not in reply


def test_a_broken_request_is_refused_after_the_replies_to_earlier_ones(server: Running) -> None:
    query = quote("SELECT (COUNT(*) AS ?broken) { ?a ?b ?c }")
    good = f"GET /sparql?query={query} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    said = sent(server, good + b"GARBAGE\r\n\r\n" + good)
    assert said.index(b"HTTP/1.1 200 OK") < said.index(b"HTTP/1.1 400 Bad Request")
    assert said.count(b"HTTP/1.1 ") == 2


def test_a_client_that_waits_for_100_continue_gets_it(server: Running) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(POST + b"Expect: 100-continue\r\nContent-Length: 5\r\n" + CLOSE)
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"ASK{}")
        assert connection.recv(1000).startswith(b"HTTP/1.1 200 OK")


def test_a_large_cached_reply_is_sent_whole_and_made_once(server: Running) -> None:
    path = f"/sparql?query={quote('SELECT * { ?a ?b ?c } LIMIT 2000')}"
    first, again = server.ask(path), server.ask(path)
    assert len(first.body) > 200_000
    assert first == again._replace(headers=first.headers)
    head = server.ask(path, "HEAD")
    assert (int(head.headers["content-length"]), head.body) == (len(first.body), b"")


@pytest.mark.slow
@pytest.mark.parametrize("drops", [b"", b"x"], ids=["still", "dripping"])
@pytest.mark.parametrize(
    "start",
    [
        b"",
        b"GET / HT",
        HEADERS,
        POST + b"Content-Length: 100\r\n\r\nASK",
    ],
    ids=["silent", "line", "headers", "body"],
)
def test_slow_requests_are_cut_off(server: Running, start: bytes, drops: bytes) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=0.5) as connection:
        connection.sendall(start)
        for _ in range(30):  # 15 seconds
            reply = read(connection)
            if reply is not None:
                assert status(reply) in ((400, 408) if start else (0, 400))
                return
            connection.sendall(drops)
    pytest.fail("the connection is still open")


def read(connection: socket.socket) -> bytes | None:
    """What the server has sent; None if it has sent nothing yet."""
    try:
        return connection.recv(1000)
    except TimeoutError:
        return None


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
