"""SERVICE: the requests, the correctness of rows, and the attacks that must fail."""

import json
import random
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from effort import EVERYTHING, examples
from misbehaving import ONE_ROW, Server
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, Store
from servers import SERVERS, oxigraph

from onehealthkg.citations.cited import cited
from onehealthkg.cli import main
from onehealthkg.dataset.cache import load_store
from onehealthkg.endpoints.client import Client
from onehealthkg.errors import OneHealthKGError, RemoteError
from onehealthkg.paths import bundled
from onehealthkg.queries.query import own
from onehealthkg.queries.results import Result
from onehealthkg.terms import merge
from onehealthkg.vocabularies.federate import BATCH, Asked, ask
from onehealthkg.vocabularies.vocabulary import Vocabulary

PROJECT = bundled()
AGROVOC = "http://aims.fao.org/aos/agrovoc/"
SKOS = "http://www.w3.org/2004/02/skos/core#"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
# Labels of AGROVOC, as public extracts of it have them.
SAMPLE = """
@prefix a:    <http://aims.fao.org/aos/agrovoc/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
a:c_8530 skos:prefLabel "zoonoses"@en , "zoonose"@fr .
a:c_5739 skos:prefLabel "pesticides"@en , "pesticide"@fr .
a:c_228 skos:prefLabel "air pollution"@en , "pollution atmosphérique"@fr .
a:c_6513 skos:prefLabel "research"@en , "recherche"@fr .
a:c_509 skos:prefLabel "antimicrobials"@en , "antimicrobien"@fr .
"""
LINKS = {"zoonoses": "c_8530", "pesticides": "c_5739", "air-pollution": "c_228", "exposome": "c_0"}
LABELS = (
    "SELECT ?topic ?label {{ ?topic skos:exactMatch ?concept . {0} {{ ?concept skos:prefLabel "
    '?label FILTER(LANG(?label) = "fr") }} }} ORDER BY ?topic'
)


def linked(links: dict[str, str] = LINKS) -> Store:
    """The bundled graph with these topics linked to AGROVOC, and no others."""
    store = load_store(PROJECT)
    store.remove_graph(NamedNode("https://w3id.org/onehealthkg/graph/links"))
    home = NamedNode("https://w3id.org/onehealthkg/graph/test-links")
    match = NamedNode(SKOS + "exactMatch")
    for topic, concept in links.items():
        thing = NamedNode(f"https://w3id.org/onehealthkg/id/topic-{topic}")
        store.add(Quad(thing, match, NamedNode(AGROVOC + concept), home))
    return merge(store)


@cache
def usually_linked() -> Store:
    """As ``linked``, once a process. No test may change it."""
    return linked()


def vocabulary(endpoint: str, name: str = "agrovoc") -> Vocabulary:
    return Vocabulary(
        name=name,
        label=name.upper(),
        iri=f"https://w3id.org/onehealthkg/id/vocabulary-{name}",
        prefix=name,
        space=AGROVOC,
        pattern="",
        licence=LICENCE,
        endpoint=endpoint,
        languages=("en", "fr"),
        rate=1000.0,
        rows=0,
        query="",
    )


class Asking:
    """Asks queries of our store that may call one endpoint."""

    def __init__(self, folder: Path, endpoint: str, store: Store | None = None) -> None:
        self.known = {"agrovoc": vocabulary(endpoint)}
        self.client = Client(folder / "answers", timeout=10)
        self.store = store or usually_linked()

    def result(self, query: str, **options: Any) -> tuple[Result, list[Asked]]:
        given = {"remotes": self.known, "known": self.known, "seconds": 10.0} | options
        asked = own("query", query)
        return ask(self.store, PROJECT, asked, {}, "en", client=self.client, **given)

    def rows(self, query: str) -> list[list[str]]:
        return [[str(term) for term in row] for row in self.result(query)[0].rows]

    def refused(self, query: str, **options: Any) -> str:
        with pytest.raises(OneHealthKGError) as error:
            self.result(query, **options)
        assert not str(error.value).startswith("Trace")
        return str(error.value)


