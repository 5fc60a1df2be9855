"""The statements of other vocabularies about linked concepts, from two servers and from files."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from effort import EVERYTHING
from misbehaving import Request, Server
from pyoxigraph import Literal, NamedNode, Store
from servers import SERVERS

from onehealthkg.checks.check import check
from onehealthkg.cli import main
from onehealthkg.dataset.dataset import read_dataset
from onehealthkg.endpoints.client import Client
from onehealthkg.errors import InputError, OneHealthKGError, RemoteError
from onehealthkg.labels import find
from onehealthkg.paths import Project
from onehealthkg.queries.query import run
from onehealthkg.queries.tables import cell
from onehealthkg.vocabularies.enrich import MOST, Enriched, enrich, from_dump, from_endpoint, linked
from onehealthkg.vocabularies.vocabulary import Vocabulary

SPACE = "http://example.org/v/"
# Three ways of saying the same: SKOS, SKOS-XL with definitions as nodes, MeSH.
SAMPLE = """
@prefix m:    <http://id.nlm.nih.gov/mesh/vocab#> .
@prefix owl:  <http://www.w3.org/2002/07/owl#> .
@prefix rdf:  <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix v:    <http://example.org/v/> .
@prefix xl:   <http://www.w3.org/2008/05/skos-xl#> .
v:zoonoses skos:prefLabel "zoonoses"@en , "zoonose"@fr , "Zoonosen"@de ;
    skos:definition "Diseases that pass from animals to people."@en ;
    skos:broader v:diseases .
v:pesticides xl:prefLabel v:xl-1 , v:xl-2 ; skos:definition v:d-1 ; skos:broader v:products .
v:xl-1 xl:literalForm "pesticides"@en . v:xl-2 xl:literalForm "pesticide"@fr .
v:d-1 rdf:value "What kills pests."@en .
v:exposome rdfs:label "exposome" ; m:broaderDescriptor v:diseases ; m:active false ;
    m:preferredConcept v:n-1 .
v:n-1 m:scopeNote "All exposures of a life."@en .
v:diseases skos:prefLabel "diseases"@en ; skos:broader v:top , <http://elsewhere.org/x> .
v:products skos:prefLabel "products"@en ; skos:broader v:top ; owl:deprecated false .
v:top skos:prefLabel "everything"@en ; skos:broader v:zoonoses .
v:other skos:prefLabel "nobody asks for this"@en ; skos:broader v:top .
"""
EXPECTED = """\
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix graph:   <https://w3id.org/onehealthkg/graph/> .
@prefix oh:      <https://w3id.org/onehealthkg/ontology#> .
@prefix owl:     <http://www.w3.org/2002/07/owl#> .
@prefix skos:    <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd:     <http://www.w3.org/2001/XMLSchema#> .

<http://example.org/v/diseases>
    a oh:ExternalConcept ;
    skos:prefLabel "diseases"@en ;
    skos:broader <http://example.org/v/top> .

<http://example.org/v/exposome>
    a oh:ExternalConcept ;
    skos:prefLabel "exposome" ;
    owl:deprecated "true"^^xsd:boolean ;
    skos:broader <http://example.org/v/diseases> ;
    skos:definition "All exposures of a life."@en .

<http://example.org/v/pesticides>
    a oh:ExternalConcept ;
    skos:prefLabel "pesticide"@fr , "pesticides"@en ;
    skos:broader <http://example.org/v/products> ;
    skos:definition "What kills pests."@en .

<http://example.org/v/products>
    a oh:ExternalConcept ;
    skos:prefLabel "products"@en ;
    skos:broader <http://example.org/v/top> .

<http://example.org/v/top>
    a oh:ExternalConcept ;
    skos:prefLabel "everything"@en ;
    skos:broader <http://example.org/v/zoonoses> .

<http://example.org/v/zoonoses>
    a oh:ExternalConcept ;
    skos:prefLabel "zoonose"@fr , "zoonoses"@en ;
    skos:broader <http://example.org/v/diseases> ;
    skos:definition "Diseases that pass from animals to people."@en .

graph:enriched-ex
    a oh:CuratedGraph ;
    dcterms:date "2026-01-31"^^xsd:date ;
    dcterms:license <http://example.org/licence> ;
    dcterms:source <http://example.org/sparql> ;
    dcterms:title "Concepts de Example"@fr , "Concepts of Example"@en .
