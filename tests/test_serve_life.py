"""How a server starts, changes its data, keeps and packs replies, sees proxies, and ends."""

import gzip
import re
import signal
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import pytest
from ending import NO_FILE, WRONG_USE, alone
from serving import Running, serving

from onehealthkg.paths import Project

FOREVER = quote("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
ORIGINAL = '"Inserm"@en'


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with serving("-q", "--timeout", "2") as running:
        yield running


@pytest.mark.parametrize("path", ["/", "/sparql?query=ASK%7B%7D", "/nothing", "/assets/style.css"])
def test_all_replies_have_the_headers_for_safety(server: Running, path: str) -> None:
    headers = server.ask(path).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "server" not in headers


@pytest.mark.parametrize(
    "path", ["/", "/agreements.html", "/ontology.ttl", "/questions/agreements?format=csv"]
)
def test_a_reply_is_packed_and_not_sent_twice(server: Running, path: str) -> None:
    plain = server.ask(path)
    packed = server.ask(path, accept_encoding="gzip")
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body) / 2
    refused = server.ask(path, accept_encoding="gzip;q=0, br")
    assert "content-encoding" not in refused.headers
    again = server.ask(path, if_none_match=plain.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    strong = f'"other", {plain.headers["etag"].removeprefix("W/")}'
    assert server.ask(path, if_none_match=strong).status == 304
    listed = f'W/"other", {plain.headers["etag"]}'
    assert server.ask(path, if_none_match=listed).status == 304
    assert server.ask(path, if_none_match='W/"other", "another"').status == 200


def test_a_client_that_has_anything_gets_304_only_where_there_is_something(
    server: Running,
) -> None:
    answer = server.ask("/topics.html", if_none_match="*")
    assert (answer.status, answer.body) == (304, b"")
    assert answer.headers["etag"] == server.ask("/topics.html").headers["etag"]
    assert server.ask("/nothing.html", if_none_match="*").status == 404


def test_any_origin_may_read_without_credentials(server: Running) -> None:
    headers = server.ask("/sparql?query=ASK%7B%7D", origin="https://example.org").headers
    assert headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in headers


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "POST"])
@pytest.mark.parametrize("path", ["/", "/graphs?default", "/id/organisation-anses", "/ontology"])
def test_no_route_writes(server: Running, method: str, path: str) -> None:
    assert server.ask(path, method, b"x").status == 405


def test_a_client_that_closes_early_does_not_affect_others(server: Running) -> None:
    query = quote("CONSTRUCT WHERE { ?a ?b ?c }")
    request = f"GET /sparql?query={query} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    for _ in range(5):
        with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
            connection.sendall(request)
            assert connection.recv(100).startswith(b"HTTP/1.1 200")
    assert server.ask("/").status == 200


@pytest.mark.slow
def test_an_idle_connection_is_closed(server: Running) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
        begin = time.monotonic()
        while connection.recv(1000):
            pass
        assert time.monotonic() - begin < 15


@pytest.mark.slow
def test_forwarded_headers_are_trusted_only_from_a_trusted_proxy() -> None:
    forged = {"x_forwarded_host": "evil.example", "x_forwarded_proto": "https"}
    with serving("-q") as running:
        assert "evil.example" not in running.ask("/sparql", host="evil.example", **forged).text
        assert f"<{running.url}/sparql>" in running.ask("/sparql").text
    options = ("--trusted-proxy", "127.0.0.1", "--root-path", "/kg")
    with serving("-q", *options) as running:
        assert "<https://evil.example/kg/sparql>" in running.ask("/sparql", **forged).text


def test_running_requests_are_finished_and_the_log_has_no_query() -> None:
    with serving("--timeout", "3") as running:
        assert running.ask(f"/sparql?query={quote('ASK { ?secret a ?x }')}").status == 200
        with ThreadPoolExecutor(1) as pool:
            asked = pool.submit(running.ask, f"/sparql?query={FOREVER}")
            time.sleep(0.7)
            running.process.send_signal(signal.SIGTERM)
            assert asked.result().status == 504  # it had its three seconds
        assert running.process.wait(30) == -signal.SIGTERM  # as a shell expects of it
        log = running.process.stderr.read() if running.process.stderr else ""
        assert '"GET /sparql" 200' in log
        assert "secret" not in log