@pytest.fixture(scope="module", params=SERVERS)
def endpoint(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    with request.param(tmp_path_factory.mktemp("server"), SAMPLE) as address:
        yield address


@pytest.fixture
def asking(endpoint: str, tmp_path: Path) -> Asking:
    return Asking(tmp_path, endpoint)


@pytest.fixture
def server() -> Iterator[Server]:
    one = Server(lambda _: answer(answered("x")))
    yield one
    one.stop()


def answered(*names: str, rows: list[dict[str, Any]] | None = None) -> bytes:
    return json.dumps({"head": {"vars": names}, "results": {"bindings": rows or []}}).encode()


def answer(body: bytes) -> bytes:
    head = "HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\n"
    return f"{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body


def uri(iri: str) -> dict[str, str]:
    return {"type": "uri", "value": iri}


TOPIC = "<https://w3id.org/onehealthkg/id/topic-{0}>".format
FRENCH = [
    [TOPIC("air-pollution"), '"pollution atmosphérique"@fr'],
    [TOPIC("pesticides"), '"pesticide"@fr'],
    [TOPIC("zoonoses"), '"zoonose"@fr'],
]


# The rows are right


def test_our_graph_is_joined_with_a_remote_one(asking: Asking, endpoint: str) -> None:
    assert asking.rows(LABELS.format(f"SERVICE <{endpoint}>")) == FRENCH


def test_an_endpoint_is_named_by_its_vocabulary_too(asking: Asking) -> None:
    assert asking.rows(LABELS.format("SERVICE id:vocabulary-agrovoc")) == FRENCH


def test_a_variable_stands_for_the_endpoints_that_values_binds(asking: Asking) -> None:
    query = LABELS.format("VALUES ?e { id:vocabulary-agrovoc } SERVICE ?e")
    assert asking.rows(query) == FRENCH
    assert "?e has no value; bind it to an endpoint" in asking.refused(LABELS.format("SERVICE ?e"))


def test_an_optional_part_may_be_missing_there(asking: Asking) -> None:
    query = LABELS.format("OPTIONAL { SERVICE id:vocabulary-agrovoc") + "}"
    query = query.replace(" } ORDER BY ?topic}", " } } ORDER BY ?topic")
    assert asking.rows(query) == [FRENCH[0], [TOPIC("exposome"), "None"], *FRENCH[1:]]


@pytest.mark.parametrize(
    ("pattern", "topics"),
    [
        ("MINUS {{ {0} {{ ?concept skos:prefLabel ?any }} }}", ["exposome"]),
        ("FILTER NOT EXISTS {{ {0} {{ ?concept skos:prefLabel ?any }} }}", ["exposome"]),
        (
            "FILTER EXISTS {{ {0} {{ ?concept skos:prefLabel ?any }} }}",
            ["air-pollution", "pesticides", "zoonoses"],
        ),
        (
            '{{ {0} {{ ?concept skos:prefLabel "zoonose"@fr }} }} UNION '
            '{{ {0} {{ ?concept skos:prefLabel "pesticides"@en }} }}',
            ["pesticides", "zoonoses"],
        ),
        (
            "{{ SELECT ?concept {{ {0} {{ ?concept skos:prefLabel ?l }} }} ORDER BY ?l LIMIT 1 }}",
            ["air-pollution"],
        ),
        ("GRAPH ?g {{ ?topic a ?kind }} {0} {{ ?concept skos:prefLabel 'x' }}", []),
    ],
)
def test_a_service_can_occur_wherever_a_pattern_can(
    asking: Asking, pattern: str, topics: list[str]
) -> None:
    pattern = pattern.format("SERVICE id:vocabulary-agrovoc")
    found = asking.rows(
        f"SELECT DISTINCT ?topic {{ ?topic skos:exactMatch ?concept . {pattern} }} ORDER BY ?topic"
    )
    assert found == [[TOPIC(topic)] for topic in topics]


def test_ask_and_construct_are_answered(asking: Asking) -> None:
    pattern = "?t skos:exactMatch ?c . SERVICE id:vocabulary-agrovoc { ?c skos:prefLabel ?l }"
    assert asking.result(f"ASK {{ {pattern} }}")[0].truth is True
    built = asking.result(f"CONSTRUCT {{ ?t skos:hiddenLabel ?l }} WHERE {{ {pattern} }}")[0]
    assert len(built.triples) == 6
    assert "DESCRIBE is not supported" in asking.refused(f"DESCRIBE ?t {{ {pattern} }}")


def test_rows_come_in_every_format_and_the_citation_names_the_endpoint(
    asking: Asking, endpoint: str
) -> None:
    query = LABELS.format("SERVICE id:vocabulary-agrovoc") + " LIMIT 1"
    result, called = asking.result(query)
    assert result.serialize("csv").decode().split("\r\n")[1] == (
        "https://w3id.org/onehealthkg/id/topic-air-pollution,pollution atmosphérique"
    )
    told = [str(one) for one in called]
    assert len(told) == 1
    assert re.fullmatch(
        rf"AGROVOC, {re.escape(endpoint)}, accessed \d{{4}}-\d\d-\d\d, licence "
        rf"{re.escape(LICENCE)}: 3 rows in 1 answers",
        told[0],
    )
    for form in ("table", "json", "markdown", "html"):
        text = cited(asking.store, result, form, remotes=told).decode()
        assert endpoint in text
        assert "test-links" in text or "skos:exactMatch" in text


P = "PREFIX e: <http://e/> "
VARIABLES = ["?a", "?b", "?c", "?d"]


def pattern(chance: random.Random, depth: int, calls: bool) -> str:
    """A random pattern of SPARQL, in parts of which the word CALL marks a SERVICE."""

    def one() -> str:
        kind = chance.random()
        inner = pattern(chance, depth - 1, calls) if depth else ""
        verb = chance.choice(["e:p", "e:q", "?d", "e:p|e:q", "e:p*"])
        triple = (
            f"{chance.choice([*VARIABLES, 'e:a'])} {verb} {chance.choice([*VARIABLES, 'e:b'])} . "
        )
        forms = (
            (0.4, triple),
            (0.6, f"CALL {{ {pattern(chance, depth - 1, False) if depth else ''} }} "),
            (0.68, f"OPTIONAL {{ {inner} }} "),
            (0.75, f"MINUS {{ {inner} }} "),
            (0.83, f"{{ {inner} }} UNION {{ {triple} }} "),
            (0.88, f"GRAPH e:g {{ {inner} }} "),
            (0.92, f"{{ SELECT DISTINCT ?a {{ {inner} }} }} "),
            (0.96, f"FILTER {chance.choice(['', 'NOT '])}EXISTS {{ {inner} }} "),
            (1.0, f"FILTER(!BOUND({chance.choice(VARIABLES)}) || ?a != e:a) "),
        )
        text = next(text for limit, text in forms if kind <= limit)
        return text if depth and (calls or not text.startswith(("CALL", "GRAPH"))) else triple

    return "".join(one() for _ in range(chance.randint(1, 3)))


def random_store(chance: random.Random, size: int) -> Store:
    store = Store()
    for _ in range(size):
        names = (NamedNode("http://e/" + chance.choice(letters)) for letters in ("abcd", "pq"))
        triple = (*names, NamedNode("http://e/" + chance.choice("abcd")))
        store.add(Quad(*triple))
        store.add(Quad(*triple, NamedNode("http://e/g")))
    return store


@pytest.mark.slow
def test_random_queries_have_the_rows_that_one_store_with_both_graphs_gives(tmp_path: Path) -> None:
    chance = random.Random(4)  # noqa: S311 - no secrets
    ours, theirs = random_store(chance, 8), random_store(chance, 10)
    both = Store()
    both.extend(ours)
    remote = NamedNode("urn:remote")
    triples = list(theirs.quads_for_pattern(None, None, None, DefaultGraph()))
    both.extend(Quad(*one.triple, remote) for one in triples)
    tried = 0
    with oxigraph(tmp_path, "".join(f"{one.triple} .\n" for one in triples)) as address:
        asking = Asking(tmp_path, address, ours)
        while tried < examples(60, 20):
            query = f"{P}SELECT * WHERE {{ {pattern(chance, 2, True)} }}"
            if "CALL" not in query:
                continue
            try:
                wanted = both.query(query.replace("CALL", f"GRAPH {remote}"))
            except SyntaxError:
                continue
            assert isinstance(wanted, QuerySolutions)
            columns = [one.value for one in wanted.variables]
            expected = sorted([str(row[name]) for name in columns] for row in wanted)
            found = asking.result(query.replace("CALL", f"SERVICE <{address}>"))[0]
            places = [found.columns.index(name) for name in columns]
            assert sorted([str(row[x]) for x in places] for row in found.rows) == expected, query
            tried += 1


@pytest.mark.parametrize("word", ["OPTIONAL", "MINUS", "FILTER NOT EXISTS"])
def test_outer_patterns_do_not_decide_whether_a_row_exists(tmp_path: Path, word: str) -> None:
    ours = Store()
    for subject, verb, value in (("l", "v", "five"), ("t", "x", "one")):
        ours.add(Quad(*(NamedNode(f"http://e/{name}") for name in (subject, verb, value))))
    with oxigraph(tmp_path, "<http://e/one> <http://e/is> <http://e/nine> .") as address:
        query = f"{P}SELECT * {{ ?l e:v ?v {{ ?t e:x ?x {word} {{ CALL {{ ?x e:is ?v }} }} }} }}"
        found = Asking(tmp_path, address, ours).rows(query.replace("CALL", f"SERVICE <{address}>"))
    assert found == []


# Requests


def test_only_joinable_values_are_requested(server: Server, tmp_path: Path) -> None:
    asking = Asking(tmp_path, server.address)
    server.behaviour = lambda _: answer(answered("concept", "label"))
    assert asking.rows(LABELS.format("SERVICE id:vocabulary-agrovoc")) == []
    values = " ".join(f"(<{AGROVOC}{one}>)" for one in sorted(LINKS.values()))
    assert [one.query for one in server.seen] == [
        f"SELECT ?concept ?label WHERE {{ VALUES (?concept) {{ {values} }} "
        f'?concept <{SKOS}prefLabel> ?label . FILTER((LANG(?label) = "fr")) }}'
    ]


def test_many_values_are_requested_in_batches(server: Server, tmp_path: Path) -> None:
    links = {f"t{number}": f"c_{number:04}" for number in range(BATCH + 1)}
    asking = Asking(tmp_path, server.address, linked(links))

    def all_of_them(request: Any) -> bytes:
        asked = re.findall(r"c_\d{4}", request.query)
        rows = [{"concept": uri(AGROVOC + one), "label": uri("x:y")} for one in asked]
        return answer(answered("concept", "label", rows=rows))

    server.behaviour = all_of_them
    assert len(asking.rows(LABELS.format("SERVICE id:vocabulary-agrovoc"))) == BATCH + 1
    assert len(server.seen) == 2


def test_nothing_is_requested_if_nothing_can_be_joined(server: Server, tmp_path: Path) -> None:
    asking = Asking(tmp_path, server.address, linked({}))
    result, called = asking.result(LABELS.format("SERVICE id:vocabulary-agrovoc"))
    assert (result.rows, server.seen) == ([], [])
    assert [str(one) for one in called] == [
        f"AGROVOC, {server.address}: not called, as nothing could be joined"
    ]


def test_silent_continues_without_an_endpoint_that_fails(tmp_path: Path) -> None:
    asking = Asking(tmp_path, "http://127.0.0.1:9/sparql")
    assert "127.0.0.1:9" in asking.refused(LABELS.format("SERVICE id:vocabulary-agrovoc"))
    with pytest.raises(RemoteError):
        asking.result(LABELS.format("SERVICE id:vocabulary-agrovoc"))
    result, called = asking.result(LABELS.format("SERVICE SILENT id:vocabulary-agrovoc"))
    assert [[str(term) for term in row] for row in result.rows] == [
        [TOPIC(topic), "None"] for topic in sorted(LINKS)
    ]
    assert "skipped, because of SERVICE SILENT: http://127.0.0.1:9/sparql" in str(called[0])


# Attacks


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * {{ SERVICE <{0}> {{ ?s ?p ?o }} }}",
        "SELECT * {{ SERVICE SILENT <{0}> {{ ?s ?p ?o }} }}",
        "SELECT * {{ SERVICE <{1}> {{ ?s ?p ?o }} SERVICE <{0}> {{ ?s ?p ?o }} }}",
        "SELECT * {{ SERVICE <{1}> {{ ?s ?p ?o SERVICE <{0}> {{ ?s ?p ?o }} }} }}",
        "SELECT * {{ SERVICE <{1}> {{ FILTER EXISTS {{ SERVICE <{0}> {{ ?s ?p ?o }} }} }} }}",
        "SELECT * {{ VALUES ?e {{ <{1}> <{0}> }} SERVICE ?e {{ ?s ?p ?o }} }}",
        "SELECT * {{ VALUES ?e {{ <{0}> }} SERVICE ?e {{ ?s ?p ?o }} }}",
        "SELECT * {{ BIND(<{0}> AS ?e) SERVICE ?e {{ ?s ?p ?o }} }}",
        "PREFIX service: <{0}> SELECT * {{ SERVICE service: {{ ?s ?p ?o }} }}",
        "PREFIX x: <{1}> PREFIX x: <{0}> SELECT * {{ SERVICE x: {{ ?s ?p ?o }} }}",
        "BASE <{0}> SELECT * {{ SERVICE <> {{ ?s ?p ?o }} }}",
        "SELECT * {{ SERVICE <{1}> {{ ?s ?p '}} }} #' }} # '\n SERVICE <{0}> {{ ?s ?p ?o }} }}",
        "SELECT * {{ SERVICE <{1}> {{ ?s ?p '\\'' }} SERVICE <{0}> {{ ?s ?p '\\'' }} }}",
        "SELECT * {{ SERVICE <{1}> {{ ?s ?p 'a\\u0027 }} SERVICE <{0}> {{ ?s ?p ?o }} #' }} }}",
        "SELECT * {{ SERV\\u0049CE <{0}> {{ ?s ?p ?o }} }}",
        "SELECT * {{ SERVICE <{1}> {{ ?s ?p ?o }} FILTER(?o < 1 && EXISTS {{ SERVICE <{0}> {{}} }}) }}",
        "SELECT * {{ SERVICE <{1}> {{ ?s ?p ?o }} BIND(EXISTS {{ SERVICE <{1}> {{}} }} AS ?e) }}",
        "SELECT * {{ SERVICE <{1}> {{ ?s ?p ?o }} }} ORDER BY EXISTS {{ SERVICE <{1}> {{}} }}",
        "DESCRIBE ?s {{ SERVICE <{0}> {{ ?s ?p ?o }} }}",
        "SELECT * FROM <{0}> {{ SERVICE <{1}> {{ ?s ?p ?o }} }}",
        "SELECT * {{ SERVICE <file:///etc/passwd> {{ ?s ?p ?o }} }}",
        "SELECT * {{ ?s ?p ?o BIND(RAND() AS ?r) SERVICE <{1}> {{ ?s ?p ?r }} }}",
    ],
)
def test_no_other_endpoint_is_called(server: Server, tmp_path: Path, text: str) -> None:
    other = Server(lambda _: answer(answered("x")))
    try:
        asking = Asking(tmp_path, server.address)
        message = asking.refused(text.format(other.address, server.address))
        assert message.startswith("query:")
        assert other.seen == []
    finally:
        other.stop()


