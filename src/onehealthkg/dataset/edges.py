"""The facts as a network: things as nodes, relations between them as edges.

What makes up the evidence and the vocabulary is no node: passages, selectors, inferences, curated
graphs, rules, concept schemes and the terms of the ontology. An edge is a triple whose two ends are
nodes. Its weight counts what is behind it, so that thickness means something in a picture:

- for ``oh:partnerOf``, the agreements and partnerships that the two have in common, where a
  partnership that one of the agreements formalises is not counted again;
- for any other relation, the documents whose words are behind it, where a record counts as one, and
  1 for what editors wrote.

Its date is that of the oldest document behind it. A symmetric relation is one edge, from the thing
whose IRI comes first.
"""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from pyoxigraph import NamedNode, Triple

from onehealthkg.dataset.evidence import EVIDENCE_CLASSES
from onehealthkg.dataset.facts import Facts
from onehealthkg.names import OH, expand, local_name
from onehealthkg.terms import named_node, plain

_APPARATUS = (
    *(*EVIDENCE_CLASSES, "skos:ConceptScheme", "oa:TextPositionSelector", "oa:TextQuoteSelector"),
    *("owl:Ontology", "owl:Class", "owl:ObjectProperty", "owl:DatatypeProperty"),
    "owl:SymmetricProperty",
)
PARTNER_OF = named_node("oh:partnerOf")
_TOGETHER = ("oh:party", "oh:partner")


class Node(NamedTuple):
    """A thing: its IRI, label, kind (``agreement``, ``topic`` ...), and dates where it has any."""

    iri: str
    label: str
    kind: str
    start: str
    end: str


class Edge(NamedTuple):
    """A relation between two things; ``passages`` are the names of those behind it."""

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


def network(facts: Facts) -> Network:
    """The network of a selection."""
    apparatus = {expand(one) for one in _APPARATUS}
    things = [
        subject
        for subject in sorted({one.subject for one in facts.triples("rdf:type")}, key=str)
        if isinstance(subject, NamedNode)
        and not apparatus.intersection(map(plain, facts.values(subject, "rdf:type")))
        and not subject.value.startswith(OH)
    ]
    known = set(things)
    common = _common(facts)
    edges = [
        _edge(facts, one, common)
        for one in facts.selection.triples
        if one.subject in known and one.object in known and not _is_mirrored(one)
    ]
    return Network([_node(facts, one) for one in things], edges)


def _is_mirrored(one: Triple) -> bool:
    return one.predicate == PARTNER_OF and str(one.subject) > str(one.object)


def _common(facts: Facts) -> dict[frozenset[str], set[str]]:
    """For each pair of organisations, the agreements and partnerships that they have in common."""
    members: dict[str, set[str]] = defaultdict(set)
    for one in facts.triples(*_TOGETHER):
        members[plain(one.subject)].add(plain(one.object))
    formalised = [(plain(one.subject), plain(one.object)) for one in facts.triples("oh:formalises")]
    common: dict[frozenset[str], set[str]] = defaultdict(set)
    for thing, theirs in members.items():
        for each in theirs:
            for other in theirs - {each}:
                common[frozenset((each, other))].add(thing)
    for found in common.values():
        found -= {partnership for agreement, partnership in formalised if agreement in found}
    return common


def _node(facts: Facts, thing: NamedNode) -> Node:
    dates = [facts.words(thing, name) for name in ("oh:dateSigned", "oh:dateEnds")]
    start = dates[0] or facts.words(
        thing, "oh:dateStarted", "dcterms:issued", "schema:foundingDate"
    )
    return Node(thing.value, facts.label(thing), facts.kind(thing), start, dates[1])


def _edge(facts: Facts, one: Triple, common: dict[frozenset[str], set[str]]) -> Edge:
    behind = {passage for each in facts.evidence(one) for passage in each.passages}
    passages = {passage.iri: passage for passage in behind}
    ordered = sorted(passages.values(), key=lambda each: each.place)
    records = {each.record for backing in facts.evidence(one) for each in backing.documents}
    weight = len({each.document for each in ordered} | records)
    ends = plain(one.subject), plain(one.object)
    if one.predicate == PARTNER_OF:
        weight = len(common[frozenset(ends)])
    return Edge(
        *ends,
        local_name(one.predicate.value),
        facts.label(one.predicate),
        max(weight, 1),
        facts.first_said([one]),
        facts.basis(one),
        tuple(each.name for each in ordered),
    )
