"""The ledger: a graph in a store that records the uploaded graphs.

The graph ``graph/ledger`` names each graph that ``push`` has uploaded to the store
(``dcterms:hasPart``), and for complete graphs the digest of their statements
(``settings:digest``). A push therefore sends only graphs that differ, resumes after an
interruption, and does not remove other graphs. SPARQL 1.1 has no digest that all engines compute
in the same way, and a count would not reveal a replaced statement.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from itertools import groupby
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Quad

from onehealthkg.endpoints.client import Client
from onehealthkg.endpoints.paging import RATE, Pages
from onehealthkg.errors import InputError, RemoteError
from onehealthkg.names import GRAPH
from onehealthkg.queries.parameters import written_out
from onehealthkg.terms import named_node, plain

LEDGER = GRAPH + "ledger"
_DIGEST, _PART = named_node("settings:digest"), named_node("dcterms:hasPart")
_NAMES = 200  # in a query


class PushedGraph(NamedTuple):
    """A graph to upload to a store: its IRI, and its statements as N-Triples without full stops.

    The statements are sorted and distinct.
    """

    iri: str
    triples: list[str]

    @property
    def digest(self) -> str:
        """The SHA-256 of the statements, in hex."""
        return sha256("\n".join(self.triples).encode()).hexdigest()


class Ledger(NamedTuple):
    """The graphs that ``push`` has uploaded to a store, and the digests of the complete ones."""

    graphs: set[str]
    digests: dict[str, str]

    def triples(self) -> list[str]:
        """The statements of the ledger."""
        parts = (part(iri) for iri in sorted(self.graphs))
        return [*parts, *(digest(iri, self.digests[iri]) for iri in sorted(self.digests))]


def part(iri: str) -> str:
    """The statement that ``push`` has uploaded a graph."""
    return f"<{LEDGER}> {_PART} <{iri}>"


def digest(iri: str, value: str) -> str:
    """The statement that a graph is complete, with the digest of its statements."""
    return f"<{iri}> {_DIGEST} {written_out(Literal(value))}"


def has_blank_nodes(triples: Iterable[str]) -> bool:
    """Whether the statements may have blank nodes, so that they must be sent together."""
    return any(triple.startswith("_:") or "> _:" in triple for triple in triples)


def graphs_of(quads: Iterable[Quad]) -> list[PushedGraph]:
    """The graphs of a dataset, by name; InputError for one whose name is that of the ledger."""
    lines = sorted({(_name(quad.graph_name), _line(quad)) for quad in quads})
    graphs = [
        PushedGraph(iri, [line for _, line in group])
        for iri, group in groupby(lines, key=lambda pair: pair[0])
    ]
    if any(graph.iri == LEDGER for graph in graphs):
        raise InputError(f"{LEDGER}: push keeps this graph itself; give yours another name.")
    return graphs


def _name(graph: object) -> str:
    if isinstance(graph, NamedNode):
        return graph.value
    raise InputError(f"{graph}: only graphs whose name is an IRI can be put into a store.")


def _line(quad: Quad) -> str:
    return f"{quad.subject} {quad.predicate} {written_out(quad.object)}"


def read_ledger(client: Client, endpoint: str) -> Ledger:
    """The ledger of a store, empty if the store has no ledger. Raises RemoteError."""
    pattern = f"GRAPH <{LEDGER}> {{ {{ <{LEDGER}> {_PART} ?g }} UNION {{ ?g {_DIGEST} ?d }} }}"
    graphs, digests = set(), {}
    for graph, value in Pages(client, endpoint).rows(("g", "d"), pattern):
        if not isinstance(graph, NamedNode):
            raise RemoteError(f"{endpoint}: {graph} in {LEDGER} is not a graph; delete it there.")
        if value is None:
            graphs.add(graph.value)
        else:
            digests[graph.value] = plain(value)
    return Ledger(graphs, {iri: value for iri, value in digests.items() if iri in graphs})


def counts(client: Client, endpoint: str, names: Iterable[str]) -> dict[str, int]:
    """The number of statements that a store has in each of the graphs; 0 for a missing graph."""
    wanted = list(names)
    found = dict.fromkeys(wanted, 0)

    def query(some: Iterable[str]) -> str:
        values = " ".join(f"<{iri}>" for iri in some)
        return (
            f"SELECT ?g (COUNT(*) AS ?n) WHERE {{ VALUES ?g {{ {values} }} "
            "GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
        )

    for _, solutions in client.batches(endpoint, wanted, query, size=_NAMES, rate=RATE):
        for graph, number in solutions.rows:
            if plain(graph) not in found or not plain(number).isdecimal():
                raise RemoteError(f"{endpoint}: it counts {graph} as {number}; VALUES is ignored.")
            found[plain(graph)] = int(plain(number))
    return found
