"""N-Quads, TriG and Turtle of more quads than fit into the memory, as ``read_write`` writes them.

Lines of N-Quads are sorted some at a time into temporary files, which are then merged. The system
removes such a file when the process ends, however it ends; ``TMPDIR`` says where they are. TriG is
written from the lines in the order of graph and subject: only the quads of one subject in one graph
are sorted in memory; Turtle likewise from lines without graphs.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from heapq import merge
from itertools import chain, groupby, islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from pyoxigraph import Quad, RdfFormat, parse

from onehealthkg import limits
from onehealthkg.errors import InputError, OutputError
from onehealthkg.files import opened
from onehealthkg.names import PREFIXES
from onehealthkg.rdf.read_write import (
    order,
    parse_quads,
    prefix_lines,
    read_quads,
    trig_pieces,
    turtle_pieces,
)
from onehealthkg.terms import plain

_OUTSIDE = re.compile(
    r'^\S+ \S+ (?:[^"\s]\S*|"[^\n]*"(?:@\S+|\^\^<[^>\n]*>)?) \.$', re.MULTILINE
)  # a subject, a predicate and an object, which may be a literal, without a graph
_TOGETHER = 32 << 20  # bytes of lines that are sorted in memory
_PARSED = 10_000  # lines that are read at a time
_BYTES_OF_A_RECORD = 16_000  # of N-Quads, with its part of a text and of the thesauri
_WRITTEN = 1_000  # lines or pieces that are written at a time


class SortedLines:
    """Lines that are added in any order and read sorted, each once; ``open_files`` closes all."""

    def __init__(self, open_files: ExitStack) -> None:
        self._open_files = open_files
        self._lines: list[bytes] = []
        self._size = 0
        self._files: list[IO[bytes]] = []

    def add(self, lines: Iterable[bytes]) -> None:
        """Add lines, each with its end. Raises OutputError if there is no room for them."""
        for line in lines:
            self._lines.append(line)
            self._size += len(line)
        if self._size > _TOGETHER:
            self._put_away()

    def _put_away(self) -> None:
        with enough_room():
            file = self._open_files.enter_context(TemporaryFile())  # noqa: SIM115 - the stack closes it
            file.writelines(sorted(set(self._lines)))
            file.flush()
        self._files.append(file)
        self._lines, self._size = [], 0

    def __iter__(self) -> Iterator[bytes]:
        """The lines; nothing can be added any more."""
        for file in self._files:
            file.seek(0)
        last = b""
        for number, line in enumerate(merge(sorted(self._lines), *self._files)):
            if number % _PARSED == 0:
                limits.renew()
            if line != last:
                yield line
            last = line


@contextmanager
def enough_room() -> Iterator[None]:
    """Raise OutputError if there is no room for the temporary files that are written here."""
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"the temporary files cannot be written: {error.strerror}; set TMPDIR to a folder "
            "with more room."
        ) from None


class LargeGraph:
    """Lines of N-Quads that are added in any order, each in a named graph, and written sorted.

    A context, at whose end the temporary files are removed.
    """

    def __init__(self) -> None:
        self._open_files = ExitStack()
        self._lines = SortedLines(self._open_files)
        self._by_graph = SortedLines(self._open_files)
        self._prefixes = _Prefixes()
        self.sizes: Counter[str] = Counter()
        """The number of quads in each graph."""

    def __enter__(self) -> LargeGraph:
        return self

    def __exit__(self, *_: object) -> None:
        self._open_files.close()

    def add(self, text: str) -> None:
        """Add lines. Raises OutputError as ``SortedLines``."""
        lines = lines_in(text)
        self._lines.add(lines)
        self._by_graph.add(graph_of(line) + b"\t" + line for line in lines)
        self._prefixes.add(text)

    def nquads(self) -> Iterator[bytes]:
        """The pieces of sorted N-Quads."""
        return joined(self._lines)

    def trig(self) -> Iterator[bytes]:
        """The pieces of sorted TriG; when all have been read, ``sizes`` is complete."""
        self.sizes.clear()
        pieces = trig_pieces(self._in_order(), self._prefixes.lines())
        return joined(piece.encode() for piece in pieces)

    def _in_order(self) -> Iterator[Quad]:
        for quads in _in_order(line.split(b"\t", 1)[1] for line in self._by_graph):
            self.sizes[plain(quads[0].graph_name)] += len(quads)
            yield from quads


class LargeMerge:
    """The facts of lines of N-Quads, each once, as Turtle; ``open_files`` closes all."""

    def __init__(self, open_files: ExitStack) -> None:
        self._lines = SortedLines(open_files)
        self._prefixes = _Prefixes()

    def add(self, text: str) -> None:
        """Add lines. Raises OutputError as ``SortedLines``."""
        triples = [triple_of(line) for line in lines_in(text)]
        self._lines.add(triples)
        self._prefixes.add(b"".join(triples).decode())

    def turtle(self) -> Iterator[bytes]:
        """The pieces of sorted Turtle."""
        ordered = chain.from_iterable(_in_order(self._lines))
        pieces = turtle_pieces(ordered, self._prefixes.lines())
        return joined(piece.encode() for piece in pieces)


class _Prefixes:
    """The prefixes that lines of N-Quads need in Turtle and TriG."""

    def __init__(self) -> None:
        self._used: dict[str, str] = {}

    def add(self, text: str) -> None:
        """Read lines, unless they have no prefix that is not known to be needed."""
        if any(iri in text for name, iri in PREFIXES.items() if name not in self._used):
            for line in prefix_lines(parse(text, RdfFormat.N_QUADS, lenient=True)):
                self._used[line.split(" ")[1].removesuffix(":")] = line

    def lines(self) -> list[str]:
        """Their declarations."""
        return [self._used[name] for name in PREFIXES if name in self._used]


def read_in_parts(path: Path) -> Iterator[list[Quad]]:
    """The quads of a file, as ``read_quads``; those of N-Quads some lines at a time."""
    if path.suffix != ".nq":
        yield read_quads(path)
        return
    before = 0
    with opened(path) as file:
        limits.allow_for(os.fstat(file.fileno()).st_size // _BYTES_OF_A_RECORD)
        while lines := list(islice(file, _PARSED)):
            limits.renew()
            text = b"".join(lines)
            try:
                quads = parse_quads(text, RdfFormat.N_QUADS, path)
            except InputError:
                parse_quads(b"\n" * before + text, RdfFormat.N_QUADS, path)  # its line number
                raise
            yield quads
            before += len(lines)


def is_in_graphs(text: str) -> bool:
    """Whether all lines of N-Quads have a graph."""
    return not _OUTSIDE.search(text)


def lines_in(text: str) -> list[bytes]:
    """The lines of N-Quads, each with its end."""
    return [line + b"\n" for line in text.encode().split(b"\n") if line]


def triple_of(line: bytes) -> bytes:
    """The line of N-Triples in a line of N-Quads, which must have a named graph."""
    return line.rsplit(b" ", 2)[0] + b" .\n"


def graph_of(line: bytes) -> bytes:
    """The name of the graph of a line of N-Quads, as it is written there."""
    return line.rsplit(b" ", 2)[1]


def _in_order(lines: Iterable[bytes]) -> Iterator[list[Quad]]:
    """The quads of lines that are sorted by graph and subject, by subject and in their order."""
    about = groupby(_quads(lines), key=lambda quad: (quad.graph_name, quad.subject))
    return (sorted(quads, key=order) for _, quads in about)


def _quads(lines: Iterable[bytes]) -> Iterator[Quad]:
    rest = iter(lines)
    while some := list(islice(rest, _PARSED)):
        yield from parse(b"".join(some), RdfFormat.N_QUADS, lenient=True)


def joined(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Pieces, some of them together, as fewer ones are written faster."""
    rest = iter(pieces)
    while some := list(islice(rest, _WRITTEN)):
        yield b"".join(some)
