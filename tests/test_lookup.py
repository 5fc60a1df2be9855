"""Facts looked up in a store are those looked up in memory, and so are the pages made of them."""

from collections.abc import Iterator

import pytest
from pyoxigraph import NamedNode, Triple
from selections import everything

from onehealthkg.evidence.lookup import Lookup, Stored
from onehealthkg.evidence.selection import Selection, StoredSelection
from onehealthkg.names import RDF_TYPE, expand
from onehealthkg.pages.site import page
from onehealthkg.pages.world import World

ADDRESSES = (
    *("index.html", "agreements.html", "organisations.html", "timeline.html", "network.html"),
    *("topics.html", "countries.html", "sources.html", "ontology.html", "search.html"),
    *("agreements/anses-inserm-2020.html", "organisations/anses.html", "places/france.html"),
    *("topics/infectious-diseases.html", "texts/2020-02-05-anses-inserm.html"),
)


@pytest.fixture(scope="module")
def bundle() -> Selection:
    """The bundled data with literals as a store writes them, such as 1 for 1.0."""
    store = everything().store
    quads = {quad for quad in store if isinstance(quad.graph_name, NamedNode)}
    return everything()._replace(quads=tuple(sorted(quads, key=str)))


@pytest.fixture(scope="module")
def stored(bundle: Selection) -> StoredSelection:
    return StoredSelection(bundle.store, Stored(bundle.store), "en", bundle.project, bundle.version)


def some(bundle: Selection) -> list[Triple]:
    return bundle.triples[::101]


def facts_about(lookup: Lookup, triple: Triple) -> Iterator[object]:
    yield [(name, list(values)) for name, values in lookup.about(triple.subject).items()]
    yield lookup.graphs(triple)
    if isinstance(triple.object, NamedNode):
        yield lookup.naming(triple.object, [triple.predicate.value, RDF_TYPE])
        yield lookup.naming(triple.object)


def test_the_facts_in_a_store_are_those_in_memory(
    bundle: Selection, stored: StoredSelection
) -> None:
    assert len(some(bundle)) > 100
    for triple in some(bundle):
        assert [*facts_about(stored.lookup, triple)] == [*facts_about(bundle.lookup, triple)]


def test_all_facts_of_a_predicate_or_a_class_are_those_in_memory(
    bundle: Selection, stored: StoredSelection
) -> None:
    agreement = expand("oh:Arrangement")
    for name in ("skos:prefLabel", "oh:party", "rdf:type", "oh:isNowhere"):
        for limits in ([expand(name)], [expand(name), agreement]):
            found, wanted = ({*each.lookup.pairs(*limits)} for each in (stored, bundle))
            assert found == wanted
    assert stored.lookup.things(agreement) == bundle.lookup.things(agreement)
    assert {*stored.lookup.triples()} == {*bundle.triples}
    assert {*stored.lookup.named_graphs()} == {*bundle.lookup.named_graphs()}


def test_the_counts_in_a_store_are_those_in_memory(
    bundle: Selection, stored: StoredSelection
) -> None:
    assert stored.lookup.counts == bundle.lookup.counts._replace(subjects=None, objects=None)


@pytest.fixture(scope="module")
def worlds(stored: StoredSelection) -> list[World]:
    return [World(selection, served=True) for selection in (everything(), stored)]


@pytest.mark.sampled(4)
@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_made_from_a_store_is_that_made_in_memory(worlds: list[World], address: str) -> None:
    made, wanted = (page(world, address) for world in worlds)
    assert made == wanted


@pytest.mark.slow
def test_french_pages_made_from_a_store_are_those_made_in_memory(worlds: list[World]) -> None:
    french = [world.in_language("fr") for world in worlds]
    for address in ADDRESSES:
        made, wanted = (page(world, address) for world in french)
        assert made == wanted, address
