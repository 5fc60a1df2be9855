"""The graphs to upload to a store; their statements are in a temporary file, not in memory.

Lines of N-Quads are sorted by graph and statement (``rdf.large``) into one file. In memory is only
what a graph is compared by: its name, and the number and digest of its statements.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from itertools import groupby, islice
from tempfile import TemporaryFile
from typing import IO, NamedTuple

from onehealthkg.endpoints.ledger import LEDGER, LEDGER_COPY
from onehealthkg.errors import InputError
from onehealthkg.queries.parameters import unambiguous
from onehealthkg.rdf.large import SortedLines, enough_room, is_in_graphs, lines_in


class PushedGraph(NamedTuple):
    """A graph to upload: its IRI, and the number and digest (SHA-256, in hex) of its statements.

    They begin at ``place`` in ``file``.
    """

    iri: str
    size: int
    digest: str
    has_blank_nodes: bool
    place: int
    file: IO[bytes]

    def triples(self) -> Iterator[str]:
        """The statements as N-Triples without full stops, sorted, each once.

        Those of one graph must be read before those of another.
        """
        self.file.seek(self.place)
        return (line[:-1].decode() for line in islice(self.file, self.size))


@contextmanager
def graphs_of(read: Callable[[Callable[[str], None]], None]) -> Iterator[list[PushedGraph]]:
    """The graphs of a dataset, by name, until the end of the context.

    ``read`` calls the function that it gets with lines of N-Quads, some at a time. Raises
    InputError for a statement that is not in a graph with an IRI, or is in that of the ledger, and
    OutputError if there is no room for the temporary files.
    """
    with enough_room():
        file = TemporaryFile()  # noqa: SIM115 - closed below
    with file:
        with ExitStack() as sorting:
            lines = SortedLines(sorting)
            read(lambda text: lines.add(_by_graph(text)))
            with enough_room():
                graphs = list(_written(lines, file))
                file.flush()
        yield graphs


def _by_graph(text: str) -> Iterator[bytes]:
    """For each line of N-Quads a line with the name of the graph, a tab, and the statement."""
    if not is_in_graphs(text):
        raise InputError("DEFAULT: only graphs whose name is an IRI can be put into a store.")
    for line in lines_in(text):
        triple, graph, _ = line.rsplit(b" ", 2)
        if not graph.startswith(b"<"):
            raise InputError(
                f"{graph.decode()}: only graphs whose name is an IRI can be put into a store."
            )
        if b"\\" in triple:
            triple = unambiguous(triple.decode()).encode()
        yield b"%s\t%s\n" % (graph[1:-1], triple)


def _written(lines: Iterable[bytes], file: IO[bytes]) -> Iterator[PushedGraph]:
    """The graphs of sorted lines, whose statements are written to a file."""
    end = 0
    for graph, group in groupby(lines, key=lambda line: line[: line.index(b"\t")]):
        name = graph.decode()
        if name in (LEDGER, LEDGER_COPY):
            raise InputError(f"{name}: push keeps this graph itself; give yours another name.")
        hashed, size, has_blanks, start = sha256(), 0, False, end
        for line in group:
            triple = line[len(graph) + 1 :]
            end += file.write(triple)
            hashed.update(b"\n" * bool(size) + triple[:-1])
            has_blanks = has_blanks or triple.startswith(b"_:") or b"> _:" in triple
            size += 1
        yield PushedGraph(name, size, hashed.hexdigest(), has_blanks, start, file)
