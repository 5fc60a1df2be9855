"""``onehealthkg link`` against real SPARQL servers: the same exact candidates as with ``--file``."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from effort import EVERYTHING
from misbehaving import JSON, Behaviour, Request, misbehaving, reply
from pyoxigraph import Literal, Store
from servers import SERVERS, oxigraph
from test_vocabularies import GRAPHS, SAMPLES, WIKIDATA

from onehealthkg.cli import main
from onehealthkg.errors import InputError
from onehealthkg.mappings.sssom import Mapping, read_mappings
from onehealthkg.paths import Project, bundled
from onehealthkg.vocabularies.vocabulary import candidate_query, vocabularies

DESCRIPTIONS = Path(bundled().root, "data", "vocabularies.ttl").read_text(encoding="utf-8")
# A vocabulary whose labels are nodes, https://www.w3.org/TR/skos-reference/skos-xl.html
XL = """
@prefix xl: <http://www.w3.org/2008/05/skos-xl#> .
@prefix x:  <http://example.org/xl/> .
x:1 xl:prefLabel x:1a , x:1b ; xl:altLabel x:1c .
x:1a xl:literalForm "zoonosis"@en . x:1b xl:literalForm "zoonose"@fr .
x:1c xl:literalForm "zoonotic disease"@en .
x:2 xl:prefLabel x:2a . x:2a xl:literalForm "police custody"@en .
x:2 xl:altLabel x:2b . x:2b xl:literalForm "biosecurity"@en .
"""
XL_DESCRIPTION = """
id:vocabulary-xl
    a void:Dataset ;
    schema:inLanguage "en" , "fr" ;
    sh:select \"\"\"PREFIX xl: <http://www.w3.org/2008/05/skos-xl#>
SELECT DISTINCT ?concept ?kind ?value WHERE {
  { SELECT DISTINCT ?concept ?language WHERE {
    VALUES ?label { UNDEF }
    VALUES ?language { UNDEF }
    ?node xl:literalForm ?label . ?concept xl:prefLabel|xl:altLabel ?node
  } }
  OPTIONAL {
    { ?concept xl:prefLabel/xl:literalForm ?value . BIND("pref" AS ?kind) }
    UNION
    { ?concept xl:altLabel/xl:literalForm ?value . BIND("alt" AS ?kind) }
  }
  FILTER(LANG(?value) = ?language)
}
\"\"\" ;
    vann:preferredNamespacePrefix "xl" ;
    void:sparqlEndpoint <https://xl.example/> ;
    void:uriSpace "http://example.org/xl/" .
