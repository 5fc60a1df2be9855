"""The concepts of a vocabulary's dump that have a label of ours.

The first pass over the dump (``dump``) keeps the relevant statements (``properties``) in a
temporary file, and the nodes that have a label of ours. From these nodes, further passes over the
temporary file find their concepts and then all labels, definitions and broader concepts of these,
so that only concepts with a label of ours are held in memory.

A collection, a concept scheme or a property is not a concept, regardless of its label. A concept
that was replaced gives its labels to its successor, if the dump has it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TypeVar

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse, serialize

from onehealthkg.names import RDF_TYPE
from onehealthkg.terms import Term
from onehealthkg.vocabularies.concepts import Concept, Label, with_relevant_labels
from onehealthkg.vocabularies.dump import read_dump
from onehealthkg.vocabularies.labels_index import LabelsIndex
from onehealthkg.vocabularies.properties import (
    ALT,
    BROADER,
    CONCEPT_SCHEME,
    DEFINITION_NODES,
    DEFINITIONS,
    IN_SCHEME,
    KINDS_OF_LABELS,
    LABEL_NODES,
    LABELS,
    NARROW,
    NOT_OF_CONCEPTS,
    OBSOLETE,
    PREF,
    REPLACED_BY,
    REPLACES,
    TEXT_OF_NODE,
    excludes,
    is_obsolete,
    is_significant_type,
    language_of,
)

T = TypeVar("T")

_PREDICATES = frozenset(
    (
        *(*LABELS, *LABEL_NODES, *DEFINITIONS, TEXT_OF_NODE, *BROADER),
        *(*REPLACED_BY, REPLACES, *OBSOLETE, *NOT_OF_CONCEPTS, *IN_SCHEME, RDF_TYPE),
    )
)
_FOLLOWED = frozenset((*LABEL_NODES, *DEFINITION_NODES))
_HOMONYMS = 1000  # nodes with a label; a vocabulary has few
_BATCH = 20_000  # triples examined together
_DEEPEST = 3  # steps from a concept to its labels, or from a label to its concept

_Facts = dict[str, list[tuple[str, Term]]]
"""Nodes as N-Triples writes them, each with the properties and values that it has."""


def concepts_in_dump(
    path: Path,
    index: LabelsIndex[T],
    is_wanted: Callable[[str], bool],
    notice: Callable[[str], None] = lambda _: None,
) -> list[Concept]:
    """The concepts of a dump that have a label of the index, sorted, if their IRI is wanted.

    Of their labels, the preferred ones and those in the index are kept. Raises InputError if the
    dump cannot be read; ``notice`` is called if a label has too many concepts.
    """
    with TemporaryFile() as kept, TemporaryFile() as ways:
        labelled = _first_pass(path, index, kept, ways, notice)
        nodes = {node for node in _climbed(ways, labelled) if _is_wanted(node, is_wanted)}
        facts, successors = _facts(kept, nodes, is_wanted)
    predecessors: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for node, others in successors.items():
        for new in others:
            predecessors[new].append((node, ALT if len(others) == 1 else NARROW))
    concepts = (
        _concept(node, facts, predecessors)
        for node, others in sorted(successors.items())
        if not others
    )
    return [with_relevant_labels(concept, index) for concept in concepts]


def _is_wanted(node: str, is_wanted: Callable[[str], bool]) -> bool:
    return node.startswith("<") and is_wanted(node[1:-1])


def _first_pass(
    path: Path,
    index: LabelsIndex[T],
    kept: IO[bytes],
    ways: IO[bytes],
    notice: Callable[[str], None],
) -> set[str]:
    """Keep the relevant statements, and return the nodes that have a label of the index.

    ``ways`` are those of the lines kept that lead from a concept to its labels.
    """
    nodes: set[str] = set()
    times: Counter[str] = Counter()
    statements = _relevant(read_dump(path, _PREDICATES))
    while some := list(islice(statements, _BATCH)):
        serialize(some, kept, format=RdfFormat.N_TRIPLES)
        links = []
        for quad in some:
            predicate = quad.predicate.value
            if predicate in LABELS:
                _note(quad, index, nodes, times)
            elif predicate in LABEL_NODES:
                links.append(quad)
        serialize(links, ways, format=RdfFormat.N_TRIPLES)
    for label, number in sorted(times.items()):
        if number > _HOMONYMS:
            notice(f'{path}: {number} labels are like "{label}"; the first {_HOMONYMS} count.')
    return nodes


def _relevant(statements: Iterable[Quad]) -> Iterator[Quad]:
    """The statements without most types, each about the concept or scheme that it is relevant for.

    A replacement is stated about the replaced concept; that a concept is in a scheme is stated
    once, as the type of the scheme.
    """
    schemes = set()
    for quad in statements:
        predicate = quad.predicate.value
        if predicate == REPLACES and isinstance(quad.object, NamedNode):
            yield Quad(quad.object, NamedNode(REPLACED_BY[0]), quad.subject)
        elif predicate in IN_SCHEME:
            if isinstance(quad.object, NamedNode) and quad.object not in schemes:
                schemes.add(quad.object)
                yield Quad(quad.object, NamedNode(RDF_TYPE), NamedNode(CONCEPT_SCHEME))
        elif predicate != RDF_TYPE or is_significant_type(quad.object):
            yield quad


def _note(quad: Quad, index: LabelsIndex[T], nodes: set[str], times: Counter[str]) -> None:
    """Note the node of a label that is in the index, unless too many have the same."""
    label = quad.object
    if isinstance(label, Literal) and (entries := index.found(label.value, label.language or "")):
        times.update({entry.label for entry in entries})
        if any(times[entry.label] <= _HOMONYMS for entry in entries):
            nodes.add(str(quad.subject))


def _climbed(ways: IO[bytes], nodes: set[str]) -> set[str]:
    """The nodes that are not labels of others, reached from the given nodes."""
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


def _facts(
    kept: IO[bytes], nodes: set[str], is_wanted: Callable[[str], bool]
) -> tuple[_Facts, dict[str, set[str]]]:
    """The dump's statements about nodes and their successors, and the successors of each concept.

    A concept has a label, and is not a collection, scheme or property. Chains of successors are
    followed for a few steps.
    """
    facts: _Facts = defaultdict(list)
    successors: dict[str, set[str]] = {}
    for _ in range(_DEEPEST):
        _about(kept, nodes, facts)
        for node in nodes:
            successors[node] = {
                str(value)
                for predicate, value in facts[node]
                if predicate in REPLACED_BY and _is_wanted(str(value), is_wanted)
            }
        nodes = {new for others in successors.values() for new in others} - successors.keys()
        if not nodes:
            break
    concepts = {
        node
        for node in successors
        if any(_labels(node, facts, PREF, _DEEPEST)) and not _is_excluded(node, facts)
    }
    return facts, {node: (successors[node] & concepts) - {node} for node in concepts}


def _is_excluded(node: str, facts: _Facts) -> bool:
    return any(excludes(predicate, value) for predicate, value in facts[node])


def _about(kept: IO[bytes], nodes: Collection[str], facts: _Facts) -> None:
    """Add the dump's statements about nodes, their labels and definitions, and broader nodes."""
    frontier, seen = set(nodes), set(nodes)
    for step in range(_DEEPEST + 1):
        following = set()
        for quad in _of_subjects(kept, frontier):
            facts[str(quad.subject)].append((quad.predicate.value, quad.object))
            predicate = quad.predicate.value
            is_followed = predicate in _FOLLOWED or (step == 0 and predicate in BROADER)
            if is_followed and not isinstance(quad.object, Literal):
                following.add(str(quad.object))
        frontier = following - seen
        seen |= frontier
        if not frontier:
            break


