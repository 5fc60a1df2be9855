"""Common helpers for pyoxigraph's RDF terms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    Store,
    Triple,
)

from onehealthkg.names import PREFIXES, expand

Term = NamedNode | BlankNode | Literal | Triple


class QuadSource(Protocol):
    """Where quads are looked up and queried: a pyoxigraph Store, or a remote store."""

    def quads_for_pattern(
        self,
        subject: NamedNode | BlankNode | Triple | None,
        predicate: NamedNode | None,
        term: Term | None,
        graph: NamedNode | BlankNode | DefaultGraph | None = None,
        /,
    ) -> Iterator[Quad]:
        """The quads that match; None matches anything."""

    def query(
        self, query: str, /, *, prefixes: dict[str, str] | None = None
    ) -> QuerySolutions | QueryBoolean | QueryTriples:
        """The answer to a SPARQL query. Raises SyntaxError if it is not one."""

    def __contains__(self, quad: Quad, /) -> bool: ...


def named_node(name: str) -> NamedNode:
    """The thing or term with a short form such as ``oh:party``; ValueError if it is not one."""
    return NamedNode(expand(name))


def plain(term: Term | DefaultGraph | None) -> str:
    """A term as plain text: an IRI, the lexical form of a literal, ``_:b0``, or empty."""
    if isinstance(term, NamedNode | Literal):
        return term.value
    return "" if term is None or isinstance(term, DefaultGraph) else str(term)


_NUMBERS: dict[str, Callable[[str], int | float]] = {
    **dict.fromkeys(("integer", "int", "long", "nonNegativeInteger", "positiveInteger"), int),
    **dict.fromkeys(("decimal", "double", "float"), float),
}


def python_value(term: Term | None) -> str | int | float | bool | None:
    """A term as a Python value: a number, a bool, else a string; None for None.

    Dates stay text, ``2020-02-05``, ``2020-02`` or ``2020``, as exact as the source that gives
    them. A literal that is not well formed stays text too.
    """
    if term is None:
        return None
    text = plain(term)
    if not isinstance(term, Literal):
        return text
    kind = term.datatype.value.removeprefix(PREFIXES["xsd"])
    if kind == "boolean":
        return {"true": True, "1": True, "false": False, "0": False}.get(text, text)
    try:
        return _NUMBERS[kind](text)
    except (KeyError, ValueError):
        return text


def in_graph(triple: Triple | Quad, graph: NamedNode | DefaultGraph) -> Quad:
    """The triple as a quad of a graph."""
    return Quad(triple.subject, triple.predicate, triple.object, graph)


def is_merged(store: Store) -> bool:
    """Whether a store has statements in its default graph, such as one on disk."""
    return next(store.quads_for_pattern(None, None, None, DefaultGraph()), None) is not None


def merge(store: Store) -> Store:
    """The store, its default graph filled with the RDF merge of its named graphs: each fact once.

    A store with statements in its default graph is merged already.
    https://www.w3.org/TR/rdf11-mt/#shared-blank-nodes-unions-and-merges
    """
    if not is_merged(store):
        store.update("INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }")
    return store


def value(store: QuadSource, subject: Term, predicate: NamedNode) -> Term | None:
    """One object of subject and predicate, or None."""
    return next(values(store, subject, predicate), None)


def values(store: QuadSource, subject: Term, predicate: NamedNode) -> Iterator[Term]:
    """The objects of subject and predicate, once for each graph that contains them."""
    if not isinstance(subject, Literal):
        for quad in store.quads_for_pattern(subject, predicate, None):
            yield quad.object


def subjects(store: QuadSource, predicate: NamedNode, term: Term | None = None) -> set[NamedNode]:
    """The named subjects of the predicate, with the given object or any."""
    found = store.quads_for_pattern(None, predicate, term)
    return {quad.subject for quad in found if isinstance(quad.subject, NamedNode)}
