"""The public test suites of the formats that are read (tests/suites/README.md).

A test whose outcome differs from the suite's is listed with the reason. One that is listed and
passes is an error too, so that the lists stay true.
"""

import csv
import json
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, NamedNode, Quad, RdfFormat, Store, parse

from onehealthkg.errors import InputError
from onehealthkg.mappings.sssom import Mapping, mapping_bytes, read_candidates, read_mappings
from onehealthkg.names import MAPPINGS
from onehealthkg.rdf.read_write import parse_quads

SUITES = Path(__file__).parent / "suites"
JSON_LD, RDF_XML, SSSOM = (
    ZipFile(SUITES / name) for name in ("json-ld.zip", "rdf-xml.zip", "sssom.zip")
)
JSON_LD_TESTS = json.loads(JSON_LD.read("toRdf-manifest.jsonld"))
RDF_XML_BASE = "https://w3c.github.io/rdf-tests/rdf/rdf11/rdf-xml/"
MANIFEST = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"

REMOTE = "a remote context is refused: nothing is fetched"
OLD = "documents are read as JSON-LD 1.1; the processing mode of 1.0 cannot be chosen"
DIRECTION = "a direction is kept in a literal of RDF 1.2, where the suite drops it"
NO_LANGUAGE = "a direction without a language is refused; RDF 1.2 cannot say it, the suite drops it"
OPTION = "the option that the test sets is not offered"
LOST = "a value that the suite drops without a word is refused"
TWO_HASHES = "the expected IRI has two number signs, which RFC 3987 forbids; it is refused"
UNCHANGED = "an XML literal is kept as it is written, not in canonical form"
JSON_LD_EXCEPTIONS = {
    **dict.fromkeys(("c031", "c034", "e126", "e127", "e128"), REMOTE),
    **dict.fromkeys(("so05", "so06", "so08", "so09", "so11"), REMOTE),
    **dict.fromkeys(("c029", "ep02", "er21", "er42", "tn01"), OLD),
    **dict.fromkeys(("di04", "di05", "di06", "di10", "di12"), DIRECTION),
    **dict.fromkeys(("di01", "di02", "di03", "di09", "di11"), NO_LANGUAGE),
    **dict.fromkeys(("e075", "e077"), OPTION),
    **dict.fromkeys(("e003", "e060", "e068", "e122", "li12", "li14"), LOST),
    **dict.fromkeys(("wf01", "wf02", "wf03", "wf04", "wf05", "wf07"), LOST),
    **dict.fromkeys(("e111", "e112"), TWO_HASHES),
}
LITERAL = "a mapping of a literal names nothing that could be linked"
PREDICATES = "a predicate is none of those of links"
UNDEFINED = "a column that nothing defines would be lost, so a file of our own may have none"
SSSOM_EXCEPTIONS = {
    "extension-slots": UNDEFINED,
    "literals": LITERAL,
    "predicate-types": PREDICATES,
}
RDF_XML_EXCEPTIONS = dict.fromkeys(("xml-canon-test001", "xml-canon-test002"), UNCHANGED)


def isomorphic(first: list[Quad], second: list[Quad]) -> bool:
    """Whether quads are the same up to the labels of blank nodes (RDFC-1.0)."""
    datasets = Dataset(first), Dataset(second)
    for dataset in datasets:
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return set(datasets[0]) == set(datasets[1])


def outcome(data: bytes, rdf_format: RdfFormat, name: str, base: str) -> list[Quad] | None:
    """The quads of a file, None where it is refused."""
    try:
        return parse_quads(data, rdf_format, Path(name), base)
    except InputError:
        return None


def json_ld_tests() -> list[Any]:
    """The tests of the manifest, except those for processors of only JSON-LD 1.0."""
    only_old = {"specVersion": "json-ld-1.0"}.items()
    tests = [
        test for test in JSON_LD_TESTS["sequence"] if not only_old <= test.get("option", {}).items()
    ]
    return [pytest.param(test, id=test["@id"].removeprefix("#t")) for test in tests]


@pytest.mark.parametrize("test", json_ld_tests())
def test_json_ld_passes_the_suite_of_the_w3c(test: dict[str, Any]) -> None:
    base = test.get("option", {}).get("base", JSON_LD_TESTS["baseIri"] + test["input"])
    quads = outcome(JSON_LD.read(test["input"]), RdfFormat.JSON_LD, test["input"], base)
    if "jld:NegativeEvaluationTest" in test["@type"]:
        passes = quads is None
    elif "jld:PositiveSyntaxTest" in test["@type"]:
        passes = quads is not None
    else:
        expected = JSON_LD.read(test["expect"])
        passes = quads is not None and isomorphic(quads, list(parse(expected, RdfFormat.N_QUADS)))
    assert passes != (test["@id"].removeprefix("#t") in JSON_LD_EXCEPTIONS)