def _of_subjects(kept: IO[bytes], subjects: set[str]) -> Iterator[Quad]:
    keys = {subject.encode() for subject in subjects}
    kept.seek(0)
    lines = b"".join(line for line in kept if line[: line.index(b" ")] in keys)
    yield from parse(lines, format=RdfFormat.N_TRIPLES)


def _concept(
    node: str, facts: _Facts, predecessors: Mapping[str, Iterable[tuple[str, str]]]
) -> Concept:
    broader = {
        label
        for predicate, above in facts[node]
        if predicate in BROADER
        for label in _labels(str(above), facts, PREF, _DEEPEST)
        if label.kind != NARROW
    }
    return Concept(
        node[1:-1],
        (
            *_labels(node, facts, PREF, _DEEPEST),
            *_inherited(node, facts, predecessors, PREF, _DEEPEST),
        ),
        tuple(sorted(_definitions(node, facts))),
        tuple(sorted(broader)),
        any(fact[0] in REPLACED_BY or is_obsolete(*fact) for fact in facts[node]),
    )


def _labels(node: str, facts: _Facts, kind: str, depth: int) -> Iterator[Label]:
    """The labels of a node and of nodes below it, no better than the kind of the path to them."""
    for predicate, value in facts.get(node, ()):
        if predicate in LABELS and isinstance(value, Literal):
            yield Label(value.value, language_of(value), _worse(kind, LABELS[predicate]))
        elif predicate in LABEL_NODES and depth:
            yield from _labels(str(value), facts, _worse(kind, LABEL_NODES[predicate]), depth - 1)


def _inherited(
    node: str,
    facts: _Facts,
    predecessors: Mapping[str, Iterable[tuple[str, str]]],
    kind: str,
    depth: int,
) -> Iterator[Label]:
    """The labels of the concepts that a node has replaced, and of those that these had replaced."""
    for old, old_kind in predecessors.get(node, ()) if depth else ():
        worse = _worse(kind, old_kind)
        yield from _labels(old, facts, worse, _DEEPEST)
        yield from _inherited(old, facts, predecessors, worse, depth - 1)


def _worse(*kinds: str) -> str:
    return max(kinds, key=KINDS_OF_LABELS.index)


def _definitions(node: str, facts: _Facts) -> set[Label]:
    """The definitions, which may be in a separate node, or with a concept of MeSH."""
    below = [
        str(value)
        for predicate, value in facts[node]
        if predicate in DEFINITION_NODES and not isinstance(value, Literal)
    ]
    return {
        Label(value.value, language_of(value), PREF)
        for owner in (node, *below)
        for predicate, value in facts.get(owner, ())
        if (predicate in DEFINITIONS or predicate == TEXT_OF_NODE) and isinstance(value, Literal)
    }
