"""The triples that a property path walks from one thing to another.

A path such as ``skos:broader*`` can lead to a thing by several walks. Enough walks are found to
determine the triples on which the arrival depends
(https://www.w3.org/TR/sparql11-query/#propertypaths):

- a shortest walk, by breadth-first search;
- for each of its triples a walk that avoids it, if any, so that the triples shared by all walks are
  the indispensable ones;
- others, until no walk avoids all triples found so far.

Each walk is a set of triples, which is empty for a path of no steps.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any

from pyoxigraph import DefaultGraph, Literal, NamedNode, Triple
from rdflib.paths import AlternativePath, InvPath, MulPath, NegatedPath, SequencePath

from onehealthkg.terms import QuadSource, Term

Walk = frozenset[Triple]
Step = tuple[Term, Walk]


def walks(
    store: QuadSource, start: Term, path: object, end: Term, graph: NamedNode | DefaultGraph
) -> list[Walk]:
    """The walks by which a path leads from start to end in a graph; empty if it does not."""
    found: list[Walk] = []

    def add(avoided: Walk) -> bool:
        walk = _shortest(_Walker(store, graph, avoided), start, path, end)
        if walk is not None and walk not in found:
            found.append(walk)
        return walk is not None

    if not add(frozenset()):
        return []
    for walk in sorted(found[0], key=str):
        add(frozenset([walk]))
    while found[-1] and add(frozenset().union(*found)):
        pass
    return found


def _shortest(walker: _Walker, start: Term, path: object, end: Term) -> Walk | None:
    arrived = [walk for place, walk in walker.steps(path, start) if place == end]
    return min(arrived, key=lambda walk: (len(walk), sorted(map(str, walk))), default=None)


class _Walker:
    """Walks paths in one graph of a store, but not over the triples to be avoided."""

    def __init__(self, store: QuadSource, graph: NamedNode | DefaultGraph, avoided: Walk) -> None:
        self.store = store
        self.graph = graph
        self.avoided = avoided

    def steps(self, path: Any, start: Term, back: bool = False) -> Iterator[Step]:
        """The ends of a path from a thing, each with the triples walked."""
        if isinstance(path, InvPath):
            yield from self.steps(path.arg, start, not back)
        elif isinstance(path, MulPath):
            yield from self._repeated(path, start, back)
        elif isinstance(path, AlternativePath):
            for arg in path.args:
                yield from self.steps(arg, start, back)
        elif isinstance(path, SequencePath):
            yield from self._sequence(path.args[::-1] if back else path.args, start, back)
        elif isinstance(path, NegatedPath):
            refused = {str(arg) for arg in path.args}
            for place, triple in self._triples(None, start, back):
                if triple.predicate.value not in refused:
                    yield place, frozenset([triple])
        else:
            for place, triple in self._triples(NamedNode(str(path)), start, back):
                yield place, frozenset([triple])

    def _triples(
        self, verb: NamedNode | None, start: Term, back: bool
    ) -> Iterator[tuple[Term, Triple]]:
        if back:
            quads = self.store.quads_for_pattern(None, verb, start, self.graph)
        elif isinstance(start, Literal):
            return  # a literal has no outgoing triples
        else:
            quads = self.store.quads_for_pattern(start, verb, None, self.graph)
        for quad in quads:
            if quad.triple not in self.avoided:
                yield (quad.subject if back else quad.object), quad.triple

    def _sequence(self, paths: list[Any], start: Term, back: bool) -> Iterator[Step]:
        reached: list[Step] = [(start, frozenset())]
        for path in paths:
            reached = [
                (place, walked | walk)
                for middle, walked in reached
                for place, walk in self.steps(path, middle, back)
            ]
        yield from reached

    def _repeated(self, path: MulPath, start: Term, back: bool) -> Iterator[Step]:
        """Each place that ``?``, ``*`` or ``+`` reaches, once, with a shortest walk to it."""
        seen: set[Term] = set()
        if path.mod != "+":
            seen.add(start)
            yield start, frozenset()
        waiting: deque[Step] = deque([(start, frozenset())])
        while waiting:
            middle, walked = waiting.popleft()
            for place, walk in sorted(self.steps(path.path, middle, back), key=_order):
                if place not in seen:
                    seen.add(place)
                    yield place, walked | walk
                    if path.mod != "?":
                        waiting.append((place, walked | walk))


def _order(step: Step) -> tuple[int, str, list[str]]:
    return len(step[1]), str(step[0]), sorted(map(str, step[1]))
