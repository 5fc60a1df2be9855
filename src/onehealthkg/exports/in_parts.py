"""The RDF exports of a large project that need not have all quads in memory (``rdf.large``)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager

from onehealthkg.dataset.divided import Divided, with_graph
from onehealthkg.dataset.units import is_large, units_of
from onehealthkg.paths import Project
from onehealthkg.rdf.large import LargeGraph, SortedLines, is_in_graphs, joined, lines_in, triple_of

Pieces = Iterable[bytes]


def export_in_parts(project: Project, name: str, write: Callable[[Pieces], None]) -> bool:
    """Write the whole graph in a format; False if the project or the format is not for this.

    ``write`` gets the pieces of the file, which has the same bytes as that of ``export``. A project
    with statements outside a graph, which the checks refuse, is not for this either.
    """
    units = units_of(project)
    if name not in _WRITERS or not is_large(project, units):
        return False

    def export(divided: Divided) -> bool:
        if not all(map(is_in_graphs, divided.graph())):
            return False
        with _WRITERS[name](divided) as pieces:
            write(pieces)
        return True

    return with_graph(project, units, export)


@contextmanager
def _nquads(divided: Divided) -> Iterator[Pieces]:
    with ExitStack() as files:
        lines = SortedLines(files)
        for text in divided.graph():
            lines.add(lines_in(text))
        yield joined(lines)


@contextmanager
def _ntriples(divided: Divided) -> Iterator[Pieces]:
    with ExitStack() as files:
        lines = SortedLines(files)
        for text in divided.graph():
            lines.add(map(triple_of, lines_in(text)))
        yield joined(lines)


@contextmanager
def _trig(divided: Divided) -> Iterator[Pieces]:
    with LargeGraph() as graph:
        for text in divided.graph():
            graph.add(text)
        yield graph.trig()


_WRITERS = {"nquads": _nquads, "ntriples": _ntriples, "trig": _trig}
