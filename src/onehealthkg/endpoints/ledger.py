"""The ledger: a graph in a store that records the uploaded graphs.

The graph ``graph/ledger`` names each graph that ``push`` has uploaded to the store
(``dcterms:hasPart``), and for complete graphs the digest of their statements
(``settings:digest``). A push therefore sends only graphs that differ, resumes after an
interruption, and does not remove other graphs. SPARQL 1.1 has no digest that all engines compute
in the same way, and a count would not reveal a replaced statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from onehealthkg import limits
from onehealthkg.endpoints.client import Client
from onehealthkg.endpoints.paging import RATE, Pages
from onehealthkg.errors import RemoteError
from onehealthkg.names import GRAPH
from onehealthkg.queries.parameters import written_out
from onehealthkg.terms import named_node, plain

LEDGER = GRAPH + "ledger"
LEDGER_COPY = GRAPH + "ledger-copy"
"""The graph that has the names while the ledger is replaced by several requests."""

_DIGEST, _PART = named_node("settings:digest"), named_node("dcterms:hasPart")
_NAMES = 1000  # in a query; Virtuoso refuses 5000


class Ledger(NamedTuple):
    """The graphs that ``push`` has uploaded to a store, and the digests of the complete ones."""

    graphs: set[str]
    digests: dict[str, str]

    def triples(self) -> Iterator[str]:
        """The statements of the ledger."""
        yield from (part(iri) for iri in sorted(self.graphs))
        yield from (digest(iri, self.digests[iri]) for iri in sorted(self.digests))


def part(iri: str) -> str:
    """The statement that ``push`` has uploaded a graph."""
    return f"<{LEDGER}> {_PART} <{iri}>"


def digest(iri: str, value: str) -> str:
    """The statement that a graph is complete, with the digest of its statements."""
    return f"<{iri}> {_DIGEST} {written_out(Literal(value))}"


def read_ledger(client: Client, endpoint: str) -> Ledger:
    """The ledger of a store, empty if the store has no ledger. Raises RemoteError."""
    pattern = (
        f"VALUES ?l {{ <{LEDGER}> <{LEDGER_COPY}> }} "
        f"GRAPH ?l {{ <{LEDGER}> {_PART} ?g OPTIONAL {{ ?g {_DIGEST} ?d }} }}"
    )
    graphs, digests = set(), {}
    for graph, value in Pages(client, endpoint).rows(("g", "d"), pattern):
        if not isinstance(graph, NamedNode):
            raise RemoteError(f"{endpoint}: {graph} in {LEDGER} is not a graph; delete it there.")
        graphs.add(graph.value)
        if value is not None:
            digests[graph.value] = plain(value)
    return Ledger(graphs, digests)


def counts(client: Client, endpoint: str, names: Iterable[str]) -> Iterator[tuple[str, int]]:
    """The number of statements that a store has in each of the graphs; 0 for a missing graph."""

    def query(some: Iterable[str]) -> str:
        values = " ".join(f"<{iri}>" for iri in some)
        return (
            f"SELECT ?g (COUNT(*) AS ?n) WHERE {{ VALUES ?g {{ {values} }} "
            "GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
        )

    for some, solutions in client.batches(endpoint, list(names), query, size=_NAMES, rate=RATE):
        limits.renew()
        found = dict.fromkeys(some, 0)
        for graph, number in solutions.rows:
            if plain(graph) not in found or not plain(number).isdecimal():
                raise RemoteError(f"{endpoint}: it counts {graph} as {number}; VALUES is ignored.")
            found[plain(graph)] = int(plain(number))
        yield from found.items()
