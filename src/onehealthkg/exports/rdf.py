"""RDF exports: Turtle, N-Triples and RDF/XML of the facts, TriG and N-Quads of everything.

The forms without named graphs hold the RDF merge: each fact once. All are sorted, so that the same
graph gives the same bytes and a change shows as a few changed lines.
"""

from collections.abc import Iterable

from pyoxigraph import Quad, Triple

from onehealthkg.evidence.selection import Selection
from onehealthkg.rdf import read_write
from onehealthkg.rdf.rdf_xml import rdf_xml


def turtle(selection: Selection) -> bytes:
    """The facts as Turtle."""
    return read_write.turtle(selection.triples)


def trig(selection: Selection) -> bytes:
    """Everything as TriG."""
    return read_write.trig(selection.quads)


def ntriples(selection: Selection) -> bytes:
    """The facts as N-Triples."""
    return ntriples_of(selection.triples)


def nquads(selection: Selection) -> bytes:
    """Everything as N-Quads."""
    return read_write.nquads(selection.quads)


def rdfxml(selection: Selection) -> bytes:
    """The facts as RDF/XML; OutputError as ``rdf_xml``."""
    return rdf_xml(selection.triples)


def ntriples_of(triples: Iterable[Triple]) -> bytes:
    """Triples as sorted N-Triples."""
    return "".join(sorted(f"{triple} .\n" for triple in set(triples))).encode()


def merged(quads: Iterable[Quad]) -> list[Triple]:
    """The triples of quads, each once, sorted."""
    return sorted({quad.triple for quad in quads}, key=str)
