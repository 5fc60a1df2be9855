"""The vocabularies that are configured, and their candidate queries on two real servers."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from pyoxigraph import Literal, Store
from servers import SERVERS

from onehealthkg.endpoints.client import Client
from onehealthkg.errors import InputError
from onehealthkg.paths import bundled
from onehealthkg.rdf.read_write import read_quads
from onehealthkg.terms import Term, plain
from onehealthkg.vocabularies.vocabulary import (
    COLUMNS,
    PLAIN_SKOS,
    Vocabulary,
    candidate_query,
    vocabularies,
)

ROOT = Path(bundled().root)
SAMPLES = ROOT / "tests" / "vocabularies"
GRAPHS = {
    "agrovoc": "http://example.org/agrovoc",
    "eurovoc": "http://eurovoc.europa.eu/100141",
    "gemet": "http://example.org/gemet",
    "mesh": "http://id.nlm.nih.gov/mesh",
}

# A part of Wikidata's model: labels are rdfs:label, one that fits all languages is tagged "mul".
WIKIDATA = """
@prefix rdfs:   <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <http://schema.org/> .
@prefix skos:   <http://www.w3.org/2004/02/skos/core#> .
@prefix wd:     <http://www.wikidata.org/entity/> .
@prefix wdt:    <http://www.wikidata.org/prop/direct/> .
wd:Q1 rdfs:label "One Health"@en , "Une seule santé"@fr ; skos:altLabel "OneHealth"@mul , "EcoHealth"@en ;
    schema:description "concept of health"@en , "concept de santé"@fr ; wdt:P279 wd:Q2 .
wd:Q2 rdfs:label "health"@en , "santé"@fr .
wd:Q3 rdfs:label "One Health"@en ; wdt:P31 wd:Q4167410 .
"""
# A vocabulary with labels without a tag, notes in nodes of their own, and what is obsolete.
OWN = """
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix owl:  <http://www.w3.org/2002/07/owl#> .
@prefix rdf:  <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix x:    <http://example.org/own/> .
x:1 skos:prefLabel "plague" ; skos:altLabel "pest" ; skos:broader x:2 ; skos:definition x:note , x:other .
x:2 skos:prefLabel "disease" ; owl:deprecated true .
x:note rdf:value "A disease." .
x:3 skos:prefLabel "group" ; a skos:Collection .
x:4 skos:prefLabel "old" ; dcterms:isReplacedBy x:1 .
x:other rdf:value "Une maladie."@fr .
"""
OWN_FILE = """
@prefix oh:     <https://w3id.org/onehealthkg/ontology#> .
@prefix settings: <https://w3id.org/onehealthkg/settings#> .
@prefix schema: <http://schema.org/> .
@prefix void:   <http://rdfs.org/ns/void#> .
<https://w3id.org/onehealthkg/id/vocabulary-own> a void:Dataset ;
    void:uriSpace "http://example.org/own/" ;
    void:sparqlEndpoint <http://127.0.0.1:7/sparql> ;
    schema:inLanguage "zxx" .