"""
ASKED = [SPACE + name for name in ("exposome", "gone", "pesticides", "zoonoses")]
LINKS = f"""\
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix id:      <https://w3id.org/onehealthkg/id/> .
@prefix oh:      <https://w3id.org/onehealthkg/ontology#> .
@prefix skos:    <http://www.w3.org/2004/02/skos/core#> .
@prefix v:       <{SPACE}> .
<https://w3id.org/onehealthkg/graph/our-links> a oh:CuratedGraph ;
    dcterms:title "Links"@en , "Liens"@fr ; dcterms:source <http://example.org/> .
id:topic-zoonoses skos:exactMatch v:zoonoses .
id:topic-pesticides skos:exactMatch v:pesticides .
id:topic-exposome skos:closeMatch v:exposome , v:gone .
"""
DESCRIPTION = """\
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix id: <https://w3id.org/onehealthkg/id/> .
@prefix settings: <https://w3id.org/onehealthkg/settings#> .
@prefix schema: <http://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix vann: <http://purl.org/vocab/vann/> .
@prefix void: <http://rdfs.org/ns/void#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
id:vocabulary-ex a void:Dataset ;
    skos:prefLabel "Example"@en , "Exemple"@fr ;
    dcterms:license <http://example.org/licence> ;
    dcterms:source <http://example.org/> ;
    foaf:homepage <http://example.org/> ;
    settings:requestsPerSecond 1000.0 ;
    schema:inLanguage "en" , "fr" ;
    vann:preferredNamespacePrefix "ex" ;
    void:sparqlEndpoint <ENDPOINT> ;
    void:uriRegexPattern "^http://example\\\\.org/v/[a-z]+$" ;
    void:uriSpace "http://example.org/v/" .