def test_a_configured_endpoint_is_called_only_if_it_is_named(
    tmp_path: Path, server: Server
) -> None:
    asking = Asking(tmp_path, server.address)
    message = asking.refused(LABELS.format(f"SERVICE <{server.address}>"), remotes={})
    assert message.endswith(f"SERVICE <{server.address}> is AGROVOC; add --remote agrovoc.")
    message = asking.refused(LABELS.format("SERVICE <http://127.0.0.1:9/>"))
    assert f"Configured: agrovoc <{server.address}>." in message
    assert server.seen == []


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            answered("concept", "label", rows=[{"concept": uri(AGROVOC + "c_1")}]),
            f"the answer is about <{AGROVOC}c_1>, which was not requested",
        ),
        (
            answered(
                "concept",
                "label",
                rows=[
                    {"concept": uri(AGROVOC + "c_8530"), "label": {"type": "bnode", "value": "b"}}
                ],
            ),
            "AGROVOC returns a blank node for ?label",
        ),
        (answered("label", rows=[{"label": uri("x:y")}]), "which was not requested"),
        (ONE_ROW, "which was not requested"),
        (answered("concept", rows=[{"concept": uri("http://x/> } SERVICE <http://y/")}]), "IRI"),
        (
            answered(
                "concept", rows=[{"concept": {"type": "literal", "value": "a", "xml:lang": "?"}}]
            ),
            "",
        ),
    ],
)
def test_wrong_answers_are_refused(
    server: Server, tmp_path: Path, body: bytes, message: str
) -> None:
    server.behaviour = lambda _: answer(body)
    asking = Asking(tmp_path, server.address)
    assert message in asking.refused(LABELS.format("SERVICE id:vocabulary-agrovoc"))


