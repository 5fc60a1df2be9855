"""The facts as a network, in GraphML and GEXF: for Gephi, Cytoscape, yEd, igraph and networkx.

http://graphml.graphdrawing.org/specification.html , https://gexf.net/schema.html

Nodes are things, edges the triples whose two ends are nodes. Evidence and vocabulary are left out:
passages, selectors, inferences, curated graphs, rules, concept schemes and the terms of the
ontology. The weight of an edge is a count, so that thickness is meaningful in a drawing:

- for ``oh:partnerOf``, the agreements and partnerships that the two have in common, where a
  partnership that one of the agreements formalises is not counted again;
- for any other relation, the documents behind it, where a record counts as one, and 1 for
  statements by the editors.

Its date is that of the oldest document behind it. A symmetric relation is one edge, from the thing
whose IRI comes first.

networkx writes both formats. All edges are directed, because some tools refuse a mixture. The dates
on which things begin and end are plain attributes: as intervals of GEXF, a year and a day could end
before they begin, which Gephi refuses. In GraphML the name of a node must be an XML name token: it
is the short form of the IRI if valid, else a number; the IRI is an attribute. Two things can have
several relations: a GEXF edge has its relation as ``kind``, so that Gephi does not merge them.
Characters that XML forbids become U+FFFD.
"""

import re
from collections import defaultdict
from io import BytesIO
from typing import NamedTuple

import networkx as nx  # type: ignore[import-untyped]
from networkx.readwrite.gexf import GEXFWriter  # type: ignore[import-untyped]
from pyoxigraph import NamedNode, Triple

from onehealthkg.evidence.evidence import EVIDENCE_CLASSES
from onehealthkg.evidence.facts import Facts
from onehealthkg.evidence.selection import Selection
from onehealthkg.names import OH, compact, expand, local_name
from onehealthkg.safe import for_xml
from onehealthkg.terms import named_node, plain

_APPARATUS = (
    *(*EVIDENCE_CLASSES, "skos:ConceptScheme", "oa:TextPositionSelector", "oa:TextQuoteSelector"),
    *("owl:Ontology", "owl:Class", "owl:ObjectProperty", "owl:DatatypeProperty"),
    "owl:SymmetricProperty",
)
PARTNER_OF = named_node("oh:partnerOf")
_TOGETHER = ("oh:party", "oh:partner")

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*:[A-Za-z0-9_.-]+")
# The version of GEXF that has the kind of an edge; networkx 3.4, the last for Python 3.10, has 1.2.
_GEXF_1_3 = {
    "xmlns": "http://gexf.net/1.3",
    "xsi:schemaLocation": "http://gexf.net/1.3 http://gexf.net/1.3/gexf.xsd",
    "version": "1.3",
}


class Node(NamedTuple):
    """A thing: its IRI, label, kind (``agreement``, ``topic`` ...), and dates, if any."""

    iri: str
    label: str
    kind: str
    start: str
    end: str


class Edge(NamedTuple):
    """A relation between two things; ``passages`` are the names of the passages that state it."""

    source: str
    target: str
    relation: str
    label: str
    weight: int
    first: str
    basis: str
    passages: tuple[str, ...]


class Network(NamedTuple):
    """The nodes and edges, sorted."""

    nodes: list[Node]
    edges: list[Edge]


def graphml(selection: Selection) -> bytes:
    """The network of a selection as GraphML."""
    graph = _graph(selection)
    names = {iri: _name(iri, number) for number, iri in enumerate(graph)}
    nx.set_node_attributes(graph, {iri: iri for iri in graph}, "iri")
    output = BytesIO()
    nx.write_graphml_xml(nx.relabel_nodes(graph, names), output)
    return output.getvalue() + b"\n"


def gexf(selection: Selection) -> bytes:
    """The network of a selection as GEXF 1.3."""
    graph = _graph(selection)
    writer = GEXFWriter(graph)
    root = writer.xml
    root.attrib.update(_GEXF_1_3)
    del root.find("meta").attrib["lastmodifieddate"]  # the same bytes on every run
    root.find("meta/creator").text = "onehealthkg"
    relations = (relation for *_, relation in graph.edges(data="relation"))
    for element, relation in zip(root.iter("edge"), relations, strict=True):
        element.set("kind", relation)
    output = BytesIO()
    writer.write(output)
    return output.getvalue() + b"\n"


