"""Terms and triples of pyoxigraph as those of rdflib."""

from __future__ import annotations

from collections.abc import Iterable

import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from onehealthkg.errors import InputError
from onehealthkg.terms import Term


def to_rdflib(quads: Iterable[Quad | Triple]) -> rdflib.Graph:
    """Triples, or those of quads, as an rdflib graph, literals as they are written."""
    graph = rdflib.Graph()
    for quad in quads:
        graph.add(rdflib_triple(quad))
    return graph


def rdflib_triple(
    quad: Quad | Triple,
) -> tuple[rdflib.term.Node, rdflib.term.Node, rdflib.term.Node]:
    """The triple of a quad as terms of rdflib, literals as they are written."""
    return rdflib_term(quad.subject), rdflib_term(quad.predicate), rdflib_term(quad.object)


def rdflib_term(term: Term) -> rdflib.term.Node:
    """A term of pyoxigraph as one of rdflib, a literal as it is written."""
    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, BlankNode):
        return rdflib.BNode(term.value)
    if isinstance(term, Literal) and term.language:
        return rdflib.Literal(term.value, lang=term.language)
    if isinstance(term, Literal):
        datatype = rdflib.URIRef(term.datatype.value)
        return rdflib.Literal(term.value, datatype=datatype, normalize=False)
    raise InputError(f"{term}: only IRIs, blank nodes and literals can be checked.")