@pytest.mark.parametrize(
    "label",
    [
        '" } SERVICE <http://127.0.0.1:9/> { ?s ?p "',
        "\\u0022 } #",
        "\\",
        "\x1b[31m\x00\r\n\t",
        "'''\"\"\"",
        "services",
        "\u202e",
        "}" * 3,
    ],
)
def test_any_label_is_returned_unchanged(server: Server, tmp_path: Path, label: str) -> None:
    row = {"concept": uri(AGROVOC + "c_8530"), "label": {"type": "literal", "value": label}}
    server.behaviour = lambda _: answer(answered("concept", "label", rows=[row]))
    asking = Asking(tmp_path, server.address)
    result, called = asking.result(LABELS.format("SERVICE id:vocabulary-agrovoc"))
    assert result.rows == [[NamedNode(TOPIC("zoonoses")[1:-1]), Literal(label)]]
    assert json.loads(cited(asking.store, result, "json", remotes=list(map(str, called))))


def test_an_iri_that_is_a_script_is_not_a_link(server: Server, tmp_path: Path) -> None:
    row = {"concept": uri(AGROVOC + "c_8530"), "label": uri("javascript:alert(1)")}
    server.behaviour = lambda _: answer(answered("concept", "label", rows=[row]))
    result = Asking(tmp_path, server.address).result(
        LABELS.format("SERVICE id:vocabulary-agrovoc")
    )[0]
    assert "javascript:alert(1)" in result.serialize("html").decode()
    assert 'href="javascript' not in result.serialize("html").decode()


