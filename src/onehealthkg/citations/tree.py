"""A SELECT query as a tree, and functions to inspect it.

rdflib only parses the query (https://www.w3.org/TR/sparql11-query/#grammar): it runs and fetches
nothing. Its parse tree keeps groups, filters and modifiers in place, so that a query written from
the tree (``sparql``) has the same meaning.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import rdflib
from pyoxigraph import Literal, NamedNode
from rdflib.paths import AlternativePath, InvPath, MulPath, NegatedPath, SequencePath
from rdflib.plugins.sparql import algebra, parser
from rdflib.plugins.sparql.parserutils import CompValue

from onehealthkg.errors import UsageError

EXISTS = {"Builtin_EXISTS": "EXISTS", "Builtin_NOTEXISTS": "NOT EXISTS"}


class NotCitable(UsageError):
    """The answers of a query cannot be cited; the message says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The answers cannot be cited: {reason}")
        self.reason = reason


def read_query(text: str) -> CompValue:
    """The tree of a SELECT query: names written out, paths as rdflib's.

    Raises NotCitable for another form of query and for text that rdflib cannot parse.
    """
    tree = read_tree(text)
    if tree.name != "SelectQuery":
        raise NotCitable("it is not a SELECT query; only rows are cited.")
    return tree


def read_tree(text: str) -> CompValue:
    """The tree of a query of any form, as ``read_query``; NotCitable for one with FROM too."""
    try:
        with _literals_as_written():
            head, tree = parser.parseQuery(text)
            prologue = algebra.translatePrologue(head, "")
            tree = algebra.traverse(tree, partial(algebra.translatePName, prologue=prologue))
            tree = algebra.traverse(tree, visitPost=algebra.translatePath)
    except Exception as error:  # noqa: BLE001 - rdflib raises bare Exceptions too
        raise NotCitable(f"rdflib cannot parse the query: {error}") from None
    if not isinstance(tree, CompValue):
        raise NotCitable("it is not a query.")
    if tree.datasetClause:
        raise NotCitable("FROM chooses other graphs than the merged one; leave FROM out.")
    return tree


@contextmanager
def _literals_as_written() -> Iterator[None]:
    """Keep rdflib from rewriting literals, such as 007 to 7, while the query is read."""
    before = rdflib.NORMALIZE_LITERALS
    rdflib.NORMALIZE_LITERALS = False
    try:
        yield
    finally:
        rdflib.NORMALIZE_LITERALS = before


def nodes(tree: object) -> Iterator[object]:
    """All nodes of a part of the tree, itself first."""
    yield tree
    inner: Iterable[object] = ()
    if isinstance(tree, CompValue):
        inner = tree.values()
    elif isinstance(tree, list | tuple):
        inner = tree
    for item in inner:
        yield from nodes(item)


def variables(tree: object) -> set[str]:
    """The names of all variables in a part of the tree."""
    return {str(node) for node in nodes(tree) if isinstance(node, rdflib.Variable)}


def visible(group: CompValue) -> set[str]:
    """The variables that a group or SELECT binds for the enclosing group.

    https://www.w3.org/TR/sparql11-query/#variableScope
    """
    if group.where is not None:
        given = variables(group.valuesClause.var) if group.valuesClause else set()
        return projected(group) if group.projection else visible(group.where) | given
    found: set[str] = set()
    for part in group.part or ():
        if part.name in ("TriplesBlock", "InlineData"):
            found |= variables(part.triples) | variables(part.var)
        elif part.name == "Bind":
            found.add(str(part.var))
        elif part.name == "GroupOrUnionGraphPattern":
            found |= set().union(*map(visible, part.graph))
        elif part.name in ("OptionalGraphPattern", "GraphGraphPattern", "ServiceGraphPattern"):
            found |= variables(part.term) | visible(part.graph)
    return found


def projected(select: CompValue) -> set[str]:
    """The names of the columns of a SELECT other than ``SELECT *``."""
    return {str(column.var or column.evar) for column in select.projection}


def triples(block: CompValue) -> Iterator[tuple[Any, Any, Any]]:
    """The triple patterns of a block."""
    for flat in block.triples:
        for place in range(0, len(flat), 3):
            yield flat[place], flat[place + 1], flat[place + 2]


def aggregates(select: CompValue) -> list[CompValue]:
    """The aggregates of a SELECT itself, not those of SELECTs in it."""
    inside = (select.projection, select.having, select.orderby)
    return [
        node
        for node in nodes(inside)
        if isinstance(node, CompValue) and node.name.startswith("Aggregate_")
    ]


def is_grouped(select: CompValue) -> bool:
    """Whether the rows of a SELECT are made of groups."""
    return bool(select.groupby or aggregates(select))


def bare(expression: Any) -> Any:
    """An expression without the wrappers that the grammar puts around it."""
    while (
        isinstance(expression, CompValue)
        and expression.name.endswith("Expression")
        and expression.other is None
    ):
        expression = expression.expr
    return expression


def tests(expression: Any) -> Iterator[CompValue]:
    """The EXISTS and NOT EXISTS of an expression, not those within their patterns."""
    if isinstance(expression, CompValue):
        if expression.name in EXISTS:
            yield expression
        else:
            yield from tests(list(expression.values()))
    elif isinstance(expression, list):
        for inner in expression:
            yield from tests(inner)


def denied(expression: Any) -> Iterator[CompValue]:
    """The conditions of absence in a filter: NOT EXISTS, !EXISTS and !BOUND, alone or after &&."""
    expression = bare(expression)
    if not isinstance(expression, CompValue):
        return
    if expression.name == "ConditionalAndExpression":
        for part in (expression.expr, *expression.other):
            yield from denied(part)
    elif expression.name == "Builtin_NOTEXISTS" or (
        expression.name == "UnaryNot"
        and getattr(bare(expression.expr), "name", "") in ("Builtin_EXISTS", "Builtin_BOUND")
    ):
        yield expression


def certain(group: CompValue) -> set[str]:
    """Variables that every solution of a group binds; the list may be incomplete."""
    found: set[str] = set()
    for part in group.part or ():
        if part.name == "TriplesBlock":
            found |= variables(part.triples)
        elif part.name == "GraphGraphPattern":
            found |= variables(part.term) | certain(part.graph)
        elif part.name == "GroupOrUnionGraphPattern" and len(part.graph) == 1:
            found |= certain(part.graph[0])
    return found


def term_of(term: Any) -> NamedNode | Literal | None:
    """A term of a query as pyoxigraph's, None for a variable or blank node."""
    if isinstance(term, rdflib.URIRef):
        return NamedNode(str(term))
    if not isinstance(term, rdflib.Literal):
        return None
    if term.language:
        return Literal(str(term), language=term.language)
    return Literal(str(term), datatype=NamedNode(str(term.datatype)) if term.datatype else None)


def named_in(path: Any) -> Iterator[Any]:
    """The properties in a path; None, for any property, if the path is negated."""
    if isinstance(path, NegatedPath):
        yield None
    elif isinstance(path, SequencePath | AlternativePath):
        for arg in path.args:
            yield from named_in(arg)
    elif isinstance(path, MulPath):
        yield from named_in(path.path)
    elif isinstance(path, InvPath):
        yield from named_in(path.arg)
    else:
        yield path
