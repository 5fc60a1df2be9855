"""Nanopublications: one for each passage, record and inference, in TriG, unsigned.

https://nanopub.net/guidelines/working_draft/

The assertion has the statements of the passage or record, or the inference. The provenance leads to
the words: passage, quote and offsets, the document with its title, date and SHA-256, and for an
inference the rule; for a record it lists the documents that were read. The publication info names
licence, creator and the version of the data. It has no time of publication, so that the same data
gives the same bytes; whoever signs and publishes a nanopublication adds the time. Curated graphs
do not quote a text and are not published in this form.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Quad, Triple

from onehealthkg.dataset.publication import CREATOR, CREATOR_NAME, LICENCE, RIGHTS, in_languages
from onehealthkg.evidence.evidence import CURATED, INFERRED, Evidence
from onehealthkg.evidence.facts import Facts
from onehealthkg.evidence.selection import Selection
from onehealthkg.names import INFERENCE, NANOPUB, RECORD, SOURCE
from onehealthkg.rdf.read_write import trig
from onehealthkg.terms import Term, in_graph, named_node

PARTS = ("Head", "assertion", "provenance", "pubinfo")


_TYPE = named_node("rdf:type")
_DESCRIBES_PASSAGE = ("rdf:type", "oa:hasSource", "oa:hasSelector")
_DESCRIBES_SELECTOR = ("rdf:type", "oa:exact", "oa:prefix", "oa:suffix", "oa:start", "oa:end")
_DESCRIBES_UNARCHIVED = ("rdf:type", "dc:publisher", "dcterms:issued", "dcterms:language")
_DESCRIBES_TEXT = ("rdf:type", "dcterms:isFormatOf", "dcterms:source", "schema:sha256")
_DESCRIBES_DOCUMENT = ("dcterms:title", "dcterms:issued")


def nanopub(selection: Selection) -> bytes:
    """The nanopublications of a selection."""
    return trig(nanopublications(selection))


def nanopublications(selection: Selection) -> Iterator[Quad]:
    """The quads of all nanopublications, each in four graphs of its own."""
    facts = Facts(selection)
    by_graph: dict[NamedNode, list[Triple]] = defaultdict(list)
    for quad in selection.quads:
        if isinstance(quad.graph_name, NamedNode):
            by_graph[quad.graph_name].append(quad.triple)
    for graph, triples in by_graph.items():
        backing = facts.backing(graph)
        if backing.kind != CURATED:
            yield from _nanopublication(facts, graph, triples, backing)


def address(graph: NamedNode) -> NamedNode:
    """The IRI of the nanopublication of a passage, record, document or inference."""
    name = graph.value.removeprefix(SOURCE).removeprefix(INFERENCE).replace(RECORD, "record-")
    return NamedNode(NANOPUB + name.replace("#", "-").rpartition("//")[2])


def _nanopublication(
    facts: Facts, graph: NamedNode, triples: Iterable[Triple], backing: Evidence
) -> Iterator[Quad]:
    own = address(graph)
    graphs = {part: NamedNode(f"{own.value}#{part}") for part in PARTS}
    parts = {
        "Head": _head(own, graphs),
        "assertion": triples,
        "provenance": _provenance(facts, graph, graphs["assertion"], backing),
        "pubinfo": _publication_info(facts, own, graph),
    }
    for part, triples in parts.items():
        yield from (in_graph(triple, graphs[part]) for triple in triples)


def _head(own: NamedNode, graphs: dict[str, NamedNode]) -> Iterator[Triple]:
    yield Triple(own, _TYPE, named_node("np:Nanopublication"))
    yield Triple(own, named_node("np:hasAssertion"), graphs["assertion"])
    yield Triple(own, named_node("np:hasProvenance"), graphs["provenance"])
    yield Triple(own, named_node("np:hasPublicationInfo"), graphs["pubinfo"])


def _provenance(
    facts: Facts, graph: NamedNode, assertion: NamedNode, backing: Evidence
) -> Iterator[Triple]:
    derived = named_node("prov:wasDerivedFrom")
    yield Triple(assertion, derived, graph)
    if backing.kind == INFERRED:
        yield from _about(facts, graph, ("rdf:type", "oh:rule", "prov:wasDerivedFrom"))
        described_by = ("rdfs:label", "oh:assumption", "skos:definition")
        yield from _about(facts, NamedNode(backing.rule), described_by)
    for each in backing.documents:
        document = NamedNode(each.iri)
        yield Triple(assertion, named_node("prov:hadPrimarySource"), document)
        yield from _about(facts, document, _DESCRIBES_UNARCHIVED)
    for source in backing.passages:
        passage, text, document = map(NamedNode, (source.iri, source.text, source.document))
        yield Triple(assertion, named_node("prov:hadPrimarySource"), document)
        yield Triple(passage, named_node("prov:value"), Literal(source.quote))
        yield from _about(facts, passage, _DESCRIBES_PASSAGE)
        for selector in facts.nodes(passage, "oa:hasSelector"):
            yield from _about(facts, selector, _DESCRIBES_SELECTOR)
        yield from _about(facts, text, _DESCRIBES_TEXT)
        yield from _about(facts, document, _DESCRIBES_DOCUMENT)


def _publication_info(facts: Facts, own: NamedNode, graph: NamedNode) -> Iterator[Triple]:
    yield Triple(own, _TYPE, named_node("np:Nanopublication"))
    yield Triple(own, named_node("dcterms:creator"), CREATOR)
    yield Triple(CREATOR, named_node("foaf:name"), Literal(CREATOR_NAME))
    yield Triple(own, named_node("dcterms:license"), NamedNode(LICENCE))
    yield from (Triple(own, named_node("dcterms:rights"), text) for text in in_languages(RIGHTS))
    yield Triple(own, named_node("dcterms:source"), graph)
    yield Triple(own, named_node("schema:version"), Literal(facts.selection.version))


def _about(facts: Facts, thing: NamedNode, predicates: Iterable[str]) -> Iterator[Triple]:
    for predicate in predicates:
        values: list[Term] = facts.values(thing, predicate)
        yield from (Triple(thing, named_node(predicate), value) for value in values)
