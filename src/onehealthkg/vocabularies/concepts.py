"""The two sides of a comparison: our things and a vocabulary's concepts, with labels and context.

Things are the topics, activities, organisations, people, places and programmes of the graph, and
the other concepts that its texts name. Concepts come from a dump (``lookup_dump``) or from a SPARQL
endpoint (``lookup_endpoint``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeVar

from pyoxigraph import Literal, NamedNode, Store

from onehealthkg.labels import OTHER_NAMES, PREFERRED
from onehealthkg.names import ID, PREFIXES, local_name
from onehealthkg.terms import Term, plain, values
from onehealthkg.vocabularies.labels_index import LONGEST, LabelsIndex
from onehealthkg.vocabularies.properties import ALT, KINDS_OF_LABELS, PREF, language_of

T = TypeVar("T")

LINKABLE = (
    *("activity", "aim", "audience", "category", "kind", "organisation", "person", "place"),
    *("population", "programme", "topic"),
)
"""The kinds of things that may be linked, as the prefixes of their names."""
_SKOS = PREFIXES["skos"]
_BROADER = NamedNode(_SKOS + "broader")
_OURS = (
    (PREF, PREFERRED),
    *((ALT, naming) for naming in OTHER_NAMES),
)


class Label(NamedTuple):
    """A label, its language tag (or ""), and its kind (``KINDS_OF_LABELS``)."""

    text: str
    language: str
    kind: str


class Concept(NamedTuple):
    """A thing of ours, or a concept of a vocabulary; all parts sorted."""

    iri: str
    labels: tuple[Label, ...]
    definitions: tuple[Label, ...] = ()
    broader: tuple[Label, ...] = ()
    obsolete: bool = False

    def name(self) -> str:
        """The label to show: the preferred one in English, else in French, else any."""
        return min(self.labels, key=_rank, default=Label("", "", PREF)).text


def _rank(label: Label) -> tuple[int, int, Label]:
    languages = {"en": 0, "": 1, "mul": 1, "fr": 2}
    kind = KINDS_OF_LABELS.index(label.kind)
    return kind, languages.get(label.language.partition("-")[0], 3), label


def labels_of(things: Iterable[Concept]) -> LabelsIndex[str]:
    """The index of the labels of things, whose IRIs are the owners."""
    return LabelsIndex(
        (thing.iri, label.text, label.language) for thing in things for label in thing.labels
    )


def with_relevant_labels(concept: Concept, index: LabelsIndex[T]) -> Concept:
    """The concept with its labels that are preferred or in the index, each in its best kind."""
    best: dict[tuple[str, str], Label] = {}
    for label in sorted(concept.labels, key=lambda label: KINDS_OF_LABELS.index(label.kind)):
        is_short = len(label.text) <= LONGEST
        if is_short and (label.kind == PREF or index.found(label.text, label.language)):
            best.setdefault((label.text, label.language), label)
    return concept._replace(labels=tuple(sorted(best.values())))


def things(store: Store) -> dict[str, Concept]:
    """The things of a store that can be linked, by IRI, sorted; its default graph is the merge."""
    iris = {
        quad.subject.value
        for _, predicate in _OURS
        for quad in store.quads_for_pattern(None, predicate, None)
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(ID)
    }
    named = sorted(iri for iri in iris if local_name(iri).partition("-")[0] in LINKABLE)
    return {iri: _thing(store, NamedNode(iri)) for iri in named}


def _thing(store: Store, node: NamedNode) -> Concept:
    definition = NamedNode(_SKOS + "definition")
    broader = [label for up in values(store, node, _BROADER) for label in _labels(store, up)]
    return Concept(
        node.value,
        tuple(sorted(set(_labels(store, node)))),
        tuple(sorted({_label(text, PREF) for text in values(store, node, definition)})),
        tuple(sorted(set(broader))),
    )


def _labels(store: Store, node: Term) -> Iterator[Label]:
    for kind, predicate in _OURS:
        for term in values(store, node, predicate):
            yield _label(term, kind)


def _label(term: Term, kind: str) -> Label:
    return Label(plain(term), language_of(term) if isinstance(term, Literal) else "", kind)
