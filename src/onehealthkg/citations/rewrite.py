"""The members query, which returns the triples behind each row of another query.

A row of a SELECT comes from solutions of its pattern, its *members*: one, or several if the row
shows only some of the variables, or those of its group under GROUP BY. The members query is the
query's own pattern with every variable visible, so that each solution shows which triple matched
which triple pattern:

- an OPTIONAL and each side of a UNION bind an additional variable, the *guard*: the patterns in it
  matched if the guard is bound;
- blank nodes and the steps of a path (``/``, ``|``, ``^``) become variables and patterns; ``*``,
  ``+`` and ``?`` stay, and are walked for each solution (``walks``);
- a SELECT within the query becomes part of its pattern, its hidden variables renamed; if it
  groups or slices, it is also kept, and the patterns that make its rows are joined to it. In a
  group they are *joint*: their solutions make one row together, not one each;
- for each EXISTS an OPTIONAL is added that finds what exists, if anything does;
- MINUS and NOT EXISTS are unchanged: an absence has no triple.

A match only in an OPTIONAL or EXISTS is *soft*: the values decide whether a row needs it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import rdflib
from pyoxigraph import DefaultGraph, Literal, NamedNode
from rdflib.paths import AlternativePath, InvPath, MulPath, NegatedPath, SequencePath
from rdflib.plugins.sparql.parserutils import CompValue

from onehealthkg.citations.sparql import Writer
from onehealthkg.citations.tree import (
    NotCitable,
    certain,
    denied,
    is_grouped,
    term_of,
    tests,
    triples,
    variables,
    visible,
)

Place = str | NamedNode | Literal | DefaultGraph
Named = list[tuple[str, Any]]


class Pattern(NamedTuple):
    """A triple pattern of the members query: variables by name, other terms as they are.

    ``verb`` may be a path that must be walked; ``guard`` is empty if the pattern always matches.
    """

    subject: Place
    verb: Any
    object: Place
    graph: Place
    guard: str
    soft: bool


class Scope(NamedTuple):
    """The context of a pattern: renamed variables, graph, guard, soft, and visible variables."""

    names: dict[str, str]
    graph: Place
    guard: str
    soft: bool
    seen: frozenset[str]


class Rewriter:
    """Writes the members query and records its patterns."""

    def __init__(self, query: CompValue) -> None:
        self.patterns: list[Pattern] = []
        self.joint: set[str] = set()
        self._taken = variables(query)
        self._blank: dict[str, str] = {}
        self._in_group = 0

    def _fresh(self) -> str:
        name = next(
            name
            for number in range(len(self._taken), 2 * len(self._taken) + 2)
            if (name := f"cite{number}") not in self._taken
        )
        self._taken.add(name)
        if self._in_group:
            self.joint.add(name)
        return name

    def keys(self, select: CompValue) -> tuple[list[str], Named]:
        """The keys by which a SELECT groups, and which of them are expressions.

        In the tree, each expression gets a name.
        """
        keys, named = [], []
        conditions = select.groupby.condition if select.groupby else []
        for place, condition in enumerate(conditions):
            if isinstance(condition, rdflib.Variable):
                keys.append(str(condition))
                continue
            as_is = condition.name == "GroupAs" if isinstance(condition, CompValue) else False
            expression = condition.expr if as_is else condition
            name = str(condition.var) if as_is and condition.var else self._fresh()
            conditions[place] = CompValue("GroupAs", expr=expression, var=rdflib.Variable(name))
            keys.append(name)
            named.append((name, expression))
        return keys, named

    def body(self, select: CompValue, scope: Scope, named: Named, values: bool) -> str:
        """The pattern of a SELECT, with its VALUES clause and with names for expressions."""
        writer = Writer(scope.names)
        inner = scope._replace(seen=frozenset(visible(select.where)))
        text = [f"{{ {self._closed(select.where, inner)} }}"]
        if values:
            text.append(writer.values(select.valuesClause))
        for name, expression in named:
            variable = writer.term(rdflib.Variable(name))
            text.append(f"BIND({writer.expression(expression)} AS {variable})")
        for _, expression in named:
            text += map(_optional, self._witnesses(expression, inner))
        return " ".join(text)

    def _closed(self, group: CompValue, scope: Scope) -> str:
        """A group with the patterns that witness its EXISTS."""
        text, late = self._group(group, scope)
        return " ".join([text, *map(_optional, late)])

    def _group(self, group: CompValue, scope: Scope) -> tuple[str, list[str]]:
        """A group's text, and the patterns that witness its EXISTS, to be appended."""
        if group.name == "SubSelect":
            return self._select(group, scope), []
        scope = scope._replace(seen=scope.seen | visible(group))
        text, late = [], []
        for part in group.part or ():
            text.append(self._part(part, scope))
            if part.name in ("Filter", "Bind"):
                absent = list(denied(part.expr)) if part.name == "Filter" else []
                late += self._witnesses(part.expr, scope, absent)
        return " ".join(text), late

    def _part(self, part: CompValue, scope: Scope) -> str:
        inner = scope._replace(seen=frozenset())
        if part.name == "TriplesBlock":
            return " ".join(self._triple(*triple, scope) for triple in triples(part))
        if part.name == "OptionalGraphPattern":
            return self._option(part.graph, scope)
        if part.name == "GroupOrUnionGraphPattern":
            if len(part.graph) == 1:
                return f"{{ {self._closed(part.graph[0], inner)} }}"
            return " UNION ".join(self._side(side, inner) for side in part.graph)
        if part.name == "GraphGraphPattern":
            if not part.graph.part and part.graph.name != "SubSelect":
                raise NotCitable("an empty GRAPH pattern matches no triple; add a triple to it.")
            seen = frozenset(variables(part.term))
            inner = inner._replace(graph=self._place(part.term, scope), seen=seen)
            return f"GRAPH {self._term(part.term, scope)} {{ {self._closed(part.graph, inner)} }}"
        return Writer(scope.names).part(part)

    def _option(self, group: CompValue, scope: Scope) -> str:
        guard = self._fresh()
        text, late = self._group(group, scope._replace(guard=guard, soft=True))
        behind = [_optional(f"{pattern} FILTER(BOUND(?{guard}))") for pattern in late]
        return " ".join([_optional(f"{text} BIND(1 AS ?{guard})"), *behind])

    def _side(self, group: CompValue, scope: Scope) -> str:
        guard = self._fresh()
        text = self._closed(group, scope._replace(guard=guard))
        return f"{{ {text} BIND(1 AS ?{guard}) }}"

    def _witnesses(
        self, expression: Any, scope: Scope, absent: Iterable[CompValue] = ()
    ) -> list[str]:
        """For each EXISTS of an expression, the pattern that witnesses it."""
        found = []
        for test in tests(expression):
            if any(test is other for other in absent):
                continue
            guard = self._fresh()
            local = sorted(variables(test.graph) - scope.seen)
            names = {**scope.names, **{name: self._fresh() for name in local}}
            inner = scope._replace(names=names, guard=guard, soft=True)
            text, late = self._group(test.graph, inner)
            found.append(f"{text} BIND(1 AS ?{guard})")
            found += [f"{other} FILTER(BOUND(?{guard}))" for other in late]
        return found

    def _select(self, select: CompValue, scope: Scope) -> str:
        """A SELECT within the query: its pattern, joined to itself if it groups or slices."""
        grouped = is_grouped(select)
        keys, named = self.keys(select) if grouped else ([], _columns(select))
        shown = visible(select)
        hidden = sorted(variables(select) - shown)
        names = {**scope.names, **{name: self._fresh() for name in hidden}}
        if not (grouped or select.limitoffset):
            return f"{{ {self.body(select, scope._replace(names=names), named, True)} }}"
        missing = [key for key in keys if key not in shown]
        if missing and (select.modifier or select.limitoffset):
            raise NotCitable(f"show ?{missing[0]}, by which the inner SELECT groups, as a column.")
        more = [f"?{names[key]}" for key in missing]
        whole = f"{{ {Writer(names).select(select, more=more)} }}"
        self._in_group += grouped
        made = self._made(select, scope._replace(names=names), named, keys or sorted(shown))
        self._in_group -= grouped
        return f"{whole} {made}"

    def _made(self, select: CompValue, scope: Scope, named: Named, shared: list[str]) -> str:
        """The pattern that makes the rows of a SELECT, to be joined by common variables.

        Variables that can be unbound are compared, since an unbound one joins with everything.
        """
        grouped = is_grouped(select)
        shared = shared if select.groupby or not grouped else []
        bound = certain(select.where)
        own = {
            name: self._fresh() for name in sorted(variables(select) - bound.intersection(shared))
        }
        names = {**scope.names, **own}
        guard = scope.guard if shared else self._fresh()
        text = self.body(select, scope._replace(names=names, guard=guard), named, not grouped)
        if not shared:
            return _optional(f"{text} BIND(1 AS ?{guard})")
        same = [
            f"FILTER(IF(BOUND(?{mine}), sameTerm(?{mine}, ?{whole}), !BOUND(?{whole})))"
            for name in shared
            if (mine := own.get(name)) and (whole := scope.names.get(name, name))
        ]
        return " ".join([f"{{ {text} }}", *same])

    def _term(self, term: object, scope: Scope) -> str:
        if isinstance(term, rdflib.BNode):
            return f"?{self._place(term, scope)}"
        return Writer(scope.names).path(term)

    def _place(self, term: Any, scope: Scope) -> Place:
        if isinstance(term, rdflib.BNode):
            if str(term) not in self._blank:
                self._blank[str(term)] = self._fresh()
            return self._blank[str(term)]
        if isinstance(term, rdflib.Variable):
            return scope.names.get(str(term), str(term))
        return term_of(term) or ""

    def _triple(self, subject: Any, verb: Any, other: Any, scope: Scope) -> str:
        if isinstance(verb, InvPath):
            return self._triple(other, verb.arg, subject, scope)
        if isinstance(verb, SequencePath):
            stops = [subject, *(rdflib.BNode() for _ in verb.args[1:]), other]
            steps = zip(stops, verb.args, stops[1:], strict=False)
            return " ".join(self._triple(*step, scope) for step in steps)
        if isinstance(verb, AlternativePath):
            sides = []
            for path in verb.args:
                guard = self._fresh()
                text = self._triple(subject, path, other, scope._replace(guard=guard))
                sides.append(f"{{ {text} BIND(1 AS ?{guard}) }}")
            return " UNION ".join(sides)
        end = ""
        if isinstance(verb, NegatedPath):
            refused = ", ".join(f"<{path}>" for path in verb.args)
            verb = rdflib.BNode()
            end = f" FILTER({self._term(verb, scope)} NOT IN ({refused}))"
        place = verb if isinstance(verb, MulPath) else self._place(verb, scope)
        ends = self._place(subject, scope), self._place(other, scope)
        self.patterns.append(Pattern(ends[0], place, ends[1], scope.graph, scope.guard, scope.soft))
        return " ".join(self._term(term, scope) for term in (subject, verb, other)) + f" .{end}"


def _optional(text: str) -> str:
    return f"OPTIONAL {{ {text} }}"


def _columns(select: CompValue) -> Named:
    return [(str(column.evar), column.expr) for column in select.projection or () if column.evar]
