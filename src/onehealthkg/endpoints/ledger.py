"""What is known of the graphs that were put into a store: the ledger, a graph of its own there.

The graph ``graph/ledger`` names each graph that ``push`` has put into the store
(``dcterms:hasPart``), and those that are complete with the digest of their statements
(``settings:digest``). So a push sends only what differs, resumes where it was interrupted, and
removes no graph of others. A store cannot be asked for a digest in SPARQL 1.1 that all engines
would compute alike, and a count would not show a statement that was replaced.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import groupby
from typing import NamedTuple

from pyoxigraph import NamedNode, Quad

from onehealthkg.endpoints.client import Client
from onehealthkg.errors import AnswerTooLarge, InputError, RemoteError
from onehealthkg.names import GRAPH
from onehealthkg.queries.parameters import written_out
from onehealthkg.terms import Term, named_node, plain

LEDGER = GRAPH + "ledger"
RATE = 1000.0
"""The most requests a second to a store of one's own."""

_DIGEST, _PART = named_node("settings:digest"), named_node("dcterms:hasPart")
_PAGE, _NAMES = 5000, 200  # rows of an answer, names in a query


class PushedGraph(NamedTuple):
    """A graph to be put into a store: its IRI, and its statements as N-Triples without full stops.

    The statements are sorted; each is there once.
    """

    iri: str
    triples: list[str]

    @property
    def digest(self) -> str:
        """The SHA-256 of the statements, in hex."""
        return sha256("\n".join(self.triples).encode()).hexdigest()


class Ledger(NamedTuple):
    """The graphs that ``push`` has put into a store, and the digests of the complete ones."""

    graphs: set[str]
    digests: dict[str, str]

    def triples(self) -> list[str]:
        """The statements of the ledger."""
        parts = (part(iri) for iri in sorted(self.graphs))
        return [*parts, *(digest(iri, self.digests[iri]) for iri in sorted(self.digests))]


def part(iri: str) -> str:
    """The statement that a graph was put into the store by ``push``."""
    return f"<{LEDGER}> {_PART} <{iri}>"


def digest(iri: str, value: str) -> str:
    """The statement that a graph is complete, with the digest of its statements."""
    return f'<{iri}> {_DIGEST} "{value}"'


def has_blank_nodes(triples: Iterable[str]) -> bool:
    """Whether the statements may have blank nodes, so that they must be sent together."""
    return any(one.startswith("_:") or "> _:" in one for one in triples)


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
    """The ledger of a store, empty if there is none. Raises RemoteError."""
    pattern = f"GRAPH <{LEDGER}> {{ {{ <{LEDGER}> {_PART} ?x }} UNION {{ ?x {_DIGEST} ?y }} }}"
    graphs, digests = set(), {}
    for iri, value in _pages(client, endpoint, pattern):
        if value is None:
            graphs.add(plain(iri))
        else:
            digests[plain(iri)] = plain(value)
    return Ledger(graphs, {iri: value for iri, value in digests.items() if iri in graphs})


def _pages(
    client: Client, endpoint: str, pattern: str
) -> Iterator[tuple[Term | None, Term | None]]:
    """The values of ?x and ?y in a pattern, some thousand at a time, by the IRI of ?x."""
    last, size = "", _PAGE
    while True:
        after = f'FILTER(STR(?x) > "{last}")' if last else ""
        query = f"SELECT ?x ?y WHERE {{ {pattern} {after} }} ORDER BY STR(?x) LIMIT {size}"
        try:
            rows = client.select(endpoint, query, rate=RATE).rows
        except AnswerTooLarge:
            if size < 10:
                raise
            size //= 2
            continue
        whole = len(rows) < size
        # A graph has two rows: those of the last one may continue on the next page.
        end = len(rows)
        while not whole and end > 1 and rows[end - 1][0] == rows[end - 2][0]:
            end -= 1
        end -= not whole
        yield from ((x, y) for x, y in rows[:end])
        if whole:
            return
        last = plain(rows[end - 1][0])


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
