"""The names in a graph: the labels of its things, and the kinds of these things."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from pyoxigraph import NamedNode

from onehealthkg.kinds import members
from onehealthkg.reading.lookup import Label
from onehealthkg.reading.names import Names, names_of
from onehealthkg.terms import QuadSource, named_node, subjects

READ_KINDS = (
    *("organisation", "person", "post", "place", "programme"),
    *("topic", "activity", "kind", "category", "modality"),
)
"""The kinds of the things by whose labels a text is read."""

_ARRANGEMENTS, _DISEASES = named_node("id:kind-arrangement"), named_node("id:topic-diseases")
_COUNTRY = named_node("oh:country")
_BROADER, _TOP = named_node("skos:broader"), named_node("skos:topConceptOf")
_SIGNATORY, _BEHALF = named_node("oh:signatory"), named_node("oh:onBehalfOf")


class Knowledge(NamedTuple):
    """The names of a graph, ready to be found in texts.

    ``kinds`` are the kinds of things, ``agreements`` the kinds of agreements (not of programmes),
    ``general`` the concepts that head their schemes and are too general, and ``diseases`` the
    topics that a single word may name anywhere. ``proper`` are the labels of topics with capitals
    in each language, ``countries`` the places that are countries, ``bodies`` the organisations by
    their names in lower case, and ``homes`` the organisations for which a person has signed.
    """

    names: Names
    kinds: dict[NamedNode, str]
    agreements: frozenset[NamedNode]
    general: frozenset[NamedNode]
    homes: dict[NamedNode, frozenset[NamedNode]]
    proper: tuple[Label, ...]
    diseases: frozenset[NamedNode]
    countries: frozenset[NamedNode]
    bodies: dict[str, NamedNode]

    def body(self, *names: str) -> NamedNode | None:
        """The first known body with one of these names, ignoring case."""
        folded = (name.casefold() for name in names)
        return next((self.bodies[name] for name in folded if name in self.bodies), None)

    @classmethod
    def of(cls, store: QuadSource) -> Knowledge:
        """The names in all graphs of a store."""
        names = names_of(store)
        kinds = {thing: kind for kind in READ_KINDS for thing in members(store, kind)}
        return cls(
            names,
            kinds,
            frozenset(_narrower(store, _ARRANGEMENTS)),
            frozenset(subjects(store, _TOP)),
            _homes(store),
            _proper(names, kinds),
            frozenset(_narrower(store, _DISEASES)),
            frozenset(_countries(store)),
            _bodies(names, kinds),
        )


def _countries(store: QuadSource) -> set[NamedNode]:
    """The places that are countries: those in which the graph has bodies."""
    found = {quad.object for quad in store.quads_for_pattern(None, _COUNTRY, None)}
    return {thing for thing in found if isinstance(thing, NamedNode)}


def _bodies(names: Names, kinds: dict[NamedNode, str]) -> dict[str, NamedNode]:
    """The bodies by their unambiguous names of four letters or more."""
    found: dict[str, set[NamedNode]] = defaultdict(set)
    for label in names.labels:
        if kinds.get(label.thing) == "organisation" and len(label.literal.value) > 3:
            found[label.literal.value.casefold()].add(label.thing)
    return {name: next(iter(things)) for name, things in found.items() if len(things) == 1}


def _proper(names: Names, kinds: dict[NamedNode, str]) -> tuple[Label, ...]:
    """The labels of topics of two words or more, each with a capital: *One Health*."""
    found = (
        label
        for label in names.labels
        if kinds.get(label.thing) == "topic"
        and len(label.literal.value.split()) > 1
        and all(word[0].isupper() and not word.isupper() for word in label.literal.value.split())
        and not label.literal.value.split()[0][0].isdigit()
    )
    return tuple(sorted(found, key=lambda label: (label.literal.value, label.thing.value)))


def _narrower(store: QuadSource, concept: NamedNode) -> set[NamedNode]:
    """The concepts below a concept."""
    below = subjects(store, _BROADER, concept)
    return below.union(*(_narrower(store, concept) for concept in below))


def _homes(store: QuadSource) -> dict[NamedNode, frozenset[NamedNode]]:
    bodies: dict[object, set[NamedNode]] = defaultdict(set)
    for quad in store.quads_for_pattern(None, _BEHALF, None):
        if isinstance(quad.object, NamedNode):
            bodies[quad.subject].add(quad.object)
    homes: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    for quad in store.quads_for_pattern(None, _SIGNATORY, None):
        if isinstance(quad.object, NamedNode):
            homes[quad.object] |= bodies[quad.subject]
    return {person: frozenset(bodies) for person, bodies in homes.items()}
