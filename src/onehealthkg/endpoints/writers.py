"""Two methods of writing graphs to a store: SPARQL Update, and the Graph Store protocol.

- SPARQL Update (https://www.w3.org/TR/sparql11-update/) takes many small graphs in one request, so
  it is the default: each sentence and inference is a graph.
- The Graph Store protocol (https://www.w3.org/TR/sparql11-http-rdf-update/) takes a request for
  each graph, and is for stores without SPARQL Update or with low limits on its size.

A graph is replaced before its digest is written, so that an interrupted graph is sent again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Protocol
from urllib.parse import quote

from onehealthkg import limits
from onehealthkg.endpoints.client import Client
from onehealthkg.endpoints.graphs import PushedGraph
from onehealthkg.endpoints.ledger import LEDGER, LEDGER_COPY, Ledger, digest, part

MOST_TRIPLES = 1000
MOST_GRAPHS = 250
"""The statements and graphs of a request: Virtuoso compiles an update, and refuses a long one."""

_MOST_PUT = 20_000  # statements of a request of the Graph Store protocol, which is not compiled

_SEPARATOR = " .\n"
_UPDATE, _TRIPLES = "application/sparql-update", "application/n-triples"


class Writer(Protocol):
    """A method of writing graphs to a store. Each function raises RemoteError."""

    def start(self, names: Sequence[str]) -> None:
        """Note that the graphs are about to change: they are incomplete until they are replaced."""

    def replace(self, batch: Sequence[PushedGraph]) -> None:
        """Replace graphs, then note their digests."""

    def remove(self, names: Sequence[str]) -> None:
        """Remove graphs, then their entries in the ledger."""

    def put(self, name: str, triples: Sequence[str]) -> None:
        """Put a small graph into the store that the ledger does not name."""

    def drop(self, name: str) -> None:
        """Remove a graph that the ledger does not name."""


class ByUpdate:
    """Writes by SPARQL Update to a store whose ledger is known."""

    def __init__(self, client: Client, address: str, ledger: Ledger) -> None:
        self._client = client
        self._address = address
        self._ledger = ledger

    def start(self, names: Sequence[str]) -> None:
        """As ``Writer.start``."""
        for some in _portions(names):
            parts = _data("INSERT", {LEDGER: [part(name) for name in some]})
            self._send(*self._forgotten(some), parts)

    def replace(self, batch: Sequence[PushedGraph]) -> None:
        """As ``Writer.replace``."""
        cleared = [f"CLEAR SILENT GRAPH <{graph.iri}>" for graph in batch]
        blank = any(graph.has_blank_nodes for graph in batch)
        for some in _parts(batch):
            self._send(*cleared, _data("INSERT", some, blank=blank))
            cleared = []
        self._send(_data("INSERT", {LEDGER: [digest(graph.iri, graph.digest) for graph in batch]}))

    def remove(self, names: Sequence[str]) -> None:
        """As ``Writer.remove``."""
        for some in _portions(names):
            parts = _data("DELETE", {LEDGER: [part(name) for name in some]})
            cleared = [f"CLEAR SILENT GRAPH <{name}>" for name in some]
            self._send(*cleared, *self._forgotten(some), parts)

    def put(self, name: str, triples: Sequence[str]) -> None:
        """As ``Writer.put``."""
        self._send(_data("INSERT", {name: triples}))

    def drop(self, name: str) -> None:
        """As ``Writer.drop``."""
        self._send(f"CLEAR SILENT GRAPH <{name}>")

    def _forgotten(self, names: Sequence[str]) -> list[str]:
        """The operation that deletes the digests of graphs, if there are any."""
        digests = self._ledger.digests
        old = [digest(name, digests[name]) for name in names if name in digests]
        return [_data("DELETE", {LEDGER: old})] if old else []

    def _send(self, *operations: str) -> None:
        limits.renew()
        text = " ;\n".join(operations)
        self._client.write(self._address, "POST", self._address, text.encode(), _UPDATE)


class ByGraphStore:
    """Writes by the Graph Store protocol to a store whose ledger is known."""

    def __init__(self, client: Client, address: str, ledger: Ledger) -> None:
        self._client = client
        self._address = address
        self._graphs = set(ledger.graphs)
        self._digests = dict(ledger.digests)

    def start(self, names: Sequence[str]) -> None:
        """As ``Writer.start``."""
        changed = self._digests.keys() & set(names)
        self._graphs.update(names)
        if not changed:  # only names are new
            self._add(LEDGER, map(part, names))
            return
        for name in changed:
            del self._digests[name]
        self._write_ledger()

    def replace(self, batch: Sequence[PushedGraph]) -> None:
        """As ``Writer.replace``."""
        for graph in batch:
            most = graph.size if graph.has_blank_nodes else _MOST_PUT
            self._put(graph.iri, graph.triples(), most)
        self._digests.update({graph.iri: graph.digest for graph in batch})
        self._add(LEDGER, [digest(graph.iri, graph.digest) for graph in batch])

    def remove(self, names: Sequence[str]) -> None:
        """As ``Writer.remove``."""
        for name in names:
            self._send("DELETE", name)
            self._graphs.discard(name)
            self._digests.pop(name, None)
        self._write_ledger()

    def put(self, name: str, triples: Sequence[str]) -> None:
        """As ``Writer.put``."""
        self._put(name, triples)

    def drop(self, name: str) -> None:
        """As ``Writer.drop``."""
        self._send("DELETE", name)

    def _write_ledger(self) -> None:
        """Replace the ledger; while it is not whole, a copy has the names of the graphs."""
        self._put(LEDGER_COPY, map(part, sorted(self._graphs)))
        self._put(LEDGER, Ledger(self._graphs, self._digests).triples())
        self._send("DELETE", LEDGER_COPY)

    def _put(self, name: str, triples: Iterable[str], most: int = _MOST_PUT) -> None:
        rest = iter(triples)
        self._send("PUT", name, list(islice(rest, most)))
        self._add(name, rest, most)

    def _add(self, name: str, triples: Iterable[str], most: int = _MOST_PUT) -> None:
        for some in _portions(triples, most):
            self._send("POST", name, some)

    def _send(self, method: str, name: str, triples: Iterable[str] = ()) -> None:
        limits.renew()
        address = f"{self._address}?graph={quote(name, safe='')}"
        body = "".join(f"{triple} .\n" for triple in triples).encode()
        self._client.write(self._address, method, address, body, _TRIPLES if body else "")


def batches(graphs: Iterable[PushedGraph]) -> Iterator[list[PushedGraph]]:
    """The graphs in groups of at most ``MOST_GRAPHS`` with at most ``MOST_TRIPLES`` statements.

    A larger graph is alone.
    """
    batch: list[PushedGraph] = []
    size = 0
    for graph in graphs:
        is_full = len(batch) == MOST_GRAPHS or size + graph.size > MOST_TRIPLES
        if batch and is_full:
            yield batch
            batch, size = [], 0
        batch.append(graph)
        size += graph.size
    if batch:
        yield batch


def _parts(batch: Sequence[PushedGraph]) -> Iterator[dict[str, list[str]]]:
    """A batch in parts for one request each: one part, unless it is a single large graph."""
    [first, *others] = batch
    if others or first.has_blank_nodes:
        yield {graph.iri: list(graph.triples()) for graph in batch}
    else:
        yield from ({first.iri: some} for some in _portions(first.triples(), MOST_TRIPLES))


def _portions(items: Iterable[str], most: int = MOST_GRAPHS) -> Iterator[list[str]]:
    rest = iter(items)
    while some := list(islice(rest, most)):
        yield some


def _data(operation: str, graphs: Mapping[str, Iterable[str]], *, blank: bool = False) -> str:
    """``INSERT DATA`` or ``DELETE DATA`` of statements in graphs, which may have blank nodes.

    Virtuoso refuses blank nodes in ``INSERT DATA``, but not in ``INSERT`` with an empty ``WHERE``.
    """
    bodies = (f"GRAPH <{name}> {{ {_SEPARATOR.join(graphs[name])} }}" for name in graphs)
    written = f"{{ {' '.join(bodies)} }}"
    return f"{operation} {written} WHERE {{ }}" if blank else f"{operation} DATA {written}"
