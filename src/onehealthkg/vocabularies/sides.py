"""What is known of the two sides of a link, ours and theirs: labels, definition, neighbours.

Vocabularies say the same with different properties; here are those of SKOS
(https://www.w3.org/TR/skos-reference/), of MeSH (https://hhs.github.io/meshrdf/), and of registers
of organisations, people and places. A definition may be a node of its own, with the text as its
``rdf:value`` (AGROVOC); that is followed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, parse

from onehealthkg.errors import InputError
from onehealthkg.labels import label
from onehealthkg.names import PREFIXES, RDF_TYPE, compact
from onehealthkg.rdf.read_write import FORMATS, read_quads
from onehealthkg.terms import plain

_LANGUAGES = ("en", "fr")
_MESHV = "http://id.nlm.nih.gov/mesh/vocab#"


def _properties(*names: str) -> tuple[NamedNode, ...]:
    pairs = (name.split(":") for name in names)
    return tuple(
        NamedNode((_MESHV if prefix == "meshv" else PREFIXES[prefix]) + local)
        for prefix, local in pairs
    )


_LABELS = _properties("skos:prefLabel", "rdfs:label", "foaf:name", "schema:name", "dcterms:title")
_OTHERS = _properties("skos:altLabel", "schema:alternateName", "meshv:altLabel")
_TEXTS = _properties(
    "skos:definition",
    "skos:scopeNote",
    "meshv:scopeNote",
    "dcterms:description",
    "schema:description",
    "rdfs:comment",
)
_BROADER = _properties("skos:broader", "meshv:broaderDescriptor")
_NARROWER = _properties("skos:narrower")
_VALUE = _properties("rdf:value")
_NAMES = {*_LABELS, *_VALUE}
_OF_INTEREST = {*_NAMES, *_OTHERS, *_TEXTS, *_BROADER, *_NARROWER}
_TYPE = NamedNode(RDF_TYPE)
_LINES = (RdfFormat.N_TRIPLES, RdfFormat.N_QUADS, RdfFormat.TURTLE, RdfFormat.TRIG)


class Side(NamedTuple):
    """A thing as a person sees it; each text with its language, "zoonoses (en)".

    ``home`` is the vocabulary that it is from, if it is not ours.
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


def side(stores: Iterable[Store], iri: str, name: str, label_there: str = "") -> Side:
    """What stores know of a thing; ``label_there`` is its label where they know none."""
    node, known = NamedNode(iri), tuple(stores)
    labels = next(filter(None, (_texts(known, node, (one,)) for one in _LABELS)), ())
    labels = labels or ((label_there,) if label_there else ())
    return Side(
        name,
        iri,
        labels,
        tuple(one for one in _texts(known, node, _LABELS + _OTHERS) if one not in labels),
        _kind(known, node),
        _texts(known, node, _TEXTS),
        _neighbours(known, node, _BROADER, _NARROWER),
        _neighbours(known, node, _NARROWER, _BROADER),
    )


def label_of(store: Store, iri: str) -> str:
    """The label of a thing, in English if there is one; empty where there is no such thing."""
    node = NamedNode(iri)
    known = next(store.quads_for_pattern(node, None, None), None)
    return label(store, node) if known else ""


def read_facts(paths: Iterable[Path], wanted: set[str]) -> Store:
    """What RDF files say of these things and, by name only, of their neighbours.

    The files are read twice and never held in memory, however large. InputError as ``read_quads``.
    """
    store, files = Store(), tuple(paths)
    for path in files:
        store.extend(_about(_stream(path), wanted))
    near = {quad.object for quad in store} | {quad.subject for quad in store}
    names = {one.value for one in near if isinstance(one, NamedNode | BlankNode)} - wanted
    for path in files:
        store.extend(
            quad for quad in _stream(path) if quad.predicate in _NAMES and _id(quad) in names
        )
    return store


def _about(quads: Iterable[Quad], wanted: set[str]) -> Iterator[Quad]:
    for quad in quads:
        if quad.predicate in _OF_INTEREST and (
            _id(quad) in wanted
            or (isinstance(quad.object, NamedNode) and quad.object.value in wanted)
        ):
            yield quad


def _id(quad: Quad) -> str:
    return plain(quad.subject)


def _stream(path: Path) -> Iterator[Quad]:
    """The quads one by one, where the format allows; the others are small, or refused."""
    form = FORMATS.get(path.suffix)
    if form not in _LINES or not path.is_file():
        yield from read_quads(path)
        return
    try:
        yield from parse(path=str(path), format=form)
    except SyntaxError as error:
        raise InputError(f"{path}:{error.lineno}: {error.msg}.") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}.") from None


def _texts(
    stores: tuple[Store, ...], node: NamedNode, properties: tuple[NamedNode, ...]
) -> tuple[str, ...]:
    """Texts in our languages or in none, in order; where there are none, those in others."""
    found: dict[tuple[str, str], None] = {}
    for literal in _literals(stores, node, properties):
        found[literal.language or "", literal.value] = None
    known = {language for language, _ in found}
    ours = [one for language in (*_LANGUAGES, "") for one in sorted(found) if one[0] == language]
    if known.isdisjoint((*_LANGUAGES, "")):
        ours = sorted(found)
    return tuple(f"{text} ({language})" if language else text for language, text in ours)


def _literals(
    stores: tuple[Store, ...], node: NamedNode | BlankNode, properties: tuple[NamedNode, ...]
) -> Iterator[Literal]:
    for store in stores:
        for one in properties:
            for quad in store.quads_for_pattern(node, one, None):
                if isinstance(quad.object, Literal):
                    yield quad.object
                elif isinstance(quad.object, NamedNode | BlankNode) and properties != _VALUE:
                    yield from _literals((store,), quad.object, _VALUE)


def _neighbours(
    stores: tuple[Store, ...],
    node: NamedNode,
    there: tuple[NamedNode, ...],
    back: tuple[NamedNode, ...],
) -> tuple[str, ...]:
    """The labels of what a thing points to, and of what points back to it."""
    near: dict[str, NamedNode] = {}
    for store in stores:
        for one in there:
            ahead = (quad.object for quad in store.quads_for_pattern(node, one, None))
            near |= {x.value: x for x in ahead if isinstance(x, NamedNode)}
        for one in back:
            behind = (quad.subject for quad in store.quads_for_pattern(None, one, node))
            near |= {x.value: x for x in behind if isinstance(x, NamedNode)}
    return tuple(sorted(_name(stores, one) for one in near.values()))


def _name(stores: tuple[Store, ...], node: NamedNode) -> str:
    texts = _texts(stores, node, _LABELS)
    return texts[0].removesuffix(" (en)") if texts else compact(node.value)


def _kind(stores: tuple[Store, ...], node: NamedNode) -> str:
    for store in stores:
        for quad in store.quads_for_pattern(node, _TYPE, None):
            return label(store, quad.object)
    return ""