"""
DUMPS = {"wikidata": WIKIDATA, "xl": XL}
NAMES = (*GRAPHS, *DUMPS)
# Virtuoso reads a query of two hundred labels in half a second, so that it is asked for fewer.
SOME = (
    *("topic-zoonoses", "topic-one-health", "topic-food-safety", "topic-food-security"),
    *("topic-risk-assessment", "topic-air-pollution", "topic-antimicrobial-resistance"),
    *("topic-epidemiological-surveillance", "topic-biosecurity", "topic-nanomaterials"),
    *("activity-data-sharing", "place-france", "topic-emerging-infectious-diseases"),
)


@pytest.fixture(scope="module", params=SERVERS)
def served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """An endpoint with all samples, and the things to look for."""
    start: Callable[..., AbstractContextManager[str]] = request.param
    things = () if EVERYTHING and start is oxigraph else SOME
    samples = {name: (SAMPLES / f"{name}.ttl").read_bytes() for name in GRAPHS}
    rest = b"\n".join((samples["agrovoc"], samples["gemet"], WIKIDATA.encode(), XL.encode()))
    graphs = {GRAPHS[name]: sample for name, sample in samples.items()}
    with start(tmp_path_factory.mktemp("server"), rest, graphs=graphs) as address:
        yield address, things


@pytest.fixture
def unlinked(release: Project) -> Project:
    """A project without links, so that all are candidates."""
    release.links_file.unlink()
    return release


def described(folder: Path, address: str) -> str:
    """The vocabularies as described, except for the endpoint and its rate."""
    text = re.sub(r"(void:sparqlEndpoint) <.*?>", rf"\1 <{address}>", DESCRIPTIONS + XL_DESCRIPTION)
    file = folder / "here.ttl"
    file.write_text(
        re.sub(r"(settings:requestsPerSecond) [0-9.]+", r"\1 1000.0", text), encoding="utf-8"
    )
    return str(file)


def linked(project: Project, folder: Path, *words: str) -> dict[bool, list[Mapping]]:
    """The candidates of a command: under True the exact ones, under False the others."""
    out = folder / "candidates.sssom.tsv"
    fixed = ("--project", project.root, "--date", "2026-01-31", "-o", str(out))
    assert main(["link", *words, *fixed]) == 0
    rows = read_mappings(out).mappings
    return {
        exact: [one for one in rows if (one.predicate_id == "skos:exactMatch") == exact]
        for exact in (True, False)
    }


SKOS = """
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix g: <http://www.eionet.europa.eu/gemet/concept/> .
g:1 a skos:Collection ; skos:prefLabel "zoonoses"@en .
g:2 a skos:Concept ; skos:prefLabel "zoonoses"@en ; dcterms:isReplacedBy g:3 .
g:3 a skos:Concept ; skos:prefLabel "animal ills"@en ; skos:altLabel "zoonoses"@en .
"""


@pytest.mark.parametrize("start", SERVERS)
def test_collections_are_not_candidates_and_replaced_concepts_never_exact(
    start: Callable[..., AbstractContextManager[str]], unlinked: Project, tmp_path: Path
) -> None:
    with start(tmp_path, SKOS.encode()) as address:
        file = described(tmp_path, address)
        found = linked(unlinked, tmp_path, "gemet", "topic-zoonoses", "--vocabulary", file)
    assert found[True] == []
    ranked = sorted(found[False], key=lambda one: float(one.confidence), reverse=True)
    assert [one.object_id for one in ranked] == ["gemet:3", "gemet:2"]


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", NAMES)
def test_an_endpoint_gives_exactly_the_exact_candidates_of_the_dump(
    name: str, served: tuple[str, tuple[str, ...]], unlinked: Project, tmp_path: Path
) -> None:
    address, things = served
    things = SOME if name == "xl" else things  # there are too few to be worth the time
    dump = tmp_path / "dump.ttl"
    dump.write_bytes(
        DUMPS[name].encode() if name in DUMPS else (SAMPLES / f"{name}.ttl").read_bytes()
    )
    own = ("--vocabulary", described(tmp_path, address))
    asked = linked(unlinked, tmp_path, name, *things, *own)
    read = linked(unlinked, tmp_path, name, *things, *own, "--file", str(dump))
    assert asked[True] == read[True] != []
    assert [one for one in asked[False] if one not in read[False]] == []
    page = "wikidata:Q3"  # that tells namesakes apart, which a dump does not show
    missing = [one for one in read[False] if one not in asked[False] and one.object_id != page]
    assert {one.mapping_justification for one in missing} <= {
        "semapv:LexicalSimilarityThresholdMatching",  # its spelling was not asked for
        "semapv:CompositeMatching",
    }


def test_a_query_without_labels_is_not_sent() -> None:
    mesh = vocabularies(Store(), [Path(bundled().root, "data", "vocabularies.ttl")])["mesh"]
    with pytest.raises(InputError, match="mesh: its labels are in en, but no given label is"):
        candidate_query(mesh, [Literal("zoonose", language="fr")])


NOTHING = b'{"head":{"vars":["concept","kind","value"]},"results":{"bindings":[]}}'
FOUND = b"""{"head":{"vars":["concept","kind","value"]},"results":{"bindings":[
{"concept":{"type":"uri","value":"http://www.eionet.europa.eu/gemet/concept/1"},
 "kind":{"type":"literal","value":"pref"},
 "value":{"type":"literal","xml:lang":"en","value":"hazards"}}]}}"""


def after(number: int, then: Behaviour) -> Behaviour:
    """Good answers, so many, and then others."""
    served: list[Request] = []

    def behave(request: Request) -> bytes:
        served.append(request)
        if len(served) > number:
            return then(request)  # type: ignore[return-value]
        return reply(FOUND if '"hazards"@en' in request.query else NOTHING)

    return behave


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("then", "message"),
    [
        (lambda _: reply(b"<html>sorry</html>", kind="text/html"), "a web page"),
        (lambda _: reply(FOUND[:100]), ""),
        (lambda _: reply(b"", status="503 Busy", headers="Retry-After: 9999\r\n"), "too busy"),
        (lambda _: reply(b"no", status="500 Oops"), "500"),
        (lambda _: reply(FOUND, kind=JSON, length=9999), ""),
        (lambda _: b"", ""),
    ],
)
def test_an_interrupted_run_is_reported_and_resumes(
    then: Behaviour,
    message: str,
    release: Project,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = release.links_file.read_bytes()
    out = tmp_path / "candidates.sssom.tsv"
    with misbehaving(after(2, then)) as server:
        own = described(tmp_path, server.address)
        words = ["link", "gemet", "--vocabulary", own, "--project", release.root, "-o", str(out)]
        assert main([*words, "--timeout", "5"]) == 4
        told = capsys.readouterr().err
        assert message in told
        assert re.search(r"\b400 of [0-9]+ are done and cached; the same", told)
        assert "Traceback" not in told
        assert (out.exists(), release.links_file.read_bytes()) == (False, before)
        first = [one.query for one in server.seen]
        server.behaviour = after(1000, then)
        server.seen.clear()
        assert main(words) == 0
        assert not {one.query for one in server.seen} & {*first[:2]}
    assert "exactMatch" in out.read_text() or "closeMatch" in out.read_text()
    assert release.links_file.read_bytes() == before
