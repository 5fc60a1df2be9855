"""The concepts of a vocabulary's dump that have a label of ours.

What a dump calls a label depends on its model; these are known: SKOS and SKOS-XL
(https://www.w3.org/TR/skos-reference/), MeSH RDF, whose descriptors have concepts, which have terms
(https://hhs.github.io/meshrdf/), rdfs:label as in Wikidata, and OWL as the OBO ontologies have it
(https://github.com/information-artifact-ontology/ontology-metadata).

The first pass over the dump (``dump``) keeps the triples that can matter in a temporary file, and
the nodes that have a label of ours. From these nodes the way leads up to their concepts, and from
the concepts down again to all their labels, definitions and broader concepts, a pass over the
temporary file for each step. So the memory holds only what has a label of ours.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator
from itertools import islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TypeVar

from pyoxigraph import Literal, Quad, RdfFormat, parse, serialize

from onehealthkg.names import PREFIXES
from onehealthkg.terms import Term, plain
from onehealthkg.vocabularies.concepts import (
    ALT,
    KINDS_OF_LABELS,
    NARROW,
    PREF,
    Concept,
    Label,
    seen,
)
from onehealthkg.vocabularies.dump import read_dump
from onehealthkg.vocabularies.labels_index import LabelsIndex

T = TypeVar("T")

_MESHV = "http://id.nlm.nih.gov/mesh/vocab#"
_OBO = "http://www.geneontology.org/formats/oboInOwl#"
_OWL, _RDF, _RDFS, _SKOS = (PREFIXES[name] for name in ("owl", "rdf", "rdfs", "skos"))
_XL = "http://www.w3.org/2008/05/skos-xl#"
_IAO = "http://purl.obolibrary.org/obo/IAO_"

_LABELS = {
    _SKOS + "prefLabel": PREF,
    _SKOS + "altLabel": ALT,
    _SKOS + "hiddenLabel": ALT,
    _RDFS + "label": PREF,
    _XL + "literalForm": PREF,
    _MESHV + "prefLabel": PREF,
    _MESHV + "altLabel": ALT,
    _OBO + "hasExactSynonym": ALT,
    _OBO + "hasBroadSynonym": NARROW,
    _OBO + "hasNarrowSynonym": NARROW,
    _OBO + "hasRelatedSynonym": NARROW,
    _IAO + "0000118": ALT,
}
# From a concept to a node that has labels, and what these are to the concept at the best.
_LINKS = {
    _XL + "prefLabel": PREF,
    _XL + "altLabel": ALT,
    _XL + "hiddenLabel": ALT,
    _MESHV + "preferredConcept": PREF,
    _MESHV + "concept": NARROW,
    _MESHV + "preferredTerm": PREF,
    _MESHV + "term": ALT,
}
_DEFINITIONS = {
    _SKOS + "definition",
    _SKOS + "scopeNote",
    _MESHV + "scopeNote",
    _RDF + "value",
    _IAO + "0000115",
    PREFIXES["schema"] + "description",
}
_BROADER = {
    _SKOS + "broader",
    _MESHV + "broaderDescriptor",
    _RDFS + "subClassOf",
    "http://www.wikidata.org/prop/direct/P279",
}
_DEPRECATED = {_OWL + "deprecated"}
_HOMONYMS = 1000  # nodes with a label; a vocabulary has few
_BATCH = 20_000  # triples that are looked at together
_DEEPEST = 3  # steps from a concept to its labels, or from a label to its concept

_Facts = dict[str, list[tuple[str, Term]]]


def matching_concepts(
    path: Path,
    index: LabelsIndex[T],
    is_wanted: Callable[[str], bool],
    notice: Callable[[str], None] = lambda _: None,
) -> list[Concept]:
    """The concepts of a dump that have a label of the index, sorted, if their IRI is wanted.

    Of their labels, the preferred ones and those in the index are kept. Raises InputError where the
    dump cannot be read; ``notice`` is called where a label has too many concepts.
    """
    with TemporaryFile() as kept, TemporaryFile() as ways:
        nodes = _first_pass(path, index, kept, ways, notice)
        roots = {one for one in _climbed(ways, nodes) if one[0] == "<" and is_wanted(one[1:-1])}
        facts = _about(kept, roots)
    return [_concept(root, facts, index) for root in sorted(roots)]


def _first_pass(
    path: Path,
    index: LabelsIndex[T],
    kept: IO[bytes],
    ways: IO[bytes],
    notice: Callable[[str], None],
) -> set[str]:
    """Keep what can matter; what comes back are the nodes that have a label of the index.

    ``ways`` are those of the lines kept that lead from a concept to its labels.
    """
    nodes: set[str] = set()
    times: Counter[str] = Counter()
    quads = read_dump(path, {*_LABELS, *_LINKS, *_DEFINITIONS, *_BROADER, *_DEPRECATED})
    while some := list(islice(quads, _BATCH)):
        serialize(some, kept, format=RdfFormat.N_TRIPLES)
        links = []
        for quad in some:
            predicate = quad.predicate.value
            if predicate in _LABELS:
                _note(quad, index, nodes, times)
            elif predicate in _LINKS:
                links.append(quad)
        serialize(links, ways, format=RdfFormat.N_TRIPLES)
    for label, number in sorted(times.items()):
        if number > _HOMONYMS:
            notice(f'{path}: {number} labels are like "{label}"; the first {_HOMONYMS} count.')
    return nodes


def _note(quad: Quad, index: LabelsIndex[T], nodes: set[str], times: Counter[str]) -> None:
    """Note the node of a label that is in the index, unless too many have the same."""
    one = quad.object
    if isinstance(one, Literal) and (entries := index.found(one.value, one.language or "")):
        times.update({entry.label for entry in entries})
        if any(times[entry.label] <= _HOMONYMS for entry in entries):
            nodes.add(str(quad.subject))


def _climbed(ways: IO[bytes], nodes: set[str]) -> set[str]:
    """The nodes that are nobody's label, reached from some that are or are not."""
    reached, frontier, labels = set(nodes), nodes, set()
    for _ in range(_DEEPEST):
        above = set()
        ways.seek(0)
        for line in ways:
            subject, _predicate, value = line.decode()[:-3].split(" ", 2)
            if value in frontier:
                above.add(subject)
                labels.add(value)
        if not above:
            break
        frontier = above
        reached |= above
    return reached - labels


