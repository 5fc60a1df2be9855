"""Two methods of writing graphs to a store: SPARQL Update, and the Graph Store protocol.

- SPARQL Update (https://www.w3.org/TR/sparql11-update/) takes many small graphs in one request, so
  it is the default: each sentence and inference is a graph.
- The Graph Store protocol (https://www.w3.org/TR/sparql11-http-rdf-update/) takes a request for
  each graph, and is for stores without SPARQL Update or with low limits on its size.

A graph is replaced before its digest is written, so that an interrupted graph is sent again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol
from urllib.parse import quote

from onehealthkg.endpoints.client import Client
from onehealthkg.endpoints.ledger import LEDGER, Ledger, PushedGraph, digest, has_blank_nodes, part

MOST_TRIPLES = 1000
MOST_GRAPHS = 250
"""The statements and graphs of a request: Virtuoso compiles an update, and refuses a long one."""

_MOST_PUT = 50_000  # statements of a request of the Graph Store protocol, which is not compiled

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
        first, *others = _parts(batch)
        cleared = [f"CLEAR SILENT GRAPH <{graph.iri}>" for graph in batch]
        self._send(*cleared, _data("INSERT", first))
        for some in others:
            self._send(_data("INSERT", some))
        self._send(_data("INSERT", {LEDGER: [digest(graph.iri, graph.digest) for graph in batch]}))

    def remove(self, names: Sequence[str]) -> None:
        """As ``Writer.remove``."""
        for some in _portions(names):
            parts = _data("DELETE", {LEDGER: [part(name) for name in some]})
            cleared = [f"CLEAR SILENT GRAPH <{name}>" for name in some]
            self._send(*cleared, *self._forgotten(some), parts)

    def put(self, name: str, triples: Sequence[str]) -> None:
        """As ``Writer.put``."""
        self._send(_data("INSERT", {name: list(triples)}))

    def drop(self, name: str) -> None:
        """As ``Writer.drop``."""
        self._send(f"CLEAR SILENT GRAPH <{name}>")

    def _forgotten(self, names: Sequence[str]) -> list[str]:
        """The operation that deletes the digests of graphs, if there are any."""
        digests = self._ledger.digests
        old = [digest(name, digests[name]) for name in names if name in digests]
        return [_data("DELETE", {LEDGER: old})] if old else []

    def _send(self, *operations: str) -> None:
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
        self._graphs.update(names)
        for name in names:
            self._digests.pop(name, None)
        self._write_ledger()

    def replace(self, batch: Sequence[PushedGraph]) -> None:
        """As ``Writer.replace``."""
        for graph in batch:
            self._put(graph.iri, graph.triples, together=has_blank_nodes(graph.triples))
        self._digests.update({graph.iri: graph.digest for graph in batch})
        self._send("POST", LEDGER, [digest(graph.iri, graph.digest) for graph in batch])

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
        self._put(LEDGER, Ledger(self._graphs, self._digests).triples())

    def _put(self, name: str, triples: Sequence[str], *, together: bool = False) -> None:
        most = len(triples) if together else _MOST_PUT
        self._send("PUT", name, triples[:most])
        for start in range(most, len(triples), most or 1):
            self._send("POST", name, triples[start : start + most])

    def _send(self, method: str, name: str, triples: Iterable[str] = ()) -> None:
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
        is_full = len(batch) == MOST_GRAPHS or size + len(graph.triples) > MOST_TRIPLES
        if batch and is_full:
            yield batch
            batch, size = [], 0
        batch.append(graph)
        size += len(graph.triples)
    if batch:
        yield batch


def _parts(batch: Sequence[PushedGraph]) -> list[dict[str, list[str]]]:
    """A batch in parts for one request each: one part, unless it is a single large graph."""
    [first, *others] = batch
    if others or has_blank_nodes(first.triples) or len(first.triples) <= MOST_TRIPLES:
        return [{graph.iri: graph.triples for graph in batch}]
    starts = range(0, len(first.triples), MOST_TRIPLES)
    return [{first.iri: first.triples[start : start + MOST_TRIPLES]} for start in starts]


def _portions(names: Sequence[str]) -> Iterator[Sequence[str]]:
    return (names[start : start + MOST_GRAPHS] for start in range(0, len(names), MOST_GRAPHS))


def _data(operation: str, graphs: dict[str, list[str]]) -> str:
    """``INSERT DATA`` or ``DELETE DATA`` of statements in graphs.

    Virtuoso refuses blank nodes in ``INSERT DATA``, but not in ``INSERT`` with an empty ``WHERE``.
    """
    bodies = (f"GRAPH <{name}> {{ {_SEPARATOR.join(graphs[name])} }}" for name in graphs)
    written = f"{{ {' '.join(bodies)} }}"
    if any(has_blank_nodes(triples) for triples in graphs.values()):
        return f"{operation} {written} WHERE {{ }}"
    return f"{operation} DATA {written}"
