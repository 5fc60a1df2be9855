"""``onehealthkg push``: the same statements in the store as here, despite any interruption."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph
import pytest
from misbehaving import Part, Request, misbehaving, reply, trickle
from pyoxigraph import RdfFormat, parse
from servers import oxigraph, virtuoso

from onehealthkg.cli import main
from onehealthkg.endpoints import claim, paging, writers
from onehealthkg.endpoints import client as client_module
from onehealthkg.endpoints import ledger as ledger_module
from onehealthkg.endpoints.client import Client
from onehealthkg.endpoints.credentials import Login, login_for
from onehealthkg.endpoints.graphs import graphs_of
from onehealthkg.endpoints.ledger import LEDGER, read_ledger
from onehealthkg.endpoints.transport import write_request
from onehealthkg.endpoints.writers import MOST_TRIPLES, ByGraphStore, ByUpdate
from onehealthkg.errors import InputError, RemoteError, UsageError
from onehealthkg.graph import KnowledgeGraph
from onehealthkg.rdf import large
from onehealthkg.rdf.read_write import read_quads

SAMPLE = """\
<http://example.org/a> <http://example.org/says> "one" <http://example.org/g/1> .
<http://example.org/a> <http://example.org/says> "deux\\\\u0022\\n\\t\\"é"@fr <http://example.org/g/1> .
<http://example.org/a> <http://example.org/on> "2020-02"^^<http://www.w3.org/2001/XMLSchema#gYearMonth> <http://example.org/g/2> .
_:b <http://example.org/says> "three" <http://example.org/g/3> .
"""
QUADS = "SELECT ?g ?s ?p ?o WHERE { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g ?s ?p ?o"
Push = Callable[..., int]


class Store:
    """A store to which a test pushes: its addresses, and the words that name them."""

    def __init__(self, endpoint: str, words: list[str]) -> None:
        self.endpoint = endpoint
        self.words = words

    def push(self, file: Path, *more: str) -> int:
        return main(["push", self.endpoint, *self.words, "--file", str(file), *more])

    def rows(self) -> list[tuple[str, ...]]:
        """The statements of the graphs that are ours, except the ledger; all blank nodes are equal."""
        answer = Client(None).select(self.endpoint, QUADS, rate=1000)
        rows = [tuple("_" if str(x)[:2] == "_:" else str(x) for x in row) for row in answer.rows]
        return sorted(row for row in rows if re.match("<http://example.org/|<https://w3id", row[0]))


@contextmanager
def started(name: str, folder: Path) -> Iterator[Store]:
    if name.startswith("oxigraph"):
        with oxigraph(folder, writable=True) as endpoint:
            base = endpoint.removesuffix("/query")
            how = (
                ["--graph-store", f"{base}/store"]
                if name.endswith("graph-store")
                else ["--update", f"{base}/update"]
            )
            yield Store(endpoint, how)
    else:
        with virtuoso(folder, writable=True, rows=100_000) as endpoint:
            base = endpoint.removesuffix("/sparql")
            how = {
                "virtuoso": [],
                "virtuoso-login": ["--update", f"{base}/sparql-auth"],
                "virtuoso-graph-store": ["--graph-store", f"{base}/sparql-graph-crud-auth"],
            }[name]
            yield Store(endpoint, how)


VIRTUOSO = ("virtuoso", "virtuoso-login", "virtuoso-graph-store")
WAYS = ["oxigraph", "oxigraph-graph-store"]
WAYS += [pytest.param(name, marks=pytest.mark.slow) for name in VIRTUOSO]


@pytest.fixture(params=WAYS)
def store(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Store]:
    monkeypatch.setenv("ONEHEALTHKG_USER", "dba")
    monkeypatch.setenv("ONEHEALTHKG_PASSWORD", "dba")
    with started(request.param, tmp_path) as store:
        yield store


def rows_of(*texts: str) -> list[tuple[str, ...]]:
    quads = {quad for text in texts for quad in parse(text, format=RdfFormat.N_QUADS)}
    return sorted(
        tuple(
            "_" if str(term)[:2] == "_:" else str(term)
            for term in (quad.graph_name, quad.subject, quad.predicate, quad.object)
        )
        for quad in quads
    )


def written(folder: Path, text: str) -> Path:
    path = folder / "graph.nq"
    path.write_text(text, encoding="utf-8")
    return path


def without_ledger(rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return [row for row in rows if row[0] != f"<{LEDGER}>"]


def test_pushed_graphs_arrive_and_only_differences_are_sent_again(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, SAMPLE)
    assert store.push(file, "--dry-run") == 0
    assert capsys.readouterr().out == (
        "3 graphs with 4 statements: 3 to send with 4 statements, 0 unchanged, 0 to remove; "
        "nothing is done\n"
        "send http://example.org/g/1\n"
        "send http://example.org/g/2\n"
        "send http://example.org/g/3\n"
    )
    assert store.rows() == []

    assert store.push(file) == 0
    assert "Each of the 3 graphs has as many statements there" in capsys.readouterr().out
    assert without_ledger(store.rows()) == rows_of(SAMPLE)

    assert store.push(file) == 0
    assert "0 to send with 0 statements, 3 unchanged, 0 to remove" in capsys.readouterr().out

    lines = SAMPLE.splitlines(keepends=True)
    changed = lines[0].replace("one", "uno") + lines[1] + lines[3]
    assert store.push(written(tmp_path, changed)) == 0
    assert "1 to send with 2 statements, 1 unchanged, 1 to remove" in capsys.readouterr().out
    assert without_ledger(store.rows()) == rows_of(changed)

    assert store.push(written(tmp_path, SAMPLE)) == 0
    assert "2 to send with 3 statements, 1 unchanged, 0 to remove" in capsys.readouterr().out
    assert without_ledger(store.rows()) == rows_of(SAMPLE)


def test_a_graph_that_something_else_put_there_is_neither_replaced_nor_removed(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    alien = '<http://example.org/x> <http://example.org/says> "mine" <http://example.org/alien> .\n'
    other = alien.replace("mine", "yours")
    assert store.push(written(tmp_path, alien)) == 0
    forget_all(store)

    assert store.push(written(tmp_path, SAMPLE)) == 0
    assert "0 to remove" in capsys.readouterr().out
    assert store.push(written(tmp_path, SAMPLE + other)) == 2
    assert capsys.readouterr().err == (
        f"onehealthkg: {store.endpoint}: http://example.org/alien is in the store already, but not "
        "from push; delete each such graph, or overwrite it with --replace.\n"
    )
    assert without_ledger(store.rows()) == rows_of(SAMPLE, alien)

    assert store.push(written(tmp_path, SAMPLE + other), "--replace") == 0
    assert without_ledger(store.rows()) == rows_of(SAMPLE, other)


def test_a_graph_that_outgrows_the_memory_arrives_whole(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(large, "_TOGETHER", 1000)  # bytes, so that there are many temporary files
    monkeypatch.setattr(large, "_PARSED", 7)  # lines
    lines = [
        f'<http://example.org/{n % 50}> <http://example.org/says> "\\\\u00e9 {n}" <http://example.org/g/{n % 7}> .\n'
        for n in range(7 * MOST_TRIPLES + 700)
    ]
    text = "".join((*lines, *lines[:100]))
    pretended = Pretended(lambda *_: None)
    with misbehaving(pretended) as server:
        assert Store(server.address, []).push(written(tmp_path, text)) == 0
    assert without_ledger(pretended.rows()) == rows_of(text)
    assert max(len(request.body) for request in pretended.writes) < 200 * MOST_TRIPLES


def test_an_error_in_a_file_is_at_its_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(large, "_PARSED", 2)
    file = written(tmp_path, SAMPLE + "nonsense\n")
    assert main(["push", "http://localhost:9/", "--file", str(file)]) == 3
    assert f"{file}:5:" in capsys.readouterr().err
    file = written(tmp_path, SAMPLE + "<x:a> <x:b> <x:c> .\n")
    assert main(["push", "http://localhost:9/", "--file", str(file)]) == 3
    assert "DEFAULT: only graphs whose name is an IRI" in capsys.readouterr().err


def forget_all(store: Store) -> None:
    """Remove the ledger, as if something other than push had written the graphs."""
    client = Client(None, logins=login_for)
    if store.words and store.words[0] == "--graph-store":
        client.write(store.words[1], "DELETE", f"{store.words[1]}?graph={LEDGER}")
    else:
        address = store.words[1] if store.words else store.endpoint
        text = f"CLEAR SILENT GRAPH <{LEDGER}>".encode()
        client.write(address, "POST", address, text, "application/sparql-update")
    assert not read_ledger(client, store.endpoint).graphs


@pytest.mark.slow
@pytest.mark.parametrize(
    "store", ["oxigraph", "oxigraph-graph-store", "virtuoso-graph-store"], indirect=True
)
def test_the_whole_graph_of_the_package_is_in_the_store(
    store: Store, graph: KnowledgeGraph, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "all.nq"
    file.write_bytes(graph.export("nquads"))
    assert store.push(file) == 0
    assert "graphs has as many statements there as here" in capsys.readouterr().out
    # Virtuoso gives booleans as numbers.
    there = {row[:3] for row in store.rows() if row[0] != f"<{LEDGER}>"}
    quads = read_quads(file)
    assert there == {(str(q.graph_name), str(q.subject), str(q.predicate)) for q in quads}
    assert store.push(file) == 0
    assert " 0 to send with 0 statements" in capsys.readouterr().out


# A store that misbehaves


class Pretended:
    """A store in memory behind a server whose failures a test decides.

    ``fault`` is called with each writing request and its number, from 1; what it returns is sent
    instead of the reply, None for the true reply. If ``late`` is true, the store has done the work
    before it fails. It returns at most ``most`` rows, and does not say that there are more.
    """

    def __init__(
        self,
        fault: Callable[[Request, int], list[Part] | bytes | None],
        *,
        late: bool = False,
        most: int | None = None,
    ) -> None:
        self.store = pyoxigraph.Store()
        self.fault = fault
        self.late = late
        self.most = most
        self.writes: list[Request] = []
        self._turn = threading.Lock()

    def __call__(self, request: Request) -> list[Part] | bytes:
        with self._turn:
            if request.headers.get_content_type() != "application/sparql-update":
                solutions = self.store.query(request.query)
                assert isinstance(solutions, pyoxigraph.QuerySolutions)
                answer = json.loads(solutions.serialize(format=pyoxigraph.QueryResultsFormat.JSON))
                rows = answer["results"]["bindings"]
                answer["results"]["bindings"] = rows[: self.most]
                return reply(json.dumps(answer).encode())
            self.writes.append(request)
            failed = self.fault(request, len(self.writes))
            if failed is None or self.late:
                self.store.update(request.body.decode())
            return reply(b"", "204 No Content") if failed is None else failed

    def rows(self) -> list[tuple[str, ...]]:
        return rows_of(pyoxigraph.serialize(self.store, format=RdfFormat.N_QUADS).decode())


@pytest.fixture
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Waiting takes no time here; the requested waits are in the list."""
    waited: list[float] = []
    monkeypatch.setattr(client_module.time, "sleep", waited.append)
    return waited