"""


@pytest.fixture(scope="module")
def known() -> dict[str, Vocabulary]:
    store = Store()
    store.extend(read_quads(ROOT / "data" / "vocabularies.ttl"))
    return vocabularies(store)


def test_five_vocabularies_have_an_endpoint_and_a_polite_rate(
    known: dict[str, Vocabulary],
) -> None:
    asked = {name: one for name, one in known.items() if one.endpoint}
    assert {name: (one.endpoint, one.languages, one.rows) for name, one in asked.items()} == {
        "agrovoc": ("https://agrovoc.fao.org/sparql", ("en", "fr"), 0),
        "eurovoc": ("https://publications.europa.eu/webapi/rdf/sparql", ("en", "fr"), 0),
        "gemet": ("https://cr.eionet.europa.eu/sparql", ("en", "fr"), 0),
        "mesh": ("https://id.nlm.nih.gov/mesh/sparql", ("en",), 1000),
        "wikidata": ("https://query.wikidata.org/sparql", ("en", "fr", "mul"), 0),
    }
    assert [name for name, one in asked.items() if not 0 < one.rate <= 2] == []
    assert [name for name, one in asked.items() if one.query == PLAIN_SKOS] == ["agrovoc", "gemet"]


def test_a_vocabulary_has_the_values_of_its_description(known: dict[str, Vocabulary]) -> None:
    assert known["gemet"] == Vocabulary(
        name="gemet",
        label="GEMET, the general multilingual environmental thesaurus",
        iri="https://w3id.org/onehealthkg/id/vocabulary-gemet",
        prefix="gemet",
        space="http://www.eionet.europa.eu/gemet/concept/",
        pattern=r"^http://www\.eionet\.europa\.eu/gemet/concept/[0-9]+$",
        licence=known["gemet"].licence,
        endpoint="https://cr.eionet.europa.eu/sparql",
        languages=("en", "fr"),
        rate=1.0,
        rows=0,
        query=PLAIN_SKOS,
    )
    assert known["ror"].endpoint == ""
    assert list(known) == sorted(known)


def test_the_graph_of_the_project_gives_the_same_vocabularies(known: dict[str, Vocabulary]) -> None:
    from onehealthkg.graph import load

    assert vocabularies(load().store) == known


def test_a_users_file_adds_a_vocabulary_and_may_replace_one(tmp_path: Path) -> None:
    file = tmp_path / "own.ttl"
    file.write_text(OWN_FILE + OWN_FILE.replace("vocabulary-own", "vocabulary-mesh"))
    found = vocabularies(Store(), [file])
    assert list(found) == ["mesh", "own"]
    assert found["own"].languages == ("",)
    assert (found["own"].label, found["own"].rate, found["own"].rows) == ("own", 1.0, 0)
    assert found["mesh"].space == "http://example.org/own/"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("void:Dataset", "void:Linkset", "this file has no vocabulary; write"),
        (
            "<http://127.0.0.1:7/sparql>",
            "<file:///etc/passwd>",
            "this is not the address of an endp",
        ),
        ("<http://127.0.0.1:7/sparql>", '"x"', "this is not the address of an endpoint"),
        ('schema:inLanguage "zxx"', "settings:rowsPerAnswer 5", "add schema:inLanguage with the"),
        (
            '"zxx"',
            '"zxx" ; settings:requestsPerSecond 0',
            'settings:requestsPerSecond "0" is not a number above',
        ),
        (
            '"zxx"',
            '"zxx" ; settings:requestsPerSecond "often"',
            'settings:requestsPerSecond "often" is not a nu',
        ),
        (
            '"zxx"',
            '"zxx" ; settings:rowsPerAnswer -5',
            'settings:rowsPerAnswer "-5" is not a number above 0',
        ),
        ('"zxx"', '"english language"', 'schema:inLanguage "english language" is not a l'),
        ('"zxx"', '"zxx', "own.ttl:"),
    ],
)
def test_a_description_that_cannot_be_used_is_refused_with_its_file(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    file = tmp_path / "own.ttl"
    file.write_text(OWN_FILE.replace(old, new))
    with pytest.raises(InputError) as caught:
        vocabularies(Store(), [file])
    assert said in str(caught.value)
    assert str(caught.value).startswith(str(file))


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("http://127.0.0.1:7/sparql", "file:///etc/passwd", "it begins with https:// or http://"),
        ("http://127.0.0.1:7/sparql", "http://169.254.169.254/x", "this is a link-local address"),
        ("http://127.0.0.1:7/sparql", "http://user:pass@127.0.0.1/", "no user name or password"),
        ('"zxx" .', '"zxx" ; void:uriRegexPattern "([" .', "is not an XPath regular"),
    ],
)
def test_a_hostile_description_is_refused(
    tmp_path: Path, right: str, wrong: str, message: str
) -> None:
    file = tmp_path / "own.ttl"
    file.write_text(OWN_FILE.replace(right, wrong))
    with pytest.raises(InputError, match=message):
        vocabularies(Store(), [file])


def test_a_pattern_cannot_delay_the_program(tmp_path: Path) -> None:
    file = tmp_path / "own.ttl"
    pattern = '"zxx" ; void:uriRegexPattern "^http://example.org/own/(a+)+$" .'
    file.write_text(OWN_FILE.replace('"zxx" .', pattern))
    own = vocabularies(Store(), [file])["own"]
    assert own.has("http://example.org/own/" + "a" * 60)
    assert not own.has("http://example.org/own/" + "a" * 60 + "!")


def test_labels_are_written_by_the_engine_and_never_pasted(known: dict[str, Vocabulary]) -> None:
    evil = Literal('a" } ?s ?p ?o . { \\" \n é', language="en")
    query = candidate_query(known["agrovoc"], [evil])
    line = next(line for line in query.splitlines() if "VALUES ?label" in line)
    assert line == f"    VALUES ?label {{ {evil} }}"
    assert query.count("\n") == PLAIN_SKOS.count("\n")


def test_a_label_is_searched_with_the_tags_that_the_vocabulary_uses(
    known: dict[str, Vocabulary],
) -> None:
    def asked(vocabulary: Vocabulary, label: Literal) -> str:
        query = candidate_query(vocabulary, [label, label])
        return next(line.strip() for line in query.splitlines() if "VALUES ?label" in line)

    english, plain_label = Literal("a", language="en"), Literal("a")
    assert asked(known["mesh"], english) == 'VALUES ?label { "a"@en }'
    assert asked(known["wikidata"], english) == 'VALUES ?label { "a"@en "a"@mul }'
    assert asked(known["agrovoc"], plain_label) == 'VALUES ?label { "a"@en "a"@fr }'
    own = known["agrovoc"]._replace(languages=("", "fr"))
    assert asked(own, english) == 'VALUES ?label { "a" }'


def test_a_query_without_a_line_for_the_labels_is_refused(known: dict[str, Vocabulary]) -> None:
    own = known["mesh"]._replace(query="SELECT * { ?s ?p ?label }")
    with pytest.raises(
        InputError, match=r"the candidate query of mesh: the parameter label needs a line"
    ):
        candidate_query(own, [Literal("a", language="en")])


# Rows of the candidate queries, on real servers with parts of the real vocabularies

Row = tuple[str, ...]
LOOKED_FOR = [
    Literal(text, language=tag)
    for text, tag in (
        ("zoonoses", "en"),
        ("zoonosis", "en"),
        ("Zoonoses", "en"),
        ("zoonose", "fr"),
        ("Zoonotic Spillover", "en"),
        ("Zoonotic Diseases", "en"),
        ("surveillance", "en"),
        ("nothing is called so", "en"),
    )
]


@pytest.fixture(scope="module", params=SERVERS)
def endpoint(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    start: Callable[..., AbstractContextManager[str]] = request.param
    samples = {name: (SAMPLES / f"{name}.ttl").read_bytes() for name in GRAPHS}
    named = {GRAPHS[name]: samples[name] for name in GRAPHS}
    with start(tmp_path_factory.mktemp("server"), _united(samples), graphs=named) as address:
        yield address


def _united(samples: dict[str, bytes]) -> bytes:
    """Patterns without a GRAPH in the query: the default graph of the endpoint."""
    own = {"wikidata": WIKIDATA.encode(), "own": OWN.encode()}
    texts = [samples["agrovoc"], samples["gemet"], *own.values()]
    return b"\n".join(texts)


def _rows(endpoint: str, folder: Path, vocabulary: Vocabulary, labels: list[Literal]) -> list[Row]:
    """The rows of the vocabulary's own concepts, as texts."""
    answers = Client(folder).select(endpoint, candidate_query(vocabulary, labels), rate=1000)
    assert {*answers.variables} <= {*COLUMNS}
    found = []
    for row in answers.rows:
        cells = dict(zip(answers.variables, row, strict=True))
        concept = plain(cells["concept"]).removeprefix(vocabulary.space)
        if not concept.startswith("http:"):
            rest = [_text(cells.get(name)) for name in COLUMNS[1:]]
            found.append((concept, *rest))
    return sorted(found)