def _about(kept: IO[bytes], roots: Collection[str]) -> _Facts:
    """What the dump says of nodes, of their labels and definitions, and of broader nodes."""
    facts: _Facts = defaultdict(list)
    frontier, seen = set(roots), set(roots)
    for step in range(_DEEPEST + 1):
        follow = {*_LINKS, *_DEFINITIONS, *(_BROADER if step == 0 else ())}
        following = set()
        for quad in _of_subjects(kept, frontier):
            facts[str(quad.subject)].append((quad.predicate.value, quad.object))
            if quad.predicate.value in follow and not isinstance(quad.object, Literal):
                following.add(str(quad.object))
        frontier = following - seen
        seen |= frontier
        if not frontier:
            break
    return facts


def _of_subjects(kept: IO[bytes], subjects: set[str]) -> Iterator[Quad]:
    wanted = {subject.encode() for subject in subjects}
    kept.seek(0)
    lines = b"".join(line for line in kept if line[: line.index(b" ")] in wanted)
    yield from parse(lines, format=RdfFormat.N_TRIPLES)


def _concept(node: str, facts: _Facts, index: LabelsIndex[T]) -> Concept:
    broader = {
        label
        for predicate, up in facts[node]
        if predicate in _BROADER
        for label in _labels(str(up), facts, PREF, _DEEPEST)
        if label.kind != NARROW
    }
    concept = Concept(
        node[1:-1],
        tuple(_labels(node, facts, PREF, _DEEPEST)),
        tuple(sorted(_definitions(node, facts))),
        tuple(sorted(broader)),
        any(name in _DEPRECATED and plain(one) in ("true", "1") for name, one in facts[node]),
    )
    return seen(concept, index)


def _labels(node: str, facts: _Facts, kind: str, depth: int) -> Iterator[Label]:
    """The labels of a node and of the nodes below it, none of a better kind than the way there."""
    for predicate, one in facts.get(node, ()):
        if predicate in _LABELS and isinstance(one, Literal):
            yield Label(one.value, (one.language or "").lower(), _worse(kind, _LABELS[predicate]))
        elif predicate in _LINKS and depth:
            yield from _labels(str(one), facts, _worse(kind, _LINKS[predicate]), depth - 1)


def _worse(*kinds: str) -> str:
    return max(kinds, key=KINDS_OF_LABELS.index)


def _definitions(node: str, facts: _Facts) -> set[Label]:
    """Definitions, which may stand in a node of their own, or with a concept of MeSH."""
    found = set()
    ways = {*_DEFINITIONS, _MESHV + "preferredConcept"}
    below = [str(one) for name, one in facts[node] if name in ways and not isinstance(one, Literal)]
    for owner in (node, *below):
        for predicate, one in facts.get(owner, ()):
            if predicate in _DEFINITIONS and isinstance(one, Literal):
                found.add(Label(one.value, (one.language or "").lower(), PREF))
    return found
