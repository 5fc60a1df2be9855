"""The exports of a large project: in parts (``rdf.large``), or with all quads if there is room."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from typing import NamedTuple

from onehealthkg import limits
from onehealthkg.dataset.divided import Divided, with_graph
from onehealthkg.dataset.units import is_large, units_of
from onehealthkg.errors import UsageError
from onehealthkg.exports.export import FORMATS, QUADS
from onehealthkg.paths import Project
from onehealthkg.rdf.large import (
    LargeGraph,
    LargeMerge,
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


def refuse_too_large(project: Project, name: str, *, is_part: bool) -> None:
    """Raise UsageError if there is no room for the quads of a project, and what is made of them.

    This is an estimate, so that nobody waits minutes for a process that runs out of memory. Only
    the quads count if a part of the graph is written.
    """
    units = len(units_of(project))
    needed = units * (QUADS if is_part else FORMATS[name].memory)
    if needed > limits.MEMORY:
        part = "" if units * QUADS > limits.MEMORY else "a part of it with --only THING, or "
        raise UsageError(
            f"{name}: {units:,} records and texts need about {_gigabytes(needed)} of memory, and a "
            f"process may use {_gigabytes(limits.MEMORY)}; export {part}the whole graph as "
            f"{', '.join(_FORMS)}. onehealthkg query writes tables as CSV."
        )


def _gigabytes(number: float) -> str:
    return f"{number / (1 << 30):.0f} GB"


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


def _turtle(files: ExitStack) -> _Form:
    merged = LargeMerge(files)
    return _Form(merged.add, merged.turtle)


_FORMS = {"nquads": _nquads, "ntriples": _ntriples, "trig": _trig, "turtle": _turtle}
