"""The SPARQL 1.1 Protocol, by the tests of the W3C and by more of its rules."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
import rdflib
import SPARQLWrapper
from pyoxigraph import QueryResultsFormat, RdfFormat, parse, parse_query_results
from rdflib.collection import Collection
from serving import START, Running, serving

MANIFEST = Path(__file__).parent / "protocol" / "manifest.ttl"
MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = rdflib.Namespace("http://www.w3.org/2011/http#")
CNT = rdflib.Namespace("http://www.w3.org/2011/content#")

# The graphs that the tests of the W3C are about, in a store of the server.
KASEI = """
from pyoxigraph import NamedNode, Quad, Store
from onehealthkg.names import RDF_TYPE
from onehealthkg.serving import service
def kasei(project):
    store = Store()
    for number in (1, 2, 3):
        graph = NamedNode(f"http://kasei.us/2009/09/sparql/data/data{number}.rdf")
        document = NamedNode("http://xmlns.com/foaf/0.1/Document")
        store.add(Quad(graph, NamedNode(RDF_TYPE), document, graph))
    return store
service.load_store = kasei
"""


def manifest() -> list[tuple[str, rdflib.Graph, rdflib.term.Node]]:
    """The requests of all tests that are about queries, with the names of the tests."""
    graph = rdflib.Graph().parse(MANIFEST, format="turtle")
    found = []
    for test in graph.subjects(rdflib.RDF.type, MF.ProtocolTest):
        name = str(test).partition("#")[2]
        requests = graph.value(graph.value(test, MF.action), HT.requests)
        if not name.startswith(("update", "bad_update", "bad_multiple_updates")):
            found += [(name, graph, request) for request in Collection(graph, requests)]
    return sorted(found, key=lambda one: one[0])


@pytest.fixture(scope="module")
def kasei() -> Iterator[Running]:
    with serving(code=KASEI + START) as server:
        yield server


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with serving() as running:
        yield running


def test_the_suite_of_the_w3c_is_whole() -> None:
    assert len({name for name, _, _ in manifest()}) == 20


@pytest.mark.parametrize(
    ("name", "graph", "request_"), manifest(), ids=[name for name, _, _ in manifest()]
)
def test_protocol_test_of_the_w3c(
    kasei: Running,
    name: str,  # noqa: ARG001 - for the id
    graph: rdflib.Graph,
    request_: rdflib.term.Node,
) -> None:
    path = str(graph.value(request_, HT.absolutePath)).replace("/sparql/", "/sparql", 1)
    body = graph.value(request_, HT.body)
    data = None
    if body is not None:
        encoding = str(graph.value(body, CNT.characterEncoding))
        data = str(graph.value(body, CNT.chars)).encode(encoding)
    headers = graph.value(request_, HT.headers)
    own = {
        str(graph.value(one, HT.fieldName)): str(graph.value(one, HT.fieldValue))
        for one in (Collection(graph, headers) if headers is not None else ())
    }
    answer = kasei.ask(path, str(graph.value(request_, HT.methodName)), data, **own)
    response = graph.value(request_, HT.resp)
    statuses = {str(one)[-3] for one in graph.objects(response, MF.expectedStatus)}
    assert str(answer.status)[0] in statuses, answer
    form, truth = (graph.value(response, one) for one in (MF.expectedFormat, MF.expectedBoolean))
    if truth is not None:
        assert json.loads(answer.body)["boolean"] is truth.toPython()
    if form is not None and str(form) == "RDF":
        list(parse(answer.body, format=RdfFormat.from_media_type(answer.headers["content-type"])))
    elif form is not None:
        assert ("boolean" in json.loads(answer.body)) is (str(form) == "boolean")


def asked(query: str, **more: str) -> str:
    return "/sparql?" + urlencode({"query": query, **more})


TABLE = 'SELECT ?a ?b { VALUES (?a ?b) { (1 "x, y") } }'


@pytest.mark.parametrize("ask_by", ["accept", "format"])
@pytest.mark.parametrize(
    "media",
    [
        "application/sparql-results+json",
        "application/sparql-results+xml",
        "text/csv",
        "text/tab-separated-values",
    ],
)
def test_tables_in_all_forms(server: Running, media: str, ask_by: str) -> None:
    by_accept = ask_by == "accept"
    path = asked(TABLE) if by_accept else asked(TABLE, format=media)
    answer = server.ask(path, accept=media if by_accept else "*/*")
    assert answer.status == 200
    assert answer.headers["content-type"].partition(";")[0] == media
    if media.endswith("json"):
        assert json.loads(answer.body)["results"]["bindings"][0]["b"]["value"] == "x, y"
    elif media.endswith("xml"):
        assert "x, y" in str(
            parse_query_results(answer.body, format=QueryResultsFormat.XML).__next__()
        )
    elif media == "text/csv":
        assert list(csv.reader(io.StringIO(answer.text))) == [["a", "b"], ["1", "x, y"]]
    else:
        assert answer.text == '?a\t?b\n1\t"x, y"\n'


@pytest.mark.parametrize(
    "media", ["text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml"]
)
def test_graphs_in_all_forms(server: Running, media: str) -> None:
    query = "CONSTRUCT { <x:a> <x:b#c> ?label } { id:organisation-inserm skos:prefLabel ?label }"
    answer = server.ask(asked(query), accept=media)
    assert answer.headers["content-type"].partition(";")[0] == media
    triples = list(parse(answer.body, format=RdfFormat.from_media_type(media)))
    assert {one.object.value for one in triples} == {"Inserm"}


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("text/csv;q=0.4, application/sparql-results+xml;q=0.9", "application/sparql-results+xml"),
        ("text/*", "text/csv"),
        ("application/json", "application/sparql-results+json"),
        ("*/*;q=0.1, text/csv;q=0", "application/sparql-results+json"),
        ("text/turtle, text/csv;q=0.1", "text/csv"),
        ("", "application/sparql-results+json"),
    ],
)
def test_the_header_accept_decides(server: Running, accept: str, media: str) -> None:
    answer = server.ask(asked(TABLE), accept=accept)
    assert answer.headers["content-type"].partition(";")[0] == media
    assert "Accept" in answer.headers["vary"]


@pytest.mark.parametrize(
    ("form", "media"),
    [
        (SPARQLWrapper.TURTLE, "text/turtle"),
        (SPARQLWrapper.N3, "text/turtle"),
        (SPARQLWrapper.RDFXML, "application/rdf+xml"),
        (SPARQLWrapper.JSONLD, "application/ld+json"),
    ],
)
def test_sparqlwrapper_gets_a_graph_in_each_of_its_forms(
    server: Running, form: str, media: str
) -> None:
    wrapper = SPARQLWrapper.SPARQLWrapper(f"{server.url}/sparql", returnFormat=form)
    wrapper.setQuery("CONSTRUCT WHERE { id:organisation-inserm skos:prefLabel ?label }")
    assert wrapper.query().info()["content-type"].partition(";")[0] == media


def test_a_byte_order_mark_before_a_query_is_ignored(server: Running) -> None:
    assert server.ask(asked("\ufeffASK {}")).text == '{"head":{},"boolean":true}'


@pytest.mark.parametrize("function", ["NOW()", "RAND()", "UUID()", "STRUUID ()"])
def test_an_answer_that_changes_each_time_is_not_cached(server: Running, function: str) -> None:
    path = asked(f"SELECT ({function} AS ?x) {{}}")
    answer = server.ask(path)
    assert "etag" not in answer.headers
    assert answer.body != server.ask(path).body


def test_an_unsupported_media_type_is_406(server: Running) -> None:
    answer = server.ask(asked(TABLE), accept="image/png")
    assert answer.status == 406
    assert "text/csv" in answer.text


@pytest.mark.parametrize(
    "graph", ["default", f"graph={quote('https://w3id.org/onehealthkg/record/anses-cfsa-2015')}"]
)
def test_graphs_can_be_read_whole(server: Running, graph: str) -> None:
    answer = server.ask(f"/graphs?{graph}", accept="application/n-triples")
    assert answer.status == 200
    assert len(list(parse(answer.body, format=RdfFormat.N_TRIPLES))) > 10


def test_head_and_options(server: Running) -> None:
    head, get = (server.ask(asked("ASK {}"), method) for method in ("HEAD", "GET"))
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == str(len(get.body))
    assert server.ask("/sparql", "HEAD").status == 200  # of the service description
    assert server.ask("/sparql", "OPTIONS").headers["allow"] == "GET, HEAD, POST, OPTIONS"
    origin = server.ask(
        "/sparql", "OPTIONS", origin="http://a.example", access_control_request_method="GET"
    )
    assert origin.headers["access-control-allow-origin"] == "*"
    assert "content-type" in origin.headers["access-control-allow-headers"].lower()
    assert "POST" in origin.headers["access-control-allow-methods"]
    assert "access-control-allow-credentials" not in origin.headers


@pytest.mark.parametrize(
    "query",
    [
        "ASK { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "LOAD <http://127.0.0.1:1/>",
        "INSERT DATA { <x:a> <x:b> <x:c> }",
        "SELECT ?x {",
    ],
)
def test_refused_requests(server: Running, query: str) -> None:
    answer = server.ask(asked(query))
    assert answer.status == 400
    assert answer.text.count("\n") <= 3


def test_from_of_an_unknown_graph_is_empty_and_sends_no_request(server: Running) -> None:
    answer = server.ask(asked("ASK FROM <http://127.0.0.1:1/> { ?s ?p ?o }"))
    assert json.loads(answer.body)["boolean"] is False


def test_the_same_answer_is_not_sent_twice(server: Running) -> None:
    first = server.ask(asked("ASK {}"))
    again = server.ask(asked("ASK {}"), if_none_match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    other = server.ask(asked("ASK {}"), if_none_match=first.headers["etag"], accept="text/csv")
    assert other.status == 200


def test_the_time_of_a_query_is_limited_by_the_server(server: Running) -> None:
    query = "SELECT (STR(NOW()) AS ?now) {}"
    assert server.ask(asked(query)).body != server.ask(asked(query)).body


def test_descriptions(server: Running) -> None:
    described = [
        ("/sparql", "http://www.w3.org/ns/sparql-service-description#endpoint"),
        ("/.well-known/void", "http://rdfs.org/ns/void#sparqlEndpoint"),
        ("/.well-known/sparql-examples", "http://www.w3.org/ns/shacl#select"),
    ]
    for path, predicate in described:
        answer = server.ask(path, accept="text/turtle", host="evil.example")
        assert answer.status == 200
        assert predicate in {
            one.predicate.value for one in parse(answer.body, format=RdfFormat.TURTLE)
        }
        assert "evil.example" not in answer.text


def test_each_example_is_a_query_that_can_be_answered(server: Running) -> None:
    answer = server.ask("/.well-known/sparql-examples")
    select = "http://www.w3.org/ns/shacl#select"
    queries = [
        one.object.value
        for one in parse(answer.body, format=RdfFormat.TURTLE)
        if one.predicate.value == select
    ]
    assert len(queries) > 10
    for query in queries:
        body = urlencode({"query": query}).encode()
        form = "application/x-www-form-urlencoded"
        assert server.ask("/sparql", "POST", body, content_type=form).status == 200
