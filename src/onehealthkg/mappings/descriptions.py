"""The descriptions of vocabularies and registers in data/vocabularies.ttl and users' files.

A vocabulary is a ``void:Dataset`` (https://www.w3.org/TR/void/), or has a ``void:uriSpace``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pyoxigraph import NamedNode, Quad

from onehealthkg.names import PREFIXES, RDF_TYPE, expand
from onehealthkg.terms import QuadSource, Term, plain, subjects

_TYPE, DATASET = NamedNode(RDF_TYPE), NamedNode(PREFIXES["void"] + "Dataset")
_SPACE = NamedNode(PREFIXES["void"] + "uriSpace")


class Description(NamedTuple):
    """A vocabulary's description: its IRI, and values by property."""

    iri: str
    properties: dict[str, list[Term]]

    def values(self, name: str) -> list[Term]:
        """The values of a property such as ``void:uriSpace``, sorted."""
        return self.properties.get(expand(name), [])

    def text(self, name: str) -> str:
        """The text of one value of a property, or empty."""
        return next(map(plain, self.values(name)), "")


def read_descriptions(quads: Iterable[Quad]) -> list[Description]:
    """The vocabularies that quads describe, sorted by IRI; other things may be described too."""
    about: dict[str, dict[str, set[Term]]] = {}
    vocabularies = set()
    for quad in quads:
        if isinstance(quad.subject, NamedNode):
            properties = about.setdefault(quad.subject.value, {})
            properties.setdefault(quad.predicate.value, set()).add(quad.object)
            if quad.predicate == _SPACE or (quad.predicate, quad.object) == (_TYPE, DATASET):
                vocabularies.add(quad.subject.value)
    return [
        Description(iri, {name: sorted(values, key=str) for name, values in about[iri].items()})
        for iri in sorted(vocabularies)
    ]


def descriptions_in(store: QuadSource) -> list[Description]:
    """The vocabularies that a store describes, sorted by IRI."""
    return read_descriptions(_about_vocabularies(store))


def _about_vocabularies(store: QuadSource) -> Iterator[Quad]:
    for vocabulary in subjects(store, _SPACE) | subjects(store, _TYPE, DATASET):
        yield from store.quads_for_pattern(vocabulary, None, None)
