"""A graph in a store behind an address: the same answers as from files, on engines that differ."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet
from effort import sample
from misbehaving import Request, misbehaving, reply
from pyoxigraph import DefaultGraph, NamedNode, QueryResultsFormat, QuerySolutions, Store
from servers import oxigraph, virtuoso
from test_queries import FILES, expected

from onehealthkg.cli import main
from onehealthkg.endpoints import paging
from onehealthkg.endpoints.client import Client
from onehealthkg.endpoints.credentials import login_for
from onehealthkg.endpoints.graphs import graphs_of
from onehealthkg.endpoints.patterns import Pattern, patterns_of
from onehealthkg.endpoints.push import plan, push
from onehealthkg.endpoints.writers import ByGraphStore, ByUpdate
from onehealthkg.errors import UnknownThing, UsageError
from onehealthkg.graph import ConnectedGraph, KnowledgeGraph, connect
from onehealthkg.names import PREFIXES
from onehealthkg.queries.query import answer, prepare
from onehealthkg.queries.tables import cell
from onehealthkg.terms import merge, named_node

ENGINES = ("oxigraph", pytest.param("virtuoso", marks=[pytest.mark.slow]))
SAMPLE = {"agreements.french", "hubs", "partners-of", "said-by", "topics-of"}


def fill(
    client: Client, endpoint: str, update: str, graph: KnowledgeGraph, *, by_update: bool
) -> None:
    """Put the bundled graph into a store."""
    with graphs_of(lambda add: add(graph.export("nquads").decode())) as graphs:
        planned = plan(client, endpoint, graphs)
        writer = (ByUpdate if by_update else ByGraphStore)(client, update, planned.ledger)
        push(writer, planned, lambda _: None)


@pytest.fixture(scope="module")
def at_oxigraph(
    graph: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ConnectedGraph]:
    with oxigraph(tmp_path_factory.mktemp("oxigraph"), writable=True) as endpoint:
        update = endpoint.replace("/query", "/update")
        fill(Client(None), endpoint, update, graph, by_update=True)
        yield connect(endpoint)


@pytest.fixture(scope="module")
def at_virtuoso(
    graph: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ConnectedGraph]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ONEHEALTHKG_USER", "dba")
        patch.setenv("ONEHEALTHKG_PASSWORD", "dba")
        with virtuoso(tmp_path_factory.mktemp("virtuoso"), writable=True, rows=10_000) as endpoint:
            update = endpoint.replace("/sparql", "/sparql-graph-crud-auth")
            fill(Client(None, logins=login_for), endpoint, update, graph, by_update=False)
            yield connect(endpoint)


@pytest.fixture(params=ENGINES)
def there(request: pytest.FixtureRequest) -> ConnectedGraph:
    connected: ConnectedGraph = request.getfixturevalue(f"at_{request.param}")
    return connected


def slow_unless(name: str, names: set[str], value: object) -> ParameterSet:
    return pytest.param(value, id=name, marks=[] if name in names else [pytest.mark.slow])


@pytest.mark.parametrize("path", [slow_unless(path.stem, SAMPLE, path) for path in FILES])
def test_a_question_has_the_same_rows_there(path: Path, there: ConnectedGraph) -> None:
    name, values, rows = expected(path)
    result = there.query(name, values)
    assert [result.columns, *([cell(term) for term in row] for row in result.rows)] == rows


@pytest.mark.slow
@pytest.mark.parametrize("name", ["partners-of", "said-by.s5"])
def test_an_unreliable_engine_gives_the_same_rows(name: str, at_virtuoso: ConnectedGraph) -> None:
    path = next(path for path in FILES if path.stem == name)
    test_a_question_has_the_same_rows_there(path, at_virtuoso)


SHOWN = ("Inserm", "zoonoses", "OIE", "agreement-anses-inserm-2020", "rule:end-date", "oh:party")


@pytest.mark.parametrize("name", SHOWN)
def test_a_thing_is_shown_in_the_same_way(
    name: str, graph: KnowledgeGraph, there: ConnectedGraph
) -> None:
    ours = graph.show(name)
    assert str(there.show(name)) == str(ours)
    assert there.show(name).as_data() == ours.as_data()


@pytest.mark.slow
def test_evidence_passages_and_inferences_are_shown_in_the_same_way(
    graph: KnowledgeGraph, there: ConnectedGraph
) -> None:
    for statement in ("Inserm founded *", "* oh:party Inserm", "ANSES oh:partnerOf *"):
        assert str(there.evidence(statement)) == str(graph.evidence(statement))
    assert str(there.passage("s5")) == str(graph.passage("s5"))
    assert str(there.inferences("end-date")) == str(graph.inferences("end-date"))


def test_an_unknown_name_gets_the_same_suggestion(
    graph: KnowledgeGraph, there: ConnectedGraph
) -> None:
    with pytest.raises(UnknownThing) as ours:
        graph.show("Insrem")
    with pytest.raises(UnknownThing) as theirs:
        there.show("Insrem")
    assert str(theirs.value) == str(ours.value)


CITED = {
    "signatures": {"organisation": "Inserm"},
    "partners-of": {"organisation": "Inserm"},
    "topic-counts": {"least": 12},
    "shortest-path": {"from": "Inserm", "to": "Institut Pasteur"},
}


@pytest.mark.parametrize("name", [slow_unless(name, {"signatures"}, name) for name in CITED])
def test_rows_are_cited_in_the_same_way(
    name: str, graph: KnowledgeGraph, there: ConnectedGraph
) -> None:
    ours = graph.cite(graph.query(name, CITED[name]))
    theirs = there.cite(there.query(name, CITED[name]))
    for form in ("table", "json", "csv"):
        assert theirs.serialize(form) == ours.serialize(form)


OWN = [
    "ASK { id:organisation-anses oh:partnerOf id:organisation-inserm }",
    "SELECT DISTINCT ?p ?o { id:organisation-inserm ?p ?o FILTER(isIRI(?o)) } ORDER BY ?p ?o",
    "SELECT DISTINCT ?g { GRAPH ?g { id:organisation-inserm ?p ?o } } ORDER BY ?g",
    "SELECT DISTINCT ?x { id:agreement-anses-inserm-2020 oh:party/skos:prefLabel ?x } ORDER BY ?x",
    "SELECT DISTINCT ?x { VALUES ?c { oh:Agreement } ?c rdfs:label ?x } ORDER BY ?x",
    "SELECT DISTINCT ?x { ?x a oh:Agreement MINUS { ?x oh:dateSigned ?d } } ORDER BY ?x",
    "CONSTRUCT { ?s oh:party ?o } WHERE { ?s oh:party ?o }",
    "DESCRIBE id:organisation-inserm",
]


@pytest.mark.parametrize("query", OWN)
def test_a_users_own_query_has_the_same_answer(
    query: str, graph: KnowledgeGraph, there: ConnectedGraph
) -> None:
    form = "turtle" if query.startswith(("CONSTRUCT", "DESCRIBE")) else "json"
    assert there.query(query).serialize(form) == graph.query(query).serialize(form)


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    "words",
    [
        ["query", "signatures", "--organisation", "Inserm", "--cite"],
        ["query", "signatures", "--organisation", "Inserm", "--lang", "fr", "--format", "csv"],
        ["show", "Inserm"],
        ["evidence", "--passage", "s5"],
    ],
)
def test_the_commands_print_the_same(
    words: list[str], there: ConnectedGraph, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 0
    ours = capsys.readouterr().out
    assert main([*words, "--endpoint", there.store.endpoint]) == 0
    assert capsys.readouterr().out == ours


def test_a_table_takes_a_few_requests_however_many_rows_it_has(
    at_oxigraph: ConnectedGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected = connect(at_oxigraph.store.endpoint)
    queries: list[str] = []
    asked = Client._asked  # noqa: SLF001

    def counted(self: Client, endpoint: str, query: str, *more: object) -> object:
        queries.append(query)
        return asked(self, endpoint, query, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(Client, "_asked", counted)
    table = str(connected.query("organisations"))
    assert len(table.splitlines()) > 100
    assert len(queries) < 10


# Stores that are not as they must be


@pytest.mark.parametrize("path", sample(FILES, 12), ids=lambda path: path.stem)
def test_the_quads_of_its_patterns_are_enough_to_answer_a_query(
    path: Path, graph: KnowledgeGraph, merged: Store
) -> None:
    name, values, rows = expected(path)
    question, _, _ = prepare(merged, graph.project, name, values)
    patterns = patterns_of(question.text)
    part = Store()
    for pattern in patterns:
        part.extend(graph.store.quads_for_pattern(*pattern))
    result = answer(merge(part), question, {})
    assert [result.columns, *([cell(term) for term in row] for row in result.rows)] == rows


ORGANISATION, PARTY = named_node("id:organisation-anses"), named_node("oh:party")
LIMITED = [
    # VALUES limits what comes after it, not an OPTIONAL before it.
    ("SELECT * { VALUES ?o { id:organisation-anses } ?s oh:party ?o }", (None, PARTY, ORGANISATION)),
    ("SELECT * { ?x ?y ?z OPTIONAL { ?s oh:party ?o } VALUES ?o { id:organisation-anses } }", (None, PARTY, None)),
    # A variable in a SELECT within may be another one of the same name.
    ("SELECT * { VALUES ?o { id:organisation-anses } { SELECT ?s { ?s oh:party ?o } } }", (None, PARTY, None)),
    ("SELECT * { VALUES ?o { UNDEF } ?s oh:party ?o }", (None, PARTY, None)),
    ("SELECT * { ?s oh:partner/oh:party* ?o }", (None, PARTY, None)),
    ("SELECT * { ?s !oh:party ?o }", (None, None, None)),
    ("SELECT * { ?s ?p ?o FILTER NOT EXISTS { ?s oh:party id:organisation-anses } }", (None, PARTY, ORGANISATION)),
    ("SELECT ?s { ?s ?p ?o } GROUP BY ?s HAVING(EXISTS { ?s oh:party ?x })", (None, None, None)),
    ("CONSTRUCT WHERE { ?s oh:party ?o }", (None, PARTY, None)),
    ("SELECT * { VALUES ?o { id:organisation-anses } ?s oh:partner/oh:party ?o }", (None, PARTY, None)),
    ("DESCRIBE id:organisation-anses", (None, None, None)),
]  # fmt: skip


@pytest.mark.parametrize(("query", "expected_pattern"), LIMITED)
def test_a_pattern_is_limited_only_where_the_answer_stays_the_same(
    query: str, expected_pattern: tuple[NamedNode | None, ...]
) -> None:
    prefixes = "".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in ("id", "oh"))
    assert Pattern(*expected_pattern) in patterns_of(prefixes + query)  # type: ignore[arg-type]


def test_a_graph_that_is_named_is_read_alone() -> None:
    query = "SELECT * { VALUES ?g { <x:g> } GRAPH ?g { ?s ?p ?o } }"
    assert patterns_of(query) == {Pattern(None, None, None, NamedNode("x:g"))}
    with pytest.raises(UsageError, match="FROM chooses other graphs"):
        patterns_of("SELECT * FROM <x:g> { ?s ?p ?o }")


def test_the_message_of_an_empty_store_names_push(tmp_path: Path) -> None:
    with oxigraph(tmp_path) as endpoint:
        with pytest.raises(UsageError, match="onehealthkg push http"):
            connect(endpoint).query("signatures")
        with pytest.raises(UsageError, match="onehealthkg push http"):
            connect(endpoint).show("Inserm")


def test_the_message_of_a_store_without_a_union_names_the_setting(
    graph: KnowledgeGraph,
) -> None:
    with (
        misbehaving(lambda request: answered(graph, request, union=False)) as server,
        pytest.raises(UsageError, match="make the default graph the union"),
    ):
        connect(server.address).query("signatures")


def test_a_store_that_fails_a_probe_is_not_used_for_queries(
    graph: KnowledgeGraph, caplog: pytest.LogCaptureFixture
) -> None:
    def wrong(request: Request) -> bytes:
        if "OPTIONAL" in request.query:
            return reply(b'{"head":{"vars":["label"]},"results":{"bindings":[{}]}}')
        return answered(graph, request, union=True)

    with misbehaving(wrong) as server:
        result = connect(server.address).query("topic-counts", least=12)
        assert not [one for one in server.seen if "topic-counts" in one.query]
    assert result.rows == graph.query("topic-counts", least=12).rows
    assert "answers some queries incorrectly" in caplog.text


def answered(graph: KnowledgeGraph, request: Request, *, union: bool) -> bytes:
    solutions = graph.store.query(request.query, use_default_graph_as_union=union)
    assert isinstance(solutions, QuerySolutions)
    return reply(solutions.serialize(format=QueryResultsFormat.JSON))


def test_errors_of_the_store_are_errors_here(capsys: pytest.CaptureFixture[str]) -> None:
    with misbehaving(lambda _: reply(b"out of order", "500 Oh", "text/plain")) as server:
        assert main(["query", "signatures", "--endpoint", server.address]) == 4
    assert "it failed (500" in capsys.readouterr().err
    assert main(["show", "Inserm", "--endpoint", "file:///etc/passwd"]) == 2
    assert main(["query", "sources", "--endpoint", "http://x/", "--remote", "agrovoc"]) == 2


def test_the_rows_of_all_pages_are_read(
    graph: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "LARGEST", 4000)
    with misbehaving(lambda request: answered(graph, request, union=True)) as server:
        quads = set(connect(server.address).store.quads_for_pattern(None, None, None))
    assert {one for one in quads if one.graph_name != DefaultGraph()} == set(graph.store)