def _graph(selection: Selection) -> nx.MultiDiGraph:
    """The network, its nodes named by their IRIs and its edges e0, e1 ..."""
    things = network(Facts(selection))
    graph = nx.MultiDiGraph(name=f"One Health partnerships, data {selection.version}")
    for node in things.nodes:
        graph.add_node(node.iri, **_node_values(node))
    for number, edge in enumerate(things.edges):
        graph.add_edge(edge.source, edge.target, key=f"e{number}", **_edge_values(edge))
    return graph


def _name(iri: str, number: int) -> str:
    short = compact(iri)
    return short if _NAME.fullmatch(short) else f"n{number}"


def _node_values(node: Node) -> dict[str, str]:
    values = {"label": node.label, "kind": node.kind, "begins": node.start, "ends": node.end}
    return _filled(values)


def _edge_values(edge: Edge) -> dict[str, str | int]:
    texts = {
        "relation": edge.relation,
        "label": edge.label,
        "first": edge.first,
        "basis": edge.basis,
        "passages": " ".join(edge.passages),
    }
    return {**_filled(texts), "weight": edge.weight}


def _filled(texts: dict[str, str]) -> dict[str, str]:
    """The texts that are not empty, with U+FFFD for characters that XML forbids."""
    return {name: for_xml(text) for name, text in texts.items() if text}


def network(facts: Facts) -> Network:
    """The network of a selection."""
    apparatus = {expand(name) for name in _APPARATUS}
    things = [
        subject
        for subject in sorted({triple.subject for triple in facts.triples("rdf:type")}, key=str)
        if isinstance(subject, NamedNode)
        and not apparatus.intersection(map(plain, facts.values(subject, "rdf:type")))
        and not subject.value.startswith(OH)
    ]
    ends = set(things)
    common = _common(facts)
    edges = [
        _edge(facts, triple, common)
        for triple in facts.all_triples()
        if triple.subject in ends and triple.object in ends and not _is_mirrored(triple)
    ]
    return Network([_node(facts, thing) for thing in things], edges)


def _is_mirrored(triple: Triple) -> bool:
    return triple.predicate == PARTNER_OF and str(triple.subject) > str(triple.object)


def _common(facts: Facts) -> dict[frozenset[str], set[str]]:
    """For each pair of organisations, the agreements and partnerships that they have in common."""
    members: dict[str, set[str]] = defaultdict(set)
    for triple in facts.triples(*_TOGETHER):
        members[plain(triple.subject)].add(plain(triple.object))
    formalised = [
        (plain(triple.subject), plain(triple.object)) for triple in facts.triples("oh:formalises")
    ]
    common: dict[frozenset[str], set[str]] = defaultdict(set)
    for thing, theirs in members.items():
        for each in theirs:
            for other in theirs - {each}:
                common[frozenset((each, other))].add(thing)
    for shared in common.values():
        shared -= {partnership for agreement, partnership in formalised if agreement in shared}
    return common


def _node(facts: Facts, thing: NamedNode) -> Node:
    dates = [facts.words(thing, name) for name in ("oh:dateSigned", "oh:dateEnds")]
    start = dates[0] or facts.words(
        thing, "oh:dateStarted", "dcterms:issued", "schema:foundingDate"
    )
    return Node(thing.value, facts.label(thing), facts.kind(thing), start, dates[1])


def _edge(facts: Facts, triple: Triple, common: dict[frozenset[str], set[str]]) -> Edge:
    behind = {passage for each in facts.evidence(triple) for passage in each.passages}
    passages = {passage.iri: passage for passage in behind}
    ordered = sorted(passages.values(), key=lambda each: each.place)
    records = {each.record for backing in facts.evidence(triple) for each in backing.documents}
    weight = len({each.document for each in ordered} | records)
    ends = plain(triple.subject), plain(triple.object)
    if triple.predicate == PARTNER_OF:
        weight = len(common[frozenset(ends)])
    return Edge(
        *ends,
        local_name(triple.predicate.value),
        facts.label(triple.predicate),
        max(weight, 1),
        facts.first_said([triple]),
        facts.basis(triple),
        tuple(each.name for each in ordered),
    )
