"""Where the client may go, that it ends, and that it waits."""

import gzip
import re
import subprocess
import threading
import time
from datetime import datetime, timedelta, timezone
from email.message import Message
from email.utils import format_datetime
from pathlib import Path

import pytest
from fetching import ONE, QUERY, Asking, message
from misbehaving import (
    JSON,
    ONE_ROW,
    Part,
    reply,
    trickle,
)
from servers import found

from onehealthkg.endpoints import client as client_module
from onehealthkg.endpoints.client import Client, retry_after
from onehealthkg.errors import AnswerTooLarge

# Redirects


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


def test_a_redirect_loop_ends(client: Client, serve: Asking) -> None:
    server = serve(reply(b"", "302 Found", headers="Location: /sparql\r\n"))
    assert message(client, server.address) == (
        f"it redirects in a circle, at last to {server.address}; find out its address."
    )
    assert len(server.seen) == 6


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A self-signed certificate of 127.0.0.1 with its key."""
    folder = tmp_path_factory.mktemp("tls")
    openssl = found("openssl")
    new = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=test"]
    files = ["-keyout", folder / "key.pem", "-out", folder / "certificate.pem"]
    name = ["-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([openssl, "req", *new, *files, *name], check=True, capture_output=True)
    both = (folder / "key.pem").read_text() + (folder / "certificate.pem").read_text()
    (folder / "both.pem").write_text(both)
    return str(folder / "both.pem")


def test_an_untrusted_certificate_is_refused(
    client: Client, serve: Asking, certificate: str
) -> None:
    server = serve(reply(), certificate)
    assert re.match(
        r"its TLS certificate is not trusted: self.signed certificate\.",
        message(client, server.address),
    )
    assert server.seen == []


def test_a_configured_authority_is_trusted_and_http_may_lead_to_https(
    client: Client, serve: Asking, certificate: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", certificate)
    secure = serve(reply(), certificate)
    plain = serve(reply(b"", "301 Moved", headers=f"Location: {secure.address}?query=x\r\n"))
    assert client.select(plain.address, QUERY).rows == ONE
    back = serve(reply(b"", "301 Moved", headers=f"Location: {plain.address}\r\n"), certificate)
    assert message(client, back.address).startswith(f"it redirects to {plain.address}, which is")


def test_a_server_without_tls_is_not_an_https_endpoint(client: Client, serve: Asking) -> None:
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
def test_the_timeout_ends_any_request(tmp_path: Path, serve: Asking, way: str) -> None:
    server = serve(lambda _: SLOW[way])
    client = Client(tmp_path, timeout=0.7)
    start = time.monotonic()
    assert message(client, server.address) == (
        "no complete answer arrived within 0.7 seconds; try again later, ask for less, or allow "
        "more time with --timeout SECONDS."
    )
    assert time.monotonic() - start < 30  # some of them never end


def test_the_timeout_ends_a_tls_handshake_that_does_not_come(tmp_path: Path) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"https://127.0.0.1:{silent.getsockname()[1]}/sparql"
        assert message(Client(tmp_path, timeout=0.5), address).startswith(
            "no complete answer arrived"
        )


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


def test_truncated_rows_are_an_error(client: Client, serve: Asking) -> None:
    server = serve(reply())
    with pytest.raises(AnswerTooLarge, match="cuts answers off at 1 rows"):
        client.select(server.address, QUERY, rows=1)
    told = serve(reply(headers="X-SPARQL-MaxRows: 1\r\n"))
    with pytest.raises(AnswerTooLarge, match="cuts answers off at 1 rows"):
        client.select(told.address, QUERY)


# That it waits


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
def test_a_busy_server_is_called_again_after_the_time_that_it_names(
    tmp_path: Path, serve: Asking, status: str
) -> None:
    replies = [reply(b"", status, headers="Retry-After: 1\r\n"), reply(b"", status), reply()]
    server = serve(lambda _: replies.pop(0))
    said: list[str] = []
    start = time.monotonic()
    answers = Client(tmp_path, notice=said.append).select(server.address, QUERY, rate=1000)
    assert answers.rows == ONE
    assert time.monotonic() - start >= 3  # 1 as it says, then 2 of our own
    assert said == [
        f"{server.address} is busy; asking again in 1 s.",
        f"{server.address} is busy; asking again in 2 s.",
    ]


def test_a_server_that_stays_busy_is_not_called_again(client: Client, serve: Asking) -> None:
    server = serve(reply(b"slow down", "429 Too Many Requests", headers="Retry-After: 0\r\n"))
    assert message(client, server.address) == (
        "it has been asked too often; wait, or lower settings:requestsPerSecond (429 Too Many Requests). "
        "It says: “slow down”"
    )
    assert len(server.seen) == client_module.TRIES


def test_a_wait_that_is_too_long_is_reported_at_once(client: Client, serve: Asking) -> None:
    server = serve(reply(b"", "503 Busy", headers="Retry-After: 3600\r\n"))
    assert message(client, server.address) == (
        "the server is too busy; it asks to wait 3600 seconds."
    )


def test_other_errors_are_not_retried(client: Client, serve: Asking) -> None:
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
