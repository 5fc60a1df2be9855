"""The upload of a project's graph to a store: only differences, resumable, and counted afterwards.

``ledger`` records the graphs that a store has, and ``writers`` writes graphs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from onehealthkg.endpoints.client import Client
from onehealthkg.endpoints.graphs import PushedGraph
from onehealthkg.endpoints.ledger import Ledger, counts, read_ledger
from onehealthkg.endpoints.writers import Writer, batches
from onehealthkg.errors import UsageError

_SHOWN = 5  # graphs named in a message


class Plan(NamedTuple):
    """The difference between a project and a store: graphs to replace, unchanged, to remove."""

    changed: list[PushedGraph]
    unchanged: list[PushedGraph]
    removed: list[str]
    ledger: Ledger

    @property
    def text(self) -> str:
        """The numbers of graphs and statements."""
        graphs = [*self.changed, *self.unchanged]
        return (
            f"{len(graphs)} graphs with {_statements(graphs)} statements: "
            f"{len(self.changed)} to send with {_statements(self.changed)} statements, "
            f"{len(self.unchanged)} unchanged, {len(self.removed)} to remove"
        )

    @property
    def lines(self) -> list[str]:
        """A line for each graph that differs."""
        sent = (f"send {graph.iri}" for graph in self.changed)
        return [*sent, *(f"remove {iri}" for iri in self.removed)]


class Difference(NamedTuple):
    """A graph whose number of statements in the store is not that of the project."""

    iri: str
    here: int
    there: int


def plan(
    client: Client, endpoint: str, graphs: Sequence[PushedGraph], *, replace: bool = False
) -> Plan:
    """The difference between graphs and the store that is queried at ``endpoint``.

    With ``replace``, all graphs count as changed. Otherwise raises UsageError if the store has
    graphs of these names that were not pushed; RemoteError if it does not answer.
    """
    ledger = read_ledger(client, endpoint)
    changed: list[PushedGraph] = []
    unchanged: list[PushedGraph] = []
    for graph in graphs:
        is_there = ledger.digests.get(graph.iri) == graph.digest and not replace
        (unchanged if is_there else changed).append(graph)
    unknown = [graph.iri for graph in changed if graph.iri not in ledger.graphs]
    if not replace:
        foreign = [iri for iri, number in counts(client, endpoint, unknown) if number]
        if foreign:
            raise UsageError(
                f"{endpoint}: {_named(foreign)} in the store already, but not from push; delete "
                "each such graph, or overwrite it with --replace."
            )
    return Plan(changed, unchanged, sorted(ledger.graphs - {graph.iri for graph in graphs}), ledger)


def push(writer: Writer, planned: Plan, progress: Callable[[int], None]) -> None:
    """Carry out a plan. ``progress`` is called with the number of graphs sent so far.

    Raises RemoteError; the next push then resumes after the last complete batch.
    """
    if planned.changed:
        writer.start([graph.iri for graph in planned.changed])
    sent = 0
    for batch in batches(planned.changed):
        writer.replace(batch)
        sent += len(batch)
        progress(sent)
    if planned.removed:
        writer.remove(planned.removed)


def differences(
    client: Client, endpoint: str, graphs: Sequence[PushedGraph], gone: Sequence[str] = ()
) -> list[Difference]:
    """The graphs whose number of statements differs there; those in ``gone`` must be empty."""
    expected = {graph.iri: graph.size for graph in graphs} | dict.fromkeys(gone, 0)
    return [
        Difference(iri, expected[iri], there)
        for iri, there in counts(client, endpoint, expected)
        if there != expected[iri]
    ]


def _statements(graphs: Sequence[PushedGraph]) -> int:
    return sum(graph.size for graph in graphs)


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"{', '.join(names[:_SHOWN])}{more} {'is' if len(names) == 1 else 'are'}"
