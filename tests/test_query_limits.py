"""Forbidden to every query: calling others, changing data, running for ever; random input."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from asking import PROJECT, refused
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, Store
from rdflib.plugins.sparql import prepareQuery

from onehealthkg.errors import (
    OneHealthKGError,
    TimeLimit,
)
from onehealthkg.queries.parameters import TYPES, bind, terms
from onehealthkg.queries.query import check_syntax, own, run
from onehealthkg.queries.questions import names, parse, question_named

# Attacks


@pytest.fixture
def calls() -> Iterator[tuple[str, list[str]]]:
    """The address of a server, and the paths that were asked of it."""
    seen: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.path)
            self.send_response(200)
            self.end_headers()

        do_POST = do_GET  # noqa: N815 - the name that the server looks for

        def log_message(self, *arguments: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", seen
    server.shutdown()
    server.server_close()


def test_the_engine_alone_would_call_an_address(calls: tuple[str, list[str]]) -> None:
    address, seen = calls
    assert list(Store().query(f"SELECT * {{ SERVICE SILENT <{address}a> {{ ?s ?p ?o }} }}"))  # type: ignore[arg-type]
    assert seen == ["/a"]


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * {{ SERVICE <{0}> {{ ?s ?p ?o }} }}",
        "SELECT * {{ service silent <{0}> {{ ?s ?p ?o }} }}",
        "SELECT * {{ SeRvIcE<{0}>{{ ?s ?p ?o }} }}",
        "ASK {{ FILTER EXISTS {{ SERVICE <{0}> {{ ?s ?p ?o }} }} }}",
        "ASK {{ FILTER(1<2&&EXISTS{{SERVICE<{0}>{{?s ?p ?o}}}}) }}",
        "SELECT * {{ VALUES ?u {{ <{0}> }} SERVICE ?u {{ ?s ?p ?o }} }}",
        "SELECT * {{ {{ SELECT * {{ SERVICE <{0}> {{ ?s ?p ?o }} }} }} }}",
        "PREFIX service: <{0}> SELECT * {{ SERVICE service:x {{ ?s ?p ?o }} }}",
        "PREFIX x: <{0}> SELECT * {{ ?service ?p 'SERVICE' . SERVICEx:y {{ ?s ?p ?o }} }}",
        "PREFIX e: <{0}> SELECT * {{ e:a\\' e:b e:c . SERVICE <{0}> {{ ?s ?p ?o }} . e:a\\' e:b ?x }}",
        "PREFIX e: <{0}> SELECT * {{ e:a\\# e:b e:c . SERVICE <{0}> {{ ?s ?p ?o }} }}",
        "SELECT * {{ # comment '\n SERVICE <{0}> {{ ?s ?p ?o }} }} # '",
        "CONSTRUCT {{ ?s ?p ?o }} {{ SERVICE <{0}> {{ ?s ?p ?o }} }}",
        "DESCRIBE ?s {{ SERVICE <{0}> {{ ?s ?p ?o }} }}",
    ],
)
def test_service_is_refused_in_every_form(
    merged: Store, calls: tuple[str, list[str]], text: str
) -> None:
    message = refused(merged, text.format(calls[0]))
    assert "SERVICE is not allowed" in message
    assert calls[1] == []


@pytest.mark.parametrize(
    "text",
    [
        "ASK { FILTER('SERVICE <http://x/> {}' != \"service\") } # SERVICE <http://x/> {}",
        "PREFIX service: <http://service/SERVICE#> ASK { FILTER(service:service != <x:service>) }",
        "ASK { BIND(1 AS ?service) BIND(2 AS ?SERVICE) FILTER(?service < ?SERVICE) }",
        "ASK { BIND('''SERVICE\n\"service''' AS ?x) FILTER NOT EXISTS { _:service ?services ?x } }",
        "SELECT ?service (COUNT(*) AS ?services) { VALUES ?service { 'x'@en-service } } GROUP BY ?service",
    ],
)
def test_the_word_service_alone_is_not_refused(merged: Store, text: str) -> None:
    result = run(merged, PROJECT, text)
    assert result.truth is True or len(result) == 1


def test_from_opens_no_address_and_no_file(merged: Store, calls: tuple[str, list[str]]) -> None:
    for iri in (calls[0], "file:///etc/passwd"):
        assert run(merged, PROJECT, f"ASK FROM <{iri}> {{ ?s ?p ?o }}").truth is False
        named = f"ASK FROM NAMED <{iri}> {{ GRAPH ?g {{ ?s ?p ?o }} }}"
        assert run(merged, PROJECT, named).truth is False
    assert calls[1] == []
    passage = "https://w3id.org/onehealthkg/source/2020-02-05-anses-inserm#s18"
    assert len(run(merged, PROJECT, f"CONSTRUCT FROM <{passage}> WHERE {{ ?s ?p ?o }}")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "LOAD <{0}>",
        "INSERT DATA {{ <x:a> <x:b> 1 }}",
        "PREFIX x: <x:>\nDELETE WHERE {{ ?s ?p ?o }}",
        "DROP ALL ; ASK {{}}",
        "ASK {{}} ; DROP ALL",
    ],
)
def test_an_update_is_not_a_query(merged: Store, calls: tuple[str, list[str]], text: str) -> None:
    before = len(merged)
    message = refused(merged, text.format(calls[0]) + " # {")
    assert "this is no" in message
    assert calls[1] == []
    assert len(merged) == before


def test_a_query_that_never_ends_is_stopped(merged: Store) -> None:
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    start = time.monotonic()
    with pytest.raises(TimeLimit, match=r"query: stopped after 0.5 seconds; ask for less"):
        run(merged, PROJECT, endless, seconds=0.5)
    assert time.monotonic() - start < 30


def test_a_query_that_kills_the_engine_is_an_error(merged: Store) -> None:
    message = refused(merged, f"SELECT * {'{' * 50_000}{'}' * 50_000}")
    assert "this is nested too deeply, or needs too much memory" in message


def test_no_process_is_left_behind() -> None:
    """In a separate process, because this one may have waiting children of other tests."""
    script = (
        "import os; from onehealthkg.graph import load; load().query('ASK {}')\n"
        "try: os.waitpid(-1, os.WNOHANG)\n"
        "except ChildProcessError: print('none')"
    )
    ended = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)
    assert ended.stdout == b"none\n"


# Random values and queries

VALUE = st.one_of(
    st.text(st.characters(exclude_categories=())),
    st.text('<>{}"\\?$ .@^:#|&\n\ta', max_size=12),
    st.sampled_from(
        [
            '" } DROP ALL #',
            "> } ?s ?p ?o {",
            'x" } UNION { ?a ?b ?c } #',
            "UNDEF",
            "?x",
            "\\u0022 }",
            "\\\\U00000022 }",
            "\x01\x7f\\uD800",
            "id:organisation-inserm",
            "2022-01-01",
            "-5",
            "en",
        ]
    ),
)
MINIMAL = (
    '#+ summary: "x"\n#+ description: "x"\n#+ tags: ["x"]\n#+ parameters:\n'
    '#+   - {{name: "x", type: "{0}"}}\n#+ columns: ["x"]\n'
    "SELECT ?x ?y {{\n  VALUES ?x {{ UNDEF }}\n  ?y ?p ?x\n  FILTER(?y != ?x)\n}}\nORDER BY ?x\n"
)


def algebra(text: str) -> tuple[str, list[str]]:
    """The algebra of a query with UNDEF for the values of its VALUES, and these values."""
    found: list[str] = []

    def walk(part: object) -> object:
        if isinstance(part, dict):
            if getattr(part, "name", "") == "values":
                found.extend(str(one) for row in part["res"] for one in row.values())
                return "VALUES"
            return {str(key): walk(one) for key, one in part.items() if key != "_vars"}
        if isinstance(part, list | tuple):
            return [walk(one) for one in part]
        return repr(part)

    return repr(walk(prepareQuery(text).algebra)), found


@pytest.mark.slow
@settings(max_examples=examples(1000))
@given(kind=st.sampled_from(TYPES), value=VALUE)
def test_a_value_never_changes_the_algebra(merged: Store, kind: str, value: str) -> None:
    asked = parse("x", MINIMAL.format(kind))
    try:
        found = terms(merged, asked, {"x": value})
    except OneHealthKGError:
        return
    if not found:  # * stands for anything, and is UNDEF
        return
    without, values = algebra(bind(asked, found))
    assert (without, values) == (PLAIN, [found["x"][0].value])  # type: ignore[union-attr]


PLAIN = algebra(bind(parse("x", MINIMAL.format("text")), {"x": [Literal("y")]}))[0]


@pytest.mark.slow
@settings(max_examples=examples(300, 20))
@given(name=st.sampled_from(names(PROJECT)), values=st.lists(VALUE, min_size=4, max_size=4))
def test_random_values_give_an_answer_or_an_error_of_ours(
    merged: Store, name: str, values: list[str]
) -> None:
    asked = question_named(PROJECT, name)
    given_values = {one.name: value for one, value in zip(asked.parameters, values, strict=False)}
    with suppress(OneHealthKGError):
        run(merged, PROJECT, name, given_values)


PIECES = ["{", "}", "(", ")", "?x", "SERVICE <http://127.0.0.1:9/>", "FILTER", '"', "'", "<", ">"]
PIECES += ["\\", "#", "UNION", "OPTIONAL", "*", "+", "|", "\0", "é", "\ud800", "GROUP BY", "1e999"]


@settings(max_examples=examples(1000, 50))
@given(
    name=st.sampled_from(names(PROJECT)),
    changes=st.lists(
        st.tuples(st.floats(0, 1), st.integers(0, 30), st.sampled_from(PIECES)),
        min_size=1,
        max_size=4,
    ),
)
def test_mutated_queries_give_an_answer_or_an_error_of_ours(
    merged: Store, name: str, changes: list[tuple[float, int, str]]
) -> None:
    text = question_named(PROJECT, name).text
    text = text[text.index("PREFIX") :]
    for place, cut, piece in changes:
        start = int(place * len(text))
        text = f"{text[:start]} {piece} {text[start + cut :]}"
    with suppress(OneHealthKGError):
        run(merged, PROJECT, text, seconds=0.3)


def test_syntax_is_checked_without_running(calls: tuple[str, list[str]]) -> None:
    check_syntax(own("x", f"ASK {{ SERVICE <{calls[0]}> {{ ?s ?p ?o }} }}"))
    assert calls[1] == []
