"""The SERVICE calls of a query, and the values by which they can be restricted.

``SERVICE <endpoint> { pattern }`` means: the endpoint's answer to the pattern, joined with the rest
of the group (https://www.w3.org/TR/sparql11-federated-query/#defSERVICE). Its rows, written
in its place as ``VALUES``, mean the same wherever a pattern can occur.

An endpoint need not return rows that join with nothing. A row is not requested if a variable that
*every* row of the pattern binds has a value that no solution of the *context* has, although all
solutions bind it. Leaving such rows out does not change the answer, because the context is

- the part before the SERVICE in its group; if the group is joined as a whole, as a nested group or
  a branch of UNION, also the part before that, and so on outwards;
- for an OPTIONAL or MINUS, only the part before it in its group, and for EXISTS, only the group
  that it filters, because later parts depend on whether a row exists at all;
- for a SELECT in a SELECT, nothing from outside: its variables are local.

Joins can be taken in any order, so a SERVICE first changes places with the triples, groups and
VALUES that follow it directly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from rdflib import Variable
from rdflib.plugins.sparql.parserutils import CompValue

from onehealthkg.citations.sparql import Writer
from onehealthkg.citations.tree import (
    bare,
    certain,
    nodes,
    tests,
    variables,
    visible,
)

SERVICE = "ServiceGraphPattern"
_JOINED = ("TriplesBlock", "GraphGraphPattern", "GroupOrUnionGraphPattern", "InlineData")


class Call(NamedTuple):
    """A SERVICE of a query.

    ``context`` is the SPARQL of a pattern with whose solutions the rows are joined, or empty;
    ``keys`` are the variables that every row binds, sorted, as far as the context has them;
    ``needed`` those that the query uses elsewhere; ``targets`` the possible values of a variable
    after SERVICE, from its VALUES.
    """

    part: CompValue
    context: str
    keys: tuple[str, ...]
    needed: tuple[str, ...]
    targets: tuple[object, ...]

    @property
    def silent(self) -> bool:
        """Whether the query continues if the endpoint does not answer."""
        return bool(self.part.silent)


class Answered(Writer):
    """Writes a query with the known answers, by the identity of their SERVICE."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: dict[int, str] = {}

    def part(self, part: CompValue) -> str:
        """One part of a group."""
        answer = self.answers.get(id(part))
        return super().part(part) if answer is None else answer


class Walk:
    """Walks a query, and calls ``answer`` for the replacement of each SERVICE."""

    def __init__(self, tree: CompValue, answer: Callable[[Call], str]) -> None:
        self._answer = answer
        self._tree = tree
        self._everything = any(
            isinstance(node, CompValue)
            and node.name in ("SelectQuery", "SubSelect")
            and not node.projection
            for node in nodes(tree)
        )
        self.writer = Answered()
        self._group(tree.where, [], "")

    def _group(self, group: CompValue, outer: Sequence[str], graph: str) -> None:
        """One group; ``outer`` are the patterns joined with it, ``graph`` its graph."""
        if group.name == "SubSelect":
            self._group(group.where, [], graph)
            return
        group["part"] = list(services_last(group.part or ()))
        before: list[CompValue] = []
        for part in group.part:
            if part.name != "Filter":
                self._part(part, before, outer, graph, group)
                before.append(part)
        for part in group.part:
            for test in tests(part.expr) if part.name == "Filter" else ():
                self._group(test.graph, self._own(before, graph, group), graph)

    def _part(
        self,
        part: CompValue,
        before: Sequence[CompValue],
        outer: Sequence[str],
        graph: str,
        group: CompValue,
    ) -> None:
        own = self._own(before, graph, group)
        if part.name == SERVICE:
            call = self._call(part, [*outer, *own], before)
            self.writer.answers[id(part)] = self._answer(call)
        elif part.name == "GroupOrUnionGraphPattern":
            for branch in part.graph:
                self._group(branch, [*outer, *own], graph)
        elif part.name == "GraphGraphPattern":
            self._group(part.graph, [*outer, *own], f"GRAPH {self.writer.term(part.term)} ")
        elif part.name in ("OptionalGraphPattern", "MinusGraphPattern"):
            self._group(part.graph, own, graph)

    def _own(self, before: Sequence[CompValue], graph: str, group: CompValue) -> list[str]:
        """The preceding parts of the group, with the filters that can already be applied."""
        if not before:
            return []
        bound = certain(CompValue("Group", part=list(before)))
        filters = [
            part
            for part in group.part
            if part.name == "Filter"
            and variables(part) <= bound
            and not any(tests(bare(part.expr)))
        ]
        text = " ".join(map(self.writer.part, [*before, *filters]))
        return [f"{graph}{{ {text} }}"]

    def _call(self, part: CompValue, context: Sequence[str], before: Sequence[CompValue]) -> Call:
        outside = set(map(str, self._outside(part)))
        given = visible(part.graph)
        needed = given if self._everything else given & outside
        keys = sorted(certain(part.graph) & outside) if context else []
        return Call(
            part,
            " ".join(context),
            tuple(keys),
            tuple(sorted(needed.union(keys))),
            tuple(_values(before, part.term)),
        )

    def _outside(self, part: CompValue) -> Iterator[Variable]:
        """The variables used elsewhere in the query."""
        waiting: list[object] = [self._tree]
        while waiting:
            node = waiting.pop()
            if isinstance(node, Variable):
                yield node
            elif isinstance(node, CompValue) and node is not part:
                waiting += node.values()
            elif isinstance(node, list | tuple):
                waiting += node


def services_last(parts: Iterable[CompValue]) -> Iterator[CompValue]:
    """The parts of a group, each SERVICE after the parts that it can change places with."""
    waiting: list[CompValue] = []
    for part in parts:
        if part.name == SERVICE:
            waiting.append(part)
            continue
        if part.name not in (*_JOINED, "Filter"):
            yield from waiting
            waiting = []
        yield part
    yield from waiting


def _values(before: Sequence[CompValue], term: object) -> Iterator[object]:
    """The terms that VALUES in the same group give a variable."""
    for part in before:
        names = [str(name) for name in part.var or ()] if part.name == "InlineData" else []
        if str(term) in names:
            place = names.index(str(term))
            for row in part.value or ():
                yield row[place] if isinstance(row, list) else row
