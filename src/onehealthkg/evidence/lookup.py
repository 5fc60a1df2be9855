"""Where the facts of a graph are looked up: in memory, or in a store on disk.

Facts are the triples of the RDF merge of all named graphs, in the order of their text. In memory,
literals are as they are written; the store rewrites some of them (P18M as P1Y6M), which is right
for pages, but not for exports. A store is read thing by thing, so no graph is too large for it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple, Protocol

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QuerySolutions,
    Store,
    Triple,
)

from onehealthkg.names import RDF_TYPE
from onehealthkg.terms import Term, plain

_MERGED, _TYPE = DefaultGraph(), NamedNode(RDF_TYPE)
_KEPT = 1 << 14  # the number of things whose facts a process keeps

Facts = Mapping[str, Sequence[Term]]
"""The objects of a thing by predicate."""

Subject = NamedNode | BlankNode | Triple


class Counts(NamedTuple):
    """The number of facts with each predicate and of things of each class, by IRI.

    ``subjects`` and ``objects`` are the numbers of different ones, or None if that is not counted.
    """

    predicates: Mapping[str, int]
    classes: Mapping[str, int]
    subjects: int | None = None
    objects: int | None = None


class Lookup(Protocol):
    """The facts of a graph by subject, object, predicate and class, and the graphs of each.

    Predicates and classes are IRIs in full.
    """

    def about(self, subject: Term) -> Facts:
        """The facts of a thing, in order."""

    def naming(self, thing: NamedNode, predicates: Iterable[str] = ()) -> list[Triple]:
        """The facts that have a thing as object, limited to these predicates if any are given."""

    def count_naming(self, thing: NamedNode) -> int:
        """The number of facts that have a thing as object."""

    def pairs(self, predicate: str, class_: str = "") -> Iterator[tuple[Subject, Term]]:
        """The subjects and objects of a predicate in any order; limited to things of a class."""

    def things(self, class_: str) -> list[NamedNode]:
        """The things of a class, in order."""

    def graphs(self, triple: Triple) -> list[NamedNode]:
        """The named graphs that hold a fact, in order."""

    def triples(self) -> Iterable[Triple]:
        """All facts; those in memory are in order."""

    def named_graphs(self) -> Iterable[NamedNode]:
        """All named graphs, in any order."""

    @property
    def counts(self) -> Counts:
        """The numbers of facts."""


class InMemory:
    """Lookup in quads, each once and in order, and in the triples of their merge."""

    def __init__(self, quads: Iterable[Quad], triples: Iterable[Triple]) -> None:
        self._quads = quads
        self._triples = triples

    @cached_property
    def _by_subject(self) -> dict[Term, dict[str, list[Term]]]:
        index: dict[Term, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        for triple in self._triples:
            index[triple.subject][triple.predicate.value].append(triple.object)
        return index

    @cached_property
    def _by_object(self) -> dict[Term, list[Triple]]:
        index: dict[Term, list[Triple]] = defaultdict(list)
        for triple in self._triples:
            if isinstance(triple.object, NamedNode):
                index[triple.object].append(triple)
        return index

    @cached_property
    def _by_predicate(self) -> dict[str, list[Triple]]:
        index: dict[str, list[Triple]] = defaultdict(list)
        for triple in self._triples:
            index[triple.predicate.value].append(triple)
        return index

    @cached_property
    def _by_class(self) -> dict[str, list[NamedNode]]:
        index: dict[str, list[NamedNode]] = defaultdict(list)
        for triple in self._by_predicate[RDF_TYPE]:
            if isinstance(triple.subject, NamedNode):
                index[plain(triple.object)].append(triple.subject)
        return index

    @cached_property
    def _graphs(self) -> dict[Triple, list[NamedNode]]:
        graphs: dict[Triple, list[NamedNode]] = defaultdict(list)
        for quad in self._quads:
            if isinstance(quad.graph_name, NamedNode):
                graphs[quad.triple].append(quad.graph_name)
        return graphs

    def about(self, subject: Term) -> Facts:
        """The facts of a thing, in order."""
        return self._by_subject.get(subject, {})

    def naming(self, thing: NamedNode, predicates: Iterable[str] = ()) -> list[Triple]:
        """The facts that have a thing as object, limited to these predicates if any are given."""
        wanted = frozenset(predicates)
        found = self._by_object.get(thing, ())
        return [triple for triple in found if not wanted or triple.predicate.value in wanted]

    def count_naming(self, thing: NamedNode) -> int:
        """The number of facts that have a thing as object."""
        return len(self._by_object.get(thing, ()))

    def pairs(self, predicate: str, class_: str = "") -> Iterator[tuple[Subject, Term]]:
        """The subjects and objects of a predicate; limited to things of a class."""
        kind = NamedNode(class_) if class_ else None
        for triple in self._by_predicate.get(predicate, ()):
            if kind is None or kind in self.about(triple.subject).get(RDF_TYPE, ()):
                yield triple.subject, triple.object

    def things(self, class_: str) -> list[NamedNode]:
        """The things of a class, in order."""
        return list(self._by_class.get(class_, ()))

    def graphs(self, triple: Triple) -> list[NamedNode]:
        """The named graphs that hold a fact, in order."""
        return self._graphs.get(triple, [])

    def triples(self) -> Iterable[Triple]:
        """All facts, in order."""
        return self._triples

    def named_graphs(self) -> Iterable[NamedNode]:
        """All named graphs, in any order."""
        names = {quad.graph_name for quad in self._quads}
        return (name for name in names if isinstance(name, NamedNode))

    @cached_property
    def counts(self) -> Counts:
        """The numbers of facts."""
        types = (triple.object for triple in self._by_predicate[RDF_TYPE])
        return Counts(
            {predicate: len(triples) for predicate, triples in self._by_predicate.items()},
            Counter(type_.value for type_ in types if isinstance(type_, NamedNode)),
            len({triple.subject for triple in self._triples}),
            len({triple.object for triple in self._triples}),
        )


class Stored:
    """Lookup in a store whose default graph is the merge of the others."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.about = lru_cache(_KEPT)(self._about)

    def _about(self, subject: Term) -> Facts:
        if isinstance(subject, Literal):
            return {}
        found: dict[str, list[Term]] = defaultdict(list)
        for triple in self._sorted(subject, None, None):
            found[triple.predicate.value].append(triple.object)
        return dict(found)

    def naming(self, thing: NamedNode, predicates: Iterable[str] = ()) -> list[Triple]:
        """The facts that have a thing as object, limited to these predicates if any are given."""
        wanted = [NamedNode(predicate) for predicate in {*predicates}]
        if not wanted:
            return self._sorted(None, None, thing)
        found = [triple for each in wanted for triple in self._sorted(None, each, thing)]
        return sorted(found, key=str)

    def count_naming(self, thing: NamedNode) -> int:
        """The number of facts that have a thing as object."""
        valid = NamedNode(thing.value)  # nothing else may become a part of a query
        row = next(self._select(f"SELECT (COUNT(*) AS ?n) {{ ?s ?p {valid} }}"))
        return int(plain(row[0]))

    def _sorted(
        self, subject: Subject | None, predicate: NamedNode | None, term: Term | None
    ) -> list[Triple]:
        quads = self._store.quads_for_pattern(subject, predicate, term, _MERGED)
        return sorted((quad.triple for quad in quads), key=str)

    def pairs(self, predicate: str, class_: str = "") -> Iterator[tuple[Subject, Term]]:
        """The subjects and objects of a predicate; limited to things of a class."""
        kind = f"?s a <{class_}> ." if class_ else ""
        for row in self._select(f"SELECT ?s ?o {{ {kind} ?s <{predicate}> ?o }}"):
            yield row[0], row[1]

    def things(self, class_: str) -> list[NamedNode]:
        """The things of a class, in order."""
        quads = self._store.quads_for_pattern(None, _TYPE, NamedNode(class_), _MERGED)
        found = (quad.subject for quad in quads)
        return sorted((thing for thing in found if isinstance(thing, NamedNode)), key=str)

    def graphs(self, triple: Triple) -> list[NamedNode]:
        """The named graphs that hold a fact, in order."""
        quads = self._store.quads_for_pattern(triple.subject, triple.predicate, triple.object)
        names = (quad.graph_name for quad in quads)
        return sorted((name for name in names if isinstance(name, NamedNode)), key=str)

    def triples(self) -> Iterable[Triple]:
        """All facts, in any order."""
        return (quad.triple for quad in self._store.quads_for_pattern(None, None, None, _MERGED))

    def named_graphs(self) -> Iterable[NamedNode]:
        """All named graphs, in any order."""
        return (name for name in self._store.named_graphs() if isinstance(name, NamedNode))

    @cached_property
    def counts(self) -> Counts:
        """The numbers of facts, without those of different subjects and objects."""
        return Counts(self._count("?s ?counted ?o"), self._count(f"?s <{RDF_TYPE}> ?counted"))

    def _count(self, pattern: str) -> dict[str, int]:
        rows = self._select(f"SELECT ?counted (COUNT(*) AS ?n) {{ {pattern} }} GROUP BY ?counted")
        return {plain(row[0]): int(plain(row[1])) for row in rows if isinstance(row[0], NamedNode)}

    def _select(self, query: str) -> QuerySolutions:
        found = self._store.query(query)
        assert isinstance(found, QuerySolutions)  # noqa: S101 - of SELECT
        return found