def _text(term: Term | None) -> str:
    """Virtuoso has 1 and 0 for true and false."""
    if isinstance(term, Literal) and term.language:
        return f"{term.value}@{term.language}"
    return {"1": "true", "0": "false"}.get(plain(term), plain(term))


def test_agrovoc_is_found(endpoint: str, tmp_path: Path, known: dict[str, Vocabulary]) -> None:
    assert _rows(endpoint, tmp_path, known["agrovoc"], LOOKED_FOR) == [
        ("c_8530", "broader", "infectious diseases@en"),
        ("c_8530", "broader", "maladie contagieuse@fr"),
        ("c_8530", "broader", "maladie infectieuse@fr"),
        ("c_8530", "definition", "Maladie transmissible entre homme et animal@fr"),
        ("c_8530", "pref", "zoonose@fr"),
        ("c_8530", "pref", "zoonoses@en"),
    ]


def test_eurovoc_is_found_with_its_homonyms(
    endpoint: str, tmp_path: Path, known: dict[str, Vocabulary]
) -> None:
    rows = _rows(endpoint, tmp_path, known["eurovoc"], LOOKED_FOR)
    assert {row[1:] for row in rows if row[0] == "5144" and row[1] == "pref"} == {
        ("pref", "garde à vue@fr"),
        ("pref", "surveillance@en"),
    }
    assert {row[1:] for row in rows if row[0] != "5144" and row[1] == "pref"} == {
        ("pref", "zoonose@fr"),
        ("pref", "zoonosis@en"),
    }


