"""Terms and triples of pyoxigraph as those of rdflib, and back."""

from __future__ import annotations

from collections.abc import Iterable

import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, Quad
from rdflib.namespace import XSD

from onehealthkg.errors import InputError
from onehealthkg.terms import Term


def to_rdflib(quads: Iterable[Quad]) -> rdflib.Graph:
    """The triples of quads as an rdflib graph, literals as they are written."""
    graph = rdflib.Graph()
    for quad in quads:
        graph.add(rdflib_triple(quad))
    return graph


def rdflib_triple(quad: Quad) -> tuple[rdflib.term.Node, rdflib.term.Node, rdflib.term.Node]:
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


def term_of(term: rdflib.term.Node | None) -> Term | None:
    """A term of rdflib as one of pyoxigraph; None for a blank node."""
    if isinstance(term, rdflib.URIRef):
        return NamedNode(str(term))
    if isinstance(term, rdflib.Literal) and term.language:
        return Literal(str(term), language=term.language)
    if isinstance(term, rdflib.Literal):
        return Literal(str(term), datatype=NamedNode(term.datatype or XSD.string))
    return None