"""


def vocabulary(address: str = "http://example.org/sparql") -> Vocabulary:
    return Vocabulary(
        name="ex",
        label="Example",
        iri="https://w3id.org/onehealthkg/id/vocabulary-ex",
        prefix="ex",
        space=SPACE,
        pattern="",
        licence="http://example.org/licence",
        endpoint=address,
        languages=("en", "fr"),
        rate=1000.0,
        rows=0,
        query="",
    )


@pytest.fixture(scope="module", params=SERVERS)
def address(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    with request.param(tmp_path_factory.mktemp("server"), SAMPLE) as found:
        yield found


@pytest.fixture
def server() -> Iterator[Server]:
    one = Server(lambda _: answer([]))
    yield one
    one.stop()


def answer(rows: Sequence[tuple[str, str, dict[str, str]]]) -> bytes:
    bindings = [
        {
            "concept": {"type": "uri", "value": concept},
            "property": {"type": "uri", "value": name},
            "value": value,
        }
        for concept, name, value in rows
    ]
    variables = {"vars": ["concept", "property", "value"]}
    body = json.dumps({"head": variables, "results": {"bindings": bindings}}).encode()
    head = "HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\n"
    return f"{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body


def text(value: str, **more: str) -> dict[str, str]:
    return {"type": "literal", "value": value} | more


def fetched(server: Server, folder: Path, concepts: Sequence[str] = ASKED) -> Enriched:
    one = vocabulary(server.address)
    return enrich(one, concepts, from_endpoint(Client(folder), one), one.endpoint)


def local(folder: Path, words: str = SAMPLE) -> Enriched:
    file = folder / "vocabulary.ttl"
    file.write_text(words, encoding="utf-8")
    return enrich(vocabulary(), ASKED, from_dump(file, "2026-01-31"), "http://example.org/sparql")


SKOS = "http://www.w3.org/2004/02/skos/core#"
LABEL, BROADER = SKOS + "prefLabel", SKOS + "broader"


def test_a_file_gives_labels_definitions_and_all_broader_concepts(tmp_path: Path) -> None:
    found = local(tmp_path)
    assert found.data.decode() == EXPECTED
    assert (found.linked, found.broader) == (4, 3)
    assert found.obsolete == (SPACE + "exposome",)
    assert found.unknown == (SPACE + "gone",)


def test_an_endpoint_gives_the_same_as_the_file(address: str, tmp_path: Path) -> None:
    one = vocabulary(address)
    found = enrich(one, ASKED, from_endpoint(Client(tmp_path), one), "http://example.org/sparql")
    lines = found.data.decode().splitlines()
    expected = EXPECTED.splitlines()
    assert [x for x in lines if "dcterms:date" not in x] == [
        x for x in expected if "dcterms:date" not in x
    ]
    again = enrich(one, ASKED, from_endpoint(Client(tmp_path), one), "http://example.org/sparql")
    assert again.data == found.data


def test_an_interrupted_run_resumes(server: Server, tmp_path: Path) -> None:
    def broken(request: Request) -> bytes:
        if SPACE + "above" in request.query:
            return b"HTTP/1.1 500 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        return answer([(ASKED[0], BROADER, {"type": "uri", "value": SPACE + "above"})])

    server.behaviour = broken
    with pytest.raises(RemoteError):
        fetched(server, tmp_path)
    server.behaviour = lambda _: answer([(SPACE + "above", LABEL, text("above"))])
    found = fetched(server, tmp_path)
    assert (found.linked, found.broader) == (4, 1)
    assert [SPACE + "above" in one.query for one in server.seen] == [False, True, True]


@pytest.mark.parametrize(
    "value",
    [
        {"type": "uri", "value": "javascript:alert(1)"},
        {"type": "uri", "value": "http://elsewhere.org/x"},
        {"type": "bnode", "value": "b"},
        text("a text"),
    ],
)
def test_concepts_of_other_vocabularies_are_not_broader(
    server: Server, tmp_path: Path, value: dict[str, str]
) -> None:
    server.behaviour = lambda _: answer([(ASKED[0], BROADER, value)])
    found = fetched(server, tmp_path)
    assert BROADER not in {triple.predicate.value for triple in found.triples}
    assert len(server.seen) == 1


def test_any_label_is_returned_unchanged(server: Server, tmp_path: Path) -> None:
    label = '"\\u0022 . } \x1b[31m\n\r\x00\u202e SERVICE'
    server.behaviour = lambda _: answer([(ASKED[0], LABEL, text(label))])
    file = tmp_path / "enriched.ttl"
    file.write_bytes(fetched(server, tmp_path).data)
    store = Store()
    store.load(path=str(file))
    labels = store.quads_for_pattern(NamedNode(ASKED[0]), NamedNode(LABEL), None)
    assert [quad.object for quad in labels] == [Literal(label)]


def test_an_answer_about_other_concepts_is_refused(server: Server, tmp_path: Path) -> None:
    server.behaviour = lambda _: answer([(SPACE + "other", LABEL, text("other"))])
    with pytest.raises(RemoteError, match="which was not requested"):
        fetched(server, tmp_path)


def test_a_tree_without_a_top_is_refused(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    most = MOST if EVERYTHING else MOST // 40
    monkeypatch.setattr("onehealthkg.vocabularies.enrich.MOST", most)

    def endless(request: Request) -> bytes:
        asked = [x[1:-1] for x in request.query.split() if x.startswith(f"<{SPACE}")]
        above = [(one, f"{one}{place}") for one in asked for place in range(200)]
        return answer([(one, BROADER, {"type": "uri", "value": x}) for one, x in above])

    server.behaviour = endless
    with pytest.raises(RemoteError, match=f"more than {most} concepts above ours"):
        fetched(server, tmp_path)


def test_only_our_linked_concepts_are_requested(project: Project) -> None:
    Path(project.root, "data", "our-links.ttl").write_text(LINKS, encoding="utf-8")
    assert linked(read_dataset(project).store, vocabulary()) == ASKED


@pytest.fixture
def project(release: Project) -> Project:
    """The project without records: none has a part in this."""
    return release


@pytest.fixture
def enriched(project: Project) -> Project:
    """A project with links, a description of their vocabulary, and that vocabulary."""
    data = Path(project.root, "data")
    (data / "our-links.ttl").write_text(LINKS, encoding="utf-8")
    description = DESCRIPTION.replace("ENDPOINT", "http://127.0.0.1:9/sparql")
    (data.parent / "ex.ttl").write_text(description, encoding="utf-8")
    (data.parent / "dump.ttl").write_text(SAMPLE, encoding="utf-8")
    assert main(from_file(project)) == 0
    return project


def from_file(project: Project) -> list[str]:
    described, dumped = Path(project.root, "ex.ttl"), Path(project.root, "dump.ttl")
    words = ["enrich", "ex", "--vocabulary", str(described), "--file", str(dumped)]
    return [*words, "--date", "2026-01-31", "--project", project.root]


def checks(project: Project) -> set[tuple[str, str, str]]:
    return {(one.severity, one.check, one.thing) for one in check(read_dataset(project))}


@pytest.mark.slow
def test_the_graph_passes_the_checks_except_for_deprecated_concepts(
    project: Project, request: pytest.FixtureRequest
) -> None:
    Path(project.root, "data", "our-links.ttl").write_text(LINKS, encoding="utf-8")
    before = checks(project)
    request.getfixturevalue("enriched")
    exposome = "https://w3id.org/onehealthkg/id/topic-exposome"
    after = checks(project)
    assert after - before == {("warning", "link-is-current", exposome)}
    assert before - after == set()


def test_names_still_mean_our_things(enriched: Project) -> None:
    store = read_dataset(enriched).store
    assert find(store, "zoonoses").value == "https://w3id.org/onehealthkg/id/topic-zoonoses"
    with pytest.raises(OneHealthKGError):
        find(store, "nobody asks for this")
    with pytest.raises(OneHealthKGError):
        find(store, "everything")


def test_topics_are_rolled_up_the_tree(enriched: Project) -> None:
    file = Path(enriched.root, "data", "ex.ttl")
    file.write_text(DESCRIPTION.replace("ENDPOINT", "http://127.0.0.1:9/"), encoding="utf-8")
    store = read_dataset(enriched).store
    rows = run(store, enriched, "topics-by-broader", {"vocabulary": "ex"}).rows
    assert [[cell(term) for term in row] for row in rows] == [
        [SPACE + "diseases", "diseases", "1", "3"],
        [SPACE + "top", "everything", "1", "3"],
        [SPACE + "zoonoses", "zoonoses", "1", "3"],
        [SPACE + "exposome", "exposome", "1", "1"],
        [SPACE + "pesticides", "pesticides", "1", "1"],
        [SPACE + "products", "products", "1", "1"],
    ]


@pytest.mark.slow
def test_the_command_reports_its_results(
    enriched: Project, capsys: pytest.CaptureFixture[str], tmp_path: Path, address: str
) -> None:
    capsys.readouterr()
    assert main(from_file(enriched)) == 0
    printed = capsys.readouterr()
    path = Path(enriched.root, "data", "enriched-ex.ttl")
    unknown, obsolete = f"ex does not know {SPACE}gone\n", f"ex has given up {SPACE}exposome\n"
    counts = f"{path}: 4 linked concepts of ex, 3 broader\n"
    assert (printed.out, printed.err) == (counts + unknown + obsolete, "")
    file = tmp_path / "ex.ttl"
    file.write_text(DESCRIPTION.replace("ENDPOINT", address), encoding="utf-8")
    words = ["enrich", "ex", "--vocabulary", str(file), "--project", enriched.root, "-o", "-"]
    assert main([*words, "--refresh"]) == 0
    online = capsys.readouterr().out
    assert main([*words, "--offline"]) == 0
    assert capsys.readouterr().out == online
    assert f"dcterms:source <{address}>" in online


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["nowhere"], 2, 'enrich: there is no vocabulary "nowhere".'),
        (
            ["ex", "mesh", "-o", "x.ttl"],
            2,
            "enrich: -o and --file are for one vocabulary; name it.",
        ),
        (["ex", "--file", "none.ttl"], 3, "none.ttl"),
        (["ex", "--file", "dump.ttl", "--date", "soon"], 2, 'enrich: --date "soon" is not a date'),
        (["ex", "--file", "dump.csv"], 3, "dump.csv: the name must end in one of"),
        (["ex", "--refresh"], 4, "127.0.0.1:9"),
    ],
)
def test_a_message_names_the_error(
    enriched: Project,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    code: int,
    message: str,
) -> None:
    capsys.readouterr()
    before = Path(enriched.root, "data", "enriched-ex.ttl").read_bytes()
    file = str(Path(enriched.root, "ex.ttl"))
    asked = ["enrich", *words, "--vocabulary", file, "--project", enriched.root]
    assert main(asked) == code
    assert message in capsys.readouterr().err
    assert Path(enriched.root, "data", "enriched-ex.ttl").read_bytes() == before


def test_a_dump_whose_entities_would_fill_the_memory_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "dump.rdf"
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    path.write_text(
        f'<!DOCTYPE r [<!ENTITY e0 "ha">{levels}]><rdf:RDF '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">&e9;</rdf:RDF>',
        "utf-8",
    )
    with pytest.raises(InputError, match="RDF/XML with a document type is not read"):
        from_dump(path, "2026-01-31")