@pytest.mark.slow
def test_too_many_rows_are_refused(server: Server, tmp_path: Path) -> None:
    number = 1_000_000 if EVERYTHING else 200_001
    rows = b",".join([b'{"x":{"type":"literal","value":"1"}}'] * number)
    body = b'{"head":{"vars":["x"]},"results":{"bindings":[' + rows + b"]}}"
    server.behaviour = lambda _: answer(body)
    asking = Asking(tmp_path, server.address)
    message = asking.refused("SELECT ?x { SERVICE id:vocabulary-agrovoc { ?s ?p ?x } }")
    assert "AGROVOC returns more than 200000 rows; narrow the pattern in the SERVICE." in message


def test_functions_that_differ_at_each_evaluation_are_refused(
    asking: Asking, endpoint: str
) -> None:
    query = (
        f"SELECT ?topic {{ ?topic skos:exactMatch ?c . SERVICE <{endpoint}> {{ ?c skos:prefLabel "
        '?l . BIND(BNODE() AS ?b) FILTER(?l = "zoonoses"@en) } }'
    )
    assert "BNODE() returns a different value each time" in asking.refused(query)


# The command

DESCRIPTION = """\
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix id: <https://w3id.org/onehealthkg/id/> .
@prefix settings: <https://w3id.org/onehealthkg/settings#> .
@prefix schema: <http://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix vann: <http://purl.org/vocab/vann/> .
@prefix void: <http://rdfs.org/ns/void#> .
id:vocabulary-sample a void:Dataset ;
    skos:prefLabel "Sample"@en , "Exemple"@fr ;
    dcterms:license <https://creativecommons.org/licenses/by/4.0/> ;
    dcterms:source <http://example.org/> ;
    foaf:homepage <http://example.org/> ;
    settings:requestsPerSecond 1000.0 ;
    schema:inLanguage "en" , "fr" ;
    vann:preferredNamespacePrefix "sample" ;
    void:sparqlEndpoint <ENDPOINT> ;
    void:uriRegexPattern "^http://aims\\\\.fao\\\\.org/aos/agrovoc/c_[0-9a-f]+$" ;
    void:uriSpace "http://aims.fao.org/aos/agrovoc/" .
"""
QUESTION = f"""\
SELECT ?topic ?french {{
  ?topic skos:prefLabel ?label . FILTER(?label = "zoonoses"@en)
  BIND(<{AGROVOC}c_8530> AS ?concept)
  SERVICE id:vocabulary-sample {{ ?concept skos:prefLabel ?french FILTER(LANG(?french) = "fr") }}
}}
"""