def test_gemet_is_found(endpoint: str, tmp_path: Path, known: dict[str, Vocabulary]) -> None:
    rows = _rows(endpoint, tmp_path, known["gemet"], LOOKED_FOR)
    assert {row[2] for row in rows if row[1] == "pref"} == {
        "surveillance@en",
        "surveillance@fr",
        "zoonose@fr",
        "zoonosis@en",
    }


def test_mesh_is_found_by_descriptor_term_and_narrower_meaning(
    endpoint: str, tmp_path: Path, known: dict[str, Vocabulary]
) -> None:
    rows = _rows(endpoint, tmp_path, known["mesh"], LOOKED_FOR)
    assert {row[0] for row in rows} >= {"D015047"}
    assert {
        ("D015047", "pref", "Zoonoses@en"),
        ("D015047", "alt", "Zoonotic Diseases@en"),
        ("D015047", "narrow", "Zoonotic Spillover@en"),
    } <= {*rows}
    only = [Literal("Zoonotic Spillover", language="en")]
    assert _rows(endpoint, tmp_path, known["mesh"], only) == [
        row for row in rows if row[0] == "D015047"
    ]


def test_wikidata_is_found_without_its_disambiguation_pages(
    endpoint: str, tmp_path: Path, known: dict[str, Vocabulary]
) -> None:
    labels = [Literal("One Health", language="en"), Literal("OneHealth", language="fr")]
    assert _rows(endpoint, tmp_path, known["wikidata"], labels) == [
        ("Q1", "alt", "EcoHealth@en"),
        ("Q1", "alt", "OneHealth@mul"),
        ("Q1", "broader", "health@en"),
        ("Q1", "broader", "santé@fr"),
        ("Q1", "definition", "concept de santé@fr"),
        ("Q1", "definition", "concept of health@en"),
        ("Q1", "pref", "One Health@en"),
        ("Q1", "pref", "Une seule santé@fr"),
    ]


def test_a_vocabulary_of_the_user_is_found_by_the_query_for_plain_skos(
    endpoint: str, tmp_path: Path
) -> None:
    file = tmp_path / "own.ttl"
    file.write_text(OWN_FILE)
    own = vocabularies(Store(), [file])["own"]
    words = ("plague", "disease", "group", "old")
    labels = [Literal("pest", language="en"), *map(Literal, words)]
    assert _rows(endpoint, tmp_path, own, labels) == [
        ("1", "alt", "pest"),
        ("1", "broader", "disease"),
        ("1", "definition", "A disease."),
        ("1", "pref", "plague"),
        ("2", "obsolete", "true"),
        ("2", "pref", "disease"),
        ("3", "excluded", "true"),
        ("3", "pref", "group"),
        ("4", "obsolete", "true"),
        ("4", "pref", "old"),
    ]