@pytest.mark.parametrize("late", [False, True], ids=["not done", "done"])
@pytest.mark.parametrize(
    "failure",
    [
        reply(b"out of order", "500 Internal Server Error", "text/plain"),
        reply(b"", "503 Service Unavailable", headers="Retry-After: 7\r\n"),
        reply(b"", "429 Too Many Requests"),
        b"",  # the connection is closed without a word
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhal",
        b"nonsense\r\n\r\n",
    ],
    ids=["500", "503", "429", "closed", "cut off", "no HTTP"],
)
def test_a_failed_request_is_sent_again_and_the_store_is_right(
    failure: bytes, late: bool, tmp_path: Path, no_waiting: list[float]
) -> None:
    pretended = Pretended(lambda _, number: failure if number % 2 else None, late=late)
    with misbehaving(pretended) as server:
        assert Store(server.address, []).push(written(tmp_path, SAMPLE)) == 0
    assert without_ledger(pretended.rows()) == rows_of(SAMPLE)
    waits = [one for one in no_waiting if one]
    assert waits == ([7.0] if b"503" in failure else [1.0]) * (len(pretended.writes) // 2)


@pytest.mark.usefixtures("no_waiting")
def test_a_request_that_always_fails_is_an_error_after_four_tries(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pretended = Pretended(lambda *_: reply(b"disk full", "500 Oh", "text/plain"))
    with misbehaving(pretended) as server:
        assert Store(server.address, []).push(written(tmp_path, SAMPLE)) == 4
    assert len(pretended.writes) == 4
    last = capsys.readouterr().err.splitlines()[-1]
    assert last.startswith(f"onehealthkg: {server.address}: it failed (500 ")
    assert "disk full" in last


@pytest.mark.usefixtures("no_waiting")
def test_a_wait_that_is_too_long_and_a_refusal_are_errors_at_once(tmp_path: Path) -> None:
    busy = reply(b"", "503 Service Unavailable", headers="Retry-After: 3600\r\n")
    for refusal in (busy, reply(b"", "400 Bad Request"), reply(b"", "403 Forbidden")):
        pretended = Pretended(lambda *_, given=refusal: given)  # type: ignore[misc]
        with misbehaving(pretended) as server:
            assert Store(server.address, []).push(written(tmp_path, SAMPLE)) == 4
        assert len(pretended.writes) == 1


@pytest.mark.usefixtures("no_waiting")
def test_a_store_that_is_slow_gets_its_time_and_no_more(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pretended = Pretended(lambda *_: trickle(reply(b""), 0.2))
    with misbehaving(pretended) as server:
        push = Store(server.address, []).push
        assert push(written(tmp_path, SAMPLE), "--timeout", "0.5") == 4
    assert "no complete answer arrived within 0.5 seconds" in capsys.readouterr().err


@pytest.mark.usefixtures("no_waiting")
def test_a_redirect_to_another_host_gets_neither_the_graph_nor_the_password(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("ONEHEALTHKG_USER", "ada")
    monkeypatch.setenv("ONEHEALTHKG_PASSWORD", "s3cret")
    with misbehaving(lambda _: reply()) as other:
        there = f"Location: http://localhost:{other.port}/x\r\n"
        pretended = Pretended(lambda *_: reply(b"", "307 Temporary Redirect", headers=there))
        with misbehaving(pretended) as server:
            assert Store(server.address, []).push(written(tmp_path, SAMPLE)) == 4
        assert other.seen == []
    assert len(pretended.writes) == 1
    said = capsys.readouterr()
    assert "which is not followed" in said.err
    assert "s3cret" not in said.err + said.out


# Logins


def test_a_login_is_sent_only_on_request_and_never_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ONEHEALTHKG_USER", "ada")
    monkeypatch.setenv("ONEHEALTHKG_PASSWORD", "s3cret")
    asks = reply(b"", "401 Unauthorized", headers='WWW-Authenticate: Basic realm="x"\r\n')
    pretended = Pretended(lambda request, _: None if "Authorization" in request.headers else asks)
    with misbehaving(pretended) as server:
        assert Store(server.address, []).push(written(tmp_path, SAMPLE)) == 0
    sent = [request.headers.get("Authorization") for request in server.seen]
    asked = [None, None, None]  # the ledger, the counts, and the first update
    # The claim, a look for others, ledger and counts again, three updates, counts, and no claim.
    assert sent == asked + [f"Basic {b64encode(b'ada:s3cret').decode()}"] * 9
    said = capsys.readouterr()
    assert "s3cret" not in said.err + said.out
    assert "s3cret" not in repr(login_for(server.address))


def test_the_message_about_a_missing_or_wrong_login_names_its_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asks = reply(b"", "401 Unauthorized", headers='WWW-Authenticate: Basic realm="x"\r\n')
    where = "Set ONEHEALTHKG_USER and ONEHEALTHKG_PASSWORD, or name the host in ~/.netrc."
    for password in ("", "wr0ng"):
        if password:
            monkeypatch.setenv("ONEHEALTHKG_USER", "ada")
            monkeypatch.setenv("ONEHEALTHKG_PASSWORD", password)
        with misbehaving(Pretended(lambda *_: asks)) as server:
            assert Store(server.address, []).push(written(tmp_path, SAMPLE)) == 4
        said = capsys.readouterr().err
        assert "it requires authentication (401 Unauthorized)" in said
        assert where in said
        assert "wr0ng" not in said


def test_a_login_is_read_from_netrc_and_a_mistake_there_shows_no_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    address = "http://localhost:1/sparql"
    assert login_for(address) is None
    file = tmp_path / ".netrc"
    file.write_text("machine localhost login ada password s3cret\n", encoding="utf-8")
    file.chmod(0o600)
    assert repr(login_for(address)) == "<Login for localhost:1>"
    assert login_for("http://example.org/sparql") is None
    file.write_text("machine localhost login ada passwort s3cret\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"\.netrc:1: this line cannot be read") as error:
        login_for(address)
    assert "s3cret" not in str(error.value)
    monkeypatch.setenv("ONEHEALTHKG_USER", "ada")
    with pytest.raises(UsageError, match="ONEHEALTHKG_USER is set alone"):
        login_for(address)


def test_a_password_does_not_leave_the_machine_in_clear_text() -> None:
    login = Login("http://example.org/sparql", "ada", "s3cret")
    request = write_request("POST", "http://example.org/sparql", "test", b"x", "text/plain")
    with pytest.raises(RemoteError, match="use its https address"):
        login.challenged(request, ['Basic realm="x"'])
    with pytest.raises(RemoteError, match="by negotiate; only Digest and Basic"):
        login.challenged(request, ["Negotiate"])
    login.challenged(request, ['Basic realm="x"', 'Digest realm="x", nonce="1", qop="auth"'])
    login.authorize(request)
    assert "s3cret" not in str(request.header_items())
    elsewhere = write_request("POST", "http://example.com/sparql", "test", b"x", "text/plain")
    login.authorize(elsewhere)
    assert not elsewhere.has_header("Authorization")


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "ftp://localhost/x", "http://a:b@localhost/", "localhost:80"]
)
@pytest.mark.parametrize("option", ["", "--update", "--graph-store"])
def test_only_web_addresses_are_accepted(address: str, option: str, tmp_path: Path) -> None:
    words = [address] if not option else ["http://localhost:9/", option, address]
    assert main(["push", *words, "--file", str(written(tmp_path, SAMPLE))]) == 2


# Interrupted


@pytest.mark.sampled(1)
@pytest.mark.parametrize("killed_at", [1, 2, 4])
def test_a_push_that_is_killed_is_resumed_by_the_next_one(killed_at: int, tmp_path: Path) -> None:
    lines = [
        f'<http://example.org/{n}> <http://example.org/says> "{m}" <http://example.org/g/{n}> .\n'
        for n in range(5)
        for m in range(MOST_TRIPLES)
    ]
    file = written(tmp_path, "".join(lines))
    pretended = Pretended(lambda *_: None)
    with misbehaving(lambda request: [0.2, *as_list(pretended(request))]) as server:
        words = [sys.executable, "-m", "onehealthkg", "push", server.address, "--file", str(file)]
        process = subprocess.Popen(words, stdout=subprocess.DEVNULL)
        while len(pretended.writes) < killed_at:
            time.sleep(0.01)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        sent = len(pretended.writes)
        whole = len(read_ledger(Client(None), server.address).digests)
        assert 0 <= whole < 5
        assert Store(server.address, []).push(file) == 0
    assert without_ledger(pretended.rows()) == rows_of("".join(lines))
    # Two requests for each graph that was not whole, and one that says which they are; three for
    # the claims: the new one is made and removed, and the one that was left is removed.
    assert len(pretended.writes) - sent == 3 + 1 + 2 * (5 - whole)


def test_a_push_that_ends_after_any_request_is_resumed(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ledger never loses the names of graphs that push has sent."""
    monkeypatch.setattr(writers, "_MOST_PUT", 3)
    write, left = Client.write, 0

    def stopping(*words: str | bytes, **more: str) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise RemoteError("stopped")
        write(*words, **more)  # type: ignore[arg-type]

    for number in range(1, 40):
        left = number
        other = SAMPLE.replace("one", f"{number}").replace("2020", f"{2020 + number}")
        with monkeypatch.context() as stopped:
            stopped.setattr(Client, "write", stopping)
            is_done = store.push(written(tmp_path, other), "--take-over") == 0
        assert store.push(written(tmp_path, SAMPLE), "--take-over") == 0
        there = [row for row in store.rows() if row[0].startswith("<http://example.org/")]
        assert there == rows_of(SAMPLE)
        if is_done:
            break
    assert is_done


@pytest.mark.slow
def test_two_pushes_at_once_leave_one_of_the_two_graphs(store: Store, tmp_path: Path) -> None:
    texts, processes = [], []
    for word in ("one", "two"):
        texts.append(
            "".join(
                f'<http://example.org/{n}> <http://example.org/says> "{word}" <http://example.org/g/{n}> .\n'
                for n in range(2 * MOST_TRIPLES)
            )
        )
        file = tmp_path / f"{word}.nq"
        file.write_text(texts[-1], encoding="utf-8")
        words = [sys.executable, "-m", "onehealthkg", "push", store.endpoint, *store.words]
        processes.append(
            subprocess.Popen(
                [*words, "--file", str(file)],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
    said = [process.communicate()[1] for process in processes]
    codes = [process.returncode for process in processes]
    assert all(
        "another push is writing" in text for text, code in zip(said, codes, strict=True) if code
    )
    for text in texts:  # whoever came last can push again
        assert store.push(written(tmp_path, text)) == 0
        assert without_ledger(store.rows()) == rows_of(text)


def test_a_store_that_another_machine_has_claimed_is_left_alone(
    store: Store,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(claim, "_machine", lambda: "0" * 12)
        elsewhere.setattr(ByUpdate, "drop", lambda *_: None)
        elsewhere.setattr(ByGraphStore, "drop", lambda *_: None)
        assert store.push(written(tmp_path, SAMPLE)) == 0
    monkeypatch.setattr(claim, "_PATIENCE", 0)
    other = written(tmp_path, SAMPLE.replace("one", "two"))
    assert store.push(other) == 2
    assert "another push is writing to this store" in capsys.readouterr().err
    assert store.push(other, "--dry-run") == 0
    assert store.push(other, "--take-over") == 0
    assert store.push(written(tmp_path, SAMPLE)) == 0
    assert without_ledger(store.rows()) == rows_of(SAMPLE)


def as_list(parts: list[Part] | bytes) -> list[Part]:
    return [parts] if isinstance(parts, bytes) else parts


def test_counts_that_differ_are_reported_by_graph(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pretended = Pretended(lambda *_: None)
    with misbehaving(pretended) as server:
        push = Store(server.address, []).push
        assert push(written(tmp_path, SAMPLE)) == 0
        capsys.readouterr()
        pretended.store.update(
            "DELETE WHERE { GRAPH <http://example.org/g/2> { ?s ?p ?o } } ; "
            "INSERT DATA { GRAPH <http://example.org/g/3> { <x:a> <x:b> <x:c> } }"
        )
        assert push(tmp_path / "graph.nq") == 1
        said = capsys.readouterr().err
        assert push(tmp_path / "graph.nq", "--replace") == 0
    assert without_ledger(pretended.rows()) == rows_of(SAMPLE)
    assert said == (
        "http://example.org/g/2: 1 statements here, 0 there\n"
        "http://example.org/g/3: 1 statements here, 2 there\n"
        "2 of 3 graphs differ; push again with --replace.\n"
    )


@pytest.mark.parametrize("most", [None, 40], ids=["all at once", "cut off silently"])
def test_the_ledger_is_read_whole(
    most: int | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lines = [
        f'<http://example.org/{n}> <http://example.org/says> "x" <http://example.org/g/{n:03}> .\n'
        for n in range(150)
    ]
    monkeypatch.setattr(paging, "LARGEST", 17)
    monkeypatch.setattr(ledger_module, "_NAMES", 30)
    pretended = Pretended(lambda *_: None, most=most)
    with misbehaving(pretended) as server:
        assert Store(server.address, []).push(written(tmp_path, "".join(lines))) == 0
        ledger = read_ledger(Client(None), server.address)
    with graphs_of(lambda add: add("".join(lines))) as graphs:
        assert ledger.digests == {graph.iri: graph.digest for graph in graphs}
        assert ledger.graphs == {graph.iri for graph in graphs}


def test_foreign_entries_in_the_ledger_do_not_enter_an_update(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    evil = '" } } ; CLEAR ALL ; INSERT DATA { GRAPH <x:g> { <x:a> <x:b> "'
    pretended = Pretended(lambda *_: None)
    with misbehaving(pretended) as server:
        push = Store(server.address, []).push
        assert push(written(tmp_path, SAMPLE)) == 0
        graph, ledger = "http://example.org/g/1", pyoxigraph.NamedNode(LEDGER)
        pretended.store.update(f"DELETE WHERE {{ GRAPH <{LEDGER}> {{ <{graph}> ?p ?o }} }}")
        digest = pyoxigraph.NamedNode("https://w3id.org/onehealthkg/settings#digest")
        noted = pyoxigraph.NamedNode(graph), digest, pyoxigraph.Literal(evil)
        pretended.store.add(pyoxigraph.Quad(*noted, ledger))
        assert push(tmp_path / "graph.nq") == 0
        assert without_ledger(pretended.rows()) == rows_of(SAMPLE)

        part = pyoxigraph.NamedNode("http://purl.org/dc/terms/hasPart")
        pretended.store.add(pyoxigraph.Quad(ledger, part, pyoxigraph.Literal("x"), ledger))
        assert push(tmp_path / "graph.nq") == 4
    assert (
        '"x" in https://w3id.org/onehealthkg/graph/ledger is not a graph' in capsys.readouterr().err
    )


def test_a_users_graph_cannot_have_the_name_of_the_ledger(tmp_path: Path) -> None:
    file = written(tmp_path, f"<x:a> <x:b> <x:c> <{LEDGER}> .\n")
    assert main(["push", "http://localhost:9/", "--file", str(file)]) == 3