def rdf_xml_tests() -> list[Any]:
    """Name, input and expected file of each test; no expected file where it is to be refused."""
    store = Store()
    manifest = RDF_XML.read("manifest.ttl")
    store.load(manifest, RdfFormat.TURTLE, base_iri=f"{RDF_XML_BASE}manifest.ttl")
    action, result = NamedNode(MANIFEST + "action"), NamedNode(MANIFEST + "result")

    def file(term: Any) -> str:
        return str(term.value).removeprefix(RDF_XML_BASE)

    return [
        pytest.param(
            file(quad.object),
            next((file(x.object) for x in store.quads_for_pattern(quad.subject, result, None)), ""),
            id=quad.subject.value.partition("#")[2],
        )
        for quad in sorted(store.quads_for_pattern(None, action, None), key=str)
    ]


@pytest.mark.parametrize(("name", "expected"), rdf_xml_tests())
def test_rdf_xml_passes_the_suite_of_the_w3c(
    request: pytest.FixtureRequest, name: str, expected: str
) -> None:
    quads = outcome(RDF_XML.read(name), RdfFormat.RDF_XML, name, RDF_XML_BASE + name)
    passes = quads is None
    if expected:
        right = list(parse(RDF_XML.read(expected), RdfFormat.N_TRIPLES))
        passes = quads is not None and isomorphic(quads, right)
    assert passes != (request.node.callspec.id in RDF_XML_EXCEPTIONS)


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sssom")
    SSSOM.extractall(folder)
    return folder


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a table, by Python's own reader."""
    with path.open(encoding="utf-8", newline="") as file:
        lines = (line for line in file if not line.startswith("#"))
        return [row for row in csv.DictReader(lines, delimiter="\t") if any(row.values())]


SSSOM_TESTS = [name for name in SSSOM.namelist() if name.endswith(".sssom.tsv")]


@pytest.mark.parametrize("name", SSSOM_TESTS)
def test_the_examples_of_sssom_are_read_for_their_links(examples: Path, name: str) -> None:
    candidates = read_candidates(examples / name)
    links = [row for row in rows_of(examples / name) if is_link(row)]
    columns = ("subject_id", "predicate_id", "object_id", "confidence", "comment")
    assert [[getattr(one, column) for column in columns] for one in candidates.mappings] == [
        [row.get(column) or "" for column in columns] for row in links
    ]
    assert len(candidates.left_out) == len(rows_of(examples / name)) - len(links)


def rounded(mapping: Mapping) -> Mapping:
    """A mapping as it is written: 1 for a confidence of 1.0."""
    shown = f"{float(mapping.confidence):g}" if mapping.confidence else ""
    return mapping._replace(confidence=shown)


def is_link(row: dict[str, str]) -> bool:
    return (
        row["predicate_id"] in MAPPINGS
        and row.get("subject_type") not in ("rdfs literal", "composed entity expression")
        and row["object_id"] != "sssom:NoTermFound" != row["subject_id"]
    )


@pytest.mark.parametrize("name", SSSOM_TESTS)
def test_the_examples_of_sssom_are_valid_as_our_own_files(
    examples: Path, name: str, tmp_path: Path
) -> None:
    try:
        mappings = read_mappings(examples / name)
    except InputError:
        assert Path(name).name.partition(".")[0] in SSSOM_EXCEPTIONS
        return
    assert Path(name).name.partition(".")[0] not in SSSOM_EXCEPTIONS
    written = tmp_path / "written.sssom.tsv"
    written.write_bytes(mapping_bytes(mappings))
    again = read_mappings(written)
    assert {rounded(one) for one in again.mappings} == {rounded(one) for one in mappings.mappings}
    assert again.header | {"curie_map": {}} == mappings.header | {"curie_map": {}}


def test_the_exceptions_are_tests_of_the_suites() -> None:
    assert set(JSON_LD_EXCEPTIONS) <= {parameters.id for parameters in json_ld_tests()}
    assert set(SSSOM_EXCEPTIONS) <= {Path(name).name.partition(".")[0] for name in SSSOM_TESTS}
    assert set(RDF_XML_EXCEPTIONS) <= {parameters.id for parameters in rdf_xml_tests()}
