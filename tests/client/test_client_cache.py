"""The client's cache, batches, real servers, and the options of commands."""

import argparse
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fetching import ONE, QUERY, Asking, message
from misbehaving import (
    ONE_ROW,
    reply,
)
from pyoxigraph import Literal
from servers import GRAPH, SERVERS, oxigraph, virtuoso

import onehealthkg
from onehealthkg.commands.remote import remote_client, remote_options
from onehealthkg.endpoints.client import Client
from onehealthkg.errors import AnswerTooLarge, NotCached, RemoteError

# The cache


def test_an_answer_is_requested_once_and_then_read_from_the_cache(
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
def test_a_damaged_cached_answer_is_requested_again(
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


def test_offline_nothing_is_sent_and_the_message_names_the_query(
    tmp_path: Path, serve: Asking
) -> None:
    server = serve(reply())
    with pytest.raises(NotCached) as caught:
        Client(tmp_path, offline=True).select(server.address, QUERY)
    assert str(caught.value) == (
        f"{server.address}: no answer is cached for this query; without --offline the "
        f"endpoint is called. The query: {QUERY}"
    )
    assert server.seen == []


def test_an_answer_that_cannot_be_cached_is_returned(tmp_path: Path, serve: Asking) -> None:
    (tmp_path / "file").write_text("")
    said: list[str] = []
    server = serve(reply())
    answers = Client(tmp_path / "file" / "x", notice=said.append).select(server.address, QUERY)
    assert answers.rows == ONE
    assert [one.split(": ")[0] for one in said] == [f"The answer of {server.address} is not cached"]


def test_the_cache_is_readable_only_by_its_owner(
    client: Client, serve: Asking, tmp_path: Path
) -> None:
    client.select(serve(reply()).address, QUERY)
    assert (tmp_path / "answers").stat().st_mode & 0o077 == 0


# Batches


def numbers(some: object) -> str:
    return f"SELECT {some}"


def test_finished_batches_are_cached_and_the_next_run_resumes(
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
        f"{server.address}: it failed (500 Internal Server Error). 4 of 6 are done "
        "and cached; the same command resumes from there."
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


@pytest.mark.parametrize("server", SERVERS)
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
                "the answer is a boolean, not rows; write a SELECT query."
            )
        update = f"INSERT DATA {{ GRAPH <{GRAPH}> {{ <x:a> <x:b> <x:c> }} }}"
        assert message(client, endpoint, update).startswith(("it refuses", "it failed", "the ans"))


@pytest.mark.slow
def test_truncation_by_virtuoso_is_noticed(tmp_path: Path, client: Client) -> None:
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
        "endpoints/credentials.py",  # only for the answer to a server that asks for a password
        "endpoints/solutions.py",  # only for the names of the status codes
        "endpoints/transport.py",
        "serving/guard.py",  # the same
        "serving/run.py",  # the server's modules listen, and call nobody
        "serving/workers.py",
    ]
