"""A graph with what the curated files say since it was read.

After a change in a curated file, a large project is inferred from again, which takes minutes. A
session that has added a thing needs only the statements about it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    Store,
    Triple,
)

from onehealthkg.dataset.dataset import read_data_file
from onehealthkg.paths import Project
from onehealthkg.terms import QuadSource, Term


class ExtendedStore(QuadSource):
    """A store, and further quads in their named graphs. A query is answered by the store alone."""

    def __init__(self, store: QuadSource, further: Store) -> None:
        self.store = store
        self._further = further

    def quads_for_pattern(
        self,
        subject: NamedNode | BlankNode | Triple | None,
        predicate: NamedNode | None,
        term: Term | None,
        graph: NamedNode | BlankNode | DefaultGraph | None = None,
        /,
    ) -> Iterator[Quad]:
        """The quads that match, some of them twice; None matches anything."""
        pattern = subject, predicate, term, graph
        return chain(
            self.store.quads_for_pattern(*pattern), self._further.quads_for_pattern(*pattern)
        )

    def query(
        self, query: str, /, *, prefixes: dict[str, str] | None = None
    ) -> QuerySolutions | QueryBoolean | QueryTriples:
        """The answer of the store to a SPARQL query."""
        return self.store.query(query, prefixes=prefixes)

    def __contains__(self, quad: Quad, /) -> bool:
        return quad in self.store or quad in self._further


def with_curated(project: Project, store: QuadSource) -> ExtendedStore:
    """A store with what the curated files of its project say now; InputError as ``read_quads``."""
    further = Store()
    for path in project.curated:
        further.extend(read_data_file(project, path).quads)
    return ExtendedStore(store.store if isinstance(store, ExtendedStore) else store, further)