@pytest.mark.slow
def test_the_data_is_changed_without_dropping_a_request(project: Project) -> None:
    file = next(
        one for one in Path(project.root, "data").glob("*.ttl") if ORIGINAL in one.read_text()
    )
    statuses: list[int] = []
    with serving("-q", "--reload", "--project", str(project.root)) as running:
        assert "Inserm of today" not in running.ask("/organisations/inserm.html").text
        done = threading.Event()

        def visit() -> None:
            while not done.is_set():
                statuses.append(running.ask("/organisations/inserm.html").status)
                statuses.append(running.ask(f"/sparql?query={quote('ASK { ?a ?b ?c }')}").status)
                time.sleep(0.05)

        with ThreadPoolExecutor(4) as pool:
            visitors = [pool.submit(visit) for _ in range(4)]
            file.write_text(file.read_text().replace(ORIGINAL, '"Inserm of today"@en'))
            for _ in range(150):
                if "Inserm of today" in running.ask("/organisations/inserm.html").text:
                    break
                time.sleep(0.2)
            time.sleep(0.5)
            done.set()
            for visitor in visitors:
                visitor.result()
        assert "Inserm of today" in running.ask("/organisations/inserm.html").text
    assert set(statuses) == {200}
    assert len(statuses) > 50


def test_a_reply_requested_by_many_at_once_is_made_once(server: Running) -> None:
    query = quote("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?a ?d ?e . ?a ?f ?g }")
    before = _queue(server)
    with ThreadPoolExecutor(60) as pool:
        answers = list(pool.map(lambda _: server.ask(f"/sparql?query={query}"), range(60)))
    assert {one.status for one in answers} <= {200, 504}  # sixty would not fit into the queue
    assert len({one.body for one in answers}) == 1
    assert _queue(server) == before


def test_what_many_ask_at_once_is_kept_once(server: Running) -> None:
    query = quote("SELECT (COUNT(*) AS ?kept) { ?a ?b ?c }")
    before = _kept(server)
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: server.ask(f"/sparql?query={query}"), range(20)))
    assert {one.status for one in answers} == {200}
    assert _kept(server) == before + len(answers[0].body) + 1000  # with the headers


def _kept(server: Running) -> int:
    return int(server.ask("/metrics").text.split()[-1])


def _queue(server: Running) -> str:
    lines = server.ask("/metrics").text.splitlines()
    return next(line for line in lines if 'pool="queries",state="waiting"' in line)


def test_a_port_in_use_is_reported_in_a_line(server: Running) -> None:
    ended = alone("serve", "--port", str(server.port))
    assert (ended.code, ended.out) == (WRONG_USE, "")
    assert ended.err == (
        f"onehealthkg: serve: 127.0.0.1, port {server.port}: Address already in use; "
        "choose another with --host and --port (0 takes any that is free).\n"
    )


@pytest.mark.parametrize(
    "words", ["--port 70000", "--host 192.0.2.1", "--timeout 0", "--timeout nan", "--memory 0"]
)
@pytest.mark.sampled(2)
def test_wrong_options_are_refused(words: str) -> None:
    ended = alone("serve", *words.split())
    assert (ended.code, ended.out) == (WRONG_USE, "")
    assert words.split()[1] in ended.err.splitlines()[-1]


def test_a_second_ctrl_c_ends_what_still_runs() -> None:
    with serving("-q", "--timeout", "60") as running, ThreadPoolExecutor(1) as pool:
        asked = pool.submit(running.ask, f"/sparql?query={FOREVER}")
        while 'pool="queries",state="busy"} 1' not in running.ask("/metrics").text:
            time.sleep(0.05)
        running.process.send_signal(signal.SIGINT)
        time.sleep(0.3)
        assert running.process.poll() is None
        running.process.send_signal(signal.SIGINT)
        assert running.process.wait(10) == 128 + signal.SIGINT
        assert asked.exception() or asked.result().status == 503


def test_a_project_that_cannot_be_read_ends_the_server_with_a_message(tmp_path: Path) -> None:
    ended = alone("serve", "--port", "0", "-p", tmp_path / "none")
    assert (ended.code, ended.out) == (NO_FILE, "")
    assert ended.err.startswith(f"onehealthkg: {tmp_path / 'none'}: there is no such folder")
    assert ended.err.count("\n") == 1


def test_the_network_is_drawn_before_the_first_visitor_asks() -> None:
    with serving("-q") as fresh:
        for _ in range(300):
            kept = re.search(r"(?m)^onehealthkg_kept_bytes (\d+)$", fresh.ask("/metrics").text)
            if kept and int(kept[1]) > 100_000:
                return
            time.sleep(0.1)
    pytest.fail("nothing was prepared")
