"""Which statements a query reads, so that it need not run again when others change."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from pyoxigraph import NamedNode, Quad
from rdflib import URIRef, Variable
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue

from onehealthkg.names import SOURCE

_OF_PASSAGES = ("oa:hasSelector", "ohs:in", "oh:Passage")


class Reads(NamedTuple):
    """The patterns of a query: pairs of a predicate and an object, None for any object.

    ``anything`` is whether a pattern has any predicate; ``in_passages``, whether such patterns are
    only for the graphs of passages.
    """

    pairs: frozenset[tuple[str, str | None]]
    anything: bool
    in_passages: bool

    def names(self, quad: Quad) -> bool:
        """Whether a pattern of the query has the predicate of a quad, and its object or any."""
        predicate, value = quad.predicate.value, getattr(quad.object, "value", "")
        return (predicate, None) in self.pairs or (predicate, value) in self.pairs

    def matches_anything_in(self, quad: Quad) -> bool:
        """Whether a pattern with any predicate can be for the graph of a quad."""
        return self.anything and (not self.in_passages or is_of_passage(quad))


def is_of_passage(quad: Quad) -> bool:
    """Whether a quad is in the graph of a passage of a text."""
    graph = quad.graph_name
    return isinstance(graph, NamedNode) and graph.value.startswith(SOURCE)


@cache
def reads(query: str) -> Reads:
    """The statements that a SPARQL query reads.

    A variable that VALUES or BIND gives values is taken to have no others in the query.
    """
    algebra = prepareQuery(query).algebra
    values = _given(algebra)
    pairs: set[tuple[str, str | None]] = set()
    anything = False
    for _, predicate, term in _triples(algebra):
        names = values.get(predicate) or set(_iris(predicate))
        anything = anything or not names
        objects: set[Any] = values.get(term) or {term}
        if not isinstance(predicate, URIRef) or not all(isinstance(o, URIRef) for o in objects):
            objects = {None}  # a path may lead there by other statements
        pairs |= {(str(name), value and str(value)) for name in names for value in objects}
    return Reads(frozenset(pairs), anything, any(name in query for name in _OF_PASSAGES))


def _parts(node: object) -> Iterator[CompValue]:
    """The parts of an algebra, those of its expressions included."""
    if isinstance(node, CompValue):
        yield node
        for part in node.values():
            yield from _parts(part)
    elif isinstance(node, list | tuple | set):
        for part in node:
            yield from _parts(part)


def _triples(algebra: object) -> Iterator[tuple[Any, Any, Any]]:
    for part in _parts(algebra):
        blocks = dict(part).get("triples", [])  # a part has a get of another meaning
        terms = [term for block in blocks for term in block]
        yield from zip(terms[::3], terms[1::3], terms[2::3], strict=True)


def _given(algebra: object) -> dict[Any, set[Any]]:
    """The values that VALUES and BIND give to variables."""
    given: dict[Any, set[Any]] = defaultdict(set)
    for part in _parts(algebra):
        if part.name == "Extend" and isinstance(part.expr, URIRef):
            given[part.var].add(part.expr)
        if part.name == "values":
            for row in part.res:
                for variable, value in row.items():
                    given[variable].add(value)
        if part.name == "InlineData":
            rows = part.value if len(part.var) > 1 else [[value] for value in part.value]
            for row in rows:
                for variable, value in zip(part.var, row, strict=True):
                    given[variable].add(value)
    return given


def _iris(predicate: object) -> Iterator[URIRef]:
    """The properties of a predicate or path; a variable has no value that is known."""
    if isinstance(predicate, URIRef):
        yield predicate
    elif isinstance(predicate, CompValue):
        for part in predicate.values():
            yield from _iris(part)
    elif isinstance(predicate, list | tuple):
        for part in predicate:
            yield from _iris(part)
    elif not isinstance(predicate, Variable) and hasattr(predicate, "__dict__"):
        for part in vars(predicate).values():
            yield from _iris(part)
