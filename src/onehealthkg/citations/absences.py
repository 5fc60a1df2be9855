"""The conditions of absence in a query: NOT EXISTS, MINUS, !BOUND."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import rdflib
from rdflib.paths import AlternativePath, InvPath, MulPath, SequencePath
from rdflib.plugins.sparql.parserutils import CompValue

from onehealthkg.citations.conditions import Condition, Pattern, Place, Step
from onehealthkg.citations.sparql import Writer
from onehealthkg.citations.tree import EXISTS, nodes, term_of, tests, triples, variables, visible

ABSENT = ("Builtin_NOTEXISTS", "MinusGraphPattern")


def conditions(query: CompValue) -> Iterator[tuple[CompValue, Condition]]:
    """Each condition of absence with its place in the tree.

    A test of whether a parameter of the question is set is not a condition on the graph.
    """
    given, parameters = _given(query.where), _parameters(query.where)
    for test in _tests([query.where, query.projection, query.having]):
        if test.name != "Builtin_BOUND":
            text = Writer().part(test) if test.name == "MinusGraphPattern" else ""
            text = text or "NOT " * (test.name == "Builtin_EXISTS") + Writer().expression(test)
            condition = Condition(text, _pattern(test.graph), False)
        elif str(test.arg) not in given:
            text = f"!{Writer().expression(test)}"
            condition = _unbound(query.where, str(test.arg), text)
        else:
            continue
        yield test, condition._replace(pattern=_filled(condition.pattern, parameters))


def _given(where: CompValue) -> set[str]:
    """The variables that only VALUES binds, so that no triple decides whether they are bound.

    The sides of a UNION count, as a side can begin with a parameter; an OPTIONAL does not, since a
    triple may decide whether it matches.
    """
    inner = (
        _given(group)
        for part in where.part or ()
        if part.name == "GroupOrUnionGraphPattern"
        for group in _inner(part)
    )
    return _given_in(where).union(*inner)


def _given_in(group: CompValue) -> set[str]:
    parts = group.part or ()
    others = [part for part in parts if part.name != "InlineData"]
    given = variables([part.var for part in parts if part.name == "InlineData"])
    return given - visible(CompValue(group.name, part=others))


def _parameters(where: CompValue) -> dict[str, Place]:
    """The variables to which VALUES gives one term in all of the query, with that term."""
    chosen = {name: terms[0] for name, terms in _chosen(where).items() if len(terms) == 1}
    return {name: _place(term) for name, term in chosen.items() if term != "UNDEF"}


def _filled(pattern: Pattern, parameters: dict[str, Place]) -> Pattern:
    """A pattern with parameters replaced by terms."""

    def known(place: Place) -> Place:
        return parameters.get(place, place) if isinstance(place, str) else place

    steps = (Step(known(step.subject), step.paths, known(step.object)) for step in pattern.steps)
    without = (_filled(absent, parameters) for absent in pattern.without)
    return Pattern(tuple(steps), tuple(without), pattern.has_more)


def _tests(tree: object) -> Iterator[CompValue]:
    """The EXISTS and BOUND tests of a tree, except those within conditions of absence."""
    if isinstance(tree, CompValue):
        if tree.name in (*EXISTS, "Builtin_BOUND", "MinusGraphPattern"):
            yield tree
        if tree.name not in ABSENT:
            yield from _tests(list(tree.values()))
    elif isinstance(tree, list):
        for test in tree:
            yield from _tests(test)


def _pattern(group: CompValue) -> Pattern:
    """The pattern of a group, as far as it can be put into words."""
    steps: list[Step] = []
    without: list[Pattern] = []
    has_more = False
    chosen = _chosen(group)
    for part in group.part or ():
        if part.name == "TriplesBlock":
            steps += (_step(*triple, chosen) for triple in triples(part))
        elif part.name == "Filter":
            absent = [test for test in tests(part.expr) if test.name == "Builtin_NOTEXISTS"]
            without += (_pattern(test.graph) for test in absent)
            has_more = has_more or not absent
        elif part.name != "OptionalGraphPattern":
            inner = [_pattern(group) for group in _inner(part)]
            steps += (step for group in inner for step in group.steps)
            without += (other for group in inner for other in group.without)
            has_more = has_more or any(group.has_more for group in inner)
    return Pattern(tuple(steps), tuple(without), has_more)


def _unbound(where: CompValue, name: str, text: str) -> Condition:
    """The patterns that would have bound a variable: properties, else enclosing groups."""
    steps = tuple(dict.fromkeys(_binding(where, name, set())))
    if steps:
        return Condition(text, Pattern(steps), True)
    groups = [group for group in _groups(where) if group is not where and name in _own(group)]
    return Condition(text, _pattern(groups[0]) if groups else Pattern(()), False)


def _binding(where: CompValue, name: str, seen: set[str]) -> Iterator[Step]:
    """The patterns with a variable as object, or those from which it is computed."""
    if name in seen:
        return
    seen.add(name)
    for group in _groups(where):
        for part in group.part or ():
            if part.name == "TriplesBlock":
                steps = (_step(*triple, {}) for triple in triples(part))
                yield from (step for step in steps if step.object == name)
            elif part.name == "Bind" and str(part.var) == name:
                for other in sorted(variables(part.expr)):
                    yield from _binding(where, other, seen)


def _groups(group: CompValue) -> Iterator[CompValue]:
    """A group and all groups in it that bind variables, outermost first."""
    yield group
    for part in group.part or ():
        for inner in _inner(part):
            yield from _groups(inner)


def _inner(part: CompValue) -> list[CompValue]:
    """The groups within a part of a group; a SELECT counts as its pattern."""
    if part.name not in ("GroupOrUnionGraphPattern", "OptionalGraphPattern", "GraphGraphPattern"):
        return []
    groups = part.graph if isinstance(part.graph, list) else [part.graph]
    return [item.where if item.name == "SubSelect" else item for item in groups]


def _own(group: CompValue) -> set[str]:
    names = ("TriplesBlock", "InlineData")
    return variables(
        [[select.triples, select.var] for select in group.part or () if select.name in names]
    )


def _chosen(group: CompValue) -> dict[str, tuple[Any, ...]]:
    """The terms that VALUES gives for a variable of a group, if it is the only one."""
    return {
        str(part.var[0]): tuple(
            operand[0] if isinstance(operand, list) else operand for operand in part.value
        )
        for part in group.part or ()
        if part.name == "InlineData" and len(part.var) == 1
    }


def _step(subject: Any, verb: Any, value: Any, chosen: dict[str, tuple[Any, ...]]) -> Step:
    if isinstance(verb, InvPath):
        return _step(value, verb.arg, subject, chosen)
    is_variable = isinstance(verb, rdflib.Variable)
    paths = (
        [(str(alternative),) for alternative in chosen.get(str(verb), ())]
        if is_variable
        else _alternatives(verb)
    )
    return Step(_place(subject), tuple(paths), _place(value))


def _alternatives(path: Any) -> Iterator[tuple[str, ...]]:
    """The properties that a path walks, for each of its alternatives; ``^`` is left out."""
    if isinstance(path, AlternativePath):
        for branch in path.args:
            yield from _alternatives(branch)
    elif isinstance(path, SequencePath):
        yield tuple(step for part in path.args for each in _alternatives(part) for step in each)
    elif isinstance(path, MulPath):
        yield from _alternatives(path.path)
    elif isinstance(path, InvPath):
        yield from _alternatives(path.arg)
    elif isinstance(path, rdflib.URIRef):
        yield (str(path),)


def _place(term: Any) -> Place:
    known = term_of(term)
    return str(term) if known is None else known


def denied(query: CompValue) -> Iterable[CompValue]:
    """The blocks of triple patterns in conditions of absence."""
    for absent in nodes(query):
        if isinstance(absent, CompValue) and absent.name in ABSENT:
            for block in nodes(absent.graph):
                if isinstance(block, CompValue) and block.name == "TriplesBlock":
                    yield block
