"""The two sides of a link, ours and theirs: labels, definition, neighbours.

Vocabularies use different properties for them (``vocabularies.properties``). A label or a
definition may be a separate node that has the text; such nodes are followed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, parse, serialize

from onehealthkg.labels import label
from onehealthkg.names import RDF_TYPE, compact
from onehealthkg.terms import plain
from onehealthkg.vocabularies.dump import read_dump
from onehealthkg.vocabularies.properties import (
    ALT,
    BROADER,
    DEFINITIONS,
    LABELS,
    NARROWER,
    PREF,
    TEXTS_BY_NODE,
    language_of,
)

_LANGUAGES = ("en", "fr", "")
_NAMES, _OTHERS = (
    tuple(iri for iri, kind in LABELS.items() if kind == role) for role in (PREF, ALT)
)
_WAYS = {way for way, _ in TEXTS_BY_NODE}
_NAMING = frozenset((*_NAMES, *(iri for way in TEXTS_BY_NODE for iri in way)))
_TELLING = frozenset((*LABELS, *DEFINITIONS, *BROADER, *NARROWER, *_NAMING))
_TYPE = NamedNode(RDF_TYPE)


class Side(NamedTuple):
    """A thing as a person sees it; each text with its language, "zoonoses (en)".

    ``home`` is the vocabulary that it comes from, if it is not ours.
    """

    name: str
    iri: str
    labels: tuple[str, ...]
    others: tuple[str, ...] = ()
    kind: str = ""
    texts: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()
    narrower: tuple[str, ...] = ()
    home: str = ""


def side(stores: Sequence[Store], iri: str, name: str, label_there: str = "") -> Side:
    """The description of a thing in stores; ``label_there`` is its label if they have none."""
    node = NamedNode(iri)
    labels = _labels(stores, node) or ((label_there,) if label_there else ())
    others = _texts(stores, node, (*_NAMES, *_OTHERS))
    return Side(
        name,
        iri,
        labels,
        tuple(text for text in others if text not in labels),
        _kind(stores, node),
        _texts(stores, node, DEFINITIONS),
        _neighbours(stores, node, BROADER, NARROWER),
        _neighbours(stores, node, NARROWER, BROADER),
    )


def label_of(store: Store, iri: str) -> str:
    """The label of a thing, in English if it has one; empty if it does not exist."""
    node = NamedNode(iri)
    is_there = next(store.quads_for_pattern(node, None, None), None)
    return label(store, node) if is_there else ""


def read_facts(paths: Iterable[Path], iris: set[str]) -> Store:
    """The statements in RDF files about these things, and the names of their neighbours.

    The files are read once and not held in memory: the relevant statements are kept in a temporary
    file. InputError as ``read_dump``.
    """
    store, files = Store(), tuple(paths)
    if not files:
        return store
    with TemporaryFile() as kept:
        for path in files:
            statements = read_dump(path, _TELLING, every_language=True)
            serialize(statements, kept, format=RdfFormat.N_TRIPLES)
        store.extend(_about(_again(kept), iris))
        done, near = set(iris), _ends(store) - iris
        for _ in range(2):  # neighbours, and the nodes with their labels
            named = (quad for quad in _again(kept) if quad.predicate.value in _NAMING)
            store.extend(quad for quad in named if plain(quad.subject) in near)
            done |= near
            near = _nodes_of(store) - done
    return store


def _again(kept: IO[bytes]) -> Iterator[Quad]:
    kept.seek(0)
    return parse(kept, format=RdfFormat.N_TRIPLES)


def _about(statements: Iterable[Quad], iris: set[str]) -> Iterator[Quad]:
    for quad in statements:
        ends = [end for end in (quad.subject, quad.object) if isinstance(end, NamedNode)]
        if any(end.value in iris for end in ends):
            yield quad


def _ends(store: Store) -> set[str]:
    ends = {quad.object for quad in store} | {quad.subject for quad in store}
    return {plain(end) for end in ends if isinstance(end, NamedNode | BlankNode)}


def _nodes_of(store: Store) -> set[str]:
    """The nodes with the text of labels or definitions."""
    return {
        plain(quad.object)
        for quad in store
        if quad.predicate.value in _WAYS and isinstance(quad.object, NamedNode | BlankNode)
    }


def _labels(stores: Sequence[Store], node: NamedNode) -> tuple[str, ...]:
    """The labels of the first property that has any."""
    return next(filter(None, (_texts(stores, node, (iri,)) for iri in _NAMES)), ())


def _texts(stores: Sequence[Store], node: NamedNode, properties: Iterable[str]) -> tuple[str, ...]:
    """The texts in our languages or without a language, in order; if there are none, the others."""
    literals = set(_literals(stores, node, frozenset(properties)))
    by_tag = sorted((language_of(literal), literal.value) for literal in literals)
    ours = [pair for tag in _LANGUAGES for pair in by_tag if pair[0] == tag]
    return tuple(f"{text} ({tag})" if tag else text for tag, text in ours or by_tag)


def _literals(
    stores: Sequence[Store], node: NamedNode, properties: frozenset[str]
) -> Iterator[Literal]:
    """The values of properties, including the texts of nodes."""
    for store in stores:
        for quad in store.quads_for_pattern(node, None, None):
            predicate, value = quad.predicate.value, quad.object
            if isinstance(value, Literal) and predicate in properties:
                yield value
            elif isinstance(value, NamedNode | BlankNode):
                for way, text in TEXTS_BY_NODE:
                    if way == predicate and not properties.isdisjoint((way, text)):
                        yield from _values(store, value, text)


def _values(store: Store, node: NamedNode | BlankNode, predicate: str) -> Iterator[Literal]:
    for quad in store.quads_for_pattern(node, NamedNode(predicate), None):
        if isinstance(quad.object, Literal):
            yield quad.object


def _neighbours(
    stores: Sequence[Store], node: NamedNode, there: Iterable[str], back: Iterable[str]
) -> tuple[str, ...]:
    """The labels of the things that a thing points to, and of those that point to it."""
    near: set[NamedNode] = set()
    for store in stores:
        for predicate in map(NamedNode, there):
            ahead = (quad.object for quad in store.quads_for_pattern(node, predicate, None))
            near |= {term for term in ahead if isinstance(term, NamedNode)}
        for predicate in map(NamedNode, back):
            behind = (quad.subject for quad in store.quads_for_pattern(None, predicate, node))
            near |= {term for term in behind if isinstance(term, NamedNode)}
    return tuple(sorted(_name(stores, neighbour) for neighbour in near))


def _name(stores: Sequence[Store], node: NamedNode) -> str:
    labels = _labels(stores, node)
    return labels[0].removesuffix(" (en)") if labels else compact(node.value)


def _kind(stores: Sequence[Store], node: NamedNode) -> str:
    for store in stores:
        for quad in store.quads_for_pattern(node, _TYPE, None):
            return label(store, quad.object)
    return ""
