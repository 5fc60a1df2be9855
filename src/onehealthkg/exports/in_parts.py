"""The RDF exports of a large project that need not have all quads in memory (``rdf.large``)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from typing import NamedTuple

from onehealthkg.dataset.divided import Divided, with_graph
from onehealthkg.dataset.units import is_large, units_of
from onehealthkg.paths import Project
from onehealthkg.rdf.large import (
    LargeGraph,
    SortedLines,
    is_in_graphs,
    joined,
    lines_in,
    triple_of,
)

Pieces = Iterable[bytes]


def export_in_parts(project: Project, name: str, write: Callable[[Pieces], None]) -> bool:
    """Write the whole graph in a format; False if the project or the format is not for this.

    ``write`` gets the pieces of the file, which has the same bytes as that of ``export``. A project
    with statements outside a graph, which the checks refuse, is not for this either.
    """
    units = units_of(project)
    if name not in _FORMS or not is_large(project, units):
        return False
    with ExitStack() as files:
        form = _FORMS[name](files)

        def read(divided: Divided) -> bool:
            if not all(map(is_in_graphs, divided.graph())):
                return False
            for text in divided.graph():
                form.add(text)
            return True

        if not with_graph(project, units, read):
            return False
        write(form.pieces())  # however long the reader takes, other commands need not wait
    return True


class _Form(NamedTuple):
    """How lines of N-Quads are added, and the pieces of the file that is made of them."""

    add: Callable[[str], None]
    pieces: Callable[[], Pieces]


def _nquads(files: ExitStack) -> _Form:
    lines = SortedLines(files)
    return _Form(lambda text: lines.add(lines_in(text)), lambda: joined(lines))


def _ntriples(files: ExitStack) -> _Form:
    lines = SortedLines(files)
    return _Form(lambda text: lines.add(map(triple_of, lines_in(text))), lambda: joined(lines))


def _trig(files: ExitStack) -> _Form:
    graph = files.enter_context(LargeGraph())
    return _Form(graph.add, graph.trig)


_FORMS = {"nquads": _nquads, "ntriples": _ntriples, "trig": _trig}
