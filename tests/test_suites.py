"""The public test suites of the formats that are read (tests/suites/README.md).

A test whose outcome differs from the suite's is listed with the reason. One that is listed and
passes is an error too, so that the lists stay true.
"""

import json
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, NamedNode, Quad, RdfFormat, Store, parse

from onehealthkg.errors import InputError
from onehealthkg.rdf.read_write import parse_quads

SUITES = Path(__file__).parent / "suites"
JSON_LD, RDF_XML = (ZipFile(SUITES / name) for name in ("json-ld.zip", "rdf-xml.zip"))
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
    """The tests of the manifest, but for those of processors of JSON-LD 1.0 alone."""
    only_old = {"specVersion": "json-ld-1.0"}.items()
    tests = [
        test for test in JSON_LD_TESTS["sequence"] if not only_old <= test.get("option", {}).items()
    ]
    return [pytest.param(test, id=test["@id"].removeprefix("#t")) for test in tests]


@pytest.mark.parametrize("test", json_ld_tests())
def test_json_ld_is_read_as_the_suite_of_the_w3c_wants(test: dict[str, Any]) -> None:
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
def test_rdf_xml_is_read_as_the_suite_of_the_w3c_wants(
    request: pytest.FixtureRequest, name: str, expected: str
) -> None:
    quads = outcome(RDF_XML.read(name), RdfFormat.RDF_XML, name, RDF_XML_BASE + name)
    passes = quads is None
    if expected:
        right = list(parse(RDF_XML.read(expected), RdfFormat.N_TRIPLES))
        passes = quads is not None and isomorphic(quads, right)
    assert passes != (request.node.callspec.id in RDF_XML_EXCEPTIONS)


def test_the_exceptions_are_tests_of_the_suites() -> None:
    assert set(JSON_LD_EXCEPTIONS) <= {parameters.id for parameters in json_ld_tests()}
    assert set(RDF_XML_EXCEPTIONS) <= {parameters.id for parameters in rdf_xml_tests()}
