"""The plan for citing the rows of a SELECT query: the queries that find their supports.

Besides the members query (``rewrite``), which returns the triples, these are the query without
DISTINCT, order and LIMIT, which recreates a row from the cited triples; and, for each condition of
absence (NOT EXISTS, MINUS, BOUND), that query with the condition inverted: if the row then
disappears, it depends on the absence.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pyoxigraph import DefaultGraph, Literal, NamedNode
from rdflib.paths import Path
from rdflib.plugins.sparql.parserutils import CompValue

from onehealthkg.citations.absences import conditions, denied
from onehealthkg.citations.conditions import Condition
from onehealthkg.citations.rewrite import Pattern, Rewriter, Scope
from onehealthkg.citations.sparql import Writer
from onehealthkg.citations.tree import (
    aggregates,
    is_grouped,
    named_in,
    projected,
    term_of,
    triples,
    variables,
    visible,
)

_BLIND = {"Aggregate_Min", "Aggregate_Max", "Aggregate_Sample"}
Denied = tuple[NamedNode | Literal | None, NamedNode | None, NamedNode | Literal | None]


class Plan(NamedTuple):
    """The queries by which the rows of a query are cited.

    ``members`` is the members query, ``base`` the query whose solutions they are; members differ in
    the columns ``distinguishing``. ``rows`` is the query without DISTINCT, order and LIMIT; if it
    groups, the ``keys`` identify the group of a row and of a member. ``opposites`` are conditions
    of absence, each with the ``rows`` query in which it is inverted; ``denied`` are the forbidden
    triple patterns, with None for variables.
    """

    members: str
    base: str
    distinguishing: tuple[str, ...]
    rows: str
    keys: tuple[str, ...]
    grouped: bool
    patterns: tuple[Pattern, ...]
    joint: frozenset[str]
    opposites: tuple[tuple[Condition, str], ...]
    denied: tuple[Denied, ...]


def plan(query: CompValue) -> Plan:
    """The plan for citing a SELECT query's rows; NotCitable, with the reason, if impossible."""
    rewriter = Rewriter(query)
    scope = Scope({}, DefaultGraph(), "", False, frozenset())
    grouped = is_grouped(query)
    if grouped:
        keys, named = rewriter.keys(query)
        distinguishing = sorted(_distinguishing(query) | set(keys))
    else:
        named = [
            (str(column.evar), column.expr) for column in query.projection or () if column.evar
        ]
        distinguishing = [str(column.var or column.evar) for column in query.projection or ()]
        distinguishing = distinguishing or sorted(visible(query))
        keys = distinguishing
    plain = Writer()
    base = [f"{{ {plain.group(query.where)} }}"]
    base += [] if grouped else [plain.values(query.valuesClause)]
    base += [f"BIND({plain.expression(expression)} AS ?{name})" for name, expression in named]
    columns = " ".join(f"?{name}" for name in distinguishing) or "(1 AS ?cite)"
    hidden = [f"?{key}" for key in keys if grouped and key not in projected(query)]
    return Plan(
        f"SELECT * WHERE {{ {rewriter.body(query, scope, named, not grouped)} }}",
        f"SELECT {columns} WHERE {{ {' '.join(base)} }}",
        tuple(distinguishing),
        plain.select(query, more=hidden, sliced=False),
        tuple(keys),
        grouped,
        tuple(rewriter.patterns),
        frozenset(rewriter.joint),
        tuple(_opposites(query, hidden)),
        tuple(
            pattern
            for block in denied(query)
            for triple in triples(block)
            for pattern in _matching(*triple)
        ),
    )


def _distinguishing(query: CompValue) -> set[str]:
    """The variables that aggregates read; all bound variables if one counts duplicates."""
    found = aggregates(query)
    if any(
        select.vars == "*" or not (select.distinct or select.name in _BLIND) for select in found
    ):
        return visible(query.where)
    return set().union(*(variables(select.vars) for select in found)) & visible(query.where)


def _opposites(query: CompValue, hidden: list[str]) -> Iterator[tuple[Condition, str]]:
    """Each condition of absence, with the query in which it is inverted."""
    for clause, condition in conditions(query):
        yield condition, Writer(opposite=clause).select(query, more=hidden, sliced=False)


def _matching(subject: object, verb: object, value: object) -> Iterator[Denied]:
    """The patterns of the triples that can be part of a match."""
    whole = not isinstance(verb, Path)
    for name in (verb,) if whole else named_in(verb):
        known = term_of(name)
        yield (
            term_of(subject) if whole else None,
            known if isinstance(known, NamedNode) else None,
            term_of(value) if whole else None,
        )
