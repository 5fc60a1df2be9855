"""The patterns of a query: the quads to read from a store in order to compute its answer here.

Each triple pattern of the query is a pattern; a path is one for each of its properties. If all
quads that match any of them have been read, the query has the same answer here as in the store.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any, NamedTuple

import rdflib
from pyoxigraph import Literal, NamedNode
from rdflib.plugins.sparql.parserutils import CompValue

from onehealthkg.citations.tree import (
    NotCitable,
    named_in,
    nodes,
    read_tree,
    term_of,
    tests,
    triples,
)
from onehealthkg.errors import UsageError

_MOST_VALUES = 20
_GROUPS = (
    "GraphGraphPattern",
    "GroupOrUnionGraphPattern",
    "MinusGraphPattern",
    "OptionalGraphPattern",
)
_Chosen = dict[str, list[Any]]
"""Variables that VALUES limits to a few terms, with these."""


class Pattern(NamedTuple):
    """Subject, predicate, object and graph of quads; None matches anything.

    Only a pattern without other terms has a graph.
    """

    subject: NamedNode | None
    predicate: NamedNode | None
    object: NamedNode | Literal | None
    graph: NamedNode | None = None


ANYTHING = Pattern(None, None, None)


def patterns_of(text: str) -> set[Pattern]:
    """The patterns of a query; UsageError if rdflib cannot read it, or it has FROM."""
    try:
        tree = read_tree(text)
    except NotCitable as error:
        raise UsageError(
            "The store's own answers are not reliable, and this query cannot run locally: "
            f"{error.reason}"
        ) from None
    if tree.where is None or tree.name == "DescribeQuery":
        return {ANYTHING}
    blocks = [*_blocks(tree.where, {}, None)]
    if len(blocks) != sum(_is(node, "TriplesBlock") for node in nodes(tree)):
        return {ANYTHING}  # one is elsewhere, such as in HAVING
    return {pattern for patterns in blocks for pattern in patterns}


def _blocks(group: CompValue, outer: _Chosen, graph: Any) -> Iterator[set[Pattern]]:
    """The patterns of each block of triples in a group, and in those within.

    VALUES limits the parts after it in the group, as the group is joined in this order, but not an
    inner SELECT, where a variable of the same name may be a different one.
    """
    chosen = dict(outer)
    for part in group.part or ():
        if part.name == "InlineData":
            chosen.update(_values(part))
        elif part.name == "TriplesBlock":
            yield set(_patterns(part, chosen, graph))
        elif part.name in _GROUPS:
            within = part.term if part.name == "GraphGraphPattern" else graph
            for inner in part.graph if isinstance(part.graph, list) else [part.graph]:
                if inner.name == "SubSelect":
                    yield from _blocks(inner.where, {}, None)
                else:
                    yield from _blocks(inner, chosen, within)
        else:  # FILTER and BIND
            for test in tests(part.expr):
                yield from _blocks(test.graph, chosen, graph)


def _patterns(block: CompValue, chosen: _Chosen, graph: Any) -> Iterator[Pattern]:
    for subject, verb, value in triples(block):
        if isinstance(verb, rdflib.Variable | rdflib.URIRef):
            ends = _terms(subject, chosen), _terms(verb, chosen), _terms(value, chosen)
            found = list(product(*ends))
        else:  # a path also visits nodes in between
            found = [(None, term_of(name), None) for name in named_in(verb)]
        for terms in found:
            if any(terms):
                yield Pattern(*terms)
            else:
                yield from (Pattern(*terms, name) for name in _terms(graph, chosen))


def _values(part: CompValue) -> _Chosen:
    """The variable of a VALUES with its terms, if it is the only variable and its terms are few."""
    terms = [item[0] if isinstance(item, list) else item for item in part.value]
    is_limited = len(part.var) == 1 and "UNDEF" not in terms and len(terms) <= _MOST_VALUES
    return {str(part.var[0]): terms} if is_limited else {}


def _terms(place: Any, chosen: _Chosen) -> Sequence[Any]:
    """The possible terms for a place; None for any."""
    terms = chosen.get(str(place), ()) if isinstance(place, rdflib.Variable) else ()
    return [term_of(term) for term in terms or [place]]


def _is(node: object, name: str) -> bool:
    return isinstance(node, CompValue) and node.name == name