def test_the_command_calls_the_named_endpoint_and_cites_both_parts(
    endpoint: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    description, question = tmp_path / "sample.ttl", tmp_path / "topics.rq"
    description.write_text(DESCRIPTION.replace("ENDPOINT", endpoint), encoding="utf-8")
    question.write_text(QUESTION, encoding="utf-8")
    words = ["query", str(question), "--remote", str(description)]
    assert main([*words, "--format", "csv", "--refresh"]) == 0
    printed = capsys.readouterr()
    rows = "topic,french\r\nhttps://w3id.org/onehealthkg/id/topic-zoonoses,zoonose\r\n"
    assert printed.out.replace("\r\n", "\n").strip() == rows.replace("\r\n", "\n").strip()
    assert printed.err.startswith(f"Sample, {endpoint}, accessed 2")
    assert main([*words, "--cite", "--offline"]) == 0
    shown = capsys.readouterr().out
    assert "curated" in shown
    assert f"Also from Sample, {endpoint}, accessed 2" in shown


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        ([], 2, "SERVICE is not allowed: a query is answered from this graph alone, except"),
        (["--remote", "agrovok"], 2, '--remote: there is no vocabulary "agrovok". Did you mean ag'),
        (["--remote", "ror"], 2, "--remote: ror has no endpoint; these have one: agrovoc"),
        (["--remote", "agrovoc"], 2, "SERVICE <http://127.0.0.1:9/> is not a configured"),
        (["--remote", "none.ttl"], 3, "none.ttl"),
    ],
)
def test_the_command_lists_the_endpoints_that_can_be_called(
    capsys: pytest.CaptureFixture[str], words: list[str], code: int, message: str
) -> None:
    query = "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"
    assert main(["query", query, *words]) == code
    assert message in capsys.readouterr().err


def test_a_query_without_service_calls_no_endpoint(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["query", "ASK {}", "--remote", "agrovoc"]) == 0
    printed = capsys.readouterr()
    assert printed.out == "yes\n"
    assert printed.err == "No other host was called: the query has no SERVICE.\n"
