"""The nanopublications: assertions and their words; nanopub-py accepts them."""

from collections import defaultdict
from pathlib import Path

import pytest
import rdflib
from nanopub import Nanopub
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse
from selections import everything, without_evidence

from onehealthkg.dataset.dataset import read_dataset
from onehealthkg.evidence.evidence import CURATED, graph_evidence
from onehealthkg.evidence.selection import Selection
from onehealthkg.exports.nanopub import PARTS, nanopub
from onehealthkg.names import ID, NANOPUB, OH, SOURCE
from onehealthkg.rdf.read_write import trig

S8 = NANOPUB + "2020-02-05-anses-inserm-s8"


@pytest.fixture(scope="module")
def bundle() -> Selection:
    return everything()


@pytest.fixture(scope="module")
def published(bundle: Selection) -> dict[str, list[Quad]]:
    """The nanopublications by their IRIs."""
    found = defaultdict(list)
    for quad in parse(nanopub(bundle), format=RdfFormat.TRIG):
        found[quad.graph_name.value.partition("#")[0]].append(quad)
    return found


def of(quads: list[Quad], part: str) -> list[Quad]:
    return [quad for quad in quads if quad.graph_name.value.endswith(f"#{part}")]


def test_each_graph_with_a_text_or_documents_has_one(
    bundle: Selection, published: dict[str, list[Quad]]
) -> None:
    graphs = {quad.graph_name for quad in bundle.quads}
    behind = [one for one in graphs if graph_evidence(bundle.store, one).kind != CURATED]
    assert len(published) == len(behind)
    assert {f"{NANOPUB}2020-02-05-anses-inserm-s{one}" for one in (1, 5, 21)} <= set(published)


# nanopub-py uses what rdflib is going to take away.
@pytest.mark.filterwarnings("ignore:(Dataset[.]|ConjunctiveGraph is):DeprecationWarning")
@pytest.mark.slow
def test_nanopub_py_finds_each_valid(published: dict[str, list[Quad]]) -> None:
    for quads in published.values():
        dataset = rdflib.Dataset()
        dataset.parse(data=trig(quads).decode(), format="trig")
        assert Nanopub(rdf=dataset).is_valid


def test_together_they_assert_all_that_is_stated_and_inferred(
    bundle: Selection, published: dict[str, list[Quad]]
) -> None:
    asserted = {one.triple for quads in published.values() for one in of(quads, "assertion")}
    store = bundle.store
    known = {
        quad.triple
        for quad in bundle.quads
        if graph_evidence(store, quad.graph_name).kind != CURATED
    }
    assert asserted == known


def test_a_passage_asserts_what_it_states_with_literals_as_written(
    published: dict[str, list[Quad]],
) -> None:
    stated = {str(one.object) for one in of(published[S8], "assertion")}
    assert '"P5Y"^^<http://www.w3.org/2001/XMLSchema#duration>' in stated
    assert f"<{OH}intended>" in stated


def test_the_provenance_quotes_the_words_and_names_the_document(
    bundle: Selection, published: dict[str, list[Quad]]
) -> None:
    text = Path(bundle.project.sources, "2020-02-05-anses-inserm.txt").read_text("utf-8")
    store = Store()
    store.extend(of(published[S8], "provenance"))
    solutions = store.query("""
        PREFIX dcterms: <http://purl.org/dc/terms/>
        PREFIX oa: <http://www.w3.org/ns/oa#>
        PREFIX prov: <http://www.w3.org/ns/prov#>
        PREFIX schema: <http://schema.org/>
        SELECT ?assertion ?quote ?start ?issued ?sha ?document WHERE { GRAPH ?g {
            ?assertion prov:wasDerivedFrom ?passage ; prov:hadPrimarySource ?document .
            ?passage oa:hasSource ?text ; oa:hasSelector/oa:exact ?quote ; prov:value ?quote .
            ?passage oa:hasSelector/oa:start ?start .
            ?document dcterms:issued ?issued . ?text dcterms:isFormatOf ?document ; schema:sha256 ?sha
        } }""")
    assert [[term.value for term in row] for row in solutions] == [
        [
            f"{S8}#assertion",
            "The five-year framework agreement signed today consolidates their ambition to "
            "reinvigorate and broaden their collaboration in support of public health "
            "policy-making.",
            str(text.index("The five-year framework")),
            "2020-02-05",
            "c256ceba54556602166b2d46847f9e65e42e48b0f19ac9c17ee3996f1ccbc683",
            SOURCE + "2020-02-05-anses-inserm",
        ]
    ]


def test_an_inference_names_its_rule_and_all_sentences_behind_it(
    published: dict[str, list[Quad]],
) -> None:
    agreement = NamedNode(ID + "agreement-anses-inserm-2020")
    ends = [
        quads
        for quads in published.values()
        if any(
            (one.subject, one.predicate.value) == (agreement, OH + "dateEnds")
            for one in of(quads, "assertion")
        )
    ]
    assert ends
    objects = {one.object.value for quads in ends for one in of(quads, "provenance")}
    assert "https://w3id.org/onehealthkg/rule/end-date" in objects
    assert {f"{SOURCE}2020-02-05-anses-inserm#s{one}" for one in (1, 8)} <= objects


def test_each_has_a_licence_a_creator_and_the_version_of_the_data(
    bundle: Selection, published: dict[str, list[Quad]]
) -> None:
    for quads in published.values():
        said = {one.object.value for one in of(quads, "pubinfo")}
        assert "https://creativecommons.org/licenses/by/4.0/" in said
        assert "https://w3id.org/onehealthkg/contributors" in said
        assert bundle.version in said
        assert {one.graph_name.value.partition("#")[2] for one in quads} == set(PARTS)


@pytest.mark.slow
def test_the_same_data_gives_the_same_bytes(bundle: Selection) -> None:
    assert nanopub(bundle._replace(quads=tuple(reversed(bundle.quads)))) == nanopub(bundle)


def test_without_evidence_there_is_nothing_to_publish(bundle: Selection) -> None:
    assert list(parse(nanopub(without_evidence(bundle)), format=RdfFormat.TRIG)) == []


def test_a_selection_has_the_statements_of_the_project(bundle: Selection) -> None:
    assert set(bundle.quads) == set(read_dataset(bundle.project).quads)
